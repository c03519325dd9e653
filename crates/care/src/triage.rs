//! Triage: what a person's answers ask them to do: call now, see a doctor today or soon, or watch.
//!
//! The rules are data (`care/triage`, one file a part of the body): a condition over facts, the urgency, why in
//! plain words, what to say to the doctor, and what it rests on. The highest urgency of all rules that hold is the answer. A
//! question that was due and has no answer makes every rule hold that hangs on it: unknown means strictest.
//!
//! What this does not do: it finds no illness, weighs no chances, and calms nothing. No further warning
//! sign lowers the urgency, which a test walks.

mod condition;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub(crate) use condition::ConditionFile;
pub use condition::{Condition, Test, Truth};

use crate::answers::{Answer, Answers};
use crate::ask;
use crate::day::Day;
use crate::facts::{Findings, Value, groups};
use crate::question::questions;
use crate::words::{Evidence, Words};

/// How soon somebody has to look; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nothing asks for a doctor.
    SelfCare,
    /// Care for yourself, and watch for what the reason names.
    Watch,
    /// A doctor within days to two weeks.
    Soon,
    /// A doctor today.
    Today,
    /// The emergency number now.
    Emergency,
}

/// One row of the triage table.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Name of the rule.
    pub id: String,
    /// What it asks for; never [`Urgency::SelfCare`].
    pub urgency: Urgency,
    /// For whom it holds.
    pub when: Condition,
    /// Why, to the person.
    pub why: Words,
    /// What to say to the doctor or the emergency line.
    pub say: Words,
    /// What it rests on, written out; never empty.
    pub sources: Vec<String>,
    /// How well that is known.
    pub evidence: Evidence,
}

/// Why a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// By the answers.
    Told,
    /// A question that was due has no answer, and counts as the strictest.
    NotAnswered,
}

/// One rule that holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TriageReason {
    /// The rule.
    pub rule: &'static Rule,
    /// Why it holds.
    pub ground: Ground,
}

/// What the answers ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Triage {
    /// The highest urgency of the reasons; [`Urgency::SelfCare`] without any.
    pub urgency: Urgency,
    /// The rules that hold, the most urgent first, the table's order within.
    pub reasons: Vec<TriageReason>,
}

/// The triage table is not fit for use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TriageError {
    /// The text is no TOML of the expected form.
    #[error("triage table: {0}")]
    Form(String),
    /// A row breaks a rule of the table.
    #[error("triage table, row \"{id}\": {what}")]
    Row {
        /// The row.
        id: String,
        /// The rule.
        what: String,
    },
}

/// The rules, in the order of the table.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &TABLE.rules
}

/// The conditions that rules and questions share, by name.
pub(crate) fn terms() -> &'static BTreeMap<String, Condition> {
    &TABLE.terms
}

/// When somebody whom no doctor has to see today looks again, and what they call for then.
#[derive(Clone, Debug, PartialEq)]
pub struct LookAgain {
    /// What the person reads.
    pub words: Words,
    /// What it rests on, written out; never empty.
    pub sources: Vec<String>,
    /// How well that is known.
    pub evidence: Evidence,
}

/// What is told below [`Urgency::Today`], whatever was answered: no answers tell an early illness from a strain.
#[must_use]
pub fn look_again() -> &'static [LookAgain] {
    &TABLE.again
}

/// Weighs what a person answered.
///
/// ```
/// use care::{Findings, Urgency, Value, triage};
/// // Nothing is known: everything that was due counts as the strictest.
/// assert_eq!(triage(&Findings::new()).urgency, Urgency::Emergency);
/// ```
#[must_use]
pub fn triage(findings: &Findings) -> Triage {
    let due = ask::due(findings);
    let mut reasons: Vec<TriageReason> = rules()
        .iter()
        .filter_map(|rule| {
            let ground = match rule.when.holds(findings, &|id| due.contains(id)) {
                Truth::No => return None,
                Truth::Open => Ground::NotAnswered,
                Truth::Yes => Ground::Told,
            };
            Some(TriageReason { rule, ground })
        })
        .collect();
    // What was told is an emergency: what was not asked any more adds nothing.
    if reasons.iter().any(|reason| reason.is_certain_emergency()) {
        reasons.retain(|reason| reason.ground == Ground::Told);
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.rule.urgency));
    let urgency = reasons.first().map_or(Urgency::SelfCare, |reason| reason.rule.urgency);
    Triage { urgency, reasons }
}

/// Whether the answers alone are an emergency, whatever the open questions would bring.
pub(crate) fn is_certain_emergency(findings: &Findings, due: &BTreeSet<&str>) -> bool {
    rules()
        .iter()
        .filter(|rule| rule.urgency == Urgency::Emergency)
        .any(|rule| rule.when.holds(findings, &|id| due.contains(id)) == Truth::Yes)
}

impl TriageReason {
    fn is_certain_emergency(&self) -> bool {
        self.rule.urgency == Urgency::Emergency && self.ground == Ground::Told
    }
}

/// Screening questions that ask more than the facts that feed them: a "yes" is carried over, a "no" is not,
/// and screening asks the whole question itself.
const ASKS_MORE: [&str; 4] = ["breathless_lying", "bleeding", "kidney_signs", "fresh_injury"];

/// What the findings answer of the screening table, so that nothing is asked twice. What they do not
/// answer stays open, and counts as "yes" there.
#[must_use]
pub fn answers_for_screening(findings: &Findings, day: Day) -> Answers {
    let mut answers = Answers::new();
    for question in questions() {
        let answer = match findings.says(&question.id) {
            Some(true) => Answer::Yes,
            Some(false) if !ASKS_MORE.contains(&question.id.as_str()) => Answer::No,
            _ => continue,
        };
        let recorded = answers.set(&question.id, answer, day);
        assert!(recorded.is_ok(), "the table knows its own questions");
    }
    // Screening asks for pain in one side under the ribs as well.
    if matches!(findings.get("regions"), Some(Value::Many(regions)) if regions.contains("flank")) {
        let recorded = answers.set("kidney_signs", Answer::Yes, day);
        assert!(recorded.is_ok(), "the table has this question, which a test proves");
    }
    answers
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::parse(BASE, &RULES).expect("the embedded triage table is valid, which a test proves")
});

/// What the rules share.
const BASE: &str = include_str!("../../../care/triage/base.toml");

/// The rules, in the order in which reasons of one urgency are told.
const RULES: [&str; 10] = [
    include_str!("../../../care/triage/nerves.toml"),
    include_str!("../../../care/triage/vessels.toml"),
    include_str!("../../../care/triage/head_and_neck.toml"),
    include_str!("../../../care/triage/infection.toml"),
    include_str!("../../../care/triage/belly.toml"),
    include_str!("../../../care/triage/bones.toml"),
    include_str!("../../../care/triage/events.toml"),
    include_str!("../../../care/triage/risk.toml"),
    include_str!("../../../care/triage/course.toml"),
    include_str!("../../../care/triage/children.toml"),
];

#[derive(Debug)]
struct Table {
    rules: Vec<Rule>,
    again: Vec<LookAgain>,
    terms: BTreeMap<String, Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseFile {
    #[serde(rename = "checked")]
    _checked: String,
    sources: BTreeMap<String, String>,
    again: Vec<AgainFile>,
    terms: BTreeMap<String, ConditionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgainFile {
    en: String,
    de: String,
    source: Vec<String>,
    evidence: Evidence,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    rule: Vec<RuleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    tier: Urgency,
    when: ConditionFile,
    why: Words,
    say: Words,
    source: Vec<String>,
    evidence: Evidence,
}

impl Table {
    fn parse(base: &str, parts: &[&str]) -> Result<Self, TriageError> {
        let base: BaseFile = read(base)?;
        let mut terms = BTreeMap::new();
        for (name, condition) in base.terms {
            let condition = condition
                .resolve(&BTreeMap::new())
                .map_err(|what| TriageError::Row { id: name.clone(), what })?;
            terms.insert(name, condition);
        }
        let mut used = BTreeSet::new();
        let mut again = Vec::with_capacity(base.again.len());
        for row in base.again {
            used.extend(row.source.iter().cloned());
            let wrong = |what| TriageError::Row { id: row.en.clone(), what };
            let sources = cited(&row.source, &base.sources).map_err(wrong)?;
            again.push(LookAgain { words: Words::new(row.en, row.de), sources, evidence: row.evidence });
        }
        let mut rules: Vec<Rule> = Vec::new();
        for part in parts {
            for row in read::<RulesFile>(part)?.rule {
                if rules.iter().any(|rule| rule.id == row.id) {
                    return Err(row.wrong("the id is used twice"));
                }
                used.extend(row.source.iter().cloned());
                rules.push(row.check(&base.sources, &terms)?);
            }
        }
        if let Some(key) = base.sources.keys().find(|key| !used.contains(*key)) {
            return Err(TriageError::Form(format!("no row cites the source \"{key}\"")));
        }
        if groups().keys().any(|group| !questions().iter().any(|question| question.id == *group)) {
            return Err(TriageError::Form("a group of facts is no screening question".to_owned()));
        }
        Ok(Self { rules, again, terms })
    }
}

/// The sources behind the keys of a row, written out.
fn cited(keys: &[String], sources: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    if keys.is_empty() {
        return Err("cites no source".to_owned());
    }
    keys.iter().map(|key| sources.get(key).cloned().ok_or(format!("unknown source \"{key}\""))).collect()
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, TriageError> {
    toml::from_str(text).map_err(|error| TriageError::Form(crate::answers::one_line(text, &error)))
}

impl RuleFile {
    fn wrong(&self, what: &str) -> TriageError {
        TriageError::Row { id: self.id.clone(), what: what.to_owned() }
    }

    fn check(
        self,
        sources: &BTreeMap<String, String>,
        terms: &BTreeMap<String, Condition>,
    ) -> Result<Rule, TriageError> {
        if self.tier == Urgency::SelfCare {
            return Err(self.wrong("a rule asks for something"));
        }
        let texts = [&self.why.en, &self.why.de, &self.say.en, &self.say.de];
        if texts.iter().any(|text| text.trim().is_empty()) {
            return Err(self.wrong("a text is empty"));
        }
        let sources = cited(&self.source, sources).map_err(|what| self.wrong(&what))?;
        let when = self.when.clone().resolve(terms).map_err(|what| self.wrong(&what))?;
        Ok(Rule {
            id: self.id,
            urgency: self.tier,
            when,
            why: self.why,
            say: self.say,
            sources,
            evidence: self.evidence,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_valid() {
        assert_eq!(Table::parse(BASE, &RULES).map(|table| table.rules.len()), Ok(rules().len()));
    }

    #[test]
    fn a_bad_table_is_refused_and_says_where() {
        for (good, bad, what) in [
            ("any_yes = [\"cauda\"]", "any_yes = [\"saddle\"]", "there is no fact \"saddle\""),
            ("any_yes = [\"cauda\"]", "any_yes = []", "empty list"),
            ("any_yes = [\"cauda\"]", "term = \"nothing\"", "there is no term"),
            ("any_yes = [\"cauda\"]", "fact = \"onset\", is = \"slowly\"", "no option \"slowly\""),
            ("any_yes = [\"cauda\"]", "fact = \"age_years\", at_least = 200", "from 0 to 110"),
            ("any_yes = [\"cauda\"]", "fact = \"age_years\", is = true", "another kind"),
            ("any_yes = [\"cauda\"]", "fact = \"age_years\"", "go together"),
            ("id = \"cauda\"", "id = \"unsteady_new\"", "used twice"),
            ("tier = \"watch\"", "tier = \"self_care\"", "asks for something"),
            ("source = [\"aorta\"]", "source = []", "cites no source"),
            ("source = [\"aorta\"]", "source = [\"hearsay\"]", "unknown source"),
            ("evidence = \"weak\"", "evidence = \"sure\"", "line"),
        ] {
            let all = RULES.join("\n");
            let text = all.replacen(good, bad, 1);
            assert_ne!(text, all, "{good}");
            let error = Table::parse(BASE, &[&text]).expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
