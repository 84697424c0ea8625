//! `rank.*`.

use serde::Deserialize;

use super::args::Args;
use super::{CallResult, ListFunction};
use crate::CoreError;
use crate::classification::rank::{
    Adjustment, EnsembleWeights, Score, find_top_issues, get_adjusted_label_quality_scores,
    get_label_quality_ensemble_scores, get_label_quality_scores, order_label_issues,
};

pub(super) const LISTS: &[ListFunction] = &[
    ListFunction {
        name: "rank.get_label_quality_scores",
        parameters: &["labels", "pred_probs", "method", "adjust_pred_probs"],
        run: |args| {
            let adjustment = adjustment(args)?;
            let (labels, probs) = (args.labels()?, args.pred_probs()?);
            let scores = get_adjusted_label_quality_scores(&labels, &probs, args.parsed("method")?, adjustment)?;
            Ok(CallResult::Numbers(scores))
        },
    },
    ListFunction {
        name: "rank.get_label_quality_ensemble_scores",
        parameters: &[
            "labels",
            "pred_probs_list",
            "method",
            "adjust_pred_probs",
            "weight_ensemble_members_by",
            "custom_weights",
            "log_loss_search_T_values",
            "verbose",
        ],
        run: ensemble,
    },
    ListFunction {
        name: "rank.find_top_issues",
        parameters: &["quality_scores", "top"],
        run: |args| Ok(CallResult::Rows(find_top_issues(&args.numbers("quality_scores")?, args.parsed_or("top", 10)?))),
    },
    ListFunction {
        name: "rank.order_label_issues",
        parameters: &["label_issues_mask", "labels", "pred_probs", "rank_by", "rank_by_kwargs"],
        run: |args| {
            let mask = args.mask("label_issues_mask")?;
            let adjustment = adjustment_of(rank_by_kwargs(args)?);
            let (labels, probs) = (args.labels()?, args.pred_probs()?);
            let rows = order_label_issues(&mask, &labels, &probs, args.parsed("rank_by")?, adjustment)?;
            Ok(CallResult::Rows(rows))
        },
    },
    ListFunction {
        name: "rank.get_self_confidence_for_each_label",
        parameters: &["labels", "pred_probs"],
        run: |args| scores(args, Score::SelfConfidence),
    },
    ListFunction {
        name: "rank.get_normalized_margin_for_each_label",
        parameters: &["labels", "pred_probs"],
        run: |args| scores(args, Score::NormalizedMargin),
    },
    ListFunction {
        name: "rank.get_confidence_weighted_entropy_for_each_label",
        parameters: &["labels", "pred_probs"],
        run: |args| scores(args, Score::ConfidenceWeightedEntropy),
    },
];

fn scores(args: &Args, score: Score) -> Result<CallResult, CoreError> {
    Ok(CallResult::Numbers(get_label_quality_scores(&args.labels()?, &args.pred_probs()?, score)?))
}

pub(super) fn adjustment(args: &Args) -> Result<Adjustment, CoreError> {
    Ok(if args.parsed("adjust_pred_probs")? { Adjustment::ConfidentThresholds } else { Adjustment::None })
}

/// The settings of a ranking, cleanlab's `rank_by_kwargs`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RankByKwargs {
    adjust_pred_probs: bool,
}

pub(super) fn rank_by_kwargs(args: &Args) -> Result<RankByKwargs, CoreError> {
    args.parsed("rank_by_kwargs")
}

pub(super) fn adjustment_of(kwargs: RankByKwargs) -> Adjustment {
    if kwargs.adjust_pred_probs { Adjustment::ConfidentThresholds } else { Adjustment::None }
}

/// The names of [`EnsembleWeights`].
#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum WeightBy {
    Uniform,
    #[default]
    Accuracy,
    LogLossSearch,
    Custom,
}

fn ensemble(args: &Args) -> Result<CallResult, CoreError> {
    let weight_by: WeightBy = args.parsed("weight_ensemble_members_by")?;
    let custom = args.optional_numbers("custom_weights")?;
    if custom.is_some() && weight_by != WeightBy::Custom {
        return Err(CoreError::Conflict(
            "`custom_weights` goes only with `weight_ensemble_members_by` \"custom\"".to_owned(),
        ));
    }
    let weights = match weight_by {
        WeightBy::Uniform => EnsembleWeights::Uniform,
        WeightBy::Accuracy => EnsembleWeights::Accuracy,
        WeightBy::LogLossSearch => EnsembleWeights::LogLossSearch(
            args.optional_numbers("log_loss_search_T_values")?
                .unwrap_or_else(|| EnsembleWeights::TEMPERATURES.to_vec()),
        ),
        WeightBy::Custom => EnsembleWeights::Custom(custom.ok_or(CoreError::Missing {
            argument: "custom_weights",
            rule: "`weight_ensemble_members_by` \"custom\" needs one weight per member",
        })?),
    };
    let (labels, members) = (args.labels()?, args.pred_probs_list()?);
    let (score, adjustment) = (args.parsed("method")?, adjustment(args)?);
    Ok(CallResult::Numbers(get_label_quality_ensemble_scores(&labels, &members, score, adjustment, &weights)?))
}
