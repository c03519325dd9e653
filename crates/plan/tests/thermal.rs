//! What was told of a spasm, followed from the answers to the plan; and that no program needs anybody awake.

mod common;

use bed::limits;
use care::{Answers, Findings, Value, Verdict, clear};
use common::{TODAY, set, sore};
use plan::{Code, History, Intensity, Plan, Refusal, Visit, compile, shipped};

fn planned(findings: &Findings) -> Result<Plan, Refusal> {
    let clearance = clear(&common::person(), &Answers::all_no(TODAY, true), findings, TODAY, TODAY);
    compile(
        &common::everything(),
        &common::scan(),
        clearance,
        &History::returning(5),
        &Visit::on(TODAY),
        &common::bed(0),
    )
}

#[test]
fn a_spasm_of_two_days_is_pressed_with_intensity_three_at_most_and_the_plan_says_why() {
    let plan = planned(&sore(2.0)).expect("a plan");
    let limit = Intensity::new(3).expect("1 to 9").force_n();
    assert!(plan.totals.force_max_n <= limit, "{}", plan.totals.force_max_n);
    let reason =
        plan.reasons.iter().find(|reason| reason.code == Code::ClearanceIntensity).expect("it says why");
    assert!((reason.limit - limit).abs() < 1e-9);
    assert!(reason.requested > limit && reason.granted <= limit);
    assert_eq!(reason.screening, ["thermal_spasm_first_three_days"]);
    let later = planned(&sore(10.0)).expect("a plan");
    assert!(later.totals.force_max_n > limit);
    assert!(later.reasons.iter().all(|reason| reason.code != Code::ClearanceIntensity));
}

#[test]
fn a_lower_intensity_never_presses_harder() {
    let mut last = 0.0;
    for (id, days) in [("diabetes", 10.0), ("", 2.0), ("", 10.0)] {
        let mut findings = sore(days);
        if !id.is_empty() {
            set(&mut findings, id, Value::YesNo(true));
        }
        let force = planned(&findings).expect("a plan").totals.force_max_n;
        assert!(force >= last, "{id} {days}: {force} after {last}");
        last = force;
    }
}

#[test]
fn triage_that_asks_for_a_doctor_today_leaves_no_plan() {
    for id in ["injects_drugs", "urine_dark", "jaw_stiff", "pregnant"] {
        let mut findings = sore(10.0);
        set(&mut findings, id, Value::YesNo(true));
        let refusal = planned(&findings).expect_err(id);
        assert_eq!(refusal.reason.code, Code::Clearance, "{id}");
        assert!(refusal.way_out.complete(), "{id}");
    }
    let clearance = clear(&common::person(), &Answers::all_no(TODAY, true), &Findings::new(), TODAY, TODAY);
    assert_eq!(clearance.verdict(), Verdict::Refuse);
}

#[test]
fn no_program_needs_the_person_awake() {
    // What a program says asks nobody to do, watch or tell anything while it runs.
    const ASKS: [&str; 8] = [
        "stay awake",
        "keep awake",
        "press the",
        "push the",
        "call out",
        "say when",
        "turn over",
        "move your",
    ];
    for program in shipped() {
        let texts = [program.title(), program.does()].into_iter();
        for text in texts.chain(program.phases().iter().map(|phase| &phase.title)) {
            let text = text.en.to_lowercase();
            assert!(ASKS.iter().all(|asks| !text.contains(asks)), "{}: {text}", program.name());
        }
        let mut walked = 0;
        for bed in 0..common::BEDS.len() {
            let clearance =
                clear(&common::person(), &Answers::all_no(TODAY, true), &sore(10.0), TODAY, TODAY);
            let plan = compile(
                program,
                &common::tense_scan(),
                clearance,
                &History::returning(5),
                &Visit::on(TODAY),
                &common::bed(bed),
            );
            let Ok(plan) = plan else { continue };
            walked += 1;
            // It ends by itself, and the skin of a sleeper who does not move stays within its limits.
            assert!(plan.totals.session_seconds <= f64::from(limits::SESSION_S), "{}", program.name());
            for step in &plan.steps {
                assert!(step.begins_s.is_finite() && step.pause_s.is_finite(), "{}", program.name());
            }
            assert!(plan.totals.skin_mean_c <= f64::from(limits::SKIN_MEAN_C), "{}", program.name());
            assert!(plan.totals.dose_cem43 <= f64::from(limits::DOSE_PROGRAM_CEM43), "{}", program.name());
        }
        assert!(walked > 0, "{}", program.name());
    }
}
