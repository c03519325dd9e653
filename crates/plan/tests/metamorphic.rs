//! What happens to the scan happens to the plan.

mod common;

use bed::{Side, SpineScan};
use common::{TODAY, bed, cleared, ordinary, person, tense_scan};
use plan::{Delivery, History, Offer, Step, Visit, shipped, shipped_named};

fn mirrored(mut scan: SpineScan) -> SpineScan {
    scan.levels.iter_mut().for_each(|level| level.y_mm = -level.y_mm);
    for site in &mut scan.tension {
        site.side = if site.side == Side::Left { Side::Right } else { Side::Left };
    }
    scan
}

fn crooked() -> SpineScan {
    let mut scan = tense_scan();
    for (index, level) in scan.levels.iter_mut().enumerate() {
        level.y_mm = 5.0 - 0.5 * index as f64;
    }
    // One level lies too far off and is left out.
    scan.levels[9].y_mm = 10.0;
    scan
}

fn other(side: Option<Side>) -> Option<Side> {
    side.map(|side| if side == Side::Left { Side::Right } else { Side::Left })
}

#[test]
fn a_mirrored_spine_gets_the_mirrored_plan() {
    for program in shipped() {
        let plan = ordinary(program, &crooked()).expect("plan");
        let mirror = ordinary(program, &mirrored(crooked())).expect("plan");
        assert_eq!(plan.steps.len(), mirror.steps.len());
        for (one, two) in plan.steps.iter().zip(&mirror.steps) {
            let mut stroke = two.stroke;
            stroke.left_share = counts::PerMille::new(1000 - stroke.left_share.raw());
            assert_eq!(one.stroke, stroke);
            assert_eq!(one.side, other(two.side));
            assert_eq!(one.surfaces, two.surfaces);
            for point in &one.points {
                let same = |seen: &&plan::PlannedPoint| {
                    seen.name == point.name && Some(seen.side) == other(Some(point.side))
                };
                let twin = two.points.iter().find(same).expect("the mirrored point");
                assert_eq!(twin.reach, point.reach);
            }
        }
        let numbers = |plan: &plan::Plan| {
            plan.reasons.iter().map(|reason| (reason.code, reason.granted)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&plan), numbers(&mirror));
    }
}

#[test]
fn the_same_wishes_on_a_mirrored_spine_change_the_mirrored_plan_alike() {
    for program in shipped() {
        let plans = [crooked(), mirrored(crooked())].map(|scan| ordinary(program, &scan).expect("plan"));
        let reference = bed(0);
        let [one, two] = plans.each_ref().map(|plan| {
            let mut delivery = Delivery::new(plan, &reference, 2400.0);
            let answers: Vec<bool> = (0..plan.steps.len())
                .map(|turn| {
                    let begins_s = delivery.step().map_or(0.0, |step| step.begins_s);
                    let wished = match turn % 5 {
                        0 => delivery.softer(),
                        1 => delivery.warmer(),
                        2 => delivery.firmer(),
                        3 => delivery.stay(),
                        _ => delivery.cooler(),
                    };
                    let _ = delivery.skip(begins_s + 5.0);
                    wished.is_ok()
                })
                .collect();
            let given =
                delivery.steps().iter().map(|step| (step.stroke.force, step.stroke.duration, step.surfaces));
            (answers, given.collect::<Vec<_>>())
        });
        assert_eq!(one, two, "{}", program.name());
    }
}

#[test]
fn a_spine_that_lies_further_down_is_pressed_further_down() {
    // Far enough from the neck line that it does not matter.
    let at = |shift: f64| {
        let mut scan = tense_scan();
        scan.levels.iter_mut().for_each(|level| level.x_mm += 60.0 + shift);
        scan
    };
    for program in shipped() {
        let near = ordinary(program, &at(0.0)).expect("plan").steps;
        let far = ordinary(program, &at(13.0)).expect("plan").steps;
        assert_eq!(near.len(), far.len());
        for (one, two) in near.iter().zip(&far) {
            let moved = |a: &Step, b: &Step| {
                [b.stroke.from.raw() - a.stroke.from.raw(), b.stroke.to.raw() - a.stroke.to.raw()]
            };
            assert!(moved(one, two).iter().all(|um| (um - 13_000).abs() <= 1), "{one:?} {two:?}");
            assert_eq!(one.side, two.side);
            // 880 mm: from there on the pelvis may lie under the heads, and the force is less the farther down.
            let over_pelvis = two.stroke.from.min(two.stroke.to).raw() > 880_000;
            assert!(one.stroke.force == two.stroke.force || over_pelvis, "{one:?} {two:?}");
            assert!(one.stroke.force >= two.stroke.force, "{one:?} {two:?}");
        }
    }
}

#[test]
fn who_lies_aside_is_told_the_way_on_which_levels_come_back_and_its_mirror_the_mirrored_way() {
    let (reference, relief) = (bed(0), shipped_named("relief").expect("shipped"));
    let offer = |y_mm: f64| {
        let mut scan = crooked();
        for level in &mut scan.levels {
            (level.y_mm, level.sd_y_mm) = (level.y_mm + y_mm, 5.0);
        }
        Offer::new(scan, cleared(&person()), History::returning(5), &reference)
    };
    // From 5 mm to the left down to 3 mm to the right: the middle is 1 mm to the left.
    assert_eq!(offer(0.0).to_midline_mm(), -1);
    assert_eq!([offer(4.0), offer(-6.0)].map(|offer| offer.to_midline_mm()), [-5, 5]);
    let levels = |plan: Result<plan::Plan, plan::Refusal>| plan.map_or(0, |plan| plan.levels().len());
    let aside = offer(4.0);
    let here = levels(aside.compile(relief, &Visit::on(TODAY)));
    let there = levels(aside.compile_moved(relief, &Visit::on(TODAY), -5));
    assert!(there > here + 1, "{here} levels, {there} after the move");
    assert_eq!(there, levels(offer(-1.0).compile(relief, &Visit::on(TODAY))), "as if they had lain there");
}
