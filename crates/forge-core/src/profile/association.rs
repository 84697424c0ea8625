//! How much of the target a column explains on its own.
//!
//! Columns are cut into groups: the levels of a category, or numbers of nearly equal rank. Within groups the target is
//! guessed by its most frequent class or its mean. Source: L. A. Goodman, W. H. Kruskal, *Measures of Association for
//! Cross Classifications*, JASA 49 (1954), λ of equation 14; K. Pearson's correlation ratio η.

use crate::by_number;
use forge_data::{Column, MISSING, Values};

/// Groups that numbers are cut into at most.
const GROUPS: usize = 50;
/// With fewer rows per group a group tells about its rows by chance.
const ROWS_PER_GROUP: usize = 4;

/// The group of each row.
pub(super) struct Binned {
    groups: Vec<u32>,
    n_groups: usize,
}

impl Binned {
    /// Cuts a column into groups; `None` for free text and where groups would be too small to tell anything.
    pub(super) fn of(column: &Column) -> Option<Self> {
        let (groups, n_groups) = match column.values() {
            Values::Category { codes, levels } => {
                let missing = levels.len() as u32;
                let group = |&code: &u32| if code == MISSING { missing } else { code };
                (codes.iter().map(group).collect(), levels.len() + 1)
            }
            Values::Boolean(values) => (values.iter().map(|value| value.map_or(2, u32::from)).collect(), 3),
            Values::Number(values) | Values::Date(values) => by_rank(values),
            Values::Text(_) => return None,
        };
        (n_groups * ROWS_PER_GROUP <= column.len()).then_some(Self { groups, n_groups })
    }
}

/// Numbers in groups of nearly equal size; equal numbers share a group, missing ones have their own.
fn by_rank(values: &[f64]) -> (Vec<u32>, usize) {
    let mut order: Vec<usize> = (0..values.len()).filter(|&row| !values[row].is_nan()).collect();
    by_number::sort(&mut order, |&row| values[row]);
    let n_groups = GROUPS.min(values.len() / ROWS_PER_GROUP).max(2);
    let (missing, mut group) = (n_groups as u32 - 1, 0);
    let mut groups = vec![missing; values.len()];
    for (rank, &row) in order.iter().enumerate() {
        if rank == 0 || values[row] != values[order[rank - 1]] {
            group = (rank * (n_groups - 1) / order.len()) as u32;
        }
        groups[row] = group;
    }
    (groups, n_groups)
}

/// The target to be explained.
pub(super) enum Goal<'a> {
    /// Class numbers, [`MISSING`] where absent.
    Classes(Vec<u32>, usize),
    /// Numbers, NaN where absent.
    Numbers(&'a [f64]),
}

/// Numbers with more distinct values are no classes.
const MOST_NUMERIC_CLASSES: usize = 20;

impl<'a> Goal<'a> {
    pub(super) fn of(column: &'a Column) -> Self {
        let few = column.class_labels().ok().filter(|labels| labels.names.len() <= MOST_NUMERIC_CLASSES);
        match (column.values(), few) {
            (Values::Number(values) | Values::Date(values), None) => Self::Numbers(values),
            (_, Some(labels)) => Self::Classes(labels.codes, labels.names.len()),
            _ => column.class_labels().map_or(Self::Classes(Vec::new(), 0), |labels| {
                let n_classes = labels.names.len();
                Self::Classes(labels.codes, n_classes)
            }),
        }
    }
}

/// The share of the target's spread that the groups explain; `None` where the target does not vary.
pub(super) fn explained(binned: &Binned, goal: &Goal<'_>) -> Option<f64> {
    match goal {
        Goal::Classes(codes, n_classes) => lambda(binned, codes, *n_classes),
        Goal::Numbers(values) => eta_squared(binned, values),
    }
}

fn lambda(binned: &Binned, codes: &[u32], n_classes: usize) -> Option<f64> {
    let mut counts = vec![0_usize; binned.n_groups.checked_mul(n_classes)?];
    for (&group, &code) in binned.groups.iter().zip(codes).filter(|&(_, &code)| code != MISSING) {
        counts[group as usize * n_classes + code as usize] += 1;
    }
    if n_classes == 0 {
        return None;
    }
    let mut totals = vec![0_usize; n_classes];
    let mut right = 0;
    for group in counts.chunks_exact(n_classes) {
        right += group.iter().max().copied().unwrap_or(0);
        totals.iter_mut().zip(group).for_each(|(total, count)| *total += count);
    }
    let (n, base) = (totals.iter().sum::<usize>(), totals.iter().max().copied().unwrap_or(0));
    (n > base).then(|| (right - base) as f64 / (n - base) as f64)
}

fn eta_squared(binned: &Binned, values: &[f64]) -> Option<f64> {
    let known = || binned.groups.iter().zip(values).filter(|(_, value)| !value.is_nan());
    let (n, sum) = known().fold((0.0, 0.0), |(n, sum), (_, value)| (n + 1.0, sum + value));
    let mean = sum / n;
    let mut groups = vec![(0.0, 0.0); binned.n_groups];
    let mut total = 0.0;
    for (&group, &value) in known() {
        let (n, sum) = &mut groups[group as usize];
        *n += 1.0;
        *sum += value - mean;
        total += (value - mean) * (value - mean);
    }
    let between: f64 = groups.iter().filter(|(n, _)| *n > 0.0).map(|(n, sum)| sum * sum / n).sum();
    (total > 0.0).then(|| (between / total).min(1.0))
}
