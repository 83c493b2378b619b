// What the viewer says of a cell, and the picture as a file.

import { say, textsAt } from "../shared/codes.js";
import { el } from "../shared/component.js";

/**
 * A number at the end of a colour scale.
 * @type {(value: number) => string}
 */
export function ofScale(value) {
  return say(value, Math.abs(value) < 10 ? 3 : Math.abs(value) < 1000 ? 1 : 0, 5);
}

/**
 * A cell and its numbers, for the eye.
 * @type {(panel: Panel, array: CodedArray, cell: Pair) => string}
 */
export function reading(panel, array, [row, col]) {
  const texts = textsAt(panel, array, row, col);
  const told = texts.length > 1 ? texts.map((text, channel) => `${"RGB"[channel]} ${text}`).join("  ") : texts[0];
  return `[${row}, ${col}] = ${told}`;
}

/**
 * The same for those who do not see it.
 * @type {(panel: Panel, array: CodedArray, cell: Pair) => string}
 */
export function spoken(panel, array, [row, col]) {
  return `${panel.title}, row ${row}, column ${col}: ${textsAt(panel, array, row, col).join(", ")}`;
}

/** @type {(title: string) => string} */
export function fileName(title) {
  const words = title.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "");
  return `${words.toLowerCase() || "picture"}.png`;
}

/** @type {(canvas: HTMLCanvasElement, title: string) => void} */
export function download(canvas, title) {
  canvas.toBlob((blob) => {
    if (!blob) return;
    const link = el("a", { href: URL.createObjectURL(blob), download: fileName(title) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  });
}
