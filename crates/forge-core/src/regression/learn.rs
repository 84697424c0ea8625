//! Finding wrong numbers and learning without them. Mirrors `cleanlab.regression.learn.CleanLearning`; Zhou, Mueller,
//! Kumar, Wang and Lei (2023), "Detecting Errors in Numerical Data via any Regression Model".
//!
//! A label is scored by its out-of-sample residual relative to how uncertain the prediction is: the spread of predictions
//! over resampled fits (epistemic) plus the spread of predicted residuals (aleatoric). How many of the worst labels are
//! issues is what makes the model predict best when they are left out of its training.
//!
//! Folds come from `ChaCha8`, not from NumPy's global generator, so which rows are held out together differs from
//! cleanlab's; everything else is the same.

mod data;
mod search;

pub use data::RegressionData;
pub use search::Search;

use forge_learn::{Host, Regressor, RegressorModel};

use crate::median::median;
use crate::{CoreError, by_number};
use search::CrossValidator;

/// Smallest divisor, cleanlab's `TINY_VALUE`.
const TINY: f64 = 1e-100;
/// Resampled fits at most; the spread of predictions is known long before.
const LARGEST_N_BOOT: usize = 10_000;
/// Folds of a resampled fit.
const BOOTSTRAP_FOLDS: usize = 2;

/// Whether the spread of the residuals counts as uncertainty, cleanlab's `include_aleatoric_uncertainty`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Aleatoric {
    /// It counts.
    #[default]
    Included,
    /// It does not; fewer fits.
    LeftOut,
}

/// How uncertain predictions are, cleanlab's `uncertainty`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Uncertainty {
    /// Epistemic plus aleatoric uncertainty, estimated.
    #[default]
    Estimated,
    /// The same for every row, in the unit of the targets.
    Constant(f64),
    /// One per row, in the unit of the targets.
    PerRow(Vec<f64>),
}

/// Settings of finding issues in regression.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanLearning {
    /// Folds of the cross-validation [5; 2 to the number of rows kept], cleanlab's `cv_n_folds`.
    pub cv_n_folds: usize,
    /// Resampled fits for the epistemic uncertainty [5; 0–10,000, 0 leaves it out], cleanlab's `n_boot`.
    pub n_boot: usize,
    /// Whether the aleatoric uncertainty counts [`Aleatoric::Included`].
    pub aleatoric: Aleatoric,
    /// Seed of the folds [default 0], cleanlab's `seed`.
    pub seed: u64,
    /// The shares of issues that are tried.
    pub search: Search,
    /// How uncertain predictions are [`Uncertainty::Estimated`].
    pub uncertainty: Uncertainty,
}

impl Default for CleanLearning {
    fn default() -> Self {
        Self {
            cv_n_folds: 5,
            n_boot: 5,
            aleatoric: Aleatoric::default(),
            seed: 0,
            search: Search::default(),
            uncertainty: Uncertainty::default(),
        }
    }
}

/// The issues of a regression data set, one value per row.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetFindings {
    /// Whether the target is likely wrong.
    pub is_label_issue: Vec<bool>,
    /// How likely the target is right, in [0, 1]; 1/e for a row of median adjusted residual.
    pub label_quality: Vec<f64>,
    /// The out-of-sample prediction.
    pub predicted_label: Vec<f64>,
    /// The share of rows that are issues, in [0, 1]; cleanlab's `k`.
    pub issue_share: f64,
    /// How much the prediction varies between resampled fits, in the unit of the targets; cleanlab's
    /// `get_epistemic_uncertainty`. Where the uncertainty was given, that.
    pub epistemic: Vec<f64>,
    /// How much targets vary about what can be predicted, the same for every row, in the unit of the targets; cleanlab's
    /// `get_aleatoric_uncertainty`. 0 where it is left out or the uncertainty was given.
    pub aleatoric: f64,
}

/// A model that was fitted without the rows whose targets are likely wrong.
pub struct CleanModel {
    /// The fitted model.
    pub model: Box<dyn RegressorModel>,
    /// What was found, where issues were not given.
    pub findings: Option<TargetFindings>,
}

/// What a fit is given beside model and data; by default nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FitOptions {
    /// Whether each row is an issue, instead of finding out; cleanlab's `label_issues`.
    pub label_issues: Option<Vec<bool>>,
    /// How much each row counts in the final fit, n values of at least 0; cleanlab's `sample_weight`.
    pub sample_weight: Option<Vec<f64>>,
}

impl CleanLearning {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// The setting, its value and its range.
    pub fn validate(&self) -> Result<(), CoreError> {
        if self.cv_n_folds < 2 {
            return Err(CoreError::setting("cv_n_folds", self.cv_n_folds, "at least 2"));
        }
        if self.n_boot > LARGEST_N_BOOT {
            return Err(CoreError::setting("n_boot", self.n_boot, format!("at most {LARGEST_N_BOOT}")));
        }
        let rule = "a finite number of at least 0";
        match &self.uncertainty {
            Uncertainty::Constant(value) if !(value.is_finite() && *value >= 0.0) => {
                return Err(CoreError::setting("uncertainty", value, rule));
            }
            Uncertainty::PerRow(values) => {
                if let Some(row) = values.iter().position(|value| !(value.is_finite() && *value >= 0.0)) {
                    return Err(CoreError::setting(&format!("uncertainty[{row}]"), values[row], rule));
                }
            }
            Uncertainty::Estimated | Uncertainty::Constant(_) => {}
        }
        self.search.validate()
    }

    /// Flags and scores the targets that are likely wrong. cleanlab: `regression.learn.CleanLearning.find_label_issues`.
    ///
    /// # Errors
    /// Settings out of range or that do not fit the data, fewer rows than folds, what the model cannot learn from, and
    /// [`CoreError::Cancelled`].
    pub fn find_label_issues(
        &self,
        model: &dyn Regressor,
        data: &RegressionData,
        host: &dyn Host,
    ) -> Result<TargetFindings, CoreError> {
        self.validate()?;
        let n = data.len();
        if let Uncertainty::PerRow(values) = &self.uncertainty
            && values.len() != n
        {
            return Err(CoreError::Length {
                argument: "uncertainty",
                length: values.len(),
                reference: "y",
                expected: n,
            });
        }
        let mut validator = CrossValidator::new(model, data, (self.seed, self.n_rounds()), host);
        let (issue_share, predicted_label) = self.search.run(&mut validator, self.cv_n_folds)?;
        let residuals: Vec<f64> = predicted_label.iter().zip(data.targets()).map(|(p, y)| p - y).collect();
        let (epistemic, aleatoric) = self.uncertainty(&mut validator, &predicted_label, &residuals)?;
        let spreads = epistemic.iter().map(|epistemic| epistemic + aleatoric);
        let adjusted: Vec<f64> =
            residuals.iter().zip(spreads).map(|(residual, spread)| (residual / (spread + TINY)).abs()).collect();
        let median = median(&adjusted).max(TINY);
        let label_quality: Vec<f64> = adjusted.iter().map(|residual| libm::exp(-residual / median)).collect();
        let mut is_label_issue = vec![false; n];
        let count = (n as f64 * issue_share).ceil() as usize;
        by_number::ascending(&label_quality).into_iter().take(count).for_each(|row| is_label_issue[row] = true);
        Ok(TargetFindings { is_label_issue, label_quality, predicted_label, issue_share, epistemic, aleatoric })
    }

    /// Rounds of cross-validation at most.
    fn n_rounds(&self) -> usize {
        let estimated = self.uncertainty == Uncertainty::Estimated;
        let aleatoric = usize::from(self.aleatoric == Aleatoric::Included);
        self.search.n_rounds() + if estimated { self.n_boot + aleatoric } else { 0 }
    }

    /// The uncertainty of each row, and that of all.
    fn uncertainty(
        &self,
        validator: &mut CrossValidator<'_>,
        predictions: &[f64],
        residuals: &[f64],
    ) -> Result<(Vec<f64>, f64), CoreError> {
        match &self.uncertainty {
            Uncertainty::Constant(value) => Ok((vec![*value; predictions.len()], 0.0)),
            Uncertainty::PerRow(values) => Ok((values.clone(), 0.0)),
            Uncertainty::Estimated => {
                let epistemic = self.epistemic(validator, predictions)?;
                let aleatoric = match self.aleatoric {
                    Aleatoric::Included => deviation(&validator.predict_residuals(residuals, self.cv_n_folds)?),
                    Aleatoric::LeftOut => 0.0,
                };
                Ok((epistemic, aleatoric))
            }
        }
    }

    /// How much the prediction of each row varies between fits on halves of the data; 0 without fits.
    fn epistemic(&self, validator: &mut CrossValidator<'_>, predictions: &[f64]) -> Result<Vec<f64>, CoreError> {
        if self.n_boot == 0 {
            return Ok(vec![0.0; predictions.len()]);
        }
        // Running mean and sum of squared deviations (Welford 1962): memory does not grow with the number of fits.
        let mut means = predictions.to_vec();
        let mut squares = vec![0.0; predictions.len()];
        for round in 0..self.n_boot {
            let seen = round as f64 + 2.0;
            let resampled = validator.predict_all(BOOTSTRAP_FOLDS)?;
            for ((mean, square), prediction) in means.iter_mut().zip(&mut squares).zip(resampled) {
                let difference = prediction - *mean;
                *mean += difference / seen;
                *square += difference * (prediction - *mean);
            }
        }
        let count = self.n_boot as f64 + 1.0;
        Ok(squares.into_iter().map(|square: f64| (square / count).sqrt()).collect())
    }

    /// Finds issues, leaves their rows out and fits the rest. cleanlab: `regression.learn.CleanLearning.fit`.
    ///
    /// # Errors
    /// As [`CleanLearning::find_label_issues`]; given issues or weights that are not one per row; no row left.
    pub fn fit(
        &self,
        model: &dyn Regressor,
        data: &RegressionData,
        options: FitOptions,
        host: &dyn Host,
    ) -> Result<CleanModel, CoreError> {
        let (mask, findings) = if let Some(mask) = options.label_issues {
            (mask, None)
        } else {
            let findings = self.find_label_issues(model, data, host)?;
            (findings.is_label_issue.clone(), Some(findings))
        };
        let weights = match options.sample_weight {
            Some(weights) if weights.len() != data.len() => {
                let (length, expected) = (weights.len(), data.len());
                return Err(CoreError::Length { argument: "sample_weight", length, reference: "y", expected });
            }
            weights => weights,
        };
        let clean = data.without(&mask)?;
        let kept = |weights: Vec<f64>| {
            let pairs = weights.into_iter().zip(&mask);
            pairs.filter(|(_, issue)| !**issue).map(|(weight, _)| weight).collect::<Vec<f64>>()
        };
        let model = model.fit(clean.features(), clean.targets(), weights.map(kept).as_deref(), host)?;
        Ok(CleanModel { model, findings })
    }
}

/// Standard deviation of the whole, not of a sample.
fn deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count).sqrt()
}

#[cfg(test)]
mod tests;
