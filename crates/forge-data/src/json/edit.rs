//! Writes a JSON table again with rows left out, cells replaced and columns added; all else stays byte for byte.

use std::borrow::Cow;
use std::fmt::Write;

use super::items::{Items, Members, piece};
use super::value::{of_column, owned_text, quoted};
use super::{JsonSource, List, Piece, RecordKind, Shape};
use crate::changes::{Plan, Typed, typed};
use crate::csv::decode;
use crate::{Column, DataError, Encoding, TableFile, Values};

impl JsonSource {
    /// The file with changes.
    pub(crate) fn written(&self, file: &TableFile, plan: &Plan<'_>) -> Result<Vec<u8>, DataError> {
        let mut out = Out { text: &self.text, written: String::with_capacity(self.text.len()), at: 0 };
        match &self.shape {
            Shape::Lines(lines) => {
                for (row, &(line, _)) in lines.iter().enumerate() {
                    if plan.drops(row) {
                        out.copy_to(line.0);
                        out.at = line.1 as usize;
                    } else if changes_row(plan, row) {
                        self.object(line, row, file, plan, &mut out)?;
                    }
                }
            }
            Shape::Records { rows, kind, index, names } => {
                self.records(rows, *kind, [index, names], file, plan, &mut out)?;
            }
            Shape::Columns { columns, kind, row_keys, end } => {
                for (column, list) in columns.iter().enumerate() {
                    out.members(list, plan, |out, row, item| match plan.value(row, column) {
                        Some(value) => self.column_cell(item, *kind, &file.table.columns()[column], row, value, out),
                        None => Ok(()),
                    })?;
                }
                if let Some(last) = columns.last() {
                    out.copy_to(last.end + 1);
                }
                for column in plan.added {
                    out.written.extend([",", &quoted(column.name()), ":"]);
                    self.added_column(column, *kind, row_keys, file, plan, &mut out.written);
                }
                out.copy_to(*end);
            }
        }
        out.copy_to(self.text.len() as u32);
        Ok(self.encoded(out.written))
    }

    fn encoded(&self, text: String) -> Vec<u8> {
        // Characters that Latin-1 lacks can be escaped in JSON.
        let text = if self.encoding == Encoding::Latin1 { escaped(&text) } else { text };
        if !self.byte_order_mark && self.encoding == Encoding::Utf8 {
            return text.into_bytes();
        }
        let mark: &[u8] = if self.byte_order_mark { decode::byte_order_mark(self.encoding) } else { &[] };
        [mark, &decode::encode(&text, self.encoding)].concat()
    }

    fn records(
        &self,
        rows: &List,
        kind: RecordKind,
        [index, names]: [&Option<List>; 2],
        file: &TableFile,
        plan: &Plan<'_>,
        out: &mut Out<'_>,
    ) -> Result<(), DataError> {
        let mut lists: Vec<(&List, bool)> = vec![(rows, true)];
        lists.extend(index.iter().chain(names).map(|list| (list, false)));
        // They may stand in any order in the text.
        lists.sort_by_key(|(list, _)| list.start);
        for (list, is_rows) in lists {
            if is_rows {
                out.members(list, plan, |out, row, item| match kind {
                    _ if !changes_row(plan, row) => Ok(()),
                    RecordKind::Object => self.object(item, row, file, plan, out),
                    RecordKind::List => self.list(item, row, file, plan, out),
                })?;
            } else if names.as_ref().is_some_and(|names| names.start == list.start) {
                out.copy_to(list.items.last().map_or(list.start, |item| item.1));
                for (number, column) in plan.added.iter().enumerate() {
                    let comma = if list.items.is_empty() && number == 0 { "" } else { "," };
                    out.written.extend([comma, &quoted(column.name())]);
                }
            } else {
                out.members(list, plan, |_, _, _| Ok(()))?;
            }
        }
        Ok(())
    }

    /// Writes a row that is an object.
    fn object(
        &self,
        item: Piece,
        row: usize,
        file: &TableFile,
        plan: &Plan<'_>,
        out: &mut Out<'_>,
    ) -> Result<(), DataError> {
        let raw = self.text[item.0 as usize..item.1 as usize].trim_ascii();
        let members = serde_json::from_str(raw).unwrap_or(Members(Vec::new()));
        let mut left: Vec<(usize, &str)> = plan.in_row(row).collect();
        for (key, value) in &members.0 {
            let key = owned_text(key.get());
            let Some(column) = self.keys.iter().position(|known| *known == key) else { continue };
            if let Some(new) = plan.value(row, column) {
                let (start, end) = piece(&self.text, value.get());
                out.copy_to(start);
                out.written.push_str(&json_value(&file.table.columns()[column], row, new, Some(value.get()))?);
                out.at = end as usize;
                left.retain(|(known, _)| *known != column);
            }
        }
        let open = piece(&self.text, raw);
        let style = Style::of(&self.text, open.0, &members);
        out.copy_to(members.0.last().map_or(open.0 + 1, |(_, value)| piece(&self.text, value.get()).1));
        let mut first = members.0.is_empty();
        let mut add = |name: &str, value: &str| {
            out.written.push_str(if first { style.lead } else { &style.separator });
            out.written.push_str(&quoted(name));
            out.written.push_str(style.gap);
            out.written.push_str(value);
            first = false;
        };
        for (column, new) in left {
            add(&self.keys[column], &json_value(&file.table.columns()[column], row, new, None)?);
        }
        for column in plan.added {
            add(column.name(), &of_column(column, row));
        }
        Ok(())
    }

    /// Writes a row that is a list.
    fn list(
        &self,
        item: Piece,
        row: usize,
        file: &TableFile,
        plan: &Plan<'_>,
        out: &mut Out<'_>,
    ) -> Result<(), DataError> {
        let raw = &self.text[item.0 as usize..item.1 as usize];
        let items = serde_json::from_str(raw).unwrap_or(Items(Vec::new()));
        for (column, value) in items.0.iter().enumerate() {
            let (start, end) = piece(&self.text, value.get());
            out.copy_to(start);
            if let Some(new) = plan.value(row, column) {
                out.written.push_str(&json_value(&file.table.columns()[column], row, new, Some(value.get()))?);
                out.at = end as usize;
            }
        }
        if !plan.added.is_empty() {
            out.copy_to(items.0.last().map_or(item.0 + 1, |value| piece(&self.text, value.get()).1));
        }
        for (number, column) in plan.added.iter().enumerate() {
            let comma = if items.0.is_empty() && number == 0 { "" } else { "," };
            out.written.extend([comma, &*of_column(column, row)]);
        }
        Ok(())
    }

    /// Writes a cell of a column that is a list or an object.
    fn column_cell(
        &self,
        item: Piece,
        kind: RecordKind,
        column: &Column,
        row: usize,
        new: &str,
        out: &mut Out<'_>,
    ) -> Result<(), DataError> {
        let raw = &self.text[item.0 as usize..item.1 as usize];
        let mut start = item.0;
        if kind == RecordKind::Object {
            // The value begins behind the key, which ends at its first quote that is not escaped.
            let mut escaped = false;
            let key_end = raw.char_indices().skip(1).find(|&(_, c)| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let after = key_end.map_or(raw.len(), |(at, _)| at + 1);
            let value = raw[after..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ':');
            start = item.1 - value.len() as u32;
        }
        out.copy_to(start);
        let old = &self.text[start as usize..item.1 as usize];
        out.written.push_str(&json_value(column, row, new, Some(old))?);
        out.at = item.1 as usize;
        Ok(())
    }

    fn added_column(
        &self,
        column: &Column,
        kind: RecordKind,
        row_keys: &[Piece],
        file: &TableFile,
        plan: &Plan<'_>,
        out: &mut String,
    ) {
        out.push(if kind == RecordKind::List { '[' } else { '{' });
        for (number, row) in plan.kept(file.table.n_rows()).enumerate() {
            if number > 0 {
                out.push(',');
            }
            if let Some(key) = row_keys.get(row) {
                out.push_str(&self.text[key.0 as usize..key.1 as usize]);
                out.push(':');
            }
            out.push_str(&of_column(column, row));
        }
        out.push(if kind == RecordKind::List { ']' } else { '}' });
    }
}

/// Whether anything in a row that stays is to change.
fn changes_row(plan: &Plan<'_>, row: usize) -> bool {
    !plan.added.is_empty() || plan.in_row(row).next().is_some()
}

/// How the members of an object are set apart.
struct Style<'a> {
    lead: &'a str,
    separator: Cow<'a, str>,
    gap: &'a str,
}

impl<'a> Style<'a> {
    fn of(text: &'a str, open: u32, members: &Members<'_>) -> Self {
        let Some((key, value)) = members.0.first() else {
            return Self { lead: "", separator: Cow::Borrowed(","), gap: ":" };
        };
        let ((key_start, key_end), (value_start, value_end)) = (piece(text, key.get()), piece(text, value.get()));
        let lead = &text[open as usize + 1..key_start as usize];
        let gap = &text[key_end as usize..value_start as usize];
        let separator = match members.0.get(1) {
            Some((next, _)) => Cow::Borrowed(&text[value_end as usize..piece(text, next.get()).0 as usize]),
            None if lead.is_empty() && gap.ends_with(' ') => Cow::Borrowed(", "),
            None => Cow::Owned(format!(",{lead}")),
        };
        Self { lead, separator, gap }
    }
}

/// A text that is copied piece by piece.
struct Out<'a> {
    text: &'a str,
    written: String,
    /// How much of the text has been dealt with.
    at: usize,
}

impl Out<'_> {
    fn copy_to(&mut self, end: u32) {
        if end as usize > self.at {
            self.written.push_str(&self.text[self.at..end as usize]);
            self.at = end as usize;
        }
    }

    /// Copies the members of the rows that stay; `edit` may write a member in its own way.
    fn members(
        &mut self,
        list: &List,
        plan: &Plan<'_>,
        mut edit: impl FnMut(&mut Self, usize, Piece) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let Some(first) = list.items.first() else { return Ok(()) };
        self.copy_to(first.0);
        let mut any = false;
        for (row, &item) in list.items.iter().enumerate() {
            if plan.drops(row) {
                continue;
            }
            if any {
                let before = list.items.get(row.wrapping_sub(1)).map_or(list.start, |item| item.1);
                self.at = before as usize;
            } else {
                self.at = item.0 as usize;
            }
            any = true;
            self.copy_to(item.0);
            edit(self, row, item)?;
            self.copy_to(item.1);
        }
        self.at = list.items.last().map_or(list.start, |item| item.1) as usize;
        self.copy_to(list.end);
        Ok(())
    }
}

/// A new value as JSON: of the kind that stood there, as far as its column allows.
fn json_value(column: &Column, row: usize, new: &str, old: Option<&str>) -> Result<String, DataError> {
    let old = old.and_then(|old| old.bytes().next());
    let is_number = |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok();
    Ok(match typed(column, row, new)? {
        Typed::Boolean(None) | Typed::Text(None) => "null".to_owned(),
        Typed::Number(value) if value.is_nan() => "null".to_owned(),
        Typed::Number(value) if matches!(column.values(), Values::Number(_)) && old != Some(b'"') => {
            if is_number(new) {
                new.to_owned()
            } else {
                crate::table::number_text(value)
            }
        }
        Typed::Number(_) => quoted(new),
        Typed::Boolean(Some(value)) if column.words() == ["false", "true"] && old != Some(b'"') => value.to_string(),
        Typed::Boolean(Some(value)) => quoted(column.words()[usize::from(value)]),
        Typed::Text(Some(text)) if old == Some(b'[') => {
            let items: Vec<String> = text.split(';').map(quoted).collect();
            format!("[{}]", items.join(","))
        }
        Typed::Text(Some(text)) if matches!(old, Some(b'-' | b'0'..=b'9')) && is_number(text) => text.to_owned(),
        Typed::Text(Some(text)) => quoted(text),
    })
}

/// JSON text without characters beyond Latin-1.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if decode::is_latin1(character) {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}
