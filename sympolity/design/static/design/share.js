// Copy, share and print by one press. Each button stays hidden where this browser cannot do it;
// links, the text of the link and the browser's own menu work without this script.
const ways = {
  share: [navigator.share, (text) => navigator.share({ text })],
  copy: [navigator.clipboard, (text) => navigator.clipboard.writeText(text)],
  print: [window.print, () => window.print()],
};

for (const [name, [can, act]] of Object.entries(ways)) {
  for (const button of can ? document.querySelectorAll(`button[data-${name}]`) : []) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await act(button.dataset[name]);
        if (button.dataset.done) {
          button.setAttribute("aria-live", "polite");
          button.lastElementChild.textContent = button.dataset.done;
        }
      } catch {
        // The reader closed the sheet of the phone, or the browser refused: nothing happened.
      }
    });
  }
}
