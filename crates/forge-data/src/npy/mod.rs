//! NumPy's `.npy` format, read in blocks of rows from anything that can seek. Source: `numpy.lib.format`, versions 1 to 3.
//!
//! The header is read by a parser of its own that accepts what NumPy writes for arrays of numbers, in bounded memory and
//! without recursion: a general parser of Python literals would be several times the size of this whole module.

mod dtype;
mod edit;
mod header;
mod item;
mod table;
mod write;

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

pub use dtype::{NpyKind, NpyType};
pub use header::{NpyHeader, NpyOrder};
pub(crate) use table::{NpySource, read_npy, read_npz};
pub(crate) use write::{write_npy, write_npz};

use crate::DataError;

/// Values whose bytes are in memory beside them.
const VALUES_AT_ONCE: usize = 1 << 16;

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
    /// The bytes that are being decoded.
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
        let dtype = self.header.dtype;
        let place = self.header.data_start + (start * dtype.size()) as u64;
        let failed = |error: std::io::Error| refused(&self.name, error.to_string());
        self.reader.seek(SeekFrom::Start(place)).map_err(failed)?;
        for done in (0..count).step_by(VALUES_AT_ONCE) {
            self.bytes.resize((count - done).min(VALUES_AT_ONCE) * dtype.size(), 0);
            self.reader.read_exact(&mut self.bytes).map_err(failed)?;
            dtype.decode(&self.bytes, values);
        }
        Ok(())
    }
}

/// Numbers of half precision, low byte first.
#[cfg(feature = "columnar")]
pub(crate) fn half_type() -> Option<NpyType> {
    NpyType::parse("<f2")
}

fn refused(file: &str, reason: String) -> DataError {
    DataError::Npy { file: file.to_owned(), reason }
}

#[cfg(test)]
mod tests;
