//! The audit of a data set: every check that its labels, predictions and features allow. Mirrors `cleanlab.Datalab`.
//!
//! One file per check, named as cleanlab names it. The checks of one audit share one graph of nearest neighbours. A check
//! that fails takes nothing from the others: it is listed with its reason.
//!
//! ```
//! use forge_core::datalab::{AuditData, Datalab, Targets};
//! use forge_core::{Labels, Quiet};
//! use ndarray::Array2;
//!
//! # fn main() -> Result<(), forge_core::CoreError> {
//! let features = Array2::from_shape_fn((40, 2), |(row, column)| ((row * (37 + column * 12)) % 41) as f64);
//! let labels = Labels::new((0..40).map(|row| row % 2).collect())?;
//! let data = AuditData::of(Targets::Classes(labels, vec!["no".to_owned(), "yes".to_owned()])).with_features(features);
//! let mut audit = Datalab::new(data);
//! audit.find_issues(&audit.default_checks(), &Quiet)?;
//! assert!(audit.results().any(|(check, _)| check.name() == "outlier"));
//! # Ok(())
//! # }
//! ```

mod class_imbalance;
mod columns;
mod data;
mod data_valuation;
mod explain;
mod found;
mod graph;
mod identifier_column;
mod label;
mod near_duplicate;
mod non_iid;
mod null;
mod outlier;
mod reason;
mod saved;
mod spurious_correlations;
mod stats;
mod underperforming_group;

use forge_learn::{Host, Metric, Progress};

use crate::CoreError;
pub use class_imbalance::ClassImbalanceSettings;
pub use columns::{AuditColumn, AuditValues};
pub use data::{AuditData, LabelKind, Targets};
pub use data_valuation::DataValuationSettings;
pub use found::{Found, RowFacts, RowLists};
use graph::SharedGraph;
pub use identifier_column::{IdColumn, identifier_columns};
pub use label::{ClassLabelSettings, NumberLabelSettings, SetLabelSettings};
pub use near_duplicate::NearDuplicateSettings;
pub use non_iid::NonIidSettings;
pub use outlier::OutlierSettings;
pub use reason::Reasons;
pub use saved::{Changes, SavedAudit, SavedCheck};
pub use spurious_correlations::{
    Baseline, Correlation, EPSILON, SpuriousCorrelationSettings, relative_room_for_improvement, spurious_correlations,
};
pub use underperforming_group::{Dbscan, UnderperformingGroupSettings};

/// What an audit can look for in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueType {
    /// Rows of missing values only.
    Null,
    /// Labels that are likely wrong.
    Label,
    /// Rows unlike all others.
    Outlier,
    /// Rows that are almost or exactly the same.
    NearDuplicate,
    /// Rows whose order says something about them.
    NonIid,
    /// A class with far fewer rows than an even share.
    ClassImbalance,
    /// A cluster of similar rows on which predictions are poor.
    UnderperformingGroup,
    /// Rows that harm a nearest-neighbour classifier.
    DataValuation,
}

impl IssueType {
    /// All of them, in the order in which an audit looks.
    pub const ALL: [Self; 8] = [
        Self::Null,
        Self::Label,
        Self::Outlier,
        Self::NearDuplicate,
        Self::NonIid,
        Self::ClassImbalance,
        Self::UnderperformingGroup,
        Self::DataValuation,
    ];

    /// The name users type, cleanlab's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Label => "label",
            Self::Outlier => "outlier",
            Self::NearDuplicate => "near_duplicate",
            Self::NonIid => "non_iid",
            Self::ClassImbalance => "class_imbalance",
            Self::UnderperformingGroup => "underperforming_group",
            Self::DataValuation => "data_valuation",
        }
    }

    /// The check of a name.
    ///
    /// # Errors
    /// [`CoreError::Setting`] with the names there are for such labels.
    pub fn of_name(name: &str, kind: LabelKind) -> Result<Self, CoreError> {
        let possible = Self::possible(kind);
        possible.iter().copied().find(|check| check.name() == name).ok_or_else(|| {
            let names: Vec<&str> = possible.into_iter().map(Self::name).collect();
            CoreError::setting("issue_types", name, format!("for {}, one of {}", kind.name(), names.join(", ")))
        })
    }

    /// The checks there are for a kind of labels. cleanlab: `list_possible_issue_types`.
    pub fn possible(kind: LabelKind) -> Vec<Self> {
        let only_classes = [Self::ClassImbalance, Self::UnderperformingGroup];
        let of_kind = |check: &Self| kind == LabelKind::Classification || !only_classes.contains(check);
        Self::ALL.into_iter().filter(of_kind).collect()
    }
}

/// A check with its settings.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// [`IssueType::Null`].
    Null,
    /// [`IssueType::Label`] of classes.
    ClassLabel(ClassLabelSettings),
    /// [`IssueType::Label`] of numbers.
    NumberLabel(NumberLabelSettings),
    /// [`IssueType::Label`] of sets of classes.
    SetLabel(SetLabelSettings),
    /// [`IssueType::Outlier`].
    Outlier(OutlierSettings),
    /// [`IssueType::NearDuplicate`].
    NearDuplicate(NearDuplicateSettings),
    /// [`IssueType::NonIid`].
    NonIid(NonIidSettings),
    /// [`IssueType::ClassImbalance`].
    ClassImbalance(ClassImbalanceSettings),
    /// [`IssueType::UnderperformingGroup`].
    UnderperformingGroup(UnderperformingGroupSettings),
    /// [`IssueType::DataValuation`].
    DataValuation(DataValuationSettings),
}

impl Check {
    /// A check with its default settings.
    pub fn default_of(issue: IssueType, kind: LabelKind) -> Self {
        match (issue, kind) {
            (IssueType::Null, _) => Self::Null,
            (IssueType::Label, LabelKind::Classification) => Self::ClassLabel(ClassLabelSettings::default()),
            (IssueType::Label, LabelKind::Regression) => Self::NumberLabel(NumberLabelSettings::default()),
            (IssueType::Label, LabelKind::Multilabel) => Self::SetLabel(SetLabelSettings::default()),
            (IssueType::Outlier, _) => Self::Outlier(OutlierSettings::default()),
            (IssueType::NearDuplicate, _) => Self::NearDuplicate(NearDuplicateSettings::default()),
            (IssueType::NonIid, _) => Self::NonIid(NonIidSettings::default()),
            (IssueType::ClassImbalance, _) => Self::ClassImbalance(ClassImbalanceSettings::default()),
            (IssueType::UnderperformingGroup, _) => Self::UnderperformingGroup(UnderperformingGroupSettings::default()),
            (IssueType::DataValuation, _) => Self::DataValuation(DataValuationSettings::default()),
        }
    }

    /// What it looks for.
    pub fn issue(&self) -> IssueType {
        match self {
            Self::Null => IssueType::Null,
            Self::ClassLabel(_) | Self::NumberLabel(_) | Self::SetLabel(_) => IssueType::Label,
            Self::Outlier(_) => IssueType::Outlier,
            Self::NearDuplicate(_) => IssueType::NearDuplicate,
            Self::NonIid(_) => IssueType::NonIid,
            Self::ClassImbalance(_) => IssueType::ClassImbalance,
            Self::UnderperformingGroup(_) => IssueType::UnderperformingGroup,
            Self::DataValuation(_) => IssueType::DataValuation,
        }
    }
}

/// An audit: the data, and what has been found in them so far.
#[derive(Clone, Debug)]
pub struct Datalab {
    data: AuditData,
    shared: SharedGraph,
    results: Vec<(IssueType, Result<Found, CoreError>)>,
}

impl Datalab {
    /// An audit that has not looked yet.
    pub fn new(data: AuditData) -> Self {
        Self { data, shared: SharedGraph::default(), results: Vec::new() }
    }

    /// The data.
    pub fn data(&self) -> &AuditData {
        &self.data
    }

    /// The checks that the data allow, but for [`IssueType::DataValuation`], which has to be asked for.
    pub fn default_checks(&self) -> Vec<Check> {
        let default = |issue: &IssueType| *issue != IssueType::DataValuation && self.silenced(*issue).is_none();
        let possible = IssueType::possible(self.data.kind());
        possible.into_iter().filter(default).map(|issue| Check::default_of(issue, self.data.kind())).collect()
    }

    /// Why a check is left out of an audit of these data, where it is.
    pub fn silenced(&self, issue: IssueType) -> Option<&'static str> {
        let data = &self.data;
        let (labels, probs) = (data.targets().is_some(), data.has_pred_probs());
        let distances = data.has_features() || data.graph().is_some();
        let classes = data.kind() == LabelKind::Classification;
        let allowed = match issue {
            IssueType::Null => data.has_features(),
            IssueType::Label => match data.kind() {
                LabelKind::Classification => labels && (probs || data.has_features()),
                LabelKind::Multilabel => labels && probs,
                LabelKind::Regression => labels && (data.has_predictions() || data.has_features()),
            },
            IssueType::Outlier => distances || (classes && probs && labels),
            IssueType::NearDuplicate => distances,
            IssueType::NonIid => distances || (classes && probs),
            IssueType::ClassImbalance => labels && classes,
            IssueType::UnderperformingGroup => labels && classes && probs && distances,
            IssueType::DataValuation => labels && distances && data.kind() != LabelKind::Multilabel,
        };
        let reason = match issue {
            IssueType::Null | IssueType::NearDuplicate => "It needs features.",
            IssueType::Label => "It needs labels, and predictions or features.",
            IssueType::Outlier | IssueType::NonIid => "It needs features, or labels and predictions.",
            IssueType::ClassImbalance => "It needs class labels.",
            IssueType::UnderperformingGroup => "It needs class labels, predictions and features.",
            IssueType::DataValuation => "It needs single labels and features.",
        };
        (!allowed).then_some(reason)
    }

    /// Runs checks; a result replaces an earlier one of the same check. cleanlab: `Datalab.find_issues`.
    ///
    /// A check that fails is kept with its error and does not stop the others.
    ///
    /// # Errors
    /// [`CoreError::Cancelled`].
    pub fn find_issues(&mut self, checks: &[Check], host: &dyn Host) -> Result<(), CoreError> {
        for (done, check) in checks.iter().enumerate() {
            host.progress(Progress { stage: "Checking the data", done, total: checks.len() });
            if host.cancelled() {
                return Err(CoreError::Cancelled);
            }
            let found = self.run(check, host);
            if matches!(found, Err(CoreError::Cancelled)) {
                return Err(CoreError::Cancelled);
            }
            let issue = check.issue();
            self.results.retain(|(known, _)| *known != issue);
            self.results.push((issue, found));
        }
        host.progress(Progress { stage: "Checking the data", done: checks.len(), total: checks.len() });
        Ok(())
    }

    fn run(&mut self, check: &Check, host: &dyn Host) -> Result<Found, CoreError> {
        let (data, shared) = (&self.data, &mut self.shared);
        let found = match check {
            Check::Null => null::find(data),
            Check::ClassLabel(settings) => label::find_classes(data, settings, host),
            Check::NumberLabel(settings) => label::find_numbers(data, settings, host),
            Check::SetLabel(settings) => label::find_sets(data, settings),
            Check::Outlier(settings) => outlier::find(data, shared, *settings, host),
            Check::NearDuplicate(settings) => near_duplicate::find(data, shared, *settings, host),
            Check::NonIid(settings) => non_iid::find(data, shared, *settings, host),
            Check::ClassImbalance(settings) => class_imbalance::find(data, *settings),
            Check::UnderperformingGroup(settings) => underperforming_group::find(data, shared, settings, host),
            Check::DataValuation(settings) => data_valuation::find(data, shared, *settings, host),
        }?;
        if (0.0..=1.0).contains(&found.score) {
            Ok(found)
        } else {
            Err(CoreError::Unusable(format!("the score of the data set came out as {}, outside 0 to 1", found.score)))
        }
    }

    /// What was found, check by check.
    pub fn results(&self) -> impl Iterator<Item = (IssueType, &Found)> {
        self.results.iter().filter_map(|(issue, found)| found.as_ref().ok().map(|found| (*issue, found)))
    }

    /// The checks that failed, and why.
    pub fn failures(&self) -> impl Iterator<Item = (IssueType, &CoreError)> {
        self.results.iter().filter_map(|(issue, found)| found.as_ref().err().map(|error| (*issue, error)))
    }

    /// The result of one check.
    pub fn result(&self, issue: IssueType) -> Option<&Found> {
        self.results().find(|(known, _)| *known == issue).map(|(_, found)| found)
    }

    /// The mean score of the checks, in [0, 1]; none before any. cleanlab: `health_score`.
    pub fn health_score(&self) -> Option<f64> {
        let scores: Vec<f64> = self.results().map(|(_, found)| found.score).collect();
        (!scores.is_empty()).then(|| stats::mean(&scores))
    }

    /// The distance that neighbours were measured by, where it is known.
    pub fn metric(&self) -> Option<Metric> {
        self.shared.metric
    }
}
