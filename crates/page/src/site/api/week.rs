//! The plan of the week for programs.

use super::super::Site;
use super::super::person::Person;
use crate::api::{Body, Trouble, shapes};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use care::week::{Past, Reason, Tick, Wishes};
use care::{Day, Words};
use host::accounts::Deed;
use host::clock::today;
use host::planner::{Planner, Stage, Ticking};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(show, make)).routes(routes!(tick))
}

fn planner(person: &Person) -> Planner {
    Planner::new(person.keeper.store.clone(), person.keeper.name.clone(), today())
}

/// Where a person stands with the plan of the week.
#[derive(Serialize, ToSchema)]
struct WeekToday {
    stage: WeekStage,
    /// Rows of the screening table that must be answered first (`POST /api/v1/today`).
    open: Vec<&'static str>,
    /// Why there is no plan.
    #[schema(value_type = Option<shapes::Words>)]
    refusal: Option<Words>,
    /// What was wished last.
    #[schema(value_type = Option<shapes::Wishes>)]
    wishes: Option<Wishes>,
    /// The week that runs, or else the last one.
    week: Option<WeekTold>,
    /// Its day of today, 0 to 6, while it runs.
    today: Option<u8>,
}

/// How far somebody came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WeekStage {
    /// No interview was kept.
    NoInterview,
    /// The interview is too old.
    OldInterview,
    /// The answers allow no plan.
    Refused,
    /// A week can be made.
    Ready,
    /// A week runs.
    Running,
}

/// A week.
#[derive(Serialize, ToSchema)]
struct WeekTold {
    /// Its first day.
    #[schema(value_type = String)]
    first: Day,
    /// What to do on each of its seven days, in order.
    days: Vec<Vec<ToDo>>,
    /// Why it looks like this.
    because: Vec<WeekReason>,
}

/// One thing to do on one day.
#[derive(Serialize, ToSchema)]
struct ToDo {
    /// Name of the exercise or activity.
    name: String,
    #[schema(value_type = shapes::Words)]
    title: Words,
    /// How long it takes; 0 for a setting.
    minutes: u8,
    /// It was done.
    ticked: bool,
}

/// Why a week looks as it does.
#[derive(Serialize, ToSchema)]
struct WeekReason {
    /// The rule.
    code: String,
    #[schema(value_type = shapes::Words)]
    words: Words,
}

impl WeekTold {
    fn of(past: &Past) -> Self {
        let day = |(day, items): (u8, &Vec<care::week::Item>)| {
            let item = |(item, one): (u8, &care::week::Item)| ToDo {
                name: one.what.name().to_owned(),
                title: one.what.title(),
                minutes: one.minutes,
                ticked: past.ticked.contains(&Tick { day, item }),
            };
            (0..).zip(items).map(item).collect()
        };
        let reason = |of: &Reason| WeekReason { code: of.code.clone(), words: of.words.clone() };
        Self {
            first: past.week.first,
            days: (0..).zip(&past.week.days).map(day).collect(),
            because: past.week.because.iter().map(reason).collect(),
        }
    }
}

impl WeekToday {
    fn of(stage: Stage) -> Self {
        let bare =
            |stage| Self { stage, open: Vec::new(), refusal: None, wishes: None, week: None, today: None };
        match stage {
            Stage::NoInterview => bare(WeekStage::NoInterview),
            Stage::OldInterview(_) => bare(WeekStage::OldInterview),
            Stage::Refused(no) => Self { refusal: Some(no.reason().words), ..bare(WeekStage::Refused) },
            Stage::Ready(ready) => Self {
                open: ready.open,
                wishes: Some(ready.wishes),
                week: ready.last.as_ref().map(WeekTold::of),
                ..bare(WeekStage::Ready)
            },
            Stage::Running(running) => Self {
                wishes: Some(running.wishes),
                week: Some(WeekTold::of(&running.past)),
                today: Some(running.today),
                ..bare(WeekStage::Running)
            },
        }
    }
}

/// The plan of the week, and what was done of it
#[utoipa::path(
    get, path = "/api/v1/week", tag = "week", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = WeekToday)),
)]
async fn show(State(site): State<Site>, person: Person) -> Result<Json<WeekToday>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(WeekToday::of(planner(&person).stage()?)))
}

/// What a person wishes of a week.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WeekWished {
    #[schema(value_type = shapes::Wishes)]
    wishes: Wishes,
}

/// Wish, and make the next week if nothing stands before it
///
/// A week that runs and of which something was done stays as it is; the wishes then count for the next one.
#[utoipa::path(
    post, path = "/api/v1/week", tag = "week", extensions(("x-deed" = json!("write own"))),
    request_body(
        content = WeekWished,
        example = json!({ "wishes": { "minutes_a_day": 15, "quiet": ["sunday"], "massage": "bed" } }),
    ),
    responses(
        (status = 200, body = WeekToday, description = "Kept; where one stands now."),
        (status = 409, body = Trouble, description = "No interview was kept."),
    ),
)]
async fn make(
    State(site): State<Site>,
    person: Person,
    Body(wished): Body<WeekWished>,
) -> Result<Json<WeekToday>, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let planner = planner(&person);
    if planner.stage()? == Stage::NoInterview {
        let words = "A plan needs an interview first: POST /api/v1/interview, then /api/v1/today/interview.";
        return Err(Trouble::new(StatusCode::CONFLICT, "no_interview", words));
    }
    planner.wish(&wished.wishes)?;
    Ok(Json(WeekToday::of(planner.make()?)))
}

/// What was done on one day of a week.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ticked {
    /// First day of the week that is meant.
    #[schema(value_type = String, format = Date)]
    first: Day,
    /// Day of the week, 0 to 6.
    day: u8,
    /// The items that were done, from 0; they take the place of those told before.
    #[schema(value_type = Vec<u8>)]
    items: BTreeSet<u8>,
}

/// Say what was done
#[utoipa::path(
    post, path = "/api/v1/week/ticks", tag = "week", extensions(("x-deed" = json!("write own"))),
    request_body(content = Ticked, example = json!({ "first": "2026-11-23", "day": 0, "items": [0] })),
    responses(
        (status = 204, description = "Kept."),
        (status = 409, body = Trouble, description = "There is no such week, day or item, or the day has not come."),
    ),
)]
async fn tick(
    State(site): State<Site>,
    person: Person,
    Body(ticked): Body<Ticked>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let conflict = |code, words: &str| Err(Trouble::new(StatusCode::CONFLICT, code, words));
    match planner(&person).tick(ticked.first, ticked.day, &ticked.items)? {
        Ticking::Kept => Ok(StatusCode::NO_CONTENT),
        Ticking::Stale => {
            conflict("stale", "Another week runs, or it has no such day or item: GET /api/v1/week.")
        }
        Ticking::Early => conflict("early", "That day has not come yet; nothing was kept."),
    }
}
