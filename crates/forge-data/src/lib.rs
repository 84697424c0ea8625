//! Bytes to typed tables and back: the first floor of Cleanlab Forge.
//!
//! [`read_csv`] turns the bytes of a delimited text file into a [`TableFile`]: a typed [`Table`] with the rows it could not
//! read, the warnings, and the original text, from which [`TableFile::without_rows`] writes a cleaned file that is byte for
//! byte the original otherwise. [`infer_roles`] says what each [`Column`] is for.
//!
//! Nothing here opens a file, reads a clock or panics on data: bytes come in, bytes go out, and a [`DataError`] names the
//! file, line, column, value and rule.
//!
//! ```
//! use forge_data::{CsvOptions, ColumnType, Role, infer_roles, read_csv};
//!
//! let bytes = b"height;colour;label\n1.5;red;yes\n1.7;blue;no\n?;red;yes\n1.6;red\n".to_vec();
//! let file = read_csv("people.csv", bytes, &CsvOptions::default())?;
//! assert_eq!(file.table.n_rows(), 3);
//! assert_eq!(file.rejected[0].to_string(), "line 5: 2 fields, expected 3");
//! assert_eq!(file.table.columns()[0].column_type(), ColumnType::Number);
//! assert_eq!(infer_roles(&file.table)[2].role, Role::Target);
//! assert_eq!(file.without_rows(&[0, 2])?, b"height;colour;label\n1.7;blue;no\n1.6;red\n");
//! # Ok::<(), forge_data::DataError>(())
//! ```

mod annotations;
mod annotators;
mod archive;
mod catalogue;
mod cells;
mod changes;
#[cfg(feature = "columnar")]
mod columnar;
#[cfg(any(feature = "columnar", feature = "excel"))]
mod contained;
mod corpus;
mod csv;
mod date;
mod error;
#[cfg(feature = "excel")]
mod excel;
mod format;
mod given;
mod json;
mod labels;
mod layouts;
mod movielens;
mod multilabel;
mod npy;
mod read_table;
mod roles;
mod table;
mod table_file;
mod write_table;

pub use crate::annotations::{
    BoxAnnotations, BoxChange, BoxEdit, BoxFile, BoxKind, BoxPredictions, FileGroups, ImageFile, ImageRef, ImageSet,
    LabelledBox, LogitGrid, MaskImage, MaskValues, ScoredBox, add_to_coco, edit_coco, group_files, read_class_names,
    read_coco, read_coco_results, read_image_set, read_mask, read_penn_fudan, read_voc, read_yolo,
    read_yolo_predictions, write_class_names, write_coco, write_coco_results, write_mask, write_penn_fudan, write_voc,
    write_yolo,
};
pub use crate::annotators::{Annotations, AnnotatorLayout, AnnotatorOptions, AnnotatorTable, read_annotators};
pub use crate::archive::{Archive, ArchiveEntry, ArchiveKind, ArchiveLimits, write_zip};
pub use crate::catalogue::{
    Address, AnnotatedExamples, Data, DataFile, DataSet, DataTask, HashOf, Licence, LoadedTable, NumberArray, Sample,
    california_averages, catalogue, forest_cover, kdd_http, kdd_sa, sha256,
};
pub use crate::changes::{CellChange, Changes};
pub use crate::corpus::{
    Corpus, CorpusFile, CorpusFormat, CorpusOptions, Retag, Sentence, TagColumn, Token, read_corpus,
};
pub use crate::csv::{CsvOptions, Dialect, Encoding, Header, RejectedRow, TextFormat, read_csv, write_csv};
pub use crate::error::DataError;
pub use crate::format::TableFormat;
pub use crate::given::Given;
pub use crate::labels::{ClassLabels, MAX_CLASSES};
pub use crate::movielens::{GENRES, MovieLens, read_movielens};
pub use crate::multilabel::{ListForm, MultiLabelForm, MultiLabels, read_multilabels};
pub use crate::npy::{NpyHeader, NpyKind, NpyOrder, NpyReader, NpyType};
pub use crate::read_table::read_table;
pub use crate::roles::{ColumnInfo, Role, infer_roles};
pub use crate::table::{Column, ColumnType, MISSING, Table, Values};
pub use crate::table_file::TableFile;
pub use crate::write_table::write_table;
