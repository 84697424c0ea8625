//! Loops over the rows of a node for four columns side by side.
//!
//! Compilers for processors make vector instructions of the plain loops; for WebAssembly they do not, so these are written
//! out there. Both add in the same order and give the same bits.

use super::target::LANES;

/// The least and the greatest value of each lane.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
pub(super) fn extremes(rows: impl Iterator<Item = [f32; LANES]>) -> ([f32; LANES], [f32; LANES]) {
    let (mut low, mut high) = ([f32::MAX; LANES], [f32::MIN; LANES]);
    for values in rows {
        low = std::array::from_fn(|lane| if values[lane] < low[lane] { values[lane] } else { low[lane] });
        high = std::array::from_fn(|lane| if values[lane] > high[lane] { values[lane] } else { high[lane] });
    }
    (low, high)
}

/// Weights and sums of the rows whose value is at most the cut of the lane.
#[cfg(not(target_arch = "wasm32"))]
#[inline]
pub(super) fn sums_up_to(
    cuts: [f32; LANES],
    rows: impl Iterator<Item = ([f32; LANES], f32, f64)>,
) -> ([f32; LANES], [f64; LANES]) {
    let (mut weights, mut sums) = ([0.0_f32; LANES], [0.0_f64; LANES]);
    for (values, weight, sum) in rows {
        let (of_weight, of_sum) = (weight.to_bits(), sum.to_bits());
        for lane in 0..LANES {
            // Masks, unlike branches, run side by side.
            let inside = values[lane] <= cuts[lane];
            weights[lane] += f32::from_bits(of_weight & if inside { u32::MAX } else { 0 });
            sums[lane] += f64::from_bits(of_sum & if inside { u64::MAX } else { 0 });
        }
    }
    (weights, sums)
}

#[cfg(target_arch = "wasm32")]
pub(super) use wasm::{extremes, sums_up_to};

#[cfg(target_arch = "wasm32")]
mod wasm {
    use std::arch::wasm32::{
        f32x4, f32x4_add, f32x4_extract_lane as single, f32x4_le, f32x4_pmax, f32x4_pmin, f32x4_splat, f64x2_add,
        f64x2_extract_lane as double, f64x2_splat, i64x2_extend_high_i32x4, i64x2_extend_low_i32x4, v128, v128_and,
    };

    use super::LANES;

    /// The least and the greatest value of each lane.
    #[inline]
    pub(in super::super) fn extremes(rows: impl Iterator<Item = [f32; LANES]>) -> ([f32; LANES], [f32; LANES]) {
        let (mut low, mut high) = (f32x4_splat(f32::MAX), f32x4_splat(f32::MIN));
        for values in rows {
            let values = vector(values);
            low = f32x4_pmin(low, values);
            high = f32x4_pmax(high, values);
        }
        (lanes(low), lanes(high))
    }

    /// Weights and sums of the rows whose value is at most the cut of the lane.
    #[inline]
    pub(in super::super) fn sums_up_to(
        cuts: [f32; LANES],
        rows: impl Iterator<Item = ([f32; LANES], f32, f64)>,
    ) -> ([f32; LANES], [f64; LANES]) {
        let cuts = vector(cuts);
        let (mut weights, mut first, mut second) = (f32x4_splat(0.0), f64x2_splat(0.0), f64x2_splat(0.0));
        for (values, weight, sum) in rows {
            let inside = f32x4_le(vector(values), cuts);
            let sum = f64x2_splat(sum);
            weights = f32x4_add(weights, v128_and(f32x4_splat(weight), inside));
            first = f64x2_add(first, v128_and(sum, i64x2_extend_low_i32x4(inside)));
            second = f64x2_add(second, v128_and(sum, i64x2_extend_high_i32x4(inside)));
        }
        (lanes(weights), [double::<0>(first), double::<1>(first), double::<0>(second), double::<1>(second)])
    }

    fn vector([a, b, c, d]: [f32; LANES]) -> v128 {
        f32x4(a, b, c, d)
    }

    fn lanes(vector: v128) -> [f32; LANES] {
        [single::<0>(vector), single::<1>(vector), single::<2>(vector), single::<3>(vector)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_summed_each_for_itself() {
        let rows = [([1.0, 5.0, -1.0, 0.0], 1.0, 10.0), ([2.0, 4.0, -2.0, 0.0], 3.0, -4.0)];
        assert_eq!(extremes(rows.iter().map(|row| row.0)), ([1.0, 4.0, -2.0, 0.0], [2.0, 5.0, -1.0, 0.0]));
        let (weights, sums) = sums_up_to([1.0, 4.5, -3.0, 0.0], rows.into_iter());
        assert_eq!((weights, sums), ([1.0, 3.0, 0.0, 4.0], [10.0, -4.0, 0.0, 6.0]));
    }
}
