//! What the guide tells, for programs: the same data that its pages show. Every text stands in every language: where
//! nobody who speaks a language has read its emergency text, the English has to be shown beside it.

use crate::api::{At, Trouble, shapes};
use crate::guide;
use crate::site::Site;
use axum::Json;
use axum::response::{IntoResponse, Response};
use care::exercise::{Dose, Exercise, exercises};
use care::topic::{Claim, Line, Source, Topic, causes, claims, claims_of, topics};
use care::{Day, Evidence, Language, Words};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeSet;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(index))
        .routes(routes!(topic))
        .routes(routes!(hearsay))
        .routes(routes!(contributors))
        .routes(routes!(exercise))
}

/// A short text of the pages in every language.
pub(super) fn words<'a>(of: impl Fn(Language) -> Cow<'a, str>) -> Words {
    Words::both(of(Language::English), of(Language::German))
}

/// What the guide holds.
#[derive(Serialize, ToSchema)]
struct GuideIndex {
    /// In the order in which the guide shows them.
    topics: Vec<Titled>,
    exercises: Vec<Titled>,
    /// What the grades of evidence are called, the weakest first.
    evidence: Vec<Grade>,
}

/// Something to read.
#[derive(Serialize, ToSchema)]
struct Titled {
    /// By this it is asked for.
    id: &'static str,
    #[schema(value_type = shapes::Words)]
    title: &'static Words,
}

/// A grade of evidence.
#[derive(Serialize, ToSchema)]
struct Grade {
    #[schema(value_type = shapes::Evidence)]
    evidence: Evidence,
    #[schema(value_type = shapes::Words)]
    words: Words,
}

/// What the guide holds: topics, exercises, and what its grades mean
#[utoipa::path(get, path = "/api/v1/guide", tag = "guide", responses((status = 200, body = GuideIndex)))]
async fn index() -> Json<GuideIndex> {
    let grade = |evidence| Grade { evidence, words: words(|language| guide::evidence(evidence, language)) };
    let grades = [Evidence::None, Evidence::Weak, Evidence::Moderate, Evidence::Strong];
    Json(GuideIndex {
        topics: topics().iter().map(|topic| Titled { id: &topic.id, title: &topic.title }).collect(),
        exercises: exercises().iter().map(|one| Titled { id: &one.id, title: &one.title }).collect(),
        evidence: grades.map(grade).into(),
    })
}

/// One page of the guide.
#[derive(Serialize, ToSchema)]
struct TopicTold {
    id: &'static str,
    #[schema(value_type = shapes::Words)]
    title: &'static Words,
    /// What to know, in order.
    #[schema(value_type = Vec<shapes::GuideLine>)]
    lines: &'static [Line],
    /// What the lines rest on.
    #[schema(value_type = Vec<shapes::Source>)]
    sources: &'static [Source],
    /// What people say about it; what that rests on stands in `GET /api/v1/guide/claims`.
    #[schema(value_type = Vec<shapes::Claim>)]
    claims: Vec<&'static Claim>,
}

/// One topic, line by line, each with its grade of evidence and its sources
#[utoipa::path(
    get, path = "/api/v1/guide/topics/{topic}", tag = "guide",
    params(("topic" = String, Path, description = "Its id.", example = "sitting")),
    responses((status = 200, body = TopicTold)),
)]
async fn topic(At(id): At<String>) -> Result<Json<TopicTold>, Trouble> {
    let none = || Trouble::none("There is no such topic: GET /api/v1/guide names them.");
    let Topic { id, title, lines, sources } = care::topic::topic(&id).ok_or_else(none)?;
    Ok(Json(TopicTold { id, title, lines, sources, claims: claims_of(id).collect() }))
}

/// What people say about back pain, and what of it holds
#[utoipa::path(
    get, path = "/api/v1/guide/claims", tag = "guide", responses((status = 200, body = shapes::Claims)),
)]
async fn hearsay() -> Response {
    Json(claims()).into_response()
}

/// What may play a part in a spasm, in general
#[utoipa::path(
    get, path = "/api/v1/guide/causes", tag = "guide", responses((status = 200, body = shapes::Causes)),
)]
async fn contributors() -> Response {
    Json(causes()).into_response()
}

/// One exercise. Its pictures stand on its page.
#[derive(Serialize, ToSchema)]
struct ExerciseTold {
    id: &'static str,
    #[schema(value_type = shapes::Words)]
    title: &'static Words,
    /// How demanding it is.
    #[schema(value_type = shapes::Words)]
    level: Words,
    /// What it is good for.
    #[schema(value_type = Vec<shapes::Words>)]
    serves: Vec<Words>,
    #[schema(value_type = shapes::Dose)]
    dose: Dose,
    #[schema(value_type = shapes::Words)]
    dose_words: Words,
    /// Length of one time.
    minutes: u32,
    /// Step by step.
    #[schema(value_type = Vec<shapes::Words>)]
    how: Vec<Words>,
    #[schema(value_type = shapes::Words)]
    breath: &'static Words,
    #[schema(value_type = shapes::Words)]
    easier: &'static Words,
    #[schema(value_type = shapes::Words)]
    harder: &'static Words,
    /// When to stop.
    #[schema(value_type = shapes::Words)]
    stop: &'static Words,
    /// Rows of the screening table whose "yes" rules it out.
    not_if: &'static BTreeSet<String>,
    /// What it rests on, written out.
    sources: &'static [String],
    #[schema(value_type = shapes::Evidence)]
    evidence: Evidence,
    /// Day on which its sources were read.
    #[schema(value_type = String)]
    checked: Day,
}

impl ExerciseTold {
    fn of(of: &'static Exercise) -> Self {
        let step = |(en, de): (&String, &String)| Words::both(en, de);
        Self {
            id: &of.id,
            title: &of.title,
            level: words(|language| guide::level_words(of.level, language)),
            serves: of
                .serves
                .iter()
                .map(|one| words(|language| guide::serves_words(*one, language)))
                .collect(),
            dose: of.dose,
            dose_words: words(|language| guide::dose_words(of.dose, language).into()),
            minutes: of.minutes,
            how: of.how.en.iter().zip(&of.how.de).map(step).collect(),
            breath: &of.breath,
            easier: &of.easier,
            harder: &of.harder,
            stop: &of.stop,
            not_if: &of.not_if,
            sources: &of.sources,
            evidence: of.evidence,
            checked: of.checked,
        }
    }
}

/// One exercise: how, how much, when to stop, and what it rests on
#[utoipa::path(
    get, path = "/api/v1/guide/exercises/{exercise}", tag = "guide",
    params(("exercise" = String, Path, description = "Its id.", example = "log_roll")),
    responses((status = 200, body = ExerciseTold)),
)]
async fn exercise(At(id): At<String>) -> Result<Json<ExerciseTold>, Trouble> {
    let none = || Trouble::none("There is no such exercise: GET /api/v1/guide names them.");
    Ok(Json(ExerciseTold::of(care::exercise::exercise(&id).ok_or_else(none)?)))
}
