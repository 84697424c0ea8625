//! Consensus and quality of labels from several annotators, cleanlab's `multiannotator`.
//!
//! [`get_label_quality_multiannotator`] is CROWDLAB (Goh, Tkachenko and Mueller, 2022, "CROWDLAB: Supervised learning to
//! infer consensus labels and quality scores for data with multiple annotators", arXiv:2210.06812): it weighs a model
//! and each annotator by how far they can be trusted and gives a consensus label per example, the quality of every label
//! and of every annotator. [`get_active_learning_scores`] is `ActiveLab` (Goh and Mueller, 2023,
//! arXiv:2301.11856): which examples are worth another label.
//! Both take an [`AnnotatorLabels`] table; both have a variant for an ensemble of models ([`EnsembleProbs`]).

mod active_learning;
mod annotators;
mod calibration;
mod crowdlab;
mod ensemble;
mod label_table;
mod long_format;
mod majority_vote;
mod quality;
mod shares;

pub use active_learning::{
    ActiveLearningScores, Pools, get_active_learning_scores, get_active_learning_scores_ensemble,
};
pub use annotators::AnnotatorStats;
pub use calibration::{find_best_temperature, soft_cross_entropy, temperature_scaled};
pub use crowdlab::Weights;
pub use ensemble::{EnsembleProbs, get_label_quality_multiannotator_ensemble};
pub use label_table::{AnnotatorLabels, LabelTable};
pub use long_format::{LongRow, WideTable, convert_long_to_wide_dataset, format_multiannotator_labels};
pub use majority_vote::get_majority_vote_label;
pub use quality::{
    Calibration, Consensus, ConsensusMethod, LabelQuality, Note, Part, QualityMethod, QualityOptions,
    get_label_quality_multiannotator,
};
pub use shares::LabelShares;
