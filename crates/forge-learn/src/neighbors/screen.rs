//! Brute force in two steps: every row is measured in single precision, many at a time, and only rows that may be near
//! enough are kept and in the end measured again as [`super::Metric::key`] says.
//!
//! Rows are shifted to their mean and scaled to lengths of at most 1 (not for the cosine distance). With u and v the
//! rows so changed, half the squared distance is ½|u|² + ½|v|² − u·v, and single precision gives u·v to within
//! δ(|u|² + |v|²), δ = (columns + 8) · 2⁻²⁴ (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1). A row
//! is dropped only where its distance less that error is beyond the k-th smallest of the others with theirs. So neither
//! the vector unit nor fused multiplication can change a result.

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
/// Rows a query keeps beyond twice its neighbours before it looks which it still needs.
const ROOM: usize = 64;

/// The rows in single precision, [`WIDTH`] rows together, column by column.
#[derive(Debug)]
pub(super) struct Panels {
    values: Vec<[f32; WIDTH]>,
    /// ½|v|² less its share of the error, per row; NaN, which is below no threshold, beyond the last.
    offsets: Vec<[f32; WIDTH]>,
    center: Vec<f64>,
    scale: f64,
    error: f64,
    /// Largest |v|².
    radius: f64,
    metric: Metric,
}

/// A query and the rows that may be its nearest.
///
/// *Invariant*: each of its nearest rows among those gone through is in `pending` or `nearest`.
struct Seeker<'a> {
    query: Query<'a>,
    /// |u|² of the changed query.
    length: f64,
    k: usize,
    /// Rows with `offset − u·v`, not yet measured in full.
    pending: Vec<(f32, u32)>,
    /// What `offset − u·v` must not exceed for a row to be worth keeping.
    threshold: f32,
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
        let mut panels = Self { values: vec![], offsets: vec![], center, scale, error, radius: 0.0, metric };
        for chunk in rows.chunks(WIDTH * n_columns) {
            let mut offsets = [f32::NAN; WIDTH];
            let mut columns = vec![[0.0; WIDTH]; n_columns];
            for (w, (row, offset)) in chunk.chunks_exact(n_columns).zip(&mut offsets).enumerate() {
                let mut length = 0.0;
                for (column, value) in columns.iter_mut().zip(panels.changed(row)) {
                    length += value * value;
                    if let Some(place) = column.get_mut(w) {
                        *place = value as f32;
                    }
                }
                panels.radius = panels.radius.max(length);
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

    /// The threshold that the k-th nearest row measured in full allows.
    fn threshold(&self, seeker: &Seeker<'_>) -> f32 {
        let limit = seeker.nearest.limit();
        let exact = match self.metric {
            Metric::Euclidean => 0.5 * (limit / self.scale / self.scale - seeker.length),
            Metric::Cosine => limit - 1.0,
        };
        ((exact + self.error * seeker.length + UNDERFLOW) as f32).next_up()
    }

    /// Lowers the threshold of a seeker to what its pending rows allow, and drops those beyond.
    ///
    /// `offset − u·v` falls short of the true value by up to δ(|u|² + 2|v|²) and is above it by up to δ|u|²; a third share
    /// covers the rounding of the offset and of the difference.
    fn prune(&self, seeker: &mut Seeker<'_>) {
        let Some(last) = seeker.k.checked_sub(1).filter(|&last| last < seeker.pending.len()) else {
            return;
        };
        let kth = seeker.pending.select_nth_unstable_by(last, |a, b| a.0.total_cmp(&b.0)).1.0;
        let margin = 3.0 * self.error * (self.radius + seeker.length) + UNDERFLOW;
        let threshold = ((f64::from(kth) + margin) as f32).next_up();
        seeker.threshold = seeker.threshold.min(threshold);
        seeker.pending.retain(|&(value, _)| value <= seeker.threshold);
    }

    /// Makes room among the pending rows, if need be by measuring them, as where many rows are alike.
    #[inline(never)]
    fn make_room(&self, seeker: &mut Seeker<'_>, index: &NearestNeighbors) {
        self.prune(seeker);
        if seeker.pending.len() > seeker.room() / 2 {
            seeker.measure_pending(index);
            seeker.threshold = seeker.threshold.min(self.threshold(seeker));
        }
    }

    /// A query ready to be screened, unless it lies too far out.
    fn seeker<'a>(&self, query: Query<'a>, k: usize) -> Option<Seeker<'a>> {
        let furthest = self.changed(query.values).fold(0.0, |most: f64, value| most.max(value.abs()));
        let length = self.changed(query.values).fold(0.0, |sum, value| sum + value * value);
        (furthest <= FURTHEST).then(|| Seeker {
            query,
            length,
            k,
            pending: Vec::new(),
            threshold: f32::INFINITY,
            nearest: Nearest::new(k),
        })
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
        for seeker in screened {
            self.prune(seeker);
            seeker.measure_pending(index);
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
                thresholds[q] = seeker.threshold;
            }
            for (p, (panel, offsets)) in values.chunks_exact(d).zip(offsets).enumerate() {
                let mut sums = products::<Q, FUSED>(panel, &packed);
                for ((sums, threshold), q) in sums.iter_mut().zip(&mut thresholds).zip(0..) {
                    let mut any = false;
                    for (sum, offset) in sums.iter_mut().zip(offsets) {
                        *sum = offset - *sum;
                        any |= *sum <= *threshold;
                    }
                    if any && let Some(seeker) = group.get_mut(q) {
                        seeker.keep(sums, ((panels.start + p) * WIDTH) as u32);
                        if seeker.pending.len() > seeker.room() {
                            self.make_room(seeker, index);
                            *threshold = seeker.threshold;
                        }
                    }
                }
            }
        }
    }
}

impl Seeker<'_> {
    /// Pending rows from which on it pays to look which are still needed.
    fn room(&self) -> usize {
        2 * self.k + ROOM
    }

    /// Keeps the rows from `first` on that may be among the nearest.
    #[inline(never)]
    fn keep(&mut self, values: &mut [f32; WIDTH], first: u32) {
        let own = self.query.own.and_then(|own| own.checked_sub(first));
        if let Some(value) = own.and_then(|own| values.get_mut(own as usize)) {
            *value = f32::NAN;
        }
        // Without a branch per row, which no processor could foretell.
        let (mut kept, mut n_kept) = ([(0.0, 0); WIDTH], 0);
        for (&value, row) in values.iter().zip(first..) {
            kept[n_kept % WIDTH] = (value, row);
            n_kept += usize::from(value <= self.threshold);
        }
        self.pending.extend_from_slice(kept.get(..n_kept).unwrap_or_default());
    }

    /// Measures the pending rows in full and keeps those among the nearest.
    fn measure_pending(&mut self, index: &NearestNeighbors) {
        for &(_, row) in &self.pending {
            self.nearest.offer(index.metric().key(self.query.values, index.row(row as usize)), row);
        }
        self.pending.clear();
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
