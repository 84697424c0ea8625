//! Nearest neighbours against a plain search.

use ndarray::{Array2, array};
use proptest::prelude::*;

use super::*;
use crate::Quiet;

/// Numbers between −1 and 1 that look random.
fn noise(n: usize, d: usize) -> Array2<f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    Array2::from_shape_fn((n, d), |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 2.0_f64.powi(52) - 1.0
    })
}

/// Every row measured and sorted.
fn plainly(index: &NearestNeighbors, k: usize) -> NeighborGraph {
    let found = (0..index.n_rows()).map(|i| index.scan(index.query(Queries::Own, i), k));
    NeighborGraph::collect(index.n_rows(), k, index.metric(), found, None)
}

#[test]
fn tree_and_screening_find_what_measuring_every_row_finds() {
    for (n, d) in [(300, 1), (300, 2), (500, 5), (400, 9), (200, 33)] {
        for metric in [Metric::Euclidean, Metric::Cosine] {
            for k in [1, 7] {
                let index = NearestNeighbors::new(noise(n, d).view(), metric).unwrap();
                assert_eq!(index.among_themselves(k, &Quiet).unwrap(), plainly(&index, k), "{n} × {d}, {metric:?}");
            }
        }
    }
}

#[test]
fn rows_far_from_the_origin_and_far_outliers_are_measured_exactly() {
    let mut rows = noise(300, 12).mapv(|v| 1e9 + 1e-3 * v);
    rows.row_mut(7).fill(-1e40);
    let index = NearestNeighbors::new(rows.view(), Metric::Euclidean).unwrap();
    assert_eq!(index.among_themselves(5, &Quiet).unwrap(), plainly(&index, 5));
    let far = Array2::from_elem((1, 12), 1e100);
    assert_eq!(index.of(far.view(), 2, &Quiet).unwrap().n_rows(), 1);
}

#[test]
fn equal_distances_are_ordered_by_row_number() {
    let rows = Array2::from_shape_fn((400, 2), |(i, _)| (i % 4) as f64);
    let index = NearestNeighbors::new(rows.view(), Metric::Euclidean).unwrap();
    let graph = index.among_themselves(3, &Quiet).unwrap();
    assert_eq!(graph.neighbors().nth(8).unwrap(), [0, 4, 12]);
    assert_eq!(graph.neighbors().next().unwrap(), [4, 8, 12]);
}

#[test]
fn the_mean_distance_to_many_is_the_mean_of_the_sorted() {
    for metric in [Metric::Euclidean, Metric::Cosine] {
        let rows = noise(3000, 2);
        let index = NearestNeighbors::new(rows.view(), metric).unwrap();
        for k in [1500, 2999] {
            let queries = rows.slice(ndarray::s![..9, ..]);
            let means = index.mean_distances(queries, k, &Quiet).unwrap();
            let sorted = index.of(queries, k, &Quiet).unwrap().mean_distances();
            assert!(means.iter().zip(&sorted).all(|(a, b)| (a - b).abs() < 1e-12), "{means:?} {sorted:?}");
        }
    }
}

#[test]
fn copies_of_a_row_become_its_first_neighbours() {
    let rows = array![[0.0, 1.0], [5.0, 1.0], [0.0, 1.0], [0.1, 1.0], [0.0, 1.0]];
    let mut graph = NeighborGraph {
        k: 2,
        rows: vec![3, 1, 3, 0, 3, 1, 0, 2, 3, 1],
        distances: vec![0.1, 5.0, 4.9, 5.0, 0.1, 5.0, 0.1, 0.1, 0.1, 5.0],
    };
    graph.correct_exact_duplicates(rows.view());
    let neighbors: Vec<&[u32]> = graph.neighbors().collect();
    assert_eq!(neighbors, [[2, 4], [3, 0], [0, 4], [0, 2], [0, 2]]);
    assert_eq!(graph.distances().next().unwrap(), [0.0, 0.0]);
}

#[test]
fn bad_rows_and_bad_k_are_refused() {
    let refused = |rows: Array2<f64>| NearestNeighbors::new(rows.view(), Metric::Cosine).unwrap_err().to_string();
    assert!(refused(array![[1.0], [f64::NAN]]).contains("row 1"));
    assert!(refused(array![[1e200]]).contains("1e150"));
    assert!(refused(Array2::zeros((0, 2))).contains("too few"));
    let index = NearestNeighbors::new(array![[1.0], [2.0]].view(), Metric::Euclidean).unwrap();
    assert!(index.among_themselves(2, &Quiet).is_err());
    assert!(index.among_themselves(0, &Quiet).is_err());
    assert!(index.of(array![[1.0, 2.0]].view(), 1, &Quiet).is_err());
}

/// Runs units last to first.
struct Backwards;

impl Host for Backwards {
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        (0..n).rev().for_each(unit);
    }
}

/// Rows with few values, so that many distances are equal.
fn coarse(cells: &[i8], d: usize) -> Array2<f64> {
    let n = cells.len() / d;
    Array2::from_shape_vec((n, d), cells.iter().take(n * d).map(|&v| f64::from(v) / 4.0).collect()).unwrap()
}

fn distances(rows: ArrayView2<'_, f64>, metric: Metric, k: usize) -> Vec<Vec<f64>> {
    let index = NearestNeighbors::new(rows, metric).unwrap();
    index.among_themselves(k, &Quiet).unwrap().distances().map(<[f64]>::to_vec).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn permuting_rows_permutes_distances(
        cells in prop::collection::vec(-9_i8..9, 60..900),
        d in 1_usize..20,
        k in 1_usize..8,
        step in 1_usize..50,
    ) {
        let rows = coarse(&cells, d);
        let n = rows.nrows();
        prop_assume!(n > k + 1);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by_key(|row| (row * 7919 + step * 31) % 1009);
        let permuted = rows.select(ndarray::Axis(0), &order);
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let (before, after) = (distances(rows.view(), metric, k), distances(permuted.view(), metric, k));
            prop_assert!(order.iter().zip(&after).all(|(&row, after)| &before[row] == after));
        }
    }

    #[test]
    fn doubling_rows_doubles_their_neighbours(
        cells in prop::collection::vec(-9_i8..9, 60..600),
        d in 1_usize..20,
        k in 1_usize..6,
    ) {
        let rows = coarse(&cells, d);
        prop_assume!(rows.nrows() > k + 1);
        let doubled = ndarray::concatenate![ndarray::Axis(0), rows, rows];
        let (once, twice) = (distances(rows.view(), Metric::Euclidean, k), distances(doubled.view(), Metric::Euclidean, 2 * k + 1));
        for (once, twice) in once.iter().zip(&twice) {
            let expected: Vec<f64> = std::iter::once(0.0).chain(once.iter().flat_map(|&d| [d, d])).collect();
            prop_assert_eq!(&expected, twice);
        }
    }

    #[test]
    fn the_order_in_which_units_run_changes_nothing(
        cells in prop::collection::vec(-9_i8..9, 150..700),
        d in 1_usize..20,
        k in 1_usize..8,
    ) {
        let rows = coarse(&cells, d);
        prop_assume!(rows.nrows() > k + 1);
        for metric in [Metric::Euclidean, Metric::Cosine] {
            for ties in [TieOrder::RowNumber, TieOrder::ScikitLearn, TieOrder::Cleanlab] {
                let index = NearestNeighbors::new(rows.view(), metric).unwrap().with_ties(ties);
                prop_assert_eq!(index.among_themselves(k, &Quiet), index.among_themselves(k, &Backwards));
            }
            let index = NearestNeighbors::new(rows.view(), metric).unwrap();
            let means = |host: &dyn Host| index.mean_distances(rows.view(), rows.nrows() / 2, host);
            prop_assert_eq!(means(&Quiet), means(&Backwards));
        }
    }

    #[test]
    fn coarse_values_with_many_ties_give_the_same_neighbours(
        cells in prop::collection::vec(-3_i8..4, 60..600),
        d in 1_usize..20,
    ) {
        let n = cells.len() / d;
        prop_assume!(n > 12);
        let values = cells.iter().take(n * d).map(|&v| f64::from(v)).collect();
        let rows = Array2::from_shape_vec((n, d), values).unwrap();
        for metric in [Metric::Euclidean, Metric::Cosine] {
            let index = NearestNeighbors::new(rows.view(), metric).unwrap();
            prop_assert_eq!(index.among_themselves(2, &Quiet).unwrap(), plainly(&index, 2));
        }
    }
}
