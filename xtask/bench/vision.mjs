// Measures the vision module in Node: node vision.mjs MODULE YOLOX BODYPIX PICTURE LARGE N
//
// MODULE is the JavaScript of wasm-bindgen for Node. Prints one JSON object: milliseconds of processor time, the least of
// several, and the bytes of memory after 1, 100, 200 … N pictures of 1920 × 1080.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const RUNS = 12;
const [module, yoloxFile, bodypixFile, pictureFile, largeFile, n] = process.argv.slice(2);
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
function timed(work) {
  const start = now();
  const value = work();
  return [value, now() - start];
}
function least(work) {
  let best = timed(work);
  for (let run = 1; run < RUNS; run++) {
    const again = timed(work);
    if (again[1] < best[1]) best = again;
  }
  return best;
}

// The module keeps its memory to itself; it is caught as the module is started.
let memoryOf;
const { Instance } = WebAssembly;
WebAssembly.Instance = function (compiled, imports) {
  const instance = new Instance(compiled, imports);
  memoryOf = instance.exports.memory;
  return instance;
};

const [{ Vision }, compile] = timed(() => createRequire(import.meta.url)(module));
const [yolox, bodypix, picture, large] = [yoloxFile, bodypixFile, pictureFile, largeFile].map((file) => readFileSync(file));
const vision = new Vision();
const [, loadYolox] = timed(() => vision.loadDetector(yolox));
const [, loadBodypix] = timed(() => vision.loadSegmenter(bodypix));
const bytes = () => memoryOf.buffer.byteLength;
const loaded = bytes();

const run = (options, file = picture) => least(() => vision.predictPicture("picture", file, { facts: false, boxes: false, grid: false, ...options }));
const [, plain] = run({});
const [found, detect] = run({ boxes: true });
const [{ grid }, segment] = run({ grid: true });
const [, decodeLarge] = run({}, large);
const [, factsLarge] = run({ facts: true }, large);

const memory = {};
const start = now();
for (let i = 1; i <= Number(n); i++) {
  vision.predictPicture("large.jpg", large, {});
  if (i === 1 || i % 100 === 0) memory[i] = bytes();
}
const perPicture = (now() - start) / Number(n);
console.log(
  JSON.stringify({
    compile, load_yolox: loadYolox, load_bodypix: loadBodypix, decode: plain, yolox: detect - plain, bodypix: segment - plain,
    decode_1080p: decodeLarge, facts_1080p: factsLarge - decodeLarge, whole_1080p: perPicture,
    boxes: found.classes.length, grid: [grid.cols, grid.rows], loaded_bytes: loaded, memory,
  }),
);
