//! `forge task NAME`: one of the tasks, with its settings as flags.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use forge_core::{
    AnomalyConfig, Job, MultiannotatorConfig, MulticlassConfig, MultilabelConfig, ObjectDetectionConfig, OutlierConfig,
    RegressionConfig, SegmentationConfig, TaskConfig, TokenConfig,
};
use serde::de::DeserializeOwned;

use super::job::{Output, read, show, work};
use super::pictures::PictureTask;
use crate::context::Context;
use crate::exports::Exports;
use crate::settings::{SettingFlags, Takes};
use crate::source::{Source, Targets};

/// Arguments of `forge task`.
#[derive(Args)]
#[command(after_help = "Examples:
  forge task multiclass --data covertype --noise-frac 0.1
  forge task multilabel --data emotions
  forge task token --data sentences.conllu --cv-folds 5
  forge task regression --data bike_sharing
  forge task outlier --data california_housing --outlier-frac 0.02
  forge task multiannotator --data bluebirds
  forge task object_detection demo
  forge task segmentation PennFudanPed.zip --max-images 170
  forge task anomaly --data synthetic

Every task finds issues; those that learn also predict out of sample, prune the worst, train again and compare.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// The tasks.
#[derive(Subcommand)]
enum Task {
    /// Label errors among classes
    Multiclass(Box<OneTask<MulticlassConfig>>),
    /// Classes missing from, and wrongly among, those of each row
    Multilabel(Box<OneTask<MultilabelConfig>>),
    /// Label errors among the tokens of sentences
    Token(Box<OneTask<TokenConfig>>),
    /// Errors among numbers to predict
    Regression(Box<OneTask<RegressionConfig>>),
    /// Outliers, near-duplicates and drift
    Outlier(Box<OneTask<OutlierConfig>>),
    /// The consensus of several annotators, and what to label next
    Multiannotator(Box<OneTask<MultiannotatorConfig>>),
    /// Wrong boxes around objects in pictures: overlooked, badly located, swapped
    #[command(name = "object_detection", visible_alias = "object-detection")]
    ObjectDetection(Box<PictureTask<ObjectDetectionConfig>>),
    /// Wrong masks of people in pictures
    Segmentation(Box<PictureTask<SegmentationConfig>>),
    /// Rows unlike all others
    Anomaly(Box<OneTask<AnomalyConfig>>),
}

/// Arguments of one task.
#[derive(Args)]
#[command(allow_negative_numbers = true)]
struct OneTask<T: Takes + Send + Sync + 'static> {
    /// The data: a file, a web address, a data set of `forge datasets`, or - for standard input
    #[arg(long, value_name = "FILE")]
    data: Source,
    #[command(flatten)]
    settings: SettingFlags<T>,
    #[command(flatten)]
    exports: Exports,
    #[command(flatten)]
    output: Output,
}

impl<T: Takes + DeserializeOwned + Send + Sync> OneTask<T> {
    fn execute(&self, name: &str, wrap: fn(T) -> TaskConfig, context: &Context) -> anyhow::Result<ExitCode> {
        self.output.check(context)?;
        self.exports.check(context)?;
        let data = self.data.open(context)?;
        let targets = match name {
            "token" | "multiannotator" => Targets::None,
            "multilabel" => Targets::Several,
            "anomaly" => Targets::OneWithNormal,
            _ => Targets::One,
        };
        let config = self.settings.config(&format!("task.{name}"), &context.file, data.defaults(targets))?;
        let job = Job::Task(wrap(config));
        let input = read(&job, data)?;
        let outcome = work(&job, &input, &self.output, context)?;
        self.exports.write(&outcome, &input, context)?;
        show(&outcome, &input, &self.output, context)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Runs the command.
pub(crate) fn execute(arguments: &Arguments, context: &Context) -> anyhow::Result<ExitCode> {
    match &arguments.task {
        Task::Multiclass(task) => task.execute("multiclass", TaskConfig::Multiclass, context),
        Task::Multilabel(task) => task.execute("multilabel", TaskConfig::Multilabel, context),
        Task::Token(task) => task.execute("token", TaskConfig::Token, context),
        Task::Regression(task) => task.execute("regression", TaskConfig::Regression, context),
        Task::Outlier(task) => task.execute("outlier", TaskConfig::Outlier, context),
        Task::Multiannotator(task) => task.execute("multiannotator", TaskConfig::Multiannotator, context),
        Task::ObjectDetection(task) => task.execute(context),
        Task::Segmentation(task) => task.execute(context),
        Task::Anomaly(task) => task.execute("anomaly", TaskConfig::Anomaly, context),
    }
}
