// A network as flat blocks: a Plotly figure in which a click is a commit. Plotly would keep what was clicked as a
// selection, which the next figure takes away again: a click made while one is on its way would be lost.

import { el, mounting } from "../shared/component.js";
import { loadPlotly } from "../shared/library.js";

const CONFIG = { displayModeBar: false, doubleClick: false };

/**
 * What Plotly makes of the node that it draws into. Where the axes lie only its insides know.
 * @type {(node: HTMLElement) => PlotlyNode}
 */
const plotOf = (node) => /** @type {PlotlyNode} */ (node);

class Flat {
  /** @type {FlatData} */
  data;
  /** @type {string} */
  sent;
  seq = 0;
  /** @type {[seq: number, key: string][]} */
  picks;
  /** @type {StreamlitComponent<string>["setStateValue"]} */
  send;
  /** @type {boolean} */
  gone;

  /**
   * @param {HTMLElement} parent
   * @param {Config} config
   */
  constructor(parent, config) {
    this.config = config;
    this.painted = 0;
    this.picks = []; // what was clicked since the last answer: a later click must not swallow it
    this.root = el("div", { "data-cnnviz": "flat", role: "img" });
    parent.append(this.root);
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  /** @type {(component: StreamlitComponent<string>) => Promise<void>} */
  async update({ data, setStateValue }) {
    this.send = setStateValue;
    if (data === this.sent) return;
    this.sent = data;
    this.data = JSON.parse(data);
    this.seq = Math.max(this.seq, this.data.seq);
    this.picks = this.picks.filter(([seq]) => seq > this.data.seq);
    this.root.setAttribute("aria-label", this.data.alt);
    this.root.style.minHeight = `${this.data.figure.layout.height}px`;
    await loadPlotly(this.config.plotly).then(
      () => this.draw(),
      () => this.miss(),
    );
  }

  miss() {
    if (!this.gone)
      this.root.textContent = "The picture did not arrive: the network may be down. The table below has every layer.";
  }

  draw() {
    if (this.gone || !window.Plotly || !this.data || !this.root.clientWidth) return;
    if (!this.painted) this.root.replaceChildren();
    const { data, layout } = this.data.figure;
    window.Plotly.react(this.root, data, { ...layout, width: this.root.clientWidth }, CONFIG);
    if (!this.painted) plotOf(this.root).on("plotly_click", ({ event }) => this.pick(this.block(event)));
    this.painted += 1;
    this.root.dataset.painted = String(this.painted);
  }

  /**
   * The block under a click. Plotly names what it pointed at last, which lags behind a quick hand.
   * @type {(event: MouseEvent | TouchEvent) => string | undefined}
   */
  block(event) {
    const { xaxis, yaxis } = plotOf(this.root)._fullLayout,
      box = this.root.getBoundingClientRect();
    const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0] : event;
    const x = xaxis.p2d(clientX - box.left - xaxis._offset),
      y = yaxis.p2d(clientY - box.top - yaxis._offset);
    const { x: middle, width, base, y: height, customdata } = this.data.figure.data[this.data.figure.data.length - 1];
    return customdata.find(
      (_, i) => Math.abs(x - middle[i]) <= width[i] / 2 && base[i] <= y && y <= base[i] + height[i],
    );
  }

  /** @type {(key: string | undefined) => void} */
  pick(key) {
    if (!key) return;
    this.seq += 1;
    this.picks.push([this.seq, key]);
    this.send("commit", { seq: this.seq, picks: this.picks });
  }

  destroy() {
    this.gone = true;
    this.watcher.disconnect();
    if (this.painted) window.Plotly?.purge(this.root);
    this.root.remove();
  }
}

export default mounting(Flat);
