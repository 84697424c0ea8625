//! Pictures to boxes, masks and embeddings, for a worker of the page and for Node.
//!
//! One module serves one worker, and everything in it is synchronous. JavaScript sees the class `Vision`:
//!
//! - `new Vision()`: without models it decodes and measures pictures.
//! - `loadDetector(onnx: Uint8Array, description?: string)`, `loadSegmenter(onnx, description?)`: read and prepare a model, in
//!   place of the one before. `description` is JSON; without one the files that come with the program are meant,
//!   `yolox_nano.onnx` and `bodypix_s16.onnx`. `descriptionOf(name)`, a function of the module, gives the JSON of `yolox_nano`,
//!   `bodypix_s16` and `picodet_s_320`, from which others can be made.
//! - `classNames: string[]` of the detector and `threshold: number` of the segmenter, above which is a person.
//! - `predictPicture(name: string, bytes: Uint8Array, options?)`: everything that is to be known of a picture, see below.
//! - `instanceMasks(name, bytes, boxes: Float64Array)`: for each box of four numbers `x1, y1, x2, y2` the pixels of the person
//!   in it, `{ x, y, width, height, inside: Uint8Array }` with 1 inside.
//! - `decodePicture(name, bytes)`: `{ width, height, rgba: Uint8ClampedArray }`, what `ImageData` takes.
//! - `free()`.
//!
//! Keys of `options`, each of which may be missing:
//!
//! | key | meaning | default |
//! |---|---|---|
//! | `scoreThreshold` | the least score of a box, 0 to 1 | 0.3 |
//! | `boxes` | whether the detector runs, if there is one | true |
//! | `grid` | whether the segmenter runs, if there is one | true |
//! | `facts` | whether what the picture checks need is measured | true |
//! | `maxPixels` | pixels of a picture at most | 64 million |
//!
//! The result is `{ width, height, boxes: Float64Array, classes: Uint32Array, grid?: { rows, cols, values: Float32Array },
//! embedding?: Float32Array, dhash: string, facts?: object }`. `boxes` has five numbers for each box, the highest score
//! first: `x1, y1, x2, y2, score`, in pixels of the picture as it is meant to be seen. `dhash` has 16 hexadecimal digits.
//! `facts` is the engine's `PictureFacts`, as it goes into a job; its `digest` is a `BigInt`. All arrays own their memory, so
//! their buffers may be transferred.
//!
//! Whatever cannot be used throws an `Error` with `code` (`picture`, `limit`, `description`, `model`, `setting`) and a message
//! that names the file or model. A `WebAssembly.RuntimeError` means that a damaged file brought the module down, and that the
//! worker must be replaced.

mod outcome;

use forge_core::images::{ImageCheck, Imagelab, Picture};
use forge_core::{CoreError, images::PictureFacts};
use forge_data::{BoxKind, LabelledBox};
use forge_vision::{
    DecodeLimits, Detector, ModelDescription, Photo, PhotoColor, Segmenter, VisionError, decode, dhash,
};
use js_sys::{Array, Object, Uint8Array, Uint8ClampedArray};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use outcome::{object, thrown};

/// The models of a worker.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Vision {
    detector: Option<Detector>,
    segmenter: Option<Segmenter>,
    /// What measures pictures for the checks of the engine; made when it is first asked for.
    lab: Option<Imagelab>,
}

/// What is wanted of a picture.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Options {
    score_threshold: f64,
    boxes: bool,
    grid: bool,
    facts: bool,
    max_pixels: u64,
}

impl Default for Options {
    fn default() -> Self {
        let max_pixels = DecodeLimits::default().max_pixels;
        Self { score_threshold: 0.3, boxes: true, grid: true, facts: true, max_pixels }
    }
}

impl Options {
    fn read(options: JsValue) -> Result<Self, JsValue> {
        if options.is_undefined() || options.is_null() {
            return Ok(Self::default());
        }
        let read: Self = serde_wasm_bindgen::from_value(options)
            .map_err(|error| thrown("setting", &format!("the options of predictPicture: {error}")))?;
        if (0.0..=1.0).contains(&read.score_threshold) {
            return Ok(read);
        }
        Err(thrown("setting", &format!("scoreThreshold is {}; it must be from 0 to 1", read.score_threshold)))
    }
}

#[wasm_bindgen]
impl Vision {
    /// No models yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads and prepares a detector.
    ///
    /// # Errors
    /// An `Error` with `code` and a message that names the model and the operator, node or shape it cannot be used for.
    #[wasm_bindgen(js_name = loadDetector)]
    pub fn load_detector(&mut self, onnx: &[u8], description: Option<String>) -> Result<(), JsValue> {
        let description = described(description, ModelDescription::yolox_nano)?;
        self.detector = Some(Detector::load(onnx, &description).map_err(refused)?);
        Ok(())
    }

    /// Reads and prepares a segmenter.
    ///
    /// # Errors
    /// As `loadDetector`.
    #[wasm_bindgen(js_name = loadSegmenter)]
    pub fn load_segmenter(&mut self, onnx: &[u8], description: Option<String>) -> Result<(), JsValue> {
        let description = described(description, ModelDescription::bodypix_s16)?;
        self.segmenter = Some(Segmenter::load(onnx, &description).map_err(refused)?);
        Ok(())
    }

    /// Names of the classes of the detector, in the order of their numbers; none without a detector.
    #[wasm_bindgen(getter, js_name = classNames)]
    pub fn class_names(&self) -> Vec<String> {
        self.detector.as_ref().map(|detector| detector.description().classes.clone()).unwrap_or_default()
    }

    /// Where the probability is above this is a person; nothing without a segmenter.
    #[wasm_bindgen(getter)]
    pub fn threshold(&self) -> Option<f32> {
        self.segmenter.as_ref().map(Segmenter::threshold)
    }

    /// Decodes a picture and says everything that is to be known of it.
    ///
    /// # Errors
    /// An `Error` with `code` and a message that names the file.
    #[wasm_bindgen(js_name = predictPicture)]
    pub fn predict_picture(&mut self, name: &str, bytes: &[u8], options: JsValue) -> Result<Object, JsValue> {
        let options = Options::read(options)?;
        let limits = DecodeLimits { max_pixels: options.max_pixels, ..DecodeLimits::default() };
        let photo = decode(name, bytes, &limits).map_err(refused)?;
        let result = object(&[("width", photo.width().into()), ("height", photo.height().into())]);
        let detector = self.detector.as_ref().filter(|_| options.boxes);
        let (boxes, embedding) = match detector {
            Some(detector) => detector.detect_with_embedding(&photo, options.score_threshold).map_err(refused)?,
            None => Default::default(),
        };
        outcome::set_boxes(&result, &boxes);
        if !embedding.is_empty() {
            outcome::set_embedding(&result, &embedding);
        }
        if let Some(segmenter) = self.segmenter.as_ref().filter(|_| options.grid) {
            outcome::set_grid(&result, &segmenter.segment(&photo).map_err(refused)?);
        }
        outcome::set(&result, "dhash", format!("{:016x}", dhash(&photo)));
        if options.facts {
            let facts = self.measure(&photo).map_err(|error| thrown(error.code(), &format!("{name}: {error}")))?;
            outcome::set_facts(&result, &facts)?;
        }
        Ok(result)
    }

    /// The pixels of the person in each box.
    ///
    /// # Errors
    /// An `Error` with `code` and a message that names the file, or says that there is no segmenter.
    #[wasm_bindgen(js_name = instanceMasks)]
    pub fn instance_masks(&self, name: &str, bytes: &[u8], boxes: &[f64]) -> Result<Array, JsValue> {
        let Some(segmenter) = &self.segmenter else {
            return Err(thrown("setting", "instanceMasks needs a segmenter; call loadSegmenter first"));
        };
        let (boxes, rest) = boxes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(thrown("setting", &format!("boxes ends with {} numbers; a box has four", rest.len())));
        }
        let photo = decode(name, bytes, &DecodeLimits::default()).map_err(refused)?;
        let labelled = |&[x1, y1, x2, y2]: &[f64; 4]| LabelledBox { class: 0, x1, y1, x2, y2, kind: BoxKind::Object };
        let boxes: Vec<LabelledBox> = boxes.iter().map(labelled).collect();
        let masks = segmenter.instance_masks(&photo, &boxes).map_err(refused)?;
        Ok(masks
            .iter()
            .map(|mask| {
                let inside: Vec<u8> = mask.inside.iter().map(|&inside| u8::from(inside)).collect();
                object(&[
                    ("x", mask.x.into()),
                    ("y", mask.y.into()),
                    ("width", mask.width.into()),
                    ("height", mask.height.into()),
                    ("inside", Uint8Array::from(&inside[..]).into()),
                ])
            })
            .collect())
    }

    /// The pixels of a picture, turned the way it is meant to be seen, without any opacity.
    ///
    /// # Errors
    /// An `Error` with `code` and a message that names the file.
    #[wasm_bindgen(js_name = decodePicture)]
    pub fn decode_picture(&self, name: &str, bytes: &[u8]) -> Result<Object, JsValue> {
        let photo = decode(name, bytes, &DecodeLimits::default()).map_err(refused)?;
        let rgba: Vec<u8> = photo.rgb().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
        Ok(object(&[
            ("width", photo.width().into()),
            ("height", photo.height().into()),
            ("rgba", Uint8ClampedArray::from(&rgba[..]).into()),
        ]))
    }
}

impl Vision {
    fn measure(&mut self, photo: &Photo) -> Result<PictureFacts, CoreError> {
        let lab = match self.lab.take() {
            Some(lab) => lab,
            None => Imagelab::new(ImageCheck::defaults())?,
        };
        let (width, height) = (photo.width() as u32, photo.height() as u32);
        let picture = match photo.color() {
            PhotoColor::Gray => {
                let gray: Vec<u8> = photo.rgb().iter().step_by(3).copied().collect();
                Picture::gray(width, height, gray)?
            }
            PhotoColor::Rgb => Picture::rgb(width, height, photo.rgb())?,
        };
        Ok(self.lab.insert(lab).measure(&picture))
    }
}

/// The JSON of a known model: `yolox_nano`, `bodypix_s16` or `picodet_s_320`.
///
/// # Errors
/// An `Error` for another name.
#[wasm_bindgen(js_name = descriptionOf)]
pub fn description_of(name: &str) -> Result<String, JsValue> {
    let description = match name {
        "yolox_nano" => ModelDescription::yolox_nano(),
        "bodypix_s16" => ModelDescription::bodypix_s16(),
        "picodet_s_320" => ModelDescription::picodet_s_320(),
        other => {
            let message = format!("no model is called {other:?}; known are yolox_nano, bodypix_s16 and picodet_s_320");
            return Err(thrown("setting", &message));
        }
    };
    serde_json::to_string(&description).map_err(|error| thrown("description", &error.to_string()))
}

fn described(given: Option<String>, usual: fn() -> ModelDescription) -> Result<ModelDescription, JsValue> {
    given.map_or_else(|| Ok(usual()), |json| ModelDescription::from_json(&json)).map_err(refused)
}

fn refused(error: VisionError) -> JsValue {
    thrown(error.code(), &error.to_string())
}
