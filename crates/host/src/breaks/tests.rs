use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use care::Language;

use super::bell::minutes;
use super::*;
use crate::store::StoreError;

/// 2026-11-23 09:00 UTC.
const NINE: i64 = 1_795_424_400;

/// A clock that a test sets.
#[derive(Default)]
struct Fake {
    monotone_s: AtomicU64,
    wall_ahead_s: AtomicI64,
}

impl Fake {
    fn pass(&self, minutes: u64) {
        self.monotone_s.fetch_add(60 * minutes, Ordering::Relaxed);
    }

    /// The machine sleeps: only the wall clock goes on.
    fn sleep(&self, minutes: i64) {
        self.wall_ahead_s.fetch_add(60 * minutes, Ordering::Relaxed);
    }
}

impl Clock for Fake {
    fn now(&self) -> Now {
        let monotone = self.monotone_s.load(Ordering::Relaxed);
        Now {
            monotone: Duration::from_secs(monotone),
            unix_s: NINE + monotone as i64 + self.wall_ahead_s.load(Ordering::Relaxed),
            offset_s: 0,
        }
    }
}

/// A bell that counts.
#[derive(Clone, Default)]
struct Counting {
    rung: Arc<AtomicU64>,
    on: Arc<AtomicU64>,
    broken: bool,
}

impl Counting {
    fn rung(&self) -> u64 {
        self.rung.load(Ordering::Relaxed)
    }

    fn on(&self) -> u64 {
        self.on.load(Ordering::Relaxed)
    }
}

impl Bell for Counting {
    fn ring(&mut self, _: Reminder) -> Result<(), BellError> {
        if self.broken {
            return Err(BellError::Terminal(std::io::Error::other("no bell")));
        }
        self.rung.fetch_add(1, Ordering::Relaxed);
        self.on.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn silence(&mut self) {
        self.on.store(0, Ordering::Relaxed);
    }
}

struct Desk {
    fake: Arc<Fake>,
    clock: BreakClock,
    bell: Counting,
    reminders: Reminders<Counting>,
}

impl Desk {
    fn new(settings: Settings) -> Self {
        let fake = Arc::new(Fake::default());
        let clock = BreakClock::start(settings, BTreeMap::new(), fake.clone()).expect("settings in range");
        let bell = Counting::default();
        let reminders = Reminders::new(clock.clone(), bell.clone());
        Self { fake, clock, bell, reminders }
    }

    /// Minutes go by, with a look at each.
    fn pass(&mut self, minutes: u64) {
        for _ in 0..minutes {
            self.fake.pass(1);
            assert!(self.reminders.step(None).expect("a bell that rings"));
        }
    }

    fn says(&mut self, line: &str) -> bool {
        self.reminders.step(Command::of_line(line)).expect("a bell that rings")
    }
}

#[test]
fn a_reminder_rings_once_and_waits_until_it_is_answered() {
    let mut desk = Desk::new(Settings::default());
    desk.pass(29);
    assert_eq!((desk.bell.rung(), desk.clock.view().next), (0, Some(Duration::from_secs(60))));
    desk.pass(1);
    assert_eq!((desk.bell.rung(), desk.bell.on(), desk.clock.view().waits), (1, 1, true));
    desk.pass(90);
    assert_eq!((desk.bell.rung(), desk.bell.on()), (1, 1));
    assert_eq!(desk.clock.view().sitting_for, Duration::from_secs(120 * 60));
    assert!(desk.says(""));
    assert_eq!((desk.bell.on(), desk.clock.view().waits), (0, false));
    let counts = desk.clock.view().statistics.into_values().next().expect("a day");
    assert_eq!((counts.given, counts.taken), (1, 1));
}

#[test]
fn a_key_puts_it_off_and_a_page_answers_it_and_either_takes_the_notification_back() {
    let mut desk = Desk::new(Settings::default());
    desk.pass(30);
    assert!(desk.says("10"));
    assert_eq!((desk.bell.rung(), desk.bell.on()), (1, 0));
    desk.pass(9);
    assert_eq!(desk.bell.rung(), 1);
    desk.pass(1);
    assert_eq!((desk.bell.rung(), desk.bell.on()), (2, 1));
    // From a page, which holds the clock only.
    desk.clock.reply(Reply::Skip).expect("one waits");
    desk.pass(1);
    assert_eq!((desk.bell.on(), desk.clock.view().waits), (0, false));
    assert_eq!(desk.clock.reply(Reply::Taken), Err(NothingWaits));
    assert!(desk.says("5"), "an answer that comes too late changes nothing");
    assert_eq!(desk.bell.rung(), 2);
}

#[test]
fn a_machine_that_slept_takes_its_reminder_back_and_starts_afresh() {
    let mut desk = Desk::new(Settings::default());
    desk.pass(30);
    assert_eq!(desk.bell.on(), 1);
    desk.fake.sleep(60);
    desk.pass(1);
    assert_eq!((desk.bell.on(), desk.clock.view().waits), (0, false));
    assert_eq!(desk.clock.view().next, Some(Duration::from_secs(30 * 60)));
    let counts = desk.clock.view().statistics.into_values().next().expect("a day");
    assert_eq!((counts.given, counts.taken, counts.unanswered), (1, 0, 1));
}

#[test]
fn quiet_hours_ring_no_bell_and_take_back_what_waits() {
    // 09:00 to 09:40 is not quiet, then an hour is.
    let quiet = Some(care::breaks::Quiet { from_min: 9 * 60 + 40, until_min: 10 * 60 + 40 });
    let mut desk = Desk::new(Settings { quiet, ..Settings::default() });
    desk.pass(35);
    assert_eq!(desk.bell.on(), 1);
    desk.pass(30);
    assert_eq!((desk.bell.on(), desk.bell.rung()), (0, 1));
    desk.pass(40);
    assert_eq!((desk.bell.on(), desk.bell.rung()), (1, 2));
}

#[test]
fn getting_up_counts_as_the_break_and_away_rings_nothing() {
    let mut desk = Desk::new(Settings::default());
    desk.pass(30);
    assert!(desk.says("a"));
    desk.pass(2);
    assert_eq!((desk.bell.on(), desk.clock.view().sitting), (0, false));
    desk.pass(60);
    assert_eq!(desk.bell.rung(), 1);
    assert!(desk.says("b"));
    desk.pass(29);
    assert_eq!(desk.bell.rung(), 1);
    desk.pass(1);
    assert_eq!(desk.bell.rung(), 2);
}

#[test]
fn there_are_never_two_reminders_whatever_is_said_when() {
    let lines = ["", "5", "10", "15", "s", "a", "b", "nonsense"];
    for seed in 0..40_u64 {
        let mut desk = Desk::new(Settings { interval_min: 5, quiet: None });
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        for _ in 0..400 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            match state % 11 {
                0 => desk.fake.sleep((state >> 32) as i64 % 30),
                1..=3 => drop(desk.says(lines[(state >> 20) as usize % lines.len()])),
                4 => drop(desk.clock.reply(Reply::Skip)),
                _ => desk.pass(1 + (state >> 40) % 4),
            }
            assert!(desk.bell.on() <= 1);
        }
        let view = desk.clock.view();
        let (given, ended) = view.statistics.values().fold((0, 0), |sum, day| {
            (sum.0 + day.given, sum.1 + day.taken + day.postponed + day.skipped + day.unanswered)
        });
        assert!(given > 5 && given == ended + u32::from(view.waits), "{seed}");
    }
}

#[test]
fn without_a_notification_service_the_terminal_rings_and_says_what_to_press() {
    let broken = Counting { broken: true, ..Counting::default() };
    let mut out = Vec::new();
    let mut bell = EitherBell { first: broken, second: TerminalBell::new(Language::English, &mut out) };
    bell.ring(minutes(30)).expect("the terminal rings");
    bell.silence();
    let text = String::from_utf8(out).expect("a text");
    assert!(text.starts_with('\u{7}') && text.contains("30 minutes") && text.contains("Enter: done"));
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn a_bell_that_fails_leaves_the_reminder_waiting_for_a_page() {
    let fake = Arc::new(Fake::default());
    let clock = BreakClock::start(Settings::default(), BTreeMap::new(), fake.clone()).expect("in range");
    let mut reminders = Reminders::new(clock.clone(), Counting { broken: true, ..Counting::default() });
    for _ in 0..29 {
        fake.pass(1);
        assert!(reminders.step(None).is_ok());
    }
    fake.pass(1);
    assert!(reminders.step(None).is_err());
    assert!(clock.view().waits && clock.reply(Reply::Taken).is_ok());
}

/// Half an hour goes by, with a look at each minute.
fn sit(fake: &Fake, desk: &BreakDesk) {
    for minute in 1..=30 {
        fake.pass(1);
        desk.look();
        while desk.view().expect("it runs").1.sitting_for < Duration::from_secs(60 * minute) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn each_person_has_a_reminder_and_its_counts_are_kept_as_they_change() {
    let desks = BreakDesks::default();
    let kept = ["Ann", "Ben"].map(|name| {
        let (fake, kept) = (Arc::new(Fake::default()), Arc::new(Mutex::new(Vec::new())));
        let own = Arc::clone(&kept);
        let keep = move |counts: &BTreeMap<Day, Counts>| {
            own.lock()
                .expect("whole")
                .push(counts.values().next().map(|counts| (counts.given, counts.taken)));
            Ok(())
        };
        let desk = desks.of_person(name);
        let clock = Arc::clone(&fake);
        desk.start(Settings::default(), BTreeMap::new(), clock, Counting::default, keep).expect("in range");
        (fake, desk, kept)
    });
    let [(fake, ann, of_ann), (_, _, of_ben)] = &kept;
    sit(fake, ann);
    ann.reply(Reply::Taken).expect("one waits");
    desks.end().expect("kept");
    assert_eq!(of_ann.lock().expect("whole").last(), Some(&Some((1, 1))));
    assert!(of_ben.lock().expect("whole").is_empty(), "nothing changed there");
    assert!(ann.view().is_none() && desks.of_person("Ben").view().is_none(), "all of them ended");
}

#[test]
fn counts_that_could_not_be_kept_are_tried_again_and_said_at_the_end() {
    let fake = Arc::new(Fake::default());
    let desk = BreakDesk::default();
    let tries = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&tries);
    let keep = move |_: &BTreeMap<Day, Counts>| {
        counted.fetch_add(1, Ordering::Relaxed);
        Err(StoreError::NoSession(1))
    };
    desk.start(Settings::default(), BTreeMap::new(), fake.clone(), Counting::default, keep)
        .expect("in range");
    sit(&fake, &desk);
    assert!(desk.stop().is_err() && tries.load(Ordering::Relaxed) == 2);
    assert!(desk.stop().is_ok(), "one that is off has nothing to keep");
}

#[test]
fn this_computers_clock_goes_on_and_knows_the_time() {
    let clock = SystemClock::new();
    let (first, second) = (clock.now(), clock.now());
    assert!(second.monotone >= first.monotone && first.unix_s > NINE - 365 * 86_400);
    assert!(first.offset_s.abs() <= 16 * 3600);
}
