//! Logistic regression on real tables beside scikit-learn's. `tests/reference/learn/logistic.py` writes the figures.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod tables;

use forge_learn::{LogisticRegression, Quiet};
use ndarray::{Array2, ArrayView2};
use serde_json::Value;
use tables::set;

/// Scales columns by the mean and deviation of every `step`-th row.
fn scaled(mut numbers: Array2<f64>, step: usize) -> Array2<f64> {
    for mut column in numbers.columns_mut() {
        let values: Vec<f64> = column.iter().copied().step_by(step).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64;
        column.mapv_inplace(|x| (x - mean) / variance.sqrt());
    }
    numbers
}

fn rectangle(value: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(value.clone()).unwrap();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

fn largest_difference(a: ArrayView2<'_, f64>, b: &Array2<f64>) -> f64 {
    assert_eq!(a.dim(), b.dim());
    a.iter().zip(b).fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

#[test]
fn coefficients_and_probabilities_on_real_tables_equal_scikit_learns() {
    let file: Value = serde_json::from_str(include_str!("data/logistic_tables.json")).unwrap();
    assert!(file["versions"]["scikit-learn"].is_string());
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let step = case["step"].as_u64().unwrap() as usize;
        let table = set(case["set"].as_str().unwrap(), |numbers| scaled(numbers, step));
        let n = table.target.len() as u32;
        assert_eq!(case["rows"], n);
        let train: Vec<u32> = (0..n).step_by(step).collect();
        let labels: Vec<u32> = train.iter().map(|&row| table.target[row as usize] as u32).collect();
        let (coefficients, probs) = (rectangle(&case["coefficients"]), rectangle(&case["pred_probs"]));
        let intercepts: Vec<f64> = serde_json::from_value(case["intercepts"].clone()).unwrap();
        let asked: Vec<u32> = train.iter().take(probs.nrows()).map(|row| row + 1).collect();
        // Our default tolerance, and one that shows where the search goes.
        for (tol, of_coefficients, of_probs) in [(None, 1e-4, 1e-5), (Some(1e-9), 1e-8, 1e-9)] {
            let default = LogisticRegression::default();
            let regression =
                LogisticRegression { c: case["c"].as_f64().unwrap(), tol: tol.unwrap_or(default.tol), ..default };
            let model =
                regression.fit(&table.features.select(&train).unwrap(), &labels, table.n_classes, &Quiet).unwrap();
            let found = largest_difference(model.coefficients(), &coefficients);
            let free = model.intercepts().iter().zip(&intercepts).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            let predicted = model.predict_proba(&table.features.select(&asked).unwrap());
            let apart = largest_difference(predicted.view(), &probs);
            let name = format!("{}, C = {}, tol = {}", case["set"], case["c"], regression.tol);
            println!("{name}: coefficients {found:.1e}, intercepts {free:.1e}, probabilities {apart:.1e}");
            assert!(model.converged(), "{name}");
            assert!(found < of_coefficients && free < of_coefficients, "{name}: {found:e}, {free:e}");
            assert!(apart < of_probs, "{name}: {apart:e}");
        }
    }
}
