//! The small language in which rules and questions say for whom they are.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::facts::{Findings, Kind, Value, fact, opens_others};

/// What a condition tests.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A yes_no fact or a group is answered so.
    Is(bool),
    /// A choice is, or a many has marked, one of these.
    OneOf(Vec<String>),
    /// A number, the limit included.
    AtLeast(f64),
    /// A number, the limit included.
    AtMost(f64),
}

/// A condition over facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one holds.
    All(Vec<Condition>),
    /// One holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One fact is tested.
    Fact {
        /// The fact, group or gate.
        id: String,
        /// What is tested.
        test: Test,
    },
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It does not.
    No,
    /// A question that is due is unanswered, and it hangs on that.
    Open,
    /// It does.
    Yes,
}

/// A condition as it is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ConditionFile {
    all: Option<Vec<ConditionFile>>,
    any: Option<Vec<ConditionFile>>,
    not: Option<Box<ConditionFile>>,
    term: Option<String>,
    any_yes: Option<Vec<String>>,
    all_yes: Option<Vec<String>>,
    fact: Option<String>,
    is: Option<Is>,
    one_of: Option<Vec<String>>,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Is {
    YesNo(bool),
    Choice(String),
}

impl ConditionFile {
    /// The condition, with its terms written out.
    pub(crate) fn resolve(self, terms: &BTreeMap<String, Condition>) -> Result<Condition, String> {
        let test = match (self.is, self.one_of, self.at_least, self.at_most) {
            (Some(Is::YesNo(yes)), None, None, None) => Some(Test::Is(yes)),
            (Some(Is::Choice(one)), None, None, None) => Some(Test::OneOf(vec![one])),
            (None, Some(options), None, None) => Some(Test::OneOf(options)),
            (None, None, Some(limit), None) => Some(Test::AtLeast(limit)),
            (None, None, None, Some(limit)) => Some(Test::AtMost(limit)),
            (None, None, None, None) => None,
            _ => return Err("one test a fact: is, one_of, at_least or at_most".to_owned()),
        };
        let each = |list: Vec<Self>| -> Result<Vec<Condition>, String> {
            list.into_iter().map(|one| one.resolve(terms)).collect()
        };
        let yes = |list: Vec<String>| -> Result<Vec<Condition>, String> {
            list.into_iter().map(|id| tested(id, Test::Is(true))).collect()
        };
        let mut found = Vec::new();
        if let Some(list) = self.all {
            found.push(Condition::All(each(list)?));
        }
        if let Some(list) = self.any {
            found.push(Condition::Any(each(list)?));
        }
        if let Some(one) = self.not {
            found.push(Condition::Not(Box::new(one.resolve(terms)?)));
        }
        if let Some(list) = self.all_yes {
            found.push(Condition::All(yes(list)?));
        }
        if let Some(list) = self.any_yes {
            found.push(Condition::Any(yes(list)?));
        }
        if let Some(name) = self.term {
            found.push(terms.get(&name).cloned().ok_or(format!("there is no term \"{name}\""))?);
        }
        match (self.fact, test) {
            (Some(id), Some(test)) => found.push(tested(id, test)?),
            (None, None) => {}
            _ => return Err("a fact and its test go together".to_owned()),
        }
        match (found.pop(), found.is_empty()) {
            (Some(Condition::All(list) | Condition::Any(list)), true) if list.is_empty() => {
                Err("an empty list holds nothing".to_owned())
            }
            (Some(condition), true) => Ok(condition),
            _ => Err("a condition is exactly one of all, any, not, term, any_yes, all_yes, fact".to_owned()),
        }
    }
}

/// A test of one fact that fits it.
fn tested(id: String, test: Test) -> Result<Condition, String> {
    let kind = match fact(&id) {
        Some(fact) => &fact.kind,
        None if opens_others(&id) => &Kind::YesNo,
        None => return Err(format!("there is no fact \"{id}\"")),
    };
    let fits = match (kind, &test) {
        (Kind::YesNo, Test::Is(_)) => Ok(()),
        (Kind::Choice(_) | Kind::Many(_), Test::OneOf(options)) if !options.is_empty() => {
            let many = matches!(kind, Kind::Many(_));
            options.iter().try_for_each(|one| {
                let value = if many { Value::Many([one.clone()].into()) } else { Value::Choice(one.clone()) };
                kind.check(&id, &value)
            })
        }
        (Kind::Number { .. }, Test::AtLeast(limit) | Test::AtMost(limit)) => {
            kind.check(&id, &Value::Number(*limit))
        }
        _ => return Err(format!("\"{id}\" is of another kind than its test")),
    };
    fits.map_err(|error| error.to_string())?;
    Ok(Condition::Fact { id, test })
}

impl Condition {
    /// Whether it holds for `findings`. A fact without an answer is [`Truth::Open`] where `due` says that its
    /// question should have been answered; else it was not asked, because it did not apply, and counts as no.
    pub fn holds(&self, findings: &Findings, due: &dyn Fn(&str) -> bool) -> Truth {
        match self {
            Self::All(list) => list.iter().map(|one| one.holds(findings, due)).fold(Truth::Yes, Truth::and),
            Self::Any(list) => list.iter().map(|one| one.holds(findings, due)).fold(Truth::No, Truth::or),
            Self::Not(one) => one.holds(findings, due).not(),
            Self::Fact { id, test } => test
                .holds(id, findings)
                .unwrap_or_else(|| if due(id) { Truth::Open } else { Truth::of(*test == Test::Is(false)) }),
        }
    }

    /// Every fact and group that is named.
    pub(crate) fn names<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Self::All(list) | Self::Any(list) => list.iter().for_each(|one| one.names(into)),
            Self::Not(one) => one.names(into),
            Self::Fact { id, .. } => into.push(id),
        }
    }
}

impl Test {
    fn holds(&self, id: &str, findings: &Findings) -> Option<Truth> {
        let told = match (self, findings.get(id)) {
            (Self::Is(wanted), _) => findings.says(id)? == *wanted,
            (Self::OneOf(options), Some(Value::Choice(given))) => options.contains(given),
            (Self::OneOf(options), Some(Value::Many(given))) => options.iter().any(|one| given.contains(one)),
            (Self::AtLeast(limit), Some(Value::Number(given))) => given >= limit,
            (Self::AtMost(limit), Some(Value::Number(given))) => given <= limit,
            _ => return None,
        };
        Some(Truth::of(told))
    }
}

impl Truth {
    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Open,
        }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Open => Self::Open,
            Self::Yes => Self::No,
        }
    }
}
