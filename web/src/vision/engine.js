// The vision engine's pool of workers: what they need is fetched when the first picture is to be looked at.

/** Where the vision engine is, beside the page. */
const folder = () => new URL("./vision/", document.baseURI);

async function bytesOf(name) {
  const response = await fetch(new URL(name, folder()));
  if (!response.ok) throw new Error(`${name} could not be fetched (status ${response.status})`);
  return response;
}

/** Program, models and pool, fetched and compiled once. */
async function fetched() {
  const [{ createPool }, module, kit] = await Promise.all([
    import(new URL("pool.js", folder()).href),
    bytesOf("forge_vision_wasm_bg.wasm").then((response) => WebAssembly.compileStreaming(response)),
    bytesOf("kit.json").then((response) => response.json()),
  ]);
  const models = {};
  for (const [name, file] of Object.entries(kit.models)) {
    models[name] = new Uint8Array(await (await bytesOf(file)).arrayBuffer());
  }
  const spawn = () => new Worker(new URL("worker.js", folder()), { type: "module", name: "vision" });
  const pool = createPool({ spawn, size: Math.max(1, Math.min(navigator.hardwareConcurrency ?? 2, 8)) });
  pool.share("module", module);
  pool.share("models", models);
  return { pool, classes: kit.classes };
}

export class VisionEngine {
  #tell;
  #kit;
  #abort = new AbortController();

  /** `tell(what, a, b)` hears of stages, pictures and the end. */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Looks at pictures, as many at a time as there are workers; each worker reads one picture's blob when it is its turn. */
  async predict(pictures) {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const tell = (...what) => signal.aborted || this.#tell(...what);
    try {
      if (this.#kit === undefined && pictures.length > 0) tell("fetching the vision engine", 0, 1);
      this.#kit ??= fetched();
      const { pool, classes } = await this.#kit;
      if (signal.aborted) return;
      if (pictures.length > 0) tell("looking at pictures", 0, pictures.length);
      await pool.run(pictures, { signal, onResult: (seen, at) => { tell("picture", pictures[at].index, seen); } });
      tell("all", classes);
    } catch (error) {
      if (signal.aborted) return;
      // What could not be fetched is fetched again next time.
      this.#kit = undefined;
      tell("failed", `The vision engine stopped: ${error?.message ?? error}`);
    }
  }

  /** Stops at once: workers that are at it end. */
  cancel() {
    this.#abort.abort();
  }
}
