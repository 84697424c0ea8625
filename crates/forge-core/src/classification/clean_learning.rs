//! Training with noisy labels, cleanlab's `classification.CleanLearning`.
