use bed::HeatDose;
use care::ask::next_screen;
use care::diary::{DayRecord, Record as Entry};
use care::facts::Choice;
use care::week::Item;
use care::{Kind, Nprs, Value};
use tempfile::TempDir;

use super::*;
use crate::day::Moment;
use crate::dose::BedSays;
use crate::store::{Brief, Ending};

const MONDAY: Day = Day(20_780);

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn on(&self, day: Day) -> Planner {
        Planner::new(Store::open(self.folder.path()).expect("a store"), "me".to_owned(), day)
    }

    /// With an interview and every open row answered with "no".
    fn ready(day: Day) -> Self {
        let desk = Self::new();
        desk.on(day).begin(&everyday()).expect("kept");
        desk.answer_no(day);
        desk
    }

    fn answer_no(&self, day: Day) {
        if let Stage::Ready(ready) = self.on(day).stage().expect("a stage") {
            let rows = ready.open.into_iter().map(|row| (row.to_owned(), false)).collect();
            self.on(day).answer(&rows).expect("kept");
        }
    }

    fn running(&self, day: Day) -> Running {
        match self.on(day).stage().expect("a stage") {
            Stage::Running(running) => running,
            other => panic!("no running week but {other:?}"),
        }
    }

    fn make(&self, day: Day) -> Running {
        self.answer_no(day);
        self.on(day).make().expect("made");
        self.running(day)
    }

    fn pain(&self, day: Day, pain: u8) {
        let pain = Some(Nprs::try_from(pain).expect("0 to 10"));
        let entry = Entry::Day(DayRecord { pain, ..DayRecord::default() });
        let store = Store::open(self.folder.path()).expect("a store");
        let mut record = store.record_or_new("me", day).expect("a record");
        record.write(|diary| diary.write(day, day, entry)).expect("written");
    }
}

/// What an adult with an everyday strain tells.
pub(crate) fn everyday() -> Findings {
    everyday_since(1.0)
}

/// The same, some days old.
pub(crate) fn everyday_since(days: f64) -> Findings {
    let mut told = Findings::new();
    while let Some(screen) = next_screen(&told) {
        for row in screen.rows {
            let first = |options: &[Choice]| options[0].id.clone();
            let value = match row.kind {
                Kind::YesNo => Value::YesNo(row.id == "moving_changes_it"),
                Kind::Number { .. } if row.id == "age_years" => Value::Number(35.0),
                Kind::Number { .. } if row.id == "days_since_start" => Value::Number(days),
                Kind::Number { min, max, .. } => Value::Number(1.0_f64.clamp(*min, *max)),
                Kind::Choice(options) => Value::Choice(first(options)),
                Kind::Many(_) if row.id == "regions" => Value::Many(["lumbar".to_owned()].into()),
                Kind::Many(_) => Value::Many(BTreeSet::new()),
            };
            told.set(row.id, value).expect("a fitting answer");
        }
    }
    told
}

fn codes(running: &Running) -> Vec<&str> {
    running.past.week.because.iter().map(|reason| reason.code.as_str()).collect()
}

#[test]
fn without_an_interview_or_with_an_old_one_there_is_no_plan() {
    let desk = Desk::new();
    assert_eq!(desk.on(MONDAY).stage().expect("a stage"), Stage::NoInterview);
    desk.on(MONDAY).begin(&everyday()).expect("kept");
    let old = Day(MONDAY.0 + crate::told::INTERVIEW_DAYS);
    assert_eq!(desk.on(old).stage().expect("a stage"), Stage::OldInterview(MONDAY));
    assert!(matches!(desk.on(Day(old.0 - 1)).stage().expect("a stage"), Stage::Ready(_)));
}

#[test]
fn open_questions_are_answered_before_a_week_is_made() {
    let desk = Desk::new();
    desk.on(MONDAY).begin(&everyday()).expect("kept");
    let Stage::Ready(ready) = desk.on(MONDAY).make().expect("a stage") else { panic!("not ready") };
    assert!(!ready.open.is_empty() && ready.last.is_none());
    let running = desk.make(MONDAY);
    assert!(codes(&running).contains(&"first_week"));
    assert_eq!((running.past.week.first, running.today), (MONDAY, 0));
}

#[test]
fn a_yes_to_what_rules_everything_out_or_a_warning_sign_ends_the_week_at_once() {
    let desk = Desk::ready(MONDAY);
    desk.make(MONDAY);
    desk.on(MONDAY).answer(&BTreeMap::from([("pregnant".to_owned(), true)])).expect("kept");
    assert_eq!(desk.on(MONDAY).stage().expect("a stage"), Stage::Refused(NoPlan::Pregnant));
    let desk = Desk::ready(MONDAY);
    desk.make(MONDAY);
    let mut told = everyday();
    told.set("saddle_numbness", Value::YesNo(true)).expect("a fact");
    desk.on(Day(MONDAY.0 + 2)).begin(&told).expect("kept");
    let stage = desk.on(Day(MONDAY.0 + 2)).stage().expect("a stage");
    assert!(matches!(stage, Stage::Refused(NoPlan::Urgent(_))), "{stage:?}");
}

#[test]
fn other_answers_end_a_week_that_was_made_without_them() {
    let desk = Desk::ready(MONDAY);
    desk.make(MONDAY);
    let mut told = everyday();
    told.set("age_years", Value::Number(36.0)).expect("a fact");
    desk.on(MONDAY).begin(&told).expect("kept");
    let Stage::Ready(ready) = desk.on(MONDAY).stage().expect("a stage") else { panic!("not ready") };
    assert!(ready.changed);
    assert!(!desk.make(MONDAY).past.week.days.is_empty());

    // A row that rules out one exercise of the week.
    let week = desk.running(MONDAY).past.week;
    let open = |row: &String| care::questions().iter().any(|one| one.id == *row);
    let never: Vec<&String> = care::exercise::exercises()[0].not_if.iter().collect();
    let some = week.days.iter().flatten().find_map(|item| match &item.what {
        What::Exercise { id, .. } => {
            let every =
                |row: &&String| care::exercise::exercises().iter().all(|one| one.not_if.contains(*row));
            exercise(id)?
                .not_if
                .iter()
                .filter(|row| open(row))
                .find(|row| !(never.contains(row) && every(row)))
        }
        _ => None,
    });
    let some = some.expect("an exercise that something rules out");
    desk.on(Day(MONDAY.0 + 1)).answer(&BTreeMap::from([(some.clone(), true)])).expect("kept");
    let stage = desk.on(Day(MONDAY.0 + 1)).stage().expect("a stage");
    assert!(matches!(&stage, Stage::Ready(ready) if ready.changed), "{stage:?}");
}

#[test]
fn ticks_of_a_day_are_put_in_the_place_of_the_old_ones_and_never_run_ahead() {
    let desk = Desk::ready(MONDAY);
    let first = desk.make(MONDAY).past.week.first;
    let on = desk.on(MONDAY);
    assert_eq!(on.tick(first, 0, &BTreeSet::from([0])).expect("ticked"), Ticking::Kept);
    assert_eq!(desk.running(MONDAY).past.ticked, BTreeSet::from([Tick { day: 0, item: 0 }]));
    assert_eq!(on.tick(first, 1, &BTreeSet::from([0])).expect("not ticked"), Ticking::Early);
    assert_eq!(on.tick(Day(first.0 - 1), 0, &BTreeSet::new()).expect("not ticked"), Ticking::Stale);
    assert_eq!(on.tick(first, 0, &BTreeSet::from([99])).expect("not ticked"), Ticking::Stale);
    assert_eq!(on.tick(first, 0, &BTreeSet::new()).expect("unticked"), Ticking::Kept);
    assert!(desk.running(MONDAY).past.ticked.is_empty());
}

#[test]
fn wishes_make_an_untouched_week_anew_and_leave_a_begun_one_alone() {
    let desk = Desk::ready(MONDAY);
    desk.make(MONDAY);
    let wishes = |minutes| Wishes { minutes_a_day: minutes, ..Wishes::default() };
    desk.on(MONDAY).wish(&wishes(5)).expect("kept");
    let week = desk.running(MONDAY).past.week;
    assert!((0..7).all(|day| week.minutes(day) <= 5));
    desk.on(MONDAY).tick(MONDAY, 0, &BTreeSet::from([0])).expect("ticked");
    desk.on(MONDAY).wish(&wishes(10)).expect("kept");
    let running = desk.running(MONDAY);
    assert_eq!((running.past.week, running.wishes.minutes_a_day), (week, 10));
}

#[test]
fn the_next_week_follows_from_ticks_and_pain_and_asks_again_what_holds_for_a_day() {
    let next = Day(MONDAY.0 + 7);
    let after = |ticks: bool, before: u8, during: u8| {
        let desk = Desk::new();
        for day in 0..7 {
            desk.pain(Day(MONDAY.0 - 7 + day), before);
        }
        desk.on(MONDAY).begin(&everyday()).expect("kept");
        let week = desk.make(MONDAY).past.week;
        for day in 0..7_u8 {
            let today = Day(MONDAY.0 + u32::from(day));
            desk.pain(today, during);
            let all = 0..week.days[usize::from(day)].len() as u8;
            if ticks {
                desk.on(today).tick(MONDAY, day, &all.collect()).expect("ticked");
            }
        }
        let Stage::Ready(ready) = desk.on(next).stage().expect("a stage") else { panic!("not ready") };
        assert!(!ready.open.is_empty() && ready.last.is_some() && !ready.changed);
        let running = desk.make(next);
        assert_eq!(running.past.week.first, next);
        codes(&running).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    for (ticks, before, during, code) in [
        (false, 3, 3, "nothing_ticked"),
        (true, 3, 3, "most_ticked"),
        (true, 2, 5, "pain_up"),
        (true, 6, 3, "pain_down"),
    ] {
        let codes = after(ticks, before, during);
        assert!(codes.iter().any(|one| one == code), "{code}: {codes:?}");
    }
}

/// A session on the bed that was given on this day, at noon.
fn session(record: &mut Record, day: Day, strokes: usize) {
    let at = |count_s| Moment { utc_s: i64::from(day.0) * 86_400 + 43_200, zone_s: 0, count_s, house: 1 };
    let says = |session| BedSays { boot: Some(7), dose: Some(HeatDose { session, ..HeatDose::default() }) };
    let count_s = u64::from(day.0) * 86_400;
    let (number, _) = record.begin_session(&at(count_s), "relief", true, &says(1)).expect("begun");
    let ending = Ending { brief: Brief { strokes, ..Brief::default() }, ..Ending::default() };
    record.end_session(number, &at(count_s + 900), &says(2), Some(&ending)).expect("ended");
}

#[test]
fn a_session_that_the_bed_gave_is_ticked_in_the_week_without_being_asked() {
    let desk = Desk::ready(MONDAY);
    let mut week = desk.make(MONDAY).past.week;
    let bed = Item { what: What::Massage(Massage::Bed), minutes: 10 };
    week.days[1].insert(0, bed.clone());
    week.days[4].push(bed);
    let last = Tick { day: 4, item: week.days[4].len() as u8 - 1 };
    let store = Store::open(desk.folder.path()).expect("a store");
    let mut record = store.record("me").expect("a record");
    record.keep(Kept::Week, MONDAY, &week).expect("kept");
    let day = |day: u32| Day(MONDAY.0 + day);
    let ticked = |desk: &Desk| desk.running(day(5)).past.ticked;
    session(&mut record, Day(MONDAY.0 - 1), 3);
    session(&mut record, day(1), 0);
    assert_eq!(ticked(&desk), BTreeSet::new(), "another week's, and one that gave nothing");
    session(&mut record, day(1), 3);
    let first = Tick { day: 1, item: 0 };
    assert_eq!(ticked(&desk), BTreeSet::from([first]));
    // Ticking by hand what the bed has ticked is no second session.
    desk.on(day(5)).tick(MONDAY, 1, &BTreeSet::from([0])).expect("ticked");
    assert_eq!(ticked(&desk), BTreeSet::from([first]));
    session(&mut record, day(3), 3);
    assert_eq!(ticked(&desk), BTreeSet::from([first, last]), "a day early is the planned one all the same");
    session(&mut record, day(5), 3);
    assert_eq!(ticked(&desk).len(), 2, "more than was planned ticks nothing else");
}
