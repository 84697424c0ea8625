// Written by crates/forge-wasm/tests/bindings.rs from the engine's list of functions.

/** Numbers in one dimension. */
export type TypedArray =
  | Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
  | BigInt64Array | BigUint64Array;

/** A list of numbers; null stands for one that is missing. */
export type Vector = TypedArray | readonly (number | null)[];

/** Numbers in row-major order with the lengths of their dimensions. */
export interface Shaped { data: TypedArray; shape: readonly number[] }

/** Rows × columns. */
export type Matrix = Shaped | readonly Vector[];

/** Three or four dimensions. */
export type Tensor = Shaped | readonly Matrix[] | readonly (readonly Matrix[])[];

/** Named columns in order; `index` names the rows where they have names. */
export interface Table { columns: (string | number)[]; data: Record<string, any>; index?: any }

/** Numbers with names. */
export interface Series { values: Vector; index?: readonly unknown[] }

/** The annotated boxes `[x1, y1, x2, y2]` of an image and their classes. */
export interface Annotation { bboxes: Matrix; labels: Vector }

/** How a label is scored. */
export type Score = 'self_confidence' | 'normalized_margin' | 'confidence_weighted_entropy';

/** Settings by name, in camelCase. */
export type Settings = Readonly<Record<string, unknown>>;

/** What every function throws: `code` is for programs, the message names argument, place, value and rule. */
export class ForgeError extends Error { readonly code: string }

/** All functions. */
export interface Functions {
  readonly benchmarking: {
    readonly noiseGeneration: {
      generateNRandProbabilitiesThatSumToM(named: { n?: number | null; m?: number | null; maxProb?: number | null; minProb?: number | null; seed?: number | null }): Float64Array;
      generateNoiseMatrixFromTrace(named: { K?: number | null; trace?: number | null; maxTraceProb?: number | null; minTraceProb?: number | null; maxNoiseRate?: number | null; minNoiseRate?: number | null; validNoiseMatrix?: boolean | null; py?: Vector | null; fracZeroNoiseRates?: number | null; seed?: number | null; maxIter?: number | null }): Float64Array[] | null;
      generateNoisyLabels(named: { trueLabels?: Vector | null; noiseMatrix?: Matrix | null; seed?: number | null }): Int32Array;
      noiseMatrixIsValid(named: { noiseMatrix?: Matrix | null; py?: Vector | null; verbose?: boolean | null }): boolean;
      randomlyDistributeNBallsIntoKBins(named: { N?: number | null; K?: number | null; maxBallsPerBin?: number | null; minBallsPerBin?: number | null; seed?: number | null }): Int32Array;
    };
  };
  readonly classification: {
    readonly CleanLearning: {
      (named: { clf?: string | null; seed?: number | null; cvNFolds?: number | null; convergeLatentEstimates?: boolean | null; pulearning?: boolean | null; findLabelIssuesKwargs?: Settings | null; labelQualityScoresKwargs?: Settings | null; verbose?: boolean | null; lowMemory?: boolean | null }): any;
      findLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; X?: Matrix | null; thresholds?: Vector | null; noiseMatrix?: Matrix | null; inverseNoiseMatrix?: Matrix | null; saveSpace?: boolean | null; init?: Settings | null }): any;
      fit(named: { X?: Matrix | null; labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; noiseMatrix?: Matrix | null; inverseNoiseMatrix?: Matrix | null; labelIssues?: Vector | readonly boolean[] | null; sampleWeight?: Vector | null; cvNFolds?: number | null; init?: Settings | null }): any;
    };
  };
  readonly cleanvision: {
    readonly Imagelab: {
      findIssues(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null; issueTypes?: Readonly<Record<string, Settings>> | null; nJobs?: number | null; verbose?: boolean | null }): any;
    };
    imageHashes(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null }): any;
  };
  readonly count: {
    calibrateConfidentJoint(named: { confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; labels?: Vector | null; multiLabel?: boolean | null }): any;
    computeConfidentJoint(named: { labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; calibrate?: boolean | null; multiLabel?: boolean | null; returnIndicesOfOffDiagonals?: boolean | null }): any;
    estimateConfidentJointAndCvPredProba(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; seed?: number | null; calibrate?: boolean | null }): any;
    estimateCvPredictedProbabilities(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; seed?: number | null }): any;
    estimateJoint(named: { labels?: Vector | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): any;
    estimateLatent(named: { confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; labels?: Vector | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; convergeLatentEstimates?: boolean | null }): any;
    estimateNoiseMatrices(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; seed?: number | null }): any;
    estimatePyAndNoiseMatricesFromProbabilities(named: { labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; calibrate?: boolean | null }): any;
    estimatePyNoiseMatricesAndCvPredProba(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; seed?: number | null }): any;
    getConfidentThresholds(named: { labels?: Vector | null; predProbs?: Matrix | null; multiLabel?: boolean | null }): Float64Array | Float64Array[];
    numLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; estimationMethod?: "off_diagonal" | "off_diagonal_calibrated" | "off_diagonal_custom" | null; multiLabel?: boolean | null }): number;
  };
  readonly dataValuation: {
    dataShapleyKnn(named: { labels?: Vector | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null; metric?: string | null; k?: number | null }): Float64Array;
  };
  readonly datalab: {
    readonly Datalab: {
      findImageIssues(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null; labels?: Vector | readonly string[] | readonly Vector[] | null; issueTypes?: Readonly<Record<string, Settings>> | null; predProbs?: Matrix | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null }): any;
      findIssues(named: { labels?: Vector | readonly string[] | readonly Vector[] | null; predProbs?: Matrix | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null; issueTypes?: Readonly<Record<string, Settings>> | null; task?: "classification" | "regression" | "multilabel" | null }): any;
    };
    calculateCorrelations(named: { data?: Table | null; labels?: Vector | readonly string[] | readonly Vector[] | null; propertiesOfInterest?: readonly string[] | null }): any;
    identifierColumns(named: { features?: Matrix | null }): any;
    relativeRoomForImprovement(named: { baselineAccuracy?: number | null; meanAccuracy?: number | null; eps?: number | null }): any;
  };
  readonly dataset: {
    findOverlappingClasses(named: { labels?: Vector | null; predProbs?: Matrix | null; asymmetric?: boolean | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): Table;
    healthSummary(named: { labels?: Vector | null; predProbs?: Matrix | null; asymmetric?: boolean | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null; verbose?: boolean | null }): any;
    overallLabelHealthScore(named: { labels?: Vector | null; predProbs?: Matrix | null; numExamples?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; joint?: Matrix | readonly Matrix[] | null; multiLabel?: boolean | null; verbose?: boolean | null }): number;
    rankClassesByLabelQuality(named: { labels?: Vector | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): Table;
  };
  readonly experimental: {
    readonly labelIssuesBatched: {
      readonly LabelInspector: {
        stream(named: { labels?: Vector | null; predProbs?: Matrix | null; batchSizes?: Vector | null; qualityScoreKwargs?: Settings | null; numIssueKwargs?: Settings | null }): any;
      };
      findLabelIssuesBatched(named: { labels?: Vector | null; predProbs?: Matrix | null; labelsFile?: never | null; predProbsFile?: never | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; qualityScoreKwargs?: Settings | null; numIssueKwargs?: Settings | null; returnMask?: boolean | null }): Int32Array | Uint8Array;
    };
    readonly spanClassification: {
      displayIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null; exclude?: Vector | readonly Vector[] | null; classNames?: readonly string[] | null; top?: number | null }): any;
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null }): any;
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; tokenScoreMethod?: Score | null; sentenceScoreMethod?: "min" | "softmin" | null; sentenceScoreKwargs?: Settings | null }): any;
    };
  };
  readonly filter: {
    _keepAtLeastNPerClass(named: { pruneCountMatrix?: Matrix | null; n?: number | null; fracNoise?: number | null }): any;
    _reducePruneCounts(named: { pruneCountMatrix?: Matrix | null; fracNoise?: number | null }): any;
    findLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null }): Uint8Array | Int32Array;
    findLabelIssuesUsingArgmaxConfusionMatrix(named: { labels?: Vector | null; predProbs?: Matrix | null; calibrate?: boolean | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null }): Uint8Array;
    findPredictedNeqGiven(named: { labels?: Vector | null; predProbs?: Matrix | null }): Uint8Array;
  };
  readonly multiannotator: {
    convertLongToWideDataset(named: { labelsMultiannotatorLong?: Table | null }): Table;
    getActiveLearningScores(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; predProbsUnlabeled?: Matrix | null; labelShares?: unknown | null }): any;
    getActiveLearningScoresEnsemble(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: readonly Matrix[] | Tensor | null; predProbsUnlabeled?: readonly Matrix[] | Tensor | null; labelShares?: unknown | null }): any;
    getLabelQualityMultiannotator(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; consensusMethod?: string | readonly string[] | null; qualityMethod?: string | null; calibrateProbs?: boolean | null; returnDetailedQuality?: boolean | null; returnAnnotatorStats?: boolean | null; returnWeights?: boolean | null; verbose?: boolean | null; labelQualityScoreKwargs?: Settings | null; labelShares?: unknown | null }): any;
    getLabelQualityMultiannotatorEnsemble(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: readonly Matrix[] | Tensor | null; calibrateProbs?: boolean | null; returnDetailedQuality?: boolean | null; returnAnnotatorStats?: boolean | null; returnWeights?: boolean | null; verbose?: boolean | null; labelQualityScoreKwargs?: Settings | null; labelShares?: unknown | null }): any;
    getMajorityVoteLabel(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; verbose?: boolean | null }): any;
  };
  readonly multilabelClassification: {
    readonly dataset: {
      commonMultilabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): Table;
      multilabelHealthSummary(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; numExamples?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; verbose?: boolean | null }): any;
      overallMultilabelHealthScore(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): number;
      rankClassesByMultilabelQuality(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): Table;
    };
    readonly filter: {
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null; lowMemory?: boolean | null }): any;
      findMultilabelIssuesPerClass(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null; lowMemory?: boolean | null }): any;
    };
    readonly rank: {
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null; aggregatorKwargs?: Settings | null }): Float64Array;
      getLabelQualityScoresPerClass(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null }): Float64Array[];
    };
  };
  readonly objectDetection: {
    readonly filter: {
      _calculateApPerClass(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; iouThreshold?: number | null; numProcs?: number | null }): any;
      _getPerClassAp(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): any;
      findLabelIssues(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; returnIndicesRankedByScore?: boolean | null; overlappingLabelCheck?: boolean | null }): Uint8Array | Int32Array;
    };
    readonly rank: {
      computeBadlocBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; lowProbabilityThreshold?: number | null }): Float64Array[];
      computeOverlookedBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; highProbabilityThreshold?: number | null }): Float64Array[];
      computeSwapBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; highProbabilityThreshold?: number | null; overlappingLabelCheck?: boolean | null }): Float64Array[];
      getLabelQualityScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; aggregationWeights?: { overlooked: number; badloc: number; swap: number } | null; overlappingLabelCheck?: boolean | null; verbose?: boolean | null }): Float64Array;
      issuesFromScores(named: { labelQualityScores?: Vector | null; threshold?: number | null }): Int32Array;
      poolBoxScoresPerImage(named: { boxScores?: readonly Vector[] | null; temperature?: number | null }): Float64Array;
    };
    readonly summary: {
      boundingBoxSizeDistribution(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; classNames?: Readonly<Record<number, string>> | null; sort?: boolean | null }): any;
      calculatePerClassMetrics(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; numProcs?: number | null; classNames?: Readonly<Record<number, string>> | null }): any;
      classLabelDistribution(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; classNames?: Readonly<Record<number, string>> | null }): any;
      getAveragePerClassConfusionMatrix(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; numProcs?: number | null; classNames?: Readonly<Record<number, string>> | null }): any;
      getSortedBboxCountIdxs(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): any;
      objectCountsPerImage(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): any;
      visualize(named: { image?: unknown | null; label?: Annotation | null; prediction?: readonly Matrix[] | null; predictionThreshold?: number | null; overlay?: boolean | null; classNames?: Readonly<Record<number, string>> | null }): any;
    };
  };
  readonly outlier: {
    readonly OutOfDistribution: {
      fitScore(named: { params?: Settings | null; features?: Matrix | null; predProbs?: Matrix | null; labels?: Vector | null; verbose?: boolean | null; scoreFeatures?: Matrix | null; scorePredProbs?: Matrix | null }): any;
    };
  };
  readonly rank: {
    findTopIssues(named: { qualityScores?: Vector | null; top?: number | null }): Int32Array;
    getConfidenceWeightedEntropyForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    getLabelQualityEnsembleScores(named: { labels?: Vector | null; predProbsList?: readonly Matrix[] | Tensor | null; method?: string | null; adjustPredProbs?: boolean | null; weightEnsembleMembersBy?: "uniform" | "accuracy" | "log_loss_search" | "custom" | null; customWeights?: Vector | null; logLossSearchTValues?: Vector | null; verbose?: boolean | null }): Float64Array;
    getLabelQualityScores(named: { labels?: Vector | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null }): Float64Array;
    getNormalizedMarginForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    getSelfConfidenceForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    orderLabelIssues(named: { labelIssuesMask?: Uint8Array | readonly boolean[] | null; labels?: Vector | null; predProbs?: Matrix | null; rankBy?: Score | null; rankByKwargs?: Settings | null }): Int32Array;
  };
  readonly regression: {
    readonly learn: {
      readonly CleanLearning: {
        findLabelIssues(named: { X?: Matrix | null; y?: Vector | null; uncertainty?: number | Vector | string | null; coarseSearchRange?: Vector | null; fineSearchSize?: number | null; saveSpace?: boolean | null; init?: Settings | null }): any;
        fit(named: { X?: Matrix | null; y?: Vector | null; labelIssues?: Vector | readonly boolean[] | null; sampleWeight?: Vector | null; findLabelIssuesKwargs?: Settings | null; init?: Settings | null }): any;
      };
    };
    readonly rank: {
      _getOutreScoreForEachLabel(named: { labels?: Vector | null; predictions?: Vector | null; residualScale?: number | null; fracNeighbors?: number | null; neighborMetric?: string | null }): any;
      getLabelQualityScores(named: { labels?: Vector | null; predictions?: Vector | null; method?: string | null }): Float64Array;
    };
  };
  readonly segmentation: {
    readonly filter: {
      findLabelIssues(named: { labels?: Tensor | null; predProbs?: Tensor | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; downsample?: number | null }): Uint8Array[][];
    };
    readonly rank: {
      getLabelQualityScores(named: { labels?: Tensor | null; predProbs?: Tensor | null; method?: string | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; downsample?: number | null; temperature?: number | null }): any;
      issuesFromScores(named: { imageScores?: Vector | null; pixelScores?: Tensor | null; threshold?: number | null }): any;
    };
    readonly summary: {
      commonLabelIssues(named: { issues?: Tensor | readonly (readonly (readonly boolean[])[])[] | null; labels?: Tensor | null; predProbs?: Tensor | null; classNames?: readonly string[] | null; exclude?: Vector | readonly Vector[] | null; top?: number | null; verbose?: boolean | null }): Table;
      filterByClass(named: { classIndex?: number | Vector | null; issues?: Tensor | readonly (readonly (readonly boolean[])[])[] | null; labels?: Tensor | null; predProbs?: Tensor | null }): any;
    };
  };
  readonly tokenClassification: {
    readonly filter: {
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; returnIndicesRankedBy?: Score | null; lowMemory?: boolean | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null }): any;
    };
    readonly rank: {
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; tokens?: readonly (readonly string[])[] | null; tokenScoreMethod?: Score | null; sentenceScoreMethod?: "min" | "softmin" | null; sentenceScoreKwargs?: Settings | null }): any;
      issuesFromScores(named: { sentenceScores?: Vector | null; tokenScores?: readonly (Vector | Series)[] | null; threshold?: number | null }): any;
    };
    readonly summary: {
      commonLabelIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; classNames?: readonly string[] | null; top?: number | null; exclude?: Vector | readonly Vector[] | null; verbose?: boolean | null }): Table;
      displayIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; exclude?: Vector | readonly Vector[] | null; classNames?: readonly string[] | null; top?: number | null }): any;
      filterByToken(named: { token?: string | null; issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null }): any;
    };
  };
}
