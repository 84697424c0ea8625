//! The declarations above `@data`: which columns there are, and what values they take.

use super::dates::DatePattern;
use super::tokens::{Token, after_blanks, after_quote, take};
use super::{Lines, is_skipped};
use crate::DataError;
use crate::csv::strings::shorten;

/// What values a column takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number,
    Text,
    /// One of these, in declared order.
    Nominal(Vec<String>),
    Date(DatePattern),
}

/// A declared column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What the declarations say.
pub(super) struct Declared {
    pub(super) attributes: Vec<Attribute>,
    /// The line of `@data`.
    pub(super) data_line: u64,
    /// Where that line starts in the text.
    pub(super) data_start: usize,
}

/// Reads all lines up to `@data`.
pub(super) fn declared(file: &str, lines: &mut Lines<'_>) -> Result<Declared, DataError> {
    let refused = |line, reason| DataError::Arff { file: file.to_owned(), line, reason };
    let mut attributes = Vec::new();
    let mut last = 1;
    for line in lines {
        last = line.number;
        let text = line.text.trim_ascii();
        if is_skipped(text) {
            continue;
        }
        let (keyword, rest) = text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len()));
        match keyword.to_ascii_lowercase().as_str() {
            "@attribute" => attributes.push(attribute(rest).map_err(|reason| refused(line.number, reason))?),
            "@data" if attributes.is_empty() => {
                return Err(refused(line.number, "@data comes before any @attribute".to_owned()));
            }
            "@data" if !is_skipped(rest.trim_ascii()) => {
                let found = shorten(rest.trim_ascii());
                return Err(refused(
                    line.number,
                    format!("\"{found}\" stands after @data; rows begin on the next line"),
                ));
            }
            "@data" => return Ok(Declared { attributes, data_line: line.number, data_start: line.start }),
            relation if relation.starts_with("@relation") => {}
            _ => {
                let found = shorten(text);
                return Err(refused(
                    line.number,
                    format!("\"{found}\" is no declaration; above @data, lines begin with @relation, @attribute or %"),
                ));
            }
        }
    }
    Err(refused(last, "the file ends without a line @data".to_owned()))
}

/// Reads what follows `@attribute`.
fn attribute(text: &str) -> Result<Attribute, String> {
    let mut rest = after_blanks(text, b',');
    let name = take(&mut rest, |c| c.is_ascii_whitespace() || c == '{')?.text.trim_ascii().to_owned();
    let of_column = |reason: String| format!("column \"{}\": {reason}", shorten(&name));
    rest = after_blanks(rest, b',');
    let kind = kind(&mut rest).map_err(of_column)?;
    rest = rest.trim_ascii();
    if !is_skipped(rest) {
        let found = shorten(rest);
        let rule = if rest.starts_with('{') { "weights of columns are not supported" } else { "nothing may follow" };
        return Err(of_column(format!("\"{found}\" stands after the type; {rule}")));
    }
    Ok(Attribute { name, kind })
}

fn kind(rest: &mut &str) -> Result<Kind, String> {
    if let Some(levels) = rest.strip_prefix('{') {
        *rest = levels;
        return nominal(rest).map(Kind::Nominal);
    }
    let word = take(rest, |c| c.is_ascii_whitespace())?.text;
    match word.to_ascii_lowercase().as_str() {
        "numeric" | "real" | "integer" => Ok(Kind::Number),
        "string" => Ok(Kind::Text),
        "date" => {
            *rest = after_blanks(rest, b',');
            if is_skipped(rest) {
                return Ok(Kind::Date(DatePattern::default()));
            }
            let pattern = take(rest, |c| c.is_ascii_whitespace())?.text;
            pattern.parse().map(Kind::Date)
        }
        "relational" => Err("relational attributes are not supported".to_owned()),
        "" => Err("the type is missing".to_owned()),
        _ => Err(format!(
            "\"{}\" is no type; it must be numeric, real, integer, string, date or values in braces",
            shorten(&word)
        )),
    }
}

/// The values up to the closing brace, each once.
fn nominal(rest: &mut &str) -> Result<Vec<String>, String> {
    let mut levels: Vec<String> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    loop {
        *rest = after_blanks(rest, b',');
        let level = take(rest, |c| c == ',' || c == '}')?;
        *rest = after_blanks(rest, b',');
        let last = match rest.chars().next() {
            Some(',') => false,
            Some('}') => true,
            None => return Err("its values have no closing brace on this line".to_owned()),
            Some(_) => return Err(after_quote(&level)),
        };
        *rest = &rest[1..];
        let Token { text, quoted } = level;
        if (quoted || !text.is_empty()) && known.insert(text.clone().into_owned()) {
            levels.push(text.into_owned());
        }
        if last {
            return Ok(levels);
        }
    }
}
