//! Tokens in sentences, and spans.

use forge_core::classification::filter::{FilterOptions, find_label_issues as find_flat};
use forge_core::token::filter::{find_label_issues, find_label_issues_low_memory};
use forge_core::token::rank::{
    SentenceScore, get_label_quality_scores, issues_from_sentence_scores, issues_from_token_scores,
};
use forge_core::token::summary::{Text, common_label_issues, filter_by_token};
use forge_core::token::{TokenData, TokenPlace, span_pred_probs};
use forge_core::{Adjustment, Score};
use ndarray::Axis;
use proptest::prelude::*;

use crate::cases::{Classes, classes, close, in_order, in_unit_interval, order};

/// The rows of a data set as tokens: sentences of lengths that add up to their number, and an order of sentences.
#[derive(Clone, Debug)]
struct Sentences {
    flat: Classes,
    lengths: Vec<usize>,
    order: Vec<usize>,
}

fn sentences() -> impl Strategy<Value = Sentences> {
    (classes(), prop::collection::vec(1_usize..6, 40)).prop_flat_map(|(flat, wanted)| {
        let mut left = flat.labels.len();
        let lengths: Vec<usize> = wanted
            .into_iter()
            .map(|length| {
                let length = length.min(left);
                left -= length;
                length
            })
            .filter(|&length| length > 0)
            .collect();
        let n = lengths.len();
        order(n).prop_map(move |order| Sentences { flat: flat.clone(), lengths: lengths.clone(), order })
    })
}

impl Sentences {
    fn rows(&self, sentence: usize) -> Vec<usize> {
        let start: usize = self.lengths[..sentence].iter().sum();
        (start..start + self.lengths[sentence]).collect()
    }

    fn in_order(&self, order: &[usize]) -> TokenData {
        let rows = order.iter().map(|&sentence| self.rows(sentence));
        let labels: Vec<Vec<u32>> = rows.clone().map(|rows| in_order(&self.flat.labels, &rows)).collect();
        let probs: Vec<_> = rows.map(|rows| self.flat.probs.select(Axis(0), &rows)).collect();
        TokenData::new(&labels, &probs).unwrap()
    }

    fn original(&self) -> TokenData {
        self.in_order(&(0..self.lengths.len()).collect::<Vec<_>>())
    }

    /// A place after the sentences were moved, where it was before.
    fn before(&self, place: TokenPlace) -> TokenPlace {
        TokenPlace { sentence: self.order[place.sentence as usize] as u32, ..place }
    }

    fn words(&self) -> Vec<Vec<String>> {
        let word = |row: &usize| format!("w{}", row % 3);
        (0..self.lengths.len()).map(|sentence| self.rows(sentence).iter().map(word).collect()).collect()
    }
}

/// Whether a sentence's score lies between those of its tokens.
fn between((sentence, tokens): (&f64, &Vec<f64>)) -> bool {
    let any = |holds: &dyn Fn(f64) -> bool| tokens.iter().any(|&token| holds(token));
    any(&|token| token <= sentence + 1e-12) && any(&|token| token >= sentence - 1e-12)
}

fn issues(data: &TokenData) -> Vec<TokenPlace> {
    find_label_issues(data, &FilterOptions::default(), Score::SelfConfidence, Adjustment::None).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_lie_between_zero_and_one_and_follow_their_sentences(data in sentences()) {
        let (original, moved) = (data.original(), data.in_order(&data.order));
        for sentence_score in [
            SentenceScore::Min,
            SentenceScore::Softmin { temperature: 0.05 },
            SentenceScore::Softmin { temperature: f64::INFINITY },
        ] {
            for score in [Score::SelfConfidence, Score::NormalizedMargin, Score::ConfidenceWeightedEntropy] {
                let found = get_label_quality_scores(&original, score, sentence_score).unwrap();
                let of_moved = get_label_quality_scores(&moved, score, sentence_score).unwrap();
                prop_assert!(in_unit_interval(&found.tokens.concat()));
                prop_assert!(found.sentences.iter().zip(&found.tokens).all(between));
                prop_assert!(close(&in_order(&found.sentences, &data.order), &of_moved.sentences));
                prop_assert_eq!(in_order(&found.tokens, &data.order), of_moved.tokens);
            }
        }
    }

    #[test]
    fn issues_follow_their_sentences_and_are_those_of_all_tokens_together(data in sentences()) {
        let (original, moved) = (data.original(), data.in_order(&data.order));
        let found = issues(&original);
        prop_assert_eq!(&found, &issues(&moved).into_iter().map(|place| data.before(place)).collect::<Vec<_>>());
        let (labels, probs) = data.flat.checked();
        let flat = find_flat(&labels, &probs, &FilterOptions::default()).unwrap().mask;
        prop_assert_eq!(found.len(), flat.iter().filter(|&&flag| flag).count());

        let mut low = find_label_issues_low_memory(&original, Score::SelfConfidence).unwrap();
        let of_moved = find_label_issues_low_memory(&moved, Score::SelfConfidence).unwrap();
        let mut before: Vec<TokenPlace> = of_moved.into_iter().map(|place| data.before(place)).collect();
        low.sort_unstable();
        before.sort_unstable();
        prop_assert_eq!(low, before);
    }

    #[test]
    fn issues_by_threshold_depend_on_the_order_of_scores_only(data in sentences(), threshold in 0.0_f64..1.0) {
        let found = get_label_quality_scores(&data.original(), Score::SelfConfidence, SentenceScore::Min).unwrap();
        let monotone = |score: &f64| score.powi(3);
        let tokens: Vec<Vec<f64>> = found.tokens.iter().map(|scores| scores.iter().map(monotone).collect()).collect();
        let sentences: Vec<f64> = found.sentences.iter().map(monotone).collect();
        prop_assert_eq!(
            issues_from_token_scores(&found.tokens, threshold), issues_from_token_scores(&tokens, monotone(&threshold))
        );
        prop_assert_eq!(
            issues_from_sentence_scores(&found.sentences, threshold),
            issues_from_sentence_scores(&sentences, monotone(&threshold))
        );
    }

    #[test]
    fn counts_by_word_add_up_to_the_issues(data in sentences()) {
        let (words, places) = (data.words(), issues(&data.original()));
        let text = Text { tokens: &words, labels: None, pred_probs: None };
        let common = common_label_issues(&places, &text, &[]).unwrap();
        prop_assert_eq!(common.iter().map(|issue| issue.num_label_issues).sum::<usize>(), places.len());
        prop_assert!(common.is_sorted_by(|a, b| a.num_label_issues >= b.num_label_issues));
        for issue in common {
            let of_word = filter_by_token(&issue.token.to_uppercase(), &places, &words).unwrap();
            prop_assert_eq!(of_word.len(), issue.num_label_issues);
        }
    }

    #[test]
    fn spans_are_tokens_of_two_classes(inside in prop::collection::vec(prop::collection::vec(0.0_f64..=1.0, 1..6), 1..8)) {
        let matrices = span_pred_probs(&inside).unwrap();
        for (matrix, inside) in matrices.iter().zip(&inside) {
            prop_assert_eq!(&matrix.column(1).to_vec(), inside);
            prop_assert!(matrix.outer_iter().all(|row| (row.sum() - 1.0).abs() < 1e-12));
        }
    }
}
