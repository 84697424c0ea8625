//! Objects in a picture: a model, its plan and the reading of its outputs.

use forge_data::{BoxKind, LabelledBox, ScoredBox};

use crate::VisionError;
use crate::description::{Head, ModelDescription};
use crate::input::Placed;
use crate::nms::{Candidate, suppress};
use crate::photo::Photo;
use crate::picodet::{self, Level};
use crate::runtime::{Output, Runtime};
use crate::yolox;

/// A model that finds objects. It may be shared by threads; each size of input is prepared once.
#[derive(Debug)]
pub struct Detector {
    runtime: Runtime,
}

impl Detector {
    /// Reads an ONNX file with what is known of it, and prepares it for its size of input.
    ///
    /// # Errors
    /// [`VisionError::Description`], [`VisionError::NotOnnx`], [`VisionError::UnsupportedOperator`],
    /// [`VisionError::NotRunnable`], [`VisionError::Mismatch`] for an input or embedding that is not as described.
    pub fn load(onnx: &[u8], description: &ModelDescription) -> Result<Self, VisionError> {
        if matches!(description.head, Head::Bodypix { .. }) {
            let reason = "is bodypix, which finds no boxes; a detector has yolox or picodet".to_owned();
            return Err(VisionError::Description { field: "head.type".to_owned(), reason });
        }
        let detector = Self { runtime: Runtime::load(onnx, description)? };
        let placed = Placed::new(description.input.fit, 640, 480);
        if let Some(mut shapes) = detector.runtime.prepare(placed)? {
            if let Some(name) = &description.embedding {
                detector.check_embedding(name, &shapes.pop().unwrap_or_default())?;
            }
            let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
            detector.check(&shapes, (placed.width, placed.height))?;
        }
        Ok(detector)
    }

    #[cfg(test)]
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// What the model was loaded with.
    pub fn description(&self) -> &ModelDescription {
        self.runtime.description()
    }

    /// The objects in a picture that score at least `score_threshold`, highest score first, in pixels of the picture.
    ///
    /// # Errors
    /// [`VisionError::Mismatch`] for outputs that are not as described, [`VisionError::NotRunnable`],
    /// [`VisionError::Failed`].
    pub fn detect(&self, photo: &Photo, score_threshold: f64) -> Result<Vec<ScoredBox>, VisionError> {
        self.detect_with_embedding(photo, score_threshold).map(|(boxes, _)| boxes)
    }

    /// The same, and what stands for the whole picture: the mean of [`ModelDescription::embedding`] over its rows and
    /// columns, one number per channel; none where the model has no embedding.
    ///
    /// Pictures with a cosine near 1 are near-duplicates, also when one is a mirror image of the other.
    ///
    /// # Errors
    /// As [`detect`](Self::detect).
    pub fn detect_with_embedding(
        &self,
        photo: &Photo,
        score_threshold: f64,
    ) -> Result<(Vec<ScoredBox>, Vec<f32>), VisionError> {
        let description = self.runtime.description();
        let placed = Placed::new(description.input.fit, photo.width(), photo.height());
        let mut outputs = self.runtime.run(photo, placed)?;
        let embedding = match &description.embedding {
            Some(name) => self.embedding(name, outputs.pop())?,
            None => Vec::new(),
        };
        let candidates = self.candidates(&outputs, (placed.width, placed.height), score_threshold)?;
        let kept = suppress(candidates, description.nms_iou);
        Ok((kept.iter().filter_map(|kept| in_photo(kept, &placed, photo)).collect(), embedding))
    }

    fn candidates(
        &self,
        outputs: &[Output],
        size: (usize, usize),
        threshold: f64,
    ) -> Result<Vec<Candidate>, VisionError> {
        let shapes: Vec<&[usize]> = outputs.iter().map(|output| &output.shape[..]).collect();
        self.check(&shapes, size)?;
        let ModelDescription { head, classes, .. } = self.runtime.description();
        let mut found = Vec::new();
        match head {
            Head::Yolox { strides } => {
                for output in outputs {
                    found.extend(yolox::decode(&output.values, classes.len(), strides, size, threshold));
                }
            }
            Head::Picodet { strides, bins } => {
                let (scores, distances) = outputs.split_at(strides.len());
                for ((scores, distances), &stride) in scores.iter().zip(distances).zip(strides) {
                    let (across, _) = picodet::cells(stride, size);
                    let level = Level { scores: &scores.values, distances: &distances.values, stride, across };
                    picodet::decode(&level, classes.len(), *bins, threshold, &mut found);
                }
            }
            Head::Bodypix { .. } => {}
        }
        Ok(found)
    }

    /// The shapes that the head asks for, of an input of `size`.
    fn expected(&self, size: (usize, usize)) -> Vec<[usize; 3]> {
        let ModelDescription { head, classes, .. } = self.runtime.description();
        match head {
            Head::Yolox { strides } => {
                vec![[1, yolox::n_cells(strides, size), yolox::BEFORE_CLASSES + classes.len()]]
            }
            Head::Picodet { strides, bins } => {
                let of_levels = |columns: usize| {
                    strides.iter().map(move |&stride| {
                        let (across, down) = picodet::cells(stride, size);
                        [1, across * down, columns]
                    })
                };
                of_levels(classes.len()).chain(of_levels(4 * bins)).collect()
            }
            Head::Bodypix { .. } => Vec::new(),
        }
    }

    fn check(&self, found: &[&[usize]], size: (usize, usize)) -> Result<(), VisionError> {
        let expected = self.expected(size);
        if found.len() != expected.len() {
            let what = "the number of outputs".to_owned();
            return Err(self.runtime.mismatch(what, &found.len(), expected.len().to_string()));
        }
        match found.iter().zip(&expected).position(|(found, expected)| *found != expected) {
            None => Ok(()),
            Some(i) => {
                let what = format!("the shape of output {i}");
                Err(self.runtime.mismatch(what, &found[i], format!("{:?}", expected[i])))
            }
        }
    }

    /// Channels, rows and columns of an embedding.
    fn check_embedding(&self, name: &str, shape: &[usize]) -> Result<[usize; 3], VisionError> {
        match *shape {
            [1, channels, rows, columns] if rows * columns > 0 => Ok([channels, rows, columns]),
            _ => {
                let what = format!("the shape of the tensor \"{name}\"");
                Err(self.runtime.mismatch(what, &shape, "1 × channels × rows × columns".to_owned()))
            }
        }
    }

    fn embedding(&self, name: &str, output: Option<Output>) -> Result<Vec<f32>, VisionError> {
        let Some(Output { shape, values }) = output else { return Ok(Vec::new()) };
        let [channels, rows, columns] = self.check_embedding(name, &shape)?;
        let n = rows * columns;
        let mean = |plane: &[f32]| (plane.iter().copied().map(f64::from).sum::<f64>() / n as f64) as f32;
        Ok(values.chunks_exact(n).take(channels).map(mean).collect())
    }
}

/// A box in pixels of the picture, cut at its edges; nothing where no part of it lies in the picture.
fn in_photo(candidate: &Candidate, placed: &Placed, photo: &Photo) -> Option<ScoredBox> {
    let (width, height) = (photo.width() as f64, photo.height() as f64);
    let [x1, y1, x2, y2] = candidate.edges.map(f64::from);
    let (x1, y1) = placed.back(x1, y1);
    let (x2, y2) = placed.back(x2, y2);
    let (x1, x2) = (x1.clamp(0.0, width), x2.clamp(0.0, width));
    let (y1, y2) = (y1.clamp(0.0, height), y2.clamp(0.0, height));
    let labelled = LabelledBox { class: candidate.class as u32, x1, y1, x2, y2, kind: BoxKind::Object };
    let score = f64::from(candidate.score).clamp(0.0, 1.0);
    (x1 < x2 && y1 < y2).then_some(ScoredBox { labelled, score })
}
