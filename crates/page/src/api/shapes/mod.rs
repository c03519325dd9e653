//! Answers whose types belong to crates that know nothing of the web, described once more for the document.
//!
//! Nothing is ever made of these types: they only describe. That they say what is really sent is held by a test
//! that judges real answers by them, each object closed and with all of its fields.
#![expect(dead_code, reason = "these types only describe")]

mod bed;
mod person;
mod plan;
mod service;

use utoipa::ToSchema;

pub(crate) use bed::*;
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

/// A side of the person.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
pub(crate) enum Side {
    Left,
    Right,
}
