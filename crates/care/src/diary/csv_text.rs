//! The diary as CSV text, one row an entry, old versions too, so that nothing is lost on the way.
//!
//! The first line names the columns. An empty cell means "not known" or "does not apply"; a row of
//! kind `withdrawn` withdraws its item. Lists are separated by `;`, a strain is `name=yes` or
//! `name=no`; `\` stands before a `;`, `=` or `\` that belongs to a name. Quotes follow RFC 4180.
//!
//! A spreadsheet takes a cell for a formula that begins with `=`, `+`, `-`, `@`, a tab or the end of a
//! line (OWASP, "CSV injection"). In columns of free text a `'` is put before such a beginning, and taken
//! away again by [`from_csv`]; a `'` that was there already gets a second one, so nothing is lost.

use std::collections::BTreeMap;

use super::{DayRecord, Diary, Entry, Episode, Place, Record, Session};
use crate::day::Day;
use crate::scores::{Nprs, Roland};

/// Columns of free text.
const TEXTS: [&str; 4] = ["strains", "set_off_by", "program", "notes"];

const COLUMNS: [&str; 19] = [
    "item",
    "written",
    "day",
    "kind",
    "pain",
    "sleep_min",
    "sitting_min",
    "activity_min",
    "stress",
    "strains",
    "last",
    "places",
    "radiating",
    "set_off_by",
    "program",
    "minutes",
    "pain_after",
    "roland",
    "notes",
];

/// A text is no diary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("diary, line {line}: {what}")]
pub struct CsvError {
    /// Line of the text on which the row begins, from 1.
    pub line: u64,
    /// What is wrong, and what would be right.
    pub what: String,
}

/// The diary as CSV text.
#[must_use]
pub fn to_csv(diary: &Diary) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("a row of text goes into memory");
    for entry in diary.entries() {
        let row = cells(entry);
        let texts = COLUMNS.map(|column| {
            let text = row.get(column).map_or("", String::as_str);
            if TEXTS.contains(&column) && formula_like(text) { format!("'{text}") } else { text.to_owned() }
        });
        writer.write_record(&texts).expect("a row of text goes into memory");
    }
    let bytes = writer.into_inner().expect("memory takes every row");
    String::from_utf8(bytes).expect("rows of text are text")
}

/// The cells of an entry that are not empty, by column.
fn cells(entry: &Entry) -> BTreeMap<&'static str, String> {
    let mut row = BTreeMap::from([
        ("item", entry.item.to_string()),
        ("written", entry.written.to_string()),
        ("day", entry.day.to_string()),
    ]);
    let mut set = |column, text: Option<String>| {
        if let Some(text) = text {
            row.insert(column, text);
        }
    };
    let number = |value: u16| value.to_string();
    let rating = |value: Nprs| u8::from(value).to_string();
    match &entry.record {
        None => set("kind", Some("withdrawn".into())),
        Some(Record::Day(day)) => {
            set("kind", Some("day".into()));
            set("pain", day.pain.map(rating));
            set("sleep_min", day.sleep_min.map(number));
            set("sitting_min", day.sitting_min.map(number));
            set("activity_min", day.activity_min.map(number));
            set("stress", day.stress.map(rating));
            let strain = |(name, yes): (&String, &bool)| format!("{}={}", escape(name), yes_no(*yes));
            set("strains", Some(join(day.strains.iter().map(strain))));
            set("notes", Some(day.notes.clone()));
        }
        Some(Record::Episode(episode)) => {
            set("kind", Some("episode".into()));
            set("pain", Some(rating(episode.pain)));
            set("last", episode.last.map(|day| day.to_string()));
            set("places", Some(join(episode.places.iter().map(|place| place.id().to_owned()))));
            set("radiating", episode.radiating.map(|yes| yes_no(yes).into()));
            set("set_off_by", Some(join(episode.set_off_by.iter().map(|name| escape(name)))));
            set("notes", Some(episode.notes.clone()));
        }
        Some(Record::Session(session)) => {
            set("kind", Some("session".into()));
            set("program", Some(session.program.clone()));
            set("minutes", Some(number(session.minutes)));
            set("pain", session.pain_before.map(rating));
            set("pain_after", session.pain_after.map(rating));
            set("notes", Some(session.notes.clone()));
        }
        Some(Record::Roland(score)) => {
            set("kind", Some("roland".into()));
            set("roland", Some(u8::from(*score).to_string()));
        }
    }
    row
}

/// Whether a spreadsheet would take a cell for a formula, once every leading `'` is away.
fn formula_like(text: &str) -> bool {
    let first = text.trim_start_matches('\'').chars().next();
    first.is_some_and(|first| {
        matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || first.is_control()
    })
}

/// Reads a diary from CSV text; the columns may stand in any order.
///
/// # Errors
/// The first row that does not fit, with its line.
pub fn from_csv(text: &str) -> Result<Diary, CsvError> {
    from_csv_written_by(text, Day(u32::MAX))
}

/// Reads a diary as [`from_csv`] does, and refuses what says to be written after `today`: such a diary
/// could not be gone on with.
///
/// # Errors
/// The first row that does not fit, with its line.
pub fn from_csv_written_by(text: &str, today: Day) -> Result<Diary, CsvError> {
    let mut reader =
        csv::ReaderBuilder::new().from_reader(text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes());
    let header = reader.headers().map_err(|error| form(&error))?.clone();
    let fault = |what: String| CsvError { line: 1, what };
    if let Some(unknown) = header.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(fault(format!(
            "there is no column \"{unknown}\"; the columns are {}",
            COLUMNS.join(", ")
        )));
    }
    for column in COLUMNS {
        let count = header.iter().filter(|name| *name == column).count();
        if count != 1 {
            return Err(fault(format!("the column \"{column}\" must be there once, not {count} times")));
        }
    }
    let mut diary = Diary::default();
    for row in reader.records() {
        let row = row.map_err(|error| form(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let plain = |(column, text)| match str::strip_prefix(text, '\'') {
            Some(rest) if TEXTS.contains(&column) && formula_like(rest) => (column, rest),
            _ => (column, text),
        };
        let cells: BTreeMap<&str, &str> =
            header.iter().zip(row.iter()).filter(|(_, text)| !text.is_empty()).map(plain).collect();
        let entry = Row { cells }.entry().map_err(|what| CsvError { line, what })?;
        if entry.written > today {
            let what = format!("written on {}, which has not come: check the date", entry.written);
            return Err(CsvError { line, what });
        }
        diary.append(entry).map_err(|error| CsvError { line, what: error.to_string() })?;
    }
    Ok(diary)
}

fn form(error: &csv::Error) -> CsvError {
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("this row has {len} cells, the first line has {expected_len}")
        }
        _ => error.to_string(),
    };
    CsvError { line, what }
}

/// The cells of one row that are not empty; what has been used is taken out.
struct Row<'a> {
    cells: BTreeMap<&'a str, &'a str>,
}

impl Row<'_> {
    fn entry(mut self) -> Result<Entry, String> {
        let item = self.needed("item", number)?;
        let written = self.needed("written", day)?;
        let about = self.needed("day", day)?;
        let kind = self.needed("kind", |text| Ok(text.to_owned()))?;
        let record = match kind.as_str() {
            "withdrawn" => None,
            "day" => Some(Record::Day(DayRecord {
                pain: self.known("pain", rating)?,
                sleep_min: self.known("sleep_min", number)?,
                sitting_min: self.known("sitting_min", number)?,
                activity_min: self.known("activity_min", number)?,
                stress: self.known("stress", rating)?,
                strains: self.known("strains", strains)?.unwrap_or_default(),
                notes: self.notes(),
            })),
            "episode" => Some(Record::Episode(Episode {
                last: self.known("last", day)?,
                pain: self.needed("pain", rating)?,
                places: self.list("places", place)?.into_iter().collect(),
                radiating: self.known("radiating", truth)?,
                set_off_by: self.list("set_off_by", unescape)?.into_iter().collect(),
                notes: self.notes(),
            })),
            "session" => Some(Record::Session(Session {
                program: self.needed("program", |text| Ok(text.to_owned()))?,
                minutes: self.needed("minutes", number)?,
                pain_before: self.known("pain", rating)?,
                pain_after: self.known("pain_after", rating)?,
                notes: self.notes(),
            })),
            "roland" => Some(Record::Roland(self.needed("roland", |text| {
                Roland::try_from(number::<u8>(text)?).map_err(|error| error.to_string())
            })?)),
            _ => {
                return Err(format!(
                    "kind \"{kind}\" is not one of day, episode, session, roland, withdrawn"
                ));
            }
        };
        if let Some((column, text)) = self.cells.first_key_value() {
            return Err(format!(
                "a row of kind {kind} has no {column} (\"{}\"): leave the cell empty",
                short(text)
            ));
        }
        Ok(Entry { item, written, day: about, record })
    }

    fn known<T>(
        &mut self,
        column: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        let Some(text) = self.cells.remove(column) else { return Ok(None) };
        read(text).map(Some).map_err(|what| format!("{column}: {what}"))
    }

    fn needed<T>(&mut self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
        self.known(column, read)?.ok_or_else(|| format!("{column} is missing"))
    }

    fn list<T>(&mut self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
        let parts = |text: &str| split(text, ';').into_iter().map(&read).collect();
        Ok(self.known(column, parts)?.unwrap_or_default())
    }

    fn notes(&mut self) -> String {
        self.cells.remove("notes").unwrap_or_default().to_owned()
    }
}

fn number<T: core::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("\"{}\" is no whole number that fits", short(text)))
}

fn rating(text: &str) -> Result<Nprs, String> {
    Nprs::try_from(number::<u8>(text)?).map_err(|error| error.to_string())
}

fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|error: crate::DayError| error.to_string())
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("\"{}\" is neither yes nor no", short(text))),
    }
}

fn strains(text: &str) -> Result<BTreeMap<String, bool>, String> {
    let mut strains = BTreeMap::new();
    for part in split(text, ';') {
        let [name, answer] = split(part, '=')[..] else {
            return Err(format!("\"{}\" is not of the form name=yes or name=no", short(part)));
        };
        if strains.insert(unescape(name)?, truth(answer)?).is_some() {
            return Err(format!("\"{}\" stands there twice", short(name)));
        }
    }
    Ok(strains)
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn place(text: &str) -> Result<Place, String> {
    let all = || Place::ALL.map(Place::id).join(", ");
    Place::of_id(text).ok_or_else(|| format!("there is no place \"{}\"; there are {}", short(text), all()))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

fn escape(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if matches!(letter, ';' | '=' | '\\') {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}

fn unescape(text: &str) -> Result<String, String> {
    let mut name = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let plain = if letter == '\\' { letters.next() } else { Some(letter) };
        name.push(plain.ok_or_else(|| format!("\"{}\" ends in a lone \\", short(text)))?);
    }
    Ok(name)
}

/// Splits at each `separator` that has no `\` before it.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (at, letter) in text.char_indices() {
        if letter == separator && !escaped {
            parts.push(&text[start..at]);
            start = at + letter.len_utf8();
        }
        escaped = letter == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}
