//! Selection of the smallest by a bitonic sorting network (Batcher, 1968), which is how NumPy's `argpartition` and
//! `argsort` work on up to 256 numbers with vectors of any width.

/// Most numbers that one network sorts.
pub(super) const MOST: usize = 256;

/// The places of the `k` smallest of at most [`MOST`] keys, smallest first.
pub(super) fn smallest(keys: &[f64], k: usize) -> Vec<u32> {
    let all = (0..keys.len()).map(|i| (keys[i], i as u32)).collect();
    let mut first = sorted(all);
    first.truncate(k);
    sorted(first).into_iter().map(|entry| entry.1).collect()
}

/// Sorts as the network does: halves are merged by comparing each with the mirror image of the other, then at half the
/// distance again and again. Equal keys stay where they are.
fn sorted(mut entries: Vec<(f64, u32)>) -> Vec<(f64, u32)> {
    let n = entries.len();
    let size = n.next_power_of_two();
    entries.resize(size, (f64::INFINITY, u32::MAX));
    let mut exchange = |low: usize, high: usize| {
        if entries[high].0 < entries[low].0 {
            entries.swap(low, high);
        }
    };
    let mut run = 2;
    while run <= size {
        for start in (0..size).step_by(run) {
            (0..run / 2).for_each(|i| exchange(start + i, start + run - 1 - i));
        }
        let mut gap = run / 4;
        while gap > 0 {
            (0..size).filter(|i| i & gap == 0).for_each(|i| exchange(i, i + gap));
            gap /= 2;
        }
        run *= 2;
    }
    entries.truncate(n);
    entries
}
