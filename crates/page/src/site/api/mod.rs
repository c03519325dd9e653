//! What programs use, and what the page's own script uses: the bed and its session here, a person's own record in
//! `person`, `diary`, `week` and `breaks`, what clinicians see in `clinic`, what the guide tells in `guide` and
//! `advice`. Thin: every route calls what the page of the same name calls.

mod advice;
mod asked;
mod beside;
mod breaks;
mod clinic;
mod diary;
mod guide;
mod person;
mod verdict;
mod week;

use super::person::Person;
use super::{Site, live};
use crate::api::{Body, Trouble, shapes};
use crate::door::Visitor;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use care::Nprs;
use host::accounts::Deed;
use host::clock::today;
use host::session::{Answer, Wish};
use host::wire::WireError;
use link::TwinAct;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// All of it behind the door.
pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(health))
        .routes(routes!(now))
        .routes(routes!(live::stream))
        .routes(routes!(programs))
        .routes(routes!(begin))
        .routes(routes!(proposal))
        .routes(routes!(answer))
        .routes(routes!(wish))
        .routes(routes!(pain))
        .routes(routes!(here))
        .routes(routes!(twin))
        .merge(person::routes())
        .merge(diary::routes())
        .merge(week::routes())
        .merge(clinic::routes())
        .merge(breaks::routes())
        .merge(guide::routes())
        .merge(advice::routes())
}

/// Stop, which stands before the door.
pub(super) fn stop_routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(stop))
}

fn not_yours() -> Trouble {
    Trouble::new(
        StatusCode::CONFLICT,
        "no_session",
        "no session of yours is under way, or its page was lost: nothing was done. Begin one, and say every second that you are here.",
    )
}

/// How host and bed are.
#[derive(Serialize, ToSchema)]
struct Health {
    /// ok: this program answers.
    status: &'static str,
    /// Of this program.
    version: &'static str,
    /// A bed answers.
    bed: bool,
    /// A session is under way.
    session: bool,
    /// What is wrong with the bed or the line to it.
    #[schema(value_type = Option<shapes::Words>)]
    trouble: Option<care::Words>,
}

/// Whether host and bed are well
#[utoipa::path(
    get, path = "/api/health", tag = "bed", extensions(("x-deed" = json!("see health"))),
    responses((status = 200, body = Health)),
)]
async fn health(State(site): State<Site>) -> Json<Health> {
    let picture = site.station.picture();
    let shown = picture.borrow();
    Json(Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        bed: shown.picture.bed.is_some(),
        session: shown.picture.under_way,
        trouble: shown.picture.trouble.clone(),
    })
}

/// The picture of the moment
///
/// A session is seen by its person and by a clinician; everybody else sees the bed, and that there is one.
#[utoipa::path(get, path = "/api/v1/live", tag = "bed", responses((status = 200, body = shapes::Picture)))]
async fn now(State(site): State<Site>, visitor: Visitor, person: Option<Person>) -> Response {
    let shown = site.station.picture().borrow().clone();
    let json = live::for_whom(&shown, &visitor, person.as_ref());
    ([(axum::http::header::CONTENT_TYPE, "application/json")], json.to_string()).into_response()
}

/// A program of this bed.
#[derive(Serialize, ToSchema)]
struct ProgramRow {
    /// By this it is begun.
    name: &'static str,
    /// For people.
    #[schema(value_type = shapes::Words)]
    title: &'static care::Words,
    /// What it does.
    #[schema(value_type = shapes::Words)]
    does: &'static care::Words,
    /// For whom it is.
    #[schema(value_type = shapes::Words)]
    for_whom: &'static care::Words,
    /// What its promise rests on.
    #[schema(value_type = shapes::Words)]
    evidence: &'static care::Words,
    /// Length of the whole session.
    minutes: f64,
}

/// The programs
#[utoipa::path(get, path = "/api/v1/programs", tag = "session", responses((status = 200, body = [ProgramRow])))]
async fn programs() -> Json<Vec<ProgramRow>> {
    let row = |program: &'static plan::Program| ProgramRow {
        name: program.name(),
        title: program.title(),
        does: program.does(),
        for_whom: program.for_whom(),
        evidence: program.evidence(),
        minutes: program.minutes(),
    };
    Json(plan::shipped().iter().map(row).collect())
}

/// The session that is asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Begin {
    /// Name of the program.
    program: String,
    /// Minutes that the whole session may take; null takes the program's.
    #[schema(minimum = 1, maximum = 1440)]
    minutes: Option<f64>,
}

/// Ask for a session
///
/// The bed then waits for the person to lie down and to press the hand switch; nothing moves before. Say
/// `/api/v1/session/here` every second from now on.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "session", extensions(("x-deed" = json!("begin own"))),
    request_body(content = Begin, example = json!({ "program": "first-time", "minutes": null })),
    responses(
        (status = 202, description = "The bed waits for its person."),
        (status = 404, body = Trouble, description = "There is no such program."),
        (status = 409, body = Trouble, description = "A session is under way, or no bed answers."),
    ),
)]
async fn begin(
    State(site): State<Site>,
    person: Person,
    Body(wanted): Body<Begin>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::BeginOwn).await?;
    site.station.begin(person.name(), &wanted.program, wanted.minutes, today())?;
    Ok(StatusCode::ACCEPTED)
}

/// What is proposed after the scan
#[utoipa::path(
    get, path = "/api/v1/session/proposal", tag = "session", extensions(("x-deed" = json!("read own"))),
    responses(
        (status = 200, body = shapes::Proposal),
        (status = 404, body = Trouble, description = "No proposal waits for an answer."),
        (status = 409, body = Trouble, description = "No session of yours is under way."),
    ),
)]
async fn proposal(State(site): State<Site>, person: Person) -> Result<Response, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    if site.station.whose().as_deref() != Some(person.name()) {
        return Err(not_yours());
    }
    let proposal = site.station.picture().borrow().picture.proposal.clone();
    let none = || Trouble::new(StatusCode::NOT_FOUND, "no_proposal", "no proposal waits for an answer");
    let proposal = proposal.ok_or_else(none)?;
    Ok(Json(&*proposal).into_response())
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Answered {
    #[schema(value_type = shapes::Answer)]
    answer: Answer,
}

/// Answer what is proposed
#[utoipa::path(
    post, path = "/api/v1/session/answer", tag = "session", extensions(("x-deed" = json!("wish own"))),
    request_body(content = Answered, examples(
        ("yes" = (value = json!({ "answer": "yes" }))),
        ("no" = (value = json!({ "answer": "no" }))),
        ("other" = (value = json!({ "answer": { "other": "relief/20" } }))),
    )),
    responses(
        (status = 204, description = "Heard."),
        (status = 409, body = Trouble, description = "No session of yours is under way."),
    ),
)]
async fn answer(
    State(site): State<Site>,
    person: Person,
    Body(answered): Body<Answered>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WishOwn).await?;
    if site.station.answer(person.name(), answered.answer) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_yours())
    }
}

/// A wish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wished {
    #[schema(value_type = shapes::Wish)]
    wish: Wish,
}

/// Wish something in one's own session
///
/// It acts within half a second and within limits; the picture's `news` says what came of it.
#[utoipa::path(
    post, path = "/api/v1/session/wish", tag = "session", extensions(("x-deed" = json!("wish own"))),
    request_body(content = Wished, examples(
        ("softer" = (value = json!({ "wish": "softer" }))), ("firmer" = (value = json!({ "wish": "firmer" }))),
        ("warmer" = (value = json!({ "wish": "warmer" }))), ("cooler" = (value = json!({ "wish": "cooler" }))),
        ("skip" = (value = json!({ "wish": "skip" }))), ("stay" = (value = json!({ "wish": "stay" }))),
        ("finish" = (value = json!({ "wish": "finish" }))), ("stop" = (value = json!({ "wish": "stop" }))),
    )),
    responses(
        (status = 204, description = "Heard."),
        (status = 409, body = Trouble, description = "No session of yours is under way, or its page was lost."),
    ),
)]
async fn wish(
    State(site): State<Site>,
    person: Person,
    Body(wished): Body<Wished>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WishOwn).await?;
    if site.station.wish(person.name(), wished.wish) { Ok(StatusCode::NO_CONTENT) } else { Err(not_yours()) }
}

/// How much it hurts before a session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pain {
    /// 0 to 10.
    #[schema(value_type = u8, minimum = 0, maximum = 10)]
    before: Nprs,
}

/// Say how much it hurts before the session
///
/// While the bed waits for the person or for the hand switch. It may be left out: then it stays unknown.
#[utoipa::path(
    post, path = "/api/v1/session/pain", tag = "session", extensions(("x-deed" = json!("write own"))),
    request_body(content = Pain, example = json!({ "before": 6 })),
    responses(
        (status = 204, description = "Kept with the session."),
        (status = 409, body = Trouble, description = "No session of yours waits to begin."),
    ),
)]
async fn pain(
    State(site): State<Site>,
    person: Person,
    Body(told): Body<Pain>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    if site.station.pain_before(person.name(), told.before)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_yours())
    }
}

/// Say that somebody attends
///
/// Once a second. Where nobody does for some seconds, nothing is wished and force and heat only fall; after a minute
/// the session ends.
#[utoipa::path(
    post, path = "/api/v1/session/here", tag = "session", extensions(("x-deed" = json!("wish own"))),
    responses((status = 204, description = "Heard.")),
)]
async fn here(State(site): State<Site>, person: Person) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WishOwn).await?;
    site.station.here(person.name());
    Ok(StatusCode::NO_CONTENT)
}

/// Stop: everything ends now and the person is released
///
/// Everybody's, whatever comes with it, past every queue. Where no bed hears it, press the hand switch.
#[utoipa::path(
    post, path = "/api/v1/stop", tag = "bed", extensions(("x-deed" = json!("stop"))),
    responses(
        (status = 204, description = "The bed has heard it."),
        (status = 502, body = Trouble, description = "The bed did not hear it: press the hand switch."),
    ),
)]
async fn stop(State(site): State<Site>, headers: HeaderMap) -> Result<StatusCode, Trouble> {
    stop_now(&site, &headers).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says stop to the bed, and only then asks who it was.
pub(super) async fn stop_now(site: &Site, headers: &HeaderMap) -> Result<(), WireError> {
    // At once, on this very thread: the line is a write of some bytes. One that is broken may take a second to
    // say so, and the other threads serve the pages meanwhile.
    let stopped = tokio::task::block_in_place(|| site.station.stop());
    site.door.stopped(headers);
    stopped
}

/// What is done to a twin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Played {
    #[schema(value_type = shapes::TwinAct)]
    act: TwinAct,
}

/// Do what a twin's simulated person does
///
/// A bed that is no twin refuses. To break and mend a twin is for whoever looks after it.
#[utoipa::path(
    post, path = "/api/v1/twin", tag = "twin", extensions(("x-deed" = json!("move twin"))),
    request_body(content = Played, examples(
        ("lie down" = (value = json!({ "act": "LieDown" }))),
        ("press the hand switch" = (value = json!({ "act": "PressHandSwitch" }))),
        ("cough" = (value = json!({ "act": "Cough" }))),
        ("move" = (value = json!({ "act": { "Move": { "foot_mm": 5, "left_mm": 5 } } }))),
    )),
    responses(
        (status = 204, description = "Done."),
        (status = 409, body = Trouble, description = "No twin answers."),
    ),
)]
async fn twin(
    State(site): State<Site>,
    visitor: Visitor,
    Body(played): Body<Played>,
) -> Result<StatusCode, Trouble> {
    let deed = match played.act {
        TwinAct::Break { .. } | TwinAct::Mend | TwinAct::Willing { .. } => Deed::PlayTwin,
        _ => Deed::MoveTwin,
    };
    site.door.pass(&visitor, deed, None).await?;
    let station = site.station.clone();
    tokio::task::spawn_blocking(move || station.act(played.act))
        .await
        .unwrap_or_else(|error| Err(WireError::Lost(std::io::Error::other(error))))
        .map_err(|error| Trouble::new(StatusCode::CONFLICT, "no_bed", error))?;
    Ok(StatusCode::NO_CONTENT)
}
