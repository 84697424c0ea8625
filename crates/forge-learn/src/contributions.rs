//! Which features move a linear model's prediction of a row most.
//!
//! A score is the intercept plus weight × value over the features; each term is the feature's contribution. For
//! standardised numbers it is measured from the average row. scikit-learn: `coef_ * X`.

use crate::{LinearModel, LogisticModel, Matrix};

/// What a feature adds to the score of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// Number of the feature, from 0.
    pub feature: usize,
    /// Weight times value: above 0 where it raises the score, in units of the target or of log-odds.
    pub value: f64,
}

impl LinearModel {
    /// The `n` features that move the prediction of a row most, largest first; none for a row there is not.
    pub fn top_contributions(&self, features: &Matrix, row: usize, n: usize) -> Vec<Contribution> {
        top(self.coefficients().iter().copied(), features, row, n)
    }
}

impl LogisticModel {
    /// The `n` features that move the score of a class most, largest first: for two classes the log-odds of that class,
    /// for more its score beside the mean of all. None for a class the model was not fitted on.
    pub fn top_contributions(&self, features: &Matrix, row: usize, class: u32, n: usize) -> Vec<Contribution> {
        let Some(place) = self.classes().iter().position(|&other| other == class) else { return Vec::new() };
        let coefficients = self.coefficients();
        if coefficients.nrows() == 1 {
            let sign = if place == 1 { 1.0 } else { -1.0 };
            return top(coefficients.row(0).iter().map(|weight| sign * weight), features, row, n);
        }
        top(coefficients.row(place).iter().copied(), features, row, n)
    }
}

fn top(weights: impl Iterator<Item = f64>, features: &Matrix, row: usize, n: usize) -> Vec<Contribution> {
    if row >= features.n_rows() {
        return Vec::new();
    }
    let (dense, slots) = (features.dense_row(row), features.slot_row(row));
    let value = |feature: usize| match dense.get(feature) {
        Some(&x) => x,
        None => f64::from(u8::from(slots.contains(&(feature as u32)))),
    };
    let mut all: Vec<Contribution> = weights
        .enumerate()
        .map(|(feature, weight)| Contribution { feature, value: weight * value(feature) })
        .filter(|contribution| contribution.value != 0.0)
        .collect();
    all.sort_by(|a, b| b.value.abs().total_cmp(&a.value.abs()).then(a.feature.cmp(&b.feature)));
    all.truncate(n);
    all
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::{LogisticRegression, Quiet, Ridge};

    #[test]
    fn contributions_and_intercept_make_the_prediction() {
        let matrix = Matrix::new(&array![[0.5], [1.5], [-1.0], [0.1]], &array![[1], [2], [1], [2]], 3).unwrap();
        let model = Ridge::default().fit(&matrix, &[1.0, 3.0, -2.0, 0.5], None, &Quiet).unwrap();
        for (row, prediction) in model.predict(&matrix).into_iter().enumerate() {
            let all = model.top_contributions(&matrix, row, 9);
            assert_eq!(all.len(), 2);
            assert!((all.iter().map(|c| c.value).sum::<f64>() + model.intercept() - prediction).abs() < 1e-12);
            assert!(all[0].value.abs() >= all[1].value.abs());
        }
        assert!(model.top_contributions(&matrix, 4, 9).is_empty());
    }

    #[test]
    fn what_speaks_for_a_class_speaks_against_the_other() {
        let matrix = Matrix::from_dense(&array![[0.5, 1.0], [1.5, 0.0], [-1.0, 0.2], [0.1, 0.3]]).unwrap();
        let model = LogisticRegression::default().fit(&matrix, &[1, 1, 0, 0], 3, &Quiet).unwrap();
        let (first, second) = (model.top_contributions(&matrix, 0, 0, 1), model.top_contributions(&matrix, 0, 1, 1));
        assert_eq!((first[0].feature, first[0].value), (second[0].feature, -second[0].value));
        assert!(model.top_contributions(&matrix, 0, 2, 1).is_empty());
    }
}
