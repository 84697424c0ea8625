//! Recorded calls, damaged at random places: nothing that is asked may panic, and every refusal names what it refuses.

use std::sync::LazyLock;

use forge_core::CoreError;
use forge_core::call::call;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::calls::{Calls, calls_by_function};

static CALLS: LazyLock<Vec<Calls>> = LazyLock::new(calls_by_function);

/// What is done to a node of a call's arguments.
#[derive(Clone, Debug)]
enum Damage {
    Replace(Value),
    Remove,
    Duplicate,
    Reverse,
    Truncate,
    Wrap,
    /// Another node of the same call is put in its place.
    Transplant(Vec<Index>),
}

/// A damage and the way down to the node it is done to.
type Wound = (Vec<Index>, Damage);

fn damages() -> impl Strategy<Value = Damage> {
    let numbers = [-1.0, -0.5, 0.5, 1.5, 2.0, 1e6, 4e9, 1e19, 1e155, 1e308, -1e308, 1e-310];
    let odd = [
        json!(null),
        json!(true),
        json!(""),
        json!("self_confidence"),
        json!(0),
        json!(1),
        json!(-1),
        json!(7),
        json!(u64::MAX),
        json!(i64::MIN),
        json!([]),
        json!([[]]),
        json!([[[]]]),
        json!([null]),
        json!({}),
        json!({ "$df": { "columns": ["a"], "data": {} } }),
    ];
    let values: Vec<Value> = numbers.into_iter().map(Value::from).chain(odd).collect();
    prop_oneof![
        4 => prop::sample::select(values).prop_map(Damage::Replace),
        1 => Just(Damage::Remove),
        1 => Just(Damage::Duplicate),
        1 => Just(Damage::Reverse),
        1 => Just(Damage::Truncate),
        1 => Just(Damage::Wrap),
        1 => ways().prop_map(Damage::Transplant),
    ]
}

/// A way down: at each level the child to go to, for as many levels as there are.
fn ways() -> impl Strategy<Value = Vec<Index>> {
    prop::collection::vec(any::<Index>(), 1..5)
}

fn wounds() -> impl Strategy<Value = Vec<Wound>> {
    prop::collection::vec((ways(), damages()), 1..4)
}

fn n_children(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    }
}

fn child(value: &mut Value, place: usize) -> Option<&mut Value> {
    match value {
        Value::Array(items) => items.get_mut(place),
        Value::Object(fields) => fields.iter_mut().nth(place).map(|(_, child)| child),
        _ => None,
    }
}

/// The node at the end of a way, or where the way ends before.
fn node<'a>(root: &'a mut Value, way: &[Index]) -> &'a mut Value {
    let Some((first, rest)) = way.split_first() else { return root };
    let n = n_children(root);
    if n == 0 {
        return root;
    }
    node(child(root, first.index(n)).unwrap(), rest)
}

fn damage(root: &mut Value, (way, damage): &Wound) {
    let transplant = match damage {
        Damage::Transplant(from) => node(root, from).clone(),
        _ => Value::Null,
    };
    let (last, above) = way.split_last().unwrap();
    match damage {
        Damage::Replace(value) => *node(root, way) = value.clone(),
        Damage::Transplant(_) => *node(root, way) = transplant,
        Damage::Wrap => {
            let node = node(root, way);
            *node = json!([node.take()]);
        }
        Damage::Remove => match node(root, above) {
            Value::Array(items) if !items.is_empty() => drop(items.remove(last.index(items.len()))),
            Value::Object(fields) if !fields.is_empty() => {
                let name = fields.keys().nth(last.index(fields.len())).cloned().unwrap();
                fields.remove(&name);
            }
            leaf => *leaf = Value::Null,
        },
        Damage::Duplicate => {
            if let Value::Array(items) = node(root, above)
                && !items.is_empty()
            {
                let place = last.index(items.len());
                items.insert(place, items[place].clone());
            }
        }
        Damage::Reverse => {
            if let Value::Array(items) = node(root, way) {
                items.reverse();
            }
        }
        Damage::Truncate => {
            if let Value::Array(items) = node(root, above) {
                items.truncate(last.index(items.len() + 1));
            }
        }
    }
}

/// Whether an error says what is wrong: by the name of the argument, or, where numbers grow too large only inside a
/// model, by what to do about it.
pub(crate) fn is_named(error: &CoreError) -> bool {
    error.to_string().contains('`') || matches!(error, CoreError::Learn(_))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_call_gives_a_result_or_an_error_that_names_what_is_wrong(
        (function, case, wounds) in (any::<Index>(), any::<Index>(), wounds())
    ) {
        let calls = function.get(CALLS.as_slice());
        let mut arguments = Value::Object(case.get(calls.arguments.as_slice()).clone());
        wounds.iter().for_each(|wound| damage(&mut arguments, wound));
        if let Value::Object(kwargs) = &arguments
            && let Err(error) = call(calls.function, &[], kwargs)
        {
            prop_assert!(is_named(&error), "{}: {}", calls.function, error);
        }
    }
}
