//! Step 4, Review, for every job but a run over classes: kinds of issues, their list, and the evidence for one of them,
//! each kind of data with a viewer of its own.

mod annotators;
mod class_matrix;
mod evidence;
mod evidence_head;
mod figures;
mod finding_line;
mod finding_list;
mod kinds;
mod label_sets;
mod overview;
mod rail;
mod residual_plot;
mod rows_side_by_side;
mod sentence;
mod standing_out;
mod step;
mod sweep_table;

pub(crate) use figures::figures;
pub(crate) use kinds::{kind_mark, kind_note, kind_title};
pub(crate) use rail::Rail;
pub(crate) use step::TaskReview;

use forge_core::TaskDetail;

use super::found::Found;

/// What the example of that number is called, where examples have names.
fn example_name(found: &Found, example: u32) -> Option<String> {
    match &found.task()?.detail {
        TaskDetail::Multiannotator(detail) => {
            detail.worst_examples.iter().find(|row| row.example == example).map(|row| row.name.clone())
        }
        _ => None,
    }
}
