// The viewer's furniture: controls, tools, one sheet a panel. What the server says is text here, never markup.

import { ofScale } from "./say.js";
import { el, icon, penOf } from "../shared/component.js";

/** @typedef {ReturnType<typeof build>} Parts */
/**
 * @typedef {object} Sheet
 * @property {HTMLElement} figure
 * @property {HTMLElement} title
 * @property {HTMLElement} legend
 * @property {HTMLElement} sheet
 * @property {HTMLElement} value
 * @property {HTMLElement} keep
 * @property {Pen} picture
 * @property {Pen} light
 * @property {string} [shown] what the picture was painted from
 */

/** @type {Record<string, string>} */
const ICONS = {
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  minus: "M5 11h14v2H5z",
  fit: "M4 9V4h5v2H6v3zm11-5h5v5h-2V6h-3zM6 15v3h3v2H4v-5zm14 0v5h-5v-2h3v-3z",
  save: "M5 18h14v2H5zm6-14h2v8l3-3 1.4 1.4L12 16l-5.4-5.6L8 9l3 3z",
};

/** @type {(title: string, name: string, onclick: () => void, text?: string) => HTMLButtonElement} */
const button = (title, name, onclick, text) => {
  const node = el("button", { type: "button", class: "cnw-button", "aria-label": title, title, name, onclick });
  node.append(ICONS[name] ? icon(ICONS[name]) : "", text ? el("span", {}, text) : "");
  return node;
};

/**
 * Build the viewer into its parent.
 * @param {HTMLElement} parent
 * @param {string} css
 */
export function build(parent, css) {
  const parts = {
    controls: el("div", { class: "cnw-controls" }),
    tools: el("div", { class: "cnw-tools", role: "toolbar", "aria-label": "Zoom" }),
    panels: el("div", { class: "cnw-panels" }),
    note: el("p", { class: "cnw-note", "data-cnnviz": "note", role: "status" }),
    wait: el("span", { class: "cnw-wait", hidden: true }, "Waiting for the server\u2026"),
    live: el("div", { class: "cnw-live", "aria-live": "polite" }),
  };
  const root = el(
    "section",
    { class: "cnw", "data-cnnviz": "viewer", "aria-label": "Pictures" },
    el("div", { class: "cnw-bar" }, parts.controls, parts.tools),
    parts.panels,
    parts.note,
    parts.live,
  );
  parent.append(el("link", { rel: "stylesheet", href: new URL(css, document.baseURI).href }), root);
  return { root, ...parts };
}

/** @type {(parts: Parts, acts: Record<"in" | "out" | "fit" | "numbers", () => void>) => void} */
export function buildTools(parts, acts) {
  parts.tools.replaceChildren(
    parts.wait,
    button("Zoom out", "minus", acts.out),
    button("Zoom in", "plus", acts.in),
    button("Show all of the picture", "fit", acts.fit, "All"),
    button("Zoom in until pixels are numbers", "numbers", acts.numbers, "Numbers"),
  );
}

const KEYS = "Arrow keys move the cursor, plus and minus zoom, 0 shows all, N shows numbers";

/**
 * One sheet for each panel; the sheets are made anew only when their number changes.
 * @type {(parts: Parts, count: number, save: (index: number) => void) => Sheet[]}
 */
export function buildPanels(parts, count, save) {
  parts.panels.dataset.count = String(count);
  const sheets = Array.from({ length: count }, (_, index) => {
    const title = el("span", { class: "cnw-title" });
    const legend = el("span", { class: "cnw-legend" });
    const picture = el("canvas", { class: "cnw-canvas", "aria-hidden": "true" });
    const light = el("canvas", { class: "cnw-canvas", "aria-hidden": "true" });
    const sheet = el(
      "div",
      { class: "cnw-sheet", tabindex: "0", role: "application", "aria-roledescription": "picture" },
      picture,
      light,
    );
    const value = el("div", { class: "cnw-value", "data-cnnviz": "readout" });
    const keep = button("Download as PNG", "save", () => save(index));
    const figure = el(
      "div",
      { class: "cnw-panel", "data-panel": String(index), role: "group" },
      el("div", { class: "cnw-head" }, title, legend, keep),
      sheet,
      value,
    );
    return {
      figure,
      title,
      legend,
      sheet,
      value,
      keep,
      picture: penOf(picture),
      light: penOf(light),
    };
  });
  parts.panels.replaceChildren(...sheets.map((one) => one.figure));
  return sheets;
}

/**
 * What stands around a panel's picture.
 * @type {(sheet: Sheet, panel: Panel, maps: ColourMaps) => void}
 */
export function label(sheet, panel, maps) {
  const [rows, cols] = panel.size;
  const does = panel.click
    ? " Enter or a click chooses a pixel."
    : panel.drag
      ? " Drag a rectangle, or press B, arrows and Enter."
      : "";
  sheet.title.textContent = panel.title;
  sheet.figure.setAttribute("aria-label", panel.title);
  sheet.sheet.setAttribute(
    "aria-label",
    `${panel.title}: ${panel.alt || "picture"}, ${rows} × ${cols}. ${KEYS}.${does}`,
  );
  sheet.keep.setAttribute("aria-label", `Download “${panel.title}” as PNG`);
  sheet.sheet.classList.toggle("cnw-pick", panel.click);
  sheet.sheet.classList.toggle("cnw-drag", panel.drag);
  sheet.figure.dataset.tint = panel.tint;
  const shown = panel.kind === "signed" || panel.kind === "score" || panel.low !== 0 || panel.high !== 255;
  sheet.legend.hidden = !shown || panel.kind === "rgb";
  if (sheet.legend.hidden) return;
  const stops = maps[panel.kind] ?? ["#000000", panel.tint || "#ffffff"];
  const bar = el("i", { class: "cnw-scale", "aria-hidden": "true" });
  bar.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  const middle = panel.kind === "signed" ? [el("span", { class: "cnw-zero" }, "0")] : [];
  sheet.legend.replaceChildren(
    el("span", {}, ofScale(panel.low)),
    el("span", { class: "cnw-ramp" }, bar, ...middle),
    el("span", {}, ofScale(panel.high)),
  );
  sheet.legend.setAttribute("title", `Colours from ${ofScale(panel.low)} to ${ofScale(panel.high)}`);
}

/** The controls above the pictures. `moved(name, value)` is called at every move. */
export class Controls {
  /** @type {Map<string, (value: string) => void>} */
  nodes;

  /**
   * @param {HTMLElement} place
   * @param {(name: string, value: string) => void} moved
   */
  constructor(place, moved) {
    this.place = place;
    this.moved = moved;
    this.nodes = new Map();
    this.shape = "";
  }

  /**
   * Show the server's values, except those that a hand holds at the moment.
   * @type {(controls: ViewerControl[], held: Map<string, string>) => void}
   */
  update(controls, held) {
    const shape = JSON.stringify(controls.map(({ value, ...rest }) => rest));
    if (shape !== this.shape) {
      this.shape = shape;
      this.nodes.clear();
      const focused = document.activeElement?.getAttribute("name");
      const inside = this.place.contains(document.activeElement);
      this.place.replaceChildren(...controls.map((control) => this.make(control)));
      if (inside && focused)
        /** @type {HTMLElement | null} */ (this.place.querySelector(`[name="${CSS.escape(focused)}"]`))?.focus();
    }
    this.place.hidden = controls.length === 0;
    for (const control of controls) if (!held.has(control.name)) this.nodes.get(control.name)?.(String(control.value));
  }

  /** @type {(control: ViewerControl) => HTMLElement} */
  make(control) {
    let node;
    if (control.type === "slider") node = this.slider(control);
    else if (control.type === "choice") node = this.choice(control);
    else node = this.toggle(control);
    if (control.help) node.title = control.help;
    return node;
  }

  /** @type {(control: ViewerSlider) => HTMLElement} */
  slider({ name, label: words, low, high, step, words: texts }) {
    const value = el("output", { class: "cnw-number" });
    const input = el("input", { type: "range", name, min: low, max: high, step, "aria-label": words });
    const say = () => {
      value.textContent = texts[short(input.value)] ?? short(input.value).replace("-", "\u2212");
      input.setAttribute("aria-valuetext", value.textContent);
    };
    input.oninput = () => {
      say();
      this.moved(name, short(input.value));
    };
    this.nodes.set(name, (next) => {
      if (Number(input.value) !== Number(next)) input.value = next;
      say();
    });
    return el("label", { class: "cnw-slider" }, el("span", {}, words), value, input);
  }

  /** @type {(control: ViewerChoice) => HTMLElement} */
  choice({ name, label: words, options }) {
    const group = `${name}-${Math.random().toString(36).slice(2)}`;
    const inputs = options.map(([value, text]) => {
      const input = el("input", { type: "radio", name: group, value, "data-control": name });
      input.onchange = () => this.moved(name, value);
      return { input, node: el("label", {}, input, el("span", {}, text)) };
    });
    this.nodes.set(name, (next) => {
      for (const { input } of inputs) input.checked = input.value === next;
    });
    return el(
      "fieldset",
      { class: "cnw-choice" },
      el("legend", {}, words),
      el("div", { class: "cnw-options" }, ...inputs.map(({ node }) => node)),
    );
  }

  /** @type {(control: ViewerSwitch) => HTMLElement} */
  toggle({ name, label: words }) {
    const input = el("input", { type: "checkbox", name });
    input.onchange = () => this.moved(name, input.checked ? "1" : "0");
    this.nodes.set(name, (next) => {
      input.checked = next === "1";
    });
    return el("label", { class: "cnw-switch" }, input, el("span", {}, words));
  }
}

/**
 * The shortest text of a number: sliders answer with "0.30000000000000004" now and then.
 * @type {(text: string) => string}
 */
const short = (text) => String(Number(Number(text).toFixed(6)));
