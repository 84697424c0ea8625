//! The inspector against the whole, and in batches of any size.

use ndarray::{Array2, s};

use super::*;

fn data(n: usize) -> (Labels, PredProbs) {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1_u32 << 24)
    };
    let mut values = Array2::from_shape_fn((n, 3), |_| next() + 0.01);
    for mut row in values.outer_iter_mut() {
        let total = row.sum();
        row.mapv_inplace(|p| p / total);
    }
    let labels = (0..n).map(|_| (next() * 3.0) as u32).collect();
    (Labels::new(labels).unwrap(), PredProbs::new(values).unwrap())
}

fn batches(labels: &Labels, probs: &PredProbs, size: usize) -> Vec<(Labels, PredProbs)> {
    let starts = (0..labels.len()).step_by(size);
    let batch = |start| {
        let end = labels.len().min(start + size);
        let rows = probs.view().slice(s![start..end, ..]).to_owned();
        (Labels::new(labels.as_slice()[start..end].to_vec()).unwrap(), PredProbs::new(rows).unwrap())
    };
    starts.map(batch).collect()
}

fn inspected(batches: &[(Labels, PredProbs)], keep: Keep) -> Inspector {
    let mut inspector = Inspector::new(3, InspectorSettings { keep, ..InspectorSettings::default() }).unwrap();
    for (labels, probs) in batches {
        inspector.update_confident_thresholds(labels, probs).unwrap();
    }
    for (labels, probs) in batches {
        inspector.score_label_quality(labels, probs).unwrap();
    }
    inspector
}

#[test]
fn the_size_of_batches_and_what_is_kept_change_nothing() {
    let (labels, probs) = data(500);
    let mask = find_label_issues_batched(&labels, &probs, InspectorSettings::default()).unwrap();
    let expected: Vec<u64> = (0..500).filter(|&row| mask[row as usize]).collect();
    assert!(!expected.is_empty());
    for size in [1, 7, 100, 500, 900] {
        for keep in [Keep::Scores, Keep::Worst(400)] {
            let inspector = inspected(&batches(&labels, &probs, size), keep);
            assert_eq!(inspector.disagreeing_issues().unwrap(), expected, "{size} {keep:?}");
        }
    }
}

#[test]
fn parts_gone_over_apart_give_the_same_as_one_stream() {
    let (labels, probs) = data(300);
    let parts = batches(&labels, &probs, 100);
    for keep in [Keep::Scores, Keep::Worst(250)] {
        let mut merged = Inspector::new(3, InspectorSettings { keep, ..InspectorSettings::default() }).unwrap();
        for (labels, probs) in &parts {
            let mut part = Inspector::new(3, InspectorSettings::default()).unwrap();
            part.update_confident_thresholds(labels, probs).unwrap();
            merged.merge_thresholds(&part).unwrap();
        }
        let start = merged.clone();
        for (labels, probs) in &parts {
            let mut part = start.clone();
            part.score_label_quality(labels, probs).unwrap();
            merged.append_scores(&part).unwrap();
        }
        let whole = inspected(&parts, keep);
        assert_eq!(merged.label_issues().unwrap(), whole.label_issues().unwrap());
    }
}

#[test]
fn asking_too_early_or_for_what_was_not_kept_is_refused() {
    let (labels, probs) = data(50);
    let mut inspector = Inspector::new(3, InspectorSettings::default()).unwrap();
    assert!(matches!(inspector.confident_thresholds(), Err(CoreError::Missing { .. })));
    assert!(matches!(inspector.score_label_quality(&labels, &probs), Err(CoreError::Missing { .. })));
    assert!(matches!(inspector.num_issues(), Err(CoreError::Missing { .. })));
    let parts = batches(&labels, &probs, 50);
    assert!(matches!(inspected(&parts, Keep::Nothing).label_issues(), Err(CoreError::Setting { .. })));
    assert!(matches!(inspected(&parts, Keep::Worst(1)).label_issues(), Err(CoreError::Setting { .. })));
}

#[test]
fn a_batch_with_another_number_of_classes_is_refused() {
    let (labels, probs) = data(10);
    let mut inspector = Inspector::new(4, InspectorSettings::default()).unwrap();
    assert!(matches!(inspector.update_confident_thresholds(&labels, &probs), Err(CoreError::Shape { .. })));
    assert!(Inspector::new(0, InspectorSettings::default()).is_err());
}

/// Data in memory, given out block by block.
#[cfg(feature = "tasks")]
struct InMemory(Labels, PredProbs);

#[cfg(feature = "tasks")]
impl RowBlocks for InMemory {
    fn n_rows(&self) -> usize {
        self.0.len()
    }

    fn block(&self, rows: std::ops::Range<usize>) -> Result<(Labels, PredProbs), CoreError> {
        let labels = Labels::new(self.0.as_slice()[rows.clone()].to_vec())?;
        Ok((labels, PredProbs::new(self.1.view().slice(s![rows, ..]).to_owned())?))
    }
}

#[cfg(feature = "tasks")]
#[test]
fn blocks_of_any_size_give_what_the_whole_gives() {
    let (labels, probs) = data(500);
    let mask = find_label_issues_batched(&labels, &probs, InspectorSettings::default()).unwrap();
    let expected: Vec<u64> = (0..500).filter(|&row| mask[row as usize]).collect();
    let data = InMemory(labels, probs);
    for size in [1, 13, 499, 500, usize::MAX] {
        let inspector = inspect_blocks(&data, size, InspectorSettings::default(), &crate::Quiet).unwrap();
        assert_eq!(inspector.disagreeing_issues().unwrap(), expected, "{size}");
    }
    assert!(inspect_blocks(&data, 0, InspectorSettings::default(), &crate::Quiet).is_err());
}

#[cfg(feature = "tasks")]
#[test]
fn an_error_in_a_block_names_the_row_of_the_data() {
    let (labels, probs) = data(100);
    let mut labels = labels.as_slice().to_vec();
    labels[77] = 3;
    let error =
        inspect_blocks(&InMemory(Labels::new(labels).unwrap(), probs), 10, InspectorSettings::default(), &crate::Quiet)
            .unwrap_err();
    assert_eq!(error, CoreError::LabelOutOfRange { row: 77, label: 3, n_classes: 3 });
}

#[cfg(feature = "tasks")]
#[test]
fn parts_that_were_stored_merge_as_if_they_had_never_left() {
    let stored = |inspector: &Inspector| -> Inspector {
        serde_json::from_str(&serde_json::to_string(inspector).unwrap()).unwrap()
    };
    let (labels, probs) = data(300);
    let parts = batches(&labels, &probs, 100);
    for keep in [Keep::Scores, Keep::Worst(250), Keep::Nothing] {
        let settings = InspectorSettings { keep, ..InspectorSettings::default() };
        let mut merged = Inspector::new(3, settings).unwrap();
        for (labels, probs) in &parts {
            let mut part = Inspector::new(3, settings).unwrap();
            part.update_confident_thresholds(labels, probs).unwrap();
            let part = stored(&part);
            merged.merge_thresholds(&part).unwrap();
        }
        let start = stored(&merged);
        assert_eq!(start, merged);
        for (labels, probs) in &parts {
            let mut part = start.clone();
            part.score_label_quality(labels, probs).unwrap();
            assert_eq!(stored(&part), part);
            merged.append_scores(&stored(&part)).unwrap();
        }
        let whole = inspected(&parts, keep);
        assert_eq!(merged.num_issues().unwrap(), whole.num_issues().unwrap());
        assert_eq!(merged.label_issues().ok(), whole.label_issues().ok(), "{keep:?}");
    }
}

#[cfg(feature = "tasks")]
#[test]
fn a_stored_state_that_cannot_be_is_refused() {
    let (labels, probs) = data(20);
    let state = serde_json::to_value(inspected(&batches(&labels, &probs, 20), Keep::Scores)).unwrap();
    let refused = |place: &str, value: serde_json::Value, expected: &str| {
        let mut state = state.clone();
        *state.pointer_mut(place).unwrap() = value;
        let error = serde_json::from_value::<Inspector>(state).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    refused("/n_classes", 4.into(), "`n_classes` is 4");
    refused("/scores", serde_json::json!([0]), "1 `scores` are kept of 20 rows");
    refused("/tally/0/off_diagonal", 1000.into(), "`tally` counts more issues than rows");
    refused("/settings/estimation_method", "off_diagonal_custom".into(), "off_diagonal_custom");
}
