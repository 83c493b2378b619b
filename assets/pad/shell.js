// The pad's furniture: paper, buttons, pen, colours, and what the network gets. What the server says is text here.

import { el, icon } from "../shared/component.js";

const ICONS = {
  undo: "M12 8a9 9 0 0 1 8.5 6l-1.9.7A7 7 0 0 0 7.3 12H11v2H4V7h2v3.4A9 9 0 0 1 12 8z",
  redo: "M12 8a9 9 0 0 0-8.5 6l1.9.7A7 7 0 0 1 16.7 12H13v2h7V7h-2v3.4A9 9 0 0 0 12 8z",
  clear: "M9 3h6l1 2h4v2H4V5h4zM6 9h12l-1 12H7zm3 2 .5 8h1.5L10.5 11zm4.5 0-.5 8h1.5l.5-8z",
};

/** @type {(name: "undo" | "redo" | "clear", label: string, key: string, shortcut: string) => HTMLButtonElement} */
const button = (name, label, key, shortcut) =>
  el(
    "button",
    {
      type: "button",
      class: "cnp-button",
      name,
      title: `${label} (${key})`,
      "aria-keyshortcuts": shortcut,
    },
    icon(ICONS[name]),
    el("span", {}, label),
  );

/**
 * Build the pad into its parent.
 * @param {HTMLElement} parent
 * @param {string} css
 */
export function build(parent, css) {
  /** @type {(label: string, type: string, name: string) => { row: HTMLElement, input: HTMLInputElement }} */
  const field = (label, type, name) => {
    const input = el("input", { type, name });
    return { row: el("label", { class: `cnp-${type}` }, el("span", {}, label), input), input };
  };
  const pen = field("Pen", "range", "pen");
  const ink = field("Ink", "color", "ink");
  const paper = field("Paper", "color", "paper");
  const fill = field("Fill shapes", "checkbox", "fill");
  const inside = {
    canvas: el("canvas", { class: "cnp-canvas", "aria-hidden": "true" }),
    hint: el("span", { class: "cnp-hint", "aria-hidden": "true" }),
    wait: el("span", { class: "cnp-wait", hidden: true }, "Waiting for the server\u2026"),
    undo: button("undo", "Undo", "Ctrl+Z", "Control+Z"),
    redo: button("redo", "Redo", "Ctrl+Y", "Control+Y"),
    clear: button("clear", "Clear", "Delete", "Delete"),
    pen: pen.input,
    ink: ink.input,
    paper: paper.input,
    fill: fill.input,
    colours: el("div", { class: "cnp-colours", hidden: true }, ink.row, paper.row, fill.row),
    gets: el("canvas", { class: "cnp-gets-picture", role: "img", width: 28, height: 28 }),
    note: el("p", { class: "cnp-note", hidden: true, role: "status" }),
    live: el("div", { class: "cnp-live", "aria-live": "polite" }),
  };
  const sheet = el(
    "div",
    { class: "cnp-sheet", tabindex: "0", role: "application", "aria-roledescription": "drawing pad" },
    inside.canvas,
    inside.hint,
    inside.wait,
  );
  const result = el(
    "figure",
    { class: "cnp-gets", hidden: true },
    inside.gets,
    el("figcaption", {}, "What the network gets: 28 × 28, the ink fitted into 20 × 20 and centred"),
  );
  const parts = { ...inside, sheet, result };
  const root = el(
    "section",
    { class: "cnp", "data-cnnviz": "pad", "aria-label": "Drawing pad" },
    parts.sheet,
    el(
      "div",
      { class: "cnp-side" },
      el(
        "div",
        { class: "cnp-buttons", role: "toolbar", "aria-label": "Drawing" },
        parts.undo,
        parts.redo,
        parts.clear,
      ),
      pen.row,
      parts.colours,
      parts.result,
      parts.note,
    ),
    parts.live,
  );
  parent.append(el("link", { rel: "stylesheet", href: new URL(css, document.baseURI).href }), root);
  return { root, ...parts };
}
