// The viewer: pictures side by side with linked zoom and pan, their numbers, and quick controls.
// It draws codes that the server sent; it contains no image arithmetic.

import { mounting } from "../shared/component.js";
import { takeTheme } from "../shared/theme.js";
import { Talk } from "../shared/talk.js";
import { known, readMessage } from "../shared/codes.js";
import { Camera, cellOf, cellUnder } from "./camera.js";
import { listen } from "./hands.js";
import { download, reading, spoken } from "./say.js";
import { geometry, numbersFrom, overlay, paint, picture } from "./paint.js";
import { between, bounded, corners } from "./rectangles.js";
import { build, buildPanels, buildTools, Controls, label } from "./shell.js";

/** @import { PanelCell } from "./camera.js" */
/** @import { Acts, XY } from "./hands.js" */
/** @import { Box, Geometry, Made } from "./paint.js" */
/** @import { Sheet } from "./shell.js" */
/** @typedef {Config & { palette: Record<Theme, Palette>, maps: Record<Theme, ColourMaps> }} ViewerConfig */
/** @typedef {PanelCell & { kept?: boolean }} ViewerCursor */
/** @typedef {Box & { panel: number, open?: Pair }} ViewerBox */

const REST = 350; // ms after the last movement before the view goes to the address
const STEP = 1.5;
const EASY_TYPE = 12; // css px: the size of the numbers that the button "Numbers" asks for

/** @type {Record<string, Pair>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class Viewer {
  /** @type {ViewerConfig} */
  config;
  /** @type {ViewerHead} */
  head;
  /** @type {CodedArray[]} */
  arrays;
  /** @type {Sheet[]} */
  sheets;
  /** @type {Map<string, Made>} */
  made;
  /** @type {Map<string, string>} */
  held;
  /** @type {ViewerCursor | undefined} */
  cursor;
  /** @type {ViewerBox | undefined} */
  box;
  /** @type {ColourMaps} */
  maps;
  /** @type {Palette} */
  colours;
  /** @type {Uint8Array<ArrayBuffer>} */
  data;
  /** @type {boolean} */
  linked;
  /** @type {boolean} */
  stale;
  /** @type {string | undefined} */
  told;
  /** @type {number | undefined} */
  frame;
  /** @type {number | undefined} */
  resting;
  /** @type {number[] | undefined} */
  click;
  /** @type {number[] | undefined} */
  drawn;
  /** @type {Map<string, string> | undefined} */
  sent;

  /**
   * @param {HTMLElement} parent
   * @param {ViewerConfig} config
   */
  constructor(parent, config) {
    this.config = config;
    this.parts = build(parent, config.css);
    this.controls = new Controls(this.parts.controls, (name, value) => this.commit({ set: { [name]: value } }));
    buildTools(this.parts, {
      in: () => this.zoomAll(STEP),
      out: () => this.zoomAll(1 / STEP),
      fit: () => this.fit(),
      numbers: () => this.showNumbers(),
    });
    this.sheets = [];
    this.made = new Map();
    this.camera = new Camera();
    this.talk = new Talk({ question: () => this.question(), wait: this.parts.wait, answered: () => this.answered() });
    this.painted = 0;
    this.held = new Map();
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.parts.panels);
  }

  destroy() {
    this.watcher.disconnect();
    this.talk.stop();
    clearTimeout(this.resting);
    if (this.frame) cancelAnimationFrame(this.frame);
  }

  /** @type {(component: StreamlitComponent<Uint8Array<ArrayBuffer>>) => Promise<void>} */
  async update({ data, setStateValue }) {
    this.talk.setStateValue = setStateValue;
    this.readTheme();
    if (data === this.data) {
      this.made.clear();
      this.relabel();
      this.draw();
      return;
    }
    this.data = data;
    /** @type {Message<ViewerHead>} */
    const { head, arrays, missing } = await readMessage(data);
    if (data !== this.data) return; // a newer one is on its way
    this.talk.hear(head.seq);
    if (missing) this.talk.ask();
    else this.show(head, arrays);
  }

  /** @type {(head: ViewerHead, arrays: CodedArray[]) => void} */
  show(head, arrays) {
    const before = this.head && JSON.stringify(this.camera.extent);
    const lookBefore = this.head?.look;
    this.head = head;
    this.arrays = arrays;
    this.parts.root.setAttribute("aria-label", head.label);
    if (this.parts.note.textContent !== head.note) this.parts.note.textContent = head.note;
    this.parts.note.hidden = !head.note;
    this.linked = head.panels.some((panel) => panel.linked); // else nothing moves, and another viewer owns the address
    this.parts.tools.hidden = !this.linked;
    if (this.sheets.length !== head.panels.length) {
      this.sheets = buildPanels(this.parts, head.panels.length, (index) => this.save(index));
      this.sheets.forEach((sheet, index) => listen(sheet.sheet, this.hands(index)));
      this.cursor = this.box = undefined;
    }
    this.controls.update(head.controls, this.held);
    this.camera.aim(head.panels);
    this.relabel();
    this.measure();
    if (![lookBefore, this.camera.text, this.told].includes(head.look)) this.camera.read(head.look);
    else if (this.camera.fitted || JSON.stringify(this.camera.extent) !== before) this.camera.fit();
    if (before) this.rest(); // the server's address may be older than the view
    this.draw();
  }

  relabel() {
    if (!this.head) return;
    this.head.panels.forEach((panel, index) => label(this.sheets[index], panel, this.maps));
  }

  readTheme() {
    const theme = takeTheme(this.parts.root);
    this.maps = this.config.maps[theme];
    this.colours = this.config.palette[theme];
  }

  // Sizes and the view

  measure() {
    const sheet = this.sheets[0]?.sheet;
    if (!sheet) return;
    const width = Math.max(80, sheet.clientWidth);
    const narrow = this.parts.panels.clientWidth < 640;
    const most = window.innerHeight * (narrow && this.sheets.length > 1 ? 0.42 : 0.62);
    const { top, bottom, left, right } = this.camera.extent;
    const height = Math.round(Math.max(140, Math.min(most, (width * (bottom - top)) / (right - left))));
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.camera.size = { width, height, ratio };
    for (const { sheet: node, picture: one, light } of this.sheets) {
      node.style.height = `${height}px`;
      for (const { canvas } of [one, light]) {
        const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
        if (canvas.width !== w) canvas.width = w;
        if (canvas.height !== h) canvas.height = h;
      }
    }
  }

  resize() {
    if (!this.head) return;
    const before = this.camera.size.width;
    this.measure();
    if (this.camera.fitted) this.camera.fit();
    else this.camera.view.zoom *= this.camera.size.width / before;
    this.draw();
  }

  fit() {
    this.camera.fit();
    this.moved();
  }

  /** @type {(row: number, col: number, zoom: number) => void} */
  lookAt(row, col, zoom) {
    this.camera.lookAt(row, col, zoom);
    this.moved();
  }

  /** @type {(at: XY, factor: number) => boolean} */
  zoomAt(at, factor) {
    const used = this.camera.zoomAt(at, factor);
    this.moved();
    return used;
  }

  moved() {
    this.draw();
    this.rest();
  }

  /** @type {(factor: number) => void} */
  zoomAll(factor) {
    const { row, col } = this.cursor?.kept ? this.cursor : this.camera.view;
    this.lookAt(row, col, this.camera.view.zoom * factor);
  }

  showNumbers() {
    const { row, col } = this.cursor ?? this.marked() ?? this.camera.view;
    const needed = this.head.panels.map((panel, i) =>
      panel.linked ? numbersFrom(panel, this.arrays[i], EASY_TYPE) / Math.min(...panel.step) : 0,
    );
    this.lookAt(row, col, Math.max(...needed));
  }

  /** The middle of the first mark, which is worth a look when nothing else is pointed at. */
  marked() {
    const index = this.head.panels.findIndex((panel) => panel.linked && panel.marks.length);
    if (!this.camera.fitted || index < 0) return undefined;
    const [row, col, height, width] = this.head.panels[index].marks[0];
    return this.cellOf(index, row + (height - 1) / 2, col + (width - 1) / 2);
  }

  /** When hands rest, the view goes into the address; the server hears of it with the next message. */
  rest() {
    clearTimeout(this.resting);
    if (!this.linked || this.head.quiet) return;
    this.resting = setTimeout(() => {
      const address = new URL(location.href);
      const { text } = this.camera;
      if (text) address.searchParams.set("z", text);
      else address.searchParams.delete("z");
      if (address.href !== location.href) history.replaceState(history.state, "", address);
    }, REST);
  }

  // Hands

  /** @type {(index: number) => Acts} */
  hands(index) {
    const place = (/** @type {XY} */ at) => this.cellAt(index, at);
    return {
      zoomAt: (at, factor) => this.zoomAt(at, factor),
      pan: (dx, dy) => {
        const { row, col, zoom } = this.camera.view;
        if (!this.camera.fitted) this.lookAt(row - dy / zoom, col - dx / zoom, zoom);
      },
      hover: (at) => this.point(place(at)),
      leave: () => {
        if (!this.cursor?.kept) this.point(undefined);
      },
      tap: (at) => {
        const cell = place(at);
        this.point(cell && { ...cell, kept: true });
        if (cell) this.choose(cell);
      },
      isDrag: () => this.head.panels[index].drag,
      box: (from, to, done) => this.drag(index, from, to, done),
      key: (key, far) => this.key(index, key, far),
    };
  }

  /** @type {(index: number) => Geometry} */
  geometry(index) {
    const panel = this.head.panels[index];
    const view = panel.linked ? this.camera.view : this.camera.whole(panel);
    return geometry(panel, this.arrays[index], view, this.camera.size);
  }

  /**
   * The panel's cell under a point of its sheet, and the place of its middle on the shared picture.
   * @type {(index: number, at: XY) => PanelCell | undefined}
   */
  cellAt(index, { x, y }) {
    const geo = this.geometry(index);
    const [row, col] = [geo.y.cell(y), geo.x.cell(x)];
    const [rows, cols] = this.head.panels[index].size;
    return row < 0 || col < 0 || row >= rows || col >= cols ? undefined : this.cellOf(index, row, col);
  }

  /** @type {(index: number, row: number, col: number) => PanelCell} */
  cellOf(index, row, col) {
    return cellOf(this.head.panels, index, row, col);
  }

  /**
   * Which cell of a panel the cursor is on.
   * @type {(index: number) => Pair | undefined}
   */
  shown(index) {
    return this.cursor && cellUnder(this.head.panels, index, this.cursor);
  }

  /** @type {(cursor: ViewerCursor | undefined) => void} */
  point(cursor) {
    this.cursor = cursor;
    this.light();
  }

  /** @type {(cell: PanelCell) => void} */
  choose({ panel, cell }) {
    if (this.head.panels[panel].click) this.commit({ click: [panel, ...cell] });
  }

  /** @type {(index: number, key: string, far: boolean) => boolean} */
  key(index, key, far) {
    const arrow = ARROWS[key];
    if (arrow) {
      const [rows, cols] = this.head.panels[index].size;
      const now = this.shown(index) ?? this.middleOf(index);
      const [row, col] = [0, 1].map((axis) => now[axis] + arrow[axis] * (far ? 10 : 1));
      const inside = this.cellOf(index, bounded(row, rows), bounded(col, cols));
      this.cursor = { ...inside, kept: true };
      this.follow(index);
      if (this.box?.open) this.stretch(index);
      this.light();
      this.speak();
      return true;
    }
    /** @type {Record<string, () => void>} */
    const acts = {
      "+": () => this.zoomAll(STEP),
      "=": () => this.zoomAll(STEP),
      "-": () => this.zoomAll(1 / STEP),
      0: () => this.fit(),
      n: () => this.showNumbers(),
      Escape: () => {
        this.box = undefined;
        this.point(undefined);
      },
      Enter: () => this.enter(index),
      b: () => this.beginBox(index),
    };
    const act = acts[key.length === 1 ? key.toLowerCase() : key];
    if (!act || (key === "Escape" && !this.cursor && !this.box)) return false;
    act();
    return true;
  }

  /** @type {(index: number) => Pair} */
  middleOf(index) {
    const geo = this.geometry(index);
    return [Math.floor((geo.y.first + geo.y.last) / 2), Math.floor((geo.x.first + geo.x.last) / 2)];
  }

  /**
   * Keep the cursor in sight.
   * @type {(index: number) => void}
   */
  follow(index) {
    if (this.camera.fitted || !this.head.panels[index].linked) return;
    if (this.cursor) this.camera.follow(this.cursor);
    this.moved();
  }

  // Rectangles

  /** @type {(index: number, from: XY, to: XY, done: boolean) => void} */
  drag(index, from, to, done) {
    const box = between(this.geometry(index), this.head.panels[index].size, from, to);
    this.box = done ? undefined : { panel: index, ...box };
    this.light();
    if (done) this.commit({ box: [index, box.row, box.col, box.height, box.width] });
  }

  /** @type {(index: number) => void} */
  beginBox(index) {
    if (!this.head.panels[index].drag) return;
    const [row, col] = this.shown(index) ?? this.middleOf(index);
    this.cursor = { ...this.cellOf(index, row, col), kept: true };
    this.box = { panel: index, row, col, height: 1, width: 1, open: [row, col] };
    this.light();
  }

  /** @type {(index: number) => void} */
  stretch(index) {
    const open = this.box?.open;
    if (!this.cursor || !open) return;
    this.box = { panel: index, open, ...corners(open, this.cursor.cell) };
  }

  /** @type {(index: number) => void} */
  enter(index) {
    if (this.box?.open) {
      const { row, col, height, width } = this.box;
      this.box = undefined;
      this.light();
      this.commit({ box: [index, row, col, height, width] });
      return;
    }
    const cell = this.shown(index);
    if (cell) this.choose(this.cellOf(index, ...cell));
  }

  // What is seen

  draw() {
    this.stale = true;
    this.light();
  }

  light() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.paint();
    });
  }

  paint() {
    if (!this.head || !this.sheets.length) return;
    const made = new Map();
    this.head.panels.forEach((panel, index) => {
      const array = this.arrays[index];
      const sheet = this.sheets[index];
      const geo = this.geometry(index);
      if (this.stale) {
        const key = `${panel.digest}|${panel.kind}|${panel.low}|${panel.high}|${panel.tint}`;
        const one = this.made.get(key) ?? made.get(key) ?? picture(panel, array, this.maps);
        made.set(key, one);
        const view = panel.linked && this.camera.view;
        const { words, step, offset } = panel;
        const shown = JSON.stringify([key, words, step, offset, view, this.camera.size, this.parts.root.dataset.theme]);
        if (sheet.shown !== shown)
          paint(sheet.picture, panel, array, one, geo, this.camera.size, { line: this.colours.line });
        sheet.shown = shown;
        sheet.sheet.style.touchAction = panel.drag || !this.camera.fitted ? "none" : "pan-y";
      }
      const cell = this.shown(index);
      const box = this.box?.panel === index ? this.box : undefined;
      overlay(sheet.light, panel, geo, this.camera.size, {
        cursor: cell && { row: cell[0], col: cell[1] },
        box,
        colours: this.colours,
      });
      const text = cell ? reading(panel, array, cell) : "";
      const rest = panel.about || `${panel.size[0]} × ${panel.size[1]} pixels`;
      if (sheet.value.textContent !== (text || rest)) sheet.value.textContent = text || rest;
      sheet.value.classList.toggle("cnw-rest", !text);
    });
    if (this.stale) {
      this.made = made;
      this.stale = false;
      this.painted += 1;
      this.parts.root.dataset.painted = String(this.painted);
      this.parts.root.dataset.seq = String(this.head.seq);
    }
  }

  /** Say what the cursor is on, for those who do not see it. */
  speak() {
    const told = this.head.panels.map((panel, index) => {
      const cell = this.shown(index);
      return cell ? spoken(panel, this.arrays[index], cell) : "";
    });
    this.parts.live.textContent = `${told.filter(Boolean).join(". ")}.`;
  }

  /** @type {(index: number) => void} */
  save(index) {
    const panel = this.head.panels[index];
    download(picture(panel, this.arrays[index], this.maps).canvas, panel.title);
  }

  // To the server and back

  /** @type {(what: { set?: Record<string, string>, click?: number[], box?: number[] }) => void} */
  commit({ set = {}, click, box }) {
    for (const [name, value] of Object.entries(set)) this.held.set(name, value);
    if (click) this.click = click;
    if (box) this.drawn = box;
    this.talk.ask();
  }

  question() {
    this.sent = new Map(this.held);
    this.told = this.camera.text;
    const set = { ...Object.fromEntries(this.held), z: this.told };
    const asked = { set, click: this.click, box: this.drawn, have: known() };
    this.click = this.drawn = undefined;
    return asked;
  }

  answered() {
    for (const [name, value] of this.sent ?? []) if (this.held.get(name) === value) this.held.delete(name);
    this.sent = undefined;
  }
}

export default mounting(Viewer);
