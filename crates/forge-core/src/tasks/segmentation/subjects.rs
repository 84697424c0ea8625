//! The pictures of the task with their masks and predictions, and which of them can be judged.

use forge_data::{LogitGrid, MaskImage};
use forge_learn::{Host, map_units};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::SegmentationConfig;
use super::corruption::corrupted;
use super::report::{MaskCorruption, SegmentationPicture};
use super::runs::PixelRuns;
use crate::CoreError;
use crate::noise::choose;
use crate::tasks::pictures::{PictureData, Troubles, size_of};

/// A picture that can be judged.
pub(super) struct Subject<'a> {
    /// Its place among the pictures of the report.
    pub(super) place: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) truth: &'a MaskImage,
    /// The mask that is judged.
    pub(super) given: PixelRuns,
    pub(super) grid: &'a LogitGrid,
    pub(super) corruption: Option<MaskCorruption>,
}

/// All pictures that take part.
pub(super) struct Subjects<'a> {
    /// Every picture, with what is known of it before it is judged.
    pub(super) pictures: Vec<SegmentationPicture>,
    /// Those that can be judged, in the same order.
    pub(super) judged: Vec<Subject<'a>>,
    pub(super) warnings: Vec<String>,
}

/// Whether each pixel of a mask is in it.
pub(super) fn pixels(mask: &MaskImage) -> impl Iterator<Item = bool> + '_ {
    (0..mask.width as usize * mask.height as usize).map(|pixel| mask.value(pixel) > 0)
}

impl<'a> Subjects<'a> {
    /// Puts masks and predictions together and corrupts what is to be corrupted.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`].
    pub(super) fn of(config: &SegmentationConfig, data: PictureData<'a>, host: &dyn Host) -> Result<Self, CoreError> {
        let (mut pictures, mut judged): (Vec<SegmentationPicture>, Vec<Subject<'a>>) = (Vec::new(), Vec::new());
        let mut troubles = Troubles::default();
        for picture in config.chosen(data.set) {
            let Some(file) = data.set.images.get(picture) else { continue };
            let prediction = data.predictions.get(picture).and_then(Option::as_ref);
            let mask = data.set.masks.get(picture).and_then(Option::as_ref);
            let (width, height) = size_of(file, prediction);
            let grid = prediction.and_then(|prediction| prediction.person.as_ref());
            let trouble = match (prediction, mask, grid) {
                (Some(prediction), ..) if prediction.trouble.is_some() => {
                    let trouble = prediction.trouble.clone().unwrap_or_default();
                    Some(troubles.note("not judged, as it could not be read", &file.path, &trouble))
                }
                (None, ..) | (_, _, None) => Some(troubles.note("not judged, as no model has seen it", &file.path, "")),
                (_, None, _) => Some(troubles.note("not judged, as it has no mask", &file.path, "")),
                (_, Some(mask), _) if (mask.width, mask.height) != (width, height) => {
                    let sizes = format!("{} × {}, but {width} × {height}", mask.width, mask.height);
                    Some(troubles.note("not judged, as its mask is of another size", &file.path, &sizes))
                }
                (Some(_), Some(truth), Some(grid)) => {
                    judged.push(Subject {
                        place: pictures.len(),
                        width: width as usize,
                        height: height as usize,
                        truth,
                        given: PixelRuns::default(),
                        grid,
                        corruption: None,
                    });
                    None
                }
            };
            pictures.push(SegmentationPicture {
                picture: picture as u32,
                name: file.path.clone(),
                width,
                height,
                trouble,
                ..SegmentationPicture::default()
            });
        }
        let masks = map_units(host, judged.len(), |place| Ok(PixelRuns::of(pixels(judged[place].truth))))?;
        judged.iter_mut().zip(masks).for_each(|(subject, mask)| subject.given = mask);
        let mut this = Self { pictures, judged, warnings: troubles.warnings() };
        if config.corrupt_frac > 0.0 {
            this.corrupt(config, host)?;
        }
        Ok(this)
    }

    /// Makes the given share of the masks that are not empty wrong.
    fn corrupt(&mut self, config: &SegmentationConfig, host: &dyn Host) -> Result<(), CoreError> {
        let able: Vec<usize> = (0..self.judged.len()).filter(|&place| self.judged[place].given.count() > 0).collect();
        let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
        let places = choose(able.len(), config.corrupt_frac, &mut rng);
        let wrong = map_units(host, places.len(), |unit| {
            let subject = &self.judged[able[places[unit]]];
            let mask: Vec<bool> = pixels(subject.truth).collect();
            let picture = u64::from(self.pictures[subject.place].picture);
            Ok(corrupted(&mask, subject.width, config.seed, picture).map(|(mask, done)| (PixelRuns::of(mask), done)))
        })?;
        for (place, wrong) in places.into_iter().zip(wrong) {
            if let Some((mask, done)) = wrong {
                let subject = &mut self.judged[able[place]];
                (subject.given, subject.corruption) = (mask, Some(done));
            }
        }
        Ok(())
    }
}
