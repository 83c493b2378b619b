// The first picture, before plotly.js has run: a fresh browser takes about a second for that. The same cells in the
// same colours, on a canvas of their own; Plotly's heatmaps take over when they are there.

/**
 * Draw the cells of Plotly's heatmaps.
 * @type {(pen: Pen, traces: Tile[]) => void}
 */
export function sketch(pen, traces) {
  for (const { z, x0, dx, y0, dy, xgap, zmin, zmax, colorscale } of traces) {
    const colour = ramp(colorscale);
    z.forEach((row, r) =>
      row.forEach((value, c) => {
        pen.fillStyle = colour(zmax > zmin ? (value - zmin) / (zmax - zmin) : 0.5);
        pen.fillRect(x0 + (c - 0.5) * dx + xgap / 2, y0 + (r - 0.5) * dy + xgap / 2, dx - xgap, dy - xgap);
      }),
    );
  }
}

/**
 * A colour for every part of a scale, between the two that are named beside it.
 * @type {(scale: ColourScale) => (part: number) => string}
 */
function ramp(scale) {
  /** @type {[at: number, colour: number[]][]} */
  const stops = scale.map(([at, hex]) => [at, [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16))]);
  return (part) => {
    const upper = Math.max(
      1,
      stops.findIndex(([at]) => at >= part),
    );
    const [[low, from], [high, to]] = [stops[upper - 1], stops[upper]];
    const share = Math.min(1, Math.max(0, (part - low) / (high - low)));
    return `rgb(${from.map((one, i) => Math.round(one + (to[i] - one) * share)).join()})`;
  };
}
