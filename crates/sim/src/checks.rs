//! What must never happen, judged by the twin's truth at every step.
//!
//! Terms: a limit is *crossed* when the true force stays above it for more than 100 ms or exceeds it by
//! 15 %; skin, dose and element: never. In the first 0.3 s of a *motion of the person's own* a force may
//! exceed its limit if both lifts of the carriage are told to go down at full speed within 50 ms. (Told,
//! since a lift with 1 m/s2 needs 80 ms to reach that speed.) Each cough, and lifting and lowering the
//! pelvis, is a motion of its own.
//!
//! What holds depends on what is broken ([`Regime`]). With nothing broken in the bed the ceilings hold
//! (100 N, 12 % of the body weight falling to 6 % over the pelvis, 30 N at the neck, 60 N a head from the contact pressure, 45 C, 43 C as
//! a mean, 30 CEM43). With one part broken the hard stops hold (150 N, 60 N at the neck, 48 C, 120 CEM43):
//! a load cell that lies by less than its second opinion can tell is not seen before the force has risen,
//! and the guard's table promises no more under a single fault. With nothing broken but control the guard
//! alone holds the ceilings, as exactly as its load cells tell the force: three standard deviations of
//! their gain and drift are added there, and nowhere else (a good control keeps below by itself). The element's 60 C hold always; its
//! thermometer is within `accuracy_k` (one standard deviation), so the element itself is judged at 60 C
//! and three of those.
//!
//! A *stop* is judged from its input edge until both heads stay under 10 N: 0.5 s from 60 N, 0.7 s from
//! 100 N, 1.0 s from 150 N, straight lines between; 2.0 s without power or where a drive is silent; with
//! one lift jammed 1.0 s for the other. After that no head may press again and no heater may be told to
//! heat, and the machine must stay in its safe state. This module does not judge whether a good session is left alone.
//!
//! Source of all figures: the definitions of "a limit is crossed" and "stop" among the measures, and
//! `safety/limits.toml`.

use crate::stop::Stop;
use crate::world::World;
use bed::limits::{
    CONTACT_PRESSURE_KPA, DOSE_DAY_CEM43, DOSE_PROGRAM_CEM43, DOSE_SINGLE_FAULT_CEM43, ELEMENT_C,
    FORCE_CEILING_N, FORCE_DEFAULT_N, FORCE_HARD_N, FORCE_OF_WEIGHT, NECK_CEILING_N, NECK_HARD_N,
    PRESSURE_PEAK_FACTOR, SKIN_INSTANT_C, SKIN_MEAN_C, SKIN_SINGLE_FAULT_C, force_of_weight_at,
};
use bed::{Admission, BedConfig, Side};
use counts::{AxisTarget, CARRIAGES_MAX, HEADS_MAX, Instant, Micros};
use machine::Response;
use serde::Serialize;
use std::collections::VecDeque;

/// A force may stand above its limit for so long.
const STANDS: Micros = Micros::from_millis(100);
/// A force may exceed its limit by this factor.
const EXCEEDS: f64 = 1.15;
/// The beginning of a person's own motion.
const MOTION: Micros = Micros::from_millis(300);
/// Both lifts must be told down within this.
const YIELD: Micros = Micros::from_millis(50);
/// Share of the full speed that counts as full.
const FULL: f64 = 0.99;
/// Heat is looked at so often. Source: the twin's own heat moves no faster.
const HEAT: Micros = Micros::from_millis(20);
/// Length of one entry of the running mean of skin temperature, and entries in ten minutes.
const MEAN: (f64, usize) = (5.0, 120);
/// A head that presses less does not press.
pub(crate) const FREE_N: f64 = 10.0;
/// Standard gravity, m/s2. Source: CGPM 1901.
const GRAVITY: f64 = 9.806_65;
/// An axis that was told to travel so far and did not move must have been noticed, mm. Source: Design; five
/// times what the guard waits for (4 mm lift, 6 mm carriage).
const JAM_MM: f64 = 30.0;
/// ... within this time. Source: Design; the guard's longest look at an axis is 1.5 s.
const JAM_NOTICED: Micros = Micros::from_millis(1600);

/// Which limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// No part of the bed is broken, whatever host and control do.
    Whole,
    /// Control asks for anything at all; no part of the bed is broken.
    BrokenControl,
    /// One part of the bed is broken.
    SingleFault,
}

/// What was crossed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Force of both heads of a carriage, N.
    Force,
    /// The same headward of the neck line, N.
    Neck,
    /// Force of one head, from the contact pressure, N.
    Head,
    /// Skin, C.
    Skin,
    /// Skin as a mean over ten minutes, C.
    SkinMean,
    /// Heat dose, CEM43.
    Dose,
    /// Heating element, C.
    Element,
    /// Release after a stop, s from its edge.
    Release,
    /// A stop that did not latch, s from its edge.
    Latch,
    /// Heat after a stop, W.
    HeatAfterStop,
    /// Power that must be gone and is not, s.
    Power,
    /// Force of a jammed head that is dragged to where it presses more, N.
    JammedRises,
    /// A jam that nobody noticed, mm that were told and not done.
    Jam,
    /// Force or heat before the hand switch was pressed, N or W.
    Unpermitted,
}

/// A limit that was crossed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Crossing {
    /// Which.
    pub what: What,
    /// When first, s.
    pub at_s: f64,
    /// The value at that moment.
    pub value: f64,
    /// The limit.
    pub limit: f64,
}

/// The largest values seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Worst {
    /// Force over its limit.
    pub force_share: f64,
    /// Force of both heads of a carriage, N.
    pub force_n: f64,
    /// Skin, C.
    pub skin_c: f64,
    /// Heat dose, CEM43.
    pub dose_cem43: f64,
    /// Heating element, C.
    pub element_c: f64,
}

/// How long a value has stood above its limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Over {
    above: Option<Instant>,
    far: Option<Instant>,
}

impl Over {
    /// Takes a value over its limit; `motion` in the first moments of a person's own motion, `yields`
    /// where both lifts are told down. True when the limit is crossed.
    fn crossed(&mut self, now: Instant, share: f64, motion: bool, yields: bool) -> bool {
        if share <= 1.0 {
            *self = Self::default();
            return false;
        }
        if motion {
            self.above = Some(now);
            if share <= EXCEEDS || yields {
                self.far = None;
                return false;
            }
            let far = *self.far.get_or_insert(now);
            return since(now, far) > YIELD;
        }
        self.far = None;
        let above = *self.above.get_or_insert(now);
        share > EXCEEDS || since(now, above) > STANDS
    }
}

pub(crate) fn since(now: Instant, then: Instant) -> Micros {
    now.since(then).unwrap_or(Micros::ZERO)
}

/// An axis that is jammed: what it was told since.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Jam {
    lift: bool,
    index: usize,
    /// Travel told since, and its extremes, mm.
    told: (f64, f64, f64),
    due: Option<Instant>,
}

/// Watches one world. A clone goes with a checkpoint.
#[derive(Clone, Debug)]
pub struct Checker {
    regime: Regime,
    carriages: usize,
    zones: usize,
    neck_line_mm: f64,
    down_um_s: f64,
    element_c: f64,
    ceilings: [f64; 3],
    weight_n: f64,
    /// Three standard deviations of the load cells' gain, and of their drift, N.
    tolerance: (f64, f64),
    dose_cem43: f64,
    motions: Vec<Instant>,
    sums: [Over; CARRIAGES_MAX],
    singles: [Over; HEADS_MAX],
    jams: Vec<Jam>,
    heat_next: Instant,
    mean_next_s: f64,
    /// Skin of each place, left and right of each strip, every [`MEAN`] seconds.
    skins: VecDeque<Vec<f32>>,
    power_gone_by: Option<Instant>,
    permitted: bool,
    stop: Option<Stop>,
    crossings: Vec<Crossing>,
    worst: Worst,
}

impl Checker {
    /// A checker for a person of this mass on this bed, admitted so; nothing is broken yet.
    #[must_use]
    pub fn new(bed: &BedConfig, mass_kg: f64, admission: &Admission) -> Self {
        let weight_n = mass_kg * GRAVITY;
        let mut force = f64::from(FORCE_CEILING_N).min(f64::from(FORCE_OF_WEIGHT) * weight_n);
        if admission.first_session.unwrap_or(true) {
            force = force.min(f64::from(FORCE_DEFAULT_N));
        }
        if let Some(cap) = admission.force_cap {
            force = force.min(f64::from(cap.raw()) * 0.1);
        }
        let head = f64::from(CONTACT_PRESSURE_KPA) * 1e-3 * f64::from(bed.roller.contact_area_mm2)
            / f64::from(PRESSURE_PEAK_FACTOR);
        let today = admission.dose_today.map_or(30.0, |dose| f64::from(dose.raw()) * 1e-3);
        let accuracy = (0..bed.zones())
            .filter_map(|zone| bed.heater(zone))
            .fold(0.0, |most, heater| f64::max(most, f64::from(heater.accuracy_k)));
        Self {
            regime: Regime::Whole,
            carriages: bed.carriages.len(),
            zones: bed.zones(),
            neck_line_mm: f64::from(bed.neck_line_mm),
            down_um_s: f64::from(bed.lift.speed_down_mm_s) * 1e3,
            element_c: f64::from(ELEMENT_C) + 3.0 * accuracy,
            ceilings: [force, force.min(f64::from(NECK_CEILING_N)), head],
            weight_n,
            tolerance: bed
                .load_cell
                .as_ref()
                .map_or((0.0, 3.0 * f64::from(bed.lift.thrust_noise_n)), |cell| {
                    (3.0 * f64::from(cell.gain), 3.0 * f64::from(cell.drift_10min_n))
                }),
            dose_cem43: f64::from(DOSE_PROGRAM_CEM43).min(f64::from(DOSE_DAY_CEM43) - today),
            motions: Vec::new(),
            sums: Default::default(),
            singles: Default::default(),
            jams: Vec::new(),
            heat_next: Instant::START,
            mean_next_s: 0.0,
            skins: VecDeque::new(),
            power_gone_by: None,
            permitted: true,
            stop: None,
            crossings: Vec::new(),
            worst: Worst::default(),
        }
    }

    /// From now on these limits hold.
    pub fn set_regime(&mut self, regime: Regime) {
        self.regime = regime;
    }

    /// Nothing may press or heat: the hand switch has not been pressed and will not be.
    pub fn forbid(&mut self) {
        self.permitted = false;
    }

    /// Forgets what it has seen, as at the beginning of a window.
    pub fn forget(&mut self) {
        self.crossings.clear();
        self.worst = Worst::default();
    }

    /// A motion of the person's own begins.
    pub fn moves(&mut self, at: Instant) {
        self.motions.push(at);
    }

    /// A stop was asked for, or must follow by itself, at `at`; latched, or only until force comes back.
    pub fn stops(&mut self, world: &World, at: Instant, latched: bool) {
        self.stop = Some(Stop::new(world, at, latched));
    }

    /// Power must be gone at `at`.
    pub fn powers_off(&mut self, at: Instant) {
        self.power_gone_by = Some(at);
    }

    /// An axis jams now.
    pub fn jams(&mut self, lift: bool, index: usize) {
        self.jams.push(Jam { lift, index, told: (0.0, 0.0, 0.0), due: None });
    }

    /// What was crossed so far, each limit once.
    #[must_use]
    pub fn crossings(&self) -> &[Crossing] {
        &self.crossings
    }

    /// The largest values so far.
    #[must_use]
    pub fn worst(&self) -> Worst {
        self.worst
    }

    /// The stop under way or done.
    #[must_use]
    pub fn stop(&self) -> Option<&Stop> {
        self.stop.as_ref()
    }

    fn cross(&mut self, what: What, now: Instant, value: f64, limit: f64) {
        if self.crossings.iter().all(|crossing| crossing.what != what) {
            self.crossings.push(Crossing { what, at_s: now.seconds(), value, limit });
        }
    }

    /// Looks at a world after each of its steps.
    pub fn look(&mut self, world: &World) {
        self.look_at_force(world);
        self.look_at_stop(world);
        self.look_at_jams(world);
        if !self.permitted {
            self.look_at_permission(world);
        }
        let now = world.now();
        if now >= self.heat_next {
            self.heat_next = now.after(HEAT);
            self.look_at_heat(world);
        }
        if let Some(by) = self.power_gone_by.filter(|by| now > *by)
            && world.outputs().power
        {
            self.cross(What::Power, now, since(now, by).raw() as f64 * 1e-6, 0.0);
        }
    }

    fn look_at_force(&mut self, world: &World) {
        let truth = world.twin().truth();
        let now = truth.now;
        let motion = self.motions.iter().any(|begun| now.since(*begun).is_some_and(|span| span <= MOTION));
        for carriage in 0..self.carriages {
            let heads = [2 * carriage, 2 * carriage + 1];
            let yields = heads.iter().all(|head| self.goes_down(world, *head));
            let neck = truth.carriage_mm[carriage] < self.neck_line_mm;
            let limit = match (self.regime, neck) {
                (Regime::SingleFault, false) => f64::from(FORCE_HARD_N),
                (Regime::SingleFault, true) => f64::from(NECK_HARD_N),
                (_, neck) => {
                    let share = force_of_weight_at((truth.carriage_mm[carriage] - self.neck_line_mm) as f32);
                    self.known(self.ceilings[usize::from(neck)].min(f64::from(share) * self.weight_n))
                }
            };
            let force = truth.force_n(carriage);
            self.worst.force_n = self.worst.force_n.max(force);
            self.worst.force_share = self.worst.force_share.max(force / limit);
            if self.sums[carriage].crossed(now, force / limit, motion, yields) {
                self.cross(if neck { What::Neck } else { What::Force }, now, force, limit);
            }
            if self.regime == Regime::SingleFault {
                continue;
            }
            for head in heads {
                let (force, limit) = (truth.head_force_n[head], self.known(self.ceilings[2]));
                if self.singles[head].crossed(now, force / limit, motion, yields) {
                    self.cross(What::Head, now, force, limit);
                }
            }
        }
    }

    /// A ceiling as exactly as it can be held.
    fn known(&self, ceiling: f64) -> f64 {
        match self.regime {
            Regime::BrokenControl => ceiling * (1.0 + self.tolerance.0) + self.tolerance.1,
            _ => ceiling,
        }
    }

    /// Whether a lift is told to go down at full speed, or has no power and sinks.
    fn goes_down(&self, world: &World, head: usize) -> bool {
        let outputs = world.outputs();
        match outputs.lifts[head] {
            AxisTarget::Velocity(told) if outputs.power => f64::from(told.raw()) <= -FULL * self.down_um_s,
            _ => true,
        }
    }

    fn look_at_stop(&mut self, world: &World) {
        let now = world.now();
        let released = world.machine().response() >= Response::Release;
        if released && self.stop.as_ref().is_none_or(|stop| !stop.is_latched()) {
            self.stop = Some(Stop::new(world, now, true));
        }
        let Some(stop) = &mut self.stop else { return };
        stop.look(world);
        let found = [
            stop.late().map(|value| (What::Release, value, stop.allowed_s())),
            stop.unlatched_s().map(|value| (What::Latch, value, 0.0)),
            stop.heating_w().map(|value| (What::HeatAfterStop, value, 0.0)),
            stop.jammed_rises().map(|(value, limit)| (What::JammedRises, value, limit)),
        ];
        for (what, value, limit) in found.into_iter().flatten() {
            self.cross(what, now, value, limit);
        }
    }

    fn look_at_jams(&mut self, world: &World) {
        let now = world.now();
        let outputs = world.outputs();
        let noticed = world.machine().response() >= Response::Release || !outputs.power;
        let mut missed = None;
        for jam in &mut self.jams {
            let target = if jam.lift { outputs.lifts[jam.index] } else { outputs.carriages[jam.index] };
            if let AxisTarget::Velocity(told) = target {
                let (sum, least, most) = jam.told;
                let sum = sum + f64::from(told.raw()) * 1e-3 * 0.002;
                jam.told = (sum, least.min(sum), most.max(sum));
            }
            let travel = jam.told.2 - jam.told.1;
            if travel > JAM_MM && jam.due.is_none() {
                jam.due = Some(now.after(JAM_NOTICED));
            }
            if !noticed && jam.due.is_some_and(|due| now > due) {
                missed = Some(travel);
            }
        }
        if let Some(travel) = missed {
            self.cross(What::Jam, now, travel, JAM_MM);
        }
    }

    fn look_at_permission(&mut self, world: &World) {
        let truth = world.twin().truth();
        let force = truth.head_force_n.iter().fold(0.0_f64, |most, force| most.max(*force));
        let watts = world.outputs().heaters.iter().map(|power| power.raw()).max().unwrap_or_default();
        if force > FREE_N {
            self.cross(What::Unpermitted, truth.now, force, FREE_N);
        }
        if watts > 0 {
            self.cross(What::Unpermitted, truth.now, f64::from(watts) * 0.1, 0.0);
        }
    }

    fn look_at_heat(&mut self, world: &World) {
        let heat = world.twin().heat();
        let now = world.now();
        let (skin, dose) = (heat.skin_max_c(), heat.cem43_max());
        let element = (0..self.zones).fold(0.0, |most, zone| f64::max(most, heat.element_c(zone)));
        let worst = &mut self.worst;
        worst.skin_c = worst.skin_c.max(skin);
        worst.dose_cem43 = worst.dose_cem43.max(dose);
        worst.element_c = worst.element_c.max(element);
        let (skin_limit, dose_limit) = match self.regime {
            Regime::Whole | Regime::BrokenControl => (f64::from(SKIN_INSTANT_C), self.dose_cem43),
            Regime::SingleFault => (f64::from(SKIN_SINGLE_FAULT_C), f64::from(DOSE_SINGLE_FAULT_CEM43)),
        };
        for (what, value, limit) in [
            (What::Skin, skin, skin_limit),
            (What::Dose, dose, dose_limit),
            (What::Element, element, self.element_c),
        ] {
            if value > limit {
                self.cross(what, now, value, limit);
            }
        }
        if now.seconds() >= self.mean_next_s {
            self.mean_next_s = now.seconds() + MEAN.0;
            self.look_at_mean(world);
        }
    }

    /// The mean of ten minutes at each place; nothing is said before ten minutes have passed.
    fn look_at_mean(&mut self, world: &World) {
        let heat = world.twin().heat();
        let sides = [Side::Left, Side::Right];
        let skins = (0..heat.strips()).flat_map(|strip| sides.map(|side| heat.skin_c(strip, side) as f32));
        self.skins.push_back(skins.collect());
        if self.skins.len() <= MEAN.1 {
            return;
        }
        self.skins.pop_front();
        let places = self.skins.back().map_or(0, Vec::len);
        let mean = |place: usize| {
            self.skins.iter().map(|skins| f64::from(skins[place])).sum::<f64>() / MEAN.1 as f64
        };
        let hottest = (0..places).map(mean).fold(f64::MIN, f64::max);
        let limit = f64::from(SKIN_MEAN_C);
        if self.regime != Regime::SingleFault && hottest > limit {
            self.cross(What::SkinMean, world.now(), hottest, limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds until a force of this share counts as a crossing, within a second.
    fn crossed_after_ms(share: f64, motion_ms: u64, yields_from_ms: u64) -> Option<u64> {
        let mut over = Over::default();
        (0..500).map(|step| 2 * step).find(|ms| {
            let now = Instant::from_micros(ms * 1000);
            over.crossed(now, share, *ms <= motion_ms, *ms >= yields_from_ms)
        })
    }

    const NEVER: u64 = u64::MAX;

    #[test]
    fn a_force_a_little_above_its_limit_is_a_crossing_after_a_tenth_of_a_second() {
        assert_eq!(crossed_after_ms(1.0, 0, NEVER), None);
        // The moment at zero is one of motion: the clock starts there.
        assert_eq!(crossed_after_ms(1.1, 0, NEVER), Some(102));
    }

    #[test]
    fn a_force_far_above_its_limit_is_a_crossing_at_once_but_for_a_motion_that_is_yielded_to() {
        assert_eq!(crossed_after_ms(1.2, 0, NEVER), Some(2));
        assert_eq!(crossed_after_ms(1.2, 300, NEVER), Some(52));
        assert_eq!(crossed_after_ms(1.2, 300, 40), Some(302), "a motion excuses 0.3 s, no more");
    }
}
