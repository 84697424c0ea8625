//! Consensus and quality of labels from several annotators, cleanlab's `multiannotator`.
