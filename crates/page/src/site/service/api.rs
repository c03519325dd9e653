//! The service room for programs, and its live stream.

use axum::extract::{Json, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse, Response, Sse};
use care::Words;
use futures_util::Stream;
use futures_util::stream::unfold;
use host::accounts::Deed;
use host::faults::ClassText;
use host::service::{ExploreRefused, Service, fault_texts, limits, service};
use serde::Serialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::Site;
use super::explorer::{self, Wanted};
use super::test::tested;
use crate::api::{Body, Trouble, shapes};
use crate::door::{Denied, Visitor};

/// Between two pictures for whoever watches: four a second. Source: design.
const PICTURE: Duration = Duration::from_millis(250);
/// Whether somebody is still signed in is asked every so many pictures: ten seconds, as for the bed's page.
const WHO_AGAIN: u32 = 40;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(now))
        .routes(routes!(live))
        .routes(routes!(faults))
        .routes(routes!(table))
        .routes(routes!(journal))
        .routes(routes!(log))
        .routes(routes!(selftest))
        .routes(routes!(classes_told, explore))
}

/// Readings, drives, line and faults of the moment
#[utoipa::path(
    get, path = "/api/v1/service", tag = "service", extensions(("x-deed" = json!("see service"))),
    responses((status = 200, body = shapes::Service)),
)]
async fn now(State(site): State<Site>) -> Json<Service> {
    Json(service(site.station.seen()))
}

/// Every fault in words, those seen lately first
#[utoipa::path(
    get, path = "/api/v1/service/faults", tag = "service", extensions(("x-deed" = json!("see service"))),
    responses((status = 200, body = [shapes::FaultText])),
)]
async fn faults(State(site): State<Site>) -> Response {
    Json(fault_texts(site.station.seen())).into_response()
}

/// Every limit, as it was compiled in
#[utoipa::path(
    get, path = "/api/v1/service/limits", tag = "service", extensions(("x-deed" = json!("see service"))),
    responses((status = 200, body = [shapes::LimitRow])),
)]
async fn table() -> Response {
    Json(limits()).into_response()
}

/// A twin's journal and verdict
#[utoipa::path(
    get, path = "/api/v1/service/journal", tag = "service", extensions(("x-deed" = json!("see service"))),
    responses((status = 200, body = shapes::Journal)),
)]
async fn journal(State(site): State<Site>) -> Json<Value> {
    Json(told(&site))
}

/// A twin's journal and verdict.
fn told(site: &Site) -> Value {
    let (lines, verdict) = explorer::told(site.station.seen(), 0);
    let notice = service(site.station.seen()).notice;
    json!({ "notice": notice, "lines": lines, "verdict": verdict })
}

/// All of it in one file, for whoever mends the bed
#[utoipa::path(
    get, path = "/api/v1/service/log", tag = "service", extensions(("x-deed" = json!("take logs"))),
    responses((status = 200, body = shapes::BedLog)),
)]
async fn log(State(site): State<Site>, visitor: Visitor) -> Result<Response, Denied> {
    site.door.pass(&visitor, Deed::TakeLogs, None).await?;
    let all = json!({ "service": service(site.station.seen()), "journal": told(&site), "limits": limits() });
    let file = (header::CONTENT_DISPOSITION, "attachment; filename=\"ondol-bed-log.json\"");
    Ok(([file], Json(all)).into_response())
}

/// Let the bed look at itself: nothing moves, nothing heats
#[utoipa::path(
    post, path = "/api/v1/service/selftest", tag = "service", extensions(("x-deed" = json!("test bed"))),
    responses(
        (status = 200, body = shapes::SelfTest),
        (status = 409, body = Trouble, description = "Somebody lies there, or the bed is not at rest."),
    ),
)]
async fn selftest(State(site): State<Site>, visitor: Visitor) -> Result<Response, Trouble> {
    site.door.pass(&visitor, Deed::TestBed, None).await?;
    let test = tested(&site).await.map_err(|why| Trouble::new(StatusCode::CONFLICT, "not_now", why))?;
    Ok(Json(test).into_response())
}

/// What can be broken in a twin.
#[derive(Serialize, ToSchema)]
struct ClassTold {
    /// By this it is broken.
    class: &'static str,
    /// What breaks.
    #[schema(value_type = shapes::Words)]
    words: &'static Words,
    /// What the guard should do.
    #[schema(value_type = shapes::Words)]
    expect: &'static Words,
}

/// What can be broken in a twin, and what the guard should do about it
#[utoipa::path(
    get, path = "/api/v1/service/explorer", tag = "twin", extensions(("x-deed" = json!("see service"))),
    responses((status = 200, body = [ClassTold])),
)]
async fn classes_told() -> Json<Vec<ClassTold>> {
    let told = |of: &'static ClassText| ClassTold { class: &of.key, words: &of.words, expect: &of.expect };
    Json(explorer::breakable().map(told).collect())
}

/// Break a part of a twin, mend it, or switch the twin off and on
#[utoipa::path(
    post, path = "/api/v1/service/explorer", tag = "twin", extensions(("x-deed" = json!("play twin"))),
    request_body(content = Wanted, examples(
        ("break" = (value = json!({ "do": "break", "class": "supply_lost", "seed": 1 }))),
        ("mend" = (value = json!({ "do": "mend" }))),
    )),
    responses(
        (status = 204, description = "Done."),
        (status = 404, body = Trouble, description = "There is no such class of faults."),
        (status = 409, body = Trouble, description = "Not now, or no twin answers."),
    ),
)]
async fn explore(
    State(site): State<Site>,
    visitor: Visitor,
    Body(wanted): Body<Wanted>,
) -> Result<StatusCode, Trouble> {
    site.door.pass(&visitor, Deed::PlayTwin, None).await?;
    explorer::wanted(&site, wanted).await.map_err(|why| {
        let (status, code) = match &why {
            ExploreRefused::NoTwin => (StatusCode::CONFLICT, "no_twin"),
            ExploreRefused::NoClass => (StatusCode::NOT_FOUND, "no_class"),
            ExploreRefused::Broken => (StatusCode::CONFLICT, "broken"),
            ExploreRefused::NoSession => (StatusCode::CONFLICT, "no_session"),
            ExploreRefused::Wire(_) => (StatusCode::CONFLICT, "no_bed"),
        };
        Trouble::new(status, code, why)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody who watches.
struct Viewer {
    site: Site,
    headers: HeaderMap,
    visitor: Visitor,
    told: u32,
    pictures: u32,
}

impl Viewer {
    /// The next picture; `None` when whoever watched has signed out.
    async fn next(&mut self) -> Option<Event> {
        if self.pictures > 0 {
            tokio::time::sleep(PICTURE).await;
        }
        self.pictures += 1;
        if self.pictures.is_multiple_of(WHO_AGAIN) && self.site.door.who(&self.headers).await != self.visitor
        {
            return None;
        }
        let (lines, verdict) = explorer::told(self.site.station.seen(), self.told);
        self.told = lines.last().map_or(self.told, |line| line.number);
        let all = json!({ "service": service(self.site.station.seen()), "lines": lines, "verdict": verdict });
        Some(Event::default().event("service").data(all.to_string()))
    }
}

/// The same as server-sent events, four a second
///
/// Each is the event `service`, with what the journal says since the last one.
#[utoipa::path(
    get, path = "/api/v1/service/live", tag = "service", extensions(("x-deed" = json!("see service"))),
    responses((
        status = 200, body = shapes::ServicePicture, content_type = "text/event-stream",
        description = "Server-sent events; the schema is that of each event's data.",
    )),
)]
async fn live(
    State(site): State<Site>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let viewer = Viewer { site, headers, visitor, told: 0, pictures: 0 };
    let pictures = unfold(viewer, async |mut viewer| Some((Ok(viewer.next().await?), viewer)));
    Sse::new(pictures).keep_alive(KeepAlive::default())
}
