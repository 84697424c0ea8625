//! What holds for any labels and probabilities.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use forge_core::classification::count::{Calibration, compute_confident_joint, get_confident_thresholds};
use forge_core::classification::filter::{FilterBy, FilterOptions, find_label_issues};
use forge_core::classification::rank::get_label_quality_scores;
use forge_core::{Labels, PredProbs, Score};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

const RULES: [FilterBy; 7] = [
    FilterBy::PruneByNoiseRate,
    FilterBy::PruneByClass,
    FilterBy::Both,
    FilterBy::ConfidentLearning,
    FilterBy::PredictedNeqGiven,
    FilterBy::LowNormalizedMargin,
    FilterBy::LowSelfConfidence,
];
const SCORES: [Score; 3] = [Score::SelfConfidence, Score::NormalizedMargin, Score::ConfidenceWeightedEntropy];

/// Labels of at least two classes, distinct probabilities and an order of the rows.
fn data() -> impl Strategy<Value = (Vec<u32>, Array2<f64>, Vec<usize>)> {
    (2_usize..5, 6_usize..40).prop_flat_map(|(k, n)| {
        let labels = prop::collection::vec(0..k as u32, n).prop_map(|mut labels| {
            labels[0] = 0;
            labels[1] = 1;
            labels
        });
        let weights = prop::collection::vec(0.001_f64..1.0, n * k);
        let order = Just((0..n).collect::<Vec<usize>>()).prop_shuffle();
        (labels, weights, order).prop_map(move |(labels, weights, order)| {
            let mut probs = Array2::from_shape_vec((n, k), weights).unwrap();
            for mut row in probs.outer_iter_mut() {
                let total = row.sum();
                row.mapv_inplace(|p| p / total);
            }
            (labels, probs, order)
        })
    })
}

fn checked(labels: Vec<u32>, probs: Array2<f64>) -> (Labels, PredProbs) {
    (Labels::new(labels).unwrap(), PredProbs::new(probs).unwrap())
}

proptest! {
    #[test]
    fn scores_lie_between_zero_and_one_and_follow_their_rows((labels, probs, order) in data()) {
        let shuffled = checked(order.iter().map(|&i| labels[i]).collect(), probs.select(Axis(0), &order));
        let original = checked(labels, probs);
        for score in SCORES {
            let scores = get_label_quality_scores(&original.0, &original.1, score).unwrap();
            prop_assert!(scores.iter().all(|s| (0.0..=1.0).contains(s)));
            let moved = get_label_quality_scores(&shuffled.0, &shuffled.1, score).unwrap();
            prop_assert!(order.iter().zip(moved).all(|(&i, s)| scores[i] == s));
        }
    }

    #[test]
    fn calibrated_rows_total_the_label_counts((labels, probs, _) in data()) {
        let (labels, probs) = checked(labels, probs);
        let joint = compute_confident_joint(&labels, &probs, None, Calibration::Calibrated).unwrap().counts;
        let totals: Vec<usize> = joint.sum_axis(Axis(1)).iter().map(|&total| total as usize).collect();
        prop_assert_eq!(totals, labels.counts(probs.n_classes()).unwrap());
    }

    #[test]
    fn a_flagged_row_is_never_predicted_as_labelled((labels, probs, _) in data()) {
        let (labels, probs) = checked(labels, probs);
        for filter_by in RULES {
            let options = FilterOptions { filter_by, ..FilterOptions::default() };
            let mask = find_label_issues(&labels, &probs, &options).unwrap().mask;
            if !matches!(filter_by, FilterBy::LowNormalizedMargin | FilterBy::LowSelfConfidence) {
                for (row, probs) in probs.rows().enumerate().filter(|(row, _)| mask[*row]) {
                    let own = probs[labels.as_slice()[row] as usize];
                    prop_assert!(probs.iter().any(|&p| p > own));
                }
            }
        }
    }

    #[test]
    fn doubling_the_data_keeps_the_thresholds((labels, probs, _) in data()) {
        let twice = checked(
            labels.repeat(2),
            ndarray::concatenate(Axis(0), &[probs.view(), probs.view()]).unwrap(),
        );
        let once = checked(labels, probs);
        let a = get_confident_thresholds(&once.0, &once.1).unwrap();
        let b = get_confident_thresholds(&twice.0, &twice.1).unwrap();
        prop_assert!(a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-12));
    }
}
