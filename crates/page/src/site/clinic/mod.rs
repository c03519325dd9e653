//! The clinician's pages: a person's course, two sessions beside each other, and what is prescribed.
//!
//! Everything stands under [`ROOT`], and each page asks the door whether its visitor may do what it does; the door
//! writes down whose record was read, copied or written to. Addresses, titles and names of
//! files carry a record's random name; the person's own name stands on the pages alone, for those who treat them.
//! What is said of a change comes from [`host::course`]; nothing is judged here. What is prescribed waits for the
//! person's yes ([`host::prescription`]).

mod compare;
mod course;
mod curves;
mod plot;
mod prescribe;
mod style;
#[cfg(test)]
mod tests;

use super::{Asked, Site};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use care::Language;
use host::accounts::{AccountId, Deed};
use host::clock::today;
use host::course::Course;
use host::store::{Record, StoreError};
use maud::{Markup, html};
use std::borrow::Cow;

use crate::door::{Denied, Visitor, may};
use crate::guide::{link, say};

/// Where all of it stands.
pub(super) const ROOT: &str = "/clinic";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route(ROOT, get(people))
        .route("/clinic/clinic.css", get(css))
        .route("/clinic/{id}", get(course))
        .route("/clinic/{id}/compare", get(compare::show))
        .route("/clinic/{id}/prescribe", get(prescribe::show).post(prescribe::hear))
        .route("/clinic/{id}/course.csv", get(csv))
        .route("/clinic/{id}/bundle.json", get(bundle))
}

async fn css() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style::CSS).into_response()
}

/// Opens the record of this random name to do something with it, and has that written down; `None` where there is
/// none. Who may not do it does not learn whether there is one.
pub(super) async fn open(
    site: &Site,
    visitor: &Visitor,
    deed: Deed,
    id: &str,
) -> Result<Result<Option<Record>, StoreError>, Denied> {
    may(visitor, deed)?;
    let found = match site.store.name_of(id) {
        Ok(Some(name)) => site.store.record(&name),
        Ok(None) => return Ok(Ok(None)),
        Err(error) => return Ok(Err(error)),
    };
    let record = match found {
        Ok(record) => record,
        // Erased in between.
        Err(StoreError::Nobody { .. }) => return Ok(Ok(None)),
        Err(error) => return Ok(Err(error)),
    };
    let whom = AccountId::of(&record);
    site.door.pass(visitor, deed, Some(&whom)).await?;
    Ok(Ok(Some(record)))
}

/// The answer from a record, or why there is none.
fn answer(
    opened: Result<Option<Record>, StoreError>,
    language: Language,
    of: impl FnOnce(Record) -> Result<Response, StoreError>,
) -> Response {
    let found = opened.and_then(|record| record.map(of).transpose());
    found.map_or_else(
        |error| super::failed(&error, language),
        |found| found.unwrap_or_else(|| nobody(language)),
    )
}

/// Where a page of this record stands.
fn place(record: &Record, page: &str) -> String {
    format!("{ROOT}/{}{page}", record.id())
}

pub(super) use compare::{both, given};
pub(super) use course::number;
pub(super) use curves::drawing;
pub(super) use plot::px;

/// A page of the person's own with the clinic's figures and tables, as wide as their other pages.
pub(super) fn own(title: Cow<'static, str>, here: &str, body: &Markup, language: Language) -> Html<String> {
    let body = html! {
        link rel="stylesheet" href="/clinic/clinic.css";
        div.clinic.own { (body) }
    };
    Html(crate::guide::page(title, here, body).whole(language).into_string())
}

fn whole(title: Cow<'static, str>, here: &str, body: &Markup, language: Language) -> Html<String> {
    let body = html! {
        link rel="stylesheet" href="/clinic/clinic.css";
        div.clinic { (body) }
    };
    Html(crate::guide::page(title, here, body).whole(language).into_string())
}

fn nobody(language: Language) -> Response {
    let title = say(language, "There is no such record", "Diese Akte gibt es nicht");
    let body = html! {
        h1 { (title) }
        p { a href=(link(ROOT, language)) { (say(language, "To all people", "Zu allen Personen")) } }
    };
    (StatusCode::NOT_FOUND, whole(title, ROOT, &body, language)).into_response()
}

async fn people(
    State(site): State<Site>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    site.door.pass(&visitor, Deed::ReadOthers, None).await?;
    let read = || -> Result<Vec<Record>, StoreError> {
        site.store.names()?.iter().map(|name| site.store.record(name)).collect()
    };
    let records = match read() {
        Ok(records) => records,
        Err(error) => return Ok(super::failed(&error, language)),
    };
    let title = say(language, "People", "Personen");
    let body = html! {
        h1 { (title) }
        @if records.is_empty() { p { (say(language, "Nobody keeps a record here.", "Niemand führt hier eine Akte.")) } }
        ul.doors {
            @for record in &records {
                li { a href=(link(&place(record, ""), language)) { strong { (record.name()) } (say(language, "The course", "Der Verlauf")) } }
            }
        }
    };
    Ok(whole(title, ROOT, &body, language).into_response())
}

async fn course(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    let opened = open(&site, &visitor, Deed::ReadOthers, &id).await?;
    Ok(answer(opened, language, |record| {
        let shown = course::Shown::read(&record, today())?;
        let title = say(language, "The course", "Der Verlauf");
        let body = course::page(&record, &shown, language);
        Ok(whole(title, &place(&record, ""), &body, language).into_response())
    }))
}

/// A file to be kept, named after the record and not after the person.
pub(super) fn file(record: &Record, kind: &'static str, ending: &str, text: String) -> Response {
    let name: String = record.id().chars().filter(char::is_ascii_alphanumeric).take(14).collect();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{ending}\"")),
    ];
    (headers, text).into_response()
}

async fn csv(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    let opened = open(&site, &visitor, Deed::ExportOthers, &id).await?;
    Ok(answer(opened, site.language(&asked), |record| {
        let course = Course::of(&record.diary()?, &record.sessions()?);
        Ok(file(&record, "text/csv; charset=utf-8", "course.csv", course.csv()))
    }))
}

async fn bundle(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Denied> {
    let language = site.language(&asked);
    let opened = open(&site, &visitor, Deed::ExportOthers, &id).await?;
    Ok(answer(opened, language, |record| {
        let bundle = host::course::bundle(&record, today(), language)?;
        Ok(file(&record, "application/fhir+json", "bundle.json", bundle.to_string()))
    }))
}
