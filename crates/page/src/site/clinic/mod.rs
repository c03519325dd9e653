//! The clinician's pages: a person's course, two sessions beside each other, and what is prescribed.
//!
//! Everything stands under [`ROOT`], so that one layer can keep out who is no clinician. Addresses, titles and names of
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
use host::clock::today;
use host::course::Course;
use host::store::{Record, Store, StoreError};
use maud::{Markup, html};
use std::borrow::Cow;

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

/// The store of everybody's records, if there is one.
fn store(site: &Site) -> Option<&Store> {
    site.guide.keeper.as_ref().map(|keeper| &keeper.store)
}

/// The record of this random name.
fn record(site: &Site, id: &str) -> Result<Option<Record>, StoreError> {
    let Some(store) = store(site) else { return Ok(None) };
    for name in store.names()? {
        match store.record(&name) {
            Ok(record) if record.id() == id => return Ok(Some(record)),
            // Erased since the names were read.
            Ok(_) | Err(StoreError::Nobody { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// Where a page of this record stands.
fn place(record: &Record, page: &str) -> String {
    format!("{ROOT}/{}{page}", record.id())
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

async fn people(State(site): State<Site>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let read = || -> Result<Vec<Record>, StoreError> {
        let Some(store) = store(&site) else { return Ok(Vec::new()) };
        store.names()?.iter().map(|name| store.record(name)).collect()
    };
    let records = match read() {
        Ok(records) => records,
        Err(error) => return super::failed(&error, language),
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
    whole(title, ROOT, &body, language).into_response()
}

async fn course(State(site): State<Site>, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let read = || -> Result<Option<(Record, course::Shown)>, StoreError> {
        let Some(record) = record(&site, &id)? else { return Ok(None) };
        let shown = course::Shown::read(&record, today())?;
        Ok(Some((record, shown)))
    };
    match read() {
        Ok(Some((record, shown))) => {
            let title = say(language, "The course", "Der Verlauf");
            let body = course::page(&record, &shown, language);
            whole(title, &place(&record, ""), &body, language).into_response()
        }
        Ok(None) => nobody(language),
        Err(error) => super::failed(&error, language),
    }
}

/// A file to be kept, named after the record and not after the person.
fn file(record: &Record, kind: &'static str, ending: &str, text: String) -> Response {
    let name: String = record.id().chars().filter(char::is_ascii_alphanumeric).take(14).collect();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}-{ending}\"")),
    ];
    (headers, text).into_response()
}

async fn csv(State(site): State<Site>, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let read = || -> Result<Option<Response>, StoreError> {
        let Some(record) = record(&site, &id)? else { return Ok(None) };
        let course = Course::of(&record.diary()?, &record.sessions()?);
        Ok(Some(file(&record, "text/csv; charset=utf-8", "course.csv", course.csv())))
    };
    read().map_or_else(
        |error| super::failed(&error, language),
        |found| found.unwrap_or_else(|| nobody(language)),
    )
}

async fn bundle(State(site): State<Site>, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let language = site.language(&asked);
    let read = || -> Result<Option<Response>, StoreError> {
        let Some(record) = record(&site, &id)? else { return Ok(None) };
        let bundle = host::course::bundle(&record, today(), language)?;
        Ok(Some(file(&record, "application/fhir+json", "bundle.json", bundle.to_string())))
    };
    read().map_or_else(
        |error| super::failed(&error, language),
        |found| found.unwrap_or_else(|| nobody(language)),
    )
}
