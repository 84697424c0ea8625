//! Arrays that a face lends to a call: typed arrays of JavaScript, `.npy` files. They are read where they are needed,
//! whole or in blocks of rows, and never become JSON on the way to an algorithm that takes a matrix.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use ndarray::{Array, Dimension};
use serde_json::Value;

use crate::CoreError;

/// What kind of value an array holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elements {
    /// true and false, given as 1 and 0.
    Booleans,
    /// Whole numbers.
    Whole,
    /// Numbers; NaN is one that is missing.
    Real,
}

/// An array outside the engine.
pub trait ArraySource {
    /// Lengths of the dimensions; at least one.
    fn shape(&self) -> &[usize];

    /// What kind of value it holds.
    fn elements(&self) -> Elements;

    /// The values of some entries along the first dimension, in row-major order.
    ///
    /// # Errors
    /// Where reading fails.
    fn read(&self, rows: Range<usize>) -> Result<Vec<f64>, CoreError>;
}

/// A lent array under the name of its argument.
pub(super) struct Lent {
    pub(super) name: String,
    source: Rc<dyn ArraySource>,
    json: OnceCell<Value>,
}

impl Lent {
    pub(super) fn new(name: &str, source: Rc<dyn ArraySource>) -> Self {
        Self { name: name.to_owned(), source, json: OnceCell::new() }
    }

    pub(super) fn source(&self) -> &dyn ArraySource {
        &*self.source
    }

    /// All values, in as many dimensions as `D` has.
    pub(super) fn array<D: Dimension>(&self, argument: &'static str) -> Result<Array<f64, D>, CoreError> {
        let shape = self.source.shape();
        let expected = |n: usize| format!("{n} dimension{}", if n == 1 { "" } else { "s" });
        let wrong = |n| CoreError::Shape { argument, shape: shown(shape), expected: expected(n) };
        let mut dim = D::zeros(D::NDIM.unwrap_or(shape.len()));
        if dim.ndim() != shape.len() {
            return Err(wrong(dim.ndim()));
        }
        dim.slice_mut().copy_from_slice(shape);
        Array::from_shape_vec(dim, self.read_all()?).map_err(|_| wrong(shape.len()))
    }

    fn read_all(&self) -> Result<Vec<f64>, CoreError> {
        self.source.read(0..self.source.shape().first().copied().unwrap_or(0))
    }

    /// The array as nested lists, for a function that knows no other form of it.
    pub(super) fn json(&self) -> &Value {
        self.json.get_or_init(|| match self.read_all() {
            Ok(values) => nested(&values, self.source.shape(), self.source.elements()),
            // Where a list is expected, the refusal of this text tells why there is none.
            Err(error) => Value::from(format!("an array that cannot be read ({error})")),
        })
    }
}

fn nested(values: &[f64], shape: &[usize], elements: Elements) -> Value {
    match shape {
        [] | [_] => values.iter().map(|&value| scalar(value, elements)).collect(),
        [n, inner @ ..] => {
            let size = values.len().checked_div(*n).unwrap_or(0);
            (0..*n).map(|i| nested(&values[i * size..(i + 1) * size], inner, elements)).collect()
        }
    }
}

/// One value as JSON.
pub(super) fn scalar(value: f64, elements: Elements) -> Value {
    match elements {
        Elements::Booleans => Value::from(value != 0.0),
        Elements::Whole if value >= 0.0 => Value::from(value as u64),
        Elements::Whole => Value::from(value as i64),
        Elements::Real => Value::from(value),
    }
}

/// A shape as `3 × 2`.
pub(super) fn shown(shape: &[usize]) -> String {
    shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}
