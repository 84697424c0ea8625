//! The findings of the last run as the page holds them, with what it needs to count and list them in linear time.

use forge_core::Report;
use js_sys::{Float64Array, Uint8Array, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::protocol::{Histogram, NOT_CHECKED, Parts};

/// A finished run. An *entry* is the position of a checked row in the arrays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Analysis {
    /// The report of the run.
    pub(crate) report: Report,
    /// How the scores are spread.
    pub(crate) histogram: Histogram,
    /// Table row per entry.
    pub(crate) rows: Vec<u32>,
    /// Class of the given label per entry.
    pub(crate) given: Vec<u32>,
    /// Class the model prefers per entry.
    pub(crate) suggested: Vec<u32>,
    /// Label quality score per entry.
    pub(crate) scores: Vec<f64>,
    /// 1 for entries that are label issues.
    pub(crate) is_issue: Vec<u8>,
    /// 1 for entries that were held out.
    pub(crate) held_out: Vec<u8>,
    /// Out-of-sample probabilities, entries × classes.
    pub(crate) pred_probs: Vec<f64>,
    /// Entries by ascending score.
    pub(crate) by_score: Vec<u32>,
    /// Scores in ascending order.
    sorted_scores: Vec<f64>,
    /// How many of the first `i` entries of `by_score` are label issues.
    flagged_before: Vec<u32>,
    /// Entry per table row, or [`NOT_CHECKED`].
    entry_of_row: Vec<u32>,
}

impl Analysis {
    /// Takes over the arrays of a finished job; `None` if they do not fit together.
    pub(crate) fn new(report: Report, histogram: Histogram, parts: &Parts) -> Option<Self> {
        let integers = |at: usize| -> Option<Vec<u32>> { Some(parts.get(at)?.dyn_ref::<Uint32Array>()?.to_vec()) };
        let numbers = |at: usize| -> Option<Vec<f64>> { Some(parts.get(at)?.dyn_ref::<Float64Array>()?.to_vec()) };
        let flags = |at: usize| -> Option<Vec<u8>> { Some(parts.get(at)?.dyn_ref::<Uint8Array>()?.to_vec()) };
        let analysis = Self {
            given: integers(1)?,
            suggested: integers(2)?,
            held_out: flags(5)?,
            pred_probs: numbers(6)?,
            rows: integers(0)?,
            scores: numbers(3)?,
            is_issue: flags(4)?,
            by_score: integers(7)?,
            sorted_scores: numbers(8)?,
            flagged_before: integers(9)?,
            entry_of_row: integers(10)?,
            report,
            histogram,
        };
        let n = analysis.rows.len();
        let lengths = [analysis.given.len(), analysis.suggested.len(), analysis.scores.len(), analysis.held_out.len()];
        let fits = lengths.iter().all(|&length| length == n)
            && analysis.is_issue.len() == n
            && [analysis.by_score.len(), analysis.sorted_scores.len()] == [n, n]
            && analysis.flagged_before.len() == n + 1
            && analysis.pred_probs.len() == n * analysis.report.classes.len();
        fits.then_some(analysis)
    }

    /// Checked rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Entry of a table row, if it was checked.
    pub(crate) fn entry_of(&self, row: u32) -> Option<u32> {
        self.entry_of_row.get(row as usize).copied().filter(|&entry| entry != NOT_CHECKED)
    }

    /// Rows at scores up to `threshold`, and how many of those are label issues.
    pub(crate) fn counts(&self, threshold: f64) -> (usize, usize) {
        let n = self.sorted_scores.partition_point(|&score| score <= threshold);
        (n, self.flagged_before[n] as usize)
    }

    /// The lowest threshold, in thousandths, that takes in every label issue; 1 where there is none.
    pub(crate) fn natural_threshold(&self) -> f64 {
        let n_flagged = self.flagged_before.last().copied().unwrap_or_default();
        let end = self.flagged_before.partition_point(|&before| before < n_flagged);
        let last = end.checked_sub(1).and_then(|end| self.sorted_scores.get(end));
        last.map_or(1.0, |score| ((score * 1000.0).ceil() / 1000.0).min(1.0))
    }

    /// Name of a class.
    pub(crate) fn class(&self, class: u32) -> &str {
        self.report.classes.get(class as usize).map_or("?", String::as_str)
    }

    /// Out-of-sample probabilities of an entry, by class.
    pub(crate) fn probabilities(&self, entry: u32) -> &[f64] {
        let k = self.report.classes.len();
        let start = entry as usize * k;
        self.pred_probs.get(start..start + k).unwrap_or_default()
    }

    /// The arrays as [`crate::protocol::FINDING_PARTS`] names them.
    pub(crate) fn parts(&self) -> Parts {
        vec![
            JsValue::from(Uint32Array::from(self.rows.as_slice())),
            JsValue::from(Uint32Array::from(self.given.as_slice())),
            JsValue::from(Uint32Array::from(self.suggested.as_slice())),
            JsValue::from(Float64Array::from(self.scores.as_slice())),
            JsValue::from(Uint8Array::from(self.is_issue.as_slice())),
            JsValue::from(Uint8Array::from(self.held_out.as_slice())),
        ]
    }
}
