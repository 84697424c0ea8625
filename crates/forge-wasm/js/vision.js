// Pictures to boxes, masks and embeddings: a module of its own, with two models.

import initModule, { Vision as Module, descriptionOf } from "./vision/forge_vision_wasm.js";

import { asForgeError, failure } from "./failure.js";
import { bytesFrom, compiledFrom, invalid } from "./loading.js";

const beside = (file, usual) => ({ file: `vision/${file}`, usual, taker: "loadVision" });

const MODULE = beside(
  "forge_vision_wasm_bg.wasm",
  () => new URL("./vision/forge_vision_wasm_bg.wasm", import.meta.url),
);
const DETECTOR = beside("yolox_nano.onnx", () => new URL("./vision/yolox_nano.onnx", import.meta.url));
const SEGMENTER = beside("bodypix_s16.onnx", () => new URL("./vision/bodypix_s16.onnx", import.meta.url));

/** The module; it is loaded once. */
let loading;

async function load(source) {
  const module = await compiledFrom(source, MODULE);
  try {
    await initModule({ module_or_path: module });
  } catch (error) {
    throw invalid(error.message, MODULE);
  }
}

/** Whatever is thrown as a ForgeError. */
function called(work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      const hint = "Load vision in a new worker: the memory of this one is in doubt.";
      throw failure("internal", `the vision engine broke down: ${error.message}`, hint);
    }
    throw asForgeError(error);
  }
}

/** What sees in pictures; made by `loadVision`. */
export class Vision {
  #module;

  constructor(module) {
    if (!(module instanceof Module)) throw failure("type", "`Vision` is made by `loadVision`");
    this.#module = module;
  }

  get classNames() {
    return this.#module.classNames;
  }

  get threshold() {
    return this.#module.threshold;
  }

  predictPicture(name, bytes, options) {
    return called(() => this.#module.predictPicture(name, bytes, options));
  }

  instanceMasks(name, bytes, boxes) {
    return called(() => this.#module.instanceMasks(name, bytes, boxes));
  }

  decodePicture(name, bytes) {
    return called(() => this.#module.decodePicture(name, bytes));
  }

  free() {
    this.#module.free();
  }
}

/** A model and how it is described: nothing for the usual one, false for none, `{ onnx, description }` for another. */
async function model(given, usual) {
  if (given === false) return undefined;
  const own = typeof given === "object" && given !== null && "onnx" in given ? given : { onnx: given };
  const bytes = await bytesFrom(own.onnx, usual);
  const { description } = own;
  return [bytes, typeof description === "object" ? JSON.stringify(description) : description];
}

export async function loadVision({ wasm, detector, segmenter } = {}) {
  loading ??= load(wasm).catch((error) => {
    loading = undefined;
    throw error;
  });
  const [found, marks] = await Promise.all([model(detector, DETECTOR), model(segmenter, SEGMENTER), loading]);
  return called(() => {
    const module = new Module();
    if (found !== undefined) module.loadDetector(...found);
    if (marks !== undefined) module.loadSegmenter(...marks);
    return new Vision(module);
  });
}

export function modelDescription(name) {
  if (loading === undefined) throw failure("not_initialized", "the module is not loaded", "Call `await loadVision()` first.");
  return called(() => JSON.parse(descriptionOf(name)));
}

export { ForgeError } from "./error.js";
