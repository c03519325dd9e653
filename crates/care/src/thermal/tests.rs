use super::*;

const TEXT: &str = include_str!("../../../../care/thermal.toml");
const TODAY: Day = Day(20_779);

fn set(findings: &mut Findings, id: &str, value: Value) {
    findings.set(id, value).unwrap_or_else(|error| panic!("{error}"));
}

fn yes_no(pairs: &[(&str, bool)]) -> Findings {
    let mut findings = Findings::new();
    for (id, yes) in pairs {
        set(&mut findings, id, Value::YesNo(*yes));
    }
    findings
}

/// A spasm of the lower back that began `days` ago, without injury; every warning sign denied.
fn spasm(days: f64) -> Findings {
    let mut findings = yes_no(&[
        ("swelling_or_bruise", false),
        ("felt_tear", false),
        ("fever_now", false),
        ("shaking_chills", false),
    ]);
    set(&mut findings, "age_years", Value::Number(40.0));
    set(&mut findings, "days_since_start", Value::Number(days));
    set(&mut findings, "regions", Value::Many(["lumbar".to_owned()].into()));
    set(&mut findings, "medicines", Value::Many(BTreeSet::new()));
    findings
}

fn denied() -> Answers {
    Answers::all_no(TODAY, false)
}

fn told(findings: &Findings) -> Thermal {
    thermal(findings, &denied(), TODAY, None)
}

#[test]
fn the_embedded_table_is_valid_and_every_row_can_hold() {
    let table = parse(TEXT).expect("valid");
    assert_eq!(table.row.len(), rows().len());
    for row in rows() {
        let mut findings = spasm(1.0);
        let mut answers = denied();
        let hours = row.when.hours_from.unwrap_or(10.0);
        for needs in row.when.all.iter().chain(row.when.any.first()) {
            let value = match &needs.is {
                Is::Flag(yes) => Value::YesNo(*yes),
                Is::Option(option) => Value::Choice(option.clone()),
                Is::AnyOf(options) => Value::Many([options[0].clone()].into()),
                Is::Range(range) => Value::Number(range.max.or(range.min).expect("an end")),
            };
            if findings.set(&needs.fact, value).is_err() {
                let answer = if needs.is == Is::Flag(true) { Answer::Yes } else { Answer::No };
                answers.set(&needs.fact, answer, TODAY).expect("a question of screening");
            }
        }
        let told = thermal(&findings, &answers, TODAY, Some(hours));
        let found = told.reasons.iter().find(|reason| reason.row.id == row.id);
        assert_eq!(found.map(|reason| reason.ground), Some(Ground::Told), "{}", row.id);
        assert!(told.bed <= row.bed && told.intensity_max <= row.intensity_max, "{}", row.id);
    }
}

#[test]
fn a_bad_table_is_refused_and_says_where() {
    for (good, bad, what) in [
        ("fact = \"felt_tear\"", "fact = \"felt_a_tear\"", "no fact and no question"),
        ("id = \"feverish\"", "id = \"warning_sign\"", "used twice"),
        (
            "bed = \"refused\"\nintensity_max = 0",
            "bed = \"allowed\"\nintensity_max = 0",
            "goes with a refused",
        ),
        ("intensity_max = 9", "intensity_max = 10", "9 is the highest"),
        ("minutes = [10, 15]", "minutes = [15, 10]", "minutes rise"),
        ("minutes = [0, 0]", "minutes = [0, 5]", "nothing to lay on"),
        ("bed = \"not_on_region\"", "bed = \"maybe\"", "line"),
        ("source = [\"patch\", \"screening\"]", "source = [\"hearsay\"]", "unknown source"),
    ] {
        let text = TEXT.replacen(good, bad, 1);
        assert_ne!(text, TEXT, "{good}");
        let error = parse(&text).expect_err(what);
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn a_spasm_without_injury_gets_warmth_first_and_little_force_for_three_days() {
    let early = told(&spasm(2.0));
    assert_eq!((early.first, early.minutes, early.wrapped), (First::Heat, [15, 20], true));
    assert_eq!((early.bed, early.intensity_max), (OnBed::Allowed, 3));
    assert!(early.regions.is_empty() && early.open.is_empty(), "{early:?}");
    // From a count of days the youngest age is taken: on the third day it may be 48 hours old.
    for (days, intensity) in [(0.0, 3), (3.0, 3), (4.0, 9), (30.0, 9)] {
        assert_eq!(told(&spasm(days)).intensity_max, intensity, "{days}");
    }
    for (hours, intensity) in [(0.0, 3), (71.9, 3), (72.0, 9)] {
        let told = thermal(&spasm(0.0), &denied(), TODAY, Some(hours));
        assert_eq!(told.intensity_max, intensity, "{hours}");
    }
}

#[test]
fn a_fresh_injury_gets_wrapped_cold_and_no_bed_on_its_place() {
    for id in ["swelling_or_bruise", "felt_tear"] {
        let mut hurt = spasm(1.0);
        set(&mut hurt, id, Value::YesNo(true));
        set(&mut hurt, "regions", Value::Many(["shoulder_blade".to_owned(), "calf".to_owned()].into()));
        let told = told(&hurt);
        assert_eq!((told.first, told.minutes, told.wrapped), (First::Cold, [10, 15], true), "{id}");
        assert_eq!((told.bed, told.intensity_max), (OnBed::NotOnRegion, 3), "{id}");
        assert_eq!(told.regions, [Region::UpperBack, Region::LowerBackRibs], "{id}");
        // A wish does not bring back the heat.
        set(&mut hurt, "thermal_wish", Value::Choice("heat".into()));
        assert_eq!(thermal(&hurt, &denied(), TODAY, None).first, First::Cold);
    }
}

#[test]
fn where_nobody_says_which_place_the_whole_bed_is_left() {
    let mut hurt = spasm(1.0);
    set(&mut hurt, "swelling_or_bruise", Value::YesNo(true));
    set(&mut hurt, "regions", Value::Many(BTreeSet::new()));
    assert_eq!(told(&hurt).bed, OnBed::Refused);
    let mut numb = denied();
    numb.set("loss_of_feeling", Answer::Yes, TODAY).expect("a question");
    let told = thermal(&spasm(9.0), &numb, TODAY, None);
    assert_eq!((told.first, told.bed, told.intensity_max), (First::None, OnBed::Refused, 0));
}

#[test]
fn a_wish_replaces_heat_and_nothing_stricter() {
    for (wish, first) in [("cold", First::Cold), ("alternating", First::Either), ("heat", First::Heat)] {
        let mut findings = spasm(2.0);
        set(&mut findings, "thermal_wish", Value::Choice(wish.into()));
        let free = told(&findings);
        assert_eq!((free.first, free.intensity_max), (first, 3), "{wish}");
        set(&mut findings, "diabetes", Value::YesNo(true));
        assert_eq!((told(&findings).first, told(&findings).minutes), (First::None, [0, 0]), "{wish}");
    }
}

#[test]
fn each_warning_sign_pregnancy_and_youth_refuse_the_bed() {
    let signs = [
        "saddle_numbness",
        "leaks_water",
        "breathless",
        "belly_throbs",
        "small_fall",
        "fever_now",
        "swollen_leg",
        "stroke_signs",
        "pregnant",
    ];
    for id in signs {
        let mut findings = spasm(9.0);
        set(&mut findings, id, Value::YesNo(true));
        assert_eq!((told(&findings).bed, told(&findings).first), (OnBed::Refused, First::None), "{id}");
    }
    let mut young = spasm(9.0);
    set(&mut young, "age_years", Value::Number(17.0));
    assert_eq!(told(&young).bed, OnBed::Refused);
}

#[test]
fn what_is_not_known_is_never_freer_than_any_answer_and_says_what_to_ask() {
    let facts =
        ["swelling_or_bruise", "felt_tear", "fever_now", "age_years", "days_since_start", "medicines"];
    for left_out in facts {
        let values: Vec<Value> = match left_out {
            "age_years" => [17.0, 18.0, 60.0].map(Value::Number).into(),
            "days_since_start" => [0.0, 2.0, 3.0, 4.0, 40.0].map(Value::Number).into(),
            "medicines" => {
                ["codeine_or_opioid", "statin"].map(|one| Value::Many([one.to_owned()].into())).into()
            }
            _ => vec![Value::YesNo(true), Value::YesNo(false)],
        };
        let mut unknown = Findings::new();
        for fact in crate::facts::facts().iter().filter(|fact| fact.id != left_out) {
            if let Some(value) = spasm(2.0).get(&fact.id) {
                set(&mut unknown, &fact.id, value.clone());
            }
        }
        // Screening was answered too, but for what would answer this fact.
        let mut answers = Answers::new();
        for question in questions() {
            if !crate::facts::behind(&question.id).contains(&left_out) && question.id != "fever_or_infection"
            {
                answers.set(&question.id, Answer::No, TODAY).expect("a question");
            }
        }
        let strict = thermal(&unknown, &answers, TODAY, None);
        assert!(strict.open.contains(&left_out), "{left_out}: {:?}", strict.open);
        for value in values {
            let mut known = unknown.clone();
            set(&mut known, left_out, value.clone());
            let known = thermal(&known, &answers, TODAY, None);
            assert!(strict.bed <= known.bed, "{left_out} {value:?}");
            assert!(strict.intensity_max <= known.intensity_max, "{left_out} {value:?}");
        }
    }
}

#[test]
fn a_yes_of_either_table_stands() {
    let mut answers = denied();
    answers.set("fresh_injury", Answer::Yes, TODAY).expect("a question");
    let told = thermal(&spasm(1.0), &answers, TODAY, None);
    assert_eq!((told.first, told.bed), (First::Cold, OnBed::NotOnRegion));
    // An answer of another day is no answer.
    let old = thermal(&spasm(1.0), &denied(), Day(TODAY.0 + 1), None);
    assert_eq!((old.bed, old.first), (OnBed::Refused, First::None));
}
