//! Encodings, models, folds and metrics against figures recorded from scikit-learn by `tests/reference/learn/generate.py`.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

use forge_data::{Column, MISSING, Table, Values};
use forge_learn::{
    Encoder, EncoderConfig, LinearRegression, LogisticRegression, Matrix, NumericImputation, Quiet, WeightedLabels,
    accuracy, classification_metrics, f1_macro, predicted_labels, r2_score, stratified_k_fold,
};
use ndarray::{Array2, ArrayView2};
use serde_json::Value;

fn cases(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    assert!(file["versions"]["scikit-learn"].is_string());
    file["cases"].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()
}

fn integers(value: &Value) -> Vec<u32> {
    numbers(value).into_iter().map(|v| v as u32).collect()
}

fn rectangle(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = value.as_array().unwrap().iter().map(numbers).collect();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

fn category(value: &Value) -> Values {
    let cells: Vec<Option<&str>> = value.as_array().unwrap().iter().map(Value::as_str).collect();
    let mut levels: Vec<String> = cells.iter().flatten().map(|&cell| cell.to_owned()).collect();
    levels.sort();
    levels.dedup();
    let code = |cell: &str| levels.iter().position(|level| level == cell).unwrap() as u32;
    let codes = cells.into_iter().map(|cell| cell.map_or(MISSING, code)).collect();
    Values::Category { codes, levels }
}

fn table(value: &Value) -> Table {
    let boolean = |v: &Value| Values::Boolean(v.as_array().unwrap().iter().map(Value::as_bool).collect());
    let columns = vec![
        Column::new("age", Values::Number(numbers(&value["age"]))),
        Column::new("income", Values::Number(numbers(&value["income"]))),
        Column::new("flat", Values::Number(numbers(&value["flat"]))),
        Column::new("town", category(&value["town"])),
        Column::new("kind", category(&value["kind"])),
        Column::new("flag", boolean(&value["flag"])),
    ];
    Table::new(columns).unwrap()
}

fn largest_difference(a: &ArrayView2<'_, f64>, b: &Array2<f64>) -> f64 {
    assert_eq!(a.dim(), b.dim());
    a.iter().zip(b).fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

#[test]
fn encodings_and_logistic_regressions_equal_scikit_learn() {
    for case in cases(include_str!("data/models.json")) {
        let name = case["name"].as_str().unwrap();
        let table = table(&case["table"]);
        let (train, labels) = (integers(&case["train"]), integers(&case["labels"]));
        let config = EncoderConfig {
            numeric_imputation: match case["imputation"].as_str().unwrap() {
                "mean" => NumericImputation::Mean,
                _ => NumericImputation::Median,
            },
            one_hot_max_categories: case["max_categories"].as_u64().unwrap() as usize,
            ..EncoderConfig::default()
        };
        let encoder = Encoder::fit(&table, &[0, 1, 2, 3, 4, 5], &train, &config).unwrap();
        assert_eq!(encoder.warnings().len(), 1, "{name}: only the constant column is worth a warning");
        let all: Vec<u32> = (0..table.n_rows() as u32).collect();
        let encoded = encoder.transform(&table, &all);
        assert!(
            largest_difference(&encoded.to_dense().view(), &rectangle(&case["encoded"])) < 1e-12,
            "{name}: encoding"
        );

        let train_labels: Vec<u32> = train.iter().map(|&row| labels[row as usize]).collect();
        let n_classes = case["n_classes"].as_u64().unwrap() as usize;
        let regression = LogisticRegression { c: case["c"].as_f64().unwrap(), ..LogisticRegression::default() };
        let model = regression.fit(&encoder.transform(&table, &train), &train_labels, n_classes, &Quiet).unwrap();
        assert!(model.converged(), "{name}");
        let coefficients = largest_difference(&model.coefficients(), &rectangle(&case["coefficients"]));
        assert!(coefficients < 1e-4, "{name}: coefficients differ by {coefficients:e}");
        let intercepts = model.intercepts().into_iter().zip(numbers(&case["intercepts"])).map(|(a, b)| (a - b).abs());
        assert!(intercepts.fold(0.0, f64::max) < 1e-4, "{name}: intercepts");
        let probs = largest_difference(&model.predict_proba(&encoded).view(), &rectangle(&case["pred_probs"]));
        assert!(probs < 1e-5, "{name}: probabilities differ by {probs:e}");
    }
}

#[test]
fn weighted_logistic_regressions_equal_scikit_learn() {
    for case in cases(include_str!("data/weights.json")) {
        let name = case["name"].as_str().unwrap();
        let (labels, weights) = (integers(&case["labels"]), numbers(&case["weights"]));
        let features = Matrix::from_dense(&rectangle(&case["features"])).unwrap();
        let n_classes = case["n_classes"].as_u64().unwrap() as usize;
        let rows = WeightedLabels { labels: &labels, n_classes, weights: Some(&weights) };
        let regression =
            LogisticRegression { c: case["c"].as_f64().unwrap(), tol: 1e-9, ..LogisticRegression::default() };
        let model = regression.fit_weighted(&features, rows, &Quiet).unwrap();
        assert!(model.converged(), "{name}");
        let coefficients = largest_difference(&model.coefficients(), &rectangle(&case["coefficients"]));
        assert!(coefficients < 1e-6, "{name}: coefficients differ by {coefficients:e}");
        let intercepts = model.intercepts().into_iter().zip(numbers(&case["intercepts"])).map(|(a, b)| (a - b).abs());
        assert!(intercepts.fold(0.0, f64::max) < 1e-6, "{name}: intercepts");
        let probs = largest_difference(&model.predict_proba(&features).view(), &rectangle(&case["pred_probs"]));
        assert!(probs < 1e-6, "{name}: probabilities differ by {probs:e}");
    }
}

#[test]
fn linear_regressions_equal_scikit_learn() {
    let file: Value = serde_json::from_str(include_str!("data/weights.json")).unwrap();
    for case in file["linear"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let features = Matrix::from_dense(&rectangle(&case["features"])).unwrap();
        let (targets, weights) =
            (numbers(&case["targets"]), case["weights"].as_array().map(|_| numbers(&case["weights"])));
        let regression = LinearRegression { alpha: case["alpha"].as_f64().unwrap() };
        let model = regression.fit(&features, &targets, weights.as_deref(), &Quiet).unwrap();
        let found =
            model.coefficients().into_iter().copied().chain([model.intercept()]).chain(model.predict(&features));
        let expected =
            [numbers(&case["coefficients"]), vec![case["intercept"].as_f64().unwrap()], numbers(&case["predictions"])];
        for (found, expected) in found.zip(expected.concat()) {
            assert!((found - expected).abs() < 1e-9 * expected.abs().max(1.0), "{name}: {found} is not {expected}");
        }
        let r2 = r2_score(&targets, &model.predict(&features), weights.as_deref()).unwrap();
        assert!((r2 - case["r2"].as_f64().unwrap()).abs() < 1e-9, "{name}: r2");
    }
}

#[test]
fn metrics_equal_scikit_learn() {
    for case in cases(include_str!("data/metrics.json")) {
        let (labels, probs) = (integers(&case["labels"]), rectangle(&case["pred_probs"]));
        let found = classification_metrics(&labels, &probs).unwrap();
        let guess = predicted_labels(&probs);
        let pairs = [
            ("accuracy", found.accuracy),
            ("accuracy", accuracy(&labels, &guess)),
            ("f1_weighted", found.f1_weighted),
            ("f1_macro", f1_macro(&labels, &guess)),
            ("precision_weighted", found.precision_weighted),
            ("roc_auc", found.roc_auc.unwrap()),
            ("log_loss", found.log_loss),
        ];
        for (metric, value) in pairs {
            let expected = case[metric].as_f64().unwrap();
            assert!((value - expected).abs() < 1e-12, "{}: {metric} is {value}, not {expected}", case["name"]);
        }
    }
}

#[test]
fn folds_hold_as_many_of_each_class_as_scikit_learns() {
    for case in cases(include_str!("data/folds.json")) {
        let labels = integers(&case["labels"]);
        let n_folds = case["n_folds"].as_u64().unwrap() as usize;
        let folds = stratified_k_fold(&labels, n_folds, 42);
        let expected = rectangle(&case["class_counts_per_fold"]);
        let mut found = Array2::<f64>::zeros(expected.dim());
        for (&label, &fold) in labels.iter().zip(&folds) {
            found[[fold as usize, label as usize]] += 1.0;
        }
        assert_eq!(found, expected);
    }
}
