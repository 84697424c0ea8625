//! Logistic regression at the edges: separable data, absent classes, few rows, cancellation, every kind of curvature.

use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, Axis, array};
use proptest::prelude::*;

use crate::{ClassifierModel, Host, LearnError, LogisticRegression, Matrix, NONE, Quiet};

/// Rows with two numbers and two categories, and labels that follow them with noise.
fn example(n: usize, n_classes: u32, seed: u64) -> (Matrix, Vec<u32>) {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / (1_u64 << 24) as f64
    };
    let dense = Array2::from_shape_simple_fn((n, 2), || 4.0 * draw() - 2.0);
    let one_hot = Array2::from_shape_fn((n, 2), |(_, slot)| match (slot, (draw() * 4.0) as u32) {
        (0, 3) => NONE,
        (0, level) => 2 + level,
        (_, level) => 5 + level,
    });
    let mut label = |i: usize| {
        let score = dense[[i, 0]] + f64::from(one_hot[[i, 1]]) - 6.5 + 3.0 * draw();
        ((score / 2.0 + 1.0).max(0.0) as u32).min(n_classes - 1)
    };
    let labels = (0..n).map(&mut label).collect();
    (Matrix::new(&dense, &one_hot, 9).unwrap(), labels)
}

fn assert_probabilities(probs: &Array2<f64>) {
    for row in probs.outer_iter() {
        assert!(row.iter().all(|prob| (0.0..=1.0).contains(prob)));
        assert!((row.sum() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn separable_data_converge_to_finite_weights() {
    let features = Matrix::from_dense(&array![[-2.0, 1.0], [-1.0, 1.0], [1.0, 1.0], [2.0, 1.0]]).unwrap();
    for c in [1e-3, 1.0, 1e6] {
        let regression = LogisticRegression { c, ..LogisticRegression::default() };
        let model = regression.fit(&features, &[0, 0, 1, 1], 2, &Quiet).unwrap();
        assert!(model.converged(), "c = {c}");
        assert!(model.coefficients().iter().all(|weight| weight.is_finite()));
        let probs = model.predict_proba(&features);
        assert_probabilities(&probs);
        assert!(probs[[0, 0]] > 0.5 && probs[[3, 1]] > 0.5);
    }
}

#[test]
fn three_rows_of_three_classes_are_enough() {
    let features = Matrix::from_dense(&array![[0.0], [1.0], [2.0]]).unwrap();
    let model = LogisticRegression::default().fit(&features, &[0, 1, 2], 3, &Quiet).unwrap();
    assert!(model.converged());
    assert_probabilities(&model.predict_proba(&features));
}

#[test]
fn a_class_without_a_row_gets_probability_zero() {
    let (features, labels) = example(60, 3, 1);
    let shifted: Vec<u32> = labels.iter().map(|label| label + u32::from(*label > 0)).collect();
    let model = LogisticRegression::default().fit(&features, &shifted, 5, &Quiet).unwrap();
    assert_eq!(model.classes(), [0, 2, 3]);
    let probs = model.predict_proba(&features);
    assert_probabilities(&probs);
    assert!(probs.column(1).iter().chain(&probs.column(4)).all(|prob| *prob == 0.0));
}

#[test]
fn labels_that_cannot_be_learned_are_refused() {
    let features = Matrix::from_dense(&array![[0.0], [1.0]]).unwrap();
    let refused = |labels: &[u32]| LogisticRegression::default().fit(&features, labels, 2, &Quiet).unwrap_err();
    assert_eq!(refused(&[1, 1]), LearnError::OneClass { n_rows: 2 });
    assert_eq!(refused(&[1, 2]), LearnError::Label { position: 1, label: 2, n_classes: 2 });
    assert_eq!(refused(&[1]), LearnError::LabelCount { n_labels: 1, n_rows: 2 });
}

#[test]
fn settings_out_of_range_are_named() {
    let (features, labels) = example(20, 2, 1);
    for (regression, name) in [
        (LogisticRegression { c: 0.0, ..LogisticRegression::default() }, "c is 0"),
        (LogisticRegression { c: f64::NAN, ..LogisticRegression::default() }, "c is NaN"),
        (LogisticRegression { max_iter: 0, ..LogisticRegression::default() }, "max_iter is 0"),
        (LogisticRegression { tol: -1.0, ..LogisticRegression::default() }, "tol is -1"),
    ] {
        let error = regression.fit(&features, &labels, 2, &Quiet).unwrap_err();
        assert!(error.to_string().starts_with(name), "{error}");
    }
}

#[test]
fn a_fit_cut_short_says_so() {
    let (features, labels) = example(200, 3, 2);
    let regression = LogisticRegression { max_iter: 2, ..LogisticRegression::default() };
    let model = regression.fit(&features, &labels, 3, &Quiet).unwrap();
    assert!(!model.converged());
    assert!(ClassifierModel::warnings(&model)[0].contains("max_iter (2)"));
}

#[test]
fn numbers_beyond_floating_point_are_an_error() {
    let features = Matrix::from_dense(&array![[1e300], [-1e300], [1e200]]).unwrap();
    let result = LogisticRegression::default().fit(&features, &[0, 1, 1], 2, &Quiet);
    assert_eq!(result.unwrap_err(), LearnError::Diverged);
}

#[test]
fn unscaled_columns_of_very_different_size_converge() {
    let (features, labels) = example(200, 3, 5);
    let mut unfolded = features.to_dense();
    for (column, factor) in [(0, 1e6), (1, 1e-6), (4, 1e4)] {
        unfolded.column_mut(column).mapv_inplace(|value| value * factor + factor);
    }
    let features = Matrix::from_dense(&unfolded).unwrap();
    let model = LogisticRegression::default().fit(&features, &labels, 3, &Quiet).unwrap();
    assert_probabilities(&model.predict_proba(&features));
}

struct StopsAfter(AtomicUsize);

impl Host for StopsAfter {
    fn cancelled(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err()
    }
}

#[test]
fn a_fit_stops_wherever_it_is_when_cancelled() {
    for n_classes in [2, 3] {
        let (features, labels) = example(500, n_classes, 3);
        for questions in 0..12 {
            let host = StopsAfter(AtomicUsize::new(questions));
            let result = LogisticRegression::default().fit(&features, &labels, n_classes as usize, &host);
            assert_eq!(result.unwrap_err(), LearnError::Cancelled);
        }
    }
}

#[test]
fn every_kind_of_curvature_leads_to_the_same_optimum() {
    // 3 × 402 parameters use the blocks of the classes, 1,302 per class the diagonal.
    for n_levels in [5_u32, 400, 1_300] {
        let dense = Array2::from_shape_fn((2_000, 1), |(i, _)| ((i * 37) % 101) as f64 / 50.0 - 1.0);
        let one_hot = Array2::from_shape_fn((2_000, 1), |(i, _)| 1 + (i as u32 * 7) % n_levels);
        let features = Matrix::new(&dense, &one_hot, 1 + n_levels as usize).unwrap();
        let labels: Vec<u32> = (0..2_000).map(|i| (i * 31 % 17 + i * 37 % 101 / 20) % 3).collect();
        let model = LogisticRegression::default().fit(&features, &labels, 3, &Quiet).unwrap();
        assert!(model.converged(), "{n_levels} levels");
        // At the optimum the weight of a level is C times the sum of its residuals, and all residuals sum to 0.
        let probs = model.predict_proba(&features);
        for class in 0..3 {
            let residual = |i: usize| f64::from(u8::from(labels[i] == class)) - probs[[i, class as usize]];
            let of_first_level: f64 = (0..2_000).filter(|&i| one_hot[[i, 0]] == 1).map(residual).sum();
            assert!((model.coefficients()[[class as usize, 1]] - of_first_level).abs() < 2e-5);
            assert!((0..2_000).map(residual).sum::<f64>().abs() < 2e-5);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn permuting_rows_permutes_probabilities(seed: u64, n_classes in 2_u32..5, shift in 1_usize..40) {
        let (features, labels) = example(41, n_classes, seed);
        prop_assume!(labels.iter().any(|label| *label != labels[0]));
        let order: Vec<usize> = (0..41).map(|i| (i * 3 + shift) % 41).collect();
        let unfolded = features.to_dense();
        let dense = Matrix::from_dense(&unfolded).unwrap();
        let moved = Matrix::from_dense(&unfolded.select(Axis(0), &order)).unwrap();
        let moved_labels: Vec<u32> = order.iter().map(|&i| labels[i]).collect();
        let regression = LogisticRegression { tol: 1e-10, ..LogisticRegression::default() };
        let fit = |features: &Matrix, labels: &[u32]| {
            regression.fit(features, labels, n_classes as usize, &Quiet).unwrap().predict_proba(features)
        };
        let (sparse, dense, permuted) = (fit(&features, &labels), fit(&dense, &labels), fit(&moved, &moved_labels));
        for (i, &row) in order.iter().enumerate() {
            for class in 0..n_classes as usize {
                prop_assert!((permuted[[i, class]] - sparse[[row, class]]).abs() < 1e-9);
                prop_assert!((dense[[row, class]] - sparse[[row, class]]).abs() < 1e-9);
            }
        }
    }
}
