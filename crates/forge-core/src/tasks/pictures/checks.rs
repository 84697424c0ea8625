//! What is wrong with the pictures themselves: dark, blurred, there twice.

use serde::{Deserialize, Serialize};

use crate::images::ImageIssue;

/// What was found about the pictures themselves, whatever is annotated in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PictureChecks {
    /// Pictures that were measured.
    pub n_measured: usize,
    /// Each check but those for duplicates; empty where no picture was measured.
    pub checks: Vec<PictureCheck>,
    /// Sets of pictures with the very same pixels, each ascending, as places in the image set.
    pub exact_duplicates: Vec<Vec<u32>>,
    /// Sets of pictures that are almost the same.
    pub near_duplicates: Vec<NearDuplicates>,
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureCheck {
    /// What was looked for.
    pub issue: ImageIssue,
    /// The pictures that have it, as places in the image set, worst first.
    pub pictures: Vec<u32>,
    /// The score of each of them, in [0, 1]; lower is worse.
    pub scores: Vec<f64>,
}

/// Pictures that are almost the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NearDuplicates {
    /// Their places in the image set, ascending.
    pub pictures: Vec<u32>,
    /// The least cosine between embeddings that joins two of them; absent where hashes alone do.
    pub similarity: Option<f64>,
}
