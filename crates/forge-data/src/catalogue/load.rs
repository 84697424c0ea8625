//! Reads the files that the data sets of the catalogue come in.

use std::io::Cursor;

use super::derive::{california_averages, forest_cover, kdd_http, kdd_sa};
use super::{DataSet, bluebirds, votes};
use crate::archive::{Archive, ArchiveKind, ArchiveLimits};
use crate::movielens::{MovieLens, read_movielens};
use crate::{
    Annotations, AnnotatorOptions, Column, CorpusFile, CorpusOptions, CsvOptions, DataError, ImageSet, NpyReader,
    Table, TableFile, read_annotators, read_corpus, read_csv, read_image_set,
};

/// What a file of a data set holds.
#[derive(Clone, Debug)]
pub enum Data {
    /// Rows of columns.
    Table(LoadedTable),
    /// Sentences of tagged tokens.
    Corpus(CorpusFile),
    /// Labels by several annotators.
    Annotations(AnnotatedExamples),
    /// An array of numbers.
    Array(NumberArray),
    /// Pictures with boxes and masks.
    Images(ImageSet),
}

impl Data {
    /// What it is, as people say it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Table(_) => "a table",
            Self::Corpus(_) => "sentences of tagged tokens",
            Self::Annotations(_) => "labels by several annotators",
            Self::Array(_) => "an array of numbers",
            Self::Images(_) => "pictures",
        }
    }
}

/// A table as its data set is used.
#[derive(Clone, Debug)]
pub struct LoadedTable {
    /// The file.
    pub file: TableFile,
    /// The table that is used instead of the file's, where columns are derived or rows chosen.
    pub derived: Option<Table>,
    /// The row of the file's table behind each row of the derived one; none where they are the same.
    pub rows: Option<Vec<u32>>,
}

impl LoadedTable {
    /// The table that is used.
    pub fn table(&self) -> &Table {
        self.derived.as_ref().unwrap_or(&self.file.table)
    }

    /// The file seen as the table that is used: its lines and cells are those of the rows that were chosen.
    pub fn into_used(self) -> TableFile {
        match self.derived {
            Some(table) => self.file.seen_as(table, self.rows),
            None => self.file,
        }
    }

    /// The row of the file's table behind a row of the table that is used.
    pub fn file_row(&self, row: usize) -> usize {
        self.rows.as_ref().map_or(row, |rows| rows.get(row).map_or(usize::MAX, |&row| row as usize))
    }
}

/// Labels by several annotators, with what is known about the examples.
#[derive(Clone, Debug, PartialEq)]
pub struct AnnotatedExamples {
    /// The labels.
    pub annotations: Annotations,
    /// A row per example, where anything is known about them.
    pub features: Option<Table>,
    /// What a reader of the results should know about the files.
    pub warnings: Vec<String>,
}

/// An array of numbers of any shape.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberArray {
    /// Its length along each axis.
    pub shape: Vec<usize>,
    /// Its values, the last axis varying fastest.
    pub values: Vec<f64>,
}

/// How the files of a data set are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loader {
    /// A table with all target columns, taken as it is.
    Table,
    /// California housing: averages per household from totals.
    California,
    /// Rare classes of Covertype as anomalies.
    ForestCover,
    /// The service `http` of KDD Cup 1999.
    KddHttp,
    /// Few attacks of KDD Cup 1999.
    KddSa,
    /// CoNLL-U.
    Corpus,
    /// The zip of MovieLens 100K.
    MovieLens,
    /// A long table of item, annotator, label, or a table of the truth.
    Crowd,
    /// The folders of Penn-Fudan.
    Images,
    /// Pictures with boxes and masks, in any folders.
    Pictures,
    /// Arrays of labels and probabilities, and a table of votes.
    LabelErrors,
}

/// The files in a zip that a loader wants, likeliest first.
fn wanted(loader: Loader, set: &DataSet) -> Vec<&'static str> {
    match loader {
        Loader::California => vec!["cal_housing.data", "housing.csv"],
        _ => set.files.iter().map(|file| file.name).collect(),
    }
}

pub(super) fn load(set: &DataSet, file: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    match set.loader {
        Loader::MovieLens => return movielens(set, file, bytes),
        Loader::Images | Loader::Pictures => return images(set, file, bytes),
        _ => {}
    }
    let (file, bytes) = unpacked(set, file, bytes)?;
    match set.loader {
        Loader::Corpus => Ok(Data::Corpus(read_corpus(&file, bytes, &CorpusOptions::default())?)),
        Loader::Crowd => crowd(set, &file, bytes),
        Loader::LabelErrors if bytes.starts_with(b"\x93NUMPY") => Ok(Data::Array(array(&file, bytes)?)),
        Loader::LabelErrors => {
            let columns = ["id", "given", "votes_given"];
            if !bytes.trim_ascii_start().starts_with(b"[") {
                return table(set, &file, bytes, &columns);
            }
            let votes = votes::read(&bytes).map_err(|error| DataError::Malformed {
                file: file.clone(),
                format: "JSON of votes",
                reason: error.to_string(),
            })?;
            table(set, &file, crate::write_csv(&votes?), &columns)
        }
        Loader::Table => table(set, &file, bytes, set.targets),
        Loader::California => california(set, &file, bytes),
        Loader::ForestCover => forest(set, &file, bytes),
        Loader::KddHttp | Loader::KddSa => kdd(set, &file, bytes),
        Loader::MovieLens | Loader::Images | Loader::Pictures => {
            Err(other(set, &file, "choose the whole archive".to_owned()))
        }
    }
}

/// The file to read: itself, decompressed, or the one in an archive that belongs to the data set.
fn unpacked(set: &DataSet, file: &str, bytes: Vec<u8>) -> Result<(String, Vec<u8>), DataError> {
    if ArchiveKind::detect(&bytes).is_none() {
        return Ok((file.to_owned(), bytes));
    }
    let archive = Archive::open(file, bytes, ArchiveLimits::default())?;
    if archive.kind() == ArchiveKind::Gzip {
        return Ok((file.to_owned(), archive.into_bytes(0)?));
    }
    let wanted = wanted(set.loader, set);
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let found = wanted.iter().find_map(|name| archive.entries().iter().position(|entry| last(&entry.name) == *name));
    let Some(index) = found else {
        return Err(other(set, file, format!("the archive holds none of {}", wanted.join(", "))));
    };
    let name = last(&archive.entries()[index].name);
    Ok((name, archive.into_bytes(index)?))
}

/// What gzip decompression gives; other bytes as they are.
pub(super) fn inflated(file: &str, bytes: Vec<u8>) -> Result<Vec<u8>, DataError> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Archive::open(file, bytes, ArchiveLimits::default())?.into_bytes(0);
    }
    Ok(bytes)
}

fn other(set: &DataSet, file: &str, reason: String) -> DataError {
    DataError::NotOfDataSet { file: file.to_owned(), data_set: set.name, reason }
}

fn read(file: &str, bytes: Vec<u8>) -> Result<TableFile, DataError> {
    read_csv(file, bytes, &CsvOptions::default())
}

fn check_columns(set: &DataSet, file: &str, table: &Table, columns: &[&str]) -> Result<(), DataError> {
    match columns.iter().find(|name| table.column(name).is_none()) {
        None => Ok(()),
        Some(missing) => {
            let known: Vec<&str> = table.columns().iter().map(Column::name).take(60).collect();
            Err(other(set, file, format!("it has no column \"{missing}\", only {}", known.join(", "))))
        }
    }
}

fn plain(file: TableFile) -> Data {
    Data::Table(LoadedTable { file, derived: None, rows: None })
}

fn table(set: &DataSet, name: &str, bytes: Vec<u8>, columns: &[&str]) -> Result<Data, DataError> {
    let file = read(name, bytes)?;
    check_columns(set, name, &file.table, columns)?;
    Ok(plain(file))
}

fn california(set: &DataSet, name: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    let file = read(name, bytes)?;
    if file.table.column("MedHouseVal").is_some() {
        return Ok(plain(file));
    }
    let totals = ["longitude", "latitude", "housing_median_age", "total_rooms", "total_bedrooms", "population"];
    check_columns(set, name, &file.table, &totals)?;
    check_columns(set, name, &file.table, &["households", "median_income", "median_house_value"])?;
    let derived = Some(california_averages(&file.table)?);
    Ok(Data::Table(LoadedTable { file, derived, rows: None }))
}

fn forest(set: &DataSet, name: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    let file = read(name, bytes)?;
    if file.table.column("anomaly").is_some() {
        return Ok(plain(file));
    }
    check_columns(set, name, &file.table, &["Elevation", "Cover_Type"])?;
    let derived = Some(forest_cover(&file.table)?);
    Ok(Data::Table(LoadedTable { file, derived, rows: None }))
}

fn kdd(set: &DataSet, name: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    let file = read(name, bytes)?;
    check_columns(set, name, &file.table, &["duration", "src_bytes", "dst_bytes", "label"])?;
    let is_subset = match set.loader {
        Loader::KddHttp => file.table.column("service").is_none(),
        // The sample is a subset already; the whole file has no header and a known layout.
        _ => file.dialect.layout.is_none(),
    };
    if is_subset {
        return Ok(plain(file));
    }
    let (derived, rows) = if set.loader == Loader::KddHttp { kdd_http(&file.table)? } else { kdd_sa(&file.table)? };
    Ok(Data::Table(LoadedTable { file, derived: Some(derived), rows: Some(rows) }))
}

fn crowd(set: &DataSet, name: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    if let Some(text) = bluebirds::text(&bytes) {
        return match bluebirds::read(text) {
            Ok(bluebirds::Yaml::Truth(table)) => Ok(plain(read(name, crate::write_csv(&table))?)),
            Ok(bluebirds::Yaml::Labels(annotations)) => {
                Ok(Data::Annotations(AnnotatedExamples { annotations, features: None, warnings: Vec::new() }))
            }
            Err(reason) => Err(DataError::Malformed { file: name.to_owned(), format: "YAML", reason }),
        };
    }
    let file = read(name, bytes)?;
    if file.table.column("truth").is_some() {
        return Ok(plain(file));
    }
    if file.table.columns().len() != 3 {
        return Err(other(set, name, "it has not the three columns item, annotator and label".to_owned()));
    }
    let read = read_annotators(&file.table, &AnnotatorOptions::default())?;
    let mut warnings = file.warnings;
    warnings.extend(read.warnings);
    Ok(Data::Annotations(AnnotatedExamples { annotations: read.annotations, features: None, warnings }))
}

fn movielens(set: &DataSet, file: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    if ArchiveKind::detect(&bytes) != Some(ArchiveKind::Zip) {
        return Err(other(set, file, "choose the whole ml-100k.zip, which holds u.data and u.item".to_owned()));
    }
    let archive = Archive::open(file, bytes, ArchiveLimits::default())?;
    let part = |name: &str| {
        let is_it = |entry: &str| entry == name || entry.ends_with(&format!("/{name}"));
        let found = archive.entries().iter().position(|entry| is_it(&entry.name));
        found.map_or_else(|| Err(other(set, file, format!("it holds no {name}"))), |index| archive.read(index))
    };
    let MovieLens { ratings, movies, warnings } = read_movielens(part("u.data")?, part("u.item")?)?;
    Ok(Data::Annotations(AnnotatedExamples { annotations: ratings, features: Some(movies), warnings }))
}

fn images(set: &DataSet, file: &str, bytes: Vec<u8>) -> Result<Data, DataError> {
    if ArchiveKind::detect(&bytes).is_none() {
        return Err(other(set, file, "choose the whole zip, with pictures, masks and annotations".to_owned()));
    }
    let archive = Archive::open(file, bytes, ArchiveLimits::default())?;
    // The zip holds a file about itself beside the folders of pictures, masks and annotations.
    let is_wanted = |name: &str| {
        let folders = ["PNGImages/", "PedMasks/", "Annotation/"];
        set.loader == Loader::Pictures || folders.iter().any(|folder| name.contains(folder))
    };
    let mut files = Vec::new();
    for (index, entry) in archive.entries().iter().enumerate().filter(|(_, entry)| is_wanted(&entry.name)) {
        files.push((entry.name.clone(), archive.read(index)?));
    }
    if files.is_empty() {
        return Err(other(set, file, "it holds none of the folders PNGImages, PedMasks and Annotation".to_owned()));
    }
    Ok(Data::Images(read_image_set(files)?))
}

fn array(file: &str, bytes: Vec<u8>) -> Result<NumberArray, DataError> {
    let mut reader = NpyReader::new(file, Cursor::new(bytes))?;
    let shape = reader.header().shape.clone();
    let n_rows = reader.header().n_rows();
    Ok(NumberArray { shape, values: reader.read_rows(0..n_rows)? })
}
