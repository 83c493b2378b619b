// A pack, read: every picture that the server sent, found by the state that it belongs to.
// Nothing here computes. Scenes, errors and index lists are looked up as they came.

import { Link } from "./links.js";
import { Scene } from "./scene.js";

/** @typedef {{ values: number[], largest: number }} Numbers */
/** @typedef {{ scene: Scene, error?: undefined } | { scene?: undefined, error: PackError, base: State }} Found */

const KEPT_PACKS = 24;
const VIEW_KEYS = ["at", "show", "view"];

/**
 * Unpack the bytes of a pack. Browsers inflate in the background, so this is a promise.
 * @type {(bytes: Uint8Array<ArrayBuffer>) => Promise<PackWire>}
 */
export async function unpack(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/**
 * Split a state into what is computed with and how it is looked at.
 * @type {(state: Patch) => { spec: State, view: State }}
 */
export function splitView(state) {
  const known = Object.entries(patched({}, state));
  return {
    spec: Object.fromEntries(known.filter(([key]) => !VIEW_KEYS.includes(key))),
    view: Object.fromEntries(known.filter(([key]) => VIEW_KEYS.includes(key))),
  };
}

/**
 * Apply a patch: null takes a key away.
 * @type {(state: State, patch: Patch) => State}
 */
export function patched(state, patch) {
  /** @type {State} */
  const next = {};
  for (const [key, value] of Object.entries({ ...state, ...patch })) if (value !== null) next[key] = value;
  return next;
}

/** @type {(state: State) => string} */
const keyOf = (state) => JSON.stringify(Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * What was read of a pack, by what it was read from.
 * @type {WeakMap<SceneWire, Scene>}
 */
const scenes = new WeakMap();
/** @type {WeakMap<PackWire["arrays"][0], Numbers>} */
const arrays = new WeakMap();

/** All pictures of the last packs, by state: going back never waits, even without a server. */
export class Album {
  /** @type {{ pack: PackWire, pictures: Map<string, Shown>, base: State }[]} */
  packs = [];

  /** @type {(pack: PackWire) => void} */
  add(pack) {
    const base = splitView(pack.state).spec;
    /** @type {Map<string, Shown>} */
    const pictures = new Map([[keyOf(base), pack.here]]);
    for (const control of pack.controls) {
      for (const option of control.options) {
        if ("scene" in option || "error" in option) pictures.set(keyOf(patched(base, option.set)), option);
      }
    }
    this.packs.unshift({ pack, pictures, base });
    this.packs.length = Math.min(this.packs.length, KEPT_PACKS);
  }

  /**
   * The picture of a state: {scene} or {error, base}, or undefined when the server has to be asked.
   * @type {(spec: State) => Found | undefined}
   */
  find(spec) {
    const key = keyOf(spec);
    for (const { pack, pictures, base } of this.packs) {
      const entry = pictures.get(key);
      if (entry?.scene !== undefined) return { scene: sceneOf(pack, entry.scene) };
      if (entry?.error !== undefined) return { error: pack.errors[entry.error], base };
    }
    return undefined;
  }

  /**
   * What to show behind an error on a fresh page: the nearest setting that works.
   * @type {(pack: PackWire) => Scene | undefined}
   */
  ghost(pack) {
    const base = splitView(pack.state).spec;
    return pack.here.ghost && this.find(patched(base, pack.here.ghost))?.scene;
  }
}

/** @type {(pack: PackWire, number: number) => Scene} */
function sceneOf(pack, number) {
  const wire = pack.scenes[number];
  const known = scenes.get(wire);
  if (known) return known;
  const grids = wire.grids.map((grid) => gridOf(pack, grid));
  for (const grid of grids) {
    if (grid.scale)
      grid.largest = Math.max(...grids.filter((one) => one.scale === grid.scale).map((one) => one.largest));
  }
  const links = wire.links.map((link) => new Link(link, grids, pack));
  const scene = new Scene({ notes: [], signs: [], twins: [], shows: [], ...wire, grids, links });
  scenes.set(wire, scene);
  return scene;
}

/** @type {(pack: PackWire, wire: GridWire) => Grid} */
function gridOf(pack, { divisors, winners, values, ...words }) {
  return {
    ring: [0, 0, 0, 0],
    rule: "sum",
    symbol: "",
    note: "",
    ...words,
    ...arrayOf(pack, values),
    divisors: divisors === undefined ? undefined : arrayOf(pack, divisors).values,
    winners: winners === undefined ? undefined : arrayOf(pack, winners).values,
  };
}

/** @type {(pack: PackWire, number: number) => Numbers} */
function arrayOf(pack, number) {
  const array = pack.arrays[number];
  const known = arrays.get(array);
  if (known) return known;
  const [decimals, integers] = array;
  const scale = 10 ** decimals;
  const values = decimals ? integers.map((value) => value / scale) : integers;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  arrays.set(array, { values, largest });
  return { values, largest };
}
