//! The shipped programs, compiled for a regular spine on all three beds.

mod common;

use bed::Action;
use common::{BEDS, TODAY, bed, cleared, ordinary, person, reason, scan, tense_scan};
use plan::{Code, History, PhaseSide, Places, Unit, Visit, compile, shipped, shipped_named};

#[test]
fn every_program_compiles_for_a_regular_spine_on_every_bed() {
    for index in 0..BEDS.len() {
        for program in shipped() {
            let plan = compile(
                program,
                &tense_scan(),
                cleared(&person()),
                &History::returning(5),
                &Visit::on(TODAY),
                &bed(index),
            )
            .unwrap_or_else(|refusal| panic!("{} on bed {index}: {refusal}", program.name()));
            let session = plan.totals.session_seconds / 60.0;
            println!(
                "{:>10} bed {index}: {:2} steps, {session:4.1} of {:.0} min, contact {:.2}, site {:3.0} s, \
                 skin {:.1} C, {:4.1} CEM43, {:.0} N, {:?}",
                program.name(),
                plan.steps.len(),
                program.minutes(),
                plan.totals.contact_share,
                plan.totals.site_seconds,
                plan.totals.skin_mean_c,
                plan.totals.dose_cem43,
                plan.totals.force_max_n,
                plan.reasons.iter().map(|reason| reason.code).collect::<Vec<_>>(),
            );
            assert!(session <= program.minutes() + 1e-6, "{}: {session}", program.name());
            assert!(session >= 0.9 * program.minutes(), "{} lasts {session} min", program.name());
        }
    }
}

#[test]
fn only_the_way_over_the_pelvis_is_eased_for_an_ordinary_person_on_the_reference_bed() {
    for program in shipped() {
        let plan = ordinary(program, &tense_scan()).expect("an ordinary session");
        let others = plan.reasons.iter().filter(|reason| reason.code != Code::PelvisForce);
        let named: Vec<_> = others.map(|reason| (reason.code, &reason.words)).collect();
        assert!(named.is_empty(), "{}: {named:?}", program.name());
    }
}

#[test]
fn times_in_a_program_file_are_about_the_times_that_are_given() {
    for program in shipped() {
        let plan = ordinary(program, &tense_scan()).expect("an ordinary session");
        for (index, phase) in program.phases().iter().enumerate() {
            let of_phase = plan.steps.iter().filter(|step| step.phase == index);
            let given: f64 = of_phase.clone().map(|step| f64::from(step.stroke.duration.raw()) / 1e3).sum();
            let strokes = if phase.speed_mm_s > 0.0 && !matches!(phase.places, Places::Tense(_)) {
                f64::from(phase.repeats)
            } else {
                of_phase.count() as f64
            };
            let factor = given / (phase.seconds * strokes);
            assert!((0.8..=1.3).contains(&factor), "{} phase {index}: {factor}", program.name());
        }
    }
}

#[test]
fn relief_keeps_the_heads_in_contact_most_of_forty_minutes_and_goes_to_the_tense_sites() {
    let program = shipped_named("relief").expect("shipped");
    let plan = ordinary(program, &tense_scan()).expect("an ordinary session");
    assert!(plan.totals.session_seconds >= 38.0 * 60.0, "{:?}", plan.totals);
    assert!(plan.totals.contact_share >= 0.6, "{:?}", plan.totals);
    assert_eq!(plan.totals.tense_sites, 3);
    assert!(plan.totals.tense_seconds > 240.0, "{:?}", plan.totals);
    let scan = tense_scan();
    for (index, phase) in program.phases().iter().enumerate() {
        if phase.side != PhaseSide::Tense {
            continue;
        }
        for step in plan.steps.iter().filter(|step| step.phase == index) {
            let site = scan.tension.iter().find(|site| site.tense && site.level == step.levels[0]);
            let site = site.expect("the step's level is tense");
            assert_eq!(step.side, Some(site.side));
            let share = step.stroke.left_share.raw();
            assert_eq!(share > 500, site.side == bed::Side::Left, "{step:?}");
        }
    }
}

#[test]
fn relief_without_a_tense_site_says_so_and_stays_with_the_whole_back() {
    let program = shipped_named("relief").expect("shipped");
    let plan = ordinary(program, &scan()).expect("a session without tense sites");
    let said = reason(&plan, Code::NoTenseSite).expect("it says so");
    assert_eq!(said.unit, Unit::Count);
    assert_eq!(said.phases, vec![2, 3, 5]);
    assert!(plan.totals.tense_seconds <= 0.0);
    assert!(plan.totals.contact_share >= 0.6, "{:?}", plan.totals);
    assert!(reason(&ordinary(program, &tense_scan()).expect("plan"), Code::NoTenseSite).is_none());
}

#[test]
fn a_bed_that_cannot_tell_tension_says_that_instead() {
    let mut scan = scan();
    scan.tension.clear();
    let plan = ordinary(shipped_named("relief").expect("shipped"), &scan).expect("plan");
    assert!(reason(&plan, Code::TensionUnknown).is_some());
    assert!(reason(&plan, Code::NoTenseSite).is_none());
}

#[test]
fn sleep_ends_its_heat_in_the_first_half_and_stays_within_skin_warmth() {
    let plan = ordinary(shipped_named("sleep").expect("shipped"), &scan()).expect("plan");
    let half = plan.totals.session_seconds / 2.0;
    let mut warmed = 0;
    for step in &plan.steps {
        let ends = step.begins_s + f64::from(step.stroke.duration.raw()) / 1e3;
        let hottest = step.surfaces.iter().flatten().map(|surface| surface.raw()).max().unwrap_or(0);
        if ends > half || step.begins_s > 0.8 * half {
            assert!(hottest <= 360, "{step:?}");
        }
        warmed += i32::from(hottest > 360);
        // Rollers keep their heat: they are never warmer than skin.
        assert!(step.surfaces[..2].iter().flatten().all(|surface| surface.raw() <= 360));
    }
    assert!(warmed > 0, "some of it is warm");
}

#[test]
fn all_four_therapies_reach_the_plans() {
    let mut seen = std::collections::BTreeSet::new();
    for program in shipped() {
        let plan = ordinary(program, &tense_scan()).expect("plan");
        seen.extend(plan.steps.iter().map(|step| (step.therapy, format!("{:?}", step.stroke.action))));
        for step in &plan.steps {
            let stroke = step.stroke;
            assert_eq!(stroke.period.raw() > 0, stroke.action == Action::Knead);
            assert_eq!(stroke.from == stroke.to, stroke.speed.raw() == 0, "{stroke:?}");
        }
    }
    let therapies: std::collections::BTreeSet<_> = seen.iter().map(|(therapy, _)| *therapy).collect();
    assert_eq!(therapies.len(), 4, "{seen:?}");
}

#[test]
fn a_session_is_drawn_out_or_cut_to_the_minutes_that_the_person_has() {
    for program in shipped() {
        for minutes in [10.0, 15.0, 20.0, 40.0, 55.0] {
            let visit = Visit { minutes: Some(minutes), ..Visit::on(TODAY) };
            let plan =
                compile(program, &tense_scan(), cleared(&person()), &History::returning(5), &visit, &bed(0))
                    .expect("plan");
            let given = plan.totals.session_seconds / 60.0;
            assert!(given <= minutes.min(40.0) + 1e-6, "{} in {minutes}: {given}", program.name());
            assert!(
                given >= 0.85 * minutes.min(1.3 * program.minutes()).min(40.0),
                "{} in {minutes}: {given}",
                program.name()
            );
            assert_eq!(minutes > 40.0, reason(&plan, Code::Session).is_some_and(|r| r.requested > 2400.0));
        }
    }
}

#[test]
fn a_plan_is_the_same_each_time_and_can_be_written_down() {
    let program = shipped_named("relief").expect("shipped");
    let plan = ordinary(program, &tense_scan()).expect("plan");
    assert_eq!(plan, ordinary(program, &tense_scan()).expect("plan"));
    let json = serde_json::to_string(&plan).expect("serialises");
    assert!(json.contains("\"program\":\"relief\"") && json.contains("BL25"));
    let ids: Vec<u16> = plan.steps.iter().map(|step| step.stroke.id).collect();
    assert!(ids.iter().zip(0_u16..).all(|(id, expected)| *id == expected));
}
