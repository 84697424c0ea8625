//! Anomaly detection on a table, as a task among the others.
//!
//! A search for rows unlike all others ([`crate::anomaly`]) on rows from one of several sources: a table of the user's,
//! a data set whose anomalies are known or put in, or rows made up on the spot.

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table};
use forge_learn::Host;
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::experiment::{PREPARE, stage};
use super::metrics::Metrics;
use super::setting::{Settings, choices, settings};
use super::task::{TaskConfig, TaskData, TaskDetail, TaskIssue, TaskReport};
use crate::anomaly::{
    AnomalousClasses, Anomaly, AnomalyReport, AnomalySettings, Injected, Measured, Provider, StrategyName, Synthetic,
    TableRows, detect,
};
use crate::job::{reading_notes, with_notes};
use crate::report::Variant;
use crate::{CoreError, VERSION};

const SEARCH: &str = "Looking for anomalies";

/// Where the rows of a search come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnomalySource {
    /// Any table; of a target the values of under 5 % of the rows are anomalies, unless others are named.
    #[default]
    Table,
    /// Made-up rows: standard normal numbers, of which some rows are spread over a wide box instead.
    Synthetic,
    /// Usual rows, of which some have half of their numbers multiplied by 10.
    CaliforniaHousing,
    /// Forest Cover: the classes of under 5 % of the rows are anomalies.
    ForestCover,
    /// KDD Cup 99: the attacks are anomalies.
    #[serde(rename = "kdd_cup_99")]
    KddCup99,
}

choices! {
    AnomalySource: ["table", "synthetic", "california_housing", "forest_cover", "kdd_cup_99"];
}

settings! {
    /// The settings of anomaly detection: where the rows come from, and those of [`AnomalySettings`].
    pub struct AnomalyConfig {
        /// Where the rows come from.
        provider "Rows": AnomalySource = AnomalySource::Table;
        /// The column that tells which rows are anomalies; it is never a feature and only measures what is found.
        target "Target": Option<String> = None;
        /// Values of the target that mark an anomaly; where none are named those of under 5 % of the rows.
        anomalous "Anomalous values": Vec<String> = Vec::new();
        /// Values of the target that mark a usual row, all others being anomalies.
        normal "Usual values": Vec<String> = Vec::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// Rows of synthetic data; where none is chosen 1000.
        n_samples "Synthetic rows": Option<usize> = None, 50 to 1_000_000;
        /// Features of synthetic data; where none is chosen 10.
        n_features "Synthetic features": Option<usize> = None, 1 to 1_000;
        /// Share of anomalies put into synthetic data or California Housing; where none is chosen 0.05.
        injected "Anomalies put in": Option<f64> = None, 0.001 to 0.5;
        /// How anomalies are looked for; isolation forest measures best.
        strategy "Strategy": StrategyName = StrategyName::default();
        /// Share of the rows that is flagged; where none is chosen the share that was put in on purpose, else 0.01.
        contamination "Share of anomalies": Option<f64> = None, 0.001 to 0.5;
        /// Neighbours that `datalab_knn` and `local_outlier_factor` look at; fewer where there are fewer other rows.
        n_neighbors "Neighbours": usize = 20, 2 to 100;
        /// Trees of `isolation_forest`.
        n_estimators "Trees": usize = 100, 10 to 500;
        /// Anomalies that are listed with their reasons at most.
        top_k "Listed": usize = 20, 0 to 1_000_000;
        /// Whether numbers are standardised.
        scale_features "Standardise": bool = true;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

impl AnomalyConfig {
    /// The settings of the search itself.
    pub fn search(&self) -> AnomalySettings {
        AnomalySettings {
            strategy: self.strategy,
            contamination: self.contamination,
            n_neighbors: self.n_neighbors,
            n_estimators: self.n_estimators,
            top_k: self.top_k,
            scale_features: self.scale_features,
            seed: self.seed,
        }
    }

    /// Whether the rows are made up, so that no table is needed.
    pub fn makes_rows(&self) -> bool {
        self.provider == AnomalySource::Synthetic
    }

    /// The source of the rows; `table` is needed unless they are made up.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for a setting outside its range or one that the source has no use for;
    /// [`CoreError::Unusable`] without a table.
    pub fn provider<'a>(&self, table: Option<&'a Table>) -> Result<Box<dyn Provider + 'a>, CoreError> {
        self.check_ranges()?;
        self.check_use()?;
        let default = Synthetic::default();
        if self.makes_rows() {
            return Ok(Box::new(Synthetic {
                n_samples: self.n_samples.unwrap_or(default.n_samples),
                n_features: self.n_features.unwrap_or(default.n_features),
                contamination: self.injected.unwrap_or(default.contamination),
            }));
        }
        let table = table
            .ok_or_else(|| CoreError::Unusable("Anomalies are looked for in a table: none is there.".to_owned()))?;
        let rows = match (self.provider, self.target.as_deref()) {
            (AnomalySource::CaliforniaHousing, _) => {
                let default = Injected::new(table);
                let contamination = self.injected.unwrap_or(default.contamination);
                let (target, roles) = (self.target.clone(), self.roles.clone());
                return Ok(Box::new(Injected { target, roles, contamination, ..default }));
            }
            (AnomalySource::ForestCover, Some(target)) => TableRows::forest_cover(table, target),
            (AnomalySource::KddCup99, Some(target)) => TableRows::kdd_cup_99(table, target),
            (AnomalySource::ForestCover | AnomalySource::KddCup99, None) => {
                return Err(CoreError::setting("target", "absent", "the column of the classes"));
            }
            (AnomalySource::Table | AnomalySource::Synthetic, None) => TableRows::new(table),
            (AnomalySource::Table | AnomalySource::Synthetic, Some(target)) => {
                TableRows::new(table).with_truth(target, self.classes())
            }
        };
        Ok(Box::new(rows.with_roles(self.roles.clone())))
    }

    fn classes(&self) -> AnomalousClasses {
        match (&self.anomalous[..], &self.normal[..]) {
            ([], []) => AnomalousClasses::Rare,
            ([], normal) => AnomalousClasses::AllBut(normal.to_vec()),
            (anomalous, _) => AnomalousClasses::Only(anomalous.to_vec()),
        }
    }

    /// Refuses settings that would be passed over.
    fn check_use(&self) -> Result<(), CoreError> {
        let refuse = |name: &str, value: String, rule: &str| Err(CoreError::setting(name, value, rule));
        let list = |names: &[String]| format!("\"{}\"", names.join("\", \""));
        for (name, names) in [("anomalous", &self.anomalous), ("normal", &self.normal)] {
            if !names.is_empty() && self.provider != AnomalySource::Table {
                return refuse(name, list(names), "nothing unless `provider` is table");
            }
            if !names.is_empty() && self.target.is_none() {
                return refuse(name, list(names), "nothing unless `target` names the column of these values");
            }
        }
        if !self.anomalous.is_empty() && !self.normal.is_empty() {
            return refuse("normal", list(&self.normal), "nothing where `anomalous` is given");
        }
        if let (AnomalySource::Synthetic, Some(target)) = (self.provider, &self.target) {
            return refuse("target", format!("\"{target}\""), "nothing where `provider` is synthetic");
        }
        for (name, value) in [("n_samples", self.n_samples), ("n_features", self.n_features)] {
            if let Some(value) = value.filter(|_| !self.makes_rows()) {
                return refuse(name, value.to_string(), "nothing unless `provider` is synthetic");
            }
        }
        let puts_in = matches!(self.provider, AnomalySource::Synthetic | AnomalySource::CaliforniaHousing);
        match self.injected.filter(|_| !puts_in) {
            Some(share) => {
                refuse("injected", share.to_string(), "nothing unless `provider` is synthetic or california_housing")
            }
            None => Ok(()),
        }
    }
}

/// Runs the task.
///
/// # Errors
/// As [`AnomalyConfig::provider`] and [`detect`].
pub(super) fn run(config: &AnomalyConfig, data: TaskData<'_>, host: &dyn Host) -> Result<TaskReport, CoreError> {
    config.check_ranges()?;
    let mut clock = Clock::new(host);
    let file = if config.makes_rows() { None } else { Some(data.table("anomaly")?) };
    let notes = file.map(reading_notes).unwrap_or_default();
    let provider = config.provider(file.map(|file| &file.table))?;
    clock.lap(PREPARE);
    let search = || detect(provider.as_ref(), &config.search(), host);
    let mut report = stage(SEARCH, host, search).map_err(|error| with_notes(error, &notes))?.report;
    clock.lap(SEARCH);

    let warnings = notes.into_iter().chain(std::mem::take(&mut report.warnings)).collect();
    Ok(TaskReport {
        task: "anomaly".to_owned(),
        model: None,
        target: config.target.iter().cloned().collect(),
        classes: Vec::new(),
        features: report.features.clone(),
        n_rows: report.n_rows,
        n_train: report.n_rows,
        n_test: 0,
        primary_metric: report.measured.as_ref().map(|_| "roc_auc".to_owned()),
        variants: report.measured.iter().map(|measured| variant(&report, measured)).collect(),
        n_issues: report.n_flagged,
        issues: report.top.iter().filter(|anomaly| anomaly.flagged).map(issue).collect(),
        detail: TaskDetail::Anomaly(Box::new(report)),
        noise: None,
        warnings,
        timings: clock.laps,
        config: TaskConfig::Anomaly(config.clone()),
        seed: config.seed,
        version: VERSION.to_owned(),
    })
}

fn variant(report: &AnomalyReport, measured: &Measured) -> Variant {
    Variant {
        name: report.strategy.name().to_owned(),
        n_train: report.n_rows,
        metrics: Metrics::new([
            ("roc_auc", measured.roc_auc),
            ("average_precision", measured.average_precision),
            ("precision", measured.precision),
            ("recall", measured.recall),
            ("f1", measured.f1),
        ]),
        delta: None,
    }
}

fn issue(anomaly: &Anomaly) -> TaskIssue {
    TaskIssue {
        kind: "anomaly".to_owned(),
        row: anomaly.row,
        score: anomaly.score,
        reason: anomaly.reason.clone(),
        known: anomaly.known,
        ..TaskIssue::default()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use forge_data::{TableFile, read_csv};
    use forge_learn::Quiet;

    use super::*;

    /// A hundred usual rows and two that are far out.
    fn file() -> TableFile {
        let mut text = "height,weight,kind\n".to_owned();
        for row in 0..102 {
            let (far, kind) = if row % 50 == 7 { (40.0, "odd") } else { (0.0, "usual") };
            writeln!(text, "{},{},{kind}", 1.5 + f64::from(row % 9) * 0.1 + far, 60 + row * 7 % 13).unwrap();
        }
        read_csv("people.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
    }

    fn task(config: &AnomalyConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
        run(config, TaskData::Table(file), &Quiet)
    }

    #[test]
    fn rows_far_out_are_flagged_with_a_reason_and_measured() {
        let config =
            AnomalyConfig { target: Some("kind".to_owned()), contamination: Some(0.02), ..AnomalyConfig::default() };
        let report = task(&config, &file()).unwrap();
        let rows: Vec<(u32, Option<bool>)> = report.issues.iter().map(|issue| (issue.row, issue.known)).collect();
        assert_eq!(rows.len(), report.n_issues);
        assert!(rows.contains(&(7, Some(true))) && rows.contains(&(57, Some(true))), "{rows:?}");
        assert!(report.issues[0].reason.contains("height"), "{}", report.issues[0].reason);
        assert_eq!(report.variants[0].metrics.get("roc_auc"), Some(1.0));
        assert_eq!(report.features, ["height", "weight"]);
        let TaskDetail::Anomaly(detail) = &report.detail else { panic!("of another task") };
        assert_eq!(detail.top.len(), 20);
        assert_eq!(task(&config, &file()).unwrap(), report);
    }

    #[test]
    fn made_up_rows_need_no_table() {
        let config = AnomalyConfig {
            provider: AnomalySource::Synthetic,
            n_samples: Some(300),
            injected: Some(0.1),
            ..AnomalyConfig::default()
        };
        let report = run(&config, TaskData::Nothing, &Quiet).unwrap();
        assert_eq!((report.n_rows, report.n_issues), (300, 30));
        assert!(report.variants[0].metrics.get("f1") > Some(0.9));
    }

    #[test]
    fn each_source_knows_its_anomalies() {
        let file = file();
        let of = |provider| AnomalyConfig { provider, target: Some("kind".to_owned()), ..AnomalyConfig::default() };
        let known = |provider| match task(&of(provider), &file).unwrap().detail {
            TaskDetail::Anomaly(detail) => detail.measured.unwrap().n_anomalies,
            other => panic!("{other:?}"),
        };
        assert_eq!((known(AnomalySource::ForestCover), known(AnomalySource::CaliforniaHousing)), (2, 5));
        let named = |anomalous: &[&str], normal: &[&str]| AnomalyConfig {
            anomalous: anomalous.iter().map(|&name| name.to_owned()).collect(),
            normal: normal.iter().map(|&name| name.to_owned()).collect(),
            ..of(AnomalySource::Table)
        };
        let share = |config| task(&config, &file).unwrap().variants[0].metrics.get("recall");
        assert_eq!(share(named(&["odd"], &[])), share(named(&[], &["usual"])));
    }

    #[test]
    fn settings_of_no_use_or_out_of_range_are_refused_by_name() {
        let (file, default) = (file(), AnomalyConfig::default);
        let kind = || Some("kind".to_owned());
        let odd = || vec!["odd".to_owned()];
        let forest = AnomalySource::ForestCover;
        let synthetic = AnomalySource::Synthetic;
        let wrong = [
            (AnomalyConfig { n_neighbors: 1, ..default() }, "`n_neighbors` is 1"),
            (AnomalyConfig { injected: Some(0.9), ..default() }, "`injected` is 0.9"),
            (AnomalyConfig { injected: Some(0.1), ..default() }, "`injected` is 0.1"),
            (AnomalyConfig { n_samples: Some(100), ..default() }, "`n_samples` is 100"),
            (AnomalyConfig { provider: forest, ..default() }, "`target` is absent"),
            (AnomalyConfig { provider: synthetic, target: kind(), ..default() }, "`target` is \"kind\""),
            (AnomalyConfig { anomalous: odd(), ..default() }, "`anomalous` is \"odd\""),
            (AnomalyConfig { provider: forest, target: kind(), normal: odd(), ..default() }, "`normal` is \"odd\""),
            (AnomalyConfig { target: Some("knd".to_owned()), ..default() }, "`target` is \"knd\""),
        ];
        for (config, expected) in wrong {
            let said = task(&config, &file).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{said}");
        }
        let said = run(&default(), TaskData::Nothing, &Quiet).unwrap_err().to_string();
        assert!(said.contains("works on a table"), "{said}");
    }

    #[test]
    fn the_settings_of_the_search_are_those_of_the_library() {
        let all = AnomalyConfig::settings();
        for setting in AnomalySettings::settings() {
            assert!(all.contains(&setting), "{}", setting.name);
        }
        assert_eq!(AnomalyConfig::default().search(), AnomalySettings::default());
    }

    #[test]
    fn cancelling_stops_the_work() {
        struct Impatient;
        impl Host for Impatient {
            fn cancelled(&self) -> bool {
                true
            }
        }
        let stopped = run(&AnomalyConfig::default(), TaskData::Table(&file()), &Impatient);
        assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
    }
}
