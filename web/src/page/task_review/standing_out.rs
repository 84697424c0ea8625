//! The columns in which an anomaly is unlike the other rows, those that stand out most first.

use forge_core::TaskDetail;
use leptos::prelude::*;

use super::super::format;
use super::super::found::{Finding, Found};

/// With a capital first letter.
fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The columns of a row that stand out; nothing for other kinds of issues.
pub(super) fn standing_out(found: &Found, finding: &Finding) -> Option<impl IntoView + use<>> {
    let TaskDetail::Anomaly(report) = &found.task()?.detail else { return None };
    let anomaly = report.top.iter().find(|anomaly| anomaly.row == finding.issue.row)?;
    let most = anomaly.standing_out.iter().map(|feature| feature.distance).fold(1.0, f64::max);
    let lines: Vec<_> = anomaly.standing_out.iter().map(|feature| view! {
        <li class="reason-line" data-testid="standing-out" data-feature=feature.feature.clone()>
            <span>{feature.feature.clone()}</span>
            <strong class="figure">{feature.value.clone()}</strong>
            <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect class="meter-back" width="100" height="6"/>
                <rect class="meter-fill" width=(feature.distance / most * 100.0).clamp(1.5, 100.0).to_string() height="6"/>
            </svg>
            <span class="reason-usual">
                {sentence_case(&feature.usual)} " · " {format::number(feature.distance)} " times the usual spread away"
            </span>
        </li>
    }).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h3 class="evidence-title">"What stands out"</h3>
            <ol class="reasons">{lines}</ol>
        }
    })
}
