//! The one error type of this crate: which picture or model cannot be used, and why.

use thiserror::Error;

/// Why a picture or a model cannot be used. Every message names the file or model, what was found and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum VisionError {
    /// The bytes are none of the formats that are read.
    #[error("{file}: this is no picture in JPEG, PNG or WebP format")]
    NotAPicture {
        /// File name.
        file: String,
    },
    /// A picture beyond a limit, refused before memory is taken for it.
    #[error("{file}: {what} is {found}, above the limit of {limit} ({option})")]
    TooLarge {
        /// File name.
        file: String,
        /// What is too large.
        what: &'static str,
        /// How large it is.
        found: u64,
        /// How large it may be.
        limit: u64,
        /// The field of [`DecodeLimits`](crate::DecodeLimits) that sets the limit.
        option: &'static str,
    },
    /// A picture that is damaged or cut short, or of a kind its format allows and the decoder does not know.
    #[error("{file}: cannot be decoded as {format}: {reason}")]
    Damaged {
        /// File name.
        file: String,
        /// Its format.
        format: &'static str,
        /// What the decoder said.
        reason: String,
    },
    /// The description of a model breaks a rule.
    #[error("the description of the model: {field} {reason}")]
    Description {
        /// The field, as it is written in JSON.
        field: String,
        /// Its value and the rule.
        reason: String,
    },
    /// The bytes are no ONNX model, or a damaged one.
    #[error("the model {model} is not an ONNX file that can be read: {reason}")]
    NotOnnx {
        /// Name of the model.
        model: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The model has an operator that the runtime does not know.
    #[error("the model {model} uses the operator {operator} (node \"{node}\"), which is not supported")]
    UnsupportedOperator {
        /// Name of the model.
        model: String,
        /// The operator.
        operator: String,
        /// The node that uses it.
        node: String,
    },
    /// An input or output that does not have the shape or name its description asks for.
    #[error("the model {model}: {what} is {found}, but its description asks for {expected}")]
    Mismatch {
        /// Name of the model.
        model: String,
        /// Which input or output.
        what: String,
        /// What it is.
        found: String,
        /// What the description asks for.
        expected: String,
    },
    /// The runtime cannot prepare the model for an input of this size.
    #[error("the model {model} cannot be prepared for pictures of {width} × {height}: {reason}")]
    NotRunnable {
        /// Name of the model.
        model: String,
        /// Width of the input in pixels.
        width: usize,
        /// Height of the input in pixels.
        height: usize,
        /// What the runtime said: the node and what it cannot do.
        reason: String,
    },
    /// The runtime failed on a picture.
    #[error("the model {model} failed on a picture: {reason}")]
    Failed {
        /// Name of the model.
        model: String,
        /// What the runtime said.
        reason: String,
    },
}

impl VisionError {
    /// A word for programs: `picture`, `limit`, `description` or `model`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAPicture { .. } | Self::Damaged { .. } => "picture",
            Self::TooLarge { .. } => "limit",
            Self::Description { .. } => "description",
            _ => "model",
        }
    }
}
