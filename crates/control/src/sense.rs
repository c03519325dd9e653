//! Readings as plain numbers: only what is fresh enough, else nothing.

use bed::quantity::{Wire, in_celsius, in_millimetres, in_newtons};
use counts::{DeciCelsius, DeciNewtons, Instant, Micrometres, Micros, Reading};

/// Oldest position or force that a loop may act on.
/// Source: design; five cycles, in which a lift at landing speed moves 0.2 mm.
pub(crate) const MOTION_AGE: Micros = Micros::from_millis(10);
/// Oldest temperature that a heat loop may act on.
/// Source: design; at 0.3 K/s a roller warms by 0.3 K in that time.
pub(crate) const HEAT_AGE: Micros = Micros::from_millis(1000);
/// Oldest corner force that tells who lies on the bed.
/// Source: design; five of their cycles of 20 ms.
pub(crate) const CORNER_AGE: Micros = Micros::from_millis(100);

/// The value, if it was taken at most `age_max` ago and not in the future.
pub(crate) fn fresh<T: Copy>(reading: &Reading<T>, now: Instant, age_max: Micros) -> Option<T> {
    reading
        .as_ref()
        .filter(|sample| sample.age(now).is_some_and(|age| age <= age_max))
        .map(|sample| sample.value)
}

/// A fresh position, mm.
pub(crate) fn position_mm(reading: &Reading<Micrometres>, now: Instant) -> Option<f32> {
    fresh(reading, now, MOTION_AGE).map(|count| in_millimetres(count.quantity()))
}

/// A fresh force, N.
pub(crate) fn force_n(reading: &Reading<DeciNewtons>, now: Instant) -> Option<f32> {
    fresh(reading, now, MOTION_AGE).map(|count| in_newtons(count.quantity()))
}

/// A fresh temperature, C.
pub(crate) fn temperature_c(reading: &Reading<DeciCelsius>, now: Instant) -> Option<f32> {
    fresh(reading, now, HEAT_AGE).map(|count| in_celsius(count.quantity()))
}

/// `value` held within `lo..=hi`; what is no number becomes `lo`.
pub(crate) fn within(value: f32, lo: f32, hi: f32) -> f32 {
    if value > hi {
        hi
    } else if value >= lo {
        value
    } else {
        lo
    }
}
