//! One diary brought into another: nothing doubled, nothing overwritten unasked, nothing left unsaid.
//!
//! An item of the file and one that is here belong together when
//!
//! 1. both say the same of the same day, or
//! 2. they share a version (written on the same day, about the same day, with the same words), or
//! 3. both are the day, or a spasm that begins, or a score, of the same day.
//!
//! The first are there already. Of the second, a file that only goes on where the item stands now is
//! followed; everything else stands otherwise here and stays, unless the file shall win. A session of the
//! same day is another session. What belongs to nothing is added with all its versions, each with the day on
//! which it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Diary, DiaryError, Entry, Record};
use crate::day::Day;
use crate::words::Language;

/// What came of bringing a diary in, counted in items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// New here.
    pub added: usize,
    /// Here in an earlier version, and gone on with.
    pub changed: usize,
    /// Here in another version, in whose place the file's was put.
    pub replaced: usize,
    /// Here already.
    pub already: usize,
    /// Not taken.
    pub left: Vec<Left>,
}

impl Brought {
    /// Whether anything was written down.
    #[must_use]
    pub fn anything(&self) -> bool {
        self.added + self.changed + self.replaced > 0
    }
}

/// An item of the file that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The day that it is about.
    pub day: Day,
    /// What the file says of it (last said, if it was withdrawn there).
    pub record: Record,
    /// Why it was not taken.
    pub why: LeftWhy,
}

/// Why an item was not taken; names the item that stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftWhy {
    /// It is written otherwise here.
    Otherwise(u32),
    /// It stands here in a later version than in the file.
    Later(u32),
    /// It was withdrawn here.
    WithdrawnHere(u32),
    /// It was withdrawn in the file, and stands here.
    WithdrawnThere(u32),
    /// It cannot be put in its place: another item holds its day.
    DayTaken(u32),
}

impl LeftWhy {
    /// The item here that stays as it is.
    #[must_use]
    pub fn item(self) -> u32 {
        match self {
            Self::Otherwise(item)
            | Self::Later(item)
            | Self::WithdrawnHere(item)
            | Self::WithdrawnThere(item)
            | Self::DayTaken(item) => item,
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn words(self, language: Language) -> String {
        let (en, de) = match self {
            Self::Otherwise(_) => ("stands otherwise here", "steht hier anders"),
            Self::Later(_) => ("stands here in a later version", "steht hier in einer späteren Fassung"),
            Self::WithdrawnHere(_) => ("was withdrawn here", "wurde hier zurückgenommen"),
            Self::WithdrawnThere(_) => (
                "was withdrawn in the file, and stands here",
                "wurde in der Datei zurückgenommen und steht hier",
            ),
            Self::DayTaken(_) => ("another entry holds its day", "ein anderer Eintrag hat diesen Tag"),
        };
        language.say(en, de).into_owned()
    }
}

/// What is to be done with an item of the file.
#[derive(Clone, Copy)]
enum Fate {
    Add,
    /// The versions from this one on follow what is here.
    GoOn {
        item: u32,
        from: usize,
    },
    Already,
    /// Withdrawn there, unknown here.
    Nothing,
    Differs(LeftWhy),
}

type Items<'a> = BTreeMap<u32, Vec<&'a Entry>>;

fn items(diary: &Diary) -> Items<'_> {
    let mut items = Items::new();
    for entry in &diary.entries {
        items.entry(entry.item).or_default().push(entry);
    }
    items
}

fn kind(record: &Record) -> u8 {
    match record {
        Record::Day(_) => 0,
        Record::Episode(_) => 1,
        Record::Session(_) => 2,
        Record::Roland(_) => 3,
    }
}

fn same(left: &Entry, right: &Entry) -> bool {
    left.written == right.written && left.day == right.day && left.record == right.record
}

fn begins_with(longer: &[&Entry], shorter: &[&Entry]) -> bool {
    longer.len() >= shorter.len() && longer.iter().zip(shorter).all(|(left, right)| same(left, right))
}

/// The items that are here, and which of them were met already.
struct Here<'a> {
    items: Items<'a>,
    /// What stands, by day and kind.
    standing: BTreeMap<(Day, u8), Vec<u32>>,
    /// Every version, by day of writing, day and kind.
    versions: BTreeMap<(Day, Day, u8), Vec<u32>>,
    met: BTreeSet<u32>,
}

impl<'a> Here<'a> {
    fn new(diary: &'a Diary) -> Self {
        let (items, met) = (items(diary), BTreeSet::new());
        let (mut standing, mut versions) = (BTreeMap::new(), BTreeMap::new());
        for (item, history) in &items {
            for entry in history {
                let Some(record) = &entry.record else { continue };
                let list: &mut Vec<u32> =
                    versions.entry((entry.written, entry.day, kind(record))).or_default();
                list.push(*item);
            }
            if let Some(Entry { day, record: Some(record), .. }) = history.last() {
                let list: &mut Vec<u32> = standing.entry((*day, kind(record))).or_default();
                list.push(*item);
            }
        }
        Self { items, standing, versions, met }
    }

    fn last(&self, item: u32) -> &Entry {
        self.items[&item].last().expect("an item has a version")
    }

    /// An item not met yet that stands and fits.
    fn meet(&mut self, entry: &Entry, fits: impl Fn(&Entry) -> bool) -> Option<u32> {
        let key = (entry.day, kind(entry.record.as_ref()?));
        let list = self.standing.get(&key)?;
        let item = *list.iter().find(|item| !self.met.contains(item) && fits(self.last(**item)))?;
        self.met.insert(item);
        Some(item)
    }

    /// An item not met yet that has a version in common with this history, and whose last one fits.
    fn meet_history(&mut self, history: &[&Entry], fits: impl Fn(&Entry) -> bool) -> Option<u32> {
        let shared = |entry: &&Entry| {
            let key = (entry.written, entry.day, kind(entry.record.as_ref()?));
            let has = |item: &&u32| {
                let shares = self.items[item].iter().any(|version| same(version, entry));
                shares && !self.met.contains(item) && fits(self.last(**item))
            };
            self.versions.get(&key)?.iter().find(has).copied()
        };
        let item = history.iter().find_map(shared)?;
        self.met.insert(item);
        Some(item)
    }

    /// How a history of the file stands to the item here that it shares a version with.
    fn compare(&self, item: u32, there: &[&Entry]) -> Fate {
        let here = &self.items[&item];
        let (last_here, last_there) = (self.last(item), there[there.len() - 1]);
        let older = |entry: &&Entry| same(entry, last_there);
        if last_here.record.is_none() && last_there.record.is_none() {
            Fate::Already
        } else if begins_with(there, here) {
            Fate::GoOn { item, from: here.len() }
        } else if last_here.record.is_none() {
            Fate::Differs(LeftWhy::WithdrawnHere(item))
        } else if begins_with(here, there) || here.iter().any(older) {
            Fate::Differs(LeftWhy::Later(item))
        } else if last_there.record.is_none() {
            Fate::Differs(LeftWhy::WithdrawnThere(item))
        } else {
            Fate::Differs(LeftWhy::Otherwise(item))
        }
    }
}

impl Diary {
    /// Brings in what another diary holds beyond this one, `today`; where the two say different things this
    /// one stays as it is, unless the other shall `replace` it (the earlier version stays in the history).
    ///
    /// # Errors
    /// Today lies before a day on which something was written; nothing is changed then.
    pub fn bring(&mut self, told: &Diary, today: Day, replace: bool) -> Result<Brought, DiaryError> {
        self.goes_on(today)?;
        told.goes_on(today)?;
        let there = items(told);
        let mut fates = self.fates(&there);
        // Something that an item once was may stand in the way of what is here. Such an item stays away
        // wholly, and the rest is tried again.
        loop {
            let mut trial = self.clone();
            match trial.take(told, &fates) {
                Ok(()) => {
                    let brought = trial.settle(&there, &fates, today, replace)?;
                    *self = trial;
                    return Ok(brought);
                }
                Err((item, DiaryError::SecondDay { day })) => {
                    let holder = self.standing_day(day).or(trial.standing_day(day)).unwrap_or(item);
                    let stands = there[&item].last().is_some_and(|entry| entry.record.is_some());
                    let why = Fate::Differs(LeftWhy::DayTaken(holder));
                    fates.insert(item, if stands { why } else { Fate::Nothing });
                }
                Err((_, error)) => return Err(error),
            }
        }
    }

    fn standing_day(&self, day: Day) -> Option<u32> {
        let mut days = self.current().filter(|entry| matches!(entry.record, Some(Record::Day(_))));
        days.find(|entry| entry.day == day).map(|entry| entry.item)
    }

    fn fates(&self, there: &Items<'_>) -> BTreeMap<u32, Fate> {
        let mut here = Here::new(self);
        let mut fates = BTreeMap::new();
        // What says the same goes before what does not, so that nothing doubles; of two alike, the one of
        // the same origin, so that what was withdrawn here is not taken for the other.
        for (number, history) in there {
            let last = history[history.len() - 1];
            let alike = |entry: &Entry| entry.day == last.day && entry.record == last.record;
            if here.meet_history(history, alike).is_some() {
                fates.insert(*number, Fate::Already);
            }
        }
        for (number, history) in there {
            let last = history[history.len() - 1];
            if !fates.contains_key(number) && here.meet(last, |entry| entry.record == last.record).is_some() {
                fates.insert(*number, Fate::Already);
            }
        }
        for (number, history) in there {
            if !fates.contains_key(number)
                && let Some(item) = here.meet_history(history, |_| true)
            {
                fates.insert(*number, here.compare(item, history));
            }
        }
        for (number, history) in there {
            let last = history[history.len() - 1];
            let once_a_day = !matches!(last.record, Some(Record::Session(_)));
            if fates.contains_key(number) {
                continue;
            }
            let other = if once_a_day { here.meet(last, |_| true) } else { None };
            let fate = other.map_or(Fate::Add, |item| Fate::Differs(LeftWhy::Otherwise(item)));
            fates.insert(*number, fate);
        }
        fates
    }

    /// Adds what is new and what goes on, in the order of the file.
    fn take(&mut self, told: &Diary, fates: &BTreeMap<u32, Fate>) -> Result<(), (u32, DiaryError)> {
        let mut seen: BTreeMap<u32, (u32, usize)> = BTreeMap::new();
        for entry in &told.entries {
            let (item, from) = match fates[&entry.item] {
                Fate::Add => (self.next_number(), 0),
                Fate::GoOn { item, from } => (item, from),
                _ => continue,
            };
            let (item, version) = seen.entry(entry.item).or_insert((item, 0));
            *version += 1;
            if *version > from {
                self.append(Entry { item: *item, ..entry.clone() }).map_err(|error| (entry.item, error))?;
            }
        }
        Ok(())
    }

    /// Counts what was done, and puts the file's version in the place of the one here, if it shall.
    fn settle(
        &mut self,
        there: &Items<'_>,
        fates: &BTreeMap<u32, Fate>,
        today: Day,
        replace: bool,
    ) -> Result<Brought, DiaryError> {
        let mut brought = Brought::default();
        for (number, fate) in fates {
            let history = &there[number];
            let mut why = match *fate {
                Fate::Add if history[history.len() - 1].record.is_some() => {
                    brought.added += 1;
                    continue;
                }
                Fate::GoOn { from, .. } if from < history.len() => {
                    brought.changed += 1;
                    continue;
                }
                Fate::Already | Fate::GoOn { .. } => {
                    brought.already += 1;
                    continue;
                }
                Fate::Add | Fate::Nothing => continue,
                Fate::Differs(why) => why,
            };
            let last = history[history.len() - 1];
            if replace && !matches!(why, LeftWhy::DayTaken(_)) {
                let item = why.item();
                let done = match &last.record {
                    Some(record) => self.correct(item, today, last.day, record.clone()),
                    None => self.withdraw(item, today),
                };
                match done {
                    Ok(()) => {
                        brought.replaced += 1;
                        continue;
                    }
                    Err(DiaryError::SecondDay { day }) => {
                        why = LeftWhy::DayTaken(self.standing_day(day).unwrap_or(item));
                    }
                    Err(error) => return Err(error),
                }
            }
            let said = history.iter().rev().find_map(|entry| Some((entry.day, entry.record.clone()?)));
            brought.left.extend(said.map(|(day, record)| Left { day, record, why }));
        }
        Ok(brought)
    }

    /// The items whose last version is one of these entries.
    fn last_among(&self, entries: &Range<u32>) -> Vec<u32> {
        let mut last: BTreeMap<u32, u32> = BTreeMap::new();
        for (number, entry) in (0..).zip(&self.entries) {
            last.insert(entry.item, number);
        }
        let of_these = last.into_iter().filter(|(_, number)| entries.contains(number));
        of_these.map(|(item, _)| item).collect()
    }

    /// The version of an item before these entries, if it stood.
    fn before(&self, item: u32, entries: &Range<u32>) -> Option<&Entry> {
        let earlier = self.entries.iter().take(entries.start as usize);
        earlier.rev().find(|entry| entry.item == item).filter(|entry| entry.record.is_some())
    }

    /// How many items [`Diary::take_back`] would change.
    #[must_use]
    pub fn can_take_back(&self, entries: &Range<u32>) -> usize {
        let changed = |item: &u32| {
            let stands = self.version(*item, 0).filter(|entry| entry.record.is_some());
            let before = self.before(*item, entries);
            stands.map(|entry| (entry.day, &entry.record)) != before.map(|entry| (entry.day, &entry.record))
        };
        self.last_among(entries).iter().filter(|item| changed(item)).count()
    }

    /// Takes back what these entries did, as one import did it: every item whose last version is among them
    /// stands again as before, or is withdrawn. What was changed since stays. Returns how many items changed.
    ///
    /// # Errors
    /// Today lies before a day of writing, or a day was taken since; nothing is changed then.
    pub fn take_back(&mut self, entries: &Range<u32>, today: Day) -> Result<usize, DiaryError> {
        self.goes_on(today)?;
        let mut trial = self.clone();
        let (mut back, mut gone) = (Vec::new(), 0);
        for item in self.last_among(entries) {
            let stands = self.version(item, 0).filter(|entry| entry.record.is_some());
            match self.before(item, entries) {
                Some(before)
                    if stands.map(|now| (now.day, &now.record)) == Some((before.day, &before.record)) => {}
                Some(before) => {
                    back.push(Entry { written: today, ..before.clone() });
                    // Its day may be another's in the end.
                    if stands.is_some_and(|now| now.day != before.day) {
                        trial.withdraw(item, today)?;
                    }
                }
                None if stands.is_some() => {
                    trial.withdraw(item, today)?;
                    gone += 1;
                }
                None => {}
            }
        }
        // What was added or moved is gone now, so that the days are free.
        let changed = gone + back.len();
        back.into_iter().try_for_each(|entry| trial.append(entry))?;
        *self = trial;
        Ok(changed)
    }
}

#[cfg(test)]
mod tests;
