//! How to repeat the run on the command line.

use leptos::prelude::*;

use super::super::store::store;

/// The command, and what it leaves out.
#[component]
pub(super) fn NativeRun() -> impl IntoView {
    let store = store();
    let command = move || {
        let file = store
            .source
            .with(|source| source.as_ref().map(|source| source.name.clone()))
            .unwrap_or_default();
        let target = store
            .analysis
            .with(|analysis| analysis.as_ref().map(|a| a.report.target.clone()))
            .unwrap_or_default();
        format!(
            "forge run --data {} --target {}",
            shell_word(&file),
            shell_word(&target)
        )
    };
    let changed = move || {
        store.analysis.with(|analysis| {
            analysis.as_ref().is_some_and(|analysis| {
                let config = &analysis.report.config;
                *config
                    != forge_core::RunConfig {
                        target: config.target.clone(),
                        ..forge_core::RunConfig::default()
                    }
            })
        })
    };
    view! {
            <h2 class="section-title">"Run this natively"</h2>
            <pre class="command" tabindex="0" role="region" aria-label="Command" data-testid="command"><code>{command}</code></pre>
            <Show when=changed>
                <p class="card-note" data-testid="command-note">"Some settings of this run are not the defaults; the job file holds them."</p>
            </Show>
    }
}

/// A word as a shell takes it: in quotes where it needs them.
fn shell_word(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
