use std::collections::BTreeSet;

use super::*;
use crate::facts::facts;
use crate::topic::Range;

/// An answer as a sign says; `None` for a fact of the screening table alone.
fn answer(sign: &Sign) -> Option<Value> {
    let kind = &fact(&sign.fact)?.kind;
    Some(match (&sign.is, kind) {
        (Is::Flag(yes), _) => Value::YesNo(*yes),
        (Is::Option(option), Kind::Many(_)) => Value::Many([option.clone()].into()),
        (Is::Option(option), _) => Value::Choice(option.clone()),
        (Is::AnyOf(options), Kind::Many(_)) => Value::Many([options[0].clone()].into()),
        (Is::AnyOf(options), _) => Value::Choice(options[0].clone()),
        (Is::Range(Range { min, max }), _) => Value::Number(min.or(*max)?),
    })
}

/// A person of whom only these signs are known; two signs of one fact: the heavier.
fn person(signs: &[Sign]) -> Findings {
    let mut findings = Findings::new();
    let mut sorted: Vec<&Sign> = signs.iter().collect();
    sorted.sort_by_key(|sign| sign.weight);
    for sign in sorted {
        if let Some(value) = answer(sign) {
            findings.set(&sign.fact, value).expect("the table fits the facts");
        }
    }
    findings
}

fn of<'a>(list: &'a [Likely], id: &str) -> &'a Likely {
    list.iter().find(|one| one.cause.id == id).expect("every contributor is in the list")
}

#[test]
fn every_sign_asks_a_fact_with_an_answer_that_fits() {
    for cause in &causes().causes {
        for sign in signs(cause) {
            let value = answer(sign).unwrap_or_else(|| panic!("{}: {}", cause.id, sign.fact));
            let mut findings = Findings::new();
            findings.set(&sign.fact, value).unwrap_or_else(|error| panic!("{}: {error}", cause.id));
            assert!(is_met(sign, &findings), "{}: {}", cause.id, sign.fact);
        }
    }
}

#[test]
fn without_an_answer_nothing_is_said_either_way() {
    let list = likely(&Findings::new());
    assert_eq!(list.len(), causes().causes.len());
    assert!(list.iter().all(|one| one.certainty == Certainty::Unclear && one.because.is_empty()));
    assert!(looks(&Findings::new()).is_empty());
}

#[test]
fn every_contributor_can_be_likely_and_unlikely_where_something_speaks_against_it() {
    for cause in &causes().causes {
        let told = likely(&person(&cause.speaks_for));
        assert_eq!(of(&told, &cause.id).certainty, Certainty::Likely, "{}", cause.id);
        let told = likely(&person(&cause.speaks_against));
        assert_eq!(of(&told, &cause.id).certainty, Certainty::Unlikely, "{}", cause.id);
    }
}

#[test]
fn a_further_sign_for_it_never_lowers_a_contributor_and_one_against_never_raises_it() {
    for cause in &causes().causes {
        for first in signs(cause) {
            let base = person(std::slice::from_ref(first));
            let before = weigh(cause, &base);
            for further in signs(cause).filter(|sign| sign.fact != first.fact) {
                let mut findings = base.clone();
                findings.set(&further.fact, answer(further).expect("a fact")).expect("it fits");
                let after = weigh(cause, &findings);
                if after.because.len() > before.because.len() && after.against.len() == before.against.len() {
                    assert!(after.certainty >= before.certainty, "{}: {}", cause.id, further.fact);
                }
                if after.against.len() > before.against.len() && after.because.len() == before.because.len() {
                    assert!(after.certainty <= before.certainty, "{}: {}", cause.id, further.fact);
                }
            }
        }
    }
}

#[test]
fn the_surest_come_first_and_each_says_why() {
    let mut findings = Findings::new();
    for (id, yes) in [("set_off_lifting", true), ("set_off_twist", true), ("known_wear", true)] {
        findings.set(id, Value::YesNo(yes)).expect("a fact");
    }
    let list = likely(&findings);
    assert_eq!((list[0].cause.id.as_str(), list[0].net()), ("overuse", 5));
    assert_eq!(list[0].because.iter().map(|sign| sign.weight).collect::<Vec<_>>(), [3, 2]);
    assert!(list.windows(2).all(|pair| pair[0].certainty >= pair[1].certainty));
}

#[test]
fn spasms_that_come_often_are_shown_to_a_doctor_and_rare_ones_are_not() {
    for (often, wanted) in
        [("once", false), ("monthly", false), ("weekly", true), ("daily", true), ("hourly", true)]
    {
        let mut findings = Findings::new();
        findings.set("how_often", Value::Choice(often.into())).expect("an option");
        let looks = looks(&findings);
        let told = looks.iter().any(|look| matches!(look, Look::Frequency { .. }));
        assert_eq!(told, wanted, "{often}");
    }
    let mut findings = Findings::new();
    findings.set("low_mood", Value::YesNo(true)).expect("a fact");
    assert!(looks(&findings).iter().any(|look| matches!(look, Look::Cause(cause) if cause.id == "low_mood")));
}

/// A small generator of repeatable numbers. Source: Knuth, MMIX.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap_or(0) % below
}

fn drawn(fact: &Fact, state: &mut u64) -> Value {
    let all = answers(fact);
    all[next(state, all.len())].clone()
}

#[test]
fn the_questions_end_soon_and_ask_nothing_twice_and_nothing_idle() {
    let mut asked_of_anybody = BTreeSet::new();
    for seed in 0..300 {
        let mut state = seed;
        let mut heard = Findings::new();
        // Some come from the triage with much told, some with nothing.
        for fact in facts() {
            if ask::is_always_asked(&fact.id) && seed % 3 > 0 {
                heard.set(&fact.id, drawn_any(fact, &mut state)).expect("it fits");
            }
        }
        let (mut screens, mut questions) = (0, 0);
        while let Some(screen) = next_cause_screen(&heard) {
            screens += 1;
            assert_eq!(next_cause_screen(&heard).as_ref(), Some(&screen), "the same again");
            let before = heard.clone();
            for row in screen.rows {
                questions += 1;
                assert_eq!(heard.get(row.id), None, "{} is asked twice", row.id);
                let fact = fact(row.id).expect("a fact");
                let moves = answers(fact).into_iter().any(|value| {
                    let mut told = before.clone();
                    told.set(row.id, value).is_ok() && levels(&told) != levels(&before)
                });
                assert!(moves, "{} changes nothing", row.id);
                asked_of_anybody.insert(row.id);
                heard.set(row.id, drawn(fact, &mut state)).expect("it fits");
            }
        }
        assert!(screens <= 3 && questions <= QUESTIONS_MAX, "{screens} screens, {questions} questions");
    }
    // The questions follow the answers: more is asked of some than fits for one.
    assert!(asked_of_anybody.len() > 15, "{asked_of_anybody:?}");
}

fn drawn_any(fact: &Fact, state: &mut u64) -> Value {
    match &fact.kind {
        Kind::Number { min, max, .. } => Value::Number(min + (max - min) * next(state, 100) as f64 / 100.0),
        _ => drawn(fact, state),
    }
}

fn levels(findings: &Findings) -> Vec<(String, Certainty)> {
    causes().causes.iter().map(|cause| (cause.id.clone(), weigh(cause, findings).certainty)).collect()
}

#[test]
fn no_warning_sign_is_asked_here() {
    let asked: Vec<&str> = own_facts().iter().map(|fact| fact.id.as_str()).collect();
    for id in ["chest_pressure", "leg_weak", "urine_blood", "fever_now", "age_years", "jaundice", "fainted"] {
        assert!(!asked.contains(&id), "{id}");
    }
    for id in ["set_off_lifting", "sitting_hours", "mattress", "stress", "how_often", "low_mood"] {
        assert!(asked.contains(&id), "{id}");
    }
}
