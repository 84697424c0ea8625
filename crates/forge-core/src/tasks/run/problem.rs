//! The rows, labels and columns of a run, and which rows are held out.

use forge_data::Table;
use forge_learn::{LearnError, Task, train_test_split};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::config::RunConfig;
use crate::CoreError;
use crate::datalab::LabelKind;
use crate::tasks::columns::{features, position};
use crate::tasks::target::{self, Target};

/// What each row is labelled with.
#[derive(Clone, Debug)]
pub(in crate::tasks) enum Given {
    /// Class numbers, and the names of the classes.
    Classes(Vec<u32>, Vec<String>),
    /// Numbers.
    Numbers(Vec<f64>),
}

impl Given {
    /// What models have to predict.
    pub(in crate::tasks) fn task(&self) -> Task {
        match self {
            Self::Classes(..) => Task::Classification,
            Self::Numbers(_) => Task::Regression,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Classes(labels, _) => labels.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// The labels at `positions`.
    fn at(&self, positions: &[usize]) -> Self {
        match self {
            Self::Classes(labels, names) => Self::Classes(chosen(labels, positions), names.clone()),
            Self::Numbers(numbers) => Self::Numbers(chosen(numbers, positions)),
        }
    }
}

/// The values at `positions`, which come from the values' own length.
pub(super) fn chosen<T: Copy>(values: &[T], positions: &[usize]) -> Vec<T> {
    positions.iter().map(|&i| values[i]).collect()
}

/// The rows and columns of a run.
#[derive(Clone, Debug)]
pub(in crate::tasks) struct Problem {
    /// Rows of the table that have a label, ascending.
    pub(in crate::tasks) rows: Vec<u32>,
    /// Their labels.
    pub(in crate::tasks) given: Given,
    /// Columns the models read.
    pub(in crate::tasks) columns: Vec<usize>,
    /// Positions among the rows of those trained on, ascending.
    pub(in crate::tasks) train: Vec<usize>,
    /// Positions among the rows of those held out, ascending.
    pub(in crate::tasks) test: Vec<usize>,
    /// What a user should know.
    pub(in crate::tasks) warnings: Vec<String>,
}

/// Chooses rows, labels and columns and splits held-out rows off.
///
/// # Errors
/// A target or a role that does not fit the table, labels that cannot be cross-validated, no feature.
pub(in crate::tasks) fn prepare(config: &RunConfig, table: &Table) -> Result<Problem, CoreError> {
    let target = position(table, "target", &config.target)?;
    let kind = config.task.map(|task| match task {
        Task::Classification => LabelKind::Classification,
        Task::Regression => LabelKind::Regression,
    });
    let mut warnings = Vec::new();
    let (mut rows, read) = target::read(kind, table, &[target], &mut warnings)?;
    let mut given = match read {
        Target::Classes(labels, names) => Given::Classes(labels.as_slice().to_vec(), names),
        Target::Numbers(numbers) => Given::Numbers(numbers),
        Target::None(_) | Target::Sets(..) => {
            return Err(CoreError::setting("target", format!("\"{}\"", config.target), "one column of single labels"));
        }
    };
    if let Some(max_rows) = config.max_rows.filter(|&max_rows| max_rows < rows.len()) {
        let mut drawn: Vec<usize> = (0..rows.len()).collect();
        drawn.shuffle(&mut ChaCha8Rng::seed_from_u64(config.seed));
        drawn.truncate(max_rows);
        drawn.sort_unstable();
        (rows, given) = (chosen(&rows, &drawn), given.at(&drawn));
    }
    check_labels(config, &given, &mut warnings)?;

    let columns = features(table, &[target], &config.roles, &mut warnings)?;
    if columns.is_empty() {
        return Err(CoreError::Unusable(format!(
            "No column is left to predict \"{}\" from: the table needs at least one feature beside the target.",
            config.target
        )));
    }
    let (train, test) = split(config, &given)?;
    Ok(Problem { rows, given, columns, train, test, warnings })
}

/// Refuses labels that cannot be cross-validated and notes classes that hardly can.
fn check_labels(config: &RunConfig, given: &Given, warnings: &mut Vec<String>) -> Result<(), CoreError> {
    let n_rows = given.len();
    if let Given::Classes(labels, names) = given {
        let mut counts = vec![0_usize; names.len()];
        labels.iter().for_each(|&label| counts[label as usize] += 1);
        let present: Vec<usize> = (0..names.len()).filter(|&class| counts[class] > 0).collect();
        if let [only] = present[..] {
            return Err(CoreError::Unusable(format!(
                "Column \"{}\" has one class only, \"{}\": finding label errors needs at least two.",
                config.target, names[only]
            )));
        }
        for class in present.into_iter().filter(|&class| counts[class] < config.cv_folds) {
            let rows = if counts[class] == 1 { "row" } else { "rows" };
            warnings.push(format!(
                "Class \"{}\" has {} {rows}, fewer than the {} folds: some models never see it and its scores are unreliable.",
                names[class], counts[class], config.cv_folds
            ));
        }
    }
    let least = 2 * config.cv_folds;
    if n_rows < least {
        return Err(CoreError::Unusable(format!(
            "{n_rows} labelled rows are too few for {} folds: at least {least} are needed.",
            config.cv_folds
        )));
    }
    Ok(())
}

/// Positions of the training and of the held-out rows, ascending.
fn split(config: &RunConfig, given: &Given) -> Result<(Vec<usize>, Vec<usize>), LearnError> {
    let by = match given {
        Given::Classes(labels, _) if config.stratify => Some(labels.as_slice()),
        _ => None,
    };
    let (train, test) = train_test_split(given.len(), by, config.test_size, config.seed)?;
    let positions = |rows: Vec<u32>| rows.into_iter().map(|row| row as usize).collect();
    Ok((positions(train), positions(test)))
}
