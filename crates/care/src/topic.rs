//! What the guide tells: topics line by line, what is likely to play a part, and what people hear.
//!
//! All of it is data (`care/topics/*.toml`, `care/causes.toml`, `care/claims.toml`), compiled in and
//! checked once: both languages are complete, what cites no source says so itself (evidence none), a
//! source is cited or leaves, every claim has a topic and every topic a claim.
//!
//! Terms: a *line* is one thing to know, with its evidence and sources; a *claim* is a sentence that
//! people hear, with a verdict; a *cause* is what may play a part in a spasm, never a diagnosis.
//!
//! What this module does not do: it weighs no answers and decides nothing about a session.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{Day, Evidence, Findings, Language, Value, Words};

/// What a statement rests on, written out; the key is short and stands in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Short name within its file.
    pub key: String,
    /// Who, when, where, and how far it was read.
    pub text: String,
}

/// One thing to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Name of the line within its topic; its first word is the part to which it belongs.
    pub id: String,
    /// The line itself.
    pub words: Words,
    /// Keys of [`Topic::sources`]; empty only with [`Evidence::None`].
    pub source: Vec<String>,
    /// How well it is supported.
    pub evidence: Evidence,
    /// Day on which the sources were looked at.
    pub checked: Day,
}

impl Line {
    /// The part to which the line belongs: the first word of its id.
    #[must_use]
    pub fn part(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }

    /// Whether somebody could come to harm by misreading it: it says when to call for help.
    #[must_use]
    pub fn urgent(&self) -> bool {
        let english = self.words.en.to_lowercase();
        matches!(self.part(), "stop" | "emergency" | "today" | "call")
            || ["emergency", "at once", "today", "call "].iter().any(|word| english.contains(word))
    }
}

/// One page of the guide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// Name of the topic and of its file.
    pub id: String,
    /// Heading.
    pub title: Words,
    /// What to know, in order.
    pub lines: Vec<Line>,
    /// What the lines rest on, in the order in which they first cite it.
    pub sources: Vec<Source>,
}

/// What became of a statement when its sources were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Holds,
    /// Part of it holds.
    Partly,
    /// Nothing found supports it.
    NotSupported,
    /// It was taught once and no longer is.
    Outdated,
}

impl Verdict {
    /// The verdict in a word or two.
    #[must_use]
    pub fn name(self, language: Language) -> Cow<'static, str> {
        match self {
            Self::Holds => language.say("Holds", "Stimmt"),
            Self::Partly => language.say("Partly", "Zum Teil"),
            Self::NotSupported => language.say("Not supported", "Nicht belegt"),
            Self::Outdated => language.say("Outdated", "Veraltet"),
        }
    }
}

/// Topic of the claims about the bed itself, which no page of advice repeats.
pub const BED: &str = "bed";

/// A statement that people hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Name of the claim.
    pub id: String,
    /// Place in the list of statements that the guide must meet; `None` for one often heard besides.
    pub number: Option<u32>,
    /// The statement.
    pub said: Words,
    /// What became of it.
    pub verdict: Verdict,
    /// Why.
    pub words: Words,
    /// Keys of [`Claims::sources`]; empty only with [`Evidence::None`].
    pub source: Vec<String>,
    /// How well `words` is supported.
    pub evidence: Evidence,
    /// Day on which the sources were looked at.
    pub checked: Day,
    /// Topic where a person meets it, or [`BED`].
    pub topic: String,
}

/// All claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// In the order of the file.
    pub claims: Vec<Claim>,
    /// What they rest on, in the order in which they first cite it.
    pub sources: Vec<Source>,
}

/// What an answer must be for a [`Sign`] to count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Is {
    /// Yes or no.
    Flag(bool),
    /// One option.
    Option(String),
    /// Any of these options.
    AnyOf(Vec<String>),
    /// A number within both ends, in the unit of the fact.
    Range(Range),
}

impl Is {
    /// Whether a known answer is so; `None` where there is none, which speaks neither way.
    #[must_use]
    pub fn met(&self, fact: &str, findings: &Findings) -> Option<bool> {
        match (self, findings.get(fact)) {
            (Self::Flag(wanted), _) => findings.says(fact).map(|yes| yes == *wanted),
            (Self::Option(option), Some(Value::Choice(given))) => Some(given == option),
            (Self::Option(option), Some(Value::Many(given))) => Some(given.contains(option)),
            (Self::AnyOf(options), Some(Value::Choice(given))) => Some(options.contains(given)),
            (Self::AnyOf(options), Some(Value::Many(given))) => {
                Some(options.iter().any(|one| given.contains(one)))
            }
            (Self::Range(range), Some(Value::Number(given))) => {
                Some(range.min.is_none_or(|min| *given >= min) && range.max.is_none_or(|max| *given <= max))
            }
            _ => None,
        }
    }
}

/// Two ends, both included; one may lack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Least value.
    pub min: Option<f64>,
    /// Greatest value.
    pub max: Option<f64>,
}

/// An answer that speaks for or against a cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// The question.
    pub fact: String,
    /// What the answer must be.
    pub is: Is,
    /// 1 a little, 2 clearly, 3 strongly.
    pub weight: u8,
    /// Why, in plain words.
    pub why: Words,
}

/// What may play a part in a spasm. Never a diagnosis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// Name of the cause.
    pub id: String,
    /// Heading.
    pub title: Words,
    /// What to say of it.
    pub words: Words,
    /// Answers that speak for it.
    pub speaks_for: Vec<Sign>,
    /// Answers that speak against it.
    pub speaks_against: Vec<Sign>,
    /// Topics that help.
    pub what_helps: Vec<String>,
    /// Whether a doctor should look at it when it is likely or keeps coming back.
    pub evaluation: bool,
    /// Keys of [`Causes::sources`]; empty only with [`Evidence::None`].
    pub source: Vec<String>,
    /// How well the link is supported, not the weights.
    pub evidence: Evidence,
    /// Day on which the sources were looked at.
    pub checked: Day,
}

/// All causes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Causes {
    /// Heading above the questions about them.
    pub title: Words,
    /// How often it comes, as a reason of its own to see a doctor.
    pub frequency: Frequency,
    /// In the order of the file.
    pub causes: Vec<Cause>,
    /// What they rest on, in the order in which they first cite it.
    pub sources: Vec<Source>,
}

/// From when on the frequency of spasms is itself a reason to have them looked at. Design: the guide's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Options of the fact `how_often`.
    pub is: Vec<String>,
    /// What to tell the person.
    pub words: Words,
}

/// A file of the guide is not fit for use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GuideError {
    /// The text is no TOML of the expected form.
    #[error("{file}: {what}")]
    Form {
        /// The file.
        file: String,
        /// The fault, with its line where one is known.
        what: String,
    },
    /// A row breaks a rule of the guide.
    #[error("{file}, \"{id}\": {what}")]
    Row {
        /// The file.
        file: String,
        /// The row.
        id: String,
        /// The rule.
        what: String,
    },
}

mod load;
use load::Guide;

static GUIDE: LazyLock<Guide> =
    LazyLock::new(|| Guide::embedded().expect("the embedded guide is valid, which a test proves"));

/// All topics, in the order in which the guide shows them.
#[must_use]
pub fn topics() -> &'static [Topic] {
    &GUIDE.topics
}

/// One topic, if there is one of that name.
#[must_use]
pub fn topic(id: &str) -> Option<&'static Topic> {
    topics().iter().find(|topic| topic.id == id)
}

/// What people hear, with verdicts.
#[must_use]
pub fn claims() -> &'static Claims {
    &GUIDE.claims
}

/// What may play a part in a spasm.
#[must_use]
pub fn causes() -> &'static Causes {
    &GUIDE.causes
}

/// The claims that a person meets under one topic.
pub fn claims_of(topic: &str) -> impl Iterator<Item = &'static Claim> {
    claims().claims.iter().filter(move |claim| claim.topic == topic)
}

/// Keys in the order of first citation, with their texts.
fn cited<'a>(
    rows: impl Iterator<Item = &'a [String]>,
    sources: &BTreeMap<String, String>,
) -> Result<Vec<Source>, String> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for key in rows.flatten() {
        let text = sources.get(key).ok_or_else(|| format!("unknown source \"{key}\""))?;
        let lower = text.to_lowercase();
        if lower.trim().is_empty() || lower.contains("from memory") || lower.contains("recall") {
            return Err(format!("\"{key}\" is no source"));
        }
        if seen.insert(key) {
            list.push(Source { key: key.clone(), text: text.clone() });
        }
    }
    match sources.keys().find(|key| !seen.contains(key)) {
        Some(key) => Err(format!("nothing cites the source \"{key}\"")),
        None => Ok(list),
    }
}

#[cfg(test)]
mod tests;
