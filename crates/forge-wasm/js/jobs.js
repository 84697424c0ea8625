// Jobs on data, profiles, recipes and models: functions that run to their end and return what they found.

import { arrayOf } from "./calling.js";
import { called } from "./engine.js";
import { failure, told, wrongType } from "./failure.js";
import { held, isMatrix } from "./input.js";
import { camelCase, engineForm, isPlain, scriptForm } from "./names.js";

export const TASKS = ["multiclass", "multilabel", "token", "regression", "outlier", "multiannotator", "anomaly"];

/** Stands for no data, where work makes its rows up. */
const NOTHING = Symbol("nothing");

const cancelled = () => failure("cancelled", "the work was cancelled");

/** Refuses work that was cancelled before it began. */
export function begun(signal) {
  if (signal?.aborted) throw Object.assign(cancelled(), { cause: signal.reason });
}

/** What the engine calls on its way; it stops when that returns true. */
function progressOf({ signal, onProgress } = {}) {
  if (onProgress !== undefined && typeof onProgress !== "function")
    throw wrongType("onProgress", onProgress, "a function");
  if (onProgress === undefined && signal === undefined) return undefined;
  return (stage, done, total) => {
    told(onProgress, { stage, done, total, share: total > 0 ? done / total : 0 });
    return signal?.aborted === true;
  };
}

function settingsOf(config, what = "settings") {
  if (config === undefined || config === null) return {};
  if (!isPlain(config)) throw wrongType(what, config, "an object of settings");
  return engineForm(config);
}

/** Data that were read once, for several calls. */
export class Data {
  #data;
  #facts;

  constructor(data) {
    this.#data = data;
  }

  /** @internal */
  static handle(data) {
    if (data.#data === undefined) {
      throw failure("freed", "these data were freed", "Open them again with `openData`.");
    }
    return data.#data;
  }

  /** @internal */
  static owns(value) {
    return typeof value === "object" && value !== null && #data in value;
  }

  get facts() {
    return (this.#facts ??= called(() => scriptForm(Data.handle(this).facts())));
  }

  get nRows() {
    return this.facts.nRows;
  }

  cells(row) {
    if (!Number.isInteger(row) || row < 0) throw wrongType("row", row, "the number of a row, from 0");
    return called(() => Data.handle(this).cells(row));
  }

  withoutRows(rows) {
    return called(() => Data.handle(this).withoutRows(Uint32Array.from(rows)));
  }

  free() {
    const data = this.#data;
    this.#data = undefined;
    if (data !== undefined) called(() => data.free());
  }
}
if (typeof Symbol.dispose === "symbol") Data.prototype[Symbol.dispose] = Data.prototype.free;

/** Calls `work` with the module and the data in its memory, and frees what was read for this call alone. */
function withData(data, options, work) {
  return called((wasm) => {
    if (Data.owns(data)) return work(wasm, Data.handle(data));
    const read = data === NOTHING ? wasm.Data.nothing() : held(wasm, data, options);
    try {
      return work(wasm, read);
    } finally {
      try {
        read.free();
      } catch {
        // The module broke down, and its memory is gone.
      }
    }
  });
}

export function openData(data, { name, csv, corpus, sentences = false } = {}) {
  const options = {
    name,
    csv: settingsOf(csv, "csv"),
    corpus: settingsOf(corpus, "corpus"),
    kind: sentences ? "sentences" : "",
  };
  return called((wasm) => new Data(held(wasm, data, options)));
}

/** What a job found, with the names that JavaScript has. */
function foundOf({ report, findings }) {
  const found = { report: scriptForm(report) };
  if (findings !== undefined) found.findings = findings;
  return found;
}

/** How a job has its data read, for `openData`. */
export function readingOf(job, { name, corpus } = {}) {
  return { name, csv: job?.csv, corpus, sentences: job?.task === "token" };
}

/** A job with a list where a text stands for one. */
export function jobOf(job) {
  const lists = job.job === "audit" || job.task === "multilabel";
  return lists && job.target !== undefined ? { ...job, target: listed(job.target) } : job;
}

/** Takes a turn, `[turn, known, given]`, of a job that several workers do together. */
export function jobTurn(data, job, turn, tell) {
  return called((wasm) => {
    const { parts, result } = wasm.job_turn(settingsOf(job, "job"), Data.handle(data), turn, tell);
    return result === undefined ? { parts } : { parts, result: foundOf(result) };
  });
}

/** Runs a job: settings with `job` and, for a task, `task`, as the page and the command line save it. */
export function runJob(data, job, options = {}) {
  const settings = settingsOf(job, "job");
  begun(options.signal);
  const progress = progressOf(options);
  const kind = settings.task === "token" ? "sentences" : "";
  const reading = { name: options.name, csv: settings.csv, corpus: settingsOf(options.corpus, "corpus"), kind };
  const run = (wasm, read) => foundOf(wasm.run_job(settings, read, progress));
  const made = settings.provider !== undefined && (data === undefined || data === null);
  return withData(made ? NOTHING : data, reading, run);
}

/** The targets of settings, of which a text is one. */
const listed = (target) => (typeof target === "string" ? [target] : target);

export function audit(data, { predProbs, features, ...config } = {}, options = {}) {
  const settings = { ...config };
  if (settings.target !== undefined) settings.target = listed(settings.target);
  const arrays = [];
  for (const [key, value] of [
    ["predProbs", predProbs],
    ["features", features],
  ]) {
    if (value === undefined || value === null) continue;
    const array = arrayOf(value, key, key);
    if (array === undefined) throw wrongType(key, value, "a matrix of numbers, rows × columns");
    arrays.push([key === "features" ? key : "pred_probs", ...array]);
  }
  if (arrays.length === 0) return runJob(data, { ...settings, job: "audit" }, options);
  const engine = settingsOf(settings);
  begun(options.signal);
  const progress = progressOf(options);
  return withData(data, { name: options.name, csv: engine.csv }, (wasm, read) => {
    const { report, findings } = wasm.audit_with(engine, read, arrays, progress);
    return { report: scriptForm(report), findings };
  });
}

export const run = (data, config, options) => runJob(data, { ...config, job: "run" }, options);

export const sweep = (data, config, options) => runJob(data, { ...config, job: "sweep" }, options);

const task = (name) => (data, config, options) => {
  const job = { ...config, job: "task", task: name };
  if (name === "multilabel" && job.target !== undefined) job.target = listed(job.target);
  return runJob(data, job, options);
};

export const tasks = Object.freeze(Object.fromEntries(TASKS.map((name) => [name, task(name)])));

export function profile(data, { target, csv, name } = {}) {
  return withData(data, { name, csv: settingsOf(csv, "csv") }, (wasm, read) => scriptForm(wasm.profile(read, target)));
}

export const recipes = Object.freeze({
  create(data, { target, idColumn, decisions, csv, name } = {}) {
    if (!Array.isArray(decisions)) throw wrongType("decisions", decisions, "a list of `{row, action}`");
    return withData(data, { name, csv: settingsOf(csv, "csv") }, (wasm, read) =>
      scriptForm(wasm.make_recipe(read, String(target), idColumn, decisions)),
    );
  },

  apply(data, recipe, { csv, name } = {}) {
    const settings = settingsOf(recipe, "recipe");
    return withData(data, { name, csv: settingsOf(csv, "csv") }, (wasm, read) => {
      const { applied, file } = wasm.apply_recipe(read, settings);
      const rows = ({ excluded, kept, changedSince, notFound, relabelled }) => ({
        excluded: Uint32Array.from(excluded),
        kept: Uint32Array.from(kept),
        changedSince: Uint32Array.from(changedSince),
        notFound: Uint32Array.from(notFound),
        relabelled: relabelled.map(([row, to]) => ({ row, to })),
      });
      return { ...rows(scriptForm(applied)), file };
    });
  },
});

/** Settings of a model on data: those of a matrix with labels name the columns themselves. */
function modelSettings(data, config) {
  if (!isMatrix(data)) return settingsOf(config);
  if (data.y === undefined && config?.target === undefined)
    throw failure("missing", "`y` is missing: the labels of the rows of `X`");
  const roles = {};
  const nColumns = data.X?.shape?.[1] ?? data.X?.[0]?.length ?? 0;
  for (let place = 0; place < nColumns; place += 1) roles[`x${place}`] = "feature";
  return settingsOf({ target: "y", roles, ...config });
}

/** A fitted model. */
export class Model {
  #model;
  #facts;

  constructor(model) {
    this.#model = model;
    this.#facts = model.facts();
  }

  get classes() {
    return this.#facts.classes;
  }

  get features() {
    return this.#facts.features;
  }

  get warnings() {
    return this.#facts.warnings;
  }

  #predicted(data, options = {}) {
    begun(options.signal);
    const progress = progressOf(options);
    const reading = { name: options.name, csv: settingsOf(options.csv, "csv") };
    return withData(data, reading, (wasm, read) => {
      if (this.#model === undefined) throw failure("freed", "this model was freed", "Fit it again.");
      return this.#model.predict(read, progress);
    });
  }

  predictProba(data, options) {
    if (this.classes.length === 0)
      throw failure("unusable", "this model predicts numbers, not classes", "Use `predict`.");
    return this.#predicted(data, options).predProbs;
  }

  predict(data, options) {
    const { predProbs, predictions } = this.#predicted(data, options);
    if (predictions !== undefined) return predictions;
    const {
      data: values,
      shape: [nRows, nClasses],
    } = predProbs;
    return Array.from({ length: nRows }, (_, row) => {
      let best = 0;
      for (let k = 1; k < nClasses; k += 1) {
        if (values[row * nClasses + k] > values[row * nClasses + best]) best = k;
      }
      return this.classes[best];
    });
  }

  free() {
    const model = this.#model;
    this.#model = undefined;
    if (model !== undefined) called(() => model.free());
  }
}
if (typeof Symbol.dispose === "symbol") Model.prototype[Symbol.dispose] = Model.prototype.free;

export const models = Object.freeze({
  names: Object.freeze({
    classification: Object.freeze([
      "logistic_regression",
      "hist_gradient_boosting",
      "random_forest",
      "extra_trees",
      "knn",
    ]),
    regression: Object.freeze(["ridge", "hist_gradient_boosting", "random_forest", "extra_trees", "knn"]),
  }),

  fit(data, config, options = {}) {
    const settings = modelSettings(data, config);
    begun(options.signal);
    const progress = progressOf(options);
    return withData(
      data,
      { name: options.name, csv: settings.csv },
      (wasm, read) => new Model(wasm.Model.fit(settings, read, progress)),
    );
  },

  crossValPredict(data, config, options = {}) {
    const settings = modelSettings(data, config);
    begun(options.signal);
    const progress = progressOf(options);
    return withData(data, { name: options.name, csv: settings.csv }, (wasm, read) =>
      wasm.cross_val_predict(settings, read, progress),
    );
  },
});

export function reportHtml(report, data, { csv, name } = {}) {
  const saved = settingsOf(report, "report");
  if (data === undefined || data === null) return called((wasm) => wasm.report_page(saved));
  return withData(data, { name, csv: settingsOf(csv, "csv") }, (wasm, read) => wasm.audit_page(saved, read));
}

export function settings(task) {
  if (typeof task !== "string") throw wrongType("task", task, "the name of a task");
  return called((wasm) =>
    scriptForm(wasm.settings_of(task)).map((setting) => ({ ...setting, name: camelCase(setting.name) })),
  );
}
