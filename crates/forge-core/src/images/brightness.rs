//! How bright the pixels of a picture are. cleanvision: `BrightnessProperty`.
//!
//! The brightness of a colour is √(0.241 r² + 0.691 g² + 0.068 b²) / 255 (the HSP model of D. R. Finley). Percentiles
//! need no sorting: a thousand times the sum beneath the root is a whole number, whose upper bits are counted first and
//! whose lower bits only where a percentile falls.

/// The percentiles that are taken of the brightness of a picture's pixels.
pub const PERCENTILES: [u32; 7] = [1, 5, 10, 15, 90, 95, 99];

/// Brightness of a picture's pixels, in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Brightness {
    /// The percentiles [`PERCENTILES`]. cleanvision: `brightness_perc_1` to `brightness_perc_99`.
    pub percentiles: [f64; 7],
    /// The brightness of the mean colour. cleanvision: `brightness`.
    pub mean: f64,
}

impl Brightness {
    /// The value that 5 % of the pixels are below; what [`super::LightSettings`] are held against.
    pub fn darkest(&self) -> f64 {
        self.percentiles[1]
    }

    /// The value that 99 % of the pixels are below; what [`super::DarkSettings`] are held against.
    pub fn brightest(&self) -> f64 {
        self.percentiles[6]
    }

    /// Of a grey picture, from how often each level occurs.
    pub(super) fn of_gray(histogram: &[u32; 256], n: u64) -> Self {
        let percentiles = PERCENTILES.map(|percent| {
            let (low, high, share) = places(percent, n);
            let level = |rank| level_of(histogram, rank) as f64 / 255.0;
            between(level(low), level(high), share)
        });
        let mean = mean_level(histogram, n);
        Self { percentiles, mean: of_color(mean, mean, mean) }
    }
}

/// The mean level.
fn mean_level(histogram: &[u32], n: u64) -> f64 {
    let sum: u64 = (0_u64..).zip(histogram).map(|(level, &count)| level * u64::from(count)).sum();
    sum as f64 / n as f64
}

fn of_color(red: f64, green: f64, blue: f64) -> f64 {
    (0.241 * (red * red) + 0.691 * (green * green) + 0.068 * (blue * blue)).sqrt() / 255.0
}

/// The two ranks between which a percentile lies, and how far along. `numpy.percentile`, linear.
fn places(percent: u32, n: u64) -> (u64, u64, f64) {
    let place = f64::from(percent) / 100.0 * (n - 1) as f64;
    let low = place as u64;
    (low, (low + 1).min(n - 1), place - low as f64)
}

/// Linear interpolation.
fn between(low: f64, high: f64, share: f64) -> f64 {
    if share >= 0.5 { high - (high - low) * (1.0 - share) } else { low + (high - low) * share }
}

/// The level of the pixel with a rank, counted from the darkest.
fn level_of(counts: &[u32], rank: u64) -> usize {
    let mut below = 0;
    counts
        .iter()
        .position(|&count| {
            below += u64::from(count);
            below > rank
        })
        .unwrap_or(counts.len() - 1)
}

/// Lower bits of a key, counted only where a percentile falls.
const FINE_BITS: u32 = 13;

/// Values of the upper bits of a key.
const N_COARSE: usize = ((255 * 255 * 1000) >> FINE_BITS) + 1;

/// What the squares of the channels weigh in a key.
const WEIGHTS: [u32; 3] = [241, 691, 68];

/// A thousand times what is beneath the root, per channel and level.
const KEYS: [[u32; 256]; 3] = {
    let mut keys = [[0; 256]; 3];
    let mut channel = 0;
    while channel < 3 {
        let mut level = 0;
        while level < 256 {
            keys[channel][level] = WEIGHTS[channel] * (level * level) as u32;
            level += 1;
        }
        channel += 1;
    }
    keys
};

fn key([red, green, blue]: [u8; 3]) -> u32 {
    KEYS[0][usize::from(red)] + KEYS[1][usize::from(green)] + KEYS[2][usize::from(blue)]
}

/// Counts colours by the upper bits of their keys.
#[derive(Debug)]
pub(super) struct KeyCounts {
    coarse: Vec<u32>,
}

impl KeyCounts {
    pub(super) fn new() -> Self {
        Self { coarse: vec![0; N_COARSE] }
    }

    #[inline]
    pub(super) fn add(&mut self, color: [u8; 3]) {
        self.coarse[(key(color) >> FINE_BITS) as usize] += 1;
    }

    /// The brightness of the picture whose pixels have all been added.
    pub(super) fn finish(&self, pixels: &[u8], histograms: &[[u32; 256]; 3]) -> Brightness {
        let (colors, _) = pixels.as_chunks::<3>();
        let n = colors.len() as u64;
        let ranks = PERCENTILES.map(|percent| places(percent, n));
        // The upper bits at which each rank falls, and where the lower bits beside them are counted.
        let mut slot_of = vec![u8::MAX; N_COARSE];
        let mut n_slots = 0;
        for &rank in ranks.iter().flat_map(|(low, high, _)| [low, high]) {
            let slot = &mut slot_of[level_of(&self.coarse, rank)];
            if *slot == u8::MAX {
                *slot = n_slots;
                n_slots += 1;
            }
        }
        let mut fine = vec![0_u32; usize::from(n_slots) << FINE_BITS];
        for &color in colors {
            let key = key(color);
            let slot = slot_of[(key >> FINE_BITS) as usize];
            if slot != u8::MAX {
                fine[usize::from(slot) << FINE_BITS | (key & ((1 << FINE_BITS) - 1)) as usize] += 1;
            }
        }
        let value = |rank: u64| {
            let upper = level_of(&self.coarse, rank);
            let below: u64 = self.coarse[..upper].iter().map(|&count| u64::from(count)).sum();
            let start = usize::from(slot_of[upper]) << FINE_BITS;
            let lower = level_of(&fine[start..start + (1 << FINE_BITS)], rank - below);
            ((upper << FINE_BITS | lower) as f64 / 1000.0).sqrt() / 255.0
        };
        let percentiles = ranks.map(|(low, high, share)| between(value(low), value(high), share));
        let [red, green, blue] = histograms.each_ref().map(|histogram| mean_level(histogram, n));
        Brightness { percentiles, mean: of_color(red, green, blue) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(pixels: &[u8]) -> Brightness {
        let (mut keys, mut histograms) = (KeyCounts::new(), [[0; 256]; 3]);
        for color in pixels.as_chunks::<3>().0 {
            keys.add(*color);
            for (histogram, &level) in histograms.iter_mut().zip(color) {
                histogram[usize::from(level)] += 1;
            }
        }
        keys.finish(pixels, &histograms)
    }

    #[test]
    fn counting_gives_the_percentiles_that_sorting_gives() {
        let pixels: Vec<u8> = (0..3 * 1_237_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 21) as u8).collect();
        let mut all: Vec<f64> =
            pixels.as_chunks::<3>().0.iter().map(|c| of_color(c[0].into(), c[1].into(), c[2].into())).collect();
        all.sort_by(f64::total_cmp);
        let found = counted(&pixels);
        for (percent, value) in PERCENTILES.into_iter().zip(found.percentiles) {
            let place = f64::from(percent) / 100.0 * (all.len() - 1) as f64;
            let (low, share) = (place as usize, place.fract());
            let expected = all[low] + (all[(low + 1).min(all.len() - 1)] - all[low]) * share;
            assert!((value - expected).abs() < 1e-12, "{percent}: {value} against {expected}");
        }
    }

    #[test]
    fn white_is_one_black_is_none_and_grey_is_the_same_in_either_color_space() {
        assert_eq!(counted(&[255; 9]).percentiles, [1.0; 7]);
        assert_eq!(counted(&[0; 3]), Brightness { percentiles: [0.0; 7], mean: 0.0 });
        let mut histogram = [0; 256];
        histogram[51] = 4;
        let gray = Brightness::of_gray(&histogram, 4);
        assert!((gray.mean - 0.2).abs() < 1e-15 && gray.percentiles == [0.2; 7]);
    }
}
