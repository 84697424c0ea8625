//! Hashes that stay the same when a picture is resized, recompressed or slightly retouched. imagehash.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::color_hash;
use super::cosine::Transform;
use super::picture::Picture;
use super::plane::Plane;
use super::resample::Size;
use super::wavelet;
use crate::CoreError;

/// What a hash is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum HashKind {
    /// Signs of the lowest frequencies against their median. imagehash: `phash`.
    #[default]
    #[serde(rename = "phash")]
    Perceptual,
    /// Levels of the shrunken picture against their mean. imagehash: `average_hash`.
    #[serde(rename = "ahash")]
    Average,
    /// Whether levels rise from left to right. imagehash: `dhash`.
    #[serde(rename = "dhash")]
    Difference,
    /// Levels smoothed by a Haar wavelet against their median. imagehash: `whash`.
    #[serde(rename = "whash")]
    Wavelet,
    /// Shares of black, grey and hues. imagehash: `colorhash`.
    #[serde(rename = "chash")]
    Color,
    /// The pixels themselves: equal for identical pictures only. cleanvision: `md5`.
    #[serde(rename = "md5")]
    Pixels,
}

impl HashKind {
    /// The name users type, cleanvision's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Perceptual => "phash",
            Self::Average => "ahash",
            Self::Difference => "dhash",
            Self::Wavelet => "whash",
            Self::Color => "chash",
            Self::Pixels => "md5",
        }
    }
}

/// How near-duplicates are told: pictures with equal hashes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NearDuplicateSettings {
    /// What the hash is made of [default phash].
    #[serde(rename = "hash_type")]
    pub kind: HashKind,
    /// Size of the hash: its side for phash, ahash and dhash [8; 2–64], for whash [8; a power of two up to 64], bits per
    /// kind of pixel for chash [8; 1–16]; md5 has none. A larger hash tells more pictures apart.
    #[serde(rename = "hash_size")]
    pub size: u32,
}

impl Default for NearDuplicateSettings {
    fn default() -> Self {
        Self { kind: HashKind::default(), size: 8 }
    }
}

/// Pixels of a side per coefficient of a perceptual hash (imagehash: `highfreq_factor`).
const FREQUENCY_FACTOR: usize = 4;

impl NearDuplicateSettings {
    /// Checks the size against the range of its kind.
    ///
    /// # Errors
    /// [`CoreError::Setting`] naming the range.
    pub fn validate(&self) -> Result<(), CoreError> {
        let (fits, range) = match self.kind {
            HashKind::Perceptual | HashKind::Average | HashKind::Difference => {
                ((2..=64).contains(&self.size), "a whole number from 2 to 64")
            }
            HashKind::Wavelet => (self.size <= 64 && self.size.is_power_of_two(), "a power of two up to 64"),
            HashKind::Color => ((1..=16).contains(&self.size), "a whole number from 1 to 16"),
            HashKind::Pixels => (true, ""),
        };
        if fits {
            return Ok(());
        }
        Err(CoreError::setting("hash_size", self.size, format!("{range} for {}", self.kind.name())))
    }

    /// The size to which the grey picture is brought; none where the hash is not made of it.
    pub(super) fn gray_size(self, of: Size) -> Option<Size> {
        let side = self.size as usize;
        let square = |side| Some(Size { width: side, height: side });
        match self.kind {
            HashKind::Perceptual => square(side * FREQUENCY_FACTOR),
            HashKind::Average => square(side),
            HashKind::Difference => Some(Size { width: side + 1, height: side }),
            HashKind::Wavelet => square((1 << of.width.min(of.height).ilog2()).max(side)),
            HashKind::Color | HashKind::Pixels => None,
        }
    }

    /// The hash of a grey picture of the size [`NearDuplicateSettings::gray_size`].
    pub(super) fn of_gray(self, gray: &Plane) -> PictureHash {
        let side = self.size as usize;
        let bits = match self.kind {
            HashKind::Perceptual => lowest_frequencies(gray, side),
            HashKind::Difference => gray.rows().flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0])).collect(),
            HashKind::Wavelet => {
                let values = gray.values.iter().map(|&level| f64::from(level) / 255.0).collect();
                let relative = wavelet::without_mean(values, gray.width);
                above_median(wavelet::smoothed(relative, gray.width, side))
            }
            HashKind::Average | HashKind::Color | HashKind::Pixels => {
                let sum: u64 = gray.values.iter().map(|&level| u64::from(level)).sum();
                gray.values.iter().map(|&level| u64::from(level) * gray.values.len() as u64 > sum).collect()
            }
        };
        PictureHash::of_bits(&bits)
    }

    /// The hash of colours.
    pub(super) fn of_colors(self, picture: &Picture) -> PictureHash {
        PictureHash::of_bits(&color_hash::bits(picture, self.size))
    }
}

/// Which of the lowest `side` × `side` frequencies lie above their median.
fn lowest_frequencies(gray: &Plane, side: usize) -> Vec<bool> {
    let n = gray.width;
    let transform = Transform::new(n);
    // Columns first: their lowest frequencies, row by row.
    let mut rows = vec![0.0; side * n];
    for x in 0..n {
        let column: Vec<f64> = gray.rows().map(|row| f64::from(row[x])).collect();
        for (y, value) in transform.of(&column).into_iter().take(side).enumerate() {
            rows[y * n + x] = value;
        }
    }
    above_median(rows.chunks_exact(n).flat_map(|row| transform.of(row).into_iter().take(side)).collect())
}

/// Which values lie above the median.
fn above_median(values: Vec<f64>) -> Vec<bool> {
    let mut sorted = values.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len();
    let median = if n.is_multiple_of(2) { f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]) } else { sorted[n / 2] };
    values.into_iter().map(|value| value > median).collect()
}

/// A hash, compared as a whole; shown as imagehash shows it, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureHash(String);

impl PictureHash {
    /// The digits of a number whose bits are given from the highest.
    fn of_bits(bits: &[bool]) -> Self {
        let digit = |bits: &[bool]| bits.iter().fold(0, |digit, &bit| digit << 1 | u32::from(bit));
        let (first, rest) = bits.split_at(bits.len() % 4);
        let digits = (!first.is_empty()).then_some(first).into_iter().chain(rest.chunks_exact(4));
        Self(digits.filter_map(|bits| char::from_digit(digit(bits), 16)).collect())
    }

    /// Of the pixels themselves.
    pub(super) fn of_digest(digest: u128) -> Self {
        Self(format!("{digest:032x}"))
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_that_are_no_multiple_of_four_fill_the_lowest_digits() {
        let bits = [true, false, false, false, true, true];
        assert_eq!(PictureHash::of_bits(&bits).to_string(), "23");
    }

    #[test]
    fn a_size_outside_its_range_is_refused_with_the_range() {
        let refused = |kind, size| NearDuplicateSettings { kind, size }.validate().is_err();
        assert!(refused(HashKind::Perceptual, 1) && refused(HashKind::Wavelet, 6) && refused(HashKind::Color, 17));
        let error = NearDuplicateSettings { kind: HashKind::Wavelet, size: 12 }.validate().unwrap_err();
        assert_eq!(error.to_string(), "`hash_size` is 12, expected a power of two up to 64 for whash");
        assert_eq!(NearDuplicateSettings::default().validate(), Ok(()));
    }
}
