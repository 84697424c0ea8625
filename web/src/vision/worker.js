// A worker of the vision engine: loads the models it needs, once, and looks at one picture after the other.

import init, { Vision } from "./forge_vision_wasm.js";
import { servePool } from "./pool_worker.js";

/** Longer side of a small picture, in pixels. */
const THUMB = 160;
/** Least score of a box: average precision needs the weak ones too. */
const FLOOR = 0.05;

const shared = {};
let started;
const loaded = new Set();

/** The program with the model that finds what is wanted. */
async function engine(wanted) {
  started ??= init({ module_or_path: shared.module }).then(() => new Vision());
  const vision = await started;
  if (!loaded.has(wanted)) {
    if (wanted === "grid") vision.loadSegmenter(shared.models.segmenter);
    else vision.loadDetector(shared.models.detector);
    loaded.add(wanted);
  }
  return vision;
}

/** A small picture for lists, turned as the large one is shown. */
async function small(blob, { width, height }) {
  const scale = Math.min(1, THUMB / Math.max(width, height));
  const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const bitmap = await createImageBitmap(blob, { resizeWidth: across, resizeHeight: down, resizeQuality: "medium" });
  const canvas = new OffscreenCanvas(across, down);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}

async function unit({ name, blob, wanted }) {
  const vision = await engine(wanted);
  const options = { scoreThreshold: FLOOR, boxes: wanted === "boxes", grid: wanted === "grid" };
  let seen;
  try {
    seen = vision.predictPicture(name, new Uint8Array(await blob.arrayBuffer()), options);
  } catch (error) {
    // A picture that cannot be read is no fault of the worker: the others go on.
    if (typeof error?.code !== "string") throw error;
    return { trouble: error.message };
  }
  if (wanted === "boxes") {
    seen.names = vision.classNames;
  } else {
    // What another look found must not be lost.
    delete seen.boxes;
    delete seen.classes;
    delete seen.embedding;
  }
  try {
    seen.thumb = await small(blob, seen);
  } catch {
    // The list does without.
  }
  return seen;
}

servePool({ unit, share: (key, value) => { shared[key] = value; } });
