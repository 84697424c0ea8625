//! Settings that describe themselves: one declaration gives the struct, its defaults, its checks and what faces show.
//!
//! A declaration lists for each setting its name, the name people read, its type, its default and its range; its
//! documentation is the help that forms and `--help` show.

use std::collections::BTreeMap;

use forge_data::{CsvOptions, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::CoreError;

/// What a face needs to know of a setting to ask for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// The name users type and JSON holds.
    pub name: String,
    /// The name people read.
    pub label: String,
    /// What it does, in a sentence or two.
    pub help: String,
    /// What its value is.
    pub kind: SettingKind,
    /// Whether it may be left empty (`null`).
    pub optional: bool,
    /// Its value where the user chooses none.
    pub default: Value,
    /// Smallest and largest value of a number.
    pub range: Option<(f64, f64)>,
}

/// What the value of a setting is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingKind {
    /// A whole number, 0 or above.
    Whole,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these names.
    Choice(Vec<String>),
    /// A text.
    Text,
    /// A list of names.
    Names,
    /// JSON of a form of its own, such as the parameters of a model.
    Structure,
}

impl Setting {
    pub(crate) fn of<T: SettingType + Serialize>(
        (name, label, help): (&str, &str, &str),
        default: &T,
        range: Option<(f64, f64)>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            help: help.trim().to_owned(),
            kind: T::kind(),
            optional: T::OPTIONAL,
            default: serde_json::to_value(default).unwrap_or(Value::Null),
            range,
        }
    }
}

/// A type that a setting can have.
pub(crate) trait SettingType {
    /// Whether a setting of this type may be left empty.
    const OPTIONAL: bool = false;

    /// What its values are.
    fn kind() -> SettingKind;

    /// The value as a number, where it is one.
    fn number(&self) -> Option<f64> {
        None
    }
}

impl SettingType for f64 {
    fn kind() -> SettingKind {
        SettingKind::Number
    }

    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

impl SettingType for usize {
    fn kind() -> SettingKind {
        SettingKind::Whole
    }

    fn number(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

impl SettingType for u64 {
    fn kind() -> SettingKind {
        SettingKind::Whole
    }
}

impl SettingType for bool {
    fn kind() -> SettingKind {
        SettingKind::YesNo
    }
}

impl SettingType for String {
    fn kind() -> SettingKind {
        SettingKind::Text
    }
}

impl SettingType for Vec<super::ModelName> {
    fn kind() -> SettingKind {
        SettingKind::Names
    }
}

impl SettingType for Vec<String> {
    fn kind() -> SettingKind {
        SettingKind::Names
    }
}

impl<T: SettingType> SettingType for Option<T> {
    const OPTIONAL: bool = true;

    fn kind() -> SettingKind {
        T::kind()
    }

    fn number(&self) -> Option<f64> {
        self.as_ref().and_then(T::number)
    }
}

/// Types whose values have a form of their own, which faces ask for in ways of their own.
macro_rules! structures {
    ($($type:ty),*) => {
        $(impl SettingType for $type {
            fn kind() -> SettingKind {
                SettingKind::Structure
            }
        })*
    };
}

structures!(CsvOptions, BTreeMap<String, Role>, Map<String, Value>);

/// Types whose values are a few names.
macro_rules! choices {
    ($($type:ty: [$($name:literal),* $(,)?];)*) => {
        $(impl $crate::tasks::setting::SettingType for $type {
            fn kind() -> $crate::tasks::setting::SettingKind {
                $crate::tasks::setting::SettingKind::Choice([$($name),*].map(str::to_owned).to_vec())
            }
        })*
    };
}
pub(crate) use choices;

choices! {
    forge_learn::NumericImputation: ["median", "mean"];
    forge_learn::Metric: ["euclidean", "cosine"];
    forge_learn::Task: ["classification", "regression"];
    crate::FilterBy: [
        "prune_by_noise_rate",
        "prune_by_class",
        "both",
        "confident_learning",
        "predicted_neq_given",
        "low_normalized_margin",
        "low_self_confidence",
    ];
    crate::anomaly::StrategyName: ["datalab_knn", "isolation_forest", "local_outlier_factor", "ensemble"];
}

/// A struct declared by [`settings!`].
pub trait Settings {
    /// What faces need to know of each setting, in the order they are asked for.
    fn settings() -> Vec<Setting>;

    /// Checks every number against its range.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    fn check_ranges(&self) -> Result<(), CoreError>;
}

/// Refuses a number outside its range, NaN included.
pub(crate) fn check_range(name: &str, value: Option<f64>, (low, high): (f64, f64)) -> Result<(), CoreError> {
    match value {
        Some(value) if !(low..=high).contains(&value) => {
            let rule =
                if high.is_infinite() { format!("at least {low}") } else { format!("a value from {low} to {high}") };
            Err(CoreError::setting(name, value, rule))
        }
        _ => Ok(()),
    }
}

/// Declares a struct of settings.
///
/// Each line is `name "Label": type = default, low to high;`, the range only for numbers (`to inf` has no upper end);
/// its documentation is the help.
macro_rules! settings {
    (@high inf) => { f64::INFINITY };
    (@high $high:literal) => { $high as f64 };
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $help:literal])+
                $field:ident $label:literal : $type:ty = $default:expr $(, $low:literal to $high:tt)? ;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        $vis struct $name {
            $(
                $(#[doc = $help])+
                #[doc = concat!(" [", stringify!($default) $(, "; ", stringify!($low), " to ", stringify!($high))?, "]")]
                pub $field: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $crate::tasks::setting::Settings for $name {
            fn settings() -> Vec<$crate::tasks::setting::Setting> {
                let default = Self::default();
                vec![$(
                    $crate::tasks::setting::Setting::of(
                        (stringify!($field), $label, concat!($($help),+)),
                        &default.$field,
                        None$(.or(Some(($low as f64, $crate::tasks::setting::settings!(@high $high)))))?,
                    ),
                )*]
            }

            fn check_ranges(&self) -> Result<(), $crate::CoreError> {
                $($(
                    $crate::tasks::setting::check_range(
                        stringify!($field),
                        $crate::tasks::setting::SettingType::number(&self.$field),
                        ($low as f64, $crate::tasks::setting::settings!(@high $high)),
                    )?;
                )?)*
                Ok(())
            }
        }
    };
}
pub(crate) use settings;

#[cfg(test)]
mod tests {
    use super::*;

    settings! {
        /// A pair.
        struct Pair {
            /// Share that is
            /// taken.
            share "Share": f64 = 0.2, 0.05 to 0.5;
            /// Rows at most.
            max_rows "Rows at most": Option<usize> = None, 100 to inf;
            /// What replaces a missing number.
            numeric_imputation "Missing numbers": forge_learn::NumericImputation = forge_learn::NumericImputation::Median;
        }
    }

    #[test]
    fn a_declaration_gives_defaults_checks_and_what_faces_show() {
        assert_eq!(Pair::default().check_ranges(), Ok(()));
        let said = Pair { share: f64::NAN, ..Pair::default() }.check_ranges().unwrap_err().to_string();
        assert_eq!(said, "`share` is NaN, expected a value from 0.05 to 0.5");
        let said = Pair { max_rows: Some(99), ..Pair::default() }.check_ranges().unwrap_err().to_string();
        assert_eq!(said, "`max_rows` is 99, expected at least 100");
        let [share, max_rows, imputation] = &Pair::settings()[..] else { panic!("three settings") };
        assert_eq!((share.help.as_str(), share.range), ("Share that is taken.", Some((0.05, 0.5))));
        assert!(max_rows.optional && max_rows.kind == SettingKind::Whole && max_rows.default.is_null());
        assert_eq!(imputation.default, "median");
        assert_eq!(imputation.kind, SettingKind::Choice(vec!["median".to_owned(), "mean".to_owned()]));
    }

    #[test]
    fn an_unknown_name_in_json_is_refused() {
        assert!(serde_json::from_str::<Pair>("{\"shares\": 1}").is_err());
        assert_eq!(serde_json::from_str::<Pair>("{}").unwrap(), Pair::default());
    }
}
