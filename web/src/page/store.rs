//! The state of the page: one store of signals, handed to every component through the context.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use forge_core::Job;
use leptos::prelude::*;
use web_sys::Blob;

use super::action::Step;
use super::analysis::Analysis;
use super::choices::{Choices, TableSetup};
use super::decisions::Decisions;
use super::engines::Engines;
use super::found::Found;
use super::list::{self, Direction, Filters, SortBy};
use super::load::Sample;
use super::summary::Summary;
use super::work::Work;
use super::workers::Link;
use crate::protocol::{Facts, Failure, Source};

/// The cells of a table row as the file writes them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowText {
    /// Cells in column order.
    pub(crate) cells: Vec<String>,
    /// Line in the file, counted from 1.
    pub(crate) line: u64,
}

/// Row texts by table row.
pub(crate) type RowTexts = BTreeMap<u32, Arc<RowText>>;

/// Where the analysis is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum RunState {
    /// Not running.
    #[default]
    Idle,
    /// Running; the stages so far, the last one under way.
    Running(Vec<Stage>),
    /// Stopped by the user.
    Cancelled,
    /// Ended with an error.
    Failed(Failure),
}

impl RunState {
    /// Whether it is running.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self, Self::Running(_))
    }
}

/// A stage of the running analysis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stage {
    /// What is done in it.
    pub(crate) name: String,
    /// Units finished.
    pub(crate) done: usize,
    /// Units in all.
    pub(crate) total: usize,
    /// When it began, in seconds of the page's clock.
    pub(crate) since: f64,
}

/// The workers, where the browser started them.
#[derive(Default)]
pub(crate) struct Workers {
    /// Keeps the table.
    pub(crate) table: Option<Link>,
    /// Run jobs.
    pub(crate) engines: Option<Engines>,
}

/// Files as the browser holds them; the workers read them, the page does not.
#[derive(Default)]
pub(crate) struct Files {
    /// The loaded file, for the engine and for a worker that replaces a broken one.
    pub(crate) loaded: Option<Blob>,
    /// The file being read.
    pub(crate) pending: Option<(Source, Blob)>,
    /// The sample that the next file is.
    pub(crate) sample: Option<&'static Sample>,
}

/// The state of the page: one per document, which lives as long as that.
#[derive(Clone, Copy)]
pub(crate) struct Store(&'static Signals);

impl Deref for Store {
    type Target = Signals;

    fn deref(&self) -> &Signals {
        self.0
    }
}

/// Every signal of the page.
pub(crate) struct Signals {
    /// The step shown.
    pub(crate) step: RwSignal<Step>,
    /// The file that is loaded.
    pub(crate) source: RwSignal<Option<Source>>,
    /// What it holds.
    pub(crate) facts: RwSignal<Option<Arc<Facts>>>,
    /// Name of the file being read.
    pub(crate) loading: RwSignal<Option<String>>,
    /// Why the last file could not be loaded.
    pub(crate) load_failure: RwSignal<Option<Failure>>,
    /// What is looked for in the next run.
    pub(crate) work: RwSignal<Work>,
    /// Whether the user, or the sample, chose that; else it follows the data.
    pub(crate) work_is_chosen: RwSignal<bool>,
    /// What the columns are.
    pub(crate) columns: RwSignal<TableSetup>,
    /// The settings of the next run.
    pub(crate) choices: RwSignal<Choices>,
    /// The job that was run last.
    pub(crate) sent: RwSignal<Option<Job>>,
    /// The job whose result is shown.
    pub(crate) ran: RwSignal<Option<Job>>,
    /// Where the run is.
    pub(crate) run: RwSignal<RunState>,
    /// When it began, in seconds of the page's clock.
    pub(crate) run_since: RwSignal<f64>,
    /// What the last finished run found; absent where the last job was of another kind.
    pub(crate) analysis: RwSignal<Option<Arc<Analysis>>>,
    /// What the last finished job of another kind found.
    pub(crate) found: RwSignal<Option<Arc<Found>>>,
    /// What the last finished job says, whatever its kind.
    pub(crate) summary: Memo<Option<Arc<Summary>>>,
    /// The group of issues that is listed.
    pub(crate) group: RwSignal<usize>,
    /// Highest score listed.
    pub(crate) threshold: RwSignal<f64>,
    /// What is listed.
    pub(crate) filters: RwSignal<Filters>,
    /// How the list is sorted.
    pub(crate) sort: RwSignal<(SortBy, Direction)>,
    /// Table rows in the order of the column the list is sorted by.
    pub(crate) column_order: RwSignal<Option<(usize, Arc<Vec<u32>>)>>,
    /// Entries in the list.
    pub(crate) listed: Memo<Arc<Vec<u32>>>,
    /// The selected entry.
    pub(crate) selected: RwSignal<Option<u32>>,
    /// Whether the evidence covers a small screen.
    pub(crate) sheet: RwSignal<bool>,
    /// Row texts fetched so far.
    pub(crate) row_texts: RwSignal<RowTexts>,
    /// What the user decided.
    pub(crate) decisions: RwSignal<Decisions>,
    /// Why the last file for the user could not be made.
    pub(crate) export_failure: RwSignal<Option<Failure>>,
    /// The bytes behind `source` and `loading`.
    pub(crate) files: StoredValue<Files, LocalStorage>,
    /// The workers.
    pub(crate) workers: StoredValue<Workers, LocalStorage>,
}

impl Store {
    /// A page with nothing loaded and no workers yet.
    pub(crate) fn new() -> Self {
        let analysis = RwSignal::new(None::<Arc<Analysis>>);
        let found = RwSignal::new(None::<Arc<Found>>);
        let summary = Memo::new(move |_| {
            let of_run = analysis.with(|analysis| analysis.as_ref().map(|analysis| Summary::of_run(&analysis.report)));
            of_run
                .or_else(|| found.with(|found| found.as_ref().map(|found| Summary::of_found(&found.result))))
                .map(Arc::new)
        });
        let threshold = RwSignal::new(1.0);
        let filters = RwSignal::new(Filters::default());
        let sort = RwSignal::new((SortBy::default(), Direction::default()));
        let column_order = RwSignal::new(None::<(usize, Arc<Vec<u32>>)>);
        let decisions = RwSignal::new(Decisions::default());
        let order = Memo::new(move |_| {
            let (by, _) = sort.get();
            column_order.with(|column_order| {
                let rows = column_order.as_ref().filter(|(column, _)| by == SortBy::Column(*column));
                let rows = rows.map(|(_, rows)| rows.as_slice());
                analysis.with(|analysis| match analysis {
                    Some(analysis) => Arc::new(list::sorted(analysis, by, rows)),
                    None => Arc::default(),
                })
            })
        });
        let listed = Memo::new(move |_| {
            let filters = filters.get();
            analysis.with(|analysis| match analysis {
                Some(analysis) => {
                    // Only the shelf of excluded rows depends on decisions.
                    let track = filters.shelf == list::Shelf::Excluded;
                    let sort = sort.get();
                    let list = |decisions: &Decisions| {
                        list::listed(analysis, &order.read(), sort, &filters, threshold.get(), decisions)
                    };
                    Arc::new(if track { decisions.with(list) } else { decisions.with_untracked(list) })
                }
                None => Arc::default(),
            })
        });
        Self(Box::leak(Box::new(Signals {
            step: RwSignal::default(),
            source: RwSignal::default(),
            facts: RwSignal::default(),
            loading: RwSignal::default(),
            load_failure: RwSignal::default(),
            work: RwSignal::default(),
            work_is_chosen: RwSignal::new(false),
            columns: RwSignal::default(),
            choices: RwSignal::default(),
            sent: RwSignal::default(),
            ran: RwSignal::default(),
            run: RwSignal::default(),
            run_since: RwSignal::new(0.0),
            analysis,
            found,
            summary,
            group: RwSignal::new(0),
            threshold,
            filters,
            sort,
            column_order,
            listed,
            selected: RwSignal::default(),
            sheet: RwSignal::new(false),
            row_texts: RwSignal::default(),
            decisions,
            export_failure: RwSignal::default(),
            files: StoredValue::new_local(Files::default()),
            workers: StoredValue::new_local(Workers::default()),
        })))
    }

    /// Whether there is a result.
    pub(crate) fn is_finished(self) -> bool {
        self.analysis.with(Option::is_some) || self.found.with(Option::is_some)
    }

    /// What can be looked for in the loaded data.
    pub(crate) fn works(self) -> Vec<Work> {
        self.facts.with(|facts| {
            facts.as_ref().map_or_else(Vec::new, |facts| self.columns.with(|columns| Work::all_for(facts, columns)))
        })
    }

    /// The job that is set up.
    pub(crate) fn job(self) -> Result<Job, Failure> {
        let work = self.work.get();
        self.columns.with(|columns| self.choices.with(|choices| choices.job(work, columns)))
    }

    /// Whether a step can be shown yet.
    pub(crate) fn is_open(self, step: Step) -> bool {
        match step {
            Step::Load => true,
            Step::Columns | Step::Analyse => self.facts.with(Option::is_some),
            Step::Review | Step::Export => self.is_finished(),
        }
    }

    /// Whether a step is behind the user.
    pub(crate) fn is_done(self, step: Step) -> bool {
        match step {
            Step::Load | Step::Columns => self.facts.with(Option::is_some) && self.step.get() > step,
            Step::Analyse => self.is_finished(),
            Step::Review => self.decisions.with(|decisions| decisions.n_excluded() > 0) && self.step.get() > step,
            Step::Export => false,
        }
    }
}

/// The store of the page around the calling component.
pub(crate) fn store() -> Store {
    expect_context()
}
