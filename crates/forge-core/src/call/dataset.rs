//! `dataset.*`.

use ndarray::Array2;
use serde_json::{Value, json};

use super::args::Args;
use super::{Function, output};
use crate::classification::summary::{
    ClassOverlap, ClassQuality, Evidence, Overlap, find_overlapping_classes, health_summary,
    overall_label_health_score, rank_classes_by_label_quality,
};
use crate::{CoreError, Labels, PredProbs};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "dataset.rank_classes_by_label_quality",
        parameters: &["labels", "pred_probs", "class_names", "num_examples", "joint", "confident_joint", "multi_label"],
        run: |args| {
            let given = Given::new(args, CountedBy::LabelsOrNumber)?;
            class_table(&rank_classes_by_label_quality(&given.evidence()?)?, args)
        },
    },
    Function {
        name: "dataset.find_overlapping_classes",
        parameters: &[
            "labels",
            "pred_probs",
            "asymmetric",
            "class_names",
            "num_examples",
            "joint",
            "confident_joint",
            "multi_label",
        ],
        run: |args| {
            let given = Given::new(args, CountedBy::Anything)?;
            overlap_table(&find_overlapping_classes(&given.evidence()?, overlap(args)?)?, args)
        },
    },
    Function {
        name: "dataset.overall_label_health_score",
        parameters: &["labels", "pred_probs", "num_examples", "confident_joint", "joint", "multi_label", "verbose"],
        run: |args| {
            let given = Given::new(args, CountedBy::Anything)?;
            Ok(json!(overall_label_health_score(&given.evidence()?)?))
        },
    },
    Function {
        name: "dataset.health_summary",
        parameters: &[
            "labels",
            "pred_probs",
            "asymmetric",
            "class_names",
            "num_examples",
            "joint",
            "confident_joint",
            "multi_label",
            "verbose",
        ],
        run: |args| {
            let given = Given::new(args, CountedBy::LabelsOrNumber)?;
            let summary = health_summary(&given.evidence()?, overlap(args)?)?;
            Ok(json!({
                "overall_label_health_score": summary.overall_label_health_score,
                "joint": output::matrix(&summary.joint),
                "classes_by_label_quality": class_table(&summary.classes_by_label_quality, args)?,
                "overlapping_classes": overlap_table(&summary.overlapping_classes, args)?,
            }))
        },
    },
];

/// Whether a confident joint alone says how many examples there are; cleanlab accepts that in half of its functions.
#[derive(PartialEq)]
enum CountedBy {
    LabelsOrNumber,
    Anything,
}

/// The inputs that were given, checked.
struct Given {
    labels: Option<Labels>,
    pred_probs: Option<PredProbs>,
    joint: Option<Array2<f64>>,
    confident_joint: Option<Array2<f64>>,
    num_examples: Option<usize>,
}

impl Given {
    fn new(args: &Args, counted_by: CountedBy) -> Result<Self, CoreError> {
        if args.parsed("multi_label")? {
            return Err(CoreError::Conflict(
                "`multi_label` is not for this function: a row has one class here".to_owned(),
            ));
        }
        let given = Self {
            labels: args.optional_labels()?,
            pred_probs: args.optional_pred_probs()?,
            joint: args.optional_matrix("joint")?,
            confident_joint: args.optional_matrix("confident_joint")?,
            num_examples: args.parsed("num_examples")?,
        };
        let counted = given.labels.is_some()
            || given.num_examples.is_some()
            || (counted_by == CountedBy::Anything && given.confident_joint.is_some());
        if !counted {
            return Err(CoreError::Missing {
                argument: "num_examples",
                rule: "without `labels` the number of examples is not known",
            });
        }
        Ok(given)
    }

    fn evidence(&self) -> Result<Evidence<'_>, CoreError> {
        let evidence = match (&self.joint, &self.confident_joint, &self.labels, &self.pred_probs) {
            (Some(joint), _, labels, _) => Evidence::joint_of(joint, labels.as_ref().map_or(0, Labels::len)),
            (None, Some(counts), labels, _) => Evidence::confident_joint(counts, labels.as_ref()),
            (None, None, Some(labels), Some(pred_probs)) => Evidence::predictions(labels, pred_probs),
            _ => {
                return Err(CoreError::Missing {
                    argument: "pred_probs",
                    rule: "give `labels` and `pred_probs`, or a `joint`, or a `confident_joint`",
                });
            }
        };
        Ok(match self.num_examples {
            Some(n) => evidence.with_n_examples(n),
            None => evidence,
        })
    }
}

fn overlap(args: &Args) -> Result<Overlap, CoreError> {
    Ok(if args.parsed("asymmetric")? { Overlap::Directed } else { Overlap::Symmetric })
}

pub(super) fn class_names(args: &Args, n_classes: usize) -> Result<Option<Vec<String>>, CoreError> {
    let names: Option<Vec<String>> = args.parsed("class_names")?;
    match names {
        Some(names) if names.len() < n_classes => Err(CoreError::Shape {
            argument: "class_names",
            shape: names.len().to_string(),
            expected: format!("one name for each of the {n_classes} classes"),
        }),
        names => Ok(names),
    }
}

pub(super) fn column<T>(rows: &[T], value: impl Fn(&T) -> Value) -> Vec<Value> {
    rows.iter().map(value).collect()
}

fn name_values(args: &Args, n_classes: usize) -> Result<Option<Vec<Value>>, CoreError> {
    Ok(class_names(args, n_classes)?.map(|names| names.into_iter().map(Value::from).collect()))
}

pub(super) fn class_table(classes: &[ClassQuality], args: &Args) -> Result<Value, CoreError> {
    Ok(class_columns(classes, name_values(args, classes.len())?.as_deref()))
}

/// A table of classes with their names, where there are any.
pub(super) fn class_columns(classes: &[ClassQuality], names: Option<&[Value]>) -> Value {
    let mut columns = Vec::new();
    if let Some(names) = names {
        // cleanlab attaches the names before it sorts; here each name stays with its class.
        columns.push(("Class Name", column(classes, |c| name(names, c.class))));
    }
    columns.extend([
        ("Class Index", column(classes, |c| json!(c.class))),
        ("Label Issues", column(classes, |c| json!(c.label_issues))),
        ("Inverse Label Issues", column(classes, |c| json!(c.inverse_label_issues))),
        ("Label Noise", column(classes, |c| json!(c.label_noise))),
        ("Inverse Label Noise", column(classes, |c| json!(c.inverse_label_noise))),
        ("Label Quality Score", column(classes, |c| json!(c.label_quality_score))),
    ]);
    output::table(columns)
}

fn overlap_table(pairs: &[ClassOverlap], args: &Args) -> Result<Value, CoreError> {
    let n_classes = pairs.iter().map(|pair| pair.class_b.max(pair.class_a) + 1).max().unwrap_or(0);
    Ok(overlap_columns(pairs, name_values(args, n_classes)?.as_deref()))
}

/// A table of pairs of classes with their names, where there are any.
pub(super) fn overlap_columns(pairs: &[ClassOverlap], names: Option<&[Value]>) -> Value {
    let mut columns = Vec::new();
    if let Some(names) = names {
        columns.push(("Class Name A", column(pairs, |p| name(names, p.class_a))));
        columns.push(("Class Name B", column(pairs, |p| name(names, p.class_b))));
    }
    columns.extend([
        ("Class Index A", column(pairs, |p| json!(p.class_a))),
        ("Class Index B", column(pairs, |p| json!(p.class_b))),
        ("Num Overlapping Examples", column(pairs, |p| json!(p.num_overlapping_examples))),
        ("Joint Probability", column(pairs, |p| json!(p.joint_probability))),
    ]);
    output::table(columns)
}

fn name(names: &[Value], class: usize) -> Value {
    names.get(class).cloned().unwrap_or_default()
}
