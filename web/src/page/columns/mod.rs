//! Step 2, Columns: what each column is, what the reader could not read, and how it read the rest.

mod column_row;
mod columns_step;
mod picture_table;
mod reading_notes;
mod tag_table;

pub(crate) use columns_step::ColumnsStep;

use forge_core::SettingKind;
use forge_data::{ColumnInfo, ColumnType, Role};

use super::choices::TableSetup;
use super::work::Work;

/// The role a column has in the next run: the user's choice, else the inferred one.
pub(crate) fn role_of(column: &ColumnInfo, work: Work, columns: &TableSetup) -> Role {
    let several = work != Work::Audit && work.target_kind() == Some(SettingKind::Names);
    let is_target = if several { columns.label_columns.contains(&column.name) } else { column.name == columns.target };
    if is_target {
        return Role::Target;
    }
    match columns.roles.get(&column.name) {
        Some(&role) => role,
        // Only the chosen target is one.
        None if column.role == Role::Target => Role::Feature,
        None => column.role,
    }
}

const TYPES: [(ColumnType, &str, &str); 5] = [
    (ColumnType::Number, "number", "Number"),
    (ColumnType::Category, "category", "Category"),
    (ColumnType::Boolean, "boolean", "Yes or no"),
    (ColumnType::Date, "date", "Date"),
    (ColumnType::Text, "text", "Text"),
];

const ROLES: [(Role, &str, &str); 5] = [
    (Role::Target, "target", "Target"),
    (Role::Feature, "feature", "Feature"),
    (Role::Id, "id", "Identifier"),
    (Role::Text, "text", "Free text"),
    (Role::Ignored, "ignored", "Ignored"),
];
