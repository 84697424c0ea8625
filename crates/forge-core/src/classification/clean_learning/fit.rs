//! Learning from the rows whose labels are likely right.

use forge_learn::{
    Classifier, ClassifierModel, LinearTerms, Matrix, Quiet, WeightedLabels, accuracy, predicted_labels,
};
use ndarray::{Array2, Axis};

use super::{CleanLearning, Evidence, LabelFindings, NoiseEstimates, NoiseKnowledge};
use crate::{CoreError, Labels, PredProbs};

/// Smallest share of right labels in a class that its weight is made from.
const LOWEST_DIAGONAL: f64 = 1e-3;

/// Label issues that are known before a fit, cleanlab's `label_issues`.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenIssues<'a> {
    /// What [`CleanLearning::find_label_issues`] found; classes are weighted by its noise estimates.
    Findings(&'a LabelFindings),
    /// Whether each row is an issue; classes are not weighted.
    Mask(Vec<bool>),
    /// The rows that are issues, each once; classes are not weighted.
    Rows(Vec<u32>),
}

/// What a fit is given beside features and labels; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct FitOptions<'a> {
    /// Out-of-sample probabilities, n × k, instead of those of the cross-validation.
    pub pred_probs: Option<&'a PredProbs>,
    /// What is known of the noise.
    pub knowledge: NoiseKnowledge,
    /// Issues to prune instead of those that would be found.
    pub label_issues: Option<GivenIssues<'a>>,
    /// How much each row counts in the final fit, n values of at least 0, instead of the weights of the classes.
    pub sample_weight: Option<Vec<f64>>,
}

/// A model that was fitted without the rows whose labels are likely wrong.
pub struct CleanModel {
    /// The fitted model.
    pub model: Box<dyn ClassifierModel>,
    /// Columns of the features it was fitted on.
    pub n_features: usize,
    /// Whether each row was left out.
    pub is_label_issue: Vec<bool>,
    /// What was found, where issues were not given as a mask or as rows.
    pub findings: Option<LabelFindings>,
    /// The weight of each row by the noise of its class, 0 where it was left out; none where noise is not known,
    /// weights were given or the classifier takes none. cleanlab's column `sample_weight`.
    pub class_weights: Option<Vec<f64>>,
}

impl CleanLearning {
    /// Finds label issues, leaves their rows out and fits the rest. cleanlab: `CleanLearning.fit`, with `classifier` as
    /// its `clf`.
    ///
    /// A row of given class k counts 1 / p(given = k | true = k), at most 1,000: as much as the class would without the
    /// rows it lost. With a classifier that takes no weights all count alike. `features` is n × p.
    ///
    /// # Errors
    /// As [`CleanLearning::find_label_issues`]; given issues or weights that are not one per row; nothing but one class
    /// left to learn from.
    pub fn fit(
        &self,
        classifier: &dyn Classifier,
        features: &Array2<f64>,
        labels: &Labels,
        options: FitOptions<'_>,
    ) -> Result<CleanModel, CoreError> {
        self.validate()?;
        let n = labels.len();
        require_rows("X", features.nrows(), n)?;
        if let Some(weights) = &options.sample_weight {
            require_rows("sample_weight", weights.len(), n)?;
        }
        let (is_label_issue, findings) = match options.label_issues {
            None => {
                let by_features = Evidence::Features { features, classifier };
                let evidence = options.pred_probs.map_or(by_features, Evidence::PredProbs);
                let findings = self.find_label_issues(labels, evidence, &options.knowledge)?;
                (findings.is_label_issue.clone(), Some(findings))
            }
            Some(GivenIssues::Findings(findings)) => (findings.is_label_issue.clone(), Some(findings.clone())),
            Some(GivenIssues::Mask(mask)) => (mask, None),
            Some(GivenIssues::Rows(rows)) => (mask_of_rows(&rows, n)?, None),
        };
        require_rows("label_issues", is_label_issue.len(), n)?;

        let noise = findings.as_ref().and_then(|findings| findings.noise.as_ref());
        let class_weights = match (&options.sample_weight, noise) {
            (None, Some(noise)) if classifier.takes_weights() => {
                let weights = weights_by_noise(noise, labels).into_iter().zip(&is_label_issue);
                Some(weights.map(|(weight, &issue)| if issue { 0.0 } else { weight }).collect::<Vec<f64>>())
            }
            _ => None,
        };

        let kept: Vec<usize> = (0..n).filter(|&row| !is_label_issue[row]).collect();
        let given = labels.as_slice();
        let kept_labels: Vec<u32> = kept.iter().map(|&row| given[row]).collect();
        let n_classes = labels.n_classes()?;
        let n_classes = findings.as_ref().map_or(n_classes, |found| found.given_shares.len().max(n_classes));
        let weights = options.sample_weight.as_ref().or(class_weights.as_ref());
        let kept_weights: Option<Vec<f64>> = weights.map(|weights| kept.iter().map(|&row| weights[row]).collect());
        let rows = WeightedLabels { labels: &kept_labels, n_classes, weights: kept_weights.as_deref() };
        let model = classifier.fit(&matrix(&features.select(Axis(0), &kept))?, rows, &Quiet)?;
        Ok(CleanModel { model, n_features: features.ncols(), is_label_issue, findings, class_weights })
    }
}

/// How much each row counts: 1 / p(given = k | true = k) for a row of given class k, at most 1,000, so that a class counts
/// as much as it would without the rows it lost.
pub(crate) fn weights_by_noise(noise: &NoiseEstimates, labels: &Labels) -> Vec<f64> {
    let diagonal = noise.noise_matrix.diag();
    let weight =
        |&label: &u32| diagonal.get(label as usize).map_or(1.0, |right: &f64| 1.0 / right.max(LOWEST_DIAGONAL));
    labels.as_slice().iter().map(weight).collect()
}

impl CleanModel {
    /// Class probabilities, rows × classes; each row sums to 1.
    ///
    /// # Errors
    /// Features of another width than those of the fit, or that are not finite.
    pub fn predict_proba(&self, features: &Array2<f64>) -> Result<Array2<f64>, CoreError> {
        let expected = self.n_features;
        if features.ncols() != expected {
            return Err(CoreError::Shape {
                argument: "X",
                shape: format!("{} × {}", features.nrows(), features.ncols()),
                expected: format!("{expected} columns, as in the fit"),
            });
        }
        Ok(self.model.try_predict_proba(&matrix(features)?, &Quiet)?)
    }

    /// The most probable class of each row.
    ///
    /// # Errors
    /// As [`CleanModel::predict_proba`].
    pub fn predict(&self, features: &Array2<f64>) -> Result<Vec<u32>, CoreError> {
        Ok(predicted_labels(&self.predict_proba(features)?))
    }

    /// Share of rows whose class is predicted, each row counting as much as its weight; cleanlab's `score`.
    ///
    /// # Errors
    /// As [`CleanModel::predict_proba`]; labels or weights that are not one per row.
    pub fn score(
        &self,
        features: &Array2<f64>,
        labels: &Labels,
        sample_weight: Option<&[f64]>,
    ) -> Result<f64, CoreError> {
        require_rows("labels", labels.len(), features.nrows())?;
        let predicted = self.predict(features)?;
        let Some(weights) = sample_weight else {
            return Ok(accuracy(labels.as_slice(), &predicted));
        };
        require_rows("sample_weight", weights.len(), features.nrows())?;
        let total: f64 = weights.iter().sum();
        if !(total > 0.0 && weights.iter().all(|&weight| weight >= 0.0)) {
            return Err(CoreError::setting(
                "sample_weight",
                format!("of sum {total}"),
                "values of at least 0, not all 0",
            ));
        }
        let right = labels.as_slice().iter().zip(&predicted).zip(weights).filter(|((given, guess), _)| given == guess);
        Ok(right.map(|(_, weight)| weight).sum::<f64>() / total)
    }

    /// Weights and intercepts, where the model is linear; for two classes one row.
    pub fn linear_terms(&self) -> Option<LinearTerms> {
        self.model.linear_terms()
    }
}

fn require_rows(argument: &'static str, length: usize, expected: usize) -> Result<(), CoreError> {
    if length == expected {
        return Ok(());
    }
    let reference = if argument == "labels" { "X" } else { "labels" };
    Err(CoreError::Length { argument, length, reference, expected })
}

fn matrix(features: &Array2<f64>) -> Result<Matrix, CoreError> {
    if let Some(((row, column), value)) = features.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(CoreError::setting(&format!("X[{row}, {column}]"), value, "a finite number"));
    }
    Ok(Matrix::from_dense(features)?)
}

fn mask_of_rows(rows: &[u32], n: usize) -> Result<Vec<bool>, CoreError> {
    let mut mask = vec![false; n];
    for (i, &row) in rows.iter().enumerate() {
        match mask.get_mut(row as usize) {
            Some(flag) if !*flag => *flag = true,
            Some(_) => return Err(CoreError::setting(&format!("label_issues[{i}]"), row, "rows that occur once")),
            None => return Err(CoreError::setting(&format!("label_issues[{i}]"), row, format!("a row below {n}"))),
        }
    }
    Ok(mask)
}
