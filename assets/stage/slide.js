// Two functions, one of which slides over the other. The server sent every curve and every number once; the slider and
// the player only choose which part of them is shown, so that nothing waits for the server.

import { el, mounting } from "../shared/component.js";
import { loadPlotly } from "../shared/library.js";
import { Player } from "./player.js";
import { playerBar, playerParts, styleSheet } from "./shell.js";

const REST = 150; // ms after the last movement: then the link follows
const GLIDE = { pace: 100, by: 1 };
const JUMP = { pace: 700, by: 5 }; // for those who asked their system for less motion
const NARROW = 600; // px: the figure is less high there

class Slide {
  /** @type {SlideData} */
  data;
  /** @type {string} */
  sent;
  /** @type {number} */
  step;
  /** @type {StreamlitComponent<string>["setStateValue"]} */
  send;
  /** @type {number | undefined} */
  frame;
  /** @type {number | undefined} */
  resting;
  /** @type {boolean} */
  gone;

  /**
   * @param {HTMLElement} parent
   * @param {Config} config
   */
  constructor(parent, config) {
    this.config = config;
    this.seq = 0;
    this.painted = 0;
    this.chart = el("div", { class: "cnv-curves", role: "img" });
    this.sum = el("div", { class: "cnv-sum cnv-area", "data-cnnviz": "area" });
    this.live = el("div", { class: "cnv-live", "aria-live": "polite" });
    const parts = playerParts("shift", "Shift t");
    this.root = el(
      "section",
      { class: "cnv", "data-cnnviz": "slide", "aria-label": "Sliding functions" },
      this.chart,
      this.sum,
      playerBar(parts),
      this.live,
    );
    this.root.hidden = true;
    parent.append(styleSheet(config.css), this.root);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.player = new Player(parts, {
      count: () => this.data?.times.length ?? 0,
      go: (step) => this.go(step),
      say: (step) => ({
        text: this.data ? `t = ${this.data.times[step]}` : "",
        speech: this.data ? this.speech(step) : "",
      }),
      ...(still ? JUMP : GLIDE),
    });
    this.root.onkeydown = (event) => {
      if (event.key !== " " || (event.target instanceof Element && event.target.matches("button, select"))) return;
      event.preventDefault();
      this.player.toggle();
    };
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.chart);
  }

  /**
   * New curves, or only the answer to what was asked here: then the learner's own shift stays.
   * @type {(component: StreamlitComponent<string>) => Promise<void>}
   */
  async update({ data, setStateValue }) {
    this.send = setStateValue;
    if (data === this.sent) return;
    this.sent = data;
    this.data = JSON.parse(data);
    if (this.data.seq >= this.seq && !this.resting && !this.player.playing) {
      this.seq = this.data.seq;
      this.step = this.data.at;
    }
    this.root.hidden = false;
    this.player.update();
    this.player.show(this.step);
    await loadPlotly(this.config.plotly).catch(() => undefined);
    this.draw();
  }

  /** @type {(step: number) => void} */
  go(step) {
    this.step = step;
    this.player.show(step);
    this.frame ??= requestAnimationFrame(() => this.draw());
    clearTimeout(this.resting);
    if (!this.player.playing) this.resting = setTimeout(() => this.commit(), REST);
  }

  commit() {
    this.resting = undefined;
    this.seq += 1;
    this.live.textContent = this.speech(this.step);
    const { state, ticks } = this.data;
    this.send("commit", { seq: this.seq, state: { ...state, t: ticks[this.step] }, edits: [] });
  }

  /** @type {(step: number) => string} */
  speech(step) {
    return this.data.alt.replace("{t}", this.data.times[step]).replace("{area}", this.data.areas[step]);
  }

  draw() {
    this.frame = undefined;
    if (this.gone || !window.Plotly || !this.data || !this.chart.clientWidth) return;
    const { step, data } = this;
    this.chart.setAttribute("aria-label", this.speech(step));
    const value = `${data.label.replace("(t)", `(${data.times[step]})`)} = ${data.areas[step]}`;
    this.sum.replaceChildren(el("b", {}, value), data.about.replace("{t}", data.times[step]));
    const { curves, layout } = shown(data, step);
    const height = this.chart.clientWidth < NARROW ? 380 : layout.height;
    window.Plotly.react(
      this.chart,
      curves,
      { ...layout, height, width: this.chart.clientWidth },
      { displayModeBar: false },
    );
    this.painted += 1;
    this.root.dataset.painted = String(this.painted);
  }

  destroy() {
    this.gone = true;
    this.player.pause();
    clearTimeout(this.resting);
    this.watcher.disconnect();
    if (this.painted) window.Plotly?.purge(this.chart);
    this.root.remove();
  }
}

/**
 * The figure at a step: the moving curve is a stretch of its tape, the result is drawn as far as the step.
 * @type {(data: SlideData, step: number) => { curves: object[], layout: SlideData["figure"]["layout"] }}
 */
function shown({ figure, tape, each, times, areas, label }, step) {
  const [still, moving, product, all, past, dot] = figure.data;
  const start = (times.length - 1 - step) * each;
  const there = tape.slice(start, start + still.y.length);
  const at = step * each;
  const [x, y] = [all.x[at], all.y[at]];
  const [line] = figure.layout.shapes;
  const [note] = figure.layout.annotations;
  const side = Math.abs(x) < 1.5 ? "center" : x > 0 ? "right" : "left";
  return {
    curves: [
      still,
      { ...moving, y: there },
      { ...product, y: still.y.map((value, place) => value * there[place]) },
      all,
      { ...past, x: all.x.slice(0, at + 1), y: all.y.slice(0, at + 1) },
      { ...dot, x: [x], y: [y] },
    ],
    layout: {
      ...figure.layout,
      shapes: [{ ...line, x0: x, x1: x, y1: y }],
      annotations: [{ ...note, x, xanchor: side, text: `${label} = ${areas[step]} at t = ${times[step]}` }],
    },
  };
}

export default mounting(Slide);
