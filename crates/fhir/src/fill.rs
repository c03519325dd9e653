//! A sheet of a form that is being filled.

use std::collections::BTreeMap;

use crate::answer::Answer;
use crate::error::{FhirError, short};
use crate::questionnaire::{Choices, Item, ItemKind, Questionnaire, enabled};

/// A sheet of a form: the answers so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Filling<'a> {
    form: &'a Questionnaire,
    answers: BTreeMap<String, Vec<Answer>>,
}

/// One line that is asked or read now.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// The item.
    pub item: &'a Item,
    /// How many items stand above it.
    pub depth: usize,
    /// What it may be answered with.
    pub choices: Choices,
    /// Its answers so far.
    pub answers: &'a [Answer],
}

impl<'a> Filling<'a> {
    pub(crate) fn new(form: &'a Questionnaire) -> Self {
        let first = |item: &Item| -> Vec<Answer> {
            item.initial.iter().filter_map(|choice| choice.answer().ok()).collect()
        };
        let answers = form
            .items()
            .map(|(_, item)| (item.link_id.clone(), first(item)))
            .filter(|(_, answers)| !answers.is_empty())
            .collect();
        Self { form, answers }
    }

    /// A sheet with answers that were already given, unchecked.
    pub(crate) fn with(form: &'a Questionnaire, answers: BTreeMap<String, Vec<Answer>>) -> Self {
        Self { form, answers }
    }

    /// The form.
    #[must_use]
    pub fn form(&self) -> &'a Questionnaire {
        self.form
    }

    /// What is asked or read now, in the order of the form.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let row = |(depth, item): (usize, &'a Item)| Row {
            item,
            depth,
            choices: self.choices(item),
            answers: self.given(&item.link_id),
        };
        enabled(self.form, &self.answers).into_iter().map(row).collect()
    }

    /// What a question may be answered with.
    #[must_use]
    pub fn choices(&self, item: &Item) -> Choices {
        Choices::read(self.form, item).unwrap_or(Choices::Free)
    }

    /// The answers to a question, asked now or not.
    #[must_use]
    pub fn given(&self, link_id: &str) -> &[Answer] {
        self.answers.get(link_id).map_or(&[], Vec::as_slice)
    }

    /// Answers a question, in the place of an earlier answer; no answers take it back.
    ///
    /// # Errors
    /// There is no such question, it is not asked now, or an answer does not fit it; nothing is changed.
    pub fn answer(&mut self, link_id: &str, answers: Vec<Answer>) -> Result<(), FhirError> {
        let wrong = |what: String| FhirError::answer(link_id, what);
        let item = self.form.find(link_id).filter(|item| item.kind.is_question());
        let item = item.ok_or_else(|| wrong("there is no such question".to_owned()))?;
        if !enabled(self.form, &self.answers).iter().any(|(_, asked)| asked.link_id == link_id) {
            return Err(wrong("is not asked with the answers so far".to_owned()));
        }
        let answers = self.fit(item, answers).map_err(wrong)?;
        if answers.is_empty() {
            self.answers.remove(link_id);
        } else {
            self.answers.insert(link_id.to_owned(), answers);
        }
        Ok(())
    }

    /// Checks the answers against the item; a code gets the words that the form has for it.
    pub(crate) fn fit(&self, item: &Item, answers: Vec<Answer>) -> Result<Vec<Answer>, String> {
        if answers.len() > 1 && item.repeats != Some(true) {
            return Err(format!("takes one answer, not {}", answers.len()));
        }
        let choices = Choices::read(self.form, item)?;
        let mut fitted: Vec<Answer> = Vec::with_capacity(answers.len());
        for answer in answers {
            let answer = fit_one(item, &choices, answer)?;
            if fitted.iter().any(|other| other.same(&answer)) {
                return Err("has the same answer twice".to_owned());
            }
            fitted.push(answer);
        }
        Ok(fitted)
    }

    /// The questions that are asked, required, and not answered.
    #[must_use]
    pub fn missing(&self) -> Vec<&'a Item> {
        enabled(self.form, &self.answers)
            .into_iter()
            .map(|(_, item)| item)
            .filter(|item| {
                item.kind.is_question() && item.required == Some(true) && self.given(&item.link_id).is_empty()
            })
            .collect()
    }

    /// The items that are asked, by depth.
    pub(crate) fn asked(&self) -> Vec<&'a Item> {
        enabled(self.form, &self.answers).into_iter().map(|(_, item)| item).collect()
    }
}

fn fit_one(item: &Item, choices: &Choices, answer: Answer) -> Result<Answer, String> {
    if !item.kind.takes(&answer) {
        return Err(format!("wants {}", item.kind.wants()));
    }
    match choices {
        Choices::Listed { choices, open } => {
            if let Some(choice) = choices.iter().find(|choice| choice.same(&answer)) {
                return Ok(choice.clone());
            }
            if !(*open && matches!(answer, Answer::String(_))) {
                return Err(format!("has no option {}; it has {}", shown(&answer), all_shown(choices)));
            }
        }
        Choices::Elsewhere(_) | Choices::Free => {}
    }
    match &answer {
        Answer::Decimal(value) if !value.is_finite() => return Err("wants a number".to_owned()),
        Answer::Date(text) if !crate::element::is_date(text) => {
            return Err("wants a date: YYYY, YYYY-MM or YYYY-MM-DD".to_owned());
        }
        Answer::String(text) | Answer::Uri(text) if text.trim().is_empty() => {
            return Err("wants words".to_owned());
        }
        Answer::String(text) => {
            let length = text.chars().count();
            if item.max_length.is_some_and(|max| length > max as usize) {
                let max = item.max_length.unwrap_or_default();
                return Err(format!("takes at most {max} characters; this has {length}"));
            }
        }
        Answer::Coding(coding) if coding.code.is_none() => return Err("wants a code".to_owned()),
        _ => {}
    }
    for (name, outside, word) in [
        ("minValue", core::cmp::Ordering::Less, "at least"),
        ("maxValue", core::cmp::Ordering::Greater, "at most"),
    ] {
        if let Some(bound) = item.bound(name).filter(|bound| answer.order(bound) == Some(outside)) {
            return Err(format!("must be {word} {}, and is {}", shown(&bound), shown(&answer)));
        }
    }
    Ok(answer)
}

/// An answer for a message.
fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Coding(coding) => {
            let words = coding.display.as_deref().or(coding.code.as_deref()).unwrap_or("without a code");
            format!("\"{}\"", short(words))
        }
        Answer::Integer(value) => value.to_string(),
        Answer::Decimal(value) => value.to_string(),
        Answer::Date(text) | Answer::DateTime(text) | Answer::Time(text) => short(text),
        Answer::String(text) | Answer::Uri(text) => format!("\"{}\"", short(text)),
        Answer::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Answer::Quantity(quantity) => {
            let value = quantity.value.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{value} {}", short(quantity.unit.as_deref().unwrap_or_default()))
        }
    }
}

fn all_shown(choices: &[Answer]) -> String {
    let shown: Vec<String> = choices.iter().take(12).map(shown).collect();
    let more = if choices.len() > 12 { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

impl ItemKind {
    /// Whether an answer is of its type.
    pub(crate) fn takes(self, answer: &Answer) -> bool {
        match self {
            Self::Group | Self::Display | Self::Attachment | Self::Reference => false,
            Self::Boolean => matches!(answer, Answer::Boolean(_)),
            Self::Decimal => matches!(answer, Answer::Decimal(_)),
            Self::Integer => matches!(answer, Answer::Integer(_)),
            Self::Date => matches!(answer, Answer::Date(_)),
            Self::DateTime => matches!(answer, Answer::DateTime(_)),
            Self::Time => matches!(answer, Answer::Time(_)),
            Self::String | Self::Text => matches!(answer, Answer::String(_)),
            Self::Url => matches!(answer, Answer::Uri(_)),
            Self::Choice | Self::OpenChoice => matches!(
                answer,
                Answer::Coding(_)
                    | Answer::String(_)
                    | Answer::Integer(_)
                    | Answer::Date(_)
                    | Answer::Time(_)
            ),
            Self::Quantity => matches!(answer, Answer::Quantity(_)),
        }
    }

    /// What it is answered with, in words.
    pub(crate) fn wants(self) -> &'static str {
        match self {
            Self::Group | Self::Display => "no answer",
            Self::Boolean => "yes or no",
            Self::Decimal => "a number",
            Self::Integer => "a whole number",
            Self::Date => "a date",
            Self::DateTime => "a date with a time",
            Self::Time => "a time",
            Self::String | Self::Text => "words",
            Self::Url => "an address",
            Self::Choice | Self::OpenChoice => "one of its options",
            Self::Attachment => "a file, which cannot be given here",
            Self::Reference => "another resource, which cannot be given here",
            Self::Quantity => "a number with a unit",
        }
    }
}
