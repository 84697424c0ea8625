//! Boxes in images.

use forge_core::object_detection::filter::{find_label_issues, find_ranked_label_issues};
use forge_core::object_detection::matching::average_precision_per_class;
use forge_core::object_detection::rank::{
    AggregationWeights, OverlapCheck, compute_badloc_box_scores, compute_overlooked_box_scores,
    compute_swap_box_scores, get_label_quality_scores, issues_from_scores, pool_box_scores_per_image,
};
use forge_core::object_detection::summary::{
    ClassOrder, bounding_box_size_distribution, calculate_per_class_metrics, get_sorted_bbox_count_idxs,
    object_counts_per_image,
};
use forge_core::object_detection::{Annotations, Comparison, Detections, ImageAnnotations, Predictions};
use proptest::prelude::*;

use crate::cases::{close, in_order, in_unit_interval, order};

const CLASSES: usize = 3;

/// An image's annotated boxes, and its predicted boxes by class.
type Image = (Vec<([f64; 4], u32)>, Vec<Vec<[f64; 5]>>);

#[derive(Clone, Debug)]
struct DataSet {
    images: Vec<Image>,
    order: Vec<usize>,
    /// New class numbers.
    renamed: Vec<usize>,
}

fn corners() -> impl Strategy<Value = [f64; 4]> {
    (0.0_f64..50.0, 0.0_f64..50.0, 1.0_f64..30.0, 1.0_f64..30.0).prop_map(|(x, y, w, h)| [x, y, x + w, y + h])
}

/// Annotated boxes, each of which a prediction may repeat, and predictions of their own.
fn image() -> impl Strategy<Value = Image> {
    let given = prop::collection::vec((corners(), 0..CLASSES as u32, any::<bool>(), 0.01_f64..1.0), 0..4);
    let own = prop::collection::vec((corners(), 0..CLASSES, 0.01_f64..1.0), 0..4);
    (given, own).prop_map(|(given, own)| {
        let mut predicted = vec![Vec::new(); CLASSES];
        let found = given.iter().filter(|(.., found, _)| *found).map(|&(c, class, _, p)| (c, class as usize, p));
        for ([x1, y1, x2, y2], class, p) in found.chain(own) {
            predicted[class].push([x1, y1, x2 + 0.5, y2, p]);
        }
        (given.into_iter().map(|(corners, class, ..)| (corners, class)).collect(), predicted)
    })
}

fn images() -> impl Strategy<Value = DataSet> {
    prop::collection::vec(image(), 1..8).prop_flat_map(|images| {
        let n = images.len();
        (Just(images), order(n), order(CLASSES)).prop_map(|(images, order, renamed)| DataSet { images, order, renamed })
    })
}

fn detections(images: &[Image]) -> Detections {
    let annotations: Vec<ImageAnnotations> = images
        .iter()
        .map(|(given, _)| ImageAnnotations {
            bboxes: given.iter().map(|&(corners, _)| corners).collect(),
            labels: given.iter().map(|&(_, class)| class).collect(),
        })
        .collect();
    let predictions: Vec<Vec<Vec<[f64; 5]>>> = images.iter().map(|(_, predicted)| predicted.clone()).collect();
    Detections::new(Annotations::new(&annotations).unwrap(), Predictions::new(&predictions).unwrap()).unwrap()
}

impl DataSet {
    fn renamed(&self) -> Vec<Image> {
        let renamed = |(given, predicted): &Image| {
            let mut moved = predicted.clone();
            self.renamed.iter().enumerate().for_each(|(class, &name)| moved[name].clone_from(&predicted[class]));
            (given.iter().map(|&(corners, class)| (corners, self.renamed[class as usize] as u32)).collect(), moved)
        };
        self.images.iter().map(renamed).collect()
    }
}

fn scores(detections: &Detections) -> Vec<f64> {
    get_label_quality_scores(detections, &AggregationWeights::default(), OverlapCheck::Penalize).unwrap()
}

/// Overlooked, badly placed and swapped boxes.
fn box_scores(detections: &Detections) -> [Vec<Vec<f64>>; 3] {
    let comparison = Comparison::new(detections, 0.9).unwrap();
    [
        compute_overlooked_box_scores(&comparison, 0.95).unwrap(),
        compute_badloc_box_scores(&comparison, 0.5).unwrap(),
        compute_swap_box_scores(&comparison, 0.95, OverlapCheck::Penalize).unwrap(),
    ]
}

fn known(scores: &[Vec<f64>]) -> Vec<f64> {
    scores.iter().flatten().copied().filter(|score| !score.is_nan()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_lie_between_zero_and_one_and_follow_images_and_classes(case in images()) {
        let (original, renamed) = (detections(&case.images), detections(&case.renamed()));
        let moved = detections(&in_order(&case.images, &case.order));
        let doubled = detections(&[case.images.clone(), case.images.clone()].concat());
        let found = scores(&original);
        // Each pooled score is taken up by a hair before its logarithm.
        prop_assert!(found.iter().all(|score| (0.0..=1.0 + 1e-9).contains(score)), "{:?}", found);
        prop_assert!(close(&in_order(&found, &case.order), &scores(&moved)));
        prop_assert!(close(&found, &scores(&renamed)));
        prop_assert!(close(&[found.clone(), found.clone()].concat(), &scores(&doubled)));
        for (of_boxes, of_moved) in box_scores(&original).iter().zip(box_scores(&moved)) {
            prop_assert!(known(of_boxes).iter().all(|score| (-1e-12..=1.0 + 1e-12).contains(score)));
            for (image, scores) in in_order(of_boxes, &case.order).iter().zip(of_moved) {
                prop_assert!(close(image, &scores));
            }
            let pooled = pool_box_scores_per_image(of_boxes, 0.1).unwrap();
            prop_assert!(pooled.iter().all(|score| (-1e-12..=1.0 + 1e-12).contains(score)));
        }
    }

    #[test]
    fn flags_follow_images_and_classes(case in images()) {
        let (original, renamed) = (detections(&case.images), detections(&case.renamed()));
        let moved = detections(&in_order(&case.images, &case.order));
        for check in [OverlapCheck::Penalize, OverlapCheck::Ignore] {
            let mask = find_label_issues(&original, check).unwrap();
            prop_assert_eq!(&in_order(&mask, &case.order), &find_label_issues(&moved, check).unwrap());
            prop_assert_eq!(&mask, &find_label_issues(&renamed, check).unwrap());
            let mut ranked = find_ranked_label_issues(&original, check).unwrap();
            let of_ranked = in_order(&scores(&original), &ranked);
            prop_assert!(of_ranked.is_sorted());
            ranked.sort_unstable();
            let flagged: Vec<usize> = (0..mask.len()).filter(|&image| mask[image]).collect();
            prop_assert_eq!(ranked, flagged);
        }
        let found = scores(&original);
        let worst = issues_from_scores(&found, 0.5).unwrap();
        let monotone: Vec<f64> = found.iter().map(|score| score.powi(2)).collect();
        prop_assert_eq!(worst, issues_from_scores(&monotone, 0.25).unwrap());
    }

    #[test]
    fn numbers_of_a_data_set_follow_images_and_classes(case in images()) {
        let (original, renamed) = (detections(&case.images), detections(&case.renamed()));
        let moved = detections(&in_order(&case.images, &case.order));
        let counts = object_counts_per_image(&original);
        prop_assert_eq!(in_order(&counts.annotated, &case.order), object_counts_per_image(&moved).annotated);
        let sorted = get_sorted_bbox_count_idxs(&original);
        prop_assert!(sorted.predicted.is_sorted_by(|a, b| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)));
        let sizes = bounding_box_size_distribution(&original, ClassOrder::MostBoxes).annotated;
        prop_assert_eq!(sizes.iter().map(|(_, areas)| areas.len()).sum::<usize>(), counts.annotated.iter().sum::<usize>());

        let precision = average_precision_per_class(&original, 0.5).unwrap();
        let (metrics, of_moved) = (calculate_per_class_metrics(&original), calculate_per_class_metrics(&moved));
        let (of_renamed, renamed) = (average_precision_per_class(&renamed, 0.5).unwrap(), calculate_per_class_metrics(&renamed));
        let same = |a: f32, b: f32| (a - b).abs() < 1e-6 || (a.is_nan() && b.is_nan());
        for (class, &name) in case.renamed.iter().enumerate() {
            prop_assert!(same(precision[class], of_renamed[name]));
            prop_assert!(same(metrics[class].precision, of_moved[class].precision));
            prop_assert!(same(metrics[class].recall, renamed[name].recall));
            let shares = [metrics[class].precision, metrics[class].recall, metrics[class].f1];
            let shares: Vec<f64> = shares.into_iter().filter(|share| !share.is_nan()).map(f64::from).collect();
            prop_assert!(in_unit_interval(&shares));
        }
    }
}
