// The wall of maps: every layer's maps as tiles, the picture and the scores. It draws codes that the server sent.

import { el, mounting } from "../shared/component.js";
import { layouts, paintPicture, paintRow, place, ramp } from "./paint.js";
import { build, buildRow, labelRow, labelTiles, showLegend, showScores, showTools } from "./shell.js";
import { takeTheme } from "../shared/theme.js";
import { Talk } from "../shared/talk.js";
import { known, readMessage, say } from "../shared/codes.js";

/** @import { RowPlace } from "./paint.js" */
/** @import { RowNode } from "./shell.js" */
/** @typedef {Config & { maps_of: Record<Theme, ColourMaps> }} WallConfig */
/** @typedef {{ row: MapRow, array: CodedArray }} Row */
/** @typedef {{ row: number, tile: number, r: number, c: number }} TileCell */
/** @typedef {{ tile: number, r: number, c: number, whole?: true }} Frame */

/** @type {("signed" | "score")[]} */
const KINDS = ["signed", "score"];
const LOST = 6000; // ms after which an answer is not waited for any longer: large networks take their time
const ABOVE = 330; // css px that stand above the wall on a page
const NARROW_ROOM = 1e4;
const ROOM = 460; // css px: the least that rows are fitted into
const LONG_NAME = 12; // characters

class Wall {
  /** @type {WallConfig} */
  config;
  /** @type {WallHead} */
  head;
  /** @type {Row[]} */
  rows;
  /** @type {RowNode[]} */
  nodes;
  /** @type {{ canvas: HTMLCanvasElement, title: HTMLElement }[]} */
  pictures;
  /** @type {RowPlace[]} */
  places = [];
  /** @type {Map<string, string>} */
  held;
  /** @type {Uint8Array<ArrayBuffer>} */
  data;
  /** @type {Theme} */
  theme;
  /** @type {ColourMaps} */
  maps;
  /** @type {Record<string, Uint32Array>} */
  tables;
  /** @type {number} */
  width;
  /** @type {number | undefined} */
  frame;
  /** @type {TileCell | undefined} */
  cell;
  /** @type {number | undefined} */
  unit;

  /**
   * @param {HTMLElement} parent
   * @param {WallConfig} config
   */
  constructor(parent, config) {
    this.config = config;
    this.parts = build(parent, config.css);
    this.nodes = [];
    this.pictures = [];
    this.talk = new Talk({ question: () => this.question(), wait: this.parts.wait, lost: LOST });
    this.painted = 0;
    this.held = new Map();
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.parts.rows);
    this.parts.rows.onkeydown = (event) => this.key(event);
    this.parts.rows.onpointermove = (event) => {
      if (event.pointerType !== "touch") this.hover(event);
    };
    this.parts.rows.onpointerleave = () => this.point(undefined);
    this.parts.rows.onclick = (event) => this.click(event);
    this.parts.rows.addEventListener("focusin", (event) => this.focused(event.target));
  }

  destroy() {
    this.watcher.disconnect();
    this.talk.stop();
    if (this.frame) cancelAnimationFrame(this.frame);
  }

  /** @type {(component: StreamlitComponent<Uint8Array<ArrayBuffer>>) => Promise<void>} */
  async update({ data, setStateValue }) {
    this.talk.setStateValue = setStateValue;
    this.readTheme();
    if (data === this.data) {
      this.draw();
      return;
    }
    this.data = data;
    /** @type {Message<WallHead>} */
    const { head, arrays, missing } = await readMessage(data);
    if (data !== this.data) return; // a newer one is on its way
    this.talk.hear(head.seq);
    if (missing) this.talk.ask();
    else this.show(head, arrays);
  }

  /** @type {(head: WallHead, arrays: CodedArray[]) => void} */
  show(head, arrays) {
    this.head = head;
    const { parts } = this;
    const all = head.panels.map((row, index) => ({ row, array: arrays[index] }));
    this.rows = all.filter(({ row }) => row.form !== "picture");
    const shown = all.filter(({ row }) => row.form === "picture");
    parts.root.setAttribute("aria-label", head.label);
    parts.root.dataset.plain = head.plain ? "1" : "";
    parts.root.dataset.long = this.rows.some(({ row }) => !row.inset && row.title.length > LONG_NAME) ? "1" : "";
    this.showPictures(shown);
    showTools(parts, head, { toggle: (key) => this.commit({ toggle: key }), all: () => this.commit({ off: "" }) });
    showScores(parts.scores, head.scores);
    for (const node of this.nodes.splice(this.rows.length)) node.root.remove();
    while (this.nodes.length < this.rows.length) {
      const node = buildRow();
      this.nodes.push(node);
      parts.rows.append(node.root);
    }
    this.rows.forEach(({ row }, index) => {
      labelRow(this.nodes[index], row);
      labelTiles(this.nodes[index], row, head.channel);
    });
    this.rove();
    this.point(undefined);
    this.draw();
  }

  /** @type {(shown: Row[]) => void} */
  showPictures(shown) {
    const { pictures } = this.parts;
    if (this.pictures.length !== shown.length) {
      this.pictures = shown.map(() => ({ canvas: el("canvas", { role: "img" }), title: el("figcaption") }));
      pictures.replaceChildren(...this.pictures.map(({ canvas, title }) => el("figure", {}, canvas, title)));
    }
    shown.forEach(({ row, array }, index) => {
      const { canvas, title } = this.pictures[index];
      title.textContent = row.title;
      canvas.setAttribute("aria-label", row.alt);
      paintPicture(canvas, row, array);
    });
    this.parts.left.hidden = Boolean(this.head.plain);
    this.parts.root.dataset.narrow = shown.length ? "" : "1";
  }

  readTheme() {
    this.theme = takeTheme(this.parts.root);
    this.maps = this.config.maps_of[this.theme];
    this.tables = Object.fromEntries(Object.entries(this.maps).map(([kind, stops]) => [kind, ramp(stops)]));
  }

  resize() {
    const width = this.parts.rows.clientWidth;
    if (this.head && width && width !== this.width) this.draw();
  }

  draw() {
    if (!this.head) return;
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.paint();
    });
  }

  paint() {
    const { parts } = this;
    this.width = parts.rows.clientWidth;
    const first = this.nodes[0];
    const narrow = getComputedStyle(first.root).flexDirection === "column";
    const width = Math.max(120, narrow ? this.width : first.tiles.clientWidth);
    const room = Math.max(ROOM, window.innerHeight - ABOVE) - (this.head.plain ? 140 : 0);
    const { places, space } = layouts(
      this.rows.map(({ row }) => row),
      width,
      narrow ? NARROW_ROOM : room,
    );
    this.places = places;
    parts.rows.style.setProperty("--space", `${space}px`);
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    this.rows.forEach(({ row, array }, index) => {
      const at = places[index];
      const node = this.nodes[index];
      paintRow(node.canvas, row, array, at, this.tables[row.kind], { ratio, theme: this.theme });
      node.buttons.forEach((button, tile) => {
        const { x, y } = row.form === "cells" ? { x: 0, y: 0 } : place(at, tile);
        const [wide, high] = row.form === "cells" ? [at.width, at.height] : [at.across, at.down];
        button.style.cssText = `left:${x}px;top:${y}px;width:${wide}px;height:${high}px`;
      });
    });
    showLegend(
      parts.legend,
      KINDS.filter((kind) => this.rows.some(({ row }) => row.kind === kind)),
      this.maps,
      this.head.colours,
    );
    this.painted += 1;
    parts.root.dataset.painted = String(this.painted);
    parts.root.dataset.seq = String(this.head.seq);
  }

  // Hands

  /**
   * The row and the tile of a button.
   * @type {(target: EventTarget | null) => { row: number, tile: number, button: HTMLButtonElement } | undefined}
   */
  find(target) {
    const button = target instanceof Element ? target.closest(".cnm-tile") : undefined;
    if (!(button instanceof HTMLButtonElement)) return undefined;
    const row = this.nodes.findIndex((node) => node.buttons.includes(button));
    return row < 0 ? undefined : { row, tile: this.nodes[row].buttons.indexOf(button), button };
  }

  /**
   * The cell under the mouse: its row on the wall, its tile, and its place in the map.
   * @type {(event: MouseEvent) => TileCell | undefined}
   */
  cellAt(event) {
    const found = this.find(event.target);
    if (!found) return undefined;
    const { row } = this.rows[found.row];
    const at = this.places[found.row];
    if (!at) return undefined;
    const box = found.button.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (row.form === "cells") {
      const tile = Math.floor(y / (at.down + (at.between ?? 0))) * at.line + Math.floor(x / at.across);
      return tile < row.numbers.length && x < at.line * at.across ? { row: found.row, tile, r: 0, c: tile } : undefined;
    }
    const [high, wide] = row.size;
    /** @type {(value: number, most: number) => number} */
    const clamp = (value, most) => Math.max(0, Math.min(most - 1, value));
    return {
      row: found.row,
      tile: found.tile,
      r: clamp(Math.floor((y / box.height) * high), high),
      c: clamp(Math.floor((x / box.width) * wide), wide),
    };
  }

  /** @type {(event: MouseEvent) => void} */
  hover(event) {
    this.point(this.cellAt(event));
  }

  /**
   * Show a cell everywhere: its frame, in linked rows too, and its number.
   * @type {(cell: TileCell | undefined) => void}
   */
  point(cell) {
    this.cell = cell;
    this.nodes.forEach((node, index) => {
      const here = cell && (cell.row === index ? cell : this.linked(cell, index));
      node.cursor.hidden = !here;
      if (here) this.frameAt(node, index, here);
    });
    const text = cell ? this.reading(cell) : (this.head?.hint ?? "");
    if (this.parts.readout.textContent !== text) this.parts.readout.textContent = text;
    this.parts.readout.classList.toggle("cnm-rest", !cell);
  }

  /** @type {(node: RowNode, index: number, frame: Frame) => void} */
  frameAt(node, index, { tile, r, c, whole }) {
    const { row } = this.rows[index];
    const at = this.places[index];
    if (!at) return;
    const { x, y } = place(at, tile);
    const [high, wide] = row.size;
    const [w, h] = row.form === "cells" || whole ? [at.across, at.down] : [at.across / wide, at.down / high];
    const [left, top] = row.form === "cells" || whole ? [x, y] : [x + c * w, y + r * h];
    node.cursor.style.cssText = `left:${left - 2}px;top:${top - 2}px;width:${w + 4}px;height:${h + 4}px`;
  }

  /**
   * The same cell in a linked row: maps one after another are the flattened row.
   * @type {(cell: TileCell, index: number) => Frame | undefined}
   */
  linked(cell, index) {
    const [one, other] = [this.rows[cell.row].row, this.rows[index].row];
    if (!one.linked || one.linked !== other.linked) return undefined;
    if (one.form === other.form) return cell;
    const [maps, cells] = one.form === "maps" ? [one, other] : [other, one];
    const [high, wide] = maps.size;
    const flat = cells.numbers.length === maps.numbers.length * high * wide;
    if (one.form === "maps")
      return { tile: flat ? (cell.tile * high + cell.r) * wide + cell.c : cell.tile, r: 0, c: 0 };
    if (!flat) return { tile: cell.tile, r: 0, c: 0, whole: true };
    const inside = cell.tile % (high * wide);
    return { tile: Math.floor(cell.tile / (high * wide)), r: Math.floor(inside / wide), c: inside % wide };
  }

  /** @type {(cell: TileCell) => string} */
  reading({ row: index, tile, r, c }) {
    const { row, array } = this.rows[index];
    const cells = row.form === "cells";
    const plane = array.planes[cells ? 0 : tile];
    const value = say(plane[cells ? tile : r * row.size[1] + c] / 10 ** array.decimals, array.decimals);
    const number = row.numbers[tile];
    if (cells) return `${row.title}[${number}] = ${value}`;
    if (row.block > 1)
      return `${row.title}, map ${number}: about ${value} (mean of ${row.block}×${row.block} cells from row ${r * row.block}, column ${c * row.block})`;
    return `${row.title}, map ${number}, row ${r}, column ${c} = ${value}`;
  }

  /** @type {(event: MouseEvent) => void} */
  click(event) {
    const found = this.find(event.target);
    if (!found) return;
    const { row } = this.rows[found.row];
    const byHand = event.detail > 0;
    const cell = byHand ? this.cellAt(event) : undefined;
    if (byHand && cell) this.point(cell);
    if (!row.layer) return;
    const tile = row.form === "cells" ? (cell?.tile ?? this.unit ?? 0) : found.tile;
    const number = row.numbers[tile];
    const again = row.chosen && row.form === "maps" && number === this.head.channel && cell;
    this.commit({
      layer: row.layer,
      c: String(number),
      at: again ? `${cell.r * row.block}.${cell.c * row.block}` : "",
    });
  }

  /**
   * One tile of the wall is a stop of the Tab key: the one that had the focus last, or the chosen one.
   * @type {(target?: HTMLButtonElement) => void}
   */
  rove(target) {
    const all = this.nodes.flatMap((node) => node.buttons);
    const stop =
      target ??
      all.find((button) => button === document.activeElement) ??
      all.find((button) => button.dataset.chosen) ??
      all[0];
    for (const button of all) button.tabIndex = button === stop ? 0 : -1;
  }

  /** @type {(target: EventTarget | null) => void} */
  focused(target) {
    const found = this.find(target);
    if (!found) return;
    this.rove(found.button);
    this.unit = 0;
  }

  /** @type {(event: KeyboardEvent) => void} */
  key(event) {
    const found = this.find(event.target);
    if (!found || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row } = this.rows[found.row];
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "x" && row.layer) {
      const number = row.numbers[row.form === "cells" ? (this.unit ?? 0) : found.tile];
      this.commit({ toggle: `${row.layer}.${number}` });
    } else if (!this.move(key, found, row)) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own
  }

  /** @type {(key: string, found: { row: number, tile: number }, row: MapRow) => boolean} */
  move(key, { row: index, tile }, row) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const count = row.numbers.length;
    if (row.form === "cells" && (step || key === "Home" || key === "End")) {
      this.unit =
        key === "Home"
          ? 0
          : key === "End"
            ? count - 1
            : Math.max(0, Math.min(count - 1, (this.unit ?? 0) + (step ?? 0)));
      const cell = { row: index, tile: this.unit, r: 0, c: this.unit };
      this.point(cell);
      this.parts.live.textContent = this.reading(cell);
      return true;
    }
    if (step) return this.go(index, tile + step);
    if (key === "Home" || key === "End") return this.go(index, key === "Home" ? 0 : count - 1);
    const down = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!down) return false;
    const { line } = this.places[index];
    const inside = tile + down * line;
    if (row.form === "maps" && inside >= 0 && inside < count) return this.go(index, inside);
    const next = this.nodes[index + down];
    if (!next) return true;
    const x = row.form === "cells" ? 0 : place(this.places[index], tile).x;
    const target = this.places[index + down];
    const column = Math.min(target.line - 1, Math.round(x / (target.across + target.gap)));
    const last = next.buttons.length - 1;
    return this.go(
      index + down,
      Math.min(last, down > 0 ? column : Math.floor(last / target.line) * target.line + column),
    );
  }

  /** @type {(index: number, tile: number) => boolean} */
  go(index, tile) {
    const { buttons } = this.nodes[index];
    const button = buttons[Math.max(0, Math.min(buttons.length - 1, tile))];
    button.focus();
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // To the server and back

  /** @type {(set: Record<string, string>) => void} */
  commit(set) {
    for (const [name, value] of Object.entries(set)) this.held.set(name, value);
    this.talk.ask();
  }

  question() {
    const set = Object.fromEntries(this.held);
    this.held.clear();
    return { set, have: known() };
  }
}

export default mounting(Wall);
