//! Pictures that do a data set no good: dark, light, blurred, of odd shape or size, without information, without colour, or
//! there twice. Mirrors cleanvision 0.3.7, to 1e-9; hashes are those of imagehash 4.3, resizing that of Pillow.
//!
//! Pixels come in decoded. What is known of a picture is measured while they are at hand ([`Imagelab::measure`]); what has
//! to be decided over all pictures is decided afterwards ([`Imagelab::find_issues`]), when they may be gone.
//!
//! ```
//! use forge_core::Quiet;
//! use forge_core::images::{ImageCheck, ImageIssue, Imagelab, Picture};
//!
//! # fn main() -> Result<(), forge_core::CoreError> {
//! let night = Picture::gray(40, 30, vec![3; 1200])?;
//! let noise = Picture::rgb(40, 30, (0..3600_u32).map(|i| (i * i * 31 >> 5) as u8).collect::<Vec<_>>())?;
//! let mut lab = Imagelab::new(ImageCheck::defaults())?;
//! lab.add_all(&[night, noise], &Quiet)?;
//! let found = lab.find_issues();
//! assert_eq!(found.result(ImageIssue::Dark).unwrap().is_issue, [true, false]);
//! # Ok(())
//! # }
//! ```

mod blur;
mod brightness;
mod check;
mod color_hash;
mod cosine;
mod facts;
mod found;
mod hash;
mod order;
mod picture;
mod plane;
mod resample;
mod wavelet;

#[cfg(test)]
mod tests;

use forge_learn::{Host, Progress, map_units};

use crate::CoreError;
pub use blur::Sharpness;
pub use brightness::{Brightness, PERCENTILES};
pub use check::{
    AspectRatioSettings, BlurSettings, DarkSettings, ImageCheck, ImageIssue, InformationSettings, LightSettings,
    SizeSettings,
};
pub use facts::PictureFacts;
use facts::Wanted;
pub use found::{ImageFindings, ImageFound, MAX_PREVALENCE};
pub use hash::{HashKind, NearDuplicateSettings, PictureHash};
pub use picture::{ColorSpace, Picture};
use resample::Kernels;

/// Checks of a set of pictures, and what has been measured on those that were added. cleanvision: `Imagelab`.
#[derive(Debug)]
pub struct Imagelab {
    checks: Vec<ImageCheck>,
    wanted: Wanted,
    kernels: Kernels,
    facts: Vec<PictureFacts>,
}

/// Pictures measured between two reports of progress.
const BATCH: usize = 64;

impl Imagelab {
    /// Checks of pictures that are still to come; of two checks for the same issue, the later one counts.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for a setting outside its range.
    pub fn new(checks: Vec<ImageCheck>) -> Result<Self, CoreError> {
        let mut kept: Vec<ImageCheck> = Vec::with_capacity(checks.len());
        let mut wanted = Wanted::default();
        for check in checks {
            check.validate()?;
            kept.retain(|known| known.issue() != check.issue());
            kept.push(check);
        }
        kept.iter().for_each(|check| check.want(&mut wanted));
        Ok(Self { checks: kept, wanted, kernels: Kernels::default(), facts: Vec::new() })
    }

    /// Measures what the checks need to know of a picture; on any thread, in any order.
    pub fn measure(&self, picture: &Picture) -> PictureFacts {
        PictureFacts::measure(picture, &self.wanted, &self.kernels)
    }

    /// Adds a measured picture, the next in order.
    pub fn add(&mut self, facts: PictureFacts) {
        self.facts.push(facts);
    }

    /// Measures pictures, one per unit of the host, and adds them in order.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`].
    pub fn add_all(&mut self, pictures: &[Picture], host: &dyn Host) -> Result<(), CoreError> {
        for (batch, pictures_of_batch) in pictures.chunks(BATCH).enumerate() {
            host.progress(Progress { stage: "Measuring images", done: batch * BATCH, total: pictures.len() });
            let measured = map_units(host, pictures_of_batch.len(), |i| Ok(self.measure(&pictures_of_batch[i])))?;
            self.facts.extend(measured);
        }
        host.progress(Progress { stage: "Measuring images", done: pictures.len(), total: pictures.len() });
        Ok(())
    }

    /// Decides over all pictures that were added. cleanvision: `Imagelab.find_issues`.
    pub fn find_issues(self) -> ImageFindings {
        ImageFindings::of(&self.checks, self.facts)
    }

    /// Measures pictures and decides over them.
    ///
    /// # Errors
    /// [`CoreError::Empty`] without pictures, [`CoreError::Setting`] for a setting outside its range,
    /// [`CoreError::Cancelled`].
    pub fn check(pictures: &[Picture], checks: Vec<ImageCheck>, host: &dyn Host) -> Result<ImageFindings, CoreError> {
        if pictures.is_empty() {
            return Err(CoreError::Empty { argument: "images" });
        }
        let mut lab = Self::new(checks)?;
        lab.add_all(pictures, host)?;
        Ok(lab.find_issues())
    }
}

/// The hash of a picture, as imagehash's function of the same name gives it.
///
/// # Errors
/// [`CoreError::Setting`] for a size outside the range of its kind.
pub fn picture_hash(picture: &Picture, settings: NearDuplicateSettings) -> Result<PictureHash, CoreError> {
    settings.validate()?;
    let wanted = Wanted { hash: Some(settings), ..Wanted::default() };
    PictureFacts::measure(picture, &wanted, &Kernels::default())
        .hash
        .ok_or_else(|| CoreError::Unusable("no hash of this kind".to_owned()))
}
