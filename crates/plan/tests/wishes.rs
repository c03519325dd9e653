//! What a wish changes, what it leaves, and why it is held.

mod common;

use bed::BedConfig;
use care::Clearance;
use common::{TODAY, bed, cleared, everything, person, phase, program, tense_scan};
use counts::DeciNewtons;
use plan::{Code, Delivery, History, Plan, Program, Visit, compile, shipped, shipped_named};

fn planned(program: &Program, clearance: Clearance, history: &History) -> Plan {
    compile(program, &tense_scan(), clearance, history, &Visit::on(TODAY), &bed(0)).expect("a plan")
}

fn returning(name: &str) -> Plan {
    planned(shipped_named(name).expect("shipped"), cleared(&person()), &History::returning(5))
}

/// These phases, travel enough for every site to have no more than its share, and a little more at the end.
fn with_travel(phases: &str) -> Program {
    let travel = |seconds| phase("glide", "\"T3..L5\"", 4, seconds, "speed_mm_s = 20.0\n");
    program(&(phases.to_owned() + &travel(600.0) + &travel(30.0)), 20.0)
}

fn force_n(delivery: &Delivery<'_>) -> f64 {
    delivery.step().map_or(0.0, |step| f64::from(step.stroke.force.raw()) / 10.0)
}

fn forces(delivery: &Delivery<'_>) -> Vec<DeciNewtons> {
    delivery.steps().iter().map(|step| step.stroke.force).collect()
}

/// Walks to the first stroke that holds for `wanted`.
fn walk(delivery: &mut Delivery<'_>, wanted: impl Fn(&plan::Step) -> bool) {
    while let Some(step) = delivery.step().filter(|step| !wanted(step)).cloned() {
        delivery.landed(step.begins_s);
        delivery.done(step.begins_s + f64::from(step.stroke.duration.raw()) / 1000.0);
    }
    assert!(delivery.step().is_some(), "there is no such stroke");
}

#[test]
fn softer_presses_less_here_and_later_and_firmer_comes_back() {
    let reference: BedConfig = bed(0);
    for program in shipped() {
        let plan = planned(program, cleared(&person()), &History::returning(5));
        let mut delivery = Delivery::new(&plan, &reference, 2400.0);
        let before = forces(&delivery);
        let change = delivery.softer().unwrap_or_else(|held| panic!("{}: {held:?}", program.name()));
        assert!(change.after <= change.before - 1.0 && change.words.complete(), "{change:?}");
        let softer = forces(&delivery);
        assert!(softer[0] < before[0] && softer.iter().zip(&before).all(|(softer, before)| softer <= before));
        delivery.firmer().expect("what was taken comes back");
        assert_eq!(forces(&delivery), before, "{}", program.name());
    }
}

#[test]
fn firmer_ends_where_the_limits_of_the_stroke_end_and_says_which() {
    let reference = bed(0);
    let firm = with_travel(&phase("hold", "[\"L3\"]", 3, 30.0, ""));
    let first = planned(&firm, cleared(&person()), &History::newcomer());
    let held = Delivery::new(&first, &reference, 2400.0).firmer().expect_err("the first one is light");
    assert_eq!((held.code, held.limit), (Code::FirstSession, 33.0));
    assert!(held.words.en.contains("33 N") && held.words.de.contains("33 N"), "{:?}", held.words);
    let later = planned(&firm, cleared(&person()), &History::returning(5));
    let mut delivery = Delivery::new(&later, &reference, 2400.0);
    let mut before = force_n(&delivery);
    let held = loop {
        match delivery.firmer() {
            Ok(change) => {
                assert!(force_n(&delivery) > before && (change.after - force_n(&delivery)).abs() < 1e-9);
                before = force_n(&delivery);
            }
            Err(held) => break held,
        }
    };
    assert!(before > 60.0 && held.limit - before < 1.0, "{before} N, {held:?}");
}

#[test]
fn a_stroke_that_could_not_be_firmer_leaves_later_ones_as_they_were() {
    let reference = bed(0);
    let phases = [phase("hold", "[\"T1\"]", 4, 20.0, ""), phase("hold", "[\"L3\"]", 4, 20.0, "")].concat();
    let mut scan = tense_scan();
    // T1 lies headward of the neck line.
    scan.levels.iter_mut().for_each(|level| level.x_mm -= 20.0);
    let program = with_travel(&phases);
    let plan =
        compile(&program, &scan, cleared(&person()), &History::returning(5), &Visit::on(TODAY), &reference);
    let plan = plan.expect("a plan");
    let mut delivery = Delivery::new(&plan, &reference, 2400.0);
    let before = forces(&delivery);
    let held = delivery.firmer().expect_err("close to the neck");
    assert_eq!((held.code, held.limit), (Code::NeckForce, 20.0));
    assert_eq!(forces(&delivery), before);
}

#[test]
fn whoever_asked_for_less_is_never_given_more_than_one_step_at_once() {
    let reference = bed(0);
    let plan = returning("relief");
    let mut delivery = Delivery::new(&plan, &reference, 2400.0);
    walk(&mut delivery, |step| step.stroke.force.raw() >= 420);
    for _ in 0..3 {
        delivery.softer().expect("there is less");
    }
    let floor = force_n(&delivery);
    // On light strokes the dial stands at their floor; a step up there is one step later on too.
    walk(&mut delivery, |step| step.stroke.force.raw() < 200);
    let _ = delivery.firmer();
    assert!(delivery.dials().0 <= 0 && delivery.dials().0 >= -2, "{:?}", delivery.dials());
    assert!(floor >= 10.0);
}

#[test]
fn cooler_ends_with_everything_off_and_warmer_comes_back() {
    let reference = bed(0);
    let plan = returning("warm");
    let mut delivery = Delivery::new(&plan, &reference, 2400.0);
    let before = delivery.step().expect("a stroke").surfaces;
    for _ in 0..12 {
        let _ = delivery.cooler();
    }
    assert!(delivery.step().expect("a stroke").surfaces.iter().all(Option::is_none), "still warm");
    let held = delivery.cooler().expect_err("off is off");
    assert!(held.words.en.contains("off"), "{:?}", held.words);
    for _ in 0..12 {
        let _ = delivery.warmer();
        if delivery.dials().1 == 0 {
            break;
        }
    }
    assert_eq!(delivery.step().expect("a stroke").surfaces, before);
}

#[test]
fn warmer_is_held_with_the_cause() {
    let reference = bed(0);
    let cold = with_travel(&phase("hold", "[\"L3\"]", 3, 30.0, ""));
    let plan = planned(&cold, cleared(&person()), &History::returning(5));
    let held = Delivery::new(&plan, &reference, 2400.0).warmer().expect_err("nothing is warmed");
    assert_eq!(held.code, Code::NotHeated);
    let spent = History { dose_today_cem43: Some(59.9), ..History::returning(5) };
    let warm =
        program(&phase("warm", "\"T3..L5\"", 2, 200.0, "speed_mm_s = 40.0\nmats = \"medium\"\n"), 20.0);
    let plan = planned(&warm, cleared(&person()), &spent);
    let mut delivery = Delivery::new(&plan, &reference, 2400.0);
    let held = (0..9).find_map(|_| delivery.warmer().err()).expect("the day's dose ends it");
    assert_eq!(held.code, Code::DoseDay, "{held:?}");
    assert!(held.words.complete() && held.limit < 0.2);
}

#[test]
fn staying_ends_at_the_limit_of_a_site_and_at_the_end_of_time() {
    let reference = bed(0);
    let program = with_travel(&phase("hold", "[\"L3\"]", 4, 40.0, ""));
    let plan = planned(&program, cleared(&person()), &History::returning(5));
    let mut delivery = Delivery::new(&plan, &reference, 2400.0);
    delivery.landed(plan.steps[0].begins_s);
    let mut longer_s = 0.0;
    let held = loop {
        match delivery.stay() {
            Ok(change) => longer_s += change.after - change.before,
            Err(held) => break held,
        }
    };
    let lasts_s = f64::from(delivery.step().expect("a stroke").stroke.duration.raw()) / 1000.0;
    assert_eq!(held.code, Code::SiteTime, "{held:?}");
    assert!(longer_s >= 20.0 && lasts_s <= 85.0 && lasts_s > 75.0, "{lasts_s} s");
    let mut late = Delivery::new(&plan, &reference, plan.totals.seconds + 2.0);
    late.landed(plan.steps[0].begins_s);
    let change = late.stay().expect("the last stroke gives way");
    assert!(late.steps().len() == 2 && change.words.en.contains("left out"), "{:?}", change.words);
    let mut alone = Delivery::new(&plan, &reference, plan.steps[0].begins_s + 42.0);
    let held = alone.stay().expect_err("there is no time at all");
    assert_eq!(held.code, Code::Session);
}

#[test]
fn a_plan_that_runs_late_drops_strokes_from_its_end_and_says_so() {
    let reference = bed(0);
    let plan = returning("relief");
    let mut delivery = Delivery::new(&plan, &reference, plan.totals.seconds);
    assert_eq!(delivery.asked(0.0), None);
    let words = delivery.asked(60.0).expect("a minute late");
    assert!(words.complete() && words.en.contains("left out"), "{words:?}");
    assert!(
        delivery.steps().len() < plan.steps.len()
            && delivery.left_s(60.0).1 + 60.0 <= plan.totals.seconds + 5.1
    );
}

#[test]
fn a_skipped_stroke_makes_room_and_the_last_one_ends_the_plan() {
    let reference = bed(0);
    for program in shipped() {
        let plan = planned(program, cleared(&person()), &History::returning(5));
        let mut delivery = Delivery::new(&plan, &reference, 2400.0);
        let (_, left_s) = delivery.left_s(0.0);
        let mut rests = 0.0;
        for number in 0..plan.steps.len() {
            let at_s = delivery.step().map_or(0.0, |step| step.begins_s - step.pause_s);
            let change = delivery.skip(at_s).unwrap_or_else(|held| panic!("{number}: {held:?}"));
            assert!(change.words.complete());
            rests += delivery.step().map_or(0.0, |step| step.pause_s);
            if delivery.step().is_none() {
                break;
            }
        }
        assert!(delivery.step().is_none() && delivery.skip(0.0).is_err(), "{}", program.name());
        assert!(rests < 0.5 * left_s, "{}: {rests} s of rest of {left_s}", program.name());
    }
}

#[test]
fn a_gentler_beginning_is_softer_everywhere() {
    let reference = bed(0);
    let plan = planned(&everything(), cleared(&person()), &History::returning(5));
    let plain = Delivery::new(&plan, &reference, 2400.0);
    let mut gentle = plain.clone();
    gentle.begin_softer(2);
    let (plain, gentle) = (forces(&plain), forces(&gentle));
    assert!(gentle.iter().zip(&plain).all(|(gentle, plain)| gentle < plain), "{gentle:?} {plain:?}");
}
