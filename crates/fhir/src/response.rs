//! An answered sheet: FHIR R4 `QuestionnaireResponse`, from a [`Filling`] and back.

use std::collections::{BTreeMap, BTreeSet};

use care::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::document;
use crate::element::Reference;
use crate::error::{FhirError, short};
use crate::fill::Filling;
use crate::questionnaire::{Item, ItemKind, Questionnaire};

/// An answered sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct QuestionnaireResponse {
    pub resource_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub questionnaire: Option<String>,
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Reference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authored: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<ResponseItem>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A line of an answered sheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct ResponseItem {
    pub link_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<ResponseAnswer>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<ResponseItem>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// An answer; the value stands in `rest` as `value[x]`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct ResponseAnswer {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<ResponseItem>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Filling<'_> {
    /// The answered sheet, dated `authored`: what is asked now and answered, in the order of the form.
    /// It is `completed` when no required answer is missing, else `in-progress`.
    #[must_use]
    pub fn response(&self, authored: Day) -> QuestionnaireResponse {
        let asked: BTreeSet<&str> = self.asked().into_iter().map(|item| item.link_id.as_str()).collect();
        let status = if self.missing().is_empty() { "completed" } else { "in-progress" };
        QuestionnaireResponse {
            resource_type: "QuestionnaireResponse".to_owned(),
            questionnaire: self.form().canonical(),
            status: status.to_owned(),
            subject: None,
            authored: Some(authored.to_string()),
            item: self.lines(&self.form().item, &asked),
            rest: Map::new(),
        }
    }

    fn lines(&self, items: &[Item], asked: &BTreeSet<&str>) -> Vec<ResponseItem> {
        let mut lines = Vec::new();
        for item in items.iter().filter(|item| asked.contains(item.link_id.as_str())) {
            let mut below = self.lines(&item.item, asked);
            let mut answer: Vec<ResponseAnswer> = self
                .given(&item.link_id)
                .iter()
                .map(|answer| ResponseAnswer { item: Vec::new(), rest: answer.element("value") })
                .collect();
            // What is asked below a question stands in its answer; a form that would need more than one
            // answer for it is refused.
            if let Some(first) = answer.first_mut() {
                first.item = core::mem::take(&mut below);
            }
            if !answer.is_empty() || !below.is_empty() {
                lines.push(ResponseItem {
                    link_id: item.link_id.clone(),
                    text: item.text.clone(),
                    answer,
                    item: below,
                    rest: Map::new(),
                });
            }
        }
        lines
    }
}

impl Questionnaire {
    /// Reads an answered sheet of this form and checks every answer.
    ///
    /// # Errors
    /// One line: no such document, a sheet of another form, or the first answer that does not fit.
    pub fn read_response(&self, text: &str) -> Result<Filling<'_>, FhirError> {
        let value = document::parse(text, "QuestionnaireResponse")?;
        let response: QuestionnaireResponse = serde_json::from_value(value)
            .map_err(|error| FhirError::form("QuestionnaireResponse", error.to_string()))?;
        self.take_response(&response)
    }

    /// As [`Questionnaire::read_response`], of a sheet that was read already.
    ///
    /// # Errors
    /// A sheet of another form, or the first answer that does not fit.
    pub fn take_response(&self, response: &QuestionnaireResponse) -> Result<Filling<'_>, FhirError> {
        let without_version = |address: &str| address.split('|').next().unwrap_or_default().to_owned();
        let named = response.questionnaire.as_deref().map(without_version);
        if named.is_some() && self.url.is_some() && named != self.url {
            let other = short(&named.unwrap_or_default());
            return Err(FhirError::form("QuestionnaireResponse", format!("answers another form, {other}")));
        }
        let mut answers = BTreeMap::new();
        self.collect(&response.item, &mut answers)?;
        let filling = Filling::with(self, answers);
        let asked: BTreeSet<&str> = filling.asked().into_iter().map(|item| item.link_id.as_str()).collect();
        for (_, item) in self.items() {
            if !filling.given(&item.link_id).is_empty() && !asked.contains(item.link_id.as_str()) {
                return Err(FhirError::answer(
                    &item.link_id,
                    "is answered, but not asked with these answers",
                ));
            }
        }
        Ok(filling)
    }

    fn collect(
        &self,
        lines: &[ResponseItem],
        answers: &mut BTreeMap<String, Vec<Answer>>,
    ) -> Result<(), FhirError> {
        for line in lines {
            let wrong = |what: String| FhirError::answer(&line.link_id, what);
            let item =
                self.find(&line.link_id).ok_or_else(|| wrong("there is no such item in the form".into()))?;
            let given = line
                .answer
                .iter()
                .map(|answer| Answer::read("value", &answer.rest))
                .collect::<Result<Vec<Answer>, String>>()
                .map_err(wrong)?;
            if !given.is_empty() {
                if !matches!(item.kind, ItemKind::Group | ItemKind::Display) {
                    let fitted = Filling::with(self, BTreeMap::new()).fit(item, given).map_err(wrong)?;
                    if answers.insert(line.link_id.clone(), fitted).is_some() {
                        return Err(wrong("stands there twice".into()));
                    }
                } else {
                    return Err(wrong("takes no answer".into()));
                }
            }
            self.collect(&line.item, answers)?;
            for answer in &line.answer {
                self.collect(&answer.item, answers)?;
            }
        }
        Ok(())
    }
}
