//! A person's diary for programs. Nothing is ever overwritten: a correction is a new version.

use super::super::person::Person;
use super::super::{Asked, Site};
use super::guide::words;
use crate::api::{At, Body, Trouble, shapes};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use care::diary::{Diary, DiaryError, Entry, Left, Record as Told, change_words, pain_words, to_csv};
use care::scores::{self, Course as PainCourse, RolandCourse};
use care::triggers::{self, Association};
use care::{Day, Language, Words};
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
        .routes(routes!(course))
        .routes(routes!(bundle))
        .routes(routes!(bring))
        .routes(routes!(take_back))
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
    record.write(change).map_err(diary_says)
}

/// Why the diary cannot do something, in its own words, which name days and ranges.
fn diary_says(error: StoreError) -> Trouble {
    match error {
        StoreError::Diary(error) if !matches!(error, DiaryError::Unknown { .. }) => {
            Trouble::new(StatusCode::CONFLICT, "diary", error)
        }
        error => error.into(),
    }
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

/// How it goes, and what goes with one's spasms.
#[derive(Serialize, ToSchema)]
struct DiaryCourse {
    /// Null where too little was written down.
    #[schema(value_type = Option<shapes::PainCourse>)]
    pain: Option<PainCourse>,
    #[schema(value_type = shapes::Words)]
    pain_words: Words,
    /// Null until there are scores of two days.
    #[schema(value_type = Option<shapes::RolandCourse>)]
    roland: Option<RolandCourse>,
    #[schema(value_type = Option<shapes::Words>)]
    roland_words: Option<Words>,
    /// From when on a change of pain counts.
    #[schema(value_type = shapes::Words)]
    counts: Words,
    goes_with: GoesWith,
}

/// What goes together with one's spasms, not what causes them.
#[derive(Serialize, ToSchema)]
struct GoesWith {
    /// Spasms below which nothing is judged.
    episodes_min: usize,
    /// Spasms in the diary.
    episodes: usize,
    /// Spasms left out because they were written down late.
    episodes_late: usize,
    /// Days left out because they were written down late.
    days_late: usize,
    triggers: Vec<TriggerTold>,
}

/// One trigger.
#[derive(Serialize, ToSchema)]
struct TriggerTold {
    #[schema(value_type = shapes::Words)]
    name: Words,
    #[schema(value_type = shapes::Words)]
    words: Words,
    #[schema(value_type = shapes::Association)]
    found: Association,
}

/// How it goes: pain and disability against the smallest change that matters, and what goes with one's spasms
#[utoipa::path(
    get, path = "/api/v1/diary/course", tag = "diary", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = DiaryCourse)),
)]
async fn course(State(site): State<Site>, person: Person) -> Result<Json<DiaryCourse>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    let diary = read(&person)?;
    let (pain, roland) = (scores::pain_course(&diary.pains()), scores::roland_course(&diary.rolands()));
    let analysis = triggers::goes_with(&diary);
    let told = |found: Association| TriggerTold {
        name: words(|language| found.trigger.name(language).into()),
        words: words(|language| found.words(language).into()),
        found,
    };
    Ok(Json(DiaryCourse {
        pain,
        pain_words: words(|language| pain_words(pain, language).into()),
        roland,
        roland_words: roland.map(|roland| words(|language| roland.words(language).into())),
        counts: words(|language| change_words(language).into()),
        goes_with: GoesWith {
            episodes_min: triggers::EPISODES_MIN,
            episodes: analysis.episodes,
            episodes_late: analysis.episodes_late,
            days_late: analysis.days_late,
            triggers: analysis.associations.into_iter().map(told).collect(),
        },
    }))
}

/// What is kept as a FHIR R4 bundle, for a clinic
#[utoipa::path(
    get, path = "/api/v1/diary/bundle.json", tag = "diary", extensions(("x-deed" = json!("export own"))),
    params(("language" = Option<String>, Query, description = "en or de.")),
    responses((status = 200, body = serde_json::Value, content_type = "application/fhir+json")),
)]
async fn bundle(
    State(site): State<Site>,
    person: Person,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Trouble> {
    person.may(&site, Deed::ExportOwn).await?;
    let language = site.language(&asked.map(|Query(asked)| asked).unwrap_or_default());
    let bundle = host::carry::bundle(&person.keeper.store.record(person.name())?, today(), language)?;
    let kind = [(header::CONTENT_TYPE, "application/fhir+json")];
    Ok((kind, serde_json::json!(bundle).to_string()).into_response())
}

/// A diary to bring in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Parcel {
    /// The file: a diary as a table (CSV), or a FHIR R4 bundle.
    file: String,
    /// Where something stands otherwise here, the file's takes its place; the earlier version stays in the history.
    #[serde(default)]
    replace: bool,
    /// Keep it; without this it is only looked at.
    #[serde(default)]
    keep: bool,
}

/// What came of it, counted in items.
#[derive(Serialize, ToSchema)]
struct BroughtIn {
    /// It was kept.
    kept: bool,
    /// New here.
    added: usize,
    /// Here in an earlier version, and gone on with.
    changed: usize,
    /// Here in another version, in whose place the file's was put.
    replaced: usize,
    /// Here already.
    already: usize,
    /// Different here, and left as it is.
    left: Vec<LeftHere>,
    /// Parts of the file that have no place in a diary: where, and why.
    not_taken: Vec<NotTaken>,
}

/// An item of the file that was not taken.
#[derive(Serialize, ToSchema)]
struct LeftHere {
    #[schema(value_type = String)]
    day: Day,
    /// The item that stands here.
    item: u32,
    why: String,
}

/// A part of the file that has no place in a diary.
#[derive(Serialize, ToSchema)]
struct NotTaken {
    at: String,
    why: String,
}

/// Look at a diary from elsewhere, or bring it in
#[utoipa::path(
    post, path = "/api/v1/diary/bring", tag = "diary", extensions(("x-deed" = json!("write own"))),
    request_body(content = Parcel, example = json!({ "file": "written,day\n", "keep": false })),
    responses(
        (status = 200, body = BroughtIn),
        (status = 409, body = Trouble, description = "The diary cannot take it: the message says why."),
    ),
)]
async fn bring(
    State(site): State<Site>,
    person: Person,
    Body(parcel): Body<Parcel>,
) -> Result<Json<BroughtIn>, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let read = host::carry::read(parcel.file.as_bytes(), today());
    let found = read.map_err(|error| Trouble::body(format!("file: {error}")))?;
    let mut record = person.keeper.store.record(person.name())?;
    let brought = if parcel.keep {
        record.bring(&found.diary, today(), parcel.replace).map_err(diary_says)?
    } else {
        let looked = record.diary()?.bring(&found.diary, today(), parcel.replace);
        looked.map_err(|error| diary_says(error.into()))?
    };
    let left = |left: &Left| LeftHere {
        day: left.day,
        item: left.why.item(),
        why: left.why.words(Language::English),
    };
    Ok(Json(BroughtIn {
        kept: parcel.keep,
        added: brought.added,
        changed: brought.changed,
        replaced: brought.replaced,
        already: brought.already,
        left: brought.left.iter().map(left).collect(),
        not_taken: found.not_taken.into_iter().map(|part| NotTaken { at: part.at, why: part.why }).collect(),
    }))
}

/// Take back what was brought in last
#[utoipa::path(
    post, path = "/api/v1/diary/bring/undo", tag = "diary", extensions(("x-deed" = json!("write own"))),
    responses(
        (status = 204, description = "Taken back; what was changed since stays."),
        (status = 409, body = Trouble, description = "There is nothing to take back."),
    ),
)]
async fn take_back(State(site): State<Site>, person: Person) -> Result<StatusCode, Trouble> {
    let last = person.keeper.store.record(person.name())?.imports()?.pop();
    let none = || {
        Trouble::new(
            StatusCode::CONFLICT,
            "nothing_there",
            "Nothing was brought in that could be taken back.",
        )
    };
    let last = last.ok_or_else(none)?;
    change(&site, &person, |diary| diary.take_back(&last.entries, today())).await?;
    Ok(StatusCode::NO_CONTENT)
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
