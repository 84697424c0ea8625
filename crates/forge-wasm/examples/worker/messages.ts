import type { AuditReport, ForgeErrorCode, Progress } from "cleanlab-forge";

/** What the page asks. */
export interface Question {
  file: File;
  target: string;
  maxIssues: number;
}

/** What the worker answers. */
export type Answer =
  | { kind: "progress"; progress: Progress }
  | { kind: "found"; report: AuditReport }
  | { kind: "failed"; code: ForgeErrorCode; message: string };
