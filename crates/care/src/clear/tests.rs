use std::collections::BTreeSet;

use super::*;
use crate::effect::Region;
use crate::facts::{Kind, facts};
use crate::screen::{Verdict, screen};

const TODAY: Day = Day(20_779);

fn person() -> Person {
    Person::new(40.0, 1750.0, 80.0)
}

fn set(findings: &mut Findings, id: &str, value: Value) {
    findings.set(id, value).unwrap_or_else(|error| panic!("{error}"));
}

/// Everything told, all harmless: a sore lower back since `days`.
fn sore(days: f64) -> Findings {
    let mut findings = Findings::new();
    for fact in facts() {
        let value = match &fact.kind {
            Kind::YesNo => Value::YesNo(["moving_changes_it", "tender_muscle"].contains(&fact.id.as_str())),
            Kind::Number { min, .. } => Value::Number(*min),
            Kind::Choice(options) => Value::Choice(options[0].id.clone()),
            Kind::Many(_) => Value::Many(BTreeSet::new()),
        };
        set(&mut findings, &fact.id, value);
    }
    set(&mut findings, "age_years", Value::Number(40.0));
    set(&mut findings, "days_since_start", Value::Number(days));
    set(&mut findings, "regions", Value::Many(["lumbar".to_owned()].into()));
    findings
}

fn denied() -> Answers {
    Answers::all_no(TODAY, false)
}

#[test]
fn a_sore_back_is_cleared_gently_for_three_days_and_then_freely() {
    let early = clear(&person(), &denied(), &sore(2.0), TODAY, TODAY);
    assert_eq!((early.verdict(), early.intensity_cap()), (Verdict::Soften, Some(3)));
    assert_eq!(early.reasons()[0].id, "thermal_spasm_first_three_days");
    let late = clear(&person(), &denied(), &sore(10.0), TODAY, TODAY);
    assert_eq!((late.verdict(), late.intensity_cap()), (Verdict::Go, None), "{:?}", late.reasons());
}

#[test]
fn triage_that_asks_for_a_doctor_today_refuses_and_one_that_asks_soon_does_not() {
    for (id, verdict) in
        [("injects_drugs", Verdict::Refuse), ("urine_dark", Verdict::Refuse), ("night_sweats", Verdict::Go)]
    {
        let mut findings = sore(10.0);
        set(&mut findings, id, Value::YesNo(true));
        let clearance = clear(&person(), &denied(), &findings, TODAY, TODAY);
        assert_eq!(clearance.verdict(), verdict, "{id}: {:?}", clearance.reasons());
        let by_triage = clearance.reasons().iter().any(|reason| reason.id.starts_with("triage_"));
        assert_eq!(by_triage, verdict == Verdict::Refuse, "{id}");
    }
}

#[test]
fn an_emergency_that_was_told_is_the_first_thing_to_be_said() {
    let mut findings = sore(1.0);
    set(&mut findings, "jaw_stiff", Value::YesNo(true));
    let clearance = clear(&person(), &denied(), &findings, TODAY, TODAY);
    let first = clearance.emergencies().next().map(|reason| reason.id.clone());
    assert_eq!(first.as_deref(), Some("triage_jaw"));
    assert_eq!(clearance.force_cap_n(), Some(0.0));
}

#[test]
fn who_told_nothing_is_refused() {
    let silent = clear(&person(), &denied(), &Findings::new(), TODAY, TODAY);
    assert_eq!(silent.verdict(), Verdict::Refuse);
    let unknown = clear(&Person::default(), &Answers::new(), &Findings::new(), TODAY, TODAY);
    assert_eq!(unknown.verdict(), Verdict::Refuse);
}

#[test]
fn what_was_told_answers_screening_and_a_yes_of_either_side_stands() {
    // Screening was not asked what the triage asked; a no there fills it.
    let mut answers = Answers::new();
    for question in questions() {
        if question.id != "saddle_numbness" {
            answers.set(&question.id, Answer::No, TODAY).expect("a question");
        }
    }
    assert_eq!(clear(&person(), &answers, &sore(10.0), TODAY, TODAY).verdict(), Verdict::Go);
    let mut findings = sore(10.0);
    set(&mut findings, "diabetes", Value::YesNo(true));
    let told = clear(&person(), &denied(), &findings, TODAY, TODAY);
    assert!(!told.heat_allowed() && told.intensity_cap() == Some(2), "{:?}", told.reasons());
    let mut said = denied();
    said.set("diabetes", Answer::Yes, TODAY).expect("a question");
    let said = clear(&person(), &said, &sore(10.0), TODAY, TODAY);
    assert!(!said.heat_allowed() && said.intensity_cap() == Some(2));
}

#[test]
fn all_that_is_told_only_takes_away() {
    for fact in facts().iter().filter(|fact| fact.kind == Kind::YesNo) {
        for question in questions().iter().step_by(5) {
            let mut answers = denied();
            answers.set(&question.id, Answer::Yes, TODAY).expect("a question");
            let alone = screen(&person(), &answers, TODAY);
            let mut findings = sore(10.0);
            set(&mut findings, &fact.id, Value::YesNo(true));
            let both = clear(&person(), &answers, &findings, TODAY, TODAY);
            let name = format!("{} with {}", fact.id, question.id);
            assert!(both.verdict() >= alone.verdict(), "{name}");
            assert!(both.heat_allowed() <= alone.heat_allowed(), "{name}");
            assert!(both.stretch_allowed() <= alone.stretch_allowed(), "{name}");
            let cap = |cap: Option<f64>| cap.unwrap_or(f64::INFINITY);
            assert!(cap(both.force_cap_n()) <= cap(alone.force_cap_n()), "{name}");
            assert!(cap(both.surface_cap_c()) <= cap(alone.surface_cap_c()), "{name}");
            assert!(alone.avoided_regions().iter().all(|one| both.avoided_regions().contains(one)), "{name}");
        }
    }
}

#[test]
fn a_place_that_is_left_out_is_avoided_and_its_row_is_named() {
    let mut hurt = sore(1.0);
    set(&mut hurt, "felt_tear", Value::YesNo(true));
    let reasons = thermal_reasons(&thermal(&hurt, &denied(), TODAY, None));
    let torn = reasons.iter().find(|reason| reason.id == "thermal_injury_first_two_days").expect("it holds");
    assert_eq!(
        torn.effects,
        [
            Effect::Avoid { regions: vec![Region::Lumbar] },
            Effect::SoftenIntensity { intensity: 3 },
            Effect::NoHeat
        ]
    );
    assert!(!torn.sources.is_empty());
}

#[test]
fn an_interview_of_an_earlier_day_answers_only_what_lasts() {
    let lasting = |days: u32| Open::of(&person(), &Answers::new(), &sore(10.0), TODAY, Day(TODAY.0 + days));
    let fresh = lasting(0);
    let later = lasting(1);
    assert!(later.questions.len() > fresh.questions.len());
    let ids: Vec<&str> = later.questions.iter().map(|row| row.id.as_str()).collect();
    for row in questions() {
        assert!(
            row.tier == Tier::Standing || ids.contains(&row.id.as_str()),
            "{} is not asked again",
            row.id
        );
    }
    assert!(!ids.contains(&"diabetes") && ids.contains(&"saddle_numbness"));
    let expired = lasting(crate::question::STANDING_DAYS);
    assert_eq!(expired.questions.len(), questions().len());
    // What was told after today is nobody's answer.
    let future = Open::of(&person(), &Answers::new(), &sore(10.0), Day(TODAY.0 + 1), TODAY);
    assert_eq!(future.questions.len(), questions().len());
}

#[test]
fn a_spasm_grows_older_with_the_days_since_it_was_told_and_never_too_fast() {
    let after = |days: u32| {
        let today = Day(TODAY.0 + days);
        clear(&person(), &Answers::all_no(today, false), &sore(1.0), TODAY, today).intensity_cap()
    };
    // Told late in the evening and asked early in the morning, three days may be hardly more than two.
    assert_eq!([0, 2, 3].map(after), [Some(3); 3]);
    assert_eq!(after(4), None);
}

#[test]
fn what_is_open_is_all_that_stands_between_a_sore_back_and_its_clearance() {
    let mut told = Findings::new();
    set(&mut told, "age_years", Value::Number(40.0));
    let open = Open::of(&person(), &Answers::new(), &sore(10.0), TODAY, TODAY);
    let mut answers = Answers::new();
    for row in &open.questions {
        put(&mut answers, &row.id, Answer::No, TODAY);
    }
    assert!(Open::of(&person(), &answers, &sore(10.0), TODAY, TODAY).is_empty());
    assert_eq!(clear(&person(), &answers, &sore(10.0), TODAY, TODAY).verdict(), Verdict::Go);
    let unknown = Open::of(&person(), &denied(), &told, TODAY, TODAY);
    assert!(unknown.facts.contains(&"days_since_start"), "{:?}", unknown.facts);
}

#[test]
fn the_limits_of_a_summary_take_what_its_clearance_takes() {
    let mut said = denied();
    for id in ["medicine_patch", "neck_arteries"] {
        put(&mut said, id, Answer::Yes, TODAY);
    }
    let clearance = clear(&person(), &said, &sore(10.0), TODAY, TODAY);
    let limits = clearance.summary().limits();
    assert_eq!(
        limits,
        [
            Effect::SoftenIntensity { intensity: 2 },
            Effect::Soften { force_n: 30.0 },
            Effect::NoHeat,
            Effect::NoStretch,
            Effect::Avoid { regions: vec![Region::Neck] },
        ]
    );
    assert!(limits.iter().all(|limit| limit.words().complete()));
    let refused = clear(&person(), &denied(), &Findings::new(), TODAY, TODAY).summary();
    assert_eq!(refused.limits(), [Effect::Refuse]);
}
