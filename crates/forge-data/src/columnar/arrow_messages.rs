//! The messages of an Arrow IPC file as they lie in its bytes. Source: "Encapsulated message format" in the specification
//! at <https://arrow.apache.org/docs/format/Columnar.html>.

use arrow_ipc::{CompressionType, RecordBatch, root_as_footer, root_as_message};

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
    pub(super) place: Place,
}

/// How messages are found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Place {
    /// One after the other.
    #[default]
    Stream,
    /// By the list in the footer of the file.
    Listed,
}

/// Walks over the messages from `start` on, and checks that what they say lies within the file: the library's reader takes
/// their word for it. The error says which message is wrong.
pub(super) fn survey(bytes: &[u8], start: usize) -> Result<Survey, String> {
    let mut survey = Survey { start, end: start, ..Survey::default() };
    let mut layout = Layout::default();
    let mut number = 0;
    loop {
        let at = survey.end;
        let wrong = |what: &str| format!("message {} at byte {at}: {what}", number + 1);
        let Some(message) = next(bytes, at).map_err(&wrong)? else { return Ok(survey) };
        if let Some(schema) = message.header.header_as_schema() {
            layout = Layout::of(&schema);
        }
        survey.add(&message, &layout).map_err(wrong)?;
        survey.end = message.end;
        number += 1;
    }
}

/// Checks the messages that the footer of a file lists: some writers leave out the schema at the beginning, or bytes
/// between the messages.
pub(super) fn survey_listed(bytes: &[u8]) -> Result<Survey, String> {
    let damaged = || "its footer is damaged".to_owned();
    let (rest, _magic) = bytes.split_last_chunk::<6>().ok_or_else(damaged)?;
    let (rest, length) = rest.split_last_chunk::<4>().ok_or_else(damaged)?;
    let start = usize::try_from(u32::from_le_bytes(*length)).ok().and_then(|length| rest.len().checked_sub(length));
    let footer = start.and_then(|start| root_as_footer(&rest[start..]).ok()).ok_or_else(damaged)?;
    let layout = footer.schema().map(|schema| Layout::of(&schema)).ok_or_else(damaged)?;
    let mut survey = Survey { end: bytes.len(), place: Place::Listed, ..Survey::default() };
    let batches = footer.recordBatches().into_iter().flatten();
    for (number, block) in footer.dictionaries().into_iter().flatten().chain(batches).enumerate() {
        let wrong = |what: &str| format!("message {} of its footer, at byte {}: {what}", number + 1, block.offset());
        let at = usize::try_from(block.offset()).ok().filter(|&at| at <= bytes.len());
        let message = at.map_or(Ok(None), |at| next(bytes, at)).map_err(&wrong)?;
        let message = message.ok_or_else(|| wrong("it lies outside of the file"))?;
        let begins = at.and_then(|at| at.checked_add(usize::try_from(block.metaDataLength()).ok()?));
        if begins.and_then(|begins| begins.checked_add(message.body.len())) != Some(message.end)
            || usize::try_from(block.bodyLength()) != Ok(message.body.len())
        {
            return Err(wrong("its length is not the one in the footer"));
        }
        survey.add(&message, &layout).map_err(wrong)?;
    }
    Ok(survey)
}

impl Survey {
    /// Checks a message that holds a batch, and counts it.
    fn add(&mut self, message: &Message<'_>, layout: &Layout) -> Result<(), &'static str> {
        let Message { header, body, .. } = message;
        let of_dictionary = header.header_as_dictionary_batch();
        let dictionary = of_dictionary.and_then(|batch| batch.data());
        let Some(batch) = header.header_as_record_batch().or(dictionary) else { return Ok(()) };
        check_batch(&batch, body)?;
        layout.check(&batch, body, of_dictionary.map(|batch| batch.id()))?;
        if dictionary.is_none() {
            self.n_rows = self.n_rows.saturating_add(u64::try_from(batch.length()).unwrap_or(u64::MAX));
        }
        if let Some(compression) = batch.compression() {
            self.compression = Some(compression.codec());
            for buffer in batch.buffers().into_iter().flatten() {
                let length = unpacked_len(body, buffer).unwrap_or(0);
                self.unpacked = self.unpacked.saturating_add(u64::try_from(length).unwrap_or(0));
            }
        }
        Ok(())
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
