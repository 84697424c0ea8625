//! Nearest neighbours among so many rows that comparing every two takes too long.
//!
//! Equal rows are searched once: each copy has other copies as its first neighbours, drawn so that no copy is everyone's
//! neighbour, and the rows nearest to all of them after that. Where few enough distinct rows are left the search is exact;
//! beyond that a graph of links between near rows finds most ([`NearestNeighbors::approximate`]), and how many is measured
//! on a sample.

use std::cmp::Ordering;

use forge_learn::{
    ApproximateOptions, Host, LearnError, Metric, NearestNeighbors, NeighborGraph, share_work, sort_rows,
};
use ndarray::{ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use xxhash_rust::xxh3::Xxh3Default;

use crate::{CoreError, by_number};

/// Rows up to which every two are compared.
pub(super) const FEW: usize = 100_000;
/// Rows whose approximate neighbours are compared with the true ones.
const SAMPLE: usize = 500;

/// The neighbours of many rows.
pub(super) struct Measured {
    pub(super) graph: NeighborGraph,
    /// How many neighbours are missed, where some are.
    pub(super) warning: Option<String>,
}

/// The `k` nearest rows of every row of `features`; none for so few rows that the checks measure them themselves.
///
/// # Errors
/// Values that distances cannot be measured between; [`CoreError::Cancelled`].
pub(super) fn of_many(
    features: ArrayView2<'_, f64>,
    (metric, k): (Metric, usize),
    seed: u64,
    host: &dyn Host,
) -> Result<Option<Measured>, CoreError> {
    if features.nrows() <= FEW {
        Ok(None)
    } else {
        by_distinct_rows(features, (metric, k), (FEW, seed), host).map(Some)
    }
}

/// The neighbours by way of the distinct rows, exact up to `few` of these.
fn by_distinct_rows(
    features: ArrayView2<'_, f64>,
    (metric, k): (Metric, usize),
    (few, seed): (usize, u64),
    host: &dyn Host,
) -> Result<Measured, CoreError> {
    let mut copies = sets_of_copies(features);
    let firsts: Vec<usize> = copies.iter().map(|set| set[0] as usize).collect();
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    copies.iter_mut().for_each(|set| set.shuffle(&mut rng));
    let n_near = k.min(firsts.len() - 1);
    if n_near == 0 {
        return Ok(Measured { graph: expand((&copies, None), features.nrows(), k)?, warning: None });
    }
    let distinct = features.select(Axis(0), &firsts);
    let index = NearestNeighbors::new(distinct.view(), metric)?;
    let (near, warning) = if firsts.len() <= few {
        (index.among_themselves(n_near, host)?, None)
    } else {
        let (rows, distances, share) = share_work(host, || {
            let search = index.approximate(ApproximateOptions { seed, ..ApproximateOptions::default() }, host)?;
            let share = search.recall(n_near, SAMPLE, host)?;
            let near = search.among_themselves(n_near, host)?;
            let rows: Vec<u32> = near.neighbors().flatten().copied().collect();
            Ok::<_, LearnError>((rows, near.distances().flatten().copied().collect::<Vec<f64>>(), share))
        })?;
        let warning = format!(
            "{} different rows are too many to compare every two: {:.1} % of the nearest neighbours are found, by a sample of {SAMPLE} rows.",
            firsts.len(),
            100.0 * share
        );
        (NeighborGraph::new(n_near, rows, distances)?, Some(warning))
    };
    Ok(Measured { graph: expand((&copies, Some(&near)), features.nrows(), k)?, warning })
}

/// The neighbours of every row from those of the distinct rows.
fn expand(
    (copies, near): (&[Vec<u32>], Option<&NeighborGraph>),
    n: usize,
    k: usize,
) -> Result<NeighborGraph, CoreError> {
    let (mut rows, mut distances) = (vec![0_u32; n * k], vec![0.0; n * k]);
    let mut neighbors = near.map(|near| near.neighbors().zip(near.distances()));
    for set in copies {
        let (others, measured) = neighbors.as_mut().and_then(Iterator::next).unwrap_or_default();
        for (place, &row) in set.iter().enumerate() {
            // Copies and the copies of neighbours are taken in turn from where this copy stands among its own.
            let own = (1..set.len()).map(|step| (set[(place + step) % set.len()], 0.0));
            let further = others.iter().zip(measured).flat_map(|(&other, &distance)| {
                let set = copies.get(other as usize).map_or(&[][..], Vec::as_slice);
                (0..set.len()).map(move |step| (set[(place + step) % set.len()], distance))
            });
            let cells = row as usize * k..(row as usize + 1) * k;
            let cells = rows[cells.clone()].iter_mut().zip(&mut distances[cells]);
            for (cell, (other, distance)) in cells.zip(own.chain(further)) {
                (*cell.0, *cell.1) = (other, distance);
            }
        }
    }
    Ok(NeighborGraph::new(k, rows, distances)?)
}

/// Rows that are equal value by value: each set ascending, the sets by their first row.
fn sets_of_copies(features: ArrayView2<'_, f64>) -> Vec<Vec<u32>> {
    let hash = |row: ndarray::ArrayView1<'_, f64>| {
        let mut hash = Xxh3Default::new();
        // Adding 0 makes one zero of both.
        row.iter().for_each(|value| hash.update(&(value + 0.0).to_bits().to_le_bytes()));
        hash.digest()
    };
    let hashes: Vec<u64> = features.outer_iter().map(hash).collect();
    let by_values = |a: u32, b: u32| {
        let pairs = features.row(a as usize).into_iter().zip(features.row(b as usize));
        pairs.map(|(x, y)| x.partial_cmp(y).unwrap_or(Ordering::Equal)).fold(Ordering::Equal, Ordering::then)
    };
    let compare = |a: u32, b: u32| hashes[a as usize].cmp(&hashes[b as usize]).then_with(|| by_values(a, b));
    let mut order: Vec<u32> = (0..features.nrows() as u32).collect();
    sort_rows(&mut order, &compare);
    let mut sets: Vec<Vec<u32>> =
        order.chunk_by(|&a, &b| compare(a, b) == Ordering::Equal).map(<[u32]>::to_vec).collect();
    by_number::sort(&mut sets, |set| f64::from(set[0]));
    sets
}

#[cfg(test)]
mod tests {
    use forge_learn::Quiet;
    use ndarray::Array2;

    use super::*;

    /// 60 rows, of which 20 are equal, 5 others are equal and 35 stand alone.
    fn rows() -> Array2<f64> {
        Array2::from_shape_fn((60, 2), |(row, column)| match row % 12 {
            0..4 => 1.0,
            4 => -2.0 * (column + 1) as f64,
            _ => ((row * (17 + 12 * column)) % 61) as f64 / 7.0,
        })
    }

    #[test]
    fn distances_are_those_between_all_rows() {
        let features = rows();
        for k in [1, 4, 7, 30] {
            let found = by_distinct_rows(features.view(), (Metric::Euclidean, k), (FEW, 1), &Quiet).unwrap();
            let exact = NearestNeighbors::new(features.view(), Metric::Euclidean).unwrap();
            let exact = exact.among_themselves(k, &Quiet).unwrap();
            assert!(found.graph.distances().eq(exact.distances()), "k = {k}");
            assert!(found.warning.is_none());
            for (row, neighbors) in found.graph.neighbors().enumerate() {
                let mut seen = neighbors.to_vec();
                seen.sort_unstable();
                seen.dedup();
                assert!(seen.len() == k && !seen.contains(&(row as u32)));
            }
        }
    }

    #[test]
    fn no_copy_is_the_neighbour_of_all_others() {
        let features = Array2::from_elem((500, 3), 2.5);
        let found = by_distinct_rows(features.view(), (Metric::Euclidean, 10), (FEW, 1), &Quiet).unwrap();
        let mut counts = vec![0; 500];
        found.graph.neighbors().flatten().for_each(|&row| counts[row as usize] += 1);
        assert!(counts.iter().all(|&count| count == 10));
    }

    #[test]
    fn beyond_few_distinct_rows_neighbours_are_approximate_and_the_share_found_is_told() {
        let features = rows();
        let found = by_distinct_rows(features.view(), (Metric::Euclidean, 4), (10, 1), &Quiet).unwrap();
        let warning = found.warning.unwrap();
        assert!(warning.starts_with("37 different rows"), "{warning}");
        let exact = by_distinct_rows(features.view(), (Metric::Euclidean, 4), (FEW, 1), &Quiet).unwrap();
        let same = found.graph.distances().zip(exact.graph.distances()).filter(|(found, exact)| found == exact).count();
        assert!(same >= 54, "{same} of 60 rows");
    }
}
