//! Several models on the same rows.

use forge_core::{CoreError, Job, ModelName, Quiet, Settings, SweepConfig, SweepReport, sweep};
use forge_data::Table;

use super::numbers::line;
use super::{Backwards, Impatient, separable};

fn config(json: &str) -> SweepConfig {
    serde_json::from_str(json).unwrap()
}

/// Forests of a few trees, to be quick.
const QUICK: &str = r#"{"target": "label", "label_noise_fraction": 0.1, "parameters":
    {"random_forest": {"n_estimators": 5}, "extra_trees": {"n_estimators": 5}, "knn": {"n_neighbors": 7}}}"#;

fn of(json: &str, table: &Table) -> SweepReport {
    sweep(&config(json), table, &Quiet).unwrap()
}

#[test]
fn all_models_of_the_task_are_compared_by_default() {
    let report = of(QUICK, &separable());
    let names: Vec<&str> = report.rows.iter().map(|row| row.model.as_str()).collect();
    assert_eq!(names, ["logistic_regression", "hist_gradient_boosting", "random_forest", "extra_trees", "knn"]);
    assert_eq!((report.primary_metric.as_str(), report.n_rows, report.n_train), ("roc_auc", 200, 160));
    for row in &report.rows {
        assert_eq!(row.error, None);
        assert_eq!(row.primary, row.metrics.as_ref().unwrap().get("roc_auc"));
        assert!(row.n_label_issues.unwrap() > 0, "{}", row.model);
        assert_eq!(row.variants.len(), 2);
    }
    assert_eq!(report.rows[4].parameters["n_neighbors"], 7);

    let report = of(QUICK, &line());
    let names: Vec<&str> = report.rows.iter().map(|row| row.model.as_str()).collect();
    assert_eq!(names, ["ridge", "hist_gradient_boosting", "random_forest", "extra_trees", "knn"]);
    assert_eq!(report.primary_metric, "r2");
}

#[test]
fn a_row_of_a_sweep_is_what_a_run_of_that_model_finds() {
    let report = of(r#"{"target": "label", "models": ["knn"]}"#, &separable());
    let run = forge_core::RunConfig {
        target: "label".to_owned(),
        model: Some(ModelName::Knn),
        ..forge_core::RunConfig::default()
    };
    let outcome = forge_core::run(&run, &separable(), &Quiet).unwrap().report;
    assert_eq!(report.rows[0].variants, outcome.variants);
    assert_eq!(report.rows[0].n_label_issues, Some(outcome.label_issues.n_issues));
}

#[test]
fn a_model_that_fails_is_a_row_with_its_reason_and_the_others_still_run() {
    let json = r#"{"target": "label", "models": ["knn", "ridge", "logistic_regression"],
        "parameters": {"knn": {"n_neighbors": 5000}}}"#;
    let report = of(json, &separable());
    let [knn, ridge, logistic] = &report.rows[..] else { panic!("three rows") };
    assert!(knn.error.as_ref().unwrap().contains("n_neighbors is 5000"), "{:?}", knn.error);
    assert_eq!((knn.primary, &knn.metrics, knn.n_label_issues), (None, &None, None));
    assert!(ridge.error.as_ref().unwrap().contains("no model for classes named ridge"));
    assert!(logistic.error.is_none() && logistic.primary.is_some());
}

#[test]
fn the_table_is_csv_with_a_line_per_model() {
    let json = r#"{"target": "label", "models": ["ridge", "logistic_regression"]}"#;
    let csv = of(json, &separable()).to_csv();
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("model,primary_metric,primary,accuracy,f1_weighted,"), "{}", lines[0]);
    assert!(lines[0].contains(",pruned_roc_auc,") && lines[0].ends_with(",n_label_issues,seconds,error"));
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with("ridge,roc_auc,,") && lines[1].contains("no model for classes"), "{}", lines[1]);
    assert!(lines[2].starts_with("logistic_regression,roc_auc,1,1,"), "{}", lines[2]);
}

#[test]
fn a_sweep_does_not_depend_on_the_order_of_units_and_can_be_cancelled() {
    let config = config(QUICK);
    let one = sweep(&config, &separable(), &Quiet).unwrap();
    assert_eq!(one, sweep(&config, &separable(), &Backwards).unwrap());
    assert_eq!(sweep(&config, &separable(), &Impatient::default()).unwrap_err(), CoreError::Cancelled);
}

#[test]
fn a_sweep_survives_json_as_a_job_and_as_a_report() {
    let job = Job::Sweep(config(QUICK));
    let json = serde_json::to_string(&job).unwrap();
    assert_eq!(serde_json::from_str::<Job>(&json).unwrap(), job);
    assert!(serde_json::from_str::<Job>(r#"{"job": "sweep", "target": "y", "cv_fold": 3}"#).is_err());
    assert!(serde_json::from_str::<SweepConfig>(r#"{"models": ["forest"]}"#).is_err());
    let report = of(r#"{"target": "label", "models": ["ridge", "knn"]}"#, &separable());
    assert_eq!(serde_json::from_str::<SweepReport>(&serde_json::to_string(&report).unwrap()).unwrap(), report);
    assert!(SweepConfig::settings().iter().any(|setting| setting.name == "models"));
    assert!(SweepConfig::settings().iter().all(|setting| setting.name != "model"));
}

#[test]
fn settings_that_do_not_fit_a_sweep_are_refused() {
    let refused = |json: &str| sweep(&config(json), &separable(), &Quiet).unwrap_err().to_string();
    assert!(refused(r#"{"target": "label", "model": "knn"}"#).starts_with("`model` is knn"));
    assert!(refused(r#"{"target": "label", "models": []}"#).starts_with("`models` is empty"));
    assert!(refused(r#"{"target": "label", "cv_folds": 1}"#).starts_with("`cv_folds` is 1"));
    assert!(
        refused(r#"{"target": "label", "parameters": {"n_neighbors": 3}}"#).starts_with("`parameters` is n_neighbors")
    );
    assert!(refused(r#"{"target": "lable"}"#).contains("perhaps `label`"));
}
