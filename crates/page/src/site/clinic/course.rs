//! The course of one person on one page, which prints on one sheet.

use care::{Day, Language};
use host::course::{Course, Line, Verdict, assumed, day_of, no_cause};
use host::prescription::Prescriptions;
use host::store::{Record, SessionLine, StoreError};
use maud::{Markup, html};

use super::{compare, place, plot, prescribe};
use crate::guide::{day_words, link, say};

/// Sessions that a printed sheet has room for, the last ones. Design: with plots and sentences, one side of A4.
const PRINTED: usize = 7;

/// What the page shows.
pub(super) struct Shown {
    course: Course,
    prescriptions: Prescriptions,
    today: Day,
}

impl Shown {
    pub(super) fn read(record: &Record, today: Day) -> Result<Self, StoreError> {
        let course = Course::of(&record.diary()?, &record.sessions()?);
        Ok(Self { course, prescriptions: Prescriptions::read(record, today)?, today })
    }
}

pub(super) fn page(record: &Record, shown: &Shown, language: Language) -> Markup {
    let course = &shown.course;
    html! {
        h1 { (record.name()) }
        p.quiet {
            @match course.days() {
                Some((from, to)) => { (day_words(from, language)) " – " (day_words(to, language)) " · " (count(course.sessions.len(), language)) }
                None => { (say(language, "Nothing was written down and no session given yet.", "Noch wurde nichts notiert und keine Anwendung gegeben.")) }
            }
            span.printonly { " · " (say(language, "Printed ", "Gedruckt ")) (day_words(shown.today, language)) }
        }
        p.lead { (course.summary().of(language)) }
        p.quiet { (no_cause().of(language)) }
        h2 { (say(language, "What changed, and by how much", "Was sich änderte, und um wie viel")) }
        ul.lines-of-course { @for line in &course.lines { (sentence(line, language)) } }
        @if course.simulated_left_out > 0 {
            p.quiet { (course.simulated_left_out) " " (say(language, "sessions on the twin are left out of the scans' rows.", "Anwendungen auf dem Zwilling sind in den Zeilen der Messungen nicht enthalten.")) }
        }
        h2 { (say(language, "Over time", "Über die Zeit")) }
        (plot::panels(course, language))
        @if !course.sessions.is_empty() {
            h2 { (say(language, "Sessions", "Anwendungen")) }
            (sessions(&course.sessions, language))
            div.noprint { (compare::pick(record, &course.sessions, None, language)) }
        }
        (prescribe::stands(&shown.prescriptions, language))
        div.noprint {
            p { a.act href=(link(&place(record, "/prescribe"), language)) { (say(language, "Prescribe", "Verordnen")) } }
            h2 { (say(language, "To take along", "Zum Mitnehmen")) }
            ul {
                li { a href=(link(&place(record, "/bundle.json"), language)) { (say(language, "Diary and sessions as FHIR R4", "Tagebuch und Anwendungen als FHIR R4")) } }
                li { a href=(link(&place(record, "/course.csv"), language)) { (say(language, "The course as a table (CSV)", "Der Verlauf als Tabelle (CSV)")) } }
                li { (say(language, "On paper: print this page; it fits one sheet.", "Auf Papier: Drucken Sie diese Seite, sie passt auf ein Blatt.")) }
            }
            p { a href=(link(super::ROOT, language)) { (say(language, "To all people", "Zu allen Personen")) } }
        }
    }
}

fn count(sessions: usize, language: Language) -> String {
    let words = if sessions == 1 {
        say(language, "session", "Anwendung")
    } else {
        say(language, "sessions", "Anwendungen")
    };
    format!("{sessions} {words}")
}

/// Verdict, figures and why, in one row.
fn sentence(line: &Line, language: Language) -> Markup {
    let beyond = matches!(line.verdict, Verdict::Better | Verdict::Worse | Verdict::Changed);
    html! {
        li.beyond[beyond] {
            p {
                (line.quantity.name().of(language)) ": "
                strong.says { (line.verdict.words().of(language)) } "."
                @if let Some(figures) = line.figures() { " " span.figures { (figures.of(language)) } "." }
            }
            " "
            p {
                (capital(line.why().of(language)))
                @if line.simulated && !line.points.is_empty() { " " em { (assumed().of(language)) } }
            }
            @if line.ends.is_some() { " " p { small { (capital(line.windows().of(language))) "." } } }
        }
    }
}

/// With a large first letter; text that is marked for translators keeps its mark.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A number as the language writes it; a dash where there is none.
pub(in crate::site) fn number(value: Option<f64>, places: usize, language: Language) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return "–".to_owned() };
    let text = format!("{value:.places$}").replace('-', "−");
    if language == Language::German { text.replace('.', ",") } else { text }
}

/// Day and hour of a session.
pub(super) fn when(line: &SessionLine) -> String {
    let local_s = (line.begun.utc_s + i64::from(line.begun.zone_s)).rem_euclid(86_400);
    format!("{} {}:{:02}", day_of(line), local_s / 3600, local_s / 60 % 60)
}

fn sessions(lines: &[SessionLine], language: Language) -> Markup {
    let heads = [
        say(language, "Minutes", "Minuten"),
        say(language, "CEM43", "CEM43"),
        say(language, "Pain", "Schmerz"),
        say(language, "Length mm", "Länge mm"),
        say(language, "Kyphosis °", "Kyphose °"),
        say(language, "Lordosis °", "Lordose °"),
        say(language, "Sideways mm", "Seitwärts mm"),
        say(language, "Tension", "Spannung"),
    ];
    let label = say(language, "Sessions, the last one first", "Anwendungen, die letzte zuerst");
    html! {
        p.quiet {
            (say(language, "The last one first. Scans on arrival, lying; angles are no Cobb angles.", "Die letzte zuerst. Messungen bei Ankunft, liegend; die Winkel sind keine Cobb-Winkel."))
            @if lines.len() > PRINTED { span.printonly { " " (say(language, "Printed are the last ", "Gedruckt sind die letzten ")) (PRINTED) " / " (lines.len()) "." } }
        }
        div.scroll role="region" tabindex="0" aria-label=(label) {
            table {
                thead { tr {
                    th scope="col" { (say(language, "When", "Wann")) }
                    th scope="col" { (say(language, "Program", "Programm")) }
                    @for head in &heads { th scope="col" { (head) } }
                } }
                tbody { @for (index, line) in lines.iter().rev().enumerate() { (row(line, index >= PRINTED, language)) } }
            }
        }
    }
}

fn row(line: &SessionLine, unprinted: bool, language: Language) -> Markup {
    let brief = line.brief.clone().unwrap_or_default();
    let figure = |value: Option<f64>, places| number(value, places, language);
    let pain = match (line.pain_before, line.pain_after) {
        (None, None) => "–".to_owned(),
        (before, after) => format!("{} → {}", figure(before, 0), figure(after, 0)),
    };
    let minutes = line.brief.as_ref().and_then(|brief| brief.minutes);
    html! {
        tr.noprint[unprinted] {
            th scope="row" { (when(line)) @if line.simulated { " " small { (say(language, "simulated", "simuliert")) } } }
            td { (plan::title_of(&line.program).of(language)) }
            td { (figure(minutes, 0)) }
            td { (figure(Some(line.dose_cem43), 1)) }
            td { (pain) }
            td { (figure(brief.length_mm.before.map(|it| it.value), 0)) }
            td { (figure(brief.kyphosis_deg.before.map(|it| it.value), 1)) }
            td { (figure(brief.lordosis_deg.before.map(|it| it.value), 1)) }
            td { (figure(brief.lateral_mm.before.map(|it| it.value), 1)) }
            td { (figure(brief.tension_mean.before, 2)) }
        }
    }
}
