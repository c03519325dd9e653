//! What the last weeks say: course of the pain, ticks, and what was done before pain fell.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rules::{Situation, Ticked, table};
use super::{Item, Week, What};
use crate::day::Day;
use crate::diary::Diary;
use crate::facts::{Findings, Value};
use crate::scores::{COURSE_VALUES_MIN, PAIN_POINTS, Reading, read_pain};
use crate::triage::Urgency;

/// Days after which the last plan is too old to step from: the next one is a first week again.
///
/// Guess: four weeks without a plan.
const BREAK_DAYS: u32 = 28;

/// Days for which a pain that was written down counts as the latest.
///
/// Guess: three days.
const PAIN_DAYS: u32 = 3;

/// Days for which a spasm that was not closed counts as its worst pain.
///
/// Guess: one week; later it was likely forgotten.
const SPASM_DAYS: u32 = 7;

/// One tick: the day of the week, 0 to 6, and the item of that day, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// Day of the plan, 0 to 6.
    pub day: u8,
    /// Item of that day, from 0.
    pub item: u8,
}

/// An earlier plan and what was ticked of it; a tick without an item counts for nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// The plan.
    pub week: Week,
    /// The ticks.
    pub ticked: BTreeSet<Tick>,
}

impl Past {
    /// The items that take time, each with whether it was ticked.
    fn items(&self) -> impl Iterator<Item = (&Item, bool)> {
        let ticked = |day: usize, item: usize| {
            let tick = u8::try_from(day).ok().zip(u8::try_from(item).ok());
            tick.is_some_and(|(day, item)| self.ticked.contains(&Tick { day, item }))
        };
        self.week
            .days
            .iter()
            .enumerate()
            .flat_map(move |(day, items)| {
                items.iter().enumerate().map(move |(number, item)| (item, ticked(day, number)))
            })
            .filter(|(item, _)| !matches!(item.what, What::Breaks { .. }))
    }

    /// Times each thing was planned and ticked.
    pub(super) fn times(&self) -> BTreeMap<&str, (u32, u32)> {
        let mut times = BTreeMap::new();
        for (item, ticked) in self.items() {
            let (planned, done) = times.entry(item.what.name()).or_insert((0, 0));
            *planned += 1;
            *done += u32::from(ticked);
        }
        times
    }

    /// How much was ticked. Of an empty plan nothing could be, so it counts as some.
    #[must_use]
    pub fn ticked(&self) -> Ticked {
        let (planned, done) =
            self.times().values().fold((0, 0), |sum, (planned, done)| (sum.0 + planned, sum.1 + done));
        match (planned, done) {
            (0, _) => Ticked::Some,
            (_, 0) => Ticked::Nothing,
            _ if f64::from(done) >= table().limits.most_ticked_from * f64::from(planned) => Ticked::Most,
            _ => Ticked::Some,
        }
    }
}

/// What is on record of the weeks before.
#[derive(Clone, Copy, Debug)]
pub struct History<'a> {
    /// Earlier plans with their ticks, in any order.
    pub past: &'a [Past],
    /// The diary: pain and episodes.
    pub diary: &'a Diary,
}

/// The history as it stands before the first day of a new plan.
pub(super) struct Seen<'a> {
    /// Plans that have ended, oldest first.
    past: Vec<&'a Past>,
    first: Day,
    pain: Vec<(Day, u8)>,
    latest: Option<u8>,
    /// Average worst pain of the week before the last one and of the last one.
    pub(super) means: Option<(f64, f64)>,
}

impl<'a> Seen<'a> {
    pub(super) fn new(history: &History<'a>, findings: &Findings, first: Day) -> Self {
        let mut past: Vec<&Past> =
            history.past.iter().filter(|past| first.0.saturating_sub(past.week.first.0) >= 7).collect();
        past.sort_by_key(|past| past.week.first);
        let pain: Vec<(Day, u8)> =
            history.diary.days().filter_map(|(day, record)| Some((day, u8::from(record.pain?)))).collect();
        let latest = latest(history.diary, &pain, findings, first);
        let mut seen = Self { past, first, pain, latest, means: None };
        seen.means = seen.means_before(first);
        seen
    }

    /// The plan that the next one follows from.
    pub(super) fn last(&self) -> Option<&'a Past> {
        self.past.last().copied().filter(|past| self.first.0 - past.week.first.0 <= BREAK_DAYS + 7)
    }

    pub(super) fn situation(&self, urgency: Urgency) -> Situation {
        let reading = |weeks: u32| {
            let end = Day(self.first.0.checked_sub(7 * weeks)?);
            self.means_before(end).map(|(before, now)| read_pain(before, now))
        };
        let worse = (0..u8::MAX).take_while(|weeks| reading((*weeks).into()) == Some(Reading::Worse));
        Situation {
            first: self.last().is_none(),
            course: reading(0).into(),
            ticked: self.last().map_or(Ticked::Nothing, Past::ticked),
            weeks_worse: u8::try_from(worse.count()).unwrap_or(u8::MAX),
            pain: self.latest,
            urgency,
        }
    }

    /// Average worst pain of the seven days from `from` on, if enough of them were written down.
    fn mean(&self, from: u32) -> Option<f64> {
        let days = from..from.saturating_add(7);
        let values: Vec<f64> = self
            .pain
            .iter()
            .filter(|(day, _)| days.contains(&day.0))
            .map(|(_, pain)| f64::from(*pain))
            .collect();
        let enough = values.len() >= COURSE_VALUES_MIN;
        enough.then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    /// Averages of the two weeks before a day.
    fn means_before(&self, end: Day) -> Option<(f64, f64)> {
        Some((self.mean(end.0.checked_sub(14)?)?, self.mean(end.0.checked_sub(7)?)?))
    }

    /// For each thing that was done in past weeks, from -1 (pain rose) to 1 (pain fell): the average over the
    /// weeks in which it was ticked, by similarity, with one week without change added.
    ///
    /// Guess: the similarity of a week is 1 / (1 + d / 2), with d the difference in points between the pain
    /// before it and the latest week's; the added week keeps one lucky week from counting fully.
    pub(super) fn helped(&self) -> BTreeMap<&'a str, f64> {
        let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        let now = self.first.0.checked_sub(7).and_then(|from| self.mean(from));
        for past in &self.past {
            let from = past.week.first.0;
            let before = from.checked_sub(7).and_then(|from| self.mean(from));
            let (Some(before), Some(during), Some(now)) = (before, self.mean(from), now) else { continue };
            let outcome = match read_pain(before, during) {
                Reading::Better => 1.0,
                Reading::Worse => -1.0,
                Reading::NoClearChange => 0.0,
            };
            let similar = 1.0 / (1.0 + (before - now).abs() / PAIN_POINTS);
            for (name, _) in past.times().into_iter().filter(|(_, (_, done))| *done > 0) {
                let sum = sums.entry(name).or_insert((0.0, 1.0));
                sum.0 += similar * outcome;
                sum.1 += similar;
            }
        }
        sums.into_iter().map(|(name, (sum, weight))| (name, sum / weight)).collect()
    }
}

/// The latest pain, the worst of what is known of today.
fn latest(diary: &Diary, pain: &[(Day, u8)], findings: &Findings, today: Day) -> Option<u8> {
    let within = |day: Day, days: u32| today.days_since(day).is_some_and(|since| since <= days);
    let written = pain.iter().filter(|(day, _)| within(*day, PAIN_DAYS)).max_by_key(|(day, _)| *day);
    let spasm = diary
        .episodes()
        .filter(|(day, episode)| episode.last.is_none() && within(*day, SPASM_DAYS))
        .map(|(_, episode)| u8::from(episode.pain));
    let told = match findings.get("pain_now") {
        // Rounded up: the stricter side.
        Some(Value::Number(pain)) => Some(pain.ceil().clamp(0.0, 10.0) as u8),
        _ => None,
    };
    written.map(|(_, pain)| *pain).into_iter().chain(spasm).chain(told).max()
}
