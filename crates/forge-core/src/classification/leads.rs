//! Rows in which another class has more probability than the given one, for each pair of classes: where the smallest
//! margins are found without looking at all rows.

use super::order::Smallest;
use crate::inputs::TOLERANCE;

/// Where a class leads the given one by more than this, the prediction is not the label, whatever the tolerance.
const CLEAR: f64 = 2.0 * TOLERANCE;

/// Classes compared at a time, one for each bit of a word.
const WORD: usize = u64::BITS as usize;

/// The bit of each of them.
const BITS: [u64; WORD] = {
    let mut bits = [0; WORD];
    let mut i = 0;
    while i < WORD {
        bits[i] = 1 << i;
        i += 1;
    }
    bits
};

/// A row in which a class leads.
struct Lead {
    /// Given and leading class as one number.
    pair: u32,
    row: u32,
    /// Order of the margin between the two.
    key: i64,
}

/// The rows in which each class leads by a certain margin, for one or more given classes.
pub(super) struct Leads {
    n_classes: usize,
    least: f64,
    /// In order of the rows.
    found: Vec<Lead>,
    sorted: Sorted,
}

/// The same rows pair by pair.
#[derive(Default)]
struct Sorted {
    /// The rows of a pair are those from its place here to the next.
    starts: Vec<usize>,
    keys: Vec<i64>,
    rows: Vec<u32>,
}

impl Leads {
    /// For so many given classes, whose number times that of all classes must be below 2³². Leads of no more than `least`
    /// are not kept.
    pub(super) fn new(n_given: usize, n_classes: usize, least: f64) -> Self {
        let sorted = Sorted { starts: vec![0; n_given * n_classes + 1], ..Sorted::default() };
        Self { n_classes, least: least.max(CLEAR), found: Vec::new(), sorted }
    }

    /// How many leads were found.
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Adds a row, which has the probability `own` of the `given`-th given class. Rows must come in order.
    #[inline]
    pub(super) fn add(&mut self, given: usize, row: u32, own: f64, probs: &[f64]) {
        for (word, probs) in probs.chunks(WORD).enumerate() {
            let leads = |p: f64| p - own > self.least;
            // Compared side by side; then only the few that lead are gone through.
            let mut bits = probs.iter().zip(&BITS).fold(0, |bits, (&p, &bit)| bits | if leads(p) { bit } else { 0 });
            while bits != 0 {
                let class = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let pair = (given * self.n_classes + word * WORD + class) as u32;
                self.found.push(Lead { pair, row, key: -(probs[class] - own).to_bits().cast_signed() });
            }
        }
    }

    /// Makes [`Leads::flag_smallest`] know the rows added since this was called last, and no others.
    pub(super) fn sort(&mut self) {
        let Sorted { starts, keys, rows } = &mut self.sorted;
        starts.fill(0);
        self.found.iter().for_each(|lead| starts[lead.pair as usize] += 1);
        let mut end = 0;
        for start in starts.iter_mut() {
            end += *start;
            *start = end;
        }
        keys.resize(end, 0);
        rows.resize(end, 0);
        // From the last row to the first, each pair's end moves down to its start.
        for lead in self.found.drain(..).rev() {
            let place = &mut starts[lead.pair as usize];
            *place -= 1;
            keys[*place] = lead.key;
            rows[*place] = lead.row;
        }
    }

    /// Flags the `count` rows with the smallest margins to class `other`; false if there are fewer, which says nothing of
    /// the rows in which it does not lead by enough.
    pub(super) fn flag_smallest(
        &self,
        (given, other): (usize, usize),
        count: usize,
        smallest: &mut Smallest,
        mut flag: impl FnMut(u32),
    ) -> bool {
        let pair = given * self.n_classes + other;
        let Sorted { starts, keys, rows } = &self.sorted;
        let range = starts[pair]..starts[pair + 1];
        if count > range.len() {
            return false;
        }
        let rows = &rows[range.clone()];
        smallest.for_each_key(&keys[range], count, |i| flag(rows[i]));
        true
    }
}
