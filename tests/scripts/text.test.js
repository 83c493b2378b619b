import assert from "node:assert/strict";
import test from "node:test";

import { Album } from "../../assets/stage/pack.js";
import { cellText, describe, shortText, show } from "../../assets/stage/text.js";
import { smallPack } from "./packs.js";

function sceneOf(change = () => {}) {
  const pack = smallPack();
  change(pack.scenes[0].grids, pack);
  const album = new Album();
  album.add(pack);
  return album.find({ k: "2", n: "4" }).scene;
}

test("numbers have four digits at most, and a true minus sign", () => {
  assert.deepEqual([show(-3), show(1 / 3), show(123456), show(2.50001)], ["\u22123", "0.3333", "123456", "2.5"]);
});

test("a cell says what the server wrote, and an added one what it is", () => {
  const grid = sceneOf(([input]) => Object.assign(input, { texts: ["0", "1/2", "2", "3", "-4"], added: "none" })).grid(
    "input",
  );
  assert.deepEqual([cellText(grid, 0), cellText(grid, 1), cellText(grid, 4)], ["none", "1/2", "\u22124"]);
});

test("a small cell keeps as many decimals as the largest number of its grid", () => {
  const grid = { values: [0.12345, 100.5], largest: 100.5 };
  assert.equal(shortText(grid, 0, 3), "0");
  assert.equal(shortText(grid, 0, 4), "0.1");
});

test("a target is written as a sum of products, added cells in brackets", () => {
  const { html, speech } = describe(sceneOf(), { grid: "output", row: 0, col: 0 });
  assert.match(html, /<b>y\[0, 0\]<\/b> = /);
  assert.match(html, /\[0\u200a\u00d7\u200a1\]/);
  assert.match(html, /1\u200a\u00d7\u200a\(\u22121\)/);
  assert.match(html, /1 term in \[brackets\] reads an added zero/);
  assert.match(speech, /^y\[0, 0\] = \u22121\. .* from padding plus /);
});

test("a source says how many outputs read it, a weight how many cells it meets", () => {
  assert.equal(describe(sceneOf(), { grid: "input", row: 0, col: 2 }).speech, "x[0, 1] = 2 is read by 2 of 4 outputs.");
  assert.match(describe(sceneOf(), { grid: "input", row: 0, col: 0 }).html, /<b>An added 0<\/b> is read by 1 of 4/);
  assert.match(describe(sceneOf(), { grid: "kernel", row: 0, col: 0 }).speech, /it meets 4 cells, 1 of them added\.$/);
});

for (const [grid, col] of [
  ["input", 1],
  ["kernel", 0],
  ["output", 1],
]) {
  // prettier-ignore
  test(`no text of a grid becomes markup: ${grid}`, () => {
    const scene = sceneOf((grids) => {
      for (const one of grids) one.texts = Array.from({ length: one.cols }, () => "<img src=x>");
      for (const one of grids) one.symbol = "<i>&";
    });
    const { html, speech } = describe(scene, { grid, row: 0, col });
    assert.doesNotMatch(html, /<i(mg)?[ >]/);
    assert.doesNotMatch(speech, /&(amp|lt|gt|quot);/, "a screen reader says signs, not their names");
    assert.match(speech, /<i>&\[/);
  });
}
