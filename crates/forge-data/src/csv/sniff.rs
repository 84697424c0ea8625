//! Finds out how a text is delimited and quoted, and which leading lines are comments.
//!
//! Each candidate splits the start of the text; the one whose rows agree best on their number of fields, and whose cells
//! look most like values, wins. The idea of scoring pattern and types together is that of G. J. J. van den Burg,
//! A. Nazábal, C. Sutton, "Wrangling messy CSV files by detecting row and type patterns", 2019.

use super::infer::{is_missing, parse_number};
use super::{CsvOptions, records};
use crate::date::{SlashOrder, parse_date};

/// What the start of a text shows.
pub(super) struct Sniffed {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    /// Offset of the first line that is no comment.
    pub(super) body: usize,
    /// The leading comment lines, with their line numbers.
    pub(super) comments: Vec<(u64, String)>,
    /// The first records from `body` on.
    pub(super) rows: Vec<Vec<String>>,
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE_BYTES: usize = 1 << 17;
const SAMPLE_LINES: usize = 20;
/// Lines longer than this are cut; no table has such rows.
const MAX_SAMPLE_BYTES: usize = 1 << 26;
const SAMPLE_ROWS: usize = 1000;
/// Share of rows that must agree on their number of fields for a detected delimiter.
const MIN_AGREEMENT: f64 = 0.6;
/// The same when the first row is among them.
const MIN_AGREEMENT_WITH_HEADER: f64 = 0.4;

/// Detects what `options` leave open.
pub(super) fn sniff(text: &str, options: &CsvOptions) -> Sniffed {
    let bytes = text.as_bytes();
    let lead = leading_comments(bytes);
    let after_lead = lead.last().map_or(0, |line| line.1);
    let scored_from = if bytes[after_lead..].trim_ascii().is_empty() { 0 } else { after_lead };
    let sample = head(&bytes[scored_from..]);
    let quote = options.quote.unwrap_or_else(|| {
        if options.delimiter == Some(b'\'') { b'"' } else { likely_quote(sample, options.delimiter) }
    });
    let delimiter =
        options.delimiter.or_else(|| likely_delimiter(sample, quote)).unwrap_or_else(|| unused_delimiter(bytes));

    let expected = usual_width(&records::sample(sample, delimiter, quote, SAMPLE_ROWS));
    let mut body = 0;
    let mut comments = Vec::new();
    if scored_from > 0 {
        for (number, &(start, end)) in lead.iter().enumerate() {
            let line = &bytes[start..end];
            if records::cells_of(line, delimiter, quote).len() == expected {
                break;
            }
            comments.push((number as u64 + 1, records::text(line.trim_ascii()).to_owned()));
            body = end;
        }
    }
    let rows = records::sample(head(&bytes[body..]), delimiter, quote, SAMPLE_ROWS);
    Sniffed { delimiter, quote, body, comments, rows }
}

/// The number of fields most rows have; the smaller number of those equally frequent.
pub(super) fn usual_width(rows: &[Vec<String>]) -> usize {
    agreement(rows).0
}

/// The number of fields most rows have, and the share of rows that have it.
fn agreement(rows: &[Vec<String>]) -> (usize, f64) {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let mut best = (0, 0);
    for same in widths.chunk_by(|a, b| a == b) {
        if same.len() > best.1 {
            best = (same[0], same.len());
        }
    }
    (best.0, best.1 as f64 / rows.len().max(1) as f64)
}

/// Start and end of the lines at the top that begin with a character comments begin with.
fn leading_comments(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let mut start = 0;
    while matches!(bytes.get(start), Some(b'#' | b'|' | b'%')) && lines.len() < 1000 {
        let end = bytes[start..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |n| start + n + 1);
        lines.push((start, end));
        start = end;
    }
    lines
}

/// The first whole lines: the least number of bytes, and of lines if they are long.
fn head(bytes: &[u8]) -> &[u8] {
    let mut ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(index, _)| index + 1);
    let long_lines = ends.by_ref().take(SAMPLE_LINES).last().unwrap_or(bytes.len());
    let end = if long_lines >= SAMPLE_BYTES { Some(long_lines) } else { ends.find(|&end| end >= SAMPLE_BYTES) };
    &bytes[..end.unwrap_or(bytes.len()).min(MAX_SAMPLE_BYTES).min(bytes.len())]
}

/// The quote that more often stands where a field begins or ends.
fn likely_quote(sample: &[u8], delimiter: Option<u8>) -> u8 {
    let is_border = |byte: Option<&u8>| match (byte, delimiter) {
        (None | Some(b'\n' | b'\r'), _) => true,
        (Some(&byte), Some(delimiter)) => byte == delimiter,
        (Some(byte), None) => DELIMITERS.contains(byte),
    };
    let mut opening = [0usize; 2];
    let mut closing = [0usize; 2];
    for (index, &byte) in sample.iter().enumerate() {
        let which = match byte {
            b'"' => 0,
            b'\'' => 1,
            _ => continue,
        };
        opening[which] += usize::from(is_border(index.checked_sub(1).and_then(|before| sample.get(before))));
        closing[which] += usize::from(is_border(sample.get(index + 1)));
    }
    let pairs = |which: usize| opening[which].min(closing[which]);
    if pairs(1) > pairs(0) { b'\'' } else { b'"' }
}

/// The delimiter that splits the rows into the same number of fields, if any does.
fn likely_delimiter(sample: &[u8], quote: u8) -> Option<u8> {
    let mut best = (None, 0.0);
    for delimiter in DELIMITERS {
        let rows = records::sample(sample, delimiter, quote, 200);
        let (width, share) = agreement(&rows);
        let as_header = rows.first().is_some_and(|row| row.len() == width);
        if width < 2 || share < if as_header { MIN_AGREEMENT_WITH_HEADER } else { MIN_AGREEMENT } {
            continue;
        }
        let (mut plain, mut total) = (0usize, 0usize);
        for cell in rows.iter().flatten() {
            total += 1;
            plain += usize::from(looks_like_one_value(cell, delimiter));
        }
        let score = share * (plain as f64 / total.max(1) as f64);
        if score > best.1 {
            best = (Some(delimiter), score);
        }
    }
    best.0
}

/// A delimiter that leaves every line whole, for a file of one column.
fn unused_delimiter(bytes: &[u8]) -> u8 {
    const UNIT_SEPARATOR: u8 = 0x1f;
    DELIMITERS.into_iter().find(|delimiter| !bytes.contains(delimiter)).unwrap_or(UNIT_SEPARATOR)
}

/// Whether a cell is a number, a date, a missing value, or text without another delimiter in it.
fn looks_like_one_value(cell: &str, delimiter: u8) -> bool {
    let decimal_comma = || delimiter != b',' && parse_number(cell.replacen(',', ".", 1).as_bytes()).is_some();
    !cell.bytes().any(|byte| byte != delimiter && DELIMITERS.contains(&byte))
        || is_missing(cell.as_bytes())
        || decimal_comma()
        || parse_date(cell, SlashOrder::MonthFirst).is_some()
}
