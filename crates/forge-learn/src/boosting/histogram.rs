//! The sums of derivatives and the number of rows per code, for all columns.

use std::sync::Mutex;

use super::gradients::{Entry, add, minus};
use crate::Host;
use crate::binning::{Block, Columns};

/// Codes read from which a histogram is worth cutting among the host's threads.
const WORTH_SHARING: usize = 1 << 17;

/// Sums of all columns, each code at its column's `first` place.
pub(super) type Histogram = Vec<Entry>;

/// Fills `out` with the histogram of `rows`, whose derivatives stand in `ordered` in their order.
pub(super) fn build(columns: &Columns, rows: &[u32], ordered: &[Entry], out: &mut [Entry], host: &dyn Host) {
    let blocks = columns.blocks();
    if blocks.len() < 2 || rows.len() * blocks.len() * 4 < WORTH_SHARING {
        let mut rest = out;
        for block in blocks {
            let (part, after) = rest.split_at_mut(block.n_entries());
            of_block(block, rows, ordered, part);
            rest = after;
        }
        return;
    }
    let mut parts = Vec::with_capacity(blocks.len());
    let mut rest = out;
    for block in blocks {
        let (part, after) = rest.split_at_mut(block.n_entries());
        parts.push(Mutex::new(part));
        rest = after;
    }
    host.run_units(blocks.len(), &|i| {
        if let Ok(mut part) = parts[i].lock() {
            of_block(&blocks[i], rows, ordered, &mut part);
        }
    });
}

/// Turns the histogram of a node into that of one child by taking away the other's.
pub(super) fn subtract(node: &mut [Entry], child: &[Entry]) {
    node.iter_mut().zip(child).for_each(|(sum, &part)| *sum = minus(*sum, part));
}

fn of_block(block: &Block, rows: &[u32], ordered: &[Entry], out: &mut [Entry]) {
    match block {
        Block::Wide { codes, .. } => {
            out.fill([0, 0]);
            for (&row, &entry) in rows.iter().zip(ordered) {
                add(&mut out[codes[row as usize] as usize], entry);
            }
        }
        Block::Quad { n_codes, codes } => match *n_codes.as_slice() {
            [a] => quad::<1>([a], codes, (rows, ordered), out),
            [a, b] => quad([a, b], codes, (rows, ordered), out),
            [a, b, c] => quad([a, b, c], codes, (rows, ordered), out),
            [a, b, c, d] => quad([a, b, c, d], codes, (rows, ordered), out),
            _ => {}
        },
    }
}

/// The histograms of `N` columns, summed in tables of full size so that no code can be out of range.
fn quad<const N: usize>(
    n_codes: [usize; N],
    codes: &[[u8; 4]],
    (rows, ordered): (&[u32], &[Entry]),
    out: &mut [Entry],
) {
    let mut tables = [[[0_i64; 2]; 256]; N];
    for (&row, &entry) in rows.iter().zip(ordered) {
        let word = codes[row as usize];
        for lane in 0..N {
            add(&mut tables[lane][usize::from(word[lane])], entry);
        }
    }
    let mut rest = out;
    for (table, n) in tables.iter().zip(n_codes) {
        let (part, after) = rest.split_at_mut(n);
        part.copy_from_slice(&table[..n]);
        rest = after;
    }
}
