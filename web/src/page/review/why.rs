//! Why a row is where it is, in one sentence of plain words.

use leptos::prelude::*;

use super::super::analysis::Analysis;
use super::super::format;

/// The sentence for an entry.
pub(super) fn why(analysis: &Analysis, entry: u32) -> Option<impl IntoView + use<>> {
    let index = entry as usize;
    let (given, suggested) = (*analysis.given.get(index)?, *analysis.suggested.get(index)?);
    let probabilities = analysis.probabilities(entry);
    let share = |class: u32| format::percent(probabilities.get(class as usize).copied().unwrap_or_default());
    let given_name = analysis.class(given).to_owned();
    let sentence = if given == suggested {
        view! {
            <p class="why" data-testid="why">
                "Labelled " <strong>{given_name}</strong>
                ", and the model, trained without this row, agrees: it gives that " <strong>{share(given)}</strong> "."
            </p>
        }
        .into_any()
    } else {
        view! {
            <p class="why" data-testid="why">
                "Labelled " <strong>{given_name}</strong>
                ", but the model, trained without this row, gives that " <strong>{share(given)}</strong> " and "
                <strong>{analysis.class(suggested).to_owned()}</strong> " " <strong>{share(suggested)}</strong> "."
            </p>
        }
        .into_any()
    };
    Some(sentence)
}
