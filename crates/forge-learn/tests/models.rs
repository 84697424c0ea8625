//! Neighbours, outlier factors, logistic options, SVD and metrics against figures recorded from scikit-learn by
//! `tests/reference/learn/generate_models.py`.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use forge_learn::{
    ClassWeight, Classifier, Contamination, KNeighbors, LocalOutlierFactor, LogisticRegression, Matrix, MultiClass,
    NONE, NeighborWeights, Quiet, Ridge, TruncatedSvd, WeightedLabels, average_precision, f1_macro_labels,
    f1_micro_labels, hamming_loss, regression_metrics, roc_auc_of_scores, subset_accuracy,
};
use ndarray::Array2;
use serde_json::Value;

fn file(text: &str) -> Value {
    let file: Value = serde_json::from_str(text).unwrap();
    assert!(file["versions"]["scikit-learn"].is_string());
    file
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn integers(value: &Value) -> Vec<u32> {
    numbers(value).into_iter().map(|v| v as u32).collect()
}

fn flags(value: &Value) -> Vec<bool> {
    value.as_array().unwrap().iter().map(|v| v.as_bool().unwrap()).collect()
}

fn rectangle<T: Clone>(value: &Value, row: impl Fn(&Value) -> Vec<T>) -> Array2<T> {
    let rows: Vec<Vec<T>> = value.as_array().unwrap().iter().map(row).collect();
    assert!(!rows.is_empty());
    Array2::from_shape_vec((rows.len(), rows[0].len()), rows.concat()).unwrap()
}

/// Numbers and one-hot indices, of which 65535 stands for none.
fn matrix(case: &Value) -> Matrix {
    let none = |v: u32| if v == 65_535 { NONE } else { v };
    let slots = rectangle(&case["slots"], integers).mapv(none);
    Matrix::new(&rectangle(&case["dense"], numbers), &slots, case["n_features"].as_u64().unwrap() as usize).unwrap()
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{what} {i}: {found}, not {expected}");
    }
}

fn flat(rows: &Array2<f64>) -> Vec<f64> {
    rows.iter().copied().collect()
}

#[test]
fn nearest_neighbour_models_equal_scikit_learn() {
    for case in file(include_str!("data/knn.json"))["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let all = matrix(case);
        let (train, test) =
            (all.select(&(0..120).collect::<Vec<_>>()).unwrap(), all.select(&(120..160).collect::<Vec<_>>()).unwrap());
        let weights = match case["weights"].as_str().unwrap() {
            "distance" => NeighborWeights::Distance,
            _ => NeighborWeights::Uniform,
        };
        let n_neighbors = case["k"].as_u64().unwrap() as usize;
        let model = KNeighbors { n_neighbors, weights, ..KNeighbors::default() };
        let labels = integers(&case["labels"]);
        let classes = model.fit_classes(&train, WeightedLabels::unweighted(&labels, 3)).unwrap();
        let probs = classes.predict_proba(&test, &Quiet).unwrap();
        assert_close(&flat(&probs), &flat(&rectangle(&case["pred_probs"], numbers)), 1e-12, name);
        let targets = model.fit_targets(&train, &numbers(&case["targets"]), None).unwrap();
        assert_close(&targets.predict(&test, &Quiet).unwrap(), &numbers(&case["predictions"]), 1e-12, name);
    }
}

#[test]
fn local_outlier_factors_equal_scikit_learn() {
    for case in file(include_str!("data/lof.json"))["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let contamination = case["contamination"].as_f64().map_or(Contamination::Auto, Contamination::Share);
        let n_neighbors = case["k"].as_u64().unwrap() as usize;
        let parameters = LocalOutlierFactor { n_neighbors, contamination, ..LocalOutlierFactor::default() };
        let model = parameters.fit(rectangle(&case["x"], numbers).view(), &Quiet).unwrap();
        assert_close(model.scores(), &numbers(&case["scores"]), 1e-9, name);
        assert_close(&[model.offset()], &[case["offset"].as_f64().unwrap()], 1e-9, name);
        assert_eq!(model.outliers(), flags(&case["outliers"]), "{name}");
        let novelty = model.score_samples(rectangle(&case["new"], numbers).view(), &Quiet).unwrap();
        assert_close(&novelty, &numbers(&case["novelty"]), 1e-9, name);
    }
}

#[test]
fn class_weights_and_one_against_the_rest_equal_scikit_learn() {
    let file = file(include_str!("data/logistic.json"));
    let x = Matrix::from_dense(&rectangle(&file["x"], numbers)).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let (name, kind) = (case["name"].as_str().unwrap(), case["kind"].as_str().unwrap());
        let class_weight = match kind {
            "per class" => ClassWeight::PerClass(vec![0.5, 2.0, 1.5]),
            kind if kind.contains("balanced") => ClassWeight::Balanced,
            _ => ClassWeight::None,
        };
        let multi_class = if kind.contains("ovr") { MultiClass::OneVsRest } else { MultiClass::Multinomial };
        let regression = LogisticRegression { class_weight, multi_class, ..LogisticRegression::default() };
        let labels = integers(&case["labels"]);
        let rows = WeightedLabels::unweighted(&labels, case["n_classes"].as_u64().unwrap() as usize);
        let model = Classifier::fit(&regression, &x, rows, &Quiet).unwrap();
        assert_close(&flat(&model.predict_proba(&x)), &flat(&rectangle(&case["pred_probs"], numbers)), 1e-5, name);
    }
    let labels = rectangle(&file["labels"], flags);
    let model = LogisticRegression::default().fit_labels(&x, labels.view(), None, &Quiet).unwrap();
    let expected = flat(&rectangle(&file["label_probs"], numbers));
    assert_close(&flat(&model.predict_labels(&x)), &expected, 1e-5, "labels");
    let ridge = Ridge::default().fit(&x, &numbers(&file["targets"]), None, &Quiet).unwrap();
    assert_close(&ridge.predict(&x), &numbers(&file["ridge"]), 1e-9, "ridge");
}

#[test]
fn more_metrics_equal_scikit_learn() {
    let file = file(include_str!("data/more_metrics.json"));
    let (positive, scores) = (flags(&file["positive"]), numbers(&file["scores"]));
    let (labels, guess) = (rectangle(&file["labels"], flags), rectangle(&file["guess"], flags));
    let numbers = regression_metrics(&numbers(&file["targets"]), &numbers(&file["predictions"])).unwrap();
    for (name, value) in [
        ("average_precision", average_precision(&positive, &scores).unwrap()),
        ("roc_auc", roc_auc_of_scores(&positive, &scores).unwrap()),
        ("f1_micro", f1_micro_labels(labels.view(), guess.view())),
        ("f1_macro", f1_macro_labels(labels.view(), guess.view())),
        ("subset_accuracy", subset_accuracy(labels.view(), guess.view())),
        ("hamming_loss", hamming_loss(labels.view(), guess.view())),
        ("r2", numbers.r2),
        ("mae", numbers.mae),
        ("rmse", numbers.rmse),
    ] {
        assert_close(&[value], &[file[name].as_f64().unwrap()], 1e-12, name);
    }
}

#[test]
fn singular_values_equal_those_of_the_full_decomposition() {
    let file = file(include_str!("data/svd.json"));
    let rows = matrix(&file);
    let expected = numbers(&file["singular"]);
    for n_components in [3, 50] {
        let svd = TruncatedSvd { n_components, n_oversamples: 4, n_iter: 20, ..TruncatedSvd::default() };
        let model = svd.fit(&rows, &Quiet).unwrap();
        assert_close(model.singular_values(), &expected[..n_components.min(11)], 1e-6, "singular value");
    }
}
