//! Metrics by name: what tables of variants hold, whatever the task.

use std::fmt;

use forge_learn::{ClassificationMetrics, RegressionMetrics};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Metrics by name, in the order they are shown; `None` where a metric is not defined, as the ROC AUC of one class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics(Vec<(String, Option<f64>)>);

impl Metrics {
    /// The metrics of these names.
    pub fn new<const N: usize>(metrics: [(&str, Option<f64>); N]) -> Self {
        Self(metrics.map(|(name, value)| (name.to_owned(), value)).to_vec())
    }

    /// The metric of that name, where it is defined.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(known, _)| known == name)?.1
    }

    /// All, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }

    /// The difference `self - other`, metric by metric.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let difference = |(name, value): (&str, Option<f64>)| {
            (name.to_owned(), value.zip(other.get(name)).map(|(this, other)| this - other))
        };
        Self(self.iter().map(difference).collect())
    }
}

/// Whether a smaller value of the metric is better.
pub fn lower_is_better(metric: &str) -> bool {
    matches!(metric, "log_loss" | "mae" | "rmse" | "hamming_loss")
}

impl From<ClassificationMetrics> for Metrics {
    fn from(metrics: ClassificationMetrics) -> Self {
        Self::new([
            ("accuracy", Some(metrics.accuracy)),
            ("f1_weighted", Some(metrics.f1_weighted)),
            ("precision_weighted", Some(metrics.precision_weighted)),
            ("roc_auc", metrics.roc_auc),
            ("log_loss", Some(metrics.log_loss)),
        ])
    }
}

impl From<RegressionMetrics> for Metrics {
    fn from(metrics: RegressionMetrics) -> Self {
        Self::new([("r2", Some(metrics.r2)), ("mae", Some(metrics.mae)), ("rmse", Some(metrics.rmse))])
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Metrics;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("metrics by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metrics, A::Error> {
                let mut metrics = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    metrics.push(entry);
                }
                Ok(Metrics(metrics))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_keep_their_order_and_what_is_undefined_through_json() {
        let metrics = Metrics::new([("z", Some(0.5)), ("a", None)]);
        let text = serde_json::to_string(&metrics).unwrap();
        assert_eq!(text, "{\"z\":0.5,\"a\":null}");
        assert_eq!(serde_json::from_str::<Metrics>(&text).unwrap(), metrics);
        let difference = Metrics::new([("z", Some(0.75)), ("a", Some(1.0))]).minus(&metrics);
        assert_eq!(difference, Metrics::new([("z", Some(0.25)), ("a", None)]));
    }
}
