//! Boxes from the outputs of PicoDet: Yu et al., *PP-PicoDet: A Better Real-Time Object Detector on Mobile Devices*,
//! arXiv:2111.00902. Distances are the means of distributions, as in Li et al., *Generalized Focal Loss*, arXiv:2006.04388.

use crate::nms::Candidate;

/// One level: its scores, its distances and where its cells are.
pub(crate) struct Level<'a> {
    /// A row of class scores for each cell.
    pub(crate) scores: &'a [f32],
    /// A row of 4 × bins log odds for each cell: left, top, right, bottom.
    pub(crate) distances: &'a [f32],
    /// Pixels of a cell.
    pub(crate) stride: usize,
    /// Cells in a row.
    pub(crate) across: usize,
}

/// Cells of a level across and down, for an input of `width` × `height`.
pub(crate) fn cells(stride: usize, (width, height): (usize, usize)) -> (usize, usize) {
    (width.div_ceil(stride), height.div_ceil(stride))
}

/// Adds the cells of a level whose best class scores at least `threshold`.
pub(crate) fn decode(level: &Level<'_>, n_classes: usize, bins: usize, threshold: f64, found: &mut Vec<Candidate>) {
    let stride = level.stride as f32;
    let rows = level.scores.chunks_exact(n_classes).zip(level.distances.chunks_exact(4 * bins));
    for (cell, (scores, distances)) in rows.enumerate() {
        let best = scores.iter().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
        let Some((class, &score)) = best.filter(|(_, score)| f64::from(**score) >= threshold) else { continue };
        let middle = |place: usize| place as f32 * stride + (stride - 1.0) / 2.0;
        let (x, y) = (middle(cell % level.across), middle(cell / level.across));
        let mut sides = distances.chunks_exact(bins).map(|log_odds| expectation(log_odds) * stride);
        let mut side = || sides.next().unwrap_or(f32::NAN);
        let (left, top, right, bottom) = (side(), side(), side(), side());
        found.push(Candidate { class, score, edges: [x - left, y - top, x + right, y + bottom] });
    }
}

/// The mean of the numbers 0, 1, 2 … weighted by the softmax of `log_odds`.
fn expectation(log_odds: &[f32]) -> f32 {
    let most = log_odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut total) = (0.0_f32, 0.0_f32);
    for (bin, &log_odds) in log_odds.iter().enumerate() {
        let weight = libm::expf(log_odds - most);
        sum += weight * bin as f32;
        total += weight;
    }
    sum / total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_lies_between_the_bins_by_their_weights() {
        assert_eq!(expectation(&[0.0, 0.0, 0.0]), 1.0);
        assert_eq!(expectation(&[-1000.0, 90.0, -1000.0]), 1.0);
        assert!((expectation(&[0.0, libm::logf(3.0)]) - 0.75).abs() < 1e-6);
    }

    #[test]
    fn a_cell_is_decoded_by_its_place_and_stride() {
        let scores = [0.1, 0.2, 0.7, 0.3];
        let sharp = |bin: usize| (0..4).map(move |other| if other == bin { 50.0_f32 } else { 0.0 });
        let distances: Vec<f32> = [0; 4].into_iter().chain([1, 0, 2, 3]).flat_map(sharp).collect();
        let level = Level { scores: &scores, distances: &distances, stride: 8, across: 1 };
        let mut found = Vec::new();
        decode(&level, 2, 4, 0.5, &mut found);
        // The second cell of a single column has its middle at (3.5, 11.5).
        assert_eq!(found, [Candidate { class: 0, score: 0.7, edges: [-4.5, 11.5, 19.5, 35.5] }]);
    }
}
