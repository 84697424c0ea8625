//! Out-of-distribution scores, data values and regression scores: what is read from neighbours and residuals.

use forge_core::outlier::{
    FeatureOod, FeatureOodOptions, Features, OodMethod, PredictionOod, PredictionOodOptions, neighbor_graph,
};
use forge_core::regression::learn::{CleanLearning, RegressionData};
use forge_core::regression::rank::{
    OutreOptions, Predicted, RegressionScore, get_label_quality_scores, get_outre_scores,
};
use forge_core::valuation::{NeighborRows, data_shapley_knn};
use forge_core::{Adjustment, Host, Labels, PredProbs, Quiet};
use forge_learn::{LinearRegression, Matrix};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use crate::cases::{Backwards, ThreeThreads, classes, close, features, in_order, in_unit_interval, order};

/// Features of 2 or 6 columns (close by euclidean and by cosine distance) with classes, numbers and an order of rows.
#[derive(Clone, Debug)]
struct Rows {
    features: Array2<f64>,
    labels: Vec<u32>,
    targets: Vec<f64>,
    predictions: Vec<f64>,
    order: Vec<usize>,
}

fn rows() -> impl Strategy<Value = Rows> {
    (12_usize..60, prop::sample::select(vec![2_usize, 6])).prop_flat_map(|(n, d)| {
        let numbers = || prop::collection::vec(-10.0_f64..10.0, n);
        let labels = prop::collection::vec(0_u32..3, n);
        (features(n, d), labels, numbers(), numbers(), order(n)).prop_map(
            |(features, labels, targets, predictions, order)| Rows { features, labels, targets, predictions, order },
        )
    })
}

/// A data set of so many rows that work on it is split into several units.
fn many_rows() -> impl Strategy<Value = (Array2<f64>, Vec<f64>)> {
    (1500_usize..2500, prop::sample::select(vec![2_usize, 6])).prop_flat_map(|(n, d)| {
        any::<u64>().prop_map(move |seed| {
            // Cheaper than a strategy for each number: a sequence that does not repeat.
            let value = |i: usize| ((i as f64 + 1.0) * (0.618_033_988_749_894_9 + (seed % 97) as f64)).fract();
            let features = Array2::from_shape_fn((n, d), |(row, column)| value(row * d + column) - 0.5);
            let targets = (0..n).map(|row| value(row * 7 + 3)).collect();
            (features, targets)
        })
    })
}

fn checked(values: &Array2<f64>) -> Features {
    Features::new(values.clone()).unwrap()
}

fn predicted(labels: &[f64], predictions: &[f64]) -> Predicted {
    Predicted::new(labels.to_vec(), predictions.to_vec()).unwrap()
}

fn shapley(features: &Array2<f64>, labels: &[u32]) -> Vec<f64> {
    let (graph, _) = neighbor_graph(&checked(features), Some(5), None, &Quiet).unwrap();
    data_shapley_knn(&Labels::new(labels.to_vec()).unwrap(), &NeighborRows::new(graph.neighbors(), 5).unwrap()).unwrap()
}

/// Everything that runs in units, by one host.
fn by_units(features: &Array2<f64>, targets: &[f64], host: &dyn Host) -> Vec<Vec<f64>> {
    let features = checked(features);
    let (ood, scores) = FeatureOod::fit_score(&features, FeatureOodOptions::default(), host).unwrap();
    let (graph, _) = neighbor_graph(&features, Some(7), None, host).unwrap();
    let neighbors = graph.neighbors().flatten().map(|&row| f64::from(row)).collect();
    let data = predicted(targets, &features.view().column(0).to_vec());
    let options = OutreOptions { frac_neighbors: 0.02, ..OutreOptions::default() };
    let outre = get_outre_scores(&data, options, host).unwrap();
    vec![scores, ood.score(&features, host).unwrap(), neighbors, outre]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_by_features_lie_between_zero_and_one_and_follow_their_rows(rows in rows()) {
        let score = |values: &Array2<f64>| {
            FeatureOod::fit_score(&checked(values), FeatureOodOptions::default(), &Quiet).unwrap()
        };
        let (ood, found) = score(&rows.features);
        let (of_moved, moved) = score(&rows.features.select(Axis(0), &rows.order));
        prop_assert!(in_unit_interval(&found));
        prop_assert!(close(&in_order(&found, &rows.order), &moved));
        // Of other rows: each by itself, whichever come with it.
        let others = checked(&rows.features.mapv(|value| value * 1.5 + 0.1));
        let all = ood.score(&others, &Quiet).unwrap();
        prop_assert!(in_unit_interval(&all) && close(&all, &of_moved.score(&others, &Quiet).unwrap()));
        let one = checked(&others.view().select(Axis(0), &[3]));
        prop_assert!(close(&all[3..4], &ood.score(&one, &Quiet).unwrap()));
    }

    #[test]
    fn scores_by_features_do_not_depend_on_their_unit(rows in rows(), unit in 0.01_f64..100.0) {
        let score = |values: &Array2<f64>| {
            FeatureOod::fit_score(&checked(values), FeatureOodOptions::default(), &Quiet).unwrap().1
        };
        prop_assert!(close(&score(&rows.features), &score(&(&rows.features * unit))));
    }

    #[test]
    fn scores_by_probabilities_follow_rows_classes_and_copies(data in classes()) {
        for method in [OodMethod::Entropy, OodMethod::LeastConfidence, OodMethod::Gen] {
            for adjustment in [Adjustment::None, Adjustment::ConfidentThresholds] {
                let options = PredictionOodOptions { method, adjustment, ..PredictionOodOptions::default() };
                let score = |(labels, probs): (Labels, PredProbs)| {
                    PredictionOod::fit(Some(&labels), &probs, options).unwrap().score(&probs).unwrap()
                };
                let found = score(data.checked());
                prop_assert!(found.iter().all(|score| (-1e-9..=1.0 + 1e-9).contains(score)), "{:?} {:?}", method, found);
                prop_assert!(close(&in_order(&found, &data.order), &score(data.reordered())));
                prop_assert!(close(&found, &score(data.renamed())));
                prop_assert!(close(&found.repeat(2), &score(data.doubled())));
            }
        }
    }

    #[test]
    fn data_values_lie_between_zero_and_one_and_follow_rows_and_classes(rows in rows()) {
        let found = shapley(&rows.features, &rows.labels);
        prop_assert!(in_unit_interval(&found));
        let moved = shapley(&rows.features.select(Axis(0), &rows.order), &in_order(&rows.labels, &rows.order));
        prop_assert!(close(&in_order(&found, &rows.order), &moved));
        let renamed: Vec<u32> = rows.labels.iter().map(|&label| (label + 5) * 2).collect();
        prop_assert_eq!(found, shapley(&rows.features, &renamed));
    }

    #[test]
    fn regression_scores_lie_between_zero_and_one_and_follow_their_rows(rows in rows()) {
        let moved = predicted(&in_order(&rows.targets, &rows.order), &in_order(&rows.predictions, &rows.order));
        let original = predicted(&rows.targets, &rows.predictions);
        for score in [RegressionScore::Residual, RegressionScore::Outre] {
            let found = get_label_quality_scores(&original, score, &Quiet).unwrap();
            prop_assert!(in_unit_interval(&found));
            prop_assert!(close(&in_order(&found, &rows.order), &get_label_quality_scores(&moved, score, &Quiet).unwrap()));
        }
        // Labels and predictions in another unit leave the standardised score.
        let scaled = |values: &[f64]| values.iter().map(|value| value * 40.0 - 3.0).collect::<Vec<f64>>();
        let other_unit = predicted(&scaled(&rows.targets), &scaled(&rows.predictions));
        let outre = |data| get_label_quality_scores(data, RegressionScore::Outre, &Quiet).unwrap();
        prop_assert!(close(&outre(&original), &outre(&other_unit)));
        let residual = get_label_quality_scores(&original, RegressionScore::Residual, &Quiet).unwrap();
        let twice = predicted(&rows.targets.repeat(2), &rows.predictions.repeat(2));
        prop_assert_eq!(residual.repeat(2), get_label_quality_scores(&twice, RegressionScore::Residual, &Quiet).unwrap());
    }

    #[test]
    fn learning_from_numbers_scores_between_zero_and_one_on_any_host(rows in rows(), seed in 0_u64..5) {
        let data = RegressionData::new(Matrix::from_dense(&rows.features).unwrap(), rows.targets.clone()).unwrap();
        let learning = CleanLearning { seed, cv_n_folds: 3, n_boot: 2, ..CleanLearning::default() };
        let find = |host: &dyn Host| learning.find_label_issues(&LinearRegression::default(), &data, host).unwrap();
        let found = find(&Quiet);
        prop_assert!(in_unit_interval(&found.label_quality) && in_unit_interval(&[found.issue_share]));
        let flagged = found.is_label_issue.iter().filter(|&&issue| issue).count();
        prop_assert_eq!(flagged, (found.issue_share * rows.targets.len() as f64).ceil() as usize);
        prop_assert_eq!(&found, &find(&Backwards));
        prop_assert_eq!(&found, &find(&ThreeThreads));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn the_order_of_units_and_the_number_of_threads_change_nothing((features, targets) in many_rows()) {
        let quiet = by_units(&features, &targets, &Quiet);
        prop_assert_eq!(&quiet, &by_units(&features, &targets, &Backwards));
        prop_assert_eq!(&quiet, &by_units(&features, &targets, &ThreeThreads));
    }
}
