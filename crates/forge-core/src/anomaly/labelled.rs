//! A table of the user's, with or without a column that tells which rows are anomalies, such as Forest Cover, whose rare
//! classes are, and KDD Cup 99, whose attacks are.

use std::borrow::Cow;
use std::collections::BTreeMap;

use forge_data::{ClassLabels, MISSING, Role, Table};

use super::provider::{Provided, Provider, feature_columns, named_column};
use crate::CoreError;
use crate::call::nearest;

/// Classes with a smaller share of the rows are rare.
const RARE: f64 = 0.05;
/// The class of KDD Cup 99 that is no attack, as the original and as cleaned copies spell it.
const NO_ATTACK: [&str; 2] = ["normal.", "normal"];

/// Which classes of the target are anomalies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnomalousClasses {
    /// Those with under 5 % of the rows; the rarest where none is as rare.
    Rare,
    /// Those named.
    Only(Vec<String>),
    /// All but those named.
    AllBut(Vec<String>),
}

/// The rows of a table.
#[derive(Clone, Debug)]
pub struct TableRows<'a> {
    name: &'static str,
    table: &'a Table,
    target: Option<(String, AnomalousClasses)>,
    roles: BTreeMap<String, Role>,
}

impl<'a> TableRows<'a> {
    /// Any table, of which nothing is known beforehand.
    pub fn new(table: &'a Table) -> Self {
        Self { name: "table", table, target: None, roles: BTreeMap::new() }
    }

    /// The table of Forest Cover, whose classes under 5 % are the anomalies.
    pub fn forest_cover(table: &'a Table, target: &str) -> Self {
        Self { name: "forest_cover", ..Self::new(table) }.with_truth(target, AnomalousClasses::Rare)
    }

    /// The table of KDD Cup 99, whose attacks are the anomalies.
    pub fn kdd_cup_99(table: &'a Table, target: &str) -> Self {
        let normal =
            table.column(target).and_then(|column| column.class_labels().ok()).map_or_else(Vec::new, |labels| {
                labels.names.into_iter().filter(|name| NO_ATTACK.contains(&name.as_str())).collect()
            });
        // Without either spelling the error names both.
        let normal = if normal.is_empty() { NO_ATTACK.map(str::to_owned).to_vec() } else { normal };
        Self { name: "kdd_cup_99", ..Self::new(table) }.with_truth(target, AnomalousClasses::AllBut(normal))
    }

    /// Says which rows are anomalies: those whose value in column `target` is one of these classes. Rows without a value
    /// there are left out.
    #[must_use]
    pub fn with_truth(mut self, target: &str, classes: AnomalousClasses) -> Self {
        self.target = Some((target.to_owned(), classes));
        self
    }

    /// Says what columns are for, by name, where that is not as it seems.
    #[must_use]
    pub fn with_roles(mut self, roles: BTreeMap<String, Role>) -> Self {
        self.roles = roles;
        self
    }
}

impl Provider for TableRows<'_> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn provide(&self, _seed: u64) -> Result<Provided<'_>, CoreError> {
        let target = match &self.target {
            Some((name, classes)) => Some((named_column(self.table, "target", name)?, classes)),
            None => None,
        };
        let (columns, mut warnings) = feature_columns(self.table, target.map(|(column, _)| column), &self.roles)?;
        let mut rows: Vec<u32> = (0..self.table.n_rows() as u32).collect();
        let mut truth = None;
        if let Some((column, classes)) = target {
            let column = &self.table.columns()[column];
            let labels = column.class_labels()?;
            let anomalous = anomalous(&labels, classes)?;
            let code = |row: u32| labels.codes.get(row as usize).copied().unwrap_or(MISSING);
            rows.retain(|&row| code(row) != MISSING);
            if rows.len() < self.table.n_rows() {
                let missing = self.table.n_rows() - rows.len();
                warnings.push(format!("{missing} rows have no value in \"{}\" and are left out.", column.name()));
            }
            let is = |&row: &u32| anomalous.get(code(row) as usize).copied().unwrap_or_default();
            truth = Some(rows.iter().map(is).collect());
        }
        Ok(Provided { table: Cow::Borrowed(self.table), rows, columns, truth, share: None, warnings })
    }
}

/// Whether each class is anomalous.
fn anomalous(labels: &ClassLabels, classes: &AnomalousClasses) -> Result<Vec<bool>, CoreError> {
    match classes {
        AnomalousClasses::Rare => Ok(rare(labels)),
        AnomalousClasses::Only(names) => {
            check_names(labels, "anomalous", names)?;
            Ok(labels.names.iter().map(|name| names.contains(name)).collect())
        }
        AnomalousClasses::AllBut(names) => {
            check_names(labels, "normal", names)?;
            Ok(labels.names.iter().map(|name| !names.contains(name)).collect())
        }
    }
}

fn check_names(labels: &ClassLabels, setting: &str, names: &[String]) -> Result<(), CoreError> {
    match names.iter().find(|name| !labels.names.contains(name)) {
        None => Ok(()),
        Some(name) => {
            let hint = nearest(name, labels.names.iter().map(String::as_str))
                .map_or_else(String::new, |best| format!("; perhaps \"{best}\""));
            Err(CoreError::setting(setting, format!("\"{name}\""), format!("a value of the target{hint}")))
        }
    }
}

fn rare(labels: &ClassLabels) -> Vec<bool> {
    let mut counts = vec![0_usize; labels.names.len()];
    for &code in &labels.codes {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    let limit = RARE * counts.iter().sum::<usize>() as f64;
    let mut rare: Vec<bool> = counts.iter().map(|&count| (count as f64) < limit).collect();
    let rarest = (0..counts.len()).min_by_key(|&class| counts[class]);
    if let Some(rarest) = rarest.filter(|_| counts.len() > 1 && !rare.contains(&true)) {
        rare[rarest] = true;
    }
    rare
}

#[cfg(test)]
mod tests {
    use forge_data::{Column, Values};

    use super::*;

    fn table(classes: &[(&str, usize)]) -> Table {
        let levels: Vec<String> = classes.iter().map(|class| class.0.to_owned()).collect();
        let mut codes: Vec<u32> = Vec::new();
        classes.iter().zip(0..).for_each(|(class, code)| codes.extend(vec![code; class.1]));
        codes.push(MISSING);
        let numbers = (0..codes.len()).map(|row| row as f64 * 0.5).collect();
        let columns =
            vec![Column::new("x", Values::Number(numbers)), Column::new("y", Values::Category { codes, levels })];
        Table::new(columns).unwrap()
    }

    fn n_anomalies(rows: &TableRows<'_>) -> (usize, usize) {
        let truth = rows.provide(0).unwrap().truth.unwrap();
        (truth.iter().filter(|&&anomaly| anomaly).count(), truth.len())
    }

    #[test]
    fn classes_under_five_percent_are_anomalies_and_rows_without_a_class_are_left_out() {
        let forest = table(&[("aspen", 4), ("birch", 5), ("pine", 91)]);
        assert_eq!(n_anomalies(&TableRows::forest_cover(&forest, "y")), (4, 100));
        let even = table(&[("no", 60), ("yes", 40)]);
        assert_eq!(n_anomalies(&TableRows::forest_cover(&even, "y")), (40, 100));
        assert!(
            TableRows::forest_cover(&even, "y").provide(0).unwrap().warnings[0].starts_with("1 rows have no value")
        );
    }

    #[test]
    fn attacks_are_anomalies_however_normal_rows_are_spelled() {
        for normal in ["normal", "normal."] {
            let kdd = table(&[(normal, 7), ("smurf.", 3)]);
            assert_eq!(n_anomalies(&TableRows::kdd_cup_99(&kdd, "y")), (3, 10));
        }
        let other = table(&[("back", 7), ("smurf.", 3)]);
        let said = TableRows::kdd_cup_99(&other, "y").provide(0).unwrap_err().to_string();
        assert!(said.starts_with("`normal` is \"normal.\""), "{said}");
    }

    #[test]
    fn a_name_that_is_no_column_or_class_is_refused() {
        let table = table(&[("no", 60), ("yes", 40)]);
        let rows = |target, class: &str| {
            TableRows::new(&table).with_truth(target, AnomalousClasses::Only(vec![class.to_owned()]))
        };
        assert_eq!(n_anomalies(&rows("y", "no")), (60, 100));
        let said = rows("y", "yess").provide(0).unwrap_err().to_string();
        assert_eq!(said, "`anomalous` is \"yess\", expected a value of the target; perhaps \"yes\"");
        assert!(rows("z", "yes").provide(0).unwrap_err().to_string().starts_with("`target` is \"z\""));
    }
}
