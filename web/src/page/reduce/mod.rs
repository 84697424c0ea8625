//! The reducer: the one place where actions change the state.

mod exporting;
mod hearing;
mod loading;
mod predicting;
mod retouching;
mod reviewing;
mod running;

use leptos::prelude::*;

use super::action::{Action, Step};
use super::store::Store;

impl Store {
    /// Applies an action.
    pub(crate) fn act(self, action: Action) {
        match action {
            Action::GoTo(step) => self.go_to(step),
            Action::Open(files) => loading::open(self, files),
            Action::OpenSample(sample) => loading::open_sample(self, sample),
            Action::Paste(text) => loading::paste(self, &text),
            Action::CannotOpen(message) => loading::cannot_open(self, message),
            Action::SetType(column, column_type) => loading::set_type(self, column, column_type),
            Action::SetRole(column, role) => running::set_role(self, column, role),
            Action::Choose(work) => running::choose(self, work),
            Action::Enter(name, entry) => running::enter(self, &name, entry),
            Action::Run => running::run(self),
            Action::Cancel => running::cancel(self),
            Action::SetThreshold(threshold) => self.threshold.set(threshold.clamp(0.0, 1.0)),
            Action::SetFilters(filters) => reviewing::set_filters(self, filters),
            Action::Sort(by) => reviewing::sort(self, by),
            Action::ShowGroup(group) => reviewing::show_group(self, group),
            Action::Select(entry) => reviewing::select(self, entry),
            Action::Move(lines) => reviewing::move_selection(self, lines),
            Action::CloseSheet => self.sheet.set(false),
            Action::NeedCells(rows) => reviewing::need_cells(self, rows),
            Action::ToggleSelected => reviewing::toggle_selected(self),
            Action::DecideListed(decision) => reviewing::decide_listed(self, decision),
            Action::Picture(action) => retouching::act(self, action),
            Action::Undo if untrack(|| self.has_pictures()) => retouching::undo(self),
            Action::Redo if untrack(|| self.has_pictures()) => retouching::redo(self),
            Action::Undo => self.decisions.update(super::decisions::Decisions::undo),
            Action::Redo => self.decisions.update(super::decisions::Decisions::redo),
            Action::Download(export) => exporting::download(self, export),
            Action::Heard(post, response, parts) => hearing::heard(self, post, response, parts),
            Action::Seen(seen) => predicting::seen(self, seen),
        }
    }

    fn go_to(self, step: Step) {
        if untrack(|| self.is_open(step)) {
            self.show(step);
        }
    }

    /// Shows a step from its top. Showing the one that is there leaves it as it is.
    fn show(self, step: Step) {
        if self.step.get_untracked() != step {
            self.step.set(step);
            if let Some(main) = document().get_element_by_id("main") {
                main.set_scroll_top(0);
            }
        }
    }
}
