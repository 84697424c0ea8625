//! The median, as NumPy takes it.

/// The middle value, or the mean of the middle two; 0 of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
    match (sorted.get(low), sorted.get(high)) {
        (Some(&low), Some(&high)) => f64::midpoint(low, high),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle_two() {
        assert_eq!((median(&[5.0, 1.0, 3.0]), median(&[4.0, 1.0]), median(&[])), (3.0, 2.5, 0.0));
    }
}
