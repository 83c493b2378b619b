// How strokes look on the paper, and how they are thinned. A stroke is a flat list of whole numbers: right, down, ...

import { penOf } from "../shared/component.js";

/** @typedef {{ side: number, across: number, pen: number, ink: string, paper: string, fill: boolean }} Look */

/**
 * Paint strokes with a round pen.
 * @type {(context: Pen, strokes: Stroke[], look: Look) => void}
 */
export function paint(context, strokes, { side, across, pen, ink, paper, fill }) {
  const scale = side / across;
  context.fillStyle = paper;
  context.fillRect(0, 0, side, side);
  Object.assign(context, {
    fillStyle: ink,
    strokeStyle: ink,
    lineWidth: pen * scale,
    lineCap: "round",
    lineJoin: "round",
  });
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(stroke[0] * scale, stroke[1] * scale);
    for (let i = 2; i < stroke.length; i += 2) context.lineTo(stroke[i] * scale, stroke[i + 1] * scale);
    if (stroke.length === 2) context.lineTo(stroke[0] * scale, stroke[1] * scale + 0.01); // a dot
    context.stroke();
    if (fill && stroke.length > 4) context.fill();
  }
}

/**
 * Show where the keyboard’s pen is: a ring, with a cross in it while the pen is lifted.
 * @type {(context: Pen, at: number[], look: Look, writes: boolean) => void}
 */
export function cursor(context, [right, down], { side, across, pen }, writes) {
  const scale = side / across;
  const [x, y, radius] = [right * scale, down * scale, Math.max(7, (pen * scale) / 2 + 2)];
  for (const [colour, width] of [
    ["#000000", 5],
    ["#ffd54a", 2.5],
  ]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (!writes) {
      context.moveTo(x - radius / 2, y);
      context.lineTo(x + radius / 2, y);
      context.moveTo(x, y - radius / 2);
      context.lineTo(x, y + radius / 2);
    }
    Object.assign(context, { strokeStyle: colour, lineWidth: width });
    context.stroke();
  }
}

/**
 * Paint the grey values that the server sent.
 * @type {(canvas: HTMLCanvasElement, side: number, values: Uint8Array) => void}
 */
export function paintGrey(canvas, side, values) {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = penOf(canvas);
  const image = context.createImageData(side, side);
  values.forEach((value, i) => image.data.set([value, value, value, 255], 4 * i));
  context.putImageData(image, 0, 0);
}

/**
 * Leave out the points that a straight line between others passes closer than `near`.
 * @type {(stroke: Stroke, near: number) => Stroke}
 */
export function thinned(stroke, near) {
  const count = stroke.length / 2;
  if (count < 3) return stroke;
  const kept = new Uint8Array(count);
  kept[0] = kept[count - 1] = 1;
  const spans = [[0, count - 1]];
  while (spans.length) {
    const [first, last] = spans[spans.length - 1];
    spans.pop();
    let [worst, farthest] = [-1, near];
    for (let i = first + 1; i < last; i += 1) {
      const off = offLine(stroke, i, first, last);
      if (off > farthest) [worst, farthest] = [i, off];
    }
    if (worst < 0) continue;
    kept[worst] = 1;
    spans.push([first, worst], [worst, last]);
  }
  return stroke.filter((_, i) => kept[i >> 1]);
}

/**
 * How far point i is from the line between two others, no further than its ends reach.
 * @type {(stroke: Stroke, i: number, first: number, last: number) => number}
 */
function offLine(stroke, i, first, last) {
  const [ax, ay, bx, by, x, y] = [first, last, i].flatMap((at) => [stroke[2 * at], stroke[2 * at + 1]]);
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
