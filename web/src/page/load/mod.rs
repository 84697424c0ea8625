//! Step 1, Load: drop, choose, paste, or take the bundled sample.

mod how_it_works;
mod load_step;
mod paste_box;
mod sample_card;

pub(crate) use load_step::LoadStep;
