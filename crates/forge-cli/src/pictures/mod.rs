//! Pictures on the command line: reading them, running models on them, and telling what was found.

pub(crate) mod audit;
pub(crate) mod corrected;
pub(crate) mod given;
#[cfg(feature = "vision")]
pub(crate) mod models;
pub(crate) mod read;
pub(crate) mod summary;

use forge_core::{PictureData, PicturePrediction};
use forge_data::ImageSet;

/// Pictures with what models see in them.
pub(crate) struct PictureInput {
    pub(crate) set: ImageSet,
    /// One for each picture; none for those that take no part.
    pub(crate) predictions: Vec<Option<PicturePrediction>>,
    /// Names of the predicted classes.
    pub(crate) classes: Vec<String>,
}

impl PictureInput {
    /// As a task takes it.
    pub(crate) fn data(&self) -> PictureData<'_> {
        PictureData { set: &self.set, predictions: &self.predictions, classes: &self.classes }
    }

    /// The path of a picture.
    pub(crate) fn name(&self, picture: u32) -> &str {
        self.set.images.get(picture as usize).map_or("", |image| image.path.as_str())
    }
}
