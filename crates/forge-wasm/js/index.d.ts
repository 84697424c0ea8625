// The main entry: algorithms at once, jobs on data as promises. Work runs where it is called.

import type {
  AppliedRecipe,
  AuditResult,
  AuditSettings,
  CallOptions,
  CorpusOptions,
  CrossValidated,
  Data,
  DataInput,
  Job,
  JobResult,
  Model,
  ModelNames,
  ModelSettings,
  OpenOptions,
  Profile,
  ReadOptions,
  Recipe,
  RowDecision,
  RunResult,
  RunSettings,
  SweepReport,
  SweepSettings,
  TaskReport,
  TaskSettings,
} from "./shared.js";

export * from "./shared.js";

export { init as default } from "./shared.js";
export * from "./forge.js";

/**
 * Looks for everything that is wrong with a table: label issues, outliers, near-duplicates, order, balance, missing values.
 *
 * Labels are predicted out of sample on the way, unless `predProbs` gives predictions. Trouble with one check is told in the
 * report and does not stop the others.
 */
export function audit(data: DataInput, settings?: AuditSettings, options?: CallOptions): Promise<AuditResult>;

/**
 * Finds label issues by cross-validation, leaves the worst out, trains again and measures what that buys on held-out rows.
 */
export function run(data: DataInput, settings: RunSettings, options?: CallOptions): Promise<RunResult>;

/**
 * The same as `run` with several models, side by side. A model that fails is told in its row.
 */
export function sweep(
  data: DataInput,
  settings: SweepSettings,
  options?: CallOptions,
): Promise<{ report: SweepReport }>;

/** Runs a job as the page and the command line save it; `data` is null for a search in made-up rows. */
export function runJob(data: DataInput | null, job: Job, options?: CallOptions): Promise<JobResult>;

/** The tasks, each on its kind of data. A task that works on made-up rows takes null. */
export declare const tasks: {
  /** Label errors among classes. */
  readonly multiclass: TaskCall;
  /** Label errors among sets of classes: columns of 0 and 1, or a column of lists. */
  readonly multilabel: TaskCall;
  /** Label errors among the tokens of sentences (CoNLL-U, CoNLL-2003). */
  readonly token: TaskCall;
  /** Errors among numbers to predict. */
  readonly regression: TaskCall;
  /** Outliers, near-duplicates and drift. */
  readonly outlier: TaskCall;
  /** Consensus of several annotators, and what to label next. */
  readonly multiannotator: TaskCall;
  /** Rows unlike all others. */
  readonly anomaly: TaskCall;
};

export type TaskCall = (
  data: DataInput | null,
  settings?: TaskSettings,
  options?: CallOptions & { corpus?: CorpusOptions },
) => Promise<{ report: TaskReport }>;

/** Reads data once, for several calls. */
export function openData(data: DataInput, options?: OpenOptions): Promise<Data>;

/** What is in each column, what looks odd in it, and how well it alone predicts the target. */
export function profile(data: DataInput, options?: ReadOptions & { target?: string }): Promise<Profile>;

/** Decisions about rows, replayed on another file. */
export declare const recipes: {
  /** A recipe of decisions; rows are named by the value of `idColumn`, or by all their cells but the target. */
  create(
    data: DataInput,
    options: ReadOptions & { target: string; idColumn?: string; decisions: readonly RowDecision[] },
  ): Promise<Recipe>;
  /** Replays a recipe, of `create` or of the command line. */
  apply(data: DataInput, recipe: Recipe | object, options?: ReadOptions): Promise<AppliedRecipe>;
};

/** Models on tables or on a matrix with labels. */
export declare const models: {
  readonly names: ModelNames;
  /** Fits a model on every row that has a label. */
  fit(data: DataInput, settings?: ModelSettings, options?: CallOptions): Promise<Model>;
  /** Predicts every row that has a label by a model fitted without its fold. */
  crossValPredict(data: DataInput, settings?: ModelSettings, options?: CallOptions): Promise<CrossValidated>;
};
