//! Reads parameters out of a JSON map and remembers which names were asked for, so that others can be refused.

use serde_json::{Map, Value};

use crate::LearnError;

/// Parameters of scikit-learn that every model takes; where a model does not ask for one, it changes no result.
const WITHOUT_EFFECT: [&str; 3] = ["n_jobs", "verbose", "random_state"];

/// A map being read.
pub(super) struct Parameters<'a> {
    given: &'a Map<String, Value>,
    asked: Vec<&'static str>,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(given: &'a Map<String, Value>) -> Self {
        Self { given, asked: Vec::new() }
    }

    /// The value given under `name`; null stands for none.
    pub(super) fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.push(name);
        self.given.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn number(&mut self, name: &'static str, default: f64) -> Result<f64, LearnError> {
        let Some(value) = self.value(name) else { return Ok(default) };
        value.as_f64().ok_or_else(|| refuse(name, value, "a number"))
    }

    pub(super) fn count(&mut self, name: &'static str, default: usize) -> Result<usize, LearnError> {
        let Some(value) = self.value(name) else { return Ok(default) };
        let whole = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=1e9).contains(number));
        whole.map(|number| number as usize).ok_or_else(|| refuse(name, value, "a whole number"))
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, name: &'static str, default: bool) -> Result<bool, LearnError> {
        let Some(value) = self.value(name) else { return Ok(default) };
        value.as_bool().ok_or_else(|| refuse(name, value, "true or false"))
    }

    /// The seed, scikit-learn's `random_state`.
    pub(super) fn seed(&mut self, default: u64) -> Result<u64, LearnError> {
        let Some(value) = self.value("random_state") else { return Ok(default) };
        value.as_u64().ok_or_else(|| refuse("random_state", value, "a whole number of at least 0"))
    }

    /// One of several names.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        (default, choices): (T, &[(&str, T)]),
        range: &'static str,
    ) -> Result<T, LearnError> {
        let Some(value) = self.value(name) else { return Ok(default) };
        let chosen = choices.iter().find(|choice| value.as_str() == Some(choice.0));
        chosen.map(|choice| choice.1).ok_or_else(|| refuse(name, value, range))
    }

    /// Refuses a name that nothing asked for.
    pub(super) fn finish(self) -> Result<(), LearnError> {
        let is_known = |name: &str| self.asked.contains(&name) || WITHOUT_EFFECT.contains(&name);
        match self.given.keys().find(|name| !is_known(name)) {
            None => Ok(()),
            Some(name) => Err(LearnError::UnknownName {
                kind: "parameter",
                name: name.clone(),
                nearest: nearest(name, &self.asked),
                known: self.asked.join(", "),
            }),
        }
    }
}

pub(super) fn refuse(setting: &'static str, value: &Value, range: &'static str) -> LearnError {
    LearnError::Setting { setting, value: value.to_string(), range }
}

/// The name with the fewest edits to `name` (Levenshtein, 1966); the first of equals.
pub(super) fn nearest(name: &str, known: &[&'static str]) -> &'static str {
    known.iter().copied().min_by_key(|other| edits(name, other)).unwrap_or_default()
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut costs: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = costs[0];
        costs[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = costs[j + 1];
            costs[j + 1] = replaced.min(diagonal + 1).min(costs[j] + 1);
        }
    }
    costs[b.len()]
}
