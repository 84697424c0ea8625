//! Scoring the labels of a regression by how plausible they are. Mirrors `cleanlab.regression.rank`; Zhou, Mueller,
//! Kumar, Wang and Lei (2023), "Detecting errors in numerical data via any regression model".

use forge_learn::{Host, Metric, NearestNeighbors};
use libm::{ceil, exp};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::CoreError;
use crate::outlier::{scores_of_distances, typical_distance};

/// Keeps a standard deviation of 0 from being divided by, cleanlab's `TINY_VALUE`.
const TINY: f64 = 1e-100;
/// Largest magnitude of a label or prediction, so that squares do not overflow.
const LARGEST: f64 = 1e150;

/// Numeric labels and a model's predictions of them.
///
/// *Invariant*: at least two of each and as many of one as of the other; all finite and at most 1e150 in magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicted {
    labels: Vec<f64>,
    predictions: Vec<f64>,
}

impl Predicted {
    /// Takes labels and predictions, one per row each.
    ///
    /// # Errors
    /// [`CoreError::Empty`], [`CoreError::Length`]; [`CoreError::Shape`] for a single row; [`CoreError::Setting`] naming
    /// the first value that is not finite or larger than 1e150.
    pub fn new(labels: Vec<f64>, predictions: Vec<f64>) -> Result<Self, CoreError> {
        for (argument, values) in [("labels", &labels), ("predictions", &predictions)] {
            if values.is_empty() {
                return Err(CoreError::Empty { argument });
            }
            if let Some(row) = values.iter().position(|value| value.is_nan() || value.abs() > LARGEST) {
                let rule = "a finite number of at most 1e150 in magnitude";
                return Err(CoreError::setting(&format!("{argument}[{row}]"), values[row], rule));
            }
        }
        if labels.len() != predictions.len() {
            let (length, expected) = (predictions.len(), labels.len());
            return Err(CoreError::Length { argument: "predictions", length, reference: "labels", expected });
        }
        if labels.len() < 2 {
            let expected = "at least 2 values".to_owned();
            return Err(CoreError::Shape { argument: "labels", shape: "1".to_owned(), expected });
        }
        Ok(Self { labels, predictions })
    }

    fn residuals(&self) -> impl Iterator<Item = f64> {
        self.predictions.iter().zip(&self.labels).map(|(prediction, label)| prediction - label)
    }
}

/// A label quality score of regression, cleanlab's `method`. Both lie in [0, 1]; lower is worse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegressionScore {
    /// exp(−|prediction − label|): depends on the label's unit.
    Residual,
    /// Outlier score of (label, residual) among all rows, both standardised.
    #[default]
    Outre,
}

/// Settings of [`get_outre_scores`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutreOptions {
    /// How much the residual counts against the label; finite. Default: 5.
    pub residual_scale: f64,
    /// Share of rows that are a row's neighbours, above 0 and below 1. Default: 0.5.
    pub frac_neighbors: f64,
    /// The distance. Default: euclidean.
    pub metric: Metric,
}

impl Default for OutreOptions {
    fn default() -> Self {
        Self { residual_scale: 5.0, frac_neighbors: 0.5, metric: Metric::Euclidean }
    }
}

/// A label quality score per row. cleanlab: `regression.rank.get_label_quality_scores`.
///
/// # Errors
/// Cancellation.
pub fn get_label_quality_scores(
    data: &Predicted,
    score: RegressionScore,
    host: &dyn Host,
) -> Result<Vec<f64>, CoreError> {
    match score {
        RegressionScore::Residual => Ok(data.residuals().map(|residual| exp(-residual.abs())).collect()),
        RegressionScore::Outre => get_outre_scores(data, OutreOptions::default(), host),
    }
}

/// The OUTRE score per row, with its settings. cleanlab: `regression.rank._get_outre_score_for_each_label`.
///
/// Every row is scored by its mean distance to the nearest ⌈`frac_neighbors`·n⌉ rows, itself included, over the median of
/// these means. Memory is O(n), where cleanlab keeps all n² / 2 neighbours.
///
/// # Errors
/// A setting outside its range; so few rows that all would be neighbours; cancellation.
pub fn get_outre_scores(data: &Predicted, options: OutreOptions, host: &dyn Host) -> Result<Vec<f64>, CoreError> {
    let n = data.labels.len();
    if !options.residual_scale.is_finite() || options.residual_scale.abs() > 1e100 {
        return Err(CoreError::setting("residual_scale", options.residual_scale, "a finite number"));
    }
    let k = if options.frac_neighbors > 0.0 { ceil(options.frac_neighbors * n as f64) as usize } else { 0 };
    if k == 0 || k >= n {
        let expected = format!("above 0 and so low that its share of {n} rows, rounded up, is fewer than all");
        return Err(CoreError::setting("frac_neighbors", options.frac_neighbors, expected));
    }
    let labels = standardised(data.labels.clone());
    let residuals = standardised(data.residuals().collect());
    let mut features = Array2::zeros((n, 2));
    for ((mut row, label), residual) in features.outer_iter_mut().zip(labels).zip(residuals) {
        row[0] = label;
        row[1] = options.residual_scale * residual;
    }
    let index = NearestNeighbors::new(features.view(), options.metric)?;
    let mut distances = index.mean_distances(features.view(), k, host)?;
    let scale = typical_distance(&distances);
    scores_of_distances(&mut distances, Some(options.metric), 1.0, scale);
    Ok(distances)
}

/// Values less their mean, over their standard deviation (of the population).
fn standardised(mut values: Vec<f64>) -> Vec<f64> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    values.iter_mut().for_each(|value| *value -= mean);
    let deviation = (values.iter().map(|value| value * value).sum::<f64>() / n).sqrt();
    values.iter_mut().for_each(|value| *value /= deviation + TINY);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    fn line_with_one_error() -> Predicted {
        let predictions: Vec<f64> = (0..40).map(|i| f64::from(i) / 4.0).collect();
        let labels = predictions.iter().enumerate().map(|(i, p)| if i == 13 { p + 30.0 } else { p + 0.1 }).collect();
        Predicted::new(labels, predictions).unwrap()
    }

    #[test]
    fn the_wrong_label_scores_lowest_by_either_method() {
        for score in [RegressionScore::Residual, RegressionScore::Outre] {
            let scores = get_label_quality_scores(&line_with_one_error(), score, &Quiet).unwrap();
            let lowest = (0..40).min_by(|&a, &b| scores[a].total_cmp(&scores[b]));
            assert_eq!(lowest, Some(13), "{scores:?}");
        }
    }

    #[test]
    fn outre_does_not_depend_on_the_unit_of_the_label() {
        let data = line_with_one_error();
        let grams = |values: &[f64]| values.iter().map(|value| value * 1000.0 + 7.0).collect();
        let scaled = Predicted::new(grams(&data.labels), grams(&data.predictions)).unwrap();
        let scores = |data: &Predicted| get_outre_scores(data, OutreOptions::default(), &Quiet).unwrap();
        assert!(scores(&data).iter().zip(&scores(&scaled)).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn bad_values_and_settings_are_named() {
        let refused = |labels: &[f64], predictions: &[f64]| {
            Predicted::new(labels.to_vec(), predictions.to_vec()).unwrap_err().to_string()
        };
        assert!(refused(&[1.0, f64::NAN], &[1.0, 2.0]).contains("`labels[1]` is NaN"));
        assert!(refused(&[1.0, 2.0], &[1.0, f64::INFINITY]).contains("`predictions[1]` is inf"));
        assert!(refused(&[], &[]).contains("`labels` is empty"));
        assert!(refused(&[1.0, 2.0], &[1.0]).contains("`predictions` has 1 rows"));
        let options = |frac_neighbors| OutreOptions { frac_neighbors, ..Default::default() };
        for frac in [0.0, 1.0, f64::NAN] {
            assert!(get_outre_scores(&line_with_one_error(), options(frac), &Quiet).is_err());
        }
    }
}
