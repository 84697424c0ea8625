//! Finding, pruning and learning on two clouds of points with some labels flipped.

use forge_learn::{LinearTerms, LogisticRegression, ModelSpec};
use ndarray::{Array2, arr2};

use super::*;

fn regression() -> LogisticRegression {
    LogisticRegression::default()
}

/// What a fit gave: its linear terms, issues, findings and class weights.
type Fitted<'a> = (Option<LinearTerms>, &'a [bool], Option<&'a LabelFindings>, Option<&'a [f64]>);

fn outcome(clean: &CleanModel) -> Fitted<'_> {
    (clean.linear_terms(), &clean.is_label_issue, clean.findings.as_ref(), clean.class_weights.as_deref())
}

/// Two clouds of 60 points and the labels of the first six of each flipped.
fn clouds() -> (Array2<f64>, Labels) {
    let features = Array2::from_shape_fn((120, 2), |(row, column)| {
        let centre = if row < 60 { -2.0 } else { 2.0 };
        centre + ((row * 37 + column * 11) % 23) as f64 / 23.0
    });
    let labels = (0..120).map(|row| u32::from((row >= 60) != (row % 60 < 6))).collect();
    (features, Labels::new(labels).unwrap())
}

fn probabilities() -> (Labels, PredProbs) {
    let labels = Labels::new((0..40).map(|row| row % 2).collect()).unwrap();
    let probs = Array2::from_shape_fn((40, 2), |(row, column)| {
        let right = if row < 4 { 0.1 } else { 0.8 };
        if row % 2 == column { right } else { 1.0 - right }
    });
    (labels, PredProbs::new(probs).unwrap())
}

#[test]
fn flipped_labels_are_found_from_features_and_left_out_of_the_fit() {
    let (features, labels) = clouds();
    let clean = CleanLearning::default().fit(&regression(), &features, &labels, FitOptions::default()).unwrap();
    let found: Vec<usize> = (0..120).filter(|&row| clean.is_label_issue[row]).collect();
    assert_eq!(found, (0..6).chain(60..66).collect::<Vec<_>>());
    let truth: Vec<u32> = (0..120).map(|row| u32::from(row >= 60)).collect();
    assert_eq!(clean.predict(&features).unwrap(), truth);
    assert!((clean.score(&features, &labels, None).unwrap() - 0.9).abs() < 1e-12);
    let weights = clean.class_weights.unwrap();
    assert!(weights[0] == 0.0 && (weights[10] - 60.0 / 54.0).abs() < 1e-12, "{weights:?}");
}

#[test]
fn given_issues_are_pruned_as_they_are_and_classes_not_weighted() {
    let (features, labels) = clouds();
    let fit = |issues| {
        let options = FitOptions { label_issues: Some(issues), ..FitOptions::default() };
        CleanLearning::default().fit(&regression(), &features, &labels, options)
    };
    let by_rows = fit(GivenIssues::Rows(vec![0, 5, 3])).unwrap();
    let by_mask = fit(GivenIssues::Mask((0..120).map(|row| [0, 3, 5].contains(&row)).collect())).unwrap();
    assert_eq!(outcome(&by_rows), outcome(&by_mask));
    assert!(by_rows.class_weights.is_none() && by_rows.findings.is_none());
    let refused = |issues| fit(issues).err().unwrap();
    assert!(refused(GivenIssues::Rows(vec![0, 0])).to_string().contains("`label_issues[1]` is 0"));
    assert!(refused(GivenIssues::Rows(vec![120])).to_string().contains("a row below 120"));
    assert!(matches!(refused(GivenIssues::Mask(vec![true])), CoreError::Length { argument: "label_issues", .. }));
}

#[test]
fn findings_handed_to_a_fit_give_the_same_model_as_finding_them_in_it() {
    let (features, labels) = clouds();
    let learning = CleanLearning::default();
    let classifier = regression();
    let evidence = Evidence::Features { features: &features, classifier: &classifier };
    let findings = learning.find_label_issues(&labels, evidence, &NoiseKnowledge::default()).unwrap();
    let options = FitOptions { label_issues: Some(GivenIssues::Findings(&findings)), ..FitOptions::default() };
    let in_two_steps = learning.fit(&classifier, &features, &labels, options).unwrap();
    let at_once = learning.fit(&classifier, &features, &labels, FitOptions::default()).unwrap();
    assert_eq!(outcome(&in_two_steps), outcome(&at_once));
}

#[test]
fn a_noise_matrix_that_says_nothing_or_does_not_fit_is_refused() {
    let (labels, probs) = probabilities();
    let refused = |matrix: Array2<f64>| {
        let knowledge = NoiseKnowledge { noise_matrix: Some(matrix), ..NoiseKnowledge::default() };
        let result = CleanLearning::default().find_label_issues(&labels, Evidence::PredProbs(&probs), &knowledge);
        result.unwrap_err().to_string()
    };
    assert!(refused(arr2(&[[0.5, 0.5], [0.5, 0.5]])).contains("`noise_matrix` is of trace 1"));
    assert!(refused(Array2::eye(3)).contains("`noise_matrix` has shape 3 × 3"));
    assert!(refused(arr2(&[[1.5, 0.5], [0.5, 0.5]])).contains("`noise_matrix[0, 0]` is 1.5"));
    assert!(refused(arr2(&[[f64::NAN, 0.5], [0.5, 0.5]])).contains("`noise_matrix[0, 0]` is NaN"));
}

#[test]
fn a_perfect_class_keeps_its_labels() {
    let (labels, probs) = probabilities();
    for (perfect_class, class) in [(PerfectClass::Zero, 0), (PerfectClass::One, 1)] {
        let learning = CleanLearning { perfect_class: Some(perfect_class), ..CleanLearning::default() };
        let found =
            learning.find_label_issues(&labels, Evidence::PredProbs(&probs), &NoiseKnowledge::default()).unwrap();
        let of_class = labels.as_slice().iter().zip(&found.is_label_issue).filter(|(label, _)| **label == class);
        assert!(of_class.into_iter().all(|(_, issue)| !issue));
    }
}

#[test]
fn settings_without_effect_are_named() {
    let (labels, probs) = probabilities();
    let learning =
        CleanLearning { memory: Memory::Low, perfect_class: Some(PerfectClass::One), ..CleanLearning::default() };
    let knowledge = NoiseKnowledge { thresholds: Some(vec![0.5; 2]), ..NoiseKnowledge::default() };
    let found = learning.find_label_issues(&labels, Evidence::PredProbs(&probs), &knowledge).unwrap();
    assert_eq!(found.warnings.len(), 2);
    assert!(found.noise.is_none() && found.is_label_issue[..4].iter().all(|issue| *issue));
}

#[test]
fn too_few_rows_per_class_are_refused() {
    let labels = Labels::new(vec![0, 1, 0, 1]).unwrap();
    let features = Array2::zeros((4, 1));
    let evidence = Evidence::Features { features: &features, classifier: &regression() };
    let result = CleanLearning::default().find_label_issues(&labels, evidence, &NoiseKnowledge::default());
    assert!(result.unwrap_err().to_string().contains("`cv_n_folds` is 5"));
}

#[test]
fn a_classifier_without_weights_finds_the_flipped_labels_too() {
    let (features, labels) = clouds();
    let classifier = ModelSpec::named("knn").classifier().unwrap();
    let clean = CleanLearning::default().fit(&*classifier, &features, &labels, FitOptions::default()).unwrap();
    let found: Vec<usize> = (0..120).filter(|&row| clean.is_label_issue[row]).collect();
    assert_eq!(found, (0..6).chain(60..66).collect::<Vec<_>>());
    assert!((clean.score(&features, &labels, None).unwrap() - 0.9).abs() < 1e-12);
    assert!(clean.linear_terms().is_none() && clean.class_weights.is_none());
    assert!(clean.predict(&Array2::zeros((1, 3))).unwrap_err().to_string().contains("2 columns, as in the fit"));
}
