// Hands on a sheet: wheel, drag, pinch, tap and keys. They move the view and the cursor, and never draw.

/** @typedef {{ x: number, y: number }} XY */
/**
 * @typedef {object} Acts
 * @property {(at: XY, factor: number) => boolean} zoomAt whether it zoomed
 * @property {(right: number, down: number) => void} pan
 * @property {(at: XY) => void} hover
 * @property {() => void} leave
 * @property {(at: XY) => void} tap
 * @property {() => boolean} isDrag whether a drag draws a rectangle
 * @property {(from: XY, to: XY, done: boolean) => void} box
 * @property {(key: string, far: boolean) => boolean} key whether it meant something
 */

const STILL = 5; // px: a finger that moved less has tapped
const WHEEL = 0.0022;

/**
 * Listen to a sheet. `acts`: zoomAt, pan, hover, leave, tap, box, nudge, zoomKey, enter, canPan, isDrag.
 * @type {(sheet: HTMLElement, acts: Acts) => void}
 */
export function listen(sheet, acts) {
  /** @type {Map<number, XY>} */
  const down = new Map();
  let moved = 0;
  /** @type {XY & { size: number } | undefined} */
  let pinch;
  let start = { x: 0, y: 0 };
  /** @type {(event: MouseEvent) => XY} */
  const point = (event) => {
    const box = sheet.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  sheet.onwheel = (event) => {
    const lines = event.deltaMode === 1 ? 16 : 1;
    const used = acts.zoomAt(point(event), Math.exp(-event.deltaY * lines * WHEEL * (event.ctrlKey ? 4 : 1)));
    if (used || event.ctrlKey) event.preventDefault();
  };
  sheet.onpointerdown = (event) => {
    if (event.button > 1) return;
    sheet.focus({ preventScroll: true });
    down.set(event.pointerId, point(event));
    if (down.size === 1) {
      moved = 0;
      start = point(event);
    }
    try {
      sheet.setPointerCapture(event.pointerId);
    } catch {
      /* a pointer of a test that is not there */
    }
    pinch = down.size === 2 ? spread(down) : undefined;
  };
  sheet.onpointermove = (event) => {
    const at = point(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") acts.hover(at);
      return;
    }
    down.set(event.pointerId, at);
    moved += Math.hypot(at.x - before.x, at.y - before.y);
    if (down.size === 2 && pinch) {
      const now = spread(down);
      acts.pan(now.x - pinch.x, now.y - pinch.y);
      acts.zoomAt(now, now.size / (pinch.size || 1));
      pinch = now;
    } else if (down.size === 1 && moved > STILL) {
      if (acts.isDrag() && event.button !== 1 && !event.shiftKey) acts.box(start, at, false);
      else acts.pan(at.x - before.x, at.y - before.y);
    }
  };
  sheet.onpointerup = (event) => {
    const at = point(event);
    const alone = down.size === 1 && down.has(event.pointerId) && !pinch;
    down.delete(event.pointerId);
    if (down.size === 0) pinch = undefined;
    if (!alone) return;
    if (moved <= STILL) acts.tap(at);
    else if (acts.isDrag() && !event.shiftKey) acts.box(start, at, true);
  };
  sheet.onpointercancel = (event) => {
    down.delete(event.pointerId);
    if (down.size === 0) pinch = undefined;
    acts.leave();
  };
  sheet.onpointerleave = (event) => {
    if (event.pointerType !== "touch" && !down.size) acts.leave();
  };
  sheet.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (acts.key(event.key, event.shiftKey)) {
      event.preventDefault();
      event.stopPropagation(); // Streamlit has shortcuts of its own
    }
  };
}

/** @type {(down: Map<number, XY>) => XY & { size: number }} */
function spread(down) {
  const [a, b] = [...down.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: Math.hypot(a.x - b.x, a.y - b.y) };
}
