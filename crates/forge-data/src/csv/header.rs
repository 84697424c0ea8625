//! Decides whether the first row holds column names, and makes names distinct.

use std::collections::BTreeSet;

use super::infer::{is_missing, parse_number};
use crate::date::{SlashOrder, parse_date};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Missing,
    Number,
    Date,
    Text,
}

fn kind(cell: &str) -> Kind {
    if is_missing(cell.as_bytes()) {
        Kind::Missing
    } else if parse_number(cell.as_bytes()).is_some() {
        Kind::Number
    } else if parse_date(cell, SlashOrder::MonthFirst).is_some() {
        Kind::Date
    } else {
        Kind::Text
    }
}

/// Whether the first of `rows` looks like column names.
///
/// Each column votes. A text above numbers or dates speaks for a header, a number above numbers against it; a text that
/// occurs again below speaks against, one that never does above values that repeat speaks weakly for. On a tie, distinct
/// texts are taken for names.
pub(crate) fn looks_like_header(rows: &[Vec<String>]) -> bool {
    let Some((first, body)) = rows.split_first() else {
        return false;
    };
    let distinct: BTreeSet<&str> = first.iter().map(String::as_str).collect();
    let all_names = distinct.len() == first.len() && first.iter().all(|cell| kind(cell) == Kind::Text);
    if body.is_empty() {
        return all_names;
    }
    let mut votes = 0i32;
    for (column, name) in first.iter().enumerate() {
        let below: Vec<&str> = body.iter().filter_map(|row| row.get(column)).map(String::as_str).collect();
        let present: Vec<&str> = below.into_iter().filter(|cell| kind(cell) != Kind::Missing).collect();
        let count = |wanted: Kind| present.iter().filter(|cell| kind(cell) == wanted).count();
        let mostly = |wanted: Kind| !present.is_empty() && count(wanted) * 10 >= present.len() * 9;
        votes += match kind(name) {
            Kind::Text if mostly(Kind::Number) || mostly(Kind::Date) => 2,
            Kind::Number if mostly(Kind::Number) => -2,
            Kind::Date if mostly(Kind::Date) => -2,
            Kind::Text if present.contains(&name.as_str()) => -1,
            Kind::Text => {
                let levels: BTreeSet<&&str> = present.iter().collect();
                i32::from(levels.len() * 2 <= present.len())
            }
            _ => 0,
        };
    }
    votes > 0 || (votes == 0 && all_names)
}

/// Names without repetition or gaps: an empty name becomes `column_N`, a repeated one gets `_2`, `_3`, …
/// Each change is a warning.
pub(crate) fn distinct_names(given: Vec<String>, warnings: &mut Vec<String>) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let reserved: BTreeSet<String> = given.iter().cloned().collect();
    let mut names = Vec::with_capacity(given.len());
    for (index, name) in given.into_iter().enumerate() {
        let base = if name.is_empty() { format!("column_{}", index + 1) } else { name.clone() };
        let mut unique = base.clone();
        let mut copy = 2;
        while taken.contains(&unique) || (unique != name && reserved.contains(&unique)) {
            unique = format!("{base}_{copy}");
            copy += 1;
        }
        if name.is_empty() {
            warnings.push(format!("column {} has no name; it is called \"{unique}\"", index + 1));
        } else if unique != name {
            warnings.push(format!("column {} repeats the name \"{name}\"; it is called \"{unique}\"", index + 1));
        }
        taken.insert(unique.clone());
        names.push(unique);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.split('\n').map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn names_above_numbers_are_a_header() {
        assert!(looks_like_header(&rows("a,b\n1,x\n2,y")));
        assert!(looks_like_header(&rows("a,b\n2024-01-01,x\n2024-01-02,y")));
        assert!(looks_like_header(&rows(",a\n0,x\n1,x")));
    }

    #[test]
    fn numbers_above_numbers_are_data() {
        assert!(!looks_like_header(&rows("1,x\n2,x\n3,y")));
        assert!(!looks_like_header(&rows("1,2\n3,4")));
    }

    #[test]
    fn a_text_that_occurs_again_is_data() {
        assert!(!looks_like_header(&rows("red,yes\nblue,no\nred,no\nred,yes")));
        assert!(looks_like_header(&rows("colour,answer\nblue,no\nred,no\nred,yes")));
    }

    #[test]
    fn text_alone_gives_distinct_texts_the_benefit_of_the_doubt() {
        assert!(looks_like_header(&rows("id,text\na,hello there\nb,good night")));
        assert!(!looks_like_header(&rows("same,same\na,hello there\nb,good night")));
    }

    #[test]
    fn names_are_made_distinct_and_each_change_is_told() {
        let mut warnings = Vec::new();
        let given = ["a", "", "a", "a_2", "a"].map(str::to_owned).to_vec();
        assert_eq!(distinct_names(given, &mut warnings), ["a", "column_2", "a_3", "a_2", "a_4"]);
        assert_eq!(warnings.len(), 3);
        assert_eq!(warnings[1], "column 3 repeats the name \"a\"; it is called \"a_3\"");
    }
}
