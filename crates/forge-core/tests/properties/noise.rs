//! Noise made on purpose.

use forge_core::Labels;
use forge_core::noise_generation::{
    BallRange, Learnability, NoiseMatrixSpec, ProbabilityRange, generate_n_rand_probabilities_that_sum_to_m,
    generate_noise_matrix_from_trace, generate_noisy_labels, noise_matrix_is_valid,
    randomly_distribute_balls_into_bins,
};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

use crate::cases::{in_unit_interval, probabilities};

/// Counts of each class.
fn counts(labels: &[u32], k: usize) -> Vec<usize> {
    (0..k as u32).map(|class| labels.iter().filter(|&&label| label == class).count()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn probabilities_keep_their_sum_and_their_bounds(
        n in 1_usize..30, min in 0.0_f64..0.4, width in 0.0_f64..0.6, place in 0.0_f64..=1.0, seed: u64
    ) {
        let range = ProbabilityRange { min, max: min + width };
        let m = n as f64 * (min + width * place);
        let drawn = generate_n_rand_probabilities_that_sum_to_m(n, m, range, seed).unwrap();
        prop_assert!((drawn.iter().sum::<f64>() - m).abs() < 1e-9);
        prop_assert!(drawn.iter().all(|p| (min - 2e-6..=range.max + 2e-6).contains(p)), "{:?}", drawn);
        prop_assert_eq!(&drawn, &generate_n_rand_probabilities_that_sum_to_m(n, m, range, seed).unwrap());
    }

    #[test]
    fn balls_are_all_in_bins_that_hold_them(
        n_balls in 0_usize..200, n_bins in 1_usize..20, max in prop::option::of(1_usize..30), seed: u64
    ) {
        let range = BallRange { min: 0, max };
        let bins = randomly_distribute_balls_into_bins(n_balls, n_bins, range, seed).unwrap();
        let room = max.map_or(n_balls, |max| n_balls.min(max * n_bins));
        prop_assert_eq!(bins.iter().sum::<usize>(), room);
        prop_assert!(bins.iter().all(|&bin| bin <= max.unwrap_or(n_balls)), "{:?}", bins);
        prop_assert_eq!(bins, randomly_distribute_balls_into_bins(n_balls, n_bins, range, seed).unwrap());
    }

    #[test]
    fn a_noise_matrix_has_its_trace_and_columns_that_sum_to_one(
        k in 2_usize..7, place in 0.3_f64..1.0, zero_share in 0.0_f64..0.6, seed: u64
    ) {
        let trace = 1.0 + (k as f64 - 1.0) * place;
        let spec = NoiseMatrixSpec { zero_share, seed, ..NoiseMatrixSpec::new(k, trace, Learnability::Any) };
        let matrix = generate_noise_matrix_from_trace(&spec).unwrap().unwrap();
        prop_assert!((matrix.diag().sum() - trace).abs() < 1e-6);
        prop_assert!(matrix.sum_axis(Axis(0)).iter().all(|sum| (sum - 1.0).abs() < 1e-6), "{}", matrix);
        prop_assert!(matrix.iter().all(|p| (-2e-6..=1.0 + 2e-6).contains(p)), "{}", matrix);
        prop_assert_eq!(Some(matrix), generate_noise_matrix_from_trace(&spec).unwrap());

        let py = vec![1.0 / k as f64; k];
        let learnable = NoiseMatrixSpec { learnability: Learnability::Learnable(py.clone()), ..spec };
        if let Some(matrix) = generate_noise_matrix_from_trace(&learnable).unwrap() {
            prop_assert!(k == 2 || noise_matrix_is_valid(&matrix, &py).unwrap());
        }
    }

    #[test]
    fn labels_flip_as_often_as_the_matrix_says(
        (labels, rates) in (2_usize..5).prop_flat_map(|k| {
            (prop::collection::vec(0..k as u32, 1..80), probabilities(k, k))
        }),
        seed: u64
    ) {
        let k = rates.nrows();
        let matrix: Array2<f64> = rates.t().to_owned();
        let given = Labels::new(labels.clone()).unwrap();
        let noisy = generate_noisy_labels(&given, &matrix, seed).unwrap();
        prop_assert_eq!(&noisy, &generate_noisy_labels(&given, &matrix, seed).unwrap());
        let before = counts(&labels, k);
        for class in 0..k {
            for other in (0..k).filter(|&other| other != class) {
                let flipped = labels.iter().zip(&noisy);
                let flipped = flipped.filter(|&(&a, &b)| a == class as u32 && b == other as u32).count();
                let most = matrix[[other, class]] * before[class] as f64;
                prop_assert!(flipped as f64 <= most + 1e-9 && flipped as f64 > most - 1.0 - 1e-9);
            }
        }
        let unchanged = generate_noisy_labels(&given, &Array2::eye(k), seed).unwrap();
        prop_assert_eq!(unchanged, labels);
        prop_assert!(in_unit_interval(&matrix.iter().copied().collect::<Vec<_>>()));
    }
}
