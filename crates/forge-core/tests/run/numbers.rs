//! The run where numbers are predicted.

use forge_core::{CoreError, ModelName, Quiet, RunConfig};
use forge_data::Table;
use forge_learn::Task;

use super::{Backwards, Impatient, rows, run};

/// A number that follows from two others, wrong by far in row 30, beside a row that is unlike all others.
pub(super) fn line() -> Table {
    rows("x,z,label", 240, |i| {
        let (x, z) = ((i * 37 % 101) as f64 * 0.1, (i * 53 % 67) as f64 * 0.1);
        let noise = (i * 29 % 13) as f64 * 0.05;
        let y = 3.0 * x - 2.0 * z + noise + if i == 30 { 400.0 } else { 0.0 };
        let (x, z) = if i == 77 { (900.0, -700.0) } else { (x, z) };
        let y = if i == 77 { 3.0 * x - 2.0 * z } else { y };
        format!("{x},{z},{y}")
    })
}

#[test]
fn a_wrong_number_is_the_worst_issue_and_is_told_with_what_is_predicted() {
    let outcome = run(&line(), RunConfig::default()).unwrap();
    let report = &outcome.report;
    assert_eq!((report.task.as_str(), report.model.model.as_str()), ("regression", "ridge"));
    assert_eq!(report.primary_metric, "r2");
    let worst = &report.label_issues.listed[0];
    assert_eq!(worst.row, 30);
    assert!(worst.given_label.parse::<f64>().unwrap() - worst.suggested_label.parse::<f64>().unwrap() > 300.0);
    let numbers = outcome.findings.numbers.as_ref().unwrap();
    assert_eq!((numbers.given.len(), numbers.suggested.len()), (240, 240));
    assert!(outcome.findings.classes.is_empty() && report.classes.is_empty());
    assert!(report.label_issues.joint.is_empty() && report.label_issues.given_by_suggested.is_empty());
    assert!((0.0..=1.0).contains(&report.label_issues.health_score));
    for name in ["r2", "mae", "rmse"] {
        assert!(report.variants[0].metrics.get(name).is_some(), "{name}");
    }
}

#[test]
fn the_kind_of_labels_can_be_chosen() {
    let few = rows("x,label", 120, |i| format!("{},{}", (i * 37 % 101) as f64 * 0.5, i % 5));
    assert_eq!(run(&few, RunConfig::default()).unwrap().report.task, "classification");
    let config = RunConfig { task: Some(Task::Regression), ..RunConfig::default() };
    assert_eq!(run(&few, config).unwrap().report.task, "regression");
    let words = super::separable();
    let config = RunConfig { task: Some(Task::Regression), ..RunConfig::default() };
    assert!(run(&words, config).unwrap_err().to_string().contains("a column of numbers"));
}

#[test]
fn every_model_for_numbers_runs_and_a_classifier_is_refused_by_name() {
    for model in [
        ModelName::Ridge,
        ModelName::HistGradientBoosting,
        ModelName::RandomForest,
        ModelName::ExtraTrees,
        ModelName::Knn,
    ] {
        let mut config = RunConfig { model: Some(model), ..RunConfig::default() };
        if matches!(model, ModelName::RandomForest | ModelName::ExtraTrees) {
            config.parameters.insert("n_estimators".to_owned(), 10.into());
        }
        let report = run(&line(), config).unwrap().report;
        assert!(report.variants[0].metrics.get("r2").is_some(), "{}", model.name());
    }
    let config = RunConfig { model: Some(ModelName::LogisticRegression), ..RunConfig::default() };
    let error = run(&line(), config).unwrap_err().to_string();
    assert!(error.contains("no model for numbers named logistic_regression"), "{error}");
}

#[test]
fn noise_added_to_numbers_is_found_again() {
    let config = RunConfig { label_noise_fraction: 0.1, prune_fraction: 0.05, ..RunConfig::default() };
    let report = run(&line(), config).unwrap().report;
    let noise = report.noise.unwrap();
    assert_eq!(noise.n_flipped, 19);
    assert!(noise.precision_at_prune.unwrap() > 0.8, "{noise:?}");
    assert!(report.label_issues.listed.iter().any(|issue| issue.known == Some(true)));
    assert!(report.variants[1].delta.is_some());
}

#[test]
fn the_worst_outliers_are_pruned_where_no_number_looks_wrong() {
    let none = RunConfig { issue_score_threshold: Some(0.0), ..RunConfig::default() };
    let outcome = run(&line(), none.clone()).unwrap();
    assert_eq!(outcome.report.label_issues.n_issues, 0);
    assert_eq!(outcome.report.variants[1].name, "pruned_retrain");
    let without = run(&line(), RunConfig { use_datalab: false, ..none }).unwrap();
    assert_eq!(without.report.variants.len(), 1);
    assert!(without.report.datalab.is_none());
}

#[test]
fn clean_learning_of_numbers_is_a_warning() {
    let config = RunConfig { train_cleanlearning: true, ..RunConfig::default() };
    let report = run(&line(), config).unwrap().report;
    assert!(report.variants.iter().all(|variant| variant.name != "cleanlearning"));
    assert!(report.warnings.iter().any(|warning| warning.contains("CleanLearning")), "{:?}", report.warnings);
}

#[test]
fn numbers_do_not_depend_on_the_order_of_units_and_can_be_cancelled() {
    let config = RunConfig {
        target: "label".to_owned(),
        label_noise_fraction: 0.1,
        model: Some(ModelName::HistGradientBoosting),
        ..RunConfig::default()
    };
    let one = forge_core::run(&config, &line(), &Quiet).unwrap();
    let other = forge_core::run(&config, &line(), &Backwards).unwrap();
    assert_eq!((one.report, one.findings), (other.report, other.findings));
    let impatient = Impatient::default();
    assert_eq!(forge_core::run(&config, &line(), &impatient).unwrap_err(), CoreError::Cancelled);
}
