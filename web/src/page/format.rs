//! How numbers are written for people: grouped thousands, three or four decimals, a true minus sign.

/// A count with grouped thousands: `32,561`.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 row`, `32,561 rows`.
pub(crate) fn counted(n: usize, singular: &str, plural: &str) -> String {
    format!("{} {}", count(n), if n == 1 { singular } else { plural })
}

/// A score or probability with three decimals.
pub(crate) fn score(value: f64) -> String {
    format!("{value:.3}")
}

/// A metric with four decimals.
pub(crate) fn metric(value: f64) -> String {
    format!("{value:.4}")
}

/// A number of any size, with as many decimals as help: `452,600`, `12.35`, `0.0021`.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    match size {
        _ if !size.is_finite() => value.to_string(),
        1000.0.. => format!("{sign}{}", count(size.round() as usize)),
        _ if size.fract() == 0.0 => format!("{sign}{size}"),
        1.0.. => format!("{sign}{size:.2}"),
        _ => format!("{sign}{size:.4}"),
    }
}

/// A share as a percentage with one decimal, kept together by a narrow space: `99.6 %`.
pub(crate) fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value > 0.0 && value < 0.1 {
        return "under 0.1\u{202f}%".to_owned();
    }
    if value > 99.9 && value < 100.0 {
        return "over 99.9\u{202f}%".to_owned();
    }
    format!("{value:.1}\u{202f}%")
}

/// A difference with its sign and four decimals: `+0.0024`, `−0.0011`.
pub(crate) fn signed(value: f64) -> String {
    let sign = if value < 0.0 { '\u{2212}' } else { '+' };
    format!("{sign}{:.4}", value.abs())
}

/// Seconds as a person reads them: `0.4 s`, `12.3 s`, `2 min 5 s`.
pub(crate) fn seconds(value: f64) -> String {
    if value < 60.0 {
        return format!("{value:.1}\u{202f}s");
    }
    let whole = value as u64;
    format!("{}\u{202f}min {}\u{202f}s", whole / 60, whole % 60)
}

/// A size in bytes: `812 bytes`, `3.9 MB`.
pub(crate) fn bytes(n: u64) -> String {
    match n {
        0..1_000 => format!("{n} bytes"),
        1_000..1_000_000 => format!("{:.0}\u{202f}KB", n as f64 / 1e3),
        _ => format!("{:.1}\u{202f}MB", n as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn tiny_shares_are_not_shown_as_nothing() {
        assert_eq!(percent(0.0004), "under 0.1\u{202f}%");
        assert_eq!(percent(0.0), "0.0\u{202f}%");
    }
}
