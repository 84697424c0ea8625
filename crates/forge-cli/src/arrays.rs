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

#[cfg(test)]
mod tests {
    use forge_core::call::{CallResult, call_with_arrays};
    use serde_json::json;

    use super::*;

    /// A file that is gone when the test is over.
    struct Temporary(std::path::PathBuf);

    impl Temporary {
        fn new(name: &str, descr: &str, shape: &str, data: &[u8]) -> Self {
            let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
            let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
            bytes.extend((header.len() as u16).to_le_bytes());
            bytes.extend(header.bytes());
            bytes.extend(data);
            let path = std::env::temp_dir().join(format!("forge-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            Self(path)
        }

        fn named(&self) -> Value {
            format!("@{}", self.0.display()).into()
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            // A file that is gone already is what is wanted.
            let _ = std::fs::remove_file(&self.0);
        }
    }

    const BATCHED: &str = "experimental.label_issues_batched.find_label_issues_batched";

    #[test]
    fn files_of_numpy_stand_for_arrays() {
        let probs: Vec<u8> =
            [0.9_f32, 0.1, 0.2, 0.8, 0.97, 0.03, 0.8, 0.2].iter().flat_map(|p| p.to_be_bytes()).collect();
        let probs = Temporary::new("probs.npy", ">f4", "(4, 2)", &probs);
        let labels = Temporary::new("labels.npy", "|u1", "(4,)", &[0, 1, 1, 0]);
        for name in ["labels", "labels_file"] {
            let mut kwargs = Map::from_iter([
                (name.to_owned(), labels.named()),
                ("pred_probs".to_owned(), probs.named()),
                ("batch_size".to_owned(), json!(3)),
            ]);
            let arrays = open_arrays(&mut kwargs).unwrap();
            assert_eq!(kwargs.keys().collect::<Vec<_>>(), ["batch_size"]);
            assert_eq!(call_with_arrays(BATCHED, &kwargs, &arrays).unwrap(), CallResult::Rows(vec![2]));
        }
    }

    #[test]
    fn a_file_that_is_none_is_named_with_its_argument() {
        let cut = Temporary::new("cut.npy", "<f8", "(4, 2)", &[0; 7]);
        for (value, expected) in [(cut.named(), "7 bytes follow the header"), (json!("@/nowhere.npy"), "/nowhere.npy")]
        {
            let mut kwargs = Map::from_iter([("pred_probs".to_owned(), value)]);
            let Err(error) = open_arrays(&mut kwargs) else { panic!("it was opened") };
            let message = format!("{error:#}");
            assert!(message.contains("`pred_probs`") && message.contains(expected), "{message}");
        }
    }
}
