//! The plan of the week on a person's record: what is known, what must still be asked, the running week with
//! its ticks, and the next one.
//!
//! [`care::week`] makes the plan; here stands what it is made from and what becomes of it. Pages and commands
//! both go through a [`Planner`], so they say the same.
//!
//! Terms: the *interview* is what the person answered and asked to keep; the *open rows* are the questions of
//! the screening table on which the choice of exercises hangs and that have no answer of today; a week *runs*
//! for the seven days from its first one and is then *over*.
//!
//! What was planned is never shown against a newer answer: with every look the latest answers are weighed
//! again. A week counts as over when another interview than its own was kept, or when an answer given since
//! rules out something in it.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use care::cause::likely;
use care::exercise::exercise;
use care::week::{History, Known, Massage, NoPlan, Past, Tick, Week, What, Wishes, open_rows, plan};
use care::{Answer, Day, Findings, Tier, triage};

use crate::bed_today;
use crate::course::day_of;
use crate::next::is_given;
use crate::store::{Kept, Record, Store, StoreError};
use crate::told::{Told, keep_answers};

/// Minutes a day where the person wishes nothing else.
///
/// Source: the most that a plan asks for ([`care::week::MINUTES_MAX`]); the first week is shorter all the same.
const MINUTES: u8 = care::week::MINUTES_MAX;

/// Where a person stands with the plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// No interview was kept.
    NoInterview,
    /// The interview of this day is too old.
    OldInterview(Day),
    /// The answers allow no plan.
    Refused(NoPlan),
    /// A week can be made.
    Ready(Ready),
    /// A week runs.
    Running(Running),
}

/// What stands before a new week.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// Rows of the screening table that must be answered first.
    pub open: Vec<&'static str>,
    /// What the person wished last, or the default.
    pub wishes: Wishes,
    /// The week before, if there is one.
    pub last: Option<Past>,
    /// Whether that week was ended early by newer answers.
    pub changed: bool,
}

/// The week that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// The plan and its ticks.
    pub past: Past,
    /// What the person wished last.
    pub wishes: Wishes,
    /// Its day of today, 0 to 6.
    pub today: u8,
}

/// What came of ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticking {
    /// They are kept.
    Kept,
    /// Another week runs by now, or the week has no such day or item.
    Stale,
    /// The day has not come yet.
    Early,
}

/// A person's plan on this day.
#[derive(Clone, Debug)]
pub struct Planner {
    store: Store,
    name: String,
    today: Day,
}

/// What a record holds for the plan.
struct Book {
    record: Record,
    told: Told,
    wishes: Wishes,
    past: Vec<Past>,
}

impl Planner {
    /// The plan of the person of this name, as of `today`.
    #[must_use]
    pub fn new(store: Store, name: String, today: Day) -> Self {
        Self { store, name, today }
    }

    /// Where the person stands.
    ///
    /// # Errors
    /// The record cannot be read.
    pub fn stage(&self) -> Result<Stage, StoreError> {
        match self.book()? {
            Some(book) => self.stage_of(&book),
            None => Ok(Stage::NoInterview),
        }
    }

    /// Keeps an interview; the record is begun if there is none.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn begin(&self, findings: &Findings) -> Result<(), StoreError> {
        self.store.record_or_new(&self.name, self.today)?.keep(Kept::Interview, self.today, findings)
    }

    /// Keeps answers to the screening table, yes or no by row; rows that it does not have are left out.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn answer(&self, rows: &BTreeMap<String, bool>) -> Result<(), StoreError> {
        let answer = |yes: bool| if yes { Answer::Yes } else { Answer::No };
        let rows = rows.iter().map(|(id, yes)| (id.clone(), answer(*yes))).collect();
        keep_answers(&self.store.record(&self.name)?, self.today, &rows)
    }

    /// Keeps wishes. They hold for the next week made; a running one of which nothing was ticked is made anew.
    ///
    /// # Errors
    /// The record cannot be written.
    pub fn wish(&self, wishes: &Wishes) -> Result<(), StoreError> {
        self.store.record(&self.name)?.keep(Kept::PlanWishes, self.today, wishes)?;
        match self.book()? {
            Some(book) if matches!(self.stage_of(&book)?, Stage::Running(running) if running.past.ticked.is_empty()) => {
                self.make_with(&book)
            }
            _ => Ok(()),
        }
    }

    /// Makes the next week, from today on, if nothing stands before it; returns where the person then stands.
    ///
    /// # Errors
    /// The record cannot be read or written.
    pub fn make(&self) -> Result<Stage, StoreError> {
        let Some(book) = self.book()? else { return Ok(Stage::NoInterview) };
        match self.stage_of(&book)? {
            Stage::Ready(ready) if ready.open.is_empty() => {
                self.make_with(&book)?;
                self.stage()
            }
            stage => Ok(stage),
        }
    }

    /// Puts these ticks in the place of those of one day (0 to 6) of the week that began on `first`.
    ///
    /// # Errors
    /// The record cannot be read or written.
    pub fn tick(&self, first: Day, day: u8, items: &BTreeSet<u8>) -> Result<Ticking, StoreError> {
        let Some(book) = self.book()? else { return Ok(Ticking::Stale) };
        let past = match self.stage_of(&book)? {
            Stage::Running(running) => running.past,
            Stage::Ready(Ready { last: Some(last), .. }) => last,
            _ => return Ok(Ticking::Stale),
        };
        let there = past.week.days.get(usize::from(day)).map_or(0, Vec::len);
        if past.week.first != first || items.iter().any(|item| usize::from(*item) >= there) {
            return Ok(Ticking::Stale);
        }
        if first.0.saturating_add(day.into()) > self.today.0 {
            return Ok(Ticking::Early);
        }
        let mut ticked = past.ticked;
        ticked.retain(|tick| tick.day != day);
        ticked.extend(items.iter().map(|item| Tick { day, item: *item }));
        book.record.keep(Kept::Ticks, first, &ticked)?;
        Ok(Ticking::Kept)
    }

    /// The record with what the plan needs of it; `None` without an interview.
    fn book(&self) -> Result<Option<Book>, StoreError> {
        let record = match self.store.record(&self.name) {
            Ok(record) => record,
            Err(StoreError::Nobody { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(told) = Told::read(&record, self.today)? else { return Ok(None) };
        let wishes = record.latest::<Wishes>(Kept::PlanWishes, self.today)?.map(|(_, wishes)| wishes);
        let wishes = wishes.unwrap_or_else(|| Wishes { minutes_a_day: MINUTES, ..Wishes::default() });
        let mut ticks: BTreeMap<Day, BTreeSet<Tick>> = record.all(Kept::Ticks)?.into_iter().collect();
        let given: Vec<Day> = record.sessions()?.iter().filter(|line| is_given(line)).map(day_of).collect();
        let past = record
            .all::<Week>(Kept::Week)?
            .into_iter()
            .filter(|(day, _)| *day <= self.today)
            .map(|(day, week)| {
                let mut ticked = ticks.remove(&day).unwrap_or_default();
                ticked.extend(ticked_by_bed(&week, &given));
                Past { week, ticked }
            })
            .collect();
        Ok(Some(Book { record, told, wishes, past }))
    }

    fn stage_of(&self, book: &Book) -> Result<Stage, StoreError> {
        let told = &book.told;
        if told.is_old(self.today) {
            return Ok(Stage::OldInterview(told.on));
        }
        let open = open_rows(&told.findings, told.on, &told.answers, self.today);
        match self.plan(book)? {
            // What is open can be answered below, except for the age.
            Err(NoPlan::AnswerFirst(rows)) if rows.iter().any(|row| open.contains(&row.as_str())) => {}
            Err(no) => return Ok(Stage::Refused(no)),
            Ok(_) => {}
        }
        let last = book.past.last();
        let running = last.and_then(|past| {
            let day = self.today.days_since(past.week.first).filter(|day| *day < 7)?;
            Some((past, u8::try_from(day).ok()?))
        });
        let changed = match running {
            Some((past, _)) => self.outdated(book, &past.week)?,
            None => false,
        };
        Ok(match running {
            Some((past, today)) if !changed => {
                Stage::Running(Running { past: past.clone(), wishes: book.wishes.clone(), today })
            }
            _ => Stage::Ready(Ready { open, wishes: book.wishes.clone(), last: last.cloned(), changed }),
        })
    }

    fn plan(&self, book: &Book) -> Result<Result<Week, NoPlan>, StoreError> {
        let told = &book.told;
        let causes: BTreeMap<String, f64> = likely(&told.findings)
            .into_iter()
            .filter(|one| one.net() > 0)
            .map(|one| (one.cause.id.clone(), f64::from(one.net())))
            .collect();
        let known = Known {
            findings: &told.findings,
            told_on: told.on,
            answers: &told.answers,
            urgency: triage(&told.findings).urgency,
            causes: &causes,
            massage: bed_today::verdict(told, self.today),
        };
        let diary = book.record.diary()?;
        Ok(plan(&known, &book.wishes, &History { past: &book.past, diary: &diary }, self.today))
    }

    fn make_with(&self, book: &Book) -> Result<(), StoreError> {
        let Ok(week) = self.plan(book)? else { return Ok(()) };
        // Ticks of an earlier plan of the same day belong to that one.
        book.record.keep(Kept::Ticks, week.first, &BTreeSet::<Tick>::new())?;
        book.record.keep(Kept::WeekBasis, week.first, &book.told.findings)?;
        book.record.keep(Kept::Week, week.first, &week)
    }

    /// Whether the week was made from another interview, or an answer given since rules out something in it.
    fn outdated(&self, book: &Book, week: &Week) -> Result<bool, StoreError> {
        let basis: Option<Findings> = book.record.kept(Kept::WeekBasis, week.first)?;
        let told = &book.told;
        if basis.as_ref() != Some(&told.findings) {
            return Ok(true);
        }
        // What was answered before was weighed when the week was made.
        let yes = |row: &String| {
            let said = told.answers.get(row);
            said.is_some_and(|entry| entry.answer != Answer::No && entry.answered_on >= week.first)
        };
        // What rules out the bed for a day only is asked again on the day.
        let lasts =
            |reason: &care::Reason| reason.refuses() && reason.is_told() && reason.tier != Some(Tier::Today);
        let massage_out = || told.clear(self.today).reasons().iter().any(lasts);
        Ok(week.days.iter().flatten().any(|item| match &item.what {
            What::Exercise { id, .. } => exercise(id).is_some_and(|one| one.not_if.iter().any(yes)),
            What::Massage(_) => massage_out(),
            What::Walk | What::Breaks { .. } => false,
        }))
    }
}

/// Ticks for the sessions that the bed gave on these days. Each stands for the session that was planned for its day,
/// else for the nearest one of the week that no other session stands for.
fn ticked_by_bed(week: &Week, given: &[Day]) -> BTreeSet<Tick> {
    let planned = (0_u8..).zip(&week.days).flat_map(|(day, items)| {
        let beds = (0_u8..).zip(items).filter(|(_, item)| item.what == What::Massage(Massage::Bed));
        beds.map(move |(item, _)| Tick { day, item })
    });
    let mut open: BTreeSet<Tick> = planned.collect();
    let days = given.iter().filter_map(|day| day.days_since(week.first).filter(|day| *day < 7));
    let days: Vec<u8> = days.filter_map(|day| u8::try_from(day).ok()).collect();
    let mut ticked = BTreeSet::new();
    let (on, off): (Vec<u8>, Vec<u8>) =
        days.iter().partition(|day| open.iter().any(|tick| tick.day == **day));
    for day in on.into_iter().chain(off) {
        let nearest = open.iter().copied().min_by_key(|tick| (tick.day.abs_diff(day), tick.day));
        if let Some(tick) = nearest {
            open.remove(&tick);
            ticked.insert(tick);
        }
    }
    ticked
}
