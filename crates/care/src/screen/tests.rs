use super::*;
use crate::question::STANDING_DAYS;

const TODAY: Day = Day(20_779);

fn person() -> Person {
    Person::new(45.0, 1720.0, 74.0)
}

/// The clearance of an ordinary person who says no to everything but these.
fn with(yes: &[(&str, Answer)]) -> Clearance {
    let mut answers = Answers::all_no(TODAY, false);
    for (id, answer) in yes {
        answers.set(id, *answer, TODAY).expect("known id");
    }
    screen(&person(), &answers, TODAY)
}

/// Asserts that the clearance is at least as strict as each of the effects.
fn check(clearance: &Clearance, id: &str, effects: &[Effect]) {
    let reason = clearance.reasons().iter().find(|reason| reason.id == id).expect(id);
    assert_eq!(reason.effects, effects, "{id}");
    for effect in effects {
        match effect {
            Effect::Refuse | Effect::AskDoctor => {
                assert_eq!(clearance.verdict(), Verdict::Refuse, "{id}");
                assert_eq!(clearance.force_cap_n(), Some(0.0), "{id}");
                assert!(!clearance.heat_allowed() && !clearance.stretch_allowed(), "{id}");
            }
            Effect::Soften { force_n } => {
                assert!(clearance.force_cap_n().is_some_and(|cap| cap <= *force_n), "{id}");
            }
            Effect::SoftenIntensity { intensity } => {
                assert!(clearance.intensity_cap().is_some_and(|cap| cap <= *intensity), "{id}");
            }
            Effect::NoHeat => assert!(!clearance.heat_allowed(), "{id}"),
            Effect::SoftenHeat { surface_c } => {
                assert!(clearance.surface_cap_c().is_some_and(|cap| cap <= *surface_c), "{id}");
            }
            Effect::NoStretch => assert!(!clearance.stretch_allowed(), "{id}"),
            Effect::Avoid { regions } => {
                assert!(regions.iter().all(|region| clearance.avoided_regions().contains(region)));
            }
        }
    }
}

#[test]
fn no_to_everything_goes_without_any_reduction() {
    let clearance = with(&[]);
    assert_eq!(clearance.verdict(), Verdict::Go);
    assert!(clearance.reasons().is_empty() && clearance.avoided_regions().is_empty());
    assert_eq!((clearance.force_cap_n(), clearance.surface_cap_c()), (None, None));
    assert!(clearance.heat_allowed() && clearance.stretch_allowed() && !clearance.drawn());
}

#[test]
fn without_any_answer_every_row_applies_and_the_verdict_is_to_refuse() {
    let clearance = screen(&person(), &Answers::new(), TODAY);
    assert_eq!(clearance.verdict(), Verdict::Refuse);
    assert_eq!(clearance.reasons().len(), questions().len());
    assert!(clearance.reasons().iter().all(|reason| reason.because == Because::NotAnswered));
}

#[test]
fn each_row_left_unanswered_counts_as_yes() {
    for left_out in questions() {
        let mut answers = Answers::new();
        for question in questions().iter().filter(|question| question.id != left_out.id) {
            answers.set(&question.id, Answer::No, TODAY).expect("known id");
        }
        let clearance = screen(&person(), &answers, TODAY);
        assert_eq!(clearance.reasons().len(), 1, "{}", left_out.id);
        assert_eq!(clearance.reasons()[0].because, Because::NotAnswered);
        check(&clearance, &left_out.id, &left_out.effects);
    }
}

#[test]
fn each_row_answered_yes_has_its_effect_and_no_other_row_does() {
    for question in questions() {
        let clearance = with(&[(&question.id, Answer::Yes)]);
        assert_eq!(clearance.reasons().len(), 1, "{}", question.id);
        assert_ne!(clearance.verdict(), Verdict::Go, "{}", question.id);
        let reason = &clearance.reasons()[0];
        assert_eq!(reason.because, Because::SaidYes);
        assert!(reason.words.en.ends_with(&question.ask.en) && !reason.sources.is_empty());
        assert_eq!(reason.words.de, format!("Sie haben Ja gesagt: {}", question.ask.de));
        check(&clearance, &question.id, &question.effects);
    }
}

#[test]
fn a_doctor_softens_only_the_rows_that_ask_one() {
    let mut softened = 0;
    for question in questions() {
        let clearance = with(&[(&question.id, Answer::YesClearedByDoctor)]);
        if question.doctor_can_clear() {
            assert_eq!(clearance.verdict(), Verdict::Soften, "{}", question.id);
            assert_eq!(clearance.reasons()[0].because, Because::ClearedByDoctor);
            check(&clearance, &question.id, &question.cleared);
            softened += 1;
        } else {
            assert_eq!(clearance.reasons()[0].because, Because::SaidYes);
            check(&clearance, &question.id, &question.effects);
        }
    }
    assert!(softened >= 5);
}

#[test]
fn a_no_holds_to_the_end_of_its_time_and_then_counts_as_yes() {
    for question in questions() {
        let days = if question.tier == Tier::Standing { STANDING_DAYS } else { 1 };
        for (age, because) in
            [(0, None), (days - 1, None), (days, Some(Because::Expired)), (10_000, Some(Because::Expired))]
        {
            let mut answers = Answers::all_no(TODAY, false);
            answers.set(&question.id, Answer::No, Day(TODAY.0 - age)).expect("known id");
            let clearance = screen(&person(), &answers, TODAY);
            let found = clearance.reasons().first().map(|reason| reason.because);
            assert_eq!(found, because, "{} after {age} days", question.id);
        }
    }
}

#[test]
fn an_expired_word_of_a_doctor_refuses_again() {
    let mut answers = Answers::all_no(TODAY, false);
    let old = Day(TODAY.0 - STANDING_DAYS);
    answers.set("thin_bones", Answer::YesClearedByDoctor, old).expect("known id");
    assert_eq!(screen(&person(), &answers, TODAY).verdict(), Verdict::Refuse);
}

#[test]
fn an_answer_from_the_future_counts_as_unanswered() {
    for question in questions() {
        for day in [Day(TODAY.0 + 1), Day(u32::MAX)] {
            let mut answers = Answers::all_no(TODAY, false);
            answers.set(&question.id, Answer::No, day).expect("known id");
            let clearance = screen(&person(), &answers, TODAY);
            assert_eq!(clearance.reasons()[0].because, Because::DatedInFuture, "{}", question.id);
            check(&clearance, &question.id, &question.effects);
        }
    }
}

#[test]
fn a_clock_that_jumps_back_to_the_first_day_clears_nobody() {
    let clearance = screen(&person(), &Answers::all_no(TODAY, false), Day(0));
    assert_eq!(clearance.verdict(), Verdict::Refuse);
}

#[test]
fn of_several_caps_the_strictest_holds_in_either_order() {
    let yes = [("large_disc_bulge", Answer::Yes), ("medicine_patch", Answer::Yes)];
    let reversed = [yes[1], yes[0]];
    assert_eq!(with(&yes[..1]).force_cap_n(), Some(40.0));
    assert_eq!(with(&yes).force_cap_n(), Some(30.0));
    assert_eq!(with(&yes), with(&reversed));
}

#[test]
fn a_refusal_is_not_undone_by_a_softer_row() {
    let clearance = with(&[("aneurysm", Answer::Yes), ("medicine_patch", Answer::Yes)]);
    assert_eq!(clearance.verdict(), Verdict::Refuse);
    assert_eq!(clearance.force_cap_n(), Some(0.0));
}

#[test]
fn regions_of_several_rows_are_joined_and_listed_once() {
    let clearance = with(&[
        ("heart_device", Answer::YesClearedByDoctor),
        ("neck_arteries", Answer::Yes),
        ("inflammatory_arthritis", Answer::Yes),
    ]);
    let expected = [Region::Neck, Region::UpperBack, Region::LowerBackRibs];
    assert_eq!(clearance.avoided_regions(), expected);
}

#[test]
fn one_more_yes_never_loosens_anything() {
    let number = |cap: Option<f64>| cap.unwrap_or(f64::INFINITY);
    for first in questions() {
        let alone = with(&[(&first.id, Answer::Yes)]);
        for second in questions() {
            let both = with(&[(&first.id, Answer::Yes), (&second.id, Answer::Yes)]);
            assert!(both.verdict() >= alone.verdict());
            assert!(number(both.force_cap_n()) <= number(alone.force_cap_n()));
            assert!(number(both.surface_cap_c()) <= number(alone.surface_cap_c()));
            assert!(alone.heat_allowed() || !both.heat_allowed());
            assert!(alone.stretch_allowed() || !both.stretch_allowed());
            let avoided = both.avoided_regions();
            assert!(alone.avoided_regions().iter().all(|region| avoided.contains(region)));
        }
    }
}

#[test]
fn emergencies_come_first_and_only_a_spoken_yes_is_one() {
    let clearance =
        with(&[("diabetes", Answer::Yes), ("hot_bath", Answer::Yes), ("chest_pain", Answer::Yes)]);
    let ids: Vec<_> = clearance.reasons().iter().map(|reason| reason.id.as_str()).collect();
    assert_eq!(ids, ["chest_pain", "hot_bath", "diabetes"]);
    assert_eq!(clearance.emergencies().count(), 1);
    assert_eq!(screen(&person(), &Answers::new(), TODAY).emergencies().count(), 0);
}

#[test]
fn each_person_row_holds_at_its_edges_and_acts_beyond_them() {
    let inside = [(45.0, 1720.0, 74.0), (18.0, 1500.0, 30.0), (70.0, 1980.0, 135.0)];
    let refused = [
        (17.9, 1720.0, 74.0),
        (111.0, 1720.0, 74.0),
        (45.0, 1499.0, 74.0),
        (45.0, 1981.0, 74.0),
        (45.0, 1720.0, 135.1),
        (45.0, 1720.0, 0.0),
        (f64::NAN, 1720.0, 74.0),
        (45.0, f64::INFINITY, 74.0),
        (45.0, -1720.0, 74.0),
    ];
    let answers = Answers::all_no(TODAY, false);
    for (age, stature, mass) in inside {
        let clearance = screen(&Person::new(age, stature, mass), &answers, TODAY);
        assert_eq!(clearance.verdict(), Verdict::Go, "{age} {stature} {mass}");
    }
    for (age, stature, mass) in refused {
        let clearance = screen(&Person::new(age, stature, mass), &answers, TODAY);
        assert_eq!(clearance.verdict(), Verdict::Refuse, "{age} {stature} {mass}");
    }
    let young = screen(&Person::new(17.9, 1720.0, 74.0), &answers, TODAY);
    let words = &young.reasons()[0].words;
    assert_eq!(words.en, "Your age, 17.9 years, is outside 18 to 110 years");
    assert_eq!(words.de, "Ihr Alter von 17,9 Jahren liegt nicht zwischen 18 und 110 Jahren");
    let old = screen(&Person::new(70.1, 1720.0, 74.0), &answers, TODAY);
    assert_eq!((old.verdict(), old.force_cap_n()), (Verdict::Soften, Some(40.0)));
}

#[test]
fn a_person_of_whom_something_is_unknown_is_refused() {
    let answers = Answers::all_no(TODAY, false);
    for unknown in [
        Person { age_years: None, ..person() },
        Person { stature_mm: None, ..person() },
        Person { mass_kg: None, ..person() },
    ] {
        let clearance = screen(&unknown, &answers, TODAY);
        assert_eq!(clearance.verdict(), Verdict::Refuse);
        assert!(clearance.reasons().iter().all(|reason| reason.because == Because::NotKnown));
    }
}

#[test]
fn a_clearance_holds_on_its_own_day_and_for_its_own_person() {
    let clearance = with(&[]);
    assert!(clearance.valid_on(TODAY));
    assert!(!clearance.valid_on(Day(TODAY.0 + 1)) && !clearance.valid_on(Day(TODAY.0 - 1)));
    assert_eq!(clearance.person(), &person());
}

#[test]
fn the_summary_says_what_the_clearance_says_and_that_simulated_answers_are_simulated() {
    let clearance = with(&[("marked_scoliosis", Answer::Yes)]);
    let summary = clearance.summary();
    assert_eq!(summary.verdict, clearance.verdict());
    assert_eq!(summary.reasons, clearance.reasons());
    assert!(!summary.stretch_allowed && summary.heat_allowed && !summary.simulated);
    let text = toml::to_string(&summary).expect("writes");
    let question = questions().iter().find(|question| question.id == "marked_scoliosis").expect("a row");
    let record: toml::Table = text.parse().expect("a table");
    assert_eq!(record["reasons"][0]["advice"].as_str(), Some(question.advice.en.as_str()));
    // A record holds the English alone, which then stands for both.
    let read: Summary = toml::from_str(&text).expect("reads");
    assert_eq!(read.reasons[0].advice.de, question.advice.en);
    assert_eq!(read.reasons[0].words.en, summary.reasons[0].words.en);
    assert_eq!(toml::to_string(&read).expect("writes"), text);

    let drawn = screen(&person(), &Answers::all_no(TODAY, true), TODAY).summary();
    assert!(drawn.simulated && drawn.origin().en.contains("Nobody was asked"));
}
