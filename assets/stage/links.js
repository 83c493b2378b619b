// Who reads whom: the index lists between two grids, as they came, and the same lists turned round.

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
export class Link {
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
