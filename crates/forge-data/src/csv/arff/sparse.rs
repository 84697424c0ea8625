//! Sparse rows: `{1 x, 3 y}` gives the values of some columns by their number from 0, and leaves out those that are zero.

use std::borrow::Cow;

use super::header::{Attribute, Kind};
use super::tokens::{Token, after_blanks, after_quote, take};

/// What the columns hold where a sparse row leaves them out.
#[derive(Clone, Debug)]
pub(in crate::csv) struct Sparse {
    /// 0 for a number, the first value of a nominal column; text and dates must be given.
    omitted: Vec<Result<String, String>>,
}

impl Sparse {
    pub(super) fn of(attributes: &[Attribute]) -> Self {
        let omitted = |attribute: &Attribute| match &attribute.kind {
            Kind::Number => Ok("0".to_owned()),
            Kind::Nominal(levels) if !levels.is_empty() => Ok(levels[0].clone()),
            _ => Err(format!("column \"{}\": a sparse row must give its value; it has no zero", attribute.name)),
        };
        Self { omitted: attributes.iter().map(omitted).collect() }
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.omitted.len()
    }

    /// Adds the cells of a sparse row to `cells`, those left out among them.
    pub(super) fn cells<'a>(&'a self, text: &'a str, delimiter: u8, cells: &mut Vec<Token<'a>>) -> Result<(), String> {
        let mut rest = after_blanks(text, delimiter);
        rest = after_blanks(rest.strip_prefix('{').unwrap_or(rest), delimiter);
        if !rest.starts_with('}') {
            loop {
                let (column, cell) = self.entry(&mut rest, delimiter)?;
                self.fill(column, cells)?;
                cells.push(cell);
                rest = after_blanks(rest, delimiter);
                match rest.strip_prefix(char::from(delimiter)) {
                    Some(after) => rest = after_blanks(after, delimiter),
                    None => break,
                }
            }
        }
        let Some(after) = rest.strip_prefix('}') else {
            return Err("the sparse row has no closing brace".to_owned());
        };
        if !after.trim_ascii().is_empty() {
            return Err("something follows the closing brace; weights of rows are not supported".to_owned());
        }
        self.fill(self.width(), cells)
    }

    /// One column number and its value.
    fn entry<'a>(&self, rest: &mut &'a str, delimiter: u8) -> Result<(usize, Token<'a>), String> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at(digits);
        let known = number.parse::<usize>().ok().filter(|&column| column < self.width());
        let column = known.ok_or_else(|| {
            let found = rest.split([',', '}', ' ', '\t']).next().unwrap_or_default();
            let found = crate::csv::strings::shorten(found);
            format!("\"{found}\" is no column; a sparse row gives column numbers from 0 to {}", self.width() - 1)
        })?;
        if !after.starts_with([' ', '\t']) {
            return Err(format!("no value follows the column number {column}"));
        }
        *rest = after.trim_ascii_start();
        let cell = take(rest, |c| c == char::from(delimiter) || c == '}')?;
        let ended = after_blanks(rest, delimiter);
        if ended.starts_with([char::from(delimiter), '}']) || ended.is_empty() {
            Ok((column, cell))
        } else {
            Err(after_quote(&cell))
        }
    }

    /// Adds the omitted values of the columns up to `column`.
    fn fill<'a>(&'a self, column: usize, cells: &mut Vec<Token<'a>>) -> Result<(), String> {
        if cells.len() > column {
            return Err(format!("column number {column} comes after {}; numbers must ascend", cells.len() - 1));
        }
        for omitted in &self.omitted[cells.len()..column] {
            let text = omitted.as_ref().map_err(Clone::clone)?;
            cells.push(Token { text: Cow::Borrowed(text), quoted: true });
        }
        Ok(())
    }
}
