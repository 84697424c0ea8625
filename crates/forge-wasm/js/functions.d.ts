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

/** Per image, class or row of a multi-dimensional result. */
export type FloatRows = Float64Array[];

/** What a fitted `CleanLearning` found, and the noise it estimates; null where it was told not to keep that. */
export interface CleanLearningIssues {
  /** is_label_issue, label_quality, given_label, predicted_label. */
  issues: Table;
  /** P(given | true), and P(true | given). */
  noiseMatrix: FloatRows | null;
  inverseNoiseMatrix: FloatRows | null;
  confidentJoint: FloatRows | null;
  /** P(true) and P(given). */
  py: Float64Array | null;
  ps: Float64Array | null;
  numClasses: number;
}

/** What an audit of labels, predictions and features found. */
export interface DatalabIssues {
  /** Per row and check `is_…_issue` and `…_score`. */
  issues: Table;
  /** issue_type, score, num_issues. */
  summary: Table;
  /** What each check knows of the data set, by cleanlab's names. */
  info: Record<string, any>;
  /** The checks that failed. */
  failed?: string[];
  [more: string]: any;
}

/** Consensus labels and how good they are. */
export interface AnnotatorQuality {
  /** consensus_label, consensus_quality_score, annotator_agreement, num_annotations. */
  labelQuality: Table;
  detailedLabelQuality?: Table;
  /** annotator_quality, agreement_with_consensus, worst_class, num_examples_labeled. */
  annotatorStats?: Table;
  [more: string]: any;
}

/** Scores of outliers, of the rows fitted on and of others. */
export interface OutlierScores {
  scores: Float64Array;
  newScores?: Float64Array;
  scalingFactor: number | null;
  [more: string]: any;
}

/** All functions. */
export interface Functions {
  readonly benchmarking: {
    readonly noiseGeneration: {
      /**
       * Random numbers between bounds that sum to `m`.
       * cleanlab: `benchmarking.noise_generation.generate_n_rand_probabilities_that_sum_to_m`.
       *
       * - `seed`: of every random choice
       */
      generateNRandProbabilitiesThatSumToM(named: { n?: number | null; m?: number | null; maxProb?: number | null; minProb?: number | null; seed?: number | null }): Float64Array;
      /**
       * A random noise matrix of a given trace, given × true; null where none was found.
       * cleanlab: `benchmarking.noise_generation.generate_noise_matrix_from_trace`.
       *
       * - `py`: P(true), one per class; sums to 1
       * - `seed`: of every random choice
       */
      generateNoiseMatrixFromTrace(named: { K?: number | null; trace?: number | null; maxTraceProb?: number | null; minTraceProb?: number | null; maxNoiseRate?: number | null; minNoiseRate?: number | null; validNoiseMatrix?: boolean | null; py?: Vector | null; fracZeroNoiseRates?: number | null; seed?: number | null; maxIter?: number | null }): FloatRows | null;
      /**
       * Labels made wrong at the rates of a noise matrix.
       * cleanlab: `benchmarking.noise_generation.generate_noisy_labels`.
       *
       * - `noiseMatrix`: P(given | true), given × true; columns sum to 1 [estimated]
       * - `seed`: of every random choice
       */
      generateNoisyLabels(named: { trueLabels?: Vector | null; noiseMatrix?: Matrix | null; seed?: number | null }): Int32Array;
      /**
       * Whether labels with such noise can be learned from.
       * cleanlab: `benchmarking.noise_generation.noise_matrix_is_valid`.
       *
       * - `noiseMatrix`: P(given | true), given × true; columns sum to 1 [estimated]
       * - `py`: P(true), one per class; sums to 1
       * - `verbose`: is accepted and changes nothing
       */
      noiseMatrixIsValid(named: { noiseMatrix?: Matrix | null; py?: Vector | null; verbose?: boolean | null }): boolean;
      /**
       * A random number of balls per bin.
       * cleanlab: `benchmarking.noise_generation.randomly_distribute_N_balls_into_K_bins`.
       *
       * - `seed`: of every random choice
       */
      randomlyDistributeNBallsIntoKBins(named: { N?: number | null; K?: number | null; maxBallsPerBin?: number | null; minBallsPerBin?: number | null; seed?: number | null }): Int32Array;
    };
  };
  readonly classification: {
    readonly CleanLearning: {
      /**
       * Trains logistic regression on the rows whose labels look right.
       * cleanlab: `classification.CleanLearning`.
       *
       * - `seed`: of every random choice
       * - `cvNFolds`: folds of the cross-validation [5]
       * - `verbose`: is accepted and changes nothing
       */
      (named: { clf?: string | null; seed?: number | null; cvNFolds?: number | null; convergeLatentEstimates?: boolean | null; pulearning?: boolean | null; findLabelIssuesKwargs?: Settings | null; labelQualityScoresKwargs?: Settings | null; verbose?: boolean | null; lowMemory?: boolean | null }): any;
      /**
       * Label issues by cross-validation or by given probabilities.
       * cleanlab: `classification.CleanLearning.find_label_issues`.
       *
       * - `labels`: given class numbers from 0, n
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `X`: features, n × columns; they are used as they are
       * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
       * - `noiseMatrix`: P(given | true), given × true; columns sum to 1 [estimated]
       * - `inverseNoiseMatrix`: P(true | given), true × given; columns sum to 1 [estimated]
       */
      findLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; X?: Matrix | null; thresholds?: Vector | null; noiseMatrix?: Matrix | null; inverseNoiseMatrix?: Matrix | null; saveSpace?: boolean | null; init?: Settings | null }): CleanLearningIssues;
      /**
       * Finds label issues and trains without them: issues, predictions, probabilities, coefficients.
       * cleanlab: `classification.CleanLearning.fit`.
       *
       * - `X`: features, n × columns; they are used as they are
       * - `labels`: given class numbers from 0, n
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
       * - `noiseMatrix`: P(given | true), given × true; columns sum to 1 [estimated]
       * - `inverseNoiseMatrix`: P(true | given), true × given; columns sum to 1 [estimated]
       * - `sampleWeight`: how much each row counts, n
       * - `cvNFolds`: folds of the cross-validation [5]
       */
      fit(named: { X?: Matrix | null; labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; noiseMatrix?: Matrix | null; inverseNoiseMatrix?: Matrix | null; labelIssues?: Vector | readonly boolean[] | null; sampleWeight?: Vector | null; cvNFolds?: number | null; init?: Settings | null }): { issues: Table; pred: Int32Array; proba: FloatRows; score: number; coef: FloatRows; intercept: Float64Array };
    };
  };
  readonly cleanvision: {
    readonly Imagelab: {
      /**
       * Pictures that are dark, light, blurry, odd in shape or size, without information, or copies.
       * cleanlab: `cleanvision.Imagelab.find_issues`.
       *
       * - `images`: pictures, each height × width or height × width × 3, from 0 to 255
       * - `issueTypes`: the checks to run, each with its settings [all that the data allow]
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findIssues(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null; issueTypes?: Readonly<Record<string, Settings>> | null; nJobs?: number | null; verbose?: boolean | null }): DatalabIssues;
    };
    /**
     * Perceptual hashes of pictures, in hexadecimal.
     * cleanlab: `cleanvision.image_hashes`.
     *
     * - `images`: pictures, each height × width or height × width × 3, from 0 to 255
     */
    imageHashes(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null }): { phash: string[]; ahash: string[]; dhash: string[]; whash: string[]; chash: string[] };
  };
  readonly count: {
    /**
     * A confident joint scaled to the counts of the labels.
     * cleanlab: `count.calibrate_confident_joint`.
     *
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `labels`: given class numbers from 0, n
     * - `multiLabel`: whether each row has several classes [false]
     */
    calibrateConfidentJoint(named: { confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; labels?: Vector | null; multiLabel?: boolean | null }): FloatRows | FloatRows[];
    /**
     * Counts of given × likely true labels; with the rows off its diagonal where asked for.
     * cleanlab: `count.compute_confident_joint`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
     * - `calibrate`: whether counts are scaled to those of the labels [true]
     * - `multiLabel`: whether each row has several classes [false]
     */
    computeConfidentJoint(named: { labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; calibrate?: boolean | null; multiLabel?: boolean | null; returnIndicesOfOffDiagonals?: boolean | null }): FloatRows | FloatRows[] | [FloatRows, Int32Array];
    /**
     * The confident joint and the out-of-sample probabilities it is made from, by logistic regression.
     * cleanlab: `count.estimate_confident_joint_and_cv_pred_proba`.
     *
     * - `X`: features, n × columns; they are used as they are
     * - `labels`: given class numbers from 0, n
     * - `cvNFolds`: folds of the cross-validation [5]
     * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
     * - `seed`: of every random choice
     * - `calibrate`: whether counts are scaled to those of the labels [true]
     */
    estimateConfidentJointAndCvPredProba(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; seed?: number | null; calibrate?: boolean | null }): [FloatRows, FloatRows];
    /**
     * Out-of-sample probabilities by logistic regression, n × classes.
     * cleanlab: `count.estimate_cv_predicted_probabilities`.
     *
     * - `X`: features, n × columns; they are used as they are
     * - `labels`: given class numbers from 0, n
     * - `cvNFolds`: folds of the cross-validation [5]
     * - `seed`: of every random choice
     */
    estimateCvPredictedProbabilities(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; seed?: number | null }): FloatRows;
    /**
     * P(given, true), classes × classes.
     * cleanlab: `count.estimate_joint`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     */
    estimateJoint(named: { labels?: Vector | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): FloatRows | FloatRows[];
    /**
     * P(true), P(given | true) and P(true | given).
     * cleanlab: `count.estimate_latent`.
     *
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `labels`: given class numbers from 0, n
     */
    estimateLatent(named: { confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; labels?: Vector | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; convergeLatentEstimates?: boolean | null }): [Float64Array, FloatRows, FloatRows];
    /**
     * P(given | true) and P(true | given).
     * cleanlab: `count.estimate_noise_matrices`.
     *
     * - `X`: features, n × columns; they are used as they are
     * - `labels`: given class numbers from 0, n
     * - `cvNFolds`: folds of the cross-validation [5]
     * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
     * - `seed`: of every random choice
     */
    estimateNoiseMatrices(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; seed?: number | null }): [FloatRows, FloatRows];
    /**
     * P(true), P(given | true), P(true | given) and the confident joint.
     * cleanlab: `count.estimate_py_and_noise_matrices_from_probabilities`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
     * - `calibrate`: whether counts are scaled to those of the labels [true]
     */
    estimatePyAndNoiseMatricesFromProbabilities(named: { labels?: Vector | null; predProbs?: Matrix | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; calibrate?: boolean | null }): [Float64Array, FloatRows, FloatRows, FloatRows];
    /**
     * P(true), P(given | true), P(true | given), the confident joint and out-of-sample probabilities.
     * cleanlab: `count.estimate_py_noise_matrices_and_cv_pred_proba`.
     *
     * - `X`: features, n × columns; they are used as they are
     * - `labels`: given class numbers from 0, n
     * - `cvNFolds`: folds of the cross-validation [5]
     * - `thresholds`: the confidence from which a prediction counts, one per class, in [0, 1] [the mean of each class]
     * - `seed`: of every random choice
     */
    estimatePyNoiseMatricesAndCvPredProba(named: { X?: Matrix | null; labels?: Vector | null; cvNFolds?: number | null; thresholds?: Vector | null; convergeLatentEstimates?: boolean | null; pyMethod?: "cnt" | "eqn" | "marginal" | "marginal_ps" | null; seed?: number | null }): [Float64Array, FloatRows, FloatRows, FloatRows, FloatRows];
    /**
     * The mean probability of each class among the rows that are given it.
     * cleanlab: `count.get_confident_thresholds`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `multiLabel`: whether each row has several classes [false]
     */
    getConfidentThresholds(named: { labels?: Vector | null; predProbs?: Matrix | null; multiLabel?: boolean | null }): Float64Array | FloatRows;
    /**
     * How many labels are wrong.
     * cleanlab: `count.num_label_issues`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     */
    numLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; estimationMethod?: "off_diagonal" | "off_diagonal_calibrated" | "off_diagonal_custom" | null; multiLabel?: boolean | null }): number;
  };
  readonly dataValuation: {
    /**
     * The worth of each row to a vote of its neighbours, in [0, 1].
     * cleanlab: `data_valuation.data_shapley_knn`.
     *
     * - `labels`: given class numbers from 0, n
     * - `features`: rows × columns of numbers, for distances; standardise them
     * - `knnGraph`: nearest neighbours of each row as a sparse matrix, `indptr` n + 1, with distances
     * - `metric`: how far apart rows are: cosine or euclidean [by the number of columns]
     * - `k`: neighbours of each row [10]
     */
    dataShapleyKnn(named: { labels?: Vector | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null; metric?: string | null; k?: number | null }): Float64Array;
  };
  readonly datalab: {
    readonly Datalab: {
      /**
       * An audit of pictures with their labels.
       * cleanlab: `datalab.Datalab.find_image_issues`.
       *
       * - `images`: pictures, each height × width or height × width × 3, from 0 to 255
       * - `labels`: what each row is labelled with: class numbers or names, numbers, or lists of class numbers
       * - `issueTypes`: the checks to run, each with its settings [all that the data allow]
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `features`: rows × columns of numbers, for distances; standardise them
       * - `knnGraph`: nearest neighbours of each row as a sparse matrix, `indptr` n + 1, with distances
       */
      findImageIssues(named: { images?: readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[] | null; labels?: Vector | readonly string[] | readonly Vector[] | null; issueTypes?: Readonly<Record<string, Settings>> | null; predProbs?: Matrix | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null }): DatalabIssues;
      /**
       * An audit of labels, predictions and features.
       * cleanlab: `datalab.Datalab.find_issues`.
       *
       * - `labels`: what each row is labelled with: class numbers or names, numbers, or lists of class numbers
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `features`: rows × columns of numbers, for distances; standardise them
       * - `knnGraph`: nearest neighbours of each row as a sparse matrix, `indptr` n + 1, with distances
       * - `issueTypes`: the checks to run, each with its settings [all that the data allow]
       * - `task`: what the labels are [classification]
       */
      findIssues(named: { labels?: Vector | readonly string[] | readonly Vector[] | null; predProbs?: Matrix | null; features?: Matrix | null; knnGraph?: { indptr: Vector; indices: Vector; data?: Vector } | null; issueTypes?: Readonly<Record<string, Settings>> | null; task?: "classification" | "regression" | "multilabel" | null }): DatalabIssues;
    };
    /**
     * How well properties of pictures alone predict the labels.
     * cleanlab: `datalab.calculate_correlations`.
     *
     * - `labels`: what each row is labelled with: class numbers or names, numbers, or lists of class numbers
     */
    calculateCorrelations(named: { data?: Table | null; labels?: Vector | readonly string[] | readonly Vector[] | null; propertiesOfInterest?: readonly string[] | null }): Table;
    /**
     * Columns of whole numbers that count rows.
     * cleanlab: `datalab.identifier_columns`.
     *
     * - `features`: rows × columns of numbers, for distances; standardise them
     */
    identifierColumns(named: { features?: Matrix | null }): DatalabIssues;
    /**
     * How far an accuracy is above a baseline, as a share of what there is room for.
     * cleanlab: `datalab.relative_room_for_improvement`.
     */
    relativeRoomForImprovement(named: { baselineAccuracy?: number | null; meanAccuracy?: number | null; eps?: number | null }): number;
  };
  readonly dataset: {
    /**
     * Pairs of classes that are mixed up, most often first.
     * cleanlab: `dataset.find_overlapping_classes`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `classNames`: names of the classes, by class number
     * - `joint`: P(given, true), classes × classes; sums to 1 [estimated]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     */
    findOverlappingClasses(named: { labels?: Vector | null; predProbs?: Matrix | null; asymmetric?: boolean | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): Table;
    /**
     * How healthy labels are: in all, by class and by pairs of classes.
     * cleanlab: `dataset.health_summary`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `classNames`: names of the classes, by class number
     * - `joint`: P(given, true), classes × classes; sums to 1 [estimated]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     * - `verbose`: is accepted and changes nothing
     */
    healthSummary(named: { labels?: Vector | null; predProbs?: Matrix | null; asymmetric?: boolean | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null; verbose?: boolean | null }): { overallLabelHealthScore: number; joint: FloatRows; classesByLabelQuality: Table; overlappingClasses: Table };
    /**
     * Estimated share of correct labels, in [0, 1].
     * cleanlab: `dataset.overall_label_health_score`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `joint`: P(given, true), classes × classes; sums to 1 [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     * - `verbose`: is accepted and changes nothing
     */
    overallLabelHealthScore(named: { labels?: Vector | null; predProbs?: Matrix | null; numExamples?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; joint?: Matrix | readonly Matrix[] | null; multiLabel?: boolean | null; verbose?: boolean | null }): number;
    /**
     * Classes by the quality of their labels, worst first.
     * cleanlab: `dataset.rank_classes_by_label_quality`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `classNames`: names of the classes, by class number
     * - `joint`: P(given, true), classes × classes; sums to 1 [estimated]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `multiLabel`: whether each row has several classes [false]
     */
    rankClassesByLabelQuality(named: { labels?: Vector | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; numExamples?: number | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; multiLabel?: boolean | null }): Table;
  };
  readonly experimental: {
    readonly labelIssuesBatched: {
      readonly LabelInspector: {
        /**
         * Label issues of labels that come in batches.
         * cleanlab: `experimental.label_issues_batched.LabelInspector.stream`.
         *
         * - `labels`: given class numbers from 0, n
         * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
         */
        stream(named: { labels?: Vector | null; predProbs?: Matrix | null; batchSizes?: Vector | null; qualityScoreKwargs?: Settings | null; numIssueKwargs?: Settings | null }): any;
      };
      /**
       * Label issues in bounded memory: row numbers, worst first, or flags.
       * cleanlab: `experimental.label_issues_batched.find_label_issues_batched`.
       *
       * - `labels`: given class numbers from 0, n
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `batchSize`: rows at a time
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findLabelIssuesBatched(named: { labels?: Vector | null; predProbs?: Matrix | null; labelsFile?: never | null; predProbsFile?: never | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; qualityScoreKwargs?: Settings | null; numIssueKwargs?: Settings | null; returnMask?: boolean | null }): Int32Array | Uint8Array;
    };
    readonly spanClassification: {
      /**
       * The sentences of issues as text, with the tokens marked.
       * cleanlab: `experimental.span_classification.display_issues`.
       *
       * - `tokens`: the words of each sentence
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probability of the span for each token, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `top`: how many are wanted
       */
      displayIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null; exclude?: Vector | readonly Vector[] | null; classNames?: readonly string[] | null; top?: number | null }): any;
      /**
       * Tokens whose span label is wrong, as [sentence, token], worst first.
       * cleanlab: `experimental.span_classification.find_label_issues`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probability of the span for each token, in [0, 1]
       */
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null }): Int32Array[];
      /**
       * Scores of sentences and of their tokens, in [0, 1].
       * cleanlab: `experimental.span_classification.get_label_quality_scores`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probability of the span for each token, in [0, 1]
       * - `tokens`: the words of each sentence
       */
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; tokenScoreMethod?: Score | null; sentenceScoreMethod?: "min" | "softmin" | null; sentenceScoreKwargs?: Settings | null }): [Float64Array, Series[]];
    };
  };
  readonly filter: {
    /**
     * Counts to prune that leave enough rows of each class.
     * cleanlab: `filter._keep_at_least_n_per_class`.
     *
     * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
     */
    _keepAtLeastNPerClass(named: { pruneCountMatrix?: Matrix | null; n?: number | null; fracNoise?: number | null }): (Int32Array | Float64Array)[];
    /**
     * Counts to prune, times a share.
     * cleanlab: `filter._reduce_prune_counts`.
     *
     * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
     */
    _reducePruneCounts(named: { pruneCountMatrix?: Matrix | null; fracNoise?: number | null }): (Int32Array | Float64Array)[];
    /**
     * Which labels are wrong: a flag per row, or row numbers, worst first.
     * cleanlab: `filter.find_label_issues`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `returnIndicesRankedBy`: gives row numbers, worst by this score first, instead of flags
     * - `filterBy`: which rule flags [prune_by_noise_rate]
     * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
     * - `numToRemovePerClass`: rows flagged per class at most [estimated]
     * - `minExamplesPerClass`: rows of a class that are never flagged [1]
     * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
     * - `nJobs`: is accepted and changes nothing
     * - `verbose`: is accepted and changes nothing
     */
    findLabelIssues(named: { labels?: Vector | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null }): Uint8Array | Int32Array;
    /**
     * Which labels are wrong, by counts of predicted instead of confident classes.
     * cleanlab: `filter.find_label_issues_using_argmax_confusion_matrix`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `calibrate`: whether counts are scaled to those of the labels [true]
     * - `filterBy`: which rule flags [prune_by_noise_rate]
     */
    findLabelIssuesUsingArgmaxConfusionMatrix(named: { labels?: Vector | null; predProbs?: Matrix | null; calibrate?: boolean | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null }): Uint8Array;
    /**
     * Which labels are not the likeliest class.
     * cleanlab: `filter.find_predicted_neq_given`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     */
    findPredictedNeqGiven(named: { labels?: Vector | null; predProbs?: Matrix | null }): Uint8Array;
  };
  readonly multiannotator: {
    /**
     * Rows of example, annotator, label as examples × annotators.
     * cleanlab: `multiannotator.convert_long_to_wide_dataset`.
     */
    convertLongToWideDataset(named: { labelsMultiannotatorLong?: Table | null }): Table;
    /**
     * What to label next, of examples with and without labels; the lowest first.
     * cleanlab: `multiannotator.get_active_learning_scores`.
     *
     * - `labelsMultiannotator`: class numbers, examples × annotators; NaN or null where none was given
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `predProbsUnlabeled`: out-of-sample probabilities of examples without labels, n × classes, in [0, 1]
     */
    getActiveLearningScores(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; predProbsUnlabeled?: Matrix | null; labelShares?: unknown | null }): [Float64Array, Float64Array];
    /**
     * What to label next, by several models.
     * cleanlab: `multiannotator.get_active_learning_scores_ensemble`.
     *
     * - `labelsMultiannotator`: class numbers, examples × annotators; NaN or null where none was given
     * - `predProbs`: out-of-sample probabilities of each model, models × n × classes, in [0, 1]
     * - `predProbsUnlabeled`: out-of-sample probabilities of examples without labels, n × classes, in [0, 1]
     */
    getActiveLearningScoresEnsemble(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: readonly Matrix[] | Tensor | null; predProbsUnlabeled?: readonly Matrix[] | Tensor | null; labelShares?: unknown | null }): [Float64Array, Float64Array];
    /**
     * Consensus labels, how sure they are, and how good annotators are (CROWDLAB).
     * cleanlab: `multiannotator.get_label_quality_multiannotator`.
     *
     * - `labelsMultiannotator`: class numbers, examples × annotators; NaN or null where none was given
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `verbose`: is accepted and changes nothing
     */
    getLabelQualityMultiannotator(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; consensusMethod?: string | readonly string[] | null; qualityMethod?: string | null; calibrateProbs?: boolean | null; returnDetailedQuality?: boolean | null; returnAnnotatorStats?: boolean | null; returnWeights?: boolean | null; verbose?: boolean | null; labelQualityScoreKwargs?: Settings | null; labelShares?: unknown | null }): AnnotatorQuality;
    /**
     * The same by several models.
     * cleanlab: `multiannotator.get_label_quality_multiannotator_ensemble`.
     *
     * - `labelsMultiannotator`: class numbers, examples × annotators; NaN or null where none was given
     * - `predProbs`: out-of-sample probabilities of each model, models × n × classes, in [0, 1]
     * - `verbose`: is accepted and changes nothing
     */
    getLabelQualityMultiannotatorEnsemble(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: readonly Matrix[] | Tensor | null; calibrateProbs?: boolean | null; returnDetailedQuality?: boolean | null; returnAnnotatorStats?: boolean | null; returnWeights?: boolean | null; verbose?: boolean | null; labelQualityScoreKwargs?: Settings | null; labelShares?: unknown | null }): AnnotatorQuality;
    /**
     * The label most annotators chose, per example.
     * cleanlab: `multiannotator.get_majority_vote_label`.
     *
     * - `labelsMultiannotator`: class numbers, examples × annotators; NaN or null where none was given
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `verbose`: is accepted and changes nothing
     */
    getMajorityVoteLabel(named: { labelsMultiannotator?: Matrix | Table | null; predProbs?: Matrix | null; verbose?: boolean | null }): Int32Array;
  };
  readonly multilabelClassification: {
    readonly dataset: {
      /**
       * Classes that are most often missing or too many.
       * cleanlab: `multilabel_classification.dataset.common_multilabel_issues`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       */
      commonMultilabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): Table;
      /**
       * How healthy sets of classes are: in all and by class.
       * cleanlab: `multilabel_classification.dataset.multilabel_health_summary`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       * - `verbose`: is accepted and changes nothing
       */
      multilabelHealthSummary(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; numExamples?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; verbose?: boolean | null }): { overallMultilabelHealthScore: number; classesByMultilabelQuality: Table; commonMultilabelIssues: Table };
      /**
       * Share of the rows in which no class is wrong, in [0, 1].
       * cleanlab: `multilabel_classification.dataset.overall_multilabel_health_score`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       */
      overallMultilabelHealthScore(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): number;
      /**
       * Classes by the quality of their labels, worst first.
       * cleanlab: `multilabel_classification.dataset.rank_classes_by_multilabel_quality`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `joint`: P(given, true), classes × classes; sums to 1 [estimated]
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       */
      rankClassesByMultilabelQuality(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; classNames?: readonly string[] | null; joint?: Matrix | readonly Matrix[] | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null }): Table;
    };
    readonly filter: {
      /**
       * Rows with a wrong class: flags, or row numbers, worst first.
       * cleanlab: `multilabel_classification.filter.find_label_issues`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `returnIndicesRankedBy`: gives row numbers, worst by this score first, instead of flags
       * - `filterBy`: which rule flags [prune_by_noise_rate]
       * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
       * - `numToRemovePerClass`: rows flagged per class at most [estimated]
       * - `minExamplesPerClass`: rows of a class that are never flagged [1]
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null; lowMemory?: boolean | null }): Uint8Array | Int32Array;
      /**
       * Wrong labels of each class: rows × classes of flags, or row numbers per class.
       * cleanlab: `multilabel_classification.filter.find_multilabel_issues_per_class`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `returnIndicesRankedBy`: gives row numbers, worst by this score first, instead of flags
       * - `filterBy`: which rule flags [prune_by_noise_rate]
       * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
       * - `numToRemovePerClass`: rows flagged per class at most [estimated]
       * - `minExamplesPerClass`: rows of a class that are never flagged [1]
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findMultilabelIssuesPerClass(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; returnIndicesRankedBy?: Score | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null; lowMemory?: boolean | null }): Uint8Array[] | Int32Array[] | any[];
    };
    readonly rank: {
      /**
       * How right the classes of each row are, in [0, 1].
       * cleanlab: `multilabel_classification.rank.get_label_quality_scores`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `method`: how scores are made [self_confidence; for numbers outre]
       * - `adjustPredProbs`: whether the thresholds of the classes are taken off first [false]
       */
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null; aggregatorKwargs?: Settings | null }): Float64Array;
      /**
       * The same for each class, n × classes.
       * cleanlab: `multilabel_classification.rank.get_label_quality_scores_per_class`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `method`: how scores are made [self_confidence; for numbers outre]
       * - `adjustPredProbs`: whether the thresholds of the classes are taken off first [false]
       */
      getLabelQualityScoresPerClass(named: { labels?: readonly Vector[] | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null }): FloatRows;
    };
  };
  readonly objectDetection: {
    readonly filter: {
      /**
       * Average precision of each class in each image.
       * cleanlab: `object_detection.filter._calculate_ap_per_class`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      _calculateApPerClass(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; iouThreshold?: number | null; numProcs?: number | null }): FloatRows;
      /**
       * Average precision of each class.
       * cleanlab: `object_detection.filter._get_per_class_ap`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      _getPerClassAp(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): Record<string, number>;
      /**
       * Images with a wrong, missing or badly placed box: flags, or image numbers, worst first.
       * cleanlab: `object_detection.filter.find_label_issues`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      findLabelIssues(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; returnIndicesRankedByScore?: boolean | null; overlappingLabelCheck?: boolean | null }): Uint8Array | Int32Array;
    };
    readonly rank: {
      /**
       * How well each annotated box is placed, in [0, 1].
       * cleanlab: `object_detection.rank.compute_badloc_box_scores`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      computeBadlocBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; lowProbabilityThreshold?: number | null }): FloatRows;
      /**
       * How surely each predicted box is annotated, in [0, 1]; NaN where it is.
       * cleanlab: `object_detection.rank.compute_overlooked_box_scores`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      computeOverlookedBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; highProbabilityThreshold?: number | null }): FloatRows;
      /**
       * How surely each annotated box has the right class, in [0, 1].
       * cleanlab: `object_detection.rank.compute_swap_box_scores`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      computeSwapBoxScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; alpha?: number | null; highProbabilityThreshold?: number | null; overlappingLabelCheck?: boolean | null }): FloatRows;
      /**
       * How right the boxes of each image are, in [0, 1].
       * cleanlab: `object_detection.rank.get_label_quality_scores`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       * - `verbose`: is accepted and changes nothing
       */
      getLabelQualityScores(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; aggregationWeights?: { overlooked: number; badloc: number; swap: number } | null; overlappingLabelCheck?: boolean | null; verbose?: boolean | null }): Float64Array;
      /**
       * Images below a score, worst first.
       * cleanlab: `object_detection.rank.issues_from_scores`.
       */
      issuesFromScores(named: { labelQualityScores?: Vector | null; threshold?: number | null }): Int32Array;
      /**
       * Scores of boxes as one per image.
       * cleanlab: `object_detection.rank.pool_box_scores_per_image`.
       */
      poolBoxScoresPerImage(named: { boxScores?: readonly Vector[] | null; temperature?: number | null }): Float64Array;
    };
    readonly summary: {
      /**
       * Areas of boxes in square pixels by class: of annotations and of predictions.
       * cleanlab: `object_detection.summary.bounding_box_size_distribution`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       * - `classNames`: names of the classes, by class number
       */
      boundingBoxSizeDistribution(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; classNames?: Readonly<Record<number, string>> | null; sort?: boolean | null }): [Record<string, Float64Array>, Record<string, Float64Array>];
      /**
       * Average precision, recall and F1 of each class.
       * cleanlab: `object_detection.summary.calculate_per_class_metrics`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       * - `classNames`: names of the classes, by class number
       */
      calculatePerClassMetrics(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; numProcs?: number | null; classNames?: Readonly<Record<number, string>> | null }): Record<string, Record<string, number | null>>;
      /**
       * Shares of the classes: of annotations and of predictions.
       * cleanlab: `object_detection.summary.class_label_distribution`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       * - `classNames`: names of the classes, by class number
       */
      classLabelDistribution(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; classNames?: Readonly<Record<number, string>> | null }): [Record<string, number>, Record<string, number>];
      /**
       * True positives, false positives and false negatives of each class, averaged over overlaps.
       * cleanlab: `object_detection.summary.get_average_per_class_confusion_matrix`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       * - `classNames`: names of the classes, by class number
       */
      getAveragePerClassConfusionMatrix(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null; numProcs?: number | null; classNames?: Readonly<Record<number, string>> | null }): Record<string, { TP: number; FP: number; FN: number }>;
      /**
       * Images with their numbers of boxes, most first: of annotations and of predictions.
       * cleanlab: `object_detection.summary.get_sorted_bbox_count_idxs`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      getSortedBboxCountIdxs(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): Int32Array[][];
      /**
       * Boxes per image: of annotations and of predictions.
       * cleanlab: `object_detection.summary.object_counts_per_image`.
       *
       * - `labels`: the annotated boxes of each image
       * - `predictions`: per image and class, boxes × 5: x1, y1, x2, y2 in pixels and the probability
       */
      objectCountsPerImage(named: { labels?: readonly Annotation[] | null; predictions?: readonly (readonly Matrix[])[] | null }): [Int32Array, Int32Array];
      /**
       * What is to be drawn of an image.
       * cleanlab: `object_detection.summary.visualize`.
       *
       * - `classNames`: names of the classes, by class number
       */
      visualize(named: { image?: unknown | null; label?: Annotation | null; prediction?: readonly Matrix[] | null; predictionThreshold?: number | null; overlay?: boolean | null; classNames?: Readonly<Record<number, string>> | null }): any;
    };
  };
  readonly outlier: {
    readonly OutOfDistribution: {
      /**
       * How usual rows are, by distances or by probabilities, in [0, 1]; lower is more unlike.
       * cleanlab: `outlier.OutOfDistribution.fit_score`.
       *
       * - `features`: rows × columns of numbers, for distances; standardise them
       * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
       * - `labels`: given class numbers from 0, n
       * - `verbose`: is accepted and changes nothing
       */
      fitScore(named: { params?: Settings | null; features?: Matrix | null; predProbs?: Matrix | null; labels?: Vector | null; verbose?: boolean | null; scoreFeatures?: Matrix | null; scorePredProbs?: Matrix | null }): OutlierScores;
    };
  };
  readonly rank: {
    /**
     * The rows with the lowest scores, worst first.
     * cleanlab: `rank.find_top_issues`.
     *
     * - `qualityScores`: scores in [0, 1], lower is worse
     * - `top`: how many are wanted
     */
    findTopIssues(named: { qualityScores?: Vector | null; top?: number | null }): Int32Array;
    /**
     * Entropy over self-confidence as a score, in [0, 1].
     * cleanlab: `rank.get_confidence_weighted_entropy_for_each_label`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     */
    getConfidenceWeightedEntropyForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    /**
     * How right each label is by several models, in [0, 1].
     * cleanlab: `rank.get_label_quality_ensemble_scores`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbsList`: such probabilities of several models, models × n × classes
     * - `method`: how scores are made [self_confidence; for numbers outre]
     * - `adjustPredProbs`: whether the thresholds of the classes are taken off first [false]
     * - `verbose`: is accepted and changes nothing
     */
    getLabelQualityEnsembleScores(named: { labels?: Vector | null; predProbsList?: readonly Matrix[] | Tensor | null; method?: string | null; adjustPredProbs?: boolean | null; weightEnsembleMembersBy?: "uniform" | "accuracy" | "log_loss_search" | "custom" | null; customWeights?: Vector | null; logLossSearchTValues?: Vector | null; verbose?: boolean | null }): Float64Array;
    /**
     * How right each label is, in [0, 1].
     * cleanlab: `rank.get_label_quality_scores`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     * - `method`: how scores are made [self_confidence; for numbers outre]
     * - `adjustPredProbs`: whether the thresholds of the classes are taken off first [false]
     */
    getLabelQualityScores(named: { labels?: Vector | null; predProbs?: Matrix | null; method?: string | null; adjustPredProbs?: boolean | null }): Float64Array;
    /**
     * The probability of the label over that of the best other class, in [0, 1].
     * cleanlab: `rank.get_normalized_margin_for_each_label`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     */
    getNormalizedMarginForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    /**
     * The probability of each label, in [0, 1].
     * cleanlab: `rank.get_self_confidence_for_each_label`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     */
    getSelfConfidenceForEachLabel(named: { labels?: Vector | null; predProbs?: Matrix | null }): Float64Array;
    /**
     * The rows of flagged labels, worst first.
     * cleanlab: `rank.order_label_issues`.
     *
     * - `labels`: given class numbers from 0, n
     * - `predProbs`: out-of-sample probabilities, n × classes, in [0, 1]
     */
    orderLabelIssues(named: { labelIssuesMask?: Uint8Array | readonly boolean[] | null; labels?: Vector | null; predProbs?: Matrix | null; rankBy?: Score | null; rankByKwargs?: Settings | null }): Int32Array;
  };
  readonly regression: {
    readonly learn: {
      readonly CleanLearning: {
        /**
         * Wrong numbers by cross-validation: is_label_issue, label_quality, given_label, predicted_label.
         * cleanlab: `regression.learn.CleanLearning.find_label_issues`.
         *
         * - `X`: features, n × columns; they are used as they are
         * - `y`: the given numbers, n
         */
        findLabelIssues(named: { X?: Matrix | null; y?: Vector | null; uncertainty?: number | Vector | string | null; coarseSearchRange?: Vector | null; fineSearchSize?: number | null; saveSpace?: boolean | null; init?: Settings | null }): { issues: Table; k: number; [more: string]: any };
        /**
         * Finds wrong numbers and trains without them.
         * cleanlab: `regression.learn.CleanLearning.fit`.
         *
         * - `X`: features, n × columns; they are used as they are
         * - `y`: the given numbers, n
         * - `sampleWeight`: how much each row counts, n
         */
        fit(named: { X?: Matrix | null; y?: Vector | null; labelIssues?: Vector | readonly boolean[] | null; sampleWeight?: Vector | null; findLabelIssuesKwargs?: Settings | null; init?: Settings | null }): { pred: Float64Array; score: number; coef: Float64Array; intercept: number; [more: string]: any };
      };
    };
    readonly rank: {
      /**
       * How usual each residual is among its neighbours, in [0, 1].
       * cleanlab: `regression.rank._get_outre_score_for_each_label`.
       *
       * - `labels`: the given numbers, n
       * - `predictions`: predicted numbers, n
       */
      _getOutreScoreForEachLabel(named: { labels?: Vector | null; predictions?: Vector | null; residualScale?: number | null; fracNeighbors?: number | null; neighborMetric?: string | null }): Float64Array;
      /**
       * How right each number is, in [0, 1].
       * cleanlab: `regression.rank.get_label_quality_scores`.
       *
       * - `labels`: the given numbers, n
       * - `predictions`: predicted numbers, n
       * - `method`: how scores are made [self_confidence; for numbers outre]
       */
      getLabelQualityScores(named: { labels?: Vector | null; predictions?: Vector | null; method?: string | null }): Float64Array;
    };
  };
  readonly segmentation: {
    readonly filter: {
      /**
       * Wrong pixels: flags, images × height × width.
       * cleanlab: `segmentation.filter.find_label_issues`.
       *
       * - `labels`: given class numbers of pixels, images × height × width
       * - `predProbs`: probabilities of pixels, images × classes × height × width, in [0, 1]
       * - `batchSize`: rows at a time
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findLabelIssues(named: { labels?: Tensor | null; predProbs?: Tensor | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; downsample?: number | null }): Uint8Array[][];
    };
    readonly rank: {
      /**
       * Scores of images and of their pixels, in [0, 1].
       * cleanlab: `segmentation.rank.get_label_quality_scores`.
       *
       * - `labels`: given class numbers of pixels, images × height × width
       * - `predProbs`: probabilities of pixels, images × classes × height × width, in [0, 1]
       * - `method`: how scores are made [self_confidence; for numbers outre]
       * - `batchSize`: rows at a time
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      getLabelQualityScores(named: { labels?: Tensor | null; predProbs?: Tensor | null; method?: string | null; batchSize?: number | null; nJobs?: number | null; verbose?: boolean | null; downsample?: number | null; temperature?: number | null }): [Float64Array, FloatRows[]] | Float64Array;
      /**
       * Pixels below a score as flags, or images below it, worst first.
       * cleanlab: `segmentation.rank.issues_from_scores`.
       */
      issuesFromScores(named: { imageScores?: Vector | null; pixelScores?: Tensor | null; threshold?: number | null }): Uint8Array[][] | Int32Array;
    };
    readonly summary: {
      /**
       * Classes that are most often mixed up, by pixels.
       * cleanlab: `segmentation.summary.common_label_issues`.
       *
       * - `labels`: given class numbers of pixels, images × height × width
       * - `predProbs`: probabilities of pixels, images × classes × height × width, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `top`: how many are wanted
       * - `verbose`: is accepted and changes nothing
       */
      commonLabelIssues(named: { issues?: Tensor | readonly (readonly (readonly boolean[])[])[] | null; labels?: Tensor | null; predProbs?: Tensor | null; classNames?: readonly string[] | null; exclude?: Vector | readonly Vector[] | null; top?: number | null; verbose?: boolean | null }): Table;
      /**
       * The issues of one class, as flags.
       * cleanlab: `segmentation.summary.filter_by_class`.
       *
       * - `labels`: given class numbers of pixels, images × height × width
       * - `predProbs`: probabilities of pixels, images × classes × height × width, in [0, 1]
       */
      filterByClass(named: { classIndex?: number | Vector | null; issues?: Tensor | readonly (readonly (readonly boolean[])[])[] | null; labels?: Tensor | null; predProbs?: Tensor | null }): Uint8Array[][];
    };
  };
  readonly tokenClassification: {
    readonly filter: {
      /**
       * Tokens with a wrong label, as [sentence, token], worst first.
       * cleanlab: `token_classification.filter.find_label_issues`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities of each sentence, tokens × classes, in [0, 1]
       * - `returnIndicesRankedBy`: gives row numbers, worst by this score first, instead of flags
       * - `filterBy`: which rule flags [prune_by_noise_rate]
       * - `fracNoise`: share of the estimated issues that is flagged, in [0, 1] [1]
       * - `numToRemovePerClass`: rows flagged per class at most [estimated]
       * - `minExamplesPerClass`: rows of a class that are never flagged [1]
       * - `confidentJoint`: counts of given × true labels, classes × classes [estimated]
       * - `nJobs`: is accepted and changes nothing
       * - `verbose`: is accepted and changes nothing
       */
      findLabelIssues(named: { labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; returnIndicesRankedBy?: Score | null; lowMemory?: boolean | null; rankByKwargs?: Settings | null; filterBy?: "prune_by_noise_rate" | "prune_by_class" | "both" | "confident_learning" | "predicted_neq_given" | "low_normalized_margin" | "low_self_confidence" | null; fracNoise?: number | null; numToRemovePerClass?: Vector | null; minExamplesPerClass?: number | null; confidentJoint?: Matrix | readonly Matrix[] | Tensor | null; nJobs?: number | null; verbose?: boolean | null }): Int32Array[];
    };
    readonly rank: {
      /**
       * Scores of sentences and of their tokens, in [0, 1].
       * cleanlab: `token_classification.rank.get_label_quality_scores`.
       *
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities of each sentence, tokens × classes, in [0, 1]
       * - `tokens`: the words of each sentence
       */
      getLabelQualityScores(named: { labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; tokens?: readonly (readonly string[])[] | null; tokenScoreMethod?: Score | null; sentenceScoreMethod?: "min" | "softmin" | null; sentenceScoreKwargs?: Settings | null }): [Float64Array, Series[]];
      /**
       * Tokens, or sentences, below a score, worst first.
       * cleanlab: `token_classification.rank.issues_from_scores`.
       */
      issuesFromScores(named: { sentenceScores?: Vector | null; tokenScores?: readonly (Vector | Series)[] | null; threshold?: number | null }): Int32Array[] | Int32Array;
    };
    readonly summary: {
      /**
       * Words that are most often labelled wrongly.
       * cleanlab: `token_classification.summary.common_label_issues`.
       *
       * - `tokens`: the words of each sentence
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities of each sentence, tokens × classes, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `top`: how many are wanted
       * - `verbose`: is accepted and changes nothing
       */
      commonLabelIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; classNames?: readonly string[] | null; top?: number | null; exclude?: Vector | readonly Vector[] | null; verbose?: boolean | null }): Table;
      /**
       * The sentences of issues as text, with the tokens marked.
       * cleanlab: `token_classification.summary.display_issues`.
       *
       * - `tokens`: the words of each sentence
       * - `labels`: given class numbers from 0, one list per row or sentence
       * - `predProbs`: out-of-sample probabilities of each sentence, tokens × classes, in [0, 1]
       * - `classNames`: names of the classes, by class number
       * - `top`: how many are wanted
       */
      displayIssues(named: { issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null; labels?: readonly Vector[] | null; predProbs?: readonly Matrix[] | null; exclude?: Vector | readonly Vector[] | null; classNames?: readonly string[] | null; top?: number | null }): any;
      /**
       * The issues of one word, as [sentence, token].
       * cleanlab: `token_classification.summary.filter_by_token`.
       *
       * - `tokens`: the words of each sentence
       */
      filterByToken(named: { token?: string | null; issues?: readonly Vector[] | null; tokens?: readonly (readonly string[])[] | null }): Int32Array[];
    };
  };
}
