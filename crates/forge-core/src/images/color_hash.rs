//! Shares of black, grey and six hues as a hash. imagehash: `colorhash`.

use super::picture::{ColorSpace, Picture};
use super::plane::luma;

/// Pixels of each kind.
#[derive(Debug, Default)]
struct Kinds {
    black: u64,
    gray: u64,
    colored: u64,
    faint: [u64; 6],
    bright: [u64; 6],
}

/// The bits: `bin_bits` for the share of each of fourteen kinds of pixels.
pub(super) fn bits(picture: &Picture, bin_bits: u32) -> Vec<bool> {
    let mut kinds = Kinds::default();
    match picture.color() {
        ColorSpace::Gray => picture.pixels().iter().for_each(|&level| kinds.add(level, 0, 0)),
        ColorSpace::Rgb => {
            for &[red, green, blue] in picture.pixels().as_chunks::<3>().0 {
                let (hue, saturation) = hue_and_saturation([red, green, blue]);
                kinds.add(luma(red, green, blue), hue, saturation);
            }
        }
    }
    let n = (u64::from(picture.width()) * u64::from(picture.height())) as f64;
    let highest = f64::from(1_u32 << bin_bits);
    let step = |share: f64| (share as u32).min((1 << bin_bits) - 1);
    let colored = kinds.colored.max(1) as f64;
    let shares = [kinds.black, kinds.gray].map(|count| step(count as f64 / n * highest));
    let hues = kinds.faint.iter().chain(&kinds.bright).map(|&count| step(count as f64 * highest / colored));
    shares
        .into_iter()
        .chain(hues)
        // The library's own digits, which are no binary ones: a lower digit is 0 only where the remainder is.
        .flat_map(|value| {
            (0..bin_bits).map(move |i| !(value >> (bin_bits - i - 1)).is_multiple_of(1 << (bin_bits - i)))
        })
        .collect()
}

impl Kinds {
    fn add(&mut self, level: u8, hue: u8, saturation: u8) {
        // Six bins of equal width from 0 to 255.
        let bin = (usize::from(hue) * 2 / 85).min(5);
        match saturation {
            _ if level < 32 => self.black += 1,
            ..85 => self.gray += 1,
            85..170 => {
                self.colored += 1;
                self.faint[bin] += 1;
            }
            170 => self.colored += 1,
            171.. => {
                self.colored += 1;
                self.bright[bin] += 1;
            }
        }
    }
}

/// Hue and saturation as Pillow's conversion to `HSV` has them, in the same mixture of precisions.
fn hue_and_saturation([red, green, blue]: [u8; 3]) -> (u8, u8) {
    let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
    if high == low {
        return (0, 0);
    }
    let range = f32::from(high - low);
    let [r, g, b] = [red, green, blue].map(|level| f32::from(high - level) / range);
    let hue = if red == high {
        b - g
    } else if green == high {
        (2.0 + f64::from(r) - f64::from(b)) as f32
    } else {
        (4.0 + f64::from(g) - f64::from(r)) as f32
    };
    let hue = ((f64::from(hue) / 6.0 + 1.0) % 1.0) as f32;
    let byte = |part: f32| (f64::from(part) * 255.0) as u8;
    (byte(hue), byte(range / f32::from(high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_are_those_of_pillow() {
        // Image.new("RGB", (1, 1), color).convert("HSV").getpixel((0, 0))
        for (color, expected) in [
            ([255, 0, 0], (0, 255)),
            ([0, 255, 0], (85, 255)),
            ([0, 0, 255], (170, 255)),
            ([200, 100, 150], (233, 127)),
            ([13, 200, 77], (99, 238)),
            ([90, 20, 250], (182, 234)),
        ] {
            assert_eq!(hue_and_saturation(color), expected, "{color:?}");
        }
    }
}
