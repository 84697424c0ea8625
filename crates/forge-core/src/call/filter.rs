//! `filter.*`.

use serde_json::json;

use super::args::Args;
use super::count::calibration;
use super::rank::{adjustment_of, rank_by_kwargs};
use super::{CallResult, Function, ListFunction, output};
use crate::CoreError;
use crate::classification::filter::{
    FilterOptions, find_label_issues, find_label_issues_using_argmax_confusion_matrix, find_predicted_neq_given,
    keep_at_least_n_per_class, reduce_prune_counts,
};
use crate::classification::rank::{Score, order_label_issues};

pub(super) const LISTS: &[ListFunction] = &[
    ListFunction {
        name: "filter.find_label_issues",
        parameters: &[
            "labels",
            "pred_probs",
            "return_indices_ranked_by",
            "rank_by_kwargs",
            "filter_by",
            "frac_noise",
            "num_to_remove_per_class",
            "min_examples_per_class",
            "confident_joint",
            "n_jobs",
            "verbose",
        ],
        run: issues,
    },
    ListFunction {
        name: "filter.find_predicted_neq_given",
        parameters: &["labels", "pred_probs"],
        run: |args| Ok(CallResult::Mask(find_predicted_neq_given(&args.labels()?, &args.pred_probs()?)?)),
    },
];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "filter.find_label_issues_using_argmax_confusion_matrix",
        parameters: &["labels", "pred_probs", "calibrate", "filter_by"],
        run: |args| {
            let found = find_label_issues_using_argmax_confusion_matrix(
                &args.labels()?,
                &args.pred_probs()?,
                calibration(args)?,
                args.parsed("filter_by")?,
            )?;
            Ok(json!(found.mask))
        },
    },
    Function {
        name: "filter._keep_at_least_n_per_class",
        parameters: &["prune_count_matrix", "n", "frac_noise"],
        run: |args| {
            let matrix = args.matrix("prune_count_matrix")?;
            Ok(output::counts(&keep_at_least_n_per_class(
                &matrix,
                args.parsed("n")?,
                args.parsed_or("frac_noise", 1.0)?,
            )?))
        },
    },
    Function {
        name: "filter._reduce_prune_counts",
        parameters: &["prune_count_matrix", "frac_noise"],
        run: |args| {
            let matrix = args.matrix("prune_count_matrix")?;
            Ok(output::counts(&reduce_prune_counts(&matrix, args.parsed_or("frac_noise", 1.0)?)?))
        },
    },
];

fn issues(args: &Args) -> Result<CallResult, CoreError> {
    args.check_n_jobs()?;
    let options = filter_options(args, &FilterOptions::default())?;
    let (labels, pred_probs) = (args.labels()?, args.pred_probs()?);
    let rank_by: Option<Score> = args.parsed("return_indices_ranked_by")?;
    let kwargs = rank_by_kwargs(args)?;
    let found = find_label_issues(&labels, &pred_probs, &options)?;
    match rank_by {
        None => Ok(CallResult::Mask(found.mask)),
        Some(score) => {
            let rows = order_label_issues(&found.mask, &labels, &pred_probs, score, adjustment_of(kwargs))?;
            Ok(CallResult::Rows(rows))
        }
    }
}

/// The settings of the filter by their cleanlab names; those that are absent are taken from `defaults`.
pub(super) fn filter_options(args: &Args, defaults: &FilterOptions) -> Result<FilterOptions, CoreError> {
    Ok(FilterOptions {
        filter_by: args.parsed_or("filter_by", defaults.filter_by)?,
        frac_noise: args.parsed_or("frac_noise", defaults.frac_noise)?,
        num_to_remove_per_class: args.optional_numbers("num_to_remove_per_class")?,
        min_examples_per_class: args.parsed_or("min_examples_per_class", defaults.min_examples_per_class)?,
        confident_joint: args.optional_matrix("confident_joint")?,
    })
}
