//! Masks over a picture: the given one filled, the predicted one hatched, pixels in doubt cross-hatched.

use std::fmt::Write;

use forge_core::PixelRuns;
use leptos::prelude::*;

use super::super::store::store;
use super::findings::mask_picture;
use super::shown;

/// The masks; nothing where boxes are looked at.
#[component]
pub(super) fn Masks() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let replaced = Memo::new(move |_| {
        picture.get().is_some_and(|picture| {
            store.pictures.edits.with(|edits| edits.state(picture).is_some_and(|now| now.mask_replaced))
        })
    });
    let paths = Memo::new(move |_| {
        let (found, picture) = (store.found.get()?, picture.get()?);
        let one = mask_picture(&found, picture)?;
        let path = |runs: &Option<PixelRuns>| runs.as_ref().map(|runs| outline(runs, one.width)).unwrap_or_default();
        Some([path(&one.given), path(&one.predicted), path(&one.issues)])
    });
    let opacity = move || store.pictures.layers.get().opacity.to_string();
    move || {
        let [given, predicted, issues] = paths.get()?;
        Some(if replaced.get() {
            view! { <g class="masks" opacity=opacity><path class="mask-given" d=predicted data-testid="mask-given"/></g> }
                .into_any()
        } else {
            view! {
                <g class="masks" opacity=opacity>
                    <path class="mask-given" d=given data-testid="mask-given"/>
                    <path class="mask-predicted" d=predicted data-testid="mask-predicted"/>
                    <path class="mask-issues" d=issues data-testid="mask-issues"/>
                </g>
            }
            .into_any()
        })
    }
}

/// The pixels of a set as one path, a strip per run and row.
fn outline(runs: &PixelRuns, width: u32) -> String {
    let width = u64::from(width.max(1));
    let (mut path, mut at) = (String::new(), 0_u64);
    for (place, &length) in runs.lengths().iter().enumerate() {
        let end = at + u64::from(length);
        while place % 2 == 1 && at < end {
            let (x, y) = (at % width, at / width);
            let n = (width - x).min(end - at);
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x} {y}h{n}v1h-{n}z");
            at += n;
        }
        at = end;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_over_the_end_of_a_row_goes_on_in_the_next() {
        let runs = PixelRuns::of([false, true, true, true, false, true]);
        assert_eq!(outline(&runs, 3), "M1 0h2v1h-2zM0 1h1v1h-1zM2 1h1v1h-1z");
    }
}
