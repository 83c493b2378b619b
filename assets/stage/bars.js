// Bars above a row of numbers: every cell's value once more, as a height. A hand can draw them: each column that a
// mouse or a finger passes takes the nearest round number, and is committed as if it had been typed.

import { el } from "../shared/component.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {BarScale & { room: number, unit: number, zero: number }} Ruler */
/** @typedef {Pick<import("./stage.js").Stage, "scene" | "layout" | "paint" | "draw">} BarStage */

const EDGE = 5; // px between the bars and what stands above and below
const ROOM = 1.2; // of the largest value: a hand needs room to pull a bar higher
const MOST = 999;

/**
 * The pixels that the bars of a grid take above its cells.
 * @type {(grid: Grid, cell: number) => number}
 */
export const barRoom = (grid, cell) => Math.round((grid.bars ?? 0) * cell);

/**
 * From where to where bars reach, and the numbers that a hand can set.
 * @type {(grid: Grid) => BarScale}
 */
function scaleOf(grid) {
  const low = Math.min(0, ...grid.values);
  const high = Math.max(0, ...grid.values);
  if (!grid.edit) return { step: 1, low, high: high > low ? high : 1 };
  const whole = grid.values.every(Number.isInteger);
  const step = whole || grid.largest > 2 ? 1 : 0.1;
  const least = whole ? 3 : grid.largest || 1;
  return { step, low: Math.min(low * ROOM, -least / 2), high: Math.max(high * ROOM, least) };
}

/** @type {(place: GridPlace, held?: HeldBars) => Ruler} */
function ruler({ name, grid, top, cell }, held) {
  const scale = held?.name === name ? held.scale : scaleOf(grid);
  const room = barRoom(grid, cell);
  const unit = (room - 2 * EDGE) / (scale.high - scale.low);
  return { ...scale, room, unit, zero: top - EDGE + scale.low * unit };
}

/**
 * The place of one bar, inside the room of all bars.
 * @type {(place: GridPlace, rule: Ruler, col: number, value: number) => [x: number, y: number, width: number, height: number]}
 */
function barAt({ left, top, cell }, { room, unit, zero }, col, value) {
  const inside = (/** @type {number} */ y) => Math.max(top - room + 1, Math.min(top - 2, y));
  const end = inside(zero - value * unit);
  const gap = Math.min(4, cell / 6);
  return [left + col * cell + gap, Math.min(zero, end), cell - 2 * gap, Math.max(1.5, Math.abs(zero - end))];
}

/** @type {(place: GridPlace, col: number, scene: Scene, pending: Map<string, string>) => number} */
const valueAt = ({ name, grid }, col, scene, pending) => {
  const origin = scene.origin(name, 0, col);
  const typed = Number((pending?.get(`${name}.${origin.row}.${origin.col}`) ?? "").replace("\u2212", "-") || NaN);
  return Number.isFinite(typed) ? typed : grid.values[col];
};

/**
 * Draw the bars of a grid, and the line of zero.
 * @type {(pen: Pen, scene: Scene, spot: GridPlace, palette: Palette, pending: Map<string, string>, held?: HeldBars) => void}
 */
export function drawBars(pen, scene, spot, palette, pending, held) {
  const { grid, left, cell } = spot;
  if (!grid.bars) return;
  const rule = ruler(spot, held);
  const stops = palette.scales[grid.role];
  for (let col = 0; col < grid.cols; col += 1) {
    const value = valueAt(spot, col, scene, pending);
    if (!value) continue;
    pen.fillStyle = stops[value < 0 ? 0 : 2][1];
    pen.fillRect(...barAt(spot, rule, col, value));
  }
  pen.strokeStyle = palette.muted;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(left, Math.round(rule.zero) + 0.5);
  pen.lineTo(left + grid.cols * cell - 1, Math.round(rule.zero) + 0.5);
  pen.stroke();
}

/**
 * The light on bars: the same colour and line as on their cells.
 * @type {(pen: Pen, spot: GridPlace, cells: LitCells, colour: string, style: LightStyle, held?: HeldBars) => void}
 */
export function outlineBars(pen, spot, cells, colour, { width, dash }, held) {
  if (!spot.grid.bars) return;
  const rule = ruler(spot, held);
  pen.strokeStyle = colour;
  pen.lineWidth = Math.min(2, width);
  pen.setLineDash(dash);
  for (const { col } of cells.values()) pen.strokeRect(...barAt(spot, rule, col, spot.grid.values[col]));
  pen.setLineDash([]);
}

/** Hands on the bars of the grids that can be edited. */
export class BarHands {
  /** @type {HeldBars | undefined} */
  held;
  /** @type {Map<string, HTMLElement>} */
  nodes = new Map();

  /**
   * @param {HTMLElement} container
   * @param {BarStage} stage
   */
  constructor(container, stage) {
    this.container = container;
    this.stage = stage;
  }

  /** @type {(layout: Layout) => void} */
  place(layout) {
    for (const [name, node] of this.nodes) {
      if (!layout.grids.get(name)?.grid.bars) {
        node.remove();
        this.nodes.delete(name);
      }
    }
    for (const { name, grid, left, top, cell } of layout.grids.values()) {
      if (!grid.bars || !grid.edit) continue;
      const node = this.nodes.get(name) ?? this.node(name);
      this.nodes.set(name, node);
      const room = barRoom(grid, cell);
      Object.assign(node.style, {
        left: `${left}px`,
        top: `${top - room}px`,
        width: `${grid.cols * cell}px`,
        height: `${room}px`,
      });
    }
  }

  /** @type {(name: string) => HTMLElement} */
  node(name) {
    const node = el("div", { class: "cnv-bars", "data-bars": name, title: "Drag to draw" });
    node.onclick = (event) => event.stopPropagation();
    node.onpointerdown = (event) => {
      event.preventDefault();
      node.setPointerCapture(event.pointerId);
      const spot = this.stage.layout?.grids.get(name);
      if (!spot) return;
      this.held = { name, scale: scaleOf(spot.grid), last: undefined };
      this.pull(node, event);
    };
    node.onpointermove = (event) => this.held?.name === name && this.pull(node, event);
    node.onpointerup = node.onpointercancel = () => {
      this.held = undefined;
      this.stage.paint();
    };
    this.container.append(node);
    return node;
  }

  /**
   * Set the bar under the hand, and those that a quick hand jumped over.
   * @type {(node: HTMLElement, event: PointerEvent) => void}
   */
  pull(node, event) {
    const { scene, layout } = this.stage;
    const spot = this.held && layout?.grids.get(this.held.name);
    if (!this.held || !scene || !spot) return;
    const rule = ruler(spot, this.held);
    const box = node.getBoundingClientRect();
    const col = Math.max(0, Math.min(spot.grid.cols - 1, Math.floor((event.clientX - box.left) / spot.cell)));
    const high = (rule.zero - (spot.top - rule.room) - (event.clientY - box.top)) / rule.unit;
    const value = Math.max(-MOST, Math.min(MOST, high));
    const last = this.held.last ?? { col, value };
    const steps = Math.max(1, Math.abs(col - last.col));
    /** @type {[row: number, col: number, text: string][]} */
    const cells = [];
    for (let step = 1; step <= steps; step += 1) {
      const at = last.col + Math.round(((col - last.col) * step) / steps);
      const here = last.value + ((value - last.value) * step) / steps;
      const origin = scene.origin(spot.name, 0, at);
      if (origin.row === undefined) continue;
      const text = String(Number((Math.round(here / rule.step) * rule.step).toFixed(1)));
      cells.push([origin.row, origin.col, text === "-0" ? "0" : text]);
    }
    this.held.last = { col, value };
    if (cells.length) this.stage.draw(spot.name, cells);
  }
}
