//! Labels of several annotators.

use forge_core::PredProbs;
use forge_core::multiannotator::{
    AnnotatorLabels, Calibration, EnsembleProbs, LabelQuality, LabelShares, LabelTable, Pools, QualityMethod,
    QualityOptions, find_best_temperature, get_active_learning_scores, get_active_learning_scores_ensemble,
    get_label_quality_multiannotator, get_label_quality_multiannotator_ensemble, get_majority_vote_label,
    temperature_scaled,
};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use crate::cases::{Classes, classes, close, in_order, in_unit_interval, order};

const M: usize = 4;

/// Examples of a data set labelled by four annotators, of which the first labels all of them, and an order of annotators.
#[derive(Clone, Debug)]
struct Annotated {
    data: Classes,
    table: Array2<f64>,
    annotators: Vec<usize>,
}

fn annotated() -> impl Strategy<Value = Annotated> {
    classes().prop_flat_map(|data| {
        let (n, k) = (data.labels.len(), data.n_classes() as u32);
        // Three in ten agree with the first annotator, four are missing, the rest are any class.
        let cells = prop::collection::vec((0_u8..10, 0..k), n * (M - 1));
        (cells, order(M)).prop_map(move |(cells, annotators)| {
            let mut table = Array2::from_elem((n, M), f64::NAN);
            for (row, &label) in data.labels.iter().enumerate() {
                table[[row, 0]] = f64::from(label);
                for annotator in 1..M {
                    let (kind, class) = cells[row * (M - 1) + annotator - 1];
                    table[[row, annotator]] = match kind {
                        0..3 => f64::from(label),
                        // Every annotator labels the first rows.
                        3..7 if row > 2 => f64::NAN,
                        _ => f64::from(class),
                    };
                }
            }
            Annotated { data: data.clone(), table, annotators }
        })
    })
}

fn labels(table: &Array2<f64>) -> AnnotatorLabels {
    AnnotatorLabels::new(LabelTable::from_f64(table.view()).unwrap()).unwrap()
}

fn probs(values: Array2<f64>) -> PredProbs {
    PredProbs::new(values).unwrap()
}

/// Whether every score is in [0, 1] to rounding or not known.
fn are_scores<'a>(scores: impl IntoIterator<Item = &'a f64>) -> bool {
    scores.into_iter().all(|score| score.is_nan() || (-1e-12..=1.0 + 1e-12).contains(score))
}

fn options(quality_method: QualityMethod, calibration: Calibration) -> QualityOptions {
    QualityOptions { quality_method, calibration, ..QualityOptions::default() }
}

/// The quality of each annotator, in order of their columns.
fn by_annotator(found: &LabelQuality) -> Vec<f64> {
    let mut quality = vec![f64::NAN; M];
    for stats in found.annotators.iter().flatten() {
        quality[stats.annotator] = stats.annotator_quality;
    }
    quality
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn quality_follows_examples_and_annotators(case in annotated()) {
        let rows = &case.data.order;
        for method in [QualityMethod::Crowdlab, QualityMethod::Agreement] {
            for calibration in [Calibration::None, Calibration::Temperature] {
                let options = options(method, calibration);
                let quality = |table: &Array2<f64>, values: Array2<f64>| {
                    get_label_quality_multiannotator(&labels(table), &probs(values), &options).unwrap()
                };
                let found = quality(&case.table, case.data.probs.clone());
                let moved = quality(&case.table.select(Axis(0), rows), case.data.probs.select(Axis(0), rows));
                let others = quality(&case.table.select(Axis(1), &case.annotators), case.data.probs.clone());

                prop_assert!(are_scores(&found.consensus[0].quality) && are_scores(&found.consensus[0].agreement));
                prop_assert!(are_scores(found.detailed.iter().flatten()));
                prop_assert!(are_scores(&by_annotator(&found)));
                prop_assert_eq!(in_order(&found.consensus[0].labels, rows), moved.consensus[0].labels.clone());
                prop_assert!(close(&in_order(&found.consensus[0].quality, rows), &moved.consensus[0].quality));
                prop_assert_eq!(in_order(&found.num_annotations, rows), moved.num_annotations.clone());
                prop_assert!(close(&by_annotator(&found), &by_annotator(&moved)));
                prop_assert_eq!(&found.consensus[0].labels, &others.consensus[0].labels);
                prop_assert!(close(&found.consensus[0].quality, &others.consensus[0].quality));
                prop_assert!(close(&in_order(&by_annotator(&found), &case.annotators), &by_annotator(&others)));
            }
        }
    }

    #[test]
    fn an_ensemble_gives_scores_that_follow_their_examples(case in annotated()) {
        let rows = &case.data.order;
        let sharper = case.data.probs.mapv(|p| p * p);
        let sharper = &sharper / &sharper.sum_axis(Axis(1)).insert_axis(Axis(1));
        let models = |rows: &[usize]| {
            let select = |values: &Array2<f64>| probs(values.select(Axis(0), rows));
            EnsembleProbs::new(vec![select(&case.data.probs), select(&sharper)]).unwrap()
        };
        let as_given: Vec<usize> = (0..rows.len()).collect();
        let options = QualityOptions::default();
        let quality = |rows: &[usize]| {
            let labels = labels(&case.table.select(Axis(0), rows));
            get_label_quality_multiannotator_ensemble(&labels, &models(rows), &options).unwrap()
        };
        let (found, moved) = (quality(&as_given), quality(rows));
        prop_assert!(are_scores(&found.consensus[0].quality));
        prop_assert!(close(&in_order(&found.consensus[0].quality, rows), &moved.consensus[0].quality));
        prop_assert!(close(&by_annotator(&found), &by_annotator(&moved)));

        let active = |rows: &[usize]| {
            let labels = labels(&case.table.select(Axis(0), rows));
            let models = models(rows);
            get_active_learning_scores_ensemble(&Pools::Both(&labels, &models, &models), LabelShares::default()).unwrap()
        };
        let (found, moved) = (active(&as_given), active(rows));
        prop_assert!(are_scores(&found.labeled) && are_scores(&found.unlabeled));
        prop_assert!(close(&in_order(&found.labeled, rows), &moved.labeled));
        prop_assert!(close(&in_order(&found.unlabeled, rows), &moved.unlabeled));
    }

    #[test]
    fn active_learning_scores_follow_their_examples(case in annotated()) {
        let rows = &case.data.order;
        let active = |table: &Array2<f64>, values: Array2<f64>| {
            let (labels, values) = (labels(table), probs(values));
            get_active_learning_scores(&Pools::Both(&labels, &values, &values), LabelShares::default()).unwrap()
        };
        let found = active(&case.table, case.data.probs.clone());
        let moved = active(&case.table.select(Axis(0), rows), case.data.probs.select(Axis(0), rows));
        prop_assert!(are_scores(&found.labeled) && are_scores(&found.unlabeled));
        prop_assert!(close(&in_order(&found.labeled, rows), &moved.labeled));
        prop_assert!(close(&in_order(&found.unlabeled, rows), &moved.unlabeled));
    }

    #[test]
    fn the_majority_vote_follows_examples_and_forgets_the_order_of_annotators(case in annotated()) {
        let rows = &case.data.order;
        let vote = |table: Array2<f64>, values: Array2<f64>| {
            get_majority_vote_label(&LabelTable::from_f64(table.view()).unwrap(), Some(&probs(values))).unwrap()
        };
        let found = vote(case.table.clone(), case.data.probs.clone());
        let moved = vote(case.table.select(Axis(0), rows), case.data.probs.select(Axis(0), rows));
        prop_assert_eq!(in_order(&found, rows), moved);
        prop_assert_eq!(&found, &vote(case.table.select(Axis(1), &case.annotators), case.data.probs.clone()));
        for (row, &winner) in found.iter().enumerate() {
            let votes = |class: u32| case.table.row(row).iter().filter(|&&label| label == f64::from(class)).count();
            prop_assert!((0..case.data.n_classes() as u32).all(|class| votes(class) <= votes(winner)));
        }
    }

    #[test]
    fn temperature_keeps_the_order_of_classes(case in annotated(), temperature in 0.2_f64..5.0) {
        let values = probs(case.data.probs.clone());
        let scaled = temperature_scaled(&values, temperature).unwrap();
        for (before, after) in values.rows().zip(scaled.rows()) {
            prop_assert!((after.iter().sum::<f64>() - 1.0).abs() < 1e-9 && in_unit_interval(after));
            let order = |row: &[f64]| {
                let mut classes: Vec<usize> = (0..row.len()).collect();
                classes.sort_by(|&a, &b| row[a].total_cmp(&row[b]));
                classes
            };
            prop_assert_eq!(order(before), order(after));
        }
        let best = find_best_temperature(&labels(&case.table), &values, LabelShares::default()).unwrap();
        prop_assert!(best > 0.0 && best.is_finite());
    }
}
