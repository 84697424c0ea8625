//! One box for each object: of boxes of a class that overlap, the one with the highest score stays.

/// A box in pixels of a model's input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) class: usize,
    pub(crate) score: f32,
    /// Left, upper, right and lower edge.
    pub(crate) edges: [f32; 4],
}

/// Candidates that are compared at most, those with the highest scores.
const MAX_CANDIDATES: usize = 1000;
/// Boxes that are kept at most.
const MAX_BOXES: usize = 300;

/// The boxes that stay, highest score first; of equal scores the earlier candidate comes first. Greedy non-maximum
/// suppression within each class, at most 300 boxes of the best 1000 candidates.
pub(crate) fn suppress(mut candidates: Vec<Candidate>, most_overlap: f64) -> Vec<Candidate> {
    candidates.retain(|candidate| {
        let [x1, y1, x2, y2] = candidate.edges;
        candidate.score.is_finite() && candidate.edges.iter().all(|edge| edge.is_finite()) && x1 < x2 && y1 < y2
    });
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    candidates.truncate(MAX_CANDIDATES);
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let overlaps = |other: &Candidate| other.class == candidate.class && iou(other, &candidate) > most_overlap;
        if !kept.iter().any(overlaps) {
            kept.push(candidate);
            if kept.len() == MAX_BOXES {
                break;
            }
        }
    }
    kept
}

/// Intersection over union.
fn iou(a: &Candidate, b: &Candidate) -> f64 {
    let [ax1, ay1, ax2, ay2] = a.edges.map(f64::from);
    let [bx1, by1, bx2, by2] = b.edges.map(f64::from);
    let both = (ax2.min(bx2) - ax1.max(bx1)).max(0.0) * (ay2.min(by2) - ay1.max(by1)).max(0.0);
    both / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - both)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(class: usize, score: f32, edges: [f32; 4]) -> Candidate {
        Candidate { class, score, edges }
    }

    #[test]
    fn of_overlapping_boxes_of_a_class_the_best_stays() {
        let a = candidate(0, 0.6, [0.0, 0.0, 10.0, 10.0]);
        let better = candidate(0, 0.9, [1.0, 0.0, 11.0, 10.0]);
        let other_class = candidate(1, 0.5, [0.0, 0.0, 10.0, 10.0]);
        let apart = candidate(0, 0.3, [30.0, 0.0, 40.0, 10.0]);
        assert_eq!(suppress(vec![a, better, other_class, apart], 0.45), [better, other_class, apart]);
        // 9/11 of both overlap.
        assert_eq!(suppress(vec![a, better], 0.82), [better, a]);
    }

    #[test]
    fn boxes_that_cannot_be_are_dropped_and_counts_are_bounded() {
        let bad = [
            candidate(0, f32::NAN, [0.0, 0.0, 1.0, 1.0]),
            candidate(0, 0.5, [0.0, 0.0, f32::INFINITY, 1.0]),
            candidate(0, 0.5, [3.0, 0.0, 2.0, 1.0]),
        ];
        assert!(suppress(bad.to_vec(), 0.5).is_empty());
        let many = (0..5000).map(|i| candidate(0, 0.5, [i as f32, 0.0, i as f32 + 0.5, 1.0])).collect();
        assert_eq!(suppress(many, 0.5).len(), MAX_BOXES);
    }
}
