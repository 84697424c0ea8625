//! The picture over the list: what the whole looks like, one picture per kind of data.

use forge_core::TaskDetail;
use leptos::prelude::*;

use super::super::store::store;
use super::annotators::AnnotatorTables;
use super::class_matrix::ClassMatrix;
use super::label_sets::LabelCountsTable;
use super::residual_plot::ResidualPlot;

/// The picture; nothing for data without one.
#[component]
pub(super) fn Overview() -> impl IntoView {
    let store = store();
    move || {
        let found = store.found.get()?;
        let report = found.task()?;
        let picture = match &report.detail {
            TaskDetail::Multiclass(detail) => {
                let (classes, counts) = (report.classes.clone(), detail.given_by_suggested.clone());
                view! { <ClassMatrix classes counts/> }.into_any()
            }
            TaskDetail::Token(detail) => {
                let (classes, counts) = (report.classes.clone(), detail.given_by_suggested.clone());
                view! { <ClassMatrix classes counts/> }.into_any()
            }
            TaskDetail::Multilabel(detail) => view! { <LabelCountsTable counts=detail.per_class.clone()/> }.into_any(),
            TaskDetail::Multiannotator(detail) => view! { <AnnotatorTables detail=detail.clone()/> }.into_any(),
            TaskDetail::Regression(_) => view! { <ResidualPlot/> }.into_any(),
            _ => return None,
        };
        Some(view! { <div class="pictures">{picture}</div> })
    }
}
