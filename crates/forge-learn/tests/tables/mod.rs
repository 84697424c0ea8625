//! The real tables that models are compared with scikit-learn on, encoded as `tests/reference/learn/forests.py` does.

use std::collections::BTreeMap;
use std::io::Read;

use forge_learn::Matrix;
use ndarray::Array2;

/// An encoded table; classes are numbered in the order of the alphabet.
pub(crate) struct Set {
    pub(crate) features: Matrix,
    pub(crate) target: Vec<f64>,
    /// 0 where the target is a number.
    pub(crate) n_classes: usize,
}

fn unzipped(file: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

fn codes(words: &[&str]) -> (Vec<u32>, usize) {
    let mut numbers: BTreeMap<&str, u32> = words.iter().map(|&word| (word, 0)).collect();
    numbers.values_mut().zip(0..).for_each(|(number, i)| *number = i);
    (words.iter().map(|word| numbers[word]).collect(), numbers.len())
}

/// Reads a table by the name that the generators use; `prepare` gets its numbers, rows × columns.
pub(crate) fn set(name: &str, prepare: impl Fn(Array2<f64>) -> Array2<f64>) -> Set {
    let text = match name {
        "bike" => unzipped(include_bytes!("../data/sets/bike.csv.gz")),
        "california" => unzipped(include_bytes!("../data/sets/california.csv.gz")),
        "covertype" => unzipped(include_bytes!("../data/sets/covertype.csv.gz")),
        "kdd" => unzipped(include_bytes!("../data/sets/kdd.csv.gz")),
        "adult" => unzipped(include_bytes!("../../../../data/adult_12000.csv.gz")),
        _ => unzipped(include_bytes!("../../../../tests/data/adult.data.gz")),
    };
    let cells: Vec<Vec<&str>> = text
        .lines()
        .skip(usize::from(name != "adult whole"))
        .filter(|line| !line.is_empty())
        .map(|line| line.split(',').map(str::trim).skip(usize::from(name == "adult")).collect())
        .collect();
    let n = cells.len();
    let column = |j: usize| -> Vec<&str> { cells.iter().map(|row| row[j]).collect() };
    let numbers = |words: &[&str]| words.iter().map(|word| word.parse::<f64>()).collect::<Result<Vec<_>, _>>();
    let (mut dense, mut slots, mut n_features) = (Vec::new(), Vec::new(), 0);
    let last = cells[0].len() - 1;
    for j in 0..last {
        match numbers(&column(j)) {
            Ok(values) => dense.extend(values),
            Err(_) => slots.push(codes(&column(j))),
        }
    }
    n_features += dense.len() / n;
    let n_dense = n_features;
    let mut one_hot = Vec::new();
    for (codes, levels) in slots {
        one_hot.extend(codes.iter().map(|code| code + n_features as u32));
        n_features += levels;
    }
    let dense = Array2::from_shape_vec((n_dense, n), dense).unwrap().reversed_axes();
    let one_hot = Array2::from_shape_vec((one_hot.len() / n, n), one_hot).unwrap().reversed_axes();
    let features = Matrix::new(&prepare(dense), &one_hot, n_features).unwrap();
    let (target, n_classes) = numbers(&column(last)).map_or_else(
        |_| {
            let (codes, n_classes) = codes(&column(last));
            (codes.into_iter().map(f64::from).collect(), n_classes)
        },
        |values| (values, 0),
    );
    Set { features, target, n_classes }
}
