//! A diary carried away and brought back, as CSV and as FHIR: the same for commands and pages.

use care::diary::{CsvError, Diary, from_csv_written_by};
use care::{Answers, Day, Findings, Language, Person};
use fhir::{About, Answered, FhirError, NotTaken};

use crate::store::{Kept, Record, StoreError};

/// Largest file that is read, bytes.
///
/// Design: a hundred years of days as a bundle of FHIR, or as CSV with a hundred words a day.
pub const FILE_BYTES_MAX: u64 = 200_000_000;

/// A file that is no diary; one line with the way out.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// It is larger than any diary.
    #[error("{0} bytes; a diary has at most {FILE_BYTES_MAX}")]
    TooLong(u64),
    /// It is no text.
    #[error("no UTF-8 text; save it as \"CSV UTF-8\"")]
    NoText,
    /// It is no diary as CSV.
    #[error("{0}; mend the line, or export again")]
    Csv(CsvError),
    /// It is no bundle of FHIR R4.
    #[error("{0}; give a whole Bundle of FHIR R4, as `ondol care export --format fhir` writes it")]
    Fhir(FhirError),
    /// Nothing in it belongs in a diary.
    #[error("holds no entries for a diary; {0} parts were not taken")]
    Nothing(usize),
}

/// What a file holds of a diary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parcel {
    /// The diary.
    pub diary: Diary,
    /// What of the file has no place in it.
    pub not_taken: Vec<NotTaken>,
}

/// Reads a diary as CSV, or a bundle of FHIR R4, on the day `today`.
///
/// # Errors
/// The file is no diary, or holds nothing for one.
pub fn read(bytes: &[u8], today: Day) -> Result<Parcel, CarryError> {
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(CarryError::TooLong(bytes.len() as u64));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| CarryError::NoText)?;
    let parcel = if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        let (records, mut not_taken) = fhir::read_bundle(text, today).map_err(CarryError::Fhir)?;
        let mut leave = |at: &str, why: &str| {
            not_taken.push(NotTaken { at: at.to_owned(), why: why.to_owned() });
        };
        if records.person != Person::default() {
            leave("age, height, weight", "a diary has no place for them");
        }
        if records.answered != Answered::default() {
            leave("answers to the emergency questions and the screening", "they age, and are asked afresh");
        }
        Parcel { diary: records.diary, not_taken }
    } else {
        let diary = from_csv_written_by(text, today).map_err(CarryError::Csv)?;
        Parcel { diary, not_taken: Vec::new() }
    };
    if parcel.diary.entries().is_empty() {
        return Err(CarryError::Nothing(parcel.not_taken.len()));
    }
    Ok(parcel)
}

/// What a person keeps, as a bundle of FHIR R4 for a clinic.
///
/// # Errors
/// The record cannot be read.
pub fn bundle(record: &Record, today: Day, language: Language) -> Result<fhir::Bundle, StoreError> {
    let findings = record.latest::<Findings>(Kept::Interview, today)?;
    let answered = Answered { findings, answers: Answers::new() };
    let about = About { diary: record.id(), today, language };
    Ok(fhir::bundle(&Person::default(), &record.diary()?, &answered, &about))
}
