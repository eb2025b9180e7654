// What lies under the places: coast and borders of our own, or the operator's tiles. No letters are fetched:
// MapLibre draws them from the fonts of this device.
const absolute = (address) => new URL(address, location.href).href;
const role = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
/** The fonts of the page, by their names. */
export const fonts = () => getComputedStyle(document.body).fontFamily.split(",").map((name) => name.trim().replaceAll('"', ""));

/** The roles of the page's style sheet; by night land and its lines are a step lighter, to stand out from the sea. */
export function colours() {
  const names = ["water", "paper", "shade", "line", "edge", "ink", "ink-2", "blue", "on-blue", "wall", "wall-2", "hill"];
  const c = Object.fromEntries(names.map((name) => [name, role(name)]));
  const night = matchMedia("(prefers-color-scheme: dark)").matches;
  return { ...c, land: night ? c.line : c.paper, rim: night ? c.edge : c.line };
}

// ---- the parts that styles are made of ----
const fill = (id, source, colour, more = {}) => ({ id, type: "fill", source, paint: { "fill-color": colour, "fill-antialias": false }, ...more });
const line = (id, source, colour, width, more = {}, paint = {}) => ({
  id, type: "line", source, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": colour, "line-width": width, ...paint }, ...more,
});
const words = (id, source, text, size, c, more = {}, layout = {}) => ({
  id, type: "symbol", source, ...more,
  layout: { "text-field": text, "text-font": fonts(), "text-size": size, "text-max-width": 8, ...layout },
  paint: { "text-color": c["ink-2"], "text-halo-color": c.paper, "text-halo-width": 1.5 },
});
const grows = (...stops) => ["interpolate", ["exponential", 1.4], ["zoom"], ...stops];

const nameIn = (lang) => [
  "coalesce",
  ...[`name:${lang}`, `name_${lang}`, "name:latin", "name:en", "name_en", "name", "name_el"].map((key) => ["get", key]),
];

function collection(features) {
  return { type: "FeatureCollection", features };
}

export const point = (lon, lat, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } });

function cities(rows, c) {
  const largest = ["<", ["get", "rank"], ["step", ["zoom"], 16, 7, 60, 9, 1000]];
  const features = rows.map(([lon, lat, name], rank) => point(lon, lat, { name, rank }));
  return {
    source: { type: "geojson", data: collection(features) },
    layers: [
      { id: "city-dots", type: "circle", source: "cities", maxzoom: 12, filter: largest, paint: { "circle-radius": 2.5, "circle-color": c.paper, "circle-stroke-color": c.edge, "circle-stroke-width": 1.2 } },
      words("city-names", "cities", ["get", "name"], grows(5, 11, 10, 15), c, { filter: largest }, {
        "symbol-sort-key": ["get", "rank"], "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.6, "text-justify": "auto",
      }),
    ],
  };
}

function builtIn(own, c) {
  return {
    sources: {
      land: { type: "geojson", data: absolute(own.files.land), tolerance: 0.2 },
      borders: { type: "geojson", data: absolute(own.files.borders) },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": c.water } },
      fill("land", "land", c.land),
      line("borders", "borders", c.edge, 1, {}, { "line-dasharray": [3, 3], "line-opacity": 0.7 }),
    ],
  };
}

// Names of layers in the schemes that are in use: Protomaps, OpenMapTiles, and plain ones made with tippecanoe.
function vector(source, ids, lang, c) {
  const from = (id, more = {}) => ({ "source-layer": id, ...more });
  const made = {
    earth: () => fill("earth", source, c.land, from("earth")),
    land: () => fill("land", source, c.land, from("land")),
    municipalities: () => line("municipalities", source, c.rim, 1, from("municipalities"), { "line-opacity": 0.6 }),
    landuse: () => fill("green", source, c.hill, from("landuse", { filter: ["in", ["coalesce", ["get", "kind"], ["get", "class"], ""], ["literal", ["park", "forest", "wood", "grass", "cemetery", "nature_reserve", "garden", "recreation_ground"]]], paint: { "fill-color": c.hill, "fill-opacity": 0.4 } })),
    water: () => fill("water", source, c.water, from("water", { filter: ["==", ["geometry-type"], "Polygon"] })),
    buildings: () => fill("buildings", source, c.shade, from("buildings", { minzoom: 14 })),
    building: () => fill("building", source, c.shade, from("building", { minzoom: 14 })),
    roads: () => line("roads", source, c["wall-2"], grows(6, 0.6, 12, 1.2, 18, 12), from("roads")),
    transportation: () => line("ways", source, c["wall-2"], grows(6, 0.6, 12, 1.2, 18, 12), from("transportation")),
    boundaries: () => line("boundaries", source, c.edge, 1, from("boundaries"), { "line-dasharray": [3, 3] }),
    boundary: () => line("boundary", source, c.edge, 1, from("boundary"), { "line-dasharray": [3, 3] }),
    stations: () => ({ id: "stations", type: "circle", source, ...from("stations", { minzoom: 10 }), paint: { "circle-radius": grows(10, 1.5, 15, 4), "circle-color": c.paper, "circle-stroke-color": c.edge, "circle-stroke-width": 1.2 } }),
  };
  const named = {
    roads: () => words("road-names", source, nameIn(lang), 11, c, from("roads", { minzoom: 13 }), { "symbol-placement": "line" }),
    transportation_name: () => words("way-names", source, nameIn(lang), 11, c, from("transportation_name", { minzoom: 13 }), { "symbol-placement": "line" }),
    stations: () => words("station-names", source, nameIn(lang), 11, c, from("stations", { minzoom: 12 }), { "text-anchor": "top", "text-offset": [0, 0.5] }),
    places: () => words("places", source, nameIn(lang), grows(4, 11, 14, 15), c, from("places")),
    place: () => words("place", source, nameIn(lang), grows(4, 11, 14, 15), c, from("place")),
  };
  const pick = (table) => Object.keys(table).filter((id) => ids.has(id)).map((id) => table[id]());
  const ground = ids.has("earth") || ids.has("land") ? c.water : c.land;
  return [{ id: "ground", type: "background", paint: { "background-color": ground } }, ...pick(made), ...pick(named)];
}

/** What an archive or style says of itself, without markup. */
export const plainText = (said) => (said ? (new DOMParser().parseFromString(String(said), "text/html").body.textContent ?? "").trim().slice(0, 300) : "");

function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

let known; // one archive, one protocol, however often the map is opened or the colours change
async function archive(own, maplibre) {
  if (!known) {
    if (!globalThis.pmtiles) await script(own.files.pmtiles);
    const protocol = new globalThis.pmtiles.Protocol();
    const file = new globalThis.pmtiles.PMTiles(absolute(own.basemap.url));
    protocol.add(file);
    const [header, about] = await Promise.all([file.getHeader(), file.getMetadata()]);
    maplibre.addProtocol("pmtiles", protocol.tile);
    known = { address: `pmtiles://${file.source.getKey()}`, header, about };
  }
  return known;
}

async function pmtiles(own, maplibre, lang, c) {
  const { address, header, about } = await archive(own, maplibre);
  const raster = header.tileType !== 1 && header.tileType !== 6; // 1: Mapbox vector tile, 6: MapLibre tile
  const ids = new Set((about?.vector_layers ?? []).map((layer) => String(layer.id)));
  return {
    alone: Math.min(15, header.maxZoom),
    credit: plainText(about?.attribution),
    plain: !raster && !ids.has("places") && !ids.has("place"),
    sources: { tiles: { type: raster ? "raster" : "vector", url: address, ...(raster ? { tileSize: 256 } : {}) } },
    layers: raster ? pictures(c) : vector("tiles", ids, lang, c),
  };
}

const pictures = (c) => [
  { id: "sea", type: "background", paint: { "background-color": c.water } },
  { id: "tiles", type: "raster", source: "tiles" },
];

/** The style, how near it is of use and shows something around a single place, whom it names. Throws when tiles cannot be read. */
export async function under(own, maplibre, lang, kind = own.basemap.kind) {
  const c = colours();
  const { url } = own.basemap;
  if (kind === "style") return { style: absolute(url), nearest: 19, alone: 15, credit: own.credit };
  let parts;
  let nearest = 19;
  if (kind === "pmtiles") parts = await pmtiles(own, maplibre, lang, c);
  else if (kind === "xyz") parts = { sources: { tiles: { type: "raster", tiles: [url], tileSize: 256, maxzoom: 19 } }, layers: pictures(c) };
  else {
    parts = { plain: true, alone: 9, credit: own.words.coast, ...builtIn(own, c) };
    nearest = 14;
  }
  if (parts.plain) {
    const names = cities(own.cities, c);
    parts.sources.cities = names.source;
    parts.layers.push(...names.layers);
  }
  const credit = (kind === "built-in" ? "" : own.credit) || parts.credit || "";
  return { style: { version: 8, sources: parts.sources, layers: parts.layers }, nearest, alone: parts.alone ?? 15, credit };
}
