// The viewer: pictures side by side with linked zoom and pan, their numbers, and quick controls.
// It draws codes that the server sent; it contains no image arithmetic.

import { mounting } from "../shared/component.js";
import { Talk } from "../shared/talk.js";
import { known, readMessage, say, textsAt } from "../shared/codes.js";
import { Camera, cellOf, cellUnder } from "./camera.js";
import { listen } from "./hands.js";
import { geometry, numbersFrom, overlay, paint, picture, rgb } from "./paint.js";
import { build, buildPanels, buildTools, Controls, label } from "./shell.js";

const REST = 350; // ms after the last movement before the view goes to the address
const STEP = 1.5;
const EASY_TYPE = 12; // css px: the size of the numbers that the button "Numbers" asks for

class Viewer {
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
    cancelAnimationFrame(this.frame);
  }

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
    const { head, arrays, missing } = await readMessage(data);
    if (data !== this.data) return; // a newer one is on its way
    this.talk.hear(head.seq);
    if (missing) this.talk.ask();
    else this.show(head, arrays);
  }

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
    this.head.panels.forEach((panel, index) => {
      label(this.sheets[index], panel, this.maps, (value) =>
        say(value, Math.abs(value) < 10 ? 3 : Math.abs(value) < 1000 ? 1 : 0, 5),
      );
    });
  }

  readTheme() {
    const { root } = this.parts;
    const probe = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
    const [r, g, b] = /^#[0-9a-f]{6}/i.test(probe)
      ? rgb(probe)
      : (probe.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
    const theme = 0.3 * r + 0.59 * g + 0.11 * b < 128 ? "dark" : "light";
    root.dataset.theme = theme;
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

  lookAt(row, col, zoom) {
    this.camera.lookAt(row, col, zoom);
    this.moved();
  }

  zoomAt(at, factor) {
    const used = this.camera.zoomAt(at, factor);
    this.moved();
    return used;
  }

  moved() {
    this.draw();
    this.rest();
  }

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

  hands(index) {
    const place = (at) => this.cellAt(index, at);
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

  geometry(index) {
    const panel = this.head.panels[index];
    const view = panel.linked ? this.camera.view : this.camera.whole(panel);
    return geometry(panel, this.arrays[index], view, this.camera.size);
  }

  /** The panel's cell under a point of its sheet, and the place of its middle on the shared picture. */
  cellAt(index, { x, y }) {
    const geo = this.geometry(index);
    const [row, col] = [geo.y.cell(y), geo.x.cell(x)];
    const [rows, cols] = this.head.panels[index].size;
    return row < 0 || col < 0 || row >= rows || col >= cols ? undefined : this.cellOf(index, row, col);
  }

  cellOf(index, row, col) {
    return cellOf(this.head.panels, index, row, col);
  }

  /** Which cell of a panel the cursor is on. */
  shown(index) {
    return this.cursor && cellUnder(this.head.panels, index, this.cursor);
  }

  point(cursor) {
    this.cursor = cursor;
    this.light();
  }

  choose({ panel, cell }) {
    if (this.head.panels[panel].click) this.commit({ click: [panel, ...cell] });
  }

  key(index, key, far) {
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (arrows[key]) {
      const [rows, cols] = this.head.panels[index].size;
      const now = this.shown(index) ?? this.middleOf(index);
      const moved = now.map((at, axis) =>
        Math.max(0, Math.min([rows, cols][axis] - 1, at + arrows[key][axis] * (far ? 10 : 1))),
      );
      this.cursor = { ...this.cellOf(index, ...moved), kept: true };
      this.follow(index);
      if (this.box?.open) this.stretch(index);
      this.light();
      this.speak();
      return true;
    }
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

  middleOf(index) {
    const geo = this.geometry(index);
    return [Math.floor((geo.y.first + geo.y.last) / 2), Math.floor((geo.x.first + geo.x.last) / 2)];
  }

  /** Keep the cursor in sight. */
  follow(index) {
    if (this.camera.fitted || !this.head.panels[index].linked) return;
    this.camera.follow(this.cursor);
    this.moved();
  }

  // Rectangles

  drag(index, from, to, done) {
    const geo = this.geometry(index);
    const [rows, cols] = this.head.panels[index].size;
    const span = (axis, a, b, count) => {
      const [low, high] = [axis.cell(Math.min(a, b)), axis.cell(Math.max(a, b))].map((at) =>
        Math.max(0, Math.min(count - 1, at)),
      );
      return [low, high - low + 1];
    };
    const [row, height] = span(geo.y, from.y, to.y, rows);
    const [col, width] = span(geo.x, from.x, to.x, cols);
    this.box = done ? undefined : { panel: index, row, col, height, width };
    this.light();
    if (done) this.commit({ box: [index, row, col, height, width] });
  }

  beginBox(index) {
    if (!this.head.panels[index].drag) return;
    const [row, col] = this.shown(index) ?? this.middleOf(index);
    this.cursor = { ...this.cellOf(index, row, col), kept: true };
    this.box = { panel: index, row, col, height: 1, width: 1, open: [row, col] };
    this.light();
  }

  stretch(index) {
    const [row, col] = this.cursor.cell;
    const [r, c] = this.box.open;
    const [height, width] = [Math.abs(row - r) + 1, Math.abs(col - c) + 1];
    this.box = { panel: index, row: Math.min(row, r), col: Math.min(col, c), height, width, open: this.box.open };
  }

  enter(index) {
    if (this.box?.open) {
      const { row, col, height, width } = this.box;
      this.box = undefined;
      this.light();
      this.commit({ box: [index, row, col, height, width] });
    } else if (this.shown(index)) this.choose(this.cellOf(index, ...this.shown(index)));
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
        const shown = JSON.stringify([
          key,
          panel.words,
          panel.step,
          panel.offset,
          panel.linked && this.camera.view,
          this.camera.size,
          this.parts.root.dataset.theme,
        ]);
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
      const text = cell ? this.reading(index, cell) : "";
      const rest = panel.about || `${panel.size[0]} × ${panel.size[1]} pixels`;
      if (sheet.value.textContent !== (text || rest)) sheet.value.textContent = text || rest;
      sheet.value.classList.toggle("cnw-rest", !text);
    });
    if (this.stale) {
      this.made = made;
      this.stale = false;
      this.painted += 1;
      this.parts.root.dataset.painted = this.painted;
      this.parts.root.dataset.seq = this.head.seq;
    }
  }

  reading(index, [row, col]) {
    const texts = textsAt(this.head.panels[index], this.arrays[index], row, col);
    const told = texts.length > 1 ? texts.map((text, channel) => `${"RGB"[channel]} ${text}`).join("  ") : texts[0];
    return `[${row}, ${col}] = ${told}`;
  }

  /** Say what the cursor is on, for those who do not see it. */
  speak() {
    const told = this.head.panels.map((panel, index) => {
      const cell = this.shown(index);
      return cell
        ? `${panel.title}, row ${cell[0]}, column ${cell[1]}: ${textsAt(panel, this.arrays[index], ...cell).join(", ")}`
        : undefined;
    });
    this.parts.live.textContent = `${told.filter(Boolean).join(". ")}.`;
  }

  save(index) {
    const panel = this.head.panels[index];
    const { canvas } = picture(panel, this.arrays[index], this.maps);
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${
        panel.title
          .replace(/[^\w]+/g, "-")
          .replace(/^-|-$/g, "")
          .toLowerCase() || "picture"
      }.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }

  // To the server and back

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
