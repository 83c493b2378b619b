// To the server and back, for the viewer, the wall of maps and the pad: one question at a time is under way, and what
// is asked meanwhile goes with the next.

const PATIENCE = 400; // ms before a component says that it waits
const LOST = 4000; // ms after which an answer is not waited for any longer

export class Talk {
  /** @type {() => object} */
  question;
  /** @type {HTMLElement} */
  wait;
  /** @type {() => void} */
  answered;
  /** @type {number} */
  lost;
  /** @type {StreamlitComponent<unknown>["setStateValue"]} */
  setStateValue;
  /** @type {object | undefined} */
  owed;
  /** @type {number | undefined} */
  asked;
  /** @type {number} */
  since;
  /** @type {number | undefined} */
  patience;
  /** @type {number | undefined} */
  loss;

  /**
   * `question` gives what to ask, `wait` is the sign that it waits, `answered` is told of the end of a question.
   * @param {{ question: () => object, wait: HTMLElement, answered?: () => void, lost?: number }} how
   */
  constructor({ question, wait, answered = () => {}, lost = LOST }) {
    Object.assign(this, { question, wait, answered, lost });
    this.seq = this.took = 0;
  }

  get waiting() {
    return this.asked !== undefined;
  }

  /** Ask, now or as soon as the last question has its answer. */
  ask() {
    this.want = true;
    if (!this.waiting) this.send();
  }

  /**
   * A message has come; it answers the question if its number is not lower. A number that was never given here is of
   * another session, which has not heard the question.
   * @type {(seq: number) => void}
   */
  hear(seq) {
    if (seq > this.seq && this.owed) {
      this.seq = seq;
      this.stop();
      this.say(this.owed);
      return;
    }
    if (seq >= this.seq) this.owed = undefined;
    this.seq = Math.max(this.seq, seq);
    if (this.asked !== undefined && seq >= this.asked) this.end();
  }

  send() {
    this.want = false;
    this.say(this.question());
  }

  /** @param {object} question */
  say(question) {
    this.owed = question;
    this.seq += 1;
    this.asked = this.seq;
    this.since = performance.now();
    this.setStateValue("answer", { seq: this.seq, ...question });
    this.patience = setTimeout(() => {
      this.wait.hidden = false;
    }, PATIENCE);
    this.loss = setTimeout(() => this.end(), this.lost);
  }

  end() {
    this.took = performance.now() - this.since;
    this.stop();
    this.wait.hidden = true;
    this.asked = undefined;
    this.answered();
    if (this.want) this.send();
  }

  stop() {
    clearTimeout(this.patience);
    clearTimeout(this.loss);
  }
}
