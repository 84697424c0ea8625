//! Label issues in token classification, cleanlab's `token_classification` and `experimental.span_classification`.
