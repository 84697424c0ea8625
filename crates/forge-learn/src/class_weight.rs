//! How much the classes count in a fit, scikit-learn's `class_weight`.

use serde::{Deserialize, Serialize};

use crate::LearnError;

/// What the loss of a row is multiplied by for its class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassWeight {
    /// Each row counts once.
    #[default]
    None,
    /// Each class counts alike: rows ÷ (classes × rows of the class), rows by their weights.
    Balanced,
    /// This number per class, of at least 0, in the order of the classes.
    PerClass(Vec<f64>),
}

impl ClassWeight {
    /// The weight of each row: its own, if any, times that of its class, classes being balanced by their rows, whatever
    /// those weigh; scikit-learn's `compute_sample_weight` times `sample_weight`.
    pub(crate) fn by_count(
        &self,
        labels: &[u32],
        n_classes: usize,
        weights: Option<&[f64]>,
    ) -> Result<Option<Vec<f64>>, LearnError> {
        Ok(match (self.of_rows(labels, n_classes, None)?, weights) {
            (Some(of_class), Some(own)) => Some(of_class.iter().zip(own).map(|(class, own)| class * own).collect()),
            (of_class, own) => of_class.or_else(|| own.map(<[f64]>::to_vec)),
        })
    }

    /// The weight of each row: its own, if any, times that of its class.
    pub(crate) fn of_rows(
        &self,
        labels: &[u32],
        n_classes: usize,
        weights: Option<&[f64]>,
    ) -> Result<Option<Vec<f64>>, LearnError> {
        let own = |row: usize| weights.and_then(|weights| weights.get(row)).copied().unwrap_or(1.0);
        let of_class = match self {
            Self::None => return Ok(weights.map(<[f64]>::to_vec)),
            Self::PerClass(given) => {
                let usable =
                    given.len() == n_classes && given.iter().all(|weight| weight.is_finite() && *weight >= 0.0);
                if !usable {
                    return Err(LearnError::Setting {
                        setting: "class_weight",
                        value: format!("{given:?}"),
                        range: "balanced, or a finite number of at least 0 per class",
                    });
                }
                given.clone()
            }
            Self::Balanced => {
                let mut counts = vec![0.0; n_classes];
                for (row, &label) in labels.iter().enumerate() {
                    counts[label as usize] += own(row);
                }
                let n_present = counts.iter().filter(|&&count| count > 0.0).count() as f64;
                let total: f64 = counts.iter().sum();
                let weight = |count: &f64| if *count > 0.0 { total / (n_present * count) } else { 0.0 };
                counts.iter().map(weight).collect()
            }
        };
        Ok(Some(labels.iter().enumerate().map(|(row, &label)| own(row) * of_class[label as usize]).collect()))
    }
}
