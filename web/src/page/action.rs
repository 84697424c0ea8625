//! Everything the user can do and everything a worker can say, as one enum.

use forge_data::{ColumnType, Role};
use web_sys::Blob;

use super::choices::Entry;
use super::decisions::Decision;
use super::list::{Filters, SortBy};
use super::load::Sample;
use super::pictures::PictureAction;
use super::work::Work;
use super::workers::Post;
use crate::protocol::{IssueFormat, IssueScope, Parts, Response};
use crate::vision::Seen;

/// A step of the way through the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd)]
pub(crate) enum Step {
    /// Choose data.
    #[default]
    Load,
    /// Say what the columns are.
    Columns,
    /// Set up and run.
    Analyse,
    /// Look at the findings and decide.
    Review,
    /// Take the results home.
    Export,
}

impl Step {
    /// All steps, in order.
    pub(crate) const ALL: [Self; 5] = [Self::Load, Self::Columns, Self::Analyse, Self::Review, Self::Export];

    /// Its name in the header.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Load => "Load",
            Self::Columns => "Columns",
            Self::Analyse => "Analyse",
            Self::Review => "Review",
            Self::Export => "Export",
        }
    }

    /// Its name in test ids and addresses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Columns => "columns",
            Self::Analyse => "analyse",
            Self::Review => "review",
            Self::Export => "export",
        }
    }
}

/// A file for the user's disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Export {
    /// The data without the excluded rows.
    Data,
    /// The findings.
    Issues(IssueFormat, IssueScope),
    /// The report of the run.
    Report,
    /// The report as a page.
    Page,
    /// The job, to run it elsewhere.
    Job,
    /// The annotations of pictures with the user's changes.
    Annotations,
}

/// A request to change something.
#[derive(Debug)]
pub(crate) enum Action {
    /// Show a step.
    GoTo(Step),
    /// Load files, each with its path; several belong together where they hold pictures.
    Open(Vec<(String, Blob)>),
    /// Fetch and load a bundled sample.
    OpenSample(&'static Sample),
    /// Load pasted text.
    Paste(String),
    /// Loading failed before a worker saw the file.
    CannotOpen(String),
    /// Read a column as another type.
    SetType(String, ColumnType),
    /// Use a column for something else.
    SetRole(String, Role),
    /// Look for something else.
    Choose(Work),
    /// Enter something for a setting.
    Enter(String, Entry),
    /// Run the job.
    Run,
    /// Stop the running analysis.
    Cancel,
    /// Move the threshold on the scores.
    SetThreshold(f64),
    /// List other rows.
    SetFilters(Filters),
    /// Sort by this; again turns the order round.
    Sort(SortBy),
    /// List the issues of another group.
    ShowGroup(usize),
    /// Select an entry and show its evidence.
    Select(u32),
    /// Select the entry that many lines further down.
    Move(i32),
    /// Put the evidence sheet of a small screen away.
    CloseSheet,
    /// Fetch the cells of table rows.
    NeedCells(Vec<u32>),
    /// Exclude the selected row, or restore it if it is excluded.
    ToggleSelected,
    /// Decide the same about every listed row.
    DecideListed(Decision),
    /// Do something about the picture that is shown.
    Picture(PictureAction),
    /// Take back the last decision.
    Undo,
    /// Do it again.
    Redo,
    /// Make a file.
    Download(Export),
    /// A worker said something.
    Heard(Post, Response, Parts),
    /// The vision engine said something.
    Seen(Seen),
}
