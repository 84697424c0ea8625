//! Step 4, Review: the threshold as a picture, the list of suspects, and the evidence for one row.

mod chips;
mod evidence;
mod filter_panel;
mod heat_map;
mod histogram;
mod list_head;
mod list_row;
mod probabilities;
mod rail;
mod review_step;
mod row_list;
mod row_values;
mod virtual_list;
mod why;

pub(crate) use review_step::ReviewStep;
pub(crate) use row_values::RowValues;
pub(crate) use virtual_list::{VirtualList, Window};

use super::store::Store;

/// Feature columns shown in the list: position in the table and name.
fn shown_features(store: Store) -> Vec<(usize, String)> {
    use leptos::prelude::*;
    const SHOWN: usize = 4;
    store.analysis.with(|analysis| {
        store.facts.with(|facts| {
            let (Some(analysis), Some(facts)) = (analysis, facts) else {
                return Vec::new();
            };
            let position = |name: &String| facts.columns.iter().position(|column| column.name == *name);
            let features = analysis.report.features.iter().filter_map(|name| Some((position(name)?, name.clone())));
            features.take(SHOWN).collect()
        })
    })
}
