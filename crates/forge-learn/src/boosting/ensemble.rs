//! The trees in the form that predicts: rows become codes once, then every question compares two small numbers.

use super::grower::Grown;
use super::split::Test;
use super::train::Trained;
use crate::Matrix;
use crate::binning::{Candidate, MISSING, Scale, Source};
use crate::path_contributions::PathContributions;

/// Rows that walk down a tree together, so that its nodes stay in the cache.
const BLOCK: usize = 64;
const NO_CATEGORY: u32 = u32::MAX;

/// A node in 24 bytes. *Invariant*: `child` lies beyond the node itself, with its sibling next to it; 0 marks a leaf.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    value: f64,
    /// Place of the feature among those in use.
    feature: u32,
    child: u32,
    /// First word of the codes that go left, of a category.
    category: u32,
    /// Codes up to this go left, once `shift` is added.
    bound: u16,
    /// 1 where missing values go left: the code for missing wraps round to 0.
    shift: u16,
}

/// A feature that some tree asks about.
#[derive(Clone, Debug, PartialEq)]
enum Used {
    Dense(usize, Scale),
    OneHot(u32),
    Slot(usize, std::ops::Range<u32>),
}

/// All trees of a fitted model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ensemble {
    nodes: Vec<Node>,
    /// First node of each tree, iteration by iteration with one tree per score.
    roots: Vec<u32>,
    /// Codes that go left, 64 per word.
    words: Vec<u64>,
    used: Vec<Used>,
    /// Place in `used` of each one-hot feature, by feature less the number of dense columns.
    place_of: Vec<Option<u32>>,
    baseline: Vec<f64>,
    n_dense: usize,
    n_features: usize,
}

impl Ensemble {
    /// Takes over what training made of `features`.
    pub(super) fn new(trained: Trained, features: &Matrix) -> Self {
        let Trained { binned, baseline, trees, .. } = trained;
        let (n_dense, n_features) = (features.n_dense(), features.n_features());
        let mut out = Self {
            nodes: Vec::new(),
            roots: Vec::new(),
            words: Vec::new(),
            used: Vec::new(),
            place_of: vec![None; n_features - n_dense],
            baseline,
            n_dense,
            n_features,
        };
        let mut places: Vec<Option<u32>> = vec![None; binned.candidates.len()];
        for tree in trees {
            let first = out.nodes.len() as u32;
            out.roots.push(first);
            for Grown { value, split, .. } in tree {
                let mut node = Node { value, feature: 0, child: 0, category: NO_CATEGORY, bound: 0, shift: 0 };
                if let Some((split, child)) = split {
                    let Candidate { source, .. } = binned.candidates[split.candidate];
                    let place = places[split.candidate].get_or_insert_with(|| {
                        let place = out.used.len() as u32;
                        out.used.push(match source {
                            Source::Dense(column) => Used::Dense(column, binned.scales[column].clone()),
                            Source::OneHot(feature) => {
                                out.place_of[feature - n_dense] = Some(place);
                                Used::OneHot(feature as u32)
                            }
                            Source::Slot(slot) => Used::Slot(slot, binned.slot_levels[slot].clone()),
                        });
                        place
                    });
                    node.feature = *place;
                    node.child = first + child as u32;
                    node.shift = u16::from(split.missing_left);
                    match &split.test {
                        Test::UpTo(bin) => node.bound = *bin as u16 + node.shift,
                        Test::Lower => node.bound = node.shift,
                        Test::Among(codes) => {
                            node.category = out.words.len() as u32;
                            let n_words = codes.iter().max().map_or(1, |&code| code as usize / 64 + 1);
                            // The first word holds how many follow.
                            out.words.push(n_words as u64);
                            let start = out.words.len();
                            out.words.resize(start + n_words, 0);
                            codes.iter().for_each(|&code| out.words[start + code as usize / 64] |= 1 << (code % 64));
                        }
                    }
                }
                out.nodes.push(node);
            }
        }
        out
    }

    /// Number of scores per row.
    pub(super) fn n_scores(&self) -> usize {
        self.baseline.len()
    }

    /// Iterations that were trained.
    pub(super) fn n_iter(&self) -> usize {
        self.roots.len() / self.baseline.len()
    }

    /// The scores of all rows, rows × scores.
    pub(super) fn scores(&self, features: &Matrix) -> Vec<f64> {
        let n_scores = self.n_scores();
        let mut scores: Vec<f64> = self.baseline.iter().copied().cycle().take(features.n_rows() * n_scores).collect();
        let mut codes = vec![0_u16; BLOCK * self.used.len()];
        for (block, scores) in scores.chunks_mut(BLOCK * n_scores).enumerate() {
            let rows = block * BLOCK..(block * BLOCK + scores.len() / n_scores);
            self.encode(features, rows, &mut codes);
            for (tree, &root) in self.roots.iter().enumerate() {
                let score = tree % n_scores;
                for (row, scores) in scores.chunks_exact_mut(n_scores).enumerate() {
                    let codes = &codes[row * self.used.len()..(row + 1) * self.used.len()];
                    let mut node = &self.nodes[root as usize];
                    while node.child != 0 {
                        node = self.step(node, codes);
                    }
                    scores[score] += node.value;
                }
            }
        }
        scores
    }

    /// What moved each score of one row; `None` for a row `features` does not have.
    pub(super) fn explain(&self, features: &Matrix, row: usize) -> Option<Vec<PathContributions>> {
        if row >= features.n_rows() {
            return None;
        }
        let mut codes = vec![0_u16; self.used.len()];
        self.encode(features, row..row + 1, &mut codes);
        let mut moved: Vec<PathContributions> =
            self.baseline.iter().map(|&baseline| PathContributions::new(baseline, self.n_features)).collect();
        for (tree, &root) in self.roots.iter().enumerate() {
            let root = &self.nodes[root as usize];
            let mut node = root;
            let path = std::iter::from_fn(|| {
                (node.child != 0).then(|| {
                    let feature = Self::feature(&self.used[node.feature as usize], features, row);
                    node = self.step(node, &codes);
                    (feature, node.value)
                })
            });
            let n_scores = self.n_scores();
            moved[tree % n_scores].add_path(root.value, path);
        }
        Some(moved)
    }

    /// The feature that answers for a row: of a slot the one the row has, or its first where the row has none.
    fn feature(used: &Used, features: &Matrix, row: usize) -> usize {
        match used {
            Used::Dense(column, _) => *column,
            Used::OneHot(feature) => *feature as usize,
            Used::Slot(slot, levels) => {
                let own = features.slot_row(row).get(*slot).filter(|own| levels.contains(own));
                own.map_or(levels.start, |&own| own) as usize
            }
        }
    }

    #[inline]
    fn step(&self, node: &Node, codes: &[u16]) -> &Node {
        let code = codes[node.feature as usize];
        let right = if node.category == NO_CATEGORY {
            code.wrapping_add(node.shift) > node.bound
        } else {
            !self.is_left_level(node, code)
        };
        &self.nodes[node.child as usize + usize::from(right)]
    }

    #[cold]
    fn is_left_level(&self, node: &Node, code: u16) -> bool {
        let words = &self.words[node.category as usize..];
        match words {
            [n_words, words @ ..] if code != MISSING => {
                let place = usize::from(code) / 64;
                place < *n_words as usize && (words[place] >> (code % 64)) & 1 == 1
            }
            _ => node.shift == 1,
        }
    }

    /// Writes the codes of rows, rows × features in use.
    ///
    /// Features beyond those of the fit are left out, missing ones are read as 0.
    fn encode(&self, features: &Matrix, rows: std::ops::Range<usize>, codes: &mut [u16]) {
        for (row, codes) in rows.zip(codes.chunks_exact_mut(self.used.len().max(1))) {
            let (dense, slots) = (features.dense_row(row), features.slot_row(row));
            for (code, used) in codes.iter_mut().zip(&self.used) {
                *code = match used {
                    Used::Dense(column, scale) => scale.code(dense.get(*column).copied().unwrap_or(0.0)),
                    Used::OneHot(_) => 0,
                    Used::Slot(slot, levels) => match slots.get(*slot) {
                        Some(own) if levels.contains(own) => (own - levels.start) as u16,
                        _ => MISSING,
                    },
                };
            }
            for &feature in slots {
                let place = self.place_of.get((feature as usize).wrapping_sub(self.n_dense));
                if let Some(&Some(place)) = place {
                    codes[place as usize] = 1;
                }
            }
        }
    }
}
