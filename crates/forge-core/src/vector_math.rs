//! Logarithms of many numbers at once.
//!
//! The method is that of `libm`'s `log` (a reduction to \[√½, √2) and a polynomial in ((m − 1) / (m + 1))², as in FreeBSD's
//! `e_log.c`) and so is every operation, so that the results are the same to the last bit; but it has no branches and the
//! compiler turns it into vector instructions, natively and in WebAssembly.

/// ln 2 in two parts; the first has few enough digits for its product with an exponent to be exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;

/// Coefficients of the polynomial.
const LG: [f64; 7] = [
    6.666_666_666_666_735_130e-1,
    3.999_999_999_940_941_908e-1,
    2.857_142_874_366_239_149e-1,
    2.222_219_843_214_978_396e-1,
    1.818_357_216_161_805_012e-1,
    1.531_383_769_920_937_332e-1,
    1.479_819_860_511_658_591e-1,
];

/// 2⁵², whose last bit stands for 1: a whole number put into its last bits becomes a floating-point number.
const UNITS: f64 = 4_503_599_627_370_496.0;

/// What turns the top bits of √½ into those of 1.
const TO_ONE: u64 = (0x3ff0_0000 - 0x3fe6_a09e) << 32;

/// The natural logarithm of a normal positive number: `libm::log` to the last bit. Meaningless for others.
#[inline]
pub(crate) fn ln_normal(x: f64) -> f64 {
    let shifted = x.to_bits() + TO_ONE;
    let exponent = f64::from_bits((shifted >> 52) | UNITS.to_bits()) - (UNITS + 1023.0);
    let mantissa = f64::from_bits((shifted & ((1 << 52) - 1)) + (0x3fe6_a09e_u64 << 32));
    let f = mantissa - 1.0;
    let half_square = 0.5 * f * f;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even = w * (LG[1] + w * (LG[3] + w * LG[5]));
    let odd = z * (LG[0] + w * (LG[2] + w * (LG[4] + w * LG[6])));
    s * (half_square + (odd + even)) + exponent * LN2_LOW - half_square + f + exponent * LN2_HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_is_that_of_libm_to_the_last_bit() {
        let mut state = 1_u64;
        for _ in 0..200_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let uniform = (state >> 11) as f64 / (1_u64 << 53) as f64 + f64::MIN_POSITIVE;
            for x in [uniform, uniform * uniform * 1e-12, 1.0 - uniform * 1e-6, 1.0 + uniform * 1e6] {
                assert_eq!(ln_normal(x).to_bits(), libm::log(x).to_bits(), "{x}");
            }
        }
        for x in [1.0, 0.5, f64::MIN_POSITIVE, f64::MAX, std::f64::consts::SQRT_2, std::f64::consts::FRAC_1_SQRT_2] {
            assert_eq!(ln_normal(x).to_bits(), libm::log(x).to_bits(), "{x}");
        }
    }
}
