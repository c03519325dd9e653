//! Texts of the guide: in which languages they stand, and how far their sources carry them.

use std::borrow::Cow;
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
    /// English with marks and accents, for those who translate: what stands without them on a page was
    /// written past the tables. Its tag is the custom one for pseudo-languages.
    #[serde(rename = "qps")]
    Pseudo,
}

impl Language {
    /// Those that people read.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag of BCP 47, as in `lang="de"`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Pseudo => "qps",
        }
    }

    /// A short text of the pages in this language.
    #[must_use]
    pub fn say<'a>(self, en: &'a str, de: &'a str) -> Cow<'a, str> {
        match self {
            Self::English => Cow::Borrowed(en),
            Self::German => Cow::Borrowed(de),
            Self::Pseudo => Cow::Owned(pseudo(en)),
        }
    }

    /// A number as this language writes it.
    ///
    /// ```
    /// assert_eq!(care::Language::German.number(42.25, 1), "42,2");
    /// assert_eq!(care::Language::English.number(42.25, 1), "42.2");
    /// ```
    #[must_use]
    pub fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        if self == Self::German { text.replace('.', ",") } else { text }
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
        [Self::English, Self::German, Self::Pseudo]
            .into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| LanguageError(tag.to_owned()))
    }
}

/// A text in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written<T>", bound(deserialize = "T: Deserialize<'de> + Marked"))]
pub struct Words<T = String> {
    /// English.
    pub en: T,
    /// German.
    pub de: T,
    #[serde(skip)]
    pseudo: T,
}

/// The text as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<T> {
    en: T,
    de: T,
}

impl<T: Marked> From<Written<T>> for Words<T> {
    fn from(Written { en, de }: Written<T>) -> Self {
        Self::new(en, de)
    }
}

impl<T: Marked> Words<T> {
    /// A text in every language.
    #[must_use]
    pub fn new(en: T, de: T) -> Self {
        let pseudo = en.marked();
        Self { en, de, pseudo }
    }
}

impl<T> Words<T> {
    /// The text in one language.
    #[must_use]
    pub fn of(&self, language: Language) -> &T {
        match language {
            Language::English => &self.en,
            Language::German => &self.de,
            Language::Pseudo => &self.pseudo,
        }
    }
}

impl Words {
    /// A text in both languages.
    #[must_use]
    pub fn both(en: impl Into<String>, de: impl Into<String>) -> Self {
        Self::new(en.into(), de.into())
    }

    /// The same text in both languages, such as a name.
    #[must_use]
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), de: text.clone(), pseudo: text }
    }

    /// Texts one after the other, with `between` between them.
    #[must_use]
    pub fn joined<'a>(parts: impl IntoIterator<Item = &'a Self>, between: &str) -> Self {
        let (mut en, mut de) = (Vec::new(), Vec::new());
        for part in parts {
            en.push(part.en.as_str());
            de.push(part.de.as_str());
        }
        Self::both(en.join(between), de.join(between))
    }

    /// As one or more sentences: each language with its full stop, if it has none.
    #[must_use]
    pub fn sentence(&self) -> Self {
        let stopped = |text: &str| match text.trim().chars().last() {
            None => String::new(),
            Some('.' | '!' | '?') => text.trim().to_owned(),
            Some(_) => format!("{}.", text.trim()),
        };
        Self::both(stopped(&self.en), stopped(&self.de))
    }

    /// Whether no language lacks the text.
    #[must_use]
    pub fn complete(&self) -> bool {
        Language::ALL.iter().all(|&language| !self.of(language).trim().is_empty())
    }
}

/// Text that can be marked as [`Language::Pseudo`] is.
pub trait Marked {
    /// Between brackets, with its vowels accented; what is empty stays so.
    #[must_use]
    fn marked(&self) -> Self;
}

impl Marked for String {
    fn marked(&self) -> Self {
        pseudo(self)
    }
}

impl Marked for Vec<String> {
    fn marked(&self) -> Self {
        self.iter().map(|text| pseudo(text)).collect()
    }
}

/// An English text as [`Language::Pseudo`] shows it.
///
/// ```
/// assert_eq!(care::pseudo("Lie down."), "⟦Líé dówn.⟧");
/// ```
#[must_use]
pub fn pseudo(en: &str) -> String {
    if en.trim().is_empty() {
        return en.to_owned();
    }
    let accented = en.chars().map(|letter| match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ó',
        'u' => 'ú',
        other => other,
    });
    core::iter::once('⟦').chain(accented).chain(core::iter::once('⟧')).collect()
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
