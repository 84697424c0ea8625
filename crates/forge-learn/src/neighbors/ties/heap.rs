//! The k smallest keys in a heap whose top is the largest, as scikit-learn keeps them.

/// Up to this many are sorted by insertion.
const FEW: usize = 15;

/// At most k rows; equal keys keep the places that the pushes gave them.
pub(super) struct Heap {
    entries: Vec<(f64, u32)>,
}

impl Heap {
    pub(super) fn new(k: usize) -> Self {
        Self { entries: vec![(f64::INFINITY, 0); k] }
    }

    pub(super) fn largest(&self) -> f64 {
        self.entries.first().map_or(f64::NEG_INFINITY, |entry| entry.0)
    }

    /// scikit-learn: `utils._heap.heap_push`.
    pub(super) fn push(&mut self, key: f64, row: u32) {
        if key >= self.largest() {
            return;
        }
        let (entries, mut place) = (&mut self.entries, 0);
        loop {
            let (left, right) = (2 * place + 1, 2 * place + 2);
            let Some(&(left_key, _)) = entries.get(left) else { break };
            let larger =
                if entries.get(right).is_some_and(|&(right_key, _)| right_key > left_key) { right } else { left };
            if entries[larger].0 <= key {
                break;
            }
            entries[place] = entries[larger];
            place = larger;
        }
        entries[place] = (key, row);
    }

    /// The heap that its entries make when pushed one by one.
    pub(super) fn merged(&self) -> Self {
        let mut heap = Self::new(self.entries.len());
        self.entries.iter().for_each(|&(key, row)| heap.push(key, row));
        heap
    }

    /// The rows, smallest key first. scikit-learn: `utils._sorting.simultaneous_sort`.
    pub(super) fn sorted(mut self) -> Vec<u32> {
        let depth = 2 * self.entries.len().max(1).ilog2();
        sort(&mut self.entries, depth);
        self.entries.into_iter().map(|entry| entry.1).collect()
    }
}

/// Quicksort by the median of three, insertion sort in the end.
fn sort(mut entries: &mut [(f64, u32)], mut depth: u32) {
    while entries.len() > FEW {
        if depth == 0 {
            heap_sort(entries);
            return;
        }
        depth -= 1;
        let (last, middle) = (entries.len() - 1, entries.len() / 2);
        if entries[0].0 > entries[last].0 {
            entries.swap(0, last);
        }
        if entries[last].0 > entries[middle].0 {
            entries.swap(last, middle);
            if entries[0].0 > entries[last].0 {
                entries.swap(0, last);
            }
        }
        let pivot = entries[last].0;
        let (mut i, mut j) = (1, last - 1);
        loop {
            while i <= j && entries[i].0 < pivot {
                i += 1;
            }
            while i <= j && entries[j].0 > pivot {
                j -= 1;
            }
            if i >= j {
                break;
            }
            entries.swap(i, j);
            i += 1;
            j -= 1;
        }
        entries.swap(i, last);
        let (left, right) = entries.split_at_mut(i);
        sort(left, depth);
        entries = right.get_mut(1..).unwrap_or_default();
    }
    for i in 1..entries.len() {
        let entry = entries[i];
        let place = entries[..i].iter().rposition(|other| other.0 <= entry.0).map_or(0, |before| before + 1);
        entries[place..=i].rotate_right(1);
    }
}

fn heap_sort(entries: &mut [(f64, u32)]) {
    let n = entries.len();
    (0..n / 2).rev().for_each(|start| sift_down(entries, start));
    for end in (1..n).rev() {
        entries.swap(0, end);
        sift_down(&mut entries[..end], 0);
    }
}

fn sift_down(entries: &mut [(f64, u32)], mut root: usize) {
    loop {
        let mut largest = root;
        for child in [2 * root + 1, 2 * root + 2] {
            if child < entries.len() && entries[largest].0 < entries[child].0 {
                largest = child;
            }
        }
        if largest == root {
            return;
        }
        entries.swap(root, largest);
        root = largest;
    }
}
