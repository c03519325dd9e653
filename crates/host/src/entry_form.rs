//! What a form of the diary says, as a record, and a record as what a form says.
//!
//! A form is a list of named texts, as a browser sends it; commands fill in the same one. What cannot be
//! taken comes back field by field, all at once, and nothing of the form is taken then.
//!
//! Fields: `day` (of all); `pain`, `sleep`, `sitting`, `activity`, `stress`, `strain:NAME`, `rest` ("no"
//! answers every strain without an answer), `own` (names separated by `;`), `notes` (of a day); `pain`,
//! `place`, `radiating`, `last`, `cause`, `own`, `notes` (of a spasm); `program`, `minutes`, `pain`,
//! `pain_after`, `notes` (of a session); `roland` (of a score). An empty text is no answer.

use std::collections::{BTreeMap, BTreeSet};

use care::diary::{
    DayRecord, Episode, NAME_CHARACTERS_MAX, NOTE_CHARACTERS_MAX, Place, Record, Session, minutes_of,
    minutes_text,
};
use care::{Day, Language, Nprs, Roland};

/// Fields of a form as a browser sends them.
pub type Fields = Vec<(String, String)>;

/// What stands before the name of a strain in the name of its field.
pub const STRAIN: &str = "strain:";

/// What can be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A day.
    Day,
    /// An episode of spasm.
    Episode,
    /// A session on the bed, or a massage.
    Session,
    /// A Roland-Morris score.
    Roland,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Day, Self::Episode, Self::Session, Self::Roland];

    /// Its name in addresses.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Episode => "spasm",
            Self::Session => "session",
            Self::Roland => "score",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The kind of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        match record {
            Record::Day(_) => Self::Day,
            Record::Episode(_) => Self::Episode,
            Record::Session(_) => Self::Session,
            Record::Roland(_) => Self::Roland,
        }
    }
}

/// An answer that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing was said.
    Missing,
    /// It is no day.
    NoDay,
    /// The day has not come.
    Future,
    /// There is a record of this day: the item.
    Taken(u32),
    /// The last day lies before the first.
    BeforeStart,
    /// It is no whole number from 0 to this.
    Scale(u8),
    /// It is no time within a day.
    Minutes,
    /// It is not on the list.
    NotListed,
    /// It is no name on one line.
    Name,
    /// The note is too long.
    Long,
}

impl Why {
    /// What is wrong, and what would be right.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        let (en, de) = match self {
            Why::Missing => ("Please answer this.", "Bitte beantworten Sie das."),
            Why::NoDay => (
                "Please choose a day, or write it as year-month-day, such as 2026-11-22.",
                "Bitte wählen Sie einen Tag, oder schreiben Sie ihn als Jahr-Monat-Tag, etwa 2026-11-22.",
            ),
            Why::Future => ("This day has not come yet.", "Dieser Tag ist noch nicht gekommen."),
            Why::Taken(_) => ("This day is in the diary already.", "Dieser Tag steht schon im Tagebuch."),
            Why::BeforeStart => {
                ("The last day lies before the first.", "Der letzte Tag liegt vor dem ersten.")
            }
            Why::Scale(_) => (
                "Please give a whole number from 0 to HIGHEST.",
                "Bitte geben Sie eine ganze Zahl von 0 bis HIGHEST an.",
            ),
            Why::Minutes => (
                "Please give a time within a day, in minutes or as 1 h 30.",
                "Bitte geben Sie eine Zeit innerhalb eines Tages an, in Minuten oder als 1 h 30.",
            ),
            Why::NotListed => ("This answer is not on the list.", "Diese Antwort steht nicht auf der Liste."),
            Why::Name => (
                "Please use at most LONGEST characters on one line.",
                "Bitte nehmen Sie höchstens LONGEST Zeichen auf einer Zeile.",
            ),
            Why::Long => ("A note has at most MOST characters.", "Eine Notiz hat höchstens MOST Zeichen."),
        };
        let highest = if let Why::Scale(max) = self { max } else { 0 };
        language
            .say(en, de)
            .replace("HIGHEST", &highest.to_string())
            .replace("LONGEST", &NAME_CHARACTERS_MAX.to_string())
            .replace("MOST", &NOTE_CHARACTERS_MAX.to_string())
    }
}

/// The record that a form tells.
///
/// # Errors
/// Everything that cannot be taken.
pub fn read(kind: Kind, fields: &[(String, String)], today: Day) -> Result<(Day, Record), Vec<Fault>> {
    let mut form = Reader { fields, today, faults: Vec::new() };
    let day = form.day("day");
    if form.one("day").is_empty() {
        form.fault("day", Why::Missing);
    }
    let record = match kind {
        Kind::Day => Some(form.day_record()),
        Kind::Episode => form.episode(day),
        Kind::Session => form.session(),
        Kind::Roland => form.roland(),
    };
    match (day, record) {
        (Some(day), Some(record)) if form.faults.is_empty() => Ok((day, record)),
        _ => Err(form.faults),
    }
}

struct Reader<'a> {
    fields: &'a [(String, String)],
    today: Day,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn fault(&mut self, field: &'static str, why: Why) {
        self.faults.push(Fault { field, why });
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        let fields = self.fields;
        fields.iter().filter(move |(field, _)| *field == name).map(|(_, text)| text.trim())
    }

    fn one(&self, name: &str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    fn day(&mut self, field: &'static str) -> Option<Day> {
        let text = self.one(field);
        if text.is_empty() {
            return None;
        }
        match text.parse::<Day>() {
            Ok(day) if day <= self.today => return Some(day),
            Ok(_) => self.fault(field, Why::Future),
            Err(_) => self.fault(field, Why::NoDay),
        }
        None
    }

    fn number<T: TryFrom<u8>>(&mut self, field: &'static str, max: u8) -> Option<T> {
        let text = self.one(field);
        if text.is_empty() {
            return None;
        }
        let number = text.parse::<u8>().ok().and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            self.fault(field, Why::Scale(max));
        }
        number
    }

    fn rating(&mut self, field: &'static str) -> Option<Nprs> {
        self.number(field, 10)
    }

    fn minutes(&mut self, field: &'static str) -> Option<u16> {
        let text = self.one(field);
        if text.is_empty() {
            return None;
        }
        let minutes = minutes_of(text).filter(|&minutes| minutes <= 24 * 60);
        if minutes.is_none() {
            self.fault(field, Why::Minutes);
        }
        minutes
    }

    /// What nobody may leave out.
    fn needed<T>(&mut self, field: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.faults.iter().all(|fault| fault.field != field) {
            self.fault(field, Why::Missing);
        }
        value
    }

    fn truth(&mut self, field: &'static str) -> Option<bool> {
        let answer = truth(self.one(field));
        if answer.is_none() {
            self.fault(field, Why::NotListed);
        }
        answer.flatten()
    }

    /// Names in the person's own words, separated by `;`.
    fn own(&mut self) -> Vec<String> {
        let names: Vec<String> = self
            .one("own")
            .split(';')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        if !names.iter().all(|name| fits(name)) {
            self.fault("own", Why::Name);
        }
        names
    }

    fn notes(&mut self) -> String {
        let text = self.fields.iter().find(|(name, _)| name == "notes").map_or("", |(_, text)| text);
        let notes = text.replace("\r\n", "\n");
        if notes.chars().count() > NOTE_CHARACTERS_MAX {
            self.fault("notes", Why::Long);
        }
        if notes.trim().is_empty() { String::new() } else { notes }
    }

    fn day_record(&mut self) -> Record {
        let rest = (self.one("rest") == "no").then_some(false);
        let mut strains = BTreeMap::new();
        for (name, answer) in
            self.fields.iter().filter_map(|(name, text)| Some((name.strip_prefix(STRAIN)?, text)))
        {
            match truth(answer.trim()) {
                Some(answer) if fits(name) => {
                    strains.extend(answer.or(rest).map(|yes| (name.to_owned(), yes)));
                }
                _ => self.fault("strains", Why::NotListed),
            }
        }
        strains.extend(self.own().into_iter().map(|name| (name, true)));
        Record::Day(DayRecord {
            pain: self.rating("pain"),
            sleep_min: self.minutes("sleep"),
            sitting_min: self.minutes("sitting"),
            activity_min: self.minutes("activity"),
            stress: self.rating("stress"),
            strains,
            notes: self.notes(),
        })
    }

    fn episode(&mut self, first: Option<Day>) -> Option<Record> {
        let pain = self.rating("pain");
        let pain = self.needed("pain", pain);
        let last = self.day("last");
        if first.is_some_and(|first| last.is_some_and(|last| last < first)) {
            self.fault("last", Why::BeforeStart);
        }
        let places: Option<BTreeSet<Place>> = self.all("place").map(Place::of_id).collect();
        if places.is_none() {
            self.fault("place", Why::NotListed);
        }
        let mut set_off_by: BTreeSet<String> = self.all("cause").map(str::to_owned).collect();
        if !set_off_by.iter().all(|name| fits(name)) {
            self.fault("own", Why::Name);
        }
        set_off_by.extend(self.own());
        let radiating = self.truth("radiating");
        let notes = self.notes();
        Some(Record::Episode(Episode { last, pain: pain?, places: places?, radiating, set_off_by, notes }))
    }

    fn session(&mut self) -> Option<Record> {
        let program = self.one("program").to_owned();
        if program.is_empty() {
            self.fault("program", Why::Missing);
        } else if !fits(&program) {
            self.fault("program", Why::Name);
        }
        let minutes = self.minutes("minutes");
        let minutes = self.needed("minutes", minutes);
        let (pain_before, pain_after) = (self.rating("pain"), self.rating("pain_after"));
        let notes = self.notes();
        Some(Record::Session(Session { program, minutes: minutes?, pain_before, pain_after, notes }))
    }

    fn roland(&mut self) -> Option<Record> {
        let score = self.number::<Roland>("roland", 24);
        self.needed("roland", score).map(Record::Roland)
    }
}

/// Yes, no or no answer; `None` when it is none of them.
fn truth(text: &str) -> Option<Option<bool>> {
    match text {
        "" => Some(None),
        "yes" => Some(Some(true)),
        "no" => Some(Some(false)),
        _ => None,
    }
}

fn fits(name: &str) -> bool {
    (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

/// The fields of a form that tells this record.
#[must_use]
pub fn write(day: Day, record: &Record) -> Fields {
    let mut fields = vec![("day".to_owned(), day.to_string())];
    let mut set = |name: &str, text: Option<String>| fields.extend(text.map(|text| (name.to_owned(), text)));
    let rating = |rating: Nprs| u8::from(rating).to_string();
    let answer = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    match record {
        Record::Day(day) => {
            set("pain", day.pain.map(rating));
            set("sleep", day.sleep_min.map(minutes_text));
            set("sitting", day.sitting_min.map(minutes_text));
            set("activity", day.activity_min.map(minutes_text));
            set("stress", day.stress.map(rating));
            for (name, yes) in &day.strains {
                set(&format!("{STRAIN}{name}"), Some(answer(*yes)));
            }
            set("notes", Some(day.notes.clone()));
        }
        Record::Episode(episode) => {
            set("last", episode.last.map(|last| last.to_string()));
            set("pain", Some(rating(episode.pain)));
            for place in &episode.places {
                set("place", Some(place.id().to_owned()));
            }
            set("radiating", episode.radiating.map(answer));
            for name in &episode.set_off_by {
                set("cause", Some(name.clone()));
            }
            set("notes", Some(episode.notes.clone()));
        }
        Record::Session(session) => {
            set("program", Some(session.program.clone()));
            set("minutes", Some(session.minutes.to_string()));
            set("pain", session.pain_before.map(rating));
            set("pain_after", session.pain_after.map(rating));
            set("notes", Some(session.notes.clone()));
        }
        Record::Roland(score) => set("roland", Some(u8::from(*score).to_string())),
    }
    fields
}
