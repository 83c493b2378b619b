import assert from "node:assert/strict";
import test from "node:test";

import { merged } from "../../assets/stage/merge.js";

const scale = [[0, "#000000"], [1, "#ffffff"]]; // prettier-ignore

function tile(name, { left = 0, top = 0, cell = 10, z = [[1, 2]], colorscale = scale, zmax = 2 } = {}) {
  const [x0, y0] = [left + cell / 2, top + cell / 2];
  return { type: "heatmap", name, z, x0, dx: cell, y0, dy: cell, xgap: 1, ygap: 1, zmin: -zmax, zmax, colorscale };
}

test("a grid alone stays as it is", () => {
  const one = tile("a");
  assert.deepEqual(merged([one]), [one]);
});

test("grids in one row become one heatmap with a hole between them, each number a share of its own largest", () => {
  const [one, ...more] = merged([tile("a"), tile("b", { left: 50, z: [[3, 6]], zmax: 6 })]);
  assert.equal(more.length, 0);
  assert.equal(one.name, "a, b");
  assert.deepEqual(one.x, [0, 10, 20, 50, 60, 70]);
  assert.deepEqual(one.y, [0, 10]);
  assert.deepEqual(one.z, [[0.5, 1, null, 0.5, 1]]);
  assert.deepEqual([one.zmin, one.zmax], [-1, 1]);
});

test("other colours, and rows that lie across each other, are not joined", () => {
  assert.equal(merged([tile("a"), tile("b", { left: 50, colorscale: [...scale] })]).length, 2);
  assert.equal(merged([tile("a"), tile("b", { left: 50, top: 5 })]).length, 2);
});

test("a lattice of mostly holes is not worth it", () => {
  const diagonal = Array.from({ length: 4 }, (_, i) => tile(String(i), { left: 40 * i, top: 40 * i }));
  assert.ok(merged(diagonal).length > 1);
});
