// A small pack as the server sends it: a row of four numbers with one zero before it, and a kernel of two.

/** 0 1 2 3 4 * [1, -1] with one zero of padding at the left; the slider k has a picture, a fault and a preset. */
export function smallPack(more = {}) {
  const input = {
    name: "input",
    title: "Input",
    role: "input",
    rows: 1,
    cols: 5,
    values: 0,
    ring: [0, 0, 1, 0],
    origins: [[0], [-1, 0, 1, 2, 3]],
    edit: 1,
    symbol: "x",
  };
  const kernel = { name: "kernel", title: "Kernel", role: "kernel", rows: 1, cols: 2, values: 1, symbol: "w" };
  const output = { name: "output", title: "Output", role: "output", rows: 1, cols: 4, values: 2, symbol: "y" };
  const scene = {
    grids: [input, kernel, output],
    links: [{ from: "input", into: "output", by: "kernel", rows: 0, cols: 1 }],
    shape: "1×4",
    alt: "A row.",
    arrangements: [[[["input"], ["kernel"], ["output"]]]],
  };
  return {
    v: 1,
    seq: 1,
    state: { k: "2", n: "4", at: "output.0.1" },
    here: { scene: 0 },
    controls: [
      {
        name: "k",
        label: "Kernel",
        kind: "slider",
        value: "2",
        options: [
          { v: "2", set: { k: "2" }, scene: 0 },
          { v: "9", set: { k: "9", n: null }, error: 0 },
        ],
      },
    ],
    arrays: [
      [0, [0, 1, 2, 3, 4]],
      [0, [1, -1]],
      [1, [-10, -10, -10, -15]],
    ],
    axes: [
      { size: 1, reads: [[0]], taps: [0] },
      {
        size: 5,
        reads: [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 4],
        ],
        taps: [0, 1],
      },
    ],
    scenes: [scene],
    errors: [{ field: "k", text: "The kernel is too large.", mends: [{ label: "k = 2", set: { k: "2", n: "4" } }] }],
    ...more,
  };
}
