//! The outcomes of `cargo xtask bench models` as a table and as JSON.

use anyhow::Result;
use serde_json::{Value, json};

use super::inputs::Size;
use super::model_items::{ModelItem, Promise, SPEED_UP, WASM_RATIO};
use super::models::{Measured, Outcome};

type Outcomes<'a> = [(&'a ModelItem, Result<Outcome>)];

/// Prints one line per item. `scope` is the size and where Adult's rows are from.
pub(crate) fn print(outcomes: &Outcomes<'_>, scope: (Size, &str)) {
    let (size, adult) = scope;
    let rows = match size {
        Size::Full => "",
        Size::Quick => "; a twentieth of the data, to which no goal applies",
    };
    println!(
        "\nout-of-sample predictions by 5 folds; processor seconds of the call, one thread; peak memory of the process,"
    );
    println!("of wasm the module's own, MB; Adult is {adult}{rows}\n");
    println!(
        "  {:<34} {:<24} {:>8} {:>8} {:>8} {:>5} {:>8} {:>10} {:>9} {:>7} {:>8} {:>6}  score",
        "item",
        "full size",
        "sklearn",
        "native",
        "ratio",
        "goal",
        "wasm",
        "to native",
        "threads",
        "MB",
        "native",
        "wasm"
    );
    for (item, outcome) in outcomes {
        match outcome {
            Ok(outcome) => print_line(item, outcome, size),
            Err(error) => println!("  {:<34} {:<24} FAILED: {error:#}", item.name, item.size),
        }
    }
    println!("\n  threads: wall time natively on one thread over that on two (goal {SPEED_UP}x)");
    println!(
        "  wasm to native: goal at most {WASM_RATIO}x; memory: at most scikit-learn's; `!` marks a goal that is missed"
    );
}

fn print_line(item: &ModelItem, outcome: &Outcome, size: Size) {
    let missed = missed(item, outcome);
    let flag = |met: bool| if met || size == Size::Quick { ' ' } else { '!' };
    let mark = |goal: Goal| flag(!missed.contains(&goal));
    let or_blank = |value: Option<String>| value.unwrap_or_default();
    let goal = match item.promise {
        Promise::Beside { ratio, .. } => format!("{ratio}x"),
        Promise::Fits { .. } => String::new(),
    };
    let python = outcome.python.as_ref();
    println!(
        "  {:<34} {:<24} {:>8} {:>8.3} {:>7}{} {goal:>5} {:>8} {:>9}{} {:>8}{} {:>7} {:>7.0}{} {:>5}{}  {}{}",
        item.name,
        item.size,
        or_blank(python.map(|python| format!("{:.3}", python.run.cpu))),
        outcome.native.run.cpu,
        or_blank(ratio(outcome).map(|ratio| format!("{ratio:.1}x"))),
        mark(Goal::Time),
        or_blank(outcome.wasm.as_ref().map(|wasm| format!("{:.3}", wasm.run.cpu))),
        or_blank(wasm_ratio(outcome).map(|ratio| format!("{ratio:.2}x"))),
        mark(Goal::TimeInWasm),
        or_blank(outcome.speed_up.map(|speed_up| format!("{speed_up:.2}x"))),
        flag(outcome.speed_up.is_none_or(|speed_up| speed_up >= SPEED_UP)),
        or_blank(python.map(|python| format!("{:.0}", python.run.memory as f64 / 1e6))),
        outcome.native.run.memory as f64 / 1e6,
        mark(Goal::Memory),
        or_blank(outcome.wasm.as_ref().map(|wasm| format!("{:.0}", wasm_bytes(wasm) / 1e6))),
        mark(Goal::MemoryInWasm),
        scores(outcome),
        mark(Goal::Score),
    );
}

/// Ours, scikit-learn's, and wasm's where it differs from ours.
fn scores(outcome: &Outcome) -> String {
    let ours = outcome.native.score;
    let words = match &outcome.python {
        Some(python) => format!("{ours:.5} (scikit-learn {:.5})", python.score),
        None => format!("{ours:.5}"),
    };
    match &outcome.wasm {
        Some(wasm) if wasm.score.to_bits() != ours.to_bits() => words + &format!("; wasm {:.8}", wasm.score),
        _ => words,
    }
}

/// What is asked of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    Time,
    TimeInWasm,
    Memory,
    MemoryInWasm,
    Score,
}

impl Goal {
    fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::TimeInWasm => "time_in_wasm",
            Self::Memory => "memory",
            Self::MemoryInWasm => "memory_in_wasm",
            Self::Score => "score",
        }
    }
}

/// The goals that are missed.
fn missed(item: &ModelItem, outcome: &Outcome) -> Vec<Goal> {
    let memory = outcome.native.run.memory;
    let mut goals = vec![(Goal::TimeInWasm, wasm_ratio(outcome).is_none_or(|ratio| ratio <= WASM_RATIO))];
    match (item.promise, &outcome.python) {
        (Promise::Beside { ratio: goal, apart }, Some(python)) => goals.extend([
            (Goal::Time, ratio(outcome).is_none_or(|ratio| ratio >= goal)),
            (Goal::Memory, memory <= python.run.memory),
            (Goal::Score, (python.score - outcome.native.score).abs() <= apart),
        ]),
        (Promise::Beside { .. }, None) => {}
        (Promise::Fits { native, wasm }, _) => goals.extend([
            (Goal::Memory, memory <= native),
            (Goal::MemoryInWasm, outcome.wasm.as_ref().is_none_or(|run| wasm_bytes(run) <= wasm as f64)),
        ]),
    }
    goals.into_iter().filter(|(_, met)| !met).map(|(goal, _)| goal).collect()
}

fn ratio(outcome: &Outcome) -> Option<f64> {
    outcome.python.as_ref().map(|python| python.run.cpu / outcome.native.run.cpu)
}

fn wasm_ratio(outcome: &Outcome) -> Option<f64> {
    outcome.wasm.as_ref().map(|wasm| wasm.run.cpu / outcome.native.run.cpu)
}

/// Memory of the module.
fn wasm_bytes(wasm: &Measured) -> f64 {
    wasm.run.result["wasm_bytes"].as_f64().unwrap_or(f64::NAN)
}

/// Everything the table says.
pub(crate) fn json(outcomes: &Outcomes<'_>, (size, adult): (Size, &str)) -> Value {
    let side =
        |side: &Measured| json!({ "cpu_seconds": side.run.cpu, "peak_bytes": side.run.memory, "score": side.score });
    let item = |(item, outcome): &(&ModelItem, Result<Outcome>)| {
        let mut out = json!({ "item": item.name, "full_size": item.size });
        match outcome {
            Err(error) => out["error"] = json!(format!("{error:#}")),
            Ok(outcome) => {
                if let Promise::Beside { ratio, .. } = item.promise {
                    out["goal"] = json!(ratio);
                }
                out["scikit_learn"] = outcome.python.as_ref().map_or(Value::Null, side);
                out["native"] = side(&outcome.native);
                out["native"]["ratio"] = json!(ratio(outcome));
                out["native"]["speed_up_of_two_threads"] = json!(outcome.speed_up);
                if let Some(wasm) = &outcome.wasm {
                    out["wasm"] = side(wasm);
                    out["wasm"]["memory_bytes"] = json!(wasm_bytes(wasm));
                    out["wasm"]["ratio_to_native"] = json!(wasm_ratio(outcome));
                }
                out["missed"] = json!(missed(item, outcome).into_iter().map(Goal::name).collect::<Vec<_>>());
            }
        }
        out
    };
    json!({
        "quick": size == Size::Quick,
        "adult": adult,
        "items": outcomes.iter().map(item).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::measure::Run;
    use super::super::model_items::ITEMS;
    use super::*;

    fn measured(cpu: f64, memory: u64, score: f64) -> Measured {
        Measured { run: Run { cpu, memory, result: json!({ "wasm_bytes": memory }) }, score }
    }

    #[test]
    fn each_goal_is_judged_by_itself() {
        let outcome = |native, wasm| Outcome {
            python: Some(measured(10.0, 100, 0.9)),
            native,
            wasm: Some(wasm),
            speed_up: Some(1.8),
        };
        // Five times as fast is promised of the first item.
        let good = outcome(measured(2.0, 100, 0.9), measured(4.0, 500, 0.9));
        assert_eq!(missed(&ITEMS[0], &good), []);
        let bad = outcome(measured(2.1, 101, 0.8), measured(4.3, 500, 0.8));
        assert_eq!(missed(&ITEMS[0], &bad), [Goal::TimeInWasm, Goal::Time, Goal::Memory, Goal::Score]);
    }

    #[test]
    fn a_size_that_has_to_fit_is_judged_by_the_memory_of_the_module() {
        let item = ITEMS.iter().find(|item| matches!(item.promise, Promise::Fits { .. })).unwrap();
        let outcome = |wasm| Outcome {
            python: None,
            native: measured(1.0, 4 << 30, 0.9),
            wasm: Some(measured(1.0, wasm, 0.9)),
            speed_up: None,
        };
        assert_eq!(missed(item, &outcome(2 << 30)), []);
        assert_eq!(missed(item, &outcome((2 << 30) + 1)), [Goal::MemoryInWasm]);
    }
}
