//! Three classes that three numbers tell, with one class missing from a row and one too many in another.

use forge_data::{TableFile, read_csv};
use forge_learn::Quiet;

use super::*;
use crate::tasks::task::TaskDetail;

const LACKS: usize = 40;
const EXCEEDS: usize = 73;

fn bits(row: usize) -> [bool; 3] {
    let mut bits = [row.is_multiple_of(2), row.is_multiple_of(3), row % 5 < 2];
    match row {
        LACKS => bits[0] = false,
        EXCEEDS => bits[2] = true,
        _ => {}
    }
    bits
}

fn numbers(row: usize) -> String {
    let truth = [row.is_multiple_of(2), row.is_multiple_of(3), row % 5 < 2];
    let number = |(place, has): (usize, bool)| {
        format!("{}", f64::from(u8::from(has)) * 3.0 + ((row * (31 + 6 * place)) % 29) as f64 / 30.0)
    };
    truth.into_iter().enumerate().map(number).collect::<Vec<_>>().join(",")
}

fn file(header: &str, n: usize, labels: impl Fn([bool; 3]) -> String) -> TableFile {
    let row = |row: usize| format!("{},{}\n", numbers(row), labels(bits(row)));
    let text: String = std::iter::once(format!("a,b,c,{header}\n")).chain((0..n).map(row)).collect();
    read_csv("t.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
}

fn one_hot(n: usize) -> TableFile {
    file("calm,sad,loud", n, |bits| bits.map(|bit| u8::from(bit).to_string()).join(","))
}

fn of_columns() -> MultilabelConfig {
    MultilabelConfig { target: ["calm", "sad", "loud"].map(str::to_owned).to_vec(), ..MultilabelConfig::default() }
}

fn find(config: &MultilabelConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Table(file), &Quiet)
}

fn detail(report: &TaskReport) -> &MultilabelDetail {
    let TaskDetail::Multilabel(detail) = &report.detail else { panic!("{:?}", report.detail) };
    detail
}

#[test]
fn a_missing_and_an_extra_class_are_the_worst_issues_and_named() {
    let report = find(&of_columns(), &one_hot(180)).unwrap();
    let examples = &detail(&report).examples;
    let of_row = |row: usize| examples.iter().take(2).find(|example| example.row as usize == row).unwrap();
    assert_eq!((&of_row(LACKS).missing[..], &of_row(LACKS).extra[..]), (&["calm".to_owned()][..], &[][..]));
    assert_eq!((&of_row(EXCEEDS).missing[..], &of_row(EXCEEDS).extra[..]), (&[][..], &["loud".to_owned()][..]));
    let issue = report.issues.iter().find(|issue| issue.row as usize == LACKS).unwrap();
    assert_eq!(issue.reason, "Predicted to be calm as well, which it is not labelled.");
    assert!(issue.suggested.contains("calm") && !issue.given.contains("calm"));
    assert_eq!(report.features, ["a", "b", "c"]);
    let names: Vec<&str> = report.variants[0].metrics.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["f1_micro", "f1_macro", "subset_accuracy", "hamming_loss"]);
    let classes = &detail(&report).per_class;
    assert!(classes[0].n_missing >= 1 && classes[2].n_extra >= 1 && classes[0].f1 > 0.9);
    let macro_f1 = report.variants[0].metrics.get("f1_macro").unwrap();
    assert!((classes.iter().map(|class| class.f1).sum::<f64>() / 3.0 - macro_f1).abs() < 1e-12);
}

#[test]
fn a_column_of_lists_gives_what_columns_of_bits_give() {
    let listed = |open: &str, separator: &str, close: &str| {
        file("labels", 180, |bits| {
            let names = ["calm", "loud", "sad"].into_iter().zip([bits[0], bits[2], bits[1]]);
            let names: Vec<&str> = names.filter(|(_, has)| *has).map(|(name, _)| name).collect();
            format!("\"{open}{}{close}\"", names.join(separator))
        })
    };
    let config = MultilabelConfig { target: vec!["labels".to_owned()], ..MultilabelConfig::default() };
    let rows = |report: &TaskReport| report.issues.iter().map(|issue| issue.row).collect::<Vec<u32>>();
    let expected = find(&of_columns(), &one_hot(180)).unwrap();
    for file in [listed("", ";", ""), listed("[", ", ", "]")] {
        let report = find(&config, &file).unwrap();
        assert_eq!(report.classes, ["calm", "loud", "sad"]);
        assert_eq!(rows(&report), rows(&expected));
        assert_eq!(report.variants[0].metrics.get("f1_micro"), expected.variants[0].metrics.get("f1_micro"));
    }
}

#[test]
fn noise_is_found_again_and_the_same_seed_gives_the_same_report() {
    let config = MultilabelConfig { noise_frac: 0.1, prune_frac: 0.1, ..of_columns() };
    let report = find(&config, &one_hot(300)).unwrap();
    let noise = report.noise.clone().unwrap();
    assert_eq!((noise.n_flipped, noise.n_pruned <= 24), (24, true));
    assert!(noise.precision_at_prune > Some(0.85) && noise.recall_at_prune > Some(0.8), "{noise:?}");
    assert!(detail(&report).per_class[0].f1_pruned.is_some());
    assert_eq!(find(&config, &one_hot(300)).unwrap(), report);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<TaskReport>(&text).unwrap(), report);
    assert!(find(&of_columns(), &one_hot(180)).unwrap().noise.is_none());
}

#[test]
fn a_class_that_all_rows_have_or_that_none_has_is_left_out_with_a_warning() {
    let with = file("calm,sad,all,none,loud", 180, |bits| {
        let [calm, sad, loud] = bits.map(u8::from);
        format!("{calm},{sad},1,0,{loud}")
    });
    let target = ["calm", "sad", "all", "none", "loud"].map(str::to_owned).to_vec();
    let report = find(&MultilabelConfig { target, ..MultilabelConfig::default() }, &with).unwrap();
    assert_eq!(report.classes, ["calm", "sad", "loud"]);
    assert!(report.warnings.iter().any(|warning| warning.starts_with("No row has the class \"none\"")));
    assert!(report.warnings.iter().any(|warning| warning.starts_with("Every row has the class \"all\"")));
}

#[test]
fn rules_that_flag_rows_name_the_classes_predicted_otherwise() {
    let config = MultilabelConfig { filter_by: FilterBy::LowSelfConfidence, ..of_columns() };
    let report = find(&config, &one_hot(180)).unwrap();
    let example = detail(&report).examples.iter().find(|example| example.row as usize == LACKS).unwrap();
    assert_eq!(example.missing, ["calm"]);
}

#[test]
fn what_cannot_be_used_is_named() {
    let said = |config: &MultilabelConfig, file: &TableFile| find(config, file).unwrap_err().to_string();
    let wrong = MultilabelConfig { prune_frac: 0.6, ..of_columns() };
    assert_eq!(said(&wrong, &one_hot(60)), "`prune_frac` is 0.6, expected a value from 0 to 0.5");
    let unknown = MultilabelConfig { target: vec!["clam".to_owned()], ..of_columns() };
    assert!(said(&unknown, &one_hot(60)).ends_with("perhaps `calm`"));
    let number = MultilabelConfig { target: vec!["a".to_owned(), "calm".to_owned()], ..of_columns() };
    assert!(said(&number, &one_hot(60)).contains("0 or 1"));
    assert!(said(&of_columns(), &one_hot(6)).contains("too few for 5 folds"));
    let one = MultilabelConfig { target: vec!["calm".to_owned()], ..of_columns() };
    assert!(said(&one, &one_hot(60)).contains("at least two classes"));
}

struct Stopped;

impl Host for Stopped {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn work_stops_when_asked_to() {
    let stopped = run(&of_columns(), TaskData::Table(&one_hot(60)), &Stopped);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
