//! Texts of the guide: in which languages they stand, and how far their sources carry them.

use serde::{Deserialize, Serialize};

/// A language the guide is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
}

/// A text in every language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Words<T = String> {
    /// English.
    pub en: T,
    /// German.
    pub de: T,
}

impl<T> Words<T> {
    /// The text in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::De => &self.de,
        }
    }
}

/// How far the sources carry what is said; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Custom, or the guide's own design: nobody has tested it.
    None,
    /// Case reports, small or few trials, or the advice of a health service.
    Weak,
    /// A good trial, a guideline, or a review that calls its certainty moderate.
    Moderate,
    /// Several good studies that agree.
    Strong,
}
