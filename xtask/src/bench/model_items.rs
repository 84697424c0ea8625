//! What `bench models` measures: each model with its data set and how it should do beside scikit-learn.

/// A model on a data set. The name is that of the same item in `bench_models.py` and in `forge-bench`.
pub(crate) struct ModelItem {
    pub(crate) name: &'static str,
    /// A name in `bench_model_inputs.py`.
    pub(crate) data_set: &'static str,
    /// The full size, in words.
    pub(crate) size: &'static str,
    pub(crate) promise: Promise,
}

/// What is promised of a model.
#[derive(Clone, Copy)]
pub(crate) enum Promise {
    /// Beside scikit-learn on the same folds.
    Beside {
        /// Processor time of scikit-learn over ours, at least.
        ratio: f64,
        /// How far the scores of the two may lie apart.
        apart: f64,
    },
    /// A size that fits into memory; scikit-learn is not run.
    Fits {
        /// Bytes of the process, at most.
        native: u64,
        /// Bytes of the module's memory, at most.
        wasm: u64,
    },
}

/// Processor time in wasm over that of the same on one thread natively, at most.
pub(crate) const WASM_RATIO: f64 = 2.0;

/// Time on one thread over time on two, at least, where a goal is set for it: folds and forests.
pub(crate) const SPEED_UP: f64 = 1.7;

/// Scores of models without chance: they differ by rounding and by where a solver stops.
const EXACT: f64 = 1e-4;
/// Areas under the ROC curve of two seeds.
const AREA: f64 = 0.003;
/// R² of two seeds.
const R2: f64 = 0.005;
/// Areas of two isolation forests, which use few rows each.
const ISOLATION: f64 = 0.01;

const fn item(
    name: &'static str,
    (data_set, size): (&'static str, &'static str),
    (ratio, apart): (f64, f64),
) -> ModelItem {
    ModelItem { name, data_set, size, promise: Promise::Beside { ratio, apart } }
}

const fn large(name: &'static str) -> ModelItem {
    let promise = Promise::Fits { native: 4 << 30, wasm: 2 << 30 };
    ModelItem { name, data_set: "covertype_full", size: "581,012 × 54, 7 classes", promise }
}

const ADULT: (&str, &str) = ("adult", "Adult");
const COVERTYPE: (&str, &str) = ("covertype", "100,000 × 54, 7 classes");
const BIKE: (&str, &str) = ("bike", "17,379 × 12, numbers");

/// In the order of the table.
pub(crate) const ITEMS: &[ModelItem] = &[
    item("adult_logistic_regression", ADULT, (5.0, EXACT)),
    item("adult_knn", ADULT, (5.0, EXACT)),
    item("adult_random_forest", ADULT, (5.0, AREA)),
    item("adult_extra_trees", ADULT, (5.0, AREA)),
    item("adult_boosting", ADULT, (1.5, AREA)),
    item("covertype_logistic_regression", COVERTYPE, (3.0, EXACT)),
    item("covertype_boosting", COVERTYPE, (1.5, AREA)),
    item("bike_ridge", BIKE, (1.0, EXACT)),
    item("bike_knn", BIKE, (3.0, EXACT)),
    item("bike_random_forest", BIKE, (5.0, R2)),
    item("bike_extra_trees", BIKE, (5.0, R2)),
    item("bike_boosting", BIKE, (1.5, R2)),
    item("isolation_forest", ("outliers40", "100,000 × 40"), (2.0, ISOLATION)),
    item("local_outlier_factor", ("outliers50", "20,000 × 50"), (2.0, EXACT)),
    large("covertype_full_logistic_regression"),
    large("covertype_full_boosting"),
];
