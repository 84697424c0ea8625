//! Data sets that are handed around without column names: how to recognise them and what their columns are called.

/// A known file layout without header.
pub(crate) struct Layout {
    /// Name of the data set.
    pub(crate) name: &'static str,
    /// Its columns; the last holds the label.
    pub(crate) columns: &'static [&'static str],
    /// The labels, without suffix, by which the first row is recognised.
    labels: &'static [&'static str],
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
    labels: &["<=50K", ">50K"],
    label_suffix: Some("."),
};

static LAYOUTS: [Layout; 1] = [ADULT];

impl Layout {
    /// The layout that a file whose first row is `cells` has.
    pub(crate) fn recognise(cells: &[String]) -> Option<&'static Layout> {
        LAYOUTS.iter().find(|layout| {
            cells.len() == layout.columns.len()
                && cells.last().is_some_and(|label| layout.labels.contains(&layout.bare_label(label)))
        })
    }

    /// A label without the suffix.
    fn bare_label<'a>(&self, label: &'a str) -> &'a str {
        self.label_suffix.and_then(|suffix| label.strip_suffix(suffix)).unwrap_or(label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adult_is_recognised_by_width_and_label_with_and_without_suffix() {
        let row = |label: &str| {
            let mut cells = vec!["0".to_owned(); 14];
            cells.push(label.to_owned());
            cells
        };
        assert!(Layout::recognise(&row("<=50K")).is_some());
        assert!(Layout::recognise(&row(">50K.")).is_some());
        assert!(Layout::recognise(&row("50K")).is_none());
        assert!(Layout::recognise(&row("<=50K")[1..]).is_none());
    }
}
