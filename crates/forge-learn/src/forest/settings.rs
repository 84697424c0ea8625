//! The parameters of forests, named as in scikit-learn.

use super::fit::{Cuts, Draw, Plan};
use super::grow::Limits;
use crate::{ClassWeight, LearnError, Matrix};

/// How many features a node looks at before it is split; one-hot columns count one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum MaxFeatures {
    /// The square root for classes, all for numbers, as scikit-learn does by default.
    #[default]
    Default,
    /// Their square root, rounded down.
    Sqrt,
    /// Their logarithm to base 2, rounded down.
    Log2,
    /// All; scikit-learn: `None`.
    All,
    /// A share of them, above 0 and at most 1.
    Share(f64),
    /// So many, at least 1.
    Count(usize),
}

/// How many rows a bootstrap sample draws.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum MaxSamples {
    /// As many as there are rows; scikit-learn: `None`.
    #[default]
    All,
    /// A share of the rows (of their weight, where they are weighted), above 0.
    Share(f64),
    /// So many, at least 1.
    Count(usize),
}

/// What a plan is made for.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) features: &'a Matrix,
    pub(super) weights: Option<&'a [f64]>,
    pub(super) classes: bool,
}

macro_rules! forest {
    ($(#[$doc:meta])* $name:ident, $bootstrap_default:literal, $cuts:expr, $stage:literal, $bootstrap_doc:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// Number of trees [100; at least 1].
            pub n_estimators: usize,
            /// Most splits between the root and a leaf [none; at least 1].
            pub max_depth: Option<usize>,
            /// Fewest rows of a node that is split [2; at least 2].
            pub min_samples_split: usize,
            /// Fewest rows of a leaf [1; at least 1].
            pub min_samples_leaf: usize,
            /// Features a node looks at [the square root of their number for classes, all for numbers].
            pub max_features: MaxFeatures,
            #[doc = $bootstrap_doc]
            pub bootstrap: bool,
            /// Size of a bootstrap sample [as many as there are rows].
            pub max_samples: MaxSamples,
            /// How much classes count [each row alike].
            pub class_weight: ClassWeight,
            /// Start of the random streams [default 0]; scikit-learn: `random_state`.
            pub seed: u64,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    n_estimators: 100,
                    max_depth: None,
                    min_samples_split: 2,
                    min_samples_leaf: 1,
                    max_features: MaxFeatures::Default,
                    bootstrap: $bootstrap_default,
                    max_samples: MaxSamples::All,
                    class_weight: ClassWeight::None,
                    seed: 0,
                }
            }
        }

        impl $name {
            /// Checks every field against its range.
            ///
            /// # Errors
            /// [`LearnError::Setting`] naming the field.
            pub fn validate(&self) -> Result<(), LearnError> {
                at_least("n_estimators", self.n_estimators, 1, "at least 1")?;
                at_least("max_depth", self.max_depth.unwrap_or(1), 1, "at least 1")?;
                at_least("min_samples_split", self.min_samples_split, 2, "at least 2")?;
                at_least("min_samples_leaf", self.min_samples_leaf, 1, "at least 1")?;
                match self.max_features {
                    MaxFeatures::Share(share) if !(share > 0.0 && share <= 1.0) => {
                        return refuse("max_features", share.to_string(), "a share above 0 and at most 1");
                    }
                    MaxFeatures::Count(count) => at_least("max_features", count, 1, "at least 1")?,
                    _ => {}
                }
                match self.max_samples {
                    MaxSamples::Share(share) if !(share > 0.0 && share.is_finite()) => {
                        return refuse("max_samples", share.to_string(), "a share above 0");
                    }
                    MaxSamples::Count(count) => at_least("max_samples", count, 1, "at least 1")?,
                    _ => {}
                }
                if self.max_samples != MaxSamples::All && !self.bootstrap {
                    return refuse("max_samples", format!("{:?}", self.max_samples), "set only where bootstrap is on");
                }
                Ok(())
            }

            pub(super) fn plan(&self, task: Task<'_>) -> Result<Plan, LearnError> {
                self.validate()?;
                let max_features = self.max_features.count(task.features.n_features(), task.classes);
                let draw = if self.bootstrap { self.max_samples.draw(task) } else { Draw::All };
                Ok(Plan {
                    n_estimators: self.n_estimators,
                    limits: Limits {
                        max_depth: self.max_depth.unwrap_or(usize::MAX),
                        min_samples_split: self.min_samples_split,
                        min_samples_leaf: self.min_samples_leaf,
                        max_features,
                    },
                    draw,
                    cuts: $cuts,
                    seed: self.seed,
                    stage: $stage,
                })
            }
        }
    };
}

forest! {
    /// Trees on bootstrap samples, each node split at its best threshold among some features; scikit-learn:
    /// `RandomForestClassifier` and `RandomForestRegressor`.
    RandomForest, true, Cuts::Best, "growing a random forest",
    "Whether each tree learns from rows drawn with replacement [true]. Rows of weight 2 are drawn twice as often."
}

forest! {
    /// Trees on all rows, each node split at the best of thresholds drawn at random, one per feature; scikit-learn:
    /// `ExtraTreesClassifier` and `ExtraTreesRegressor`.
    ExtraTrees, false, Cuts::Random, "growing extra trees",
    "Whether each tree learns from rows drawn with replacement [false]. Rows of weight 2 are drawn twice as often."
}

impl MaxFeatures {
    fn count(self, n_features: usize, classes: bool) -> usize {
        let n = n_features as f64;
        let count = match self {
            Self::Default if classes => libm::sqrt(n) as usize,
            Self::Default | Self::All => n_features,
            Self::Sqrt => libm::sqrt(n) as usize,
            Self::Log2 => libm::log2(n) as usize,
            Self::Share(share) => (share * n) as usize,
            Self::Count(count) => count,
        };
        count.clamp(1, n_features.max(1))
    }
}

impl MaxSamples {
    fn draw(self, task: Task<'_>) -> Draw {
        let n = task.features.n_rows();
        Draw::Bootstrap(match self {
            Self::All => n,
            Self::Count(count) => count,
            Self::Share(share) => {
                let total = task.weights.map_or(n as f64, |weights| weights.iter().sum());
                ((share * total) as usize).max(1)
            }
        })
    }
}

fn at_least(setting: &'static str, value: usize, least: usize, range: &'static str) -> Result<(), LearnError> {
    if value >= least { Ok(()) } else { refuse(setting, value.to_string(), range) }
}

fn refuse(setting: &'static str, value: String, range: &'static str) -> Result<(), LearnError> {
    Err(LearnError::Setting { setting, value, range })
}
