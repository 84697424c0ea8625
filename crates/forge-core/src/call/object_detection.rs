//! `object_detection.*`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::{Function, output};
use crate::CoreError;
use crate::object_detection::comparison::ALPHA;
use crate::object_detection::filter::{find_label_issues, find_ranked_label_issues};
use crate::object_detection::matching::{average_precision_per_class, scaled_average_precision_per_class};
use crate::object_detection::overlay::{OverlayBox, annotated_overlay, predicted_overlay};
use crate::object_detection::rank::{
    AggregationWeights, HIGH_PROBABILITY, LOW_PROBABILITY, OverlapCheck, TEMPERATURE, compute_badloc_box_scores,
    compute_overlooked_box_scores, compute_swap_box_scores, get_label_quality_scores, issues_from_scores,
    pool_box_scores_per_image,
};
use crate::object_detection::summary::{
    AnnotatedAndPredicted, ClassConfusion, ClassMetrics, ClassOrder, bounding_box_size_distribution,
    class_label_distribution, get_average_per_class_confusion_matrix, get_sorted_bbox_count_idxs,
    object_counts_per_image,
};
use crate::object_detection::{Annotations, Comparison, Detections, ImageAnnotations, Predictions};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "object_detection.filter.find_label_issues",
        parameters: &["labels", "predictions", "return_indices_ranked_by_score", "overlapping_label_check"],
        run: |args| {
            let (detections, check) = (detections(args)?, overlap_check(args)?);
            if args.parsed("return_indices_ranked_by_score")? {
                Ok(json!(find_ranked_label_issues(&detections, check)?))
            } else {
                Ok(json!(find_label_issues(&detections, check)?))
            }
        },
    },
    Function {
        name: "object_detection.filter._calculate_ap_per_class",
        parameters: &["labels", "predictions", "iou_threshold", "num_procs"],
        run: |args| {
            let precisions = average_precision_per_class(&detections(args)?, args.parsed_or("iou_threshold", 0.5)?)?;
            Ok(precisions.into_iter().map(|precision| json!([f64::from(precision)])).collect())
        },
    },
    Function {
        name: "object_detection.filter._get_per_class_ap",
        parameters: &["labels", "predictions"],
        run: |args| {
            let precisions = scaled_average_precision_per_class(&detections(args)?);
            let named = precisions.into_iter().enumerate();
            Ok(named.map(|(class, precision)| (class.to_string(), json!(f64::from(precision)))).collect())
        },
    },
    Function {
        name: "object_detection.rank.get_label_quality_scores",
        parameters: &["labels", "predictions", "aggregation_weights", "overlapping_label_check", "verbose"],
        run: |args| {
            let (weights, check) = (args.parsed::<Weights>("aggregation_weights")?, overlap_check(args)?);
            Ok(output::numbers(get_label_quality_scores(&detections(args)?, &weights.0, check)?))
        },
    },
    Function {
        name: "object_detection.rank.issues_from_scores",
        parameters: &["label_quality_scores", "threshold"],
        run: |args| {
            let scores = args.numbers("label_quality_scores")?;
            Ok(json!(issues_from_scores(&scores, args.parsed_or("threshold", 0.1)?)?))
        },
    },
    Function {
        name: "object_detection.rank.compute_overlooked_box_scores",
        parameters: &["labels", "predictions", "alpha", "high_probability_threshold"],
        run: |args| {
            let detections = detections(args)?;
            let threshold = args.parsed_or("high_probability_threshold", HIGH_PROBABILITY)?;
            Ok(box_scores(compute_overlooked_box_scores(&comparison(args, &detections)?, threshold)?))
        },
    },
    Function {
        name: "object_detection.rank.compute_badloc_box_scores",
        parameters: &["labels", "predictions", "alpha", "low_probability_threshold"],
        run: |args| {
            let detections = detections(args)?;
            let threshold = args.parsed_or("low_probability_threshold", LOW_PROBABILITY)?;
            Ok(box_scores(compute_badloc_box_scores(&comparison(args, &detections)?, threshold)?))
        },
    },
    Function {
        name: "object_detection.rank.compute_swap_box_scores",
        parameters: &["labels", "predictions", "alpha", "high_probability_threshold", "overlapping_label_check"],
        run: |args| {
            let detections = detections(args)?;
            let threshold = args.parsed_or("high_probability_threshold", HIGH_PROBABILITY)?;
            let comparison = comparison(args, &detections)?;
            Ok(box_scores(compute_swap_box_scores(&comparison, threshold, overlap_check(args)?)?))
        },
    },
    Function {
        name: "object_detection.rank.pool_box_scores_per_image",
        parameters: &["box_scores", "temperature"],
        run: |args| {
            let scores: Vec<Vec<Option<f64>>> = args.parsed("box_scores")?;
            let known = |image: Vec<Option<f64>>| image.into_iter().map(|score| score.unwrap_or(f64::NAN)).collect();
            let scores: Vec<Vec<f64>> = scores.into_iter().map(known).collect();
            Ok(output::numbers(pool_box_scores_per_image(&scores, args.parsed_or("temperature", TEMPERATURE)?)?))
        },
    },
    Function {
        name: "object_detection.summary.object_counts_per_image",
        parameters: &["labels", "predictions"],
        run: |args| {
            let counts = object_counts_per_image(&detections(args)?);
            Ok(json!([counts.annotated, counts.predicted]))
        },
    },
    Function {
        name: "object_detection.summary.get_sorted_bbox_count_idxs",
        parameters: &["labels", "predictions"],
        run: |args| {
            let counts = get_sorted_bbox_count_idxs(&detections(args)?);
            Ok(json!([counts.annotated, counts.predicted]))
        },
    },
    Function {
        name: "object_detection.summary.bounding_box_size_distribution",
        parameters: &["labels", "predictions", "class_names", "sort"],
        run: |args| {
            let order = if args.parsed("sort")? { ClassOrder::MostBoxes } else { ClassOrder::Occurrence };
            let names = ClassNames::of(args)?;
            let sizes = bounding_box_size_distribution(&detections(args)?, order);
            // Names choose the classes here.
            Ok(both(sizes, |sizes| {
                let named = sizes.into_iter().filter_map(|(class, areas)| Some((names.get(class)?, json!(areas))));
                named.collect()
            }))
        },
    },
    Function {
        name: "object_detection.summary.class_label_distribution",
        parameters: &["labels", "predictions", "class_names"],
        run: |args| {
            let names = ClassNames::of(args)?;
            let AnnotatedAndPredicted { annotated, predicted } = class_label_distribution(&detections(args)?);
            let named = |shares: Vec<(u32, f64)>| -> Result<Value, CoreError> {
                shares.into_iter().map(|(class, share)| Ok((names.need(class)?, json!(share)))).collect()
            };
            Ok(json!([named(annotated)?, named(predicted)?]))
        },
    },
    Function {
        name: "object_detection.summary.get_average_per_class_confusion_matrix",
        parameters: &["labels", "predictions", "num_procs", "class_names"],
        run: |args| {
            per_class(args, |counts| {
                let counts = counts.unwrap_or_default();
                json!({
                    "TP": f64::from(counts.true_positives),
                    "FP": f64::from(counts.false_positives),
                    "FN": f64::from(counts.false_negatives),
                })
            })
        },
    },
    Function {
        // The boxes to draw in place of a drawing; the image itself plays no part in it.
        name: "object_detection.summary.visualize",
        parameters: &["image", "label", "prediction", "prediction_threshold", "overlay", "class_names"],
        run: visualize,
    },
    Function {
        name: "object_detection.summary.calculate_per_class_metrics",
        parameters: &["labels", "predictions", "num_procs", "class_names"],
        run: |args| {
            per_class(args, |counts| {
                let metrics = counts.map_or_else(ClassMetrics::default, ClassMetrics::from);
                json!({
                    "average precision": f64::from(metrics.precision),
                    "average recall": f64::from(metrics.recall),
                    "average f1": f64::from(metrics.f1),
                })
            })
        },
    },
];

/// One image of `labels`; an `image_name` beside them is ignored.
#[derive(Deserialize)]
#[serde(expecting = "an object with bboxes and labels")]
struct GivenImage {
    bboxes: Vec<[f64; 4]>,
    labels: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenWeights {
    overlooked: f64,
    badloc: f64,
    swap: f64,
}

#[derive(Default, Deserialize)]
#[serde(from = "GivenWeights")]
struct Weights(AggregationWeights);

impl From<GivenWeights> for Weights {
    fn from(GivenWeights { overlooked, badloc, swap }: GivenWeights) -> Self {
        Self(AggregationWeights { overlooked, badloc, swap })
    }
}

fn overlap_check(args: &Args) -> Result<OverlapCheck, CoreError> {
    Ok(if args.parsed_or("overlapping_label_check", true)? { OverlapCheck::Penalize } else { OverlapCheck::Ignore })
}

fn comparison<'a>(args: &Args, detections: &'a Detections) -> Result<Comparison<'a>, CoreError> {
    Comparison::new(detections, args.parsed_or("alpha", ALPHA)?)
}

/// How the labels of an image are written.
const LABELS_RULE: &str = "an image's labels are {bboxes: [[x1, y1, x2, y2], …], labels: [class, …]}";

/// How the predictions of an image are written.
const PREDICTIONS_RULE: &str = "an image's predictions are, for each class, a list of [x1, y1, x2, y2, confidence]";

/// The images of an argument, each read on its own so that an error names it.
fn images<T: DeserializeOwned>(value: &Value, argument: &'static str, rule: &'static str) -> Result<Vec<T>, CoreError> {
    let items = value.as_array().ok_or_else(|| CoreError::Shape {
        argument,
        shape: shortened(value),
        expected: "a list with one entry for each image".to_owned(),
    })?;
    let read = |(image, item): (usize, &Value)| {
        T::deserialize(item).map_err(|error| CoreError::Element {
            argument,
            index: format!("[{image}]"),
            value: format!("{} ({error})", shortened(item)),
            rule,
        })
    };
    items.iter().enumerate().map(read).collect()
}

fn shortened(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn annotations(value: &Value) -> Result<Annotations, CoreError> {
    let given: Vec<GivenImage> = images(value, "labels", LABELS_RULE)?;
    let mut annotations = Vec::with_capacity(given.len());
    for (image, GivenImage { bboxes, labels }) in given.into_iter().enumerate() {
        let whole = |(place, class): (usize, f64)| {
            let fits = class.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(&class);
            fits.then_some(class as u32).ok_or_else(|| CoreError::Element {
                argument: "labels",
                index: format!("[{image}].labels[{place}]"),
                value: class.to_string(),
                rule: "labels must be class numbers 0, 1, 2, …",
            })
        };
        let labels = labels.into_iter().enumerate().map(whole).collect::<Result<_, _>>()?;
        annotations.push(ImageAnnotations { bboxes, labels });
    }
    Annotations::new(&annotations)
}

fn predictions(value: &Value) -> Result<Predictions, CoreError> {
    Predictions::new(&images::<Vec<Vec<[f64; 5]>>>(value, "predictions", PREDICTIONS_RULE)?)
}

fn detections(args: &Args) -> Result<Detections, CoreError> {
    let needed = |argument, rule| args.get(argument).ok_or(CoreError::Missing { argument, rule });
    let annotations = annotations(needed("labels", LABELS_RULE)?)?;
    Detections::new(annotations, predictions(needed("predictions", PREDICTIONS_RULE)?)?)
}

/// `{label: boxes, prediction: boxes}` of the one image; a single image stands for a list of one.
fn visualize(args: &Args) -> Result<Value, CoreError> {
    let names = ClassNames::of(args)?;
    let drawn = |boxes: Vec<OverlayBox>| -> Result<Value, CoreError> {
        let drawn = boxes.into_iter().map(|drawn| {
            let class = names.need(drawn.class)?;
            let OverlayBox { x, y, width, height, confidence, .. } = drawn;
            Ok(json!({ "x": x, "y": y, "width": width, "height": height, "class": class, "confidence": confidence }))
        });
        drawn.collect()
    };
    let mut result = Map::new();
    if let Some(label) = args.get("label") {
        let annotations = annotations(&json!([label]))?;
        result.insert("label".to_owned(), drawn(annotations.images().flat_map(annotated_overlay).collect())?);
    }
    if let Some(prediction) = args.get("prediction") {
        let (predictions, threshold) = (predictions(&json!([prediction]))?, args.parsed("prediction_threshold")?);
        let mut boxes = Vec::new();
        for image in predictions.images() {
            boxes.extend(predicted_overlay(image, threshold)?);
        }
        result.insert("prediction".to_owned(), drawn(boxes)?);
    }
    Ok(Value::Object(result))
}

fn box_scores(scores: Vec<Vec<f64>>) -> Value {
    scores.into_iter().map(output::numbers).collect()
}

fn both<T>(tables: AnnotatedAndPredicted<T>, named: impl Fn(T) -> Map<String, Value>) -> Value {
    json!([named(tables.annotated), named(tables.predicted)])
}

/// The names of classes by number, where they are given.
struct ClassNames(Option<Vec<(u32, String)>>);

impl ClassNames {
    fn of(args: &Args) -> Result<Self, CoreError> {
        let Some(given) = args.parsed::<Option<Map<String, Value>>>("class_names")? else { return Ok(Self(None)) };
        let mut names: Vec<(u32, String)> = Vec::with_capacity(given.len());
        for (class, name) in given {
            let number = class.parse().map_err(|_| {
                CoreError::setting("class_names", &class, "class numbers as the keys, {\"0\": \"cat\", …}")
            })?;
            let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
            if names.iter().any(|(_, known)| *known == name) {
                return Err(CoreError::setting(
                    "class_names",
                    format!("`{name}` twice"),
                    "a different name for each class",
                ));
            }
            names.push((number, name));
        }
        names.sort_by_key(|&(class, _)| class);
        Ok(Self(Some(names)))
    }

    /// The name of a class, its number where no names are given; none where the others are named.
    fn get(&self, class: u32) -> Option<String> {
        let Some(names) = &self.0 else { return Some(class.to_string()) };
        names.binary_search_by_key(&class, |&(known, _)| known).ok().map(|place| names[place].1.clone())
    }

    fn need(&self, class: u32) -> Result<String, CoreError> {
        self.get(class)
            .ok_or_else(|| CoreError::setting("class_names", format!("without class {class}"), "a name for each class"))
    }

    /// The names of classes from `n_classes` on.
    fn beyond(&self, n_classes: usize) -> impl Iterator<Item = String> {
        let names = self.0.as_deref().unwrap_or_default();
        names.iter().filter(move |(class, _)| *class as usize >= n_classes).map(|(_, name)| name.clone())
    }
}

/// A table of what `describe` makes of the confusion of each class, and of none for a named class that is not predicted.
fn per_class(args: &Args, describe: impl Fn(Option<ClassConfusion>) -> Value) -> Result<Value, CoreError> {
    let names = ClassNames::of(args)?;
    let classes = get_average_per_class_confusion_matrix(&detections(args)?);
    let mut table = Map::new();
    for (class, &counts) in classes.iter().enumerate() {
        table.insert(names.need(class as u32)?, describe(Some(counts)));
    }
    table.extend(names.beyond(classes.len()).map(|name| (name, describe(None))));
    Ok(Value::Object(table))
}
