//! Fitted forests: predictions, importances and explanations.

use ndarray::Array2;

use super::batch::Batch;
use super::compact::Compact;
use super::fit::Fitted;
use super::tree::Tree;
use crate::path_contributions::PathContributions;
use crate::{ClassifierModel, Host, LearnError, Matrix, Quiet, RegressorModel, map_units};

/// A forest that predicts class probabilities.
#[derive(Clone, Debug)]
pub struct ForestClassifier {
    pub(super) fitted: Fitted,
    pub(super) n_features: usize,
    pub(super) n_classes: usize,
}

/// A forest that predicts numbers.
#[derive(Clone, Debug)]
pub struct ForestRegressor {
    pub(super) fitted: Fitted,
    pub(super) n_features: usize,
    /// The mean target, around which trees learn.
    pub(super) center: f64,
}

impl ForestClassifier {
    /// Class probabilities, rows × classes: the mean over trees of the class shares in the leaf a row falls into.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0. Same in scikit-learn.
    pub fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        let n_rows = features.n_rows();
        self.predict_on(features, &Quiet).unwrap_or_else(|_| Array2::zeros((n_rows, self.n_classes)))
    }

    fn predict_on(&self, features: &Matrix, host: &dyn Host) -> Result<Array2<f64>, LearnError> {
        means(&self.fitted.trees, features, (self.n_features, self.n_classes), host)
    }

    /// The share of each feature in the impurity all trees took away, summing to 1; 0 everywhere when no tree has a
    /// split. scikit-learn: `feature_importances_`.
    pub fn feature_importances(&self) -> &[f64] {
        &self.fitted.importances
    }

    /// What each feature contributed to the class probabilities of the chosen rows, class by class; a row the matrix does
    /// not have is left out.
    pub fn contributions(&self, features: &Matrix, rows: &[u32]) -> Vec<Vec<PathContributions>> {
        contributions(&self.fitted.trees, features, rows, (self.n_features, self.n_classes))
    }
}

impl ForestRegressor {
    /// The predicted number of each row: the mean over trees of the mean target in the leaf it falls into.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    pub fn predict(&self, features: &Matrix) -> Vec<f64> {
        self.predict_on(features, &Quiet).unwrap_or_else(|_| vec![self.center; features.n_rows()])
    }

    fn predict_on(&self, features: &Matrix, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        let means = means(&self.fitted.trees, features, (self.n_features, 1), host)?;
        Ok(means.into_iter().map(|mean| self.center + mean).collect())
    }

    /// The share of each feature in the squared error all trees took away, summing to 1; 0 everywhere when no tree has
    /// a split. scikit-learn: `feature_importances_`.
    pub fn feature_importances(&self) -> &[f64] {
        &self.fitted.importances
    }

    /// What each feature contributed to the predictions of the chosen rows; a row the matrix does not have is left out.
    pub fn contributions(&self, features: &Matrix, rows: &[u32]) -> Vec<PathContributions> {
        let all = contributions(&self.fitted.trees, features, rows, (self.n_features, 1));
        let around = |moved: PathContributions| PathContributions { baseline: moved.baseline + self.center, ..moved };
        all.into_iter().flatten().map(around).collect()
    }
}

impl ClassifierModel for ForestClassifier {
    fn predict_proba(&self, features: &Matrix) -> Array2<f64> {
        self.predict_proba(features)
    }

    fn try_predict_proba(&self, features: &Matrix, host: &dyn Host) -> Result<Array2<f64>, LearnError> {
        self.predict_on(features, host)
    }
}

impl RegressorModel for ForestRegressor {
    fn predict(&self, features: &Matrix) -> Vec<f64> {
        self.predict(features)
    }

    fn try_predict(&self, features: &Matrix, host: &dyn Host) -> Result<Vec<f64>, LearnError> {
        self.predict_on(features, host)
    }
}

/// Rows from which predicting is cut into several units of work.
const WORTH_SHARING: usize = 1024;

/// Units of work that rows are cut into at least: more would read the trees more often.
const SHARES: usize = 4;

/// Means of the trees' predictions, rows × width, added in the order of the trees.
///
/// # Errors
/// [`LearnError::Cancelled`].
pub(crate) fn means(
    trees: &[Tree],
    features: &Matrix,
    (n_features, width): (usize, usize),
    host: &dyn Host,
) -> Result<Array2<f64>, LearnError> {
    let n = features.n_rows();
    // Reading a tree anew for a batch pays where many rows go down it.
    let n_nodes: usize = trees.iter().map(|tree| tree.nodes.len()).sum();
    let compact = if n * trees.len() * 4 >= n_nodes { Compact::new(features, n_features) } else { None };
    let share = if n < WORTH_SHARING { n.max(1) } else { n.div_ceil(SHARES) };
    let capacity = compact.as_ref().map_or_else(|| Batch::new(n_features, n).capacity(), Compact::capacity);
    let rows_per_unit = share.min(capacity);
    let n_trees = trees.len() as f64;
    let parts = map_units(host, n.div_ceil(rows_per_unit), |unit| {
        let rows = unit * rows_per_unit..((unit + 1) * rows_per_unit).min(n);
        let (mut leaves, mut out) = (vec![0; rows.len()], vec![0.0; rows.len() * width]);
        if let Some(mut batch) = compact.clone() {
            batch.fill(features, rows);
            add(trees, &mut leaves, &mut out, |tree, leaves| tree.leaves_of_compact(&mut batch, leaves));
        } else {
            let mut batch = Batch::new(n_features, rows.len());
            batch.fill(features, rows);
            add(trees, &mut leaves, &mut out, |tree, leaves| tree.leaves_of(&batch, leaves));
        }
        out.iter_mut().for_each(|sum| *sum /= n_trees);
        Ok(out)
    })?;
    Ok(Array2::from_shape_vec((n, width), parts.concat()).unwrap_or_default())
}

/// Adds the predictions of every tree, whose leaves `find` finds, to `out`.
fn add(trees: &[Tree], leaves: &mut [u32], out: &mut [f64], mut find: impl FnMut(&Tree, &mut [u32])) {
    let width = out.len() / leaves.len().max(1);
    for tree in trees {
        find(tree, leaves);
        for (&leaf, out) in leaves.iter().zip(out.chunks_exact_mut(width.max(1))) {
            tree.leaves.add(leaf, out);
        }
    }
}

fn contributions(
    trees: &[Tree],
    features: &Matrix,
    rows: &[u32],
    (n_features, width): (usize, usize),
) -> Vec<Vec<PathContributions>> {
    let known = rows.iter().map(|&row| row as usize).filter(|&row| row < features.n_rows());
    let known: Vec<usize> = known.collect();
    let share = 1.0 / trees.len() as f64;
    let empty = vec![PathContributions::new(0.0, n_features); width];
    let mut all = vec![empty; known.len()];
    let mut batch = Batch::new(n_features, 1);
    for tree in trees {
        let values = tree.values();
        for (&row, explained) in known.iter().zip(&mut all) {
            batch.fill(features, row..row + 1);
            let path: Vec<usize> = tree.path(&batch, 0).collect();
            for (class, moved) in explained.iter_mut().enumerate() {
                let value = |at: usize| share * values[at * tree.leaves.width + class];
                let splits = path.windows(2).map(|step| (tree.nodes[step[0]].feature as usize, value(step[1])));
                moved.add_path(path.first().map_or(0.0, |&root| value(root)), splits);
            }
        }
    }
    all
}
