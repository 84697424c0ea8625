//! Noise matrices and noisy labels for experiments. Mirrors cleanlab's `benchmarking.noise_generation`; which noise
//! matrices can be learned from is Northcutt, Wu and Chuang (2017), "Learning with confident examples".
//!
//! Same rules as cleanlab with another stream of random numbers: ChaCha8 from a seed, the same on every platform, where
//! cleanlab draws from NumPy's global state.

mod draws;

pub use draws::{
    BallRange, ProbabilityRange, generate_n_rand_probabilities_that_sum_to_m, randomly_distribute_balls_into_bins,
};

use ndarray::Array2;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::inputs::TOLERANCE;
use crate::{CoreError, Labels};
use draws::{balls, probabilities};

/// The most classes a generated matrix can have.
const MOST_CLASSES: usize = 10_000;
/// How often a matrix is tried at most: beyond this the settings as good as exclude one.
const MOST_TRIES: usize = 1_000_000;
/// Whether a generated matrix must be one that can be learned from, cleanlab's `valid_noise_matrix` and `py`.
#[derive(Clone, Debug, PartialEq)]
pub enum Learnability {
    /// Any noise matrix.
    Any,
    /// With these priors p(true = k), k values, every class is labelled right more often than by chance.
    Learnable(Vec<f64>),
    /// The same for two classes, where priors do not matter.
    LearnableBinary,
}

/// What matrix [`generate_noise_matrix_from_trace`] makes.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseMatrixSpec {
    /// Number of classes, 2 to 10,000. cleanlab's `K`.
    pub n_classes: usize,
    /// Sum of the diagonal, at most the number of classes; above 1 for a learnable matrix.
    pub trace: f64,
    /// Bounds of the diagonal; 1e-5 to 1 by default. cleanlab's `min_trace_prob` and `max_trace_prob`. Not used for two
    /// classes.
    pub diagonal: ProbabilityRange,
    /// Bounds of the noise rates that are not zero; 0 to 1 − 1e-5 by default. cleanlab's `min_noise_rate` and
    /// `max_noise_rate`. Not used for two classes.
    pub noise_rates: ProbabilityRange,
    /// Share of noise rates that are zero, in [0, 1]; 0 by default. It is reached as far as the diagonal allows. cleanlab's
    /// `frac_zero_noise_rates`.
    pub zero_share: f64,
    /// Whether the matrix must be learnable.
    pub learnability: Learnability,
    /// Seeds the random numbers; 0 by default.
    pub seed: u64,
    /// How often it is tried, 0 to 1,000,000; 10,000 by default.
    pub max_iter: usize,
}

impl NoiseMatrixSpec {
    /// A matrix with the given number of classes and trace, all else as by default.
    pub fn new(n_classes: usize, trace: f64, learnability: Learnability) -> Self {
        Self {
            n_classes,
            trace,
            diagonal: ProbabilityRange { min: 1e-5, max: 1.0 },
            noise_rates: ProbabilityRange { min: 0.0, max: 1.0 - 1e-5 },
            zero_share: 0.0,
            learnability,
            seed: 0,
            max_iter: 10_000,
        }
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for a value outside its range, [`CoreError::Length`] for priors of another number,
    /// [`CoreError::Missing`] where priors are needed.
    pub fn validate(&self) -> Result<(), CoreError> {
        if !(2..=MOST_CLASSES).contains(&self.n_classes) {
            return Err(CoreError::setting("K", self.n_classes, format!("2 to {MOST_CLASSES} classes")));
        }
        let k = self.n_classes;
        let lowest = if self.learnability == Learnability::Any { 0.0 } else { 1.0 };
        if !(self.trace >= lowest && self.trace <= k as f64) || (lowest == 1.0 && self.trace == 1.0) {
            let rule = if lowest == 1.0 {
                format!("above 1, as a learnable noise matrix needs, and at most {k}")
            } else {
                format!("from 0 to {k}")
            };
            return Err(CoreError::setting("trace", self.trace, rule));
        }
        if !(0.0..=1.0).contains(&self.zero_share) {
            return Err(CoreError::setting("frac_zero_noise_rates", self.zero_share, "a share from 0 to 1"));
        }
        if self.max_iter > MOST_TRIES {
            return Err(CoreError::setting("max_iter", self.max_iter, format!("at most {MOST_TRIES} tries")));
        }
        match &self.learnability {
            Learnability::Learnable(py) if py.len() != k => {
                Err(CoreError::Length { argument: "py", length: py.len(), reference: "noise_matrix", expected: k })
            }
            Learnability::LearnableBinary if k > 2 => Err(CoreError::Missing {
                argument: "py",
                rule: "a learnable matrix of more than 2 classes needs priors",
            }),
            _ => Ok(()),
        }
    }
}

/// Whether labels with this noise can be learned from: p(given = k) · p(true = k) < p(given = k, true = k) for each k.
///
/// `noise_matrix` is p(given = row | true = column), k × k; `py` is p(true = k). A joint that does not sum to 1 (to 1e-6)
/// is not valid. cleanlab: `benchmarking.noise_generation.noise_matrix_is_valid`.
///
/// # Errors
/// [`CoreError::Shape`] for a matrix that is not k × k.
pub fn noise_matrix_is_valid(noise_matrix: &Array2<f64>, py: &[f64]) -> Result<bool, CoreError> {
    let k = py.len();
    require_square(noise_matrix, k)?;
    let joint = |given: usize, class: usize| noise_matrix[[given, class]] * py[class];
    let given_prior = |given| (0..k).map(|class| joint(given, class)).sum::<f64>();
    let total: f64 = (0..k).map(given_prior).sum();
    // A NaN total is not near 1.
    let sums_to_one = (total - 1.0).abs() < TOLERANCE;
    Ok(sums_to_one && (0..k).all(|class| given_prior(class) * py[class] < joint(class, class)))
}

/// Labels made noisy as `noise_matrix`, p(given = row | true = column), says: of each class so many labels are changed to
/// each other class as the matrix gives, rounded down; which ones is drawn.
///
/// A class that the matrix would flip more often than it occurs keeps its labels. cleanlab:
/// `benchmarking.noise_generation.generate_noisy_labels`.
///
/// # Errors
/// [`CoreError::Shape`] for a matrix that is not square, [`CoreError::Setting`] for a label without a column or a rate
/// outside [0, 1].
pub fn generate_noisy_labels(
    true_labels: &Labels,
    noise_matrix: &Array2<f64>,
    seed: u64,
) -> Result<Vec<u32>, CoreError> {
    let k = noise_matrix.nrows();
    require_square(noise_matrix, k)?;
    if let Some(((row, column), rate)) = noise_matrix.indexed_iter().find(|(_, rate)| !(0.0..=1.0).contains(*rate)) {
        return Err(CoreError::setting(&format!("noise_matrix[{row}, {column}]"), rate, "a probability from 0 to 1"));
    }
    if let Some((row, label)) = true_labels.as_slice().iter().enumerate().find(|&(_, &label)| label as usize >= k) {
        let rule = format!("a class below {k}, the size of `noise_matrix`");
        return Err(CoreError::setting(&format!("true_labels[{row}]"), label, rule));
    }
    let n = true_labels.len() as f64;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut labels = true_labels.as_slice().to_vec();
    let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); k];
    for (row, &label) in true_labels.as_slice().iter().enumerate() {
        rows_of[label as usize].push(row);
    }
    for (class, rows) in rows_of.iter_mut().enumerate() {
        let prior = rows.len() as f64 / n;
        let mut noise = Vec::new();
        for given in (0..k).filter(|&given| given != class) {
            let flips = (noise_matrix[[given, class]] * prior * n) as usize;
            noise.extend(std::iter::repeat_n(given as u32, flips));
        }
        if noise.len() > rows.len() {
            continue;
        }
        let (drawn, _) = rows.partial_shuffle(&mut rng, noise.len());
        drawn.iter().zip(noise).for_each(|(&row, label)| labels[row] = label);
    }
    Ok(labels)
}

/// A random noise matrix p(given = row | true = column), k × k with columns that sum to 1, or `None` where no try gave a
/// learnable one. cleanlab: `benchmarking.noise_generation.generate_noise_matrix_from_trace`.
///
/// # Errors
/// As [`NoiseMatrixSpec::validate`]; [`CoreError::Setting`] where the bounds of diagonal or noise rates cannot be kept.
pub fn generate_noise_matrix_from_trace(spec: &NoiseMatrixSpec) -> Result<Option<Array2<f64>>, CoreError> {
    spec.validate()?;
    if spec.max_iter == 0 {
        return Ok(None);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(spec.seed);
    if spec.n_classes == 2 {
        return binary_noise_matrix(spec, &mut rng).map(Some);
    }
    for _ in 0..spec.max_iter {
        let matrix = random_noise_matrix(spec, &mut rng)?;
        let valid = match &spec.learnability {
            Learnability::Learnable(py) => noise_matrix_is_valid(&matrix, py)?,
            Learnability::Any | Learnability::LearnableBinary => true,
        };
        if valid {
            return Ok(Some(matrix));
        }
    }
    Ok(None)
}

fn binary_noise_matrix(spec: &NoiseMatrixSpec, rng: &mut ChaCha8Rng) -> Result<Array2<f64>, CoreError> {
    let diagonal = if spec.zero_share < 0.5 {
        probabilities(2, spec.trace, ProbabilityRange::default(), rng)?
    } else if spec.trace < 1.0 {
        let rule = "at least 1 for two classes of which one has no noise";
        return Err(CoreError::setting("trace", spec.trace, rule));
    } else if rng.random::<f64>() > 0.5 {
        vec![1.0, spec.trace - 1.0]
    } else {
        vec![spec.trace - 1.0, 1.0]
    };
    let at = |(given, class): (usize, usize)| if given == class { diagonal[class] } else { 1.0 - diagonal[class] };
    Ok(Array2::from_shape_fn((2, 2), at))
}

/// A matrix of more than two classes, learnable or not.
fn random_noise_matrix(spec: &NoiseMatrixSpec, rng: &mut ChaCha8Rng) -> Result<Array2<f64>, CoreError> {
    let k = spec.n_classes;
    let diagonal = probabilities(k, spec.trace, spec.diagonal, rng)?;
    let noisy: Vec<usize> = (0..k).filter(|&class| diagonal[class] != 1.0).collect();
    let zeros = (((k * (k - 1)) as f64 * spec.zero_share) as usize).saturating_sub((k - noisy.len()) * (k - 1));
    // Of a column's k values one is the diagonal, and one must be left to make the sum 1.
    let zeros = balls(zeros, noisy.len(), BallRange { min: 0, max: Some(k - 2) }, rng)?;
    let mut matrix = Array2::zeros((k, k));
    matrix.diag_mut().iter_mut().zip(&diagonal).for_each(|(to, &p)| *to = p);
    for (&class, &zeros) in noisy.iter().zip(&zeros) {
        let n_rates = (k - 1).saturating_sub(zeros);
        let rates = probabilities(n_rates, 1.0 - diagonal[class], spec.noise_rates, rng)?;
        let mut rows: Vec<usize> = (0..k).filter(|&row| row != class).collect();
        let (drawn, _) = rows.partial_shuffle(rng, n_rates);
        drawn.iter().zip(rates).for_each(|(&row, rate)| matrix[[row, class]] = rate);
    }
    Ok(matrix)
}

fn require_square(noise_matrix: &Array2<f64>, k: usize) -> Result<(), CoreError> {
    if noise_matrix.dim() == (k, k) && k > 0 {
        return Ok(());
    }
    Err(CoreError::Shape {
        argument: "noise_matrix",
        shape: format!("{} × {}", noise_matrix.nrows(), noise_matrix.ncols()),
        expected: format!("{0} × {0}, a row and a column per class", k.max(1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_matrix_is_a_learnable_noise_matrix_of_the_trace() {
        let py = vec![0.2, 0.3, 0.5];
        for seed in 0..20 {
            let learnability = Learnability::Learnable(py.clone());
            let spec = NoiseMatrixSpec { seed, zero_share: 0.3, ..NoiseMatrixSpec::new(3, 2.0, learnability) };
            let matrix = generate_noise_matrix_from_trace(&spec).unwrap().unwrap();
            assert!((matrix.diag().sum() - 2.0).abs() < 1e-9);
            assert!(matrix.columns().into_iter().all(|column| (column.sum() - 1.0).abs() < 1e-9), "{matrix}");
            assert!(noise_matrix_is_valid(&matrix, &py).unwrap());
            assert_eq!(Some(matrix), generate_noise_matrix_from_trace(&spec).unwrap());
        }
        assert!(
            generate_noise_matrix_from_trace(&NoiseMatrixSpec::new(3, 2.0, Learnability::LearnableBinary)).is_err()
        );
        assert!(generate_noise_matrix_from_trace(&NoiseMatrixSpec::new(1, 1.5, Learnability::Any)).is_err());
        assert!(generate_noise_matrix_from_trace(&NoiseMatrixSpec::new(3, 1.0, Learnability::Learnable(py))).is_err());
    }

    #[test]
    fn labels_flip_as_often_as_the_matrix_says() {
        let labels = Labels::new((0..300).map(|i| i % 3).collect()).unwrap();
        let matrix = Array2::from(vec![[0.75, 0.0, 0.25], [0.25, 1.0, 0.0], [0.0, 0.0, 0.75]]);
        let noisy = generate_noisy_labels(&labels, &matrix, 3).unwrap();
        let count =
            |from: u32, to: u32| labels.as_slice().iter().zip(&noisy).filter(|&(&a, &b)| a == from && b == to).count();
        assert_eq!([count(0, 0), count(0, 1), count(0, 2)], [75, 25, 0]);
        assert_eq!(count(1, 1), 100);
        assert_eq!(count(2, 0), 25);
        assert!(generate_noisy_labels(&labels, &Array2::eye(2), 0).is_err());
    }
}
