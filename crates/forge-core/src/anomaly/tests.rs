//! Searches as a whole: against recorded figures of scikit-learn, and what must hold of any search.

use std::borrow::Cow;

use forge_data::{Column, Table, Values};
use serde_json::Value;

use super::*;
use crate::{CoreError, Host, Quiet};

const N_ROWS: i64 = 300;
const N_COLUMNS: i64 = 5;

/// The small set of `tests/reference/bench_anomaly.py`: whole numbers from a formula; every 20th row is an anomaly.
struct Formula;

impl Provider for Formula {
    fn name(&self) -> &'static str {
        "formula"
    }

    fn provide(&self, _seed: u64) -> Result<Provided<'_>, CoreError> {
        let is_anomaly = |row: i64| row % 20 == 7;
        let cell = |row: i64, column: i64| {
            let usual = (row * row * (column + 3) + row * (7 * column + 11)) % (89 + 8 * column);
            let far = (row * 13 + column * 5) % 7 - 3;
            (if is_anomaly(row) { usual + far * 16 } else { usual }) as f64
        };
        let column = |column| Values::Number((0..N_ROWS).map(|row| cell(row, column)).collect());
        let columns = (0..N_COLUMNS).map(|number| Column::new(format!("x{number}"), column(number)));
        Ok(Provided {
            table: Cow::Owned(Table::new(columns.collect())?),
            rows: (0..N_ROWS as u32).collect(),
            columns: (0..N_COLUMNS as usize).collect(),
            truth: Some((0..N_ROWS).map(is_anomaly).collect()),
            share: Some(0.05),
            warnings: Vec::new(),
        })
    }
}

fn settings(strategy: StrategyName) -> AnomalySettings {
    AnomalySettings { strategy, ..AnomalySettings::default() }
}

fn recorded() -> Value {
    serde_json::from_str(include_str!("recorded.json")).unwrap()
}

fn figures(measured: &Measured) -> [f64; 3] {
    [measured.roc_auc.unwrap(), measured.average_precision.unwrap(), measured.f1.unwrap()]
}

#[test]
fn neighbours_and_densities_are_those_of_scikit_learn() {
    let recorded = recorded();
    for strategy in [StrategyName::DatalabKnn, StrategyName::LocalOutlierFactor] {
        let expected = &recorded[strategy.name()];
        let outcome = detect(&Formula, &settings(strategy), &Quiet).unwrap();
        let found = figures(&outcome.report.measured.unwrap());
        for (found, key) in found.into_iter().zip(["roc_auc", "average_precision", "f1"]) {
            let expected = expected[key].as_f64().unwrap();
            assert!((found - expected).abs() < 1e-9, "{} {key}: {found}, not {expected}", strategy.name());
        }
        let anomaly: Vec<f64> =
            expected["anomaly"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
        let scores = strategy.build(&settings(strategy)).normalised(&anomaly);
        for (row, (found, expected)) in outcome.scores.iter().zip(scores).enumerate() {
            assert!((found - expected).abs() < 1e-9, "{} row {row}: {found}, not {expected}", strategy.name());
        }
    }
}

#[test]
fn isolation_forest_measures_as_scikit_learn_does() {
    let expected = recorded()["isolation_forest"]["roc_auc"].as_f64().unwrap();
    let mean = (0..5).map(|seed| {
        let settings = AnomalySettings { seed, ..settings(StrategyName::IsolationForest) };
        figures(&detect(&Formula, &settings, &Quiet).unwrap().report.measured.unwrap())[0]
    });
    let mean = mean.sum::<f64>() / 5.0;
    assert!((mean - expected).abs() < 0.02, "{mean}, not {expected}");
}

#[test]
fn every_strategy_finds_the_synthetic_anomalies_at_the_default_share() {
    for strategy in StrategyName::ALL {
        for seed in [0, 42, 7] {
            let settings = AnomalySettings { seed, ..settings(strategy) };
            let report = detect(&Synthetic::default(), &settings, &Quiet).unwrap().report;
            let f1 = report.measured.unwrap().f1.unwrap();
            assert!(f1 >= 0.97, "{} with seed {seed}: {f1}", strategy.name());
        }
    }
}

#[test]
fn scores_lie_between_0_and_1_and_the_lowest_are_listed_first() {
    for strategy in StrategyName::ALL {
        let outcome = detect(&Formula, &settings(strategy), &Quiet).unwrap();
        assert!(outcome.scores.iter().all(|score| (0.0..=1.0).contains(score)), "{}", strategy.name());
        let report = outcome.report;
        assert_eq!((report.n_rows, report.n_flagged, report.top.len()), (300, 15, 20));
        assert!(report.top.iter().take(15).all(|row| row.flagged && row.score < report.threshold));
        assert!(report.top.is_sorted_by(|a, b| a.score <= b.score));
        assert!(outcome.flagged[report.top[0].row as usize]);
        assert_eq!(report.top[0].known, Some(true));
    }
}

#[test]
fn a_report_is_read_back_from_json() {
    let report = detect(&Formula, &settings(StrategyName::Ensemble), &Quiet).unwrap().report;
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<AnomalyReport>(&text).unwrap(), report);
}

#[test]
fn rows_that_are_all_alike_are_not_flagged_and_that_is_said() {
    let table = Table::new(vec![
        Column::new("a", Values::Number(vec![3.0; 40])),
        Column::new("b", Values::Number(vec![0.1; 40])),
    ])
    .unwrap();
    let features = ["a", "b"].map(|name| (name.to_owned(), forge_data::Role::Feature));
    let rows = TableRows::new(&table).with_roles(features.into());
    for strategy in StrategyName::ALL {
        let report = detect(&rows, &settings(strategy), &Quiet).unwrap().report;
        assert_eq!(report.n_flagged, 0, "{}", strategy.name());
        assert!(report.warnings.iter().any(|warning| warning.contains("no row is flagged")));
    }
}

#[test]
fn few_rows_use_fewer_neighbours_and_one_row_is_refused() {
    let table = |n: i32| {
        Table::new(vec![Column::new("a", Values::Number((0..n).map(|row| f64::from(row * row) * 0.5).collect()))])
            .unwrap()
    };
    let few = table(5);
    let report = detect(&TableRows::new(&few), &settings(StrategyName::Ensemble), &Quiet).unwrap().report;
    assert!(report.warnings.iter().any(|warning| warning.contains("4 neighbours")), "{:?}", report.warnings);
    let one = table(1);
    let feature = [("a".to_owned(), forge_data::Role::Feature)];
    let said = detect(&TableRows::new(&one).with_roles(feature.into()), &AnomalySettings::default(), &Quiet);
    assert!(said.unwrap_err().to_string().contains("at least 2 rows"));
}

#[test]
fn anomalies_that_are_most_of_the_rows_are_warned_of() {
    let class: Vec<f64> = (0..30).map(|row| f64::from(i32::from(row % 3 == 0))).collect();
    let x = (0..30).map(|row| f64::from(row * row % 17) * 0.5).collect();
    let table = Table::new(vec![Column::new("x", Values::Number(x)), Column::new("y", Values::Number(class))]).unwrap();
    let warned = |normal: &str| {
        let classes = AnomalousClasses::AllBut(vec![normal.to_owned()]);
        let rows = TableRows::new(&table).with_truth("y", classes);
        let report = detect(&rows, &AnomalySettings::default(), &Quiet).unwrap().report;
        report.warnings.iter().any(|warning| warning.starts_with("20 of 30 rows are known"))
    };
    assert!(warned("1") && !warned("0"));
}

/// A host that asks to stop at once.
struct Stopping;

impl Host for Stopping {
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn a_search_stops_when_the_host_asks() {
    for strategy in StrategyName::ALL {
        assert_eq!(detect(&Formula, &settings(strategy), &Stopping).unwrap_err(), CoreError::Cancelled);
    }
}
