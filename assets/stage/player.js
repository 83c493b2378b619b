// The player: steps through the cells of the output, by hand or by itself.

import { icon } from "../shared/component.js";

/** @import { playerParts } from "./shell.js" */
/** @typedef {ReturnType<typeof playerParts>} PlayerParts */
/** @typedef {(step: number, count: number) => { text: string, speech: string }} Say */
/** @typedef {{ count: () => number, go: (step: number) => void, say?: Say, pace?: number, by?: number }} Steps */

const STEP = 1000; // ms for one cell at normal speed
/** @type {Say} */
const OUTPUT = (step, count) => ({
  text: `${step + 1}\u2009/\u2009${count}`,
  speech: `output ${step + 1} of ${count}`,
});
const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  back: "M16 5v14L7 12zM5 5h2v14H5z",
  forward: "M8 5v14l9-7zm9 0h2v14h-2z",
};

export class Player {
  /** @type {number | undefined} */
  timer;

  /**
   * `count` steps, `go` to one of them; `say` what a step is called; every `pace` ms the player goes on `by` steps.
   * @param {PlayerParts} parts
   * @param {Steps} steps
   */
  constructor(parts, { count, go, say = OUTPUT, pace = STEP, by = 1 }) {
    this.parts = parts;
    this.count = count;
    this.go = go;
    this.say = say;
    this.pace = pace;
    this.by = by;
    this.at = 0;
    this.playing = false;
    parts.play.onclick = () => this.toggle();
    parts.back.onclick = () => this.move(-1);
    parts.forward.onclick = () => this.move(1);
    parts.scrubber.oninput = () => this.goTo(Number(parts.scrubber.value));
    parts.speed.onchange = () => this.playing && this.schedule();
    parts.back.replaceChildren(icon(ICONS.back));
    parts.forward.replaceChildren(icon(ICONS.forward));
    this.draw();
  }

  /**
   * Say where the cursor is; it may have been moved by a tap or by a key.
   * @type {(step: number) => void}
   */
  show(step) {
    this.at = step;
    this.parts.scrubber.value = String(step);
    const { text, speech } = this.say(step, this.count());
    this.parts.scrubber.setAttribute("aria-valuetext", speech);
    this.parts.place.textContent = text;
  }

  /** Follow a scene with another number of outputs. */
  update() {
    const last = Math.max(0, this.count() - 1);
    this.parts.scrubber.max = String(last);
    this.show(Math.min(this.at, last));
  }

  /** @type {(by: number) => void} */
  move(by) {
    this.pause();
    const count = this.count();
    this.goTo((this.at + by + count) % count);
  }

  /** @type {(step: number) => void} */
  goTo(step) {
    this.show(step);
    this.go(step);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.start();
  }

  start() {
    if (!this.count()) return;
    this.playing = true;
    this.draw();
    if (this.at === this.count() - 1) this.goTo(0);
    this.schedule();
  }

  schedule() {
    clearInterval(this.timer);
    this.timer = setInterval(
      () => {
        if (this.at + 1 < this.count()) this.goTo(Math.min(this.at + this.by, this.count() - 1));
        else this.pause();
      },
      this.pace / Number(this.parts.speed.value),
    );
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.timer);
    this.playing = false;
    this.draw();
    this.go(this.at); // the last step counts: it goes into the link
  }

  draw() {
    const word = this.playing ? "Pause" : "Play";
    this.parts.play.replaceChildren(icon(this.playing ? ICONS.pause : ICONS.play));
    this.parts.play.setAttribute("aria-label", word);
    this.parts.play.title = `${word} (space)`;
  }
}
