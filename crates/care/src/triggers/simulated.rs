//! Simulated diaries with a known truth: gaps, days filled in later, triggers that go together, few
//! episodes. Nobody wrote them.

use super::*;
use crate::diary::Episode;
use crate::draw::{splitmix, unit};
use crate::scores::Nprs;

/// What is true of a simulated person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Truth {
    /// Log odds ratio of "lifting" on the day before.
    pub lifting: f64,
    /// Log odds ratio of a point of stress on the day before.
    pub stress: f64,
    /// Log odds ratio of half an hour of sleep.
    pub sleep: f64,
    /// Spasms in a year, about.
    pub spasms: f64,
    /// Days in the diary.
    pub days: u32,
    /// Share of days before a spasm that are written late and then say "lifting" and high stress.
    pub blamed: f64,
}

pub(super) const NOTHING: Truth =
    Truth { lifting: 0.0, stress: 0.0, sleep: 0.0, spasms: 20.0, days: 365, blamed: 0.0 };

struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = splitmix(self.0);
        unit(self.0)
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Roughly normal, mean 0 and standard deviation 1 (sum of twelve).
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// The days as they were, before the diary forgets some.
fn true_days(truth: &Truth, dice: &mut Dice) -> Vec<DayRecord> {
    let mut load = 0.0;
    (0..truth.days)
        .map(|day| {
            // A load that lasts for days and is lighter at weekends moves everything together.
            load = 0.7 * load + 0.7 * dice.bell();
            let work = if day % 7 < 5 { 0.5 } else { -0.8 };
            let busy = load + work;
            let mut yes = |share: f64, pull: f64| {
                let odds = (share / (1.0 - share)).ln() + pull * busy;
                dice.chance(1.0 / (1.0 + (-odds).exp()))
            };
            let strains = [
                ("lifting", 0.3, 0.8),
                ("twisting", 0.25, 0.8),
                ("long_posture", 0.4, 1.2),
                ("travel", 0.08, 0.0),
            ]
            .map(|(name, share, pull)| (name.to_owned(), yes(share, pull)));
            let minutes = |value: f64| value.clamp(0.0, 1000.0).round() as u16;
            DayRecord {
                strains: strains.into(),
                stress: Nprs::try_from((4.0 + 1.5 * busy + dice.bell()).clamp(0.0, 10.0).round() as u8).ok(),
                sitting_min: Some(minutes(360.0 + 100.0 * busy + 60.0 * dice.bell())),
                activity_min: Some(minutes(40.0 - 10.0 * busy + 20.0 * dice.bell())),
                sleep_min: Some(minutes(430.0 - 20.0 * busy + 40.0 * dice.bell())),
                ..DayRecord::default()
            }
        })
        .collect()
}

/// The diary of simulated person `seed`: every spasm is in it, days may be missing or late.
pub(super) fn diary(truth: &Truth, seed: u64) -> Diary {
    let mut dice = Dice(splitmix(seed ^ 0x0d1a_4e5e_ed00_0000));
    let days = true_days(truth, &mut dice);
    let base = (truth.spasms / 365.0).ln() - 0.3 * truth.lifting - 4.0 * truth.stress - 14.0 * truth.sleep;
    // Onset day and last day of every spasm, by odds from the day before and the night before.
    let mut spasms: Vec<(u32, u32)> = Vec::new();
    for day in 1..truth.days {
        if spasms.last().is_some_and(|(_, last)| day <= *last) {
            continue;
        }
        let (before, today) = (&days[day as usize - 1], &days[day as usize]);
        let score = |trigger: Trigger, of: &DayRecord| f64::from(trigger.exposure(of).unwrap_or(0));
        let odds = base
            + truth.lifting * score(Trigger::Strain("lifting".into()), before)
            + truth.stress * score(Trigger::Stress, before)
            + truth.sleep * score(Trigger::Sleep, today);
        if dice.chance(1.0 / (1.0 + (-odds).exp())) {
            spasms.push((day, (day + (dice.unit() * 4.0) as u32).min(truth.days - 1)));
        }
    }
    let start = 20_000 + (dice.unit() * 35.0) as u32;
    let mut gap = 0_u32;
    let mut entries: Vec<(Day, Day, Record)> = Vec::new();
    for (number, mut record) in (0..truth.days).zip(days) {
        let day = Day(start + number);
        if gap == 0 && dice.chance(0.015) {
            gap = 3 + (dice.unit() * 12.0) as u32;
        }
        let missing = gap > 0 || dice.chance(0.08);
        gap = gap.saturating_sub(1);
        let mut late = if dice.chance(0.1) { 1 + (dice.unit() * 3.0) as u32 } else { 0 };
        if spasms.iter().any(|(onset, _)| *onset == number + 1) && dice.chance(truth.blamed) {
            late = 2;
            record.strains.insert("lifting".into(), true);
            record.stress = Nprs::try_from(9).ok();
        } else if missing {
            continue;
        }
        // Now and then a question stays open.
        if dice.chance(0.05) {
            record.stress = None;
        }
        if dice.chance(0.05) {
            record.strains.remove("lifting");
        }
        entries.push((Day(day.0 + late), day, Record::Day(record)));
    }
    for (onset, last) in spasms {
        let episode = Episode {
            last: Some(Day(start + last)),
            pain: Nprs::try_from(6).expect("a rating"),
            places: BTreeSet::new(),
            radiating: None,
            set_off_by: BTreeSet::new(),
            notes: String::new(),
        };
        entries.push((Day(start + last), Day(start + onset), Record::Episode(episode)));
    }
    entries.sort_by_key(|(written, day, _)| (*written, *day));
    let mut diary = Diary::default();
    for (written, day, record) in entries {
        diary.write(written, day, record).expect("a simulated entry is in order");
    }
    diary
}
