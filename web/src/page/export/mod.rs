//! Step 5, Export: files to take home.

mod download_row;
mod export_step;
mod native_run;

pub(crate) use export_step::ExportStep;
