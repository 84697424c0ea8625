//! Forests beside scikit-learn's on real tables: as good on average over seeds. `tests/reference/learn/forests.py`
//! writes the figures.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod tables;

use forge_learn::{
    Contamination, ExtraTrees, Host, IsolationForest, LearnError, Matrix, NONE, Quiet, RandomForest, WeightedLabels,
    classification_metrics, r2_score,
};
use ndarray::Array2;
use serde_json::Value;
use tables::{Set, set};

const SEEDS: u64 = 5;

fn score(set: &Set, case: &Value, seed: u64, (train, test): (&[u32], &[u32])) -> f64 {
    let n_estimators = case["n_estimators"].as_u64().unwrap() as usize;
    let forest = RandomForest { n_estimators, seed, ..RandomForest::default() };
    let extra = ExtraTrees { n_estimators, seed, ..ExtraTrees::default() };
    let is_extra = case["model"] == "extra_trees";
    let (features, unseen) = (set.features.select(train).unwrap(), set.features.select(test).unwrap());
    let of = |rows: &[u32]| -> Vec<f64> { rows.iter().map(|&row| set.target[row as usize]).collect() };
    if set.n_classes == 0 {
        let rows = (&of(train)[..], None);
        let model = if is_extra {
            extra.fit_numbers(&features, rows, &Quiet)
        } else {
            forest.fit_numbers(&features, rows, &Quiet)
        };
        return r2_score(&of(test), &model.unwrap().predict(&unseen), None).unwrap();
    }
    let labels = |rows: &[u32]| -> Vec<u32> { of(rows).into_iter().map(|label| label as u32).collect() };
    let learnt = labels(train);
    let rows = WeightedLabels::unweighted(&learnt, set.n_classes);
    let model =
        if is_extra { extra.fit_classes(&features, rows, &Quiet) } else { forest.fit_classes(&features, rows, &Quiet) };
    let probs = model.unwrap().predict_proba(&unseen);
    classification_metrics(&labels(test), &probs).unwrap().roc_auc.unwrap()
}

/// Compares all cases of a size and model; `noise` is how many standard errors of the difference are allowed on top.
#[expect(clippy::print_stdout, reason = "the figures are what a person runs the long tests for")]
fn compare(size: &str, model: &str, noise: f64) {
    let file: Value = serde_json::from_str(include_str!("data/forests.json")).unwrap();
    let mut wrong = Vec::new();
    for case in file["cases"].as_array().unwrap().iter().filter(|case| case["size"] == size && case["model"] == model) {
        let set = set(case["set"].as_str().unwrap(), |numbers| numbers);
        let n = set.target.len() as u32;
        assert_eq!(case["rows"], n);
        let (train, test): (Vec<u32>, Vec<u32>) = if size == "quick" {
            ((0..n).filter(|row| row % 10 == 1).collect(), (0..n).filter(|row| row % 10 < 1).collect())
        } else {
            let part = if case["set"] == "covertype" { 2 } else { 5 };
            (0..n).partition(|row| row % part != 0)
        };
        let mean = (0..SEEDS).map(|seed| score(&set, case, seed, (&train, &test))).sum::<f64>() / SEEDS as f64;
        let (expected, std) = (case["mean"].as_f64().unwrap(), case["std"].as_f64().unwrap());
        let limit = if set.n_classes == 0 { 0.005 } else { 0.003 } + noise * std * (2.0 / SEEDS as f64).sqrt();
        let line = format!("{} {}: {mean:.5}, scikit-learn {expected:.5}", case["model"], case["set"]);
        println!("{line} ({:+.5})", mean - expected);
        if (mean - expected).abs() > limit {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn small_random_forests_predict_as_well_as_scikit_learns() {
    compare("quick", "random_forest", 3.0);
}

#[test]
fn small_extra_trees_predict_as_well_as_scikit_learns() {
    compare("quick", "extra_trees", 3.0);
}

#[test]
#[ignore = "takes a minute in an optimised build"]
fn random_forests_predict_as_well_as_scikit_learns() {
    compare("whole", "random_forest", 0.0);
}

#[test]
#[ignore = "takes a minute in an optimised build"]
fn extra_trees_predict_as_well_as_scikit_learns() {
    compare("whole", "extra_trees", 0.0);
}

#[test]
fn isolation_forests_score_as_scikit_learns_do() {
    let file: Value = serde_json::from_str(include_str!("data/forests.json")).unwrap();
    let expected = &file["isolation"];
    let mut rows = Array2::from_shape_fn((2000, 3), |(i, j)| match j {
        0 => (i * 7919 % 1009) as f64 / 1009.0,
        1 => (i * 104_729 % 997) as f64 / 997.0,
        _ => (i * 31 % 101) as f64 / 101.0,
    });
    for (k, mut row) in rows.outer_iter_mut().step_by(125).enumerate() {
        row += 3.0 * k as f64 / 15.0;
    }
    let features = Matrix::from_dense(&rows).unwrap();
    let asked = features.select(&(0..16).map(|k| k * 125).collect::<Vec<_>>()).unwrap();
    let seeds = 40;
    let (mut scores, mut offset) = (vec![0.0; 16], 0.0);
    for seed in 0..seeds {
        let forest = IsolationForest { seed, contamination: Contamination::Share(0.01), ..IsolationForest::default() };
        let model = forest.fit(&features, None, &Quiet).unwrap();
        offset += model.offset() / seeds as f64;
        scores.iter_mut().zip(model.score_samples(&asked)).for_each(|(sum, score)| *sum += score / seeds as f64);
    }
    let numbers = |key: &str| -> Vec<f64> {
        expected[key].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
    };
    for ((found, mean), std) in scores.iter().zip(numbers("mean")).zip(numbers("std")) {
        assert!((found - mean).abs() < 4.0 * std * (2.0 / seeds as f64).sqrt(), "{found} is not {mean}");
    }
    let (mean, std) = (expected["offset_mean"].as_f64().unwrap(), expected["offset_std"].as_f64().unwrap());
    assert!((offset - mean).abs() < 4.0 * std * (2.0 / seeds as f64).sqrt(), "{offset} is not {mean}");
}

/// Runs units on threads, the last ones first.
struct Threads;

impl Host for Threads {
    #[expect(clippy::disallowed_methods, reason = "this test is the face that brings the threads")]
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            for part in 0..3 {
                scope.spawn(move || (0..n).rev().filter(|i| i % 3 == part).for_each(unit));
            }
        });
    }
}

fn mixed(n: usize, seed: usize) -> Matrix {
    let dense = Array2::from_shape_fn((n, 2), |(i, j)| ((i + seed) * (37 + 16 * j) % 101) as f64);
    let one_hot = Array2::from_shape_fn((n, 2), |(i, j)| match (i + seed) * (13 + 4 * j) % 11 {
        10 => NONE,
        level => 2 + 10 * j as u32 + level as u32,
    });
    Matrix::new(&dense, &one_hot, 22).unwrap()
}

#[test]
fn results_do_not_depend_on_threads() {
    let features = mixed(300, 0);
    let labels: Vec<u32> = (0..300).map(|i| (i * i % 7 % 3) as u32).collect();
    let targets: Vec<f64> = labels.iter().map(|&label| label as f64).collect();
    let rows = WeightedLabels::unweighted(&labels, 3);
    let forest = RandomForest { n_estimators: 12, ..RandomForest::default() };
    let extra = ExtraTrees { n_estimators: 12, ..ExtraTrees::default() };
    let isolation = IsolationForest { n_estimators: 12, ..IsolationForest::default() };
    let all = |host: &dyn Host| {
        let model = forest.fit_classes(&features, rows, host).unwrap();
        (
            model.predict_proba(&features),
            model.feature_importances().to_vec(),
            extra.fit_numbers(&features, (&targets, None), host).unwrap().predict(&features),
            isolation.fit(&features, None, host).unwrap().score_samples(&features),
        )
    };
    assert_eq!(all(&Quiet), all(&Threads));
}

#[test]
fn one_hot_columns_are_predicted_like_unfolded_ones() {
    let features = mixed(400, 2);
    let unfolded = Matrix::from_dense(&features.to_dense()).unwrap();
    let labels: Vec<u32> = (0..400).map(|i| (i * i / 5 % 2) as u32).collect();
    let rows = WeightedLabels::unweighted(&labels, 2);
    let extra = ExtraTrees { n_estimators: 5, ..ExtraTrees::default() };
    // Trees of the unfolded matrix cut zeros and ones anywhere between.
    for fitted in [extra.fit_classes(&features, rows, &Quiet), extra.fit_classes(&unfolded, rows, &Quiet)] {
        let model = fitted.unwrap();
        assert_eq!(model.predict_proba(&features), model.predict_proba(&unfolded));
    }
}

#[test]
fn full_trees_learn_distinct_rows_by_heart() {
    let features = mixed(500, 3);
    for n_classes in [2, 5] {
        let labels: Vec<u32> = (0..500).map(|i| (i * i / 3 % n_classes) as u32).collect();
        let weights: Vec<f64> = (0..500).map(|i| 0.5 + (i % 3) as f64).collect();
        for weights in [None, Some(&weights[..])] {
            let rows = WeightedLabels { labels: &labels, n_classes, weights };
            let forest = RandomForest { n_estimators: 3, bootstrap: false, ..RandomForest::default() };
            let extra = ExtraTrees { n_estimators: 3, ..ExtraTrees::default() };
            for model in [forest.fit_classes(&features, rows, &Quiet), extra.fit_classes(&features, rows, &Quiet)] {
                let probs = model.unwrap().predict_proba(&features);
                for (probs, &label) in probs.outer_iter().zip(&labels) {
                    assert_eq!(probs[label as usize], 1.0);
                }
            }
        }
    }
}

#[test]
fn a_row_of_weight_two_counts_like_two_rows() {
    let features = mixed(60, 5).select(&(0..40).collect::<Vec<_>>()).unwrap();
    let labels: Vec<u32> = (0..40).map(|i| (i * i % 5 % 2) as u32).collect();
    let twice: Vec<u32> = (0..40).chain((0..40).filter(|row| row % 3 == 0)).collect();
    let weights: Vec<f64> = (0..40).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
    let forest = RandomForest {
        n_estimators: 1,
        bootstrap: false,
        max_depth: Some(1),
        max_features: forge_learn::MaxFeatures::All,
        ..RandomForest::default()
    };
    let weighted = WeightedLabels { labels: &labels, n_classes: 2, weights: Some(&weights) };
    let weighted = forest.fit_classes(&features, weighted, &Quiet).unwrap().predict_proba(&features);
    let repeated_labels: Vec<u32> = twice.iter().map(|&row| labels[row as usize]).collect();
    let repeated = forest
        .fit_classes(&features.select(&twice).unwrap(), WeightedLabels::unweighted(&repeated_labels, 2), &Quiet)
        .unwrap()
        .predict_proba(&features);
    assert!((weighted - repeated).iter().all(|difference| difference.abs() < 1e-12));
}

#[test]
fn contributions_add_up_to_the_prediction() {
    let features = mixed(200, 1);
    let labels: Vec<u32> = (0..200).map(|i| (i % 101 / 34) as u32).collect();
    let forest = RandomForest { n_estimators: 7, max_depth: Some(4), ..RandomForest::default() };
    let model = forest.fit_classes(&features, WeightedLabels::unweighted(&labels, 3), &Quiet).unwrap();
    let probs = model.predict_proba(&features);
    for (row, explained) in model.contributions(&features, &[5, 90, 300]).iter().zip([5, 90]).map(|(e, row)| (row, e)) {
        for (class, moved) in explained.iter().enumerate() {
            let sum = moved.baseline + moved.contributions.iter().sum::<f64>();
            assert!((sum - probs[[row, class]]).abs() < 1e-6);
        }
    }
    let targets: Vec<f64> = (0..200).map(|i| 50.0 + features.to_dense()[[i, 0]]).collect();
    let model = forest.fit_numbers(&features, (&targets, None), &Quiet).unwrap();
    let explained = &model.contributions(&features, &[7])[0];
    assert!(
        (explained.baseline + explained.contributions.iter().sum::<f64>() - model.predict(&features)[7]).abs() < 1e-4
    );
    let importances = model.feature_importances();
    assert!(importances[0] > 0.8 && (importances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{importances:?}");
}

#[test]
fn odd_tables_give_a_result_or_a_clear_error() {
    let wide = Array2::from_shape_fn((12, 2000), |(i, j)| ((i * 7 + j * 3) % 11) as f64);
    let many = Array2::from_shape_fn((400, 1), |(i, _)| (i * 25) as u32);
    let tables = [
        Matrix::from_dense(&Array2::from_elem((9, 1), 4.0)).unwrap(),
        Matrix::from_dense(&Array2::from_shape_fn((3, 1), |(i, _)| i as f64)).unwrap(),
        Matrix::from_dense(&wide).unwrap(),
        Matrix::new(&Array2::zeros((400, 0)), &many, 10_000).unwrap(),
        Matrix::from_dense(&Array2::from_shape_fn((4, 1), |(i, _)| [f64::MAX, -f64::MAX, 1e-300, 0.0][i])).unwrap(),
        Matrix::from_dense(&Array2::from_elem((1, 2), 1.0)).unwrap(),
    ];
    for features in &tables {
        let n = features.n_rows();
        let mut labels = vec![0; n];
        labels[n - 1] = 2;
        let targets: Vec<f64> = (0..n).map(|i| 1e9 + i as f64).collect();
        for n_classes in [3, 4] {
            let rows = WeightedLabels::unweighted(&labels, n_classes);
            let extra = ExtraTrees {
                n_estimators: 4,
                class_weight: forge_learn::ClassWeight::Balanced,
                ..ExtraTrees::default()
            };
            for model in [
                RandomForest { n_estimators: 4, ..RandomForest::default() }.fit_classes(features, rows, &Quiet),
                extra.fit_classes(features, rows, &Quiet),
            ] {
                let probs = model.unwrap().predict_proba(features);
                assert!(probs.outer_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12));
            }
        }
        let forest = RandomForest { n_estimators: 4, ..RandomForest::default() };
        for model in [
            forest.fit_numbers(features, (&targets, None), &Quiet),
            ExtraTrees { n_estimators: 4, ..ExtraTrees::default() }.fit_numbers(features, (&targets, None), &Quiet),
        ] {
            let predicted = model.unwrap().predict(features);
            assert!(predicted.iter().all(|&y| (1e9..1e9 + n as f64).contains(&y)), "{predicted:?}");
        }
        let scores = IsolationForest::default().fit(features, None, &Quiet).unwrap().score_samples(features);
        assert!(scores.iter().all(|score| (-1.0..=0.0).contains(score)), "{scores:?}");
    }
    let one_class = RandomForest::default().fit_classes(&tables[1], WeightedLabels::unweighted(&[0; 3], 1), &Quiet);
    assert_eq!(one_class.unwrap().predict_proba(&tables[1]), Array2::<f64>::ones((3, 1)));
    let empty = Matrix::from_dense(&Array2::zeros((0, 2))).unwrap();
    let refused = RandomForest::default().fit_numbers(&empty, (&[], None), &Quiet).unwrap_err();
    assert_eq!(refused, LearnError::TooFewRows { n_rows: 0, least: 1 });
    let refused = ExtraTrees { min_samples_split: 1, ..ExtraTrees::default() };
    assert!(refused.validate().unwrap_err().to_string().starts_with("min_samples_split is 1, but must be at least 2"));
}

/// Stops after a few steps.
struct Impatient(std::sync::atomic::AtomicUsize);

impl Host for Impatient {
    fn progress(&self, _progress: forge_learn::Progress<'_>) {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::Relaxed) >= 3
    }
}

#[test]
fn a_forest_stops_when_asked_to() {
    let host = Impatient(0.into());
    let features = mixed(50, 0);
    let refused = RandomForest::default().fit_numbers(&features, (&[1.0; 50], None), &host);
    assert_eq!(refused.unwrap_err(), LearnError::Cancelled);
    assert_eq!(host.0.into_inner(), 3);
}
