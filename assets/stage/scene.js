// A scene, read: its grids by name, and what a cell is made of. Index lists are followed; nothing is computed.

/** @import { Link } from "./links.js" */
/** @typedef {{ grids: Grid[], links: Link[], notes: string[], signs: string[], twins: string[][], shows: Shows[] }} Read */
/** @typedef {SceneWords & Read} SceneRead */

/** One picture: its grids, and who reads whom. Cells are [row, col] of the grid as it is drawn. */
export class Scene {
  /** @param {SceneRead} read */
  constructor(read) {
    this.grids = read.grids;
    this.links = read.links;
    this.notes = read.notes;
    this.signs = read.signs;
    this.twins = read.twins;
    this.shows = read.shows;
    this.shape = read.shape;
    this.alt = read.alt;
    this.arrangements = read.arrangements;
    this.steps = read.steps;
    this.tall = read.tall;
    this.tallPhone = read.tallPhone;
    this.deep = read.deep;
    this.close = read.close;
    this.comfort = read.comfort ?? 0;
    this.byName = new Map(this.grids.map((grid) => [grid.name, grid]));
  }

  /**
   * The grid of a name that this scene has.
   * @type {(name: string) => Grid}
   */
  grid(name) {
    return /** @type {Grid} */ (this.byName.get(name));
  }

  /**
   * The grid of a name from elsewhere, if this scene has it.
   * @type {(name: string) => Grid | undefined}
   */
  find(name) {
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

  /** @type {(step: number) => CellOfGrid} */
  stepCell(step) {
    let rest = step;
    for (const { name } of this.stepGrids) {
      const cols = this.dataCols(name);
      if (rest < this.dataCells(name)) return this.dataCell(name, Math.floor(rest / cols), rest % cols);
      rest -= this.dataCells(name);
    }
    const { name } = this.stepGrids[this.stepGrids.length - 1];
    return this.dataCell(name, this.dataRows(name) - 1, this.dataCols(name) - 1);
  }

  /**
   * The step of a cell, or undefined where it is none.
   * @type {(cell: CellOfGrid) => number | undefined}
   */
  stepOf({ grid, row, col }) {
    const order = this.stepGrids.findIndex(({ name }) => name === grid);
    const origin = this.origin(grid, row, col);
    if (order < 0 || origin.row === undefined) return undefined;
    const before = this.stepGrids.slice(0, order).reduce((sum, { name }) => sum + this.dataCells(name), 0);
    return before + origin.row * this.dataCols(grid) + origin.col;
  }

  /** @type {(name: string) => boolean} */
  isTarget(name) {
    return this.links.some((link) => link.into === name);
  }

  /** @type {(name: string) => boolean} */
  isSource(name) {
    return this.links.some((link) => link.from === name);
  }

  /** @type {(name: string) => boolean} */
  isWeight(name) {
    return this.links.some((link) => link.by === name);
  }

  /**
   * Everything that a target cell is made of, in the order of the kernel.
   * @type {(name: string, row: number, col: number) => Term[]}
   */
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

  /**
   * Every target that reads a source cell, itself or through a copy in the padding.
   * @type {(name: string, row: number, col: number) => Reader[]}
   */
  readers(name, row, col) {
    return this.links
      .filter((link) => link.from === name)
      .flatMap((link) =>
        this.copies(name, row, col).flatMap(([r, c]) =>
          link.readers(r, c).map(([[targetRow, targetCol], weight]) => ({
            into: link.into,
            row: targetRow,
            col: targetCol,
            by: link.by,
            weight,
          })),
        ),
      );
  }

  /**
   * Every source cell that a weight meets, and the target that it is for.
   * @type {(name: string, row: number, col: number) => Use[]}
   */
  uses(name, row, col) {
    return this.links
      .filter((link) => link.by === name)
      .flatMap((link) =>
        link.uses(row, col).map(([[r, c], target]) => ({ from: link.from, row: r, col: c, into: link.into, target })),
      );
  }

  /**
   * What a cell is: {row, col} of the data, {copy} of a data cell, or {zero} that was added.
   * @type {(name: string, row: number, col: number) => Origin}
   */
  origin(name, row, col) {
    const { origins } = this.grid(name);
    if (!origins) return { row, col };
    const [r, c] = [origins[0][row], origins[1][col]];
    if (r === -1 || c === -1) return { zero: true };
    const data = { row: r < 0 ? -r - 2 : r, col: c < 0 ? -c - 2 : c };
    return r < 0 || c < 0 ? { copy: data } : data;
  }

  /** @type {(name: string, row: number, col: number) => boolean} */
  isAdded(name, row, col) {
    const { origins } = this.grid(name);
    return origins !== undefined && (origins[0][row] < 0 || origins[1][col] < 0);
  }

  /**
   * Where a data cell stands in a grid.
   * @type {(name: string, row: number, col: number) => Pair}
   */
  place(name, row, col) {
    const { origins } = this.grid(name);
    return origins ? [origins[0].indexOf(row), origins[1].indexOf(col)] : [row, col];
  }

  /**
   * All places where a cell's value stands: itself and its copies in the padding.
   * @type {(name: string, row: number, col: number) => Pair[]}
   */
  copies(name, row, col) {
    const { origins } = this.grid(name);
    const origin = this.origin(name, row, col);
    if (!origins || origin.zero) return [[row, col]];
    const data = origin.copy ?? origin;
    /** @type {(list: number[], at: number) => number[]} */
    const lines = (list, at) => list.flatMap((from, line) => (from === at || from === -at - 2 ? [line] : []));
    const cols = lines(origins[1], data.col);
    return lines(origins[0], data.row).flatMap((r) => cols.map((c) => [r, c]));
  }

  /**
   * The same data cell in the twins of a grid, itself included: [name, row, col].
   * @type {(name: string, row: number, col: number) => Spot[]}
   */
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

  /** @type {(name: string) => number} */
  dataCols(name) {
    const { origins, cols } = this.grid(name);
    return origins ? origins[1].filter((at) => at >= 0).length : cols;
  }

  /** @type {(name: string) => number} */
  dataRows(name) {
    const { origins, rows } = this.grid(name);
    return origins ? origins[0].filter((at) => at >= 0).length : rows;
  }

  /** @type {(name: string) => number} */
  dataCells(name) {
    return this.dataRows(name) * this.dataCols(name);
  }

  /**
   * The cell of a data cell, or of the nearest one that there is.
   * @type {(name: string, row: number, col: number) => CellOfGrid}
   */
  dataCell(name, row, col) {
    const [r, c] = this.place(name, Math.min(row, this.dataRows(name) - 1), Math.min(col, this.dataCols(name) - 1));
    return { grid: name, row: r, col: c };
  }

  /**
   * Cells that show this cell, or that this cell shows: a matrix entry and its weight.
   * @type {(name: string, row: number, col: number) => Spot[]}
   */
  shownBy(name, row, col) {
    const at = row * this.grid(name).cols + col;
    return this.shows.flatMap(({ grid, of, cells }) => {
      const wanted = of === name ? at : grid === name ? cells[at] : -1;
      if (wanted < 0) return [];
      const spots = cells.flatMap((cell, index) => (cell === wanted ? [this.spot(grid, index)] : []));
      return [this.spot(of, wanted), ...spots];
    });
  }

  /** @type {(name: string, index: number) => Spot} */
  spot(name, index) {
    const { cols } = this.grid(name);
    return [name, Math.floor(index / cols), index % cols];
  }

  /**
   * How often each cell of a source grid is read, row after row; undefined for other grids.
   * @type {(name: string) => number[] | undefined}
   */
  counts(name) {
    if (!this.isSource(name)) return undefined;
    const grid = this.grid(name);
    grid.counts ??= grid.values.map((_, at) => this.readers(...this.spot(name, at)).length);
    return grid.counts;
  }
}
