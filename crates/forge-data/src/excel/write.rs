//! Writes a table as an xlsx workbook of one sheet. Source: ECMA-376, Office Open XML, part 1.
//!
//! Six small files in a zip archive are all that a sheet of values needs, and they hold no date of making: the same table
//! gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;

use crate::{Column, DataError, Table, TableFormat, Values};

const MAX_ROWS: usize = 1 << 20;
const MAX_COLUMNS: usize = 1 << 14;
/// Characters of a cell at most.
const MAX_TEXT: usize = 32_767;
/// The number of 1900-03-01, from which on the numbers of days are sound, and of 1970-01-01.
const FIRST_DAY: f64 = 61.0;
const UNIX_DAY: f64 = 25_569.0;
/// The number after 9999-12-31.
const LAST_DAY: f64 = 2_958_466.0;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
    <Override PartName=\"/xl/workbook.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    <Override PartName=\"/xl/worksheets/sheet1.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
    <Override PartName=\"/xl/styles.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
const WORKBOOK: &str = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
    <sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const WORKBOOK_RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
    Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" \
    Target=\"styles.xml\"/></Relationships>";
/// Style 1 shows a date, style 2 a date with its time.
const STYLES: &str = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
    <numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>\
    <numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss\"/></numFmts>\
    <fonts count=\"1\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>\
    <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
    <fill><patternFill patternType=\"gray125\"/></fill></fills>\
    <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>\
    <cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>\
    <xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs>\
    </styleSheet>";

/// The table as a workbook of one sheet, names in its first row. Missing values are empty cells; dates before March 1900,
/// which workbooks have no numbers for, are text.
pub(crate) fn write(table: &Table) -> Result<Vec<u8>, DataError> {
    if table.n_rows() >= MAX_ROWS || table.columns().len() > MAX_COLUMNS {
        let (n_rows, n_columns) = (table.n_rows(), table.columns().len());
        return Err(failed(format!(
            "a sheet has at most {} rows below its names and {MAX_COLUMNS} columns, not {n_rows} and {n_columns}",
            MAX_ROWS - 1
        )));
    }
    let sheet = sheet(table)?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/sheet1.xml", &sheet),
    ] {
        let options = SimpleFileOptions::default().large_file(content.len() as u64 >= u64::from(u32::MAX));
        writer.start_file(name, options).map_err(|error| failed(error.to_string()))?;
        for part in [HEAD, content] {
            writer.write_all(part.as_bytes()).map_err(|error| failed(error.to_string()))?;
        }
    }
    Ok(writer.finish().map_err(|error| failed(error.to_string()))?.into_inner())
}

fn sheet(table: &Table) -> Result<String, DataError> {
    let mut out =
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>".to_owned();
    out.push_str("<row r=\"1\">");
    for column in table.columns() {
        text(column.name(), &mut out).map_err(|reason| of_cell(column, 0, &reason))?;
    }
    out.push_str("</row>");
    for row in 0..table.n_rows() {
        // Writing to a string cannot fail.
        let _ = write!(out, "<row r=\"{}\">", row + 2);
        for column in table.columns() {
            cell(column, row, &mut out).map_err(|reason| of_cell(column, row, &reason))?;
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData></worksheet>");
    Ok(out)
}

fn cell(column: &Column, row: usize, out: &mut String) -> Result<(), String> {
    let Some(shown) = column.text(row) else {
        out.push_str("<c/>");
        return Ok(());
    };
    let _ = match column.values() {
        Values::Number(values) => write!(out, "<c><v>{}</v></c>", values[row] + 0.0),
        Values::Boolean(values) if column.words() == ["false", "true"] => {
            write!(out, "<c t=\"b\"><v>{}</v></c>", u8::from(values[row] == Some(true)))
        }
        Values::Date(values) if (FIRST_DAY..LAST_DAY).contains(&(values[row] / 86_400.0 + UNIX_DAY)) => {
            let style = if values[row].rem_euclid(86_400.0) == 0.0 { 1 } else { 2 };
            write!(out, "<c s=\"{style}\"><v>{}</v></c>", values[row] / 86_400.0 + UNIX_DAY)
        }
        _ => return text(&shown, out),
    };
    Ok(())
}

/// A text in its cell.
fn text(text: &str, out: &mut String) -> Result<(), String> {
    if text.chars().map(char::len_utf16).sum::<usize>() > MAX_TEXT {
        return Err(format!("a cell has at most {MAX_TEXT} characters"));
    }
    out.push_str("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\t' => out.push(character),
            // What XML cannot hold is written by its number; 005F is the underscore that begins such a number.
            control if u32::from(control) < 0x20 || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "_x{:04X}_", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push_str("</t></is></c>");
    Ok(())
}

fn of_cell(column: &Column, row: usize, reason: &str) -> DataError {
    failed(format!("row {}, column \"{}\": {reason}", row + 1, column.name()))
}

fn failed(reason: String) -> DataError {
    DataError::NotWritable { format: TableFormat::Xlsx.title(), reason }
}
