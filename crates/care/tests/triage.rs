//! The triage table walked: every rule at its boundary, every pair of answers, every further warning sign,
//! and every rule found by the questions.

use std::collections::BTreeSet;

use care::ask::{Row, next_screen};
use care::facts::{facts, gates, groups};
use care::triage::{Condition, Ground, Test, Truth, look_again, rules};
use care::{
    Answer, Day, Findings, Kind, Person, Urgency, Value, Verdict, answers_for_screening, screen, triage,
};

/// Facts whose "yes" is a comfort (care/facts, head).
const COMFORTS: [&str; 7] = [
    "moving_changes_it",
    "tender_muscle",
    "bladder_long_known",
    "fever_passed",
    "wakes_on_turning",
    "better_by_moving",
    "anti_inflammatory_helps",
];

fn one(id: &str) -> Value {
    Value::Choice(id.to_owned())
}

fn places(list: &[&str]) -> Value {
    Value::Many(list.iter().map(|place| (*place).to_owned()).collect())
}

fn set(findings: &mut Findings, id: &str, value: Value) {
    findings.set(id, value).unwrap_or_else(|error| panic!("{error}"));
}

/// Everything answered, all harmless: a man of 40 with a sore lower back since two days.
fn harmless() -> Findings {
    let mut findings = Findings::new();
    for fact in facts() {
        let value = match &fact.kind {
            Kind::YesNo => Value::YesNo(["moving_changes_it", "tender_muscle"].contains(&fact.id.as_str())),
            Kind::Number { min, .. } => Value::Number(*min),
            Kind::Choice(options) => one(&options[0].id),
            Kind::Many(_) => Value::Many(BTreeSet::new()),
        };
        set(&mut findings, &fact.id, value);
    }
    for (id, value) in [
        ("age_years", Value::Number(40.0)),
        ("days_since_start", Value::Number(2.0)),
        ("regions", places(&["lumbar"])),
        ("sex", one("male")),
        ("onset", one("hours")),
        ("course", one("better")),
    ] {
        set(&mut findings, id, value);
    }
    findings
}

/// A test of one fact, to be met or not.
type Literal<'a> = (&'a str, &'a Test, bool);

/// All ways in which a condition can be met: each a list of tests that must be so together.
fn ways(condition: &Condition, wanted: bool) -> Vec<Vec<Literal<'_>>> {
    match condition {
        Condition::Fact { id, test } => vec![vec![(id.as_str(), test, wanted)]],
        Condition::Not(inner) => ways(inner, !wanted),
        Condition::All(list) if wanted => crossed(list, wanted),
        Condition::Any(list) if !wanted => crossed(list, wanted),
        Condition::All(list) | Condition::Any(list) => {
            list.iter().flat_map(|part| ways(part, wanted)).collect()
        }
    }
}

fn crossed(list: &[Condition], wanted: bool) -> Vec<Vec<Literal<'_>>> {
    list.iter().fold(vec![Vec::new()], |so_far, part| {
        let here = ways(part, wanted);
        so_far.iter().flat_map(|way| here.iter().map(|more| [way.clone(), more.clone()].concat())).collect()
    })
}

/// Answers so that a test is just met, or just not: numbers at the limit or one beside it.
fn answer(findings: &mut Findings, (id, test, wanted): Literal<'_>) -> Result<(), care::FactError> {
    let value = match test {
        Test::Is(yes) => Value::YesNo(*yes == wanted),
        Test::AtLeast(limit) => Value::Number(if wanted { *limit } else { limit - 1.0 }),
        Test::AtMost(limit) => Value::Number(if wanted { *limit } else { limit + 1.0 }),
        Test::OneOf(options) => return answer_option(findings, id, options, wanted),
    };
    if let Some(members) = groups().get(id) {
        for member in members {
            findings.set(member, value.clone())?;
        }
    }
    findings.set(id, value)
}

fn answer_option(
    findings: &mut Findings,
    id: &str,
    options: &[String],
    wanted: bool,
) -> Result<(), care::FactError> {
    let kind = &facts().iter().find(|fact| fact.id == id).expect("a fact").kind;
    match (kind, findings.get(id).cloned()) {
        (Kind::Many(_), Some(Value::Many(mut marked))) => {
            if wanted && !options.iter().any(|place| marked.contains(place)) {
                marked.insert(options[0].clone());
            } else if !wanted {
                marked.retain(|place| !options.contains(place));
            }
            findings.set(id, Value::Many(marked))
        }
        (Kind::Choice(all), now) => {
            let held = matches!(&now, Some(Value::Choice(given)) if options.contains(given));
            let other =
                all.iter().find(|choice| options.contains(&choice.id) == wanted).expect("another option");
            if held == wanted { Ok(()) } else { findings.set(id, one(&other.id)) }
        }
        _ => panic!("{id} has options"),
    }
}

fn holds(condition: &Condition, findings: &Findings) -> bool {
    condition.holds(findings, &|_| false) == Truth::Yes
}

fn all_met(way: &[Literal<'_>], findings: &Findings) -> bool {
    way.iter().all(|(id, test, wanted)| {
        let leaf = Condition::Fact { id: (*id).to_owned(), test: (*test).clone() };
        holds(&leaf, findings) == *wanted
    })
}

/// The harmless person with a way's tests just met; nothing if they contradict each other.
fn person_of(way: &[Literal<'_>]) -> Option<Findings> {
    let mut findings = harmless();
    // Places of the rule alone, where it names any: else a leg pain would come with a back.
    for _ in 0..2 {
        way.iter().try_for_each(|literal| answer(&mut findings, *literal)).ok()?;
    }
    all_met(way, &findings).then_some(findings)
}

#[test]
fn the_harmless_person_is_told_nothing() {
    assert_eq!(triage(&harmless()).reasons, vec![]);
    assert_eq!(triage(&harmless()).urgency, Urgency::SelfCare);
}

#[test]
fn every_rule_holds_just_inside_and_not_just_outside() {
    for rule in rules() {
        let all = ways(&rule.when, true);
        let mut walked = 0;
        for way in &all {
            let Some(inside) = person_of(way) else { continue };
            let told = triage(&inside);
            let found = told.reasons.iter().find(|reason| reason.rule.id == rule.id);
            assert_eq!(found.map(|reason| reason.ground), Some(Ground::Told), "{} {way:?}", rule.id);
            assert!(told.urgency >= rule.urgency);
            for (id, test, wanted) in way {
                let mut outside = inside.clone();
                // A limit at the end of a range has no outside.
                if answer(&mut outside, (id, test, !wanted)).is_err() {
                    continue;
                }
                let another = all.iter().any(|way| all_met(way, &outside));
                assert_eq!(holds(&rule.when, &outside), another, "{} without {id}", rule.id);
                walked += usize::from(!another);
            }
        }
        assert!(walked > 0, "{} has no boundary, or cannot be reached", rule.id);
    }
}

/// Values of a fact that rules may tell apart: every option, both answers, each limit and its neighbours.
fn values(id: &str, kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
        Kind::Choice(options) => options.iter().map(|option| one(&option.id)).collect(),
        Kind::Many(options) => options.iter().map(|option| places(&[&option.id])).collect(),
        Kind::Number { min, max, .. } => {
            let mut limits = vec![*min, *max];
            for rule in rules() {
                for (name, test, _) in ways(&rule.when, true).concat() {
                    if let (true, Test::AtLeast(limit) | Test::AtMost(limit)) = (name == id, test) {
                        limits.extend([limit - 1.0, *limit, limit + 1.0]);
                    }
                }
            }
            limits.retain(|limit| limit >= min && limit <= max);
            limits.sort_by(f64::total_cmp);
            limits.dedup();
            limits.into_iter().map(Value::Number).collect()
        }
    }
}

fn is_warning(id: &str, kind: &Kind) -> bool {
    *kind == Kind::YesNo && !COMFORTS.contains(&id)
}

#[test]
fn in_every_pair_of_answers_a_further_warning_sign_never_lowers_the_urgency() {
    let base = harmless();
    let all: Vec<(&str, &Kind, Vec<Value>)> =
        facts().iter().map(|fact| (fact.id.as_str(), &fact.kind, values(&fact.id, &fact.kind))).collect();
    for (index, (left, left_kind, left_values)) in all.iter().enumerate() {
        for left_value in left_values {
            let mut findings = base.clone();
            set(&mut findings, left, left_value.clone());
            let left_alone = triage(&findings).urgency;
            for (right, right_kind, right_values) in &all[index + 1..] {
                let before = findings.get(right).cloned().expect("all is answered");
                for right_value in right_values {
                    set(&mut findings, right, right_value.clone());
                    let both = triage(&findings).urgency;
                    if is_warning(right, right_kind) && *right_value == Value::YesNo(true) {
                        assert!(both >= left_alone, "{right} lowers {left} {left_value:?}");
                    }
                    if is_warning(left, left_kind) && *left_value == Value::YesNo(true) {
                        let mut without = findings.clone();
                        set(&mut without, left, Value::YesNo(false));
                        assert!(both >= triage(&without).urgency, "{left} lowers {right} {right_value:?}");
                    }
                }
                set(&mut findings, right, before);
            }
        }
    }
}

#[test]
fn a_not_stands_before_comforts_and_ages_only() {
    for rule in rules() {
        for (id, test, wanted) in ways(&rule.when, true).concat() {
            let denied = *test == Test::Is(!wanted);
            assert!(!denied || COMFORTS.contains(&id), "{} is calmed by {id}", rule.id);
        }
    }
}

/// Drives the questionnaire with a person who knows all: what it heard, and on how many screens.
fn interview(person: &Findings) -> (Findings, usize) {
    let (mut heard, mut screens) = (Findings::new(), 0);
    while let Some(screen) = next_screen(&heard) {
        screens += 1;
        assert!(!screen.rows.is_empty());
        for row in screen.rows {
            assert_eq!(heard.get(row.id), None, "{} is asked twice", row.id);
            set(&mut heard, row.id, heard_of(person, row));
        }
    }
    (heard, screens)
}

fn heard_of(person: &Findings, row: Row) -> Value {
    match row.kind {
        Kind::YesNo => Value::YesNo(person.says(row.id).expect("all is answered")),
        _ => person.get(row.id).cloned().expect("all is answered"),
    }
}

#[test]
fn every_rule_is_found_by_the_questions_in_every_way_in_which_it_can_hold() {
    let around: Vec<Vec<(&str, Value)>> = [true, false]
        .into_iter()
        .flat_map(|moves| [40.0, 70.0].map(|age| (moves, age)))
        .flat_map(|(moves, age)| ["male", "female"].map(|sex| (moves, age, sex)))
        .flat_map(|(moves, age, sex)| [2.0, 100.0].map(|days| (moves, age, sex, days)))
        .flat_map(|(moves, age, sex, days)| {
            [
                &["lumbar"][..],
                &["neck", "head", "jaw"],
                &["thigh", "calf"],
                &["groin", "belly_lower", "belly_upper"],
                &["upper_back", "flank"],
            ]
            .map(|list| {
                vec![
                    ("moving_changes_it", Value::YesNo(moves)),
                    ("age_years", Value::Number(age)),
                    ("sex", one(sex)),
                    ("days_since_start", Value::Number(days)),
                    ("regions", places(list)),
                ]
            })
        })
        .collect();
    let mut hidden = Vec::new();
    for rule in rules() {
        for way in ways(&rule.when, true) {
            let Some(_) = person_of(&way) else { continue };
            let found = around.iter().any(|context| {
                let mut person = harmless();
                context.iter().for_each(|(id, value)| set(&mut person, id, value.clone()));
                for _ in 0..2 {
                    if !way.iter().all(|literal| answer(&mut person, *literal).is_ok()) {
                        return false;
                    }
                }
                if !all_met(&way, &person) {
                    return false;
                }
                let (heard, screens) = interview(&person);
                assert!(screens <= 8, "{} takes {screens} screens", rule.id);
                let told = triage(&heard);
                told.reasons.iter().any(|reason| reason.rule.id == rule.id && reason.ground == Ground::Told)
                    // A certain emergency ends the questions: the guide says the same, for another reason.
                    || told.urgency > rule.urgency
                    || told.urgency == Urgency::Emergency
            });
            if !found {
                hidden.push(format!("{}: {way:?}", rule.id));
            }
        }
    }
    assert!(hidden.is_empty(), "{}", hidden.join("\n"));
}

#[test]
fn each_answer_of_the_tick_list_left_out_counts_as_an_emergency_or_as_a_doctor() {
    let (heard, _) = interview(&harmless());
    assert_eq!(triage(&heard).urgency, Urgency::SelfCare);
    let tick_list = next_screen(&Findings::new()).expect("a first screen");
    assert_eq!(tick_list.id, "emergency");
    for left_out in &tick_list.rows {
        let mut rest = Findings::new();
        for row in &tick_list.rows {
            if row.id != left_out.id {
                set(&mut rest, row.id, Value::YesNo(false));
            }
        }
        for id in ["age_years", "regions", "days_since_start", "moving_changes_it", "sex"] {
            set(&mut rest, id, harmless().get(id).cloned().expect("all is answered"));
        }
        let told = triage(&rest);
        let wanted = if left_out.id == "swollen_leg" { Urgency::Today } else { Urgency::Emergency };
        assert!(told.urgency >= wanted, "{} left out gives {:?}", left_out.id, told.urgency);
        assert!(told.reasons.iter().all(|reason| reason.ground == Ground::NotAnswered));
        // It is asked again, alone on its screen, before anything else.
        let again = next_screen(&rest).expect("a question is open");
        assert_eq!(again.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [left_out.id]);
    }
}

#[test]
fn once_an_emergency_is_certain_nothing_more_is_asked_and_only_what_was_said_is_told() {
    let mut heard = Findings::new();
    for row in next_screen(&heard).expect("a first screen").rows {
        set(&mut heard, row.id, Value::YesNo(row.id == "cauda"));
    }
    assert_eq!(next_screen(&heard), None);
    let told = triage(&heard);
    assert_eq!(told.urgency, Urgency::Emergency);
    assert_eq!(told.reasons.iter().map(|reason| reason.rule.id.as_str()).collect::<Vec<_>>(), ["cauda"]);
}

#[test]
fn under_18_or_pregnant_a_doctor_is_always_asked() {
    for (id, value) in [("age_years", Value::Number(17.0)), ("pregnant", Value::YesNo(true))] {
        let mut person = harmless();
        set(&mut person, id, value);
        assert_eq!(triage(&person).urgency, Urgency::Soon, "{id}");
    }
}

#[test]
fn what_was_answered_is_not_asked_again_by_screening_and_no_warning_is_lost() {
    let today = Day(20_779);
    let person = Person::new(40.0, 1720.0, 74.0);
    let (heard, _) = interview(&harmless());
    let answers = answers_for_screening(&heard, today);
    let rows = next_screen(&Findings::new()).expect("a first screen").rows;
    // A gate is no screening question itself; what stands behind it is.
    let asked = rows.iter().flat_map(|row| match gates().get(row.id) {
        Some(behind) => behind.iter().map(String::as_str).collect(),
        None => vec![row.id],
    });
    for id in asked {
        let Some(entry) = answers.get(id) else {
            assert!(["fainted", "confused", "leg_cold_pale"].contains(&id), "{id} is lost");
            continue;
        };
        assert_eq!(entry.answer, Answer::No, "{id}");
        let mut ill = heard.clone();
        set(&mut ill, id, Value::YesNo(true));
        let answers = answers_for_screening(&ill, today);
        assert_eq!(answers.get(id).map(|entry| entry.answer), Some(Answer::Yes), "{id}");
        let clearance = screen(&person, &answers, today);
        assert_eq!(clearance.verdict(), Verdict::Refuse, "{id}");
    }
    // A "no" to less than screening asks is not carried over: a thinner is not all that bleeds.
    let answers = answers_for_screening(&harmless(), today);
    assert_eq!(answers.get("bleeding"), None);
    let mut flank = harmless();
    set(&mut flank, "regions", places(&["flank"]));
    assert_eq!(
        answers_for_screening(&flank, today).get("kidney_signs").map(|entry| entry.answer),
        Some(Answer::Yes)
    );
}

/// A way in which an illness may show itself, and the least that the guide must say.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Presentation {
    id: String,
    tier: Urgency,
    facts: std::collections::BTreeMap<String, Value>,
}

#[derive(serde::Deserialize)]
struct Differential {
    presentation: Vec<Presentation>,
}

#[test]
fn no_atypical_picture_of_a_dangerous_illness_slips_through_the_questions() {
    let table: Differential =
        toml::from_str(include_str!("differential.toml")).expect("the table of pictures is valid");
    assert!(table.presentation.len() >= 120);
    let mut slipped = Vec::new();
    for picture in table.presentation {
        let mut person = Findings::new();
        for fact in facts() {
            let value = match &fact.kind {
                Kind::YesNo => Value::YesNo(false),
                Kind::Number { min, .. } => Value::Number(*min),
                Kind::Choice(options) => one(&options[0].id),
                Kind::Many(_) => Value::Many(BTreeSet::new()),
            };
            set(&mut person, &fact.id, picture.facts.get(&fact.id).cloned().unwrap_or(value));
        }
        assert!(picture.facts.keys().all(|id| person.get(id).is_some()), "{}", picture.id);
        let given = triage(&interview(&person).0).urgency;
        if given < picture.tier {
            slipped.push(format!("{}: {:?} given {given:?}", picture.id, picture.tier));
        }
    }
    assert!(slipped.is_empty(), "{}", slipped.join("\n"));
}

#[test]
fn a_gate_left_open_keeps_open_everything_behind_it() {
    let (heard, _) = interview(&harmless());
    for gate in gates().keys().filter(|gate| heard.get(gate).is_some()) {
        let mut rest = Findings::new();
        for fact in facts() {
            if let Some(value) = heard.get(&fact.id) {
                set(&mut rest, &fact.id, value.clone());
            }
        }
        for other in groups().keys().chain(gates().keys()).filter(|other| *other != gate) {
            if let Some(value) = heard.get(other) {
                set(&mut rest, other, value.clone());
            }
        }
        assert!(triage(&rest).urgency >= Urgency::Today, "{gate}");
    }
}

/// Signs that only some can have: a man, or somebody who may be pregnant, answers for them.
const OF_SOME: [&str; 6] =
    ["testicle_pain", "pregnant", "shoulder_tip_pain", "vaginal_bleeding", "period_late", "belly_tightens"];

#[test]
fn a_sign_that_asks_for_a_doctor_today_is_heard_wherever_the_pain_is_and_whatever_moves_it() {
    let mut unheard = Vec::new();
    let places_of = ["lumbar", "upper_back", "neck", "flank", "thigh", "calf", "hand"];
    for moves in [true, false] {
        for (age, place) in [30.0, 70.0].into_iter().flat_map(|age| places_of.map(|place| (age, place))) {
            let mut person = harmless();
            set(&mut person, "age_years", Value::Number(age));
            set(&mut person, "regions", places(&[place]));
            set(&mut person, "moving_changes_it", Value::YesNo(moves));
            set(&mut person, "tender_muscle", Value::YesNo(moves));
            for fact in facts().iter().filter(|fact| is_warning(&fact.id, &fact.kind)) {
                if OF_SOME.contains(&fact.id.as_str()) {
                    continue;
                }
                let mut ill = person.clone();
                set(&mut ill, &fact.id, Value::YesNo(true));
                let all_known = triage(&ill).urgency;
                if all_known >= Urgency::Today && triage(&interview(&ill).0).urgency < all_known {
                    unheard.push(format!("{} at {age}, {place}, moves {moves}", fact.id));
                }
            }
        }
    }
    assert!(unheard.is_empty(), "{}", unheard.join("\n"));
}

#[test]
fn whom_no_doctor_has_to_see_today_is_told_when_to_look_again() {
    let lines = look_again();
    assert!(lines.len() >= 3);
    let all: String = lines.iter().map(|line| line.words.en.to_lowercase()).collect();
    for needed in ["tomorrow", "emergency number", "bladder", "both legs", "fever", "weeks"] {
        assert!(all.contains(needed), "{needed}");
    }
    assert!(lines.iter().all(|line| !line.words.de.is_empty() && !line.sources.is_empty()));
}
