//! Label issues in token classification, cleanlab's `token_classification` and `experimental.span_classification`: each
//! token of a sentence has one class (Wang and Mueller, 2022, "Detecting Label Errors in Token Classification Data").
//! Spans are the case of two classes, given by the probability of the second.

mod data;
pub mod filter;
pub mod rank;
mod sentence;
pub mod summary;

pub use data::{TokenData, TokenPlace, span_pred_probs};
