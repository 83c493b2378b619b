// A table of a network's layers with an input in every cell. What is typed goes to the server, which answers with the
// table as it is then; inputs stay the same elements, so that the keyboard keeps its place.

import { el, mounting } from "../shared/component.js";

const CSS = `
.cnv-sheet .scroll { overflow-x: auto; }
.cnv-sheet table { border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums; width: 100%; }
.cnv-sheet th, .cnv-sheet td { padding: 0.12rem 0.45rem 0.12rem 0; text-align: left; white-space: nowrap; border: 0;
  border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
.cnv-sheet thead th { font-size: 0.85rem; font-weight: 600; border-top: 0; }
.cnv-sheet td.n { text-align: right; }
.cnv-sheet tr.chosen { background: color-mix(in srgb, #2f6bd6 14%, transparent); }
.cnv-sheet tr.faulty { background: color-mix(in srgb, #d1242f 16%, transparent); }
.cnv-sheet input[type=text] { width: 3.9rem; font: inherit; color: inherit; padding: 0.2rem 0.4rem; border-radius: 0.4rem;
  background: color-mix(in srgb, currentColor 5%, transparent); min-height: 2rem; box-sizing: border-box;
  border: 1px solid color-mix(in srgb, currentColor 50%, transparent); }
.cnv-sheet input[aria-invalid=true] { border: 2px dashed #d1242f; }
.cnv-sheet input[type=checkbox] { width: 1.2rem; height: 1.2rem; margin: 0.4rem; }
.cnv-sheet button { font: inherit; color: inherit; background: transparent; cursor: pointer; min-height: 2rem;
  min-width: 2rem; border-radius: 0.4rem; padding: 0 0.35rem;
  border: 1px solid color-mix(in srgb, currentColor 26%, transparent); }
.cnv-sheet button:hover { border-color: currentColor; }
.cnv-sheet button.name { border-color: transparent; text-align: left; font-weight: 600; text-decoration: underline;
  text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: 3px;
  max-width: 14rem; overflow: hidden; text-overflow: ellipsis; }
.cnv-sheet label.new { display: inline-flex; gap: 0.5rem; align-items: center; margin: 0.5rem 0 0; }
.cnv-sheet select { font: inherit; color: inherit; min-height: 2.2rem; border-radius: 0.4rem; padding: 0 0.4rem;
  background: var(--paper); border: 1px solid color-mix(in srgb, currentColor 50%, transparent); }
.cnv-sheet .wrong { margin: 0.3rem 0 0; }
.cnv-sheet .wrong::before { content: "⚠ "; }`;

class Sheet {
  /** @type {SheetData} */
  data;
  /** @type {string} */
  sent;
  /** @type {number} */
  last;
  /** @type {Map<string, Line>} */
  rows;
  /** @type {[number, ...string[]][]} */
  waiting;
  /** @type {StreamlitComponent<string>["setStateValue"]} */
  send;
  /** @type {string} */
  heads;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.head = el("tr", {});
    this.body = el("tbody", {});
    this.wrong = el("div", { "aria-live": "polite" });
    this.kind = el("select", { name: "kind" });
    this.rows = new Map();
    this.waiting = [];
    this.root = el(
      "section",
      { class: "cnv-sheet", "data-cnnviz": "sheet", "aria-label": "The layers as a table" },
      this.wrong,
      el(
        "div",
        { class: "scroll", tabindex: "0", role: "region", "aria-label": "Layers and their settings" },
        el("table", {}, el("thead", {}, this.head), this.body),
      ),
      el("label", { class: "new" }, "+ adds behind a layer:", this.kind),
    );
    this.root.hidden = true;
    parent.append(el("style", {}, CSS), this.root);
  }

  /** @type {(component: StreamlitComponent<string>) => void} */
  update({ data, setStateValue }) {
    this.send = setStateValue;
    if (data === this.sent) return;
    this.sent = data;
    this.data = JSON.parse(data);
    this.last = Math.max(this.last ?? 0, this.data.seq);
    this.waiting = this.waiting.filter(([number]) => number > this.data.seq);
    this.root.style.setProperty("--paper", this.data.paper);
    if (this.kind.options.length !== this.data.kinds.length) {
      this.kind.replaceChildren(...this.data.kinds.map(([value, title]) => el("option", { value }, title)));
    }
    this.root.hidden = false;
    this.draw();
    this.root.dataset.painted = String(Number(this.root.dataset.painted ?? 0) + 1);
  }

  /**
   * Ask for something; what the server has not answered yet is sent again with it.
   * @type {(...what: string[]) => void}
   */
  ask(...what) {
    this.last += 1;
    this.waiting.push([this.last, ...what]);
    this.send("commit", { seq: this.last, asked: this.waiting });
  }

  draw() {
    const { columns, rows, wrong } = this.data;
    const heads = ["Layer", "What it is", ...columns.map(([, title]) => title), "Output", "Parameters", "Change"];
    if (this.heads !== heads.join()) {
      this.heads = heads.join();
      this.head.replaceChildren(...heads.map((title) => el("th", { scope: "col" }, title)));
      this.rows.clear();
      this.body.replaceChildren();
    }
    const keys = new Set(rows.map((row) => row.id));
    const here = this.body.contains(document.activeElement);
    for (const [id, line] of this.rows) {
      if (!keys.has(id)) {
        line.node.remove();
        this.rows.delete(id);
      }
    }
    /** @type {HTMLElement | undefined} */
    let before;
    for (const row of rows) {
      const line = this.rows.get(row.id) ?? new Line(this, row);
      this.rows.set(row.id, line);
      /** @type {ChildNode | null} */
      const wanted = before ? before.nextSibling : this.body.firstChild;
      if (wanted !== line.node) this.body.insertBefore(line.node, wanted);
      line.update(row);
      before = line.node;
    }
    if (here && !this.body.contains(document.activeElement)) {
      /** @type {HTMLElement | null} */ (this.body.querySelector("[aria-current] button"))?.focus(); // the keyboard was on a line that is gone
    }
    this.wrong.replaceChildren(...wrong.map((sentence) => el("p", { class: "wrong" }, sentence)));
  }
}

class Line {
  /** @type {Map<string, HTMLInputElement>} */
  cells;
  /** @type {Map<string, string>} */
  shown;

  /**
   * @param {Sheet} sheet
   * @param {SheetRow} row
   */
  constructor(sheet, row) {
    this.sheet = sheet;
    this.key = row.key;
    this.cells = new Map();
    this.shown = new Map();
    this.name = el("button", {
      type: "button",
      class: "name",
      onclick: () => this.sheet.ask(row.folded ? "open" : "choose", this.key),
    });
    this.what = el("td", {});
    this.shape = el("td", {});
    this.params = el("td", { class: "n" });
    /** @type {(sign: string, title: string, act: () => void) => HTMLButtonElement} */
    const button = (sign, title, act) =>
      el(
        "button",
        { type: "button", title: `${title} ${row.name}`, "aria-label": `${title} ${row.name}`, onclick: act },
        sign,
      );
    const buttons = row.folded
      ? [button("⊞", "Open", () => sheet.ask("open", this.key))]
      : [
          button("+", "Add a layer behind", () => sheet.ask("add", this.key, sheet.kind.value)),
          ...(row.input
            ? []
            : [
                button("↑", "Move up", () => sheet.ask("up", this.key)),
                button("↓", "Move down", () => sheet.ask("down", this.key)),
                button("✕", "Remove", () => sheet.ask("remove", this.key)),
              ]),
        ];
    this.node = el(
      "tr",
      {},
      el("td", {}, this.name),
      this.what,
      ...sheet.data.columns.map(([column, title]) => el("td", {}, this.cell(row, column, title))),
      this.shape,
      this.params,
      el("td", {}, ...buttons.flatMap((one) => [one, " "])),
    );
  }

  /** @type {(row: SheetRow, column: string, title: string) => HTMLInputElement | string} */
  cell(row, column, title) {
    const have = row.cells[column];
    if (!have) return "";
    const flag = have.form === "flag";
    const label = `${title} of ${row.name}`;
    const input = el("input", {
      type: flag ? "checkbox" : "text",
      "aria-label": label,
      autocomplete: "off",
      spellcheck: "false",
      name: `${row.key} ${column}`,
    });
    input.onchange = () => {
      this.shown.set(column, input.value); // typed, and asked for: what is answered may take its place
      this.sheet.ask("set", this.key, column, flag ? String(Number(input.checked)) : input.value);
    };
    this.cells.set(column, input);
    return input;
  }

  /** @type {(row: SheetRow) => void} */
  update(row) {
    this.name.textContent = row.name;
    this.name.title = row.folded ? `Open ${row.name}` : `Choose ${row.name}`;
    this.node.className = row.faulty ? "faulty" : row.chosen ? "chosen" : "";
    if (row.chosen) this.node.setAttribute("aria-current", "true");
    else this.node.removeAttribute("aria-current");
    this.what.textContent = row.what;
    this.shape.textContent = row.shape;
    this.params.textContent = row.params;
    for (const [column, input] of this.cells) {
      const have = row.cells[column];
      const asked = this.sheet.waiting.some(
        ([, act, key, name]) => act === "set" && key === this.key && name === column,
      );
      const typing = document.activeElement === input && input.value !== this.shown.get(column);
      if (!asked && !typing) {
        if (have.form === "flag") input.checked = have.text === "1";
        else input.value = have.text;
        this.shown.set(column, input.value); // not what a hand is typing, however often an answer arrives meanwhile
      }
      if (have.wrong) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
}

export default mounting(Sheet);
