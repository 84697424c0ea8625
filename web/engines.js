// The pool of workers that runs the jobs of the page; the page's program speaks to it by src/page/engines.rs.

import { createPool, suitableSize, workersOf } from "./pool.js";
import { shareJob } from "./sharing.js";

/** Size of a file, in bytes, of which each worker may hold its own copy; of a larger one fewer workers do. */
const LARGE = 32 * 1024 * 1024;

/** The workers, and the one job they do. `hear` receives messages in the form of src/protocol.rs. */
export class Engines {
  #pool;
  #hear;
  #module;
  #file;
  #job;

  constructor(hear) {
    this.#hear = hear;
    this.#pool = createPool({ spawn: workersOf(new URL("./engine_worker.js", import.meta.url), { name: "engine" }) });
    // Started with the page, so that it is there when a file is.
    this.#module = WebAssembly.compileStreaming(fetch(new URL("./worker_bg.wasm", import.meta.url)));
    this.#module.then((module) => this.#pool.share("module", module)).catch(() => {});
  }

  /** Has every worker read the file and rehearse the job. */
  async prepare(source, file, job) {
    const units = Array.from({ length: this.#partners(file) }, () => ({ rehearsal: job }));
    try {
      await this.#load(source, file);
      await this.#pool.run(units);
    } catch {
      // A run that was not prepared for still runs, and tells what is wrong.
    }
  }

  /** Runs a job on a file; what comes of it is heard. */
  async run(source, file, job) {
    const control = new AbortController();
    this.#job = control;
    const hear = (head, parts = []) => {
      if (this.#job === control) this.#hear([typeof head === "string" ? head : JSON.stringify(head), ...parts]);
    };
    const onProgress = ({ stage, done, total }) => hear({ kind: "progress", stage, done, total });
    try {
      await this.#load(source, file);
      const options = { signal: control.signal, onProgress, partners: this.#partners(file) };
      const [head, ...parts] = await shareJob(this.#pool, { job }, options);
      hear(head, parts);
    } catch ({ code = "worker", message, hint = null }) {
      if (code === "worker") hear({ kind: "crashed", message });
      else if (code !== "cancelled") hear({ kind: "failed", what: "run", failure: { code, message, hint } });
    }
  }

  /** Ends the workers that run the job; nothing more is heard of it. */
  cancel() {
    const control = this.#job;
    this.#job = undefined;
    control?.abort();
  }

  async #load(source, file) {
    await this.#module;
    if (this.#file !== source) this.#pool.share("file", { source, file });
    this.#file = source;
  }

  #partners(file) {
    return Math.max(1, Math.min(this.#pool.size, suitableSize(), Math.ceil((4 * LARGE) / Math.max(file.size, 1))));
  }
}
