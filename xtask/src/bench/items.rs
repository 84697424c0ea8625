//! What is measured: each algorithm with its data set and how much faster than cleanlab it should be.

/// An algorithm on a data set. The name is that of the same item in `bench_algorithms.py` and in `forge-bench`.
pub(crate) struct Item {
    pub(crate) name: &'static str,
    /// A name in `bench_inputs.py`.
    pub(crate) data_set: &'static str,
    /// The full size, in words.
    pub(crate) size: &'static str,
    /// Processor time of cleanlab over ours, at least; none where nothing was promised.
    pub(crate) goal: Option<f64>,
    /// Whether results are compared by correlation, as chance has a part in them.
    pub(crate) alike: bool,
}

const fn item(name: &'static str, data_set: &'static str, size: &'static str, goal: f64) -> Item {
    Item { name, data_set, size, goal: Some(goal), alike: false }
}

const fn extra(name: &'static str, data_set: &'static str, size: &'static str) -> Item {
    Item { name, data_set, size, goal: None, alike: false }
}

const ROWS: &str = "1,000,000 × 10";
const SENTENCES: &str = "25,000 × 12 × 17";
const IMAGES: &str = "30 × 512 × 512 × 21";
const DETECTIONS: &str = "5,000 images";

/// In the order of the table.
pub(crate) const ITEMS: &[Item] = &[
    item("find_label_issues_10", "classes10", ROWS, 20.0),
    item("find_label_issues_100", "classes100", "1,000,000 × 100", 15.0),
    item("rank_self_confidence", "classes10", ROWS, 10.0),
    item("rank_normalized_margin", "classes10", ROWS, 10.0),
    item("rank_confidence_weighted_entropy", "classes10", ROWS, 10.0),
    item("rank_self_confidence_adjusted", "classes10", ROWS, 10.0),
    item("rank_normalized_margin_adjusted", "classes10", ROWS, 10.0),
    item("confident_joint", "classes10", ROWS, 20.0),
    extra("estimate_joint", "classes10", ROWS),
    extra("health_summary", "classes10", ROWS),
    item("batched", "classes10", ROWS, 10.0),
    item("multiannotator", "annotators", "10,000 × 50", 20.0),
    item("active_learning", "annotators", "2 × 10,000 × 50", 20.0),
    item("token_filter", "tokens", SENTENCES, 20.0),
    extra("token_rank", "tokens", SENTENCES),
    extra("token_summary", "tokens", SENTENCES),
    item("segmentation_filter", "masks", IMAGES, 15.0),
    extra("segmentation_rank", "masks", IMAGES),
    item("detection_filter", "boxes", DETECTIONS, 50.0),
    item("detection_rank", "boxes", DETECTIONS, 50.0),
    item("multilabel_filter", "multilabel", "50,000 × 20", 15.0),
    extra("multilabel_rank", "multilabel", "50,000 × 20"),
    extra("multilabel_summary", "multilabel", "50,000 × 20"),
    item("outliers_8", "features8", "20,000 × 8", 30.0),
    item("outliers_64", "features64", "50,000 × 64", 10.0),
    item("outre", "targets", "17,379", 30.0),
    Item { alike: true, ..item("regression_clean_learning", "bike", "17,379 × 12", 1.5) },
    item("shapley", "features8", "20,000 × 8", 20.0),
    item("datalab", "audit8", "20,000 × 8, 10 classes", 15.0),
    item("pictures", "pictures", "1,000 × 256 × 256 × 3", 5.0),
];

/// The batched inspector on `.npy` files, by the command line: memory counts.
pub(crate) const STREAM: Item = extra("stream", "stream", "10,000,000 × 10, files");

/// Memory of [`STREAM`] on our side, at most, in bytes.
pub(crate) const STREAM_MEMORY: u64 = 300_000_000;

/// Geometric mean of the ratios, at least: native, and WebAssembly in Node.
pub(crate) const MEAN_GOALS: [f64; 2] = [25.0, 10.0];

/// Our memory as a share of cleanlab's, at most.
pub(crate) const MEMORY_SHARE: f64 = 1.0 / 3.0;
