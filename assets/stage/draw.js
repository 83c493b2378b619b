// From a scene to pixels. Plotly draws every grid as a heatmap on ONE shared pair of hidden axes, whose unit is
// the pixel; canvases above it hold the veil, the ink (numbers, padding ring, unread cells) and the light (highlights).
// Text on a canvas costs a tenth of Plotly's own cell text: 16x16 with numbers repaints in 9 ms instead of 35.

import { penOf } from "../shared/component.js";
import { barRoom, drawBars } from "./bars.js";
import { drawBlocks, drawFrame } from "./channels.js";
import { drawEdges } from "./edges.js";
import { TITLE } from "./layout.js";
import { merged } from "./merge.js";
import { shortText } from "./text.js";

/** @import { Scene } from "./scene.js" */

const TITLE_TYPE = { page: 15, alone: 23 };
const SIGN = 24; // px, the type of what stands between grids
const SMALLEST_TEXT = 8;
const COMFORTABLE_TEXT = 11;
const PADDED_TITLE = "\u00a0+\u00a0padding";

/**
 * The figure of a scene, and its cells as one heatmap a grid.
 * @param {Scene} scene
 * @param {Layout} layout
 * @param {Palette} palette
 * @param {boolean} coverage
 */
export function figure(scene, layout, palette, coverage) {
  /** @type {Tile[]} */
  const tiles = [...layout.grids.values()].map(({ name, grid, left, top, cell }) => {
    const counts = coverage && scene.counts(name);
    const values = counts || grid.values;
    const most = counts ? Math.max(1, ...counts) : grid.largest || 1;
    return {
      type: "heatmap",
      name: grid.title,
      z: inRows(values, grid.cols),
      x0: left + cell / 2,
      dx: cell,
      y0: top + cell / 2,
      dy: cell,
      xgap: cell > 8 ? 1 : 0,
      ygap: cell > 8 ? 1 : 0,
      zmin: -most,
      zmax: most,
      colorscale: palette.scales[counts ? "kernel" : grid.role],
      showscale: false,
      hoverinfo: "skip",
    };
  });
  const axis = { visible: false, fixedrange: true };
  return {
    tiles,
    data: merged(tiles),
    layout: {
      width: layout.width,
      height: layout.height,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      template: {},
      xaxis: { ...axis, range: [0, layout.width] },
      yaxis: { ...axis, range: [layout.height, 0] },
    },
    config: { staticPlot: true, displayModeBar: false, responsive: false },
  };
}

/** @type {(values: number[], cols: number) => number[][]} */
function inRows(values, cols) {
  /** @type {number[][]} */
  const rows = [];
  for (let start = 0; start < values.length; start += cols) rows.push(values.slice(start, start + cols));
  return rows;
}

/**
 * Size a canvas for a sharp picture on any screen, and clear it.
 * @type {(canvas: HTMLCanvasElement, width: number, height: number) => Pen}
 */
export function prepare(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = penOf(canvas);
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * Titles, numbers, the padding ring, unread cells.
 * @type {(pen: Pen, scene: Scene, layout: Layout, palette: Palette, how: { font: string, coverage: boolean, pending: Map<string, string>, held?: HeldBars }) => void}
 */
export function drawInk(pen, scene, layout, palette, { font, coverage, pending, held }) {
  drawEdges(pen, scene, layout, palette);
  pen.textBaseline = "middle";
  for (const spot of layout.grids.values()) {
    drawBars(pen, scene, spot, palette, pending, held);
    drawTitle(pen, spot, layout, palette, font, { counted: coverage && scene.isSource(spot.name), size: layout.size });
    drawRing(pen, spot, palette);
    drawUnread(pen, scene, spot, palette);
    drawFrame(pen, spot, palette);
    drawBlocks(pen, spot, palette);
    drawNumbers(pen, scene, spot, palette, font, coverage, pending);
  }
  pen.textAlign = "center";
  pen.fillStyle = palette.text;
  for (const sign of layout.signs) {
    pen.font = `600 ${SIGN}px ${font}`;
    const wide = pen.measureText(sign.text).width; // "max" is wider than "="
    if (wide > layout.gap - 6) pen.font = `600 ${Math.max(12, Math.floor((SIGN * (layout.gap - 6)) / wide))}px ${font}`;
    pen.fillText(sign.text, sign.x, sign.y);
  }
}

/** @type {(pen: Pen, place: GridPlace, layout: Layout, palette: Palette, font: string, how: { counted: boolean, size: Size }) => void} */
function drawTitle(pen, { grid, left, top, cell, sign, space }, layout, palette, font, { counted, size: type }) {
  const [above, below, before, after] = grid.ring;
  const size = grid.size ?? `${grid.rows - above - below}\u00d7${grid.cols - before - after}`;
  const ring = above + below + before + after > 0;
  const name = `${sign ? `${sign} ` : ""}${grid.title}`;
  pen.font = `600 ${TITLE_TYPE[type]}px ${font}`;
  const head = pen.measureText(`${name} ${size}`).width > space ? name : `${name} ${size}`;
  let tail = counted ? "\u00a0\u2013 times read" : grid.note ? `\u00a0${grid.note}` : ring ? PADDED_TITLE : "";
  pen.textAlign = "left";
  pen.font = `600 ${TITLE_TYPE[type]}px ${font}`;
  const wide = pen.measureText(head).width;
  pen.font = `400 ${TITLE_TYPE[type] - 2}px ${font}`;
  if (wide + pen.measureText(tail).width > space) tail = "";
  const more = tail ? pen.measureText(tail).width : 0;
  const middle = left + (grid.cols * cell) / 2;
  const room = wide + more;
  const start = Math.max(2, Math.min(layout.width - room - 2, middle - room / 2));
  const line = top - barRoom(grid, cell) - TITLE[type] / 2;
  pen.fillStyle = palette.muted;
  pen.fillText(tail, start + wide, line);
  pen.fillStyle = palette.text;
  pen.font = `600 ${TITLE_TYPE[type]}px ${font}`;
  pen.fillText(head, start, line);
}

/**
 * Hatch what was added, zeros and copies alike, and draw a dashed line round the data.
 * @type {(pen: Pen, place: GridPlace, palette: Palette) => void}
 */
function drawRing(pen, { grid, left, top, cell }, palette) {
  if (!grid.origins) return;
  const [rows, cols] = grid.origins;
  const added = new Path2D();
  rows.forEach((from, row) => from < 0 && added.rect(left, top + row * cell, grid.cols * cell, cell));
  cols.forEach(
    (from, col) =>
      from < 0 && rows.forEach((at, row) => at >= 0 && added.rect(left + col * cell, top + row * cell, cell, cell)),
  );
  pen.save();
  pen.clip(added);
  hatch(pen, left, top, grid.cols * cell, grid.rows * cell, palette.hatch);
  pen.restore();
  const [above, below, before, after] = grid.ring;
  if (above + below + before + after === 0) return;
  pen.strokeStyle = palette.outline;
  pen.lineWidth = 1.5;
  pen.setLineDash([5, 3]);
  pen.strokeRect(
    left + before * cell,
    top + above * cell,
    (grid.cols - before - after) * cell,
    (grid.rows - above - below) * cell,
  );
  pen.setLineDash([]);
}

/** @type {(pen: Pen, x: number, y: number, width: number, height: number, colour: string) => void} */
function hatch(pen, x, y, width, height, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 0.8;
  pen.globalAlpha = 0.55;
  pen.beginPath();
  for (let shift = -height; shift < width; shift += 7) {
    pen.moveTo(x + shift, y + height);
    pen.lineTo(x + shift + height, y);
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/** @type {(pen: Pen, scene: Scene, place: GridPlace, palette: Palette) => void} */
function drawUnread(pen, scene, { name, grid, left, top, cell }, palette) {
  const links = scene.links.filter((one) => one.from === name);
  if (!links.length) return;
  pen.strokeStyle = palette.unread;
  pen.lineWidth = Math.max(1, cell / 24);
  for (let row = 0; row < grid.rows; row += 1) {
    for (let col = 0; col < grid.cols; col += 1) {
      if (links.some((link) => link.isRead(row, col))) continue;
      const x = left + col * cell;
      const y = top + row * cell;
      pen.globalAlpha = 0.28;
      pen.fillStyle = palette.unread;
      pen.fillRect(x, y, cell - 1, cell - 1);
      pen.globalAlpha = 0.6;
      pen.beginPath();
      pen.moveTo(x + 2, y + 2);
      pen.lineTo(x + cell - 3, y + cell - 3);
      pen.moveTo(x + cell - 3, y + 2);
      pen.lineTo(x + 2, y + cell - 3);
      pen.stroke();
      pen.globalAlpha = 1;
    }
  }
}

/** @type {(pen: Pen, scene: Scene, place: GridPlace, palette: Palette, font: string, coverage: boolean, pending: Map<string, string>) => void} */
function drawNumbers(pen, scene, { name, grid, left, top, cell }, palette, font, coverage, pending) {
  const counts = coverage && scene.counts(name);
  const total = grid.rows * grid.cols;
  /** @type {string[]} */
  let texts = [];
  let size = 0;
  for (const digits of [4, 3, 2]) {
    // fewer digits rather than none
    texts = Array.from({ length: total }, (_, at) => (counts ? String(counts[at]) : shortText(grid, at, digits)));
    const longest = texts.reduce((most, text) => Math.max(most, text.length), 1);
    size = Math.min(cell * 0.44, (cell - 4) / (longest * 0.56), 48);
    if (size >= COMFORTABLE_TEXT) break;
  }
  pen.textAlign = "center";
  for (let at = 0; at < total; at += 1) {
    const row = Math.floor(at / grid.cols);
    const col = at % grid.cols;
    const origin = scene.origin(name, row, col);
    const typed = pending.get(`${name}.${origin.row}.${origin.col}`);
    if (size < SMALLEST_TEXT && typed === undefined) continue;
    const x = left + (col + 0.5) * cell;
    const y = top + (row + (grid.role === "kernel" ? 0.52 : 0.46)) * cell + 1; // room for the weight in the corner
    const ring = scene.isAdded(name, row, col);
    pen.font = `${typed === undefined ? (ring ? "400" : "500") : "italic 600"} ${Math.max(size, SMALLEST_TEXT)}px ${font}`;
    pen.fillStyle = ring ? palette.muted : palette.text;
    pen.fillText(typed ?? texts[at], x, y);
  }
}
