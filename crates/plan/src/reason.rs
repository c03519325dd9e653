//! Why the plan gives less than the program wished: a closed list of causes, each with the limit, the
//! requested and the granted value, and words for the person.

use std::collections::BTreeSet;

use bed::Level;
use care::Words;
use serde::{Serialize, Serializer};

/// The cause of a reduction or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Screening does not allow a session, or caps the force.
    Clearance,
    /// Screening caps the intensity.
    ClearanceIntensity,
    /// Screening allows no heat.
    ClearanceNoHeat,
    /// Screening caps the surfaces' temperature.
    ClearanceHeat,
    /// Screening allows no stretching.
    ClearanceStretch,
    /// Screening leaves a region out.
    ClearanceAvoid,
    /// The clearance is of another day.
    ClearanceDay,
    /// Age, stature or mass lies outside the limits.
    Person,
    /// The first session is a light one.
    FirstSession,
    /// Whether this is the first session is not known, so it counts as one.
    HistoryUnknown,
    /// Above the default force only without any softening.
    ForceDefault,
    /// Force as a share of the body weight.
    BodyWeight,
    /// Force over the pelvis, as a smaller share of the body weight.
    PelvisForce,
    /// Force headward of the neck line.
    NeckForce,
    /// A travelling stroke ends at the neck line.
    NeckLine,
    /// Pressure under a roller.
    ContactPressure,
    /// What the bed's lifts can press.
    BedThrust,
    /// What the bed's carriage can travel at.
    BedSpeed,
    /// The bed cannot press left and right apart.
    BedCoupled,
    /// The bed has no such heater.
    BedHeater,
    /// The bed's heater allows less.
    BedSurface,
    /// The bed's description is not fit for use.
    Bed,
    /// The spine line is not surely near enough to the bed's midline.
    OffMidline,
    /// The carriage does not reach there.
    OutOfReach,
    /// The rollers do not reach the point.
    PointOutOfReach,
    /// The level's place is not known well enough to press it as one site.
    LevelUncertain,
    /// The scan found no such level.
    LevelNotFound,
    /// The scan is not fit for use.
    Scan,
    /// No tense site was found.
    NoTenseSite,
    /// This bed cannot tell tension.
    TensionUnknown,
    /// One site is pressed for so long at most without a pause.
    SiteTime,
    /// One site gets so much of the session at most.
    SiteShare,
    /// The session's length.
    Session,
    /// Sessions a day.
    SessionsADay,
    /// The gap between two sessions.
    SessionGap,
    /// The skin's mean temperature over ten minutes.
    SkinMean,
    /// Heat dose of one program.
    DoseProgram,
    /// Heat dose of one day.
    DoseDay,
    /// A program to fall asleep with cools down early.
    CoolSecondHalf,
    /// Nothing of the program is left.
    NothingLeft,
    /// The scale of force or of warmth ends here.
    ScaleEnd,
    /// The program warms nothing here.
    NotHeated,
    /// There is no stroke to change at the moment.
    NotNow,
}

/// Unit of a reason's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Newtons, both heads.
    Newton,
    /// Millimetres.
    Millimetre,
    /// Millimetres per second.
    MillimetrePerSecond,
    /// Degrees Celsius.
    Celsius,
    /// Heat dose.
    Cem43,
    /// Seconds.
    Second,
    /// A number of things.
    Count,
    /// A share of one.
    Share,
    /// Years.
    Year,
    /// Kilograms.
    Kilogram,
}

impl Unit {
    /// The unit's sign; empty for numbers without one.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Newton => "N",
            Self::Millimetre => "mm",
            Self::MillimetrePerSecond => "mm/s",
            Self::Celsius => "°C",
            Self::Cem43 => "CEM43",
            Self::Second => "s",
            Self::Count | Self::Share => "",
            Self::Year => "years",
            Self::Kilogram => "kg",
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.sign())
    }
}

/// One reduction: what was requested, what is granted, and the limit that stands between.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The cause.
    pub code: Code,
    /// The limit, in [`Reason::unit`].
    pub limit: f64,
    /// What the program wished, in [`Reason::unit`].
    pub requested: f64,
    /// What the plan gives, in [`Reason::unit`]; other causes may have taken more than this one.
    pub granted: f64,
    /// Unit of the three numbers.
    pub unit: Unit,
    /// The same in plain words, without a full stop.
    pub words: Words,
    /// The program's phases that it touches, counted from 0.
    pub phases: Vec<usize>,
    /// The levels that it touches, from head to foot; empty where it is not about places.
    pub levels: Vec<Level>,
    /// Rows of the screening table behind it; empty for all other causes.
    pub screening: Vec<String>,
}

/// The most that all limits leave, and the one that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Most {
    /// The limit, in the unit of what it limits.
    pub value: f64,
    /// Which one.
    pub code: Code,
}

impl Most {
    /// The lower of this and another limit.
    #[must_use]
    pub(crate) fn or(self, code: Code, value: f64) -> Self {
        if value < self.value { Self { value, code } } else { self }
    }
}

/// The plan's answer when nothing can be given: a reason and a way out.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error("{}. {}", .reason.words.en, .way_out.en)]
pub struct Refusal {
    /// Why.
    #[serde(flatten)]
    pub reason: Box<Reason>,
    /// What the person can do, without a full stop.
    pub way_out: Words,
}

/// The numbers of a reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    pub limit: f64,
    pub requested: f64,
    pub granted: f64,
    pub unit: Unit,
}

impl Refusal {
    pub(crate) fn new(code: Code, numbers: Numbers, (words, way_out): (Words, Words)) -> Self {
        Self { reason: Box::new(Reason::new(code, numbers, words)), way_out }
    }

    /// Reason and way out as whole sentences.
    #[must_use]
    pub fn words(&self) -> Words {
        Words::joined([&self.reason.words.sentence(), &self.way_out.sentence()], " ")
    }
}

impl Reason {
    /// Its words, with the levels before them where they speak of "here".
    #[must_use]
    pub fn placed(&self) -> Words {
        let here = matches!(self.code, Code::OffMidline | Code::LevelUncertain | Code::ClearanceAvoid);
        let named = |level: &&Level| !self.words.en.contains(level.name());
        let levels: Vec<&str> = self.levels.iter().filter(named).map(|level| level.name()).collect();
        if !here || levels.is_empty() {
            return self.words.clone();
        }
        let levels = levels.join(", ");
        Words::both(format!("{levels}: {}", self.words.en), format!("{levels}: {}", self.words.de))
    }

    pub(crate) fn new(code: Code, numbers: Numbers, words: Words) -> Self {
        let Numbers { limit, requested, granted, unit } = numbers;
        Self {
            code,
            limit,
            requested,
            granted,
            unit,
            words,
            phases: Vec::new(),
            levels: Vec::new(),
            screening: Vec::new(),
        }
    }
}

/// Collects reasons: one entry a cause and unit, with the largest reduction it made.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    entries: Vec<Reason>,
}

impl Reasons {
    /// Adds a reason that touches `phase` and `levels`; of equal causes the larger reduction stays.
    pub fn add(&mut self, reason: Reason, phase: Option<usize>, levels: &[Level]) {
        let index =
            self.entries.iter().position(|entry| entry.code == reason.code && entry.unit == reason.unit);
        let entry = match index {
            None => {
                self.entries.push(reason);
                let last = self.entries.len() - 1;
                &mut self.entries[last]
            }
            Some(index) => {
                let entry = &mut self.entries[index];
                let cut = |reason: &Reason| (reason.requested - reason.granted).abs();
                if cut(&reason) > cut(entry) {
                    let (phases, levels) =
                        (std::mem::take(&mut entry.phases), std::mem::take(&mut entry.levels));
                    *entry = Reason { phases, levels, ..reason };
                }
                entry
            }
        };
        let phases: BTreeSet<usize> = entry.phases.iter().copied().chain(phase).collect();
        entry.phases = phases.into_iter().collect();
        let touched: BTreeSet<Level> = entry.levels.iter().chain(levels).copied().collect();
        entry.levels = touched.into_iter().collect();
    }

    /// All reasons, in the order of their codes.
    pub fn finish(mut self) -> Vec<Reason> {
        self.entries.sort_by_key(|entry| entry.code);
        self.entries
    }

    /// The words of all reasons.
    pub fn words(&self) -> impl Iterator<Item = &Words> {
        self.entries.iter().map(|entry| &entry.words)
    }

    /// Whether there is a reason with this code.
    pub fn has(&self, code: Code) -> bool {
        self.entries.iter().any(|entry| entry.code == code)
    }
}
