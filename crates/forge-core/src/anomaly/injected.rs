//! A table some of whose rows are made anomalous on purpose, such as California Housing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use forge_data::{Column, Role, Table, Values};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::provider::{Provided, Provider, drawn, feature_columns, named_column};
use super::settings::check_share;
use crate::CoreError;

/// Rows of which some have a random half of their numbers multiplied.
#[derive(Clone, Debug)]
pub struct Injected<'a> {
    /// The table, whose rows are taken for usual ones.
    pub table: &'a Table,
    /// A column that is no feature [default none].
    pub target: Option<String>,
    /// What columns are for, by name, where that is not as it seems.
    pub roles: BTreeMap<String, Role>,
    /// Share of rows that are changed [0.05; 0.001–0.5].
    pub contamination: f64,
    /// What the numbers are multiplied by [default 10].
    pub scale: f64,
}

impl<'a> Injected<'a> {
    /// The default share and scale for `table`.
    pub fn new(table: &'a Table) -> Self {
        Self { table, target: None, roles: BTreeMap::new(), contamination: 0.05, scale: 10.0 }
    }
}

impl Provider for Injected<'_> {
    fn name(&self) -> &'static str {
        "california_housing"
    }

    fn provide(&self, seed: u64) -> Result<Provided<'_>, CoreError> {
        check_share("contamination", self.contamination)?;
        if !self.scale.is_finite() {
            return Err(CoreError::setting("scale", self.scale, "a finite number"));
        }
        let target = self.target.as_deref().map(|name| named_column(self.table, "target", name)).transpose()?;
        let (columns, warnings) = feature_columns(self.table, target, &self.roles)?;
        let mut values: Vec<Values> = self.table.columns().iter().map(|column| column.values().clone()).collect();
        let numeric: Vec<usize> =
            columns.iter().copied().filter(|&column| matches!(values.get(column), Some(Values::Number(_)))).collect();
        if numeric.is_empty() {
            return Err(CoreError::Unusable(
                "Anomalies are injected into numbers, but the table has no number column that is a feature.".to_owned(),
            ));
        }
        let n = self.table.n_rows();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n_anomalies = ((n as f64 * self.contamination).round() as usize).clamp(1, n.max(1));
        let mut truth = vec![false; n];
        for row in drawn(&mut rng, n, n_anomalies) {
            truth[row] = true;
            for feature in drawn(&mut rng, numeric.len(), (numeric.len() / 2).max(1)) {
                if let Some(Values::Number(column)) = values.get_mut(numeric[feature])
                    && (column[row] * self.scale).is_finite()
                {
                    column[row] *= self.scale;
                }
            }
        }
        let changed = self.table.columns().iter().zip(values).map(|(column, values)| {
            let [no, yes] = column.words();
            Column::new(column.name(), values).with_words(no, yes)
        });
        Ok(Provided {
            table: Cow::Owned(Table::new(changed.collect())?),
            rows: (0..n as u32).collect(),
            columns,
            truth: Some(truth),
            share: Some(self.contamination),
            warnings,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_numbers_of_the_anomalies_are_ten_times_as_large() {
        let column = |name: &str, base: f64| {
            Column::new(name, Values::Number((0..200).map(|row| base + f64::from(row % 7) * 0.5).collect()))
        };
        let table = Table::new(vec![column("a", 1.5), column("b", 2.5), column("c", 3.5), column("d", 4.5)]).unwrap();
        let injected = Injected::new(&table);
        let provided = injected.provide(42).unwrap();
        let truth = provided.truth.unwrap();
        assert_eq!(truth.iter().filter(|&&anomaly| anomaly).count(), 10);
        for (row, &anomaly) in truth.iter().enumerate() {
            let times: Vec<f64> = table
                .columns()
                .iter()
                .zip(provided.table.columns())
                .map(|(before, after)| match (before.values(), after.values()) {
                    (Values::Number(before), Values::Number(after)) => after[row] / before[row],
                    _ => f64::NAN,
                })
                .collect();
            assert_eq!(times.iter().filter(|&&times| times == 10.0).count(), if anomaly { 2 } else { 0 });
            assert_eq!(times.iter().filter(|&&times| times == 1.0).count(), if anomaly { 2 } else { 4 });
        }
    }
}
