//! Texts of the guide: in which languages they stand, and how far their sources carry them.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that the guide speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag of BCP 47, as in `lang="de"`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Whether a named person who speaks it read the emergency text. Where none did, English stands
    /// beside it.
    #[must_use]
    pub fn reviewed(self) -> bool {
        self == Self::English
    }
}

/// No language has this tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guide speaks en and de, not \"{0}\"")]
pub struct LanguageError(String);

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(tag: &str) -> Result<Self, LanguageError> {
        Self::ALL
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| LanguageError(tag.to_owned()))
    }
}

/// A text in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
            Language::English => &self.en,
            Language::German => &self.de,
        }
    }
}

impl Words {
    /// Whether no language lacks the text.
    #[must_use]
    pub fn complete(&self) -> bool {
        Language::ALL.iter().all(|&language| !self.of(language).trim().is_empty())
    }
}

/// How far the sources carry what is said; ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Custom, a rule or the guide's own design: nobody has tested it, or it was not found.
    None,
    /// Small, old or observational studies, or the advice of experts or a health service.
    Weak,
    /// One good trial, a guideline, or a review that calls its certainty moderate.
    Moderate,
    /// Several good studies that agree.
    Strong,
}
