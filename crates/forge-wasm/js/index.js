// The main entry: `await init()`, then the algorithms at once, and jobs on data as promises.

import { fetched } from "./input.js";
import * as jobs from "./jobs.js";

export { ForgeError } from "./error.js";
export { init, init as default } from "./engine.js";
export { createForge } from "./forge.js";
export { Data, Model, reportHtml, settings } from "./jobs.js";
export { engineForm, scriptForm } from "./names.js";
export {
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
} from "./core.js";

/** A function of data that waits for a File or Blob, and lets the page be drawn before it begins. */
const waiting =
  (work) =>
  async (data, settings, options = {}) => {
    jobs.begun(options?.signal);
    const read = await fetched(data);
    jobs.begun(options?.signal);
    return work(read, settings, options);
  };

const allWaiting = (group) =>
  Object.freeze(Object.fromEntries(Object.entries(group).map(([name, work]) => [name, waiting(work)])));

export const audit = waiting(jobs.audit);
export const run = waiting(jobs.run);
export const sweep = waiting(jobs.sweep);
export const runJob = waiting(jobs.runJob);
export const profile = waiting(jobs.profile);
export const openData = waiting(jobs.openData);
export const tasks = allWaiting(jobs.tasks);
export const recipes = allWaiting(jobs.recipes);
export const models = Object.freeze({
  names: jobs.models.names,
  fit: waiting(jobs.models.fit),
  crossValPredict: waiting(jobs.models.crossValPredict),
});
