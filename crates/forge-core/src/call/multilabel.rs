//! `multilabel_classification.*`.

use ndarray::Array2;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::dataset::{class_names, class_table, column};
use super::rank::{adjustment, adjustment_of, rank_by_kwargs};
use super::{Function, output};
use crate::classification::multilabel_count::MultilabelData;
use crate::datalab::SetLabelSettings;
use crate::multilabel::filter::{
    MultilabelFilterOptions, Search, find_label_issues, find_multilabel_issues_per_class, ranked_label_issues,
    ranked_multilabel_issues_per_class,
};
use crate::multilabel::rank::{Aggregator, Scoring, get_label_quality_scores, get_label_quality_scores_per_class};
use crate::multilabel::summary::{
    CommonMultilabelIssue, MultilabelIssue, common_multilabel_issues, multilabel_health_summary,
    overall_multilabel_health_score, rank_classes_by_multilabel_quality,
};
use crate::{CoreError, Score};

const FILTER_PARAMETERS: &[&str] = &[
    "labels",
    "pred_probs",
    "return_indices_ranked_by",
    "rank_by_kwargs",
    "filter_by",
    "frac_noise",
    "num_to_remove_per_class",
    "min_examples_per_class",
    "confident_joint",
    "n_jobs",
    "verbose",
    "low_memory",
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "multilabel_classification.filter.find_label_issues",
        parameters: FILTER_PARAMETERS,
        run: |args| {
            let (data, options, ranking) = filtering(args)?;
            match ranking {
                None => Ok(json!(find_label_issues(&data, &options)?)),
                Some(scoring) => Ok(json!(ranked_label_issues(&data, &options, scoring)?)),
            }
        },
    },
    Function {
        name: "multilabel_classification.filter.find_multilabel_issues_per_class",
        parameters: FILTER_PARAMETERS,
        run: |args| {
            let (data, options, ranking) = filtering(args)?;
            if let Some(scoring) = ranking {
                return Ok(json!(ranked_multilabel_issues_per_class(&data, &options, scoring)?));
            }
            let masks = find_multilabel_issues_per_class(&data, &options)?.masks;
            Ok((0..data.n_rows()).map(|row| masks.iter().map(|mask| mask[row]).collect::<Value>()).collect())
        },
    },
    Function {
        name: "multilabel_classification.rank.get_label_quality_scores",
        parameters: &["labels", "pred_probs", "method", "adjust_pred_probs", "aggregator_kwargs"],
        run: |args| {
            let (data, scoring, aggregator) = (data(args)?, scoring(args)?, aggregator(args)?);
            Ok(output::numbers(get_label_quality_scores(&data, scoring, aggregator)?))
        },
    },
    Function {
        name: "multilabel_classification.rank.get_label_quality_scores_per_class",
        parameters: &["labels", "pred_probs", "method", "adjust_pred_probs"],
        run: |args| Ok(output::matrix(&get_label_quality_scores_per_class(&data(args)?, scoring(args)?)?)),
    },
    Function {
        name: "multilabel_classification.dataset.common_multilabel_issues",
        parameters: &["labels", "pred_probs", "class_names", "confident_joint"],
        run: |args| {
            let data = known_classes(args)?;
            let joint = confident_joint(args, "confident_joint", &data)?;
            issue_table(&common_multilabel_issues(&data, joint.as_deref())?, &data, args)
        },
    },
    Function {
        name: "multilabel_classification.dataset.rank_classes_by_multilabel_quality",
        parameters: &["labels", "pred_probs", "class_names", "joint", "confident_joint"],
        run: |args| {
            let data = known_classes(args)?;
            // cleanlab takes `joint` for the confident joint and leaves `confident_joint` unused.
            let joint = confident_joint(args, "joint", &data)?;
            class_table(&rank_classes_by_multilabel_quality(&data, joint.as_deref())?, args)
        },
    },
    Function {
        name: "multilabel_classification.dataset.overall_multilabel_health_score",
        parameters: &["labels", "pred_probs", "confident_joint"],
        run: |args| {
            let data = known_classes(args)?;
            let joint = confident_joint(args, "confident_joint", &data)?;
            Ok(json!(overall_multilabel_health_score(&data, joint.as_deref())?))
        },
    },
    Function {
        name: "multilabel_classification.dataset.multilabel_health_summary",
        parameters: &["labels", "pred_probs", "class_names", "num_examples", "confident_joint", "verbose"],
        run: |args| {
            let data = known_classes(args)?;
            let joint = confident_joint(args, "confident_joint", &data)?;
            let summary = multilabel_health_summary(&data, joint.as_deref())?;
            Ok(json!({
                "overall_multilabel_health_score": summary.overall_multilabel_health_score,
                "classes_by_multilabel_quality": class_table(&summary.classes_by_multilabel_quality, args)?,
                "common_multilabel_issues": issue_table(&summary.common_multilabel_issues, &data, args)?,
            }))
        },
    },
];

fn data(args: &Args) -> Result<MultilabelData, CoreError> {
    MultilabelData::new(&args.label_sets()?, args.pred_probs()?)
}

/// As [`data`], but a class without a column is left out: cleanlab's filter does so, its scores do not.
fn known_classes(args: &Args) -> Result<MultilabelData, CoreError> {
    Ok(MultilabelData::of_known_classes(&args.label_sets()?, args.pred_probs()?)?.0)
}

/// What the label check of an audit takes.
pub(super) const SET_LABEL_PARAMETERS: &[&str] = &[
    "filter_by",
    "frac_noise",
    "num_to_remove_per_class",
    "min_examples_per_class",
    "n_jobs",
    "verbose",
    "low_memory",
    "method",
    "adjust_pred_probs",
    "aggregator_kwargs",
];

/// The settings of the label check of an audit.
pub(super) fn set_label_settings(args: &Args) -> Result<SetLabelSettings, CoreError> {
    args.check_n_jobs()?;
    let low_memory: bool = args.parsed("low_memory")?;
    Ok(SetLabelSettings {
        filter: MultilabelFilterOptions {
            search: if low_memory { Search::LowMemory(Score::default()) } else { Search::Filter },
            filter_by: args.parsed("filter_by")?,
            frac_noise: args.parsed_or("frac_noise", 1.0)?,
            num_to_remove_per_class: args.optional_numbers("num_to_remove_per_class")?,
            min_examples_per_class: args.parsed_or("min_examples_per_class", 1)?,
            confident_joint: None,
        },
        scoring: scoring(args)?,
        aggregator: aggregator(args)?,
    })
}

fn scoring(args: &Args) -> Result<Scoring, CoreError> {
    Ok(Scoring { score: args.parsed("method")?, adjustment: adjustment(args)? })
}

/// The data, the settings, and how the rows are ranked where they are.
fn filtering(args: &Args) -> Result<(MultilabelData, MultilabelFilterOptions, Option<Scoring>), CoreError> {
    args.check_n_jobs()?;
    let rank_by: Option<Score> = args.parsed("return_indices_ranked_by")?;
    let adjustment = adjustment_of(rank_by_kwargs(args)?);
    let ranking = rank_by.map(|score| Scoring { score, adjustment });
    let data = known_classes(args)?;
    let search =
        if args.parsed("low_memory")? { Search::LowMemory(rank_by.unwrap_or_default()) } else { Search::Filter };
    let options = MultilabelFilterOptions {
        search,
        filter_by: args.parsed("filter_by")?,
        frac_noise: args.parsed_or("frac_noise", 1.0)?,
        num_to_remove_per_class: args.optional_numbers("num_to_remove_per_class")?,
        min_examples_per_class: args.parsed_or("min_examples_per_class", 1)?,
        confident_joint: match search {
            Search::LowMemory(_) => None,
            Search::Filter => confident_joint(args, "confident_joint", &data)?,
        },
    };
    Ok((data, options, ranking))
}

/// k confident joints of 2 × 2. A single k × k matrix, an old format, is left unused as in cleanlab.
fn confident_joint(
    args: &Args,
    name: &'static str,
    data: &MultilabelData,
) -> Result<Option<Vec<Array2<f64>>>, CoreError> {
    let k = data.n_classes();
    let is_matrix = args.get(name).and_then(|value| value.pointer("/0/0")).is_some_and(Value::is_number);
    let wrong_shape = |shape: String| CoreError::Shape { argument: name, shape, expected: format!("{k} × 2 × 2") };
    if is_matrix {
        let shape = args.matrix(name)?.dim();
        return if shape == (k, k) { Ok(None) } else { Err(wrong_shape(format!("{} × {}", shape.0, shape.1))) };
    }
    let joints = args.optional_matrices(name)?;
    if let Some(joints) = &joints
        && (joints.len() != k || joints.iter().any(|joint| joint.dim() != (2, 2)))
    {
        let (rows, columns) = joints.iter().map(Array2::dim).find(|&shape| shape != (2, 2)).unwrap_or((2, 2));
        return Err(wrong_shape(format!("{} × {rows} × {columns}", joints.len())));
    }
    Ok(joints)
}

/// The settings of an [`Aggregator`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AggregatorKwargs {
    method: String,
    alpha: Option<f64>,
    temperature: Option<f64>,
}

fn aggregator(args: &Args) -> Result<Aggregator, CoreError> {
    let given: Map<String, Value> = args.parsed("aggregator_kwargs")?;
    if given.is_empty() {
        return Ok(Aggregator::default());
    }
    let AggregatorKwargs { method, alpha, temperature } = args
        .parsed::<Option<AggregatorKwargs>>("aggregator_kwargs")?
        .ok_or(CoreError::Missing { argument: "aggregator_kwargs", rule: "a `method` is needed" })?;
    match method.as_str() {
        "exponential_moving_average" => Ok(Aggregator::ExponentialMovingAverage { alpha }),
        "softmin" => Ok(Aggregator::Softmin { temperature: temperature.unwrap_or(Aggregator::SOFTMIN_TEMPERATURE) }),
        "mean" => Ok(Aggregator::Mean),
        "min" => Ok(Aggregator::Min),
        "max" => Ok(Aggregator::Max),
        "median" => Ok(Aggregator::Median),
        _ => Err(CoreError::setting(
            "aggregator_kwargs.method",
            method,
            format!("one of {}", Aggregator::NAMES.join(", ")),
        )),
    }
}

fn issue_table(issues: &[CommonMultilabelIssue], data: &MultilabelData, args: &Args) -> Result<Value, CoreError> {
    let mut columns = Vec::new();
    if let Some(names) = class_names(args, data.n_classes())? {
        columns.push(("Class Name", column(issues, |issue| json!(names[issue.class]))));
    }
    let given = |issue: &CommonMultilabelIssue| issue.issue == MultilabelIssue::WronglyGiven;
    columns.extend([
        ("Class Index", column(issues, |issue| json!(issue.class))),
        ("In Given Label", column(issues, |issue| json!(given(issue)))),
        ("In Suggested Label", column(issues, |issue| json!(!given(issue)))),
        ("Num Examples", column(issues, |issue| json!(issue.num_examples))),
        ("Issue Probability", column(issues, |issue| json!(issue.issue_probability))),
    ]);
    Ok(output::table(columns))
}
