// From a scene to pixels. Plotly draws every grid as a heatmap on ONE shared pair of hidden axes, whose unit is
// the pixel; canvases above it hold the veil, the ink (numbers, padding ring, unread cells) and the light (highlights).
// Text on a canvas costs a tenth of Plotly's own cell text: 16x16 with numbers repaints in 9 ms instead of 35.

import { barRoom, drawBars, outlineBars } from "./bars.js";
import { drawBlocks, drawFrame } from "./channels.js";
import { readersAbove, termsBelow } from "./deep.js";
import { drawEdges, drawLitEdges, gapOf } from "./edges.js";
import { merged } from "./merge.js";
import { cellText, shortText } from "./text.js";

const TITLE = { page: 26, alone: 38 }; // px above each grid
const TITLE_TYPE = { page: 15, alone: 23 };
const SIGN = 24; // px, the type of what stands between grids
const STACK = 14; // px between grids in a column
const LARGEST_CELL = { page: 58, alone: 120 };
const SMALLEST_TEXT = 8;
const READABLE_CELL = 20; // px: room for a number of two digits
const TALLEST = 1800; // px
const NARROW = 600; // px
const COMFORTABLE_TEXT = 11;
const PADDED_TITLE = "\u00a0+\u00a0padding";

/** Find the arrangement with the largest cells, or the first that is large enough, and the place of every grid in pixels. */
export function arrange(scene, width, height, alone) {
  const best = largest(scene, width, height, alone);
  // A scene of many grids needs the room that large titles take.
  return alone && best.cell < READABLE_CELL ? largest(scene, width, height, false) : best;
}

function largest(scene, width, height, alone) {
  let best;
  for (const rows of plansOf(scene, width)) {
    const placed = place(scene, rows, width, height, alone);
    if (scene.comfort && placed.cell >= scene.comfort) return placed;
    const readable = best && best.cell < READABLE_CELL && placed.cell >= READABLE_CELL;
    if (!best || readable || placed.cell > best.cell * 1.15) best = placed;
  }
  return best;
}

/** The ways to lay a scene out; where it is narrow, one grid below the other as well. */
function plansOf(scene, width) {
  return width < NARROW ? [...scene.arrangements, scene.grids.map(({ name }) => [[name]])] : scene.arrangements;
}

/** How high a narrow screen must be for the numbers of a scene to be read: where it may scroll, it should. */
export function neededHeight(scene, width) {
  const plans = plansOf(scene, width).map((rows) => {
    const cell = Math.min(READABLE_CELL, cellSize(scene, rows, width, Infinity, "page"));
    return { cell, height: totalHeight(measure(scene, rows, cell, TITLE.page)) + 4 };
  });
  const most = Math.max(...plans.map((plan) => plan.cell));
  return Math.min(TALLEST, ...plans.filter((plan) => plan.cell === most).map((plan) => plan.height));
}

/** Every column of every row, with its size. */
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

const rowHeight = (columns) => Math.max(...columns.map((column) => column.height));
const totalHeight = (measured) =>
  measured.reduce((sum, columns) => sum + rowHeight(columns), STACK * (measured.length - 1));

function place(scene, rows, width, height, alone) {
  const size = alone ? "alone" : "page";
  const title = TITLE[size];
  const gap = gapOf(scene, width);
  const cell = cellSize(scene, rows, width, height, size);
  const measured = measure(scene, rows, cell, title);
  const rowHeights = measured.map(rowHeight);
  const total = totalHeight(measured);
  const grids = new Map();
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

/** The figure of a scene, and its cells as one heatmap a grid. */
export function figure(scene, layout, palette, coverage) {
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

function inRows(values, cols) {
  const rows = [];
  for (let start = 0; start < values.length; start += cols) rows.push(values.slice(start, start + cols));
  return rows;
}

/** Size a canvas for a sharp picture on any screen, and clear it. */
export function prepare(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** Titles, numbers, the padding ring, unread cells. */
export function drawInk(pen, scene, layout, palette, { font, coverage, pending, held }) {
  drawEdges(pen, scene, layout, palette);
  pen.textBaseline = "middle";
  for (const spot of layout.grids.values()) {
    drawBars(pen, scene, spot, palette, pending, held);
    drawTitle(pen, spot, layout, palette, font, { counted: coverage && scene.counts(spot.name), size: layout.size });
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

/** Hatch what was added, zeros and copies alike, and draw a dashed line round the data. */
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

function drawNumbers(pen, scene, { name, grid, left, top, cell }, palette, font, coverage, pending) {
  const counts = coverage && scene.counts(name);
  const total = grid.rows * grid.cols;
  let texts;
  let size;
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

/** The light: what the current cell reads, or who reads it. The veil lies under the numbers, so that they stay clear. */
export function drawLight(pen, veilPen, scene, layout, palette, spot, font, held) {
  const parts = lit(scene, spot);
  drawLitEdges(pen, scene, layout, palette, parts.cells);
  for (const [name, cells] of parts.cells) {
    const place = layout.grids.get(name);
    if (!place) continue;
    if (parts.veil) veil(veilPen, place, cells, palette);
    const style = STYLES[parts.styles.get(name)];
    outline(pen, place, cells, palette.accents[style.accent], style);
    outlineBars(pen, place, cells, palette.accents[style.accent], style, held);
    for (const cell of cells.values()) if (cell.text) corner(pen, place, cell, palette, font);
  }
}

const STYLES = {
  window: { accent: "window", width: 3, dash: [] },
  weight: { accent: "weight", width: 2.5, dash: [6, 3] },
  output: { accent: "output", width: 3.5, dash: [] },
  readers: { accent: "output", width: 2.5, dash: [2, 2] },
};

/** Which cells are lit in which grid, and how: the cell, its twins, and all that is linked with them. */
export function lit(scene, { grid, row, col }) {
  const found = { cells: new Map(), styles: new Map(), veil: false };
  const add = (name, r, c, style, text = "") => {
    if (!found.cells.has(name)) found.cells.set(name, new Map());
    if (!found.styles.has(name) || style === "output") found.styles.set(name, style);
    found.cells.get(name).set(`${r}.${c}`, { row: r, col: c, text });
  };
  for (const spot of scene.twinsOf(grid, row, col)) light(scene, spot, add, found);
  for (const spot of scene.shownBy(grid, row, col)) add(...spot, "weight");
  return found;
}

function light(scene, [name, row, col], add, found) {
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

/** Draw round a set of cells: a strong line where the set ends, a thin one between its cells. */
function outline(pen, { left, top, cell }, cells, colour, { width, dash }) {
  const strong = cell < 14 ? 1.5 : width;
  const edges = { inner: new Path2D(), outer: new Path2D() };
  for (const { row, col } of cells.values()) {
    const [x, y] = [left + col * cell - 0.5, top + row * cell - 0.5];
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

/** The weight, small in the corner of the cell that it multiplies. */
function corner(pen, { left, top, cell }, { row, col, text }, palette, font) {
  const size = Math.min(22, cell * 0.25);
  if (size < 8.5) return;
  pen.font = `600 ${size}px ${font}`;
  pen.textAlign = "right";
  pen.fillStyle = palette.text;
  pen.fillText(text, left + (col + 1) * cell - 4, top + (row + 1) * cell - size / 2 - 2);
}

/** The cell under a point, or undefined. */
export function cellAt(layout, x, y) {
  for (const { name, grid, left, top, cell } of layout.grids.values()) {
    const row = y < top && y >= top - barRoom(grid, cell) ? 0 : Math.floor((y - top) / cell);
    const col = Math.floor((x - left) / cell);
    if (row >= 0 && row < grid.rows && col >= 0 && col < grid.cols) return { grid: name, row, col };
  }
  return undefined;
}
