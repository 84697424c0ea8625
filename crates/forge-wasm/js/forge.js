// The functions of this package on a pool of workers: the same names and results, as promises, and the page stays free.

import { functions } from "./functions.js";
import { compiledModule } from "./engine.js";
import { asForgeError, wrongType } from "./failure.js";
import { begun, jobOf, readingOf, TASKS } from "./jobs.js";
import { createPool, suitableSize, workersOf } from "./pool.js";
import { shareJob } from "./sharing.js";

/** Algorithms that search neighbours or fit models, which workers do together. */
const SHARED = /^(datalab|outlier|data_valuation|regression)\./;

/** A worker of this package; bundlers look for this form. */
function spawnWorker() {
  if (typeof Worker === "function") return new Worker(new URL("./forge_worker.js", import.meta.url), { type: "module" });
  return workersOf(new URL("./forge_worker.js", import.meta.url))();
}

/** Options of a call as the pool takes them. */
function optionsOf({ signal, onProgress } = {}) {
  if (onProgress !== undefined && typeof onProgress !== "function") throw wrongType("onProgress", onProgress, "a function");
  begun(signal);
  const told = ({ stage, done, total }) => onProgress({ stage, done, total, share: total > 0 ? done / total : 0 });
  return { signal, onProgress: onProgress && told };
}

/** Starts a pool of `workers` that share one module; see forge.d.ts. */
export async function createForge({ workers = suitableSize(), wasm, spawn = spawnWorker } = {}) {
  const pool = createPool({ spawn, size: workers });
  pool.share("module", await compiledModule(wasm));
  let calls = 0;
  /** The data that the workers have. */
  let held = { key: "data 0", data: undefined };

  /** The key under which the workers have data; they are sent again only where they are others. */
  function keyOf(data) {
    if (held.data !== data) {
      if (held.data !== undefined) pool.forget(held.key);
      calls += 1;
      held = { key: `data ${calls}`, data };
      pool.share(held.key, data);
    }
    return held.key;
  }

  /** Whatever is rejected, as a ForgeError. */
  const fallible = (work) => work.catch((error) => Promise.reject(asForgeError(error)));

  async function call(name, kwargs, arrays, options) {
    const given = optionsOf(options);
    if (!SHARED.test(name)) return shareJob(pool, { call: { name, kwargs, arrays } }, { ...given, partners: 1 });
    calls += 1;
    const args = `arguments ${calls}`;
    pool.share(args, { name, kwargs, arrays });
    try {
      return await shareJob(pool, { call: true, args }, given);
    } finally {
      pool.forget(args);
    }
  }

  async function runJob(data, job, options = {}) {
    const given = optionsOf(options);
    return fallible(shareJob(pool, { data: keyOf(data), reading: readingOf(job, options), job }, given));
  }

  const job = (fixed) => async (data, config, options) => runJob(data, jobOf({ ...config, ...fixed }), options);

  /** A function of data that one worker does. */
  const onData = (name) => async (data, config = {}, options = {}) => {
    const reading = readingOf(config, { ...options, name: options.name ?? config.name });
    const { signal: _, onProgress: __, ...rest } = options;
    const unit = { data: keyOf(data), reading, onData: name, args: [config, rest] };
    return fallible(shareJob(pool, unit, { ...optionsOf(options), partners: 1 }));
  };

  return Object.freeze({
    ...functions((name, kwargs, arrays, options) => fallible(call(name, kwargs, arrays, options))),
    workers,
    /** Workers that are alive. */
    get alive() {
      return pool.alive;
    },
    runJob,
    audit: job({ job: "audit" }),
    run: job({ job: "run" }),
    sweep: job({ job: "sweep" }),
    tasks: Object.freeze(Object.fromEntries(TASKS.map((task) => [task, job({ job: "task", task })]))),
    profile: onData("profile"),
    crossValPredict: onData("crossValPredict"),
    /** Ends the workers; what is running is rejected. */
    close: () => pool.close(),
  });
}
