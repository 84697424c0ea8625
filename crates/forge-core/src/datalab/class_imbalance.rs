//! A class with far fewer rows than an even share. cleanlab's check `class_imbalance`.

use serde::Deserialize;

use super::data::AuditData;
use super::found::{Found, RowFacts, info};
use crate::CoreError;

/// Settings of the check.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClassImbalanceSettings {
    /// The rarest class is an issue when its share of the rows is below this part of an even share [0.1; at least 0].
    pub threshold: f64,
}

impl Default for ClassImbalanceSettings {
    fn default() -> Self {
        Self { threshold: 0.1 }
    }
}

/// Flags the rows of the rarest class where it is rare enough; their score is its share, that of all others 1.
pub(super) fn find(data: &AuditData, settings: ClassImbalanceSettings) -> Result<Found, CoreError> {
    let (labels, names) = data.classes()?;
    let counts = labels.counts(names.len())?;
    let n = labels.len() as f64;
    let (rarest, count) = counts
        .iter()
        .enumerate()
        .min_by_key(|&(class, &count)| (count, class))
        .ok_or(CoreError::Empty { argument: "labels" })?;
    let share = *count as f64 / n;
    let rare = share < settings.threshold * (1.0 / names.len() as f64);
    let is_rarest: Vec<bool> = labels.as_slice().iter().map(|&label| label as usize == rarest).collect();
    Ok(Found {
        scores: is_rarest.iter().map(|&is| if is { share } else { 1.0 }).collect(),
        is_issue: is_rarest.into_iter().map(|is| is && rare).collect(),
        score: share,
        facts: vec![("given_label", RowFacts::Classes(labels.as_slice().to_vec()))],
        graph: None,
        info: info! {
            "threshold": settings.threshold,
            "Rarest Class": rare.then_some(rarest),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::data::Targets;
    use super::*;
    use crate::Labels;

    #[test]
    fn the_rarest_class_is_flagged_only_below_its_share() {
        let labels = Labels::new((0..40).map(|row| u32::from(row < 1)).collect()).unwrap();
        let data = AuditData::of(Targets::Classes(labels, vec!["no".to_owned(), "yes".to_owned()]));
        let found = find(&data, ClassImbalanceSettings::default()).unwrap();
        assert_eq!((found.n_issues(), found.score, found.scores[1]), (1, 0.025, 1.0));
        assert_eq!(found.info["Rarest Class"], 1);
        let found = find(&data, ClassImbalanceSettings { threshold: 0.05 }).unwrap();
        assert_eq!((found.n_issues(), &found.info["Rarest Class"]), (0, &serde_json::Value::Null));
    }
}
