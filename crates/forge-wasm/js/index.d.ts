// The npm-facing functions. Matrices are rows × columns; labels are class numbers from 0; probabilities lie in [0, 1].

import type { Functions } from "./functions.js";

export * from "./functions.js";
export { default, initSync, run, version } from "./forge_wasm.js";

export declare const benchmarking: Functions["benchmarking"];
export declare const classification: Functions["classification"];
export declare const cleanvision: Functions["cleanvision"];
export declare const count: Functions["count"];
export declare const dataValuation: Functions["dataValuation"];
export declare const datalab: Functions["datalab"];
export declare const dataset: Functions["dataset"];
export declare const experimental: Functions["experimental"];
export declare const filter: Functions["filter"];
export declare const multiannotator: Functions["multiannotator"];
export declare const multilabelClassification: Functions["multilabelClassification"];
export declare const objectDetection: Functions["objectDetection"];
export declare const outlier: Functions["outlier"];
export declare const rank: Functions["rank"];
export declare const regression: Functions["regression"];
export declare const segmentation: Functions["segmentation"];
export declare const tokenClassification: Functions["tokenClassification"];
