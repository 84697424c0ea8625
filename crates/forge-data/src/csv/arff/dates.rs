//! Dates by a declared pattern, in the letters of Java's `SimpleDateFormat`: y M d H m s S and quoted or other literals.

use std::str::FromStr;

use crate::date::{SlashOrder, parse_date};

/// One piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// A number of at least and at most so many digits, for the field at this place of [`FIELDS`].
    Field {
        field: usize,
        min: usize,
        max: usize,
    },
    Literal(char),
}

/// The letters of the fields and their values where a pattern lacks them: 1970-01-01T00:00:00.000.
const FIELDS: [(char, u32); 7] = [('y', 1970), ('M', 1), ('d', 1), ('H', 0), ('m', 0), ('s', 0), ('S', 0)];

/// How the dates of a column are written [`yyyy-MM-dd'T'HH:mm:ss`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DatePattern {
    text: String,
    parts: Vec<Part>,
}

impl Default for DatePattern {
    fn default() -> Self {
        let field = |field, digits| Part::Field { field, min: if field == 0 { digits } else { 1 }, max: digits };
        let literal = Part::Literal;
        let parts = vec![
            field(0, 4),
            literal('-'),
            field(1, 2),
            literal('-'),
            field(2, 2),
            literal('T'),
            field(3, 2),
            literal(':'),
            field(4, 2),
            literal(':'),
            field(5, 2),
        ];
        Self { text: "yyyy-MM-dd'T'HH:mm:ss".to_owned(), parts }
    }
}

impl FromStr for DatePattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |what: String| {
            let text = crate::csv::strings::shorten(text);
            format!("{what} in the date pattern \"{text}\"; known are yyyy, M, d, H, m, s, S and quoted text")
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let run = rest.chars().take_while(|&other| other == letter).count();
            if letter == '\'' {
                let (literal, after) =
                    rest[1..].split_once('\'').ok_or_else(|| refused("a quote is not closed".to_owned()))?;
                parts.extend(if literal.is_empty() { "'" } else { literal }.chars().map(Part::Literal));
                rest = after;
            } else if letter.is_ascii_alphabetic() {
                let field = FIELDS.iter().position(|(known, _)| *known == letter);
                let max = match letter {
                    'y' => 4,
                    'S' => 3,
                    _ => 2,
                };
                let lengths = if letter == 'y' { 4..=4 } else { 1..=max };
                let field = field.filter(|_| lengths.contains(&run)).ok_or_else(|| {
                    refused(format!("\"{}\" is not supported", crate::csv::strings::shorten(&rest[..run])))
                })?;
                parts.push(Part::Field { field, min: if letter == 'y' { 4 } else { 1 }, max });
                rest = &rest[run..];
            } else {
                parts.push(Part::Literal(letter));
                rest = &rest[letter.len_utf8()..];
            }
        }
        // Fields without anything between them are told apart by their written length alone.
        let next_is_field: Vec<bool> =
            (0..parts.len()).map(|i| matches!(parts.get(i + 1), Some(Part::Field { .. }))).collect();
        for (part, next_is_field) in parts.iter_mut().zip(next_is_field) {
            if let Part::Field { min, max, .. } = part
                && next_is_field
            {
                *min = *max;
            }
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}

impl DatePattern {
    /// The pattern as it was declared.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Seconds since 1970-01-01T00:00:00Z of a date in this pattern, taken as UTC.
    pub(super) fn parse(&self, text: &str) -> Option<f64> {
        let mut values = FIELDS.map(|(_, absent)| absent);
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(*literal)?,
                Part::Field { field, min, max } => {
                    let n = rest.bytes().take(*max).take_while(u8::is_ascii_digit).count();
                    if n < *min {
                        return None;
                    }
                    let (digits, after) = rest.split_at(n);
                    values[*field] = digits.parse().ok()?;
                    rest = after;
                }
            }
        }
        let [year, month, day, hour, minute, second, milli] = values;
        let iso = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}");
        rest.is_empty().then(|| parse_date(&iso, SlashOrder::MonthFirst)).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_by_their_pattern_alone() {
        for (pattern, text, seconds) in [
            ("yyyy-MM-dd'T'HH:mm:ss", "1970-01-02T00:00:01", Some(86_401.0)),
            ("yyyyMMdd", "19700103", Some(172_800.0)),
            ("d/M/yyyy", "3/1/1970", Some(172_800.0)),
            ("MM.dd.yyyy HH:mm:ss.SSS", "01.03.1970 00:00:00.250", Some(172_800.25)),
            ("yyyy 'o''clock' HH", "1970 o'clock 01", None),
            ("HH:mm", "01:30", Some(5400.0)),
            ("yyyy-MM-dd", "1970-13-01", None),
            ("yyyy-MM-dd", "1970-01-01 ", None),
            ("yyyy-MM-dd", "70-01-01", None),
        ] {
            assert_eq!(pattern.parse::<DatePattern>().unwrap().parse(text), seconds, "{pattern} {text}");
        }
        assert_eq!(DatePattern::default(), DatePattern::default().text().parse().unwrap());
    }

    #[test]
    fn letters_that_need_words_or_guesses_are_refused() {
        for (pattern, word) in
            [("yy-MM-dd", "\"yy\""), ("dd MMM yyyy", "\"MMM\""), ("EEE", "\"EEE\""), ("yyyy'T", "quote")]
        {
            let reason = pattern.parse::<DatePattern>().unwrap_err();
            assert!(reason.contains(word) && reason.contains("known are yyyy"), "{reason}");
        }
    }
}
