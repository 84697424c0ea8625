// A worker of the vision engine: loads the models it needs, once, and looks at one picture after the other.

import init, * as vision from "./forge_vision_wasm.js";
import { servePool } from "./pool_worker.js";

/** Longer side of a small picture, in pixels. */
const THUMB = 160;

const shared = {};
let started;
const loaded = {};

/** The program, then the model that finds what is wanted. */
async function model(wanted) {
  started ??= init({ module_or_path: shared.module });
  await started;
  if (wanted === "grid") loaded.segmenter ??= vision.loadSegmenter(shared.models.segmenter);
  else loaded.detector ??= vision.loadDetector(shared.models.detector);
  return wanted === "grid" ? { segmenter: loaded.segmenter } : { detector: loaded.detector };
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
  const handles = await model(wanted);
  let seen;
  try {
    seen = vision.predictPicture(name, new Uint8Array(await blob.arrayBuffer()), handles);
  } catch (error) {
    // A picture that cannot be read is no fault of the worker: the others go on.
    if (typeof error?.code !== "string") throw error;
    return { trouble: error.message };
  }
  seen.names = loaded.detector?.classes;
  try {
    seen.thumb = await small(blob, seen);
  } catch {
    // The list does without.
  }
  return seen;
}

servePool({ unit, share: (key, value) => { shared[key] = value; } });
