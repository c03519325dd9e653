//! The facts: the words in which a person can tell of a back spasm, and what one person told.
//!
//! The vocabulary is data (`care/facts`), compiled in and checked once. A *fact* is one thing; a
//! *group of facts* (a row of `[feeds]`) is one screening question that several facts answer: it is "yes"
//! when any of them is. A *gate* (a row of `[gates]`) asks for several facts or groups at once, so that a "no"
//! answers them all. [`Findings`] holds the answers of one person and takes only what fits the fact.
//!
//! What an answer means is not said here: that is for the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// What kind of answer a fact takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Yes or no.
    YesNo,
    /// A number in `unit`, from `min` to `max`, both included.
    Number {
        /// Unit of the number.
        unit: String,
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// One of the options.
    Choice(Vec<Choice>),
    /// Any of the options, also none.
    Many(Vec<Choice>),
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Name of the option.
    pub id: String,
    /// What the person reads.
    pub words: Words,
}

/// One thing that a person may be asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Name of the fact, lower case with underscores.
    pub id: String,
    /// What answers it takes.
    pub kind: Kind,
    /// The question.
    pub ask: Words,
}

/// An answer to a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    YesNo(bool),
    /// A number in the fact's unit.
    Number(f64),
    /// One option.
    Choice(String),
    /// The marked options.
    Many(BTreeSet<String>),
}

/// An answer or the vocabulary cannot be taken.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FactError {
    /// The file is no TOML of the expected form, or a row breaks a rule.
    #[error("facts: {0}")]
    Form(String),
    /// There is no such fact.
    #[error("there is no fact \"{0}\"")]
    Unknown(String),
    /// The answer is of another kind than the fact.
    #[error("\"{fact}\" wants {wanted}")]
    Kind {
        /// The fact.
        fact: String,
        /// What it takes.
        wanted: &'static str,
    },
    /// A number lies outside the range.
    #[error("\"{fact}\" must lie from {min} to {max}, and is {value}")]
    Range {
        /// The fact.
        fact: String,
        /// What was given.
        value: f64,
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// There is no such option.
    #[error("\"{fact}\" has no option \"{option}\"; it has {options}")]
    Option {
        /// The fact.
        fact: String,
        /// What was given.
        option: String,
        /// What there is.
        options: String,
    },
}

/// The facts, in the order of the file.
#[must_use]
pub fn facts() -> &'static [Fact] {
    &VOCABULARY.facts
}

/// The fact of this name.
#[must_use]
pub fn fact(id: &str) -> Option<&'static Fact> {
    VOCABULARY.facts.iter().find(|fact| fact.id == id)
}

/// The groups of facts: name of the screening question, and the facts of which any answers it with "yes".
#[must_use]
pub fn groups() -> &'static BTreeMap<String, Vec<String>> {
    &VOCABULARY.groups
}

/// The gates: name of the question, and the facts and groups that a "no" to it answers.
#[must_use]
pub fn gates() -> &'static BTreeMap<String, Vec<String>> {
    &VOCABULARY.gates
}

/// What stands directly behind a group or a gate; nothing behind a fact.
pub(crate) fn members(id: &str) -> &'static [String] {
    groups().get(id).or_else(|| gates().get(id)).map_or(&[], Vec::as_slice)
}

/// Everything behind a group or a gate, also what stands behind its groups.
pub(crate) fn behind(id: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = members(id).iter().map(String::as_str).collect();
    let deeper: Vec<&'static str> = found.iter().flat_map(|member| behind(member)).collect();
    found.extend(deeper);
    found
}

/// What stands before a fact or a group, at any depth: the groups and gates whose "no" answers it.
static BEFORE: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut before: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in groups().keys().chain(gates().keys()) {
        behind(name).into_iter().for_each(|member| before.entry(member).or_default().push(name));
    }
    before
});

/// Whether there is a group or a gate of this name.
pub(crate) fn opens_others(id: &str) -> bool {
    !members(id).is_empty()
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    Vocabulary::parse(BASE, &FACTS).expect("the embedded facts are valid, which a test proves")
});

/// Which facts answer others.
const BASE: &str = include_str!("../../../care/facts/base.toml");

/// The facts, in their order.
const FACTS: [&str; 4] = [
    include_str!("../../../care/facts/pain.toml"),
    include_str!("../../../care/facts/set_off.toml"),
    include_str!("../../../care/facts/with_it.toml"),
    include_str!("../../../care/facts/person.toml"),
];

#[derive(Debug)]
struct Vocabulary {
    facts: Vec<Fact>,
    groups: BTreeMap<String, Vec<String>>,
    gates: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseFile {
    #[serde(rename = "checked")]
    _checked: String,
    feeds: BTreeMap<String, Vec<String>>,
    gates: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactsFile {
    fact: Vec<FactFile>,
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, FactError> {
    toml::from_str(text).map_err(|error| FactError::Form(crate::answers::one_line(text, &error)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FactFile {
    id: String,
    kind: KindFile,
    #[serde(rename = "group")]
    _group: Topic,
    en: String,
    de: String,
    unit: Option<String>,
    range: Option<[f64; 2]>,
    #[serde(default)]
    options: Vec<String>,
    #[serde(default)]
    options_en: Vec<String>,
    #[serde(default)]
    options_de: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KindFile {
    YesNo,
    Number,
    Choice,
    Many,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Topic {
    What,
    Where,
    When,
    SetOff,
    WithIt,
    History,
    #[serde(rename = "self")]
    Person,
    Today,
}

impl Vocabulary {
    fn parse(base: &str, parts: &[&str]) -> Result<Self, FactError> {
        let file: BaseFile = read(base)?;
        let mut ids = BTreeSet::new();
        let mut facts = Vec::new();
        for part in parts {
            for row in read::<FactsFile>(part)?.fact {
                if !ids.insert(row.id.clone()) {
                    return Err(FactError::Form(format!("\"{}\" stands there twice", row.id)));
                }
                facts.push(row.check()?);
            }
        }
        let yes_no = |id: &String| facts.iter().any(|fact: &Fact| fact.id == *id && fact.kind == Kind::YesNo);
        for (group, members) in &file.feeds {
            if ids.contains(group) {
                return Err(FactError::Form(format!("\"{group}\" is a fact and a group")));
            }
            if members.is_empty() || !members.iter().all(yes_no) {
                return Err(FactError::Form(format!("\"{group}\" is fed by yes_no facts only")));
            }
        }
        for (gate, members) in &file.gates {
            if ids.contains(gate) || file.feeds.contains_key(gate) {
                return Err(FactError::Form(format!("\"{gate}\" is a gate and something else")));
            }
            let known = |id: &String| yes_no(id) || file.feeds.contains_key(id);
            if members.is_empty() || !members.iter().all(known) {
                return Err(FactError::Form(format!("\"{gate}\" opens yes_no facts and groups only")));
            }
        }
        Ok(Self { facts, groups: file.feeds, gates: file.gates })
    }
}

impl FactFile {
    fn check(self) -> Result<Fact, FactError> {
        let wrong = |what: &str| FactError::Form(format!("\"{}\": {what}", self.id));
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(wrong("an id is lower-case letters and underscores"));
        }
        if self.en.trim().is_empty() || self.de.trim().is_empty() {
            return Err(wrong("a text is empty"));
        }
        let asks_options = matches!(self.kind, KindFile::Choice | KindFile::Many);
        if asks_options == self.options.is_empty()
            || self.options.len() != self.options_en.len()
            || self.options.len() != self.options_de.len()
        {
            return Err(wrong("options, options_en and options_de go together, with choice and many only"));
        }
        let is_number = self.kind == KindFile::Number;
        if is_number != self.range.is_some() || is_number != self.unit.is_some() {
            return Err(wrong("unit and range go together, with number only"));
        }
        let texts = self.options_en.into_iter().zip(self.options_de);
        let options: Vec<Choice> = self
            .options
            .into_iter()
            .zip(texts)
            .map(|(id, (en, de))| Choice { id, words: Words::new(en, de) })
            .collect();
        let kind = match (self.kind, self.range, self.unit) {
            (KindFile::Number, Some([min, max]), Some(unit)) if min < max => Kind::Number { unit, min, max },
            (KindFile::Number, ..) => {
                return Err(FactError::Form(format!("\"{}\": range must rise", self.id)));
            }
            (KindFile::Choice, ..) => Kind::Choice(options),
            (KindFile::Many, ..) => Kind::Many(options),
            (KindFile::YesNo, ..) => Kind::YesNo,
        };
        Ok(Fact { id: self.id, kind, ask: Words::new(self.en, self.de) })
    }
}

impl Kind {
    /// Whether an answer fits.
    pub(crate) fn check(&self, fact: &str, value: &Value) -> Result<(), FactError> {
        let known = |options: &[Choice], given: &String| {
            if options.iter().any(|option| option.id == *given) {
                return Ok(());
            }
            let names: Vec<&str> = options.iter().map(|option| option.id.as_str()).collect();
            Err(FactError::Option {
                fact: fact.to_owned(),
                option: given.chars().take(60).collect(),
                options: names.join(", "),
            })
        };
        let wanted = match (self, value) {
            (Self::YesNo, Value::YesNo(_)) => return Ok(()),
            (Self::Number { min, max, .. }, Value::Number(given)) => {
                let inside = given >= min && given <= max;
                let outside = FactError::Range { fact: fact.to_owned(), value: *given, min: *min, max: *max };
                return if inside { Ok(()) } else { Err(outside) };
            }
            (Self::Choice(options), Value::Choice(given)) => return known(options, given),
            (Self::Many(options), Value::Many(given)) => {
                return given.iter().try_for_each(|one| known(options, one));
            }
            (Self::YesNo, _) => "yes or no",
            (Self::Number { .. }, _) => "a number",
            (Self::Choice(_), _) => "one option",
            (Self::Many(_), _) => "a list of options",
        };
        Err(FactError::Kind { fact: fact.to_owned(), wanted })
    }
}

/// What one person answered, to facts, groups of facts and gates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, Value>", into = "BTreeMap<String, Value>")]
pub struct Findings {
    values: BTreeMap<String, Value>,
}

impl TryFrom<BTreeMap<String, Value>> for Findings {
    type Error = FactError;

    fn try_from(values: BTreeMap<String, Value>) -> Result<Self, FactError> {
        let mut findings = Self::new();
        values.into_iter().try_for_each(|(id, value)| findings.set(&id, value))?;
        Ok(findings)
    }
}

impl From<Findings> for BTreeMap<String, Value> {
    fn from(findings: Findings) -> Self {
        findings.values
    }
}

impl Findings {
    /// Nothing answered yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an answer, in the place of an earlier one.
    ///
    /// ```
    /// use care::{Findings, Value};
    /// let mut findings = Findings::new();
    /// findings.set("age_years", Value::Number(54.0))?;
    /// let error = findings.set("age_years", Value::Number(154.0)).expect_err("too old");
    /// assert_eq!(error.to_string(), "\"age_years\" must lie from 0 to 110, and is 154");
    /// # Ok::<(), care::FactError>(())
    /// ```
    ///
    /// # Errors
    /// [`FactError`] when there is no such fact or the answer does not fit it; nothing is recorded.
    pub fn set(&mut self, id: &str, value: Value) -> Result<(), FactError> {
        match fact(id) {
            Some(fact) => fact.kind.check(id, &value)?,
            None if opens_others(id) => Kind::YesNo.check(id, &value)?,
            None => return Err(FactError::Unknown(id.chars().take(60).collect())),
        }
        self.values.insert(id.to_owned(), value);
        Ok(())
    }

    /// The answer as it was given.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.values.get(id)
    }

    /// Whether a yes_no fact, group or gate is known to be so: an own answer, what the facts behind it say, or
    /// the "no" of a question before it. A "yes" of either side is never undone by the other.
    #[must_use]
    pub fn says(&self, id: &str) -> Option<bool> {
        let own = self.told_below(id);
        if own.is_none() && self.denied_above(id) { Some(false) } else { own }
    }

    /// What the own answer and the answers behind it say.
    fn told_below(&self, id: &str) -> Option<bool> {
        let own = match self.values.get(id) {
            Some(Value::YesNo(yes)) => Some(*yes),
            _ => None,
        };
        let below: Vec<Option<bool>> = members(id).iter().map(|member| self.told_below(member)).collect();
        if own == Some(true) || below.contains(&Some(true)) {
            return Some(true);
        }
        let all_no = !below.is_empty() && below.iter().all(|answer| *answer == Some(false));
        if all_no { Some(false) } else { own }
    }

    /// Whether a group or gate before it was answered "no".
    fn denied_above(&self, id: &str) -> bool {
        let no = |name: &&str| matches!(self.values.get(*name), Some(Value::YesNo(false)));
        BEFORE.get(id).is_some_and(|before| before.iter().any(no))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[fact]]\nid = \"age\"\nkind = \"number\"\nunit = \"years\"\n\
                       range = [0, 110]\ngroup = \"self\"\nen = \"How old?\"\nde = \"Wie alt?\"\n";
    const NONE_OPEN: &str = "checked = \"2026-11-23\"\n[feeds]\n[gates]\n";

    #[test]
    fn the_embedded_facts_are_valid() {
        assert!(Vocabulary::parse(BASE, &FACTS).is_ok());
        assert!(facts().len() > 100);
    }

    #[test]
    fn a_bad_file_of_facts_is_refused_and_says_where() {
        assert!(Vocabulary::parse(NONE_OPEN, &[ONE]).is_ok());
        let feeds = |row: &str| NONE_OPEN.replace("[feeds]", &format!("[feeds]\n{row}"));
        for (base, text, what) in [
            (NONE_OPEN.to_owned(), ONE.replace("[0, 110]", "[110, 0]"), "range must rise"),
            (NONE_OPEN.to_owned(), ONE.replace("unit = \"years\"\n", ""), "unit and range"),
            (NONE_OPEN.to_owned(), ONE.replace("\"number\"", "\"yes_no\""), "unit and range"),
            (NONE_OPEN.to_owned(), ONE.replace("\"number\"", "\"guess\""), "line 3"),
            (NONE_OPEN.to_owned(), ONE.replace("How old?", " "), "empty"),
            (NONE_OPEN.to_owned(), ONE.replace("kind", "sort"), "line"),
            (NONE_OPEN.to_owned(), ONE.repeat(2), "twice"),
            (feeds("old = [\"age\"]"), ONE.to_owned(), "yes_no facts only"),
            (format!("{NONE_OPEN}age = [\"age\"]\n"), ONE.to_owned(), "something else"),
            (format!("{NONE_OPEN}old = [\"age\"]\n"), ONE.to_owned(), "facts and groups only"),
            (NONE_OPEN.to_owned(), ONE.replace("\"age\"", "\"Age\""), "lower-case"),
        ] {
            let error = Vocabulary::parse(&base, &[&text]).expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused_and_nothing_is_recorded() {
        let mut findings = Findings::new();
        for (id, value, what) in [
            ("sugar", Value::YesNo(true), "no fact \"sugar\""),
            ("fainted", Value::Number(1.0), "yes or no"),
            ("pain_now", Value::Number(10.5), "from 0 to 10"),
            ("pain_now", Value::Number(f64::NAN), "from 0 to 10"),
            ("onset", Value::Choice("later".into()), "no option \"later\""),
            ("regions", Value::Many(["moon".to_owned()].into()), "no option \"moon\""),
            ("chest_pain", Value::Number(0.0), "yes or no"),
        ] {
            let error = findings.set(id, value).expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
        assert_eq!(findings, Findings::new());
    }

    #[test]
    fn a_no_to_a_group_answers_its_facts_and_a_yes_is_never_undone() {
        let mut findings = Findings::new();
        findings.set("chest_pain", Value::YesNo(false)).expect("a group");
        assert_eq!(findings.says("breathless"), Some(false));
        findings.set("breathless", Value::YesNo(true)).expect("a fact");
        assert_eq!(findings.says("chest_pain"), Some(true));
        findings.set("tearing_pain", Value::YesNo(true)).expect("a group");
        for id in ["pain_tears", "belly_throbs"] {
            assert_eq!(findings.says(id), None);
            findings.set(id, Value::YesNo(false)).expect("a fact");
        }
        assert_eq!(findings.says("tearing_pain"), Some(true));
    }

    #[test]
    fn a_no_to_a_gate_answers_the_groups_behind_it_and_a_yes_behind_it_opens_it() {
        let mut findings = Findings::new();
        findings.set("pregnancy", Value::YesNo(false)).expect("a gate");
        for id in ["pregnant", "missed_period_pain", "period_late"] {
            assert_eq!(findings.says(id), Some(false), "{id}");
        }
        findings.set("period_late", Value::YesNo(true)).expect("a fact");
        assert_eq!(findings.says("pregnancy"), Some(true));
        assert_eq!(findings.says("missed_period_pain"), Some(true));
        assert_eq!(findings.says("pregnant"), Some(false));
        assert_eq!(behind("pregnancy").len(), 5);
    }
}
