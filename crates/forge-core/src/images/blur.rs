//! How sharp a picture is. cleanvision: `BlurrinessProperty`.

use super::plane::Plane;
use super::resample::Size;

/// Side that pictures are shrunk to before edges are looked for, in pixels (cleanvision:
/// `MAX_RESOLUTION_FOR_BLURRY_DETECTION`).
const MAX_SIDE: f64 = 64.0;

/// What tells sharp pictures from blurred ones.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sharpness {
    /// Standard deviation of the edges of the shrunken grey picture; small where it is blurred. cleanvision: `blurriness`.
    pub edges: f64,
    /// Standard deviation of how many of its pixels have each of the 256 grey levels; large where there are few levels.
    /// cleanvision: `blurriness_grayscale_std`.
    pub levels: f64,
}

/// The size of the shrunken picture.
pub(super) fn shrunk(from: Size) -> Size {
    let ratio = from.width.max(from.height) as f64 / MAX_SIDE;
    if ratio <= 1.0 {
        return from;
    }
    let side = |pixels: usize| (floor_division(pixels as f64, ratio) as usize).max(1);
    Size { width: side(from.width), height: side(from.height) }
}

/// Python's `a // b`, which is not always the floor of the rounded quotient.
fn floor_division(a: f64, b: f64) -> f64 {
    let quotient = (a - a % b) / b;
    let floor = quotient.floor();
    if quotient - floor > 0.5 { floor + 1.0 } else { floor }
}

impl Sharpness {
    /// Of a shrunken grey picture.
    pub(super) fn of(gray: &Plane) -> Self {
        let mut histogram = [0_u32; 256];
        for &level in &gray.values {
            histogram[usize::from(level)] += 1;
        }
        Self { edges: deviation_of_edges(gray), levels: deviation_of_counts(&histogram) }
    }
}

/// Standard deviation of the levels after Pillow's `FIND_EDGES`: eight times a pixel less its eight neighbours, cut to a
/// byte; the outermost pixels stay.
fn deviation_of_edges(gray: &Plane) -> f64 {
    let rows: Vec<&[u8]> = gray.rows().collect();
    let (mut sum, mut squares) = (0_u64, 0_u64);
    let mut add = |level: u32| {
        sum += u64::from(level);
        squares += u64::from(level * level);
    };
    for (y, row) in rows.iter().enumerate() {
        let around = y.checked_sub(1).and_then(|above| rows.get(above)).zip(rows.get(y + 1));
        let Some((above, below)) = around.filter(|_| row.len() > 2) else {
            row.iter().for_each(|&level| add(u32::from(level)));
            continue;
        };
        add(u32::from(row[0]));
        for ((above, row), below) in above.windows(3).zip(row.windows(3)).zip(below.windows(3)) {
            let three = |levels: &[u8]| levels.iter().map(|&level| i32::from(level)).sum::<i32>();
            let edge = 9 * i32::from(row[1]) - three(above) - three(row) - three(below);
            add(edge.clamp(0, 255) as u32);
        }
        add(u32::from(row[row.len() - 1]));
    }
    let (n, sum) = (gray.values.len() as f64, sum as f64);
    let variance = (squares as f64 - sum * sum / n) / n;
    variance.max(0.0).sqrt()
}

/// Standard deviation of counts.
fn deviation_of_counts(counts: &[u32; 256]) -> f64 {
    let mean = counts.iter().map(|&count| f64::from(count)).sum::<f64>() / 256.0;
    let squares: f64 = counts.iter().map(|&count| (f64::from(count) - mean) * (f64::from(count) - mean)).sum();
    (squares / 256.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_bright_pixel_is_an_edge_and_the_border_is_left_as_it_is() {
        let mut values = vec![10; 25];
        values[12] = 30;
        // 160 at the pixel, 0 at its eight neighbours (cut), 10 on the sixteen of the border.
        let n: f64 = 25.0;
        let (sum, squares) = (160.0 + 160.0, 160.0 * 160.0 + 16.0 * 100.0);
        let expected = ((squares - sum * sum / n) / n).sqrt();
        assert!((deviation_of_edges(&Plane { width: 5, values }) - expected).abs() < 1e-12);
    }

    #[test]
    fn pictures_too_small_for_a_neighbourhood_stay_as_they_are() {
        assert_eq!(deviation_of_edges(&Plane { width: 1, values: vec![9] }), 0.0);
        assert_eq!(deviation_of_edges(&Plane { width: 2, values: vec![0, 2, 0, 2, 0, 2] }), 1.0);
    }

    #[test]
    fn the_longer_side_is_shrunk_to_64_and_no_side_vanishes() {
        let size = |width, height| Size { width, height };
        assert_eq!(shrunk(size(256, 100)), size(64, 25));
        assert_eq!(shrunk(size(64, 3)), size(64, 3));
        assert_eq!(shrunk(size(100_000, 1)), size(64, 1));
    }
}
