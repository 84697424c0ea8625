// Tasks on pictures from the command line: the bundled pictures, folders in other formats, predictions of one's own, bad calls.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { inflateRawSync } from "node:zlib";

import { forge, forgeJson } from "./cli.mjs";
import { ROOT, temporaryFolder } from "./environment.mjs";

const folder = temporaryFolder();
const place = (...names) => path.join(folder, ...names);
const DEMO = path.join(ROOT, "data", "pictures_demo.zip");

/** The files of a zip without encryption or zip64, by name. */
function unzipped(bytes) {
  const files = new Map();
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    files.set(name, method === 0 ? packed : inflateRawSync(packed));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

const files = unzipped(readFileSync(DEMO));
const coco = JSON.parse(files.get("annotations.json"));

/** A folder with the first pictures of the demonstration, their masks and annotations by `annotate(image, boxes)`. */
function someFolder(name, n, annotate) {
  const root = place(name);
  for (const part of ["images", "masks", "labels"]) mkdirSync(path.join(root, part), { recursive: true });
  for (const image of coco.images.slice(0, n)) {
    const stem = image.file_name.replace(".jpg", "");
    writeFileSync(path.join(root, "images", image.file_name), files.get(`images/${image.file_name}`));
    writeFileSync(path.join(root, "masks", `${stem}.png`), files.get(`masks/${stem}.png`));
    annotate(root, image, coco.annotations.filter(({ image_id: id }) => id === image.id));
  }
  return root;
}

function yolo(root, image, boxes) {
  const lines = boxes.map(({ bbox: [x, y, w, h] }) =>
    [0, (x + w / 2) / image.width, (y + h / 2) / image.height, w / image.width, h / image.height].join(" "),
  );
  writeFileSync(path.join(root, "labels", image.file_name.replace(".jpg", ".txt")), lines.join("\n"));
  writeFileSync(path.join(root, "classes.txt"), "person\n");
}

/** An error: exit code 2, nothing on standard output, one message and no trace of the program's insides. */
function assertError({ code, stdout, stderr }, says) {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, says);
  assert.equal(stderr.match(/error: /g)?.length, 1, stderr);
  assert.doesNotMatch(stderr, /panicked|RUST_BACKTRACE|\.rs:\d/);
}

let detected;
before(async () => {
  detected = await forgeJson(["task", "object_detection", "demo"]);
});

test("boxes of the bundled pictures that are made wrong are found again, the same with one thread", async () => {
  const { detail } = detected;
  assert.equal(detected.n_rows, 36);
  assert.equal(detected.config.corrupt_frac, 0.25);
  assert.ok(detail.ap50 > 0.95, `AP50 ${detail.ap50}`);
  const { corruption } = detail;
  assert.equal(corruption.n_pictures, 9);
  assert.equal(corruption.n_dropped_found, corruption.n_dropped);
  assert.ok(corruption.recall >= 0.8 && corruption.precision >= 0.8, JSON.stringify(corruption));
  for (const picture of detail.pictures) {
    assert.equal(picture.flagged, picture.issues.length > 0);
    const dropped = (picture.corruption ?? []).filter(({ kind }) => kind === "dropped");
    assert.ok(picture.given.length + dropped.length > 0 && picture.predicted.length > 0, picture.name);
  }
  const dark = detail.checks.checks.find(({ issue }) => issue === "dark");
  assert.ok(dark, JSON.stringify(detail.checks.checks));
  const near = detail.checks.near_duplicates.some(({ pictures }) => pictures.includes(5) && pictures.includes(34));
  assert.ok(near, JSON.stringify(detail.checks.near_duplicates));
  const again = await forgeJson(["task", "object_detection", DEMO, "--corrupt-frac", "0.25", "--all-images", "--threads", "1"]);
  for (const report of [detected, again]) delete report.timings;
  assert.deepEqual(again, detected);
});

test("masks of the bundled pictures that are made wrong have the lowest scores", async () => {
  const { detail } = await forgeJson(["task", "segmentation", "--data", "people"]);
  assert.ok(detail.pixel_iou > 0.75, `pixel IoU ${detail.pixel_iou}`);
  assert.equal(detail.corruption.n_pictures, 9);
  assert.ok(detail.corruption.recall_at_k >= 0.8, JSON.stringify(detail.corruption));
  for (const picture of detail.pictures) {
    const pixels = picture.given.reduce((sum, run) => sum + run, 0);
    assert.equal(pixels, picture.width * picture.height);
  }
});

test("a folder of YOLO files, a COCO file of corrected boxes, a table of issues, a saved job", async () => {
  const root = someFolder("yolo", 4, (...of) => yolo(...of));
  // The first box of the second picture is missing, and a picture is damaged.
  const missing = path.join(root, "labels", "people_02.txt");
  const lines = readFileSync(missing, "utf8").split("\n");
  writeFileSync(missing, lines.slice(1).join("\n"));
  writeFileSync(path.join(root, "images", "people_04.jpg"), files.get("images/people_04.jpg").subarray(0, 900));
  const [corrected, issues] = [place("corrected.json"), place("issues.csv")];
  const report = await forgeJson(["task", "object_detection", root, "--corrected", corrected, "--issues", issues]);
  assert.equal(report.n_rows, 4);
  assert.equal(report.detail.n_judged, 3);
  assert.ok(report.warnings.some((warning) => /could not be read: images\/people_04\.jpg/.test(warning)), report.warnings.join("\n"));
  const overlooked = report.issues.filter(({ kind }) => kind === "overlooked");
  assert.deepEqual(overlooked.map(({ row, suggested }) => [row, suggested]), [[1, "person"]]);
  const written = JSON.parse(readFileSync(corrected, "utf8"));
  assert.equal(written.annotations.filter(({ image_id: id }) => id === 2).length, lines.length);
  assert.match(readFileSync(issues, "utf8"), /overlooked,1,images\/people_02\.jpg/);
  const job = place("job.json");
  writeFileSync(job, JSON.stringify({ job: "task", ...report.config }));
  const of_job = await forgeJson(["job", job, "--data", root]);
  assert.deepEqual(of_job.issues, report.issues);
});

test("predictions of one's own take the place of the model", async () => {
  const root = someFolder("own", 3, () => {});
  writeFileSync(path.join(root, "annotations.json"), JSON.stringify({ ...coco, images: coco.images.slice(0, 3), annotations: coco.annotations.filter(({ image_id: id }) => id <= 3) }));
  const results = coco.annotations.filter(({ image_id: id }) => id <= 3).map(({ image_id, category_id, bbox }) => ({ image_id, category_id, bbox, score: 0.9 }));
  const extra = { image_id: 1, category_id: 1, bbox: [1, 1, 30, 30], score: 0.8 };
  writeFileSync(place("results.json"), JSON.stringify([...results, extra]));
  const { detail, issues } = await forgeJson(["task", "object_detection", root, "--predictions", place("results.json")]);
  assert.ok(detail.ap50 > 0.9, `AP50 ${detail.ap50}`);
  assert.deepEqual(issues.map(({ kind, row }) => [kind, row]), [["overlooked", 0]]);
  const masks = await forgeJson(["task", "segmentation", root, "--predictions", path.join(root, "masks")]);
  // Numbers of people are next to no probability, so that all are contradicted.
  assert.equal(masks.detail.pixel_iou, 0);
});

test("bad calls end with one message and exit code 2", async () => {
  const text = place("notes.txt");
  writeFileSync(text, "no pictures");
  const empty = place("empty");
  mkdirSync(empty);
  const pictures = someFolder("plain", 1, () => {});
  const task = (name, ...more) => forge(["task", name, ...more]);
  assertError(await task("object_detection", place("nothing.zip")), /there is neither a file nor a folder/);
  assertError(await task("object_detection", "peple"), /did you mean|nearest|people/);
  assertError(await task("object_detection", "adult_income"), /holds no pictures/);
  assertError(await task("object_detection", text), /neither a folder nor a zip/);
  assertError(await task("object_detection", empty), /holds no pictures/);
  assertError(await task("object_detection", pictures), /There are no annotated boxes/);
  assertError(await task("object_detection", "demo", "--max-images", "201"), /`max_images` is 201, expected a value from 1 to 200/);
  assertError(await task("object_detection", "demo", "--corrupt-frac", "1.5"), /`corrupt_frac` is 1.5/);
  assertError(await task("object_detection", "demo", "--model", text), /nothing is known of the model/);
  const known = place("yolox_nano.onnx");
  writeFileSync(known, "this is no model");
  assertError(await task("object_detection", "demo", "--model", known), /yolox_nano\.onnx/);
  assertError(await task("segmentation", "demo", "--model", path.join(ROOT, "data", "models", "yolox_nano.onnx")), /predicts boxes, but masks are wanted/);
  assertError(await task("object_detection", "demo", "--class", "person=persn"), /class_map/);
  assertError(await task("segmentation", "demo", "--corrected", place("x.json")), /segmentation has none/);
  const half = place("half.zip");
  writeFileSync(half, readFileSync(DEMO).subarray(0, 20000));
  assertError(await task("segmentation", half), /half\.zip/);
});

test("an audit of pictures names dark and duplicate ones, and takes no flags of tables", async () => {
  const { pictures, checks } = await forgeJson(["audit", DEMO]);
  assert.equal(pictures.length, 36);
  const dark = checks.checks.find(({ issue }) => issue === "dark").pictures.map((picture) => pictures[picture]);
  assert.ok(dark.includes("images/people_36.jpg"), dark.join());
  const { code, stdout } = await forge(["audit", path.join(folder, "yolo")]);
  assert.equal(code, 0);
  assert.match(stdout, /4 pictures, 3 of them measured/);
  assert.match(stdout, /people_04\.jpg is left out/);
  assertError(await forge(["audit", DEMO, "--target", "label"]), /takes no flag but/);
});
