//! The lowest of many scores, in time and memory that a stream can afford.

use serde::{Deserialize, Serialize};

/// A number whose order is that of the scores: both zeros are equal and NaN comes last, as in NumPy.
pub(super) fn order_key(score: f64) -> u64 {
    if score.is_nan() {
        return u64::MAX;
    }
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The score of a key.
fn score_of(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 0 { !key } else { key ^ 1 << 63 })
}

/// Flags the `top` lowest scores; among equal scores the first.
///
/// Scores are counted by the leading bits of their key, and only those in the bucket that holds the cutoff are ordered.
pub(crate) fn lowest_mask(scores: &[f64], top: usize) -> Vec<bool> {
    const BUCKET_SHIFT: u32 = 48;
    if top == 0 || top >= scores.len() {
        return vec![top > 0; scores.len()];
    }
    let mut buckets = vec![0_usize; 1 << (u64::BITS - BUCKET_SHIFT)];
    for &score in scores {
        buckets[(order_key(score) >> BUCKET_SHIFT) as usize] += 1;
    }
    let mut below = 0;
    let mut bucket = 0;
    for (i, &count) in buckets.iter().enumerate() {
        bucket = i as u64;
        if below + count >= top {
            break;
        }
        below += count;
    }
    let keys = scores.iter().map(|&score| order_key(score));
    let mut inside: Vec<u64> = keys.filter(|key| key >> BUCKET_SHIFT == bucket).collect();
    let (_, &mut cutoff, _) = inside.select_nth_unstable(top - below - 1);
    let mut equal_left = top - below - inside.iter().filter(|&&key| key < cutoff).count();
    let cutoff = score_of(cutoff);
    // NaN comes last and is equal to itself.
    let is_below = |score: f64| if cutoff.is_nan() { !score.is_nan() } else { score < cutoff };
    let is_equal = |score: f64| if cutoff.is_nan() { score.is_nan() } else { score == cutoff };
    let mut mask: Vec<bool> = scores.iter().map(|&score| is_below(score)).collect();
    for (flag, &score) in mask.iter_mut().zip(scores) {
        if is_equal(score) {
            if equal_left == 0 {
                break;
            }
            *flag = true;
            equal_left -= 1;
        }
    }
    mask
}

/// A row with its score, as far as later steps need it. Rows order by score, then by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScoredRow {
    pub(super) key: u64,
    pub(super) row: u64,
    pub(super) agrees: bool,
}

/// The `limit` worst rows of a stream, in memory for twice as many.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Worst {
    limit: usize,
    rows: Vec<ScoredRow>,
}

impl Worst {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, rows: Vec::new() }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    pub(super) fn push(&mut self, row: ScoredRow) {
        self.rows.push(row);
        if self.rows.len() >= self.limit.saturating_mul(2).max(64) {
            self.shrink(self.limit);
        }
    }

    pub(super) fn rows(&self) -> &[ScoredRow] {
        &self.rows
    }

    /// The `count` worst rows, worst first.
    pub(super) fn ranked(&self, count: usize) -> Vec<ScoredRow> {
        let mut worst = self.clone();
        worst.shrink(count);
        worst.rows.sort_unstable();
        worst.rows
    }

    fn shrink(&mut self, count: usize) {
        if count < self.rows.len() {
            self.rows.select_nth_unstable(count);
            self.rows.truncate(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equal_scores_are_flagged() {
        let scores = [0.5, 0.1, 0.5, f64::NAN, -0.0, 0.5, 0.0];
        assert_eq!(lowest_mask(&scores, 0), [false; 7]);
        assert_eq!(lowest_mask(&scores, 1), [false, false, false, false, true, false, false]);
        assert_eq!(lowest_mask(&scores, 4), [true, true, false, false, true, false, true]);
        assert_eq!(lowest_mask(&scores, 6), [true, true, true, false, true, true, true]);
        assert_eq!(lowest_mask(&scores, 9), [true; 7]);
    }

    #[test]
    fn the_worst_rows_of_a_stream_are_those_of_sorting_all() {
        let scores: Vec<f64> = (0..1000_u32).map(|i| f64::from(i * 7919 % 211) / 211.0).collect();
        let mut worst = Worst::new(50);
        for (row, &score) in scores.iter().enumerate() {
            worst.push(ScoredRow { key: order_key(score), row: row as u64, agrees: false });
        }
        let mut sorted: Vec<u64> = (0..1000).collect();
        sorted.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]));
        let ranked: Vec<u64> = worst.ranked(50).iter().map(|row| row.row).collect();
        assert_eq!(ranked, sorted[..50]);
    }
}
