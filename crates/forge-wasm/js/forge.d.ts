// The functions of this package on a pool of workers.

import type { Functions } from "./functions.js";
import type {
  AuditResult,
  AuditSettings,
  CallOptions,
  CorpusOptions,
  CrossValidated,
  DataInput,
  Job,
  JobResult,
  ModelSettings,
  Profile,
  RunResult,
  RunSettings,
  SweepReport,
  SweepSettings,
  TaskName,
  TaskReport,
  TaskSettings,
} from "./shared.js";
import type { PoolWorker } from "./pool.js";

/** Progress and cancelling of a call. A cancelled call ends the workers that do it; others take their place. */
export type WorkerOptions = Pick<CallOptions, "signal" | "onProgress">;

/** The same functions, each as a promise and with options after its arguments. */
export type OnWorkers<T> = T extends (named: infer Named) => infer Result
  ? ((named: Named, options?: WorkerOptions) => Promise<Result>) & { readonly [Key in keyof T]: OnWorkers<T[Key]> }
  : { readonly [Key in keyof T]: OnWorkers<T[Key]> };

export interface ForgeOptions {
  /** Workers at most, from 1; by default one per processor, eight at most. They start when there is work. */
  workers?: number;
  /** The module, as for `init`: compiled once, and shared by the workers. */
  wasm?: Parameters<typeof import("./shared.js").init>[0];
  /** Makes a worker that runs this package's `worker` entry; for bundlers that need it written otherwise. */
  spawn?: () => PoolWorker | Promise<PoolWorker>;
}

/**
 * The functions of this package on workers. Long work – folds, models, searches for neighbours – is divided among them, and
 * the results are the same to the bit as those of one.
 *
 * Data are sent to each worker once and kept until a call with other data; the same object counts as the same data.
 */
export interface Forge extends OnWorkers<Functions> {
  /** Workers at most. */
  readonly workers: number;
  /** Workers that are alive now. */
  readonly alive: number;
  audit(
    data: DataInput,
    settings?: Omit<AuditSettings, "predProbs" | "features">,
    options?: CallOptions,
  ): Promise<AuditResult>;
  run(data: DataInput, settings: RunSettings, options?: CallOptions): Promise<RunResult>;
  sweep(data: DataInput, settings: SweepSettings, options?: CallOptions): Promise<{ report: SweepReport }>;
  runJob(data: DataInput, job: Job, options?: CallOptions): Promise<JobResult>;
  readonly tasks: {
    readonly [Name in TaskName]: (
      data: DataInput,
      settings?: TaskSettings,
      options?: CallOptions & { corpus?: CorpusOptions },
    ) => Promise<{ report: TaskReport }>;
  };
  profile(data: DataInput, settings?: { target?: string }, options?: CallOptions): Promise<Profile>;
  crossValPredict(data: DataInput, settings?: ModelSettings, options?: CallOptions): Promise<CrossValidated>;
  /** Ends the workers; what is running is rejected with the code `closed`. */
  close(): void;
}

/** Starts a forge; rejects where the module cannot be loaded. */
export declare function createForge(options?: ForgeOptions): Promise<Forge>;
