//! Where the bins of one column end: scikit-learn's `_find_binning_thresholds`.

/// Ascending upper bounds of all bins but the last, from the values of the fit rows, NaN where one is missing.
///
/// Up to `max_bins` distinct values get a bin each, bounded by midpoints; beyond, bins end at the percentiles that cut
/// the rows (or their weights) into `max_bins` equal parts. An empty list is one bin.
pub(super) fn thresholds(values: &[f64], weights: Option<&[f64]>, max_bins: usize) -> Vec<f64> {
    match weights {
        None => {
            let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            sorted.sort_unstable_by(f64::total_cmp);
            midpoints(sorted.iter().copied(), max_bins).unwrap_or_else(|| percentiles(&sorted, max_bins))
        }
        Some(weights) => {
            let mut sorted: Vec<(f64, f64)> = values
                .iter()
                .copied()
                .zip(weights.iter().copied())
                .filter(|(value, weight)| !value.is_nan() && *weight != 0.0)
                .collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            midpoints(sorted.iter().map(|pair| pair.0), max_bins)
                .unwrap_or_else(|| weighted_percentiles(&sorted, max_bins))
        }
    }
}

/// The middles between neighbouring distinct values, unless those are more than `max_bins`.
fn midpoints(sorted: impl Iterator<Item = f64>, max_bins: usize) -> Option<Vec<f64>> {
    let mut bounds = Vec::new();
    let mut last = f64::NAN;
    for value in sorted {
        if value != last {
            if !last.is_nan() {
                bounds.push(f64::midpoint(last, value));
            }
            if bounds.len() >= max_bins {
                return None;
            }
            last = value;
        }
    }
    Some(bounds)
}

/// The inner percentiles of `max_bins` equal parts, NumPy's `averaged_inverted_cdf`, without repetitions.
fn percentiles(sorted: &[f64], max_bins: usize) -> Vec<f64> {
    let step = 100.0 / max_bins as f64;
    let last = sorted.len() - 1;
    let mut bounds: Vec<f64> = (1..max_bins)
        .map(|part| {
            let place = sorted.len() as f64 * (part as f64 * step / 100.0) - 1.0;
            let below = place.floor().max(0.0);
            let after = sorted[(below as usize + 1).min(last)];
            if place == below { f64::midpoint(sorted[(below as usize).min(last)], after) } else { after }
        })
        .collect();
    bounds.dedup();
    bounds
}

/// As [`percentiles`], where each value counts by its weight.
fn weighted_percentiles(sorted: &[(f64, f64)], max_bins: usize) -> Vec<f64> {
    let mut total = 0.0;
    let cumulated: Vec<f64> = sorted
        .iter()
        .map(|(_, weight)| {
            total += weight;
            total
        })
        .collect();
    let (step, last) = (100.0 / max_bins as f64, sorted.len() - 1);
    let mut bounds: Vec<f64> = (1..max_bins)
        .map(|part| {
            let aim = part as f64 * step / 100.0 * total;
            let at = cumulated.partition_point(|&sum| sum < aim).min(last);
            let value = sorted[at].0;
            let inside = cumulated[at] - aim > f64::EPSILON;
            if inside { value } else { f64::midpoint(value, sorted[(at + 1).min(last)].0) }
        })
        .collect();
    bounds.dedup();
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_distinct_values_are_parted_at_their_midpoints() {
        assert_eq!(thresholds(&[3.0, 1.0, f64::NAN, 3.0, 2.0], None, 255), [1.5, 2.5]);
        assert!(thresholds(&[7.0, 7.0], None, 255).is_empty());
        assert!(thresholds(&[f64::NAN], None, 255).is_empty());
        assert!(thresholds(&[0.0, -0.0], None, 255).is_empty());
    }

    #[test]
    fn many_values_are_parted_at_percentiles() {
        // numpy.percentile([0..9], [25, 50, 75], method="averaged_inverted_cdf")
        let values: Vec<f64> = (0..10).map(f64::from).collect();
        assert_eq!(thresholds(&values, None, 4), [2.0, 4.5, 7.0]);
        // A value that fills several parts bounds one bin.
        let values = [0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 6.0, 7.0, 8.0];
        assert_eq!(thresholds(&values, None, 4), [5.0, 6.0]);
    }

    #[test]
    fn whole_weights_cut_as_repeated_rows_do() {
        let values: Vec<f64> = (0..40).map(|i| f64::from((i * 7) % 23)).collect();
        let weights: Vec<f64> = (0..40).map(|i| f64::from(i % 4)).collect();
        let repeated: Vec<f64> =
            values.iter().zip(&weights).flat_map(|(&v, &w)| std::iter::repeat_n(v, w as usize)).collect();
        assert_eq!(thresholds(&values, Some(&weights), 8), thresholds(&repeated, None, 8));
    }
}
