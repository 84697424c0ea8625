//! What the properties are asked of: random labels, probabilities, orders of rows and hosts.

use std::sync::Mutex;

use forge_core::{Host, Labels, PredProbs};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use proptest::prelude::*;

/// Labels of classes with distinct probabilities, an order of the rows and one of the classes.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) labels: Vec<u32>,
    pub(crate) probs: Array2<f64>,
    /// A permutation of the rows.
    pub(crate) order: Vec<usize>,
    /// The new number of each class.
    pub(crate) renamed: Vec<usize>,
}

impl Classes {
    pub(crate) fn n_classes(&self) -> usize {
        self.probs.ncols()
    }

    pub(crate) fn checked(&self) -> (Labels, PredProbs) {
        checked(self.labels.clone(), self.probs.clone())
    }

    /// The rows in another order.
    pub(crate) fn reordered(&self) -> (Labels, PredProbs) {
        checked(in_order(&self.labels, &self.order), self.probs.select(Axis(0), &self.order))
    }

    /// Every row twice, the copies after all.
    pub(crate) fn doubled(&self) -> (Labels, PredProbs) {
        checked(self.labels.repeat(2), twice(self.probs.view()))
    }

    /// The same with other class numbers.
    pub(crate) fn renamed(&self) -> (Labels, PredProbs) {
        let labels = self.labels.iter().map(|&label| self.renamed[label as usize] as u32).collect();
        checked(labels, self.renamed_columns(self.probs.view()))
    }

    /// Columns moved to the new numbers of their classes.
    pub(crate) fn renamed_columns(&self, matrix: ArrayView2<'_, f64>) -> Array2<f64> {
        let mut moved = matrix.to_owned();
        for (class, &name) in self.renamed.iter().enumerate() {
            moved.column_mut(name).assign(&matrix.column(class));
        }
        moved
    }
}

fn checked(labels: Vec<u32>, probs: Array2<f64>) -> (Labels, PredProbs) {
    (Labels::new(labels).unwrap(), PredProbs::new(probs).unwrap())
}

/// At least two rows of each of 2 to 4 classes, 8 to 40 rows.
pub(crate) fn classes() -> impl Strategy<Value = Classes> {
    (2_usize..5, 8_usize..40).prop_flat_map(|(k, n)| {
        let labels = prop::collection::vec(0..k as u32, n).prop_map(move |mut labels| {
            (0..2 * k).for_each(|row| labels[row % n] = (row % k) as u32);
            labels
        });
        (labels, probabilities(n, k), order(n), order(k)).prop_map(|(labels, probs, order, renamed)| Classes {
            labels,
            probs,
            order,
            renamed,
        })
    })
}

/// n × k probabilities whose rows sum to 1.
pub(crate) fn probabilities(n: usize, k: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(0.001_f64..1.0, n * k).prop_map(move |weights| {
        let mut probs = Array2::from_shape_vec((n, k), weights).unwrap();
        probs.outer_iter_mut().for_each(|mut row| row /= row.sum());
        probs
    })
}

/// n × d features.
pub(crate) fn features(n: usize, d: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(-5.0_f64..5.0, n * d).prop_map(move |values| Array2::from_shape_vec((n, d), values).unwrap())
}

/// The numbers below n in any order.
pub(crate) fn order(n: usize) -> impl Strategy<Value = Vec<usize>> {
    Just((0..n).collect::<Vec<usize>>()).prop_shuffle()
}

pub(crate) fn in_order<T: Clone>(values: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&row| values[row].clone()).collect()
}

pub(crate) fn twice(matrix: ArrayView2<'_, f64>) -> Array2<f64> {
    concatenate(Axis(0), &[matrix, matrix]).unwrap()
}

/// Whether two lists agree to 1e-9, NaN with NaN.
pub(crate) fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= 1e-9 || (x.is_nan() && y.is_nan()))
}

pub(crate) fn in_unit_interval(scores: &[f64]) -> bool {
    scores.iter().all(|score| (0.0..=1.0).contains(score))
}

/// Runs units from the last to the first.
pub(crate) struct Backwards;

impl Host for Backwards {
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        (0..n).rev().for_each(unit);
    }
}

/// Runs units on three threads, whichever is free taking the next.
pub(crate) struct ThreeThreads;

impl Host for ThreeThreads {
    #[expect(clippy::disallowed_methods, reason = "a host is where threads come from")]
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        let next = Mutex::new(0..n);
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let Some(i) = next.lock().unwrap().next() else { break };
                        unit(i);
                    }
                });
            }
        });
    }
}
