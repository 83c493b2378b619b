// The light: what the current cell reads, or who reads it, drawn above the numbers.

import { outlineBars } from "./bars.js";
import { readersAbove, termsBelow } from "./deep.js";
import { drawLitEdges } from "./edges.js";
import { cellText } from "./text.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {"window" | "weight" | "output" | "readers"} StyleName */
/** @typedef {{ cells: Map<string, LitCells>, styles: Map<string, StyleName>, veil: boolean }} Lit */
/** @typedef {(name: string, row: number, col: number, style: StyleName, text?: string) => void} Add */

/**
 * The light: what the current cell reads, or who reads it. The veil lies under the numbers, so that they stay clear.
 * @type {(pen: Pen, veilPen: Pen, scene: Scene, layout: Layout, palette: Palette, spot: CellOfGrid, font: string, held?: HeldBars) => void}
 */
export function drawLight(pen, veilPen, scene, layout, palette, spot, font, held) {
  const parts = lit(scene, spot);
  drawLitEdges(pen, scene, layout, palette, parts.cells);
  for (const [name, cells] of parts.cells) {
    const place = layout.grids.get(name);
    if (!place) continue;
    if (parts.veil) veil(veilPen, place, cells, palette);
    const style = STYLES[parts.styles.get(name) ?? "window"];
    outline(pen, place, cells, palette.accents[style.accent], style);
    outlineBars(pen, place, cells, palette.accents[style.accent], style, held);
    for (const cell of cells.values()) if (cell.text) corner(pen, place, cell, palette, font);
  }
}

/** @type {Record<StyleName, LightStyle>} */
const STYLES = {
  window: { accent: "window", width: 3, dash: [] },
  weight: { accent: "weight", width: 2.5, dash: [6, 3] },
  output: { accent: "output", width: 3.5, dash: [] },
  readers: { accent: "output", width: 2.5, dash: [2, 2] },
};

/**
 * Which cells are lit in which grid, and how: the cell, its twins, and all that is linked with them.
 * @type {(scene: Scene, cell: CellOfGrid) => Lit}
 */
export function lit(scene, { grid, row, col }) {
  /** @type {Lit} */
  const found = { cells: new Map(), styles: new Map(), veil: false };
  /** @type {Add} */
  const add = (name, r, c, style, text = "") => {
    const cells = found.cells.get(name) ?? new Map();
    found.cells.set(name, cells.set(`${r}.${c}`, { row: r, col: c, text }));
    if (!found.styles.has(name) || style === "output") found.styles.set(name, style);
  };
  for (const spot of scene.twinsOf(grid, row, col)) light(scene, spot, add, found);
  for (const spot of scene.shownBy(grid, row, col)) add(...spot, "weight");
  return found;
}

/** @type {(scene: Scene, spot: Spot, add: Add, found: Lit) => void} */
function light(scene, [name, row, col], add, found) {
  /** @type {(by: string, weight: Pair | null) => string} */
  const factor = (by, weight) =>
    weight ? `\u00d7${cellText(scene.grid(by), weight[0] * scene.grid(by).cols + weight[1], 3)}` : "";
  if (scene.isTarget(name)) {
    found.veil = true;
    const winner = scene.grid(name).winners?.[row * scene.grid(name).cols + col];
    for (const term of termsBelow(scene, name, row, col)) {
      const won = winner === term.row * scene.grid(term.from).cols + term.col;
      add(term.from, term.row, term.col, "window", won ? "\u2605" : factor(term.by, term.weight));
      if (term.weight) add(term.by, ...term.weight, "weight");
    }
    add(name, row, col, "output");
    if (!scene.isSource(name)) return;
  } else if (scene.isWeight(name)) {
    const uses = scene.uses(name, row, col);
    for (const use of uses) add(use.from, use.row, use.col, "window");
    if (uses.length === 1) add(uses[0].into, ...uses[0].target, "output"); // an entry of a matrix
    add(name, row, col, "weight");
    return;
  } else {
    for (const [r, c] of scene.copies(name, row, col)) add(name, r, c, "window");
  }
  for (const reader of readersAbove(scene, name, row, col)) {
    add(reader.into, reader.row, reader.col, "readers", factor(reader.by, reader.weight));
    if (reader.weight && !scene.isTarget(name)) add(reader.by, ...reader.weight, "weight");
  }
}

/** @type {(pen: Pen, place: GridPlace, cells: LitCells, palette: Palette) => void} */
function veil(pen, { grid, left, top, cell }, cells, palette) {
  if (cells.size === grid.rows * grid.cols) return;
  pen.save();
  const outside = new Path2D();
  outside.rect(left, top, grid.cols * cell, grid.rows * cell);
  for (const { row, col } of cells.values()) outside.rect(left + col * cell, top + row * cell, cell, cell);
  pen.clip(outside, "evenodd");
  pen.globalAlpha = 0.55;
  pen.fillStyle = palette.paper;
  pen.fillRect(left, top, grid.cols * cell, grid.rows * cell);
  pen.restore();
}

/**
 * Draw round a set of cells: a strong line where the set ends, a thin one between its cells.
 * @type {(pen: Pen, place: GridPlace, cells: LitCells, colour: string, style: LightStyle) => void}
 */
function outline(pen, { left, top, cell }, cells, colour, { width, dash }) {
  const strong = cell < 14 ? 1.5 : width;
  const edges = { inner: new Path2D(), outer: new Path2D() };
  for (const { row, col } of cells.values()) {
    const [x, y] = [left + col * cell - 0.5, top + row * cell - 0.5];
    /** @type {(r: number, c: number, ...line: number[]) => void} */
    const draw = (r, c, ...line) => {
      const path = cells.has(`${r}.${c}`) ? edges.inner : edges.outer;
      path.moveTo(line[0], line[1]);
      path.lineTo(line[2], line[3]);
    };
    draw(row - 1, col, x, y, x + cell, y);
    draw(row + 1, col, x, y + cell, x + cell, y + cell);
    draw(row, col - 1, x, y, x, y + cell);
    draw(row, col + 1, x + cell, y, x + cell, y + cell);
  }
  pen.strokeStyle = colour;
  pen.lineCap = dash.length ? "butt" : "square";
  pen.lineWidth = 0.75;
  pen.stroke(edges.inner);
  pen.setLineDash(dash);
  pen.lineWidth = strong;
  pen.stroke(edges.outer);
  pen.setLineDash([]);
}

/**
 * The weight, small in the corner of the cell that it multiplies.
 * @type {(pen: Pen, place: GridPlace, cell: LitCell, palette: Palette, font: string) => void}
 */
function corner(pen, { left, top, cell }, { row, col, text }, palette, font) {
  const size = Math.min(22, cell * 0.25);
  if (size < 8.5) return;
  pen.font = `600 ${size}px ${font}`;
  pen.textAlign = "right";
  pen.fillStyle = palette.text;
  pen.fillText(text, left + (col + 1) * cell - 4, top + (row + 1) * cell - size / 2 - 2);
}
