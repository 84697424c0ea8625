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

/// A whole number that orders as the key does: both zeros equal, NaN last.
fn rank_bits(key: f64) -> i64 {
    let bits = (key + 0.0).to_bits().cast_signed();
    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
}

/// The `count` rows with the smallest keys, in row order; among equal keys the first rows.
pub(crate) fn smallest(keys: &[f64], count: usize) -> Vec<u32> {
    if count >= keys.len() {
        return (0..keys.len() as u32).collect();
    }
    if count == 0 {
        return Vec::new();
    }
    let bits: Vec<i64> = keys.iter().map(|&key| rank_bits(key)).collect();
    let mut partitioned = bits.clone();
    let (below, &mut limit, _) = partitioned.select_nth_unstable(count - 1);
    let mut equal = count - below.iter().filter(|&&bits| bits < limit).count();
    let mut rows = Vec::with_capacity(count);
    for (row, &bits) in bits.iter().enumerate() {
        if bits < limit {
            rows.push(row as u32);
        } else if bits == limit && equal > 0 {
            equal -= 1;
            rows.push(row as u32);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_row_order() {
        assert_eq!(argsort(&[0.3, 0.1, 0.3, 0.1]), [1, 3, 0, 2]);
        assert_eq!(smallest(&[0.3, 0.1, 0.3, 0.1], 3), [0, 1, 3]);
        assert_eq!(smallest(&[0.0, -1.5, -0.0, f64::NAN, -2.0], 3), [0, 1, 4]);
        assert_eq!(smallest(&[f64::NAN, 1.0, f64::NAN], 2), [0, 1]);
        assert!(smallest(&[0.3], 0).is_empty());
        assert_eq!(smallest(&[0.3], 5), [0]);
    }
}
