//! Resizing as Pillow 13 does it, to the last bit: each output pixel is a weighted sum over the input pixels that its
//! filter reaches, in fixed point, along the rows and along the columns, rounded to a byte between the two.

use std::f64::consts::PI;
use std::sync::{Arc, Mutex};

use super::plane::Plane;

/// What a weight is multiplied by before it is rounded to a whole number (Pillow: `PRECISION_BITS` is 32 − 8 − 2).
const PRECISION_BITS: u32 = 22;

/// The part of a weight that its low half holds.
const LOW_BITS: u32 = 12;

/// Weights are laid out in groups of this many.
const LANES: usize = 8;

/// How much an input pixel counts by its distance from the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    /// Keys' cubic convolution with a = −1/2.
    Bicubic,
    /// sinc(x) sinc(x/3) within three pixels.
    Lanczos,
}

impl Filter {
    /// How far it reaches, in output pixels when shrinking.
    fn support(self) -> f64 {
        match self {
            Self::Bicubic => 2.0,
            Self::Lanczos => 3.0,
        }
    }

    fn weight(self, x: f64) -> f64 {
        match self {
            Self::Bicubic => {
                const A: f64 = -0.5;
                let x = x.abs();
                if x < 1.0 {
                    ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
                } else if x < 2.0 {
                    (((x - 5.0) * x + 8.0) * x - 4.0) * A
                } else {
                    0.0
                }
            }
            Self::Lanczos => {
                if (-3.0..3.0).contains(&x) {
                    sinc(x) * sinc(x / 3.0)
                } else {
                    0.0
                }
            }
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { libm::sin(x * PI) / (x * PI) }
}

/// The weights that turn `n_in` pixels in a line into `n_out`.
#[derive(Debug)]
pub(super) struct Kernel {
    key: (Filter, usize, usize),
    /// The first input pixel of each output pixel.
    starts: Vec<usize>,
    /// Weights of each output pixel; those past the ones it needs are 0.
    taps: usize,
    weights: Vec<i32>,
    /// The same in two 16-bit halves, `high · 2¹² + low`, for products that a processor adds in pairs.
    high: Vec<i16>,
    low: Vec<i16>,
}

impl Kernel {
    fn new(filter: Filter, n_in: usize, n_out: usize) -> Self {
        let scale = n_in as f64 / n_out as f64;
        let stretch = scale.max(1.0);
        let support = filter.support() * stretch;
        let mut starts = Vec::with_capacity(n_out);
        let mut lines: Vec<Vec<i32>> = Vec::with_capacity(n_out);
        for out in 0..n_out {
            let centre = (out as f64 + 0.5) * scale;
            let first = (centre - support + 0.5).max(0.0) as usize;
            let end = ((centre + support + 0.5) as usize).min(n_in);
            let weight = |x: usize| filter.weight((x as f64 - centre + 0.5) * (1.0 / stretch));
            let raw: Vec<f64> = (first..end).map(weight).collect();
            let total: f64 = raw.iter().sum();
            let fixed = |&weight: &f64| {
                let share = if total == 0.0 { weight } else { weight / total };
                (share * f64::from(1 << PRECISION_BITS) + 0.5_f64.copysign(share)) as i32
            };
            lines.push(raw.iter().map(fixed).collect());
            starts.push(first);
        }
        let taps = lines.iter().map(Vec::len).max().unwrap_or(0).next_multiple_of(LANES);
        let padded = |line: Vec<i32>| line.into_iter().chain(std::iter::repeat(0)).take(taps);
        let weights: Vec<i32> = lines.into_iter().flat_map(padded).collect();
        let high_half = |weight: i32| (weight + (1 << (LOW_BITS - 1))) >> LOW_BITS;
        let high = weights.iter().map(|&weight| high_half(weight) as i16).collect();
        let low = weights.iter().map(|&weight| (weight - (high_half(weight) << LOW_BITS)) as i16).collect();
        Self { key: (filter, n_in, n_out), starts, taps, weights, high, low }
    }

    /// Resizes a line. `line` is followed by at least [`Kernel::taps`] more values, of any size.
    fn resize_line(&self, line: &[i16], out: &mut Vec<u8>) {
        let halves = self.high.chunks_exact(self.taps).zip(self.low.chunks_exact(self.taps));
        out.extend(self.starts.iter().zip(halves).map(|(&start, (high, low))| {
            let reached = &line[start..start + self.taps];
            round((weigh(reached, high) << LOW_BITS) + weigh(reached, low))
        }));
    }

    /// Resizes lines of `width` that lie one below the other.
    fn resize_columns(&self, values: &[u8], width: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(width * self.starts.len());
        let mut sums = vec![0_i32; width];
        for (&start, weights) in self.starts.iter().zip(self.weights.chunks_exact(self.taps)) {
            sums.fill(0);
            for (row, &weight) in values[start * width..].chunks_exact(width).zip(weights) {
                for (sum, &pixel) in sums.iter_mut().zip(row) {
                    *sum += i32::from(pixel) * weight;
                }
            }
            out.extend(sums.iter().map(|&sum| round(sum)));
        }
        out
    }
}

/// The sum of pixels times half weights. Pixels are bytes, so that the sum of a line fits 32 bits.
#[inline]
fn weigh(pixels: &[i16], weights: &[i16]) -> i32 {
    pixels.iter().zip(weights).map(|(&pixel, &weight)| i32::from(pixel) * i32::from(weight)).sum()
}

/// A fixed-point sum as a byte.
#[inline]
fn round(sum: i32) -> u8 {
    ((sum + (1 << (PRECISION_BITS - 1))) >> PRECISION_BITS).clamp(0, 255) as u8
}

/// Kernels made so far: pictures of one data set tend to be of one size, and sines take their time.
#[derive(Debug, Default)]
pub(super) struct Kernels {
    known: Mutex<Vec<Arc<Kernel>>>,
}

impl Kernels {
    /// Kernels kept at most.
    const KEPT: usize = 16;

    /// The kernel, or none where nothing is to be done.
    fn get(&self, filter: Filter, n_in: usize, n_out: usize) -> Option<Arc<Kernel>> {
        if n_in == n_out {
            return None;
        }
        let key = (filter, n_in, n_out);
        let find = |kernels: &[Arc<Kernel>]| kernels.iter().find(|kernel| kernel.key == key).cloned();
        let known = self.known.lock().ok().and_then(|known| find(&known));
        Some(known.unwrap_or_else(|| {
            let kernel = Arc::new(Kernel::new(filter, n_in, n_out));
            if let Ok(mut known) = self.known.lock() {
                if known.len() == Self::KEPT {
                    known.remove(0);
                }
                known.push(Arc::clone(&kernel));
            }
            kernel
        }))
    }
}

/// A size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Resizes a plane whose rows arrive one by one.
#[derive(Debug)]
pub(super) struct Resizer {
    rows: Option<Arc<Kernel>>,
    columns: Option<Arc<Kernel>>,
    columns_first: bool,
    from: Size,
    to: Size,
    values: Vec<u8>,
}

impl Resizer {
    pub(super) fn new(kernels: &Kernels, filter: Filter, from: Size, to: Size) -> Self {
        // Pillow takes the columns first where the height shrinks by more than twice as many pixels as the width.
        let columns_first = from.height > to.height + 2 * from.width.saturating_sub(to.width);
        let width = if columns_first { from.width } else { to.width };
        Self {
            rows: kernels.get(filter, from.width, to.width),
            columns: kernels.get(filter, from.height, to.height),
            columns_first,
            from,
            to,
            values: Vec::with_capacity(width * from.height),
        }
    }

    /// Values that have to follow a line given to [`Resizer::push`].
    pub(super) fn reach(&self) -> usize {
        self.rows.as_ref().map_or(0, |kernel| kernel.taps)
    }

    /// Takes the next row: a line of pixels, then [`Resizer::reach`] further values or more.
    pub(super) fn push(&mut self, line: &[i16]) {
        match &self.rows {
            Some(kernel) if !self.columns_first => kernel.resize_line(line, &mut self.values),
            _ => self.values.extend(line[..self.from.width].iter().map(|&pixel| pixel as u8)),
        }
    }

    /// The plane in its new size.
    pub(super) fn finish(self) -> Plane {
        let width = if self.columns_first { self.from.width } else { self.to.width };
        let reach = self.reach();
        let values = match &self.columns {
            Some(kernel) => kernel.resize_columns(&self.values, width),
            None => self.values,
        };
        let (Some(kernel), true) = (self.rows, self.columns_first) else {
            return Plane { width: self.to.width, values };
        };
        let mut narrowed = Vec::with_capacity(self.to.width * self.to.height);
        let mut line = Vec::with_capacity(width + reach);
        for row in values.chunks_exact(width) {
            line.clear();
            line.extend(row.iter().map(|&pixel| i16::from(pixel)));
            line.resize(width + reach, 0);
            kernel.resize_line(&line, &mut narrowed);
        }
        Plane { width: self.to.width, values: narrowed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resized(plane: &Plane, filter: Filter, to: Size) -> Plane {
        let from = Size { width: plane.width, height: plane.values.len() / plane.width };
        let mut resizer = Resizer::new(&Kernels::default(), filter, from, to);
        for row in plane.rows() {
            let mut line: Vec<i16> = row.iter().map(|&pixel| i16::from(pixel)).collect();
            line.resize(row.len() + resizer.reach(), -1);
            resizer.push(&line);
        }
        resizer.finish()
    }

    fn plane(width: usize, height: usize) -> Plane {
        let values = (0..width * height).map(|i| (i * i * 7 + i * 31) as u8).collect();
        Plane { width, values }
    }

    const PILLOW_BICUBIC_3_2: [u8; 6] = [104, 126, 163, 126, 122, 118];
    const PILLOW_LANCZOS_4_3: [u8; 12] = [79, 138, 116, 176, 132, 99, 156, 152, 133, 117, 118, 89];
    const PILLOW_LANCZOS_3_2: [u8; 6] = [140, 141, 109, 123, 122, 122];
    const PILLOW_LANCZOS_5_4: [u8; 20] =
        [0, 0, 3, 67, 101, 33, 52, 84, 91, 85, 109, 154, 190, 121, 63, 167, 233, 255, 145, 47];

    #[test]
    fn sizes_and_values_are_those_of_pillow() {
        // Image.frombytes("L", (w, h), bytes((i * i * 7 + i * 31) % 256 for i in range(w * h))).resize(to, filter)
        let to = |width, height| Size { width, height };
        assert_eq!(resized(&plane(9, 7), Filter::Bicubic, to(3, 2)).values, PILLOW_BICUBIC_3_2);
        assert_eq!(resized(&plane(9, 7), Filter::Lanczos, to(4, 3)).values, PILLOW_LANCZOS_4_3);
        assert_eq!(resized(&plane(3, 2), Filter::Lanczos, to(5, 4)).values, PILLOW_LANCZOS_5_4);
        assert_eq!(resized(&plane(5, 16), Filter::Lanczos, to(3, 2)).values, PILLOW_LANCZOS_3_2);
        assert_eq!(resized(&plane(9, 7), Filter::Lanczos, to(9, 7)), plane(9, 7));
    }

    #[test]
    fn one_pixel_fills_any_size_and_one_colour_stays_itself() {
        let one = Plane { width: 1, values: vec![77] };
        assert_eq!(resized(&one, Filter::Lanczos, Size { width: 9, height: 8 }).values, [77; 72]);
        let wide = Plane { width: 5_000, values: vec![201; 5_000] };
        assert_eq!(resized(&wide, Filter::Bicubic, Size { width: 64, height: 1 }).values, [201; 64]);
    }
}
