//! The pictures that the models have seen so far, while they look at the others.

use leptos::prelude::*;

use super::super::store::store;
use super::picture_list::ThumbPicture;

/// Pictures shown at most: the last ones.
const SHOWN: usize = 24;

/// The pictures.
#[component]
pub(crate) fn PicturesSoFar() -> impl IntoView {
    let store = store();
    let seen = Memo::new(move |_| {
        store.pictures.thumbs.with(|thumbs| {
            thumbs.iter().rev().take(SHOWN).map(|(picture, thumb)| (*picture, thumb.clone())).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || seen.with(|seen| !seen.is_empty())>
            <ul class="so-far" data-testid="so-far" aria-label="Pictures seen so far">
                <For each=move || seen.get() key=|(picture, thumb)| (*picture, thumb.address.clone()) let((_, thumb))>
                    <li class="thumb"><ThumbPicture thumb/></li>
                </For>
            </ul>
        </Show>
    }
}
