//! Walks over the records of a text: which are rows, where each stands, and what is wrong with the others.

use ::csv::ByteRecord;

use super::records::{self, Quoting};
use super::{Header, RejectedRow, Span};
use crate::DataError;

/// Rejected rows that are listed at most.
pub(crate) const MAX_REJECTED: usize = 10_000;
/// What it takes to read on from another place, in bytes read.
const RESUME_COST: usize = 1 << 16;

/// What a walk over the records needs to know.
pub(super) struct Scan<'a> {
    pub(super) file: &'a str,
    pub(super) bytes: &'a [u8],
    /// Where the first line stands that is no comment.
    pub(super) body: usize,
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) header: Header,
    /// Fields of a row.
    pub(super) width: usize,
}

/// What a walk over the records found.
#[derive(Default)]
pub(super) struct Scanned {
    pub(super) rows: Vec<Span>,
    /// Where the column names stand.
    pub(super) header: Option<Span>,
    pub(super) rejected: Vec<RejectedRow>,
    pub(super) n_rejected: u64,
}

impl Scanned {
    pub(super) fn reject(&mut self, line: u64, reason: String) {
        self.n_rejected += 1;
        if self.rejected.len() < MAX_REJECTED {
            self.rejected.push(RejectedRow { line, reason });
        }
    }
}

/// Counts lines up to places that only move forward.
struct LineCounter<'a> {
    bytes: &'a [u8],
    ending: u8,
    at: usize,
    line: u64,
}

impl<'a> LineCounter<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        // Text from old Macintoshes ends lines with a carriage return alone.
        let ending = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
        Self { bytes, ending, at: 0, line: 1 }
    }

    fn endings(&self, start: usize, end: usize) -> u64 {
        records::count(&self.bytes[start..end], self.ending)
    }

    fn line_at(&mut self, place: usize) -> u64 {
        if place > self.at {
            self.line += self.endings(self.at, place);
            self.at = place;
        }
        self.line
    }

    /// The start of the line after the one `place` is on.
    fn next_line(&self, place: usize) -> usize {
        let rest = &self.bytes[place..];
        rest.iter().position(|&byte| byte == self.ending).map_or(self.bytes.len(), |n| place + n + 1)
    }
}

impl Scan<'_> {
    /// Hands every row that has the right number of fields to `on_row`.
    pub(super) fn run(&self, mut on_row: impl FnMut(&ByteRecord)) -> Result<Scanned, DataError> {
        let bytes = self.bytes;
        let mut found = Scanned::default();
        let mut lines = LineCounter::new(bytes);
        let mut record = ByteRecord::new();
        let mut base = self.body;
        let mut reader = records::reader(&bytes[base..], self.delimiter, self.quote);
        let mut budget = bytes.len().saturating_mul(8).max(50 * RESUME_COST);
        let mut header_line = (self.header == Header::Present).then_some(0);
        loop {
            let before = base + reader.position().byte() as usize;
            // Reading from memory cannot fail, and rows of any length are allowed.
            if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
                break;
            }
            let start = before + bytes[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let mut end = (base + reader.position().byte() as usize).max(start);
            if bytes[start..end].ends_with(b"\r") && bytes.get(end) == Some(&b'\n') {
                end += 1;
            }
            let raw = &bytes[start..end];
            if record.len() == 1 && raw.trim_ascii().is_empty() {
                continue;
            }
            let line = lines.line_at(start);
            if header_line == Some(0) {
                if let Quoting::Open(_) = self.quoting(start, end, &lines) {
                    return Err(DataError::NoUsableRow {
                        file: self.file.to_owned(),
                        n_rejected: 1,
                        line,
                        reason: unclosed(line, line),
                    });
                }
                header_line = Some(line);
                found.header = Some(Span { start: start as u32, end: end as u32, line: line as u32 });
                continue;
            }
            let Some(fault) = self.fault(start, end, line, record.len(), &lines) else {
                on_row(&record);
                found.rows.push(Span { start: start as u32, end: end as u32, line: line as u32 });
                continue;
            };
            found.reject(line, fault.reason);
            if let Some(resume) = fault.resume.filter(|&at| at < end)
                && budget > end - resume
            {
                budget -= (end - resume).max(RESUME_COST).min(budget);
                base = resume;
                reader = records::reader(&bytes[base..], self.delimiter, self.quote);
            }
        }
        let file = self.file.to_owned();
        match (found.rows.is_empty(), found.rejected.first(), header_line) {
            (false, ..) => Ok(found),
            (true, Some(first), _) => {
                let (line, reason) = (first.line, first.reason.clone());
                Err(DataError::NoUsableRow { file, n_rejected: found.n_rejected, line, reason })
            }
            (true, None, Some(line)) => Err(DataError::HeaderOnly { file, line }),
            (true, None, None) => Err(DataError::EmptyFile { file }),
        }
    }
}

/// Why a record is no row.
struct Fault {
    reason: String,
    /// Where to read on when a quote has stretched the record over lines that may be rows.
    resume: Option<usize>,
}

impl Scan<'_> {
    /// How the quotes of a record stand that could hide a mistake: one of several lines, or the last.
    fn quoting(&self, start: usize, end: usize, lines: &LineCounter<'_>) -> Quoting {
        let raw = &self.bytes[start..end];
        if end == self.bytes.len() || raw.trim_ascii_end().contains(&lines.ending) {
            records::quoting(raw, self.delimiter, self.quote)
        } else {
            Quoting::Sound
        }
    }

    fn fault(&self, start: usize, end: usize, line: u64, n_fields: usize, lines: &LineCounter<'_>) -> Option<Fault> {
        let quoting = self.quoting(start, end, lines);
        if n_fields == self.width && quoting == Quoting::Sound {
            return None;
        }
        let last = line + lines.endings(start, start + self.bytes[start..end].trim_ascii_end().len());
        let fields = if n_fields == 1 { "field" } else { "fields" };
        let count = format!("{n_fields} {fields}, expected {}", self.width);
        let (reason, resume) = match quoting {
            Quoting::Open(at) => {
                let quote_line = line + lines.endings(start, start + at);
                (unclosed(line, quote_line), Some(lines.next_line(start + at)))
            }
            Quoting::Stray(at) if last > line => {
                (format!("a quote stretches the row to line {last}"), Some(lines.next_line(start + at)))
            }
            Quoting::Stray(_) if n_fields == self.width => return None,
            _ if last > line => {
                (format!("{count}; a quote stretches the row to line {last}"), Some(lines.next_line(start)))
            }
            _ => (count, None),
        };
        Some(Fault { reason, resume })
    }
}

fn unclosed(row_line: u64, quote_line: u64) -> String {
    if row_line == quote_line {
        "a quote opens here that is never closed".to_owned()
    } else {
        format!("a quote opens on line {quote_line} that is never closed")
    }
}
