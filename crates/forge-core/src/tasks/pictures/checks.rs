//! What is wrong with the pictures themselves: dark, blurred, there twice.

use forge_learn::{Host, Progress};
use serde::{Deserialize, Serialize};

use super::PicturePrediction;
use super::duplicates::{self, Likeness};
use crate::images::{ImageCheck, ImageFindings, ImageIssue, Imagelab};
use crate::{CoreError, by_number};

const CHECK: &str = "Checking the pictures";

/// Checks pictures by themselves, whatever is annotated in them: one entry per picture, none for those that were not looked at.
///
/// # Errors
/// [`CoreError::Cancelled`].
pub fn check_pictures(predictions: &[Option<PicturePrediction>], host: &dyn Host) -> Result<PictureChecks, CoreError> {
    let known = (0..).zip(predictions).filter_map(|(picture, prediction)| Some((picture, prediction.as_ref()?)));
    PictureChecks::of(&known.collect::<Vec<_>>(), host)
}

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

impl PictureChecks {
    /// Checks pictures, each with its place in the image set.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`].
    pub(crate) fn of(pictures: &[(u32, &PicturePrediction)], host: &dyn Host) -> Result<Self, CoreError> {
        if host.cancelled() {
            return Err(CoreError::Cancelled);
        }
        host.progress(Progress { stage: CHECK, done: 0, total: 2 });
        let mut lab = Imagelab::new(ImageCheck::defaults())?;
        let mut measured = Vec::new();
        for &(picture, prediction) in pictures {
            if let Some(facts) = &prediction.facts {
                lab.add(facts.clone());
                measured.push(picture);
            }
        }
        let found = lab.find_issues();
        let named = |set: &Vec<u32>| set.iter().map(|&place| measured[place as usize]).collect::<Vec<u32>>();
        let exact: Vec<Vec<u32>> = found.exact_sets.iter().flatten().map(named).collect();
        let alike: Vec<Vec<u32>> = found.near_sets.iter().flatten().map(named).collect();
        host.progress(Progress { stage: CHECK, done: 1, total: 2 });
        let mut likenesses = Vec::with_capacity(pictures.len());
        for &(picture, prediction) in pictures {
            let (dhash, embedding) = (prediction.dhash, prediction.embedding.as_deref());
            likenesses.push(Likeness { picture, dhash, embedding });
        }
        let near = duplicates::near(&likenesses, &exact, &alike, host)?;
        host.progress(Progress { stage: CHECK, done: 2, total: 2 });
        Ok(Self {
            n_measured: measured.len(),
            checks: if measured.is_empty() { Vec::new() } else { by_check(&found, &measured) },
            exact_duplicates: exact,
            near_duplicates: near,
        })
    }
}

fn by_check(found: &ImageFindings, measured: &[u32]) -> Vec<PictureCheck> {
    let listed = |issue: ImageIssue| {
        let found = found.result(issue)?;
        let mut places: Vec<usize> = (0..measured.len()).filter(|&place| found.is_issue[place]).collect();
        by_number::sort(&mut places, |&place| found.scores[place]);
        let pictures = places.iter().map(|&place| measured[place]).collect();
        Some(PictureCheck { issue, pictures, scores: places.iter().map(|&place| found.scores[place]).collect() })
    };
    ImageIssue::IN_DATALAB.into_iter().filter_map(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;
    use crate::images::Picture;

    #[test]
    fn dark_pictures_and_pictures_that_are_there_twice_are_listed_by_their_place_in_the_set() {
        let lab = Imagelab::new(ImageCheck::defaults()).unwrap();
        let measured = |seed: u32, level: u32| {
            let pixels: Vec<u8> =
                (0..30 * 30 * 3_u32).map(|i| (level * (((i * i + seed) * 31) >> 5 & 255) / 255) as u8).collect();
            let facts = Some(lab.measure(&Picture::rgb(30, 30, pixels).unwrap()));
            PicturePrediction { facts, ..PicturePrediction::default() }
        };
        let (bright, dark, other) = (measured(1, 255), measured(7, 20), measured(77, 255));
        let unmeasured = PicturePrediction::default();
        let pictures = [(2, &bright), (4, &dark), (5, &unmeasured), (6, &other), (9, &bright)];
        let found = PictureChecks::of(&pictures, &Quiet).unwrap();
        assert_eq!((found.n_measured, &found.exact_duplicates[..]), (4, &[vec![2, 9]][..]));
        let dark = found.checks.iter().find(|check| check.issue == ImageIssue::Dark).unwrap();
        assert_eq!(dark.pictures, [4]);
        assert!(found.near_duplicates.is_empty(), "{:?}", found.near_duplicates);
        assert_eq!(PictureChecks::of(&[], &Quiet).unwrap(), PictureChecks::default());
    }
}
