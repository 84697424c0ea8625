//! Every bundled sample loads as its entry says, and so do files in the layout of the originals.

use super::*;
use crate::{MISSING, Values};

fn sample(file: &str) -> Vec<u8> {
    macro_rules! samples {
        ($($name:literal),*) => {
            match file {
                $($name => include_bytes!(concat!("../../../../data/", $name)).to_vec(),)*
                other => panic!("{other} is not bundled"),
            }
        };
    }
    samples!(
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
        "label_errors_cifar10_labels_u8.npy.gz",
        "label_errors_cifar10_mturk.csv.gz",
        "label_errors_cifar10_pred_probs_f16.npy.gz",
        "label_errors_mnist_labels_u8.npy.gz",
        "label_errors_mnist_mturk.csv.gz",
        "label_errors_mnist_pred_probs_f16.npy.gz",
        "pictures_demo.zip"
    )
}

fn find(name: &str) -> &'static DataSet {
    DataSet::find(name).unwrap()
}

fn load_table(set: &DataSet, file: &str, bytes: impl Into<Vec<u8>>) -> LoadedTable {
    match set.load(file, bytes.into()).unwrap() {
        Data::Table(table) => table,
        other => panic!("{file} is {other:?}"),
    }
}

fn roles(set: &DataSet, table: &Table, role: Role) -> Vec<String> {
    set.roles(table).into_iter().filter(|info| info.role == role).map(|info| info.name).collect()
}

#[test]
fn every_sample_has_the_rows_and_targets_its_entry_names() {
    for set in catalogue() {
        for file in set.samples {
            let rows = match set.load(file.file, sample(file.file)).unwrap() {
                Data::Table(loaded) => {
                    assert!(set.targets.iter().all(|target| loaded.table().column(target).is_some()), "{}", set.name);
                    assert_eq!(roles(set, loaded.table(), Role::Target), set.targets, "{}", set.name);
                    assert!(loaded.file.rejected.is_empty());
                    loaded.table().n_rows()
                }
                Data::Corpus(corpus) => corpus.corpus.sentences.len(),
                Data::Annotations(read) => read.annotations.n_labels(),
                Data::Array(array) => array.shape[0],
                Data::Images(images) => images.images.len(),
            };
            assert_eq!(rows as u64, file.rows, "{}", file.file);
        }
    }
}

#[test]
fn names_are_found_in_any_spelling_and_the_nearest_is_shown_for_others() {
    assert_eq!(find("Adult-Income").name, "adult_income");
    let error = DataSet::find("adult").unwrap_err().to_string();
    assert!(
        error.starts_with("unknown data set \"adult\"; did you mean \"adult_income\"? Known are adult_income, "),
        "{error}"
    );
    assert!(DataSet::find("bikesharing").unwrap_err().to_string().contains("did you mean \"bike_sharing\"?"));
    let mut names: Vec<_> = catalogue().iter().map(|set| set.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), catalogue().len());
}

#[test]
fn bytes_are_checked_against_size_and_checksum() {
    let emotions = find("emotions").files[0].browser.unwrap();
    let bytes = sample("emotions_593.arff.gz");
    assert_eq!(emotions.check(&bytes), Ok(()));
    let error = find("bike_sharing").files[0].browser.unwrap().check(b"moved").unwrap_err();
    assert!(error.to_string().contains("its bytes should be 1139356, found 5"), "{error}");
    let address = Address { url: "here", bytes: None, sha256: Some("00"), hash_of: HashOf::File };
    assert!(address.check(b"abc").unwrap_err().to_string().contains("found ba7816bf8f01cfea"));
}

#[test]
fn adult_reads_its_two_original_files_and_knows_the_row_numbers_of_the_sample() {
    let set = find("adult_income");
    let row = "25, Private, 226802, 11th, 7, Never-married, ?, Own-child, Black, Male, 0, 0, 40, United-States, ";
    let text = format!("|1x3 Cross validator\n{row}<=50K.\n{row}>50K.\n\n");
    let loaded = load_table(set, "adult.test", text);
    assert_eq!(loaded.table().column("income").unwrap().class_labels().unwrap().names, ["<=50K", ">50K"]);
    assert!(loaded.table().column("occupation").unwrap().is_missing(0));
    let sample = load_table(set, "adult_12000.csv.gz", sample("adult_12000.csv.gz"));
    assert_eq!(roles(set, sample.table(), Role::Id), ["row"]);
    let error = set.load("x.csv", b"a,b\n1,2\n".to_vec()).unwrap_err().to_string();
    assert_eq!(error, "x.csv: this is not a file of the data set adult_income: it has no column \"income\", only a, b");
}

#[test]
fn bike_leaves_out_what_adds_up_to_its_target() {
    let set = find("bike_sharing");
    let loaded = load_table(set, "hour.csv.gz", sample("bike_hour_17379.csv.gz"));
    assert_eq!(roles(set, loaded.table(), Role::Ignored), ["dteday", "casual", "registered"]);
    assert_eq!(roles(set, loaded.table(), Role::Id), ["instant"]);
    assert_eq!(roles(set, loaded.table(), Role::Feature).len(), 12);
}

#[test]
fn california_gives_the_averages_of_scikit_learn() {
    let set = find("california_housing");
    let bare = "-122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000\n\
                -122.220000,37.860000,21.000000,7099.000000,1106.000000,2401.000000,1138.000000,8.301400,358500.000000\n";
    let named = "longitude,latitude,housing_median_age,total_rooms,total_bedrooms,population,households,median_income,\
                 median_house_value,ocean_proximity\n-122.23,37.88,41.0,880.0,129.0,322.0,126.0,8.3252,452600.0,NEAR BAY\n\
                 -122.22,37.86,21.0,7099.0,,2401.0,1138.0,8.3014,358500.0,NEAR BAY\n";
    let loaded = load_table(set, "cal_housing.data", bare);
    let row = |table: &Table, row: usize| -> Vec<f64> {
        table.columns().iter().map(|column| column.text(row).map_or(f64::NAN, |text| text.parse().unwrap())).collect()
    };
    let names: Vec<_> = loaded.table().columns().iter().map(crate::Column::name).collect();
    let expected = "MedInc HouseAge AveRooms AveBedrms Population AveOccup Latitude Longitude MedHouseVal";
    assert_eq!(names.join(" "), expected);
    // The first row of scikit-learn's fetch_california_housing.
    let first = [8.3252, 41.0, 880.0 / 126.0, 129.0 / 126.0, 322.0, 322.0 / 126.0, 37.88, -122.23, 4.526];
    assert_eq!(row(loaded.table(), 0), first);
    let loaded = load_table(set, "housing.csv", named);
    assert_eq!(row(loaded.table(), 0), first);
    assert!(loaded.table().column("AveBedrms").unwrap().is_missing(1));
    assert_eq!(loaded.file_row(1), 1);
    assert_eq!(roles(set, loaded.table(), Role::Target), ["MedHouseVal"]);
}

fn covertype(classes: &[u32]) -> String {
    let row = |class: &u32| {
        let mut cells = vec!["0"; 55];
        for (at, cell) in "2596,51,3,258,0,510,221,232,148,6279".split(',').enumerate() {
            cells[at] = cell;
        }
        (cells[10], cells[42]) = ("1", "1");
        let class = class.to_string();
        cells[54] = &class;
        cells.join(",") + "\n"
    };
    classes.iter().map(row).collect::<Vec<_>>().concat()
}

#[test]
fn covertype_has_no_header_and_its_rare_classes_are_anomalies() {
    let mut classes = vec![2; 60];
    classes.extend([1; 37]);
    classes.extend([4, 4, 7]);
    let text = covertype(&classes);
    let loaded = load_table(find("covertype"), "covtype.data", text.clone());
    assert_eq!(loaded.table().columns()[0].name(), "Elevation");
    assert_eq!(loaded.table().column("Cover_Type").unwrap().class_labels().unwrap().names, ["1", "2", "4", "7"]);
    let rare = load_table(find("forest_cover"), "covtype.data", text);
    assert_eq!(rare.table().columns().len(), 11);
    let Values::Number(truth) = rare.table().column("anomaly").unwrap().values() else { panic!() };
    assert_eq!((truth.iter().sum::<f64>(), truth[97], truth[96]), (3.0, 1.0, 0.0));
}

#[test]
fn kdd_cup_gives_its_subsets() {
    let row = |service: &str, label: &str, bytes: usize| {
        format!(
            "0,tcp,{service},SF,{bytes},5450,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,8,8,0.00,0.00,0.00,0.00,1.00,0.00,0.00,9,9,\
             1.00,0.00,0.11,0.00,0.00,0.00,0.00,0.00,{label}.\n"
        )
    };
    let text: String = (0..100)
        .map(|n| row(if n % 2 == 0 { "http" } else { "smtp" }, if n % 5 == 4 { "smurf" } else { "normal" }, n))
        .collect::<Vec<_>>()
        .concat();
    let whole = load_table(find("kddcup99"), "kddcup.data", text.clone());
    assert_eq!((whole.table().n_rows(), whole.table().columns().len()), (100, 42));
    assert_eq!(whole.table().column("label").unwrap().text(4).as_deref(), Some("smurf"));
    let http = load_table(find("kddcup99_http"), "kddcup.data", text.clone());
    assert_eq!((http.table().n_rows(), http.table().columns().len(), http.file_row(3)), (50, 4, 6));
    let few = load_table(find("kddcup99_sa"), "kddcup.data", text);
    let label = few.table().column("label").unwrap();
    let attacks = (0..few.table().n_rows()).filter(|&row| label.text(row).as_deref() == Some("smurf")).count();
    assert_eq!((few.table().n_rows(), attacks), (83, 3));
    assert_eq!(few.table().columns()[4].text(5).as_deref(), Some(few.file_row(5).to_string().as_str()));
}

#[test]
fn bluebirds_reads_the_mappings_of_its_authors() {
    let set = find("bluebirds");
    let yaml = b"39: {11573: true, 11574: false,\n  11575: true}\n97: {11573: false, 11575: false}\n".to_vec();
    let Data::Annotations(read) = set.load("labels.yaml", yaml).unwrap() else { panic!() };
    assert_eq!(read.annotations.labels, [1, 0, 0, MISSING, 1, 0]);
    assert_eq!(read.annotations.annotators, ["39", "97"]);
    let truth = load_table(set, "gt.yaml", *b"{11573: true, 11574: false,\n  11575: true}\n");
    assert_eq!(truth.table().column("truth").unwrap().class_labels().unwrap().codes, [1, 0, 1]);
    let error = set.load("labels.yaml", b"39: {11573: maybe}\n".to_vec()).unwrap_err();
    assert!(error.to_string().contains("\"11573: maybe\" is no item with true or false"), "{error}");
}

#[test]
fn samples_hold_what_is_known_of_them() {
    let Data::Corpus(ewt) = find("ud_ewt").load("e", sample("ewt_1300.conllu.gz")).unwrap() else { panic!() };
    assert_eq!(ewt.corpus.tags.len(), 17);
    let Data::Annotations(birds) = find("bluebirds").load("b", sample("bluebirds_labels.csv.gz")).unwrap() else {
        panic!()
    };
    assert_eq!((birds.annotations.examples.len(), birds.annotations.annotators.len()), (108, 39));
    for (name, wrong) in [("mnist", 15), ("cifar10", 54)] {
        let set = find(&format!("label_errors_{name}"));
        let votes = load_table(set, "v", sample(set.samples[2].file));
        let Values::Number(given) = votes.table().column("votes_given").unwrap().values() else { panic!() };
        assert_eq!(given.iter().filter(|&&votes| votes < 3.0).count(), wrong, "{name}");
        let Data::Array(probabilities) = set.load("p", sample(set.samples[1].file)).unwrap() else { panic!() };
        assert_eq!(probabilities.shape, [10_000, 10]);
    }
}

#[test]
fn votes_are_read_from_the_list_of_their_authors() {
    let set = find("label_errors_mnist");
    let json = r#"[{"id": 247, "url": "x", "given_original_label": 4, "given_original_label_name": "4", "our_guessed_label": 6,
        "our_guessed_label_name": "6", "mturk": {"given": 2, "guessed": 3, "neither": 0}},
        {"id": 3, "given_original_label": 1, "our_guessed_label": 1, "mturk": {"given": 1, "guessed": 1, "neither": 0, "both": 3}}]"#;
    let votes = load_table(set, "mnist_mturk.json", json);
    let row: Vec<_> = votes.table().columns().iter().map(|column| column.text(1).unwrap().into_owned()).collect();
    assert_eq!(row, ["3", "1", "1", "1", "1", "0", "3"]);
    let error = set.load("v.json", b"[{}]".to_vec()).unwrap_err().to_string();
    assert!(error.contains("missing field `id`"), "{error}");
}

#[test]
fn the_file_of_the_data_set_is_found_in_an_archive() {
    let mut builder = tar::Builder::new(Vec::new());
    let housing =
        b"-122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000\n";
    for (name, bytes) in
        [("CaliforniaHousing/cal_housing.domain", &b"longitude"[..]), ("CaliforniaHousing/cal_housing.data", housing)]
    {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, bytes).unwrap();
    }
    let archive = builder.into_inner().unwrap();
    let loaded = load_table(find("california_housing"), "cal_housing.tar", archive.clone());
    assert_eq!(loaded.table().column("MedHouseVal").unwrap().text(0).as_deref(), Some("4.526"));
    let error = find("bike_sharing").load("x.tar", archive).unwrap_err().to_string();
    assert_eq!(error, "x.tar: this is not a file of the data set bike_sharing: the archive holds none of hour.csv");
}
