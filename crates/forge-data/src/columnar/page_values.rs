//! What the values of a Parquet page take, checked before the library decodes them: it makes room for as many as a
//! dictionary says it has, and reads past the end of a page for texts that are not there. Source: "Encodings" in the
//! specification at <https://parquet.apache.org/docs/file-format/data-pages/encodings/>.

use bytes::Bytes;
use parquet::basic::{Encoding, Type as PhysicalType};
use parquet::column::page::Page;
use parquet::errors::ParquetError;
use parquet::schema::types::ColumnDescriptor;

fn refused<T>(reason: &str) -> Result<T, ParquetError> {
    Err(ParquetError::General(reason.to_owned()))
}

/// The page, its texts ending in what no length of a text is.
pub(super) fn checked(mut page: Page, leaf: &ColumnDescriptor) -> Result<Page, ParquetError> {
    let holds_texts = leaf.physical_type() == PhysicalType::BYTE_ARRAY;
    match &mut page {
        Page::DictionaryPage { buf, num_values, .. } => {
            if u64::from(*num_values) * least_bits(leaf) > buf.len() as u64 * 8 {
                return refused("its dictionary is shorter than it says");
            }
            if holds_texts {
                *buf = texts(buf, 0, *num_values)?;
            }
        }
        Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, .. } => {
            let mut start = 0;
            for (most, encoding) in
                [(leaf.max_rep_level(), *rep_level_encoding), (leaf.max_def_level(), *def_level_encoding)]
            {
                if most > 0 {
                    let length = levels_len(&buf[start..], most, *num_values, encoding);
                    let end = length.and_then(|length| start.checked_add(length)).filter(|&end| end <= buf.len());
                    let Some(end) = end else { return refused("a page is too short for its levels") };
                    start = end;
                }
            }
            if holds_texts && *encoding == Encoding::PLAIN {
                *buf = texts(buf, start, *num_values)?;
            }
        }
        Page::DataPageV2 { buf, num_values, encoding, def_levels_byte_len, rep_levels_byte_len, .. } => {
            let start = def_levels_byte_len.checked_add(*rep_levels_byte_len).map(|start| start as usize);
            let Some(start) = start.filter(|&start| start <= buf.len()) else {
                return refused("a page is too short for its levels");
            };
            if holds_texts && *encoding == Encoding::PLAIN {
                *buf = texts(buf, start, *num_values)?;
            }
        }
    }
    Ok(page)
}

/// Bits of a value at least.
fn least_bits(leaf: &ColumnDescriptor) -> u64 {
    match leaf.physical_type() {
        PhysicalType::BOOLEAN => 1,
        PhysicalType::INT32 | PhysicalType::FLOAT | PhysicalType::BYTE_ARRAY => 32,
        PhysicalType::INT64 | PhysicalType::DOUBLE => 64,
        PhysicalType::INT96 => 96,
        // The length of no bytes needs no room in the page, but some in memory.
        PhysicalType::FIXED_LEN_BYTE_ARRAY => u64::try_from(leaf.type_length()).unwrap_or(0).max(1) * 8,
    }
}

/// Bytes that the levels at the beginning of a page take.
fn levels_len(bytes: &[u8], most: i16, n_values: u32, encoding: Encoding) -> Option<usize> {
    if encoding == Encoding::RLE {
        let length = u32::from_le_bytes(*bytes.first_chunk()?);
        return usize::try_from(length).ok()?.checked_add(4);
    }
    // Levels of so many bits each, which the first version of the format had.
    let bits = u64::from(16 - most.leading_zeros());
    usize::try_from((u64::from(n_values) * bits).div_ceil(8)).ok()
}

/// The bytes of a page whose texts begin at `start`, each after its length, and number at most `n_texts`.
fn texts(bytes: &Bytes, start: usize, n_texts: u32) -> Result<Bytes, ParquetError> {
    /// As the next length this is more than any page holds.
    const NO_LENGTH: [u8; 4] = [0x7f; 4];
    let mut rest = &bytes[start..];
    for _ in 0..n_texts {
        let Some((length, after)) = rest.split_first_chunk() else { break };
        let length = u32::from_le_bytes(*length);
        let Some(after) = usize::try_from(length).ok().and_then(|length| after.get(length..)) else {
            return refused("a text is longer than its page");
        };
        rest = after;
    }
    let mut ended = Vec::with_capacity(bytes.len() + NO_LENGTH.len());
    ended.extend_from_slice(bytes);
    ended.extend(NO_LENGTH);
    Ok(Bytes::from(ended))
}
