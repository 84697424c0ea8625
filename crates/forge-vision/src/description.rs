//! What a program must know of a model to feed it and to read its answer: a small JSON file beside the ONNX file.

use serde::{Deserialize, Serialize};

use crate::VisionError;

/// How pictures go into a model and what comes out of it.
///
/// ```
/// # fn main() -> Result<(), forge_vision::VisionError> {
/// let description = forge_vision::ModelDescription::from_json(
///     r#"{
///       "name": "helmets",
///       "input": {
///         "layout": "nchw", "channels": "rgb", "mean": [0, 0, 0], "std": [255, 255, 255],
///         "fit": {"type": "letterbox", "width": 640, "height": 640, "place": "top_left", "fill": 114}
///       },
///       "head": {"type": "yolox", "strides": [8, 16, 32]},
///       "classes": ["head", "helmet"]
///     }"#,
/// )?;
/// assert_eq!(description.nms_iou, 0.45);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelDescription {
    /// What messages call the model.
    pub name: String,
    /// How a picture becomes the input.
    pub input: InputDescription,
    /// How the outputs become boxes or a mask.
    pub head: Head,
    /// Names of the classes, in the order of the scores.
    pub classes: Vec<String>,
    /// Boxes of one class that overlap by more than this intersection over union are one object. Default 0.45; 0 to 1.
    #[serde(default = "default_nms_iou")]
    pub nms_iou: f64,
    /// The tensor of shape 1 × channels × rows × columns whose mean over rows and columns stands for the whole picture.
    /// Default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedding: Option<String>,
}

fn default_nms_iou() -> f64 {
    0.45
}

/// How a picture becomes the input of a model: `(level − mean) / std` for every level 0 to 255 of the resized picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputDescription {
    /// The order of the axes.
    pub layout: Layout,
    /// The order of the channels.
    pub channels: Channels,
    /// What is subtracted from each channel, in the order of `channels`.
    pub mean: [f32; 3],
    /// What each channel is divided by, in the order of `channels`.
    pub std: [f32; 3],
    /// The size, and how pictures of another shape are made to fit.
    pub fit: Fit,
}

/// The order of the axes of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// 1 × channels × rows × columns.
    Nchw,
    /// 1 × rows × columns × channels.
    Nhwc,
}

/// The order of the channels of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Blue, green, red, as OpenCV has it.
    Bgr,
}

/// How a picture of any size fits a model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fit {
    /// Resized with its shape kept until it fits, the rest filled.
    Letterbox {
        /// Width of the input in pixels, 16 to 2048.
        width: usize,
        /// Height of the input in pixels, 16 to 2048.
        height: usize,
        /// Where the picture lies.
        place: Place,
        /// The level of the rest, 0 to 255.
        fill: f32,
    },
    /// Stretched to the size of the input.
    Stretch {
        /// Width of the input in pixels, 16 to 2048.
        width: usize,
        /// Height of the input in pixels, 16 to 2048.
        height: usize,
    },
    /// Resized with about its shape kept, so that both sides are a multiple of `multiple`, and one more.
    LongSide {
        /// The longer side in pixels, 16 to 2048.
        long_side: usize,
        /// The sides are a multiple of this many pixels, 1 to 64, and one more.
        multiple: usize,
    },
}

/// Where a picture lies in a letterbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the upper left corner.
    TopLeft,
    /// In the middle.
    Center,
}

/// What the outputs of a model mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Head {
    /// YOLOX (Ge et al., arXiv:2107.08430): one output of 1 × cells × (5 + classes), the cells of each stride row by row;
    /// centre and logarithm of the size in strides, objectness and class scores from 0 to 1.
    Yolox {
        /// Pixels of a cell on each level, usually 8, 16 and 32.
        strides: Vec<usize>,
    },
    /// PicoDet (Yu et al., arXiv:2111.00902): for every stride an output of 1 × cells × classes with scores from 0 to 1,
    /// then for every stride one of 1 × cells × 4·bins: left, top, right and bottom distance, each a distribution over bins.
    Picodet {
        /// Pixels of a cell on each level, usually 8, 16, 32 and 64.
        strides: Vec<usize>,
        /// Bins of a distance, usually 8.
        bins: usize,
    },
    /// BodyPix (Papandreou et al., arXiv:1803.08225, and TensorFlow's person segmentation): one output of
    /// 1 × rows × columns × 1 with the log odds of a person.
    Bodypix {
        /// Where the probability is above this is a person. Usually 0.6; 0 to 1.
        threshold: f32,
    },
}

/// Sides of an input, in pixels.
const SIDES: std::ops::RangeInclusive<usize> = 16..=2048;
const MAX_CLASSES: usize = 10_000;

impl ModelDescription {
    /// Reads and checks a description.
    ///
    /// # Errors
    /// [`VisionError::Description`] that names field, value and rule.
    pub fn from_json(text: &str) -> Result<Self, VisionError> {
        let read = serde_json::from_str::<Self>(text);
        let description = read.map_err(|error| refused("JSON", format!("cannot be read: {error}")))?;
        description.validate()?;
        Ok(description)
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`VisionError::Description`] that names field, value and rule.
    pub fn validate(&self) -> Result<(), VisionError> {
        let InputDescription { mean, std, fit, .. } = &self.input;
        if let Some(mean) = mean.iter().find(|mean| !mean.is_finite()) {
            return Err(refused("input.mean", format!("is {mean}; it must be finite")));
        }
        if let Some(std) = std.iter().find(|&&std| !std.is_finite() || std == 0.0) {
            return Err(refused("input.std", format!("is {std}; it must be finite and not 0")));
        }
        let sides = match *fit {
            Fit::Letterbox { width, height, fill, .. } => {
                if !(0.0..=255.0).contains(&fill) {
                    return Err(refused("input.fit.fill", format!("is {fill}; it must be from 0 to 255")));
                }
                [("width", width), ("height", height)]
            }
            Fit::Stretch { width, height } => [("width", width), ("height", height)],
            Fit::LongSide { long_side, multiple } => {
                if !(1..=64).contains(&multiple) {
                    return Err(refused("input.fit.multiple", format!("is {multiple}; it must be from 1 to 64")));
                }
                [("long_side", long_side); 2]
            }
        };
        if let Some((name, side)) = sides.into_iter().find(|(_, side)| !SIDES.contains(side)) {
            let rule = format!("is {side}; it must be from {} to {}", SIDES.start(), SIDES.end());
            return Err(refused(&format!("input.fit.{name}"), rule));
        }
        if self.classes.is_empty() || self.classes.len() > MAX_CLASSES {
            let found = self.classes.len();
            return Err(refused("classes", format!("has {found} names; 1 to {MAX_CLASSES} are needed")));
        }
        if !(0.0..=1.0).contains(&self.nms_iou) {
            return Err(refused("nms_iou", format!("is {}; it must be from 0 to 1", self.nms_iou)));
        }
        self.head.validate()
    }
}

impl Head {
    fn validate(&self) -> Result<(), VisionError> {
        match self {
            Self::Yolox { strides } => check_strides(strides),
            Self::Picodet { strides, bins } => {
                if !(2..=64).contains(bins) {
                    return Err(refused("head.bins", format!("is {bins}; it must be from 2 to 64")));
                }
                check_strides(strides)
            }
            Self::Bodypix { threshold } => {
                if (0.0..=1.0).contains(threshold) {
                    return Ok(());
                }
                Err(refused("head.threshold", format!("is {threshold}; it must be from 0 to 1")))
            }
        }
    }
}

fn check_strides(strides: &[usize]) -> Result<(), VisionError> {
    if strides.is_empty() || strides.len() > 8 {
        return Err(refused("head.strides", format!("has {} levels; 1 to 8 are needed", strides.len())));
    }
    match strides.iter().find(|stride| !(1..=256).contains(*stride)) {
        Some(stride) => Err(refused("head.strides", format!("has {stride}; each must be from 1 to 256"))),
        None => Ok(()),
    }
}

fn refused(field: &str, reason: String) -> VisionError {
    VisionError::Description { field: field.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_survives_json() {
        for description in
            [ModelDescription::yolox_nano(), ModelDescription::picodet_s_320(), ModelDescription::bodypix_s16()]
        {
            let text = serde_json::to_string(&description).unwrap();
            assert_eq!(ModelDescription::from_json(&text).unwrap(), description);
        }
    }

    #[test]
    fn what_cannot_be_is_refused_by_field_value_and_rule() {
        let good = serde_json::to_value(ModelDescription::yolox_nano()).unwrap();
        for (pointer, value, parts) in [
            ("/input/std", serde_json::json!([1, 0, 1]), ["input.std", "is 0"]),
            ("/input/fit/width", serde_json::json!(4096), ["input.fit.width", "4096"]),
            ("/input/fit/fill", serde_json::json!(-1), ["input.fit.fill", "-1"]),
            ("/input/layout", serde_json::json!("chwn"), ["chwn", "nhwc"]),
            ("/head/strides", serde_json::json!([8, 0]), ["head.strides", "has 0"]),
            ("/head/type", serde_json::json!("ssd"), ["ssd", "picodet"]),
            ("/classes", serde_json::json!([]), ["classes", "0 names"]),
            ("/nms_iou", serde_json::json!(1.5), ["nms_iou", "1.5"]),
        ] {
            let mut changed = good.clone();
            *changed.pointer_mut(pointer).unwrap() = value;
            let error = ModelDescription::from_json(&changed.to_string()).unwrap_err();
            assert_eq!(error.code(), "description");
            assert!(parts.iter().all(|part| error.to_string().contains(part)), "{error}");
        }
    }
}
