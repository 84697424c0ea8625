//! How to repeat the job on the command line.

use forge_core::Job;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::super::choices::{Choices, TableSetup};
use super::super::store::store;
use super::super::work::Work;

/// The command.
#[component]
pub(super) fn NativeRun() -> impl IntoView {
    let store = store();
    let command = move || {
        let file = store.source.with(|source| source.as_ref().map(|source| source.name.clone()))?;
        store.ran.with(|ran| ran.as_ref().and_then(|job| command(&file, job)))
    };
    view! {
        <h2 class="section-title">"Run this natively, with the same findings"</h2>
        <pre class="command" tabindex="0" role="region" aria-label="Command" data-testid="command">
            <code>{command}</code>
        </pre>
    }
}

/// The command that does `job` with `file`: every setting that is not its default is a flag of the same name.
fn command(file: &str, job: &Job) -> Option<String> {
    let (work, start) = match job {
        Job::Run(_) => (Work::Run, "forge run --data".to_owned()),
        Job::Sweep(_) => (Work::Sweep, "forge sweep --data".to_owned()),
        Job::Audit(_) => (Work::Audit, "forge audit".to_owned()),
        Job::Task(task) => (Work::Task(task.name()), format!("forge task {} --data", task.name())),
    };
    let default = object(&Choices::default().job(work, &TableSetup::default()).ok()?)?;
    let mut words = vec![start, word(file)];
    for (name, value) in object(job)? {
        if default.get(&name) == Some(&value) || value.is_null() {
            continue;
        }
        match (name.as_str(), &value) {
            ("csv", _) => {
                let types = value.get("types").and_then(Value::as_object).cloned().unwrap_or_default();
                types.iter().for_each(|(column, kind)| pair(&mut words, "--type", column, kind));
            }
            ("roles", Value::Object(roles)) => {
                roles.iter().for_each(|(column, role)| pair(&mut words, "--role", column, role));
            }
            ("parameters", Value::Object(all)) => {
                all.iter().for_each(|(name, value)| pair(&mut words, "--param", name, value));
            }
            _ => words.extend([format!("--{}", name.replace('_', "-")), word(&text(&value))]),
        }
    }
    Some(words.join(" "))
}

fn object(job: &Job) -> Option<Map<String, Value>> {
    serde_json::to_value(job).ok()?.as_object().cloned()
}

/// Adds a flag for one name of several.
fn pair(words: &mut Vec<String>, flag: &str, name: &str, value: &Value) {
    words.extend([flag.to_owned(), word(&format!("{name}={}", text(value)))]);
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A word as a shell takes it: in quotes where it needs them.
fn word(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/=".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forge_core::{RunConfig, TaskConfig};

    #[test]
    fn only_what_differs_from_the_defaults_becomes_a_flag() {
        let config = RunConfig { target: "the label".to_owned(), cv_folds: 3, ..RunConfig::default() };
        let said = command("a.csv", &Job::Run(config)).unwrap();
        assert_eq!(said, "forge run --data a.csv --cv-folds 3 --target 'the label'");
        let task = Job::Task(TaskConfig::named("token").unwrap());
        assert_eq!(command("a.conllu", &task).unwrap(), "forge task token --data a.conllu");
    }
}
