// The worker's side of pool.js: a program that does units of work, in a browser's worker or in one of Node.

/** Where messages come from and go to. */
async function port() {
  if (typeof globalThis.WorkerGlobalScope === "function") {
    return {
      post: (message, transfer) => globalThis.postMessage(message, transfer ?? []),
      listen: (hear) => globalThis.addEventListener("message", (event) => hear(event.data)),
    };
  }
  const { parentPort } = await import(/* webpackIgnore: true */ /* @vite-ignore */ "node:worker_threads");
  return {
    post: (message, transfer) => parentPort.postMessage(message, transfer),
    listen: (hear) => parentPort.on("message", hear),
  };
}

/** The buffers of a result: those of typed arrays in it, two levels deep. */
function buffersOf(result) {
  const buffers = new Set();
  const visit = (value, depth) => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value instanceof ArrayBuffer) buffers.add(value);
    else if (depth > 0 && typeof value === "object" && value !== null) {
      for (const item of Object.values(value)) visit(item, depth - 1);
    }
  };
  visit(result, 2);
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

/** What is told of an error: it is the unit's where it has a `code`, else the worker is broken. */
function messageOf(error) {
  if (typeof error?.code !== "string") return { type: "crashed", message: error?.message ?? String(error) };
  return { type: "error", error: { code: error.code, message: error.message, hint: error.hint } };
}

/**
 * Serves a pool. `unit(unit, {progress})` does a unit and returns, or promises, its result; `share(key, value)` and
 * `forget(key)` receive what the pool shares. Messages are handled one after the other.
 *
 * An error with a `code` is the unit's: the worker is well. Any other leaves the worker in doubt, and the pool replaces
 * it.
 */
export async function servePool({ unit, share, forget }) {
  const { post, listen } = await port();
  const progress = (step) => post({ type: "progress", progress: step });
  /** What was shared and could not be taken, with the reason: units fail by it until something better is shared. */
  const refused = new Map();

  async function take({ type, key, value }) {
    refused.delete(key);
    try {
      await (type === "share" ? share?.(key, value) : forget?.(key));
    } catch (error) {
      refused.set(key, error);
    }
  }

  async function work(message) {
    try {
      for (const error of refused.values()) throw error;
      const result = await unit(message.unit, { progress });
      post({ type: "result", result }, buffersOf(result));
    } catch (error) {
      post(messageOf(error));
    }
  }

  let last = Promise.resolve();
  listen((message) => {
    last = last.then(() => (message.type === "unit" ? work(message) : take(message)));
  });
  post({ type: "ready" });
}
