//! `classification.CleanLearning` and `regression.learn.CleanLearning`: what the constructor takes goes into `init`.
//!
//! The model, `clf` or `model`, is a name such as `hist_gradient_boosting` or an object of name and parameters such as
//! `{"model": "knn", "parameters": {"n_neighbors": 7}}`; cleanlab's defaults have scikit-learn's class names too.
//!
//! A name with `(seed=1)` is the same function with another default of the seed.

use forge_learn::{
    Classifier, LinearRegression, LinearTerms, LogisticRegression, Matrix, ModelSpec, Regressor, Task, r2_score,
};
use ndarray::Array2;
use serde_json::{Value, json};

use super::args::Args;
use super::filter::filter_options;
use super::{Function, output};
use crate::classification::clean_learning::{
    CleanLearning, CleanModel, Evidence, FitOptions, GivenIssues, LabelFindings, Memory, NoiseKnowledge, PerfectClass,
};
use crate::classification::count::Convergence;
use crate::classification::rank::Adjustment;
use crate::regression::learn as regression;
use crate::{CoreError, Labels};

const FIND: &[&str] =
    &["labels", "pred_probs", "X", "thresholds", "noise_matrix", "inverse_noise_matrix", "save_space", "init"];
const FIT: &[&str] = &[
    "X",
    "labels",
    "pred_probs",
    "thresholds",
    "noise_matrix",
    "inverse_noise_matrix",
    "label_issues",
    "sample_weight",
    "cv_n_folds",
    "init",
];
pub(super) const INIT: &[&str] = &[
    "clf",
    "seed",
    "cv_n_folds",
    "converge_latent_estimates",
    "pulearning",
    "find_label_issues_kwargs",
    "label_quality_scores_kwargs",
    "verbose",
    "low_memory",
];
const FIND_NUMBERS: &[&str] =
    &["X", "y", "uncertainty", "coarse_search_range", "fine_search_size", "save_space", "init"];
const FIT_NUMBERS: &[&str] = &["X", "y", "label_issues", "sample_weight", "find_label_issues_kwargs", "init"];
pub(super) const INIT_NUMBERS: &[&str] =
    &["model", "cv_n_folds", "n_boot", "include_aleatoric_uncertainty", "verbose", "seed"];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "classification.CleanLearning",
        parameters: INIT,
        run: |args| {
            let settings = settings(args, 0)?;
            settings.validate()?;
            Ok(json!({ "seed": settings.seed, "cv_n_folds": settings.cv_n_folds }))
        },
    },
    Function { name: "classification.CleanLearning.find_label_issues", parameters: FIND, run: find },
    Function { name: "classification.CleanLearning.fit", parameters: FIT, run: |args| fit(args, 0) },
    Function { name: "classification.CleanLearning(seed=1).fit", parameters: FIT, run: |args| fit(args, 1) },
    Function {
        name: "regression.learn.CleanLearning.find_label_issues",
        parameters: FIND_NUMBERS,
        run: |args| find_numbers(args, 0),
    },
    Function {
        name: "regression.learn.CleanLearning(seed=1).find_label_issues",
        parameters: FIND_NUMBERS,
        run: |args| find_numbers(args, 1),
    },
    Function { name: "regression.learn.CleanLearning.fit", parameters: FIT_NUMBERS, run: |args| fit_numbers(args, 0) },
    Function {
        name: "regression.learn.CleanLearning(seed=1).fit",
        parameters: FIT_NUMBERS,
        run: |args| fit_numbers(args, 1),
    },
];

/// The arguments inside an object argument.
pub(super) fn nested<'a>(
    args: &Args<'a>,
    name: &'static str,
    parameters: &[&'static str],
) -> Result<Args<'a>, CoreError> {
    let given = match args.get(name) {
        None => serde_json::Map::new(),
        Some(Value::Object(given)) => given.clone(),
        Some(other) => return Err(CoreError::setting(name, other, "an object of named settings")),
    };
    Args::bind(parameters, &[], &given)
}

/// The model that `argument` names, none where it is left out or is `default`, the class name of cleanlab's default.
fn model_spec(
    init: &Args,
    argument: &'static str,
    (default, task): (&str, Task),
) -> Result<Option<ModelSpec>, CoreError> {
    let refuse = |given: &Value| {
        let names = task.models().join(", ");
        let rule = format!("{default}, one of {names}, or such a name as `model` with its `parameters`");
        CoreError::setting(argument, given, rule)
    };
    match init.get(argument) {
        None => Ok(None),
        Some(Value::String(name)) if name == default => Ok(None),
        Some(Value::String(name)) => Ok(Some(ModelSpec::named(name))),
        Some(given @ Value::Object(_)) => serde_json::from_value(given.clone()).map(Some).map_err(|_| refuse(given)),
        Some(given) => Err(refuse(given)),
    }
}

/// The model for classes, cleanlab's `clf`.
fn classifier(init: &Args) -> Result<Box<dyn Classifier>, CoreError> {
    match model_spec(init, "clf", ("LogisticRegression", Task::Classification))? {
        None => Ok(Box::new(LogisticRegression::default())),
        Some(spec) => Ok(spec.classifier()?),
    }
}

/// The model for numbers, cleanlab's `model`.
fn regressor(init: &Args) -> Result<Box<dyn Regressor>, CoreError> {
    match model_spec(init, "model", ("LinearRegression", Task::Regression))? {
        None => Ok(Box::new(LinearRegression::default())),
        Some(spec) => Ok(spec.regressor()?),
    }
}

pub(super) fn settings(init: &Args, default_seed: u64) -> Result<CleanLearning, CoreError> {
    const FILTER: &[&str] = &[
        "filter_by",
        "frac_noise",
        "num_to_remove_per_class",
        "min_examples_per_class",
        "confident_joint",
        "n_jobs",
        "verbose",
    ];
    // Where there are only probabilities it is not fitted, but a name there is not is told all the same.
    classifier(init)?;
    let defaults = CleanLearning::default();
    let filter = nested(init, "find_label_issues_kwargs", FILTER)?;
    let scoring = nested(init, "label_quality_scores_kwargs", &["method", "adjust_pred_probs"])?;
    let perfect_class = match init.parsed::<Option<i64>>("pulearning")? {
        None => None,
        Some(0) => Some(PerfectClass::Zero),
        Some(1) => Some(PerfectClass::One),
        Some(other) => return Err(CoreError::setting("pulearning", other, "0 or 1, the class without label errors")),
    };
    Ok(CleanLearning {
        seed: init.parsed_or("seed", default_seed)?,
        cv_n_folds: init.parsed_or("cv_n_folds", defaults.cv_n_folds)?,
        convergence: if init.parsed("converge_latent_estimates")? {
            Convergence::Converged
        } else {
            Convergence::Direct
        },
        perfect_class,
        filter: filter_options(&filter, &defaults.filter)?,
        score: scoring.parsed("method")?,
        adjustment: if scoring.parsed("adjust_pred_probs")? {
            Adjustment::ConfidentThresholds
        } else {
            Adjustment::None
        },
        memory: if init.parsed("low_memory")? { Memory::Low } else { Memory::Full },
    })
}

pub(super) fn knowledge(args: &Args) -> Result<NoiseKnowledge, CoreError> {
    Ok(NoiseKnowledge {
        thresholds: args.optional_numbers("thresholds")?,
        noise_matrix: args.optional_matrix("noise_matrix")?,
        inverse_noise_matrix: args.optional_matrix("inverse_noise_matrix")?,
    })
}

fn find(args: &Args) -> Result<Value, CoreError> {
    let init = nested(args, "init", INIT)?;
    let (settings, classifier) = (settings(&init, 0)?, classifier(&init)?);
    let labels = args.labels()?;
    let knowledge = knowledge(args)?;
    let (pred_probs, features) = (args.optional_pred_probs()?, args.optional_matrix("X")?);
    let evidence = match (&pred_probs, &features) {
        (Some(pred_probs), _) => Evidence::PredProbs(pred_probs),
        (None, Some(features)) => Evidence::Features { features, classifier: &*classifier },
        (None, None) => {
            return Err(CoreError::Missing {
                argument: "X",
                rule: "label issues are found from `pred_probs` or, by cross-validation, from features",
            });
        }
    };
    let found = settings.find_label_issues(&labels, evidence, &knowledge)?;
    let noise = found.noise.as_ref();
    Ok(json!({
        "issues": output::table(columns(&labels, &found)),
        "noise_matrix": noise.map(|noise| output::matrix(&noise.noise_matrix)),
        "inverse_noise_matrix": noise.map(|noise| output::matrix(&noise.inverse_noise_matrix)),
        "confident_joint": noise.map(|noise| output::counts(&noise.confident_joint)),
        "py": noise.and_then(|noise| noise.py.as_ref()).map(|py| output::numbers(py.iter().copied())),
        // Only classes that occur, as cleanlab counts them.
        "ps": output::numbers(found.given_shares.iter().copied().filter(|&share| share > 0.0)),
        "num_classes": found.given_shares.len(),
    }))
}

fn columns(labels: &Labels, found: &LabelFindings) -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("is_label_issue", found.is_label_issue.iter().map(|&issue| json!(issue)).collect()),
        ("label_quality", found.label_quality.iter().map(|&score| json!(score)).collect()),
        ("given_label", labels.as_slice().iter().map(|&label| json!(label)).collect()),
        ("predicted_label", found.predicted_label.iter().map(|&label| json!(label)).collect()),
    ]
}

fn fit(args: &Args, default_seed: u64) -> Result<Value, CoreError> {
    let init = nested(args, "init", INIT)?;
    let (mut settings, classifier) = (settings(&init, default_seed)?, classifier(&init)?);
    settings.cv_n_folds = args.parsed_or("cv_n_folds", settings.cv_n_folds)?;
    let (features, labels) = (args.matrix("X")?, args.labels()?);
    let pred_probs = args.optional_pred_probs()?;
    let label_issues = match args.get("label_issues").and_then(Value::as_array) {
        Some(rows) if !rows.is_empty() && rows.iter().all(Value::is_boolean) => {
            Some(GivenIssues::Mask(args.mask("label_issues")?))
        }
        _ => args.parsed::<Option<Vec<u32>>>("label_issues")?.map(GivenIssues::Rows),
    };
    let options = FitOptions {
        pred_probs: pred_probs.as_ref(),
        knowledge: knowledge(args)?,
        label_issues,
        sample_weight: args.optional_numbers("sample_weight")?,
    };
    let clean = settings.fit(&*classifier, &features, &labels, options)?;
    let terms = clean.linear_terms();
    let issues = issue_columns(&labels, &clean);
    Ok(json!({
        "issues": output::table(issues),
        "pred": clean.predict(&features)?,
        "proba": output::matrix(&clean.predict_proba(&features)?),
        "score": clean.score(&features, &labels, None)?,
        // Only where the model has them.
        "coef": terms.as_ref().map(|terms| output::matrix(&terms.coefficients)),
        "intercept": terms.map(|terms| output::numbers(terms.intercepts)),
    }))
}

fn issue_columns(labels: &Labels, clean: &CleanModel) -> Vec<(&'static str, Vec<Value>)> {
    let mut table = match &clean.findings {
        Some(found) => columns(labels, found),
        None => vec![("is_label_issue", clean.is_label_issue.iter().map(|&issue| json!(issue)).collect())],
    };
    if let Some(weights) = &clean.class_weights {
        table.push(("sample_weight", weights.iter().map(|&weight| json!(weight)).collect()));
    }
    table
}

pub(super) fn number_settings(
    args: &Args,
    init: &Args,
    default_seed: u64,
) -> Result<regression::CleanLearning, CoreError> {
    regressor(init)?;
    let defaults = regression::CleanLearning::default();
    Ok(regression::CleanLearning {
        cv_n_folds: init.parsed_or("cv_n_folds", defaults.cv_n_folds)?,
        n_boot: init.parsed_or("n_boot", defaults.n_boot)?,
        aleatoric: if init.parsed_or("include_aleatoric_uncertainty", true)? {
            regression::Aleatoric::Included
        } else {
            regression::Aleatoric::LeftOut
        },
        seed: init.parsed_or("seed", default_seed)?,
        search: regression::Search {
            coarse: args.optional_numbers("coarse_search_range")?.unwrap_or(defaults.search.coarse),
            fine_size: args.parsed_or("fine_search_size", defaults.search.fine_size)?,
        },
        uncertainty: match args.get("uncertainty") {
            None => regression::Uncertainty::Estimated,
            Some(Value::Number(_)) => regression::Uncertainty::Constant(args.parsed("uncertainty")?),
            Some(_) => regression::Uncertainty::PerRow(args.numbers("uncertainty")?),
        },
    })
}

fn number_data(args: &Args) -> Result<regression::RegressionData, CoreError> {
    let (features, targets): (Array2<f64>, Vec<f64>) = (args.matrix("X")?, args.numbers("y")?);
    if let Some(((row, column), value)) = features.indexed_iter().find(|(_, value)| !value.is_finite()) {
        return Err(CoreError::setting(&format!("X[{row}, {column}]"), value, "a finite number"));
    }
    regression::RegressionData::new(Matrix::from_dense(&features)?, targets)
}

fn find_numbers(args: &Args, default_seed: u64) -> Result<Value, CoreError> {
    let init = nested(args, "init", INIT_NUMBERS)?;
    let (settings, model) = (number_settings(args, &init, default_seed)?, regressor(&init)?);
    let data = number_data(args)?;
    let found = settings.find_label_issues(&*model, &data, args.host())?;
    let given = args.get("y").and_then(Value::as_array).cloned().unwrap_or_default();
    // Whole targets are predicted by whole numbers, cut off.
    let whole = given.iter().all(|value| value.is_i64() || value.is_u64());
    let predicted = |&value: &f64| if whole { json!(value.trunc() as i64) } else { json!(value) };
    let table = output::table(vec![
        ("is_label_issue", found.is_label_issue.iter().map(|&issue| json!(issue)).collect()),
        ("label_quality", found.label_quality.iter().map(|&score| json!(score)).collect()),
        ("given_label", given),
        ("predicted_label", found.predicted_label.iter().map(predicted).collect()),
    ]);
    Ok(json!({ "issues": table, "k": found.issue_share }))
}

fn fit_numbers(args: &Args, default_seed: u64) -> Result<Value, CoreError> {
    const FINDING: &[&str] = &["uncertainty", "coarse_search_range", "fine_search_size"];
    let finding = nested(args, "find_label_issues_kwargs", FINDING)?;
    let init = nested(args, "init", INIT_NUMBERS)?;
    let (settings, model) = (number_settings(&finding, &init, default_seed)?, regressor(&init)?);
    let data = number_data(args)?;
    let options = regression::FitOptions {
        label_issues: args.get("label_issues").map(|_| args.mask("label_issues")).transpose()?,
        sample_weight: args.optional_numbers("sample_weight")?,
    };
    let model = settings.fit(&*model, &data, options, args.host())?.model;
    let predicted = model.try_predict(data.features(), args.host())?;
    let terms = model.linear_terms();
    let coefficients = |terms: &LinearTerms| output::numbers(terms.coefficients.iter().copied());
    Ok(json!({
        "score": r2_score(data.targets(), &predicted, None)?,
        "pred": predicted,
        // Only where the model has them.
        "coef": terms.as_ref().map(coefficients),
        "intercept": terms.and_then(|terms| terms.intercepts.first().copied()),
    }))
}
