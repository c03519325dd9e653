//! A session retold: from its record to what its report shows.

use super::{
    Content, DoseRow, Ended as PageEnded, PersonLine, PlanReason, PlanRow, ProgramLine, RefusalLine,
    RefusedBy, TimedLine, VersionLine,
};
use crate::log::{Header, SCHEMA_VERSION};
use crate::session::{Ended, FaultSeen, SessionRecord, Setting};
use bed::limits;
use care::{Language, Words};
use plan::{Plan, Reach, Step, Unit};
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
        let heads = (0..bed.heads()).map(|head| match head % 2 {
            0 => Words::both("left head", "Rolle links"),
            _ => Words::both("right head", "Rolle rechts"),
        });
        let mats = bed.mats.iter().map(|mat| mat_words(&mat.name));
        let inner = f64::from(bed.roller.inner_edge_mm);
        Content {
            simulated: header.seed.is_some() || !header.notice.is_empty(),
            program: ProgramLine {
                name: program.name().to_owned(),
                title: program.title().clone(),
                does: program.does().clone(),
                evidence: program.evidence().clone(),
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
                Ended::LinkLost(_) => PageEnded::LinkLost,
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
            Sex::Female => Words::both("female", "weiblich"),
            Sex::Male => Words::both("male", "männlich"),
        });
        let (visits_en, visits_de) = match self.visits {
            0 => ("first session".to_owned(), "erste Anwendung".to_owned()),
            1 => ("1 earlier session".to_owned(), "1 frühere Anwendung".to_owned()),
            visits => (format!("{visits} earlier sessions"), format!("{visits} frühere Anwendungen")),
        };
        let (name, origin) = (self.name, self.record.clearance.origin());
        PersonLine {
            sex,
            age_years: about.age_years,
            stature_mm: about.stature_mm,
            mass_kg: about.mass_kg,
            note: Some(Words::both(
                format!("{name}, {visits_en}. {}", origin.en),
                format!("{name}, {visits_de}. {}", origin.de),
            )),
        }
    }

    fn refusal(&self) -> Option<RefusalLine> {
        let (by, words, way_out) = match &self.record.ended {
            Ended::NotCleared => {
                let reasons = &self.record.clearance.reasons;
                let words = Words::joined(reasons.iter().map(|reason| &reason.words), " ");
                let advice = Words::joined(reasons.iter().map(|reason| &reason.advice), " ");
                (RefusedBy::Clearance, words, advice)
            }
            Ended::ScanRefused(why) => (RefusedBy::Scan, why.words.clone(), why.way_out.clone()),
            Ended::PlanRefused => {
                let said = self.record.refusal.as_ref();
                let said = said.map(|refusal| (refusal.reason.words.clone(), refusal.way_out.clone()));
                let (words, way_out) = said.unwrap_or_default();
                (RefusedBy::Plan, words, way_out)
            }
            _ => return None,
        };
        Some(RefusalLine { by, words, way_out })
    }
}

/// Wishes, and what was left out for want of time, in the order in which they came.
fn events(record: &SessionRecord) -> Vec<TimedLine> {
    let wishes = record.wishes.iter().map(|said| (said.time_s, &said.words));
    let left_out = record.left_out.iter().map(|left| (left.time_s, &left.words));
    let line = |(time_s, words): (f64, &Words)| TimedLine { time_s, words: words.clone() };
    let mut lines: Vec<TimedLine> = wishes.chain(left_out).map(line).collect();
    lines.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    lines
}

/// What a mat is called, by its name in the bed's description.
fn mat_words(name: &str) -> Words {
    let de = match name {
        "back" => "Rückenmatte".to_owned(),
        "leg" => "Beinmatte".to_owned(),
        name => format!("Matte {name}"),
    };
    Words::both(format!("{name} mat"), de)
}

/// A number of things, as one says it.
fn counted(count: usize, one: (&str, &str), several: (&str, &str), language: Language) -> String {
    let (en, de) = if count == 1 { one } else { several };
    format!("{count} {}", language.say(en, de))
}

/// Two or three plain sentences for a terminal.
#[must_use]
pub fn summary(record: &SessionRecord, language: Language) -> String {
    let mut lines = Vec::new();
    if let Some(scan) = &record.scan {
        let tense = scan.tension.iter().filter(|tension| tension.tense).count();
        let tense = counted(
            tense,
            ("tense site", "verspannte Stelle"),
            ("tense sites", "verspannte Stellen"),
            language,
        );
        let (length, kyphosis, lordosis) =
            (scan.length_t1_l5_mm, scan.kyphosis_deg.value, scan.lordosis_deg.value);
        let (value, lo, hi) = (length.value, length.lo90, length.hi90);
        let en = format!(
            "Spine T1-L5: {value:.0} mm ({lo:.0} to {hi:.0}), kyphosis {kyphosis:.0} deg, lordosis {lordosis:.0} deg; {tense}."
        );
        let de = format!(
            "Wirbelsäule T1-L5: {value:.0} mm ({lo:.0} bis {hi:.0}), Kyphose {kyphosis:.0}°, Lordose {lordosis:.0}°; {tense}."
        );
        lines.push(language.say(&en, &de).into_owned());
    }
    if let Some(plan) = &record.plan {
        let (given, of, title) = (record.strokes.len(), plan.steps.len(), plan.title.of(language));
        let reasons = counted(plan.reasons.len(), ("reason", "Grund"), ("reasons", "Gründe"), language);
        let en = format!("{title}: {given} of {of} strokes given, {reasons} for less than asked.");
        let de = format!("{title}: {given} von {of} Griffen gegeben, {reasons} für weniger als vorgesehen.");
        lines.push(language.say(&en, &de).into_owned());
    }
    lines.push(match (&record.ended, &record.refusal) {
        (Ended::NotCleared, _) => not_today(&record.clearance).of(language).clone(),
        (Ended::PlanRefused, Some(refusal)) => refusal.words().of(language).clone(),
        (ended, _) => ended.words().of(language).clone(),
    });
    let fault =
        |fault: &FaultSeen| format!("  {} s: {}", language.number(fault.time_s, 1), fault.words.of(language));
    lines.extend(record.faults.iter().map(fault));
    lines.join("\n")
}

/// Why a clearance refuses, on one line.
#[must_use]
pub fn not_today(clearance: &care::Summary) -> Words {
    let why = Words::joined(clearance.refusals().map(|reason| &reason.words), " ");
    Words::both(format!("Not today: {}", why.en), format!("Heute nicht: {}", why.de))
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
        therapy: step.therapy.words(),
        levels,
        side: step.side,
        asked_n: force_n,
        given_n: force_n,
        seconds: f64::from(step.stroke.duration.raw()) / 1000.0,
        reach: match step.reach {
            Reach::Reachable => Words::both("reachable", "erreichbar"),
            Reach::Approximated { d_mm } => {
                Words::both(format!("approximated by {d_mm:.0} mm"), format!("auf {d_mm:.0} mm genähert"))
            }
            Reach::NotReachable => Words::both("not reachable", "nicht erreichbar"),
        },
    }
}

fn reason(reason: &plan::Reason) -> PlanReason {
    let (times, unit) = match reason.unit {
        Unit::Share => (100.0, "%"),
        unit => (1.0, unit.sign()),
    };
    PlanReason {
        code: serde_json::to_value(reason.code)
            .ok()
            .and_then(|code| code.as_str().map(str::to_owned))
            .unwrap_or_default(),
        words: reason.placed(),
        limit: Some(times * reason.limit),
        requested: Some(times * reason.requested),
        granted: Some(times * reason.granted),
        unit: unit.to_owned(),
    }
}

fn doses(plan: &Plan, record: &SessionRecord) -> Vec<DoseRow> {
    let row = |(en, de): (&str, &str), value: f64, limit: f32, unit: &str| DoseRow {
        what: Words::both(en, de),
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
        row(
            ("largest force measured, both heads", "größte gemessene Kraft, beide Rollen"),
            force,
            limits::FORCE_CEILING_N,
            "N",
        ),
        row(
            ("warmest surface measured", "wärmste gemessene Oberfläche"),
            surface,
            limits::SURFACE_CONTACT_C,
            "°C",
        ),
        row(
            (
                "skin, 10-minute mean (planned upper bound)",
                "Haut, Mittel über 10 Minuten (geplante Obergrenze)",
            ),
            plan.totals.skin_mean_c,
            limits::SKIN_MEAN_C,
            "°C",
        ),
        row(
            (
                "heat dose of the warmest strip (planned upper bound)",
                "Wärmedosis der wärmsten Stelle (geplante Obergrenze)",
            ),
            plan.totals.dose_cem43,
            limits::DOSE_PROGRAM_CEM43,
            "CEM43",
        ),
        row(
            (
                "time on the most pressed site (planned; a quarter of the session at most)",
                "Zeit auf der am meisten gedrückten Stelle (geplant; höchstens ein Viertel der Anwendung)",
            ),
            plan.totals.site_seconds,
            // Source: no more than 25 % of the time on one site; the plan and the guard also hold the 90 s
            // without a pause.
            0.25 * plan.totals.session_seconds as f32,
            "s",
        ),
        row(("session", "Anwendung"), record.duration_s, limits::SESSION_S, "s"),
    ]
}

fn versions(header: &Header) -> Vec<VersionLine> {
    let line = |en: &str, de: &str, version: String| VersionLine { what: Words::both(en, de), version };
    vec![
        line("ondol", "ondol", header.ondol_version.clone()),
        line("log schema", "Schema der Aufzeichnung", SCHEMA_VERSION.to_string()),
        line("bed file", "Datei des Bettes", format!("{:08x}", header.bed_checksum)),
        line("limits", "Grenzen", format!("{:08x}", header.limits_checksum)),
        line("spine prior", "Vorwissen über Wirbelsäulen", format!("{:08x}", header.prior_checksum)),
    ]
}

fn worth() -> Vec<Words> {
    vec![
        Words::both(
            "Real spine shapes, measured by CT in people lying down, under simulated tissue on a simulated bed. No figure here was measured on a living person by this bed.",
            "Formen echter Wirbelsäulen, mit CT an liegenden Menschen gemessen, unter simuliertem Gewebe auf einem simulierten Bett. Keine Zahl hier hat dieses Bett an einem lebenden Menschen gemessen.",
        ),
        Words::both(
            "Each interval holds the truth nine times in ten, on the twin. `ondol bench scan` prints how exact scans are and how often the intervals hold.",
            "Jede Spanne enthält den wahren Wert in neun von zehn Fällen, am simulierten Bett. `ondol bench scan` gibt aus, wie genau das Abtasten ist und wie oft die Spannen stimmen.",
        ),
    ]
}
