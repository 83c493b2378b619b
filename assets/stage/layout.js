// Where every grid of a scene stands: the arrangement with the largest cells, in pixels.

import { barRoom } from "./bars.js";
import { gapOf } from "./edges.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {{ names: string[], width: number, height: number }} Column */

export const TITLE = { page: 26, alone: 38 }; // px above each grid
const STACK = 14; // px between grids in a column
const LARGEST_CELL = { page: 58, alone: 120 };
const READABLE_CELL = 20; // px: room for a number of two digits
const TALLEST = 1800; // px
const NARROW = 600; // px

/**
 * Find the arrangement with the largest cells, or the first that is large enough, and the place of every grid in pixels.
 * @type {(scene: Scene, width: number, height: number, alone: boolean) => Layout}
 */
export function arrange(scene, width, height, alone) {
  const best = largest(scene, width, height, alone);
  // A scene of many grids needs the room that large titles take.
  return alone && best.cell < READABLE_CELL ? largest(scene, width, height, false) : best;
}

/** @type {(scene: Scene, width: number, height: number, alone: boolean) => Layout} */
function largest(scene, width, height, alone) {
  /** @type {Layout | undefined} */
  let best;
  for (const rows of plansOf(scene, width)) {
    const placed = place(scene, rows, width, height, alone);
    if (scene.comfort && placed.cell >= scene.comfort) return placed;
    const readable = best && best.cell < READABLE_CELL && placed.cell >= READABLE_CELL;
    if (!best || readable || placed.cell > best.cell * 1.15) best = placed;
  }
  return /** @type {Layout} */ (best); // every scene has an arrangement
}

/**
 * The ways to lay a scene out; where it is narrow, one grid below the other as well.
 * @type {(scene: Scene, width: number) => string[][][][]}
 */
function plansOf(scene, width) {
  return width < NARROW ? [...scene.arrangements, scene.grids.map(({ name }) => [[name]])] : scene.arrangements;
}

/**
 * How high a narrow screen must be for the numbers of a scene to be read: where it may scroll, it should.
 * @type {(scene: Scene, width: number) => number}
 */
export function neededHeight(scene, width) {
  const plans = plansOf(scene, width).map((rows) => {
    const cell = Math.min(READABLE_CELL, cellSize(scene, rows, width, Infinity, "page"));
    return { cell, height: totalHeight(measure(scene, rows, cell, TITLE.page)) + 4 };
  });
  const most = Math.max(...plans.map((plan) => plan.cell));
  return Math.min(TALLEST, ...plans.filter((plan) => plan.cell === most).map((plan) => plan.height));
}

/**
 * Every column of every row, with its size.
 * @type {(scene: Scene, rows: string[][][], cell: number, title: number) => Column[][]}
 */
function measure(scene, rows, cell, title) {
  return rows.map((columns) =>
    columns.map((names) => ({
      names,
      width: Math.max(...names.map((name) => scene.grid(name).cols * cell)),
      height: names.reduce(
        (sum, name) => sum + scene.grid(name).rows * cell + barRoom(scene.grid(name), cell) + title,
        STACK * (names.length - 1),
      ),
    })),
  );
}

/** @type {(columns: Column[]) => number} */
const rowHeight = (columns) => Math.max(...columns.map((column) => column.height));
/** @type {(measured: Column[][]) => number} */
const totalHeight = (measured) =>
  measured.reduce((sum, columns) => sum + rowHeight(columns), STACK * (measured.length - 1));

/** @type {(scene: Scene, rows: string[][][], width: number, height: number, alone: boolean) => Layout} */
function place(scene, rows, width, height, alone) {
  /** @type {Size} */
  const size = alone ? "alone" : "page";
  const title = TITLE[size];
  const gap = gapOf(scene, width);
  const cell = cellSize(scene, rows, width, height, size);
  const measured = measure(scene, rows, cell, title);
  const rowHeights = measured.map(rowHeight);
  const total = totalHeight(measured);
  /** @type {Layout["grids"]} */
  const grids = new Map();
  /** @type {Layout["signs"]} */
  const signs = [];
  let y = Math.max(0, (height - total) / 2);
  let order = 0;
  measured.forEach((columns, rowNumber) => {
    const wide = columns.reduce((sum, column) => sum + column.width, gap * (columns.length - 1));
    let x = Math.max(0, (width - wide) / 2);
    columns.forEach((column) => {
      let top = y + (rowHeights[rowNumber] - column.height) / 2;
      for (const name of column.names) {
        const grid = scene.grid(name);
        const left = x + (column.width - grid.cols * cell) / 2;
        top += barRoom(grid, cell);
        const sign = scene.signs[scene.grids.indexOf(grid) - 1] ?? "";
        const beside = order > 0 && column.names.length === 1 && column !== columns[0];
        if (beside) signs.push({ text: sign, x: x - gap / 2, y: top + title + (grid.rows * cell) / 2 });
        // Beside many others, a title that is too long loses its size.
        const space = columns.length > 2 ? column.width + gap - 4 : Infinity;
        grids.set(name, {
          space,
          name,
          grid,
          cell,
          order,
          left: Math.round(left),
          top: Math.round(top + title),
          sign: beside ? "" : sign,
        });
        top += grid.rows * cell + title + STACK;
        order += 1;
      }
      x += column.width + gap;
    });
    y += rowHeights[rowNumber] + STACK;
  });
  return { cell, grids, signs, gap, width, height, size };
}

/** @type {(scene: Scene, rows: string[][][], width: number, height: number, size: Size) => number} */
function cellSize(scene, rows, width, height, size) {
  const gap = gapOf(scene, width);
  let most = LARGEST_CELL[size];
  let tall = 0;
  let titles = STACK * (rows.length - 1);
  for (const columns of rows) {
    const cols = columns.reduce((sum, names) => sum + Math.max(...names.map((name) => scene.grid(name).cols)), 0);
    most = Math.min(most, (width - 8 - gap * (columns.length - 1)) / cols);
    const heights = columns.map((names) => [
      names.reduce((sum, name) => sum + scene.grid(name).rows + (scene.grid(name).bars ?? 0), 0),
      names.length * TITLE[size] + (names.length - 1) * STACK,
    ]);
    // The tallest column decides; with different numbers of titles, try the one that leaves the smallest cells.
    const worst = heights.reduce((a, b) => ((height - a[1]) / a[0] < (height - b[1]) / b[0] ? a : b));
    tall += worst[0];
    titles += worst[1];
  }
  return Math.max(4, Math.floor(Math.min(most, (height - titles - 4) / tall)));
}

/**
 * The cell under a point, or undefined.
 * @type {(layout: Layout, x: number, y: number) => CellOfGrid | undefined}
 */
export function cellAt(layout, x, y) {
  for (const { name, grid, left, top, cell } of layout.grids.values()) {
    const row = y < top && y >= top - barRoom(grid, cell) ? 0 : Math.floor((y - top) / cell);
    const col = Math.floor((x - left) / cell);
    if (row >= 0 && row < grid.rows && col >= 0 && col < grid.cols) return { grid: name, row, col };
  }
  return undefined;
}
