//! Labels by several annotators.
