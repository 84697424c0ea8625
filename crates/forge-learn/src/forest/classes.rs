//! Sums over rows of three and more classes.

use std::ops::Range;

use super::target::Target;

/// Weight per class, and its sum of squares kept up to date, so that moving a row costs the same for any number of
/// classes.
#[derive(Clone, Debug)]
pub(super) struct Classes {
    rows: usize,
    weight: f64,
    squares: f64,
    of_class: Vec<f64>,
}

/// Class and weight of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Labelled {
    class: u32,
    weight: f32,
}

/// Rows and weight per class of each bin.
pub(super) struct ClassBins {
    n_classes: usize,
    rows: Vec<u32>,
    weights: Vec<f64>,
}

impl Classes {
    pub(super) fn new(n_classes: usize) -> Self {
        Self { rows: 0, weight: 0.0, squares: 0.0, of_class: vec![0.0; n_classes] }
    }

    #[inline]
    fn change(&mut self, class: usize, by: f64) {
        let count = &mut self.of_class[class];
        self.squares += by * (2.0 * *count + by);
        *count += by;
        self.weight += by;
    }
}

impl Target for Classes {
    type Item = Labelled;
    type Bins = ClassBins;

    const HAS_LANES: bool = false;

    fn item(&self, y: f64, weight: f64) -> Labelled {
        Labelled { class: y as u32, weight: weight as f32 }
    }

    fn clear(&mut self) {
        (self.rows, self.weight, self.squares) = (0, 0.0, 0.0);
        self.of_class.fill(0.0);
    }

    #[inline]
    fn add(&mut self, item: Labelled) {
        self.rows += 1;
        self.change(item.class as usize, item.weight as f64);
    }

    #[inline]
    fn sub(&mut self, item: Labelled) {
        self.rows -= 1;
        self.change(item.class as usize, -(item.weight as f64));
    }

    fn become_rest(&mut self, total: &Self, part: &Self) {
        self.rows = total.rows - part.rows;
        self.weight = total.weight - part.weight;
        let mut squares = 0.0;
        for ((count, all), inside) in self.of_class.iter_mut().zip(&total.of_class).zip(&part.of_class) {
            *count = all - inside;
            squares += *count * *count;
        }
        self.squares = squares;
    }

    fn become_same(&mut self, other: &Self) {
        (self.rows, self.weight, self.squares) = (other.rows, other.weight, other.squares);
        self.of_class.copy_from_slice(&other.of_class);
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn weight(&self) -> f64 {
        self.weight
    }

    fn score(&self) -> f64 {
        if self.rows > 0 { self.squares / self.weight } else { 0.0 }
    }

    fn is_pure(&self, items: &[Labelled]) -> bool {
        items.first().is_none_or(|first| items.iter().all(|item| item.class == first.class))
    }

    fn best_possible(&self) -> f64 {
        self.weight
    }

    fn predict(&self, _width: usize, out: &mut Vec<f64>) {
        out.extend(self.of_class.iter().map(|count| count / self.weight));
    }

    fn bins(&self, n: usize) -> ClassBins {
        let n_classes = self.of_class.len();
        ClassBins { n_classes, rows: vec![0; n], weights: vec![0.0; n * n_classes] }
    }

    #[inline]
    fn put(bins: &mut ClassBins, bin: usize, item: Labelled) {
        bins.rows[bin] += 1;
        bins.weights[bin * bins.n_classes + item.class as usize] += item.weight as f64;
    }

    fn shift(bins: &ClassBins, bin: usize, from: &mut Self, to: &mut Self) -> usize {
        let rows = bins.rows[bin] as usize;
        if rows > 0 {
            from.rows -= rows;
            to.rows += rows;
            for (class, &weight) in bins.weights[bin * bins.n_classes..][..bins.n_classes].iter().enumerate() {
                if weight != 0.0 {
                    from.change(class, -weight);
                    to.change(class, weight);
                }
            }
        }
        rows
    }

    fn merge(bins: &mut ClassBins, to: usize, from: usize) {
        bins.rows[to] += std::mem::take(&mut bins.rows[from]);
        for class in 0..bins.n_classes {
            let weight = std::mem::take(&mut bins.weights[from * bins.n_classes + class]);
            bins.weights[to * bins.n_classes + class] += weight;
        }
    }

    fn load(&mut self, bins: &ClassBins, bin: usize) {
        self.rows = bins.rows[bin] as usize;
        self.of_class.copy_from_slice(&bins.weights[bin * bins.n_classes..][..bins.n_classes]);
        self.weight = self.of_class.iter().sum();
        self.squares = self.of_class.iter().map(|count| count * count).sum();
    }

    fn rows_in(bins: &ClassBins, bin: usize) -> usize {
        bins.rows[bin] as usize
    }

    fn empty(bins: &mut ClassBins, range: Range<usize>) {
        bins.weights[range.start * bins.n_classes..range.end * bins.n_classes].fill(0.0);
        bins.rows[range].fill(0);
    }
}
