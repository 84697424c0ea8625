//! Of the search for a consensus.

use std::fmt::Write;

use forge_data::{AnnotatedExamples, TableFile, read_csv, read_movielens};
use forge_learn::Quiet;

use super::*;

/// The true class of an example.
fn truth(example: usize) -> usize {
    (example * 7 + example / 4) % 3
}

/// What an annotator says of it; the first two are mostly right, the others often wrong.
fn says(example: usize, annotator: usize) -> usize {
    let noise = (example * 31 + annotator * 17 + example * annotator * 5) % 100;
    let wrong = if annotator < 2 { 5 } else { 45 };
    if noise < wrong { (truth(example) + 1 + noise % 2) % 3 } else { truth(example) }
}

/// A row per label of three or four of six annotators, with the truth and a number that tells it.
fn long(n: usize) -> TableFile {
    let mut text = "item,worker,label,size,answer\n".to_owned();
    for example in 0..n {
        let size = truth(example) as f64 * 3.0 + (example % 11) as f64 * 0.2;
        for annotator in (0..6).filter(|annotator| (example + annotator) % 5 > 1) {
            let (label, truth) = (says(example, annotator), truth(example));
            writeln!(text, "photo{example},w{annotator},c{label},{size},c{truth}").unwrap();
        }
    }
    read_csv("long.csv", text.into_bytes(), &CsvOptions::default()).unwrap()
}

fn task(config: &MultiannotatorConfig, file: &TableFile) -> Result<TaskReport, CoreError> {
    run(config, TaskData::Table(file), &Quiet)
}

fn detail(report: &TaskReport) -> &MultiannotatorDetail {
    let TaskDetail::Multiannotator(detail) = &report.detail else { panic!("of another task") };
    detail
}

#[test]
fn a_model_and_good_annotators_beat_the_majority() {
    let config = MultiannotatorConfig { truth: Some("answer".to_owned()), ..MultiannotatorConfig::default() };
    let report = task(&config, &long(150)).unwrap();
    assert_eq!((report.n_rows, report.features.as_slice()), (150, &["size".to_owned()][..]));
    let [majority, crowdlab] = &report.variants[..] else { panic!("two variants") };
    let accuracy = |variant: &Variant| variant.metrics.get("accuracy").unwrap();
    assert!(accuracy(crowdlab) > 0.97 && accuracy(crowdlab) > accuracy(majority) + 0.02, "{majority:?} {crowdlab:?}");
    let detail = detail(&report);
    assert!(detail.model_share > Some(0.1));
    let worst: Vec<&str> = detail.worst_annotators.iter().map(|row| row.annotator.as_str()).collect();
    assert_eq!(worst.len(), 6);
    assert!(!worst[..4].contains(&"w0") && !worst[..4].contains(&"w1"), "{worst:?}");
    let wrong = detail.worst_examples.iter().find(|row| row.majority != row.consensus).unwrap();
    assert_eq!(wrong.consensus, format!("c{}", truth(wrong.example as usize)));
    assert_eq!(detail.consensus[wrong.example as usize], Some(truth(wrong.example as usize) as u32));
}

#[test]
fn without_features_the_annotators_decide() {
    let file = long(150);
    let roles = [("size".to_owned(), Role::Ignored)].into_iter().collect();
    let config = MultiannotatorConfig { truth: Some("answer".to_owned()), roles, ..MultiannotatorConfig::default() };
    let report = task(&config, &file).unwrap();
    assert_eq!((report.model.as_ref(), detail(&report).model_share), (None, None));
    let accuracy = |variant: usize| report.variants[variant].metrics.get("accuracy");
    assert!(accuracy(1) >= accuracy(0));
    assert!(report.warnings.iter().any(|warning| warning.contains("the annotators' alone")));
}

#[test]
fn a_wide_table_with_blanks_tells_what_to_label_next() {
    let mut text = "id,ann,bob,cy\n".to_owned();
    for example in 0..40 {
        let cell = |annotator: usize| match (example % 10, (example + annotator) % 4) {
            (9, _) | (_, 0) => String::new(),
            _ => ["no", "yes"][usize::from(truth(example) > 0)].to_owned(),
        };
        writeln!(text, "e{example},{},{},{}", cell(0), cell(1), cell(2)).unwrap();
    }
    let file = read_csv("wide.csv", text.into_bytes(), &CsvOptions::default()).unwrap();
    let report = task(&MultiannotatorConfig { top_k: 4, ..MultiannotatorConfig::default() }, &file).unwrap();
    let detail = detail(&report);
    assert_eq!((report.n_rows, report.n_train, detail.n_unlabelled), (40, 36, 4));
    assert_eq!(report.target, ["ann", "bob", "cy"]);
    let next: Vec<(&str, usize)> = detail.next_to_label.iter().map(|row| (row.name.as_str(), row.n_labels)).collect();
    assert_eq!(next, [("e9", 0), ("e19", 0), ("e29", 0), ("e39", 0)]);
    assert_eq!(detail.consensus[9], None);
    let labels = (0..40).map(|example| detail.consensus[example].is_some());
    assert_eq!(labels.filter(|&known| known).count(), 36);
    assert!((detail.coverage - detail.n_labels as f64 / 120.0).abs() < 1e-12);
}

/// MovieLens in small: the same files, made up.
fn ratings() -> AnnotatedExamples {
    let (mut ratings, mut movies) = (String::new(), String::new());
    for movie in 1..=60_usize {
        let kind = truth(movie);
        let genres: Vec<&str> = (0..19).map(|genre| if genre % 3 == kind { "1" } else { "0" }).collect();
        writeln!(
            movies,
            "{movie}|Film {movie} (19{})|01-Jan-19{}||x|{}",
            60 + movie % 30,
            60 + movie % 30,
            genres.join("|")
        )
        .unwrap();
        for user in (1..=12_usize).filter(|user| (movie * 5 + user * movie) % 4 != 0 || *user == 12) {
            let rating = 1 + kind + (movie + user) % 3;
            writeln!(ratings, "{user}\t{movie}\t{rating}\t881250949").unwrap();
        }
    }
    let read = read_movielens(ratings.into_bytes(), movies.into_bytes()).unwrap();
    AnnotatedExamples { annotations: read.ratings, features: Some(read.movies), warnings: read.warnings }
}

#[test]
fn of_a_set_of_ratings_the_most_active_are_chosen_and_year_and_genres_are_read() {
    let data = ratings();
    let config = MultiannotatorConfig {
        max_movies: 50,
        max_annotators: 5,
        min_ratings_per_movie: 2,
        min_ratings_per_annotator: 20,
        ..MultiannotatorConfig::default()
    };
    let report = run(&config, TaskData::Annotations(&data), &Quiet).unwrap();
    let detail = detail(&report);
    assert_eq!((report.n_rows, detail.n_annotators), (45, 5));
    assert!(report.features.contains(&"release_year".to_owned()) && !report.features.contains(&"title".to_owned()));
    assert!(
        report
            .warnings
            .iter()
            .any(|warning| warning
                == "The 45 most rated of 60 examples and the 5 most active of 12 annotators are used.")
    );
    assert_eq!(detail.worst_annotators.len(), 5);
    let none = MultiannotatorConfig { min_ratings_per_annotator: 1_000, ..config };
    let said = run(&none, TaskData::Annotations(&data), &Quiet).unwrap_err().to_string();
    assert!(said.contains("0 gave 1000"), "{said}");
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let file = long(60);
    let config = MultiannotatorConfig::default();
    assert_eq!(task(&config, &file).unwrap(), task(&config, &file).unwrap());
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    let file = long(30);
    let default = MultiannotatorConfig::default;
    let said = |config: MultiannotatorConfig| task(&config, &file).unwrap_err().to_string();
    assert!(said(MultiannotatorConfig { top_k: 0, ..default() }).starts_with("`top_k` is 0"));
    let config = MultiannotatorConfig { truth: Some("answr".to_owned()), ..default() };
    assert_eq!(said(config), "`truth` is \"answr\", expected the name of a column; perhaps `answer`");
    let config = MultiannotatorConfig { model: ModelName::Ridge, ..default() };
    assert!(said(config).contains("ridge"), "{}", said(MultiannotatorConfig { model: ModelName::Ridge, ..default() }));
    let one = read_csv("one.csv", b"id,ann\na,1\nb,0\nc,1\n".to_vec(), &CsvOptions::default()).unwrap();
    let said = task(&default(), &one).unwrap_err().to_string();
    assert!(said.contains("at least two annotators"), "{said}");
    let corpus = forge_data::read_corpus("a.txt", b"a\tX\n".to_vec(), &forge_data::CorpusOptions::default()).unwrap();
    let said = run(&default(), TaskData::Corpus(&corpus), &Quiet).unwrap_err().to_string();
    assert!(said.contains("works on labels of several annotators"), "{said}");
}

#[test]
fn cancelling_stops_the_work() {
    struct Impatient;
    impl Host for Impatient {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let stopped = run(&MultiannotatorConfig::default(), TaskData::Table(&long(60)), &Impatient);
    assert_eq!(stopped.unwrap_err(), CoreError::Cancelled);
}
