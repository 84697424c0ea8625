//! The pages of a Parquet file, checked before the library decodes them: it takes the word of damaged ones for some things.

use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::RowGroupReader;
use parquet::schema::types::ColumnDescPtr;

/// Checks that every column chunk lies within the file.
pub(super) fn check_places(metadata: &ParquetMetaData, file_len: usize) -> Result<(), String> {
    let n_leaves = metadata.file_metadata().schema_descr().num_columns();
    for (number, group) in metadata.row_groups().iter().enumerate() {
        if group.num_columns() != n_leaves || group.num_rows() < 0 {
            return Err(format!("row group {}: its rows or columns are not those of the schema", number + 1));
        }
        for (column, chunk) in group.columns().iter().enumerate() {
            let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
            let end = start.checked_add(chunk.compressed_size());
            let sound = start >= 0
                && chunk.data_page_offset() >= 0
                && chunk.compressed_size() >= 0
                && chunk.num_values() >= 0
                && end.and_then(|end| usize::try_from(end).ok()).is_some_and(|end| end <= file_len);
            if !sound {
                return Err(format!("row group {}, column {}: it lies outside of the file", number + 1, column + 1));
            }
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
    Ok(get_column_reader(Arc::clone(leaf), Box::new(Checked { pages, has_dictionary: false })))
}

struct Checked {
    pages: Box<dyn PageReader>,
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
        let page = self.pages.get_next_page()?;
        if let Some(page) = &page {
            self.check(page)?;
        }
        Ok(page)
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
