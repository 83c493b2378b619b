// Hands on the grids: a keyboard field over each grid, and the editor of one cell.

import { el } from "../shared/component.js";
import { cellText } from "./text.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {Pick<import("./stage.js").Stage, "scene" | "cursor" | "point" | "player" | "canEdit" | "openEditor">} HandsStage */

/** @type {Record<string, Pair>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * One focusable field a grid: arrow keys step, Enter or a digit edits, space plays.
 * @param {HTMLElement} container
 * @param {HandsStage} stage
 */
export function grids(container, stage) {
  /** @type {Map<string, HTMLElement>} */
  const fields = new Map();

  /** @type {(name: string) => HTMLElement} */
  function field(name) {
    const node = el("div", { class: "cnv-field", tabindex: "0", role: "application", "data-grid": name });
    node.onkeydown = (event) => onKey(name, event);
    node.onfocus = () => {
      node.dataset.keys = node.matches(":focus-visible") ? "1" : "";
      const cell = stage.cursor?.grid === name ? stage.cursor : firstCell(name);
      if (node.dataset.keys) stage.point(cell, { keep: true, speak: true });
    };
    container.append(node);
    return node;
  }

  /** @type {(name: string) => CellOfGrid} */
  function firstCell(name) {
    const { ring } = stage.scene.grid(name);
    return { grid: name, row: ring[0], col: ring[2] };
  }

  /** @type {(name: string, event: KeyboardEvent) => void} */
  function onKey(name, event) {
    const cell = stage.cursor?.grid === name ? stage.cursor : firstCell(name);
    const grid = stage.scene.grid(name);
    /** @type {(row: number, col: number) => void} */
    const go = (row, col) => {
      event.preventDefault();
      stage.player.pause();
      const inRow = Math.max(0, Math.min(grid.rows - 1, row));
      stage.point(
        { grid: name, row: inRow, col: Math.max(0, Math.min(grid.cols - 1, col)) },
        { keep: true, speak: true },
      );
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) go(cell.row + ARROWS[event.key][0], cell.col + ARROWS[event.key][1]);
    else if (event.key === "Home") go(cell.row, 0);
    else if (event.key === "End") go(cell.row, grid.cols - 1);
    else if (event.key === "PageUp") go(0, cell.col);
    else if (event.key === "PageDown") go(grid.rows - 1, cell.col);
    else if (event.key === " ") {
      event.preventDefault();
      stage.player.toggle();
    } else if (stage.canEdit(cell) && (event.key === "Enter" || event.key === "F2" || /^[-\d.,]$/.test(event.key))) {
      event.preventDefault();
      stage.openEditor(cell, /^[-\d.,]$/.test(event.key) ? event.key : undefined);
    }
  }

  return {
    /** @type {(layout: Layout) => void} */
    place(layout) {
      for (const [name, node] of fields) {
        if (!layout.grids.has(name)) {
          node.remove();
          fields.delete(name);
        }
      }
      for (const { name, grid, left, top, cell } of layout.grids.values()) {
        const node = fields.get(name) ?? field(name);
        fields.set(name, node);
        Object.assign(node.style, {
          left: `${left}px`,
          top: `${top}px`,
          width: `${grid.cols * cell}px`,
          height: `${grid.rows * cell}px`,
        });
        const [above, below, before, after] = grid.ring;
        const edit = grid.edit ? ", Enter edits a cell" : "";
        const size = `${grid.rows - above - below} by ${grid.cols - before - after}`;
        node.setAttribute("aria-label", `${grid.title}, ${size}. Arrow keys step, space plays${edit}.`);
      }
    },
    /** @type {(name: string) => void} */
    focus(name) {
      fields.get(name)?.focus({ preventScroll: true });
    },
  };
}

/** The editor of one cell: Enter keeps, Tab keeps and goes on, Escape leaves the cell as it was. */
export class Editor {
  /** @type {CellOfGrid | undefined} */
  cell;
  /** @type {string} */
  old;

  /**
   * @param {HTMLElement} container
   * @param {(cell: CellOfGrid, text: string) => void} onEdit
   */
  constructor(container, onEdit) {
    this.onEdit = onEdit;
    this.input = el("input", {
      type: "text",
      class: "cnv-editor",
      inputmode: "text",
      autocomplete: "off",
      maxlength: "32",
      hidden: true,
      "aria-label": "Number in this cell",
    });
    container.append(this.input);
    this.input.onblur = () => this.close(true);
  }

  /** @type {(place: GridPlace, cell: CellOfGrid, scene: Scene, text: string | undefined, onNext: (row: number, col: number) => void) => void} */
  open({ grid, left, top, cell }, { grid: name, row, col }, scene, text, onNext) {
    this.close(true);
    const old = cellText(grid, row * grid.cols + col, 9).replace("\u2212", "-");
    const width = Math.max(cell, 58);
    this.cell = { grid: name, row, col };
    this.old = old;
    this.input.value = text ?? old;
    this.input.hidden = false;
    Object.assign(this.input.style, {
      left: `${Math.max(0, left + (col + 0.5) * cell - width / 2)}px`,
      top: `${top + (row + 0.5) * cell - Math.max(cell, 30) / 2}px`,
      width: `${width}px`,
      height: `${Math.max(cell, 30)}px`,
    });
    this.input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        const by = event.key === "Enter" ? 0 : event.shiftKey ? -1 : 1;
        this.close(true);
        onNext(row, by ? col + by : -1);
      } else if (event.key === "Escape") {
        this.close(false);
        onNext(-1, -1);
      }
    };
    this.input.focus();
    if (text === undefined) this.input.select();
  }

  /** @type {(keep: boolean) => void} */
  close(keep) {
    if (!this.cell) return;
    const { cell, old } = this;
    const text = this.input.value.trim();
    this.cell = undefined;
    this.input.hidden = true;
    if (keep && text !== "" && text !== old) this.onEdit(cell, text);
  }

  /** A repaint moves cells: an open editor keeps what was typed only if its cell stayed. */
  hide() {
    if (this.cell && document.activeElement !== this.input) this.close(false);
  }
}
