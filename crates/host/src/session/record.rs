//! What a session leaves behind: the record that the report is made of.

use super::attend::Wish;
use super::unread::Unread;
use super::{Setting, trace::Trace};
use bed::SpineScan;
use care::Words;
use counts::Fault;
use plan::{Plan, Refusal};
use serde::Serialize;

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "how", content = "why", rename_all = "snake_case")]
pub enum Ended {
    /// All of the plan was given.
    Complete,
    /// The clearance refuses.
    NotCleared,
    /// The scan gave no answer.
    ScanRefused(Box<Unread>),
    /// The plan gave no answer; the record's refusal says why.
    PlanRefused,
    /// The person or the guard ended it.
    Stopped,
    /// The person ended it in good order.
    Finished,
    /// The person took none of what was proposed.
    Declined,
    /// Nobody answered the proposal.
    Unanswered,
    /// The line to the bed was lost; the bed releases the person by itself.
    LinkLost(String),
    /// Whoever attended was gone for too long.
    Unattended,
    /// A stroke did not come to its end.
    Stalled(Words),
}

impl Ended {
    /// Whether it ended in good order between the scan and the first stroke.
    #[must_use]
    pub fn is_scan_alone(&self) -> bool {
        matches!(self, Self::ScanRefused(_) | Self::PlanRefused | Self::Declined | Self::Unanswered)
    }

    /// In one or two plain sentences.
    #[must_use]
    pub fn words(&self) -> Words {
        let (en, de) = match self {
            Self::Complete => (
                "The session came to its end, and the bed let go.",
                "Die Anwendung ist zu Ende, und das Bett hat losgelassen.",
            ),
            Self::NotCleared => (
                "The bed is not for you today: your answers say why.",
                "Das Bett ist heute nichts für Sie: Ihre Antworten sagen, warum.",
            ),
            Self::ScanRefused(why) => {
                let why = why.both();
                return Words::both(
                    format!("The scan was refused. {}", why.en),
                    format!("Das Abtasten gab keine Antwort. {}", why.de),
                );
            }
            Self::PlanRefused => {
                ("There is no plan for you today.", "Für heute gibt es keinen Plan für Sie.")
            }
            Self::Stopped => (
                "The session was ended early, and the bed let go.",
                "Die Anwendung wurde vorzeitig beendet, und das Bett hat losgelassen.",
            ),
            Self::Finished => (
                "The session ended as wished, and the bed let go.",
                "Die Anwendung wurde auf Wunsch beendet, und das Bett hat losgelassen.",
            ),
            Self::Declined => (
                "None of what was proposed was taken; the bed let go.",
                "Keiner der Vorschläge wurde gewählt; das Bett hat losgelassen.",
            ),
            Self::Unanswered => (
                "Nobody answered the proposal; the bed let go.",
                "Niemand hat auf den Vorschlag geantwortet; das Bett hat losgelassen.",
            ),
            Self::LinkLost(_) => (
                "The line to the bed was lost; the bed releases the person by itself.",
                "Die Verbindung zum Bett ging verloren; das Bett lässt von selbst los.",
            ),
            Self::Unattended => (
                "The tablet was gone for a minute; the bed let go.",
                "Das Tablet war eine Minute lang weg; das Bett hat losgelassen.",
            ),
            Self::Stalled(what) => {
                return Words::both(
                    format!("\"{}\" did not come to its end; the bed let go.", what.en),
                    format!("„{}“ kam nicht zum Ende; das Bett hat losgelassen.", what.de),
                );
            }
        };
        Words::both(en, de)
    }
}

/// A fault that the guard reported.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultSeen {
    /// Seconds since the session's first report.
    pub time_s: f64,
    /// Which fault.
    pub fault: Fault,
    /// Which axis, head or zone, where there are several.
    pub index: u8,
    /// In plain words.
    pub words: Words,
}

/// A stroke that was given to its end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrokeGiven {
    /// Its number in the plan.
    pub id: u16,
    /// Its words.
    pub title: Words,
    /// When it began, seconds since the session's first report.
    pub started_s: f64,
    /// When it was over.
    pub done_s: f64,
    /// Whether it held one place.
    pub held: bool,
}

/// A wish of the person and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WishSaid {
    /// Seconds since the session's first report.
    pub time_s: f64,
    /// The wish.
    pub wish: Wish,
    /// Whether it changed anything.
    pub granted: bool,
    /// What, or why not.
    pub words: Words,
}

/// Strokes that were left out because time would have run out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Seconds since the session's first report.
    pub time_s: f64,
    /// How many and why.
    pub words: Words,
}

/// A session from beginning to end.
#[derive(Clone, Debug, Serialize)]
pub struct SessionRecord {
    /// How it ended.
    pub ended: Ended,
    /// Seconds from the session's first report to release.
    pub duration_s: f64,
    /// Name of the program.
    pub program: String,
    /// What screening allowed.
    pub clearance: care::Summary,
    /// Weight on the corner cells, N.
    pub weight_n: Option<f64>,
    /// How far the person was asked to move to their left before the second look, mm.
    pub moved_mm: Option<f64>,
    /// The scan before the treatment.
    pub scan: Option<SpineScan>,
    /// The plan.
    pub plan: Option<Plan>,
    /// Why there is no plan.
    pub refusal: Option<Refusal>,
    /// Began softer than the plan by so many steps.
    pub softer: u8,
    /// Strokes given to their end.
    pub strokes: Vec<StrokeGiven>,
    /// Wishes in the order in which they came.
    pub wishes: Vec<WishSaid>,
    /// What was left out for want of time.
    pub left_out: Vec<LeftOut>,
    /// The scan after the treatment.
    pub after: Option<SpineScan>,
    /// What the guard reported.
    pub faults: Vec<FaultSeen>,
    /// What the report draws.
    #[serde(skip)]
    pub trace: Trace,
}

impl SessionRecord {
    pub(super) fn new(setting: &Setting<'_>, clearance: &care::Clearance) -> Self {
        Self {
            ended: Ended::Stopped,
            duration_s: 0.0,
            program: setting.program.name().to_owned(),
            clearance: clearance.summary(),
            weight_n: None,
            moved_mm: None,
            scan: None,
            plan: None,
            refusal: None,
            softer: 0,
            strokes: Vec::new(),
            wishes: Vec::new(),
            left_out: Vec::new(),
            after: None,
            faults: Vec::new(),
            trace: Trace::default(),
        }
    }
}
