//! The keys of the review of pictures.

use super::super::action::Action;
use super::state::{PictureAction, Tool};
use super::view::STEP;

/// Keys and what they do, for the help.
pub(crate) const KEYS: [(&str, &str); 8] = [
    ("W", "Take over the prediction"),
    ("Q", "Keep the annotation"),
    ("E", "Remove the chosen box"),
    ("D", "Draw a box, or the chosen one anew"),
    ("1 – 9", "Give the chosen box that class"),
    ("[ ]", "Step through boxes and issues"),
    ("+ − 0", "Enlarge, make smaller, fit"),
    ("Arrows", "On the picture: move the chosen box, or what is seen"),
];

/// What a key does.
pub(crate) fn action(key: &str) -> Option<Action> {
    let action = match key {
        "w" | "W" => PictureAction::Accept(None),
        "q" | "Q" => PictureAction::Keep(None),
        "e" | "E" | "Delete" | "Backspace" => PictureAction::Remove(None),
        "d" | "D" => PictureAction::Take(Tool::Draw),
        "[" => PictureAction::StepMark(-1),
        "]" => PictureAction::StepMark(1),
        "+" | "=" => PictureAction::Zoom(STEP),
        "-" => PictureAction::Zoom(1.0 / STEP),
        "0" => PictureAction::Zoom(0.0),
        digit => {
            let class = digit.parse::<u32>().ok().filter(|_| digit.len() == 1)?;
            PictureAction::Relabel(None, class.checked_sub(1)?)
        }
    };
    Some(Action::Picture(action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_classes_counted_from_one() {
        let relabel = |key| match action(key) {
            Some(Action::Picture(PictureAction::Relabel(None, class))) => Some(class),
            _ => None,
        };
        assert_eq!((relabel("1"), relabel("9"), relabel("0"), relabel("x")), (Some(0), Some(8), None, None));
    }
}
