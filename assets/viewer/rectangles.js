// Rectangles of whole cells: drawn by a mouse or a finger, or with the keyboard from a corner on.

/** @import { XY } from "./hands.js" */
/** @import { Box, Geometry, Line } from "./paint.js" */

/**
 * The nearest of so many cells.
 * @type {(at: number, count: number) => number}
 */
export const bounded = (at, count) => Math.max(0, Math.min(count - 1, at));

/**
 * The cells between two points of a sheet, as far as the panel has them.
 * @type {(geo: Geometry, size: Pair, from: XY, to: XY) => Box}
 */
export function between({ x, y }, [rows, cols], from, to) {
  const [row, height] = span(y, from.y, to.y, rows);
  const [col, width] = span(x, from.x, to.x, cols);
  return { row, col, height, width };
}

/** @type {(line: Line, a: number, b: number, count: number) => [first: number, count: number]} */
function span(line, a, b, count) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)].map((at) => bounded(line.cell(at), count));
  return [first, last - first + 1];
}

/**
 * The rectangle that has two cells as its corners.
 * @type {(one: Pair, other: Pair) => Box}
 */
export function corners([row, col], [r, c]) {
  return {
    row: Math.min(row, r),
    col: Math.min(col, c),
    height: Math.abs(row - r) + 1,
    width: Math.abs(col - c) + 1,
  };
}
