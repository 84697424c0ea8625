//! The tabular run over several models, as one table: which model predicts best, and which labels each doubts.
//!
//! Every model gets the same rows, held-out rows and noise, and is a unit of its own. A model that fails is a row with the
//! reason; the others still run.

mod config;

use std::sync::atomic::{AtomicUsize, Ordering};

use forge_data::{Column, Table, TableFile, Values};
use forge_learn::{ByteUnit, Exchanged, Host, LearnError, Progress, Task, map_units};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::clock::Clock;
use super::metrics::Metrics;
use super::model_name::ModelName;
use super::run::{Problem, prepare, primary_metric, run_prepared};
use crate::job::{reading_notes, with_notes};
use crate::report::{Report, Variant};
use crate::{CoreError, VERSION};
pub use config::SweepConfig;

const STAGE: &str = "Comparing models";
/// The variants of a run, and what the names of their metrics begin with in a table.
const VARIANTS: [(&str, &str); 3] =
    [("", "baseline"), ("pruned_", "pruned_retrain"), ("cleanlearning_", "cleanlearning")];

/// The result of a sweep, as `forge sweep -o` saves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepReport {
    /// `classification` or `regression`.
    pub task: Task,
    /// Column whose labels were predicted.
    pub target: String,
    /// Rows used.
    pub n_rows: usize,
    /// Rows the models were trained on, before pruning.
    pub n_train: usize,
    /// Rows held out to measure the models.
    pub n_test: usize,
    /// The metric that decides, a name in `metrics` of the rows.
    pub primary_metric: String,
    /// The models, in the order they were asked for.
    pub rows: Vec<SweepRow>,
    /// What a user should know about the data.
    pub warnings: Vec<String>,
    /// The exact settings.
    pub config: SweepConfig,
    /// Seed of every random choice.
    pub seed: u64,
    /// Version of the engine.
    pub version: String,
}

/// How a model did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRow {
    /// The model's name.
    pub model: String,
    /// The parameters that were chosen for it.
    pub parameters: Map<String, Value>,
    /// The metric that decides, on the held-out rows; absent where it failed or the metric is not defined.
    pub primary: Option<f64>,
    /// All metrics on the held-out rows; absent where it failed.
    pub metrics: Option<Metrics>,
    /// Those metrics as `baseline`, and what the other variants of the run reach; empty where it failed.
    pub variants: Vec<Variant>,
    /// Rows whose label is likely wrong by its predictions; absent where it failed.
    pub n_label_issues: Option<usize>,
    /// Seconds by the host's clock.
    pub seconds: f64,
    /// What a user should know about this model.
    pub warnings: Vec<String>,
    /// Why it failed; absent where it did not.
    pub error: Option<String>,
}

/// Sweeps over a file that was read; what reading found becomes part of the warnings, or of the error.
///
/// # Errors
/// As [`sweep`].
pub fn sweep_file(config: &SweepConfig, file: &TableFile, host: &dyn Host) -> Result<SweepReport, CoreError> {
    let notes = reading_notes(file);
    let mut report = sweep(config, &file.table, host).map_err(|error| with_notes(error, &notes))?;
    report.warnings.splice(0..0, notes);
    Ok(report)
}

/// Runs every model on `table`.
///
/// # Errors
/// A setting outside its range, a table that no model can use, or [`CoreError::Cancelled`]. A model that fails is no
/// error.
pub fn sweep(config: &SweepConfig, table: &Table, host: &dyn Host) -> Result<SweepReport, CoreError> {
    config.validate()?;
    let mut problem = prepare(&config.run, table)?;
    let warnings = std::mem::take(&mut problem.warnings);
    let task = problem.given.task();
    let models = config.models(task);
    let total = models.len();
    let done = AtomicUsize::new(0);
    host.progress(Progress { stage: STAGE, done: 0, total });
    let rows = map_units(host, total, |unit| {
        let row = row(config, models[unit], (table, &problem), &Silent(host))?;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        host.progress(Progress { stage: STAGE, done, total });
        Ok(row)
    })?;
    Ok(SweepReport {
        task,
        target: config.run.target.clone(),
        n_rows: problem.rows.len(),
        n_train: problem.train.len(),
        n_test: problem.test.len(),
        primary_metric: primary_metric(task).to_owned(),
        rows,
        warnings,
        config: config.clone(),
        seed: config.run.seed,
        version: VERSION.to_owned(),
    })
}

/// Runs one model; an error only where the work is cancelled.
fn row(
    config: &SweepConfig,
    model: ModelName,
    (table, problem): (&Table, &Problem),
    host: &dyn Host,
) -> Result<SweepRow, LearnError> {
    let run = config.of_model(model, problem.given.task());
    let start = host.seconds();
    let outcome = run_prepared(&run, (table, problem.clone()), Clock::new(host), host);
    let failed = SweepRow {
        model: model.name().to_owned(),
        parameters: run.parameters,
        primary: None,
        metrics: None,
        variants: Vec::new(),
        n_label_issues: None,
        seconds: host.seconds() - start,
        warnings: Vec::new(),
        error: None,
    };
    match outcome {
        Err(CoreError::Cancelled) => Err(LearnError::Cancelled),
        Err(error) => Ok(SweepRow { error: Some(error.to_string()), ..failed }),
        Ok(outcome) => {
            let Report { variants, warnings, label_issues, primary_metric, .. } = outcome.report;
            let metrics = variants.first().map(|variant| variant.metrics.clone());
            Ok(SweepRow {
                primary: metrics.as_ref().and_then(|metrics| metrics.get(&primary_metric)),
                metrics,
                variants,
                n_label_issues: Some(label_issues.n_issues),
                warnings,
                ..failed
            })
        }
    }
}

impl SweepReport {
    /// The table as CSV: a line per model with the deciding metric, all metrics, those of the other variants, the number of
    /// label issues, seconds, and why it failed.
    pub fn to_csv(&self) -> String {
        let text = |name: &str, of: &dyn Fn(&SweepRow) -> Option<String>| {
            Column::new(name, Values::Text(self.rows.iter().map(|row| of(row).map(Into::into)).collect()))
        };
        let number = |name: &str, of: &dyn Fn(&SweepRow) -> Option<f64>| {
            Column::new(name, Values::Number(self.rows.iter().map(|row| of(row).unwrap_or(f64::NAN)).collect()))
        };
        let mut columns = vec![
            text("model", &|row| Some(row.model.clone())),
            text("primary_metric", &|_| Some(self.primary_metric.clone())),
            number("primary", &|row| row.primary),
        ];
        let names: Vec<&str> = self
            .rows
            .iter()
            .find_map(|row| row.metrics.as_ref())
            .map_or_else(Vec::new, |metrics| metrics.iter().map(|(name, _)| name).collect());
        let of_variant = |row: &SweepRow, variant: &str, name: &str| {
            row.variants.iter().find(|known| known.name == variant)?.metrics.get(name)
        };
        for (prefix, variant) in VARIANTS {
            if self.rows.iter().flat_map(|row| &row.variants).any(|known| known.name == variant) {
                for name in &names {
                    let column = format!("{prefix}{name}");
                    columns.push(number(&column, &|row| of_variant(row, variant, name)));
                }
            }
        }
        columns.push(number("n_label_issues", &|row| row.n_label_issues.map(|n| n as f64)));
        columns.push(number("seconds", &|row| Some(row.seconds)));
        columns.push(text("error", &|row| row.error.clone()));
        // Columns of one length always make a table.
        Table::new(columns).map_or_else(
            |_| String::new(),
            |table| String::from_utf8_lossy(&forge_data::write_csv(&table)).into_owned(),
        )
    }
}

/// A host for one model of several: its steps are not reported.
struct Silent<'a>(&'a dyn Host);

impl Host for Silent<'_> {
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }

    fn seconds(&self) -> f64 {
        self.0.seconds()
    }

    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        self.0.run_units(n, unit);
    }

    fn shares(&self) -> bool {
        self.0.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        self.0.exchange(n, unit)
    }
}
