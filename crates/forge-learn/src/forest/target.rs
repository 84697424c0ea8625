//! What a forest learns: sums over the rows of a node, from which the gain of a split follows.
//!
//! With `w` the weight of some rows and `c` their weight per class (or `s` the weighted sum of their targets), Gini
//! impurity and squared error both fall most where `Σ c² / w` (or `s² / w`), added over the two sides, is greatest
//! (Breiman et al., Classification and Regression Trees, 1984, sections 4.3 and 8.3). Of two classes the sum over one
//! says all.

/// Columns looked at side by side.
pub(super) const LANES: usize = 4;

/// Sums over rows of a node, and how they are kept in bins.
pub(super) trait Target: Clone + Send + Sync {
    /// What a row brings: its weight with its class or target.
    type Item: Copy + Send + Sync;
    /// Sums for each of many bins.
    type Bins;

    /// What a row of this class number or target brings, counted `weight` times.
    fn item(&self, y: f64, weight: f64) -> Self::Item;
    /// Forgets all rows.
    fn clear(&mut self);
    /// Takes a row in.
    fn add(&mut self, item: Self::Item);
    /// Lets a row go.
    fn sub(&mut self, item: Self::Item);
    /// Becomes `total` without `part`.
    fn become_rest(&mut self, total: &Self, part: &Self);
    /// Becomes `other`.
    fn become_same(&mut self, other: &Self);
    /// Rows taken in.
    fn rows(&self) -> usize;
    /// Their weight.
    fn weight(&self) -> f64;
    /// `Σ c² / w`, 0 without rows.
    fn score(&self) -> f64;
    /// The score of one side plus that of the other; both have rows.
    fn scores(left: &Self, right: &Self) -> f64 {
        left.score() + right.score()
    }
    /// Whether all `items`, whose sums these are, have the same class or target.
    fn is_pure(&self, items: &[Self::Item]) -> bool;
    /// The score that no split of these rows can exceed.
    fn best_possible(&self) -> f64;
    /// Appends the prediction of a leaf: `width` class probabilities, or for a width of 1 the mean target.
    fn predict(&self, width: usize, out: &mut Vec<f64>);

    /// `n` empty bins.
    fn bins(&self, n: usize) -> Self::Bins;
    /// Adds a row to a bin.
    fn put(bins: &mut Self::Bins, bin: usize, item: Self::Item);
    /// Moves the rows of a bin from `from` to `to`, and says how many they are; the bin keeps them.
    fn shift(bins: &Self::Bins, bin: usize, from: &mut Self, to: &mut Self) -> usize;
    /// Moves the rows of the bin `from` to the bin `to`.
    fn merge(bins: &mut Self::Bins, to: usize, from: usize);
    /// Becomes the sums of a bin.
    fn load(&mut self, bins: &Self::Bins, bin: usize);
    /// Rows in a bin.
    fn rows_in(bins: &Self::Bins, bin: usize) -> usize;
    /// Empties a range of bins.
    fn empty(bins: &mut Self::Bins, range: std::ops::Range<usize>);

    /// Whether sums are exact, so that a part of them can be had by [`Self::subtract`].
    const IS_EXACT: bool = false;

    /// Takes the sums of one set of bins from those of another.
    fn subtract(_bins: &mut Self::Bins, _part: &Self::Bins) {}

    /// Whether [`Self::sum_lanes`] works.
    const HAS_LANES: bool;

    /// Makes `sums` the sums of the items whose value is at most the cut, for four columns side by side.
    fn sum_lanes(
        _sums: &mut [Self],
        _cuts: [f32; LANES],
        _values: impl Iterator<Item = [f32; LANES]>,
        _items: &[Self::Item],
    ) {
    }

    /// Becomes the sums of the items whose value is at most `cut`.
    fn sum_up_to(&mut self, values: &[f32], cut: f32, items: &[Self::Item]) {
        self.clear();
        for (&value, &item) in values.iter().zip(items) {
            if value <= cut {
                self.add(item);
            }
        }
    }
}

/// Bits of each of the three numbers packed in a [`Counts`].
const FIELD: u32 = 21;
const MASK: u64 = (1 << FIELD) - 1;

/// Two classes, rows counted a whole number of times: rows, weight and weight of class 1 in one integer.
///
/// *Invariant*: the weight of all rows of a fit is at most [`Counts::LIMIT`], so no field overflows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts(u64);

impl Counts {
    /// The greatest total weight.
    pub(super) const LIMIT: usize = MASK as usize;

    fn ones(self) -> f64 {
        // 21 bits: the shorter conversion is exact.
        ((self.0 & MASK) as i32) as f64
    }

    fn total(self) -> f64 {
        ((self.0 >> FIELD & MASK) as i32) as f64
    }
}

impl Target for Counts {
    type Item = u64;
    type Bins = Vec<u64>;

    fn item(&self, y: f64, weight: f64) -> u64 {
        let weight = weight as u64;
        1 << (2 * FIELD) | weight << FIELD | if y > 0.5 { weight } else { 0 }
    }

    fn clear(&mut self) {
        self.0 = 0;
    }

    fn add(&mut self, item: u64) {
        self.0 += item;
    }

    fn sub(&mut self, item: u64) {
        self.0 -= item;
    }

    fn become_rest(&mut self, total: &Self, part: &Self) {
        self.0 = total.0 - part.0;
    }

    fn become_same(&mut self, other: &Self) {
        *self = *other;
    }

    fn rows(&self) -> usize {
        (self.0 >> (2 * FIELD)) as usize
    }

    fn weight(&self) -> f64 {
        self.total()
    }

    fn score(&self) -> f64 {
        let ones = self.ones();
        if self.0 == 0 { 0.0 } else { ones * ones / self.total() }
    }

    fn is_pure(&self, _items: &[u64]) -> bool {
        let ones = self.ones();
        ones == 0.0 || ones == self.total()
    }

    fn best_possible(&self) -> f64 {
        self.ones()
    }

    fn predict(&self, _width: usize, out: &mut Vec<f64>) {
        let ones = self.ones() / self.total();
        out.extend([1.0 - ones, ones]);
    }

    fn bins(&self, n: usize) -> Vec<u64> {
        vec![0; n]
    }

    #[inline]
    fn put(bins: &mut Vec<u64>, bin: usize, item: u64) {
        bins[bin] += item;
    }

    #[inline]
    fn shift(bins: &Vec<u64>, bin: usize, from: &mut Self, to: &mut Self) -> usize {
        let sum = bins[bin];
        from.0 -= sum;
        to.0 += sum;
        (sum >> (2 * FIELD)) as usize
    }

    fn merge(bins: &mut Vec<u64>, to: usize, from: usize) {
        bins[to] += std::mem::take(&mut bins[from]);
    }

    fn load(&mut self, bins: &Vec<u64>, bin: usize) {
        self.0 = bins[bin];
    }

    fn rows_in(bins: &Vec<u64>, bin: usize) -> usize {
        Self(bins[bin]).rows()
    }

    fn empty(bins: &mut Vec<u64>, range: std::ops::Range<usize>) {
        bins[range].fill(0);
    }

    const IS_EXACT: bool = true;

    fn subtract(bins: &mut Vec<u64>, part: &Vec<u64>) {
        bins.iter_mut().zip(part).for_each(|(sum, part)| *sum -= part);
    }

    const HAS_LANES: bool = true;

    fn sum_lanes(sums: &mut [Self], cuts: [f32; LANES], values: impl Iterator<Item = [f32; LANES]>, items: &[u64]) {
        let mut inside = [0; LANES];
        for (values, &item) in values.zip(items) {
            for lane in 0..LANES {
                inside[lane] += if values[lane] <= cuts[lane] { item } else { 0 };
            }
        }
        sums.iter_mut().zip(inside).for_each(|(sum, inside)| sum.0 = inside);
    }

    fn sum_up_to(&mut self, values: &[f32], cut: f32, items: &[u64]) {
        self.0 = values.iter().zip(items).map(|(&value, &item)| if value <= cut { item } else { 0 }).sum();
    }
}

/// Numbers, or two classes as 0 and 1, with any weights.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    rows: f64,
    weight: f64,
    sum: f64,
}

impl Sums {
    fn plus(&mut self, other: &Self) {
        self.rows += other.rows;
        self.weight += other.weight;
        self.sum += other.sum;
    }

    fn minus(&mut self, other: &Self) {
        self.rows -= other.rows;
        self.weight -= other.weight;
        self.sum -= other.sum;
    }
}

/// Weight and weighted target of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weighted {
    weight: f64,
    sum: f64,
}

impl Target for Sums {
    type Item = Weighted;
    type Bins = Vec<Sums>;

    fn item(&self, y: f64, weight: f64) -> Weighted {
        Weighted { weight, sum: weight * y }
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    fn add(&mut self, item: Weighted) {
        self.plus(&Self { rows: 1.0, weight: item.weight, sum: item.sum });
    }

    fn sub(&mut self, item: Weighted) {
        self.minus(&Self { rows: 1.0, weight: item.weight, sum: item.sum });
    }

    fn become_rest(&mut self, total: &Self, part: &Self) {
        *self = *total;
        self.minus(part);
    }

    fn become_same(&mut self, other: &Self) {
        *self = *other;
    }

    fn rows(&self) -> usize {
        self.rows as usize
    }

    fn weight(&self) -> f64 {
        self.weight
    }

    fn score(&self) -> f64 {
        if self.weight > 0.0 { self.sum * self.sum / self.weight } else { 0.0 }
    }

    fn is_pure(&self, items: &[Weighted]) -> bool {
        let Some(first) = items.first() else { return true };
        items.iter().all(|item| item.sum * first.weight == first.sum * item.weight)
    }

    fn best_possible(&self) -> f64 {
        f64::INFINITY
    }

    fn predict(&self, width: usize, out: &mut Vec<f64>) {
        let mean = self.sum / self.weight;
        if width == 2 {
            out.extend([1.0 - mean, mean]);
        } else {
            out.push(mean);
        }
    }

    fn bins(&self, n: usize) -> Vec<Sums> {
        vec![Sums::default(); n]
    }

    #[inline]
    fn put(bins: &mut Vec<Sums>, bin: usize, item: Weighted) {
        bins[bin].add(item);
    }

    #[inline]
    fn shift(bins: &Vec<Sums>, bin: usize, from: &mut Self, to: &mut Self) -> usize {
        let sums = &bins[bin];
        if sums.rows > 0.0 {
            from.minus(sums);
            to.plus(sums);
        }
        sums.rows as usize
    }

    fn merge(bins: &mut Vec<Sums>, to: usize, from: usize) {
        let sums = std::mem::take(&mut bins[from]);
        bins[to].plus(&sums);
    }

    fn load(&mut self, bins: &Vec<Sums>, bin: usize) {
        *self = bins[bin];
    }

    fn rows_in(bins: &Vec<Sums>, bin: usize) -> usize {
        bins[bin].rows as usize
    }

    fn empty(bins: &mut Vec<Sums>, range: std::ops::Range<usize>) {
        bins[range].fill(Sums::default());
    }

    const HAS_LANES: bool = true;

    fn sum_lanes(
        sums: &mut [Self],
        cuts: [f32; LANES],
        values: impl Iterator<Item = [f32; LANES]>,
        items: &[Weighted],
    ) {
        let (mut rows, mut weight, mut sum) = ([0_u64; LANES], [0.0; LANES], [0.0; LANES]);
        for (values, item) in values.zip(items) {
            for lane in 0..LANES {
                // Masks, unlike branches, run side by side.
                let inside = if values[lane] <= cuts[lane] { u64::MAX } else { 0 };
                rows[lane] += inside & 1;
                weight[lane] += f64::from_bits(item.weight.to_bits() & inside);
                sum[lane] += f64::from_bits(item.sum.to_bits() & inside);
            }
        }
        for (lane, sums) in sums.iter_mut().enumerate() {
            *sums = Self { rows: rows[lane] as f64, weight: weight[lane], sum: sum[lane] };
        }
    }

    fn sum_up_to(&mut self, values: &[f32], cut: f32, items: &[Weighted]) {
        let (mut rows, mut weight, mut sum) = (0.0, 0.0, 0.0);
        for (&value, item) in values.iter().zip(items) {
            let inside = value <= cut;
            rows += if inside { 1.0 } else { 0.0 };
            weight += if inside { item.weight } else { 0.0 };
            sum += if inside { item.sum } else { 0.0 };
        }
        *self = Self { rows, weight, sum };
    }
}
