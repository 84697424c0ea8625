//! Pictures with what models see in them, as faces hand them over.

use forge_data::{ImageSet, LogitGrid, ScoredBox};
use serde::{Deserialize, Serialize};

use crate::images::PictureFacts;

/// Scores from which predicted boxes are handed over. Average precision needs the weak ones too; what is below the
/// setting `score_threshold` takes no part in finding issues.
pub const PREDICTION_FLOOR: f64 = 0.05;

/// What is left of a picture once models have seen it. What nobody needs, or nobody could tell, is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PicturePrediction {
    /// Predicted boxes in pixels of the picture, with scores from [`PREDICTION_FLOOR`]; their classes are numbers into
    /// [`PictureData::classes`].
    pub boxes: Vec<ScoredBox>,
    /// Log odds of "person" (or whatever the masks are of).
    pub person: Option<LogitGrid>,
    /// A vector whose direction tells pictures apart, of any length that all pictures share.
    pub embedding: Option<Vec<f32>>,
    /// Its difference hash: whether each of the 8 × 8 steps to the right in a grey picture of 9 × 8 levels rises, row by row
    /// from the top, the first in the highest bit.
    #[serde(with = "hexadecimal")]
    pub dhash: Option<u64>,
    /// What was measured on its pixels.
    pub facts: Option<PictureFacts>,
    /// Why the picture could not be decoded or predicted; all else is then absent.
    pub trouble: Option<String>,
}

/// Pictures with their annotations and what models see in them.
#[derive(Clone, Copy, Debug)]
pub struct PictureData<'a> {
    /// Pictures, boxes and masks.
    pub set: &'a ImageSet,
    /// One for each picture of `set`; none for pictures that were not shown to a model.
    pub predictions: &'a [Option<PicturePrediction>],
    /// Names of the classes that predicted boxes are of.
    pub classes: &'a [String],
}

/// A hash as 16 hexadecimal digits, as JavaScript's numbers are too coarse for it.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    #[expect(clippy::ref_option, reason = "serde hands it over like this")]
    pub(super) fn serialize<S: Serializer>(hash: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match hash {
            Some(hash) => serializer.serialize_some(&format!("{hash:016x}")),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| u64::from_str_radix(&text, 16).map_err(de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_survives_json_and_a_hash_is_16_digits() {
        let prediction = PicturePrediction { dhash: Some(0x8000_0000_0000_0001), ..PicturePrediction::default() };
        let text = serde_json::to_string(&prediction).unwrap();
        assert!(text.contains("\"dhash\":\"8000000000000001\""), "{text}");
        assert_eq!(serde_json::from_str::<PicturePrediction>(&text).unwrap(), prediction);
        assert_eq!(serde_json::from_str::<PicturePrediction>("{}").unwrap(), PicturePrediction::default());
        assert!(serde_json::from_str::<PicturePrediction>("{\"dhash\":\"x\"}").is_err());
    }
}
