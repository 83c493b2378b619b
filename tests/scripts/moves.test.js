import assert from "node:assert/strict";
import test from "node:test";

import { carried, inside, picked, pinned, redrawn, settled } from "../../assets/stage/moves.js";
import { Album } from "../../assets/stage/pack.js";
import { smallPack } from "./packs.js";

const [slider] = smallPack().controls;

function sceneOf(change = () => {}) {
  const pack = smallPack();
  change(pack.scenes[0]);
  const album = new Album();
  album.add(pack);
  return album.find({ k: "2", n: "4" }).scene;
}

test("a drag may come back to where it began", () => {
  const base = { k: "2", n: "4" };
  const there = picked(base, base, slider, slider.options[1]);
  assert.deepEqual(there, { k: "9" });
  assert.deepEqual(picked(there, base, slider, slider.options[0]), base);
});

test("what another control changed stays", () => {
  assert.deepEqual(picked({ k: "2", n: "4", p: "1" }, { k: "2", n: "4" }, slider, slider.options[1]), {
    k: "9",
    p: "1",
  });
});

test("a preset replaces the whole state, but not how it is looked at", () => {
  const preset = { ...slider, whole: 1, options: [{ v: "one", set: { n: "7", show: "coverage" } }] };
  assert.deepEqual(picked({ k: "2", p: "1" }, { k: "2" }, preset, preset.options[0]), { n: "7" });
});

test("a hand that draws over a cell twice leaves one edit", () => {
  const edits = [
    ["input", 0, 1, "5"],
    ["kernel", 0, 1, "8"],
  ];
  const drawn = redrawn(edits, "input", [
    [0, 1, "6"],
    [0, 2, "7"],
    [0, 1, "9"],
  ]);
  assert.deepEqual(drawn, [
    ["kernel", 0, 1, "8"],
    ["input", 0, 1, "9"],
    ["input", 0, 2, "7"],
  ]);
});

test("a pin of a link is read, and anything else is none", () => {
  assert.deepEqual(pinned("input.0.12"), { grid: "input", data: { row: 0, col: 12 } });
  for (const text of [undefined, "", "input", "input.0", "input.-1.0", "In.0.0"]) assert.equal(pinned(text), undefined);
});

test("a pin has no place before it is drawn", () => {
  assert.equal(inside(sceneOf(), pinned("input.0.1")), false);
  assert.equal(inside(sceneOf(), { grid: "input", row: 0, col: 4 }), true);
  assert.equal(inside(sceneOf(), { grid: "input", row: 0, col: 5 }), false);
  assert.equal(inside(sceneOf(), { grid: "none", row: 0, col: 0 }), false);
});

test("a cursor settles on its data cell, wherever that is drawn, and on the nearest one there is", () => {
  assert.deepEqual(settled(pinned("input.0.1"), sceneOf()), {
    grid: "input",
    row: 0,
    col: 2,
    data: { row: 0, col: 1 },
  });
  assert.equal(settled(pinned("input.9.9"), sceneOf()).col, 4);
});

test("without a cursor the first output is current; a grid that is gone leads there, too", () => {
  for (const cursor of [undefined, pinned("none.0.0")]) {
    const { grid, row, col } = settled(cursor, sceneOf());
    assert.deepEqual([grid, row, col], ["output", 0, 0]);
  }
});

test("a cursor on a grid that goes away moves to a twin of its cell", () => {
  const before = sceneOf((scene) => { scene.twins = [["output", "kernel"]]; }); // prettier-ignore
  const after = sceneOf((scene) => {
    scene.grids = scene.grids.filter((grid) => grid.name !== "output");
    scene.links = [];
  });
  const cursor = { grid: "output", row: 0, col: 1, data: { row: 0, col: 1 } };
  assert.deepEqual(carried(cursor, before, after), { grid: "kernel", data: { row: 0, col: 1 } });
  assert.equal(carried(cursor, sceneOf(), after), undefined);
  assert.equal(carried(cursor, before, sceneOf()), cursor);
});
