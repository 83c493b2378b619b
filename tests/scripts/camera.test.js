import assert from "node:assert/strict";
import test from "node:test";

import { Camera, cellOf, cellUnder } from "../../assets/viewer/camera.js";

const panel = (more = {}) => ({ size: [40, 80], step: [1, 1], offset: [0, 0], linked: true, ...more });

function camera(panels = [panel()]) {
  const made = new Camera();
  made.size = { width: 800, height: 400, ratio: 1 };
  made.aim(panels);
  made.fit();
  return made;
}

test("all of the picture is seen at first, and its view says nothing in a link", () => {
  const made = camera();
  assert.deepEqual(made.view, { row: 20, col: 40, zoom: 10 });
  assert.equal(made.text, "");
});

test("what is under the hand stays there while it zooms", () => {
  const made = camera();
  const at = { x: 200, y: 100 };
  const under = () => [made.view.row + (at.y - 200) / made.view.zoom, made.view.col + (at.x - 400) / made.view.zoom];
  const before = under();
  assert.ok(made.zoomAt(at, 2));
  under().forEach((value, axis) => assert.ok(Math.abs(value - before[axis]) < 1e-9));
});

test("nobody zooms out of the picture, nor looks beyond its edge", () => {
  const made = camera();
  assert.equal(made.lookAt(20, 40, 1), false);
  made.lookAt(-50, 500, 20);
  assert.deepEqual(made.view, { row: 10, col: 60, zoom: 20 });
});

test("a view is read from a link as it was written", () => {
  const made = camera();
  made.lookAt(20.5, 40.5, 40);
  const text = made.text;
  made.fit();
  made.read(text);
  assert.equal(made.text, text);
  made.read("anything");
  assert.ok(made.fitted);
});

test("linked panels show the same place, in their own pixels", () => {
  const panels = [panel(), panel({ size: [20, 40], step: [2, 2] }), panel({ linked: false })];
  const cursor = cellOf(panels, 0, 9, 13);
  assert.deepEqual(cellUnder(panels, 0, cursor), [9, 13]);
  assert.deepEqual(cellUnder(panels, 1, cursor), [4, 6]);
  assert.equal(cellUnder(panels, 2, cursor), undefined);
});

test("a panel that is smaller than the one pointed at has no such cell", () => {
  const panels = [panel(), panel({ size: [5, 5] })];
  assert.equal(cellUnder(panels, 1, cellOf(panels, 0, 9, 13)), undefined);
});
