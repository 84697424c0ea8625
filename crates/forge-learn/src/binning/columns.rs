//! How codes lie in memory: four columns side by side, and columns of more than 256 codes by themselves.
//!
//! A pass over rows then fetches four codes at once, and the four sums it adds to do not wait for each other.

/// Where a stored column is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// Place of its block among all blocks, and of the column within the block.
    block: usize,
    lane: usize,
    /// Codes lie below this.
    pub(crate) n_codes: usize,
    /// Place of code 0 in a histogram over all columns.
    pub(crate) first: usize,
}

/// Columns whose histograms are made in one pass over the rows.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// Up to four columns of at most 256 codes.
    Quad {
        /// Number of codes of each column in use, by lane.
        n_codes: Vec<usize>,
        /// The codes of each row, 0 in lanes not in use.
        codes: Vec<[u8; 4]>,
    },
    /// One column of more codes.
    Wide {
        /// Number of codes.
        n_codes: usize,
        /// The code of each row.
        codes: Vec<u32>,
    },
}

impl Block {
    /// Entries of the histograms of the block.
    pub(crate) fn n_entries(&self) -> usize {
        match self {
            Self::Quad { n_codes, .. } => n_codes.iter().sum(),
            Self::Wide { n_codes, .. } => *n_codes,
        }
    }
}

/// The codes of one column, one per row.
#[derive(Clone, Debug)]
pub(super) enum Codes {
    /// Codes up to 255.
    Narrow(Vec<u8>),
    /// Larger codes.
    Wide(Vec<u32>),
}

/// The codes of all rows in all columns.
///
/// *Invariant*: a code lies below the `n_codes` of its column; histograms of blocks follow each other in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    places: Vec<Column>,
    blocks: Vec<Block>,
    n_entries: usize,
}

impl Columns {
    /// Appends a column of codes below `n_codes`; returns its number.
    pub(super) fn push(&mut self, codes: Codes, n_codes: usize) -> usize {
        let lane = match codes {
            Codes::Wide(codes) => {
                self.blocks.push(Block::Wide { n_codes, codes });
                0
            }
            Codes::Narrow(column) => {
                if let Some(Block::Quad { n_codes: counts, codes }) = self.blocks.last_mut()
                    && counts.len() < 4
                {
                    let lane = counts.len();
                    counts.push(n_codes);
                    codes.iter_mut().zip(column).for_each(|(word, code)| word[lane] = code);
                    lane
                } else {
                    let codes = column.into_iter().map(|code| [code, 0, 0, 0]).collect();
                    self.blocks.push(Block::Quad { n_codes: vec![n_codes], codes });
                    0
                }
            }
        };
        self.places.push(Column { block: self.blocks.len() - 1, lane, n_codes, first: self.n_entries });
        self.n_entries += n_codes;
        self.places.len() - 1
    }

    /// The blocks in order of their histograms.
    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Entries of a histogram over all columns.
    pub(crate) fn n_entries(&self) -> usize {
        self.n_entries
    }

    /// The column of a number that [`Columns::push`] returned.
    pub(crate) fn column(&self, number: usize) -> &Column {
        &self.places[number]
    }

    /// Moves the rows whose code in column `number` is marked in `goes_left` to the front, keeping the order within both
    /// parts; returns how many they are. `buffer` is as long as `rows` or longer.
    pub(crate) fn partition(&self, number: usize, goes_left: &[bool], rows: &mut [u32], buffer: &mut [u32]) -> usize {
        let Column { block, lane, .. } = self.places[number];
        match &self.blocks[block] {
            Block::Quad { codes, .. } => {
                let mut table = [false; 256];
                table.iter_mut().zip(goes_left).for_each(|(entry, &left)| *entry = left);
                partition(rows, buffer, |row| table[usize::from(codes[row as usize][lane & 3])])
            }
            Block::Wide { codes, .. } => partition(rows, buffer, |row| goes_left[codes[row as usize] as usize]),
        }
    }
}

/// A stable partition without a branch on the outcome.
fn partition(rows: &mut [u32], buffer: &mut [u32], goes_left: impl Fn(u32) -> bool) -> usize {
    let buffer = &mut buffer[..rows.len()];
    let (mut n_left, mut n_right) = (0, 0);
    for i in 0..rows.len() {
        let row = rows[i];
        let left = goes_left(row);
        rows[n_left] = row;
        buffer[n_right] = row;
        n_left += usize::from(left);
        n_right += usize::from(!left);
    }
    rows[n_left..].copy_from_slice(&buffer[..n_right]);
    n_left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_parted_in_order_whatever_the_width_of_their_codes() {
        let mut columns = Columns::default();
        for lane in 0..5_u8 {
            columns.push(Codes::Narrow((0..6).map(|row| (row + lane) % 3).collect()), 3);
        }
        let wide = columns.push(Codes::Wide(vec![300, 7, 300, 0, 7, 299]), 301);
        assert_eq!(columns.blocks().len(), 3);
        assert_eq!(columns.n_entries(), 5 * 3 + 301);
        assert_eq!(columns.column(wide).first, 15);
        let parted = |number: usize, left: &[usize]| {
            let mut goes_left = vec![false; 301];
            left.iter().for_each(|&code| goes_left[code] = true);
            let (mut rows, mut buffer) = ([0, 1, 2, 3, 4, 5], [0; 6]);
            let n_left = columns.partition(number, &goes_left, &mut rows, &mut buffer);
            (n_left, rows)
        };
        assert_eq!(parted(4, &[1]), (2, [0, 3, 1, 2, 4, 5]));
        assert_eq!(parted(wide, &[7, 300]), (4, [0, 1, 2, 4, 3, 5]));
        assert_eq!(parted(wide, &[]), (0, [0, 1, 2, 3, 4, 5]));
    }
}
