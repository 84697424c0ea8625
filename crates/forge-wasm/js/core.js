// The synchronous functions: `initSync(bytes)`, then everything returns when it is done. For workers and scripts.

import { called } from "./engine.js";
import { functions } from "./functions.js";

export { ForgeError } from "./error.js";
export { init, initSync } from "./engine.js";
export {
  audit,
  Data,
  Model,
  models,
  openData,
  profile,
  recipes,
  reportHtml,
  run,
  runJob,
  settings,
  sweep,
  tasks,
} from "./jobs.js";
export { engineForm, scriptForm } from "./names.js";

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
} = functions((name, kwargs, arrays) => called((wasm) => wasm.invoke(name, kwargs, arrays)));
