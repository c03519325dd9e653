//! The picture of the moment. Places are in the bed's frame: x from the head end to the foot end, y to the person's
//! left, z up; what is not known is null, never zero.

use super::{Action, Held, Interval, Phase, SessionState, Side, Therapy, Wish, Words};
use utoipa::ToSchema;

/// The picture of the moment. Whom the session does not concern sees the bed and that there is a session.
#[derive(ToSchema)]
pub(crate) struct Picture {
    /// Rises with each picture; a gap is a picture that was not looked at.
    number: u64,
    /// The bed, where one answers.
    bed: Option<BedThere>,
    /// What is wrong with the bed or the line to it.
    trouble: Option<Words>,
    /// A session is under way.
    under_way: bool,
    /// Bed and session.
    live: Option<Live>,
    /// Number of the proposal that waits for an answer.
    proposal: Option<u32>,
    /// How the last session ended, until the next begins.
    outcome: Option<Outcome>,
}

/// A bed that answers.
#[derive(ToSchema)]
pub(crate) struct BedThere {
    /// Name in its description.
    name: String,
    /// A twin: nobody lies on it.
    simulated: bool,
    /// What must be told with everything that is shown; null for a bed.
    notice: Option<String>,
    /// Version of what runs at its end.
    version: String,
    /// Number of this switching-on.
    boot: String,
    /// Checksum of the limits that its guard holds.
    limits_checksum: String,
    /// Checksum of its description.
    bed_checksum: String,
}

/// How the last session ended.
#[derive(ToSchema)]
pub(crate) struct Outcome {
    /// In one line.
    words: Words,
    /// All of the plan was given.
    complete: bool,
    /// Number of the session on the person's record; null where it could not be kept.
    session: Option<i64>,
}

/// Bed and session of the moment.
#[derive(ToSchema)]
pub(crate) struct Live {
    /// Seconds since machine start.
    time_s: f64,
    /// What the session is at.
    phase: Phase,
    /// Where the machine's own session stands.
    machine: SessionState,
    /// How far the person should move to their left, negative to their right, mm.
    move_mm: Option<f64>,
    /// Share of the scan's way.
    scanned: Option<f64>,
    /// Seconds that are left of the session; null before there is a plan.
    left_s: Option<f64>,
    /// The stroke of the moment.
    stroke: Option<LiveStroke>,
    /// The stroke after it, in plain words.
    next: Option<Words>,
    /// The heads, left and right of each carriage.
    heads: Vec<LiveHead>,
    /// The mats.
    mats: Vec<LiveMat>,
    /// Each carriage's roller axis along the bed, mm.
    carriage_mm: Vec<Option<f64>>,
    /// Force asked for, both heads together, newtons; zero where none is.
    force_asked_n: f64,
    /// Target of the heads' surface, degrees Celsius; null where they are off.
    heads_target_c: Option<f64>,
    /// Where the person's weight lies; null where the bed cannot tell.
    weight: Option<Weight>,
    /// The spine.
    spine: Option<LiveSpine>,
    /// Steps softer (negative) or firmer than the plan.
    force_step: i8,
    /// Kelvins cooler (negative) or warmer than the plan.
    heat_step: i8,
    /// Which wishes would be granted now.
    wishes: Vec<Possible>,
    /// What was said last, to be spoken once for each new number.
    say: Option<Line>,
    /// What happened last, such as the answer to a wish.
    news: Option<Words>,
    /// Nobody attends any more: force and heat only fall, and the session ends.
    lost: bool,
    /// What the guard reported.
    faults: Vec<FaultSeen>,
}

/// One head.
#[derive(ToSchema)]
pub(crate) struct LiveHead {
    /// Along the bed, mm.
    x_mm: Option<f64>,
    /// Across the bed, mm.
    y_mm: f64,
    /// Height of the roller's top above the lowered stop, mm.
    height_mm: Option<f64>,
    /// Force, measured, newtons.
    force_n: Option<f64>,
    /// Surface of the roller, degrees Celsius.
    surface_c: Option<f64>,
}

/// One warm mat.
#[derive(ToSchema)]
pub(crate) struct LiveMat {
    /// Name in the bed's description.
    name: String,
    /// Its surface, degrees Celsius.
    surface_c: Option<f64>,
    /// Target of its surface; null where it is off.
    target_c: Option<f64>,
}

/// Where the person's weight lies, from the corner cells.
#[derive(ToSchema)]
pub(crate) struct Weight {
    /// Sum of the corner cells, newtons.
    weight_n: f64,
    /// Its centre along the bed, mm.
    x_mm: f64,
    /// Its centre across the bed, mm.
    y_mm: f64,
}

/// The spine as it is known now.
#[derive(ToSchema)]
pub(crate) struct LiveSpine {
    /// Body centres and their standard deviations.
    levels: Vec<LevelEstimate>,
    /// Part of the bed that the scan has touched so far, from and to, mm.
    seen_mm: Option<[f64; 2]>,
    /// True once the scan is over and the answer stands.
    settled: bool,
}

/// Centre of one vertebral body, mm, with standard deviations.
#[derive(ToSchema)]
pub(crate) struct LevelEstimate {
    /// Such as L4.
    level: String,
    x_mm: f64,
    y_mm: f64,
    z_mm: f64,
    sd_x_mm: f64,
    sd_y_mm: f64,
    sd_z_mm: f64,
}

/// The stroke of the moment.
#[derive(ToSchema)]
pub(crate) struct LiveStroke {
    /// Which, counted from 1.
    number: usize,
    /// Of how many.
    of: usize,
    /// Title as the program writes it.
    title: Words,
    /// What happens, in plain words.
    words: Words,
    therapy: Therapy,
    action: Action,
    /// The levels that it is meant for.
    levels: Vec<String>,
    /// Where it turns, along the bed, mm.
    from_mm: f64,
    /// Where it turns, along the bed, mm.
    to_mm: f64,
    /// Seconds that are left of it.
    left_s: f64,
}

/// Whether a wish would be granted now.
#[derive(ToSchema)]
pub(crate) struct Possible {
    wish: Wish,
    /// Why it would be held; null where it would be granted.
    held: Option<Held>,
}

/// One short line to speak, or to play as a sound.
#[derive(ToSchema)]
pub(crate) struct Line {
    /// Rises with every line of a session, so that each is spoken once.
    number: u32,
    /// Which line, such as `next.knead.lower`.
    key: String,
    words: Words,
}

/// A fault that the guard reported.
#[derive(ToSchema)]
pub(crate) struct FaultSeen {
    /// Seconds since the session's first report.
    time_s: f64,
    /// Which fault, by its name in the table of faults.
    fault: String,
    /// Which axis, head or zone, where there are several.
    index: u8,
    /// In plain words.
    words: Words,
}

/// Everything that a scan found, lying on the back.
#[derive(ToSchema)]
pub(crate) struct SpineScan {
    /// Body centres from T1 to the last lumbar level, in order.
    levels: Vec<LevelEstimate>,
    /// Polyline through the body centres, mm.
    length_t1_l5_mm: Interval,
    /// Lying; no Cobb angle.
    kyphosis_deg: Interval,
    /// Lying; no Cobb angle.
    lordosis_deg: Interval,
    /// Largest deviation sideways, left positive, mm.
    lateral_deviation_mm: Interval,
    /// Per level and side; empty where the bed cannot tell.
    tension: Vec<Tension>,
}

/// Stiffness of the muscle beside one level against what is expected there (1 is as expected).
#[derive(ToSchema)]
pub(crate) struct Tension {
    /// Such as L4.
    level: String,
    side: Side,
    ratio: f64,
    lo90: f64,
    hi90: f64,
    /// A tense place was found there: on healthy backs this is so once in ten scans.
    tense: bool,
}

/// What the person answers to a proposal.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// This one.
    Yes,
    /// Rather the alternative of this key; it is proposed in its turn.
    Other(String),
    /// Nothing: release.
    No,
}

/// What is done to a twin, in place of what people and parts do by themselves at a bed.
#[derive(ToSchema)]
pub(crate) enum TwinAct {
    PressHandSwitch,
    EmergencyStop { pressed: bool },
    LieDown,
    GetUp,
    Move { foot_mm: i16, left_mm: i16 },
    Cough,
    Willing { willing: bool },
    Restart,
    Break { class: u8, seed: u32 },
    Mend,
}
