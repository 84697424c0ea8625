//! scikit-learn's k-d tree and ball tree: the same nodes, the same order of rows within a leaf, the same walk.

use super::heap::Heap;
use crate::sort_rows;

/// A node with fewer than twice as many rows is a leaf.
const LEAF: usize = 30;

/// What encloses the rows of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The tree `kd_tree`; keys are squared distances.
    Box,
    /// The tree `ball_tree` of a distance that is a function; keys are distances.
    Ball,
}

/// A tree over rows, its nodes numbered as a heap's.
pub(super) struct Tree {
    shape: Shape,
    n_columns: usize,
    order: Vec<u32>,
    nodes: Vec<Node>,
}

#[derive(Clone, Default)]
struct Node {
    start: usize,
    end: usize,
    /// The box's smallest values, or the ball's centre.
    low: Vec<f64>,
    /// The box's largest values.
    high: Vec<f64>,
    radius: f64,
}

impl Tree {
    pub(super) fn new(rows: &[f64], n_columns: usize, shape: Shape) -> Self {
        let n = rows.len() / n_columns.max(1);
        let levels = 1 + (n.saturating_sub(1) / LEAF).max(1).ilog2();
        let nodes = vec![Node::default(); (1 << levels) - 1];
        let mut tree = Self { shape, n_columns, order: (0..n as u32).collect(), nodes };
        tree.grow(rows, 0, 0, n);
        tree
    }

    fn grow(&mut self, rows: &[f64], node: usize, start: usize, end: usize) {
        self.nodes[node] = self.enclose(rows, start, end);
        if 2 * node + 1 >= self.nodes.len() || end - start < 2 {
            return;
        }
        let (d, half) = (self.n_columns, (end - start) / 2);
        let order = &mut self.order[start..end];
        let value = |row: u32, column: usize| rows[row as usize * d + column];
        let spread = |column: usize| {
            let values = order.iter().map(|&row| value(row, column));
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            high - low
        };
        let widest = (0..d).map(|column| (column, spread(column)));
        let widest = widest.fold((0, 0.0), |best, next| if next.1 > best.1 { next } else { best }).0;
        nth_element(order, half, |a, b| (value(a, widest), a) < (value(b, widest), b));
        self.grow(rows, 2 * node + 1, start, start + half);
        self.grow(rows, 2 * node + 2, start + half, end);
    }

    fn enclose(&self, rows: &[f64], start: usize, end: usize) -> Node {
        let d = self.n_columns;
        let values = || self.order[start..end].iter().map(|&row| &rows[row as usize * d..(row as usize + 1) * d]);
        let fold = |first: f64, join: fn(f64, f64) -> f64| {
            let mut folded = vec![first; d];
            values().for_each(|row| folded.iter_mut().zip(row).for_each(|(all, &v)| *all = join(*all, v)));
            folded
        };
        match self.shape {
            Shape::Box => {
                let (low, high) = (fold(f64::INFINITY, f64::min), fold(f64::NEG_INFINITY, f64::max));
                Node { start, end, low, high, radius: 0.0 }
            }
            Shape::Ball => {
                let mut low = fold(0.0, |sum, value| sum + value);
                low.iter_mut().for_each(|sum| *sum /= (end - start) as f64);
                let radius = values().map(|row| norm_of_difference(&low, row)).fold(0.0, f64::max);
                Node { start, end, low, high: vec![], radius }
            }
        }
    }

    /// The `k` nearest rows of a query, itself included where it is one.
    pub(super) fn nearest(&self, rows: &[f64], query: &[f64], k: usize) -> Vec<u32> {
        let mut heap = Heap::new(k);
        self.visit(0, self.bound(0, query), (rows, query), &mut heap);
        heap.sorted()
    }

    /// The least key that a row of a node can have.
    fn bound(&self, node: usize, query: &[f64]) -> f64 {
        let node = &self.nodes[node];
        match self.shape {
            Shape::Box => {
                let outside = query.iter().zip(&node.low).zip(&node.high);
                let outside = outside.map(|((x, low), high)| (low - x).max(0.0) + (x - high).max(0.0));
                outside.fold(0.0, |sum, gap| sum + gap * gap)
            }
            Shape::Ball => (norm_of_difference(query, &node.low) - node.radius).max(0.0),
        }
    }

    fn visit(&self, node: usize, bound: f64, (rows, query): (&[f64], &[f64]), heap: &mut Heap) {
        if bound > heap.largest() {
            return;
        }
        let (left, right) = (2 * node + 1, 2 * node + 2);
        if left >= self.nodes.len() {
            for &row in &self.order[self.nodes[node].start..self.nodes[node].end] {
                let other = &rows[row as usize * self.n_columns..(row as usize + 1) * self.n_columns];
                heap.push(self.key(query, other), row);
            }
            return;
        }
        let (a, b) = (self.bound(left, query), self.bound(right, query));
        let (near, far) = if a <= b { ((left, a), (right, b)) } else { ((right, b), (left, a)) };
        self.visit(near.0, near.1, (rows, query), heap);
        self.visit(far.0, far.1, (rows, query), heap);
    }

    fn key(&self, x: &[f64], y: &[f64]) -> f64 {
        match self.shape {
            Shape::Box => super::Metric::Euclidean.key(x, y),
            Shape::Ball => norm_of_difference(x, y),
        }
    }
}

/// The euclidean distance of two rows, as `scipy.spatial.distance.euclidean` gives it: BLAS sums squares with eleven bits more
/// and rounds once. Here the rounding errors of squares and sums are kept apart (Dekker, 1971).
pub(super) fn norm_of_difference(x: &[f64], y: &[f64]) -> f64 {
    let (mut sum, mut rest) = (0.0_f64, 0.0_f64);
    for (a, b) in x.iter().zip(y) {
        let gap = a - b;
        let (square, error) = squared(gap);
        let total = sum + square;
        let part = total - sum;
        rest += (sum - (total - part)) + (square - part) + error;
        sum = total;
    }
    let root = (sum + rest).sqrt();
    if root == 0.0 || !root.is_finite() {
        return root;
    }
    let (square, error) = squared(root);
    root + ((sum - square) - error + rest) / (2.0 * root)
}

/// A square and its rounding error.
fn squared(x: f64) -> (f64, f64) {
    let square = x * x;
    let carried = 134_217_729.0 * x;
    let high = carried - (carried - x);
    let low = x - high;
    let error = low * low - ((square - high * high) - 2.0 * high * low);
    if error.is_finite() { (square, error) } else { (square, 0.0) }
}

/// Moves what belongs at place `nth` there, smaller before it and larger behind, in the steps of GNU's `std::nth_element`,
/// since the order it leaves the others in counts.
fn nth_element(items: &mut [u32], nth: usize, less: impl Fn(u32, u32) -> bool) {
    let (mut first, mut last) = (0, items.len());
    let mut depth = 2 * items.len().max(1).ilog2();
    while last - first > 3 {
        if depth == 0 {
            // GNU selects by a heap here, whose order is not followed: it takes an adverse input.
            sort_rows(&mut items[first..last], &|a, b| less(b, a).cmp(&less(a, b)));
            return;
        }
        depth -= 1;
        let (a, b, c) = (first + 1, first + (last - first) / 2, last - 1);
        let before = |i: usize, j: usize| less(items[i], items[j]);
        let median = match (before(a, b), before(b, c), before(a, c)) {
            (true, true, _) | (false, false, false) => b,
            (true, false, true) | (false, true, false) => c,
            (true, false, false) | (false, _, true) => a,
        };
        items.swap(first, median);
        let pivot = items[first];
        let (mut i, mut j) = (first + 1, last);
        loop {
            while less(items[i], pivot) {
                i += 1;
            }
            j -= 1;
            while less(pivot, items[j]) {
                j -= 1;
            }
            if i >= j {
                break;
            }
            items.swap(i, j);
            i += 1;
        }
        if i <= nth {
            first = i;
        } else {
            last = i;
        }
    }
    // What is left are three at most.
    for end in first + 1..last {
        for i in (first + 1..=end).rev() {
            if less(items[i], items[i - 1]) {
                items.swap(i, i - 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_norm_is_rounded_once() {
        assert_eq!(norm_of_difference(&[3.0, 4.0], &[0.0, 0.0]), 5.0);
        assert_eq!(norm_of_difference(&[0.1, 0.2, 0.3], &[0.0; 3]), 0.374_165_738_677_394_1);
        assert_eq!(norm_of_difference(&[1.0], &[1.0]), 0.0);
    }

    #[test]
    fn the_nth_element_parts_the_smaller_from_the_larger() {
        for n in [1, 2, 5, 40, 333] {
            let mut items: Vec<u32> = (0..n).map(|i| (i * 7919 + 13) % 1009).collect();
            let mut sorted = items.clone();
            sorted.sort_unstable();
            let nth = n as usize / 2;
            nth_element(&mut items, nth, |a, b| a < b);
            assert_eq!(items[nth], sorted[nth]);
            assert!(items[..nth].iter().all(|&item| item <= items[nth]));
        }
    }
}
