//! Running a model on tract: plans for the sizes of input that occur, each made once and kept.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid;
use tract_onnx::tract_hir::internal::DimLike;

use crate::VisionError;
use crate::description::{Layout, ModelDescription};
use crate::input::Placed;
use crate::onnx;
use crate::photo::Photo;

/// Plans that are kept; the one that has not been used for longest makes room for another.
const MAX_PLANS: usize = 8;
/// Characters of a message of the runtime that are passed on.
const MAX_MESSAGE: usize = 300;

/// An output of a model.
pub(crate) struct Output {
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
}

/// A model ready to run.
pub(crate) struct Runtime {
    description: ModelDescription,
    parsed: InferenceModel,
    /// The plans by size of input; the last was used last.
    plans: Mutex<Vec<Plan>>,
}

#[derive(Clone)]
struct Plan {
    size: (usize, usize),
    plan: Arc<TypedRunnableModel>,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Runtime").field("description", &self.description).finish_non_exhaustive()
    }
}

impl Runtime {
    /// Reads an ONNX file and checks it against its description.
    pub(crate) fn load(bytes: &[u8], description: &ModelDescription) -> Result<Self, VisionError> {
        description.validate()?;
        let parsed = onnx::parse(&description.name, bytes, description.embedding.as_deref())?;
        let runtime = Self { description: description.clone(), parsed, plans: Mutex::new(Vec::new()) };
        let n_inputs = runtime.parsed.inputs.len();
        if n_inputs != 1 {
            return Err(runtime.mismatch("the number of inputs".to_owned(), &n_inputs, "1".to_owned()));
        }
        Ok(runtime)
    }

    /// What the model was loaded with.
    pub(crate) fn description(&self) -> &ModelDescription {
        &self.description
    }

    /// Makes the plan for pictures of the size that is placed so, so that the first picture need not; returns the shapes of
    /// all outputs, as far as they are known beforehand.
    pub(crate) fn prepare(&self, placed: Placed) -> Result<Option<Vec<Vec<usize>>>, VisionError> {
        let plan = self.plan((placed.width, placed.height))?;
        let model = plan.model();
        let shape = |&outlet| {
            let shape = model.outlet_fact(outlet).ok()?.shape.as_concrete()?;
            Some(shape.to_vec())
        };
        Ok(model.outputs.iter().map(shape).collect())
    }

    /// Runs the model on a picture that lies in the input as `placed` says; returns all outputs.
    pub(crate) fn run(&self, photo: &Photo, placed: Placed) -> Result<Vec<Output>, VisionError> {
        let input = placed.fill_with(photo, &self.description.input);
        self.run_on(&input, (placed.width, placed.height))
    }

    /// Runs the model on an input of `width` × `height` in the order of its layout.
    pub(crate) fn run_on(&self, input: &[f32], size: (usize, usize)) -> Result<Vec<Output>, VisionError> {
        let plan = self.plan(size)?;
        let outputs = guarded(|| {
            let tensor = Tensor::from_shape(&self.shape(size), input)?;
            let outputs = plan.run(tvec!(tensor.into()))?;
            outputs
                .iter()
                .map(|output| {
                    let values = output.cast_to::<f32>()?.to_plain_array_view::<f32>()?.iter().copied().collect();
                    Ok(Output { shape: output.shape().to_vec(), values })
                })
                .collect()
        });
        outputs.map_err(|reason| VisionError::Failed { model: self.description.name.clone(), reason })
    }

    /// An output or input that is not what the description asks for.
    pub(crate) fn mismatch(&self, what: String, found: &dyn std::fmt::Debug, expected: String) -> VisionError {
        VisionError::Mismatch { model: self.description.name.clone(), what, found: format!("{found:?}"), expected }
    }

    fn shape(&self, (width, height): (usize, usize)) -> [usize; 4] {
        match self.description.input.layout {
            Layout::Nchw => [1, 3, height, width],
            Layout::Nhwc => [1, height, width, 3],
        }
    }

    fn plan(&self, size: (usize, usize)) -> Result<Arc<TypedRunnableModel>, VisionError> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let known = plans.iter().position(|plan| plan.size == size).map(|at| plans.remove(at));
        let plan = match known {
            Some(plan) => plan,
            None => Plan { size, plan: self.make_plan(size)? },
        };
        if plans.len() == MAX_PLANS {
            plans.remove(0);
        }
        plans.push(plan.clone());
        Ok(plan.plan)
    }

    fn make_plan(&self, size: (usize, usize)) -> Result<Arc<TypedRunnableModel>, VisionError> {
        let shape = self.shape(size);
        let declared = self.parsed.input_fact(0).ok().and_then(|fact| fact.shape.concretize());
        if let Some(declared) = declared.filter(|declared| declared.len() != 4 || !fits(declared, &shape)) {
            return Err(self.mismatch("the shape of the input".to_owned(), &declared, format!("{shape:?}")));
        }
        let plan = guarded(|| {
            let model = self.parsed.clone().with_input_fact(0, f32::fact(shape).into())?;
            model.into_optimized()?.into_runnable()
        });
        plan.map_err(|reason| {
            let (width, height) = size;
            VisionError::NotRunnable { model: self.description.name.clone(), width, height, reason }
        })
    }
}

/// Whether an input of the shape `given` can go where `declared` is asked for; a length with a name can be any.
fn fits(declared: &[TDim], given: &[usize]) -> bool {
    declared.iter().zip(given).all(|(declared, &given)| declared.to_usize().map_or(true, |declared| declared == given))
}

/// What the runtime returns, with its errors, and its panics, as a sentence.
///
/// The runtime checks models as it reads them, but not everywhere: on some damaged files an index is out of bounds. Nothing
/// that is shared is touched in there, so a panic leaves nothing half done. In WebAssembly a panic ends the module, and the
/// caller has to start another.
pub(crate) fn guarded<T>(work: impl FnOnce() -> TractResult<T>) -> Result<T, String> {
    let message = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(error)) => format!("{error:#}"),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("the runtime gave up: {}", text.unwrap_or("without a reason"))
        }
    };
    let words: Vec<&str> = message.split_whitespace().collect();
    let mut message = words.join(" ");
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    Err(message)
}
