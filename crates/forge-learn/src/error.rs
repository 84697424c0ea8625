//! Everything that can go wrong on this floor, with the numbers a person needs to put it right.

use thiserror::Error;

/// Why a model could not be fitted or a setting was refused.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum LearnError {
    /// The host asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// What a partner gave to work that is shared cannot be read.
    #[error("a partner in this work gave something that cannot be read")]
    Exchange,
    /// A setting is outside its range.
    #[error("{setting} is {value}, but must be {range}")]
    Setting {
        /// Name of the setting, as users type it.
        setting: &'static str,
        /// The value given.
        value: String,
        /// The values allowed, in words.
        range: &'static str,
    },
    /// A name is none of those there are.
    #[error("there is no {kind} named {name}; did you mean {nearest}? There are: {known}")]
    UnknownName {
        /// What was named.
        kind: &'static str,
        /// The name given.
        name: String,
        /// The name most like it.
        nearest: &'static str,
        /// All names, separated by commas.
        known: String,
    },
    /// There are too few rows for what was asked.
    #[error("{n_rows} rows are too few: at least {least} are needed")]
    TooFewRows {
        /// Rows given.
        n_rows: usize,
        /// Rows needed.
        least: usize,
    },
    /// No column is left to learn from.
    #[error(
        "no feature is left to learn from: choose at least one number, date, category or boolean column with values"
    )]
    NoFeatures,
    /// All rows have the same label, so there is nothing to tell apart.
    #[error("all {n_rows} rows have the same label: at least two classes are needed")]
    OneClass {
        /// Rows given.
        n_rows: usize,
    },
    /// Labels and rows differ in number.
    #[error("{n_labels} labels were given for {n_rows} rows")]
    LabelCount {
        /// Labels given.
        n_labels: usize,
        /// Rows given.
        n_rows: usize,
    },
    /// A label is no class number.
    #[error("the label at position {position} is {label}, but there are {n_classes} classes")]
    Label {
        /// Position in the labels, counted from 0.
        position: usize,
        /// The label found.
        label: u32,
        /// Number of classes.
        n_classes: usize,
    },
    /// A column number is outside the table.
    #[error("column {column} was asked for, but the table has {n_columns} columns")]
    Column {
        /// The column asked for, counted from 0.
        column: usize,
        /// Columns of the table.
        n_columns: usize,
    },
    /// A row number is outside the table.
    #[error("row {row} was asked for, but the table has {n_rows} rows")]
    Row {
        /// The row asked for, counted from 0.
        row: u32,
        /// Rows of the table.
        n_rows: usize,
    },
    /// A matrix holds something no model can read.
    #[error("the matrix cannot be used: row {row}: {rule}")]
    Matrix {
        /// Row of the matrix, counted from 0.
        row: usize,
        /// The rule it breaks.
        rule: &'static str,
    },
    /// The features are so large that sums of their squares overflow.
    #[error("the numbers grew beyond what floating point holds: standardise the features or lower C")]
    Diverged,
}
