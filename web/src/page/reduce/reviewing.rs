//! Moving through the findings and deciding about rows.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::decisions::Decision;
use super::super::list::{Direction, Filters, SortBy};
use super::super::store::{RowText, Store};
use crate::protocol::Request;

/// Row texts kept at most; beyond that they are fetched again when they come into view.
const MAX_ROW_TEXTS: usize = 20_000;

/// Sorts by `by`, or turns the order round if the list is sorted so already.
pub(super) fn sort(store: Store, by: SortBy) {
    let (old, direction) = store.sort.get_untracked();
    let direction = if old == by { direction.reversed() } else { Direction::default() };
    store.sort.set((by, direction));
    if let SortBy::Column(column) = by {
        let known = store.column_order.with_untracked(|order| order.as_ref().is_some_and(|(at, _)| *at == column));
        if !known {
            store.request(&Request::Order { column }, &[]);
        }
    }
}

/// Lists other rows; a selected row that is no longer listed gives way to the first that is.
pub(super) fn set_filters(store: Store, filters: Filters) {
    store.filters.set(filters);
    let listed = store.listed.get_untracked();
    let stays = store.selected.get_untracked().is_some_and(|entry| listed.contains(&entry));
    if !stays {
        store.selected.set(listed.first().copied());
    }
}

/// Lists another group of issues, from its worst.
pub(super) fn show_group(store: Store, group: usize) {
    store.group.set(group);
    let n = store.found.with_untracked(|found| found.as_ref().map_or(0, |found| found.findings(group).len()));
    store.selected.set((n > 0).then_some(0));
}

/// Selects an entry and shows its evidence.
pub(super) fn select(store: Store, entry: u32) {
    store.selected.set(Some(entry));
    store.sheet.set(true);
}

/// Moves the selection by lines of the list, stopping at its ends.
pub(super) fn move_selection(store: Store, lines: i32) {
    if let Some(found) = store.found.get_untracked() {
        let n = found.findings(store.group.get_untracked()).len();
        if let Some(last) = n.checked_sub(1) {
            let at = store.selected.get_untracked();
            let next = at.map_or(0, |at| (at as usize).saturating_add_signed(lines as isize).min(last));
            store.selected.set(Some(next as u32));
        }
        return;
    }
    let next = store.listed.with_untracked(|listed| {
        let last = listed.len().checked_sub(1)?;
        let at = store.selected.get_untracked().and_then(|entry| listed.iter().position(|&listed| listed == entry));
        let next = at.map_or(0, |at| at.saturating_add_signed(lines as isize).min(last));
        listed.get(next).copied()
    });
    if next.is_some() {
        store.selected.set(next);
    }
}

/// Asks the table worker for cells.
pub(super) fn need_cells(store: Store, rows: Vec<u32>) {
    store.request(&Request::Cells { rows }, &[]);
}

/// Keeps the cells that came.
pub(super) fn keep_cells(store: Store, rows: Vec<u32>, cells: Vec<Vec<String>>, lines: Vec<u64>) {
    store.row_texts.update(|texts| {
        if texts.len() > MAX_ROW_TEXTS {
            texts.clear();
        }
        for ((row, cells), line) in rows.into_iter().zip(cells).zip(lines) {
            texts.insert(row, Arc::new(RowText { cells, line }));
        }
    });
}

/// Excludes the selected row, or restores it.
pub(super) fn toggle_selected(store: Store) {
    let row = store.selected.get_untracked().and_then(|entry| match store.found.get_untracked() {
        Some(found) => found.finding(store.group.get_untracked(), entry).map(|finding| finding.issue.row),
        None => store.analysis.with_untracked(|analysis| analysis.as_ref()?.rows.get(entry as usize).copied()),
    });
    if let Some(row) = row {
        store.decisions.update(|decisions| {
            let to = if decisions.is_excluded(row) { Decision::Restore } else { Decision::Exclude };
            decisions.decide(std::iter::once(row), to);
        });
    }
}

/// Decides the same about every row in the list, as one step.
pub(super) fn decide_listed(store: Store, to: Decision) {
    let Some(analysis) = store.analysis.get_untracked() else {
        return;
    };
    let listed = store.listed.get_untracked();
    let rows = listed.iter().filter_map(|&entry| analysis.rows.get(entry as usize).copied());
    store.decisions.update(|decisions| decisions.decide(rows, to));
}
