//! Help: what each step does and what each key does, in a dialog.

use leptos::html;
use leptos::prelude::*;

use super::super::pictures;
use super::keys::KEYS;

const STEPS: [(&str, &str); 5] = [
    (
        "Load",
        "Reads a table (CSV, TSV, ARFF, JSON, NumPy), tagged sentences (CoNLL-U, CoNLL-2003) or pictures with boxes or masks, \
         also in a gzip or zip file, in this tab. Nothing is uploaded.",
    ),
    (
        "Columns",
        "Says what each column is. Choose the target, the label you want checked, if there is one. Correct any type or role.",
    ),
    (
        "Analyse",
        "Choose what to look for; what suits your data is chosen already. To judge labels it trains a model several times, each time without a part of the rows, and asks it about that part. A label the \
         model finds implausible is a likely error. Then it trains again without the worst rows and compares.",
    ),
    ("Review", "Lists the suspects, worst first. Look at a row and its evidence, then exclude it or leave it."),
    (
        "Export",
        "Gives back your file without the excluded rows, the findings as tables and reports, and the job to repeat it.",
    ),
];

/// The dialog; open while `open` is true.
#[component]
pub(super) fn Help(open: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // It can only fail where the dialog is open or gone already.
            drop(dialog.show_modal());
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="help"
            data-testid="help"
            aria-labelledby="help-title"
            on:close=move |_| open.set(false)
        >
            <div class="help-head">
                <h2 id="help-title">"How it works"</h2>
                <button
                    type="button"
                    class="icon-button"
                    data-testid="help-close"
                    aria-label="Close"
                    on:click=move |_| open.set(false)
                >
                    "✕"
                </button>
            </div>
            <dl class="help-list">
                {STEPS.map(|(step, text)| view! { <div><dt>{step}</dt><dd>{text}</dd></div> }).collect_view()}
            </dl>
            <h3>"Keys in Review"</h3>
            <dl class="help-list help-keys">
                {KEYS.map(|(key, text)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div> }).collect_view()}
            </dl>
            <h3>"Keys for pictures"</h3>
            <dl class="help-list help-keys" data-testid="help-picture-keys">
                {pictures::KEYS.map(|(key, text)| view! { <div><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div> }).collect_view()}
            </dl>
        </dialog>
    }
}
