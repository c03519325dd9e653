//! A session retold: from its record to what its report shows.

use super::{
    Content, DoseRow, Ended as PageEnded, PersonLine, PlanReason, PlanRow, ProgramLine, RefusalLine,
    RefusedBy, TimedLine, VersionLine,
};
use crate::log::{Header, SCHEMA_VERSION};
use crate::session::{Ended, SessionRecord, Setting};
use bed::limits;
use plan::{Plan, Reach, Step};
use population::Sex;

/// A session and everything around it that the page names.
pub struct Retold<'a> {
    /// What was asked for.
    pub setting: &'a Setting<'a>,
    /// What happened.
    pub record: &'a SessionRecord,
    /// What ran.
    pub header: &'a Header,
    /// Name of the spine or person.
    pub name: &'a str,
    /// Earlier sessions of this person.
    pub visits: u32,
    /// The command that makes the same session again; `None` where none does.
    pub repeat: Option<String>,
}

impl Retold<'_> {
    /// The page's content.
    #[must_use]
    pub fn content(&self) -> Content {
        let (setting, record, header) = (self.setting, self.record, self.header);
        let bed = setting.bed;
        let program = setting.program;
        let heads =
            (0..bed.heads()).map(|head| format!("head {}", if head % 2 == 0 { "left" } else { "right" }));
        let mats = bed.mats.iter().map(|mat| format!("{} mat", mat.name));
        let inner = f64::from(bed.roller.inner_edge_mm);
        Content {
            simulated: header.seed.is_some() || !header.notice.is_empty(),
            program: ProgramLine {
                name: program.name().to_owned(),
                title: program.title().to_owned(),
                does: program.does().to_owned(),
                evidence: program.evidence().to_owned(),
            },
            person: self.person(),
            bed: bed.name.to_string(),
            pad_top_mm: Some(f64::from(bed.lift.pad_above_mm)),
            roller_reach_mm: Some((inner, inner + f64::from(bed.roller.width_mm))),
            clearance: Some(record.clearance.clone()),
            before: record.scan.clone(),
            after: record.after.clone(),
            worth: worth(),
            refusal: self.refusal(),
            plan: record
                .plan
                .iter()
                .flat_map(|plan| plan.steps.iter().map(|step| row(step, record)))
                .collect(),
            plan_reasons: record.plan.iter().flat_map(|plan| &plan.reasons).map(reason).collect(),
            trace: record.trace.clone(),
            zones: heads.chain(mats).collect(),
            doses: record.plan.as_ref().map(|plan| doses(plan, record)).unwrap_or_default(),
            faults: record
                .faults
                .iter()
                .map(|fault| TimedLine { time_s: fault.time_s, words: fault.words.clone() })
                .collect(),
            events: events(record),
            duration_s: record.duration_s,
            ended: match record.ended {
                Ended::Complete => PageEnded::AsPlanned,
                Ended::Finished | Ended::Unattended => PageEnded::Stopped,
                Ended::LinkLost(_) => PageEnded::Fault,
                Ended::Stopped if record.faults.is_empty() => PageEnded::Stopped,
                Ended::Stopped | Ended::Stalled(_) => PageEnded::Fault,
                Ended::NotCleared | Ended::ScanRefused(_) | Ended::PlanRefused => PageEnded::NotBegun,
                Ended::Declined | Ended::Unanswered => PageEnded::NotBegun,
            },
            seed: header.seed,
            versions: versions(header),
            replay: self.repeat.is_some().then(|| "ondol replay session.mcap".to_owned()),
            repeat: self.repeat.clone(),
            ..Content::default()
        }
    }

    fn person(&self) -> PersonLine {
        let about = &self.setting.about;
        let sex = about.sex.map(|sex| match sex {
            Sex::Female => "female",
            Sex::Male => "male",
        });
        let visits = match self.visits {
            0 => "first session".to_owned(),
            visits => format!("{visits} earlier sessions"),
        };
        PersonLine {
            sex: sex.map(str::to_owned),
            age_years: about.age_years,
            stature_mm: about.stature_mm,
            mass_kg: about.mass_kg,
            note: Some(format!("{}, {visits}. {}", self.name, self.record.clearance.origin())),
        }
    }

    fn refusal(&self) -> Option<RefusalLine> {
        let (by, words, way_out) = match &self.record.ended {
            Ended::NotCleared => {
                let reasons = &self.record.clearance.reasons;
                let words: Vec<&str> = reasons.iter().map(|reason| reason.words.en.as_str()).collect();
                let advice: Vec<&str> = reasons.iter().map(|reason| reason.advice.en.as_str()).collect();
                (RefusedBy::Clearance, words.join(" "), advice.join(" "))
            }
            Ended::ScanRefused(why) => (
                RefusedBy::Scan,
                why.clone(),
                "Lie down again at the mark and hold still during the scan.".to_owned(),
            ),
            Ended::PlanRefused => {
                (RefusedBy::Plan, self.record.refusal.clone().unwrap_or_default(), String::new())
            }
            _ => return None,
        };
        Some(RefusalLine { by, words, way_out })
    }
}

/// Wishes, and what was left out for want of time, in the order in which they came.
fn events(record: &SessionRecord) -> Vec<TimedLine> {
    let wishes = record.wishes.iter().map(|said| (said.time_s, &said.words.en));
    let left_out = record.left_out.iter().map(|left| (left.time_s, &left.words.en));
    let line = |(time_s, words): (f64, &String)| TimedLine { time_s, words: words.clone() };
    let mut lines: Vec<TimedLine> = wishes.chain(left_out).map(line).collect();
    lines.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    lines
}

/// A number of things, as one says it.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// Two or three plain sentences for a terminal.
#[must_use]
pub fn summary(record: &SessionRecord) -> String {
    let mut lines = Vec::new();
    if let Some(scan) = &record.scan {
        let (length, kyphosis, lordosis) = (scan.length_t1_l5_mm, scan.kyphosis_deg, scan.lordosis_deg);
        lines.push(format!(
            "Spine T1-L5: {:.0} mm ({:.0} to {:.0}), kyphosis {:.0} deg, lordosis {:.0} deg; {}.",
            length.value,
            length.lo90,
            length.hi90,
            kyphosis.value,
            lordosis.value,
            counted(scan.tension.iter().filter(|tension| tension.is_tense()).count(), "tense site"),
        ));
    }
    if let Some(plan) = &record.plan {
        let (given, of) = (record.strokes.len(), plan.steps.len());
        lines.push(format!(
            "{}: {given} of {of} strokes given, {} for less than asked.",
            plan.title,
            counted(plan.reasons.len(), "reason")
        ));
    }
    lines.push(match &record.ended {
        Ended::NotCleared => not_today(&record.clearance),
        Ended::PlanRefused => {
            format!("The plan was refused: {}", record.refusal.as_deref().unwrap_or_default())
        }
        ended => ended.words().en,
    });
    lines.extend(record.faults.iter().map(|fault| format!("  {:.1} s: {}", fault.time_s, fault.words)));
    lines.join("\n")
}

/// Why a clearance refuses, on one line.
#[must_use]
pub fn not_today(clearance: &care::Summary) -> String {
    let words: Vec<&str> = clearance.refusals().map(|reason| reason.words.en.as_str()).collect();
    format!("Not today: {}", words.join(" "))
}

fn row(step: &Step, record: &SessionRecord) -> PlanRow {
    let given = record.strokes.iter().find(|given| given.id == step.stroke.id);
    let levels: Vec<&str> = step.levels.iter().map(|level| level.name()).collect();
    let levels = match levels.as_slice() {
        [first, .., last] => format!("{first}-{last}"),
        [only] => (*only).to_owned(),
        [] => String::new(),
    };
    let force_n = f64::from(step.stroke.force.raw()) / 10.0;
    PlanRow {
        start_s: given.map(|given| given.started_s),
        title: step.title.clone(),
        therapy: step.therapy.words().to_owned(),
        levels,
        side: match step.side {
            Some(bed::Side::Left) => "left",
            Some(bed::Side::Right) => "right",
            None => "both",
        }
        .to_owned(),
        asked_n: force_n,
        given_n: force_n,
        seconds: f64::from(step.stroke.duration.raw()) / 1000.0,
        reach: match step.reach {
            Reach::Reachable => "reachable".to_owned(),
            Reach::Approximated { d_mm } => format!("approximated by {d_mm:.0} mm"),
            Reach::NotReachable => "not reachable".to_owned(),
        },
    }
}

fn reason(reason: &plan::Reason) -> PlanReason {
    PlanReason {
        code: serde_json::to_value(reason.code)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default(),
        words: reason.words.clone(),
        limit: Some(reason.limit),
        requested: Some(reason.requested),
        granted: Some(reason.granted),
        unit: reason.unit.sign().to_owned(),
    }
}

fn doses(plan: &Plan, record: &SessionRecord) -> Vec<DoseRow> {
    let row = |what: &str, value: f64, limit: f32, unit: &str| DoseRow {
        what: what.to_owned(),
        value,
        limit: f64::from(limit),
        unit: unit.to_owned(),
    };
    let trace = &record.trace;
    let heads = trace.force_n.len() / 2;
    let force = (0..trace.time_s.len())
        .map(|sample| {
            let sum = |first: usize| trace.force_n[first][sample] + trace.force_n[first + 1][sample];
            (0..heads).map(|carriage| sum(2 * carriage)).fold(0.0, f64::max)
        })
        .fold(0.0, f64::max);
    let surface = trace.surface_c.iter().flatten().copied().fold(0.0, f64::max);
    vec![
        row("largest force measured, both heads", force, limits::FORCE_CEILING_N, "N"),
        row("warmest surface measured", surface, limits::SURFACE_CONTACT_C, "C"),
        row("skin, 10-minute mean (planned upper bound)", plan.totals.skin_mean_c, limits::SKIN_MEAN_C, "C"),
        row(
            "heat dose of the warmest strip (planned upper bound)",
            plan.totals.dose_cem43,
            limits::DOSE_PROGRAM_CEM43,
            "CEM43",
        ),
        row(
            "time on the most pressed site (planned; a quarter of the session at most)",
            plan.totals.site_seconds,
            // Source: no more than 25 % of the time on one site; the plan and the guard also hold the 90 s
            // without a pause.
            0.25 * plan.totals.session_seconds as f32,
            "s",
        ),
        row("session", record.duration_s, limits::SESSION_S, "s"),
    ]
}

fn versions(header: &Header) -> Vec<VersionLine> {
    let line = |what: &str, version: String| VersionLine { what: what.to_owned(), version };
    vec![
        line("ondol", header.ondol_version.clone()),
        line("log schema", SCHEMA_VERSION.to_string()),
        line("bed file", format!("{:08x}", header.bed_checksum)),
        line("limits", format!("{:08x}", header.limits_checksum)),
        line("spine prior", format!("{:08x}", header.prior_checksum)),
    ]
}

fn worth() -> Vec<String> {
    [
        "Real spine shapes, measured by CT in people lying down, under simulated tissue on a simulated bed. No \
         figure here was measured on a living person by this bed.",
        "Each interval holds the truth nine times in ten, on the twin. `ondol bench scan` prints how exact scans \
         are and how often the intervals hold.",
    ]
    .map(str::to_owned)
    .to_vec()
}
