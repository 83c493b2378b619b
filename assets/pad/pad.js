// The drawing pad: strokes by mouse, finger or keys, undo, redo and clear. It sends strokes; the server draws from them.

import { mounting, penOf } from "../shared/component.js";
import { cursor, paint, paintGrey, thinned } from "./draw.js";
import { build } from "./shell.js";
import { takeTheme } from "../shared/theme.js";
import { Talk } from "../shared/talk.js";

/** @import { Look } from "./draw.js" */

const NEAR = 2.5; // a point nearer to a straight line is left out; the pad is 1000 wide
const FAR = 5; // the hand has moved
const PAUSE = 250; // ms between two messages while the hand draws, at least ...
const EASE = 3; // ... and so many times as long as the last answer took: a busy server is asked less often
const [STEP, LEAP] = [20, 100]; // of the keyboard's pen
/** @type {Record<string, number[]>} */
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class Pad {
  /** @type {Stroke[]} */
  strokes;
  /** @type {Stroke[][]} */
  past;
  /** @type {Stroke[][]} */
  future;
  /** @type {Stroke | undefined} */
  line;
  /** @type {number[] | undefined} */
  at;
  /** @type {Set<string>} */
  held;
  /** @type {PadData | undefined} */
  data;
  /** @type {[number, number]} */
  limits;
  /** @type {number} */
  room;
  /** @type {boolean} */
  writes;
  /** @type {number | undefined} */
  pointer;
  /** @type {number} */
  frame;
  /** @type {number | undefined} */
  soon;

  /**
   * @param {HTMLElement} parent
   * @param {Config} config
   */
  constructor(parent, config) {
    this.parts = build(parent, config.css);
    this.strokes = [];
    this.past = [];
    this.future = [];
    this.line = undefined; // the stroke that is under way
    this.at = undefined; // the keyboard's pen
    this.painted = 0;
    this.talk = new Talk({ question: () => this.question(), wait: this.parts.wait });
    this.held = new Set();
    this.listen();
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.parts.sheet);
  }

  destroy() {
    this.watcher.disconnect();
    this.talk.stop();
    clearTimeout(this.soon);
  }

  /** @type {(component: StreamlitComponent<PadData>) => void} */
  update({ data, setStateValue }) {
    this.talk.setStateValue = setStateValue;
    this.readTheme();
    if (!data || data === this.data) return;
    this.data = data;
    this.talk.hear(data.seq);
    this.show(data);
  }

  /** @type {(data: PadData) => void} */
  show(data) {
    const { parts } = this;
    parts.root.dataset.seq = String(data.seq);
    parts.sheet.setAttribute(
      "aria-label",
      `${data.label}. Draw with the mouse or a finger. With keys: arrows move the pen, ` +
        "with Shift farther; Space puts it down and lifts it; Control Z undoes; Delete clears.",
    );
    parts.hint.textContent = data.hint;
    if (parts.note.textContent !== data.note) parts.note.textContent = data.note;
    parts.note.hidden = !data.note;
    parts.colours.hidden = !data.colours;
    parts.result.hidden = !data.gets;
    if (data.gets) {
      const bytes = Uint8Array.from(atob(data.gets), (letter) => letter.charCodeAt(0));
      paintGrey(parts.gets, Math.sqrt(bytes.length), bytes);
      parts.gets.setAttribute("aria-label", data.getsLabel);
    }
    // What the hand did since is newer than what the server knows.
    if (!this.talk.waiting && !this.line) this.adopt(data);
    this.draw();
  }

  /**
   * Take the server's drawing, unless it is what is here already.
   * @type {(data: PadData) => void}
   */
  adopt({ strokes, pen, dye, fill, limits, pens }) {
    const { parts } = this;
    this.limits = limits;
    [parts.pen.min, parts.pen.max, parts.pen.step] = [...pens, 10].map(String);
    [parts.pen.value, parts.ink.value, parts.paper.value] = [String(pen), ...dye];
    parts.fill.checked = fill;
    if (JSON.stringify(strokes) === JSON.stringify(this.strokes)) return;
    this.strokes = strokes;
    this.past = strokes.map((_, count) => strokes.slice(0, count));
    this.future = [];
  }

  readTheme() {
    takeTheme(this.parts.root);
  }

  // The picture

  /** @returns {Look} */
  get look() {
    const { pen, ink, paper, fill, canvas } = this.parts;
    const coloured = this.data?.colours;
    return {
      side: canvas.width,
      across: this.data?.across ?? 1000,
      pen: Number(pen.value),
      ink: coloured ? ink.value : "#ffffff",
      paper: coloured ? paper.value : "#000000",
      fill: Boolean(coloured) && fill.checked,
    };
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { parts, strokes, line, past, future } = this;
    const side = Math.round(parts.sheet.clientWidth * Math.min(window.devicePixelRatio || 1, 2));
    if (!this.data || !side) return;
    if (parts.canvas.width !== side) parts.canvas.width = parts.canvas.height = side;
    const context = penOf(parts.canvas);
    paint(context, line ? [...strokes, line] : strokes, this.look);
    if (this.at) cursor(context, this.at, this.look, this.writes);
    parts.hint.hidden = strokes.length > 0 || Boolean(line);
    // Without `disabled`: a button that loses it under the hand would lose the focus too.
    parts.undo.setAttribute("aria-disabled", String(!past.length));
    parts.redo.setAttribute("aria-disabled", String(!future.length));
    parts.clear.setAttribute("aria-disabled", String(!strokes.length));
    this.painted += 1;
    parts.root.dataset.painted = String(this.painted);
    parts.root.dataset.strokes = String(strokes.length);
  }

  /** @type {(text: string) => void} */
  say(text) {
    this.parts.live.textContent = text;
  }

  // Hands

  listen() {
    const { sheet, undo, redo, clear, pen, ink, paper, fill, root } = this.parts;
    sheet.onpointerdown = (event) => {
      if (event.button !== 0 || this.pointer !== undefined) return;
      this.lift();
      this.at = undefined;
      this.pointer = event.pointerId;
      try {
        sheet.setPointerCapture(event.pointerId);
      } catch {
        /* a pointer of a test that is not there */
      }
      this.begin(this.place(event));
    };
    sheet.onpointermove = (event) => {
      if (event.pointerId !== this.pointer) return;
      const moves = event.getCoalescedEvents?.() ?? [];
      for (const one of moves.length ? moves : [event]) this.extend(this.place(one), FAR);
    };
    sheet.onpointerup = sheet.onpointercancel = (event) => {
      if (event.pointerId !== this.pointer) return;
      this.pointer = undefined;
      this.end();
    };
    sheet.onblur = () => {
      this.held.clear();
      this.lift();
      this.at = undefined;
      this.draw();
    };
    sheet.onkeydown = (event) => this.penKey(event);
    sheet.onkeyup = (event) => this.held.delete(event.key);
    root.onkeydown = (event) => this.key(event);
    undo.onclick = () => this.undo();
    redo.onclick = () => this.redo();
    clear.onclick = () => this.clear();
    for (const input of [pen, ink, paper, fill]) {
      input.oninput = () => {
        this.draw();
        this.commitSoon();
      };
      input.onchange = () => this.commit();
    }
  }

  /** @type {(event: PointerEvent) => Point} */
  place(event) {
    const box = this.parts.sheet.getBoundingClientRect();
    const [right, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    return [this.bounded(right * 1000), this.bounded(down * 1000)];
  }

  /** @type {(value: number) => number} */
  bounded(value) {
    return Math.round(Math.max(0, Math.min(1000, value)));
  }

  /** @type {(point: number[]) => void} */
  begin(point) {
    const used = this.strokes.reduce((sum, one) => sum + one.length / 2, 0);
    this.room = this.limits[1] - used;
    if (this.strokes.length >= this.limits[0] || this.room < 1) {
      this.say("The pad is full. Undo or clear.");
      return;
    }
    this.line = [...point];
    this.draw();
    this.commitSoon();
  }

  /** @type {(point: number[], far: number) => void} */
  extend([right, down], far) {
    if (!this.line) return;
    const [x, y] = this.line.slice(-2);
    if (Math.hypot(right - x, down - y) < far) return;
    if (this.line.length / 2 >= this.room) this.line = thinned(this.line, NEAR);
    if (this.line.length / 2 >= this.room) return;
    this.line.push(right, down);
    this.draw();
    this.commitSoon();
  }

  end() {
    if (!this.line) return;
    const stroke = thinned(this.line, NEAR);
    this.line = undefined;
    this.act([...this.strokes, stroke]);
    this.say(`Stroke ${this.strokes.length} drawn.`);
  }

  /**
   * Replace the strokes by others, so that it can be undone.
   * @type {(strokes: Stroke[]) => void}
   */
  act(strokes) {
    this.past.push(this.strokes);
    this.future = [];
    this.strokes = strokes;
    this.commit();
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.strokes);
    this.strokes = before;
    this.changed("Undone");
  }

  redo() {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.strokes);
    this.strokes = after;
    this.changed("Redone");
  }

  clear() {
    if (!this.strokes.length) return;
    this.act([]);
    this.changed("Cleared");
  }

  /** @type {(what: string) => void} */
  changed(what) {
    const count = this.strokes.length;
    this.say(`${what}: ${count === 1 ? "1 stroke" : `${count || "no"} strokes`}.`);
    this.commit();
  }

  // Keys

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const word = (event.ctrlKey || event.metaKey) && !event.altKey ? `ctrl ${event.key.toLowerCase()}` : event.key;
    /** @type {Record<string, () => void>} */
    const acts = {
      "ctrl z": () => (event.shiftKey ? this.redo() : this.undo()),
      "ctrl y": () => this.redo(),
      Delete: () => this.clear(),
    };
    if (!acts[word]) return;
    this.lift();
    acts[word]();
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own
  }

  /** @type {(event: KeyboardEvent) => void} */
  penKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      this.held.add(event.key);
      this.at ??= [500, 500];
      const by = event.shiftKey ? LEAP : STEP;
      const ways = [...this.held].map((name) => ARROWS[name]);
      this.at = this.at.map((value, axis) =>
        this.bounded(value + by * Math.sign(ways.reduce((sum, way) => sum + way[axis], 0))),
      );
      if (this.writes) this.extend(this.at, 1);
      this.say(
        `${this.writes ? "Drawing" : "Pen"} at ${this.at.map((value) => Math.round(value / 10)).join(", ")} percent.`,
      );
    } else if ([" ", "Enter"].includes(event.key)) {
      if (!event.repeat) this.press();
    } else if (event.key === "Escape" && this.at) {
      this.lift();
      this.at = undefined;
    } else {
      return;
    }
    this.draw();
    event.preventDefault();
    event.stopPropagation();
  }

  press() {
    this.at ??= [500, 500];
    if (this.writes) {
      this.lift();
      return;
    }
    this.begin(this.at);
    this.writes = Boolean(this.line);
    if (this.writes) this.say("Pen down.");
  }

  lift() {
    if (!this.writes) return;
    this.writes = false;
    this.end();
  }

  // To the server and back

  commit() {
    clearTimeout(this.soon);
    this.soon = undefined;
    this.draw();
    this.talk.ask();
  }

  /** While the hand draws: now and then, and less often when the server is busy. */
  commitSoon() {
    this.soon ??= setTimeout(
      () => {
        this.soon = undefined;
        this.commit();
      },
      Math.max(PAUSE, EASE * this.talk.took),
    );
  }

  question() {
    const { pen, ink, paper, fill } = this.parts;
    const strokes = this.line ? [...this.strokes, thinned(this.line, NEAR)] : this.strokes;
    return { strokes, pen: Number(pen.value), dye: [ink.value, paper.value], fill: fill.checked };
  }
}

export default mounting(Pad);
