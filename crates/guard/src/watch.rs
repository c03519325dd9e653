//! The watches of one cycle: forces, axes, heat. Each tells the supervisor what it found, and cuts
//! the command to what may pass.

use crate::defect::Defect;
use crate::dose::{Book, Contact, Mat, TICK, Warmth};
use crate::envelope::{AxisRule, AxisWatch, CARRIAGE_SPANS, reaction, rise_max};
use crate::force::{Ceilings, HeadForce, smoothed};
use crate::fresh::{FRESH, SILENT, SILENT_HEAT};
use crate::gate::{Guard, Moment};
use crate::heat::{Zone, ZoneState, surface_cap};
use crate::limits;
use crate::permission::CarryIn;
use crate::persist::{Debounce, since};
use crate::setup::Setup;
use crate::supervisor::{Found, Told};
use counts::{
    AxisTarget, CARRIAGES_MAX, DeciNewtons, DeciWatts, Fault, HEADS_MAX, HEATERS_MAX, Instant,
    MicrometresPerSecond, Micros, Targets,
};

/// A force this far above its ceiling, thousandths of it, is unloaded after [`OVER_FAR_HOLD`]. Source:
/// two thirds of the 15 % at which a limit is crossed (measures).
const OVER_FAR: i32 = 1100;
/// See [`OVER_FAR`]. Source: both lifts go down within 50 ms of a person's own motion (measures).
const OVER_FAR_HOLD: Micros = Micros::from_millis(8);
/// A head that is clear may rise at least so fast, um/s: it brakes within 3 mm (delay and 1 m/s2), and
/// is clear no longer 15 mm below the pad's top.
const APPROACH: i32 = 40_000;
/// A head touches from this force on, tenths of a newton. Source: Design; the load cell's drift (2 N).
const TOUCHES: i32 = 25;
/// A head below this height touches nobody, um; the pad's top stands at 30 mm.
pub(crate) const LOW: i32 = 5_000;
/// A command may be so much beyond its range before control is at fault, thousandths. Design: rounding and
/// one cycle of ramp; what passes is cut to the range all the same.
const RANGE: i64 = 1050;

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forces {
    pub heads: [HeadForce; HEADS_MAX],
    pub ceilings: [Ceilings; CARRIAGES_MAX],
    over_far: [Debounce; CARRIAGES_MAX],
    head_far: [Debounce; HEADS_MAX],
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Axes {
    lifts: [AxisWatch; HEADS_MAX],
    carriages: [AxisWatch; CARRIAGES_MAX],
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heats {
    pub book: Book,
    zones: [Zone; HEATERS_MAX],
    pub states: [ZoneState; HEATERS_MAX],
    warmth: [Warmth; HEATERS_MAX],
    site_over: [bool; HEADS_MAX],
    mats: [Mat; 4],
    mats_in_use: usize,
    /// Energy since the last tick, tenths of a watt x us.
    fed: [i64; HEATERS_MAX],
    ticked: Instant,
}

impl Heats {
    pub(crate) fn new(setup: &Setup) -> Self {
        let used = &setup.carriage[..setup.carriages.min(CARRIAGES_MAX)];
        let from = used.iter().map(|carriage| carriage.from.raw().clamp(0, 3_000_000)).min().unwrap_or(0);
        let to = used.iter().map(|carriage| carriage.to.raw().clamp(0, 3_000_000)).max().unwrap_or(0);
        Self {
            book: Book::new(from, to.max(from)),
            zones: [Zone::default(); HEATERS_MAX],
            states: [ZoneState::default(); HEATERS_MAX],
            warmth: [Warmth::default(); HEATERS_MAX],
            site_over: [false; HEADS_MAX],
            mats: [Mat::default(); 4],
            mats_in_use: 0,
            fed: [0; HEATERS_MAX],
            ticked: Instant::START,
        }
    }
}

fn velocity(target: AxisTarget) -> Option<i32> {
    match target {
        AxisTarget::Velocity(velocity) => Some(velocity.raw()),
        AxisTarget::Released => None,
    }
}

impl Guard {
    /// Whether a head cannot touch the person: it stands below half the pad's height.
    pub(crate) fn is_clear(&self, now: Instant, head: usize) -> bool {
        let height = &self.senses.heads[head].height;
        height.is_fresh(now, FRESH) && height.value <= self.setup.lift.pad_above.raw() / 2
    }

    pub(crate) fn watch_forces(
        &mut self,
        moment: &Moment,
        weight: Option<DeciNewtons>,
        carry: &CarryIn,
        cleared: &mut Told,
    ) {
        let (now, at) = (moment.now, moment.at);
        for head in 0..self.setup.heads() {
            let sense = &self.senses.heads[head];
            let low = sense.height.is_fresh(now, FRESH) && sense.height.value <= LOW;
            self.forces.heads[head].take((now, moment.dt), sense, low, &self.setup, self.planted);
            let ignores = self.planted.has(Defect::IgnoresAge);
            let height = sense.height.is_silent(now, SILENT) && !ignores;
            let drive = sense.drive.is_silent(now, SILENT) && !ignores;
            let fault = sense.drive.spoken && sense.drive.value == 2;
            let force = &self.forces.heads[head];
            let (silent, parted) = (force.silent, force.parted);
            for (found, row) in [
                (silent, Fault::ForceSilent),
                (parted, Fault::ForceDisagrees),
                (height, Fault::HeightSilent),
                (drive, Fault::DriveSilent),
                (fault, Fault::DriveFault),
            ] {
                self.supervisor.report(at, (row, head), found, cleared);
            }
        }
        for carriage in 0..self.setup.carriages {
            let position = &self.senses.carriages[carriage].position;
            let known = position.is_fresh(now, FRESH).then_some(position.value);
            let mut ceilings = Ceilings::at(&self.setup, known, weight, carry);
            if known.is_none() && position.spoken && position.value >= self.setup.neck_line.raw() {
                // A reading that is late lowers the ceiling, but proves no hit of the neck's hard stop.
                ceilings.hard = i32::from(limits::FORCE_HARD.raw());
            }
            self.forces.ceilings[carriage] = ceilings;
            self.report_ceilings(at, carriage, cleared);
        }
    }

    fn report_ceilings(&mut self, at: Instant, carriage: usize, cleared: &mut Told) {
        let ceilings = self.forces.ceilings[carriage];
        let heads = [2 * carriage, 2 * carriage + 1];
        let used: i32 = heads.iter().map(|head| self.forces.heads[*head].used).sum();
        let sum: i32 = heads.iter().map(|head| self.forces.heads[*head].steady).sum();
        let ignores = self.planted.has(Defect::IgnoresForce);
        let found = |over: bool, far: bool| match (over && !ignores, far && !ignores) {
            (_, true) => Found::Certain,
            (over, false) => over.into(),
        };
        let far = sum > ceilings.sum * OVER_FAR / 1000 + 20;
        let far = self.forces.over_far[carriage].holds(at, far, OVER_FAR_HOLD);
        let over = found(sum > ceilings.sum, far);
        let (neck, body) = if ceilings.neck { (over, Found::Absent) } else { (Found::Absent, over) };
        self.supervisor.report(at, (Fault::NeckForce, carriage), neck, cleared);
        self.supervisor.report(at, (Fault::ForceCeiling, carriage), body, cleared);
        let hard = found(used > ceilings.hard, false);
        self.supervisor.report(at, (Fault::ForceHard, carriage), hard, cleared);
        for head in heads {
            let force = self.forces.heads[head].steady;
            let far = force > ceilings.head * OVER_FAR / 1000;
            let far = self.forces.head_far[head].holds(at, far, OVER_FAR_HOLD);
            let found = found(force > ceilings.head, far);
            self.supervisor.report(at, (Fault::ContactPressure, head), found, cleared);
        }
    }

    pub(crate) fn watch_axes(&mut self, moment: &Moment, told: &Targets, cleared: &mut Told) {
        let (now, at, dt) = (moment.now, moment.at, moment.dt);
        let ignores = self.planted.has(Defect::IgnoresStall);
        let lift = AxisRule {
            acceleration: self.setup.lift.acceleration.raw(),
            ends: (0, self.setup.lift.stroke.raw()),
            least: 4_000,
            spans: [Micros::from_millis(200), Micros::from_millis(1000), Micros::from_millis(1000)],
        };
        for head in 0..self.setup.heads() {
            let height = &self.senses.heads[head].height;
            let place = height.is_fresh(now, FRESH).then_some(height.value);
            let stuck = !self.axes.lifts[head].follows(at, dt, velocity(told.lifts[head]), place, &lift);
            self.supervisor.report(at, (Fault::LiftStuck, head), stuck && !ignores, cleared);
        }
        for carriage in 0..self.setup.carriages {
            let setup = &self.setup.carriage[carriage];
            let rule = AxisRule {
                acceleration: setup.acceleration.raw(),
                ends: (setup.from.raw(), setup.to.raw()),
                least: 6_000,
                spans: CARRIAGE_SPANS,
            };
            let sense = &self.senses.carriages[carriage];
            let place = sense.position.is_fresh(now, FRESH).then_some(sense.position.value);
            let told = velocity(told.carriages[carriage]);
            let stalled = !self.axes.carriages[carriage].follows(at, dt, told, place, &rule);
            let aged = !self.planted.has(Defect::IgnoresAge);
            let silent = sense.position.is_silent(now, SILENT) && aged;
            let drive = sense.drive.is_silent(now, SILENT) && aged;
            let fault = sense.drive.spoken && sense.drive.value == 2;
            // Drives count on after those of the lifts.
            let index = HEADS_MAX + carriage;
            self.supervisor.report(at, (Fault::CarriageStalled, carriage), stalled && !ignores, cleared);
            self.supervisor.report(at, (Fault::CarriageSilent, carriage), silent, cleared);
            self.supervisor.report(at, (Fault::DriveSilent, index), drive, cleared);
            self.supervisor.report(at, (Fault::DriveFault, index), fault, cleared);
        }
    }

    pub(crate) fn watch_heat(
        &mut self,
        moment: &Moment,
        told: &Targets,
        carry: &CarryIn,
        cleared: &mut Told,
    ) {
        let (now, at) = (moment.now, moment.at);
        let cap = surface_cap(carry);
        let passed = since(at, self.heats.ticked);
        let ticks = passed >= TICK;
        let mut mats = [Mat::default(); 4];
        let mut mat_count = 0;
        for zone in 0..HEATERS_MAX {
            let Some(setup) = &self.setup.heaters[zone] else { continue };
            let sense = &self.senses.heaters[zone];
            self.heats.fed[zone] += i64::from(told.heaters[zone].raw()) * moment.dt.raw().min(10_000) as i64;
            if ticks {
                let power = DeciWatts::new((self.heats.fed[zone] / (passed.raw() as i64).max(1)) as i16);
                self.heats.fed[zone] = 0;
                self.heats.states[zone] = self.heats.zones[zone].step(at, passed, sense, setup, power, cap);
            }
            let mut state = self.heats.states[zone];
            let mut silent =
                sense.element.is_silent(now, SILENT_HEAT) || sense.surface.is_silent(now, SILENT_HEAT);
            if self.planted.has(Defect::IgnoresElement) {
                state.element_hot = false;
                state.implausible = false;
                state.may_heat = true;
            }
            silent &= !self.planted.has(Defect::IgnoresAge);
            state.may_heat &= !silent;
            let touches = setup.mat.is_some() || self.touches(now, zone);
            for (fault, found) in [
                (Fault::TemperatureSilent, silent),
                (Fault::ElementHot, state.element_hot),
                (Fault::SurfaceHot, state.surface_hot && touches),
                (Fault::TemperatureImplausible, state.implausible),
            ] {
                self.supervisor.report(at, (fault, zone), found, cleared);
            }
            if let Some((from, to)) = setup.mat
                && mat_count < mats.len()
            {
                // A mat whose thermometer has never spoken is not warm for the book, only silent.
                let surface = if state.surface == i32::MAX { 0 } else { state.surface };
                mats[mat_count] = Mat { from: from.raw(), to: to.raw(), surface };
                mat_count += 1;
            }
            self.heats.states[zone] = state;
        }
        self.heats.mats = mats;
        self.heats.mats_in_use = mat_count;
        self.count_dose(moment, cleared);
    }

    fn touches(&self, now: Instant, head: usize) -> bool {
        head < self.setup.heads() && (!self.is_clear(now, head) || self.forces.heads[head].used > TOUCHES)
    }

    fn count_dose(&mut self, moment: &Moment, cleared: &mut Told) {
        let (now, at) = (moment.now, moment.at);
        let mats = self.heats.mats;
        let mats = &mats[..self.heats.mats_in_use];
        self.heats.book.sweep(at, mats);
        let passed = since(at, self.heats.ticked);
        if passed >= TICK {
            self.heats.ticked = at;
            for head in 0..self.setup.heads() {
                (self.heats.warmth[head], self.heats.site_over[head]) = if self.touches(now, head) {
                    let heated = self.setup.heaters[head].is_some();
                    let contact = Contact {
                        side: head % 2,
                        at: self.senses.carriages[head / 2].position.value,
                        // Strips that are touched in part count whole, which adds half a strip at each end.
                        half: self.setup.roller_radius.raw() / 2,
                        surface: if heated { self.heats.states[head].surface } else { 0 },
                        force: self.forces.heads[head].used,
                    };
                    self.heats.book.touch(at, passed, &contact, mats)
                } else {
                    (Warmth::default(), false)
                };
            }
            let warm = self.heats.book.warm_mats(at, mats);
            let zones =
                (0..HEATERS_MAX).filter(|zone| self.setup.heaters[*zone].is_some_and(|h| h.mat.is_some()));
            for (zone, warmth) in zones.zip(warm) {
                self.heats.warmth[zone] = warmth;
            }
        }
        let ignores = self.planted.has(Defect::IgnoresDose);
        for zone in 0..HEATERS_MAX {
            let warmth = self.heats.warmth[zone];
            self.supervisor.report(at, (Fault::SkinHot, zone), warmth.hot && !ignores, cleared);
            self.supervisor.report(at, (Fault::DoseSpent, zone), warmth.spent && !ignores, cleared);
            let over = self.heats.site_over.get(zone).copied().unwrap_or(false);
            self.supervisor.report(at, (Fault::SiteTime, zone), over, cleared);
        }
    }

    /// Whether control asks for more than any good control would.
    pub(crate) fn report_command(&mut self, moment: &Moment, command: &Targets, cleared: &mut Told) {
        let beyond = |value: i32, limit: i32| i64::from(value) * 1000 > i64::from(limit) * RANGE;
        let lift = &self.setup.lift;
        for head in 0..self.setup.heads() {
            let over = velocity(command.lifts[head]).is_some_and(|v| {
                beyond(v, lift.speed_up.raw()) || beyond(v.saturating_neg(), lift.speed_down.raw())
            });
            self.supervisor.report(moment.at, (Fault::CommandRange, head), over, cleared);
        }
        let used = self.setup.carriage.iter().take(self.setup.carriages);
        let carriages = command.carriages.iter().zip(used).any(|(target, setup)| {
            velocity(*target).is_some_and(|v| beyond(v.saturating_abs(), setup.speed_clear.raw()))
        });
        let heaters = command.heaters.iter().zip(&self.setup.heaters).any(|(power, setup)| {
            let most = setup.map_or(0, |heater| i32::from(heater.power.raw()));
            *power < DeciWatts::ZERO || beyond(i32::from(power.raw()), most)
        });
        self.supervisor.report(moment.at, (Fault::CommandRange, HEADS_MAX), carriages, cleared);
        self.supervisor.report(moment.at, (Fault::CommandRange, HEADS_MAX + 1), heaters, cleared);
    }

    /// The command, cut to the envelope.
    pub(crate) fn limited(&self, moment: &Moment, command: &Targets) -> Targets {
        let mut targets = Targets { power: true, ..Targets::default() };
        for head in 0..self.setup.heads() {
            targets.lifts[head] = self.lift_limited(moment, head, command.lifts[head]);
        }
        if self.setup.lift.coupled {
            for pair in targets.lifts[..self.setup.heads()].chunks_exact_mut(2) {
                let slower = match (velocity(pair[0]), velocity(pair[1])) {
                    (Some(left), Some(right)) => {
                        AxisTarget::Velocity(MicrometresPerSecond::new(left.min(right)))
                    }
                    _ => AxisTarget::Released,
                };
                pair.fill(slower);
            }
        }
        for carriage in 0..self.setup.carriages {
            let told = command.carriages[carriage];
            targets.carriages[carriage] =
                self.carriage_limited(moment, carriage, told, moment.granted.granted);
        }
        for zone in 0..HEATERS_MAX {
            let Some(setup) = &self.setup.heaters[zone] else { continue };
            if moment.granted.granted && self.may_heat(zone) {
                targets.heaters[zone] = command.heaters[zone].clamp(DeciWatts::ZERO, setup.power);
            }
        }
        targets
    }

    fn may_heat(&self, zone: usize) -> bool {
        let eased = self.heats.warmth[zone].ease && !self.planted.has(Defect::IgnoresDose);
        self.heat_allowed() && self.heats.states[zone].may_heat && !eased
    }

    fn lift_limited(&self, moment: &Moment, head: usize, command: AxisTarget) -> AxisTarget {
        let Some(asked) = velocity(command) else { return AxisTarget::Released };
        let lift = &self.setup.lift;
        let height = &self.senses.heads[head].height;
        let force = &self.forces.heads[head];
        let mut most = lift.speed_up.raw();
        let height_old = !height.is_fresh(moment.now, FRESH) && !self.planted.has(Defect::IgnoresAge);
        if !moment.granted.granted || force.old || height_old || height.value >= lift.stroke.raw() - 500 {
            most = 0;
        }
        if force.used > i32::from(lift.loaded.raw()) {
            most = most.min(lift.speed_up_loaded.raw());
        }
        if !self.planted.has(Defect::IgnoresForce) {
            let ceilings = &self.forces.ceilings[head / 2];
            let waits = if self.setup.load_cell.is_some() { Micros::ZERO } else { smoothed(&self.setup) };
            let reaction = reaction(lift, waits);
            let ahead = |head: usize| self.forces.heads[head].ahead(reaction);
            let climbed = |head: usize| self.forces.heads[head].steady + self.forces.heads[head].climbed;
            let both = (ceilings.sum - ahead(head) - ahead(head ^ 1))
                .min(ceilings.sum - climbed(head) - climbed(head ^ 1));
            let one = ceilings.head - ahead(head);
            // Only a head that presses can relieve.
            let presses = force.used > TOUCHES || !self.is_clear(moment.now, head);
            let cap = rise_max(both.min(one), reaction, lift);
            most = if presses { most.min(cap) } else { most.min(cap.max(APPROACH)) };
        }
        AxisTarget::Velocity(MicrometresPerSecond::new(asked.clamp(-lift.speed_down.raw(), most)))
    }

    /// A carriage's command, cut to its speed, its travel, and the neck's line.
    pub(crate) fn carriage_limited(
        &self,
        moment: &Moment,
        carriage: usize,
        command: AxisTarget,
        permitted: bool,
    ) -> AxisTarget {
        let Some(asked) = velocity(command) else { return AxisTarget::Released };
        let setup = &self.setup.carriage[carriage];
        let position = &self.senses.carriages[carriage].position;
        let heads = [2 * carriage, 2 * carriage + 1];
        let clear = heads.iter().all(|head| self.is_clear(moment.now, *head));
        let known = position.is_fresh(moment.now, FRESH) || self.planted.has(Defect::IgnoresAge);
        let most = match (clear, permitted) {
            _ if !known => 0,
            (true, true) => setup.speed_clear.raw(),
            (true, false) | (false, true) => setup.speed_contact.raw(),
            (false, false) => 0,
        };
        let mut range = (-most, most);
        if position.value <= setup.from.raw() || self.neck_is_closed(carriage, &heads) {
            range.0 = 0;
        }
        if position.value >= setup.to.raw() {
            range.1 = 0;
        }
        AxisTarget::Velocity(MicrometresPerSecond::new(asked.clamp(range.0, range.1)))
    }

    /// The neck is entered only at a force that is allowed there.
    fn neck_is_closed(&self, carriage: usize, heads: &[usize; 2]) -> bool {
        // Braking from 60 mm/s at 0.5 m/s2 takes 3.6 mm, the drive's delay 1.2 mm.
        const BEFORE: i32 = 8_000;
        let position = self.senses.carriages[carriage].position.value;
        let line = self.setup.neck_line.raw();
        let sum: i32 = heads.iter().map(|head| self.forces.heads[*head].used).sum();
        position < line.saturating_add(BEFORE)
            && sum > i32::from(limits::NECK_CEILING.raw())
            && !self.planted.has(Defect::IgnoresForce)
    }

    /// Whether anything that needs permission leaves the gate.
    pub(crate) fn heats_or_presses(&self, targets: &Targets) -> bool {
        targets.heaters.iter().any(|power| *power > DeciWatts::ZERO)
            || targets.lifts.iter().any(|lift| velocity(*lift).is_some_and(|v| v > 0))
    }
}
