//! The one error type of this crate: what is wrong with the data, and where.

use thiserror::Error;

/// Why data cannot be used. Every message names the file, line, column, value and rule as far as they apply.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file has no bytes, or nothing but blanks.
    #[error("{file}: the file is empty")]
    EmptyFile {
        /// File name.
        file: String,
    },
    /// The file ends after the column names.
    #[error("{file}: line {line} holds column names, and no rows follow")]
    HeaderOnly {
        /// File name.
        file: String,
        /// Line of the header.
        line: u64,
    },
    /// A declaration of an ARFF file cannot be read, or no row follows them.
    #[error("{file}, line {line}: {reason}")]
    Arff {
        /// File name.
        file: String,
        /// Line of the file, from 1.
        line: u64,
        /// What is wrong with it: column, value and rule.
        reason: String,
    },
    /// Every row was rejected.
    #[error("{file}: none of its {n_rejected} rows can be read; the first is line {line}: {reason}")]
    NoUsableRow {
        /// File name.
        file: String,
        /// Rows rejected.
        n_rejected: u64,
        /// Line of the first.
        line: u64,
        /// Why the first was rejected.
        reason: String,
    },
    /// The bytes are no text.
    #[error("{file}: this looks like {looks_like}, not a table")]
    NotText {
        /// File name.
        file: String,
        /// What the bytes look like.
        looks_like: String,
    },
    /// The text is larger than [`CsvOptions::max_bytes`](crate::CsvOptions::max_bytes).
    #[error("{file}: larger than the limit of {limit} bytes (max_bytes)")]
    TooLarge {
        /// File name.
        file: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The gzip stream is damaged or cut short.
    #[error("{file}: cannot be decompressed as gzip: {reason}")]
    Gzip {
        /// File name.
        file: String,
        /// What the decompressor said.
        reason: String,
    },
    /// An archive that is damaged, too large to unpack, or not to be trusted.
    #[error("{file}: {reason}")]
    Archive {
        /// File name.
        file: String,
        /// What is wrong with it, and with which file in it.
        reason: String,
    },
    /// The bytes are not what their format promises.
    #[error("{file}: cannot be read as {format}: {reason}")]
    Malformed {
        /// File name.
        file: String,
        /// The format.
        format: &'static str,
        /// What is wrong, and where.
        reason: String,
    },
    /// A format that this build lacks and another has.
    #[error(
        "{file}: {format} is not part of this build, which lacks the feature {feature}; `forge convert` makes it CSV"
    )]
    NotBuiltIn {
        /// File name.
        file: String,
        /// The format.
        format: &'static str,
        /// The feature of this crate that would read it.
        feature: &'static str,
    },
    /// A format that is not read here.
    #[error("{file}: {format} is not supported; {hint}")]
    UnsupportedFormat {
        /// File name.
        file: String,
        /// The format.
        format: String,
        /// What to do instead.
        hint: String,
    },
    /// A table, or a change of one, that a format cannot hold.
    #[error("cannot be written as {format}: {reason}")]
    NotWritable {
        /// The format.
        format: &'static str,
        /// What it cannot hold, and where.
        reason: String,
    },
    /// The bytes are not what the encoding allows.
    #[error("{file}, line {line}: byte {offset} is not valid {encoding}")]
    InvalidEncoding {
        /// File name.
        file: String,
        /// Name of the encoding.
        encoding: &'static str,
        /// Offset of the first invalid byte.
        offset: u64,
        /// Line it is on.
        line: u64,
    },
    /// An option is outside its range.
    #[error("option {option}: {value} is not allowed; {rule}")]
    InvalidOption {
        /// Name of the option.
        option: &'static str,
        /// The value given.
        value: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// A name is none of those known.
    #[error("unknown {kind} \"{value}\"; known are {known}")]
    UnknownName {
        /// What is named.
        kind: &'static str,
        /// The name given.
        value: String,
        /// The names known.
        known: String,
    },
    /// A column is named that the table does not have.
    #[error("there is no column \"{column}\"; the columns are {known}")]
    UnknownColumn {
        /// The name given.
        column: String,
        /// The columns of the table.
        known: String,
    },
    /// Two columns share a name.
    #[error("column \"{column}\" appears twice; column names must differ")]
    DuplicateColumn {
        /// The shared name.
        column: String,
    },
    /// A column is longer or shorter than the first.
    #[error("column \"{column}\" has {len} rows, expected {expected}")]
    ColumnLength {
        /// Name of the column.
        column: String,
        /// Its length.
        len: usize,
        /// Length of the first column.
        expected: usize,
    },
    /// A value breaks the rule of its column's type.
    #[error("column \"{column}\", row {row}: {value} is not allowed; {rule}")]
    InvalidValue {
        /// Name of the column.
        column: String,
        /// Row, from 0.
        row: usize,
        /// The value.
        value: String,
        /// What is allowed.
        rule: &'static str,
    },
    /// The levels of a category column are unsorted or repeated.
    #[error("column \"{column}\": its levels must be distinct and sorted by bytes; \"{level}\" is out of place")]
    InvalidLevels {
        /// Name of the column.
        column: String,
        /// The first level out of place.
        level: String,
    },
    /// A `.npy` file that holds no array of numbers, or not all of it.
    #[error("{file}: {reason}")]
    Npy {
        /// File name.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A grid of log odds that cannot be.
    #[error("a grid of {rows} × {cols} log odds cannot be: {reason}")]
    LogitGrid {
        /// Its rows.
        rows: usize,
        /// Its columns.
        cols: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A token is named that the corpus does not have.
    #[error("there is no token {token} in sentence {sentence} of the corpus (both counted from 0)")]
    UnknownToken {
        /// Index of the sentence, from 0.
        sentence: usize,
        /// Index of the token in the sentence, from 0.
        token: usize,
    },
    /// A table of labels by annotators that is too large, or no such table.
    #[error("this is no table of labels by annotators: {reason}")]
    Annotators {
        /// What is wrong: rows, columns and rule.
        reason: String,
    },
    /// No data set has the name.
    #[error("unknown data set \"{name}\"; did you mean \"{nearest}\"? Known are {known}")]
    UnknownDataSet {
        /// The name given.
        name: String,
        /// The known name nearest to it.
        nearest: &'static str,
        /// The names known.
        known: String,
    },
    /// A file is not one of the data set it is taken for.
    #[error("{file}: this is not a file of the data set {data_set}: {reason}")]
    NotOfDataSet {
        /// File name.
        file: String,
        /// Name of the data set.
        data_set: &'static str,
        /// What is missing.
        reason: String,
    },
    /// Fetched bytes are not those that were expected.
    #[error(
        "{address}: its {what} should be {expected}, found {found}; the file there has changed, or the transfer failed"
    )]
    WrongHash {
        /// Where the bytes came from.
        address: String,
        /// What was compared.
        what: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A column cannot hold classes.
    #[error("column \"{column}\" has {n_distinct} distinct values; a label column needs {rule}")]
    NotClasses {
        /// Name of the column.
        column: String,
        /// Its distinct values.
        n_distinct: usize,
        /// What is needed.
        rule: &'static str,
    },
}
