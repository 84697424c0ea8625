//! `cleanvision.*`, `imagehash` and the image part of `datalab.*`. Images are lists of rows of pixels, a pixel a level or
//! a list of red, green, blue and, where it is given, opacity.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::args::Args;
use super::{Function, datalab, output};
use crate::datalab::{
    LabelKind, SpuriousCorrelationSettings, Targets, relative_room_for_improvement, spurious_correlations,
};
use crate::images::{
    AspectRatioSettings, BlurSettings, DarkSettings, HashKind, ImageCheck, ImageFindings, ImageFound, ImageIssue,
    Imagelab, InformationSettings, LightSettings, NearDuplicateSettings, PERCENTILES, Picture, PictureFacts,
    SizeSettings, picture_hash,
};
use crate::{CoreError, Quiet};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cleanvision.Imagelab.find_issues",
        parameters: &["images", "issue_types", "n_jobs", "verbose"],
        run: find_issues,
    },
    Function { name: "cleanvision.image_hashes", parameters: &["images"], run: hashes },
    Function {
        name: "datalab.Datalab.find_image_issues",
        parameters: &["images", "labels", "issue_types", "pred_probs", "features", "knn_graph"],
        run: find_issues_in_datalab,
    },
    Function {
        name: "datalab.calculate_correlations",
        parameters: &["data", "labels", "properties_of_interest"],
        run: correlations,
    },
    Function {
        name: "datalab.relative_room_for_improvement",
        parameters: &["baseline_accuracy", "mean_accuracy", "eps"],
        run: |args| {
            let accuracy = |name| args.required_parsed(name);
            let epsilon = args.parsed_or("eps", crate::datalab::EPSILON)?;
            let room =
                relative_room_for_improvement(accuracy("baseline_accuracy")?, accuracy("mean_accuracy")?, epsilon);
            Ok(json!(room))
        },
    },
];

/// The images.
fn pictures(args: &Args) -> Result<Vec<Picture<'static>>, CoreError> {
    let images: Vec<Value> = args.required_parsed("images")?;
    images.iter().enumerate().map(|(image, value)| picture(image, value)).collect()
}

fn picture(image: usize, value: &Value) -> Result<Picture<'static>, CoreError> {
    let refused = |index: String, value: &Value, rule: &'static str| CoreError::Element {
        argument: "images",
        index: format!("[{image}]{index}"),
        value: value.to_string(),
        rule,
    };
    let rows = value.as_array().ok_or_else(|| refused(String::new(), value, "an image is a list of rows"))?;
    let first = rows.first().and_then(Value::as_array);
    let width = first.map_or(0, Vec::len);
    let channels = first.and_then(|row| row.first()).and_then(Value::as_array).map_or(1, Vec::len);
    let mut levels = Vec::with_capacity(rows.len() * width * channels);
    for (y, row) in rows.iter().enumerate() {
        let pixels = row.as_array().filter(|pixels| pixels.len() == width);
        let pixels = pixels.ok_or_else(|| refused(format!("[{y}]"), row, "all rows have the same number of pixels"))?;
        for (x, pixel) in pixels.iter().enumerate() {
            let parts = pixel.as_array().map_or(std::slice::from_ref(pixel), Vec::as_slice);
            if parts.len() != channels {
                return Err(refused(format!("[{y}][{x}]"), pixel, "all pixels have the same number of channels"));
            }
            for part in parts {
                let level = part.as_u64().and_then(|level| u8::try_from(level).ok());
                levels.push(
                    level.ok_or_else(|| {
                        refused(format!("[{y}][{x}]"), pixel, "levels are whole numbers from 0 to 255")
                    })?,
                );
            }
        }
    }
    let (width, height) = (width as u32, rows.len() as u32);
    match channels {
        1 => Picture::gray(width, height, levels),
        3 => Picture::rgb(width, height, levels),
        4 => Picture::rgba(width, height, &levels),
        _ => Err(refused("[0][0]".to_owned(), &json!(channels), "1, 3 or 4 channels")),
    }
}

fn parsed<T: DeserializeOwned>(given: &Value) -> Result<T, CoreError> {
    T::deserialize(given).map_err(|error| CoreError::setting("issue_types", given, error.to_string()))
}

/// The check of a name with the settings given; null means the default.
fn check(name: &str, given: &Value) -> Result<ImageCheck, CoreError> {
    let mut given = given.clone();
    if let Some(settings) = given.as_object_mut() {
        settings.retain(|_, value| !value.is_null());
    }
    Ok(match ImageIssue::of_name(name)? {
        ImageIssue::Dark => ImageCheck::Dark(parsed::<DarkSettings>(&given)?),
        ImageIssue::Light => ImageCheck::Light(parsed::<LightSettings>(&given)?),
        ImageIssue::OddAspectRatio => ImageCheck::OddAspectRatio(parsed::<AspectRatioSettings>(&given)?),
        ImageIssue::LowInformation => ImageCheck::LowInformation(parsed::<InformationSettings>(&given)?),
        ImageIssue::Blurry => ImageCheck::Blurry(parsed::<BlurSettings>(&given)?),
        ImageIssue::OddSize => ImageCheck::OddSize(parsed::<SizeSettings>(&given)?),
        ImageIssue::NearDuplicates => ImageCheck::NearDuplicates(parsed::<NearDuplicateSettings>(&given)?),
        ImageIssue::ExactDuplicates => {
            let settings: NearDuplicateSettings = parsed(&given)?;
            if given.get("hash_type").is_some() && settings.kind != HashKind::Pixels {
                return Err(CoreError::setting("hash_type", settings.kind.name(), "md5 for exact_duplicates"));
            }
            ImageCheck::ExactDuplicates
        }
        ImageIssue::Grayscale => {
            if given.as_object().is_some_and(|settings| !settings.is_empty()) {
                return Err(CoreError::setting("issue_types", given, "no settings for grayscale"));
            }
            ImageCheck::Grayscale
        }
    })
}

fn find_issues(args: &Args) -> Result<Value, CoreError> {
    args.check_n_jobs()?;
    let asked: Map<String, Value> = args.parsed("issue_types")?;
    let mut checks: Vec<ImageCheck> = asked.iter().map(|(name, given)| check(name, given)).collect::<Result<_, _>>()?;
    if checks.is_empty() {
        checks = ImageCheck::defaults();
    }
    let mut issues: Vec<ImageIssue> = checks.iter().map(ImageCheck::issue).collect();
    issues.sort_unstable();
    let found = Imagelab::check(&pictures(args)?, checks, &Quiet)?;
    let summary = found.summary(&issues);
    Ok(json!({
        "issues": table(columns(&found)),
        "summary": output::table(vec![
            ("issue_type", summary.iter().map(|found| json!(found.issue.name())).collect()),
            ("num_images", summary.iter().map(|found| json!(found.n_issues())).collect()),
        ]),
        "info": info(&found),
    }))
}

/// Scores and flags by the names of their columns.
fn columns(found: &ImageFindings) -> Map<String, Value> {
    let scores = |found: &ImageFound| (format!("{}_score", found.issue.name()), json!(found.scores));
    let flags = |found: &ImageFound| (format!("is_{}_issue", found.issue.name()), json!(found.is_issue));
    found.results.iter().flat_map(|found| [scores(found), flags(found)]).collect()
}

/// A table whose columns are in order of their names.
fn table(columns: Map<String, Value>) -> Value {
    let mut names: Vec<&String> = columns.keys().collect();
    names.sort_unstable();
    json!({ "$df": { "columns": names, "data": columns } })
}

/// What was measured for each check.
fn info(found: &ImageFindings) -> Map<String, Value> {
    let facts = |fact: &dyn Fn(&PictureFacts) -> Value| -> Vec<Value> { found.facts.iter().map(fact).collect() };
    let sets = |sets: &Option<Vec<Vec<u32>>>| json!({ "sets": sets, "num_sets": sets.as_ref().map_or(0, Vec::len) });
    let mut info = Map::new();
    for ImageFound { issue, .. } in &found.results {
        let value = match issue {
            ImageIssue::Dark | ImageIssue::Light => {
                let names = PERCENTILES.map(|percent| format!("brightness_perc_{percent}"));
                let mut columns: Vec<(&str, Vec<Value>)> = names
                    .iter()
                    .enumerate()
                    .map(|(i, name)| (name.as_str(), facts(&|facts| json!(facts.brightness.map(|b| b.percentiles[i])))))
                    .collect();
                columns.push(("brightness", facts(&|facts| json!(facts.brightness.map(|b| b.mean)))));
                output::table(columns)
            }
            ImageIssue::OddAspectRatio => {
                output::table(vec![("aspect_ratio", facts(&|facts| json!(facts.aspect_ratio())))])
            }
            ImageIssue::LowInformation => output::table(vec![("entropy", facts(&|facts| json!(facts.entropy)))]),
            ImageIssue::Blurry => output::table(vec![
                ("blurriness", facts(&|facts| json!(facts.sharpness.map(|sharpness| sharpness.edges)))),
                ("blurriness_grayscale_std", facts(&|facts| json!(facts.sharpness.map(|sharpness| sharpness.levels)))),
            ]),
            ImageIssue::Grayscale => output::table(vec![("color_space", facts(&|facts| json!(facts.color)))]),
            ImageIssue::OddSize => output::table(vec![("size", facts(&|facts| json!(facts.size())))]),
            ImageIssue::ExactDuplicates => continue,
            ImageIssue::NearDuplicates => sets(&found.near_sets),
        };
        info.insert(issue.name().to_owned(), value);
    }
    if found.exact_sets.is_some() {
        info.insert(ImageIssue::ExactDuplicates.name().to_owned(), sets(&found.exact_sets));
    }
    info
}

fn hashes(args: &Args) -> Result<Value, CoreError> {
    let pictures = pictures(args)?;
    let kinds = [
        (HashKind::Perceptual, 8),
        (HashKind::Average, 8),
        (HashKind::Difference, 8),
        (HashKind::Wavelet, 8),
        (HashKind::Color, 3),
    ];
    let of_kind = |(kind, size)| -> Result<(String, Value), CoreError> {
        let hash = |picture| Ok(json!(picture_hash(picture, NearDuplicateSettings { kind, size })?));
        Ok((kind.name().to_owned(), pictures.iter().map(hash).collect::<Result<_, CoreError>>()?))
    };
    Ok(kinds.into_iter().map(of_kind).collect::<Result<Map<_, _>, _>>()?.into())
}

/// Names that `list_possible_issue_types` of an audit of images adds to those of rows.
fn with_image_issues(names: &[&str]) -> Value {
    names.iter().copied().chain(ImageIssue::IN_DATALAB.map(ImageIssue::name)).collect()
}

fn find_issues_in_datalab(args: &Args) -> Result<Value, CoreError> {
    let pictures = pictures(args)?;
    let mut asked: Option<Map<String, Value>> = args.parsed("issue_types")?;
    let of_images = asked.as_mut().map(|asked| asked.remove("image_issue_types"));
    let spurious = asked.as_mut().map(|asked| asked.remove("spurious_correlations"));
    let given = datalab::FIND.iter().filter_map(|&name| Some((name.to_owned(), args.get(name)?.clone())));
    let mut rest: Map<String, Value> = given.collect();
    if let Some(asked) = asked {
        rest.insert("issue_types".to_owned(), asked.into());
    }
    let rest = Args::bind(datalab::FIND, &[], &rest)?;
    let (data, _) = datalab::labelled(&rest, LabelKind::Classification)?;
    if let Some(length) = data.targets().map(Targets::len).filter(|&length| length != pictures.len()) {
        return Err(CoreError::Length { argument: "labels", length, reference: "images", expected: pictures.len() });
    }
    let mut of_rows = datalab::find_issues(&rest, LabelKind::Classification)?;

    let checks: Vec<ImageCheck> = match of_images {
        None => ImageIssue::IN_DATALAB.map(ImageCheck::in_datalab).to_vec(),
        Some(None) => Vec::new(),
        Some(Some(settings)) => {
            let settings: Map<String, Value> = parsed(&settings)?;
            let of = |(name, given): (&String, &Value)| match given.as_object() {
                Some(settings) if !settings.is_empty() => check(name, given),
                _ => Ok(ImageCheck::in_datalab(ImageIssue::of_name(name)?)),
            };
            settings.iter().map(of).collect::<Result<_, _>>()?
        }
    };
    let mut issues = Vec::from(ImageIssue::IN_DATALAB);
    issues.extend([ImageIssue::ExactDuplicates, ImageIssue::NearDuplicates]);
    let found = Imagelab::check(&pictures, checks, &Quiet)?;

    let mut out = Map::new();
    let mut table_of = |name: &str| of_rows[name]["$df"]["data"].take().as_object().cloned().unwrap_or_default();
    let mut all = table_of("issues");
    all.extend(columns(&found));
    let mut summary = table_of("summary");
    let mut append = |name: &str, values: Vec<Value>| {
        if let Some(column) = summary.entry(name).or_insert_with(|| json!([])).as_array_mut() {
            column.extend(values);
        }
    };
    let listed = found.summary_in_datalab(&issues);
    append("issue_type", listed.iter().map(|found| json!(found.issue.name())).collect());
    append("score", vec![Value::Null; listed.len()]);
    append("num_issues", listed.iter().map(|found| json!(found.n_issues())).collect());
    if summary["issue_type"].as_array().is_none_or(Vec::is_empty) {
        let rule = "a check with a result, of an issue that at most a tenth of the images have";
        return Err(CoreError::setting("issue_types", json!(args.get("issue_types")), rule));
    }
    out.insert("issues".to_owned(), table(all));
    out.insert(
        "summary".to_owned(),
        json!({ "$df": { "columns": ["issue_type", "score", "num_issues"], "data": summary } }),
    );
    if let (Some(Targets::Classes(labels, _)), false) = (data.targets(), found.results.is_empty())
        && !matches!(spurious, Some(None))
    {
        let settings = spurious.flatten().map(|given| parsed(&given)).transpose()?;
        let settings: SpuriousCorrelationSettings = settings.unwrap_or_default();
        let mut scored: Vec<(&str, &[f64])> =
            found.results.iter().map(|found| (found.issue.name(), &found.scores[..])).collect();
        scored.sort_unstable_by_key(|&(name, _)| std::cmp::Reverse(name));
        let scores = spurious_correlations(&scored, labels, settings.baseline)?;
        let names = scores.iter().map(|found| json!(format!("{}_score", found.property))).collect();
        let values = scores.iter().map(|found| json!(found.score)).collect();
        let correlations = output::table(vec![("property", names), ("score", values)]);
        out.insert("spurious".to_owned(), json!({ "correlations_df": correlations, "threshold": settings.threshold }));
    }
    if of_rows["failed"].as_array().is_some_and(|failed| !failed.is_empty()) {
        out.insert("failed".to_owned(), of_rows["failed"].take());
    }
    out.insert("possible".to_owned(), with_image_issues(&POSSIBLE));
    out.insert("default".to_owned(), with_image_issues(&DEFAULT));
    Ok(out.into())
}

/// cleanlab's `list_possible_issue_types` for classes, in its order.
const POSSIBLE: [&str; 8] = [
    "outlier",
    "label",
    "near_duplicate",
    "non_iid",
    "class_imbalance",
    "underperforming_group",
    "data_valuation",
    "null",
];

/// cleanlab's `list_default_issue_types` for classes, in its order.
const DEFAULT: [&str; 7] =
    ["null", "label", "outlier", "near_duplicate", "non_iid", "class_imbalance", "underperforming_group"];

fn correlations(args: &Args) -> Result<Value, CoreError> {
    let data: Map<String, Value> = args.required_parsed("data")?;
    let refused = |value: &Value| CoreError::setting("data", value, "a table of numbers");
    let table = data.get("$df").ok_or_else(|| refused(&Value::Null))?;
    let all: Vec<String> = parsed(&table["columns"]).map_err(|_| refused(&table["columns"]))?;
    let names = args.parsed_or("properties_of_interest", all)?;
    let column = |name: &String| -> Result<Vec<f64>, CoreError> {
        let values = table["data"][name].as_array();
        let values = values.ok_or_else(|| CoreError::setting("properties_of_interest", name, "columns of `data`"))?;
        values.iter().map(|value| value.as_f64().ok_or_else(|| refused(value))).collect()
    };
    let values: Vec<Vec<f64>> = names.iter().map(column).collect::<Result<_, _>>()?;
    let properties: Vec<(&str, &[f64])> =
        names.iter().zip(&values).map(|(name, values)| (name.as_str(), &values[..])).collect();
    let found = spurious_correlations(&properties, &args.labels()?, SpuriousCorrelationSettings::default().baseline)?;
    Ok(output::table(vec![
        ("property", found.iter().map(|found| json!(found.property)).collect()),
        ("score", found.iter().map(|found| json!(found.score)).collect()),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_is_none_is_refused_with_the_place() {
        let place = |image: Value| picture(3, &image).unwrap_err().to_string();
        assert!(place(json!([[1, 2], [3]])).contains("`images`[3][1]"));
        assert!(place(json!([[1, 256]])).contains("`images`[3][0][1]"));
        assert!(place(json!([[[1, 2]]])).contains("1, 3 or 4 channels"));
        assert!(place(json!([])).contains("0 bytes for 0 × 0 pixels"));
    }

    #[test]
    fn correlations_are_those_of_scikit_learn() {
        // GaussianNB in StratifiedKFold(5) on these rows: accuracies 0.8 and 0.5 on average, over a baseline of 0.
        let a: Vec<f64> = (0..20).map(|row| f64::from(row / 10) * 2.0 + f64::from(row * 7 % 10) * 0.3).collect();
        let b: Vec<f64> = (0..20).map(|row| f64::from(row * 11 % 20)).collect();
        let labels: Vec<u32> = (0..20).map(|row| row / 10).collect();
        let data = json!({ "$df": { "columns": ["a", "b"], "data": { "a": a, "b": b } } });
        let out = super::super::call("datalab.calculate_correlations", &[data, json!(labels)], &Map::new());
        assert_eq!(out.unwrap()["$df"]["data"]["score"], json!([0.199_999_999_999_999_96, 0.5]));
    }
}
