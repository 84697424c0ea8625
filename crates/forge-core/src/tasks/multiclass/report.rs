//! What a multi-class classification has found.

use forge_learn::predicted_labels;
use serde::{Deserialize, Serialize};

use super::experiment::Classes;
use crate::tasks::experiment::Conducted;
use crate::tasks::tabular::{names, note, worst_first};
use crate::tasks::task::{TaskConfig, TaskDetail, TaskIssue, TaskReport};
use crate::{CoreError, VERSION};

/// What only classes have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MulticlassDetail {
    /// Estimated share of correct labels, in [0, 1]; cleanlab's `overall_label_health_score`.
    pub health_score: f64,
    /// Flagged rows by given (row) and suggested (column) class, K × K.
    pub given_by_suggested: Vec<Vec<usize>>,
    /// The classes, by class number.
    pub per_class: Vec<ClassCounts>,
}

/// How many rows a class has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassCounts {
    /// Its name.
    pub name: String,
    /// Rows that are given it.
    pub n_given: usize,
    /// Rows that are given it and flagged.
    pub n_issues: usize,
    /// Flagged rows of other classes that it is suggested for.
    pub n_suggested: usize,
    /// Mean label quality score of the rows that are given it, in [0, 1]; absent where there are none.
    pub mean_score: Option<f64>,
}

impl Classes<'_> {
    /// The result, after the course.
    pub(super) fn report(mut self, conducted: Conducted) -> Result<TaskReport, CoreError> {
        let n_train = self.train.rows.len();
        let rows = [&self.train.rows[..], &self.test.rows].concat();
        let given = [&self.train.labels[..], &self.test.labels].concat();
        let suggested = predicted_labels(&self.checked.pred_probs);
        let (flagged, scores) = (&self.checked.found.flagged, &self.checked.found.scores);
        let worst = worst_first(flagged, scores);
        let issue = |&place: &usize| {
            let (from, to) = (given[place] as usize, suggested[place] as usize);
            let prob = |class: usize| 100.0 * self.checked.pred_probs[[place, class]];
            let (from_name, to_name) = (&self.names[from], &self.names[to]);
            TaskIssue {
                kind: "label".to_owned(),
                row: rows[place],
                given: from_name.clone(),
                suggested: to_name.clone(),
                score: scores[place],
                reason: if from == to {
                    format!(
                        "Labelled {from_name}, which is predicted, but with less certainty than this label is usually."
                    )
                } else {
                    let (p_to, p_from) = (prob(to), prob(from));
                    format!("Labelled {from_name}, but predicted to be {to_name} ({p_to:.0} % against {p_from:.0} %).")
                },
                pruned: conducted.pruned.binary_search(&place).is_ok(),
                held_out: place >= n_train,
                known: conducted.noise.is_some().then(|| conducted.wrong.binary_search(&place).is_ok()),
                ..TaskIssue::default()
            }
        };
        let issues = worst.iter().take(self.config.max_issues).map(issue).collect();
        let detail = detail(&self, (&given, &suggested));
        note(&mut self.warnings, conducted.warnings);
        Ok(TaskReport {
            task: "multiclass".to_owned(),
            target: names(self.table, &[self.target]),
            features: names(self.table, &self.columns),
            n_rows: rows.len(),
            n_train,
            n_test: self.test.rows.len(),
            primary_metric: Some("accuracy".to_owned()),
            variants: conducted.variants,
            n_issues: worst.len(),
            issues,
            detail: TaskDetail::Multiclass(detail),
            noise: conducted.noise,
            warnings: self.warnings,
            timings: conducted.timings,
            config: TaskConfig::Multiclass(self.config.clone()),
            seed: self.config.seed,
            version: VERSION.to_owned(),
            model: Some(self.model),
            classes: self.names,
        })
    }
}

fn detail(classes: &Classes<'_>, (given, suggested): (&[u32], &[u32])) -> MulticlassDetail {
    let n_classes = classes.names.len();
    let found = &classes.checked.found;
    let mut given_by_suggested = vec![vec![0; n_classes]; n_classes];
    let mut sums = vec![(0_usize, 0.0); n_classes];
    for (place, (&from, &to)) in given.iter().zip(suggested).enumerate() {
        let sum = &mut sums[from as usize];
        *sum = (sum.0 + 1, sum.1 + found.scores[place]);
        given_by_suggested[from as usize][to as usize] += usize::from(found.flagged[place]);
    }
    let counts = |(class, (name, &(n_given, sum))): (usize, (&String, &(usize, f64)))| ClassCounts {
        name: name.clone(),
        n_given,
        n_issues: given_by_suggested[class].iter().sum(),
        n_suggested: (0..n_classes).filter(|&from| from != class).map(|from| given_by_suggested[from][class]).sum(),
        mean_score: (n_given > 0).then(|| sum / n_given as f64),
    };
    let per_class = classes.names.iter().zip(&sums).enumerate().map(counts).collect();
    MulticlassDetail { health_score: classes.checked.health_score, per_class, given_by_suggested }
}
