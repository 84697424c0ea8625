//! The messages of an Arrow IPC file as they lie in its bytes. Source: "Encapsulated message format" in the specification
//! at <https://arrow.apache.org/docs/format/Columnar.html>.

use arrow_ipc::{CompressionType, root_as_message};

/// What the messages say before any is decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Survey {
    /// How batches are compressed.
    pub(super) compression: Option<CompressionType>,
    /// Bytes that the compressed buffers say they become, those stored as they are left out.
    pub(super) unpacked: u64,
    /// Rows of all batches.
    pub(super) n_rows: u64,
}

/// Walks over the messages from `start` on, up to the end or to what is none: the reader says what is wrong with that.
pub(super) fn survey(bytes: &[u8], start: usize) -> Survey {
    let mut survey = Survey::default();
    let mut at = start;
    let four = |at: usize| bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes);
    while let Some(mut length) = four(at) {
        at += 4;
        // Streams from before version 0.15 have no mark in front of the length.
        if length == u32::MAX {
            let Some(next) = four(at) else { break };
            length = next;
            at += 4;
        }
        let Some(metadata) = at.checked_add(length as usize).and_then(|end| bytes.get(at..end)) else { break };
        let Ok(message) = root_as_message(metadata) else { break };
        at += length as usize;
        let Some(body_end) = usize::try_from(message.bodyLength())
            .ok()
            .and_then(|length| at.checked_add(length))
            .filter(|&end| end <= bytes.len())
        else {
            break;
        };
        let body = &bytes[at..body_end];
        let dictionary = message.header_as_dictionary_batch().and_then(|batch| batch.data());
        if let Some(batch) = message.header_as_record_batch().or(dictionary) {
            if message.header_as_record_batch().is_some() {
                survey.n_rows = survey.n_rows.saturating_add(u64::try_from(batch.length()).unwrap_or(u64::MAX));
            }
            if let Some(compression) = batch.compression() {
                survey.compression = Some(compression.codec());
                for buffer in batch.buffers().into_iter().flatten() {
                    let prefix =
                        usize::try_from(buffer.offset()).ok().and_then(|start| body.get(start..start.checked_add(8)?));
                    let length = prefix.and_then(|eight| eight.try_into().ok()).map_or(0, i64::from_le_bytes);
                    survey.unpacked = survey.unpacked.saturating_add(u64::try_from(length).unwrap_or(0));
                }
            }
        }
        at = body_end;
    }
    survey
}
