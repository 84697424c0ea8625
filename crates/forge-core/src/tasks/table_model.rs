//! A model on a table: out-of-sample predictions of its rows, or a fit that predicts the rows of other tables.
//!
//! Rows without a label take no part. Columns are encoded as in a run: numbers standardised, categories one-hot. The
//! counterpart of a scikit-learn pipeline with `cross_val_predict`, `fit`, `predict_proba` and `predict`.

mod align;

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role, Table};
use forge_learn::{
    ClassifierModel, CrossValidation, Encoder, EncoderConfig, FoldRows, Host, LabelledRows, ModelSpec,
    NumericImputation, RegressorModel, Task, WeightedLabels, cross_val_predict, cross_val_predict_numbers,
};
use ndarray::Array2;
use serde_json::{Map, Value};

use super::columns::{features, position};
use super::model_name::ModelName;
use super::setting::{Settings, settings};
use super::target::{self, Target};
use crate::CoreError;
use crate::datalab::LabelKind;
use align::Expected;

settings! {
    /// The settings of a model on a table.
    pub struct ModelConfig {
        /// The column that is predicted.
        target "Target": String = String::new();
        /// What its labels are; where nothing is chosen, numbers with more than 20 distinct values are numbers to predict and
        /// all else classes.
        task "Kind of labels": Option<Task> = None;
        /// The model; where none is chosen, logistic regression for classes and ridge for numbers.
        model "Model": Option<ModelName> = None;
        /// Parameters of the model by scikit-learn's names, as `{"C": 0.5}`; those left out have defaults.
        parameters "Model parameters": Map<String, Value> = Map::new();
        /// How the file is read.
        csv "Reading": CsvOptions = CsvOptions::default();
        /// Roles chosen by the user, by column name; all others are inferred.
        roles "Roles": BTreeMap<String, Role> = BTreeMap::new();
        /// What replaces a missing number.
        numeric_imputation "Missing numbers": NumericImputation = NumericImputation::Median;
        /// Whether numbers are standardised.
        scale_numeric "Standardise numbers": bool = true;
        /// One-hot columns per category column at most; the rarest levels share the last.
        one_hot_max_categories "Categories per column": usize = 100, 2 to 500;
        /// Folds of the cross-validation.
        cv_folds "Folds": usize = 5, 2 to 20;
        /// Seed of every random choice.
        seed "Seed": u64 = 42;
    }
}

/// Predictions of rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TablePredictions {
    /// Names of the classes in order; empty where numbers are predicted.
    pub classes: Vec<String>,
    /// The rows of the table that are predicted, ascending.
    pub rows: Vec<u32>,
    /// Class probabilities, rows × classes, or numbers, rows × 1.
    pub values: Array2<f64>,
    /// The fold that predicted each row; empty where a fitted model did.
    pub folds: Vec<u32>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// A model that was fitted on a table.
pub struct TableModel {
    classes: Vec<String>,
    columns: Vec<Expected>,
    encoder: Encoder,
    fitted: Fitted,
    warnings: Vec<String>,
}

enum Fitted {
    Classes(Box<dyn ClassifierModel>),
    Numbers(Box<dyn RegressorModel>),
}

/// What a configuration chooses of a table.
struct Chosen {
    rows: Vec<u32>,
    target: Target,
    columns: Vec<usize>,
    spec: ModelSpec,
    validation: CrossValidation,
    warnings: Vec<String>,
}

impl Chosen {
    fn of(config: &ModelConfig, table: &Table) -> Result<Self, CoreError> {
        config.check_ranges()?;
        let target = position(table, "target", &config.target)?;
        let kind = config.task.map(|task| match task {
            Task::Classification => LabelKind::Classification,
            Task::Regression => LabelKind::Regression,
        });
        let mut warnings = Vec::new();
        let (rows, labels) = target::read(kind, table, &[target], &mut warnings)?;
        let columns = features(table, &[target], &config.roles, &mut warnings)?;
        let usual = if matches!(labels, Target::Numbers(_)) { ModelName::Ridge } else { ModelName::LogisticRegression };
        let mut spec = config.model.unwrap_or(usual).with(&config.parameters);
        spec.parameters.entry("random_state").or_insert_with(|| config.seed.into());
        let encoder = EncoderConfig {
            numeric_imputation: config.numeric_imputation,
            scale_numeric: config.scale_numeric,
            one_hot_max_categories: config.one_hot_max_categories,
            ..EncoderConfig::default()
        };
        let validation =
            CrossValidation { n_folds: config.cv_folds, seed: config.seed, encoder, ..CrossValidation::default() };
        Ok(Self { rows, target: labels, columns, spec, validation, warnings })
    }
}

fn several_labels(config: &ModelConfig) -> CoreError {
    CoreError::setting("target", format!("\"{}\"", config.target), "one column of single labels")
}

fn one_column(numbers: Vec<f64>) -> Array2<f64> {
    Array2::from_shape_fn((numbers.len(), 1), |(row, _)| numbers.get(row).copied().unwrap_or(f64::NAN))
}

/// Predicts every row that has a label by a model fitted without its fold.
///
/// # Errors
/// A setting outside its range, a column that is not there, labels or features no model can use,
/// [`CoreError::Cancelled`].
pub fn table_cross_val_predict(
    config: &ModelConfig,
    table: &Table,
    host: &dyn Host,
) -> Result<TablePredictions, CoreError> {
    let Chosen { rows, target, columns, spec, validation, mut warnings } = Chosen::of(config, table)?;
    let (classes, values, folds, said) = match target {
        Target::Classes(labels, names) => {
            let (labels, n_classes) = (labels.as_slice(), names.len());
            let data = LabelledRows { table, columns: &columns, rows: &rows, labels, n_classes };
            let found = cross_val_predict(data, &validation, spec.classifier()?.as_ref(), host)?;
            (names, found.pred_probs, found.folds, found.warnings)
        }
        Target::Numbers(numbers) => {
            let data = FoldRows { table, columns: &columns, rows: &rows };
            let model = (&*spec.regressor()?, host);
            let found = cross_val_predict_numbers(data, &numbers, &validation, model)?;
            (Vec::new(), one_column(found.predictions), found.folds, found.warnings)
        }
        Target::None(_) | Target::Sets(..) => return Err(several_labels(config)),
    };
    warnings.extend(said);
    Ok(TablePredictions { classes, rows, values, folds, warnings })
}

impl TableModel {
    /// Fits a model on every row that has a label.
    ///
    /// # Errors
    /// As [`table_cross_val_predict`].
    pub fn fit(config: &ModelConfig, table: &Table, host: &dyn Host) -> Result<Self, CoreError> {
        let Chosen { rows, target, columns, spec, validation, mut warnings } = Chosen::of(config, table)?;
        let expected: Vec<Expected> =
            columns.iter().filter_map(|&column| table.columns().get(column)).map(Expected::of).collect();
        // The columns that are read stand side by side, as they will in the tables that are predicted.
        let read = columns.iter().filter_map(|&column| table.columns().get(column).cloned()).collect();
        let read = Table::new(read)?;
        let all: Vec<usize> = (0..read.columns().len()).collect();
        let encoder = Encoder::fit_asking(&read, (&all, &rows), &validation.encoder, host)?;
        warnings.extend(encoder.warnings().iter().cloned());
        let features = encoder.transform(&read, &rows);
        drop(read);
        let (classes, fitted) = match target {
            Target::Classes(labels, names) => {
                let labels = WeightedLabels::unweighted(labels.as_slice(), names.len());
                let model = spec.classifier()?.fit(&features, labels, host)?;
                warnings.extend(model.warnings());
                (names, Fitted::Classes(model))
            }
            Target::Numbers(numbers) => {
                let model = spec.regressor()?.fit(&features, &numbers, None, host)?;
                warnings.extend(model.warnings());
                (Vec::new(), Fitted::Numbers(model))
            }
            Target::None(_) | Target::Sets(..) => return Err(several_labels(config)),
        };
        Ok(Self { classes, columns: expected, encoder, fitted, warnings })
    }

    /// Names of the classes in order; empty where numbers are predicted.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The columns it reads.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(Expected::name)
    }

    /// What the user should know of the fit.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Predicts every row of a table that has the columns the model reads, in any order.
    ///
    /// # Errors
    /// A column that is not there or holds something else than it was fitted on, [`CoreError::Cancelled`].
    pub fn predict(&self, table: &Table, host: &dyn Host) -> Result<TablePredictions, CoreError> {
        let aligned = align::aligned(&self.columns, table)?;
        let rows: Vec<u32> = (0..table.n_rows() as u32).collect();
        let features = self.encoder.transform(&aligned, &rows);
        drop(aligned);
        let values = match &self.fitted {
            Fitted::Classes(model) => model.try_predict_proba(&features, host)?,
            Fitted::Numbers(model) => one_column(model.try_predict(&features, host)?),
        };
        Ok(TablePredictions { classes: self.classes.clone(), rows, values, folds: Vec::new(), warnings: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use forge_data::{TableFile, read_csv};
    use forge_learn::Quiet;

    use super::*;

    fn file(text: &str) -> TableFile {
        read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap()
    }

    fn rows(n: usize) -> String {
        let mut text = "size,colour,kind,price\n".to_owned();
        for row in 0..n {
            let (colour, kind) = [("red", "apple"), ("blue", "plum")][row % 2];
            let size = row % 2 * 10 + row % 7;
            writeln!(text, "{size},{colour},{kind},{}.5", 3 * size + row % 23).unwrap();
        }
        text
    }

    fn config(json: &str) -> ModelConfig {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_fitted_model_predicts_another_table_whatever_the_order_of_its_columns() {
        let fruit = file(&rows(120));
        let model = TableModel::fit(&config(r#"{"target": "kind"}"#), &fruit.table, &Quiet).unwrap();
        assert_eq!(model.classes(), ["apple", "plum"]);
        let other = file("colour,more,size,price\nblue,1,12,40\nred,2,3,9\n");
        let found = model.predict(&other.table, &Quiet).unwrap();
        assert_eq!(found.values.dim(), (2, 2));
        assert!(found.values[[0, 1]] > 0.9 && found.values[[1, 0]] > 0.9, "{:?}", found.values);
    }

    #[test]
    fn a_table_that_does_not_fit_the_model_is_refused_by_column() {
        let fruit = file(&rows(120));
        let model = TableModel::fit(&config(r#"{"target": "kind"}"#), &fruit.table, &Quiet).unwrap();
        let refused = |text: &str| model.predict(&file(text).table, &Quiet).unwrap_err().to_string();
        assert!(refused("colour,price\nred,1\nblue,2\n").contains("\"size\""));
        assert!(refused("size,colour,price\nbig,red,1\nsmall,blue,2\n").contains("\"size\""));
    }

    #[test]
    fn every_row_is_predicted_out_of_sample() {
        let fruit = file(&rows(120));
        let found = table_cross_val_predict(&config(r#"{"target": "kind"}"#), &fruit.table, &Quiet).unwrap();
        assert_eq!((found.values.dim(), found.rows.len(), found.folds.len()), ((120, 2), 120, 120));
        let prices = r#"{"target": "price", "model": "random_forest", "cv_folds": 3}"#;
        let found = table_cross_val_predict(&config(prices), &fruit.table, &Quiet).unwrap();
        assert_eq!((found.values.dim(), found.classes.len()), ((120, 1), 0));
        let wrong = config(r#"{"target": "kind", "model": "ridge"}"#);
        assert!(table_cross_val_predict(&wrong, &fruit.table, &Quiet).is_err());
    }
}
