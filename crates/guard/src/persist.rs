//! Persistence by deadlines, never by counts of cycles: a condition matters when it has held for long
//! enough, and is over when it has been gone for long enough.

use counts::{Instant, Micros};

/// Time since a moment; nothing when that moment lies ahead.
pub(crate) fn since(at: Instant, earlier: Instant) -> Micros {
    at.since(earlier).unwrap_or(Micros::ZERO)
}

/// True once a condition has held without a break for a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Debounce {
    from: Option<Instant>,
}

impl Debounce {
    /// Takes the condition at a moment; tells whether it has held for `hold`.
    pub(crate) fn holds(&mut self, at: Instant, present: bool, hold: Micros) -> bool {
        if !present {
            self.from = None;
            return false;
        }
        since(at, *self.from.get_or_insert(at)) >= hold
    }
}

/// A switch that changes only when its input has said so for a span, either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hysteresis {
    on: bool,
    change: Debounce,
}

impl Hysteresis {
    /// Takes the input at a moment; tells the settled state.
    pub(crate) fn settle(&mut self, at: Instant, input: bool, on_after: Micros, off_after: Micros) -> bool {
        let hold = if self.on { off_after } else { on_after };
        if self.change.holds(at, input != self.on, hold) {
            self.on = input;
            self.change = Debounce::default();
        }
        self.on
    }

    /// The settled state.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Instant {
        Instant::from_micros(millis * 1000)
    }

    #[test]
    fn one_spurious_sample_never_holds() {
        let mut debounce = Debounce::default();
        for cycle in 0..1000 {
            assert!(!debounce.holds(ms(2 * cycle), cycle % 2 == 0, Micros::from_millis(4)), "cycle {cycle}");
        }
    }

    #[test]
    fn the_time_to_hold_does_not_depend_on_the_cycle() {
        for step in 1..=10 {
            let mut debounce = Debounce::default();
            let first = (0..100).find(|n| debounce.holds(ms(n * step), true, Micros::from_millis(60)));
            let millis = first.expect("it holds in the end") * step;
            assert!((60..60 + step).contains(&millis), "step {step}: {millis}");
        }
    }

    #[test]
    fn a_bounce_at_the_threshold_does_not_switch() {
        let mut switch = Hysteresis::default();
        let hold = Micros::from_millis(20);
        for n in 0..10 {
            assert!(!switch.settle(ms(2 * n), n % 3 != 0, hold, hold));
        }
        for n in 10..30 {
            switch.settle(ms(2 * n), true, hold, hold);
        }
        assert!(switch.is_on());
        assert!(switch.settle(ms(62), false, hold, hold), "a short gap is no release");
    }
}
