//! The columns of a trace: their names, what they measure, and where they stand in the readings.

use bed::BedConfig;
use counts::{CORNERS, DeciNewtons, Instant, Micrometres, Readings, Sample};
use std::fmt;

/// One sensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The moment of the row.
    Time,
    /// A carriage's place along the bed, from the head end.
    Carriage(usize),
    /// Height of a roller's top above its lowered stop.
    Height(usize),
    /// The load cell of a head.
    Force(usize),
    /// The force of a head as the lift's motor current tells it.
    Thrust(usize),
    /// A corner cell.
    Corner(usize),
}

/// What a column measures. Values are handled in s, mm and N.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Time, s.
    Time,
    /// Length, mm.
    Length,
    /// Force, N.
    Force,
}

impl Kind {
    /// The unit in which values are handled and written.
    pub fn unit(self) -> &'static str {
        self.units()[0].0
    }

    /// Units that are understood, with what one of them is in the first.
    pub fn units(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Time => &[("s", 1.0), ("ms", 1e-3), ("us", 1e-6)],
            Self::Length => &[("mm", 1.0), ("cm", 10.0), ("m", 1000.0), ("um", 1e-3)],
            Self::Force => &[("n", 1.0), ("kn", 1000.0)],
        }
    }
}

/// Corner cells in the order of the readings.
const CORNER_NAMES: [&str; CORNERS] = ["head_left", "head_right", "foot_left", "foot_right"];

impl Column {
    /// What it measures.
    pub fn kind(self) -> Kind {
        match self {
            Self::Time => Kind::Time,
            Self::Carriage(_) | Self::Height(_) => Kind::Length,
            Self::Force(_) | Self::Thrust(_) | Self::Corner(_) => Kind::Force,
        }
    }

    /// Every column that such a bed can have.
    pub fn of_bed(bed: &BedConfig) -> Vec<Self> {
        let mut columns = vec![Self::Time];
        columns.extend((0..bed.carriages.len()).map(Self::Carriage));
        for head in 0..bed.heads() {
            columns.push(Self::Height(head));
            if bed.load_cell.is_some() {
                columns.push(Self::Force(head));
            }
            columns.push(Self::Thrust(head));
        }
        if bed.corners.is_some() {
            columns.extend((0..CORNERS).map(Self::Corner));
        }
        columns
    }

    /// True where the estimator has nothing to go by without it: time, carriage, height, and force by the load cell,
    /// or by the current on a bed without one. What one lift does for both heads is told once.
    pub fn is_needed(self, bed: &BedConfig) -> bool {
        let told_once = |head: usize| bed.lift.coupled && head % 2 == 1;
        match self {
            Self::Time | Self::Carriage(_) => true,
            Self::Height(head) => !told_once(head),
            Self::Force(_) => bed.load_cell.is_some(),
            Self::Thrust(head) => bed.load_cell.is_none() && !told_once(head),
            Self::Corner(_) => false,
        }
    }

    /// What it last measured, mm or N, and when.
    pub fn read(self, readings: &Readings) -> Option<(f64, Instant)> {
        let length = |sample: Sample<Micrometres>| (f64::from(sample.value.raw()) * 1e-3, sample.taken);
        let force = |sample: Sample<DeciNewtons>| (f64::from(sample.value.raw()) * 0.1, sample.taken);
        match self {
            Self::Time => None,
            Self::Carriage(carriage) => readings.carriages[carriage].position.map(length),
            Self::Height(head) => readings.heads[head].height.map(length),
            Self::Force(head) => readings.heads[head].force.map(force),
            Self::Thrust(head) => readings.heads[head].thrust.map(force),
            Self::Corner(corner) => readings.corners[corner].map(force),
        }
    }

    /// Puts a value into the readings, to the nearest thousandth of a millimetre or tenth of a newton, as the wire
    /// carries it. The value lies within what the bed can measure.
    pub fn write(self, readings: &mut Readings, value: f64, taken: Instant) {
        let length = Some(Sample { value: Micrometres::new((value * 1e3).round() as i32), taken });
        let force = Some(Sample { value: DeciNewtons::new((value * 10.0).round() as i16), taken });
        match self {
            Self::Time => {}
            Self::Carriage(carriage) => readings.carriages[carriage].position = length,
            Self::Height(head) => readings.heads[head].height = length,
            Self::Force(head) => readings.heads[head].force = force,
            Self::Thrust(head) => readings.heads[head].thrust = force,
            Self::Corner(corner) => readings.corners[corner] = force,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbered =
            |carriage: usize| if carriage == 0 { String::new() } else { (carriage + 1).to_string() };
        let side = |head: usize| if head.is_multiple_of(2) { "left" } else { "right" };
        match *self {
            Self::Time => f.write_str("time"),
            Self::Carriage(carriage) => write!(f, "carriage{}", numbered(carriage)),
            Self::Height(head) => write!(f, "{}{}_height", side(head), numbered(head / 2)),
            Self::Force(head) => write!(f, "{}{}_force", side(head), numbered(head / 2)),
            Self::Thrust(head) => write!(f, "{}{}_thrust", side(head), numbered(head / 2)),
            Self::Corner(corner) => write!(f, "corner_{}", CORNER_NAMES[corner]),
        }
    }
}
