//! The pictures of the task with what is annotated and what is predicted in them, and which of them can be judged.

use forge_data::{BoxAnnotations, BoxKind, LabelledBox, ScoredBox};

use super::ObjectDetectionConfig;
use super::classes::ClassMap;
use super::corruption::{Corruptible, bounding, corrupt};
use super::report::{BoxCorruption, DetectionPicture};
use crate::tasks::pictures::{PictureData, Troubles, annotated_as, size_of};
use crate::{CoreError, by_number};

/// A picture that can be judged.
pub(super) struct Subject {
    /// Its place among the pictures of the report.
    pub(super) place: usize,
    pub(super) size: (f64, f64),
    /// Annotated boxes, each with its place among those of the image.
    pub(super) given: Vec<(u32, LabelledBox)>,
    /// Annotated boxes as they came.
    pub(super) truth: Vec<LabelledBox>,
    /// All predicted boxes of classes that are annotated, within the picture, highest score first.
    pub(super) predicted: Vec<ScoredBox>,
    pub(super) corruption: Vec<BoxCorruption>,
}

/// All pictures that take part.
pub(super) struct Subjects {
    /// Every picture, with what is known of it before it is judged.
    pub(super) pictures: Vec<DetectionPicture>,
    /// Those that can be judged, in the same order.
    pub(super) judged: Vec<Subject>,
    pub(super) classes: ClassMap,
    pub(super) warnings: Vec<String>,
}

impl Subjects {
    /// Puts annotations and predictions together and corrupts what is to be corrupted.
    ///
    /// # Errors
    /// Classes of which none is predicted, or a class in `class_map` that there is not.
    pub(super) fn of(
        config: &ObjectDetectionConfig,
        data: PictureData<'_>,
        annotations: &BoxAnnotations,
    ) -> Result<Self, CoreError> {
        let classes = ClassMap::new(&annotations.classes, data.classes, &config.class_map)?;
        let images = annotated_as(data.set);
        let mut this = Self { pictures: Vec::new(), judged: Vec::new(), classes, warnings: Vec::new() };
        let mut troubles = Troubles::default();
        for picture in config.chosen(data.set) {
            let Some(file) = data.set.images.get(picture) else { continue };
            let prediction = data.predictions.get(picture).and_then(Option::as_ref);
            let (width, height) = size_of(file, prediction);
            let mut shown = DetectionPicture {
                picture: picture as u32,
                name: file.path.clone(),
                width,
                height,
                image: images[picture].map(|image| image as u32),
                ..DetectionPicture::default()
            };
            shown.trouble = match (prediction, images[picture]) {
                (None, _) => Some(troubles.note("not judged, as no model has seen it", &file.path, "")),
                (Some(prediction), _) if prediction.trouble.is_some() => {
                    let trouble = prediction.trouble.clone().unwrap_or_default();
                    Some(troubles.note("not judged, as it could not be read", &file.path, &trouble))
                }
                (Some(_), None) => Some(troubles.note("not judged, as the annotations do not have it", &file.path, "")),
                (Some(prediction), Some(image)) => {
                    let reference = &annotations.images[image];
                    let known = (reference.width, reference.height);
                    if known.0 > 0 && known.1 > 0 && known != (width, height) {
                        let sizes = format!("{} × {}, but {width} × {height}", known.0, known.1);
                        troubles.note("annotated at another size than it has", &file.path, &sizes);
                    }
                    let size = (f64::from(width), f64::from(height));
                    let truth = annotations.boxes[image].clone();
                    let predicted = this.within(&prediction.boxes, size);
                    let given = (0..).zip(truth.iter().copied()).collect();
                    let place = this.pictures.len();
                    this.judged.push(Subject { place, size, given, truth, predicted, corruption: Vec::new() });
                    None
                }
            };
            this.pictures.push(shown);
        }
        this.warnings.append(&mut this.classes.warnings);
        this.warnings.append(&mut troubles.warnings());
        if config.corrupt_frac > 0.0 {
            this.corrupt(config);
        }
        Ok(this)
    }

    /// Whether boxes of this predicted class are annotated.
    pub(super) fn is_annotated(&self, class: u32) -> bool {
        self.classes.predicted_as.contains(&Some(class))
    }

    /// The predicted class that stands for the class of a box.
    pub(super) fn predicted_as(&self, given: &LabelledBox) -> Option<u32> {
        self.classes.predicted_as.get(given.class as usize).copied().flatten()
    }

    /// The boxes of annotated classes, clipped to the picture, highest score first.
    fn within(&self, boxes: &[ScoredBox], (width, height): (f64, f64)) -> Vec<ScoredBox> {
        let clipped = |scored: &ScoredBox| {
            let LabelledBox { x1, y1, x2, y2, .. } = scored.labelled;
            let (x1, x2) = (x1.clamp(0.0, width), x2.clamp(0.0, width));
            let (y1, y2) = (y1.clamp(0.0, height), y2.clamp(0.0, height));
            let labelled = LabelledBox { x1, y1, x2, y2, kind: BoxKind::Object, ..scored.labelled };
            ScoredBox { labelled, score: scored.score }
        };
        let sound = |scored: &ScoredBox| {
            let area = bounding(&scored.labelled).map_or(0.0, crate::object_detection::BoundingBox::area);
            area > 0.0 && (0.0..=1.0).contains(&scored.score)
        };
        let annotated = boxes.iter().filter(|scored| self.is_annotated(scored.labelled.class));
        let mut boxes: Vec<ScoredBox> = annotated.map(clipped).filter(sound).collect();
        by_number::sort(&mut boxes, |scored| -scored.score);
        boxes
    }

    fn corrupt(&mut self, config: &ObjectDetectionConfig) {
        let boxes = |subject: &Subject| subject.truth.iter().copied().map(Some).collect();
        let corruptible =
            |subject: &Subject| Corruptible { size: subject.size, boxes: boxes(subject), done: Vec::new() };
        let mut pictures: Vec<Corruptible> = self.judged.iter().map(corruptible).collect();
        corrupt(&mut pictures, &self.classes.predicted_as, config.corrupt_frac, config.seed);
        for (subject, picture) in self.judged.iter_mut().zip(pictures) {
            subject.given =
                (0..).zip(&picture.boxes).filter_map(|(index, given)| given.map(|given| (index, given))).collect();
            subject.corruption = picture.done;
            for done in &mut subject.corruption {
                let place = subject.given.iter().position(|&(index, _)| index == done.index);
                done.given = place.map(|place| place as u32);
            }
        }
    }
}
