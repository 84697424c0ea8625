//! What each function does, in a sentence, and what it gives in TypeScript.

/// A result of a form that is told elsewhere.
pub(crate) const OTHER_RESULT: &str = "any";

/// Name, what it does, what it gives.
pub(crate) const FUNCTIONS: &[(&str, &str, &str)] = &[
    (
        "benchmarking.noise_generation.generate_n_rand_probabilities_that_sum_to_m",
        "Random numbers between bounds that sum to `m`.",
        "Float64Array",
    ),
    (
        "benchmarking.noise_generation.generate_noise_matrix_from_trace",
        "A random noise matrix of a given trace, given × true; null where none was found.",
        "FloatRows | null",
    ),
    (
        "benchmarking.noise_generation.generate_noisy_labels",
        "Labels made wrong at the rates of a noise matrix.",
        "Int32Array",
    ),
    (
        "benchmarking.noise_generation.noise_matrix_is_valid",
        "Whether labels with such noise can be learned from.",
        "boolean",
    ),
    (
        "benchmarking.noise_generation.randomly_distribute_N_balls_into_K_bins",
        "A random number of balls per bin.",
        "Int32Array",
    ),
    ("classification.CleanLearning", "Trains logistic regression on the rows whose labels look right.", OTHER_RESULT),
    (
        "classification.CleanLearning.find_label_issues",
        "Label issues by cross-validation or by given probabilities.",
        "CleanLearningIssues",
    ),
    (
        "classification.CleanLearning.fit",
        "Finds label issues and trains without them: issues, predictions, probabilities, coefficients.",
        "{ issues: Table; pred: Int32Array; proba: FloatRows; score: number; coef: FloatRows; intercept: Float64Array }",
    ),
    (
        "cleanvision.Imagelab.find_issues",
        "Pictures that are dark, light, blurry, odd in shape or size, without information, or copies.",
        "DatalabIssues",
    ),
    (
        "cleanvision.image_hashes",
        "Perceptual hashes of pictures, in hexadecimal.",
        "{ phash: string[]; ahash: string[]; dhash: string[]; whash: string[]; chash: string[] }",
    ),
    (
        "count.calibrate_confident_joint",
        "A confident joint scaled to the counts of the labels.",
        "FloatRows | FloatRows[]",
    ),
    (
        "count.compute_confident_joint",
        "Counts of given × likely true labels; with the rows off its diagonal where asked for.",
        "FloatRows | FloatRows[] | [FloatRows, Int32Array]",
    ),
    (
        "count.estimate_confident_joint_and_cv_pred_proba",
        "The confident joint and the out-of-sample probabilities it is made from, by logistic regression.",
        "[FloatRows, FloatRows]",
    ),
    (
        "count.estimate_cv_predicted_probabilities",
        "Out-of-sample probabilities by logistic regression, n × classes.",
        "FloatRows",
    ),
    ("count.estimate_joint", "P(given, true), classes × classes.", "FloatRows | FloatRows[]"),
    ("count.estimate_latent", "P(true), P(given | true) and P(true | given).", "[Float64Array, FloatRows, FloatRows]"),
    ("count.estimate_noise_matrices", "P(given | true) and P(true | given).", "[FloatRows, FloatRows]"),
    (
        "count.estimate_py_and_noise_matrices_from_probabilities",
        "P(true), P(given | true), P(true | given) and the confident joint.",
        "[Float64Array, FloatRows, FloatRows, FloatRows]",
    ),
    (
        "count.estimate_py_noise_matrices_and_cv_pred_proba",
        "P(true), P(given | true), P(true | given), the confident joint and out-of-sample probabilities.",
        "[Float64Array, FloatRows, FloatRows, FloatRows, FloatRows]",
    ),
    (
        "count.get_confident_thresholds",
        "The mean probability of each class among the rows that are given it.",
        "Float64Array | FloatRows",
    ),
    ("count.num_label_issues", "How many labels are wrong.", "number"),
    (
        "data_valuation.data_shapley_knn",
        "The worth of each row to a vote of its neighbours, in [0, 1].",
        "Float64Array",
    ),
    ("datalab.Datalab.find_image_issues", "An audit of pictures with their labels.", "DatalabIssues"),
    ("datalab.Datalab.find_issues", "An audit of labels, predictions and features.", "DatalabIssues"),
    ("datalab.calculate_correlations", "How well properties of pictures alone predict the labels.", "Table"),
    ("datalab.identifier_columns", "Columns of whole numbers that count rows.", "DatalabIssues"),
    (
        "datalab.relative_room_for_improvement",
        "How far an accuracy is above a baseline, as a share of what there is room for.",
        "number",
    ),
    ("dataset.find_overlapping_classes", "Pairs of classes that are mixed up, most often first.", "Table"),
    (
        "dataset.health_summary",
        "How healthy labels are: in all, by class and by pairs of classes.",
        "{ overallLabelHealthScore: number; joint: FloatRows; classesByLabelQuality: Table; overlappingClasses: Table }",
    ),
    ("dataset.overall_label_health_score", "Estimated share of correct labels, in [0, 1].", "number"),
    ("dataset.rank_classes_by_label_quality", "Classes by the quality of their labels, worst first.", "Table"),
    (
        "experimental.label_issues_batched.LabelInspector.stream",
        "Label issues of labels that come in batches.",
        OTHER_RESULT,
    ),
    (
        "experimental.label_issues_batched.find_label_issues_batched",
        "Label issues in bounded memory: row numbers, worst first, or flags.",
        "Int32Array | Uint8Array",
    ),
    (
        "experimental.span_classification.display_issues",
        "The sentences of issues as text, with the tokens marked.",
        OTHER_RESULT,
    ),
    (
        "experimental.span_classification.find_label_issues",
        "Tokens whose span label is wrong, as [sentence, token], worst first.",
        "Int32Array[]",
    ),
    (
        "experimental.span_classification.get_label_quality_scores",
        "Scores of sentences and of their tokens, in [0, 1].",
        "[Float64Array, Series[]]",
    ),
    (
        "filter._keep_at_least_n_per_class",
        "Counts to prune that leave enough rows of each class.",
        "(Int32Array | Float64Array)[]",
    ),
    ("filter._reduce_prune_counts", "Counts to prune, times a share.", "(Int32Array | Float64Array)[]"),
    (
        "filter.find_label_issues",
        "Which labels are wrong: a flag per row, or row numbers, worst first.",
        "Uint8Array | Int32Array",
    ),
    (
        "filter.find_label_issues_using_argmax_confusion_matrix",
        "Which labels are wrong, by counts of predicted instead of confident classes.",
        "Uint8Array",
    ),
    ("filter.find_predicted_neq_given", "Which labels are not the likeliest class.", "Uint8Array"),
    (
        "multiannotator.convert_long_to_wide_dataset",
        "Rows of example, annotator, label as examples × annotators.",
        "Table",
    ),
    (
        "multiannotator.get_active_learning_scores",
        "What to label next, of examples with and without labels; the lowest first.",
        "[Float64Array, Float64Array]",
    ),
    (
        "multiannotator.get_active_learning_scores_ensemble",
        "What to label next, by several models.",
        "[Float64Array, Float64Array]",
    ),
    (
        "multiannotator.get_label_quality_multiannotator",
        "Consensus labels, how sure they are, and how good annotators are (CROWDLAB).",
        "AnnotatorQuality",
    ),
    ("multiannotator.get_label_quality_multiannotator_ensemble", "The same by several models.", "AnnotatorQuality"),
    ("multiannotator.get_majority_vote_label", "The label most annotators chose, per example.", "Int32Array"),
    (
        "multilabel_classification.dataset.common_multilabel_issues",
        "Classes that are most often missing or too many.",
        "Table",
    ),
    (
        "multilabel_classification.dataset.multilabel_health_summary",
        "How healthy sets of classes are: in all and by class.",
        "{ overallMultilabelHealthScore: number; classesByMultilabelQuality: Table; commonMultilabelIssues: Table }",
    ),
    (
        "multilabel_classification.dataset.overall_multilabel_health_score",
        "Share of the rows in which no class is wrong, in [0, 1].",
        "number",
    ),
    (
        "multilabel_classification.dataset.rank_classes_by_multilabel_quality",
        "Classes by the quality of their labels, worst first.",
        "Table",
    ),
    (
        "multilabel_classification.filter.find_label_issues",
        "Rows with a wrong class: flags, or row numbers, worst first.",
        "Uint8Array | Int32Array",
    ),
    (
        "multilabel_classification.filter.find_multilabel_issues_per_class",
        "Wrong labels of each class: rows × classes of flags, or row numbers per class.",
        "Uint8Array[] | Int32Array[] | any[]",
    ),
    (
        "multilabel_classification.rank.get_label_quality_scores",
        "How right the classes of each row are, in [0, 1].",
        "Float64Array",
    ),
    (
        "multilabel_classification.rank.get_label_quality_scores_per_class",
        "The same for each class, n × classes.",
        "FloatRows",
    ),
    ("object_detection.filter._calculate_ap_per_class", "Average precision of each class in each image.", "FloatRows"),
    ("object_detection.filter._get_per_class_ap", "Average precision of each class.", "Record<string, number>"),
    (
        "object_detection.filter.find_label_issues",
        "Images with a wrong, missing or badly placed box: flags, or image numbers, worst first.",
        "Uint8Array | Int32Array",
    ),
    (
        "object_detection.rank.compute_badloc_box_scores",
        "How well each annotated box is placed, in [0, 1].",
        "FloatRows",
    ),
    (
        "object_detection.rank.compute_overlooked_box_scores",
        "How surely each predicted box is annotated, in [0, 1]; NaN where it is.",
        "FloatRows",
    ),
    (
        "object_detection.rank.compute_swap_box_scores",
        "How surely each annotated box has the right class, in [0, 1].",
        "FloatRows",
    ),
    (
        "object_detection.rank.get_label_quality_scores",
        "How right the boxes of each image are, in [0, 1].",
        "Float64Array",
    ),
    ("object_detection.rank.issues_from_scores", "Images below a score, worst first.", "Int32Array"),
    ("object_detection.rank.pool_box_scores_per_image", "Scores of boxes as one per image.", "Float64Array"),
    (
        "object_detection.summary.bounding_box_size_distribution",
        "Areas of boxes in square pixels by class: of annotations and of predictions.",
        "[Record<string, Float64Array>, Record<string, Float64Array>]",
    ),
    (
        "object_detection.summary.calculate_per_class_metrics",
        "Average precision, recall and F1 of each class.",
        "Record<string, Record<string, number | null>>",
    ),
    (
        "object_detection.summary.class_label_distribution",
        "Shares of the classes: of annotations and of predictions.",
        "[Record<string, number>, Record<string, number>]",
    ),
    (
        "object_detection.summary.get_average_per_class_confusion_matrix",
        "True positives, false positives and false negatives of each class, averaged over overlaps.",
        "Record<string, { TP: number; FP: number; FN: number }>",
    ),
    (
        "object_detection.summary.get_sorted_bbox_count_idxs",
        "Images with their numbers of boxes, most first: of annotations and of predictions.",
        "Int32Array[][]",
    ),
    (
        "object_detection.summary.object_counts_per_image",
        "Boxes per image: of annotations and of predictions.",
        "[Int32Array, Int32Array]",
    ),
    ("object_detection.summary.visualize", "What is to be drawn of an image.", OTHER_RESULT),
    (
        "outlier.OutOfDistribution.fit_score",
        "How usual rows are, by distances or by probabilities, in [0, 1]; lower is more unlike.",
        "OutlierScores",
    ),
    ("rank.find_top_issues", "The rows with the lowest scores, worst first.", "Int32Array"),
    (
        "rank.get_confidence_weighted_entropy_for_each_label",
        "Entropy over self-confidence as a score, in [0, 1].",
        "Float64Array",
    ),
    ("rank.get_label_quality_ensemble_scores", "How right each label is by several models, in [0, 1].", "Float64Array"),
    ("rank.get_label_quality_scores", "How right each label is, in [0, 1].", "Float64Array"),
    (
        "rank.get_normalized_margin_for_each_label",
        "The probability of the label over that of the best other class, in [0, 1].",
        "Float64Array",
    ),
    ("rank.get_self_confidence_for_each_label", "The probability of each label, in [0, 1].", "Float64Array"),
    ("rank.order_label_issues", "The rows of flagged labels, worst first.", "Int32Array"),
    (
        "regression.learn.CleanLearning.find_label_issues",
        "Wrong numbers by cross-validation: is_label_issue, label_quality, given_label, predicted_label.",
        "{ issues: Table; k: number; [more: string]: any }",
    ),
    (
        "regression.learn.CleanLearning.fit",
        "Finds wrong numbers and trains without them.",
        "{ pred: Float64Array; score: number; coef: Float64Array; intercept: number; [more: string]: any }",
    ),
    (
        "regression.rank._get_outre_score_for_each_label",
        "How usual each residual is among its neighbours, in [0, 1].",
        "Float64Array",
    ),
    ("regression.rank.get_label_quality_scores", "How right each number is, in [0, 1].", "Float64Array"),
    ("segmentation.filter.find_label_issues", "Wrong pixels: flags, images × height × width.", "Uint8Array[][]"),
    (
        "segmentation.rank.get_label_quality_scores",
        "Scores of images and of their pixels, in [0, 1].",
        "[Float64Array, FloatRows[]] | Float64Array",
    ),
    (
        "segmentation.rank.issues_from_scores",
        "Pixels below a score as flags, or images below it, worst first.",
        "Uint8Array[][] | Int32Array",
    ),
    ("segmentation.summary.common_label_issues", "Classes that are most often mixed up, by pixels.", "Table"),
    ("segmentation.summary.filter_by_class", "The issues of one class, as flags.", "Uint8Array[][]"),
    (
        "token_classification.filter.find_label_issues",
        "Tokens with a wrong label, as [sentence, token], worst first.",
        "Int32Array[]",
    ),
    (
        "token_classification.rank.get_label_quality_scores",
        "Scores of sentences and of their tokens, in [0, 1].",
        "[Float64Array, Series[]]",
    ),
    (
        "token_classification.rank.issues_from_scores",
        "Tokens, or sentences, below a score, worst first.",
        "Int32Array[] | Int32Array",
    ),
    ("token_classification.summary.common_label_issues", "Words that are most often labelled wrongly.", "Table"),
    (
        "token_classification.summary.display_issues",
        "The sentences of issues as text, with the tokens marked.",
        OTHER_RESULT,
    ),
    ("token_classification.summary.filter_by_token", "The issues of one word, as [sentence, token].", "Int32Array[]"),
];
