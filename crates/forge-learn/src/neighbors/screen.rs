//! Brute force in two steps: every row is measured in single precision, many at a time, and only rows that may be near
//! enough are measured again as [`super::Metric::key`] says.
//!
//! Rows are shifted to their mean and scaled to lengths of at most 1 (not for the cosine distance). With u and v the
//! rows so changed, half the squared distance is ½|u|² + ½|v|² − u·v, and single precision gives u·v to within
//! δ(|u|² + |v|²), δ = (columns + 8) · 2⁻²⁴ (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1). A row
//! is dropped only where its distance less that error is beyond the k-th. So neither the vector unit nor fused
//! multiplication can change a result.

use super::nearest::Nearest;
use super::{Metric, NearestNeighbors, Query};
use crate::{Host, LearnError};

/// Rows measured together.
const WIDTH: usize = 16;
/// Panels that are gone through for all queries of a block before the next: 512 rows, which stay in the cache.
const TILE: usize = 32;
/// Queries further out than this many times the rows' extent are measured without screening: single precision ends.
const FURTHEST: f64 = 1e15;
/// More than what numbers too small for single precision add up to.
const UNDERFLOW: f64 = 1e-20;

/// The rows in single precision, [`WIDTH`] rows together, column by column.
#[derive(Debug)]
pub(super) struct Panels {
    values: Vec<[f32; WIDTH]>,
    /// ½|v|² less its share of the error, per row; infinite beyond the last.
    offsets: Vec<[f32; WIDTH]>,
    center: Vec<f64>,
    scale: f64,
    error: f64,
    metric: Metric,
}

/// A query and the nearest rows found so far.
struct Seeker<'a> {
    query: Query<'a>,
    /// |u|² of the changed query.
    length: f64,
    nearest: Nearest,
}

impl Panels {
    pub(super) fn new(rows: &[f64], n_columns: usize, metric: Metric) -> Self {
        let n = rows.len() / n_columns.max(1);
        let (mut center, mut scale) = (vec![0.0; n_columns], 1.0);
        if metric == Metric::Euclidean {
            for row in rows.chunks_exact(n_columns) {
                center.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / n as f64);
            }
            let gaps = |row| std::iter::zip(row, &center).map(|(value, middle): (&f64, &f64)| (value - middle).abs());
            let extent = rows.chunks_exact(n_columns).flat_map(gaps).fold(0.0, f64::max);
            if extent > 0.0 {
                scale = extent * (n_columns as f64).sqrt();
            }
        }
        let error = (n_columns + 8) as f64 * f64::from(f32::EPSILON) / 2.0;
        let mut panels = Self { values: vec![], offsets: vec![], center, scale, error, metric };
        for chunk in rows.chunks(WIDTH * n_columns) {
            let mut offsets = [f32::INFINITY; WIDTH];
            let mut columns = vec![[0.0; WIDTH]; n_columns];
            for (w, (row, offset)) in chunk.chunks_exact(n_columns).zip(&mut offsets).enumerate() {
                let mut length = 0.0;
                for (column, value) in columns.iter_mut().zip(panels.changed(row)) {
                    length += value * value;
                    if let Some(place) = column.get_mut(w) {
                        *place = value as f32;
                    }
                }
                let half = if metric == Metric::Euclidean { 0.5 * length } else { 0.0 };
                *offset = ((half - error * length) as f32).next_down();
            }
            panels.values.extend(columns);
            panels.offsets.push(offsets);
        }
        panels
    }

    fn changed(&self, row: &[f64]) -> impl Iterator<Item = f64> {
        row.iter().zip(&self.center).map(|(value, middle)| (value - middle) / self.scale)
    }

    /// What `offset − u·v` must not exceed for a row to be worth measuring.
    fn threshold(&self, seeker: &Seeker<'_>) -> f32 {
        let limit = seeker.nearest.limit();
        let exact = match self.metric {
            Metric::Euclidean => 0.5 * (limit / self.scale / self.scale - seeker.length),
            Metric::Cosine => limit - 1.0,
        };
        ((exact + self.error * seeker.length + UNDERFLOW) as f32).next_up()
    }

    /// A query ready to be screened, unless it lies too far out.
    fn seeker<'a>(&self, query: Query<'a>, k: usize) -> Option<Seeker<'a>> {
        let furthest = self.changed(query.values).fold(0.0, |most: f64, value| most.max(value.abs()));
        let length = self.changed(query.values).fold(0.0, |sum, value| sum + value * value);
        (furthest <= FURTHEST).then(|| Seeker { query, length, nearest: Nearest::new(k) })
    }

    /// The `k` nearest rows of each query.
    pub(super) fn nearest(
        &self,
        queries: &[Query<'_>],
        k: usize,
        index: &NearestNeighbors,
        host: &dyn Host,
    ) -> Result<Vec<Nearest>, LearnError> {
        let mut seekers: Vec<Result<Seeker<'_>, Nearest>> =
            queries.iter().map(|&query| self.seeker(query, k).ok_or_else(|| index.scan(query, k))).collect();
        let mut screened: Vec<&mut Seeker<'_>> = seekers.iter_mut().filter_map(|seeker| seeker.as_mut().ok()).collect();
        for tile in 0..self.offsets.len().div_ceil(TILE) {
            if host.cancelled() {
                return Err(LearnError::Cancelled);
            }
            self.sweep_tile(tile, &mut screened, index);
        }
        Ok(seekers.into_iter().map(|seeker| seeker.map_or_else(|nearest| nearest, |found| found.nearest)).collect())
    }

    #[cfg(target_arch = "x86_64")]
    fn sweep_tile(&self, tile: usize, seekers: &mut [&mut Seeker<'_>], index: &NearestNeighbors) {
        if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
            #[expect(unsafe_code, reason = "calls a function compiled for AVX2 and FMA")]
            // SAFETY: the processor has just been found to have both.
            unsafe {
                self.sweep_with_avx2(tile, seekers, index);
            }
        } else {
            self.sweep::<2, false>(tile, seekers, index);
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn sweep_tile(&self, tile: usize, seekers: &mut [&mut Seeker<'_>], index: &NearestNeighbors) {
        self.sweep::<2, false>(tile, seekers, index);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn sweep_with_avx2(&self, tile: usize, seekers: &mut [&mut Seeker<'_>], index: &NearestNeighbors) {
        self.sweep::<4, true>(tile, seekers, index);
    }

    /// Offers the rows of one tile to every seeker, `Q` seekers at a time.
    #[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
    #[inline(always)]
    fn sweep<const Q: usize, const FUSED: bool>(
        &self,
        tile: usize,
        seekers: &mut [&mut Seeker<'_>],
        index: &NearestNeighbors,
    ) {
        let d = self.center.len();
        let panels = (tile * TILE)..((tile + 1) * TILE).min(self.offsets.len());
        let values = self.values.get(panels.start * d..panels.end * d).unwrap_or_default();
        let offsets = self.offsets.get(panels.clone()).unwrap_or_default();
        let mut packed = vec![[0.0_f32; Q]; d];
        for group in seekers.chunks_mut(Q) {
            let mut thresholds = [f32::NEG_INFINITY; Q];
            for (q, seeker) in group.iter().enumerate() {
                for (place, value) in packed.iter_mut().zip(self.changed(seeker.query.values)) {
                    place[q] = value as f32;
                }
                thresholds[q] = self.threshold(seeker);
            }
            for (p, (panel, offsets)) in values.chunks_exact(d).zip(offsets).enumerate() {
                let dots = products::<Q, FUSED>(panel, &packed);
                for (q, seeker) in group.iter_mut().enumerate() {
                    let mut any = false;
                    for (offset, dot) in offsets.iter().zip(&dots[q]) {
                        any |= offset - dot <= thresholds[q];
                    }
                    if any {
                        for (w, (offset, dot)) in offsets.iter().zip(&dots[q]).enumerate() {
                            if offset - dot <= thresholds[q] {
                                seeker.measure(((panels.start + p) * WIDTH + w) as u32, index);
                            }
                        }
                        thresholds[q] = self.threshold(seeker);
                    }
                }
            }
        }
    }
}

impl Seeker<'_> {
    /// Measures a row in full and keeps it if it is among the nearest.
    #[inline(never)]
    fn measure(&mut self, row: u32, index: &NearestNeighbors) {
        if (row as usize) < index.n_rows() && self.query.own != Some(row) {
            self.nearest.offer(index.metric().key(self.query.values, index.row(row as usize)), row);
        }
    }
}

/// The products of a panel's rows with `Q` queries.
#[expect(clippy::inline_always, reason = "it must be compiled for the vector unit of its caller")]
#[inline(always)]
fn products<const Q: usize, const FUSED: bool>(panel: &[[f32; WIDTH]], queries: &[[f32; Q]]) -> [[f32; WIDTH]; Q] {
    let mut sums = [[0.0_f32; WIDTH]; Q];
    for (column, values) in panel.iter().zip(queries) {
        for (sums, &x) in sums.iter_mut().zip(values) {
            for (sum, &y) in sums.iter_mut().zip(column) {
                *sum = if FUSED { x.mul_add(y, *sum) } else { *sum + x * y };
            }
        }
    }
    sums
}
