//! The order in which pandas lists checks that found equally much.
//!
//! cleanvision sorts its summary by count with NumPy's unstable sort, which for few numbers is a bitonic network over
//! vectors of eight lanes. Which of two equal counts comes first is settled by the lanes they happen to lie in.

/// The places of `counts` from the highest to the lowest, as `DataFrame.sort_values(ascending=False)` gives them for up to
/// sixteen counts; more are sorted stably.
pub(super) fn descending(counts: &[usize]) -> Vec<usize> {
    let n = counts.len();
    if n > 16 {
        let mut places: Vec<usize> = (0..n).collect();
        places.sort_by_key(|&place| std::cmp::Reverse(counts[place]));
        return places;
    }
    // pandas turns the column round, sorts it upwards and turns the result round again.
    let mut lanes: Vec<(usize, usize)> = (0..n).rev().map(|place| (counts[place], place)).collect();
    lanes.resize(if n > 8 { 16 } else { 8 }, (usize::MAX, n));
    lanes.chunks_exact_mut(8).for_each(sort_eight);
    if n > 8 {
        mirror(&mut lanes);
        lanes.chunks_exact_mut(8).for_each(|half| [4, 2, 1].into_iter().for_each(|stride| merge(half, stride)));
    }
    lanes.into_iter().map(|(_, place)| place).filter(|&place| place < n).rev().collect()
}

fn sort_eight(lanes: &mut [(usize, usize)]) {
    merge(lanes, 1);
    lanes.chunks_exact_mut(4).for_each(mirror);
    merge(lanes, 1);
    mirror(lanes);
    merge(lanes, 2);
    merge(lanes, 1);
}

/// Orders each lane and the one as far from the other end.
fn mirror(lanes: &mut [(usize, usize)]) {
    for i in 0..lanes.len() / 2 {
        order(lanes, i, lanes.len() - 1 - i);
    }
}

/// Orders each lane and the one a stride away, within groups of two strides.
fn merge(lanes: &mut [(usize, usize)], stride: usize) {
    for i in (0..lanes.len()).filter(|i| i & stride == 0) {
        order(lanes, i, i + stride);
    }
}

fn order(lanes: &mut [(usize, usize)], low: usize, high: usize) {
    if lanes[low].0 > lanes[high].0 {
        lanes.swap(low, high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_counts_come_in_the_order_of_pandas() {
        // pandas.DataFrame({"n": counts}).sort_values(by=["n"], ascending=False).index
        assert_eq!(descending(&[2, 1, 1, 3, 1, 1, 3, 2, 4]), [8, 6, 3, 0, 7, 4, 2, 1, 5]);
        assert_eq!(descending(&[10, 0, 0, 0, 0, 0, 0]), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(descending(&[5]), [0]);
        assert!(descending(&[]).is_empty());
    }

    #[test]
    fn every_length_is_sorted() {
        for n in 0..30_usize {
            let counts: Vec<usize> = (0..n).map(|i| i * i * 7 % 5).collect();
            let places = descending(&counts);
            assert!(places.is_sorted_by(|&a, &b| counts[a] >= counts[b]), "{n}: {places:?}");
            assert_eq!(places.len(), n);
        }
    }
}
