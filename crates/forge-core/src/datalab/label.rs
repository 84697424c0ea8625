//! Labels that are likely wrong. cleanlab's check `label`: classes, numbers and sets of classes.

mod classes;
mod numbers;
mod sets;

pub use classes::ClassLabelSettings;
pub(super) use classes::find as find_classes;
pub use numbers::NumberLabelSettings;
pub(super) use numbers::find as find_numbers;
pub use sets::SetLabelSettings;
pub(super) use sets::find as find_sets;
