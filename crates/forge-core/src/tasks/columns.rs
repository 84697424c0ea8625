//! Which columns of a table a task reads, by what the user chose and what their values suggest.

use std::collections::BTreeMap;

use forge_data::{Column, Role, Table, infer_roles};

use crate::CoreError;
use crate::call::nearest;

/// The place of a column that `setting` names.
///
/// # Errors
/// [`CoreError::Setting`] with the nearest name there is.
pub(crate) fn position(table: &Table, setting: &str, name: &str) -> Result<usize, CoreError> {
    table.position(name).ok_or_else(|| {
        let hint = nearest(name, table.columns().iter().map(Column::name))
            .map_or_else(String::new, |best| format!("; perhaps `{best}`"));
        CoreError::setting(setting, format!("\"{name}\""), format!("the name of a column{hint}"))
    })
}

/// The columns a model reads: all features but the targets. What is left out without the user's word is a warning.
///
/// # Errors
/// A role for a column that is not there, or a second target.
pub(super) fn features(
    table: &Table,
    targets: &[usize],
    roles: &BTreeMap<String, Role>,
    warnings: &mut Vec<String>,
) -> Result<Vec<usize>, CoreError> {
    for name in roles.keys() {
        position(table, "roles", name)?;
    }
    let mut columns = Vec::new();
    for (column, info) in infer_roles(table).into_iter().enumerate().filter(|(column, _)| !targets.contains(column)) {
        // A further column that looks like a target is a feature; only those that were named are checked.
        let inferred = if info.role == Role::Target { Role::Feature } else { info.role };
        let chosen = roles.get(&info.name).copied();
        match chosen.unwrap_or(inferred) {
            Role::Feature | Role::Text => columns.push(column),
            Role::Target => {
                let names: Vec<String> =
                    targets.iter().map(|&target| format!("\"{}\"", table.columns()[target].name())).collect();
                let rule = match names.as_slice() {
                    [] => "the target to be named as `target`".to_owned(),
                    [only] => format!("one target only, and that is {only}"),
                    several => format!("no target beside {}", several.join(", ")),
                };
                return Err(CoreError::setting("roles", format!("\"{}\" as target", info.name), rule));
            }
            Role::Id | Role::Ignored if chosen.is_some() => {}
            Role::Id | Role::Ignored => warnings.push(format!("Column \"{}\" is left out. {}", info.name, info.reason)),
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use forge_data::{CsvOptions, TableFile, read_csv};
    use forge_learn::Quiet;

    use crate::{AuditConfig, AuditInputs, RunConfig, audit, run};

    /// Sentences about animals and about machines, with a wrong label on one in twenty.
    fn sentences(n: usize) -> TableFile {
        let animals = ["cat", "dog", "horse", "sparrow", "trout"];
        let machines = ["engine", "pump", "gearbox", "turbine", "lathe"];
        let mut text = "note,topic\n".to_owned();
        for row in 0..n {
            let (words, topic) = [(animals, "animal"), (machines, "machine")][row % 2];
            let (first, second) = (words[row / 2 % 5], words[row / 10 % 5]);
            let topic = match (row % 20, topic) {
                (7, "machine") => "animal",
                (_, topic) => topic,
            };
            writeln!(text, "\"The {first} number {row} stands beside a {second}.\",{topic}").unwrap();
        }
        read_csv("notes.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
    }

    #[test]
    fn a_text_column_and_a_target_are_enough() {
        let file = sentences(120);
        let config = "{\"target\": \"topic\", \"cv_folds\": 2, \"use_datalab\": false}";
        let outcome = run(&serde_json::from_str::<RunConfig>(config).unwrap(), &file.table, &Quiet).unwrap();
        assert_eq!(outcome.report.features, ["note"]);
        assert!(outcome.report.variants[0].metrics.get("roc_auc") > Some(0.9));
        let findings = &outcome.findings;
        let mut order: Vec<usize> = (0..findings.scores.len()).collect();
        order.sort_by(|&a, &b| findings.scores[a].total_cmp(&findings.scores[b]));
        let worst: Vec<u32> = order.iter().take(6).map(|&place| findings.rows[place] % 20).collect();
        assert!(worst.iter().filter(|&&row| row == 7).count() >= 5, "{worst:?}");
    }

    #[test]
    fn sentences_that_are_all_but_the_same_are_found_by_an_audit() {
        let mut text = "note,topic\n".to_owned();
        for row in 0..60 {
            let word = ["alpha", "beta", "gamma", "delta", "omega"][row % 5];
            writeln!(text, "\"{word} {} {} {}\",{}", row * 7919, row * 104_729, row * 31, row % 2).unwrap();
        }
        text.push_str("\"the very same words stand here twice\",0\n\"The very same words stand here twice!\",0\n");
        let file = read_csv("notes.csv", text.into_bytes(), &CsvOptions::default()).unwrap();
        let config: AuditConfig = serde_json::from_str("{\"target\": [\"topic\"]}").unwrap();
        let outcome = audit(&config, &file.table, AuditInputs::default(), &Quiet).unwrap();
        let text = serde_json::to_string(&outcome.report).unwrap();
        let found =
            outcome.report.checks.iter().find(|check| check.issue_type == crate::datalab::IssueType::NearDuplicate);
        let rows: Vec<u32> = found.iter().flat_map(|check| &check.listed).map(|row| row.row).collect();
        assert!(rows.contains(&60) && rows.contains(&61), "{text}");
    }
}
