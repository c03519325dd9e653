//! Time as the machine knows it: microseconds since it started, counted by its own cycle.

use serde::{Deserialize, Serialize};

/// A moment, in microseconds since machine start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(u64);

/// A span of time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(u64);

/// A span of time in milliseconds, as requests carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(u32);

impl Instant {
    /// The moment at which the machine started.
    pub const START: Self = Self(0);

    /// The moment `micros` microseconds after the start.
    #[inline]
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start.
    #[inline]
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// Seconds since the start, for people and plots; never for control.
    #[inline]
    #[must_use]
    pub const fn seconds(self) -> f64 {
        self.0 as f64 * 1e-6
    }

    /// The span since `earlier`; `None` when `earlier` lies in the future.
    #[inline]
    #[must_use]
    pub const fn since(self, earlier: Self) -> Option<Micros> {
        match self.0.checked_sub(earlier.0) {
            Some(micros) => Some(Micros(micros)),
            None => None,
        }
    }

    /// The moment a span later, held at the end of time.
    #[inline]
    #[must_use]
    pub const fn after(self, span: Micros) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Micros {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `micros` microseconds.
    #[inline]
    #[must_use]
    pub const fn new(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of `millis` milliseconds.
    #[inline]
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis.saturating_mul(1000))
    }

    /// A span of `seconds` seconds.
    #[inline]
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds.
    #[inline]
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.0
    }

    /// Seconds.
    #[inline]
    #[must_use]
    pub const fn seconds(self) -> f32 {
        self.0 as f32 * 1e-6
    }

    /// The sum, held at the end of the range.
    #[inline]
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `millis` milliseconds.
    #[inline]
    #[must_use]
    pub const fn new(millis: u32) -> Self {
        Self(millis)
    }

    /// Milliseconds.
    #[inline]
    #[must_use]
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// The same span in microseconds.
    #[inline]
    #[must_use]
    pub const fn micros(self) -> Micros {
        Micros(self.0 as u64 * 1000)
    }
}

/// A value and the moment at which it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample<T> {
    /// What was measured.
    pub value: T,
    /// When it was measured.
    pub taken: Instant,
}

impl<T> Sample<T> {
    /// How old the sample is; `None` when its stamp lies in the future.
    #[inline]
    #[must_use]
    pub fn age(&self, now: Instant) -> Option<Micros> {
        now.since(self.taken)
    }
}

/// A sample, or nothing: the bed has no such sensor, or it has never spoken.
pub type Reading<T> = Option<Sample<T>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_from_the_future_has_no_age() {
        let sample = Sample { value: 1, taken: Instant::from_micros(5) };
        assert_eq!(sample.age(Instant::from_micros(4)), None);
        assert_eq!(sample.age(Instant::from_micros(9)), Some(Micros::new(4)));
    }
}
