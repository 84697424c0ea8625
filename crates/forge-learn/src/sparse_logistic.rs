//! Logistic regression on very many sparse columns, as words give, by ascent in the dual.
//!
//! The objective is that of [`LogisticRegression`](crate::LogisticRegression), `C · Σᵢ loss(yᵢ, W xᵢ) + ½ ‖W‖²`, but that
//! the intercepts are penalised like any other weight, scikit-learn's `LogisticRegression(solver="liblinear",
//! intercept_scaling=1)` for one class against one. At its optimum `W = Σᵢ αᵢ xᵢᵀ` with `αᵢ = C (yᵢ − pᵢ)`, where `pᵢ` are the
//! probabilities that `W` gives row i. Each step takes one row, whose `αᵢ` is brought to what the probabilities after
//! the step ask for, all other rows as they are: block coordinate ascent (Yu, Huang and Lin, "Dual coordinate descent
//! methods for logistic regression and maximum entropy models", 2011, section 5). The block is solved by Newton's method, whose
//! matrix, a diagonal plus one of rank 1, costs no more to solve than the probabilities.
//!
//! A step touches only the weights of the row's own columns, and memory holds the weights once and one number per row and
//! class, where L-BFGS keeps two dozen copies of the weights. A dozen passes over the rows suffice.

use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::cross_validation::check_labels;
use crate::logistic::{check_solver, softmax};
use crate::sparse_texts::SparseTexts;
use crate::weights::check_weights;
use crate::{ClassifierModel, Host, LearnError, Matrix, WeightedLabels};

/// Newton steps on a row at most.
const MAX_STEPS: usize = 6;
/// A Newton step that changes no score by more is exact enough: the row comes round again.
const SMALL_STEP: f64 = 0.5;
/// Rows between two questions whether to stop.
const ROWS_PER_QUESTION: usize = 4096;

/// The parameters of a logistic regression on sparse columns.
#[derive(Clone, Debug, PartialEq)]
pub struct SparseLogisticRegression {
    /// Inverse strength of the L2 penalty, scikit-learn's `C` [1; above 0].
    pub c: f64,
    /// Passes over the rows at most [100; 1–100,000].
    pub max_iter: usize,
    /// Mean over the rows of the largest change of a probability that is still asked for, at which to stop [0.002; above 0].
    pub tol: f64,
    /// Seed of the order of the rows [default 42].
    pub seed: u64,
}

impl Default for SparseLogisticRegression {
    fn default() -> Self {
        Self { c: 1.0, max_iter: 100, tol: 2e-3, seed: 42 }
    }
}

/// A fitted logistic regression on sparse columns.
#[derive(Clone, Debug, PartialEq)]
pub struct SparseLogisticModel {
    /// The classes the model was fitted on, ascending.
    classes: Vec<u32>,
    n_classes: usize,
    /// Columns × fitted classes, then the intercepts.
    weights: Vec<f64>,
    columns: Columns,
    n_iter: usize,
    converged: bool,
}

impl SparseLogisticRegression {
    /// Checks every field against its range.
    ///
    /// # Errors
    /// [`LearnError::Setting`] naming the field.
    pub fn validate(&self) -> Result<(), LearnError> {
        check_solver(self.c, self.max_iter, self.tol)
    }

    /// Learns from `features` and one class number below `n_classes` per row. Texts are read whole.
    ///
    /// Classes without a row are left out of the fit and get probability 0.
    ///
    /// # Errors
    /// A parameter or label outside its range, a missing value, labels of one class, or [`LearnError::Cancelled`].
    pub fn fit(
        &self,
        features: &Matrix,
        labels: &[u32],
        n_classes: usize,
        host: &dyn Host,
    ) -> Result<SparseLogisticModel, LearnError> {
        self.fit_weighted(features, WeightedLabels::unweighted(labels, n_classes), host)
    }

    /// Learns as [`SparseLogisticRegression::fit`] does, with the loss of each row times its weight.
    ///
    /// # Errors
    /// As [`SparseLogisticRegression::fit`]; weights that are not one finite number of at least 0 per row, or all 0.
    pub fn fit_weighted(
        &self,
        features: &Matrix,
        rows: WeightedLabels<'_>,
        host: &dyn Host,
    ) -> Result<SparseLogisticModel, LearnError> {
        let WeightedLabels { labels, n_classes, weights } = rows;
        self.validate()?;
        features.refuse_missing()?;
        check_labels(features.n_rows(), labels, n_classes)?;
        check_weights(features.n_rows(), weights)?;
        let mut present = vec![false; n_classes];
        labels.iter().for_each(|&label| present[label as usize] = true);
        let classes: Vec<u32> = (0..n_classes as u32).filter(|&class| present[class as usize]).collect();
        let mut place = vec![0; n_classes];
        classes.iter().enumerate().for_each(|(k, &class)| place[class as usize] = k);
        let targets: Vec<usize> = labels.iter().map(|&label| place[label as usize]).collect();

        let columns = Columns::of(features);
        let counted = Counted { targets: &targets, weights, c: self.c };
        let mut ascent = Ascent::new(features, counted, (columns, classes.len()));
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let mut order: Vec<u32> = (0..features.n_rows() as u32).collect();
        let (mut n_iter, mut converged) = (0, false);
        while n_iter < self.max_iter && !converged {
            n_iter += 1;
            order.shuffle(&mut rng);
            converged = ascent.pass(&order, host)? <= self.tol;
        }
        let weights = ascent.weights;
        Ok(SparseLogisticModel { classes, n_classes, weights, columns, n_iter, converged })
    }
}

/// The columns of a fit: those of the matrix, then those of the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    n_features: usize,
    n_texts: usize,
}

impl Columns {
    fn of(features: &Matrix) -> Self {
        Self { n_features: features.n_features(), n_texts: features.texts().map_or(0, SparseTexts::n_columns) }
    }

    fn len(self) -> usize {
        self.n_features + self.n_texts
    }

    /// Writes the columns of a row that are not 0, with their values, and returns the sum of squares.
    fn entries(self, features: &Matrix, row: usize, entries: &mut Vec<(usize, f64)>) -> f64 {
        entries.clear();
        let texts = features.texts();
        let reduced = texts.map_or(0..0, SparseTexts::reduced);
        let dense = features.dense_row(row).iter().enumerate().take(self.n_features);
        entries.extend(dense.filter(|(j, x)| **x != 0.0 && !reduced.contains(j)).map(|(j, &x)| (j, x)));
        let slots = features.slot_row(row).iter().map(|&slot| slot as usize);
        entries.extend(slots.filter(|&slot| slot < self.n_features).map(|slot| (slot, 1.0)));
        if let Some(texts) = texts {
            let columns = texts.row(row).filter(|&(column, _)| (column as usize) < self.n_texts);
            entries.extend(columns.map(|(column, value)| (self.n_features + column as usize, value)));
        }
        entries.iter().map(|(_, value)| value * value).sum()
    }
}

/// What rows are to be, and how much each counts.
#[derive(Clone, Copy)]
struct Counted<'a> {
    targets: &'a [usize],
    weights: Option<&'a [f64]>,
    c: f64,
}

/// The state of the ascent.
struct Ascent<'a> {
    features: &'a Matrix,
    counted: Counted<'a>,
    columns: Columns,
    n_scores: usize,
    /// Columns × scores, then the intercepts.
    weights: Vec<f64>,
    /// Rows × scores: how much each row pulls at the scores.
    pulls: Vec<f64>,
    row: Row,
}

/// Room for the work on a row.
struct Row {
    entries: Vec<(usize, f64)>,
    scores: Vec<f64>,
    probs: Vec<f64>,
    /// What the probabilities ask of the row's pull, less the pull it has.
    residual: Vec<f64>,
    step: Vec<f64>,
    pull: Vec<f64>,
}

impl<'a> Ascent<'a> {
    fn new(features: &'a Matrix, counted: Counted<'a>, (columns, n_scores): (Columns, usize)) -> Self {
        // Two weight vectors share the penalty that the one of two classes bears alone.
        let c = if n_scores == 2 { counted.c / 2.0 } else { counted.c };
        let counted = Counted { c, ..counted };
        let room = || vec![0.0; n_scores];
        let entries = Vec::new();
        let row = Row { entries, scores: room(), probs: room(), residual: room(), step: room(), pull: room() };
        let weights = vec![0.0; (columns.len() + 1) * n_scores];
        let pulls = vec![0.0; features.n_rows() * n_scores];
        Self { features, counted, columns, n_scores, weights, pulls, row }
    }

    /// A step on each row; returns the mean over the rows of the largest residual, as a probability.
    fn pass(&mut self, order: &[u32], host: &dyn Host) -> Result<f64, LearnError> {
        let mut sum = 0.0;
        for rows in order.chunks(ROWS_PER_QUESTION) {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            sum += rows.iter().map(|&row| self.step(row as usize)).sum::<f64>();
        }
        Ok(sum / order.len() as f64)
    }

    /// Solves the block of a row; returns the largest residual before, as a probability.
    fn step(&mut self, row: usize) -> f64 {
        let (k, intercepts) = (self.n_scores, self.columns.len() * self.n_scores);
        let c = self.counted.c * self.counted.weights.map_or(1.0, |weights| weights[row]);
        if c == 0.0 {
            return 0.0;
        }
        let Row { entries, scores, probs, residual, step, pull } = &mut self.row;
        let norm = 1.0 + self.columns.entries(self.features, row, entries);
        scores.copy_from_slice(&self.weights[intercepts..]);
        for &(column, value) in entries.iter() {
            let of_column = &self.weights[column * k..(column + 1) * k];
            scores.iter_mut().zip(of_column).for_each(|(score, weight)| *score += value * weight);
        }
        let before = &mut self.pulls[row * k..(row + 1) * k];
        pull.copy_from_slice(before);

        let target = (self.counted.targets[row], c);
        let mut asked = residuals((&*scores, probs, residual), pull, target);
        let first = largest(residual);
        for _ in 0..MAX_STEPS {
            newton(probs, residual, c * norm, step);
            let mut small = true;
            for ((pull, score), step) in pull.iter_mut().zip(scores.iter_mut()).zip(step.iter()) {
                *pull += step;
                *score += norm * step;
                small &= (norm * step).abs() <= SMALL_STEP;
            }
            if small {
                break;
            }
            let mut now = residuals((&*scores, probs, residual), pull, target);
            // Beyond the reach of the linear model: back by half until the residual is smaller.
            let mut share = 0.5;
            while now > asked && share > 0.05 {
                for ((pull, score), step) in pull.iter_mut().zip(scores.iter_mut()).zip(step.iter()) {
                    *pull -= share * step;
                    *score -= share * norm * step;
                }
                now = residuals((&*scores, probs, residual), pull, target);
                share *= 0.5;
            }
            asked = now;
        }
        for ((before, pull), step) in before.iter_mut().zip(pull.iter()).zip(step.iter_mut()) {
            *step = pull - *before;
            *before = *pull;
        }
        for &(column, value) in entries.iter() {
            let of_column = &mut self.weights[column * k..(column + 1) * k];
            of_column.iter_mut().zip(step.iter()).for_each(|(weight, step)| *weight += value * step);
        }
        self.weights[intercepts..].iter_mut().zip(step.iter()).for_each(|(weight, step)| *weight += step);
        first / c
    }
}

/// Writes the probabilities and what they ask of the pull, less `pull`; returns the sum of its squares.
fn residuals(
    (scores, probs, residual): (&[f64], &mut [f64], &mut [f64]),
    pull: &[f64],
    (target, c): (usize, f64),
) -> f64 {
    probs.copy_from_slice(scores);
    softmax(probs);
    let mut squares = 0.0;
    for (class, ((residual, prob), pull)) in residual.iter_mut().zip(probs.iter()).zip(pull).enumerate() {
        *residual = c * (f64::from(u8::from(class == target)) - prob) - pull;
        squares += *residual * *residual;
    }
    squares
}

/// Writes the solution of `(I + q (diag(p) − p pᵀ)) step = residual`, by the formula of Sherman and Morrison.
fn newton(probs: &[f64], residual: &[f64], q: f64, step: &mut [f64]) {
    let (mut weighted, mut rest) = (0.0, 0.0);
    for ((step, prob), residual) in step.iter_mut().zip(probs).zip(residual) {
        let share = 1.0 / (1.0 + q * prob);
        *step = share;
        weighted += prob * residual * share;
        rest += prob * share;
    }
    let common = q * weighted / rest;
    for ((step, prob), residual) in step.iter_mut().zip(probs).zip(residual) {
        *step *= residual + prob * common;
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

impl SparseLogisticModel {
    /// Passes over the rows the fit took.
    pub fn n_iter(&self) -> usize {
        self.n_iter
    }

    /// Whether the fit reached its tolerance.
    pub fn converged(&self) -> bool {
        self.converged
    }

    /// Class probabilities, rows × classes; each row sums to 1. Columns beyond those of the fit are left out.
    pub fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let k = self.classes.len();
        let mut out = Array2::zeros((features.n_rows(), self.n_classes));
        let (mut scores, mut entries) = (vec![0.0; k], Vec::new());
        for (row, mut probs) in out.outer_iter_mut().enumerate() {
            scores.copy_from_slice(&self.weights[self.columns.len() * k..]);
            self.columns.entries(features, row, &mut entries);
            for &(column, value) in &entries {
                let of_column = &self.weights[column * k..(column + 1) * k];
                scores.iter_mut().zip(of_column).for_each(|(score, weight)| *score += value * weight);
            }
            softmax(&mut scores);
            self.classes.iter().zip(&scores).for_each(|(&class, &prob)| probs[class as usize] = prob);
        }
        out
    }

    /// What a user should know about the fit, such as that it did not converge.
    pub fn warnings(&self) -> Vec<String> {
        if self.converged {
            return Vec::new();
        }
        vec![format!("Logistic regression reached max_iter ({}) before it converged: raise max_iter.", self.n_iter)]
    }
}

impl ClassifierModel for SparseLogisticModel {
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        self.predict_proba(features)
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NONE, Quiet};

    /// Rows with three levels each, of which the first leans towards the class.
    fn example(n: usize, n_classes: u32) -> (Matrix, Vec<u32>) {
        let labels: Vec<u32> = (0..n as u32).map(|i| (i * 7 + i / 5) % n_classes).collect();
        let slot = |(i, label): (usize, &u32)| {
            let leaning = if i % 4 == 0 { i as u32 % 5 } else { *label };
            [leaning, 5 + (i as u32 * 13) % 7, if i % 3 == 0 { NONE } else { 12 + (i as u32 / 3) % 4 }]
        };
        let slots: Vec<u32> = labels.iter().enumerate().flat_map(slot).collect();
        let one_hot = Array2::from_shape_vec((n, 3), slots).unwrap();
        (Matrix::new(&Array2::zeros((n, 0)), &one_hot, 16).unwrap(), labels)
    }

    /// How far the weights are from what the probabilities ask for, `C Σᵢ (yᵢ − pᵢ) xᵢ`, which they equal at the optimum.
    fn distance(features: &Matrix, labels: &[u32], model: &SparseLogisticModel, c: f64) -> f64 {
        let (probs, dense) = (model.predict_proba(features), features.to_dense());
        let k = model.classes.len();
        let mut most: f64 = 0.0;
        for column in 0..=features.n_features() {
            for (place, &class) in model.classes.iter().enumerate() {
                let x = |row: usize| if column == features.n_features() { 1.0 } else { dense[[row, column]] };
                let asked: f64 = (0..labels.len())
                    .map(|row| x(row) * (f64::from(u8::from(labels[row] == class)) - probs[[row, class as usize]]))
                    .sum();
                most = most.max((model.weights[column * k + place] - c * asked).abs());
            }
        }
        most
    }

    #[test]
    fn the_weights_are_at_the_optimum() {
        for (n_classes, c, scale) in [(5, 1.0, 1.0), (5, 20.0, 1.0), (2, 1.0, 0.5)] {
            let (features, labels) = example(300, n_classes);
            let model = SparseLogisticRegression { c, tol: 1e-9, max_iter: 5_000, seed: 1 };
            let fitted = model.fit(&features, &labels, 6, &Quiet).unwrap();
            assert!(fitted.converged() && fitted.warnings().is_empty());
            let distance = distance(&features, &labels, &fitted, c * scale);
            assert!(distance < 1e-4, "{n_classes} classes, C {c}: {distance}");
        }
    }

    #[test]
    fn the_tolerance_one_starts_with_is_close_to_the_optimum() {
        let (features, labels) = example(300, 5);
        let fit =
            |tol| SparseLogisticRegression { tol, ..Default::default() }.fit(&features, &labels, 5, &Quiet).unwrap();
        let (usual, exact) = (fit(2e-3), fit(1e-9));
        assert!(usual.n_iter() < 30, "{}", usual.n_iter());
        let apart = usual.predict_proba(&features) - exact.predict_proba(&features);
        assert!(apart.iter().all(|difference| difference.abs() < 0.02));
    }

    #[test]
    fn a_class_without_rows_gets_no_probability_and_a_short_fit_says_so() {
        let (features, labels) = example(40, 3);
        let model = SparseLogisticRegression { max_iter: 1, tol: 1e-9, ..Default::default() };
        let fitted = model.fit(&features, &labels, 4, &Quiet).unwrap();
        let probs = fitted.predict_proba(&features);
        assert!(probs.column(3).iter().all(|&prob| prob == 0.0));
        assert!(probs.rows().into_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12));
        assert!(fitted.warnings()[0].contains("max_iter (1)"));
    }

    #[test]
    fn what_cannot_be_learned_from_is_refused() {
        let (features, labels) = example(10, 3);
        let fit = |labels: &[u32]| SparseLogisticRegression::default().fit(&features, labels, 3, &Quiet).map(|_| ());
        assert_eq!(fit(&[1; 10]), Err(LearnError::OneClass { n_rows: 10 }));
        assert!(matches!(fit(&labels[1..]), Err(LearnError::LabelCount { .. })));
        let gap = Array2::from_elem((10, 1), f64::NAN);
        let gap = Matrix::allowing_missing(&gap, &Array2::zeros((10, 0)), 1).unwrap();
        let said = SparseLogisticRegression::default().fit(&gap, &labels, 3, &Quiet).unwrap_err().to_string();
        assert!(said.contains("a value is missing"), "{said}");
        let wrong = SparseLogisticRegression { c: 0.0, ..Default::default() };
        assert!(wrong.fit(&features, &labels, 3, &Quiet).unwrap_err().to_string().starts_with("c is 0"));
    }

    #[test]
    fn a_row_of_weight_2_counts_like_two_and_numbers_are_read_beside_levels() {
        let (levels, labels) = example(60, 3);
        let numbers = Array2::from_shape_fn((60, 2), |(row, j)| ((row * (j + 3)) % 7) as f64 / 3.0 - 1.0);
        let slots = Array2::from_shape_fn((60, 3), |(row, slot)| match levels.slot_row(row)[slot] {
            16 => NONE,
            slot => slot + 2,
        });
        let features = Matrix::new(&numbers, &slots, 18).unwrap();
        let model = SparseLogisticRegression { tol: 1e-9, max_iter: 5_000, ..Default::default() };
        let weights: Vec<f64> = (0..60).map(|row| [1.0, 2.0, 0.0][row % 3]).collect();
        let rows: Vec<u32> = (0..60).flat_map(|row| vec![row; weights[row as usize] as usize]).collect();
        let repeated: Vec<u32> = rows.iter().map(|&row| labels[row as usize]).collect();
        let labelled = WeightedLabels { labels: &labels, n_classes: 3, weights: Some(&weights) };
        let weighted = model.fit_weighted(&features, labelled, &Quiet).unwrap().predict_proba(&features);
        let twice = model.fit(&features.select(&rows).unwrap(), &repeated, 3, &Quiet).unwrap().predict_proba(&features);
        assert!((&weighted - &twice).iter().all(|difference| difference.abs() < 1e-5));
        let none = model.fit(&levels, &labels, 3, &Quiet).unwrap().predict_proba(&levels);
        assert!((weighted - none).iter().any(|difference| difference.abs() > 0.05));
    }

    #[test]
    fn learning_stops_when_the_host_asks() {
        struct Impatient;
        impl Host for Impatient {
            fn cancelled(&self) -> bool {
                true
            }
        }
        let (features, labels) = example(10, 3);
        let stopped = SparseLogisticRegression::default().fit(&features, &labels, 3, &Impatient);
        assert_eq!(stopped.unwrap_err(), LearnError::Cancelled);
    }
}
