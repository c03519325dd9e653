use tempfile::TempDir;

use super::*;
use crate::planner::tests::everyday;
use crate::planner::{Planner, Stage as Plan};
use care::Tier;
use care::week::{Massage, What, Wishes};

const MONDAY: Day = Day(20_780);

struct Room {
    folder: TempDir,
}

impl Room {
    /// With an everyday strain told on a day.
    fn told(on: Day) -> Self {
        let room = Self { folder: tempfile::tempdir().expect("a folder") };
        room.planner(on).begin(&everyday()).expect("kept");
        room
    }

    fn store(&self) -> Store {
        Store::open(self.folder.path()).expect("a store")
    }

    fn planner(&self, day: Day) -> Planner {
        Planner::new(self.store(), "me".to_owned(), day)
    }

    fn bed(&self, day: Day) -> BedToday {
        BedToday::new(self.store(), "me".to_owned(), day)
    }

    fn ask(&self, day: Day) -> Ask {
        match self.bed(day).stage().expect("a stage") {
            Stage::Ask(ask) => *ask,
            other => panic!("nothing is asked but {other:?}"),
        }
    }

    fn said(&self, day: Day) -> Said {
        match self.bed(day).stage().expect("a stage") {
            Stage::Said(said) => *said,
            other => panic!("no answer but {other:?}"),
        }
    }

    /// Denies all that is open, but for these rows.
    fn answer(&self, day: Day, yes: &[&str]) {
        let ask = self.ask(day);
        let mut reply = Reply { still_true: true, ..Reply::default() };
        for row in &ask.open.questions {
            let answer = if yes.contains(&row.id.as_str()) { Answer::Yes } else { Answer::No };
            reply.rows.insert(row.id.clone(), answer);
        }
        for id in &ask.open.facts {
            let value = match &fact(id).expect("a fact").kind {
                Kind::YesNo => Value::YesNo(false),
                Kind::Many(_) => Value::Many([].into()),
                other => panic!("{id}: {other:?}"),
            };
            reply.facts.set(id, value).expect("it fits");
        }
        if !ask.measures.is_empty() {
            reply.person = Person::new(35.0, 1720.0, 74.0);
        }
        self.bed(day).keep(&reply).expect("kept");
    }
}

#[test]
fn without_an_interview_with_half_of_one_or_an_old_one_there_is_no_answer() {
    let room = Room { folder: tempfile::tempdir().expect("a folder") };
    assert_eq!(room.bed(MONDAY).stage().expect("a stage"), Stage::NoInterview);
    let mut half = Findings::new();
    half.set("age_years", Value::Number(35.0)).expect("a fact");
    room.planner(MONDAY).begin(&half).expect("kept");
    assert_eq!(room.bed(MONDAY).stage().expect("a stage"), Stage::Unfinished);
    let old = Day(MONDAY.0 + crate::told::INTERVIEW_DAYS);
    assert_eq!(Room::told(MONDAY).bed(old).stage().expect("a stage"), Stage::OldInterview(MONDAY));
}

#[test]
fn what_is_open_is_asked_once_and_answered_with_a_reason_for_everything() {
    let room = Room::told(MONDAY);
    let ask = room.ask(MONDAY);
    assert!(ask.still.is_none() && ask.measures == [Measure::Stature, Measure::Mass], "{ask:?}");
    assert!(!ask.open.questions.is_empty() && ask.open.questions.len() < questions().len());
    room.answer(MONDAY, &["hot_bath"]);
    let said = room.said(MONDAY);
    assert_eq!(said.summary.verdict, Verdict::Soften);
    assert!(!said.cut_short && said.summary.reasons.iter().any(|reason| reason.id == "hot_bath"));
    assert_eq!((said.summary.intensity_cap, said.summary.surface_cap_c), (Some(3), Some(40.0)));
}

#[test]
fn the_next_day_asks_what_holds_for_a_day_and_whether_the_rest_is_still_true() {
    let room = Room::told(MONDAY);
    room.answer(MONDAY, &["poor_circulation"]);
    let tuesday = Day(MONDAY.0 + 1);
    let ask = room.ask(tuesday);
    assert!(ask.open.questions.iter().all(|row| row.tier != Tier::Standing) && ask.measures.is_empty());
    assert_eq!(ask.open.questions.len(), questions().iter().filter(|row| row.tier != Tier::Standing).count());
    let still = ask.still.expect("it is asked");
    assert_eq!((still.on, still.began), (MONDAY, Some(Day(MONDAY.0 - 1))));
    let narrowed = &questions().iter().find(|row| row.id == "poor_circulation").expect("a row").ask;
    assert!(still.yes.contains(&narrowed) && still.places.len() == 1);
    // Everything but that word.
    let all: Vec<&str> = questions().iter().map(|row| row.id.as_str()).collect();
    let rows = all.iter().map(|id| ((*id).to_owned(), Answer::No)).collect();
    room.bed(tuesday).keep(&Reply { rows, ..Reply::default() }).expect("kept");
    assert!(room.ask(tuesday).still.is_some() && room.ask(tuesday).open.questions.is_empty());
    room.answer(tuesday, &[]);
    assert_eq!(room.said(tuesday).summary.day, tuesday);
    // A new interview of another day has not been said to be still true.
    let month = Day(MONDAY.0 + care::STANDING_DAYS - 1);
    assert!(room.ask(month).still.is_some() && room.ask(month).measures.is_empty());
}

#[test]
fn a_certain_refusal_asks_nothing_more_and_names_only_what_was_told() {
    let room = Room::told(MONDAY);
    let rows = BTreeMap::from([("chest_pain".to_owned(), Answer::Yes)]);
    room.bed(MONDAY).keep(&Reply { rows, ..Reply::default() }).expect("kept");
    let said = room.said(MONDAY);
    assert!(said.cut_short && said.summary.verdict == Verdict::Refuse);
    assert!(said.summary.reasons.iter().all(Reason::is_told));
    assert_eq!(said.sorted().0.first().map(|reason| reason.id.as_str()), Some("chest_pain"));
}

#[test]
fn a_doctor_s_word_opens_the_rows_that_ask_for_it_and_can_be_taken_back() {
    let room = Room::told(MONDAY);
    room.answer(MONDAY, &["thin_bones", "spine_metal"]);
    assert_eq!(room.said(MONDAY).summary.verdict, Verdict::Refuse);
    let say = |id: &str, answer: Answer| {
        let rows = BTreeMap::from([(id.to_owned(), answer)]);
        room.bed(MONDAY).keep(&Reply { rows, ..Reply::default() }).expect("kept");
    };
    say("spine_metal", Answer::YesClearedByDoctor);
    say("thin_bones", Answer::YesClearedByDoctor);
    room.answer_if_open(MONDAY);
    let said = room.said(MONDAY);
    assert_eq!((said.summary.verdict, said.summary.stretch_allowed), (Verdict::Soften, false));
    say("spine_metal", Answer::Yes);
    assert_eq!(room.said(MONDAY).summary.verdict, Verdict::Refuse);
}

impl Room {
    fn answer_if_open(&self, day: Day) {
        if matches!(self.bed(day).stage().expect("a stage"), Stage::Ask(_)) {
            self.answer(day, &[]);
        }
    }

    fn massages(&self, day: Day) -> (usize, Vec<String>) {
        let Plan::Running(running) = self.planner(day).stage().expect("a stage") else { panic!("no week") };
        let items = running.past.week.days.iter().flatten();
        let codes = running.past.week.because.iter().map(|reason| reason.code.clone());
        assert!((0..7).all(|day| running.past.week.minutes(day) <= 20));
        (
            items.filter(|item| matches!(item.what, What::Massage(_))).count(),
            codes.filter(|code| code.starts_with("massage")).collect(),
        )
    }
}

#[test]
fn the_week_has_a_massage_only_once_the_bed_was_asked_for_and_says_yes() {
    let wishes = Wishes { minutes_a_day: 20, massage: Massage::Bed, ..Wishes::default() };
    let plan = |room: &Room| {
        if let Plan::Ready(ready) = room.planner(MONDAY).stage().expect("a stage") {
            let rows = ready.open.iter().map(|row| ((*row).to_owned(), false)).collect();
            room.planner(MONDAY).answer(&rows).expect("kept");
        }
        room.planner(MONDAY).wish(&wishes).expect("kept");
        room.planner(MONDAY).make().expect("made");
        room.massages(MONDAY)
    };
    let room = Room::told(MONDAY);
    assert_eq!(plan(&room), (0, vec!["massage_not_asked".to_owned()]));
    room.answer(MONDAY, &[]);
    assert_eq!(plan(&room), (2, vec!["massage".to_owned()]));
    // What holds for a day only is asked again on the day; what lasts ends the week.
    let say = |id: &str| {
        let rows = BTreeMap::from([(id.to_owned(), Answer::Yes)]);
        room.bed(MONDAY).keep(&Reply { rows, ..Reply::default() }).expect("kept");
    };
    say("hard_objects");
    assert_eq!(room.massages(MONDAY).0, 2);
    say("implanted_pump");
    let Plan::Ready(ready) = room.planner(MONDAY).stage().expect("a stage") else { panic!("it runs on") };
    assert!(ready.changed);
    assert_eq!(plan(&room), (0, vec!["massage_refused".to_owned()]));
}

#[test]
fn measures_are_read_as_people_write_them_and_impossible_ones_are_not_taken() {
    for (measure, text, value) in [
        (Measure::Stature, "172", Ok(1720.0)),
        (Measure::Stature, " 172 cm ", Ok(1720.0)),
        (Measure::Stature, "1,72", Ok(1720.0)),
        (Measure::Stature, "1.72 m", Ok(1720.0)),
        (Measure::Stature, "1720", Ok(1720.0)),
        (Measure::Stature, "1720mm", Ok(1720.0)),
        (Measure::Stature, "17200", Err(MeasureFault::Impossible)),
        (Measure::Stature, "17", Err(MeasureFault::Impossible)),
        (Measure::Stature, "5 ft", Err(MeasureFault::NoNumber)),
        (Measure::Mass, "74,5 kg", Ok(74.5)),
        (Measure::Mass, "-74", Err(MeasureFault::NoNumber)),
        (Measure::Mass, "7400", Err(MeasureFault::Impossible)),
        (Measure::Mass, "nan", Err(MeasureFault::NoNumber)),
        (Measure::Age, "", Err(MeasureFault::Missing)),
        (Measure::Age, "35", Ok(35.0)),
        (Measure::Age, "1e9", Err(MeasureFault::NoNumber)),
        (Measure::Age, "135", Err(MeasureFault::Impossible)),
    ] {
        let read = measure.parse(text);
        let same = match (read, value) {
            (Ok(read), Ok(value)) => (read - value).abs() < 1e-6,
            (read, value) => read == value,
        };
        assert!(same, "{measure:?} \"{text}\": {read:?}");
    }
    assert_eq!(made_for(Measure::Stature), (1500.0, 1980.0));
    assert_eq!(made_for(Measure::Age), (18.0, 110.0));
}
