//! A k-d tree: boxes within boxes, each halved across its widest column.

use super::nearest::Nearest;
use super::{Metric, Query};

/// Rows of a leaf, measured together.
const LEAF: usize = 32;

/// A tree over rows.
#[derive(Debug)]
pub(super) struct Tree {
    /// Row numbers, leaf after leaf.
    order: Vec<u32>,
    nodes: Vec<Node>,
    /// Smallest, then largest value of each column, per node.
    bounds: Vec<f64>,
    /// Leaf after leaf, within it column after column, [`LEAF`] values each.
    leaves: Vec<f64>,
    n_columns: usize,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    /// The two halves.
    Branch(u32, u32),
    /// Number of the leaf, first row in the order, number of rows.
    Leaf { leaf: u32, start: u32, len: u32 },
}

/// What one search carries through the tree.
struct Search<'a> {
    query: Query<'a>,
    metric: Metric,
    nearest: Nearest,
}

impl Tree {
    pub(super) fn new(rows: &[f64], n_columns: usize) -> Self {
        let mut order: Vec<u32> = (0..(rows.len() / n_columns.max(1)) as u32).collect();
        let mut tree = Self { order: vec![], nodes: vec![], bounds: vec![], leaves: vec![], n_columns };
        tree.grow(rows, &mut order, 0);
        tree.order = order;
        tree
    }

    /// The row numbers, near ones near each other.
    pub(super) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Adds the node of `order`, which begins at `start` of the whole, and returns its number.
    fn grow(&mut self, rows: &[f64], order: &mut [u32], start: usize) -> u32 {
        let d = self.n_columns;
        let value = |row: u32, column: usize| rows.get(row as usize * d + column).copied().unwrap_or_default();
        let (mut low, mut high) = (vec![f64::INFINITY; d], vec![f64::NEG_INFINITY; d]);
        for &row in order.iter() {
            let values = rows.get(row as usize * d..(row as usize + 1) * d).unwrap_or_default();
            low.iter_mut().zip(values).for_each(|(low, &v)| *low = low.min(v));
            high.iter_mut().zip(values).for_each(|(high, &v)| *high = high.max(v));
        }
        let widths = low.iter().zip(&high).map(|(low, high)| high - low).enumerate();
        let widest =
            widths.fold((0, 0.0), |best, (column, width)| if width > best.1 { (column, width) } else { best }).0;
        let node = self.nodes.len();
        self.bounds.extend(low.into_iter().chain(high));
        if order.len() <= LEAF {
            let leaf = (self.leaves.len() / (LEAF * d)) as u32;
            for column in 0..d {
                self.leaves.extend(order.iter().map(|&row| value(row, column)));
                self.leaves.extend((order.len()..LEAF).map(|_| 0.0));
            }
            self.nodes.push(Node::Leaf { leaf, start: start as u32, len: order.len() as u32 });
            return node as u32;
        }
        self.nodes.push(Node::Branch(0, 0));
        // A multiple of the leaf's size, so that leaves are full.
        let half = (order.len() / 2).next_multiple_of(LEAF).min(order.len() - 1);
        order.select_nth_unstable_by(half, |&a, &b| value(a, widest).total_cmp(&value(b, widest)).then(a.cmp(&b)));
        let (left, right) = order.split_at_mut(half);
        let children = Node::Branch(self.grow(rows, left, start), self.grow(rows, right, start + half));
        if let Some(place) = self.nodes.get_mut(node) {
            *place = children;
        }
        node as u32
    }

    /// The `k` nearest rows of a query.
    pub(super) fn nearest(&self, query: Query<'_>, k: usize, metric: Metric) -> Nearest {
        let mut search = Search { query, metric, nearest: Nearest::new(k) };
        self.visit(0, self.bound(0, &search), &mut search);
        search.nearest
    }

    /// A key that no row of a node's box falls below.
    ///
    /// For the euclidean distance rounding keeps the order: each term is at most the row's own, summed in the same order.
    /// For the cosine distance, half the squared distance of rows of length 1, room is left for the rounding of either.
    fn bound(&self, node: u32, search: &Search<'_>) -> f64 {
        let d = self.n_columns;
        let bounds = self.bounds.get(node as usize * 2 * d..(node as usize + 1) * 2 * d).unwrap_or_default();
        let (low, high) = bounds.split_at(bounds.len() / 2);
        let outside =
            search.query.values.iter().zip(low).zip(high).map(|((x, low), high)| (low - x).max(x - high).max(0.0));
        let squared = outside.fold(0.0, |sum, gap| sum + gap * gap);
        match search.metric {
            Metric::Euclidean => squared,
            Metric::Cosine => 0.5 * squared - 8.0 * f64::EPSILON * (d + 4) as f64,
        }
    }

    fn visit(&self, node: u32, bound: f64, search: &mut Search<'_>) {
        if bound > search.nearest.limit() {
            return;
        }
        match self.nodes.get(node as usize) {
            Some(&Node::Branch(left, right)) => {
                let (a, b) = (self.bound(left, search), self.bound(right, search));
                let (near, far) = if a <= b { ((left, a), (right, b)) } else { ((right, b), (left, a)) };
                self.visit(near.0, near.1, search);
                self.visit(far.0, far.1, search);
            }
            Some(&Node::Leaf { leaf, start, len }) => self.measure(leaf as usize, start as usize, len as usize, search),
            None => {}
        }
    }

    fn measure(&self, leaf: usize, start: usize, len: usize, search: &mut Search<'_>) {
        let d = self.n_columns;
        let columns = self.leaves.get(leaf * LEAF * d..(leaf + 1) * LEAF * d).unwrap_or_default().as_chunks::<LEAF>().0;
        let mut keys = [0.0; LEAF];
        let pairs = search.query.values.iter().zip(columns);
        match search.metric {
            Metric::Euclidean => {
                for (&x, column) in pairs {
                    keys.iter_mut().zip(column).for_each(|(key, y)| *key += (x - y) * (x - y));
                }
            }
            Metric::Cosine => {
                for (&x, column) in pairs {
                    keys.iter_mut().zip(column).for_each(|(key, y)| *key += x * y);
                }
                keys.iter_mut().for_each(|key| *key = (1.0 - *key).clamp(0.0, 2.0));
            }
        }
        let rows = self.order.get(start..start + len).unwrap_or_default();
        for (&key, &row) in keys.iter().zip(rows) {
            if key <= search.nearest.limit() && search.query.own != Some(row) {
                search.nearest.offer(key, row);
            }
        }
    }
}
