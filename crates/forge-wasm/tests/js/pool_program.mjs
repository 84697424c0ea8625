// A worker for the tests of the pool: does what a unit says.

import { threadId } from "node:worker_threads";
import { servePool } from "../../js/pool_worker.js";

const shared = new Map();
let taken = 0;

servePool({
  share(key, value) {
    if (value === "refused") throw Object.assign(new Error("not this"), { code: "data" });
    taken += 1;
    shared.set(key, value);
  },
  forget: (key) => void shared.delete(key),
  async unit({ say, wait = 0, crash, fail, busy, double }, { progress }) {
    progress(say);
    if (busy) for (;;);
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (crash === "exit") process.exit(3);
    if (crash === "throw") throw new TypeError("broken");
    if (crash !== undefined && Atomics.sub(new Int32Array(crash), 0, 1) > 0) process.exit(3);
    if (fail) throw Object.assign(new Error("bad unit"), { code: "data", hint: "give a good one" });
    if (double) return { doubled: double.map((value) => 2 * value) };
    return { say, worker: threadId, taken, shared: Object.fromEntries(shared) };
  },
});
