//! `regression.*`.

use serde_json::json;

use super::args::Args;
use super::{Function, output};
use crate::CoreError;
use crate::regression::rank::{OutreOptions, Predicted, get_label_quality_scores, get_outre_scores};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "regression.rank.get_label_quality_scores",
        parameters: &["labels", "predictions", "method"],
        run: |args| {
            Ok(output::numbers(get_label_quality_scores(&predicted(args)?, args.parsed("method")?, args.host())?))
        },
    },
    Function {
        name: "regression.rank._get_outre_score_for_each_label",
        parameters: &["labels", "predictions", "residual_scale", "frac_neighbors", "neighbor_metric"],
        run: |args| {
            let default = OutreOptions::default();
            let options = OutreOptions {
                residual_scale: args.parsed_or("residual_scale", default.residual_scale)?,
                frac_neighbors: args.parsed_or("frac_neighbors", default.frac_neighbors)?,
                metric: args.parsed_or("neighbor_metric", default.metric)?,
            };
            Ok(output::numbers(get_outre_scores(&predicted(args)?, options, args.host())?))
        },
    },
];

fn predicted(args: &Args) -> Result<Predicted, CoreError> {
    Predicted::new(column(args, "labels")?, column(args, "predictions")?)
}

/// A list of numbers, or a matrix with a single column or row of them.
fn column(args: &Args, name: &'static str) -> Result<Vec<f64>, CoreError> {
    if !args.is_nested(name) {
        return args.numbers(name);
    }
    let matrix = args.matrix(name)?;
    if matrix.nrows() > 1 && matrix.ncols() > 1 {
        return Err(CoreError::Shape {
            argument: name,
            shape: json!(matrix.shape()).to_string(),
            expected: "one number per row".to_owned(),
        });
    }
    Ok(matrix.into_iter().collect())
}
