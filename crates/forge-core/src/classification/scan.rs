//! What the algorithms ask of a row of probabilities, answered in one pass over it: its largest values, the classes it
//! is confidently in, and whether its prediction is the given label.
//!
//! Values are compared in lanes, which the compiler turns into vector instructions. None of it depends on the number of
//! lanes: the largest of some numbers is the same in any order.

use super::argmax;
use crate::inputs::TOLERANCE;
use crate::vector_math::in_wide_vectors;
use crate::{Labels, PredProbs};

/// Numbers compared side by side: the width of a vector register that every processor and WebAssembly has.
const LANES: usize = 2;

/// Bits of the mark of a class below which its number stands: the mark is 1 and the number in units of 2⁻³².
const CLASS_SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - 32;

type Lanes = [f64; LANES];

#[inline]
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

#[inline]
fn smaller(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

#[inline]
fn lanes(of: impl Fn(usize) -> f64) -> Lanes {
    std::array::from_fn(of)
}

/// The largest value of a row without NaN; −∞ for an empty one.
#[inline]
pub(super) fn largest(row: &[f64]) -> f64 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let best = chunks.iter().fold([f64::NEG_INFINITY; LANES], |best, p| lanes(|i| larger(best[i], p[i])));
    rest.iter().chain(&best[1..]).fold(best[0], |best, &p| larger(best, p))
}

/// The largest and the second largest value of a row without NaN, equal where two share the first place; −∞ where there
/// is none.
#[inline]
pub(super) fn two_largest(row: &[f64]) -> (f64, f64) {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut first = [f64::NEG_INFINITY; LANES];
    let mut second = first;
    for p in chunks {
        second = lanes(|i| larger(second[i], smaller(first[i], p[i])));
        first = lanes(|i| larger(first[i], p[i]));
    }
    let insert = |(first, second): (f64, f64), p: f64| (larger(first, p), larger(second, smaller(first, p)));
    let top = rest.iter().chain(&first).copied().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), insert);
    (top.0, second.iter().fold(top.1, |best, &p| larger(best, p)))
}

/// The largest probability but that of `label`, in a row without NaN; −∞ where there is no other.
#[inline]
pub(super) fn largest_other(row: &[f64], label: usize) -> f64 {
    let (first, second) = two_largest(row);
    if row[label] < first { first } else { second }
}

/// Whether the prediction is `label`, which wins near-ties (1e-6); `largest` is that of the row, which has no NaN.
#[inline]
pub(super) fn agrees(row: &[f64], label: usize, largest: f64) -> bool {
    let ahead = row[label] + TOLERANCE;
    // Equal they are next to never: the other comparison is one that no branch hangs on.
    if largest == ahead { row[..label].iter().all(|&p| p < ahead) } else { largest < ahead }
}

/// [`agrees`] for a row that may have NaN, which NumPy's `argmax` takes for the largest.
pub(super) fn agrees_with_nan(row: &[f64], label: usize) -> bool {
    let own = row[label] + TOLERANCE;
    if own.is_nan() {
        return !row[..label].iter().any(|p| p.is_nan());
    }
    row[..label].iter().all(|&p| p < own) && row[label + 1..].iter().all(|&p| p <= own)
}

/// Rows whose predicted class is the given one, where the given one wins near-ties (1e-6).
pub(crate) fn prediction_agrees(labels: &Labels, pred_probs: &PredProbs) -> Vec<bool> {
    let rows = pred_probs.rows().zip(labels.as_slice().iter().map(|&label| label as usize));
    if pred_probs.has_nan() {
        return rows.map(|(row, label)| agrees_with_nan(row, label)).collect();
    }
    rows.map(|(row, label)| agrees(row, label, largest(row))).collect()
}

/// The mark of a class: adding marks up counts the classes, and of a single one tells the number.
fn mark(class: u64) -> f64 {
    f64::from_bits(1.0_f64.to_bits() | class << CLASS_SHIFT)
}

/// The class of a mark.
#[inline]
fn class_of(mark: f64) -> usize {
    ((mark.to_bits() ^ 1.0_f64.to_bits()) >> CLASS_SHIFT) as usize
}

/// `value` where `keep`, otherwise 0, without a branch.
#[inline]
fn kept(value: f64, keep: bool) -> f64 {
    f64::from_bits(value.to_bits() & if keep { u64::MAX } else { 0 })
}

/// Thresholds that probabilities are held against.
pub(super) struct Reach {
    thresholds: Vec<f64>,
    /// 1 and the number of the class in small units.
    marks: Vec<f64>,
    has_nan: bool,
}

/// What [`Reach::read`] finds in a row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    /// The largest probability; NaN is passed over.
    pub(super) largest: f64,
    /// The marks of the classes whose threshold is reached, added up: below 1 none, below 2 one.
    mark: f64,
}

in_wide_vectors! {
    /// [`Reach::read`] of long rows.
    fn read_long(readings: &mut [Reading], rows: &[f64], thresholds: &[f64], marks: &[f64]) {
        for (reading, row) in readings.iter_mut().zip(rows.chunks_exact(thresholds.len())) {
            *reading = read_row::<8>(row, thresholds, marks);
        }
    }
}

#[inline]
fn read_short<const K: usize>(readings: &mut [Reading], rows: &[f64], thresholds: &[f64], marks: &[f64]) {
    if let (Some(thresholds), Some(marks)) = (thresholds.first_chunk::<K>(), marks.first_chunk::<K>()) {
        let (thresholds, marks) = (*thresholds, *marks);
        for (reading, row) in readings.iter_mut().zip(rows.as_chunks::<K>().0) {
            *reading = read_row::<LANES>(row, &thresholds, &marks);
        }
    }
}

#[expect(clippy::inline_always, reason = "it is compiled for the vectors of the function around it")]
#[inline(always)]
fn read_row<const LANES: usize>(row: &[f64], thresholds: &[f64], marks: &[f64]) -> Reading {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let (thresholds, last_thresholds) = thresholds.as_chunks::<LANES>();
    let (marks, last_marks) = marks.as_chunks::<LANES>();
    let mut best = [f64::NEG_INFINITY; LANES];
    let mut sums = [0.0; LANES];
    for ((p, threshold), mark) in chunks.iter().zip(thresholds).zip(marks) {
        best = std::array::from_fn(|i| larger(best[i], p[i]));
        sums = std::array::from_fn(|i| sums[i] + kept(mark[i], p[i] >= threshold[i]));
    }
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            best[i] = larger(best[i], best[i + half]);
            sums[i] += sums[i + half];
        }
        half /= 2;
    }
    let mut reading = Reading { largest: best[0], mark: sums[0] };
    for ((&p, threshold), mark) in rest.iter().zip(last_thresholds).zip(last_marks) {
        reading.largest = larger(reading.largest, p);
        reading.mark += kept(*mark, p >= *threshold);
    }
    reading
}

impl Reach {
    /// Holds rows of `pred_probs` against these thresholds, less the tolerance of floating-point comparison.
    pub(super) fn new(thresholds: &[f64], pred_probs: &PredProbs) -> Self {
        Self {
            thresholds: thresholds.iter().map(|threshold| threshold - TOLERANCE).collect(),
            marks: (0..thresholds.len() as u64).map(mark).collect(),
            has_nan: pred_probs.has_nan(),
        }
    }

    /// Reads as many `rows` as there are `readings`.
    pub(super) fn read(&self, rows: &[f64], readings: &mut [Reading]) {
        let (thresholds, marks) = (&self.thresholds, &self.marks);
        // Short rows are read by loops of a fixed length, which stay in registers; vectors wider than everywhere would only
        // be put together from several rows.
        match thresholds.len() {
            2 => read_short::<2>(readings, rows, thresholds, marks),
            3 => read_short::<3>(readings, rows, thresholds, marks),
            4 => read_short::<4>(readings, rows, thresholds, marks),
            5 => read_short::<5>(readings, rows, thresholds, marks),
            6 => read_short::<6>(readings, rows, thresholds, marks),
            7 => read_short::<7>(readings, rows, thresholds, marks),
            8 => read_short::<8>(readings, rows, thresholds, marks),
            9 => read_short::<9>(readings, rows, thresholds, marks),
            10 => read_short::<10>(readings, rows, thresholds, marks),
            _ => read_long(readings, rows, thresholds, marks),
        }
    }

    /// [`agrees`] for a row that was read.
    #[inline]
    pub(super) fn agrees(&self, row: &[f64], label: usize, reading: Reading) -> bool {
        if self.has_nan { agrees_with_nan(row, label) } else { agrees(row, label, reading.largest) }
    }

    /// The class the row is confidently in: the one whose threshold is reached, or the class of the largest probability
    /// of all where several are; the number of classes where none is.
    #[expect(clippy::inline_always, reason = "a call for each row takes a fifth of the whole pass")]
    #[inline(always)]
    pub(super) fn class(&self, row: &[f64], reading: Reading) -> usize {
        if reading.mark >= 2.0 {
            return if self.has_nan { argmax(row) } else { self.first_of(row, reading.largest) };
        }
        // Without a branch, which would often be mistaken.
        let one = usize::from(reading.mark < 1.0).wrapping_sub(1);
        (class_of(reading.mark) & one) | (row.len() & !one)
    }

    /// The first class with the largest probability, [`argmax`].
    #[inline]
    pub(super) fn predicted(&self, row: &[f64]) -> usize {
        if self.has_nan { argmax(row) } else { self.first_of(row, largest(row)) }
    }

    /// Whether the probability of `class` reaches its threshold.
    #[inline]
    pub(super) fn reaches(&self, row: &[f64], class: usize) -> bool {
        row[class] >= self.thresholds[class]
    }

    /// The first class whose probability is `value`, which one has.
    #[inline]
    fn first_of(&self, row: &[f64], value: f64) -> usize {
        let (chunks, rest) = row.as_chunks::<LANES>();
        let (marks, last_marks) = self.marks.as_chunks::<LANES>();
        let add = |sums: Lanes, (p, mark): (&Lanes, &Lanes)| lanes(|i| sums[i] + kept(mark[i], p[i] == value));
        let sums = chunks.iter().zip(marks).fold([0.0; LANES], add);
        let rest = rest.iter().zip(last_marks).map(|(&p, &mark)| kept(mark, p == value));
        let sum = rest.chain(sums).fold(0.0, |sum, mark| sum + mark);
        if sum < 2.0 { class_of(sum) } else { argmax(row) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_find_what_a_plain_search_finds() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 29) / 8.0
        };
        for k in 1..12 {
            for _ in 0..200 {
                let row: Vec<f64> = (0..k).map(|_| next()).collect();
                let thresholds: Vec<f64> = (0..k).map(|_| next()).collect();
                let mut sorted = row.clone();
                sorted.sort_by(|a, b| b.total_cmp(a));
                let second = sorted.get(1).copied().unwrap_or(f64::NEG_INFINITY);
                assert_eq!(two_largest(&row), (sorted[0], second));
                assert_eq!(largest(&row), sorted[0]);
                for label in 0..k {
                    let others = row.iter().enumerate().filter(|&(class, _)| class != label);
                    let expected = others.map(|(_, &p)| p).fold(f64::NEG_INFINITY, f64::max);
                    assert_eq!(largest_other(&row, label), expected);
                    assert_eq!(agrees(&row, label, sorted[0]), agrees_with_nan(&row, label));
                }
                let probs = PredProbs::new(ndarray::Array2::from_shape_vec((1, k), row.clone()).unwrap()).unwrap();
                let reach = Reach::new(&thresholds, &probs);
                let confident: Vec<usize> = (0..k).filter(|&c| row[c] >= thresholds[c] - TOLERANCE).collect();
                let expected = match confident[..] {
                    [] => k,
                    [class] => class,
                    _ => argmax(&row),
                };
                let mut reading = [Reading::default()];
                reach.read(&row, &mut reading);
                assert_eq!(reach.class(&row, reading[0]), expected);
                assert_eq!(reach.predicted(&row), argmax(&row));
            }
        }
    }

    #[test]
    fn a_given_label_wins_a_near_tie() {
        let row = [0.5, 0.5 + 5e-7, 0.2];
        assert!(agrees(&row, 0, largest(&row)) && agrees(&row, 1, largest(&row)));
        assert!(!agrees(&[0.5, 0.501], 0, 0.501));
    }
}
