// A pack, read: every picture that the server sent, found by the state that it belongs to.
// Nothing here computes. Scenes, errors and index lists are looked up as they came.

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
  const grids = wire.grids.map((grid) => ({ ring: [0, 0, 0, 0], ...grid, ...arrayOf(pack, grid.values) }));
  const links = wire.links.map((link) => ({ ...link, rows: axisOf(pack, link.rows), cols: axisOf(pack, link.cols) }));
  wire.ready = new Scene({ ...wire, grids, links });
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

function axisOf(pack, number) {
  const axis = pack.axes[number];
  if (!axis.readers) {
    axis.readers = Array.from({ length: axis.size }, () => []);
    axis.reads.forEach((cells, target) => cells.forEach((cell, step) => axis.readers[cell].push([target, axis.taps[step]])));
    axis.shown = axis.origin.map((from, cell) => {
      if (from < 0) return [cell];
      return axis.origin.flatMap((other, at) => (other === from ? [at] : []));
    });
  }
  return axis;
}

/** One picture: its grids, and who reads whom. Cells are [row, col] of the grid as it is drawn. */
export class Scene {
  constructor(wire) {
    Object.assign(this, wire);
    this.byName = new Map(this.grids.map((grid) => [grid.name, grid]));
  }

  grid(name) {
    return this.byName.get(name);
  }

  value(name, row, col) {
    const grid = this.grid(name);
    return grid.values[row * grid.cols + col];
  }

  /** The grid that is stepped through: what the first link leads into. */
  get target() {
    return this.grid(this.links[0].into);
  }

  /** Everything that a target cell reads: the terms of its sum, in the order of the kernel. */
  terms(name, row, col) {
    return this.links.filter((link) => link.into === name).flatMap((link) =>
      link.rows.reads[row].flatMap((r, u) =>
        link.cols.reads[col].map((c, v) => ({
          from: link.from, row: r, col: c,
          by: link.by, weightRow: link.rows.taps[u], weightCol: link.cols.taps[v],
          padding: isAdded(link, r, c),
        }))));
  }

  /** Every target that reads a source cell, itself or through a copy in the padding. */
  readers(name, row, col) {
    return this.links.filter((link) => link.from === name).flatMap((link) =>
      this.copies(name, row, col).flatMap(([r, c]) =>
        link.rows.readers[r].flatMap(([targetRow, weightRow]) =>
          link.cols.readers[c].map(([targetCol, weightCol]) => (
            { into: link.into, row: targetRow, col: targetCol, by: link.by, weightRow, weightCol })))));
  }

  /** Every source cell that a weight meets. */
  met(name, row, col) {
    return this.links.filter((link) => link.by === name).flatMap((link) => {
      const rows = lines(link.rows, row);
      const cols = lines(link.cols, col);
      return rows.flatMap((r) => cols.map((c) => ({ from: link.from, into: link.into, row: r, col: c })));
    });
  }

  /** All places where a source cell's value stands: itself and its copies in the padding. */
  copies(name, row, col) {
    const link = this.links.find((one) => one.from === name);
    if (!link) return [[row, col]];
    const zero = link.rows.origin[row] < 0 || link.cols.origin[col] < 0;
    if (zero) return [[row, col]];
    return link.rows.shown[row].flatMap((r) => link.cols.shown[col].map((c) => [r, c]));
  }

  /** Which cell a padding cell copies: itself for data, null for an added zero. */
  original(name, row, col) {
    const link = this.links.find((one) => one.from === name);
    if (!link) return [row, col];
    const from = [link.rows.origin[row], link.cols.origin[col]];
    return from.some((at) => at < 0) ? null : from;
  }

  /** How often each cell of a source grid is read, row after row; undefined for other grids. */
  counts(name) {
    const links = this.links.filter((link) => link.from === name);
    if (!links.length) return undefined;
    const grid = this.grid(name);
    if (!grid.counts) {
      grid.counts = new Array(grid.rows * grid.cols).fill(0).map((_, at) =>
        this.readers(name, Math.floor(at / grid.cols), at % grid.cols).length);
    }
    return grid.counts;
  }

  inRing(name, row, col) {
    const { ring: [top, bottom, left, right], rows, cols } = this.grid(name);
    return row < top || row >= rows - bottom || col < left || col >= cols - right;
  }
}

const isAdded = (link, row, col) => link.rows.origin[row] !== row || link.cols.origin[col] !== col;

function lines(axis, weight) {
  const step = axis.taps.indexOf(weight);
  return step < 0 ? [] : axis.reads.map((cells) => cells[step]);
}
