//! The lowest of very many numbers, of which only some are at hand at a time.
//!
//! The number that the `count`-th lowest comes to is found by counting twice: in which of a few thousand intervals it lies,
//! then in which part of that interval. What lies in the same part is taken in order. So numbers need not be kept.

/// Intervals at each step.
const PARTS: usize = 4096;

/// How many numbers of a picture lie in each interval.
pub(super) type Counts = Vec<u32>;

/// Counts for one step.
pub(super) fn counts() -> Counts {
    vec![0; PARTS]
}

/// The interval of a number from 0 to 1.
pub(super) fn interval(number: f64) -> usize {
    ((number * PARTS as f64) as usize).min(PARTS - 1)
}

/// The part of its interval that a number from 0 to 1 lies in.
pub(super) fn part(number: f64) -> usize {
    let place = number * PARTS as f64;
    (((place - interval(number) as f64) * PARTS as f64) as usize).min(PARTS - 1)
}

/// All counts together.
pub(super) fn sum<'a>(counts: impl Iterator<Item = &'a Counts>) -> Vec<u64> {
    let mut all = vec![0; PARTS];
    counts.for_each(|one| all.iter_mut().zip(one).for_each(|(all, &one)| *all += u64::from(one)));
    all
}

/// Where the lowest end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cut {
    /// Of what was counted, the last to take from, which may be beyond the end where all are taken.
    pub(super) last: usize,
    /// How many to take of it.
    pub(super) take: u64,
}

/// Where the `count` lowest end.
pub(super) fn cut(counts: &[u64], count: u64) -> Cut {
    let mut left = count;
    for (place, &here) in counts.iter().enumerate() {
        if left <= here {
            return Cut { last: place, take: left };
        }
        left -= here;
    }
    Cut { last: counts.len(), take: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_steps_find_the_lowest() {
        let numbers: Vec<f64> = (0..5000_u32).map(|i| f64::from(i * 7919 % 5000) / 9000.0).collect();
        let mut first = counts();
        numbers.iter().for_each(|&number| first[interval(number)] += 1);
        for count in [0, 1, 77, 2500, 5000] {
            let coarse = cut(&sum([&first].into_iter()), count);
            let mut second = counts();
            numbers.iter().filter(|&&n| interval(n) == coarse.last).for_each(|&n| second[part(n)] += 1);
            let fine = cut(&sum([&second].into_iter()), coarse.take);
            let mut left = fine.take;
            let is_taken = |&&n: &&f64| {
                (interval(n), part(n)) < (coarse.last, fine.last)
                    || (interval(n) == coarse.last && part(n) == fine.last && left > 0 && {
                        left -= 1;
                        true
                    })
            };
            let taken: Vec<f64> = numbers.iter().filter(is_taken).copied().collect();
            let most = taken.iter().copied().fold(-1.0_f64, f64::max);
            assert_eq!(taken.len() as u64, count);
            assert!(most < count as f64 / 9000.0);
        }
    }
}
