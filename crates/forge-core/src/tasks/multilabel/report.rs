//! What a multi-label classification has found.

use forge_learn::f1_macro_labels;
use ndarray::s;
use serde::{Deserialize, Serialize};

use super::experiment::{PREDICTED, Sets, predicted_bits};
use crate::tasks::experiment::Conducted;
use crate::tasks::tabular::{names, note, worst_first};
use crate::tasks::task::{TaskConfig, TaskDetail, TaskIssue, TaskReport};
use crate::{CoreError, VERSION};

/// What only sets of classes have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MultilabelDetail {
    /// Share of the rows in which no class is an issue, in [0, 1]; cleanlab's `overall_multilabel_health_score`.
    pub health_score: f64,
    /// What is wrong with each listed row, in the order of the issues.
    pub examples: Vec<ExampleLabels>,
    /// The classes, by class number.
    pub per_class: Vec<LabelCounts>,
}

/// The classes of a row and what is wrong with them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExampleLabels {
    /// Row of the table, counted from 0.
    pub row: u32,
    /// Classes it is given.
    pub given: Vec<String>,
    /// Classes it should perhaps have and is not given.
    pub missing: Vec<String>,
    /// Classes it is given and should perhaps not have.
    pub extra: Vec<String>,
}

/// How many rows a class has, and how well it is predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelCounts {
    /// Its name.
    pub name: String,
    /// Rows that are given it.
    pub n_given: usize,
    /// Rows that lack it.
    pub n_missing: usize,
    /// Rows that are wrongly given it.
    pub n_extra: usize,
    /// F1 score on the held-out rows before pruning, in [0, 1].
    pub f1: f64,
    /// The same after retraining without the pruned rows; absent where none was pruned.
    pub f1_pruned: Option<f64>,
}

impl Sets<'_> {
    /// The result, after the course.
    pub(super) fn report(mut self, conducted: Conducted) -> Result<TaskReport, CoreError> {
        let n_train = self.train.rows.len();
        let n_rows = n_train + self.test.rows.len();
        let worst = worst_first(&self.checked.found.flagged, &self.checked.found.scores);
        let listed = &worst[..worst.len().min(self.config.max_issues)];
        let examples: Vec<ExampleLabels> = listed.iter().map(|&place| self.example(place)).collect();
        let issue = |(&place, example): (&usize, &ExampleLabels)| {
            let kept = example.given.iter().filter(|name| !example.extra.contains(name));
            let suggested: Vec<String> = kept.chain(&example.missing).cloned().collect();
            TaskIssue {
                kind: "label".to_owned(),
                row: example.row,
                given: example.given.join(", "),
                suggested: suggested.join(", "),
                score: self.checked.found.scores[place],
                reason: reason(example),
                pruned: conducted.pruned.binary_search(&place).is_ok(),
                held_out: place >= n_train,
                known: conducted.noise.is_some().then(|| conducted.wrong.binary_search(&place).is_ok()),
                ..TaskIssue::default()
            }
        };
        let issues = listed.iter().zip(&examples).map(issue).collect();
        let detail = MultilabelDetail {
            health_score: 1.0 - worst.len() as f64 / n_rows.max(1) as f64,
            per_class: (0..self.names.len()).map(|class| self.counts(class)).collect(),
            examples,
        };
        note(&mut self.warnings, conducted.warnings);
        Ok(TaskReport {
            task: "multilabel".to_owned(),
            target: names(self.table, &self.targets),
            features: names(self.table, &self.columns),
            n_rows,
            n_train,
            n_test: self.test.rows.len(),
            primary_metric: Some("f1_micro".to_owned()),
            variants: conducted.variants,
            n_issues: worst.len(),
            issues,
            detail: TaskDetail::Multilabel(detail),
            noise: conducted.noise,
            warnings: self.warnings,
            timings: conducted.timings,
            config: TaskConfig::Multilabel(self.config.clone()),
            seed: self.config.seed,
            version: VERSION.to_owned(),
            model: Some(self.model),
            classes: self.names,
        })
    }

    /// Whether the row at a place has a class.
    fn has(&self, place: usize, class: usize) -> bool {
        match place.checked_sub(self.train.rows.len()) {
            None => self.train.bits[[place, class]],
            Some(place) => self.test.bits[[place, class]],
        }
    }

    fn example(&self, place: usize) -> ExampleLabels {
        let n_train = self.train.rows.len();
        let all = 0..self.names.len();
        let mut wrong: Vec<usize> = all.clone().filter(|&class| self.checked.masks[class][place]).collect();
        if wrong.is_empty() {
            // Rules by score flag rows, not classes: what is wrong is then what is predicted otherwise.
            let otherwise =
                |class: &usize| (self.checked.pred_probs[[place, *class]] >= PREDICTED) != self.has(place, *class);
            wrong = all.clone().filter(otherwise).collect();
        }
        let named = |classes: &mut dyn Iterator<Item = usize>| classes.map(|k| self.names[k].clone()).collect();
        ExampleLabels {
            row: if place < n_train { self.train.rows[place] } else { self.test.rows[place - n_train] },
            given: named(&mut all.filter(|&class| self.has(place, class))),
            missing: named(&mut wrong.iter().copied().filter(|&class| !self.has(place, class))),
            extra: named(&mut wrong.iter().copied().filter(|&class| self.has(place, class))),
        }
    }

    fn counts(&self, class: usize) -> LabelCounts {
        let mask = &self.checked.masks[class];
        let count = |wanted: &dyn Fn(usize) -> bool| (0..mask.len()).filter(|&place| wanted(place)).count();
        let f1 = |variant: usize| {
            let predicted = predicted_bits(self.held_out.get(variant)?);
            let of_class = s![.., class..=class];
            Some(f1_macro_labels(self.test.bits.slice(of_class), predicted.slice(of_class)))
        };
        LabelCounts {
            name: self.names[class].clone(),
            n_given: count(&|place| self.has(place, class)),
            n_missing: count(&|place| mask[place] && !self.has(place, class)),
            n_extra: count(&|place| mask[place] && self.has(place, class)),
            f1: f1(0).unwrap_or(0.0),
            f1_pruned: f1(1),
        }
    }
}

fn reason(example: &ExampleLabels) -> String {
    match (example.extra.is_empty(), example.missing.is_empty()) {
        (false, true) => format!("Labelled {}, which is not predicted.", example.extra.join(", ")),
        (true, false) => {
            format!("Predicted to be {} as well, which it is not labelled.", example.missing.join(", "))
        }
        (false, false) => format!(
            "Labelled {}, which is not predicted, and not {}, which is.",
            example.extra.join(", "),
            example.missing.join(", ")
        ),
        (true, true) => "One of its labels is predicted with less certainty than usual.".to_owned(),
    }
}
