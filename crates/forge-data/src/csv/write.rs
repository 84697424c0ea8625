//! Writes a table as delimited text.

use crate::Table;

/// The table as comma-separated UTF-8 with a header; missing values are empty.
pub fn write_csv(table: &Table) -> Vec<u8> {
    write_delimited(table, b',')
}

/// The table as UTF-8 with a header and this delimiter; missing values are empty.
pub(crate) fn write_delimited(table: &Table, delimiter: u8) -> Vec<u8> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
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
