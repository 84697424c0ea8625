//! Flags made from the settings that a struct of the engine declares: `cv_folds` becomes `--cv-folds`.

use std::marker::PhantomData;

use anyhow::Context;
use clap::builder::{BoolishValueParser, PossibleValuesParser};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, Error, FromArgMatches, value_parser};
use forge_core::{Setting, SettingKind, Settings};
use forge_data::{ColumnType, Role};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::ConfigFile;
use crate::commands::named;

/// The settings given as flags of a command that takes those of `T`.
#[derive(Clone, Debug)]
pub(crate) struct SettingFlags<T> {
    given: Map<String, Value>,
    of: PhantomData<fn() -> T>,
}

/// Which settings a command takes, and which of them others set.
pub(crate) trait Takes {
    /// The settings.
    fn all() -> Vec<Setting>;
}

impl<T: Settings> Takes for T {
    fn all() -> Vec<Setting> {
        T::settings()
    }
}

impl<T: Takes + DeserializeOwned> SettingFlags<T> {
    /// The configuration: flags before the file, the file before `defaults`, and these before the engine's defaults.
    pub(crate) fn config(&self, section: &str, file: &ConfigFile, defaults: Map<String, Value>) -> anyhow::Result<T> {
        let mut merged = defaults;
        for (name, value) in file.settings(section, &T::all())?.into_iter().chain(self.given.clone()) {
            match (merged.get_mut(&name), value) {
                // Types and roles of single columns add up.
                (Some(Value::Object(known)), Value::Object(more)) => merge(known, more),
                (_, value) => drop(merged.insert(name, value)),
            }
        }
        serde_json::from_value(Value::Object(merged)).context("the settings do not fit")
    }
}

fn merge(known: &mut Map<String, Value>, more: Map<String, Value>) {
    for (name, value) in more {
        match (known.get_mut(&name), value) {
            (Some(Value::Object(known)), Value::Object(more)) => merge(known, more),
            (_, value) => drop(known.insert(name, value)),
        }
    }
}

/// The flag of a setting; those of a form of their own have none.
fn flag(setting: &Setting) -> Option<Arg> {
    let name = setting.name.clone();
    let long = name.replace('_', "-");
    let arg = Arg::new(name.clone()).long(long).help(help(setting));
    let arg = if name == "cv_folds" { arg.visible_alias("folds") } else { arg };
    Some(match &setting.kind {
        SettingKind::Number => arg.value_name("NUMBER").value_parser(finite),
        SettingKind::Whole => arg.value_name("N").value_parser(value_parser!(u64)),
        SettingKind::YesNo => {
            arg.value_name("BOOL").num_args(0..=1).default_missing_value("true").value_parser(BoolishValueParser::new())
        }
        SettingKind::Choice(names) => arg.value_name("NAME").value_parser(PossibleValuesParser::new(names.clone())),
        SettingKind::Text => arg.value_name(if name == "target" { "COLUMN" } else { "TEXT" }),
        SettingKind::Names => arg
            .value_name(if name == "target" { "COLUMN" } else { "NAME" })
            .value_delimiter(',')
            .action(ArgAction::Append),
        SettingKind::Structure => return None,
    })
}

/// The sentence of help with default and range.
fn help(setting: &Setting) -> String {
    let mut text = setting.help.trim_end_matches('.').to_owned();
    let default = match &setting.default {
        Value::Null => None,
        Value::String(word) if word.is_empty() => None,
        Value::Array(list) if list.is_empty() => None,
        Value::String(word) => Some(word.clone()),
        other => Some(other.to_string()),
    };
    let range = setting
        .range
        .map(|(low, high)| if high.is_finite() { format!("{low} to {high}") } else { format!("at least {low}") });
    let notes: Vec<String> = default.map(|default| format!("default: {default}")).into_iter().chain(range).collect();
    if !notes.is_empty() {
        text = format!("{text} [{}]", notes.join("; "));
    }
    text
}

impl<T: Takes> Args for SettingFlags<T> {
    fn augment_args(mut command: Command) -> Command {
        for setting in T::all() {
            command = match setting.name.as_str() {
                "csv" => command
                    .arg(
                        Arg::new("type")
                            .long("type")
                            .value_name("COLUMN=TYPE")
                            .action(ArgAction::Append)
                            .value_parser(pair::<ColumnType>)
                            .help(
                                "Force the type of a column: number, category, text, boolean or date; may be repeated",
                            ),
                    )
                    .arg(
                        Arg::new("delimiter")
                            .long("delimiter")
                            .value_name("CHARACTER")
                            .value_parser(value_parser!(char))
                            .help("The character between fields [default: detected]"),
                    ),
                "roles" => command.arg(
                    Arg::new("role")
                        .long("role")
                        .value_name("COLUMN=ROLE")
                        .action(ArgAction::Append)
                        .value_parser(pair::<Role>)
                        .help("Force the role of a column: feature, id, text or ignored; may be repeated"),
                ),
                "parameters" => command.arg(
                    Arg::new("param")
                        .long("param")
                        .value_name("NAME=VALUE")
                        .action(ArgAction::Append)
                        .value_parser(parameter)
                        .help("A parameter of the model by scikit-learn's name, as C=0.5; may be repeated"),
                ),
                _ => command.args(flag(&setting)),
            };
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: Takes> FromArgMatches for SettingFlags<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut given = Map::new();
        for setting in T::all() {
            let name = setting.name.as_str();
            match name {
                "csv" => {
                    let mut csv = Map::new();
                    if let Some(types) = matches.get_many::<(String, Value)>("type") {
                        csv.insert("types".to_owned(), Value::Object(types.cloned().collect()));
                    }
                    if let Some(&delimiter) = matches.get_one::<char>("delimiter") {
                        csv.insert("delimiter".to_owned(), delimiter.to_string().into());
                    }
                    if !csv.is_empty() {
                        given.insert("csv".to_owned(), Value::Object(csv));
                    }
                }
                "roles" => {
                    if let Some(roles) = matches.get_many::<(String, Value)>("role") {
                        given.insert("roles".to_owned(), Value::Object(roles.cloned().collect()));
                    }
                }
                "parameters" => {
                    if let Some(parameters) = matches.get_many::<(String, Value)>("param") {
                        given.insert("parameters".to_owned(), Value::Object(parameters.cloned().collect()));
                    }
                }
                _ if setting.kind == SettingKind::Structure => {}
                _ if matches.value_source(name) != Some(ValueSource::CommandLine) => {}
                _ => drop(given.insert(name.to_owned(), value(matches, &setting))),
            }
        }
        Ok(Self { given, of: PhantomData })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.given.extend(Self::from_arg_matches(matches)?.given);
        Ok(())
    }
}

/// The value of a flag that was given, as JSON.
fn value(matches: &ArgMatches, setting: &Setting) -> Value {
    let name = setting.name.as_str();
    match setting.kind {
        SettingKind::Number => {
            let number = matches.get_one::<f64>(name).copied().unwrap_or_default();
            serde_json::Number::from_f64(number).map_or(Value::Null, Value::Number)
        }
        SettingKind::Whole => matches.get_one::<u64>(name).copied().unwrap_or_default().into(),
        SettingKind::YesNo => matches.get_one::<bool>(name).copied().unwrap_or_default().into(),
        SettingKind::Names => matches.get_many::<String>(name).into_iter().flatten().cloned().collect(),
        _ => matches.get_one::<String>(name).cloned().unwrap_or_default().into(),
    }
}

/// Reads a number; JSON, as which settings travel, has no NaN and no infinity.
fn finite(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number".to_owned())?;
    if number.is_finite() { Ok(number) } else { Err("expected a number that is finite".to_owned()) }
}

/// Reads `NAME=VALUE`; a value that is no JSON is a text.
fn parameter(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// Reads `COLUMN=NAME`, where the name is one that `T` knows; a column name may hold further equal signs.
fn pair<T: DeserializeOwned>(text: &str) -> Result<(String, Value), String> {
    let (column, name) = text.rsplit_once('=').ok_or("expected COLUMN=NAME")?;
    named::<T>(name)?;
    Ok((column.to_owned(), name.into()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use forge_core::{ModelName, MulticlassConfig, RunConfig};

    use super::*;

    #[derive(Parser)]
    struct Run {
        #[command(flatten)]
        settings: SettingFlags<RunConfig>,
    }

    fn run(arguments: &[&str]) -> RunConfig {
        let run = Run::try_parse_from(["run"].iter().chain(arguments)).unwrap();
        run.settings.config("run", &ConfigFile::default(), Map::new()).unwrap()
    }

    #[test]
    fn flags_set_what_they_say_and_leave_the_rest_at_its_default() {
        assert_eq!(run(&[]), RunConfig::default());
        let config = run(&[
            "--target",
            "income",
            "--folds",
            "3",
            "--stratify",
            "false",
            "--model",
            "knn",
            "--param",
            "n_neighbors=7",
            "--role",
            "a=b=ignored",
            "--type",
            "zip=category",
            "--max-rows",
            "500",
            "--train-cleanlearning",
        ]);
        assert_eq!((config.target.as_str(), config.cv_folds, config.stratify), ("income", 3, false));
        assert_eq!((config.model, config.max_rows), (Some(ModelName::Knn), Some(500)));
        assert_eq!(config.parameters["n_neighbors"], 7);
        assert_eq!(config.roles["a=b"], Role::Ignored);
        assert_eq!(config.csv.types["zip"], ColumnType::Category);
        assert!(config.train_cleanlearning);
    }

    #[test]
    fn every_setting_without_a_form_of_its_own_has_a_flag_with_help() {
        let command = SettingFlags::<MulticlassConfig>::augment_args(Command::new("x"));
        for setting in MulticlassConfig::settings().iter().filter(|setting| setting.kind != SettingKind::Structure) {
            let arg = command.get_arguments().find(|arg| arg.get_id() == setting.name.as_str()).unwrap();
            assert!(arg.get_help().is_some_and(|help| help.to_string().len() > 10), "{}", setting.name);
        }
    }
}
