//! Runs reference cases: calls recorded with the results of the real cleanlab, compared value by value.
//!
//! Floats agree to 1e-9, relative or absolute; everything else exactly. Where a case is tagged `ties`, the order among
//! equal scores is free, and so is which of several equal rows is flagged.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::call;
use crate::CoreError;

/// A file of reference cases.
#[derive(Debug, Deserialize)]
pub struct CaseFile {
    /// Named values that arguments refer to by `{"$ref": name}`.
    #[serde(default)]
    data: Map<String, Value>,
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    #[serde(rename = "fn")]
    function: String,
    #[serde(default)]
    args: Vec<Value>,
    #[serde(default)]
    kwargs: Map<String, Value>,
    #[serde(default)]
    out: Value,
    error: Option<Value>,
    #[serde(default)]
    tags: Vec<String>,
}

/// What [`CaseFile::check_through`] runs a case by: a function's name, its arguments by place and by name.
pub type Caller<'a> = dyn Fn(&str, &[Value], &Map<String, Value>) -> Result<Value, CoreError> + 'a;

/// A checked case.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// Name of the case.
    pub id: String,
    /// Function it calls.
    pub function: String,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The result is the recorded one.
    Passed,
    /// The result differs.
    Failed {
        /// Where in the result.
        place: String,
        /// The recorded value.
        expected: String,
        /// The value we gave.
        got: String,
    },
    /// Not compared.
    Skipped {
        /// Why.
        reason: &'static str,
    },
}

impl CaseFile {
    /// Reads a file of cases.
    ///
    /// # Errors
    /// The JSON error, with line and column.
    pub fn parse(json: &str) -> Result<Self, CoreError> {
        serde_json::from_str(json)
            .map_err(|error| CoreError::setting("case file", error, "JSON with `data` and `cases`"))
    }

    /// Runs every case.
    pub fn check(&self) -> Vec<Checked> {
        self.check_through(&call)
    }

    /// Runs every case through another form of [`call`], such as the functions of a face.
    pub fn check_through(&self, call: &Caller<'_>) -> Vec<Checked> {
        let checked = |case: &Case| Checked {
            id: case.id.clone(),
            function: case.function.clone(),
            verdict: self.verdict(case, call),
        };
        self.cases.iter().map(checked).collect()
    }

    fn verdict(&self, case: &Case, call: &Caller<'_>) -> Verdict {
        if let Some(reason) = skip_reason(case) {
            return Verdict::Skipped { reason };
        }
        let args: Vec<Value> = case.args.iter().map(|value| self.resolve(value)).collect();
        let kwargs: Map<String, Value> = case.kwargs.iter().map(|(k, v)| (k.clone(), self.resolve(v))).collect();
        let result = call(&case.function, &args, &kwargs);
        if case.minds_python() && !matches!(result, Err(CoreError::UnknownFunction { .. })) {
            return Verdict::Passed;
        }
        match (&case.error, result) {
            (Some(_), Err(error)) if error.to_string().contains('`') => Verdict::Passed,
            (Some(error), result) => Verdict::Failed {
                place: "error".to_owned(),
                expected: format!("an error that names the argument, as {error}"),
                got: result.map_or_else(|error| error.to_string(), |value| value.to_string()),
            },
            (None, Err(error)) => Verdict::Failed {
                place: "result".to_owned(),
                expected: case.out.to_string(),
                got: format!("error: {error}"),
            },
            (None, Ok(got)) => {
                let got = recorded_part(case, got);
                let difference = if case.tag("ties") {
                    difference_up_to_ties(&Ties::of(&args, &kwargs), &case.out, &got)
                } else {
                    difference("", &case.out, &got)
                };
                match difference {
                    None => Verdict::Passed,
                    Some(Difference { place, expected, got }) => Verdict::Failed { place, expected, got },
                }
            }
        }
    }

    fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) => match object.get("$ref").and_then(Value::as_str) {
                Some(name) => self.data.get(name).cloned().unwrap_or(Value::Null),
                None => object.iter().map(|(k, v)| (k.clone(), self.resolve(v))).collect::<Map<_, _>>().into(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            other => other.clone(),
        }
    }
}

impl Case {
    fn tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|known| known == tag)
    }

    /// Whether the library itself fails or minds a Python type, which JSON does not carry: an error and a sensible result
    /// are both right.
    fn minds_python(&self) -> bool {
        let message = self.error.as_ref().and_then(|error| error["message"].as_str());
        // A list of lists in place of an array; JSON has one kind.
        let types = ["<class '", "must be either a NumPy array or Pandas DataFrame"];
        self.tag("upstream") || message.is_some_and(|message| types.iter().any(|kind| message.contains(kind)))
    }
}

/// The part of a result that a case records: of some calls that give scores of images and of pixels only the former.
fn recorded_part(case: &Case, got: Value) -> Value {
    let images_only = case.function == "segmentation.rank.get_label_quality_scores"
        && case.out.as_array().is_some_and(|out| out.iter().all(Value::is_number));
    match got {
        Value::Array(mut parts) if images_only && parts.len() == 2 => parts.swap_remove(0),
        got => got,
    }
}

fn skip_reason(case: &Case) -> Option<&'static str> {
    if case.function.starts_with("internal.") {
        Some("intermediate value without a public counterpart")
    } else if case.tag("rng") {
        Some("depends on NumPy's random stream")
    } else if case.tag("sklearn") {
        Some("depends on scikit-learn's own model or tie order")
    } else if case.tag("object") {
        Some("a state of a Python object that has no counterpart")
    } else {
        None
    }
}

struct Difference {
    place: String,
    expected: String,
    got: String,
}

impl Difference {
    fn at(place: &str, expected: impl ToString, got: impl ToString) -> Self {
        let place = if place.is_empty() { "result" } else { place };
        Self { place: place.to_owned(), expected: expected.to_string(), got: got.to_string() }
    }
}

/// The first place where two values differ.
fn difference(place: &str, expected: &Value, got: &Value) -> Option<Difference> {
    match (expected, got) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| difference(&format!("{place}[{i}]"), a, b))
        }
        (Value::Array(a), Value::Array(b)) => Some(Difference::at(&format!("{place}.length"), a.len(), b.len())),
        (Value::Object(a), Value::Object(b)) => {
            if let Some(extra) = b.keys().find(|key| !a.contains_key(*key)) {
                return Some(Difference::at(&format!("{place}.{extra}"), "nothing", &b[extra]));
            }
            a.iter().find_map(|(key, a)| difference(&format!("{place}.{key}"), a, b.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Number(a), Value::Number(b)) => {
            let (x, y) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            let equal = if a.is_f64() { (x - y).abs() <= 1e-9 * x.abs().max(1.0) } else { x == y };
            (!equal).then(|| Difference::at(place, a, b))
        }
        // The wording of a failed check is ours.
        (Value::String(a), Value::String(b)) if failed_check(a).is_some() => {
            (failed_check(a) != failed_check(b)).then(|| Difference::at(place, a, b))
        }
        (a, b) => (a != b).then(|| Difference::at(place, a, b)),
    }
}

/// The check that a message of an audit is about.
fn failed_check(message: &str) -> Option<&str> {
    message.strip_prefix("Error in ")?.split_once(':').map(|(check, _)| check)
}

/// What makes rows equal: their label, its probability and all probabilities in any order.
struct Ties {
    labels: Vec<Value>,
    rows: Vec<Vec<f64>>,
    score: Option<Vec<Value>>,
}

impl Ties {
    fn of(args: &[Value], kwargs: &Map<String, Value>) -> Self {
        let argument = |place: usize, name: &str| kwargs.get(name).or_else(|| args.get(place)).cloned();
        let labels = argument(0, "labels").and_then(|v| v.as_array().cloned()).unwrap_or_default();
        let rows = argument(1, "pred_probs").and_then(|v| v.as_array().cloned()).unwrap_or_default();
        let numbers = |row: &Value| row.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        let score = kwargs.get("return_indices_ranked_by").filter(|name| !name.is_null()).and_then(|method| {
            let mut scoring = Map::from_iter([("method".to_owned(), method.clone())]);
            if let Some(adjust) = kwargs.get("rank_by_kwargs").and_then(|kwargs| kwargs.get("adjust_pred_probs")) {
                scoring.insert("adjust_pred_probs".to_owned(), adjust.clone());
            }
            let scores = call("rank.get_label_quality_scores", args.get(..2)?, &scoring).ok()?;
            scores.as_array().cloned()
        });
        Self { labels, rows: rows.iter().map(numbers).collect(), score }
    }

    /// Whether labels and probabilities of `n` rows are known. Where they are not, no two rows pass for equal.
    fn describe(&self, n: usize) -> bool {
        self.labels.len() == n && self.rows.len() == n && self.rows.iter().all(|row| !row.is_empty())
    }

    /// Whether a list is one of flagged rows: row numbers, ascending.
    fn are_rows(&self, list: &[Value]) -> bool {
        let below = self.rows.len() as u64;
        let rows: Option<Vec<u64>> = list.iter().map(|value| value.as_u64().filter(|&row| row < below)).collect();
        rows.is_some_and(|rows| rows.is_sorted_by(|a, b| a < b))
    }

    /// Rows as (label, its probability, sorted probabilities), sorted: equal for equal selections.
    fn profile(&self, rows: impl Iterator<Item = usize>) -> Vec<String> {
        let describe = |row: usize| {
            let label = self.labels.get(row);
            let mut probs = self.rows.get(row).cloned().unwrap_or_default();
            let own = label.and_then(Value::as_u64).and_then(|label| probs.get(label as usize).copied());
            probs.sort_by(f64::total_cmp);
            format!("{label:?} {own:?} {probs:?}")
        };
        let mut profile: Vec<String> = rows.map(describe).collect();
        profile.sort_unstable();
        profile
    }

    /// Where two selections of rows differ in more than equal rows.
    fn selection_difference(&self, place: &str, a: &[usize], b: &[usize]) -> Option<Difference> {
        let (a, b) = (self.profile(a.iter().copied()), self.profile(b.iter().copied()));
        (a != b).then(|| Difference::at(place, a.join("; "), b.join("; ")))
    }
}

/// Row numbers in a list.
fn row_numbers(list: &[Value]) -> Vec<usize> {
    list.iter().map(|value| value.as_u64().map_or(usize::MAX, |row| row as usize)).collect()
}

fn flagged(mask: &[Value]) -> Vec<usize> {
    mask.iter().enumerate().filter(|(_, flag)| flag.as_bool() == Some(true)).map(|(row, _)| row).collect()
}

fn difference_up_to_ties(ties: &Ties, expected: &Value, got: &Value) -> Option<Difference> {
    match (expected, got) {
        (Value::Array(a), Value::Array(b))
            if a.len() == b.len() && a.iter().chain(b).all(Value::is_boolean) && ties.describe(a.len()) =>
        {
            ties.selection_difference("flagged rows", &flagged(a), &flagged(b))
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() && ties.describe(ties.rows.len()) => {
            let (x, y) = (row_numbers(a), row_numbers(b));
            match &ties.score {
                Some(scores) => ties.selection_difference("ranked rows", &x, &y).or_else(|| {
                    let by_rank = |rows: &[usize]| -> Value {
                        rows.iter().map(|&row| scores.get(row).cloned().unwrap_or_default()).collect()
                    };
                    difference("scores by rank", &by_rank(&x), &by_rank(&y))
                }),
                None if ties.are_rows(a) && ties.are_rows(b) => ties.selection_difference("flagged rows", &x, &y),
                None => difference("", expected, got),
            }
        }
        (Value::Object(a), _) if a.get("$df").is_some_and(|table| table["data"]["is_label_issue"].is_array()) => {
            flagged_table_difference(ties, &a["$df"], &got["$df"])
        }
        (Value::Object(a), Value::Object(b)) if a.contains_key("$df") => {
            difference("", &tie_sorted(&a["$df"]), &tie_sorted(b.get("$df").unwrap_or(&Value::Null)))
        }
        (Value::Object(a), Value::Object(_)) => a.iter().find_map(|(key, a)| {
            difference_up_to_ties(ties, a, got.get(key).unwrap_or(&Value::Null)).map(|mut difference| {
                difference.place = format!("{key}: {}", difference.place);
                difference
            })
        }),
        (a, b) => difference("", a, b),
    }
}

/// A table with one row per example, not sorted: its flags may change places between equal rows, nothing else may.
fn flagged_table_difference(ties: &Ties, expected: &Value, got: &Value) -> Option<Difference> {
    let parts = |table: &Value| {
        let mut rest = table.clone();
        let flags = rest["data"].as_object_mut().and_then(|data| data.remove("is_label_issue"));
        (flags.unwrap_or_default(), rest)
    };
    let ((expected_flags, expected_rest), (flags, rest)) = (parts(expected), parts(got));
    difference("", &expected_rest, &rest).or_else(|| difference_up_to_ties(ties, &expected_flags, &flags))
}

/// A table's rows, in order of its last column (the one it is sorted by) as given, and within equal values of that by
/// their other columns.
fn tie_sorted(table: &Value) -> Value {
    let names: Vec<&str> = table["columns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let column = |name: &str| table["data"][name].as_array().map_or(&[][..], Vec::as_slice);
    let key = names.last().map_or(&[][..], |name| column(name));
    let mut rows: Vec<(usize, Vec<Value>)> = Vec::new();
    let mut group = 0;
    for (i, value) in key.iter().enumerate() {
        if i > 0 && difference("", &key[i - 1], value).is_some() {
            group += 1;
        }
        rows.push((group, names.iter().map(|name| column(name).get(i).cloned().unwrap_or_default()).collect()));
    }
    let text = |row: &[Value]| row[..row.len() - 1].iter().map(Value::to_string).collect::<Vec<_>>();
    rows.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| text(x).cmp(&text(y))));
    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| Value::Array(row)).collect();
    serde_json::json!({ "columns": names, "rows": rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(case: &Value) -> Verdict {
        let file = json!({ "data": {}, "cases": [case] });
        CaseFile::parse(&file.to_string()).unwrap().check().remove(0).verdict
    }

    #[test]
    fn a_wrong_result_fails_and_says_where() {
        let case = json!({
            "id": "x", "fn": "rank.find_top_issues", "args": [[0.3, 0.1, 0.2]], "kwargs": {"top": 2}, "out": [1, 0],
        });
        let expected = Verdict::Failed { place: "[1]".to_owned(), expected: "0".to_owned(), got: "2".to_owned() };
        assert_eq!(check(&case), expected);
    }

    #[test]
    fn an_unknown_function_fails_and_is_never_skipped() {
        let case = json!({ "id": "x", "fn": "rank.nope", "args": [], "kwargs": {}, "tags": ["upstream"] });
        assert!(matches!(check(&case), Verdict::Failed { .. }));
    }

    #[test]
    fn a_tie_is_no_excuse_for_flagging_another_row() {
        let case = |out: Value, probs: Value| {
            json!({
                "id": "x", "fn": "filter.find_predicted_neq_given", "tags": ["ties"],
                "args": [[0, 0, 1, 1], probs], "kwargs": {}, "out": out,
            })
        };
        let probs = json!([[0.9, 0.1], [0.1, 0.9], [0.2, 0.8], [0.3, 0.7]]);
        assert_eq!(check(&case(json!([false, true, false, false]), probs.clone())), Verdict::Passed);
        // The same label and the same probabilities, but the other way round.
        assert!(matches!(check(&case(json!([true, false, false, false]), probs)), Verdict::Failed { .. }));
    }

    #[test]
    fn equal_rows_may_change_places_only_where_ties_are_declared() {
        let mut case = json!({
            "id": "x", "fn": "dataset.find_overlapping_classes",
            "args": [null, null], "kwargs": {"joint": [[0.3, 0.1, 0.1], [0.0, 0.3, 0.0], [0.0, 0.0, 0.2]], "num_examples": 10},
            "out": {"$df": {
                "columns": ["Class Index A", "Class Index B", "Num Overlapping Examples", "Joint Probability"],
                "data": {"Class Index A": [0, 0, 1], "Class Index B": [2, 1, 2],
                         "Num Overlapping Examples": [1, 1, 0], "Joint Probability": [0.1, 0.1, 0.0]},
            }},
        });
        assert!(matches!(check(&case), Verdict::Failed { .. }));
        case["tags"] = json!(["ties"]);
        assert_eq!(check(&case), Verdict::Passed);
    }
}
