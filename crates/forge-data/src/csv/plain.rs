//! The text of a file that is no table, for the readers of other formats, and the way back to bytes.

use super::{CsvOptions, Encoding, decode};
use crate::DataError;

/// A decoded text that remembers how it was stored.
#[derive(Clone, Debug)]
pub(crate) struct PlainText {
    /// The text, without byte order mark.
    pub(crate) text: String,
    /// What a reader of the results should know about the decoding.
    pub(crate) warnings: Vec<String>,
    encoding: Encoding,
    byte_order_mark: bool,
}

impl PlainText {
    /// Decompresses and decodes `bytes`, as tables are; `max_bytes` counts after decompression.
    pub(crate) fn decode(file: &str, bytes: Vec<u8>, max_bytes: u64) -> Result<Self, DataError> {
        let options = CsvOptions { max_bytes, ..CsvOptions::default() };
        options.validate()?;
        let decode::Decoded { text, encoding, byte_order_mark, warnings } = decode::decode(file, bytes, &options)?;
        Ok(Self { text, warnings, encoding, byte_order_mark })
    }

    /// The bytes of a changed text, stored as the original was; a gzip file comes back decompressed.
    pub(crate) fn bytes_of(&self, text: String) -> Vec<u8> {
        if self.encoding == Encoding::Utf8 && !self.byte_order_mark {
            return text.into_bytes();
        }
        let mut bytes = if self.byte_order_mark { decode::byte_order_mark(self.encoding).to_vec() } else { Vec::new() };
        bytes.extend(decode::encode(&text, self.encoding));
        bytes
    }
}
