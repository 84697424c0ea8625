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
  #source;
  #job;

  constructor(program, hear) {
    this.#hear = hear;
    this.#pool = createPool({ spawn: workersOf(new URL("./engine_worker.js", import.meta.url), { name: "engine" }) });
    // Started with the page, so that all is there when a file is, and a page that goes offline can still work.
    this.#module = WebAssembly.compileStreaming(fetch(new URL(`./${program}_bg.wasm`, import.meta.url)));
    this.#start(program).catch(() => {});
  }

  /** Has every worker read the files and rehearse the job. */
  async prepare(source, files, job) {
    const units = Array.from({ length: this.#partners(files) }, () => ({ rehearsal: job }));
    try {
      await this.#load(source, files);
      await this.#pool.run(units);
    } catch {
      // A run that was not prepared for still runs, and tells what is wrong.
    }
  }

  /** Runs a job on files, with what models see in them if they are pictures; what comes of it is heard. */
  async run(source, files, job, seen) {
    const control = new AbortController();
    this.#job = control;
    const hear = (head, parts = []) => {
      if (this.#job === control) this.#hear([typeof head === "string" ? head : JSON.stringify(head), ...parts]);
    };
    const onProgress = ({ stage, done, total }) => hear({ kind: "progress", stage, done, total });
    try {
      await this.#load(source, files);
      this.#pool.share("seen", seen);
      const options = { signal: control.signal, onProgress, partners: this.#partners(files) };
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

  /** Ends the workers for good. */
  close() {
    this.cancel();
    this.#pool.close();
  }

  /** Has every worker load the program. What goes wrong is told where there is work for it. */
  async #start(program) {
    this.#pool.share("program", { name: program, module: await this.#module });
    await this.#pool.run(Array.from({ length: this.#pool.size }, () => ({})));
  }

  async #load(source, files) {
    await this.#module;
    if (this.#source !== source) this.#pool.share("files", { source, files });
    this.#source = source;
  }

  #partners(files) {
    const bytes = files.reduce((sum, file) => sum + file.size, 1);
    return Math.max(1, Math.min(this.#pool.size, suitableSize(), Math.ceil((4 * LARGE) / bytes)));
  }
}
