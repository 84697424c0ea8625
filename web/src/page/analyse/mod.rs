//! Step 3, Analyse: settings, the run as it goes, and what it says about the models.

mod analyse_step;
mod comparison;
mod gain;
mod more_settings;
mod number_setting;
mod run_notes;
mod run_progress;
mod settings;

pub(crate) use analyse_step::AnalyseStep;
pub(crate) use gain::{Gain, metric_label};
