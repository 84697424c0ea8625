//! Columns that are not all numbers: which type their values have, and the values in that type.
//!
//! Such a column is *boolean* when it holds exactly the two words of one of the pairs true/false, yes/no, t/f, y/n in any
//! case; a *date* when every value is a date whose day and month can be told apart; a *category* when its values repeat:
//! at most 50 distinct ones, and no more than 10 or half the values present, or at most 10,000 and no more than a
//! twentieth of the values present; and *text* otherwise.

use std::collections::HashMap;

use super::infer::{MAX_LEVELS, parse_number};
use crate::date::{SlashOrder, parse_date, slash_order};
use crate::{Column, MISSING, Values};

/// Says where a row stands in its file, as "line 7".
pub(crate) type Place<'a> = &'a dyn Fn(usize) -> String;

/// Values that became missing although the cell was not empty.
#[derive(Default)]
pub(crate) struct Lost {
    count: usize,
    first: Option<(usize, String)>,
}

impl Lost {
    pub(crate) fn add(&mut self, row: usize, cell: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| (row, shorten(cell)));
    }

    /// How many there are, the first, and where it stands.
    pub(crate) fn first(&self, at: Place<'_>) -> Option<(usize, &str, String)> {
        self.first.as_ref().map(|(row, cell)| (self.count, cell.as_str(), at(*row)))
    }

    pub(crate) fn warn(&self, warnings: &mut Vec<String>, at: Place<'_>, column: &str, what: &str) {
        if let Some((row, cell)) = &self.first {
            let (values, are) = if self.count == 1 { ("value", "is") } else { ("values", "are") };
            let place = at(*row);
            warnings.push(format!(
                "column \"{column}\": {} {values} {are} {what} and counted as missing, the first \"{cell}\" ({place})",
                self.count
            ));
        }
    }
}

/// A cell short enough for a message, its control characters made visible.
pub(crate) fn shorten(cell: &str) -> String {
    let shown = |character: char| -> String {
        if character.is_control() { character.escape_default().collect() } else { character.into() }
    };
    if cell.chars().count() <= 40 {
        return cell.chars().map(shown).collect();
    }
    cell.chars().take(39).map(shown).chain(["…".to_owned()]).collect()
}

/// The values of a column that is not all numbers.
pub(crate) enum Strings {
    Levels { codes: Vec<u32>, levels: Vec<String> },
    Texts(Vec<Option<Box<str>>>),
}

const WORDS: [(&str, &str); 4] = [("false", "true"), ("no", "yes"), ("f", "t"), ("n", "y")];

/// Which pair of words a value belongs to, and whether it is the affirmative one.
fn truth(value: &str) -> Option<(usize, bool)> {
    WORDS.iter().enumerate().find_map(|(pair, (no, yes))| {
        if value.eq_ignore_ascii_case(no) {
            Some((pair, false))
        } else {
            value.eq_ignore_ascii_case(yes).then_some((pair, true))
        }
    })
}

/// Whether a value is the affirmative or the negative one of these words, or of a pair of words known to everybody.
pub(crate) fn word_value(value: &str, words: [&str; 2]) -> Option<bool> {
    match value {
        _ if value == words[0] => Some(false),
        _ if value == words[1] => Some(true),
        "0" => Some(false),
        "1" => Some(true),
        _ => truth(value).map(|(_, truth)| truth),
    }
}

/// The words of a pair, the negative one first, where `levels` are exactly these two.
pub(crate) fn word_pair<'a>(levels: &[&'a str]) -> Option<[&'a str; 2]> {
    let &[first, second] = levels else { return None };
    match (truth(first)?, truth(second)?) {
        ((a, false), (b, true)) if a == b => Some([first, second]),
        ((a, true), (b, false)) if a == b => Some([second, first]),
        _ => None,
    }
}

impl Strings {
    /// Sorted levels from levels numbered in order of appearance.
    pub(crate) fn new(mut codes: Vec<u32>, levels: HashMap<Box<str>, u32>) -> Self {
        let mut sorted: Vec<(Box<str>, u32)> = levels.into_iter().collect();
        sorted.sort_unstable();
        let mut new_code = vec![MISSING; sorted.len()];
        for (new, (_, old)) in sorted.iter().enumerate() {
            new_code[*old as usize] = new as u32;
        }
        for code in &mut codes {
            *code = new_code.get(*code as usize).copied().unwrap_or(MISSING);
        }
        Self::Levels { codes, levels: sorted.into_iter().map(|(level, _)| level.into()).collect() }
    }

    /// Every distinct value, and possibly some of them again.
    pub(crate) fn distinct(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Levels { levels, .. } => Box::new(levels.iter().map(String::as_str)),
            Self::Texts(texts) => Box::new(texts.iter().flatten().map(|text| &**text)),
        }
    }

    /// `convert` of each row's value, which is called once per level.
    pub(crate) fn map<T: Clone>(&self, convert: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        match self {
            Self::Levels { codes, levels } => {
                let converted: Vec<Option<T>> = levels.iter().map(|level| convert(level)).collect();
                codes.iter().map(|&code| converted.get(code as usize).cloned().flatten()).collect()
            }
            Self::Texts(texts) => texts.iter().map(|text| text.as_deref().and_then(&convert)).collect(),
        }
    }

    fn value(&self, row: usize) -> Option<&str> {
        match self {
            Self::Levels { codes, levels } => levels.get(*codes.get(row)? as usize).map(String::as_str),
            Self::Texts(texts) => texts.get(row)?.as_deref(),
        }
    }

    /// Notes the rows that have a value here and none in `converted`.
    fn lost<T>(&self, converted: &[Option<T>], lost: &mut Lost) {
        for (row, converted) in converted.iter().enumerate() {
            if converted.is_none()
                && let Some(value) = self.value(row)
            {
                lost.add(row, value);
            }
        }
    }

    pub(crate) fn booleans(&self, name: &str, lost: &mut Lost) -> Column {
        let read = |value: &str| match value {
            "0" => Some(false),
            "1" => Some(true),
            _ => truth(value).map(|(_, truth)| truth),
        };
        let values = self.map(read);
        self.lost(&values, lost);
        let word = |wanted: bool| self.distinct().find(|value| read(value) == Some(wanted)).map(str::to_owned);
        let (no, yes) = (word(false), word(true));
        Column::new(name, Values::Boolean(values))
            .with_words(no.unwrap_or_else(|| "false".to_owned()), yes.unwrap_or_else(|| "true".to_owned()))
    }

    pub(crate) fn dates(&self, name: &str, order: SlashOrder, lost: &mut Lost) -> Column {
        let values = self.map(|value| parse_date(value, order));
        self.lost(&values, lost);
        Column::new(name, Values::Date(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
    }

    pub(crate) fn category(self, name: &str) -> Column {
        match self {
            Self::Levels { codes, levels } => Column::new(name, Values::Category { codes, levels }),
            Self::Texts(_) => self.texts(name),
        }
    }

    pub(crate) fn texts(self, name: &str) -> Column {
        match self {
            Self::Texts(texts) => Column::new(name, Values::Text(texts)),
            Self::Levels { .. } => Column::new(name, Values::Text(self.map(|level| Some(level.into())))),
        }
    }

    pub(crate) fn infer(self, name: &str, at: Place<'_>, warnings: &mut Vec<String>) -> Column {
        if self.has_two_words() {
            return self.booleans(name, &mut Lost::default());
        }
        let is_date = |order| self.distinct().all(|value| parse_date(value, order).is_some());
        match slash_order(self.distinct()) {
            Some(SlashOrder::Ambiguous) if is_date(SlashOrder::MonthFirst) => warnings.push(format!(
                "column \"{name}\" looks like dates, but nothing tells day from month; choose the type date to read \
                 month/day/year"
            )),
            Some(order) if is_date(order) => return self.dates(name, order, &mut Lost::default()),
            _ => {}
        }
        self.warn_of_numbers(name, at, warnings);
        if self.repeats() { self.category(name) } else { self.texts(name) }
    }

    fn has_two_words(&self) -> bool {
        let Self::Levels { levels, .. } = self else {
            return false;
        };
        let truths: Option<Vec<(usize, bool)>> = levels.iter().map(|level| truth(level)).collect();
        let Some(truths) = truths else { return false };
        let Some(&(pair, first)) = truths.first() else {
            return false;
        };
        truths.iter().all(|truth| truth.0 == pair) && truths.iter().any(|truth| truth.1 != first)
    }

    /// Whether the values are few enough, or repeat often enough, for a category.
    fn repeats(&self) -> bool {
        let Self::Levels { codes, levels } = self else {
            return false;
        };
        let present = codes.iter().filter(|&&code| code != MISSING).count();
        let n = levels.len();
        (n <= 50 && n < present.max(2) && n <= (present / 2).max(10)) || (n <= MAX_LEVELS && n * 20 <= present)
    }

    /// A column of numbers with a few other values is likely meant to be numbers.
    fn warn_of_numbers(&self, name: &str, at: Place<'_>, warnings: &mut Vec<String>) {
        let numbers = self.map(|value| parse_number(value.as_bytes()));
        let mut others = Lost::default();
        self.lost(&numbers, &mut others);
        let n_numbers = numbers.iter().flatten().count();
        if let Some((row, cell)) = others.first
            && n_numbers >= 9 * others.count
        {
            let values = if others.count == 1 { "value" } else { "values" };
            warnings.push(format!(
                "column \"{name}\" holds {n_numbers} numbers and {} other {values}, the first \"{cell}\" ({}); \
                 choose the type number to count those as missing",
                others.count,
                at(row)
            ));
        }
    }
}
