//! What clinicians see, for programs: people, courses, sessions, exports, and what they prescribe.

use super::super::clinic::{both, file, given, open};
use super::super::{Asked, Site};
use super::beside::Compared;
use crate::api::{At, Body, Trouble, shapes};
use crate::door::Visitor;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use care::{Day, Words};
use host::accounts::Deed;
use host::clock::today;
use host::course::{Course, Line, Point, Unlike, no_cause};
use host::prescription::{HeatMax, Prescription, Prescriptions};
use host::store::{Record, SessionLine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(people))
        .routes(routes!(course))
        .routes(routes!(compare))
        .routes(routes!(csv))
        .routes(routes!(bundle))
        .routes(routes!(prescribed, prescribe))
        .routes(routes!(take_back))
}

/// The record of this random name, and that it was opened.
async fn record(site: &Site, visitor: &Visitor, deed: Deed, id: &str) -> Result<Record, Trouble> {
    let found = open(site, visitor, deed, id).await??;
    found.ok_or_else(|| Trouble::none("There is no record of this id: GET /api/v1/clinic/people lists them."))
}

/// Somebody who keeps a record here.
#[derive(Serialize, ToSchema)]
struct PersonHere {
    id: String,
    name: String,
}

/// Everybody who keeps a record here
#[utoipa::path(
    get, path = "/api/v1/clinic/people", tag = "clinic", extensions(("x-deed" = json!("read others"))),
    responses((status = 200, body = [PersonHere])),
)]
async fn people(State(site): State<Site>, visitor: Visitor) -> Result<Json<Vec<PersonHere>>, Trouble> {
    site.door.pass(&visitor, Deed::ReadOthers, None).await?;
    let mut people = Vec::new();
    for name in site.store.names()? {
        people.push(PersonHere { id: site.store.record(&name)?.id().to_owned(), name });
    }
    Ok(Json(people))
}

/// A person's course.
#[derive(Serialize, ToSchema)]
struct CourseTold {
    /// All of it in a sentence or two.
    #[schema(value_type = shapes::Words)]
    summary: Words,
    /// What stands over every course: it names no cause.
    #[schema(value_type = shapes::Words)]
    no_cause: Words,
    lines: Vec<LineTold>,
    /// The sessions that were given, the oldest first.
    #[schema(value_type = Vec<shapes::SessionLine>)]
    sessions: Vec<SessionLine>,
    /// Sessions on the twin whose scans were left out, because others were real.
    simulated_left_out: usize,
}

/// The course of one quantity.
#[derive(Serialize, ToSchema)]
struct LineTold {
    /// Its name in programs.
    quantity: &'static str,
    #[schema(value_type = shapes::Words)]
    name: Words,
    #[schema(value_type = shapes::Words)]
    unit: Words,
    /// Its values, the oldest first.
    points: Vec<PointTold>,
    /// Value of the first stretch, where there are two.
    first: Option<f64>,
    /// Value of the last stretch.
    last: Option<f64>,
    /// What stretches are.
    #[schema(value_type = shapes::Words)]
    windows: Words,
    /// Last stretch less the first one.
    change: Option<f64>,
    /// By how much it must fall to matter; null where that is not known, or no fall can be shown.
    fall_that_matters: Option<f64>,
    /// By how much it must rise to matter.
    rise_that_matters: Option<f64>,
    /// Its name in programs.
    verdict: &'static str,
    #[schema(value_type = shapes::Words)]
    words: Words,
    /// Why.
    #[schema(value_type = shapes::Words)]
    why: Words,
    /// It was scanned on the twin: what the model assumes, not evidence.
    simulated: bool,
}

/// One value.
#[derive(Serialize, ToSchema)]
struct PointTold {
    #[schema(value_type = String)]
    day: Day,
    value: f64,
    /// Lower end of what holds the truth nine times in ten, where it is known.
    lo90: Option<f64>,
    /// Upper end.
    hi90: Option<f64>,
}

impl LineTold {
    fn of(line: &Line) -> Self {
        let point = |point: &Point| PointTold {
            day: point.day,
            value: point.value,
            lo90: point.interval.map(|ends| ends.0),
            hi90: point.interval.map(|ends| ends.1),
        };
        Self {
            quantity: line.quantity.code(),
            name: line.quantity.name(),
            unit: line.quantity.unit(),
            points: line.points.iter().map(point).collect(),
            first: line.ends.map(|(first, _)| first.value),
            last: line.ends.map(|(_, last)| last.value),
            windows: line.windows(),
            change: line.change(),
            fall_that_matters: line.smallest.and_then(|smallest| smallest.fall),
            rise_that_matters: line.smallest.map(|smallest| smallest.rise),
            verdict: line.verdict.code(),
            words: line.verdict.words(),
            why: line.why(),
            simulated: line.simulated,
        }
    }
}

/// Whether anything changed beyond what matters
#[utoipa::path(
    get, path = "/api/v1/clinic/people/{id}/course", tag = "clinic", extensions(("x-deed" = json!("read others"))),
    params(("id" = String, Path, description = "Id of the record.")),
    responses((status = 200, body = CourseTold)),
)]
async fn course(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
) -> Result<Json<CourseTold>, Trouble> {
    let record = record(&site, &visitor, Deed::ReadOthers, &id).await?;
    let course = Course::of(&record.diary()?, &record.sessions()?);
    Ok(Json(CourseTold {
        summary: course.summary(),
        no_cause: no_cause(),
        lines: course.lines.iter().map(LineTold::of).collect(),
        sessions: course.sessions,
        simulated_left_out: course.simulated_left_out,
    }))
}

/// Which two.
#[derive(Deserialize)]
struct Picked {
    a: Option<i64>,
    b: Option<i64>,
}

/// Two sessions beside each other.
#[derive(Serialize, ToSchema)]
struct TwoSessions {
    /// The earlier one.
    #[schema(value_type = shapes::SessionLine)]
    one: SessionLine,
    /// The later one.
    #[schema(value_type = shapes::SessionLine)]
    other: SessionLine,
    /// Their scans on arrival.
    compared: Compared,
}

/// Two sessions beside each other, with the smallest change that matters
///
/// The first and the last one that were given, unless others are named.
#[utoipa::path(
    get, path = "/api/v1/clinic/people/{id}/compare", tag = "clinic", extensions(("x-deed" = json!("read others"))),
    params(
        ("id" = String, Path, description = "Id of the record."),
        ("a" = Option<i64>, Query, description = "Number of a session."),
        ("b" = Option<i64>, Query, description = "Number of another one."),
    ),
    responses(
        (status = 200, body = TwoSessions),
        (status = 404, body = Trouble, description = "There is no such record, or there are no two such sessions."),
        (status = 409, body = Trouble, description = "They cannot be compared: one has no scan, or is simulated and the other is not."),
    ),
)]
async fn compare(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
    picked: Result<Query<Picked>, QueryRejection>,
) -> Result<Json<TwoSessions>, Trouble> {
    let Query(Picked { a, b }) = picked?;
    let record = record(&site, &visitor, Deed::ReadOthers, &id).await?;
    let lines = given(&record)?;
    let number = |line: Option<&SessionLine>| line.map(|line| line.number.0);
    let picked = [a.or(number(lines.first())), b.or(number(lines.last()))];
    let none = || Trouble::none("There are no two such sessions: the course lists those that were given.");
    let both = both(&record, &lines, picked)?.ok_or_else(none)?;
    let conflict = |code, words: &str| Trouble::new(StatusCode::CONFLICT, code, words);
    let beside = both.beside.map_err(|unlike| match unlike {
        Unlike::NoScan => conflict("no_scan", "One of them has no scan, so nothing can be compared."),
        Unlike::OneSimulated => {
            conflict("one_simulated", "A simulated spine and a real one cannot be compared.")
        }
    })?;
    let [one, other] = both.lines;
    Ok(Json(TwoSessions { one, other, compared: Compared::of(&beside) }))
}

/// The course as a table
#[utoipa::path(
    get, path = "/api/v1/clinic/people/{id}/course.csv", tag = "clinic",
    extensions(("x-deed" = json!("export others"))),
    params(("id" = String, Path, description = "Id of the record.")),
    responses((status = 200, body = String, content_type = "text/csv")),
)]
async fn csv(State(site): State<Site>, visitor: Visitor, At(id): At<String>) -> Result<Response, Trouble> {
    let record = record(&site, &visitor, Deed::ExportOthers, &id).await?;
    let course = Course::of(&record.diary()?, &record.sessions()?);
    Ok(file(&record, "text/csv; charset=utf-8", "course.csv", course.csv()))
}

/// Diary and sessions as a FHIR R4 bundle
#[utoipa::path(
    get, path = "/api/v1/clinic/people/{id}/bundle.json", tag = "clinic",
    extensions(("x-deed" = json!("export others"))),
    params(
        ("id" = String, Path, description = "Id of the record."),
        ("language" = Option<String>, Query, description = "en or de."),
    ),
    responses((status = 200, body = serde_json::Value, content_type = "application/fhir+json")),
)]
async fn bundle(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Trouble> {
    let record = record(&site, &visitor, Deed::ExportOthers, &id).await?;
    let language = site.language(&asked.map(|Query(asked)| asked).unwrap_or_default());
    let bundle = host::course::bundle(&record, today(), language)?;
    Ok(file(&record, "application/fhir+json", "bundle.json", bundle.to_string()))
}

/// What stands and what waits for the person's yes
#[utoipa::path(
    get, path = "/api/v1/clinic/people/{id}/prescription", tag = "clinic",
    extensions(("x-deed" = json!("read others"))),
    params(("id" = String, Path, description = "Id of the record.")),
    responses((status = 200, body = shapes::Prescriptions)),
)]
async fn prescribed(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
) -> Result<Json<Prescriptions>, Trouble> {
    let record = record(&site, &visitor, Deed::ReadOthers, &id).await?;
    Ok(Json(Prescriptions::read(&record, today())?))
}

/// What is prescribed; what is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Prescribed {
    /// Who prescribes.
    by: String,
    /// The only program that may be chosen.
    program: Option<String>,
    /// Highest intensity of a stroke, 1 to 8.
    intensity_max: Option<u8>,
    #[serde(default)]
    #[schema(value_type = Option<shapes::HeatMax>)]
    heat_max: HeatMax,
    /// Longest session, minutes.
    minutes_max: Option<u8>,
    /// Most sessions in seven days.
    week_max: Option<u8>,
    /// Words to the person.
    #[serde(default)]
    note: String,
}

/// Prescribe: choose a program and ask for less
///
/// It waits for the person's yes, in the place of what waits already.
#[utoipa::path(
    post, path = "/api/v1/clinic/people/{id}/prescription", tag = "clinic",
    extensions(("x-deed" = json!("prescribe"))),
    params(("id" = String, Path, description = "Id of the record.")),
    request_body(content = Prescribed, example = json!({ "by": "practice", "program": "relief", "minutes_max": 30 })),
    responses((status = 200, body = shapes::Prescriptions, description = "What stands and waits now.")),
)]
async fn prescribe(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
    Body(told): Body<Prescribed>,
) -> Result<Json<Prescriptions>, Trouble> {
    let record = record(&site, &visitor, Deed::Prescribe, &id).await?;
    let wanted = Prescription {
        program: told.program,
        intensity_max: told.intensity_max,
        heat_max: told.heat_max,
        minutes_max: told.minutes_max,
        week_max: told.week_max,
        note: told.note,
        ..Prescription::new(told.by, today())
    };
    if let Some(wrong) = wanted.impossible().first() {
        return Err(Trouble::body(format!("{}: {}", wrong.field, wrong.words.en)));
    }
    if wanted.is_empty() {
        return Err(Trouble::body("nothing was prescribed: choose a program, or ask for less of something"));
    }
    let mut all = Prescriptions::read(&record, today())?;
    all.prescribe(wanted);
    all.keep(&record, today())?;
    Ok(Json(all))
}

/// Take back what waits for the person's yes
#[utoipa::path(
    post, path = "/api/v1/clinic/people/{id}/prescription/take-back", tag = "clinic",
    extensions(("x-deed" = json!("prescribe"))),
    params(("id" = String, Path, description = "Id of the record.")),
    responses((status = 204, description = "Nothing waits any more.")),
)]
async fn take_back(
    State(site): State<Site>,
    visitor: Visitor,
    At(id): At<String>,
) -> Result<StatusCode, Trouble> {
    let record = record(&site, &visitor, Deed::Prescribe, &id).await?;
    let mut all = Prescriptions::read(&record, today())?;
    all.waiting = None;
    all.keep(&record, today())?;
    Ok(StatusCode::NO_CONTENT)
}
