//! What people said about suspicious labels, as the authors of the verified label errors publish it: a JSON list.

use serde::Deserialize;

use crate::{Column, DataError, Table, Values};

#[derive(Deserialize)]
struct Entry {
    id: u32,
    given_original_label: u32,
    our_guessed_label: u32,
    mturk: Votes,
}

/// How many of five people chose what.
#[derive(Deserialize)]
struct Votes {
    given: u32,
    guessed: u32,
    neither: u32,
    /// Absent where nobody did.
    #[serde(default)]
    both: u32,
}

/// A table with the columns of the bundled sample. The outer error is that of the JSON.
pub(super) fn read(bytes: &[u8]) -> Result<Result<Table, DataError>, serde_json::Error> {
    let entries: Vec<Entry> = serde_json::from_slice(bytes)?;
    let column = |name: &str, value: fn(&Entry) -> u32| {
        Column::new(name, Values::Number(entries.iter().map(|entry| f64::from(value(entry))).collect()))
    };
    Ok(Table::new(vec![
        column("id", |entry| entry.id),
        column("given", |entry| entry.given_original_label),
        column("guessed", |entry| entry.our_guessed_label),
        column("votes_given", |entry| entry.mturk.given),
        column("votes_guessed", |entry| entry.mturk.guessed),
        column("votes_neither", |entry| entry.mturk.neither),
        column("votes_both", |entry| entry.mturk.both),
    ]))
}
