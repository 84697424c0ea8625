//! The step: cleaned data, issues, report, and the job to run elsewhere.

use leptos::prelude::*;

use super::super::action::Export;
use super::super::format;
use super::super::frame::FailureNote;
use super::super::pictures::{Edits, is_rehearsal};
use super::super::store::store;
use super::download_row::DownloadRow;
use super::native_run::NativeRun;
use crate::protocol::{IssueFormat, IssueScope};

/// The step.
#[component]
pub(crate) fn ExportStep() -> impl IntoView {
    let store = store();
    let all = RwSignal::new(false);
    let n_rows = move || store.facts.with(|facts| facts.as_ref().map_or(0, |facts| facts.n_rows));
    let n_excluded = move || store.decisions.with(super::super::decisions::Decisions::n_excluded);
    let data_note = Signal::derive(move || data_words(n_rows(), n_excluded()));
    let of_run = move || store.analysis.with(Option::is_some);
    let on_table = move || store.found.with(|found| found.as_ref().is_none_or(|found| found.lists_table_rows()));
    let has_page = move || store.found.with(|found| found.as_ref().is_some_and(|found| found.page.is_some()));
    let lists_issues =
        move || of_run() || store.found.with(|found| found.as_ref().is_some_and(|found| !found.groups.is_empty()));
    let issues_note = Signal::derive(move || {
        if let Some(found) = store.found.get() {
            let n = found.issues().len();
            let listed = format::counted(n, "listed issue", "listed issues");
            return format!("{listed}, worst first: given and suggested label, score, reason, your decision.");
        }
        let analysis = store.analysis.get();
        let n = analysis.map_or(0, |analysis| {
            if all.get() {
                analysis.len()
            } else {
                store.decisions.with(|decisions| {
                    let listed = analysis.rows.iter().zip(&analysis.is_issue);
                    listed.filter(|(row, issue)| **issue == 1 || decisions.is_excluded(**row)).count()
                })
            }
        });
        format!("{}, worst first: given and suggested label, score, your decision.", format::counted(n, "row", "rows"))
    });
    let issues = move |format: IssueFormat| {
        Callback::new(move |()| {
            let scope = if all.get_untracked() { IssueScope::All } else { IssueScope::Flagged };
            Export::Issues(format, scope)
        })
    };
    view! {
        <div class="page" data-testid="export-step">
            <h1 class="title">"Export"</h1>
            <p class="subtitle">"Files are made in this tab and saved by your browser"</p>
            <FailureNote failure=store.export_failure testid="export-error" title="The file could not be made"/>
            <div class="downloads">
                <Annotations/>
                <Show when=on_table>
                    <DownloadRow
                        title="Data without the excluded rows"
                        note=data_note
                        files=vec![("export-data", "Data", Callback::new(|()| Export::Data))]
                    />
                </Show>
                <Show when=lists_issues>
                    <DownloadRow
                        title="Issues"
                        note=issues_note
                        files=vec![
                            ("export-issues-csv", "CSV", issues(IssueFormat::Csv)),
                            ("export-issues-json", "JSON", issues(IssueFormat::Json)),
                        ]
                    />
                </Show>
                <Show when=of_run>
                <div class="setting setting-check download-option">
                    <input
                        id="export-all"
                        data-testid="export-all"
                        type="checkbox"
                        prop:checked=move || all.get()
                        on:change:target=move |event| all.set(event.target().checked())
                    />
                    <label for="export-all">"List every checked row, not only flagged and excluded ones"</label>
                </div>
                </Show>
                <Show when=has_page>
                    <DownloadRow
                        title="Report to read"
                        note="One page with the figures, the worst issues and the reasons; it opens in any browser.".to_owned()
                        files=vec![("export-page", "HTML", Callback::new(|()| Export::Page))]
                    />
                </Show>
                <DownloadRow
                    title="Report"
                    note="Metrics, the worst issues, warnings, timings and the exact settings.".to_owned()
                    files=vec![("export-report", "JSON", Callback::new(|()| Export::Report))]
                />
                <DownloadRow
                    title="Job"
                    note="The settings of this run; forge job repeats it elsewhere, with the same findings.".to_owned()
                    files=vec![("export-job", "JSON", Callback::new(|()| Export::Job))]
                />
            </div>
            <NativeRun/>
        </div>
    }
}

/// What is in the data without the excluded rows.
fn data_words(n_rows: usize, n_excluded: usize) -> String {
    let kept = format::counted(n_rows.saturating_sub(n_excluded), "row", "rows");
    match n_excluded {
        0 => format!("{kept}. You have excluded none, so this is the file as it came."),
        n => format!(
            "{kept}, in the original format and byte for byte, without the {} you excluded.",
            format::counted(n, "row", "rows")
        ),
    }
}

/// The annotations of pictures; nothing for other data.
#[component]
fn Annotations() -> impl IntoView {
    let store = store();
    let annotations_note = Signal::derive(move || match store.pictures.edits.with(Edits::n_changed) {
        0 => "You have changed none, so these are the annotations as they came.".to_owned(),
        n => {
            let pictures = format::counted(n, "picture", "pictures");
            let rehearsal = store.found.with(|found| found.as_ref().is_some_and(|found| is_rehearsal(found)));
            if rehearsal {
                return format!(
                    "With {pictures} as you changed them; in these, what this run made wrong on purpose stays where you left it."
                );
            }
            format!("In the format they came in, with the changes to {pictures}; all else byte for byte as it was.")
        }
    });
    view! {
        <Show when=move || store.has_pictures()>
            <DownloadRow
                title="Annotations with your changes"
                note=annotations_note
                files=vec![("export-annotations", "Annotations", Callback::new(|()| Export::Annotations))]
            />
        </Show>
    }
}
