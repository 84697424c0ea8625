// The npm-facing functions: `await init()`, then `filter.findLabelIssues({ labels, predProbs })` and the others.

import init, { initSync, invoke, run, version } from "./forge_wasm.js";
import { functions } from "./functions.js";

export { ForgeError } from "./error.js";
export { init as default, initSync, run, version };

export const {
  benchmarking,
  classification,
  cleanvision,
  count,
  dataValuation,
  datalab,
  dataset,
  experimental,
  filter,
  multiannotator,
  multilabelClassification,
  objectDetection,
  outlier,
  rank,
  regression,
  segmentation,
  tokenClassification,
} = functions(invoke);
