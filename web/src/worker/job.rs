//! Runs a job and packs what it found.

use std::cell::RefCell;

use forge_core::{Findings, Job, JobOutcome, Outcome, Quiet, RunConfig, audit_html, report_html};
use forge_learn::Host;
use js_sys::{Float64Array, Uint8Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::data::Data;
use super::failure;
use super::host::WorkerHost;
use crate::protocol::{Failure, Found, Histogram, N_BINS, NOT_CHECKED, Response, Source};

thread_local! {
    /// The file of the last job: running again with other settings does not read it again.
    static LAST: RefCell<Option<(Source, Data)>> = const { RefCell::new(None) };
}

/// Rows of a rehearsal, and how often it is played: enough for the browser to find the code worth optimising.
const REHEARSAL_ROWS: usize = 4_000;
const REHEARSALS: usize = 3;

/// Reads the bytes of a file, to be the one that jobs are run on.
pub(super) fn read(source: Source, bytes: Vec<u8>) -> Result<(), Failure> {
    LAST.with_borrow_mut(|last| *last = None);
    let data = Data::of(&source, bytes)?;
    LAST.with_borrow_mut(|last| *last = Some((source, data)));
    Ok(())
}

/// Rehearses `job` on some rows of the file. What goes wrong here is told when the job is run.
pub(super) fn rehearse(job: Job) {
    // Only a run is worth a rehearsal: it is what most people ask first.
    if let Job::Run(config) = job {
        let job = Job::Run(RunConfig { max_rows: Some(REHEARSAL_ROWS), ..config });
        LAST.with_borrow(|last| {
            let data = last.as_ref().map(|(_, data)| data);
            let played = |data: &Data| (0..REHEARSALS).all(|_| job.run_on(data.task_data(), &Quiet).is_ok());
            data.is_some_and(played)
        });
    }
}

/// Runs `job` on the file; nothing where `host` left it.
pub(super) fn run(job: &Job, host: &WorkerHost) -> Result<Option<(Response, Vec<JsValue>)>, Failure> {
    LAST.with_borrow(|last| {
        let (source, data) = last.as_ref().ok_or_else(failure::no_table)?;
        let outcome = match job.run_on(data.task_data(), host) {
            Err(_) if host.cancelled() => return Ok(None),
            outcome => outcome.map_err(|error| failure::of_core(&error))?,
        };
        if !host.answers() {
            return Ok(None);
        }
        Ok(Some(packed(outcome, data, source)))
    })
}

/// What a job found, for the page.
fn packed(outcome: JobOutcome, data: &Data, source: &Source) -> (Response, Vec<JsValue>) {
    match outcome {
        JobOutcome::Run(outcome) if outcome.findings.numbers.is_some() => {
            let parts = page_of(&outcome.report);
            (Response::Found { found: Found::Run(Box::new(outcome.report)) }, parts)
        }
        JobOutcome::Run(outcome) => finished(*outcome),
        JobOutcome::Sweep(report) => {
            let parts = page_of(&report);
            (Response::Found { found: Found::Sweep(report) }, parts)
        }
        JobOutcome::Task(report) => {
            let parts = page_of(&report);
            (Response::Found { found: Found::Task(report) }, parts)
        }
        JobOutcome::Audit(outcome) => {
            let page = match data {
                Data::Table(file) => Some(audit_html(&outcome.report, file, &source.name)),
                Data::Corpus(_) => None,
            };
            let parts = page.iter().map(|page| Uint8Array::from(page.as_bytes()).into()).collect();
            (Response::Found { found: Found::Audit(Box::new(outcome.report)) }, parts)
        }
    }
}

/// The report as a page to keep, as the only part; no part where it cannot be made.
fn page_of(report: &impl Serialize) -> Vec<JsValue> {
    let page = serde_json::to_value(report).ok().and_then(|report| report_html(&report).ok());
    page.iter().map(|page| Uint8Array::from(page.as_bytes()).into()).collect()
}

fn finished(outcome: Outcome) -> (Response, Vec<JsValue>) {
    let Outcome { report, findings } = outcome;
    let mut by_score: Vec<u32> = (0..findings.rows.len() as u32).collect();
    by_score.sort_by(|&a, &b| findings.scores[a as usize].total_cmp(&findings.scores[b as usize]));
    let sorted_scores: Vec<f64> = by_score.iter().map(|&entry| findings.scores[entry as usize]).collect();
    let mut flagged_before = vec![0_u32];
    let mut entry_of_row = vec![NOT_CHECKED; findings.rows.iter().max().map_or(0, |&last| last as usize + 1)];
    let mut flagged = 0;
    for (entry, &by_score) in by_score.iter().enumerate() {
        flagged += u32::from(findings.is_issue[by_score as usize]);
        flagged_before.push(flagged);
        entry_of_row[findings.rows[entry] as usize] = entry as u32;
    }
    let probabilities: Vec<f64> = findings.pred_probs.iter().copied().collect();
    let parts = vec![
        Uint32Array::from(findings.rows.as_slice()).into(),
        Uint32Array::from(findings.given.as_slice()).into(),
        Uint32Array::from(findings.suggested.as_slice()).into(),
        Float64Array::from(findings.scores.as_slice()).into(),
        bits(&findings.is_issue),
        bits(&findings.held_out),
        Float64Array::from(probabilities.as_slice()).into(),
        Uint32Array::from(by_score.as_slice()).into(),
        Float64Array::from(sorted_scores.as_slice()).into(),
        Uint32Array::from(flagged_before.as_slice()).into(),
        Uint32Array::from(entry_of_row.as_slice()).into(),
    ];
    (Response::Finished { report: Box::new(report), histogram: histogram(&findings) }, parts)
}

fn bits(flags: &[bool]) -> JsValue {
    let bytes: Vec<u8> = flags.iter().map(|&flag| u8::from(flag)).collect();
    Uint8Array::from(bytes.as_slice()).into()
}

fn histogram(findings: &Findings) -> Histogram {
    let mut histogram = Histogram { all: vec![0; N_BINS], flagged: vec![0; N_BINS] };
    for (&score, &flagged) in findings.scores.iter().zip(&findings.is_issue) {
        let bin = ((score * N_BINS as f64) as usize).min(N_BINS - 1);
        histogram.all[bin] += 1;
        histogram.flagged[bin] += u32::from(flagged);
    }
    histogram
}
