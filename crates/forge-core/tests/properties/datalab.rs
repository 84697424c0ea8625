//! Audits: the host never shows in what is found, and the order of the rows only where a check is about it.

use forge_core::datalab::{AuditData, Check, Datalab, Found, IssueType, LabelKind, RowFacts, Targets};
use forge_core::{Host, Labels, Quiet};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use crate::cases::{Backwards, ThreeThreads, close, features, in_order, in_unit_interval, order, probabilities};

const N_CLASSES: usize = 3;
/// Neighbours that a check looks at by default.
const NEIGHBORS: usize = 10;

/// Rows of two groups far from each other, by euclidean and by cosine distance, so that no row lies between two clusters.
#[derive(Clone, Debug)]
struct Rows {
    features: Array2<f64>,
    probs: Array2<f64>,
    classes: Vec<u32>,
    sets: Vec<Vec<u32>>,
    targets: Vec<f64>,
    predictions: Vec<f64>,
    /// A permutation of the rows.
    order: Vec<usize>,
}

/// What an audit is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Given {
    Everything,
    Predictions,
    Features,
    Labels,
}

const GIVEN: [Given; 4] = [Given::Everything, Given::Predictions, Given::Features, Given::Labels];
const KINDS: [LabelKind; 3] = [LabelKind::Classification, LabelKind::Regression, LabelKind::Multilabel];

impl Rows {
    fn reordered(&self) -> Self {
        let order = &self.order;
        Self {
            features: self.features.select(Axis(0), order),
            probs: self.probs.select(Axis(0), order),
            classes: in_order(&self.classes, order),
            sets: in_order(&self.sets, order),
            targets: in_order(&self.targets, order),
            predictions: in_order(&self.predictions, order),
            order: order.clone(),
        }
    }

    fn data(&self, kind: LabelKind, given: Given) -> AuditData {
        let targets = match kind {
            LabelKind::Classification => {
                let names = (0..N_CLASSES).map(|class| class.to_string()).collect();
                Targets::Classes(Labels::new(self.classes.clone()).unwrap(), names)
            }
            LabelKind::Regression => Targets::Numbers(self.targets.clone()),
            LabelKind::Multilabel => Targets::Sets(self.sets.clone()),
        };
        let mut data = AuditData::of(targets);
        if matches!(given, Given::Everything | Given::Predictions) {
            data = match kind {
                LabelKind::Regression => data.with_predictions(self.predictions.clone()),
                LabelKind::Classification | LabelKind::Multilabel => data.with_pred_probs(self.probs.clone()),
            };
        }
        if matches!(given, Given::Everything | Given::Features) {
            data = data.with_features(self.features.clone());
        }
        data
    }

    fn audit(&self, kind: LabelKind, given: Given, host: &dyn Host) -> Datalab {
        let mut audit = Datalab::new(self.data(kind, given));
        let mut checks = audit.default_checks();
        if audit.silenced(IssueType::DataValuation).is_none() {
            checks.push(Check::default_of(IssueType::DataValuation, kind));
        }
        audit.find_issues(&checks, host).unwrap();
        audit
    }
}

/// What checks found, and why others failed.
fn outcome(audit: &Datalab) -> (Vec<(IssueType, Found)>, Vec<String>) {
    let found = audit.results().map(|(issue, found)| (issue, found.clone())).collect();
    (found, audit.failures().map(|(issue, error)| format!("{}: {error}", issue.name())).collect())
}

fn rows() -> impl Strategy<Value = Rows> {
    (26_usize..60, prop::sample::select(vec![2_usize, 6])).prop_flat_map(|(n, d)| {
        let in_groups = features(n, d).prop_map(|mut features| {
            for (row, mut values) in features.outer_iter_mut().enumerate() {
                values /= 20.0;
                values[row % 2] += 100.0;
            }
            features
        });
        let numbers = || prop::collection::vec(-10.0_f64..10.0, n);
        let classes = prop::collection::vec(0..N_CLASSES as u32, n).prop_map(|mut classes| {
            (0..2 * N_CLASSES).for_each(|row| classes[row] = (row % N_CLASSES) as u32);
            classes
        });
        let sets = prop::collection::vec(prop::collection::btree_set(0..N_CLASSES as u32, 0..=N_CLASSES), n);
        (in_groups, probabilities(n, N_CLASSES), classes, sets, numbers(), numbers(), order(n)).prop_map(
            |(features, probs, classes, sets, targets, predictions, order)| Rows {
                features,
                probs,
                classes,
                sets: sets.into_iter().map(|set| set.into_iter().collect()).collect(),
                targets,
                predictions,
                order,
            },
        )
    })
}

/// So many rows that work on them is split into several units.
fn many_rows() -> impl Strategy<Value = Rows> {
    (1500_usize..1700, prop::sample::select(vec![2_usize, 6]), any::<u64>()).prop_map(|(n, d, seed)| {
        // Cheaper than a strategy for each number: a sequence that does not repeat.
        let value = |i: usize| ((i as f64 + 1.0) * (0.618_033_988_749_894_9 + (seed % 97) as f64)).fract();
        let mut probs = Array2::from_shape_fn((n, N_CLASSES), |(row, class)| 0.01 + value(row * 5 + class));
        probs.outer_iter_mut().for_each(|mut row| row /= row.sum());
        Rows {
            features: Array2::from_shape_fn((n, d), |(row, column)| value(row * d + column) - 0.5),
            probs,
            classes: (0..n).map(|row| (value(row * 3) * N_CLASSES as f64) as u32).collect(),
            sets: (0..n).map(|row| (0..(value(row * 11) * 4.0) as u32).collect()).collect(),
            targets: (0..n).map(|row| value(row * 7 + 3)).collect(),
            predictions: (0..n).map(|row| value(row * 7 + 4)).collect(),
            order: (0..n).collect(),
        }
    })
}

/// Whether two lists of groups divide the rows alike, whatever the groups are called; −1 is no group.
fn same_groups(a: &[i64], b: &[i64]) -> bool {
    let mut pairs: Vec<(i64, i64)> = a.iter().copied().zip(b.iter().copied()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let distinct = |mut groups: Vec<i64>| {
        groups.sort_unstable();
        groups.dedup();
        groups.len()
    };
    pairs.iter().all(|&(a, b)| (a == -1) == (b == -1))
        && pairs.len() == distinct(a.to_vec())
        && pairs.len() == distinct(b.to_vec())
}

/// Whether a fact about the reordered rows is the one about the rows.
fn same_fact(issue: IssueType, of_rows: &RowFacts, of_moved: &RowFacts, order: &[usize]) -> bool {
    match (of_rows, of_moved) {
        (RowFacts::Classes(rows), RowFacts::Classes(moved)) => in_order(rows, order) == *moved,
        (RowFacts::Numbers(rows), RowFacts::Numbers(moved)) => close(&in_order(rows, order), moved),
        (RowFacts::Groups(rows), RowFacts::Groups(moved)) => same_groups(&in_order(rows, order), moved),
        (RowFacts::Lists(rows), RowFacts::Lists(moved)) => order.iter().zip(moved.iter()).all(|(&row, moved)| {
            let sorted = |mut list: Vec<u32>| {
                list.sort_unstable();
                list
            };
            // The lists of near duplicates name rows, those of labels classes.
            let back = |&member: &u32| {
                if issue == IssueType::NearDuplicate { order[member as usize] as u32 } else { member }
            };
            sorted(rows.row(row).to_vec()) == sorted(moved.iter().map(back).collect())
        }),
        _ => false,
    }
}

/// Whether a check may find something else in other orders of the rows: it is about the order, or it learns from folds
/// drawn by row number, or it groups rows along lists of the nearest: a row that is in no list of a group's rows joins the
/// group if it comes before them, and is a group of its own if it comes after.
fn depends_on_order(issue: IssueType, given: Given) -> bool {
    matches!(issue, IssueType::NonIid | IssueType::UnderperformingGroup)
        || (issue == IssueType::Label && given == Given::Features)
}

/// Whether so many rows are alike that which of them are the nearest of a row depends on their order.
fn is_crowded(facts: &RowFacts) -> bool {
    matches!(facts, RowFacts::Lists(lists) if lists.iter().any(|list| list.len() >= NEIGHBORS))
}

/// Whether the order of the rows decides which of them are the nearest of some row: the last that is looked at is as far as
/// the next.
fn has_ties(features: &Array2<f64>) -> bool {
    let norm = |row: usize| features.row(row).dot(&features.row(row)).sqrt();
    features.outer_iter().enumerate().any(|(i, row)| {
        let others = (0..features.nrows()).filter(|&j| j != i);
        let (mut euclidean, mut cosine): (Vec<f64>, Vec<f64>) = others
            .map(|j| {
                let other = features.row(j);
                let difference = &row - &other;
                (difference.dot(&difference).sqrt(), 1.0 - row.dot(&other) / (norm(i) * norm(j)))
            })
            .unzip();
        [&mut euclidean, &mut cosine].into_iter().any(|distances| {
            distances.sort_by(f64::total_cmp);
            distances[NEIGHBORS] - distances[NEIGHBORS - 1] < 1e-9
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn an_audit_finds_the_same_on_any_host(rows in rows()) {
        for (kind, given) in KINDS.into_iter().flat_map(|kind| GIVEN.map(|given| (kind, given))) {
            let quiet = outcome(&rows.audit(kind, given, &Quiet));
            prop_assert_eq!(&quiet, &outcome(&rows.audit(kind, given, &Backwards)), "{:?} {:?}", kind, given);
            prop_assert_eq!(&quiet, &outcome(&rows.audit(kind, given, &ThreeThreads)), "{:?} {:?}", kind, given);
        }
    }

    #[test]
    fn what_is_found_follows_the_rows_unless_it_is_about_their_order(rows in rows()) {
        let moved = rows.reordered();
        let has_ties = has_ties(&rows.features);
        for (kind, given) in KINDS.into_iter().flat_map(|kind| GIVEN.map(|given| (kind, given))) {
            let (found, failures) = outcome(&rows.audit(kind, given, &Quiet));
            let (found_moved, failures_moved) = outcome(&moved.audit(kind, given, &Quiet));
            prop_assert_eq!(&failures, &failures_moved);
            prop_assert_eq!(found.len(), found_moved.len());
            for ((issue, found), (same, moved)) in found.into_iter().zip(found_moved) {
                prop_assert_eq!(issue, same);
                prop_assert!(in_unit_interval(&found.scores) && in_unit_interval(&[found.score]));
                if depends_on_order(issue, given) || (has_ties && issue == IssueType::DataValuation) {
                    continue;
                }
                let name = issue.name();
                prop_assert!(close(&in_order(&found.scores, &rows.order), &moved.scores), "{} {:?} {:?}", name, kind, given);
                prop_assert_eq!(in_order(&found.is_issue, &rows.order), moved.is_issue, "{} {:?} {:?}", name, kind, given);
                prop_assert!(close(&[found.score], &[moved.score]), "{} {:?} {:?}", name, kind, given);
                for ((fact, of_rows), (of, of_moved)) in found.facts.iter().zip(&moved.facts) {
                    prop_assert_eq!(fact, of);
                    if issue == IssueType::NearDuplicate && is_crowded(of_rows) {
                        continue;
                    }
                    prop_assert!(same_fact(issue, of_rows, of_moved, &rows.order), "{} {}", name, fact);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]

    #[test]
    fn an_audit_of_many_rows_finds_the_same_on_any_host(rows in many_rows()) {
        for (kind, given) in KINDS.into_iter().flat_map(|kind| [(kind, Given::Everything), (kind, Given::Features)]) {
            let quiet = outcome(&rows.audit(kind, given, &Quiet));
            prop_assert_eq!(&quiet, &outcome(&rows.audit(kind, given, &Backwards)), "{:?} {:?}", kind, given);
            prop_assert_eq!(&quiet, &outcome(&rows.audit(kind, given, &ThreeThreads)), "{:?} {:?}", kind, given);
        }
    }
}
