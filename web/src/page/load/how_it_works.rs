//! What happens to a file, in three steps with a small picture each.

use leptos::prelude::*;

/// Title, sentence, and the dots of the picture, row by row: `g`iven class, `o`ther class, `w`rong, `h`eld out, ` ` gone.
const STEPS: [(&str, &str, [&str; 3]); 3] = [
    (
        "Train out of sample",
        "A model trains several times in this tab, each time without a part of the rows, and judges the part it has not \
         seen.",
        ["gogohh", "oogohh", "gogohh"],
    ),
    (
        "Find",
        "Rows whose label the model finds implausible are listed, worst first, each with the probabilities behind it.",
        ["gogoog", "oogwgo", "gogoog"],
    ),
    (
        "Fix and export",
        "You exclude the rows that are wrong, and download the other rows of your file as they were.",
        ["gogoog", "oog go", "gogoog"],
    ),
];

/// The strip.
#[component]
pub(super) fn HowItWorks() -> impl IntoView {
    let step = |(title, text, picture): (&'static str, &'static str, [&'static str; 3])| {
        view! {
            <li class="how-step">
                <svg class="how-picture" viewBox="0 0 62 36" width="62" height="36" aria-hidden="true">
                    {dots(&picture)}
                </svg>
                <div>
                    <h3 class="how-title">{title}</h3>
                    <p class="how-text">{text}</p>
                </div>
            </li>
        }
    };
    view! {
        <section aria-labelledby="how-title">
            <h2 class="section-title" id="how-title">"How it works"</h2>
            <ol class="how">{STEPS.map(step).collect_view()}</ol>
        </section>
    }
}

fn dots(picture: &[&'static str]) -> impl IntoView + use<> {
    let of_row = |(y, row): (usize, &&'static str)| {
        let dots = row.chars().enumerate().map(move |(x, kind)| {
            let class = match kind {
                'g' => "dot-given",
                'o' => "dot-other",
                'w' => "dot-wrong",
                'h' => "dot-held",
                _ => "dot-gone",
            };
            view! { <circle class=class cx=(6 + 10 * x).to_string() cy=(6 + 12 * y).to_string() r="3.2"/> }
        });
        dots.collect::<Vec<_>>()
    };
    picture.iter().enumerate().flat_map(of_row).collect_view()
}
