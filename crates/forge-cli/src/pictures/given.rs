//! Predictions of the user's own instead of those of a model.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use forge_core::PicturePrediction;
use forge_data::{BoxPredictions, ImageSet, LogitGrid, read_coco_results, read_mask, read_yolo_predictions};

use super::read::{files_below, unpacked};
use crate::context::Context;

/// The number that stands for probability 1 in a PNG of 8 bits.
const WHITE: f64 = 255.0;

/// The files behind a name: those of a folder or an archive, or the one that it is.
fn files(path: &Path, context: &Context) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let name = path.display().to_string();
    if path.is_dir() {
        return files_below(path, context.max_memory);
    }
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    if bytes.starts_with(b"PK") { Ok(unpacked(&name, bytes)?.0) } else { Ok(vec![(name, bytes)]) }
}

/// Puts predicted boxes, in COCO results or YOLO files with scores, into the predictions; gives the names of their classes,
/// which are those of the annotations.
pub(crate) fn boxes(
    path: &Path,
    set: &mut ImageSet,
    predictions: &mut [Option<PicturePrediction>],
    context: &Context,
) -> anyhow::Result<Vec<String>> {
    let name = path.display().to_string();
    let Some(truth) = &set.boxes else {
        bail!("{name} predicts boxes, but there are no annotated ones to compare with")
    };
    let files = files(path, context)?;
    let is_json = |name: &str| name.to_lowercase().ends_with(".json");
    let results = files.iter().find(|(name, _)| is_json(name));
    let BoxPredictions { boxes, mut warnings } = if let Some((name, bytes)) = results {
        read_coco_results(name, bytes.clone(), &truth.annotations)?
    } else {
        let texts: Vec<(String, Vec<u8>)> =
            files.into_iter().filter(|(name, _)| name.to_lowercase().ends_with(".txt")).collect();
        ensure!(!texts.is_empty(), "{name} holds neither COCO results (.json) nor YOLO files with scores (.txt)");
        read_yolo_predictions(&texts, &truth.annotations)
    };
    for (image, boxes) in boxes.into_iter().enumerate() {
        let picture = set.image_of.get(image).copied().flatten();
        if let Some(Some(prediction)) = picture.and_then(|picture| predictions.get_mut(picture)) {
            prediction.boxes = boxes;
        }
    }
    let classes = truth.annotations.classes.clone();
    set.warnings.append(&mut warnings);
    Ok(classes)
}

/// Puts predicted masks into the predictions: PNGs of 8 bits named as their pictures, whose numbers are probabilities, 255
/// for 1.
pub(crate) fn masks(
    path: &Path,
    set: &mut ImageSet,
    predictions: &mut [Option<PicturePrediction>],
    context: &Context,
) -> anyhow::Result<()> {
    let files = files(path, context)?;
    let stem = |name: &str| {
        let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
        last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned()
    };
    let mut n_found = 0;
    for (name, bytes) in &files {
        let wanted = stem(name);
        let Some(picture) = set.images.iter().position(|image| stem(&image.path) == wanted) else { continue };
        let Some(Some(prediction)) = predictions.get_mut(picture) else { continue };
        let mask = match read_mask(name, bytes) {
            Ok(mask) => mask,
            Err(error) => {
                set.warnings.push(format!("left out: {error}"));
                continue;
            }
        };
        // As far from 0 and 1 as half a step, so that log odds are finite.
        let log_odds = |pixel: usize| {
            let p = (f64::from(mask.value(pixel)) / WHITE).clamp(0.5 / WHITE, 1.0 - 0.5 / WHITE);
            (p / (1.0 - p)).ln() as f32
        };
        let (rows, cols) = (mask.height as usize, mask.width as usize);
        prediction.person = Some(LogitGrid::new(rows, cols, (0..rows * cols).map(log_odds).collect())?);
        n_found += 1;
    }
    ensure!(n_found > 0, "{} holds no PNG with the name of a picture that takes part", path.display());
    Ok(())
}
