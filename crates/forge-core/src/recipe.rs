//! A recipe: decisions about rows that can be replayed on another file of the same kind, such as next month's.
//!
//! A decision does not name a row by its number but by what is in it: by the value of an identifier column where one is
//! named, else by a fingerprint of its cells without the label. Decisions that find no row are reported, not guessed.

use std::collections::BTreeMap;

use forge_data::TableFile;
use serde::{Deserialize, Serialize};

use crate::tasks::{position, row_key};
use crate::{CoreError, Findings, VERSION};

/// Decisions about the rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The label column.
    pub target: String,
    /// The column whose values name rows; none names them by their cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_column: Option<String>,
    /// What was decided, in the order of the file it was decided on.
    pub decisions: Vec<Decision>,
    /// The version that made this.
    pub version: String,
}

/// What was decided about a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The row where it was decided, counted from 0; for people, not for finding it again.
    pub row: u32,
    /// What names the row in any file.
    pub key: String,
    /// The label it had.
    pub given: String,
    /// What to do with it.
    #[serde(flatten)]
    pub action: DecisionAction,
}

/// What to do with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum DecisionAction {
    /// Leave it out.
    Exclude,
    /// Give it another label.
    Relabel {
        /// The label.
        to: String,
    },
    /// Leave it as it is.
    Keep,
}

/// What a recipe does to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Rows left out, ascending.
    pub excluded: Vec<u32>,
    /// Rows with another label, ascending, and that label.
    pub relabelled: Vec<(u32, String)>,
    /// Rows that are kept by a decision, ascending.
    pub kept: Vec<u32>,
    /// Rows that a decision names but whose label is another than then, ascending; they are left as they are.
    pub changed_since: Vec<u32>,
    /// Places in `decisions` of those that found no row.
    pub not_found: Vec<usize>,
}

/// What is decided about the flagged rows of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecideFlagged {
    /// All are left out.
    Exclude,
    /// All get the suggested label.
    Relabel,
}

impl Recipe {
    /// A recipe that treats every flagged row of a run alike.
    ///
    /// # Errors
    /// A target or identifier that is no column of `file`.
    pub fn of_findings(
        findings: &Findings,
        (target, id_column): (&str, Option<&str>),
        decide: DecideFlagged,
        file: &TableFile,
    ) -> Result<Self, CoreError> {
        let keys = Keys::new(file, target, id_column)?;
        let name = |class: u32| findings.classes.get(class as usize).cloned().unwrap_or_default();
        let flagged = (0..findings.rows.len()).filter(|&i| findings.is_issue[i]);
        let decisions = flagged.map(|i| Decision {
            row: findings.rows[i],
            key: keys.of(file, findings.rows[i] as usize),
            given: name(findings.given[i]),
            action: match decide {
                DecideFlagged::Exclude => DecisionAction::Exclude,
                DecideFlagged::Relabel => DecisionAction::Relabel { to: name(findings.suggested[i]) },
            },
        });
        let decisions = decisions.collect();
        let id_column = id_column.map(str::to_owned);
        Ok(Self { target: target.to_owned(), id_column, decisions, version: VERSION.to_owned() })
    }

    /// Finds the rows of `file` that were decided about.
    ///
    /// # Errors
    /// A target or identifier that is no column of `file`.
    pub fn apply(&self, file: &TableFile) -> Result<Applied, CoreError> {
        let keys = Keys::new(file, &self.target, self.id_column.as_deref())?;
        let mut rows: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for row in 0..file.table.n_rows() as u32 {
            rows.entry(keys.of(file, row as usize)).or_default().push(row);
        }
        let label = &file.table.columns()[keys.target];
        let mut applied = Applied::default();
        for (place, decision) in self.decisions.iter().enumerate() {
            let Some(found) = rows.get(&decision.key) else {
                applied.not_found.push(place);
                continue;
            };
            for &row in found {
                let has = label.text(row as usize).unwrap_or_default();
                match &decision.action {
                    DecisionAction::Relabel { to } if has == to.as_str() => applied.kept.push(row),
                    _ if has != decision.given.as_str() => applied.changed_since.push(row),
                    DecisionAction::Exclude => applied.excluded.push(row),
                    DecisionAction::Relabel { to } => applied.relabelled.push((row, to.clone())),
                    DecisionAction::Keep => applied.kept.push(row),
                }
            }
        }
        for list in [&mut applied.excluded, &mut applied.kept, &mut applied.changed_since] {
            list.sort_unstable();
            list.dedup();
        }
        // The last decision about a row counts.
        applied.relabelled.reverse();
        applied.relabelled.sort_by_key(|(row, _)| *row);
        applied.relabelled.dedup_by_key(|(row, _)| *row);
        applied.relabelled.retain(|(row, _)| applied.excluded.binary_search(row).is_err());
        Ok(applied)
    }
}

/// How rows are named.
struct Keys {
    target: usize,
    id: Option<usize>,
}

impl Keys {
    fn new(file: &TableFile, target: &str, id_column: Option<&str>) -> Result<Self, CoreError> {
        let target = position(&file.table, "target", target)?;
        let id = id_column.map(|name| position(&file.table, "id_column", name)).transpose()?;
        Ok(Self { target, id })
    }

    fn of(&self, file: &TableFile, row: usize) -> String {
        let mut cells = file.cells(row);
        if let Some(id) = self.id {
            return cells.get(id).cloned().unwrap_or_default();
        }
        if self.target < cells.len() {
            cells.remove(self.target);
        }
        row_key(&cells)
    }
}

#[cfg(test)]
mod tests {
    use forge_data::{CsvOptions, read_csv};

    use super::*;

    fn file(text: &str) -> TableFile {
        read_csv("t.csv", text.as_bytes().to_vec(), &CsvOptions::default()).unwrap()
    }

    fn recipe(file: &TableFile, decisions: &[(u32, &str, DecisionAction)]) -> Recipe {
        let keys = Keys::new(file, "label", None).unwrap();
        let decision = |(row, given, action): &(u32, &str, DecisionAction)| Decision {
            row: *row,
            key: keys.of(file, *row as usize),
            given: (*given).to_owned(),
            action: action.clone(),
        };
        let decisions = decisions.iter().map(decision).collect();
        Recipe { target: "label".to_owned(), id_column: None, decisions, version: VERSION.to_owned() }
    }

    #[test]
    fn decisions_find_their_rows_in_another_order_and_tell_what_they_did_not_find() {
        let january = file("x,kind,label\n1,a,yes\n2,b,no\n3,c,yes\n4,d,no\n");
        let to_no = DecisionAction::Relabel { to: "no".to_owned() };
        let decisions = [
            (0, "yes", DecisionAction::Exclude),
            (2, "yes", to_no),
            (3, "no", DecisionAction::Exclude),
            (1, "no", DecisionAction::Keep),
        ];
        let recipe = recipe(&january, &decisions);
        let february = file("x,kind,label\n3,c,yes\n9,z,no\n1,a,yes\n2,b,yes\n");
        let applied = recipe.apply(&february).unwrap();
        assert_eq!(applied.excluded, [2]);
        assert_eq!(applied.relabelled, [(0, "no".to_owned())]);
        assert_eq!(applied.changed_since, [3], "the label of row 3 is another than then");
        assert_eq!(applied.not_found, [2]);
        let json = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<Recipe>(&json).unwrap(), recipe);
    }

    #[test]
    fn an_identifier_names_rows_whose_other_cells_changed() {
        let january = file("id,x,label\na7,1,yes\nb9,2,no\n");
        let decision =
            Decision { row: 0, key: "a7".to_owned(), given: "yes".to_owned(), action: DecisionAction::Exclude };
        let recipe = Recipe {
            target: "label".to_owned(),
            id_column: Some("id".to_owned()),
            decisions: vec![decision],
            version: VERSION.to_owned(),
        };
        assert_eq!(recipe.apply(&january).unwrap().excluded, [0]);
        assert_eq!(recipe.apply(&file("id,x,label\nb9,2,no\na7,99,yes\n")).unwrap().excluded, [1]);
        assert!(recipe.apply(&file("x,label\n1,yes\n2,no\n")).unwrap_err().to_string().starts_with("`id_column` is"));
    }
}
