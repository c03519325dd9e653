use super::*;
use crate::draw::splitmix;

/// 2026-11-22T00:00:00 UTC.
const MIDNIGHT: i64 = 1_795_305_600;

/// A clock and a person who sits, stepped by the test.
struct World {
    breaks: Breaks,
    now: Now,
    /// Reminders by local minute of the day.
    given: Vec<u16>,
}

impl World {
    fn new(settings: Settings, hour: i64, offset_s: i32) -> Self {
        let unix_s = MIDNIGHT + 3600 * hour - i64::from(offset_s);
        let now = Now { monotone: Duration::from_secs(77), unix_s, offset_s };
        let breaks = Breaks::start(settings, BTreeMap::new(), now).expect("settings in range");
        Self { breaks, now, given: Vec::new() }
    }

    fn tick(&mut self, sitting: bool) -> bool {
        let waited = self.breaks.waits();
        let reminder = self.breaks.tick(self.now, sitting);
        assert!(!(waited && reminder.is_some()), "two reminders at {:?}", self.now);
        self.check();
        self.given.extend(reminder.map(|_| self.now.minute_of_day()));
        reminder.is_some()
    }

    fn pass(&mut self, seconds: u64) {
        self.now.monotone += Duration::from_secs(seconds);
        self.now.unix_s += i64::try_from(seconds).expect("short");
    }

    /// Sits for some minutes, answering every reminder.
    fn sit(&mut self, minutes: u32, reply: Option<Reply>) {
        for _ in 0..minutes {
            self.pass(60);
            if self.tick(true)
                && let Some(reply) = reply
            {
                self.breaks.reply(self.now, reply).expect("a reminder waits");
                self.check();
            }
        }
    }

    fn counts(&self) -> Counts {
        let mut sum = Counts::default();
        for day in self.breaks.statistics().values() {
            sum.given += day.given;
            sum.taken += day.taken;
            sum.postponed += day.postponed;
            sum.skipped += day.skipped;
            sum.unanswered += day.unanswered;
        }
        sum
    }

    /// Every reminder given is in exactly one other count, or waits.
    fn check(&self) {
        let Counts { given, taken, postponed, skipped, unanswered } = self.counts();
        assert_eq!(given, taken + postponed + skipped + unanswered + u32::from(self.breaks.waits()));
    }
}

fn quiet(from_hour: u16, until_hour: u16) -> Settings {
    Settings {
        quiet: Some(Quiet { from_min: 60 * from_hour, until_min: 60 * until_hour }),
        ..Settings::default()
    }
}

#[test]
fn half_an_hour_of_sitting_gives_one_reminder_that_waits() {
    let mut world = World::new(Settings::default(), 9, 0);
    world.sit(300, None);
    assert_eq!(world.given, [9 * 60 + 30]);
    assert!(world.breaks.waits());
}

#[test]
fn each_reply_has_its_own_next_reminder() {
    for (reply, next) in [
        (Reply::Taken, 30),
        (Reply::Skip, 30),
        (Reply::Postpone(Delay::FiveMinutes), 5),
        (Reply::Postpone(Delay::TenMinutes), 10),
        (Reply::Postpone(Delay::FifteenMinutes), 15),
    ] {
        let mut world = World::new(Settings::default(), 9, 0);
        world.sit(30, Some(reply));
        world.sit(next, None);
        assert_eq!(world.given, [570, 570 + u16::try_from(next).expect("short")], "{reply:?}");
    }
    let mut world = World::new(Settings::default(), 9, 0);
    assert_eq!(world.breaks.reply(world.now, Reply::Taken), Err(NothingWaits));
}

#[test]
fn getting_up_takes_the_break_and_a_moment_away_does_not() {
    let mut world = World::new(Settings::default(), 9, 0);
    world.sit(30, None);
    world.pass(30);
    assert!(!world.tick(false));
    world.pass(20);
    world.tick(true);
    assert!(world.breaks.waits(), "half a minute is no break");
    world.tick(false);
    world.pass(60);
    world.tick(false);
    assert!(!world.breaks.waits());
    assert_eq!(world.counts(), Counts { given: 1, taken: 1, ..Counts::default() });
    // The stretch begins when the person is back, however long the break was.
    for _ in 0..50 {
        world.pass(60);
        world.tick(false);
    }
    world.sit(29, None);
    assert_eq!(world.given.len(), 1);
    world.sit(1, None);
    assert_eq!(world.given.len(), 2);
}

#[test]
fn after_the_machine_slept_the_stretch_begins_afresh() {
    // The monotone clock goes on while the machine sleeps, or stands still.
    for monotone_goes_on in [true, false] {
        for waiting in [true, false] {
            let mut world = World::new(Settings::default(), 9, 0);
            world.sit(if waiting { 31 } else { 29 }, None);
            let asleep = 8 * 3600;
            world.now.unix_s += asleep;
            if monotone_goes_on {
                world.now.monotone += Duration::from_secs(asleep.unsigned_abs());
            }
            assert!(!world.tick(true), "no reminder at once after sleep");
            assert!(!world.breaks.waits());
            assert_eq!(world.counts().unanswered, u32::from(waiting));
            assert_eq!(world.counts().taken, 0, "nobody knows whether it was a break");
            let before = world.given.len();
            world.sit(29, None);
            assert_eq!(world.given.len(), before);
            world.sit(1, None);
            assert_eq!(world.given.len(), before + 1);
        }
    }
}

#[test]
fn a_clock_that_starts_again_is_a_new_start() {
    let mut world = World::new(Settings::default(), 9, 0);
    world.sit(29, None);
    world.now.monotone = Duration::ZERO;
    world.tick(true);
    world.sit(29, None);
    assert!(world.given.is_empty());
    world.sit(1, None);
    assert_eq!(world.given.len(), 1);
}

#[test]
fn midnight_changes_the_day_of_the_statistics_and_nothing_else() {
    let mut world = World::new(Settings::default(), 23, 0);
    world.sit(91, Some(Reply::Skip));
    assert_eq!(world.given, [23 * 60 + 30, 0, 30]);
    let given: Vec<_> =
        world.breaks.statistics().iter().map(|(day, counts)| (day.to_string(), counts.given)).collect();
    assert_eq!(given, [("2026-11-22".to_owned(), 1), ("2026-11-23".to_owned(), 2)]);
    // Given before midnight, answered after it: it counts for the day on which it was given.
    let mut world = World::new(Settings::default(), 23, 0);
    world.sit(59, None);
    world.pass(120);
    world.breaks.reply(world.now, Reply::Skip).expect("it waits");
    let counts = world.breaks.statistics();
    assert_eq!(counts.len(), 1);
    assert_eq!(counts[&Day(20_779)].skipped, 1);
}

#[test]
fn summer_time_and_a_journey_change_no_interval() {
    for change_s in [3600, -3600, 9 * 3600, -9 * 3600] {
        let mut world = World::new(Settings::default(), 1, 3600);
        world.sit(59, Some(Reply::Skip));
        world.now.offset_s += change_s;
        world.sit(1, Some(Reply::Skip));
        assert_eq!(world.given.len(), 2, "the second hour half came on time");
        world.sit(29, None);
        assert_eq!(world.given.len(), 2);
        world.sit(1, None);
        assert_eq!(world.given.len(), 3);
    }
}

#[test]
fn quiet_hours_follow_the_wall_through_summer_time() {
    // At 2:00 the wall goes to 3:00, at which quiet hours end: the hour left out was quiet.
    let mut world = World::new(quiet(22, 3), 1, 3600);
    world.sit(59, None);
    assert!(world.given.is_empty());
    world.now.offset_s += 3600;
    world.sit(1, None);
    assert_eq!(world.given, [3 * 60]);
    // Back from 3:00 to 2:00: the hour that comes twice is quiet twice.
    let mut world = World::new(quiet(22, 3), 2, 7200);
    world.sit(59, None);
    world.now.offset_s -= 3600;
    world.sit(60, None);
    assert!(world.given.is_empty());
    world.sit(1, None);
    assert_eq!(world.given, [3 * 60]);
}

#[test]
fn a_clock_set_back_or_forth_gives_no_extra_and_loses_none_for_good() {
    for set_s in [-86_400 * 400, -7200, -60, 60, 299] {
        let mut world = World::new(Settings::default(), 9, 0);
        world.sit(20, None);
        world.now.unix_s += set_s;
        world.sit(10, None);
        // With the minute of the next call a leap of 299 s looks like sleep: a new stretch begins.
        assert_eq!(world.given.len(), usize::from(set_s < 240), "{set_s} s");
        world.sit(21, Some(Reply::Skip));
        assert_eq!(world.given.len(), 1, "{set_s} s");
    }
    let mut world = World::new(Settings::default(), 0, 0);
    world.now.unix_s = -5;
    assert!(!world.tick(true), "a wall before 1970 is a wall");
}

#[test]
fn quiet_hours_over_midnight_hold_back_and_then_give_one() {
    let mut world = World::new(quiet(22, 7), 21, 0);
    world.sit(14 * 60, None);
    // 21:30 waits until 22:00 withdraws it; at 7:00 one comes, not one for every half hour of the night.
    assert_eq!(world.given, [21 * 60 + 30, 7 * 60]);
    assert_eq!(world.counts(), Counts { given: 2, unanswered: 1, ..Counts::default() });
}

#[test]
fn quiet_hours_within_a_day_hold_back_too() {
    let mut world = World::new(quiet(12, 13), 11, 0);
    world.sit(125, Some(Reply::Taken));
    assert_eq!(world.given, [11 * 60 + 30, 13 * 60]);
    for minute in 0..DAY_MIN {
        let day = Quiet { from_min: 720, until_min: 780 };
        let night = Quiet { from_min: 780, until_min: 720 };
        assert_eq!(day.holds(minute), (720..780).contains(&minute));
        assert_ne!(day.holds(minute), night.holds(minute));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let now = Now { monotone: Duration::ZERO, unix_s: MIDNIGHT, offset_s: 0 };
    let start = |settings| Breaks::start(settings, BTreeMap::new(), now);
    for interval_min in 0..=400 {
        let settings = Settings { interval_min, quiet: None };
        assert_eq!(start(settings).is_ok(), (5..=240).contains(&interval_min));
    }
    for (from_min, until_min, fine) in [(0, 0, false), (0, 1440, false), (1440, 0, false), (0, 1439, true)] {
        let quiet = Some(Quiet { from_min, until_min });
        assert_eq!(start(Settings { quiet, ..Settings::default() }).is_ok(), fine);
    }
}

#[test]
fn whatever_happens_no_two_wait_and_every_reminder_is_accounted_for() {
    // The checks are in `World::tick`.
    let mut given = 0;
    for seed in 0..300_u64 {
        let mut dice = seed;
        let mut draw = |below: u64| {
            dice = splitmix(dice);
            dice % below
        };
        let hour = i64::try_from(draw(24)).expect("short");
        let mut world = World::new(if draw(2) == 0 { quiet(22, 7) } else { quiet(12, 13) }, hour, 3600);
        let mut sitting = true;
        for _ in 0..2000 {
            world.pass(draw(90));
            match draw(400) {
                0 => world.pass(draw(40_000)),
                1 => world.now.unix_s += 9000,
                2 => world.now.unix_s -= 9000,
                3 => world.now.offset_s = 7200 - world.now.offset_s + 3600,
                4 => world.now.monotone = Duration::ZERO,
                5..10 => sitting = !sitting,
                _ => {}
            }
            world.tick(sitting);
            if world.breaks.waits() && draw(20) == 0 {
                let reply = [Reply::Taken, Reply::Skip, Reply::Postpone(Delay::TenMinutes)][draw(3) as usize];
                world.breaks.reply(world.now, reply).expect("it waits");
            }
        }
        given += world.counts().given;
    }
    assert!(given > 1000, "{given} reminders in 300 worlds");
}
