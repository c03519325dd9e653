//! The screening table: one row a question, with its sources and what a "yes" does to the session.
//!
//! The table is data (`care/screening.toml`), compiled in and checked once. A row that is not
//! complete, cites no source, or would allow more than the ordinary session does not load.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::effect::Effect;
use crate::words::Words;

/// Days after which a standing answer has expired: an answer this old no longer counts.
///
/// Source: safety concept of the project ("standing answers expire after 30 days"), read strictly.
pub const STANDING_DAYS: u32 = 30;

/// How long an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Asked every session, holds for its day; the advice names the emergency number.
    Emergency,
    /// Asked every session, holds for its day.
    Today,
    /// Holds for [`STANDING_DAYS`] days.
    Standing,
}

/// One row of the screening table.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Name of the row, lower case with underscores.
    pub id: String,
    /// How long an answer holds.
    pub tier: Tier,
    /// The question in plain words; "no" is the harmless answer.
    pub ask: Words,
    /// Why it is asked.
    pub why: Words,
    /// What to do when the answer is yes.
    pub advice: Words,
    /// What the row rests on, written out; never empty.
    pub sources: Vec<String>,
    /// What a "yes" does; never empty.
    pub effects: Vec<Effect>,
    /// What holds instead once a doctor agreed; empty unless `effects` has [`Effect::AskDoctor`].
    pub cleared: Vec<Effect>,
    /// Share of simulated people who say yes, 0 to 1 (a guess; never used by screening).
    pub prevalence: f64,
}

impl Question {
    /// Whether a doctor's word can soften this row.
    #[must_use]
    pub fn doctor_can_clear(&self) -> bool {
        self.effects.contains(&Effect::AskDoctor)
    }
}

/// What a person row looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Age in years.
    AgeYears,
    /// Standing height in millimetres.
    StatureMm,
    /// Body mass in kilograms.
    MassKg,
}

/// A row that is evaluated from what is known of the person, not asked.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonRow {
    /// Name of the row, different from every question's.
    pub id: String,
    /// What is looked at.
    pub quantity: Quantity,
    /// Smallest value without effect, in the unit of the quantity.
    pub min: f64,
    /// Largest value without effect, in the unit of the quantity.
    pub max: f64,
    /// Why there is a limit.
    pub why: Words,
    /// What to do outside it.
    pub advice: Words,
    /// What the row rests on, written out; never empty.
    pub sources: Vec<String>,
    /// What holds outside the limits; an unknown value always refuses.
    pub effects: Vec<Effect>,
}

/// The screening table is not fit for use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScreeningError {
    /// The text is no TOML of the expected form.
    #[error("screening table: {0}")]
    Form(String),
    /// A row breaks a rule of the table.
    #[error("screening table, row \"{id}\": {what}")]
    Row {
        /// The row.
        id: String,
        /// The rule.
        what: String,
    },
}

/// The questions of the embedded screening table, in the order in which they are asked.
#[must_use]
pub fn questions() -> &'static [Question] {
    &TABLE.questions
}

/// The rows of the embedded screening table that are evaluated from the person.
#[must_use]
pub fn person_rows() -> &'static [PersonRow] {
    &TABLE.person
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::parse(include_str!("../../../care/screening.toml"))
        .expect("the embedded screening table is valid, which a test proves")
});

#[derive(Debug)]
struct Table {
    questions: Vec<Question>,
    person: Vec<PersonRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sources: BTreeMap<String, String>,
    question: Vec<QuestionFile>,
    person: Vec<PersonFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuestionFile {
    id: String,
    tier: Tier,
    ask: Words,
    why: Words,
    advice: Words,
    sources: Vec<String>,
    effects: Vec<Effect>,
    #[serde(default)]
    cleared: Vec<Effect>,
    prevalence: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonFile {
    id: String,
    quantity: Quantity,
    min: f64,
    max: f64,
    why: Words,
    advice: Words,
    sources: Vec<String>,
    effects: Vec<Effect>,
}

impl Table {
    fn parse(text: &str) -> Result<Self, ScreeningError> {
        let file: File = toml::from_str(text)
            .map_err(|error| ScreeningError::Form(crate::answers::one_line(text, &error)))?;
        let mut used = BTreeSet::new();
        let mut ids = BTreeSet::new();
        let mut resolve = |id: &str, keys: &[String]| -> Result<Vec<String>, ScreeningError> {
            if keys.is_empty() {
                return Err(row(id, "cites no source"));
            }
            keys.iter()
                .map(|key| {
                    let text = file.sources.get(key).filter(|text| !text.trim().is_empty());
                    used.insert(key.clone());
                    text.cloned().ok_or_else(|| row(id, &format!("unknown source \"{key}\"")))
                })
                .collect()
        };
        let mut questions = Vec::with_capacity(file.question.len());
        for read in file.question {
            let sources = resolve(&read.id, &read.sources)?;
            if !ids.insert(read.id.clone()) {
                return Err(row(&read.id, "the id is used twice"));
            }
            questions.push(read.check(sources)?);
        }
        let mut person = Vec::with_capacity(file.person.len());
        for read in file.person {
            let sources = resolve(&read.id, &read.sources)?;
            if !ids.insert(read.id.clone()) {
                return Err(row(&read.id, "the id is used twice"));
            }
            person.push(read.check(sources)?);
        }
        if let Some(key) = file.sources.keys().find(|key| !used.contains(*key)) {
            return Err(ScreeningError::Form(format!("no row cites the source \"{key}\"")));
        }
        Ok(Self { questions, person })
    }
}

impl QuestionFile {
    fn check(self, sources: Vec<String>) -> Result<Question, ScreeningError> {
        check_texts(&self.id, &[&self.ask, &self.why, &self.advice])?;
        check_effects(&self.id, &self.effects)?;
        let refuses = self.effects.contains(&Effect::Refuse);
        let asks = self.effects.contains(&Effect::AskDoctor);
        if self.tier == Tier::Emergency && !refuses {
            return Err(row(&self.id, "an emergency must refuse"));
        }
        if asks == self.cleared.is_empty() {
            return Err(row(&self.id, "ask_doctor and cleared go together"));
        }
        if asks {
            if self.tier != Tier::Standing {
                return Err(row(&self.id, "only a standing row can ask a doctor"));
            }
            check_effects(&self.id, &self.cleared)?;
            if self.cleared.iter().any(|effect| matches!(effect, Effect::Refuse | Effect::AskDoctor)) {
                return Err(row(&self.id, "cleared may soften only"));
            }
        }
        if !(0.0..=1.0).contains(&self.prevalence) {
            return Err(row(&self.id, "prevalence must lie between 0 and 1"));
        }
        Ok(Question {
            id: self.id,
            tier: self.tier,
            ask: self.ask,
            why: self.why,
            advice: self.advice,
            sources,
            effects: self.effects,
            cleared: self.cleared,
            prevalence: self.prevalence,
        })
    }
}

impl PersonFile {
    fn check(self, sources: Vec<String>) -> Result<PersonRow, ScreeningError> {
        check_texts(&self.id, &[&self.why, &self.advice])?;
        check_effects(&self.id, &self.effects)?;
        if self.effects.contains(&Effect::AskDoctor) {
            return Err(row(&self.id, "a person row cannot ask a doctor"));
        }
        let ordered = self.min.is_finite() && self.max.is_finite() && self.min < self.max;
        if !ordered {
            return Err(row(&self.id, "min must lie below max"));
        }
        Ok(PersonRow {
            id: self.id,
            quantity: self.quantity,
            min: self.min,
            max: self.max,
            why: self.why,
            advice: self.advice,
            sources,
            effects: self.effects,
        })
    }
}

fn check_texts(id: &str, texts: &[&Words]) -> Result<(), ScreeningError> {
    let plain = |c: char| c.is_ascii_lowercase() || c == '_';
    if id.is_empty() || !id.chars().all(plain) {
        return Err(row(id, "an id is lower-case letters and underscores"));
    }
    match texts.iter().all(|text| text.complete()) {
        true => Ok(()),
        false => Err(row(id, "a text is empty")),
    }
}

fn check_effects(id: &str, effects: &[Effect]) -> Result<(), ScreeningError> {
    if effects.is_empty() {
        return Err(row(id, "has no effect"));
    }
    match effects.iter().find_map(Effect::fault) {
        Some(what) => Err(row(id, what)),
        None => Ok(()),
    }
}

fn row(id: &str, what: &str) -> ScreeningError {
    ScreeningError::Row { id: id.to_owned(), what: what.to_owned() }
}

#[cfg(test)]
mod tests;
