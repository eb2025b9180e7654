// "Interactive map": offered beside the drawing only where this browser can draw it, and loaded only when pressed.
// Nothing is remembered: the next page begins with the drawing again.
function able() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return Boolean(context);
  } catch {
    return false;
  }
}

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

const button = document.querySelector("button[data-map]");
if (button && able()) {
  let busy = false;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    document.querySelector("[data-map-failed]")?.remove();
    try {
      const [own, drawn] = await Promise.all([
        json(`/${document.documentElement.lang}/map.json`),
        json(`${location.pathname}map.json${location.search}`),
      ]);
      const { open } = await import(own.files.view);
      await open(button, own, drawn);
    } catch {
      const said = document.createElement("p");
      said.dataset.mapFailed = "";
      said.setAttribute("role", "status");
      button.after(said);
      said.textContent = button.dataset.map;
    }
    button.removeAttribute("aria-busy");
    busy = false;
  });
}
