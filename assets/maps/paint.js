// Where the tiles of a row stand, and their colours. It draws codes that the server sent, and knows nothing of layers.

import { penOf } from "../shared/component.js";
import { rgb } from "../shared/theme.js";

/**
 * Where the tiles of a row stand: `line` of them in each of the `lines`, `gap` apart; `between` parts lines of cells.
 * @typedef {object} RowPlace
 * @property {number} across
 * @property {number} down
 * @property {number} gap
 * @property {number} [between]
 * @property {number} line
 * @property {number} lines
 * @property {number} width
 * @property {number} height
 */

const GAP = 4;
const LEAST = 22; // css px: with its gap of 2, what a finger hits
const CROWDED = 28; // css px: below, gaps are narrow
const OPEN = 37; // css px: a tile of the chosen layer, if there is room for its lines
const MANY = 16;
const FEW = 32; // css px: tiles of a row that has no more than MANY, however little room there is
const CAPS = [140, 112, 96, 84, 72, 64, 56, 48, 42, 36, 32, 28, 25, 22, 19];
const LABEL = 31; // css px: a row's name and size
const BLACK = 0xff000000;
/** @type {Record<Theme, string>} */
const OFF = { light: "#14181f", dark: "#f5f7fa" };

/**
 * The largest tiles with which all rows fit into the room; rows that need several lines get them.
 * @type {(rows: MapRow[], width: number, room: number) => { places: RowPlace[], space: number }}
 */
export function layouts(rows, width, room) {
  for (const cap of CAPS) {
    const found = laidOut(rows, width, cap);
    if (found.total <= room) return found;
  }
  return laidOut(rows, width, CAPS[CAPS.length - 1]);
}

/** @type {(rows: MapRow[], width: number, cap: number) => { places: RowPlace[], space: number, total: number }} */
function laidOut(rows, width, cap) {
  const space = cap > CROWDED ? 9 : 5;
  const places = rows.map((row) => layout(row, width, cap));
  return { places, space, total: places.reduce((sum, one) => sum + Math.max(one.height, LABEL) + space, 0) };
}

/** @type {(row: MapRow, width: number, cap: number) => RowPlace} */
function layout(row, width, cap) {
  return row.form === "cells"
    ? cells(row, width)
    : tiles(row, width, row.numbers.length > MANY ? cap : Math.max(cap, FEW));
}

/** @type {(row: MapRow, width: number, cap: number) => RowPlace} */
function tiles({ size: [high, wide], numbers, chosen, open }, width, cap) {
  const count = numbers.length;
  const gap = cap > CROWDED ? GAP : 2;
  const least = chosen && open && count > MANY ? OPEN : Math.min(cap, LEAST);
  let across = Math.max(least, Math.min(cap, Math.floor((width + gap) / count) - gap));
  const whole = Math.floor(across / wide) * wide; // every cell as many pixels as the next
  if (whole >= Math.min(cap, LEAST)) across = whole;
  across = Math.min(across, width);
  const down = Math.max(1, Math.round((across * high) / wide));
  const line = Math.max(1, Math.min(count, Math.floor((width + gap) / (across + gap))));
  const lines = Math.ceil(count / line);
  return { across, down, gap, line, lines, width: line * (across + gap) - gap, height: lines * (down + gap) - gap };
}

/**
 * A row of numbers: one line of cells while they can be seen, else several lines.
 * @type {(row: MapRow, width: number) => RowPlace}
 */
function cells({ numbers }, width) {
  const count = numbers.length;
  const wide = Math.min(24, Math.floor(width / count));
  const [least, down] = wide >= 4 ? [wide, 24] : count <= 1200 ? [4, 13] : [2, 5];
  const lines = Math.ceil(count / Math.max(1, Math.floor(width / least)));
  const line = Math.ceil(count / lines);
  const across = Math.min(24, Math.floor(width / line));
  const gap = lines > 1 ? 1 : 0;
  return {
    across,
    down,
    gap: 0,
    between: gap,
    line,
    lines,
    width: line * across,
    height: Math.max(LEAST, lines * (down + gap) - gap),
  };
}

/**
 * Where a tile or a cell of a row begins: css px.
 * @type {(at: RowPlace, index: number) => { x: number, y: number }}
 */
export function place(at, index) {
  const [row, col] = [Math.floor(index / at.line), index % at.line];
  return { x: col * (at.across + at.gap), y: row * (at.down + (at.between ?? at.gap)) };
}

/**
 * Colours from the first to the last value, in 256 steps.
 * @type {(stops: string[]) => Uint32Array}
 */
export function ramp(stops) {
  const table = new Uint32Array(256);
  const known = stops.map(rgb);
  for (let i = 0; i < 256; i += 1) {
    const at = (i / 255) * (known.length - 1);
    const k = Math.min(Math.floor(at), known.length - 2);
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(known[k][c] + (known[k + 1][c] - known[k][c]) * (at - k)));
    table[i] = BLACK | (b << 16) | (g << 8) | r;
  }
  return table;
}

/**
 * All maps of a row at one pixel a cell, each below the one before.
 * @type {(row: MapRow, array: CodedArray, table: Uint32Array) => HTMLCanvasElement}
 */
function atlas(row, array, table) {
  const [high, wide] = row.size;
  const area = high * wide;
  const image = new ImageData(wide, high * array.planes.length);
  const out = new Uint32Array(image.data.buffer);
  array.planes.forEach((plane, index) => {
    const low = row.low[index] ?? row.low[0];
    const high_ = row.high[index] ?? row.high[0];
    const scale = 10 ** array.decimals;
    const step = 255 / ((high_ - low) * scale || 1);
    const from = low * scale;
    const start = index * area;
    for (let i = 0; i < area; i += 1) {
      const at = (plane[i] - from) * step;
      out[start + i] = table[at <= 0 ? 0 : at >= 255 ? 255 : Math.round(at)];
    }
  });
  return sheetOf(image);
}

/** @type {(image: ImageData) => HTMLCanvasElement} */
function sheetOf(image) {
  const canvas = document.createElement("canvas");
  canvas.width = image.width;
  canvas.height = image.height;
  penOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/**
 * Draw a row onto its canvas.
 * @type {(canvas: HTMLCanvasElement, row: MapRow, array: CodedArray, at: RowPlace, table: Uint32Array, how: { ratio: number, theme: Theme }) => void}
 */
export function paintRow(canvas, row, array, at, table, { ratio, theme }) {
  fit(canvas, at.width, at.height, ratio);
  const context = penOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, at.width, at.height);
  const picture = atlas(row, array, table);
  const [high, wide] = row.size;
  context.imageSmoothingEnabled = row.form === "maps" && at.across * ratio < wide;
  context.imageSmoothingQuality = "high";
  const off = new Set(row.off);
  row.numbers.forEach((number, index) => {
    const { x, y } = place(at, index);
    if (row.form === "cells") context.drawImage(picture, index, 0, 1, 1, x, y, at.across, at.down);
    else context.drawImage(picture, 0, index * high, wide, high, x, y, at.across, at.down);
    if (off.has(number)) strike(context, x, y, at.across, at.down, OFF[theme]);
  });
}

/**
 * A channel that is off: crossed out, not only dark.
 * @type {(context: Pen, x: number, y: number, across: number, down: number, colour: string) => void}
 */
function strike(context, x, y, across, down, colour) {
  context.fillStyle = colour === OFF.light ? "#ffffff" : "#0e1117";
  context.globalAlpha = 0.75;
  context.fillRect(x, y, across, down);
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = across > 12 ? 2 : 1;
  context.beginPath();
  context.moveTo(x + 2, y + 2);
  context.lineTo(x + across - 2, y + down - 2);
  context.moveTo(x + across - 2, y + 2);
  context.lineTo(x + 2, y + down - 2);
  context.stroke();
}

/**
 * A picture of 0..255, as it is.
 * @type {(canvas: HTMLCanvasElement, row: MapRow, array: CodedArray) => void}
 */
export function paintPicture(canvas, row, array) {
  const [high, wide] = row.size;
  canvas.width = wide;
  canvas.height = high;
  const image = new ImageData(wide, high);
  const out = new Uint32Array(image.data.buffer);
  const [a, b, c] = array.planes;
  for (let i = 0; i < out.length; i += 1) out[i] = BLACK | ((c ?? a)[i] << 16) | ((b ?? a)[i] << 8) | a[i];
  penOf(canvas).putImageData(image, 0, 0);
  canvas.style.aspectRatio = `${wide} / ${high}`;
  canvas.classList.toggle("cnm-crisp", wide < 128);
}

/** @type {(canvas: HTMLCanvasElement, width: number, height: number, ratio: number) => void} */
function fit(canvas, width, height, ratio) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}
