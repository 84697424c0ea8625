//! Sums over rows with numbers as targets, where rows count a whole number of times and a leaf may hold one row.
//!
//! No row counter is kept: no row weighs nothing, so there are rows where there is weight. What is left is a pair that
//! one instruction adds.

use std::ops::Range;

use super::lanes;
use super::target::{LANES, Target};

/// Weight, and weighted sum of the targets.
///
/// *Invariant*: weights are whole and add up to at most 2²⁴ over a fit, so that single precision counts them exactly.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Whole {
    weight: f64,
    sum: f64,
}

impl Whole {
    #[inline]
    fn plus(&mut self, other: Self) {
        self.weight += other.weight;
        self.sum += other.sum;
    }

    #[inline]
    fn minus(&mut self, other: Self) {
        self.weight -= other.weight;
        self.sum -= other.sum;
    }
}

impl Target for Whole {
    type Item = Whole;
    type Bins = Vec<Whole>;

    const HAS_LANES: bool = true;

    fn item(&self, y: f64, weight: f64) -> Whole {
        Whole { weight, sum: weight * y }
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    #[inline]
    fn add(&mut self, item: Whole) {
        self.plus(item);
    }

    #[inline]
    fn sub(&mut self, item: Whole) {
        self.minus(item);
    }

    #[inline]
    fn become_rest(&mut self, total: &Self, part: &Self) {
        *self = *total;
        self.minus(*part);
    }

    #[inline]
    fn become_same(&mut self, other: &Self) {
        *self = *other;
    }

    /// Rows as often as they count.
    fn rows(&self) -> usize {
        self.weight as usize
    }

    fn weight(&self) -> f64 {
        self.weight
    }

    #[inline]
    fn score(&self) -> f64 {
        if self.weight > 0.0 { self.sum * self.sum / self.weight } else { 0.0 }
    }

    #[inline]
    fn scores(left: &Self, right: &Self) -> f64 {
        // One division for two.
        (left.sum * left.sum * right.weight + right.sum * right.sum * left.weight) / (left.weight * right.weight)
    }

    fn is_pure(&self, items: &[Whole]) -> bool {
        let Some(first) = items.first() else { return true };
        items.iter().all(|item| item.sum * first.weight == first.sum * item.weight)
    }

    fn best_possible(&self) -> f64 {
        f64::INFINITY
    }

    fn predict(&self, _width: usize, out: &mut Vec<f64>) {
        out.push(self.sum / self.weight);
    }

    fn bins(&self, n: usize) -> Vec<Whole> {
        vec![Whole::default(); n]
    }

    #[inline]
    fn put(bins: &mut Vec<Whole>, bin: usize, item: Whole) {
        bins[bin].plus(item);
    }

    #[inline]
    fn shift(bins: &Vec<Whole>, bin: usize, from: &mut Self, to: &mut Self) -> usize {
        let sums = bins[bin];
        from.minus(sums);
        to.plus(sums);
        usize::from(sums.weight > 0.0)
    }

    fn merge(bins: &mut Vec<Whole>, to: usize, from: usize) {
        let sums = std::mem::take(&mut bins[from]);
        bins[to].plus(sums);
    }

    fn load(&mut self, bins: &Vec<Whole>, bin: usize) {
        *self = bins[bin];
    }

    fn rows_in(bins: &Vec<Whole>, bin: usize) -> usize {
        bins[bin].rows()
    }

    fn empty(bins: &mut Vec<Whole>, range: Range<usize>) {
        bins[range].fill(Whole::default());
    }

    fn sum_lanes(sums: &mut [Self], cuts: [f32; LANES], values: impl Iterator<Item = [f32; LANES]>, items: &[Whole]) {
        let rows = values.zip(items).map(|(values, item)| (values, item.weight as f32, item.sum));
        let (weight, sum) = lanes::sums_up_to(cuts, rows);
        for (lane, sums) in sums.iter_mut().enumerate() {
            *sums = Self { weight: weight[lane] as f64, sum: sum[lane] };
        }
    }

    fn sum_up_to(&mut self, values: &[f32], cut: f32, items: &[Whole]) {
        let (mut weight, mut sum) = (0.0, 0.0);
        for (&value, item) in values.iter().zip(items) {
            let inside = if value <= cut { u64::MAX } else { 0 };
            weight += f64::from_bits(item.weight.to_bits() & inside);
            sum += f64::from_bits(item.sum.to_bits() & inside);
        }
        *self = Self { weight, sum };
    }
}
