//! One row for each thing that can be wrong: the function, the argument that is changed, and the words of its error.

use forge_core::call::call;
use serde_json::{Map, Value, json};

/// Arguments that all functions of a module can be called with.
fn good(module: &str) -> Value {
    let labels = json!([0, 1, 0, 1, 0]);
    let pred_probs = json!([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6], [0.6, 0.4]]);
    match module {
        "multilabel_classification" => json!({ "labels": [[0], [1], [0, 1], [], [0]], "pred_probs": pred_probs }),
        "token_classification" => json!({
            "labels": [[0, 1], [1]], "pred_probs": [[[0.9, 0.1], [0.8, 0.2]], [[0.3, 0.7]]],
        }),
        "multiannotator" => json!({
            "labels_multiannotator": [[0, null, 0], [1, 1, null], [null, 0, 0], [1, 0, 1], [0, 0, null]],
            "pred_probs": pred_probs,
        }),
        "object_detection" => json!({
            "labels": [{"bboxes": [[0, 0, 10, 10]], "labels": [0]}, {"bboxes": [[5, 5, 9, 9]], "labels": [1]}],
            "predictions": [[[[0, 0, 9, 10, 0.9]], []], [[], [[5, 5, 9, 9, 0.8]]]],
        }),
        "segmentation" => json!({
            "labels": [[[0, 1], [1, 0]]], "pred_probs": [[[[0.9, 0.1], [0.2, 0.8]], [[0.1, 0.9], [0.8, 0.2]]]],
        }),
        "outlier" | "data_valuation" => json!({
            "labels": labels, "features": [[0, 0], [1, 1], [2, 0], [3, 5], [4, 4]],
        }),
        "regression" => json!({ "labels": [1.0, 2.0, 3.0, 4.0], "predictions": [1.1, 2.1, 2.0, 4.5] }),
        "regression.learn" => json!({
            "X": [[1], [2], [3], [4], [5], [6], [7], [8]], "y": [1, 2, 3, 4, 5, 6, 7, 9], "init": {"cv_n_folds": 2},
        }),
        "classification" => json!({
            "X": [[1], [2], [3], [4], [5], [6]], "labels": [0, 0, 0, 1, 1, 1], "init": {"cv_n_folds": 3},
        }),
        "benchmarking" => json!({}),
        "datalab.internal.issue_manager.identifier_column" => json!({ "features": [[1, 2], [3, 4]] }),
        _ => json!({ "labels": labels, "pred_probs": pred_probs }),
    }
}

/// A change of the arguments of a module's function, and what its error says.
type Row = (&'static str, &'static str, &'static str, Value, &'static [&'static str]);

fn refused_with(row: &Row) -> String {
    let (module, function, argument, value, _) = row;
    let mut arguments: Map<String, Value> = good(module).as_object().unwrap().clone();
    match (*argument, value) {
        ("", Value::Object(several)) => arguments.extend(several.clone()),
        _ => drop(arguments.insert((*argument).to_owned(), value.clone())),
    }
    match call(&format!("{module}.{function}"), &[], &arguments) {
        Err(error) => error.to_string(),
        Ok(result) => format!("no error, but {result}"),
    }
}

fn check(rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let message = refused_with(row);
            let complete = row.4.iter().all(|word| message.contains(word));
            (!complete).then(|| format!("{}.{} with {} = {}: {message}", row.0, row.1, row.2, row.3))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn classes_and_their_probabilities() {
    let find = "find_label_issues";
    check(&[
        ("filter", find, "labels", json!([0, 1, 0]), &["`pred_probs` has 5 rows, but `labels` has 3", "same length"]),
        ("filter", find, "labels", json!([]), &["`labels` is empty", "at least one"]),
        ("filter", find, "labels", json!([1, 1, 1, 1, 1]), &["`labels` holds only class 1", "at least 2 classes"]),
        ("filter", find, "labels", json!([0, 1, 0, 1, 2]), &["`labels`[4] is 2", "2 columns", "below"]),
        ("filter", find, "labels", json!([0, 1, -1, 1, 0]), &["`labels`[2] is -1", "class numbers"]),
        ("filter", find, "labels", json!([0, 1.5, 0, 1, 0]), &["`labels`[1] is 1.5", "class numbers"]),
        ("filter", find, "labels", json!([0, null, 0, 1, 0]), &["`labels`[1] is null", "class numbers"]),
        ("filter", find, "labels", json!([0, "cat", 0, 1, 0]), &["`labels`[1] is \"cat\"", "class numbers"]),
        ("filter", find, "labels", json!("cat"), &["`labels` has shape a text", "a list"]),
        ("filter", find, "labels", json!([0, 1, 0, 1, 1e300]), &["`labels`[4] is 1e", "class numbers"]),
        ("filter", find, "pred_probs", json!([[0.9, 0.1], [0.5]]), &["`pred_probs` has shape 1 values in row 1", "2"]),
        ("filter", find, "pred_probs", json!([]), &["`pred_probs` has shape 0 × 0", "at least one row"]),
        ("filter", find, "pred_probs", json!(0.5), &["`pred_probs` has shape a number", "a list"]),
        ("filter", find, "pred_probs", json!([[0.9, "x"]]), &["`pred_probs` has shape a text at [0, 1]", "numbers"]),
        (
            "filter",
            find,
            "pred_probs",
            json!([[0.9, 0.1], [0.2, 1.8], [0.3, 0.7], [0.4, 0.6], [0.6, 0.4]]),
            &["`pred_probs`[1, 1] is 1.8", "between 0 and 1"],
        ),
        (
            "filter",
            find,
            "pred_probs",
            json!([[0.9, 0.1], [0.2, 0.8], [-1e308, 0.7], [0.4, 0.6], [0.6, 0.4]]),
            &["`pred_probs`[2, 0] is -1", "between 0 and 1"],
        ),
        ("filter", find, "frac_noise", json!(-0.1), &["`frac_noise` is -0.1", "between 0 and 1"]),
        ("filter", find, "filter_by", json!("by_magic"), &["`filter_by` is \"by_magic\"", "prune_by_class"]),
        ("filter", find, "min_examples_per_class", json!(-1), &["`min_examples_per_class` is -1"]),
        ("filter", find, "n_jobs", json!(0), &["`n_jobs` is 0", "at least 1"]),
        (
            "filter",
            find,
            "num_to_remove_per_class",
            json!([1]),
            &["`num_to_remove_per_class` has shape 1", "2 classes"],
        ),
        ("filter", find, "confident_joint", json!([[1, 2, 3], [1, 2, 3]]), &["`confident_joint` has shape 2 × 3"]),
        ("filter", find, "frac_nois", json!(1), &["`frac_nois` is not an argument", "perhaps `frac_noise`"]),
        ("rank", "get_label_quality_scores", "method", json!(7), &["`method` is 7"]),
        ("rank", "find_top_issues", "", json!({"labels": null, "pred_probs": null}), &["`labels` is not an argument"]),
        ("count", "compute_confident_joint", "thresholds", json!([0.5]), &["`thresholds` has shape 1", "2 columns"]),
        ("count", "estimate_latent", "", json!({"pred_probs": null}), &["`pred_probs` is not an argument"]),
        ("dataset", "health_summary", "class_names", json!(["a"]), &["`class_names`", "2"]),
        (
            "experimental",
            "label_issues_batched.find_label_issues_batched",
            "batch_size",
            json!(0),
            &["`batch_size` is 0", "at least 1"],
        ),
    ]);
}

#[test]
fn several_classes_and_tokens() {
    let (ml, token) = ("multilabel_classification", "token_classification");
    let scores = "rank.get_label_quality_scores";
    check(&[
        (ml, "filter.find_label_issues", "labels", json!([[0], [1]]), &["`pred_probs` has 5 rows, but `labels` has 2"]),
        (ml, "filter.find_label_issues", "labels", json!([0, 1, 0, 1, 0]), &["`labels`[0] is 0, not a list"]),
        (ml, scores, "labels", json!([[0], [1], [5], [], [0]]), &["`labels`[2] is 5", "2 columns"]),
        (ml, scores, "aggregator_kwargs", json!({"alpha": 0.5}), &["`aggregator_kwargs` is {", "`method`"]),
        (ml, scores, "method", json!("guess"), &["`method` is \"guess\""]),
        (ml, "filter.find_label_issues", "pred_probs", json!([[2.0, 0.1]]), &["`pred_probs`[0, 0] is 2", "0 and 1"]),
        (token, scores, "labels", json!([[0, 1], [1, 0]]), &["`pred_probs` has shape 1 × 2 in sentence 1", "2 × 2"]),
        (token, scores, "labels", json!([[0, 1]]), &["`pred_probs` has 2", "1"]),
        (token, scores, "labels", json!([[0, 7], [1]]), &["`labels[0][1]` is 7", "2 columns"]),
        (token, scores, "labels", json!([]), &["`pred_probs` has 2", "`labels` has 0"]),
        (token, scores, "pred_probs", json!([[[0.9, 0.1], [0.8, 9.0]], [[0.3, 0.7]]]), &["`pred_probs", "9", "1"]),
        (token, scores, "tokens", json!([["a"], ["b"]]), &["`tokens` has shape 2 sentences, 2 tokens", "each label"]),
        (
            token,
            scores,
            "",
            json!({"sentence_score_method": "softmin", "sentence_score_kwargs": {"temperature": "hot"}}),
            &["`sentence_score_kwargs.temperature` is hot", "a number"],
        ),
        (
            token,
            "summary.filter_by_token",
            "",
            json!({"labels": null, "pred_probs": null}),
            &["`labels` is not an argument"],
        ),
    ]);
}

#[test]
fn labels_of_several_annotators() {
    let (module, function, table) = ("multiannotator", "get_label_quality_multiannotator", "labels_multiannotator");
    let without_labels = json!([[0, null, 0], [1, null, 1], [0, null, 0], [1, null, 1], [0, null, 1]]);
    let empty_row = json!([[0, 0, 1], [1, 1, 1], [null, null, null], [1, 0, 1], [0, 0, 1]]);
    check(&[
        (module, function, table, without_labels, &["`labels_multiannotator`", "1]", "label"]),
        (module, function, table, empty_row, &["`labels_multiannotator`[2", "label"]),
        (module, function, table, json!([]), &["`labels_multiannotator` has shape 0 × 0", "at least one"]),
        (module, function, table, json!([[0, 1], [1]]), &["`labels_multiannotator` has shape 1 values in row 1"]),
        (module, function, table, json!([[0, 1], [1, 1]]), &["`pred_probs` has 5 rows", "2"]),
        (module, function, table, json!([[0, -2, 1]]), &["`labels_multiannotator`[0, 1] is -2", "class number"]),
        (module, function, table, json!([[0, 1e9, 1]]), &["`labels_multiannotator`[0, 1] is 1000000000"]),
        (module, function, table, json!([0, 1]), &["`labels_multiannotator` has shape a number in row 0"]),
        (module, function, "consensus_method", json!([]), &["`consensus_method` is an empty list", "best_quality"]),
        (module, function, "quality_method", json!("vote"), &["`quality_method` is \"vote\"", "crowdlab"]),
        (module, function, "pred_probs", json!([[0.5, 0.5]]), &["`pred_probs` has 1 rows"]),
        (module, "get_label_quality_multiannotator_ensemble", "pred_probs", json!([]), &["`pred_probs` is empty"]),
        (module, "get_active_learning_scores", "", json!({"pred_probs": null}), &["`pred_probs` is missing"]),
    ]);
}

#[test]
fn boxes_and_masks() {
    let (boxes, scores) = ("object_detection", "rank.get_label_quality_scores");
    let (masks, find) = ("segmentation", "filter.find_label_issues");
    let image = |corners: Value| json!([{"bboxes": [corners], "labels": [0]}, {"bboxes": [], "labels": []}]);
    check(&[
        (boxes, scores, "labels", image(json!([9, 0, 1, 5])), &["`labels`[0].bboxes[0] is [9.0, 0.0, 1.0", "x1 ≤ x2"]),
        (boxes, scores, "labels", image(json!([0, 5, 1, 2])), &["`labels`[0].bboxes[0]", "y1 ≤ y2"]),
        (boxes, scores, "labels", image(json!([0, 0, null, 2])), &["`labels`[0]"]),
        (boxes, scores, "labels", image(json!([0, 0, 2])), &["`labels`[0]"]),
        (
            boxes,
            scores,
            "labels",
            json!([{"bboxes": [[0, 0, 1, 1]], "labels": []}]),
            &["`labels`[0] is 1 boxes with 0"],
        ),
        (boxes, scores, "labels", json!([]), &["`labels` is empty"]),
        (
            boxes,
            scores,
            "labels",
            json!([{"bboxes": [], "labels": []}]),
            &["`predictions` has 2 rows", "`labels` has 1"],
        ),
        (
            boxes,
            scores,
            "labels",
            json!([{"bboxes": [[0, 0, 1, 1]], "labels": [0.5]}]),
            &["`labels`[0].labels[0] is 0.5"],
        ),
        (
            boxes,
            "filter.find_label_issues",
            "labels",
            json!([
                {"bboxes": [[0, 0, 1, 1]], "labels": [4]}, {"bboxes": [], "labels": []}
            ]),
            &["`labels`[0].labels[0] is 4", "below the number of classes"],
        ),
        (
            boxes,
            scores,
            "predictions",
            json!([[[[0, 0, 9, 9, 1.5]], []], [[], []]]),
            &["`predictions`[0][0][0]", "confidence between 0 and 1"],
        ),
        (
            boxes,
            scores,
            "predictions",
            json!([[[[8, 0, 2, 9, 0.5]], []], [[], []]]),
            &["`predictions`[0][0][0]", "x1 ≤"],
        ),
        (boxes, scores, "predictions", json!([[[], []], [[]]]), &["`predictions`[1] is 1 lists", "each class"]),
        (
            boxes,
            scores,
            "aggregation_weights",
            json!({"overlooked": 2, "swap": 0, "badloc": 0}),
            &["`aggregation_weights` is overlooked 2", "sum to 1"],
        ),
        (boxes, "rank.compute_swap_box_scores", "alpha", json!(-3), &["`alpha` is -3", "between 0 and 1"]),
        (masks, find, "labels", json!([[[0, 1]]]), &["`labels` has shape 1 × 1 × 2", "1 × 2 × 2"]),
        (masks, find, "labels", json!([[[0, 1], [1]]]), &["`labels` has shape lists of 2 and of 1"]),
        (masks, find, "labels", json!([[[0, 1], [1, 2]]]), &["`labels[0, 1, 1]` is 2", "below 2"]),
        (masks, find, "labels", json!([[[0, 1], [1, -2]]]), &["`labels[0, 1, 1]` is -2", "class numbers"]),
        (
            masks,
            find,
            "pred_probs",
            json!([[[[0.9, 7.0], [0.2, 0.8]], [[0.1, 0.9], [0.8, 0.2]]]]),
            &["`pred_probs[0, 0, 0, 1]` is 7", "between 0 and 1"],
        ),
        (masks, find, "pred_probs", json!([]), &["`pred_probs` has shape 0"]),
        (masks, find, "downsample", json!(3), &["`downsample` is 3"]),
        (masks, find, "downsample", json!(0), &["`downsample` is 0"]),
        (
            masks,
            "summary.common_label_issues",
            "issues",
            json!([[[true]]]),
            &["`issues` has shape 1 × 1 × 1", "1 × 2 × 2"],
        ),
        (masks, "rank.get_label_quality_scores", "temperature", json!(0), &["`temperature` is 0", "above 0"]),
    ]);
}

#[test]
fn features_and_numbers() {
    let (fit_score, shapley) = ("OutOfDistribution.fit_score", "data_shapley_knn");
    let (scores, find) = ("rank.get_label_quality_scores", "CleanLearning.find_label_issues");
    check(&[
        ("outlier", fit_score, "features", json!([[0, 1]]), &["`features` has shape 1 × 2", "at least 2 rows"]),
        ("outlier", fit_score, "features", json!([]), &["`features` has shape 0 × 0"]),
        ("outlier", fit_score, "features", json!([[0], [null]]), &["`features[1, 0]` is NaN", "finite"]),
        ("outlier", fit_score, "features", json!([[0], [1e200]]), &["`features[1, 0]` is 1", "1e150"]),
        ("outlier", fit_score, "params", json!({"k": -3}), &["`params`", "-3"]),
        ("outlier", fit_score, "params", json!({"k": 5}), &["`k` is 5", "1 to 4"]),
        ("outlier", fit_score, "params", json!({"t": 0}), &["`t` is 0", "above 0"]),
        ("outlier", fit_score, "pred_probs", json!([[0.5, 0.5]]), &["`features` and `pred_probs` exclude each other"]),
        ("outlier", fit_score, "score_features", json!([[1, 2, 3]]), &["`features` has shape 1 × 3", "2 columns"]),
        ("data_valuation", shapley, "k", json!(0), &["`k` is 0", "1 to 4"]),
        (
            "data_valuation",
            shapley,
            "",
            json!({"labels": [0, 1], "k": 2}),
            &["`labels` has 2 rows", "`knn_graph` has 5"],
        ),
        ("regression", scores, "labels", json!([1, 2]), &["`predictions` has 4 rows, but `labels` has 2"]),
        ("regression", scores, "labels", json!([]), &["`labels` is empty"]),
        ("regression", scores, "labels", json!([1, null, 2, 3]), &["`labels[1]` is NaN", "finite"]),
        ("regression", scores, "predictions", json!([1, 1e300, 2, 3]), &["`predictions[1]` is 1", "1e150"]),
        ("regression", "rank._get_outre_score_for_each_label", "frac_neighbors", json!(0), &["`frac_neighbors` is 0"]),
        ("regression.learn", find, "y", json!([1, 2]), &["`X` has 8 rows, but `y` has 2"]),
        ("regression.learn", find, "X", json!([[1], [null]]), &["`X[1, 0]` is NaN", "finite"]),
        ("regression.learn", find, "init", json!({"cv_n_folds": 1}), &["`cv_n_folds` is 1", "at least 2"]),
        ("regression.learn", find, "init", json!({"n_boot": u64::MAX}), &["`n_boot` is 1844", "at most 10000"]),
        ("regression.learn", find, "coarse_search_range", json!([]), &["`coarse_search_range` is empty"]),
        ("regression.learn", find, "coarse_search_range", json!([2]), &["`coarse_search_range[0]` is 2", "0 and 1"]),
        ("regression.learn", find, "uncertainty", json!([1]), &["`uncertainty` has 1 rows, but `y` has 8"]),
        ("classification", find, "X", json!([[1]]), &["`X` has 1 rows, but `labels` has 6"]),
        (
            "classification",
            find,
            "labels",
            json!([0, 0, 0, 90_000, 90_000, 90_000]),
            &["`labels[3]` is 90000", "below 16384"],
        ),
        ("classification", find, "noise_matrix", json!([[0.5, 0.5], [0.5, 0.5]]), &["`noise_matrix` is of trace 1"]),
        ("classification", "CleanLearning.fit", "sample_weight", json!([1]), &["`sample_weight` has 1 rows"]),
    ]);
}

#[test]
fn noise() {
    let (module, matrix, bins) = (
        "benchmarking",
        "noise_generation.generate_noise_matrix_from_trace",
        "noise_generation.randomly_distribute_N_balls_into_K_bins",
    );
    let sum_to = "noise_generation.generate_n_rand_probabilities_that_sum_to_m";
    check(&[
        (module, matrix, "", json!({"K": 1, "trace": 1}), &["`K` is 1", "2 to"]),
        (module, matrix, "", json!({"K": 2, "trace": 0.9}), &["`trace` is 0.9", "above 1"]),
        (module, matrix, "", json!({"K": 3, "trace": 2}), &["`py` is missing", "priors"]),
        (module, matrix, "", json!({"K": 3, "trace": 2, "py": [1]}), &["`py` has 1 rows"]),
        (module, matrix, "", json!({"K": 2, "trace": 1.5, "max_iter": u64::MAX}), &["`max_iter` is 1844", "1000000"]),
        (module, matrix, "trace", json!(2), &["`K` is missing"]),
        (module, bins, "", json!({"N": u64::MAX, "K": 3}), &["`N` is 1844", "9007199254740992"]),
        (module, bins, "", json!({"N": 5, "K": 0}), &["`K` is 0"]),
        (module, sum_to, "", json!({"n": 3, "m": 4}), &["`max_prob` is 1", "m / n"]),
        (module, sum_to, "", json!({"n": u64::MAX, "m": 4}), &["`n` is 1844", "at most"]),
        (
            module,
            "noise_generation.generate_noisy_labels",
            "",
            json!({"true_labels": [0, 3], "noise_matrix": [[1, 0], [0, 1]]}),
            &["`true_labels[1]` is 3", "below 2"],
        ),
        (
            module,
            "noise_generation.noise_matrix_is_valid",
            "",
            json!({"noise_matrix": [[1, 0]], "py": [0.5, 0.5]}),
            &["`noise_matrix` has shape 1 × 2", "2 × 2"],
        ),
    ]);
}

#[test]
fn audits() {
    let classes = "Datalab(task=classification).find_issues";
    let (numbers, sets) = ("Datalab(task=regression).find_issues", "Datalab(task=multilabel).find_issues");
    let graph = |indptr: Value| json!({ "$csr": { "indptr": indptr, "indices": [1, 0], "data": [0.5, 0.5] } });
    check(&[
        ("datalab", classes, "labels", json!("cat"), &["`labels` has shape \"cat\"", "a list of classes"]),
        ("datalab", classes, "labels", json!([]), &["`labels` is empty", "at least one"]),
        ("datalab", classes, "pred_probs", json!([[0.9, 0.1], [0.5]]), &["`pred_probs` has shape 1 values in row 1"]),
        ("datalab", classes, "features", json!([[1, 2], ["x", 3]]), &["`features` has shape a text at [1, 0]"]),
        (
            "datalab",
            classes,
            "knn_graph",
            graph(json!([0, 2, 2])),
            &["`knn_graph[1]` is 0 entries", "2, as the first row has"],
        ),
        ("datalab", classes, "issue_types", json!({"lable": {}}), &["`issue_types` is lable", "one of null, label"]),
        ("datalab", classes, "issue_types", json!(["label"]), &["`issue_types`"]),
        ("datalab", classes, "lables", json!([0]), &["`lables` is not an argument", "perhaps `labels`"]),
        (
            "datalab",
            numbers,
            "pred_probs",
            json!([1, 2, "x", 4, 5]),
            &["`pred_probs` has shape a text at 2", "numbers"],
        ),
        (
            "datalab",
            numbers,
            "",
            json!({"pred_probs": [1, 2, 3, 4, 5], "issue_types": {"class_imbalance": {}}}),
            &["`issue_types` is class_imbalance", "for regression, one of null"],
        ),
        ("datalab", sets, "labels", json!([0, 1, 0, 1, 0]), &["`labels`[0] is 0, not a list"]),
        (
            "datalab.internal.issue_manager.identifier_column",
            "find_issues",
            "features",
            json!("x"),
            &["`features` has shape \"x\"", "a matrix, a table"],
        ),
    ]);
}
