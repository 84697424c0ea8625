//! What an audit looks at: labels, predictions, features and a graph of neighbours, any subset of them.

use std::borrow::Cow;
use std::sync::Arc;

use forge_learn::NeighborGraph;
use ndarray::{Array2, ArrayView2};

use super::columns::{AuditColumn, AuditValues};
use crate::outlier::Features;
use crate::{CoreError, Labels, PredProbs};

/// What the labels of a data set are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelKind {
    /// One class per row.
    Classification,
    /// One number per row.
    Regression,
    /// Any number of classes per row.
    Multilabel,
}

impl LabelKind {
    /// The name users type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Regression => "regression",
            Self::Multilabel => "multilabel",
        }
    }
}

/// The labels of a data set, one per row.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// Class numbers, and the name of each class.
    Classes(Labels, Vec<String>),
    /// Numbers.
    Numbers(Vec<f64>),
    /// The classes of each row.
    Sets(Vec<Vec<u32>>),
}

impl Targets {
    /// Number of rows.
    #[expect(clippy::len_without_is_empty, reason = "labels of no rows are refused before they get here")]
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(labels, _) => labels.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Sets(sets) => sets.len(),
        }
    }
}

/// Features as they came: a check that measures distances needs all of them, the check for missing values does not.
#[derive(Clone, Debug)]
enum RawFeatures {
    Complete(Features),
    /// The values, and what is wrong with them.
    Broken(Array2<f64>, CoreError),
}

/// The inputs of an audit. What is absent only silences the checks that need it.
#[derive(Clone, Debug)]
pub struct AuditData {
    kind: LabelKind,
    targets: Option<Targets>,
    pred_probs: Option<Result<PredProbs, CoreError>>,
    predictions: Option<Vec<f64>>,
    features: Option<RawFeatures>,
    columns: Vec<AuditColumn>,
    class_names: Vec<String>,
    graph: Option<Arc<NeighborGraph>>,
}

impl AuditData {
    /// Data of which nothing is known yet but the kind of its labels.
    pub fn new(kind: LabelKind) -> Self {
        Self {
            kind,
            targets: None,
            pred_probs: None,
            predictions: None,
            features: None,
            columns: Vec::new(),
            class_names: Vec::new(),
            graph: None,
        }
    }

    /// Data with these labels.
    pub fn of(targets: Targets) -> Self {
        let kind = match targets {
            Targets::Classes(..) => LabelKind::Classification,
            Targets::Numbers(_) => LabelKind::Regression,
            Targets::Sets(_) => LabelKind::Multilabel,
        };
        Self { targets: Some(targets), ..Self::new(kind) }
    }

    /// With out-of-sample class probabilities, rows × classes. A check that needs them reports what is wrong with them.
    #[must_use]
    pub fn with_pred_probs(self, pred_probs: Array2<f64>) -> Self {
        Self { pred_probs: Some(PredProbs::new(pred_probs)), ..self }
    }

    /// With out-of-sample predicted numbers, one per row, for regression.
    #[must_use]
    pub fn with_predictions(self, predictions: Vec<f64>) -> Self {
        Self { predictions: Some(predictions), ..self }
    }

    /// With numeric features, rows × columns; NaN is a missing value.
    #[must_use]
    pub fn with_features(self, features: Array2<f64>) -> Self {
        let raw = match Features::check(&features) {
            Ok(()) => RawFeatures::Complete(Features::from_checked(features)),
            Err(error) => RawFeatures::Broken(features, error),
        };
        Self { features: Some(raw), ..self }
    }

    /// With the feature columns as they stand in the user's table, which reasons speak of and in which missing values
    /// are looked for; the features themselves may be encoded.
    #[must_use]
    pub fn with_columns(self, columns: Vec<AuditColumn>) -> Self {
        Self { columns, ..self }
    }

    /// With a name for each class of a row's set, for the reasons given to people.
    #[must_use]
    pub fn with_class_names(self, class_names: Vec<String>) -> Self {
        Self { class_names, ..self }
    }

    /// With the nearest neighbours of every row, measured elsewhere.
    #[must_use]
    pub fn with_graph(self, graph: NeighborGraph) -> Self {
        Self { graph: Some(Arc::new(graph)), ..self }
    }

    /// What the labels are.
    pub fn kind(&self) -> LabelKind {
        self.kind
    }

    /// The labels, where there are any.
    pub fn targets(&self) -> Option<&Targets> {
        self.targets.as_ref()
    }

    /// Number of rows, by whatever is given.
    pub fn n_rows(&self) -> usize {
        let probs = self.pred_probs.as_ref().and_then(|probs| probs.as_ref().ok());
        self.targets
            .as_ref()
            .map(Targets::len)
            .or_else(|| self.feature_values().map(|values| values.nrows()))
            .or_else(|| probs.map(PredProbs::n_rows))
            .or_else(|| self.predictions.as_ref().map(Vec::len))
            .or_else(|| self.graph.as_ref().map(|graph| graph.n_rows()))
            .unwrap_or(0)
    }

    /// Whether class probabilities are given, right or wrong.
    pub fn has_pred_probs(&self) -> bool {
        self.pred_probs.is_some()
    }

    /// Whether predicted numbers are given.
    pub fn has_predictions(&self) -> bool {
        self.predictions.is_some()
    }

    /// Whether features are given.
    pub fn has_features(&self) -> bool {
        self.features.is_some()
    }

    /// The graph that was given.
    pub fn graph(&self) -> Option<&Arc<NeighborGraph>> {
        self.graph.as_ref()
    }

    /// The class labels and their names.
    pub(super) fn classes(&self) -> Result<(&Labels, &[String]), CoreError> {
        match &self.targets {
            Some(Targets::Classes(labels, names)) => Ok((labels, names)),
            _ => Err(CoreError::Missing { argument: "labels", rule: "this check needs one class per row" }),
        }
    }

    /// The number that labels each row.
    pub(super) fn numbers(&self) -> Result<&[f64], CoreError> {
        match &self.targets {
            Some(Targets::Numbers(numbers)) => Ok(numbers),
            _ => Err(CoreError::Missing { argument: "labels", rule: "this check needs one number per row" }),
        }
    }

    /// The classes of each row.
    pub(super) fn sets(&self) -> Result<&[Vec<u32>], CoreError> {
        match &self.targets {
            Some(Targets::Sets(sets)) => Ok(sets),
            _ => Err(CoreError::Missing { argument: "labels", rule: "this check needs a list of classes per row" }),
        }
    }

    /// The class probabilities.
    pub(super) fn pred_probs(&self) -> Result<&PredProbs, CoreError> {
        match &self.pred_probs {
            Some(Ok(probs)) => Ok(probs),
            Some(Err(error)) => Err(error.clone()),
            None => {
                Err(CoreError::Missing { argument: "pred_probs", rule: "this check needs out-of-sample probabilities" })
            }
        }
    }

    /// The predicted numbers.
    pub(super) fn predictions(&self) -> Option<&[f64]> {
        self.predictions.as_deref()
    }

    /// Features without a gap.
    pub(super) fn features(&self) -> Result<&Features, CoreError> {
        match &self.features {
            Some(RawFeatures::Complete(features)) => Ok(features),
            Some(RawFeatures::Broken(_, error)) => Err(error.clone()),
            None => {
                Err(CoreError::Missing { argument: "features", rule: "this check measures distances between rows" })
            }
        }
    }

    /// The feature columns as the user knows them: those of the table, or else the features by number.
    pub(super) fn columns(&self) -> Cow<'_, [AuditColumn]> {
        if !self.columns.is_empty() {
            return Cow::Borrowed(&self.columns);
        }
        let column = |(i, values): (usize, ndarray::ArrayView1<'_, f64>)| AuditColumn {
            name: format!("feature {i}"),
            values: AuditValues::Numbers(values.to_vec()),
        };
        let features = self.feature_values();
        features
            .map_or_else(Vec::new, |features| features.columns().into_iter().enumerate().map(column).collect())
            .into()
    }

    /// The name of a class, or its number.
    pub(crate) fn name_of(&self, class: u32) -> String {
        let names = match &self.targets {
            Some(Targets::Classes(_, names)) => names,
            _ => &self.class_names,
        };
        names.get(class as usize).cloned().unwrap_or_else(|| class.to_string())
    }

    /// Features as they came, missing values included.
    pub(super) fn feature_values(&self) -> Option<ArrayView2<'_, f64>> {
        self.features.as_ref().map(|features| match features {
            RawFeatures::Complete(features) => features.view(),
            RawFeatures::Broken(values, _) => values.view(),
        })
    }
}
