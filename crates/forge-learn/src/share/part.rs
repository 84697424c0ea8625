//! One partner's run of a job that is shared: what a [`Host`](crate::Host) answers its two questions with.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::{ByteUnit, Exchanged};

/// What is known of a phase: what each unit gave, or nothing for one that failed, which fails again for whoever asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phase {
    /// One entry per unit.
    pub units: Vec<Option<Vec<u8>>>,
    /// When it was complete, in seconds since the job began.
    pub seconds: f64,
}

impl Phase {
    /// Puts together what partners gave to a phase of `n` units, by the first unit of each and [`PhasePart::units`]. What
    /// is missing or cannot be read is worked out by whoever needs it.
    pub fn of<'a>(n: usize, seconds: f64, given: impl IntoIterator<Item = (usize, &'a [u8])>) -> Self {
        let mut units = vec![None; n];
        for (first, bytes) in given {
            for (unit, known) in units.iter_mut().skip(first).zip(Packed(bytes)) {
                *unit = known;
            }
        }
        Self { units, seconds }
    }
}

/// The phases that are known, from the first.
pub type Memo = Vec<Phase>;

/// Which units of the first unknown phase a partner does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// All of them, of this phase and all others, without a word about it.
    Alone,
    /// A part for a beginning, before anyone knows how many units there are. The partner with number 0 leads: it tells of
    /// its steps, and it does alone what cannot be cut.
    First {
        /// Number of this partner, from 0.
        partner: usize,
        /// Number of partners.
        partners: usize,
    },
    /// These units.
    Units(Range<usize>),
}

impl Turn {
    /// The units done among `n`: of a first turn a `1 / (2 × partners)` share, at least one, so that half is left for those
    /// who are done earlier.
    fn of(&self, n: usize) -> Range<usize> {
        match *self {
            Self::Alone => 0..n,
            Self::First { partner, partners } => {
                let share = (n / (2 * partners.max(1))).max(1);
                (partner * share).min(n)..((partner + 1) * share).min(n)
            }
            Self::Units(ref units) => units.start.min(n)..units.end.min(n),
        }
    }
}

/// What a partner gives to a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhasePart {
    /// Number of the phase, from 0.
    pub phase: usize,
    /// Units in it.
    pub n: usize,
    /// The first unit done.
    pub first: usize,
    /// Units done, from there on.
    pub count: usize,
    /// What they gave, for [`Phase::of`].
    #[serde(skip)]
    pub units: Vec<u8>,
    /// Seconds this run took before the phase.
    pub before: f64,
    /// Seconds the units took.
    pub during: f64,
}

/// One partner's run of a job.
#[derive(Debug)]
pub struct Part {
    turn: Turn,
    clock: fn() -> f64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    memo: Memo,
    /// Phases passed.
    passed: usize,
    /// Whether a unit is being done.
    in_unit: bool,
    given: Vec<PhasePart>,
    left: bool,
    /// When this run began, and what the clock of the job is ahead of it.
    began: f64,
    ahead: f64,
}

impl Part {
    /// Begins a run. `clock` tells seconds since any fixed moment.
    pub fn new(memo: Memo, turn: Turn, clock: fn() -> f64) -> Self {
        let given = Vec::new();
        let state = State { memo, passed: 0, in_unit: false, given, left: false, began: clock(), ahead: 0.0 };
        Self { turn, clock, state: Mutex::new(state) }
    }

    /// Seconds since the job began, as if this run had waited for the phases it read.
    pub fn seconds(&self) -> f64 {
        let state = self.state();
        (self.clock)() - state.began + state.ahead
    }

    /// Whether the steps of the job are news that it falls to this partner to tell.
    pub fn tells(&self) -> bool {
        let state = self.state();
        match self.turn {
            Turn::Alone => true,
            Turn::First { partner: 0, .. } => !state.in_unit && state.passed >= state.memo.len(),
            _ => false,
        }
    }

    /// The phase of which a unit is being done.
    pub fn phase(&self) -> Option<usize> {
        let state = self.state();
        state.in_unit.then_some(state.passed)
    }

    /// Answers [`Host::cancelled`](crate::Host::cancelled): whether the job is to be left.
    pub fn left(&self) -> bool {
        self.state().left
    }

    /// What this run gives to the phases, and whether it left the job.
    pub fn given(self) -> (Vec<PhasePart>, bool) {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        (state.given, state.left)
    }

    /// Answers [`Host::shares`](crate::Host::shares).
    pub fn shares(&self) -> bool {
        self.turn != Turn::Alone && !self.state().in_unit
    }

    /// Answers [`Host::exchange`](crate::Host::exchange).
    pub fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        if !self.shares() || n == 0 {
            return None;
        }
        let mut state = self.state();
        if state.left {
            return Some(Exchanged::Left);
        }
        let passed = state.passed;
        if passed >= state.memo.len() {
            drop(state);
            return Some(self.take_part(n, unit));
        }
        let phase = state.memo.get_mut(passed).map(std::mem::take).unwrap_or_default();
        drop(state);
        let mut units: Vec<Option<Vec<u8>>> = phase.units;
        // Another phase than the others met cannot be; if it were, all of it would be worked out here.
        units.resize(n, None);
        let found = units.into_iter().enumerate().map(|(i, known)| known.or_else(|| self.inside(unit, i))).collect();
        let mut state = self.state();
        state.passed += 1;
        state.ahead = phase.seconds - ((self.clock)() - state.began);
        drop(state);
        Some(all(found))
    }

    /// Does the units of this turn, and leaves unless these are all.
    fn take_part(&self, n: usize, unit: &ByteUnit<'_>) -> Exchanged {
        let arrived = (self.clock)();
        let fresh = self.state().given.is_empty();
        let leads = matches!(self.turn, Turn::First { partner: 0, .. });
        // Units were dealt of one phase; of the next only the leader takes a part.
        let range = if fresh || leads { self.turn.of(n) } else { 0..0 };
        let first = range.start;
        let units: Vec<Option<Vec<u8>>> = range.map(|i| self.inside(unit, i)).collect();
        let mut state = self.state();
        let (before, during) = (arrived - state.began, (self.clock)() - arrived);
        let (phase, count) = (state.passed, units.len());
        let given = PhasePart { phase, n, first, count, units: packed(&units), before, during };
        state.given.push(given);
        if count == n {
            state.passed += 1;
            return all(units);
        }
        state.left = true;
        Exchanged::Left
    }

    fn inside(&self, unit: &ByteUnit<'_>, i: usize) -> Option<Vec<u8>> {
        self.state().in_unit = true;
        let done = unit(i);
        self.state().in_unit = false;
        done
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stands for a unit that failed, in the place of a length.
const FAILED: u32 = u32::MAX;

/// The bytes of several units in one, each behind its length in four bytes, the least significant first.
fn packed(units: &[Option<Vec<u8>>]) -> Vec<u8> {
    let size = units.iter().map(|unit| 4 + unit.as_ref().map_or(0, Vec::len)).sum();
    let mut bytes = Vec::with_capacity(size);
    for unit in units {
        // What is too long to be counted is worked out again by whoever needs it.
        let unit = unit.as_ref().and_then(|unit| Some((u32::try_from(unit.len()).ok()?, unit)));
        let unit = unit.filter(|&(length, _)| length != FAILED);
        bytes.extend(unit.map_or(FAILED, |(length, _)| length).to_le_bytes());
        bytes.extend(unit.map_or(&[][..], |(_, unit)| unit));
    }
    bytes
}

/// Units that were packed, as far as they can be read.
struct Packed<'a>(&'a [u8]);

impl Iterator for Packed<'_> {
    type Item = Option<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = u32::from_le_bytes(*length);
        if length == FAILED {
            self.0 = rest;
            return Some(None);
        }
        let (unit, rest) = rest.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(Some(unit.to_vec()))
    }
}

fn all(units: Vec<Option<Vec<u8>>>) -> Exchanged {
    units.into_iter().collect::<Option<Vec<_>>>().map_or(Exchanged::Failed, Exchanged::All)
}
