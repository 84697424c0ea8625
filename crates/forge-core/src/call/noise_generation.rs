//! `benchmarking.noise_generation.*`. Where cleanlab draws from NumPy's global state, `seed` is one more argument.

use serde_json::{Value, json};

use super::args::Args;
use super::{Function, output};
use crate::noise_generation::{
    BallRange, Learnability, NoiseMatrixSpec, ProbabilityRange, generate_n_rand_probabilities_that_sum_to_m,
    generate_noise_matrix_from_trace, generate_noisy_labels, noise_matrix_is_valid,
    randomly_distribute_balls_into_bins,
};
use crate::{CoreError, Labels};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "benchmarking.noise_generation.noise_matrix_is_valid",
        parameters: &["noise_matrix", "py", "verbose"],
        run: |args| Ok(json!(noise_matrix_is_valid(&args.matrix("noise_matrix")?, &args.numbers("py")?)?)),
    },
    Function {
        name: "benchmarking.noise_generation.generate_noisy_labels",
        parameters: &["true_labels", "noise_matrix", "seed"],
        run: |args| {
            let labels = Labels::from_f64(&args.numbers("true_labels")?)?;
            Ok(json!(generate_noisy_labels(&labels, &args.matrix("noise_matrix")?, args.parsed("seed")?)?))
        },
    },
    Function {
        name: "benchmarking.noise_generation.generate_noise_matrix_from_trace",
        parameters: &[
            "K",
            "trace",
            "max_trace_prob",
            "min_trace_prob",
            "max_noise_rate",
            "min_noise_rate",
            "valid_noise_matrix",
            "py",
            "frac_zero_noise_rates",
            "seed",
            "max_iter",
        ],
        run: noise_matrix,
    },
    Function {
        name: "benchmarking.noise_generation.generate_n_rand_probabilities_that_sum_to_m",
        parameters: &["n", "m", "max_prob", "min_prob", "seed"],
        run: |args| {
            let range = range(args, ["min_prob", "max_prob"], ProbabilityRange::default())?;
            let (n, m) = (needed(args, "n")?, needed(args, "m")?);
            Ok(output::numbers(generate_n_rand_probabilities_that_sum_to_m(n, m, range, args.parsed("seed")?)?))
        },
    },
    Function {
        name: "benchmarking.noise_generation.randomly_distribute_N_balls_into_K_bins",
        parameters: &["N", "K", "max_balls_per_bin", "min_balls_per_bin", "seed"],
        run: |args| {
            let range = BallRange { min: args.parsed("min_balls_per_bin")?, max: args.parsed("max_balls_per_bin")? };
            let (balls, bins) = (needed(args, "N")?, needed(args, "K")?);
            Ok(json!(randomly_distribute_balls_into_bins(balls, bins, range, args.parsed("seed")?)?))
        },
    },
];

fn noise_matrix(args: &Args) -> Result<Value, CoreError> {
    let priors = args.optional_numbers("py")?;
    let learnability = match priors {
        _ if !args.parsed_or("valid_noise_matrix", true)? => Learnability::Any,
        Some(priors) => Learnability::Learnable(priors),
        None => Learnability::LearnableBinary,
    };
    let default = NoiseMatrixSpec::new(needed(args, "K")?, needed(args, "trace")?, learnability);
    let spec = NoiseMatrixSpec {
        diagonal: range(args, ["min_trace_prob", "max_trace_prob"], default.diagonal)?,
        noise_rates: range(args, ["min_noise_rate", "max_noise_rate"], default.noise_rates)?,
        zero_share: args.parsed("frac_zero_noise_rates")?,
        seed: args.parsed("seed")?,
        max_iter: args.parsed_or("max_iter", default.max_iter)?,
        ..default
    };
    Ok(generate_noise_matrix_from_trace(&spec)?.map_or(Value::Null, |matrix| output::matrix(&matrix)))
}

fn range(args: &Args, names: [&str; 2], default: ProbabilityRange) -> Result<ProbabilityRange, CoreError> {
    let [min, max] = names;
    Ok(ProbabilityRange { min: args.parsed_or(min, default.min)?, max: args.parsed_or(max, default.max)? })
}

fn needed<T: serde::de::DeserializeOwned + Default>(args: &Args, argument: &'static str) -> Result<T, CoreError> {
    if args.get(argument).is_none() {
        return Err(CoreError::Missing { argument, rule: "this function needs it" });
    }
    args.parsed(argument)
}
