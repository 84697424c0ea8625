//! The configuration file: settings by the names that flags and JSON have, in TOML or JSON.
//!
//! Settings at the top hold for every command that knows them; those in a table named for a command, as `[run]` or
//! `[task.token]`, hold for that command alone and go before.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use forge_core::{Setting, SettingKind};
use serde_json::{Map, Value};

/// A configuration file that was read; empty where none was named.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigFile {
    path: PathBuf,
    entries: Map<String, Value>,
}

/// Names at the top that are no settings of a task but of the program.
const PROGRAM: [&str; 4] = ["data_dir", "artifacts_dir", "log", "threads"];
/// Tables that hold the settings of single commands.
const COMMANDS: [&str; 5] = ["run", "sweep", "audit", "anomaly", "task"];

impl ConfigFile {
    /// Reads a `.toml` or `.json` file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let entries: Value = if is_json {
            serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?
        } else {
            toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?
        };
        let Value::Object(entries) = entries else { bail!("{} holds no settings by name", path.display()) };
        Ok(Self { path: path.to_owned(), entries })
    }

    /// A setting of the program itself, such as `data_dir`.
    pub(crate) fn program(&self, name: &str) -> anyhow::Result<Option<&str>> {
        match self.entries.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => bail!("`{name}` in {} is {other}, expected a text", self.path.display()),
        }
    }

    /// The settings for the command `section`, as `task.token`, of those it `knows`.
    pub(crate) fn settings(&self, section: &str, knows: &[Setting]) -> anyhow::Result<Map<String, Value>> {
        let mut found = Map::new();
        for (name, value) in &self.entries {
            if PROGRAM.contains(&name.as_str()) || COMMANDS.contains(&name.as_str()) {
                continue;
            }
            match knows.iter().find(|setting| setting.name == *name) {
                Some(setting) => drop(found.insert(name.clone(), self.checked(setting, value)?)),
                // Another command may know it; a name that none knows is a mistake.
                None if known_anywhere(name) => {}
                None => bail!(self.unknown(name, knows)),
            }
        }
        let mut table = Some(&self.entries);
        for part in section.split('.') {
            table = table.and_then(|table| table.get(part)).and_then(Value::as_object);
        }
        for (name, value) in table.into_iter().flatten() {
            let setting = knows.iter().find(|setting| setting.name == *name);
            let Some(setting) = setting else { bail!(self.unknown(name, knows)) };
            found.insert(name.clone(), self.checked(setting, value)?);
        }
        Ok(found)
    }

    fn unknown(&self, name: &str, knows: &[Setting]) -> String {
        let best = knows.iter().map(|setting| (strsim::jaro(name, &setting.name), &setting.name));
        let hint = best
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(likeness, _)| *likeness > 0.6)
            .map_or_else(String::new, |(_, best)| format!("; did you mean `{best}`?"));
        format!("`{name}` in {} is no setting{hint}", self.path.display())
    }

    /// The value, if it is of the setting's kind.
    fn checked(&self, setting: &Setting, value: &Value) -> anyhow::Result<Value> {
        let (fits, expected) = match &setting.kind {
            SettingKind::Number => (value.is_number(), "a number".to_owned()),
            SettingKind::Whole => (value.is_u64(), "a whole number of 0 or more".to_owned()),
            SettingKind::YesNo => (value.is_boolean(), "true or false".to_owned()),
            SettingKind::Choice(names) => (
                value.as_str().is_some_and(|name| names.iter().any(|known| known == name)),
                format!("one of {}", names.join(", ")),
            ),
            SettingKind::Text => (value.is_string(), "a text".to_owned()),
            SettingKind::Names => {
                (value.as_array().is_some_and(|list| list.iter().all(Value::is_string)), "a list of texts".to_owned())
            }
            SettingKind::Structure => (value.is_object(), "a table".to_owned()),
        };
        let fits = fits || (setting.optional && value.is_null());
        ensure!(fits, "`{}` in {} is {value}, expected {expected}", setting.name, self.path.display());
        Ok(value.clone())
    }
}

/// Whether any command has a setting of that name.
fn known_anywhere(name: &str) -> bool {
    let of_tasks =
        forge_core::TaskConfig::NAMES.into_iter().filter_map(|task| forge_core::TaskConfig::settings(task).ok());
    let of_run = <forge_core::RunConfig as forge_core::Settings>::settings();
    of_tasks.flatten().chain(of_run).any(|setting| setting.name == name)
}

#[cfg(test)]
mod tests {
    use forge_core::{RunConfig, Settings};

    use super::*;

    fn file(text: &str) -> ConfigFile {
        let Value::Object(entries) = toml::from_str(text).unwrap() else { panic!("a table") };
        ConfigFile { path: "forge.toml".into(), entries }
    }

    fn settings(text: &str) -> Result<Map<String, Value>, String> {
        file(text).settings("run", &RunConfig::settings()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_named_for_the_command_goes_before_the_top() {
        let found =
            settings("seed = 1\ncv_folds = 3\nnoise_frac = 0.1\n[run]\nseed = 2\n[task.token]\nseed = 9\n").unwrap();
        assert_eq!(serde_json::to_string(&found).unwrap(), "{\"cv_folds\":3,\"seed\":2}");
    }

    #[test]
    fn an_unknown_name_or_a_value_of_the_wrong_kind_is_named() {
        assert_eq!(
            settings("cv_fold = 3").unwrap_err(),
            "`cv_fold` in forge.toml is no setting; did you mean `cv_folds`?"
        );
        assert_eq!(
            settings("[run]\ncv_folds = 2.5").unwrap_err(),
            "`cv_folds` in forge.toml is 2.5, expected a whole number of 0 or more"
        );
        assert!(settings("model = \"svm\"").unwrap_err().contains("expected one of logistic_regression"));
    }
}
