//! Every row of the screening table, walked through to what becomes of the plan.

mod common;

use bed::{Action, Level};
use care::{Answer, Effect, Person, Region, person_rows, questions, screen};
use common::{TODAY, answered, bed, everything, person, scan};
use plan::{Code, History, Plan, Refusal, Visit, compile};

fn plan_for(clearance: care::Clearance) -> Result<Plan, Refusal> {
    compile(&everything(), &scan(), clearance, &History::returning(5), &Visit::on(TODAY), &bed(0))
}

/// The stretch of a region of the regular spine, between its outer levels' centres, mm.
fn stretch(region: Region) -> Option<(f64, f64)> {
    let scan = scan();
    let at = |name: &str| Level::from_name(name).and_then(|level| scan.level(level)).map(|level| level.x_mm);
    let levels: Vec<f64> = region.levels().iter().filter_map(|name| at(name)).collect();
    Some((*levels.first()?, *levels.last()?))
}

fn holds(id: &str, effect: &Effect, plan: &Plan) {
    let names = |code: Code| {
        let mut of_code = plan.reasons.iter().filter(|reason| reason.code == code);
        of_code.any(|reason| reason.screening.iter().any(|row| row == id))
    };
    match effect {
        Effect::Refuse | Effect::AskDoctor => panic!("{id} should have refused"),
        Effect::Soften { force_n } => {
            assert!(plan.totals.force_max_n <= *force_n, "{id}: {}", plan.totals.force_max_n);
            let wire = plan.steps.iter().map(|step| step.stroke.force.raw()).max();
            assert!(wire.is_some_and(|force| f64::from(force) <= force_n * 10.0), "{id}");
            assert!(names(Code::Clearance), "{id}: {:?}", plan.reasons);
        }
        Effect::SoftenIntensity { intensity } => {
            let force_n = plan::Intensity::new((*intensity).into()).expect("1 to 8").force_n();
            assert!(plan.totals.force_max_n <= force_n, "{id}: {}", plan.totals.force_max_n);
            assert!(names(Code::ClearanceIntensity), "{id}: {:?}", plan.reasons);
        }
        Effect::NoHeat => {
            assert!(plan.steps.iter().all(|step| step.surfaces.iter().all(Option::is_none)), "{id}");
            assert!(names(Code::ClearanceNoHeat), "{id}");
        }
        Effect::SoftenHeat { surface_c } => {
            let surfaces = plan.steps.iter().flat_map(|step| step.surfaces).flatten();
            let hottest = surfaces.map(|surface| f64::from(surface.raw()) / 10.0).fold(0.0, f64::max);
            assert!(hottest <= surface_c - 1.0, "{id}: {hottest}");
            let heated = plan.reasons.iter().any(|reason| reason.code == Code::ClearanceNoHeat);
            assert!(heated || names(Code::ClearanceHeat), "{id}");
        }
        Effect::NoStretch => {
            assert!(plan.steps.iter().all(|step| step.stroke.action != Action::Stretch), "{id}");
            assert!(names(Code::ClearanceStretch), "{id}");
        }
        Effect::Avoid { regions } => {
            for (from, to) in regions.iter().filter_map(|region| stretch(*region)) {
                for step in &plan.steps {
                    let (a, b) = (step.stroke.from.raw(), step.stroke.to.raw());
                    let (lo, hi) = (f64::from(a.min(b)) / 1e3, f64::from(a.max(b)) / 1e3);
                    // A contact is 30 mm long, a level is known to 6 mm.
                    assert!(hi < from - 27.0 || lo > to + 27.0, "{id}: {step:?} in {from}..{to}");
                }
            }
            assert!(names(Code::ClearanceAvoid), "{id}");
        }
    }
}

fn walk(id: &str, effects: &[Effect], clearance: care::Clearance) {
    let stops = effects.iter().any(|effect| matches!(effect, Effect::Refuse | Effect::AskDoctor));
    match plan_for(clearance) {
        Err(refusal) => {
            assert!(stops, "{id} refused: {refusal}");
            assert_eq!(refusal.reason.code, Code::Clearance);
            assert!(refusal.reason.screening.iter().any(|row| row == id), "{id}: {refusal:?}");
            assert!(refusal.way_out.complete() && refusal.reason.words.complete());
        }
        Ok(plan) => effects.iter().for_each(|effect| holds(id, effect, &plan)),
    }
}

#[test]
fn every_question_answered_yes_does_to_the_plan_what_its_row_says() {
    assert!(questions().len() >= 24);
    for question in questions() {
        walk(&question.id, &question.effects, answered(&question.id, Answer::Yes));
    }
}

#[test]
fn every_question_that_a_doctor_cleared_does_what_its_row_says_then() {
    let cleared: Vec<_> = questions().iter().filter(|question| question.doctor_can_clear()).collect();
    assert!(!cleared.is_empty());
    for question in cleared {
        walk(&question.id, &question.cleared, answered(&question.id, Answer::YesClearedByDoctor));
    }
}

#[test]
fn every_row_about_the_person_does_to_the_plan_what_it_says() {
    let no = care::Answers::all_no(TODAY, true);
    for row in person_rows() {
        for value in [row.min - 1.0, row.max + 1.0] {
            let mut about = person();
            match row.quantity {
                care::Quantity::AgeYears => about.age_years = Some(value),
                care::Quantity::StatureMm => about.stature_mm = Some(value),
                care::Quantity::MassKg => about.mass_kg = Some(value),
            }
            let clearance = screen(&about, &no, TODAY);
            let applies = clearance.reasons().iter().any(|reason| reason.id == row.id);
            assert!(applies, "{} at {value}", row.id);
            let stops = clearance.verdict() == care::Verdict::Refuse;
            let effects = if stops { vec![Effect::Refuse] } else { row.effects.clone() };
            match plan_for(clearance) {
                Err(refusal) => assert!(stops, "{}: {refusal}", row.id),
                Ok(plan) => effects.iter().for_each(|effect| holds(&row.id, effect, &plan)),
            }
        }
    }
}

#[test]
fn nobody_who_answered_nothing_or_of_whom_nothing_is_known_gets_a_plan() {
    let silent = screen(&person(), &care::Answers::new(), TODAY);
    let unknown = screen(&Person::default(), &care::Answers::all_no(TODAY, true), TODAY);
    for clearance in [silent, unknown] {
        let refusal = plan_for(clearance).expect_err("no plan");
        assert_eq!(refusal.reason.code, Code::Clearance);
    }
}

#[test]
fn all_no_takes_nothing_for_reasons_of_screening() {
    let plan = plan_for(common::cleared(&person())).expect("plan");
    assert!(plan.reasons.iter().all(|reason| reason.screening.is_empty()), "{:?}", plan.reasons);
}
