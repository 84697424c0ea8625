//! Of token classification.

use std::fmt::Write;

use forge_data::{CorpusFile, CorpusOptions, read_corpus};
use forge_learn::{Host, Quiet};

use super::*;

/// Sentences of a small made-up language: `the NOUN VERBs NAME .`, `NAME VERBed the ADJ NOUN .`
fn corpus(n: usize) -> CorpusFile {
    let nouns = ["cat", "dog", "house", "tree", "river", "stone"];
    let verbs = ["see", "find", "follow", "paint", "carry"];
    let names = ["Anna", "Bob", "Carla", "Dmitri"];
    let adjectives = ["greenish", "blueish", "oldish"];
    let mut text = String::new();
    for i in 0..n {
        let pick = |words: &[&str], step: usize| words[(i * step + i / 3) % words.len()].to_owned();
        let words: Vec<(String, &str)> = if i % 2 == 0 {
            vec![
                ("The".to_owned(), "DET"),
                (pick(&nouns, 5), "NOUN"),
                (pick(&verbs, 3) + "s", "VERB"),
                (pick(&names, 1), "PROPN"),
            ]
        } else {
            vec![
                (pick(&names, 3), "PROPN"),
                (pick(&verbs, 2) + "ed", "VERB"),
                ("the".to_owned(), "DET"),
                (pick(&adjectives, 1), "ADJ"),
                (pick(&nouns, 1), "NOUN"),
            ]
        };
        for (word, tag) in words.iter().chain([&(".".to_owned(), "PUNCT")]) {
            writeln!(text, "{word}\t{tag}").unwrap();
        }
        text.push('\n');
    }
    read_corpus("made-up.txt", text.into_bytes(), &CorpusOptions::default()).unwrap()
}

fn task(config: &TokenConfig, file: &CorpusFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Corpus(file), &Quiet)
}

fn detail(report: &TaskReport) -> &TokenDetail {
    let TaskDetail::Token(detail) = &report.detail else { panic!("of another task") };
    detail
}

#[test]
fn tags_made_wrong_are_found_in_their_sentences() {
    let file = corpus(200);
    let report = task(&TokenConfig { noise_frac: 0.05, prune_frac: 0.05, ..TokenConfig::default() }, &file).unwrap();
    assert_eq!((report.n_rows, detail(&report).n_dev_sentences), (200, 40));
    let noise = report.noise.as_ref().unwrap();
    assert!(noise.precision_at_prune > Some(0.9) && noise.recall_at_prune > Some(0.8), "{noise:?}");
    let [baseline, pruned] = &report.variants[..] else { panic!("two variants") };
    assert!(baseline.metrics.get("token_accuracy") > Some(0.95));
    assert!(pruned.n_train < baseline.n_train && pruned.metrics.get("f1_macro") > Some(0.95));
    let worst = &report.issues[0];
    assert_eq!((worst.known, worst.pruned), (Some(true), true));
    let shown = detail(&report).sentences.iter().find(|shown| shown.sentence == worst.row).unwrap();
    let token = worst.token.unwrap();
    assert_eq!(shown.given[token as usize], worst.given);
    assert_eq!(shown.suggested[token as usize], worst.suggested);
    assert!(shown.issues.contains(&token) && shown.score == worst.score);
    let true_tag = file.corpus.sentences[worst.row as usize].tokens[token as usize].tag;
    assert_eq!(worst.suggested, file.corpus.tags[true_tag as usize]);
    let matrix: usize = detail(&report).given_by_suggested.iter().flatten().sum();
    assert_eq!(matrix, report.n_issues);
}

#[test]
fn the_same_seed_gives_the_same_report_whatever_the_order_of_the_folds() {
    struct Backwards;
    impl Host for Backwards {
        fn run_units(&self, n: usize, unit: &(dyn Fn(usize) + Sync)) {
            (0..n).rev().for_each(unit);
        }
    }
    let file = corpus(60);
    let config = TokenConfig { noise_frac: 0.1, ..TokenConfig::default() };
    let first = task(&config, &file).unwrap();
    assert_eq!(run(&config, TaskData::Corpus(&file), &Backwards).unwrap(), first);
    assert_ne!(task(&TokenConfig { seed: 7, ..config }, &file).unwrap().issues, first.issues);
}

#[test]
fn limits_choose_sentences_and_the_report_says_how_many_are_left() {
    let file = corpus(200);
    let config = TokenConfig { max_train_sentences: 60, max_dev_sentences: 30, ..TokenConfig::default() };
    let report = task(&config, &file).unwrap();
    assert_eq!((detail(&report).n_train_sentences, detail(&report).n_dev_sentences), (60, 30));
    assert!(report.warnings.iter().any(|warning| warning.starts_with("110 of 200 sentences take no part")));
}

#[test]
fn tokens_without_a_tag_are_context_only() {
    let mut text = String::new();
    for i in 0..30 {
        writeln!(text, "the\tD\ncat{}\tN\n?\t_\n", i % 4).unwrap();
    }
    let file = read_corpus("a.txt", text.into_bytes(), &CorpusOptions::default()).unwrap();
    let report = task(&TokenConfig::default(), &file).unwrap();
    assert_eq!(report.n_train + report.n_test, 60);
    assert_eq!(report.noise, None);
    let shown = &detail(&report).sentences[0];
    assert_eq!((shown.given[2].as_str(), shown.scores[2]), ("", None));
    assert!(report.warnings.contains(&"30 tokens have no tag and are not checked.".to_owned()));
}

#[test]
fn what_cannot_be_checked_is_refused_by_name() {
    let file = corpus(60);
    let said = |config: TokenConfig| task(&config, &file).unwrap_err().to_string();
    let default = TokenConfig::default;
    assert!(said(TokenConfig { cv_folds: 1, ..default() }).starts_with("`cv_folds` is 1"));
    assert!(said(TokenConfig { noise_frac: f64::NAN, ..default() }).starts_with("`noise_frac` is NaN"));
    assert!(said(TokenConfig { max_train_sentences: 49, ..default() }).starts_with("`max_train_sentences` is 49"));
    let said = task(&default(), &corpus(5)).unwrap_err().to_string();
    assert!(said.contains("5 sentences with tags are too few for 3 folds"), "{said}");
    let one = read_corpus("a.txt", b"a\tX\n\n".repeat(20), &CorpusOptions::default()).unwrap();
    assert!(task(&default(), &one).unwrap_err().to_string().contains("All tokens have the tag \"X\""));
    let table = forge_data::read_csv("a.csv", b"x,y\n1,a\n".to_vec(), &forge_data::CsvOptions::default()).unwrap();
    let said = run(&default(), TaskData::Table(&table), &Quiet).unwrap_err().to_string();
    assert!(said.contains("works on sentences of tagged tokens") && said.contains("given a table"), "{said}");
}

#[test]
fn cancelling_stops_the_work() {
    struct Impatient;
    impl Host for Impatient {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let stopped = run(&TokenConfig::default(), TaskData::Corpus(&corpus(60)), &Impatient);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
