//! The label most annotators chose, and how a draw is decided.

use super::LabelTable;
use super::label_table::{Row, Tally};
use crate::{CoreError, PredProbs};

/// The label most annotators chose for each example. cleanlab: `multiannotator.get_majority_vote_label`.
///
/// A draw goes to the class with the highest predicted probability (where `pred_probs` are given), then to the class
/// that is rarest in the whole table, then to the class chosen by those who agree more often with the undisputed
/// majorities; where cleanlab at last draws at random, the lowest class number wins here. An example without labels is
/// a draw between all classes.
///
/// # Errors
/// Probabilities that do not fit the table; an example without labels when there are no `pred_probs`.
pub fn get_majority_vote_label(table: &LabelTable, pred_probs: Option<&PredProbs>) -> Result<Vec<u32>, CoreError> {
    if let Some(pred_probs) = pred_probs {
        table.matches(pred_probs)?;
    }
    let n_classes = pred_probs.map_or_else(|| table.n_classes(), PredProbs::n_classes);
    let mut tally = Tally::new(n_classes);
    let mut votes = Vec::with_capacity(table.n_examples());
    let mut draws: Vec<Draw> = Vec::new();
    for (example, row) in table.rows().enumerate() {
        let counts = tally.of(row.labels);
        let most = counts.iter().map(|&(_, count)| count).max();
        let mut leaders = counts.iter().filter(|&&(_, count)| Some(count) == most).map(|&(class, _)| class);
        match (leaders.next(), leaders.next()) {
            (Some(winner), None) => votes.push(winner),
            (Some(first), Some(second)) => {
                votes.push(first);
                draws.push(Draw { example, classes: [first, second].into_iter().chain(leaders).collect() });
            }
            (None, _) if pred_probs.is_some() => {
                votes.push(0);
                draws.push(Draw { example, classes: (0..n_classes as u32).collect() });
            }
            (None, _) => {
                return Err(CoreError::Annotation {
                    place: format!("[{example}, ..]"),
                    value: "without a label".to_owned(),
                    rule: "without `pred_probs` each example needs at least one label".to_owned(),
                });
            }
        }
    }
    decide(&mut votes, draws, table, pred_probs);
    Ok(votes)
}

/// An example that several classes lead.
struct Draw {
    example: usize,
    /// Ascending.
    classes: Vec<u32>,
}

impl Draw {
    /// Keeps the classes of the highest value; all of them where a value is not known.
    fn keep_best(&mut self, value: impl Fn(u32) -> f64) {
        let values: Vec<f64> = self.classes.iter().map(|&class| value(class)).collect();
        let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !values.iter().any(|value| value.is_nan()) {
            let mut values = values.iter();
            self.classes.retain(|_| values.next() == Some(&best));
        }
    }
}

/// Settles the draws rule by rule; what one rule settles the next does not see.
fn decide(votes: &mut [u32], mut draws: Vec<Draw>, table: &LabelTable, pred_probs: Option<&PredProbs>) {
    let disputed: Vec<usize> = draws.iter().map(|draw| draw.example).collect();
    let mut settle = |draws: &mut Vec<Draw>| {
        draws.retain(|draw| {
            votes[draw.example] = draw.classes.first().copied().unwrap_or_default();
            draw.classes.len() > 1
        });
    };
    if let Some(pred_probs) = pred_probs {
        let probs = pred_probs.view();
        for draw in &mut draws {
            let row = probs.row(draw.example);
            draw.keep_best(|class| row[class as usize]);
        }
        settle(&mut draws);
    }
    if !draws.is_empty() {
        let mut sorted = table.labels().to_vec();
        sorted.sort_unstable();
        let below = |class: u32| sorted.partition_point(|&label| label < class);
        draws.iter_mut().for_each(|draw| draw.keep_best(|class| below(class) as f64 - below(class + 1) as f64));
        settle(&mut draws);
    }
    if !draws.is_empty() {
        let trust = agreement_with_undisputed(table, &disputed);
        let rows: Vec<Row<'_>> = table.rows().collect();
        for draw in &mut draws {
            let row = rows[draw.example];
            draw.keep_best(|class| {
                let supporters = row.iter().filter(|&(_, label)| label == class);
                let (sum, n) = supporters.fold((0.0, 0), |(sum, n), (annotator, _)| (sum + trust[annotator], n + 1));
                sum / f64::from(n)
            });
        }
        settle(&mut draws);
    }
}

/// The share of each annotator's labels that are the majority's, over the examples without a draw; the mean of the
/// others for annotators without such an example.
fn agreement_with_undisputed(table: &LabelTable, disputed: &[usize]) -> Vec<f64> {
    let mut agreed = vec![(0u32, 0u32); table.n_annotators()];
    let mut disputed = disputed.iter().copied().peekable();
    let mut tally = Tally::new(table.n_classes());
    for (example, row) in table.rows().enumerate() {
        if disputed.next_if_eq(&example).is_some() {
            continue;
        }
        let winner = tally.of(row.labels).iter().max_by_key(|&&(_, count)| count).map(|&(class, _)| class);
        for (annotator, label) in row.iter() {
            agreed[annotator].0 += u32::from(Some(label) == winner);
            agreed[annotator].1 += 1;
        }
    }
    let mut agreement: Vec<f64> = agreed.iter().map(|&(yes, all)| f64::from(yes) / f64::from(all)).collect();
    fill_unknown(&mut agreement);
    agreement
}

/// Puts the mean of the known values where a value is not known, and says where that was.
pub(super) fn fill_unknown(values: &mut [f64]) -> Vec<usize> {
    let unknown: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_nan()).collect();
    let known = values.iter().filter(|value| !value.is_nan());
    let mean = known.sum::<f64>() / (values.len() - unknown.len()) as f64;
    unknown.iter().for_each(|&i| values[i] = mean);
    unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(n_annotators: usize, labels: &[i32]) -> LabelTable {
        let cells: Vec<Option<u32>> = labels.iter().map(|&label| u32::try_from(label).ok()).collect();
        LabelTable::from_cells(n_annotators, &cells).unwrap()
    }

    #[test]
    fn predictions_decide_a_draw() {
        let probs = PredProbs::from_rows(&[[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]]).unwrap();
        let labels = table(3, &[0, 1, -1, -1, 1, 2]);
        assert_eq!(get_majority_vote_label(&labels, Some(&probs)).unwrap(), [1, 2]);
    }

    #[test]
    fn without_predictions_the_rarest_class_wins_a_draw() {
        assert_eq!(get_majority_vote_label(&table(2, &[0, 1, 0, 0, 1, 1, 0, -1]), None).unwrap(), [1, 0, 1, 0]);
    }

    #[test]
    fn the_annotator_who_agrees_more_often_wins_the_next_draw() {
        let labels = table(3, &[0, 1, -1, 0, 1, 0, 1, -1, 1, 1, 0, 1, 0, 0, -1, -1, 1, -1]);
        assert_eq!(get_majority_vote_label(&labels, None).unwrap()[0], 0);
    }

    #[test]
    fn an_example_without_labels_needs_predictions() {
        let labels = table(2, &[-1, -1, 0, 1]);
        assert!(get_majority_vote_label(&labels, None).unwrap_err().to_string().contains("[0, ..]"));
        let probs = PredProbs::from_rows(&[[0.4, 0.6], [0.5, 0.5]]).unwrap();
        assert_eq!(get_majority_vote_label(&labels, Some(&probs)).unwrap(), [1, 0]);
    }
}
