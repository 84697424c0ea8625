//! The tabular runner: find label errors in a table and measure what leaving the worst out buys.
//!
//! Split → (noise) → out-of-sample probabilities by cross-validation of the training rows → baseline model, which also
//! predicts the held-out rows it never saw → label issues over all rows → prune the worst training rows → retrain →
//! compare on the held-out rows.

mod config;

use forge_data::{MISSING, Table, TableFile};
use forge_learn::{
    Encoder, Host, LabelledRows, Progress, WeightedLabels, classification_metrics, cross_val_predict, train_test_split,
};
use ndarray::Array2;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::clock::Clock;
use super::columns::{features, position};
use super::metrics::Metrics;
use crate::classification::argmax;
use crate::classification::count::estimate_joint;
use crate::classification::filter::{FilterOptions, find_label_issues};
use crate::classification::rank::{Score, find_top_issues, get_label_quality_scores};
use crate::classification::summary::{Evidence, overall_label_health_score};
use crate::job::{reading_notes, with_notes};
use crate::noise::flip_labels;
use crate::report::{Findings, LabelIssue, LabelIssues, NoiseReport, Report, Variant};
use crate::{CoreError, Labels, Outcome, PredProbs, VERSION};

const PREPARE: &str = "Preparing columns";
const BASELINE: &str = "Training the baseline";
const FIND: &str = "Finding label issues";
const RETRAIN: &str = "Retraining without the worst rows";

/// The rows and columns of a run.
struct Problem {
    /// Class names, by class number.
    classes: Vec<String>,
    /// Rows of the table that have a label, ascending.
    rows: Vec<u32>,
    /// Their class numbers.
    labels: Vec<u32>,
    /// Columns the model reads.
    columns: Vec<usize>,
    warnings: Vec<String>,
}

pub use config::RunConfig;

/// Runs on a file that was read; what reading found becomes part of the report's warnings, or of the error where the
/// rows that are left cannot be used.
///
/// # Errors
/// As [`run`].
pub fn run_file(config: &RunConfig, file: &TableFile, host: &dyn Host) -> Result<Outcome, CoreError> {
    let notes = reading_notes(file);
    let mut outcome = run(config, &file.table, host).map_err(|error| with_notes(error, &notes))?;
    outcome.report.warnings.splice(0..0, notes);
    Ok(outcome)
}

/// Finds label errors in `table` and measures what leaving the worst out buys.
///
/// # Errors
/// A setting outside its range, a table that cannot be used, or [`CoreError::Cancelled`].
pub fn run(config: &RunConfig, table: &Table, host: &dyn Host) -> Result<Outcome, CoreError> {
    config.validate()?;
    let mut clock = Clock::new(host);
    let mut problem = prepare(config, table)?;
    let n_classes = problem.classes.len();
    let (train, test) = split(config, &problem.labels)?;
    let clean = problem.labels.clone();
    let flipped = inject_noise(config, &mut problem, &train);
    let rows_of = |positions: &[usize]| positions.iter().map(|&i| problem.rows[i]).collect::<Vec<u32>>();
    let labels_of = |positions: &[usize]| positions.iter().map(|&i| problem.labels[i]).collect::<Vec<u32>>();
    let test_labels: Vec<u32> = test.iter().map(|&i| clean[i]).collect();
    clock.lap(PREPARE);

    let (train_rows, train_labels) = (rows_of(&train), labels_of(&train));
    let validation = config.cross_validation();
    let model = config.model.unwrap_or_default().with(&config.parameters);
    let classifier = model.classifier()?;
    let labelled =
        LabelledRows { table, columns: &problem.columns, rows: &train_rows, labels: &train_labels, n_classes };
    let out_of_fold = cross_val_predict(labelled, &validation, classifier.as_ref(), host)?;
    clock.lap(validation.stage);

    let mut warnings = std::mem::take(&mut problem.warnings);
    let test_rows = rows_of(&test);
    let mut fit = |rows: &[u32], labels: &[u32], stage: &str| -> Result<Array2<f64>, CoreError> {
        host.progress(Progress { stage, done: 0, total: 1 });
        let encoder = Encoder::fit_asking(table, (&problem.columns, rows), &validation.encoder, host)?;
        let fitted =
            classifier.fit(&encoder.transform(table, rows), WeightedLabels::unweighted(labels, n_classes), host)?;
        encoder.warnings().iter().cloned().chain(fitted.warnings()).for_each(|warning| note(&mut warnings, warning));
        let pred_probs = fitted.predict_proba(&encoder.transform(table, &test_rows));
        host.progress(Progress { stage, done: 1, total: 1 });
        Ok(pred_probs)
    };
    let held_out_probs = fit(&train_rows, &train_labels, BASELINE)?;
    let baseline: Metrics = classification_metrics(&test_labels, &held_out_probs)?.into();
    clock.lap(BASELINE);

    let mut pred_probs = Array2::zeros((problem.rows.len(), n_classes));
    for (positions, probs) in [(&train, &out_of_fold.pred_probs), (&test, &held_out_probs)] {
        positions.iter().zip(probs.outer_iter()).for_each(|(&i, row)| pred_probs.row_mut(i).assign(&row));
    }
    let mut held_out = vec![false; problem.rows.len()];
    test.iter().for_each(|&i| held_out[i] = true);
    host.progress(Progress { stage: FIND, done: 0, total: 1 });
    let issues = find(config, &problem.labels, pred_probs)?;
    host.progress(Progress { stage: FIND, done: 1, total: 1 });
    clock.lap(FIND);

    let prune_limit = if config.prune_and_retrain { config.prune_max_samples } else { 0 };
    let limit = ((config.prune_fraction * train.len() as f64) as usize).min(prune_limit);
    let pruned = worst_training_rows(&issues, &held_out, limit);
    let mut variants =
        vec![Variant { name: "baseline".to_owned(), n_train: train.len(), metrics: baseline.clone(), delta: None }];
    let mut trouble = None;
    if !pruned.is_empty() {
        let kept: Vec<usize> = train.iter().copied().filter(|i| pruned.binary_search(i).is_err()).collect();
        match fit(&rows_of(&kept), &labels_of(&kept), RETRAIN) {
            Ok(probs) => {
                variants.push(compare(&baseline, classification_metrics(&test_labels, &probs)?.into(), kept.len()))
            }
            Err(CoreError::Cancelled) => return Err(CoreError::Cancelled),
            Err(error) => trouble = Some(format!("Retraining without the pruned rows failed: {error}")),
        }
        clock.lap(RETRAIN);
    }
    let rare = notes_on_rare_classes(&problem.classes, &out_of_fold.absent, &issues.skipped_classes);
    let later = out_of_fold.warnings.into_iter().chain(rare).chain(trouble);
    later.for_each(|warning| note(&mut warnings, warning));

    let noise = (config.label_noise_fraction > 0.0).then(|| noise_report(&flipped, &pruned, &issues.mask, &held_out));
    let findings = Findings {
        suggested: issues.pred_probs.rows().map(|row| argmax(row) as u32).collect(),
        classes: problem.classes,
        rows: problem.rows,
        given: problem.labels,
        scores: issues.scores,
        is_issue: issues.mask,
        held_out,
        pred_probs: issues.pred_probs.into_inner(),
    };
    let report = Report {
        task: "classification".to_owned(),
        model,
        target: config.target.clone(),
        features: problem.columns.iter().map(|&column| table.columns()[column].name().to_owned()).collect(),
        n_rows: findings.rows.len(),
        n_train: train.len(),
        n_test: test.len(),
        primary_metric: "roc_auc".to_owned(),
        variants,
        label_issues: list(config, &findings, &pruned, issues.health_score, &issues.joint),
        noise,
        warnings,
        timings: clock.laps,
        config: config.clone(),
        seed: config.seed,
        version: VERSION.to_owned(),
        classes: findings.classes.clone(),
    };
    Ok(Outcome { report, findings })
}

/// Chooses rows, labels and columns.
fn prepare(config: &RunConfig, table: &Table) -> Result<Problem, CoreError> {
    let target = position(table, "target", &config.target)?;
    let given = table.columns()[target].class_labels()?;
    let mut warnings = Vec::new();

    let mut rows: Vec<u32> = (0..table.n_rows() as u32).filter(|&row| given.codes[row as usize] != MISSING).collect();
    if rows.len() < table.n_rows() {
        let missing = table.n_rows() - rows.len();
        warnings.push(format!("{missing} rows have no value in \"{}\" and are left out.", config.target));
    }
    if let Some(max_rows) = config.max_rows.filter(|&max_rows| max_rows < rows.len()) {
        rows.shuffle(&mut ChaCha8Rng::seed_from_u64(config.seed));
        rows.truncate(max_rows);
        rows.sort_unstable();
    }
    let labels: Vec<u32> = rows.iter().map(|&row| given.codes[row as usize]).collect();
    check_classes(config, &given.names, &labels, &mut warnings)?;

    let columns = features(table, &[target], &config.roles, &mut warnings)?;
    if columns.is_empty() {
        return Err(CoreError::Unusable(format!(
            "No column is left to predict \"{}\" from: the table needs at least one feature beside the target.",
            config.target
        )));
    }
    Ok(Problem { classes: given.names, rows, labels, columns, warnings })
}

/// Refuses labels that cannot be cross-validated and notes classes that hardly can.
fn check_classes(
    config: &RunConfig,
    names: &[String],
    labels: &[u32],
    warnings: &mut Vec<String>,
) -> Result<(), CoreError> {
    let mut counts = vec![0_usize; names.len()];
    labels.iter().for_each(|&label| counts[label as usize] += 1);
    let present: Vec<usize> = (0..names.len()).filter(|&class| counts[class] > 0).collect();
    if let [only] = present[..] {
        return Err(CoreError::Unusable(format!(
            "Column \"{}\" has one class only, \"{}\": finding label errors needs at least two.",
            config.target, names[only]
        )));
    }
    let least = 2 * config.cv_folds;
    if labels.len() < least {
        return Err(CoreError::Unusable(format!(
            "{} labelled rows are too few for {} folds: at least {least} are needed.",
            labels.len(),
            config.cv_folds
        )));
    }
    for class in present.into_iter().filter(|&class| counts[class] < config.cv_folds) {
        let rows = if counts[class] == 1 { "row" } else { "rows" };
        warnings.push(format!(
            "Class \"{}\" has {} {rows}, fewer than the {} folds: some models never see it and its scores are unreliable.",
            names[class], counts[class], config.cv_folds
        ));
    }
    Ok(())
}

/// Positions of the training and of the held-out rows, ascending.
fn split(config: &RunConfig, labels: &[u32]) -> Result<(Vec<usize>, Vec<usize>), CoreError> {
    let by = config.stratify.then_some(labels);
    let (train, test) = train_test_split(labels.len(), by, config.test_size, config.seed)?;
    let positions = |rows: Vec<u32>| rows.into_iter().map(|row| row as usize).collect();
    Ok((positions(train), positions(test)))
}

/// Flips training labels where that is asked for; returns the flipped positions, ascending.
fn inject_noise(config: &RunConfig, problem: &mut Problem, train: &[usize]) -> Vec<usize> {
    let mut labels: Vec<u32> = train.iter().map(|&i| problem.labels[i]).collect();
    let flipped = flip_labels(&mut labels, problem.classes.len(), config.label_noise_fraction, config.seed);
    flipped
        .into_iter()
        .map(|position| {
            problem.labels[train[position]] = labels[position];
            train[position]
        })
        .collect()
}

/// The issues of all rows.
struct Issues {
    mask: Vec<bool>,
    scores: Vec<f64>,
    pred_probs: PredProbs,
    health_score: f64,
    joint: Array2<f64>,
    skipped_classes: Vec<usize>,
}

fn find(config: &RunConfig, labels: &[u32], pred_probs: Array2<f64>) -> Result<Issues, CoreError> {
    let labels = Labels::new(labels.to_vec())?;
    let pred_probs = PredProbs::new(pred_probs)?;
    let options = FilterOptions { filter_by: config.filter_by, ..FilterOptions::default() };
    let mut found = find_label_issues(&labels, &pred_probs, &options)?;
    let scores = get_label_quality_scores(&labels, &pred_probs, Score::SelfConfidence)?;
    if let Some(threshold) = config.issue_score_threshold {
        found.mask.iter_mut().zip(&scores).for_each(|(issue, &score)| *issue &= score <= threshold);
    }
    let evidence = Evidence::predictions(&labels, &pred_probs);
    Ok(Issues {
        health_score: overall_label_health_score(&evidence)?,
        joint: estimate_joint(&labels, &pred_probs)?,
        mask: found.mask,
        skipped_classes: found.skipped_classes,
        scores,
        pred_probs,
    })
}

/// Positions of the `limit` flagged training rows with the lowest scores, ascending.
fn worst_training_rows(issues: &Issues, held_out: &[bool], limit: usize) -> Vec<usize> {
    let flagged: Vec<usize> = (0..held_out.len()).filter(|&i| issues.mask[i] && !held_out[i]).collect();
    let scores: Vec<f64> = flagged.iter().map(|&i| issues.scores[i]).collect();
    let mut worst: Vec<usize> = find_top_issues(&scores, limit).into_iter().map(|i| flagged[i as usize]).collect();
    worst.sort_unstable();
    worst
}

fn compare(baseline: &Metrics, metrics: Metrics, n_train: usize) -> Variant {
    Variant { name: "pruned_retrain".to_owned(), n_train, delta: Some(metrics.minus(baseline)), metrics }
}

/// The flagged rows, worst first, with the tables that sum them up.
fn list(
    config: &RunConfig,
    findings: &Findings,
    pruned: &[usize],
    health_score: f64,
    joint: &Array2<f64>,
) -> LabelIssues {
    let n_classes = findings.classes.len();
    let flagged: Vec<usize> = (0..findings.rows.len()).filter(|&i| findings.is_issue[i]).collect();
    let mut given_by_suggested = vec![vec![0; n_classes]; n_classes];
    flagged.iter().for_each(|&i| given_by_suggested[findings.given[i] as usize][findings.suggested[i] as usize] += 1);
    let scores: Vec<f64> = flagged.iter().map(|&i| findings.scores[i]).collect();
    let listed = find_top_issues(&scores, config.max_issues).into_iter().map(|i| flagged[i as usize]);
    LabelIssues {
        n_issues: flagged.len(),
        health_score,
        listed: listed
            .map(|i| LabelIssue {
                row: findings.rows[i],
                given_label: findings.classes[findings.given[i] as usize].clone(),
                suggested_label: findings.classes[findings.suggested[i] as usize].clone(),
                score: findings.scores[i],
                pruned: pruned.binary_search(&i).is_ok(),
                held_out: findings.held_out[i],
            })
            .collect(),
        given_by_suggested,
        joint: joint.outer_iter().map(|row| row.to_vec()).collect(),
    }
}

fn noise_report(flipped: &[usize], pruned: &[usize], flagged: &[bool], held_out: &[bool]) -> NoiseReport {
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let was_flipped = |i: usize| flipped.binary_search(&i).is_ok();
    let flagged: Vec<usize> = (0..flagged.len()).filter(|&i| flagged[i] && !held_out[i]).collect();
    let pruned_hits = pruned.iter().filter(|&&i| was_flipped(i)).count();
    let flagged_hits = flagged.iter().filter(|&&i| was_flipped(i)).count();
    NoiseReport {
        n_flipped: flipped.len(),
        n_pruned: pruned.len(),
        precision_at_prune: share(pruned_hits, pruned.len()),
        recall_at_prune: share(pruned_hits, flipped.len()),
        precision_at_flag: share(flagged_hits, flagged.len()),
        recall_at_flag: share(flagged_hits, flipped.len()),
    }
}

/// What a user should know of classes with few rows: those missing from a fold's training rows, and those left unflagged.
fn notes_on_rare_classes(classes: &[String], absent: &[(u32, u32)], skipped: &[usize]) -> Vec<String> {
    let absent = absent.iter().map(|&(class, _)| {
        let name = &classes[class as usize];
        format!("Class \"{name}\" is missing from the training rows of some folds: its probability there is 0.")
    });
    let skipped = skipped.iter().map(|&class| {
        let name = &classes[class];
        format!("Class \"{name}\" has too few rows for the rule: its issues are not flagged.")
    });
    absent.chain(skipped).collect()
}

/// Adds a warning that is not there yet.
fn note(warnings: &mut Vec<String>, warning: String) {
    if !warnings.contains(&warning) {
        warnings.push(warning);
    }
}
