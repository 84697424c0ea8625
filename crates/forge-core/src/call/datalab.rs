//! `datalab.*`.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::clean_learning::{INIT, INIT_NUMBERS, knowledge, nested, number_settings, settings};
use super::dataset::{class_columns, overlap_columns};
use super::multilabel::{SET_LABEL_PARAMETERS, set_label_settings};
use super::sparse_graph::SparseGraph;
use super::{Function, output};
use crate::classification::summary::{ClassOverlap, ClassQuality};
use crate::datalab::{
    AuditData, Check, ClassLabelSettings, Datalab, Found, IdColumn, IssueType, LabelKind, NumberLabelSettings,
    OutlierSettings, RowFacts, Targets, identifier_columns,
};
use crate::{CoreError, Labels};

pub(super) const FIND: &[&str] = &["labels", "pred_probs", "features", "knn_graph", "issue_types", "task"];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "datalab.Datalab.find_issues",
        parameters: FIND,
        run: |args| find_issues(args, args.parsed_or("task", LabelKind::Classification)?),
    },
    Function {
        name: "datalab.identifier_columns",
        parameters: &["features"],
        run: |args| {
            let found = identifier_columns(&id_columns(args.get("features"))?)?;
            Ok(json!({
                "issues": output::table(vec![
                    ("is_identifier_column_issue", found.is_issue.iter().map(|&issue| json!(issue)).collect()),
                    ("identifier_column_score", found.scores.iter().map(|&score| json!(score)).collect()),
                ]),
                "summary": output::table(vec![
                    ("issue_type", vec![json!("identifier_column")]),
                    ("score", vec![json!(found.score)]),
                ]),
                "info": found.info,
            }))
        },
    },
];

/// The columns of a matrix, a table or an object of lists; a list that is no matrix is a list of columns.
fn id_columns(features: Option<&Value>) -> Result<Vec<IdColumn>, CoreError> {
    let features = features
        .ok_or(CoreError::Missing { argument: "features", rule: "identifier columns are looked for among them" })?;
    let lists = |values: &Map<String, Value>| values.values().filter_map(Value::as_array).cloned().collect();
    let columns: Vec<Vec<Value>> = match features {
        Value::Object(object) => match object.get("$df").and_then(|table| table["data"].as_object()) {
            Some(data) => {
                let names = object["$df"]["columns"].as_array().into_iter().flatten().filter_map(Value::as_str);
                names.filter_map(|name| data.get(name).and_then(Value::as_array)).cloned().collect()
            }
            None => lists(object),
        },
        Value::Array(rows) => {
            let rows: Vec<&Vec<Value>> = rows.iter().filter_map(Value::as_array).collect();
            let kind = |row: &&Vec<Value>| row.iter().all(|value| value.is_i64() || value.is_u64());
            // A NumPy array has one type; rows of whole numbers beside rows of fractions are a list of columns.
            let mixed = rows.iter().any(kind) && !rows.iter().all(kind);
            if mixed {
                rows.into_iter().cloned().collect()
            } else {
                let width = rows.iter().map(|row| row.len()).min().unwrap_or(0);
                (0..width).map(|column| rows.iter().map(|row| row[column].clone()).collect()).collect()
            }
        }
        other => {
            return Err(CoreError::Shape {
                argument: "features",
                shape: other.to_string(),
                expected: "a matrix, a table or an object of columns".to_owned(),
            });
        }
    };
    let column = |values: Vec<Value>| {
        let whole: Option<Vec<i64>> = values.iter().map(Value::as_i64).collect();
        whole.map_or(IdColumn::Other(values.len()), IdColumn::Integers)
    };
    Ok(columns.into_iter().map(column).collect())
}

pub(super) fn find_issues(args: &Args, kind: LabelKind) -> Result<Value, CoreError> {
    let (mut data, names) = labelled(args, kind)?;
    if args.get("pred_probs").is_some() {
        data = match kind {
            LabelKind::Regression => data.with_predictions(args.numbers("pred_probs")?),
            _ => data.with_pred_probs(args.matrix("pred_probs")?),
        };
    }
    if let Some(features) = args.optional_matrix("features")? {
        data = data.with_features(features);
    }
    if args.get("knn_graph").is_some() {
        data = data.with_graph(args.parsed::<SparseGraph>("knn_graph")?.graph()?);
    }
    let mut audit = Datalab::new(data);
    let (checks, mut failed) = checks(args, &audit)?;
    audit.find_issues(&checks, args.host())?;
    failed.extend(audit.failures().map(|(check, error)| failure(check, error)));
    Ok(outcome(&audit, &names, failed))
}

fn failure(check: IssueType, error: &CoreError) -> String {
    format!("Error in {}: {error}", check.name())
}

/// The data with their labels, and the classes by number.
pub(super) fn labelled(args: &Args, kind: LabelKind) -> Result<(AuditData, Vec<Value>), CoreError> {
    let Some(labels) = args.get("labels") else { return Ok((AuditData::new(kind), Vec::new())) };
    match kind {
        LabelKind::Classification => {
            let given = labels.as_array().ok_or_else(|| CoreError::Shape {
                argument: "labels",
                shape: labels.to_string(),
                expected: "a list of classes".to_owned(),
            })?;
            let mut names = given.clone();
            names.sort_by(compare);
            names.dedup();
            let class = |label: &Value| names.binary_search_by(|name| compare(name, label)).unwrap_or(0) as u32;
            let classes = Labels::new(given.iter().map(class).collect())?;
            let text = |name: &Value| name.as_str().map_or_else(|| name.to_string(), str::to_owned);
            Ok((AuditData::of(Targets::Classes(classes, names.iter().map(text).collect())), names))
        }
        LabelKind::Regression => Ok((AuditData::of(Targets::Numbers(args.numbers("labels")?)), Vec::new())),
        LabelKind::Multilabel => {
            let sets = args.label_sets()?;
            let n_classes = sets.iter().flatten().max().map_or(0, |&class| class + 1);
            Ok((AuditData::of(Targets::Sets(sets)), (0..n_classes).map(Value::from).collect()))
        }
    }
}

/// Numbers before texts, each ascending.
fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => a.as_str().unwrap_or_default().cmp(b.as_str().unwrap_or_default()),
    }
}

/// The checks to run, and those whose settings cannot be used.
///
/// Asked for by `issue_types`, in the order of [`IssueType::ALL`]; a check that no settings could save is left out as
/// cleanlab leaves it out, others fail with a reason.
fn checks(args: &Args, audit: &Datalab) -> Result<(Vec<Check>, Vec<String>), CoreError> {
    let Some(asked) = args.parsed::<Option<Map<String, Value>>>("issue_types")? else {
        return Ok((audit.default_checks(), Vec::new()));
    };
    let (data, kind) = (audit.data(), audit.data().kind());
    let mut types = asked.keys().map(|name| IssueType::of_name(name, kind)).collect::<Result<Vec<_>, _>>()?;
    types.sort_unstable();
    let (mut checks, mut failed) = (Vec::new(), Vec::new());
    for issue in types {
        let given = &asked[issue.name()];
        let has_clusters = given.get("cluster_ids").is_some();
        let left_out = match issue {
            IssueType::Label => kind != LabelKind::Regression && data.targets().is_none(),
            IssueType::ClassImbalance => data.targets().is_none(),
            IssueType::UnderperformingGroup => {
                !data.has_pred_probs() || !(has_clusters || data.has_features() || data.graph().is_some())
            }
            _ => false,
        };
        if !left_out {
            match check(issue, given, audit) {
                Ok(check) => checks.push(check),
                Err(error) => failed.push(failure(issue, &error)),
            }
        }
    }
    Ok((checks, failed))
}

fn parsed<T: DeserializeOwned>(given: &Value) -> Result<T, CoreError> {
    T::deserialize(given).map_err(|error| CoreError::setting("issue_types", given, error.to_string()))
}

fn check(issue: IssueType, given: &Value, audit: &Datalab) -> Result<Check, CoreError> {
    let kind = audit.data().kind();
    Ok(match (issue, kind) {
        (IssueType::Null, _) => Check::Null,
        (IssueType::Label, LabelKind::Classification) => {
            let args =
                bound(given, &["k", "clean_learning_kwargs", "thresholds", "noise_matrix", "inverse_noise_matrix"])?;
            Check::ClassLabel(ClassLabelSettings {
                k: args.parsed_or("k", ClassLabelSettings::default().k)?,
                clean_learning: settings(&nested(&args, "clean_learning_kwargs", INIT)?, 0)?,
                knowledge: knowledge(&args)?,
            })
        }
        (IssueType::Label, LabelKind::Regression) => {
            let args = bound(
                given,
                &[
                    "threshold",
                    "method",
                    "clean_learning_kwargs",
                    "uncertainty",
                    "coarse_search_range",
                    "fine_search_size",
                ],
            )?;
            let defaults = NumberLabelSettings::default();
            Check::NumberLabel(NumberLabelSettings {
                threshold: args.parsed_or("threshold", defaults.threshold)?,
                method: args.parsed("method")?,
                clean_learning: number_settings(&args, &nested(&args, "clean_learning_kwargs", INIT_NUMBERS)?, 0)?,
            })
        }
        (IssueType::Label, LabelKind::Multilabel) => {
            Check::SetLabel(set_label_settings(&bound(given, SET_LABEL_PARAMETERS)?)?)
        }
        (IssueType::Outlier, _) => {
            let settings: OutlierSettings = parsed(given)?;
            let by_predictions = !audit.data().has_features() && audit.data().graph().is_none();
            if by_predictions && settings != (OutlierSettings { threshold: settings.threshold, ..Default::default() }) {
                let rule = "only `threshold` where rows are scored by `pred_probs`";
                return Err(CoreError::setting("issue_types.outlier", given, rule));
            }
            Check::Outlier(settings)
        }
        (IssueType::NearDuplicate, _) => Check::NearDuplicate(parsed(given)?),
        (IssueType::NonIid, _) => Check::NonIid(parsed(given)?),
        (IssueType::ClassImbalance, _) => Check::ClassImbalance(parsed(given)?),
        (IssueType::UnderperformingGroup, _) => Check::UnderperformingGroup(parsed(given)?),
        (IssueType::DataValuation, _) => Check::DataValuation(parsed(given)?),
    })
}

fn bound(given: &Value, parameters: &[&'static str]) -> Result<Args<'static>, CoreError> {
    Args::bind(parameters, &[], &parsed(given)?)
}

/// Everything that was found, as cleanlab arranges it.
fn outcome(audit: &Datalab, names: &[Value], failed: Vec<String>) -> Value {
    let mut out = Map::from_iter([("failed".to_owned(), json!(failed))]);
    if audit.results().next().is_none() {
        return out.into();
    }
    let n = audit.results().map(|(_, found)| found.scores.len()).max().unwrap_or(0);
    let padded = |values: &mut dyn Iterator<Item = Value>| -> Vec<Value> {
        values.chain(std::iter::repeat(Value::Null)).take(n).collect()
    };
    let mut columns: Vec<(String, Vec<Value>)> = Vec::new();
    let (mut types, mut scores, mut counts, mut info) = (Vec::new(), Vec::new(), Vec::new(), Map::new());
    for (issue, found) in audit.results() {
        let name = issue.name();
        columns.push((format!("is_{name}_issue"), padded(&mut found.is_issue.iter().map(|&issue| json!(issue)))));
        columns.push((format!("{name}_score"), padded(&mut found.scores.iter().map(|&score| json!(score)))));
        types.push(json!(name));
        scores.push(json!(found.score));
        counts.push(json!(found.n_issues()));
        info.insert(name.to_owned(), info_of(issue, found, names));
    }
    let mut statistics = Map::from_iter([
        ("num_examples".to_owned(), json!(audit.data().n_rows())),
        ("multi_label".to_owned(), json!(false)),
        ("health_score".to_owned(), json!(audit.health_score())),
    ]);
    if audit.data().targets().is_some() && audit.data().kind() != LabelKind::Regression {
        statistics.insert("class_names".to_owned(), json!(names));
        statistics.insert("num_classes".to_owned(), json!(names.len()));
    }
    if let Some(metric) = audit.metric() {
        statistics.insert("knn_metric".to_owned(), json!(metric));
    }
    let columns: Vec<(&str, Vec<Value>)> =
        columns.iter().map(|(name, values)| (name.as_str(), values.clone())).collect();
    out.insert("issues".to_owned(), output::table(columns));
    out.insert(
        "summary".to_owned(),
        output::table(vec![("issue_type", types), ("score", scores), ("num_issues", counts)]),
    );
    out.insert("info".to_owned(), info.into());
    out.insert("statistics".to_owned(), statistics.into());
    out.into()
}

fn info_of(issue: IssueType, found: &Found, names: &[Value]) -> Value {
    let mut info = found.info.clone();
    let facts = |facts: &RowFacts| match facts {
        RowFacts::Classes(classes) => json!(classes),
        RowFacts::Numbers(numbers) => json!(numbers),
        RowFacts::Groups(groups) => json!(groups),
        RowFacts::Lists(lists) => lists.iter().map(|list| json!(list)).collect(),
    };
    for (name, values) in &found.facts {
        info.insert((*name).to_owned(), facts(values));
    }
    let measured = matches!(issue, IssueType::Outlier | IssueType::NearDuplicate | IssueType::UnderperformingGroup);
    if let Some(graph) = found.graph.as_ref().filter(|_| measured) {
        let nearest: Vec<Option<&u32>> = graph.neighbors().map(<[u32]>::first).collect();
        let distances: Vec<Option<&f64>> = graph.distances().map(<[f64]>::first).collect();
        info.insert("nearest_neighbor".to_owned(), json!(nearest));
        info.insert("distance_to_nearest_neighbor".to_owned(), json!(distances));
    }
    match issue {
        IssueType::Outlier => {
            // The settings of an OutOfDistribution object that scores by distance as well.
            let k = OutlierSettings::default().k;
            for (name, value) in [
                ("k", json!(k)),
                ("t", json!(1)),
                ("method", json!("entropy")),
                ("adjust_pred_probs", json!(true)),
                ("confident_thresholds", Value::Null),
                ("M", json!(100)),
                ("gamma", json!(0.1)),
                (
                    "find_issues_inputs",
                    json!({
                        "features": false, "pred_probs": found.graph.is_none(), "knn_graph": found.graph.is_some(),
                    }),
                ),
            ] {
                info.entry(name).or_insert(value);
            }
        }
        IssueType::ClassImbalance => {
            let rarest = info["Rarest Class"].as_u64().and_then(|class| names.get(class as usize));
            info.insert("Rarest Class".to_owned(), rarest.cloned().unwrap_or_else(|| json!("NA")));
        }
        IssueType::UnderperformingGroup => {
            if let (Some(ids), Some(stats)) =
                (info.remove("cluster_ids"), info.get_mut("clustering").and_then(|c| c["stats"].as_object_mut()))
            {
                stats.insert("cluster_ids".to_owned(), ids);
            }
        }
        IssueType::Label if info.contains_key("classes_by_label_quality") => {
            let classes: Vec<ClassQuality> = of(&info, "classes_by_label_quality");
            let pairs: Vec<ClassOverlap> = of(&info, "overlapping_classes");
            info.insert("classes_by_label_quality".to_owned(), class_columns(&classes, Some(names)));
            info.insert("overlapping_classes".to_owned(), overlap_columns(&pairs, Some(names)));
        }
        _ => {}
    }
    info.into()
}

/// What the engine itself wrote into the object a moment ago.
fn of<T: DeserializeOwned + Default>(info: &Map<String, Value>, name: &str) -> T {
    info.get(name).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}
