//! The tabular run on small tables: what it finds, and what it says about data it cannot use.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

mod numbers;
mod settings;
mod sweep;

use forge_core::{CoreError, Host, Job, Outcome, Progress, Quiet, RunConfig};
use forge_data::{CsvOptions, Table, read_csv};

fn table(text: &str) -> Table {
    read_csv("test.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap().table
}

/// A table of `header` and `n` rows.
fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> Table {
    let lines: Vec<String> = std::iter::once(header.to_owned()).chain((0..n).map(row)).collect();
    table(&lines.join("\n"))
}

/// Two classes told apart by `x`, with labels swapped in rows 10 and 75.
fn separable() -> Table {
    rows("x,colour,label", 200, |i| {
        let high = i % 2 == 1;
        let swapped = i == 10 || i == 75;
        let x = (i % 20) as f64 * 0.01 + if high { 3.0 } else { 0.0 };
        let colour = ["red", "green", "blue"][i % 3];
        format!("{x},{colour},{}", if high == swapped { "low" } else { "high" })
    })
}

fn run(table: &Table, config: RunConfig) -> Result<Outcome, CoreError> {
    forge_core::run(&RunConfig { target: "label".to_owned(), ..config }, table, &Quiet)
}

#[test]
fn swapped_labels_are_the_worst_issues() {
    let outcome = run(&separable(), RunConfig::default()).unwrap();
    let mut worst: Vec<u32> = outcome.report.label_issues.listed.iter().take(2).map(|issue| issue.row).collect();
    worst.sort_unstable();
    assert_eq!(worst, [10, 75]);
    assert_eq!(outcome.report.n_train + outcome.report.n_test, 200);
    assert_eq!(outcome.findings.rows.len(), 200);
    assert_eq!(outcome.report.features, ["x", "colour"]);
}

#[test]
fn injected_noise_is_found_again_and_pruned() {
    let config = RunConfig { label_noise_fraction: 0.1, prune_fraction: 0.05, ..RunConfig::default() };
    let report = run(&separable(), config).unwrap().report;
    let noise = report.noise.unwrap();
    assert_eq!((noise.n_flipped, noise.n_pruned), (16, 8));
    assert!(noise.precision_at_prune.unwrap() > 0.8, "{noise:?}");
    assert_eq!(report.variants[1].n_train, report.n_train - 8);
}

/// Runs units backwards, as another scheduler might.
struct Backwards;

impl Host for Backwards {
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        (0..n).rev().for_each(unit);
    }
}

#[test]
fn results_do_not_depend_on_the_order_of_units_and_repeat_for_a_seed() {
    let config = RunConfig { target: "label".to_owned(), label_noise_fraction: 0.2, ..RunConfig::default() };
    let table = separable();
    let (a, b) =
        (forge_core::run(&config, &table, &Quiet).unwrap(), forge_core::run(&config, &table, &Backwards).unwrap());
    assert_eq!(a.report, b.report);
    assert_eq!(a.findings, b.findings);
}

/// Cancels after a number of questions.
#[derive(Default)]
struct Impatient(AtomicUsize);

impl Host for Impatient {
    fn cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= 3
    }
}

#[test]
fn a_cancelled_run_ends_with_that_error() {
    let config = RunConfig { target: "label".to_owned(), ..RunConfig::default() };
    let impatient = Impatient::default();
    assert_eq!(forge_core::run(&config, &separable(), &impatient).unwrap_err(), CoreError::Cancelled);
}

/// Writes down the stages.
#[derive(Default)]
struct Stages(Mutex<Vec<String>>);

impl Host for Stages {
    fn progress(&self, progress: Progress<'_>) {
        let mut stages = self.0.lock().unwrap();
        if stages.last().is_none_or(|last| last != progress.stage) {
            stages.push(progress.stage.to_owned());
        }
    }
}

#[test]
fn every_stage_is_reported_in_order() {
    let stages = Stages::default();
    let config = RunConfig { target: "label".to_owned(), ..RunConfig::default() };
    forge_core::run(&config, &separable(), &stages).unwrap();
    assert_eq!(
        stages.0.into_inner().unwrap(),
        [
            "Predicting out of sample",
            "Training the baseline",
            "Measuring distances",
            "Checking the data",
            "finding nearest neighbours",
            "Checking the data",
            "Finding issues",
            "Retraining without the worst",
        ]
    );
}

#[test]
fn a_job_survives_json() {
    let job = Job::Run(RunConfig { target: "label".to_owned(), max_rows: Some(150), ..RunConfig::default() });
    let json = serde_json::to_string(&job).unwrap();
    assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
    assert!(serde_json::from_str::<Job>(r#"{"job": "run", "target": "y", "cv_fold": 3}"#).is_err());
}

fn message(text: &str) -> String {
    run(&table(text), RunConfig::default()).unwrap_err().to_string()
}

#[test]
fn a_target_of_one_class_is_refused_by_name() {
    let text = format!("x,label\n{}", "1,yes\n2,yes\n".repeat(20));
    assert!(message(&text).contains("one class only, \"yes\""), "{}", message(&text));
}

#[test]
fn a_table_of_one_column_has_nothing_to_predict_from() {
    assert!(message(&format!("label\n{}", "a\nb\n".repeat(30))).contains("No column is left to predict"));
}

#[test]
fn an_unknown_target_is_answered_with_the_nearest_column() {
    let config = RunConfig { target: "lable".to_owned(), ..RunConfig::default() };
    let error = forge_core::run(&config, &separable(), &Quiet).unwrap_err().to_string();
    assert!(error.contains("perhaps `label`"), "{error}");
}

#[test]
fn too_few_rows_are_refused_with_the_number_needed() {
    assert!(message("x,label\n1,a\n2,b\n3,a\n").contains("at least 10"));
}

fn warnings(table: &Table) -> String {
    run(table, RunConfig::default()).unwrap().report.warnings.join("\n")
}

#[test]
fn a_class_with_one_member_gets_a_warning_by_name() {
    let text = format!("x,label\n{}9,rare\n", "1,a\n2,b\n3,a\n4,b\n".repeat(20));
    assert!(warnings(&table(&text)).contains("Class \"rare\" has 1 row"), "{}", warnings(&table(&text)));
}

#[test]
fn constant_and_empty_columns_and_counters_are_left_out_with_a_warning() {
    let table = rows("n,x,same,void,label", 60, |i| format!("{i},{i}.5,7,,{}", if i < 30 { "a" } else { "b" }));
    let warnings = warnings(&table);
    for column in ["\"n\"", "\"same\"", "\"void\""] {
        assert!(warnings.contains(column), "{column} in {warnings}");
    }
}

#[test]
fn rows_without_a_label_are_left_out_and_counted() {
    let label = |i| {
        if i % 7 == 0 {
            "?"
        } else if i < 30 {
            "a"
        } else {
            "b"
        }
    };
    let outcome = run(&rows("x,label", 60, |i| format!("{i}.5,{}", label(i))), RunConfig::default()).unwrap();
    assert_eq!(outcome.report.n_rows, 51);
    assert!(outcome.report.warnings[0].starts_with("9 rows have no value"), "{:?}", outcome.report.warnings);
    assert!(!outcome.findings.rows.contains(&7));
}
