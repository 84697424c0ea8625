// What both entries export: loading, the algorithms, fitted models and what needs no data.

import type { Functions } from "./functions.js";
import type { ColumnValues, DataInput } from "./data.js";
import type { CallOptions, ReadOptions, SettingInfo, TaskName } from "./jobs.js";

export * from "./data.js";
export * from "./jobs.js";
export type {
  Annotation,
  Functions,
  Matrix,
  Score,
  Series,
  Settings,
  Shaped,
  Table,
  Tensor,
  TypedArray,
  Vector,
} from "./functions.js";

/**
 * What a ForgeError is about.
 *
 * Of arguments: `type` (wrong kind of value), `setting` (outside its range, unknown or misspelt), `missing`, `empty`,
 * `length` and `shape` (dimensions that do not fit), `probability` (outside [0, 1] or NaN), `label` (no class number),
 * `element` (of a nested argument), `one_class`, `conflict` (settings that exclude each other), `singular`,
 * `unknown_function`, `detached` (a buffer that was transferred), `freed`.
 *
 * Of data: `data` (a file or columns that are no data set; the message names line, column, value and rule), `unusable`
 * (a table that cannot be used for what was asked), `learn` (a model that cannot be fitted), `unreadable` (a File that the
 * browser does not hand over), `picture` (that cannot be decoded), `limit` (more pixels than allowed), `model` and
 * `description` (an ONNX file that cannot be used, what is said of it).
 *
 * Of the program: `not_initialized`, `wasm_missing`, `wasm_invalid` (truncated, or something else), `wasm_unsupported`,
 * `out_of_memory`, `internal` (a defect), `cancelled`, `worker` (workers cannot be started, or broke twice), `closed`.
 */
export type ForgeErrorCode =
  | "type"
  | "setting"
  | "missing"
  | "empty"
  | "length"
  | "shape"
  | "probability"
  | "label"
  | "element"
  | "one_class"
  | "conflict"
  | "singular"
  | "unknown_function"
  | "detached"
  | "freed"
  | "data"
  | "unusable"
  | "learn"
  | "unreadable"
  | "picture"
  | "limit"
  | "model"
  | "description"
  | "not_initialized"
  | "wasm_missing"
  | "wasm_invalid"
  | "wasm_unsupported"
  | "out_of_memory"
  | "internal"
  | "cancelled"
  | "worker"
  | "closed";

/** What everything here throws, or rejects with: `code` is for programs, the message names argument, place and rule. */
export class ForgeError extends Error {
  constructor(code: ForgeErrorCode, message: string, hint?: string);
  readonly code: ForgeErrorCode;
  /** What to do about it, where there is something. */
  readonly hint?: string;
}

/** What was loaded. */
export interface EngineInfo {
  version: string;
  /** Formats that are read, and `simd`. */
  features: string[];
}

/** Where the module comes from. */
export type ModuleSource = string | URL | Request | Response | ArrayBuffer | ArrayBufferView | WebAssembly.Module;

/**
 * Loads the module; later calls return at once. Without an argument it is taken from beside the scripts of this package,
 * by `fetch` in browsers and from disk in Node.
 *
 * Rejects with `wasm_missing`, `wasm_invalid` or `wasm_unsupported`; the call may be made again.
 */
export function init(source?: ModuleSource | Promise<ModuleSource> | null): Promise<EngineInfo>;

/** A fitted model, in memory until nothing refers to it any more. */
export class Model {
  private constructor();
  /** Names of the classes in order; empty where numbers are predicted. */
  readonly classes: string[];
  /** The columns it reads. */
  readonly features: string[];
  readonly warnings: string[];
  /** The likeliest class of each row, or its number. The data have the columns of `features`, in any order; no Blob. */
  predict(data: DataInput, options?: CallOptions & ReadOptions): string[] | Float64Array;
  /** Class probabilities, rows × classes; `unusable` where numbers are predicted. */
  predictProba(data: DataInput, options?: CallOptions & ReadOptions): { data: Float64Array; shape: [number, number] };
  /** Frees the memory now. */
  free(): void;
}

/** The names of the models there are. */
export interface ModelNames {
  readonly classification: readonly string[];
  readonly regression: readonly string[];
}

/** The page of a report, in one file of HTML; that of an audit shows the cells of the data it was made from. */
export function reportHtml(report: object, data?: DataInput, options?: ReadOptions): string;

/** The settings of a task, of a run (`"run"`) or of a model (`"model"`), for forms and help. */
export function settings(task: TaskName | "run" | "model"): SettingInfo[];

/** A report or settings with the names of files and the command line (`n_rows`), as `JSON.stringify` should get it. */
export function engineForm(value: unknown): any;

/** A saved report or job with the names of JavaScript (`nRows`). */
export function scriptForm(value: unknown): any;

export type { ColumnValues };

/** Noise to measure with: noise matrices, labels made wrong. cleanlab: `benchmarking`. */
export declare const benchmarking: Functions["benchmarking"];
/** Training with noisy labels. cleanlab: `classification`. */
export declare const classification: Functions["classification"];
/** Checks of decoded pictures, as cleanvision's. */
export declare const cleanvision: Functions["cleanvision"];
/** Confident joint, thresholds, noise estimates. cleanlab: `count`. */
export declare const count: Functions["count"];
/** The worth of each row by kNN Shapley values. cleanlab: `data_valuation`. */
export declare const dataValuation: Functions["dataValuation"];
/** The audit of labels, predictions and features. cleanlab: `datalab`. */
export declare const datalab: Functions["datalab"];
/** Health of classes and of a data set. cleanlab: `dataset`. */
export declare const dataset: Functions["dataset"];
/** Label issues in batches, spans. cleanlab: `experimental`. */
export declare const experimental: Functions["experimental"];
/** Which labels are wrong. cleanlab: `filter`. */
export declare const filter: Functions["filter"];
/** Consensus of annotators, and what to label next. cleanlab: `multiannotator`. */
export declare const multiannotator: Functions["multiannotator"];
/** Label issues among sets of classes. cleanlab: `multilabel_classification`. */
export declare const multilabelClassification: Functions["multilabelClassification"];
/** Label issues among boxes. cleanlab: `object_detection`. */
export declare const objectDetection: Functions["objectDetection"];
/** Rows unlike those of training. cleanlab: `outlier`. */
export declare const outlier: Functions["outlier"];
/** How wrong labels are. cleanlab: `rank`. */
export declare const rank: Functions["rank"];
/** Wrong numbers. cleanlab: `regression`. */
export declare const regression: Functions["regression"];
/** Label issues among pixels. cleanlab: `segmentation`. */
export declare const segmentation: Functions["segmentation"];
/** Label issues among tokens. cleanlab: `token_classification`. */
export declare const tokenClassification: Functions["tokenClassification"];
