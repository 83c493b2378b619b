// The wall's furniture: the picture, rows of tiles, what is switched off, and the classes. What the server says is text.

import { el } from "../shared/component.js";

/** @typedef {ReturnType<typeof build>} Parts */
/**
 * @typedef {object} RowNode
 * @property {HTMLElement} root
 * @property {HTMLElement} name
 * @property {HTMLElement} title
 * @property {HTMLElement} about
 * @property {HTMLElement} alike
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLElement} cursor
 * @property {HTMLElement} tiles
 * @property {HTMLButtonElement[]} buttons
 */

/**
 * Build the wall into its parent.
 * @param {HTMLElement} parent
 * @param {string} css
 */
export function build(parent, css) {
  const parts = {
    pictures: el("div", { class: "cnm-pictures" }),
    legend: el("div", { class: "cnm-legend" }),
    tools: el("div", { class: "cnm-tools" }),
    off: el("div", { class: "cnm-off" }),
    readout: el("p", { class: "cnm-readout", "data-cnnviz": "wall-readout" }),
    rows: el("div", { class: "cnm-rows" }),
    scores: el("div", { class: "cnm-scores" }),
    wait: el("span", { class: "cnm-wait", hidden: true }, "Waiting for the server…"),
    live: el("div", { class: "cnm-live", "aria-live": "polite" }),
  };
  const left = el("div", { class: "cnm-left" }, parts.pictures, parts.tools, parts.off, parts.legend);
  const wall = el("div", { class: "cnm-wall" }, parts.readout, parts.rows, parts.wait);
  const root = el("section", { class: "cnm", "data-cnnviz": "wall" }, left, wall, parts.scores, parts.live);
  parent.append(
    el("link", { rel: "stylesheet", href: new URL(css, document.baseURI).href }),
    el("div", { class: "cnm-frame" }, root),
  );
  return { root, left, ...parts };
}

/**
 * One row: its name, its canvas, the cursor, and a button for every tile.
 * @type {() => RowNode}
 */
export function buildRow() {
  const title = el("b");
  const about = el("span", { class: "cnm-about" });
  const alike = el("span", { class: "cnm-alike", hidden: true });
  const canvas = el("canvas", { "aria-hidden": "true" });
  const cursor = el("i", { class: "cnm-cursor", hidden: true });
  const tiles = el("div", { class: "cnm-tiles", role: "group" }, canvas, cursor);
  const name = el("div", { class: "cnm-name" }, title, about, alike);
  const root = el("div", { class: "cnm-row" }, name, tiles);
  return { root, name, title, about, alike, canvas, cursor, tiles, buttons: [] };
}

/** @type {(node: RowNode, row: MapRow) => void} */
export function labelRow(node, row) {
  node.title.textContent = row.title;
  node.about.textContent = row.about;
  node.name.title = row.alt;
  node.root.dataset.layer = row.layer;
  node.root.dataset.chosen = row.chosen ? "1" : "";
  node.root.dataset.inset = row.inset ? "1" : "";
  node.tiles.setAttribute("aria-label", row.alt || row.title);
  node.alike.hidden = row.alike === null;
  if (row.alike !== null) {
    const text = row.alike.toFixed(2).replace("-", "−");
    const bar = el("i", { "aria-hidden": "true" });
    bar.style.width = `${Math.max(0, Math.min(1, row.alike)) * 100}%`;
    node.alike.replaceChildren(el("span", { class: "cnm-meter", "aria-hidden": "true" }, bar), `alike ${text}`);
  }
}

/**
 * As many buttons as there are tiles; a row of cells is one button.
 * @type {(node: RowNode, row: MapRow, channel: number) => void}
 */
export function labelTiles(node, row, channel) {
  const wanted = row.form === "cells" ? 1 : row.numbers.length;
  for (const button of node.buttons.splice(wanted)) button.remove();
  while (node.buttons.length < wanted) {
    const button = el("button", { type: "button", class: "cnm-tile", tabindex: "-1" });
    node.buttons.push(button);
    node.tiles.append(button);
  }
  node.buttons.forEach((button, index) => {
    const name = row.form === "cells" ? row.alt : (row.names[index] ?? `${row.title}, ${row.numbers[index]}`);
    if (button.getAttribute("aria-label") !== name) button.setAttribute("aria-label", name);
    const chosen = row.chosen && !row.inset && row.form === "maps" && row.numbers[index] === channel;
    button.setAttribute("aria-pressed", String(chosen || (row.form === "cells" && row.chosen)));
    button.dataset.chosen = chosen ? "1" : "";
  });
}

/** @type {(place: HTMLElement, kinds: ("signed" | "score")[], maps: ColourMaps, words: string) => void} */
export function showLegend(place, kinds, maps, words) {
  const ends = { signed: ["−", "0", "+"], score: ["0", "", "+"] };
  const lines = kinds.map((kind) => {
    const bar = el("i", { class: "cnm-ramp", "aria-hidden": "true" });
    bar.style.background = `linear-gradient(90deg, ${maps[kind].join(", ")})`;
    return el("div", { class: "cnm-scale" }, bar, el("span", {}, ...ends[kind].map((text) => el("span", {}, text))));
  });
  place.replaceChildren(...lines, el("p", {}, words));
}

/**
 * What can be done with the chosen map, and what is off.
 * @type {(parts: Parts, head: WallHead, acts: { toggle: (key: string) => void, all: () => void }) => void}
 */
export function showTools(parts, head, acts) {
  const focused = document.activeElement?.getAttribute("data-act");
  const chosen = head.chosen;
  const nodes = chosen
    ? [
        el("p", { class: "cnm-chosen" }, chosen.title),
        ...(chosen.can
          ? [
              el(
                "button",
                {
                  type: "button",
                  class: "cnm-button",
                  "data-act": "toggle",
                  "aria-pressed": String(chosen.off),
                  "aria-keyshortcuts": "x",
                  onclick: () => acts.toggle(chosen.key),
                },
                chosen.off ? "Switch on again" : "Switch this map off",
                el("kbd", { "aria-hidden": "true" }, "X"),
              ),
            ]
          : []),
      ]
    : [];
  parts.tools.replaceChildren(...nodes);
  parts.off.hidden = !head.off.length;
  if (head.off.length) {
    parts.off.replaceChildren(
      el("p", {}, "Switched off"),
      el(
        "ul",
        {},
        ...head.off.map((key) =>
          el(
            "li",
            {},
            el(
              "button",
              {
                type: "button",
                class: "cnm-chip",
                "data-act": key.key,
                "aria-label": `${key.title}: switch on again`,
                onclick: () => acts.toggle(key.key),
              },
              key.title,
              el("span", { "aria-hidden": "true" }, "×"),
            ),
          ),
        ),
      ),
      el("button", { type: "button", class: "cnm-button", "data-act": "all", onclick: acts.all }, "All on again"),
    );
  }
  if (focused)
    /** @type {HTMLElement | null} */ (parts.left.querySelector(`[data-act="${CSS.escape(focused)}"]`))?.focus();
}

/** @type {(chance: number) => string} */
const percent = (chance) =>
  chance >= 0.9995 && chance < 1 ? "> 99.9" : chance > 0 && chance < 0.0005 ? "< 0.1" : (100 * chance).toFixed(1);
/** @type {(score: number) => string} */
const number = (score) => score.toFixed(2).replace("-", "−");

/**
 * The classes: a bar each, or two where something is compared.
 * @type {(place: HTMLElement, scores: Scores | null) => void}
 */
export function showScores(place, scores) {
  place.hidden = !scores;
  if (!scores) return;
  place.dataset.short = scores.short ? "1" : "";
  const both = scores.bars.some((bar) => bar.before);
  const lines = scores.bars.map((bar) => {
    /** @type {(chance: number, kind: string) => HTMLElement} */
    const track = (chance, kind) => {
      const fill = el("i", { class: `cnm-fill cnm-${kind}` });
      fill.style.width = `${100 * chance}%`;
      return el("span", { class: "cnm-track", "aria-hidden": "true" }, fill);
    };
    /** @type {(chance: number, score: number, kind: string) => HTMLElement} */
    const said = (chance, score, kind) =>
      el(
        "span",
        { class: `cnm-numbers cnm-text-${kind}` },
        el("span", {}, `${percent(chance)} %`),
        el("span", {}, number(score)),
      );
    return el(
      "li",
      { class: bar.right ? "cnm-right" : "" },
      el(
        "span",
        { class: "cnm-class" },
        bar.name,
        bar.right ? el("span", { class: "cnm-tick", role: "img", "aria-label": "the right class" }, "✓") : undefined,
      ),
      el(
        "span",
        { class: "cnm-bars" },
        ...(bar.before ? [track(bar.before[0], "before"), said(...bar.before, "before")] : []),
        track(bar.chance, "now"),
        said(bar.chance, bar.score, "now"),
      ),
    );
  });
  const key = both
    ? [
        el(
          "p",
          { class: "cnm-key" },
          el("span", { class: "cnm-swatch cnm-before" }),
          `${scores.before} `,
          el("span", { class: "cnm-swatch cnm-now" }),
          scores.now,
        ),
      ]
    : [];
  place.replaceChildren(
    el("h3", {}, scores.title),
    el("p", { class: "cnm-note", role: "status" }, scores.note),
    ...key,
    el("p", { class: "cnm-heads", "aria-hidden": "true" }, el("span", {}, "chance"), el("span", {}, "score")),
    el("ol", { "aria-label": scores.alt || scores.title }, ...lines),
  );
}
