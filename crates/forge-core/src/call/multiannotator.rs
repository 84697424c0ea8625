//! `multiannotator.*`.

use std::cmp::Ordering;

use ndarray::Array2;
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::Args;
use super::{Function, output};
use crate::classification::rank::{Adjustment, Score};
use crate::multiannotator::{
    ActiveLearningScores, AnnotatorLabels, Calibration, ConsensusMethod, EnsembleProbs, LabelQuality, LabelTable,
    LongRow, Part, Pools, QualityMethod, QualityOptions, convert_long_to_wide_dataset, get_active_learning_scores,
    get_active_learning_scores_ensemble, get_label_quality_multiannotator, get_label_quality_multiannotator_ensemble,
    get_majority_vote_label,
};
use crate::{CoreError, PredProbs};

// `label_shares` is ours: cleanlab's way of spreading labels over the classes ("by_rank", the default), or "by_class".
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "multiannotator.get_label_quality_multiannotator",
        parameters: &[
            "labels_multiannotator",
            "pred_probs",
            "consensus_method",
            "quality_method",
            "calibrate_probs",
            "return_detailed_quality",
            "return_annotator_stats",
            "return_weights",
            "verbose",
            "label_quality_score_kwargs",
            "label_shares",
        ],
        run: |args| {
            let options = QualityOptions {
                consensus_methods: consensus_methods(args)?,
                quality_method: args.parsed("quality_method")?,
                ..options(args)?
            };
            let weights: bool = args.parsed("return_weights")?;
            if weights && options.quality_method != QualityMethod::Crowdlab {
                return Err(CoreError::Conflict(
                    "`return_weights` goes only with `quality_method` \"crowdlab\": nothing else has weights"
                        .to_owned(),
                ));
            }
            let given = Given::new(args)?;
            let labels = AnnotatorLabels::new(given.table.clone())?;
            let found = get_label_quality_multiannotator(&labels, &args.pred_probs()?, &options)?;
            let mut out = given.quality(&found);
            if weights && let Some(weights) = &found.weights {
                out["model_weight"] = json!(weights.models.first());
                out["annotator_weight"] = output::numbers(weights.annotators.iter().copied());
            }
            Ok(out)
        },
    },
    Function {
        name: "multiannotator.get_label_quality_multiannotator_ensemble",
        parameters: &[
            "labels_multiannotator",
            "pred_probs",
            "calibrate_probs",
            "return_detailed_quality",
            "return_annotator_stats",
            "return_weights",
            "verbose",
            "label_quality_score_kwargs",
            "label_shares",
        ],
        run: |args| {
            let given = Given::new(args)?;
            let labels = AnnotatorLabels::new(given.table.clone())?;
            let found = get_label_quality_multiannotator_ensemble(&labels, &ensemble(args)?, &options(args)?)?;
            let mut out = given.quality(&found);
            if args.parsed("return_weights")?
                && let Some(weights) = &found.weights
            {
                out["model_weight"] = output::numbers(weights.models.iter().copied());
                out["annotator_weight"] = output::numbers(weights.annotators.iter().copied());
            }
            Ok(out)
        },
    },
    Function {
        name: "multiannotator.get_active_learning_scores",
        parameters: &["labels_multiannotator", "pred_probs", "pred_probs_unlabeled", "label_shares"],
        run: |args| {
            let unlabeled = args.optional_matrix("pred_probs_unlabeled")?.map(PredProbs::allowing_nan).transpose()?;
            let labeled = match args.optional_pred_probs()? {
                Some(pred_probs) => Some((annotated(args)?, pred_probs)),
                None => None,
            };
            let scores = get_active_learning_scores(
                &pools(labeled.as_ref(), unlabeled.as_ref())?,
                args.parsed("label_shares")?,
            )?;
            Ok(both(scores))
        },
    },
    Function {
        name: "multiannotator.get_active_learning_scores_ensemble",
        parameters: &["labels_multiannotator", "pred_probs", "pred_probs_unlabeled", "label_shares"],
        run: |args| {
            let unlabeled = optional_ensemble(args, "pred_probs_unlabeled")?;
            let labeled = match optional_ensemble(args, "pred_probs")? {
                Some(pred_probs) => Some((annotated(args)?, pred_probs)),
                None => None,
            };
            let pools = pools(labeled.as_ref(), unlabeled.as_ref())?;
            Ok(both(get_active_learning_scores_ensemble(&pools, args.parsed("label_shares")?)?))
        },
    },
    Function {
        name: "multiannotator.get_majority_vote_label",
        parameters: &["labels_multiannotator", "pred_probs", "verbose"],
        run: |args| {
            let table = Given::new(args)?.table;
            // cleanlab checks the labels only where it may also speak.
            if args.parsed_or("verbose", true)? {
                AnnotatorLabels::new(table.clone())?;
            }
            Ok(json!(get_majority_vote_label(&table, args.optional_pred_probs()?.as_ref())?))
        },
    },
    Function {
        name: "multiannotator.convert_long_to_wide_dataset",
        parameters: &["labels_multiannotator_long"],
        run: long_to_wide,
    },
];

/// The labels, and the names of annotators and examples where a table came with them.
struct Given {
    table: LabelTable,
    annotators: Option<Vec<Value>>,
    examples: Option<Vec<Value>>,
}

impl Given {
    fn new(args: &Args) -> Result<Self, CoreError> {
        let lent = args.source("labels_multiannotator").is_some();
        let given = if lent { None } else { args.get("labels_multiannotator") };
        let Some(frame) = given.and_then(|value| value.get("$df")) else {
            let table = LabelTable::from_f64(args.matrix("labels_multiannotator")?.view())?;
            return Ok(Self { table, annotators: None, examples: None });
        };
        let names = frame["columns"].as_array().cloned().unwrap_or_default();
        let columns = names.iter().map(|name| column("labels_multiannotator", frame, &text(name)));
        let columns: Vec<&[Value]> = columns.collect::<Result<_, _>>()?;
        let n_examples = columns.first().map_or(0, |column| column.len());
        let mut values = Array2::from_elem((n_examples, columns.len()), f64::NAN);
        for (j, cells) in columns.into_iter().enumerate() {
            if cells.len() != n_examples {
                return Err(wrong_shape(format!("{} rows in column `{}`", cells.len(), text(&names[j])), n_examples));
            }
            for (i, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_null()) {
                values[[i, j]] = cell.as_f64().ok_or_else(|| CoreError::Annotation {
                    place: format!("[{i}, {j}]"),
                    value: cell.to_string(),
                    rule: "labels must be class numbers 0, 1, 2, …, or null where there is none".to_owned(),
                })?;
            }
        }
        let table = LabelTable::from_f64(values.view())?;
        Ok(Self { table, annotators: Some(names), examples: frame["index"].as_array().cloned() })
    }

    /// cleanlab's tables.
    fn quality(&self, found: &LabelQuality) -> Value {
        let mut out = json!({ "label_quality": with_index(consensus_table(found), self.examples.as_deref()) });
        if let Some(detailed) = &found.detailed {
            let name = |annotator: usize| self.annotators.as_ref().and_then(|names| names.get(annotator)).map(text);
            let names: Vec<String> = (0..detailed.ncols())
                .map(|annotator| {
                    format!("quality_annotator_{}", name(annotator).unwrap_or_else(|| annotator.to_string()))
                })
                .collect();
            let columns = names.iter().zip(detailed.columns());
            let columns = columns.map(|(name, scores)| (name.as_str(), scores.iter().map(|&s| json!(s)).collect()));
            out["detailed_label_quality"] = with_index(output::table(columns.collect()), self.examples.as_deref());
        }
        if let Some(annotators) = &found.annotators {
            let index: Vec<Value> = annotators
                .iter()
                .map(|stats| match self.annotators.as_ref().and_then(|names| names.get(stats.annotator)) {
                    Some(name) => name.clone(),
                    None => json!(stats.annotator),
                })
                .collect();
            let table = output::table(vec![
                ("annotator_quality", annotators.iter().map(|a| json!(a.annotator_quality)).collect()),
                ("agreement_with_consensus", annotators.iter().map(|a| json!(a.agreement_with_consensus)).collect()),
                ("worst_class", annotators.iter().map(|a| json!(a.worst_class)).collect()),
                ("num_examples_labeled", annotators.iter().map(|a| json!(a.num_examples_labeled)).collect()),
            ]);
            out["annotator_stats"] = with_index(table, Some(&index));
        }
        out
    }
}

fn consensus_table(found: &LabelQuality) -> Value {
    let mut names = Vec::new();
    let mut columns: Vec<Vec<Value>> = Vec::new();
    for (i, consensus) in found.consensus.iter().enumerate() {
        let method = match consensus.method {
            ConsensusMethod::BestQuality => "best_quality",
            ConsensusMethod::MajorityVote => "majority_vote",
        };
        let suffix = if i == 0 { String::new() } else { format!("_{method}") };
        let new =
            ["consensus_label", "consensus_quality_score", "annotator_agreement"].map(|name| format!("{name}{suffix}"));
        if names.contains(&new[0]) {
            continue;
        }
        names.extend(new);
        columns.push(consensus.labels.iter().map(|&label| json!(label)).collect());
        columns.push(consensus.quality.iter().map(|&score| json!(score)).collect());
        columns.push(consensus.agreement.iter().map(|&share| json!(share)).collect());
        if i == 0 {
            names.push("num_annotations".to_owned());
            columns.push(found.num_annotations.iter().map(|&count| json!(count)).collect());
        }
    }
    output::table(names.iter().map(String::as_str).zip(columns).collect())
}

/// A table with the names of its rows, unless these are just their numbers.
fn with_index(mut table: Value, index: Option<&[Value]>) -> Value {
    if let Some(index) =
        index.filter(|index| !index.iter().enumerate().all(|(i, name)| name.as_u64() == Some(i as u64)))
    {
        table["$df"]["index"] = json!(index);
    }
    table
}

/// How a name is written where it is a key.
fn text(name: &Value) -> String {
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}

fn column<'a>(argument: &'static str, frame: &'a Value, name: &str) -> Result<&'a [Value], CoreError> {
    frame["data"][name].as_array().map(Vec::as_slice).ok_or_else(|| CoreError::Shape {
        argument,
        shape: format!("a table without the column `{name}`"),
        expected: "a list for each column".to_owned(),
    })
}

fn wrong_shape(shape: String, n_rows: usize) -> CoreError {
    CoreError::Shape { argument: "labels_multiannotator", shape, expected: format!("{n_rows} rows in each column") }
}

fn annotated(args: &Args) -> Result<AnnotatorLabels, CoreError> {
    if !args.has("labels_multiannotator") {
        return Err(CoreError::Missing {
            argument: "labels_multiannotator",
            rule: "`pred_probs` are of labelled examples; for unlabelled ones give `pred_probs_unlabeled` alone",
        });
    }
    AnnotatorLabels::new(Given::new(args)?.table)
}

fn optional_ensemble(args: &Args, name: &'static str) -> Result<Option<EnsembleProbs>, CoreError> {
    let Some(models) = args.optional_matrices(name)? else { return Ok(None) };
    let models = models.into_iter().map(PredProbs::allowing_nan).collect::<Result<_, _>>()?;
    EnsembleProbs::new(models).map(Some)
}

fn ensemble(args: &Args) -> Result<EnsembleProbs, CoreError> {
    optional_ensemble(args, "pred_probs")?
        .ok_or(CoreError::Missing { argument: "pred_probs", rule: "this function needs it" })
}

fn pools<'a, P>(
    labeled: Option<&'a (AnnotatorLabels, P)>,
    unlabeled: Option<&'a P>,
) -> Result<Pools<'a, P>, CoreError> {
    match (labeled, unlabeled) {
        (Some((labels, probs)), None) => Ok(Pools::Labeled(labels, probs)),
        (Some((labels, probs)), Some(unlabeled)) => Ok(Pools::Both(labels, probs, unlabeled)),
        (None, Some(unlabeled)) => Ok(Pools::Unlabeled(unlabeled)),
        (None, None) => Err(CoreError::Missing {
            argument: "pred_probs",
            rule: "give `pred_probs` of labelled examples, `pred_probs_unlabeled`, or both",
        }),
    }
}

fn both(scores: ActiveLearningScores) -> Value {
    json!([output::numbers(scores.labeled), output::numbers(scores.unlabeled)])
}

fn consensus_methods(args: &Args) -> Result<Vec<ConsensusMethod>, CoreError> {
    match args.get("consensus_method") {
        Some(Value::Array(_)) => args.parsed("consensus_method"),
        _ => Ok(vec![args.parsed("consensus_method")?]),
    }
}

/// cleanlab's `label_quality_score_kwargs`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ScoreKwargs {
    method: Score,
    adjust_pred_probs: bool,
}

/// The settings that all variants share.
fn options(args: &Args) -> Result<QualityOptions, CoreError> {
    let kwargs: ScoreKwargs = args.parsed("label_quality_score_kwargs")?;
    let part = |name| Ok::<_, CoreError>(if args.parsed_or(name, true)? { Part::Wanted } else { Part::Skipped });
    Ok(QualityOptions {
        calibration: if args.parsed("calibrate_probs")? { Calibration::Temperature } else { Calibration::None },
        score: kwargs.method,
        adjustment: if kwargs.adjust_pred_probs { Adjustment::ConfidentThresholds } else { Adjustment::None },
        label_shares: args.parsed("label_shares")?,
        detailed: part("return_detailed_quality")?,
        annotator_stats: part("return_annotator_stats")?,
        ..QualityOptions::default()
    })
}

/// A name of a task or an annotator: numbers in order of size, before texts in order of their letters.
#[derive(Clone)]
struct Name(Value);

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0.as_f64(), other.0.as_f64()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => text(&self.0).cmp(&text(&other.0)),
        }
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Name {}

fn long_to_wide(args: &Args) -> Result<Value, CoreError> {
    const ARGUMENT: &str = "labels_multiannotator_long";
    let frame = args.get(ARGUMENT).and_then(|value| value.get("$df")).ok_or(CoreError::Missing {
        argument: ARGUMENT,
        rule: "a table with the columns `task`, `annotator` and `label` is needed",
    })?;
    let [tasks, annotators, labels] = ["task", "annotator", "label"].map(|name| column(ARGUMENT, frame, name));
    let (tasks, annotators, labels) = (tasks?, annotators?, labels?);
    if tasks.len() != annotators.len() || tasks.len() != labels.len() {
        return Err(CoreError::Shape {
            argument: ARGUMENT,
            shape: format!("{} tasks, {} annotators, {} labels", tasks.len(), annotators.len(), labels.len()),
            expected: "columns of equal length".to_owned(),
        });
    }
    let rows = tasks.iter().zip(annotators).zip(labels).map(|((task, annotator), label)| LongRow {
        task: Name(task.clone()),
        annotator: Name(annotator.clone()),
        label: (!label.is_null()).then(|| label.clone()),
    });
    let wide = convert_long_to_wide_dataset(rows.collect())?;
    let n_annotators = wide.annotators.len();
    let mut data = serde_json::Map::new();
    for (j, Name(annotator)) in wide.annotators.iter().enumerate() {
        let cells = wide.cells.iter().skip(j).step_by(n_annotators).map(|cell| json!(cell));
        data.insert(text(annotator), cells.collect());
    }
    let columns: Vec<&Value> = wide.annotators.iter().map(|name| &name.0).collect();
    let index: Vec<Value> = wide.tasks.iter().map(|name| name.0.clone()).collect();
    Ok(with_index(json!({ "$df": { "columns": columns, "data": data } }), Some(&index)))
}
