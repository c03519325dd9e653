//! What the guide makes of somebody's answers, for programs: what may play a part, and heat or cold. The signs of an
//! emergency come before both, and nothing is kept.

use super::asked::{QuestionTold, ScreenTold};
use super::guide::words;
use crate::api::{Body, Trouble, shapes};
use crate::guide::{asks_for_doctor, heat, may_self_care};
use crate::site::Site;
use axum::Json;
use axum::http::StatusCode;
use care::ask::next_screen;
use care::cause::{Likely, Look, likely, looks, next_cause_screen};
use care::facts::fact;
use care::thermal::{First, OnBed, Thermal};
use care::topic::Source;
use care::{Evidence, Findings, Value, Words, questions};
use host::clock::today;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().routes(routes!(play_a_part)).routes(routes!(heat_or_cold))
}

/// That no question of the interview is open.
pub(super) fn finished(told: &Findings) -> Result<(), Trouble> {
    let words = "Questions are open: POST /api/v1/interview says which.";
    let open = || Trouble::new(StatusCode::CONFLICT, "unfinished", words);
    if next_screen(told).is_some() { Err(open()) } else { Ok(()) }
}

/// That none is open, and that no doctor has to look first.
pub(super) fn cleared(told: &Findings) -> Result<(), Trouble> {
    finished(told)?;
    let words = "These answers ask for a doctor first; nothing was done.";
    let doctor = || Trouble::new(StatusCode::CONFLICT, "doctor", words);
    if may_self_care(told) { Ok(()) } else { Err(doctor()) }
}

/// What was answered: to the interview, and to what was asked here.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CausesAsked {
    /// Answers by question: true or false, a number, the id of an option, or a list of ids.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    told: Findings,
}

/// What may play a part. No diagnosis: often several things play together, and often nobody knows.
#[derive(Serialize, ToSchema)]
struct MayPlayAPart {
    /// Questions that can still change the list; null at the end.
    next: Option<ScreenTold>,
    /// The answers to the interview ask for a doctor, who comes first.
    doctor_first: bool,
    /// What a doctor should look at.
    #[schema(value_type = Vec<shapes::Words>)]
    doctor: Vec<Words>,
    /// Every contributor, the surest first.
    #[schema(value_type = Vec<shapes::Likely>)]
    likely: Vec<Likely>,
}

/// What may play a part in one's spasm, and why that is thought
///
/// Send the answers of a finished interview; where questions come back, send them all again with the new answers.
#[utoipa::path(
    post, path = "/api/v1/guide/causes", tag = "guide",
    request_body(content = CausesAsked, example = json!({ "told": {} })),
    responses(
        (status = 200, body = MayPlayAPart),
        (status = 409, body = Trouble, description = "Questions of the interview are open."),
    ),
)]
async fn play_a_part(Body(CausesAsked { told }): Body<CausesAsked>) -> Result<Json<MayPlayAPart>, Trouble> {
    finished(&told)?;
    let look = |look: Look| match look {
        Look::Frequency { words } => words.clone(),
        Look::Cause(cause) => cause.title.clone(),
    };
    Ok(Json(MayPlayAPart {
        next: next_cause_screen(&told).as_ref().map(ScreenTold::of),
        doctor_first: asks_for_doctor(&told),
        doctor: looks(&told).into_iter().map(look).collect(),
        likely: likely(&told),
    }))
}

/// What was answered: to the interview, and to the screening table.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeatAsked {
    /// Answers by question: true or false, a number, the id of an option, or a list of ids.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    told: Findings,
    /// Answers to rows of the screening table that are no questions of the interview.
    #[serde(default)]
    screened: BTreeMap<String, bool>,
}

/// Heat or cold.
#[derive(Serialize, ToSchema)]
struct HeatOrCold {
    /// Questions of the interview that must be answered first, under `told`.
    told: Vec<QuestionTold>,
    /// Questions of the screening table that must be answered first, under `screened`.
    screened: Vec<QuestionTold>,
    /// The advice; null while questions are open.
    advice: Option<HeatAdvice>,
}

/// What to lay on.
#[derive(Serialize, ToSchema)]
struct HeatAdvice {
    #[schema(value_type = shapes::First)]
    first: First,
    /// Least and most minutes at one time; zero with nothing to lay on.
    minutes: [u32; 2],
    /// Only with cloth between it and the skin.
    wrapped: bool,
    /// What a massage bed may do.
    #[schema(value_type = shapes::OnBed)]
    bed: OnBed,
    /// Highest intensity, of 9; 0 is no roller at all.
    intensity_max: u8,
    /// The same in sentences.
    #[schema(value_type = Vec<shapes::Words>)]
    words: Vec<Words>,
    reasons: Vec<HeatReason>,
    #[schema(value_type = Vec<shapes::Source>)]
    sources: Vec<Source>,
}

/// Why.
#[derive(Serialize, ToSchema)]
struct HeatReason {
    id: &'static str,
    #[schema(value_type = shapes::Words)]
    words: &'static Words,
    /// Keys of the sources.
    source: &'static [String],
    #[schema(value_type = shapes::Evidence)]
    evidence: Evidence,
}

impl HeatAdvice {
    fn of(thermal: &Thermal) -> Self {
        let (rows, sources) = heat::told(thermal);
        let reason = |row: &'static care::thermal::Row| HeatReason {
            id: &row.id,
            words: &row.words,
            source: &row.source,
            evidence: row.evidence,
        };
        Self {
            first: thermal.first,
            minutes: thermal.minutes,
            wrapped: thermal.wrapped,
            bed: thermal.bed,
            intensity_max: thermal.intensity_max,
            words: vec![
                words(|language| heat::first(thermal.first, language)),
                words(|language| heat::bed(thermal, language)),
                words(heat::asleep),
            ],
            reasons: rows.into_iter().map(reason).collect(),
            sources,
        }
    }
}

/// Heat or cold for somebody, now
///
/// Send the answers of a finished interview; where questions come back, send all again with the new answers.
#[utoipa::path(
    post, path = "/api/v1/guide/heat", tag = "guide",
    request_body(content = HeatAsked, example = json!({ "told": {}, "screened": {} })),
    responses(
        (status = 200, body = HeatOrCold),
        (status = 409, body = Trouble, description = "Questions of the interview are open, or a doctor has to look first."),
    ),
)]
async fn heat_or_cold(Body(asked): Body<HeatAsked>) -> Result<Json<HeatOrCold>, Trouble> {
    cleared(&asked.told)?;
    if let Some(id) = asked.screened.keys().find(|id| questions().iter().all(|row| row.id != **id)) {
        let id: String = id.chars().take(60).collect();
        return Err(Trouble::body(format!("screened: there is no question \"{id}\"")));
    }
    let thermal = heat::weigh(&asked.told, &asked.screened, today());
    let rows = heat::rows(&thermal);
    let advice = rows.is_empty().then(|| HeatAdvice::of(&thermal));
    let is_told = |id| fact(id).is_some() || Findings::new().set(id, Value::YesNo(false)).is_ok();
    let (told, screened): (Vec<_>, Vec<_>) = rows.iter().partition(|row| is_told(row.id));
    let all = |rows: Vec<&care::ask::Row>| rows.into_iter().map(QuestionTold::of).collect();
    Ok(Json(HeatOrCold { told: all(told), screened: all(screened), advice }))
}
