//! What the tasks on pictures share: predictions that come from outside, the choice of pictures, and the checks of the
//! pictures themselves.
//!
//! The engine runs no model on pixels. A face decodes pictures and runs models, one picture after the other and wherever it
//! likes, and hands over what is left of each picture: boxes, a grid of log odds, an embedding, hashes and measures.

mod checks;
mod choice;
mod data;
mod duplicates;
mod troubles;

pub use checks::{NearDuplicates, PictureCheck, PictureChecks, check_pictures};
pub(super) use choice::{annotated_as, chosen, size_of};
pub use data::{PREDICTION_FLOOR, PictureData, PicturePrediction};
pub(super) use troubles::Troubles;
