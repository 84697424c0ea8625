//! The bundled samples: one per kind of data problem.

use forge_data::Role;

use super::super::work::Work;
use super::picture::Picture;

/// A bundled sample.
#[derive(Debug)]
pub(crate) struct Sample {
    /// Its name in test ids.
    pub(super) id: &'static str,
    /// What people call it.
    pub(super) title: &'static str,
    /// What it holds, in a few words.
    pub(super) note: &'static str,
    /// Its file beside the page, in the folder `data`.
    pub(crate) file: &'static str,
    /// What is looked for in it first.
    pub(crate) work: Work,
    /// The columns with its labels.
    pub(crate) targets: &'static [&'static str],
    /// What its other columns are, where that cannot be inferred.
    pub(crate) roles: &'static [(&'static str, Role)],
    /// Settings that suit it, by name, as they are typed.
    pub(crate) settings: &'static [(&'static str, &'static str)],
    /// The picture of its problem.
    pub(super) picture: Picture,
}

/// The samples, in the order they are shown.
pub(super) static SAMPLES: [Sample; 9] = [
    Sample {
        id: "adult",
        title: "Census income",
        note: "Labels · 2 classes · 12,000 rows",
        file: "adult_12000.csv.gz",
        work: Work::Run,
        targets: &[],
        roles: &[],
        settings: &[],
        picture: Picture::Labels,
    },
    Sample {
        id: "covtype",
        title: "Forest cover",
        note: "Labels · 7 classes · 8,000 rows",
        file: "covtype_8000.csv.gz",
        work: Work::Task("multiclass"),
        targets: &["Cover_Type"],
        roles: &[],
        settings: &[],
        picture: Picture::Classes,
    },
    Sample {
        id: "emotions",
        title: "Emotions in music",
        note: "Several labels · 593 songs",
        file: "emotions_593.arff.gz",
        work: Work::Task("multilabel"),
        targets: &["amazed-suprised", "happy-pleased", "relaxing-calm", "quiet-still", "sad-lonely", "angry-aggresive"],
        roles: &[],
        settings: &[],
        picture: Picture::Sets,
    },
    Sample {
        id: "ewt",
        title: "English web treebank",
        note: "Tagged words · 1,300 sentences",
        file: "ewt_1300.conllu.gz",
        work: Work::Task("token"),
        targets: &[],
        roles: &[],
        settings: &[],
        picture: Picture::Words,
    },
    Sample {
        id: "bike",
        title: "Bike rentals",
        note: "Numbers · 17,379 hours",
        file: "bike_hour_17379.csv.gz",
        work: Work::Task("regression"),
        targets: &["cnt"],
        roles: &[
            ("instant", Role::Id),
            ("dteday", Role::Ignored),
            ("casual", Role::Ignored),
            ("registered", Role::Ignored),
        ],
        settings: &[],
        picture: Picture::Numbers,
    },
    Sample {
        id: "california",
        title: "California housing",
        note: "Outliers · 12,000 blocks",
        file: "california_12000.csv.gz",
        work: Work::Task("outlier"),
        targets: &["median_house_value"],
        roles: &[],
        settings: &[],
        picture: Picture::Outlier,
    },
    Sample {
        id: "bluebirds",
        title: "Bluebirds",
        note: "39 annotators · 108 photos",
        file: "bluebirds_labels.csv.gz",
        work: Work::Task("multiannotator"),
        targets: &[],
        roles: &[],
        settings: &[],
        picture: Picture::Annotators,
    },
    Sample {
        id: "pictures",
        title: "People in photos",
        note: "Boxes and masks · 36 pictures",
        file: "pictures_demo.zip",
        work: Work::Task("object_detection"),
        targets: &[],
        roles: &[],
        settings: &[("max_images", ""), ("corrupt_frac", "0.25")],
        picture: Picture::Boxes,
    },
    Sample {
        id: "kdd",
        title: "Network intrusions",
        note: "Anomalies · 10,000 connections",
        file: "kddcup99_sa_10000.csv.gz",
        work: Work::Task("anomaly"),
        targets: &["label"],
        roles: &[],
        settings: &[("normal", "normal")],
        picture: Picture::Anomalies,
    },
];
