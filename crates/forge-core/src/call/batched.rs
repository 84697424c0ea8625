//! `experimental.label_issues_batched.*`.

use std::ops::Range;

use ndarray::{Array2, s};
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::Args;
use super::array::shown;
use super::{ArraySource, CallResult, Function, ListFunction, output};
use crate::classification::count::EstimationMethod;
use crate::classification::inspector::{BATCH_SIZE, Inspector, InspectorSettings, Keep, RowBlocks, inspect_blocks};
use crate::classification::rank::{Adjustment, Score};
use crate::{CoreError, Labels, PredProbs, Quiet};

pub(super) const LISTS: &[ListFunction] = &[ListFunction {
    name: "experimental.label_issues_batched.find_label_issues_batched",
    parameters: &[
        "labels",
        "pred_probs",
        "labels_file",
        "pred_probs_file",
        "batch_size",
        "n_jobs",
        "verbose",
        "quality_score_kwargs",
        "num_issue_kwargs",
        "return_mask",
    ],
    run: issues,
}];

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "experimental.label_issues_batched.LabelInspector(stream)",
    parameters: &["labels", "pred_probs", "batch_sizes", "quality_score_kwargs", "num_issue_kwargs"],
    run: stream,
}];

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct QualityScoreKwargs {
    method: Score,
    adjust_pred_probs: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NumIssueKwargs {
    estimation_method: EstimationMethod,
}

fn settings(args: &Args) -> Result<InspectorSettings, CoreError> {
    let quality: QualityScoreKwargs = args.parsed("quality_score_kwargs")?;
    let number: NumIssueKwargs = args.parsed("num_issue_kwargs")?;
    let settings = InspectorSettings {
        score: quality.method,
        adjustment: if quality.adjust_pred_probs { Adjustment::ConfidentThresholds } else { Adjustment::None },
        estimation_method: number.estimation_method,
        keep: Keep::Scores,
    };
    settings.validate()?;
    Ok(settings)
}

fn issues(args: &Args) -> Result<CallResult, CoreError> {
    // The engine opens no files: who does lends their arrays.
    for name in ["labels_file", "pred_probs_file"] {
        if args.source(name).is_none()
            && let Some(file) = args.get(name)
        {
            let rule = format!("`{}` in its place: files are not read here", name.trim_end_matches("_file"));
            return Err(CoreError::setting(name, file, rule));
        }
    }
    for (name, file) in [("labels", "labels_file"), ("pred_probs", "pred_probs_file")] {
        if args.has(name) && args.has(file) {
            return Err(CoreError::Conflict(format!("`{name}` and `{file}` exclude each other: pass one of them")));
        }
    }
    let batch_size = at_least_one(args, "batch_size", BATCH_SIZE)?;
    at_least_one(args, "n_jobs", 1)?;
    let settings = settings(args)?;
    let rows = GivenRows::new(args)?;
    let issues = inspect_blocks(&rows, batch_size, settings, &Quiet)?.disagreeing_issues()?;
    if args.parsed("return_mask")? {
        let mut mask = vec![false; rows.n_rows()];
        issues.into_iter().for_each(|row| mask[row as usize] = true);
        return Ok(CallResult::Mask(mask));
    }
    Ok(CallResult::Rows(issues.into_iter().map(|row| row as u32).collect()))
}

fn at_least_one(args: &Args, name: &str, default: usize) -> Result<usize, CoreError> {
    let Some(value) = args.parsed::<Option<i64>>(name)? else { return Ok(default) };
    usize::try_from(value).ok().filter(|&value| value > 0).ok_or_else(|| CoreError::setting(name, value, "at least 1"))
}

/// Labels and probabilities as they were given: lent arrays are read block by block.
struct GivenRows<'a> {
    labels: Given<'a, Labels>,
    pred_probs: Given<'a, PredProbs>,
    length: usize,
}

enum Given<'a, T> {
    Lent(&'a dyn ArraySource),
    Whole(T),
}

impl<'a> GivenRows<'a> {
    fn new(args: &'a Args) -> Result<Self, CoreError> {
        let labels = match args.source("labels_file").or_else(|| args.source("labels")) {
            Some(labels) => Given::Lent(labels),
            None => Given::Whole(args.labels()?),
        };
        let pred_probs = match args.source("pred_probs_file").or_else(|| args.source("pred_probs")) {
            Some(pred_probs) => Given::Lent(pred_probs),
            None => Given::Whole(args.pred_probs()?),
        };
        let n_rows = match &labels {
            Given::Lent(labels) => {
                let &[n_rows] = labels.shape() else { return Err(wrong_shape("labels", *labels, "one label per row")) };
                n_rows
            }
            Given::Whole(labels) => labels.len(),
        };
        let length = match &pred_probs {
            Given::Lent(pred_probs) => {
                let &[n_rows, _] = pred_probs.shape() else {
                    return Err(wrong_shape("pred_probs", *pred_probs, "rows × classes"));
                };
                n_rows
            }
            Given::Whole(pred_probs) => pred_probs.n_rows(),
        };
        if length != n_rows {
            return Err(CoreError::Length { argument: "pred_probs", length, reference: "labels", expected: n_rows });
        }
        if u32::try_from(n_rows).is_err() {
            return Err(CoreError::setting("labels", format!("{n_rows} rows"), format!("at most {} rows", u32::MAX)));
        }
        Ok(Self { labels, pred_probs, length: n_rows })
    }
}

fn wrong_shape(argument: &'static str, array: &dyn ArraySource, expected: &str) -> CoreError {
    CoreError::Shape { argument, shape: shown(array.shape()), expected: expected.to_owned() }
}

impl RowBlocks for GivenRows<'_> {
    fn n_rows(&self) -> usize {
        self.length
    }

    fn block(&self, rows: Range<usize>) -> Result<(Labels, PredProbs), CoreError> {
        let labels = match &self.labels {
            Given::Lent(labels) => Labels::from_f64(&labels.read(rows.clone())?)?,
            Given::Whole(labels) => Labels::new(labels.as_slice()[rows.clone()].to_vec())?,
        };
        let pred_probs = match &self.pred_probs {
            Given::Lent(pred_probs) => {
                let k = pred_probs.shape().last().copied().unwrap_or(0);
                let values = Array2::from_shape_vec((rows.len(), k), pred_probs.read(rows)?);
                values.map_err(|_| wrong_shape("pred_probs", *pred_probs, "rows × classes"))?
            }
            Given::Whole(pred_probs) => pred_probs.view().slice(s![rows, ..]).to_owned(),
        };
        Ok((labels, PredProbs::allowing_nan(pred_probs)?))
    }
}

/// Feeds the rows to an inspector in batches of the given sizes and tells what it knows after each step.
fn stream(args: &Args) -> Result<Value, CoreError> {
    let (labels, pred_probs) = (args.labels()?, args.pred_probs()?);
    let sizes: Vec<usize> = args.parsed("batch_sizes")?;
    let batches = batches(&labels, &pred_probs, &sizes)?;
    let mut inspector = Inspector::new(pred_probs.n_classes(), settings(args)?)?;
    let mut thresholds = Vec::new();
    for (labels, pred_probs) in &batches {
        inspector.update_confident_thresholds(labels, pred_probs)?;
        thresholds.push(output::numbers(inspector.confident_thresholds()?));
    }
    let mut scores = Vec::new();
    for (labels, pred_probs) in &batches {
        scores.push(output::numbers(inspector.score_label_quality(labels, pred_probs)?));
    }
    Ok(json!({
        "thresholds_after_each_batch": thresholds,
        "scores": scores,
        "num_issues": inspector.num_issues()?,
        "quality": output::numbers(inspector.quality_scores()?.iter().copied()),
        "issues": inspector.label_issues()?,
    }))
}

fn batches(labels: &Labels, pred_probs: &PredProbs, sizes: &[usize]) -> Result<Vec<(Labels, PredProbs)>, CoreError> {
    pred_probs.matches(labels)?;
    let total = sizes.iter().try_fold(0_usize, |total, &size| total.checked_add(size));
    if total != Some(labels.len()) {
        return Err(CoreError::setting("batch_sizes", format!("{sizes:?}"), format!("a sum of {} rows", labels.len())));
    }
    let (mut labels, mut rows) = (labels.as_slice(), pred_probs.view());
    let mut batches = Vec::with_capacity(sizes.len());
    for &size in sizes {
        let (batch, rest) = labels.split_at(size);
        let (batch_rows, rest_rows) = rows.split_at(ndarray::Axis(0), size);
        batches.push((Labels::new(batch.to_vec())?, PredProbs::allowing_nan(batch_rows.to_owned())?));
        (labels, rows) = (rest, rest_rows);
    }
    Ok(batches)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use serde_json::Map;

    use super::*;
    use crate::call::{Elements, call, call_with_arrays};

    struct InMemory(Vec<usize>, Vec<f64>, Elements);

    impl ArraySource for InMemory {
        fn shape(&self) -> &[usize] {
            &self.0
        }

        fn elements(&self) -> Elements {
            self.2
        }

        fn read(&self, rows: Range<usize>) -> Result<Vec<f64>, CoreError> {
            let size: usize = self.0.iter().skip(1).product();
            Ok(self.1[rows.start * size..rows.end * size].to_vec())
        }
    }

    const NAME: &str = "experimental.label_issues_batched.find_label_issues_batched";

    fn lent(name: &str, shape: &[usize], values: &[f64], elements: Elements) -> (String, Rc<dyn ArraySource>) {
        (name.to_owned(), Rc::new(InMemory(shape.to_vec(), values.to_vec(), elements)))
    }

    #[test]
    fn lent_arrays_give_what_json_gives() {
        let probs = [0.9, 0.1, 0.2, 0.8, 0.97, 0.03, 0.8, 0.2];
        let labels = lent("labels_file", &[4], &[0.0, 1.0, 1.0, 0.0], Elements::Whole);
        let arrays = [labels, lent("pred_probs", &[4, 2], &probs, Elements::Real)];
        let kwargs = Map::from_iter([("batch_size".to_owned(), json!(3))]);
        let rows = call_with_arrays(NAME, &kwargs, &arrays).unwrap();
        assert_eq!(rows, CallResult::Rows(vec![2]));
        let nested = [json!([0, 1, 1, 0]), json!([[0.9, 0.1], [0.2, 0.8], [0.97, 0.03], [0.8, 0.2]])];
        assert_eq!(call(NAME, &nested, &Map::new()).unwrap(), rows.into_json());
        // A function that knows JSON only sees the same values.
        let joint = [lent("joint", &[2, 2], &[0.4, 0.1, 0.2, 0.3], Elements::Real)];
        let kwargs = Map::from_iter([("num_examples".to_owned(), json!(10))]);
        let by_array = call_with_arrays("dataset.overall_label_health_score", &kwargs, &joint).unwrap().into_json();
        let kwargs = [json!(null), json!(null), json!(10), json!(null), json!([[0.4, 0.1], [0.2, 0.3]])];
        assert_eq!(by_array, call("dataset.overall_label_health_score", &kwargs, &Map::new()).unwrap());
    }

    #[test]
    fn arrays_of_the_wrong_shape_or_name_are_refused() {
        let refused = |arrays: &[(String, Rc<dyn ArraySource>)], expected: &str| {
            let error = call_with_arrays(NAME, &Map::new(), arrays).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        let labels = || lent("labels", &[2], &[0.0, 1.0], Elements::Whole);
        let column = lent("pred_probs", &[2], &[0.5, 0.5], Elements::Real);
        refused(&[labels(), column], "`pred_probs` has shape 2, expected rows × classes");
        let longer = lent("pred_probs", &[3, 1], &[0.5; 3], Elements::Real);
        refused(&[labels(), longer], "`pred_probs` has 3 rows, but `labels` has 2");
        refused(&[labels(), labels()], "`labels` is given twice");
        refused(&[lent("label", &[1], &[0.0], Elements::Whole)], "perhaps `labels`");
    }
}
