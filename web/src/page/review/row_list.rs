//! The list of rows. Only the lines in view exist, so a million rows scroll like a hundred.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::store::{Store, store};
use super::list_head::ListHead;
use super::list_row::ListRow;
use super::shown_features;

/// Height of a line in pixels; the style sheet's `--list-line` is the same.
const LINE: f64 = 34.0;
/// Browsers cut elements off at some 33 million pixels; a longer list scrolls faster than the pointer moves.
const MAX_HEIGHT: f64 = 15_000_000.0;
/// Lines drawn beyond each end of the view.
const MARGIN: usize = 6;

/// The lines in view: the first one, how many, and where in pixels the first one stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Window {
    first: usize,
    len: usize,
    top: f64,
}

fn window_at(n: usize, scroll: f64, view: f64) -> Window {
    let (full, height) = (n as f64 * LINE, (n as f64 * LINE).min(MAX_HEIGHT));
    let ratio = if height > view { (full - view) / (height - view) } else { 1.0 };
    let offset = scroll.clamp(0.0, (height - view).max(0.0)) * ratio;
    let first = ((offset / LINE) as usize).saturating_sub(MARGIN).min(n);
    let len = ((view / LINE) as usize + 2 + 2 * MARGIN).min(n - first);
    Window { first, len, top: scroll - (offset - first as f64 * LINE) }
}

/// The list.
#[component]
pub(super) fn RowList() -> impl IntoView {
    let store = store();
    let frame = NodeRef::<html::Div>::new();
    let scroll = RwSignal::new(0.0);
    let view_height = RwSignal::new(600.0);
    let measure = move || {
        if let Some(frame) = frame.get_untracked() {
            // The head stays at the top and covers one line.
            view_height.set((f64::from(frame.client_height()) - LINE).max(LINE));
            scroll.set(f64::from(frame.scroll_top()));
        }
    };
    let handle = window_event_listener(leptos::ev::resize, move |_| measure());
    on_cleanup(move || handle.remove());
    Effect::new(move |_| {
        frame.track();
        request_animation_frame(measure);
    });
    let n = move || store.listed.with(|listed| listed.len());
    let window = Memo::new(move |_| window_at(n(), scroll.get(), view_height.get()));
    let lines = Memo::new(move |_| {
        let Window { first, len, .. } = window.get();
        store
            .listed
            .with(|listed| (first..).zip(listed.iter().skip(first).take(len).copied()).collect::<Vec<(usize, u32)>>())
    });
    fetch_cells(store, lines);
    keep_selected_in_view(store, frame, view_height);
    let features = Memo::new(move |_| Arc::new(shown_features(store)));
    view! {
        <div class="list">
            <div
                class="list-frame"
                role="grid"
                aria-label="Rows"
                aria-rowcount=move || (n() + 1).to_string()
                aria-activedescendant=move || {
                    let shown = |entry: &u32| lines.with(|lines| lines.iter().any(|line| line.1 == *entry));
                    store.selected.get().filter(shown).map(|entry| format!("entry-{entry}"))
                }
                tabindex="0"
                node_ref=frame
                data-testid="issue-list"
                on:scroll=move |_| measure()
            >
                <ListHead features/>
                <div
                    class="list-height"
                    role="rowgroup"
                    style:height=move || format!("{}px", (n() as f64 * LINE).min(MAX_HEIGHT))
                >
                    <div
                        class="list-lines"
                        role="presentation"
                        style:transform=move || format!("translateY({}px)", window.get().top)
                    >
                        <For each=move || lines.get() key=|line| *line let((at, entry))>
                            <ListRow at entry features/>
                        </For>
                    </div>
                </div>
            </div>
            <Show when=move || n() == 0>
                <p class="empty list-empty" data-testid="list-empty">
                    "No row matches. Move the threshold to the right or take off a filter."
                </p>
            </Show>
        </div>
    }
}

/// Asks the table worker for the cells of new lines; what was asked for last is not asked for again.
fn fetch_cells(store: Store, lines: Memo<Vec<(usize, u32)>>) {
    Effect::new(move |asked: Option<Vec<u32>>| {
        let Some(analysis) = store.analysis.get() else {
            return Vec::new();
        };
        let rows: Vec<u32> = lines.with(|lines| {
            let rows = lines.iter().filter_map(|&(_, entry)| analysis.rows.get(entry as usize).copied());
            store.row_texts.with_untracked(|texts| rows.filter(|row| !texts.contains_key(row)).collect())
        });
        let asked = asked.unwrap_or_default();
        let new: Vec<u32> = rows.iter().copied().filter(|row| !asked.contains(row)).collect();
        if !new.is_empty() {
            store.act(Action::NeedCells(new));
        }
        rows
    });
}

/// Scrolls to the selected line when the keys move it out of view.
fn keep_selected_in_view(store: Store, frame: NodeRef<html::Div>, view_height: RwSignal<f64>) {
    Effect::new(move |_| {
        let Some(entry) = store.selected.get() else {
            return;
        };
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        let at = store.listed.with_untracked(|listed| listed.iter().position(|&listed| listed == entry));
        let n = store.listed.with_untracked(|listed| listed.len());
        if let Some(at) = at.filter(|_| n as f64 * LINE <= MAX_HEIGHT) {
            let (top, view) = (f64::from(frame.scroll_top()), view_height.get_untracked());
            let line = at as f64 * LINE;
            if line < top {
                frame.set_scroll_top(line as i32);
            } else if line + LINE > top + view {
                frame.set_scroll_top((line + LINE - view).ceil() as i32);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_reaches_the_last_line_even_of_a_list_higher_than_a_browser_can_draw() {
        for n in [3, 1_000, 2_000_000] {
            let height = (n as f64 * LINE).min(MAX_HEIGHT);
            let end = window_at(n, (height - 400.0).max(0.0), 400.0);
            assert_eq!(end.first + end.len, n);
        }
    }

    #[test]
    fn a_list_that_fits_is_drawn_whole() {
        assert_eq!(window_at(3, 0.0, 400.0), Window { first: 0, len: 3, top: 0.0 });
    }
}
