//! Judges all pictures and tells what was found.

use forge_data::{BoxAnnotations, BoxKind, ScoredBox};
use forge_learn::{Host, map_units};

use super::ObjectDetectionConfig;
use super::average_precision::{OnePicture, ap50};
use super::corruption::bounding;
use super::judge::{Given, Seen, Verdict, judge, partners, sure};
use super::report::{
    BoxCorruptionKind, BoxCorruptionReport, BoxIssue, BoxIssueCounts, BoxIssueKind, ClassPrecision, DetectionPicture,
    GivenBox, ObjectDetectionDetail,
};
use super::subjects::{Subject, Subjects};
use crate::classification::latent::TINY;
use crate::object_detection::rank::{
    OverlapCheck, TEMPERATURE, compute_badloc_box_scores, compute_overlooked_box_scores, compute_swap_box_scores,
    pool_box_scores_per_image,
};
use crate::object_detection::{Annotations, BoundingBox, Comparison, Detections, ImageAnnotations, Predictions};
use crate::report::NoiseReport;
use crate::tasks::experiment::noise_report;
use crate::tasks::task::TaskIssue;
use crate::{CoreError, by_number};

/// Overlap from which an overlooked object is the one whose box was left out.
const FOUND: f64 = 0.3;

/// What was found.
pub(super) struct Findings {
    pub(super) detail: ObjectDetectionDetail,
    pub(super) n_issues: usize,
    pub(super) issues: Vec<TaskIssue>,
    pub(super) noise: Option<NoiseReport>,
}

/// Judges all pictures.
///
/// # Errors
/// [`CoreError::Cancelled`].
pub(super) fn find(
    config: &ObjectDetectionConfig,
    mut subjects: Subjects,
    (annotations, predicted_classes): (&BoxAnnotations, &[String]),
    host: &dyn Host,
) -> Result<Findings, CoreError> {
    let scored = BoxScores::of(config, &subjects)?;
    let paired = map_units(host, subjects.judged.len(), |place| {
        let subject = &subjects.judged[place];
        let given = given_of(&subjects, subject, &scored, place);
        let seen = seen_of(config, subject, &scored.overlooked[place]);
        let partners = partners(&given, &seen);
        Ok((given, seen, partners))
    })?;
    let by_picture = paired.iter().map(|(_, seen, partners)| (&seen[..], &partners[..]));
    let sure = sure(predicted_classes.len(), by_picture);
    let verdicts = map_units(host, paired.len(), |place| {
        let (given, seen, partners) = &paired[place];
        Ok(judge(given, seen, partners.clone(), &sure))
    })?;
    let quality = qualities(&verdicts)?;

    let suggested = suggestions(&subjects, annotations, predicted_classes.len());
    let mut pictures = std::mem::take(&mut subjects.pictures);
    for ((subject, verdict), quality) in subjects.judged.iter().zip(&verdicts).zip(quality) {
        let shown = &mut pictures[subject.place];
        shown.quality = Some(quality);
        describe(shown, config, subject, (verdict, &suggested));
    }
    let mut counts = BoxIssueCounts::default();
    for issue in pictures.iter().flat_map(|shown| &shown.issues) {
        *match issue.kind {
            BoxIssueKind::Overlooked => &mut counts.overlooked,
            BoxIssueKind::BadlyLocated => &mut counts.badly_located,
            BoxIssueKind::Swapped => &mut counts.swapped,
        } += 1;
    }
    let by_class = precisions(&subjects, predicted_classes);
    let (corruption, noise) = if config.corrupt_frac > 0.0 { measured(&pictures) } else { (None, None) };
    let mean = |values: &[ClassPrecision]| values.iter().map(|class| class.ap50).sum::<f64>() / values.len() as f64;
    let mut detail = ObjectDetectionDetail {
        n_judged: subjects.judged.len(),
        n_given: subjects.judged.iter().map(|subject| subject.given.len()).sum(),
        n_predicted: pictures.iter().map(|shown| shown.predicted.len()).sum(),
        n_flagged: pictures.iter().filter(|shown| shown.flagged).count(),
        counts,
        predicted_classes: predicted_classes.to_vec(),
        predicted_as: subjects.classes.predicted_as.clone(),
        ap50: (!by_class.is_empty()).then(|| mean(&by_class)),
        ap50_by_class: by_class,
        corruption,
        pictures,
        ..ObjectDetectionDetail::default()
    };
    let rank = |shown: &DetectionPicture| (!shown.flagged, shown.quality.unwrap_or(f64::INFINITY));
    detail.pictures.sort_by(|a, b| {
        let ((a_clean, a), (b_clean, b)) = (rank(a), rank(b));
        a_clean.cmp(&b_clean).then(a.total_cmp(&b))
    });
    let issues = listed(config, &detail, &annotations.classes);
    Ok(Findings { n_issues: counts.overlooked + counts.badly_located + counts.swapped, issues, detail, noise })
}

/// cleanlab's scores of boxes, picture by picture.
struct BoxScores {
    /// Of annotated boxes that are judged, in their order.
    badloc: Vec<Vec<f64>>,
    swap: Vec<Vec<f64>>,
    /// Of predicted boxes that count, in their order.
    overlooked: Vec<Vec<f64>>,
}

impl BoxScores {
    fn of(config: &ObjectDetectionConfig, subjects: &Subjects) -> Result<Self, CoreError> {
        if subjects.judged.is_empty() {
            return Ok(Self { badloc: Vec::new(), swap: Vec::new(), overlooked: Vec::new() });
        }
        let mut used: Vec<u32> = subjects.classes.predicted_as.iter().flatten().copied().collect();
        used.sort_unstable();
        used.dedup();
        let number = |class: u32| used.binary_search(&class).unwrap_or_default();
        let (mut given, mut predicted, mut orders) = (Vec::new(), Vec::new(), Vec::new());
        for subject in &subjects.judged {
            let mut annotated = ImageAnnotations::default();
            for (_, labelled) in &subject.given {
                if let Some(class) = judged_class(subjects, labelled) {
                    annotated.bboxes.push([labelled.x1, labelled.y1, labelled.x2, labelled.y2]);
                    annotated.labels.push(number(class) as u32);
                }
            }
            given.push(annotated);
            let mut by_class = vec![Vec::new(); used.len()];
            let mut places = vec![Vec::new(); used.len()];
            for (place, ScoredBox { labelled, score }) in counted(config, subject).iter().enumerate() {
                let class = number(labelled.class);
                by_class[class].push([labelled.x1, labelled.y1, labelled.x2, labelled.y2, *score]);
                places[class].push(place);
            }
            predicted.push(by_class);
            orders.push(places.concat());
        }
        let detections = Detections::new(Annotations::new(&given)?, Predictions::new(&predicted)?)?;
        let comparison = Comparison::new(&detections, crate::object_detection::ALPHA)?;
        let overlooked = compute_overlooked_box_scores(&comparison, config.score_threshold)?;
        let in_order = |(scores, order): (Vec<f64>, Vec<usize>)| {
            let mut sorted = vec![f64::NAN; scores.len()];
            order.iter().zip(scores).for_each(|(&place, score)| sorted[place] = score);
            sorted
        };
        Ok(Self {
            badloc: compute_badloc_box_scores(&comparison, config.score_threshold)?,
            swap: compute_swap_box_scores(&comparison, config.score_threshold, OverlapCheck::Penalize)?,
            overlooked: overlooked.into_iter().zip(orders).map(in_order).collect(),
        })
    }
}

/// The predicted boxes that count.
fn counted<'a>(config: &ObjectDetectionConfig, subject: &'a Subject) -> &'a [ScoredBox] {
    let n = subject.predicted.partition_point(|predicted| predicted.score >= config.score_threshold);
    &subject.predicted[..n]
}

/// The predicted class that stands for the class of a box; none for boxes that are not judged.
fn judged_class(subjects: &Subjects, labelled: &forge_data::LabelledBox) -> Option<u32> {
    subjects.predicted_as(labelled).filter(|_| labelled.kind == BoxKind::Object)
}

fn given_of(subjects: &Subjects, subject: &Subject, scored: &BoxScores, place: usize) -> Vec<Given> {
    let mut scores = scored.badloc[place].iter().zip(&scored.swap[place]);
    let given = subject.given.iter().filter_map(|(_, labelled)| {
        let class = judged_class(subjects, labelled);
        let (badloc, swap) = class.and_then(|_| scores.next()).map_or((1.0, 1.0), |(&badloc, &swap)| (badloc, swap));
        let is_crowd = labelled.kind != BoxKind::Object;
        Some(Given { edges: bounding(labelled)?, class, is_crowd, badloc, swap })
    });
    given.collect()
}

fn seen_of(config: &ObjectDetectionConfig, subject: &Subject, overlooked: &[f64]) -> Vec<Seen> {
    let seen = counted(config, subject).iter().zip(overlooked).filter_map(|(predicted, &overlooked)| {
        let edges = bounding(&predicted.labelled)?;
        Some(Seen { edges, class: predicted.labelled.class, score: predicted.score, overlooked })
    });
    seen.collect()
}

/// The score of each picture: softmin by kind of issue, then the geometric mean.
fn qualities(verdicts: &[Verdict]) -> Result<Vec<f64>, CoreError> {
    let pooled = |of: fn(&Verdict) -> &Vec<f64>| {
        pool_box_scores_per_image(&verdicts.iter().map(|verdict| of(verdict).clone()).collect::<Vec<_>>(), TEMPERATURE)
    };
    let kinds =
        [pooled(|verdict| &verdict.overlooked)?, pooled(|verdict| &verdict.badloc)?, pooled(|verdict| &verdict.swap)?];
    let mean = |picture: usize| {
        libm::exp(kinds.iter().map(|scores| libm::log(TINY + scores[picture])).sum::<f64>() / kinds.len() as f64)
    };
    Ok((0..verdicts.len()).map(|picture| mean(picture).min(1.0)).collect())
}

/// For each predicted class the annotated class that stands for it, the most frequent of several.
fn suggestions(subjects: &Subjects, annotations: &BoxAnnotations, n_predicted: usize) -> Vec<Option<u32>> {
    let mut n_boxes = vec![0_usize; annotations.classes.len()];
    for labelled in annotations.boxes.iter().flatten() {
        if let Some(count) = n_boxes.get_mut(labelled.class as usize) {
            *count += 1;
        }
    }
    let stands = |class: usize| {
        let predicted_as = &subjects.classes.predicted_as;
        let of_class =
            (0..n_boxes.len()).rev().filter(|&from| predicted_as[from].is_some_and(|to| to as usize == class));
        of_class.max_by_key(|&from| n_boxes[from]).and_then(|from| u32::try_from(from).ok())
    };
    (0..n_predicted).map(stands).collect()
}

/// Writes what is known of a judged picture into its report.
fn describe(
    shown: &mut DetectionPicture,
    config: &ObjectDetectionConfig,
    subject: &Subject,
    (verdict, suggested): (&Verdict, &[Option<u32>]),
) {
    shown.predicted = counted(config, subject).to_vec();
    shown.given = (0..)
        .zip(&subject.given)
        .map(|(place, &(index, labelled)): (usize, _)| GivenBox {
            labelled,
            index,
            badloc_score: verdict.badloc[place],
            swap_score: verdict.swap[place],
            partner: verdict.partners[place].map(|predicted| predicted as u32),
        })
        .collect();
    shown.corruption.clone_from(&subject.corruption);
    for wrong in &verdict.wrong {
        let given = wrong.given.map(|place| &shown.given[place].labelled);
        let predicted = wrong.predicted.map(|place| &shown.predicted[place].labelled);
        let Some(labelled) = given.or(predicted) else { continue };
        let known = shown.corruption.iter_mut().find(|done| match wrong.kind {
            BoxIssueKind::Overlooked => {
                let both = bounding(&done.original).zip(bounding(labelled));
                done.kind == BoxCorruptionKind::Dropped
                    && both.is_some_and(|(a, b): (BoundingBox, _)| a.iou(b) >= FOUND)
            }
            _ => done.given.is_some() && done.given == wrong.given.map(|place| place as u32),
        });
        let is_known = known.is_some();
        if let Some(done) = known {
            done.found |= match done.kind {
                BoxCorruptionKind::Dropped => wrong.kind == BoxIssueKind::Overlooked,
                BoxCorruptionKind::Shifted => wrong.kind == BoxIssueKind::BadlyLocated,
                BoxCorruptionKind::Swapped => wrong.kind == BoxIssueKind::Swapped,
            };
        }
        let class = given.map(|given| given.class);
        let of_predicted = predicted.and_then(|predicted| suggested.get(predicted.class as usize).copied().flatten());
        shown.issues.push(BoxIssue {
            kind: wrong.kind,
            edges: [labelled.x1, labelled.y1, labelled.x2, labelled.y2],
            given: wrong.given.map(|place| place as u32),
            predicted: wrong.predicted.map(|place| place as u32),
            class,
            suggested_class: if wrong.kind == BoxIssueKind::BadlyLocated { class } else { of_predicted },
            score: wrong.score,
            known: (config.corrupt_frac > 0.0).then_some(is_known),
        });
    }
    shown.flagged = !shown.issues.is_empty();
}

/// Average precision by predicted class, against the annotations as they came.
fn precisions(subjects: &Subjects, predicted_classes: &[String]) -> Vec<ClassPrecision> {
    let mut by_class = Vec::new();
    for (class, name) in (0_u32..).zip(predicted_classes).filter(|&(class, _)| subjects.is_annotated(class)) {
        let is_of = |labelled: &&forge_data::LabelledBox| subjects.predicted_as(labelled) == Some(class);
        let pictures = subjects.judged.iter().map(|subject| OnePicture {
            given: subject.truth.iter().filter(is_of).collect(),
            predicted: subject.predicted.iter().filter(|predicted| predicted.labelled.class == class).collect(),
        });
        let given = subjects.judged.iter().flat_map(|subject| subject.truth.iter().filter(is_of));
        let n_given = given.filter(|labelled| labelled.kind == BoxKind::Object).count();
        by_class.extend(ap50(pictures).map(|ap50| ClassPrecision { class: name.clone(), n_given, ap50 }));
    }
    by_class
}

/// How well what was made wrong was found again.
fn measured(pictures: &[DetectionPicture]) -> (Option<BoxCorruptionReport>, Option<NoiseReport>) {
    let judged: Vec<&DetectionPicture> = pictures.iter().filter(|shown| shown.quality.is_some()).collect();
    let flagged: Vec<bool> = judged.iter().map(|shown| shown.flagged).collect();
    let wrong: Vec<usize> = (0..judged.len()).filter(|&place| !judged[place].corruption.is_empty()).collect();
    let noise = noise_report(&wrong, &[], &flagged);
    let count = |kind: BoxCorruptionKind, is_counted: fn(bool) -> bool| {
        let done = judged.iter().flat_map(|shown| &shown.corruption);
        done.filter(|done| done.kind == kind && is_counted(done.found)).count()
    };
    let (all, found) = ((|_| true) as fn(bool) -> bool, (|found| found) as fn(bool) -> bool);
    let report = BoxCorruptionReport {
        n_pictures: wrong.len(),
        n_dropped: count(BoxCorruptionKind::Dropped, all),
        n_dropped_found: count(BoxCorruptionKind::Dropped, found),
        n_shifted: count(BoxCorruptionKind::Shifted, all),
        n_shifted_found: count(BoxCorruptionKind::Shifted, found),
        n_swapped: count(BoxCorruptionKind::Swapped, all),
        n_swapped_found: count(BoxCorruptionKind::Swapped, found),
        precision: noise.precision_at_flag,
        recall: noise.recall_at_flag,
    };
    // Nothing is pruned, so there is no recall of it either.
    (Some(report), Some(NoiseReport { recall_at_prune: None, ..noise }))
}

/// The issues of all pictures, worst first.
fn listed(config: &ObjectDetectionConfig, detail: &ObjectDetectionDetail, classes: &[String]) -> Vec<TaskIssue> {
    let name = |class: Option<u32>| class.and_then(|class| classes.get(class as usize)).cloned().unwrap_or_default();
    let mut issues: Vec<(&DetectionPicture, &BoxIssue)> =
        detail.pictures.iter().flat_map(|shown| shown.issues.iter().map(move |issue| (shown, issue))).collect();
    by_number::sort(&mut issues, |(_, issue)| issue.score);
    let described = |(shown, issue): (&DetectionPicture, &BoxIssue)| TaskIssue {
        kind: issue.kind.name().to_owned(),
        row: shown.picture,
        given: name(issue.class),
        suggested: name(issue.suggested_class),
        score: issue.score,
        reason: reason(shown, issue, &detail.predicted_classes),
        known: issue.known,
        ..TaskIssue::default()
    };
    issues.into_iter().take(config.max_issues).map(described).collect()
}

fn reason(shown: &DetectionPicture, issue: &BoxIssue, predicted_classes: &[String]) -> String {
    let place = |[x1, y1, x2, y2]: [f64; 4]| format!("({x1:.0}, {y1:.0}) – ({x2:.0}, {y2:.0})");
    let at = place(issue.edges);
    let Some(other) = issue.predicted.and_then(|place| shown.predicted.get(place as usize)) else {
        return format!("{}: the box {at}", shown.name);
    };
    let labelled = &other.labelled;
    let class = predicted_classes.get(labelled.class as usize).map_or("object", String::as_str);
    let (score, there) = (other.score, place([labelled.x1, labelled.y1, labelled.x2, labelled.y2]));
    match issue.kind {
        BoxIssueKind::Overlooked => {
            format!("{}: {class} at {at} with score {score:.2}, and no box is there", shown.name)
        }
        BoxIssueKind::BadlyLocated => {
            format!("{}: the box {at}, but {class} is at {there} with score {score:.2}", shown.name)
        }
        BoxIssueKind::Swapped => format!("{}: at {at} is {class} with score {score:.2}", shown.name),
    }
}
