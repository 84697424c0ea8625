//! What a regression has found.

use serde::{Deserialize, Serialize};

use super::experiment::Numbers;
use crate::tasks::experiment::Conducted;
use crate::tasks::tabular::{names, note, worst_first};
use crate::tasks::task::{TaskConfig, TaskDetail, TaskIssue, TaskReport};
use crate::{CoreError, VERSION};

/// Points of the residual plot at most.
const POINTS: usize = 2_000;

/// What only numbers have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegressionDetail {
    /// Share of the training rows that are errors, by the search, in [0, 1].
    pub error_fraction: f64,
    /// How much the numbers vary about what can be predicted, in their unit.
    pub aleatoric: f64,
    /// The listed rows, in the order of the issues.
    pub rows: Vec<NumberIssue>,
    /// Training rows evenly spread over the table, for a plot of residuals: at most 2,000.
    pub sample: Vec<ResidualPoint>,
}

/// A number that looks wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NumberIssue {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// The number it has.
    pub given: f64,
    /// The number predicted out of sample.
    pub predicted: f64,
    /// Predicted minus given.
    pub residual: f64,
    /// How much the prediction varies between resampled models, in the unit of the number.
    pub epistemic: f64,
    /// Label quality score, in [0, 1]; lower is worse.
    pub score: f64,
}

/// A point of the residual plot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidualPoint {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// The number it has.
    pub given: f64,
    /// The number predicted out of sample.
    pub predicted: f64,
    /// Whether it is an issue.
    pub flagged: bool,
}

impl Numbers<'_> {
    /// The result, after the course.
    pub(super) fn report(mut self, conducted: Conducted) -> Result<TaskReport, CoreError> {
        let not_found = || CoreError::Unusable("No predictions were made.".to_owned());
        let findings = self.findings.take().ok_or_else(not_found)?;
        let (rows, given, predicted) = (&self.train.rows, &self.train.numbers, &findings.predicted_label);
        let (flagged, scores) = (&conducted.found.flagged, &conducted.found.scores);
        let worst = worst_first(flagged, scores);
        let listed = &worst[..worst.len().min(self.config.max_issues)];
        let number = |&place: &usize| NumberIssue {
            row: rows[place],
            given: given[place],
            predicted: predicted[place],
            residual: predicted[place] - given[place],
            epistemic: findings.epistemic[place],
            score: scores[place],
        };
        let issue = |&place: &usize| TaskIssue {
            kind: "label".to_owned(),
            row: rows[place],
            given: rounded(given[place]),
            suggested: rounded(predicted[place]),
            score: scores[place],
            reason: format!(
                "The value is {}; the model predicts {}, unsure by {}.",
                rounded(given[place]),
                rounded(predicted[place]),
                rounded(findings.epistemic[place] + findings.aleatoric)
            ),
            pruned: conducted.pruned.binary_search(&place).is_ok(),
            known: conducted.noise.is_some().then(|| conducted.wrong.binary_search(&place).is_ok()),
            ..TaskIssue::default()
        };
        let point = |place: usize| ResidualPoint {
            row: rows[place],
            given: given[place],
            predicted: predicted[place],
            flagged: flagged[place],
        };
        let n_points = rows.len().min(POINTS);
        let detail = RegressionDetail {
            error_fraction: findings.issue_share,
            aleatoric: findings.aleatoric,
            rows: listed.iter().map(number).collect(),
            sample: (0..n_points).map(|i| point(i * rows.len() / n_points)).collect(),
        };
        let issues = listed.iter().map(issue).collect();
        note(&mut self.warnings, conducted.warnings);
        Ok(TaskReport {
            task: "regression".to_owned(),
            model: Some(self.model),
            target: names(self.table, &[self.target]),
            classes: Vec::new(),
            features: names(self.table, &self.columns),
            n_rows: rows.len() + self.test.rows.len(),
            n_train: rows.len(),
            n_test: self.test.rows.len(),
            primary_metric: Some("r2".to_owned()),
            variants: conducted.variants,
            n_issues: worst.len(),
            issues,
            detail: TaskDetail::Regression(detail),
            noise: conducted.noise,
            warnings: self.warnings,
            timings: conducted.timings,
            config: TaskConfig::Regression(self.config.clone()),
            seed: self.config.seed,
            version: VERSION.to_owned(),
        })
    }
}

/// A number to four significant digits, as people read it; whole numbers stay as they are.
fn rounded(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number}");
    }
    let magnitude = libm::floor(libm::log10(number.abs())) as i32;
    format!("{number:.*}", (3 - magnitude).clamp(0, 12) as usize)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn numbers_are_read_to_four_digits() {
        let said: Vec<String> = [3.0, 1234.56, 0.012_345_6, -9.87654, 1e-20].map(rounded).to_vec();
        assert_eq!(said, ["3", "1235", "0.01235", "-9.877", "0.000000000000"]);
    }
}
