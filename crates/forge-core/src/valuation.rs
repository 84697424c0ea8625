//! What each row is worth to a nearest-neighbour classifier trained on the others. Mirrors `cleanlab.data_valuation`;
//! Jia et al. (2019), "Efficient task-specific data valuation for nearest neighbor algorithms", equations 18 and 19.

use crate::{CoreError, Labels};

/// The closest rows of every row, closest first, for [`data_shapley_knn`].
///
/// *Invariant*: n rows of `k` ≥ 1 neighbours each, every one below n.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeighborRows {
    k: usize,
    rows: Vec<u32>,
}

impl NeighborRows {
    /// Keeps the first `k` of each row's neighbours.
    ///
    /// # Errors
    /// No rows, `k` of 0 or above a row's number of neighbours, a neighbour that is no row.
    pub fn new<'a>(neighbors: impl ExactSizeIterator<Item = &'a [u32]>, k: usize) -> Result<Self, CoreError> {
        let n = neighbors.len();
        if n == 0 {
            return Err(CoreError::Empty { argument: "knn_graph" });
        }
        let mut rows = Vec::with_capacity(n * k);
        for (row, all) in neighbors.enumerate() {
            let nearest = all.get(..k).filter(|_| k > 0).ok_or_else(|| {
                CoreError::setting("k", k, format!("1 to {}, the neighbours of row {row} in `knn_graph`", all.len()))
            })?;
            if let Some(place) = nearest.iter().position(|&neighbor| neighbor as usize >= n) {
                let setting = format!("knn_graph[{row}, {place}]");
                return Err(CoreError::setting(&setting, nearest[place], format!("a row number below {n}")));
            }
            rows.extend_from_slice(nearest);
        }
        Ok(Self { k, rows })
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.rows.len() / self.k
    }
}

/// A value in [0, 1] per row: ½(1 + s), with s its Shapley value for classifying every row by its `k` neighbours. Below
/// 0.5 a row does harm. cleanlab: `data_valuation.data_shapley_knn`.
///
/// The recursion over a row's neighbours telescopes: the j-th is worth (its label agrees) − (the k-th's label agrees),
/// over k. So one pass in O(n·k) does, without cleanlab's n × n table.
///
/// # Errors
/// Labels that are not one per row.
pub fn data_shapley_knn(labels: &Labels, neighbors: &NeighborRows) -> Result<Vec<f64>, CoreError> {
    let (n, k) = (neighbors.n_rows(), neighbors.k);
    if labels.len() != n {
        return Err(CoreError::Length {
            argument: "labels",
            length: labels.len(),
            reference: "knn_graph",
            expected: n,
        });
    }
    let labels = labels.as_slice();
    let mut totals = vec![0_i64; n];
    for (nearest, &label) in neighbors.rows.chunks_exact(k).zip(labels) {
        let agrees = |neighbor: u32| i64::from(labels[neighbor as usize] == label);
        let last = nearest.last().map_or(0, |&neighbor| agrees(neighbor));
        nearest.iter().for_each(|&neighbor| totals[neighbor as usize] += agrees(neighbor) - last);
    }
    Ok(totals.into_iter().map(|total| 0.5 * (total as f64 / k as f64 / n as f64 + 1.0)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Neighbours along a circle, as no two rows share them, and labels.
    fn on_a_circle(labels: &[u32], k: usize) -> Vec<f64> {
        let n = labels.len() as u32;
        let graph: Vec<Vec<u32>> =
            (0..n).map(|row| (1..=k as u32).map(|step| (row + step * step) % n).collect()).collect();
        let neighbors = NeighborRows::new(graph.iter().map(Vec::as_slice), k).unwrap();
        data_shapley_knn(&Labels::new(labels.to_vec()).unwrap(), &neighbors).unwrap()
    }

    proptest! {
        #[test]
        fn turning_rows_turns_values_and_renaming_classes_leaves_them(
            labels in prop::collection::vec(0_u32..4, 20..200),
            turn in 1_usize..19,
            k in 1_usize..6,
        ) {
            let values = on_a_circle(&labels, k);
            let mut turned = labels.clone();
            turned.rotate_left(turn);
            let mut expected = values.clone();
            expected.rotate_left(turn);
            prop_assert_eq!(on_a_circle(&turned, k), expected);
            let renamed: Vec<u32> = labels.iter().map(|label| 3 - label).collect();
            prop_assert_eq!(on_a_circle(&renamed, k), values);
        }

        #[test]
        fn values_lie_in_bounds_and_follow_the_recursion(labels in prop::collection::vec(0_u32..3, 20..100), k in 1_usize..6) {
            let n = labels.len();
            let mut sums = vec![0.0; n];
            for row in 0..n {
                let at = |step: usize| (row + step * step) % n;
                let agrees = |step: usize| f64::from(u8::from(labels[at(step)] == labels[row]));
                let mut worth = 0.0;
                for step in (1..k).rev() {
                    worth += agrees(step) - agrees(step + 1);
                    sums[at(step)] += worth / k as f64;
                }
            }
            for (value, sum) in on_a_circle(&labels, k).iter().zip(&sums) {
                prop_assert!((0.0..=1.0).contains(value));
                prop_assert!((value - 0.5 * (sum / n as f64 + 1.0)).abs() < 1e-12);
            }
        }
    }

    fn on_a_line() -> NeighborRows {
        let rows: [&[u32]; 4] = [&[1, 2, 3], &[0, 2, 3], &[1, 3, 0], &[2, 1, 0]];
        NeighborRows::new(rows.into_iter(), 3).unwrap()
    }

    #[test]
    fn a_row_that_agrees_where_the_furthest_does_not_is_worth_more() {
        let values = data_shapley_knn(&Labels::new(vec![0, 0, 0, 1]).unwrap(), &on_a_line()).unwrap();
        assert_eq!(values[3], 0.5 - 0.5 / 3.0 / 4.0);
        assert!(values[1] > 0.5);
    }

    #[test]
    fn labels_of_one_class_leave_every_row_at_one_half() {
        assert_eq!(data_shapley_knn(&Labels::new(vec![2; 4]).unwrap(), &on_a_line()).unwrap(), [0.5; 4]);
    }

    #[test]
    fn graphs_that_lack_neighbours_or_name_absent_rows_are_refused() {
        let refused = |rows: [&[u32]; 2], k| NeighborRows::new(rows.into_iter(), k).unwrap_err().to_string();
        assert!(refused([&[1], &[0]], 2).contains("`k` is 2"));
        assert!(refused([&[1], &[0]], 0).contains("`k` is 0"));
        assert!(refused([&[1], &[2]], 1).contains("`knn_graph[1, 0]` is 2"));
        let short = Labels::new(vec![0, 1]).unwrap();
        assert!(matches!(data_shapley_knn(&short, &on_a_line()), Err(CoreError::Length { expected: 4, .. })));
    }
}
