//! Questions and verdicts as programs get them: ids to answer by, and words to show.

use super::verdict::TriageTold;
use crate::api::shapes;
use care::ask::{Row, Screen, next_screen};
use care::facts::{Choice, fact};
use care::{Day, Findings, Kind, Question, Summary, Tier, Words};
use host::bed_today::{Ask, Measure, Said, Still};
use serde::Serialize;
use utoipa::ToSchema;

/// What an answer may be.
#[derive(Serialize, ToSchema)]
pub(super) struct KindTold {
    kind: KindName,
    /// Unit of a number.
    unit: Option<String>,
    /// Smallest number.
    min: Option<f64>,
    /// Largest number.
    max: Option<f64>,
    /// What can be chosen.
    options: Vec<OptionTold>,
}

/// What kind of answer a question takes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindName {
    /// true or false.
    YesNo,
    /// A number.
    Number,
    /// The id of one option.
    Choice,
    /// A list of ids, also empty.
    Many,
}

/// An option.
#[derive(Serialize, ToSchema)]
pub(super) struct OptionTold {
    id: String,
    #[schema(value_type = shapes::Words)]
    words: Words,
}

impl KindTold {
    fn of(kind: &Kind) -> Self {
        let option = |choice: &Choice| OptionTold { id: choice.id.clone(), words: choice.words.clone() };
        let bare = |kind| Self { kind, unit: None, min: None, max: None, options: Vec::new() };
        match kind {
            Kind::YesNo => bare(KindName::YesNo),
            Kind::Number { unit, min, max } => {
                Self { unit: Some(unit.clone()), min: Some(*min), max: Some(*max), ..bare(KindName::Number) }
            }
            Kind::Choice(of) => Self { options: of.iter().map(option).collect(), ..bare(KindName::Choice) },
            Kind::Many(of) => Self { options: of.iter().map(option).collect(), ..bare(KindName::Many) },
        }
    }
}

/// One question.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionTold {
    /// By this it is answered.
    id: String,
    #[schema(value_type = shapes::Words)]
    ask: Words,
    takes: KindTold,
}

/// The next screen, or the verdict.
#[derive(Serialize, ToSchema)]
pub(super) struct Interview {
    /// Questions that are open; null at the end.
    next: Option<ScreenTold>,
    /// What the answers ask for; null before the end.
    verdict: Option<TriageTold>,
}

/// A screen of questions.
#[derive(Serialize, ToSchema)]
pub(super) struct ScreenTold {
    id: &'static str,
    #[schema(value_type = shapes::Words)]
    title: Words,
    questions: Vec<QuestionTold>,
}

impl QuestionTold {
    pub(super) fn of(row: &Row) -> Self {
        Self { id: row.id.to_owned(), ask: row.ask.clone(), takes: KindTold::of(row.kind) }
    }
}

impl ScreenTold {
    pub(super) fn of(screen: &Screen) -> Self {
        let questions = screen.rows.iter().map(QuestionTold::of).collect();
        Self { id: screen.id, title: screen.title.clone(), questions }
    }
}

impl Interview {
    pub(super) fn of(told: &Findings) -> Self {
        match next_screen(told) {
            Some(screen) => Self { next: Some(ScreenTold::of(&screen)), verdict: None },
            None => Self { next: None, verdict: Some(TriageTold::of(told)) },
        }
    }
}

/// What is asked before the bed.
#[derive(Serialize, ToSchema)]
pub(super) struct AskTold {
    /// Rows of the screening table, to be answered under `rows`.
    rows: Vec<RowTold>,
    /// Facts, to be answered under `facts`.
    facts: Vec<QuestionTold>,
    /// Measures, to be answered under `person`.
    measures: Vec<MeasureTold>,
    /// What has to be said to be still true, under `still_true`.
    still: Option<StillTold>,
}

/// One row of the screening table.
#[derive(Serialize, ToSchema)]
pub(super) struct RowTold {
    id: String,
    #[schema(value_type = shapes::Words)]
    ask: Words,
    #[schema(value_type = shapes::Tier)]
    tier: Tier,
    /// Whether a doctor's word makes a difference: then `yes_cleared_by_doctor` is an answer of its own.
    doctor_can_clear: bool,
}

/// A measure of the body.
#[derive(Serialize, ToSchema)]
pub(super) struct MeasureTold {
    /// age_years, stature_mm or mass_kg.
    name: &'static str,
    /// As it was last told.
    last: Option<f64>,
    /// Smallest that can be told.
    min: f64,
    /// Largest that can be told.
    max: f64,
}

/// What was told on an earlier day.
#[derive(Serialize, ToSchema)]
pub(super) struct StillTold {
    /// That day.
    #[schema(value_type = String)]
    on: Day,
    /// About when it began.
    #[schema(value_type = Option<String>)]
    began: Option<Day>,
    /// Where it hurts.
    #[schema(value_type = Vec<shapes::Words>)]
    places: Vec<Words>,
    /// What was answered with yes.
    #[schema(value_type = Vec<shapes::Words>)]
    yes: Vec<Words>,
}

/// Name of a measure.
pub(super) fn name(measure: Measure) -> &'static str {
    match measure {
        Measure::Age => "age_years",
        Measure::Stature => "stature_mm",
        Measure::Mass => "mass_kg",
    }
}

impl AskTold {
    pub(super) fn of(ask: &Ask) -> Self {
        let row = |row: &&'static Question| RowTold {
            id: row.id.clone(),
            ask: row.ask.clone(),
            tier: row.tier,
            doctor_can_clear: row.doctor_can_clear(),
        };
        let asked = |id: &&'static str| {
            let (words, kind) = match fact(id) {
                Some(fact) => (&fact.ask, &fact.kind),
                None => (care::ask::words(id)?, &Kind::YesNo),
            };
            Some(QuestionTold { id: (*id).to_owned(), ask: words.clone(), takes: KindTold::of(kind) })
        };
        let measure = |measure: &Measure| {
            let (min, max) = measure.range();
            MeasureTold { name: name(*measure), last: measure.of(&ask.person), min, max }
        };
        Self {
            rows: ask.open.questions.iter().map(row).collect(),
            facts: ask.open.facts.iter().filter_map(asked).collect(),
            measures: ask.measures.iter().map(measure).collect(),
            still: ask.still.as_ref().map(StillTold::of),
        }
    }
}

impl StillTold {
    fn of(still: &Still) -> Self {
        let all = |words: &[&'static Words]| words.iter().copied().cloned().collect();
        Self { on: still.on, began: still.began, places: all(&still.places), yes: all(&still.yes) }
    }
}

/// The answer of today.
#[derive(Serialize, ToSchema)]
pub(super) struct SaidTold {
    /// What is allowed, with its reasons.
    #[schema(value_type = shapes::Summary)]
    summary: Summary,
    /// Whether questions were left out because the refusal was certain.
    cut_short: bool,
}

impl SaidTold {
    pub(super) fn of(said: Said) -> Self {
        Self { summary: said.summary, cut_short: said.cut_short }
    }
}
