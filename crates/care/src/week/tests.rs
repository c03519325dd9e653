use std::collections::BTreeMap;

use proptest::prelude::*;

use super::rules::Table;
use super::*;
use crate::diary::{DayRecord, Diary, Episode, Record};
use crate::scores::Nprs;
use crate::topic::causes;
use crate::words::Language;

/// A Monday.
const FIRST: Day = Day(20_780);

/// A person, as owned by a test.
#[derive(Debug)]
struct Someone {
    findings: Findings,
    answers: Answers,
    urgency: Urgency,
    causes: BTreeMap<String, f64>,
    massage: Option<Verdict>,
    wishes: Wishes,
    past: Vec<Past>,
    diary: Diary,
}

impl Someone {
    /// A healthy adult who sits a lot and has 20 minutes a day.
    fn new() -> Self {
        let mut findings = Findings::new();
        findings.set("age_years", Value::Number(45.0)).expect("a fact");
        Self {
            findings,
            answers: Answers::all_no(FIRST, false),
            urgency: Urgency::SelfCare,
            causes: BTreeMap::from([("long_sitting".to_owned(), 2.0), ("stress".to_owned(), 1.0)]),
            massage: None,
            wishes: Wishes { minutes_a_day: 20, ..Wishes::default() },
            past: Vec::new(),
            diary: Diary::default(),
        }
    }

    fn plan(&self, first: Day) -> Result<Week, NoPlan> {
        let known = Known {
            findings: &self.findings,
            told_on: first,
            answers: &self.answers,
            urgency: self.urgency,
            causes: &self.causes,
            massage: self.massage,
        };
        plan(&known, &self.wishes, &History { past: &self.past, diary: &self.diary }, first)
    }

    fn week(&self, first: Day) -> Week {
        self.plan(first).expect("nothing speaks against a plan")
    }

    /// Fourteen days of pain before a day: a week of one number, then a week of another.
    fn with_pain(mut self, until: Day, before: u8, last: u8) -> Self {
        for back in (1..=14_u32).rev() {
            let pain = Nprs::try_from(if back > 7 { before } else { last }).expect("0 to 10");
            let record = Record::Day(DayRecord { pain: Some(pain), ..DayRecord::default() });
            let day = Day(until.0 - back);
            self.diary.write(day, day, record).expect("an ordinary day");
        }
        self
    }

    /// A past week with the share of its items ticked, the first ones first.
    fn with_week(mut self, first: Day, share: f64) -> Self {
        let week = self.week(first);
        let ticks: Vec<Tick> = (0..7_u8)
            .flat_map(|day| (0..week.days[usize::from(day)].len() as u8).map(move |item| Tick { day, item }))
            .collect();
        let done = (share * ticks.len() as f64).round() as usize;
        self.past.push(Past { week, ticked: ticks.into_iter().take(done).collect() });
        self
    }

    /// Exercises that no answer rules out or leaves open, and that are no more than the week allows.
    fn may_do(&self, week: &Week) -> Vec<&'static Exercise> {
        let no = |row: &String| self.answers.get(row).is_some_and(|entry| entry.answer == Answer::No);
        let fits = |one: &&Exercise| one.level <= week.size.level && one.minutes <= week.size.minutes.into();
        exercises().iter().filter(fits).filter(|one| one.not_if.iter().all(no)).collect()
    }

    fn says_yes(mut self, row: &str) -> Self {
        self.answers.set(row, Answer::Yes, FIRST).expect("a row");
        self
    }
}

fn codes(week: &Week) -> Vec<&str> {
    week.because.iter().map(|reason| reason.code.as_str()).collect()
}

fn ids(week: &Week) -> BTreeSet<&str> {
    week.days.iter().flatten().map(|item| item.what.name()).collect()
}

const LAST: Day = Day(FIRST.0 - 7);

/// Someone who had last week's plan: part of it ticked, pain in the week before and in the last one.
fn after(share: f64, before: u8, last: u8) -> Someone {
    let someone = Someone::new();
    let answers = Answers::all_no(LAST, false);
    let mut someone = Someone { answers, ..someone }.with_week(LAST, share).with_pain(FIRST, before, last);
    someone.answers = Answers::all_no(FIRST, false);
    someone
}

#[test]
fn nothing_ticked_all_ticked_pain_up_and_pain_down_give_four_different_weeks_with_reasons() {
    let histories = [
        ("nothing_ticked", 0.0, 3, 3),
        ("most_ticked", 1.0, 3, 3),
        ("pain_up", 0.6, 3, 6),
        ("pain_down", 0.6, 6, 3),
    ];
    let weeks: Vec<Week> = histories
        .iter()
        .map(|(code, share, before, last)| {
            let week = after(*share, *before, *last).week(FIRST);
            assert_eq!(codes(&week)[0], *code);
            week
        })
        .collect();
    for (one, week) in weeks.iter().enumerate() {
        for other in &weeks[one + 1..] {
            assert_ne!(week.days, other.days);
            assert_ne!(week.because, other.because);
        }
    }
    let minutes: Vec<u8> = weeks.iter().map(|week| week.size.minutes).collect();
    assert_eq!(minutes, [5, 13, 5, 10]);
    assert_eq!(weeks[1].size.level, Level::Steady);
    assert!(ids(&weeks[1]).iter().filter_map(|id| exercise(id)).any(|one| one.level == Level::Steady));
    assert!(weeks[2].because[0].words.en.contains("from 3.0 to 6.0"));
    assert!(weeks[3].because[0].words.de.contains("von 6,0 auf 3,0"));
}

#[test]
fn the_course_of_pain_weighs_more_than_the_ticks() {
    for (share, before, last, code) in [
        (1.0, 3, 6, "pain_up"),
        (0.0, 3, 6, "pain_up"),
        (1.0, 6, 3, "pain_down"),
        (0.0, 6, 3, "nothing_ticked"),
        (0.5, 3, 4, "some_ticked"),
    ] {
        assert_eq!(codes(&after(share, before, last).week(FIRST))[0], code, "{share} {before} {last}");
    }
}

#[test]
fn when_pain_fell_what_was_ticked_stays_and_gets_one_step_harder() {
    let someone = after(0.6, 6, 3);
    let done: BTreeSet<&str> = someone.past[0]
        .times()
        .into_iter()
        .filter(|(_, (_, done))| *done > 0)
        .map(|(name, _)| name)
        .collect();
    let week = someone.week(FIRST);
    assert!(done.iter().filter(|name| ids(&week).contains(**name)).count() * 3 >= done.len() * 2);
    let normal = week.days.iter().flatten().filter_map(|item| match &item.what {
        What::Exercise { id, version, .. } if done.contains(id.as_str()) => Some(*version),
        _ => None,
    });
    assert!(normal.clone().count() > 0);
    assert!(normal.into_iter().all(|version| version == Version::Normal));
}

#[test]
fn every_situation_has_exactly_one_step() {
    use PainCourse::{Better, NoClearChange, Unknown, Worse};
    for first in [true, false] {
        for course in [Better, Worse, NoClearChange, Unknown] {
            for ticked in [Ticked::Nothing, Ticked::Some, Ticked::Most] {
                let urgency = Urgency::SelfCare;
                let now = Situation { first, course, ticked, weeks_worse: 0, pain: Some(0), urgency };
                let steps =
                    table().rule.iter().filter(|rule| rule.kind == RuleKind::Step && rule.when.holds(&now));
                assert_eq!(steps.count(), 1, "{now:?}");
            }
        }
    }
}

#[test]
fn each_cap_holds_where_it_should_and_only_takes_away() {
    let base = after(1.0, 3, 3);
    let open = base.week(FIRST);
    assert_eq!(codes(&open)[1], "why_exercise");
    let strong = after(1.0, 8, 8).week(FIRST);
    assert!(codes(&strong).contains(&"strong_pain") && strong.size.level == Level::Gentle);
    assert!(table().kinds.rest.iter().any(|id| ids(&strong).contains(id.as_str())));
    assert!(codes(&after(1.0, 5, 5).week(FIRST)).contains(&"some_pain"));
    let soon = Someone { urgency: Urgency::Soon, ..after(1.0, 3, 3) }.week(FIRST);
    assert!(codes(&soon).contains(&"doctor_soon") && soon.size.level == Level::Gentle);
    let unknown = Someone::new().week(FIRST);
    assert!(codes(&unknown).contains(&"pain_not_known"));

    let mut worse = after(0.6, 3, 6);
    for (day, pain) in (15..=21).map(|back| (Day(FIRST.0 - back), 0)) {
        let pain = Some(Nprs::try_from(pain).expect("0 to 10"));
        worse
            .diary
            .write(FIRST, day, Record::Day(DayRecord { pain, ..DayRecord::default() }))
            .expect("a day");
    }
    let worse = worse.week(FIRST);
    assert!(codes(&worse).contains(&"worse_again") && worse.size.minutes <= 5);
}

#[test]
fn a_spasm_that_goes_on_counts_as_strong_pain_until_it_is_forgotten() {
    for (began, strong) in [(0, true), (7, true), (8, false)] {
        let mut someone = Someone::new();
        let episode = Episode {
            last: None,
            pain: Nprs::try_from(9).expect("0 to 10"),
            places: BTreeSet::new(),
            radiating: None,
            set_off_by: BTreeSet::new(),
            notes: String::new(),
        };
        someone.diary.write(FIRST, Day(FIRST.0 - began), Record::Episode(episode)).expect("an episode");
        assert_eq!(codes(&someone.week(FIRST)).contains(&"strong_pain"), strong, "{began}");
    }
}

#[test]
fn there_is_no_plan_but_the_advice_when_somebody_has_to_look_or_a_question_is_open() {
    let urgent = |urgency| Someone { urgency, ..Someone::new() }.plan(FIRST);
    assert_eq!(urgent(Urgency::Emergency), Err(NoPlan::Urgent(Urgency::Emergency)));
    assert_eq!(urgent(Urgency::Today), Err(NoPlan::Urgent(Urgency::Today)));
    assert!(urgent(Urgency::Soon).is_ok());

    let mut young = Someone::new();
    young.findings.set("age_years", Value::Number(17.0)).expect("a fact");
    assert_eq!(young.plan(FIRST), Err(NoPlan::Young));
    assert_eq!(Someone::new().says_yes("pregnant").plan(FIRST), Err(NoPlan::Pregnant));
    let mut told = Someone::new();
    told.findings.set("pregnant", Value::YesNo(true)).expect("a fact");
    assert_eq!(told.plan(FIRST), Err(NoPlan::Pregnant));
    let broken = Someone::new().says_yes("spine_fracture").plan(FIRST);
    assert_eq!(broken, Err(NoPlan::AskDoctor(vec!["spine_fracture".to_owned()])));

    let nobody = Someone { findings: Findings::new(), ..Someone::new() }.plan(FIRST);
    assert_eq!(nobody, Err(NoPlan::AnswerFirst(vec!["age_years".to_owned()])));
    let expired = Someone { answers: Answers::all_no(Day(FIRST.0 - 40), false), ..Someone::new() };
    assert!(
        matches!(expired.plan(FIRST), Err(NoPlan::AnswerFirst(rows)) if rows.contains(&"pregnant".to_owned()))
    );
    for no in [
        NoPlan::Urgent(Urgency::Emergency),
        NoPlan::Urgent(Urgency::Today),
        NoPlan::Young,
        NoPlan::Pregnant,
        NoPlan::AskDoctor(vec![]),
        NoPlan::AnswerFirst(vec![]),
    ] {
        assert!(no.reason().words.complete());
    }
}

#[test]
fn a_doctors_word_for_a_bed_session_brings_no_exercise_back_and_open_questions_are_named() {
    let mut someone = Someone::new();
    someone.answers.set("spine_surgery", Answer::YesClearedByDoctor, FIRST).expect("a row");
    let week = someone.week(FIRST);
    assert!(!ids(&week).contains("bridge") && codes(&week).contains(&"left_out"));

    let mut partly = Answers::new();
    for row in questions().iter().filter(|row| row.id != "unstable_spine") {
        partly.set(&row.id, Answer::No, FIRST).expect("a row");
    }
    let someone = Someone { answers: partly, ..Someone::new() };
    assert_eq!(open_rows(&someone.findings, FIRST, &someone.answers, FIRST), ["unstable_spine"]);
    let week = someone.week(FIRST);
    assert!(codes(&week).contains(&"not_answered") && !ids(&week).contains("pelvic_tilt"));
}

#[test]
fn what_was_done_before_pain_fell_counts_a_little_and_is_told_as_chance() {
    let mut someone = after(0.6, 6, 3);
    let helped: Vec<String> =
        Seen::new(&History { past: &someone.past, diary: &someone.diary }, &someone.findings, FIRST)
            .helped()
            .into_iter()
            .filter(|(_, score)| *score > 0.0 && *score < 1.0)
            .map(|(name, _)| name.to_owned())
            .collect();
    assert!(!helped.is_empty());
    let week = someone.week(FIRST);
    let reason = week.because.iter().find(|reason| reason.code == "helped_before").expect("it is said");
    assert!(reason.words.en.contains("chance") && reason.words.de.contains("Zufall"));

    // Ruled out stays ruled out, whatever it did.
    let exercise =
        helped.iter().find_map(|id| exercise(id).filter(|one| one.not_if.contains("spine_surgery")));
    let id = &exercise.expect("one that surgery rules out").id;
    someone.answers.set("spine_surgery", Answer::Yes, FIRST).expect("a row");
    assert!(!ids(&someone.week(FIRST)).contains(id.as_str()));
}

#[test]
fn after_a_long_break_the_next_week_is_a_first_one() {
    for (later, code) in [(FIRST.0 + 28, "most_ticked"), (FIRST.0 + 29, "first_week")] {
        let mut someone = after(1.0, 3, 3);
        someone.answers = Answers::all_no(Day(later), false);
        assert_eq!(codes(&someone.week(Day(later)))[0], code);
    }
}

#[test]
fn a_massage_is_in_the_week_only_when_it_is_wished_cleared_and_fits() {
    for (massage, wished, minutes, expected) in [
        (Some(Verdict::Go), Massage::Bed, 20, true),
        (Some(Verdict::Soften), Massage::Hand, 20, true),
        (Some(Verdict::Refuse), Massage::Bed, 20, false),
        (None, Massage::Bed, 20, false),
        (Some(Verdict::Go), Massage::None, 20, false),
        (Some(Verdict::Go), Massage::Bed, 9, false),
    ] {
        let wishes = Wishes { minutes_a_day: minutes, massage: wished, ..Wishes::default() };
        let week = Someone { massage, wishes, ..Someone::new() }.week(FIRST);
        let times = week.days.iter().flatten().filter(|item| item.what == What::Massage(wished)).count();
        assert_eq!(times, if expected { 2 } else { 0 }, "{massage:?} {wished:?} {minutes}");
        assert_eq!(codes(&week).contains(&"massage"), expected);
        assert!((0..7).all(|day| week.minutes(day) <= u32::from(minutes)));
        // Whoever wishes one and gets none is told why.
        let missing = codes(&week).into_iter().find(|code| code.starts_with("massage_"));
        let why = match (massage, wished) {
            (_, Massage::None) => None,
            (None, _) => Some("massage_not_asked"),
            (Some(Verdict::Refuse), _) => Some("massage_refused"),
            _ => (minutes < 10).then_some("massage_no_room"),
        };
        assert_eq!(missing, why, "{massage:?} {wished:?} {minutes}");
    }
}

#[test]
fn what_was_told_on_an_earlier_day_answers_no_question_about_today() {
    let (answers, mut told) = (Answers::new(), Findings::new());
    for row in questions().iter().filter(|row| is_yes_no(&row.id)) {
        told.set(&row.id, Value::YesNo(false)).expect("a fact");
    }
    let open = |told_on: Day| open_rows(&told, told_on, &answers, FIRST);
    let today: Vec<&str> = open(LAST).into_iter().filter(|id| !open(FIRST).contains(id)).collect();
    assert!(!today.is_empty());
    for id in today {
        let row = questions().iter().find(|row| row.id == id).expect("a row");
        assert_ne!(row.tier, crate::question::Tier::Standing, "{id}");
    }
}

fn is_yes_no(id: &str) -> bool {
    crate::facts::fact(id).is_some_and(|fact| fact.kind == crate::facts::Kind::YesNo)
}

#[test]
fn ticks_without_an_item_count_for_nothing_and_the_break_setting_is_no_exercise() {
    let week = Someone::new().week(FIRST);
    let items = week.days.iter().flatten().filter(|item| item.minutes > 0).count() as u32;
    let astray =
        BTreeSet::from([Tick { day: 9, item: 0 }, Tick { day: 0, item: 99 }, Tick { day: 0, item: 0 }]);
    assert!(matches!(week.days[0][0].what, What::Breaks { .. }));
    let past = Past { week, ticked: astray };
    assert_eq!(past.ticked(), Ticked::Nothing);
    assert_eq!(past.times().values().map(|(planned, _)| planned).sum::<u32>(), items);
}

#[test]
fn a_week_and_its_ticks_survive_being_stored() {
    let past = after(0.5, 3, 3).past.remove(0);
    let text = serde_json::to_string(&past).expect("it can be written");
    assert_eq!(serde_json::from_str::<Past>(&text).expect("it can be read"), past);
}

#[test]
fn every_cause_has_a_place_in_the_table_and_a_bad_table_is_refused() {
    const TEXT: &str = include_str!("../../../../care/week.toml");
    for cause in &causes().causes {
        assert!(table().cause.contains_key(&cause.id), "{}", cause.id);
    }
    for (good, bad, what) in [
        ("minutes_a_day = 20", "minutes_a_day = 21", "1 to 20"),
        ("walk = \"walking\"", "walk = \"flying\"", "no exercise"),
        ("overuse = {", "overdone = {", "no cause"),
        ("id = \"some_pain\"", "id = \"strong_pain\"", "used twice"),
        ("does.at_most = { level = \"steady\" }", "does.step = { minutes = 1 }", "only takes away"),
        ("source = [\"relax\"]", "source = []", "evidence is none"),
        ("source = [\"relax\"]", "source = [\"hearsay\"]", "no source"),
        ("walk_part = 0.6", "walk_part = 1.6", "0 to 1"),
    ] {
        let text = TEXT.replacen(good, bad, 1);
        assert_ne!(text, TEXT, "{good}");
        let error = Table::parse(&text).expect_err(what).to_string();
        assert!(error.contains(what), "{error}");
    }
}

prop_compose! {
    fn someone()(
        yes in prop::collection::btree_set(0..questions().len(), 0..4),
        open in prop::collection::btree_set(0..questions().len(), 0..2),
        age in 16_u8..95,
        urgency in prop::sample::select(vec![Urgency::SelfCare, Urgency::Watch, Urgency::Soon, Urgency::Today]),
        causes in prop::collection::btree_map(prop::sample::select(cause_ids()), -1.0..8.0_f64, 0..5),
        minutes in any::<u8>(),
        quiet in prop::collection::btree_set(prop::sample::select(Weekday::ALL.to_vec()), 0..4),
        massage in prop::sample::select(vec![Massage::None, Massage::Bed, Massage::Hand]),
        verdict in prop::sample::select(vec![None, Some(Verdict::Go), Some(Verdict::Refuse)]),
        shares in prop::collection::vec(prop::sample::select(vec![0.0, 0.3, 0.9, 1.0]), 0..3),
        pains in prop::collection::vec(prop::option::of(0_u8..=10), 28),
    ) -> Someone {
        let mut someone = Someone::new();
        someone.findings.set("age_years", Value::Number(age.into())).expect("a fact");
        someone.causes = causes;
        someone.massage = verdict;
        someone.wishes = Wishes { minutes_a_day: minutes, quiet, massage };
        for (back, pain) in (1..=28_u32).rev().zip(pains) {
            let pain = pain.map(|pain| Nprs::try_from(pain).expect("0 to 10"));
            let day = Day(FIRST.0 - back);
            let record = Record::Day(DayRecord { pain, ..DayRecord::default() });
            someone.diary.write(day, day, record).expect("a day");
        }
        if age >= 18 {
            for (weeks, share) in (1..=shares.len() as u32).rev().zip(shares) {
                someone.answers = Answers::all_no(Day(FIRST.0 - 7 * weeks), false);
                someone = someone.with_week(Day(FIRST.0 - 7 * weeks), share);
            }
        }
        someone.urgency = urgency;
        someone.answers = Answers::new();
        for (at, row) in questions().iter().enumerate().filter(|(at, _)| !open.contains(at)) {
            let answer = if yes.contains(&at) { Answer::Yes } else { Answer::No };
            someone.answers.set(&row.id, answer, FIRST).expect("a row");
        }
        someone
    }
}

fn cause_ids() -> Vec<String> {
    let known = causes().causes.iter().map(|cause| cause.id.clone());
    known.chain(["no_such_cause".to_owned()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_day_ever_asks_for_more_than_twenty_minutes_or_more_than_was_wished(someone in someone()) {
        let Ok(week) = someone.plan(FIRST) else { return Ok(()) };
        for day in 0..7 {
            prop_assert!(week.minutes(day) <= u32::from(MINUTES_MAX.min(someone.wishes.minutes_a_day)));
            let quiet = someone.wishes.quiet.contains(&Weekday::ALL[day]);
            prop_assert!(!quiet || week.days[day].is_empty());
        }
    }

    #[test]
    fn nothing_that_an_answer_rules_out_or_leaves_open_is_in_the_week(someone in someone()) {
        let Ok(week) = someone.plan(FIRST) else { return Ok(()) };
        for exercise in week.days.iter().flatten().filter_map(|item| exercise(item.what.name())) {
            for row in &exercise.not_if {
                let answer = someone.answers.get(row).map(|entry| entry.answer);
                prop_assert_eq!(answer, Some(Answer::No), "{} for all of {}", &exercise.id, row);
            }
            prop_assert!(exercise.level <= week.size.level);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_week(someone in someone()) {
        prop_assert_eq!(someone.plan(FIRST), someone.plan(FIRST));
    }

    #[test]
    fn every_reason_has_words_in_both_languages_and_nothing_unfilled(someone in someone()) {
        let reasons = someone.plan(FIRST).map_or_else(|no| vec![no.reason()], |week| week.because);
        prop_assert!(!reasons.is_empty());
        for reason in reasons {
            prop_assert!(reason.words.complete());
            for language in Language::ALL {
                let words = reason.words.of(language);
                prop_assert!(!words.contains(['{', '}']), "{}: {}", &reason.code, words);
            }
        }
    }

    #[test]
    fn a_week_is_not_the_same_three_things_day_after_day(someone in someone()) {
        let Ok(week) = someone.plan(FIRST) else { return Ok(()) };
        let days: Vec<&Vec<Item>> = week.days.iter().filter(|items| !items.is_empty()).collect();
        if days.iter().filter(|items| items.len() >= 3).count() < 3 {
            return Ok(());
        }
        let most = days.iter().map(|items| items.len()).max().unwrap_or(0);
        let may = someone.may_do(&week).len();
        // Who may do hardly more than fits into one day has little to change.
        if may > most {
            prop_assert!(days.iter().any(|items| *items != days[0]), "{may} may be done: {days:?}");
            prop_assert!(ids(&week).len() > 3, "{:?}", ids(&week));
        }
        for items in &week.days {
            let names: BTreeSet<&str> = items.iter().map(|item| item.what.name()).collect();
            prop_assert_eq!(names.len(), items.len());
        }
    }
}
