//! FHIR R4: forms to import and fill, and the diary as a bundle and back.
//!
//! * [`Questionnaire::parse`] reads and checks a form, [`Questionnaire::fill`] gives an empty sheet of it,
//!   [`Filling::rows`] says what is asked now, [`Filling::answer`] takes an answer that fits, and
//!   [`Filling::response`] is the answered sheet. What the crate does not know is kept as it came.
//! * [`bundle`] writes a diary, what is known of the person, and what was answered beside it; [`read_bundle`]
//!   reads it back without loss, and foreign bundles as far as they are understood. Whatever was not taken
//!   is listed ([`NotTaken`]).
//!
//! * [`Bundle::add_sessions`] adds what a bed recorded of sessions; it stays apart from the diary and is not read back.
//!
//! Terms are those of FHIR (<https://hl7.org/fhir/R4>): a *resource* is a document of one kind, a *bundle* a
//! collection of them, a *coding* a code of a system, an *extension* a further element. Units are UCUM.
//!
//! How far this is checked: `ci/validate_fhir.py` gives every export to `fhir.resources`, which others
//! wrote. It knows R4B (4.3), not R4 (4.0.1); between the two none of the resources used here changed, so
//! it proves names, types, cardinalities and required elements. It proves neither the invariants of R4
//! (`obs-7`, `con-4`), nor codes, nor units, nor any national profile.
//!
//! What this crate does not do: it talks to no server, fetches no list of options, knows no clock, and
//! diagnoses nothing: an episode leaves it as told by the person and unconfirmed.
//!
//! ```
//! use care::Day;
//! use fhir::{Answer, Questionnaire};
//!
//! let form = Questionnaire::parse(include_str!("../forms/back-today.json"))?;
//! let mut sheet = form.fill();
//! sheet.answer("pain", vec![Answer::Integer(4)])?;
//! let error = sheet.answer("pain", vec![Answer::Integer(11)]).expect_err("the scale ends at 10");
//! assert_eq!(error.to_string(), "\"pain\": must be at most 10, and is 11");
//! assert_eq!(sheet.response(Day(20_779)).status, "in-progress"); // "spasm" is required too
//! # Ok::<(), fhir::FhirError>(())
//! ```

mod answer;
mod bed;
mod codes;
mod document;
mod element;
mod error;
mod fill;
mod id;
mod own;
mod questionnaire;
mod read;
mod resource;
mod response;
mod told;
mod value;
mod write;

pub use answer::Answer;
pub use bed::{BedSession, Figure, Measured};
pub use element::{CodeableConcept, Coding, Extension, LOINC, Quantity, Reference, UCUM};
pub use error::{FhirError, NotTaken};
pub use fill::{Filling, Row};
pub use own::{
    facts_form, findings_response, read_findings, read_screening, screening_form, screening_responses,
};
pub use questionnaire::{
    Choice, Choices, EnableBehavior, EnableWhen, Item, ItemKind, Operator, Questionnaire,
};
pub use read::{Records, read_bundle};
pub use resource::{Bundle, BundleEntry};
pub use response::{QuestionnaireResponse, ResponseAnswer, ResponseItem};
pub use write::{About, Answered, bundle};
