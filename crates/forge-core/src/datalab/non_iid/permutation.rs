//! Permutations as NumPy's legacy generator draws them: `numpy.random.seed` and `numpy.random.permutation`.

use rand_mt::Mt;

/// A stream of permutations from one seed.
pub(super) struct Permutations {
    generator: Mt,
}

impl Permutations {
    pub(super) fn new(seed: u32) -> Self {
        Self { generator: Mt::new(seed) }
    }

    /// A permutation of `0..n`, by Fisher and Yates from the end.
    pub(super) fn next(&mut self, n: usize) -> Vec<u32> {
        let mut values: Vec<u32> = (0..n as u32).collect();
        for i in (1..n).rev() {
            values.swap(i, self.up_to(i as u32) as usize);
        }
        values
    }

    /// A number from 0 to `largest`: bits are drawn until they are in range.
    fn up_to(&mut self, largest: u32) -> u32 {
        let mask = u32::MAX >> largest.leading_zeros().min(31);
        loop {
            let value = self.generator.next_u32() & mask;
            if value <= largest {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permutations_are_those_of_numpy() {
        let mut permutations = Permutations::new(0);
        assert_eq!(permutations.next(10), [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
        assert_eq!(permutations.next(5), [1, 0, 2, 3, 4]);
    }
}
