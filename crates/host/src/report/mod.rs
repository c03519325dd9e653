//! The page that a session leaves behind, for the person and whoever treats them.
//!
//! [`render`] turns a [`Content`] into one self-contained page: no script, no outside file, readable
//! on paper, in the dark and on a telephone. It draws what it is given and works nothing out anew:
//! no estimate, no limit and no verdict is made here.
//!
//! The figures are drawn as SVG directly and not through a plotting crate, because their colours have
//! to follow the page's light and dark themes through CSS classes, and because each is drawn twice,
//! once for wide and once for narrow pages, so that its text stays readable at 400 px.
//!
//! Units stand in the names: newtons, millimetres, degrees Celsius, seconds from machine start.
//! Values that are not finite are shown as a dash and left out of figures.

mod page;
pub mod retold;
mod spine_figure;
mod style;
mod svg;
mod tables;
mod tension_figure;
mod text;
mod trace_figure;

use bed::{Side, SpineScan};
use care::{Language, Summary, Words};
use serde::{Deserialize, Serialize};

use crate::session::trace::Trace;

/// Everything that the page shows of one session.
///
/// [`Default`] is an empty session of a simulated person; fill in what there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// True for the twin: [`crate::NOTICE`] stands on the page, and changes are called assumptions.
    pub simulated: bool,
    /// The program that was asked for.
    pub program: ProgramLine,
    /// Who lay on the bed.
    pub person: PersonLine,
    /// Name of the bed.
    pub bed: String,
    /// Height of the unloaded pad in the bed's frame, mm.
    pub pad_top_mm: Option<f64>,
    /// Where the rollers touch, nearest and farthest from the midline, mm.
    pub roller_reach_mm: Option<(f64, f64)>,
    /// What screening allowed; `None` where it was not reached.
    pub clearance: Option<Summary>,
    /// The scan before the session.
    pub before: Option<SpineScan>,
    /// The scan after the session.
    pub after: Option<SpineScan>,
    /// Smallest change of a tension ratio that two scans with getting up between can tell (MDC95);
    /// `None` derives it per place from the two intervals, and the page says so.
    pub tension_change_min: Option<f64>,
    /// What the figures of this scan are worth, one paragraph each.
    pub worth: Vec<Words>,
    /// Why the session, the scan or the plan was refused.
    pub refusal: Option<RefusalLine>,
    /// The plan, in order.
    pub plan: Vec<PlanRow>,
    /// Where the plan gives less than the program asked for.
    pub plan_reasons: Vec<PlanReason>,
    /// Force, place and temperature over time.
    pub trace: Trace,
    /// Name of each heater zone, in the trace's order.
    pub zones: Vec<Words>,
    /// Lines to draw across the temperatures.
    pub surface_lines: Vec<SurfaceLine>,
    /// Doses and other totals against their limits.
    pub doses: Vec<DoseRow>,
    /// Faults that the guard reported.
    pub faults: Vec<TimedLine>,
    /// What happened when.
    pub events: Vec<TimedLine>,
    /// From the first request to the release, seconds.
    pub duration_s: f64,
    /// How it ended.
    pub ended: Ended,
    /// Seed of the simulation.
    pub seed: Option<u64>,
    /// What ran, such as `ondol 0.1.0` and hashes of bed file, limits and prior.
    pub versions: Vec<VersionLine>,
    /// The command that runs the machine again from the log.
    pub replay: Option<String>,
    /// The command that makes the same session again.
    pub repeat: Option<String>,
}

/// The program in the words of its file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProgramLine {
    /// Short name, such as `relief`.
    pub name: String,
    /// Title, such as `Relief`.
    pub title: Words,
    /// What it does, one or two sentences.
    pub does: Words,
    /// What is known of its effect on people, one honest line.
    pub evidence: Words,
}

/// Who lay on the bed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonLine {
    /// In words.
    pub sex: Option<Words>,
    /// Years.
    pub age_years: Option<f64>,
    /// Millimetres.
    pub stature_mm: Option<f64>,
    /// Kilograms.
    pub mass_kg: Option<f64>,
    /// Where body and answers come from, such as a spine file or drawn answers.
    pub note: Option<Words>,
}

/// A refusal with the way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalLine {
    /// Who refused.
    pub by: RefusedBy,
    /// The reason in plain words, whole sentences.
    pub words: Words,
    /// What to do about it, whole sentences; empty where there is nothing to do.
    pub way_out: Words,
}

/// Who refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// Screening.
    Clearance,
    /// The bed did not begin.
    Bed,
    /// The scan.
    Scan,
    /// The plan.
    Plan,
}

/// One stroke of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanRow {
    /// When it began, seconds from machine start; `None` where it was not reached.
    pub start_s: Option<f64>,
    /// What is done.
    pub title: Words,
    /// Acupressure, deep tissue, stretching or hot stone.
    pub therapy: Words,
    /// Level or levels.
    pub levels: String,
    /// The side that is pressed more; `None` presses both alike.
    pub side: Option<Side>,
    /// Force that the program asked for, both heads, N.
    pub asked_n: f64,
    /// Force that the plan gives, both heads, N.
    pub given_n: f64,
    /// Seconds.
    pub seconds: f64,
    /// Reachable, approximated by d mm, or not reachable.
    pub reach: Words,
}

/// Where the plan gives less than the program asked for, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanReason {
    /// Code of the reason.
    pub code: String,
    /// In plain words.
    pub words: Words,
    /// The limit that acted, in the unit of the other two.
    pub limit: Option<f64>,
    /// What the program asked for.
    pub requested: Option<f64>,
    /// What the plan gives.
    pub granted: Option<f64>,
    /// Unit of the three.
    pub unit: String,
}

/// A line to draw across the temperatures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceLine {
    /// Degrees Celsius.
    pub value_c: f64,
    /// What the line means, a few words.
    pub words: Words,
}

/// One quantity against its limit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DoseRow {
    /// What, a few words.
    pub what: Words,
    /// Highest value reached.
    pub value: f64,
    /// Its limit.
    pub limit: f64,
    /// Unit of both.
    pub unit: String,
}

/// Something that happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TimedLine {
    /// Seconds since machine start.
    pub time_s: f64,
    /// In plain words.
    pub words: Words,
}

/// What ran, and in which version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionLine {
    /// Program, bed file, limits or prior.
    pub what: Words,
    /// Version or hash.
    pub version: String,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The plan was given to its end.
    AsPlanned,
    /// The person ended it.
    Stopped,
    /// The guard ended it.
    Fault,
    /// The link to the bed was lost; the bed released the person by itself.
    LinkLost,
    /// Nothing was given.
    #[default]
    NotBegun,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            simulated: true,
            program: ProgramLine::default(),
            person: PersonLine::default(),
            bed: String::new(),
            pad_top_mm: None,
            roller_reach_mm: None,
            clearance: None,
            before: None,
            after: None,
            tension_change_min: None,
            worth: Vec::new(),
            refusal: None,
            plan: Vec::new(),
            plan_reasons: Vec::new(),
            trace: Trace::default(),
            zones: Vec::new(),
            surface_lines: surface_lines(),
            doses: Vec::new(),
            faults: Vec::new(),
            events: Vec::new(),
            duration_s: 0.0,
            ended: Ended::default(),
            seed: None,
            versions: Vec::new(),
            replay: None,
            repeat: None,
        }
    }
}

/// The limits of skin and surface from the table of limits, as lines for the figure.
#[must_use]
pub fn surface_lines() -> Vec<SurfaceLine> {
    let line = |value: f32, en: &str, de: &str| SurfaceLine {
        value_c: f64::from(value),
        words: Words::both(en, de),
    };
    vec![
        line(bed::limits::SKIN_MEAN_C, "skin, 10-minute mean", "Haut, Mittel über 10 Minuten"),
        line(bed::limits::SKIN_INSTANT_C, "skin, any instant", "Haut, zu jedem Zeitpunkt"),
        line(bed::limits::SURFACE_CONTACT_C, "roller in contact", "Rolle am Körper"),
    ]
}

/// The whole page as HTML, in one language. Never fails: what is missing is left out or said to be missing.
#[must_use]
pub fn render(content: &Content, language: Language) -> String {
    page::page(content, language).into_string()
}
