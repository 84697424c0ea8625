//! Ordering rows by a score. cleanlab sorts with NumPy's quicksort, whose order among equal scores depends on the
//! processor; here equal scores keep their row order, on every platform.

use std::cmp::Ordering;

fn ascending(keys: &[f64], a: u32, b: u32) -> Ordering {
    // Adding zero makes the two zeros equal.
    (keys[a as usize] + 0.0).total_cmp(&(keys[b as usize] + 0.0)).then(a.cmp(&b))
}

/// Row numbers by ascending key; equal keys in row order.
pub(crate) fn argsort(keys: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| ascending(keys, a, b));
    order
}

/// The `count` rows with the smallest keys, in no particular order; among equal keys the first rows.
pub(crate) fn smallest(keys: &[f64], count: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..keys.len() as u32).collect();
    if count < order.len() {
        if count > 0 {
            order.select_nth_unstable_by(count - 1, |&a, &b| ascending(keys, a, b));
        }
        order.truncate(count);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_row_order() {
        assert_eq!(argsort(&[0.3, 0.1, 0.3, 0.1]), [1, 3, 0, 2]);
        let mut picked = smallest(&[0.3, 0.1, 0.3, 0.1], 3);
        picked.sort_unstable();
        assert_eq!(picked, [0, 1, 3]);
        assert!(smallest(&[0.3], 0).is_empty());
        assert_eq!(smallest(&[0.3], 5), [0]);
    }
}
