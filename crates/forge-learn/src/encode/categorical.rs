//! A category or boolean column: impute the most frequent level, then one-hot encode.
//!
//! Levels beyond the limit share one column, as with scikit-learn's `OneHotEncoder(max_categories=...,
//! handle_unknown="infrequent_if_exist")`: the most frequent keep a column of their own, and among equally frequent ones
//! those that sort last. An unknown level goes to the shared column, or to none where there is no shared column.

use std::collections::BTreeMap;

use forge_data::{MISSING, Table, Values};

/// A fitted category column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CategoryEncoder {
    position: usize,
    /// One-hot column per known level, counted from 0 within this table column.
    place_of: BTreeMap<String, u32>,
    /// Names of the one-hot columns.
    columns: Vec<String>,
    /// Where a missing value goes: the place of the most frequent level.
    imputed: u32,
    /// Where an unknown level goes; `None` leaves the row without a 1.
    unknown: Option<u32>,
}

const BOOLEANS: [&str; 2] = ["false", "true"];

/// The level numbers of a column and what they mean.
fn level(values: &Values, row: u32) -> u32 {
    match values {
        Values::Category { codes, .. } => codes.get(row as usize).copied().unwrap_or(MISSING),
        Values::Boolean(flags) => flags.get(row as usize).copied().flatten().map_or(MISSING, u32::from),
        _ => MISSING,
    }
}

fn level_names(values: &Values) -> Vec<&str> {
    match values {
        Values::Category { levels, .. } => levels.iter().map(String::as_str).collect(),
        Values::Boolean(_) => BOOLEANS.to_vec(),
        _ => Vec::new(),
    }
}

impl CategoryEncoder {
    /// Learns from `rows`; `None` when all of them are missing.
    pub(super) fn fit(position: usize, name: &str, values: &Values, rows: &[u32], limit: usize) -> Option<Self> {
        let names = level_names(values);
        let mut counts = vec![0_usize; names.len()];
        for &row in rows {
            if let Some(count) = counts.get_mut(level(values, row) as usize) {
                *count += 1;
            }
        }
        let n_present: usize = counts.iter().sum();
        // The first of the most frequent is the one that sorts first.
        let mode = (0..names.len()).rev().max_by_key(|&code| counts[code]).filter(|&code| counts[code] > 0)?;
        counts[mode] += rows.len() - n_present;

        let mut levels: Vec<usize> = (0..names.len()).filter(|&code| counts[code] > 0).collect();
        levels.sort_by(|&a, &b| names[a].cmp(names[b]));
        let mut by_count = levels.clone();
        by_count.sort_by_key(|&code| counts[code]);
        let n_rare = if levels.len() > limit { levels.len() - (limit - 1) } else { 0 };
        let mut is_rare = vec![false; names.len()];
        for &code in &by_count[..n_rare] {
            is_rare[code] = true;
        }
        let shared = (levels.len() - n_rare) as u32;
        let mut place_of = BTreeMap::new();
        let mut columns = Vec::new();
        for &code in &levels {
            let place = if is_rare[code] { shared } else { columns.len() as u32 };
            place_of.insert(names[code].to_owned(), place);
            if !is_rare[code] {
                columns.push(format!("{name}={}", names[code]));
            }
        }
        let unknown = (n_rare > 0).then_some(shared);
        if unknown.is_some() {
            columns.push(format!("{name}=(infrequent)"));
        }
        let imputed = place_of.get(names[mode]).copied().unwrap_or(shared);
        Some(Self { position, place_of, columns, imputed, unknown })
    }

    /// Writes the one-hot feature of each row: places are counted from `first`, and `none` stands for no 1 at all.
    pub(super) fn transform<'a>(
        &self,
        table: &Table,
        rows: &[u32],
        (first, none): (u32, u32),
        cells: impl Iterator<Item = &'a mut u32>,
    ) {
        let no_values = Values::Boolean(Vec::new());
        let values = table.columns().get(self.position).map_or(&no_values, forge_data::Column::values);
        let unknown = self.unknown.map_or(none, |place| first + place);
        let features: Vec<u32> = level_names(values)
            .iter()
            .map(|&name| self.place_of.get(name).map_or(unknown, |&place| first + place))
            .collect();
        for (cell, &row) in cells.zip(rows) {
            *cell = match level(values, row) {
                MISSING => first + self.imputed,
                code => features.get(code as usize).copied().unwrap_or(unknown),
            };
        }
    }

    pub(super) fn n_columns(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn feature_names(&self) -> impl Iterator<Item = String> + '_ {
        self.columns.iter().cloned()
    }
}
