//! Edge cases, invariants and explanations of histogram gradient boosting.

use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, array};

use super::*;
use crate::{NONE, Progress, Quiet};

fn noise(i: usize, of: usize) -> f64 {
    let mixed = (i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (of as u64 + 1).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 40) as f64 / f64::from(1 << 24)
}

fn example(n: usize, p: usize) -> (Array2<f64>, Vec<f64>) {
    let x = Array2::from_shape_fn((n, p), |(i, j)| noise(i, j + 1));
    let y = (0..n).map(|i| 2.0 * x[[i, 0]] + x[[i, p - 1]] * x[[i, 0]] + 0.2 * noise(i, 99)).collect();
    (x, y)
}

fn classes(y: &[f64], bounds: &[f64]) -> Vec<u32> {
    y.iter().map(|y| bounds.iter().filter(|bound| y > bound).count() as u32).collect()
}

fn quick() -> HistGradientBoosting {
    HistGradientBoosting { max_iter: 10, min_samples_leaf: 5, ..HistGradientBoosting::default() }
}

/// Runs units backwards, counts progress, and cancels once asked for the nth time.
struct Strange {
    questions: AtomicUsize,
    cancel_at: usize,
    steps: AtomicUsize,
}

impl Strange {
    fn new(cancel_at: usize) -> Self {
        Self { questions: AtomicUsize::new(0), cancel_at, steps: AtomicUsize::new(0) }
    }
}

impl Host for Strange {
    fn progress(&self, _: Progress<'_>) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.questions.fetch_add(1, Ordering::Relaxed) >= self.cancel_at
    }

    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        (0..n).rev().for_each(unit);
    }
}

#[test]
fn the_order_in_which_units_run_does_not_matter() {
    let (x, y) = example(6000, 24);
    let features = Matrix::from_dense(&x).unwrap();
    let model = HistGradientBoosting { max_iter: 3, early_stopping: EarlyStopping::On, ..quick() };
    let host = Strange::new(usize::MAX);
    assert_eq!(model.fit_numbers(&features, &y, None, &host), model.fit_numbers(&features, &y, None, &Quiet));
    assert_eq!(host.steps.into_inner(), 3);
    let labels = classes(&y[..500], &[1.0, 1.6]);
    let few = features.select(&(0..500).collect::<Vec<u32>>()).unwrap();
    let rows = WeightedLabels::unweighted(&labels, 3);
    let backwards = model.fit_classes(&few, rows, &Strange::new(usize::MAX)).unwrap();
    assert_eq!(backwards, model.fit_classes(&few, rows, &Quiet).unwrap());
}

#[test]
fn a_fit_stops_wherever_it_is_when_cancelled() {
    let (x, y) = example(200, 3);
    let features = Matrix::from_dense(&x).unwrap();
    let labels = classes(&y, &[1.0, 1.6]);
    for cancel_at in 0..12 {
        let host = Strange::new(cancel_at);
        assert_eq!(quick().fit_numbers(&features, &y, None, &host).unwrap_err(), LearnError::Cancelled);
        let rows = WeightedLabels::unweighted(&labels, 3);
        let host = Strange::new(cancel_at);
        assert_eq!(quick().fit_classes(&features, rows, &host).unwrap_err(), LearnError::Cancelled);
    }
}

#[test]
fn one_hot_slots_give_the_trees_of_the_unfolded_columns() {
    let n = 600;
    let (x, y) = example(n, 2);
    let slots = Array2::from_shape_fn((n, 2), |(i, slot)| {
        let level = ((noise(i, 5 + slot) * noise(i, 7)) * 12.0) as u32;
        if level == 7 { NONE } else { 2 + 12 * slot as u32 + level }
    });
    let folded = Matrix::new(&x, &slots, 26).unwrap();
    let unfolded = Matrix::from_dense(&folded.to_dense()).unwrap();
    let y: Vec<f64> = y.iter().zip(&slots).map(|(y, &slot)| y + f64::from(slot % 3)).collect();
    let a = quick().fit_numbers(&folded, &y, None, &Quiet).unwrap();
    let b = quick().fit_numbers(&unfolded, &y, None, &Quiet).unwrap();
    assert_eq!(a.predict(&folded), b.predict(&unfolded));
    assert_eq!(a.predict(&unfolded.select(&[0]).unwrap()).len(), 1);
    assert_eq!(a.explain(&folded, 3), b.explain(&unfolded, 3));
}

#[test]
fn a_feature_that_wanders_between_slots_is_one_feature() {
    let slots = Array2::from_shape_fn((200, 2), |(i, slot)| if i % 3 == 0 { 1 - slot as u32 } else { NONE });
    let features = Matrix::new(&Array2::zeros((200, 0)), &slots, 2).unwrap();
    let swapped = Array2::from_shape_fn((200, 2), |(i, slot)| match i % 3 {
        0 => slots[[i, 1 - slot]],
        1 if slot == 1 => 0,
        _ => NONE,
    });
    let mixed = Matrix::new(&Array2::zeros((200, 0)), &swapped, 2).unwrap();
    let y: Vec<f64> = (0..200).map(|i| (i % 3) as f64).collect();
    let predicted = quick().fit_numbers(&mixed, &y, None, &Quiet).unwrap().predict(&mixed);
    assert!(predicted[0] < predicted[1] && predicted[1] < predicted[2]);
    let predicted = quick().fit_numbers(&features, &y, None, &Quiet).unwrap().predict(&features);
    assert!(predicted[0] < predicted[1] && predicted[1] == predicted[2]);
}

#[test]
fn sets_of_levels_part_what_one_level_at_a_time_cannot() {
    let n = 400;
    let level = |i: usize| (noise(i, 3) * 40.0) as u32;
    let slots = Array2::from_shape_fn((n, 1), |(i, _)| level(i));
    let features = Matrix::new(&Array2::zeros((n, 0)), &slots, 40).unwrap();
    let y: Vec<f64> = (0..n).map(|i| f64::from(level(i) % 2)).collect();
    let squared_error = |one_hot_splits| {
        let model = HistGradientBoosting { one_hot_splits, max_leaf_nodes: Some(2), ..quick() };
        let predicted = model.fit_numbers(&features, &y, None, &Quiet).unwrap().predict(&features);
        predicted.iter().zip(&y).map(|(p, y)| (p - y) * (p - y)).sum::<f64>()
    };
    assert!(squared_error(OneHotSplits::LevelSets) < 0.6 * squared_error(OneHotSplits::OneLevel));
}

#[test]
fn levels_unknown_to_the_fit_are_read_as_missing() {
    let n = 300;
    let x = Array2::from_shape_fn((n, 1), |(i, _)| (i % 3) as f64 * 10.0);
    let y: Vec<f64> = (0..n).map(|i| (i % 3) as f64).collect();
    let model = HistGradientBoosting { categorical_features: vec![0], ..quick() };
    let fitted = model.fit_numbers(&Matrix::from_dense(&x).unwrap(), &y, None, &Quiet).unwrap();
    let queries = array![[0.0], [20.0], [7.0], [f64::NAN]];
    let queries = Matrix::allowing_missing(&queries, &Array2::zeros((4, 0)), 1).unwrap();
    let predicted = fitted.predict(&queries);
    assert!(predicted[0] < predicted[1]);
    assert_eq!(predicted[2], predicted[3]);
}

#[test]
fn contributions_sum_to_the_score_and_name_the_feature_that_matters() {
    let (x, y) = example(500, 4);
    let features = Matrix::from_dense(&x).unwrap();
    let fitted = quick().fit_numbers(&features, &y, None, &Quiet).unwrap();
    for row in [0, 17, 499] {
        let moved = fitted.explain(&features, row).unwrap();
        let sum = moved.baseline + moved.contributions.iter().sum::<f64>();
        assert!((sum - fitted.predict(&features)[row]).abs() < 1e-12);
        assert_eq!(moved.contributions.len(), 4);
    }
    assert_eq!(fitted.explain(&features, 500), None);
    let total = |feature: usize| -> f64 {
        (0..500).map(|row| fitted.explain(&features, row).unwrap().contributions[feature].abs()).sum()
    };
    assert!(total(0) > 5.0 * total(1));
    let labels = classes(&y, &[1.0, 1.6]);
    let rows = WeightedLabels::unweighted(&labels, 3);
    let moved = quick().fit_classes(&features, rows, &Quiet).unwrap().explain(&features, 0).unwrap();
    assert_eq!(moved.len(), 3);
}

#[test]
fn random_features_per_node_depend_on_the_seed_alone() {
    let (x, y) = example(400, 6);
    let features = Matrix::from_dense(&x).unwrap();
    let with = |seed| {
        let model = HistGradientBoosting { max_features: 0.5, seed, ..quick() };
        model.fit_numbers(&features, &y, None, &Quiet).unwrap().predict(&features)
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1), with(2));
}

#[test]
fn early_stopping_ends_where_nothing_is_left_to_learn() {
    let (x, y) = example(400, 3);
    let features = Matrix::from_dense(&x).unwrap();
    let labels: Vec<u32> = (0..400).map(|i| (i % 2) as u32).collect();
    let model = HistGradientBoosting { early_stopping: EarlyStopping::On, max_iter: 80, ..quick() };
    let fitted = model.fit_classes(&features, WeightedLabels::unweighted(&labels, 2), &Quiet).unwrap();
    assert!(fitted.n_iter() < 80);
    assert_eq!(fitted.validation_losses().len(), fitted.n_iter() + 1);
    let fitted = HistGradientBoosting { validation_fraction: None, ..model }.fit_numbers(&features, &y, None, &Quiet);
    assert!(fitted.unwrap().validation_losses().is_sorted_by(|a, b| a >= b));
}

#[test]
fn strange_tables_give_a_result() {
    let n = 120;
    let constant = Array2::from_elem((n, 2), 3.5);
    let all_missing = Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { f64::NAN } else { noise(i, 1) });
    let missing_or_one = Array2::from_shape_fn((n, 1), |(i, _)| if i % 4 == 0 { f64::NAN } else { 1.0 });
    let wide = Array2::from_shape_fn((n, 2000), |(i, j)| noise(i, j));
    let huge = Array2::from_shape_fn((n, 1), |(i, _)| if i % 2 == 0 { f64::MAX } else { f64::MIN });
    for x in [constant, all_missing, missing_or_one, wide, huge] {
        let features = Matrix::allowing_missing(&x, &Array2::zeros((n, 0)), x.ncols()).unwrap();
        let y: Vec<f64> = (0..n).map(|i| f64::from(u8::from(i % 4 == 0))).collect();
        let model = HistGradientBoosting { max_iter: 3, ..quick() };
        let predicted = model.fit_numbers(&features, &y, None, &Quiet).unwrap().predict(&features);
        assert!(predicted.iter().all(|value| value.is_finite()));
        let mut labels = classes(&y, &[0.5]);
        labels[7] = 3;
        let rows = WeightedLabels::unweighted(&labels, 5);
        let model = HistGradientBoosting { early_stopping: EarlyStopping::On, ..model };
        let probs = model.fit_classes(&features, rows, &Quiet).unwrap().predict_proba(&features);
        assert!(probs.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12 && row[2] == 0.0));
    }
}

#[test]
fn ten_thousand_levels_give_a_result() {
    let n = 12_000;
    let slots = Array2::from_shape_fn((n, 1), |(i, _)| (i * 7919 % 10_000) as u32);
    let features = Matrix::new(&Array2::zeros((n, 0)), &slots, 10_000).unwrap();
    let y: Vec<f64> = slots.iter().map(|&level| f64::from(level % 2)).collect();
    for one_hot_splits in [OneHotSplits::OneLevel, OneHotSplits::LevelSets] {
        let model = HistGradientBoosting { max_iter: 1, min_samples_leaf: 1, one_hot_splits, ..quick() };
        let predicted = model.fit_numbers(&features, &y, None, &Quiet).unwrap().predict(&features);
        assert_eq!(predicted.len(), n);
    }
}

#[test]
fn three_rows_and_only_duplicates_give_a_result() {
    let features = Matrix::from_dense(&array![[1.0], [2.0], [3.0]]).unwrap();
    let rows = WeightedLabels::unweighted(&[0, 1, 1], 2);
    for early_stopping in [EarlyStopping::On, EarlyStopping::Off] {
        let model = HistGradientBoosting { early_stopping, min_samples_leaf: 1, ..quick() };
        assert_eq!(model.fit_classes(&features, rows, &Quiet).unwrap().predict_proba(&features).dim(), (3, 2));
        assert_eq!(model.fit_numbers(&features, &[5.0, 5.0, 5.0], None, &Quiet).unwrap().predict(&features), [5.0; 3]);
    }
    let same = Matrix::from_dense(&Array2::from_elem((50, 3), 0.25)).unwrap();
    let y: Vec<f64> = (0..50).map(f64::from).collect();
    assert_eq!(quick().fit_numbers(&same, &y, None, &Quiet).unwrap().predict(&same), [24.5; 50]);
}

#[test]
fn a_matrix_of_another_width_is_read_as_far_as_it_goes() {
    let (x, y) = example(100, 3);
    let fitted = quick().fit_numbers(&Matrix::from_dense(&x).unwrap(), &y, None, &Quiet).unwrap();
    let narrow = fitted.predict(&Matrix::from_dense(&array![[0.9]]).unwrap());
    assert_eq!(narrow, fitted.predict(&Matrix::from_dense(&array![[0.9, 0.0, 0.0, 7.0]]).unwrap()));
}

#[test]
fn what_cannot_be_fitted_is_refused_by_name() {
    let features = Matrix::from_dense(&array![[1.0], [2.0]]).unwrap();
    let refused = |model: HistGradientBoosting| {
        model.fit_numbers(&features, &[1.0, 2.0], None, &Quiet).map(|_| ()).unwrap_err().to_string()
    };
    let d = HistGradientBoosting::default;
    assert!(refused(HistGradientBoosting { learning_rate: 0.0, ..d() }).starts_with("learning_rate is 0"));
    assert!(refused(HistGradientBoosting { max_iter: 0, ..d() }).starts_with("max_iter is 0"));
    assert!(refused(HistGradientBoosting { max_leaf_nodes: Some(1), ..d() }).starts_with("max_leaf_nodes is 1"));
    assert!(refused(HistGradientBoosting { max_bins: 256, ..d() }).starts_with("max_bins is 256"));
    assert!(refused(HistGradientBoosting { max_features: 1.5, ..d() }).starts_with("max_features is 1.5"));
    assert!(refused(HistGradientBoosting { tol: f64::NAN, ..d() }).starts_with("tol is NaN"));
    assert!(refused(HistGradientBoosting { categorical_features: vec![1], ..d() }).contains("column 1"));
    let fit = |targets: &[f64]| d().fit_numbers(&features, targets, None, &Quiet).map(|_| ()).unwrap_err();
    assert!(fit(&[1.0, f64::NAN]).to_string().contains("row 1: its target is not finite"));
    assert!(matches!(fit(&[1.0]), LearnError::LabelCount { .. }));
    let rows = WeightedLabels::unweighted(&[1, 1], 2);
    assert!(matches!(d().fit_classes(&features, rows, &Quiet), Err(LearnError::OneClass { .. })));
}
