//! Every argument of every function, left out and replaced by values it is not meant for.

use forge_core::call::{call, function_names};
use serde_json::{Map, Value, json};

use crate::calls::{Calls, calls_by_function};
use crate::fuzz::is_named;

/// What no argument, or only a few, can be.
fn odd_values() -> Vec<Value> {
    let numbers = [-1.0, 0.5, 1e6, 4e9, 1e19, 1e155, 1e308, -1e308].map(Value::from);
    let odd = [
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("nonsense"),
        json!([]),
        json!([null]),
        json!([-1]),
        json!(["a"]),
        json!([[]]),
        json!([[[]]]),
        json!([[[[]]]]),
        json!([[0.5, 0.5], [0.5]]),
        json!([0, 1, 1e300]),
        json!({}),
        json!({ "nonsense": 1 }),
        json!({ "$df": { "columns": ["a"], "data": { "a": [1, 2], "b": [] } } }),
        json!({ "$csr": { "indptr": [5, 1], "indices": [9], "data": [] } }),
    ];
    numbers.into_iter().chain(odd).collect()
}

/// The shortest call that gives a result.
fn working(calls: &Calls) -> Option<&Map<String, Value>> {
    let mut shortest: Vec<&Map<String, Value>> = calls.arguments.iter().collect();
    shortest.sort_by_key(|arguments| json!(arguments).to_string().len());
    shortest.into_iter().find(|arguments| call(calls.function, &[], arguments).is_ok())
}

fn answers(function: &str, arguments: &Map<String, Value>) {
    if let Err(error) = call(function, &[], arguments) {
        assert!(is_named(&error), "{function}: {error}");
    }
}

#[test]
fn every_function_has_a_call_to_start_from() {
    for calls in calls_by_function() {
        assert!(!calls.arguments.is_empty(), "{}", calls.function);
        let only_errors = calls.function == "classification.CleanLearning";
        assert!(only_errors || working(&calls).is_some(), "{}", calls.function);
    }
}

#[test]
fn any_argument_may_be_of_any_kind_without_a_panic() {
    let odd_values = odd_values();
    for calls in calls_by_function() {
        let Some(good) = working(&calls) else { continue };
        for &name in calls.parameters {
            let mut arguments = good.clone();
            arguments.remove(name);
            answers(calls.function, &arguments);
            for value in &odd_values {
                arguments.insert(name.to_owned(), value.clone());
                answers(calls.function, &arguments);
            }
        }
    }
}

#[test]
fn an_unknown_argument_is_named_by_every_function() {
    for (function, parameters) in function_names() {
        let unknown = Map::from_iter([("lables".to_owned(), json!(1))]);
        let message = call(function, &[], &unknown).unwrap_err().to_string();
        assert!(message.contains("`lables` is not an argument of this function"), "{function}: {message}");
        let too_many = vec![json!(1); parameters.len() + 1];
        let message = call(function, &too_many, &Map::new()).unwrap_err().to_string();
        assert!(message.contains(&format!("`args` is {} values", too_many.len())), "{function}: {message}");
    }
}

#[test]
fn no_arguments_at_all_are_answered_by_every_function() {
    for (function, _) in function_names() {
        answers(function, &Map::new());
    }
}
