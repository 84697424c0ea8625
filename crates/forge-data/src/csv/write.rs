//! Writes delimited text: the original file without some rows, or a table.

use super::{TableFile, decode};
use crate::Table;

impl TableFile {
    /// The original file without the given rows of the table, byte for byte the same otherwise: header, comments, blank
    /// and rejected lines, quoting, line ends and encoding are kept. A gzip file comes back decompressed.
    ///
    /// `rows` may come in any order; numbers beyond the last row are ignored.
    pub fn without_rows(&self, rows: &[u32]) -> Vec<u8> {
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows.dedup();
        let mut kept = String::with_capacity(self.text.len());
        let mut at = 0;
        for span in rows.iter().filter_map(|&row| self.rows.get(row as usize)) {
            kept.push_str(&self.text[at..span.start as usize]);
            at = span.end as usize;
        }
        kept.push_str(&self.text[at..]);
        let encoding = self.dialect.encoding;
        if !self.byte_order_mark && encoding == super::Encoding::Utf8 {
            return kept.into_bytes();
        }
        let mut bytes = if self.byte_order_mark { decode::byte_order_mark(encoding).to_vec() } else { Vec::new() };
        bytes.extend(decode::encode(&kept, encoding));
        bytes
    }
}

/// The table as comma-separated UTF-8 with a header; missing values are empty.
pub fn write_csv(table: &Table) -> Vec<u8> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let mut record = ::csv::StringRecord::new();
    for column in table.columns() {
        record.push_field(column.name());
    }
    // Writing to memory cannot fail, and every record has as many fields as the first.
    let mut written = writer.write_record(&record).is_ok();
    for row in 0..table.n_rows() {
        record.clear();
        for column in table.columns() {
            record.push_field(column.text(row).as_deref().unwrap_or_default());
        }
        written &= writer.write_record(&record).is_ok();
    }
    debug_assert!(written, "a record of another length");
    writer.into_inner().unwrap_or_default()
}
