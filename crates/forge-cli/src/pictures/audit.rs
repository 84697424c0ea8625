//! An audit of pictures by themselves, as a summary and as JSON.

use std::fmt::Write;

use forge_core::{PictureChecks, check_pictures};
use serde::Serialize;

use super::PictureInput;
use super::read;
use super::summary::of_pictures;
use crate::context::Context;
use crate::summary::thousands;
use crate::terminal::Terminal;

/// What was found.
pub(crate) struct Audit {
    input: PictureInput,
    checks: PictureChecks,
    warnings: Vec<String>,
}

/// An audit as JSON.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    /// The paths of the pictures, in the order by which the checks name them.
    pictures: Vec<&'a str>,
    checks: &'a PictureChecks,
    warnings: &'a [String],
}

/// Reads and checks all pictures behind a name.
#[cfg(feature = "vision")]
pub(crate) fn audit(name: &str, terminal: &Terminal, context: &Context) -> anyhow::Result<Audit> {
    use super::models::{Model, Wanted};

    let set = read::open(name, context)?.set;
    let all: Vec<usize> = (0..set.images.len()).collect();
    // The detector gives embeddings, by which mirrored and cropped copies are known.
    let model = Model::bundled(Wanted::Boxes)?;
    let predictions = model.predict(&set, (&all, 1.0), terminal)?;
    let checks = check_pictures(&predictions, terminal)?;
    let mut warnings = set.warnings.clone();
    for (image, prediction) in set.images.iter().zip(&predictions) {
        let trouble = prediction.as_ref().and_then(|prediction| prediction.trouble.as_ref());
        warnings.extend(trouble.map(|trouble| format!("{} is left out: {trouble}", image.path)));
    }
    Ok(Audit { input: PictureInput { set, predictions, classes: model.classes() }, checks, warnings })
}

/// Refuses: this program was built without what decodes pictures.
#[cfg(not(feature = "vision"))]
pub(crate) fn audit(name: &str, _terminal: &Terminal, context: &Context) -> anyhow::Result<Audit> {
    let n = read::open(name, context)?.set.images.len();
    anyhow::bail!("this program was built without what decodes pictures, and {name} holds {n}")
}

impl Audit {
    /// As JSON.
    pub(crate) fn report(&self) -> Report<'_> {
        let pictures = self.input.set.images.iter().map(|image| image.path.as_str()).collect();
        Report { pictures, checks: &self.checks, warnings: &self.warnings }
    }

    /// As a person reads it, without a line break at its end.
    pub(crate) fn summary(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail, so the results of `write!` are dropped.
        let n_measured = thousands(self.checks.n_measured);
        let _ = writeln!(text, "{} pictures, {n_measured} of them measured", thousands(self.input.set.images.len()));
        of_pictures(&mut text, &self.checks, &self.input);
        for warning in &self.warnings {
            let _ = write!(text, "\nwarning: {warning}");
        }
        text.trim_end().to_owned()
    }
}
