//! The numeric columns of a table, with outliers put in where that is asked for.

use forge_data::{Table, Values};
use forge_learn::{Encoder, EncoderConfig, Host};
use ndarray::{Array2, Axis};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::OutlierConfig;
use crate::CoreError;
use crate::datalab::{AuditColumn, AuditValues};
use crate::noise::choose;
use crate::tasks::columns::{features, position};
use crate::tasks::tabular::{draw, note, quoted};

/// Rows that can have neighbours and an order.
const LEAST_ROWS: usize = 3;

/// The numbers of the rows that are checked.
pub(super) struct Numeric {
    /// Rows of the table, ascending.
    pub(super) rows: Vec<u32>,
    pub(super) names: Vec<String>,
    /// Rows × columns, missing numbers replaced by the median of the column.
    pub(super) values: Array2<f64>,
}

impl Numeric {
    /// Chooses rows and columns of numbers.
    pub(super) fn read(
        config: &OutlierConfig,
        table: &Table,
        warnings: &mut Vec<String>,
        host: &dyn Host,
    ) -> Result<Self, CoreError> {
        let target = config.target.as_ref().map(|name| position(table, "target", name)).transpose()?;
        let rows = draw((table, target.as_slice()), |_| true, (config.max_rows, config.seed), warnings);
        if rows.len() < LEAST_ROWS {
            let n = rows.len();
            return Err(CoreError::Unusable(format!("{n} rows are too few: at least {LEAST_ROWS} are needed.")));
        }
        let is_number = |column: &usize| matches!(table.columns()[*column].values(), Values::Number(_));
        let all = features(table, target.as_slice(), &config.roles, warnings)?;
        let (columns, others): (Vec<usize>, Vec<usize>) = all.into_iter().partition(is_number);
        let others = crate::tasks::tabular::names(table, &others);
        if columns.is_empty() {
            return Err(CoreError::Unusable("No column of numbers is left to measure distances in.".to_owned()));
        }
        if !others.is_empty() {
            warnings.push(format!("Distances are measured in numbers alone, without {}.", quoted(&others)));
        }
        let as_they_are = EncoderConfig { scale_numeric: false, ..EncoderConfig::default() };
        let encoder = Encoder::fit_asking(table, (&columns, &rows), &as_they_are, host)?;
        note(warnings, encoder.warnings().iter().cloned());
        Ok(Self { names: encoder.feature_names(), values: encoder.transform(table, &rows).to_dense(), rows })
    }

    /// Multiplies the first number of some rows; returns their places, ascending.
    pub(super) fn inject(&mut self, config: &OutlierConfig, warnings: &mut Vec<String>) -> Vec<usize> {
        if config.outlier_frac <= 0.0 {
            return Vec::new();
        }
        let places = choose(self.rows.len(), config.outlier_frac, &mut ChaCha8Rng::seed_from_u64(config.seed));
        let mut column = self.values.column_mut(0);
        let zeros = places.iter().filter(|&&place| column[place] == 0.0).count();
        if zeros > 0 {
            let (n, name) = (places.len(), &self.names[0]);
            warnings.push(format!("{zeros} of the {n} outliers put in have 0 in \"{name}\", which no factor changes."));
        }
        places.iter().for_each(|&place| column[place] *= config.outlier_scale);
        places
    }

    /// Each column with mean 0 and standard deviation 1, or all 0 where it does not vary.
    pub(super) fn standardised(&self) -> Array2<f64> {
        let mut values = self.values.clone();
        let n = values.nrows() as f64;
        for mut column in values.axis_iter_mut(Axis(1)) {
            let mean = column.sum() / n;
            column.mapv_inplace(|value| value - mean);
            let spread = (column.iter().map(|value| value * value).sum::<f64>() / n).sqrt();
            let divisor = if spread > 0.0 { spread } else { 1.0 };
            column.mapv_inplace(|value| value / divisor);
        }
        values
    }

    /// The columns as reasons speak of them.
    pub(super) fn columns(&self) -> Vec<AuditColumn> {
        let column = |(name, values): (&String, ndarray::ArrayView1<'_, f64>)| AuditColumn {
            name: name.clone(),
            values: AuditValues::Numbers(values.to_vec()),
        };
        self.names.iter().zip(self.values.columns()).map(column).collect()
    }
}
