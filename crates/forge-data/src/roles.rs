//! What a column is for: the target, a feature, an identifier.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::labels::{MAX_CLASSES, order_key};
use crate::{Column, ColumnType, DataError, MISSING, Table, Values};

/// What a column is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The label that is checked.
    Target,
    /// Input of the model.
    Feature,
    /// Names a row and says nothing about it.
    Id,
    /// Free text, of which models read words and letters.
    Text,
    /// Left out: constant, empty, or by the user's wish.
    Ignored,
}

impl Role {
    /// Every role, in the order faces list them.
    pub const ALL: [Self; 5] = [Self::Target, Self::Feature, Self::Id, Self::Text, Self::Ignored];

    /// The name users type and JSON holds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Feature => "feature",
            Self::Id => "id",
            Self::Text => "text",
            Self::Ignored => "ignored",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Role {
    type Err = DataError;

    fn from_str(text: &str) -> Result<Self, DataError> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or_else(|| DataError::UnknownName {
            kind: "role",
            value: text.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

/// A column at a glance, with the role it seems to have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub column_type: ColumnType,
    /// What it seems to be for.
    pub role: Role,
    /// Rows whose value is missing.
    pub n_missing: usize,
    /// Distinct values that are present.
    pub n_distinct: usize,
    /// Its first distinct values, three at most.
    pub examples: Vec<String>,
    /// Why it has this role, in one sentence.
    pub reason: String,
}

/// Names that labels go by, likeliest first, in lower case with `_` between words.
const TARGET_NAMES: [&str; 14] = [
    "label",
    "target",
    "class",
    "y",
    "given_label",
    "labels",
    "income",
    "outcome",
    "species",
    "survived",
    "diagnosis",
    "churn",
    "sentiment",
    "cover_type",
];
const ID_NAMES: [&str; 8] = ["id", "row", "index", "uuid", "guid", "row_id", "row_number", "key"];
/// Distinct whole numbers of a last column that is taken for a label at most.
const FEW: usize = 20;
/// Rows from which on distinct whole numbers are taken for identifiers whatever their name.
const MIN_ROWS_FOR_IDS: usize = 20;

/// What each column of `table` seems to be for: at most one target, guessed by name or as the last column.
pub fn infer_roles(table: &Table) -> Vec<ColumnInfo> {
    let mut infos: Vec<ColumnInfo> = table.columns().iter().map(describe).collect();
    for (info, column) in infos.iter_mut().zip(table.columns()) {
        (info.role, info.reason) = role_of(info, column);
    }
    if let Some((index, reason)) = guess_target(&infos, table) {
        infos[index].role = Role::Target;
        infos[index].reason = reason;
    }
    infos
}

fn describe(column: &Column) -> ColumnInfo {
    ColumnInfo {
        name: column.name().to_owned(),
        column_type: column.column_type(),
        role: Role::Feature,
        n_missing: column.n_missing(),
        n_distinct: count_distinct(column),
        examples: examples(column),
        reason: String::new(),
    }
}

fn count_distinct(column: &Column) -> usize {
    fn count<T: Ord>(mut values: Vec<T>) -> usize {
        values.sort_unstable();
        values.dedup();
        values.len()
    }
    match column.values() {
        Values::Number(values) | Values::Date(values) => {
            count(values.iter().filter_map(|&value| order_key(value)).collect())
        }
        Values::Category { codes, levels } => {
            let mut used = vec![false; levels.len()];
            for &code in codes.iter().filter(|&&code| code != MISSING) {
                if let Some(used) = used.get_mut(code as usize) {
                    *used = true;
                }
            }
            used.into_iter().filter(|&used| used).count()
        }
        Values::Text(values) => count(values.iter().flatten().collect()),
        Values::Boolean(values) => count(values.iter().flatten().collect()),
    }
}

fn examples(column: &Column) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in (0..column.len().min(10_000)).filter_map(|row| column.text(row)) {
        if !found.iter().any(|known| *known == text) {
            found.push(text.into_owned());
        }
        if found.len() == 3 {
            break;
        }
    }
    found
}

fn role_of(info: &ColumnInfo, column: &Column) -> (Role, String) {
    let n_rows = column.len();
    let all_distinct = info.n_missing == 0 && info.n_distinct == n_rows && n_rows > 1;
    let name = normal(&info.name);
    let named_id = ID_NAMES.contains(&name.as_str()) || name.ends_with("_id");
    if info.n_missing == n_rows {
        return (Role::Ignored, "Every value is missing.".into());
    }
    if info.n_distinct <= 1 {
        let value = info.examples.first().map_or("", String::as_str);
        let others = if info.n_missing == 0 { "" } else { " that is present" };
        return (Role::Ignored, format!("Every value{others} is {value}."));
    }
    if all_distinct && named_id {
        return (Role::Id, "Its name and its values, all different, identify rows.".into());
    }
    if all_distinct && n_rows >= MIN_ROWS_FOR_IDS && is_counter(column) {
        return (Role::Id, "It counts the rows: whole numbers without a gap, each once.".into());
    }
    if info.column_type == ColumnType::Text {
        return (Role::Text, format!("Free text with {} different values.", info.n_distinct));
    }
    (Role::Feature, format!("A {} with {} different values.", info.column_type, info.n_distinct))
}

/// Whether distinct values are whole numbers without a gap, as a counter gives them.
fn is_counter(column: &Column) -> bool {
    let Values::Number(values) = column.values() else { return false };
    let (low, high) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (v.min(low), v.max(high)));
    high - low + 1.0 == values.len() as f64 && values.iter().all(|value| value.fract() == 0.0)
}

fn guess_target(infos: &[ColumnInfo], table: &Table) -> Option<(usize, String)> {
    let can_be_label = |info: &ColumnInfo| {
        info.role == Role::Feature && info.n_distinct <= MAX_CLASSES && info.column_type != ColumnType::Date
    };
    for target in TARGET_NAMES {
        if let Some(index) = infos.iter().position(|info| normal(&info.name) == target && can_be_label(info)) {
            return Some((index, "Its name is one that labels go by.".into()));
        }
    }
    let last = infos.len().checked_sub(1)?;
    let (info, column) = (&infos[last], &table.columns()[last]);
    let fits = match info.column_type {
        ColumnType::Category | ColumnType::Boolean => true,
        ColumnType::Number => info.n_distinct <= FEW && is_whole_or_missing(column),
        ColumnType::Text | ColumnType::Date => false,
    };
    (fits && can_be_label(info) && infos.len() > 1)
        .then(|| (last, format!("The last column, with {} different values.", info.n_distinct)))
}

fn is_whole_or_missing(column: &Column) -> bool {
    matches!(column.values(), Values::Number(values)
        if values.iter().all(|value| value.is_nan() || value.fract() == 0.0))
}

/// A name in lower case with `_` between words.
fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' ', '.'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CsvOptions, read_csv};

    fn roles(text: &str) -> Vec<(String, Role)> {
        let file = read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap();
        infer_roles(&file.table).into_iter().map(|info| (info.name, info.role)).collect()
    }

    fn role(text: &str, name: &str) -> Role {
        roles(text).into_iter().find(|(column, _)| column == name).unwrap().1
    }

    #[test]
    fn a_column_called_label_is_the_target_wherever_it_stands() {
        let text = "Label,x,colour\na,1.5,red\nb,2.5,red\na,1.5,blue\n";
        assert_eq!(role(text, "Label"), Role::Target);
        assert_eq!(role(text, "colour"), Role::Feature);
    }

    #[test]
    fn without_a_telling_name_a_last_category_is_the_target() {
        assert_eq!(role("x,colour\n1.5,red\n2.5,red\n3,blue\n", "colour"), Role::Target);
        assert_eq!(role("x,grade\n1.5,1\n2.5,2\n3,1\n", "grade"), Role::Target);
        assert_eq!(role("x,price\n1.5,1.25\n2.5,2.5\n3,1\n", "price"), Role::Feature);
    }

    #[test]
    fn all_different_whole_numbers_are_identifiers_by_name_or_in_number() {
        assert_eq!(role("id,x\n7,1\n8,1\n9,2\n", "id"), Role::Id);
        assert_eq!(role("id,x\n7,1\n7,1\n9,2\n", "id"), Role::Feature);
        assert_eq!(role("age,x\n7,1\n8,1\n9,2\n", "age"), Role::Feature);
        let many = (0..20).map(|n| format!("{n},{}\n", n % 3)).collect::<Vec<String>>().concat();
        assert_eq!(role(&format!("visit,x\n{many}"), "visit"), Role::Id);
        let squares = (0..20).map(|n| format!("{},{}\n", n * n, n % 3)).collect::<Vec<String>>().concat();
        assert_eq!(role(&format!("salary,x\n{squares}"), "salary"), Role::Feature);
    }

    #[test]
    fn constant_and_empty_columns_are_ignored_with_the_reason() {
        let file = read_csv("t.csv", b"a,b,c\n1,?,x\n1,?,y\n1,?,x\n".to_vec(), &CsvOptions::default()).unwrap();
        let infos = infer_roles(&file.table);
        assert_eq!((infos[0].role, &*infos[0].reason), (Role::Ignored, "Every value is 1."));
        assert_eq!((infos[1].role, &*infos[1].reason), (Role::Ignored, "Every value is missing."));
        assert_eq!(infos[2].role, Role::Target);
        assert_eq!((infos[2].n_distinct, &infos[2].examples[..]), (2, &["x".to_owned(), "y".to_owned()][..]));
    }

    #[test]
    fn a_table_without_columns_has_no_roles() {
        assert!(infer_roles(&Table::default()).is_empty());
    }

    #[test]
    fn every_role_parses_back_from_its_name() {
        for role in Role::ALL {
            assert_eq!(role.to_string().parse(), Ok(role));
        }
    }
}
