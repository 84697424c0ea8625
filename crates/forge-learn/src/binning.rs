//! Turns features into small whole numbers, so that trees can count instead of sort.
//!
//! A dense column is cut into at most `max_bins` bins as scikit-learn's `_BinMapper` cuts it. The one-hot indices of a
//! [`Matrix`] are never unfolded: the index of a row is one code, and the histogram of a code holds what the features of
//! all levels need. Dense columns of two values are bundled to the same effect (see [`bundles`]).

mod bundles;
mod columns;
mod thresholds;

use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{Host, LearnError, Matrix};
use bundles::{Rare, bundle};
use columns::Codes;
pub(crate) use columns::{Block, Columns};

/// Rows from which thresholds are learned at most, drawn with replacement beyond; scikit-learn's `subsample`.
const SUBSAMPLE: usize = 200_000;
/// The code of a missing value in rows to be predicted, above every other code.
pub(crate) const MISSING: u16 = u16::MAX;
/// Levels a category may have.
const MOST_LEVELS: usize = 60_000;

/// What a split asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A dense column.
    Dense(usize),
    /// Whether a one-hot feature, by its number among all features, is 1.
    OneHot(usize),
    /// The level of a one-hot slot.
    Slot(usize),
}

/// How a candidate's codes stand for its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Codes ascend with the values; the code `n_bins` stands for missing.
    Ordered {
        /// Bins of values.
        n_bins: usize,
        /// Whether a fit row is missing.
        has_missing: bool,
    },
    /// Two values, one of them marked by `code`, the other by all other codes of the column.
    Indicator {
        /// The code.
        code: usize,
        /// Whether `code` marks the upper value.
        marks_upper: bool,
    },
    /// Codes are levels without order; the code `n_levels` stands for missing.
    Category {
        /// Known levels.
        n_levels: usize,
        /// Whether a fit row is missing.
        has_missing: bool,
    },
}

/// A feature that trees may split on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// What it is in the matrix.
    pub(crate) source: Source,
    /// The stored column that holds it.
    pub(crate) column: usize,
    /// How its codes are read.
    pub(crate) kind: Kind,
}

/// How the values of a dense column become codes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scale {
    /// Upper bounds of all bins but the last: a value belongs to the first bin whose bound is not below it.
    Thresholds(Vec<f64>),
    /// The levels, ascending.
    Levels(Vec<f64>),
}

impl Scale {
    /// The code of a value, [`MISSING`] for a missing value or an unknown level.
    pub(crate) fn code(&self, value: f64) -> u16 {
        match self {
            _ if value.is_nan() => MISSING,
            Self::Thresholds(bounds) => bounds.partition_point(|&bound| bound < value) as u16,
            Self::Levels(levels) => {
                levels.binary_search_by(|level| level.total_cmp(&(value + 0.0))).map_or(MISSING, |level| level as u16)
            }
        }
    }
}

/// How features are binned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BinningConfig<'a> {
    /// Bins per column at most, without the one for missing values [2–255].
    pub(crate) max_bins: usize,
    /// Dense columns whose numbers are levels.
    pub(crate) categorical: &'a [usize],
    /// Whether the levels of a one-hot slot are one category rather than a feature each.
    pub(crate) slots_are_categories: bool,
    /// Seed of the draw of rows.
    pub(crate) seed: u64,
}

/// Binned rows and what the bins mean.
#[derive(Clone, Debug)]
pub(crate) struct Binned {
    /// The codes of all rows.
    pub(crate) columns: Columns,
    /// What trees may split on, by ascending feature.
    pub(crate) candidates: Vec<Candidate>,
    /// How each dense column is coded.
    pub(crate) scales: Vec<Scale>,
    /// The features that are the levels of each one-hot slot, where slots are categories.
    pub(crate) slot_levels: Vec<Range<u32>>,
}

impl Binned {
    /// Bins all rows of `features` by what the rows in `fit` (ascending) and their weights teach.
    ///
    /// # Errors
    /// A category of too many levels, or [`LearnError::Cancelled`].
    pub(crate) fn new(
        features: &Matrix,
        fit: &[u32],
        weights: Option<&[f64]>,
        config: BinningConfig<'_>,
        host: &dyn Host,
    ) -> Result<Self, LearnError> {
        let (sample, weights) = sample(fit, weights, config.seed);
        let sample_weights: Option<Vec<f64>> =
            weights.map(|weights| sample.iter().map(|&row| weights[row as usize]).collect());
        let n_rows = features.n_rows();
        let mut out =
            Self { columns: Columns::default(), candidates: Vec::new(), scales: Vec::new(), slot_levels: Vec::new() };
        let mut rare = Vec::new();
        let mut values = vec![0.0; n_rows];
        let mut codes = vec![0_u16; n_rows];
        for column in 0..features.n_dense() {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            values.iter_mut().enumerate().for_each(|(row, value)| *value = features.dense_row(row)[column]);
            let scale = if config.categorical.contains(&column) {
                levels(&values)?
            } else {
                let chosen: Vec<f64> = sample.iter().map(|&row| values[row as usize]).collect();
                Scale::Thresholds(thresholds::thresholds(&chosen, sample_weights.as_deref(), config.max_bins))
            };
            codes.iter_mut().zip(&values).for_each(|(code, &value)| *code = scale.code(value));
            out.store(column, &scale, (&mut codes, fit), &mut rare);
            out.scales.push(scale);
        }
        if config.slots_are_categories {
            out.slots_as_categories(features, fit)?;
        } else {
            out.slots_as_indicators(features, &mut rare);
        }
        let tags: Vec<(Source, bool)> = rare.iter().map(|(source, marks_upper, _)| (*source, *marks_upper)).collect();
        let lists = rare.into_iter().enumerate().map(|(tag, (_, _, rows))| Rare { tag, rows }).collect();
        for place in bundle(lists, n_rows, &mut out.columns) {
            let (source, marks_upper) = tags[place.tag];
            let kind = Kind::Indicator { code: place.code, marks_upper };
            out.candidates.push(Candidate { source, column: place.column, kind });
        }
        out.candidates.sort_by_key(|candidate| match candidate.source {
            Source::Dense(feature) | Source::OneHot(feature) => feature,
            Source::Slot(slot) => features.n_dense() + slot,
        });
        Ok(out)
    }

    /// Stores a coded dense column, or hands the rows of its rarer value to `rare` where it has but two values.
    fn store(
        &mut self,
        column: usize,
        scale: &Scale,
        (codes, fit): (&mut [u16], &[u32]),
        rare: &mut Vec<(Source, bool, Vec<u32>)>,
    ) {
        let has_missing = fit.iter().any(|&row| codes[row as usize] == MISSING);
        let any_missing = has_missing || codes.contains(&MISSING);
        let source = Source::Dense(column);
        let (n_values, kind) = match scale {
            Scale::Thresholds(bounds) if bounds.is_empty() && !has_missing => return,
            Scale::Thresholds(bounds) if bounds.len() == 1 && !any_missing => {
                let n_upper = codes.iter().filter(|&&code| code == 1).count();
                let marks_upper = n_upper * 2 <= codes.len();
                let marked = |row: &u32| (codes[*row as usize] == 1) == marks_upper;
                rare.push((source, marks_upper, (0..codes.len() as u32).filter(marked).collect()));
                return;
            }
            Scale::Thresholds(bounds) => (bounds.len() + 1, Kind::Ordered { n_bins: bounds.len() + 1, has_missing }),
            Scale::Levels(levels) => (levels.len(), Kind::Category { n_levels: levels.len(), has_missing }),
        };
        let code = |code: u16| if code == MISSING { n_values } else { usize::from(code) };
        let n_codes = n_values + usize::from(any_missing);
        let stored = if n_codes <= 256 {
            Codes::Narrow(codes.iter().map(|&c| code(c) as u8).collect())
        } else {
            Codes::Wide(codes.iter().map(|&c| code(c) as u32).collect())
        };
        let column = self.columns.push(stored, n_codes);
        self.candidates.push(Candidate { source, column, kind });
    }

    /// Stores each one-hot slot as one column whose codes mark its features; a feature found in more than one slot is
    /// handed to `rare`.
    fn slots_as_indicators(&mut self, features: &Matrix, rare: &mut Vec<(Source, bool, Vec<u32>)>) {
        const NOWHERE: usize = usize::MAX;
        const SCATTERED: usize = usize::MAX - 1;
        let (n_dense, n_features) = (features.n_dense(), features.n_features());
        let mut slot_of = vec![NOWHERE; n_features - n_dense];
        for row in 0..features.n_rows() {
            for (slot, &feature) in features.slot_row(row).iter().enumerate() {
                if let Some(owner) = slot_of.get_mut((feature as usize).wrapping_sub(n_dense)) {
                    *owner = if *owner == NOWHERE || *owner == slot { slot } else { SCATTERED };
                }
            }
        }
        let mut code_of = vec![0_u32; n_features + 1];
        for slot in 0..features.n_slots() {
            let owned: Vec<usize> =
                (n_dense..n_features).filter(|feature| slot_of[feature - n_dense] == slot).collect();
            if owned.is_empty() {
                continue;
            }
            owned.iter().enumerate().for_each(|(k, &feature)| code_of[feature] = k as u32 + 1);
            let codes = (0..features.n_rows()).map(|row| code_of[features.slot_row(row)[slot] as usize]);
            let stored = narrow(codes, owned.len() + 1);
            owned.iter().for_each(|&feature| code_of[feature] = 0);
            let column = self.columns.push(stored, owned.len() + 1);
            self.candidates.extend(owned.iter().enumerate().map(|(k, &feature)| Candidate {
                source: Source::OneHot(feature),
                column,
                kind: Kind::Indicator { code: k + 1, marks_upper: true },
            }));
        }
        for feature in (n_dense..n_features).filter(|feature| slot_of[feature - n_dense] == SCATTERED) {
            let has = |row: &u32| features.slot_row(*row as usize).contains(&(feature as u32));
            rare.push((Source::OneHot(feature), true, (0..features.n_rows() as u32).filter(has).collect()));
        }
    }

    /// Stores each one-hot slot as a category, "none" as missing.
    fn slots_as_categories(&mut self, features: &Matrix, fit: &[u32]) -> Result<(), LearnError> {
        let none = features.n_features() as u32;
        for slot in 0..features.n_slots() {
            let of_slot = || (0..features.n_rows()).map(move |row| features.slot_row(row)[slot]);
            let first = of_slot().min().unwrap_or(none);
            let levels = first..of_slot().filter(|&feature| feature != none).max().map_or(first, |last| last + 1);
            let n_levels = levels.len();
            check_levels(n_levels)?;
            let codes = of_slot().map(|feature| if feature == none { n_levels as u32 } else { feature - first });
            let stored = narrow(codes, n_levels + 1);
            let has_missing = fit.iter().any(|&row| features.slot_row(row as usize)[slot] == none);
            let column = self.columns.push(stored, n_levels + 1);
            let kind = Kind::Category { n_levels, has_missing };
            self.candidates.push(Candidate { source: Source::Slot(slot), column, kind });
            self.slot_levels.push(levels);
        }
        Ok(())
    }
}

/// Codes in bytes where they fit.
fn narrow(codes: impl Iterator<Item = u32>, n_codes: usize) -> Codes {
    if n_codes <= 256 { Codes::Narrow(codes.map(|code| code as u8).collect()) } else { Codes::Wide(codes.collect()) }
}

/// The distinct values of a column of levels.
fn levels(values: &[f64]) -> Result<Scale, LearnError> {
    // Adding 0 makes a negative zero positive.
    let mut levels: Vec<f64> = values.iter().filter(|value| !value.is_nan()).map(|value| value + 0.0).collect();
    levels.sort_unstable_by(f64::total_cmp);
    levels.dedup();
    check_levels(levels.len())?;
    Ok(Scale::Levels(levels))
}

fn check_levels(n_levels: usize) -> Result<(), LearnError> {
    if n_levels <= MOST_LEVELS {
        return Ok(());
    }
    Err(LearnError::Setting {
        setting: "categorical_features",
        value: format!("a column of {n_levels} levels"),
        range: "columns of at most 60,000 levels",
    })
}

/// The rows that thresholds are learned from, and the weights that still count: a draw by weight uses them up.
fn sample<'a>(fit: &[u32], weights: Option<&'a [f64]>, seed: u64) -> (Vec<u32>, Option<&'a [f64]>) {
    if fit.len() <= SUBSAMPLE {
        return (fit.to_vec(), weights);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let Some(weights) = weights else {
        return ((0..SUBSAMPLE).map(|_| fit[rng.random_range(0..fit.len())]).collect(), None);
    };
    let mut total = 0.0;
    let cumulated: Vec<f64> = fit
        .iter()
        .map(|&row| {
            total += weights[row as usize];
            total
        })
        .collect();
    let draw = |_| {
        let aim = rng.random::<f64>() * total;
        fit[cumulated.partition_point(|&sum| sum <= aim).min(fit.len() - 1)]
    };
    ((0..SUBSAMPLE).map(draw).collect(), None)
}
