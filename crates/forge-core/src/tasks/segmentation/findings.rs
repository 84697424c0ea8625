//! Judges all pictures and tells what was found, expanding them picture by picture.

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_learn::{Host, Progress, map_units};
use ndarray::{Array3, Array4};

use super::SegmentationConfig;
use super::lowest::{Counts, Cut, counts, cut, interval, part, sum};
use super::report::{MaskCorruptionReport, SegmentationDetail, SegmentationPicture};
use super::runs::PixelRuns;
use super::subjects::{Subject, Subjects, pixels};
use crate::classification::inspector::{Confidence, reachable};
use crate::report::NoiseReport;
use crate::segmentation::SegmentationData;
use crate::segmentation::rank::{ImageScore, get_label_quality_scores};
use crate::tasks::experiment::noise_report;
use crate::tasks::task::TaskIssue;
use crate::{CoreError, by_number};

/// Issue pixels, as a share of the pixels that are in the mask or predicted, from which a picture is flagged. On the bundled
/// pictures true masks have 0.02 in the median and 0.08 at most, wrong ones hardly ever less.
const FLAGGED: f64 = 0.08;

/// What was found.
pub(super) struct Findings {
    pub(super) detail: SegmentationDetail,
    pub(super) issues: Vec<TaskIssue>,
    pub(super) noise: Option<NoiseReport>,
}

/// What one pass over a picture measures.
struct Measured {
    score: f64,
    confidence: Confidence,
    counts: Counts,
    predicted: PixelRuns,
    /// Pixels predicted and in the true mask, and in either.
    both: u64,
    either: u64,
    /// Pixels predicted or in the mask that is judged.
    reach: u64,
}

/// A pixel as it is judged.
#[derive(Clone, Copy)]
struct Pixel {
    label: usize,
    /// The class with the larger probability.
    predicted: usize,
    /// Probability of the label.
    own: f64,
}

/// The pixels of a picture, row by row.
fn judged_pixels(subject: &Subject<'_>) -> impl Iterator<Item = Pixel> {
    let probabilities = subject.grid.probabilities(subject.width, subject.height);
    let labels: Vec<bool> = subject.given.pixels().collect();
    probabilities.into_iter().zip(labels).map(|(p, label)| {
        let p = f64::from(p);
        let own = if label { p } else { 1.0 - p };
        Pixel { label: usize::from(label), predicted: usize::from(p > 1.0 - p), own }
    })
}

/// Judges all pictures.
///
/// # Errors
/// [`CoreError::Cancelled`].
pub(super) fn find(
    config: &SegmentationConfig,
    subjects: Subjects<'_>,
    host: &dyn Host,
) -> Result<Findings, CoreError> {
    let Subjects { mut pictures, judged, .. } = subjects;
    let measured = pass("Scoring the masks", &judged, host, |subject| measure(config, subject))?;

    let mut confidence = Confidence::new(2);
    measured.iter().for_each(|one| confidence.merge(&one.confidence));
    let reach = reachable(&confidence.thresholds());
    let counted = pass("Estimating wrong pixels", &judged, host, |subject| {
        let is_issue = |pixel: &Pixel| pixel.predicted != pixel.label && 1.0 - pixel.own >= reach[pixel.predicted];
        Ok(judged_pixels(subject).filter(is_issue).count() as u64)
    })?;
    let n_estimated: u64 = counted.iter().sum();
    let first = cut(&sum(measured.iter().map(|one| &one.counts)), n_estimated);
    let parts = pass("Ranking the pixels", &judged, host, |subject| {
        let mut fine = counts();
        let at_the_cut = judged_pixels(subject).filter(|pixel| interval(pixel.own) == first.last);
        at_the_cut.for_each(|pixel| fine[part(pixel.own)] += 1);
        Ok(fine)
    })?;
    let second = cut(&sum(parts.iter()), first.take);
    // Of pixels that are equal at the cut, the first pictures have theirs taken.
    let mut left = second.take;
    let shares: Vec<u64> = parts
        .iter()
        .map(|one| {
            let here = one.get(second.last).map_or(0, |&here| u64::from(here)).min(left);
            left -= here;
            here
        })
        .collect();
    let ends: Vec<Cut> = shares.into_iter().map(|take| Cut { take, ..second }).collect();
    let masks = pass_with("Marking wrong pixels", &judged, host, |place, subject| {
        let mut end = ends[place];
        let is_issue = |pixel: Pixel| {
            let at = (interval(pixel.own), part(pixel.own));
            let mut is_low = at < (first.last, end.last);
            if at == (first.last, end.last) && end.take > 0 {
                end.take -= 1;
                is_low = true;
            }
            is_low && pixel.predicted != pixel.label && pixel.own < config.score_threshold
        };
        Ok(PixelRuns::of(judged_pixels(subject).map(is_issue)))
    })?;

    let (mut both, mut either) = (0, 0);
    let mut contradicted = vec![-1.0; pictures.len()];
    for ((subject, one), issues) in judged.iter().zip(&measured).zip(masks) {
        let shown = &mut pictures[subject.place];
        shown.score = Some(one.score);
        shown.n_issue_pixels = issues.count();
        let share = shown.n_issue_pixels as f64 / one.reach.max(1) as f64;
        contradicted[subject.place] = share;
        shown.flagged = share >= FLAGGED;
        shown.issues = Some(issues);
        shown.given = Some(subject.given.clone());
        shown.predicted = Some(one.predicted.clone());
        shown.iou = Some(if one.either > 0 { one.both as f64 / one.either as f64 } else { 1.0 });
        shown.corruption = subject.corruption;
        (both, either) = (both + one.both, either + one.either);
    }
    // A small mask drawn wrongly weighs little among all pixels, so pictures come by what is contradicted of their own mask.
    let mut shares: Vec<(f64, SegmentationPicture)> = contradicted.into_iter().zip(pictures).collect();
    by_number::sort(&mut shares, |(_, shown)| shown.score.unwrap_or(f64::INFINITY));
    by_number::sort(&mut shares, |&(share, _)| -share);
    let pictures: Vec<SegmentationPicture> = shares.into_iter().map(|(_, shown)| shown).collect();
    let (corruption, noise) = if config.corrupt_frac > 0.0 { compared(&pictures) } else { (None, None) };
    let ious: Vec<f64> = pictures.iter().filter_map(|shown| shown.iou).collect();
    let issues = listed(config, &pictures);
    let detail = SegmentationDetail {
        n_judged: judged.len(),
        n_pixels: judged.iter().map(|subject| subject.width as u64 * subject.height as u64).sum(),
        n_issue_pixels: pictures.iter().map(|shown| shown.n_issue_pixels).sum(),
        n_flagged: pictures.iter().filter(|shown| shown.flagged).count(),
        pixel_iou: (either > 0).then(|| both as f64 / either as f64),
        mean_picture_iou: (!ious.is_empty()).then(|| ious.iter().sum::<f64>() / ious.len() as f64),
        corruption,
        pictures,
        ..SegmentationDetail::default()
    };
    Ok(Findings { detail, issues, noise })
}

/// One unit per picture.
fn pass<T: Send>(
    stage: &str,
    judged: &[Subject<'_>],
    host: &dyn Host,
    work: impl Fn(&Subject<'_>) -> Result<T, CoreError> + Sync,
) -> Result<Vec<T>, CoreError> {
    pass_with(stage, judged, host, |_, subject| work(subject))
}

fn pass_with<T: Send>(
    stage: &str,
    judged: &[Subject<'_>],
    host: &dyn Host,
    work: impl Fn(usize, &Subject<'_>) -> Result<T, CoreError> + Sync,
) -> Result<Vec<T>, CoreError> {
    let (done, total) = (AtomicUsize::new(0), judged.len());
    host.progress(Progress { stage, done: 0, total });
    let results = map_units(host, total, |place| {
        let result = work(place, &judged[place]);
        host.progress(Progress { stage, done: done.fetch_add(1, Ordering::Relaxed) + 1, total });
        Ok(result)
    })?;
    results.into_iter().collect()
}

fn measure(config: &SegmentationConfig, subject: &Subject<'_>) -> Result<Measured, CoreError> {
    let (width, height) = (subject.width, subject.height);
    let inside = subject.grid.probabilities(width, height);
    let labels: Vec<u32> = subject.given.pixels().map(u32::from).collect();
    let both_classes = inside.iter().map(|&p| 1.0 - f64::from(p)).chain(inside.iter().map(|&p| f64::from(p)));
    let shape = |error: ndarray::ShapeError| CoreError::Shape {
        argument: "pred_probs",
        shape: error.to_string(),
        expected: format!("{height} × {width}"),
    };
    let probabilities = Array4::from_shape_vec((1, 2, height, width), both_classes.collect()).map_err(shape)?;
    let data =
        SegmentationData::new(Array3::from_shape_vec((1, height, width), labels).map_err(shape)?, probabilities)?;
    let score = get_label_quality_scores(&data, ImageScore::default())?.images.first().copied().unwrap_or(1.0);

    let (mut confidence, mut in_intervals) = (Confidence::new(2), counts());
    for pixel in judged_pixels(subject) {
        confidence.add(pixel.label, pixel.own);
        in_intervals[interval(pixel.own)] += 1;
    }
    let predicted: Vec<bool> = inside.iter().map(|&p| f64::from(p) >= config.mask_threshold).collect();
    let (mut both, mut either, mut reach) = (0, 0, 0);
    for ((&predicted, truth), given) in predicted.iter().zip(pixels(subject.truth)).zip(subject.given.pixels()) {
        both += u64::from(predicted && truth);
        either += u64::from(predicted || truth);
        reach += u64::from(predicted || given);
    }
    let predicted = PixelRuns::of(predicted);
    Ok(Measured { score, confidence, counts: in_intervals, predicted, both, either, reach })
}

/// How well what was made wrong was found again; pictures come worst first.
fn compared(pictures: &[SegmentationPicture]) -> (Option<MaskCorruptionReport>, Option<NoiseReport>) {
    let judged: Vec<&SegmentationPicture> = pictures.iter().filter(|shown| shown.score.is_some()).collect();
    let wrong: Vec<usize> = (0..judged.len()).filter(|&place| judged[place].corruption.is_some()).collect();
    let flagged: Vec<bool> = judged.iter().map(|shown| shown.flagged).collect();
    let noise = noise_report(&wrong, &[], &flagged);
    let k = wrong.len();
    let at_k = (k > 0).then(|| wrong.iter().filter(|&&place| place < k).count() as f64 / k as f64);
    let report = MaskCorruptionReport {
        n_pictures: k,
        precision_at_k: at_k,
        recall_at_k: at_k,
        precision: noise.precision_at_flag,
        recall: noise.recall_at_flag,
    };
    // Nothing is pruned, so there is no recall of it either.
    (Some(report), Some(NoiseReport { recall_at_prune: None, ..noise }))
}

/// The flagged pictures, worst first.
fn listed(config: &SegmentationConfig, pictures: &[SegmentationPicture]) -> Vec<TaskIssue> {
    let described = |shown: &SegmentationPicture| {
        let share = 100.0 * shown.n_issue_pixels as f64 / (f64::from(shown.width) * f64::from(shown.height));
        TaskIssue {
            kind: "mask".to_owned(),
            row: shown.picture,
            score: shown.score.unwrap_or(1.0),
            reason: format!(
                "{}: the model contradicts the mask at {} pixels ({share:.1} %)",
                shown.name, shown.n_issue_pixels
            ),
            known: (config.corrupt_frac > 0.0).then(|| shown.corruption.is_some()),
            ..TaskIssue::default()
        }
    };
    pictures.iter().filter(|shown| shown.flagged).take(config.max_issues).map(described).collect()
}
