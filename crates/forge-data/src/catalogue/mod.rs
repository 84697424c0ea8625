//! The catalogue: data sets with their task, licence and addresses, and a loader for the files they come in.
//!
//! [`DataSet::find`] knows them by name; [`DataSet::load`] reads a file as its authors publish it, or a bundled sample.

mod bluebirds;
mod derive;
mod entries;
mod load;
#[cfg(test)]
mod tests;
mod votes;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ColumnInfo, DataError, Role, Table, infer_roles};

pub use derive::{california_averages, forest_cover, kdd_http, kdd_sa};
pub use load::{AnnotatedExamples, Data, LoadedTable, NumberArray};

/// What a data set is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataTask {
    /// One of several classes per row.
    Multiclass,
    /// Any number of classes per row.
    Multilabel,
    /// A tag per token.
    Token,
    /// A number per row.
    Regression,
    /// Rows unlike the others, doubles, order.
    Outlier,
    /// Labels by several annotators.
    Multiannotator,
    /// Boxes around objects.
    ObjectDetection,
    /// A class per pixel.
    Segmentation,
    /// Rare rows, with the truth to compare with.
    Anomaly,
}

impl DataTask {
    /// Every task, in the order faces list them.
    pub const ALL: [Self; 9] = [
        Self::Multiclass,
        Self::Multilabel,
        Self::Token,
        Self::Regression,
        Self::Outlier,
        Self::Multiannotator,
        Self::ObjectDetection,
        Self::Segmentation,
        Self::Anomaly,
    ];

    /// The name users type and JSON holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Multiclass => "multiclass",
            Self::Multilabel => "multilabel",
            Self::Token => "token",
            Self::Regression => "regression",
            Self::Outlier => "outlier",
            Self::Multiannotator => "multiannotator",
            Self::ObjectDetection => "object_detection",
            Self::Segmentation => "segmentation",
            Self::Anomaly => "anomaly",
        }
    }
}

impl fmt::Display for DataTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for DataTask {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        Self::ALL.into_iter().find(|task| task.name() == text).ok_or_else(|| DataError::UnknownName {
            kind: "task",
            value: text.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

/// Under which terms a data set may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Licence {
    /// Its short name.
    pub name: &'static str,
    /// Where it can be read.
    pub address: Option<&'static str>,
}

/// Which bytes a checksum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HashOf {
    /// The file as it is fetched.
    File,
    /// What gzip decompression of the file gives.
    Decompressed,
}

/// A place from which a file can be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    /// The address.
    pub url: &'static str,
    /// Bytes that are fetched, where known.
    pub bytes: Option<u64>,
    /// SHA-256 in hexadecimal, where known.
    pub sha256: Option<&'static str>,
    /// Which bytes `sha256` is of.
    pub hash_of: HashOf,
}

impl Address {
    /// Checks fetched bytes against the size and the checksum, as far as they are known.
    ///
    /// # Errors
    /// [`DataError::WrongHash`] with both values.
    pub fn check(&self, bytes: &[u8]) -> Result<(), DataError> {
        let wrong = |what, expected: String, found: String| {
            Err(DataError::WrongHash { address: self.url.to_owned(), what, expected, found })
        };
        if let Some(expected) = self.bytes
            && expected != bytes.len() as u64
        {
            return wrong("bytes", expected.to_string(), bytes.len().to_string());
        }
        let Some(expected) = self.sha256 else { return Ok(()) };
        let found = match self.hash_of {
            HashOf::File => sha256(bytes),
            HashOf::Decompressed => sha256(&load::inflated(self.url, bytes.to_vec())?),
        };
        if found == expected { Ok(()) } else { wrong("SHA-256", expected.to_owned(), found) }
    }
}

/// The SHA-256 checksum of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// A file of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DataFile {
    /// Its name, as its authors call it.
    pub name: &'static str,
    /// Which part of the data set it holds: `whole`, `train`, `test`, `labels`, …
    pub part: &'static str,
    /// Rows, sentences, labels or images in it.
    pub rows: u64,
    /// From where a page in a browser may fetch it: the host lets other sites read it.
    pub browser: Option<Address>,
    /// From where its authors or an archive publish it; it may be inside a zip.
    pub canonical: Option<Address>,
}

/// A file in the folder `data` of this project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Its name.
    pub file: &'static str,
    /// Which part of the data set it holds: `whole`, `labels`, …
    pub part: &'static str,
    /// Rows, sentences or labels in it.
    pub rows: u64,
}

/// A data set of the catalogue.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct DataSet {
    /// The name users type.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it holds, in one or two sentences.
    pub description: &'static str,
    /// The tasks it is for, the principal one first.
    pub tasks: &'static [DataTask],
    /// The columns with the labels; none where labels are not in columns.
    pub targets: &'static [&'static str],
    /// The value of the target that is no anomaly, for the task `anomaly`.
    pub normal: Option<&'static str>,
    /// What values of the target mean, where they are numbers.
    pub classes: &'static [(&'static str, &'static str)],
    /// Under which terms it may be used.
    pub licence: Licence,
    /// Whom to name when it is used.
    pub attribution: &'static str,
    /// Its files.
    pub files: &'static [DataFile],
    /// What of it is bundled, where the licence allows.
    pub samples: &'static [Sample],
    #[serde(skip)]
    roles: &'static [(&'static str, Role, &'static str)],
    #[serde(skip)]
    loader: load::Loader,
}

/// Every data set, in the order faces list them.
pub fn catalogue() -> &'static [DataSet] {
    &entries::DATA_SETS
}

impl DataSet {
    /// The data set of that name; case and `-` for `_` do not matter.
    ///
    /// # Errors
    /// [`DataError::UnknownDataSet`] with the nearest name.
    pub fn find(name: &str) -> Result<&'static Self, DataError> {
        let wanted = name.trim().to_lowercase().replace(['-', ' '], "_");
        if let Some(found) = catalogue().iter().find(|known| known.name == wanted) {
            return Ok(found);
        }
        // Half a name is nearer than any other of its length.
        let distance = |known: &&&'static str| {
            let is_part = !wanted.is_empty() && known.contains(&wanted);
            (!is_part, strsim::damerau_levenshtein(&wanted, known))
        };
        let names: Vec<&'static str> = catalogue().iter().map(|known| known.name).collect();
        let nearest = names.iter().min_by_key(distance).copied().unwrap_or_default();
        Err(DataError::UnknownDataSet { name: name.to_owned(), nearest, known: names.join(", ") })
    }

    /// The task it is for in the first place.
    pub fn task(&self) -> DataTask {
        self.tasks.first().copied().unwrap_or(DataTask::Multiclass)
    }

    /// Rows, sentences, labels or images in all its files of the first part and those that continue it (`train`, `test`).
    pub fn rows(&self) -> u64 {
        let rows = |parts: &[&str]| {
            self.files.iter().filter(|file| parts.contains(&file.part)).map(|file| file.rows).sum::<u64>()
        };
        let split = rows(&["train", "dev", "test"]);
        if split > 0 { split } else { self.files.first().map_or(0, |file| file.rows) }
    }

    /// Reads a file of the data set: as its authors publish it, compressed or in its zip, or a bundled sample. `file` is
    /// the name of the file.
    ///
    /// # Errors
    /// Everything a reader of its format may say, and [`DataError::NotOfDataSet`] for a file of something else.
    pub fn load(&self, file: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
        load::load(self, file, bytes)
    }

    /// What each column of a loaded table is for: inferred, but for what is known of this data set.
    pub fn roles(&self, table: &Table) -> Vec<ColumnInfo> {
        let mut infos = infer_roles(table);
        for info in &mut infos {
            let known = self.roles.iter().find(|(name, ..)| *name == info.name);
            if self.targets.contains(&info.name.as_str()) {
                info.role = Role::Target;
                "The label of this data set.".clone_into(&mut info.reason);
            } else if let Some((_, role, reason)) = known {
                info.role = *role;
                (*reason).clone_into(&mut info.reason);
            } else if info.role == Role::Target {
                info.role = Role::Feature;
                info.reason = format!("A {} with {} different values.", info.column_type, info.n_distinct);
            }
        }
        infos
    }
}
