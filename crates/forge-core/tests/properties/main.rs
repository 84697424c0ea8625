//! What holds for any data: rows may come in any order, classes may have other numbers, copies change nothing, scores lie
//! in [0, 1], and neither batches nor threads show in a result.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod classification;
mod datalab;
mod multiannotator;
mod multilabel;
mod neighbors;
mod noise;
mod object_detection;
mod segmentation;
mod token;
