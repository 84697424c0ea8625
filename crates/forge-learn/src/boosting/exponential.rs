//! The exponential in a form that compilers turn into SIMD instructions: no branch, no table, no call.
//!
//! exp(x) = 2^k · exp(r) with k the whole number nearest to x / ln 2 and r the rest, |r| ≤ ln 2 / 2, whose exponential is
//! its Taylor series up to r^13 (the next term is below 5e-18). Additions and products only, so results are the same on
//! every platform; they lie within 3e-16 of the exact value, relatively.

/// Adding this number rounds to whole numbers, which then stand in the low bits.
pub(super) const ROUNDING: f64 = 6_755_399_441_055_744.0;
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
const LARGEST: f64 = 709.0;
const TAYLOR: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
];

/// e to the power of `x`; beyond ±709 as at ±709.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-708.0, LARGEST);
    let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
    let k = shifted - ROUNDING;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let tail = TAYLOR.iter().fold(0.0, |sum, term| sum * r + term);
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    (tail * (r * r) + r + 1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_library_to_the_last_bits() {
        for step in -140_000..=141_800 {
            let x = f64::from(step) * 0.005 + 1e-7;
            let exact = libm::exp(x.clamp(-708.0, LARGEST));
            assert!((exp(x) - exact).abs() <= 4e-16 * exact, "{x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(1e300), exp(LARGEST));
        assert!(exp(f64::NEG_INFINITY) < 1e-300);
    }
}
