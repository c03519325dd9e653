//! Single values out of foreign resources: days, whole numbers, minutes, words. What has been used is taken
//! out of the resource, so that what is left can be named.

use care::Day;
use serde_json::{Map, Value};

use crate::codes::RATINGS;
use crate::element::{CodeableConcept, Extension, LOINC, Quantity, UCUM};
use crate::error::short;
use crate::resource::Observation;

/// The units of a score.
pub(crate) const SCORE: [(&str, f64); 4] = [("{score}", 1.0), ("1", 1.0), ("{#}", 1.0), ("score", 1.0)];

/// The units of time, in minutes.
pub(crate) const MINUTES: [(&str, f64); 3] = [("min", 1.0), ("h", 60.0), ("s", 1.0 / 60.0)];

/// The day of a date with or without a time, as it was written there, whatever its time zone.
pub(crate) fn day(text: &str) -> Result<Day, String> {
    let (date, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    if !rest.is_empty() && !rest.starts_with('T') {
        return Err(format!("\"{}\" is no date", short(text)));
    }
    date.parse().map_err(|_| format!("\"{}\" names no single day since 1970", short(text)))
}

/// The day that an observation is about; `end` for what belongs to the day on which it ends.
pub(crate) fn effective(observation: &mut Observation, end: bool) -> Result<Day, String> {
    if let Some(text) = observation.effective_date_time.take() {
        return day(&text);
    }
    if let Some(Value::String(text)) = observation.rest.remove("effectiveInstant") {
        return day(&text);
    }
    let period = observation.effective_period.take().ok_or("it has no day")?;
    let (Some(from), Some(to)) = (&period.start, &period.end) else {
        return Err("its period has no start or no end".to_owned());
    };
    let (from, to) = (day(from)?, day(to)?);
    if from == to || end {
        return Ok(to);
    }
    Err(format!("it is about more than one day, {from} to {to}"))
}

/// The value of an observation in the first of the units.
pub(crate) fn measure(observation: &mut Observation, units: &[(&str, f64)]) -> Result<f64, String> {
    if let Some(quantity) = observation.value_quantity.take() {
        return in_units(&quantity, units);
    }
    if let Some(value) = observation.rest.remove("valueInteger") {
        return value.as_f64().ok_or_else(|| "its value is no number".to_owned());
    }
    if let Some(value) = observation.rest.remove("valueCodeableConcept") {
        let concept: CodeableConcept = serde_json::from_value(value).map_err(|_| "its value is no code")?;
        let rating = RATINGS.iter().position(|code| concept.has(LOINC, code));
        return rating
            .map(|rating| rating as f64)
            .ok_or_else(|| "its value is a code that is not known".into());
    }
    Err("it has no value that can be read".to_owned())
}

fn in_units(quantity: &Quantity, units: &[(&str, f64)]) -> Result<f64, String> {
    if let Some(comparator) = quantity.rest.get("comparator") {
        return Err(format!("its value is a bound ({}), not a number", short(&comparator.to_string())));
    }
    let value = quantity.value.as_ref().and_then(serde_json::Number::as_f64).ok_or("its value is missing")?;
    if quantity.system.as_deref().is_some_and(|system| system != UCUM) {
        return Err("its unit is not UCUM".to_owned());
    }
    let Some(unit) = quantity.code.as_deref().or(quantity.unit.as_deref()) else {
        // Without a unit only a score is what it says.
        return if units == SCORE { Ok(value) } else { Err("its unit is missing".to_owned()) };
    };
    let factor = units.iter().find(|(code, _)| *code == unit).map(|(_, factor)| factor);
    let known: Vec<&str> = units.iter().map(|(code, _)| *code).collect();
    let unknown = || format!("its unit is \"{}\"; known are {}", short(unit), known.join(", "));
    factor.map(|factor| value * factor).ok_or_else(unknown)
}

/// A whole number from 0 to `max`, in which the diary keeps it.
pub(crate) fn whole(value: f64, max: u16) -> Result<u16, String> {
    // A conversion of units leaves a rounding in the last bits.
    let near = value.round();
    if (value - near).abs() > 1e-6 {
        return Err(format!("{value} is no whole number, as the diary keeps it"));
    }
    if !(0.0..=f64::from(max)).contains(&near) {
        return Err(format!("{value} is outside 0 to {max}"));
    }
    Ok(near as u16)
}

/// Takes the values of an extension of the project's own.
pub(crate) fn take_extensions(list: &mut Vec<Extension>, name: &str, kind: &str) -> Vec<Value> {
    let url = crate::codes::extension(name);
    let mut values = Vec::new();
    list.retain_mut(|extension| {
        let value = if extension.url == url { extension.rest.remove(kind) } else { None };
        let keep = value.is_none() || !extension.rest.is_empty();
        values.extend(value);
        keep
    });
    values
}

/// Takes the words out of notes; what else a note holds (author, time) is left.
pub(crate) fn take_notes(notes: &mut Vec<Value>) -> String {
    let mut words = Vec::new();
    notes.retain_mut(|note| {
        let fields: Option<&mut Map<String, Value>> = note.as_object_mut();
        let Some(fields) = fields else { return true };
        if let Some(text) = fields.get("text").and_then(Value::as_str).map(str::to_owned) {
            fields.remove("text");
            words.push(text);
        }
        !fields.is_empty()
    });
    words.join("\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn observation(fields: Value) -> Observation {
        serde_json::from_value(fields).expect("an observation")
    }

    #[test]
    fn days_are_read_as_written_and_nothing_is_guessed() {
        for text in ["2026-11-22", "2026-11-22T23:59:00-08:00", "2026-11-22T00:00:00Z"] {
            assert_eq!(day(text), Ok(Day(20_779)), "{text}");
        }
        for text in ["2026-11", "2026", "2026-11-22x", "2026-11-31", "", "äöüäöüäöü"] {
            assert!(day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sleep_belongs_to_the_day_on_which_it_ends_and_other_periods_to_one_day() {
        let night =
            json!({ "effectivePeriod": { "start": "2026-11-21T23:00:00Z", "end": "2026-11-22T06:00:00Z" } });
        assert_eq!(effective(&mut observation(night.clone()), true), Ok(Day(20_779)));
        assert!(effective(&mut observation(night), false).is_err());
        assert!(effective(&mut observation(json!({})), true).is_err());
    }

    #[test]
    fn values_are_read_in_the_units_that_fhir_writes_them_in() {
        let pain = |value: Value| measure(&mut observation(value), &SCORE);
        assert_eq!(pain(json!({ "valueInteger": 7 })), Ok(7.0));
        assert_eq!(pain(json!({ "valueQuantity": { "value": 7 } })), Ok(7.0));
        let code =
            json!({ "valueCodeableConcept": { "coding": [{ "system": LOINC, "code": "LA10137-0" }] } });
        assert_eq!(pain(code), Ok(5.0));
        let sleep =
            |quantity: Value| measure(&mut observation(json!({ "valueQuantity": quantity })), &MINUTES);
        assert_eq!(sleep(json!({ "value": 7.5, "system": UCUM, "code": "h" })), Ok(450.0));
        for (quantity, what) in [
            (json!({ "value": 7.5 }), "unit is missing"),
            (json!({ "value": 7.5, "code": "wk" }), "\"wk\""),
            (json!({ "value": 7.5, "system": "http://example.com", "code": "h" }), "not UCUM"),
            (json!({ "value": 7, "comparator": "<", "code": "h" }), "bound"),
            (json!({ "code": "h" }), "missing"),
        ] {
            let error = sleep(quantity).expect_err(what);
            assert!(error.contains(what), "{error}");
        }
        assert_eq!(whole(6.1 * 60.0, 1440), Ok(366));
        assert!(whole(6.5, 10).is_err() && whole(11.0, 10).is_err() && whole(-1.0, 10).is_err());
    }
}
