//! The listed pictures, worst first, each with a small picture.

use forge_core::BoxIssue;
use leptos::html;
use leptos::prelude::*;

use super::super::action::Action;
use super::super::format;
use super::super::store::store;
use super::findings::box_picture;
use super::state::Thumb;
use super::{file_name, path_of};

/// The list.
#[component]
pub(super) fn PictureList() -> impl IntoView {
    let store = store();
    let lines = Memo::new(move |_| {
        let group = store.group.get();
        let version =
            store.found.with(|found| found.as_ref().map_or(0, |found| std::sync::Arc::as_ptr(found) as usize));
        let n = store.found.with(|found| found.as_ref().map_or(0, |found| found.findings(group).len()));
        (0..n as u32).map(|at| (version, group, at)).collect::<Vec<_>>()
    });
    let n = move || lines.with(Vec::len);
    view! {
        <p class="list-caption">
            <span role="status" data-testid="list-count" data-value=move || n().to_string()>
                {move || format::counted(n(), "picture", "pictures")}
            </span>
            ", worst first"
        </p>
        <Show
            when=move || n() != 0
            fallback=|| view! { <p class="empty" data-testid="nothing-found">"Nothing to list. Other settings may find more."</p> }
        >
            <ol class="picture-list" data-testid="picture-list">
                <For each=move || lines.get() key=|line| *line let((_, group, at))>
                    <PictureLine group at/>
                </For>
            </ol>
        </Show>
    }
}

/// The line of a picture, `at` its place in its group.
#[component]
fn PictureLine(group: usize, at: u32) -> impl IntoView {
    let store = store();
    let found = store.found.get_untracked()?;
    let issue = found.finding(group, at)?.issue.clone();
    let picture = issue.row;
    let name = file_name(&untrack(|| path_of(store, picture)));
    let selected = Memo::new(move |_| store.selected.get() == Some(at));
    let changed = Memo::new(move |_| store.pictures.edits.with(|edits| edits.is_changed(picture)));
    let marked: Vec<[f64; 5]> = box_picture(&found, picture).map_or_else(Vec::new, |report| {
        let marked = |issue: &BoxIssue| [issue.edges[0], issue.edges[1], issue.edges[2], issue.edges[3], issue.score];
        report.issues.iter().map(marked).collect()
    });
    let thumb = Memo::new(move |_| {
        let thumb = store.pictures.thumbs.with(|thumbs| thumbs.get(&picture).cloned());
        thumb.map(|thumb| Thumb { boxes: marked.clone(), ..thumb })
    });
    let button = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get().filter(|_| selected.get()) {
            keep_in_view(&button);
        }
    });
    Some(view! {
        <li>
            <button
                node_ref=button
                type="button"
                class="picture-line"
                aria-current=move || selected.get().then_some("true")
                data-testid="issue-row"
                data-row=picture.to_string()
                data-score=issue.score.to_string()
                data-changed=move || changed.get().to_string()
                on:click=move |_| store.act(Action::Select(at))
            >
                <span class="thumb" aria-hidden="true">{move || thumb.get().map(|thumb| view! { <ThumbPicture thumb/> })}</span>
                <span class="picture-words">
                    <strong class="picture-name">{name}</strong>
                    <span class="picture-why">{issue.reason}</span>
                    <span class="picture-score">
                        <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                            <rect class="meter-back" width="100" height="6"/>
                            <rect class="meter-fill" width=(issue.score * 100.0).clamp(1.5, 100.0).to_string() height="6"/>
                        </svg>
                        <span class="figure">{format::score(issue.score)}</span>
                        {move || changed.get().then(|| view! { <span class="tag-changed">"Changed"</span> })}
                    </span>
                </span>
            </button>
        </li>
    })
}

/// Scrolls the list, and nothing else, so that a line is seen.
fn keep_in_view(line: &web_sys::HtmlButtonElement) {
    let Ok(Some(list)) = line.closest(".picture-list") else { return };
    let (of_line, of_list) = (line.get_bounding_client_rect(), list.get_bounding_client_rect());
    if of_line.top() < of_list.top() {
        list.set_scroll_top(list.scroll_top() - (of_list.top() - of_line.top()).ceil() as i32);
    } else if of_line.bottom() > of_list.bottom() {
        list.set_scroll_top(list.scroll_top() + (of_line.bottom() - of_list.bottom()).ceil() as i32);
    }
}

/// A small picture with boxes over it: what is predicted, or what looks wrong.
#[component]
pub(super) fn ThumbPicture(thumb: Thumb) -> impl IntoView {
    let (width, height) = (thumb.size.0.max(1.0), thumb.size.1.max(1.0));
    let boxes: Vec<_> = thumb
        .boxes
        .iter()
        .map(|[x1, y1, x2, y2, _]| {
            view! {
                <rect class="thumb-box" x=x1.to_string() y=y1.to_string() width=(x2 - x1).to_string() height=(y2 - y1).to_string()/>
            }
        })
        .collect();
    view! {
        <svg viewBox=format!("0 0 {width} {height}") preserveAspectRatio="xMidYMid meet">
            <image href=thumb.address width=width.to_string() height=height.to_string() preserveAspectRatio="none"/>
            {boxes}
        </svg>
    }
}
