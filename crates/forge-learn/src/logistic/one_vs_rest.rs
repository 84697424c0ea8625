//! One logistic regression per class against the rest, and one per label of a multi-label task.
//!
//! scikit-learn: `OneVsRestClassifier(LogisticRegression())`. Probabilities of exclusive classes are scaled to sum to 1;
//! those of labels that occur together stand each for itself.

use ndarray::{Array2, ArrayView2};

use super::{LogisticModel, LogisticRegression};
use crate::cross_validation::check_labels;
use crate::{ClassifierModel, Host, LearnError, Matrix, WeightedLabels, map_units};

/// One fitted regression, or the answer where all rows agree.
#[derive(Clone, Debug, PartialEq)]
enum Member {
    Constant(f64),
    Fitted(LogisticModel),
}

/// A fitted logistic regression per class or label.
#[derive(Clone, Debug, PartialEq)]
pub struct OneVsRestModel {
    members: Vec<Member>,
}

impl LogisticRegression {
    /// Learns one regression per class against all others; two classes need but one.
    ///
    /// # Errors
    /// As [`LogisticRegression::fit_weighted`].
    pub fn fit_one_vs_rest(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<OneVsRestModel, LearnError> {
        check_labels(features.n_rows(), rows.labels, rows.n_classes)?;
        let shape = (features.n_rows(), rows.n_classes);
        let labels = Array2::from_shape_fn(shape, |(row, class)| rows.labels.get(row) == Some(&(class as u32)));
        self.fit_labels(features, labels.view(), rows.weights, host)
    }

    /// Learns one regression per column of `labels` (rows × labels); a label that all rows have, or none, is predicted as
    /// such.
    ///
    /// # Errors
    /// A parameter or weight outside its range, labels that are not one row per row, or [`LearnError::Cancelled`].
    pub fn fit_labels(
        &self,
        features: &Matrix,
        labels: ArrayView2<'_, bool>,
        weights: Option<&[f64]>,
        host: &dyn Host,
    ) -> Result<OneVsRestModel, LearnError> {
        self.validate()?;
        if labels.nrows() != features.n_rows() {
            return Err(LearnError::LabelCount { n_labels: labels.nrows(), n_rows: features.n_rows() });
        }
        let members = map_units(host, labels.ncols(), |label| {
            let own: Vec<u32> = labels.column(label).iter().map(|&has| u32::from(has)).collect();
            match own.first() {
                Some(&first) if own.iter().any(|&other| other != first) => {
                    let rows = WeightedLabels { labels: &own, n_classes: 2, weights };
                    Ok(Member::Fitted(self.fit_weighted(features, rows, host)?))
                }
                first => Ok(Member::Constant(first.map_or(0.0, |&first| f64::from(first)))),
            }
        })?;
        Ok(OneVsRestModel { members })
    }
}

impl OneVsRestModel {
    /// The fitted regression of each class or label; none where all training rows agree.
    pub fn members(&self) -> impl Iterator<Item = Option<&LogisticModel>> {
        self.members.iter().map(|member| match member {
            Member::Fitted(model) => Some(model),
            Member::Constant(_) => None,
        })
    }

    /// The probability of each label on its own, rows × labels.
    pub fn predict_labels(&self, features: &Matrix) -> Array2<f64> {
        let mut out = Array2::zeros((features.n_rows(), self.members.len()));
        for (mut column, member) in out.columns_mut().into_iter().zip(&self.members) {
            match member {
                Member::Constant(prob) => column.fill(*prob),
                Member::Fitted(model) => column.assign(&model.predict_proba(features).column(1)),
            }
        }
        out
    }
}

impl ClassifierModel for OneVsRestModel {
    /// Probabilities of exclusive classes, each row scaled to sum to 1.
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let mut out = self.predict_labels(features);
        let equal = 1.0 / self.members.len().max(1) as f64;
        for mut row in out.rows_mut() {
            let sum = row.sum();
            row.mapv_inplace(|prob| if sum > 0.0 { prob / sum } else { equal });
        }
        out
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings: Vec<String> = self.members().flatten().flat_map(ClassifierModel::warnings).collect();
        warnings.dedup();
        warnings
    }
}
