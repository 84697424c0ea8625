//! The tasks on the bundled samples of real data: figures as good as scikit-learn's and cleanlab's on the same data.
//!
//! Rows are few, so that this is quick without optimisation; `tests/reference/tasks_basic.py` has the whole.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the bundled samples are files")]

use std::path::Path;

use forge_core::{Quiet, TaskConfig, TaskData, TaskDetail, TaskReport};
use forge_data::{CsvOptions, read_table};

fn run(sample: &str, config: &str) -> TaskReport {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(sample);
    let file = read_table(sample, std::fs::read(path).unwrap(), &CsvOptions::default()).unwrap();
    let config: TaskConfig = serde_json::from_str(config).unwrap();
    config.run(TaskData::Table(&file), &Quiet).unwrap()
}

#[test]
fn cover_types_flipped_on_purpose_are_most_of_the_rows_pruned() {
    let config = r#"{"task": "multiclass", "max_rows": 1500, "noise_frac": 0.1, "max_iter": 100}"#;
    let report = run("covtype_8000.csv.gz", config);
    assert_eq!((&report.target[..], report.n_rows), (&["Cover_Type".to_owned()][..], 1500));
    assert!(report.variants[0].metrics.get("accuracy") > Some(0.62), "{:?}", report.variants);
    assert!(report.noise.as_ref().unwrap().precision_at_prune > Some(0.7), "{:?}", report.noise);
    let TaskDetail::Multiclass(detail) = &report.detail else { panic!("{:?}", report.detail) };
    assert!((0.5..0.95).contains(&detail.health_score));
}

#[test]
fn emotions_are_predicted_and_each_listed_piece_says_which_are_missing_or_extra() {
    let names = ["amazed-suprised", "happy-pleased", "relaxing-calm", "quiet-still", "sad-lonely", "angry-aggresive"];
    let target = serde_json::to_string(&names).unwrap();
    let report = run("emotions_593.arff.gz", &format!(r#"{{"task": "multilabel", "target": {target}, "seed": 1}}"#));
    assert_eq!((report.n_rows, report.features.len(), report.classes.len()), (593, 72, 6));
    assert!(report.variants[0].metrics.get("f1_micro") > Some(0.6), "{:?}", report.variants);
    assert!(report.variants[0].metrics.get("f1_macro") > Some(0.58));
    let TaskDetail::Multilabel(detail) = &report.detail else { panic!("{:?}", report.detail) };
    assert_eq!(detail.examples.len(), report.issues.len());
    assert!(detail.examples.iter().all(|example| example.missing.len() + example.extra.len() > 0));
}

#[test]
fn hours_of_bike_rides_made_wrong_have_the_lowest_scores() {
    let config = r#"{"task": "regression", "target": "cnt", "max_rows": 1200, "noise_frac": 0.05, "n_boot": 2,
        "parameters": {"max_iter": 30},
        "roles": {"instant": "ignored", "dteday": "ignored", "casual": "ignored", "registered": "ignored"}}"#;
    let report = run("bike_hour_17379.csv.gz", config);
    assert_eq!(report.features.len(), 12);
    assert!(report.variants[0].metrics.get("r2") > Some(0.6), "{:?}", report.variants);
    assert!(report.noise.as_ref().unwrap().precision_at_prune > Some(0.8), "{:?}", report.noise);
    assert!(report.variants[1].delta.as_ref().unwrap().get("r2") > Some(0.0), "{:?}", report.variants);
}

#[test]
fn districts_of_california_are_alike_where_they_are_near_each_other_in_the_file() {
    let report = run("california_12000.csv.gz", r#"{"task": "outlier", "max_rows": 1500, "top_k_outliers": 10}"#);
    let TaskDetail::Outlier(detail) = &report.detail else { panic!("{:?}", report.detail) };
    assert_eq!((report.features.len(), detail.worst.len()), (9, 10));
    assert!(detail.worst[0].flagged && detail.worst[0].score < 0.2);
    let non_iid = detail.summary.iter().find(|check| check.issue_type.name() == "non_iid").unwrap();
    assert!(non_iid.score < 0.05 && non_iid.n_issues == 1);
}
