// Workers that share units of work: any units, any workers. What runs in a worker is in pool_worker.js.
//
// A unit goes to the next worker that is idle, so units may differ in cost. A worker does one unit at a time and cannot
// be interrupted: cancelling ends it, and another takes its place when there is work again.
//
// Messages to a worker: {type: "share", key, value}, {type: "forget", key}, {type: "unit", unit}. Messages from a worker:
// {type: "ready"} once, {type: "progress", progress}, {type: "result", result}, {type: "error", error: {code, message,
// hint}} for a unit that failed in a worker that is well, {type: "crashed", message} for a worker that is broken.

import { ForgeError } from "./error.js";

/** Times that a unit is given out before it is given up: a worker may break by no fault of the unit. */
const ATTEMPTS = 2;

/** Workers at most, however many processors there are. */
export const MOST_WORKERS = 8;

/** How many workers suit this machine: one per processor, at most eight. */
export function suitableSize() {
  return Math.max(1, Math.min(globalThis.navigator?.hardwareConcurrency ?? 4, MOST_WORKERS));
}

/** The text of an error or of an event that tells of one. */
const textOf = (error) => error?.message || error?.error?.message || String(error?.type ?? error);

/** Calls what a user handed over; what it throws must not break the pool, and is thrown where nothing else runs. */
function told(callback, ...values) {
  try {
    callback?.(...values);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Listens to a worker of the browser or of Node. */
function listen(worker, onMessage, onBreak) {
  if (typeof worker.addEventListener === "function") {
    worker.addEventListener("message", (event) => onMessage(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      onBreak(textOf(event));
    });
    worker.addEventListener("messageerror", () => onBreak("a message could not be read"));
  } else {
    worker.on("message", onMessage);
    worker.on("error", (error) => onBreak(textOf(error)));
    worker.on("messageerror", () => onBreak("a message could not be read"));
    worker.on("exit", () => onBreak("the worker ended"));
  }
}

/**
 * A pool of at most `size` workers that `spawn` makes (a Worker, or a promise of one). Workers start when there is work.
 */
export function createPool({ spawn, size = suitableSize() }) {
  if (typeof spawn !== "function") throw new ForgeError("setting", "`spawn` must be a function that makes a worker");
  if (!Number.isInteger(size) || size < 1) {
    throw new ForgeError("setting", `\`size\` is ${size}; it must be a whole number from 1`);
  }

  /** Every member that is alive. */
  const members = new Set();
  /** What every worker has to know before its next unit: key → [value, number]. */
  const shared = new Map();
  /** Counts what was shared, so that a member knows what it has. */
  let shares = 0;
  /** Tasks that no worker does yet, in the order in which they were asked for. */
  const waiting = [];
  let closed = false;

  function start() {
    const member = { worker: undefined, task: undefined, known: new Map(), ready: undefined, alive: true };
    members.add(member);
    member.ready = new Promise((resolve) => {
      const onMessage = (message) => {
        if (!member.alive) return;
        if (message?.type === "ready") resolve();
        else if (message?.type === "crashed") lost(member, message.message);
        else heard(member, message);
      };
      const spawned = (worker) => {
        if (!member.alive) return worker.terminate();
        member.worker = worker;
        listen(worker, onMessage, (reason) => lost(member, reason));
        // What is not yet ready must not keep Node from ending either, unless there is work.
        if (member.task === undefined) worker.unref?.();
      };
      // A promise of a worker and a worker alike; what `spawn` throws is like a worker that breaks at once.
      Promise.resolve().then(spawn).then(spawned).catch((error) => lost(member, textOf(error)));
    });
    return member;
  }

  /** Ends a worker and forgets it. */
  function end(member) {
    member.alive = false;
    members.delete(member);
    member.worker?.terminate();
  }

  /** What becomes of a worker that broke, and of the unit it had. */
  function lost(member, reason) {
    if (!member.alive) return;
    end(member);
    const { task } = member;
    if (task !== undefined && !task.run.over) {
      task.attempts += 1;
      if (task.attempts < ATTEMPTS) {
        waiting.unshift(task);
      } else {
        const hint = "It was tried in two workers. There may be too little memory, or a file of the program is missing.";
        fail(task.run, new ForgeError("worker", `A worker broke while it had a unit of work: ${reason}`, hint));
      }
    }
    deal();
  }

  /** What a worker says about its unit. */
  function heard(member, message) {
    const { task } = member;
    if (task === undefined) return;
    const { run, index } = task;
    if (message.type === "progress") {
      if (!run.over) told(run.onProgress, message.progress, index);
      return;
    }
    member.task = undefined;
    member.worker.unref?.();
    if (!run.over) {
      if (message.type === "error") {
        const { code, message: text, hint } = message.error;
        fail(run, new ForgeError(code, text, hint));
      } else {
        done(run, index, message.result);
      }
    }
    deal();
  }

  function done(run, index, result) {
    run.results[index] = result;
    run.open -= 1;
    let more;
    try {
      more = run.onResult?.(result, index);
    } catch (error) {
      return fail(run, error);
    }
    for (const unit of more ?? []) add(run, unit);
    if (run.open === 0 && !run.over) {
      run.over = true;
      run.resolve(run.results);
    }
  }

  function add(run, unit) {
    waiting.push({ run, unit, index: run.units, attempts: 0 });
    run.units += 1;
    run.open += 1;
  }

  /** Ends a run: what waits is dropped, and the workers that are at it end, since nothing can interrupt them. */
  function fail(run, error) {
    if (run.over) return;
    run.over = true;
    for (let i = waiting.length - 1; i >= 0; i -= 1) {
      if (waiting[i].run === run) waiting.splice(i, 1);
    }
    for (const member of [...members]) {
      if (member.task?.run === run) end(member);
    }
    run.reject(error);
    deal();
  }

  /** Gives waiting units to idle workers, and starts workers while there are too few. */
  function deal() {
    while (waiting.length > 0) {
      let member = [...members].find(({ task }) => task === undefined);
      if (member === undefined) {
        if (members.size >= size) return;
        member = start();
      }
      give(member, waiting.shift());
    }
  }

  async function give(member, task) {
    member.task = task;
    member.worker?.ref?.();
    await member.ready;
    // It may have been ended, or its run, while it started.
    if (!member.alive || member.task !== task) return;
    try {
      for (const [key, [value, number]] of shared) {
        if (member.known.get(key) === number) continue;
        member.worker.postMessage({ type: "share", key, value });
        member.known.set(key, number);
      }
      member.worker.postMessage({ type: "unit", unit: task.unit });
    } catch (error) {
      // What cannot be cloned is the caller's mistake; the worker is well.
      member.task = undefined;
      member.worker.unref?.();
      fail(task.run, new ForgeError("setting", `A unit cannot be sent to a worker: ${textOf(error)}`));
      deal();
    }
  }

  return {
    size,

    /** Workers that are alive. */
    get alive() {
      return members.size;
    },

    /** Sends `value` to every worker before its next unit, once; a later value of the same key replaces it. */
    share(key, value) {
      shares += 1;
      shared.set(key, [value, shares]);
    },

    /** Tells the workers to drop what was shared under `key`; one that is busy does so after its unit. */
    forget(key) {
      shared.delete(key);
      for (const { worker, known } of members) {
        if (known.delete(key)) worker.postMessage({ type: "forget", key });
      }
    },

    /** Does every unit and resolves to the results in the order of the units. */
    run(units, { signal, onProgress, onResult } = {}) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new ForgeError("closed", "The pool was closed."));
        const run = { results: [], units: 0, open: 0, over: false, onProgress, onResult };
        const cancel = () => fail(run, new ForgeError("cancelled", "The work was cancelled."));
        const settled = (settle) => (value) => {
          signal?.removeEventListener("abort", cancel);
          settle(value);
        };
        Object.assign(run, { resolve: settled(resolve), reject: settled(reject) });
        if (signal?.aborted) return cancel();
        signal?.addEventListener("abort", cancel);
        for (const unit of units) add(run, unit);
        if (run.open === 0) {
          run.over = true;
          return run.resolve(run.results);
        }
        deal();
      });
    },

    /** Ends every worker; what is running is rejected. */
    close() {
      closed = true;
      const runs = new Set([...members].map(({ task }) => task?.run).concat(waiting.map(({ run }) => run)));
      for (const run of runs) {
        if (run !== undefined) fail(run, new ForgeError("closed", "The pool was closed."));
      }
      for (const member of [...members]) end(member);
    },
  };
}

/** A function for `spawn`: module workers of the program at `address`, in the browser or in Node. */
export function workersOf(address, options) {
  if (typeof globalThis.Worker === "function") {
    return () => new globalThis.Worker(address, { type: "module", ...options });
  }
  return async () => {
    const { Worker } = await import(/* webpackIgnore: true */ /* @vite-ignore */ "node:worker_threads");
    return new Worker(address, options);
  };
}
