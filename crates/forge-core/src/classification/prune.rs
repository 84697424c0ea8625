//! The prune rules of Northcutt et al. (2021), section 3.2: how many rows to flag in each class or pair of classes, and
//! which.
//!
//! A flagged row counts only where its prediction is not its label, so most rows need not be ordered at all: the rows
//! with the smallest margins between two classes are as a rule those in which the other class leads.

use std::cell::OnceCell;

use ndarray::Array2;

use super::count::{calibrated_joint, count_confident, get_confident_thresholds};
use super::filter::{FilterOptions, counts_to_remove, keep_at_least_n_per_class};
use super::leads::Leads;
use super::order::Smallest;
use super::scan::prediction_agrees;
use crate::{CoreError, FilterBy, Labels, PredProbs};

/// With so many classes at most, leads between all of them are gathered while the rows are read for the joint: the clear
/// ones, which are as a rule enough. With more classes, or more leads than this per
/// row, they would take too much memory and are gathered class by class, as are all leads of a class that has too few.
const MOST_GATHERED_AT_ONCE: usize = 1024;
const MOST_LEADS_PER_ROW: usize = 4;

/// Rows whose probabilities are copied at a time.
const BLOCK: usize = 32;

/// The lead that is taken for clear: nearly twice an even share of the probability where there are many classes, none
/// where there are two.
fn clear_lead(n_classes: usize) -> f64 {
    let share = 1.0 / n_classes as f64;
    2.0 * share * (1.0 - 2.0 * share)
}

/// Rows in order of their class.
struct ByClass {
    /// The rows of class c are those from `starts[c]` to `starts[c + 1]`, ascending.
    starts: Vec<usize>,
    rows: Vec<u32>,
    /// The probability of the given label of each.
    own: Vec<f64>,
}

impl ByClass {
    fn new(labels: &Labels, pred_probs: &PredProbs, sizes: &[usize]) -> Self {
        let mut starts = Vec::with_capacity(sizes.len() + 1);
        starts.push(0);
        starts.extend(sizes.iter().scan(0, |end, size| {
            *end += size;
            Some(*end)
        }));
        let mut next = starts.clone();
        let (mut rows, mut own) = (vec![0; labels.len()], vec![0.0; labels.len()]);
        for (row, (probs, &label)) in pred_probs.rows().zip(labels.as_slice()).enumerate() {
            let place = &mut next[label as usize];
            rows[*place] = row as u32;
            own[*place] = probs[label as usize];
            *place += 1;
        }
        Self { starts, rows, own }
    }

    /// Rows of a class and the probability of the class in each.
    fn of(&self, class: usize) -> (&[u32], &[f64]) {
        let range = self.starts[class]..self.starts[class + 1];
        (&self.rows[range.clone()], &self.own[range])
    }
}

/// How many rows to flag, and what decides which.
pub(super) struct Pruning<'a> {
    labels: &'a Labels,
    pred_probs: &'a PredProbs,
    /// Rows of each class.
    sizes: Vec<usize>,
    by_class: OnceCell<ByClass>,
    /// Classes that are left alone.
    skipped: Vec<bool>,
    /// Rows to leave or flag, true class (row) × given class (column).
    counts: Array2<f64>,
    /// Whether the prediction of each row is not its label: the only rows that are issues.
    disagrees: Vec<bool>,
    /// Leads between all classes, where they are gathered at once.
    leads: Option<Leads>,
}

impl<'a> Pruning<'a> {
    pub(super) fn new(
        labels: &'a Labels,
        pred_probs: &'a PredProbs,
        options: &FilterOptions,
        skipped_classes: &mut Vec<usize>,
    ) -> Result<Self, CoreError> {
        let k = pred_probs.n_classes();
        let sizes = labels.counts(k)?;
        let mut leads = None;
        let (joint, disagrees) = if let Some(joint) = &options.confident_joint {
            (joint.clone(), prediction_agrees(labels, pred_probs).into_iter().map(|agrees| !agrees).collect())
        } else {
            let thresholds = get_confident_thresholds(labels, pred_probs)?;
            let mut disagrees = Vec::with_capacity(labels.len());
            let at_once = k <= MOST_GATHERED_AT_ONCE && !pred_probs.has_nan();
            let counts = if at_once && options.filter_by != FilterBy::PruneByClass {
                let mut gathered = Leads::new(k, k, clear_lead(k));
                let most = labels.len().saturating_mul(MOST_LEADS_PER_ROW);
                let counts = count_confident(labels, pred_probs, &thresholds, |i, placed| {
                    let agrees = placed.agrees();
                    disagrees.push(!agrees);
                    if !agrees && gathered.len() < most {
                        gathered.add(placed.label, i as u32, placed.row[placed.label], placed.row);
                    }
                });
                if gathered.len() < most {
                    gathered.sort();
                    leads = Some(gathered);
                }
                counts
            } else {
                count_confident(labels, pred_probs, &thresholds, |_, placed| disagrees.push(!placed.agrees()))
            };
            (calibrated_joint(counts, labels)?, disagrees)
        };
        let mut counts =
            keep_at_least_n_per_class(&joint.t().to_owned(), options.min_examples_per_class, options.frac_noise)?;
        if let Some(numbers) = &options.num_to_remove_per_class {
            counts = counts_to_remove(&counts, numbers, &sizes);
        }
        let few = |size: usize| size <= options.min_examples_per_class;
        skipped_classes.extend((0..k).filter(|&class| sizes[class] > 0 && few(sizes[class])));
        // cleanlab drops the mask of a class with one row.
        let skipped = sizes.iter().map(|&size| few(size) || size == 1).collect();
        Ok(Self { labels, pred_probs, sizes, by_class: OnceCell::new(), skipped, counts, disagrees, leads })
    }

    /// Rows of a class and the probability of the class in each.
    fn rows_of(&self, class: usize) -> (&[u32], &[f64]) {
        self.by_class.get_or_init(|| ByClass::new(self.labels, self.pred_probs, &self.sizes)).of(class)
    }

    /// The classes to prune.
    fn classes(&self) -> impl Iterator<Item = usize> {
        (0..self.skipped.len()).filter(|&class| !self.skipped[class])
    }

    /// For each class, as many rows as the joint says, by self-confidence.
    pub(super) fn by_class(&self) -> Vec<bool> {
        let mut mask = vec![false; self.pred_probs.n_rows()];
        let mut smallest = Smallest::default();
        for class in self.classes() {
            let (rows, own) = self.rows_of(class);
            let count = rows.len() as f64 - self.counts[[class, class]];
            if count >= 1.0 {
                smallest.for_each(own, count as usize, |i| mask[rows[i] as usize] = true);
            }
        }
        self.without_agreeing(mask)
    }

    /// For each pair of classes, as many rows as the joint says, by the margin between the two.
    pub(super) fn by_noise_rate(&self) -> Vec<bool> {
        let mut mask = vec![false; self.pred_probs.n_rows()];
        let mut smallest = Smallest::default();
        let mut of_class = Leads::new(1, self.skipped.len(), 0.0);
        for given in self.classes() {
            let wanted = |other: usize| if other == given { 0.0 } else { self.counts[[other, given]] };
            let (mut gathered, mut columns) = (self.pred_probs.has_nan(), None);
            for other in (0..self.skipped.len()).filter(|&other| wanted(other) >= 1.0) {
                let count = wanted(other) as usize;
                let mut flag = |row: u32| mask[row as usize] = true;
                if let Some(leads) = &self.leads
                    && leads.flag_smallest((given, other), count, &mut smallest, &mut flag)
                {
                    continue;
                }
                if !gathered {
                    self.gather(given, &mut of_class);
                    gathered = true;
                }
                if self.pred_probs.has_nan() || !of_class.flag_smallest((0, other), count, &mut smallest, flag) {
                    let (rows, own) = self.rows_of(given);
                    let columns: &Vec<f64> = columns.get_or_insert_with(|| self.columns(rows));
                    let column = &columns[other * rows.len()..(other + 1) * rows.len()];
                    let margins: Vec<f64> = own.iter().zip(column).map(|(own, p)| own - p).collect();
                    smallest.for_each(&margins, count, |i| mask[rows[i] as usize] = true);
                }
            }
        }
        self.without_agreeing(mask)
    }

    /// Gathers the rows of one given class in which others lead.
    fn gather(&self, given: usize, leads: &mut Leads) {
        let (rows, own) = self.rows_of(given);
        let (mut led, mut led_own) = (Vec::new(), Vec::new());
        for (&row, &own) in rows.iter().zip(own).filter(|&(&row, _)| self.disagrees[row as usize]) {
            led.push(row);
            led_own.push(own);
        }
        let k = self.pred_probs.n_classes();
        let mut block = vec![0.0; BLOCK * k];
        for (rows, own) in led.chunks(BLOCK).zip(led_own.chunks(BLOCK)) {
            // The rows lie far apart: copied one after the other, they come from memory side by side.
            for (copy, &row) in block.chunks_exact_mut(k).zip(rows) {
                copy.copy_from_slice(self.pred_probs.row(row as usize));
            }
            for ((probs, &row), &own) in block.chunks_exact(k).zip(rows).zip(own) {
                leads.add(0, row, own, probs);
            }
        }
        leads.sort();
    }

    /// The probabilities of `rows`, class by class.
    fn columns(&self, rows: &[u32]) -> Vec<f64> {
        let mut columns = vec![0.0; rows.len() * self.pred_probs.n_classes()];
        for (i, &row) in rows.iter().enumerate() {
            for (class, &p) in self.pred_probs.row(row as usize).iter().enumerate() {
                columns[class * rows.len() + i] = p;
            }
        }
        columns
    }

    fn without_agreeing(&self, mut mask: Vec<bool>) -> Vec<bool> {
        mask.iter_mut().zip(&self.disagrees).for_each(|(flag, disagrees)| *flag &= disagrees);
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::super::order::argsort;
    use super::*;

    /// Labels and probabilities of a few levels, so that margins are often equal.
    fn data(n: usize, k: usize) -> (Labels, PredProbs) {
        let mut state = 7_u64;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let labels = (0..n).map(|i| if i < k { i as u32 } else { next(k as u64) as u32 }).collect::<Vec<_>>();
        let mut values = Array2::from_shape_fn((n, k), |_| next(8) as f64 / 16.0);
        for (mut row, &label) in values.outer_iter_mut().zip(&labels) {
            row[label as usize] += next(8) as f64 / 16.0;
        }
        (Labels::new(labels).unwrap(), PredProbs::new(values).unwrap())
    }

    #[test]
    fn ordering_only_the_rows_in_which_a_class_leads_flags_what_ordering_all_flags() {
        for (n, k) in [(600, 2), (600, 5), (3000, 23)] {
            let (labels, probs) = data(n, k);
            for frac_noise in [1.0, 0.3] {
                let options = FilterOptions { frac_noise, ..FilterOptions::default() };
                let mut pruning = Pruning::new(&labels, &probs, &options, &mut Vec::new()).unwrap();
                let mut expected = vec![false; n];
                for given in pruning.classes() {
                    let (rows, own) = pruning.rows_of(given);
                    for other in (0..k).filter(|&other| other != given) {
                        let margins: Vec<f64> =
                            rows.iter().zip(own).map(|(&row, own)| own - probs.row(row as usize)[other]).collect();
                        let count = pruning.counts[[other, given]] as usize;
                        argsort(&margins).iter().take(count).for_each(|&i| expected[rows[i as usize] as usize] = true);
                    }
                }
                let expected = pruning.without_agreeing(expected);
                assert!(expected.contains(&true));
                // Gathered all at once and class by class.
                assert!(pruning.leads.is_some());
                assert_eq!(pruning.by_noise_rate(), expected);
                pruning.leads = None;
                assert_eq!(pruning.by_noise_rate(), expected);
            }
        }
    }
}
