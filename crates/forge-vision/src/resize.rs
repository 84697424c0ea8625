//! Bilinear resizing of bytes, by the integers that OpenCV uses.
//!
//! Pixel `i` of the result has its middle at `(i + ½) · source / target − ½` of the source, and is what lies between the two
//! nearest pixels along each axis, which a pixel outside repeats. Weights are whole numbers of 1/2048. Sizes that shrink are
//! not smoothed beforehand. The result is, to the last bit, that of OpenCV 5 without Intel's library:
//! `cv2.resize(…, interpolation=cv2.INTER_LINEAR)`.

/// A picture of interleaved red, green and blue, or a part of one.
#[derive(Clone, Copy)]
pub(crate) struct Pixels<'a> {
    /// Bytes, row by row.
    pub(crate) rgb: &'a [u8],
    /// Pixels in a row.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
}

/// Between which pixels of the source a pixel lies, and their weights in 1/2048.
#[derive(Clone, Copy)]
struct Tap {
    low: usize,
    high: usize,
    weights: [i32; 2],
}

/// The picture at `width` × `height`; all sizes are at least 1.
pub(crate) fn resize(source: Pixels<'_>, width: usize, height: usize) -> Vec<u8> {
    if (source.width, source.height) == (width, height) {
        return source.rgb.to_vec();
    }
    let across = taps(source.width, width, Edge::One);
    let mut lines = Lines { source, across, kept: [const { (usize::MAX, Vec::new()) }; 2] };
    let mut result = Vec::with_capacity(width * height * 3);
    for tap in taps(source.height, height, Edge::Twice) {
        let [upper, lower] = lines.pair(tap.low, tap.high);
        let [above, below] = tap.weights;
        result.extend(upper.iter().zip(lower).map(|(&upper, &lower)| {
            let sum = ((above * (upper >> 4)) >> 16) + ((below * (lower >> 4)) >> 16);
            ((sum + 2) >> 2).clamp(0, 255) as u8
        }));
    }
    result
}

/// Rows of the source at the new width, times 2048, of which the last two are kept.
struct Lines<'a> {
    source: Pixels<'a>,
    across: Vec<Tap>,
    kept: [(usize, Vec<i32>); 2],
}

impl Lines<'_> {
    /// Two rows, of which `high` is `low` or the next.
    fn pair(&mut self, low: usize, high: usize) -> [&[i32]; 2] {
        // A row's place is its last bit, so that neighbours never displace each other.
        for row in [low, high] {
            let (kept, values) = &mut self.kept[row % 2];
            if *kept != row {
                *kept = row;
                stretch(&self.source.rgb[row * self.source.width * 3..][..self.source.width * 3], &self.across, values);
            }
        }
        [&self.kept[low % 2].1, &self.kept[high % 2].1]
    }
}

fn stretch(row: &[u8], across: &[Tap], values: &mut Vec<i32>) {
    let pixels = row.as_chunks::<3>().0;
    values.clear();
    values.extend(across.iter().flat_map(|tap| {
        let (left, right, [near, far]) = (pixels[tap.low], pixels[tap.high], tap.weights);
        std::array::from_fn::<i32, 3, _>(|channel| i32::from(left[channel]) * near + i32::from(right[channel]) * far)
    }));
}

/// How a place outside of the source is weighted, which shows in the last bit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The outermost pixel alone.
    One,
    /// Two shares of the outermost pixel.
    Twice,
}

fn taps(source: usize, target: usize, edge: Edge) -> Vec<Tap> {
    let scale = source as f64 / target as f64;
    let last = source - 1;
    (0..target)
        .map(|pixel| {
            let place = ((pixel as f64 + 0.5) * scale - 0.5) as f32;
            let low = place.floor();
            let outside = low < 0.0 || low as usize >= last;
            let share = if outside && edge == Edge::One { 0.0 } else { place - low };
            let weight = |share: f32| (share * 2048.0).round_ties_even() as i32;
            let high = ((low + 1.0) as usize).min(last);
            Tap { low: (low as usize).min(last), high, weights: [weight(1.0 - share), weight(share)] }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_is_the_same_picture_and_half_of_it_is_the_mean_of_four() {
        let rgb: Vec<u8> = (0..48).map(|i| (i * 5) as u8).collect();
        let source = Pixels { rgb: &rgb, width: 4, height: 4 };
        assert_eq!(resize(source, 4, 4), rgb);
        let mean = |a: usize| {
            ((u32::from(rgb[a]) + u32::from(rgb[a + 3]) + u32::from(rgb[a + 12]) + u32::from(rgb[a + 15]) + 2) / 4)
                as u8
        };
        assert_eq!(resize(source, 2, 2)[..6], [0, 1, 2, 6, 7, 8].map(mean));
    }

    #[test]
    fn a_single_pixel_fills_any_size_and_one_colour_stays() {
        let source = Pixels { rgb: &[7, 8, 9], width: 1, height: 1 };
        assert_eq!(resize(source, 3, 2), [7, 8, 9].repeat(6));
        let white = vec![255; 33 * 20 * 3];
        assert!(resize(Pixels { rgb: &white, width: 33, height: 20 }, 17, 61).iter().all(|&level| level == 255));
    }
}
