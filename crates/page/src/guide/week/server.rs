//! Hears the browser.

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use care::Day;
use care::ask::next_screen;

use super::super::visit::{Told, Visit, answer, heard};
use super::super::{Guide, diary, interview, server, verdict};
use super::{HERE, ask, page};
use host::planner::{Planner, Stage, Ticking};
use host::store::StoreError;

/// The addresses of the week.
pub(in crate::guide) fn routes() -> Router<Guide> {
    Router::new()
        .route(HERE, get(show))
        .route("/week/begin", post(begin))
        .route("/week/wishes", get(wishes))
        .route("/week/plan", post(make))
        .route("/week/day/{day}", post(tick))
}

fn planner(visit: &Visit) -> Planner {
    Planner::new(visit.keeper.store.clone(), visit.keeper.name.clone(), visit.today)
}

fn failed(visit: &Visit, error: &StoreError) -> Response {
    let (code, words) = diary::trouble_words(error, visit.language);
    answer(code, &page::trouble(&words, visit.language), visit.language)
}

async fn show(visit: Visit) -> Response {
    let done = visit.asked.get("done").and_then(|done| page::done(done, visit.language));
    match planner(&visit).stage() {
        Ok(stage) => visit.show(&page::page(&stage, visit.today, done, visit.language)),
        Err(error) => failed(&visit, &error),
    }
}

/// Keeps what the verdict page carried, where it may be planned with.
async fn begin(visit: Visit, told: Told) -> Response {
    begin_for(&visit, told, HERE)
}

/// The same, with the way on to another page that needs it.
pub(in crate::guide) fn begin_for(visit: &Visit, told: Told, to: &str) -> Response {
    let told = interview::carried_in(&heard(told)).unwrap_or_default();
    if next_screen(&told).is_some() {
        return visit.show(&server::asked(&told, &[], visit.language));
    }
    if !verdict::may_self_care(&told) {
        return visit.show(&verdict::page(&told, visit.language));
    }
    match planner(visit).begin(&told) {
        Ok(()) => visit.on(to, "begun", None),
        Err(error) => failed(visit, &error),
    }
}

/// The wishes while a week runs; else they are asked with the rest.
async fn wishes(visit: Visit) -> Response {
    match planner(&visit).stage() {
        Ok(Stage::Running(running)) => visit.show(&ask::wishes_page(&running, visit.language)),
        Ok(stage) => visit.show(&page::page(&stage, visit.today, None, visit.language)),
        Err(error) => failed(&visit, &error),
    }
}

/// Keeps answers and wishes, and makes the week if nothing stands before it.
async fn make(visit: Visit, told: Told) -> Response {
    let fields = heard(told);
    let Some(wishes) = ask::wishes_of(&fields) else {
        return visit.on(HERE, "not_understood", None);
    };
    let planner = planner(&visit);
    let rows = ask::rows_of(&fields);
    let done = (|| {
        if matches!(planner.stage()?, Stage::NoInterview) {
            return Ok("no_interview");
        }
        let running = matches!(planner.stage()?, Stage::Running(_));
        if !rows.is_empty() {
            planner.answer(&rows)?;
        }
        planner.wish(&wishes)?;
        Ok(match (running, planner.make()?) {
            (false, Stage::Running(_)) => "made",
            (true, Stage::Running(running)) if running.past.ticked.is_empty() => "made",
            (true, _) => "wishes",
            _ => "not_yet",
        })
    })();
    match done {
        Ok(done) => visit.on(HERE, done, None),
        Err(error) => failed(&visit, &error),
    }
}

async fn tick(visit: Visit, Path(day): Path<String>, told: Told) -> Response {
    let fields = heard(told);
    let first = fields.iter().find(|(name, _)| name == "first").and_then(|(_, day)| day.parse::<Day>().ok());
    let items: Result<BTreeSet<u8>, _> =
        interview::given(&fields, interview::TICK).into_iter().map(str::parse).collect();
    let (Some(first), Ok(day), Ok(items)) = (first, day.parse::<u8>(), items) else {
        return answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page::trouble(&page::not_understood(visit.language), visit.language),
            visit.language,
        );
    };
    match planner(&visit).tick(first, day, &items) {
        Ok(Ticking::Kept) => visit.on(HERE, "ticked", None),
        Ok(Ticking::Stale) => visit.on(HERE, "stale", None),
        Ok(Ticking::Early) => visit.on(HERE, "early", None),
        Err(error) => failed(&visit, &error),
    }
}
