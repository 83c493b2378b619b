// A pack, read: every picture that the server sent, found by the state that it belongs to.
// Nothing here computes. Scenes, errors and index lists are looked up as they came.

import { Link } from "./links.js";
import { Scene } from "./scene.js";

const KEPT_PACKS = 24;
const VIEW_KEYS = ["at", "show", "view"];

/** Unpack the bytes of a pack. Browsers inflate in the background, so this is a promise. */
export async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/** Split a state into what is computed with and how it is looked at. */
export function splitView(state) {
  const spec = {};
  const view = {};
  for (const [key, value] of Object.entries(state)) (VIEW_KEYS.includes(key) ? view : spec)[key] = value;
  return { spec, view };
}

/** Apply a patch: null takes a key away. */
export function patched(state, patch) {
  const next = { ...state, ...patch };
  for (const key of Object.keys(next)) if (next[key] === null) delete next[key];
  return next;
}

const keyOf = (state) => JSON.stringify(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));

/** All pictures of the last packs, by state: going back never waits, even without a server. */
export class Album {
  constructor() {
    this.packs = [];
  }

  add(pack) {
    const base = splitView(pack.state).spec;
    const pictures = new Map([[keyOf(base), pack.here]]);
    for (const control of pack.controls) {
      for (const option of control.options) {
        if ("scene" in option || "error" in option) pictures.set(keyOf(patched(base, option.set)), option);
      }
    }
    this.packs.unshift({ pack, pictures, base });
    this.packs.length = Math.min(this.packs.length, KEPT_PACKS);
  }

  /** The picture of a state: {scene} or {error, base}, or undefined when the server has to be asked. */
  find(spec) {
    const key = keyOf(spec);
    for (const { pack, pictures, base } of this.packs) {
      const entry = pictures.get(key);
      if (entry && "scene" in entry) return { scene: sceneOf(pack, entry.scene) };
      if (entry) return { error: pack.errors[entry.error], base };
    }
    return undefined;
  }

  /** What to show behind an error on a fresh page: the nearest setting that works. */
  ghost(pack) {
    const base = splitView(pack.state).spec;
    return pack.here.ghost && this.find(patched(base, pack.here.ghost))?.scene;
  }
}

function sceneOf(pack, number) {
  const wire = pack.scenes[number];
  if (wire.ready) return wire.ready;
  const extra = (grid, key) => (key in grid ? { [key]: arrayOf(pack, grid[key]).values } : {});
  const grids = wire.grids.map((grid) => ({
    ring: [0, 0, 0, 0],
    rule: "sum",
    symbol: "",
    note: "",
    ...grid,
    ...arrayOf(pack, grid.values),
    ...extra(grid, "divisors"),
    ...extra(grid, "winners"),
  }));
  for (const grid of grids) {
    if (grid.scale)
      grid.largest = Math.max(...grids.filter((one) => one.scale === grid.scale).map((one) => one.largest));
  }
  const links = wire.links.map((link) => new Link(link, grids, pack));
  wire.ready = new Scene({ notes: [], signs: [], twins: [], shows: [], ...wire, grids, links });
  return wire.ready;
}

function arrayOf(pack, number) {
  const array = pack.arrays[number];
  if (!array.ready) {
    const [decimals, integers] = array;
    const scale = 10 ** decimals;
    const values = decimals ? integers.map((value) => value / scale) : integers;
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    array.ready = { values, largest };
  }
  return array.ready;
}
