//! Which features moved a tree's prediction for a row: Saabas, "Interpreting random forests", 2014.
//!
//! Going down a tree, each split changes the value from the node's to the child's; that change is the contribution of the
//! feature asked about. Value of the root and contributions sum to the value of the leaf.

/// What moved one score of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct PathContributions {
    /// The score before any feature is looked at.
    pub baseline: f64,
    /// What each feature adds, in order of features; baseline and contributions sum to the score.
    pub contributions: Vec<f64>,
}

impl PathContributions {
    /// Of a score that starts at `baseline`.
    pub(crate) fn new(baseline: f64, n_features: usize) -> Self {
        Self { baseline, contributions: vec![0.0; n_features] }
    }

    /// Adds a walk down a tree: the value of the root, then the feature of each split with the value of the child.
    pub(crate) fn add_path(&mut self, root: f64, splits: impl Iterator<Item = (usize, f64)>) {
        self.baseline += root;
        let mut value = root;
        for (feature, child) in splits {
            if let Some(contribution) = self.contributions.get_mut(feature) {
                *contribution += child - value;
            }
            value = child;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_put_down_to_the_features_asked_about() {
        let mut moved = PathContributions::new(1.0, 3);
        moved.add_path(0.5, [(2, 0.75), (0, 0.25), (2, 2.0)].into_iter());
        moved.add_path(0.0, std::iter::empty());
        assert_eq!(moved, PathContributions { baseline: 1.5, contributions: vec![-0.5, 0.0, 2.0] });
    }
}
