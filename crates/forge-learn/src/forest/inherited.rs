//! The sums of all one-hot features of a node, from those of its parent.
//!
//! Of the two children of a split the smaller is counted, and the larger has what remains of the parent's sums: over a
//! tree far fewer rows are counted than nodes hold. Only for sums that are exact.

use super::columns::{Columns, Store};
use super::target::Target;

/// Makes sums of one-hot features and keeps bins for reuse.
pub(super) struct Inherited<T: Target> {
    target: T,
    n_one_hot: usize,
    n_slots: usize,
    is_used: bool,
    spare: Vec<T::Bins>,
}

/// Rows of a node and what they bring.
pub(super) type Part<'a, T> = (&'a [u32], &'a [<T as Target>::Item]);

impl<T: Target> Inherited<T> {
    /// `is_used` says whether nodes look at enough features for it to pay.
    pub(super) fn new<V: Copy>(target: &T, columns: &Columns<V>, is_used: bool) -> Self {
        let (n_one_hot, n_slots) = (columns.n_one_hot(), columns.n_slots);
        let is_used = is_used && T::IS_EXACT && n_slots > 0 && columns.all.has_levels();
        Self { target: target.clone(), n_one_hot, n_slots, is_used, spare: Vec::new() }
    }

    /// Whether a node of so many rows should have its sums.
    pub(super) fn pays(&self, n_rows: usize) -> bool {
        self.is_used && n_rows > FEW_ROWS && 2 * n_rows * self.n_slots >= self.n_one_hot
    }

    /// The sums of rows.
    pub(super) fn count<V: Copy>(&mut self, store: &Store<V>, (rows, items): Part<'_, T>) -> T::Bins {
        // Rows without a level go to the last bin, which nobody reads.
        let n_bins = self.n_one_hot + 1;
        let mut bins = self.spare.pop().unwrap_or_else(|| self.target.bins(n_bins));
        T::empty(&mut bins, 0..n_bins);
        for (&row, &item) in rows.iter().zip(items) {
            for &level in store.levels(row as usize) {
                T::put(&mut bins, level as usize, item);
            }
        }
        bins
    }

    /// The sums of the two children of a node, for those that `wanted` says have use for them.
    pub(super) fn pass_on<V: Copy>(
        &mut self,
        mut parent: T::Bins,
        wanted: [bool; 2],
        store: &Store<V>,
        children: [Part<'_, T>; 2],
    ) -> [Option<T::Bins>; 2] {
        if wanted == [false, false] {
            self.spare.push(parent);
            return [None, None];
        }
        let smaller = usize::from(children[1].0.len() < children[0].0.len());
        let counted = self.count(store, children[smaller]);
        T::subtract(&mut parent, &counted);
        let mut of_children = [Some(counted), Some(parent)];
        if smaller == 1 {
            of_children.reverse();
        }
        for (sums, wanted) in of_children.iter_mut().zip(wanted) {
            if !wanted {
                self.spare.extend(sums.take());
            }
        }
        of_children
    }

    /// Takes back bins no node has use for any more.
    pub(super) fn give_back(&mut self, bins: Option<T::Bins>) {
        self.spare.extend(bins);
    }
}

/// Rows of a node whose levels are compared one by one.
pub(super) const FEW_ROWS: usize = 8;

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::forest::columns::SlotOrder;
    use crate::forest::target::Counts;
    use crate::{Matrix, NONE};

    #[test]
    fn children_have_the_sums_of_their_rows() {
        let one_hot = Array2::from_shape_fn((40, 2), |(i, j)| match (i * (3 + j)) % 7 {
            6 => NONE,
            level => (level + 6 * j) as u32,
        });
        let columns = Columns::raw(&Matrix::new(&Array2::zeros((40, 0)), &one_hot, 12).unwrap(), SlotOrder::ByRow);
        let rows: Vec<u32> = (0..40).collect();
        let items: Vec<u64> =
            (0..40).map(|i| Counts::default().item(f64::from(i % 2), 1.0 + f64::from(i % 3))).collect();
        let mut inherited = Inherited::new(&Counts::default(), &columns, true);
        for middle in [11, 29] {
            let children = [(&rows[..middle], &items[..middle]), (&rows[middle..], &items[middle..])];
            let parent = inherited.count(&columns.all, (&rows, &items));
            let passed = inherited.pass_on(parent, [true, true], &columns.all, children);
            for (passed, child) in passed.into_iter().zip(children) {
                assert_eq!(passed.unwrap(), inherited.count(&columns.all, child));
            }
        }
    }
}
