//! Rows in which another class has more probability than the given one, for each pair of classes: where the smallest
//! margins are found without looking at all rows.

use super::order::Smallest;
use crate::inputs::TOLERANCE;

/// Where a class leads the given one by more than this, the prediction is not the label, whatever the tolerance.
const CLEAR: f64 = 2.0 * TOLERANCE;

/// Rows that fit in before room is made for more.
const ROOM: usize = 256;

/// The rows in which one class leads; beyond them there is room for more.
struct Led {
    /// Order of the margin between given and leading class.
    keys: Vec<i64>,
    rows: Vec<u32>,
}

impl Led {
    /// Zeroed memory is not touched before it is needed; a list that grew step by step would be written again and again.
    fn with_room_for(n: usize) -> Self {
        Self { keys: vec![0; n], rows: vec![0; n] }
    }
}

/// The rows in which each class leads, for one or more given classes.
pub(super) struct Leads {
    n_classes: usize,
    /// Given class after given class, leading class after leading class.
    led: Vec<Led>,
    /// How many rows there are of each.
    lens: Vec<usize>,
    /// Rows that still fit in wherever they belong.
    room: usize,
}

impl Leads {
    /// For given classes with so many rows, of which few are led as a rule.
    pub(super) fn new(sizes: &[usize], n_classes: usize) -> Self {
        let led = |i: usize| Led::with_room_for(sizes[i / n_classes] / 8 + ROOM);
        let n = sizes.len() * n_classes;
        Self { n_classes, led: (0..n).map(led).collect(), lens: vec![0; n], room: 0 }
    }

    /// Forgets the rows and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.lens.fill(0);
        self.room = 0;
    }

    /// Adds a row, which has the probability `own` of the `given`-th given class. Rows must come in order.
    #[inline]
    pub(super) fn add(&mut self, given: usize, row: u32, own: f64, probs: &[f64]) {
        if self.room == 0 {
            self.make_room();
        }
        self.room -= 1;
        let places = given * self.n_classes..(given + 1) * self.n_classes;
        for ((led, len), p) in self.led[places.clone()].iter_mut().zip(&mut self.lens[places]).zip(probs) {
            let lead = p - own;
            // Written in any case and kept only where the class leads: a branch would often be mistaken.
            led.keys[*len] = -lead.to_bits().cast_signed();
            led.rows[*len] = row;
            *len += usize::from(lead > CLEAR);
        }
    }

    #[cold]
    fn make_room(&mut self) {
        for (led, len) in self.led.iter_mut().zip(&self.lens) {
            if led.keys.len() < len + ROOM {
                let mut more = Led::with_room_for(2 * len + ROOM);
                more.keys[..*len].copy_from_slice(&led.keys[..*len]);
                more.rows[..*len].copy_from_slice(&led.rows[..*len]);
                *led = more;
            }
        }
        self.room = ROOM;
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
        let place = given * self.n_classes + other;
        let (Led { keys, rows }, len) = (&self.led[place], self.lens[place]);
        if count > len {
            return false;
        }
        smallest.for_each_key(&keys[..len], count, |i| flag(rows[i]));
        true
    }
}
