//! Everything that can be wrong with what the engine is given.

use thiserror::Error;

/// Why a call did not give a result. Every message names the argument, the place, the value and the rule.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum CoreError {
    /// An argument without elements.
    #[error("`{argument}` is empty: at least one element is needed")]
    Empty {
        /// Name of the argument.
        argument: &'static str,
    },
    /// Two arguments of different length.
    #[error("`{argument}` has {length} rows, but `{reference}` has {expected}: they must have the same length")]
    Length {
        /// Name of the argument.
        argument: &'static str,
        /// Its length.
        length: usize,
        /// The argument it is compared with.
        reference: &'static str,
        /// The length of that.
        expected: usize,
    },
    /// An argument of the wrong dimensions.
    #[error("`{argument}` has shape {shape}, expected {expected}")]
    Shape {
        /// Name of the argument.
        argument: &'static str,
        /// Its shape.
        shape: String,
        /// The shape it should have.
        expected: String,
    },
    /// A probability outside [0, 1], NaN included.
    #[error("`pred_probs`[{row}, {column}] is {value}: a probability must lie between 0 and 1")]
    Probability {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// A label that is not a class number.
    #[error("`labels`[{row}] is {value}: labels must be class numbers 0, 1, 2, …")]
    Label {
        /// Row, from 0.
        row: usize,
        /// The value as written.
        value: String,
    },
    /// A label without a column in the predictions.
    #[error("`labels`[{row}] is {label}, but `pred_probs` has {n_classes} columns: a label must be below their number")]
    LabelOutOfRange {
        /// Row, from 0.
        row: usize,
        /// The label.
        label: u32,
        /// Columns of `pred_probs`.
        n_classes: usize,
    },
    /// A label, an example or an annotator that a table of several annotators' labels cannot hold.
    #[error("`labels_multiannotator`{place} is {value}: {rule}")]
    Annotation {
        /// Where, as `[row, annotator]` from 0; empty for the whole table.
        place: String,
        /// What is there.
        value: String,
        /// The rule.
        rule: String,
    },
    /// An element of a nested argument that breaks a rule.
    #[error("`{argument}`{index} is {value}: {rule}")]
    Element {
        /// Name of the argument.
        argument: &'static str,
        /// Where in it, as `[3].bboxes[0]`.
        index: String,
        /// The value.
        value: String,
        /// The rule.
        rule: &'static str,
    },
    /// All labels are the same.
    #[error("`labels` holds only class {label}: at least 2 classes are needed")]
    OneClass {
        /// The only class.
        label: u32,
    },
    /// A setting outside its range.
    #[error("`{setting}` is {value}, expected {expected}")]
    Setting {
        /// Name of the setting.
        setting: String,
        /// The value.
        value: String,
        /// The rule.
        expected: String,
    },
    /// Settings that exclude each other.
    #[error("{0}")]
    Conflict(String),
    /// An argument that the call needs.
    #[error("`{argument}` is missing: {rule}")]
    Missing {
        /// Name of the argument.
        argument: &'static str,
        /// When it is needed.
        rule: &'static str,
    },
    /// A matrix that cannot be inverted.
    #[error("`{argument}` is singular and has no inverse")]
    Singular {
        /// Name of the argument.
        argument: &'static str,
    },
    /// A function name that is not known.
    #[error("unknown function `{name}`{}", .nearest.as_ref().map_or_else(String::new, |n| format!("; did you mean `{n}`?")))]
    UnknownFunction {
        /// The name asked for.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// The table cannot be used for what was asked.
    #[error("{0}")]
    Unusable(String),
    /// The host cancelled the work.
    #[error("cancelled")]
    Cancelled,
    /// Reading the data failed.
    #[cfg(feature = "tasks")]
    #[error(transparent)]
    Data(#[from] forge_data::DataError),
    /// Training or predicting failed.
    #[cfg(feature = "images")]
    #[error(transparent)]
    Learn(forge_learn::LearnError),
}

impl CoreError {
    /// A setting outside its range.
    pub(crate) fn setting(name: &str, value: impl ToString, expected: impl Into<String>) -> Self {
        Self::Setting { setting: name.to_owned(), value: value.to_string(), expected: expected.into() }
    }

    /// A short name a program can switch on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "empty",
            Self::Length { .. } => "length",
            Self::Shape { .. } => "shape",
            Self::Probability { .. } => "probability",
            Self::Label { .. } | Self::LabelOutOfRange { .. } | Self::Annotation { .. } => "label",
            Self::Element { .. } => "element",
            Self::OneClass { .. } => "one_class",
            Self::Setting { .. } => "setting",
            Self::Conflict(_) => "conflict",
            Self::Missing { .. } => "missing",
            Self::Singular { .. } => "singular",
            Self::UnknownFunction { .. } => "unknown_function",
            Self::Unusable(_) => "unusable",
            Self::Cancelled => "cancelled",
            #[cfg(feature = "tasks")]
            Self::Data(_) => "data",
            #[cfg(feature = "images")]
            Self::Learn(_) => "learn",
        }
    }
}

#[cfg(feature = "images")]
impl From<forge_learn::LearnError> for CoreError {
    fn from(error: forge_learn::LearnError) -> Self {
        match error {
            forge_learn::LearnError::Cancelled => Self::Cancelled,
            other => Self::Learn(other),
        }
    }
}
