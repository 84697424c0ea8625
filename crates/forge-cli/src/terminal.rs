//! The host that a terminal gives: its clock, its cores and a progress bar where somebody watches.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::Context;
use forge_core::{Host, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::ThreadPool;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use crate::context::Log;

/// A clock, a pool of threads and, on a terminal, a progress bar.
pub(crate) struct Terminal {
    start: Instant,
    pool: ThreadPool,
    bar: Option<Mutex<ProgressBar>>,
    log: Log,
    /// The stage that was told of last.
    stage: Mutex<String>,
}

/// Whether progress may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// On a terminal.
    Progress,
    /// Nowhere.
    Nothing,
}

impl Terminal {
    /// A host with `threads` threads; 0 means one per core.
    pub(crate) fn new(threads: usize, show: Show, log: Log) -> anyhow::Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start threads")?;
        let watched = show == Show::Progress && std::io::stderr().is_terminal();
        let bar = watched.then(|| {
            let bar = ProgressBar::new(1);
            if let Ok(style) = ProgressStyle::with_template("{msg:40} [{bar:30}] {pos}/{len} {elapsed}, {eta} left") {
                bar.set_style(style.progress_chars("=> "));
            }
            Mutex::new(bar)
        });
        Ok(Self { start: Instant::now(), pool, bar, log, stage: Mutex::new(String::new()) })
    }

    /// Takes the progress bar away.
    pub(crate) fn finish(&self) {
        if let Some(Ok(bar)) = self.bar.as_ref().map(Mutex::lock) {
            bar.finish_and_clear();
        }
    }
}

impl Host for Terminal {
    fn progress(&self, progress: Progress<'_>) {
        if self.log >= Log::Info
            && let Ok(mut stage) = self.stage.lock()
            && (self.log >= Log::Debug || *stage != progress.stage)
        {
            let Progress { stage: name, done, total } = progress;
            eprintln!("[{:8.3} s] {name} {done}/{total}", self.start.elapsed().as_secs_f64());
            name.clone_into(&mut stage);
        }
        if let Some(Ok(bar)) = self.bar.as_ref().map(Mutex::lock) {
            bar.set_message(progress.stage.to_owned());
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
        }
    }

    fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
        self.pool.install(|| (0..n).into_par_iter().for_each(unit));
    }
}
