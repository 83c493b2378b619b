// A link that is drawn as a graph: a line from every source cell to every target cell that it reaches. Lines with the
// same shared weight have the same colour and the same dashes; a weight that nobody shares is drawn plain.

/** @import { Scene } from "./scene.js" */
/** @import { Link } from "./links.js" */
/** @typedef {{ source: string, target: string, shared: number, x: number, y: number, toX: number, toY: number }} Line */

const GAP = 34; // px between columns, room for a sign
const CLOSE = 22; // px between the columns of a scene of many
const ROOM = 84; // px where lines go from one column to the next
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 4]];
const MANY = 80; // lines, from where they are drawn thinner

/** @type {(scene: Scene) => Link[]} */
const graphs = (scene) => scene.links.filter((link) => link.edges);

/**
 * The space between the columns of a scene.
 * @type {(scene: Scene, width: number) => number}
 */
export const gapOf = (scene, width) => {
  if (graphs(scene).length) return Math.max(GAP, Math.min(ROOM, width / 12));
  return scene.close ? CLOSE : GAP;
};

/**
 * Every line of the graphs, quietly.
 * @type {(pen: Pen, scene: Scene, layout: Layout, palette: Palette) => void}
 */
export function drawEdges(pen, scene, layout, palette) {
  for (const link of graphs(scene)) {
    const lines = linesOf(scene, link, layout);
    pen.lineWidth = lines.length > MANY ? 0.8 : 1.6;
    for (const line of lines) stroke(pen, line, palette, 0.75);
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/**
 * The lines between cells that are lit at both ends, strongly.
 * @type {(pen: Pen, scene: Scene, layout: Layout, palette: Palette, cells: Map<string, LitCells>) => void}
 */
export function drawLitEdges(pen, scene, layout, palette, cells) {
  for (const link of graphs(scene)) {
    const [from, into] = [cells.get(link.from), cells.get(link.into)];
    if (!from || !into) continue;
    pen.lineWidth = 3.5;
    for (const line of linesOf(scene, link, layout)) {
      if (from.has(line.source) && into.has(line.target)) stroke(pen, line, palette, 1);
    }
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** @type {(scene: Scene, link: Link, layout: Layout) => Line[]} */
function linesOf(scene, link, layout) {
  const [from, into] = [layout.grids.get(link.from), layout.grids.get(link.into)];
  if (!from || !into) return [];
  const shows = scene.shows.find((one) => one.grid === link.by);
  /** @type {Line[]} */
  const lines = [];
  for (let row = 0; row < into.grid.rows; row += 1) {
    for (let col = 0; col < into.grid.cols; col += 1) {
      for (const [[r, c], weight] of link.reads(row, col)) {
        lines.push({
          source: `${r}.${c}`,
          target: `${row}.${col}`,
          shared: shows && weight ? shows.cells[weight[0] * scene.grid(link.by).cols + weight[1]] : -1,
          x: from.left + (c + 1) * from.cell + 2,
          y: from.top + (r + 0.5) * from.cell,
          toX: into.left + col * into.cell - 3,
          toY: into.top + (row + 0.5) * into.cell,
        });
      }
    }
  }
  return lines;
}

/** @type {(pen: Pen, line: Line, palette: Palette, alpha: number) => void} */
function stroke(pen, { shared, x, y, toX, toY }, palette, alpha) {
  const colours = [...Object.values(palette.frames), palette.accents.window, palette.outline];
  pen.strokeStyle = shared < 0 ? palette.muted : colours[shared % colours.length];
  pen.globalAlpha = shared < 0 ? alpha * 0.7 : alpha;
  pen.setLineDash(shared < 0 ? [] : DASHES[shared % DASHES.length]);
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(toX, toY);
  pen.stroke();
}
