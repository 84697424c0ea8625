//! Every algorithm by its dotted cleanlab name, with JSON in and out: what `forge call` and the npm package speak, and
//! what the reference cases are run through.
//!
//! Names, argument order, argument names and defaults are cleanlab's (`filter.find_label_issues`, …). Matrices are nested
//! lists, missing numbers are null, tables are `{"$df": {"columns": […], "data": {column: […]}}}`. [`call_with_arrays`]
//! takes large arrays in any other form ([`ArraySource`]) and gives long lists back as they are.

mod args;
mod array;
mod batched;
pub mod cases;
mod clean_learning;
mod count;
mod datalab;
mod dataset;
mod filter;
mod images;
mod multiannotator;
mod multilabel;
mod noise_generation;
mod object_detection;
mod outlier;
mod output;
mod rank;
mod regression;
mod result;
mod segmentation;
mod sparse_graph;
mod token;
mod valuation;

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::{CoreError, Host, Quiet};
use args::Args;
pub use array::{ArraySource, Elements};
pub use result::CallResult;

/// A callable function: its name, the names of its arguments in order, and what runs it.
struct Function {
    name: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Args) -> Result<Value, CoreError>,
}

/// A [`Function`] that gives one long list.
struct ListFunction {
    name: &'static str,
    parameters: &'static [&'static str],
    run: fn(&Args) -> Result<CallResult, CoreError>,
}

/// What a name stands for.
#[derive(Clone, Copy)]
enum Known {
    Json(&'static Function),
    List(&'static ListFunction),
}

impl Known {
    fn all() -> impl Iterator<Item = Self> {
        let lists = [filter::LISTS, rank::LISTS, batched::LISTS].into_iter().flatten().map(Self::List);
        functions().map(Self::Json).chain(lists)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Json(function) => function.name,
            Self::List(function) => function.name,
        }
    }

    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Json(function) => function.parameters,
            Self::List(function) => function.parameters,
        }
    }

    fn run(self, args: &Args) -> Result<CallResult, CoreError> {
        match self {
            Self::Json(function) => (function.run)(args).map(CallResult::Json),
            Self::List(function) => (function.run)(args),
        }
    }
}

fn functions() -> impl Iterator<Item = &'static Function> {
    [
        count::FUNCTIONS,
        filter::FUNCTIONS,
        dataset::FUNCTIONS,
        multilabel::FUNCTIONS,
        token::FUNCTIONS,
        multiannotator::FUNCTIONS,
        object_detection::FUNCTIONS,
        segmentation::FUNCTIONS,
        outlier::FUNCTIONS,
        regression::FUNCTIONS,
        valuation::FUNCTIONS,
        noise_generation::FUNCTIONS,
        batched::FUNCTIONS,
        clean_learning::FUNCTIONS,
        datalab::FUNCTIONS,
        images::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// A name of the reference cases, which stands for a few lines of Python.
struct Alias {
    name: &'static str,
    /// The function that does the same.
    meant: &'static str,
    /// An argument that the name implies, and its value.
    implied: Option<(&'static str, &'static str)>,
}

const fn alias(name: &'static str, meant: &'static str) -> Alias {
    Alias { name, meant, implied: None }
}

const fn audit(name: &'static str, task: &'static str) -> Alias {
    Alias { name, meant: "datalab.Datalab.find_issues", implied: Some(("task", task)) }
}

const ALIASES: &[Alias] = &[
    audit("datalab.Datalab(task=classification).find_issues", "classification"),
    audit("datalab.Datalab(task=regression).find_issues", "regression"),
    audit("datalab.Datalab(task=multilabel).find_issues", "multilabel"),
    alias("datalab.Datalab(image_key).find_issues", "datalab.Datalab.find_image_issues"),
    alias("datalab.internal.issue_manager.identifier_column.find_issues", "datalab.identifier_columns"),
    alias(
        "datalab.internal.spurious_correlation.relative_room_for_improvement",
        "datalab.relative_room_for_improvement",
    ),
    alias("SpuriousCorrelations.calculate_correlations", "datalab.calculate_correlations"),
    alias("imagehash", "cleanvision.image_hashes"),
];

/// The function that a name of the reference cases stands for, and the argument that it implies; any other name stands for
/// itself.
pub fn meant_by(name: &str) -> (&str, Option<(&'static str, &'static str)>) {
    let short = name.strip_prefix("cleanlab.").unwrap_or(name);
    ALIASES.iter().find(|alias| alias.name == short).map_or((short, None), |alias| (alias.meant, alias.implied))
}

/// The names that [`call`] knows, with the names of their arguments.
pub fn function_names() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    Known::all().map(|known| (known.name(), known.parameters()))
}

/// Calls a function by name. An optional `cleanlab.` before the name is ignored.
///
/// # Errors
/// [`CoreError::UnknownFunction`]; an argument that is unknown, missing, of the wrong type or against a rule.
pub fn call(name: &str, args: &[Value], kwargs: &Map<String, Value>) -> Result<Value, CoreError> {
    run(name, args, (kwargs, &[]), &Quiet).map(CallResult::into_json)
}

/// Calls a function by name with JSON arguments and with arrays, which are lent under the names of their arguments.
///
/// # Errors
/// As [`call`]; and where an array cannot be read.
pub fn call_with_arrays(
    name: &str,
    kwargs: &Map<String, Value>,
    arrays: &[(String, Rc<dyn ArraySource>)],
) -> Result<CallResult, CoreError> {
    run(name, &[], (kwargs, arrays), &Quiet)
}

/// Does what [`call_with_arrays`] does, and its long work by a host.
///
/// # Errors
/// As [`call_with_arrays`]; and [`CoreError::Cancelled`].
pub fn call_on(
    name: &str,
    kwargs: &Map<String, Value>,
    arrays: &[(String, Rc<dyn ArraySource>)],
    host: &dyn Host,
) -> Result<CallResult, CoreError> {
    run(name, &[], (kwargs, arrays), host)
}

/// Arrays under the names of their arguments.
type LentArrays = [(String, Rc<dyn ArraySource>)];

fn run(
    name: &str,
    args: &[Value],
    (kwargs, arrays): (&Map<String, Value>, &LentArrays),
    host: &dyn Host,
) -> Result<CallResult, CoreError> {
    let (short, implied) = meant_by(name);
    let known = Known::all().find(|known| known.name() == short).ok_or_else(|| CoreError::UnknownFunction {
        name: name.to_owned(),
        nearest: nearest(short, Known::all().map(Known::name)),
    })?;
    let mut args = match implied {
        None => Args::bind(known.parameters(), args, kwargs)?,
        Some((argument, value)) => {
            let mut kwargs = kwargs.clone();
            kwargs.insert(argument.to_owned(), value.into());
            Args::bind(known.parameters(), args, &kwargs)?
        }
    };
    args.lend(known.parameters(), arrays)?;
    known.run(&args.on(host))
}

/// The candidate with the smallest edit distance, where it is close enough to be a slip.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let (distance, best) = candidates.map(|candidate| (edit_distance(word, candidate), candidate)).min()?;
    (distance <= word.len().max(best.len()) / 2).then(|| best.to_owned())
}

/// Levenshtein distance in bytes.
fn edit_distance(a: &str, b: &str) -> usize {
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut current = vec![i + 1];
        for (j, y) in b.bytes().enumerate() {
            let replaced = previous[j] + usize::from(x != y);
            current.push(replaced.min(previous[j + 1] + 1).min(current[j] + 1));
        }
        previous = current;
    }
    previous[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        let error = call("filter.find_label_isues", &[], &Map::new()).unwrap_err();
        assert!(error.to_string().contains("did you mean `filter.find_label_issues`"), "{error}");
    }

    #[test]
    fn positional_and_named_arguments_mean_the_same() {
        let labels = json!([0, 1, 0, 1]);
        let probs = json!([[0.9, 0.1], [0.2, 0.8], [0.1, 0.9], [0.3, 0.7]]);
        let by_place = call("filter.find_label_issues", &[labels.clone(), probs.clone()], &Map::new()).unwrap();
        let kwargs = Map::from_iter([("labels".to_owned(), labels), ("pred_probs".to_owned(), probs)]);
        assert_eq!(by_place, call("cleanlab.filter.find_label_issues", &[], &kwargs).unwrap());
        assert_eq!(by_place, json!([false, false, true, false]));
    }
}
