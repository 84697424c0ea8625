//! Pictures to boxes, masks and embeddings by ONNX models.
//!
//! [`decode`] makes a [`Photo`] of the bytes of a JPEG, PNG or WebP file. A [`Detector`] finds objects in it, a [`Segmenter`]
//! the pixels of people; both run any ONNX file that a [`ModelDescription`] fits, on tract, without threads. What is known
//! of the models that come with the program is in [`ModelDescription::yolox_nano`] and its neighbours; their bytes are
//! handed in like everything else.
//!
//! ```no_run
//! use forge_vision::{DecodeLimits, Detector, ModelDescription, VisionError, decode};
//!
//! # fn find(onnx: &[u8], jpeg: &[u8]) -> Result<(), VisionError> {
//! let detector = Detector::load(onnx, &ModelDescription::yolox_nano())?;
//! let photo = decode("street.jpg", jpeg, &DecodeLimits::default())?;
//! for found in detector.detect(&photo, 0.3)? {
//!     println!("{} {:.2}", detector.description().classes[found.labelled.class as usize], found.score);
//! }
//! # Ok(())
//! # }
//! ```

#[cfg(test)]
mod bad_models;
mod bundled;
mod description;
mod detector;
mod dhash;
mod error;
mod input;
mod nms;
mod onnx;
mod photo;
mod picodet;
mod resize;
mod runtime;
mod segmenter;
#[cfg(test)]
mod tests;
mod yolox;

pub use crate::description::{Channels, Fit, Head, InputDescription, Layout, ModelDescription, Place};
pub use crate::detector::Detector;
pub use crate::dhash::dhash;
pub use crate::error::VisionError;
pub use crate::photo::{DecodeLimits, Photo, PhotoColor, decode};
pub use crate::segmenter::{InstanceMask, Segmenter};
