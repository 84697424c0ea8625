//! What is decided once all pictures have been measured: scores, flags and sets of duplicates.

use std::collections::BTreeMap;

use super::check::{BlurSettings, ImageCheck, ImageIssue, SizeSettings};
use super::facts::PictureFacts;
use super::order;
use super::picture::ColorSpace;

/// The result of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageFound {
    /// What was looked for.
    pub issue: ImageIssue,
    /// Whether each picture has it. cleanvision: `is_<issue>_issue`.
    pub is_issue: Vec<bool>,
    /// How well each picture does, from 0, the worst, to 1. cleanvision: `<issue>_score`.
    pub scores: Vec<f64>,
}

impl ImageFound {
    /// Pictures that have it. cleanvision: `num_images`.
    pub fn n_issues(&self) -> usize {
        self.is_issue.iter().filter(|&&issue| issue).count()
    }

    fn below(issue: ImageIssue, scores: Vec<f64>, threshold: f64) -> Self {
        Self { issue, is_issue: scores.iter().map(|&score| score < threshold).collect(), scores }
    }
}

/// Share of the pictures of an audit with labels that may have an issue (cleanlab: `IMAGELAB_ISSUES_MAX_PREVALENCE`).
pub const MAX_PREVALENCE: f64 = 0.1;

/// What was found in a set of pictures.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ImageFindings {
    /// The result of each check, in the order of [`ImageIssue::ALL`].
    pub results: Vec<ImageFound>,
    /// What was measured on each picture.
    pub facts: Vec<PictureFacts>,
    /// Sets of identical pictures, each ascending, in the order of their first; none where duplicates were not looked for.
    pub exact_sets: Option<Vec<Vec<u32>>>,
    /// Sets of pictures with equal hashes that are not all identical; none where they were not looked for.
    pub near_sets: Option<Vec<Vec<u32>>>,
}

impl ImageFindings {
    /// The result of one check.
    pub fn result(&self, issue: ImageIssue) -> Option<&ImageFound> {
        self.results.iter().find(|found| found.issue == issue)
    }

    /// The results, those of most pictures first. cleanvision: `Imagelab.issue_summary`, whose order of equal counts depends
    /// on the order of `issues`, in which the checks were asked for.
    pub fn summary(&self, issues: &[ImageIssue]) -> Vec<&ImageFound> {
        let asked: Vec<&ImageFound> = issues.iter().filter_map(|&issue| self.result(issue)).collect();
        let counts: Vec<usize> = asked.iter().map(|found| found.n_issues()).collect();
        order::descending(&counts).into_iter().map(|place| asked[place]).collect()
    }

    /// The results that an audit with labels lists: what more than [`MAX_PREVALENCE`] of the pictures have is their nature,
    /// no issue. cleanlab: `filter_based_on_max_prevalence`.
    pub fn summary_in_datalab(&self, issues: &[ImageIssue]) -> Vec<&ImageFound> {
        let most = (MAX_PREVALENCE * self.facts.len() as f64) as usize;
        let mut summary = self.summary(issues);
        summary.retain(|found| found.n_issues() <= most);
        summary
    }

    pub(super) fn of(checks: &[ImageCheck], facts: Vec<PictureFacts>) -> Self {
        let wants_sets =
            |check: &ImageCheck| matches!(check, ImageCheck::ExactDuplicates | ImageCheck::NearDuplicates(_));
        let exact_sets = checks.iter().any(wants_sets).then(|| sets(facts.iter().map(|facts| facts.digest.as_ref())));
        let near = checks.iter().any(|check| matches!(check, ImageCheck::NearDuplicates(_)));
        let near_sets = near.then(|| {
            let mut sets = sets(facts.iter().map(|facts| facts.hash.as_ref()));
            sets.retain(|set| !exact_sets.as_ref().is_some_and(|exact| exact.contains(set)));
            sets
        });
        let mut results: Vec<ImageFound> = checks
            .iter()
            .map(|check| match check {
                ImageCheck::ExactDuplicates => duplicates(check.issue(), exact_sets.as_deref(), facts.len()),
                ImageCheck::NearDuplicates(_) => duplicates(check.issue(), near_sets.as_deref(), facts.len()),
                check => by_facts(check, &facts),
            })
            .collect();
        results.sort_by_key(|found| found.issue);
        Self { results, facts, exact_sets, near_sets }
    }
}

/// Scores that depend on nothing but what was measured.
fn by_facts(check: &ImageCheck, facts: &[PictureFacts]) -> ImageFound {
    let scores = |score: &dyn Fn(&PictureFacts) -> Option<f64>| -> Vec<f64> {
        facts.iter().map(|facts| score(facts).unwrap_or(1.0)).collect()
    };
    let issue = check.issue();
    match check {
        ImageCheck::Dark(settings) => {
            let scores = scores(&|facts| facts.brightness.map(|brightness| brightness.brightest()));
            ImageFound::below(issue, scores, settings.threshold)
        }
        ImageCheck::Light(settings) => {
            let scores = scores(&|facts| facts.brightness.map(|brightness| 1.0 - brightness.darkest()));
            ImageFound::below(issue, scores, settings.threshold)
        }
        ImageCheck::OddAspectRatio(settings) => {
            ImageFound::below(issue, scores(&|facts| Some(facts.aspect_ratio())), settings.threshold)
        }
        ImageCheck::LowInformation(settings) => {
            let scores = scores(&|facts| facts.entropy.map(|bits| (settings.normalizing_factor * bits).min(1.0)));
            ImageFound::below(issue, scores, settings.threshold)
        }
        ImageCheck::Blurry(settings) => {
            ImageFound::below(issue, scores(&|facts| sharpness_score(facts, settings)), settings.threshold)
        }
        ImageCheck::OddSize(settings) => odd_size(facts, settings),
        ImageCheck::Grayscale | ImageCheck::ExactDuplicates | ImageCheck::NearDuplicates(_) => {
            let gray: Vec<bool> = facts.iter().map(|facts| facts.color == ColorSpace::Gray).collect();
            ImageFound {
                issue,
                scores: gray.iter().map(|&gray| if gray { 0.0 } else { 1.0 }).collect(),
                is_issue: gray,
            }
        }
    }
}

fn sharpness_score(facts: &PictureFacts, settings: &BlurSettings) -> Option<f64> {
    let sharpness = facts.sharpness?;
    let rising = |deviation: f64| 1.0 - libm::exp(-deviation * settings.normalizing_factor);
    let levels = Some(rising(sharpness.levels)).filter(|&score| score > settings.color_threshold).unwrap_or(0.0);
    Some((rising(sharpness.edges) + levels).min(1.0))
}

/// Scores fall with the distance from the middle of the usual range, which reaches beyond the quartiles of all sizes.
fn odd_size(facts: &[PictureFacts], settings: &SizeSettings) -> ImageFound {
    let sizes: Vec<f64> = facts.iter().map(PictureFacts::size).collect();
    let mut sorted = sizes.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let (q1, q3) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
    let reach = settings.iqr_factor * (q3 - q1);
    let (least, most) = (q1 - reach, q3 + reach);
    let (middle, gap) = (f64::midpoint(least, most), most - least);
    let (unit, threshold) = if gap > 0.0 { (gap, 0.5) } else { (middle, 1.0) };
    let scores = sizes.into_iter().map(|size| 1.0 - ((size - middle).abs() / unit).clamp(0.0, 1.0)).collect();
    ImageFound::below(ImageIssue::OddSize, scores, settings.threshold.unwrap_or(threshold))
}

/// `numpy.percentile` of ascending values; 0 of nothing.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = q * sorted.len().saturating_sub(1) as f64;
    let (low, share) = (place as usize, place.fract());
    match (sorted.get(low), sorted.get(low + 1)) {
        (Some(a), Some(b)) if share >= 0.5 => b - (b - a) * (1.0 - share),
        (Some(a), Some(b)) => a + (b - a) * share,
        (Some(a), None) => *a,
        _ => 0.0,
    }
}

/// Pictures with equal keys, where there are at least two.
fn sets<K: Ord>(keys: impl Iterator<Item = Option<K>>) -> Vec<Vec<u32>> {
    let mut place_of: BTreeMap<K, usize> = BTreeMap::new();
    let mut sets: Vec<Vec<u32>> = Vec::new();
    for (picture, key) in (0_u32..).zip(keys) {
        let Some(key) = key else { continue };
        let place = *place_of.entry(key).or_insert(sets.len());
        match sets.get_mut(place) {
            Some(set) => set.push(picture),
            None => sets.push(vec![picture]),
        }
    }
    sets.retain(|set| set.len() > 1);
    sets
}

/// One over the size of its set for a picture in one, else 1.
fn duplicates(issue: ImageIssue, sets: Option<&[Vec<u32>]>, n: usize) -> ImageFound {
    let mut found = ImageFound { issue, is_issue: vec![false; n], scores: vec![1.0; n] };
    for set in sets.into_iter().flatten() {
        for &picture in set {
            found.is_issue[picture as usize] = true;
            found.scores[picture as usize] = 1.0 / set.len() as f64;
        }
    }
    found
}
