use bed::{Level, Side, limits};
use counts::MilliCem43;
use proptest::prelude::*;

use super::{Counter, Given, Moment, Past, SCANS_ALONE_A_DAY, UNSEEN_S, dose_today, history};
use crate::clock::Clocks;
use crate::dose::PersonDose;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// 2026-11-23, midnight UTC.
const MIDNIGHT: i64 = 20_780 * DAY;

fn moment(utc_s: i64, zone_h: i32, count_s: i64) -> Moment {
    Moment { utc_s, zone_s: zone_h * 3600, count_s: count_s as u64, house: 1 }
}

fn past(begun: Moment) -> Past {
    let ended = begun.later(1800, &moment(i64::MAX, 0, i64::MAX));
    Past { begun, ended, given: Given::Strokes, dose: PersonDose::everywhere(MilliCem43::new(20_000)) }
}

/// A session `ago_s` before now where both clocks ran evenly and the counter stands at a million.
fn even(now_utc_s: i64, zone_h: i32, ago_s: i64) -> (Moment, Past) {
    let now = moment(now_utc_s, zone_h, 1_000_000);
    (now, past(moment(now_utc_s - ago_s, zone_h, 1_000_000 - ago_s)))
}

#[test]
fn a_night_apart_is_another_day_and_an_afternoon_is_not() {
    for (now_h, ago_h, today) in
        [(9, 12, false), (9, 8, true), (23, 22, true), (23, 24, false), (1, 2, false)]
    {
        let (now, session) = even(MIDNIGHT + now_h * HOUR, 0, ago_h * HOUR);
        let told = history(&now, &[session]);
        assert_eq!(told.sessions_today, Some(u32::from(today)), "{now_h} h, {ago_h} h ago");
        assert_eq!(told.since_last_s, Some((ago_h * HOUR - 1800) as f64));
        assert_eq!(told.dose_today_cem43, Some(if today { 20.0 } else { 0.0 }));
        assert_eq!(told.sessions, Some(1));
    }
    assert_eq!(history(&even(MIDNIGHT, 0, 1).0, &[]), plan::History::newcomer());
}

#[test]
fn a_scan_alone_is_no_session_a_few_times_a_day_but_its_dose_counts() {
    let (now, session) = even(MIDNIGHT + 20 * HOUR, 0, 2 * HOUR);
    let alone = Past { given: Given::ScanAlone, ..session };
    let told = history(&now, &[alone; SCANS_ALONE_A_DAY]);
    assert_eq!((told.sessions, told.sessions_today, told.since_last_s), (Some(0), Some(0), None));
    assert_eq!(told.dose_today_cem43, Some(20.0 * SCANS_ALONE_A_DAY as f64));
    let told = history(&now, &[alone; SCANS_ALONE_A_DAY + 1]);
    let (all, since) = (SCANS_ALONE_A_DAY as u32 + 1, (2 * HOUR - 1800) as f64);
    assert_eq!((told.sessions_today, told.since_last_s), (Some(all), Some(since)));
    let unknown = history(&now, &[Past { given: Given::Unknown, ..session }]);
    assert_eq!((unknown.sessions_today, unknown.since_last_s), (Some(1), Some(since)));
}

#[test]
fn who_flies_west_or_changes_to_winter_time_lives_one_long_day() {
    // Begun at 0:30 in summer time; 24 hours and a quarter later it is 23:45 of the same date.
    let begun = past(moment(MIDNIGHT - HOUR - HOUR / 2, 2, 1000));
    let now = moment(begun.begun.utc_s + DAY + HOUR / 4, 1, 1000 + DAY + HOUR / 4);
    assert!(now.is_today(&begun.begun));
    // From Tokyo at noon to Honolulu: 19 hours of difference.
    let begun = past(moment(MIDNIGHT + 3 * HOUR, 9, 1000));
    assert!(moment(MIDNIGHT + 20 * HOUR, -10, 1000 + 17 * HOUR).is_today(&begun.begun));
    assert!(!moment(MIDNIGHT + 50 * HOUR, -10, 1000 + 47 * HOUR).is_today(&begun.begun));
}

#[test]
fn a_clock_that_is_set_forward_or_back_makes_nothing_older() {
    let begun = past(moment(MIDNIGHT + 10 * HOUR, 0, 1000));
    for set in [-400 * DAY, -30 * HOUR, -HOUR, HOUR, 14 * HOUR, 30 * HOUR, 400 * DAY] {
        let passed = 2 * HOUR;
        let now = moment(MIDNIGHT + 10 * HOUR + passed + set, 0, 1000 + passed);
        let told = history(&now, &[begun]);
        assert_eq!(told.sessions_today, Some(1), "set by {set} s");
        assert!(told.since_last_s.expect("a session") <= (passed - 1800) as f64, "set by {set} s");
        // Three days later nobody is locked out, whatever the clock says.
        let later = moment(now.utc_s + 3 * DAY, 0, 1000 + passed + 3 * DAY);
        let told = history(&later, &[begun]);
        assert_eq!(told.sessions_today, Some(0), "set by {set} s");
        assert!(told.since_last_s.expect("a session") >= f64::from(limits::SESSION_GAP_S), "set by {set} s");
    }
}

#[test]
fn heat_of_one_day_adds_up_by_strip() {
    let (now, mut morning) = even(MIDNIGHT + 20 * HOUR, 0, 12 * HOUR);
    let (_, mut noon) = even(MIDNIGHT + 20 * HOUR, 0, 8 * HOUR);
    (morning.dose, noon.dose) = (PersonDose::NONE, PersonDose::NONE);
    morning.dose.set(Level::L3, Side::Left, MilliCem43::new(12_000));
    noon.dose.set(Level::L3, Side::Left, MilliCem43::new(11_000));
    noon.dose.set(Level::T5, Side::Right, MilliCem43::new(14_500));
    let (_, yesterday) = even(MIDNIGHT + 20 * HOUR, 0, 30 * HOUR);
    let sessions = [yesterday, morning, noon];
    assert_eq!(dose_today(&now, &sessions).at(Level::L3, Side::Left), MilliCem43::new(23_000));
    assert_eq!(history(&now, &sessions).dose_today_cem43, Some(23.0));
}

#[test]
fn a_computer_that_is_on_only_for_its_sessions_locks_nobody_out() {
    let mut world = World::new();
    for _day in 0..10 {
        world.boot(8 * HOUR, 0);
        assert!(world.session(1800, 20.0, false), "in the morning");
        world.boot(9 * HOUR, 0);
        assert!(world.session(1800, 20.0, false), "in the evening");
        world.boot(6 * HOUR, 0);
    }
}

#[test]
fn another_counter_counts_from_its_own_beginning() {
    let begun = Moment { house: 7, ..moment(MIDNIGHT, 0, 5_000_000) };
    let now = moment(MIDNIGHT + DAY, 0, 600);
    assert_eq!(now.since(&begun), (DAY, 600));
    assert!(now.is_today(&begun));
}

/// True time, and what a computer knows of it.
struct World {
    true_s: i64,
    /// Calendar minus true time.
    off_s: i64,
    /// How far the calendar was set forward since the counter was read last.
    ahead_s: i64,
    zone_s: i32,
    boot: u32,
    booted_s: i64,
    runs: bool,
    counter: Counter,
    known: Vec<Past>,
    truth: Vec<Truth>,
}

struct Truth {
    begun_s: i64,
    ended_s: i64,
    off_s: i64,
    zone_s: i32,
    dose: f64,
}

impl World {
    fn new() -> Self {
        let last = Clocks { utc_s: MIDNIGHT, zone_s: 0, boot: "0".to_owned(), up_s: 0 };
        Self {
            true_s: MIDNIGHT,
            off_s: 0,
            ahead_s: 0,
            zone_s: 0,
            boot: 0,
            booted_s: MIDNIGHT,
            runs: true,
            counter: Counter { house: 1, count_s: 0, last },
            known: Vec::new(),
            truth: Vec::new(),
        }
    }

    fn read(&mut self) -> Moment {
        self.ahead_s = 0;
        self.counter.read(&Clocks {
            utc_s: self.true_s + self.off_s,
            zone_s: self.zone_s,
            boot: self.boot.to_string(),
            up_s: (self.true_s - self.booted_s) as u64,
        })
    }

    fn wait(&mut self, seconds: i64) {
        self.true_s += seconds;
        if self.runs {
            self.read();
        }
    }

    /// Somebody sets the clock. Left out, as in [`World::boot`]: forward, in a boot that Ondol has not seen.
    fn set(&mut self, seconds: i64) {
        if seconds > 0 && self.counter.last.boot != self.boot.to_string() {
            return;
        }
        self.off_s += seconds;
        self.ahead_s += seconds;
    }

    /// Off and on again; the clock may have lost time meanwhile. Left out where nobody can tell it from a
    /// night: set forward while Ondol does not run, then restarted.
    fn boot(&mut self, off_s: i64, lost_s: i64) {
        if self.runs {
            self.read();
        }
        if self.ahead_s > 0 {
            return;
        }
        self.true_s += off_s;
        self.off_s -= lost_s;
        self.boot += 1;
        self.booted_s = self.true_s;
        if self.runs {
            self.read();
        }
    }

    /// Gives a session if the rules of the day allow it, and checks by true time that they were right to.
    fn session(&mut self, lasts_s: i64, dose: f64, crashes: bool) -> bool {
        let begun = self.read();
        let told = history(&begun, &self.known);
        let rest = f64::from(limits::DOSE_DAY_CEM43) - told.dose_today_cem43.expect("known");
        let gap = f64::from(limits::SESSION_GAP_S);
        if told.sessions_today.expect("known") >= 2 || told.since_last_s.is_some_and(|since| since < gap) {
            return false;
        }
        let dose = dose.min(rest).min(f64::from(limits::DOSE_PROGRAM_CEM43)).max(0.0);
        let begun_s = self.true_s;
        self.true_s += lasts_s;
        let heard = self.read();
        let mut charged = PersonDose::everywhere(crate::dose::milli(dose));
        let mut ended = heard;
        if crashes {
            // The host died in the middle, the bed went on for as long as it can; settled an hour later.
            charged = charged.max(&PersonDose::unknown());
            let ended_s = self.true_s + i64::from(UNSEEN_S);
            self.true_s += HOUR;
            ended = heard.later(UNSEEN_S, &self.read());
            self.truth.push(Truth { begun_s, ended_s, off_s: self.off_s, zone_s: self.zone_s, dose });
        } else {
            let ended_s = self.true_s;
            self.truth.push(Truth { begun_s, ended_s, off_s: self.off_s, zone_s: self.zone_s, dose });
        }
        self.known.push(Past {
            begun,
            ended,
            given: if crashes { Given::Unknown } else { Given::Strokes },
            dose: charged,
        });
        self.check();
        true
    }

    /// The last session against all before it, in true time.
    fn check(&self) {
        let (last, earlier) = self.truth.split_last().expect("a session");
        let day = |true_s: i64, off_s: i64, zone_s: i32| (true_s + off_s + i64::from(zone_s)).div_euclid(DAY);
        let same = |own: &&Truth| {
            let as_of = |clock: &Truth| {
                day(own.begun_s, clock.off_s, clock.zone_s) == day(last.begun_s, clock.off_s, clock.zone_s)
            };
            as_of(own) || as_of(last)
        };
        let today: Vec<_> = earlier.iter().filter(same).collect();
        assert!(today.len() < 2, "a third session on one day");
        let dose: f64 = today.iter().map(|own| own.dose).sum::<f64>() + last.dose;
        assert!(dose <= f64::from(limits::DOSE_DAY_CEM43) + 1e-9, "{dose} CEM43 on one day");
        for own in earlier {
            let gap = last.begun_s - own.ended_s;
            assert!(gap >= limits::SESSION_GAP_S as i64, "{gap} s after the one before");
        }
    }
}

#[derive(Clone, Debug)]
enum Act {
    Wait(i64),
    Set(i64),
    Zone(i32),
    Stop,
    Start,
    Boot(i64, i64),
    Session(i64, f64, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let jump = prop_oneof![-2 * HOUR..2 * HOUR, -40 * HOUR..40 * HOUR, -4000 * DAY..4000 * DAY];
    prop_oneof![
        4 => (0..14 * HOUR).prop_map(Act::Wait),
        2 => jump.prop_map(Act::Set),
        1 => (-11..=14).prop_map(|hours| Act::Zone(hours * 3600)),
        1 => Just(Act::Stop),
        1 => Just(Act::Start),
        2 => (0..20 * HOUR, prop_oneof![3 => Just(0), 1 => 0..3000 * DAY]).prop_map(|(off, lost)| Act::Boot(off, lost)),
        6 => (60..2400_i64, 0.0..40.0, any::<bool>()).prop_map(|(lasts, dose, crashes)| Act::Session(lasts, dose, crashes)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_clock_zone_or_restart_brings_a_third_session_a_short_gap_or_too_much_heat(
        acts in prop::collection::vec(act(), 1..60),
    ) {
        let mut world = World::new();
        for act in acts {
            match act {
                Act::Wait(seconds) => world.wait(seconds),
                Act::Set(seconds) => world.set(seconds),
                Act::Zone(seconds) => world.zone_s = seconds,
                Act::Stop => { world.read(); world.runs = false; }
                Act::Start => { world.runs = true; world.read(); }
                Act::Boot(off, lost) => world.boot(off, lost),
                Act::Session(lasts, dose, crashes) => {
                    world.runs = true;
                    world.session(lasts, dose, crashes);
                }
            }
        }
        world.runs = true;
        // A clock that was set back comes to the hour of each earlier session once more, which costs a day.
        let days = 3 + 3 * world.known.len();
        let free = (0..4 * days).any(|_| {
            world.wait(DAY / 4);
            world.session(1800, 10.0, false)
        });
        prop_assert!(free, "nobody is locked out for good");
    }
}
