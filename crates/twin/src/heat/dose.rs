//! Heat dose of the skin as cumulative equivalent minutes at 43 C (CEM43).
//!
//! `CEM43 = integral R^(43 - T) dt`, t in minutes, T the temperature of the skin's surface in C,
//! `R = 0.5` from 43 C, `0.25` below, and nothing at all under 39 C.
//! Source: Sapareto & Dewey 1984; thresholds Yarmolenko 2011 (science.md 5.3). The burn data behind
//! it (Moritz & Henriques 1947) are for the temperature of the surface, so the surface is used.

/// Temperature below which no dose is counted, C. Source: definition of the figures (science.md 5.3).
pub const DOSE_FROM_C: f64 = 39.0;

/// Rate at which dose accrues at a skin temperature (C), in equivalent minutes a minute.
///
/// ```
/// use twin::heat::dose_rate;
/// assert_eq!(dose_rate(43.0), 1.0);
/// assert_eq!(dose_rate(45.0), 4.0);
/// assert_eq!(dose_rate(42.0), 0.25);
/// assert_eq!(dose_rate(38.9), 0.0);
/// ```
#[must_use]
pub fn dose_rate(skin_c: f64) -> f64 {
    if skin_c < DOSE_FROM_C {
        0.0
    } else if skin_c < 43.0 {
        libm::exp2(2.0 * (skin_c - 43.0))
    } else {
        libm::exp2(skin_c - 43.0)
    }
}
