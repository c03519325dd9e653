//! Bed and body in one step: drives move, rollers meet tissue, the trunk answers, heat flows, sensors
//! speak.

mod contact;
mod led;

use std::sync::Arc;

use bed::{BedConfig, Level, Side};
use counts::{
    AxisTarget, CARRIAGES_MAX, CORNERS, DriveState, HEADS_MAX, HEATERS_MAX, Instant, Micros, Readings,
    Targets,
};
use rand_chacha::ChaCha8Rng;

use crate::banded::NODES_MAX;
use crate::body::Person;
use crate::breathing::Lungs;
use crate::disturbances::{Behaviour, Disturbance, Will};
use crate::drives::{Carriage, Lift};
use crate::faults::Faults;
use crate::heat::{self, Heat};
use crate::profile::{FROM_MM, Profile};
use crate::random::{stream, uniform};
use crate::sensors::{Sensors, Shown};
use crate::spine_chain::{Breath, Load, Motion};
use crate::surroundings::Surroundings;
use crate::tissue::{Memory, Push, STRIP_MM, STRIPS, Site, Under};
use crate::trunk::{self, Trunk};
use crate::truth::Truth;

pub(crate) use contact::Contact;
pub use led::Moment;

/// Where the T1 body centre lies on the reference bed when the shoulders are at their mark, mm.
/// Source: design choice.
pub const T1_MM: f64 = 500.0;
/// Force under which a head does not count as touching, N. Guess.
const TOUCH_N: f64 = 0.2;
/// Distance of the corner cells from the ends of the bed, mm. Guess.
const CORNER_MM: f64 = 50.0;
/// Force times time that softens a tense site to 1/e of its excess, N s. Guess: 30 N for three minutes.
const SOFTEN_N_S: f64 = 30.0 * 180.0;

/// The constant part.
#[derive(Debug)]
struct Model {
    bed: BedConfig,
    person: Person,
    surroundings: Surroundings,
    profile: Profile,
    trunk: Trunk,
    /// At rest, no roller in contact, breath at its mean.
    rest: Motion,
    roller_y_mm: f64,
}

/// The changing part.
#[derive(Clone, Debug)]
struct State {
    now: Instant,
    motion: Motion,
    lifts: [Lift; HEADS_MAX],
    carriages: [Option<Carriage>; CARRIAGES_MAX],
    memory: [Memory; 2],
    pressed_n_s: [[f32; STRIPS]; 2],
    lungs: Lungs,
    behaviour: Behaviour,
    faults: Faults,
    sensors: Sensors,
    heat: Heat,
    rng: ChaCha8Rng,
    targets: Targets,
    shown: Shown,
    truth: Truth,
}

/// The physical twin of one bed and one person. A clone is a checkpoint.
#[derive(Clone, Debug)]
pub struct Twin {
    model: Arc<Model>,
    state: State,
}

/// A head as the body meets it.
#[derive(Clone, Copy, Default)]
struct Meeting {
    push: Push,
    indentation_mm: f64,
    x_mm: f64,
    node: usize,
    foot: f64,
    under: Option<Under>,
}

impl Twin {
    /// A person on a bed at rest, rollers lowered, carriages parked, everything at room temperature.
    #[must_use]
    pub fn new(bed: &BedConfig, person: &Person, surroundings: &Surroundings) -> Self {
        let (person, profile, trunk) = trunk::lay(person, bed, surroundings.pad_scale);
        let rest = trunk.chain.at_rest(|_| Vec::new());
        let seed = surroundings.seed;
        let mut rng = stream(seed, 12);
        let phase = uniform(&mut rng, 0.0, std::f64::consts::TAU);
        let mut carriages = [None, None];
        for (place, config) in carriages.iter_mut().zip(&bed.carriages) {
            *place = Some(Carriage::parked(config));
        }
        let motion = if surroundings.starts_lying {
            rest
        } else {
            Motion { u_mm: [400.0; NODES_MAX], v_mm_s: [0.0; NODES_MAX] }
        };
        let state = State {
            now: Instant::START,
            motion,
            lifts: Default::default(),
            carriages,
            memory: Default::default(),
            pressed_n_s: [[0.0; STRIPS]; 2],
            lungs: Lungs::new(&person.breathing, phase),
            behaviour: Behaviour::new(surroundings.starts_lying),
            faults: Faults::default(),
            sensors: Sensors::new(bed, seed, surroundings.room_c, surroundings.load_cell_gain_error),
            heat: Heat::new(bed, &person.heat, surroundings.room_c),
            rng,
            targets: Targets::default(),
            shown: Shown::default(),
            truth: Truth::default(),
        };
        let model = Model {
            roller_y_mm: f64::from(bed.roller_centre_mm()),
            bed: bed.clone(),
            person,
            surroundings: surroundings.clone(),
            profile,
            trunk,
            rest,
        };
        Self { model: Arc::new(model), state }
    }

    /// Moves bed and body on by `dt` (0.5 to 4 ms; other spans are held to that) under these targets and
    /// returns what was measured at the end.
    pub fn step(&mut self, targets: &Targets, dt: Micros) -> &Readings {
        self.state.step(&self.model, targets, Micros::new(dt.raw().clamp(500, 4000)));
        self.readings()
    }

    /// The twin's own time: that of the last readings.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.state.now
    }

    /// What was last measured.
    #[must_use]
    pub fn readings(&self) -> &Readings {
        self.state.sensors.readings()
    }

    /// What is so.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.state.truth
    }

    /// Body centres in the bed's frame, mm: heads unloaded, mean over a breath, where the person lies now.
    #[must_use]
    pub fn truth_centres(&self) -> Vec<(Level, [f64; 3])> {
        let [x, y] = self.state.truth_place(&self.model);
        let (laid, rest) = (&self.model.trunk, &self.model.rest);
        let centre = |(index, level): (usize, &crate::body::BodyLevel)| {
            let [cx, cy, cz] = level.centre_mm;
            let z = laid.origin_mm + cz + rest.u_mm[trunk::BEFORE + index];
            (level.level, [x + cx, y + cy, z])
        };
        self.model.person.levels.iter().enumerate().map(centre).collect()
    }

    /// True tension beside each level: stiffness over what is expected there in this person, with what
    /// pressing has softened so far.
    #[must_use]
    pub fn truth_tension(&self) -> Vec<(Level, Side, f64)> {
        let person = &self.model.person;
        let mut rows = person.tension();
        for (level, side, ratio) in &mut rows {
            let x_mm = person.levels.iter().find(|l| l.level == *level).map_or(0.0, |l| l.centre_mm[0]);
            let tense = person.tense_at(x_mm, *side);
            let index = usize::from(*side == Side::Right);
            let soft = self.state.softened(&self.model, &Under::at(x_mm - FROM_MM - 0.5 * STRIP_MM), index);
            *ratio *= (1.0 + (tense - 1.0) * soft) / tense;
        }
        rows
    }

    /// Where the skin that a roller meets lies without any load, mm in the bed's frame, at `x_mm` from T1
    /// on one side of a person who lies at the midline.
    #[must_use]
    pub fn skin_mm(&self, x_mm: f64, side: Side) -> f64 {
        let aside_mm = self.model.roller_y_mm;
        self.skin_at_mm([x_mm, if side == Side::Left { aside_mm } else { -aside_mm }], side)
    }

    /// The same at a place along and across the bed from T1, mm.
    #[must_use]
    pub fn skin_at_mm(&self, [x_mm, y_mm]: [f64; 2], side: Side) -> f64 {
        let index = usize::from(side == Side::Right);
        let (node, foot) = self.model.trunk.chain.beside(x_mm);
        let u = &self.model.rest.u_mm;
        self.model.trunk.origin_mm
            + self.model.profile.at(x_mm, index).0.skin_mm
            + self.model.profile.across(x_mm, y_mm)
            + (1.0 - foot) * u[node]
            + foot * u[node + 1]
    }

    /// The person on the bed, as they lie there.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.model.person
    }

    /// The bed.
    #[must_use]
    pub fn bed(&self) -> &BedConfig {
        &self.model.bed
    }

    /// Heat: temperatures and dose of every strip.
    #[must_use]
    pub fn heat(&self) -> &Heat {
        &self.state.heat
    }

    /// The trunk on the pad, for comparison with other engines.
    #[must_use]
    pub fn trunk(&self) -> &Trunk {
        &self.model.trunk
    }

    /// The trunk at rest without rollers.
    #[must_use]
    pub fn rest(&self) -> &Motion {
        &self.model.rest
    }

    /// Displacement and speed of the trunk's nodes.
    #[must_use]
    pub fn motion(&self) -> &Motion {
        &self.state.motion
    }

    /// Plans what the person does, or what happens at a switch.
    pub fn disturb(&mut self, what: Disturbance, at: Instant) {
        self.state.behaviour.plan(what, at);
    }

    /// What is broken.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// What is broken, to be switched.
    pub fn faults_mut(&mut self) -> &mut Faults {
        &mut self.state.faults
    }

    /// Puts a carriage and its rollers somewhere, at rest: for tests and benches of one moment.
    pub fn place(&mut self, carriage: usize, x_mm: f64, height_mm: [f64; 2]) {
        if let Some(Some(place)) = self.state.carriages.get_mut(carriage) {
            place.x_mm = x_mm;
            place.speed_mm_s = 0.0;
            for (side, height) in height_mm.into_iter().enumerate() {
                self.state.lifts[2 * carriage + side].place(height);
            }
        }
    }
}

impl State {
    fn step(&mut self, model: &Model, targets: &Targets, dt: Micros) {
        self.now = self.now.after(dt);
        let dt_s = f64::from(u32::try_from(dt.raw()).unwrap_or(4000)) * 1e-6;
        let chain = &model.trunk.chain;
        let will = self.behaviour.will(chain, self.now);
        let breath = if model.surroundings.breathes {
            self.lungs.step(&model.person.breathing, will.depth, will.haste, &mut self.rng, dt_s)
        } else {
            Breath::default()
        };
        let power = targets.power && !self.faults.supply_lost;
        self.drive(model, targets, power, dt_s);
        let meetings = self.meet(model, &will, breath);
        self.press(model, breath, &meetings, dt_s);
        self.warm(model, targets, power, &will, dt_s);
        self.show(model, &will, breath);
        self.sensors.fast(&model.bed, &self.shown, &mut self.faults, self.now, dt_s);
        if self.sensors.slow_due(self.now) {
            self.weigh(model, &will, breath);
            self.sensors.slow(&model.bed, &self.shown, &mut self.faults, self.now);
        }
    }

    /// Moves the drives; a silent one goes on with what it last heard.
    fn drive(&mut self, model: &Model, targets: &Targets, power: bool, dt_s: f64) {
        let bed = &model.bed;
        for index in 0..bed.carriages.len() {
            if !self.faults.carriage_silent[index] {
                self.targets.carriages[index] = targets.carriages[index];
            }
            let Some(carriage) = &mut self.carriages[index] else { continue };
            let powered = power && !self.faults.carriage_fault[index];
            let target = if powered { self.targets.carriages[index] } else { AxisTarget::Released };
            if self.faults.carriage_stalled[index] {
                carriage.stalled();
                carriage.powered = target != AxisTarget::Released;
            } else {
                carriage.step(&bed.carriages[index], target, dt_s);
            }
        }
        for head in 0..bed.heads() {
            if bed.lift.coupled && head % 2 == 1 {
                self.lifts[head] = self.lifts[head - 1].clone();
                continue;
            }
            if !self.faults.lift_silent[head] {
                self.targets.lifts[head] = targets.lifts[head];
            }
            let powered = power && !self.faults.lift_fault[head];
            let target = if powered { self.targets.lifts[head] } else { AxisTarget::Released };
            let own = self.truth.head_force_n[head];
            let other = if bed.lift.coupled { self.truth.head_force_n[head + 1] } else { 0.0 };
            let lift = &mut self.lifts[head];
            if self.faults.lift_stuck[head] {
                lift.stuck();
                lift.powered = target != AxisTarget::Released;
            } else {
                lift.step(&bed.lift, target, own + other, own.max(other), self.now.micros(), dt_s);
            }
        }
    }

    fn truth_place(&self, model: &Model) -> [f64; 2] {
        if self.truth.now == Instant::START {
            return [T1_MM + model.surroundings.offset_x_mm, model.surroundings.offset_y_mm];
        }
        self.truth.t1_mm
    }

    fn place_of(model: &Model, will: &Will) -> [f64; 2] {
        [
            T1_MM + model.surroundings.offset_x_mm + will.shift_mm[0],
            model.surroundings.offset_y_mm + will.shift_mm[1],
        ]
    }

    /// What pressing has left of the tense sites' excess there.
    fn softened(&self, model: &Model, under: &Under, side: usize) -> f64 {
        if !model.surroundings.softening {
            return 1.0;
        }
        let pressed = &self.pressed_n_s[side];
        let sum = under.share[0] * f64::from(pressed[under.strip])
            + under.share[1] * f64::from(pressed[under.strip + 1]);
        libm::exp(-sum / SOFTEN_N_S)
    }

    /// How each roller meets the back.
    fn meet(&mut self, model: &Model, will: &Will, breath: Breath) -> [Meeting; HEADS_MAX] {
        let mut meetings = [Meeting::default(); HEADS_MAX];
        let [t1_x, t1_y] = Self::place_of(model, will);
        let chain = &model.trunk.chain;
        let law = &model.person.law;
        let now_s = self.now.seconds();
        for head in 0..model.bed.heads() {
            let (Some(carriage), side) = (&self.carriages[head / 2], head % 2) else { continue };
            let lift = &self.lifts[head];
            let x_mm = carriage.x_mm - t1_x;
            let y_mm = if side == 0 { model.roller_y_mm } else { -model.roller_y_mm } - t1_y;
            let (node, foot) = chain.beside(x_mm);
            let mix = |values: &[f64; NODES_MAX]| (1.0 - foot) * values[node] + foot * values[node + 1];
            let (u, v, breathing) = (mix(&self.motion.u_mm), mix(&self.motion.v_mm_s), mix(&chain.breath));
            let (spot, slope) = model.profile.at(x_mm, side);
            let skin = model.trunk.origin_mm + spot.skin_mm + model.profile.across(x_mm, y_mm) + u
                - breathing * breath.depth_mm;
            let indentation_mm = lift.height_mm - skin;
            let mut meeting = Meeting { indentation_mm, x_mm, node, foot, ..Meeting::default() };
            if indentation_mm > 0.0 {
                let under = Under::at(x_mm - FROM_MM - 0.5 * STRIP_MM);
                let soft = self.softened(model, &under, side);
                let site = Site {
                    stiffness_n_mm: spot.stiffness_n_mm * (1.0 + (spot.tense - 1.0) * soft),
                    thickness_mm: spot.thickness_mm,
                };
                let along = carriage.speed_mm_s - will.shift_mm_s;
                let speed = lift.speed_mm_s - v + breathing * breath.speed_mm_s - slope * along;
                let relaxed = self.memory[side].relaxed_n(&under, now_s, law.tau_s);
                meeting.push = law.push(&site, indentation_mm, speed, relaxed);
                meeting.under = Some(under);
            }
            meetings[head] = meeting;
        }
        meetings
    }

    /// Lets the trunk answer, and the tissue remember.
    fn press(&mut self, model: &Model, breath: Breath, meetings: &[Meeting; HEADS_MAX], dt_s: f64) {
        let chain = &model.trunk.chain;
        let heads = model.bed.heads();
        let mut loads = [Load::default(); HEADS_MAX];
        for head in 0..heads {
            let Meeting { push, node, foot, .. } = meetings[head];
            loads[head] = Load {
                node,
                foot,
                force_n: push.force_n,
                slope_n_mm: push.slope_n_mm,
                damping_n_s_mm: push.damping_n_s_mm,
            };
        }
        let before = self.motion.v_mm_s;
        let moved = chain.step(&mut self.motion, breath, self.behaviour.muscle(), &loads[..heads], dt_s);
        let now_s = self.now.seconds();
        for head in 0..heads {
            let Meeting { push, node, foot, under, indentation_mm, x_mm } = meetings[head];
            let mix = |values: &[f64; NODES_MAX]| (1.0 - foot) * values[node] + foot * values[node + 1];
            let risen = mix(&moved);
            let faster = mix(&self.motion.v_mm_s) - mix(&before);
            let force = push.force_n - push.slope_n_mm * risen - push.damping_n_s_mm * faster;
            let touches = push.force_n > 0.0;
            self.truth.head_force_n[head] = if touches { force.max(0.0) } else { 0.0 };
            self.truth.indentation_mm[head] = indentation_mm - risen;
            self.truth.trunk_lift_mm[head] = mix(&self.motion.u_mm) - mix(&model.rest.u_mm);
            self.truth.head_x_from_t1_mm[head] = x_mm;
            if let Some(under) = under {
                let side = head % 2;
                self.memory[side].feed(&under, push.elastic_n, now_s, dt_s, model.person.law.tau_s);
                if model.surroundings.softening {
                    for (offset, share) in under.share.into_iter().enumerate() {
                        self.pressed_n_s[side][under.strip + offset] += (share * push.force_n * dt_s) as f32;
                    }
                }
            }
        }
    }

    fn warm(&mut self, model: &Model, targets: &Targets, power: bool, will: &Will, dt_s: f64) {
        let bed = &model.bed;
        let mut inputs = heat::Inputs { occupied: will.lying > 0.5, ..heat::Inputs::default() };
        for zone in 0..bed.zones() {
            let Some(heater) = bed.heater(zone) else { continue };
            let most = f64::from(heater.power_w);
            let asked = (f64::from(targets.heaters[zone].raw()) * 0.1).clamp(0.0, most);
            let watts = match (power, self.faults.heater_dead[zone], self.faults.heater_stuck_on[zone]) {
                (false, ..) | (_, true, _) => 0.0,
                (true, false, true) => most,
                (true, false, false) => asked,
            };
            if zone < bed.heads() {
                inputs.head_power_w[zone] = watts;
            } else if let Some(mat) = inputs.mat_power_w.get_mut(zone - bed.heads()) {
                *mat = watts;
            }
        }
        for head in 0..bed.heads() {
            let force_n = self.truth.head_force_n[head];
            let x_mm = self.carriages[head / 2].as_ref().map_or(0.0, |carriage| carriage.x_mm);
            inputs.heads[head] = heat::Head { x_mm, force_n, in_contact: force_n > TOUCH_N };
        }
        self.heat.step(dt_s, &inputs);
    }

    fn show(&mut self, model: &Model, will: &Will, breath: Breath) {
        let bed = &model.bed;
        let (shown, truth) = (&mut self.shown, &mut self.truth);
        for (index, carriage) in self.carriages.iter().enumerate() {
            let Some(carriage) = carriage else { continue };
            truth.carriage_mm[index] = carriage.x_mm;
            shown.position_mm[index] = carriage.x_mm;
            shown.carriage_drive[index] = drive_state(self.faults.carriage_fault[index], carriage.powered);
        }
        for head in 0..bed.heads() {
            let lift = &self.lifts[head];
            truth.height_mm[head] = lift.height_mm;
            truth.lift_speed_mm_s[head] = lift.speed_mm_s;
            shown.height_mm[head] = lift.height_mm;
            shown.force_n[head] = truth.head_force_n[head];
            // A coupled lift tells half of what it pushes for each of its heads.
            let first = if bed.lift.coupled { head - head % 2 } else { head };
            let pressed = if bed.lift.coupled {
                0.5 * (truth.head_force_n[first] + truth.head_force_n[first + 1])
            } else {
                truth.head_force_n[head]
            };
            let friction = lift.friction_n(&bed.lift) * if bed.lift.coupled { 0.5 } else { 1.0 };
            shown.thrust_n[head] = if lift.powered { pressed + friction } else { 0.0 };
            shown.lift_drive[head] = drive_state(self.faults.lift_fault[first], lift.powered);
        }
        shown.supply_v = if self.faults.supply_lost { 0.0 } else { f64::from(bed.supply_nominal_v) };
        shown.hand_switch = will.hand_switch;
        shown.emergency_stop = self.behaviour.emergency_stop();
        truth.now = self.now;
        truth.t1_mm = Self::place_of(model, will);
        truth.breath_mm = breath.depth_mm;
        truth.lying = will.lying;
    }

    /// Temperatures and the weight on the corners, for the slow sensors.
    fn weigh(&mut self, model: &Model, will: &Will, breath: Breath) {
        let bed = &model.bed;
        for zone in 0..bed.zones().min(HEATERS_MAX) {
            self.shown.element_c[zone] = self.heat.element_c(zone);
            self.shown.surface_c[zone] = self.heat.surface_c(zone);
        }
        let length = f64::from(bed.surface_length_mm);
        let Some(across) = bed.corners.as_ref().map(|cells| f64::from(cells.across_mm)) else { return };
        let [t1_x, t1_y] = self.truth.t1_mm;
        let body_y = t1_y + model.person.weight_aside_mm;
        let mut corners = [0.0; CORNERS];
        let mut add = |x: f64, y: f64, n: f64| {
            let foot = ((x - CORNER_MM) / (length - 2.0 * CORNER_MM)).clamp(0.0, 1.0);
            let left = (0.5 + y / across).clamp(0.0, 1.0);
            corners[0] += n * (1.0 - foot) * left;
            corners[1] += n * (1.0 - foot) * (1.0 - left);
            corners[2] += n * foot * left;
            corners[3] += n * foot * (1.0 - left);
        };
        let chain = &model.trunk.chain;
        let pad = chain.pad_n(&self.motion, breath);
        for i in 0..chain.size {
            add(t1_x + chain.x_mm[i], body_y, pad[i]);
        }
        for (x_mm, weight_n) in model.trunk.beside {
            add(t1_x + x_mm, body_y, will.lying * weight_n);
        }
        for head in 0..bed.heads() {
            let y = if head % 2 == 0 { model.roller_y_mm } else { -model.roller_y_mm };
            add(self.truth.carriage_mm[head / 2], y, self.truth.head_force_n[head]);
        }
        if let Some(muscle) = self.behaviour.muscle() {
            // What muscles lift, shoulders and feet press into the bed; nothing once the person is up.
            let lifted = will.lying * chain.muscle_n(&self.motion, muscle).max(0.0);
            add(t1_x + 60.0, body_y, 0.5 * lifted);
            add(t1_x + model.trunk.beside[3].0, body_y, 0.5 * lifted);
        }
        self.shown.corner_n = corners;
    }
}

fn drive_state(fault: bool, powered: bool) -> DriveState {
    if fault {
        DriveState::Fault
    } else if powered {
        DriveState::Enabled
    } else {
        DriveState::Off
    }
}

#[cfg(test)]
mod tests;
