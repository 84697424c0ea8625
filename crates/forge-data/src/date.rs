//! Dates as text: the forms a column may use, to and from seconds since 1970-01-01T00:00:00Z.
//!
//! Days are counted with the algorithms of Howard Hinnant, "chrono-compatible low-level date algorithms",
//! <https://howardhinnant.github.io/date_algorithms.html>.

/// Which part comes first in `03/04/2025`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlashOrder {
    DayFirst,
    MonthFirst,
    /// Every value of the column can be read both ways.
    Ambiguous,
}

/// How the values of a column order day and month between slashes: `None` when the values contradict each other.
pub(crate) fn slash_order<'a>(values: impl Iterator<Item = &'a str>) -> Option<SlashOrder> {
    let (mut day_first, mut month_first, mut seen) = (false, false, false);
    for value in values {
        if let Some((first, second)) = slash_parts(value) {
            seen = true;
            day_first |= first > 12;
            month_first |= second > 12;
        }
    }
    match (day_first, month_first) {
        (true, true) => None,
        (true, false) => Some(SlashOrder::DayFirst),
        (false, false) if seen => Some(SlashOrder::Ambiguous),
        (false, _) => Some(SlashOrder::MonthFirst),
    }
}

fn slash_parts(text: &str) -> Option<(u32, u32)> {
    let mut scan = Scan(text.as_bytes());
    let first = scan.number(1, 2)?;
    scan.byte(b'/')?;
    let second = scan.number(1, 2)?;
    scan.byte(b'/')?;
    Some((first, second))
}

/// Seconds since 1970-01-01T00:00:00Z of `YYYY-MM-DD`, `YYYY/MM/DD`, `DD.MM.YYYY` or, in the given order,
/// `DD/MM/YYYY` or `MM/DD/YYYY`, each with an optional time of day and offset. A time without offset is taken as UTC.
pub(crate) fn parse_date(text: &str, order: SlashOrder) -> Option<f64> {
    let mut scan = Scan(text.as_bytes());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (year, month, day) = if digits == 4 {
        let year = scan.number(4, 4)?;
        let separator = scan.byte(b'-').or_else(|| scan.byte(b'/'))?;
        let month = scan.number(1, 2)?;
        scan.byte(separator)?;
        (year, month, scan.number(1, 2)?)
    } else {
        let first = scan.number(1, 2)?;
        let separator = scan.byte(b'.').or_else(|| scan.byte(b'/'))?;
        let second = scan.number(1, 2)?;
        scan.byte(separator)?;
        let year = scan.number(4, 4)?;
        match (separator, order) {
            (b'.', _) | (_, SlashOrder::DayFirst) => (year, second, first),
            (_, SlashOrder::MonthFirst) => (year, first, second),
            (_, SlashOrder::Ambiguous) => return None,
        }
    };
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let seconds = days_from_civil(i64::from(year), month, day) as f64 * 86_400.0;
    if scan.0.is_empty() {
        return Some(seconds);
    }
    scan.byte(b'T').or_else(|| scan.byte(b' '))?;
    Some(seconds + time_of_day(scan)?)
}

/// Seconds since midnight of `HH:MM[:SS[.fraction]][Z|±HH[:]MM]`, the offset taken off.
fn time_of_day(mut scan: Scan<'_>) -> Option<f64> {
    let hour = scan.number(1, 2)?;
    scan.byte(b':')?;
    let minute = scan.number(2, 2)?;
    let mut seconds = f64::from(hour * 3600 + minute * 60);
    let mut second = 0;
    if scan.byte(b':').is_some() {
        second = scan.number(2, 2)?;
        seconds += f64::from(second);
        if scan.byte(b'.').is_some() {
            let digits = scan.digits();
            if digits.is_empty() {
                return None;
            }
            let mut unit = 0.1;
            for digit in digits {
                seconds += f64::from(digit - b'0') * unit;
                unit /= 10.0;
            }
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if scan.byte(b'Z').is_none() {
        let sign = if scan.byte(b'+').is_some() {
            1.0
        } else if scan.byte(b'-').is_some() {
            -1.0
        } else {
            0.0
        };
        if sign != 0.0 {
            let hours = scan.number(2, 2)?;
            let _colon = scan.byte(b':');
            let minutes = if scan.0.is_empty() { 0 } else { scan.number(2, 2)? };
            seconds -= sign * f64::from(hours * 3600 + minutes * 60);
        }
    }
    scan.0.is_empty().then_some(seconds)
}

/// The date in ISO 8601, with a time of day unless it is midnight. Sub-second parts are rounded to milliseconds.
pub(crate) fn format_date(seconds: f64) -> String {
    let millis = (seconds * 1000.0).round() as i64;
    let (days, rest) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let (year, month, day) = civil_from_days(days);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest == 0 {
        return date;
    }
    let (hour, minute, second, fraction) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    let time = format!("{date}T{hour:02}:{minute:02}:{second:02}");
    if fraction == 0 { time } else { format!("{time}.{fraction:03}") }
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

/// What is left of a text to scan.
struct Scan<'a>(&'a [u8]);

impl<'a> Scan<'a> {
    /// Takes `wanted` if it is next.
    fn byte(&mut self, wanted: u8) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        (first == wanted).then(|| {
            self.0 = rest;
            first
        })
    }

    /// Takes all digits that are next.
    fn digits(&mut self) -> &'a [u8] {
        let n = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at(n);
        self.0 = rest;
        digits
    }

    /// Takes a number of `min` to `max` digits; no number is followed by more.
    fn number(&mut self, min: usize, max: usize) -> Option<u32> {
        let n = self.0.iter().take(max).take_while(|byte| byte.is_ascii_digit()).count();
        if n < min {
            return None;
        }
        let (digits, rest) = self.0.split_at(n);
        self.0 = rest;
        Some(digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<f64> {
        parse_date(text, SlashOrder::MonthFirst)
    }

    #[test]
    fn every_form_of_the_same_day_gives_the_same_seconds() {
        let expected = Some(1_735_603_200.0);
        for text in ["2024-12-31", "2024/12/31", "31.12.2024", "12/31/2024", "2024-12-31T00:00Z"] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        assert_eq!(parse_date("31/12/2024", SlashOrder::DayFirst), expected);
    }

    #[test]
    fn times_fractions_and_offsets_are_read() {
        assert_eq!(seconds("1970-01-01 00:00:01"), Some(1.0));
        assert_eq!(seconds("1970-01-01T01:30:00.500+01:30"), Some(0.5));
        assert_eq!(seconds("1969-12-31T23:00-0100"), Some(0.0));
        assert_eq!(seconds("1970-01-01T02:00:00+02"), Some(0.0));
    }

    #[test]
    fn what_is_no_date_is_none() {
        let cases = [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "2023-02-29",
            "2024-12-31x",
            "2024-12-31 25:00",
            "1.5",
            "1-2-2024",
            "2024-12/31",
            "2024-12-31T12",
            "2024-12-31T12:00:00.",
            "12.2024",
            "١٢/31/2024",
        ];
        for text in cases {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert!(seconds("2024-02-29").is_some());
    }

    #[test]
    fn the_column_decides_whether_day_or_month_comes_first() {
        let order = |values: &[&'static str]| slash_order(values.iter().copied());
        assert_eq!(order(&["01/02/2024", "13/02/2024"]), Some(SlashOrder::DayFirst));
        assert_eq!(order(&["01/02/2024", "02/13/2024"]), Some(SlashOrder::MonthFirst));
        assert_eq!(order(&["01/02/2024"]), Some(SlashOrder::Ambiguous));
        assert_eq!(order(&["13/02/2024", "02/13/2024"]), None);
        assert_eq!(parse_date("01/02/2024", SlashOrder::Ambiguous), None);
    }

    #[test]
    fn dates_survive_formatting() {
        for text in ["0001-01-01", "1600-02-29", "1969-12-31", "2024-12-31T23:59:59", "1970-01-01T00:00:00.250"] {
            assert_eq!(format_date(seconds(text).unwrap()), text);
        }
    }
}
