// "Save on this phone": a list in this browser only. Pressing is the consent; nothing is ever sent.
// A row is {path, name, lang, day}; the path has no language, so that the list follows its reader.
const KEY = "sympolity.saved";
const OURS = /^\/service\/[0-9a-f-]{36}\/$/;
const MOST = 200;

function kept() {
  try {
    const rows = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(rows) ? rows.filter((row) => row && OURS.test(row.path)).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function keep(rows) {
  try {
    if (rows.length) localStorage.setItem(KEY, JSON.stringify(rows));
    else localStorage.removeItem(KEY);
  } catch {
    // A private window may refuse: the button then stays as it was.
  }
}

function element(name, cls, text) {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  if (text) made.textContent = text;
  return made;
}

// ---- the button on the page of a service ----
for (const button of document.querySelectorAll("button[data-keep]")) {
  const { keep: path, name, lang, yes, no } = button.dataset;
  const show = () => {
    const on = kept().some((row) => row.path === path);
    button.setAttribute("aria-pressed", String(on));
    button.querySelector("span").textContent = on ? yes : no;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const others = kept().filter((row) => row.path !== path);
    const on = button.getAttribute("aria-pressed") === "true";
    const day = new Date().toISOString().slice(0, 10);
    keep(on ? others : [{ path, name, lang, day }, ...others]);
    show();
  });
  show();
}

// ---- the list ----
const part = document.querySelector("[data-kept]");
if (part) {
  const list = part.querySelector("[data-list]");
  const clear = part.querySelector("[data-clear]");
  const { lang, remove, since } = part.dataset;

  const told = () => {
    const status = part.querySelector("[data-said]");
    status.textContent = status.dataset.said;
  };

  const row = (one) => {
    const item = element("li", "card stack-s");
    const name = element("h3", "h3");
    const link = element("a", "", String(one.name || one.path).slice(0, 200));
    link.href = `/${lang}${one.path}`;
    link.lang = /^[a-z]{2,3}$/.test(one.lang) ? one.lang : "";
    link.dir = "auto";
    name.append(link);
    const foot = element("p", "row");
    const day = new Date(one.day);
    if (!Number.isNaN(day.valueOf())) {
      foot.append(element("span", "small muted", `${since} ${day.toLocaleDateString(`${lang}-u-nu-latn`, { dateStyle: "long" })}`));
    }
    const button = element("button", "btn quiet row-end", remove);
    button.type = "button";
    button.setAttribute("aria-label", `${remove}: ${link.textContent}`);
    button.addEventListener("click", () => {
      keep(kept().filter((other) => other.path !== one.path));
      show();
      told();
      (list.querySelector("a") || part.querySelector("[data-none]")).focus();
    });
    foot.append(button);
    item.append(name, foot);
    return item;
  };

  const show = () => {
    const rows = kept();
    list.replaceChildren(...rows.map(row));
    clear.hidden = rows.length === 0;
    part.querySelector("[data-none]").hidden = rows.length > 0;
  };

  clear.addEventListener("click", () => {
    keep([]);
    show();
    told();
    part.querySelector("[data-none]").focus();
  });
  part.querySelector("[data-none]").tabIndex = -1;
  part.hidden = false;
  show();
}
