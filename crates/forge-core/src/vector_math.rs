//! Logarithms and exponentials of many numbers at once, and loops in vectors of the processor's width.
//!
//! The methods are those of `libm` (FreeBSD's `e_log.c` and `e_exp.c`: a reduction to a small interval and a polynomial),
//! without branches, so that the compiler turns them into vector instructions, natively and in WebAssembly. Every
//! operation is the same whatever the width, and so is the result.

/// Defines a function of slices whose loops the compiler makes for vectors of 128 bits and, on x86-64, again for
/// vectors of 256 and of 512 bits, which are used where the processor has them. The result is the same.
macro_rules! in_wide_vectors {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) {
            #[inline(always)]
            fn anywhere($($arg: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512dq,avx512vl")]
                fn with_avx512($($arg: $type),*) {
                    anywhere($($arg),*);
                }
                #[target_feature(enable = "avx2")]
                fn with_avx2($($arg: $type),*) {
                    anywhere($($arg),*);
                }
                #[expect(unsafe_code, reason = "half the time of logarithms and of comparing planes of an image")]
                match $crate::vector_math::Vectors::of_this_processor() {
                    // SAFETY: the processor has what the function is compiled for, as it answered just now.
                    $crate::vector_math::Vectors::Avx512 => return unsafe { with_avx512($($arg),*) },
                    // SAFETY: as above.
                    $crate::vector_math::Vectors::Avx2 => return unsafe { with_avx2($($arg),*) },
                    $crate::vector_math::Vectors::Common => {}
                }
            }
            anywhere($($arg),*);
        }
    };
}
pub(crate) use in_wide_vectors;

/// The widest vectors that functions are compiled for.
#[cfg(target_arch = "x86_64")]
pub(crate) enum Vectors {
    /// 512 bits: AVX-512F with DQ and VL.
    Avx512,
    /// 256 bits: AVX2.
    Avx2,
    /// 128 bits, which every x86-64 processor has.
    Common,
}

#[cfg(target_arch = "x86_64")]
impl Vectors {
    /// Those of the processor this runs on.
    #[inline]
    pub(crate) fn of_this_processor() -> Self {
        use std::arch::is_x86_feature_detected as has;
        match () {
            () if has!("avx512f") && has!("avx512dq") && has!("avx512vl") => Self::Avx512,
            () if has!("avx2") => Self::Avx2,
            () => Self::Common,
        }
    }
}

/// ln 2 in two parts; the first has few enough digits for its product with an exponent to be exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Coefficients of the polynomial.
const LG: [f64; 7] = [
    6.666_666_666_666_735e-1,
    3.999_999_999_940_942e-1,
    2.857_142_874_366_239e-1,
    2.222_219_843_214_978_4e-1,
    1.818_357_216_161_805e-1,
    1.531_383_769_920_937_3e-1,
    1.479_819_860_511_658_6e-1,
];

/// 2⁵², whose last bit stands for 1: a whole number put into its last bits becomes a floating-point number.
const UNITS: f64 = 4_503_599_627_370_496.0;

/// What turns the top bits of √½ into those of 1.
const TO_ONE: u64 = (0x3ff0_0000 - 0x3fe6_a09e) << 32;

/// The natural logarithm of a normal positive number: `libm::log` to the last bit. Meaningless for others.
#[inline]
pub(crate) fn ln_normal(x: f64) -> f64 {
    // The bits of a NaN may run over.
    let shifted = x.to_bits().wrapping_add(TO_ONE);
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

in_wide_vectors! {
    /// p ln p of each value, which is 0 for 0; NaN for NaN. Values must not be negative. Both slices are equally long.
    pub(crate) fn times_ln(terms: &mut [f64], values: &[f64]) {
        // The logarithm of 0 is some finite number here, whose product with 0 is 0.
        terms.iter_mut().zip(values).for_each(|(term, &p)| *term = p * ln_normal(p));
    }
}

/// Coefficients of the polynomial of the exponential.
const P: [f64; 5] = [
    1.666_666_666_666_660_2e-1,
    -2.777_777_777_701_559_3e-3,
    6.613_756_321_437_934e-5,
    -1.653_390_220_546_525_2e-6,
    4.138_136_797_057_238_5e-8,
];

/// What is added to a number below 2⁵¹ to round it to a whole one, which then stands in the last bits.
const ROUNDER: f64 = 1.5 * UNITS;

/// Exponents below this count as this.
const LOWEST_EXPONENT: f64 = -708.0;

/// The exponential of a number of at most 709, to one unit in the last place; that of −708 for all below.
#[inline]
pub(crate) fn exp_bounded(x: f64) -> f64 {
    let x = if x < LOWEST_EXPONENT { LOWEST_EXPONENT } else { x };
    let rounded = x * std::f64::consts::LOG2_E + ROUNDER;
    let power = rounded - ROUNDER;
    let high = x - power * LN2_HIGH;
    let low = power * LN2_LOW;
    let r = high - low;
    let z = r * r;
    let c = r - z * (P[0] + z * (P[1] + z * (P[2] + z * (P[3] + z * P[4]))));
    let y = 1.0 + (r * c / (2.0 - c) - low + high);
    f64::from_bits(y.to_bits().wrapping_add(rounded.to_bits() << 52))
}

in_wide_vectors! {
    /// exp((`lowest` − value) / `temperature`) of each value, at most 1. Both slices are equally long.
    pub(crate) fn softmin_weights(weights: &mut [f64], values: &[f64], lowest: f64, temperature: f64) {
        weights.iter_mut().zip(values).for_each(|(weight, &v)| *weight = exp_bounded((lowest - v) / temperature));
    }
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
    #[test]
    fn an_exponential_is_that_of_libm_but_for_the_last_bit() {
        for i in 0..200_000_u32 {
            let x = f64::from(i).sqrt() * -1.5 + f64::from(i % 7) * 0.1;
            let (found, expected) = (exp_bounded(x), libm::exp(x));
            assert!(found.to_bits().abs_diff(expected.to_bits()) <= 1, "{x}: {found} {expected}");
        }
        assert_eq!(exp_bounded(0.0), 1.0);
        assert!(exp_bounded(-1e9) < 1e-300 && exp_bounded(f64::NEG_INFINITY) < 1e-300);
        assert!(exp_bounded(f64::NAN).is_nan());
    }

    #[test]
    fn a_nan_of_either_sign_stays_one() {
        let mut terms = [0.0; 2];
        times_ln(&mut terms, &[f64::NAN, -f64::NAN]);
        assert!(terms.iter().all(|term| term.is_nan()));
    }

    #[test]
    fn zero_times_its_logarithm_is_zero() {
        let mut terms = [1.0; 3];
        times_ln(&mut terms, &[0.0, 0.5, f64::NAN]);
        assert_eq!(terms[..2], [0.0, 0.5 * libm::log(0.5)]);
        assert!(terms[2].is_nan());
    }
}
