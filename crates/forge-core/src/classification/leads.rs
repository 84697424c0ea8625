//! Rows in which another class has more probability than the given one, for each pair of classes: where the smallest
//! margins are found without looking at all rows.

use super::order::Smallest;
use crate::inputs::TOLERANCE;

/// Where a class leads the given one by more than this, the prediction is not the label, whatever the tolerance.
const CLEAR: f64 = 2.0 * TOLERANCE;

/// Classes looked at together.
const CHUNK: usize = 16;

/// The rows in which one class leads.
#[derive(Clone, Default)]
struct Led {
    /// Order of the margin between given and leading class.
    keys: Vec<i64>,
    rows: Vec<u32>,
}

/// The rows in which each class leads, for one or more given classes.
pub(super) struct Leads {
    n_classes: usize,
    /// Given class after given class, leading class after leading class.
    led: Vec<Led>,
}

impl Leads {
    pub(super) fn new(n_given: usize, n_classes: usize) -> Self {
        Self { n_classes, led: vec![Led::default(); n_given * n_classes] }
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        for led in &mut self.led {
            led.keys.clear();
            led.rows.clear();
        }
    }

    /// Adds a row, which has the probability `own` of the `given`-th given class. Rows must come in order.
    #[inline]
    pub(super) fn add(&mut self, given: usize, row: u32, own: f64, probs: &[f64]) {
        let led = &mut self.led[given * self.n_classes..(given + 1) * self.n_classes];
        for (led, probs) in led.chunks_mut(CHUNK).zip(probs.chunks(CHUNK)) {
            let mut ahead = [(0, 0); CHUNK];
            let mut n_ahead = 0;
            for (class, p) in probs.iter().enumerate() {
                let lead = p - own;
                // Written in any case and kept only where the class leads: a branch would often be mistaken.
                ahead[n_ahead % CHUNK] = (class, -lead.to_bits().cast_signed());
                n_ahead += usize::from(lead > CLEAR);
            }
            for &(class, key) in &ahead[..n_ahead.min(CHUNK)] {
                led[class].keys.push(key);
                led[class].rows.push(row);
            }
        }
    }

    /// Flags the `count` rows with the smallest margins to class `other`; false if there are fewer, which says nothing of
    /// the rows in which it does not lead.
    pub(super) fn flag_smallest(
        &self,
        (given, other): (usize, usize),
        count: usize,
        smallest: &mut Smallest,
        mut flag: impl FnMut(u32),
    ) -> bool {
        let Led { keys, rows } = &self.led[given * self.n_classes + other];
        if count > keys.len() {
            return false;
        }
        smallest.for_each_key(keys, count, |i| flag(rows[i]));
        true
    }
}
