//! What the task finds: per box, per picture, and against what was made wrong on purpose.

use forge_data::{LabelledBox, ScoredBox};
use serde::{Deserialize, Serialize};

use crate::tasks::pictures::PictureChecks;

/// What object detection has to say of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectDetectionDetail {
    /// Pictures whose annotations were judged.
    pub n_judged: usize,
    /// Annotated boxes in them (after corruption, where it was asked for).
    pub n_given: usize,
    /// Predicted boxes in them with a score from `score_threshold`, of classes that are annotated.
    pub n_predicted: usize,
    /// Pictures with at least one issue.
    pub n_flagged: usize,
    /// Issues by kind.
    pub counts: BoxIssueCounts,
    /// Names of the classes that predicted boxes are of, by their numbers.
    pub predicted_classes: Vec<String>,
    /// For each annotated class (a number into `classes` of the report), the class that is predicted for it.
    pub predicted_as: Vec<Option<u32>>,
    /// Average precision of the predictions against the annotations as they came, at an overlap of 0.5 and with COCO's 101
    /// recalls, averaged over the classes; absent where nothing is annotated.
    pub ap50: Option<f64>,
    /// The same for each class that is predicted and annotated.
    pub ap50_by_class: Vec<ClassPrecision>,
    /// What became of what was made wrong on purpose; absent where nothing was.
    pub corruption: Option<BoxCorruptionReport>,
    /// The pictures: those with issues first, then by `quality`, worst first; those that were not judged last.
    pub pictures: Vec<DetectionPicture>,
    /// What is wrong with the pictures themselves.
    pub checks: PictureChecks,
}

/// Issues by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxIssueCounts {
    /// Objects without a box.
    pub overlooked: usize,
    /// Boxes beside their object.
    pub badly_located: usize,
    /// Boxes of the wrong class.
    pub swapped: usize,
}

/// How well a class is found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassPrecision {
    /// Name of the predicted class.
    pub class: String,
    /// Annotated boxes of it.
    pub n_given: usize,
    /// Average precision at an overlap of 0.5, in [0, 1].
    pub ap50: f64,
}

/// How well corrupted annotations were found again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoxCorruptionReport {
    /// Pictures with a corrupted annotation.
    pub n_pictures: usize,
    /// Boxes dropped.
    pub n_dropped: usize,
    /// Of these, those that were found as overlooked at their place.
    pub n_dropped_found: usize,
    /// Boxes shifted.
    pub n_shifted: usize,
    /// Of these, those that were found as badly located.
    pub n_shifted_found: usize,
    /// Boxes given another class.
    pub n_swapped: usize,
    /// Of these, those that were found as swapped.
    pub n_swapped_found: usize,
    /// Share of the flagged pictures that are corrupted; absent where none is flagged.
    pub precision: Option<f64>,
    /// Share of the corrupted pictures that are flagged; absent where none is corrupted.
    pub recall: Option<f64>,
}

/// A picture with its boxes and what is wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DetectionPicture {
    /// Its place in the image set.
    pub picture: u32,
    /// Its path.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its place among the images of the annotations, by which boxes are changed; absent where the annotations do not have
    /// it.
    pub image: Option<u32>,
    /// Label quality score in [0, 1], lower is worse; absent where it was not judged.
    pub quality: Option<f64>,
    /// Whether it has an issue.
    pub flagged: bool,
    /// Annotated boxes (after corruption, where it was asked for); classes are numbers into `classes` of the report.
    pub given: Vec<GivenBox>,
    /// Predicted boxes with a score from `score_threshold`, highest first; classes are numbers into `predicted_classes`.
    pub predicted: Vec<ScoredBox>,
    /// What is wrong, worst first.
    pub issues: Vec<BoxIssue>,
    /// What was made wrong on purpose.
    pub corruption: Vec<BoxCorruption>,
    /// Why it was not judged; absent where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// An annotated box and how plausible it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenBox {
    /// The box.
    pub labelled: LabelledBox,
    /// Its place among the boxes of its image in the annotations.
    pub index: u32,
    /// How well it is placed, in [0, 1]; 1 where no prediction disputes it. cleanlab: badloc score.
    pub badloc_score: f64,
    /// How plausible its class is, in [0, 1]; 1 where no prediction disputes it. cleanlab: swap score.
    pub swap_score: f64,
    /// The predicted box that means the same object, as a place in `predicted`.
    pub partner: Option<u32>,
}

/// What can be wrong with a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxIssueKind {
    /// An object has no box.
    Overlooked,
    /// A box is not where its object is.
    BadlyLocated,
    /// A box has the wrong class.
    Swapped,
}

impl BoxIssueKind {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overlooked => "overlooked",
            Self::BadlyLocated => "badly_located",
            Self::Swapped => "swapped",
        }
    }
}

/// Something that looks wrong with a box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxIssue {
    /// What is wrong.
    pub kind: BoxIssueKind,
    /// Left, upper, right and lower edge of the annotated box, or of the predicted one where a box is missing, in pixels.
    pub edges: [f64; 4],
    /// The annotated box, as a place in `given`; absent where a box is missing.
    pub given: Option<u32>,
    /// The predicted box that speaks against it, as a place in `predicted`.
    pub predicted: Option<u32>,
    /// The class it has, a number into `classes` of the report; absent where a box is missing.
    pub class: Option<u32>,
    /// The class it should perhaps have, a number into `classes` of the report.
    pub suggested_class: Option<u32>,
    /// How plausible the annotation is, in [0, 1]; lower is worse.
    pub score: f64,
    /// Whether it was made wrong on purpose; absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
}

/// How a box was made wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxCorruptionKind {
    /// It was left out.
    Dropped,
    /// It was moved.
    Shifted,
    /// It was given another class.
    Swapped,
}

/// A box that was made wrong on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxCorruption {
    /// What was done.
    pub kind: BoxCorruptionKind,
    /// The box as it came.
    pub original: LabelledBox,
    /// Its place among the boxes of its image in the annotations as they came.
    pub index: u32,
    /// The wrong box, as a place in `given`; absent where it was left out.
    pub given: Option<u32>,
    /// Whether the issue was found.
    pub found: bool,
}
