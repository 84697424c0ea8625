export interface Served<Unit, Result> {
  /**
   * Does a unit. Typed arrays in the result (two levels deep) are transferred, so they must be the worker's own. An
   * error with a string `code` fails the unit's run; any other makes the pool replace the worker and try once more.
   */
  unit(unit: Unit, tools: { progress(step: unknown): void }): Result | Promise<Result>;
  /** Receives what the pool shares. */
  share?(key: string, value: any): void | Promise<void>;
  /** Drops what was shared. */
  forget?(key: string): void | Promise<void>;
}

/** Serves a pool from within a worker, one message after the other, and tells it that it is ready. */
export declare function servePool<Unit, Result>(served: Served<Unit, Result>): Promise<void>;
