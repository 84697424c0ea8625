//! Columns and rows that a data set is used with and its files do not hold.

use crate::{Column, DataError, MISSING, Table, Values};

/// The eight features and the target of scikit-learn's `fetch_california_housing`, from totals per block group.
///
/// `AveRooms`, `AveBedrms` and `AveOccup` are rooms, bedrooms and people per household; `MedHouseVal` is in units of
/// 100,000 dollars. An average over no household, or of a missing total, is missing.
///
/// # Errors
/// [`DataError::UnknownColumn`] where a total is absent, [`DataError::InvalidValue`] where it holds no numbers.
pub fn california_averages(table: &Table) -> Result<Table, DataError> {
    let households = numbers(table, "households")?;
    let each = |name: &str, per: &str| -> Result<Column, DataError> {
        let average = |(&total, &count): (&f64, &f64)| if count == 0.0 { f64::NAN } else { total / count };
        let values = numbers(table, name)?.iter().zip(households).map(average).collect();
        Ok(Column::new(per, Values::Number(values)))
    };
    let same = |name: &str, new: &str| -> Result<Column, DataError> {
        Ok(Column::new(new, Values::Number(numbers(table, name)?.to_vec())))
    };
    let value = numbers(table, "median_house_value")?.iter().map(|value| value / 100_000.0).collect();
    Table::new(vec![
        same("median_income", "MedInc")?,
        same("housing_median_age", "HouseAge")?,
        each("total_rooms", "AveRooms")?,
        each("total_bedrooms", "AveBedrms")?,
        same("population", "Population")?,
        each("population", "AveOccup")?,
        same("latitude", "Latitude")?,
        same("longitude", "Longitude")?,
        Column::new("MedHouseVal", Values::Number(value)),
    ])
}

fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Column, DataError> {
    table.column(name).ok_or_else(|| {
        let known: Vec<&str> = table.columns().iter().map(Column::name).collect();
        DataError::UnknownColumn { column: name.to_owned(), known: known.join(", ") }
    })
}

fn numbers<'a>(table: &'a Table, name: &str) -> Result<&'a [f64], DataError> {
    let column = column(table, name)?;
    match column.values() {
        Values::Number(values) => Ok(values),
        _ => Err(DataError::InvalidValue {
            column: name.to_owned(),
            row: 0,
            value: column.text(0).unwrap_or_default().into_owned(),
            rule: "the column must hold numbers",
        }),
    }
}

/// Measures of Covertype: its features that are no indicators.
const COVERTYPE_MEASURES: usize = 10;
/// Share of the rows below which a class of Covertype counts as an anomaly.
const RARE: f64 = 0.05;

/// Covertype for anomaly detection: the ten measures, and `anomaly`, which is 1 for rows of a class with less than 5 % of
/// all rows and 0 otherwise.
///
/// # Errors
/// [`DataError::UnknownColumn`] without `Cover_Type`, [`DataError::NotClasses`] where it holds no classes.
pub fn forest_cover(table: &Table) -> Result<Table, DataError> {
    let labels = column(table, "Cover_Type")?.class_labels()?;
    let mut counts = vec![0usize; labels.names.len()];
    for &code in labels.codes.iter().filter(|&&code| code != MISSING) {
        counts[code as usize] += 1;
    }
    let rare: Vec<bool> = counts.iter().map(|&count| (count as f64) < RARE * table.n_rows() as f64).collect();
    let truth = |&code: &u32| rare.get(code as usize).map_or(f64::NAN, |&rare| f64::from(u8::from(rare)));
    let mut columns: Vec<Column> = table.columns().iter().take(COVERTYPE_MEASURES).cloned().collect();
    columns.push(Column::new("anomaly", Values::Number(labels.codes.iter().map(truth).collect())));
    Table::new(columns)
}

/// KDD Cup 1999 restricted to the service `http`, with the columns `duration`, `src_bytes`, `dst_bytes` and `label`: the
/// subset `http` of scikit-learn's `fetch_kddcup99`, without its logarithms. The rows are those of `table`, in order.
///
/// # Errors
/// [`DataError::UnknownColumn`] where one of these is absent.
pub fn kdd_http(table: &Table) -> Result<(Table, Vec<u32>), DataError> {
    let service = column(table, "service")?;
    let rows: Vec<u32> =
        (0..table.n_rows() as u32).filter(|&row| service.text(row as usize).as_deref() == Some("http")).collect();
    let columns = ["duration", "src_bytes", "dst_bytes", "label"].iter().map(|name| column(table, name));
    let columns = columns.map(|column| Ok(picked(column?, &rows))).collect::<Result<Vec<Column>, DataError>>()?;
    Ok((Table::new(columns)?, rows))
}

/// Attacks per normal row in the subset `SA`: 3,377 beside 97,278.
const SA_SHARE: f64 = 3_377.0 / 97_278.0;

/// KDD Cup 1999 with all normal rows and few of the attacks: the subset `SA` of scikit-learn's `fetch_kddcup99`, which
/// draws the attacks at random; here they are taken at equal distances. The rows are those of `table`, in order.
///
/// # Errors
/// [`DataError::UnknownColumn`] without `label`.
pub fn kdd_sa(table: &Table) -> Result<(Table, Vec<u32>), DataError> {
    let label = column(table, "label")?;
    let (normal, attacks): (Vec<u32>, Vec<u32>) =
        (0..table.n_rows() as u32).partition(|&row| label.text(row as usize).as_deref() == Some("normal"));
    let wanted = ((normal.len() as f64 * SA_SHARE).round() as usize).min(attacks.len());
    let mut rows = normal;
    rows.extend((0..wanted).map(|nth| attacks[nth * attacks.len() / wanted]));
    rows.sort_unstable();
    Ok((Table::new(table.columns().iter().map(|column| picked(column, &rows)).collect())?, rows))
}

/// Some rows of a column.
fn picked(column: &Column, rows: &[u32]) -> Column {
    let values = match column.values() {
        Values::Number(values) => Values::Number(rows.iter().map(|&row| values[row as usize]).collect()),
        Values::Date(values) => Values::Date(rows.iter().map(|&row| values[row as usize]).collect()),
        Values::Boolean(values) => Values::Boolean(rows.iter().map(|&row| values[row as usize]).collect()),
        Values::Text(values) => Values::Text(rows.iter().map(|&row| values[row as usize].clone()).collect()),
        Values::Category { codes, levels } => {
            Values::Category { codes: rows.iter().map(|&row| codes[row as usize]).collect(), levels: levels.clone() }
        }
    };
    let [no, yes] = column.words();
    Column::new(column.name(), values).with_words(no, yes)
}
