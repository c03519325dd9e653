//! One person's record.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use care::Day;
use care::diary::{Brought, Diary, DiaryError};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{StoreError, failed, schema};

/// What is kept beside the diary: one value of a kind a day, as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What the person answered ([`care::Findings`]).
    Interview,
    /// A plan for a week, by its first day.
    Week,
    /// What was ticked in a week, by the week's first day.
    Ticks,
    /// What the person answered to the screening table, by row ([`crate::told`]).
    ScreeningAnswers,
    /// What is known of the person's body ([`care::Person`]).
    Body,
    /// Facts that were told for one day alone ([`care::Findings`]).
    FactsToday,
    /// That the interview of this day was still true on the day of the entry.
    StillTrue,
    /// What the person wishes of a plan ([`care::week::Wishes`]).
    PlanWishes,
    /// The answers from which a week was made, by the week's first day.
    WeekBasis,
    /// Settings of the break reminder.
    BreakSettings,
    /// Counts of the break reminder.
    BreakCounts,
    /// Which diary entries each import of a day added: the first, and the one after the last.
    Imports,
    /// What a clinician prescribed ([`crate::prescription::Prescriptions`]).
    Prescriptions,
    /// What was said after the sessions of a day, by their numbers ([`crate::next::Said`]).
    SaidAfter,
}

impl Kept {
    fn name(self) -> &'static str {
        match self {
            Self::Interview => "interview",
            Self::Week => "week",
            Self::Ticks => "ticks",
            Self::ScreeningAnswers => "plan_answers",
            Self::Body => "body",
            Self::FactsToday => "facts_today",
            Self::StillTrue => "still_true",
            Self::PlanWishes => "plan_wishes",
            Self::WeekBasis => "week_basis",
            Self::BreakSettings => "break_settings",
            Self::BreakCounts => "break_counts",
            Self::Imports => "imports",
            Self::Prescriptions => "prescriptions",
            Self::SaidAfter => "said_after",
        }
    }
}

/// An import that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The day on which it was brought in.
    pub day: Day,
    /// The diary entries that it added.
    pub entries: Range<u32>,
    /// How many items would change if it were taken back.
    pub items: usize,
}

/// One person's record, open.
#[derive(Debug)]
pub struct Record {
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    name: String,
}

impl Record {
    /// Opens a record.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = schema::open(path)?;
        let name = connection
            .query_row("SELECT name FROM person", [], |row| row.get(0))
            .map_err(|error| failed(path, error))?;
        Ok(Self { path: path.to_owned(), connection, name })
    }

    /// A random name of the record, which no other one has and which tells nothing of the person.
    #[must_use]
    pub fn id(&self) -> &str {
        let folder = self.path.parent().and_then(Path::file_name);
        folder.and_then(std::ffi::OsStr::to_str).unwrap_or_default()
    }

    /// The person's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The diary.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn diary(&self) -> Result<Diary, StoreError> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut rows = self.connection.prepare("SELECT entry FROM diary ORDER BY number")?;
            rows.query_map([], |row| row.get(0))?.collect()
        };
        let entries = read().map_err(|error| failed(&self.path, error))?;
        diary_of(&entries).map_err(|what| self.form(what))
    }

    /// Changes the diary: what `change` adds is written down whole, or nothing is.
    ///
    /// # Errors
    /// What `change` says, or the record cannot be written.
    pub fn write<T>(
        &mut self,
        change: impl FnOnce(&mut Diary) -> Result<T, DiaryError>,
    ) -> Result<T, StoreError> {
        self.change(change, |_, _| Ok(()))
    }

    /// Brings another diary in ([`Diary::bring`]), whole or not at all, and remembers what it added.
    ///
    /// # Errors
    /// What the diary says, or the record cannot be written.
    pub fn bring(&mut self, told: &Diary, today: Day, replace: bool) -> Result<Brought, StoreError> {
        self.change(
            |diary| diary.bring(told, today, replace),
            |change, added| {
                let kind = Kept::Imports.name();
                let sql = "SELECT value FROM kept WHERE kind = ?1 AND day = ?2";
                let before: Option<String> =
                    change.query_row(sql, params![kind, today.0], |row| row.get(0)).optional()?;
                let mut imports: Vec<Range<u32>> =
                    before.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
                imports.push(added);
                let text = serde_json::to_string(&imports).expect("numbers are plain data");
                let sql = "INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3)";
                change.execute(sql, params![kind, today.0, text]).map(|_| ())
            },
        )
    }

    /// The imports that can still be taken back, oldest first.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn imports(&self) -> Result<Vec<Import>, StoreError> {
        let diary = self.diary()?;
        let all = self.all::<Vec<Range<u32>>>(Kept::Imports)?;
        let all = all.into_iter().flat_map(|(day, list)| list.into_iter().map(move |entries| (day, entries)));
        let import = |(day, entries)| Import { day, items: diary.can_take_back(&entries), entries };
        Ok(all.map(import).filter(|import| import.items > 0).collect())
    }

    /// Changes the diary, and notes what was added in the same transaction.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Diary) -> Result<T, DiaryError>,
        note: impl FnOnce(&Transaction, Range<u32>) -> rusqlite::Result<()>,
    ) -> Result<T, StoreError> {
        let path = self.path.clone();
        let failed = |error| failed(&path, error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let entries = entries(&transaction).map_err(failed)?;
        let mut diary = diary_of(&entries).map_err(|what| StoreError::Form { path: path.clone(), what })?;
        let done = change(&mut diary)?;
        for (number, entry) in (0_i64..).zip(diary.entries()).skip(entries.len()) {
            let text = serde_json::to_string(entry).expect("an entry is plain data");
            transaction
                .execute("INSERT INTO diary VALUES (?1, ?2)", params![number, text])
                .map_err(failed)?;
        }
        let number =
            |count: usize| u32::try_from(count).expect("a diary has fewer than four billion entries");
        let added = number(entries.len())..number(diary.entries().len());
        if !added.is_empty() {
            note(&transaction, added).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        Ok(done)
    }

    /// Keeps a value for a day, in the place of an earlier one.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn keep<T: Serialize>(&self, kind: Kept, day: Day, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value).map_err(|error| self.form(error.to_string()))?;
        self.connection
            .execute("INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3)", params![kind.name(), day.0, text])
            .map_err(|error| failed(&self.path, error))?;
        Ok(())
    }

    /// The value of a day, if there is one.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn kept<T: DeserializeOwned>(&self, kind: Kept, day: Day) -> Result<Option<T>, StoreError> {
        let sql = "SELECT day, value FROM kept WHERE kind = ?1 AND day = ?2";
        Ok(self.one(sql, params![kind.name(), day.0])?.map(|(_, value)| value))
    }

    /// The latest value up to a day, with its day.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn latest<T: DeserializeOwned>(&self, kind: Kept, day: Day) -> Result<Option<(Day, T)>, StoreError> {
        let sql = "SELECT day, value FROM kept WHERE kind = ?1 AND day <= ?2 ORDER BY day DESC LIMIT 1";
        self.one(sql, params![kind.name(), day.0])
    }

    /// All values of a kind, with their days, oldest first.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn all<T: DeserializeOwned>(&self, kind: Kept) -> Result<Vec<(Day, T)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(u32, String)>> {
            let mut rows =
                self.connection.prepare("SELECT day, value FROM kept WHERE kind = ?1 ORDER BY day")?;
            rows.query_map([kind.name()], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        };
        let rows = read().map_err(|error| failed(&self.path, error))?;
        rows.into_iter().map(|row| self.value(row)).collect()
    }

    /// Everything that is kept beside the diary: by kind, then by day.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn everything(&self) -> Result<BTreeMap<String, BTreeMap<Day, serde_json::Value>>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(String, u32, String)>> {
            let mut rows = self.connection.prepare("SELECT kind, day, value FROM kept")?;
            rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
        };
        let mut everything: BTreeMap<String, BTreeMap<Day, serde_json::Value>> = BTreeMap::new();
        for (kind, day, text) in read().map_err(|error| failed(&self.path, error))? {
            let (day, value) = self.value((day, text))?;
            everything.entry(kind).or_default().insert(day, value);
        }
        Ok(everything)
    }

    fn one<T: DeserializeOwned>(
        &self,
        sql: &str,
        of: impl rusqlite::Params,
    ) -> Result<Option<(Day, T)>, StoreError> {
        self.connection
            .query_row(sql, of, |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .map_err(|error| failed(&self.path, error))?
            .map(|row| self.value(row))
            .transpose()
    }

    fn value<T: DeserializeOwned>(&self, (day, text): (u32, String)) -> Result<(Day, T), StoreError> {
        let value = serde_json::from_str(&text).map_err(|error| self.form(error.to_string()))?;
        Ok((Day(day), value))
    }

    pub(super) fn form(&self, what: String) -> StoreError {
        StoreError::Form { path: self.path.clone(), what }
    }
}

fn entries(transaction: &Transaction) -> rusqlite::Result<Vec<String>> {
    let mut rows = transaction.prepare("SELECT entry FROM diary ORDER BY number")?;
    rows.query_map([], |row| row.get(0))?.collect()
}

fn diary_of(entries: &[String]) -> Result<Diary, String> {
    let list = entries
        .iter()
        .map(|entry| serde_json::from_str(entry).map_err(|error| format!("a diary entry: {error}")))
        .collect::<Result<Vec<_>, String>>()?;
    Diary::try_from(list).map_err(|error| format!("the diary: {error}"))
}
