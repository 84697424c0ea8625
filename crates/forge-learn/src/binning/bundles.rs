//! Puts features of two values that are never both rare in one row into one stored column: the exclusive feature bundling
//! of Ke et al., "`LightGBM`", 2017, section 4, without conflicts.
//!
//! A one-hot block that arrives as numbers takes one column instead of one per level that way, and one histogram gives the
//! splits of all of them.

use super::columns::{Codes, Columns};

/// Open bundles a feature is tried against, latest first.
const TRIED: usize = 16;
/// Code 0 stands for "common in all features of the bundle".
const LARGEST: usize = 255;

/// A feature of two values by the rows that have the rarer one.
#[derive(Clone, Debug)]
pub(super) struct Rare {
    /// Anything that tells the owner which feature it was.
    pub(super) tag: usize,
    /// The rows, ascending.
    pub(super) rows: Vec<u32>,
}

/// Where a feature went: rows with `code` in `column` have its rarer value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bundled {
    /// The tag it came with.
    pub(super) tag: usize,
    /// Number of the stored column.
    pub(super) column: usize,
    /// The code of its rarer value.
    pub(super) code: usize,
}

/// Stores all features in as few columns as a greedy pass finds.
pub(super) fn bundle(features: Vec<Rare>, n_rows: usize, columns: &mut Columns) -> Vec<Bundled> {
    let mut open: Vec<(Vec<u8>, usize)> = Vec::new();
    let mut places = Vec::with_capacity(features.len());
    for Rare { tag, rows } in features {
        let fits = |(codes, n): &(Vec<u8>, usize)| *n < LARGEST && rows.iter().all(|&row| codes[row as usize] == 0);
        let oldest = open.len().saturating_sub(TRIED);
        let at = open[oldest..].iter().position(fits).map_or_else(
            || {
                open.push((vec![0; n_rows], 0));
                open.len() - 1
            },
            |at| at + oldest,
        );
        let (codes, n) = &mut open[at];
        *n += 1;
        rows.iter().for_each(|&row| codes[row as usize] = *n as u8);
        places.push((tag, at, *n));
    }
    let numbers: Vec<usize> = open.into_iter().map(|(codes, n)| columns.push(Codes::Narrow(codes), n + 1)).collect();
    places.into_iter().map(|(tag, at, code)| Bundled { tag, column: numbers[at], code }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_share_a_column_unless_a_row_has_both() {
        let rare = |tag, rows: &[u32]| Rare { tag, rows: rows.to_vec() };
        let mut columns = Columns::default();
        let places = bundle(vec![rare(0, &[0, 2]), rare(1, &[1]), rare(2, &[2, 3]), rare(3, &[3])], 5, &mut columns);
        let at = |tag, column, code| Bundled { tag, column, code };
        assert_eq!(places, [at(0, 0, 1), at(1, 0, 2), at(2, 1, 1), at(3, 0, 3)]);
        assert_eq!((columns.column(0).n_codes, columns.column(1).n_codes), (4, 2));
    }

    #[test]
    fn a_full_bundle_makes_room_for_another() {
        let features = (0..300).map(|tag| Rare { tag, rows: vec![tag as u32] }).collect();
        let mut columns = Columns::default();
        let places = bundle(features, 300, &mut columns);
        assert_eq!((places[254].code, places[255].code), (255, 1));
        assert_eq!(columns.column(0).n_codes, 256);
    }
}
