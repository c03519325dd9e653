//! Hears the browser.

use std::collections::BTreeMap;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use care::{Answer, questions};

use super::super::interview::hidden;
use super::super::visit::{Told, Visit, answer, heard};
use super::super::{Guide, diary, week};
use super::ask::{self, Faults};
use super::{ANEW, HERE, page};
use host::bed_today::{BedToday, Reply, Stage};
use host::store::StoreError;

/// The addresses of the bed.
pub(in crate::guide) fn routes() -> Router<Guide> {
    Router::new()
        .route(HERE, get(show).post(reply))
        .route(ANEW, get(anew))
        .route("/bed/begin", post(begin))
        .route("/bed/doctor", post(doctor))
}

fn bed(visit: &Visit) -> BedToday {
    BedToday::new(visit.keeper.store.clone(), visit.keeper.name.clone(), visit.today)
}

fn failed(visit: &Visit, error: &StoreError) -> Response {
    let (code, words) = diary::trouble_words(error, visit.language);
    answer(code, &page::trouble(&words, visit.language), visit.language)
}

async fn show(visit: Visit) -> Response {
    match bed(&visit).stage() {
        Ok(stage) => visit.show(&page::page(&stage, &Faults::default(), visit.language)),
        Err(error) => failed(&visit, &error),
    }
}

async fn anew(visit: Visit) -> Response {
    match bed(&visit).anew() {
        Ok(Some((asked, yes))) => {
            visit.show(&page::questions_page(&asked, &yes, &Faults::default(), visit.language))
        }
        Ok(None) => show(visit).await,
        Err(error) => failed(&visit, &error),
    }
}

async fn begin(visit: Visit, told: Told) -> Response {
    let here = visit.guide.bed.unwrap_or(HERE);
    week::begin_for(&visit, told, here)
}

async fn reply(visit: Visit, told: Told) -> Response {
    let (reply, faults) = ask::hear(&heard(told));
    let bed = bed(&visit);
    match bed.keep(&reply).and_then(|()| bed.stage()) {
        Ok(stage @ Stage::Ask(_)) if !faults.is_empty() => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page::page(&stage, &faults, visit.language),
            visit.language,
        ),
        Ok(_) => visit.on(visit.guide.bed.unwrap_or(HERE), "kept", None),
        Err(error) => failed(&visit, &error),
    }
}

/// Keeps a doctor's word, or that there is none.
async fn doctor(visit: Visit, told: Told) -> Response {
    let fields = heard(told);
    let row = hidden(&fields, "row").and_then(|id| questions().iter().find(|row| row.id == id));
    let said = match hidden(&fields, "agreed") {
        Some("yes") => Some(Answer::YesClearedByDoctor),
        Some("no") => Some(Answer::Yes),
        _ => None,
    };
    if let (Some(row), Some(said)) = (row.filter(|row| row.doctor_can_clear()), said) {
        let reply = Reply { rows: BTreeMap::from([(row.id.clone(), said)]), ..Reply::default() };
        if let Err(error) = bed(&visit).keep(&reply) {
            return failed(&visit, &error);
        }
    }
    visit.on(HERE, "kept", None)
}
