//! The values of a line: bare or in quotes of either kind, in which a backslash escapes.

use std::borrow::Cow;

/// A value as it is written, quotes and escapes undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whether quotes stood around it: `'?'` is a question mark, `?` a missing value.
    pub(super) quoted: bool,
}

impl<'a> Token<'a> {
    pub(super) fn bare(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), quoted: false }
    }

    /// Whether it stands for a missing value.
    pub(super) fn is_missing(&self) -> bool {
        !self.quoted && (self.text.is_empty() || self.text == "?")
    }
}

/// What follows blanks that do not delimit.
pub(super) fn after_blanks(text: &str, delimiter: u8) -> &str {
    text.trim_start_matches(|c: char| c.is_ascii_whitespace() && c != char::from(delimiter))
}

/// Takes the next value off `rest`: up to its closing quote, or to a character that `ends` it.
pub(super) fn take<'a>(rest: &mut &'a str, ends: impl Fn(char) -> bool) -> Result<Token<'a>, String> {
    if let Some(quote @ ('"' | '\'')) = rest.chars().next() {
        let (text, after) = quoted(&rest[1..], quote).ok_or("a quote opens that is never closed")?;
        *rest = after;
        return Ok(Token { text, quoted: true });
    }
    let (text, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    *rest = after;
    Ok(Token::bare(text.trim_ascii_end()))
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str, quote: char) -> Option<(Cow<'_, str>, &str)> {
    let stop = text.find(['\\', quote])?;
    if text[stop..].starts_with(quote) {
        return Some((Cow::Borrowed(&text[..stop]), &text[stop + 1..]));
    }
    let mut plain = text[..stop].to_owned();
    let mut rest = text[stop..].chars();
    loop {
        match rest.next()? {
            '\\' => match rest.next()? {
                'n' => plain.push('\n'),
                'r' => plain.push('\r'),
                't' => plain.push('\t'),
                'u' => {
                    let code = rest.as_str().get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
                    match code.and_then(char::from_u32) {
                        Some(character) => {
                            plain.push(character);
                            rest = rest.as_str()[4..].chars();
                        }
                        None => plain.push('u'),
                    }
                }
                other => plain.push(other),
            },
            closing if closing == quote => return Some((Cow::Owned(plain), rest.as_str())),
            other => plain.push(other),
        }
    }
}

/// Adds the values of a dense row to `cells`.
pub(super) fn split<'a>(text: &'a str, delimiter: u8, cells: &mut Vec<Token<'a>>) -> Result<(), String> {
    let delimiter = char::from(delimiter);
    let mut rest = text;
    loop {
        rest = after_blanks(rest, delimiter as u8);
        let cell = take(&mut rest, |c| c == delimiter)?;
        rest = after_blanks(rest, delimiter as u8);
        if !rest.is_empty() && !rest.starts_with(delimiter) {
            return Err(after_quote(&cell));
        }
        cells.push(cell);
        match rest.strip_prefix(delimiter) {
            Some(after) => rest = after,
            None => return Ok(()),
        }
    }
}

/// Why a value with something between its closing quote and the next delimiter is refused.
pub(super) fn after_quote(cell: &Token<'_>) -> String {
    format!("the value \"{}\" goes on after its closing quote", super::super::strings::shorten(&cell.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &str) -> Vec<String> {
        let mut cells = Vec::new();
        split(row, b',', &mut cells).unwrap();
        cells.into_iter().map(|cell| cell.text.into_owned()).collect()
    }

    #[test]
    fn values_lose_blanks_quotes_and_escapes() {
        assert_eq!(texts(" 1 , 'a, b' ,\"it's\", x y "), ["1", "a, b", "it's", "x y"]);
        assert_eq!(
            texts(r"'it\'s','a\\b','two\nlines','\u00e9','\uzz','50\%'"),
            ["it's", "a\\b", "two\nlines", "é", "uzz", "50%"]
        );
        assert_eq!(texts("it's,,"), ["it's", "", ""]);
    }

    #[test]
    fn quotes_must_close_and_end_their_value() {
        let refused = |row| split(row, b',', &mut Vec::new()).unwrap_err();
        assert_eq!(refused("1,'a"), "a quote opens that is never closed");
        assert_eq!(refused("1,'a\\'"), "a quote opens that is never closed");
        assert_eq!(refused("1,'a' b,2"), "the value \"a\" goes on after its closing quote");
    }

    #[test]
    fn only_a_bare_question_mark_is_missing() {
        let mut cells = Vec::new();
        split("?,'?',,''", b',', &mut cells).unwrap();
        assert_eq!(cells.iter().map(Token::is_missing).collect::<Vec<_>>(), [true, false, true, false]);
    }
}
