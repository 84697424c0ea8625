//! Label issues in multi-class data: confident learning (Northcutt, Jiang and Chuang, 2021, "Confident Learning:
//! Estimating Uncertainty in Dataset Labels", JAIR 70) as in cleanlab's `count`, `filter`, `rank` and `dataset`.

#[cfg(feature = "tasks")]
pub mod clean_learning;
pub mod count;
#[cfg(feature = "tasks")]
pub mod cross_validated;
pub mod filter;
pub mod inspector;
pub mod multilabel_count;
pub mod rank;
pub mod summary;

pub(crate) mod latent;
mod leads;
pub(crate) mod order;
mod prune;
mod rounding;
mod scan;

/// The first column with the largest value, NumPy's `argmax`: NaN counts as largest.
pub(crate) fn argmax(row: &[f64]) -> usize {
    let (mut best, mut highest) = (0, row.first().copied().unwrap_or(f64::NAN));
    for (column, &value) in row.iter().enumerate().skip(1) {
        if value > highest || (value.is_nan() && !highest.is_nan()) {
            (best, highest) = (column, value);
        }
    }
    best
}
