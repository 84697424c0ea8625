// Runs one item of `cargo xtask bench algorithms` or `bench models` in Node: node run.mjs MODULE ITEM INPUTS RESULTS
//
// Prints one JSON object with `cpu_seconds`, the least processor time of a few calls, and `wasm_bytes`, the memory of the
// module. Files are as `src/files.rs` says.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// A call that took longer is not repeated.
const ONCE_FROM_SECONDS = 10;
const RUNS = 3;

const [module, item, inputs, results] = process.argv.slice(2);
const { Bench } = createRequire(import.meta.url)(module);

function now() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function fill(bench) {
  for (const file of readdirSync(inputs)) {
    const [name, shape, type] = file.split(".");
    const { buffer, byteOffset, byteLength } = readFileSync(join(inputs, file));
    // Node's pool may place a small file at any byte.
    const bytes = byteOffset % 8 === 0 ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
    const start = byteOffset % 8 === 0 ? byteOffset : 0;
    const sizes = Uint32Array.from(shape.split("x"), Number);
    if (type === "f64") bench.floats(name, sizes, new Float64Array(bytes, start, byteLength / 8));
    else bench.integers(name, sizes, new Int32Array(bytes, start, byteLength / 4));
  }
}

function write(name, shape, values) {
  const type = values instanceof Float64Array ? "f64" : "i32";
  writeFileSync(join(results, `${name}.${shape.join("x")}.${type}`), values);
}

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const seconds = [];
do {
  const bench = new Bench();
  fill(bench);
  seconds.push(bench.run(item, now, write));
  bench.free();
} while (seconds.length < RUNS && seconds.at(-1) <= ONCE_FROM_SECONDS);
console.log(JSON.stringify({ cpu_seconds: Math.min(...seconds), wasm_bytes: Bench.memoryBytes() }));
