//! `cargo xtask bench vision`: the bundled models natively and in Node, beside onnxruntime in Python, one thread each.
//!
//! Times are processor time, the least of several, since other work on the machine only adds to them. Then as many pictures
//! of 1920 × 1080 as asked for go through one module, which must not take more memory than it had after a hundred.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use lexopt::{Arg::Long, Parser, ValueExt};
use serde_json::Value;

use super::measure::measure;
use super::python;
use crate::project::Project;
use crate::{process, setup, wasm};

const YOLOX: &str = "data/models/yolox_nano.onnx";
const BODYPIX: &str = "data/models/bodypix_s16.onnx";
const PICTURE: &str = "tests/data/vision/walker.jpg";
/// What is measured, its name in the JSON, and the goals in milliseconds, natively and in Node.
const LINES: [(&str, &str, Option<f64>, Option<f64>); 8] = [
    ("yolox_nano, one picture", "yolox", Some(70.0), Some(250.0)),
    ("bodypix_s16 at 513 × 385", "bodypix", Some(60.0), Some(150.0)),
    ("load yolox_nano", "load_yolox", None, Some(1500.0)),
    ("load bodypix_s16", "load_bodypix", None, Some(1500.0)),
    ("compile the module", "compile", None, None),
    ("decode 1920 × 1080", "decode_1080p", None, None),
    ("measure 1920 × 1080 for the checks", "facts_1080p", None, None),
    ("all of it, 1920 × 1080", "whole_1080p", None, None),
];

/// What the user asked for.
pub(crate) struct Options {
    pictures: usize,
}

impl Options {
    /// Reads `--pictures`.
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { pictures: 500 };
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("pictures") => options.pictures = arguments.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

/// Measures all sides, prints them and says which goals are missed.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    let interpreter = python::environment(project)?;
    let native = native(project)?;
    let module = module(project)?;
    let large = project.target.join("bench/large.jpg");
    process::run(
        project.command(&native).arg("large").arg(PICTURE).arg(&large),
        "make a picture of 1920 × 1080",
        "see the message above",
    )?;
    process::step("the models on every side", "two minutes");
    let native = {
        let mut command = project.command(&native);
        command.args(["run", YOLOX, BODYPIX, PICTURE]).arg(&large);
        measure(&mut command, "")?.result
    };
    let node = {
        let mut command = project.command("node");
        command.arg("xtask/bench/vision.mjs").arg(&module).args([YOLOX, BODYPIX, PICTURE]).arg(&large);
        measure(command.arg(options.pictures.to_string()), "")?.result
    };
    let mut script = python::script(project, &interpreter, "bench_vision.py");
    let python = measure(script.args(["data/models", PICTURE]), "")?.result;
    let mut missed = print(&native, &node, &python);
    missed.extend(growth(&node, options.pictures)?);
    if missed.is_empty() {
        println!("\n  every goal is met");
        return Ok(());
    }
    bail!("goals missed:\n  {}", missed.join("\n  "))
}

/// The native program, brought up to date.
fn native(project: &Project) -> Result<PathBuf> {
    process::step("release build of the native program", "three minutes the first time");
    let mut cargo = project.cargo("build --quiet --release -p forge-vision --example measure");
    process::run(&mut cargo, "build the native program", "see the compiler's message above")?;
    Ok(project.target.join("release/examples").join(format!("measure{}", std::env::consts::EXE_SUFFIX)))
}

/// The JavaScript of the module for Node, brought up to date.
fn module(project: &Project) -> Result<PathBuf> {
    setup::node(project)?;
    let folder = project.target.join("bench/wasm-vision");
    wasm::vision(project, "nodejs", &folder)?;
    Ok(folder.join("forge_vision_wasm.js"))
}

/// Prints the table; returns the goals that are missed.
fn print(native: &Value, node: &Value, python: &Value) -> Vec<String> {
    println!("\n  {:<36} {:>10} {:>10} {:>12}   milliseconds", "", "native", "Node", "onnxruntime");
    let mut missed = Vec::new();
    for (name, key, native_goal, node_goal) in LINES {
        let shown = |side: &Value| side[key].as_f64().map_or_else(String::new, |found| format!("{found:.0}"));
        println!("  {name:<36} {:>10} {:>10} {:>12}", shown(native), shown(node), shown(python));
        for (side, found, goal) in [("natively", native, native_goal), ("in Node", node, node_goal)] {
            match (found[key].as_f64(), goal) {
                (Some(found), Some(goal)) if found > goal => {
                    missed.push(format!("{name} {side}: {found:.0} ms, at most {goal}"));
                }
                _ => {}
            }
        }
    }
    missed
}

/// Prints the memory of the module; says when it grew.
fn growth(node: &Value, pictures: usize) -> Result<Option<String>> {
    let memory = node["memory"].as_object().context("the module reported no memory")?;
    let bytes = |after: &str| memory.get(after).and_then(Value::as_u64);
    println!("\n  bytes of memory with both models: {}", node["loaded_bytes"]);
    let mut after: Vec<(usize, u64)> =
        memory.iter().filter_map(|(after, bytes)| Some((after.parse().ok()?, bytes.as_u64()?))).collect();
    after.sort_unstable();
    after.iter().for_each(|(after, bytes)| println!("  after {after:>4} pictures of 1920 × 1080: {bytes}"));
    let (Some(&(_, last)), Some(first)) = (after.last(), bytes("100")) else { return Ok(None) };
    Ok((last > first).then(|| format!("from picture 100 to {pictures} memory grew by {} bytes", last - first)))
}
