//! Why a row is anomalous: the features in which it is furthest from the others.

use std::fmt::Write;

use forge_data::{Column, MISSING, Values};
use serde::{Deserialize, Serialize};

use super::provider::Provided;
use crate::by_number;

/// Features listed for a row at most.
const LISTED: usize = 5;
/// Features named in a sentence at most.
const NAMED: usize = 2;
/// Times the usual spread that a number is away from the middle before it is listed.
const STANDS_OUT: f64 = 3.0;
/// Share of the rows up to which a category is listed.
const RARE: f64 = 0.01;
/// Standard deviations in the distance between the quartiles of a normal distribution.
const QUARTILES: f64 = 1.349;

/// A feature in which a row is unlike the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StandingOut {
    /// The column.
    pub feature: String,
    /// The value, as people write it.
    pub value: String,
    /// What is usual, in words.
    pub usual: String,
    /// How far from the middle it is, in distances between the quartiles; for a category as far as a normal number of
    /// the same rarity.
    pub distance: f64,
}

/// What is usual in a column.
enum Usual {
    /// The middle and the spread of numbers.
    Numbers(f64, f64),
    /// The share of the rows of each level.
    Levels(Vec<f64>),
    /// Nothing is known.
    Nothing,
}

/// Writes reasons; what is usual is worked out once.
pub(super) struct Reasons<'a> {
    columns: Vec<(&'a Column, Usual)>,
}

impl<'a> Reasons<'a> {
    /// Looks at what is usual in each feature.
    pub(super) fn new(provided: &'a Provided<'_>) -> Self {
        let columns = provided.columns.iter().filter_map(|&column| provided.table.columns().get(column));
        Self { columns: columns.map(|column| (column, usual(column, &provided.rows))).collect() }
    }

    /// The features of a row of the table that stand out, most of all first, 5 at most.
    pub(super) fn standing_out(&self, row: usize) -> Vec<StandingOut> {
        let mut found: Vec<StandingOut> =
            self.columns.iter().filter_map(|(column, usual)| stands_out(column, usual, row)).collect();
        by_number::sort(&mut found, |column| -column.distance);
        found.truncate(LISTED);
        found
    }

    /// The same in a sentence.
    pub(super) fn sentence(found: &[StandingOut]) -> String {
        if found.is_empty() {
            return "No single value stands out: it is their combination that is unusual.".to_owned();
        }
        let mut sentence = String::from("What stands out is ");
        for (i, feature) in found.iter().take(NAMED).enumerate() {
            let and = if i > 0 { " and " } else { "" };
            let _ = write!(sentence, "{and}“{}” {} ({})", feature.feature, feature.value, feature.usual);
        }
        sentence.push('.');
        sentence
    }
}

fn usual(column: &Column, rows: &[u32]) -> Usual {
    let share = |codes: &mut dyn Iterator<Item = Option<usize>>, n_levels: usize| {
        let mut counts = vec![0.0; n_levels];
        for code in codes.flatten() {
            if let Some(count) = counts.get_mut(code) {
                *count += 1.0;
            }
        }
        counts.iter().map(|count| count / rows.len().max(1) as f64).collect()
    };
    match column.values() {
        Values::Number(values) | Values::Date(values) => numbers(values, rows),
        Values::Category { codes, levels } => {
            let present = |&row: &u32| codes.get(row as usize).filter(|&&code| code != MISSING);
            Usual::Levels(share(&mut rows.iter().map(|row| present(row).map(|&code| code as usize)), levels.len()))
        }
        Values::Boolean(values) => {
            let present = |&row: &u32| values.get(row as usize).copied().flatten().map(usize::from);
            Usual::Levels(share(&mut rows.iter().map(present), 2))
        }
        Values::Text(_) => Usual::Nothing,
    }
}

fn numbers(values: &[f64], rows: &[u32]) -> Usual {
    let mut ordered: Vec<f64> =
        rows.iter().filter_map(|&row| values.get(row as usize).copied()).filter(|value| value.is_finite()).collect();
    ordered.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * ordered.len().saturating_sub(1) as f64;
        ordered.get(place.round() as usize).copied().unwrap_or_default()
    };
    let (low, middle, high) = (at(0.25), at(0.5), at(0.75));
    // Where more than half of the values are equal the quartiles say nothing about the rest.
    let mean_distance = ordered.iter().map(|value| (value - middle).abs()).sum::<f64>() / ordered.len().max(1) as f64;
    Usual::Numbers(middle, if high > low { high - low } else { mean_distance })
}

fn stands_out(column: &Column, usual: &Usual, row: usize) -> Option<StandingOut> {
    let feature = column.name().to_owned();
    match (column.values(), usual) {
        (Values::Number(values), &Usual::Numbers(middle, spread)) => {
            let value = *values.get(row)?;
            let distance = (value - middle).abs() / spread;
            let usual = format!("usually about {}", short(middle));
            (distance >= STANDS_OUT && distance.is_finite()).then(|| StandingOut {
                feature,
                value: short(value),
                usual,
                distance,
            })
        }
        (Values::Date(values), &Usual::Numbers(middle, spread)) => {
            let value = *values.get(row)?;
            let distance = (value - middle).abs() / spread;
            let usual = if value < middle { "usually later" } else { "usually earlier" }.to_owned();
            let value = column.text(row)?.into_owned();
            (distance >= STANDS_OUT && distance.is_finite()).then_some(StandingOut { feature, value, usual, distance })
        }
        (values, Usual::Levels(shares)) => {
            let level = match values {
                Values::Category { codes, .. } => *codes.get(row)? as usize,
                Values::Boolean(values) => usize::from((*values.get(row)?)?),
                Values::Number(_) | Values::Date(_) | Values::Text(_) => return None,
            };
            let share = *shares.get(level)?;
            let percent = share * 100.0;
            let usual = if percent < 0.01 {
                "less than 0.01 % of rows".to_owned()
            } else {
                format!("{} % of rows", short(percent))
            };
            let value = column.text(row)?.into_owned();
            let distance = (-2.0 * libm::log(share)).sqrt() / QUARTILES;
            (share > 0.0 && share <= RARE).then_some(StandingOut { feature, value, usual, distance })
        }
        _ => None,
    }
}

/// Three significant digits, or all digits of a larger whole part.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return (value + 0.0).to_string();
    }
    let digits = (2 - libm::floor(libm::log10(value.abs())) as i32).clamp(0, 12) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use forge_data::Table;

    use super::*;

    #[test]
    fn numbers_far_out_and_rare_categories_are_named() {
        let mut age: Vec<f64> = (0..500).map(|row| f64::from(30 + row % 11)).collect();
        age[7] = 400.0;
        let mut codes = vec![0; 500];
        codes[7] = 1;
        let levels = vec!["web".to_owned(), "worm".to_owned()];
        let columns =
            vec![Column::new("age", Values::Number(age)), Column::new("kind", Values::Category { codes, levels })];
        let provided = Provided {
            table: Cow::Owned(Table::new(columns).unwrap()),
            rows: (0..500).collect(),
            columns: vec![0, 1],
            truth: None,
            share: None,
            warnings: Vec::new(),
        };
        let reasons = Reasons::new(&provided);
        let said = Reasons::sentence(&reasons.standing_out(7));
        assert_eq!(said, "What stands out is “age” 400 (usually about 35) and “kind” worm (0.2 % of rows).");
        assert!(reasons.standing_out(8).is_empty());
        assert!(Reasons::sentence(&[]).contains("combination"));
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(
            [4.2, 1234.5, 0.001_234, -0.0, 99.96, 0.1 + 0.2].map(short),
            ["4.2", "1234", "0.00123", "0", "100", "0.3"]
        );
    }
}
