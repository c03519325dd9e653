//! "What goes with my spasms": a case-crossover analysis of one person's diary.
//!
//! Each spasm's *hazard window*, one day, is compared with other days of the same person (Maclure
//! 1991, Am J Epidemiol 133:144; for back pain Steffens 2015, Arthritis Care Res 67:403, doi
//! 10.1002/acr.22533). Comparing a person with themselves removes whatever stays the same.
//!
//! Terms: the *onset day* is the first day of an episode. A trigger's *exposure day* lies `lag` days
//! before: the day before for everything but sleep (a spasm changes the rest of its own day), the same
//! day for the night's sleep. A *set* holds the days of one weekday within a stretch of
//! [`SET_WEEKS`] weeks laid over the calendar in advance: *case days*, on which a spasm began, and
//! *control days*. Weekday and slow trends thereby fall out, and because the stretches are not chosen
//! by the spasms there is no overlap bias, which the symmetric choice of days (7 and 14 before and
//! after) has (Janes, Sheppard and Lumley 2005, doi
//! 10.1097/01.ede.0000181315.18836.9d).
//!
//! Given its number of case days, a set's chance that just these were its case days is, with x the
//! exposure in steps and beta the log odds ratio of one step,
//! `exp(beta * sum of x over the case days) / sum over all choices of as many days of the same`
//! (conditional logistic regression). Multiplying the sets gives the exact distribution of the sum
//! over all case days, from which come estimate, interval and p value (`exact`). No large-sample
//! formula is used, since diaries are short.
//!
//! Left out and counted: days without an answer, days written down late (a spasm colours memory),
//! days on which a spasm was still going on, and episodes written down long after.
//!
//! What this module does not do: it shows what goes together, not what causes what. Triggers are
//! looked at one by one; those that come and go together are named, for they cannot be told apart.
//! Over simulated diaries of a year with 30 spasms, a trigger that triples the odds is found in under
//! one of ten, so "nothing clear" is no all-clear. The rate of false findings holds for one look at a
//! diary: looking again every week finds more by
//! chance, so a finding deserves belief when it stays. Triggers that work within hours of the onset
//! are missed.

mod exact;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::day::Day;
use crate::diary::{DayRecord, Diary, Record};

/// Weeks that one set spans.
///
/// Design: five days of one weekday, so four control days a spasm, as with 7 and 14 days on either
/// side.
pub const SET_WEEKS: u32 = 5;

/// Episodes below which no trigger is judged.
///
/// Source: what the project promises ("under 10 episodes: not enough yet").
pub const EPISODES_MIN: usize = 10;

/// Chance that any trigger is found in a diary in which none has an effect, at most.
///
/// Design: one in twenty.
pub const FALSE_FINDINGS: f64 = 0.05;

/// Days after which a day record was written too late to count: on the day itself only, for a day
/// written the next morning may already know of the spasm.
///
/// Design: strictest.
pub const LATE_DAYS: u32 = 0;

/// Days after its onset by which an episode must be written down to count.
///
/// Guess: one week; later the day itself is uncertain.
pub const EPISODE_LATE_DAYS: u32 = 7;

/// Correlation over days from which two triggers are said to come and go together.
///
/// Guess: half the variance of one is explained by the other.
pub const TOGETHER_CORRELATION: f64 = 0.7;

/// Something that may go with spasms.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A strain of the diary, yes or no, on the day before.
    Strain(String),
    /// Stress on the day before, a point.
    Stress,
    /// Sitting on the day before, an hour.
    Sitting,
    /// Activity on the day before, half an hour.
    Activity,
    /// Sleep of the night before, an hour.
    Sleep,
}

impl Trigger {
    /// Days from the exposure day to the onset day.
    #[must_use]
    pub fn lag_days(&self) -> u32 {
        u32::from(*self != Trigger::Sleep)
    }

    /// Steps of the analysis in the unit for which the odds ratio is told.
    fn steps(&self) -> f64 {
        match self {
            Trigger::Strain(_) | Trigger::Stress => 1.0,
            Trigger::Sitting | Trigger::Activity | Trigger::Sleep => 2.0,
        }
    }

    /// The exposure of a day in whole steps; `None` when it was not answered.
    fn exposure(&self, day: &DayRecord) -> Option<u32> {
        let rounded = |minutes: u16, step: u32| (u32::from(minutes) + step / 2) / step;
        match self {
            Trigger::Strain(name) => day.strains.get(name).map(|yes| u32::from(*yes)),
            Trigger::Stress => day.stress.map(|stress| u32::from(u8::from(stress))),
            Trigger::Sitting => day.sitting_min.map(|minutes| rounded(minutes, 30)),
            Trigger::Activity => day.activity_min.map(|minutes| rounded(minutes, 15)),
            Trigger::Sleep => day.sleep_min.map(|minutes| rounded(minutes, 30)),
        }
    }
}

/// What can be said of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Fewer than [`EPISODES_MIN`] episodes that can be compared.
    NotEnoughYet,
    /// The days compared do not differ in it.
    NoContrast,
    /// Nothing beyond chance.
    NothingClear,
    /// Spasms begin more often after more of it.
    MoreSpasms,
    /// Spasms begin less often after more of it.
    FewerSpasms,
}

/// One trigger and the spasms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Association {
    /// The trigger.
    pub trigger: Trigger,
    /// Onset days that could be compared with control days.
    pub episodes: usize,
    /// Control days they were compared with.
    pub control_days: usize,
    /// Odds ratio of a spasm for one unit more; `None` when not estimated or without bound.
    pub odds_ratio: Option<f64>,
    /// Lower end of the 95 % interval; `None` when there is no lower bound above zero.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` when there is no upper bound.
    pub high: Option<f64>,
    /// Chance of a sum at least as far out without any effect, both sides, corrected for the number
    /// of triggers; `None` when not judged.
    pub p_corrected: Option<f64>,
    /// What can be said.
    pub verdict: Verdict,
    /// Triggers that come and go together with it.
    pub together_with: Vec<Trigger>,
}

/// What the diary says about triggers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Episodes in the diary.
    pub episodes: usize,
    /// Episodes left out because they were written down late.
    pub episodes_late: usize,
    /// Day records left out because they were written down late.
    pub days_late: usize,
    /// The triggers, in the order of their names.
    pub associations: Vec<Association>,
}

/// Looks at every trigger that the diary asks for.
#[must_use]
pub fn goes_with(diary: &Diary) -> Analysis {
    let material = Material::new(diary, LATE_DAYS);
    material.analysis()
}

/// The diary as the analysis sees it.
struct Material {
    /// Day records that were written in time.
    days: BTreeMap<Day, DayRecord>,
    /// Days of which it is known whether a spasm began.
    observed: BTreeSet<Day>,
    /// Onset days written down in time.
    onsets: BTreeSet<Day>,
    /// Days with a spasm that began earlier, or whose onset does not count.
    ailing: BTreeSet<Day>,
    episodes: usize,
    episodes_late: usize,
    days_late: usize,
}

impl Material {
    fn new(diary: &Diary, late_days: u32) -> Self {
        let mut material = Self {
            days: BTreeMap::new(),
            observed: diary.days().map(|(day, _)| day).collect(),
            onsets: BTreeSet::new(),
            ailing: BTreeSet::new(),
            episodes: diary.episodes().count(),
            episodes_late: 0,
            days_late: 0,
        };
        // A correction made later is memory too: the last version written in time counts.
        let withdrawn: BTreeSet<u32> = {
            let current: BTreeSet<u32> = diary.current().map(|entry| entry.item).collect();
            diary.entries().iter().map(|entry| entry.item).filter(|item| !current.contains(item)).collect()
        };
        let mut first_written = BTreeMap::new();
        for entry in diary.entries().iter().filter(|entry| !withdrawn.contains(&entry.item)) {
            first_written.entry(entry.item).or_insert(entry.written);
            if let Some(Record::Day(record)) = &entry.record
                && entry.written.0 - entry.day.0 <= late_days
            {
                material.days.insert(entry.day, record.clone());
            }
        }
        material.days_late = diary.days().filter(|(day, _)| !material.days.contains_key(day)).count();
        let end = diary.last_written().map_or(0, |day| day.0);
        for entry in diary.current() {
            let Some(Record::Episode(episode)) = &entry.record else { continue };
            let late = first_written[&entry.item].0.saturating_sub(entry.day.0) > EPISODE_LATE_DAYS;
            material.episodes_late += usize::from(late);
            let last = episode.last.map_or(end, |last| last.0);
            let first_ailing = if late { entry.day.0 } else { entry.day.0 + 1 };
            material.ailing.extend((first_ailing..=last).map(Day));
            if !late {
                material.onsets.insert(entry.day);
            }
        }
        // A spasm that begins while another goes on is not a fresh start.
        material.onsets.retain(|day| !material.ailing.contains(day));
        material
    }

    fn triggers(&self) -> BTreeSet<Trigger> {
        let mut triggers = BTreeSet::new();
        for day in self.days.values() {
            triggers.extend(day.strains.keys().cloned().map(Trigger::Strain));
            let graded = [Trigger::Stress, Trigger::Sitting, Trigger::Activity, Trigger::Sleep];
            triggers.extend(graded.into_iter().filter(|trigger| trigger.exposure(day).is_some()));
        }
        triggers
    }

    /// The sets of a trigger that have case and control days.
    fn sets(&self, trigger: &Trigger) -> Vec<exact::Set> {
        let mut sets: BTreeMap<(u32, u32), exact::Set> = BTreeMap::new();
        for &day in self.observed.union(&self.onsets) {
            let Some(exposure_day) = day.0.checked_sub(trigger.lag_days()).map(Day) else { continue };
            let began_before = trigger.lag_days() > 0 && self.ill(exposure_day);
            if self.ailing.contains(&day) || began_before {
                continue;
            }
            let Some(exposure) = self.days.get(&exposure_day).and_then(|record| trigger.exposure(record))
            else {
                continue;
            };
            let set = sets.entry((day.0 / (7 * SET_WEEKS), day.0 % 7)).or_default();
            if self.onsets.contains(&day) {
                set.cases.push(exposure);
            } else {
                set.controls.push(exposure);
            }
        }
        sets.into_values().filter(|set| !set.cases.is_empty() && !set.controls.is_empty()).collect()
    }

    fn ill(&self, day: Day) -> bool {
        self.onsets.contains(&day) || self.ailing.contains(&day)
    }

    fn analysis(&self) -> Analysis {
        let triggers: Vec<Trigger> = self.triggers().into_iter().collect();
        let judged: Vec<Judged> = triggers.iter().map(|trigger| Judged::new(&self.sets(trigger))).collect();
        let p_corrected = corrected(&judged.iter().map(|judged| judged.p).collect::<Vec<_>>());
        let associations = triggers
            .iter()
            .zip(judged.iter().zip(p_corrected))
            .map(|(trigger, (judged, p))| {
                let others = triggers.iter().filter(|other| *other != trigger);
                let together_with =
                    others.filter(|other| self.correlation(trigger, other).abs() >= TOGETHER_CORRELATION);
                judged.association(trigger, p, together_with.cloned().collect())
            })
            .collect();
        Analysis {
            episodes: self.episodes,
            episodes_late: self.episodes_late,
            days_late: self.days_late,
            associations,
        }
    }

    /// Pearson's correlation of two exposures over the days that have both; 0 when either is constant.
    fn correlation(&self, one: &Trigger, other: &Trigger) -> f64 {
        let pairs: Vec<(f64, f64)> = self
            .days
            .values()
            .filter_map(|day| Some((f64::from(one.exposure(day)?), f64::from(other.exposure(day)?))))
            .collect();
        let n = pairs.len() as f64;
        let mean = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0 / n, sum.1 + pair.1 / n));
        let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
        for (x, y) in pairs {
            let (x, y) = (x - mean.0, y - mean.1);
            xx += x * x;
            yy += y * y;
            xy += x * y;
        }
        if xx * yy > 0.0 { xy / (xx * yy).sqrt() } else { 0.0 }
    }
}

/// One trigger before the correction for their number.
struct Judged {
    episodes: usize,
    control_days: usize,
    estimate: Option<exact::Estimate>,
    p: Option<f64>,
}

impl Judged {
    fn new(sets: &[exact::Set]) -> Self {
        let episodes = sets.iter().map(|set| set.cases.len()).sum();
        let control_days = sets.iter().map(|set| set.controls.len()).sum();
        let enough = episodes >= EPISODES_MIN;
        let estimate = if enough { exact::estimate(sets) } else { None };
        Self { episodes, control_days, p: estimate.as_ref().map(|estimate| estimate.p), estimate }
    }

    fn association(&self, trigger: &Trigger, p: Option<f64>, together_with: Vec<Trigger>) -> Association {
        let ratio = |beta: Option<f64>| beta.map(|beta| (beta * trigger.steps()).exp());
        let estimate = self.estimate.as_ref();
        let verdict = match (estimate, p) {
            _ if self.episodes < EPISODES_MIN => Verdict::NotEnoughYet,
            (Some(estimate), Some(p)) if p <= FALSE_FINDINGS => {
                if estimate.more {
                    Verdict::MoreSpasms
                } else {
                    Verdict::FewerSpasms
                }
            }
            (Some(_), _) => Verdict::NothingClear,
            (None, _) => Verdict::NoContrast,
        };
        Association {
            trigger: trigger.clone(),
            episodes: self.episodes,
            control_days: self.control_days,
            odds_ratio: ratio(estimate.and_then(|estimate| estimate.beta)),
            low: ratio(estimate.and_then(|estimate| estimate.low)),
            high: ratio(estimate.and_then(|estimate| estimate.high)),
            p_corrected: p,
            verdict,
            together_with,
        }
    }
}

/// Bonferroni's correction in Holm's step-down form, which keeps the chance of any false finding
/// whatever the triggers have to do with each other; those without a p value do not count.
fn corrected(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut order: Vec<usize> = (0..p.len()).filter(|index| p[*index].is_some()).collect();
    order.sort_by(|a, b| p[*a].partial_cmp(&p[*b]).expect("p values are numbers"));
    let count = order.len();
    let mut out = vec![None; p.len()];
    let mut largest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        let raised = p[index].expect("kept above") * (count - rank) as f64;
        largest = largest.max(raised.min(1.0));
        out[index] = Some(largest);
    }
    out
}
