//! The audit of a data set, and of pictures.

use anyhow::Result;
use forge_core::datalab::{AuditData, Datalab, Targets};
use forge_core::images::{ImageCheck, Imagelab, Picture};
use forge_core::{CoreError, Labels, Quiet};

use crate::{Arrays, Stopwatch};

/// All default checks on labels, probabilities and features. What is compared are scores and flags but for the order
/// check's, whose p-value cleanlab takes from a smoothed sample.
pub(super) fn audit(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (labels, probs, features) = (given.counts("labels")?, given.array("pred_probs")?, given.array("features")?);
    let lab = stopwatch.time(|| {
        let names = (0..=labels.iter().copied().max().unwrap_or(0)).map(|class| class.to_string()).collect();
        let data = AuditData::of(Targets::Classes(Labels::new(labels)?, names));
        let mut lab = Datalab::new(data.with_pred_probs(probs).with_features(features));
        lab.find_issues(&lab.default_checks(), &Quiet)?;
        Ok::<_, CoreError>(lab)
    })?;
    let mut arrays = Arrays::default();
    for (issue, found) in lab.results() {
        arrays = arrays
            .with_floats(&format!("{}_score", issue.name()), found.scores.clone())
            .with_flags(&format!("is_{}_issue", issue.name()), found.is_issue.iter().copied());
    }
    Ok(arrays)
}

/// All checks of pictures, n × height × width × 3 numbers from 0 to 255.
pub(super) fn pictures(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (shape, values) = given.count_array("pixels")?;
    let bytes: Vec<u8> = values.iter().map(|&value| value as u8).collect();
    let &[_, height, width, 3] = shape.as_slice() else { anyhow::bail!("pixels have shape {shape:?}") };
    drop(values);
    let found = stopwatch.time(|| {
        let pictures = bytes
            .chunks_exact(height * width * 3)
            .map(|pixels| Picture::rgb(width as u32, height as u32, pixels))
            .collect::<Result<Vec<_>, _>>()?;
        Imagelab::check(&pictures, ImageCheck::defaults(), &Quiet)
    })?;
    let mut arrays = Arrays::default();
    for result in &found.results {
        arrays = arrays
            .with_floats(&format!("{}_score", result.issue.name()), result.scores.clone())
            .with_flags(&format!("is_{}_issue", result.issue.name()), result.is_issue.iter().copied());
    }
    Ok(arrays)
}
