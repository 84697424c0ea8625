//! `segmentation.*`.

use ndarray::{Array, Array3, Dimension, Ix3, Ix4};
use serde::Deserialize;
use serde_json::{Value, json};

use super::args::Args;
use super::array::scalar;
use super::{ArraySource, Elements, Function, output};
use crate::CoreError;
use crate::segmentation::SegmentationData;
use crate::segmentation::filter::find_label_issues;
use crate::segmentation::rank::{Cutoff, ImageScore, get_label_quality_scores, images_from_scores, pixels_from_scores};
use crate::segmentation::summary::{common_label_issues, filter_by_class};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "segmentation.filter.find_label_issues",
        parameters: &["labels", "pred_probs", "batch_size", "n_jobs", "verbose", "downsample"],
        run: |args| {
            check_batch_size(args)?;
            Ok(nested(&find_label_issues(&data(args)?, args.parsed_or("downsample", 1)?)?))
        },
    },
    Function {
        name: "segmentation.rank.get_label_quality_scores",
        parameters: &["labels", "pred_probs", "method", "batch_size", "n_jobs", "verbose", "downsample", "temperature"],
        run: scores,
    },
    Function {
        name: "segmentation.rank.issues_from_scores",
        parameters: &["image_scores", "pixel_scores", "threshold"],
        run: |args| {
            let images = args.numbers("image_scores")?;
            let threshold = args.parsed_or("threshold", 0.1)?;
            if !args.has("pixel_scores") {
                return Ok(json!(images_from_scores(&images, threshold, Cutoff::OneMore)?));
            }
            let pixels = array::<Ix3, f64>(args, "pixel_scores", "images × height × width", number)?;
            Ok(nested(&pixels_from_scores(&pixels, threshold)?))
        },
    },
    Function {
        name: "segmentation.summary.common_label_issues",
        parameters: &["issues", "labels", "pred_probs", "class_names", "exclude", "top", "verbose"],
        run: common,
    },
    Function {
        name: "segmentation.summary.filter_by_class",
        parameters: &["class_index", "issues", "labels", "pred_probs"],
        run: |args| {
            let classes = match args.get("class_index") {
                Some(Value::Array(_)) => args.parsed("class_index")?,
                Some(_) => vec![args.parsed("class_index")?],
                None => {
                    return Err(CoreError::Missing { argument: "class_index", rule: "this function needs it" });
                }
            };
            Ok(nested(&filter_by_class(&classes, &issues(args)?, &data(args)?)?))
        },
    },
];

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Method {
    #[default]
    Softmin,
    NumPixelIssues,
}

fn scores(args: &Args) -> Result<Value, CoreError> {
    check_batch_size(args)?;
    let score = match args.parsed("method")? {
        Method::Softmin => ImageScore::Softmin { temperature: args.parsed_or("temperature", 0.1)? },
        Method::NumPixelIssues => ImageScore::NumPixelIssues { downsample: args.parsed_or("downsample", 1)? },
    };
    let scores = get_label_quality_scores(&data(args)?, score)?;
    Ok(json!([output::numbers(scores.images), nested(&scores.pixels)]))
}

fn common(args: &Args) -> Result<Value, CoreError> {
    let data = data(args)?;
    let names: Option<Vec<String>> = args.parsed("class_names")?;
    if let Some(names) = &names
        && names.len() < data.n_classes()
    {
        let rule = format!("a name for each of the {} classes in `pred_probs`", data.n_classes());
        return Err(CoreError::setting("class_names", format!("{} names", names.len()), rule));
    }
    let exclude: Vec<u32> = args.parsed("exclude")?;
    let swaps = common_label_issues(&issues(args)?, &data, &exclude, args.parsed_or("top", 20)?)?;
    let name = |class: u32| {
        let name = names.as_ref().and_then(|names| names.get(class as usize));
        Value::from(name.cloned().unwrap_or_else(|| class.to_string()))
    };
    Ok(output::table(vec![
        ("given_label", swaps.iter().map(|swap| name(swap.given_label)).collect()),
        ("predicted_label", swaps.iter().map(|swap| name(swap.predicted_label)).collect()),
        ("num_pixel_issues", swaps.iter().map(|swap| Value::from(swap.num_pixel_issues)).collect()),
    ]))
}

fn data(args: &Args) -> Result<SegmentationData, CoreError> {
    let class = |value: &Value| {
        let whole = value.as_f64().filter(|v| v.fract() == 0.0 && (0.0..f64::from(u32::MAX)).contains(v));
        whole.map(|v| v as u32).ok_or("class numbers 0, 1, 2, …")
    };
    let labels = array::<Ix3, u32>(args, "labels", "images × height × width", class)?;
    SegmentationData::new(labels, array::<Ix4, f64>(args, "pred_probs", "images × classes × height × width", number)?)
}

fn issues(args: &Args) -> Result<Array3<bool>, CoreError> {
    array(args, "issues", "images × height × width", |value: &Value| value.as_bool().ok_or("true or false"))
}

fn number(value: &Value) -> Result<f64, &'static str> {
    if value.is_null() { Ok(f64::NAN) } else { value.as_f64().ok_or("numbers") }
}

/// Results do not depend on it; it is checked because it may be given.
fn check_batch_size(args: &Args) -> Result<(), CoreError> {
    let batch_size: i64 = args.parsed_or("batch_size", 10_000)?;
    if batch_size < 1 {
        return Err(CoreError::setting("batch_size", batch_size, "at least 1"));
    }
    Ok(())
}

/// An array of lists in lists, all lists of a level equally long.
fn array<D: Dimension, T>(
    args: &Args,
    argument: &'static str,
    axes: &'static str,
    read: impl Fn(&Value) -> Result<T, &'static str>,
) -> Result<Array<T, D>, CoreError> {
    if let Some(values) = args.lent_array::<D>(argument) {
        let (values, elements) = (values?, args.source(argument).map_or(Elements::Real, ArraySource::elements));
        let dim = values.raw_dim();
        let read = |(i, value): (usize, f64)| {
            let value = scalar(value, elements);
            read(&value).map_err(|rule| CoreError::setting(&place(argument, i, dim.slice()), value, rule))
        };
        let values = values.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
        return Array::from_shape_vec(dim, values).map_err(|error| CoreError::Unusable(error.to_string()));
    }
    let value = args.get(argument).ok_or(CoreError::Missing { argument, rule: "this function needs it" })?;
    let refused = |shape: String| CoreError::Shape { argument, shape, expected: format!("equal lists of {axes}") };
    let mut dim = D::zeros(D::NDIM.unwrap_or_default());
    let mut level = vec![value];
    for (depth, length) in dim.slice_mut().iter_mut().enumerate() {
        let mut lists = Vec::with_capacity(level.len());
        for item in level {
            lists.push(item.as_array().ok_or_else(|| refused(format!("{depth} dimensions")))?);
        }
        *length = lists.first().map_or(0, |list| list.len());
        if let Some(other) = lists.iter().find(|list| list.len() != *length) {
            return Err(refused(format!("lists of {length} and of {} items at depth {depth}", other.len())));
        }
        level = lists.into_iter().flatten().collect();
    }
    let mut values = Vec::with_capacity(level.len());
    for (i, item) in level.into_iter().enumerate() {
        let value = read(item).map_err(|rule| CoreError::setting(&place(argument, i, dim.slice()), item, rule))?;
        values.push(value);
    }
    Array::from_shape_vec(dim, values).map_err(|error| refused(error.to_string()))
}

/// `argument[i, j, …]` of the value at a position in the flat order.
fn place(argument: &str, mut position: usize, dim: &[usize]) -> String {
    let mut index: Vec<String> = Vec::with_capacity(dim.len());
    for &length in dim.iter().rev() {
        index.push((position % length.max(1)).to_string());
        position /= length.max(1);
    }
    index.reverse();
    format!("{argument}[{}]", index.join(", "))
}

/// n × h × w values as lists in lists.
fn nested<T: Copy + Into<Value>>(values: &Array3<T>) -> Value {
    let row = |row: ndarray::ArrayView1<'_, T>| -> Value { row.iter().map(|&value| value.into()).collect() };
    let image = |image: ndarray::ArrayView2<'_, T>| -> Value { image.outer_iter().map(row).collect() };
    values.outer_iter().map(image).collect()
}
