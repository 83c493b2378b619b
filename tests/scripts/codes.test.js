import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { known, readMessage, say, textsAt, valuesAt } from "../../assets/shared/codes.js";

/** As cnnviz/figures/codes.py writes them: differences along each line, in zigzag, byte by byte. */
function packed(rows, bytes) {
  const words = rows.flatMap((row) => row.map((value, i) => value - (i ? row[i - 1] : 0)));
  if (bytes === 1) return deflateSync(Uint8Array.from(words, (word) => word & 255));
  const spare = 32 - 8 * bytes; // a difference that is too large begins anew at the other end
  const zigzag = words.map((word) => (word << spare) >> spare).map((word) => (word << 1) ^ (word >> 31));
  return deflateSync(
    Uint8Array.from(Array.from({ length: bytes }, (_, at) => zigzag.map((word) => (word >>> (8 * at)) & 255)).flat()),
  );
}

function message(panels) {
  const bodies = panels.map(({ body }) => body ?? new Uint8Array());
  const heads = panels.map((panel, i) => ({ ...panel.head, length: bodies[i].length }));
  const head = new TextEncoder().encode(JSON.stringify({ panels: heads, seq: 3 }));
  const size = new Uint8Array(new Uint32Array([head.length]).buffer);
  return new Uint8Array(Buffer.concat([size, head, ...bodies]));
}

const panel = (digest, rows, bytes, decimals = 0) => ({
  head: { digest, size: [rows.length, rows[0].length], bytes, decimals, channels: 1 },
  body: packed(rows, bytes),
});

for (const [bytes, rows] of [
  [
    1,
    [
      [0, 255, 3],
      [7, 7, 0],
    ],
  ],
  [
    2,
    [
      [-32767, 32767, 0],
      [1, -1, 5],
    ],
  ],
  [
    4,
    [
      [-2000000000 >> 1, 1000000, 0],
      [1, -1, 5],
    ],
  ],
]) {
  // prettier-ignore
  test(`codes of ${bytes} bytes come back`, async () => {
    const { head, arrays, missing } = await readMessage(message([panel(`bytes${bytes}`, rows, bytes)]));
    assert.equal(head.seq, 3);
    assert.equal(missing, false);
    assert.deepEqual([...arrays[0].planes[0]], rows.flat());
  });
}

test("what the browser has is not sent again, and what it has lost is missed", async () => {
  await readMessage(message([panel("here", [[5, 6]], 1)]));
  assert.ok(known().includes("here"));
  const absent = (digest) => ({ head: { digest, size: [1, 2] } });
  const again = await readMessage(message([absent("here")]));
  assert.deepEqual([again.missing, [...again.arrays[0].planes[0]]], [false, [5, 6]]);
  assert.equal((await readMessage(message([absent("lost")]))).missing, true);
});

test("a cell has its value, its text, and a dash where there is none", async () => {
  const { arrays } = await readMessage(message([panel("cells", [[-150, -32768, 25]], 2, 2)]));
  assert.deepEqual(
    [0, 1, 2].map((col) => valuesAt(arrays[0], 0, col)[0]),
    [-1.5, null, 0.25],
  );
  assert.deepEqual(
    [0, 1, 2].map((col) => textsAt({}, arrays[0], 0, col)[0]),
    ["\u22121.5", "–", "0.25"],
  );
});

test("a panel's own words stand in for its values", async () => {
  const { arrays } = await readMessage(message([panel("words", [[1, 0]], 1)]));
  assert.deepEqual(textsAt({ words: [["no", "-yes"]] }, arrays[0], 0, 0), ["\u2212yes"]);
});

test("numbers lose what says nothing, and decimals before digits", () => {
  const said = [say(1.5, 3), say(-0.0001, 2), say(123.456, 3, 4), say(12345.6, 1, 4), say(10, 0)];
  assert.deepEqual(said, ["1.5", "0", "123.5", "12346", "10"]);
});
