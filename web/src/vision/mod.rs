//! The vision engine as the page sees it: a wasm binary of its own in a pool of workers, fetched when it is first needed.
//!
//! The pool and its workers are JavaScript (`engine.js`, `worker.js`); what a worker says of a picture stays a JavaScript
//! object, which the page hands on to the engine without looking into it.

use js_sys::{Array, Function};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen(module = "/src/vision/engine.js")]
extern "C" {
    #[wasm_bindgen(js_name = VisionEngine)]
    type Session;

    #[wasm_bindgen(constructor, js_class = "VisionEngine")]
    fn new(tell: &Function) -> Session;

    #[wasm_bindgen(method, js_class = "VisionEngine")]
    fn predict(this: &Session, pictures: &Array);

    #[wasm_bindgen(method, js_class = "VisionEngine")]
    fn cancel(this: &Session);
}

/// What a task needs to know of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Where objects are, and of which class.
    Boxes,
    /// Which pixels are of a person.
    Mask,
}

impl Wanted {
    /// Its name in JavaScript: the field that a picture has when it is known.
    pub fn field(self) -> &'static str {
        match self {
            Self::Boxes => "boxes",
            Self::Mask => "grid",
        }
    }
}

/// What the vision engine says.
#[derive(Clone, Debug)]
pub enum Seen {
    /// It is at something: what, how much of it is done, and how much there is.
    Stage(String, usize, usize),
    /// A picture, by its place, with what is seen in it.
    Picture(u32, JsValue),
    /// All pictures were seen; the names of the classes.
    All(JsValue),
    /// It cannot go on, and why.
    Failed(String),
}

/// A running vision engine; dropping it ends its workers.
pub struct Engine {
    session: Session,
    _tell: Closure<dyn FnMut(String, JsValue, JsValue)>,
}

impl Engine {
    /// An engine that fetches nothing yet and tells `receive` what it sees.
    pub fn new(receive: impl Fn(Seen) + 'static) -> Self {
        let tell = Closure::<dyn FnMut(String, JsValue, JsValue)>::new(move |what: String, a: JsValue, b: JsValue| {
            receive(match what.as_str() {
                "picture" => Seen::Picture(number(&a) as u32, b),
                "all" => Seen::All(a),
                "failed" => Seen::Failed(a.as_string().unwrap_or_default()),
                _ => Seen::Stage(what, number(&a), number(&b)),
            });
        });
        Self { session: Session::new(tell.as_ref().unchecked_ref()), _tell: tell }
    }

    /// Looks at pictures: each an object with its `index`, `name`, `blob`, and what is `wanted` of it.
    pub fn predict(&self, pictures: &Array) {
        self.session.predict(pictures);
    }

    /// Stops at once.
    pub fn cancel(&self) {
        self.session.cancel();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.session.cancel();
    }
}

fn number(value: &JsValue) -> usize {
    value.as_f64().unwrap_or_default() as usize
}
