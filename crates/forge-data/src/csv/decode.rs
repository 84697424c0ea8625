//! Bytes to text: gzip, byte order marks, UTF-8, UTF-16 and Latin-1, and a clear word about what is no text at all.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::{CsvOptions, Encoding, records};
use crate::DataError;

/// The text of a file.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: Encoding,
    pub(crate) byte_order_mark: bool,
    pub(crate) warnings: Vec<String>,
}

/// Decompresses and decodes `bytes`. Valid UTF-8 is not copied.
pub(crate) fn decode(file: &str, bytes: Vec<u8>, options: &CsvOptions) -> Result<Decoded, DataError> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) { inflate(file, &bytes, options.max_bytes)? } else { bytes };
    if bytes.len() as u64 > options.max_bytes {
        return Err(DataError::TooLarge { file: file.to_owned(), limit: options.max_bytes });
    }
    if bytes.trim_ascii().is_empty() {
        return Err(DataError::EmptyFile { file: file.to_owned() });
    }
    let marked = match &bytes[..] {
        [0xef, 0xbb, 0xbf, ..] => Some((Encoding::Utf8, 3)),
        [0xff, 0xfe, ..] => Some((Encoding::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encoding::Utf16Be, 2)),
        _ => None,
    };
    let (mark, skip) = match (marked, options.encoding) {
        (Some((mark, skip)), wanted) if wanted.is_none_or(|wanted| wanted == mark) => (Some(mark), skip),
        _ => (None, 0),
    };
    let encoding = options.encoding.or(mark);
    if !matches!(encoding, Some(Encoding::Utf16Le | Encoding::Utf16Be)) {
        refuse_binary(file, &bytes)?;
    }
    let mut warnings = Vec::new();
    let (text, encoding) = match encoding {
        Some(utf16 @ (Encoding::Utf16Le | Encoding::Utf16Be)) => {
            let text = decode_utf16(file, &bytes[skip..], utf16, skip)?;
            if text.len() as u64 > options.max_bytes {
                return Err(DataError::TooLarge { file: file.to_owned(), limit: options.max_bytes });
            }
            if text.contains('\0') {
                return Err(not_text(file, "binary data"));
            }
            (text, utf16)
        }
        Some(Encoding::Latin1) => (decode_latin1(&bytes), Encoding::Latin1),
        Some(Encoding::Utf8) | None => {
            let mut bytes = bytes;
            bytes.drain(..skip);
            match String::from_utf8(bytes) {
                Ok(text) => (text, Encoding::Utf8),
                Err(error) => {
                    let at = error.utf8_error().valid_up_to();
                    let bytes = error.into_bytes();
                    let line = 1 + records::count(&bytes[..at], b'\n');
                    let offset = (at + skip) as u64;
                    if encoding.is_some() {
                        let encoding = Encoding::Utf8.name();
                        return Err(DataError::InvalidEncoding { file: file.to_owned(), encoding, offset, line });
                    }
                    warnings.push(format!(
                        "read as Latin-1, because byte {offset} (line {line}) is not valid UTF-8; check letters with accents"
                    ));
                    (decode_latin1(&bytes), Encoding::Latin1)
                }
            }
        }
    };
    if text.len() as u64 > u64::from(u32::MAX) {
        return Err(DataError::TooLarge { file: file.to_owned(), limit: u64::from(u32::MAX) });
    }
    if text.trim().is_empty() {
        return Err(DataError::EmptyFile { file: file.to_owned() });
    }
    Ok(Decoded { text, encoding, byte_order_mark: mark.is_some(), warnings })
}

fn inflate(file: &str, bytes: &[u8], limit: u64) -> Result<Vec<u8>, DataError> {
    let mut inflated = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut inflated)
        .map_err(|error| DataError::Gzip { file: file.to_owned(), reason: error.to_string() })?;
    Ok(inflated)
}

fn decode_utf16(file: &str, bytes: &[u8], encoding: Encoding, skipped: usize) -> Result<String, DataError> {
    let invalid = |at: usize, text: &str| DataError::InvalidEncoding {
        file: file.to_owned(),
        encoding: encoding.name(),
        offset: (skipped + at) as u64,
        line: 1 + records::count(text.as_bytes(), b'\n'),
    };
    let (pairs, rest) = bytes.as_chunks::<2>();
    let from_bytes = if encoding == Encoding::Utf16Le { u16::from_le_bytes } else { u16::from_be_bytes };
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut at = 0;
    for unit in char::decode_utf16(pairs.iter().map(|&pair| from_bytes(pair))) {
        let Ok(character) = unit else {
            return Err(invalid(at, &text));
        };
        at += 2 * character.len_utf16();
        text.push(character);
    }
    if rest.is_empty() { Ok(text) } else { Err(invalid(at, &text)) }
}

/// What Windows-1252 has in place of the control characters 0x80–0x9F of Latin-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn decode_latin1(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    text.extend(bytes.iter().map(|&byte| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }));
    text
}

/// The bytes that `text` came from.
pub(crate) fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Latin1 => text.chars().map(latin1_byte).collect(),
    }
}

fn latin1_byte(character: char) -> u8 {
    if let Some(index) = WINDOWS_1252.iter().position(|&known| known == character) {
        return 0x80 + index as u8;
    }
    u8::try_from(character).unwrap_or(b'?')
}

/// Whether Latin-1 has the character.
pub(crate) fn is_latin1(character: char) -> bool {
    u8::try_from(character).is_ok() || WINDOWS_1252.contains(&character)
}

/// The byte order mark that stood before the text.
pub(crate) fn byte_order_mark(encoding: Encoding) -> &'static [u8] {
    match encoding {
        Encoding::Utf8 => &[0xef, 0xbb, 0xbf],
        Encoding::Utf16Le => &[0xff, 0xfe],
        Encoding::Utf16Be => &[0xfe, 0xff],
        Encoding::Latin1 => &[],
    }
}

/// First bytes of files that people take for tables.
const MAGIC: [(&[u8], &str); 17] = [
    (b"PK\x03\x04", "a zip archive or an Excel workbook (xlsx)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a WebP image or a RIFF recording"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document (xls, doc)"),
    (b"BZh", "bzip2-compressed data"),
    (b"\xfd7zXZ", "xz-compressed data"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "Zstandard-compressed data"),
    (b"\x1f\x8b", "gzip-compressed data inside gzip"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\x93NUMPY", "a NumPy array"),
];

fn refuse_binary(file: &str, bytes: &[u8]) -> Result<(), DataError> {
    if let Some((_, looks_like)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        // Text may begin with the letters of some of these, as a column called "GIF8"; control bytes settle it.
        if has_control_bytes(bytes) || *looks_like == "a PDF document" {
            return Err(not_text(file, looks_like));
        }
    }
    if bytes.contains(&0) {
        let zero_every_second = |from: usize| bytes.iter().skip(from).step_by(2).take(64).filter(|&&b| b == 0).count();
        if bytes.len() >= 8 && zero_every_second(0).max(zero_every_second(1)) * 5 > bytes.len().div_ceil(2).min(64) * 4
        {
            return Err(not_text(file, "UTF-16 text without byte order mark (choose that encoding)"));
        }
        return Err(not_text(file, "binary data (it holds zero bytes)"));
    }
    let sample = &bytes[..bytes.len().min(1 << 16)];
    let controls = sample.iter().filter(|&&byte| is_control(byte)).count();
    if controls * 50 > sample.len() {
        return Err(not_text(file, "binary data (it is full of control characters)"));
    }
    Ok(())
}

/// Whether bytes that begin like a binary format are one: text may begin with the letters of some.
pub(crate) fn looks_like_magic(bytes: &[u8]) -> bool {
    has_control_bytes(bytes)
}

fn has_control_bytes(bytes: &[u8]) -> bool {
    bytes.iter().take(1 << 12).any(|&byte| is_control(byte) || byte == 0)
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || byte == 0x7f
}

fn not_text(file: &str, looks_like: &str) -> DataError {
    DataError::NotText { file: file.to_owned(), looks_like: looks_like.to_owned() }
}
