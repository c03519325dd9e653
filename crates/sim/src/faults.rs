//! What can break, by class. A fault and its moment are drawn from a seed before anything happens.

use crate::world::World;
use bed::{Action, Ask, Request};
use counts::{AxisTarget, DeciCelsius, DeciNewtons, DeciWatts, HEATERS_MAX, Instant, Micros};
use counts::{Micrometres, MicrometresPerSecond, Millis, Targets};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use twin::{Disturbance, Faults, SensorFault, Twin};

/// How control is broken: what the guard is given instead of control's commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Madness {
    /// Every lift up, as fast as it goes, always.
    Rises,
    /// Full power into every heater, always.
    Heats,
    /// The carriage to the head end, as fast as it goes, whatever the heads do.
    Rushes,
    /// The last command, for ever.
    Repeats,
    /// Up, hot and to the head end.
    Everything,
}

impl Madness {
    const ALL: [Self; 5] = [Self::Rises, Self::Heats, Self::Rushes, Self::Repeats, Self::Everything];
}

/// What is broken between host, control and guard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sabotage {
    /// The host has fallen silent.
    pub host_silent: bool,
    /// The host asks for the utmost of everything, always.
    pub host_hostile: bool,
    /// Control has gone wrong.
    pub control: Option<Madness>,
    /// The machine's clock is off by so many microseconds.
    pub clock_off_us: i64,
    /// What a control that repeats itself repeats.
    repeated: Option<Targets>,
}

impl Sabotage {
    /// The request as the machine gets it.
    pub(crate) fn request(&self, request: Option<Request>) -> Option<Request> {
        let mut request = request?;
        if self.host_hostile {
            request.surfaces = [Some(DeciCelsius::MAX); HEATERS_MAX];
            request.force_cap = None;
            request.expires_after = Millis::new(u32::MAX);
            if let Ask::Treat { now, next } = &mut request.ask {
                now.force = DeciNewtons::MAX;
                now.speed = MicrometresPerSecond::MAX;
                now.duration = Millis::new(u32::MAX);
                now.action = Action::Hold;
                now.to = Micrometres::MIN;
                *next = None;
            }
        }
        Some(request)
    }

    /// The command as the guard gets it.
    pub(crate) fn command(&mut self, asked: &mut Targets) {
        let Some(madness) = self.control else { return };
        let fast = |raw| AxisTarget::Velocity(MicrometresPerSecond::new(raw));
        if madness == Madness::Repeats {
            *asked = *self.repeated.get_or_insert(*asked);
            return;
        }
        asked.power = true;
        if matches!(madness, Madness::Rises | Madness::Everything) {
            asked.lifts.fill(fast(60_000));
        }
        if matches!(madness, Madness::Heats | Madness::Everything) {
            asked.heaters.fill(DeciWatts::new(1000));
        }
        if matches!(madness, Madness::Rushes | Madness::Everything) {
            asked.carriages.fill(fast(-120_000));
        }
    }

    /// The moment as the machine gets it.
    pub(crate) fn clock(&self, now: Instant) -> Instant {
        Instant::from_micros(now.micros().saturating_add_signed(self.clock_off_us))
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
    /// A class of faults.
        #[derive(Hash, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Class { $($(#[$doc])* $name,)* }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The class in words.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// The class as it is written on a command line.
            #[must_use]
            pub fn key(self) -> String {
                let mut key = String::new();
                for letter in format!("{self:?}").chars() {
                    if letter.is_ascii_uppercase() && !key.is_empty() {
                        key.push('_');
                    }
                    key.push(letter.to_ascii_lowercase());
                }
                key
            }

            /// The class of this key.
            #[must_use]
            pub fn named(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.key() == key)
            }
        }
    };
}

classes! {
    /// Nothing breaks and the person lies still: the way into each window.
    Calm = "nothing breaks, long sessions",
    /// Nothing breaks; the person moves.
    Person = "person moves, nothing breaks",
    /// A lift is jammed where it stands.
    LiftStuck = "a lift jams",
    /// A carriage is jammed.
    CarriageStalled = "the carriage jams",
    /// A drive is silent or in a fault of its own.
    DriveSilent = "a drive is silent or faulty",
    /// The supply is lost.
    SupplyLost = "supply lost",
    /// A load cell is quiet, frozen, off or spikes.
    LoadCell = "load cell quiet, frozen, off, spiking",
    /// A motor current is quiet, frozen, off or spikes.
    Thrust = "motor current quiet, frozen, off, spiking",
    /// An encoder is quiet, frozen, off or spikes.
    Encoder = "encoder quiet, frozen, off, spiking",
    /// A thermometer is quiet, frozen, off or spikes.
    Thermometer = "thermometer quiet, frozen, off, spiking",
    /// A heater's relay is welded.
    HeaterStuckOn = "a heater cannot be switched off",
    /// A corner cell is quiet, frozen, off or spikes.
    Corner = "corner cell quiet, frozen, off, spiking",
    /// The host falls silent.
    HostSilent = "host silent",
    /// The host asks for the utmost.
    HostHostile = "host asks for the utmost of everything",
    /// The machine's clock jumps.
    Clock = "clock jumps or runs backwards",
    /// Control has gone wrong; later a stop is asked for, or the host falls silent.
    Control = "control gone wrong, then a stop",
    /// Control has gone wrong before the hand switch was pressed.
    Unarmed = "control gone wrong, hand switch never pressed",
    /// A stop: hand switch, emergency stop, or the host's wish.
    Stop = "stop: hand switch, emergency stop, host",
}

/// Draws how a sensor fails: quiet, frozen, off by up to `offset`, or one spike.
fn sensor(rng: &mut ChaCha8Rng, offset: f64) -> SensorFault {
    match rng.random_range(0..4) {
        0 => SensorFault::Quiet,
        1 => SensorFault::Frozen,
        2 => SensorFault::Offset(rng.random_range(-offset..offset)),
        _ => SensorFault::Spike(rng.random_range(-4.0 * offset..4.0 * offset)),
    }
}

/// What must follow a strike, beside the limits that hold anyway.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// Nothing more.
    Limits,
    /// The person moves: so long after the strike a motion of theirs begins.
    Motions(Vec<Micros>),
    /// The person is released as after a stop, counted from so long after the strike.
    Release(Micros),
    /// Power is removed so long after the strike, and the person released without it.
    PowerOff(Micros),
    /// Force is taken off as after a stop, counted from so long after the strike; it may come back.
    Unload(Micros),
}

/// What was done to the world.
#[derive(Clone, Debug, PartialEq)]
pub struct Strike {
    /// In words.
    pub words: String,
    /// What must follow.
    pub demand: Demand,
}

/// Drives are silent for so long before it counts. Source: measures, "Stop".
const SILENT: Micros = Micros::from_millis(100);
/// A lost supply is noticed within this. Source: the guard's hold of 6 ms and the monitor's rate; "removed"
/// is judged a tenth of a second after the loss, as for silent drives.
const SUPPLY: Micros = Micros::from_millis(100);
/// A host that falls silent has no say after this. Source: `request_expiry` of the table of limits.
const EXPIRY: Micros = Micros::from_millis(250);

fn so(words: impl Into<String>, demand: Demand) -> Strike {
    Strike { words: words.into(), demand }
}

/// Breaks something of a class in the bed, the link or control, presses a switch, or lets the person
/// move. What a wish of the host's own must do is left to the host.
pub fn strike(class: Class, rng: &mut ChaCha8Rng, world: &mut World) -> Strike {
    let now = world.now();
    match class {
        Class::Calm => so("nothing", Demand::Limits),
        Class::Person => {
            let what = movement(rng);
            world.twin_mut().disturb(what, now);
            so(format!("{what:?}"), Demand::Motions(beginnings(&what)))
        }
        Class::Stop => {
            let by_hand = rng.random_bool(0.5);
            let what = if by_hand {
                Disturbance::PressHandSwitch
            } else {
                Disturbance::EmergencyStop { pressed: true }
            };
            world.twin_mut().disturb(what, now);
            so(format!("{what:?}"), Demand::Release(Micros::ZERO))
        }
        Class::HostSilent => {
            world.sabotage_mut().host_silent = true;
            so("host silent", Demand::Unload(EXPIRY))
        }
        Class::HostHostile => {
            world.sabotage_mut().host_hostile = true;
            so("host asks for the utmost", Demand::Limits)
        }
        Class::Clock => {
            // Half of the jumps are so short that no reading looks silent for them.
            let longest = if rng.random_bool(0.5) { 95_000 } else { 10_000_000_i64 };
            let jump = rng.random_range(12_000..longest);
            let jump = if rng.random_bool(0.5) { jump } else { -jump };
            world.sabotage_mut().clock_off_us = jump;
            so(format!("clock jumps by {} ms", jump / 1000), Demand::Release(Micros::ZERO))
        }
        Class::Control | Class::Unarmed => {
            let madness = Madness::ALL[rng.random_range(0..Madness::ALL.len())];
            world.sabotage_mut().control = Some(madness);
            so(format!("control: {madness:?}"), Demand::Limits)
        }
        _ => breaks(class, rng, world.twin_mut()),
    }
}

/// Breaks one part of the bed.
fn breaks(class: Class, rng: &mut ChaCha8Rng, twin: &mut Twin) -> Strike {
    let bed = twin.bed();
    let (heads, zones, carriages) = (bed.heads(), bed.zones(), bed.carriages.len());
    // A coupled lift is one drive for the two heads of a carriage; it is that of the first.
    let lift = if bed.lift.coupled { 2 * rng.random_range(0..carriages) } else { rng.random_range(0..heads) };
    let has_cells = bed.load_cell.is_some();
    let (head, zone, carriage) =
        (rng.random_range(0..heads), rng.random_range(0..zones), rng.random_range(0..carriages));
    let faults = twin.faults_mut();
    match class {
        Class::LiftStuck => {
            faults.lift_stuck[lift] = true;
            so(format!("lift {lift} jams"), Demand::Limits)
        }
        Class::CarriageStalled => {
            faults.carriage_stalled[carriage] = true;
            so(format!("carriage {carriage} jams"), Demand::Limits)
        }
        Class::DriveSilent => match rng.random_range(0..4) {
            0 => {
                faults.lift_silent[lift] = true;
                so(format!("drive of lift {lift} silent"), Demand::PowerOff(SILENT))
            }
            1 => {
                faults.lift_fault[lift] = true;
                so(format!("drive of lift {lift} faulty"), Demand::Limits)
            }
            2 => {
                faults.carriage_silent[carriage] = true;
                so(format!("drive of carriage {carriage} silent"), Demand::PowerOff(SILENT))
            }
            _ => {
                faults.carriage_fault[carriage] = true;
                so(format!("drive of carriage {carriage} faulty"), Demand::Limits)
            }
        },
        Class::SupplyLost => {
            faults.supply_lost = true;
            so("supply lost", Demand::PowerOff(SUPPLY))
        }
        Class::HeaterStuckOn => {
            faults.heater_stuck_on[zone] = true;
            so(format!("heater {zone} cannot be switched off"), Demand::Limits)
        }
        _ => senses(class, rng, faults, (head, zone, carriage), has_cells),
    }
}

/// Breaks one sensor.
fn senses(
    class: Class,
    rng: &mut ChaCha8Rng,
    faults: &mut Faults,
    (head, zone, carriage): (usize, usize, usize),
    has_cells: bool,
) -> Strike {
    let (name, index, place, fault) = match class {
        Class::LoadCell if has_cells => ("load cell", head, &mut faults.force[head], sensor(rng, 60.0)),
        Class::LoadCell | Class::Thrust => {
            ("motor current", head, &mut faults.thrust[head], sensor(rng, 100.0))
        }
        Class::Encoder if rng.random_bool(0.5) => {
            ("lift encoder", head, &mut faults.height[head], sensor(rng, 20.0))
        }
        Class::Encoder => ("carriage encoder", carriage, &mut faults.position[carriage], sensor(rng, 100.0)),
        Class::Thermometer if rng.random_bool(0.5) => {
            ("element's thermometer", zone, &mut faults.element[zone], sensor(rng, 15.0))
        }
        Class::Thermometer => ("surface's thermometer", zone, &mut faults.surface[zone], sensor(rng, 15.0)),
        _ => {
            let corner = rng.random_range(0..counts::CORNERS);
            ("corner cell", corner, &mut faults.corner[corner], sensor(rng, 300.0))
        }
    };
    *place = fault;
    so(format!("{name} {index}: {fault:?}"), Demand::Limits)
}

/// When motions of the person's own begin within a disturbance: each cough, lifting and lowering.
fn beginnings(what: &Disturbance) -> Vec<Micros> {
    let seconds = |s: f64| Micros::new((s * 1e6) as u64);
    match *what {
        // Durations: `twin::Disturbance`, 0.8 s from cough to cough and 0.6 s to lift the pelvis.
        Disturbance::Cough { times } => (0..times).map(|cough| seconds(0.8 * f64::from(cough))).collect(),
        Disturbance::Bridge { seconds: held, .. } => vec![Micros::ZERO, seconds(0.6 + held)],
        _ => vec![Micros::ZERO],
    }
}

/// A motion of the person's own.
fn movement(rng: &mut ChaCha8Rng) -> Disturbance {
    match rng.random_range(0..5) {
        0 => Disturbance::Shift {
            x_mm: rng.random_range(-30.0..30.0),
            y_mm: rng.random_range(-10.0..10.0),
            seconds: rng.random_range(0.5..2.0),
        },
        1 => Disturbance::Cough { times: rng.random_range(1..4) },
        2 => Disturbance::Bridge {
            height_mm: rng.random_range(20.0..80.0),
            seconds: rng.random_range(1.0..4.0),
        },
        3 => Disturbance::Talk { seconds: rng.random_range(5.0..20.0) },
        _ => Disturbance::GetUp,
    }
}
