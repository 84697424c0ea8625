//! Tables with rare rows that are known to be anomalies.

use super::rows::{COVERTYPE_FILE, COVERTYPE_NOTICE};
use super::{CC_BY, known};
use crate::catalogue::load::Loader;
use crate::catalogue::{DataFile, DataSet, DataTask, Sample};

pub(super) const FOREST_COVER: DataSet = DataSet {
    name: "forest_cover",
    title: "Forest cover, rare kinds",
    description: "The ten measures of Covertype; rare kinds of forest are the anomalies: of the whole file every kind with \
                  less than 5 % of the rows, in the sample kind 4 (cottonwood and willow) among kind 2 (lodgepole pine).",
    tasks: &[DataTask::Anomaly],
    targets: &["anomaly"],
    normal: Some("0"),
    classes: &[],
    licence: CC_BY,
    attribution: COVERTYPE_NOTICE,
    files: &[COVERTYPE_FILE],
    samples: &[Sample { file: "forest_cover_anomaly_12000.csv.gz", part: "whole", rows: 12_000 }],
    roles: &[],
    loader: Loader::ForestCover,
};

const KDD_NOTICE: &str = "Salvatore Stolfo, Wei Fan, Wenke Lee, Andreas Prodromidis, Philip Chan: KDD Cup 1999 Data. UCI Machine \
                          Learning Repository, 1999. https://doi.org/10.24432/C51C7N";

const KDD_FILE: DataFile = DataFile {
    name: "kddcup.data_10_percent.gz",
    part: "whole",
    rows: 494_021,
    browser: Some(known(
        "https://ndownloader.figshare.com/files/5976042",
        2_144_903,
        "8045aca0d84e70e622d1148d7df782496f6333bf6eb979a1b0837c42a9fd9561",
    )),
    canonical: Some(known(
        "https://archive.ics.uci.edu/ml/machine-learning-databases/kddcup99-mld/kddcup.data_10_percent.gz",
        2_144_903,
        "8045aca0d84e70e622d1148d7df782496f6333bf6eb979a1b0837c42a9fd9561",
    )),
};

pub(super) const KDD: DataSet = DataSet {
    name: "kddcup99",
    title: "KDD Cup 1999, 10 percent",
    description: "Connections to a simulated military network: 38 numbers and 3 categories. The label is `normal` or the kind \
                  of attack; in this file attacks are the majority.",
    tasks: &[DataTask::Anomaly, DataTask::Multiclass],
    targets: &["label"],
    normal: Some("normal"),
    classes: &[],
    licence: CC_BY,
    attribution: KDD_NOTICE,
    files: &[KDD_FILE],
    samples: &[],
    roles: &[],
    loader: Loader::Table,
};

pub(super) const KDD_HTTP: DataSet = DataSet {
    name: "kddcup99_http",
    title: "KDD Cup 1999, web traffic",
    description: "The connections of KDD Cup 1999 to web servers with three numbers: duration, bytes sent, bytes received. \
                  Attacks are the anomalies.",
    tasks: &[DataTask::Anomaly],
    targets: &["label"],
    normal: Some("normal"),
    classes: &[],
    licence: CC_BY,
    attribution: KDD_NOTICE,
    files: &[KDD_FILE],
    samples: &[Sample { file: "kddcup99_http_15000.csv.gz", part: "whole", rows: 15_000 }],
    roles: &[],
    loader: Loader::KddHttp,
};

pub(super) const KDD_SA: DataSet = DataSet {
    name: "kddcup99_sa",
    title: "KDD Cup 1999, few attacks",
    description: "All normal connections of KDD Cup 1999 and about 3 % attacks, which are the anomalies.",
    tasks: &[DataTask::Anomaly],
    targets: &["label"],
    normal: Some("normal"),
    classes: &[],
    licence: CC_BY,
    attribution: KDD_NOTICE,
    files: &[KDD_FILE],
    samples: &[Sample { file: "kddcup99_sa_10000.csv.gz", part: "whole", rows: 10_000 }],
    roles: &[],
    loader: Loader::KddSa,
};
