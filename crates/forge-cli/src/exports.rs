//! What a run or a task writes beside its result: issues as a table, the data with issue columns, a recipe.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::{Args, ValueEnum};
use forge_core::{DecideFlagged, JobOutcome, Outcome, Recipe, TaskReport};
use forge_data::{Changes, Column, Table, TableFile, TableFormat, Values, write_table};

use crate::context::Context;
use crate::input::write_whole;
use crate::source::Input;

/// Files to write.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Exports {
    /// Write the issues as a table; the ending says how: .csv, .json, .jsonl, .parquet, …
    #[arg(long, value_name = "FILE")]
    issues: Option<PathBuf>,
    /// Write the data in their own format with the columns is_issue, issue_score and suggested
    #[arg(long, value_name = "FILE")]
    annotated: Option<PathBuf>,
}

/// Writing a recipe.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RecipeFlags {
    /// Write a recipe that decides about every flagged row, for `forge apply`
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// What the recipe does with flagged rows [default: exclude]
    #[arg(long, value_enum, requires = "recipe")]
    decide: Option<Decide>,
    /// The column whose values name rows in the recipe [default: none, rows are named by their cells]
    #[arg(long, value_name = "COLUMN", requires = "recipe")]
    id_column: Option<String>,
}

/// What a recipe does with flagged rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Decide {
    /// Leave them out
    #[default]
    Exclude,
    /// Give them the suggested label
    Relabel,
}

/// The format that a file name ends in.
pub(crate) fn format_of(path: &Path) -> anyhow::Result<TableFormat> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ending.parse().with_context(|| format!("{}: the ending says no format", path.display()))
}

impl Exports {
    /// Refuses what cannot be written: better before the work than after it.
    pub(crate) fn check(&self, context: &Context) -> anyhow::Result<()> {
        if let Some(path) = &self.issues {
            format_of(path)?;
        }
        for path in [&self.issues, &self.annotated].into_iter().flatten() {
            check_folder(&context.artifact(path))?;
        }
        Ok(())
    }

    /// Writes what was asked for.
    pub(crate) fn write(&self, outcome: &JobOutcome, input: &Input, context: &Context) -> anyhow::Result<()> {
        let found = match outcome {
            JobOutcome::Run(outcome) => Issues::of_run(outcome),
            JobOutcome::Task(report) => Issues::of_task(report),
            _ => return Ok(()),
        };
        if let Some(path) = &self.issues {
            let bytes = write_table(&found.table(input)?, format_of(path)?)?;
            write_whole(&context.artifact(path), &bytes)?;
        }
        if let Some(path) = &self.annotated {
            let Some(file) = input.table() else { bail!("--annotated adds columns to a table, and this is none") };
            let added = found.columns(file);
            let bytes = file.written(&Changes { added: &added, ..Changes::default() })?;
            write_whole(&context.artifact(path), &bytes)?;
        }
        Ok(())
    }
}

impl RecipeFlags {
    /// Refuses what cannot be written.
    pub(crate) fn check(&self, context: &Context) -> anyhow::Result<()> {
        self.recipe.as_deref().map_or(Ok(()), |path| check_folder(&context.artifact(path)))
    }

    /// Writes the recipe, where one was asked for.
    pub(crate) fn write(&self, outcome: &Outcome, file: &TableFile, context: &Context) -> anyhow::Result<()> {
        let Some(path) = &self.recipe else { return Ok(()) };
        let decide = match self.decide.unwrap_or_default() {
            Decide::Exclude => DecideFlagged::Exclude,
            Decide::Relabel => DecideFlagged::Relabel,
        };
        let names = (outcome.report.target.as_str(), self.id_column.as_deref());
        let recipe = Recipe::of_findings(&outcome.findings, names, decide, file)?;
        write_whole(&context.artifact(path), serde_json::to_string_pretty(&recipe)?.as_bytes())
    }
}

fn check_folder(path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    ensure!(folder.is_none_or(Path::is_dir), "cannot write {}: there is no such folder", path.display());
    Ok(())
}

/// Issues as columns.
#[derive(Default)]
struct Issues {
    kinds: Vec<String>,
    rows: Vec<u32>,
    tokens: Vec<Option<u32>>,
    given: Vec<String>,
    suggested: Vec<String>,
    scores: Vec<f64>,
    reasons: Vec<String>,
}

impl Issues {
    fn of_run(outcome: &Outcome) -> Self {
        let findings = &outcome.findings;
        let mut flagged: Vec<usize> = (0..findings.rows.len()).filter(|&i| findings.is_issue[i]).collect();
        flagged.sort_by(|&a, &b| findings.scores[a].total_cmp(&findings.scores[b]));
        let mut issues = Self::default();
        for i in flagged {
            issues.kinds.push("label".to_owned());
            issues.rows.push(findings.rows[i]);
            issues.tokens.push(None);
            issues.given.push(findings.given_text(i));
            issues.suggested.push(findings.suggested_text(i));
            issues.scores.push(findings.scores[i]);
            issues.reasons.push(String::new());
        }
        issues
    }

    fn of_task(report: &TaskReport) -> Self {
        let mut issues = Self::default();
        for issue in &report.issues {
            issues.kinds.push(issue.kind.clone());
            issues.rows.push(issue.row);
            issues.tokens.push(issue.token);
            issues.given.push(issue.given.clone());
            issues.suggested.push(issue.suggested.clone());
            issues.scores.push(issue.score);
            issues.reasons.push(issue.reason.clone());
        }
        issues
    }

    fn table(&self, input: &Input) -> anyhow::Result<Table> {
        let numbers = |values: Vec<f64>| Values::Number(values);
        let texts = |values: &[String]| {
            Values::Text(values.iter().map(|text| (!text.is_empty()).then(|| text.as_str().into())).collect())
        };
        let mut columns = vec![
            Column::new("issue", texts(&self.kinds)),
            Column::new("row", numbers(self.rows.iter().map(|&row| f64::from(row)).collect())),
        ];
        if let Some(file) = input.table() {
            let line = |&row: &u32| file.line(row as usize) as f64;
            columns.push(Column::new(file.place().to_owned(), numbers(self.rows.iter().map(line).collect())));
        }
        if let Input::Pictures(pictures) = input {
            let names = self.rows.iter().map(|&row| Some(pictures.name(row).into())).collect();
            columns.push(Column::new("picture", Values::Text(names)));
        }
        if self.tokens.iter().any(Option::is_some) {
            let token = |token: &Option<u32>| token.map_or(f64::NAN, f64::from);
            columns.push(Column::new("token", numbers(self.tokens.iter().map(token).collect())));
        }
        columns.push(Column::new("given", texts(&self.given)));
        columns.push(Column::new("suggested", texts(&self.suggested)));
        columns.push(Column::new("score", numbers(self.scores.clone())));
        columns.push(Column::new("reason", texts(&self.reasons)));
        // A file without lines of its own counts rows.
        columns.dedup_by(|b, a| a.name() == b.name());
        Ok(Table::new(columns)?)
    }

    /// One value per row of the table: whether it has an issue, the lowest score of its issues and what is suggested.
    fn columns(&self, file: &TableFile) -> Vec<Column> {
        let n_rows = file.table.n_rows();
        let mut worst: Vec<Option<usize>> = vec![None; n_rows];
        for (i, &row) in self.rows.iter().enumerate() {
            if let Some(place) = worst.get_mut(row as usize)
                && place.is_none_or(|best| self.scores[i] < self.scores[best])
            {
                *place = Some(i);
            }
        }
        let flags = worst.iter().map(|issue| Some(issue.is_some())).collect();
        let scores = worst.iter().map(|issue| issue.map_or(f64::NAN, |i| self.scores[i])).collect();
        let suggested =
            worst.iter().map(|issue| issue.map(|i| self.suggested[i].as_str()).filter(|text| !text.is_empty()));
        vec![
            Column::new("is_issue", Values::Boolean(flags)),
            Column::new("issue_score", Values::Number(scores)),
            Column::new("suggested", Values::Text(suggested.map(|text| text.map(Into::into)).collect())),
        ]
    }
}
