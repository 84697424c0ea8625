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

#[path = "bindings/arguments.rs"]
mod arguments;
#[path = "bindings/results.rs"]
mod results;

use arguments::{ARGUMENTS, MEANINGS, NUMBERS, SWITCHES};
use results::{FUNCTIONS, OTHER_RESULT};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/js");

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

/** Per image, class or row of a multi-dimensional result. */
export type FloatRows = Float64Array[];

/** What a fitted `CleanLearning` found, and the noise it estimates; null where it was told not to keep that. */
export interface CleanLearningIssues {
  /** is_label_issue, label_quality, given_label, predicted_label. */
  issues: Table;
  /** P(given | true), and P(true | given). */
  noiseMatrix: FloatRows | null;
  inverseNoiseMatrix: FloatRows | null;
  confidentJoint: FloatRows | null;
  /** P(true) and P(given). */
  py: Float64Array | null;
  ps: Float64Array | null;
  numClasses: number;
}

/** What an audit of labels, predictions and features found. */
export interface DatalabIssues {
  /** Per row and check `is_…_issue` and `…_score`. */
  issues: Table;
  /** issue_type, score, num_issues. */
  summary: Table;
  /** What each check knows of the data set, by cleanlab's names. */
  info: Record<string, any>;
  /** The checks that failed. */
  failed?: string[];
  [more: string]: any;
}

/** Consensus labels and how good they are. */
export interface AnnotatorQuality {
  /** consensus_label, consensus_quality_score, annotator_agreement, num_annotations. */
  labelQuality: Table;
  detailedLabelQuality?: Table;
  /** annotator_quality, agreement_with_consensus, worst_class, num_examples_labeled. */
  annotatorStats?: Table;
  [more: string]: any;
}

/** Scores of outliers, of the rows fitted on and of others. */
export interface OutlierScores {
  scores: Float64Array;
  newScores?: Float64Array;
  scalingFactor: number | null;
  [more: string]: any;
}
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

/// What a list has for an argument of a function; see [`ARGUMENTS`].
fn listed(list: &[(&str, &'static str)], function: &str, argument: &str) -> Option<&'static str> {
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
    list.iter().find(|(pattern, _)| fits(pattern)).map(|&(_, found)| found)
}

fn argument_type(function: &str, argument: &str) -> Option<&'static str> {
    let switch = SWITCHES.contains(&argument).then_some("boolean");
    let number = NUMBERS.contains(&argument).then_some("number");
    let settings = argument.ends_with("_kwargs").then_some("Settings");
    // Shares of labels are given as a truth or as settings.
    let shares = (argument == "label_shares").then_some("unknown");
    listed(ARGUMENTS, function, argument).or(switch).or(number).or(settings).or(shares)
}

/// The comment above a function: what it does, and what its arguments mean.
fn comment(function: &str, parameters: &[&str], indent: &str) -> String {
    let said = FUNCTIONS.iter().find(|(name, ..)| *name == function).map_or("", |(_, said, _)| said);
    let mut out = format!("{indent}/**\n{indent} * {said}\n{indent} * cleanlab: `{function}`.\n");
    let meant = parameters.iter().filter_map(|argument| Some((argument, listed(MEANINGS, function, argument)?)));
    for (place, (argument, meaning)) in meant.enumerate() {
        if place == 0 {
            writeln!(out, "{indent} *").unwrap();
        }
        writeln!(out, "{indent} * - `{}`: {meaning}", camel_case(argument)).unwrap();
    }
    writeln!(out, "{indent} */").unwrap();
    out
}

#[derive(Default)]
struct Group {
    /// The name in the engine, the arguments, and the call in TypeScript.
    call: Option<(String, &'static [&'static str], String)>,
    members: BTreeMap<String, Group>,
}

impl Group {
    fn write(&self, out: &mut String, depth: usize) {
        out.push_str("{\n");
        let indent = "  ".repeat(depth + 1);
        if let Some((function, parameters, call)) = &self.call {
            out.push_str(&comment(function, parameters, &indent));
            writeln!(out, "{indent}{call};").unwrap();
        }
        for (name, member) in &self.members {
            match &member.call {
                Some((function, parameters, call)) if member.members.is_empty() => {
                    out.push_str(&comment(function, parameters, &indent));
                    writeln!(out, "{indent}{name}{call};").unwrap();
                }
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
        let result =
            FUNCTIONS.iter().find(|(function, ..)| *function == name).map_or(OTHER_RESULT, |&(.., result)| result);
        let call = format!("(named: {{ {} }}): {result}", arguments.collect::<Vec<_>>().join("; "));
        group.call = Some((name, parameters, call));
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
fn every_function_is_described_every_argument_has_a_type_and_every_group_is_exported() {
    for (name, parameters) in table() {
        assert!(FUNCTIONS.iter().any(|(function, ..)| *function == name), "{name} is not described");
        for argument in parameters {
            assert!(argument_type(&name, argument).is_some(), "{name}: no type for {argument}");
        }
        let group = camel_case(name.split('.').next().unwrap_or_default());
        for file in ["index.js", "core.js", "shared.d.ts"] {
            assert!(written(file).contains(&group), "{file} does not export {group}");
        }
    }
}
