//! Counting, filtering, ranking and summing up labels of classes.

use forge_core::classification::clean_learning::{CleanLearning, Evidence as Given, NoiseKnowledge};
use forge_core::classification::count::{
    Calibration, EstimationMethod, compute_confident_joint, estimate_joint, get_confident_thresholds, num_label_issues,
};
use forge_core::classification::filter::{FilterOptions, find_label_issues};
use forge_core::classification::inspector::{Inspector, InspectorSettings, Keep, find_label_issues_batched};
use forge_core::classification::rank::{
    EnsembleWeights, find_top_issues, get_adjusted_label_quality_scores, get_label_quality_ensemble_scores,
    get_label_quality_scores, order_label_issues,
};
use forge_core::classification::summary::{Evidence, Overlap, health_summary};
use forge_core::{Adjustment, FilterBy, Labels, PredProbs, Score};
use ndarray::Axis;
use proptest::prelude::*;

use crate::cases::{classes, close, in_order, in_unit_interval};

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

fn mask(labels: &Labels, probs: &PredProbs, filter_by: FilterBy) -> Vec<bool> {
    find_label_issues(labels, probs, &FilterOptions { filter_by, ..FilterOptions::default() }).unwrap().mask
}

/// Scores after the thresholds of their classes.
fn adjusted((labels, probs): &(Labels, PredProbs), score: Score) -> Vec<f64> {
    get_adjusted_label_quality_scores(labels, probs, score, Adjustment::ConfidentThresholds).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_lie_between_zero_and_one_and_follow_their_rows(data in classes()) {
        let (original, moved) = (data.checked(), data.reordered());
        for score in SCORES {
            let scores = get_label_quality_scores(&original.0, &original.1, score).unwrap();
            prop_assert!(in_unit_interval(&scores));
            prop_assert_eq!(
                in_order(&scores, &data.order), get_label_quality_scores(&moved.0, &moved.1, score).unwrap()
            );
        }
        for score in [Score::SelfConfidence, Score::NormalizedMargin] {
            let scores = adjusted(&original, score);
            prop_assert!(in_unit_interval(&scores));
            prop_assert!(close(&in_order(&scores, &data.order), &adjusted(&moved, score)));
        }
    }

    #[test]
    fn new_class_numbers_and_copies_leave_scores(data in classes()) {
        let (original, renamed, doubled) = (data.checked(), data.renamed(), data.doubled());
        for score in SCORES {
            let scores = get_label_quality_scores(&original.0, &original.1, score).unwrap();
            let of_renamed = get_label_quality_scores(&renamed.0, &renamed.1, score).unwrap();
            prop_assert!(close(&scores, &of_renamed));
            prop_assert_eq!(scores.repeat(2), get_label_quality_scores(&doubled.0, &doubled.1, score).unwrap());
        }
        for score in [Score::SelfConfidence, Score::NormalizedMargin] {
            let scores = adjusted(&original, score);
            prop_assert!(close(&scores, &adjusted(&renamed, score)));
            prop_assert!(close(&scores.repeat(2), &adjusted(&doubled, score)));
        }
    }

    #[test]
    fn the_score_of_equal_models_is_that_of_one(data in classes()) {
        let ((labels, probs), moved) = (data.checked(), data.reordered());
        let one = get_label_quality_scores(&labels, &probs, Score::SelfConfidence).unwrap();
        let members = [probs.clone(), probs];
        for weights in [EnsembleWeights::Uniform, EnsembleWeights::Accuracy] {
            let ensemble = |labels: &Labels, members: &[PredProbs]| {
                let (score, adjustment) = (Score::SelfConfidence, Adjustment::None);
                get_label_quality_ensemble_scores(labels, members, score, adjustment, &weights)
            };
            if let Ok(scores) = ensemble(&labels, &members) {
                // Models that predict no label have no weight, and as in the library their scores are not known.
                let weightless = scores.iter().all(|score| score.is_nan());
                prop_assert!(close(&scores, &one) || (weightless && weights == EnsembleWeights::Accuracy));
                let of_moved = ensemble(&moved.0, &[moved.1.clone(), moved.1.clone()]).unwrap();
                prop_assert!(close(&in_order(&scores, &data.order), &of_moved));
            }
        }
    }

    #[test]
    fn calibrated_rows_total_the_label_counts(data in classes()) {
        let (labels, probs) = data.checked();
        let joint = compute_confident_joint(&labels, &probs, None, Calibration::Calibrated).unwrap().counts;
        let totals: Vec<usize> = joint.sum_axis(Axis(1)).iter().map(|&total| total as usize).collect();
        prop_assert_eq!(totals, labels.counts(probs.n_classes()).unwrap());
    }

    #[test]
    fn joints_follow_new_class_numbers_and_not_the_order_of_rows(data in classes()) {
        let (original, moved, renamed) = (data.checked(), data.reordered(), data.renamed());
        let raw = |(labels, probs): &(Labels, PredProbs)| {
            compute_confident_joint(labels, probs, None, Calibration::Raw).unwrap().counts
        };
        let joint = raw(&original);
        prop_assert_eq!(&joint, &raw(&moved));
        let both = data.renamed_columns(joint.view());
        let both = data.renamed_columns(both.t()).t().to_owned();
        prop_assert_eq!(both, raw(&renamed));
        prop_assert!((estimate_joint(&original.0, &original.1).unwrap().sum() - 1.0).abs() < 1e-9);

        let thresholds = |(labels, probs): &(Labels, PredProbs)| get_confident_thresholds(labels, probs).unwrap();
        let once = thresholds(&original);
        prop_assert!(close(&once, &thresholds(&moved)));
        prop_assert!(close(&once, &thresholds(&data.doubled())));
        prop_assert!((0..data.n_classes()).all(|k| close(&once[k..=k], &thresholds(&renamed)[data.renamed[k]..][..1])));
    }

    #[test]
    fn copies_double_the_number_of_issues(data in classes()) {
        let count = |(labels, probs): &(Labels, PredProbs)| {
            num_label_issues(labels, probs, EstimationMethod::OffDiagonal, None).unwrap()
        };
        prop_assert_eq!(2 * count(&data.checked()), count(&data.doubled()));
        prop_assert_eq!(count(&data.checked()), count(&data.reordered()));
        prop_assert_eq!(count(&data.checked()), count(&data.renamed()));
    }

    #[test]
    fn flags_follow_their_rows(data in classes()) {
        let (original, moved) = (data.checked(), data.reordered());
        for rule in RULES {
            let flags = mask(&original.0, &original.1, rule);
            prop_assert_eq!(in_order(&flags, &data.order), mask(&moved.0, &moved.1, rule), "{:?}", rule);
        }
    }

    #[test]
    fn flags_that_need_no_rounding_follow_new_class_numbers_and_copies(data in classes()) {
        let (original, renamed, doubled) = (data.checked(), data.renamed(), data.doubled());
        for rule in [
            FilterBy::ConfidentLearning,
            FilterBy::PredictedNeqGiven,
            FilterBy::LowNormalizedMargin,
            FilterBy::LowSelfConfidence,
        ] {
            let flags = mask(&original.0, &original.1, rule);
            prop_assert_eq!(&flags, &mask(&renamed.0, &renamed.1, rule), "{:?}", rule);
            prop_assert_eq!(flags.repeat(2), mask(&doubled.0, &doubled.1, rule), "{:?}", rule);
        }
    }

    #[test]
    fn a_flagged_row_is_never_predicted_as_labelled(data in classes()) {
        let (labels, probs) = data.checked();
        for rule in &RULES[..5] {
            let flags = mask(&labels, &probs, *rule);
            for (row, probs) in probs.rows().enumerate().filter(|(row, _)| flags[*row]) {
                let own = probs[labels.as_slice()[row] as usize];
                prop_assert!(probs.iter().any(|&p| p > own));
            }
        }
    }

    #[test]
    fn orders_depend_on_the_order_of_scores_only(data in classes(), top in 0_usize..50) {
        let (labels, probs) = data.checked();
        let scores = get_label_quality_scores(&labels, &probs, Score::SelfConfidence).unwrap();
        let monotone: Vec<f64> = scores.iter().map(|score| score.powi(3) * 8.0 - 1.0).collect();
        let worst = find_top_issues(&scores, top);
        prop_assert_eq!(&worst, &find_top_issues(&monotone, top));
        prop_assert!(worst.is_sorted_by(|&a, &b| scores[a as usize] <= scores[b as usize]));
        prop_assert_eq!(worst.len(), top.min(scores.len()));
        let every = order_label_issues(
            &vec![true; scores.len()], &labels, &probs, Score::SelfConfidence, Adjustment::None,
        ).unwrap();
        prop_assert_eq!(every, find_top_issues(&scores, scores.len()));
    }

    #[test]
    fn equal_scores_keep_row_order(values in prop::collection::vec(0_u8..4, 1..40), top in 0_usize..40) {
        let scores: Vec<f64> = values.iter().map(|&value| f64::from(value) / 4.0).collect();
        let worst = find_top_issues(&scores, top);
        let mut expected: Vec<u32> = (0..scores.len() as u32).collect();
        expected.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]));
        expected.truncate(top);
        prop_assert_eq!(worst, expected);
    }

    #[test]
    fn a_summary_follows_new_class_numbers(data in classes()) {
        let (original, moved) = (data.checked(), data.reordered());
        let summary = |(labels, probs): &(Labels, PredProbs)| {
            health_summary(&Evidence::predictions(labels, probs), Overlap::Directed).unwrap()
        };
        let found = summary(&original);
        prop_assert!(in_unit_interval(&[found.overall_label_health_score]));
        prop_assert!(found.classes_by_label_quality.iter().all(|class| in_unit_interval(&[class.label_quality_score])));
        prop_assert_eq!(&found, &summary(&moved));
        prop_assert_eq!(found.overall_label_health_score, summary(&data.renamed()).overall_label_health_score);
    }

    #[test]
    fn the_size_of_batches_changes_nothing(
        data in classes(), sizes in prop::collection::vec(1_usize..9, 1..8), score in prop::sample::select(&SCORES[..])
    ) {
        let (labels, probs) = data.checked();
        let settings = InspectorSettings { score, ..InspectorSettings::default() };
        let run = |sizes: &[usize]| {
            let mut inspector = Inspector::new(probs.n_classes(), settings).unwrap();
            let mut batches = Vec::new();
            let mut start = 0;
            for size in sizes.iter().cycle() {
                let rows: Vec<usize> = (start..(start + size).min(labels.len())).collect();
                if rows.is_empty() {
                    break;
                }
                start += rows.len();
                let batch = Labels::new(in_order(labels.as_slice(), &rows)).unwrap();
                batches.push((batch, PredProbs::new(probs.view().select(Axis(0), &rows)).unwrap()));
            }
            batches.iter().for_each(|(l, p)| inspector.update_confident_thresholds(l, p).unwrap());
            batches.iter().for_each(|(l, p)| drop(inspector.score_label_quality(l, p).unwrap()));
            inspector
        };
        let (whole, parts) = (run(&[labels.len()]), run(&sizes));
        prop_assert_eq!(&whole, &parts);
        prop_assert_eq!(whole.label_issues().unwrap(), parts.label_issues().unwrap());
        let mask = find_label_issues_batched(&labels, &probs, settings).unwrap();
        let rows: Vec<u64> = (0..).zip(mask).filter(|(_, flag)| *flag).map(|(row, _)| row).collect();
        prop_assert_eq!(rows, parts.disagreeing_issues().unwrap());
        let worst = InspectorSettings { keep: Keep::Worst(labels.len()), ..settings };
        let mut kept = Inspector::new(probs.n_classes(), worst).unwrap();
        kept.update_confident_thresholds(&labels, &probs).unwrap();
        kept.score_label_quality(&labels, &probs).unwrap();
        prop_assert_eq!(kept.disagreeing_issues().unwrap(), parts.disagreeing_issues().unwrap());
    }

    #[test]
    fn clean_learning_from_probabilities_follows_its_rows(data in classes()) {
        let (original, moved) = (data.checked(), data.reordered());
        let find = |(labels, probs): &(Labels, PredProbs)| {
            let learning = CleanLearning::default();
            learning.find_label_issues(labels, Given::PredProbs(probs), &NoiseKnowledge::default()).unwrap()
        };
        let (found, of_moved) = (find(&original), find(&moved));
        prop_assert!(in_unit_interval(&found.label_quality));
        prop_assert_eq!(in_order(&found.is_label_issue, &data.order), of_moved.is_label_issue);
        prop_assert_eq!(in_order(&found.label_quality, &data.order), of_moved.label_quality);
        prop_assert_eq!(in_order(&found.predicted_label, &data.order), of_moved.predicted_label);
        prop_assert!(close(&found.given_shares, &of_moved.given_shares));
    }
}
