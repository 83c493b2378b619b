// The camera: which part of the shared picture all linked panels show, and how large. It knows numbers, and no page.

/** @typedef {{ row: number, col: number, zoom: number }} View */
/** @typedef {{ panel: number, cell: Pair, row: number, col: number }} PanelCell */

const LARGEST_CELL = 120; // css px

export class Camera {
  constructor() {
    this.view = { row: 0, col: 0, zoom: 1 };
    this.fitted = true; // all of the picture is seen
    this.extent = { top: 0, left: 0, bottom: 1, right: 1 };
    this.size = { width: 1, height: 1, ratio: 1 };
    this.largest = LARGEST_CELL;
  }

  /**
   * Other pictures: what they cover together, and how far one may zoom into them.
   * @type {(panels: Panel[]) => void}
   */
  aim(panels) {
    this.extent = extentOf(panels);
    this.largest = LARGEST_CELL / Math.min(...panels.filter((one) => one.linked).flatMap((one) => one.step), 1);
  }

  /** The zoom at which all of the picture is seen. */
  get smallest() {
    const { top, bottom, left, right } = this.extent;
    return Math.min(this.size.width / (right - left), this.size.height / (bottom - top));
  }

  fit() {
    const { top, bottom, left, right } = this.extent;
    this.view = { row: (top + bottom) / 2, col: (left + right) / 2, zoom: this.smallest };
    this.fitted = true;
  }

  /**
   * Look at a place; whether anything moved.
   * @type {(row: number, col: number, zoom: number) => boolean}
   */
  lookAt(row, col, zoom) {
    const { smallest } = this;
    const next = Math.max(smallest, Math.min(Math.max(this.largest, smallest), zoom));
    if (next <= smallest * 1.0001) {
      const was = this.fitted;
      this.fit();
      return !was;
    }
    const { top, bottom, left, right } = this.extent;
    this.view = {
      row: clamped(row, top, bottom, this.size.height / next),
      col: clamped(col, left, right, this.size.width / next),
      zoom: next,
    };
    this.fitted = false;
    return true;
  }

  /**
   * Zoom so that what is under a point of the sheet stays there.
   * @type {(point: { x: number, y: number }, factor: number) => boolean}
   */
  zoomAt({ x, y }, factor) {
    const { width, height } = this.size;
    const { row, col, zoom } = this.view;
    const [r, c] = [row + (y - height / 2) / zoom, col + (x - width / 2) / zoom];
    const next = Math.max(this.smallest, zoom * factor);
    return this.lookAt(r - (y - height / 2) / next, c - (x - width / 2) / next, next);
  }

  /**
   * Move so far that a place is in sight.
   * @type {(place: { row: number, col: number }) => boolean}
   */
  follow(place) {
    const { width, height } = this.size;
    const { row, col, zoom } = this.view;
    const edge = Math.min(24, zoom / 2);
    /** @type {(at: number, middle: number, room: number) => number} */
    const shift = (at, middle, room) => {
      const far = Math.abs(at - middle) * zoom - (room / 2 - edge);
      return far > 0 ? Math.sign(at - middle) * (far / zoom) : 0;
    };
    return this.lookAt(row + shift(place.row, row, height), col + shift(place.col, col, width), zoom);
  }

  /** The view as it stands in a link: the middle's row and column, and how many pixels are seen along. */
  get text() {
    if (this.fitted) return "";
    const whole = (/** @type {number} */ value) => Math.max(0, Math.floor(value));
    const { row, col, zoom } = this.view;
    return `${whole(row)}.${whole(col)}.${Math.max(1, Math.round(this.size.width / zoom))}`;
  }

  /**
   * Take a view from a link; all of the picture if it names none.
   * @type {(text: string) => void}
   */
  read(text) {
    const look = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
    if (look) this.lookAt(Number(look[1]) + 0.5, Number(look[2]) + 0.5, this.size.width / Number(look[3]));
    else this.fit();
  }

  /**
   * How a panel that is not linked is seen: all of it.
   * @type {(panel: Panel) => View}
   */
  whole({ size: [rows, cols], step, offset }) {
    const [tall, wide] = [rows * step[0], cols * step[1]];
    const zoom = Math.min(this.size.width / wide, this.size.height / tall);
    return { row: offset[0] + tall / 2, col: offset[1] + wide / 2, zoom };
  }
}

/** @type {(value: number, low: number, high: number, room: number) => number} */
function clamped(value, low, high, room) {
  return high - low <= room ? (low + high) / 2 : Math.max(low + room / 2, Math.min(high - room / 2, value));
}

/**
 * The part of the shared picture that all linked panels cover together.
 * @type {(panels: Panel[]) => { top: number, left: number, bottom: number, right: number }}
 */
export function extentOf(panels) {
  const linked = panels.filter((panel) => panel.linked);
  const all = linked.length ? linked : panels;
  return {
    top: Math.min(...all.map(({ offset }) => offset[0])),
    left: Math.min(...all.map(({ offset }) => offset[1])),
    bottom: Math.max(...all.map(({ offset, step, size }) => offset[0] + step[0] * size[0])),
    right: Math.max(...all.map(({ offset, step, size }) => offset[1] + step[1] * size[1])),
  };
}

/**
 * A panel's cell: its place in the panel, and that of its middle on the shared picture.
 * @type {(panels: Panel[], index: number, row: number, col: number) => PanelCell}
 */
export function cellOf(panels, index, row, col) {
  const { offset, step } = panels[index];
  return {
    panel: index,
    cell: [row, col],
    row: offset[0] + (row + 0.5) * step[0],
    col: offset[1] + (col + 0.5) * step[1],
  };
}

/**
 * Which cell of a panel the cursor is on: another panel shows the same place of the picture, if both are linked.
 * @type {(panels: Panel[], index: number, cursor: PanelCell) => Pair | undefined}
 */
export function cellUnder(panels, index, cursor) {
  const panel = panels[index];
  const here = cursor.panel === index;
  if (!here && !(panel.linked && panels[cursor.panel].linked)) return undefined;
  /** @type {(at: number, axis: 0 | 1) => number} */
  const along = (at, axis) => Math.floor((at - panel.offset[axis]) / panel.step[axis] + 1e-9);
  const [row, col] = here ? cursor.cell : [along(cursor.row, 0), along(cursor.col, 1)];
  // Another picture may be smaller than the one that the cursor was put on.
  return row < 0 || col < 0 || row >= panel.size[0] || col >= panel.size[1] ? undefined : [row, col];
}
