//! Step 1, Load: drop, choose, paste, or take a bundled sample.

mod files;
mod how_it_works;
mod load_step;
mod paste_box;
mod picture;
mod sample_card;
mod samples;

pub(crate) use files::open_dropped;
pub(crate) use load_step::LoadStep;
pub(crate) use samples::Sample;
