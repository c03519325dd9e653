//! A stop and what must follow it: how long the person may still be pressed, by the drives that are left.

use crate::checks::{FREE_N, since};
use crate::world::World;
use counts::{HEADS_MAX, Instant, Micros};
use machine::Response;

/// Heaters are told off within this after a stop. Source: Design; a cycle, and the settling of a switch.
const HEATERS: Micros = Micros::from_millis(60);
/// The machine is in its safe state within this after the edge of a stop, and stays there. Source: Design;
/// five times what a switch takes to settle.
const LATCHES: Micros = Micros::from_millis(100);
/// Time without power or with a silent drive, s.
const UNPOWERED_S: f64 = 2.0;
/// Time for the other lift where one is jammed, s.
const JAMMED_S: f64 = 1.0;
/// Time by starting force, N and s.
const BY_FORCE: [(f64, f64); 3] = [(60.0, 0.5), (100.0, 0.7), (150.0, 1.0)];
/// A carriage has braked within this after a stop. Source: 60 mm/s at 0.5 m/s2 and its delay.
const BRAKED: Micros = Micros::from_millis(300);
/// A carriage that has moved farther than this drags a jammed head, mm. Source: Design.
const DRAGGED_MM: f64 = 5.0;
/// What breath adds to the force of a head that stands still, factor and N. Guess: 2 mm either way on
/// 5 N/mm. A jammed head cannot rise by itself: what the machine can do wrong is to drag it.
const BREATH: (f64, f64) = (1.15, 10.0);

/// A stop under way or done.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    at: Instant,
    from_n: f64,
    allowed_s: f64,
    latched: bool,
    watched: [bool; HEADS_MAX],
    jammed: [Option<Rest>; HEADS_MAX],
    last_pressed: Option<Instant>,
    over: bool,
    heating_w: Option<f64>,
    unlatched_s: Option<f64>,
    rises: Option<(f64, f64)>,
    heads: usize,
}

/// Where a jammed head came to rest with its carriage, and its force there, mm and N.
type Rest = (f64, f64);

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

/// Force of both heads of the carriage that presses most, N.
fn most_n(world: &World) -> f64 {
    let truth = world.twin().truth();
    (0..world.twin().bed().carriages.len()).map(|index| truth.force_n(index)).fold(0.0, f64::max)
}

/// Whether a head's lift is jammed; a coupled lift is that of the first head.
fn is_jammed(world: &World, head: usize) -> bool {
    let lift = if world.twin().bed().lift.coupled { head - head % 2 } else { head };
    world.twin().faults().lift_stuck[lift]
}

impl Stop {
    /// A stop whose input edge is at `at`, judged from the force of now.
    #[must_use]
    pub fn new(world: &World, at: Instant, latched: bool) -> Self {
        let faults = world.twin().faults();
        let heads = world.twin().bed().heads();
        let from_n = most_n(world);
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
        for head in 0..heads {
            watched[head] = !is_jammed(world, head);
        }
        Self {
            at,
            from_n,
            allowed_s,
            latched,
            watched,
            jammed: [None; HEADS_MAX],
            last_pressed: None,
            over: false,
            heating_w: None,
            unlatched_s: None,
            rises: None,
            heads,
        }
    }

    /// Looks at a world after each of its steps.
    pub fn look(&mut self, world: &World) {
        let now = world.now();
        if now <= self.at {
            // The edge is still to come: what is allowed follows from the force there.
            *self = Self::new(world, self.at, self.latched);
            return;
        }
        if self.over {
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
        for head in (0..self.heads).filter(|head| !self.watched[*head] && passed >= BRAKED) {
            let (x, force) = (truth.carriage_mm[head / 2], truth.head_force_n[head]);
            let (from, rested) = *self.jammed[head].get_or_insert((x, force));
            let limit = BREATH.0 * rested + BREATH.1;
            if (x - from).abs() > DRAGGED_MM && force > limit {
                self.rises.get_or_insert((force, limit));
            }
        }
        if self.latched && passed > LATCHES && world.machine().response() < Response::Release {
            self.unlatched_s.get_or_insert(passed.raw() as f64 * 1e-6);
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

    pub(crate) fn unlatched_s(&self) -> Option<f64> {
        self.unlatched_s
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
        for (force, seconds) in
            [(0.0, 0.5), (60.0, 0.5), (80.0, 0.6), (100.0, 0.7), (125.0, 0.85), (150.0, 1.0), (400.0, 1.0)]
        {
            assert!((allowed_s(force) - seconds).abs() < 1e-12, "{force} N");
        }
    }
}
