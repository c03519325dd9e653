//! A form: FHIR R4 `Questionnaire`. It is read whole, checked, and written as it came.
//!
//! Terms: an *item* is a line of a form: a group, a text to read, or a question; its *link id* names it.
//!
//! What this does not do: it fetches nothing, so a list of options that stands elsewhere stays unknown
//! ([`Choices::Elsewhere`]). Attachments and references to other resources cannot be asked here.
//!
//! Source: HL7 FHIR R4 (4.0.1), Questionnaire, and its rules que-1 to que-13.

mod check;
mod choices;
mod condition;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use choices::Choices;
pub(crate) use condition::enabled;

use crate::answer::Answer;
use crate::document;
use crate::element::{Coding, Extension};
use crate::error::FhirError;
use crate::fill::Filling;

/// A form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Questionnaire {
    pub resource_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub status: String,
    /// Lists of options that come with the form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contained: Vec<Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A line of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Item {
    pub link_id: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extension: Vec<Extension>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(rename = "type")]
    pub kind: ItemKind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enable_when: Vec<EnableWhen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_behavior: Option<EnableBehavior>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_value_set: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answer_option: Vec<Choice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub initial: Vec<Choice>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub item: Vec<Item>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum ItemKind {
    Group,
    Display,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    String,
    Text,
    Url,
    Choice,
    #[serde(rename = "open-choice")]
    OpenChoice,
    Attachment,
    Reference,
    Quantity,
}

impl ItemKind {
    /// Whether it is answered, not only read.
    #[must_use]
    pub fn is_question(self) -> bool {
        !matches!(self, Self::Group | Self::Display)
    }

    /// Whether it is answered with one of its options.
    #[must_use]
    pub fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::OpenChoice)
    }
}

/// A condition for an item to be asked; what it is compared with stands in `rest` as `answer[x]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct EnableWhen {
    pub question: String,
    pub operator: Operator,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// How an answer is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum Operator {
    #[serde(rename = "exists")]
    Exists,
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    NotEqual,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = ">=")]
    GreaterOrEqual,
    #[serde(rename = "<=")]
    LessOrEqual,
}

/// Whether all conditions must hold or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names are the standard's")]
pub enum EnableBehavior {
    All,
    Any,
}

/// An option or a first value; the value stands in `rest` as `value[x]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Choice {
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Choice {
    pub(crate) fn of(answer: &Answer) -> Self {
        Self { rest: answer.element("value") }
    }

    pub(crate) fn answer(&self) -> Result<Answer, String> {
        Answer::read("value", &self.rest)
    }
}

impl Questionnaire {
    /// Reads a form from JSON and checks it.
    ///
    /// # Errors
    /// One line: no JSON, another resource, a form of R5, or the first rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, FhirError> {
        let value = document::parse(text, "Questionnaire")?;
        check::shape(&value)?;
        let form: Self = serde_json::from_value(value)
            .map_err(|error| FhirError::form("Questionnaire", error.to_string()))?;
        check::rules(&form)?;
        Ok(form)
    }

    /// An empty sheet of this form, with the first values that the form names.
    #[must_use]
    pub fn fill(&self) -> Filling<'_> {
        Filling::new(self)
    }

    /// Every item in the order of the form, each with its depth.
    pub fn items(&self) -> impl Iterator<Item = (usize, &Item)> {
        let mut open: Vec<(usize, &Item)> = self.item.iter().rev().map(|item| (0, item)).collect();
        core::iter::from_fn(move || {
            let (depth, item) = open.pop()?;
            open.extend(item.item.iter().rev().map(|inner| (depth + 1, inner)));
            Some((depth, item))
        })
    }

    /// The item of this link id.
    #[must_use]
    pub fn find(&self, link_id: &str) -> Option<&Item> {
        self.items().map(|(_, item)| item).find(|item| item.link_id == link_id)
    }

    /// The address by which an answered sheet names its form.
    #[must_use]
    pub fn canonical(&self) -> Option<String> {
        let url = self.url.as_ref()?;
        Some(self.version.as_ref().map_or_else(|| url.clone(), |version| format!("{url}|{version}")))
    }
}

impl Item {
    /// A plain item.
    pub(crate) fn new(link_id: &str, kind: ItemKind, text: &str) -> Self {
        Self {
            link_id: link_id.to_owned(),
            extension: Vec::new(),
            code: Vec::new(),
            text: Some(text.to_owned()),
            kind,
            enable_when: Vec::new(),
            enable_behavior: None,
            required: None,
            repeats: None,
            read_only: None,
            max_length: None,
            answer_value_set: None,
            answer_option: Vec::new(),
            initial: Vec::new(),
            item: Vec::new(),
            rest: Map::new(),
        }
    }

    /// The smallest (`minValue`) or largest (`maxValue`) answer.
    pub(crate) fn bound(&self, name: &str) -> Option<Answer> {
        let url = format!("http://hl7.org/fhir/StructureDefinition/{name}");
        let extension = self.extension.iter().find(|extension| extension.url == url)?;
        Answer::read("value", &extension.rest).ok()
    }
}
