//! Calls as a JavaScript program makes them: camelCase names, one object of arguments, results of typed arrays; on the
//! scripts of this crate, or on the npm package where `FORGE_PACKAGE` names its folder.

use forge_core::CoreError;
use forge_core::call::{function_names, meant_by};
use js_sys::{Array, ArrayBuffer, Float64Array, Function, Int32Array, Object, Promise, Reflect, Uint8Array};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The scripts that make calls, each after those that it imports.
const SCRIPTS: &[(&str, &str)] = &[
    ("error", include_str!("../../js/error.js")),
    ("names", include_str!("../../js/names.js")),
    ("failure", include_str!("../../js/failure.js")),
    ("detached", include_str!("../../js/detached.js")),
    ("calling", include_str!("../../js/calling.js")),
    ("functions", include_str!("../../js/functions.js")),
];

/// The folder of the npm package, where it is that which is tested: `FORGE_PACKAGE`.
fn package() -> Option<String> {
    let variable = Function::new_no_args("return globalThis.process?.env?.FORGE_PACKAGE");
    variable.call0(&JsValue::NULL).ok()?.as_string()
}

async fn awaited(function: &Function, argument: &str) -> JsValue {
    let promise: Promise = function.call1(&JsValue::NULL, &argument.into()).unwrap().unchecked_into();
    JsFuture::from(promise).await.unwrap()
}

/// How arrays are given.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Form {
    NestedLists,
    TypedArrays,
}

/// The functions of `js/functions.js`, on this module or on that of the package.
pub(crate) struct Npm {
    functions: JsValue,
    form: Form,
}

impl Npm {
    pub(crate) async fn load(form: Form) -> Self {
        if let Some(folder) = package() {
            let body = "return import(`file://${folder}/core.js`).then((core) => core.init().then(() => core))";
            return Self { functions: awaited(&Function::new_with_args("folder", body), &folder).await, form };
        }
        // A script at a data address cannot name a file beside it.
        let mut addresses: Vec<(String, String)> = Vec::new();
        for (name, source) in SCRIPTS {
            let source = addresses
                .iter()
                .fold((*source).to_owned(), |source, (name, address)| source.replace(&format!("./{name}.js"), address));
            let encoded = String::from(js_sys::encode_uri_component(&source));
            addresses.push(((*name).to_owned(), format!("data:text/javascript,{encoded}")));
        }
        let (_, address) = addresses.last().unwrap();
        let module = awaited(&Function::new_with_args("address", "return import(address)"), address).await;
        let make: Function = Reflect::get(&module, &"functions".into()).unwrap().unchecked_into();
        let invoke = Closure::<dyn Fn(String, JsValue, Array) -> Result<JsValue, JsValue>>::new(
            |name: String, kwargs, arrays| forge_wasm::invoke(&name, kwargs, arrays),
        );
        let functions = make.call1(&JsValue::NULL, invoke.as_ref()).unwrap();
        invoke.forget();
        Self { functions, form }
    }

    /// Calls a function by its JavaScript path.
    pub(crate) fn raw(&self, path: &str, named: &JsValue) -> Result<JsValue, JsValue> {
        let function =
            path.split('.').try_fold(self.functions.clone(), |group, part| Reflect::get(&group, &part.into()));
        let function: Function = function.unwrap().dyn_into().expect(path);
        function.call1(&JsValue::NULL, named)
    }

    /// What a case calls, by the names it is recorded under.
    pub(crate) fn call(&self, name: &str, args: &[Value], kwargs: &Map<String, Value>) -> Result<Value, CoreError> {
        // A seed that belongs to a name is a setting of the object.
        let (plain, seed) = match name.split_once("(seed=1)") {
            Some((start, end)) => (format!("{start}{end}"), Some(1)),
            None => (name.replace("(stream)", ".stream"), None),
        };
        let (short, implied) = meant_by(&plain);
        let recorded = if seed.is_some() || implied.is_some() || short != plain { short } else { name };
        let Some((_, parameters)) = function_names().find(|(known, _)| *known == recorded) else {
            return Err(CoreError::UnknownFunction { name: name.to_owned(), nearest: None });
        };
        let mut named: Map<String, Value> =
            parameters.iter().map(|name| (*name).to_owned()).zip(args.iter().cloned()).collect();
        named.extend(kwargs.clone());
        if let Some((argument, value)) = implied {
            named.insert(argument.to_owned(), value.into());
        }
        if let Some(seed) = seed {
            let init = named.entry("init").or_insert_with(|| Map::new().into());
            if let Some(init) = init.as_object_mut() {
                init.entry("seed").or_insert(seed.into());
            }
        }
        let arguments = Object::new();
        for (name, value) in &named {
            let own_keys = name == "class_names";
            Reflect::set(&arguments, &camel_case(name).into(), &self.given(value, own_keys)).unwrap();
        }
        let path = short.split('.').map(camel_case).collect::<Vec<_>>().join(".");
        match self.raw(&path, &arguments) {
            Ok(result) => Ok(recorded_form(&result, short.starts_with("object_detection."))),
            Err(error) => {
                let part = |name: &str| Reflect::get(&error, &name.into()).ok().and_then(|part| part.as_string());
                assert!(part("code").is_some(), "{name} threw something without a code: {error:?}");
                Err(CoreError::Unusable(part("message").unwrap_or_default()))
            }
        }
    }

    /// A recorded argument as a JavaScript program would write it.
    fn given(&self, value: &Value, own_keys: bool) -> JsValue {
        match value {
            Value::Object(entries) => {
                let marked = ["$df", "$series", "$csr"].into_iter().find_map(|mark| entries.get(mark));
                if let Some(Value::Object(inner)) = marked {
                    return self.object(inner, true);
                }
                self.object(entries, own_keys)
            }
            Value::Array(items) => {
                if self.form == Form::TypedArrays
                    && let Some(typed) = typed(value)
                {
                    return typed;
                }
                items.iter().map(|item| self.given(item, own_keys)).collect::<Array>().into()
            }
            Value::Null => JsValue::NULL,
            other => js(other),
        }
    }

    fn object(&self, entries: &Map<String, Value>, own_keys: bool) -> JsValue {
        let object = Object::new();
        for (key, value) in entries {
            let key = if own_keys { key.clone() } else { camel_case(key) };
            Reflect::set(&object, &key.into(), &self.given(value, own_keys)).unwrap();
        }
        object.into()
    }
}

/// A list of numbers as a typed array, and a matrix or more as one with its shape; nothing for anything else.
fn typed(value: &Value) -> Option<JsValue> {
    let (mut shape, mut values) = (Vec::new(), Vec::new());
    collect(value, 0, &mut shape, &mut values)?;
    let whole: Option<Vec<i32>> =
        values.iter().map(|value| value.as_i64().and_then(|v| i32::try_from(v).ok())).collect();
    let numbers: Vec<f64> = values.iter().map(|value| value.as_f64()).collect::<Option<_>>()?;
    let data: JsValue = match whole {
        Some(whole) => Int32Array::from(&whole[..]).into(),
        None => Float64Array::from(&numbers[..]).into(),
    };
    if shape.len() == 1 {
        return Some(data);
    }
    let shaped = Object::new();
    Reflect::set(&shaped, &"data".into(), &data).unwrap();
    let shape: Array = shape.into_iter().map(|length: usize| JsValue::from(length as f64)).collect();
    Reflect::set(&shaped, &"shape".into(), &shape).unwrap();
    Some(shaped.into())
}

fn collect<'a>(value: &'a Value, depth: usize, shape: &mut Vec<usize>, values: &mut Vec<&'a Value>) -> Option<()> {
    match value {
        Value::Array(items) if !items.is_empty() => {
            if depth == shape.len() && values.is_empty() {
                shape.push(items.len());
            }
            (shape.get(depth) == Some(&items.len())).then_some(())?;
            items.iter().try_for_each(|item| collect(item, depth + 1, shape, values))
        }
        Value::Number(_) if depth == shape.len() => {
            values.push(value);
            Some(())
        }
        _ => None,
    }
}

/// A result as cases record it.
fn recorded_form(value: &JsValue, own_keys: bool) -> Value {
    if let Some(values) = value.dyn_ref::<Uint8Array>() {
        return values.to_vec().into_iter().map(|flag| flag != 0).collect();
    }
    if let Some(values) = value.dyn_ref::<Int32Array>() {
        return values.to_vec().into();
    }
    if let Some(values) = value.dyn_ref::<Float64Array>() {
        return values.to_vec().into_iter().map(Value::from).collect();
    }
    assert!(!ArrayBuffer::is_view(value), "an array of another type: {value:?}");
    if let Some(items) = value.dyn_ref::<Array>() {
        return items.iter().map(|item| recorded_form(&item, own_keys)).collect();
    }
    if let Some(object) = value.dyn_ref::<Object>() {
        let has = |key: &str| Reflect::has(object, &key.into()).unwrap();
        let mark = if has("columns") && has("data") {
            Some("$df")
        } else if has("values") {
            Some("$series")
        } else {
            None
        };
        let entry = |entry: JsValue| {
            let entry: Array = entry.unchecked_into();
            let key = entry.get(0).as_string().unwrap();
            let key = if own_keys || mark.is_some() { key } else { snake_case(&key) };
            (key, recorded_form(&entry.get(1), own_keys || mark.is_some()))
        };
        let entries: Map<String, Value> = Object::entries(object).iter().map(entry).collect();
        return match mark {
            Some(mark) => Value::Object(Map::from_iter([(mark.to_owned(), entries.into())])),
            None => entries.into(),
        };
    }
    if let Some(flag) = value.as_bool() {
        return flag.into();
    }
    value.as_f64().map(number).or_else(|| value.as_string().map(Value::from)).unwrap_or_default()
}

fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 1e15 { Value::from(value as i64) } else { Value::from(value) }
}

fn camel_case(name: &str) -> String {
    let mut out = String::new();
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next) if c == '_' && !out.is_empty() && next.is_ascii_alphanumeric() => {
                out.push(next.to_ascii_uppercase());
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        // As in "Rarest Class", which is a text and no name.
        if c.is_ascii_uppercase() && out.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            out.push('_');
        }
        let inside = out.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '_');
        out.push(if inside { c.to_ascii_lowercase() } else { c });
    }
    out
}

pub(crate) fn js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap()
}
