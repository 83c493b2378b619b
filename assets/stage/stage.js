// The stage: grids side by side, controls beside them, and everything that one slider or one hover can reach
// already in the browser. It draws scenes that the server sent; it contains no convolution arithmetic.
//
// update(pack) -> state -> paint(): figure by Plotly, ink and light on canvases
// a control or a cell changes the state at once; when the hand rests, the state is committed to the server

import { BarHands } from "./bars.js";
import { mounting, penOf } from "../shared/component.js";
import { Controls } from "./controls.js";
import { drawInk, figure, prepare } from "./draw.js";
import { Editor, grids as gridFields } from "./hands.js";
import { arrange, cellAt, neededHeight } from "./layout.js";
import { drawLight } from "./light.js";
import { loadPlotly } from "../shared/library.js";
import { carried, inside, picked, pinned, redrawn, settled } from "./moves.js";
import { Album, patched, splitView, unpack } from "./pack.js";
import { Player } from "./player.js";
import { build } from "./shell.js";
import { sketch } from "./sketch.js";
import { describe } from "./text.js";
import { addressOf, keepEdits, keptEdits, Watch } from "./watch.js";

/** @import { Scene } from "./scene.js" */
/** @import { Found } from "./pack.js" */
/** @typedef {Config & { palette: Record<Theme, Palette> }} StageConfig */

const REST = 150; // ms after the last movement of a slider
const REST_VIEW = 600; // ms after the last step of the cursor: it changes nothing but the link
const PATIENCE = 400; // ms before the stage says that it waits

export class Stage {
  /** @type {StageConfig} */
  config;
  /** @type {PackWire} */
  pack;
  /** @type {Scene} */
  scene;
  /** @type {Layout} */
  layout;
  /** @type {Palette} */
  palette;
  /** @type {string} */
  font;
  /** @type {State} */
  spec;
  /** @type {State} */
  view;
  /** @type {Edit[]} */
  edits;
  /** @type {Map<string, string>} */
  moved;
  /** @type {Cursor | undefined} */
  cursor;
  /** @type {Pin | undefined} */
  pin;
  /** @type {CellOfGrid | undefined} */
  hover;
  /** @type {StreamlitComponent<Uint8Array<ArrayBuffer>>["setStateValue"]} */
  send;
  /** @type {Uint8Array<ArrayBuffer>} */
  data;
  /** @type {number | undefined} */
  arrival;
  /** @type {number | undefined} */
  resting;
  /** @type {string | undefined} */
  spokenShape;
  /** @type {number | undefined} */
  lightings;

  /**
   * @param {HTMLElement} parent
   * @param {StageConfig} config
   */
  constructor(parent, config) {
    this.config = config;
    this.album = new Album();
    this.spec = {};
    this.view = {};
    this.edits = [];
    this.moved = new Map();
    this.seq = 0;
    this.painted = 0;
    this.cursor = undefined;
    this.hover = undefined;
    this.parts = build(parent, config);
    this.parts.root.hidden = true;
    this.controls = new Controls(this.parts.places, (control, option, how) => this.pick(control, option, how));
    this.player = new Player(this.parts.player, {
      count: () => this.scene?.stepCount ?? 0,
      go: (step) => this.step(step),
    });
    this.watch = new Watch({
      again: () => this.ask(),
      giveUp: () => {
        keepEdits(this.edits);
        if (this.pack.home) window.location.reload();
        else window.location.replace(addressOf({ ...this.spec, ...this.view }));
      },
    });
    this.editor = new Editor(this.parts.plot, (cell, text) => this.edit(cell, text));
    this.fields = gridFields(this.parts.fields, this);
    this.bars = new BarHands(this.parts.fields, this);
    this.listen();
  }

  // What comes from the server

  /** @type {(component: StreamlitComponent<Uint8Array<ArrayBuffer>>) => Promise<void>} */
  async update({ data, setStateValue }) {
    this.send = setStateValue;
    this.readTheme();
    if (data === this.data) {
      this.paint();
      return;
    }
    this.data = data;
    const arrival = (this.arrival = (this.arrival ?? 0) + 1);
    const pack = await unpack(data);
    if (this.gone || arrival !== this.arrival) return;
    this.album.add(pack);
    this.pack = pack;
    if (pack.seq > this.seq && this.watch.waits) {
      this.seq = pack.seq; // a number of another session, which has not heard what was asked of the one before
      this.ask();
    }
    if (pack.seq >= this.seq && !this.resting) this.adopt(pack);
    else this.controls.update(this.withOwnValues(pack.controls));
    this.paint();
  }

  /**
   * Take over the server's state: it has answered everything that was asked.
   * @type {(pack: PackWire) => void}
   */
  adopt(pack) {
    const { spec, view } = splitView(pack.state);
    this.seq = pack.seq;
    this.watch.stop();
    this.spec = spec;
    if (view.at !== this.view.at) {
      this.cursor = undefined;
      this.pin = pinned(view.at);
    }
    this.view = view;
    this.edits = [];
    this.parts.say(pack.messages ?? []);
    this.moved.clear();
    this.refit = true; // not under a dragging hand, for which nothing may jump
    this.controls.update(pack.controls);
    if (!this.started) this.start();
  }

  start() {
    this.started = true;
    this.parts.root.hidden = false;
    if (this.view.view === "projector") this.parts.alone(true);
    this.edits = keptEdits();
    if (this.edits.length) this.commit(0);
  }

  /**
   * Controls of a pack that is behind: keep what the learner has moved since.
   * @type {(controls: StageControl[]) => StageControl[]}
   */
  withOwnValues(controls) {
    return controls.map((control) => ({ ...control, value: this.moved.get(control.name) ?? control.value }));
  }

  // What the learner does

  /** @type {(control: StageControl, option: ControlOption, how: string) => void} */
  pick(control, option, how) {
    this.moved.set(control.name, option.v);
    this.spec = picked(this.spec, this.base(), control, option);
    for (const [name, value] of Object.entries(option.also ?? {})) {
      this.moved.set(name, value);
      this.controls.set(name, value);
    }
    this.paint();
    this.commit(how === "drag" ? REST : 0);
  }

  /** The state that the pack's patches are relative to. */
  base() {
    return splitView(this.pack.state).spec;
  }

  /** @type {(key: string, value: string | null) => void} */
  look(key, value) {
    this.view = patched(this.view, { [key]: value });
    this.paint();
    this.commit(0);
  }

  /** @type {(patch: Patch) => void} */
  mend(patch) {
    this.spec = patched(this.base(), patch);
    this.paint();
    this.commit(0);
  }

  /** @type {(cell: CellOfGrid, text: string) => void} */
  edit({ grid, row, col }, text) {
    const data = this.scene.origin(grid, row, col);
    if (data.row === undefined) return;
    this.edits.push([grid, data.row, data.col, text]);
    this.paint();
    this.commit(0);
  }

  /**
   * Change cells while a hand moves over them: [row, col, text] of the data.
   * @type {(grid: string, cells: [row: number, col: number, text: string][]) => void}
   */
  draw(grid, cells) {
    this.edits = redrawn(this.edits, grid, cells);
    this.paint();
    this.commit(REST);
  }

  /** @type {(rest: number) => void} */
  commit(rest) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.ask();
      this.watch.start();
    }, rest);
  }

  ask() {
    this.seq += 1;
    this.send("commit", { seq: this.seq, state: { ...this.spec, ...this.view }, edits: this.edits });
  }

  // The cursor

  /**
   * Move the light to a cell: by hover, or for good.
   * @type {(cell: CellOfGrid | undefined, how?: { keep?: boolean, speak?: boolean }) => void}
   */
  point(cell, { keep = false, speak = false } = {}) {
    if (keep && cell) {
      this.hover = undefined;
      const { row, col } = this.scene.origin(cell.grid, cell.row, cell.col);
      this.cursor = row === undefined ? cell : { ...cell, data: { row, col } };
      this.view = patched(this.view, { at: row === undefined ? null : `${cell.grid}.${row}.${col}` });
      if (!this.player.playing) this.commit(REST_VIEW);
      this.showStep();
    } else {
      this.hover = cell;
    }
    this.light(speak);
  }

  /** @type {(number: number) => void} */
  step(number) {
    this.point(this.scene.stepCell(number), { keep: true, speak: !this.player.playing });
  }

  showStep() {
    const step = this.cursor && this.scene.stepOf(this.cursor);
    if (step !== undefined) this.player.show(step);
  }

  // Painting

  /** Paint the state. One repaint at a time: what comes in between is painted once, at the end. */
  async paint() {
    if (!this.started || this.gone) return;
    if (this.painting) {
      this.again = true;
      return;
    }
    this.painting = true;
    try {
      do {
        this.again = false;
        await this.paintOnce();
      } while (this.again && !this.gone);
    } catch (error) {
      this.parts.say(["The picture could not be drawn. Reload the page to go on."]);
      throw error;
    } finally {
      this.painting = false;
    }
  }

  async paintOnce() {
    const found = this.album.find(this.spec);
    this.parts.wait(!found, PATIENCE);
    this.parts.dim(!found || "error" in found);
    this.parts.fault(found?.error, (patch) => this.mend(patch));
    const scene = found?.scene ?? this.scene ?? this.album.ghost(this.pack);
    if (!scene) return;
    const kept = this.scene && this.cursor && !this.pin && scene !== this.scene;
    const at = kept && this.cursor ? carried(this.cursor, this.scene, scene) : (this.pin ?? this.cursor);
    this.scene = scene;
    this.cursor = settled(at, scene);
    this.pin = undefined;
    if (this.hover && !inside(scene, this.hover)) this.hover = undefined;
    this.parts.tall(Boolean(scene.tall));
    this.parts.tallPhone(Boolean(scene.tallPhone));
    if (this.refit) this.parts.fit(neededHeight(scene, this.parts.room().width));
    this.refit = false;
    const { width, height } = this.parts.room();
    const coverage = this.view.show === "coverage";
    this.layout = arrange(scene, width, height, this.parts.isAlone());
    const { tiles, data, layout, config } = figure(scene, this.layout, this.palette, coverage);
    const drawn = window.Plotly?.react(this.parts.chart, data, layout, config);
    this.parts.sketch.hidden = Boolean(drawn);
    if (!drawn) sketch(prepare(this.parts.sketch, width, height), tiles);
    const pen = prepare(this.parts.ink, width, height);
    drawInk(pen, scene, this.layout, this.palette, {
      font: this.font,
      coverage,
      pending: this.pendingTexts(),
      held: this.bars.held,
    });
    this.light(false);
    this.showWords(found);
    this.fields.place(this.layout);
    this.bars.place(this.layout);
    this.player.update();
    this.showStep();
    this.editor.hide();
    await drawn;
    this.painted += 1;
    this.parts.root.dataset.painted = String(this.painted);
    this.parts.root.dataset.renderer = drawn ? "plotly" : "sketch";
    if (!drawn) this.fetchPlotly();
  }

  /** Have Plotly take over once the sketch is on the screen; without a network the sketch does everything, too. */
  fetchPlotly() {
    requestAnimationFrame(() =>
      setTimeout(() => {
        if (!this.gone)
          loadPlotly(this.config.plotly).then(
            () => this.paint(),
            () => {},
          );
      }),
    );
  }

  /** @type {(found: Found | undefined) => void} */
  showWords(found) {
    const { scene } = this;
    this.parts.shape(found?.error ? "not possible" : scene.shape);
    this.parts.notes(scene.notes);
    this.parts.chart.setAttribute("aria-label", scene.alt);
    this.parts.coverage(this.view.show === "coverage");
    if (found?.scene && this.spokenShape !== scene.shape) {
      if (this.spokenShape) this.parts.speak(`${scene.alt} ${scene.notes.join(" ")}`);
      this.spokenShape = scene.shape;
    }
  }

  /** @type {(speak: boolean) => void} */
  light(speak) {
    const spot = this.hover ?? this.cursor;
    if (!this.layout || !spot) return;
    const pen = prepare(this.parts.light, this.layout.width, this.layout.height);
    const veil = prepare(this.parts.veil, this.layout.width, this.layout.height);
    drawLight(pen, veil, this.scene, this.layout, this.palette, spot, this.font, this.bars.held);
    const { html, speech } = describe(this.scene, spot);
    // eslint-disable-next-line no-unsanitized/property -- text.js writes the tags, and escapes all that it did not write
    this.parts.sum.innerHTML = html;
    if (speak) this.parts.speak(speech);
    this.lightings = (this.lightings ?? 0) + 1;
    this.parts.root.dataset.lit = String(this.lightings);
  }

  pendingTexts() {
    return new Map(this.edits.map(([grid, row, col, text]) => [`${grid}.${row}.${col}`, text]));
  }

  readTheme() {
    const style = getComputedStyle(this.parts.root);
    this.font = style.fontFamily;
    const probe = getComputedStyle(this.parts.root).getPropertyValue("--st-background-color") || "#ffffff";
    const dark = brightness(probe) < 0.5;
    this.parts.root.dataset.theme = dark ? "dark" : "light";
    this.palette = this.config.palette[dark ? "dark" : "light"];
  }

  listen() {
    const { parts } = this;
    parts.on({
      move: (x, y) => {
        const cell = this.layout && cellAt(this.layout, x, y);
        if (!cell && !this.hover) return;
        if (
          cell &&
          this.hover &&
          cell.grid === this.hover.grid &&
          cell.row === this.hover.row &&
          cell.col === this.hover.col
        )
          return;
        this.point(cell);
      },
      leave: () => this.hover && this.point(undefined),
      tap: (x, y, touch) => {
        const cell = this.layout && cellAt(this.layout, x, y);
        if (!cell) return;
        const again = this.cursor?.grid === cell.grid && this.cursor.row === cell.row && this.cursor.col === cell.col;
        this.player.pause();
        this.point(cell, { keep: true, speak: true });
        this.fields.focus(cell.grid);
        if (this.canEdit(cell) && (!touch || again)) this.openEditor(cell);
      },
      coverage: () => this.look("show", this.view.show === "coverage" ? null : "coverage"),
      alone: (on) => {
        this.view = patched(this.view, { view: on ? "projector" : null });
        this.paint();
        this.commit(REST_VIEW);
      },
      address: () => addressOf({ ...this.spec, ...this.view }, this.pack.home),
      resize: () => {
        this.refit = true;
        this.paint();
      },
    });
    document.fonts?.ready.then(() => this.paint());
  }

  /** @type {(cell: CellOfGrid) => boolean} */
  canEdit(cell) {
    return Boolean(this.scene.grid(cell.grid).edit) && !this.scene.isAdded(cell.grid, cell.row, cell.col);
  }

  /** @type {(cell: CellOfGrid, text?: string) => void} */
  openEditor(cell, text) {
    const place = this.layout.grids.get(cell.grid);
    if (!place) return;
    this.editor.open(place, cell, this.scene, text, (row, col) => {
      const next = { grid: cell.grid, row, col };
      if (inside(this.scene, next) && this.canEdit(next)) {
        this.point(next, { keep: true, speak: true });
        this.openEditor(next);
      } else {
        this.fields.focus(cell.grid);
      }
    });
  }

  destroy() {
    this.gone = true;
    this.player.pause();
    clearTimeout(this.resting);
    this.watch.stop();
    this.parts.destroy();
    if (this.parts.root.dataset.renderer === "plotly") window.Plotly?.purge(this.parts.chart);
  }
}

/** @type {(colour: string) => number} */
function brightness(colour) {
  const pen = penOf(document.createElement("canvas"));
  pen.fillStyle = colour.trim();
  const [r, g, b] = (pen.fillStyle.match(/[\da-f]{2}/gi) ?? ["ff", "ff", "ff"]).map((part) => parseInt(part, 16));
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

export default mounting(Stage);
