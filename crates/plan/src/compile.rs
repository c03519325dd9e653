//! From program, scan, clearance, history, visit and bed to a plan, in five steps: admit, lay out the
//! ground, place the strokes, fit them into the session, warm them.

use bed::{Action, BedConfig, Level, LevelEstimate, Side, SpineScan, Stroke, Tension, limits};
use care::{Clearance, Effect, Summary, Words};
use counts::{
    DeciCelsius, DeciNewtons, DeciNewtonsPerSecond, HEATERS_MAX, Micrometres, MicrometresPerSecond, Millis,
    PerMille,
};
use serde::Serialize;
use std::collections::BTreeSet;

use crate::admit::{admit, nothing_left, weight_n};
use crate::ground::{Ground, MIDLINE_MM, off_midline_mm};
use crate::heat::{Bound, Warmest, Warmth, budget, warm};
use crate::history::{History, Visit};
use crate::place::{Draft, place};
use crate::points::Reach;
use crate::program::{Program, Therapy};
use crate::reason::{Code, Most, Numbers, Reason, Reasons, Refusal, Unit};
use crate::schedule::{Slot, Timeline, fit};
use crate::words;

/// Part of the session that is not the plan's: two scans of a minute, getting ready and release,
/// seconds. Source: a scan takes at most 60 s (design.md, the scan). Guess: one minute for the rest.
pub const PLAN_RESERVE_S: f64 = 180.0;

/// How fast force rises and falls, both heads together, N/s. Guess: a firm hold is reached in a few
/// seconds, a stretch in twice that.
const RAMP_N_S: f64 = 20.0;
const RAMP_STRETCH_N_S: f64 = 8.0;

/// Farthest move that is looked at, mm. Source: the scan refuses who lies farther aside (20 mm on the mean).
const MOVE_MAX_MM: i16 = 25;

/// A named point as this plan meets it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PlannedPoint {
    /// Standard name.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// On which side.
    pub side: Side,
    /// How near the rollers come.
    pub reach: Reach,
}

/// One stroke of the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// From the plan's start to landing, seconds, as planned.
    pub begins_s: f64,
    /// Rest that the host must let pass before this stroke is asked for, seconds; mostly zero.
    pub pause_s: f64,
    /// The stroke; its id is its number in the plan.
    pub stroke: Stroke,
    /// Target of each heater zone's surface during and before this stroke; `None` leaves a zone off.
    pub surfaces: [Option<DeciCelsius>; HEATERS_MAX],
    /// The most force of both heads together that the limits leave here, newtons.
    pub force_most: Most,
    /// How warm the surfaces may get here.
    pub surfaces_most: Warmest,
    /// To which therapy it belongs.
    pub therapy: Therapy,
    /// What happens, for the person to read.
    pub title: Words,
    /// Number of the program's phase, counted from 0.
    pub phase: usize,
    /// The levels that it is meant for, in the order of travel.
    pub levels: Vec<Level>,
    /// The side that is pressed more; `None` presses both alike.
    pub side: Option<Side>,
    /// How near the rollers come to what it is meant for.
    pub reach: Reach,
    /// The named points that a hold presses.
    pub points: Vec<PlannedPoint>,
}

/// Sums over a plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Length of the plan, seconds.
    pub seconds: f64,
    /// Length of the whole session with [`PLAN_RESERVE_S`], seconds.
    pub session_seconds: f64,
    /// Time with heads in contact, seconds.
    pub contact_seconds: f64,
    /// That time as a share of the whole session.
    pub contact_share: f64,
    /// Largest force of both heads together, newtons.
    pub force_max_n: f64,
    /// Time of the most pressed site, seconds.
    pub site_seconds: f64,
    /// Upper bound of the skin's mean temperature over ten minutes, C.
    pub skin_mean_c: f64,
    /// Upper bound of the heat dose, CEM43.
    pub dose_cem43: f64,
    /// Tense sites that the scan found.
    pub tense_sites: usize,
    /// Pressing time (holds and travelling strokes) that is meant for tense sites, seconds.
    pub tense_seconds: f64,
}

/// A program compiled for one person, in bed coordinates, with reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// Name of the program.
    pub program: String,
    /// Its title for people.
    pub title: Words,
    /// The strokes in their order; never empty.
    pub steps: Vec<Step>,
    /// Every reduction, one a cause and unit.
    pub reasons: Vec<Reason>,
    /// Every named point that the program meant, those out of reach included, each once.
    pub points: Vec<PlannedPoint>,
    /// Sums over the plan.
    pub totals: Totals,
    /// Heat dose that the plan may spend, CEM43.
    pub dose_most: Most,
    /// What screening allowed.
    pub clearance: Summary,
}

impl Plan {
    /// The levels that are treated.
    #[must_use]
    pub fn levels(&self) -> BTreeSet<Level> {
        self.steps.iter().flat_map(|step| step.levels.iter().copied()).collect()
    }
}

/// Everything that the steps of compiling ask about person, day and bed.
pub(crate) struct Case<'a> {
    pub ground: Ground<'a>,
    pub clearance: &'a Clearance,
    pub tension: &'a [Tension],
    pub stature_mm: f64,
    pub weight_n: f64,
    /// Why this session is a light one, if it is.
    pub light: Option<Code>,
    pub dose_today_cem43: f64,
}

impl Case<'_> {
    /// Ids of the screening rows with such an effect.
    pub fn screening(&self, effect: impl Fn(&Effect) -> bool) -> Vec<String> {
        let rows = self.clearance.reasons().iter();
        rows.filter(|row| row.effects.iter().any(&effect)).map(|row| row.id.clone()).collect()
    }
}

/// What can be offered to one person on one visit, lying on `bed` as `scan` found. It holds the clearance, which
/// is spent with it: one person, one session, however many programs are looked at.
#[derive(Debug)]
pub struct Offer<'a> {
    scan: SpineScan,
    clearance: Clearance,
    history: History,
    bed: &'a BedConfig,
}

impl<'a> Offer<'a> {
    /// Spends the clearance.
    #[must_use]
    pub fn new(scan: SpineScan, clearance: Clearance, history: History, bed: &'a BedConfig) -> Self {
        Self { scan, clearance, history, bed }
    }

    /// Compiles one of the programs that could be given on this visit.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn compile(&self, program: &Program, visit: &Visit) -> Result<Plan, Refusal> {
        plan(program, &self.scan, &self.clearance, (&self.history, visit), self.bed)
    }

    /// How far to their left the person would have to lie for as few levels as possible to be left out beside the
    /// midline, whole millimetres; negative to their right. Of several such places the one where the levels surely
    /// lie nearest.
    #[must_use]
    pub fn to_midline_mm(&self) -> i16 {
        let levels = self.scan.levels.as_slice();
        let places = (-MOVE_MAX_MM..=MOVE_MAX_MM).map(|left_mm| (aside(levels, left_mm), left_mm));
        let best = places.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.abs().cmp(&b.1.abs())));
        best.map_or(0, |(_, left_mm)| left_mm)
    }

    /// What would be compiled if the person lay so far to their left, mm: as good as the scan is now, which only
    /// another one can tell.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn compile_moved(&self, program: &Program, visit: &Visit, left_mm: i16) -> Result<Plan, Refusal> {
        let mut scan = self.scan.clone();
        scan.levels.iter_mut().for_each(|level| level.y_mm += f64::from(left_mm));
        plan(program, &scan, &self.clearance, (&self.history, visit), self.bed)
    }

    /// A later scan takes the place of the first.
    #[must_use]
    pub fn seen_again(self, scan: SpineScan) -> Self {
        Self { scan, ..self }
    }
}

/// Compiles a program for the person of `clearance`, who lies on `bed` as `scan` found.
///
/// The clearance is spent: one person, one session.
///
/// # Errors
/// A [`Refusal`] with its cause and a way out: no clearance for today, a person or a history outside
/// the limits, a scan or a bed that is not fit for use, or nothing of the program left.
#[expect(clippy::needless_pass_by_value, reason = "the clearance is spent")]
pub fn compile(
    program: &Program,
    scan: &SpineScan,
    clearance: Clearance,
    history: &History,
    visit: &Visit,
    bed: &BedConfig,
) -> Result<Plan, Refusal> {
    plan(program, scan, &clearance, (history, visit), bed)
}

/// How badly these levels lie for the rollers if the person moves so far to their left: a large number for every
/// level that is left out, and how far from the midline they all lie with 95 %, mm.
fn aside(levels: &[LevelEstimate], left_mm: i16) -> f64 {
    let moved = |level: &LevelEstimate| LevelEstimate { y_mm: level.y_mm + f64::from(left_mm), ..*level };
    let off = levels.iter().map(|level| off_midline_mm(&moved(level)));
    off.map(|off_mm| if off_mm > MIDLINE_MM { 1e6 + off_mm } else { off_mm }).sum()
}

fn plan(
    program: &Program,
    scan: &SpineScan,
    clearance: &Clearance,
    (history, visit): (&History, &Visit),
    bed: &BedConfig,
) -> Result<Plan, Refusal> {
    admit(clearance, history, visit, bed)?;
    let mut reasons = Reasons::default();
    let case = Case {
        ground: Ground::new(scan, clearance, bed).map_err(|refusal| *refusal)?,
        clearance,
        tension: &scan.tension,
        stature_mm: clearance.person().stature_mm.unwrap_or_default(),
        weight_n: weight_n(clearance, visit),
        light: match history.sessions {
            Some(0) => Some(Code::FirstSession),
            Some(_) => None,
            None => Some(Code::HistoryUnknown),
        },
        dose_today_cem43: history.dose_cem43(),
    };
    let mut points = Vec::new();
    let drafts = place(&case, program, &mut reasons, &mut points);
    let target_s = target_s(program, visit, &mut reasons);
    let Some(timeline) = fit(bed, drafts, target_s, &mut reasons) else {
        return Err(nothing_left(&case, &reasons));
    };
    let (warmths, bound) = warm(&case, program, &timeline, &mut reasons);
    let mut steps = Vec::with_capacity(timeline.drafts.len());
    for (index, (draft, slot)) in timeline.drafts.iter().zip(&timeline.slots).enumerate() {
        let Ok(id) = u16::try_from(index) else { break };
        steps.push(step(program, bed, id, draft, slot, &warmths[index]));
    }
    let mut once: Vec<PlannedPoint> = Vec::new();
    for point in points {
        if !once.iter().any(|known| known.name == point.name && known.side == point.side) {
            once.push(point);
        }
    }
    let totals = totals(program, scan, &timeline, bound);
    Ok(Plan {
        program: program.name().to_owned(),
        title: program.title().clone(),
        steps,
        reasons: reasons.finish(),
        points: once,
        totals,
        dose_most: budget(case.dose_today_cem43),
        clearance: clearance.summary(),
    })
}

/// Seconds that the plan may take: the wish, or the program's minutes, within the session's limit.
fn target_s(program: &Program, visit: &Visit, reasons: &mut Reasons) -> f64 {
    let limit = f64::from(limits::SESSION_S);
    let requested = visit.minutes.unwrap_or(program.minutes()) * 60.0;
    if requested > limit {
        let numbers = Numbers { limit, requested, granted: limit, unit: Unit::Second };
        reasons.add(Reason::new(Code::Session, numbers, words::too_long(limit)), None, &[]);
    }
    requested.min(limit) - PLAN_RESERVE_S
}

fn step(
    program: &Program,
    bed: &BedConfig,
    id: u16,
    draft: &Draft,
    slot: &Slot,
    heat: &(Warmth, Warmest),
) -> Step {
    let (warmth, surfaces_most) = heat;
    let phase = &program.phases()[draft.phase];
    let ramp = if draft.action == Action::Stretch { RAMP_STRETCH_N_S } else { RAMP_N_S };
    let period = if draft.action == Action::Knead { phase.period_s } else { 0.0 };
    let stroke = Stroke {
        id,
        action: draft.action,
        carriage: draft.carriage,
        from: Micrometres::new((draft.from_mm * 1000.0).round() as i32),
        to: Micrometres::new((draft.to_mm * 1000.0).round() as i32),
        speed: MicrometresPerSecond::new((draft.speed_mm_s * 1000.0).floor() as i32),
        force: DeciNewtons::new((draft.force_n * 10.0 + 1e-6).floor() as i16),
        left_share: PerMille::new(draft.left_share),
        ramp: DeciNewtonsPerSecond::new((ramp * 10.0) as i16),
        period: Millis::new((period * 1000.0) as u32),
        duration: Millis::new((slot.seconds * 1000.0).floor() as u32),
    };
    let mut surfaces = [None; HEATERS_MAX];
    let wire = |celsius: f64| DeciCelsius::new((celsius * 10.0 + 1e-6).floor() as i16);
    for (zone, surface) in surfaces.iter_mut().enumerate().take(bed.zones()) {
        let target = if zone < bed.heads() { warmth.heads_c } else { warmth.mats_c };
        *surface = target.map(wire);
    }
    Step {
        begins_s: slot.begins_s,
        pause_s: slot.pause_s,
        stroke,
        surfaces,
        force_most: draft.force_most,
        surfaces_most: *surfaces_most,
        therapy: phase.therapy,
        title: phase.title.clone(),
        phase: draft.phase,
        levels: draft.levels.clone(),
        side: draft.side,
        reach: draft.reach,
        points: draft.points.clone(),
    }
}

fn totals(program: &Program, scan: &SpineScan, timeline: &Timeline, bound: Bound) -> Totals {
    let session_seconds = timeline.total_s + PLAN_RESERVE_S;
    let contact_seconds: f64 = timeline.slots.iter().map(|slot| slot.seconds).sum();
    let meant =
        |draft: &Draft| matches!(program.phases()[draft.phase].places, crate::program::Places::Tense(_));
    let both = timeline.drafts.iter().zip(&timeline.slots);
    Totals {
        seconds: timeline.total_s,
        session_seconds,
        contact_seconds,
        contact_share: contact_seconds / session_seconds,
        force_max_n: timeline.drafts.iter().fold(0.0, |most, draft| draft.force_n.max(most)),
        site_seconds: timeline.pressed.site_s,
        skin_mean_c: bound.mean_c,
        dose_cem43: bound.dose_cem43,
        tense_sites: scan.tension.iter().filter(|site| site.tense).count(),
        tense_seconds: both.filter(|(draft, _)| meant(draft)).map(|(_, slot)| slot.seconds).sum(),
    }
}
