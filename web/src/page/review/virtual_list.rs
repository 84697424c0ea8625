//! A list of which only the lines in view exist, so that a million rows scroll like a hundred.

use leptos::html;
use leptos::prelude::*;

/// Height of a line in pixels; the style sheet's `--list-line` is the same.
const LINE: f64 = 34.0;
/// Browsers cut elements off at some 33 million pixels; a longer list scrolls faster than the pointer moves.
const MAX_HEIGHT: f64 = 15_000_000.0;
/// Lines drawn beyond each end of the view.
const MARGIN: usize = 6;

/// The lines in view: the first one, how many, and where in pixels the first one stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Window {
    /// Place of the first one.
    pub(crate) first: usize,
    /// How many.
    pub(crate) len: usize,
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

/// The list: its head and, as children, the lines of `window`.
#[component]
pub(crate) fn VirtualList(
    /// Lines in all.
    n: Signal<usize>,
    /// The lines to draw; the list sets them.
    window: RwSignal<Window>,
    /// Place of the selected line.
    selected: Signal<Option<usize>>,
    /// Id of its element, while that is drawn.
    active: Signal<Option<String>>,
    /// The head.
    head: ViewFn,
    children: Children,
) -> impl IntoView {
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
    let in_view = Memo::new(move |_| window_at(n.get(), scroll.get(), view_height.get()));
    window.set(in_view.get_untracked());
    Effect::new(move |_| window.set(in_view.get()));
    keep_in_view(frame, (n, selected), view_height);
    view! {
        <div class="list">
            <div
                class="list-frame"
                role="grid"
                aria-label="Rows"
                aria-rowcount=move || (n.get() + 1).to_string()
                aria-activedescendant=active
                tabindex="0"
                node_ref=frame
                data-testid="issue-list"
                on:scroll=move |_| measure()
            >
                {head.run()}
                <div
                    class="list-height"
                    role="rowgroup"
                    style:height=move || format!("{}px", (n.get() as f64 * LINE).min(MAX_HEIGHT))
                >
                    <div
                        class="list-lines"
                        role="presentation"
                        style:transform=move || format!("translateY({}px)", window.get().top)
                    >
                        {children()}
                    </div>
                </div>
            </div>
            <Show when=move || n.get() == 0>
                <p class="empty list-empty" data-testid="list-empty">
                    "No row matches. Move the threshold to the right or take off a filter."
                </p>
            </Show>
        </div>
    }
}

/// Scrolls to the selected line when the keys move it out of view.
fn keep_in_view(
    frame: NodeRef<html::Div>,
    (n, selected): (Signal<usize>, Signal<Option<usize>>),
    view_height: RwSignal<f64>,
) {
    Effect::new(move |_| {
        let at = selected.get();
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        if let Some(at) = at.filter(|_| n.get_untracked() as f64 * LINE <= MAX_HEIGHT) {
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
