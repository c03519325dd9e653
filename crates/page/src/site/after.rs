//! "How was it?", and what a session left: before and after, its report, and all sessions of a person.

use super::person::Person;
use super::{Asked, Site};
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use care::diary::{Record as Entry, Session};
use care::{Language, Nprs};
use host::accounts::Deed;
use host::clock::today;
use host::entry_form::Fields;
use host::report::Content;
use host::store::{Brief, Pair, Record, SessionLine, SessionNumber, SessionStanding, StoreError};
use maud::{Markup, html};

use crate::door::Denied;
use crate::guide::{link, say};

/// What a report may do: carry its own style, and nothing else.
const REPORT_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/after", get(ask).post(hear))
        .route("/sessions", get(all))
        .route("/sessions/{number}/report", get(report))
}

/// Opens a person's record.
fn record(person: &Person) -> Result<Record, StoreError> {
    person.keeper.store.record(&person.keeper.name)
}

/// Whether something was given, so that there is something to say of it.
pub(super) fn is_given(line: &SessionLine) -> bool {
    line.state == SessionStanding::Ended && line.brief.is_some()
}

/// The last session that was given.
fn last(record: &Record) -> Result<Option<SessionLine>, StoreError> {
    Ok(record.sessions()?.into_iter().rfind(is_given))
}

async fn ask(State(site): State<Site>, person: Person, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match record(&person).and_then(|record| last(&record)) {
        Ok(Some(line)) => page(&line, language),
        Ok(None) => Redirect::to(&link("/sessions", language)).into_response(),
        Err(error) => super::failed(&error, language),
    }
}

async fn hear(
    State(site): State<Site>,
    person: Person,
    Query(asked): Query<Asked>,
    Form(fields): Form<Fields>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    person.may(&site, Deed::WriteOwn).await?;
    Ok(match heard(&person, &fields) {
        Ok(()) => Redirect::to(&link("/sessions", language)).into_response(),
        Err(error) => super::failed(&error, language),
    })
}

/// Hears a form about the last session.
fn heard(person: &Person, fields: &Fields) -> Result<(), StoreError> {
    let mut record = record(person)?;
    let Some(line) = last(&record)? else { return Ok(()) };
    let said = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
    let pain =
        |name: &str| said(name).and_then(|text| text.parse::<u8>().ok()).and_then(|n| Nprs::try_from(n).ok());
    let (before, after) = (pain("pain_before"), pain("pain_after"));
    keep(&mut record, line, Rating { before, after, notes: said("notes").unwrap_or_default() })
}

/// How a session was.
pub(super) struct Rating<'a> {
    /// Pain before.
    pub(super) before: Option<Nprs>,
    /// Pain after.
    pub(super) after: Option<Nprs>,
    /// The person's own words; what is too long is cut.
    pub(super) notes: &'a str,
}

/// Keeps how it was with the session, and in the diary.
pub(super) fn keep(record: &mut Record, line: SessionLine, said: Rating) -> Result<(), StoreError> {
    let number = |pain: Option<Nprs>| pain.map(|pain| f64::from(u8::from(pain)));
    record.tell_pain(line.number, number(said.before), number(said.after))?;
    let brief = line.brief.unwrap_or_default();
    let entry = Session {
        program: line.program,
        minutes: brief.minutes.unwrap_or_default().round().clamp(0.0, f64::from(u16::MAX)) as u16,
        pain_before: said.before,
        pain_after: said.after,
        notes: said.notes.chars().take(care::diary::NOTE_CHARACTERS_MAX).collect(),
    };
    record.write(|diary| diary.write(today(), today(), Entry::Session(entry)))?;
    Ok(())
}

fn page(line: &SessionLine, language: Language) -> Response {
    let title = say(language, "How was it?", "Wie war es?");
    let body = html! {
        h1 { (title) }
        form method="post" action=(link("/after", language)) autocomplete="off" {
            (scale("pain_before", &say(language, "How much did it hurt before?", "Wie stark tat es vorher weh?"), language))
            (scale("pain_after", &say(language, "How much does it hurt now?", "Wie stark tut es jetzt weh?"), language))
            p { label for="notes" { (say(language, "Anything else? It stays on this computer.", "Noch etwas? Es bleibt auf diesem Computer.")) } }
            p { textarea id="notes" name="notes" rows="3" maxlength=(care::diary::NOTE_CHARACTERS_MAX) {} }
            div.choose { button.keep type="submit" { (say(language, "Keep this", "Aufbewahren")) } }
        }
        h2 { (say(language, "Before and after", "Vorher und nachher")) }
        (changes(line.brief.as_ref(), language))
        p { a href=(link("/sessions", language)) { (say(language, "Leave it out: to all sessions", "Auslassen: zu allen Anwendungen")) } }
    };
    show(title, "/after", body, language)
}

/// Eleven buttons from none to the worst.
fn scale(name: &str, legend: &str, language: Language) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            ol.scale {
                @for rating in 0..=10 { li { label { input type="radio" name=(name) value=(rating); span { (rating) } } } }
            }
            p.quiet { (say(language, "0: no pain. 10: the worst that you can think of.", "0: kein Schmerz. 10: der schlimmste, den Sie sich denken können.")) }
        }
    }
}

async fn all(State(site): State<Site>, person: Person, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let lines = match record(&person).and_then(|record| record.sessions()) {
        Ok(lines) => lines,
        Err(error) => return super::failed(&error, language),
    };
    let title = say(language, "My sessions", "Meine Anwendungen");
    let body = html! {
        h1 { (title) }
        @if lines.is_empty() {
            p { (say(language, "There is none yet.", "Noch gibt es keine.")) }
        }
        @for line in lines.iter().rev() { (one(line, language)) }
        p { a.act href=(link("/today", language)) { (say(language, "A session", "Eine Anwendung")) } }
    };
    show(title, "/sessions", body, language)
}

fn one(line: &SessionLine, language: Language) -> Markup {
    let brief = line.brief.as_ref();
    html! {
        section.card {
            h2 { (when(line, language)) " · " (plan::title_of(&line.program).of(language)) }
            p {
                @match (line.pain_before, line.pain_after) {
                    (Some(before), Some(after)) => { (say(language, "Pain ", "Schmerz ")) (before) " → " (after) " · " }
                    _ => {}
                }
                (say(language, "heat dose ", "Wärmedosis ")) (language.number(line.dose_cem43, 1)) " CEM43"
                @if line.simulated { " · " (host::notice(language)) }
            }
            (changes(brief, language))
            @if brief.is_some() {
                p { a href=(format!("/sessions/{}/report?language={}", line.number.0, language.tag())) { (say(language, "The whole report", "Der ganze Bericht")) } }
            }
        }
    }
}

fn when(line: &SessionLine, language: Language) -> String {
    let local_s = line.begun.utc_s + i64::from(line.begun.zone_s);
    let day = care::Day::from_unix_seconds(u64::try_from(local_s).unwrap_or_default());
    let (hours, minutes) = (local_s.rem_euclid(86_400) / 3600, local_s.rem_euclid(3600) / 60);
    format!("{}, {hours}:{minutes:02}", crate::guide::day_words(day, language))
}

/// What two scans say, and whether it changed beyond what the scan can tell.
fn changes(brief: Option<&Brief>, language: Language) -> Markup {
    let Some(brief) = brief else { return html! {} };
    let tension = Pair { before: brief.tension_mean.before, after: brief.tension_mean.after };
    html! {
        @if let (Some(before), Some(after)) = (tension.before, tension.after) {
            p {
                (say(language, "Tension beside the spine: ", "Spannung neben der Wirbelsäule: "))
                (language.number(before, 2)) " → " (language.number(after, 2))
                " " (say(language, "(1 is as expected for you)", "(1 ist wie bei Ihnen zu erwarten)"))
            }
        }
        @if let (Some(before), Some(after)) = (brief.tense_sites.before, brief.tense_sites.after) {
            p { (say(language, "Surely tense places: ", "Sicher verspannte Stellen: ")) (before) " → " (after) }
        }
    }
}

async fn report(
    State(site): State<Site>,
    person: Person,
    Path(number): Path<i64>,
    Query(asked): Query<Asked>,
) -> Response {
    let language = site.language(&asked);
    let read = || -> Result<Option<Content>, StoreError> {
        let found = record(&person)?.session_record(SessionNumber(number))?.and_then(|(_, report)| report);
        Ok(found.and_then(|report| serde_json::from_value(report).ok()))
    };
    match read() {
        Ok(Some(content)) => {
            let policy = HeaderValue::from_static(REPORT_POLICY);
            ([(header::CONTENT_SECURITY_POLICY, policy)], Html(host::report::render(&content, language)))
                .into_response()
        }
        Ok(None) => {
            let title = say(language, "There is no such report", "Diesen Bericht gibt es nicht");
            let body = html! { h1 { (title) } p { a href=(link("/sessions", language)) { (say(language, "To all sessions", "Zu allen Anwendungen")) } } };
            (StatusCode::NOT_FOUND, show(title, "/sessions", body, language)).into_response()
        }
        Err(error) => super::failed(&error, language),
    }
}

fn show(title: std::borrow::Cow<'static, str>, here: &str, body: Markup, language: Language) -> Response {
    Html(crate::guide::page(title, here, body).whole(language).into_string()).into_response()
}
