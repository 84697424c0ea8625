//! `regression.learn`: finding wrong numbers by a model.

use anyhow::Result;
use forge_core::Quiet;
use forge_core::regression::learn::{CleanLearning, RegressionData};
use forge_learn::{HistGradientBoosting, Matrix};
use ndarray::Ix2;

use crate::{Arrays, Stopwatch};

pub(super) fn clean_learning(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (features, targets) = (given.array::<Ix2>("features")?, given.floats("targets")?);
    let found = stopwatch.time(|| {
        let data = RegressionData::new(Matrix::from_dense(&features)?, targets)?;
        CleanLearning::default().find_label_issues(&HistGradientBoosting::default(), &data, &Quiet)
    })?;
    Ok(Arrays::default()
        .with_floats("label_quality", found.label_quality)
        .with_floats("predicted_label", found.predicted_label))
}
