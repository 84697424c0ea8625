//! The header of a `.npy` file: magic bytes, version, and a Python literal `{'descr': …, 'fortran_order': …, 'shape': …}`.

use std::io::Read;

use super::NpyType;

/// How the numbers of a matrix lie in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NpyOrder {
    /// Row by row, NumPy's default ("C order").
    RowsTogether,
    /// Column by column ("Fortran order"); for at most two dimensions.
    ColumnsTogether,
}

/// What a `.npy` file says about its array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpyHeader {
    /// Lengths of the dimensions; none for a single number.
    pub shape: Vec<usize>,
    /// The type of the numbers.
    pub dtype: NpyType,
    /// How they lie.
    pub order: NpyOrder,
    /// Where the numbers begin in the file.
    pub(super) data_start: u64,
    /// How many bytes they take.
    pub(super) n_bytes: u64,
}

/// Bytes of header text at most. NumPy itself writes about 100 for arrays of numbers and refuses more than this.
const LONGEST: usize = 10_000;

/// Dimensions at most, as in NumPy 2.
const MOST_DIMENSIONS: usize = 64;

impl NpyHeader {
    /// Length of the first dimension.
    pub fn n_rows(&self) -> usize {
        self.shape.first().copied().unwrap_or(1)
    }

    /// Numbers per entry of the first dimension.
    pub fn row_len(&self) -> usize {
        self.shape.iter().skip(1).product()
    }

    /// Reads a header; the error says what is wrong with it.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, String> {
        let RawHeader { descr, shape, order, data_start, text } = RawHeader::read(reader)?;
        let Some(dtype) = NpyType::parse(&descr) else {
            return Err(format!(
                "its header {text:?}: 'descr' is '{descr}'; numbers of f2, f4, f8, i1 to i8, u1 to u8 or b1 are read, no \
                 objects or texts"
            ));
        };
        let n_bytes = n_bytes(&shape, dtype.size()).map_err(|reason| format!("its header {text:?}: {reason}"))?;
        Ok(Self { shape, dtype, order, data_start, n_bytes })
    }
}

/// How many bytes an array takes. An axis of length 0 must not hide that the product of the others is beyond any count.
pub(super) fn n_bytes(shape: &[usize], item: usize) -> Result<u64, String> {
    let largest = shape.iter().try_fold(item.max(1), |bytes, &n| bytes.checked_mul(n.max(1)));
    largest.ok_or("the shape is larger than any memory")?;
    Ok((item * shape.iter().product::<usize>()) as u64)
}

/// A header whose type of values may be any.
#[derive(Clone, Debug)]
pub(super) struct RawHeader {
    pub(super) descr: String,
    pub(super) shape: Vec<usize>,
    pub(super) order: NpyOrder,
    pub(super) data_start: u64,
    /// As it is written.
    pub(super) text: String,
}

impl RawHeader {
    /// Reads a header; the error says what is wrong with it.
    pub(super) fn read(reader: &mut impl Read) -> Result<Self, String> {
        let mut start = [0; 8];
        reader.read_exact(&mut start).map_err(|_| "shorter than the header of a .npy file".to_owned())?;
        let [magic @ .., major, minor] = start;
        if magic != *b"\x93NUMPY" {
            return Err("not a .npy file: it does not begin with \\x93NUMPY".to_owned());
        }
        let mut length = [0; 4];
        let length_bytes = match major {
            1 => 2,
            2 | 3 => 4,
            _ => return Err(format!("version {major}.{minor} of the .npy format is not known; 1 to 3 are")),
        };
        let cut = |_| "cut short within its header".to_owned();
        reader.read_exact(&mut length[..length_bytes]).map_err(cut)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST {
            return Err(format!("its header takes {length} bytes, at most {LONGEST} are allowed"));
        }
        let mut text = vec![0; length];
        reader.read_exact(&mut text).map_err(cut)?;
        let text = String::from_utf8_lossy(&text).trim_end().to_owned();
        let data_start = (start.len() + length_bytes + length) as u64;
        let (descr, order, shape) =
            Literal { rest: &text }.header().map_err(|reason| format!("its header {text:?}: {reason}"))?;
        Ok(Self { descr, shape, order, data_start, text })
    }
}

/// A header of version 1 for an array in C order.
pub(super) fn header_bytes(descr: &str, order: NpyOrder, shape: &[usize]) -> Vec<u8> {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    // A tuple of one needs its comma.
    let comma = if shape.len() == 1 { "," } else { "" };
    let fortran = if order == NpyOrder::ColumnsTogether { "True" } else { "False" };
    let text =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({}{comma}), }}", lengths.join(", "));
    // Numbers begin at a multiple of 64 bytes, after a line end.
    let padded = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((padded as u16).to_le_bytes());
    bytes.extend(text.bytes());
    bytes.resize(10 + padded - 1, b' ');
    bytes.push(b'\n');
    bytes
}

/// What is left of the header's text.
struct Literal<'a> {
    rest: &'a str,
}

impl<'a> Literal<'a> {
    fn header(mut self) -> Result<(String, NpyOrder, Vec<usize>), String> {
        let (mut descr, mut columns_together, mut shape) = (None, None, None);
        self.need('{')?;
        while !self.take('}') {
            let key = self.text()?;
            self.need(':')?;
            match key {
                "descr" => descr = Some(self.descr()?.to_owned()),
                "fortran_order" => columns_together = Some(self.truth()?),
                "shape" => shape = Some(self.shape()?),
                other => return Err(format!("'{other}' is not one of descr, fortran_order, shape")),
            }
            if !self.take(',') {
                self.need('}')?;
                break;
            }
        }
        if !self.rest.trim().is_empty() {
            return Err("something follows the closing }".to_owned());
        }
        let descr = descr.ok_or("'descr' is missing")?;
        let columns_together = columns_together.ok_or("'fortran_order' is missing")?;
        let shape = shape.ok_or("'shape' is missing")?;
        if columns_together && shape.len() > 2 {
            let n = shape.len();
            return Err(format!("{n} dimensions in Fortran order are not read; save numpy.ascontiguousarray(array)"));
        }
        let order = if columns_together { NpyOrder::ColumnsTogether } else { NpyOrder::RowsTogether };
        Ok((descr, order, shape))
    }

    fn descr(&mut self) -> Result<&'a str, String> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('[') {
            return Err("'descr' is a record of several fields; save one array of numbers".to_owned());
        }
        self.text()
    }

    fn truth(&mut self) -> Result<bool, String> {
        self.rest = self.rest.trim_start();
        for (word, truth) in [("False", false), ("True", true)] {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Ok(truth);
            }
        }
        Err("'fortran_order' is neither True nor False".to_owned())
    }

    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.need('(')?;
        while !self.take(')') {
            self.rest = self.rest.trim_start();
            let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
            let (digits, rest) = self.rest.split_at(end);
            shape.push(digits.parse().map_err(|_| "'shape' is not a tuple of whole numbers".to_owned())?);
            // Python 2 wrote long integers with an L.
            self.rest = rest.strip_prefix('L').unwrap_or(rest);
            if shape.len() > MOST_DIMENSIONS {
                return Err(format!("'shape' has more than {MOST_DIMENSIONS} dimensions"));
            }
            if !self.take(',') {
                self.need(')')?;
                break;
            }
        }
        Ok(shape)
    }

    fn text(&mut self) -> Result<&'a str, String> {
        self.rest = self.rest.trim_start();
        let quote = self.rest.chars().next().filter(|c| ['\'', '"'].contains(c)).ok_or("a quoted text is expected")?;
        let (text, rest) = self.rest[1..].split_once(quote).ok_or("a quoted text does not end")?;
        self.rest = rest;
        Ok(text)
    }

    fn take(&mut self, mark: char) -> bool {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn need(&mut self, mark: char) -> Result<(), String> {
        if self.take(mark) { Ok(()) } else { Err(format!("`{mark}` is expected")) }
    }
}
