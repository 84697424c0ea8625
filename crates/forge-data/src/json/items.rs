//! Members of JSON values as pieces of the text they were read from.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{List, Piece};

/// The members of an object, keys and values as they are written.
pub(super) struct Members<'a>(pub(super) Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visit)
    }
}

/// The items of a list as they are written.
pub(super) struct Items<'a>(pub(super) Vec<&'a RawValue>);

impl Items<'_> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<'de> Deserialize<'de> for Items<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Items<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Visit)
    }
}

/// Where a part of `text` stands in it.
pub(super) fn piece(text: &str, part: &str) -> Piece {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    (start as u32, (start + part.len()) as u32)
}

impl List {
    /// The list that `raw` is, with these members.
    pub(super) fn new(text: &str, raw: &str, items: Vec<Piece>) -> Self {
        let (start, end) = piece(text, raw);
        Self { items, start: start + 1, end: end - 1 }
    }

    pub(super) fn of_items(text: &str, raw: &str, items: &Items<'_>) -> Self {
        Self::new(text, raw, items.0.iter().map(|item| piece(text, item.get())).collect())
    }

    pub(super) fn of_members(text: &str, raw: &str, members: &Members<'_>) -> Self {
        let whole = |(key, value): &(&RawValue, &RawValue)| (piece(text, key.get()).0, piece(text, value.get()).1);
        Self::new(text, raw, members.0.iter().map(whole).collect())
    }
}

/// The text of a JSON string.
pub(super) fn string(raw: &str) -> String {
    serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned())
}
