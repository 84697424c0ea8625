//! Pixels of images.

use forge_core::segmentation::SegmentationData;
use forge_core::segmentation::filter::find_label_issues;
use forge_core::segmentation::rank::{
    Cutoff, ImageScore, get_label_quality_scores, images_from_scores, pixels_from_scores,
};
use forge_core::segmentation::summary::{common_label_issues, filter_by_class};
use ndarray::{Array3, Array4, Axis, concatenate};
use proptest::prelude::*;

use crate::cases::{close, in_order, in_unit_interval, order};

#[derive(Clone, Debug)]
struct Images {
    labels: Array3<u32>,
    probs: Array4<f64>,
    order: Vec<usize>,
    /// New class numbers.
    renamed: Vec<usize>,
}

/// Images of 4 × 6 pixels in three classes.
fn images() -> impl Strategy<Value = Images> {
    (1_usize..5).prop_flat_map(|n| {
        let labels = prop::collection::vec(0_u32..3, n * 24).prop_map(move |mut labels| {
            (labels[0], labels[1]) = (0, 1);
            Array3::from_shape_vec((n, 4, 6), labels).unwrap()
        });
        let probs = prop::collection::vec(0.001_f64..1.0, n * 3 * 24).prop_map(move |weights| {
            let probs = Array4::from_shape_vec((n, 3, 4, 6), weights).unwrap();
            &probs / &probs.sum_axis(Axis(1)).insert_axis(Axis(1))
        });
        (labels, probs, order(n), order(3)).prop_map(|(labels, probs, order, renamed)| Images {
            labels,
            probs,
            order,
            renamed,
        })
    })
}

impl Images {
    fn original(&self) -> SegmentationData {
        SegmentationData::new(self.labels.clone(), self.probs.clone()).unwrap()
    }

    fn reordered(&self) -> SegmentationData {
        let (labels, probs) = (self.labels.select(Axis(0), &self.order), self.probs.select(Axis(0), &self.order));
        SegmentationData::new(labels, probs).unwrap()
    }

    fn renamed(&self) -> SegmentationData {
        let labels = self.labels.mapv(|class| self.renamed[class as usize] as u32);
        let mut probs = self.probs.clone();
        for (class, &name) in self.renamed.iter().enumerate() {
            probs.index_axis_mut(Axis(1), name).assign(&self.probs.index_axis(Axis(1), class));
        }
        SegmentationData::new(labels, probs).unwrap()
    }

    fn doubled(&self) -> SegmentationData {
        let labels = concatenate(Axis(0), &[self.labels.view(), self.labels.view()]).unwrap();
        let probs = concatenate(Axis(0), &[self.probs.view(), self.probs.view()]).unwrap();
        SegmentationData::new(labels, probs).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn flags_follow_images_classes_and_copies(case in images()) {
        let original = case.original();
        for downsample in [1, 2] {
            let mask = find_label_issues(&original, downsample).unwrap();
            let of_moved = find_label_issues(&case.reordered(), downsample).unwrap();
            prop_assert_eq!(mask.select(Axis(0), &case.order), of_moved);
            let of_doubled = find_label_issues(&case.doubled(), downsample).unwrap();
            prop_assert_eq!(concatenate(Axis(0), &[mask.view(), mask.view()]).unwrap(), of_doubled);
        }
        prop_assert_eq!(find_label_issues(&original, 1).unwrap(), find_label_issues(&case.renamed(), 1).unwrap());
    }

    #[test]
    fn scores_lie_between_zero_and_one_and_follow_images_and_classes(case in images()) {
        for score in [ImageScore::Softmin { temperature: 0.1 }, ImageScore::NumPixelIssues { downsample: 1 }] {
            let found = get_label_quality_scores(&case.original(), score).unwrap();
            let moved = get_label_quality_scores(&case.reordered(), score).unwrap();
            let renamed = get_label_quality_scores(&case.renamed(), score).unwrap();
            prop_assert!(in_unit_interval(&found.images) && found.pixels.iter().all(|p| (0.0..=1.0).contains(p)));
            prop_assert!(close(&in_order(&found.images, &case.order), &moved.images));
            prop_assert_eq!(found.pixels.select(Axis(0), &case.order), moved.pixels);
            prop_assert!(close(&found.images, &renamed.images));
            prop_assert_eq!(found.pixels, renamed.pixels);
        }
    }

    #[test]
    fn issues_by_threshold_depend_on_the_order_of_scores_only(case in images(), threshold in 0.0_f64..1.0) {
        let found = get_label_quality_scores(&case.original(), ImageScore::default()).unwrap();
        let cubed: Vec<f64> = found.images.iter().map(|score| score.powi(3)).collect();
        for cutoff in [Cutoff::OneMore, Cutoff::Below] {
            prop_assert_eq!(
                images_from_scores(&found.images, threshold, cutoff).unwrap(),
                images_from_scores(&cubed, threshold.powi(3), cutoff).unwrap()
            );
        }
        prop_assert_eq!(
            pixels_from_scores(&found.pixels, threshold).unwrap(),
            pixels_from_scores(&found.pixels.mapv(|score| score.powi(3)), threshold.powi(3)).unwrap()
        );
    }

    #[test]
    fn swaps_add_up_to_the_flagged_pixels(case in images()) {
        let data = case.original();
        let mask = find_label_issues(&data, 1).unwrap();
        let flagged = |mask: &Array3<bool>| mask.iter().filter(|&&flag| flag).count() as u64;
        let swaps = common_label_issues(&mask, &data, &[], usize::MAX).unwrap();
        prop_assert_eq!(swaps.iter().map(|swap| swap.num_pixel_issues).sum::<u64>(), flagged(&mask));
        prop_assert!(swaps.is_sorted_by(|a, b| a.num_pixel_issues >= b.num_pixel_issues));
        prop_assert_eq!(&filter_by_class(&[0, 1, 2], &mask, &data).unwrap(), &mask);
        for class in 0..3 {
            let of_class = swaps.iter().filter(|swap| swap.given_label == class || swap.predicted_label == class);
            let pixels = flagged(&filter_by_class(&[class], &mask, &data).unwrap());
            prop_assert_eq!(of_class.map(|swap| swap.num_pixel_issues).sum::<u64>(), pixels);
        }
    }
}
