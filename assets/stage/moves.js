// Moves: what a control makes of the state and what a new scene makes of the cursor, before the server has answered.

import { patched, splitView } from "./pack.js";

/** @import { Scene } from "./scene.js" */

/**
 * The state after an option was picked; a preset replaces all of it.
 * @type {(spec: State, base: State, control: StageControl, option: ControlOption) => State}
 */
export function picked(spec, base, control, option) {
  return control.whole ? splitView(option.set).spec : patched(without(spec, base, control), option.set);
}

/**
 * The state before this control was moved: a drag may come back to where it began.
 * @type {(spec: State, base: State, control: StageControl) => State}
 */
function without(spec, base, control) {
  const touched = new Set(control.options.flatMap((option) => Object.keys(option.set)));
  return patched(spec, Object.fromEntries([...touched].map((key) => [key, base[key] ?? null])));
}

/**
 * The edits, [grid, row, col, text], after a hand drew cells of a grid: each of them stands there once.
 * @type {(edits: Edit[], grid: string, cells: [row: number, col: number, text: string][]) => Edit[]}
 */
export function redrawn(edits, grid, cells) {
  /** @type {Map<string, Edit>} */
  const drawn = new Map(cells.map(([row, col, text]) => [`${row}.${col}`, [grid, row, col, text]]));
  const others = edits.filter(([name, row, col]) => name !== grid || !drawn.has(`${row}.${col}`));
  return [...others, ...drawn.values()];
}

/**
 * A pin as it stands in a link counts from the data's first cell, not from the padding's.
 * @type {(text: string | undefined) => Pin | undefined}
 */
export function pinned(text) {
  const pin = /^([a-z][\w-]*)\.(\d+)\.(\d+)$/.exec(text ?? "");
  return pin ? { grid: pin[1], data: { row: Number(pin[2]), col: Number(pin[3]) } } : undefined;
}

/** @type {(scene: Scene, cell: CellOfGrid | Pin) => boolean} */
export function inside(scene, { grid: name, row, col }) {
  const grid = scene.find(name);
  if (!grid || row === undefined || col === undefined) return false;
  return row >= 0 && col >= 0 && row < grid.rows && col < grid.cols;
}

/**
 * Before the scene changes: a cursor on a grid that goes away moves to a twin of its cell.
 * @type {(cursor: Cursor | Pin, scene: Scene, next: Scene) => Cursor | Pin | undefined}
 */
export function carried(cursor, scene, next) {
  if (cursor.row === undefined || next.find(cursor.grid) || !inside(scene, cursor)) return cursor;
  const spot = scene.twinsOf(cursor.grid, cursor.row, cursor.col).find(([name]) => next.find(name));
  if (!spot) return undefined;
  const { row, col } = scene.origin(...spot);
  return row === undefined ? undefined : { grid: spot[0], data: { row, col } };
}

/**
 * The cursor on its data cell, wherever that is drawn now, and inside the grids of the scene.
 * @type {(cursor: Cursor | Pin | undefined, scene: Scene) => Cursor}
 */
export function settled(cursor, scene) {
  const { grid: name, data, ...at } = cursor ?? { grid: scene.target.name, data: { row: 0, col: 0 } };
  const grid = scene.find(name) ?? scene.target;
  const { row, col } = data ? scene.dataCell(grid.name, data.row, data.col) : { row: 0, col: 0, ...at };
  return { grid: grid.name, row: Math.min(row, grid.rows - 1), col: Math.min(col, grid.cols - 1), data };
}
