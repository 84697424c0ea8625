//! Which buffers of an Arrow batch hold whole numbers that the library takes for granted to be whole: offsets of texts and
//! lists, and keys of dictionaries. Source: "Physical Memory Layout" in the specification at
//! <https://arrow.apache.org/docs/format/Columnar.html>.

use std::collections::BTreeMap;

use arrow_ipc::{Field, RecordBatch, Schema, Type};

use super::arrow_messages::unpacked_len;

/// Of how many bytes the items of each buffer are, 1 where that does not matter, up to the first type that is not known
/// here.
type Buffers = Vec<i64>;

/// The buffers of batches and of the dictionaries by their number.
#[derive(Debug, Default)]
pub(super) struct Layout {
    batch: Buffers,
    dictionaries: BTreeMap<i64, Buffers>,
}

impl Layout {
    pub(super) fn of(schema: &Schema<'_>) -> Self {
        let mut layout = Self::default();
        let mut batch = Vec::new();
        for field in schema.fields().into_iter().flatten() {
            if !layout.add(&field, &mut batch) {
                break;
            }
        }
        layout.batch = batch;
        layout
    }

    /// Adds the buffers of a field; whether they are known.
    fn add(&mut self, field: &Field<'_>, buffers: &mut Buffers) -> bool {
        let Some(dictionary) = field.dictionary() else { return self.add_values(field, buffers) };
        let bits = dictionary.indexType().map_or(32, |kind| kind.bitWidth());
        buffers.extend([1, i64::from(bits / 8).max(1)]);
        let mut values = Vec::new();
        self.add_values(field, &mut values);
        self.dictionaries.insert(dictionary.id(), values);
        true
    }

    fn add_values(&mut self, field: &Field<'_>, buffers: &mut Buffers) -> bool {
        match field.type_type() {
            Type::Null => {}
            Type::Bool
            | Type::Int
            | Type::FloatingPoint
            | Type::Decimal
            | Type::Date
            | Type::Time
            | Type::Timestamp
            | Type::Interval
            | Type::Duration
            | Type::FixedSizeBinary => buffers.extend([1, 1]),
            Type::Utf8 | Type::Binary => buffers.extend([1, 4, 1]),
            Type::LargeUtf8 | Type::LargeBinary => buffers.extend([1, 8, 1]),
            Type::List | Type::Map => buffers.extend([1, 4]),
            Type::LargeList => buffers.extend([1, 8]),
            Type::FixedSizeList | Type::Struct_ => buffers.push(1),
            _ => return false,
        }
        field.children().into_iter().flatten().all(|child| self.add(&child, buffers))
    }

    /// Checks a batch, or the one of a dictionary.
    pub(super) fn check(
        &self,
        batch: &RecordBatch<'_>,
        body: &[u8],
        dictionary: Option<i64>,
    ) -> Result<(), &'static str> {
        let items = match dictionary {
            Some(number) => self.dictionaries.get(&number),
            None => Some(&self.batch),
        };
        let is_compressed = batch.compression().is_some();
        for (buffer, item) in batch.buffers().into_iter().flatten().zip(items.into_iter().flatten()) {
            let length = match unpacked_len(body, buffer).filter(|_| is_compressed) {
                Some(-1) => buffer.length() - 8,
                Some(length) => length,
                None => buffer.length(),
            };
            if length % item != 0 {
                return Err("the offsets of texts or lists in it, or the keys of a dictionary, are not whole");
            }
        }
        Ok(())
    }
}
