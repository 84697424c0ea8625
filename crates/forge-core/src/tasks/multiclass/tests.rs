//! Classes told apart by a number, with a few labels swapped.

use forge_data::{TableFile, read_csv};
use forge_learn::Quiet;

use super::*;
use crate::tasks::task::TaskDetail;

/// Three classes by `x`; row 7 is called `mid` though it is `low`.
pub(crate) fn file(n: usize) -> TableFile {
    let row = |i: usize| {
        let class = i % 3;
        let x = class as f64 * 4.0 + ((i * 37) % 23) as f64 / 10.0;
        let label = if i == 7 { "low" } else { ["low", "mid", "top"][class] };
        format!("{x},{},{label}\n", ["red", "blue"][i * 7 % 5 % 2])
    };
    let text: String = std::iter::once("x,colour,label\n".to_owned()).chain((0..n).map(row)).collect();
    read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
}

fn find(config: &MulticlassConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Table(file), &Quiet)
}

fn said(config: &MulticlassConfig, text: &str) -> String {
    let file = read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap();
    find(config, &file).unwrap_err().to_string()
}

#[test]
fn a_swapped_label_is_the_worst_issue_and_the_table_of_classes_counts_it() {
    let report = find(&MulticlassConfig::default(), &file(150)).unwrap();
    let worst = &report.issues[0];
    assert_eq!((worst.row, &*worst.given, &*worst.suggested), (7, "low", "mid"));
    assert!(worst.reason.starts_with("Labelled low, but predicted to be mid ("), "{}", worst.reason);
    assert_eq!((report.n_rows, report.n_train, report.n_test), (150, 120, 30));
    assert_eq!(report.target, ["label"]);
    assert_eq!(report.classes, ["low", "mid", "top"]);
    assert!(report.noise.is_none() && worst.known.is_none());
    let TaskDetail::Multiclass(detail) = &report.detail else { panic!("{:?}", report.detail) };
    assert_eq!(detail.given_by_suggested[0][1], 1);
    assert_eq!(detail.per_class.iter().map(|class| class.n_given).collect::<Vec<_>>(), [51, 49, 50]);
    assert_eq!(detail.per_class.iter().map(|class| class.n_issues).sum::<usize>(), report.n_issues);
    assert_eq!(report.model.as_ref().unwrap().parameters["max_iter"], 500);
}

#[test]
fn noise_is_found_again_and_its_absence_gives_no_figure() {
    let config = MulticlassConfig { noise_frac: 0.1, prune_frac: 0.1, ..MulticlassConfig::default() };
    let report = find(&config, &file(300)).unwrap();
    let noise = report.noise.unwrap();
    assert_eq!(noise.n_flipped, 24);
    assert!(noise.precision_at_prune > Some(0.9) && noise.recall_at_prune > Some(0.9), "{noise:?}");
    let names: Vec<&str> = report.variants.iter().map(|variant| &*variant.name).collect();
    assert_eq!(names, ["baseline", "pruned_retrain"]);
    assert_eq!(report.variants[1].n_train, report.n_train - noise.n_pruned);
    assert!(report.issues.iter().any(|issue| issue.known == Some(true) && issue.pruned));
    let names: Vec<&str> = report.variants[0].metrics.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["accuracy", "f1_macro", "log_loss"]);
}

#[test]
fn the_same_seed_gives_the_same_report_and_json_brings_it_back() {
    let config = MulticlassConfig { noise_frac: 0.2, max_rows: 120, ..MulticlassConfig::default() };
    let (one, two) = (find(&config, &file(200)).unwrap(), find(&config, &file(200)).unwrap());
    assert_eq!(one, two);
    assert_eq!(one.n_rows, 120);
    let text = serde_json::to_string(&one).unwrap();
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), one);
    let other = MulticlassConfig { seed: 7, ..config };
    assert_ne!(find(&other, &file(200)).unwrap().issues, one.issues);
}

#[test]
fn any_classifier_may_predict() {
    let config = MulticlassConfig { model: ModelName::Knn, ..MulticlassConfig::default() };
    assert_eq!(find(&config, &file(150)).unwrap().issues[0].row, 7);
    let config = MulticlassConfig { model: ModelName::Ridge, ..config };
    assert!(find(&config, &file(150)).unwrap_err().to_string().contains("no model for classes named ridge"));
}

#[test]
fn what_cannot_be_used_is_named() {
    let default = MulticlassConfig::default();
    let wrong = MulticlassConfig { noise_frac: 0.6, ..default.clone() };
    assert_eq!(said(&wrong, "x,label\n1,a\n"), "`noise_frac` is 0.6, expected a value from 0 to 0.5");
    let target = MulticlassConfig { target: "lable".to_owned(), ..default.clone() };
    assert!(said(&target, "x,label\n1,a\n").ends_with("perhaps `label`"));
    let unnamed = "x,y2\n1.5,2.5\n2.5,3.25\n";
    assert_eq!(said(&default, unnamed), "`target` is empty, expected the name of a column, one of x, y2");
    let one_class: String = (0..40).map(|i| format!("{},a\n", i % 7)).collect();
    let named = MulticlassConfig { target: "label".to_owned(), ..default.clone() };
    assert!(said(&named, &format!("x,label\n{one_class}")).contains("one class only, \"a\""));
    assert!(said(&default, "x,label\n1,a\n2,b\n3,a\n").contains("too few for 5 folds"));
    assert!(said(&default, "label,kind\na,u\nb,v\na,u\n").len() > 10);
    let constant: String = (0..40).map(|i| format!("1,{}\n", ["a", "b"][i % 2])).collect();
    assert!(said(&named, &format!("x,label\n{constant}")).starts_with("No column is left"));
}

struct Stopped;

impl Host for Stopped {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn work_stops_when_asked_to() {
    let stopped = run(&MulticlassConfig::default(), TaskData::Table(&file(150)), &Stopped);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
