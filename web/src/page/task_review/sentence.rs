//! A sentence with the tag of each word: the suspect with its given and its suggested tag, the others in small.

use forge_core::TaskDetail;
use leptos::prelude::*;

use super::super::found::{Finding, Found};

/// The sentence of an issue; nothing for other kinds of data.
pub(super) fn sentence(found: &Found, finding: &Finding) -> Option<impl IntoView + use<>> {
    let TaskDetail::Token(detail) = &found.task()?.detail else { return None };
    let shown = detail.sentences.iter().find(|sentence| sentence.sentence == finding.issue.row)?;
    let suspect = finding.issue.token;
    let word = |(at, text): (usize, &String)| {
        let is_suspect = suspect == Some(at as u32);
        let is_issue = shown.issues.contains(&(at as u32));
        let given = shown.given.get(at).cloned().unwrap_or_default();
        let suggested = shown.suggested.get(at).cloned().unwrap_or_default();
        let score = shown.scores.get(at).copied().flatten();
        let marked = is_suspect || is_issue;
        view! {
            <li
                class="word"
                class:word-issue=is_issue
                class:word-suspect=is_suspect
                aria-current=is_suspect.then_some("true")
                data-testid="word"
                title=score.map(|score| format!("Score {score:.3}"))
            >
                <span class="word-text">{text.clone()}</span>
                <span class="word-tag">
                    {if marked {
                        view! {
                            <span class="label-given">{given}</span>
                            <span class="label-arrow">" → "</span>
                            <span class="label-suggested">{suggested}</span>
                        }.into_any()
                    } else {
                        view! { <span>{given}</span> }.into_any()
                    }}
                </span>
            </li>
        }
    };
    let words: Vec<_> = shown.tokens.iter().enumerate().map(word).collect();
    Some(view! {
        <h3 class="evidence-title">"In context" {shown.id.as_ref().map(|id| format!(" · {id}"))}</h3>
        <ol class="words" data-testid="sentence">{words}</ol>
    })
}
