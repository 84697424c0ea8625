//! What the user chose: what the columns are, and the settings of every kind of job, by name.

use std::collections::BTreeMap;

use forge_core::{Job, Setting, SettingKind};
use forge_data::{CsvOptions, Role};
use serde_json::{Map, Value};

use super::work::Work;
use crate::protocol::Failure;

/// What the columns of the loaded table are; every kind of job takes it from here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TableSetup {
    /// The column whose labels are checked; empty where there is none.
    pub(crate) target: String,
    /// The columns that each stand for a label, for rows with several labels.
    pub(crate) label_columns: Vec<String>,
    /// Roles chosen by the user, by column name; all others are inferred.
    pub(crate) roles: BTreeMap<String, Role>,
    /// How the file is read.
    pub(crate) csv: CsvOptions,
}

/// What was entered for a setting.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// A value of its kind.
    Value(Value),
    /// Text that is none, and what is expected instead.
    Wrong {
        /// The text.
        text: String,
        /// What would be right.
        rule: String,
    },
}

/// Entries by kind of job and name of the setting.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choices(BTreeMap<Work, BTreeMap<String, Entry>>);

impl Choices {
    /// What holds for a setting: what was entered, else its default.
    pub(crate) fn entry(&self, work: Work, setting: &Setting) -> Entry {
        let entered = self.0.get(&work).and_then(|entries| entries.get(&setting.name));
        entered.cloned().unwrap_or_else(|| Entry::Value(setting.default.clone()))
    }

    /// Takes an entry.
    pub(crate) fn enter(&mut self, work: Work, name: &str, entry: Entry) {
        self.0.entry(work).or_default().insert(name.to_owned(), entry);
    }

    /// The job that was set up.
    ///
    /// # Errors
    /// A failure that begins with the setting whose entry is no value of its kind.
    pub(crate) fn job(&self, work: Work, columns: &TableSetup) -> Result<Job, Failure> {
        let mut job = Map::new();
        let (kind, task) = match work {
            Work::Run => ("run", None),
            Work::Sweep => ("sweep", None),
            Work::Audit => ("audit", None),
            Work::Task(name) => ("task", Some(name)),
        };
        job.insert("job".to_owned(), kind.into());
        job.extend(task.map(|task| ("task".to_owned(), task.into())));
        for setting in work.settings() {
            let value = match setting.name.as_str() {
                "target" => target(work, &setting, columns),
                "csv" => serde_json::to_value(&columns.csv).ok(),
                "roles" => serde_json::to_value(&columns.roles).ok(),
                _ => match self.entry(work, &setting) {
                    Entry::Value(value) => Some(value),
                    Entry::Wrong { text, rule } => {
                        return Err(refused(format!("`{}` is {text}, expected {rule}.", setting.name)));
                    }
                },
            };
            job.extend(value.map(|value| (setting.name, value)));
        }
        serde_json::from_value(Value::Object(job))
            .map_err(|error| refused(format!("The settings do not fit: {error}.")))
    }
}

/// The target as the job takes it.
fn target(work: Work, setting: &Setting, columns: &TableSetup) -> Option<Value> {
    let one = Some(columns.target.clone()).filter(|target| !target.is_empty());
    match &setting.kind {
        SettingKind::Names if work == Work::Audit => Some(one.into_iter().collect()),
        SettingKind::Names => Some(columns.label_columns.clone().into()),
        _ if setting.optional => one.map(Value::from),
        _ => Some(columns.target.clone().into()),
    }
}

/// What a message calls a field without text.
const EMPTY: &str = "empty";

/// Reads what was typed into a field of that kind.
pub(crate) fn read(setting: &Setting, text: &str) -> Entry {
    let text = text.trim();
    if text.is_empty() && setting.optional {
        return Entry::Value(Value::Null);
    }
    let wrong = |rule: &str| Entry::Wrong {
        text: if text.is_empty() { EMPTY.to_owned() } else { text.to_owned() },
        rule: rule.to_owned(),
    };
    match &setting.kind {
        SettingKind::Whole => text.parse::<u64>().map_or_else(|_| wrong("a whole number"), |n| Entry::Value(n.into())),
        SettingKind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Entry::Value(number.into()),
            _ => wrong("a number"),
        },
        SettingKind::YesNo => Entry::Value((text == "true").into()),
        SettingKind::Choice(_) | SettingKind::Text => Entry::Value(text.into()),
        SettingKind::Names => Entry::Value(text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()),
        SettingKind::Structure => {
            match serde_json::from_str::<Map<String, Value>>(if text.is_empty() { "{}" } else { text }) {
                Ok(object) => Entry::Value(Value::Object(object)),
                Err(_) => wrong("names and values in braces, as {\"C\": 0.5}"),
            }
        }
    }
}

/// An entry as its field shows it.
pub(crate) fn shown(entry: &Entry) -> String {
    match entry {
        Entry::Wrong { text, .. } if text != EMPTY => text.clone(),
        Entry::Wrong { .. } | Entry::Value(Value::Null) => String::new(),
        Entry::Value(Value::String(text)) => text.clone(),
        Entry::Value(Value::Number(number)) if !number.is_u64() => number.as_f64().unwrap_or_default().to_string(),
        Entry::Value(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        Entry::Value(Value::Object(object)) if object.is_empty() => String::new(),
        Entry::Value(value) => value.to_string(),
    }
}

fn refused(message: String) -> Failure {
    Failure { code: "setting".to_owned(), message, hint: Some("Correct it and run again.".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forge_core::RunConfig;

    fn setting(work: Work, name: &str) -> Setting {
        work.settings().into_iter().find(|setting| setting.name == name).unwrap()
    }

    #[test]
    fn every_work_gives_a_job_with_its_defaults() {
        let columns = TableSetup { target: "y".to_owned(), ..TableSetup::default() };
        for work in [Work::Run, Work::Audit, Work::Task("token"), Work::Task("multilabel"), Work::Task("anomaly")] {
            assert!(Choices::default().job(work, &columns).is_ok(), "{work:?}");
        }
        let expected = Job::Run(RunConfig { target: "y".to_owned(), ..RunConfig::default() });
        assert_eq!(Choices::default().job(Work::Run, &columns).unwrap(), expected);
    }

    #[test]
    fn text_that_is_no_value_is_refused_by_name() {
        let folds = setting(Work::Run, "cv_folds");
        let mut choices = Choices::default();
        choices.enter(Work::Run, "cv_folds", read(&folds, "many"));
        let message = choices.job(Work::Run, &TableSetup::default()).unwrap_err().message;
        assert_eq!(message, "`cv_folds` is many, expected a whole number.");
        assert_eq!(read(&folds, " 7 "), Entry::Value(7.into()));
        assert_eq!(read(&setting(Work::Run, "max_rows"), ""), Entry::Value(Value::Null));
        assert!(matches!(read(&setting(Work::Run, "parameters"), "C=1"), Entry::Wrong { .. }));
    }
}
