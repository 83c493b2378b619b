// Draws a panel: its picture, the lines and numbers of large pixels, and on a second sheet the marks and the cursor.

import { say, textsAt } from "../shared/codes.js";
import { penOf } from "../shared/component.js";
import { rgb } from "../shared/theme.js";

/** @import { View } from "./camera.js" */
/** @typedef {{ width: number, height: number, ratio: number }} SheetSize */
/** @typedef {{ canvas: HTMLCanvasElement, pixels: Uint32Array }} Made */
/** @typedef {{ row: number, col: number, height: number, width: number }} Box */
/** @typedef {(number: number) => number} Place */
/** @typedef {{ size: number, at: Place, cell: Place, base: Place, first: number, last: number }} Line */
/** @typedef {{ x: Line, y: Line }} Geometry */

const LINES_FROM = 9;
const LEAST_CELL = { one: 26, three: 36 };
const DIGITS = 4; // significant ones, written into a cell
const WIDE = 0.56; // a digit's width, in its height
const LEAST_TYPE = 8.5; // css px
/** @type {Record<string, number[]>} */
const TINTS = { red: [1, 0, 0], green: [0, 1, 0], blue: [0, 0, 1] };
/** @type {Record<string, number[]>} */
const DASHES = { window: [], weight: [6, 4], output: [2, 3] };
const BLACK = 0xff000000;

/**
 * The most characters that stand in a cell of this panel.
 * @type {(panel: Panel, array: CodedArray) => number}
 */
function longest(panel, array) {
  panel.longest ??= panel.words
    ? Math.max(...panel.words.flat().map((word) => word.length))
    : Math.max(
        2,
        ...[panel.low, panel.high, (panel.low + panel.high) / 3].map(
          (value) => say(value, array.decimals, DIGITS).length,
        ),
      );
  return panel.longest;
}

/**
 * How large a cell must be for its numbers to be read, at a size of type.
 * @type {(panel: Panel, array: CodedArray, type?: number) => number}
 */
export function numbersFrom(panel, array, type = LEAST_TYPE) {
  const least = array.planes.length > 1 ? LEAST_CELL.three : LEAST_CELL.one;
  return Math.max(least, WIDE * type * longest(panel, array) + 4);
}

/**
 * Colours of a panel, as a function of a code's place between low and high, for 256 steps.
 * @type {(panel: Panel, maps: ColourMaps) => Uint32Array}
 */
function ramp(panel, maps) {
  const table = new Uint32Array(256);
  const stops = (maps[panel.kind] ?? ["#000000", "#ffffff"]).map(rgb);
  const tint = TINTS[panel.tint] ?? [1, 1, 1];
  for (let i = 0; i < 256; i += 1) {
    const place = (i / 255) * (stops.length - 1);
    const k = Math.min(Math.floor(place), stops.length - 2);
    const [r, g, b] = [0, 1, 2].map((c) =>
      Math.round((stops[k][c] + (stops[k + 1][c] - stops[k][c]) * (place - k)) * tint[c]),
    );
    table[i] = BLACK | (b << 16) | (g << 8) | r;
  }
  return table;
}

/**
 * For each code its place 0..255 between low and high; codes of four bytes are placed one by one.
 * @type {(panel: Panel, array: CodedArray) => (code: number) => number}
 */
function places(panel, array) {
  const scale = 10 ** array.decimals;
  const low = panel.low * scale;
  const step = 255 / ((panel.high - panel.low) * scale || 1);
  /** @type {(code: number) => number} */
  const place = (code) => {
    const x = (code - low) * step;
    return x <= 0 ? 0 : x >= 255 ? 255 : Math.round(x);
  };
  const plane = array.planes[0];
  if (plane instanceof Int32Array) return place;
  const from = plane instanceof Uint8Array ? 0 : -32768;
  const table = new Uint8Array(plane instanceof Uint8Array ? 256 : 65536);
  for (let i = 0; i < table.length; i += 1) table[i] = place(i + from);
  return (code) => table[code - from];
}

/**
 * The whole picture at one canvas pixel a cell.
 * @type {(panel: Panel, array: CodedArray, maps: ColourMaps) => Made}
 */
export function picture(panel, array, maps) {
  const { rows, cols, planes, none } = array;
  const canvas = document.createElement("canvas");
  canvas.width = cols;
  canvas.height = rows;
  const context = penOf(canvas);
  const image = context.createImageData(cols, rows);
  const out = new Uint32Array(image.data.buffer);
  const place = places(panel, array);
  const [a, b, c] = planes;
  if (planes.length === 3) {
    if (a instanceof Uint8Array && panel.low === 0 && panel.high === 255) {
      for (let i = 0; i < out.length; i += 1) out[i] = BLACK | (c[i] << 16) | (b[i] << 8) | a[i];
    } else {
      for (let i = 0; i < out.length; i += 1)
        out[i] = a[i] === none ? 0 : BLACK | (place(c[i]) << 16) | (place(b[i]) << 8) | place(a[i]);
    }
  } else {
    const table = ramp(panel, maps);
    for (let i = 0; i < out.length; i += 1) out[i] = a[i] === none ? 0 : table[place(a[i])];
  }
  context.putImageData(image, 0, 0);
  return { canvas, pixels: out };
}

/**
 * Where a panel's pixels stand on its sheet: css pixels from a row or column, and back.
 * @type {(panel: Panel, array: CodedArray, view: View, sheet: SheetSize) => Geometry}
 */
export function geometry(panel, array, view, sheet) {
  const across = {
    start: panel.offset[1],
    step: panel.step[1],
    count: array.cols,
    middle: view.col,
    room: sheet.width,
  };
  const down = { start: panel.offset[0], step: panel.step[0], count: array.rows, middle: view.row, room: sheet.height };
  /** @type {(along: Record<"start" | "step" | "count" | "middle" | "room", number>) => Line} */
  const axis = ({ start, step, count, middle, room }) => {
    const size = step * view.zoom;
    const zero = (start - middle) * view.zoom + room / 2;
    return {
      size,
      at: (cell) => zero + cell * size,
      cell: (px) => Math.floor((px - zero) / size),
      first: Math.max(0, Math.floor(-zero / size)),
      last: Math.min(count - 1, Math.floor((room - zero) / size)),
      base: (px) => (px - room / 2) / view.zoom + middle,
    };
  };
  return { x: axis(across), y: axis(down) };
}

/**
 * The picture itself.
 * @type {(context: Pen, panel: Panel, array: CodedArray, made: Made, geo: Geometry, sheet: SheetSize, ink: { line: string }) => void}
 */
export function paint(context, panel, array, made, geo, sheet, ink) {
  const { x, y } = geo;
  context.setTransform(sheet.ratio, 0, 0, sheet.ratio, 0, 0);
  context.clearRect(0, 0, sheet.width, sheet.height);
  const [rows, cols] = [y.last - y.first + 1, x.last - x.first + 1];
  if (rows <= 0 || cols <= 0) return;
  const small = Math.min(x.size, y.size) * sheet.ratio < 1;
  context.imageSmoothingEnabled = small;
  context.imageSmoothingQuality = "high";
  context.drawImage(
    made.canvas,
    x.first,
    y.first,
    cols,
    rows,
    x.at(x.first),
    y.at(y.first),
    cols * x.size,
    rows * y.size,
  );
  const cell = Math.min(x.size, y.size);
  if (cell < LINES_FROM) return;
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let c = x.first; c <= x.last + 1; c += 1) {
    context.moveTo(x.at(c), y.at(y.first));
    context.lineTo(x.at(c), y.at(y.last + 1));
  }
  for (let r = y.first; r <= y.last + 1; r += 1) {
    context.moveTo(x.at(x.first), y.at(r));
    context.lineTo(x.at(x.last + 1), y.at(r));
  }
  context.stroke();
  if (cell >= numbersFrom(panel, array)) numbers(context, panel, array, made, geo, cell);
}

/** @type {(context: Pen, panel: Panel, array: CodedArray, made: Made, geo: Geometry, cell: number) => void} */
function numbers(context, panel, array, made, { x, y }, cell) {
  const lines = array.planes.length;
  const named = lines > 1 && cell >= 56;
  const fit = (x.size - 4) / (WIDE * (longest(panel, array) + (named ? 1.7 : 0)));
  const size = Math.min(fit, lines > 1 ? y.size / 3.9 : y.size / 2.4, 22);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${size}px ${FONT}`;
  for (let r = y.first; r <= y.last; r += 1) {
    for (let c = x.first; c <= x.last; c += 1) {
      context.fillStyle = light(made.pixels[r * array.cols + c]) < 0.18 ? "#fff" : "#000";
      textsAt(panel, array, r, c, DIGITS).forEach((text, line) => {
        const middle = y.at(r) + y.size / 2 + (line - (lines - 1) / 2) * size * 1.18;
        context.fillText(named ? `${"RGB"[line]} ${text}` : text, x.at(c) + x.size / 2, middle, x.size - 3);
        if (lines > 1) tick(context, line, x.at(c) + 1.5, middle - size / 2, Math.max(2, cell / 20), size);
      });
    }
  }
}

const FONT = '"Source Sans", system-ui, sans-serif';

/**
 * A bar in the channel's colour beside its number; the order R, G, B says the same.
 * @type {(context: Pen, channel: number, left: number, top: number, width: number, height: number) => void}
 */
function tick(context, channel, left, top, width, height) {
  const before = context.fillStyle;
  context.fillStyle = ["#d1242f", "#1a7f37", "#0969da"][channel];
  context.fillRect(left, top, width, height);
  context.fillStyle = before;
}

/**
 * Relative luminance, as contrast rules define it: below 0.18 white text reads better than black.
 * @type {(pixel: number) => number}
 */
function light(pixel) {
  /** @type {(byte: number) => number} */
  const part = (byte) => {
    const v = byte / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(pixel & 255) + 0.7152 * part((pixel >> 8) & 255) + 0.0722 * part((pixel >> 16) & 255);
}

/**
 * Marks, the cell under the cursor, and the rectangle that is being drawn.
 * @type {(context: Pen, panel: Panel, geo: Geometry, sheet: SheetSize, over: { cursor?: DataCell, box?: Box, colours: Palette }) => void}
 */
export function overlay(context, panel, geo, sheet, { cursor, box, colours }) {
  const { x, y } = geo;
  context.setTransform(sheet.ratio, 0, 0, sheet.ratio, 0, 0);
  context.clearRect(0, 0, sheet.width, sheet.height);
  /** @type {(row: number, col: number, height: number, width: number, style: Accent, label?: string) => void} */
  const frame = (row, col, height, width, style, label) => {
    const [left, top, right, bottom] = [x.at(col), y.at(row), x.at(col + width), y.at(row + height)];
    const grow = Math.max(0, 5 - (right - left)) / 2;
    context.setLineDash([]);
    context.lineWidth = 4.5;
    context.strokeStyle = colours.paper;
    context.strokeRect(left - grow, top - grow, right - left + 2 * grow, bottom - top + 2 * grow);
    context.lineWidth = 2.5;
    context.setLineDash(DASHES[style] ?? []);
    context.strokeStyle = colours.accents[style] ?? colours.accents.window;
    context.strokeRect(left - grow, top - grow, right - left + 2 * grow, bottom - top + 2 * grow);
    if (label) tag(context, label, left, top, bottom, sheet, colours);
  };
  for (const [row, col, height, width, label, style] of panel.marks) frame(row, col, height, width, style, label);
  if (box) frame(box.row, box.col, box.height, box.width, "output", `${box.height} × ${box.width}`);
  if (cursor) frame(cursor.row, cursor.col, 1, 1, "window");
  context.setLineDash([]);
}

/** @type {(context: Pen, label: string, left: number, top: number, bottom: number, sheet: SheetSize, colours: Palette) => void} */
function tag(context, label, left, top, bottom, sheet, colours) {
  context.font = `600 12px ${FONT}`;
  const width = context.measureText(label).width + 8;
  const x = Math.max(0, Math.min(left, sheet.width - width));
  const y = top >= 20 ? top - 19 : Math.min(bottom + 3, sheet.height - 17);
  context.fillStyle = colours.paper;
  context.fillRect(x, y, width, 16);
  context.fillStyle = colours.text;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(label, x + 4, y + 8);
}
