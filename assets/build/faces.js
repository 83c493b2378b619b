// The faces of a solid block: their outlines, and the pattern of each kind of block.

import { el, penOf } from "../shared/component.js";
import { rgb } from "../shared/theme.js";

const SIZE = 8; // px

/**
 * A pattern for a face; `strength` says how much of the colour is left beside the paper.
 * @type {(pen: Pen, family: SolidFamily, paper: string, strength: number) => CanvasPattern | string}
 */
export function patternOf(pen, { colour, pattern }, paper, strength) {
  const tile = el("canvas", { width: SIZE, height: SIZE });
  const ink = penOf(tile);
  ink.fillStyle = mixed(colour, paper, strength);
  ink.fillRect(0, 0, SIZE, SIZE);
  ink.strokeStyle = ink.fillStyle = paper;
  ink.globalAlpha = 0.8;
  ink.lineWidth = 1.2;
  ink.beginPath();
  for (const x of [-SIZE, 0, SIZE]) {
    if (["/", "x"].includes(pattern)) {
      ink.moveTo(x, SIZE);
      ink.lineTo(x + SIZE, 0);
    }
    if (["\\", "x"].includes(pattern)) {
      ink.moveTo(x, 0);
      ink.lineTo(x + SIZE, SIZE);
    }
  }
  if (["-", "+"].includes(pattern)) {
    ink.moveTo(0, 4);
    ink.lineTo(SIZE, 4);
  }
  if (["|", "+"].includes(pattern)) {
    ink.moveTo(4, 0);
    ink.lineTo(4, SIZE);
  }
  if (pattern === ".") ink.fillRect(3, 3, 2, 2);
  ink.stroke();
  return pen.createPattern(tile, "repeat") ?? colour;
}

/** @type {(points: Point[]) => Path2D} */
export function path(points) {
  const face = new Path2D();
  points.forEach(([x, y], i) => (i ? face.lineTo(x, y) : face.moveTo(x, y)));
  face.closePath();
  return face;
}

/** @type {(colour: string, paper: string, strength: number) => string} */
export function mixed(colour, paper, strength) {
  const below = rgb(paper);
  const parts = rgb(colour).map((part, i) => Math.round(part * strength + below[i] * (1 - strength)));
  return `rgb(${parts.join(",")})`;
}
