//! Logistic regression with an L2 penalty, the same optimum as scikit-learn's `LogisticRegression`.
//!
//! The objective is `C · Σᵢ loss(yᵢ, W xᵢ + b) + ½ ‖W‖²` with the intercepts `b` free of penalty: for two classes the
//! binomial loss with one weight vector, for more the multinomial (softmax) loss with one weight vector per class. It is
//! strictly convex in `W`, so the optimum is unique and any solver may be used. Here that is Newton's method where the
//! Hessian is cheap, and where it is dear L-BFGS (Liu and Nocedal 1989) that starts from the Cholesky factor of a recent one.

mod cholesky;
mod curvature;
mod gram;
mod minimise;
mod objective;
mod one_vs_rest;
#[cfg(test)]
mod tests;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use crate::cross_validation::check_labels;
use crate::weights::check_weights;
use crate::{
    ClassWeight, Classifier, ClassifierModel, Host, LearnError, LinearTerms, Matrix, SparseLogisticRegression,
    WeightedLabels,
};
pub(crate) use cholesky::dot;
use minimise::{Minimum, minimise};
pub(crate) use objective::softmax;
use objective::{Objective, Parameters};
pub use one_vs_rest::OneVsRestModel;

/// How more than two classes are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MultiClass {
    /// All at once, by the softmax of a score each: scikit-learn's `LogisticRegression`.
    #[default]
    Multinomial,
    /// Each against the rest: scikit-learn's `OneVsRestClassifier(LogisticRegression())`.
    OneVsRest,
}

/// The parameters of a logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticRegression {
    /// Inverse strength of the L2 penalty, scikit-learn's `C` [1; above 0].
    pub c: f64,
    /// Iterations of the solver at most, scikit-learn's `max_iter` [500; 1–100,000].
    pub max_iter: usize,
    /// Largest component of the gradient of the objective at which to stop, relative to the larger of 1 and `c`
    /// [0.00001; above 0]. The penalty bounds the distance of the weights from the optimum by the norm of that gradient.
    /// scikit-learn's `tol` bounds the gradient of the mean loss, which is laxer by the number of rows.
    pub tol: f64,
    /// How much the classes count, scikit-learn's `class_weight` [default none].
    pub class_weight: ClassWeight,
    /// How more than two classes are told apart, as a [`Classifier`] [default multinomial].
    pub multi_class: MultiClass,
}

impl Default for LogisticRegression {
    fn default() -> Self {
        Self { c: 1.0, max_iter: 500, tol: 1e-5, class_weight: ClassWeight::None, multi_class: MultiClass::Multinomial }
    }
}

/// Checks what every logistic regression is told: the inverse strength of its penalty, its iterations and its tolerance.
///
/// # Errors
/// [`LearnError::Setting`] naming the parameter outside its range.
pub(crate) fn check_solver(c: f64, max_iter: usize, tol: f64) -> Result<(), LearnError> {
    let refuse = |setting, value: String, range| Err(LearnError::Setting { setting, value, range });
    if !(c > 0.0 && c.is_finite()) {
        return refuse("c", c.to_string(), "a number above 0");
    }
    if !(1..=100_000).contains(&max_iter) {
        return refuse("max_iter", max_iter.to_string(), "a number from 1 to 100,000");
    }
    if !(tol > 0.0 && tol.is_finite()) {
        return refuse("tol", tol.to_string(), "a number above 0");
    }
    Ok(())
}

impl LogisticRegression {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        check_solver(self.c, self.max_iter, self.tol)?;
        if let (ClassWeight::PerClass(weights), MultiClass::OneVsRest) = (&self.class_weight, self.multi_class) {
            return Err(LearnError::Setting {
                setting: "class_weight",
                value: format!("{weights:?}"),
                range: "none or balanced where each class meets the rest",
            });
        }
        Ok(())
    }

    /// Learns from `features` and one class number below `n_classes` per row.
    ///
    /// Classes without a row are left out of the fit and get probability 0.
    ///
    /// # Errors
    /// A parameter or label outside its range, labels of one class, or [`LearnError::Cancelled`].
    pub fn fit(
        &self,
        features: &Matrix,
        labels: &[u32],
        n_classes: usize,
        host: &dyn Host,
    ) -> Result<LogisticModel, LearnError> {
        self.fit_weighted(features, WeightedLabels::unweighted(labels, n_classes), host)
    }

    /// Learns as [`LogisticRegression::fit`] does, with the loss of each row times its weight: a row of weight 2 counts
    /// like two rows. scikit-learn's `fit(..., sample_weight=...)`.
    ///
    /// # Errors
    /// As [`LogisticRegression::fit`]; weights that are not one finite number of at least 0 per row, or all 0.
    pub fn fit_weighted(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<LogisticModel, LearnError> {
        let WeightedLabels { labels, n_classes, weights } = rows;
        self.validate()?;
        features.refuse_missing()?;
        check_labels(features.n_rows(), labels, n_classes)?;
        check_weights(features.n_rows(), weights)?;
        let weights = self.class_weight.of_rows(labels, n_classes, weights)?;
        check_weights(features.n_rows(), weights.as_deref())?;
        let mut counts = vec![0_usize; n_classes];
        for &label in labels {
            counts[label as usize] += 1;
        }
        let classes: Vec<u32> = (0..n_classes as u32).filter(|&class| counts[class as usize] > 0).collect();
        let mut place = vec![0_u32; n_classes];
        for (k, &class) in classes.iter().enumerate() {
            place[class as usize] = k as u32;
        }
        let targets: Vec<u32> = labels.iter().map(|&label| place[label as usize]).collect();

        let mut objective = Objective::new(features, &targets, classes.len(), self.c).weighted(weights.as_deref());
        let start = objective.start();
        let Minimum { parameters, n_iter, converged } =
            minimise(&mut objective, start, self.max_iter, self.tol * self.c.max(1.0), host)?;
        Ok(LogisticModel::new(&parameters, features, (classes, n_classes), n_iter, converged))
    }
}

impl Classifier for LogisticRegression {
    fn fit(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<Box<dyn ClassifierModel>, LearnError> {
        match self.multi_class {
            MultiClass::Multinomial if features.texts().is_some() => {
                let &Self { c, max_iter, .. } = self;
                let by_ascent = SparseLogisticRegression { c, max_iter, ..SparseLogisticRegression::default() };
                self.validate()?;
                check_weights(features.n_rows(), rows.weights)?;
                check_labels(features.n_rows(), rows.labels, rows.n_classes)?;
                let weights = self.class_weight.of_rows(rows.labels, rows.n_classes, rows.weights)?;
                Ok(Box::new(by_ascent.fit_weighted(
                    features,
                    WeightedLabels { weights: weights.as_deref(), ..rows },
                    host,
                )?))
            }
            MultiClass::Multinomial => Ok(Box::new(self.fit_weighted(features, rows, host)?)),
            MultiClass::OneVsRest => Ok(Box::new(self.fit_one_vs_rest(features, rows, host)?)),
        }
    }
}

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct LogisticModel {
    classes: Vec<u32>,
    n_classes: usize,
    coefficients: Array2<f64>,
    intercepts: Array1<f64>,
    n_iter: usize,
    converged: bool,
}

impl LogisticModel {
    fn new(
        parameters: &Parameters,
        features: &Matrix,
        (classes, n_classes): (Vec<u32>, usize),
        n_iter: usize,
        converged: bool,
    ) -> Self {
        let (p, f) = (features.n_dense(), features.n_features());
        let n_scores = parameters.n_scores();
        let coefficients =
            Array2::from_shape_fn((n_scores, f), |(k, j)| parameters.of_score(k)[if j < p { j } else { j + 1 }]);
        let mut intercepts: Array1<f64> = (0..n_scores).map(|k| parameters.of_score(k)[p]).collect();
        if n_scores > 1 {
            // Adding a number to all intercepts changes no probability; scikit-learn's solution sums to 0.
            let mean = intercepts.sum() / n_scores as f64;
            intercepts -= mean;
        }
        Self { classes, n_classes, coefficients, intercepts, n_iter, converged }
    }

    /// The classes the model was fitted on, ascending: those with a training row.
    pub fn classes(&self) -> &[u32] {
        &self.classes
    }

    /// Weights, classes × features; for two classes one row, of the second against the first.
    pub fn coefficients(&self) -> ArrayView2<'_, f64> {
        self.coefficients.view()
    }

    /// Intercepts, one per row of the coefficients.
    pub fn intercepts(&self) -> ArrayView1<'_, f64> {
        self.intercepts.view()
    }

    /// Iterations the solver took.
    pub fn n_iter(&self) -> usize {
        self.n_iter
    }

    /// Whether the solver reached its tolerance.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// Class probabilities, rows × classes; each row sums to 1.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    pub fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let p = features.n_dense();
        let mut out = Array2::zeros((features.n_rows(), self.n_classes));
        let mut scores = vec![0.0; self.intercepts.len()];
        for (row, mut probs) in out.outer_iter_mut().enumerate() {
            for ((score, weights), &intercept) in
                scores.iter_mut().zip(self.coefficients.outer_iter()).zip(&self.intercepts)
            {
                let dense: f64 = weights.iter().zip(features.dense_row(row)).map(|(w, x)| w * x).sum();
                let slots = features.slot_row(row).iter().filter(|&&slot| slot as usize >= p);
                *score = intercept + dense + slots.filter_map(|&slot| weights.get(slot as usize)).sum::<f64>();
            }
            if let ([score], [first, second]) = (scores.as_slice(), self.classes.as_slice()) {
                let prob = objective::logistic(*score).0;
                probs[*second as usize] = prob;
                probs[*first as usize] = 1.0 - prob;
            } else {
                softmax(&mut scores);
                for (&class, &prob) in self.classes.iter().zip(&scores) {
                    probs[class as usize] = prob;
                }
            }
        }
        out
    }
}

impl ClassifierModel for LogisticModel {
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        self.predict_proba(features)
    }

    fn linear_terms(&self) -> Option<LinearTerms> {
        Some(LinearTerms { coefficients: self.coefficients.clone(), intercepts: self.intercepts.clone() })
    }

    fn warnings(&self) -> Vec<String> {
        if self.converged {
            return Vec::new();
        }
        vec![format!("Logistic regression reached max_iter ({}) before it converged: raise max_iter.", self.n_iter)]
    }
}
