// The watch over a commit: a phone may lose its network, and a server may start anew in the middle of a lecture.

const PATIENCE = 2500; // ms without an answer before anything is done
const LONGEST = 15000; // ms between two looks at a server that does not answer

/** Sees to it that a commit is answered: asks again when the server is back, and gives up on a session that is gone. */
export class Watch {
  /** @type {number | undefined} */
  timer;
  /** @type {boolean} */
  asked;

  /** @param {{ again: () => void, giveUp: () => void }} acts */
  constructor({ again, giveUp }) {
    this.again = again;
    this.giveUp = giveUp;
  }

  /** Whether a commit has no answer yet. */
  get waits() {
    return this.timer !== undefined;
  }

  start() {
    this.stop();
    this.asked = false;
    this.wait(PATIENCE);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** @type {(delay: number) => void} */
  wait(delay) {
    const timer = setTimeout(() => this.look(timer, delay), delay);
    this.timer = timer;
  }

  /** @type {(timer: number, delay: number) => Promise<void>} */
  async look(timer, delay) {
    const reached = await answers();
    if (this.timer !== timer) return; // answered, or asked anew, in the meantime
    if (!reached) {
      this.wait(Math.min(LONGEST, delay * 1.5));
    } else if (!this.asked) {
      this.asked = true;
      this.again();
      this.wait(PATIENCE);
    } else {
      // The server is up but does not know this session: it was started anew. The address holds the whole state.
      this.giveUp();
    }
  }
}

async function answers() {
  try {
    const health = new URL("_stcore/health", new URL(".", document.baseURI));
    return (await fetch(health, { cache: "no-store", signal: AbortSignal.timeout(3000) })).ok;
  } catch {
    return false;
  }
}

const KEPT = "cnnviz-edits";

/** The tab's own memory; a browser may deny it to a frame of another site. */
function memory() {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}

/**
 * Keep what was typed over a reload: it is not in the address before the server has read it.
 * @type {(edits: Edit[]) => void}
 */
export function keepEdits(edits) {
  if (edits.length) memory()?.setItem(KEPT, JSON.stringify({ path: window.location.pathname, edits }));
}

/**
 * Take what was kept on this page.
 * @type {() => Edit[]}
 */
export function keptEdits() {
  const kept = JSON.parse(memory()?.getItem(KEPT) ?? "null");
  memory()?.removeItem(KEPT);
  return kept?.path === window.location.pathname ? kept.edits : [];
}

/**
 * The address of this page in a state; a stage that is a guest on another page names its own as `home`.
 * @type {(state: State, home?: string) => string}
 */
export function addressOf(state, home) {
  const here = new URL(window.location.href);
  const address = home ? new URL(home, document.baseURI) : here;
  const kept = [...here.searchParams].filter(([key]) => key.startsWith("embed"));
  address.search = String(new URLSearchParams([...kept, ...Object.entries(state)]));
  return address.href;
}
