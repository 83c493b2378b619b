// A network as solid blocks, drawn by painting what is far before what is near. Blocks stand in columns along x that do
// not overlap, and in lanes along y; so the order is by column, then by lane, and needs no depth buffer.

import { el, mounting, penOf } from "../shared/component.js";
import { path, patternOf } from "./faces.js";

/** @typedef {{ x: number, y: number, turn: Turn, moved: boolean }} Drag */
/** @typedef {{ block: SolidBlock, faces: Path2D[], middle: Point, top: number, bottom: number }} FoundBlock */
/** @typedef {{ line: Point[], column: number, y: number }} Piece */

const REST = 200; // ms after the last movement: then the link follows
const STEP = 15; // degrees that a button turns
const PER_PIXEL = 0.5; // degrees that a pixel of dragging turns
const SLOP = 4; // px that a click may wander
const PIECE = 0.15; // lines are cut so small, to be painted between the blocks
const LARGEST = 260; // px for one unit
const MOST_ZOOM = 9;
const FONT = "13px 'Source Sans', 'Source Sans Pro', sans-serif";
/** @type {Record<string, [side: number, above: number]>} */
const VIEWS = { Corner: [-35, 25], Front: [0, 0], Side: [-75, 10], Above: [0, 90] };
const CSS = `
.cnv-solid { position: relative; }
.cnv-solid canvas { display: block; width: 100%; cursor: grab; touch-action: pan-y; }
.cnv-solid canvas.held { cursor: grabbing; }
.cnv-solid .bar { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: center; }
.cnv-solid button { font: inherit; color: inherit; background: transparent; cursor: pointer; min-height: 2.2rem;
  min-width: 2.2rem; padding: 0.1rem 0.6rem; border-radius: 0.5rem;
  border: 1px solid color-mix(in srgb, currentColor 30%, transparent); }
.cnv-solid button:hover { border-color: currentColor; }
.cnv-solid .said { font-size: 0.875rem; margin-left: 0.4rem; }
.cnv-solid .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.875rem; padding: 0; margin: 0 0 0.2rem;
  list-style: none; }
.cnv-solid .legend li { display: flex; gap: 0.35rem; align-items: center; margin: 0; }
.cnv-solid .legend canvas { width: 18px; height: 14px; cursor: default; }
.cnv-solid .tip { position: absolute; pointer-events: none; z-index: 5; padding: 0.35rem 0.6rem; font-size: 0.875rem;
  border: 1px solid currentColor; border-radius: 0.3rem; max-width: min(28rem, 92%); }
.cnv-solid .tip b { display: block; }`;

class Scene {
  /** @type {SolidData} */
  data;
  /** @type {string} */
  sent;
  /** @type {number} */
  seq;
  /** @type {Turn} */
  turn;
  /** @type {[seq: number, key: string][]} */
  picks;
  /** @type {Drag | undefined} */
  drag;
  /** @type {number | undefined} */
  resting;
  /** @type {number | undefined} */
  frame;
  /** @type {StreamlitComponent<string>["setStateValue"]} */
  send;
  /** @type {Record<string, (CanvasPattern | string)[]>} */
  patterns;
  /** @type {FoundBlock[]} */
  found;
  /** @type {Pen} */
  pen;
  /** @type {(x: number, y: number, z: number) => Point} */
  to;
  /** @type {number} */
  scale;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.painted = 0;
    this.picks = []; // what was clicked since the last answer
    this.canvas = el("canvas", { role: "img" });
    this.legend = el("ul", { class: "legend", "aria-label": "Kinds of blocks" });
    this.tip = el("div", { class: "tip", hidden: true });
    this.said = el("span", { class: "said", "aria-live": "polite" });
    /** @type {(sign: string, title: string, turn: () => void) => HTMLButtonElement} */
    const button = (sign, title, turn) =>
      el("button", { type: "button", title, "aria-label": title, onclick: turn }, sign);
    const turns = [
      button("←", "Turn left", () => this.by(-STEP, 0)),
      button("→", "Turn right", () => this.by(STEP, 0)),
      button("↑", "Look from higher", () => this.by(0, STEP)),
      button("↓", "Look from lower", () => this.by(0, -STEP)),
      button("+", "Nearer to the chosen block", () => this.by(0, 0, 1)),
      button("−", "Further away", () => this.by(0, 0, -1)),
    ];
    const views = Object.entries(VIEWS).map(([title, turn]) =>
      el("button", { type: "button", onclick: () => this.go(...turn) }, title),
    );
    this.root = el(
      "section",
      { class: "cnv-solid", "data-cnnviz": "solid", "aria-label": "The network as solid blocks" },
      this.legend,
      this.canvas,
      el("div", { class: "bar" }, ...turns, ...views, this.said),
      this.tip,
    );
    this.root.hidden = true;
    parent.append(el("style", {}, CSS), this.root);
    this.listen();
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.root);
  }

  /** @type {(component: StreamlitComponent<string>) => void} */
  update({ data, setStateValue }) {
    this.send = setStateValue;
    if (data === this.sent) return;
    this.sent = data;
    this.data = JSON.parse(data);
    if (!this.resting && !this.drag && this.data.seq >= (this.seq ?? 0)) {
      this.turn = [...this.data.turn];
      this.seq = this.data.seq;
    }
    this.picks = this.picks.filter(([seq]) => seq > this.data.seq);
    this.canvas.setAttribute("aria-label", this.data.alt);
    this.tip.style.background = this.data.colours.paper;
    this.root.hidden = false;
    this.dress();
    this.draw();
  }

  /** The legend, and a pattern for each kind of block. */
  dress() {
    this.patterns = {};
    this.legend.replaceChildren();
    for (const [name, family] of Object.entries(this.data.families)) {
      const swatch = el("canvas", { width: 36, height: 28, "aria-hidden": "true" });
      const pen = penOf(swatch);
      this.patterns[name] = ["front", "top", "side"].map((_, face) =>
        patternOf(pen, family, this.data.colours.paper, [1, 0.6, 0.4][face]),
      );
      pen.scale(2, 2);
      pen.fillStyle = this.patterns[name][0];
      pen.fillRect(0, 0, 18, 14);
      pen.strokeStyle = family.colour;
      pen.strokeRect(0.5, 0.5, 17, 13);
      this.legend.append(el("li", {}, swatch, family.title));
    }
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      if (event.button) return;
      this.drag = { x: event.clientX, y: event.clientY, turn: [...this.turn], moved: false };
      canvas.setPointerCapture(event.pointerId);
    };
    canvas.onpointermove = (event) => {
      if (!this.drag) return void this.point(event);
      const [right, down] = [event.clientX - this.drag.x, event.clientY - this.drag.y];
      if (Math.hypot(right, down) > SLOP) this.drag.moved = true;
      if (!this.drag.moved) return;
      this.tip.hidden = true;
      canvas.classList.add("held");
      this.go(this.drag.turn[0] + right * PER_PIXEL, this.drag.turn[1] + down * PER_PIXEL);
    };
    canvas.onpointerup = (event) => {
      const clicked = this.drag && !this.drag.moved && this.find(event);
      this.release();
      if (clicked) this.commit(clicked.key);
    };
    canvas.onpointercancel = () => this.release();
    canvas.onpointerleave = () => {
      this.tip.hidden = true;
    };
  }

  release() {
    this.drag = undefined;
    this.canvas.classList.remove("held");
  }

  /** @type {(side: number, above: number, zoom?: number) => void} */
  by(side, above, zoom = 0) {
    this.go(this.turn[0] + side, this.turn[1] + above, this.turn[2] + zoom);
  }

  /**
   * Look from another side; the link follows when the hand rests.
   * @type {(side: number, above: number, zoom?: number) => void}
   */
  go(side, above, zoom = this.turn[2]) {
    this.turn = [
      Math.round(((((side + 540) % 360) + 360) % 360) - 180),
      Math.round(Math.min(Math.max(above, 0), 90)),
      Math.min(Math.max(zoom, 1), MOST_ZOOM),
    ];
    this.frame ??= requestAnimationFrame(() => this.draw());
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.say();
      this.commit();
    }, REST);
  }

  say() {
    const [side, above, zoom] = this.turn;
    const where = side ? `${Math.abs(side)}° from the ${side < 0 ? "right" : "left"}` : "the front";
    this.said.textContent = `Seen from ${where}, ${above}° above${zoom > 1 ? `, ${zoom} times as near` : ""}.`;
  }

  /** @type {(pick?: string) => void} */
  commit(pick) {
    this.seq += 1;
    if (pick) this.picks.push([this.seq, pick]);
    this.send("commit", { seq: this.seq, turn: this.turn, picks: this.picks });
  }

  /**
   * Where a point of the network stands: right and down on the screen, and towards the eye.
   * @type {(x: number, y: number, z: number) => Point}
   */
  project(x, y, z) {
    const [a, b] = this.turn.slice(0, 2).map((degrees) => (degrees * Math.PI) / 180);
    const across = x * Math.cos(a) + z * Math.sin(a);
    const towards = z * Math.cos(a) - x * Math.sin(a);
    return [across, towards * Math.sin(b) - y * Math.cos(b)];
  }

  draw() {
    this.frame = undefined;
    if (!this.data || this.root.hidden) return;
    const wide = this.root.clientWidth,
      high = wide < 600 ? 280 : 400,
      dense = window.devicePixelRatio || 1;
    if (!wide) return;
    if (this.canvas.width !== Math.round(wide * dense) || this.canvas.height !== high * dense) {
      this.canvas.width = Math.round(wide * dense);
      this.canvas.height = high * dense;
      this.canvas.style.height = `${high}px`;
    }
    const pen = (this.pen = penOf(this.canvas));
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, wide, high);
    pen.font = FONT;
    this.place(wide, high);
    this.found = [];
    const way = Math.sin((this.turn[0] * Math.PI) / 180) < 0 ? 1 : -1; // which end of the network is nearer
    const things = [
      ...this.data.blocks.map((block) => ({ block, column: block.column, y: block.at[1] })),
      ...this.pieces(),
    ];
    things.sort((one, two) => way * (one.column - two.column) || one.y - two.y);
    for (const thing of things) {
      if ("block" in thing) this.block(thing.block);
      else this.line(thing.line);
    }
    this.label();
    this.painted += 1;
    this.root.dataset.painted = String(this.painted);
    this.root.dataset.places = JSON.stringify(
      Object.fromEntries(this.found.map(({ block, middle }) => [block.key, middle.map(Math.round)])),
    );
    if (!this.said.textContent) this.say();
  }

  /**
   * Choose the scale so that everything is seen, and its middle in the middle.
   * @type {(wide: number, high: number) => void}
   */
  place(wide, high) {
    const ends = [];
    for (const { at, size } of this.data.blocks) {
      for (const i of [-0.5, 0.5])
        for (const j of [-0.5, 0.5])
          for (const k of [-0.5, 0.5]) {
            ends.push(this.project(at[0] + i * size[0], at[1] + j * size[1], k * size[2]));
          }
    }
    for (const line of this.data.lines) for (const [x, y] of line) ends.push(this.project(x, y, 0));
    const [left, right] = [Math.min(...ends.map(([x]) => x)), Math.max(...ends.map(([x]) => x))];
    const [top, bottom] = [Math.min(...ends.map(([, y]) => y)), Math.max(...ends.map(([, y]) => y))];
    const whole = Math.min((wide - 60) / (right - left || 1), (high - 70) / (bottom - top || 1), LARGEST);
    const zoom = this.turn[2],
      scale = Math.min(whole * zoom, LARGEST),
      near = 1 - whole / scale; // 0: all of it is seen
    const chosen = this.data.blocks.find(({ key }) => key === this.data.chosen) ?? this.data.blocks[0];
    const to = this.project(chosen.at[0], chosen.at[1], 0);
    const middle = [(left + right) / 2, (top + bottom) / 2].map((all, i) => (near ? to[i] : all));
    this.to = (x, y, z) => {
      const [across, down] = this.project(x, y, z);
      return [wide / 2 + (across - middle[0]) * scale, high / 2 + (down - middle[1]) * scale];
    };
    this.scale = scale;
  }

  /** @type {() => Piece[]} */
  pieces() {
    /** @type {Piece[]} */
    const found = [];
    const spans = this.data.blocks.map(({ at, size, column }) => [at[0] - size[0] / 2, at[0] + size[0] / 2, column]);
    for (const line of this.data.lines) {
      for (let i = 1; i < line.length; i += 1) {
        const [[x0, y0], [x1, y1]] = [line[i - 1], line[i]];
        const count = Math.max(Math.ceil(Math.hypot(x1 - x0, y1 - y0) / PIECE), 1);
        for (let k = 0; k < count; k += 1) {
          /** @type {Point[]} */
          const ends = [k / count, (k + 1) / count].map((t) => [x0 + (x1 - x0) * t, y0 + (y1 - y0) * t]);
          const x = (ends[0][0] + ends[1][0]) / 2,
            y = (ends[0][1] + ends[1][1]) / 2;
          const inside = spans.find(([from, to]) => from < x && x < to);
          const before = spans.reduce((most, [, to, column]) => (to <= x && column > most ? column : most), -1);
          found.push({ line: ends, column: inside ? inside[2] : before + 0.5, y });
        }
      }
    }
    return found;
  }

  /** @type {(ends: Point[]) => void} */
  line([[x0, y0], [x1, y1]]) {
    const { pen } = this;
    pen.strokeStyle = this.data.colours.ink;
    pen.lineWidth = 1.8;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...this.to(x0, y0, 0));
    pen.lineTo(...this.to(x1, y1, 0));
    pen.stroke();
  }

  /** @type {(block: SolidBlock) => void} */
  block(block) {
    const { pen } = this,
      { colours, families } = this.data;
    const [x, y] = block.at,
      [w, h, d] = block.size.map((side) => side / 2);
    /** @type {[face: Path2D, which?: number][]} */
    const faces = [];
    /** @type {(i: number, j: number, k: number) => Point} */
    const corner = (i, j, k) => this.to(x + i * w, y + j * h, k * d);
    if (block.sign) {
      faces.push([this.round(corner(0, 0, 0)), undefined]);
    } else {
      const [a, b] = this.turn.slice(0, 2).map((degrees) => (degrees * Math.PI) / 180);
      const front = Math.cos(a) * Math.cos(b),
        right = -Math.sin(a) * Math.cos(b);
      if (Math.abs(front) > 1e-6) {
        const k = Math.sign(front);
        faces.push([path([corner(-1, -1, k), corner(1, -1, k), corner(1, 1, k), corner(-1, 1, k)]), 0]);
      }
      if (Math.abs(right) > 1e-6) {
        const i = Math.sign(right);
        faces.push([path([corner(i, -1, -1), corner(i, -1, 1), corner(i, 1, 1), corner(i, 1, -1)]), 2]);
      }
      if (b > 1e-6) faces.push([path([corner(-1, 1, -1), corner(1, 1, -1), corner(1, 1, 1), corner(-1, 1, 1)]), 1]);
    }
    const chosen = block.key === this.data.chosen;
    for (const [face, which] of faces) {
      pen.fillStyle = which === undefined || !block.full ? colours.paper : this.patterns[block.family][which];
      pen.strokeStyle = chosen ? colours.chosen : block.faulty ? colours.fault : families[block.family].colour;
      pen.lineWidth = chosen ? 3.5 : 1.3;
      pen.lineJoin = "round";
      pen.setLineDash(block.full || block.sign ? [] : [4, 3]);
      pen.fill(face);
      pen.stroke(face);
    }
    pen.setLineDash([]);
    const middle = this.to(x, y, 0);
    if (block.sign) {
      pen.fillStyle = colours.ink;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(block.sign, ...middle);
    }
    const ends = [-1, 1].flatMap((i) => [-1, 1].flatMap((j) => [-1, 1].map((k) => corner(i, j, k))));
    this.found.push({
      block,
      faces: faces.map(([face]) => face),
      middle,
      top: Math.min(...ends.map((end) => end[1])),
      bottom: Math.max(...ends.map((end) => end[1])),
    });
  }

  /** @type {(at: Point) => Path2D} */
  round([x, y]) {
    const face = new Path2D();
    face.arc(x, y, Math.min(Math.max(this.scale * 0.15, 8), 13), 0, 2 * Math.PI);
    return face;
  }

  /** Names below, sizes above, where nothing is written yet; the chosen block and a fault come first. */
  label() {
    const { pen } = this,
      { colours } = this.data;
    /** @type {[left: number, right: number, y: number][]} */
    const taken = [];
    /** @type {(text: string, x: number, y: number, colour: string) => void} */
    const write = (text, x, y, colour) => {
      const half = pen.measureText(text).width / 2 + 3;
      const wide = this.root.clientWidth;
      if (x < -20 || x > wide + 20) return; // nearer than everything: it stands outside
      const at = Math.min(Math.max(x, half), wide - half);
      if (!text || taken.some((box) => box[0] < at + half && at - half < box[1] && Math.abs(box[2] - y) < 15)) return;
      taken.push([at - half, at + half, y]);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineWidth = 4;
      pen.lineJoin = "round";
      pen.strokeStyle = colours.paper;
      pen.strokeText(text, at, y);
      pen.fillStyle = colour;
      pen.fillText(text, at, y);
    };
    /** @type {(one: FoundBlock) => number} */
    const rank = ({ block }) => (block.faulty ? 0 : block.key === this.data.chosen ? 1 : block.sign ? 3 : 2);
    for (const one of [...this.found].sort((a, b) => rank(a) - rank(b))) {
      const { block, middle, top, bottom } = one;
      if (block.faulty) write("⚠ does not fit", middle[0], top - 10, colours.fault);
      write(block.title, middle[0], bottom + 10, colours.ink);
      write(block.shape, middle[0], top - 10, colours.ink);
    }
  }

  /** @type {(event: MouseEvent) => SolidBlock | undefined} */
  find(event) {
    const box = this.canvas.getBoundingClientRect();
    const dense = window.devicePixelRatio || 1;
    const x = (event.clientX - box.left) * dense,
      y = (event.clientY - box.top) * dense;
    const hit = [...(this.found ?? [])]
      .reverse()
      .find(({ faces }) => faces.some((face) => this.pen.isPointInPath(face, x, y)));
    return hit?.block;
  }

  /** @type {(event: MouseEvent) => void} */
  point(event) {
    const block = this.find(event);
    this.canvas.style.cursor = block ? "pointer" : "";
    this.tip.hidden = !block;
    if (!block) return;
    const [first, ...more] = block.lines;
    this.tip.replaceChildren(el("b", {}, first), ...more.map((line) => el("div", {}, line)));
    const box = this.root.getBoundingClientRect();
    const left = Math.min(event.clientX - box.left + 14, box.width - this.tip.offsetWidth - 4);
    this.tip.style.left = `${Math.max(left, 0)}px`;
    this.tip.style.top = `${event.clientY - box.top + 16}px`;
  }

  destroy() {
    clearTimeout(this.resting);
    if (this.frame) cancelAnimationFrame(this.frame);
    this.watcher.disconnect();
  }
}

export default mounting(Scene);
