// The controls of a stage, drawn by their kind. They only say what was asked for: `onPick(control, option, live)`.

import { el } from "../shared/component.js";

/** @typedef {"drag" | "rest" | "click"} How */
/** @typedef {(option: ControlOption | undefined, how: How) => void} Pick */
/** @typedef {{ node: HTMLElement, set(text: string): void, update(control: StageControl): void }} Built */
/** @typedef {Built & { kind: ControlKind, control: StageControl }} Entry */

/** @type {Record<ControlKind, (pick: Pick) => Built>} */
const BUILDERS = { slider, choice, select, switch: switchControl, button };

/**
 * Draw the controls into their places, reusing what is there: a slider that is being dragged must stay the same
 * element. `places` maps a control's kind to its container.
 */
export class Controls {
  /**
   * @param {Record<ControlKind, HTMLElement>} places
   * @param {(control: StageControl, option: ControlOption, how: How) => void} onPick
   */
  constructor(places, onPick) {
    this.places = places;
    this.onPick = onPick;
    /** @type {Map<string, Entry>} */
    this.shown = new Map();
  }

  /** @type {(controls: StageControl[]) => void} */
  update(controls) {
    const names = new Set(controls.map((control) => control.name));
    for (const [name, entry] of this.shown) {
      if (!names.has(name)) {
        entry.node.remove();
        this.shown.delete(name);
      }
    }
    /** @type {Map<HTMLElement, HTMLElement>} */
    const last = new Map();
    for (const control of controls) {
      let entry = this.shown.get(control.name);
      if (!entry || entry.kind !== control.kind) {
        entry?.node.remove();
        entry = this.built(control);
        this.shown.set(control.name, entry);
      }
      entry.control = control;
      entry.update(control);
      const place = this.places[control.kind];
      const before = last.get(place);
      const wanted = before ? before.nextSibling : place.firstChild;
      if (wanted !== entry.node) place.insertBefore(entry.node, wanted);
      last.set(place, entry.node);
    }
  }

  /** @type {(control: StageControl) => Entry} */
  built(control) {
    const entry = {
      kind: control.kind,
      control,
      ...BUILDERS[control.kind]((option, how) => {
        if (option) this.onPick(entry.control, option, how);
      }),
    };
    return entry;
  }

  /**
   * Move a control without asking anybody: what the learner did, or a preset that changes several.
   * @type {(name: string, value: string) => void}
   */
  set(name, value) {
    this.shown.get(name)?.set(String(value));
  }
}

/** @type {(option: ControlOption) => string} */
const labelOf = (option) => option.label ?? option.v;

/** @type {(pick: Pick) => Built} */
function slider(pick) {
  const value = el("span", { class: "cnv-value" });
  const name = el("span", { class: "cnv-label" });
  const input = el("input", { type: "range", step: "1" });
  const ticks = el("span", { class: "cnv-ticks", "aria-hidden": "true" });
  const node = el("label", { class: "cnv-slider" }, el("span", { class: "cnv-head" }, name, value), input, ticks);
  /** @type {ControlOption[]} */
  let options = [];
  const showValue = () => {
    value.textContent = input.value;
    const option = options[Number(input.value) - Number(input.min)];
    input.setAttribute("aria-valuetext", option && "error" in option ? `${input.value}, not possible` : input.value);
  };
  input.oninput = () => {
    showValue();
    pick(options[Number(input.value) - Number(input.min)], "drag");
  };
  input.onchange = () => pick(options[Number(input.value) - Number(input.min)], "rest");
  return {
    node,
    set(text) {
      if (input.value !== text) input.value = text;
      showValue();
    },
    update(control) {
      options = control.options;
      name.textContent = control.label;
      input.name = control.name;
      input.setAttribute("aria-label", control.label);
      input.min = options[0].v;
      input.max = options[options.length - 1].v;
      this.set(control.value);
      ticks.replaceChildren(...options.map((option) => el("i", { class: "error" in option ? "cnv-no" : "" })));
    },
  };
}

/** @type {(pick: Pick) => Built} */
function choice(pick) {
  const legend = el("legend", { class: "cnv-label" });
  const row = el("div", { class: "cnv-options" });
  const node = el("fieldset", { class: "cnv-choice" }, legend, row);
  const group = `cnv-${Math.random().toString(36).slice(2)}`;
  /** @type {Map<string, HTMLInputElement>} */
  let inputs = new Map();
  return {
    node,
    set(text) {
      const input = inputs.get(text);
      if (input) input.checked = true;
      else for (const other of inputs.values()) other.checked = false;
    },
    update(control) {
      legend.textContent = control.label;
      node.title = control.help ?? "";
      const same = inputs.size === control.options.length && control.options.every((option) => inputs.has(option.v));
      if (!same) {
        inputs = new Map();
        row.replaceChildren(
          ...control.options.map((option) => {
            const input = el("input", { type: "radio", name: group, value: option.v, "data-control": control.name });
            inputs.set(option.v, input);
            return el("label", {}, input, el("span", {}, labelOf(option)));
          }),
        );
      }
      for (const option of control.options) {
        const input = inputs.get(option.v);
        if (!input) continue;
        input.onchange = () => input.checked && pick(option, "click");
        input.parentElement?.classList.toggle("cnv-no", "error" in option);
      }
      this.set(control.value);
    },
  };
}

/** @type {(pick: Pick) => Built} */
function select(pick) {
  const name = el("span", { class: "cnv-label" });
  const list = el("select");
  const node = el("label", { class: "cnv-select" }, name, list);
  /** @type {ControlOption[]} */
  let options = [];
  list.onchange = () => {
    const option = options.find((one) => one.v === list.value);
    if (option) pick(option, "click");
  };
  let drawn = "";
  return {
    node,
    set(text) {
      list.value = text;
    },
    update(control) {
      options = control.options;
      name.textContent = control.label;
      list.name = control.name;
      list.setAttribute("aria-label", control.label);
      const blank = options.every((option) => option.v !== control.value);
      const wanted = JSON.stringify([blank, options.map((option) => [option.v, option.label, option.group])]);
      if (wanted !== drawn) {
        drawn = wanted;
        /** @type {Map<string, HTMLOptGroupElement>} */
        const groups = new Map();
        list.replaceChildren();
        if (blank) list.append(el("option", { value: control.value }, "Choose \u2026"));
        for (const option of options) {
          const item = el("option", { value: option.v }, labelOf(option));
          if (!option.group) {
            list.append(item);
          } else {
            const group = groups.get(option.group) ?? el("optgroup", { label: option.group });
            if (!groups.has(option.group)) list.append(group);
            groups.set(option.group, group);
            group.append(item);
          }
        }
      }
      this.set(control.value);
    },
  };
}

/** @type {(pick: Pick) => Built} */
function switchControl(pick) {
  const input = el("input", { type: "checkbox", role: "switch" });
  const name = el("span");
  const node = el("label", { class: "cnv-switch" }, input, name);
  /** @type {ControlOption[]} */
  let options = [];
  input.onchange = () => pick(options[input.checked ? 1 : 0], "click");
  return {
    node,
    set(text) {
      input.checked = text === options[1].v;
    },
    update(control) {
      options = control.options;
      name.textContent = control.label;
      input.name = control.name;
      this.set(control.value);
    },
  };
}

/** @type {(pick: Pick) => Built} */
function button(pick) {
  const node = el("button", { type: "button", class: "cnv-button" });
  return {
    node,
    set() {},
    update(control) {
      node.textContent = control.label;
      node.name = control.name;
      node.onclick = () => pick(control.options[0], "click");
    },
  };
}
