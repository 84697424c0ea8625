//! Several labels per row, tags of tokens, labels by several people, boxes and masks, labels that people have verified.

use super::{CC_BY_SA, known, unknown};
use crate::catalogue::load::Loader;
use crate::catalogue::{Address, DataFile, DataSet, DataTask, HashOf, Licence, Sample};

pub(super) const EMOTIONS: DataSet = DataSet {
    name: "emotions",
    title: "Emotions in music",
    description: "Pieces of music by 72 measures of rhythm and timbre, with the emotions that they evoke: any of six.",
    tasks: &[DataTask::Multilabel],
    targets: &["amazed-suprised", "happy-pleased", "relaxing-calm", "quiet-still", "sad-lonely", "angry-aggresive"],
    normal: None,
    classes: &[],
    licence: Licence {
        name: "none stated; free for research",
        address: Some("https://mulan.sourceforge.net/datasets-mlc.html"),
    },
    attribution: "Konstantinos Trohidis, Grigorios Tsoumakas, George Kalliris, Ioannis Vlahavas: Multilabel Classification of \
                  Music into Emotions. ISMIR 2008.",
    files: &[DataFile {
        name: "emotions.arff",
        part: "whole",
        rows: 593,
        browser: Some(Address {
            url: "https://raw.githubusercontent.com/nicoladimauro/dcsn/dd0f7a43f5fededeeaf37905f48f918a25b8c2c7/data/multilabel/emotions.orig.arff.gz",
            bytes: None,
            sha256: Some("6f2f790047073d1293ac0872c0d55f2dc98b6177802fc96c6b66b309dfee1e4b"),
            hash_of: HashOf::Decompressed,
        }),
        canonical: Some(unknown("https://mulan.sourceforge.net/datasets-mlc.html")),
    }],
    samples: &[Sample { file: "emotions_593.arff.gz", part: "whole", rows: 593 }],
    roles: &[],
    loader: Loader::Table,
};

const fn ewt(name: &'static str, part: &'static str, rows: u64, address: Option<Address>) -> DataFile {
    DataFile { name, part, rows, browser: address, canonical: address }
}

pub(super) const EWT: DataSet = DataSet {
    name: "ud_ewt",
    title: "Universal Dependencies, English Web Treebank",
    description: "Sentences from weblogs, newsgroups, emails, reviews and answers, with the part of speech of every word.",
    tasks: &[DataTask::Token],
    targets: &[],
    normal: None,
    classes: &[],
    licence: CC_BY_SA,
    attribution: "Natalia Silveira et al.: A Gold Standard Dependency Corpus for English. LREC 2014; Universal Dependencies, \
                  English Web Treebank, https://github.com/UniversalDependencies/UD_English-EWT.",
    files: &[
        ewt(
            "en_ewt-ud-train.conllu",
            "train",
            12_544,
            Some(known(
                "https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/15d613d8447b3478787d4c278730a1e48a945efb/en_ewt-ud-train.conllu",
                14_203_025,
                "3fb78e2b55482c8ee00caa653af436c88c9e5bc9a73ce26e4ae3ddc79d2b7e7b",
            )),
        ),
        ewt(
            "en_ewt-ud-dev.conllu",
            "dev",
            2_001,
            Some(known(
                "https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/15d613d8447b3478787d4c278730a1e48a945efb/en_ewt-ud-dev.conllu",
                1_805_545,
                "531a54ff90d6ab12201c5a50c3e78e6ddac4de69abc4bce5d275d3cd29efe2b6",
            )),
        ),
        ewt(
            "en_ewt-ud-test.conllu",
            "test",
            2_077,
            Some(known(
                "https://raw.githubusercontent.com/UniversalDependencies/UD_English-EWT/15d613d8447b3478787d4c278730a1e48a945efb/en_ewt-ud-test.conllu",
                1_804_515,
                "e266e515a0a7547657ed3d90d9ba46487d6bd251f27ad4269d4e8a427c8555cd",
            )),
        ),
    ],
    samples: &[Sample { file: "ewt_1300.conllu.gz", part: "whole", rows: 1_300 }],
    roles: &[],
    loader: Loader::Corpus,
};

pub(super) const MOVIELENS: DataSet = DataSet {
    name: "movielens_100k",
    title: "MovieLens 100K",
    description: "Ratings from 1 to 5 of 1,682 movies by 943 people, taken as labels by annotators, with year and genres of \
                  the movies. May not be passed on: download the zip and choose it.",
    tasks: &[DataTask::Multiannotator],
    targets: &[],
    normal: None,
    classes: &[],
    licence: Licence {
        name: "research use, no redistribution",
        address: Some("https://files.grouplens.org/datasets/movielens/ml-100k-README.txt"),
    },
    attribution: "F. Maxwell Harper, Joseph A. Konstan: The MovieLens Datasets: History and Context. ACM Transactions on \
                  Interactive Intelligent Systems 5(4), 2015. https://doi.org/10.1145/2827872",
    files: &[DataFile {
        name: "ml-100k.zip",
        part: "whole",
        rows: 100_000,
        browser: None,
        canonical: Some(known(
            "https://files.grouplens.org/datasets/movielens/ml-100k.zip",
            4_924_029,
            "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        )),
    }],
    samples: &[],
    roles: &[],
    loader: Loader::MovieLens,
};

pub(super) const BLUEBIRDS: DataSet = DataSet {
    name: "bluebirds",
    title: "Bluebirds",
    description: "Is the bird in the picture an indigo bunting? 108 pictures, each labelled by the same 39 people, with the \
                  truth. A majority vote is right on three quarters.",
    tasks: &[DataTask::Multiannotator],
    targets: &[],
    normal: None,
    classes: &[("0", "blue grosbeak"), ("1", "indigo bunting")],
    licence: Licence { name: "BSD 3-Clause Clear", address: Some("https://spdx.org/licenses/BSD-3-Clause-Clear.html") },
    attribution: "Peter Welinder, Steve Branson, Serge Belongie, Pietro Perona: The Multidimensional Wisdom of Crowds. NIPS \
                  2010. Copyright 2011-2012 Peter Welinder, Caltech. https://github.com/welinder/cubam.",
    files: &[
        DataFile {
            name: "labels.yaml",
            part: "labels",
            rows: 4_212,
            browser: BLUEBIRDS_LABELS,
            canonical: BLUEBIRDS_LABELS,
        },
        DataFile { name: "gt.yaml", part: "truth", rows: 108, browser: BLUEBIRDS_TRUTH, canonical: BLUEBIRDS_TRUTH },
    ],
    samples: &[
        Sample { file: "bluebirds_labels.csv.gz", part: "labels", rows: 4_212 },
        Sample { file: "bluebirds_truth.csv.gz", part: "truth", rows: 108 },
    ],
    roles: &[],
    loader: Loader::Crowd,
};
const BLUEBIRDS_LABELS: Option<Address> = Some(known(
    "https://raw.githubusercontent.com/welinder/cubam/1db8c09a0c670f9ed5504897425285c5058da98e/demo/bluebirds/labels.yaml",
    58_941,
    "8b1b28e4b869b19bb03beac476c7073149cef784f9524ebe17380a1292a6126c",
));
const BLUEBIRDS_TRUTH: Option<Address> = Some(known(
    "https://raw.githubusercontent.com/welinder/cubam/1db8c09a0c670f9ed5504897425285c5058da98e/demo/bluebirds/gt.yaml",
    1_533,
    "c9eb769c845ca99495a07b5c28c4290c78436fd8eac65c0747736c4ef8126340",
));

pub(super) const ANESTHESIA: DataSet = DataSet {
    name: "anesthesia",
    title: "Fitness for anaesthesia",
    description: "45 patients, rated from 1 to 4 for their fitness for anaesthesia by five doctors, of whom one rated three \
                  times. Choose a file with the columns item, rater and rating.",
    tasks: &[DataTask::Multiannotator],
    targets: &[],
    normal: None,
    classes: &[],
    licence: Licence { name: "a published table", address: None },
    attribution: "A. P. Dawid, A. M. Skene: Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm. \
                  Applied Statistics 28(1), 1979, table 1.",
    files: &[DataFile {
        name: "anesthesia.csv",
        part: "whole",
        rows: 315,
        browser: None,
        canonical: Some(unknown("https://doi.org/10.2307/2346806")),
    }],
    samples: &[],
    roles: &[],
    loader: Loader::Crowd,
};

pub(super) const PEOPLE: DataSet = DataSet {
    name: "people",
    title: "People in pictures",
    description: "36 pictures with boxes and masks of the 87 people in them, cut from four photos: the demonstration of wrong boxes \
                  and masks. Its annotations are true; the tasks make some of them wrong on purpose and find them again.",
    tasks: &[DataTask::ObjectDetection, DataTask::Segmentation],
    targets: &[],
    normal: None,
    classes: &[],
    licence: Licence { name: "Pexels licence; public domain", address: Some("https://www.pexels.com/license/") },
    attribution: "Photos by Fauxels (3184419), Jack Sparrow (4046265) and Karolina Grabowska (4378882) on Pexels, and by NASA.",
    files: &[DataFile { name: "pictures_demo.zip", part: "whole", rows: 36, browser: None, canonical: None }],
    samples: &[Sample { file: "pictures_demo.zip", part: "whole", rows: 36 }],
    roles: &[],
    loader: Loader::Pictures,
};

pub(super) const PENN_FUDAN: DataSet = DataSet {
    name: "penn_fudan",
    title: "Penn-Fudan pedestrians",
    description: "170 pictures of streets with boxes and masks of 423 pedestrians; people in the background are not marked. \
                  May not be passed on: download the zip and choose it.",
    tasks: &[DataTask::ObjectDetection, DataTask::Segmentation],
    targets: &[],
    normal: None,
    classes: &[],
    licence: Licence {
        name: "none stated, no redistribution",
        address: Some("https://www.cis.upenn.edu/~jshi/ped_html/"),
    },
    attribution: "Liming Wang, Jianbo Shi, Gang Song, I-fan Shen: Object Detection Combining Recognition and Segmentation. \
                  ACCV 2007.",
    files: &[DataFile {
        name: "PennFudanPed.zip",
        part: "whole",
        rows: 170,
        browser: None,
        canonical: Some(unknown("https://www.cis.upenn.edu/~jshi/ped_html/PennFudanPed.zip")),
    }],
    samples: &[],
    roles: &[],
    loader: Loader::Images,
};

const LABEL_ERRORS_NOTICE: &str = "Curtis G. Northcutt, Anish Athalye, Jonas Mueller: Pervasive Label Errors in Test Sets \
                                   Destabilize Machine Learning Benchmarks. NeurIPS 2021 Datasets and Benchmarks. \
                                   https://github.com/cleanlab/label-errors";
const APACHE: Licence = Licence { name: "Apache-2.0", address: Some("https://www.apache.org/licenses/LICENSE-2.0") };

const fn label_errors(name: &'static str, part: &'static str, rows: u64, url: &'static str) -> DataFile {
    DataFile { name, part, rows, browser: Some(unknown(url)), canonical: Some(unknown(url)) }
}

pub(super) const LABEL_ERRORS_MNIST: DataSet = DataSet {
    name: "label_errors_mnist",
    title: "Verified label errors, MNIST",
    description: "The labels of the 10,000 handwritten digits of the MNIST test set, out-of-sample probabilities of a model, and \
                  what five people said about 100 suspicious ones: 15 labels are wrong.",
    tasks: &[DataTask::Multiclass],
    targets: &[],
    normal: None,
    classes: &[],
    licence: APACHE,
    attribution: LABEL_ERRORS_NOTICE,
    files: &[
        label_errors(
            "mnist_test_set_original_labels.npy",
            "labels",
            10_000,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/original_test_labels/mnist_test_set_original_labels.npy",
        ),
        label_errors(
            "mnist_test_set_pyx.npy",
            "pred_probs",
            10_000,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/cross_validated_predicted_probabilities/mnist_test_set_pyx.npy",
        ),
        label_errors(
            "mnist_mturk.json",
            "votes",
            100,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/mturk/mnist_mturk.json",
        ),
    ],
    samples: &[
        Sample { file: "label_errors_mnist_labels_u8.npy.gz", part: "labels", rows: 10_000 },
        Sample { file: "label_errors_mnist_pred_probs_f16.npy.gz", part: "pred_probs", rows: 10_000 },
        Sample { file: "label_errors_mnist_mturk.csv.gz", part: "votes", rows: 100 },
    ],
    roles: &[],
    loader: Loader::LabelErrors,
};

pub(super) const LABEL_ERRORS_CIFAR10: DataSet = DataSet {
    name: "label_errors_cifar10",
    title: "Verified label errors, CIFAR-10",
    description: "The labels of the 10,000 pictures of the CIFAR-10 test set, out-of-sample probabilities of a model, and what \
                  five people said about 275 suspicious ones: 54 labels are wrong.",
    tasks: &[DataTask::Multiclass],
    targets: &[],
    normal: None,
    classes: &[
        ("0", "airplane"),
        ("1", "automobile"),
        ("2", "bird"),
        ("3", "cat"),
        ("4", "deer"),
        ("5", "dog"),
        ("6", "frog"),
        ("7", "horse"),
        ("8", "ship"),
        ("9", "truck"),
    ],
    licence: APACHE,
    attribution: LABEL_ERRORS_NOTICE,
    files: &[
        label_errors(
            "cifar10_test_set_original_labels.npy",
            "labels",
            10_000,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/original_test_labels/cifar10_test_set_original_labels.npy",
        ),
        label_errors(
            "cifar10_test_set_pyx.npy",
            "pred_probs",
            10_000,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/cross_validated_predicted_probabilities/cifar10_test_set_pyx.npy",
        ),
        label_errors(
            "cifar10_mturk.json",
            "votes",
            275,
            "https://raw.githubusercontent.com/cleanlab/label-errors/6d5d6b31a13216290afc40e5c6319399c4d15c06/mturk/cifar10_mturk.json",
        ),
    ],
    samples: &[
        Sample { file: "label_errors_cifar10_labels_u8.npy.gz", part: "labels", rows: 10_000 },
        Sample { file: "label_errors_cifar10_pred_probs_f16.npy.gz", part: "pred_probs", rows: 10_000 },
        Sample { file: "label_errors_cifar10_mturk.csv.gz", part: "votes", rows: 275 },
    ],
    roles: &[],
    loader: Loader::LabelErrors,
};
