//! The matrix as trees read it: column by column, numbers as ranks or in single precision, one-hot columns as indices.

use super::target::LANES;
use crate::Matrix;

/// The group of a one-hot feature that no row has.
pub(super) const ABSENT: u32 = u32::MAX;

/// Numbers closer than this count as equal, scikit-learn's `FEATURE_THRESHOLD`.
pub(super) const SAME: f32 = 1e-7;

/// Most ranks of a column; beyond, neighbouring values share one.
const MOST_RANKS: usize = 1 << 16;

/// How one-hot indices lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SlotOrder {
    /// Those of a row together, in 16 bits: best where all are read at once.
    ByRow,
    /// Those of a slot together: best where few slots are read.
    ByColumn,
}

/// Values of rows, dense ones column by column.
#[derive(Debug)]
pub(super) struct Store<V> {
    n_rows: usize,
    n_slots: usize,
    order: SlotOrder,
    dense: Vec<V>,
    /// One-hot indices by column; empty where they lie by rows.
    slots: Vec<u32>,
    /// One-hot indices row by row; empty where they lie by columns.
    rows: Vec<u16>,
}

impl<V: Copy> Store<V> {
    /// No rows, but room for some of `other`.
    pub(super) fn empty_like(other: &Self) -> Self {
        let (dense, slots, rows) = (Vec::new(), Vec::new(), Vec::new());
        Self { n_rows: 0, n_slots: other.n_slots, order: other.order, dense, slots, rows }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// A dense column.
    pub(super) fn column(&self, feature: usize) -> &[V] {
        &self.dense[feature * self.n_rows..(feature + 1) * self.n_rows]
    }

    /// Whether [`Self::levels`] are kept.
    pub(super) fn has_levels(&self) -> bool {
        self.order == SlotOrder::ByRow
    }

    /// The one-hot index of a row in a slot.
    #[inline]
    pub(super) fn level(&self, row: usize, slot: usize) -> u32 {
        match self.order {
            SlotOrder::ByRow => u32::from(self.rows[row * self.n_slots + slot]),
            SlotOrder::ByColumn => self.slots[slot * self.n_rows + row],
        }
    }

    /// The one-hot indices of a row; none where they lie by columns.
    #[inline]
    pub(super) fn levels(&self, row: usize) -> &[u16] {
        match self.order {
            SlotOrder::ByRow => &self.rows[row * self.n_slots..(row + 1) * self.n_slots],
            SlotOrder::ByColumn => &[],
        }
    }

    /// Becomes the chosen rows of `other`, in their order.
    pub(super) fn become_rows(&mut self, other: &Self, rows: &[u32]) {
        self.n_rows = rows.len();
        self.dense.clear();
        self.slots.clear();
        self.rows.clear();
        for column in other.dense.chunks_exact(other.n_rows) {
            self.dense.extend(rows.iter().map(|&row| column[row as usize]));
        }
        match other.order {
            SlotOrder::ByRow => rows.iter().for_each(|&row| self.rows.extend_from_slice(other.levels(row as usize))),
            SlotOrder::ByColumn => {
                for slot in other.slots.chunks_exact(other.n_rows) {
                    self.slots.extend(rows.iter().map(|&row| slot[row as usize]));
                }
            }
        }
    }
}

/// Features of the rows of a fit.
///
/// *Invariant*: indices of one-hot features count from the first one-hot feature; "none" is the number of one-hot
/// features.
pub(super) struct Columns<V> {
    pub(super) n_dense: usize,
    pub(super) n_slots: usize,
    pub(super) n_features: usize,
    pub(super) all: Store<V>,
    /// The dense columns row by row, a few side by side, where [`Self::with_table`] made them; else empty.
    pub(super) table: Vec<[V; LANES]>,
    /// Smallest and greatest value of each rank of each dense column; empty unless `V` is a rank.
    bounds: Vec<Vec<(f32, f32)>>,
    /// Slots that share features, with the range of those.
    pub(super) groups: Vec<Group>,
    group_of: Vec<u32>,
}

/// Slots that have a feature in common, mostly a single one.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) slots: Vec<usize>,
    /// Its one-hot features in ascending order.
    pub(super) members: Vec<u32>,
}

impl<V> Columns<V> {
    /// The group of a one-hot feature, or [`ABSENT`].
    pub(super) fn group_of(&self, one_hot: usize) -> u32 {
        self.group_of[one_hot]
    }

    /// Number of one-hot features.
    pub(super) fn n_one_hot(&self) -> usize {
        self.n_features - self.n_dense
    }

    /// The threshold halfway between the ranks `low` and `high` of a column.
    pub(super) fn threshold(&self, feature: usize, low: u16, high: u16) -> f32 {
        let bounds = &self.bounds[feature];
        let (low, high) = (bounds[low as usize].1, bounds[high as usize].0);
        let middle = round_down(low as f64 / 2.0 + high as f64 / 2.0);
        if middle >= high { low } else { middle }
    }

    /// Ranks of a column; 1 where all values are equal or ranks are not kept.
    pub(super) fn n_ranks(&self, feature: usize) -> usize {
        self.bounds.get(feature).map_or(1, Vec::len)
    }

    fn new(features: &Matrix, dense: Vec<V>, bounds: Vec<Vec<(f32, f32)>>, order: SlotOrder) -> Self {
        let (n_rows, n_dense, n_features) = (features.n_rows(), features.n_dense(), features.n_features());
        let n_slots = features.n_slots();
        let mut slots = vec![0; n_rows * n_slots];
        for row in 0..n_rows {
            for (slot, &index) in features.slot_row(row).iter().enumerate() {
                slots[slot * n_rows + row] = index - n_dense as u32;
            }
        }
        let (groups, group_of) = groups(&slots, n_rows, n_slots, n_features - n_dense);
        // "None" is one more than the greatest index.
        let order = if n_features - n_dense > usize::from(u16::MAX) { SlotOrder::ByColumn } else { order };
        let mut rows = Vec::new();
        if order == SlotOrder::ByRow {
            let row_by_row = (0..n_rows).flat_map(|row| features.slot_row(row));
            rows = row_by_row.map(|index| (index - n_dense as u32) as u16).collect();
            slots = Vec::new();
        }
        Self {
            n_dense,
            n_slots,
            n_features,
            all: Store { n_rows, n_slots, order, dense, slots, rows },
            table: Vec::new(),
            bounds,
            groups,
            group_of,
        }
    }
}

impl Columns<u16> {
    /// Ranks of the values.
    pub(super) fn ranked(features: &Matrix, order: SlotOrder) -> Self {
        let (n, p) = (features.n_rows(), features.n_dense());
        let mut ranks = Vec::with_capacity(n * p);
        let mut bounds = Vec::with_capacity(p);
        let mut sorted: Vec<u64> = Vec::with_capacity(n);
        for feature in 0..p {
            sorted.clear();
            let key = |row: usize| (ordered(single(features.dense_row(row)[feature])) as u64) << 32 | row as u64;
            sorted.extend((0..n).map(key));
            sorted.sort_unstable();
            let value = |key: u64| restored((key >> 32) as u32);
            let starts = |pair: &[u64]| value(pair[1]) > value(pair[0]) + SAME;
            let n_distinct = 1 + sorted.windows(2).filter(|pair| starts(pair)).count();
            let rank_of =
                |distinct: usize| if n_distinct <= MOST_RANKS { distinct } else { distinct * MOST_RANKS / n_distinct };
            let first = ranks.len();
            ranks.resize(first + n, 0_u16);
            let column = &mut ranks[first..];
            let mut of_rank: Vec<(f32, f32)> = Vec::new();
            let mut distinct = 0;
            for i in 0..n {
                if i > 0 && starts(&sorted[i - 1..=i]) {
                    distinct += 1;
                }
                let (rank, x) = (rank_of(distinct), value(sorted[i]));
                column[sorted[i] as u32 as usize] = rank as u16;
                match of_rank.get_mut(rank) {
                    Some(bounds) => bounds.1 = x,
                    None => of_rank.push((x, x)),
                }
            }
            bounds.push(of_rank);
        }
        Self::new(features, ranks, bounds, order)
    }
}

impl Columns<f32> {
    /// The values in single precision.
    pub(super) fn raw(features: &Matrix, order: SlotOrder) -> Self {
        let (n, p) = (features.n_rows(), features.n_dense());
        let mut dense = vec![0.0; n * p];
        for row in 0..n {
            for (feature, &x) in features.dense_row(row).iter().enumerate() {
                dense[feature * n + row] = single(x);
            }
        }
        Self::new(features, dense, Vec::new(), order)
    }

    /// The same with the dense columns row by row too, for trees that look at all features.
    pub(super) fn with_table(mut self) -> Self {
        let n_groups = self.n_dense.div_ceil(LANES);
        self.table = vec![[0.0; LANES]; n_groups * self.all.n_rows];
        for feature in 0..self.n_dense {
            let (group, lane) = (feature / LANES, feature % LANES);
            let places = self.table.iter_mut().skip(group).step_by(n_groups);
            for (place, &value) in places.zip(self.all.column(feature)) {
                place[lane] = value;
            }
        }
        self
    }

    /// Whether there is [`Self::table`].
    pub(super) fn has_table(&self) -> bool {
        !self.table.is_empty()
    }
}

/// The value trees compare: scikit-learn reads features in single precision too.
pub(crate) fn single(x: f64) -> f32 {
    // Adding 0 turns -0 into 0, so that equal numbers have equal bits.
    (x as f32).clamp(f32::MIN, f32::MAX) + 0.0
}

/// The greatest single-precision number that does not exceed `x`: it divides them as `x` does.
fn round_down(x: f64) -> f32 {
    let near = x as f32;
    if near as f64 > x { near.next_down() } else { near }
}

/// Bits that order like the numbers.
fn ordered(x: f32) -> u32 {
    let bits = x.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

fn restored(bits: u32) -> f32 {
    f32::from_bits(if bits >> 31 == 1 { bits & !(1 << 31) } else { !bits })
}

/// Joins slots that share a feature, and says which group each feature belongs to.
fn groups(slots: &[u32], n_rows: usize, n_slots: usize, n_one_hot: usize) -> (Vec<Group>, Vec<u32>) {
    let mut group_of_slot: Vec<u32> = (0..n_slots as u32).collect();
    let mut slot_of = vec![ABSENT; n_one_hot];
    for slot in 0..n_slots {
        for &index in &slots[slot * n_rows..(slot + 1) * n_rows] {
            let Some(owner) = slot_of.get_mut(index as usize) else { continue };
            if *owner == ABSENT {
                *owner = slot as u32;
                continue;
            }
            let (here, there) = (group_of_slot[slot], group_of_slot[*owner as usize]);
            if here != there {
                group_of_slot.iter_mut().filter(|group| **group == here).for_each(|group| *group = there);
            }
        }
    }
    let mut groups: Vec<Group> = (0..n_slots).map(|_| Group::default()).collect();
    for (slot, &group) in group_of_slot.iter().enumerate() {
        groups[group as usize].slots.push(slot);
    }
    let mut group_of = vec![ABSENT; n_one_hot];
    for (feature, &slot) in slot_of.iter().enumerate().filter(|(_, slot)| **slot != ABSENT) {
        group_of[feature] = group_of_slot[slot as usize];
        groups[group_of[feature] as usize].members.push(feature as u32);
    }
    (groups, group_of)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::NONE;

    #[test]
    fn ranks_follow_the_values_and_thresholds_lie_halfway() {
        let matrix = Matrix::from_dense(&array![[3.0], [-1.5], [-0.0], [0.0], [3.0]]).unwrap();
        let columns = Columns::ranked(&matrix, SlotOrder::ByRow);
        assert_eq!(columns.all.column(0), [2, 0, 1, 1, 2]);
        assert_eq!(columns.threshold(0, 0, 1), -0.75);
        assert_eq!(columns.threshold(0, 0, 2), 0.75);
    }

    #[test]
    fn a_threshold_between_neighbouring_floats_keeps_them_apart() {
        let high = 1.0e9_f32.next_up();
        let matrix = Matrix::from_dense(&array![[1.0e9], [high as f64]]).unwrap();
        let threshold = Columns::ranked(&matrix, SlotOrder::ByRow).threshold(0, 0, 1);
        assert!(threshold >= 1.0e9 && threshold < high);
    }

    #[test]
    fn slots_that_share_a_feature_form_one_group() {
        let one_hot = array![[0, 3, 5], [1, 4, 0], [2, NONE, 6]];
        let matrix = Matrix::new(&ndarray::Array2::zeros((3, 0)), &one_hot, 8).unwrap();
        let columns = Columns::raw(&matrix, SlotOrder::ByColumn);
        let group = columns.group_of(0) as usize;
        assert_eq!(columns.groups[group].slots, [0, 2]);
        assert_eq!(columns.groups[group].members, [0, 1, 2, 5, 6]);
        assert_eq!(columns.group_of(7), ABSENT);
    }
}
