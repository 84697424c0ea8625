//! The whole page: header, the step shown, footer; and the drop target that covers all of it.

use leptos::ev;
use leptos::prelude::*;
use web_sys::DragEvent;

use super::super::action::{Action, Step};
use super::super::analyse::AnalyseStep;
use super::super::columns::ColumnsStep;
use super::super::export::ExportStep;
use super::super::load::{LoadStep, open_dropped};
use super::super::review::ReviewStep;
use super::super::store::store;
use super::footer::Footer;
use super::header::Header;
use super::help::Help;
use super::keys;

/// The whole page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let store = store();
    let help = RwSignal::new(false);
    let dragging = RwSignal::new(false);
    let handle = window_event_listener(ev::keydown, move |event| keys::pressed(store, help, &event));
    on_cleanup(move || handle.remove());
    let drop_file = move |event: DragEvent| {
        event.prevent_default();
        dragging.set(false);
        match event.data_transfer() {
            Some(data) => open_dropped(store, &data),
            None => store.act(Action::CannotOpen("What was dropped is not a file.".to_owned())),
        }
    };
    view! {
        <div
            class="app"
            data-testid="app"
            on:dragover=move |event| {
                event.prevent_default();
                dragging.set(true);
            }
            on:dragleave=move |event| {
                if event.related_target().is_none() {
                    dragging.set(false);
                }
            }
            on:drop=drop_file
        >
            <a class="skip" href="#main">"Skip to the content"</a>
            <Header help/>
            <main id="main" class="main" tabindex="-1">
                {move || match store.step.get() {
                    Step::Load => view! { <LoadStep/> }.into_any(),
                    Step::Columns => view! { <ColumnsStep/> }.into_any(),
                    Step::Analyse => view! { <AnalyseStep/> }.into_any(),
                    Step::Review => view! { <ReviewStep/> }.into_any(),
                    Step::Export => view! { <ExportStep/> }.into_any(),
                }}
            </main>
            <Footer/>
            <Help open=help/>
            <Show when=move || dragging.get()>
                <div class="drop-veil" aria-hidden="true">
                    <p>"Drop it to read it in this tab"</p>
                </div>
            </Show>
        </div>
    }
}
