//! What whoever looks after a bed is shown. Nothing of a person stands in it.

use super::{Finding, Standing, Words};
use serde_json::Value;
use utoipa::ToSchema;

/// The bed of the moment.
#[derive(ToSchema)]
pub(crate) struct Service {
    /// What must be told with everything that a twin shows.
    notice: Option<String>,
    /// Reports come.
    heard: bool,
    /// Where the bed's session stands.
    state: Words,
    /// How the guard acts, where it is known.
    guard: Words,
    /// Readings, drives, supply and switches.
    readings: Vec<Row>,
    /// What drives and heaters were told.
    outputs: Vec<Row>,
    /// The line between host and bed.
    line: Vec<Row>,
    /// Faults seen lately, the newest first.
    faults: Vec<SeenFault>,
}

/// One reading.
#[derive(ToSchema)]
pub(crate) struct Row {
    /// A name for programs, the same from report to report.
    id: String,
    name: Words,
    /// What it says.
    value: Words,
    /// The value as a number in the unit, where it is one.
    number: Option<f64>,
    unit: String,
    /// How old it is, ms.
    age_ms: Option<f64>,
    standing: Standing,
}

/// A fault that was seen.
#[derive(ToSchema)]
pub(crate) struct SeenFault {
    /// Its code.
    code: String,
    /// Its name in programs.
    name: String,
    /// Which axis, head or zone, where there are several.
    index: u8,
    /// When, seconds of Unix time.
    utc_s: i64,
    /// It is over.
    cleared: bool,
    /// What it means.
    meaning: Words,
}

/// A fault in plain words.
#[derive(ToSchema)]
pub(crate) struct FaultText {
    /// Which fault.
    name: String,
    /// What the guard does: limit, unload, release or power_off.
    response: String,
    /// How long the condition must stand first, ms.
    hold_ms: u32,
    /// When it is over: milliseconds after it is gone, or a word.
    clears: Value,
    meaning: Words,
    /// What is likely.
    causes: Vec<Words>,
    /// What to do, step by step.
    steps: Vec<Words>,
}

/// One limit, as it was compiled in.
#[derive(ToSchema)]
pub(crate) struct LimitRow {
    /// Its name in the table.
    key: String,
    value: f64,
    /// Its unit; 1 for a share or a number.
    unit: String,
    /// Who holds it: plan, control, guard.
    enforced_by: Vec<String>,
    /// Where it comes from.
    source: String,
}

/// A twin's journal, and how its limits hold.
#[derive(ToSchema)]
pub(crate) struct Journal {
    /// What must be told with everything that a twin shows.
    notice: Option<String>,
    lines: Vec<Told>,
    verdict: Option<VerdictTold>,
}

/// One event of the live stream of the service room.
#[derive(ToSchema)]
pub(crate) struct ServicePicture {
    service: Service,
    /// What the journal says since the last event.
    lines: Vec<Told>,
    verdict: Option<VerdictTold>,
}

/// A line of a twin's journal.
#[derive(ToSchema)]
pub(crate) struct Told {
    /// Rises by one with each line.
    number: u32,
    /// When, seconds since the machine's start.
    at_s: f64,
    /// What kind of line, for programs.
    kind: String,
    words: Words,
    /// It shows that something did not hold.
    bad: bool,
}

/// How a twin's limits hold since something was broken in it, by its own truth.
#[derive(ToSchema)]
pub(crate) struct VerdictTold {
    /// What was broken.
    class: Words,
    /// Its name in programs.
    key: String,
    /// What else was drawn.
    seed: u32,
    /// It is still looked at.
    open: bool,
    /// Seconds since it was broken.
    after_s: f64,
    /// No limit was crossed so far.
    holds: bool,
    words: Words,
    /// The largest true values: name, value, unit.
    worst: Vec<Vec<Value>>,
    /// The limits that were crossed.
    crossed: Vec<Words>,
}

/// All of it in one file.
#[derive(ToSchema)]
pub(crate) struct BedLog {
    service: Service,
    journal: Journal,
    limits: Vec<LimitRow>,
}

/// What the self-test found.
#[derive(ToSchema)]
pub(crate) struct SelfTest {
    /// What must be told with everything that a twin shows.
    notice: Option<String>,
    /// Nothing is bad.
    fine: bool,
    checks: Vec<Check>,
}

/// One check.
#[derive(ToSchema)]
pub(crate) struct Check {
    /// Its name in programs.
    id: String,
    /// What was looked at.
    what: Words,
    finding: Finding,
    /// What was found.
    says: Words,
    /// What to do.
    way_out: Option<Words>,
}
