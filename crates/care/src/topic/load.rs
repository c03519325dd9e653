//! Reads and checks the files of the guide.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{
    BED, Cause, Causes, Claim, Claims, Evidence, Frequency, GuideError, Is, Line, Sign, Topic, Verdict,
    Words, cited,
};
use crate::Day;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../../care/topics/", $name, ".toml")))),*]
    };
}

/// The topics in the order in which the guide shows them.
pub(super) const TOPICS: [(&str, &str); 16] = embedded![
    "now",
    "tonight",
    "when_to_call",
    "what_it_is",
    "causes",
    "relief",
    "heat_and_cold",
    "massage",
    "medicines",
    "physiotherapist",
    "prevention",
    "sitting",
    "lifting",
    "sleep",
    "strength",
    "stress",
];
pub(super) const CLAIMS: &str = include_str!("../../../../care/claims.toml");
pub(super) const CAUSES: &str = include_str!("../../../../care/causes.toml");

/// Everything that the guide tells.
#[derive(Debug)]
pub(super) struct Guide {
    pub(super) topics: Vec<Topic>,
    pub(super) claims: Claims,
    pub(super) causes: Causes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    id: String,
    title: Words,
    sources: BTreeMap<String, String>,
    line: Vec<LineRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineRow {
    id: String,
    en: String,
    de: String,
    source: Vec<String>,
    evidence: Evidence,
    checked: Day,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimsFile {
    sources: BTreeMap<String, String>,
    claim: Vec<ClaimRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimRow {
    id: String,
    number: Option<u32>,
    said: Words,
    verdict: Verdict,
    words: Words,
    source: Vec<String>,
    evidence: Evidence,
    checked: Day,
    topic: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CausesFile {
    sources: BTreeMap<String, String>,
    questions: Questions,
    frequency: Frequency,
    cause: Vec<CauseRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    title: Words,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseRow {
    id: String,
    title: Words,
    words: Words,
    speaks_for: Vec<Sign>,
    speaks_against: Vec<Sign>,
    what_helps: Vec<String>,
    evaluation: bool,
    source: Vec<String>,
    evidence: Evidence,
    checked: Day,
}

impl Guide {
    /// What is compiled in.
    pub(super) fn embedded() -> Result<Self, GuideError> {
        Self::parse(&TOPICS, CLAIMS, CAUSES)
    }

    /// Reads all files and checks them against each other.
    pub(super) fn parse(topics: &[(&str, &str)], claims: &str, causes: &str) -> Result<Self, GuideError> {
        let topics = topics.iter().map(|(name, text)| topic(name, text)).collect::<Result<Vec<_>, _>>()?;
        let guide = Self { topics, claims: claims_of(claims)?, causes: causes_of(causes)? };
        guide.check()?;
        Ok(guide)
    }

    fn check(&self) -> Result<(), GuideError> {
        let known: BTreeSet<&str> = self.topics.iter().map(|topic| topic.id.as_str()).collect();
        for claim in &self.claims.claims {
            if claim.topic != BED && !known.contains(claim.topic.as_str()) {
                return Err(row("claims", &claim.id, &format!("there is no topic \"{}\"", claim.topic)));
            }
        }
        for topic in &self.topics {
            if !self.claims.claims.iter().any(|claim| claim.topic == topic.id) {
                return Err(row(&topic.id, &topic.id, "no claim has this topic"));
            }
        }
        for cause in &self.causes.causes {
            if let Some(id) = cause.what_helps.iter().find(|id| !known.contains(id.as_str())) {
                return Err(row("causes", &cause.id, &format!("there is no topic \"{id}\"")));
            }
        }
        Ok(())
    }
}

fn topic(name: &str, text: &str) -> Result<Topic, GuideError> {
    let file: TopicFile = read(name, text)?;
    if file.id != name {
        return Err(row(name, &file.id, "the id is not the name of the file"));
    }
    if !file.title.complete() {
        return Err(row(name, &file.id, "the title lacks a language"));
    }
    let mut ids = BTreeSet::new();
    let mut lines = Vec::with_capacity(file.line.len());
    for LineRow { id, en, de, source, evidence, checked } in file.line {
        let words = Words::new(en, de);
        common(name, &mut ids, &id, &[&words], &source, evidence)?;
        lines.push(Line { id, words, source, evidence, checked });
    }
    if lines.is_empty() {
        return Err(row(name, name, "has no line"));
    }
    let sources = sources(name, lines.iter().map(|line| line.source.as_slice()), &file.sources)?;
    Ok(Topic { id: file.id, title: file.title, lines, sources })
}

fn claims_of(text: &str) -> Result<Claims, GuideError> {
    let file: ClaimsFile = read("claims", text)?;
    let mut ids = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    let mut claims = Vec::with_capacity(file.claim.len());
    for ClaimRow { id, number, said, verdict, words, source, evidence, checked, topic } in file.claim {
        common("claims", &mut ids, &id, &[&said, &words], &source, evidence)?;
        if number.is_some_and(|number| !numbers.insert(number)) {
            return Err(row("claims", &id, "the number is used twice"));
        }
        claims.push(Claim { id, number, said, verdict, words, source, evidence, checked, topic });
    }
    let sources = sources("claims", claims.iter().map(|claim| claim.source.as_slice()), &file.sources)?;
    Ok(Claims { claims, sources })
}

fn causes_of(text: &str) -> Result<Causes, GuideError> {
    let file: CausesFile = read("causes", text)?;
    let mut ids = BTreeSet::new();
    let mut causes = Vec::with_capacity(file.cause.len());
    for read in file.cause {
        common("causes", &mut ids, &read.id, &[&read.title, &read.words], &read.source, read.evidence)?;
        if read.speaks_for.is_empty() || read.what_helps.is_empty() {
            return Err(row("causes", &read.id, "nothing speaks for it, or nothing helps"));
        }
        for sign in read.speaks_for.iter().chain(&read.speaks_against) {
            check_sign(&read.id, sign)?;
        }
        causes.push(Cause {
            id: read.id,
            title: read.title,
            words: read.words,
            speaks_for: read.speaks_for,
            speaks_against: read.speaks_against,
            what_helps: read.what_helps,
            evaluation: read.evaluation,
            source: read.source,
            evidence: read.evidence,
            checked: read.checked,
        });
    }
    let sources = sources("causes", causes.iter().map(|cause| cause.source.as_slice()), &file.sources)?;
    let (title, frequency) = (file.questions.title, file.frequency);
    if frequency.is.is_empty() || !frequency.words.complete() || !title.complete() {
        return Err(row("causes", "frequency", "an option or a text is missing"));
    }
    Ok(Causes { title, frequency, causes, sources })
}

fn check_sign(id: &str, sign: &Sign) -> Result<(), GuideError> {
    let fits = match &sign.is {
        Is::Flag(_) => true,
        Is::Option(option) => !option.is_empty(),
        Is::AnyOf(options) => !options.is_empty() && options.iter().all(|option| !option.is_empty()),
        Is::Range(range) => match (range.min, range.max) {
            (Some(min), Some(max)) => min <= max,
            (one, other) => one.or(other).is_some_and(f64::is_finite),
        },
    };
    if !fits {
        return Err(row("causes", id, &format!("no answer to \"{}\" can fit", sign.fact)));
    }
    if !(1..=3).contains(&sign.weight) {
        return Err(row("causes", id, "a weight is 1, 2 or 3"));
    }
    if !sign.why.complete() {
        return Err(row("causes", id, "a reason lacks a language"));
    }
    Ok(())
}

/// What holds for every row of every file.
fn common(
    file: &str,
    ids: &mut BTreeSet<String>,
    id: &str,
    words: &[&Words],
    source: &[String],
    evidence: Evidence,
) -> Result<(), GuideError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if id.is_empty() || !id.chars().all(plain) {
        return Err(row(file, id, "an id is lower-case letters, digits and underscores"));
    }
    if !ids.insert(id.to_owned()) {
        return Err(row(file, id, "the id is used twice"));
    }
    if !words.iter().all(|words| words.complete()) {
        return Err(row(file, id, "a text lacks a language"));
    }
    if source.is_empty() && evidence != Evidence::None {
        return Err(row(file, id, "cites no source, so its evidence is none"));
    }
    Ok(())
}

fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, GuideError> {
    toml::from_str(text).map_err(|error| form(file, crate::answers::one_line(text, &error)))
}

fn sources<'a>(
    file: &str,
    rows: impl Iterator<Item = &'a [String]>,
    texts: &BTreeMap<String, String>,
) -> Result<Vec<super::Source>, GuideError> {
    cited(rows, texts).map_err(|what| form(file, what))
}

fn form(file: &str, what: String) -> GuideError {
    GuideError::Form { file: file.to_owned(), what }
}

fn row(file: &str, id: &str, what: &str) -> GuideError {
    GuideError::Row { file: file.to_owned(), id: id.to_owned(), what: what.to_owned() }
}
