//! What is likely to play a part in a person's spasm, how sure that is, and why. Never a diagnosis.
//!
//! The contributors and what speaks for and against each are data (`care/causes.toml`, loaded by
//! [`crate::topic`]). Only known answers count: an unknown one speaks neither way. The rules of
//! [`mod@crate::triage`] come first; nothing here calms a warning sign.
//!
//! [`likely`] weighs, [`looks`] says what a doctor should look at, and [`next_cause_screen`] asks the few
//! questions that can still change the list; it follows the triage's questionnaire and never asks its
//! warning signs again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ask::{self, Row, Screen};
use crate::facts::{Fact, Findings, Kind, Value, fact, gates, groups};
use crate::topic::{Cause, Is, Sign, causes};
use crate::words::{Language, Words};

/// How sure it is that something plays a part; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// More speaks against it than for it.
    Unlikely,
    /// Nothing is known, or as much speaks for it as against it.
    Unclear,
    /// A little or one clear sign speaks for it.
    Possible,
    /// A strong sign, or several, speak for it.
    Likely,
}

/// Least weight by which the signs for it must outweigh those against it.
///
/// Guess: one strong sign (3), or a clear one and a little (2 + 1), make it likely; the weights are a
/// physiotherapist's ranking after the sources and were fitted to nobody.
const LIKELY: i32 = 3;

impl Certainty {
    /// From the weights of the known signs: those for it less those against it.
    fn of(net: i32) -> Self {
        match net {
            LIKELY.. => Self::Likely,
            1.. => Self::Possible,
            0 => Self::Unclear,
            _ => Self::Unlikely,
        }
    }

    /// In plain words.
    #[must_use]
    pub fn name(self, language: Language) -> String {
        let (en, de) = match self {
            Self::Unlikely => ("more speaks against it", "mehr spricht dagegen"),
            Self::Unclear => ("not clear", "nicht klar"),
            Self::Possible => ("may play a part", "spielt vielleicht mit"),
            Self::Likely => ("likely to play a part", "spielt wahrscheinlich mit"),
        };
        Words::new(en.to_owned(), de.to_owned()).of(language).clone()
    }
}

/// One contributor, weighed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Likely {
    /// The contributor.
    pub cause: &'static Cause,
    /// How sure that is.
    pub certainty: Certainty,
    /// The known answers that speak for it, the strongest first.
    pub because: Vec<&'static Sign>,
    /// The known answers that speak against it, the strongest first.
    pub against: Vec<&'static Sign>,
}

impl Likely {
    /// Weights for it less weights against it.
    #[must_use]
    pub fn net(&self) -> i32 {
        let sum = |signs: &[&Sign]| signs.iter().map(|sign| i32::from(sign.weight)).sum::<i32>();
        sum(&self.because) - sum(&self.against)
    }
}

/// Something that a doctor should look at, beside what triage says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Look {
    /// It keeps coming back, which is a reason of its own.
    Frequency {
        /// What to tell the person.
        words: &'static Words,
    },
    /// A likely contributor that a doctor should look at.
    Cause(&'static Cause),
}

/// Every contributor, the surest first, then the heavier, then in the file's order.
///
/// ```
/// use care::{Findings, Value, cause::{Certainty, likely}};
/// let mut findings = Findings::new();
/// findings.set("set_off_lifting", Value::YesNo(true))?;
/// let first = &likely(&findings)[0];
/// assert_eq!((first.cause.id.as_str(), first.certainty), ("overuse", Certainty::Likely));
/// # Ok::<(), care::FactError>(())
/// ```
#[must_use]
pub fn likely(findings: &Findings) -> Vec<Likely> {
    let mut list: Vec<Likely> = causes().causes.iter().map(|cause| weigh(cause, findings)).collect();
    list.sort_by_key(|one| std::cmp::Reverse((one.certainty, one.net())));
    list
}

fn weigh(cause: &'static Cause, findings: &Findings) -> Likely {
    let met = |signs: &'static [Sign]| {
        let mut met: Vec<&'static Sign> = signs.iter().filter(|sign| is_met(sign, findings)).collect();
        met.sort_by_key(|sign| std::cmp::Reverse(sign.weight));
        met
    };
    let (because, against) = (met(&cause.speaks_for), met(&cause.speaks_against));
    let mut weighed = Likely { cause, certainty: Certainty::Unclear, because, against };
    weighed.certainty = Certainty::of(weighed.net());
    weighed
}

/// Whether a known answer is as the sign says.
fn is_met(sign: &Sign, findings: &Findings) -> bool {
    sign.is.met(&sign.fact, findings) == Some(true)
}

/// What a doctor should look at: spasms that come often, and likely contributors of which the table says so.
#[must_use]
pub fn looks(findings: &Findings) -> Vec<Look> {
    let frequency = &causes().frequency;
    let often =
        matches!(findings.get("how_often"), Some(Value::Choice(given)) if frequency.is.contains(given));
    let mut looks = Vec::new();
    if often {
        looks.push(Look::Frequency { words: &frequency.words });
    }
    let likely = likely(findings).into_iter().take_while(|one| one.certainty == Certainty::Likely);
    looks.extend(likely.filter(|one| one.cause.evaluation).map(|one| Look::Cause(one.cause)));
    looks
}

/// Most questions. Source: design, issue of the guide: a short questionnaire.
const QUESTIONS_MAX: usize = 10;
/// Most questions on one screen; three screens at most.
const ON_A_SCREEN: usize = 4;

/// The next questions that can still change the list, or nothing.
///
/// Deterministic: a fact that moves more contributors from one certainty to another goes first; what is
/// asked of a contributor counts less, the more of its signs are known already.
#[must_use]
pub fn next_cause_screen(findings: &Findings) -> Option<Screen> {
    let open: Vec<&'static Fact> = own_facts();
    let told = open.iter().filter(|fact| is_told(fact, findings)).count();
    let room = QUESTIONS_MAX.saturating_sub(told).min(ON_A_SCREEN);
    let mut open: Vec<&Fact> = open.into_iter().filter(|fact| !is_told(fact, findings)).collect();
    let mut touched: Vec<usize> = causes().causes.iter().map(|cause| known_signs(cause, findings)).collect();
    let mut rows = Vec::new();
    while rows.len() < room {
        let scores = open.iter().map(|fact| (score(fact, findings, &touched), *fact));
        // Of equals the first one of the table.
        let Some((_, best)) =
            scores.filter(|(score, _)| *score > 0).fold(None, |best: Option<(u32, &'static Fact)>, one| {
                match best {
                    Some(best) if best.0 >= one.0 => Some(best),
                    _ => Some(one),
                }
            })
        else {
            break;
        };
        for (index, cause) in causes().causes.iter().enumerate() {
            touched[index] += usize::from(signs(cause).any(|sign| sign.fact == best.id));
        }
        open.retain(|fact| fact.id != best.id);
        rows.push(Row { id: &best.id, ask: &best.ask, kind: &best.kind });
    }
    (!rows.is_empty()).then_some(Screen { id: "causes", title: &causes().title, rows })
}

fn signs(cause: &Cause) -> impl Iterator<Item = &Sign> {
    cause.speaks_for.iter().chain(&cause.speaks_against)
}

fn is_told(fact: &Fact, findings: &Findings) -> bool {
    findings.get(&fact.id).is_some() || findings.says(&fact.id).is_some()
}

/// How many facts of a contributor are known.
fn known_signs(cause: &Cause, findings: &Findings) -> usize {
    let known =
        signs(cause).filter(|sign| findings.get(&sign.fact).is_some() || findings.says(&sign.fact).is_some());
    known.map(|sign| sign.fact.as_str()).collect::<BTreeSet<_>>().len()
}

/// The facts that this questionnaire may ask, in the table's order: not those that the triage always asks,
/// nor warning signs, which stand behind its groups and gates.
fn own_facts() -> Vec<&'static Fact> {
    let behind: BTreeSet<&str> =
        groups().values().chain(gates().values()).flatten().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let named = causes().causes.iter().flat_map(signs).filter_map(|sign| fact(&sign.fact));
    named
        .filter(|fact| !behind.contains(fact.id.as_str()) && !ask::is_always_asked(&fact.id))
        .filter(|fact| seen.insert(fact.id.as_str()))
        .collect()
}

/// By how much the best answer could move the list, in parts of a step of certainty; 0 if by nothing.
fn score(fact: &Fact, findings: &Findings, touched: &[usize]) -> u32 {
    /// A step of one contributor of which nothing is known; divisible by what follows.
    const STEP: u32 = 60;
    let moved = |value: Value| -> u32 {
        let mut answered = findings.clone();
        if answered.set(&fact.id, value).is_err() {
            return 0;
        }
        let steps = causes().causes.iter().zip(touched).map(|(cause, known)| {
            let before = weigh(cause, findings).certainty as u32;
            let after = weigh(cause, &answered).certainty as u32;
            let known = u32::try_from(*known).unwrap_or(u32::MAX).min(STEP - 1);
            before.abs_diff(after) * STEP / (1 + known)
        });
        steps.sum()
    };
    answers(fact).into_iter().map(moved).max().unwrap_or(0)
}

/// Answers that the table may tell apart: each option, yes and no, the ends of every range.
fn answers(fact: &Fact) -> Vec<Value> {
    match &fact.kind {
        Kind::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
        Kind::Choice(options) => options.iter().map(|one| Value::Choice(one.id.clone())).collect(),
        Kind::Many(options) => {
            let each = options.iter().map(|one| Value::Many([one.id.clone()].into()));
            each.chain([Value::Many(BTreeSet::new())]).collect()
        }
        Kind::Number { min, max, .. } => {
            let named = causes().causes.iter().flat_map(signs).filter(|sign| sign.fact == fact.id);
            let ends = named.flat_map(|sign| match &sign.is {
                Is::Range(range) => [range.min, range.max],
                _ => [None, None],
            });
            ends.flatten().chain([*min, *max]).map(Value::Number).collect()
        }
    }
}

#[cfg(test)]
mod tests;
