//! Sets of pixels as lengths of runs.

use serde::{Deserialize, Serialize};

/// Pixels of a picture that are in a set, as the lengths of runs: out, in, out, in, …, row by row from the top, the first
/// of them 0 where the first pixel is in. They sum to all pixels.
///
/// COCO's uncompressed masks are the same, but column by column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PixelRuns(Vec<u32>);

impl PixelRuns {
    /// The runs of pixels that are given row by row.
    pub fn of(pixels: impl IntoIterator<Item = bool>) -> Self {
        let (mut runs, mut last, mut length) = (Vec::new(), false, 0_u32);
        for pixel in pixels {
            if pixel != last {
                runs.push(length);
                (last, length) = (pixel, 0);
            }
            length += 1;
        }
        runs.push(length);
        Self(runs)
    }

    /// The lengths.
    pub fn lengths(&self) -> &[u32] {
        &self.0
    }

    /// Pixels in the set.
    pub fn count(&self) -> u64 {
        self.0.iter().skip(1).step_by(2).map(|&length| u64::from(length)).sum()
    }

    /// Whether each pixel is in the set, row by row.
    pub fn pixels(&self) -> impl Iterator<Item = bool> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &length)| std::iter::repeat_n(place % 2 == 1, length as usize))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_set_that_begins_with_its_first_pixel_begins_with_a_run_of_none() {
        let runs = PixelRuns::of([true, true, false, true]);
        assert_eq!((runs.lengths(), runs.count()), (&[0, 2, 1, 1][..], 3));
        assert_eq!(PixelRuns::of([]).lengths(), [0]);
    }

    proptest! {
        #[test]
        fn runs_give_back_their_pixels(pixels in prop::collection::vec(any::<bool>(), 0..200)) {
            let runs = PixelRuns::of(pixels.iter().copied());
            prop_assert_eq!(runs.pixels().collect::<Vec<_>>(), pixels);
        }
    }
}
