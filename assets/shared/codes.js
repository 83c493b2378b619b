// From bytes to numbers: the way back of cnnviz/figures/codes.py. Nothing is computed but what packing took away.

const HEAD_BYTES = 4;
const MOST_CELLS = 40e6;

/**
 * Arrays by digest, the last used ones: what is here the server need not send again, to any viewer of this page.
 * @type {Map<string, CodedArray>}
 */
const kept = new Map();

export const known = () => [...kept.keys()].slice(-32);

/**
 * Split a message into its head and its panels' arrays; `missing` when one was left out that is not here any more.
 * @template {{ panels: Coded[] }} Head
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Message<Head>>}
 */
export async function readMessage(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = HEAD_BYTES + view.getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_BYTES, start)));
  /** @type {Promise<void>[]} */
  const fresh = [];
  for (const panel of head.panels) {
    if (!panel.length) continue;
    fresh.push(unpack(panel, bytes.subarray(start, start + panel.length)));
    start += panel.length;
  }
  await Promise.all(fresh);
  const arrays = head.panels.map((/** @type {Coded} */ panel) => recall(panel.digest));
  return { head, arrays, missing: arrays.includes(undefined) };
}

/** @type {(digest: string) => CodedArray | undefined} */
function recall(digest) {
  const array = kept.get(digest);
  if (array) {
    kept.delete(digest);
    kept.set(digest, array);
  }
  return array;
}

/** @type {(panel: Coded, packed: Uint8Array<ArrayBuffer>) => Promise<void>} */
async function unpack(panel, packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const flat = new Uint8Array(await new Response(stream).arrayBuffer());
  const [rows, cols] = panel.size;
  const planes = [];
  for (let channel = 0; channel < panel.channels; channel += 1) planes.push(summed(flat, panel, channel, rows, cols));
  kept.set(panel.digest, {
    planes,
    rows,
    cols,
    decimals: panel.decimals,
    none: panel.bytes === 1 ? NaN : panel.bytes === 2 ? -32768 : -2147483648,
  });
  let cells = 0;
  for (const array of kept.values()) cells += array.rows * array.cols * array.planes.length;
  for (const [digest, array] of kept) {
    if (cells <= MOST_CELLS || kept.size <= 6) break;
    kept.delete(digest);
    cells -= array.rows * array.cols * array.planes.length;
  }
}

/**
 * Add the differences up again, line by line.
 * @type {(flat: Uint8Array, panel: Coded, channel: number, rows: number, cols: number) => Codes}
 */
function summed(flat, panel, channel, rows, cols) {
  const cells = rows * cols;
  const first = channel * cells;
  if (panel.bytes === 1) {
    const plane = flat.slice(first, first + cells);
    for (let line = 0; line < cells; line += cols) {
      for (let i = line + 1; i < line + cols; i += 1) plane[i] += plane[i - 1];
    }
    return plane;
  }
  const total = cells * panel.channels;
  const plane = panel.bytes === 2 ? new Int16Array(cells) : new Int32Array(cells);
  for (let line = 0; line < cells; line += cols) {
    let sum = 0;
    for (let i = line; i < line + cols; i += 1) {
      let word = 0;
      for (let byte = 0; byte < panel.bytes; byte += 1) word |= flat[byte * total + first + i] << (8 * byte);
      sum += (word >>> 1) ^ -(word & 1);
      plane[i] = sum;
      sum = plane[i];
    }
  }
  return plane;
}

/**
 * The value of a cell: one number a channel; null where there is none.
 * @type {(array: CodedArray, row: number, col: number) => (number | null)[]}
 */
export function valuesAt(array, row, col) {
  const at = row * array.cols + col;
  return array.planes.map((plane) => (plane[at] === array.none ? null : plane[at] / 10 ** array.decimals));
}

/**
 * What to write for a cell: one text a channel. `digits`: shorten to so many significant digits.
 * @type {(panel: { words?: string[][] | null }, array: CodedArray, row: number, col: number, digits?: number) => string[]}
 */
export function textsAt(panel, array, row, col, digits) {
  const at = row * array.cols + col;
  return array.planes.map((plane, channel) => {
    if (plane[at] === array.none) return "–";
    if (panel.words) return tidy(panel.words[channel % panel.words.length][plane[at]]);
    return say(plane[at] / 10 ** array.decimals, array.decimals, digits);
  });
}

/** @type {(value: number, decimals: number, digits?: number) => string} */
export function say(value, decimals, digits) {
  let text = value.toFixed(decimals);
  if (digits && text.replace(/[-.]/g, "").length > digits) {
    const left = digits - String(Math.trunc(Math.abs(value))).length;
    text = value.toFixed(Math.max(0, Math.min(decimals, left)));
  }
  if (text.includes(".")) text = text.replace(/\.?0+$/, "");
  return tidy(text === "-0" ? "0" : text);
}

/** @type {(text: string) => string} */
const tidy = (text) => text.replace("-", "\u2212");
