// Pictures, by the package as it is installed: what it sees in them is what onnxruntime saw.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { ROOT, installed } from "./package_under_test.mjs";

const PICTURES = path.join(ROOT, "tests/data/vision");
/** Pixels that an edge may differ by, and what a score may: decoders of JPEG round differently. */
const TOLERANCE = 1;
const SCORE_TOLERANCE = 5e-3;

const picture = (name) => new Uint8Array(readFileSync(path.join(PICTURES, name)));

let package_;
let vision;

before(async () => {
  const folder = await installed();
  const entry = path.join(folder, "node_modules/cleanlab-forge/vision.js");
  package_ = await import(pathToFileURL(entry));
  vision = await package_.loadVision();
});

test("people are found where onnxruntime finds them, with the pixels that are theirs", () => {
  const bytes = picture("walker.jpg");
  const seen = vision.predictPicture("walker.jpg", bytes);
  const expected = JSON.parse(readFileSync(path.join(PICTURES, "expected.json"), "utf8"))["walker.jpg"];
  assert.deepEqual([seen.width, seen.height], [expected.width, expected.height]);
  const person = vision.classNames.indexOf("person");
  const { boxes } = expected.yolox_nano;
  assert.deepEqual([...seen.classes], boxes.map(() => person));
  boxes.forEach(({ box, score }, place) => {
    const found = seen.boxes.subarray(5 * place, 5 * place + 5);
    box.forEach((edge, side) => assert.ok(Math.abs(found[side] - edge) <= TOLERANCE, `${found} for ${box}`));
    assert.ok(Math.abs(found[4] - score) < SCORE_TOLERANCE, `${found[4]} for ${score}`);
  });
  assert.match(seen.dhash, /^[0-9a-f]{16}$/);
  assert.ok(seen.embedding.length > 0 && seen.grid.values.length === seen.grid.rows * seen.grid.cols);
  const [mask] = vision.instanceMasks("walker.jpg", bytes, seen.boxes.slice(0, 4));
  assert.equal(mask.inside.length, mask.width * mask.height);
  const n = expected.bodypix_s16.masks[0].n_inside;
  const inside = mask.inside.reduce((sum, one) => sum + one, 0);
  assert.ok(Math.abs(inside - n) < 0.01 * n, `${inside} pixels for ${n}`);
  const { rgba } = vision.decodePicture("walker.jpg", bytes);
  assert.equal(rgba.length, 4 * seen.width * seen.height);
});

test("what cannot be used is refused with a code, and the next picture is seen", async () => {
  assert.throws(() => vision.predictPicture("cut.jpg", picture("walker.jpg").subarray(0, 900)), {
    name: "ForgeError",
    code: "picture",
    message: /cut\.jpg/,
  });
  assert.throws(() => vision.predictPicture("a.jpg", picture("walker.jpg"), { scoreThreshold: 2 }), { code: "setting" });
  assert.throws(() => vision.predictPicture("a.jpg", picture("walker.jpg"), { maxPixels: 10 }), { code: "limit" });
  const { loadVision, modelDescription } = package_;
  const onnx = Uint8Array.of(1, 2, 3);
  await assert.rejects(loadVision({ detector: onnx, segmenter: false }), { name: "ForgeError", code: "model" });
  await assert.rejects(loadVision({ detector: { onnx, description: "{}" }, segmenter: false }), { code: "description" });
  await assert.rejects(loadVision({ detector: 7, segmenter: false }), { code: "type" });
  await assert.rejects(loadVision({ segmenter: "no such file.onnx" }), { code: "wasm_missing" });
  assert.throws(() => modelDescription("none"), { code: "setting" });
  assert.ok(modelDescription("yolox_nano"));

  const measuring = await loadVision({ detector: false, segmenter: false });
  const { boxes, facts } = measuring.predictPicture("desk.webp", picture("desk.webp"));
  assert.equal(boxes.length, 0);
  assert.ok(facts !== undefined);
  measuring.free();
});
