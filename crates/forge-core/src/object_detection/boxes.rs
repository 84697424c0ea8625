//! The checked inputs of object detection: annotated and predicted boxes, stored flat, image after image.

use std::ops::Range;

use crate::CoreError;

/// The least union of two boxes, in square pixels, so that no division is by zero; cleanlab's `EPSILON`.
const SMALLEST_UNION: f64 = 1e-6;

/// How fast closeness falls with the distance of centres, per pixel; cleanlab's `EUC_FACTOR`.
const DISTANCE_FACTOR: f64 = 0.1;

/// A box by its corners in pixels: (x1, y1) at the top left, (x2, y2) at the bottom right.
///
/// *Invariant*: finite, x1 ≤ x2 and y1 ≤ y2. A box may have no area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
}

impl BoundingBox {
    /// Takes `[x1, y1, x2, y2]`; otherwise the rule that they break.
    pub(crate) fn checked([x1, y1, x2, y2]: [f64; 4]) -> Result<Self, &'static str> {
        if ![x1, y1, x2, y2].into_iter().all(f64::is_finite) {
            Err("the corners of a box must be finite")
        } else if x2 < x1 || y2 < y1 {
            Err("a box is [x1, y1, x2, y2] with x1 ≤ x2 and y1 ≤ y2")
        } else {
            Ok(Self { x1, y1, x2, y2 })
        }
    }

    /// `[x1, y1, x2, y2]`.
    pub fn corners(self) -> [f64; 4] {
        [self.x1, self.y1, self.x2, self.y2]
    }

    /// Width times height, in square pixels.
    pub fn area(self) -> f64 {
        (self.x2 - self.x1) * (self.y2 - self.y1)
    }

    /// Intersection over union, in [0, 1]; 0 for boxes that only touch. cleanlab: `rank._get_iou`.
    pub fn iou(self, other: Self) -> f64 {
        let width = self.x2.min(other.x2) - self.x1.max(other.x1);
        let height = self.y2.min(other.y2) - self.y1.max(other.y1);
        if width < 0.0 || height < 0.0 {
            return 0.0;
        }
        let intersection = width * height;
        intersection / (self.area() + other.area() - intersection).max(SMALLEST_UNION)
    }

    /// exp(−0.1 · distance of the centres), in [0, 1]. cleanlab: `rank._euc_dis`.
    pub fn closeness(self, other: Self) -> f64 {
        let dx = f64::midpoint(self.x1, self.x2) - f64::midpoint(other.x1, other.x2);
        let dy = f64::midpoint(self.y1, self.y2) - f64::midpoint(other.y1, other.y2);
        libm::exp(-(dx * dx + dy * dy).sqrt() * DISTANCE_FACTOR)
    }
}

/// The annotations of one image, as cleanlab takes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageAnnotations {
    /// `[x1, y1, x2, y2]` of each box, in pixels.
    pub bboxes: Vec<[f64; 4]>,
    /// The class number of each box.
    pub labels: Vec<u32>,
}

/// Where the boxes of each image lie in the flat lists.
#[derive(Clone, Debug, PartialEq)]
struct Starts(Vec<usize>);

impl Starts {
    fn with_capacity(n_images: usize) -> Self {
        let mut starts = Vec::with_capacity(n_images + 1);
        starts.push(0);
        Self(starts)
    }

    fn n_images(&self) -> usize {
        self.0.len() - 1
    }

    fn ranges(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        self.0.windows(2).map(|pair| pair[0]..pair[1])
    }
}

/// The boxes of one image.
#[derive(Clone, Copy, Debug)]
pub struct ImageBoxes<'a> {
    /// The boxes.
    pub boxes: &'a [BoundingBox],
    /// The class number of each.
    pub classes: &'a [u32],
}

/// Annotated boxes of n images, each with its class.
///
/// *Invariant*: at least one image; as many classes as boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotations {
    boxes: Vec<BoundingBox>,
    classes: Vec<u32>,
    starts: Starts,
}

impl Annotations {
    /// Takes the annotations of each image. An image may have none.
    ///
    /// # Errors
    /// [`CoreError::Empty`] without an image; [`CoreError::Element`] where boxes and labels of an image differ in number,
    /// or a box is inverted or not finite.
    pub fn new(images: &[ImageAnnotations]) -> Result<Self, CoreError> {
        if images.is_empty() {
            return Err(CoreError::Empty { argument: "labels" });
        }
        let n_boxes = images.iter().map(|image| image.bboxes.len()).sum();
        let (mut boxes, mut classes) = (Vec::with_capacity(n_boxes), Vec::with_capacity(n_boxes));
        let mut starts = Starts::with_capacity(images.len());
        for (i, image) in images.iter().enumerate() {
            if image.bboxes.len() != image.labels.len() {
                return Err(CoreError::Element {
                    argument: "labels",
                    index: format!("[{i}]"),
                    value: format!("{} boxes with {} labels", image.bboxes.len(), image.labels.len()),
                    rule: "each box needs one label",
                });
            }
            for (j, &corners) in image.bboxes.iter().enumerate() {
                boxes.push(BoundingBox::checked(corners).map_err(|rule| CoreError::Element {
                    argument: "labels",
                    index: format!("[{i}].bboxes[{j}]"),
                    value: format!("{corners:?}"),
                    rule,
                })?);
            }
            classes.extend_from_slice(&image.labels);
            starts.0.push(boxes.len());
        }
        Ok(Self { boxes, classes, starts })
    }

    /// Number of images.
    pub fn n_images(&self) -> usize {
        self.starts.n_images()
    }

    /// The images, in order.
    pub fn images(&self) -> impl ExactSizeIterator<Item = ImageBoxes<'_>> {
        self.starts
            .ranges()
            .map(|range| ImageBoxes { boxes: &self.boxes[range.clone()], classes: &self.classes[range] })
    }
}

/// The predicted boxes of one image, class after class.
#[derive(Clone, Copy, Debug)]
pub struct ImagePredictions<'a> {
    /// The boxes.
    pub boxes: &'a [BoundingBox],
    /// The predicted class of each, ascending.
    pub classes: &'a [u32],
    /// The confidence of each, in [0, 1].
    pub probs: &'a [f64],
}

/// Predicted boxes of n images over k classes, each with its confidence.
///
/// *Invariant*: at least one image and one class; every image has the same k classes, its boxes stored class after class;
/// confidences lie in [0, 1].
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    boxes: Vec<BoundingBox>,
    classes: Vec<u32>,
    probs: Vec<f64>,
    starts: Starts,
    n_classes: usize,
}

impl Predictions {
    /// Takes `images[i][k]`: the boxes `[x1, y1, x2, y2, confidence]` predicted for class k in image i.
    ///
    /// # Errors
    /// [`CoreError::Empty`] without an image or class; [`CoreError::Element`] where an image has another number of classes
    /// than the first, a box is inverted or not finite, or a confidence is outside [0, 1].
    pub fn new(images: &[Vec<Vec<[f64; 5]>>]) -> Result<Self, CoreError> {
        let n_classes = images.first().map_or(0, Vec::len);
        if n_classes == 0 {
            return Err(CoreError::Empty { argument: "predictions" });
        }
        let n_boxes = images.iter().flatten().map(Vec::len).sum();
        let mut this = Self {
            boxes: Vec::with_capacity(n_boxes),
            classes: Vec::with_capacity(n_boxes),
            probs: Vec::with_capacity(n_boxes),
            starts: Starts::with_capacity(images.len()),
            n_classes,
        };
        for (i, image) in images.iter().enumerate() {
            if image.len() != n_classes {
                return Err(CoreError::Element {
                    argument: "predictions",
                    index: format!("[{i}]"),
                    value: format!("{} lists, where `predictions`[0] has {n_classes}", image.len()),
                    rule: "each image needs one list of boxes for each class",
                });
            }
            for (class, boxes) in image.iter().enumerate() {
                for (j, &[x1, y1, x2, y2, prob]) in boxes.iter().enumerate() {
                    let refused = |rule| CoreError::Element {
                        argument: "predictions",
                        index: format!("[{i}][{class}][{j}]"),
                        value: format!("{:?}", [x1, y1, x2, y2, prob]),
                        rule,
                    };
                    if !(0.0..=1.0).contains(&prob) {
                        return Err(refused("the fifth number is a confidence between 0 and 1"));
                    }
                    this.boxes.push(BoundingBox::checked([x1, y1, x2, y2]).map_err(refused)?);
                    this.classes.push(class as u32);
                    this.probs.push(prob);
                }
            }
            this.starts.0.push(this.boxes.len());
        }
        Ok(this)
    }

    /// Number of images.
    pub fn n_images(&self) -> usize {
        self.starts.n_images()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.n_classes
    }

    /// The images, in order.
    pub fn images(&self) -> impl ExactSizeIterator<Item = ImagePredictions<'_>> {
        self.starts.ranges().map(|range| ImagePredictions {
            boxes: &self.boxes[range.clone()],
            classes: &self.classes[range.clone()],
            probs: &self.probs[range],
        })
    }
}

/// The annotations and predictions of the same n images.
///
/// *Invariant*: both have n images.
#[derive(Clone, Debug, PartialEq)]
pub struct Detections {
    annotations: Annotations,
    predictions: Predictions,
}

impl Detections {
    /// Takes both. cleanlab: `internal.object_detection_utils.assert_valid_inputs`.
    ///
    /// # Errors
    /// [`CoreError::Length`] where the numbers of images differ.
    pub fn new(annotations: Annotations, predictions: Predictions) -> Result<Self, CoreError> {
        if annotations.n_images() != predictions.n_images() {
            return Err(CoreError::Length {
                argument: "predictions",
                length: predictions.n_images(),
                reference: "labels",
                expected: annotations.n_images(),
            });
        }
        Ok(Self { annotations, predictions })
    }

    /// Number of images.
    pub fn n_images(&self) -> usize {
        self.annotations.n_images()
    }

    /// Number of predicted classes.
    pub fn n_classes(&self) -> usize {
        self.predictions.n_classes
    }

    /// The annotated boxes.
    pub fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// The predicted boxes.
    pub fn predictions(&self) -> &Predictions {
        &self.predictions
    }

    /// Annotated and predicted boxes of each image, in order.
    pub fn images(&self) -> impl ExactSizeIterator<Item = (ImageBoxes<'_>, ImagePredictions<'_>)> {
        self.annotations.images().zip(self.predictions.images())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Two images and two classes: a box that fits, and one that is predicted with confidence but not annotated.
    pub(in super::super) fn two_images() -> Detections {
        let image = |bboxes: Vec<[f64; 4]>, labels| ImageAnnotations { bboxes, labels };
        let annotations = [
            image(vec![[0.0, 0.0, 10.0, 10.0]], vec![0]),
            image(vec![[0.0, 0.0, 10.0, 10.0], [20.0, 20.0, 30.0, 30.0]], vec![0, 1]),
        ];
        let predictions = [
            vec![vec![[0.0, 0.0, 10.0, 9.0, 0.9]], vec![[50.0, 50.0, 60.0, 60.0, 0.99]]],
            vec![vec![[0.0, 0.0, 10.0, 10.0, 0.9]], vec![[21.0, 20.0, 30.0, 30.0, 0.8]]],
        ];
        Detections::new(Annotations::new(&annotations).unwrap(), Predictions::new(&predictions).unwrap()).unwrap()
    }

    #[test]
    fn a_box_shares_all_with_itself_and_nothing_with_one_apart() {
        let one = BoundingBox::checked([1.0, 2.0, 5.0, 7.0]).unwrap();
        let apart = BoundingBox::checked([6.0, 2.0, 8.0, 7.0]).unwrap();
        assert_eq!((one.iou(one), one.closeness(one), one.area()), (1.0, 1.0, 20.0));
        assert_eq!(one.iou(apart), 0.0);
        let point = BoundingBox::checked([1.0, 2.0, 1.0, 2.0]).unwrap();
        assert_eq!(point.iou(point), 0.0);
    }

    #[test]
    fn a_bad_box_is_named_with_its_place_and_rule() {
        let inverted = ImageAnnotations { bboxes: vec![[5.0, 0.0, 1.0, 2.0]], labels: vec![0] };
        let error = Annotations::new(&[ImageAnnotations::default(), inverted]).unwrap_err();
        assert!(error.to_string().starts_with("`labels`[1].bboxes[0] is [5.0, 0.0, 1.0, 2.0]: "), "{error}");
        let error = Predictions::new(&[vec![vec![], vec![[0.0, 0.0, 1.0, 1.0, 1.5]]]]).unwrap_err();
        assert!(error.to_string().starts_with("`predictions`[0][1][0] is "), "{error}");
        assert!(Predictions::new(&[vec![vec![[0.0, 0.0, f64::NAN, 1.0, 0.5]]]]).is_err());
    }

    #[test]
    fn images_of_different_number_or_shape_are_refused() {
        let unlabelled = ImageAnnotations { bboxes: vec![[0.0; 4]], labels: vec![] };
        assert!(matches!(Annotations::new(&[unlabelled]), Err(CoreError::Element { .. })));
        assert!(matches!(Predictions::new(&[vec![vec![]], vec![]]), Err(CoreError::Element { .. })));
        assert!(matches!(Predictions::new(&[vec![]]), Err(CoreError::Empty { .. })));
        let annotations = Annotations::new(&[ImageAnnotations::default()]).unwrap();
        let predictions = Predictions::new(&[vec![vec![]], vec![vec![]]]).unwrap();
        assert!(matches!(Detections::new(annotations, predictions), Err(CoreError::Length { .. })));
    }
}
