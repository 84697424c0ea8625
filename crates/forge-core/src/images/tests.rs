//! Properties of the checks on any pictures.

use std::sync::Mutex;

use forge_learn::{Host, Quiet};
use proptest::prelude::*;

use super::*;

/// A host that runs units on two threads, the last first.
struct TwoThreads;

impl Host for TwoThreads {
    #[expect(clippy::disallowed_methods, reason = "a test host may have threads")]
    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        let left = Mutex::new((0..n).collect::<Vec<_>>());
        let next = || left.lock().unwrap().pop();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some(i) = next() {
                        unit(i);
                    }
                });
            }
        });
    }
}

fn every_hash() -> impl Iterator<Item = NearDuplicateSettings> {
    [
        (HashKind::Perceptual, 8),
        (HashKind::Perceptual, 3),
        (HashKind::Average, 8),
        (HashKind::Difference, 8),
        (HashKind::Wavelet, 8),
        (HashKind::Wavelet, 1),
        (HashKind::Color, 3),
        (HashKind::Pixels, 8),
    ]
    .into_iter()
    .map(|(kind, size)| NearDuplicateSettings { kind, size })
}

fn picture() -> impl Strategy<Value = Picture<'static>> {
    let levels = prop_oneof![Just(1_u8), Just(4), Just(255)];
    (1..90_u32, 1..40_u32, any::<bool>(), levels, any::<u32>()).prop_map(|(width, height, gray, levels, seed)| {
        let n = width * height * if gray { 1 } else { 3 };
        let level = |i: u32| {
            (seed.wrapping_add(i).wrapping_mul(2_654_435_761) >> 24) as u8 / (256 / u32::from(levels)).min(255) as u8
        };
        let pixels: Vec<u8> = (0..n).map(level).collect();
        if gray { Picture::gray(width, height, pixels) } else { Picture::rgb(width, height, pixels) }.unwrap()
    })
}

fn check(pictures: &[Picture], host: &dyn Host) -> ImageFindings {
    Imagelab::check(pictures, ImageCheck::defaults(), host).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_pictures_changes_nothing(mut pictures in proptest::collection::vec(picture(), 1..8)) {
        let found = check(&pictures, &Quiet);
        pictures.reverse();
        let reversed = check(&pictures, &Quiet);
        for (a, b) in found.results.iter().zip(&reversed.results) {
            prop_assert!(a.scores.iter().eq(b.scores.iter().rev()), "{:?}", a.issue);
            prop_assert!(a.is_issue.iter().eq(b.is_issue.iter().rev()));
            prop_assert!(a.scores.iter().all(|score| (0.0..=1.0).contains(score)), "{:?}", a);
        }
    }

    #[test]
    fn threads_change_nothing(pictures in proptest::collection::vec(picture(), 1..8)) {
        prop_assert_eq!(check(&pictures, &Quiet), check(&pictures, &TwoThreads));
    }

    #[test]
    fn any_picture_has_hashes_of_every_kind(picture in picture()) {
        for hash in every_hash() {
            prop_assert!(!picture_hash(&picture, hash).unwrap().to_string().is_empty());
        }
    }
}

#[test]
fn the_smallest_and_the_thinnest_pictures_are_measured() {
    for (width, height) in [(1, 1), (2, 1), (1, 3), (70_000, 1), (1, 70_000), (300, 2)] {
        let n = (width * height) as usize;
        for picture in [Picture::gray(width, height, vec![9; n]), Picture::rgb(width, height, vec![9; 3 * n])] {
            let picture = picture.unwrap();
            let found = check(std::slice::from_ref(&picture), &Quiet);
            assert!(found.results.iter().all(|found| found.scores[0].is_finite()), "{width} × {height}");
            every_hash().for_each(|hash| assert!(picture_hash(&picture, hash).is_ok()));
        }
    }
}

#[test]
fn no_pictures_are_refused_and_a_cancelled_host_stops() {
    struct Impatient;
    impl Host for Impatient {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let error = Imagelab::check(&[], ImageCheck::defaults(), &Quiet).unwrap_err();
    assert!(error.to_string().contains("`images`"), "{error}");
    let one = [Picture::gray(1, 1, vec![0]).unwrap()];
    assert_eq!(Imagelab::check(&one, ImageCheck::defaults(), &Impatient), Err(CoreError::Cancelled));
}

#[test]
fn identical_pictures_are_no_near_duplicates_of_each_other_but_similar_ones_are() {
    let ramp = |add: u8| {
        let pixels: Vec<u8> = (0..1_024_u32).map(|i| (i % 32 * 5 + (i / 32) * (i / 32) % 50) as u8 + add).collect();
        Picture::gray(32, 32, pixels).unwrap()
    };
    let found = check(&[ramp(0), ramp(0), ramp(9)], &Quiet);
    assert_eq!(found.exact_sets, Some(vec![vec![0, 1]]));
    assert_eq!(found.near_sets, Some(vec![vec![0, 1, 2]]));
    let found = check(&[ramp(0), ramp(0)], &Quiet);
    assert_eq!((found.exact_sets, found.near_sets), (Some(vec![vec![0, 1]]), Some(vec![])));
}

#[test]
fn pictures_of_other_size_are_odd_among_equals() {
    let of = |side: u32| Picture::gray(side, side, vec![0; (side * side) as usize]).unwrap();
    let found = check(&[of(8), of(8), of(8), of(8), of(9)], &Quiet);
    let sizes = found.result(ImageIssue::OddSize).unwrap();
    assert_eq!(sizes.is_issue, [false, false, false, false, true]);
    assert!((sizes.scores[4] - 7.0 / 8.0).abs() < 1e-12);
}
