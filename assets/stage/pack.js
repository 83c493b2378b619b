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

function axisOf(pack, number) {
  const axis = pack.axes[number];
  if (!axis.readers) {
    axis.tapsOf = Array.isArray(axis.taps[0]) ? (target) => axis.taps[target] : () => axis.taps;
    axis.readers = Array.from({ length: axis.size }, () => []);
    axis.reads.forEach((cells, target) =>
      cells.forEach((cell, step) => axis.readers[cell].push([target, axis.tapsOf(target)[step]])),
    );
  }
  return axis;
}

/** The index lists between two grids. Cells are [row, col]; a weight is null where a link has none. */
class Link {
  constructor(wire, grids, pack) {
    const grid = (name) => grids.find((one) => one.name === name);
    Object.assign(this, { sign: 1, by: null }, wire);
    this.fromCols = grid(wire.from).cols;
    this.intoCols = grid(wire.into).cols;
    this.byCols = wire.by ? grid(wire.by).cols : 1;
    if (!wire.cells) {
      this.rows = axisOf(pack, wire.rows);
      this.cols = axisOf(pack, wire.cols);
    }
  }

  /** What a target reads: [[row, col], weight]. */
  reads(row, col) {
    if (this.cells)
      return this.cells[row * this.intoCols + col].map(([cell, weight]) => [this.source(cell), this.weight(weight)]);
    const rowTaps = this.rows.tapsOf(row);
    const colTaps = this.cols.tapsOf(col);
    return this.rows.reads[row].flatMap((r, u) =>
      this.cols.reads[col].map((c, v) => [[r, c], this.by && [rowTaps[u], colTaps[v]]]),
    );
  }

  /** Who reads a source: [[row, col], weight]. */
  readers(row, col) {
    if (this.cells) return this.turned().bySource.get(row * this.fromCols + col) ?? [];
    return this.rows.readers[row].flatMap(([targetRow, u]) =>
      this.cols.readers[col].map(([targetCol, v]) => [[targetRow, targetCol], this.by && [u, v]]),
    );
  }

  /** Where a weight is used: [source, target], both [row, col]. */
  uses(row, col) {
    if (this.cells) return this.turned().byWeight.get(row * this.byCols + col) ?? [];
    const along = (axis, weight) =>
      axis.reads.flatMap((cells, target) => {
        const taps = axis.tapsOf(target);
        return cells.flatMap((cell, step) => (taps[step] === weight ? [[cell, target]] : []));
      });
    const across = along(this.cols, col);
    return along(this.rows, row).flatMap(([r, targetRow]) =>
      across.map(([c, targetCol]) => [
        [r, c],
        [targetRow, targetCol],
      ]),
    );
  }

  isRead(row, col) {
    if (this.cells) return this.turned().bySource.has(row * this.fromCols + col);
    return this.rows.readers[row].length > 0 && this.cols.readers[col].length > 0;
  }

  turned() {
    if (!this.reverse) {
      this.reverse = { bySource: new Map(), byWeight: new Map() };
      const push = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
      this.cells.forEach((terms, target) => {
        const at = [Math.floor(target / this.intoCols), target % this.intoCols];
        for (const [cell, weight] of terms) {
          push(this.reverse.bySource, cell, [at, this.weight(weight)]);
          if (this.by) push(this.reverse.byWeight, weight, [this.source(cell), at]);
        }
      });
    }
    return this.reverse;
  }

  source(cell) {
    return [Math.floor(cell / this.fromCols), cell % this.fromCols];
  }

  weight(cell) {
    return this.by && [Math.floor(cell / this.byCols), cell % this.byCols];
  }
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

  /** The grids that are stepped through, one after the other. */
  get stepGrids() {
    return [this.steps || this.links[0].into].flat().map((name) => this.grid(name));
  }

  get target() {
    return this.stepGrids[0];
  }

  /** The cells that are stepped through: those of the targets' data, not what is cut away from them. */
  get stepCount() {
    return this.stepGrids.reduce((sum, { name }) => sum + this.dataCells(name), 0);
  }

  stepCell(step) {
    let rest = step;
    for (const { name } of this.stepGrids) {
      const cols = this.dataCols(name);
      if (rest < this.dataCells(name)) return this.dataCell(name, Math.floor(rest / cols), rest % cols);
      rest -= this.dataCells(name);
    }
    const { name } = this.stepGrids.at(-1);
    return this.dataCell(name, this.dataRows(name) - 1, this.dataCols(name) - 1);
  }

  /** The step of a cell, or undefined where it is none. */
  stepOf({ grid, row, col }) {
    const order = this.stepGrids.findIndex(({ name }) => name === grid);
    const origin = this.origin(grid, row, col);
    if (order < 0 || origin.row === undefined) return undefined;
    const before = this.stepGrids.slice(0, order).reduce((sum, { name }) => sum + this.dataCells(name), 0);
    return before + origin.row * this.dataCols(grid) + origin.col;
  }

  isTarget(name) {
    return this.links.some((link) => link.into === name);
  }

  isSource(name) {
    return this.links.some((link) => link.from === name);
  }

  isWeight(name) {
    return this.links.some((link) => link.by === name);
  }

  /** Everything that a target cell is made of, in the order of the kernel. */
  terms(name, row, col) {
    return this.links
      .filter((link) => link.into === name)
      .flatMap((link) =>
        link.reads(row, col).map(([[r, c], weight]) => ({
          from: link.from,
          row: r,
          col: c,
          by: link.by,
          weight,
          sign: link.sign,
          added: this.isAdded(link.from, r, c),
        })),
      );
  }

  /** Every target that reads a source cell, itself or through a copy in the padding. */
  readers(name, row, col) {
    return this.links
      .filter((link) => link.from === name)
      .flatMap((link) =>
        this.copies(name, row, col).flatMap(([r, c]) =>
          link
            .readers(r, c)
            .map(([[targetRow, targetCol], weight]) => ({
              into: link.into,
              row: targetRow,
              col: targetCol,
              by: link.by,
              weight,
            })),
        ),
      );
  }

  /** Every source cell that a weight meets, and the target that it is for. */
  uses(name, row, col) {
    return this.links
      .filter((link) => link.by === name)
      .flatMap((link) =>
        link.uses(row, col).map(([[r, c], target]) => ({ from: link.from, row: r, col: c, into: link.into, target })),
      );
  }

  /** What a cell is: {row, col} of the data, {copy} of a data cell, or {zero} that was added. */
  origin(name, row, col) {
    const { origins } = this.grid(name);
    if (!origins) return { row, col };
    const [r, c] = [origins[0][row], origins[1][col]];
    if (r === -1 || c === -1) return { zero: true };
    const data = { row: r < 0 ? -r - 2 : r, col: c < 0 ? -c - 2 : c };
    return r < 0 || c < 0 ? { copy: data } : data;
  }

  isAdded(name, row, col) {
    const { origins } = this.grid(name);
    return Boolean(origins) && (origins[0][row] < 0 || origins[1][col] < 0);
  }

  /** Where a data cell stands in a grid. */
  place(name, row, col) {
    const { origins } = this.grid(name);
    return origins ? [origins[0].indexOf(row), origins[1].indexOf(col)] : [row, col];
  }

  /** All places where a cell's value stands: itself and its copies in the padding. */
  copies(name, row, col) {
    const { origins } = this.grid(name);
    const origin = this.origin(name, row, col);
    if (!origins || origin.zero) return [[row, col]];
    const data = origin.copy ?? origin;
    const lines = (list, at) => list.flatMap((from, line) => (from === at || from === -at - 2 ? [line] : []));
    const cols = lines(origins[1], data.col);
    return lines(origins[0], data.row).flatMap((r) => cols.map((c) => [r, c]));
  }

  /** The same data cell in the twins of a grid, itself included: [name, row, col]. */
  twinsOf(name, row, col) {
    const group = this.twins.find((names) => names.includes(name));
    const origin = this.origin(name, row, col);
    if (!group || origin.zero || origin.copy) return [[name, row, col]];
    const order = origin.row * this.dataCols(name) + origin.col;
    return group.map((twin) => {
      const cols = this.dataCols(twin);
      return [twin, ...this.place(twin, Math.floor(order / cols), order % cols)];
    });
  }

  dataCols(name) {
    const { origins, cols } = this.grid(name);
    return origins ? origins[1].filter((at) => at >= 0).length : cols;
  }

  dataRows(name) {
    const { origins, rows } = this.grid(name);
    return origins ? origins[0].filter((at) => at >= 0).length : rows;
  }

  dataCells(name) {
    return this.dataRows(name) * this.dataCols(name);
  }

  /** The cell of a data cell, or of the nearest one that there is. */
  dataCell(name, row, col) {
    const [r, c] = this.place(name, Math.min(row, this.dataRows(name) - 1), Math.min(col, this.dataCols(name) - 1));
    return { grid: name, row: r, col: c };
  }

  /** Cells that show this cell, or that this cell shows: a matrix entry and its weight. */
  shownBy(name, row, col) {
    const at = row * this.grid(name).cols + col;
    return this.shows.flatMap(({ grid, of, cells }) => {
      const wanted = of === name ? at : grid === name ? cells[at] : -1;
      if (wanted < 0) return [];
      const spots = cells.flatMap((cell, index) => (cell === wanted ? [this.spot(grid, index)] : []));
      return [this.spot(of, wanted), ...spots];
    });
  }

  spot(name, index) {
    const { cols } = this.grid(name);
    return [name, Math.floor(index / cols), index % cols];
  }

  /** How often each cell of a source grid is read, row after row; undefined for other grids. */
  counts(name) {
    if (!this.isSource(name)) return undefined;
    const grid = this.grid(name);
    grid.counts ??= grid.values.map((_, at) => this.readers(...this.spot(name, at)).length);
    return grid.counts;
  }
}
