//! What a number column is read as: itself, or a part of a date.

/// A part of a point in time, by the proleptic Gregorian calendar in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The number as it is.
    Whole,
    Year,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    Day,
    /// 0 for Monday to 6 for Sunday, as in pandas.
    Weekday,
    /// 0 to 23.
    Hour,
}

impl Part {
    /// The parts a date is cut into.
    pub(super) const OF_DATE: [Self; 5] = [Self::Year, Self::Month, Self::Day, Self::Weekday, Self::Hour];

    /// What is added to the name of the column.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Year => "_year",
            Self::Month => "_month",
            Self::Day => "_day",
            Self::Weekday => "_weekday",
            Self::Hour => "_hour",
        }
    }

    /// The part of `value`, seconds since 1970-01-01T00:00:00Z; NaN stays NaN.
    pub(super) fn of(self, value: f64) -> f64 {
        if self == Self::Whole || !value.is_finite() {
            return value;
        }
        let days = (value / 86_400.0).floor();
        let (year, month, day) = civil(days as i64);
        match self {
            Self::Whole => value,
            Self::Year => year as f64,
            Self::Month => month as f64,
            Self::Day => day as f64,
            Self::Weekday => (days as i64).saturating_add(3).rem_euclid(7) as f64,
            Self::Hour => ((value - days * 86_400.0) / 3600.0).floor(),
        }
    }
}

/// Year, month and day of a number of days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_has_the_parts_of_the_calendar() {
        let parts = |value: f64| Part::OF_DATE.map(|part| part.of(value));
        assert_eq!(parts(0.0), [1970.0, 1.0, 1.0, 3.0, 0.0]);
        // 2024-02-29 13:30, a Thursday.
        assert_eq!(parts(1_709_213_400.0), [2024.0, 2.0, 29.0, 3.0, 13.0]);
        assert_eq!(parts(-1.0), [1969.0, 12.0, 31.0, 2.0, 23.0]);
        assert!(parts(f64::NAN).iter().all(|value| value.is_nan()));
        assert!(parts(1e300).iter().all(|value| value.is_finite()));
    }
}
