//! Runs models on pictures, one picture per unit of the host.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use forge_core::images::{ImageCheck, Imagelab, Picture};
use forge_core::{Host, PREDICTION_FLOOR, PicturePrediction, Progress};
use forge_data::{ImageFile, ImageSet};
use forge_vision::{DecodeLimits, Detector, Head, ModelDescription, Photo, PhotoColor, Segmenter, decode, dhash};

use crate::terminal::Terminal;

const YOLOX: &[u8] = include_bytes!("../../../../data/models/yolox_nano.onnx");
const BODYPIX: &[u8] = include_bytes!("../../../../data/models/bodypix_s16.onnx");

/// A model that is ready to run.
pub(crate) enum Model {
    Detector(Box<Detector>),
    Segmenter(Box<Segmenter>),
    /// Pictures are decoded and measured only.
    None,
}

/// What a model is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Boxes,
    Masks,
}

impl Model {
    /// The bundled model.
    pub(crate) fn bundled(wanted: Wanted) -> anyhow::Result<Self> {
        Ok(match wanted {
            Wanted::Boxes => Self::Detector(Box::new(Detector::load(YOLOX, &ModelDescription::yolox_nano())?)),
            Wanted::Masks => Self::Segmenter(Box::new(Segmenter::load(BODYPIX, &ModelDescription::bodypix_s16())?)),
        })
    }

    /// The user's own model: an ONNX file and what is known of it, in a JSON file unless its name is that of a known model.
    pub(crate) fn read(path: &Path, description: Option<&PathBuf>, wanted: Wanted) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let stem = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let known =
            [ModelDescription::yolox_nano(), ModelDescription::picodet_s_320(), ModelDescription::bodypix_s16()];
        let description = match description {
            Some(file) => {
                let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
                ModelDescription::from_json(&text).with_context(|| format!("in {}", file.display()))?
            }
            None => match known.into_iter().find(|known| known.name == stem) {
                Some(known) => known,
                None => bail!(
                    "nothing is known of the model {name}: say with --model-description how it is fed and read, or give it the \
                     name of a known one (yolox_nano, picodet_s_320, bodypix_s16)"
                ),
            },
        };
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
        let is_segmenter = matches!(description.head, Head::Bodypix { .. });
        match (wanted, is_segmenter) {
            (Wanted::Boxes, false) => Ok(Self::Detector(Box::new(
                Detector::load(&bytes, &description).with_context(|| format!("in {name}"))?,
            ))),
            (Wanted::Masks, true) => Ok(Self::Segmenter(Box::new(
                Segmenter::load(&bytes, &description).with_context(|| format!("in {name}"))?,
            ))),
            (Wanted::Boxes, true) => bail!("{name} predicts masks, but boxes are wanted"),
            (Wanted::Masks, false) => bail!("{name} predicts boxes, but masks are wanted"),
        }
    }

    /// Names of the predicted classes.
    pub(crate) fn classes(&self) -> Vec<String> {
        match self {
            Self::Detector(detector) => detector.description().classes.clone(),
            Self::Segmenter(segmenter) => segmenter.description().classes.clone(),
            Self::None => Vec::new(),
        }
    }

    /// Shows the chosen pictures to the model; a picture that cannot be read says so in its prediction.
    pub(crate) fn predict(
        &self,
        set: &ImageSet,
        (chosen, floor): (&[usize], f64),
        terminal: &Terminal,
    ) -> anyhow::Result<Vec<Option<PicturePrediction>>> {
        let lab = Imagelab::new(ImageCheck::defaults())?;
        let slots: Vec<OnceLock<PicturePrediction>> = chosen.iter().map(|_| OnceLock::new()).collect();
        let (done, total) = (AtomicUsize::new(0), chosen.len());
        let stage = if matches!(self, Self::None) { "Reading the pictures" } else { "Looking at the pictures" };
        terminal.progress(Progress { stage, done: 0, total });
        terminal.run_units(total, &|unit| {
            let prediction = self.look(&lab, &set.images[chosen[unit]], floor.min(PREDICTION_FLOOR));
            // Each unit fills its own slot once.
            let _ = slots[unit].set(prediction);
            terminal.progress(Progress { stage, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
        });
        let mut predictions: Vec<Option<PicturePrediction>> = vec![None; set.images.len()];
        for (&picture, slot) in chosen.iter().zip(slots) {
            predictions[picture] = slot.into_inner();
        }
        Ok(predictions)
    }

    fn look(&self, lab: &Imagelab, image: &ImageFile, floor: f64) -> PicturePrediction {
        let seen = decode(&image.path, &image.bytes, &DecodeLimits::default())
            .map_err(anyhow::Error::from)
            .and_then(|photo| self.look_at(lab, &photo, floor));
        seen.unwrap_or_else(|error| PicturePrediction {
            trouble: Some(format!("{error:#}")),
            ..PicturePrediction::default()
        })
    }

    fn look_at(&self, lab: &Imagelab, photo: &Photo, floor: f64) -> anyhow::Result<PicturePrediction> {
        let (width, height) = (u32::try_from(photo.width())?, u32::try_from(photo.height())?);
        let picture = match photo.color() {
            PhotoColor::Rgb => Picture::rgb(width, height, photo.rgb())?,
            PhotoColor::Gray => {
                Picture::gray(width, height, photo.rgb().iter().step_by(3).copied().collect::<Vec<u8>>())?
            }
        };
        let mut prediction = PicturePrediction {
            dhash: Some(dhash(photo)),
            facts: Some(lab.measure(&picture)),
            ..PicturePrediction::default()
        };
        match self {
            Self::Detector(detector) => {
                let (boxes, embedding) = detector.detect_with_embedding(photo, floor)?;
                prediction.boxes = boxes;
                prediction.embedding = Some(embedding).filter(|embedding| !embedding.is_empty());
            }
            Self::Segmenter(segmenter) => prediction.person = Some(segmenter.segment(photo)?),
            Self::None => {}
        }
        Ok(prediction)
    }
}
