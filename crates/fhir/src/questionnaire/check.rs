//! Is a form fit to be filled? The first rule that it breaks is named, with the item.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Choices, Item, ItemKind, Operator, Questionnaire};
use crate::document::check_nothing_empty;
use crate::error::{FhirError, short};

/// Elements of a form that came with R5. Source: FHIR R5, Questionnaire, "R4 and R5 differences".
const R5_FORM: [&str; 3] = ["versionAlgorithmString", "versionAlgorithmCoding", "copyrightLabel"];

/// Elements of an item that came with R5. Source: as above.
const R5_ITEM: [&str; 2] = ["answerConstraint", "disabledDisplay"];

/// Types of items that came with R5 (`coding` took the place of `choice` and `open-choice`). Source: as above.
const R5_KINDS: [&str; 2] = ["coding", "question"];

/// Checks before the form is read: what would otherwise be named without its place.
pub(super) fn shape(form: &Value) -> Result<(), FhirError> {
    check_nothing_empty("Questionnaire", form)?;
    later("Questionnaire", form, &R5_FORM)?;
    items(form)
}

fn later(at: &str, value: &Value, names: &[&str]) -> Result<(), FhirError> {
    match names.iter().find(|name| value.get(name).is_some()) {
        Some(name) => Err(FhirError::LaterRelease { at: at.to_owned(), what: format!("\"{name}\"") }),
        None => Ok(()),
    }
}

fn items(parent: &Value) -> Result<(), FhirError> {
    let Some(list) = parent.get("item") else { return Ok(()) };
    let list = list.as_array().ok_or_else(|| FhirError::form("Questionnaire", "item must be a list"))?;
    for item in list {
        let Some(link_id) = item.get("linkId").and_then(Value::as_str) else {
            return Err(FhirError::form("Questionnaire", "an item has no linkId"));
        };
        let at = place(link_id);
        later(&at, item, &R5_ITEM)?;
        match item.get("type") {
            Some(Value::String(kind)) if R5_KINDS.contains(&kind.as_str()) => {
                return Err(FhirError::LaterRelease { at, what: format!("the type \"{kind}\"") });
            }
            Some(kind) if serde_json::from_value::<ItemKind>(kind.clone()).is_err() => {
                return Err(FhirError::form(at, format!("there is no type {}", short(&kind.to_string()))));
            }
            Some(_) => {}
            None => return Err(FhirError::form(at, "the item has no type")),
        }
        items(item)?;
    }
    Ok(())
}

fn place(link_id: &str) -> String {
    format!("Questionnaire, item \"{}\"", short(link_id))
}

/// Checks the form that was read.
pub(super) fn rules(form: &Questionnaire) -> Result<(), FhirError> {
    let mut kinds = BTreeMap::new();
    for (_, item) in form.items() {
        if kinds.insert(item.link_id.as_str(), item).is_some() {
            return Err(FhirError::form(place(&item.link_id), "the linkId stands there twice"));
        }
    }
    for (_, item) in form.items() {
        let wrong = |what: String| FhirError::form(place(&item.link_id), what);
        alone(item).map_err(|what| wrong(what.to_owned()))?;
        conditions(item, &kinds).map_err(wrong)?;
        for first in &item.initial {
            first.answer().map_err(wrong)?;
        }
        let choices = Choices::read(form, item).map_err(wrong)?;
        if matches!(choices, Choices::Listed { choices, .. } if choices.is_empty()) {
            return Err(wrong("its list of options is empty".to_owned()));
        }
    }
    no_circle(form)
}

/// The rules about one item.
fn alone(item: &Item) -> Result<(), &'static str> {
    let kind = item.kind;
    let repeats = item.repeats == Some(true);
    let rules = [
        (kind == ItemKind::Group && item.item.is_empty(), "a group holds items (que-1)"),
        (kind == ItemKind::Display && !item.item.is_empty(), "a text to read holds no items (que-1)"),
        (kind == ItemKind::Display && !item.code.is_empty(), "a text to read has no code (que-3)"),
        (
            item.answer_value_set.is_some() && !item.answer_option.is_empty(),
            "answerOption and answerValueSet exclude each other (que-4)",
        ),
        (
            item.answer_value_set.is_some() && !kind.has_options(),
            "only choice and open-choice have an answerValueSet (que-5)",
        ),
        (
            kind == ItemKind::Display && (item.required.is_some() || item.repeats.is_some()),
            "a text to read is neither required nor repeated (que-6)",
        ),
        (!kind.is_question() && !item.initial.is_empty(), "only a question has a first value (que-8)"),
        (
            item.enable_when.len() > 1 && item.enable_behavior.is_none(),
            "more than one enableWhen needs an enableBehavior (que-12)",
        ),
        (
            repeats && kind.is_question() && item.item.iter().any(|inner| inner.kind != ItemKind::Display),
            "a question with several answers and questions below it cannot be filled here",
        ),
    ];
    rules.iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, what)| Err(what))
}

/// The conditions of an item name questions that are there, and compare like with like.
fn conditions(item: &Item, kinds: &BTreeMap<&str, &Item>) -> Result<(), String> {
    for when in &item.enable_when {
        let about = short(&when.question);
        let asked = kinds.get(when.question.as_str()).filter(|asked| asked.kind.is_question());
        let Some(asked) = asked else {
            return Err(format!("enableWhen: there is no question \"{about}\""));
        };
        let wanted = crate::answer::Answer::read("answer", &when.rest)
            .map_err(|what| format!("enableWhen on \"{about}\": {what}"))?;
        let fits = match when.operator {
            Operator::Exists => wanted.kind() == "Boolean",
            _ => asked.kind.takes(&wanted),
        };
        if !fits {
            let kind = wanted.kind();
            return Err(format!(
                "enableWhen on \"{about}\" compares with a {kind}, which it never is (que-7)"
            ));
        }
    }
    Ok(())
}

/// No item may hang on itself, through conditions or through the items above it.
fn no_circle(form: &Questionnaire) -> Result<(), FhirError> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, item) in form.items() {
        needs
            .entry(&item.link_id)
            .or_default()
            .extend(item.enable_when.iter().map(|when| when.question.as_str()));
        for inner in &item.item {
            needs.entry(&inner.link_id).or_default().insert(&item.link_id);
        }
    }
    // What hangs on nothing that is left is taken away until nothing more can be.
    while let Some(free) = needs.iter().find(|(_, on)| on.is_empty()).map(|(id, _)| *id) {
        needs.remove(free);
        needs.values_mut().for_each(|on| {
            on.remove(free);
        });
    }
    match needs.keys().next() {
        Some(link_id) => Err(FhirError::form(place(link_id), "whether it is asked hangs on its own answer")),
        None => Ok(()),
    }
}
