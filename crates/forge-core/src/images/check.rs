//! What can be looked for in pictures, with its settings. Names and defaults are cleanvision's.

use serde::{Deserialize, Serialize};

use super::facts::Wanted;
use super::hash::NearDuplicateSettings;
use crate::CoreError;

/// What pictures can suffer from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageIssue {
    /// Too dark to see anything.
    Dark,
    /// Too bright to see anything.
    Light,
    /// Much longer in one direction than in the other.
    OddAspectRatio,
    /// Hardly any variety among the values of its pixels.
    LowInformation,
    /// Without sharp edges.
    Blurry,
    /// Stored without colours.
    Grayscale,
    /// Much larger or smaller than the others.
    OddSize,
    /// The same pixels as another picture.
    ExactDuplicates,
    /// The same hash as another picture.
    NearDuplicates,
}

impl ImageIssue {
    /// All of them, in the order of cleanvision's `DEFAULT_ISSUE_TYPES` as its results have them.
    pub const ALL: [Self; 9] = [
        Self::Dark,
        Self::Light,
        Self::OddAspectRatio,
        Self::LowInformation,
        Self::Blurry,
        Self::Grayscale,
        Self::OddSize,
        Self::ExactDuplicates,
        Self::NearDuplicates,
    ];

    /// Those that an audit with labels looks for by default: no duplicates. cleanlab: `DEFAULT_CLEANVISION_ISSUES`.
    pub const IN_DATALAB: [Self; 7] = [
        Self::Dark,
        Self::Light,
        Self::LowInformation,
        Self::OddAspectRatio,
        Self::OddSize,
        Self::Grayscale,
        Self::Blurry,
    ];

    /// The name users type, cleanvision's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::OddAspectRatio => "odd_aspect_ratio",
            Self::LowInformation => "low_information",
            Self::Blurry => "blurry",
            Self::Grayscale => "grayscale",
            Self::OddSize => "odd_size",
            Self::ExactDuplicates => "exact_duplicates",
            Self::NearDuplicates => "near_duplicates",
        }
    }

    /// The issue of a name.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with the names there are.
    pub fn of_name(name: &str) -> Result<Self, CoreError> {
        Self::ALL.into_iter().find(|issue| issue.name() == name).ok_or_else(|| {
            CoreError::setting("issue_types", name, format!("one of {}", Self::ALL.map(Self::name).join(", ")))
        })
    }
}

/// Settings of [`ImageIssue::Dark`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarkSettings {
    /// A picture is an issue when 99 % of its pixels are less bright than this [0.32; 0–1].
    pub threshold: f64,
}

impl Default for DarkSettings {
    fn default() -> Self {
        Self { threshold: 0.32 }
    }
}

/// Settings of [`ImageIssue::Light`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LightSettings {
    /// A picture is an issue when 95 % of its pixels lack less than this of full brightness [0.05; 0–1].
    pub threshold: f64,
}

impl Default for LightSettings {
    fn default() -> Self {
        Self { threshold: 0.05 }
    }
}

/// Settings of [`ImageIssue::OddAspectRatio`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AspectRatioSettings {
    /// A picture is an issue when its shorter side is less than this part of the longer one [0.35; 0–1].
    pub threshold: f64,
}

impl Default for AspectRatioSettings {
    fn default() -> Self {
        Self { threshold: 0.35 }
    }
}

/// Settings of [`ImageIssue::LowInformation`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InformationSettings {
    /// A picture is an issue below this score [0.3; 0–1].
    pub threshold: f64,
    /// Score per bit of entropy, up to 1 [0.1; at least 0].
    pub normalizing_factor: f64,
}

impl Default for InformationSettings {
    fn default() -> Self {
        Self { threshold: 0.3, normalizing_factor: 0.1 }
    }
}

impl InformationSettings {
    /// cleanlab's default in an audit with labels: a threshold of 0.15.
    pub fn in_datalab() -> Self {
        Self { threshold: 0.15, ..Self::default() }
    }
}

/// Settings of [`ImageIssue::Blurry`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlurSettings {
    /// A picture is an issue below this score [0.29; 0–1].
    pub threshold: f64,
    /// How fast the score rises with the deviation of the edges, and of the counts of grey levels [0.01; at least 0].
    pub normalizing_factor: f64,
    /// What the counts of grey levels score up to this is ignored: above it, the picture is a drawing of few colours, which
    /// is sharp without many edges [0.18; 0–1].
    pub color_threshold: f64,
}

impl Default for BlurSettings {
    fn default() -> Self {
        Self { threshold: 0.29, normalizing_factor: 0.01, color_threshold: 0.18 }
    }
}

/// Settings of [`ImageIssue::OddSize`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SizeSettings {
    /// Interquartile ranges beyond the quartiles that sizes may lie [3; at least 0].
    pub iqr_factor: f64,
    /// A picture is an issue below this score [0.5, or 1 where the quartiles are equal; 0–1].
    pub threshold: Option<f64>,
}

impl Default for SizeSettings {
    fn default() -> Self {
        Self { iqr_factor: 3.0, threshold: None }
    }
}

/// Something to look for, with its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ImageCheck {
    /// [`ImageIssue::Dark`].
    Dark(DarkSettings),
    /// [`ImageIssue::Light`].
    Light(LightSettings),
    /// [`ImageIssue::OddAspectRatio`].
    OddAspectRatio(AspectRatioSettings),
    /// [`ImageIssue::LowInformation`].
    LowInformation(InformationSettings),
    /// [`ImageIssue::Blurry`].
    Blurry(BlurSettings),
    /// [`ImageIssue::Grayscale`].
    Grayscale,
    /// [`ImageIssue::OddSize`].
    OddSize(SizeSettings),
    /// [`ImageIssue::ExactDuplicates`].
    ExactDuplicates,
    /// [`ImageIssue::NearDuplicates`].
    NearDuplicates(NearDuplicateSettings),
}

impl ImageCheck {
    /// A check with its default settings.
    pub fn default_of(issue: ImageIssue) -> Self {
        match issue {
            ImageIssue::Dark => Self::Dark(DarkSettings::default()),
            ImageIssue::Light => Self::Light(LightSettings::default()),
            ImageIssue::OddAspectRatio => Self::OddAspectRatio(AspectRatioSettings::default()),
            ImageIssue::LowInformation => Self::LowInformation(InformationSettings::default()),
            ImageIssue::Blurry => Self::Blurry(BlurSettings::default()),
            ImageIssue::Grayscale => Self::Grayscale,
            ImageIssue::OddSize => Self::OddSize(SizeSettings::default()),
            ImageIssue::ExactDuplicates => Self::ExactDuplicates,
            ImageIssue::NearDuplicates => Self::NearDuplicates(NearDuplicateSettings::default()),
        }
    }

    /// Every check with its default settings. cleanvision: `list_default_issue_types`.
    pub fn defaults() -> Vec<Self> {
        ImageIssue::ALL.map(Self::default_of).to_vec()
    }

    /// The checks of an audit with labels, with cleanlab's defaults there.
    pub fn in_datalab(issue: ImageIssue) -> Self {
        match issue {
            ImageIssue::LowInformation => Self::LowInformation(InformationSettings::in_datalab()),
            other => Self::default_of(other),
        }
    }

    /// What it looks for.
    pub fn issue(&self) -> ImageIssue {
        match self {
            Self::Dark(_) => ImageIssue::Dark,
            Self::Light(_) => ImageIssue::Light,
            Self::OddAspectRatio(_) => ImageIssue::OddAspectRatio,
            Self::LowInformation(_) => ImageIssue::LowInformation,
            Self::Blurry(_) => ImageIssue::Blurry,
            Self::Grayscale => ImageIssue::Grayscale,
            Self::OddSize(_) => ImageIssue::OddSize,
            Self::ExactDuplicates => ImageIssue::ExactDuplicates,
            Self::NearDuplicates(_) => ImageIssue::NearDuplicates,
        }
    }

    /// Checks its settings against their ranges.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the setting, its value and the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        match self {
            Self::Dark(DarkSettings { threshold })
            | Self::Light(LightSettings { threshold })
            | Self::OddAspectRatio(AspectRatioSettings { threshold }) => share("threshold", *threshold),
            Self::LowInformation(settings) => {
                share("threshold", settings.threshold)?;
                at_least_0("normalizing_factor", settings.normalizing_factor)
            }
            Self::Blurry(settings) => {
                share("threshold", settings.threshold)?;
                share("color_threshold", settings.color_threshold)?;
                at_least_0("normalizing_factor", settings.normalizing_factor)
            }
            Self::OddSize(settings) => {
                settings.threshold.map_or(Ok(()), |threshold| share("threshold", threshold))?;
                at_least_0("iqr_factor", settings.iqr_factor)
            }
            Self::NearDuplicates(settings) => settings.validate(),
            Self::Grayscale | Self::ExactDuplicates => Ok(()),
        }
    }

    /// Adds what it needs to know of each picture.
    pub(super) fn want(&self, wanted: &mut Wanted) {
        match self {
            Self::Dark(_) | Self::Light(_) => wanted.brightness = true,
            Self::LowInformation(_) => wanted.entropy = true,
            Self::Blurry(_) => wanted.sharpness = true,
            Self::ExactDuplicates => wanted.digest = true,
            Self::NearDuplicates(settings) => {
                // Sets of identical pictures are no sets of near-duplicates.
                wanted.digest = true;
                wanted.hash = Some(*settings);
            }
            Self::OddAspectRatio(_) | Self::Grayscale | Self::OddSize(_) => {}
        }
    }
}

fn share(name: &str, value: f64) -> Result<(), CoreError> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(CoreError::setting(name, value, "a value from 0 to 1")) }
}

fn at_least_0(name: &str, value: f64) -> Result<(), CoreError> {
    if value >= 0.0 && value.is_finite() { Ok(()) } else { Err(CoreError::setting(name, value, "a number from 0")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_issue_has_a_name_and_a_valid_default() {
        for issue in ImageIssue::ALL {
            assert_eq!(ImageIssue::of_name(issue.name()), Ok(issue));
            let check = ImageCheck::default_of(issue);
            assert_eq!((check.issue(), check.validate()), (issue, Ok(())));
        }
        assert!(ImageIssue::of_name("darkk").unwrap_err().to_string().contains("one of dark, light"));
    }

    #[test]
    fn a_setting_outside_its_range_is_named() {
        let check = ImageCheck::OddSize(SizeSettings { iqr_factor: -1.0, threshold: None });
        assert_eq!(check.validate().unwrap_err().to_string(), "`iqr_factor` is -1, expected a number from 0");
        assert!(ImageCheck::Dark(DarkSettings { threshold: f64::NAN }).validate().is_err());
    }
}
