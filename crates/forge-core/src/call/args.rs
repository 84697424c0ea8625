//! JSON arguments and lent arrays, bound to parameter names and turned into checked inputs.

use std::rc::Rc;

use ndarray::{Array, Array2, Array3, Axis, Dimension, Ix1, Ix2, Ix3};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::array::{ArraySource, Lent};
use super::nearest;
use crate::{CoreError, Host, Labels, PredProbs, Quiet};

/// The arguments of one call. null means "not given", as Python's None does.
pub(super) struct Args<'a> {
    values: Map<String, Value>,
    arrays: Vec<Lent>,
    host: &'a dyn Host,
}

type Result<T> = std::result::Result<T, CoreError>;

impl<'a> Args<'a> {
    /// Gives positional arguments their names and refuses unknown ones.
    pub(super) fn bind(parameters: &[&'static str], args: &[Value], kwargs: &Map<String, Value>) -> Result<Self> {
        if args.len() > parameters.len() {
            return Err(CoreError::setting(
                "args",
                format!("{} values", args.len()),
                format!("at most {}: {}", parameters.len(), parameters.join(", ")),
            ));
        }
        let mut values = Map::new();
        for (name, value) in parameters.iter().zip(args) {
            values.insert((*name).to_owned(), value.clone());
        }
        for (name, value) in kwargs {
            check_name(parameters, name)?;
            if values.insert(name.clone(), value.clone()).is_some() {
                return Err(given_twice(name));
            }
        }
        values.retain(|_, value| !value.is_null());
        Ok(Self { values, arrays: Vec::new(), host: &Quiet })
    }

    /// Does long work by a host.
    pub(super) fn on(mut self, host: &'a dyn Host) -> Self {
        self.host = host;
        self
    }

    /// The host of long work.
    pub(super) fn host(&self) -> &'a dyn Host {
        self.host
    }

    /// Adds arrays under the names of their arguments.
    pub(super) fn lend(&mut self, parameters: &[&str], arrays: &[(String, Rc<dyn ArraySource>)]) -> Result<()> {
        for (name, source) in arrays {
            check_name(parameters, name)?;
            if self.has(name) {
                return Err(given_twice(name));
            }
            self.arrays.push(Lent::new(name, Rc::clone(source)));
        }
        Ok(())
    }

    /// Whether an argument is given and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name) || self.lent(name).is_some()
    }

    fn lent(&self, name: &str) -> Option<&Lent> {
        self.arrays.iter().find(|lent| lent.name == name)
    }

    /// The array under a name, where it was lent as one.
    pub(super) fn source(&self, name: &str) -> Option<&dyn ArraySource> {
        self.lent(name).map(Lent::source)
    }

    /// All values of an array, where it was lent as one, in as many dimensions as `D` has.
    pub(super) fn lent_array<D: Dimension>(&self, name: &'static str) -> Option<Result<Array<f64, D>>> {
        self.lent(name).map(|lent| lent.array(name))
    }

    /// The raw value, unless it is absent or null. A lent array is made JSON for it: ask [`Args::has`] where only that
    /// matters.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).or_else(|| self.lent(name).map(Lent::json))
    }

    fn required(&self, name: &'static str) -> Result<&Value> {
        self.get(name).ok_or(needed(name))
    }

    /// Anything serde reads, which has to be given.
    pub(super) fn required_parsed<T: DeserializeOwned>(&self, name: &'static str) -> Result<T> {
        parse(name, self.required(name)?)
    }

    /// Checks `n_jobs`, on which no result depends, because it may be given.
    pub(super) fn check_n_jobs(&self) -> Result<()> {
        let n_jobs: u32 = self.parsed_or("n_jobs", 1)?;
        if n_jobs == 0 { Err(CoreError::setting("n_jobs", n_jobs, "at least 1")) } else { Ok(()) }
    }

    /// Anything serde reads, with its default.
    pub(super) fn parsed<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        self.get(name).map_or_else(|| Ok(T::default()), |value| parse(name, value))
    }

    /// Anything serde reads, or `default`.
    pub(super) fn parsed_or<T: DeserializeOwned>(&self, name: &str, default: T) -> Result<T> {
        self.get(name).map_or(Ok(default), |value| parse(name, value))
    }

    /// Class numbers.
    pub(super) fn labels(&self) -> Result<Labels> {
        self.optional_labels()?.ok_or(needed("labels"))
    }

    /// Class numbers, where they are given.
    pub(super) fn optional_labels(&self) -> Result<Option<Labels>> {
        match self.lent_array::<Ix1>("labels") {
            Some(values) => Labels::from_f64(&flat(values?)).map(Some),
            None => self.get("labels").map(labels).transpose(),
        }
    }

    /// The classes of each row.
    pub(super) fn label_sets(&self) -> Result<Vec<Vec<u32>>> {
        let rows = list("labels", self.required("labels")?)?;
        rows.iter()
            .enumerate()
            .map(|(row, value)| {
                let classes = value
                    .as_array()
                    .ok_or_else(|| CoreError::Label { row, value: format!("{value}, not a list of class numbers") })?;
                classes.iter().map(|class| class_number(row, class)).collect()
            })
            .collect()
    }

    /// n × k probabilities.
    pub(super) fn pred_probs(&self) -> Result<PredProbs> {
        PredProbs::allowing_nan(self.matrix("pred_probs")?)
    }

    /// n × k probabilities, where they are given.
    pub(super) fn optional_pred_probs(&self) -> Result<Option<PredProbs>> {
        self.optional_matrix("pred_probs")?.map(PredProbs::allowing_nan).transpose()
    }

    /// A list of n × k probabilities.
    pub(super) fn pred_probs_list(&self) -> Result<Vec<PredProbs>> {
        let members = self.optional_matrices("pred_probs_list")?.ok_or(needed("pred_probs_list"))?;
        members.into_iter().map(PredProbs::allowing_nan).collect()
    }

    /// A matrix of numbers.
    pub(super) fn matrix(&self, name: &'static str) -> Result<Array2<f64>> {
        self.optional_matrix(name)?.ok_or(needed(name))
    }

    /// A matrix of numbers, where it is given.
    pub(super) fn optional_matrix(&self, name: &'static str) -> Result<Option<Array2<f64>>> {
        match self.lent_array::<Ix2>(name) {
            Some(values) => values.map(Some),
            None => self.get(name).map(|value| matrix(name, value)).transpose(),
        }
    }

    /// A list of matrices, where it is given.
    pub(super) fn optional_matrices(&self, name: &'static str) -> Result<Option<Vec<Array2<f64>>>> {
        if let Some(values) = self.lent_array::<Ix3>(name) {
            let values: Array3<f64> = values?;
            return Ok(Some(values.axis_iter(Axis(0)).map(|matrix| matrix.to_owned()).collect()));
        }
        self.get(name).map(|value| list(name, value)?.iter().map(|item| matrix(name, item)).collect()).transpose()
    }

    /// A list of numbers, where it is given.
    pub(super) fn optional_numbers(&self, name: &'static str) -> Result<Option<Vec<f64>>> {
        match self.lent_array::<Ix1>(name) {
            Some(values) => values.map(flat).map(Some),
            None => self.get(name).map(|value| numbers(name, value)).transpose(),
        }
    }

    /// A list of numbers.
    pub(super) fn numbers(&self, name: &'static str) -> Result<Vec<f64>> {
        self.optional_numbers(name)?.ok_or(needed(name))
    }

    /// Whether an argument is a list of lists or an array of several dimensions.
    pub(super) fn is_nested(&self, name: &str) -> bool {
        match self.source(name) {
            Some(source) => source.shape().len() > 1,
            None => {
                self.get(name).and_then(Value::as_array).and_then(|items| items.first()).is_some_and(Value::is_array)
            }
        }
    }

    /// A mask.
    pub(super) fn mask(&self, name: &'static str) -> Result<Vec<bool>> {
        match self.lent_array::<Ix1>(name) {
            Some(values) => flags(name, &flat(values?)),
            None => parse(name, self.required(name)?),
        }
    }
}

fn check_name(parameters: &[&str], name: &str) -> Result<()> {
    if parameters.contains(&name) {
        return Ok(());
    }
    let hint = nearest(name, parameters.iter().copied())
        .map_or_else(|| format!("one of {}", parameters.join(", ")), |best| format!("perhaps `{best}`"));
    Err(CoreError::setting(name, "not an argument of this function", hint))
}

fn given_twice(name: &str) -> CoreError {
    CoreError::setting(name, "given twice", "one value, by place or by name")
}

fn needed(argument: &'static str) -> CoreError {
    CoreError::Missing { argument, rule: "this function needs it" }
}

fn flat(values: Array<f64, Ix1>) -> Vec<f64> {
    // An array that was just read is contiguous and starts at its first element.
    values.into_raw_vec_and_offset().0
}

/// 1 and 0 as true and false.
fn flags(name: &str, values: &[f64]) -> Result<Vec<bool>> {
    let flag = |(i, &value): (usize, &f64)| match value {
        0.0 => Ok(false),
        1.0 => Ok(true),
        _ => Err(CoreError::setting(&format!("{name}[{i}]"), value, "true or false, in an array of numbers 1 or 0")),
    };
    values.iter().enumerate().map(flag).collect()
}

fn parse<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T> {
    T::deserialize(value).map_err(|error| CoreError::setting(name, value, error.to_string()))
}

fn list<'a>(argument: &'static str, value: &'a Value) -> Result<&'a [Value]> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| CoreError::Shape {
        argument,
        shape: kind(value).to_owned(),
        expected: "a list".to_owned(),
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn number(argument: &'static str, place: impl Fn() -> String, value: &Value) -> Result<f64> {
    match value {
        Value::Null => Ok(f64::NAN),
        _ => value.as_f64().ok_or_else(|| CoreError::Shape {
            argument,
            shape: format!("{} at {}", kind(value), place()),
            expected: "numbers".to_owned(),
        }),
    }
}

fn numbers(argument: &'static str, value: &Value) -> Result<Vec<f64>> {
    let items = list(argument, value)?;
    items.iter().enumerate().map(|(i, item)| number(argument, || i.to_string(), item)).collect()
}

fn matrix(argument: &'static str, value: &Value) -> Result<Array2<f64>> {
    let rows = list(argument, value)?;
    let n_columns = rows.first().and_then(Value::as_array).map_or(0, Vec::len);
    let mut values = Vec::with_capacity(rows.len() * n_columns);
    for (i, row) in rows.iter().enumerate() {
        let cells = row.as_array().filter(|cells| cells.len() == n_columns).ok_or_else(|| CoreError::Shape {
            argument,
            shape: row.as_array().map_or_else(|| kind(row).to_owned(), |cells| format!("{} values", cells.len()))
                + &format!(" in row {i}"),
            expected: format!("a matrix, each row a list of {n_columns} numbers"),
        })?;
        for (j, cell) in cells.iter().enumerate() {
            values.push(number(argument, || format!("[{i}, {j}]"), cell)?);
        }
    }
    Array2::from_shape_vec((rows.len(), n_columns), values).map_err(|error| CoreError::Shape {
        argument,
        shape: error.to_string(),
        expected: "a matrix".to_owned(),
    })
}

fn class_number(row: usize, value: &Value) -> Result<u32> {
    let whole = value.as_f64().filter(|v| v.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(v));
    whole.map(|v| v as u32).ok_or_else(|| CoreError::Label { row, value: value.to_string() })
}

fn labels(value: &Value) -> Result<Labels> {
    let items = list("labels", value)?;
    Labels::new(items.iter().enumerate().map(|(row, item)| class_number(row, item)).collect::<Result<_>>()?)
}
