//! The outcomes of `cargo xtask bench algorithms` as a table and as JSON.

use anyhow::Result;
use serde_json::{Value, json};

use super::algorithms::Outcome;
use super::inputs::Size;
use super::items::{Item, MEAN_GOALS, MEMORY_SHARE, STREAM, STREAM_MEMORY};
use super::measure::Run;

type Outcomes<'a> = [(&'a Item, Result<Outcome>)];

/// Prints one line per item and the geometric means.
pub(crate) fn print(outcomes: &Outcomes<'_>, size: Size) {
    let scope = match size {
        Size::Full => "",
        Size::Quick => "; a twentieth of the data, to which no goal applies",
    };
    println!("\nprocessor seconds of the call, one thread; peak memory of the process, MB{scope}\n");
    println!(
        "  {:<33} {:<22} {:>9} {:>9} {:>8} {:>5} {:>9} {:>8} {:>9} {:>6} {:>8}  agreement",
        "item", "full size", "cleanlab", "native", "ratio", "goal", "wasm", "ratio", "MB", "native", "wasm"
    );
    for (item, outcome) in outcomes {
        match outcome {
            Ok(outcome) => print_line(item, outcome, size),
            Err(error) => println!("  {:<33} {:<22} FAILED: {error:#}", item.name, item.size),
        }
    }
    let [native, wasm] = means(outcomes);
    println!();
    for (name, mean, goal) in [("native", native, MEAN_GOALS[0]), ("wasm", wasm, MEAN_GOALS[1])] {
        if let Some(mean) = mean {
            println!("  geometric mean, {name}: {mean:.1}x (goal {goal}x)");
        }
    }
    println!("  memory goal: a third of cleanlab's; `!` marks a goal that is missed");
}

fn print_line(item: &Item, outcome: &Outcome, size: Size) {
    let mark = |met: bool| if met || size == Size::Quick { ' ' } else { '!' };
    let native_ratio = ratio(&outcome.python, &outcome.native);
    let native_met = item.goal.is_none_or(|goal| native_ratio >= goal);
    let goal = item.goal.map_or(String::new(), |goal| format!("{goal:.0}x"));
    let (wasm_seconds, wasm_ratio, wasm_memory) = match &outcome.wasm {
        None => Default::default(),
        Some((run, _)) => (
            format!("{:.4}", run.cpu),
            format!("{:.1}x", ratio(&outcome.python, run)),
            format!("{:.0}", megabytes(run)),
        ),
    };
    println!(
        "  {:<33} {:<22} {:>9.4} {:>9.4} {:>7.1}x{} {:>4} {wasm_seconds:>9} {wasm_ratio:>8} {:>9.0} {:>6.0}{} \
         {wasm_memory:>7}  {}",
        item.name,
        item.size,
        outcome.python.cpu,
        outcome.native.cpu,
        native_ratio,
        mark(native_met),
        goal,
        megabytes(&outcome.python),
        megabytes(&outcome.native),
        mark(memory_met(item, outcome)),
        agreement(outcome),
    );
}

/// Natively, and in wasm where that differs.
fn agreement(outcome: &Outcome) -> String {
    let native = outcome.native_agreement.words();
    match &outcome.wasm {
        Some((_, wasm)) if wasm.words() != native => format!("{native}; wasm {}", wasm.words()),
        _ => native,
    }
}

fn memory_met(item: &Item, outcome: &Outcome) -> bool {
    if item.name == STREAM.name {
        return outcome.native.memory < STREAM_MEMORY;
    }
    outcome.native.memory as f64 <= outcome.python.memory as f64 * MEMORY_SHARE
}

fn ratio(python: &Run, ours: &Run) -> f64 {
    python.cpu / ours.cpu
}

fn megabytes(run: &Run) -> f64 {
    run.memory as f64 / 1e6
}

/// Geometric means of the ratios, native and wasm; [`STREAM`], whose own start counts, is left out.
fn means(outcomes: &Outcomes<'_>) -> [Option<f64>; 2] {
    let measured = || outcomes.iter().filter(|(item, _)| item.name != STREAM.name).filter_map(|(_, o)| o.as_ref().ok());
    let native = measured().map(|outcome| ratio(&outcome.python, &outcome.native));
    let wasm = measured().filter_map(|outcome| Some(ratio(&outcome.python, &outcome.wasm.as_ref()?.0)));
    [geometric_mean(native), geometric_mean(wasm)]
}

fn geometric_mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let logs: Vec<f64> = values.map(f64::ln).collect();
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

/// Everything the table says.
pub(crate) fn json(outcomes: &Outcomes<'_>, size: Size) -> Value {
    let side = |run: &Run| json!({ "cpu_seconds": run.cpu, "peak_bytes": run.memory });
    let item = |(item, outcome): &(&Item, Result<Outcome>)| {
        let mut out = json!({ "item": item.name, "full_size": item.size, "goal": item.goal });
        match outcome {
            Err(error) => out["error"] = json!(format!("{error:#}")),
            Ok(outcome) => {
                out["cleanlab"] = side(&outcome.python);
                out["native"] = side(&outcome.native);
                out["native"]["ratio"] = json!(ratio(&outcome.python, &outcome.native));
                out["native"]["agreement"] = json!(outcome.native_agreement.words());
                out["native"]["agrees"] = json!(outcome.native_agreement.holds());
                out["memory_goal_met"] = json!(memory_met(item, outcome));
                if let Some((run, agreement)) = &outcome.wasm {
                    out["wasm"] = side(run);
                    out["wasm"]["ratio"] = json!(ratio(&outcome.python, run));
                    out["wasm"]["agreement"] = json!(agreement.words());
                    out["wasm"]["agrees"] = json!(agreement.holds());
                }
            }
        }
        out
    };
    let [native, wasm] = means(outcomes);
    json!({
        "quick": size == Size::Quick,
        "geometric_mean": { "native": native, "wasm": wasm },
        "items": outcomes.iter().map(item).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_averaged_as_factors() {
        let mean = geometric_mean([4.0, 25.0].into_iter()).unwrap();
        assert!((mean - 10.0).abs() < 1e-12);
        assert_eq!(geometric_mean(std::iter::empty()), None);
    }
}
