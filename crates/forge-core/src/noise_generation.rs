//! Noise matrices and noisy labels for experiments, cleanlab's `benchmarking.noise_generation`.
