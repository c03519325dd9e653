//! What a question may be answered with.

use serde_json::Value;

use super::{Item, ItemKind, Questionnaire};
use crate::answer::Answer;
use crate::element::Coding;

/// What a question may be answered with.
#[derive(Clone, Debug, PartialEq)]
pub enum Choices {
    /// Whatever its type allows.
    Free,
    /// One of these.
    Listed {
        /// The options, in the order of the form.
        choices: Vec<Answer>,
        /// Whether other words are taken too.
        open: bool,
    },
    /// A list that does not come with the form: its address. Any code is taken, unchecked.
    Elsewhere(String),
}

impl Choices {
    /// The choices of an item.
    pub(crate) fn read(form: &Questionnaire, item: &Item) -> Result<Self, String> {
        let open = item.kind == ItemKind::OpenChoice;
        if !item.answer_option.is_empty() {
            let choices = item.answer_option.iter().map(super::Choice::answer).collect::<Result<_, _>>()?;
            return Ok(Self::Listed { choices, open });
        }
        let Some(address) = &item.answer_value_set else {
            return if item.kind.has_options() && !open {
                Err("a choice without options".to_owned())
            } else {
                Ok(Self::Free)
            };
        };
        let Some(local) = address.strip_prefix('#') else {
            return Ok(Self::Elsewhere(address.clone()));
        };
        let set = form
            .contained
            .iter()
            .find(|set| set.get("id").and_then(Value::as_str) == Some(local))
            .ok_or_else(|| format!("the list of options \"{address}\" does not come with the form"))?;
        let listed = expansion(set).or_else(|| composed(set));
        Ok(listed.map_or_else(
            || Self::Elsewhere(address.clone()),
            |codings| Self::Listed { choices: codings.into_iter().map(Answer::Coding).collect(), open },
        ))
    }
}

/// The codes that a list was expanded to, those of lower levels too.
fn expansion(set: &Value) -> Option<Vec<Coding>> {
    let mut open: Vec<&Value> = set.get("expansion")?.get("contains")?.as_array()?.iter().rev().collect();
    let mut codings = Vec::new();
    while let Some(entry) = open.pop() {
        let is = |name| entry.get(name).and_then(Value::as_bool) == Some(true);
        if !is("abstract") && !is("inactive") {
            codings.extend(coding(entry.get("system"), entry));
        }
        open.extend(entry.get("contains").and_then(Value::as_array).into_iter().flatten().rev());
    }
    Some(codings)
}

/// The codes that a list names one by one; nothing if it takes in or leaves out others by a rule.
fn composed(set: &Value) -> Option<Vec<Coding>> {
    let compose = set.get("compose")?;
    if compose.get("exclude").is_some() {
        return None;
    }
    let mut codings = Vec::new();
    for include in compose.get("include")?.as_array()? {
        if include.get("filter").is_some() || include.get("valueSet").is_some() {
            return None;
        }
        let concepts = include.get("concept")?.as_array()?;
        codings.extend(concepts.iter().filter_map(|concept| coding(include.get("system"), concept)));
    }
    Some(codings)
}

fn coding(system: Option<&Value>, entry: &Value) -> Option<Coding> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    Some(Coding {
        system: text(system),
        code: Some(text(entry.get("code"))?),
        display: text(entry.get("display")),
        ..Coding::default()
    })
}
