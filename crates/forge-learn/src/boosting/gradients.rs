//! First and second derivatives of the loss as whole numbers, so that their sums are exact.
//!
//! Sums over rows then depend neither on their order nor on how work is cut among threads, a sibling's histogram is the
//! exact difference of two others, and one 128-bit addition updates derivatives and count together. The unit is a power
//! of two chosen such that no sum can overflow: for 100,000 rows 2^-45 of the largest gradient and 2^-28 of the largest
//! hessian, against 2^-24 of each number in scikit-learn's single precision.

use super::exponential::ROUNDING;

/// The gradient in units, and the hessian in units above the count of rows.
pub(super) type Entry = [i64; 2];

/// What the whole numbers of an [`Entry`] stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Units {
    gradient: f64,
    hessian: f64,
    count_bits: u32,
    constant_hessian: bool,
}

impl Units {
    /// Units for sums over `n_rows` rows whose derivatives do not exceed `largest_gradient` and `largest_hessian`;
    /// without the latter every hessian is 1.
    pub(super) fn new(n_rows: usize, largest_gradient: f64, largest_hessian: Option<f64>) -> Self {
        let count_bits = (usize::BITS - n_rows.leading_zeros()).cast_signed();
        let unit = |largest: f64, bits: i32| libm::ldexp(1.0, libm::frexp(largest).1 - bits.clamp(1, 50));
        Self {
            gradient: unit(largest_gradient, 62 - count_bits),
            hessian: unit(largest_hessian.unwrap_or(1.0), 62 - 2 * count_bits),
            count_bits: count_bits.cast_unsigned(),
            constant_hessian: largest_hessian.is_none(),
        }
    }

    /// A function that makes entries of one row each.
    pub(super) fn encoder(&self) -> impl Fn(f64, f64) -> Entry + Copy + use<> {
        let (to_gradient, count_bits) = (1.0 / self.gradient, self.count_bits);
        let to_hessian = if self.constant_hessian { 0.0 } else { 1.0 / self.hessian };
        move |gradient, hessian| [round(gradient * to_gradient), (round(hessian * to_hessian) << count_bits) + 1]
    }

    /// The sum of gradients.
    pub(super) fn gradient(&self, entry: Entry) -> f64 {
        entry[0] as f64 * self.gradient
    }

    /// The sum of hessians.
    pub(super) fn hessian(&self, entry: Entry) -> f64 {
        if self.constant_hessian {
            self.count(entry) as f64
        } else {
            (entry[1] >> self.count_bits) as f64 * self.hessian
        }
    }

    /// The number of rows.
    pub(super) fn count(&self, entry: Entry) -> usize {
        (entry[1] & ((1 << self.count_bits) - 1)) as usize
    }
}

/// The nearest whole number of a number below 2^51.
fn round(x: f64) -> i64 {
    (x + ROUNDING).to_bits().cast_signed() - ROUNDING.to_bits().cast_signed()
}

/// Adds one entry to another.
pub(super) fn add(sum: &mut Entry, entry: Entry) {
    sum[0] = sum[0].wrapping_add(entry[0]);
    sum[1] = sum[1].wrapping_add(entry[1]);
}

/// One entry less another.
pub(super) fn minus(a: Entry, b: Entry) -> Entry {
    [a[0].wrapping_sub(b[0]), a[1].wrapping_sub(b[1])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_derivatives_and_count_apart() {
        let units = Units::new(1000, 3.0, Some(0.25));
        let encode = units.encoder();
        let mut sum = [0, 0];
        for i in 0..1000 {
            add(&mut sum, encode(if i % 3 == 0 { -3.0 } else { 0.1 }, 0.2));
        }
        assert_eq!(units.count(sum), 1000);
        assert!((units.gradient(sum) - (-3.0 * 334.0 + 0.1 * 666.0)).abs() < 1e-10);
        assert!((units.hessian(sum) - 200.0).abs() < 1e-7);
        let rest = minus(sum, encode(0.1, 0.2));
        assert_eq!(units.count(rest), 999);
    }

    #[test]
    fn nothing_overflows_at_the_largest_derivatives() {
        for n in [1_u32, 100_000, 5_000_000] {
            let units = Units::new(n as usize, 1.0, Some(1.0));
            let [gradient, hessian] = units.encoder()(1.0, 1.0);
            assert!(gradient.checked_mul(i64::from(n)).is_some() && hessian.checked_mul(i64::from(n)).is_some());
        }
    }

    #[test]
    fn a_constant_hessian_is_the_count() {
        let units = Units::new(10, 1e-200, None);
        let entry = units.encoder()(1e-200, 1.0);
        assert_eq!((units.hessian(entry), units.count(entry)), (1.0, 1));
        assert!((units.gradient(entry) - 1e-200).abs() < 1e-213);
        assert_eq!(Units::new(10, 0.0, None).encoder()(0.0, 1.0), [0, 1]);
    }
}
