//! The picture of a session's moment, for a page that draws it. Plain numbers with their units in their
//! names; what is not known is `None`, never zero. Places are in the bed's frame: x from the head end to the
//! foot end, y to the person's left, z up.

use super::attend::Wish;
use super::line::Line;
use super::record::FaultSeen;
use bed::{Action, Level, LevelEstimate, SessionState};
use care::Words;
use plan::{Held, Therapy};
use serde::{Deserialize, Serialize};

/// What a session is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No session is under way.
    AtRest,
    /// The bed waits for somebody to lie down.
    #[default]
    WaitingPerson,
    /// The bed waits for a press of the hand switch.
    WaitingSwitch,
    /// The back is scanned.
    Scanning,
    /// The person was asked to move; [`Live::move_mm`] says how far.
    Moving,
    /// A plan is proposed and waits for an answer.
    Proposed,
    /// A stroke is given.
    Treating,
    /// Heads low between two strokes.
    Resting,
    /// The back is scanned once more, after the treatment.
    ScanningAgain,
    /// Heads and carriage go to their park.
    Releasing,
    /// The person is free.
    Over,
}

/// One head.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveHead {
    /// Along the bed.
    pub x_mm: Option<f64>,
    /// Across the bed, from its description.
    pub y_mm: f64,
    /// Height of the roller's top above the lowered stop.
    pub height_mm: Option<f64>,
    /// Force, measured.
    pub force_n: Option<f64>,
    /// Surface of the roller.
    pub surface_c: Option<f64>,
}

/// One warm mat.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveMat {
    /// Name in the bed's description.
    pub name: String,
    /// Its surface.
    pub surface_c: Option<f64>,
    /// Target of its surface; `None` where it is off.
    pub target_c: Option<f64>,
}

/// Where the person's weight lies, from the corner cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Weight {
    /// Sum of the corner cells.
    pub weight_n: f64,
    /// Its centre along the bed, to some millimetres: where along the bed the cells stand is not described,
    /// and they are taken to stand at its ends.
    pub x_mm: f64,
    /// Its centre across the bed.
    pub y_mm: f64,
}

/// The spine as it is known now.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveSpine {
    /// Body centres and their standard deviations.
    pub levels: Vec<LevelEstimate>,
    /// Part of the bed that the scan has touched so far, from and to.
    pub seen_mm: Option<(f64, f64)>,
    /// True once the scan is over and the answer stands.
    pub settled: bool,
}

/// The stroke of the moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LiveStroke {
    /// Which, counted from 1.
    pub number: usize,
    /// Of how many.
    pub of: usize,
    /// Title as the program writes it.
    pub title: Words,
    /// What happens, in plain words.
    pub words: Words,
    /// To which therapy it belongs.
    pub therapy: Therapy,
    /// What it does.
    pub action: Action,
    /// The levels that it is meant for.
    pub levels: Vec<Level>,
    /// Where it turns, along the bed.
    pub from_mm: f64,
    /// Where it turns, along the bed.
    pub to_mm: f64,
    /// Seconds that are left of it.
    pub left_s: f64,
}

/// Whether a wish would be granted now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Possible {
    /// The wish.
    pub wish: Wish,
    /// Why it would be held; `None` where it would be granted.
    pub held: Option<Held>,
}

/// The picture of the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Live {
    /// Seconds since machine start.
    pub time_s: f64,
    /// What the session is at.
    pub phase: Phase,
    /// Where the machine's own session stands.
    pub machine: SessionState,
    /// How far the person should move to their left, negative to their right.
    pub move_mm: Option<f64>,
    /// Share of the scan's way.
    pub scanned: Option<f64>,
    /// Seconds that are left of the session; `None` before there is a plan.
    pub left_s: Option<f64>,
    /// The stroke of the moment.
    pub stroke: Option<LiveStroke>,
    /// The stroke after it, in plain words.
    pub next: Option<Words>,
    /// The heads, left and right of each carriage.
    pub heads: Vec<LiveHead>,
    /// The mats.
    pub mats: Vec<LiveMat>,
    /// Each carriage's roller axis along the bed.
    pub carriage_mm: Vec<Option<f64>>,
    /// Force asked for, both heads together; zero where none is.
    pub force_asked_n: f64,
    /// Target of the heads' surface; `None` where they are off.
    pub heads_target_c: Option<f64>,
    /// Where the person's weight lies; `None` where the bed cannot tell.
    pub weight: Option<Weight>,
    /// The spine.
    pub spine: Option<LiveSpine>,
    /// Steps softer (negative) or firmer than the plan.
    pub force_step: i8,
    /// Kelvins cooler (negative) or warmer than the plan.
    pub heat_step: i8,
    /// Which wishes would be granted now.
    pub wishes: Vec<Possible>,
    /// What was said last, to be spoken once for each new number.
    pub say: Option<Line>,
    /// What happened last, such as the answer to a wish.
    pub news: Option<Words>,
    /// Nobody attends any more: force and heat only fall, and the session ends.
    pub lost: bool,
    /// What the guard reported.
    pub faults: Vec<FaultSeen>,
}
