//! The three parts of the step: rail, list of pictures, and the stage with what can be done.

use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::super::task_review::{Rail, kind_note, kind_title};
use super::inspector::Inspector;
use super::picture_list::PictureList;
use super::stage::Stage;
use super::toolbar::Toolbar;
use super::{file_name, path_of, shown};

/// The step.
#[component]
pub(crate) fn PictureReview() -> impl IntoView {
    let store = store();
    let picture = shown(store);
    let heading = Memo::new(move |_| {
        let found = store.found.get();
        let group = found.as_ref().and_then(|found| found.groups.get(store.group.get()).map(|group| (found, group)));
        group.map_or_else(
            || ("Nothing found".to_owned(), "No picture is listed with these settings"),
            |(found, group)| (kind_title(&group.kind, found.work()), kind_note(&group.kind)),
        )
    });
    let name = move || picture.get().map(|picture| file_name(&path_of(store, picture)));
    let place = move || {
        let n = store.found.with(|found| found.as_ref().map_or(0, |found| found.findings(store.group.get()).len()));
        store.selected.get().map(|at| format!("{} of {}", format::count(at as usize + 1), format::count(n)))
    };
    let size = move || {
        let (width, height) = store.pictures.frame.get().picture;
        (width > 0.0).then(|| format!(" · {width} × {height}"))
    };
    view! {
        <div class="review review-pictures" data-testid="review-step">
            <Rail/>
            <section class="review-main" aria-labelledby="review-title">
                <h1 class="title" id="review-title">{move || heading.get().0}</h1>
                <p class="subtitle">{move || heading.get().1}</p>
                <PictureList/>
            </section>
            <section class="evidence picture" class:evidence-open=move || store.sheet.get() data-testid="evidence" aria-label="Picture">
                <Show
                    when=move || picture.get().is_some()
                    fallback=|| view! { <p class="empty">"Choose a picture to see what is wrong with it"</p> }
                >
                    <div class="picture-head">
                        <div class="picture-title">
                            <h2 class="title" data-testid="evidence-row">{name}</h2>
                            <p class="subtitle"><span class="figure">{place}</span> <span class="figure">{size}</span></p>
                        </div>
                        <Toolbar/>
                        <button
                            type="button"
                            class="icon-button evidence-close"
                            data-testid="evidence-close"
                            aria-label="Back to the list"
                            on:click=move |_| store.act(Action::CloseSheet)
                        >
                            "✕"
                        </button>
                    </div>
                    <div class="picture-body">
                        <Stage/>
                        <Inspector/>
                    </div>
                </Show>
            </section>
        </div>
    }
}
