//! "May I use the bed today?" on a person's record: what must still be asked, and the answer with its reasons.
//!
//! [`care::clear`] weighs; here stands what it is weighed from ([`Told`]) and in which order it is asked. Pages
//! and commands both go through a [`BedToday`], so they say the same. What is open counts as the strictest:
//! there is no answer but a refusal before everything was asked, and none is asked once a refusal is certain.
//!
//! Terms: *open* is what has no answer that holds today; *still true* is the person's word that an interview of
//! an earlier day has not changed; a *measure* is age, height or weight.
//!
//! What this does not do: it starts no session. The bed asks for a clearance of its own on the day.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use care::ask::next_screen;
use care::facts::fact;
use care::{
    Answer, Day, Findings, Kind, Open, Person, Reason, Summary, Value, Verdict, Words, person_rows, questions,
};

use crate::store::{Kept, Record, Store, StoreError};
use crate::told::{Told, keep_answers};

/// Where a person stands with the bed.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// No interview was kept.
    NoInterview,
    /// The interview was kept before it was at its end.
    Unfinished,
    /// The interview of this day is too old.
    OldInterview(Day),
    /// This is to be asked first.
    Ask(Box<Ask>),
    /// The answer.
    Said(Box<Said>),
}

/// What is to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Questions and facts.
    pub open: Open,
    /// The body as it was last told.
    pub person: Person,
    /// Measures that are missing, or were told too long ago.
    pub measures: Vec<Measure>,
    /// What the person has to say is still true.
    pub still: Option<Still>,
}

/// What was told on an earlier day.
#[derive(Clone, Debug, PartialEq)]
pub struct Still {
    /// That day.
    pub on: Day,
    /// About when it began.
    pub began: Option<Day>,
    /// Where it hurts.
    pub places: Vec<&'static Words>,
    /// The questions that were answered with yes.
    pub yes: Vec<&'static Words>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What is allowed, with the reasons that were told; others stand there only if nothing is open.
    pub summary: Summary,
    /// Whether questions were left out because the refusal was certain.
    pub cut_short: bool,
}

impl Said {
    /// The reasons in the order to tell them: what decides, and the rest.
    ///
    /// Where there is no session, the rows of the thermal table and what would only soften one come last: they
    /// mostly say again what a question already said.
    #[must_use]
    pub fn sorted(&self) -> (Vec<&Reason>, Vec<&Reason>) {
        if self.summary.verdict != Verdict::Refuse {
            return (self.summary.reasons.iter().collect(), Vec::new());
        }
        let decides = |reason: &&Reason| reason.refuses() && !reason.id.starts_with("thermal_");
        let (main, rest): (Vec<_>, Vec<_>) = self.summary.reasons.iter().partition(decides);
        if main.is_empty() { rest.into_iter().partition(|reason| reason.refuses()) } else { (main, rest) }
    }
}

/// A measure of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Years.
    Age,
    /// Standing height.
    Stature,
    /// Weight.
    Mass,
}

/// Why a measure cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureFault {
    /// Nothing was written.
    Missing,
    /// It is no number, or its unit is not known.
    NoNumber,
    /// Nobody has it.
    Impossible,
}

impl Measure {
    /// All, in the order in which they are asked.
    pub const ALL: [Self; 3] = [Self::Age, Self::Stature, Self::Mass];

    /// Smallest and largest that somebody can have: years, millimetres, kilograms. What the bed takes is narrower
    /// and stands in the screening table.
    ///
    /// Guess: wide enough for every adult and child who can answer, narrow enough to catch slips of the keys. The
    /// ages are those of the fact `age_years`.
    #[must_use]
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Age => (0.0, 110.0),
            Self::Stature => (500.0, 2500.0),
            Self::Mass => (10.0, 400.0),
        }
    }

    /// Reads a measure as people write it: `172`, `172 cm`, `1,72 m`, `1720 mm`; `74,5 kg`.
    ///
    /// # Errors
    /// [`MeasureFault`].
    pub fn parse(self, text: &str) -> Result<f64, MeasureFault> {
        let text = text.trim().to_lowercase().replace(',', ".");
        if text.is_empty() {
            return Err(MeasureFault::Missing);
        }
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let number: f64 = number.parse().map_err(|_| MeasureFault::NoNumber)?;
        let value = match (self, unit.trim()) {
            (Self::Age, "" | "years" | "jahre") | (Self::Mass, "" | "kg") => number,
            (Self::Stature, "m") => number * 1000.0,
            (Self::Stature, "cm") => number * 10.0,
            (Self::Stature, "mm") => number,
            // Nobody is 3 m tall or as small as 30 cm, so a bare number has one meaning.
            (Self::Stature, "") if number < 3.0 => number * 1000.0,
            (Self::Stature, "") if number < 300.0 => number * 10.0,
            (Self::Stature, "") => number,
            _ => return Err(MeasureFault::NoNumber),
        };
        let (least, most) = self.range();
        if (least..=most).contains(&value) { Ok(value) } else { Err(MeasureFault::Impossible) }
    }

    /// Its value: years, millimetres, kilograms.
    #[must_use]
    pub fn of(self, person: &Person) -> Option<f64> {
        match self {
            Self::Age => person.age_years,
            Self::Stature => person.stature_mm,
            Self::Mass => person.mass_kg,
        }
    }

    /// Sets its value: years, millimetres, kilograms.
    pub fn set(self, person: &mut Person, value: f64) {
        let place = match self {
            Self::Age => &mut person.age_years,
            Self::Stature => &mut person.stature_mm,
            Self::Mass => &mut person.mass_kg,
        };
        *place = Some(value);
    }
}

/// What a person answers; what is left out stays as it was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Answers to the screening table, by row.
    pub rows: BTreeMap<String, Answer>,
    /// Facts, for today alone.
    pub facts: Findings,
    /// Measures.
    pub person: Person,
    /// That all that was told before is still true.
    pub still_true: bool,
}

/// The bed for one person on this day.
#[derive(Clone, Debug)]
pub struct BedToday {
    store: Store,
    name: String,
    today: Day,
}

impl BedToday {
    /// The question of the person of this name, as of `today`.
    #[must_use]
    pub fn new(store: Store, name: String, today: Day) -> Self {
        Self { store, name, today }
    }

    /// Where the person stands.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn stage(&self) -> Result<Stage, StoreError> {
        Ok(match self.told()? {
            Some((_, told)) => stage_of(&told, self.today),
            None => Stage::NoInterview,
        })
    }

    /// Every question, as if nothing but the interview had been told, and which of them were answered with yes.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn anew(&self) -> Result<Option<(Ask, Vec<&'static str>)>, StoreError> {
        let Some((_, told)) = self.told()? else { return Ok(None) };
        if told.is_old(self.today) || next_screen(&told.findings).is_some() {
            return Ok(None);
        }
        let yes = questions()
            .iter()
            .filter(|row| told.answers.get(&row.id).is_some_and(|entry| entry.answer != Answer::No));
        let yes = yes.map(|row| row.id.as_str()).collect();
        let blank = Told {
            answers: care::Answers::new(),
            facts: Findings::new(),
            person: Person::default(),
            still_true: false,
            ..told
        };
        Ok(Some((ask(&blank, self.today), yes)))
    }

    /// Keeps what the person answers; nothing without an interview.
    ///
    /// # Errors
    /// The record cannot be read or written.
    pub fn keep(&self, reply: &Reply) -> Result<(), StoreError> {
        let Some((record, told)) = self.told()? else { return Ok(()) };
        if !reply.rows.is_empty() {
            keep_answers(&record, self.today, &reply.rows)?;
        }
        if reply.facts != Findings::new() {
            let mut all: BTreeMap<String, Value> = told.facts.into();
            all.extend(BTreeMap::from(reply.facts.clone()));
            record.keep(Kept::FactsToday, self.today, &all)?;
        }
        if reply.person != Person::default() {
            let before: Person = record.kept(Kept::Body, self.today)?.unwrap_or_default();
            record.keep(Kept::Body, self.today, &reply.person.or(&before))?;
        }
        if reply.still_true {
            record.keep(Kept::StillTrue, self.today, &told.on)?;
        }
        Ok(())
    }

    fn told(&self) -> Result<Option<(Record, Told)>, StoreError> {
        let record = match self.store.record(&self.name) {
            Ok(record) => record,
            Err(StoreError::Nobody { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Told::read(&record, self.today)?.map(|told| (record, told)))
    }
}

/// The verdict of today; `None` where something is open.
#[must_use]
pub fn verdict(told: &Told, today: Day) -> Option<Verdict> {
    match stage_of(told, today) {
        Stage::Said(said) => Some(said.summary.verdict),
        _ => None,
    }
}

fn stage_of(told: &Told, today: Day) -> Stage {
    if told.is_old(today) {
        return Stage::OldInterview(told.on);
    }
    let mut summary = told.clear(today).summary();
    let certain = summary.reasons.iter().any(|reason| reason.is_told() && reason.refuses());
    if !certain && next_screen(&told.findings).is_some() {
        return Stage::Unfinished;
    }
    let ask = ask(told, today);
    let open = !ask.open.is_empty() || !ask.measures.is_empty() || ask.still.is_some();
    if open && !certain {
        return Stage::Ask(Box::new(ask));
    }
    if open {
        summary.reasons.retain(Reason::is_told);
    }
    Stage::Said(Box::new(Said { summary, cut_short: open }))
}

fn ask(told: &Told, today: Day) -> Ask {
    Ask {
        open: told.open(today),
        person: told.person_last,
        measures: Measure::ALL.into_iter().filter(|one| one.of(&told.person).is_none()).collect(),
        still: (!told.still_true && told.on != today).then(|| still(told)),
    }
}

fn still(told: &Told) -> Still {
    let facts: BTreeMap<String, Value> = told.findings.clone().into();
    let mut yes: Vec<&'static Words> = Vec::new();
    for (id, _) in facts.iter().filter(|(_, value)| **value == Value::YesNo(true)) {
        yes.extend(fact(id).map(|fact| &fact.ask).or_else(|| care::ask::words(id)));
    }
    for row in questions().iter().filter(|row| !facts.contains_key(&row.id)) {
        let said = told.answers.get(&row.id).is_some_and(|entry| entry.answer != Answer::No);
        if said && row.tier == care::Tier::Standing {
            yes.push(&row.ask);
        }
    }
    let places = match (fact("regions").map(|fact| &fact.kind), facts.get("regions")) {
        (Some(Kind::Many(options)), Some(Value::Many(marked))) => {
            options.iter().filter(|option| marked.contains(&option.id)).map(|option| &option.words).collect()
        }
        _ => Vec::new(),
    };
    let began = match facts.get("days_since_start") {
        Some(Value::Number(days)) => Some(Day(told.on.0.saturating_sub(*days as u32))),
        _ => None,
    };
    Still { on: told.on, began, places, yes }
}

/// Smallest and largest of a measure for which the bed was made: years, millimetres, kilograms.
#[must_use]
pub fn made_for(measure: Measure) -> (f64, f64) {
    let quantity = match measure {
        Measure::Age => care::Quantity::AgeYears,
        Measure::Stature => care::Quantity::StatureMm,
        Measure::Mass => care::Quantity::MassKg,
    };
    let rows = || {
        person_rows()
            .iter()
            .filter(|row| row.quantity == quantity)
            .filter(|row| row.effects.iter().any(care::Effect::refuses))
    };
    let least = rows().map(|row| row.min).fold(f64::NEG_INFINITY, f64::max);
    let most = rows().map(|row| row.max).fold(f64::INFINITY, f64::min);
    (least, most)
}
