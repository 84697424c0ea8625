//! Which predicted class stands for which annotated class.

use std::collections::BTreeMap;

use crate::CoreError;
use crate::call::nearest;

/// Words for people; data sets of pedestrians rarely say "person".
const PEOPLE: [&str; 8] = ["person", "people", "pedestrian", "pedestrians", "human", "man", "woman", "persons"];

/// The predicted class of each annotated class.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ClassMap {
    /// By annotated class.
    pub(super) predicted_as: Vec<Option<u32>>,
    /// What a user should know.
    pub(super) warnings: Vec<String>,
}

impl ClassMap {
    /// Matches names: as `chosen` says, else equal but for case, blanks and `_`, else words for people, as in
    /// `PASpersonWalking`.
    ///
    /// # Errors
    /// [`CoreError::Setting`] for a class in `chosen` that there is not, and [`CoreError::Unusable`] where no annotated
    /// class is predicted.
    pub(super) fn new(
        annotated: &[String],
        predicted: &[String],
        chosen: &BTreeMap<String, String>,
    ) -> Result<Self, CoreError> {
        let known = |names: &[String], name: &str| {
            let hint = nearest(name, names.iter().map(String::as_str));
            let hint = hint.map_or_else(String::new, |best| format!("; perhaps `{best}`"));
            names.iter().position(|known| known == name).ok_or(hint)
        };
        let refused = |name: &str, which: &str, hint: String| {
            CoreError::setting("class_map", format!("\"{name}\""), format!("the name of {which} class{hint}"))
        };
        let mut predicted_as: Vec<Option<u32>> = annotated.iter().map(|name| by_name(name, predicted)).collect();
        for (from, to) in chosen {
            let from = known(annotated, from).map_err(|hint| refused(from, "an annotated", hint))?;
            let to = known(predicted, to).map_err(|hint| refused(to, "a predicted", hint))?;
            predicted_as[from] = u32::try_from(to).ok();
        }
        let lost: Vec<&str> =
            annotated.iter().zip(&predicted_as).filter(|(_, to)| to.is_none()).map(|(name, _)| name.as_str()).collect();
        if lost.len() == annotated.len() {
            return Err(CoreError::Unusable(format!(
                "The model predicts none of the annotated classes ({}): say in `class_map` which of its classes stands for them.",
                listed(annotated.iter().map(String::as_str))
            )));
        }
        let mut warnings = Vec::new();
        if !lost.is_empty() {
            warnings.push(format!(
                "Boxes of the classes {} are not judged, as the model does not predict them; `class_map` can say which of its classes stands for them.",
                listed(lost.into_iter())
            ));
        }
        Ok(Self { predicted_as, warnings })
    }
}

/// At most ten names.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(10);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn by_name(name: &str, predicted: &[String]) -> Option<u32> {
    let plain = |name: &str| name.trim().to_lowercase().replace(['_', '-'], " ");
    let wanted = plain(name);
    let equal = predicted.iter().position(|known| plain(known) == wanted);
    let is_person = PEOPLE.contains(&wanted.as_str()) || wanted.starts_with("pasperson");
    let person = || predicted.iter().position(|known| plain(known) == "person").filter(|_| is_person);
    equal.or_else(person).and_then(|place| u32::try_from(place).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(annotated: &[&str], predicted: &[&str], chosen: &[(&str, &str)]) -> Result<ClassMap, CoreError> {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let chosen = chosen.iter().map(|(from, to)| (from.to_string(), to.to_string())).collect();
        ClassMap::new(&names(annotated), &names(predicted), &chosen)
    }

    #[test]
    fn names_are_matched_whatever_their_case_and_people_whatever_the_word() {
        let found = map(&["Traffic_Light", "PASpersonWalking", "kiosk"], &["person", "traffic light"], &[]).unwrap();
        assert_eq!(found.predicted_as, [Some(1), Some(0), None]);
        assert!(found.warnings[0].contains("classes kiosk are not judged"), "{:?}", found.warnings);
    }

    #[test]
    fn a_class_can_be_chosen_and_one_that_there_is_not_is_named() {
        assert_eq!(map(&["worker"], &["person"], &[("worker", "person")]).unwrap().predicted_as, [Some(0)]);
        let said = map(&["worker"], &["person"], &[("worker", "persn")]).unwrap_err().to_string();
        assert_eq!(said, "`class_map` is \"persn\", expected the name of a predicted class; perhaps `person`");
        let said = map(&["worker"], &["person"], &[]).unwrap_err().to_string();
        assert!(said.contains("none of the annotated classes (worker)"), "{said}");
    }
}
