//! What is proposed.

use super::{Action, Side, SpineScan, Summary, Therapy, Words};
use utoipa::ToSchema;

/// A plan that waits for an answer.
#[derive(ToSchema)]
pub(crate) struct Proposal {
    /// Rises with each proposal of a session.
    number: u32,
    /// What the scan found.
    found: Option<SpineScan>,
    plan: Plan,
    /// It begins softer by so many steps, as the last session was left.
    softer: u8,
    /// What else there is.
    alternatives: Vec<Alternative>,
}

/// Something else that could be given to this person, on this scan, in the time that is left.
#[derive(ToSchema)]
pub(crate) struct Alternative {
    /// By this it is chosen as the answer `other`.
    key: String,
    /// Name of the program.
    program: String,
    title: Words,
    /// Length of the whole session, minutes; null where it is refused.
    minutes: Option<f64>,
    /// Largest force of both heads together, newtons; null where it is refused.
    force_max_n: Option<f64>,
    /// Begins softer than the program asks for.
    gentler: bool,
    /// Why it cannot be given today; null where it can.
    refusal: Option<Refusal>,
}

/// A program compiled for one person, in bed coordinates, with reasons.
#[derive(ToSchema)]
pub(crate) struct Plan {
    /// Name of the program.
    program: String,
    /// Its title for people.
    title: Words,
    /// The strokes in their order; never empty.
    steps: Vec<Step>,
    /// Every reduction, one a cause and unit.
    reasons: Vec<Reason>,
    /// Every named point that the program meant, those out of reach included, each once.
    points: Vec<PlannedPoint>,
    totals: Totals,
    /// Heat dose that the plan may spend, CEM43.
    dose_most: Most,
    /// What screening allowed.
    clearance: Summary,
}

/// One stroke of a plan.
#[derive(ToSchema)]
pub(crate) struct Step {
    /// From the plan's start to landing, seconds, as planned.
    begins_s: f64,
    /// Rest before this stroke, seconds.
    pause_s: f64,
    stroke: Stroke,
    /// Target of each heater zone's surface, tenths of a degree Celsius; null leaves a zone off.
    surfaces: Vec<Option<i32>>,
    /// The most force of both heads together that the limits leave here, newtons.
    force_most: Most,
    /// How warm the surfaces may get here, degrees Celsius.
    surfaces_most: Warmest,
    therapy: Therapy,
    /// What happens, for the person to read.
    title: Words,
    /// Number of the program's phase, counted from 0.
    phase: usize,
    /// The levels that it is meant for, in the order of travel.
    levels: Vec<String>,
    /// The side that is pressed more; null presses both alike.
    side: Option<Side>,
    reach: Reach,
    /// The named points that a hold presses.
    points: Vec<PlannedPoint>,
}

/// One elementary action of one carriage, in the wire's counts.
#[derive(ToSchema)]
pub(crate) struct Stroke {
    /// Number of the stroke in its plan.
    id: u16,
    action: Action,
    /// Which carriage.
    carriage: u8,
    /// Where it starts along the bed, micrometres.
    from: i32,
    /// Where it turns, micrometres.
    to: i32,
    /// Micrometres a second.
    speed: i32,
    /// Force of both heads together, tenths of a newton.
    force: i32,
    /// Share of the left head, thousandths; 500 presses both alike.
    left_share: i32,
    /// How fast the force may rise and fall, tenths of a newton a second.
    ramp: i32,
    /// Period of the alternation between left and right, ms; zero where there is none.
    period: u32,
    /// How long it lasts, from landing to lift-off, ms.
    duration: u32,
}

/// The most that all limits leave, and the one that stands there.
#[derive(ToSchema)]
pub(crate) struct Most {
    /// In the unit of what it limits.
    value: f64,
    /// Which limit.
    code: String,
}

/// How warm surfaces may get during one stroke, degrees Celsius.
#[derive(ToSchema)]
pub(crate) struct Warmest {
    heads: Most,
    mats: Most,
}

/// How near the rollers come to a point.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Reach {
    Reachable,
    /// A roller comes as near as this.
    Approximated {
        /// mm.
        d_mm: f64,
    },
    NotReachable,
}

/// A named point as a plan meets it.
#[derive(ToSchema)]
pub(crate) struct PlannedPoint {
    /// Standard name, such as BL23.
    name: String,
    level: String,
    side: Side,
    reach: Reach,
}

/// One reduction: what was requested, what is granted, and the limit that stands between.
#[derive(ToSchema)]
pub(crate) struct Reason {
    /// The cause.
    code: String,
    /// The limit, in the unit.
    limit: f64,
    /// What the program wished, in the unit.
    requested: f64,
    /// What the plan gives, in the unit.
    granted: f64,
    unit: String,
    /// The same in plain words.
    words: Words,
    /// The program's phases that it touches, counted from 0.
    phases: Vec<usize>,
    /// The levels that it touches, from head to foot.
    levels: Vec<String>,
    /// Rows of the screening table behind it.
    screening: Vec<String>,
}

/// Why nothing can be given, and a way out.
#[derive(ToSchema)]
pub(crate) struct Refusal {
    /// The cause.
    code: String,
    /// The limit, in the unit.
    limit: f64,
    /// What was wished, in the unit.
    requested: f64,
    /// What could be given, in the unit.
    granted: f64,
    unit: String,
    /// The same in plain words.
    words: Words,
    /// The program's phases that it touches, counted from 0.
    phases: Vec<usize>,
    /// The levels that it touches, from head to foot.
    levels: Vec<String>,
    /// Rows of the screening table behind it.
    screening: Vec<String>,
    /// What the person can do.
    way_out: Words,
}

/// Why a wish changes nothing.
#[derive(ToSchema)]
pub(crate) struct Held {
    /// The cause.
    code: String,
    /// The limit, in the unit.
    limit: f64,
    unit: String,
    /// The same in plain words.
    words: Words,
}

/// Sums over a plan.
#[derive(ToSchema)]
pub(crate) struct Totals {
    /// Length of the plan, seconds.
    seconds: f64,
    /// Length of the whole session, seconds.
    session_seconds: f64,
    /// Time with heads in contact, seconds.
    contact_seconds: f64,
    /// That time as a share of the whole session.
    contact_share: f64,
    /// Largest force of both heads together, newtons.
    force_max_n: f64,
    /// Time of the most pressed site, seconds.
    site_seconds: f64,
    /// Upper bound of the skin's mean temperature over ten minutes, C.
    skin_mean_c: f64,
    /// Upper bound of the heat dose, CEM43.
    dose_cem43: f64,
    /// Tense sites that the scan found.
    tense_sites: usize,
    /// Pressing time that is meant for tense sites, seconds.
    tense_seconds: f64,
}
