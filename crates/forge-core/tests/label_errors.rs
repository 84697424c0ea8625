//! Real label errors that people verified, in the test sets of MNIST and CIFAR-10: the rows flagged are cleanlab's, and so
//! is the share of the verified errors among them. Figures by `tests/reference/label_errors.py`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use forge_core::classification::filter::{FilterOptions, find_label_issues};
use forge_core::datalab::{AuditData, Check, Datalab, IssueType, LabelKind, Targets};
use forge_core::{FilterBy, Labels, PredProbs, Quiet};
use forge_data::{CsvOptions, NpyReader, Values, read_csv};
use ndarray::Array2;
use serde_json::Value;

const FLAGS: &str = include_str!("../../../tests/data/label_errors/flags.json");

/// A label is a verified error where fewer than this many of five people chose it.
const MAJORITY: f64 = 3.0;

struct Set {
    labels: Vec<u32>,
    probs: Array2<f64>,
    verified: Vec<u64>,
    expected: Value,
}

impl Set {
    fn read(name: &str, labels: &[u8], probs: &[u8], votes: &[u8]) -> Self {
        let labels: Vec<u32> = array(labels).0.into_iter().map(|label| label as u32).collect();
        let (values, shape) = array(probs);
        let probs = Array2::from_shape_vec((shape[0], shape[1]), values).unwrap();
        let votes = read_csv("votes.csv", votes.to_vec(), &CsvOptions::default()).unwrap().table;
        let column = |name| match votes.column(name).unwrap().values() {
            Values::Number(numbers) => numbers.clone(),
            _ => panic!("{name} holds numbers"),
        };
        let ids = column("id").into_iter().zip(column("votes_given"));
        let verified = ids.filter(|(_, given)| *given < MAJORITY).map(|(id, _)| id as u64).collect();
        let expected = serde_json::from_str::<Value>(FLAGS).unwrap()[name].take();
        Self { labels, probs, verified, expected }
    }

    fn check(&self, rule: &str, is_issue: &[bool]) {
        let rows: Vec<u64> = (0..).zip(is_issue).filter(|(_, is)| **is).map(|(row, _)| row).collect();
        let expected: Vec<u64> = serde_json::from_value(self.expected["flagged"][rule].clone()).unwrap();
        assert_eq!(rows, expected, "{rule}");
        let recalled = self.verified.iter().filter(|id| rows.contains(id)).count();
        assert_eq!(self.expected["recalled"][rule], recalled, "{rule}");
    }

    /// Flags by every rule and by the audit.
    fn check_all(&self) {
        assert_eq!(self.expected["verified"], self.verified.len());
        let labels = Labels::new(self.labels.clone()).unwrap();
        let probs = PredProbs::new(self.probs.clone()).unwrap();
        for (rule, filter_by) in [
            ("prune_by_noise_rate", FilterBy::PruneByNoiseRate),
            ("prune_by_class", FilterBy::PruneByClass),
            ("both", FilterBy::Both),
            ("confident_learning", FilterBy::ConfidentLearning),
            ("predicted_neq_given", FilterBy::PredictedNeqGiven),
            ("low_normalized_margin", FilterBy::LowNormalizedMargin),
            ("low_self_confidence", FilterBy::LowSelfConfidence),
        ] {
            let options = FilterOptions { filter_by, ..FilterOptions::default() };
            self.check(rule, &find_label_issues(&labels, &probs, &options).unwrap().mask);
        }
        let names = (0..self.probs.ncols()).map(|class| class.to_string()).collect();
        let data = AuditData::of(Targets::Classes(labels, names)).with_pred_probs(self.probs.clone());
        let mut audit = Datalab::new(data);
        audit.find_issues(&[Check::default_of(IssueType::Label, LabelKind::Classification)], &Quiet).unwrap();
        let found = audit.result(IssueType::Label).unwrap();
        self.check("datalab", &found.is_issue);
        let scores: Vec<f64> = serde_json::from_value(self.expected["datalab_scores"].clone()).unwrap();
        let flagged = found.scores.iter().zip(&found.is_issue).filter(|(_, is)| **is).map(|(score, _)| score);
        assert!(flagged.zip(scores).all(|(score, expected)| (score - expected).abs() <= 1e-9));
    }
}

/// The values of a gzipped NumPy array, and its shape.
fn array(bytes: &[u8]) -> (Vec<f64>, Vec<usize>) {
    let mut unzipped = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unzipped).unwrap();
    let mut reader = NpyReader::new("array.npy", Cursor::new(unzipped)).unwrap();
    let shape = reader.header().shape.clone();
    (reader.read_rows(0..shape[0]).unwrap(), shape)
}

#[test]
fn the_rows_flagged_in_mnist_are_those_of_cleanlab() {
    let labels = include_bytes!("../../../tests/data/label_errors/mnist_labels_u8.npy.gz");
    let probs = include_bytes!("../../../tests/data/label_errors/mnist_pred_probs_f16.npy.gz");
    let votes = include_bytes!("../../../tests/data/label_errors/mnist_mturk.csv.gz");
    Set::read("mnist", labels, probs, votes).check_all();
}

#[test]
fn the_rows_flagged_in_cifar_10_are_those_of_cleanlab() {
    let labels = include_bytes!("../../../tests/data/label_errors/cifar10_labels_u8.npy.gz");
    let probs = include_bytes!("../../../tests/data/label_errors/cifar10_pred_probs_f16.npy.gz");
    let votes = include_bytes!("../../../tests/data/label_errors/cifar10_mturk.csv.gz");
    Set::read("cifar10", labels, probs, votes).check_all();
}
