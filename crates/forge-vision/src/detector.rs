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
        let runtime = Runtime::load(onnx, description)?;
        runtime.prepare(640, 480)?;
        Ok(Self { runtime })
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
        let ModelDescription { head, classes, .. } = self.runtime.description();
        match head {
            Head::Yolox { strides } => {
                let expected = [1, yolox::n_cells(strides, size), yolox::BEFORE_CLASSES + classes.len()];
                let [output] = self.shaped(outputs, [expected])?;
                Ok(yolox::decode(output, classes.len(), strides, size, threshold))
            }
            Head::Picodet { strides, bins } => {
                let levels: Vec<_> = strides.iter().map(|&stride| picodet::cells(stride, size)).collect();
                let scores = levels.iter().map(|(across, down)| [1, across * down, classes.len()]);
                let distances = levels.iter().map(|(across, down)| [1, across * down, 4 * bins]);
                self.check(outputs, &scores.chain(distances).collect::<Vec<_>>())?;
                let (scores, distances) = outputs.split_at(levels.len());
                let mut found = Vec::new();
                for (((scores, distances), &stride), &(across, _)) in
                    scores.iter().zip(distances).zip(strides).zip(&levels)
                {
                    let level = Level { scores: &scores.values, distances: &distances.values, stride, across };
                    picodet::decode(&level, classes.len(), *bins, threshold, &mut found);
                }
                Ok(found)
            }
            Head::Bodypix { .. } => Ok(Vec::new()),
        }
    }

    fn shaped<'a, const N: usize>(
        &self,
        outputs: &'a [Output],
        expected: [[usize; 3]; N],
    ) -> Result<[&'a [f32]; N], VisionError> {
        self.check(outputs, &expected)?;
        Ok(std::array::from_fn(|i| &outputs[i].values[..]))
    }

    fn check(&self, outputs: &[Output], expected: &[[usize; 3]]) -> Result<(), VisionError> {
        if outputs.len() != expected.len() {
            let what = "the number of outputs".to_owned();
            return Err(self.runtime.mismatch(what, &outputs.len(), expected.len().to_string()));
        }
        for (i, (output, expected)) in outputs.iter().zip(expected).enumerate() {
            if output.shape != expected {
                let what = format!("the shape of output {i}");
                return Err(self.runtime.mismatch(what, &output.shape, format!("{expected:?}")));
            }
        }
        Ok(())
    }

    fn embedding(&self, name: &str, output: Option<Output>) -> Result<Vec<f32>, VisionError> {
        let Some(Output { shape, values }) = output else { return Ok(Vec::new()) };
        let &[1, channels, rows, columns] = &shape[..] else {
            let what = format!("the shape of the tensor \"{name}\"");
            return Err(self.runtime.mismatch(what, &shape, "1 × channels × rows × columns".to_owned()));
        };
        let n = rows * columns;
        let mean = |plane: &[f32]| (plane.iter().copied().map(f64::from).sum::<f64>() / n as f64) as f32;
        Ok(values.chunks_exact(n.max(1)).take(channels).map(mean).collect())
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
