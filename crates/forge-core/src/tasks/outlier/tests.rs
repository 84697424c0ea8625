//! Rows spread evenly, one far out and a few the same.

use forge_data::{TableFile, read_csv};
use forge_learn::Quiet;

use super::*;
use crate::tasks::task::TaskDetail;

const FAR: usize = 33;
const SAME: [usize; 3] = [5, 50, 90];

fn file(n: usize) -> TableFile {
    let row = |row: usize| {
        let of = if SAME.contains(&row) { SAME[0] } else { row };
        let (x, z) = (1.0 + ((of * 37) % 101) as f64 / 10.0, ((of * 61) % 97) as f64 / 10.0);
        let z = if row == FAR { 400.0 } else { z };
        format!("{x},{z},{},{}\n", ["red", "blue"][row % 2], ["a", "b"][row % 2])
    };
    let text: String = std::iter::once("x,z,colour,label\n".to_owned()).chain((0..n).map(row)).collect();
    read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
}

fn find(config: &OutlierConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Table(file), &Quiet)
}

fn detail(report: &TaskReport) -> &OutlierDetail {
    let TaskDetail::Outlier(detail) = &report.detail else { panic!("{:?}", report.detail) };
    detail
}

#[test]
fn a_row_far_out_is_the_worst_and_equal_rows_make_a_set() {
    let config = OutlierConfig { target: Some("label".to_owned()), ..OutlierConfig::default() };
    let report = find(&config, &file(120)).unwrap();
    let found = detail(&report);
    assert_eq!((found.worst[0].row as usize, found.worst[0].flagged, found.worst.len()), (FAR, true, 15));
    assert_eq!(found.worst[0].values[1], 400.0);
    assert!(found.worst.is_sorted_by(|a, b| a.score <= b.score));
    assert_eq!(found.duplicate_sets[0].rows, SAME.map(|row| row as u32));
    assert_eq!((found.duplicate_sets[0].n_rows, found.duplicate_sets[0].score), (3, 0.0));
    let checks: Vec<&str> = found.summary.iter().map(|check| check.issue_type.name()).collect();
    assert_eq!(checks, ["outlier", "near_duplicate", "non_iid"]);
    assert_eq!(found.summary.iter().map(|check| check.n_issues).sum::<usize>(), report.n_issues);
    let outlier = report.issues.iter().find(|issue| issue.kind == "outlier").unwrap();
    assert!(outlier.row as usize == FAR && outlier.reason.contains("“z”"), "{}", outlier.reason);
    let same = report.issues.iter().find(|issue| issue.kind == "near_duplicate" && issue.row == 5).unwrap();
    assert_eq!(same.reason, "Is the same as rows 50, 90.");
    assert_eq!(report.features, ["x", "z"]);
    assert!(report.warnings.contains(&"Distances are measured in numbers alone, without \"colour\".".to_owned()));
    assert!(report.noise.is_none());
}

#[test]
fn outliers_put_in_are_found_again_and_the_same_seed_gives_the_same_report() {
    let config = OutlierConfig { outlier_frac: 0.03, top_k_outliers: 5, ..OutlierConfig::default() };
    let report = find(&config, &file(300)).unwrap();
    let noise = report.noise.as_ref().unwrap();
    assert_eq!((noise.n_flipped, noise.n_pruned, noise.precision_at_prune), (9, 0, None));
    assert!(noise.recall_at_flag > Some(0.8) && noise.precision_at_flag > Some(0.6), "{noise:?}");
    assert!(detail(&report).worst.len() == 5 && report.issues.iter().any(|issue| issue.known == Some(true)));
    assert_eq!(find(&config, &file(300)).unwrap(), report);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), report);
}

#[test]
fn zeros_that_no_factor_changes_are_told() {
    let text: String = (0..50).map(|i| format!("0,{}\n", i * 7 % 50)).collect();
    let zeros = read_csv("t.csv", format!("x,z\n{text}1,3\n").into_bytes(), &CsvOptions::default()).unwrap();
    let config = OutlierConfig { outlier_frac: 0.1, ..OutlierConfig::default() };
    let warnings = find(&config, &zeros).unwrap().warnings;
    assert!(warnings.iter().any(|warning| warning.contains("have 0 in \"x\"")), "{warnings:?}");
}

#[test]
fn what_cannot_be_used_is_named() {
    let said = |config: &OutlierConfig, file: &TableFile| find(config, file).unwrap_err().to_string();
    let default = OutlierConfig::default();
    let wrong = OutlierConfig { top_k_outliers: 0, ..default.clone() };
    assert_eq!(said(&wrong, &file(50)), "`top_k_outliers` is 0, expected a value from 1 to 100");
    let unknown = OutlierConfig { target: Some("lable".to_owned()), ..default.clone() };
    assert!(said(&unknown, &file(50)).ends_with("perhaps `label`"));
    assert!(said(&default, &file(2)).contains("2 rows are too few"));
    let words = read_csv("t.csv", b"a,b\nu,v\nw,v\nu,x\nw,x\n".to_vec(), &CsvOptions::default()).unwrap();
    assert_eq!(said(&default, &words), "No column of numbers is left to measure distances in.");
}

struct Stopped;

impl Host for Stopped {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn work_stops_when_asked_to() {
    let stopped = run(&OutlierConfig::default(), TaskData::Table(&file(60)), &Stopped);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
