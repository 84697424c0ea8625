//! A line with noise and a few numbers moved far off it.

use forge_data::{TableFile, read_csv};
use forge_learn::Quiet;

use super::*;
use crate::tasks::task::TaskDetail;

const MOVED: [usize; 3] = [12, 77, 130];

fn file(n: usize) -> TableFile {
    let row = |row: usize| {
        let (x, z) = (((row * 17) % 41) as f64 / 10.0, ((row * 23) % 31) as f64 / 10.0);
        let y = 2.0 * x - z + ((row * 53) % 37) as f64 / 100.0 + if MOVED.contains(&row) { 9.0 } else { 0.0 };
        format!("{x},{z},{},{y:.4}\n", ["red", "blue"][row % 2])
    };
    let text: String = std::iter::once("x,z,colour,price\n".to_owned()).chain((0..n).map(row)).collect();
    read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
}

fn by_line() -> RegressionConfig {
    RegressionConfig { target: "price".to_owned(), model: ModelName::Ridge, ..RegressionConfig::default() }
}

fn find(config: &RegressionConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Table(file), &Quiet)
}

#[test]
fn moved_numbers_are_the_worst_issues_and_leaving_them_out_helps() {
    let report = find(&by_line(), &file(200)).unwrap();
    let TaskDetail::Regression(detail) = &report.detail else { panic!("{:?}", report.detail) };
    assert_eq!(detail.sample.len(), report.n_train);
    let of_training: Vec<u32> = detail.sample.iter().map(|point| point.row).collect();
    let moved: Vec<u32> = MOVED.iter().map(|&row| row as u32).filter(|row| of_training.contains(row)).collect();
    let worst: Vec<u32> = report.issues.iter().take(moved.len()).map(|issue| issue.row).collect();
    assert!(worst.len() >= 2 && worst.iter().all(|row| moved.contains(row)), "{worst:?}");
    assert_eq!(report.n_issues, (detail.error_fraction * report.n_train as f64).ceil() as usize);
    for row in &detail.rows {
        assert!(((row.predicted - row.given) - row.residual).abs() < 1e-12 && row.epistemic >= 0.0);
    }
    assert!(detail.aleatoric > 0.0);
    let pruned = report.variants[1].delta.as_ref().unwrap();
    assert!(pruned.get("rmse") < Some(0.0) || pruned.get("mae") < Some(0.0), "{pruned:?}");
    let names: Vec<&str> = report.variants[0].metrics.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["r2", "rmse", "mae"]);
    assert!(report.issues[0].reason.contains("the model predicts"));
}

#[test]
fn noise_is_found_again_and_the_same_seed_gives_the_same_report() {
    let config = RegressionConfig { noise_frac: 0.1, prune_frac: 0.1, max_rows: Some(400), ..by_line() };
    let report = find(&config, &file(500)).unwrap();
    let noise = report.noise.clone().unwrap();
    assert_eq!((report.n_rows, noise.n_flipped), (400, 32));
    assert!(noise.precision_at_prune > Some(0.8), "{noise:?}");
    assert_eq!(find(&config, &file(500)).unwrap(), report);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), report);
}

#[test]
fn boosted_trees_predict_by_default_and_any_regressor_may() {
    let config = RegressionConfig { target: "price".to_owned(), n_boot: 1, ..RegressionConfig::default() };
    let report = find(&config, &file(200)).unwrap();
    assert_eq!(report.model.unwrap().model, "hist_gradient_boosting");
    let classifier = RegressionConfig { model: ModelName::LogisticRegression, ..config };
    assert!(find(&classifier, &file(200)).unwrap_err().to_string().contains("no model for numbers"));
}

#[test]
fn what_cannot_be_used_is_named() {
    let said = |config: &RegressionConfig, file: &TableFile| find(config, file).unwrap_err().to_string();
    let wrong = RegressionConfig { noise_scale: 0.0, ..by_line() };
    assert_eq!(said(&wrong, &file(50)), "`noise_scale` is 0, expected a value from 0.1 to 20");
    let unknown = RegressionConfig { target: "prize".to_owned(), ..by_line() };
    assert!(said(&unknown, &file(50)).ends_with("perhaps `price`"));
    let words = RegressionConfig { target: "colour".to_owned(), ..by_line() };
    assert!(said(&words, &file(50)).starts_with("`target` is \"colour\", expected a column of numbers"));
    assert!(said(&by_line(), &file(9)).contains("too few for 5 folds"));
    assert!(said(&RegressionConfig { target: String::new(), ..by_line() }, &file(50)).contains("one of x, z, colour"));
    let read = |text: String| read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap();
    let constant = read(format!("x,price\n{}", (0..30).map(|i| format!("{i}.5,2\n")).collect::<String>()));
    assert_eq!(said(&by_line(), &constant), "Column \"price\" is 2 in every row: nothing to predict.");
}

#[test]
fn rows_without_a_number_are_left_out_with_a_warning() {
    let mut text = "x,price\n".to_owned();
    (0..60).for_each(|i| {
        text.push_str(&format!("{}.5,{}\n", i * 7 % 13, if i == 9 { "?".to_owned() } else { i.to_string() }))
    });
    let gaps = read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap();
    let report = find(&by_line(), &gaps).unwrap();
    assert_eq!(report.n_rows, 59);
    assert!(report.warnings.contains(&"1 row has no value in \"price\" and is left out.".to_owned()));
}

struct Stopped;

impl Host for Stopped {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn work_stops_when_asked_to() {
    let stopped = run(&by_line(), TaskData::Table(&file(60)), &Stopped);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
