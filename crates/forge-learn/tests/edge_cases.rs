//! Awkward tables through every model: a result or a clear error, never a panic.

use forge_data::{Column, Table, Values};
use forge_learn::{
    CrossValidation, Encoder, EncoderConfig, FoldRows, LabelledRows, LocalOutlierFactor, ModelSpec, Quiet, Task,
    TruncatedSvd, cross_val_predict, cross_val_predict_numbers,
};

struct Case {
    name: &'static str,
    columns: Vec<Values>,
    labels: Vec<u32>,
}

fn category(n: usize, n_levels: usize) -> Values {
    let levels: Vec<String> = (0..n_levels).map(|level| format!("{level:05}")).collect();
    Values::Category { codes: (0..n).map(|i| (i * 7 % n_levels) as u32).collect(), levels }
}

fn wave(n: usize, step: usize) -> Values {
    Values::Number((0..n).map(|i| ((i * step) % 97) as f64).collect())
}

fn cases() -> Vec<Case> {
    let halves = |n: usize| (0..n).map(|i| (i % 2) as u32).collect::<Vec<_>>();
    let mut lonely = halves(60);
    lonely[7] = 2;
    vec![
        Case {
            name: "constant column",
            columns: vec![Values::Number(vec![3.0; 60]), wave(60, 13)],
            labels: halves(60),
        },
        Case { name: "constant column alone", columns: vec![Values::Number(vec![3.0; 60])], labels: halves(60) },
        Case {
            name: "all missing beside numbers",
            columns: vec![Values::Number(vec![f64::NAN; 60]), wave(60, 13)],
            labels: halves(60),
        },
        Case { name: "all missing", columns: vec![Values::Number(vec![f64::NAN; 60])], labels: halves(60) },
        Case { name: "10,000 categories", columns: vec![category(12_000, 10_000)], labels: halves(12_000) },
        Case { name: "a class with one member", columns: vec![wave(60, 13), category(60, 4)], labels: lonely },
        Case { name: "three rows", columns: vec![wave(3, 13)], labels: vec![0, 1, 0] },
        Case { name: "2,000 columns", columns: (0..2_000).map(|j| wave(40, j % 89 + 3)).collect(), labels: halves(40) },
        Case {
            name: "duplicates only",
            columns: vec![Values::Number(vec![1.5; 50]), category(50, 1)],
            labels: halves(50),
        },
        Case { name: "one class", columns: vec![wave(60, 13)], labels: vec![1; 60] },
    ]
}

#[test]
fn awkward_tables_give_a_result_or_a_clear_error() {
    for Case { name, columns, labels } in cases() {
        // As many rows as an unoptimised build cross-validates in seconds; the encoder below sees all.
        let n = labels.len().min(2_000);
        let (labels, n_rows) = (&labels[..n], labels.len() as u32);
        let positions: Vec<usize> = (0..columns.len()).collect();
        let columns = columns.into_iter().enumerate().map(|(i, values)| Column::new(format!("c{i}"), values)).collect();
        let table = Table::new(columns).unwrap();
        let rows: Vec<u32> = (0..n as u32).collect();
        let settings = CrossValidation::default();
        for model in Task::Classification.models() {
            let classifier = ModelSpec::named(model).classifier().unwrap();
            let data = LabelledRows { table: &table, columns: &positions, rows: &rows, labels, n_classes: 3 };
            match cross_val_predict(data, &settings, classifier.as_ref(), &Quiet) {
                Ok(result) => {
                    let sums = result.pred_probs.rows().into_iter().map(|row| row.sum());
                    sums.for_each(|sum| assert!((sum - 1.0).abs() < 1e-9, "{name}, {model}: {sum}"));
                }
                Err(error) => assert!(error.to_string().len() > 20, "{name}, {model}: {error}"),
            }
        }
        let targets: Vec<f64> = labels.iter().map(|&label| f64::from(label)).collect();
        for model in Task::Regression.models() {
            if model == "ridge" && positions.len() > 500 {
                // A triangle of 2,000 columns takes minutes in an unoptimised build.
                continue;
            }
            let regressor = ModelSpec::named(model).regressor().unwrap();
            let data = FoldRows { table: &table, columns: &positions, rows: &rows };
            match cross_val_predict_numbers(data, &targets, &settings, (regressor.as_ref(), &Quiet)) {
                Ok(result) => assert!(result.predictions.iter().all(|value| value.is_finite()), "{name}, {model}"),
                Err(error) => assert!(error.to_string().len() > 20, "{name}, {model}: {error}"),
            }
        }
        let all: Vec<u32> = (0..n_rows).collect();
        let Ok(encoder) = Encoder::fit(&table, &positions, &all, &EncoderConfig::default()) else { continue };
        let features = encoder.transform(&table, &rows).select(&rows[..n.min(500)]).unwrap();
        let factors = LocalOutlierFactor::default().fit(features.to_dense().view(), &Quiet).unwrap();
        assert!(factors.scores().iter().all(|score| score.is_finite()), "{name}");
        let svd = TruncatedSvd::default().fit(&features, &Quiet).unwrap();
        assert!(svd.transform(&features).iter().all(|value| value.is_finite()), "{name}");
    }
}
