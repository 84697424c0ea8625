//! Jobs that partners do together, as one would do them alone.

use super::*;
use crate::Quiet;

/// A partner without a face.
struct Partner(Part);

impl Host for Partner {
    fn cancelled(&self) -> bool {
        self.0.left()
    }

    fn shares(&self) -> bool {
        self.0.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        self.0.exchange(n, unit)
    }
}

/// Three phases, the second of a single unit and the third with units that share in turn.
fn job(host: &dyn Host) -> Result<Vec<f64>, LearnError> {
    let squares = share_units(host, 7, |i| Ok((i * i) as f64 + 0.1))?;
    let sum = share_work(host, || Ok::<_, LearnError>(squares.iter().sum::<f64>()))?;
    share_units(host, 5, |i| {
        let inner = share_units(host, 2, |j| Ok(j as f64))?;
        Ok(sum * i as f64 + inner[1])
    })
}

fn first(partner: usize, partners: usize) -> Turn {
    Turn::First { partner, partners }
}

type Run<T> = (Result<T, LearnError>, Vec<PhasePart>, bool);

fn turn<T>(memo: &Memo, turn: Turn, job: impl Fn(&dyn Host) -> Result<T, LearnError>) -> Run<T> {
    let partner = Partner(Part::new(memo.clone(), turn, || 0.0));
    let result = job(&partner);
    let (given, left) = partner.0.given();
    (result, given, left)
}

/// A phase made of what is given to it.
fn collected(parts: &[PhasePart], phase: usize) -> Phase {
    let of_phase = || parts.iter().filter(|part| part.phase == phase);
    let n = of_phase().next().unwrap().n;
    Phase::of(n, 0.0, of_phase().map(|part| (part.first, &part.units[..])))
}

#[test]
fn partners_together_find_what_one_finds_alone() {
    let alone = job(&Quiet).unwrap();
    let mut memo = Memo::new();
    // Two partners begin the first phase with a quarter each and leave.
    let (result, mut parts, left) = turn(&memo, first(1, 2), job);
    assert_eq!((result, left, parts[0].first, parts[0].count), (Err(LearnError::Cancelled), true, 1, 1));
    parts.extend(turn(&memo, first(0, 2), job).1);
    parts.extend(turn(&memo, Turn::Units(2..7), job).1);
    memo.push(collected(&parts, 0));
    assert!(memo[0].units.iter().all(Option::is_some));
    // Of the second, one unit, the leader does all and goes on; the other leaves with nothing.
    let (_, given, left) = turn(&memo, first(1, 2), job);
    assert_eq!((given[0].count, left), (0, true));
    let (_, parts, left) = turn(&memo, first(0, 2), job);
    assert_eq!((parts.len(), parts[0].count, parts[1].count, left), (2, 1, 1, true));
    memo.push(collected(&parts, 1));
    let (result, parts, left) = turn(&memo, Turn::Units(0..5), job);
    assert_eq!((result.unwrap(), parts.len(), left), (alone.clone(), 1, false));
    memo.push(collected(&parts, 2));
    assert_eq!(turn(&memo, first(0, 2), job), (Ok(alone.clone()), Vec::new(), false));
    assert_eq!(turn(&Memo::new(), Turn::Alone, job), (Ok(alone), Vec::new(), false));
}

#[test]
fn a_unit_that_fails_fails_for_everyone_by_its_own_error() {
    let job =
        |host: &dyn Host| share_units(host, 4, |i| if i > 1 { Err(LearnError::OneClass { n_rows: i }) } else { Ok(i) });
    let (result, parts, left) = turn(&Memo::new(), Turn::Units(0..3), job);
    assert_eq!((result, left), (Err(LearnError::Cancelled), true));
    let mut memo = vec![collected(&parts, 0)];
    assert_eq!(memo[0].units.iter().filter(|unit| unit.is_none()).count(), 2);
    assert_eq!(turn(&memo, first(0, 2), job).0, Err(LearnError::OneClass { n_rows: 2 }));
    memo[0].units[2] = Some(vec![0xff; 20]);
    assert_eq!(turn(&memo, first(0, 2), job).0, Err(LearnError::OneClass { n_rows: 3 }));
    let work = |host: &dyn Host| share_work(host, || Err::<f64, _>(LearnError::NoFeatures));
    assert_eq!(turn(&Memo::new(), first(0, 2), work).0, Err(LearnError::NoFeatures));
}

#[test]
fn what_was_given_and_cannot_be_read_is_worked_out_again() {
    let job = |host: &dyn Host| share_units(host, 3, |i| Ok(i as f64));
    let (_, parts, _) = turn(&Memo::new(), Turn::Units(0..2), job);
    let cut = &parts[0].units[..15];
    let memo = vec![Phase::of(3, 0.0, [(0, cut)])];
    assert_eq!(memo[0].units.iter().filter(|unit| unit.is_some()).count(), 1);
    assert_eq!(turn(&memo, first(0, 2), job).0.unwrap(), [0.0, 1.0, 2.0]);
}

#[test]
fn errands_are_done_beside_the_first_phase() {
    let job = |host: &dyn Host| {
        let beside = Beside::new(host, vec![errand(|| Ok::<_, LearnError>(0.5)), errand(|| Err::<f64, _>(()))]);
        let units = share_units(&beside, 2, Ok)?;
        Ok((units, beside.found::<f64>(0), beside.found::<f64>(1)))
    };
    assert_eq!(job(&Quiet).unwrap(), (vec![0, 1], None, None));
    let (result, parts, _) = turn(&Memo::new(), Turn::Units(0..4), job);
    assert_eq!(result.unwrap(), (vec![0, 1], Some(0.5), None));
    assert_eq!(parts[0].n, 4);
    assert_eq!(turn(&vec![collected(&parts, 0)], first(0, 2), job).0.unwrap(), (vec![0, 1], Some(0.5), None));
}

#[test]
fn time_goes_on_from_phase_to_phase() {
    let memo = vec![Phase { units: vec![Some(vec![0; 8])], seconds: 12.0 }];
    let part = Part::new(memo, first(0, 2), || 3.0);
    assert_eq!(part.seconds(), 0.0);
    assert_eq!((part.tells(), part.exchange(1, &|_| None).is_some(), part.tells()), (false, true, true));
    assert_eq!(part.seconds(), 12.0);
}
