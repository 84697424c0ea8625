//! NumPy's `.npy` format, read in blocks of rows from anything that can seek. Source: `numpy.lib.format`, versions 1 to 3.
//!
//! The header is parsed here and not by a crate because it comes from strangers: a parser by recursion overflows the stack
//! on a header of brackets, and this one is bounded in memory and depth.

mod dtype;
mod header;

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

pub use dtype::{NpyKind, NpyType};
pub use header::{NpyHeader, NpyOrder};

use crate::DataError;

/// An array in a `.npy` file, of which only the rows asked for are in memory.
///
/// ```
/// use std::io::Cursor;
/// use forge_data::NpyReader;
///
/// let header = "{'descr': '<i2', 'fortran_order': False, 'shape': (3,)}\n";
/// let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
/// bytes.extend((header.len() as u16).to_le_bytes());
/// bytes.extend(header.bytes());
/// bytes.extend([1, 0, 2, 0, 3, 0]);
/// let mut array = NpyReader::new("labels.npy", Cursor::new(bytes))?;
/// assert_eq!(array.header().shape, [3]);
/// assert_eq!(array.read_rows(1..3)?, [2.0, 3.0]);
/// # Ok::<(), forge_data::DataError>(())
/// ```
#[derive(Debug)]
pub struct NpyReader<R> {
    name: String,
    reader: R,
    header: NpyHeader,
    /// Bytes of the last block, kept for the next.
    bytes: Vec<u8>,
}

impl<R: Read + Seek> NpyReader<R> {
    /// Reads the header. `name` is what errors call the file.
    ///
    /// # Errors
    /// [`DataError::Npy`] for anything but an array of numbers or booleans, and where the file is shorter than its header
    /// promises.
    pub fn new(name: &str, mut reader: R) -> Result<Self, DataError> {
        let header = NpyHeader::read(&mut reader).map_err(|reason| refused(name, reason))?;
        let end = reader.seek(SeekFrom::End(0)).map_err(|error| refused(name, error.to_string()))?;
        let held = end.saturating_sub(header.data_start);
        if held < header.n_bytes {
            let promised = header.n_bytes;
            return Err(refused(name, format!("{held} bytes follow the header, which promises {promised}: cut short")));
        }
        Ok(Self { name: name.to_owned(), reader, header, bytes: Vec::new() })
    }

    /// Shape, type and order of the array.
    pub fn header(&self) -> &NpyHeader {
        &self.header
    }

    /// The values of some rows (entries along the first axis), row after row; whole numbers above 2^53 lose digits.
    ///
    /// # Errors
    /// [`DataError::Npy`] for rows past the end and where reading fails.
    pub fn read_rows(&mut self, rows: Range<usize>) -> Result<Vec<f64>, DataError> {
        let n_rows = self.header.n_rows();
        if rows.start > rows.end || rows.end > n_rows {
            let reason = format!("rows {} to {} were asked for, there are {n_rows}", rows.start, rows.end);
            return Err(refused(&self.name, reason));
        }
        let columns = self.header.row_len();
        if self.header.order == NpyOrder::RowsTogether {
            let mut values = Vec::with_capacity(rows.len() * columns);
            self.read_values(rows.start * columns, rows.len() * columns, &mut values)?;
            return Ok(values);
        }
        // Columns lie together: their parts are read one by one and put in place.
        let mut values = vec![0.0; rows.len() * columns];
        let mut part = Vec::with_capacity(rows.len());
        for column in 0..columns {
            part.clear();
            self.read_values(column * n_rows + rows.start, rows.len(), &mut part)?;
            values[column..].iter_mut().step_by(columns).zip(&part).for_each(|(value, read)| *value = *read);
        }
        Ok(values)
    }

    /// Appends `count` values from place `start` of the file on.
    fn read_values(&mut self, start: usize, count: usize, values: &mut Vec<f64>) -> Result<(), DataError> {
        let size = self.header.dtype.size();
        self.bytes.resize(count * size, 0);
        let place = self.header.data_start + (start * size) as u64;
        let read = self.reader.seek(SeekFrom::Start(place)).and_then(|_| self.reader.read_exact(&mut self.bytes));
        read.map_err(|error| refused(&self.name, error.to_string()))?;
        self.header.dtype.decode(&self.bytes, values);
        Ok(())
    }
}

fn refused(file: &str, reason: String) -> DataError {
    DataError::Npy { file: file.to_owned(), reason }
}

#[cfg(test)]
mod tests;
