//! Screening: answers and person in, a [`Clearance`] out.
//!
//! Every row that applies becomes a [`Reason`]; the strictest effect of all reasons holds. There is
//! no way to answer one question so that it undoes another.

use serde::{Deserialize, Serialize};

use crate::answers::{Answer, Answers, Standing};
use crate::day::Day;
use crate::effect::{Effect, Region};
use crate::question::{PersonRow, Quantity, Question, Tier, person_rows, questions};
use crate::words::Words;

/// What is known of a person's body. Unknown and non-finite values refuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Age in years.
    pub age_years: Option<f64>,
    /// Standing height in millimetres.
    pub stature_mm: Option<f64>,
    /// Body mass in kilograms.
    pub mass_kg: Option<f64>,
}

impl Person {
    /// A person of whom everything is known: years, millimetres, kilograms.
    #[must_use]
    pub fn new(age_years: f64, stature_mm: f64, mass_kg: f64) -> Self {
        Self { age_years: Some(age_years), stature_mm: Some(stature_mm), mass_kg: Some(mass_kg) }
    }

    /// This, and from `other` what is not known here.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self {
            age_years: self.age_years.or(other.age_years),
            stature_mm: self.stature_mm.or(other.stature_mm),
            mass_kg: self.mass_kg.or(other.mass_kg),
        }
    }

    /// Whether nothing is missing.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.age_years.is_some() && self.stature_mm.is_some() && self.mass_kg.is_some()
    }

    /// The value of a quantity, if it is known and a number.
    fn value(&self, quantity: Quantity) -> Option<f64> {
        let value = match quantity {
            Quantity::AgeYears => self.age_years,
            Quantity::StatureMm => self.stature_mm,
            Quantity::MassKg => self.mass_kg,
        };
        value.filter(|value| value.is_finite())
    }
}

/// What is allowed today; ordered from free to strict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A session within the ordinary limits.
    Go,
    /// A session with the reductions that the clearance names.
    Soften,
    /// No session.
    Refuse,
}

/// Why a row applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The person said yes.
    SaidYes,
    /// The person said yes and a doctor agreed to a light session.
    ClearedByDoctor,
    /// There is no answer.
    NotAnswered,
    /// The answer is too old.
    Expired,
    /// The answer is dated after today.
    DatedInFuture,
    /// A value of the person lies outside the row's limits.
    OutsideLimits,
    /// A value of the person is not known.
    NotKnown,
    /// A clinician prescribed it, and the person agreed.
    Prescribed,
}

/// One row that had an effect.
///
/// A record holds its texts in English alone; read back, English stands for every language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The row.
    pub id: String,
    /// How long the row's answer holds; `None` for a row about the person.
    pub tier: Option<Tier>,
    /// Why the row applies.
    pub because: Because,
    /// The same in plain words, with the question or the limit.
    #[serde(with = "english")]
    pub words: Words,
    /// Why the row is there.
    #[serde(with = "english")]
    pub why: Words,
    /// What to do.
    #[serde(with = "english")]
    pub advice: Words,
    /// What the row does to the session.
    pub effects: Vec<Effect>,
    /// What the row rests on.
    pub sources: Vec<String>,
}

impl Reason {
    /// Whether it stands on something that was said, and not on an answer that is missing or too old.
    #[must_use]
    pub fn is_told(&self) -> bool {
        matches!(
            self.because,
            Because::SaidYes | Because::ClearedByDoctor | Because::OutsideLimits | Because::Prescribed
        )
    }

    /// Whether it refuses a session.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.effects.iter().any(Effect::refuses)
    }
}

/// Texts as the one English string that records hold.
mod english {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::words::Words;

    pub(super) fn serialize<S: Serializer>(words: &Words, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&words.en)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Words::new(text.clone(), text))
    }
}

/// What screening allows one person in one session on one day.
///
/// Only [`screen`] and [`crate::clear`] make one; [`Clearance::tightened`] takes more away. It is neither `Clone` nor `Deserialize`: whoever compiles a plan takes
/// it by value and it is spent.
///
/// Nobody else can build one:
/// ```compile_fail,E0451
/// let clearance = care::Clearance {
///     verdict: care::Verdict::Go,
///     ..care::screen(&care::Person::default(), &care::Answers::new(), care::Day(0))
/// };
/// ```
/// change one:
/// ```compile_fail,E0616
/// let mut clearance =
///     care::screen(&care::Person::default(), &care::Answers::new(), care::Day(0));
/// clearance.verdict = care::Verdict::Go;
/// ```
/// or use one twice:
/// ```compile_fail,E0382
/// let clearance = care::screen(&care::Person::default(), &care::Answers::new(), care::Day(0));
/// let first = clearance;
/// let second = clearance;
/// ```
/// ```compile_fail,E0599
/// let clearance = care::screen(&care::Person::default(), &care::Answers::new(), care::Day(0));
/// let second = clearance.clone();
/// ```
#[derive(Debug, PartialEq)]
#[must_use = "a clearance that is not used clears nobody"]
pub struct Clearance {
    person: Person,
    day: Day,
    drawn: bool,
    verdict: Verdict,
    reasons: Vec<Reason>,
    force_cap_n: Option<f64>,
    intensity_cap: Option<u8>,
    heat_allowed: bool,
    surface_cap_c: Option<f64>,
    stretch_allowed: bool,
    avoided: Vec<Region>,
}

/// Weighs `answers` and `person` on the day `today`.
///
/// A question that is unanswered, expired or answered after `today` counts as "yes", a value of the
/// person that is not known refuses. This always gives a clearance; a refusal is one whose verdict is
/// [`Verdict::Refuse`], and its limits are then zero force, no heat and no stretching as well.
pub fn screen(person: &Person, answers: &Answers, today: Day) -> Clearance {
    granted(person, answers, today, screening_reasons(person, answers, today))
}

/// What the screening table and the person's measures say.
pub(crate) fn screening_reasons(person: &Person, answers: &Answers, today: Day) -> Vec<Reason> {
    let mut reasons: Vec<Reason> =
        questions().iter().filter_map(|question| asked(question, answers, today)).collect();
    // Emergencies come first, then today's rows, then standing ones; the table's order within.
    reasons.sort_by_key(|reason| reason.tier);
    reasons.extend(person_rows().iter().filter_map(|row| measured(row, person)));
    reasons
}

/// The clearance that all reasons together leave; the only place where one is made.
pub(crate) fn granted(person: &Person, answers: &Answers, today: Day, reasons: Vec<Reason>) -> Clearance {
    let mut clearance = Clearance {
        person: *person,
        day: today,
        drawn: answers.is_simulated(),
        verdict: if reasons.is_empty() { Verdict::Go } else { Verdict::Soften },
        reasons: Vec::new(),
        force_cap_n: None,
        intensity_cap: None,
        heat_allowed: true,
        surface_cap_c: None,
        stretch_allowed: true,
        avoided: Vec::new(),
    };
    for effect in reasons.iter().flat_map(|reason| &reason.effects) {
        clearance.tighten(effect);
    }
    clearance.avoided.sort_unstable();
    clearance.avoided.dedup();
    clearance.reasons = reasons;
    clearance
}

/// The reason that `question` gives, if it applies.
fn asked(question: &Question, answers: &Answers, today: Day) -> Option<Reason> {
    let (because, en, de) = match answers.standing(question, today) {
        Standing::Valid(Answer::No) => return None,
        Standing::Valid(Answer::YesClearedByDoctor) if question.doctor_can_clear() => (
            Because::ClearedByDoctor,
            "You said yes, and that a doctor agreed to a light session",
            "Sie haben Ja gesagt, und dass ein Arzt einer leichten Anwendung zugestimmt hat",
        ),
        Standing::Valid(_) => (Because::SaidYes, "You said yes", "Sie haben Ja gesagt"),
        Standing::Missing => {
            (Because::NotAnswered, "Not answered, which counts as yes", "Nicht beantwortet, das zählt als Ja")
        }
        Standing::Expired => (
            Because::Expired,
            "Answered too long ago, which counts as yes",
            "Die Antwort ist zu alt, das zählt als Ja",
        ),
        Standing::FromFuture => (
            Because::DatedInFuture,
            "The answer is dated after today, which counts as yes",
            "Die Antwort hat ein Datum nach heute, das zählt als Ja",
        ),
    };
    let cleared = because == Because::ClearedByDoctor;
    Some(Reason {
        id: question.id.clone(),
        tier: Some(question.tier),
        because,
        words: Words::new(format!("{en}: {}", question.ask.en), format!("{de}: {}", question.ask.de)),
        why: question.why.clone(),
        advice: question.advice.clone(),
        effects: if cleared { question.cleared.clone() } else { question.effects.clone() },
        sources: question.sources.clone(),
    })
}

/// The reason that `row` gives, if it applies.
fn measured(row: &PersonRow, person: &Person) -> Option<Reason> {
    let (name, unit) = match row.quantity {
        Quantity::AgeYears => (("age", "Ihr Alter"), ("years", "Jahren")),
        Quantity::StatureMm => (("height", "Ihre Größe"), ("mm", "mm")),
        Quantity::MassKg => (("weight", "Ihr Gewicht"), ("kg", "kg")),
    };
    let (because, words, effects) = match person.value(row.quantity) {
        Some(value) if value >= row.min && value <= row.max => return None,
        Some(value) => {
            let (value, min, max) = (plain(value), row.min, row.max);
            let en = format!("Your {}, {value} {1}, is outside {min} to {max} {1}", name.0, unit.0);
            let [value, min, max] =
                [value, min.to_string(), max.to_string()].map(|one| one.replace('.', ","));
            let de = format!("{} von {value} {1} liegt nicht zwischen {min} und {max} {1}", name.1, unit.1);
            (Because::OutsideLimits, Words::new(en, de), row.effects.clone())
        }
        None => {
            let words =
                Words::new(format!("Your {} is not known", name.0), format!("{} ist nicht bekannt", name.1));
            (Because::NotKnown, words, vec![Effect::Refuse])
        }
    };
    Some(Reason {
        id: row.id.clone(),
        tier: None,
        because,
        words,
        why: row.why.clone(),
        advice: row.advice.clone(),
        effects,
        sources: row.sources.clone(),
    })
}

/// A number in plain digits, so exact that a value just outside a limit does not look inside.
fn plain(value: f64) -> String {
    if value.abs() < 1e6 { format!("{}", (value * 100.0).round() / 100.0) } else { format!("{value:e}") }
}

impl Clearance {
    /// Applies one effect; the strictest of all effects remains.
    fn tighten(&mut self, effect: &Effect) {
        let stricter = |cap: Option<f64>, new: f64| Some(cap.map_or(new, |old| old.min(new)));
        match effect {
            Effect::Refuse | Effect::AskDoctor => {
                self.verdict = Verdict::Refuse;
                self.force_cap_n = Some(0.0);
                self.heat_allowed = false;
                self.stretch_allowed = false;
            }
            Effect::Soften { force_n } => self.force_cap_n = stricter(self.force_cap_n, *force_n),
            Effect::SoftenIntensity { intensity } => {
                self.intensity_cap = Some(self.intensity_cap.map_or(*intensity, |cap| cap.min(*intensity)));
            }
            Effect::NoHeat => self.heat_allowed = false,
            Effect::SoftenHeat { surface_c } => {
                self.surface_cap_c = stricter(self.surface_cap_c, *surface_c);
            }
            Effect::NoStretch => self.stretch_allowed = false,
            Effect::Avoid { regions } => self.avoided.extend(regions),
        }
    }

    /// This clearance with one reason more, whose effects are taken away from it too. Nothing is ever given back,
    /// and an effect whose numbers are no softening is left out.
    pub fn tightened(mut self, mut reason: Reason) -> Self {
        reason.effects.retain(|effect| effect.fault().is_none());
        for effect in &reason.effects {
            self.tighten(effect);
        }
        self.avoided.sort_unstable();
        self.avoided.dedup();
        self.verdict = self.verdict.max(Verdict::Soften);
        self.reasons.push(reason);
        self
    }

    /// What is allowed.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Every row that had an effect: emergencies, today's, standing ones, the person's.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The reasons of an emergency to which the person said yes; what to do about them is told before
    /// anything else.
    pub fn emergencies(&self) -> impl Iterator<Item = &Reason> {
        self.reasons
            .iter()
            .filter(|reason| reason.tier == Some(Tier::Emergency) && reason.because == Because::SaidYes)
    }

    /// Most force from both heads together, newtons; it holds for the scan as well as for the
    /// session. `None` when screening sets no cap, 0 when the verdict is to refuse.
    #[must_use]
    pub fn force_cap_n(&self) -> Option<f64> {
        self.force_cap_n
    }

    /// Highest intensity of a stroke, on the programs' scale of 1 to 9; `None` when nothing caps it.
    #[must_use]
    pub fn intensity_cap(&self) -> Option<u8> {
        self.intensity_cap
    }

    /// Whether any heater may be on.
    #[must_use]
    pub fn heat_allowed(&self) -> bool {
        self.heat_allowed
    }

    /// Warmest heated surface, degrees Celsius; `None` when screening sets no cap.
    #[must_use]
    pub fn surface_cap_c(&self) -> Option<f64> {
        self.surface_cap_c
    }

    /// Whether stretching strokes are allowed.
    #[must_use]
    pub fn stretch_allowed(&self) -> bool {
        self.stretch_allowed
    }

    /// The regions that are left out, from head to foot, each once.
    #[must_use]
    pub fn avoided_regions(&self) -> &[Region] {
        &self.avoided
    }

    /// Whether this clearance holds on `day`: only on the day of screening.
    #[must_use]
    pub fn valid_on(&self, day: Day) -> bool {
        self.day == day
    }

    /// The day of screening.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// The person for whom this clearance holds, and nobody else.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Whether the answers were drawn for a simulated person; the report says so.
    #[must_use]
    pub fn drawn(&self) -> bool {
        self.drawn
    }

    /// The clearance as data for a report. It clears nobody.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary {
            verdict: self.verdict,
            day: self.day,
            person: self.person,
            simulated: self.drawn,
            force_cap_n: self.force_cap_n,
            intensity_cap: self.intensity_cap,
            heat_allowed: self.heat_allowed,
            surface_cap_c: self.surface_cap_c,
            stretch_allowed: self.stretch_allowed,
            avoided_regions: self.avoided.clone(),
            reasons: self.reasons.clone(),
        }
    }
}

/// A [`Clearance`] as data, for reports and records; it cannot be turned back into one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// What was allowed.
    pub verdict: Verdict,
    /// The day of screening.
    pub day: Day,
    /// The person as known to screening.
    pub person: Person,
    /// Whether the answers were drawn and nobody was asked.
    pub simulated: bool,
    /// Most force from both heads together, newtons.
    pub force_cap_n: Option<f64>,
    /// Highest intensity of a stroke; records from before there was one have none.
    #[serde(default)]
    pub intensity_cap: Option<u8>,
    /// Whether any heater was allowed.
    pub heat_allowed: bool,
    /// Warmest heated surface, degrees Celsius.
    pub surface_cap_c: Option<f64>,
    /// Whether stretching strokes were allowed.
    pub stretch_allowed: bool,
    /// The regions left out, from head to foot.
    pub avoided_regions: Vec<Region>,
    /// Every row that had an effect.
    pub reasons: Vec<Reason>,
}

impl Summary {
    /// The reasons for which there is no session.
    pub fn refusals(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.refuses())
    }

    /// What is taken from an ordinary session, all reasons together.
    #[must_use]
    pub fn limits(&self) -> Vec<Effect> {
        if self.verdict == Verdict::Refuse {
            return vec![Effect::Refuse];
        }
        let heat = match self.surface_cap_c {
            _ if !self.heat_allowed => Some(Effect::NoHeat),
            cap => cap.map(|surface_c| Effect::SoftenHeat { surface_c }),
        };
        let avoided = &self.avoided_regions;
        let limits = [
            self.intensity_cap.map(|intensity| Effect::SoftenIntensity { intensity }),
            self.force_cap_n.map(|force_n| Effect::Soften { force_n }),
            heat,
            (!self.stretch_allowed).then_some(Effect::NoStretch),
            (!avoided.is_empty()).then(|| Effect::Avoid { regions: avoided.clone() }),
        ];
        limits.into_iter().flatten().collect()
    }

    /// One plain sentence on where the answers come from.
    #[must_use]
    pub fn origin(&self) -> Words {
        if self.simulated {
            Words::both(
                "Simulated answers, drawn at random. Nobody was asked.",
                "Simulierte Antworten, zufällig gezogen. Niemand wurde gefragt.",
            )
        } else {
            Words::both("Answers as given by the person.", "Antworten, wie die Person sie gegeben hat.")
        }
    }
}

#[cfg(test)]
mod tests;
