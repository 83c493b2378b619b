import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { Album, patched, splitView, unpack } from "../../assets/stage/pack.js";
import { smallPack } from "./packs.js";

function read(more) {
  const album = new Album();
  const pack = smallPack(more);
  album.add(pack);
  return { album, pack, scene: album.find(splitView(pack.state).spec).scene };
}

test("a pack comes out of its bytes as it went in", async () => {
  assert.deepEqual(await unpack(new Uint8Array(deflateSync(JSON.stringify(smallPack())))), smallPack());
});

test("a state is parted into what is computed with and how it is looked at", () => {
  const state = { k: "3", at: "input.0.0", show: "coverage", view: "projector" };
  assert.deepEqual(splitView(state), {
    spec: { k: "3" },
    view: { at: "input.0.0", show: "coverage", view: "projector" },
  });
});

test("a patch changes, adds and takes away, and leaves the state as it was", () => {
  const state = { k: "3", s: "2" };
  assert.deepEqual(patched(state, { k: "5", s: null, p: "1" }), { k: "5", p: "1" });
  assert.deepEqual(state, { k: "3", s: "2" });
});

test("a picture is found by its state, in whatever order its keys stand", () => {
  const { album, scene } = read();
  assert.equal(album.find({ n: "4", k: "2" }).scene, scene);
  assert.equal(album.find({ k: "7" }), undefined);
});

test("an impossible setting has its error, and the state that its mends change", () => {
  const found = read().album.find({ k: "9" });
  assert.equal(found.error.text, "The kernel is too large.");
  assert.deepEqual(found.base, { k: "2", n: "4" });
});

test("behind an error on a fresh page stands the nearest setting that works", () => {
  const album = new Album();
  album.add(smallPack());
  const broken = smallPack({ state: { k: "9" }, here: { error: 0, ghost: { k: "2", n: "4" } } });
  album.add(broken);
  assert.equal(album.ghost(broken).shape, "1×4");
});

test("only the last packs are kept", () => {
  const album = new Album();
  for (let n = 0; n < 30; n += 1) album.add(smallPack({ state: { n: String(n) }, controls: [] }));
  assert.equal(album.find({ n: "0" }), undefined);
  assert.ok(album.find({ n: "29" }));
});

test("integers become numbers with decimals, and the largest is known", () => {
  const { scene } = read();
  assert.deepEqual(scene.grid("output").values, [-1, -1, -1, -1.5]);
  assert.equal(scene.grid("output").largest, 1.5);
});

test("grids with the same scale share their largest number", () => {
  const pack = smallPack();
  for (const grid of pack.scenes[0].grids) grid.scale = "one";
  const album = new Album();
  album.add(pack);
  const { scene } = album.find({ k: "2", n: "4" });
  assert.deepEqual(
    scene.grids.map((grid) => grid.largest),
    [4, 4, 4],
  );
});

test("a target knows its terms, a source its readers, a weight its uses", () => {
  const { scene } = read();
  assert.deepEqual(scene.terms("output", 0, 0), [
    { from: "input", row: 0, col: 0, by: "kernel", weight: [0, 0], sign: 1, added: true },
    { from: "input", row: 0, col: 1, by: "kernel", weight: [0, 1], sign: 1, added: false },
  ]);
  assert.deepEqual(
    scene.readers("input", 0, 1).map(({ col, weight }) => [col, weight]),
    [
      [0, [0, 1]],
      [1, [0, 0]],
    ],
  );
  assert.deepEqual(
    scene.uses("kernel", 0, 1).map(({ col, target }) => [col, target]),
    [
      [1, [0, 0]],
      [2, [0, 1]],
      [3, [0, 2]],
      [4, [0, 3]],
    ],
  );
});

test("a link without weights has none in its terms", () => {
  const pack = smallPack();
  delete pack.scenes[0].links[0].by;
  const album = new Album();
  album.add(pack);
  const { scene } = album.find({ k: "2", n: "4" });
  assert.equal(scene.terms("output", 0, 0)[0].weight, null);
  assert.equal(scene.isWeight("kernel"), false);
});

test("a link of single cells is read forwards and backwards", () => {
  const pack = smallPack();
  const cells = [[[4, 1]], [[3, 0]], [], [[4, 0]]];
  pack.scenes[0].links = [{ from: "input", into: "output", by: "kernel", cells, sign: -1 }];
  const album = new Album();
  album.add(pack);
  const { scene } = album.find({ k: "2", n: "4" });
  assert.deepEqual(scene.links[0].reads(0, 0), [[[0, 4], [0, 1]]]); // prettier-ignore
  assert.equal(scene.terms("output", 0, 0)[0].sign, -1);
  assert.deepEqual(
    scene.readers("input", 0, 4).map(({ col }) => col),
    [0, 3],
  );
  assert.deepEqual(
    scene.uses("kernel", 0, 0).map(({ col }) => col),
    [3, 4],
  );
  assert.equal(scene.links[0].isRead(0, 1), false);
});

test("a drawn cell is data, a copy or added, and the player steps through data only", () => {
  const pack = smallPack();
  pack.scenes[0].grids[0].origins = [[0], [-1, 0, 1, 2, -4]];
  const album = new Album();
  album.add(pack);
  const { scene } = album.find({ k: "2", n: "4" });
  assert.deepEqual(scene.origin("input", 0, 0), { zero: true });
  assert.deepEqual(scene.origin("input", 0, 1), { row: 0, col: 0 });
  assert.deepEqual(scene.origin("input", 0, 4), { copy: { row: 0, col: 2 } });
  assert.deepEqual(scene.copies("input", 0, 3), [[0, 3], [0, 4]]); // prettier-ignore
  assert.equal(scene.stepCount, 4);
  assert.deepEqual(scene.stepCell(99), { grid: "output", row: 0, col: 3 });
  assert.equal(scene.stepOf({ grid: "input", row: 0, col: 1 }), undefined);
  for (let step = 0; step < scene.stepCount; step += 1) assert.equal(scene.stepOf(scene.stepCell(step)), step);
});
