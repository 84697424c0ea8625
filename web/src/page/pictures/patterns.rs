//! The patterns that tell kinds of issues apart without colours.

use leptos::prelude::*;

/// Hatchings in pixels of the page, whatever the picture's own are; each takes its colour from its class.
#[component]
pub(super) fn Patterns(
    /// Pixels of the page per pixel of the picture.
    scale: Memo<f64>,
) -> impl IntoView {
    let transform = move || format!("scale({})", 1.0 / scale.get());
    view! {
        <defs>
            <pattern id="hatch-overlooked" class="hatch hatch-overlooked" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform=transform>
                <path d="M-2 2 2-2M0 8 8 0M6 10 10 6"/>
            </pattern>
            <pattern id="hatch-badly_located" class="hatch hatch-badly_located" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform=transform>
                <circle cx="4" cy="4" r="1.3"/>
            </pattern>
            <pattern id="hatch-swapped" class="hatch hatch-swapped" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform=transform>
                <path d="M0 0 10 10M10 0 0 10"/>
            </pattern>
            <pattern id="hatch-predicted" class="hatch hatch-predicted" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform=transform>
                <path d="M-2 5 2 9M0 0 7 7M5-2 9 2"/>
            </pattern>
            <pattern id="hatch-pixels" class="hatch hatch-pixels" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform=transform>
                <path d="M0 0 6 6M6 0 0 6"/>
            </pattern>
        </defs>
    }
}
