//! What each setting of a run changes, and what each field of its result says.

use forge_core::{FilterBy, ModelName, NumericImputation, Outcome, RunConfig, Settings};
use serde_json::{Map, Value};

use super::{rows, run, separable};

fn parameters(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

fn of(config: RunConfig) -> Outcome {
    run(&separable(), config).unwrap()
}

#[test]
fn every_number_outside_its_range_is_refused_with_its_name() {
    for (name, value) in [
        ("test_size", 0.04_f64),
        ("test_size", 0.51),
        ("one_hot_max_categories", 1.0),
        ("one_hot_max_categories", 501.0),
        ("cv_folds", 1.0),
        ("cv_folds", 21.0),
        ("prune_fraction", 0.21),
        ("issue_score_threshold", 1.1),
        ("label_noise_fraction", 0.51),
        ("max_rows", 99.0),
    ] {
        let mut json = serde_json::to_value(RunConfig::default()).unwrap();
        json[name] = if value.fract() == 0.0 { (value as u64).into() } else { value.into() };
        let config: RunConfig = serde_json::from_value(json).unwrap();
        let error = run(&separable(), config).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{name}` is {value}, expected ")), "{error}");
    }
}

#[test]
fn the_settings_that_forms_show_are_those_of_the_task() {
    let names: Vec<String> = RunConfig::settings().into_iter().map(|setting| setting.name).collect();
    let default = serde_json::to_value(RunConfig::default()).unwrap();
    assert_eq!(names.len(), default.as_object().unwrap().len());
    for (name, value) in [
        ("test_size", Value::from(0.2)),
        ("stratify", true.into()),
        ("numeric_imputation", "median".into()),
        ("scale_numeric", true.into()),
        ("one_hot_max_categories", 100.into()),
        ("cv_folds", 5.into()),
        ("use_datalab", true.into()),
        ("datalab_fast", true.into()),
        ("train_cleanlearning", false.into()),
        ("prune_and_retrain", true.into()),
        ("prune_fraction", 0.02.into()),
        ("prune_max_samples", 500.into()),
        ("issue_score_threshold", Value::Null),
        ("max_issues", 200.into()),
        ("label_noise_fraction", 0.0.into()),
        ("max_rows", Value::Null),
        ("seed", 42.into()),
    ] {
        assert_eq!(default[name], value, "{name}");
        assert!(names.iter().any(|known| known == name), "{name}");
    }
}

#[test]
fn every_model_for_classes_runs_and_its_parameters_pass_through() {
    for (model, given) in [
        (ModelName::LogisticRegression, r#"{"C": 0.5}"#),
        (ModelName::HistGradientBoosting, r#"{"max_iter": 5}"#),
        (ModelName::RandomForest, r#"{"n_estimators": 8}"#),
        (ModelName::ExtraTrees, r#"{"n_estimators": 8}"#),
        (ModelName::Knn, r#"{"n_neighbors": 3}"#),
    ] {
        let given = parameters(given);
        let outcome = of(RunConfig { model: Some(model), parameters: given.clone(), ..RunConfig::default() });
        assert_eq!((outcome.report.model.model.as_str(), &outcome.report.model.parameters), (model.name(), &given));
        assert!(outcome.report.variants[0].metrics.get("roc_auc").unwrap() > 0.9, "{}", model.name());
        let other = of(RunConfig { model: Some(model), ..RunConfig::default() });
        assert_ne!(outcome.findings.pred_probs, other.findings.pred_probs, "{}", model.name());
    }
    let wrong = RunConfig {
        parameters: parameters(r#"{"n_neighbours": 3}"#),
        model: Some(ModelName::Knn),
        ..RunConfig::default()
    };
    assert!(run(&separable(), wrong).unwrap_err().to_string().contains("did you mean n_neighbors?"));
}

#[test]
fn test_size_and_stratify_decide_which_rows_are_held_out() {
    let report = of(RunConfig { test_size: 0.4, ..RunConfig::default() }).report;
    assert_eq!((report.n_train, report.n_test), (120, 80));
    let held_out = |stratify| of(RunConfig { stratify, ..RunConfig::default() }).findings;
    let (with, without) = (held_out(true), held_out(false));
    let high =
        |findings: &forge_core::Findings| (0..200).filter(|&i| findings.held_out[i] && findings.given[i] == 0).count();
    assert_eq!(high(&with), 20);
    assert_ne!(with.held_out, without.held_out);
}

#[test]
fn numbers_and_categories_are_encoded_as_asked() {
    let gaps = rows("x,level,label", 200, |i| {
        let x = if i % 5 == 0 {
            String::new()
        } else {
            format!("{}", (i * i % 97) as f64 * if i % 2 == 0 { 1.0 } else { 1.4 })
        };
        format!("{x},c{},{}", i % 40, if i % 2 == 0 { "a" } else { "b" })
    });
    let probs = |config: RunConfig| run(&gaps, config).unwrap().findings.pred_probs;
    let usual = probs(RunConfig::default());
    assert_ne!(usual, probs(RunConfig { numeric_imputation: NumericImputation::Mean, ..RunConfig::default() }));
    assert_ne!(usual, probs(RunConfig { scale_numeric: false, ..RunConfig::default() }));
    assert_ne!(usual, probs(RunConfig { one_hot_max_categories: 3, ..RunConfig::default() }));
    assert_ne!(usual, probs(RunConfig { cv_folds: 3, ..RunConfig::default() }));
}

#[test]
fn the_checks_are_those_asked_for_and_list_rows_with_their_values() {
    let names = |config: RunConfig| -> Vec<&'static str> {
        let checks = of(config).report.datalab.unwrap().checks;
        let mut names: Vec<&str> = checks.iter().map(|check| check.issue_type.name()).collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names(RunConfig::default()), ["label", "near_duplicate", "non_iid", "outlier"]);
    let all = names(RunConfig { datalab_fast: false, ..RunConfig::default() });
    assert_eq!(
        all,
        ["class_imbalance", "label", "near_duplicate", "non_iid", "null", "outlier", "underperforming_group"]
    );
    assert!(of(RunConfig { use_datalab: false, ..RunConfig::default() }).report.datalab.is_none());

    let report = of(RunConfig::default()).report;
    let datalab = report.datalab.unwrap();
    let label = datalab.checks.iter().find(|check| check.issue_type.name() == "label").unwrap();
    assert_eq!(label.n_issues, report.label_issues.n_issues);
    let worst = label.listed.iter().find(|issue| issue.row == 10).unwrap();
    assert_eq!(worst.values, [Some("0.1".to_owned()), Some("green".to_owned())]);
    assert_eq!(report.features, ["x", "colour"]);
    let duplicates = datalab.checks.iter().find(|check| check.issue_type.name() == "near_duplicate").unwrap();
    assert_eq!(duplicates.listed.len(), duplicates.n_issues.min(20));
    assert!((0.0..=1.0).contains(&duplicates.score));
}

#[test]
fn clean_learning_is_a_third_variant_with_its_difference() {
    let config = RunConfig { label_noise_fraction: 0.2, train_cleanlearning: true, ..RunConfig::default() };
    let report = of(config).report;
    let names: Vec<&str> = report.variants.iter().map(|variant| variant.name.as_str()).collect();
    assert_eq!(names, ["baseline", "pruned_retrain", "cleanlearning"]);
    let (baseline, clean) = (&report.variants[0], &report.variants[2]);
    assert!(clean.n_train < report.n_train);
    let difference = clean.metrics.get("log_loss").unwrap() - baseline.metrics.get("log_loss").unwrap();
    assert_eq!(clean.delta.as_ref().unwrap().get("log_loss"), Some(difference));
    assert!(difference < 0.0, "a model without the flipped rows is surer: {difference}");
    assert!(report.timings.iter().any(|timing| timing.stage == "Training with CleanLearning"));
    // A model that takes no weights is trained without them.
    let knn = RunConfig { model: Some(ModelName::Knn), train_cleanlearning: true, ..RunConfig::default() };
    assert_eq!(of(knn).report.variants.last().unwrap().name, "cleanlearning");
}

#[test]
fn pruning_keeps_its_limits() {
    let noisy = RunConfig { label_noise_fraction: 0.2, prune_fraction: 0.1, ..RunConfig::default() };
    assert_eq!(of(noisy.clone()).report.variants[1].n_train, 144);
    assert_eq!(of(RunConfig { prune_max_samples: 3, ..noisy.clone() }).report.variants[1].n_train, 157);
    for none in [
        RunConfig { prune_and_retrain: false, ..noisy.clone() },
        RunConfig { prune_fraction: 0.0, ..noisy.clone() },
        RunConfig { prune_max_samples: 0, ..noisy.clone() },
    ] {
        let report = of(none).report;
        assert_eq!(report.variants.len(), 1);
        assert_eq!(report.noise.unwrap().precision_at_prune, None);
    }
    let listed = of(noisy).report.label_issues.listed;
    assert_eq!(listed.iter().filter(|issue| issue.pruned).count(), 16);
    assert!(listed.iter().all(|issue| !(issue.pruned && issue.held_out)));
    assert!(listed.iter().filter(|issue| issue.known == Some(true)).count() > 20);
}

#[test]
fn which_rows_are_issues_follows_rule_and_limit() {
    let noisy = RunConfig { label_noise_fraction: 0.2, ..RunConfig::default() };
    let usual = of(noisy.clone()).report.label_issues;
    let strict = of(RunConfig { issue_score_threshold: Some(0.05), ..noisy.clone() }).report.label_issues;
    assert!(strict.n_issues < usual.n_issues);
    assert!(strict.listed.iter().all(|issue| issue.score <= 0.05));
    let short = of(RunConfig { max_issues: 2, ..noisy.clone() }).report.label_issues;
    assert_eq!((short.listed.len(), short.n_issues), (2, usual.n_issues));
    assert_eq!(short.listed[..], usual.listed[..2]);
    let other = of(RunConfig { filter_by: FilterBy::PredictedNeqGiven, ..noisy }).findings;
    let disagree = (0..200).filter(|&i| other.given[i] != other.suggested[i]).count();
    assert!(disagree > 0 && other.is_issue.iter().filter(|&&issue| issue).count() <= disagree);
}

#[test]
fn rows_are_drawn_by_the_seed() {
    let drawn = |seed| of(RunConfig { max_rows: Some(100), seed, ..RunConfig::default() });
    let (one, other) = (drawn(1), drawn(2));
    assert_eq!((one.report.n_rows, one.findings.rows.len()), (100, 100));
    assert_ne!(one.findings.rows, other.findings.rows);
    assert_eq!(one.report, drawn(1).report);
    assert_eq!((one.report.seed, one.report.config.seed), (1, 1));
    assert_eq!(one.report.version, forge_core::VERSION);
    assert!(one.report.noise.is_none());
    assert!(one.report.label_issues.listed.iter().all(|issue| issue.known.is_none()));
}

#[test]
fn the_seed_reaches_the_model_unless_it_has_one_of_its_own() {
    let forest = |seed, given: &str| {
        let config = RunConfig { model: Some(ModelName::RandomForest), seed, ..RunConfig::default() };
        let mut given = parameters(given);
        given.insert("n_estimators".to_owned(), 5.into());
        // The split and the folds follow the seed too, so predictions are compared where they are the same.
        of(RunConfig { parameters: given, ..config }).findings.pred_probs
    };
    assert_eq!(forest(7, "{}"), forest(7, r#"{"random_state": 7}"#));
    assert_ne!(forest(7, "{}"), forest(7, r#"{"random_state": 8}"#));
}

#[test]
fn a_report_survives_json() {
    let report = of(RunConfig { label_noise_fraction: 0.1, train_cleanlearning: true, ..RunConfig::default() }).report;
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<forge_core::Report>(&json).unwrap(), report);
}
