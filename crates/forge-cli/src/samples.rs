//! The samples that come with the program, so that every command works without a network.

/// A sample: its file name and its bytes.
type Sample = (&'static str, &'static [u8]);

macro_rules! samples {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../../data/", $name)) as &[u8])),*]
    };
}

const SAMPLES: [Sample; 12] = samples![
    "adult_12000.csv.gz",
    "bike_hour_17379.csv.gz",
    "bluebirds_labels.csv.gz",
    "bluebirds_truth.csv.gz",
    "california_12000.csv.gz",
    "covtype_8000.csv.gz",
    "emotions_593.arff.gz",
    "ewt_1300.conllu.gz",
    "forest_cover_anomaly_12000.csv.gz",
    "kddcup99_http_15000.csv.gz",
    "kddcup99_sa_10000.csv.gz",
    "pictures_demo.zip",
];

/// The bytes of a sample.
pub(crate) fn sample(file: &str) -> Option<&'static [u8]> {
    SAMPLES.iter().find(|(name, _)| *name == file).map(|(_, bytes)| *bytes)
}

#[cfg(test)]
mod tests {
    use forge_data::catalogue;

    use super::*;

    #[test]
    fn every_sample_in_the_program_belongs_to_a_data_set_and_can_be_read() {
        let mut known: Vec<&str> = Vec::new();
        for set in catalogue() {
            for of_set in set.samples {
                if let Some(bytes) = sample(of_set.file) {
                    known.push(of_set.file);
                    assert!(set.load(of_set.file, bytes.to_vec()).is_ok(), "{}", of_set.file);
                }
            }
        }
        assert!(SAMPLES.iter().all(|(name, _)| known.contains(name)), "{known:?}");
    }
}
