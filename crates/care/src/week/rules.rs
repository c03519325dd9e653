//! The table behind the plan (`care/week.toml`): limits, weights, rules of change and words, checked once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{MINUTES_MAX, Version};
use crate::day::Day;
use crate::exercise::{Level, Serves, exercise};
use crate::scores::Reading;
use crate::topic::causes;
use crate::triage::Urgency;
use crate::words::{Evidence, Words};

/// The table of the plan cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("plan for the week: {0}")]
pub struct WeekError(String);

/// The table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    #[serde(rename = "checked")]
    _checked: Day,
    pub(super) sources: BTreeMap<String, String>,
    pub(super) limits: Limits,
    pub(super) kinds: Kinds,
    pub(super) serves: BTreeMap<Serves, f64>,
    pub(super) cause: BTreeMap<String, BTreeMap<Serves, f64>>,
    pub(super) choice: Choice,
    pub(super) rule: Vec<Rule>,
    pub(super) say: Vec<Say>,
}

/// Numbers of the plan: minutes, times a week, parts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) most_ticked_from: f64,
    pub(super) minutes_a_day: u8,
    pub(super) items_a_day: u8,
    pub(super) minutes_floor: u8,
    pub(super) walk_floor: u8,
    pub(super) walk_part: f64,
    pub(super) walk_times: u8,
    pub(super) strength_times: u8,
    pub(super) massage_minutes: u8,
    pub(super) massage_times: u8,
}

/// Exercises with a place of their own.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kinds {
    pub(super) walk: String,
    pub(super) calm: Vec<String>,
    pub(super) rest: Vec<String>,
    pub(super) apart: Vec<String>,
}

impl Kinds {
    pub(super) fn all(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.walk).chain(&self.calm).chain(&self.rest).chain(&self.apart)
    }
}

/// What earlier weeks add to an exercise's weight, and from which weight a purpose has its own item.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    pub(super) ticked: f64,
    pub(super) left_undone: f64,
    pub(super) helped: f64,
    pub(super) calm_from: f64,
    pub(super) breaks_from: f64,
}

/// How much of the last week was ticked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ticked {
    /// Nothing.
    Nothing,
    /// A part.
    Some,
    /// Nearly all.
    Most,
}

/// How the worst pain of the days went, last week against the week before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PainCourse {
    /// Down by enough to matter.
    Better,
    /// Up by enough to matter.
    Worse,
    /// Neither.
    NoClearChange,
    /// Too few days were written down.
    Unknown,
}

impl From<Option<Reading>> for PainCourse {
    fn from(reading: Option<Reading>) -> Self {
        match reading {
            Some(Reading::Better) => Self::Better,
            Some(Reading::Worse) => Self::Worse,
            Some(Reading::NoClearChange) => Self::NoClearChange,
            None => Self::Unknown,
        }
    }
}

/// What the rules look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Situation {
    pub(super) first: bool,
    pub(super) course: PainCourse,
    pub(super) ticked: Ticked,
    pub(super) weeks_worse: u8,
    pub(super) pain: Option<u8>,
    pub(super) urgency: Urgency,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RuleKind {
    Step,
    Cap,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) kind: RuleKind,
    pub(super) when: When,
    pub(super) does: Do,
    pub(super) en: String,
    pub(super) de: String,
    pub(super) source: Vec<String>,
    pub(super) evidence: Evidence,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct When {
    first: Option<bool>,
    course: Option<Vec<PainCourse>>,
    ticked: Option<Vec<Ticked>>,
    weeks_worse: Option<u8>,
    pain: Option<[u8; 2]>,
    pain_known: Option<bool>,
    urgency: Option<Vec<Urgency>>,
}

impl When {
    pub(super) fn holds(&self, now: &Situation) -> bool {
        let pain_in = |[from, to]: [u8; 2]| now.pain.is_some_and(|pain| (from..=to).contains(&pain));
        self.first.is_none_or(|first| first == now.first)
            && self.course.as_ref().is_none_or(|courses| courses.contains(&now.course))
            && self.ticked.as_ref().is_none_or(|parts| parts.contains(&now.ticked))
            && self.weeks_worse.is_none_or(|weeks| now.weeks_worse >= weeks)
            && self.pain.is_none_or(pain_in)
            && self.pain_known.is_none_or(|known| known == now.pain.is_some())
            && self.urgency.as_ref().is_none_or(|urgencies| urgencies.contains(&now.urgency))
    }
}

/// What a rule does.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Do {
    pub(super) set: Set,
    pub(super) step: Step,
    pub(super) part: Part,
    pub(super) at_most: AtMost,
    pub(super) version_step: i8,
    pub(super) keep: f64,
    pub(super) rest: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Set {
    pub(super) level: Option<Level>,
    pub(super) minutes: Option<u8>,
    pub(super) walk: Option<u8>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Step {
    pub(super) level: i8,
    pub(super) minutes: u8,
    pub(super) walk: u8,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Part {
    pub(super) minutes: Option<f64>,
    pub(super) walk: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AtMost {
    pub(super) level: Option<Level>,
    pub(super) minutes: Option<u8>,
    pub(super) items: Option<u8>,
    pub(super) version: Option<Version>,
}

/// Words for what was chosen or left out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Say {
    pub(super) id: String,
    en: String,
    de: String,
    source: Vec<String>,
    evidence: Evidence,
}

/// Why the week looks as it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the rule or of the choice, in `care/week.toml`.
    pub code: String,
    /// The reason, to the person.
    pub words: Words,
    /// What it rests on, written out.
    pub sources: Vec<String>,
    /// How far that carries.
    pub evidence: Evidence,
}

pub(super) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let text = include_str!("../../../../care/week.toml");
        Table::parse(text).unwrap_or_else(|error| panic!("the table that is compiled in: {error}"))
    });
    &TABLE
}

impl Table {
    pub(super) fn parse(text: &str) -> Result<Self, WeekError> {
        let table: Self = toml::from_str(text).map_err(|error| WeekError(error.to_string()))?;
        table.check_numbers().map_err(|what| WeekError(what.to_owned()))?;
        table.check_names().map_err(WeekError)?;
        Ok(table)
    }

    fn check_numbers(&self) -> Result<(), &'static str> {
        let limits = &self.limits;
        let minutes = 1..=MINUTES_MAX;
        if !minutes.contains(&limits.minutes_a_day) {
            return Err("minutes_a_day lies from 1 to 20");
        }
        if [limits.minutes_floor, limits.walk_floor, limits.massage_minutes]
            .iter()
            .any(|part| !(1..=limits.minutes_a_day).contains(part))
        {
            return Err("floors and the massage lie from 1 to minutes_a_day");
        }
        if ![limits.walk_part, limits.most_ticked_from].iter().all(|part| (0.0..=1.0).contains(part)) {
            return Err("a part lies from 0 to 1");
        }
        let weights = self.serves.values().chain(self.cause.values().flat_map(BTreeMap::values));
        if weights.into_iter().any(|weight| !(0.0..=2.0).contains(weight)) {
            return Err("a weight lies from 0 to 2");
        }
        for rule in &self.rule {
            let does = &rule.does;
            let grows = does.step.minutes > 0 || does.step.walk > 0 || does.step.level > 0;
            let sets = does.set.level.is_some() || does.set.minutes.is_some() || does.set.walk.is_some();
            if rule.kind == RuleKind::Cap && (grows || sets || does.version_step > 0) {
                return Err("a cap only takes away");
            }
            let parts = [does.part.minutes, does.part.walk];
            if parts.into_iter().flatten().any(|part| !(0.0..=1.0).contains(&part)) {
                return Err("a part lies from 0 to 1");
            }
        }
        Ok(())
    }

    fn check_names(&self) -> Result<(), String> {
        if let Some(id) = self.kinds.all().find(|id| exercise(id).is_none()) {
            return Err(format!("there is no exercise \"{id}\""));
        }
        for id in self.cause.keys() {
            if !causes().causes.iter().any(|cause| cause.id == *id) {
                return Err(format!("there is no cause \"{id}\""));
            }
        }
        let rules = self.rule.iter().map(|rule| (&rule.id, &rule.en, &rule.de, &rule.source, rule.evidence));
        let says = self.say.iter().map(|say| (&say.id, &say.en, &say.de, &say.source, say.evidence));
        let (mut ids, mut used) = (BTreeSet::new(), BTreeSet::new());
        for (id, en, de, source, evidence) in rules.chain(says) {
            if !ids.insert(id) {
                return Err(format!("\"{id}\" is used twice"));
            }
            if en.trim().is_empty() || de.trim().is_empty() {
                return Err(format!("\"{id}\": a text is empty"));
            }
            if source.is_empty() != (evidence == Evidence::None) {
                return Err(format!("\"{id}\": without a source its evidence is none, with one it is not"));
            }
            if let Some(key) = source.iter().find(|key| !self.sources.contains_key(*key)) {
                return Err(format!("\"{id}\": there is no source \"{key}\""));
            }
            used.extend(source);
        }
        match self.sources.keys().find(|key| !used.contains(key)) {
            Some(key) => Err(format!("no row cites the source \"{key}\"")),
            None => Ok(()),
        }
    }

    /// The words of a choice, filled in.
    pub(super) fn say(&self, id: &str, fill: &[(&str, Words)]) -> Reason {
        let say = self.say.iter().find(|say| say.id == id);
        let say = say.unwrap_or_else(|| panic!("the table has words for \"{id}\", which a test proves"));
        self.reason(id, (&say.en, &say.de), &say.source, say.evidence, fill)
    }

    /// The words of a rule, filled in.
    pub(super) fn why(&self, rule: &Rule, fill: &[(&str, Words)]) -> Reason {
        self.reason(&rule.id, (&rule.en, &rule.de), &rule.source, rule.evidence, fill)
    }

    fn reason(
        &self,
        id: &str,
        (en, de): (&str, &str),
        source: &[String],
        evidence: Evidence,
        fill: &[(&str, Words)],
    ) -> Reason {
        let (mut en, mut de) = (en.to_owned(), de.to_owned());
        for (name, with) in fill {
            let mark = format!("{{{name}}}");
            (en, de) = (en.replace(&mark, &with.en), de.replace(&mark, &with.de));
        }
        let words = Words::new(en, de);
        let sources = source.iter().map(|key| self.sources[key].clone()).collect();
        Reason { code: id.to_owned(), words, sources, evidence }
    }
}
