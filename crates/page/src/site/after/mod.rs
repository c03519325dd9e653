//! What a session left: how it was, before and after beside each other, next time, today's part of the care plan; its
//! report, and all sessions of a person.
//!
//! Everything is asked once and may be left out; what was not said stays unknown. `scale` is the row of eleven
//! numbers, `changes` tells two scans of one session apart, `on` is what comes next. Nothing is judged here: verdicts
//! come from [`host::course`] and [`care::scores`], next time from [`host::next`].

mod changes;
mod on;
pub(crate) mod scale;
#[cfg(test)]
mod tests;

pub(super) use changes::eased_words;

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
use host::course::{Beside, day_of};
use host::entry_form::Fields;
use host::next::{Felt, Next, Said};
use host::planner::{Planner, Stage};
use host::report::Content;
use host::store::{Record, SessionLine, SessionNumber, SessionStanding, StoreError};
use maud::{Markup, html};
use std::borrow::Cow;

use crate::door::Denied;
use crate::guide::{link, say};

/// What a report may do: carry its own style, and nothing else.
const REPORT_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/after", get(show).post(hear))
        .route("/sessions", get(all))
        .route("/sessions/{number}/report", get(report))
}

/// Opens a person's record.
fn record(person: &Person) -> Result<Record, StoreError> {
    person.keeper.store.record(&person.keeper.name)
}

/// Whether a session came to an end, so that there is something to say of it.
pub(super) fn is_given(line: &SessionLine) -> bool {
    line.state == SessionStanding::Ended && line.brief.is_some()
}

/// The last session that came to an end.
fn last(record: &Record) -> Result<Option<SessionLine>, StoreError> {
    Ok(record.sessions()?.into_iter().rfind(is_given))
}

/// What the page shows of the last session.
struct Shown {
    line: SessionLine,
    said: Said,
    beside: Option<Beside>,
    next: Next,
    week: Stage,
}

impl Shown {
    fn read(site: &Site, person: &Person) -> Result<Option<Self>, StoreError> {
        let record = record(person)?;
        let Some(line) = last(&record)? else { return Ok(None) };
        let keeper = &person.keeper;
        Ok(Some(Self {
            said: Said::read(&record, &line)?,
            beside: Beside::within(&record, &line)?,
            next: Next::read(&record, &site.station.moment()?)?,
            week: Planner::new(keeper.store.clone(), keeper.name.clone(), today()).stage()?,
            line,
        }))
    }
}

async fn show(State(site): State<Site>, person: Person, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    match Shown::read(&site, &person) {
        Ok(Some(shown)) => page(&shown, language),
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
        Ok(()) => Redirect::to(&link("/after", language)).into_response(),
        Err(error) => super::failed(&error, language),
    })
}

/// Hears a form about the last session.
fn heard(person: &Person, fields: &Fields) -> Result<(), StoreError> {
    let mut record = record(person)?;
    let Some(line) = last(&record)? else { return Ok(()) };
    let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
    // Said of another session than the last, such as one that never began: of whose it is nothing is known.
    if field(scale::SESSION).is_some_and(|of| of.parse() != Ok(line.number.0)) {
        return Ok(());
    }
    let after = field("pain_after").and_then(|text| text.parse::<u8>().ok());
    let rating = Rating {
        before: None,
        after: after.and_then(|after| Nprs::try_from(after).ok()),
        felt: field("felt").and_then(|text| Felt::ALL.into_iter().find(|felt| felt.name() == text)),
        notes: field("notes"),
    };
    keep(&mut record, line, &rating)
}

/// How a session was; what is `None` stays as it was said before.
#[derive(Debug, Default)]
pub(super) struct Rating<'a> {
    /// Pain before it.
    pub(super) before: Option<Nprs>,
    /// Pain after it.
    pub(super) after: Option<Nprs>,
    /// How strong it was.
    pub(super) felt: Option<Felt>,
    /// The person's own words; what is too long is cut.
    pub(super) notes: Option<&'a str>,
}

/// Keeps how it was with the session, and in the diary. What is said again takes the place of what was said.
pub(super) fn keep(record: &mut Record, mut line: SessionLine, said: &Rating<'_>) -> Result<(), StoreError> {
    let number = |pain: Option<Nprs>| pain.map(|pain| f64::from(u8::from(pain)));
    let (before, after) = (number(said.before), number(said.after));
    record.tell_pain(line.number, before, after)?;
    (line.pain_before, line.pain_after) = (before.or(line.pain_before), after.or(line.pain_after));
    let mut kept = Said::read(record, &line)?;
    kept.felt = said.felt.or(kept.felt);
    if before.is_some() || after.is_some() || said.notes.is_some() {
        kept.item = Some(write_down(record, &line, kept.item, said.notes)?);
    }
    kept.keep(record, &line)
}

/// Writes a session into the diary, or corrects what stands there of it.
fn write_down(
    record: &mut Record,
    line: &SessionLine,
    item: Option<u32>,
    notes: Option<&str>,
) -> Result<u32, StoreError> {
    let told = |pain: Option<f64>| pain.and_then(|pain| Nprs::try_from(pain.round() as u8).ok());
    let minutes = line.brief.as_ref().and_then(|brief| brief.minutes).unwrap_or_default();
    let entries = record.diary()?;
    let stands = item.and_then(|item| {
        let entry = entries.current().find(|entry| entry.item == item)?;
        if let Some(Entry::Session(session)) = &entry.record { Some(session.clone()) } else { None }
    });
    let session = Session {
        program: line.program.clone(),
        minutes: minutes.round().clamp(0.0, f64::from(u16::MAX)) as u16,
        pain_before: told(line.pain_before),
        pain_after: told(line.pain_after),
        notes: notes
            .map(|notes| notes.chars().take(care::diary::NOTE_CHARACTERS_MAX).collect())
            .or(stands.map(|session| session.notes))
            .unwrap_or_default(),
    };
    let day = day_of(line).min(today());
    record.write(|diary| match item {
        Some(item) => diary.correct(item, today(), day, Entry::Session(session)).map(|()| item),
        None => diary.write(today(), day, Entry::Session(session)),
    })
}

fn page(shown: &Shown, language: Language) -> Response {
    let told = shown.line.pain_after.is_some();
    let title = if told {
        say(language, "Before and after", "Vorher und nachher")
    } else {
        say(language, "How was it?", "Wie war es?")
    };
    let body = html! {
        h1 { (title) }
        @if shown.line.simulated { p.quiet { (host::notice(language)) } }
        @if !told { (scale::form(Some(shown.line.number), language)) }
        (felt(&shown.line, shown.said.felt, language))
        (changes::whole(&shown.line, shown.beside.as_ref(), language))
        h2 { (say(language, "Next time", "Nächstes Mal")) }
        ul { @for words in shown.next.words() { li { (words.of(language)) } } }
        (on::today(&shown.week, language))
        details.noprint {
            summary { (say(language, "Something to write down, or another number", "Etwas notieren, oder eine andere Zahl")) }
            @if told { (scale::form(Some(shown.line.number), language)) }
            form method="post" action=(link("/after", language)) autocomplete="off" {
                (scale::of_session(Some(shown.line.number)))
                p { label for="notes" { (say(language, "It stays on this computer, in your diary.", "Es bleibt auf diesem Computer, in Ihrem Tagebuch.")) } }
                p { textarea id="notes" name="notes" rows="3" maxlength=(care::diary::NOTE_CHARACTERS_MAX) {} }
                div.choose { button type="submit" { (say(language, "Keep this", "Aufbewahren")) } }
            }
        }
        p { a href=(link("/sessions", language)) { (say(language, "All my sessions", "Alle meine Anwendungen")) } }
    };
    whole(title, "/after", &body, language).into_response()
}

/// How strong it was, as three buttons.
fn felt(line: &SessionLine, said: Option<Felt>, language: Language) -> Markup {
    html! {
        form.felt.noprint method="post" action=(link("/after", language)) {
            (scale::of_session(Some(line.number)))
            fieldset {
                legend { (say(language, "How strong was it?", "Wie stark war es?")) }
                div.choose {
                    @for felt in Felt::ALL {
                        button type="submit" name="felt" value=(felt.name()) aria-pressed=(if said == Some(felt) { "true" } else { "false" }) {
                            (felt.words().of(language))
                        }
                    }
                }
            }
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
        } @else {
            p { a href=(link("/after", language)) { (say(language, "The last one: before and after, and next time", "Die letzte: vorher und nachher, und nächstes Mal")) } }
        }
        @for line in lines.iter().rev() { (one(line, language)) }
        p { a.act href=(link("/today", language)) { (say(language, "A session", "Eine Anwendung")) } }
    };
    whole(title, "/sessions", &body, language).into_response()
}

fn one(line: &SessionLine, language: Language) -> Markup {
    html! {
        section.card {
            h2 { (when(line, language)) " · " (plan::title_of(&line.program).of(language)) }
            p {
                (say(language, "heat dose ", "Wärmedosis ")) (super::clinic::number(Some(line.dose_cem43), 1, language)) " CEM43"
                @if line.simulated { " · " (host::notice(language)) }
            }
            (changes::pain(line, language))
            (changes::in_short(line.brief.as_ref(), language))
            @if line.brief.is_some() {
                p { a href=(format!("/sessions/{}/report?language={}", line.number.0, language.tag())) { (say(language, "The whole report", "Der ganze Bericht")) } }
            }
        }
    }
}

fn when(line: &SessionLine, language: Language) -> String {
    let local_s = line.begun.utc_s + i64::from(line.begun.zone_s);
    let (hours, minutes) = (local_s.rem_euclid(86_400) / 3600, local_s.rem_euclid(3600) / 60);
    format!("{}, {hours}:{minutes:02}", crate::guide::day_words(day_of(line), language))
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
            (StatusCode::NOT_FOUND, whole(title, "/sessions", &body, language)).into_response()
        }
        Err(error) => super::failed(&error, language),
    }
}

fn whole(title: Cow<'static, str>, here: &str, body: &Markup, language: Language) -> Html<String> {
    super::clinic::own(title, here, body, language)
}
