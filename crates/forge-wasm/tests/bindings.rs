//! `js/functions.js` and `js/functions.d.ts` are written from the engine's own list of functions, here.
//!
//! `cargo test -p forge-wasm --test bindings -- --ignored` writes them anew; the other tests tell when that is due.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::disallowed_methods, reason = "writes and reads the files that it tests")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use forge_core::call::function_names;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/js");

/// TypeScript's type of each argument; a later entry may be for one group of functions only.
const ARGUMENTS: &[(&str, &str)] = &[
    ("(multilabel|token|span).labels", "readonly Vector[]"),
    ("segmentation.labels", "Tensor"),
    ("segmentation.pred_probs", "Tensor"),
    ("segmentation.issues", "Tensor | readonly (readonly (readonly boolean[])[])[]"),
    ("token.pred_probs", "readonly Matrix[]"),
    ("span.pred_probs", "readonly Vector[]"),
    ("token.issues", "readonly Vector[]"),
    ("span.issues", "readonly Vector[]"),
    ("object_detection.labels", "readonly Annotation[]"),
    ("object_detection.predictions", "readonly (readonly Matrix[])[]"),
    ("object_detection.class_names", "Readonly<Record<number, string>>"),
    ("regression.labels", "Vector"),
    ("datalab.labels", "Vector | readonly string[] | readonly Vector[]"),
    ("data", "Table"),
    ("images", "readonly (Shaped | readonly (readonly (number | readonly number[])[])[])[]"),
    ("issue_types", "Readonly<Record<string, Settings>>"),
    ("properties_of_interest", "readonly string[]"),
    ("task", "\"classification\" | \"regression\" | \"multilabel\""),
    ("ensemble.pred_probs", "readonly Matrix[] | Tensor"),
    ("ensemble.pred_probs_unlabeled", "readonly Matrix[] | Tensor"),
    ("aggregation_weights", "{ overlooked: number; badloc: number; swap: number }"),
    ("aggregator_kwargs", "Settings"),
    ("batch_sizes", "Vector"),
    ("box_scores", "readonly Vector[]"),
    ("class_index", "number | Vector"),
    ("class_names", "readonly string[]"),
    ("clf", "string"),
    ("coarse_search_range", "Vector"),
    ("confident_joint", "Matrix | readonly Matrix[] | Tensor"),
    ("consensus_method", "string | readonly string[]"),
    ("custom_weights", "Vector"),
    ("estimation_method", "\"off_diagonal\" | \"off_diagonal_calibrated\" | \"off_diagonal_custom\""),
    ("exclude", "Vector | readonly Vector[]"),
    ("features", "Matrix"),
    (
        "filter_by",
        "\"prune_by_noise_rate\" | \"prune_by_class\" | \"both\" | \"confident_learning\" | \"predicted_neq_given\" | \
         \"low_normalized_margin\" | \"low_self_confidence\"",
    ),
    ("image", "unknown"),
    ("image_scores", "Vector"),
    ("init", "Settings"),
    ("inverse_noise_matrix", "Matrix"),
    ("joint", "Matrix | readonly Matrix[]"),
    ("knn_graph", "{ indptr: Vector; indices: Vector; data?: Vector }"),
    ("label", "Annotation"),
    ("label_issues", "Vector | readonly boolean[]"),
    ("label_issues_mask", "Uint8Array | readonly boolean[]"),
    ("label_quality_scores", "Vector"),
    ("labels", "Vector"),
    ("labels_file", "never"),
    ("labels_multiannotator", "Matrix | Table"),
    ("labels_multiannotator_long", "Table"),
    ("log_loss_search_T_values", "Vector"),
    ("method", "string"),
    ("metric", "string"),
    ("model", "string"),
    ("neighbor_metric", "string"),
    ("noise_matrix", "Matrix"),
    ("num_to_remove_per_class", "Vector"),
    ("params", "Settings"),
    ("pixel_scores", "Tensor"),
    ("pred_probs", "Matrix"),
    ("pred_probs_file", "never"),
    ("pred_probs_list", "readonly Matrix[] | Tensor"),
    ("pred_probs_unlabeled", "Matrix"),
    ("prediction", "readonly Matrix[]"),
    ("predictions", "Vector"),
    ("prune_count_matrix", "Matrix"),
    ("py", "Vector"),
    ("py_method", "\"cnt\" | \"eqn\" | \"marginal\" | \"marginal_ps\""),
    ("quality_method", "string"),
    ("quality_scores", "Vector"),
    ("rank_by", "Score"),
    ("return_indices_ranked_by", "Score"),
    ("sample_weight", "Vector"),
    ("score_features", "Matrix"),
    ("score_pred_probs", "Matrix"),
    ("sentence_score_method", "\"min\" | \"softmin\""),
    ("sentence_scores", "Vector"),
    ("thresholds", "Vector"),
    ("token", "string"),
    ("token_score_method", "Score"),
    ("token_scores", "readonly (Vector | Series)[]"),
    ("tokens", "readonly (readonly string[])[]"),
    ("true_labels", "Vector"),
    ("uncertainty", "number | Vector | string"),
    ("weight_ensemble_members_by", "\"uniform\" | \"accuracy\" | \"log_loss_search\" | \"custom\""),
    ("X", "Matrix"),
    ("y", "Vector"),
];

/// Arguments that are switches.
const SWITCHES: &[&str] = &[
    "adjust_pred_probs",
    "asymmetric",
    "calibrate",
    "calibrate_probs",
    "converge_latent_estimates",
    "include_aleatoric_uncertainty",
    "low_memory",
    "multi_label",
    "overlapping_label_check",
    "overlay",
    "pulearning",
    "return_annotator_stats",
    "return_detailed_quality",
    "return_indices_of_off_diagonals",
    "return_indices_ranked_by_score",
    "return_mask",
    "return_weights",
    "save_space",
    "sort",
    "valid_noise_matrix",
    "verbose",
];

/// Arguments that are single numbers.
const NUMBERS: &[&str] = &[
    "K",
    "N",
    "alpha",
    "baseline_accuracy",
    "batch_size",
    "cv_n_folds",
    "downsample",
    "eps",
    "fine_search_size",
    "frac_neighbors",
    "frac_noise",
    "frac_zero_noise_rates",
    "high_probability_threshold",
    "iou_threshold",
    "k",
    "low_probability_threshold",
    "m",
    "max_balls_per_bin",
    "max_iter",
    "max_noise_rate",
    "max_prob",
    "max_trace_prob",
    "mean_accuracy",
    "min_balls_per_bin",
    "min_examples_per_class",
    "min_noise_rate",
    "min_prob",
    "min_trace_prob",
    "n",
    "n_boot",
    "n_jobs",
    "num_examples",
    "num_procs",
    "prediction_threshold",
    "pulearning_class",
    "residual_scale",
    "seed",
    "temperature",
    "threshold",
    "top",
    "trace",
];

/// What each function gives, where it is not [`OTHER_RESULT`].
const RESULTS: &[(&str, &str)] = &[
    ("benchmarking.noise_generation.generate_n_rand_probabilities_that_sum_to_m", "Float64Array"),
    ("benchmarking.noise_generation.generate_noise_matrix_from_trace", "Float64Array[] | null"),
    ("benchmarking.noise_generation.generate_noisy_labels", "Int32Array"),
    ("benchmarking.noise_generation.noise_matrix_is_valid", "boolean"),
    ("benchmarking.noise_generation.randomly_distribute_N_balls_into_K_bins", "Int32Array"),
    ("count.get_confident_thresholds", "Float64Array | Float64Array[]"),
    ("count.num_label_issues", "number"),
    ("data_valuation.data_shapley_knn", "Float64Array"),
    ("dataset.find_overlapping_classes", "Table"),
    ("dataset.overall_label_health_score", "number"),
    ("dataset.rank_classes_by_label_quality", "Table"),
    ("experimental.label_issues_batched.find_label_issues_batched", "Int32Array | Uint8Array"),
    ("filter.find_label_issues", "Uint8Array | Int32Array"),
    ("filter.find_label_issues_using_argmax_confusion_matrix", "Uint8Array"),
    ("filter.find_predicted_neq_given", "Uint8Array"),
    ("multiannotator.convert_long_to_wide_dataset", "Table"),
    ("multilabel_classification.dataset.common_multilabel_issues", "Table"),
    ("multilabel_classification.dataset.overall_multilabel_health_score", "number"),
    ("multilabel_classification.dataset.rank_classes_by_multilabel_quality", "Table"),
    ("multilabel_classification.rank.get_label_quality_scores", "Float64Array"),
    ("multilabel_classification.rank.get_label_quality_scores_per_class", "Float64Array[]"),
    ("object_detection.filter.find_label_issues", "Uint8Array | Int32Array"),
    ("object_detection.rank.compute_badloc_box_scores", "Float64Array[]"),
    ("object_detection.rank.compute_overlooked_box_scores", "Float64Array[]"),
    ("object_detection.rank.compute_swap_box_scores", "Float64Array[]"),
    ("object_detection.rank.get_label_quality_scores", "Float64Array"),
    ("object_detection.rank.issues_from_scores", "Int32Array"),
    ("object_detection.rank.pool_box_scores_per_image", "Float64Array"),
    ("rank.find_top_issues", "Int32Array"),
    ("rank.get_confidence_weighted_entropy_for_each_label", "Float64Array"),
    ("rank.get_label_quality_ensemble_scores", "Float64Array"),
    ("rank.get_label_quality_scores", "Float64Array"),
    ("rank.get_normalized_margin_for_each_label", "Float64Array"),
    ("rank.get_self_confidence_for_each_label", "Float64Array"),
    ("rank.order_label_issues", "Int32Array"),
    ("regression.rank.get_label_quality_scores", "Float64Array"),
    ("segmentation.filter.find_label_issues", "Uint8Array[][]"),
    ("segmentation.filter.filter_by_class", "Uint8Array[][]"),
    ("segmentation.summary.common_label_issues", "Table"),
    ("token_classification.summary.common_label_issues", "Table"),
];

/// A table, several results or an object of them, as the function of that name gives in Python.
const OTHER_RESULT: &str = "any";

const NOTICE: &str = "// Written by crates/forge-wasm/tests/bindings.rs from the engine's list of functions.\n\n";

const TYPES: &str = r"/** Numbers in one dimension. */
export type TypedArray =
  | Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
  | BigInt64Array | BigUint64Array;

/** A list of numbers; null stands for one that is missing. */
export type Vector = TypedArray | readonly (number | null)[];

/** Numbers in row-major order with the lengths of their dimensions. */
export interface Shaped { data: TypedArray; shape: readonly number[] }

/** Rows × columns. */
export type Matrix = Shaped | readonly Vector[];

/** Three or four dimensions. */
export type Tensor = Shaped | readonly Matrix[] | readonly (readonly Matrix[])[];

/** Named columns in order; `index` names the rows where they have names. */
export interface Table { columns: (string | number)[]; data: Record<string, any>; index?: any }

/** Numbers with names. */
export interface Series { values: Vector; index?: readonly unknown[] }

/** The annotated boxes `[x1, y1, x2, y2]` of an image and their classes. */
export interface Annotation { bboxes: Matrix; labels: Vector }

/** How a label is scored. */
export type Score = 'self_confidence' | 'normalized_margin' | 'confidence_weighted_entropy';

/** Settings by name, in camelCase. */
export type Settings = Readonly<Record<string, unknown>>;

/** What every function throws: `code` is for programs, the message names argument, place, value and rule. */
export class ForgeError extends Error { readonly code: string }
";

fn camel_case(name: &str) -> String {
    let mut out = String::new();
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '_' && !out.is_empty() && next.is_ascii_alphanumeric() => {
                out.push(next.to_ascii_uppercase());
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// Names as JavaScript has them, with arguments. A name with a seed of its own is that function with `init.seed`.
fn table() -> BTreeMap<String, &'static [&'static str]> {
    let known = function_names().filter(|(name, _)| !name.contains("(seed="));
    known.map(|(name, parameters)| (name.replace("(stream)", ".stream"), parameters)).collect()
}

fn javascript() -> String {
    let mut out = NOTICE.to_owned();
    out.push_str("import { grouped } from \"./calling.js\";\n\nconst table = {\n");
    for (name, parameters) in table() {
        writeln!(out, "  {name:?}: {parameters:?},").unwrap();
    }
    out.push_str("};\n\n/** All functions in groups, on the `invoke` of a wasm module. */\n");
    out.push_str("export const functions = (invoke) => grouped(invoke, table);\n");
    out
}

fn argument_type(function: &str, argument: &str) -> Option<&'static str> {
    let group = |pattern: &str| match pattern {
        "(multilabel|token|span)" => {
            ["multilabel", "token_cl", "experimental.span"].iter().any(|g| function.starts_with(g))
        }
        "token" => function.starts_with("token_cl"),
        "span" => function.starts_with("experimental.span"),
        "regression" => function.starts_with("regression.rank"),
        "ensemble" => function.ends_with("_ensemble"),
        other => function.starts_with(other),
    };
    let fits = |pattern: &str| match pattern.rsplit_once('.') {
        Some((of, name)) => name == argument && group(of),
        None => pattern == argument,
    };
    let listed = ARGUMENTS.iter().find(|(pattern, _)| fits(pattern)).map(|&(_, of)| of);
    let switch = SWITCHES.contains(&argument).then_some("boolean");
    let number = NUMBERS.contains(&argument).then_some("number");
    let settings = argument.ends_with("_kwargs").then_some("Settings");
    // Shares of labels are given as a truth or as settings.
    let shares = (argument == "label_shares").then_some("unknown");
    listed.or(switch).or(number).or(settings).or(shares)
}

#[derive(Default)]
struct Group {
    call: Option<String>,
    members: BTreeMap<String, Group>,
}

impl Group {
    fn write(&self, out: &mut String, depth: usize) {
        out.push_str("{\n");
        let indent = "  ".repeat(depth + 1);
        if let Some(call) = &self.call {
            writeln!(out, "{indent}{call};").unwrap();
        }
        for (name, member) in &self.members {
            match &member.call {
                Some(call) if member.members.is_empty() => writeln!(out, "{indent}{name}{call};").unwrap(),
                _ => {
                    write!(out, "{indent}readonly {name}: ").unwrap();
                    member.write(out, depth + 1);
                    out.push_str(";\n");
                }
            }
        }
        write!(out, "{}}}", "  ".repeat(depth)).unwrap();
    }
}

fn typescript() -> String {
    let mut root = Group::default();
    for (name, parameters) in table() {
        let mut group = &mut root;
        for part in name.split('.') {
            group = group.members.entry(camel_case(part)).or_default();
        }
        let arguments = parameters.iter().map(|argument| {
            let of = argument_type(&name, argument).unwrap_or("unknown");
            format!("{}?: {of} | null", camel_case(argument))
        });
        let result = RESULTS.iter().find(|(function, _)| *function == name).map_or(OTHER_RESULT, |&(_, result)| result);
        group.call = Some(format!("(named: {{ {} }}): {result}", arguments.collect::<Vec<_>>().join("; ")));
    }
    let mut out = format!("{NOTICE}{TYPES}\n/** All functions. */\nexport interface Functions ");
    root.write(&mut out, 0);
    out.push('\n');
    out
}

fn written(name: &str) -> String {
    fs::read_to_string(format!("{FOLDER}/{name}")).expect(name)
}

#[test]
#[ignore = "writes the files"]
fn write_the_files() {
    fs::write(format!("{FOLDER}/functions.js"), javascript()).unwrap();
    fs::write(format!("{FOLDER}/functions.d.ts"), typescript()).unwrap();
}

#[test]
fn the_written_files_list_the_functions_of_the_engine() {
    let advice = "is stale: cargo test -p forge-wasm --test bindings -- --ignored";
    assert!(written("functions.js") == javascript(), "functions.js {advice}");
    assert!(written("functions.d.ts") == typescript(), "functions.d.ts {advice}");
}

#[test]
fn every_argument_has_a_type_and_every_group_is_exported() {
    for (name, parameters) in table() {
        for argument in parameters {
            assert!(argument_type(&name, argument).is_some(), "{name}: no type for {argument}");
        }
        let group = camel_case(name.split('.').next().unwrap_or_default());
        for file in ["index.js", "core.js", "shared.d.ts"] {
            assert!(written(file).contains(&group), "{file} does not export {group}");
        }
    }
}
