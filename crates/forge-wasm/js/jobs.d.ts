// Jobs on data: what they are told and what they find.

import type { Matrix } from "./functions.js";
import type { ColumnInfo, ColumnType, CorpusOptions, CsvOptions, Role } from "./data.js";

/** A step of long work. */
export interface Progress {
  /** What is being done, in words. */
  stage: string;
  /** Units finished, and units in this stage. */
  done: number;
  total: number;
  /** `done / total`, in [0, 1]. */
  share: number;
}

/** What long calls take beside their settings. */
export interface CallOptions {
  /**
   * Cancels: the call throws a ForgeError with the code `cancelled`. Functions that run where they are called cannot hear
   * a signal while they work, but where `onProgress` aborts it they stop at the next step; a pool of workers stops at once.
   */
  signal?: AbortSignal;
  /** Is told each step. What it throws does not stop the work. */
  onProgress?: (progress: Progress) => void;
  /** What messages call the data; the name of a File is known. */
  name?: string;
}

/** A class label problem or numbers to predict. */
export type Task = "classification" | "regression";

export type ModelName =
  "logistic_regression" | "ridge" | "hist_gradient_boosting" | "random_forest" | "extra_trees" | "knn";

/** Parameters of a model by scikit-learn's names, in either spelling: `{ C: 0.5 }`, `{ nNeighbors: 7 }`. */
export type ModelParameters = Readonly<Record<string, unknown>>;

/** Which label issues are flagged; cleanlab's names. */
export type FilterBy =
  | "prune_by_noise_rate"
  | "prune_by_class"
  | "both"
  | "confident_learning"
  | "predicted_neq_given"
  | "low_normalized_margin"
  | "low_self_confidence";

/** A check of the audit. */
export type IssueType =
  | "null"
  | "label"
  | "outlier"
  | "near_duplicate"
  | "non_iid"
  | "class_imbalance"
  | "underperforming_group"
  | "data_valuation";

/** How a table is read, as every job on tables takes it. */
export interface TableSettings {
  /** How the file is read. */
  csv?: CsvOptions;
  /** What columns are for, by name; all others are inferred. */
  roles?: Readonly<Record<string, Role>>;
  /** Seed of every random choice [42]. The same seed gives the same result everywhere. */
  seed?: number;
}

/** The settings of an audit. */
export interface AuditSettings extends TableSettings {
  /** The label column; several columns of 0 and 1 are the classes of a multi-label data set; none audits features alone. */
  target?: string | readonly string[];
  /** What the labels are [by their values]. */
  task?: Task | "multilabel";
  /** The model that predicts the labels [logistic regression, or ridge for numbers]. */
  model?: { model: ModelName; parameters?: ModelParameters };
  /** Folds of the cross-validation [5; 2–20]. */
  cvFolds?: number;
  /** The checks to run [all that the data allow, but `data_valuation`]. */
  checks?: readonly IssueType[];
  /** How far apart rows are [euclidean]. */
  metric?: "euclidean" | "cosine";
  /** Rows listed per check at most [20]. */
  maxIssues?: number;
  /**
   * Out-of-sample class probabilities of your own, rows × classes in the order of the sorted class names, or one predicted
   * number per row, instead of those of a model.
   */
  predProbs?: Matrix;
  /** Features of your own to measure distances between, such as embeddings: rows × columns. */
  features?: Matrix;
}

/** A row with an issue. */
export interface IssueRow {
  /** Row of the table, from 0. */
  row: number;
  /** How well the row does, in [0, 1]; lower is worse. */
  score: number;
  /** Why, in one sentence. */
  reason: string;
  givenLabel?: string;
  suggestedLabel?: string;
  /** The rows nearest to it, closest first. */
  nearest?: number[];
  /** The rows that are almost or exactly the same. */
  nearDuplicates?: number[];
  /** What it holds, in the order of the features; in the report of a run. */
  values?: (string | null)[];
}

/** What a check found. */
export interface CheckReport {
  issueType: IssueType;
  /** Rows with the issue. */
  nIssues: number;
  /** How well the data set does, in [0, 1]. */
  score: number;
  /** The worst rows, worst first. */
  listed: IssueRow[];
}

/** What all reports hold. */
export interface ReportBase {
  /** What a user should know about the data or the work. */
  warnings: string[];
  /** The exact settings: given back, they give the same result. */
  config: Record<string, unknown>;
  seed: number;
  /** Version of the engine. */
  version: string;
}

export interface StageTiming {
  stage: string;
  seconds: number;
}

/** The report of an audit. */
export interface AuditReport extends ReportBase {
  task: Task | "multilabel";
  target: string[];
  features: string[];
  /** The model that predicted the labels; null where they were not predicted. */
  model: { model: ModelName; parameters: Record<string, unknown> } | null;
  /** Rows checked. */
  nRows: number;
  /** The mean score of the checks, in [0, 1]. */
  healthScore: number | null;
  /** Those with most rows first. */
  checks: CheckReport[];
  /** The checks that were left out or failed, and why. */
  notChecked: Record<string, string>;
  timings: StageTiming[];
}

/** What an audit found of every row that was checked. */
export interface AuditFindings {
  /** Rows of the table, ascending. */
  rows: Uint32Array;
  /** By check: whether each of `rows` has the issue (1 or 0), and its score in [0, 1]. */
  checks: { [check in IssueType]?: { isIssue: Uint8Array; scores: Float64Array } };
}

export interface AuditResult {
  report: AuditReport;
  findings: AuditFindings;
}

/** The settings of a run; `settings("run")` lists them with their help. */
export interface RunSettings extends TableSettings {
  /** The column whose labels are checked. */
  target: string;
  task?: Task;
  /** [logistic regression for classes, ridge for numbers] */
  model?: ModelName;
  parameters?: ModelParameters;
  /** Share of the rows held out to measure the models [0.2; 0.05–0.5]. */
  testSize?: number;
  stratify?: boolean;
  numericImputation?: "median" | "mean";
  scaleNumeric?: boolean;
  /** One-hot columns per category column at most [100; 2–500]. */
  oneHotMaxCategories?: number;
  /** [5; 2–20] */
  cvFolds?: number;
  filterBy?: FilterBy;
  /** Whether to look for outliers, duplicates and drift too [true]. */
  useDatalab?: boolean;
  /** Whether to run the four fast checks only [true]. */
  datalabFast?: boolean;
  trainCleanlearning?: boolean;
  pruneAndRetrain?: boolean;
  /** [0.02; 0–0.2] */
  pruneFraction?: number;
  /** [500] */
  pruneMaxSamples?: number;
  /** Only rows up to this score count as errors, in [0, 1]. */
  issueScoreThreshold?: number | null;
  /** Issues listed at most [200]. */
  maxIssues?: number;
  /** Share of the training labels made wrong on purpose [0; 0–0.5]. */
  labelNoiseFraction?: number;
  /** Rows drawn from the table at most. */
  maxRows?: number | null;
}

/** A model and how well it does on the held-out rows. Metrics have the names of scikit-learn, as `roc_auc`. */
export interface Variant {
  name: string;
  nTrain: number;
  metrics: Record<string, number | null>;
  /** Metrics minus those of the baseline; null on the baseline itself. */
  delta: Record<string, number | null> | null;
}

export interface NoiseReport {
  nFlipped: number;
  nPruned: number;
  precisionAtPrune: number | null;
  recallAtPrune: number | null;
  precisionAtFlag: number | null;
  recallAtFlag: number | null;
}

/** The report of a run. */
export interface RunReport extends ReportBase {
  task: Task;
  model: { model: ModelName; parameters: Record<string, unknown> };
  target: string;
  /** Class names, by class number; empty where numbers are predicted. */
  classes: string[];
  features: string[];
  nRows: number;
  nTrain: number;
  nTest: number;
  primaryMetric: string;
  variants: Variant[];
  labelIssues: {
    nIssues: number;
    /** Estimated share of correct labels, in [0, 1]. */
    healthScore: number;
    listed: {
      row: number;
      givenLabel: string;
      suggestedLabel: string;
      score: number;
      pruned: boolean;
      heldOut: boolean;
      known?: boolean;
    }[];
    /** Flagged rows by given (row) and suggested (column) class. */
    givenBySuggested: number[][];
    /** Estimated joint distribution of given and true label; sums to 1. */
    joint: number[][];
  };
  datalab: { checks: CheckReport[]; notChecked: Record<string, string> } | null;
  noise: NoiseReport | null;
  timings: StageTiming[];
}

/** What a run found of every row, in the order of the table. All arrays have the length of `rows`. */
export interface RunFindings {
  /** Row of the table, from 0. */
  rows: Uint32Array;
  /** Label quality, in [0, 1]; lower is worse. */
  scores: Float64Array;
  /** 1 where the label is an issue. */
  isIssue: Uint8Array;
  /** 1 where the row was held out. */
  heldOut: Uint8Array;
  /** Class numbers, or numbers where those are predicted. */
  given: Uint32Array | Float64Array;
  suggested: Uint32Array | Float64Array;
  /** Names of the classes, and out-of-sample probabilities, rows × classes; absent where numbers are predicted. */
  classes?: string[];
  predProbs?: { data: Float64Array; shape: [number, number] };
}

export interface RunResult {
  report: RunReport;
  findings: RunFindings;
}

/** The settings of a sweep: those of a run, with `models` in the place of `model` and `parameters` by model. */
export interface SweepSettings extends Omit<RunSettings, "model" | "parameters"> {
  /** [all that predict such labels] */
  models?: readonly ModelName[];
  parameters?: { readonly [model in ModelName]?: ModelParameters };
}

export interface SweepRow {
  model: ModelName;
  parameters: Record<string, unknown>;
  /** The metric that decides, on the held-out rows. */
  primary: number | null;
  metrics: Record<string, number | null> | null;
  variants: Variant[];
  nLabelIssues: number | null;
  seconds: number;
  warnings: string[];
  /** Why it failed; null where it did not. */
  error: string | null;
}

export interface SweepReport extends ReportBase {
  task: Task;
  target: string;
  nRows: number;
  nTrain: number;
  nTest: number;
  primaryMetric: string;
  rows: SweepRow[];
}

export type TaskName = "multiclass" | "multilabel" | "token" | "regression" | "outlier" | "multiannotator" | "anomaly";

/** Settings of a task by name; `settings(task)` lists them with kind, default, range and help. */
export type TaskSettings = Readonly<Record<string, unknown>>;

/** One thing that looks wrong. */
export interface TaskIssue {
  /** `label`, `outlier`, `near_duplicate`, … */
  kind: string;
  /** Row, sentence or example, from 0. */
  row: number;
  /** Token of the sentence, from 0. */
  token?: number;
  given: string;
  suggested: string;
  /** In [0, 1]; lower is worse. */
  score: number;
  reason: string;
  pruned: boolean;
  heldOut: boolean;
  known?: boolean;
}

/** What each task has to say of its own. Scores lie in [0, 1]; rows, sentences and tokens count from 0. */
export type TaskDetail =
  | { kind: "none" }
  | {
      kind: "multiclass";
      healthScore: number;
      givenBySuggested: number[][];
      perClass: { name: string; nGiven: number; nIssues: number; nSuggested: number; meanScore: number | null }[];
    }
  | {
      kind: "multilabel";
      healthScore: number;
      examples: { row: number; given: string[]; missing: string[]; extra: string[] }[];
      perClass: { name: string; nGiven: number; nMissing: number; nExtra: number; [metric: string]: unknown }[];
    }
  | {
      kind: "regression";
      errorFraction: number;
      /** In the unit of the numbers. */
      aleatoric: number;
      rows: { row: number; given: number; predicted: number; residual: number; epistemic: number; score: number }[];
      sample: { row: number; given: number; predicted: number; flagged: boolean }[];
    }
  | {
      kind: "outlier";
      summary: { issueType: IssueType; score: number; nIssues: number }[];
      worst: { row: number; score: number; flagged: boolean; nearest: number[]; values: number[] }[];
      nDuplicateSets: number;
      duplicateSets: { rows: number[]; nRows: number; score: number }[];
      [more: string]: unknown;
    }
  | {
      kind: "token";
      nTrainSentences: number;
      nDevSentences: number;
      nSentencesWithIssues: number;
      givenBySuggested: number[][];
      sentences: {
        sentence: number;
        id?: string;
        score: number;
        tokens: string[];
        given: string[];
        suggested: string[];
        scores: (number | null)[];
        issues: number[];
      }[];
    }
  | {
      kind: "multiannotator";
      nAnnotators: number;
      nLabels: number;
      nUnlabelled: number;
      coverage: number;
      meanLabelsPerExample: number;
      classesMissing: string[];
      meanQuality: number;
      modelShare: number | null;
      worstExamples: {
        example: number;
        name: string;
        majority: string;
        consensus: string;
        quality: number;
        agreement: number;
        nLabels: number;
      }[];
      nextToLabel: { example: number; name: string; score: number; nLabels: number }[];
      worstAnnotators: {
        annotator: string;
        quality: number | null;
        agreementWithConsensus: number;
        worstClass: string;
        nLabels: number;
      }[];
      consensus: (number | null)[];
      quality: (number | null)[];
    }
  | {
      kind: "anomaly";
      strategy: string;
      nFlagged: number;
      threshold: number;
      contamination: number;
      top: { row: number; score: number; flagged: boolean; known: boolean | null; reason: string }[];
      [more: string]: unknown;
    };

export interface TaskReport extends ReportBase {
  task: TaskName;
  model: { model: ModelName; parameters: Record<string, unknown> } | null;
  target: string[];
  classes: string[];
  features: string[];
  nRows: number;
  nTrain: number;
  nTest: number;
  primaryMetric: string | null;
  variants: Variant[];
  nIssues: number;
  /** The worst, worst first. */
  issues: TaskIssue[];
  detail: TaskDetail;
  noise: NoiseReport | null;
  timings: StageTiming[];
}

/** A job as the page and the command line save it, in either spelling of its settings. */
export type Job =
  | ({ job: "run" } & RunSettings)
  | ({ job: "sweep" } & SweepSettings)
  | ({ job: "audit" } & Omit<AuditSettings, "predProbs" | "features">)
  | ({ job: "task"; task: TaskName } & TaskSettings);

export type JobResult = RunResult | AuditResult | { report: SweepReport } | { report: TaskReport };

/** What is in each column, what looks odd in it, and how well it alone predicts the target. */
export interface Profile {
  nRows: number;
  target: string | null;
  columns: (Omit<ColumnInfo, "examples"> & {
    columnType: ColumnType;
    numbers: { min: number; max: number; mean: number; std: number; median: number; histogram: number[] } | null;
    /** The most frequent values with the number of rows that have them. */
    top: [string, number][];
    suspicious: string[];
    /** Share of the target that this column alone explains, in [0, 1]. */
    explainsTarget: number | null;
  })[];
  warnings: string[];
}

/** How data are read that are not open yet. */
export interface ReadOptions {
  csv?: CsvOptions;
  name?: string;
}

export interface OpenOptions extends ReadOptions {
  corpus?: CorpusOptions;
  /** Whether the file holds sentences of tagged tokens [by the ending of its name]. */
  sentences?: boolean;
}

/** What to do with a row, named by its number from 0. */
export type RowDecision = { row: number; action: "exclude" | "keep" } | { row: number; action: "relabel"; to: string };

/** Decisions about rows that can be replayed on another file: rows are named by what is in them. */
export interface Recipe {
  target: string;
  idColumn?: string;
  decisions: { row: number; key: string; given: string; action: "exclude" | "relabel" | "keep"; to?: string }[];
  version: string;
}

/** What a recipe did to a table. Rows count from 0. */
export interface AppliedRecipe {
  excluded: Uint32Array;
  kept: Uint32Array;
  /** Rows whose label is another than when it was decided; they are left as they are. */
  changedSince: Uint32Array;
  /** Places in `decisions` of those that found no row. */
  notFound: Uint32Array;
  relabelled: { row: number; to: string }[];
  /** The changed file, in the format of the file that was read. */
  file: Uint8Array;
}

/** A setting of a task, as forms and help show it. */
export interface SettingInfo {
  name: string;
  label: string;
  help: string;
  kind: "whole" | "number" | "yes_no" | "text" | "names" | "structure" | { choice: string[] };
  optional: boolean;
  default: unknown;
  range: [number, number] | null;
}

/** The settings of a model on data. */
export interface ModelSettings extends TableSettings {
  /** The column that is predicted; `y` of a matrix with labels. */
  target?: string;
  task?: Task;
  /** [logistic regression for classes, ridge for numbers] */
  model?: ModelName;
  parameters?: ModelParameters;
  numericImputation?: "median" | "mean";
  /** Whether numbers are standardised [true]. */
  scaleNumeric?: boolean;
  /** [100; 2–500] */
  oneHotMaxCategories?: number;
  /** [5; 2–20] */
  cvFolds?: number;
}

/** Out-of-sample predictions of every row that has a label. */
export interface CrossValidated {
  /** Names of the classes in order; empty where numbers are predicted. */
  classes: string[];
  /** The rows that are predicted, from 0, ascending. */
  rows: Uint32Array;
  /** Probabilities, rows × classes; of classes. */
  predProbs?: { data: Float64Array; shape: [number, number] };
  /** One number per row; of numbers. */
  predictions?: Float64Array;
  /** The fold that predicted each row. */
  folds: Uint32Array;
  warnings: string[];
}
