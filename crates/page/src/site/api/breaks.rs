//! Somebody's own break reminder for programs. It rings on the computer that serves this.

use super::super::person::Person;
use super::super::{Asked, Site};
use crate::api::{Body, Trouble, shapes};
use crate::guide::Reminder;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use care::Day;
use care::breaks::{Counts, Delay, Reply, Settings};
use host::accounts::Deed;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(show, start))
        .routes(routes!(reply))
        .routes(routes!(sitting))
        .routes(routes!(stop))
}

fn reminder(site: &Site, person: &Person) -> Reminder {
    Reminder::of(&site.guide, Some(person.keeper.clone()))
}

/// The break reminder.
#[derive(Serialize, ToSchema)]
struct BreaksNow {
    #[schema(value_type = shapes::BreakSettings)]
    settings: Settings,
    /// What it is at; null while it is off.
    running: Option<BreaksRunning>,
    /// How it went, the oldest day first.
    days: Vec<BreaksOfDay>,
}

/// A reminder that runs.
#[derive(Serialize, ToSchema)]
struct BreaksRunning {
    /// It is time to get up, and nobody has answered.
    waits: bool,
    /// The person counts as sitting.
    sitting: bool,
    /// Sitting so far, seconds.
    sitting_s: f64,
    /// Until the next reminder, seconds; null while one waits.
    next_s: Option<f64>,
}

/// The reminders of one day.
#[derive(Serialize, ToSchema)]
struct BreaksOfDay {
    #[schema(value_type = String)]
    day: Day,
    #[schema(value_type = shapes::BreakCounts)]
    counts: Counts,
}

impl BreaksNow {
    fn of(reminder: &Reminder) -> Result<Self, Trouble> {
        let (view, (settings, counts)) = reminder.now()?;
        let running = view.map(|view| BreaksRunning {
            waits: view.waits,
            sitting: view.sitting,
            sitting_s: view.sitting_for.as_secs_f64(),
            next_s: view.next.map(|next| next.as_secs_f64()),
        });
        let days = counts.into_iter().map(|(day, counts)| BreaksOfDay { day, counts }).collect();
        Ok(Self { settings, running, days })
    }
}

/// The break reminder: settings, what it is at, and how it went
#[utoipa::path(
    get, path = "/api/v1/breaks", tag = "breaks", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = BreaksNow)),
)]
async fn show(State(site): State<Site>, person: Person) -> Result<Json<BreaksNow>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(BreaksNow::of(&reminder(&site, &person))?))
}

/// Start the break reminder with these settings
#[utoipa::path(
    post, path = "/api/v1/breaks", tag = "breaks", extensions(("x-deed" = json!("write own"))),
    params(("language" = Option<String>, Query, description = "en or de: in which it rings.")),
    request_body(
        content = shapes::BreakSettings,
        example = json!({ "interval_min": 45, "quiet": { "from_min": 1320, "until_min": 420 } }),
    ),
    responses(
        (status = 200, body = BreaksNow, description = "It runs."),
        (status = 409, body = Trouble, description = "It runs already: switch it off first."),
    ),
)]
async fn start(
    State(site): State<Site>,
    person: Person,
    asked: Result<Query<Asked>, QueryRejection>,
    Body(settings): Body<Settings>,
) -> Result<Json<BreaksNow>, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let reminder = reminder(&site, &person);
    if reminder.desk.view().is_some() {
        let words = "The reminder runs already, and goes on as it is: POST /api/v1/breaks/stop first.";
        return Err(Trouble::new(StatusCode::CONFLICT, "runs", words));
    }
    let language = site.language(&asked.map(|Query(asked)| asked).unwrap_or_default());
    reminder.start(settings, language)?.map_err(Trouble::body)?;
    Ok(Json(BreaksNow::of(&reminder)?))
}

/// An answer to the reminder that waits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BreakReply {
    reply: BreakWord,
}

/// What is said to a reminder.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BreakWord {
    /// The break is taken.
    Taken,
    /// Again in five minutes.
    FiveMinutes,
    /// Again in ten minutes.
    TenMinutes,
    /// Again in fifteen minutes.
    FifteenMinutes,
    /// Not this one.
    Skip,
}

/// Answer the reminder that waits
#[utoipa::path(
    post, path = "/api/v1/breaks/reply", tag = "breaks", extensions(("x-deed" = json!("write own"))),
    request_body(content = BreakReply, example = json!({ "reply": "taken" })),
    responses(
        (status = 204, description = "The answer counts."),
        (status = 409, body = Trouble, description = "No reminder waits: it was answered or withdrawn."),
    ),
)]
async fn reply(
    State(site): State<Site>,
    person: Person,
    Body(said): Body<BreakReply>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let reply = match said.reply {
        BreakWord::Taken => Reply::Taken,
        BreakWord::FiveMinutes => Reply::Postpone(Delay::FiveMinutes),
        BreakWord::TenMinutes => Reply::Postpone(Delay::TenMinutes),
        BreakWord::FifteenMinutes => Reply::Postpone(Delay::FifteenMinutes),
        BreakWord::Skip => Reply::Skip,
    };
    let late = |error| Trouble::new(StatusCode::CONFLICT, "late", error);
    reminder(&site, &person).desk.reply(reply).map_err(late)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether somebody sits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sits {
    /// False for whoever gets up; after a minute away the break counts.
    sitting: bool,
}

/// Say that one gets up, or sits again
#[utoipa::path(
    post, path = "/api/v1/breaks/sitting", tag = "breaks", extensions(("x-deed" = json!("write own"))),
    request_body(content = Sits, example = json!({ "sitting": false })),
    responses((status = 204, description = "Heard, where a reminder runs.")),
)]
async fn sitting(
    State(site): State<Site>,
    person: Person,
    Body(said): Body<Sits>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    reminder(&site, &person).desk.set_sitting(said.sitting);
    Ok(StatusCode::NO_CONTENT)
}

/// Switch the break reminder off
#[utoipa::path(
    post, path = "/api/v1/breaks/stop", tag = "breaks", extensions(("x-deed" = json!("write own"))),
    responses((status = 204, description = "It is off.")),
)]
async fn stop(State(site): State<Site>, person: Person) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    reminder(&site, &person).desk.stop()?;
    Ok(StatusCode::NO_CONTENT)
}
