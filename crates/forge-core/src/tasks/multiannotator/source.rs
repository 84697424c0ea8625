//! The labels of a task and what is known about the examples, whatever they come in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use forge_data::{AnnotatedExamples, Annotations, MISSING, Table, TableFile, Values, read_annotators};

use super::MultiannotatorConfig;
use crate::CoreError;
use crate::job::{reading_notes, with_notes};
use crate::tasks::columns::{features, position};
use crate::tasks::task::TaskData;

/// Labels by annotators with the rows and columns that a model reads.
pub(super) struct Source<'a> {
    pub(super) annotations: Cow<'a, Annotations>,
    /// What is known about the examples.
    pub(super) table: Option<&'a Table>,
    /// The row of the table of each example.
    pub(super) rows: Vec<u32>,
    /// Columns that a model reads; none where there are none.
    pub(super) columns: Vec<usize>,
    /// The true class of each example, where it is known and some annotator chose it somewhere.
    pub(super) truth: Option<Vec<Option<u32>>>,
    /// Columns that hold labels.
    pub(super) target: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Source<'a> {
    pub(super) fn of(config: &MultiannotatorConfig, data: TaskData<'a>) -> Result<Self, CoreError> {
        match data {
            TaskData::Table(file) => {
                let notes = reading_notes(file);
                let mut source = Self::of_table(config, file).map_err(|error| with_notes(error, &notes))?;
                source.warnings.splice(0..0, notes);
                Ok(source)
            }
            TaskData::Annotations(examples) => Self::of_examples(config, examples),
            other => Err(other.unusable("multiannotator", "labels of several annotators")),
        }
    }

    pub(super) fn feature_names(&self) -> Vec<String> {
        let columns = self.table.map_or(&[][..], Table::columns);
        self.columns.iter().filter_map(|&column| columns.get(column)).map(|column| column.name().to_owned()).collect()
    }

    /// A table of the user's, wide or long.
    fn of_table(config: &MultiannotatorConfig, file: &'a TableFile) -> Result<Self, CoreError> {
        let table = &file.table;
        let truth = config.truth.as_deref().map(|name| position(table, "truth", name)).transpose()?;
        let mut options = config.annotations.clone();
        let all_but_truth = |name: &String| Some(name) != config.truth.as_ref();
        options.annotators.retain(all_but_truth);
        let mut read = read_annotators(table, &options)?;
        if let Some(name) = &config.truth
            && read.annotations.annotators.contains(name)
        {
            // The columns of a wide table were not named: all but the truth.
            options.annotators = read.annotations.annotators.iter().filter(|other| *other != name).cloned().collect();
            read = read_annotators(table, &options)?;
        }
        let rows = rows_of_examples(table, &read.annotations, &read.others);
        let mut warnings = read.warnings;
        let others = |column: &usize| !read.others.iter().any(|name| name == table.columns()[*column].name());
        let mut taken: Vec<usize> = (0..table.columns().len()).filter(others).collect();
        taken.extend(truth.filter(|truth| !taken.contains(truth)));
        let columns = features(table, &taken, &config.roles, &mut warnings)?;
        let truth = truth.map(|truth| {
            let column = &table.columns()[truth];
            let class = |row: &u32| {
                let text = column.text(*row as usize)?;
                read.annotations.classes.iter().position(|name| *name == *text).map(|class| class as u32)
            };
            rows.iter().map(class).collect()
        });
        let target = taken
            .iter()
            .map(|&column| table.columns()[column].name().to_owned())
            .filter(|name| read.annotations.annotators.contains(name) && all_but_truth(name))
            .collect();
        let annotations = Cow::Owned(read.annotations);
        Ok(Self { annotations, table: Some(table), rows, columns, truth, target, warnings })
    }

    /// Labels that were read as such, with a row per example of what is known about them.
    fn of_examples(config: &MultiannotatorConfig, examples: &'a AnnotatedExamples) -> Result<Self, CoreError> {
        if config.truth.is_some() {
            return Err(CoreError::setting(
                "truth",
                format!("\"{}\"", config.truth.as_deref().unwrap_or_default()),
                "nothing for data that have no such column",
            ));
        }
        let mut warnings = examples.warnings.clone();
        let given = &examples.annotations;
        let Some(table) = &examples.features else {
            let rows = Vec::new();
            let annotations = Cow::Borrowed(given);
            return Ok(Self {
                annotations,
                table: None,
                rows,
                columns: Vec::new(),
                truth: None,
                target: Vec::new(),
                warnings,
            });
        };
        let (annotations, rows) = chosen(config, given, &mut warnings)?;
        // What is told in words here are titles, which name an example.
        let words: Vec<usize> = (0..table.columns().len())
            .filter(|&column| matches!(table.columns()[column].values(), Values::Text(_)))
            .collect();
        let columns = features(table, &words, &BTreeMap::new(), &mut Vec::new())?;
        let annotations = Cow::Owned(annotations);
        Ok(Self { annotations, table: Some(table), rows, columns, truth: None, target: Vec::new(), warnings })
    }
}

/// The most active annotators and the most rated examples of a set of ratings, within the limits, and the row of each
/// example.
fn chosen(
    config: &MultiannotatorConfig,
    given: &Annotations,
    warnings: &mut Vec<String>,
) -> Result<(Annotations, Vec<u32>), CoreError> {
    let (n, m) = (given.examples.len(), given.annotators.len());
    let (mut of_examples, mut of_annotators) = (vec![0; n], vec![0; m]);
    for (cell, _) in given.labels.iter().enumerate().filter(|(_, label)| **label != MISSING) {
        of_examples[cell / m] += 1;
        of_annotators[cell % m] += 1;
    }
    let most = |counts: &[usize], least: usize, limit: usize| {
        let mut places: Vec<usize> = (0..counts.len()).filter(|&place| counts[place] >= least).collect();
        places.sort_by_key(|&place| (std::cmp::Reverse(counts[place]), place));
        places.truncate(limit);
        places.sort_unstable();
        places
    };
    let examples = most(&of_examples, config.min_ratings_per_movie, config.max_movies);
    let annotators = most(&of_annotators, config.min_ratings_per_annotator, config.max_annotators);
    if examples.is_empty() || annotators.len() < 2 {
        return Err(CoreError::Unusable(format!(
            "Of {n} examples {} have {} ratings, and of {m} annotators {} gave {}: lower min_ratings_per_movie or min_ratings_per_annotator.",
            examples.len(),
            config.min_ratings_per_movie,
            annotators.len(),
            config.min_ratings_per_annotator
        )));
    }
    if examples.len() < n || annotators.len() < m {
        warnings.push(format!(
            "The {} most rated of {n} examples and the {} most active of {m} annotators are used.",
            examples.len(),
            annotators.len()
        ));
    }
    let labels = examples
        .iter()
        .flat_map(|&example| annotators.iter().map(move |&annotator| given.labels[example * m + annotator]))
        .collect();
    let names = |places: &[usize], names: &[String]| places.iter().map(|&place| names[place].clone()).collect();
    let annotations = Annotations {
        labels,
        examples: names(&examples, &given.examples),
        annotators: names(&annotators, &given.annotators),
        classes: given.classes.clone(),
    };
    Ok((annotations, examples.into_iter().map(|example| example as u32).collect()))
}

/// The first row of each example: the example's own in a wide table.
fn rows_of_examples(table: &Table, annotations: &Annotations, others: &[String]) -> Vec<u32> {
    let n = annotations.examples.len();
    let firsts = |column: &forge_data::Column| -> Option<Vec<u32>> {
        let mut rows: BTreeMap<Cow<'_, str>, u32> = BTreeMap::new();
        for row in 0..table.n_rows() {
            rows.entry(column.text(row)?).or_insert(row as u32);
        }
        annotations.examples.iter().map(|name| rows.get(name.as_str()).copied()).collect()
    };
    if n == table.n_rows() {
        return (0..n as u32).collect();
    }
    let names = table.columns().iter().filter(|column| !others.iter().any(|other| other == column.name()));
    names.filter_map(firsts).next().unwrap_or_else(|| (0..n as u32).collect())
}
