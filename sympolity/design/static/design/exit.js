// "Leave this page" takes the place of this page in the history, so that Back does not return here.
// Without this script the link still leaves.
for (const link of document.querySelectorAll("a.exit")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}
