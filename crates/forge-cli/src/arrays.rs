//! `.npy` files as arguments of algorithms, read in blocks of rows as the algorithm asks for them.

use std::cell::RefCell;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use anyhow::Context;
use forge_core::CoreError;
use forge_core::call::{ArraySource, Elements};
use forge_data::{NpyKind, NpyReader};
use serde_json::{Map, Value};

/// Arguments whose text is the name of a file, as in cleanlab.
const FILE_ARGUMENTS: [&str; 2] = ["labels_file", "pred_probs_file"];

/// An open `.npy` file.
struct NpyFile {
    shape: Vec<usize>,
    elements: Elements,
    reader: RefCell<NpyReader<File>>,
}

impl NpyFile {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let reader = NpyReader::new(&path.display().to_string(), file)?;
        let header = reader.header();
        let elements = match header.dtype.kind() {
            NpyKind::Bool => Elements::Booleans,
            NpyKind::Signed | NpyKind::Unsigned => Elements::Whole,
            NpyKind::Float => Elements::Real,
        };
        // A single number counts as a list of one.
        let shape = if header.shape.is_empty() { vec![1] } else { header.shape.clone() };
        Ok(Self { shape, elements, reader: RefCell::new(reader) })
    }
}

impl ArraySource for NpyFile {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn elements(&self) -> Elements {
        self.elements
    }

    fn read(&self, rows: Range<usize>) -> Result<Vec<f64>, CoreError> {
        Ok(self.reader.borrow_mut().read_rows(rows)?)
    }
}

/// Takes the arguments that name `.npy` files (`"@FILE.npy"`, or any text for `labels_file` and `pred_probs_file`) out of
/// `kwargs` and opens the files.
pub(crate) fn open_arrays(kwargs: &mut Map<String, Value>) -> anyhow::Result<Vec<(String, Rc<dyn ArraySource>)>> {
    let mut arrays: Vec<(String, Rc<dyn ArraySource>)> = Vec::new();
    for (name, value) in kwargs.iter() {
        let Value::String(text) = value else { continue };
        let path = text.strip_prefix('@').or_else(|| FILE_ARGUMENTS.contains(&name.as_str()).then_some(text));
        if let Some(path) = path {
            let file = NpyFile::open(Path::new(path)).with_context(|| format!("argument `{name}`"))?;
            arrays.push((name.clone(), Rc::new(file)));
        }
    }
    arrays.iter().for_each(|(name, _)| drop(kwargs.remove(name)));
    Ok(arrays)
}
