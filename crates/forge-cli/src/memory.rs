//! How much memory a table will need, told before it is read: better a figure than a machine that swaps.
//!
//! The estimate adds the text, which is kept to write files back, the typed columns, the encoded features (the distances
//! of checks are measured in at most 50 dimensions), and what each row needs for predictions and neighbours.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, bail};

/// Bytes that are looked at to tell how long rows are.
const SAMPLE: u64 = 1 << 20;
/// Smaller files are never refused.
const SMALL: u64 = 64 << 20;
/// Per row: where it stands, its label and predictions, ten neighbours with distances for each of several checks.
const PER_ROW: f64 = 900.0;
/// Per row and column: the value and its name in a dictionary, and its encoded forms for the model.
const PER_CELL: f64 = 24.0;
/// Dimensions in which distances are measured at most, and the bytes of a coordinate.
const DIMENSIONS: f64 = 50.0;
const COORDINATE: f64 = 8.0;

/// The memory that text of `n_bytes` with `n_rows` rows of `n_columns` columns needs, in bytes.
fn needed(n_bytes: u64, n_rows: f64, n_columns: f64) -> f64 {
    let features = DIMENSIONS.min(n_columns * 4.0) * COORDINATE;
    n_bytes as f64 * 2.0 + n_rows * (PER_ROW + n_columns * PER_CELL + features)
}

/// Refuses a text table that would need more than `limit` bytes. Compressed files and binary formats are not judged
/// before they are read.
pub(crate) fn check(path: &Path, limit: u64) -> anyhow::Result<()> {
    let n_bytes = std::fs::metadata(path).map_or(0, |found| found.len());
    if n_bytes < SMALL {
        return Ok(());
    }
    let mut start = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(SAMPLE).read_to_end(&mut start).with_context(|| format!("cannot read {}", path.display()))?;
    if start.contains(&0) || start.starts_with(&[0x1f, 0x8b]) {
        return Ok(());
    }
    let pieces = |byte: u8| start.split(|&other| other == byte).count() - 1;
    let n_lines = pieces(b'\n').max(1) as f64;
    let n_fields = [b',', b';', b'\t', b'|'].map(pieces).into_iter().max().unwrap_or(0);
    let n_columns = n_fields as f64 / n_lines + 1.0;
    let n_rows = n_bytes as f64 / (start.len() as f64 / n_lines);
    let needed = needed(n_bytes, n_rows, n_columns);
    if needed > limit as f64 {
        let gigabytes = |bytes: f64| bytes / 1e9;
        bail!(
            "{} would need about {:.1} GB of memory ({:.0} rows, {:.0} columns), more than the {:.1} GB allowed: \
             allow it with --max-memory {:.0}, or take a part of the file",
            path.display(),
            gigabytes(needed),
            n_rows,
            n_columns,
            gigabytes(limit as f64),
            gigabytes(needed).ceil()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_grows_with_rows_and_columns() {
        assert!(needed(1 << 30, 1e7, 10.0) > 4e9);
        assert!(needed(200 << 20, 1.6e6, 15.0) < 4e9);
        assert!(needed(1 << 20, 1e4, 50.0) < needed(1 << 20, 1e4, 100.0));
    }
}
