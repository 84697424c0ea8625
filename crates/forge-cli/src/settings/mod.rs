//! Settings from flags, a file and the environment: one declaration in the engine makes all of them.

mod file;
mod flags;

pub(crate) use file::ConfigFile;
pub(crate) use flags::{SettingFlags, Takes};
