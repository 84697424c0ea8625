//! `forge task object_detection` and `forge task segmentation`: tasks on pictures.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::Args;
use forge_core::{Job, JobOutcome, ObjectDetectionConfig, PicturePrediction, SegmentationConfig, TaskConfig};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::job::{Output, show, work};
use crate::context::{Context, Log};
use crate::exports::Exports;
use crate::input::write_whole;
#[cfg(feature = "vision")]
use crate::pictures::models::{Model, Wanted};
use crate::pictures::{PictureInput, corrected, given, read};
use crate::settings::{SettingFlags, Takes};
use crate::source::Input;

/// Share of the bundled pictures that are made wrong where the user does not say: their annotations are true, and there would
/// be nothing to find.
const DEMONSTRATED: f64 = 0.25;

/// Arguments of a task on pictures.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
pub(crate) struct PictureTask<T: Takes + Send + Sync + 'static> {
    /// The pictures with their annotations: a folder, a zip or tar archive, a web address, or a data set of `forge
    /// datasets`; `demo` for the bundled one
    #[arg(value_name = "PATH", required_unless_present = "data")]
    path: Option<String>,
    /// The same, as other tasks name their data
    #[arg(long, value_name = "PATH", conflicts_with = "path")]
    data: Option<String>,
    /// Use all pictures, however many
    #[arg(long, conflicts_with = "max_images")]
    all_images: bool,
    /// A class of the model that stands for an annotated one; may be repeated
    #[arg(long, value_name = "ANNOTATED=PREDICTED", value_parser = class)]
    class: Vec<(String, String)>,
    #[command(flatten)]
    sight: Sight,
    #[command(flatten)]
    settings: SettingFlags<T>,
    #[command(flatten)]
    exports: Exports,
    /// Write the boxes with all suggestions taken up, as COCO JSON
    #[arg(long, value_name = "FILE")]
    corrected: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// What looks at the pictures.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Sight {
    /// An ONNX model instead of the bundled one
    #[arg(long, value_name = "FILE", conflicts_with = "predictions")]
    model: Option<PathBuf>,
    /// How the model is fed and read, as JSON; not needed for yolox_nano, picodet_s_320 and bodypix_s16
    #[arg(long, value_name = "FILE", requires = "model")]
    model_description: Option<PathBuf>,
    /// Predictions of your own: COCO results or YOLO files with scores; PNGs of probabilities (255 is 1) for masks
    #[arg(long, value_name = "PATH")]
    predictions: Option<PathBuf>,
}

/// Reads `ANNOTATED=PREDICTED`.
fn class(text: &str) -> Result<(String, String), String> {
    let (annotated, predicted) = text.rsplit_once('=').ok_or("expected ANNOTATED=PREDICTED")?;
    Ok((annotated.to_owned(), predicted.to_owned()))
}

/// A configuration of a task on pictures.
pub(crate) trait OfPictures: Sized {
    /// Its name.
    const NAME: &'static str;

    /// The task with this configuration.
    fn task(self) -> TaskConfig;

    /// Lifts the limit on pictures.
    fn use_all(&mut self);
}

impl OfPictures for ObjectDetectionConfig {
    const NAME: &'static str = "object_detection";

    fn task(self) -> TaskConfig {
        TaskConfig::ObjectDetection(self)
    }

    fn use_all(&mut self) {
        self.max_images = None;
    }
}

impl OfPictures for SegmentationConfig {
    const NAME: &'static str = "segmentation";

    fn task(self) -> TaskConfig {
        TaskConfig::Segmentation(self)
    }

    fn use_all(&mut self) {
        self.max_images = None;
    }
}

impl<T: Takes + OfPictures + DeserializeOwned + Send + Sync> PictureTask<T> {
    /// Runs the task.
    pub(crate) fn execute(&self, context: &Context) -> anyhow::Result<ExitCode> {
        self.output.check(context)?;
        self.exports.check(context)?;
        let corrected = self.corrected.as_deref().map(|path| context.artifact(path));
        if let Some(folder) = corrected.as_deref().and_then(Path::parent).filter(|folder| *folder != Path::new("")) {
            ensure!(folder.is_dir(), "cannot write into {}: there is no such folder", folder.display());
        }
        ensure!(
            T::NAME == "object_detection" || (self.class.is_empty() && corrected.is_none()),
            "--class and --corrected are about boxes, and segmentation has none"
        );
        let Some(name) = self.path.as_deref().or(self.data.as_deref()) else { bail!("name the pictures") };
        let opened = read::open(name, context)?;
        let mut defaults = Map::new();
        if opened.is_demonstration {
            defaults.insert("corrupt_frac".to_owned(), DEMONSTRATED.into());
            defaults.insert("max_images".to_owned(), Value::Null);
        }
        if !self.class.is_empty() {
            let classes = self.class.iter().map(|(from, to)| (from.clone(), to.as_str().into()));
            defaults.insert("class_map".to_owned(), Value::Object(classes.collect()));
        }
        let mut config: T = self.settings.config(&format!("task.{}", T::NAME), &context.file, defaults)?;
        if self.all_images {
            config.use_all();
        }
        let config = config.task();
        let input = input(&config, opened, &self.sight, &self.output, context)?;
        let job = Job::Task(config);
        let outcome = work(&job, &input, &self.output, context)?;
        self.exports.write(&outcome, &input, context)?;
        if let (Some(path), JobOutcome::Task(report), Input::Pictures(pictures)) = (corrected, &outcome, &input) {
            write_whole(&path, &corrected::coco(report, pictures)?)?;
        }
        show(&outcome, &input, &self.output, context)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Shows the pictures that take part to a model, or reads what was predicted.
pub(crate) fn input(
    task: &TaskConfig,
    opened: read::Opened,
    sight: &Sight,
    output: &Output,
    context: &Context,
) -> anyhow::Result<Input> {
    let mut set = opened.set;
    let chosen = task.chosen_pictures(&set);
    let n_left = set.images.len() - chosen.len();
    if n_left > 0 && context.log >= Log::Warn {
        eprintln!(
            "note: {} of {} pictures are used; --max-images or --all-images uses more",
            chosen.len(),
            set.images.len()
        );
    }
    let is_boxes = matches!(task, TaskConfig::ObjectDetection(_));
    let (mut predictions, mut classes) = looked_at(task, &set, &chosen, (sight, is_boxes), output, context)?;
    if let Some(path) = &sight.predictions {
        if is_boxes {
            classes = given::boxes(path, &mut set, &mut predictions, context)?;
        } else {
            given::masks(path, &mut set, &mut predictions, context)?;
        }
    }
    Ok(Input::Pictures(Box::new(PictureInput { set, predictions, classes })))
}

type Looked = (Vec<Option<PicturePrediction>>, Vec<String>);

/// What models see, or measures only where predictions are given.
#[cfg(feature = "vision")]
fn looked_at(
    task: &TaskConfig,
    set: &forge_data::ImageSet,
    chosen: &[usize],
    (sight, is_boxes): (&Sight, bool),
    output: &Output,
    context: &Context,
) -> anyhow::Result<Looked> {
    let wanted = if is_boxes { Wanted::Boxes } else { Wanted::Masks };
    let model = match (&sight.model, &sight.predictions) {
        (_, Some(_)) => Model::None,
        (Some(path), None) => Model::read(path, sight.model_description.as_ref(), wanted)?,
        (None, None) => Model::bundled(wanted)?,
    };
    let floor = match task {
        TaskConfig::ObjectDetection(config) => config.score_threshold,
        _ => 1.0,
    };
    let terminal = output.terminal(context)?;
    let predictions = model.predict(set, (chosen, floor), &terminal)?;
    terminal.finish();
    Ok((predictions, model.classes()))
}

/// Nothing but what is given: this program was built without models.
#[cfg(not(feature = "vision"))]
fn looked_at(
    _task: &TaskConfig,
    set: &forge_data::ImageSet,
    chosen: &[usize],
    (sight, _): (&Sight, bool),
    _output: &Output,
    _context: &Context,
) -> anyhow::Result<Looked> {
    ensure!(
        sight.predictions.is_some() && sight.model.is_none(),
        "this program was built without models: give predictions of your own with --predictions"
    );
    let mut predictions = vec![None; set.images.len()];
    chosen.iter().for_each(|&picture| predictions[picture] = Some(PicturePrediction::default()));
    Ok((predictions, Vec::new()))
}
