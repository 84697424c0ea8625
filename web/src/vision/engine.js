// The vision engine's pool of workers: what they need is fetched when the first picture is to be looked at.

/** Where the vision engine is, beside the page. */
const folder = () => new URL("./vision/", document.baseURI);

async function responseFor(name) {
  const response = await fetch(new URL(name, folder()));
  if (!response.ok) throw new Error(`${name} could not be fetched (status ${response.status})`);
  return response;
}

/** The models, by what they are for. */
const MODELS = { detector: "yolox_nano.onnx", segmenter: "bodypix_s16.onnx" };

/** Program and pool, fetched and compiled once. */
async function fetched() {
  const [{ createPool, suitableSize }, module] = await Promise.all([
    import(new URL("pool.js", folder()).href),
    responseFor("forge_vision_wasm_bg.wasm").then((response) => WebAssembly.compileStreaming(response)),
  ]);
  const spawn = () => new Worker(new URL("worker.js", folder()), { type: "module", name: "vision" });
  const pool = createPool({ spawn, size: suitableSize() });
  pool.share("module", module);
  return { pool, models: {} };
}

/** Lets the workers have the models that `pictures` need. */
async function equip(kit, pictures) {
  const needed = new Set(pictures.map(({ wanted }) => (wanted === "grid" ? "segmenter" : "detector")));
  const missing = [...needed].filter((name) => kit.models[name] === undefined);
  for (const name of missing) {
    kit.models[name] = new Uint8Array(await (await responseFor(MODELS[name])).arrayBuffer());
  }
  if (missing.length > 0) kit.pool.share("models", kit.models);
}

export class VisionEngine {
  #tell;
  #kit;
  #names = [];
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
      if (pictures.length > 0) {
        if (this.#kit === undefined) tell("fetching the vision engine", 0, 1);
        // What could not be fetched is fetched again next time.
        this.#kit ??= fetched().catch((error) => {
          this.#kit = undefined;
          throw error;
        });
        const kit = await this.#kit;
        await equip(kit, pictures);
        if (signal.aborted) return;
        tell("looking at pictures", 0, pictures.length);
        const onResult = ({ names, ...seen }, at) => {
          this.#names = names ?? this.#names;
          tell("picture", pictures[at].index, seen);
        };
        await kit.pool.run(pictures, { signal, onResult });
      }
      tell("all", this.#names);
    } catch (error) {
      if (signal.aborted) return;
      tell("failed", `The vision engine stopped: ${error?.message ?? error}`);
    }
  }

  /** Stops at once: workers that are at it end. */
  cancel() {
    this.#abort.abort();
  }
}
