//! What can go wrong, one line each, and what was left behind when a foreign bundle was read.

use core::fmt;

/// A text is no FHIR R4 document that can be used here, or an answer does not fit its form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FhirError {
    /// The text is no JSON.
    #[error("this is no JSON: {0}")]
    Json(String),
    /// It is another kind of resource, or none.
    #[error("this is {found}; a {wanted} is wanted")]
    Resource {
        /// What stands there.
        found: String,
        /// The wanted kind.
        wanted: &'static str,
    },
    /// It is written for a later release of FHIR.
    #[error("{at}: {what} belongs to FHIR R5; save the form as R4 (4.0.1)")]
    LaterRelease {
        /// Where.
        at: String,
        /// The element or the code.
        what: String,
    },
    /// The document breaks a rule of FHIR.
    #[error("{at}: {what}")]
    Form {
        /// Where.
        at: String,
        /// The rule.
        what: String,
    },
    /// An answer does not fit its question.
    #[error("\"{link_id}\": {what}")]
    Answer {
        /// The question.
        link_id: String,
        /// What would fit.
        what: String,
    },
    /// A bundle tells of more than one person; a diary has one.
    #[error("the bundle tells of {0} people: give the bundle of one")]
    People(usize),
}

impl FhirError {
    pub(crate) fn form(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Form { at: at.into(), what: what.into() }
    }

    pub(crate) fn answer(link_id: &str, what: impl Into<String>) -> Self {
        Self::Answer { link_id: short(link_id), what: what.into() }
    }
}

/// Something in a bundle that did not get into the records, so that nothing is lost silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// The resource: its kind and its address in the bundle, and the element where only that was left.
    pub at: String,
    /// Why.
    pub why: String,
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.why)
    }
}

/// At most 60 characters of a foreign text, on one line.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(60).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
