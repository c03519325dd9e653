//! The data types of FHIR R4 that the resources share. Whatever is not named here is kept in `rest` as it
//! was, so that a document leaves as it came.
//!
//! Source: HL7 FHIR R4 (4.0.1), data types.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The system of the units: every quantity is written with a UCUM code.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// The system of LOINC codes.
pub const LOINC: &str = "http://loinc.org";

/// A code of a system.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Coding {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Coding {
    /// A code with its system and what it says.
    #[must_use]
    pub fn new(system: &str, code: &str, display: &str) -> Self {
        Self {
            system: Some(system.to_owned()),
            code: Some(code.to_owned()),
            display: Some(display.to_owned()),
            rest: Map::new(),
        }
    }

    /// Whether it is this code of this system.
    #[must_use]
    pub fn is(&self, system: &str, code: &str) -> bool {
        self.system.as_deref() == Some(system) && self.code.as_deref() == Some(code)
    }

    /// Whether both say the same: system and code count, what is displayed does not.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.code.is_some() && self.code == other.code && self.system == other.system
    }
}

/// A thing as codes and in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct CodeableConcept {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl CodeableConcept {
    /// Codes and words.
    #[must_use]
    pub fn new(coding: Vec<Coding>, text: &str) -> Self {
        Self { coding, text: Some(text.to_owned()), rest: Map::new() }
    }

    /// Whether one of its codes is this one.
    #[must_use]
    pub fn has(&self, system: &str, code: &str) -> bool {
        self.coding.iter().any(|coding| coding.is(system, code))
    }
}

/// A number with its unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Quantity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Quantity {
    /// A number in a UCUM unit: what is printed, and the code.
    #[must_use]
    pub fn ucum(value: serde_json::Number, unit: &str, code: &str) -> Self {
        Self {
            value: Some(value),
            unit: Some(unit.to_owned()),
            system: Some(UCUM.to_owned()),
            code: Some(code.to_owned()),
            rest: Map::new(),
        }
    }
}

/// A pointer to another resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Reference {
    /// A pointer to this address.
    #[must_use]
    pub fn to(address: &str) -> Self {
        Self { reference: Some(address.to_owned()), rest: Map::new() }
    }
}

/// A further element; the value stands in `rest` under `value` and the name of its type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the standard's")]
pub struct Extension {
    pub url: String,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Extension {
    /// An extension with a value, as in `("valueDate", "2026-11-22")`.
    #[must_use]
    pub fn new(url: &str, kind: &str, value: Value) -> Self {
        Self { url: url.to_owned(), rest: Map::from_iter([(kind.to_owned(), value)]) }
    }
}

/// The person's own words, as FHIR keeps a note.
pub(crate) fn note(text: &str) -> Vec<Value> {
    let kept: String = text.chars().filter(|letter| is_allowed(*letter)).collect();
    if kept.is_empty() { Vec::new() } else { vec![json!({ "text": kept })] }
}

/// Whether FHIR allows a letter in a text: no control letters but tab and line ends.
fn is_allowed(letter: char) -> bool {
    !letter.is_control() || matches!(letter, '\t' | '\n' | '\r')
}

/// Whether a text is a FHIR date: a year, a month or a day.
pub(crate) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>());
    let Some(Ok(numbers)) = parts.iter().map(|part| number(part)).collect::<Option<Result<Vec<u32>, _>>>()
    else {
        return false;
    };
    if ![&[4][..], &[4, 2], &[4, 2, 2]].contains(&&lengths[..]) {
        return false;
    }
    let [year, rest @ ..] = &numbers[..] else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match rest {
        [] => true,
        [month] => (1..=12).contains(month),
        [month, day, ..] => {
            let days = match month {
                2 => 28 + u32::from(leap),
                4 | 6 | 9 | 11 => 30,
                1..=12 => 31,
                _ => 0,
            };
            (1..=days).contains(day)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_years_months_or_days_that_exist() {
        for text in ["1931", "2020-02", "2024-02-29", "2026-12-31"] {
            assert!(is_date(text), "{text}");
        }
        for text in
            ["", "26", "2026-13", "2025-02-29", "2026-1-01", "2026-04-31", "22.11.2026", "2026-01-01-01"]
        {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn an_element_that_nobody_knows_leaves_as_it_came() {
        let text = json!({ "system": LOINC, "code": "1", "userSelected": true, "_display": { "id": "a" } });
        let coding: Coding = serde_json::from_value(text.clone()).expect("a coding");
        assert_eq!(serde_json::to_value(coding).expect("data"), text);
    }

    #[test]
    fn a_note_keeps_line_ends_and_leaves_out_what_fhir_forbids() {
        assert_eq!(note("a\r\n\tb\u{b}\u{0}c"), [json!({ "text": "a\r\n\tbc" })]);
        assert!(note("\u{1}").is_empty());
    }
}
