//! The messages of an Arrow IPC file as they lie in its bytes. Source: "Encapsulated message format" in the specification
//! at <https://arrow.apache.org/docs/format/Columnar.html>.

use arrow_ipc::{CompressionType, RecordBatch, root_as_message};

use super::arrow_layout::Layout;

/// What the messages say before any is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Survey {
    /// How batches are compressed.
    pub(super) compression: Option<CompressionType>,
    /// Bytes that the compressed buffers say they become.
    pub(super) unpacked: u64,
    /// Rows of all batches.
    pub(super) n_rows: u64,
    /// Where the messages begin and end in the file.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Walks over the messages from `start` on, and checks that what they say lies within the file: the library's reader takes
/// their word for it. The error says which message is wrong.
pub(super) fn survey(bytes: &[u8], start: usize) -> Result<Survey, String> {
    let mut survey = Survey { start, end: start, ..Survey::default() };
    let mut layout = Layout::default();
    let mut number = 0;
    loop {
        let wrong = |what: &str| format!("message {} at byte {}: {what}", number + 1, survey.end);
        let Some(message) = next(bytes, survey.end).map_err(&wrong)? else { return Ok(survey) };
        let Message { header, body, end } = message;
        if let Some(schema) = header.header_as_schema() {
            layout = Layout::of(&schema);
        }
        let of_dictionary = header.header_as_dictionary_batch();
        let dictionary = of_dictionary.and_then(|batch| batch.data());
        if let Some(batch) = header.header_as_record_batch().or(dictionary) {
            check_batch(&batch, body).map_err(&wrong)?;
            layout.check(&batch, body, of_dictionary.map(|batch| batch.id())).map_err(wrong)?;
            if dictionary.is_none() {
                survey.n_rows = survey.n_rows.saturating_add(u64::try_from(batch.length()).unwrap_or(u64::MAX));
            }
            if let Some(compression) = batch.compression() {
                survey.compression = Some(compression.codec());
                for buffer in batch.buffers().into_iter().flatten() {
                    let length = unpacked_len(body, buffer).unwrap_or(0);
                    survey.unpacked = survey.unpacked.saturating_add(u64::try_from(length).unwrap_or(0));
                }
            }
        }
        survey.end = end;
        number += 1;
    }
}

struct Message<'a> {
    header: arrow_ipc::Message<'a>,
    body: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

/// The message at this place, if there is one.
fn next(bytes: &[u8], mut at: usize) -> Result<Option<Message<'_>>, &'static str> {
    let four = |at: usize| bytes.get(at..)?.first_chunk().map(|four| u32::from_le_bytes(*four));
    if at == bytes.len() {
        return Ok(None);
    }
    let cut = "the file is cut short";
    let mut length = four(at).ok_or(cut)?;
    at += 4;
    // Streams from before version 0.15 have no mark in front of the length.
    if length == u32::MAX {
        length = four(at).ok_or(cut)?;
        at += 4;
    }
    if length == 0 {
        return Ok(None);
    }
    let metadata = bytes.get(at..).and_then(|rest| part(rest, 0, i64::from(length))).ok_or(cut)?;
    at += length as usize;
    let header = root_as_message(metadata).map_err(|_| "it is damaged")?;
    let body = bytes.get(at..).and_then(|rest| part(rest, 0, header.bodyLength())).ok_or(cut)?;
    Ok(Some(Message { header, body, end: at + body.len() }))
}

fn part(bytes: &[u8], start: i64, length: i64) -> Option<&[u8]> {
    let (start, length) = (usize::try_from(start).ok()?, usize::try_from(length).ok()?);
    bytes.get(start..start.checked_add(length)?)
}

/// Bytes that a compressed buffer says it becomes; none where it holds nothing, and -1 where it is as it was.
pub(super) fn unpacked_len(body: &[u8], buffer: &arrow_ipc::Buffer) -> Option<i64> {
    part(body, buffer.offset(), buffer.length())?.first_chunk().map(|eight| i64::from_le_bytes(*eight))
}

fn check_batch(batch: &RecordBatch<'_>, body: &[u8]) -> Result<(), &'static str> {
    let within = |buffer: &arrow_ipc::Buffer| part(body, buffer.offset(), buffer.length()).is_some();
    if !batch.buffers().into_iter().flatten().all(within) {
        return Err("a buffer lies outside of it");
    }
    if batch.buffers().into_iter().flatten().any(|buffer| buffer.offset() % 8 != 0) {
        return Err("a buffer does not begin at a multiple of eight bytes");
    }
    // No array is longer than its batch has bytes for, or than fits into memory where it needs none.
    let most = i64::from(u32::MAX);
    let sound = |node: &arrow_ipc::FieldNode| {
        (0..=most).contains(&node.length()) && (0..=node.length()).contains(&node.null_count())
    };
    if !(0..=most).contains(&batch.length()) || !batch.nodes().into_iter().flatten().all(sound) {
        return Err("the number of its rows is not possible");
    }
    Ok(())
}
