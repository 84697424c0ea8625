//! The issues among tokens, and the sentences they stand in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Tagging, TokenConfig};
use crate::classification::argmax;
use crate::classification::rank::find_top_issues;
use crate::tasks::experiment::Conducted;
use crate::tasks::task::TaskIssue;
use crate::token::TokenPlace;
use crate::{PredProbs, by_number};

/// Sentences listed by their score, beside those of the issues.
const WORST_SENTENCES: usize = 20;

/// What token classification has to say of its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TokenDetail {
    /// Sentences trained on, all of whose tags are checked.
    pub n_train_sentences: usize,
    /// Sentences held out to measure the models.
    pub n_dev_sentences: usize,
    /// Sentences with at least one issue.
    pub n_sentences_with_issues: usize,
    /// Flagged tokens by given (row) and suggested (column) tag.
    pub given_by_suggested: Vec<Vec<usize>>,
    /// The worst sentences and those of the listed issues, worst first.
    pub sentences: Vec<ShownSentence>,
}

/// A sentence to show issues in context.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShownSentence {
    /// Number of the sentence in the file, counted from 0.
    pub sentence: u32,
    /// What the file calls it; absent where it has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Score of its worst token, in [0, 1]; lower is worse.
    pub score: f64,
    /// Its tokens, as written.
    pub tokens: Vec<String>,
    /// Their tags (after noise was injected, where it was asked for); empty where a token has none.
    pub given: Vec<String>,
    /// The tags the model prefers; empty where a token has none.
    pub suggested: Vec<String>,
    /// Label quality scores in [0, 1]; absent where a token has no tag.
    pub scores: Vec<Option<f64>>,
    /// Tokens that are issues, counted from 0.
    pub issues: Vec<u32>,
}

/// The worst issues, worst first, and the sentences to show.
pub(super) fn describe(
    config: &TokenConfig,
    tagging: &Tagging<'_>,
    conducted: &Conducted,
) -> (Vec<TaskIssue>, TokenDetail) {
    let found = &conducted.found;
    let suggested: Vec<u32> =
        tagging.pred_probs.iter().flat_map(PredProbs::rows).map(|row| argmax(row) as u32).collect();
    let flagged: Vec<usize> = (0..found.flagged.len()).filter(|&unit| found.flagged[unit]).collect();
    let scores: Vec<f64> = flagged.iter().map(|&unit| found.scores[unit]).collect();
    let listed: Vec<usize> =
        find_top_issues(&scores, config.max_issues).into_iter().map(|i| flagged[i as usize]).collect();
    let name = |tag: u32| tagging.corpus.tags.get(tag as usize).cloned().unwrap_or_default();
    let issue = |&unit: &usize| {
        let TokenPlace { sentence, token } = tagging.units[unit].place;
        let (given, suggested) = (name(tagging.labels[unit]), name(suggested[unit]));
        let word = &tagging.corpus.sentences[sentence as usize].tokens[token as usize].text;
        let of_given = found.scores[unit];
        TaskIssue {
            kind: "label".to_owned(),
            row: sentence,
            token: Some(token),
            reason: format!(
                "The model gives \"{word}\" the tag {given} a probability of {of_given:.3} and prefers {suggested}."
            ),
            given,
            suggested,
            score: of_given,
            pruned: conducted.pruned.binary_search(&unit).is_ok(),
            held_out: false,
            known: conducted.noise.as_ref().map(|_| conducted.wrong.binary_search(&unit).is_ok()),
        }
    };
    let issues = listed.iter().map(issue).collect();

    let n_tags = tagging.corpus.tags.len();
    let mut given_by_suggested = vec![vec![0; n_tags]; n_tags];
    flagged.iter().for_each(|&unit| given_by_suggested[tagging.labels[unit] as usize][suggested[unit] as usize] += 1);
    let sentence_of = |unit: usize| tagging.units[unit].place.sentence;
    let ranges = ranges(tagging);
    let sentence_scores: Vec<f64> =
        ranges.iter().map(|range| range.clone().map(|unit| found.scores[unit]).fold(f64::INFINITY, f64::min)).collect();
    let mut shown: BTreeSet<usize> =
        find_top_issues(&sentence_scores, WORST_SENTENCES).into_iter().map(|i| i as usize).collect();
    shown.extend(listed.iter().filter_map(|&unit| tagging.train.binary_search(&sentence_of(unit)).ok()));
    let mut sentences: Vec<ShownSentence> = shown
        .into_iter()
        .map(|place| {
            let units = ranges[place].clone();
            let sentence = &tagging.corpus.sentences[tagging.train[place] as usize];
            let n = sentence.tokens.len();
            let mut shown = ShownSentence {
                sentence: tagging.train[place],
                id: sentence.id.as_deref().map(str::to_owned),
                score: sentence_scores[place],
                tokens: sentence.tokens.iter().map(|token| token.text.to_string()).collect(),
                given: vec![String::new(); n],
                suggested: vec![String::new(); n],
                scores: vec![None; n],
                issues: Vec::new(),
            };
            for unit in units {
                let token = tagging.units[unit].place.token;
                let at = token as usize;
                shown.given[at] = name(tagging.labels[unit]);
                shown.suggested[at] = name(suggested[unit]);
                shown.scores[at] = Some(found.scores[unit]);
                if found.flagged[unit] {
                    shown.issues.push(token);
                }
            }
            shown
        })
        .collect();
    by_number::sort(&mut sentences, |sentence| sentence.score);
    let with_issues: BTreeSet<u32> = flagged.iter().map(|&unit| sentence_of(unit)).collect();
    let detail = TokenDetail {
        n_train_sentences: tagging.train.len(),
        n_dev_sentences: tagging.dev.len(),
        n_sentences_with_issues: with_issues.len(),
        given_by_suggested,
        sentences,
    };
    (issues, detail)
}

/// The units of each training sentence.
fn ranges(tagging: &Tagging<'_>) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let mut ranges = Vec::with_capacity(tagging.train.len());
    for &sentence in &tagging.train {
        let end = start + tagging.units[start..].iter().take_while(|unit| unit.place.sentence == sentence).count();
        ranges.push(start..end);
        start = end;
    }
    ranges
}
