// Calls that must fail, each with the code of the ForgeError that a program gets. Run in Node and in Chromium.

const labels = Int32Array.of(0, 0, 1, 1, 0);
const predProbs = { data: Float64Array.of(0.9, 0.1, 0.8, 0.2, 0.2, 0.8, 0.1, 0.9, 0.05, 0.95), shape: [5, 2] };

function detached(array) {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** A table of numbers that is good. */
const n = 40;
const good = {
  x: Float64Array.from({ length: n }, (_, row) => Math.sin(row) + (row % 2) * 3),
  label: Array.from({ length: n }, (_, row) => (row % 2 ? "a" : "b")),
};

const png = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1);
const loop = {};
loop.loop = loop;

/** Before the module is loaded: `[what, code, call]`; calls get the package and the bytes of the module. */
export const BEFORE = [
  ["an algorithm before init", "not_initialized", (forge) => forge.filter.findLabelIssues({ labels, predProbs })],
  ["a job before init", "not_initialized", (forge) => forge.audit(good, { target: "label" })],
  ["settings before init", "not_initialized", (forge) => forge.settings("run")],
  ["a missing module", "wasm_missing", (forge) => forge.init(new URL("./none.wasm", import.meta.url))],
  ["a truncated module", "wasm_invalid", (forge, bytes) => forge.init(bytes.slice(0, bytes.length / 2))],
  ["an empty module", "wasm_invalid", (forge) => forge.init(new ArrayBuffer(0))],
  ["a module that is none", "wasm_invalid", (forge) => forge.init(new TextEncoder().encode("<!doctype html>"))],
  [
    "another module",
    "wasm_invalid",
    (forge) => forge.init(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0)),
  ],
  ["a response that failed", "wasm_missing", (forge) => forge.init(new Response("", { status: 503 }))],
  [
    "a page in the place of the module",
    "wasm_invalid",
    (forge) => forge.init(new Response("<!doctype html>", { headers: { "Content-Type": "text/html" } })),
  ],
  ["a number in the place of the module", "type", (forge) => forge.init(5)],
];

const issues = (named) => (forge) => forge.filter.findLabelIssues(named);

/** When it is loaded. */
export const AFTER = [
  ["no arguments", "missing", (forge) => forge.filter.findLabelIssues()],
  ["null for the arguments", "type", issues(null)],
  ["a number for the arguments", "type", issues(5)],
  ["a list for the arguments", "type", issues([labels, predProbs])],
  ["text for labels", "shape", issues({ labels: "abc", predProbs })],
  ["an object for labels", "shape", issues({ labels: { a: 1 }, predProbs })],
  ["a function for labels", "setting", issues({ labels: () => 1, predProbs })],
  ["text for probabilities", "shape", issues({ labels, predProbs: "0.9" })],
  ["a date for probabilities", "shape", issues({ labels, predProbs: new Date(0) })],
  ["an object that holds itself", "type", issues({ labels, predProbs: loop })],
  ["one dimension for probabilities", "shape", issues({ labels, predProbs: predProbs.data })],
  ["fewer rows of probabilities than labels", "length", issues({ labels: labels.slice(1), predProbs })],
  ["rows of different lengths", "shape", issues({ labels: [0, 1], predProbs: [[0.9, 0.1], [1]] })],
  ["a shape that does not fit", "setting", issues({ labels, predProbs: { ...predProbs, shape: [4, 2] } })],
  ["a shape that is none", "setting", issues({ labels, predProbs: { ...predProbs, shape: ["5", -2] } })],
  [
    "a probability above 1",
    "probability",
    issues({
      labels: [0, 1],
      predProbs: [
        [0.5, 0.5],
        [1.5, -0.5],
      ],
    }),
  ],
  ["NaN among labels", "label", issues({ labels: Float64Array.of(0, NaN, 1, 1, 0), predProbs })],
  ["a negative label", "label", issues({ labels: [0, -1, 1, 1, 0], predProbs })],
  ["a label without a column", "label", issues({ labels: [0, 7, 1, 1, 0], predProbs })],
  ["a misspelt argument", "setting", issues({ labels, predProb: predProbs })],
  ["an unknown rule", "setting", issues({ labels, predProbs, filterBy: "best" })],
  ["a detached array", "detached", (forge) => issues({ labels: detached(Int32Array.from(labels)), predProbs })(forge)],
  [
    "a detached matrix",
    "detached",
    (forge) =>
      issues({ labels, predProbs: { data: detached(Float64Array.from(predProbs.data)), shape: [5, 2] } })(forge),
  ],
  ["detached bytes", "detached", (forge) => forge.audit(detached(new TextEncoder().encode("a,b\n1,2\n")))],
  ["a detached column", "detached", (forge) => forge.audit({ ...good, x: detached(Float64Array.from(good.x)) })],

  ["no data", "type", (forge) => forge.audit(undefined)],
  ["a number for data", "type", (forge) => forge.audit(7)],
  ["a function for data", "type", (forge) => forge.audit(() => good)],
  ["an object without columns", "data", (forge) => forge.audit({})],
  ["a list of numbers for rows", "type", (forge) => forge.audit([1, 2, 3])],
  ["a column that is none", "type", (forge) => forge.audit({ ...good, x: "abc" })],
  ["objects in a column", "type", (forge) => forge.audit({ ...good, x: good.label.map(() => ({})) })],
  ["columns of different lengths", "data", (forge) => forge.audit({ ...good, y: [1, 2, 3] })],
  ["an empty text", "data", (forge) => forge.audit("")],
  ["a picture", "data", (forge) => forge.audit(new File([png], "people.csv"))],
  ["bytes of no kind", "data", (forge) => forge.openData(Uint8Array.from({ length: 999 }, (_, i) => (i * 7919) % 256))],
  [
    "gzip that is cut short",
    "data",
    (forge) => forge.openData({ name: "a.csv.gz", content: Uint8Array.of(31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 75) }),
  ],
  ["a Parquet file", "data", (forge) => forge.openData(new TextEncoder().encode("PAR1aaaaaaaaaaaaaaaaPAR1"))],
  [
    "a File that cannot be read",
    "unreadable",
    (forge) => {
      const file = new File(["a,b\n1,2\n"], "gone.csv");
      file.arrayBuffer = () => Promise.reject(new DOMException("It is gone.", "NotFoundError"));
      return forge.audit(file);
    },
  ],

  ["an unknown target", "setting", (forge) => forge.audit(good, { target: "labl" })],
  ["a setting outside its range", "learn", (forge) => forge.audit(good, { target: "label", cvFolds: 1 })],
  ["a setting of the wrong type", "setting", (forge) => forge.run(good, { target: "label", cvFolds: "five" })],
  ["an unknown setting", "setting", (forge) => forge.run(good, { target: "label", folds: 5 })],
  ["settings that are none", "type", (forge) => forge.runJob(good, "audit")],
  ["a job there is not", "setting", (forge) => forge.runJob(good, { job: "guess" })],
  ["an unknown model", "setting", (forge) => forge.run(good, { target: "label", model: "svm" })],
  ["a model for numbers on classes", "learn", (forge) => forge.run(good, { target: "label", model: "ridge" })],
  ["a parameter there is not", "learn", (forge) => forge.run(good, { target: "label", parameters: { depth: 3 } })],
  [
    "one class only",
    "unusable",
    (forge) => forge.run({ ...good, label: good.label.map(() => "a") }, { target: "label" }),
  ],
  ["probabilities for other rows", "length", (forge) => forge.audit(good, { target: "label", predProbs })],
  ["text for features", "type", (forge) => forge.audit(good, { target: "label", features: "x" })],
  ["tokens in a table", "data", (forge) => forge.tasks.token("a,b\n1,2\n")],
  ["a callback that is none", "type", (forge) => forge.audit(good, {}, { onProgress: 5 })],
  ["a signal that was aborted", "cancelled", (forge) => forge.audit(good, {}, { signal: AbortSignal.abort() })],
  [
    "an abort on the way",
    "cancelled",
    (forge) => {
      const abort = new AbortController();
      return forge.audit(good, { target: "label" }, { signal: abort.signal, onProgress: () => abort.abort() });
    },
  ],

  ["a matrix without labels", "missing", (forge) => forge.models.fit({ X: [[1], [2], [3]] })],
  ["labels for other rows", "data", (forge) => forge.models.fit({ X: [[1], [2], [3]], y: ["a", "b"] })],
  [
    "columns the model does not find",
    "unusable",
    async (forge) => (await forge.models.fit(good, { target: "label" })).predict({ z: [1, 2] }),
  ],
  [
    "probabilities of a model of numbers",
    "unusable",
    async (forge) =>
      (await forge.models.fit({ X: [[1], [2], [3]], y: [1.5, 2.5, 3.5] }, { task: "regression" })).predictProba({
        X: [[1]],
      }),
  ],
  [
    "a model that was freed",
    "freed",
    async (forge) => {
      const model = await forge.models.fit(good, { target: "label" });
      model.free();
      return model.predict(good);
    },
  ],
  [
    "data that were freed",
    "freed",
    async (forge) => {
      const data = await forge.openData(good);
      data.free();
      return forge.profile(data);
    },
  ],
  ["a row there is not", "type", async (forge) => (await forge.openData(good)).cells(-1)],
  ["a recipe that is none", "setting", (forge) => forge.recipes.apply(good, { rows: [1] })],
  [
    "decisions about rows there are not",
    "setting",
    (forge) => forge.recipes.create(good, { target: "label", decisions: [{ row: 99, action: "keep" }] }),
  ],
  ["a report that is none", "unusable", (forge) => forge.reportHtml({ a: 1 })],
  ["settings of a task there is not", "setting", (forge) => forge.settings("guess")],
  [
    "no workers",
    "worker",
    async (forge) => {
      const spawn = () => {
        throw new Error("there are no workers here");
      };
      return (await forge.createForge({ workers: 1, spawn })).audit(good, { target: "label" });
    },
  ],
  ["a number of workers that is none", "setting", (forge) => forge.createForge({ workers: 1.5 })],
  // A joint of 30,000 × 30,000 classes is larger than a module may be.
  [
    "more memory than there is",
    "out_of_memory",
    (forge) => {
      const data = new Float64Array(60_000).fill(1 / 30_000);
      return forge.count.computeConfidentJoint({ labels: [0, 29_999], predProbs: { data, shape: [2, 30_000] } });
    },
  ],
];

/** What a call comes to: the code of a ForgeError with its message, or what else happened. */
async function outcome(forge, call, bytes) {
  try {
    await call(forge, bytes);
    return { code: "nothing was thrown" };
  } catch (error) {
    if (!(error instanceof forge.ForgeError)) return { code: `not a ForgeError: ${error?.stack ?? error}` };
    return { code: error.code, message: error.message };
  }
}

/** Makes every call; gives those that came to something else, and whether the package still works afterwards. */
export async function failures(forge, bytes) {
  const wrong = [];
  const check = async ([what, code, call]) => {
    const found = await outcome(forge, call, bytes);
    if (found.code !== code || !found.message) wrong.push({ what, expected: code, ...found });
  };
  for (const entry of BEFORE) await check(entry);
  const [first, second] = await Promise.all([forge.init(bytes), forge.init()]);
  if (first.version !== second.version || !first.features.includes("csv")) wrong.push({ what: "init", first, second });
  for (const entry of AFTER) {
    await check(entry);
    const flags = forge.filter.findLabelIssues({ labels, predProbs });
    if (String(flags) !== "0,0,0,0,1") wrong.push({ what: `an algorithm after ${entry[0]}`, found: String(flags) });
  }
  const { report } = await forge.audit(good, { target: "label" });
  if (report.nRows !== n) wrong.push({ what: "an audit at the end", found: report });
  return wrong;
}
