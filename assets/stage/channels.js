// What a stack of channels needs of the picture: frames in a channel's colour, and lines between a kernel's slices.

const FRAME = 3; // px

/**
 * Draw the frame of a channel; its title says the colour's name.
 * @type {(pen: Pen, place: GridPlace, palette: Palette) => void}
 */
export function drawFrame(pen, { grid, left, top, cell }, palette) {
  const colour = grid.frame && palette.frames[grid.frame];
  if (!colour) return;
  pen.strokeStyle = colour;
  pen.lineWidth = FRAME;
  const out = FRAME / 2 + 0.5;
  pen.strokeRect(left - out, top - out, grid.cols * cell + 2 * out - 1, grid.rows * cell + 2 * out - 1);
}

/**
 * Part the blocks of a grid: the slices of a kernel, the blocks of a matrix.
 * @type {(pen: Pen, place: GridPlace, palette: Palette) => void}
 */
export function drawBlocks(pen, { grid, left, top, cell }, palette) {
  const [rows, cols] = grid.blocks ?? [0, 0];
  pen.strokeStyle = palette.outline;
  pen.lineWidth = Math.max(1.5, Math.min(3, cell / 14));
  pen.beginPath();
  for (let row = rows; rows && row < grid.rows; row += rows) {
    pen.moveTo(left - 3, top + row * cell - 0.5);
    pen.lineTo(left + grid.cols * cell + 3, top + row * cell - 0.5);
  }
  for (let col = cols; cols && col < grid.cols; col += cols) {
    pen.moveTo(left + col * cell - 0.5, top - 3);
    pen.lineTo(left + col * cell - 0.5, top + grid.rows * cell + 3);
  }
  pen.stroke();
}
