//! How well scores rank the rows that are positive above those that are not.

/// Mean precision at each positive row, weighted by the rise of recall, `average_precision_score`; rows of equal score
/// count together. `None` without a positive row.
pub fn average_precision(positive: &[bool], scores: &[f64]) -> Option<f64> {
    let mut rows: Vec<(f64, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
    super::sort_by_score(&mut rows);
    rows.reverse();
    let n_positive = rows.iter().filter(|row| row.1).count();
    if n_positive == 0 {
        return None;
    }
    let (mut seen, mut hits, mut sum) = (0_usize, 0_usize, 0.0);
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let more = tied.iter().filter(|row| row.1).count();
        seen += tied.len();
        hits += more;
        sum += more as f64 / n_positive as f64 * (hits as f64 / seen as f64);
    }
    Some(sum)
}

/// Area under the ROC curve of scores against a yes or no per row, `roc_auc_score`; `None` where all rows agree.
pub fn roc_auc_of_scores(positive: &[bool], scores: &[f64]) -> Option<f64> {
    super::area_under_curve(scores.iter().copied().zip(positive.iter().copied()).collect())
}
