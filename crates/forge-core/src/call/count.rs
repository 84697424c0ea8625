//! `count.*`.

use serde_json::{Value, json};

use super::args::Args;
use super::{Function, output};
use crate::CoreError;
use crate::classification::count::{
    Calibration, Convergence, LatentEstimates, calibrate_confident_joint, compute_confident_joint, estimate_joint,
    estimate_latent, get_confident_thresholds, joint_from_confident_joint, num_label_issues,
};
use crate::classification::cross_validated::{CrossValidated, cross_validated_pred_probs};
use crate::classification::multilabel_count::{
    MultilabelData, calibrate_multilabel_confident_joint, estimate_multilabel_joint, multilabel_confident_joint,
    multilabel_confident_thresholds, num_multilabel_issues,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "count.num_label_issues",
        parameters: &["labels", "pred_probs", "confident_joint", "estimation_method", "multi_label"],
        run: |args| {
            if args.parsed("multi_label")? {
                return Ok(json!(num_multilabel_issues(&multilabel(args)?)?));
            }
            let joint = args.optional_matrix("confident_joint")?;
            let method = args.parsed("estimation_method")?;
            Ok(json!(num_label_issues(&args.labels()?, &args.pred_probs()?, method, joint.as_ref())?))
        },
    },
    Function {
        name: "count.calibrate_confident_joint",
        parameters: &["confident_joint", "labels", "multi_label"],
        run: |args| {
            if args.parsed("multi_label")? {
                let joints = args.optional_matrices("confident_joint")?.unwrap_or_default();
                let calibrated = calibrate_multilabel_confident_joint(&joints, &args.label_sets()?)?;
                return Ok(calibrated.iter().map(output::counts).collect());
            }
            Ok(output::counts(&calibrate_confident_joint(&args.matrix("confident_joint")?, &args.labels()?)?))
        },
    },
    Function {
        name: "count.estimate_joint",
        parameters: &["labels", "pred_probs", "confident_joint", "multi_label"],
        run: |args| {
            if args.parsed("multi_label")? {
                let joints = args.optional_matrices("confident_joint")?;
                let estimated = estimate_multilabel_joint(&multilabel(args)?, joints.as_deref())?;
                return Ok(estimated.iter().map(output::matrix).collect());
            }
            let joint = match args.optional_matrix("confident_joint")? {
                Some(joint) => joint_from_confident_joint(&joint, args.optional_labels()?.as_ref())?,
                None => estimate_joint(&args.labels()?, &args.pred_probs()?)?,
            };
            Ok(output::matrix(&joint))
        },
    },
    Function {
        name: "count.compute_confident_joint",
        parameters: &[
            "labels",
            "pred_probs",
            "thresholds",
            "calibrate",
            "multi_label",
            "return_indices_of_off_diagonals",
        ],
        run: |args| {
            let thresholds = args.optional_numbers("thresholds")?;
            let calibration = calibration(args)?;
            let with_rows: bool = args.parsed("return_indices_of_off_diagonals")?;
            if args.parsed("multi_label")? {
                let joints = multilabel_confident_joint(&multilabel(args)?, thresholds.as_deref(), calibration)?;
                let counts: Value = joints.iter().map(|joint| output::counts(&joint.counts)).collect();
                let rows: Value = joints.into_iter().map(|joint| json!(joint.off_diagonal)).collect();
                return Ok(if with_rows { json!([counts, rows]) } else { counts });
            }
            let joint =
                compute_confident_joint(&args.labels()?, &args.pred_probs()?, thresholds.as_deref(), calibration)?;
            let counts = output::counts(&joint.counts);
            Ok(if with_rows { json!([counts, joint.off_diagonal]) } else { counts })
        },
    },
    Function {
        name: "count.estimate_latent",
        parameters: &["confident_joint", "labels", "py_method", "converge_latent_estimates"],
        run: |args| {
            let convergence = convergence(args, false)?;
            let joint = args.matrix("confident_joint")?;
            let estimates = estimate_latent(&joint, &args.labels()?, args.parsed("py_method")?, convergence)?;
            Ok(Value::Array(latent(&estimates).into()))
        },
    },
    Function {
        name: "count.estimate_py_and_noise_matrices_from_probabilities",
        parameters: &["labels", "pred_probs", "thresholds", "converge_latent_estimates", "py_method", "calibrate"],
        run: |args| {
            let thresholds = args.optional_numbers("thresholds")?;
            let labels = args.labels()?;
            let joint =
                compute_confident_joint(&labels, &args.pred_probs()?, thresholds.as_deref(), calibration(args)?)?;
            let convergence = convergence(args, true)?;
            let estimates = estimate_latent(&joint.counts, &labels, args.parsed("py_method")?, convergence)?;
            let [py, noise, inverse] = latent(&estimates);
            Ok(json!([py, noise, inverse, output::counts(&joint.counts)]))
        },
    },
    Function {
        name: "count.get_confident_thresholds",
        parameters: &["labels", "pred_probs", "multi_label"],
        run: |args| {
            if args.parsed("multi_label")? {
                return Ok(multilabel_confident_thresholds(&multilabel(args)?)?
                    .into_iter()
                    .map(output::numbers)
                    .collect());
            }
            Ok(output::numbers(get_confident_thresholds(&args.labels()?, &args.pred_probs()?)?))
        },
    },
    Function {
        name: "count.estimate_cv_predicted_probabilities",
        parameters: &["X", "labels", "cv_n_folds", "seed"],
        run: |args| Ok(output::matrix(&cross_validated(args)?.pred_probs.into_inner())),
    },
    Function {
        name: "count.estimate_confident_joint_and_cv_pred_proba",
        parameters: &["X", "labels", "cv_n_folds", "thresholds", "seed", "calibrate"],
        run: |args| {
            let CrossValidated { labels, pred_probs } = cross_validated(args)?;
            let thresholds = args.optional_numbers("thresholds")?;
            let joint = compute_confident_joint(&labels, &pred_probs, thresholds.as_deref(), calibration(args)?)?;
            Ok(json!([output::counts(&joint.counts), output::matrix(&pred_probs.into_inner())]))
        },
    },
    Function {
        name: "count.estimate_py_noise_matrices_and_cv_pred_proba",
        parameters: &["X", "labels", "cv_n_folds", "thresholds", "converge_latent_estimates", "py_method", "seed"],
        run: |args| {
            let CrossValidated { labels, pred_probs } = cross_validated(args)?;
            let thresholds = args.optional_numbers("thresholds")?;
            let joint = compute_confident_joint(&labels, &pred_probs, thresholds.as_deref(), Calibration::Calibrated)?;
            let convergence = convergence(args, false)?;
            let estimates = estimate_latent(&joint.counts, &labels, args.parsed("py_method")?, convergence)?;
            let [py, noise, inverse] = latent(&estimates);
            let probs = output::matrix(&pred_probs.into_inner());
            Ok(json!([py, noise, inverse, output::counts(&joint.counts), probs]))
        },
    },
    Function {
        name: "count.estimate_noise_matrices",
        parameters: &["X", "labels", "cv_n_folds", "thresholds", "converge_latent_estimates", "seed"],
        run: |args| {
            let CrossValidated { labels, pred_probs } = cross_validated(args)?;
            let thresholds = args.optional_numbers("thresholds")?;
            let joint = compute_confident_joint(&labels, &pred_probs, thresholds.as_deref(), Calibration::Calibrated)?;
            let convergence = convergence(args, true)?;
            let estimates = estimate_latent(&joint.counts, &labels, args.parsed("py_method")?, convergence)?;
            let [_, noise, inverse] = latent(&estimates);
            Ok(json!([noise, inverse]))
        },
    },
];

fn multilabel(args: &Args) -> Result<MultilabelData, CoreError> {
    MultilabelData::new(&args.label_sets()?, args.pred_probs()?)
}

fn cross_validated(args: &Args) -> Result<CrossValidated, CoreError> {
    let (folds, seed) = (args.parsed_or("cv_n_folds", 5)?, args.parsed("seed")?);
    cross_validated_pred_probs(&args.matrix("X")?, args.labels()?, folds, seed)
}

/// `calibrate`, true by default.
pub(super) fn calibration(args: &Args) -> Result<Calibration, CoreError> {
    Ok(if args.parsed_or("calibrate", true)? { Calibration::Calibrated } else { Calibration::Raw })
}

fn convergence(args: &Args, default: bool) -> Result<Convergence, CoreError> {
    let converged = args.parsed_or("converge_latent_estimates", default)?;
    Ok(if converged { Convergence::Converged } else { Convergence::Direct })
}

fn latent(estimates: &LatentEstimates) -> [Value; 3] {
    [
        output::numbers(estimates.py.iter().copied()),
        output::matrix(&estimates.noise_matrix),
        output::matrix(&estimates.inverse_noise_matrix),
    ]
}
