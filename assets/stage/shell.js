// The stage's own furniture: where the grids, the controls, the words and the player stand.

import { el, icon } from "../shared/component.js";

/** @typedef {ReturnType<typeof furniture>} Parts */
/**
 * @typedef {object} Handlers
 * @property {(x: number, y: number) => void} move
 * @property {() => void} leave
 * @property {(x: number, y: number, touch: boolean) => void} tap
 * @property {() => void} coverage
 * @property {(on: boolean) => void} alone
 * @property {() => string} address
 * @property {() => void} resize
 */

const ICONS = {
  link: "M3.9 12a3.1 3.1 0 0 1 3.1-3.1h4V7H7a5 5 0 0 0 0 10h4v-1.9H7A3.1 3.1 0 0 1 3.9 12zM8 13h8v-2H8zm9-6h-4v1.9h4a3.1 3.1 0 0 1 0 6.2h-4V17h4a5 5 0 0 0 0-10z",
  full: "M7 14H5v5h5v-2H7zm-2-4h2V7h3V5H5zm12 7h-3v2h5v-5h-2zM14 5v2h3v3h2V5z",
};

const NARROW = 760; // px, as in the style sheet
const WORDS = 120; // px below the player: a short sum and a note

/**
 * Build the stage into its parent and hand out the parts that change.
 * @param {HTMLElement} parent
 * @param {Config} config
 */
export function build(parent, config) {
  const parts = furniture();
  const root = el(
    "section",
    { class: "cnv", "data-cnnviz": "stage", "aria-label": "Stage" },
    el(
      "div",
      { class: "cnv-bar" },
      parts.selects,
      el("div", { class: "cnv-tools" }, parts.coverage, parts.link, parts.full),
    ),
    el(
      "div",
      { class: "cnv-body" },
      el("div", { class: "cnv-panel" }, parts.sliders, parts.switches, parts.choices),
      el(
        "div",
        { class: "cnv-main" },
        el("div", { class: "cnv-top" }, parts.shape, parts.wait),
        el("div", { class: "cnv-frame" }, parts.plot, parts.fault),
        parts.messages,
        parts.playerBar,
        parts.sum,
        parts.notes,
      ),
    ),
    parts.live,
  );
  parent.append(styleSheet(config.css), root);
  return { root, ...api(root, parts) };
}

function furniture() {
  /** @type {(label: string, path: string, text: string) => HTMLButtonElement} */
  const tool = (label, path, text) => {
    const node = el("button", { type: "button", class: "cnv-button cnv-tool", "aria-label": label, title: label });
    node.append(icon(path), el("span", {}, text));
    return node;
  };
  const player = playerParts("step", "Output cell");
  const chart = el("div", { class: "cnv-chart", role: "img", "aria-label": "Grids" });
  const sketch = el("canvas", { class: "cnv-ink", "aria-hidden": "true" });
  const veil = el("canvas", { class: "cnv-ink", "aria-hidden": "true" });
  const ink = el("canvas", { class: "cnv-ink", "aria-hidden": "true" });
  const light = el("canvas", { class: "cnv-light", "aria-hidden": "true" });
  const fields = el("div", { class: "cnv-fields" });
  return {
    player,
    chart,
    sketch,
    veil,
    ink,
    light,
    fields,
    selects: el("div", { class: "cnv-selects" }),
    sliders: el("div", { class: "cnv-sliders" }),
    switches: el("div", { class: "cnv-switches" }),
    choices: el("div", { class: "cnv-choices" }),
    coverage: el(
      "button",
      { type: "button", class: "cnv-button", "aria-pressed": "false", name: "coverage" },
      "How often read",
    ),
    link: tool("Copy link", ICONS.link, "Copy link"),
    full: tool("Projector view", ICONS.full, "Projector"),
    shape: el("div", { class: "cnv-shape", "data-cnnviz": "shape" }),
    wait: el("div", { class: "cnv-wait", hidden: true }, "Waiting for the server\u2026"),
    plot: el("div", { class: "cnv-plot" }, chart, sketch, veil, ink, light, fields),
    fault: el("div", { class: "cnv-fault", role: "status", hidden: true }),
    notes: el("div", { class: "cnv-notes" }),
    messages: el("div", { class: "cnv-messages", role: "status", hidden: true }),
    sum: el("div", {
      class: "cnv-sum",
      "data-cnnviz": "sum",
      tabindex: "0",
      role: "region",
      "aria-label": "The current cell",
    }),
    playerBar: playerBar(player),
    live: el("div", { class: "cnv-live", "aria-live": "polite" }),
  };
}

/**
 * The parts of a player: its buttons, the scrubber with its name, where it is, and how fast.
 * @param {string} name
 * @param {string} label
 */
export function playerParts(name, label) {
  /** @type {(word: string) => HTMLButtonElement} */
  const round = (word) =>
    el("button", { type: "button", class: "cnv-button cnv-round", "aria-label": word, title: word });
  return {
    back: round("Step back"),
    play: round("Play"),
    forward: round("Step forward"),
    scrubber: el("input", { type: "range", name, min: "0", max: "0", step: "1", value: "0", "aria-label": label }),
    place: el("span", { class: "cnv-place" }),
    speed: el(
      "select",
      { name: "speed", "aria-label": "Speed" },
      ...[
        ["0.5", "\u00bd\u00d7"],
        ["1", "1\u00d7"],
        ["2", "2\u00d7"],
        ["4", "4\u00d7"],
        ["10", "10\u00d7"],
      ].map(([value, text]) => el("option", { value, selected: value === "1" }, text)),
    ),
  };
}

/** @type {(parts: ReturnType<typeof playerParts>) => HTMLElement} */
export function playerBar({ back, play, forward, scrubber, place, speed }) {
  return el("div", { class: "cnv-player" }, back, play, forward, scrubber, place, speed);
}

/** @type {(url: string) => HTMLLinkElement} */
export function styleSheet(url) {
  return el("link", { rel: "stylesheet", href: new URL(url, document.baseURI).href });
}

/**
 * @param {HTMLElement} root
 * @param {Parts} parts
 */
function api(root, parts) {
  const places = {
    slider: parts.sliders,
    choice: parts.choices,
    select: parts.selects,
    switch: parts.switches,
    button: parts.selects,
  };
  /** @type {(() => void)[]} */
  const stops = [];
  /** @type {number | undefined} */
  let waiting;
  let spoken = 0;
  return {
    places,
    player: parts.player,
    plot: parts.plot,
    chart: parts.chart,
    sketch: parts.sketch,
    veil: parts.veil,
    ink: parts.ink,
    light: parts.light,
    fields: parts.fields,
    sum: parts.sum,
    room: () => ({ width: Math.max(120, parts.plot.clientWidth), height: Math.max(120, parts.plot.clientHeight) }),
    /** @type {(need: number) => void} */
    fit: (need) => fit(root, parts, need),
    /** @type {(text: string) => void} */
    shape: (text) => {
      parts.shape.textContent = text;
    },
    /** @type {(lines: string[]) => void} */
    notes: (lines) => parts.notes.replaceChildren(...lines.map((line) => el("p", {}, line))),
    /** @type {(on: boolean) => void} */
    tall: (on) => parts.plot.classList.toggle("cnv-tall", on),
    /** @type {(on: boolean) => void} */
    tallPhone: (on) => parts.plot.classList.toggle("cnv-tall-phone", on),
    /** @type {(on: boolean) => void} */
    dim: (on) => parts.plot.classList.toggle("cnv-dim", on),
    /** @type {(on: boolean) => void} */
    coverage: (on) => parts.coverage.setAttribute("aria-pressed", String(on)),
    isAlone: () => root.classList.contains("cnv-alone"),
    /** @type {(on: boolean) => void} */
    alone: (on) => showAlone(root, parts, on),
    /** @type {(text: string) => void} */
    speak: (text) => {
      // The same sentence twice is said twice: a screen reader only hears what changes.
      spoken += 1;
      parts.live.textContent = text + (spoken % 2 ? "\u200b" : "");
    },
    /** @type {(lines: string[]) => void} */
    say: (lines) => {
      parts.messages.hidden = lines.length === 0;
      parts.messages.replaceChildren(...lines.map((line) => el("p", {}, line)));
    },
    /** @type {(on: boolean, patience: number) => void} */
    wait: (on, patience) => {
      clearTimeout(waiting);
      if (!on) parts.wait.hidden = true;
      else
        waiting = setTimeout(() => {
          parts.wait.hidden = false;
        }, patience);
    },
    /** @type {(error: PackError | undefined, onMend: (patch: Patch) => void) => void} */
    fault: (error, onMend) => {
      parts.fault.hidden = !error;
      if (!error || parts.fault.dataset.text === error.text) return;
      parts.fault.dataset.text = error.text;
      const mends = error.mends.map((mend) =>
        el("button", { type: "button", class: "cnv-button cnv-mend", onclick: () => onMend(mend.set) }, mend.label),
      );
      parts.fault.replaceChildren(
        el("p", {}, error.text),
        el("div", {}, mends.length ? "What works: " : undefined, ...mends),
      );
    },
    /** @type {(handlers: Handlers) => void} */
    on: (handlers) => listen(root, parts, handlers, stops),
    destroy: () => {
      clearTimeout(waiting);
      stops.forEach((stop) => stop());
      root.remove();
    },
  };
}

/**
 * Leave the grids what the window has, less what must stay in sight below them; a phone scrolls where it needs more.
 * @type {(root: HTMLElement, parts: Parts, need: number) => void}
 */
function fit(root, parts, need) {
  const scrolled = root.closest('[data-testid="stMain"]')?.scrollTop ?? window.scrollY;
  const above = parts.plot.getBoundingClientRect().top + scrolled;
  const below = parts.playerBar.offsetHeight + (root.clientWidth > NARROW ? WORDS : 0);
  root.style.setProperty("--room", `${Math.floor(window.innerHeight - above - below)}px`);
  root.style.setProperty("--need", `${Math.ceil(need)}px`);
}

/** @type {(root: HTMLElement, parts: Parts, handlers: Handlers, stops: (() => void)[]) => void} */
function listen(root, parts, handlers, stops) {
  /** @type {(event: MouseEvent) => [x: number, y: number]} */
  const point = (event) => {
    const box = parts.plot.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  parts.plot.onpointermove = (event) => event.pointerType !== "touch" && handlers.move(...point(event));
  parts.plot.onpointerleave = handlers.leave;
  parts.plot.onclick = (event) => {
    if (event.target instanceof Element && event.target.classList.contains("cnv-editor")) return;
    const touch = event instanceof PointerEvent && event.pointerType === "touch";
    handlers.tap(...point(event), touch);
  };
  parts.coverage.onclick = handlers.coverage;
  parts.link.onclick = () => copyLink(parts.link, handlers.address());
  /** @type {(on: boolean) => void} */
  const toggle = (on) => {
    showAlone(root, parts, on);
    handlers.alone(on);
  };
  parts.full.onclick = () => toggle(!root.classList.contains("cnv-alone"));
  const onFull = () => {
    if (!document.fullscreenElement && root.classList.contains("cnv-alone") && root.dataset.full) toggle(false);
  };
  /** @type {(event: KeyboardEvent) => void} */
  const onEscape = (event) => {
    if (event.key === "Escape" && root.classList.contains("cnv-alone") && !document.fullscreenElement) toggle(false);
  };
  document.addEventListener("fullscreenchange", onFull);
  root.addEventListener("keydown", onEscape);
  const watcher = new ResizeObserver(handlers.resize);
  watcher.observe(parts.plot);
  window.addEventListener("resize", handlers.resize); // a lower window leaves the plot as it is
  stops.push(() => window.removeEventListener("resize", handlers.resize));
  stops.push(
    () => document.removeEventListener("fullscreenchange", onFull),
    () => watcher.disconnect(),
  );
}

/**
 * The stage alone, as large as the screen; without leave to go full screen it fills the window.
 * @type {(root: HTMLElement, parts: Parts, on: boolean) => void}
 */
function showAlone(root, parts, on) {
  root.classList.toggle("cnv-alone", on);
  labelOf(parts.full).textContent = on ? "Leave projector" : "Projector";
  parts.full.title = on ? "Leave projector view" : "Projector view";
  parts.full.setAttribute("aria-label", parts.full.title);
  if (on && root.requestFullscreen) {
    root.requestFullscreen().then(
      () => {
        root.dataset.full = "1";
      },
      () => {},
    );
  } else if (!on && document.fullscreenElement) {
    delete root.dataset.full;
    document.exitFullscreen();
  }
}

/**
 * What stands beside the icon of a tool.
 * @type {(tool: HTMLElement) => ChildNode}
 */
function labelOf(tool) {
  return tool.lastChild ?? tool.appendChild(el("span"));
}

/** @type {(node: HTMLElement, address: string) => Promise<void>} */
async function copyLink(node, address) {
  const text = labelOf(node);
  const done = await copied(address);
  text.textContent = done ? "Copied" : address;
  setTimeout(
    () => {
      text.textContent = "Copy link";
    },
    done ? 1500 : 8000,
  );
}

/**
 * Copy a text. Browsers give the clipboard only to secure pages; a lecture's own server seldom is one.
 * @type {(text: string) => Promise<boolean>}
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = el("textarea", { readonly: true, style: "position:fixed;opacity:0" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
