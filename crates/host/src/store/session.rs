//! Sessions in a person's record: reserved before anything heats, journaled while the bed counts, ended with
//! the exact dose, and settled when nobody saw the end.
//!
//! A session is a row from before its first request. **Open**, it counts for today with the strictest dose;
//! the journal keeps what the bed has said so far, and can only add to it. **Ended**, it has the dose that the
//! bed said last. **Settled**, its host was lost: if the same bed, not switched off since, still speaks of the
//! same session, its word counts; otherwise the strictest dose that it can have had. **Void**, the hand switch
//! never began it: it counts for nothing. One person has at most one open session.

use bed::{HeatDose, Level, Side, SpineScan, limits};
use counts::MilliCem43;
use plan::History;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::{Deserialize, Serialize};

use super::brief::Brief;
use super::{Record, StoreError, failed};
use crate::day::{self, Given, Moment, Past, UNSEEN_S};
use crate::dose::{BedSays, PersonDose, milli};
use crate::session::SessionRecord;

/// What a session can still have added after the last word that was heard of it, as a share of a program's
/// dose. Source: the guard ends all contact at 92 % of it, so that what is warm may cool (guard, `dose`).
const UNHEARD_SHARE: f64 = 0.08;

/// Number of a session within one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionNumber(pub i64);

/// Where a session stands in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStanding {
    /// Reserved; its end has not been written.
    Open,
    /// It ended, and the bed's last word is charged.
    Ended,
    /// Its host was lost; see [`Record::settle`].
    Settled,
    /// The hand switch never began it.
    Void,
}

impl SessionStanding {
    const ALL: [Self; 4] = [Self::Open, Self::Ended, Self::Settled, Self::Void];

    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Settled => "settled",
            Self::Void => "void",
        }
    }
}

/// How a session ended, for the record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ending {
    /// What happened, at length.
    pub record: serde_json::Value,
    /// What a report is made of, as the page wants it.
    pub report: Option<serde_json::Value>,
    /// What happened, in short.
    pub brief: Brief,
    /// The scans by which the dose is carried over to the person.
    pub scans: Vec<SpineScan>,
    /// It ended in good order between the scan and the first stroke.
    pub scan_alone: bool,
}

impl Ending {
    /// The end of a session, with the name of its log in [`Record::logs`], if it has one.
    ///
    /// # Panics
    /// Never: a record is plain data.
    #[must_use]
    pub fn of(record: &SessionRecord, log: Option<&str>) -> Self {
        let brief = Brief {
            ended: serde_json::to_value(&record.ended).expect("plain data"),
            minutes: Some(record.duration_s / 60.0),
            strokes: record.strokes.len(),
            faults: record.faults.len(),
            log: log.map(str::to_owned),
            ..Brief::of_scans(record.scan.as_ref(), record.after.as_ref())
        };
        let scans = record.scan.iter().chain(&record.after).cloned().collect();
        let scan_alone = record.strokes.is_empty() && record.ended.is_scan_alone();
        let record = serde_json::to_value(record).expect("plain data");
        Self { record, report: None, brief, scans, scan_alone }
    }
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionLine {
    /// Its number.
    pub number: SessionNumber,
    /// Where it stands.
    pub state: SessionStanding,
    /// Name of the program.
    pub program: String,
    /// It was given on a twin.
    pub simulated: bool,
    /// When it was reserved.
    pub begun: Moment,
    /// When it ended, as far as it was seen.
    pub ended: Option<Moment>,
    /// Pain before, 0 to 10, as the person said it.
    pub pain_before: Option<f64>,
    /// Pain after, 0 to 10.
    pub pain_after: Option<f64>,
    /// What is charged for the most heated strip of the person, CEM43.
    pub dose_cem43: f64,
    /// In short; `None` where neither a scan nor an end was written.
    pub brief: Option<Brief>,
}

/// An open or past session as the rules need it.
struct Row {
    number: SessionNumber,
    state: SessionStanding,
    bed_boot: Option<u64>,
    bed_before: Option<u32>,
    begun: Moment,
    heard: Moment,
    ended: Option<Moment>,
    given: Given,
}

const COLUMNS: &str = "number, state, bed_boot, bed_before, begun, heard, ended, given";

impl Row {
    /// Whether the bed speaks of this very session.
    fn is_of(&self, says: &BedSays) -> Option<HeatDose> {
        let dose = says.dose.as_ref()?;
        let same = says.boot == self.bed_boot && self.bed_before?.checked_add(1)? == dose.session;
        same.then(|| dose.clone())
    }

    /// Whether the bed says that nobody pressed the hand switch since the session was reserved.
    fn never_began(&self, says: &BedSays) -> bool {
        let session = says.dose.as_ref().map(|dose| dose.session);
        says.boot == self.bed_boot && session.is_some() && session == self.bed_before
    }
}

/// What may still follow the last word.
fn rest() -> MilliCem43 {
    milli(UNHEARD_SHARE * f64::from(limits::DOSE_PROGRAM_CEM43))
}

/// The strictest that a session can have given when this much was heard of it.
fn unheard(heard: &PersonDose) -> PersonDose {
    PersonDose::unknown().max(&PersonDose::everywhere(heard.most().plus(rest())))
}

impl Record {
    /// Reserves a session before its first request goes to the bed, and tells what the rules of the day have
    /// to know without it. From here on it counts for today with the strictest dose, whatever happens.
    ///
    /// `says` is what the bed says before: by it the session is known again.
    ///
    /// # Errors
    /// [`StoreError::SessionOpen`] while another one is open, or the record cannot be written.
    pub fn begin_session(
        &mut self,
        now: &Moment,
        program: &str,
        simulated: bool,
        says: &BedSays,
    ) -> Result<(SessionNumber, History), StoreError> {
        self.transact(|change| {
            let rows = rows(change)?;
            if let Some(open) = rows.iter().find(|row| row.state == SessionStanding::Open) {
                return Ok(Err(StoreError::SessionOpen(open.number.0)));
            }
            let history = day::history(now, &pasts(change, now, &rows)?);
            let moment = json(now);
            change.execute(
                "INSERT INTO session (state, program, simulated, bed_boot, bed_before, begun, heard)
                 VALUES ('open', ?1, ?2, ?3, ?4, ?5, ?5)",
                params![
                    program,
                    simulated,
                    says.boot.map(|boot| boot.to_string()),
                    says.dose.as_ref().map(|dose| dose.session),
                    moment
                ],
            )?;
            Ok(Ok((SessionNumber(change.last_insert_rowid()), history)))
        })?
    }

    /// Writes down what the bed has said so far of an open session; what was written before stays at least.
    /// Asked more often than once a second it writes nothing and says `false`, as it does when the bed speaks
    /// of another session or not at all.
    ///
    /// `scans` are those that this session has made so far.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when it is not open, or the record cannot be written.
    pub fn journal(
        &mut self,
        number: SessionNumber,
        now: &Moment,
        says: &BedSays,
        scans: &[&SpineScan],
    ) -> Result<bool, StoreError> {
        self.transact(|change| {
            let Some(row) = open_row(change, number)? else {
                return Ok(Err(StoreError::NoSession(number.0)));
            };
            if now.house == row.heard.house && now.count_s <= row.heard.count_s {
                return Ok(Ok(false));
            }
            let own = row.is_of(says);
            change
                .execute("UPDATE session SET heard = ?2 WHERE number = ?1", params![number.0, json(now)])?;
            if let Some(dose) = &own {
                let before = dose_of(change, number)?;
                write_dose(change, number, &before.max(&PersonDose::of(dose, scans)))?;
            }
            Ok(Ok(own.is_some()))
        })?
    }

    /// Writes down what the scans of an open session found so far, and its log: should the host be lost, this stays
    /// with the settled session.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when it is not open, or the record cannot be written.
    pub fn keep_scans(
        &mut self,
        number: SessionNumber,
        before: Option<&SpineScan>,
        after: Option<&SpineScan>,
        log: Option<&str>,
    ) -> Result<(), StoreError> {
        let brief = Brief { log: log.map(str::to_owned), ..Brief::of_scans(before, after) };
        let found = serde_json::json!({ "scan": before, "after": after });
        self.transact(|change| {
            if open_row(change, number)?.is_none() {
                return Ok(Err(StoreError::NoSession(number.0)));
            }
            let sql = "UPDATE session SET brief = ?2 WHERE number = ?1";
            change.execute(sql, params![number.0, json(&brief)])?;
            let sql = "INSERT OR REPLACE INTO session_record VALUES (?1, ?2, NULL)";
            change.execute(sql, params![number.0, found.to_string()])?;
            Ok(Ok(()))
        })?
    }

    /// Ends a session with its record and the bed's last word, or, where that is missing or of another
    /// session, with the strictest dose. A session that the hand switch never began becomes void; one that
    /// came to no record has none, and keeps what its scans found.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when it is not open, or the record cannot be written.
    pub fn end_session(
        &mut self,
        number: SessionNumber,
        now: &Moment,
        says: &BedSays,
        ending: Option<&Ending>,
    ) -> Result<PersonDose, StoreError> {
        let scans: Vec<&SpineScan> = ending.iter().flat_map(|ending| &ending.scans).collect();
        self.transact(|change| {
            let Some(row) = open_row(change, number)? else {
                return Ok(Err(StoreError::NoSession(number.0)));
            };
            let heard = dose_of(change, number)?;
            let (state, dose) = match row.is_of(says) {
                Some(dose) => (SessionStanding::Ended, PersonDose::of(&dose, &scans)),
                None if row.never_began(says) => (SessionStanding::Void, PersonDose::NONE),
                None => (SessionStanding::Ended, unheard(&heard)),
            };
            let given = match ending {
                Some(ending) if state == SessionStanding::Ended && ending.brief.strokes > 0 => Given::Strokes,
                Some(ending) if row.is_of(says).is_some() && ending.scan_alone => Given::ScanAlone,
                _ => Given::Unknown,
            };
            change.execute(
                "UPDATE session SET state = ?2, heard = ?3, ended = ?3, given = ?4 WHERE number = ?1",
                params![number.0, state.name(), json(now), column(given)],
            )?;
            if let Some(ending) = ending {
                write_ending(change, number, ending)?;
            }
            write_dose(change, number, &dose)?;
            Ok(Ok(dose))
        })?
    }

    /// Adds what the bed says after a session's end, while skin and mats are still warm; never takes away.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] when there is none that ended, or the record cannot be written.
    pub fn charge(
        &mut self,
        number: SessionNumber,
        says: &BedSays,
        scans: &[&SpineScan],
    ) -> Result<PersonDose, StoreError> {
        self.transact(|change| {
            let rows = rows(change)?;
            let over = |row: &&Row| matches!(row.state, SessionStanding::Ended | SessionStanding::Settled);
            let Some(row) = rows.iter().filter(over).find(|row| row.number == number) else {
                return Ok(Err(StoreError::NoSession(number.0)));
            };
            let mut dose = dose_of(change, number)?;
            if let Some(more) = row.is_of(says) {
                dose = dose.max(&PersonDose::of(&more, scans));
                write_dose(change, number, &dose)?;
            }
            Ok(Ok(dose))
        })?
    }

    /// Settles a session that a lost host left open; `None` when there is none. The bed's word is taken if it
    /// was not switched off since (its boot number is known and the same) and still speaks of this session,
    /// with what may follow while skin and mats cool; never less than what was journaled, and the strictest
    /// otherwise. The end is the latest possible.
    ///
    /// Not for a session that still runs: nothing that it gives after this is journaled.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn settle(&mut self, now: &Moment, says: &BedSays) -> Result<Option<SessionNumber>, StoreError> {
        self.transact(|change| {
            let rows = rows(change)?;
            let Some(row) = rows.iter().find(|row| row.state == SessionStanding::Open) else {
                return Ok(Ok(None));
            };
            let heard = dose_of(change, row.number)?;
            let dose = match row.is_of(says).filter(|_| says.boot.is_some()) {
                Some(dose) => {
                    let said = heard.max(&PersonDose::of(&dose, &[]));
                    said.plus(&PersonDose::everywhere(rest()))
                }
                None => unheard(&heard),
            };
            let ended = row.heard.later(UNSEEN_S, now);
            change.execute(
                "UPDATE session SET state = 'settled', ended = ?2 WHERE number = ?1",
                params![row.number.0, json(&ended)],
            )?;
            write_dose(change, row.number, &dose)?;
            Ok(Ok(Some(row.number)))
        })?
    }

    /// Keeps how much it hurt before and after a session, 0 to 10; `None` leaves what was said before.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], or the record cannot be written.
    pub fn tell_pain(
        &mut self,
        number: SessionNumber,
        before: Option<f64>,
        after: Option<f64>,
    ) -> Result<(), StoreError> {
        let sound = |pain: Option<f64>| pain.filter(|pain| (0.0..=10.0).contains(pain));
        self.transact(|change| {
            let changed = change.execute(
                "UPDATE session SET pain_before = coalesce(?2, pain_before),
                 pain_after = coalesce(?3, pain_after) WHERE number = ?1",
                params![number.0, sound(before), sound(after)],
            )?;
            Ok(if changed == 1 { Ok(()) } else { Err(StoreError::NoSession(number.0)) })
        })?
    }

    /// What the rules of the day have to know of this person now.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn history(&self, now: &Moment) -> Result<History, StoreError> {
        self.look(|change| Ok(Ok(day::history(now, &pasts(change, now, &rows(change)?)?))))?
    }

    /// The heat dose that counts for today, by strips of the person.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn dose_today(&self, now: &Moment) -> Result<PersonDose, StoreError> {
        self.look(|change| Ok(Ok(day::dose_today(now, &pasts(change, now, &rows(change)?)?))))?
    }

    /// What is charged for a session, by strips of the person.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], or the record cannot be read.
    pub fn session_dose(&self, number: SessionNumber) -> Result<PersonDose, StoreError> {
        self.look(|change| match rows(change)?.iter().find(|row| row.number == number) {
            Some(row) => Ok(Ok(charged(change, row)?)),
            None => Ok(Err(StoreError::NoSession(number.0))),
        })?
    }

    /// All sessions, the oldest first, without their records.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn sessions(&self) -> Result<Vec<SessionLine>, StoreError> {
        self.look(|change| {
            let mut lines = Vec::new();
            let sql =
                "SELECT program, simulated, pain_before, pain_after, brief FROM session WHERE number = ?1";
            for row in rows(change)? {
                let dose = charged(change, &row)?;
                lines.push(change.query_row(sql, [row.number.0], |own| {
                    Ok(SessionLine {
                        number: row.number,
                        state: row.state,
                        begun: row.begun,
                        ended: row.ended,
                        dose_cem43: f64::from(dose.most().raw()) / 1000.0,
                        program: own.get(0)?,
                        simulated: own.get(1)?,
                        pain_before: own.get(2)?,
                        pain_after: own.get(3)?,
                        brief: own.get::<_, Option<String>>(4)?.map(|text| parsed(4, &text)).transpose()?,
                    })
                })?);
            }
            Ok(Ok(lines))
        })?
    }

    /// The record of a session at length, and what its report is made of; what its scans found, where no end was
    /// written. `None` where there is neither.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn session_record(
        &self,
        number: SessionNumber,
    ) -> Result<Option<(serde_json::Value, Option<serde_json::Value>)>, StoreError> {
        let sql = "SELECT record, report FROM session_record WHERE session = ?1";
        let read = |row: &rusqlite::Row| {
            let report = row.get::<_, Option<String>>(1)?;
            Ok((parsed(0, &row.get::<_, String>(0)?)?, report.map(|text| parsed(1, &text)).transpose()?))
        };
        self.connection.query_row(sql, [number.0], read).optional().map_err(|error| failed(&self.path, error))
    }

    /// Reads what belongs together at one moment.
    fn look<T>(
        &self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<Result<T, StoreError>>,
    ) -> Result<Result<T, StoreError>, StoreError> {
        let run = || work(&self.connection.unchecked_transaction()?);
        run().map_err(|error| failed(&self.path, error))
    }

    /// Does something in one change: whole, or not at all.
    fn transact<T>(
        &mut self,
        work: impl FnOnce(&Transaction) -> rusqlite::Result<Result<T, StoreError>>,
    ) -> Result<Result<T, StoreError>, StoreError> {
        let path = self.path.clone();
        let run = || {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&change)?;
            if done.is_ok() {
                change.commit()?;
            }
            Ok(done)
        };
        run().map_err(|error| failed(&path, error))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data")
}

fn parsed<T: serde::de::DeserializeOwned>(column: usize, text: &str) -> rusqlite::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// What was given, as its column holds it.
fn column(given: Given) -> i64 {
    match given {
        Given::Unknown => 0,
        Given::Strokes => 1,
        Given::ScanAlone => 2,
    }
}

/// The other way; what this version does not know counts as unknown.
fn given_of(column: i64) -> Given {
    [Given::Strokes, Given::ScanAlone]
        .into_iter()
        .find(|given| self::column(*given) == column)
        .unwrap_or(Given::Unknown)
}

fn rows(change: &Transaction) -> rusqlite::Result<Vec<Row>> {
    let mut list = change.prepare_cached(&format!("SELECT {COLUMNS} FROM session ORDER BY number"))?;
    let rows = list.query_map([], |row| {
        let state: String = row.get(1)?;
        let state = SessionStanding::ALL.into_iter().find(|own| own.name() == state);
        Ok(Row {
            number: SessionNumber(row.get(0)?),
            state: state.ok_or(rusqlite::Error::InvalidQuery)?,
            bed_boot: row.get::<_, Option<String>>(2)?.and_then(|boot| boot.parse().ok()),
            bed_before: row.get(3)?,
            begun: parsed(4, &row.get::<_, String>(4)?)?,
            heard: parsed(5, &row.get::<_, String>(5)?)?,
            ended: row.get::<_, Option<String>>(6)?.map(|text| parsed(6, &text)).transpose()?,
            given: given_of(row.get(7)?),
        })
    })?;
    rows.collect()
}

fn open_row(change: &Transaction, number: SessionNumber) -> rusqlite::Result<Option<Row>> {
    Ok(rows(change)?.into_iter().find(|row| row.number == number && row.state == SessionStanding::Open))
}

/// What counts for a session now.
fn charged(change: &Transaction, row: &Row) -> rusqlite::Result<PersonDose> {
    let dose = dose_of(change, row.number)?;
    Ok(if row.state == SessionStanding::Open { unheard(&dose) } else { dose })
}

fn pasts(change: &Transaction, now: &Moment, rows: &[Row]) -> rusqlite::Result<Vec<Past>> {
    let counts = rows.iter().filter(|row| row.state != SessionStanding::Void);
    counts
        .map(|row| {
            let ended = row.ended.unwrap_or_else(|| row.heard.later(UNSEEN_S, now));
            Ok(Past { begun: row.begun, ended, given: row.given, dose: charged(change, row)? })
        })
        .collect()
}

/// How mats are called in the table of doses.
const MATS: (&str, &str) = ("mats", "both");

fn side_name(side: Side) -> &'static str {
    if side == Side::Left { "left" } else { "right" }
}

fn dose_of(change: &Transaction, number: SessionNumber) -> rusqlite::Result<PersonDose> {
    let mut list = change.prepare_cached("SELECT level, side, milli_cem43 FROM dose WHERE session = ?1")?;
    let mut dose = PersonDose::NONE;
    let mut rows = list.query([number.0])?;
    while let Some(row) = rows.next()? {
        let (level, side): (String, String) = (row.get(0)?, row.get(1)?);
        let count = MilliCem43::new(row.get(2)?);
        let side = Side::BOTH.into_iter().find(|own| side_name(*own) == side);
        match (Level::from_name(&level), side) {
            (Some(level), Some(side)) => dose.set(level, side, count),
            // Mats, and any place that this version does not know: it counts for the most heated one.
            _ => dose.set_mats(dose.mats().max(count)),
        }
    }
    Ok(dose)
}

fn write_ending(change: &Transaction, number: SessionNumber, ending: &Ending) -> rusqlite::Result<()> {
    let sql = "UPDATE session SET brief = ?2 WHERE number = ?1";
    change.execute(sql, params![number.0, json(&ending.brief)])?;
    let report = ending.report.as_ref().map(serde_json::Value::to_string);
    let sql = "INSERT OR REPLACE INTO session_record VALUES (?1, ?2, ?3)";
    change.execute(sql, params![number.0, ending.record.to_string(), report])?;
    Ok(())
}

fn write_dose(change: &Transaction, number: SessionNumber, dose: &PersonDose) -> rusqlite::Result<()> {
    let mut write = change.prepare_cached("INSERT OR REPLACE INTO dose VALUES (?1, ?2, ?3, ?4)")?;
    for level in Level::ALL {
        for side in Side::BOTH {
            write.execute(params![number.0, level.name(), side_name(side), dose.at(*level, side).raw()])?;
        }
    }
    write.execute(params![number.0, MATS.0, MATS.1, dose.mats().raw()])?;
    Ok(())
}
