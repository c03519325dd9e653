//! A text as a FHIR document: JSON, the wanted kind of resource, and the rules that every one keeps.

use serde_json::Value;

use crate::error::{FhirError, short};

/// The document, if it is a resource of the wanted kind.
pub(crate) fn parse(text: &str, wanted: &'static str) -> Result<Value, FhirError> {
    let value: Value = serde_json::from_str(text.strip_prefix('\u{feff}').unwrap_or(text))
        .map_err(|error| FhirError::Json(error.to_string()))?;
    let found = match value.get("resourceType") {
        Some(Value::String(found)) if found == wanted => return Ok(value),
        Some(Value::String(found)) => format!("a {}", short(found)),
        _ => "no FHIR resource (it has no resourceType)".to_owned(),
    };
    Err(FhirError::Resource { found, wanted })
}

/// FHIR leaves out what is not there: an empty text, list or object, or a null outside a list, is a fault.
pub(crate) fn check_nothing_empty(at: &str, value: &Value) -> Result<(), FhirError> {
    let empty = |what: &str| Err(FhirError::form(at, format!("{what}; FHIR leaves out what is not there")));
    match value {
        Value::Null => empty("null"),
        Value::String(text) if text.is_empty() => empty("an empty text"),
        Value::Array(list) if list.is_empty() => empty("an empty list"),
        Value::Object(fields) if fields.is_empty() => empty("an empty object"),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .filter(|(_, value)| !value.is_null())
            .try_for_each(|(index, value)| check_nothing_empty(&format!("{at}[{index}]"), value)),
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, value)| check_nothing_empty(&format!("{at}.{}", short(name)), value)),
        _ => Ok(()),
    }
}
