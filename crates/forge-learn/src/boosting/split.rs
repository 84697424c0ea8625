//! The best question to ask at a node: the gain of Chen and Guestrin, "`XGBoost`", 2016, equation 7, over all candidates in
//! the order and with the limits of scikit-learn's `Splitter`.

use super::gradients::{Entry, Units, add, minus};
use crate::binning::{Candidate, Columns, Kind};

/// Least sum of hessians on either side.
const MIN_HESSIAN: f64 = 1e-3;
/// Keeps a division by a sum of hessians finite.
const TINY: f64 = 1e-15;
/// Rows, in terms of hessians, below which a level is not sorted but stays right; `LightGBM`'s `cat_smooth`.
const LEVEL_SUPPORT: f64 = 10.0;

/// Which rows go left.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// Rows up to this bin.
    UpTo(usize),
    /// Rows with the lower of two values.
    Lower,
    /// Rows with one of these codes.
    Among(Vec<u32>),
}

/// A split that was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Split {
    /// Loss reduction.
    pub(super) gain: f64,
    /// Number of the candidate.
    pub(super) candidate: usize,
    /// Which rows go left.
    pub(super) test: Test,
    /// Whether rows with a missing value go left.
    pub(super) missing_left: bool,
    /// The sums of the rows that go left.
    pub(super) left: Entry,
}

/// What the splitter needs beside a histogram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Splitter<'a> {
    pub(super) candidates: &'a [Candidate],
    pub(super) columns: &'a Columns,
    pub(super) units: Units,
    pub(super) min_samples_leaf: usize,
    pub(super) l2_regularization: f64,
}

/// Sums of a node, and what it loses while it is not split.
#[derive(Clone, Copy, Debug)]
struct Node {
    sums: Entry,
    gradient: f64,
    hessian: f64,
    count: usize,
    loss: f64,
}

/// Where a scan stands after a step.
enum Step {
    /// The left side is still too small.
    TooFewLeft,
    /// The right side is too small from here on.
    TooFewRight,
    /// A split of this gain.
    Gain(f64),
}

impl Splitter<'_> {
    /// The value of a node with these sums, before shrinkage (equation 5).
    pub(super) fn value(&self, sums: Entry) -> f64 {
        -self.units.gradient(sums) / (self.units.hessian(sums) + self.l2_regularization + TINY)
    }

    /// The best split of a node whose value is `value` (0 for the root, as in scikit-learn); candidates outside `mask`
    /// are passed over. `None` when no split gains anything within the limits.
    pub(super) fn best(&self, histogram: &[Entry], sums: Entry, value: f64, mask: Option<&[bool]>) -> Option<Split> {
        let (gradient, hessian) = (self.units.gradient(sums), self.units.hessian(sums));
        let node = Node { sums, gradient, hessian, count: self.units.count(sums), loss: value * gradient };
        let mut best: Option<Split> = None;
        for (number, candidate) in self.candidates.iter().enumerate() {
            if mask.is_some_and(|mask| !mask[number]) {
                continue;
            }
            let column = self.columns.column(candidate.column);
            let codes = &histogram[column.first..column.first + column.n_codes];
            let found = match candidate.kind {
                Kind::Ordered { n_bins, has_missing } => self.ordered(&node, codes, n_bins, has_missing),
                Kind::Indicator { code, marks_upper } => self.indicator(&node, codes[code], marks_upper),
                Kind::Category { n_levels, has_missing } => self.category(&node, codes, n_levels, has_missing),
            };
            if let Some(found) = found
                && best.as_ref().is_none_or(|best| found.gain > best.gain)
            {
                best = Some(Split { candidate: number, ..found });
            }
        }
        best
    }

    /// Judges a split with `left` on the left.
    #[inline]
    fn step(&self, node: &Node, left: Entry) -> Step {
        let count = self.units.count(left);
        let hessian = self.units.hessian(left);
        if count < self.min_samples_leaf || hessian < MIN_HESSIAN {
            return Step::TooFewLeft;
        }
        let hessian_right = node.hessian - hessian;
        if node.count - count < self.min_samples_leaf || hessian_right < MIN_HESSIAN {
            return Step::TooFewRight;
        }
        let gradient = self.units.gradient(left);
        let gradient_right = node.gradient - gradient;
        let below = hessian + self.l2_regularization + TINY;
        let below_right = hessian_right + self.l2_regularization + TINY;
        // gradient² / below + gradient_right² / below_right with one division.
        let sum = gradient * gradient * below_right + gradient_right * gradient_right * below;
        Step::Gain(node.loss + sum / (below * below_right))
    }

    fn ordered(&self, node: &Node, codes: &[Entry], n_bins: usize, has_missing: bool) -> Option<Split> {
        let mut best = (0.0, 0, [0, 0], false);
        let mut left = [0, 0];
        for (bin, &entry) in codes[..n_bins - usize::from(!has_missing)].iter().enumerate() {
            // A bin without rows moves nothing.
            if entry[1] == 0 {
                continue;
            }
            add(&mut left, entry);
            match self.step(node, left) {
                Step::TooFewRight => break,
                Step::Gain(gain) if gain > best.0 => best = (gain, bin, left, false),
                Step::TooFewLeft | Step::Gain(_) => {}
            }
        }
        if has_missing {
            let mut left = node.sums;
            for bin in (0..n_bins - 1).rev() {
                let entry = codes[bin + 1];
                if entry[1] == 0 {
                    continue;
                }
                left = minus(left, entry);
                match self.step(node, left) {
                    Step::TooFewLeft => break,
                    Step::Gain(gain) if gain > best.0 => best = (gain, bin, left, true),
                    Step::TooFewRight | Step::Gain(_) => {}
                }
            }
        }
        let (gain, bin, left, missing_left) = best;
        let test = Test::UpTo(bin);
        (gain > 0.0).then_some(Split { gain, candidate: 0, test, missing_left, left })
    }

    fn indicator(&self, node: &Node, marked: Entry, marks_upper: bool) -> Option<Split> {
        if marked[1] == 0 {
            return None;
        }
        let left = if marks_upper { minus(node.sums, marked) } else { marked };
        match self.step(node, left) {
            Step::Gain(gain) if gain > 0.0 => {
                Some(Split { gain, candidate: 0, test: Test::Lower, missing_left: false, left })
            }
            _ => None,
        }
    }

    /// Levels sorted by their value and scanned from both ends to the middle (Fisher, "On grouping for maximum
    /// homogeneity", 1958); rare levels stay right.
    fn category(&self, node: &Node, codes: &[Entry], n_levels: usize, has_missing: bool) -> Option<Split> {
        // Of rows with equal hessians exactly so many are enough: a quotient could round below that, these products do not.
        let (count, least) = (node.count as f64, LEVEL_SUPPORT * node.hessian);
        let mut sorted: Vec<(f64, usize)> = (0..n_levels + usize::from(has_missing))
            .filter(|&code| self.units.hessian(codes[code]) * count >= least)
            .map(|code| {
                let (gradient, hessian) = (self.units.gradient(codes[code]), self.units.hessian(codes[code]));
                (gradient / (hessian + LEVEL_SUPPORT), code)
            })
            .collect();
        if sorted.len() < 2 {
            return None;
        }
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best = (0.0, 0, [0, 0], false);
        let middle = sorted.len().div_ceil(2);
        for (from_end, n_steps) in [(false, middle), (true, middle - 1)] {
            let mut left = [0, 0];
            for i in 0..n_steps {
                let place = if from_end { sorted.len() - 1 - i } else { i };
                add(&mut left, codes[sorted[place].1]);
                match self.step(node, left) {
                    Step::TooFewRight => break,
                    Step::Gain(gain) if gain > best.0 => best = (gain, place, left, from_end),
                    Step::TooFewLeft | Step::Gain(_) => {}
                }
            }
        }
        let (gain, place, left, from_end) = best;
        let chosen = if from_end { &sorted[place..] } else { &sorted[..=place] };
        let among: Vec<u32> = chosen.iter().map(|pair| pair.1 as u32).collect();
        let missing_left = has_missing && among.contains(&(n_levels as u32));
        (gain > 0.0).then_some(Split { gain, candidate: 0, test: Test::Among(among), missing_left, left })
    }
}
