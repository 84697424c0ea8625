//! Deciding which classes of which rows are wrong. Mirrors `cleanlab.multilabel_classification.filter`.

use ndarray::Array2;

use super::MultilabelData;
use super::rank::{Aggregator, Scoring, pooled};
use crate::classification::filter::{FilterOptions, find_label_issues as find_binary_issues};
use crate::classification::inspector::{InspectorSettings, find_label_issues_batched};
use crate::classification::order::{argsort, smallest};
use crate::classification::rank::order_label_issues;
use crate::{CoreError, FilterBy, Score};

/// How issues are searched for, cleanlab's `low_memory`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Search {
    /// By [`MultilabelFilterOptions::filter_by`] and the settings that go with it.
    #[default]
    Filter,
    /// By the streaming approximation, whose only setting is the score that picks the rows.
    LowMemory(Score),
}

/// Settings of [`find_label_issues`].
#[derive(Clone, Debug, PartialEq)]
pub struct MultilabelFilterOptions {
    /// How issues are searched for [`Search::Filter`].
    pub search: Search,
    /// The rule [`FilterBy::PruneByNoiseRate`].
    pub filter_by: FilterBy,
    /// Share of the estimated issues that the prune rules flag [1; 0–1], cleanlab's `frac_noise`.
    pub frac_noise: f64,
    /// For each of k classes, the rows flagged among those without the class [default none], cleanlab's `num_to_remove_per_class`.
    pub num_to_remove_per_class: Option<Vec<f64>>,
    /// Rows that the prune rules leave with and without each class [default 1], cleanlab's `min_examples_per_class`.
    pub min_examples_per_class: usize,
    /// k confident joints, each 2 × 2, to use instead of the estimated ones [default none].
    pub confident_joint: Option<Vec<Array2<f64>>>,
}

impl Default for MultilabelFilterOptions {
    fn default() -> Self {
        Self {
            search: Search::default(),
            filter_by: FilterBy::default(),
            frac_noise: 1.0,
            num_to_remove_per_class: None,
            min_examples_per_class: 1,
            confident_joint: None,
        }
    }
}

/// The rows with an issue, class by class.
#[derive(Clone, Debug, PartialEq)]
pub struct MultilabelIssues {
    /// Per class (k), whether each row (n) has an issue in it.
    pub masks: Vec<Vec<bool>>,
    /// Settings that had no effect.
    pub warnings: Vec<String>,
}

impl MultilabelIssues {
    /// Whether each row has an issue in at least one class.
    pub fn in_any_class(&self) -> Vec<bool> {
        let mut any = vec![false; self.masks.first().map_or(0, Vec::len)];
        for mask in &self.masks {
            any.iter_mut().zip(mask).for_each(|(any, &issue)| *any |= issue);
        }
        any
    }
}

/// Flags the rows in which a class is likely wrongly given or missing, class by class.
/// cleanlab: `multilabel_classification.filter.find_multilabel_issues_per_class`.
///
/// # Errors
/// A class that every row has; a class that no row has, with the rules that need two classes (`predicted_neq_given`,
/// `low_normalized_margin`, `low_self_confidence`); settings of another length than there are classes.
pub fn find_multilabel_issues_per_class(
    data: &MultilabelData,
    options: &MultilabelFilterOptions,
) -> Result<MultilabelIssues, CoreError> {
    let k = data.n_classes();
    if let Search::LowMemory(score) = options.search {
        let streamed = |(labels, pred_probs): (&crate::Labels, crate::PredProbs)| {
            find_label_issues_batched(labels, &pred_probs, InspectorSettings { score, ..InspectorSettings::default() })
        };
        let masks = data.problems().map(streamed).collect::<Result<_, _>>()?;
        return Ok(MultilabelIssues { masks, warnings: Vec::new() });
    }
    let per_class = |argument, length| {
        let matches = length == k;
        matches.then_some(()).ok_or(CoreError::Length { argument, length, reference: "classes", expected: k })
    };
    if let Some(numbers) = &options.num_to_remove_per_class {
        per_class("num_to_remove_per_class", numbers.len())?;
    }
    if let Some(joints) = &options.confident_joint {
        per_class("confident_joint", joints.len())?;
    }
    let mut issues = MultilabelIssues { masks: Vec::with_capacity(k), warnings: Vec::new() };
    for (class, (labels, pred_probs)) in data.problems().enumerate() {
        let binary = FilterOptions {
            filter_by: options.filter_by,
            frac_noise: options.frac_noise,
            num_to_remove_per_class: options.num_to_remove_per_class.as_ref().map(|numbers| vec![numbers[class], 0.0]),
            min_examples_per_class: options.min_examples_per_class,
            confident_joint: options.confident_joint.as_ref().map(|joints| joints[class].clone()),
        };
        let found = find_binary_issues(labels, &pred_probs, &binary)?;
        issues.masks.push(found.mask);
        if class == 0 {
            issues.warnings = found.warnings;
        }
    }
    Ok(issues)
}

/// The rows that [`find_multilabel_issues_per_class`] flags, class by class, worst score first; in row order after
/// [`Search::LowMemory`], as in cleanlab.
///
/// # Errors
/// As [`find_multilabel_issues_per_class`]; the entropy score on adjusted probabilities.
pub fn ranked_multilabel_issues_per_class(
    data: &MultilabelData,
    options: &MultilabelFilterOptions,
    scoring: Scoring,
) -> Result<Vec<Vec<u32>>, CoreError> {
    let found = find_multilabel_issues_per_class(data, options)?;
    let ordered = |(mask, (labels, pred_probs)): (&Vec<bool>, (&crate::Labels, crate::PredProbs))| match options.search
    {
        Search::LowMemory(_) => Ok(rows_of(mask)),
        Search::Filter => order_label_issues(mask, labels, &pred_probs, scoring.score, scoring.adjustment),
    };
    found.masks.iter().zip(data.problems()).map(ordered).collect()
}

/// Whether each row has an issue in at least one class. With the rules `low_self_confidence` and
/// `low_normalized_margin` (which are the same here) the rows with the lowest pooled self-confidence, as many as
/// confident learning finds. cleanlab: `multilabel_classification.filter.find_label_issues`.
///
/// # Errors
/// As [`find_multilabel_issues_per_class`].
pub fn find_label_issues(data: &MultilabelData, options: &MultilabelFilterOptions) -> Result<Vec<bool>, CoreError> {
    if !by_lowest_score(options) {
        return Ok(find_multilabel_issues_per_class(data, options)?.in_any_class());
    }
    let mut mask = vec![false; data.n_rows()];
    lowest(data, options)?.into_iter().for_each(|row| mask[row as usize] = true);
    Ok(mask)
}

/// The rows that [`find_label_issues`] flags, worst pooled score first.
///
/// With `low_self_confidence` and `low_normalized_margin` the order is cleanlab's, which takes the scores in row order
/// for scores in order of self-confidence: the rows are right, their order is not by score.
///
/// # Errors
/// As [`find_label_issues`]; the entropy score on adjusted probabilities.
pub fn ranked_label_issues(
    data: &MultilabelData,
    options: &MultilabelFilterOptions,
    scoring: Scoring,
) -> Result<Vec<u32>, CoreError> {
    if by_lowest_score(options) {
        let rows = lowest(data, options)?;
        let mut in_row_order = rows.clone();
        in_row_order.sort_unstable();
        let Some(flagged) = data.select(&in_row_order) else {
            return Ok(Vec::new());
        };
        let scores = pooled(&flagged, scoring, Aggregator::default())?;
        return Ok(argsort(&scores).into_iter().map(|place| rows[place as usize]).collect());
    }
    let rows = rows_of(&find_multilabel_issues_per_class(data, options)?.in_any_class());
    let scores = pooled(data, scoring, Aggregator::default())?;
    let keys: Vec<f64> = rows.iter().map(|&row| scores[row as usize]).collect();
    Ok(argsort(&keys).into_iter().map(|place| rows[place as usize]).collect())
}

fn by_lowest_score(options: &MultilabelFilterOptions) -> bool {
    options.search == Search::Filter
        && matches!(options.filter_by, FilterBy::LowNormalizedMargin | FilterBy::LowSelfConfidence)
}

/// As many rows as confident learning finds, by pooled self-confidence, worst first.
fn lowest(data: &MultilabelData, options: &MultilabelFilterOptions) -> Result<Vec<u32>, CoreError> {
    let counted = MultilabelFilterOptions {
        filter_by: FilterBy::ConfidentLearning,
        confident_joint: options.confident_joint.clone(),
        ..MultilabelFilterOptions::default()
    };
    let count = find_label_issues(data, &counted)?.into_iter().filter(|&issue| issue).count();
    let scores = pooled(data, Scoring::default(), Aggregator::default())?;
    let mut rows = smallest(&scores, count);
    rows.sort_unstable();
    let keys: Vec<f64> = rows.iter().map(|&row| scores[row as usize]).collect();
    Ok(argsort(&keys).into_iter().map(|place| rows[place as usize]).collect())
}

fn rows_of(mask: &[bool]) -> Vec<u32> {
    (0..mask.len() as u32).filter(|&row| mask[row as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PredProbs;

    fn data() -> MultilabelData {
        let mut rows = [[0.1, 0.9]; 10];
        rows[..5].fill([0.8, 0.2]);
        let mut labels = vec![vec![1]; 10];
        labels[..5].fill(vec![0]);
        labels[2] = vec![0, 1];
        labels[7] = vec![];
        MultilabelData::new(&labels, PredProbs::from_rows(&rows).unwrap()).unwrap()
    }

    #[test]
    fn a_wrong_and_a_missing_class_are_found_by_every_rule() {
        let rules = [FilterBy::PruneByNoiseRate, FilterBy::PruneByClass, FilterBy::Both, FilterBy::ConfidentLearning];
        for filter_by in rules.into_iter().chain([FilterBy::PredictedNeqGiven, FilterBy::LowSelfConfidence]) {
            let options = MultilabelFilterOptions { filter_by, ..MultilabelFilterOptions::default() };
            let mask = find_label_issues(&data(), &options).unwrap();
            assert_eq!(rows_of(&mask), [2, 7], "{filter_by:?}");
        }
    }

    #[test]
    fn the_ranked_rows_are_the_flagged_rows() {
        let options = MultilabelFilterOptions::default();
        let mut ranked = ranked_label_issues(&data(), &options, Scoring::default()).unwrap();
        ranked.sort_unstable();
        assert_eq!(ranked, [2, 7]);
        let per_class = ranked_multilabel_issues_per_class(&data(), &options, Scoring::default()).unwrap();
        assert_eq!(per_class, [vec![], vec![7, 2]]);
    }

    #[test]
    fn a_setting_needs_one_value_per_class() {
        let options =
            MultilabelFilterOptions { num_to_remove_per_class: Some(vec![1.0]), ..MultilabelFilterOptions::default() };
        let error = find_label_issues(&data(), &options).unwrap_err();
        assert!(error.to_string().starts_with("`num_to_remove_per_class` has 1 rows"), "{error}");
    }
}
