//! The pages of a Parquet file, checked before the library decodes them: it takes the word of damaged ones for some things.

use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};

use super::{page_headers, page_values};

/// Checks that every column chunk lies within the file, and that all pages together become no more than `allowed` bytes.
pub(super) fn check_places(metadata: &ParquetMetaData, bytes: &[u8], mut allowed: u64) -> Result<(), String> {
    let n_leaves = metadata.file_metadata().schema_descr().num_columns();
    for (number, group) in metadata.row_groups().iter().enumerate() {
        if group.num_columns() != n_leaves || group.num_rows() < 0 {
            return Err(format!("row group {}: its rows or columns are not those of the schema", number + 1));
        }
        for chunk in group.columns() {
            let of_column = |reason: &str| {
                format!("row group {}, column \"{}\": {reason}", number + 1, chunk.column_path().parts().join("."))
            };
            let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
            let end = start.checked_add(chunk.compressed_size());
            if chunk.num_values() < 0 {
                return Err(of_column("the number of its values is not possible"));
            }
            let within = end.and_then(|end| bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?));
            let Some(within) = within.filter(|_| chunk.data_page_offset() >= 0) else {
                return Err(of_column("it lies outside of the file"));
            };
            page_headers::spend(within, &mut allowed).map_err(|reason| of_column(&reason))?;
        }
    }
    Ok(())
}

/// A reader of a column whose pages are checked.
pub(super) fn column_reader(
    group: &dyn RowGroupReader,
    index: usize,
    leaf: &ColumnDescPtr,
) -> Result<ColumnReader, ParquetError> {
    let pages = group.get_column_page_reader(index)?;
    Ok(get_column_reader(Arc::clone(leaf), Box::new(Checked { pages, leaf: Arc::clone(leaf), has_dictionary: false })))
}

/// Records of a column as they are decoded, some at a time.
pub(super) struct Records<T: DataType> {
    /// Empty where all values are present.
    pub(super) defs: Vec<i16>,
    /// Empty where there are no lists.
    pub(super) reps: Vec<i16>,
    /// The values that are present.
    pub(super) values: Vec<T::T>,
    /// Values with the missing ones.
    pub(super) n_levels: usize,
}

impl<T: DataType> Default for Records<T> {
    fn default() -> Self {
        Self { defs: Vec::new(), reps: Vec::new(), values: Vec::new(), n_levels: 0 }
    }
}

impl<T: DataType> Records<T> {
    /// Puts up to `most` records in place of those it holds; how many there were. Levels take whole bits, so damaged ones
    /// may be larger than the schema knows.
    pub(super) fn read(
        &mut self,
        reader: &mut ColumnReaderImpl<T>,
        leaf: &ColumnDescriptor,
        most: usize,
    ) -> Result<usize, ParquetError> {
        self.defs.clear();
        self.reps.clear();
        self.values.clear();
        let (n_records, _, n_levels) =
            reader.read_records(most, Some(&mut self.defs), Some(&mut self.reps), &mut self.values)?;
        self.n_levels = n_levels;
        let (max_def, max_rep) = (leaf.max_def_level(), leaf.max_rep_level());
        let refused = |reason: String| Err(ParquetError::General(reason));
        if let Some(def) = self.defs.iter().find(|&def| !(0..=max_def).contains(def)) {
            return refused(format!("the definition level {def} is not possible; there are {max_def}"));
        }
        if let Some(rep) = self.reps.iter().find(|&rep| !(0..=max_rep).contains(rep)) {
            return refused(format!("the repetition level {rep} is not possible; there are {max_rep}"));
        }
        if self.reps.first().is_some_and(|&rep| rep != 0) {
            return refused("its first row begins within a list".to_owned());
        }
        let n_present = if max_def == 0 { n_levels } else { self.defs.iter().filter(|&&def| def == max_def).count() };
        if n_present != self.values.len() {
            return refused(format!("{} values, expected {n_present}", self.values.len()));
        }
        Ok(n_records)
    }
}

struct Checked {
    pages: Box<dyn PageReader>,
    leaf: ColumnDescPtr,
    has_dictionary: bool,
}

impl Checked {
    fn check(&mut self, page: &Page) -> Result<(), ParquetError> {
        let refused = |reason: &str| Err(ParquetError::General(reason.to_owned()));
        match page {
            Page::DictionaryPage { .. } if self.has_dictionary => return refused("it has two dictionaries"),
            Page::DictionaryPage { .. } => self.has_dictionary = true,
            Page::DataPage { .. } | Page::DataPageV2 { .. } => {
                let by_dictionary = matches!(page.encoding(), Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY);
                if by_dictionary && !self.has_dictionary {
                    return refused("a page needs a dictionary that is not there");
                }
            }
        }
        Ok(())
    }
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        let Some(page) = self.pages.get_next_page()? else { return Ok(None) };
        self.check(&page)?;
        page_values::checked(page, &self.leaf).map(Some)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool, ParquetError> {
        self.pages.at_record_boundary()
    }
}

impl Iterator for Checked {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
