//! A person's diary: days, episodes of spasm, sessions and scores; nothing is ever overwritten.
//!
//! Terms: an *item* is one thing that was written down (a day, an episode, a session, a score); an
//! *entry* is one version of an item, with the day on which it was written. A correction, a withdrawal
//! and an undo each add an entry; the older ones stay. An item is known by the number of its first
//! entry, entries are numbered from 0 in the order in which they got into this diary. That is the order in
//! which they were written, but for what was brought in from elsewhere ([`Diary::bring`]), which keeps the
//! day on which it was written there.
//!
//! What is not known is `None`, never zero. Sleep belongs to the day on which one woke. What sets
//! spasms off is asked every day as yes or no (`strains`), so that days without a spasm can be
//! compared; `set_off_by` is what the person believes, and no analysis uses it.
//!
//! What this module does not do: it reads no clock and no files ([`to_csv`] and [`from_csv`] turn a
//! diary into text and back), and it gives no advice.

mod csv_text;
mod in_words;
mod merge;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use csv_text::{CsvError, from_csv, from_csv_written_by, to_csv};
pub use in_words::{Strain, change_words, minutes_of, minutes_text, pain_words, strain_name, strains};
pub use merge::{Brought, Left, LeftWhy};

use crate::day::Day;
use crate::scores::{Nprs, Roland};

/// Longest note, characters.
///
/// Design: a page of text.
pub const NOTE_CHARACTERS_MAX: usize = 4000;

/// Longest name of a strain, a program or a cause, characters.
///
/// Design: fits one line of a form.
pub const NAME_CHARACTERS_MAX: usize = 60;

/// Where it hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the places")]
pub enum Place {
    Neck,
    Shoulder,
    UpperBack,
    LowerBackRibs,
    LowerBack,
    Sacrum,
    Buttock,
    Chest,
    Abdomen,
    Arm,
    Hand,
    Thigh,
    Calf,
    Foot,
    Elsewhere,
}

/// One day. What was not asked or not answered is `None` or absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DayRecord {
    /// Worst pain of the day.
    pub pain: Option<Nprs>,
    /// Sleep of the night that ended on this day, minutes.
    pub sleep_min: Option<u16>,
    /// Sitting, minutes.
    pub sitting_min: Option<u16>,
    /// Activity of at least a brisk walk, minutes.
    pub activity_min: Option<u16>,
    /// Stress.
    pub stress: Option<Nprs>,
    /// Strains by name: happened that day (before a spasm began, if there was one) or did not.
    pub strains: BTreeMap<String, bool>,
    /// The person's own words.
    pub notes: String,
}

/// One episode of spasm; its entry's day is the day on which it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Episode {
    /// Last day with the spasm; `None` while it goes on.
    pub last: Option<Day>,
    /// Pain at its worst.
    pub pain: Nprs,
    /// Where it was.
    pub places: BTreeSet<Place>,
    /// Whether the pain ran into arm or leg; `None` when not answered.
    pub radiating: Option<bool>,
    /// What the person believes has set it off.
    pub set_off_by: BTreeSet<String>,
    /// The person's own words.
    pub notes: String,
}

/// One session on the bed, or a massage by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Name of the program, or what was done.
    pub program: String,
    /// Length, minutes.
    pub minutes: u16,
    /// Pain before it.
    pub pain_before: Option<Nprs>,
    /// Pain after it.
    pub pain_after: Option<Nprs>,
    /// The person's own words.
    pub notes: String,
}

/// What an entry holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A day; at most one item a day.
    Day(DayRecord),
    /// An episode of spasm.
    Episode(Episode),
    /// A session.
    Session(Session),
    /// A Roland-Morris score.
    Roland(Roland),
}

/// One version of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The item: the number of its first entry.
    pub item: u32,
    /// The day on which this version was written.
    pub written: Day,
    /// The day that it is about.
    pub day: Day,
    /// What it says; `None` when the item was withdrawn.
    pub record: Option<Record>,
}

/// An entry cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiaryError {
    /// The day lies after the day of writing.
    #[error("{day} lies after {written}, the day of writing: choose a day that has come")]
    Future {
        /// The day it is about.
        day: Day,
        /// The day of writing.
        written: Day,
    },
    /// Entries must be written in order.
    #[error("written on {written}, but the diary has an entry of {last}: check the date of this computer")]
    Earlier {
        /// The day of writing.
        written: Day,
        /// The day of writing of the last entry.
        last: Day,
    },
    /// There is a day record for the day.
    #[error("{day} is already in the diary: correct it")]
    SecondDay {
        /// The day.
        day: Day,
    },
    /// No such item.
    #[error("there is no item {item} in the diary")]
    Unknown {
        /// The item as it was given.
        item: u32,
    },
    /// A correction would make another kind of thing of an item.
    #[error("item {item} is something else: withdraw it and write a new one")]
    OtherKind {
        /// The item.
        item: u32,
    },
    /// The item has one version only.
    #[error("item {item} was never changed: withdraw it instead")]
    Unchanged {
        /// The item.
        item: u32,
    },
    /// A value is out of range.
    #[error("{what}")]
    Range {
        /// What is wrong, with the allowed range.
        what: String,
    },
}

/// A person's diary: entries in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Entry>", into = "Vec<Entry>")]
pub struct Diary {
    entries: Vec<Entry>,
}

impl Diary {
    /// Every entry ever written, oldest first.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes a new item down and returns its number.
    ///
    /// # Errors
    /// The day has not come, is taken, or a value is out of range.
    pub fn write(&mut self, written: Day, day: Day, record: Record) -> Result<u32, DiaryError> {
        self.goes_on(written)?;
        let item = self.next_number();
        self.append(Entry { item, written, day, record: Some(record) })?;
        Ok(item)
    }

    /// Corrects an item; the old version stays.
    ///
    /// # Errors
    /// No such item, another kind of item, or as for [`Diary::write`].
    pub fn correct(&mut self, item: u32, written: Day, day: Day, record: Record) -> Result<(), DiaryError> {
        self.goes_on(written)?;
        self.version(item, 0).ok_or(DiaryError::Unknown { item })?;
        self.append(Entry { item, written, day, record: Some(record) })
    }

    /// Withdraws an item; its versions stay.
    ///
    /// # Errors
    /// No such item.
    pub fn withdraw(&mut self, item: u32, written: Day) -> Result<(), DiaryError> {
        self.goes_on(written)?;
        let day = self.version(item, 0).ok_or(DiaryError::Unknown { item })?.day;
        self.append(Entry { item, written, day, record: None })
    }

    /// Goes back to the version before the last one, by writing it once more. A second undo of the
    /// same item undoes the first.
    ///
    /// # Errors
    /// No such item, never changed, or the day was taken since.
    pub fn undo(&mut self, item: u32, written: Day) -> Result<(), DiaryError> {
        self.goes_on(written)?;
        self.version(item, 0).ok_or(DiaryError::Unknown { item })?;
        let before = self.version(item, 1).ok_or(DiaryError::Unchanged { item })?;
        let entry = Entry { written, ..before.clone() };
        self.append(entry)
    }

    /// The latest day on which something was written.
    #[must_use]
    pub fn last_written(&self) -> Option<Day> {
        self.entries.iter().map(|entry| entry.written).max()
    }

    /// Refuses a day of writing before the last one: the date of the computer was set back.
    fn goes_on(&self, written: Day) -> Result<(), DiaryError> {
        match self.last_written() {
            Some(last) if last > written => Err(DiaryError::Earlier { written, last }),
            _ => Ok(()),
        }
    }

    /// Adds one entry; every other way of writing ends here.
    fn append(&mut self, entry: Entry) -> Result<(), DiaryError> {
        let Entry { item, written, day, .. } = entry;
        if day > written {
            return Err(DiaryError::Future { day, written });
        }
        // Versions of one item follow each other; items may have been written apart from each other.
        if let Some(last) = self.version(item, 0).filter(|last| last.written > written) {
            return Err(DiaryError::Earlier { written, last: last.written });
        }
        let versions = self.entries.iter().filter(|version| version.item == item);
        if versions.clone().next().is_none() && (item != self.next_number() || entry.record.is_none()) {
            return Err(DiaryError::Unknown { item });
        }
        if let Some(record) = &entry.record {
            check(record, day, written)?;
            let same_kind = |old: &Record| core::mem::discriminant(old) == core::mem::discriminant(record);
            if !versions.filter_map(|version| version.record.as_ref()).all(same_kind) {
                return Err(DiaryError::OtherKind { item });
            }
            let taken = |other: &&Entry| {
                other.item != item && other.day == day && matches!(other.record, Some(Record::Day(_)))
            };
            let stands = |other: &Entry| self.version(other.item, 0) == Some(other);
            if matches!(record, Record::Day(_)) && self.entries.iter().filter(taken).any(stands) {
                return Err(DiaryError::SecondDay { day });
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The version of an item `back` steps before its last one.
    fn version(&self, item: u32, back: usize) -> Option<&Entry> {
        self.entries.iter().rev().filter(|entry| entry.item == item).nth(back)
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.entries.len()).expect("a diary has fewer than four billion entries")
    }

    /// The last version of each item that is not withdrawn, by item.
    pub fn current(&self) -> impl Iterator<Item = &Entry> {
        let mut last = BTreeMap::new();
        for entry in &self.entries {
            last.insert(entry.item, entry);
        }
        last.into_values().filter(|entry| entry.record.is_some())
    }

    /// The days with a record, each as it now stands.
    pub fn days(&self) -> impl Iterator<Item = (Day, &DayRecord)> {
        self.current().filter_map(|entry| match &entry.record {
            Some(Record::Day(record)) => Some((entry.day, record)),
            _ => None,
        })
    }

    /// The pain of each day that has one.
    #[must_use]
    pub fn pains(&self) -> Vec<(Day, Nprs)> {
        self.days().filter_map(|(day, record)| Some((day, record.pain?))).collect()
    }

    /// The Roland-Morris scores, in the order in which they were first written.
    #[must_use]
    pub fn rolands(&self) -> Vec<(Day, Roland)> {
        self.current()
            .filter_map(|entry| match &entry.record {
                Some(Record::Roland(score)) => Some((entry.day, *score)),
                _ => None,
            })
            .collect()
    }

    /// The episodes as they now stand, each with the day on which it began.
    pub fn episodes(&self) -> impl Iterator<Item = (Day, &Episode)> {
        self.current().filter_map(|entry| match &entry.record {
            Some(Record::Episode(episode)) => Some((entry.day, episode)),
            _ => None,
        })
    }
}

impl TryFrom<Vec<Entry>> for Diary {
    type Error = DiaryError;

    fn try_from(entries: Vec<Entry>) -> Result<Self, DiaryError> {
        let mut diary = Diary::default();
        entries.into_iter().try_for_each(|entry| diary.append(entry))?;
        Ok(diary)
    }
}

impl From<Diary> for Vec<Entry> {
    fn from(diary: Diary) -> Self {
        diary.entries
    }
}

/// Checks the ranges of a record.
fn check(record: &Record, day: Day, written: Day) -> Result<(), DiaryError> {
    match record {
        Record::Day(record) => {
            let minutes = [
                ("sleep", record.sleep_min),
                ("sitting", record.sitting_min),
                ("activity", record.activity_min),
            ];
            for (name, value) in minutes {
                check_minutes(name, value.unwrap_or(0))?;
            }
            record.strains.keys().try_for_each(|name| check_name("the name of a strain", name))?;
            check_note(&record.notes)
        }
        Record::Episode(episode) => {
            if episode.last.is_some_and(|last| last < day || last > written) {
                return Err(DiaryError::Range {
                    what: format!("the last day of an episode must lie between {day} and {written}"),
                });
            }
            episode.set_off_by.iter().try_for_each(|name| check_name("a cause", name))?;
            check_note(&episode.notes)
        }
        Record::Session(session) => {
            check_minutes("a session", session.minutes)?;
            check_name("the name of a program", &session.program)?;
            check_note(&session.notes)
        }
        Record::Roland(_) => Ok(()),
    }
}

fn check_minutes(name: &str, minutes: u16) -> Result<(), DiaryError> {
    if minutes <= 24 * 60 {
        return Ok(());
    }
    Err(DiaryError::Range { what: format!("{name}: {minutes} minutes; a day has 0 to 1440") })
}

fn check_name(what: &str, name: &str) -> Result<(), DiaryError> {
    let length = name.chars().count();
    if (1..=NAME_CHARACTERS_MAX).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(DiaryError::Range {
        what: format!("{what} has 1 to {NAME_CHARACTERS_MAX} characters on one line; this has {length}"),
    })
}

fn check_note(note: &str) -> Result<(), DiaryError> {
    let length = note.chars().count();
    if length <= NOTE_CHARACTERS_MAX {
        return Ok(());
    }
    Err(DiaryError::Range {
        what: format!("a note has at most {NOTE_CHARACTERS_MAX} characters; this has {length}"),
    })
}
