//! The guard's rows of `safety/limits.toml`, as counts; each with its source.

use counts::{DeciCelsius, DeciNewtons, Micrometres, Micros, MilliCem43, PerMille};

include!(concat!(env!("OUT_DIR"), "/limits.rs"));

/// Rate of heat dose at a temperature in thousandths of a degree Celsius, in thousand-millionths of
/// a CEM43 a millisecond: R = 0.5 from 43 C, 0.25 from 39 C, nothing below; rounded up.
///
/// Source: Sapareto & Dewey 1984 (science.md 5.3).
pub(crate) fn cem43_rate(milli_c: i32) -> u64 {
    if milli_c < 39_000 {
        return 0;
    }
    let tenth = usize::try_from((milli_c - 39_000 + 99) / 100).unwrap_or(usize::MAX);
    u64::from(CEM43_RATES[tenth.min(CEM43_RATES.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_at_43_degrees_is_a_dose_of_60() {
        let nano = cem43_rate(43_000) * 3_600_000;
        assert!((59_990_000_000..60_010_000_000).contains(&nano), "{nano}");
    }

    #[test]
    fn rates_follow_the_published_examples() {
        // science.md 5.3: 42 C 60 min = 15, 44 C 30 min = 60, 45 C 10 min = 40, 48 C 10 min = 320.
        for (celsius, minutes, dose) in [(42, 60, 15.0), (44, 30, 60.0), (45, 10, 40.0), (48, 10, 320.0)] {
            let nano = cem43_rate(celsius * 1000) * minutes * 60_000;
            assert!((nano as f64 * 1e-9 / dose - 1.0).abs() < 2e-3, "{celsius} C: {nano}");
        }
        assert_eq!(cem43_rate(38_999), 0);
    }

    #[test]
    fn the_rate_never_falls_with_temperature() {
        let mut last = 0;
        for milli_c in (30_000..80_000).step_by(7) {
            let rate = cem43_rate(milli_c);
            assert!(rate >= last, "at {milli_c} mC");
            last = rate;
        }
    }

    #[test]
    fn the_counts_stand_in_their_order() {
        assert!(FORCE_CEILING < FORCE_HARD && NECK_CEILING < NECK_HARD && NECK_HARD < FORCE_CEILING);
        assert!(SKIN_MEAN < SKIN_INSTANT && SKIN_INSTANT < SKIN_SINGLE_FAULT && DOSE_PROGRAM < DOSE_DAY);
        assert!(DOSE_DAY < DOSE_SINGLE_FAULT && CYCLE_MIN < CYCLE_MAX);
    }
}
