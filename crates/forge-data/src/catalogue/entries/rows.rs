//! Tables with a class or a number per row.

use super::{CC_BY, known, unknown};
use crate::Role;
use crate::catalogue::load::Loader;
use crate::catalogue::{Address, DataFile, DataSet, DataTask, HashOf, Licence, Sample};

pub(super) const ADULT: DataSet = DataSet {
    name: "adult_income",
    title: "Adult income",
    description: "People in the US census of 1994: does a person earn more than 50,000 dollars a year? Six numbers and \
                  eight categories with missing values.",
    tasks: &[DataTask::Multiclass],
    targets: &["income"],
    normal: None,
    classes: &[],
    licence: CC_BY,
    attribution: "Barry Becker, Ronny Kohavi: Adult. UCI Machine Learning Repository, 1996. \
                  https://doi.org/10.24432/C5XW20",
    files: &[
        DataFile {
            name: "adult.data",
            part: "train",
            rows: 32_561,
            browser: Some(known(
                "https://raw.githubusercontent.com/matejklemen/deep-rf/46c5dcf76b31bd5a49f94b3ff283198c59e44ed7/data/adult.data",
                3_974_305,
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
            )),
            canonical: Some(known(
                "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/adult.data",
                3_974_305,
                "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d",
            )),
        },
        DataFile {
            name: "adult.test",
            part: "test",
            rows: 16_281,
            browser: None,
            canonical: Some(known(
                "https://archive.ics.uci.edu/ml/machine-learning-databases/adult/adult.test",
                2_003_153,
                "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05",
            )),
        },
    ],
    samples: &[Sample { file: "adult_12000.csv.gz", part: "whole", rows: 12_000 }],
    roles: &[("row", Role::Id, "The number of the row in the original files.")],
    loader: Loader::Table,
};

const BIKE_LEAK: &str = "Together with its counterpart it adds up to the target.";

pub(super) const BIKE: DataSet = DataSet {
    name: "bike_sharing",
    title: "Bike sharing by the hour",
    description: "Bicycles hired in Washington in each hour of 2011 and 2012, with date, holiday and weather. The target is \
                  their number.",
    tasks: &[DataTask::Regression],
    targets: &["cnt"],
    normal: None,
    classes: &[],
    licence: CC_BY,
    attribution: "Hadi Fanaee-T, João Gama: Bike Sharing. UCI Machine Learning Repository, 2013. \
                  https://doi.org/10.24432/C5W894",
    files: &[DataFile {
        name: "hour.csv",
        part: "whole",
        rows: 17_379,
        browser: Some(known(
            "https://raw.githubusercontent.com/Rbbradle/DC-Bike-Share-Data/89bc01b2d362d8fa8557089400ad64db08956088/Bike-Sharing-Dataset/hour.csv",
            1_139_356,
            "681bc2e64d2fbc7b00dbdb2e3470a511a7c9e944318b8298894a49b5b13ef875",
        )),
        canonical: Some(unknown("https://archive.ics.uci.edu/static/public/275/bike+sharing+dataset.zip")),
    }],
    samples: &[Sample { file: "bike_hour_17379.csv.gz", part: "whole", rows: 17_379 }],
    roles: &[
        ("instant", Role::Id, "It counts the rows."),
        ("dteday", Role::Ignored, "The date; year, month, hour and weekday are columns of their own."),
        ("casual", Role::Ignored, BIKE_LEAK),
        ("registered", Role::Ignored, BIKE_LEAK),
    ],
    loader: Loader::Table,
};

pub(super) const CALIFORNIA: DataSet = DataSet {
    name: "california_housing",
    title: "California housing",
    description: "Block groups of the US census of 1990 in California: income, age and size of houses, place. The target is \
                  the median value of a house in 100,000 dollars. Averages per household are derived as scikit-learn does.",
    tasks: &[DataTask::Outlier, DataTask::Regression, DataTask::Anomaly],
    targets: &["MedHouseVal"],
    normal: None,
    classes: &[],
    licence: Licence { name: "public domain (US census)", address: None },
    attribution: "R. Kelley Pace, Ronald Barry: Sparse Spatial Autoregressions. Statistics and Probability Letters 33, 1997; \
                  data of the US census of 1990, file by Aurélien Géron.",
    files: &[DataFile {
        name: "housing.csv",
        part: "whole",
        rows: 20_640,
        browser: Some(known(
            "https://raw.githubusercontent.com/ageron/handson-ml2/1e2115277b50f6c584cd668fa30e3af309a5b136/datasets/housing/housing.csv",
            1_423_529,
            "8a3727f4cf54ac1a327f69b1d5b4db54c5834ea81c6e4efc0d163300022a685e",
        )),
        canonical: Some(Address {
            url: "https://ndownloader.figshare.com/files/5976036",
            bytes: None,
            sha256: Some("aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681"),
            hash_of: HashOf::File,
        }),
    }],
    samples: &[Sample { file: "california_12000.csv.gz", part: "whole", rows: 12_000 }],
    roles: &[],
    loader: Loader::California,
};

/// The kinds of forest, by their numbers.
const FORESTS: &[(&str, &str)] = &[
    ("1", "Spruce/Fir"),
    ("2", "Lodgepole Pine"),
    ("3", "Ponderosa Pine"),
    ("4", "Cottonwood/Willow"),
    ("5", "Aspen"),
    ("6", "Douglas-fir"),
    ("7", "Krummholz"),
];

pub(super) const COVERTYPE_NOTICE: &str = "Jock A. Blackard, Colorado State University: Covertype. UCI Machine Learning Repository, 1998. \
     https://doi.org/10.24432/C50K5N. Copyright Jock A. Blackard and Colorado State University.";

pub(super) const COVERTYPE_FILE: DataFile = DataFile {
    name: "covtype.data.gz",
    part: "whole",
    rows: 581_012,
    browser: COVERTYPE_ADDRESS,
    canonical: Some(Address {
        url: "https://archive.ics.uci.edu/ml/machine-learning-databases/covtype/covtype.data.gz",
        bytes: None,
        sha256: Some(COVERTYPE_SHA),
        hash_of: HashOf::File,
    }),
};
const COVERTYPE_SHA: &str = "614360d0257557dd1792834a85a1cdebfadc3c4f30b011d56afee7ffb5b15771";
const COVERTYPE_ADDRESS: Option<Address> = Some(Address {
    url: "https://ndownloader.figshare.com/files/5976039",
    bytes: None,
    sha256: Some(COVERTYPE_SHA),
    hash_of: HashOf::File,
});

pub(super) const COVERTYPE: DataSet = DataSet {
    name: "covertype",
    title: "Covertype",
    description: "Patches of forest in Colorado, 30 metres square: height, slope, shade, distances, soil. The target is one of \
                  seven kinds of forest.",
    tasks: &[DataTask::Multiclass],
    targets: &["Cover_Type"],
    normal: None,
    classes: FORESTS,
    licence: CC_BY,
    attribution: COVERTYPE_NOTICE,
    files: &[COVERTYPE_FILE],
    samples: &[Sample { file: "covtype_8000.csv.gz", part: "whole", rows: 8_000 }],
    roles: &[],
    loader: Loader::Table,
};
