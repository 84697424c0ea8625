//! Label issues in a stream of batches, cleanlab's `experimental.label_issues_batched`.
