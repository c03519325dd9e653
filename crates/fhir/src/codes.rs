//! The codes that the diary is written with.
//!
//! A LOINC code is used only where it says exactly what the diary keeps. Looked at and left out: 87705-0
//! "Sedentary activity 24 hour" (on trial, and lying awake counts), 101691-4 "Duration of physical
//! activity" (method: measured; the diary is told), 55411-3 "Exercise duration" (one bout, not a day).
//! LOINC was searched for a Roland-Morris total and for stress told from 0 to 10, and none was found.
//! These four have a code of the project's own, which says no more than its text.
//!
//! An episode is a `Condition` that no doctor has confirmed (`unconfirmed`), with the project's own code
//! and words. ICD-10-CM M62.830 "Muscle spasm of back" stands beside it where the person named a place of
//! the back; spasms elsewhere get no foreign code. SNOMED CT is not used: it needs a licence in many
//! countries, and a diary must be readable in all of them.

use care::diary::Place;

use crate::element::{CodeableConcept, Coding, LOINC};

/// Where the project's own names live. Design: the project owns no domain, and `.invalid` (RFC 2606) can
/// never belong to another; nothing is to be fetched there.
pub(crate) const BASE: &str = "https://ondol.invalid/fhir";

/// The system of the project's own codes.
pub(crate) const OWN: &str = "https://ondol.invalid/fhir/CodeSystem/diary";

/// ICD-10-CM. Source: HL7 FHIR R4, known code systems.
pub(crate) const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

/// "Muscle spasm of back". Source: ICD-10-CM, M62.8.
pub(crate) const SPASM_OF_BACK: &str = "M62.830";

/// Source: LOINC 72514-3, active; unit {score}.
pub(crate) const PAIN: (&str, &str) =
    ("72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported");

/// Source: LOINC 93832-4; a time.
pub(crate) const SLEEP: (&str, &str) = ("93832-4", "Sleep duration");

/// Source: LOINC 30525-0.
pub(crate) const AGE: (&str, &str) = ("30525-0", "Age");

/// Source: LOINC 8302-2, as in FHIR's vital signs.
pub(crate) const HEIGHT: (&str, &str) = ("8302-2", "Body height");

/// Source: LOINC 29463-7, as in FHIR's vital signs.
pub(crate) const WEIGHT: (&str, &str) = ("29463-7", "Body weight");

/// LOINC's answers to the pain scale, 0 to 10. Source: LOINC answer list LL2335-9.
pub(crate) const RATINGS: [&str; 11] = [
    "LA6111-4",
    "LA6112-2",
    "LA6113-0",
    "LA6114-8",
    "LA6115-5",
    "LA10137-0",
    "LA10138-8",
    "LA10139-6",
    "LA10140-4",
    "LA10141-2",
    "LA13942-0",
];

/// An own code with its words.
pub(crate) fn own(code: &str, words: &str) -> CodeableConcept {
    CodeableConcept::new(vec![Coding::new(OWN, code, words)], words)
}

/// A LOINC code, with an own one that says what of the diary it is.
pub(crate) fn loinc(loinc: (&str, &str), code: &str, words: &str) -> CodeableConcept {
    CodeableConcept::new(vec![Coding::new(LOINC, loinc.0, loinc.1), Coding::new(OWN, code, words)], words)
}

/// A code of a system of HL7.
pub(crate) fn hl7(system: &str, code: &str) -> CodeableConcept {
    let system = format!("http://terminology.hl7.org/CodeSystem/{system}");
    let coding = Coding { system: Some(system), code: Some(code.to_owned()), ..Coding::default() };
    CodeableConcept { coding: vec![coding], ..CodeableConcept::default() }
}

/// The address of an extension of the project's own.
pub(crate) fn extension(name: &str) -> String {
    format!("{BASE}/StructureDefinition/{name}")
}

/// Whether a place belongs to the back that M62.830 means.
pub(crate) fn is_back(place: Place) -> bool {
    matches!(place, Place::UpperBack | Place::LowerBackRibs | Place::LowerBack)
}

/// The name of a place.
pub(crate) fn place_name(place: Place) -> String {
    serde_json::to_value(place)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .expect("a place has a name")
}
