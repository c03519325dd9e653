//! What a person told and keeps, as plan and bed both weigh it: the interview, answers to the screening table,
//! and what is known of their body.
//!
//! Answers to one question stand in one place, whichever page or command asked it, so nothing is asked twice.

use std::collections::BTreeMap;

use care::{Answer, Answers, Clearance, Day, Findings, Open, Person, STANDING_DAYS, Value, questions};
use serde::{Deserialize, Serialize};

use crate::store::{Kept, Record, StoreError};

/// Days for which an interview counts; after that it is asked again.
///
/// Source: as long as the standing answers of the screening table ([`care::STANDING_DAYS`]).
pub const INTERVIEW_DAYS: u32 = STANDING_DAYS;

/// What one person told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The interview.
    pub findings: Findings,
    /// Its day.
    pub on: Day,
    /// Answers to the screening table, with their days.
    pub answers: Answers,
    /// The body, as far as it was told not too long ago; the age also from the interview.
    pub person: Person,
    /// The body as it was last told, however long ago: only to fill in a form.
    pub person_last: Person,
    /// Facts that were told for today alone.
    pub facts: Findings,
    /// Whether the person said today that all of it is still true.
    pub still_true: bool,
}

/// An answer as a record holds it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Held {
    YesNo(bool),
    Agreed(Answer),
}

impl From<Answer> for Held {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::YesNo(true),
            Answer::No => Self::YesNo(false),
            Answer::YesClearedByDoctor => Self::Agreed(answer),
        }
    }
}

impl From<Held> for Answer {
    fn from(held: Held) -> Self {
        match held {
            Held::YesNo(true) => Self::Yes,
            Held::YesNo(false) => Self::No,
            Held::Agreed(answer) => answer,
        }
    }
}

impl Told {
    /// What a record holds, as of `today`; `None` without an interview.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn read(record: &Record, today: Day) -> Result<Option<Self>, StoreError> {
        let Some((on, findings)) = record.latest::<Findings>(Kept::Interview, today)? else {
            return Ok(None);
        };
        let mut answers = Answers::new();
        for (day, rows) in record.all::<BTreeMap<String, Held>>(Kept::ScreeningAnswers)? {
            for (id, held) in rows {
                // A row that the table has no more is nobody's answer.
                let _ = answers.set(&id, held.into(), day);
            }
        }
        let mut told = Self {
            person: Person::default(),
            person_last: Person::default(),
            still_true: record.kept::<Day>(Kept::StillTrue, today)? == Some(on),
            facts: record.kept(Kept::FactsToday, today)?.unwrap_or_default(),
            findings,
            on,
            answers,
        };
        for (day, body) in record.all::<Person>(Kept::Body)? {
            let Some(age) = today.days_since(day) else { continue };
            told.person_last = body.or(&told.person_last);
            if age < STANDING_DAYS {
                told.person = body.or(&told.person);
            }
        }
        if let Some(Value::Number(years)) = told.findings.get("age_years") {
            let said = Person { age_years: Some(*years), ..Person::default() };
            told.person = told.person.or(&said);
            told.person_last = told.person_last.or(&said);
        }
        Ok(Some(told))
    }

    /// Whether the interview is too old to count.
    #[must_use]
    pub fn is_old(&self, today: Day) -> bool {
        today.days_since(self.on).is_none_or(|age| age >= INTERVIEW_DAYS)
    }

    /// All facts: the interview, and what it leaves open from today.
    fn facts(&self) -> Findings {
        let mut all = self.findings.clone();
        let today: BTreeMap<String, Value> = self.facts.clone().into();
        for (id, value) in today.into_iter().filter(|(id, _)| self.findings.get(id).is_none()) {
            let set = all.set(&id, value);
            assert!(set.is_ok(), "it was an answer to this fact before");
        }
        all
    }

    /// What has to be asked before the bed.
    #[must_use]
    pub fn open(&self, today: Day) -> Open {
        Open::of(&self.person, &self.answers, &self.facts(), self.on, today)
    }

    /// What all of it allows today.
    pub fn clear(&self, today: Day) -> Clearance {
        care::clear(&self.person, &self.answers, &self.facts(), self.on, today)
    }
}

/// Keeps answers to the screening table beside those of the same day; rows that it does not have are left out.
///
/// # Errors
/// The record cannot be read or written.
pub fn keep_answers(record: &Record, today: Day, rows: &BTreeMap<String, Answer>) -> Result<(), StoreError> {
    let mut kept: BTreeMap<String, Held> = record.kept(Kept::ScreeningAnswers, today)?.unwrap_or_default();
    let known = rows.iter().filter(|(id, _)| questions().iter().any(|row| row.id == **id));
    kept.extend(known.map(|(id, answer)| (id.clone(), (*answer).into())));
    record.keep(Kept::ScreeningAnswers, today, &kept)
}
