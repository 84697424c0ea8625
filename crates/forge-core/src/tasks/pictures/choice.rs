//! Which pictures a task works on, so that faces know what to show to a model.

use forge_data::{ImageFile, ImageSet};

use super::data::PicturePrediction;

/// The first `limit` pictures with annotations, and where these are fewer, the first others too; ascending.
pub(crate) fn chosen(set: &ImageSet, is_annotated: impl Fn(usize) -> bool, limit: Option<usize>) -> Vec<usize> {
    let (with, without): (Vec<usize>, Vec<usize>) = (0..set.images.len()).partition(|&picture| is_annotated(picture));
    let mut chosen: Vec<usize> = with.into_iter().chain(without).take(limit.unwrap_or(usize::MAX)).collect();
    chosen.sort_unstable();
    chosen
}

/// For each picture, its place among the images of the annotations; the first where there are several.
pub(crate) fn annotated_as(set: &ImageSet) -> Vec<Option<usize>> {
    let mut places = vec![None; set.images.len()];
    for (image, picture) in set.image_of.iter().enumerate().rev() {
        if let Some(place) = picture.and_then(|picture| places.get_mut(picture)) {
            *place = Some(image);
        }
    }
    places
}

/// Width and height of a picture in pixels: as it was decoded, else as its first bytes say.
pub(crate) fn size_of(file: &ImageFile, prediction: Option<&PicturePrediction>) -> (u32, u32) {
    let decoded = prediction.and_then(|prediction| prediction.facts.as_ref());
    decoded.map_or((file.width, file.height), |facts| (facts.width, facts.height))
}
