//! Out-of-distribution scores, cleanlab's `outlier`.
