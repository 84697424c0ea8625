//! `token_classification` on sentences, one after the other.

use anyhow::Result;
use forge_core::classification::filter::FilterOptions;
use forge_core::token::rank::SentenceScore;
use forge_core::token::summary::{Text, common_label_issues};
use forge_core::token::{TokenData, TokenPlace, filter as token_filter, rank as token_rank};
use forge_core::{Adjustment, CoreError, Labels, PredProbs, Score};
use ndarray::{Array2, Axis};

use crate::{Arrays, Stopwatch};

/// Calls `algorithm` on sentences; making them is part of the call.
fn call<T>(
    given: &mut Arrays,
    stopwatch: &mut Stopwatch<'_>,
    algorithm: impl FnOnce(&TokenData) -> Result<T, CoreError>,
) -> Result<T> {
    let (labels, pred_probs) = (given.counts("labels")?, given.array("pred_probs")?);
    let lengths = lengths(given)?;
    let check = || TokenData::from_flat(lengths, Labels::new(labels)?, PredProbs::new(pred_probs)?);
    Ok(stopwatch.time_on(check, algorithm)?)
}

fn lengths(given: &mut Arrays) -> Result<Vec<usize>> {
    Ok(given.counts("lengths")?.into_iter().map(|length| length as usize).collect())
}

pub(super) fn filter(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let issues = call(given, stopwatch, |data| {
        token_filter::find_label_issues(data, &FilterOptions::default(), Score::SelfConfidence, Adjustment::None)
    })?;
    let pair = |place: &TokenPlace| [place.sentence, place.token];
    Ok(Arrays::default().with_counts("issues", issues.iter().flat_map(pair)))
}

pub(super) fn rank(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let scores = call(given, stopwatch, |data| {
        token_rank::get_label_quality_scores(data, Score::SelfConfidence, SentenceScore::Min)
    })?;
    Ok(Arrays::default().with_floats("sentences", scores.sentences).with_floats("tokens", scores.tokens.concat()))
}

/// The issues are all tokens whose label is not the most probable class.
pub(super) fn summary(given: &mut Arrays, stopwatch: &mut Stopwatch<'_>) -> Result<Arrays> {
    let (all_labels, all_probs, all_words): (_, Array2<f64>, _) =
        (given.counts("labels")?, given.array("pred_probs")?, given.counts("words")?);
    let (mut labels, mut pred_probs, mut words, mut issues) = (vec![], vec![], vec![], vec![]);
    let mut start = 0;
    for (sentence, length) in lengths(given)?.into_iter().enumerate() {
        let range = start..start + length;
        let probs = all_probs.slice_axis(Axis(0), range.clone().into()).to_owned();
        for (token, (row, &label)) in probs.rows().into_iter().zip(&all_labels[range.clone()]).enumerate() {
            if row.iter().any(|&p| p > row[label as usize]) {
                issues.push(TokenPlace { sentence: sentence as u32, token: token as u32 });
            }
        }
        labels.push(all_labels[range.clone()].to_vec());
        pred_probs.push(probs);
        words.push(all_words[range].iter().map(|word| format!("word{word}")).collect());
        start += length;
    }
    let text = Text { tokens: &words, labels: Some(&labels), pred_probs: Some(&pred_probs) };
    let common = stopwatch.time(|| common_label_issues(&issues, &text, &[]))?;
    // Equally frequent issues have no order that both sides share.
    let mut counts: Vec<u32> = common.iter().map(|issue| issue.num_label_issues as u32).collect();
    counts.sort_unstable();
    Ok(Arrays::default().with_counts("counts", counts))
}
