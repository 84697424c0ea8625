//! A hash by which copies of a picture are known: re-encoded, resized or a little brighter ones differ in a few bits.

use crate::photo::Photo;

const COLUMNS: usize = 9;
const ROWS: usize = 8;

/// The difference hash (Neal Krawetz, *Kind of Like That*, 2013): the picture is averaged down to 9 × 8 levels of grey, and
/// each bit says whether a level is below its right neighbour, row by row from the top, the first in the highest bit.
///
/// Copies differ in up to about 10 of the 64 bits. Mirror images and cuts are not recognised.
pub fn dhash(photo: &Photo) -> u64 {
    let levels = shrink(photo);
    let pairs = levels.iter().flat_map(|row| row.windows(2));
    pairs.fold(0, |bits, pair| bits << 1 | u64::from(pair[0] < pair[1]))
}

/// The sum of the grey levels of each cell, by area. All cells are equally large, so sums compare as means do.
fn shrink(photo: &Photo) -> [[u64; COLUMNS]; ROWS] {
    let across: Vec<Part> = (0..photo.width()).flat_map(|pixel| parts(pixel, photo.width(), COLUMNS)).collect();
    let mut cells = [[0_u64; COLUMNS]; ROWS];
    let mut line = vec![0_u64; photo.width()];
    for (row, pixels) in photo.rgb().chunks_exact(photo.width() * 3).enumerate() {
        for (gray, &[red, green, blue]) in line.iter_mut().zip(pixels.as_chunks::<3>().0) {
            // ITU-R 601-2, as Pillow's mode L.
            *gray = (u64::from(red) * 19_595 + u64::from(green) * 38_470 + u64::from(blue) * 7_471 + 0x8000) >> 16;
        }
        let mut sums = [0_u64; COLUMNS];
        across.iter().for_each(|part| sums[part.cell] += line[part.pixel] * part.share);
        for part in parts(row, photo.height(), ROWS) {
            cells[part.cell].iter_mut().zip(sums).for_each(|(cell, sum)| *cell += sum * part.share);
        }
    }
    cells
}

/// How much of a pixel lies in a cell.
struct Part {
    pixel: usize,
    cell: usize,
    /// In units of which a pixel has as many as there are cells.
    share: u64,
}

/// The cells that a pixel lies in, where `n_pixels` are spread over `n_cells`.
fn parts(pixel: usize, n_pixels: usize, n_cells: usize) -> impl Iterator<Item = Part> {
    let (start, end) = (pixel * n_cells, (pixel + 1) * n_cells);
    (start / n_pixels..=(end - 1) / n_pixels).map(move |cell| {
        let share = end.min((cell + 1) * n_pixels) - start.max(cell * n_pixels);
        Part { pixel, cell, share: share as u64 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gray(width: usize, height: usize, level: impl Fn(usize, usize) -> usize) -> Photo {
        let pixels = (0..width * height).flat_map(|i| [level(i % width, i / width) as u8; 3]).collect();
        Photo::new(width, height, pixels).unwrap()
    }

    #[test]
    fn light_that_rises_to_the_right_sets_every_bit_and_light_that_falls_none() {
        assert_eq!(dhash(&gray(90, 16, |x, _| x)), u64::MAX);
        assert_eq!(dhash(&gray(90, 16, |x, _| 90 - x)), 0);
        assert_eq!(dhash(&gray(1, 1, |_, _| 7)), 0);
    }

    #[test]
    fn every_cell_has_the_same_area_whatever_the_size() {
        for (width, height) in [(1, 1), (3, 5), (9, 8), (10, 7), (641, 479)] {
            let area = (width * height) as u64;
            assert!(shrink(&gray(width, height, |_, _| 1)).as_flattened().iter().all(|&sum| sum == area));
        }
    }

    #[test]
    fn a_resized_and_brightened_copy_differs_in_few_bits() {
        let waves = |scale: f64| {
            move |x: usize, y: usize| {
                let (x, y) = (x as f64 * scale, y as f64 * scale);
                (100.0 + 60.0 * libm::sin(x / 17.0 + y / 31.0) + 30.0 * libm::cos(y / 11.0 - x / 7.0)) as usize
            }
        };
        let whole = dhash(&gray(300, 200, waves(1.0)));
        let half = dhash(&gray(150, 100, |x, y| waves(2.0)(x, y) * 11 / 10));
        assert!((whole ^ half).count_ones() <= 6);
    }
}
