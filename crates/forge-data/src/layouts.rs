//! Data sets that are handed around without column names: how to recognise them and what their columns are called.

/// A known file layout without header.
pub(crate) struct Layout {
    /// Name of the data set.
    pub(crate) name: &'static str,
    /// Its columns; the last holds the label.
    pub(crate) columns: &'static [&'static str],
    /// Whether the cells of a first row, as many as there are columns, are of this layout.
    fits: fn(&[String]) -> bool,
    /// What some of its files append to every label.
    pub(crate) label_suffix: Option<&'static str>,
}

/// UCI Adult (census income): <https://archive.ics.uci.edu/dataset/2/adult>. The labels of `adult.test` end in a full
/// stop, those of `adult.data` do not; without it both files have the same two classes.
const ADULT: Layout = Layout {
    name: "UCI Adult",
    columns: &[
        "age",
        "workclass",
        "fnlwgt",
        "education",
        "education_num",
        "marital_status",
        "occupation",
        "relationship",
        "race",
        "sex",
        "capital_gain",
        "capital_loss",
        "hours_per_week",
        "native_country",
        "income",
    ],
    fits: |cells| matches!(cells[14].strip_suffix('.').unwrap_or(&cells[14]), "<=50K" | ">50K"),
    label_suffix: Some("."),
};

/// UCI KDD Cup 1999: <https://archive.ics.uci.edu/dataset/130/kdd+cup+1999+data>. Every label ends in a full stop.
const KDD_CUP: Layout = Layout {
    name: "KDD Cup 1999",
    columns: &[
        "duration",
        "protocol_type",
        "service",
        "flag",
        "src_bytes",
        "dst_bytes",
        "land",
        "wrong_fragment",
        "urgent",
        "hot",
        "num_failed_logins",
        "logged_in",
        "num_compromised",
        "root_shell",
        "su_attempted",
        "num_root",
        "num_file_creations",
        "num_shells",
        "num_access_files",
        "num_outbound_cmds",
        "is_host_login",
        "is_guest_login",
        "count",
        "srv_count",
        "serror_rate",
        "srv_serror_rate",
        "rerror_rate",
        "srv_rerror_rate",
        "same_srv_rate",
        "diff_srv_rate",
        "srv_diff_host_rate",
        "dst_host_count",
        "dst_host_srv_count",
        "dst_host_same_srv_rate",
        "dst_host_diff_srv_rate",
        "dst_host_same_src_port_rate",
        "dst_host_srv_diff_host_rate",
        "dst_host_serror_rate",
        "dst_host_srv_serror_rate",
        "dst_host_rerror_rate",
        "dst_host_srv_rerror_rate",
        "label",
    ],
    fits: |cells| matches!(cells[1].as_str(), "tcp" | "udp" | "icmp") && cells[41].ends_with('.'),
    label_suffix: Some("."),
};

/// UCI Covertype: <https://archive.ics.uci.edu/dataset/31/covertype>. Ten measures, 4 + 40 indicators, classes 1 to 7.
const COVERTYPE: Layout = Layout {
    name: "UCI Covertype",
    columns: &[
        "Elevation",
        "Aspect",
        "Slope",
        "Horizontal_Distance_To_Hydrology",
        "Vertical_Distance_To_Hydrology",
        "Horizontal_Distance_To_Roadways",
        "Hillshade_9am",
        "Hillshade_Noon",
        "Hillshade_3pm",
        "Horizontal_Distance_To_Fire_Points",
        "Wilderness_Area1",
        "Wilderness_Area2",
        "Wilderness_Area3",
        "Wilderness_Area4",
        "Soil_Type1",
        "Soil_Type2",
        "Soil_Type3",
        "Soil_Type4",
        "Soil_Type5",
        "Soil_Type6",
        "Soil_Type7",
        "Soil_Type8",
        "Soil_Type9",
        "Soil_Type10",
        "Soil_Type11",
        "Soil_Type12",
        "Soil_Type13",
        "Soil_Type14",
        "Soil_Type15",
        "Soil_Type16",
        "Soil_Type17",
        "Soil_Type18",
        "Soil_Type19",
        "Soil_Type20",
        "Soil_Type21",
        "Soil_Type22",
        "Soil_Type23",
        "Soil_Type24",
        "Soil_Type25",
        "Soil_Type26",
        "Soil_Type27",
        "Soil_Type28",
        "Soil_Type29",
        "Soil_Type30",
        "Soil_Type31",
        "Soil_Type32",
        "Soil_Type33",
        "Soil_Type34",
        "Soil_Type35",
        "Soil_Type36",
        "Soil_Type37",
        "Soil_Type38",
        "Soil_Type39",
        "Soil_Type40",
        "Cover_Type",
    ],
    fits: |cells| {
        let ones = |range: std::ops::Range<usize>| {
            cells[range].iter().try_fold(0, |ones, cell| match cell.as_str() {
                "0" => Some(ones),
                "1" => Some(ones + 1),
                _ => None,
            })
        };
        matches!(cells[54].as_str(), "1" | "2" | "3" | "4" | "5" | "6" | "7")
            && ones(10..14) == Some(1)
            && ones(14..54) == Some(1)
    },
    label_suffix: None,
};

/// California housing as StatLib gives it, `cal_housing.data`: block groups of the census of 1990.
const CALIFORNIA: Layout = Layout {
    name: "StatLib California housing",
    columns: &[
        "longitude",
        "latitude",
        "housing_median_age",
        "total_rooms",
        "total_bedrooms",
        "population",
        "households",
        "median_income",
        "median_house_value",
    ],
    fits: |cells| {
        let within = |cell: usize, low: f64, high: f64| {
            cells[cell].parse().is_ok_and(|value: f64| value >= low && value <= high)
        };
        within(0, -125.0, -114.0)
            && within(1, 32.0, 42.5)
            && within(2, 0.0, 60.0)
            && within(7, 0.0, 20.0)
            && within(8, 10_000.0, 600_000.0)
    },
    label_suffix: None,
};

static LAYOUTS: [Layout; 4] = [ADULT, KDD_CUP, COVERTYPE, CALIFORNIA];

impl Layout {
    /// The layout that a file whose first row is `cells` has.
    pub(crate) fn recognise(cells: &[String]) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| cells.len() == layout.columns.len() && (layout.fits)(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(cells: &[String]) -> Option<&'static str> {
        Layout::recognise(cells).map(|layout| layout.name)
    }

    #[test]
    fn adult_is_recognised_by_width_and_label_with_and_without_suffix() {
        let row = |label: &str| {
            let mut cells = vec!["0".to_owned(); 14];
            cells.push(label.to_owned());
            cells
        };
        assert_eq!(name(&row("<=50K")), Some("UCI Adult"));
        assert_eq!(name(&row(">50K.")), Some("UCI Adult"));
        assert_eq!(name(&row("50K")), None);
        assert_eq!(name(&row("<=50K")[1..]), None);
    }

    #[test]
    fn covertype_needs_one_area_and_one_soil() {
        let mut cells = vec!["0".to_owned(); 55];
        "2596,51,3,258,0,510,221,232,148,6279"
            .split(',')
            .enumerate()
            .for_each(|(at, cell)| cells[at] = cell.to_owned());
        for at in [10, 42] {
            cells[at] = "1".to_owned();
        }
        cells[54] = "5".to_owned();
        assert_eq!(name(&cells), Some("UCI Covertype"));
        cells[11] = "1".to_owned();
        assert_eq!(name(&cells), None);
    }

    #[test]
    fn kdd_and_california_are_recognised_by_their_first_row() {
        let cells = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let kdd = "0,tcp,http,SF,181,5450,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,8,8,0.00,0.00,0.00,0.00,1.00,0.00,0.00,9,9,\
                   1.00,0.00,0.11,0.00,0.00,0.00,0.00,0.00,normal.";
        assert_eq!(name(&cells(kdd)), Some("KDD Cup 1999"));
        assert_eq!(name(&cells(&kdd.replace("normal.", "normal"))), None);
        let housing =
            "-122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000";
        assert_eq!(name(&cells(housing)), Some("StatLib California housing"));
        assert_eq!(name(&cells(&housing.replace("-122", "22"))), None);
    }
}
