//! Metrics of multi-label predictions: rows × labels of yes and no, rows beyond the shorter argument left out.

use ndarray::ArrayView2;

/// Hits, labelled and predicted of each label.
fn counts(labels: ArrayView2<'_, bool>, predicted: ArrayView2<'_, bool>) -> Vec<(usize, usize)> {
    let count = |(label, guess): (ndarray::ArrayView1<'_, bool>, ndarray::ArrayView1<'_, bool>)| {
        let pairs = || label.iter().zip(&guess);
        let hits = pairs().filter(|(label, guess)| **label && **guess).count();
        (hits, pairs().map(|(label, guess)| usize::from(*label) + usize::from(*guess)).sum())
    };
    labels.columns().into_iter().zip(predicted.columns()).map(count).collect()
}

fn f1((hits, sum): (usize, usize)) -> f64 {
    if sum == 0 { 0.0 } else { 2.0 * hits as f64 / sum as f64 }
}

/// F1 of all labels together, `f1_score(average="micro", zero_division=0)`.
pub fn f1_micro_labels(labels: ArrayView2<'_, bool>, predicted: ArrayView2<'_, bool>) -> f64 {
    f1(counts(labels, predicted).into_iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1)))
}

/// Mean F1 of the labels, `f1_score(average="macro", zero_division=0)`.
pub fn f1_macro_labels(labels: ArrayView2<'_, bool>, predicted: ArrayView2<'_, bool>) -> f64 {
    let counts = counts(labels, predicted);
    let n = counts.len().max(1) as f64;
    counts.into_iter().map(f1).sum::<f64>() / n
}

/// Share of rows with every label right, `accuracy_score`.
pub fn subset_accuracy(labels: ArrayView2<'_, bool>, predicted: ArrayView2<'_, bool>) -> f64 {
    let rows = labels.nrows().min(predicted.nrows()).max(1);
    labels.outer_iter().zip(predicted.outer_iter()).filter(|(label, guess)| label == guess).count() as f64 / rows as f64
}

/// Share of labels that are wrong, `hamming_loss`.
pub fn hamming_loss(labels: ArrayView2<'_, bool>, predicted: ArrayView2<'_, bool>) -> f64 {
    let pairs = || {
        labels.outer_iter().zip(predicted.outer_iter()).flat_map(|(a, b)| {
            let wrong: Vec<bool> = a.iter().zip(&b).map(|(label, guess)| label != guess).collect();
            wrong
        })
    };
    pairs().filter(|wrong| *wrong).count() as f64 / pairs().count().max(1) as f64
}
