//! Which pixels of a picture belong to people: a model, its plans and the reading of its output.

use forge_data::{LabelledBox, LogitGrid};

use crate::VisionError;
use crate::description::{Fit, Head, ModelDescription};
use crate::input::Placed;
use crate::photo::Photo;
use crate::runtime::Runtime;

/// A model that tells the pixels of people from others. It may be shared by threads; each size of input is prepared once.
#[derive(Debug)]
pub struct Segmenter {
    runtime: Runtime,
    threshold: f32,
}

/// The pixels of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceMask {
    /// Left edge of the part of the picture that it covers, in pixels.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Whether each pixel of that part belongs to the object, row by row from the top.
    pub inside: Vec<bool>,
}

/// How much is cut out around a box, as a share of its width and height.
const MARGIN: (f64, f64) = (0.25, 0.12);
/// Longer side of what is cut out, when it goes into the model.
const CUT_SIDE: usize = 385;
/// Sides of what is cut out are steps of this many times the model's: boxes differ more in shape than pictures do, and every
/// size of input must be prepared.
const CUT_STEPS: usize = 4;

impl Segmenter {
    /// Reads an ONNX file with what is known of it, and prepares it for pictures of 4 × 3.
    ///
    /// # Errors
    /// [`VisionError::Description`], [`VisionError::NotOnnx`], [`VisionError::UnsupportedOperator`],
    /// [`VisionError::NotRunnable`], [`VisionError::Mismatch`] for an input that is not as described.
    pub fn load(onnx: &[u8], description: &ModelDescription) -> Result<Self, VisionError> {
        let refused = |field: &str, reason: &str| {
            Err(VisionError::Description { field: field.to_owned(), reason: reason.to_owned() })
        };
        let Head::Bodypix { threshold } = description.head else {
            return refused("head.type", "finds boxes; a segmenter has bodypix");
        };
        if matches!(description.input.fit, Fit::Letterbox { .. }) {
            return refused("input.fit.type", "is letterbox; a segmenter has stretch or long_side");
        }
        let segmenter = Self { runtime: Runtime::load(onnx, description)?, threshold };
        if let Some(shapes) = segmenter.runtime.prepare(Placed::new(description.input.fit, 640, 480))? {
            let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
            segmenter.check(&shapes)?;
        }
        Ok(segmenter)
    }

    #[cfg(test)]
    pub(crate) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// What the model was loaded with.
    pub fn description(&self) -> &ModelDescription {
        self.runtime.description()
    }

    /// Where the probability is above this is a person.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The log odds of a person all over a picture. For its pixels, see [`LogitGrid::probabilities`].
    ///
    /// # Errors
    /// [`VisionError::Mismatch`] for an output that is not as described, [`VisionError::NotRunnable`],
    /// [`VisionError::Failed`].
    pub fn segment(&self, photo: &Photo) -> Result<LogitGrid, VisionError> {
        self.segment_fitted(photo, self.runtime.description().input.fit)
    }

    /// The pixels of the person in each box: the box is cut out with a margin, enlarged and segmented by itself; what lies
    /// outside of the box is left out. A box outside of the picture has a mask without pixels.
    ///
    /// # Errors
    /// As [`segment`](Self::segment).
    pub fn instance_masks(&self, photo: &Photo, boxes: &[LabelledBox]) -> Result<Vec<InstanceMask>, VisionError> {
        boxes.iter().map(|labelled| self.instance_mask(photo, labelled)).collect()
    }

    fn instance_mask(&self, photo: &Photo, labelled: &LabelledBox) -> Result<InstanceMask, VisionError> {
        let (across, down) = (labelled.x2 - labelled.x1, labelled.y2 - labelled.y1);
        let (x, width) = span(labelled.x1, labelled.x2, 0.0, photo.width());
        let (y, height) = span(labelled.y1, labelled.y2, 0.0, photo.height());
        let (cut_x, cut_width) = span(labelled.x1, labelled.x2, across * MARGIN.0, photo.width());
        let (cut_y, cut_height) = span(labelled.y1, labelled.y2, down * MARGIN.1, photo.height());
        let cut = photo.crop((cut_x, cut_y), (cut_width, cut_height)).filter(|_| width > 0 && height > 0);
        let Some(cut) = cut else {
            return Ok(InstanceMask { x, y, width: 0, height: 0, inside: Vec::new() });
        };
        let fit = match self.runtime.description().input.fit {
            Fit::LongSide { multiple, .. } => Fit::LongSide { long_side: CUT_SIDE, multiple: multiple * CUT_STEPS },
            other => other,
        };
        let probabilities = self.segment_fitted(&cut, fit)?.probabilities(cut.width(), cut.height());
        let rows = probabilities.chunks_exact(cut.width()).skip(y - cut_y).take(height);
        let inside = rows.flat_map(|row| &row[x - cut_x..][..width]).map(|&p| p > self.threshold).collect();
        Ok(InstanceMask { x, y, width, height, inside })
    }

    fn segment_fitted(&self, photo: &Photo, fit: Fit) -> Result<LogitGrid, VisionError> {
        let placed = Placed::new(fit, photo.width(), photo.height());
        let outputs = self.runtime.run(photo, placed)?;
        let shapes: Vec<&[usize]> = outputs.iter().map(|output| &output.shape[..]).collect();
        let (rows, cols) = self.check(&shapes)?;
        let values = outputs.into_iter().flat_map(|output| output.values).collect();
        LogitGrid::new(rows, cols, values).map_err(|error| VisionError::Failed {
            model: self.runtime.description().name.clone(),
            reason: error.to_string(),
        })
    }

    /// Rows and columns of the output.
    fn check(&self, shapes: &[&[usize]]) -> Result<(usize, usize), VisionError> {
        match *shapes {
            [&[1, rows, cols, 1] | &[1, 1, rows, cols]] => Ok((rows, cols)),
            [shape] => {
                let expected = "1 × rows × columns × 1".to_owned();
                Err(self.runtime.mismatch("the shape of the output".to_owned(), &shape, expected))
            }
            _ => Err(self.runtime.mismatch("the number of outputs".to_owned(), &shapes.len(), "1".to_owned())),
        }
    }
}

/// The whole pixels from `from` to `to`, both moved outwards by `margin`, within `n`: the first and how many.
fn span(from: f64, to: f64, margin: f64, n: usize) -> (usize, usize) {
    let first = (from - margin).floor().clamp(0.0, n as f64) as usize;
    let end = (to + margin).ceil().clamp(0.0, n as f64) as usize;
    (first, end.saturating_sub(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_takes_whole_pixels_and_ends_at_the_edges() {
        assert_eq!(span(2.5, 7.5, 0.0, 10), (2, 6));
        assert_eq!(span(2.5, 7.5, 3.0, 10), (0, 10));
        assert_eq!(span(12.0, 15.0, 0.0, 10), (10, 0));
        assert_eq!(span(f64::NAN, 3.0, 0.0, 10).0, 0);
        assert_eq!(span(7.0, 3.0, 0.0, 10), (7, 0));
    }
}
