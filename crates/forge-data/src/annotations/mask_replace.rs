//! Puts other pixels in the place of a mask's objects, so that a better mask is stored as the old one was.

use std::collections::VecDeque;

use super::mask::{MaskImage, MaskValues};

impl MaskImage {
    /// The mask whose objects cover the pixels of `wanted`, row by row, and no others; pixels beyond its end are not wanted.
    ///
    /// A pixel keeps its number where it has one. A new pixel takes the number of the object that reaches it first over wanted
    /// pixels, by the shortest way. Where none does, it takes the number all objects have, or, where objects have numbers of
    /// their own, each connected region the next number that is free. In a mask without objects the number is 1.
    #[must_use]
    pub fn with_foreground(&self, wanted: &[bool]) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let n_pixels = width * height;
        let is_wanted = |pixel: usize| wanted.get(pixel).copied().unwrap_or(false);
        let numbers: Vec<u16> = self.distinct().into_iter().filter(|&number| number != 0).collect();
        let mut values: Vec<u16> =
            (0..n_pixels).map(|pixel| if is_wanted(pixel) { self.value(pixel) } else { 0 }).collect();
        let mut queue: VecDeque<usize> = (0..n_pixels).filter(|&pixel| values[pixel] != 0).collect();
        spread(&mut values, &mut queue, (width, height), is_wanted);
        let own_numbers = numbers.len() > 1;
        let mut next = numbers.last().copied().unwrap_or(1);
        for pixel in 0..n_pixels {
            if is_wanted(pixel) && values[pixel] == 0 {
                if own_numbers {
                    next = self.free_after(next);
                }
                values[pixel] = next;
                queue.push_back(pixel);
                spread(&mut values, &mut queue, (width, height), is_wanted);
            }
        }
        let values = match &self.values {
            MaskValues::U8(_) => MaskValues::U8(values.into_iter().map(|value| value as u8).collect()),
            MaskValues::U16(_) => MaskValues::U16(values),
        };
        Self { values, ..self.clone() }
    }

    /// The number after `number`, as far as the mask can hold and show it.
    fn free_after(&self, number: u16) -> u16 {
        let highest = match (&self.values, &self.palette) {
            (MaskValues::U8(_), Some(palette)) => palette.len().saturating_sub(1).min(255) as u16,
            (MaskValues::U8(_), None) => 255,
            (MaskValues::U16(_), _) => u16::MAX,
        };
        number.saturating_add(1).min(highest)
    }
}

/// Spreads the numbers of the pixels in the queue over wanted pixels without one, to all eight sides.
fn spread(
    values: &mut [u16],
    queue: &mut VecDeque<usize>,
    (width, height): (usize, usize),
    is_wanted: impl Fn(usize) -> bool,
) {
    while let Some(pixel) = queue.pop_front() {
        let (x, y) = (pixel % width, pixel / width);
        for row in y.saturating_sub(1)..(y + 2).min(height) {
            for column in x.saturating_sub(1)..(x + 2).min(width) {
                let next = row * width + column;
                if values[next] == 0 && is_wanted(next) {
                    values[next] = values[pixel];
                    queue.push_back(next);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(values: &[u8]) -> MaskImage {
        MaskImage { width: 5, height: 2, values: MaskValues::U8(values.to_vec()), palette: None }
    }

    fn replaced(values: &[u8], wanted: &[u8]) -> Vec<u8> {
        let wanted: Vec<bool> = wanted.iter().map(|&wanted| wanted == 1).collect();
        match mask(values).with_foreground(&wanted).values {
            MaskValues::U8(values) => values,
            MaskValues::U16(_) => panic!("another depth"),
        }
    }

    #[test]
    fn objects_keep_their_numbers_and_grow_into_wanted_pixels() {
        let given = [1, 1, 0, 0, 2, 0, 0, 0, 0, 2];
        let wanted = [0, 1, 1, 1, 1, 0, 0, 0, 0, 0];
        assert_eq!(replaced(&given, &wanted), [0, 1, 1, 2, 2, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_no_object_reaches_is_a_new_object_where_objects_have_numbers() {
        assert_eq!(
            replaced(&[1, 2, 0, 0, 0, 0, 0, 0, 0, 0], &[1, 1, 0, 1, 1, 0, 0, 0, 0, 1])[3..],
            [3, 3, 0, 0, 0, 0, 3]
        );
        assert_eq!(replaced(&[255, 0, 0, 0, 0, 0, 0, 0, 0, 0], &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0])[4], 255);
        assert_eq!(replaced(&[0; 10], &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0])[4], 1);
    }

    #[test]
    fn a_new_object_has_a_number_that_the_palette_shows() {
        let small =
            MaskImage { palette: Some(vec![[0, 0, 0], [9, 0, 0], [0, 9, 0]]), ..mask(&[1, 2, 0, 0, 0, 0, 0, 0, 0, 0]) };
        let wanted: Vec<bool> = [1, 1, 0, 0, 1].map(|wanted| wanted == 1).to_vec();
        assert_eq!(small.with_foreground(&wanted).value(4), 2);
    }
}
