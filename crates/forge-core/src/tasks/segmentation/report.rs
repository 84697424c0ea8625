//! What the task finds: per pixel, per picture, and against what was made wrong on purpose.

use serde::{Deserialize, Serialize};

use super::runs::PixelRuns;
use crate::tasks::pictures::PictureChecks;

/// What segmentation has to say of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SegmentationDetail {
    /// Pictures whose masks were judged.
    pub n_judged: usize,
    /// Pixels in them.
    pub n_pixels: u64,
    /// Pixels with an issue.
    pub n_issue_pixels: u64,
    /// Pictures that are flagged.
    pub n_flagged: usize,
    /// Pixels that are predicted and in the mask as it came, over those that are either, of all pictures together; absent
    /// where there is neither.
    pub pixel_iou: Option<f64>,
    /// The same of each picture, averaged.
    pub mean_picture_iou: Option<f64>,
    /// What became of what was made wrong on purpose; absent where nothing was.
    pub corruption: Option<MaskCorruptionReport>,
    /// The pictures, flagged ones first and then by their scores, lowest first; those that were not judged last.
    pub pictures: Vec<SegmentationPicture>,
    /// What is wrong with the pictures themselves.
    pub checks: PictureChecks,
}

/// How well corrupted masks were found again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MaskCorruptionReport {
    /// Pictures with a corrupted mask: the `k` of the two shares.
    pub n_pictures: usize,
    /// Share of the `k` pictures with the lowest scores whose mask is corrupted; absent where none is.
    pub precision_at_k: Option<f64>,
    /// Share of the corrupted pictures among the `k` with the lowest scores; the same number, as both are of `k` pictures.
    pub recall_at_k: Option<f64>,
    /// Share of the flagged pictures that are corrupted; absent where none is flagged.
    pub precision: Option<f64>,
    /// Share of the corrupted pictures that are flagged; absent where none is corrupted.
    pub recall: Option<f64>,
}

/// A picture with its mask and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SegmentationPicture {
    /// Its place in the image set.
    pub picture: u32,
    /// Its path.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Label quality score in [0, 1], lower is worse; absent where it was not judged.
    pub score: Option<f64>,
    /// Whether it is an issue.
    pub flagged: bool,
    /// Pixels with an issue.
    pub n_issue_pixels: u64,
    /// Which these are; absent where it was not judged.
    pub issues: Option<PixelRuns>,
    /// Pixels in the mask (after corruption, where it was asked for); absent where it has none.
    pub given: Option<PixelRuns>,
    /// Pixels that are predicted; absent where there is no prediction.
    pub predicted: Option<PixelRuns>,
    /// Pixels that are predicted and in the mask as it came, over those that are either; 1 where there is neither.
    pub iou: Option<f64>,
    /// What was done to the mask on purpose.
    pub corruption: Option<MaskCorruption>,
    /// Why it was not judged; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// How a mask was made wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaskCorruptionKind {
    /// A rectangle of it was emptied.
    Erased,
    /// It was grown.
    Dilated,
    /// It was shrunk.
    Eroded,
}

/// What was done to a mask on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskCorruption {
    /// What was done.
    pub kind: MaskCorruptionKind,
    /// Left, upper, right and lower edge of the emptied rectangle, in pixels; absent for the other kinds.
    pub rectangle: Option<[u32; 4]>,
    /// By how many pixels it was grown or shrunk; absent for a rectangle.
    pub radius: Option<u32>,
    /// Pixels that were changed.
    pub n_changed: u64,
}
