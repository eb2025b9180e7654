// The interactive map: MapLibre GL in the place of the drawing. The list stays the truth: what is drawn here links to
// it, and closing the map brings the drawing back.
const GRID = 0.002; // degrees, about 200 m: no finer place is ever sent
const WIDE = { pin: 32, area: 40 }; // pixels that a mark and its edge take
const FEW = 4; // places in one popup
const TIP = 6; // pixels below a pin
const turns = Array.from({ length: 400 }, (_, at) => [Math.cos(at * 2.4) * Math.sqrt(at) * 12, Math.sin(at * 2.4) * Math.sqrt(at) * 12]);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const card = (item) => document.getElementById(item.anchor)?.closest(".result");

function element(name, cls, text) {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  if (text) made.textContent = text;
  return made;
}

const sheets = new Map(); // loaded once, however often the map is opened
function sheet(address) {
  if (!sheets.has(address)) sheets.set(address, loaded(address));
  return sheets.get(address);
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const link = element("link");
    link.rel = "stylesheet";
    link.onload = resolve;
    link.onerror = reject;
    link.href = address;
    document.head.append(link);
  });
}

// ---- the frame ----
function frame(own, button, onFind) {
  const box = document.getElementById("map");
  const drawn = [box, button];
  for (let next = box.nextElementSibling; next?.matches("p.small, nav"); next = next.nextElementSibling) drawn.push(next);
  const root = element("div", "gl stack-s");
  const canvas = element("div", "gl-map");
  canvas.dir = "ltr"; // controls and pixels; words in it carry their own direction
  const how = element("p", "vh", own.words.how);
  how.id = "gl-how";
  const bar = element("div", "row");
  const close = element("button", "btn", own.words.close);
  const here = element("button", "btn main", own.words.here);
  for (const one of [close, here]) one.type = "button";
  here.hidden = true;
  bar.append(...(onFind ? [here, close] : [close]));
  const credit = element("p", "small muted");
  const said = element("p", "small");
  said.setAttribute("role", "status");
  root.append(how, canvas, bar, credit, said);
  box.after(root);
  return { root, canvas, close, here, credit, said, drawn };
}

/** Whom the map is owed to. The licence of OpenStreetMap asks for a link. */
function credited(part, names) {
  const said = [...new Set(names.filter(Boolean))].map((words) => {
    const own = element("bdi", "", words);
    if (!words.includes("OpenStreetMap")) return own;
    const link = element("a");
    link.href = "https://www.openstreetmap.org/copyright";
    link.rel = "noreferrer";
    link.append(own);
    return link;
  });
  part.replaceChildren(...said.flatMap((one, at) => (at ? [" · ", one] : [one])));
}

// ---- one place in words ----
function about(item, own) {
  const part = element("div", "gl-about stack-s");
  part.dir = document.documentElement.dir;
  if (item.says) part.append(element("p", `state ${item.state}`, item.says));
  const name = element("p", "gl-name");
  const link = element("a", "", item.name);
  link.href = item.url;
  link.lang = item.lang;
  link.dir = "auto";
  name.append(link);
  part.append(name);
  if (item.need) part.append(element("p", "muted small", item.need));
  if (item.hidden) part.append(element("p", "small", own.words.area));
  const listed = card(item);
  if (listed) {
    const jump = element("a", "small", own.words.list);
    jump.href = `#${item.anchor}`;
    jump.addEventListener("click", (event) => {
      event.preventDefault();
      listed.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });
      listed.querySelector("a").focus({ preventScroll: true });
    });
    part.append(jump);
  }
  return part;
}

// ---- pins of this page's results, in the order of the list ----
function pin(item, own) {
  const button = element("button", `gl-pin ${item.hidden ? "area" : item.state}`, String(item.number));
  button.type = "button";
  const words = [`${item.number}. ${item.name}`, item.says, item.hidden ? own.words.area : ""];
  button.setAttribute("aria-label", words.filter(Boolean).join(" · "));
  return button;
}

function pins(maplibre, map, own, items, choose) {
  const made = [];
  for (const one of items) {
    for (const [lon, lat, exact] of one.at) {
      const item = { ...one, hidden: !exact };
      const button = pin(item, own);
      const marker = new maplibre.Marker({ element: button, anchor: exact ? "bottom" : "center" }).setLngLat([lon, lat]).addTo(map);
      const row = { item, button, marker, at: [lon, lat] };
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        choose(row);
      });
      button.addEventListener("focus", () => {
        const { x, y } = map.project(row.at);
        const { clientWidth: wide, clientHeight: high } = map.getContainer();
        if (x < 0 || y < 0 || x > wide || y > high) map.panTo(row.at, { duration: 0 });
      });
      made.push(row);
    }
  }
  return made;
}

/** Marks that would cover each other step aside along a spiral, the first of the list least; a line shows from where. */
function spread(map, rows) {
  const placed = [];
  const lines = [];
  for (const { item, marker, at } of rows) {
    const { x, y } = map.project(at);
    const wide = item.hidden ? WIDE.area : WIDE.pin;
    const middle = item.hidden ? y : y - TIP - wide / 2;
    const apart = ([dx, dy]) => placed.every(([a, b, w]) => Math.abs(a - x - dx) >= (w + wide) / 2 || Math.abs(b - middle - dy) >= (w + wide) / 2);
    const [dx, dy] = turns.find(apart) ?? [0, 0];
    placed.push([x + dx, middle + dy, wide]);
    marker.setOffset([dx, item.hidden ? dy : dy - TIP]);
    if (dx || dy) lines.push([at, map.unproject([x + dx, y + dy]).toArray()]);
  }
  map.getSource("leads")?.setData({ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } });
}

/** Pointing at a card or a pin lights both; nothing scrolls by itself. */
function inStep(rows) {
  const undo = [];
  for (const { item, button } of rows) {
    const other = card(item);
    const light = (on) => {
      for (const row of rows) if (row.item.anchor === item.anchor) row.button.classList.toggle("lit", on);
      other?.classList.toggle("lit", on);
    };
    for (const one of [button, other].filter(Boolean)) {
      for (const [name, on] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) {
        const act = () => light(on);
        one.addEventListener(name, act);
        undo.push(() => one.removeEventListener(name, act));
      }
    }
    undo.push(() => other?.classList.remove("lit"));
  }
  return () => undo.forEach((one) => one());
}

/** Where a popup stands beside its pin, for each side on which it may find room. */
function beside({ item, marker }) {
  const { x, y } = marker.getOffset();
  const [over, under] = item.hidden ? [-22, 22] : [-34, 8];
  const middle = y + (over + under) / 2;
  const sides = { left: [x + 20, middle], right: [x - 20, middle] };
  for (const end of ["", "-left", "-right"]) {
    sides[`bottom${end}`] = [x, y + over];
    sides[`top${end}`] = [x, y + under];
  }
  return sides;
}

/** A pin or a control of which a popup covers a part is no place to press: it waits until the popup has gone. */
function cover(map, rows, popup) {
  const over = popup?.isOpen() ? popup.getElement().querySelector(".maplibregl-popup-content").getBoundingClientRect() : null;
  const controls = map.getContainer().querySelectorAll(".maplibregl-ctrl-group button");
  for (const button of [...rows.map((row) => row.button), ...controls]) {
    const own = button.getBoundingClientRect();
    const meets = over && own.left < over.right && own.right > over.left && own.top < over.bottom && own.bottom > over.top;
    button.style.visibility = meets ? "hidden" : "";
  }
}

function mark(rows, chosen) {
  for (const { item, button } of rows) {
    for (const one of [button, card(item)].filter(Boolean)) {
      if (chosen && item.anchor === chosen.anchor) one.setAttribute("aria-current", "true");
      else one.removeAttribute("aria-current");
    }
  }
}

// ---- the other places, as clusters; and what is drawn over any basemap ----
function overlay(map, drawn, styles, nearest) {
  const { point } = styles;
  const c = styles.colours();
  const features = drawn.others.map(([lon, lat, exact]) => point(lon, lat, { exact }));
  map.addSource("others", { type: "geojson", data: { type: "FeatureCollection", features }, cluster: true, clusterRadius: 44, clusterMaxZoom: nearest + 1, maxzoom: nearest + 2 });
  map.addSource("leads", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  if (drawn.boundary) {
    map.addSource("boundary", { type: "geojson", data: drawn.boundary });
    map.addLayer({ id: "boundary", type: "line", source: "boundary", paint: { "line-color": c.blue, "line-width": 2.5, "line-opacity": 0.75 } });
  }
  const aside = [0, 20]; // below the pin that may stand at the same place
  const round = (id, filter, radius, paint = {}) =>
    map.addLayer({ id, type: "circle", source: "others", filter, paint: { "circle-radius": radius, "circle-translate": aside, "circle-color": c.paper, "circle-stroke-color": c.blue, "circle-stroke-width": 2, ...paint } });
  round("clusters", ["has", "point_count"], ["step", ["get", "point_count"], 15, 10, 18, 100, 22, 1000, 26]);
  map.addLayer({ id: "counts", type: "symbol", source: "others", filter: ["has", "point_count"], layout: { "text-field": ["concat", "+", ["to-string", ["get", "point_count"]]], "text-font": styles.fonts(), "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": c.ink, "text-translate": aside } });
  round("dots", ["all", ["!", ["has", "point_count"]], ["==", ["get", "exact"], 1]], 7, { "circle-translate": [0, 0], "circle-color": c.blue, "circle-stroke-color": c.paper });
  round("areas", ["all", ["!", ["has", "point_count"]], ["==", ["get", "exact"], 0]], 14, { "circle-color": c.wall, "circle-opacity": 0.75 });
  map.addLayer({ id: "leads", type: "line", source: "leads", paint: { "line-color": c["ink-2"], "line-width": 1 } });
}

const spots = (drawn) => (drawn.items.length ? drawn.items.flatMap((item) => item.at) : drawn.others);

function bounds(maplibre, drawn) {
  const all = spots(drawn);
  const box = new maplibre.LngLatBounds();
  for (const [lon, lat] of all) box.extend([lon, lat]);
  if (!drawn.items.length || all.length === 1) for (const spot of drawn.boundary?.geometry.coordinates.flat() ?? []) box.extend(spot);
  return box.isEmpty() ? new maplibre.LngLatBounds([19.3, 34.7, 28.3, 41.8]) : box; // Greece
}

// ---- "search in this area": the filter of the page, by address ----
function around(map) {
  const centre = map.getCenter();
  const asked = new URLSearchParams(location.search);
  for (const name of ["map", "page", "near", "within"]) asked.delete(name);
  const rough = (value) => (Math.round(value / GRID) * GRID).toFixed(3);
  const side = map.getBounds();
  const far = Math.max(centre.distanceTo({ lng: side.getEast(), lat: centre.lat }), centre.distanceTo({ lng: centre.lng, lat: side.getNorth() }));
  asked.set("near", `${rough(centre.lat)},${rough(centre.lng)}`);
  asked.set("within", String(Math.min(500, Math.max(0.2, Math.round(far / 100) / 10))));
  return `${location.pathname}?${asked}`;
}

/** The question of this page about one point; the page of a city asks about the city. */
function at(lon, lat) {
  const asked = new URLSearchParams(location.search);
  for (const name of ["map", "page"]) asked.delete(name);
  const city = /\/city\/([^/]+)\/$/.exec(location.pathname);
  if (city) asked.set("in", city[1]);
  asked.set("near", `${lat.toFixed(4)},${lon.toFixed(4)}`);
  asked.set("within", "0.1");
  return asked;
}

/** What stands at a point, in words: asked for when it is pressed. */
async function there(lon, lat, own) {
  const find = `/${document.documentElement.lang}/find/`;
  const asked = at(lon, lat);
  const answer = await fetch(`${find}map.json?${asked}`);
  const { items, total } = answer.ok ? await answer.json() : { items: [], total: 0 };
  const part = element("div", "stack");
  for (const item of items.slice(0, FEW)) {
    part.append(about({ ...item, anchor: "", hidden: item.at.every(([, , exact]) => !exact) }, own));
  }
  if (total > FEW) {
    const link = element("a", "", own.words.more.replace("%(n)s", String(total - FEW)));
    link.href = `${find}?${asked}`;
    const more = element("p");
    more.dir = document.documentElement.dir;
    more.append(link);
    part.append(more);
  }
  return items.length ? part : null;
}

export async function open(button, own, drawn) {
  const lang = document.documentElement.lang;
  const onFind = location.pathname.endsWith("/find/");
  const [maplibre, styles] = await Promise.all([import(own.files.maplibre), import(own.files.style), ...own.files.sheets.map(sheet)]);
  maplibre.setWorkerUrl(new URL(own.files.worker, location.href).href);
  let lost = false; // the operator's tiles do not answer: coast and borders instead
  const ground = () => styles.under(own, maplibre, lang, lost ? "built-in" : own.basemap.kind);
  const first = await ground().catch(() => {
    lost = true;
    return ground();
  });
  const { style, nearest } = first;
  const parts = frame(own, button, onFind);
  credited(parts.credit, [first.credit, drawn.credit]);
  if (lost) parts.said.textContent = own.words.partly;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const ends = [];
  const end = document.documentElement.dir === "rtl" ? "left" : "right";
  let map;
  const leave = () => {
    ends.forEach((end) => end());
    map?.remove();
    parts.root.remove();
    for (const one of parts.drawn) one.hidden = false;
    button.focus();
  };
  try {
    map = new maplibre.Map({
      container: parts.canvas, style, bounds: bounds(maplibre, drawn), fitBoundsOptions: { padding: { top: 76, bottom: 48, left: 32, right: 32, [end]: 84 }, maxZoom: spots(drawn).length === 1 ? first.alone : Math.min(nearest, 15) },
      maxZoom: nearest, minZoom: 1, maxPitch: 0, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      cooperativeGestures: true, attributionControl: false, locale: own.maplibre, fadeDuration: calm() ? 0 : 200,
    });
  } catch (problem) {
    parts.root.remove(); // the drawing has never gone
    throw problem;
  }
  for (const one of parts.drawn) one.hidden = true;
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-describedby", "gl-how");
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), `top-${end}`);
  const locate = new maplibre.GeolocateControl({ fitBoundsOptions: { maxZoom: Math.min(nearest, 15) } });
  locate.on("geolocate", () => {
    parts.said.textContent = own.words.private;
  });
  locate.on("error", () => {
    parts.said.textContent = own.maplibre["GeolocateControl.LocationNotAvailable"];
  });
  map.addControl(locate, `top-${end}`);
  map.addControl(new maplibre.ScaleControl({ unit: "metric" }), end === "right" ? "bottom-left" : "bottom-right");

  let popup;
  const tell = (content, at, offset = 8) => {
    popup?.remove();
    popup = new maplibre.Popup({ maxWidth: "17rem", offset, locale: own.maplibre }).setLngLat(at).setDOMContent(content).addTo(map);
    cover(map, rows, popup);
    popup.once("close", () => cover(map, rows, null));
    return popup;
  };
  const rows = pins(maplibre, map, own, drawn.items, (row) => {
    tell(about(row.item, own), row.at, beside(row)).once("close", () => {
      mark(rows, null);
      row.button.focus({ preventScroll: true });
    });
    mark(rows, row.item);
  });
  ends.push(inStep(rows), () => mark(rows, null));

  const decorate = () => {
    if (map.getSource("others")) return;
    overlay(map, drawn, styles, nearest);
    spread(map, rows);
  };
  map.on("style.load", decorate);
  map.on("error", () => {
    parts.said.textContent = own.words.partly;
  });
  map.once("idle", () => {
    if (!first.credit) {
      const names = Object.keys(map.getStyle().sources).map((id) => styles.plainText(map.getSource(id)?.attribution));
      credited(parts.credit, [...names, drawn.credit]);
    }
  });
  map.on("zoomend", () => spread(map, rows));
  map.on("moveend", (event) => {
    cover(map, rows, popup);
    if (event.originalEvent) parts.here.hidden = false;
  });
  const repaint = async () => map.setStyle((await ground()).style, { diff: false });
  dark.addEventListener("change", repaint);
  ends.push(() => dark.removeEventListener("change", repaint));

  const show = async (lon, lat) => {
    const part = await there(lon, lat, own).catch(() => null);
    if (part) tell(part, [lon, lat]);
    else parts.said.textContent = own.words.partly;
  };
  map.on("click", "clusters", async (event) => {
    const feature = event.features[0];
    const [lon, lat] = feature.geometry.coordinates;
    const zoom = await map.getSource("others").getClusterExpansionZoom(feature.properties.cluster_id);
    if (zoom <= nearest) {
      map.easeTo({ center: [lon, lat], zoom });
      return;
    }
    await show(lon, lat);
  });
  for (const layer of ["dots", "areas"]) map.on("click", layer, (event) => show(...event.features[0].geometry.coordinates));
  for (const layer of ["clusters", "dots", "areas"]) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("gl-over"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("gl-over"));
  }

  parts.close.addEventListener("click", leave);
  parts.here.addEventListener("click", () => location.assign(around(map)));
  parts.canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (popup?.isOpen()) popup.remove();
    else parts.close.focus();
  });
  // A browser scrolls to what has the focus; the map has its own way to show it.
  const still = (event) => event.target.scrollTo?.(0, 0);
  parts.canvas.addEventListener("scroll", still, true);
  map.getCanvas().focus({ preventScroll: true });
}
