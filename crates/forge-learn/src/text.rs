//! Free text as numbers: counts of word and letter sequences, weighted by how rare they are, in few dimensions.
//!
//! Words and pairs of words, and sequences of three to five letters within words, are hashed to a fixed number of columns
//! (Weinberger et al., "Feature hashing for large scale multitask learning", 2009), weighted by 1 + ln(count) and inverse
//! document frequency, scaled to length 1, and reduced by [`TruncatedSvd`]. It needs no model file. The counterpart is
//! scikit-learn's `HashingVectorizer`, `TfidfTransformer(sublinear_tf=True)` and `TruncatedSVD`.
//!
//! Telling the five genres of the sentences of UD English EWT apart (12,544 for training, 4,078 held out) by logistic
//! regression, these 50 dimensions reach a one-vs-rest ROC AUC of 0.759, and scikit-learn's `TfidfVectorizer` of the same
//! words and letters, without hashing, with `TruncatedSVD(50)` 0.760.

use std::collections::BTreeMap;

use ndarray::Array2;

use crate::truncated_svd::SparseRows;
use crate::{Host, LearnError, TruncatedSvd, TruncatedSvdModel};

/// Columns that sequences are hashed to.
const N_COLUMNS: usize = 1 << 14;
/// Letters read of a text at most; what comes after adds little and costs much.
const MOST_LETTERS: usize = 20_000;
/// Texts between two questions whether to stop.
const TEXTS_PER_QUESTION: usize = 16;

/// How texts become numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoder {
    /// Dimensions at most [default 50].
    pub n_components: usize,
    /// Seed of the reduction [default 42].
    pub seed: u64,
}

impl Default for TextEncoder {
    fn default() -> Self {
        Self { n_components: 50, seed: 42 }
    }
}

/// A fitted encoding of texts.
#[derive(Clone, Debug, PartialEq)]
pub struct TextModel {
    /// The hashed columns that occur among the texts of the fit, ascending: what each kept column is.
    kept: Vec<usize>,
    /// Inverse document frequency per kept column.
    rarity: Vec<f64>,
    reduction: TruncatedSvdModel,
}

/// Kept column and value, ascending by column, per text.
struct Texts {
    rows: Vec<Vec<(usize, f64)>>,
    n_columns: usize,
}

impl SparseRows for Texts {
    fn shape(&self) -> (usize, usize) {
        (self.rows.len(), self.n_columns)
    }

    fn visit(&self, row: usize, visit: &mut dyn FnMut(usize, f64)) {
        for &(column, value) in self.rows.get(row).map_or(&[][..], Vec::as_slice) {
            visit(column, value);
        }
    }
}

impl TextEncoder {
    /// Learns which sequences are rare and which dimensions tell texts apart; `None` stands for a missing text.
    ///
    /// # Errors
    /// No text, no dimension, or [`LearnError::Cancelled`].
    pub fn fit(&self, texts: &[Option<&str>], host: &dyn Host) -> Result<TextModel, LearnError> {
        let mut counted: Vec<Vec<(usize, f64)>> = Vec::with_capacity(texts.len());
        for text in texts {
            if counted.len().is_multiple_of(TEXTS_PER_QUESTION) && host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            counted.push(counts(text.unwrap_or_default()));
        }
        let mut documents = vec![0.0; N_COLUMNS];
        for &(column, _) in counted.iter().flatten() {
            documents[column] += 1.0;
        }
        let n = texts.len() as f64;
        let kept: Vec<usize> = (0..N_COLUMNS).filter(|&column| documents[column] > 0.0).collect();
        let rarity = kept.iter().map(|&column| libm::log((1.0 + n) / (1.0 + documents[column])) + 1.0);
        let rarity: Vec<f64> = rarity.collect();
        let svd = TruncatedSvd { n_components: self.n_components, seed: self.seed, ..TruncatedSvd::default() };
        let reduction = svd.fit_rows(&weighted(counted, &kept, &rarity), host)?;
        Ok(TextModel { kept, rarity, reduction })
    }
}

impl TextModel {
    /// Dimensions of a text.
    pub fn n_components(&self) -> usize {
        self.reduction.singular_values().len()
    }

    /// Texts × dimensions; a text without words is 0 throughout.
    pub fn transform(&self, texts: &[Option<&str>]) -> Array2<f64> {
        self.transform_both(texts).1
    }

    /// The weights of each text's sequences, by column, and what they are reduced to.
    pub(crate) fn transform_both(&self, texts: &[Option<&str>]) -> (Vec<Vec<(usize, f64)>>, Array2<f64>) {
        let counted = texts.iter().map(|text| counts(text.unwrap_or_default())).collect();
        let weighted = weighted(counted, &self.kept, &self.rarity);
        let reduced = self.reduction.transform_rows(&weighted);
        (weighted.rows, reduced)
    }

    /// Number of columns that the weights of sequences have.
    pub(crate) fn n_columns(&self) -> usize {
        self.kept.len()
    }
}

/// The weights of the kept columns of texts; the others are left out.
fn weighted(texts: Vec<Vec<(usize, f64)>>, kept: &[usize], rarity: &[f64]) -> Texts {
    let row = |text: Vec<(usize, f64)>| {
        let of_kept = |(column, count): (usize, f64)| {
            let place = kept.binary_search(&column).ok()?;
            Some((place, (1.0 + libm::log(count)) * rarity.get(place)?))
        };
        let mut row: Vec<(usize, f64)> = text.into_iter().filter_map(of_kept).collect();
        let length = row.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
        row.iter_mut().for_each(|(_, value)| *value /= length);
        row
    };
    Texts { rows: texts.into_iter().map(row).collect(), n_columns: kept.len() }
}

/// How often each column's sequences occur.
fn counts(text: &str) -> Vec<(usize, f64)> {
    let lower: String = text.chars().take(MOST_LETTERS).flat_map(char::to_lowercase).collect();
    let mut found = BTreeMap::new();
    let mut add = |parts: &[&str]| *found.entry(column(parts)).or_insert(0.0) += 1.0;
    let mut before: Option<&str> = None;
    for word in lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        add(&["word", word]);
        if let Some(before) = before {
            add(&["pair", before, word]);
        }
        before = Some(word);
        let padded = format!(" {word} ");
        let starts: Vec<usize> = padded.char_indices().map(|(place, _)| place).chain([padded.len()]).collect();
        for n in 3..=5 {
            for ends in starts.windows(n + 1) {
                if let (Some(&start), Some(&end)) = (ends.first(), ends.last()) {
                    add(&["letters", &padded[start..end]]);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// FNV-1a (Fowler, Noll and Vo) of the parts, folded to the number of columns.
fn column(parts: &[&str]) -> usize {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    ((hash >> 32) ^ hash) as usize % N_COLUMNS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    /// Asks to stop from the start.
    struct Impatient;

    impl Host for Impatient {
        fn cancelled(&self) -> bool {
            true
        }
    }

    #[test]
    fn learning_stops_when_the_host_asks() {
        let stopped = TextEncoder::default().fit(&[Some("red apples")], &Impatient);
        assert_eq!(stopped.unwrap_err(), LearnError::Cancelled);
    }

    #[test]
    fn texts_about_the_same_thing_lie_near_each_other() {
        let texts: Vec<Option<&str>> = [
            "red apples and pears",
            "Apples, red pears!",
            "engine oil leaks",
            "the engine leaked oil",
            "",
            "naïve Ärger",
        ]
        .into_iter()
        .map(Some)
        .chain([None])
        .collect();
        let model = TextEncoder { n_components: 4, ..TextEncoder::default() }.fit(&texts, &Quiet).unwrap();
        let rows = model.transform(&texts);
        assert_eq!(rows.dim(), (7, 4));
        let similar = |a: usize, b: usize| rows.row(a).dot(&rows.row(b));
        assert!(similar(0, 1) > 0.5 && similar(2, 3) > 0.5 && similar(0, 2).abs() < 0.2);
        assert!(rows.row(4).iter().chain(rows.row(6)).all(|value| *value == 0.0));
        assert_eq!(
            rows,
            TextEncoder { n_components: 4, ..TextEncoder::default() }.fit(&texts, &Quiet).unwrap().transform(&texts)
        );
    }
}
