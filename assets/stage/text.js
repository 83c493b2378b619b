// What the stage writes: numbers, and the sum of products of the current cell. It shows numbers that it was
// sent and the signs between them; every result is the server's.

const MINUS = "\u2212";
const TIMES = "\u00d7";

/** A number with at most four significant digits; a true minus sign lines up with the digits. */
export function show(value, digits = 4) {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
  return text.replace("-", MINUS);
}

/** The text of a cell: what the server wrote, where it wrote something better than decimals. */
export function cellText(grid, at, digits) {
  return grid.texts ? grid.texts[at].replace("-", MINUS) : show(grid.values[at], digits);
}

/** The same for a small cell: all numbers of a grid keep as many decimals as its largest one. */
export function shortText(grid, at, digits) {
  const value = grid.values[at];
  if (grid.texts || Number.isInteger(value)) return cellText(grid, at);
  const decimals = Math.max(0, digits - String(Math.trunc(grid.largest)).length);
  return show(Number(value.toFixed(decimals)), 9);
}

const at = (grid, row, col) => row * grid.cols + col;
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

const SYMBOLS = { input: "x", kernel: "w", output: "y" };

/** The name of a cell as in the code on the page: indices count from 0, and padding cells have negative ones. */
export function cellName(scene, name, row, col) {
  const grid = scene.grid(name);
  return `${SYMBOLS[grid.role] ?? name}[${show(row - grid.ring[0])}, ${show(col - grid.ring[2])}]`;
}

/** Say everything about a cell: {html} for the eye, {speech} for a screen reader. */
export function describe(scene, { grid: name, row, col }) {
  if (scene.links.some((link) => link.into === name)) return describeSum(scene, name, row, col);
  if (scene.links.some((link) => link.by === name)) return describeWeight(scene, name, row, col);
  return describeSource(scene, name, row, col);
}

function describeSum(scene, name, row, col) {
  const terms = scene.terms(name, row, col).map((term) => {
    const source = scene.grid(term.from);
    const weight = scene.grid(term.by);
    const value = cellText(source, at(source, term.row, term.col));
    return { ...term, text: `${bracketed(value)}\u200a${TIMES}\u200a${bracketed(cellText(weight, at(weight, term.weightRow, term.weightCol)))}` };
  });
  const padding = terms.filter((term) => term.padding).length;
  const result = show(scene.value(name, row, col), 6);
  const head = cellName(scene, name, row, col);
  const sum = terms.map((term) => (term.padding
    ? `<span class="cnv-pad" title="padding">[${escaped(term.text)}]</span>`
    : `<span class="cnv-term">${escaped(term.text)}</span>`)).join(" + ");
  const note = padding ? ` <span class="cnv-aside">${plural(padding, "term")} in [brackets] read${padding === 1 ? "s" : ""} padding.</span>` : "";
  const spoken = terms.map((term) => `${term.text.replace(TIMES, "times")}${term.padding ? " from padding" : ""}`).join(" plus ");
  return {
    html: `<b>${head}</b> = ${sum} = <b class="cnv-result">${result}</b>${note}`,
    speech: `${head} = ${result}. ${spoken}.`,
  };
}

const bracketed = (text) => (text.startsWith(MINUS) ? `(${text})` : text);

function describeSource(scene, name, row, col) {
  const readers = scene.readers(name, row, col);
  const outputs = scene.target.rows * scene.target.cols;
  const distinct = new Set(readers.map((reader) => reader.row * scene.target.cols + reader.col)).size;
  const value = cellText(scene.grid(name), at(scene.grid(name), row, col));
  const original = scene.original(name, row, col);
  const here = cellName(scene, name, row, col);
  let what = `<b>${here}</b> = ${value}`;
  if (original === null) what = `<b>Padding</b>: an added ${value}`;
  else if (scene.inRing(name, row, col)) what = `<b>Padding</b>: a copy of ${cellName(scene, name, ...original)} = ${value}`;
  const often = readers.length === distinct ? "" : `, ${readers.length} times in all`;
  const verb = distinct ? `is read by ${distinct} of ${plural(outputs, "output")}${often}.` : "is never read.";
  return both(`${what} ${verb}`);
}

function describeWeight(scene, name, row, col) {
  const met = scene.met(name, row, col);
  const grid = scene.grid(name);
  const padding = met.filter((cell) => scene.inRing(cell.from, cell.row, cell.col)).length;
  const ring = padding ? `, ${padding} of them in the padding` : "";
  return both(`<b>${cellName(scene, name, row, col)}</b> = ${cellText(grid, at(grid, row, col))} is the same for every output: it meets ${plural(met.length, "cell")}${ring}.`);
}

const both = (html) => ({ html, speech: html.replace(/<[^>]+>/g, "") });
