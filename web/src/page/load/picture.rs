//! Small pictures of data problems: what is wrong stands out by colour and by shape.

use leptos::prelude::*;

/// A kind of data problem.
#[derive(Clone, Copy, Debug)]
pub(super) enum Picture {
    /// One dot among many has the wrong colour.
    Labels,
    /// A table of given against suggested class with entries off its diagonal.
    Classes,
    /// Rows of filled and empty rings, one of them wrong.
    Sets,
    /// Words as bars, one of them marked.
    Words,
    /// A line with a point off it.
    Numbers,
    /// A cloud with a point far out.
    Outlier,
    /// Annotators by examples, each cell the class given.
    Annotators,
    /// A box around something, and one that is missing.
    Boxes,
    /// Bars of which two stand out.
    Anomalies,
}

/// Colour of each dot, row by row: `g`iven class, `o`ther class, `w`rong.
const DOTS: [&str; 4] = ["googooog", "oogowgoo", "googooog", "ogoogogo"];
/// Filled and empty rings, and the one that is wrong.
const RINGS: [&str; 4] = ["gooogo", "ggogoo", "oowggo", "gogoog"];
/// The class each annotator gave, or none.
const CELLS: [&str; 4] = ["oggwgwgo", "ggggogwg", "wgwgwogg", "gwggogwg"];
/// Where words begin and how wide they are, line by line; the marked one is told by its place.
const WORDS: [[(u32, u32); 4]; 3] = [
    [(0, 14), (18, 22), (44, 16), (64, 18)],
    [(0, 26), (30, 12), (46, 20), (70, 12)],
    [(0, 18), (22, 26), (52, 10), (66, 14)],
];
/// Points of a cloud.
const CLOUD: [(u32, u32); 13] = [
    (18, 34),
    (24, 28),
    (28, 36),
    (30, 30),
    (33, 25),
    (34, 34),
    (37, 30),
    (40, 36),
    (41, 26),
    (44, 31),
    (48, 35),
    (36, 40),
    (27, 22),
];
/// Heights of bars.
const BARS: [u32; 14] = [10, 8, 12, 9, 11, 40, 10, 9, 12, 8, 11, 34, 10, 9];

/// The picture.
#[component]
pub(super) fn ProblemPicture(picture: Picture) -> impl IntoView {
    let marks = match picture {
        Picture::Labels => dots(&DOTS, 10, 12),
        Picture::Classes => classes(),
        Picture::Sets => dots(&RINGS, 13, 12),
        Picture::Words => words(),
        Picture::Numbers => numbers(),
        Picture::Outlier => outlier(),
        Picture::Annotators => annotators(),
        Picture::Boxes => boxes(),
        Picture::Anomalies => anomalies(),
    };
    view! {
        <svg class="sample-picture" viewBox="0 0 82 48" width="82" height="48" aria-hidden="true">
            {marks}
        </svg>
    }
}

fn class_of(kind: char) -> &'static str {
    match kind {
        'g' => "dot-given",
        'w' => "dot-wrong",
        _ => "dot-other",
    }
}

fn dots(rows: &[&'static str], dx: usize, dy: usize) -> AnyView {
    let row = |(y, row): (usize, &&'static str)| {
        let dot = move |(x, kind): (usize, char)| {
            let (cx, cy) = (6 + dx * x, 6 + dy * y);
            view! { <circle class=class_of(kind) cx=cx.to_string() cy=cy.to_string() r="3.2"/> }
        };
        row.chars().enumerate().map(dot).collect::<Vec<_>>()
    };
    rows.iter().enumerate().flat_map(row).collect_view().into_any()
}

fn square(class: &'static str, x: usize, y: usize, size: usize) -> impl IntoView {
    view! { <rect class=class x=x.to_string() y=y.to_string() width=size.to_string() height=size.to_string() rx="1.5"/> }
}

fn classes() -> AnyView {
    let cell = |at: usize| {
        let (x, y) = (at % 6, at / 6);
        let class = match (x, y) {
            (1, 3) | (4, 2) => "dot-wrong",
            (x, y) if x == y => "dot-given",
            _ => "dot-back",
        };
        square(class, 16 + 8 * x, 8 * y, 7)
    };
    (0..36).map(cell).collect_view().into_any()
}

fn annotators() -> AnyView {
    let row = |(y, row): (usize, &&'static str)| {
        let cell = move |(x, kind): (usize, char)| square(class_of(kind), 10 * x, 2 + 11 * y, 9);
        row.chars().enumerate().map(cell).collect::<Vec<_>>()
    };
    CELLS.iter().enumerate().flat_map(row).collect_view().into_any()
}

fn words() -> AnyView {
    let line = |(y, line): (usize, &[(u32, u32); 4])| {
        let word = move |(at, &(x, width)): (usize, &(u32, u32))| {
            let class = if (y, at) == (1, 2) { "dot-wrong" } else { "dot-other" };
            let top = 5 + 15 * y;
            view! { <rect class=class x=x.to_string() y=top.to_string() width=width.to_string() height="8" rx="2"/> }
        };
        line.iter().enumerate().map(word).collect::<Vec<_>>()
    };
    WORDS.iter().enumerate().flat_map(line).collect_view().into_any()
}

fn numbers() -> AnyView {
    view! {
        <polyline class="picture-line" points="2,38 14,26 24,32 36,14 46,22 58,8 68,18 80,4" fill="none" stroke-width="2"/>
        <circle class="dot-wrong" cx="48" cy="42" r="3.4"/>
    }
    .into_any()
}

fn outlier() -> AnyView {
    let points = CLOUD.map(|(x, y)| view! { <circle class="dot-other" cx=x.to_string() cy=y.to_string() r="2.6"/> });
    view! { {points.collect_view()} <circle class="dot-outlier" cx="72" cy="9" r="3.4"/> }.into_any()
}

fn boxes() -> AnyView {
    let person = |x: usize| {
        let body = format!("M{} 40v-10a6 6 0 0 1 12 0v10z", x - 6);
        view! { <circle class="dot-other" cx=x.to_string() cy="16" r="4.5"/> <path class="dot-other" d=body/> }
    };
    view! {
        <rect class="dot-back" x="4" y="3" width="74" height="42" rx="3"/>
        {person(26)}
        {person(56)}
        <rect class="picture-box" x="16" y="8" width="20" height="34"/>
        <rect class="picture-box picture-box-missing" x="46" y="8" width="20" height="34"/>
    }
    .into_any()
}

fn anomalies() -> AnyView {
    let bar = |(at, height): (usize, u32)| {
        let class = if height > 20 { "dot-outlier" } else { "dot-other" };
        let (x, y) = (6 * at, 46 - height);
        view! { <rect class=class x=x.to_string() y=y.to_string() width="4" height=height.to_string()/> }
    };
    BARS.into_iter().enumerate().map(bar).collect_view().into_any()
}
