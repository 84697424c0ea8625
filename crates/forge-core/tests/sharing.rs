//! Jobs done by several partners without memory in common give, to the byte, what one finds alone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the bundled samples are files")]

use std::collections::VecDeque;
use std::path::Path;

use forge_core::{Host, Job, JobOutcome, Progress, Quiet, TaskData};
use forge_data::{CorpusOptions, CsvOptions, read_corpus, read_table};
use forge_learn::{ByteUnit, Exchanged, Memo, Part, Phase, PhasePart, Turn};
use serde_json::{Value, json};

/// A partner without a face.
struct Partner(Part);

impl Host for Partner {
    fn progress(&self, _progress: Progress<'_>) {}

    fn cancelled(&self) -> bool {
        self.0.left()
    }

    fn shares(&self) -> bool {
        self.0.shares()
    }

    fn exchange(&self, n: usize, unit: &ByteUnit<'_>) -> Option<Exchanged> {
        self.0.exchange(n, unit)
    }
}

/// What partners do in turns; the last to be asked answers first.
struct Pool<'a> {
    job: &'a Job,
    data: TaskData<'a>,
    memo: Memo,
    turns: usize,
}

impl Pool<'_> {
    fn take(&mut self, turn: Turn, parts: &mut Vec<PhasePart>) -> Option<JobOutcome> {
        self.turns += 1;
        assert!(self.turns < 2000, "the job does not come to an end");
        let partner = Partner(Part::new(self.memo.clone(), turn, || 0.0));
        let outcome = self.job.run_on(self.data, &partner);
        let (given, left) = partner.0.given();
        parts.extend(given);
        if left { None } else { Some(outcome.unwrap()) }
    }

    fn run(&mut self, partners: usize) -> JobOutcome {
        loop {
            let current = self.memo.len();
            let mut parts = Vec::new();
            let first = |partner| Turn::First { partner, partners };
            let mut turns: VecDeque<Turn> = (0..partners).rev().map(first).collect();
            while let Some(turn) = turns.pop_front() {
                let leads = turn == first(0);
                let ended = self.take(turn, &mut parts);
                if leads && let Some(outcome) = ended {
                    return outcome;
                }
                if turns.is_empty()
                    && let Some((n, gap)) = gap(&parts, current)
                {
                    turns.push_back(Turn::Units(gap..(gap + n.div_ceil(3)).min(n)));
                }
            }
            self.memo.push(phase(&parts, current));
            assert_ne!(self.memo[current].units.len(), 0);
        }
    }
}

/// What was given to a phase.
fn phase(parts: &[PhasePart], number: usize) -> Phase {
    let of_phase = || parts.iter().filter(|part| part.phase == number);
    let n = of_phase().next().map_or(0, |part| part.n);
    Phase::of(n, 0.0, of_phase().map(|part| (part.first, &part.units[..])))
}

/// The number of units of a phase, and the first that nobody has done.
fn gap(parts: &[PhasePart], number: usize) -> Option<(usize, usize)> {
    let of_phase = || parts.iter().filter(|part| part.phase == number);
    let n = of_phase().next()?.n;
    let done = |unit: usize| of_phase().any(|part| (part.first..part.first + part.count).contains(&unit));
    (0..n).find(|&unit| !done(unit)).map(|unit| (n, unit))
}

/// Everything that came of a job, as text.
fn shown(outcome: JobOutcome) -> String {
    match outcome {
        JobOutcome::Run(outcome) => {
            format!("{} {:?}", serde_json::to_string(&outcome.report).unwrap(), outcome.findings)
        }
        JobOutcome::Sweep(report) => serde_json::to_string(&report).unwrap(),
        JobOutcome::Audit(outcome) => {
            format!("{} {:?}", serde_json::to_string(&outcome.report).unwrap(), outcome.saved)
        }
        JobOutcome::Task(report) => serde_json::to_string(&report).unwrap(),
    }
}

/// Runs a job alone and by one to four partners; returns how many turns two of them took.
fn agrees(job: Value, data: TaskData<'_>) -> usize {
    let job: Job = serde_json::from_value(job).unwrap();
    let alone = shown(job.run_on(data, &Quiet).unwrap());
    let mut turns = 0;
    for partners in 1..=4 {
        let mut pool = Pool { job: &job, data, memo: Memo::new(), turns: 0 };
        let together = shown(pool.run(partners));
        assert!(together == alone, "{partners} partners find something else");
        if partners == 2 {
            turns = pool.turns;
        }
    }
    turns
}

fn bytes(sample: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(sample)).unwrap()
}

fn sample_agrees(sample: &str, job: Value) -> usize {
    let file = read_table(sample, bytes(sample), &CsvOptions::default()).unwrap();
    agrees(job, TaskData::Table(&file))
}

/// A task with settings.
fn task(name: &str, mut settings: Value) -> Value {
    settings["job"] = json!("task");
    settings["task"] = json!(name);
    settings
}

#[test]
fn a_run_with_so_many_rows_that_neighbours_are_searched_together() {
    let rows = (0..4500).map(|i| format!("{},{},{}", i * 37 % 4513, i * 101 % 997, ["a", "b"][i * 29 % 61 / 31]));
    let text: Vec<String> = std::iter::once("x,y,label".to_owned()).chain(rows).collect();
    let file = read_table("rows.csv", text.join("\n").into_bytes(), &CsvOptions::default()).unwrap();
    let job = json!({ "job": "run", "target": "label", "label_noise_fraction": 0.1 });
    let turns = agrees(job, TaskData::Table(&file));
    assert!(turns >= 9, "{turns} turns: the neighbours were not shared");
}

#[test]
fn runs_over_classes_and_numbers() {
    let job = json!({ "job": "run", "target": "income", "max_rows": 600, "train_cleanlearning": true });
    sample_agrees("adult_12000.csv.gz", job);
    let job = json!({ "job": "run", "target": "median_house_value", "max_rows": 400, "model": "ridge" });
    sample_agrees("california_12000.csv.gz", job);
}

#[test]
fn a_sweep() {
    let job = json!({ "job": "sweep", "target": "income", "max_rows": 400, "models": ["logistic_regression", "knn"] });
    sample_agrees("adult_12000.csv.gz", job);
}

#[test]
fn audits_with_and_without_labels() {
    sample_agrees("emotions_593.arff.gz", json!({ "job": "audit", "target": ["quiet-still"] }));
    sample_agrees("emotions_593.arff.gz", json!({ "job": "audit" }));
}

#[test]
fn tasks_over_tables() {
    let settings = json!({ "target": "Cover_Type", "max_rows": 400, "max_iter": 30 });
    sample_agrees("covtype_8000.csv.gz", task("multiclass", settings));
    let target = ["quiet-still", "sad-lonely"];
    sample_agrees("emotions_593.arff.gz", task("multilabel", json!({ "target": target })));
    let settings =
        json!({ "target": "median_house_value", "max_rows": 300, "n_boot": 1, "parameters": { "max_iter": 5 } });
    sample_agrees("california_12000.csv.gz", task("regression", settings));
    sample_agrees("california_12000.csv.gz", task("outlier", json!({ "max_rows": 300 })));
}

#[test]
fn the_task_over_sentences() {
    let sample = "ewt_1300.conllu.gz";
    let file = read_corpus(sample, bytes(sample), &CorpusOptions::default()).unwrap();
    let settings = json!({ "max_train_sentences": 60, "max_dev_sentences": 20, "max_iter": 20 });
    agrees(task("token", settings), TaskData::Corpus(&file));
}
