//! Finding label issues and learning without them: cross-validation, confident learning, pruning and a fit in which
//! classes that lost rows count more. Mirrors `cleanlab.classification.CleanLearning` over any [`Classifier`]; Northcutt et
//! al. (2021), section 3.3.
//!
//! [`CleanLearning::find_label_issues`] gives [`LabelFindings`], from predicted probabilities or from features;
//! [`CleanLearning::fit`] finds, prunes and fits and gives a [`CleanModel`]. Nothing is kept between calls: what one call
//! found is handed to the next.

mod fit;
mod noise;

pub(crate) use fit::weights_by_noise;
pub use fit::{CleanModel, FitOptions, GivenIssues};
pub use noise::{NoiseEstimates, NoiseKnowledge};

use forge_learn::Classifier;
use ndarray::Array2;

use super::argmax;
use super::count::Convergence;
use super::cross_validated::{CrossValidated, Folds, cross_validated_by};
use super::filter::{FilterBy, FilterOptions, find_label_issues};
use super::inspector::{InspectorSettings, find_label_issues_batched};
use super::rank::{Adjustment, Score, get_adjusted_label_quality_scores};
use crate::{CoreError, Labels, PredProbs};

/// Rows that the prune rules leave in each class by default, cleanlab's `min_examples_per_class` of `CleanLearning`.
const MIN_EXAMPLES_PER_CLASS: usize = 10;

/// The class of two that is certainly labelled without errors, cleanlab's `pulearning`: learning from positive and
/// unlabelled rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerfectClass {
    /// Class 0.
    Zero,
    /// Class 1.
    One,
}

/// How much memory finding issues may take, cleanlab's `low_memory`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// The filter of [`CleanLearning::filter`], with noise estimates.
    #[default]
    Full,
    /// The streaming approximation of the filter `low_self_confidence`, without noise estimates.
    Low,
}

/// Settings of finding label issues and of learning without them.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanLearning {
    /// Seed of the folds [default 0], cleanlab's `seed`.
    pub seed: u64,
    /// Folds of the cross-validation [5; 2 to the number of rows], cleanlab's `cv_n_folds`.
    pub cv_n_folds: usize,
    /// Whether noise estimates are iterated until they agree [`Convergence::Direct`], cleanlab's
    /// `converge_latent_estimates`.
    pub convergence: Convergence,
    /// A class of two without label errors [default none], cleanlab's `pulearning`; without effect on more classes.
    pub perfect_class: Option<PerfectClass>,
    /// How issues are decided, cleanlab's `find_label_issues_kwargs`; by default at least 10 rows are left in each class.
    pub filter: FilterOptions,
    /// How labels are scored [`Score::SelfConfidence`], cleanlab's `label_quality_scores_kwargs["method"]`.
    pub score: Score,
    /// Whether scores are of adjusted probabilities [`Adjustment::None`], cleanlab's
    /// `label_quality_scores_kwargs["adjust_pred_probs"]`.
    pub adjustment: Adjustment,
    /// The memory that may be taken [`Memory::Full`].
    pub memory: Memory,
}

impl Default for CleanLearning {
    fn default() -> Self {
        Self {
            seed: 0,
            cv_n_folds: 5,
            convergence: Convergence::default(),
            perfect_class: None,
            filter: FilterOptions { min_examples_per_class: MIN_EXAMPLES_PER_CLASS, ..FilterOptions::default() },
            score: Score::default(),
            adjustment: Adjustment::None,
            memory: Memory::default(),
        }
    }
}

/// What label issues are found from.
#[derive(Clone, Copy)]
pub enum Evidence<'a> {
    /// Out-of-sample probabilities, n × k.
    PredProbs(&'a PredProbs),
    /// Features from which probabilities are predicted by cross-validation.
    Features {
        /// The features, n × p.
        features: &'a Array2<f64>,
        /// The model that predicts; cleanlab's `clf`.
        classifier: &'a dyn Classifier,
    },
}

/// The label issues of a data set, one value per row.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelFindings {
    /// Whether the label is likely wrong.
    pub is_label_issue: Vec<bool>,
    /// How likely the label is right, in [0, 1]; NaN where probabilities are.
    pub label_quality: Vec<f64>,
    /// The most probable class.
    pub predicted_label: Vec<u32>,
    /// Out-of-sample probabilities, n × k, where they were predicted and not given.
    pub pred_probs: Option<PredProbs>,
    /// Share of each given class, k values, sum 1; cleanlab's `ps`.
    pub given_shares: Vec<f64>,
    /// What is known of the noise; none with [`Memory::Low`].
    pub noise: Option<NoiseEstimates>,
    /// Settings that had no effect.
    pub warnings: Vec<String>,
}

/// The part of [`LabelFindings`] that depends on [`Memory`].
struct Decided {
    is_label_issue: Vec<bool>,
    noise: Option<NoiseEstimates>,
    warnings: Vec<String>,
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
        Ok(())
    }

    /// Flags and scores the labels that are likely wrong. cleanlab: `CleanLearning.find_label_issues`.
    ///
    /// # Errors
    /// Settings out of range; labels of one class or that do not fit the evidence; matrices of another size, or noise
    /// matrices whose trace is not above 1; too few rows per class for the cross-validation.
    pub fn find_label_issues(
        &self,
        labels: &Labels,
        evidence: Evidence<'_>,
        knowledge: &NoiseKnowledge,
    ) -> Result<LabelFindings, CoreError> {
        self.validate()?;
        labels.require_two_classes()?;
        knowledge.validate()?;
        match evidence {
            Evidence::PredProbs(pred_probs) => self.find_by_probabilities(labels, pred_probs, knowledge),
            Evidence::Features { features, classifier } => {
                let predicted = self.predict_out_of_sample(classifier, features, labels)?;
                let found = self.find_by_probabilities(labels, &predicted, knowledge)?;
                Ok(LabelFindings { pred_probs: Some(predicted), ..found })
            }
        }
    }

    fn find_by_probabilities(
        &self,
        labels: &Labels,
        pred_probs: &PredProbs,
        knowledge: &NoiseKnowledge,
    ) -> Result<LabelFindings, CoreError> {
        pred_probs.matches(labels)?;
        let k = pred_probs.n_classes();
        knowledge.require_classes(k)?;
        let n = labels.len() as f64;
        let given_shares = labels.counts(k)?.into_iter().map(|count| count as f64 / n).collect();
        let Decided { is_label_issue, noise, warnings } = match self.memory {
            Memory::Full => self.by_filter(labels, pred_probs, knowledge)?,
            Memory::Low => Decided {
                is_label_issue: find_label_issues_batched(labels, pred_probs, InspectorSettings::default())?,
                noise: None,
                warnings: self.unused_with_low_memory(knowledge),
            },
        };
        Ok(LabelFindings {
            is_label_issue,
            label_quality: get_adjusted_label_quality_scores(labels, pred_probs, self.score, self.adjustment)?,
            predicted_label: pred_probs.rows().map(|row| argmax(row) as u32).collect(),
            pred_probs: None,
            given_shares,
            noise,
            warnings,
        })
    }

    fn predict_out_of_sample(
        &self,
        classifier: &dyn Classifier,
        features: &Array2<f64>,
        labels: &Labels,
    ) -> Result<PredProbs, CoreError> {
        let mut classes = labels.as_slice().to_vec();
        classes.sort_unstable();
        classes.dedup();
        if labels.len() < self.cv_n_folds.saturating_mul(classes.len()) {
            return Err(CoreError::setting(
                "cv_n_folds",
                self.cv_n_folds,
                format!("at most the mean number of rows per class: {} rows, {} classes", labels.len(), classes.len()),
            ));
        }
        let folds = Folds { n_folds: self.cv_n_folds, seed: self.seed };
        let CrossValidated { pred_probs, .. } = cross_validated_by(classifier, features, labels.clone(), folds)?;
        Ok(pred_probs)
    }

    fn by_filter(
        &self,
        labels: &Labels,
        pred_probs: &PredProbs,
        knowledge: &NoiseKnowledge,
    ) -> Result<Decided, CoreError> {
        let mut noise = self.estimate_noise(labels, pred_probs, knowledge)?;
        let mut warnings = Vec::new();
        if let Some(class) = self.perfect_class {
            if pred_probs.n_classes() == 2 {
                noise.without_errors_in(class);
            } else {
                warnings.push("`pulearning` has an effect only on two classes".to_owned());
            }
        }
        let prunes =
            matches!(self.filter.filter_by, FilterBy::PruneByNoiseRate | FilterBy::PruneByClass | FilterBy::Both);
        let mut options = self.filter.clone();
        if prunes {
            options.confident_joint = Some(noise.confident_joint.clone());
        }
        let found = find_label_issues(labels, pred_probs, &options)?;
        warnings.extend(found.warnings);
        Ok(Decided { is_label_issue: found.mask, noise: Some(noise), warnings })
    }

    fn unused_with_low_memory(&self, knowledge: &NoiseKnowledge) -> Vec<String> {
        let unused = [
            ("find_label_issues_kwargs", self.filter != Self::default().filter),
            ("thresholds", knowledge.thresholds.is_some()),
            ("noise_matrix", knowledge.noise_matrix.is_some()),
            ("inverse_noise_matrix", knowledge.inverse_noise_matrix.is_some()),
            ("pulearning", self.perfect_class.is_some()),
        ];
        let given = unused.into_iter().filter(|(_, given)| *given);
        given.map(|(name, _)| format!("`{name}` has no effect with `low_memory`")).collect()
    }
}

#[cfg(test)]
mod tests;
