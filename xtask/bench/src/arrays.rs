//! Named arrays with a shape: the inputs and results of an item.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use ndarray::{Array, Dimension, IntoDimension};

/// The values of an array, row by row.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers, compared to a tolerance.
    Floats(Vec<f64>),
    /// Counts, classes, places and flags, compared exactly.
    Integers(Vec<i32>),
}

/// An array: its values and the sizes of its axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaped {
    /// Sizes of the axes, the slowest first.
    pub shape: Vec<usize>,
    /// As many as the product of the sizes.
    pub values: Values,
}

/// Arrays by name.
#[derive(Debug, Default)]
pub struct Arrays {
    by_name: BTreeMap<String, Shaped>,
}

impl Arrays {
    /// Adds an array.
    pub fn insert(&mut self, name: &str, array: Shaped) {
        self.by_name.insert(name.to_owned(), array);
    }

    /// The arrays in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Shaped)> {
        self.by_name.iter().map(|(name, array)| (name.as_str(), array))
    }

    /// These arrays with one more, a list of floats.
    pub(crate) fn with_floats(mut self, name: &str, values: Vec<f64>) -> Self {
        self.insert(name, Shaped { shape: vec![values.len()], values: Values::Floats(values) });
        self
    }

    /// These arrays with one more, a list of integers.
    pub(crate) fn with_integers(mut self, name: &str, values: impl IntoIterator<Item = i32>) -> Self {
        let values: Vec<i32> = values.into_iter().collect();
        self.insert(name, Shaped { shape: vec![values.len()], values: Values::Integers(values) });
        self
    }

    /// These arrays with one more, a list of counts, classes or places.
    pub(crate) fn with_counts(self, name: &str, counts: impl IntoIterator<Item = u32>) -> Self {
        self.with_integers(name, counts.into_iter().map(u32::cast_signed))
    }

    /// These arrays with one more, a list of flags as 0 and 1.
    pub(crate) fn with_flags(self, name: &str, flags: impl IntoIterator<Item = bool>) -> Self {
        self.with_integers(name, flags.into_iter().map(i32::from))
    }

    /// Whether there is an array of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// Takes a list of floats out.
    pub(crate) fn floats(&mut self, name: &str) -> Result<Vec<f64>> {
        Ok(self.float_array(name)?.1)
    }

    /// Takes floats out as an array with the axes of the type that is asked for.
    pub(crate) fn array<D: Dimension>(&mut self, name: &str) -> Result<Array<f64, D>>
    where
        Vec<usize>: IntoDimension<Dim = ndarray::IxDyn>,
    {
        let (shape, values) = self.float_array(name)?;
        Ok(Array::from_shape_vec(shape, values)?.into_dimensionality::<D>()?)
    }

    /// Takes counts or class numbers out.
    pub(crate) fn counts(&mut self, name: &str) -> Result<Vec<u32>> {
        Ok(self.count_array(name)?.1)
    }

    /// Takes counts or class numbers out, with the sizes of the axes.
    pub(crate) fn count_array(&mut self, name: &str) -> Result<(Vec<usize>, Vec<u32>)> {
        let array = self.take(name)?;
        let Values::Integers(values) = array.values else { bail!("`{name}` does not hold integers") };
        let counts = values.into_iter().map(u32::try_from).collect::<Result<_, _>>();
        Ok((array.shape, counts.with_context(|| format!("`{name}` holds a negative number"))?))
    }

    fn float_array(&mut self, name: &str) -> Result<(Vec<usize>, Vec<f64>)> {
        let array = self.take(name)?;
        let Values::Floats(values) = array.values else { bail!("`{name}` does not hold floats") };
        Ok((array.shape, values))
    }

    fn take(&mut self, name: &str) -> Result<Shaped> {
        self.by_name.remove(name).with_context(|| format!("the data set has no `{name}`"))
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Ix2;

    use super::*;

    #[test]
    fn an_array_comes_out_once_with_its_shape() {
        let mut arrays = Arrays::default();
        arrays.insert("x", Shaped { shape: vec![1, 2], values: Values::Floats(vec![3.0, 4.0]) });
        assert_eq!(arrays.array::<Ix2>("x").unwrap()[[0, 1]], 4.0);
        assert!(arrays.array::<Ix2>("x").is_err());
    }

    #[test]
    fn a_negative_number_is_no_count() {
        assert!(Arrays::default().with_integers("x", [1, -1]).counts("x").is_err());
    }
}
