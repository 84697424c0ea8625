//! What is measured on a picture, in one pass over its rows, while its pixels are at hand.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::blur::{self, Sharpness};
use super::brightness::{Brightness, KeyCounts};
use super::hash::{HashKind, NearDuplicateSettings, PictureHash};
use super::picture::{ColorSpace, Picture};
use super::plane::{Plane, luma};
use super::resample::{Filter, Kernels, Resizer, Size};

/// What there is to measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing to measure, independent of the others")]
pub(super) struct Wanted {
    pub(super) brightness: bool,
    pub(super) entropy: bool,
    pub(super) sharpness: bool,
    pub(super) digest: bool,
    pub(super) hash: Option<NearDuplicateSettings>,
}

/// What is known of a picture once its pixels are gone; what no check needs is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What a pixel is made of. cleanvision: `color_space`.
    pub color: ColorSpace,
    /// How bright its pixels are.
    pub brightness: Option<Brightness>,
    /// Bits of information per value of a channel, from how often each value of each channel occurs; at most 8 for grey
    /// and 8 + log₂ 3 for colours. Pillow: `Image.entropy`.
    pub entropy: Option<f64>,
    /// How sharp it is.
    pub sharpness: Option<Sharpness>,
    /// 128 bits of its bytes, equal for identical pictures. cleanvision takes MD5.
    pub digest: Option<u128>,
    /// Its hash among near-duplicates.
    pub hash: Option<PictureHash>,
}

impl PictureFacts {
    /// The shorter side over the longer one, in (0, 1]. cleanvision: `aspect_ratio`.
    pub fn aspect_ratio(&self) -> f64 {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        (width / height).min(height / width)
    }

    /// The root of the number of pixels. cleanvision: `size`.
    pub fn size(&self) -> f64 {
        f64::from(self.width).sqrt() * f64::from(self.height).sqrt()
    }

    pub(super) fn measure(picture: &Picture, wanted: &Wanted, kernels: &Kernels) -> Self {
        let size = Size { width: picture.width() as usize, height: picture.height() as usize };
        let n = u64::from(picture.width()) * u64::from(picture.height());
        let mut facts = Self {
            width: picture.width(),
            height: picture.height(),
            color: picture.color(),
            brightness: None,
            entropy: None,
            sharpness: None,
            digest: None,
            hash: None,
        };
        let channels = picture.color().channels();
        let shrinker = || wanted.sharpness.then(|| Resizer::new(kernels, Filter::Bicubic, size, blur::shrunk(size)));
        let to_hash = wanted.hash.and_then(|hash| hash.gray_size(size));
        let shrunken = std::iter::repeat_with(shrinker).take(channels).flatten().collect();
        let hashed = to_hash.map(|to| Resizer::new(kernels, Filter::Lanczos, size, to));
        let mut rows = Rows::new(shrunken, hashed, size.width);
        match picture.color() {
            ColorSpace::Gray => {
                let histogram = rows.read_gray(picture);
                facts.brightness = wanted.brightness.then(|| Brightness::of_gray(&histogram, n));
                facts.entropy = wanted.entropy.then(|| entropy(&[histogram], n));
            }
            ColorSpace::Rgb => {
                rows.read_colors(picture);
                if wanted.brightness || wanted.entropy {
                    let (histograms, keys) = count_colors(picture.pixels());
                    facts.brightness = wanted.brightness.then(|| keys.finish(picture.pixels(), &histograms));
                    facts.entropy = wanted.entropy.then(|| entropy(&histograms, 3 * n));
                }
            }
        }
        let shrunken: Vec<Plane> = rows.shrunken.into_iter().map(Resizer::finish).collect();
        facts.sharpness = gray_of(shrunken).map(|gray| Sharpness::of(&gray));
        let by_pixels = wanted.hash.is_some_and(|hash| hash.kind == HashKind::Pixels);
        let digest = (wanted.digest || by_pixels).then(|| xxh3_128(picture.pixels()));
        let gray = rows.hashed.map(Resizer::finish);
        facts.hash = wanted.hash.and_then(|hash| match (hash.kind, &gray) {
            (HashKind::Color, _) => Some(hash.of_colors(picture)),
            (HashKind::Pixels, _) => digest.map(PictureHash::of_digest),
            (_, gray) => gray.as_ref().map(|gray| hash.of_gray(gray)),
        });
        facts.digest = digest.filter(|_| wanted.digest);
        facts
    }
}

/// What a picture's rows are poured into.
struct Rows {
    /// One per channel, or none.
    shrunken: Vec<Resizer>,
    hashed: Option<Resizer>,
    /// A line of each channel and one of grey, as long as the resizers want them.
    lines: [Vec<i16>; 4],
}

impl Rows {
    fn new(shrunken: Vec<Resizer>, hashed: Option<Resizer>, width: usize) -> Self {
        let reach = shrunken.iter().chain(&hashed).map(Resizer::reach).max().unwrap_or(0);
        Self { shrunken, hashed, lines: std::array::from_fn(|_| vec![0; width + reach]) }
    }

    fn read_gray(&mut self, picture: &Picture) -> [u32; 256] {
        let mut histogram = [0_u32; 256];
        let line = &mut self.lines[0];
        for row in picture.rows() {
            for (slot, &level) in line.iter_mut().zip(row) {
                histogram[usize::from(level)] += 1;
                *slot = i16::from(level);
            }
            self.shrunken.iter_mut().chain(&mut self.hashed).for_each(|resizer| resizer.push(line));
        }
        histogram
    }

    fn read_colors(&mut self, picture: &Picture) {
        if self.shrunken.is_empty() && self.hashed.is_none() {
            return;
        }
        let [reds, greens, blues, grays] = &mut self.lines;
        for row in picture.rows() {
            let slots = reds.iter_mut().zip(greens.iter_mut()).zip(blues.iter_mut()).zip(grays.iter_mut());
            for ((((r, g), b), gray), &[red, green, blue]) in slots.zip(row.as_chunks::<3>().0) {
                *r = i16::from(red);
                *g = i16::from(green);
                *b = i16::from(blue);
                *gray = i16::from(luma(red, green, blue));
            }
            for (resizer, line) in self.shrunken.iter_mut().zip([&*reds, &*greens, &*blues]) {
                resizer.push(line);
            }
            if let Some(resizer) = &mut self.hashed {
                resizer.push(grays);
            }
        }
    }
}

/// How often each level of each channel occurs, and each brightness.
fn count_colors(pixels: &[u8]) -> ([[u32; 256]; 3], KeyCounts) {
    let mut histograms = [[0_u32; 256]; 3];
    let mut keys = KeyCounts::new();
    for &color in pixels.as_chunks::<3>().0 {
        for (histogram, &level) in histograms.iter_mut().zip(&color) {
            histogram[usize::from(level)] += 1;
        }
        keys.add(color);
    }
    (histograms, keys)
}

/// The grey picture of one or three channels; none of none.
fn gray_of(channels: Vec<Plane>) -> Option<Plane> {
    if let [red, green, blue] = &channels[..] {
        let colors = red.values.iter().zip(&green.values).zip(&blue.values);
        let values = colors.map(|((&red, &green), &blue)| luma(red, green, blue)).collect();
        return Some(Plane { width: red.width, values });
    }
    channels.into_iter().next()
}

/// Shannon entropy of `n` values, in bits.
fn entropy(histograms: &[[u32; 256]], n: u64) -> f64 {
    let shares = histograms.iter().flatten().filter(|&&count| count > 0).map(|&count| f64::from(count) / n as f64);
    -shares.map(|share| share * libm::log2(share)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_counts_bits_and_a_single_colour_in_three_channels_has_log2_of_3() {
        let mut histogram = [0; 256];
        histogram[3..7].fill(5);
        assert_eq!(entropy(&[histogram], 20), 2.0);
        let mut one = [0; 256];
        one[0] = 4;
        assert!((entropy(&[one; 3], 12) - libm::log2(3.0)).abs() < 1e-15);
    }

    #[test]
    fn only_what_is_wanted_is_measured() {
        let picture = Picture::rgb(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let facts = PictureFacts::measure(&picture, &Wanted::default(), &Kernels::default());
        assert_eq!((facts.aspect_ratio(), facts.color), (0.5, ColorSpace::Rgb));
        assert!(facts.brightness.is_none() && facts.entropy.is_none() && facts.sharpness.is_none());
        assert!(facts.digest.is_none() && facts.hash.is_none());
    }
}
