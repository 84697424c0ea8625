//! Targets of several labels per row: one-hot columns, or one column of lists.

use crate::annotators::{Names, class_order};
use crate::labels::MAX_CLASSES;
use crate::{Column, DataError, Table, Values};

/// How the labels of a row are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MultiLabelForm {
    /// A column per class, which holds 1 or true where the row has the label and 0 or false otherwise.
    OneHot,
    /// One column of lists.
    Lists(ListForm),
}

/// How a list of labels is written in one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListForm {
    /// Names with this character between them.
    Separated(char),
    /// As JSON or Python writes it: `["a", "b"]`.
    Bracketed,
}

/// The labels of each row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiLabels {
    /// Classes of each row, indices into `classes`, ascending and distinct; a row may have none.
    pub sets: Vec<Vec<u32>>,
    /// Names of the classes: in the order of their columns, or sorted.
    pub classes: Vec<String>,
}

/// Separators in order of preference.
const SEPARATORS: [char; 5] = [';', '|', ',', '\t', '/'];

/// Reads the multi-label target that stands in `columns`: several are one-hot, one holds lists. The separator of lists is
/// found out among `;`, `|`, `,`, tab and `/`, in this order; brackets as in JSON are known too. A blank list is a row
/// without labels.
///
/// # Errors
/// A column that does not exist, no column, a one-hot value that is missing or neither 0 nor 1, no class or more than
/// [`MAX_CLASSES`].
pub fn read_multilabels(table: &Table, columns: &[&str]) -> Result<(MultiLabels, MultiLabelForm), DataError> {
    let find = |name: &&str| {
        table.column(name).ok_or_else(|| {
            let known: Vec<&str> = table.columns().iter().map(Column::name).collect();
            DataError::UnknownColumn { column: (*name).to_owned(), known: known.join(", ") }
        })
    };
    let found = columns.iter().map(find).collect::<Result<Vec<&Column>, DataError>>()?;
    match &found[..] {
        [] => Err(not_classes("", 0)),
        [column] if !is_one_hot(column) => lists(column),
        columns => one_hot(columns, table.n_rows()),
    }
}

fn not_classes(column: &str, n_distinct: usize) -> DataError {
    let rule = if n_distinct == 0 { "at least one label" } else { "at most 1,000" };
    DataError::NotClasses { column: column.to_owned(), n_distinct, rule }
}

fn bit(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "True" | "TRUE" | "yes" | "Yes" => Some(true),
        "0" | "false" | "False" | "FALSE" | "no" | "No" => Some(false),
        _ => None,
    }
}

fn value(column: &Column, row: usize) -> Option<bool> {
    match column.values() {
        Values::Boolean(values) => values.get(row).copied().flatten(),
        _ => column.text(row).and_then(|text| bit(&text)),
    }
}

fn is_one_hot(column: &Column) -> bool {
    !matches!(column.values(), Values::Text(_)) && (0..column.len()).all(|row| value(column, row).is_some())
}

fn one_hot(columns: &[&Column], n_rows: usize) -> Result<(MultiLabels, MultiLabelForm), DataError> {
    if columns.len() > MAX_CLASSES {
        return Err(not_classes(columns[0].name(), columns.len()));
    }
    let mut sets = vec![Vec::new(); n_rows];
    for (class, column) in columns.iter().enumerate() {
        for (row, set) in sets.iter_mut().enumerate() {
            match value(column, row) {
                Some(true) => set.push(class as u32),
                Some(false) => {}
                None => {
                    let value =
                        column.text(row).map_or_else(|| "a missing value".to_owned(), |text| format!("\"{text}\""));
                    let (column, rule) = (column.name().to_owned(), "a one-hot label is 0 or 1");
                    return Err(DataError::InvalidValue { column, row, value, rule });
                }
            }
        }
    }
    let classes = columns.iter().map(|column| column.name().to_owned()).collect();
    Ok((MultiLabels { sets, classes }, MultiLabelForm::OneHot))
}

fn lists(column: &Column) -> Result<(MultiLabels, MultiLabelForm), DataError> {
    let form = list_form(column);
    let mut names = Names::default();
    let mut sets: Vec<Vec<u32>> = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        let text = column.text(row).unwrap_or_default();
        sets.push(entries(&text, form).into_iter().map(|name| names.code(name)).collect());
        if names.names.len() > MAX_CLASSES {
            return Err(not_classes(column.name(), names.names.len()));
        }
    }
    let names = names.names;
    if names.is_empty() {
        return Err(not_classes(column.name(), 0));
    }
    let numbers = names.iter().all(|name| name.parse::<f64>().is_ok());
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| class_order(&names[a], &names[b], numbers));
    let mut new_codes = vec![0; names.len()];
    for (new, &old) in order.iter().enumerate() {
        new_codes[old] = new as u32;
    }
    for set in &mut sets {
        set.iter_mut().for_each(|code| *code = new_codes[*code as usize]);
        set.sort_unstable();
        set.dedup();
    }
    let classes = order.into_iter().map(|old| names[old].clone()).collect();
    Ok((MultiLabels { sets, classes }, MultiLabelForm::Lists(form)))
}

/// The form in which most of the lists are written.
fn list_form(column: &Column) -> ListForm {
    let texts: Vec<_> = (0..column.len()).filter_map(|row| column.text(row)).collect();
    if !texts.is_empty() && texts.iter().all(|text| brackets(text).is_some()) {
        return ListForm::Bracketed;
    }
    let uses = |separator: char| texts.iter().filter(|text| text.contains(separator)).count();
    let best = SEPARATORS.into_iter().rev().max_by_key(|&separator| uses(separator));
    ListForm::Separated(best.filter(|&separator| uses(separator) > 0).unwrap_or(SEPARATORS[0]))
}

fn brackets(text: &str) -> Option<&str> {
    text.trim().strip_prefix('[')?.strip_suffix(']')
}

fn entries(text: &str, form: ListForm) -> Vec<String> {
    match form {
        ListForm::Separated(separator) => {
            text.split(separator).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
        }
        ListForm::Bracketed => brackets(text).map(bracketed).unwrap_or_default(),
    }
}

/// The entries between brackets: quoted with `"` or `'`, with backslash escapes, or bare.
fn bracketed(inside: &str) -> Vec<String> {
    let (mut found, mut name) = (Vec::new(), String::new());
    let (mut quote, mut was_quoted) = (None, false);
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\\', Some(_)) => name.extend(characters.next()),
            (_, Some(open)) if character == open => quote = None,
            ('"' | '\'', None) if name.trim().is_empty() => {
                name.clear();
                (quote, was_quoted) = (Some(character), true);
            }
            (',', None) => {
                keep(&mut found, &mut name, was_quoted);
                was_quoted = false;
            }
            (' ', None) if was_quoted => {}
            _ => name.push(character),
        }
    }
    keep(&mut found, &mut name, was_quoted);
    found
}

fn keep(found: &mut Vec<String>, name: &mut String, was_quoted: bool) {
    let entry = std::mem::take(name);
    let entry = if was_quoted { entry } else { entry.trim().to_owned() };
    if !entry.is_empty() {
        found.push(entry);
    }
}

impl MultiLabels {
    /// A column of zeros and ones per class, called by its name.
    pub fn to_one_hot(&self) -> Vec<Column> {
        let column = |(class, name): (usize, &String)| {
            let has = |set: &Vec<u32>| f64::from(u8::from(set.binary_search(&(class as u32)).is_ok()));
            Column::new(name, Values::Number(self.sets.iter().map(has).collect()))
        };
        self.classes.iter().enumerate().map(column).collect()
    }

    /// A text column of lists; a row without labels is an empty pair of brackets or a missing value.
    pub fn to_lists(&self, name: &str, form: ListForm) -> Column {
        let list = |set: &Vec<u32>| -> Option<Box<str>> {
            let names = set.iter().filter_map(|&class| self.classes.get(class as usize));
            match form {
                ListForm::Separated(separator) => {
                    let names: Vec<&str> = names.map(String::as_str).collect();
                    (!names.is_empty()).then(|| names.join(separator.encode_utf8(&mut [0; 4])).into())
                }
                ListForm::Bracketed => {
                    let quoted: Vec<String> =
                        names.map(|name| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))).collect();
                    Some(format!("[{}]", quoted.join(", ")).into())
                }
            }
        };
        Column::new(name, Values::Text(self.sets.iter().map(list).collect()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{CsvOptions, read_csv};

    fn table(text: &str) -> Table {
        read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap().table
    }

    fn lists(cells: &[&str]) -> (MultiLabels, MultiLabelForm) {
        let values = cells.iter().map(|&cell| Some(cell.into()).filter(|_| !cell.is_empty())).collect();
        let table = Table::new(vec![Column::new("tags", Values::Text(values))]).unwrap();
        read_multilabels(&table, &["tags"]).unwrap()
    }

    #[test]
    fn one_hot_columns_are_classes_in_their_order() {
        let table = table("x,sad,happy\n1.5,0,1\n2.5,1,1\n3.5,0,0\n");
        let (labels, form) = read_multilabels(&table, &["sad", "happy"]).unwrap();
        assert_eq!(form, MultiLabelForm::OneHot);
        assert_eq!(labels.classes, ["sad", "happy"]);
        assert_eq!(labels.sets, [vec![1], vec![0, 1], vec![]]);
    }

    #[test]
    fn the_separator_of_lists_is_found_out() {
        for (cells, form) in [
            (["b;a", "a", "", "c, d;b"], ListForm::Separated(';')),
            (["b|a", "a", "", "c, d|b"], ListForm::Separated('|')),
            (["[\"b\", \"a\"]", "[a]", "[]", "['c, d', 'b']"], ListForm::Bracketed),
        ] {
            let (labels, found) = lists(&cells);
            assert_eq!(found, MultiLabelForm::Lists(form));
            assert_eq!(labels.classes, ["a", "b", "c, d"]);
            assert_eq!(labels.sets, [vec![0, 1], vec![0], vec![], vec![1, 2]]);
        }
        assert_eq!(lists(&["10,9", "2"]).0.classes, ["2", "9", "10"]);
    }

    #[test]
    fn values_that_are_neither_zero_nor_one_are_told_by_row_and_column() {
        let error = read_multilabels(&table("a,b\n0,1\n2,1\n"), &["a", "b"]).unwrap_err();
        assert_eq!(error.to_string(), "column \"a\", row 1: \"2\" is not allowed; a one-hot label is 0 or 1");
        let error = read_multilabels(&table("a,b\n0,1\n?,1\n"), &["a", "b"]).unwrap_err();
        assert_eq!(error.to_string(), "column \"a\", row 1: a missing value is not allowed; a one-hot label is 0 or 1");
        assert!(matches!(read_multilabels(&table("a,b\n0,1\n"), &["z"]), Err(DataError::UnknownColumn { .. })));
        assert!(matches!(read_multilabels(&table("a,b\n0,1\n"), &[]), Err(DataError::NotClasses { .. })));
    }

    proptest! {
        #[test]
        fn both_forms_read_back_the_same(picks in prop::collection::vec(0u32..8, 1..20), form in 0..3usize) {
            let mut picks = picks;
            picks[0] = 7;
            let sets: Vec<Vec<u32>> =
                picks.iter().map(|bits| (0..3).filter(|class| bits >> class & 1 == 1).collect()).collect();
            let labels = MultiLabels { sets, classes: ["a \"q\"", "b\\c", "d'e"].map(str::to_owned).to_vec() };
            let columns = match form {
                0 => labels.to_one_hot(),
                1 => vec![labels.to_lists("y", ListForm::Bracketed)],
                _ => vec![labels.to_lists("y", ListForm::Separated(';'))],
            };
            let table = Table::new(columns).unwrap();
            let names: Vec<&str> = table.columns().iter().map(Column::name).collect();
            prop_assert_eq!(read_multilabels(&table, &names).unwrap().0, labels);
        }

        #[test]
        fn any_cell_is_read(cells in prop::collection::vec("[ab;|,\\[\\]\"'\\\\ ]{0,12}", 1..6)) {
            let values = cells.iter().map(|cell| Some(cell.as_str().into())).collect();
            let table = Table::new(vec![Column::new("y", Values::Text(values))]).unwrap();
            if let Ok((labels, _)) = read_multilabels(&table, &["y"]) {
                prop_assert_eq!(labels.sets.len(), cells.len());
            }
        }
    }
}
