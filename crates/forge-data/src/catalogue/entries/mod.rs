//! What is known about each data set: facts, addresses, checksums.

mod anomalies;
mod labels;
mod rows;

use super::{Address, DataSet, HashOf, Licence};

pub(super) static DATA_SETS: [DataSet; 17] = [
    rows::ADULT,
    rows::BIKE,
    rows::CALIFORNIA,
    rows::COVERTYPE,
    labels::EMOTIONS,
    labels::EWT,
    labels::MOVIELENS,
    labels::BLUEBIRDS,
    labels::ANESTHESIA,
    labels::PEOPLE,
    labels::PENN_FUDAN,
    labels::LABEL_ERRORS_MNIST,
    labels::LABEL_ERRORS_CIFAR10,
    anomalies::FOREST_COVER,
    anomalies::KDD,
    anomalies::KDD_HTTP,
    anomalies::KDD_SA,
];

const CC_BY: Licence = Licence { name: "CC BY 4.0", address: Some("https://creativecommons.org/licenses/by/4.0/") };
const CC_BY_SA: Licence =
    Licence { name: "CC BY-SA 4.0", address: Some("https://creativecommons.org/licenses/by-sa/4.0/") };

/// An address whose bytes are known.
const fn known(url: &'static str, bytes: u64, sha256: &'static str) -> Address {
    Address { url, bytes: Some(bytes), sha256: Some(sha256), hash_of: HashOf::File }
}

/// An address whose bytes nobody has vouched for.
const fn unknown(url: &'static str) -> Address {
    Address { url, bytes: None, sha256: None, hash_of: HashOf::File }
}
