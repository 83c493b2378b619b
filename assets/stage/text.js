// What the stage writes: numbers, and the sum of products of the current cell. It shows numbers that it was
// sent and the signs between them; every result is the server's.

import { beginsSource, targetsBelow } from "./deep.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {{ html: string, speech: string }} Words */
/** @typedef {Term & { text: string }} WrittenTerm */

const MINUS = "\u2212";
const TIMES = "\u00d7";

/**
 * A number with at most four significant digits; a true minus sign lines up with the digits.
 * @type {(value: number, digits?: number) => string}
 */
export function show(value, digits = 4) {
  const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
  return text.replace("-", MINUS);
}

/**
 * The text of a cell: what the server wrote, where it wrote something better than decimals.
 * @type {(grid: Grid, at: number, digits?: number) => string}
 */
export function cellText(grid, at, digits) {
  if (grid.added && isZero(grid, at)) return grid.added;
  return grid.texts ? grid.texts[at].replace("-", MINUS) : show(grid.values[at], digits);
}

/**
 * The same for a small cell: all numbers of a grid keep as many decimals as its largest one.
 * @type {(grid: Grid, at: number, digits: number) => string}
 */
export function shortText(grid, at, digits) {
  const value = grid.values[at];
  if (grid.texts || Number.isInteger(value)) return cellText(grid, at);
  const decimals = Math.max(0, digits - String(Math.trunc(grid.largest)).length);
  return show(Number(value.toFixed(decimals)), 9);
}

/**
 * Whether a cell was added: it is neither data nor a copy of data.
 * @type {(grid: Grid, index: number) => boolean}
 */
function isZero({ origins, cols }, index) {
  return origins !== undefined && (origins[0][Math.floor(index / cols)] === -1 || origins[1][index % cols] === -1);
}

/** @type {(grid: Grid, row: number, col: number) => number} */
const at = (grid, row, col) => row * grid.cols + col;
/** @type {(count: number, word: string) => string} */
const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
/** @type {(text: string) => string} */
const escaped = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * The name of a cell as in the code on the page: indices count from 0.
 * @type {(scene: Scene, name: string, row: number, col: number) => string}
 */
export function cellName(scene, name, row, col) {
  const { symbol, title, line } = scene.grid(name);
  return `${escaped(symbol || title)}[${line ? col : `${row}, ${col}`}]`;
}

/**
 * The name of a cell of a grid as it is drawn: a data cell counts from the first data cell, or as it was before a turn.
 * @type {(scene: Scene, name: string, row: number, col: number) => string}
 */
function dataName(scene, name, row, col) {
  const origin = scene.origin(name, row, col);
  return origin.row === undefined ? cellName(scene, name, row, col) : cellName(scene, name, origin.row, origin.col);
}

/**
 * Say everything about a cell: {html} for the eye, {speech} for a screen reader.
 * @type {(scene: Scene, cell: CellOfGrid) => Words}
 */
export function describe(scene, { grid: name, row, col }) {
  if (scene.isTarget(name)) return describeTarget(scene, name, row, col);
  if (scene.isWeight(name)) return describeWeight(scene, name, row, col);
  return describeSource(scene, name, row, col);
}

/** @type {Record<Rule, (terms: string, divisor?: string) => string>} */
const JOINS = {
  sum: (terms) => terms,
  copy: (terms) => terms,
  max: (terms) => `max(${terms})`,
  mean: (terms, divisor) => `(${terms}) / ${divisor}`,
  norm: (terms, divisor) => (divisor ? `\u221a((${terms}) / ${divisor})` : `\u221a(${terms})`),
};

/** @type {(scene: Scene, name: string, row: number, col: number) => Words} */
function describeTarget(scene, name, row, col) {
  const grid = scene.grid(name);
  const terms = scene.terms(name, row, col).map((term) => ({ ...term, text: termText(scene, grid, term) }));
  const added = terms.filter((term) => term.added).length;
  const others = terms.some((term) => scene.grid(term.from).added || scene.origin(term.from, term.row, term.col).copy);
  const what = others ? "padding" : added === 1 ? "an added zero" : "added zeros";
  const result = show(grid.values[at(grid, row, col)], 6);
  const head = grid.cut && scene.isAdded(name, row, col) ? "Cut away" : dataName(scene, name, row, col);
  const winner = grid.winners?.[at(grid, row, col)];
  const parts = terms.map((term, order) => {
    const source = scene.grid(term.from);
    const won = winner !== undefined && at(source, term.row, term.col) === winner;
    const line = beginsSource(scene, terms, order) ? "<br>" : "";
    return line + joined(term, order, grid.rule) + marked(term, won);
  });
  const divisor = grid.divisors && show(grid.divisors[at(grid, row, col)]);
  const copied =
    grid.rule === "copy" && terms.length === 1 ? dataName(scene, terms[0].from, terms[0].row, terms[0].col) : "";
  const body = terms.length ? copied || JOINS[grid.rule](parts.join(""), divisor) : "nothing";
  const note = added
    ? ` <span class="cnv-aside">${plural(added, "term")} in [brackets] read${added === 1 ? "s" : ""} ${what}.</span>`
    : "";
  const spoken = terms
    .map((term) => `${spell(term.text)}${term.added ? " from padding" : ""}`)
    .join(grid.rule === "max" ? ", " : " plus ");
  /** @type {Partial<Record<Rule, string>>} */
  const means = { max: "largest of ", mean: `divided by ${divisor}: `, norm: "root of " };
  const below = targetsBelow(scene, name, row, col).map((term) => describeTarget(scene, term.from, term.row, term.col));
  return {
    html: [
      `<b>${head}</b> = ${body} = <b class="cnv-result">${result}</b>${note}`,
      ...below.map((one) => one.html),
    ].join("<br>"),
    speech: [`${plain(head)} = ${result}. ${means[grid.rule] ?? ""}${spoken}.`, ...below.map((one) => one.speech)].join(
      " ",
    ),
  };
}

/** @type {(term: Term, order: number, rule: Rule) => string} */
function joined({ sign }, order, rule) {
  if (order === 0) return sign < 0 ? MINUS : "";
  if (rule === "max") return ", ";
  return sign < 0 ? ` ${MINUS} ` : " + ";
}

/** @type {(term: WrittenTerm, won: boolean) => string} */
function marked(term, won) {
  const text = escaped(term.text);
  if (won) return `<span class="cnv-won">${text}</span>`;
  return term.added
    ? `<span class="cnv-pad" title="padding">[${text}]</span>`
    : `<span class="cnv-term">${text}</span>`;
}

/** @type {(scene: Scene, grid: Grid, term: Term) => string} */
function termText(scene, grid, term) {
  const source = scene.grid(term.from);
  const text = cellText(source, at(source, term.row, term.col));
  const value = grid.rule === "max" && !term.weight ? text : bracketed(text);
  if (grid.rule === "norm") return `${value}\u00b2`;
  if (!term.weight) return value;
  const weight = scene.grid(term.by);
  return `${value}\u200a${TIMES}\u200a${bracketed(cellText(weight, at(weight, ...term.weight)))}`;
}

/** @type {(text: string) => string} */
const spell = (text) => text.replace(TIMES, "times").replace("\u00b2", " squared");
/** @type {(text: string) => string} */
const bracketed = (text) => (text.startsWith(MINUS) ? `(${text})` : text);

/** @type {(scene: Scene, name: string, row: number, col: number) => Words} */
function describeSource(scene, name, row, col) {
  const grid = scene.grid(name);
  const value = escaped(cellText(grid, at(grid, row, col)));
  const origin = scene.origin(name, row, col);
  let what;
  if (origin.zero) what = `<b>An added ${value}</b>`;
  else if (origin.copy)
    what = `<b>Padding</b>: a copy of ${cellName(scene, name, origin.copy.row, origin.copy.col)} = ${value}`;
  else what = `<b>${cellName(scene, name, origin.row, origin.col)}</b> = ${value}`;
  if (!scene.isSource(name)) return both(`${what}.`);
  const readers = scene.readers(name, row, col);
  const steps = scene.stepGrids.length > 1 ? scene.stepGrids.map((one) => one.name) : [];
  const into = [...new Set([...steps, ...readers.map((reader) => reader.into)])].map((one) => scene.grid(one));
  const outputs = (into.length ? into : [scene.target]).reduce((sum, one) => sum + scene.dataCells(one.name), 0);
  const kept = readers.filter((reader) => !scene.isAdded(reader.into, reader.row, reader.col));
  const distinct = new Set(kept.map((reader) => `${reader.into}.${reader.row}.${reader.col}`)).size;
  const often = kept.length === distinct ? "" : `, ${kept.length} times in all`;
  const verb = distinct ? `is read by ${distinct} of ${plural(outputs, "output")}${often}.` : "is never read.";
  if (kept.length && into.every((one) => one.rule === "copy")) {
    return both(
      `${what} goes to ${kept.map((reader) => dataName(scene, reader.into, reader.row, reader.col)).join(", ")}.`,
    );
  }
  const cut = readers.length - kept.length;
  const wins = origin.zero ? "" : victories(scene, kept, at(grid, row, col));
  return both(
    `${what} ${verb}${wins}${cut ? ` ${plural(cut, "more cell")} of it ${cut === 1 ? "is" : "are"} cut away.` : ""}`,
  );
}

/**
 * How many of its readers a cell wins, where there is something to win.
 * @type {(scene: Scene, readers: Reader[], cell: number) => string}
 */
function victories(scene, readers, cell) {
  const contests = readers
    .map(({ into, row, col }) => scene.grid(into).winners?.[at(scene.grid(into), row, col)])
    .filter((one) => one !== undefined);
  if (!contests.length) return "";
  const won = contests.filter((one) => one === cell).length;
  return won ? ` It wins ${won === 1 ? "once" : `${won} times`}.` : " It never wins.";
}

/** @type {(scene: Scene, name: string, row: number, col: number) => Words} */
function describeWeight(scene, name, row, col) {
  const used = scene.uses(name, row, col);
  const grid = scene.grid(name);
  const added = used.filter((cell) => scene.isAdded(cell.from, cell.row, cell.col)).length;
  const ring = added ? `, ${added} of them added` : "";
  if (isEntry(scene, name)) return describeEntry(scene, name, row, col, used);
  if (scene.origin(name, row, col).zero)
    return both("<b>An added 0</b> is no weight: it only keeps the weights apart.");
  if (!used.length)
    return both(
      `<b>${dataName(scene, name, row, col)}</b> = ${escaped(cellText(grid, at(grid, row, col)))} is used by no output.`,
    );
  if (used.length === 1 && scene.dataCells(used[0].into) > 1) {
    const [{ from, into, target, ...cell }] = used;
    const way = `${cellName(scene, from, cell.row, cell.col)} adds to ${cellName(scene, into, ...target)}`;
    return both(
      `<b>${dataName(scene, name, row, col)}</b> = ${escaped(cellText(grid, at(grid, row, col)))} is used once: through it, ${way}.`,
    );
  }
  return both(
    `<b>${dataName(scene, name, row, col)}</b> = ${escaped(cellText(grid, at(grid, row, col)))} is the same for every output: it meets ${plural(used.length, "cell")}${ring}.`,
  );
}

/**
 * Whether a grid shows another's cells, some of them never: a matrix, which also has entries that are no weight.
 * @type {(scene: Scene, name: string) => boolean}
 */
const isEntry = (scene, name) => scene.shows.some(({ grid, cells }) => grid === name && cells.includes(-1));

/** @type {(scene: Scene, name: string, row: number, col: number, used: Use[]) => Words} */
function describeEntry(scene, name, row, col, used) {
  const grid = scene.grid(name);
  const shows = scene.shows.find((one) => one.grid === name);
  if (!shows) return both("");
  const { of, cells } = shows;
  const shown = cells[at(grid, row, col)];
  const head = `<b>${cellName(scene, name, row, col)}</b>`;
  if (shown < 0) return both(`${head} is no weight: it is 0 whatever the kernel is.`);
  const weight = cellName(scene, ...scene.spot(of, shown));
  const where = used.map(
    (use) => `${cellName(scene, use.from, use.row, use.col)} adds to ${cellName(scene, use.into, ...use.target)}`,
  );
  return both(
    `${head} = ${weight} = ${escaped(cellText(scene.grid(of), shown))}${where.length ? `: through it, ${where.join(", ")}` : ""}.`,
  );
}

/** @type {(html: string) => Words} */
const both = (html) => ({ html, speech: plain(html) });

/**
 * What a screen reader says: no tags, and signs instead of their names.
 * @type {(html: string) => string}
 */
function plain(html) {
  const text = html.replace(/<[^>]+>/g, "");
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
