//! Rows with any number of classes.

use forge_core::multilabel::MultilabelData;
use forge_core::multilabel::filter::{
    MultilabelFilterOptions, Search, find_label_issues, find_multilabel_issues_per_class, ranked_label_issues,
};
use forge_core::multilabel::rank::{Aggregator, Scoring, get_label_quality_scores, get_label_quality_scores_per_class};
use forge_core::multilabel::summary::multilabel_health_summary;
use forge_core::{Adjustment, FilterBy, PredProbs, Score};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use crate::cases::{close, in_order, in_unit_interval, order, twice};

const AGGREGATORS: [Aggregator; 6] = [
    Aggregator::ExponentialMovingAverage { alpha: Some(0.8) },
    Aggregator::Softmin { temperature: 0.1 },
    Aggregator::Mean,
    Aggregator::Min,
    Aggregator::Max,
    Aggregator::Median,
];

#[derive(Clone, Debug)]
struct Rows {
    labels: Vec<Vec<u32>>,
    probs: Array2<f64>,
    order: Vec<usize>,
    /// New class numbers.
    renamed: Vec<usize>,
}

impl Rows {
    fn original(&self) -> MultilabelData {
        data(&self.labels, self.probs.clone())
    }

    fn reordered(&self) -> MultilabelData {
        data(&in_order(&self.labels, &self.order), self.probs.select(Axis(0), &self.order))
    }

    fn renamed(&self) -> MultilabelData {
        let labels: Vec<Vec<u32>> = self
            .labels
            .iter()
            .map(|classes| classes.iter().map(|&class| self.renamed[class as usize] as u32).collect())
            .collect();
        let mut probs = self.probs.clone();
        for (class, &name) in self.renamed.iter().enumerate() {
            probs.column_mut(name).assign(&self.probs.column(class));
        }
        data(&labels, probs)
    }

    fn doubled(&self) -> MultilabelData {
        data(&[self.labels.clone(), self.labels.clone()].concat(), twice(self.probs.view()))
    }
}

fn data(labels: &[Vec<u32>], probs: Array2<f64>) -> MultilabelData {
    MultilabelData::new(labels, PredProbs::new(probs).unwrap()).unwrap()
}

/// Three classes, each of which some rows have and others have not.
fn rows() -> impl Strategy<Value = Rows> {
    (6_usize..25).prop_flat_map(|n| {
        let sets = prop::collection::vec(0_u32..8, n).prop_map(|mut bits| {
            (bits[0], bits[1], bits[2], bits[3]) = (7, 0, 5, 2);
            bits.into_iter().map(|bits| (0..3).filter(|class| bits >> class & 1 == 1).collect()).collect()
        });
        let probs = prop::collection::vec(0.0_f64..1.0, n * 3)
            .prop_map(move |values| Array2::from_shape_vec((n, 3), values).unwrap());
        (sets, probs, order(n), order(3)).prop_map(|(labels, probs, order, renamed)| Rows {
            labels,
            probs,
            order,
            renamed,
        })
    })
}

fn scorings() -> Vec<Scoring> {
    let scores = [Score::SelfConfidence, Score::NormalizedMargin];
    let adjustments = [Adjustment::None, Adjustment::ConfidentThresholds];
    scores.iter().flat_map(|&score| adjustments.map(|adjustment| Scoring { score, adjustment })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_lie_between_zero_and_one_and_follow_rows_and_classes(rows in rows()) {
        let (original, moved, renamed, doubled) =
            (rows.original(), rows.reordered(), rows.renamed(), rows.doubled());
        for scoring in scorings() {
            let per_class = get_label_quality_scores_per_class(&original, scoring).unwrap();
            let of_renamed = get_label_quality_scores_per_class(&renamed, scoring).unwrap();
            for (class, &name) in rows.renamed.iter().enumerate() {
                prop_assert!(close(&per_class.column(class).to_vec(), &of_renamed.column(name).to_vec()));
            }
            for aggregator in AGGREGATORS {
                let score = |data| get_label_quality_scores(data, scoring, aggregator).unwrap();
                let scores = score(&original);
                prop_assert!(scores.iter().all(|score| (-1e-12..=1.0 + 1e-12).contains(score)), "{:?}", scores);
                prop_assert!(close(&in_order(&scores, &rows.order), &score(&moved)));
                prop_assert!(close(&scores, &score(&renamed)));
                prop_assert!(close(&scores.repeat(2), &score(&doubled)));
            }
        }
    }

    #[test]
    fn pooled_scores_lie_between_the_lowest_and_the_highest(rows in rows()) {
        let per_class = get_label_quality_scores_per_class(&rows.original(), Scoring::default()).unwrap();
        let (low, high) = (Aggregator::Min.aggregate(&per_class).unwrap(), Aggregator::Max.aggregate(&per_class).unwrap());
        for aggregator in AGGREGATORS {
            let pooled = aggregator.aggregate(&per_class).unwrap();
            let within = |(row, score): (usize, &f64)| (low[row] - 1e-12..=high[row] + 1e-12).contains(score);
            prop_assert!(pooled.iter().enumerate().all(within), "{:?}", aggregator);
        }
    }

    #[test]
    fn flags_follow_rows_and_classes(rows in rows()) {
        let (original, moved, renamed) = (rows.original(), rows.reordered(), rows.renamed());
        for filter_by in [FilterBy::PruneByNoiseRate, FilterBy::ConfidentLearning, FilterBy::LowSelfConfidence] {
            for search in [Search::Filter, Search::LowMemory(Score::SelfConfidence)] {
                let options = MultilabelFilterOptions { filter_by, search, ..MultilabelFilterOptions::default() };
                let masks = find_multilabel_issues_per_class(&original, &options).unwrap();
                let of_moved = find_multilabel_issues_per_class(&moved, &options).unwrap();
                let of_renamed = find_multilabel_issues_per_class(&renamed, &options).unwrap();
                for (class, mask) in masks.masks.iter().enumerate() {
                    prop_assert_eq!(&in_order(mask, &rows.order), &of_moved.masks[class]);
                    prop_assert_eq!(mask, &of_renamed.masks[rows.renamed[class]]);
                }
                let mask = find_label_issues(&original, &options).unwrap();
                prop_assert_eq!(in_order(&mask, &rows.order), find_label_issues(&moved, &options).unwrap());
            }
        }
    }

    #[test]
    fn ranked_issues_are_the_flagged_rows(rows in rows()) {
        let (data, options) = (rows.original(), MultilabelFilterOptions::default());
        let mask = find_label_issues(&data, &options).unwrap();
        let mut ranked = ranked_label_issues(&data, &options, Scoring::default()).unwrap();
        ranked.sort_unstable();
        let flagged: Vec<u32> = (0..).zip(mask).filter(|(_, flag)| *flag).map(|(row, _)| row).collect();
        prop_assert_eq!(ranked, flagged);
    }

    #[test]
    fn a_summary_does_not_depend_on_the_order_of_rows(rows in rows()) {
        let summary = multilabel_health_summary(&rows.original(), None).unwrap();
        prop_assert!(in_unit_interval(&[summary.overall_multilabel_health_score]));
        prop_assert_eq!(summary, multilabel_health_summary(&rows.reordered(), None).unwrap());
    }
}
