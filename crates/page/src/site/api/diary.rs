//! A person's diary for programs. Nothing is ever overwritten: a correction is a new version.

use super::super::Site;
use super::super::person::Person;
use crate::api::{At, Body, Trouble, shapes};
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use care::Day;
use care::diary::{Diary, DiaryError, Entry, Record as Told, to_csv};
use host::accounts::Deed;
use host::clock::today;
use host::store::StoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(entries, write))
        .routes(routes!(table))
        .routes(routes!(correct))
        .routes(routes!(withdraw))
        .routes(routes!(undo))
}

fn read(person: &Person) -> Result<Diary, StoreError> {
    person.keeper.store.record(person.name())?.diary()
}

async fn change<T>(
    site: &Site,
    person: &Person,
    change: impl FnOnce(&mut Diary) -> Result<T, DiaryError>,
) -> Result<T, Trouble> {
    person.may(site, Deed::WriteOwn).await?;
    let mut record = person.keeper.store.record(person.name())?;
    record.write(change).map_err(|error| match error {
        // In the diary's own words, which name days and ranges.
        StoreError::Diary(error) if !matches!(error, DiaryError::Unknown { .. }) => {
            Trouble::new(StatusCode::CONFLICT, "diary", error)
        }
        error => error.into(),
    })
}

/// Every entry, in the order in which they were written
#[utoipa::path(
    get, path = "/api/v1/diary", tag = "diary", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = [shapes::DiaryEntry])),
)]
async fn entries(State(site): State<Site>, person: Person) -> Result<Json<Vec<Entry>>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(read(&person)?.entries().to_vec()))
}

/// The diary as a table
#[utoipa::path(
    get, path = "/api/v1/diary/table.csv", tag = "diary", extensions(("x-deed" = json!("export own"))),
    responses((status = 200, body = String, content_type = "text/csv")),
)]
async fn table(State(site): State<Site>, person: Person) -> Result<Response, Trouble> {
    person.may(&site, Deed::ExportOwn).await?;
    let kind = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((kind, to_csv(&read(&person)?)).into_response())
}

/// What is written down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The day that it is about, as 2026-11-23.
    #[schema(value_type = String, format = Date)]
    day: Day,
    #[schema(value_type = shapes::DiaryRecord)]
    record: Told,
}

/// What was written.
#[derive(Serialize, ToSchema)]
struct Item {
    /// By this it is corrected.
    item: u32,
}

/// Write something down
#[utoipa::path(
    post, path = "/api/v1/diary", tag = "diary", extensions(("x-deed" = json!("write own"))),
    request_body(content = Written, examples(
        ("a day" = (value = json!({ "day": "2026-11-23", "record": { "day": { "pain": 4, "sleep_min": 420 } } }))),
        ("a score" = (value = json!({ "day": "2026-11-23", "record": { "roland": 9 } }))),
    )),
    responses(
        (status = 201, body = Item, description = "Written."),
        (status = 409, body = Trouble, description = "The diary cannot take it: the message says why."),
    ),
)]
async fn write(
    State(site): State<Site>,
    person: Person,
    Body(written): Body<Written>,
) -> Result<(StatusCode, Json<Item>), Trouble> {
    let item = change(&site, &person, |diary| diary.write(today(), written.day, written.record)).await?;
    Ok((StatusCode::CREATED, Json(Item { item })))
}

/// Correct something; what stood there stays as an earlier version
#[utoipa::path(
    post, path = "/api/v1/diary/{item}", tag = "diary", extensions(("x-deed" = json!("write own"))),
    params(("item" = u32, Path, description = "Number of its first entry.")),
    request_body(content = Written, example = json!({ "day": "2026-11-23", "record": { "day": { "pain": 3 } } })),
    responses(
        (status = 204, description = "Corrected."),
        (status = 409, body = Trouble, description = "The diary cannot take it: the message says why."),
    ),
)]
async fn correct(
    State(site): State<Site>,
    person: Person,
    At(item): At<u32>,
    Body(written): Body<Written>,
) -> Result<StatusCode, Trouble> {
    change(&site, &person, |diary| diary.correct(item, today(), written.day, written.record)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take something back; it stays as an earlier version
#[utoipa::path(
    post, path = "/api/v1/diary/{item}/withdraw", tag = "diary", extensions(("x-deed" = json!("write own"))),
    params(("item" = u32, Path, description = "Number of its first entry.")),
    responses(
        (status = 204, description = "Withdrawn."),
        (status = 409, body = Trouble, description = "The diary cannot do that: the message says why."),
    ),
)]
async fn withdraw(
    State(site): State<Site>,
    person: Person,
    At(item): At<u32>,
) -> Result<StatusCode, Trouble> {
    change(&site, &person, |diary| diary.withdraw(item, today())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Go back to the version before
#[utoipa::path(
    post, path = "/api/v1/diary/{item}/undo", tag = "diary", extensions(("x-deed" = json!("write own"))),
    params(("item" = u32, Path, description = "Number of its first entry.")),
    responses(
        (status = 204, description = "Undone."),
        (status = 409, body = Trouble, description = "The diary cannot do that: the message says why."),
    ),
)]
async fn undo(State(site): State<Site>, person: Person, At(item): At<u32>) -> Result<StatusCode, Trouble> {
    change(&site, &person, |diary| diary.undo(item, today())).await?;
    Ok(StatusCode::NO_CONTENT)
}
