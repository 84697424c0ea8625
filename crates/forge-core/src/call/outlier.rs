//! `outlier.*`.

use ndarray::Array2;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::{Function, output};
use crate::outlier::{FeatureOod, FeatureOodOptions, Features, OodMethod, PredictionOod, PredictionOodOptions};
use crate::{Adjustment, CoreError, PredProbs};

/// The object's settings come first; `score_features` and `score_pred_probs` are what its `score` is asked next.
pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "outlier.OutOfDistribution.fit_score",
    parameters: &["params", "features", "pred_probs", "labels", "verbose", "score_features", "score_pred_probs"],
    run: |args| {
        let params: Params = args.parsed("params")?;
        match (args.optional_matrix("features")?, args.has("pred_probs")) {
            (Some(_), true) => {
                Err(CoreError::Conflict("`features` and `pred_probs` exclude each other: pass one of them".to_owned()))
            }
            (Some(features), false) => by_features(args, &params, features),
            (None, true) => by_predictions(args, params),
            (None, false) => Err(CoreError::Missing {
                argument: "features",
                rule: "scores are made from `features` or from `pred_probs`; pass one of them",
            }),
        }
    },
}];

/// cleanlab's `params`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Params {
    k: Option<usize>,
    t: Option<f64>,
    method: Option<OodMethod>,
    adjust_pred_probs: Option<bool>,
    confident_thresholds: Option<Vec<f64>>,
    #[serde(rename = "M")]
    top_classes: Option<usize>,
    gamma: Option<f64>,
}

fn by_features(args: &Args, params: &Params, features: Array2<f64>) -> Result<Value, CoreError> {
    let options = FeatureOodOptions { k: params.k, t: params.t.unwrap_or(FeatureOodOptions::default().t) };
    let (ood, scores) = FeatureOod::fit_score(&Features::new(features)?, options, args.host())?;
    let mut out = Map::new();
    out.insert("scores".to_owned(), output::numbers(scores));
    out.insert("scaling_factor".to_owned(), json!(ood.scaling_factor()));
    out.insert("k".to_owned(), json!(ood.k()));
    out.insert("metric".to_owned(), json!(ood.metric()));
    if let Some(others) = args.optional_matrix("score_features")? {
        out.insert("new_scores".to_owned(), output::numbers(ood.score(&Features::new(others)?, args.host())?));
    }
    Ok(out.into())
}

fn by_predictions(args: &Args, params: Params) -> Result<Value, CoreError> {
    let default = PredictionOodOptions::default();
    let adjustment = match params.adjust_pred_probs {
        None => default.adjustment,
        Some(true) => Adjustment::ConfidentThresholds,
        Some(false) => Adjustment::None,
    };
    let options = PredictionOodOptions {
        method: params.method.unwrap_or(default.method),
        adjustment,
        top_classes: params.top_classes.unwrap_or(default.top_classes),
        gamma: params.gamma.unwrap_or(default.gamma),
    };
    let probs = args.pred_probs()?;
    let ood = match params.confident_thresholds {
        Some(thresholds) => PredictionOod::with_thresholds(thresholds, options)?,
        None => PredictionOod::fit(args.optional_labels()?.as_ref(), &probs, options)?,
    };
    let mut out = Map::new();
    out.insert("scores".to_owned(), output::numbers(ood.score(&probs)?));
    out.insert("scaling_factor".to_owned(), Value::Null);
    if let Some(thresholds) = ood.confident_thresholds() {
        out.insert("confident_thresholds".to_owned(), output::numbers(thresholds.iter().copied()));
    }
    if let Some(others) = args.optional_matrix("score_pred_probs")? {
        out.insert("new_scores".to_owned(), output::numbers(ood.score(&PredProbs::allowing_nan(others)?)?));
    }
    Ok(out.into())
}
