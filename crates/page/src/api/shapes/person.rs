//! What a person's record holds.

use super::{Interval, Massage, Verdict, Weekday};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is known of a person's body.
#[derive(ToSchema)]
pub(crate) struct PersonKnown {
    /// Age in years.
    age_years: Option<f64>,
    /// Standing height in millimetres.
    stature_mm: Option<f64>,
    /// Body mass in kilograms.
    mass_kg: Option<f64>,
}

/// What a screening allowed, and why.
#[derive(ToSchema)]
pub(crate) struct Summary {
    verdict: Verdict,
    /// The day of screening.
    day: String,
    person: PersonKnown,
    /// Whether the answers were drawn and nobody was asked.
    simulated: bool,
    /// Most force from both heads together, newtons.
    force_cap_n: Option<f64>,
    /// Highest intensity of a stroke, of 9.
    intensity_cap: Option<u8>,
    /// Whether any heater was allowed.
    heat_allowed: bool,
    /// Warmest heated surface, degrees Celsius.
    surface_cap_c: Option<f64>,
    /// Whether stretching strokes were allowed.
    stretch_allowed: bool,
    /// The regions left out, from head to foot.
    avoided_regions: Vec<String>,
    /// Every row that had an effect.
    reasons: Vec<ScreeningReason>,
}

/// One row of the screening that had an effect.
#[derive(ToSchema)]
pub(crate) struct ScreeningReason {
    /// The row.
    id: String,
    /// How long the row's answer holds; null for a row about the person.
    tier: Option<String>,
    /// Why the row applies.
    because: String,
    /// The same in plain words.
    words: String,
    /// Why the row is there.
    why: String,
    /// What to do.
    advice: String,
    /// What the row does to the session.
    effects: Vec<Value>,
    /// What the row rests on.
    sources: Vec<String>,
}

/// A session in a list.
#[derive(ToSchema)]
pub(crate) struct SessionLine {
    /// Its number.
    number: i64,
    /// open, ended, settled (its host was lost) or void (the hand switch never began it).
    state: String,
    /// Name of the program.
    program: String,
    /// It was given on a twin.
    simulated: bool,
    /// When it was reserved.
    begun: Moment,
    /// When it ended, as far as it was seen.
    ended: Option<Moment>,
    /// Pain before, 0 to 10, as the person said it.
    pain_before: Option<f64>,
    /// Pain after, 0 to 10.
    pain_after: Option<f64>,
    /// What is charged for the most heated strip of the person, CEM43.
    dose_cem43: f64,
    /// Course in short; null where no end was written.
    brief: Option<Brief>,
}

/// A moment, by calendar and by a counter that no clock can turn back.
#[derive(ToSchema)]
pub(crate) struct Moment {
    /// Seconds since 1970 (UTC).
    utc_s: i64,
    /// What the local zone added to it, seconds.
    zone_s: i32,
    /// Counter, seconds.
    count_s: u64,
    /// Which counter it was.
    house: u64,
}

/// A session in short. Figures are those before and after the treatment; null where there was no scan.
#[derive(ToSchema)]
pub(crate) struct Brief {
    /// How it ended, as the record says it; null where nobody saw it.
    ended: Value,
    /// From machine start to release; null where nobody saw the end.
    minutes: Option<f64>,
    /// Strokes given to their end.
    strokes: usize,
    /// Faults that the guard reported.
    faults: usize,
    length_mm: PairOfIntervals,
    kyphosis_deg: PairOfIntervals,
    lordosis_deg: PairOfIntervals,
    /// Left positive.
    lateral_mm: PairOfIntervals,
    /// Stiffness over what is expected, mean of all sites.
    tension_mean: PairOfNumbers,
    /// Sites that are surely tenser than expected.
    tense_sites: PairOfCounts,
    /// Name of the log beside the record.
    log: Option<String>,
}

/// Before and after.
#[derive(ToSchema)]
pub(crate) struct PairOfIntervals {
    before: Option<Interval>,
    after: Option<Interval>,
}

/// Before and after.
#[derive(ToSchema)]
pub(crate) struct PairOfNumbers {
    before: Option<f64>,
    after: Option<f64>,
}

/// Before and after.
#[derive(ToSchema)]
pub(crate) struct PairOfCounts {
    before: Option<usize>,
    after: Option<usize>,
}

/// What the rules of the day know of a person.
#[derive(ToSchema)]
pub(crate) struct History {
    /// Sessions ever finished.
    sessions: Option<u32>,
    /// Sessions begun today.
    sessions_today: Option<u32>,
    /// Seconds since the end of the last session; the shorter of counter and calendar.
    since_last_s: Option<f64>,
    /// Heat dose that the most heated strip of the person has had today, CEM43.
    dose_today_cem43: Option<f64>,
}

/// The heat dose of a person: `L4: { left, right }` for each level, and `mats`, CEM43.
#[derive(ToSchema)]
pub(crate) struct PersonDose(BTreeMap<String, Value>);

/// What is prescribed: what stands, and what waits for the person's yes.
#[derive(ToSchema)]
pub(crate) struct Prescriptions {
    standing: Option<Prescription>,
    waiting: Option<Prescription>,
}

/// What is prescribed; null leaves as it is.
#[derive(ToSchema)]
pub(crate) struct Prescription {
    /// Who prescribes.
    by: String,
    /// The day on which it was written.
    written: String,
    /// The only program that may be chosen.
    program: Option<String>,
    /// Highest intensity of a stroke, of 9.
    intensity_max: Option<u8>,
    heat_max: HeatMax,
    /// Longest session, minutes.
    minutes_max: Option<u8>,
    /// Most sessions in seven days.
    week_max: Option<u8>,
    /// Words to the person.
    note: String,
}

/// How warm it may get.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(crate) enum HeatMax {
    /// As bed and screening allow.
    Ordinary,
    /// No surface warmer than this, degrees Celsius.
    Surface(u8),
    /// No heat.
    Off,
}

/// One version of something in the diary.
#[derive(ToSchema)]
pub(crate) struct DiaryEntry {
    /// The item: the number of its first entry.
    item: u32,
    /// The day on which this version was written.
    written: String,
    /// The day that it is about.
    day: String,
    /// What it says; null when it was withdrawn.
    record: Option<Value>,
}

/// One of: `day` (pain 0 to 10, sleep_min, sitting_min, activity_min, stress 0 to 10, strains by name, notes),
/// `episode` (last, pain, places, radiating, set_off_by, notes), `session` (program, minutes, pain_before,
/// pain_after, notes), `roland` (0 to 24).
#[derive(ToSchema)]
pub(crate) struct DiaryRecord(BTreeMap<String, Value>);

/// What a person wishes of a week.
#[derive(ToSchema)]
pub(crate) struct Wishes {
    /// Most minutes a day; more than the plan gives counts as that.
    minutes_a_day: u8,
    /// Days without a plan.
    quiet: Vec<Weekday>,
    massage: Massage,
}
