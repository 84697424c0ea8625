//! What surrounds every step: header, footer, help and notes.

mod app;
mod failure_note;
mod footer;
mod header;
mod help;
mod keys;
mod mark;
mod privacy_badge;
mod steps;
mod theme_button;

pub(crate) use app::App;
pub(crate) use failure_note::FailureNote;
