//! How to repeat the run on the command line.

use forge_core::RunConfig;
use leptos::prelude::*;
use serde_json::Value;

use super::super::store::store;

/// The command.
#[component]
pub(super) fn NativeRun() -> impl IntoView {
    let store = store();
    let command = move || {
        let file = store.source.with(|source| source.as_ref().map(|source| source.name.clone()))?;
        store.analysis.with(|analysis| Some(command(&file, &analysis.as_ref()?.report.config)))
    };
    view! {
        <h2 class="section-title">"Run this natively, with the same findings"</h2>
        <pre class="command" tabindex="0" role="region" aria-label="Command" data-testid="command">
            <code>{command}</code>
        </pre>
    }
}

/// The command that runs `config` on `file`: every setting that is not its default is a flag of the same name.
fn command(file: &str, config: &RunConfig) -> String {
    let mut words = vec!["forge run --data".to_owned(), word(file), "--target".to_owned(), word(&config.target)];
    for (column, column_type) in &config.csv.types {
        words.extend(["--type".to_owned(), word(&format!("{column}={}", name_of(column_type)))]);
    }
    for (column, role) in &config.roles {
        words.extend(["--role".to_owned(), word(&format!("{column}={role}"))]);
    }
    let object = |config: &RunConfig| serde_json::to_value(config).ok().and_then(|value| value.as_object().cloned());
    let (given, default) = (object(config).unwrap_or_default(), object(&RunConfig::default()).unwrap_or_default());
    for (name, value) in &given {
        let has_own_flags = ["target", "csv", "roles"].contains(&name.as_str());
        if !has_own_flags && default.get(name) != Some(value) {
            words.extend([format!("--{}", name.replace('_', "-")), word(&text(value))]);
        }
    }
    words.join(" ")
}

/// The name of a value that is written as a word in JSON.
fn name_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).map(|value| text(&value)).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
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

    #[test]
    fn only_what_differs_from_the_defaults_becomes_a_flag() {
        let config = RunConfig { target: "the label".to_owned(), cv_folds: 3, ..RunConfig::default() };
        assert_eq!(command("a.csv", &config), "forge run --data a.csv --target 'the label' --cv-folds 3");
    }
}
