//! Answers whose types belong to crates that know nothing of the web, described once more for the document.
//!
//! Nothing is ever made of these types: they only describe. That they say what is really sent is held by a test
//! that judges real answers by them, each object closed and with all of its fields. What no answer may happen to
//! show, an enum's variants, comes from the code itself (`names`), or is held to it by the test below.
#![expect(dead_code, reason = "these types only describe")]

mod bed;
mod guide;
mod names;
mod person;
mod plan;
mod service;

use utoipa::ToSchema;

pub(crate) use bed::*;
pub(crate) use guide::*;
pub(crate) use names::*;
pub(crate) use person::*;
pub(crate) use plan::*;
pub(crate) use service::*;

/// A text in every language.
#[derive(ToSchema)]
pub(crate) struct Words {
    /// English.
    en: String,
    /// German.
    de: String,
}

/// A value with the interval that holds the truth nine times in ten.
#[derive(ToSchema)]
pub(crate) struct Interval {
    /// Best estimate.
    value: f64,
    /// Lower end of the 90 % interval.
    lo90: f64,
    /// Upper end of the 90 % interval.
    hi90: f64,
}

#[cfg(test)]
mod tests {
    use super::names::names;
    use serde::de::DeserializeOwned;
    use serde_json::Value;
    use utoipa::PartialSchema;

    /// Whether the document knows every variant, those that carry something with what they carry.
    fn holds<T: DeserializeOwned, S: PartialSchema>() {
        let schema = serde_json::to_value(S::schema()).expect("plain data");
        let told = schema["oneOf"].as_array().expect("variants").iter().flat_map(|one| {
            let bare = one["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            bare.chain(one["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()))
        });
        let (mut told, mut known): (Vec<&str>, Vec<&str>) = (told.collect(), names::<T>().to_vec());
        told.sort_unstable();
        known.sort_unstable();
        assert_eq!(told, known, "{}", std::any::type_name::<T>());
    }

    #[test]
    fn the_document_names_every_variant_that_carries_something() {
        holds::<host::session::Answer, super::Answer>();
        holds::<host::prescription::HeatMax, super::HeatMax>();
        holds::<link::TwinAct, super::TwinAct>();
        holds::<plan::Reach, super::Reach>();
    }

    #[test]
    fn the_names_of_an_enum_are_those_that_are_sent() {
        assert_eq!(names::<host::next::Felt>(), ["too_light", "right", "too_strong"]);
        for felt in host::next::Felt::ALL {
            let sent = serde_json::to_value(felt).expect("plain data");
            assert!(names::<host::next::Felt>().iter().any(|name| sent == *name), "{sent}");
        }
    }
}
