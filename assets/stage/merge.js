// Plotly's time goes by the heatmap, not by the cell: eighteen small grids cost three times as much as one of as many
// cells. Grids whose rows and columns either coincide or lie clear of each other become one heatmap with holes.

/** @typedef {{ start: number, step: number, count: number }} Span */
/** @typedef {{ tile: Tile, x: Span, y: Span }} Box */

/** @type {("x" | "y")[]} */
const AXES = ["x", "y"];
const SPARSE = 3; // a heatmap may have so many times the cells of its grids, holes included

/**
 * Join heatmaps that share a colour scale, as far as their cells form a lattice.
 * @type {(tiles: Tile[]) => (Tile | JoinedTile)[]}
 */
export function merged(tiles) {
  /** @type {Box[][]} */
  const groups = [];
  for (const tile of tiles) {
    const box = boxOf(tile);
    const group = groups.find((one) => one.every((other) => fits(other, box)) && full([...one, box]));
    if (group) group.push(box);
    else groups.push([box]);
  }
  return groups.map((group) => (group.length === 1 ? group[0].tile : joined(group)));
}

/** @type {(tile: Tile) => Box} */
function boxOf(tile) {
  return {
    tile,
    x: { start: tile.x0 - tile.dx / 2, step: tile.dx, count: tile.z[0].length },
    y: { start: tile.y0 - tile.dy / 2, step: tile.dy, count: tile.z.length },
  };
}

/** @type {(span: Span) => number} */
const endOf = (span) => span.start + span.step * span.count;
/** @type {(a: Span, b: Span) => boolean} */
const same = (a, b) => a.start === b.start && a.step === b.step && a.count === b.count;
/** @type {(a: Span, b: Span) => boolean} */
const clear = (a, b) => endOf(a) <= b.start || endOf(b) <= a.start;

/**
 * Whether two grids can share a lattice: the same rows or none in common, and the same of columns.
 * @type {(a: Box, b: Box) => boolean}
 */
function fits(a, b) {
  if (a.tile.colorscale !== b.tile.colorscale || a.tile.xgap !== b.tile.xgap) return false;
  return AXES.every((axis) => same(a[axis], b[axis]) || clear(a[axis], b[axis]));
}

/** @type {(group: Box[]) => boolean} */
function full(group) {
  const cells = group.reduce((sum, { x, y }) => sum + x.count * y.count, 0);
  const [across, down] = AXES.map((axis) => edgesOf(group, axis).length - 1);
  return across * down <= SPARSE * cells;
}

/**
 * Where the cells of all grids begin along one axis, and where the last one ends.
 * @type {(group: Box[], axis: "x" | "y") => number[]}
 */
function edgesOf(group, axis) {
  const edges = new Set();
  for (const { [axis]: span } of group)
    for (let at = 0; at <= span.count; at += 1) edges.add(span.start + at * span.step);
  return [...edges].sort((a, b) => a - b);
}

/**
 * One heatmap of several: every number as a share of its own grid's largest, and nothing in between.
 * @type {(group: Box[]) => JoinedTile}
 */
function joined(group) {
  const [x, y] = AXES.map((axis) => edgesOf(group, axis));
  const z = Array.from({ length: y.length - 1 }, () => new Array(x.length - 1).fill(null));
  for (const { tile, x: across, y: down } of group) {
    const [row, col] = [y.indexOf(down.start), x.indexOf(across.start)];
    tile.z.forEach((cells, r) =>
      cells.forEach((value, c) => {
        z[row + r][col + c] = value / tile.zmax;
      }),
    );
  }
  const { type, xgap, ygap, colorscale, showscale, hoverinfo } = group[0].tile;
  const name = group.map(({ tile }) => tile.name).join(", ");
  return { type, name, z, x, y, xgap, ygap, zmin: -1, zmax: 1, colorscale, showscale, hoverinfo };
}
