//! Boxes from the output of YOLOX: Ge, Liu, Wang, Li and Sun, *YOLOX: Exceeding YOLO Series in 2021*, arXiv:2107.08430.

use crate::nms::Candidate;

/// Values of a cell before its class scores: centre, logarithm of the size, objectness.
pub(crate) const BEFORE_CLASSES: usize = 5;

/// Cells of all levels for an input of `width` × `height`.
pub(crate) fn n_cells(strides: &[usize], (width, height): (usize, usize)) -> usize {
    strides.iter().map(|stride| (width / stride) * (height / stride)).sum()
}

/// The cells whose best class scores at least `threshold`: objectness × class score.
///
/// `values` has a row of 5 + classes for each cell, level by level, row by row.
pub(crate) fn decode(
    values: &[f32],
    n_classes: usize,
    strides: &[usize],
    (width, height): (usize, usize),
    threshold: f64,
) -> Vec<Candidate> {
    let cells = strides.iter().flat_map(|&stride| {
        let across = width / stride;
        (0..across * (height / stride)).map(move |cell| (cell % across, cell / across, stride as f32))
    });
    let rows = values.chunks_exact(BEFORE_CLASSES + n_classes);
    let decode = |(row, (x, y, stride)): (&[f32], (usize, usize, f32))| {
        let (&[dx, dy, log_width, log_height, objectness], classes) = row.split_first_chunk()?;
        let (class, &best) =
            classes.iter().enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let score = objectness * best;
        if f64::from(score) < threshold {
            return None;
        }
        let (middle_x, middle_y) = ((dx + x as f32) * stride, (dy + y as f32) * stride);
        let (half_width, half_height) = (libm::expf(log_width) * stride / 2.0, libm::expf(log_height) * stride / 2.0);
        let edges = [middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height];
        Some(Candidate { class, score, edges })
    };
    rows.zip(cells).filter_map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_decoded_by_its_place_and_stride() {
        let strides = [8, 16];
        let size = (16, 16);
        assert_eq!(n_cells(&strides, size), 5);
        let mut values = vec![0.0; 5 * 7];
        // The second cell of the second row of the first level, and the only one of the second.
        values[3 * 7..4 * 7].copy_from_slice(&[0.5, 0.25, 0.0, 0.0, 0.8, 0.1, 0.5]);
        values[4 * 7..].copy_from_slice(&[0.5, 0.5, libm::logf(0.5), 0.0, 1.0, 0.9, 0.2]);
        let found = decode(&values, 2, &strides, size, 0.3);
        assert_eq!(found[0], Candidate { class: 1, score: 0.4, edges: [8.0, 6.0, 16.0, 14.0] });
        assert_eq!((found[1].class, found[1].score), (0, 0.9));
        assert!(found[1].edges.iter().zip([4.0, 0.0, 12.0, 16.0]).all(|(a, b)| (a - b).abs() < 1e-5));
        assert_eq!(found.len(), 2);
    }
}
