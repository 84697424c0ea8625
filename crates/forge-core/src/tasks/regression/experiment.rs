//! The course of regression over the rows of a table.

use forge_data::{Table, Values};
use forge_learn::{Encoder, EncoderConfig, Host, LearnError, ModelSpec, Regressor, regression_metrics, share_work};

use super::RegressionConfig;
use crate::CoreError;
use crate::noise::add_noise;
use crate::regression::learn::{CleanLearning, RegressionData, TargetFindings};
use crate::tasks::experiment::{Experiment, Found};
use crate::tasks::metrics::Metrics;
use crate::tasks::tabular::{draw, enough_rows, note, pick, some_features, split, target};

/// Rows of the table and their numbers.
pub(super) struct Labelled {
    pub(super) rows: Vec<u32>,
    pub(super) numbers: Vec<f64>,
}

/// The training and held-out rows of a table with a number each.
pub(super) struct Numbers<'a> {
    pub(super) config: &'a RegressionConfig,
    pub(super) table: &'a Table,
    pub(super) target: usize,
    pub(super) columns: Vec<usize>,
    pub(super) train: Labelled,
    pub(super) test: Labelled,
    pub(super) model: ModelSpec,
    regressor: Box<dyn Regressor>,
    pub(super) findings: Option<TargetFindings>,
    pub(super) warnings: Vec<String>,
}

impl<'a> Numbers<'a> {
    /// Chooses target, rows and columns, and splits the rows.
    pub(super) fn prepare(config: &'a RegressionConfig, table: &'a Table) -> Result<Self, CoreError> {
        let model = config.model.with(&config.parameters);
        let regressor = model.regressor()?;
        let target = target(table, &config.target, &config.roles)?;
        let column = &table.columns()[target];
        let Values::Number(values) = column.values() else {
            let rule = format!("a column of numbers, but this one holds values of the kind {}", column.column_type());
            return Err(CoreError::setting("target", format!("\"{}\"", column.name()), rule));
        };
        let mut warnings = Vec::new();
        let has_number = |row: u32| values[row as usize].is_finite();
        let rows = draw((table, &[target]), has_number, (config.max_rows, config.seed), &mut warnings);
        let numbers: Vec<f64> = rows.iter().map(|&row| values[row as usize]).collect();
        let Some(first) = numbers.first() else {
            return Err(CoreError::Unusable(format!("Column \"{}\" has no value in any row.", column.name())));
        };
        if numbers.iter().all(|number| number == first) {
            let name = column.name();
            return Err(CoreError::Unusable(format!("Column \"{name}\" is {first} in every row: nothing to predict.")));
        }
        enough_rows(rows.len(), config.cv_folds)?;
        let columns = some_features(table, &[target], &config.roles, &mut warnings)?;
        let [train, test] = split(rows.len(), None, config.test_size, config.seed)?;
        let labelled =
            |positions: &[usize]| Labelled { rows: pick(&rows, positions), numbers: pick(&numbers, positions) };
        Ok(Self {
            train: labelled(&train),
            test: labelled(&test),
            findings: None,
            config,
            table,
            target,
            columns,
            model,
            regressor,
            warnings,
        })
    }
}

impl Experiment for Numbers<'_> {
    fn n_train(&self) -> usize {
        self.train.rows.len()
    }

    fn inject(&mut self, fraction: f64, seed: u64) -> Vec<usize> {
        add_noise(&mut self.train.numbers, fraction, self.config.noise_scale, seed)
    }

    /// The search for the share of errors predicts every row many times over; the last of these predictions count.
    fn predict(&mut self, host: &dyn Host) -> Result<(), CoreError> {
        let rows = &self.train.rows;
        let encoder = Encoder::fit_asking(self.table, (&self.columns, rows), &EncoderConfig::default(), host)?;
        let data = RegressionData::new(encoder.transform(self.table, rows), self.train.numbers.clone())?;
        let learning = CleanLearning {
            cv_n_folds: self.config.cv_folds,
            n_boot: self.config.n_boot,
            seed: self.config.seed,
            ..CleanLearning::default()
        };
        self.findings = Some(learning.find_label_issues(self.regressor.as_ref(), &data, host)?);
        Ok(())
    }

    fn measure(&mut self, kept: &[usize], host: &dyn Host) -> Result<Metrics, CoreError> {
        let (rows, numbers) = (pick(&self.train.rows, kept), pick(&self.train.numbers, kept));
        let fit = || -> Result<(Vec<f64>, Vec<String>), LearnError> {
            let encoder = Encoder::fit_asking(self.table, (&self.columns, &rows), &EncoderConfig::default(), host)?;
            let model = self.regressor.fit(&encoder.transform(self.table, &rows), &numbers, None, host)?;
            let warnings = encoder.warnings().iter().cloned().chain(model.warnings()).collect();
            Ok((model.try_predict(&encoder.transform(self.table, &self.test.rows), host)?, warnings))
        };
        let (predictions, warnings) = share_work(host, fit)?;
        note(&mut self.warnings, warnings);
        let metrics = regression_metrics(&self.test.numbers, &predictions)?;
        Ok(Metrics::new([("r2", Some(metrics.r2)), ("rmse", Some(metrics.rmse)), ("mae", Some(metrics.mae))]))
    }

    fn find(&mut self, _host: &dyn Host) -> Result<Found, CoreError> {
        let found = self
            .findings
            .as_ref()
            .map(|findings| Found { flagged: findings.is_label_issue.clone(), scores: findings.label_quality.clone() });
        Ok(found.unwrap_or_default())
    }
}
