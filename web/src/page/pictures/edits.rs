//! What the user changed about pictures, with unlimited undo: every step is one entry of the history.

use std::collections::BTreeMap;

use forge_core::{BoxIssue, BoxIssueKind, DetectionPicture, GivenBox, PixelRuns};

use crate::protocol::{KeptBox, PictureEdit, PictureSetFacts};

/// What tells an issue from others, also in the result of another run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct IssueKey {
    kind: BoxIssueKind,
    edges: [f64; 4],
}

impl IssueKey {
    /// Of an issue.
    pub(crate) fn of(issue: &BoxIssue) -> Self {
        Self { kind: issue.kind, edges: issue.edges }
    }
}

/// What was decided about an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The prediction is right and was taken over.
    Accepted,
    /// The annotation is right and stays.
    Kept,
}

/// A picture as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Retouched {
    /// Its boxes.
    pub(crate) boxes: Vec<KeptBox>,
    /// Whether its mask is the predicted one.
    pub(crate) mask_replaced: bool,
    /// What was decided about issues.
    pub(crate) verdicts: Vec<(IssueKey, Verdict)>,
}

impl Retouched {
    /// What was decided about an issue.
    pub(crate) fn verdict(&self, key: IssueKey) -> Option<Verdict> {
        self.verdicts.iter().find(|(of, _)| *of == key).map(|(_, verdict)| *verdict)
    }

    /// Place of the box that came from that place in the file.
    pub(crate) fn place_of(&self, index: u32) -> Option<usize> {
        self.boxes.iter().position(|kept| kept.index == Some(index))
    }
}

/// A step: a picture before and after it.
#[derive(Clone, Debug, PartialEq)]
struct Change {
    picture: u32,
    before: Retouched,
    after: Retouched,
}

/// All pictures as they are now, and how that came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Edits {
    /// As they came, or as a run made them wrong on purpose.
    given: Vec<Retouched>,
    rehearses: bool,
    now: BTreeMap<u32, Retouched>,
    done: Vec<Change>,
    undone: Vec<Change>,
}

impl Edits {
    /// No changes yet.
    pub(crate) fn new(facts: &PictureSetFacts) -> Self {
        let kept =
            |(index, labelled): (u32, &forge_data::LabelledBox)| KeptBox { index: Some(index), labelled: *labelled };
        let given = facts.pictures.iter().map(|picture| Retouched {
            boxes: (0..).zip(picture.boxes.iter().flatten()).map(kept).collect(),
            ..Retouched::default()
        });
        Self { given: given.collect(), ..Self::default() }
    }

    /// No changes yet to boxes that a run made wrong on purpose; pictures it did not look at are as they came.
    pub(crate) fn rehearsal(facts: &PictureSetFacts, pictures: &[DetectionPicture]) -> Self {
        let mut edits = Self { rehearses: true, ..Self::new(facts) };
        for picture in pictures {
            if let Some(start) = edits.given.get_mut(picture.picture as usize) {
                let kept = |given: &GivenBox| KeptBox { index: Some(given.index), labelled: given.labelled };
                start.boxes = picture.given.iter().map(kept).collect();
            }
        }
        edits
    }

    /// Whether a run made boxes wrong on purpose.
    pub(crate) fn rehearses(&self) -> bool {
        self.rehearses
    }

    /// A picture as it is now.
    pub(crate) fn state(&self, picture: u32) -> Option<&Retouched> {
        self.now.get(&picture).or_else(|| self.given.get(picture as usize))
    }

    /// Whether boxes or mask of a picture are not as they were.
    pub(crate) fn is_changed(&self, picture: u32) -> bool {
        self.now.get(&picture).zip(self.given.get(picture as usize)).is_some_and(|(now, given)| differs(now, given))
    }

    /// Pictures whose boxes or masks are not as they came.
    pub(crate) fn n_changed(&self) -> usize {
        self.now.keys().filter(|picture| self.is_changed(**picture)).count()
    }

    /// Whether there is a step to undo.
    pub(crate) fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether there is a step to do again.
    pub(crate) fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Changes a picture, in one step; what changes nothing is no step.
    pub(crate) fn change(&mut self, picture: u32, change: impl FnOnce(&mut Retouched)) {
        let Some(before) = self.state(picture).cloned() else { return };
        let mut after = before.clone();
        change(&mut after);
        if after != before {
            self.now.insert(picture, after.clone());
            self.done.push(Change { picture, before, after });
            self.undone.clear();
        }
    }

    /// Takes back the last step; tells which picture it was about.
    pub(crate) fn undo(&mut self) -> Option<u32> {
        let change = self.done.pop()?;
        let picture = change.picture;
        self.now.insert(picture, change.before.clone());
        self.undone.push(change);
        Some(picture)
    }

    /// Does the step that was taken back last again; tells which picture it is about.
    pub(crate) fn redo(&mut self) -> Option<u32> {
        let change = self.undone.pop()?;
        let picture = change.picture;
        self.now.insert(picture, change.after.clone());
        self.done.push(change);
        Some(picture)
    }

    /// The changes as the writer of annotations takes them; `predicted` tells the predicted mask of a picture.
    pub(crate) fn as_request(&self, predicted: impl Fn(u32) -> Option<PixelRuns>) -> Vec<PictureEdit> {
        let changed = self.now.iter().filter(|(picture, _)| self.is_changed(**picture));
        let edit = |(&picture, now): (&u32, &Retouched)| PictureEdit {
            picture: picture as usize,
            boxes: (Some(&now.boxes) != self.given.get(picture as usize).map(|given| &given.boxes))
                .then(|| now.boxes.clone()),
            mask: if now.mask_replaced { predicted(picture) } else { None },
        };
        changed.map(edit).collect()
    }
}

/// Whether two states differ in what is written.
fn differs(a: &Retouched, b: &Retouched) -> bool {
    a.boxes != b.boxes || a.mask_replaced != b.mask_replaced
}

#[cfg(test)]
mod tests {
    use forge_data::{BoxKind, LabelledBox};

    use super::*;
    use crate::protocol::PictureFact;

    fn edits() -> Edits {
        let labelled = LabelledBox { class: 0, x1: 1.0, y1: 1.0, x2: 5.0, y2: 5.0, kind: BoxKind::Object };
        let picture = PictureFact { boxes: Some(vec![labelled, labelled]), ..PictureFact::default() };
        Edits::new(&PictureSetFacts { pictures: vec![picture.clone(), picture], ..PictureSetFacts::default() })
    }

    #[test]
    fn a_step_is_undone_and_done_again() {
        let mut edits = edits();
        edits.change(1, |picture| _ = picture.boxes.remove(0));
        edits.change(0, |picture| picture.mask_replaced = true);
        assert_eq!((edits.n_changed(), edits.undo(), edits.undo()), (2, Some(0), Some(1)));
        assert_eq!((edits.n_changed(), edits.can_undo(), edits.redo()), (0, false, Some(1)));
        assert_eq!(edits.state(1).unwrap().boxes[0].index, Some(1));
        edits.change(1, |_| {});
        assert!(edits.can_redo(), "what changes nothing is no step");
    }

    #[test]
    fn only_what_is_written_counts_as_a_change() {
        let mut edits = edits();
        let key = IssueKey { kind: BoxIssueKind::Swapped, edges: [0.0; 4] };
        edits.change(0, |picture| picture.verdicts.push((key, Verdict::Kept)));
        assert_eq!((edits.n_changed(), edits.can_undo()), (0, true));
        edits.change(1, |picture| picture.mask_replaced = true);
        let request = edits.as_request(|_| Some(PixelRuns::of([true])));
        assert_eq!(request, [PictureEdit { picture: 1, boxes: None, mask: Some(PixelRuns::of([true])) }]);
    }
}
