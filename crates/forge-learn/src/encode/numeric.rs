//! A number or date column: impute, then standardise, as scikit-learn's `SimpleImputer` and `StandardScaler` do.

use forge_data::{Table, Values};

use super::date_part::Part;
use super::{EncoderConfig, NumericImputation};

/// Encoded numbers beyond this are read as this, so that their squares and sums stay finite.
const LARGEST: f64 = 1e50;

/// A fitted number column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NumberEncoder {
    position: usize,
    part: Part,
    name: String,
    /// What replaces a missing value; nothing where it is kept.
    imputed: Option<f64>,
    mean: f64,
    scale: f64,
    constant: bool,
}

impl NumberEncoder {
    /// Learns from `rows`; `None` when all of them are missing.
    pub(super) fn fit(
        (position, part): (usize, Part),
        name: &str,
        values: &[f64],
        rows: &[u32],
        config: &EncoderConfig,
    ) -> Option<Self> {
        let mut present: Vec<f64> = rows
            .iter()
            .filter_map(|&row| values.get(row as usize).map(|&value| part.of(value)))
            .filter(|value| value.is_finite())
            .collect();
        let imputed = match config.numeric_imputation {
            NumericImputation::Median => Some(median(&mut present)?),
            NumericImputation::MostFrequent => Some(most_frequent(&mut present)?),
            NumericImputation::Mean | NumericImputation::Keep if present.is_empty() => return None,
            NumericImputation::Mean => Some(mean(&present, present.len() as f64)),
            NumericImputation::Keep => None,
        };
        let n_imputed = if imputed.is_some() { rows.len() - present.len() } else { 0 };
        let (n, n_missing) = ((present.len() + n_imputed) as f64, n_imputed as f64);
        let filler = imputed.or(present.first().copied())?;
        let centre = mean(&present, n) + filler * (n_missing / n);
        let spread = present.iter().fold((filler - centre).abs(), |spread, value| spread.max((value - centre).abs()));
        // Deviations are divided by the largest before squaring, so no square overflows.
        let square = |value: f64| ((value - centre) / spread) * ((value - centre) / spread);
        let squares = present.iter().map(|&value| square(value)).sum::<f64>() + n_missing * square(filler);
        let deviation = if spread > 0.0 && spread.is_finite() { spread * (squares / n).sqrt() } else { 0.0 };
        // The bound of scikit-learn's `_is_constant_feature`.
        let variance = deviation * deviation;
        let rounding = n * centre * f64::EPSILON;
        let constant = variance <= n * f64::EPSILON * variance + rounding * rounding;
        let (mean, scale) = match (config.scale_numeric, constant) {
            (true, true) => (centre, 1.0),
            (true, false) => (centre, deviation),
            (false, _) => (0.0, 1.0),
        };
        Some(Self { position, part, name: format!("{name}{}", part.suffix()), imputed, mean, scale, constant })
    }

    /// Writes the encoded value of each row.
    pub(super) fn transform<'a>(&self, table: &Table, rows: &[u32], cells: impl Iterator<Item = &'a mut f64>) {
        let values: &[f64] = match table.columns().get(self.position).map(forge_data::Column::values) {
            Some(Values::Number(values) | Values::Date(values)) => values,
            _ => &[],
        };
        for (cell, &row) in cells.zip(rows) {
            let value = values
                .get(row as usize)
                .map(|&value| self.part.of(value))
                .filter(|value| value.is_finite())
                .or(self.imputed)
                .unwrap_or(f64::NAN);
            *cell = ((value - self.mean) / self.scale).clamp(-LARGEST, LARGEST);
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_constant(&self) -> bool {
        self.constant
    }
}

/// The sum over `n`, divided before adding when the sum would overflow.
fn mean(values: &[f64], n: f64) -> f64 {
    let sum: f64 = values.iter().sum();
    if sum.is_finite() { sum / n } else { values.iter().map(|value| value / n).sum() }
}

/// The value that occurs most, the smallest of equals; reorders `values`. scikit-learn: `SimpleImputer("most_frequent")`.
fn most_frequent(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let mut best: Option<&[f64]> = None;
    for equal in values.chunk_by(|a, b| a == b) {
        if best.is_none_or(|best| equal.len() > best.len()) {
            best = Some(equal);
        }
    }
    best.and_then(|equal| equal.first().copied())
}

/// The middle value, or the mean of the two middle ones; reorders `values`.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return Some(upper);
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Some(f64::midpoint(lower, upper))
}
