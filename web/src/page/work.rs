//! What can be looked for: the kinds of job the page offers, and the data each is for.

use forge_core::{RunConfig, Setting, SettingKind, Settings, SweepConfig, TaskConfig};
use forge_data::{ColumnInfo, ColumnType};
use serde_json::Value;

use super::choices::TableSetup;
use crate::protocol::{DataKind, Facts, PictureFact, PictureSetFacts};

/// A kind of job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Work {
    /// Label errors of a table, row by row, with everything the review offers.
    #[default]
    Run,
    /// The same with several models, compared.
    Sweep,
    /// Every check that the data allow.
    Audit,
    /// A task, by its name in the engine.
    Task(&'static str),
}

/// Distinct values up to which numbers are classes, as in the engine's audit.
const MAX_NUMBER_CLASSES: usize = 20;

impl Work {
    /// Its name in test ids and as the value of a choice.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Sweep => "sweep",
            Self::Audit => "audit",
            Self::Task(name) => name,
        }
    }

    /// What it looks for, in a few words.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Run => "Label errors",
            Self::Sweep => "Best model",
            Self::Audit => "Everything",
            Self::Task("multiclass") => "Label errors by class",
            Self::Task("multilabel") => "Missing and extra labels",
            Self::Task("token") => "Wrong tags",
            Self::Task("regression") => "Wrong numbers",
            Self::Task("outlier") => "Outliers and duplicates",
            Self::Task("multiannotator") => "Consensus of annotators",
            Self::Task("anomaly") => "Anomalies",
            Self::Task("object_detection") => "Wrong boxes",
            Self::Task("segmentation") => "Wrong masks",
            Self::Task(name) => name,
        }
    }

    /// How it looks for that, in a sentence.
    pub(crate) fn note(self) -> &'static str {
        match self {
            Self::Run => {
                "A model judges every label without having seen its row, and is trained again without the worst."
            }
            Self::Sweep => "Trains every kind of model on the same rows and compares them in one table.",
            Self::Audit => {
                "Every check the data allow: labels, outliers, duplicates, order, weak groups, missing values."
            }
            Self::Task("multiclass") => "Like label errors, for many classes: which class is taken for which other.",
            Self::Task("multilabel") => "Rows with several labels at once: which are missing and which too many.",
            Self::Task("token") => {
                "Words in sentences whose tag a model, trained on other sentences, finds implausible."
            }
            Self::Task("regression") => "Numbers that a model, trained without their row, cannot explain.",
            Self::Task("outlier") => {
                "Rows far from all others, rows that are almost the same, and drift in their order."
            }
            Self::Task("multiannotator") => {
                "The label most annotators mean, how good each annotator is, what to label next."
            }
            Self::Task("anomaly") => "Rows unlike all others, with the columns that stand out. No labels are needed.",
            Self::Task("object_detection") => {
                "A model looks at every picture; boxes it misses, places elsewhere or calls something else are listed."
            }
            Self::Task("segmentation") => {
                "A model looks for people in every picture; masks with many pixels it contradicts are listed."
            }
            Self::Task(_) => "",
        }
    }

    /// What is found, with its plural.
    pub(crate) fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Run | Self::Task("multiclass") => ("likely label error", "likely label errors"),
            Self::Task("multilabel") => ("row with wrong labels", "rows with wrong labels"),
            Self::Task("token") => ("likely wrong tag", "likely wrong tags"),
            Self::Task("regression") => ("likely wrong number", "likely wrong numbers"),
            Self::Task("multiannotator") => ("doubtful label", "doubtful labels"),
            Self::Task("anomaly") => ("anomaly", "anomalies"),
            Self::Task("object_detection") => ("wrong box", "wrong boxes"),
            Self::Task("segmentation") => ("wrong mask", "wrong masks"),
            Self::Sweep => ("model", "models"),
            Self::Audit | Self::Task(_) => ("issue", "issues"),
        }
    }

    /// What is looked at, with its plural.
    pub(crate) fn units(self) -> (&'static str, &'static str) {
        match self {
            Self::Task("token") => ("sentence", "sentences"),
            Self::Task("multiannotator") => ("example", "examples"),
            Self::Task("object_detection" | "segmentation") => ("picture", "pictures"),
            _ => ("row", "rows"),
        }
    }

    /// Its settings, in the order they are asked for.
    pub(crate) fn settings(self) -> Vec<Setting> {
        match self {
            Self::Run => RunConfig::settings(),
            Self::Sweep => SweepConfig::settings(),
            Self::Audit => audit_settings(),
            Self::Task(name) => TaskConfig::settings(name).unwrap_or_default(),
        }
    }

    /// How it takes its target.
    pub(crate) fn target_kind(self) -> Option<SettingKind> {
        self.settings().into_iter().find(|setting| setting.name == "target").map(|setting| setting.kind)
    }

    /// What can be looked for in the data, what suits them best first.
    pub(crate) fn all_for(facts: &Facts, columns: &TableSetup) -> Vec<Self> {
        let table = [Self::Audit, Self::Task("outlier"), Self::Task("anomaly")];
        let target = facts.columns.iter().find(|column| column.name == columns.target);
        let mut all = match facts.kind {
            DataKind::Corpus => return vec![Self::Task("token")],
            DataKind::Pictures => return Self::all_for_pictures(facts.pictures.as_ref()),
            DataKind::Table => match target {
                Some(target) if holds_classes(target) => vec![Self::Run, Self::Task("multiclass"), Self::Sweep],
                Some(_) => vec![Self::Task("regression"), Self::Run, Self::Sweep],
                None => Vec::new(),
            },
        };
        if facts.has_annotators {
            all.insert(0, Self::Task("multiannotator"));
        }
        all.extend(table);
        if !columns.label_columns.is_empty() || !likely_label_columns(&facts.columns).is_empty() {
            // Never first: columns of yes and no are more often features than labels.
            let place = if columns.target.is_empty() { 1 } else { all.len() };
            all.insert(place, Self::Task("multilabel"));
        }
        all
    }
}

impl Work {
    /// What can be looked for in pictures.
    fn all_for_pictures(facts: Option<&PictureSetFacts>) -> Vec<Self> {
        let some = |has: fn(&PictureFact) -> bool| facts.is_some_and(|facts| facts.pictures.iter().any(has));
        let boxes = some(|picture| picture.boxes.is_some()).then_some(Self::Task("object_detection"));
        let masks = some(|picture| picture.has_mask).then_some(Self::Task("segmentation"));
        boxes.into_iter().chain(masks).collect()
    }
}

/// Whether the values of a column are classes rather than numbers.
pub(crate) fn holds_classes(column: &ColumnInfo) -> bool {
    match column.column_type {
        ColumnType::Category | ColumnType::Boolean | ColumnType::Text => true,
        ColumnType::Number => column.n_distinct <= MAX_NUMBER_CLASSES,
        ColumnType::Date => false,
    }
}

/// Whether a column can say of every row that it has a label or has not.
pub(crate) fn is_yes_or_no(column: &ColumnInfo) -> bool {
    column.n_distinct == 2
        && column.n_missing == 0
        && (column.column_type == ColumnType::Boolean
            || column.examples.iter().all(|example| example == "0" || example == "1"))
}

/// Whether the values of a column are lists of labels, as `sad;calm` or `["sad", "calm"]`.
pub(crate) fn holds_lists(column: &ColumnInfo) -> bool {
    let is_list = |example: &&String| example.contains([';', '|']) || example.starts_with('[');
    let lists = column.examples.iter().filter(is_list).count();
    matches!(column.column_type, ColumnType::Category | ColumnType::Text) && lists * 2 > column.examples.len()
}

/// The columns that most likely stand for labels of rows with several: those of yes and no, else the first of lists.
pub(crate) fn likely_label_columns(columns: &[ColumnInfo]) -> Vec<String> {
    let flags: Vec<String> =
        columns.iter().filter(|column| is_yes_or_no(column)).map(|column| column.name.clone()).collect();
    let list = columns.iter().find(|column| holds_lists(column)).map(|column| column.name.clone());
    if flags.len() > 1 { flags } else { list.into_iter().collect() }
}

/// What can be set of an audit.
fn audit_settings() -> Vec<Setting> {
    let setting = |name: &str, label: &str, help: &str, kind, default: Value, range| Setting {
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        kind,
        optional: false,
        default,
        range,
    };
    let metrics = ["euclidean", "cosine"].map(str::to_owned).to_vec();
    vec![
        Setting {
            optional: true,
            ..setting(
                "target",
                "Target",
                "The column whose labels are checked, if there is one.",
                SettingKind::Names,
                Value::Array(Vec::new()),
                None,
            )
        },
        setting("csv", "Reading", "", SettingKind::Structure, Value::Null, None),
        setting("roles", "Roles", "", SettingKind::Structure, Value::Null, None),
        setting(
            "cv_folds",
            "Folds",
            "More folds are slower and a little more exact.",
            SettingKind::Whole,
            5.into(),
            Some((2.0, 20.0)),
        ),
        setting(
            "metric",
            "Distance",
            "How far apart rows are.",
            SettingKind::Choice(metrics),
            "euclidean".into(),
            None,
        ),
        setting(
            "max_issues",
            "Rows per check",
            "Rows listed per check at most.",
            SettingKind::Whole,
            20.into(),
            Some((0.0, 1e6)),
        ),
        setting("seed", "Seed", "Seed of every random choice.", SettingKind::Whole, 42.into(), None),
    ]
}
