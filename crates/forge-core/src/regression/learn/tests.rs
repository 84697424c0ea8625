//! A line with noise and a few targets moved far off it.

use forge_learn::{LinearRegression, Matrix, Quiet};
use ndarray::Array2;

use super::*;

const MOVED: [usize; 4] = [3, 20, 41, 77];

fn line() -> RegressionData {
    let features = Array2::from_shape_fn((100, 2), |(row, column)| ((row * (17 + 8 * column)) % 29) as f64 / 10.0);
    let targets = features.outer_iter().enumerate().map(|(row, x)| {
        let noise = ((row * 53) % 37) as f64 / 200.0;
        2.0 * x[0] - x[1] + noise + if MOVED.contains(&row) { 9.0 } else { 0.0 }
    });
    RegressionData::new(Matrix::from_dense(&features).unwrap(), targets.collect()).unwrap()
}

fn find(learning: &CleanLearning) -> Result<TargetFindings, CoreError> {
    learning.find_label_issues(&LinearRegression::default(), &line(), &Quiet)
}

#[test]
fn moved_targets_get_the_lowest_scores_and_are_flagged() {
    let found = find(&CleanLearning::default()).unwrap();
    let lowest_sound = (0..100).filter(|row| !MOVED.contains(row)).map(|row| found.label_quality[row]);
    let lowest_sound = lowest_sound.fold(1.0, f64::min);
    for row in MOVED {
        assert!(found.is_label_issue[row] && found.label_quality[row] < lowest_sound);
    }
    let flagged = found.is_label_issue.iter().filter(|issue| **issue).count();
    assert_eq!(flagged, (100.0 * found.issue_share).ceil() as usize);
    assert_eq!(found, find(&CleanLearning::default()).unwrap());
}

#[test]
fn a_constant_uncertainty_changes_no_score() {
    let with = |uncertainty| find(&CleanLearning { uncertainty, ..CleanLearning::default() }).unwrap();
    let (small, large) = (with(Uncertainty::Constant(0.5)), with(Uncertainty::PerRow(vec![40.0; 100])));
    for (a, b) in small.label_quality.iter().zip(&large.label_quality) {
        assert!((a - b).abs() < 1e-12);
    }
}

#[test]
fn nothing_is_flagged_where_leaving_nothing_out_is_best() {
    let search = Search { coarse: vec![0.0], fine_size: 0 };
    let found = find(&CleanLearning { search, ..CleanLearning::default() }).unwrap();
    assert!(found.issue_share == 0.0 && found.is_label_issue.iter().all(|issue| !issue));
}

#[test]
fn a_fit_without_the_moved_targets_finds_the_line() {
    let clean = CleanLearning::default().fit(&LinearRegression::default(), &line(), FitOptions::default(), &Quiet);
    let model = clean.unwrap().model;
    let at = |x: f64| model.predict(&Matrix::from_dense(&Array2::from_elem((1, 2), x)).unwrap())[0];
    assert!((at(1.0) - at(0.0) - 1.0).abs() < 0.05);
    let given = FitOptions { label_issues: Some(vec![true; 100]), ..FitOptions::default() };
    let refused = CleanLearning::default().fit(&LinearRegression::default(), &line(), given, &Quiet).err().unwrap();
    assert_eq!(refused, CoreError::Empty { argument: "y" });
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let refused = |learning: CleanLearning| find(&learning).unwrap_err().to_string();
    let with_search = |coarse| CleanLearning { search: Search { coarse, fine_size: 3 }, ..CleanLearning::default() };
    assert!(refused(CleanLearning { cv_n_folds: 1, ..CleanLearning::default() }).contains("`cv_n_folds` is 1"));
    assert!(refused(CleanLearning { cv_n_folds: 101, ..CleanLearning::default() }).contains("`cv_n_folds` is 101"));
    assert!(refused(with_search(vec![])).contains("`coarse_search_range`"));
    assert!(refused(with_search(vec![0.1, 1.5])).contains("`coarse_search_range[1]` is 1.5"));
    assert!(refused(with_search(vec![1.0])).contains("`cv_n_folds` is 5"));
    let uncertainty = Uncertainty::PerRow(vec![1.0; 3]);
    assert!(refused(CleanLearning { uncertainty, ..CleanLearning::default() }).contains("`uncertainty` has 3 rows"));
    let uncertainty = Uncertainty::Constant(f64::NAN);
    assert!(refused(CleanLearning { uncertainty, ..CleanLearning::default() }).contains("`uncertainty` is NaN"));
}

#[test]
fn targets_that_are_not_finite_are_named() {
    let features = Matrix::from_dense(&Array2::zeros((2, 1))).unwrap();
    let error = RegressionData::new(features.clone(), vec![0.0, f64::NAN]).unwrap_err();
    assert!(error.to_string().contains("`y[1]` is NaN"));
    assert!(matches!(RegressionData::new(features, vec![0.0]), Err(CoreError::Length { argument: "X", .. })));
}
