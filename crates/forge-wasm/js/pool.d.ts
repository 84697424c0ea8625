/** What a pool needs of a worker: a `Worker` of the browser or of Node has it. */
export interface PoolWorker {
  postMessage(message: unknown): void;
  terminate(): unknown;
}

export interface PoolOptions {
  /** Makes a worker that runs `servePool`; called whenever one is needed, also to replace one. */
  spawn: () => PoolWorker | Promise<PoolWorker>;
  /** Workers at most, from 1; by default one per processor and at most `MOST_WORKERS`. */
  size?: number;
}

export interface RunOptions<Unit, Result> {
  /** Cancels: busy workers end, others take their place later, and the run is rejected with the code `cancelled`. */
  signal?: AbortSignal;
  /** Receives what a unit says on its way, with the number of the unit. */
  onProgress?: (progress: any, index: number) => void;
  /** Receives each result as it comes, with the number of the unit; what it returns is added to the units. */
  onResult?: (result: Result, index: number) => Iterable<Unit> | void;
}

export interface Pool {
  /** Workers at most. */
  readonly size: number;
  /** Workers that are alive now. */
  readonly alive: number;
  /** Sends `value` to every worker before its next unit, once; a later value of the same key replaces it. */
  share(key: string, value: unknown): void;
  /** Tells the workers to drop what was shared under `key`. */
  forget(key: string): void;
  /**
   * Does every unit and resolves to the results in the order of the units. Several runs may be under way; their units
   * are done in the order in which they were asked for.
   *
   * Rejects with a `ForgeError`: the one of a unit, `worker` where a unit broke two workers, `cancelled`, `closed`, or
   * `setting` where a unit cannot be sent. The pool stays usable.
   */
  run<Unit, Result>(units: Iterable<Unit>, options?: RunOptions<Unit, Result>): Promise<Result[]>;
  /** Ends every worker; what is running is rejected with the code `closed`. */
  close(): void;
}

/** Workers at most, however many processors there are. */
export declare const MOST_WORKERS: number;

/** How many workers suit this machine: one per processor, at most `MOST_WORKERS`. */
export declare function suitableSize(): number;

/** A pool of workers that start when there is work. Works in browsers and in Node from version 20. */
export declare function createPool(options: PoolOptions): Pool;

/** A function for `spawn`: module workers of the program at `address`, in the browser or in Node. */
export declare function workersOf(address: string | URL, options?: object): () => PoolWorker | Promise<PoolWorker>;
