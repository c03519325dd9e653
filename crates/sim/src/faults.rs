//! What can break, by class. A fault and its moment are drawn from a seed before anything happens.

use bed::{Action, Ask, Request};
use counts::{DeciCelsius, DeciNewtons, HEATERS_MAX, Instant, Micrometres, MicrometresPerSecond, Millis};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use twin::{Disturbance, SensorFault, Twin};

/// What is broken between host and machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sabotage {
    /// The host has fallen silent.
    pub host_silent: bool,
    /// The host asks for the utmost of everything, always.
    pub host_hostile: bool,
    /// The machine's clock is off by so many microseconds.
    pub clock_off_us: i64,
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

    /// The moment as the machine gets it.
    pub(crate) fn clock(&self, now: Instant) -> Instant {
        Instant::from_micros(now.micros().saturating_add_signed(self.clock_off_us))
    }
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        /// A class of faults.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
        }
    };
}

classes! {
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
    /// The person presses the hand switch.
    Stop = "hand switch pressed",
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

/// Breaks something of a class in the bed, the link, or lets the person move. `heads` and `zones` are
/// what the bed has.
pub fn strike(class: Class, rng: &mut ChaCha8Rng, now: Instant, twin: &mut Twin, sabotage: &mut Sabotage) {
    let bed = twin.bed();
    let (heads, zones, carriages) = (bed.heads(), bed.zones(), bed.carriages.len());
    let (head, zone, carriage) =
        (rng.random_range(0..heads), rng.random_range(0..zones), rng.random_range(0..carriages));
    match class {
        Class::Person => twin.disturb(movement(rng), now),
        Class::Stop => twin.disturb(Disturbance::PressHandSwitch, now),
        Class::HostSilent => sabotage.host_silent = true,
        Class::HostHostile => sabotage.host_hostile = true,
        Class::Clock => {
            // Jumps of 20 ms to 10 s, back or forth.
            let jump = rng.random_range(20_000..10_000_000);
            sabotage.clock_off_us = if rng.random_bool(0.5) { jump } else { -jump };
        }
        _ => {
            let faults = twin.faults_mut();
            match class {
                Class::LiftStuck => faults.lift_stuck[head] = true,
                Class::CarriageStalled => faults.carriage_stalled[carriage] = true,
                Class::DriveSilent => match rng.random_range(0..4) {
                    0 => faults.lift_silent[head] = true,
                    1 => faults.lift_fault[head] = true,
                    2 => faults.carriage_silent[carriage] = true,
                    _ => faults.carriage_fault[carriage] = true,
                },
                Class::SupplyLost => faults.supply_lost = true,
                Class::LoadCell => faults.force[head] = sensor(rng, 60.0),
                Class::Thrust => faults.thrust[head] = sensor(rng, 100.0),
                Class::Encoder if rng.random_bool(0.5) => faults.height[head] = sensor(rng, 20.0),
                Class::Encoder => faults.position[carriage] = sensor(rng, 100.0),
                Class::Thermometer if rng.random_bool(0.5) => faults.element[zone] = sensor(rng, 15.0),
                Class::Thermometer => faults.surface[zone] = sensor(rng, 15.0),
                Class::HeaterStuckOn => faults.heater_stuck_on[zone] = true,
                Class::Corner => faults.corner[rng.random_range(0..counts::CORNERS)] = sensor(rng, 300.0),
                Class::Person
                | Class::Stop
                | Class::HostSilent
                | Class::HostHostile
                | Class::Clock => {}
            }
        }
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
