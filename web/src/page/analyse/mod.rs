//! Step 3, Analyse: settings, the run as it goes, and what it says about the models.

mod also_found;
mod analyse_step;
mod chooser;
mod comparison;
mod form;
mod gain;
mod outcome;
mod run_notes;
mod run_progress;
mod task_facts;

pub(crate) use analyse_step::AnalyseStep;
pub(crate) use gain::{Gain, metric_label, words};
