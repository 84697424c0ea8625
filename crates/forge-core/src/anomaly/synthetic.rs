//! Synthetic rows: standard normal inliers and anomalies spread evenly over a wide box.

use std::borrow::Cow;

use forge_data::{Column, Table, Values};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::provider::{Provided, Provider, drawn};
use super::settings::check_share;
use crate::CoreError;

/// Anomalies lie between this and its negative in every feature.
const HALF_WIDTH: f64 = 6.0;

/// Rows drawn from N(0, I), of which some are drawn from the uniform distribution over (−6, 6) in each feature instead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Synthetic {
    /// Rows [1000; 50–1,000,000].
    pub n_samples: usize,
    /// Features [10; 1–1000].
    pub n_features: usize,
    /// Share of anomalies [0.05; 0.001–0.5].
    pub contamination: f64,
}

impl Default for Synthetic {
    fn default() -> Self {
        Self { n_samples: 1000, n_features: 10, contamination: 0.05 }
    }
}

impl Provider for Synthetic {
    fn name(&self) -> &'static str {
        "synthetic"
    }

    fn provide(&self, seed: u64) -> Result<Provided<'_>, CoreError> {
        if !(50..=1_000_000).contains(&self.n_samples) {
            return Err(CoreError::setting("n_samples", self.n_samples, "a number from 50 to 1,000,000"));
        }
        if !(1..=1000).contains(&self.n_features) {
            return Err(CoreError::setting("n_features", self.n_features, "a number from 1 to 1,000"));
        }
        check_share("contamination", self.contamination)?;
        let n = self.n_samples;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n_anomalies = ((n as f64 * self.contamination).round() as usize).max(1);
        let mut truth = vec![false; n];
        for row in drawn(&mut rng, n, n_anomalies) {
            truth[row] = true;
        }
        let columns = (0..self.n_features).map(|feature| {
            let draw = |&anomaly: &bool| {
                if anomaly { rng.random_range(-HALF_WIDTH..HALF_WIDTH) } else { normal(&mut rng) }
            };
            Column::new(format!("x{feature}"), Values::Number(truth.iter().map(draw).collect()))
        });
        Ok(Provided {
            table: Cow::Owned(Table::new(columns.collect())?),
            rows: (0..n as u32).collect(),
            columns: (0..self.n_features).collect(),
            truth: Some(truth),
            share: Some(self.contamination),
            warnings: Vec::new(),
        })
    }
}

/// A standard normal number (Box and Muller, 1958).
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (rng.random(), rng.random());
    (-2.0 * libm::log(1.0 - u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inliers_are_standard_normal_and_anomalies_fill_the_box() {
        let provider = Synthetic { n_samples: 20_000, n_features: 2, contamination: 0.1 };
        let provided = provider.provide(42).unwrap();
        let truth = provided.truth.unwrap();
        let Values::Number(values) = provided.table.columns()[0].values() else { panic!("no numbers") };
        let moments = |anomaly: bool| {
            let chosen: Vec<f64> = values.iter().zip(&truth).filter(|x| *x.1 == anomaly).map(|x| *x.0).collect();
            let n = chosen.len() as f64;
            let mean = chosen.iter().sum::<f64>() / n;
            (n, mean, (chosen.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt())
        };
        let (n, mean, deviation) = moments(false);
        assert!(n == 18_000.0 && mean.abs() < 0.03 && (deviation - 1.0).abs() < 0.02, "{mean} {deviation}");
        let (n, mean, deviation) = moments(true);
        assert!(n == 2_000.0 && mean.abs() < 0.3 && (deviation - 12.0_f64.sqrt()).abs() < 0.1, "{mean} {deviation}");
    }

    #[test]
    fn one_seed_gives_the_same_rows_and_another_gives_others() {
        let table = |seed| Synthetic::default().provide(seed).unwrap().table.into_owned();
        assert_eq!(table(1), table(1));
        assert_ne!(table(1), table(2));
    }

    #[test]
    fn a_setting_outside_its_range_is_refused_by_name() {
        let default = Synthetic::default();
        let wrong = [
            (Synthetic { n_samples: 10, ..default }, "`n_samples` is 10"),
            (Synthetic { n_features: 0, ..default }, "`n_features` is 0"),
            (Synthetic { contamination: 0.9, ..default }, "`contamination` is 0.9"),
        ];
        for (provider, expected) in wrong {
            let said = provider.provide(0).unwrap_err().to_string();
            assert!(said.starts_with(expected), "{said}");
        }
    }
}
