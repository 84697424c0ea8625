//! Sorting row numbers.

use std::cmp::Ordering;

/// Sorts row numbers; rows that compare equal come in ascending order.
///
/// Not generic: a sort of its own around every comparison took 9 kB of the compressed module for the browser.
#[inline(never)]
pub fn sort_rows(rows: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    rows.sort_unstable_by(|&a, &b| compare(a, b).then(a.cmp(&b)));
}
