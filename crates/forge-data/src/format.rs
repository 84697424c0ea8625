//! The formats of tables by name, file ending and what they can hold.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::DataError;

/// A format that tables are read from or written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    /// Text with fields between commas or other delimiters.
    Csv,
    /// Text with fields between tabs.
    Tsv,
    /// Weka's attribute-relation file format.
    Arff,
    /// One JSON value: records, or columns as pandas writes them.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC with a footer, which is also Feather version 2.
    Arrow,
    /// Arrow IPC as a stream.
    Arrows,
    /// One NumPy array.
    Npy,
    /// Several NumPy arrays.
    Npz,
    /// An Excel workbook.
    Xlsx,
    /// A workbook of Excel 97 to 2003; only read.
    Xls,
    /// A workbook of `OpenDocument`; only read.
    Ods,
}

impl TableFormat {
    /// Every format, in the order faces list them.
    pub const ALL: [Self; 13] = [
        Self::Csv,
        Self::Tsv,
        Self::Arff,
        Self::Json,
        Self::Jsonl,
        Self::Parquet,
        Self::Arrow,
        Self::Arrows,
        Self::Npy,
        Self::Npz,
        Self::Xlsx,
        Self::Xls,
        Self::Ods,
    ];

    /// The name users type and JSON holds, which is the usual file ending too.
    pub fn name(self) -> &'static str {
        self.endings()[0]
    }

    /// The name people know it by.
    pub fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Arff => "ARFF",
            Self::Json => "JSON",
            Self::Jsonl => "JSON lines",
            Self::Parquet => "Parquet",
            Self::Arrow => "Arrow IPC",
            Self::Arrows => "Arrow IPC stream",
            Self::Npy => "NumPy array",
            Self::Npz => "NumPy archive",
            Self::Xlsx => "Excel workbook",
            Self::Xls => "Excel 97 workbook",
            Self::Ods => "OpenDocument workbook",
        }
    }

    /// File endings without their dot, the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv", "data", "txt"],
            Self::Tsv => &["tsv", "tab"],
            Self::Arff => &["arff"],
            Self::Json => &["json"],
            Self::Jsonl => &["jsonl", "ndjson"],
            Self::Parquet => &["parquet", "pq"],
            Self::Arrow => &["arrow", "feather", "ipc"],
            Self::Arrows => &["arrows"],
            Self::Npy => &["npy"],
            Self::Npz => &["npz"],
            Self::Xlsx => &["xlsx", "xlsm"],
            Self::Xls => &["xls"],
            Self::Ods => &["ods"],
        }
    }

    /// The format that a file's name ends like, in any case; endings of compression are looked through.
    pub fn of_file_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let inner = lower.strip_suffix(".gz").or_else(|| lower.strip_suffix(".gzip")).unwrap_or(&lower);
        let ending = inner.rsplit_once('.')?.1;
        Self::ALL.into_iter().find(|format| format.endings().contains(&ending))
    }

    /// Whether tables can be written in it.
    pub fn is_writable(self) -> bool {
        !matches!(self, Self::Xls | Self::Ods)
    }

    /// Whether this build reads and writes it.
    pub fn is_built_in(self) -> bool {
        let columnar = matches!(self, Self::Parquet | Self::Arrow | Self::Arrows);
        let workbook = matches!(self, Self::Xlsx | Self::Xls | Self::Ods);
        (cfg!(feature = "columnar") || !columnar) && (cfg!(feature = "excel") || !workbook)
    }

    /// That this build does not have it.
    #[cfg_attr(
        all(feature = "columnar", feature = "excel"),
        expect(dead_code, reason = "a build with every format refuses none")
    )]
    pub(crate) fn not_built_in(self, file: &str) -> DataError {
        let feature = if matches!(self, Self::Xlsx | Self::Xls | Self::Ods) { "excel" } else { "columnar" };
        DataError::NotBuiltIn { file: file.to_owned(), format: self.title(), feature }
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for TableFormat {
    type Err = DataError;

    /// Reads a name or a file ending, in any case.
    fn from_str(text: &str) -> Result<Self, DataError> {
        let lower = text.trim_start_matches('.').to_ascii_lowercase();
        if let Some(format) = Self::ALL.into_iter().find(|format| format.endings().contains(&lower.as_str())) {
            return Ok(format);
        }
        let names = Self::ALL.iter().flat_map(|format| format.endings());
        let nearest = names.map(|name| (distance(&lower, name), *name)).min().filter(|&(steps, _)| steps <= 2);
        let meant = nearest.map(|(_, name)| format!("; did you mean {name}?")).unwrap_or_default();
        let known = format!("{}{meant}", Self::ALL.map(Self::name).join(", "));
        Err(DataError::UnknownName { kind: "format", value: text.to_owned(), known })
    }
}

/// How many letters to insert, remove or change (V. Levenshtein, 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_endings_parse_and_near_ones_are_shown() {
        for format in TableFormat::ALL {
            for ending in format.endings() {
                assert_eq!(ending.parse(), Ok(format));
            }
            assert_eq!(format!("\"{format}\""), serde_json::to_string(&format).unwrap());
        }
        assert_eq!(".CSV".parse(), Ok(TableFormat::Csv));
        let message = "parket".parse::<TableFormat>().unwrap_err().to_string();
        assert!(message.ends_with("; did you mean parquet?"), "{message}");
        assert!(!"spreadsheet".parse::<TableFormat>().unwrap_err().to_string().contains("mean"));
    }

    #[test]
    fn file_names_tell_their_format() {
        assert_eq!(TableFormat::of_file_name("A.B.JSONL.gz"), Some(TableFormat::Jsonl));
        assert_eq!(TableFormat::of_file_name("adult"), None);
    }
}
