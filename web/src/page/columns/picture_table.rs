//! What a set of pictures holds: its classes with their boxes, and a few pictures with what is annotated.

use leptos::prelude::*;

use super::super::format;
use super::super::store::store;

/// Pictures that are listed at most.
const LISTED: usize = 200;

/// The tables; nothing for other data.
#[component]
pub(super) fn PictureTable() -> impl IntoView {
    let store = store();
    move || {
        let facts = store.facts.get()?;
        let pictures = facts.pictures.as_ref()?;
        let mut counts = vec![0_usize; pictures.classes.len()];
        for labelled in pictures.pictures.iter().filter_map(|picture| picture.boxes.as_ref()).flatten() {
            if let Some(count) = counts.get_mut(labelled.class as usize) {
                *count += 1;
            }
        }
        let all = counts.iter().sum::<usize>().max(1);
        let most = counts.iter().copied().max().unwrap_or(1).max(1);
        let classes: Vec<_> = pictures
            .classes
            .iter()
            .zip(&counts)
            .map(|(name, &n)| {
                let width = (n as f64 / most as f64 * 100.0).max(1.0);
                view! {
                    <tr data-testid="class-row" data-class=name.clone() data-count=n.to_string()>
                        <th scope="row">{name.clone()}</th>
                        <td class="number figure">{format::count(n)}</td>
                        <td class="tag-share">
                            <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                                <rect class="meter-back" width="100" height="6"/>
                                <rect class="meter-quiet" width=width.to_string() height="6"/>
                            </svg>
                            <span class="figure">{format::percent(n as f64 / all as f64)}</span>
                        </td>
                    </tr>
                }
            })
            .collect();
        let lines: Vec<_> = pictures
            .pictures
            .iter()
            .take(LISTED)
            .map(|picture| {
                let name = pictures.files.get(picture.file).cloned().unwrap_or_default();
                let boxes = picture.boxes.as_ref().map_or_else(|| "–".to_owned(), |boxes| format::count(boxes.len()));
                view! {
                    <tr data-testid="picture-row">
                        <th scope="row" class="picture-path">{name}</th>
                        <td class="number figure">{format!("{} × {}", picture.width, picture.height)}</td>
                        <td class="number figure">{boxes}</td>
                        <td>{if picture.has_mask { "Yes" } else { "–" }}</td>
                    </tr>
                }
            })
            .collect();
        let more = pictures.pictures.len().saturating_sub(LISTED);
        Some(view! {
            {(!classes.is_empty()).then(|| view! {
                <div class="table-frame">
                    <table class="plain-table tag-table" data-testid="class-table">
                        <caption class="visually-hidden">"Classes of the boxes"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Class"</th>
                                <th scope="col" class="number">"Boxes"</th>
                                <th scope="col">"Share"</th>
                            </tr>
                        </thead>
                        <tbody>{classes}</tbody>
                    </table>
                </div>
            })}
            <h2 class="section-title">"Pictures"</h2>
            <div class="table-frame pictures-frame" tabindex="0" role="region" aria-label="Pictures">
                <table class="plain-table" data-testid="picture-table">
                    <thead>
                        <tr>
                            <th scope="col">"File"</th>
                            <th scope="col" class="number">"Size"</th>
                            <th scope="col" class="number">"Boxes"</th>
                            <th scope="col">"Mask"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
            {(more > 0).then(|| view! { <p class="fold-note">"… and " {format::count(more)} " more"</p> })}
        })
    }
}
