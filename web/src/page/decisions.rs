//! What the user decided about rows, with unlimited undo: every step, single or bulk, is one entry of the history.

/// Rows left out of the exported data, and how that came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decisions {
    excluded: Vec<bool>,
    n_excluded: usize,
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// Rows whose state one step changed, and the state it gave them.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    rows: Vec<u32>,
    to: Decision,
}

/// What can be decided about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The row leaves the data.
    Exclude,
    /// The row stays.
    Restore,
}

impl Decision {
    fn opposite(self) -> Self {
        match self {
            Self::Exclude => Self::Restore,
            Self::Restore => Self::Exclude,
        }
    }
}

impl Decisions {
    /// No decisions about a table of `n_rows`.
    pub(crate) fn new(n_rows: usize) -> Self {
        Self { excluded: vec![false; n_rows], ..Self::default() }
    }

    /// Whether a row is left out.
    pub(crate) fn is_excluded(&self, row: u32) -> bool {
        self.excluded.get(row as usize).copied().unwrap_or(false)
    }

    /// Rows left out.
    pub(crate) fn n_excluded(&self) -> usize {
        self.n_excluded
    }

    /// The rows left out, ascending.
    pub(crate) fn excluded_rows(&self) -> Vec<u32> {
        (0_u32..).zip(&self.excluded).filter(|(_, excluded)| **excluded).map(|(row, _)| row).collect()
    }

    /// Whether there is a step to undo.
    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to do again.
    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Decides the same about all `rows` in one step; rows that are so already are not part of it.
    pub(crate) fn decide(&mut self, rows: impl Iterator<Item = u32>, to: Decision) {
        let wanted = to == Decision::Exclude;
        let rows: Vec<u32> =
            rows.filter(|&row| self.excluded.get(row as usize).is_some_and(|&is| is != wanted)).collect();
        if rows.is_empty() {
            return;
        }
        self.set(&rows, to);
        self.done.push(Change { rows, to });
        self.undone.clear();
    }

    /// Takes back the last step.
    pub(crate) fn undo(&mut self) {
        if let Some(change) = self.done.pop() {
            self.set(&change.rows, change.to.opposite());
            self.undone.push(change);
        }
    }

    /// Does the step that was taken back last again.
    pub(crate) fn redo(&mut self) {
        if let Some(change) = self.undone.pop() {
            self.set(&change.rows, change.to);
            self.done.push(change);
        }
    }

    fn set(&mut self, rows: &[u32], to: Decision) {
        for &row in rows {
            if let Some(slot) = self.excluded.get_mut(row as usize) {
                *slot = to == Decision::Exclude;
            }
        }
        match to {
            Decision::Exclude => self.n_excluded += rows.len(),
            Decision::Restore => self.n_excluded = self.n_excluded.saturating_sub(rows.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bulk_step_is_undone_as_one_and_spares_rows_that_were_out_before() {
        let mut decisions = Decisions::new(5);
        decisions.decide([2].into_iter(), Decision::Exclude);
        decisions.decide([1, 2, 3].into_iter(), Decision::Exclude);
        assert_eq!(decisions.excluded_rows(), [1, 2, 3]);
        decisions.undo();
        assert_eq!(decisions.excluded_rows(), [2]);
        decisions.redo();
        assert_eq!((decisions.n_excluded(), decisions.can_redo()), (3, false));
    }

    #[test]
    fn a_decision_that_changes_nothing_is_no_step() {
        let mut decisions = Decisions::new(2);
        decisions.decide([0, 7].into_iter(), Decision::Restore);
        assert!(!decisions.can_undo());
    }
}
