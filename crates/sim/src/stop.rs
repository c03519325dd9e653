//! A stop and what must follow it: how long the person may still be pressed, by the drives that are left.

use crate::checks::{FREE_N, since};
use crate::world::World;
use counts::{HEADS_MAX, Instant, Micros};

/// Heaters are told off within this after a stop. Source: Design; a cycle, and the settling of a switch.
const HEATERS: Micros = Micros::from_millis(60);
/// Time without power or with a silent drive, s.
const UNPOWERED_S: f64 = 2.0;
/// Time for the other lift where one is jammed, s.
const JAMMED_S: f64 = 1.0;
/// Time by starting force, N and s.
const BY_FORCE: [(f64, f64); 3] = [(60.0, 0.5), (100.0, 0.7), (150.0, 1.0)];
/// A jammed head's force may go up with the breath and with what the other head no longer carries: by this
/// factor and this much (N) over the largest of the breath before. Guess: where nobody breathes, tests
/// allow 1 N.
const BREATH: (f64, f64) = (1.15, 10.0);

/// A stop under way or done.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    at: Instant,
    from_n: f64,
    allowed_s: f64,
    latched: bool,
    watched: [bool; HEADS_MAX],
    jammed_limit_n: [f64; HEADS_MAX],
    last_pressed: Option<Instant>,
    over: bool,
    heating_w: Option<f64>,
    rises: Option<(f64, f64)>,
    heads: usize,
}

/// Seconds that a stop may take with drives that answer.
#[must_use]
pub fn allowed_s(force_n: f64) -> f64 {
    let [first, .., last] = BY_FORCE;
    let line = BY_FORCE.windows(2).find(|pair| force_n <= pair[1].0);
    match line {
        _ if force_n <= first.0 => first.1,
        Some([(from, low), (to, high)]) => low + (high - low) * (force_n - from) / (to - from),
        _ => last.1,
    }
}

impl Stop {
    /// A stop whose input edge is at `at`, judged from the force of now; `recent_n` is the largest force
    /// of each head within the last breath.
    pub(crate) fn new(world: &World, at: Instant, latched: bool, recent_n: &[f64; HEADS_MAX]) -> Self {
        let truth = world.twin().truth();
        let faults = world.twin().faults();
        let bed = world.twin().bed();
        let heads = bed.heads();
        let from_n = (0..bed.carriages.len()).map(|index| truth.force_n(index)).fold(0.0, f64::max);
        let any = |list: &[bool]| list.iter().any(|broken| *broken);
        let silent = any(&faults.lift_silent) || any(&faults.lift_fault) || any(&faults.carriage_silent);
        let allowed_s = if silent || faults.supply_lost {
            UNPOWERED_S
        } else if any(&faults.lift_stuck) {
            JAMMED_S
        } else {
            allowed_s(from_n)
        };
        let mut watched = [false; HEADS_MAX];
        let mut jammed_limit_n = [f64::MAX; HEADS_MAX];
        for head in 0..heads {
            let lift = if bed.lift.coupled { head - head % 2 } else { head };
            watched[head] = !faults.lift_stuck[lift];
            if faults.lift_stuck[lift] {
                let before = recent_n[head].max(truth.head_force_n[head]);
                jammed_limit_n[head] = BREATH.0 * before + BREATH.1;
            }
        }
        Self {
            at,
            from_n,
            allowed_s,
            latched,
            watched,
            jammed_limit_n,
            last_pressed: None,
            over: false,
            heating_w: None,
            rises: None,
            heads,
        }
    }

    pub(crate) fn look(&mut self, world: &World) {
        let now = world.now();
        if now <= self.at || self.over {
            return;
        }
        let truth = world.twin().truth();
        let passed = since(now, self.at);
        let outputs = world.outputs();
        if !outputs.power {
            self.allowed_s = self.allowed_s.max(UNPOWERED_S);
        }
        let pressed = (0..self.heads).any(|head| self.watched[head] && truth.head_force_n[head] >= FREE_N);
        if pressed {
            self.last_pressed = Some(now);
        }
        // A stop that is not latched is over once the person has been free for a while.
        let free = since(now, self.last_pressed.unwrap_or(self.at)) > Micros::from_millis(200);
        if !self.latched && free {
            self.over = true;
        }
        for head in 0..self.heads {
            if truth.head_force_n[head] > self.jammed_limit_n[head] {
                self.rises.get_or_insert((truth.head_force_n[head], self.jammed_limit_n[head]));
            }
        }
        let watts = outputs.heaters.iter().map(|power| power.raw()).max().unwrap_or_default();
        if self.latched && passed > HEATERS && watts > 0 && outputs.power {
            self.heating_w.get_or_insert(f64::from(watts) * 0.1);
        }
    }

    /// Force of both heads at the edge, N.
    #[must_use]
    pub fn from_n(&self) -> f64 {
        self.from_n
    }

    /// Seconds that the release may take.
    #[must_use]
    pub fn allowed_s(&self) -> f64 {
        self.allowed_s
    }

    /// Seconds from the edge until the person was pressed for the last time; zero where they were free.
    #[must_use]
    pub fn released_s(&self) -> f64 {
        self.last_pressed.map_or(0.0, |last| since(last, self.at).raw() as f64 * 1e-6)
    }

    pub(crate) fn is_latched(&self) -> bool {
        self.latched
    }

    pub(crate) fn late(&self) -> Option<f64> {
        Some(self.released_s()).filter(|seconds| *seconds > self.allowed_s)
    }

    pub(crate) fn heating_w(&self) -> Option<f64> {
        self.heating_w
    }

    pub(crate) fn jammed_rises(&self) -> Option<(f64, f64)> {
        self.rises
    }
}

#[cfg(test)]
mod tests {
    use super::allowed_s;

    #[test]
    fn a_stop_may_take_what_the_measures_say_and_straight_lines_between() {
        for (force, seconds) in [(0.0, 0.5), (60.0, 0.5), (80.0, 0.6), (100.0, 0.7), (125.0, 0.85), (150.0, 1.0), (400.0, 1.0)] {
            assert!((allowed_s(force) - seconds).abs() < 1e-12, "{force} N");
        }
    }
}
