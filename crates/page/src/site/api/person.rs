//! A person's own record for programs: how they are today, what is prescribed, their sessions and doses.

use super::super::Site;
use super::super::after::{self, Rating};
use super::super::day::{desk, prescriptions};
use super::super::person::Person as SignedIn;
use super::advice::cleared;
use super::asked::{AskTold, Interview, SaidTold};
use super::beside::Compared;
use crate::api::{At, Body, Trouble, shapes};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use care::scores::{Reading, read_pain};
use care::{Answer, Day, Findings, Person, Value, Words, questions};
use host::accounts::Deed;
use host::bed_today::{Measure, Reply, Stage};
use host::clock::{clocks, today};
use host::course::Beside;
use host::dose::PersonDose;
use host::next::{Earliest, Next, Said};
use host::planner::Planner;
use host::prescription::Prescriptions;
use host::store::{Record, SessionLine, SessionNumber, StoreError};
use plan::History;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(interview))
        .routes(routes!(keep_interview))
        .routes(routes!(stage, reply))
        .routes(routes!(anew))
        .routes(routes!(prescription, answer_prescription))
        .routes(routes!(sessions))
        .routes(routes!(session))
        .routes(routes!(rate))
        .routes(routes!(next))
        .routes(routes!(dose))
        .routes(routes!(erase))
}

fn record(person: &SignedIn) -> Result<Record, StoreError> {
    person.keeper.store.record(&person.keeper.name)
}

/// What was answered so far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InterviewTold {
    /// Answers by question: true or false, a number, the id of an option, or a list of ids.
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    told: Findings,
}

/// The next questions of the interview, or what the answers ask for
///
/// Nothing is kept: send all answers each time, and those of the new screen with them.
#[utoipa::path(
    post, path = "/api/v1/interview", tag = "today",
    request_body(content = InterviewTold, example = json!({ "told": {} })),
    responses((status = 200, body = Interview)),
)]
async fn interview(Body(told): Body<InterviewTold>) -> Json<Interview> {
    Json(Interview::of(&told.told))
}

/// Keep a finished interview in one's own record
#[utoipa::path(
    post, path = "/api/v1/today/interview", tag = "today", extensions(("x-deed" = json!("write own"))),
    request_body(content = InterviewTold, example = json!({ "told": {} })),
    responses(
        (status = 200, body = Today, description = "Kept; what is asked next."),
        (status = 409, body = Trouble, description = "Questions are open, or a doctor has to look first."),
    ),
)]
async fn keep_interview(
    State(site): State<Site>,
    person: SignedIn,
    Body(told): Body<InterviewTold>,
) -> Result<Json<Today>, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    cleared(&told.told)?;
    let keeper = &person.keeper;
    Planner::new(keeper.store.clone(), keeper.name.clone(), today()).begin(&told.told)?;
    Ok(Json(Today::of(desk(&person).stage()?)))
}

/// Where a person stands with the bed today.
#[derive(Serialize, ToSchema)]
struct Today {
    stage: StageName,
    /// The day of an interview that is too old.
    #[schema(value_type = Option<String>)]
    interview_of: Option<Day>,
    /// What is asked first.
    ask: Option<AskTold>,
    /// The answer.
    said: Option<SaidTold>,
}

/// How far somebody came.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StageName {
    /// No interview was kept.
    NoInterview,
    /// The interview was kept before it was at its end.
    Unfinished,
    /// The interview is too old.
    OldInterview,
    /// Something is asked first.
    Ask,
    /// The answer stands.
    Said,
}

impl Today {
    fn of(stage: Stage) -> Self {
        let bare = |stage| Self { stage, interview_of: None, ask: None, said: None };
        match stage {
            Stage::NoInterview => bare(StageName::NoInterview),
            Stage::Unfinished => bare(StageName::Unfinished),
            Stage::OldInterview(day) => Self { interview_of: Some(day), ..bare(StageName::OldInterview) },
            Stage::Ask(ask) => Self { ask: Some(AskTold::of(&ask)), ..bare(StageName::Ask) },
            Stage::Said(said) => Self { said: Some(SaidTold::of(*said)), ..bare(StageName::Said) },
        }
    }
}

/// How one is today: what is asked, or what is allowed
#[utoipa::path(
    get, path = "/api/v1/today", tag = "today", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = Today)),
)]
async fn stage(State(site): State<Site>, person: SignedIn) -> Result<Json<Today>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(Today::of(desk(&person).stage()?)))
}

/// Every question again.
#[derive(Serialize, ToSchema)]
struct Anew {
    /// What can be answered anew (`POST /api/v1/today`); null where an interview comes first.
    ask: Option<AskTold>,
    /// Rows that were answered with yes before.
    yes: Vec<&'static str>,
}

/// Every question of today again, for whoever answered one by mistake
#[utoipa::path(
    get, path = "/api/v1/today/anew", tag = "today", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = Anew)),
)]
async fn anew(State(site): State<Site>, person: SignedIn) -> Result<Json<Anew>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    let (ask, yes) = desk(&person).anew()?.unzip();
    Ok(Json(Anew { ask: ask.as_ref().map(AskTold::of), yes: yes.unwrap_or_default() }))
}

/// What a person answers; what is left out stays as it was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Replied {
    /// Answers to rows of the screening table: yes, no, or yes_cleared_by_doctor.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    rows: BTreeMap<String, Answer>,
    /// Facts that were asked for, for today alone.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, serde_json::Value>)]
    facts: Findings,
    /// Age (years), height (mm) and weight (kg).
    #[serde(default)]
    person: Measured,
    /// All that was told on an earlier day is still true, and nothing new has come.
    #[serde(default)]
    still_true: bool,
}

/// What can be told of the body; what is left out stays as it was.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct Measured {
    /// Age in years.
    age_years: Option<f64>,
    /// Standing height in millimetres.
    stature_mm: Option<f64>,
    /// Body mass in kilograms.
    mass_kg: Option<f64>,
}

impl Replied {
    /// What can be kept, or what cannot be, where so much is asked.
    fn taken(self, asked: &[&str]) -> Result<Reply, Trouble> {
        if let Some(id) = self.rows.keys().find(|id| questions().iter().all(|row| row.id != **id)) {
            let id: String = id.chars().take(60).collect();
            return Err(Trouble::body(format!(
                "rows: there is no question \"{id}\"; GET /api/v1/today names them"
            )));
        }
        let facts: BTreeMap<String, Value> = self.facts.clone().into();
        if let Some(id) = facts.keys().find(|id| !asked.contains(&id.as_str())) {
            return Err(Trouble::body(format!(
                "facts: \"{id}\" was not asked; GET /api/v1/today names what is"
            )));
        }
        let Measured { age_years, stature_mm, mass_kg } = self.person;
        let person = Person { age_years, stature_mm, mass_kg };
        for measure in Measure::ALL {
            let (least, most) = measure.range();
            if measure.of(&person).is_some_and(|value| !(least..=most).contains(&value)) {
                let words =
                    format!("person: {} must lie from {least} to {most}", super::asked::name(measure));
                return Err(Trouble::body(words));
            }
        }
        Ok(Reply { rows: self.rows, facts: self.facts, person, still_true: self.still_true })
    }
}

/// Answer what is asked today
#[utoipa::path(
    post, path = "/api/v1/today", tag = "today", extensions(("x-deed" = json!("write own"))),
    request_body(content = Replied, example = json!({ "still_true": true })),
    responses((status = 200, body = Today, description = "Kept; what is asked next, or the answer.")),
)]
async fn reply(
    State(site): State<Site>,
    person: SignedIn,
    Body(replied): Body<Replied>,
) -> Result<Json<Today>, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let desk = desk(&person);
    let mut asked = desk.anew()?.map(|(ask, _)| ask.open.facts).unwrap_or_default();
    if let Stage::Ask(ask) = desk.stage()? {
        asked.extend(ask.open.facts);
    }
    let reply = replied.taken(&asked)?;
    desk.keep(&reply)?;
    Ok(Json(Today::of(desk.stage()?)))
}

/// What is prescribed, and what waits for one's yes
#[utoipa::path(
    get, path = "/api/v1/prescription", tag = "session", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = shapes::Prescriptions)),
)]
async fn prescription(State(site): State<Site>, person: SignedIn) -> Result<Json<Prescriptions>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(prescriptions(&person)?))
}

/// The person's word on what is prescribed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Agreed {
    word: AgreedWord,
}

/// Yes or no to what waits, or an end to what stands.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AgreedWord {
    Yes,
    No,
    End,
}

/// Say yes or no to what is prescribed, or end what stands
#[utoipa::path(
    post, path = "/api/v1/prescription", tag = "session", extensions(("x-deed" = json!("accept own"))),
    request_body(content = Agreed, examples(
        ("yes" = (value = json!({ "word": "yes" }))),
        ("no" = (value = json!({ "word": "no" }))),
        ("end" = (value = json!({ "word": "end" }))),
    )),
    responses((status = 200, body = shapes::Prescriptions, description = "What stands now.")),
)]
async fn answer_prescription(
    State(site): State<Site>,
    person: SignedIn,
    Body(agreed): Body<Agreed>,
) -> Result<Json<Prescriptions>, Trouble> {
    person.may(&site, Deed::AcceptOwn).await?;
    let mut rules = prescriptions(&person)?;
    match agreed.word {
        AgreedWord::Yes => rules.answer(true),
        AgreedWord::No => rules.answer(false),
        AgreedWord::End => rules.end(),
    }
    rules.keep(&record(&person)?, today())?;
    Ok(Json(rules))
}

/// One's own sessions, the oldest first
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = [shapes::SessionLine])),
)]
async fn sessions(State(site): State<Site>, person: SignedIn) -> Result<Json<Vec<SessionLine>>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    Ok(Json(record(&person)?.sessions()?))
}

/// A session at length.
#[derive(Serialize, ToSchema)]
struct SessionAccount {
    #[schema(value_type = shapes::SessionLine)]
    session: SessionLine,
    /// What happened, at length: ending, scans, plan, strokes, faults, wishes; null where no end was written.
    record: Option<serde_json::Value>,
    /// What the report shows.
    report: Option<serde_json::Value>,
    /// What is charged for it, by strips of the person, CEM43.
    #[schema(value_type = shapes::PersonDose)]
    dose: PersonDose,
    /// How strong it was, as the person said.
    #[schema(value_type = Option<shapes::Felt>)]
    felt: Option<host::next::Felt>,
    /// What became of the pain, where it was told before and after.
    #[schema(value_type = Option<shapes::Reading>)]
    pain: Option<Reading>,
    /// The scans before (one) and after (other) it; null where it has not both.
    change: Option<Compared>,
}

/// The session of a number, if it is this person's.
fn line_of(record: &Record, number: i64) -> Result<SessionLine, Trouble> {
    let found = record.sessions()?.into_iter().find(|line| line.number == SessionNumber(number));
    found.ok_or_else(|| Trouble::none("You have no session of this number: GET /api/v1/sessions lists them."))
}

/// One of one's own sessions, at length
#[utoipa::path(
    get, path = "/api/v1/sessions/{number}", tag = "sessions", extensions(("x-deed" = json!("read own"))),
    params(("number" = i64, Path, description = "Number of the session.")),
    responses((status = 200, body = SessionAccount)),
)]
async fn session(
    State(site): State<Site>,
    person: SignedIn,
    At(number): At<i64>,
) -> Result<Json<SessionAccount>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    let own = record(&person)?;
    let session = line_of(&own, number)?;
    let (told, report) = own.session_record(session.number)?.unzip();
    let dose = own.session_dose(session.number)?;
    let felt = Said::read(&own, &session)?.felt;
    let pain = session.pain_before.zip(session.pain_after).map(|(before, after)| read_pain(before, after));
    let change = Beside::within(&own, &session)?.as_ref().map(Compared::of);
    Ok(Json(SessionAccount { session, record: told, report: report.flatten(), dose, felt, pain, change }))
}

/// How it was.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Rated {
    /// Pain before, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pain_before: Option<u8>,
    /// Pain after, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pain_after: Option<u8>,
    /// How strong it was; the next session begins accordingly.
    #[schema(value_type = Option<shapes::Felt>)]
    felt: Option<host::next::Felt>,
    /// Anything else; empty leaves what was written before.
    #[serde(default)]
    notes: String,
}

/// Say how a session was
///
/// It is kept with the session and in the diary.
#[utoipa::path(
    post, path = "/api/v1/sessions/{number}/rating", tag = "sessions", extensions(("x-deed" = json!("write own"))),
    params(("number" = i64, Path, description = "Number of the session.")),
    request_body(content = Rated, example = json!({ "pain_before": 6, "pain_after": 3, "felt": "right", "notes": "" })),
    responses(
        (status = 204, description = "Kept."),
        (status = 409, body = Trouble, description = "The session has not ended, or the diary cannot take it."),
    ),
)]
async fn rate(
    State(site): State<Site>,
    person: SignedIn,
    At(number): At<i64>,
    Body(rated): Body<Rated>,
) -> Result<StatusCode, Trouble> {
    person.may(&site, Deed::WriteOwn).await?;
    let mut own = record(&person)?;
    let line = line_of(&own, number)?;
    if !after::is_given(&line) {
        let words = "This session has not ended, or none of it was given: there is nothing to say of it yet.";
        return Err(Trouble::new(StatusCode::CONFLICT, "not_given", words));
    }
    let pain = |name: &str, told: Option<u8>| {
        let read =
            |told| care::Nprs::try_from(told).map_err(|error| Trouble::body(format!("{name}: {error}")));
        told.map(read).transpose()
    };
    let (before, after) = (pain("pain_before", rated.pain_before)?, pain("pain_after", rated.pain_after)?);
    let notes = Some(rated.notes.as_str()).filter(|notes| !notes.is_empty());
    after::keep(&mut own, line, &Rating { before, after, felt: rated.felt, notes })?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the next session does differently, and when it can be.
#[derive(Serialize, ToSchema)]
struct NextTold {
    /// Steps by which it begins softer than its plan.
    softer: u8,
    /// From when on it can be.
    earliest: EarliestDay,
    /// Seconds after midnight, where it is later today.
    at_s: Option<i64>,
    /// All of it in plain sentences.
    #[schema(value_type = Vec<shapes::Words>)]
    words: Vec<Words>,
}

/// From when on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum EarliestDay {
    Now,
    Today,
    Tomorrow,
}

/// What the next session does differently, and when it can be
#[utoipa::path(
    get, path = "/api/v1/next", tag = "sessions", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = NextTold)),
)]
async fn next(State(site): State<Site>, person: SignedIn) -> Result<Json<NextTold>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    let next = Next::read(&record(&person)?, &site.station.moment()?)?;
    let (earliest, at_s) = match next.earliest {
        Earliest::Now => (EarliestDay::Now, None),
        Earliest::Today(at_s) => (EarliestDay::Today, Some(at_s)),
        Earliest::Tomorrow => (EarliestDay::Tomorrow, None),
    };
    Ok(Json(NextTold { softer: next.softer, earliest, at_s, words: next.words() }))
}

/// Heat and sessions of today.
#[derive(Serialize, ToSchema)]
struct DoseToday {
    /// What the rules of the day know.
    #[schema(value_type = shapes::History)]
    history: History,
    /// The dose that counts for today, by strips of the person, CEM43.
    #[schema(value_type = shapes::PersonDose)]
    strips: PersonDose,
}

/// The dose of the day
#[utoipa::path(
    get, path = "/api/v1/dose", tag = "sessions", extensions(("x-deed" = json!("read own"))),
    responses((status = 200, body = DoseToday)),
)]
async fn dose(State(site): State<Site>, person: SignedIn) -> Result<Json<DoseToday>, Trouble> {
    person.may(&site, Deed::ReadOwn).await?;
    let own = record(&person)?;
    let now = site.store.house()?.moment(&clocks())?;
    let (history, strips) = (own.history(&now)?, own.dose_today(&now)?);
    Ok(Json(DoseToday { history, strips }))
}

/// Whether one is sure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sure {
    /// True, or nothing is erased.
    sure: bool,
}

/// Erase all that is kept of oneself
///
/// Record, sessions, logs and diary are gone for good; take a copy first.
#[utoipa::path(
    post, path = "/api/v1/me/erase", tag = "sessions", extensions(("x-deed" = json!("erase own"))),
    request_body(content = Sure, example = json!({ "sure": false })),
    responses(
        (status = 204, description = "Erased."),
        (status = 409, body = Trouble, description = "A session is under way."),
    ),
)]
async fn erase(
    State(site): State<Site>,
    person: SignedIn,
    Body(said): Body<Sure>,
) -> Result<StatusCode, Trouble> {
    if !said.sure {
        return Err(Trouble::body("sure: nothing was erased; say true if you are"));
    }
    person.may(&site, Deed::EraseOwn).await?;
    if site.station.whose().as_deref() == Some(person.name()) {
        let words = "A session of yours is under way: end it first. Nothing was erased.";
        return Err(Trouble::new(StatusCode::CONFLICT, "busy", words));
    }
    // The reminder's counts go with the rest.
    drop(site.guide.breaks.end_of_person(&person.keeper.name));
    person.keeper.store.erase(&person.keeper.name)?;
    Ok(StatusCode::NO_CONTENT)
}
