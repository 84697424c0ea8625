//! Why a row has an issue, in one sentence of plain words.

use std::borrow::Cow;
use std::fmt::Write;

use super::columns::{AuditColumn, Usual};
use super::data::{AuditData, Targets};
use super::found::{Found, RowFacts};
use super::{Datalab, IssueType};
use crate::by_number;
use crate::median::median;

/// Features named in a reason at most.
const NAMED: usize = 2;
/// Other rows named in a reason at most.
const LISTED: usize = 3;
/// Times the usual spread that a value is away from the middle before it is named.
const STANDS_OUT: f64 = 3.0;

/// Writes reasons for the rows of one audit.
///
/// What is usual in each column, and how far away the usual neighbour is, is worked out once and used for every row.
#[derive(Clone, Debug)]
pub struct Reasons<'a> {
    audit: &'a Datalab,
    columns: Cow<'a, [AuditColumn]>,
    usual: Vec<Usual>,
    /// The mean distance of each row to its neighbours, and the median of those.
    distances: (Vec<f64>, f64),
    /// The numbers that rows go by where people read them.
    row_numbers: &'a [u32],
}

impl<'a> Reasons<'a> {
    /// Looks at what is usual.
    pub fn new(audit: &'a Datalab) -> Self {
        let columns = audit.data().columns();
        let graph = audit.result(IssueType::Outlier).and_then(|found| found.graph.as_ref());
        let distances = graph.map_or_else(Vec::new, |graph| graph.mean_distances());
        let typical = median(&distances);
        Self {
            usual: columns.iter().map(|column| Usual::of(&column.values)).collect(),
            columns,
            distances: (distances, typical),
            audit,
            row_numbers: &[],
        }
    }

    /// Other rows are named by these numbers, one per row, instead of by their place.
    #[must_use]
    pub fn with_row_numbers(self, row_numbers: &'a [u32]) -> Self {
        Self { row_numbers, ..self }
    }

    /// Why `row` has the issue; none where it was not found to have it.
    pub fn of(&self, issue: IssueType, row: usize) -> Option<String> {
        let found = self.audit.result(issue)?;
        found.is_issue.get(row).filter(|&&is| is)?;
        Some(match issue {
            IssueType::Null => "Every feature of it is missing.".to_owned(),
            IssueType::Label => self.label(found, row),
            IssueType::Outlier => self.outlier(found, row),
            IssueType::NearDuplicate => self.near_duplicate(found, row),
            IssueType::NonIid => {
                let p = if found.score < 0.001 { "p < 0.001".to_owned() } else { format!("p = {:.3}", found.score) };
                format!("Rows that stand near each other in the file are alike ({p}), most of all around this one.")
            }
            IssueType::ClassImbalance => class_imbalance(self.audit.data(), found, row),
            IssueType::UnderperformingGroup => underperforming_group(found, row),
            IssueType::DataValuation => {
                "Its label disagrees with those of the rows it is nearest to, so that it misleads more than it helps."
                    .to_owned()
            }
        })
    }

    fn label(&self, found: &Found, row: usize) -> String {
        let (given, predicted) = (found.fact("given_label"), found.fact("predicted_label"));
        match (given, predicted) {
            (Some(RowFacts::Classes(given)), Some(RowFacts::Classes(predicted))) => {
                let (Some(&given), Some(&predicted)) = (given.get(row), predicted.get(row)) else {
                    return String::new();
                };
                let names = (class_name(self.audit.data(), given), class_name(self.audit.data(), predicted));
                let probs = self.audit.data().pred_probs().ok();
                let prob = |class: u32| probs.and_then(|probs| probs.row(row).get(class as usize).copied());
                match (prob(given), prob(predicted)) {
                    _ if given == predicted => {
                        format!(
                            "Labelled {}, which is predicted, but with less certainty than this label is usually.",
                            names.0
                        )
                    }
                    (Some(p_given), Some(p_predicted)) => format!(
                        "Labelled {}, but predicted to be {} ({} against {}).",
                        names.0,
                        names.1,
                        percent(p_predicted),
                        percent(p_given)
                    ),
                    _ => format!("Labelled {}, but rows like it are mostly {}.", names.0, names.1),
                }
            }
            (Some(RowFacts::Numbers(given)), Some(RowFacts::Numbers(predicted))) => {
                let (Some(&given), Some(&predicted)) = (given.get(row), predicted.get(row)) else {
                    return String::new();
                };
                let (value, expected) = (number(given), number(predicted));
                if value == expected {
                    let off = number((given - predicted).abs());
                    return format!("The value is {given}, off by {off} where others are off by less.");
                }
                format!("The value is {value}; the model predicts {expected}.")
            }
            (Some(RowFacts::Lists(given)), Some(RowFacts::Lists(predicted))) => {
                let (given, predicted) = (given.row(row), predicted.row(row));
                let extra = given.iter().filter(|class| !predicted.contains(class));
                let lacking = predicted.iter().filter(|class| !given.contains(class));
                let list = |classes: &mut dyn Iterator<Item = &u32>| {
                    classes.map(|&class| class_name(self.audit.data(), class)).collect::<Vec<_>>().join(", ")
                };
                let (extra, lacking) = (list(&mut extra.into_iter()), list(&mut lacking.into_iter()));
                match (extra.is_empty(), lacking.is_empty()) {
                    (false, true) => format!("Labelled {extra}, which is not predicted."),
                    (true, false) => format!("Predicted to be {lacking} as well, which it is not labelled."),
                    (false, false) => format!("Labelled {extra}, which is not predicted, and not {lacking}, which is."),
                    (true, true) => "One of its labels is predicted with less certainty than usual.".to_owned(),
                }
            }
            _ => String::new(),
        }
    }

    fn outlier(&self, found: &Found, row: usize) -> String {
        if found.graph.is_none() {
            let largest =
                self.audit.data().pred_probs().ok().map(|probs| probs.row(row).iter().fold(0.0, |a: f64, &b| a.max(b)));
            return largest.map_or_else(String::new, |largest| {
                format!("Predictions are unsure what it is: no class gets more than {}.", percent(largest))
            });
        }
        let (distances, typical) = &self.distances;
        let times = distances.get(row).map_or(0.0, |distance| distance / typical);
        let mut reason = if times.is_finite() {
            format!("The rows nearest to it are {} times as far away as usual", number(times))
        } else {
            "It is unlike the others, which are all alike".to_owned()
        };
        let names = self.standing_out(row);
        if !names.is_empty() {
            let _ = write!(reason, "; what stands out is {}", names.join(" and "));
        }
        reason.push('.');
        reason
    }

    fn near_duplicate(&self, found: &Found, row: usize) -> String {
        let (Some(RowFacts::Lists(sets)), Some(graph)) = (found.fact("near_duplicate_sets"), &found.graph) else {
            return String::new();
        };
        let others = sets.row(row);
        let exact = graph.distances().nth(row).and_then(<[f64]>::first).is_some_and(|&nearest| nearest <= 1e-8);
        let number = |other: &u32| self.row_numbers.get(*other as usize).unwrap_or(other).to_string();
        let named: Vec<String> = others.iter().take(LISTED).map(number).collect();
        let rows = if others.len() == 1 { "row" } else { "rows" };
        let more = match others.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let how = if exact { "Is the same as" } else { "Is almost the same as" };
        format!("{how} {rows} {}{more}.", named.join(", "))
    }

    /// The most unusual values of a row.
    fn standing_out(&self, row: usize) -> Vec<String> {
        let surprise = |(column, usual): (&AuditColumn, &Usual)| {
            let (surprise, text) = usual.surprise(&column.values, row)?;
            (surprise >= STANDS_OUT).then(|| (surprise, format!("“{}” ({text})", column.name)))
        };
        let mut away: Vec<(f64, String)> = self.columns.iter().zip(&self.usual).filter_map(surprise).collect();
        by_number::sort(&mut away, |column| -column.0);
        away.into_iter().take(NAMED).map(|(_, text)| text).collect()
    }
}

fn class_imbalance(data: &AuditData, found: &Found, row: usize) -> String {
    match (found.fact("given_label"), data.targets()) {
        (Some(RowFacts::Classes(given)), Some(Targets::Classes(_, names))) => format!(
            "Only {} of the rows are {}; an even share is {}.",
            percent(found.score),
            given.get(row).map_or_else(String::new, |&class| class_name(data, class)),
            percent(1.0 / names.len().max(1) as f64)
        ),
        _ => String::new(),
    }
}

fn underperforming_group(found: &Found, row: usize) -> String {
    let n = found.n_issues();
    let share = found.scores.get(row).copied().unwrap_or(1.0);
    format!("One of {n} similar rows whose labels are predicted only {} as well as usual.", percent(share))
}

/// The name of a class in quotes.
fn class_name(data: &AuditData, class: u32) -> String {
    format!("“{}”", data.name_of(class))
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 1.0 { "less than 1 %".to_owned() } else { format!("{percent:.0} %") }
}

/// Three significant digits.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let digits = 2 - libm::floor(libm::log10(value.abs())) as i32;
    if digits >= 0 { format!("{value:.*}", digits.min(12) as usize) } else { format!("{value:.0}") }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::super::Check;
    use super::super::columns::AuditValues;
    use super::super::data::LabelKind;
    use super::*;
    use crate::{Labels, Quiet};

    #[test]
    fn an_outlier_is_explained_by_its_distance_and_by_what_stands_out() {
        let mut features = Array2::from_shape_fn((30, 2), |(row, column)| ((row * (7 + column)) % 11) as f64);
        features[[4, 1]] = 400.0;
        let column = |(values, name): (ndarray::ArrayView1<'_, f64>, &str)| AuditColumn {
            name: name.to_owned(),
            values: AuditValues::Numbers(values.to_vec()),
        };
        let columns = features.columns().into_iter().zip(["age", "hours"]).map(column).collect();
        let data = AuditData::new(LabelKind::Classification).with_features(features).with_columns(columns);
        let mut audit = Datalab::new(data);
        audit.find_issues(&[Check::default_of(IssueType::Outlier, LabelKind::Classification)], &Quiet).unwrap();
        let reasons = Reasons::new(&audit);
        let reason = reasons.of(IssueType::Outlier, 4).unwrap();
        assert!(reason.contains("times as far away as usual; what stands out is “hours” (400)"), "{reason}");
        assert_eq!(reasons.of(IssueType::Outlier, 5), None);
    }

    #[test]
    fn a_label_is_explained_by_what_is_predicted() {
        let labels = Labels::new((0..40).map(|row| u32::from(row % 2 == 1 && row != 1)).collect()).unwrap();
        let probs = Array2::from_shape_fn((40, 2), |(row, class)| if row % 2 == class { 0.97 } else { 0.03 });
        let names = vec!["no".to_owned(), "yes".to_owned()];
        let data = AuditData::of(Targets::Classes(labels, names)).with_pred_probs(probs);
        let mut audit = Datalab::new(data);
        audit.find_issues(&[Check::default_of(IssueType::Label, LabelKind::Classification)], &Quiet).unwrap();
        let reason = Reasons::new(&audit).of(IssueType::Label, 1).unwrap();
        assert_eq!(reason, "Labelled “no”, but predicted to be “yes” (97 % against 3 %).");
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        assert_eq!([4.2, 1234.5, 0.001_234, 0.0, 99.96].map(number), ["4.20", "1234", "0.00123", "0", "100.0"]);
    }
}
