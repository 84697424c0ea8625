//! What looks odd in a column: placeholders, lone giants, one word spelled in several ways, values that never vary.

use std::collections::BTreeMap;

use forge_data::{Column, Values};

use super::present;

/// Numbers that often stand for "not known".
const PLACEHOLDERS: [f64; 7] = [-1.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0];
/// Words that often do, in lower case.
const WORDS: [&str; 12] = ["n/a", "na", "none", "null", "nan", "unknown", "missing", "-", "?", "tbd", "xxx", "test"];
/// Beyond the quartiles by this many times their distance a number is far from the others.
const FAR: f64 = 10.0;
/// Groups of spellings listed.
const MOST_SPELLINGS: usize = 3;

/// What looks odd, in sentences.
pub(super) fn of(column: &Column) -> Vec<String> {
    let mut odd = Vec::new();
    if column.len() > column.n_missing() && column.n_missing() * 2 > column.len() {
        odd.push(format!(
            "{:.0} % of the values are missing.",
            100.0 * column.n_missing() as f64 / column.len() as f64
        ));
    }
    match column.values() {
        Values::Number(_) => odd.extend(of_numbers(present(column).unwrap_or_default())),
        Values::Category { codes, levels } => {
            let mut counts = vec![0_usize; levels.len()];
            codes.iter().for_each(|&code| {
                if let Some(count) = counts.get_mut(code as usize) {
                    *count += 1;
                }
            });
            odd.extend(of_words(levels, &counts));
        }
        _ => {}
    }
    odd
}

fn of_numbers(mut values: Vec<f64>) -> Vec<String> {
    let mut odd = Vec::new();
    if values.len() < 4 {
        return odd;
    }
    values.sort_unstable_by(f64::total_cmp);
    let (first, last) = (values[0], values[values.len() - 1]);
    if first == last {
        return vec![format!("Every value is {first}.")];
    }
    let (low, high) = (values[values.len() / 4], values[values.len() * 3 / 4]);
    let reach = FAR * (high - low);
    for placeholder in PLACEHOLDERS {
        let count = values.iter().filter(|&&value| value == placeholder).count();
        // An end of the range that no other value comes near.
        let beside =
            values.iter().map(|value| (value - placeholder).abs()).filter(|&d| d > 0.0).fold(f64::MAX, f64::min);
        let at_an_end = placeholder == first || placeholder == last;
        if count > 0 && at_an_end && beside > (high - low).max(f64::MIN_POSITIVE) {
            odd.push(format!("{placeholder} occurs {count} times, apart from all other values: does it mean missing?"));
        }
    }
    if reach > 0.0 && odd.is_empty() {
        let far = values.iter().filter(|&&value| value < low - reach || value > high + reach).count();
        let extreme = if (last - high).abs() > (first - low).abs() { last } else { first };
        if far > 0 && far * 100 <= values.len() {
            odd.push(format!("{far} values lie far from the others, the farthest is {extreme}."));
        }
    }
    odd
}

fn of_words(levels: &[String], counts: &[usize]) -> Vec<String> {
    let mut odd = Vec::new();
    let mut spellings: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (level, &count) in levels.iter().zip(counts) {
        let plain = level.trim().to_lowercase();
        if WORDS.contains(&plain.as_str()) && count > 0 {
            odd.push(format!("\"{level}\" occurs {count} times: does it mean missing?"));
        }
        let letters: String = plain.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if !letters.is_empty() && letters.chars().any(char::is_alphabetic) {
            spellings.entry(letters).or_default().push(level);
        }
    }
    let several = spellings.values().filter(|spellings| spellings.len() > 1).take(MOST_SPELLINGS);
    odd.extend(several.map(|spellings| {
        let quoted: Vec<String> = spellings.iter().map(|spelling| format!("\"{spelling}\"")).collect();
        format!("{} may be one value.", quoted.join(" and "))
    }));
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(words: &[&str]) -> Vec<String> {
        let mut levels: Vec<String> = words.iter().map(ToString::to_string).collect();
        levels.sort();
        let codes = (0..levels.len() as u32).collect();
        of(&Column::new("c", Values::Category { codes, levels }))
    }

    #[test]
    fn a_placeholder_stands_apart_and_an_ordinary_number_does_not() {
        let numbers =
            |extra: f64| of(&Column::new("n", Values::Number((20..60).map(f64::from).chain([extra, extra]).collect())));
        assert_eq!(numbers(-999.0), ["-999 occurs 2 times, apart from all other values: does it mean missing?"]);
        assert_eq!(numbers(61.0), [""; 0]);
        let many: Vec<f64> = (0..400).map(|i| f64::from(i % 40)).chain([5e6]).collect();
        let said = of(&Column::new("n", Values::Number(many)));
        assert_eq!(said, ["1 values lie far from the others, the farthest is 5000000."]);
    }

    #[test]
    fn one_word_in_two_spellings_and_words_for_missing_are_named() {
        let said = category(&["New York", "new-york", "Ulm", "N/A"]);
        assert_eq!(said[0], "\"N/A\" occurs 1 times: does it mean missing?");
        assert_eq!(said[1], "\"New York\" and \"new-york\" may be one value.");
        assert_eq!(category(&["1.5 x", "a", "b"]), [""; 0]);
    }
}
