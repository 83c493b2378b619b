// Who reads whom: the index lists between two grids, as they came, and the same lists turned round.

/** @typedef {AxisWire & { tapsOf: (target: number) => number[], readers: [target: number, tap: number][][] }} Axis */
/** @typedef {[cell: Pair, weight: Pair | null]} Read */
/** @typedef {{ bySource: Map<number, Read[]>, byWeight: Map<number, [source: Pair, target: Pair][]> }} Turned */

/**
 * Axes that were read, by what they were read from.
 * @type {WeakMap<AxisWire, Axis>}
 */
const axes = new WeakMap();

/** @type {(pack: PackWire, number: number) => Axis} */
function axisOf(pack, number) {
  const wire = pack.axes[number];
  const known = axes.get(wire);
  if (known) return known;
  const { taps } = wire;
  /** @type {(target: number) => number[]} */
  const tapsOf = (target) => {
    const own = taps[target];
    return Array.isArray(own) ? own : /** @type {number[]} */ (taps);
  };
  const axis = { ...wire, tapsOf, readers: Array.from({ length: wire.size }, () => /** @type {Pair[]} */ ([])) };
  wire.reads.forEach((cells, target) =>
    cells.forEach((cell, step) => axis.readers[cell].push([target, tapsOf(target)[step]])),
  );
  axes.set(wire, axis);
  return axis;
}

/** The index lists between two grids. Cells are [row, col]; a weight is null where a link has none. */
export class Link {
  /** @type {string} */
  from;
  /** @type {string} */
  into;
  /** @type {[number, number][][] | undefined} */
  cells;
  /** @type {1 | undefined} */
  edges;
  /** @type {Axis} */
  rows;
  /** @type {Axis} */
  cols;
  /** @type {Turned | undefined} */
  reverse;

  /**
   * @param {LinkWire} wire
   * @param {Grid[]} grids
   * @param {PackWire} pack
   */
  constructor(wire, grids, pack) {
    /** @type {(name: string | undefined) => number} */
    const cols = (name) => grids.find((one) => one.name === name)?.cols ?? 1;
    this.from = wire.from;
    this.into = wire.into;
    this.by = wire.by ?? ""; // nothing: a term is a cell as it is
    this.sign = wire.sign ?? 1;
    this.edges = wire.edges;
    this.cells = wire.cells;
    this.fromCols = cols(wire.from);
    this.intoCols = cols(wire.into);
    this.byCols = cols(wire.by);
    if (wire.rows !== undefined) this.rows = axisOf(pack, wire.rows);
    if (wire.cols !== undefined) this.cols = axisOf(pack, wire.cols);
  }

  /**
   * What a target reads: [[row, col], weight].
   * @type {(row: number, col: number) => [cell: Pair, weight: Pair | null][]}
   */
  reads(row, col) {
    if (this.cells)
      return this.cells[row * this.intoCols + col].map(([cell, weight]) => [this.source(cell), this.weight(weight)]);
    const rowTaps = this.rows.tapsOf(row);
    const colTaps = this.cols.tapsOf(col);
    return this.rows.reads[row].flatMap((r, u) =>
      this.cols.reads[col].map((c, v) => [[r, c], this.by ? [rowTaps[u], colTaps[v]] : null]),
    );
  }

  /**
   * Who reads a source: [[row, col], weight].
   * @type {(row: number, col: number) => [cell: Pair, weight: Pair | null][]}
   */
  readers(row, col) {
    if (this.cells) return this.turned(this.cells).bySource.get(row * this.fromCols + col) ?? [];
    return this.rows.readers[row].flatMap(([targetRow, u]) =>
      this.cols.readers[col].map(([targetCol, v]) => [[targetRow, targetCol], this.by ? [u, v] : null]),
    );
  }

  /**
   * Where a weight is used: [source, target], both [row, col].
   * @type {(row: number, col: number) => [source: Pair, target: Pair][]}
   */
  uses(row, col) {
    if (this.cells) return this.turned(this.cells).byWeight.get(row * this.byCols + col) ?? [];
    /** @type {(axis: Axis, weight: number) => Pair[]} */
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

  /** @type {(row: number, col: number) => boolean} */
  isRead(row, col) {
    if (this.cells) return this.turned(this.cells).bySource.has(row * this.fromCols + col);
    return this.rows.readers[row].length > 0 && this.cols.readers[col].length > 0;
  }

  /** @type {(cells: [number, number][][]) => Turned} */
  turned(cells) {
    if (this.reverse) return this.reverse;
    /** @type {Turned} */
    const reverse = { bySource: new Map(), byWeight: new Map() };
    cells.forEach((terms, target) => {
      /** @type {Pair} */
      const at = [Math.floor(target / this.intoCols), target % this.intoCols];
      for (const [cell, weight] of terms) {
        push(reverse.bySource, cell, [at, this.weight(weight)]);
        if (this.by) push(reverse.byWeight, weight, [this.source(cell), at]);
      }
    });
    this.reverse = reverse;
    return reverse;
  }

  /** @type {(cell: number) => Pair} */
  source(cell) {
    return [Math.floor(cell / this.fromCols), cell % this.fromCols];
  }

  /** @type {(cell: number) => Pair | null} */
  weight(cell) {
    return this.by ? [Math.floor(cell / this.byCols), cell % this.byCols] : null;
  }
}

/**
 * @template Value
 * @param {Map<number, Value[]>} map
 * @param {number} key
 * @param {Value} value
 */
function push(map, key, value) {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
