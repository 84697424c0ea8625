//! Which findings are listed, and in which order: linear passes over arrays that are already sorted.

use super::analysis::Analysis;
use super::decisions::Decisions;

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SortBy {
    /// Label quality.
    #[default]
    Score,
    /// Row of the table.
    Row,
    /// Given label, then score.
    Given,
    /// A column of the table, by its position.
    Column(usize),
}

/// Which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// The other way.
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// Which rows by what the user decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Rows the rule flags.
    #[default]
    Flagged,
    /// Every checked row.
    All,
    /// Rows the user excluded.
    Excluded,
}

/// What must hold for a row to be listed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Filters {
    /// Flagged, all or excluded.
    pub(crate) shelf: Shelf,
    /// Class of the given label.
    pub(crate) given: Option<u32>,
    /// Class the model prefers.
    pub(crate) suggested: Option<u32>,
}

/// Entries in an order: by score, or as `order` says.
pub(crate) fn sorted(analysis: &Analysis, sort: SortBy, column_order: Option<&[u32]>) -> Vec<u32> {
    match sort {
        SortBy::Score => analysis.by_score.clone(),
        SortBy::Row => (0..analysis.len() as u32).collect(),
        SortBy::Given => by_class(&analysis.given, analysis.report.classes.len(), &analysis.by_score),
        SortBy::Column(_) => match column_order {
            Some(rows) => rows.iter().filter_map(|&row| analysis.entry_of(row)).collect(),
            None => analysis.by_score.clone(),
        },
    }
}

/// The entries of `order` that pass the filters, in the direction asked for.
pub(crate) fn listed(
    analysis: &Analysis,
    order: &[u32],
    (sort, direction): (SortBy, Direction),
    filters: &Filters,
    threshold: f64,
    decisions: &Decisions,
) -> Vec<u32> {
    // Sorted by score, the threshold cuts the order short.
    let cut = sort == SortBy::Score && filters.shelf != Shelf::Excluded;
    let order = if cut { &order[..analysis.counts(threshold).0.min(order.len())] } else { order };
    let passes = |&entry: &u32| {
        let at = entry as usize;
        let on_shelf = match filters.shelf {
            Shelf::Flagged => analysis.is_issue[at] == 1 && analysis.scores[at] <= threshold,
            Shelf::All => analysis.scores[at] <= threshold,
            Shelf::Excluded => decisions.is_excluded(analysis.rows[at]),
        };
        on_shelf
            && filters.given.is_none_or(|class| analysis.given[at] == class)
            && filters.suggested.is_none_or(|class| analysis.suggested[at] == class)
    };
    match direction {
        Direction::Ascending => order.iter().copied().filter(passes).collect(),
        Direction::Descending => order.iter().rev().copied().filter(passes).collect(),
    }
}

/// Counting sort of `base` by class, keeping the order within a class.
fn by_class(classes: &[u32], n_classes: usize, base: &[u32]) -> Vec<u32> {
    let mut next = vec![0_usize; n_classes + 1];
    for &class in classes {
        next[(class as usize + 1).min(n_classes)] += 1;
    }
    for class in 1..next.len() {
        next[class] += next[class - 1];
    }
    let mut sorted = vec![0; base.len()];
    for &entry in base {
        let place = &mut next[(classes[entry as usize] as usize).min(n_classes)];
        if let Some(slot) = sorted.get_mut(*place) {
            *slot = entry;
        }
        *place += 1;
    }
    sorted
}
