//! One hostile control or host a limit: whatever is asked, what leaves keeps the limit.
mod rig;

use counts::*;
use guard::{CarryIn, Response, Wish};
use rig::*;

#[test]
fn a_hostile_lift_never_presses_beyond_the_ceiling() {
    for stiffness in [0.5, 1.0, 2.0, 3.0, 4.5, 6.0] {
        for weight in [400.0, 600.0, 830.0, 1300.0] {
            let mut rig = Rig { stiffness, weight, ..Rig::new(reference()) }.armed();
            let ceiling = (0.12 * weight).min(100.0);
            let mut over_ms = 0.0f64;
            let (mut worst, mut longest) = (0.0f64, 0.0f64);
            rig.run(8000, &up(i32::MAX), |rig, _| {
                worst = worst.max(rig.sum());
                over_ms = if rig.sum() > ceiling { over_ms + 2.0 } else { 0.0 };
                longest = longest.max(over_ms);
            });
            assert!(worst > 0.5 * ceiling, "it presses: {worst} N of {ceiling} N");
            assert!(worst < 1.15 * ceiling, "{stiffness} N/mm, {weight} N: {worst} N");
            assert!(longest <= 100.0, "{stiffness} N/mm, {weight} N: {longest} ms above {ceiling} N");
        }
    }
}

#[test]
fn one_head_alone_never_presses_beyond_the_contact_pressure() {
    for stiffness in [1.0, 3.0, 6.0] {
        let mut rig = Rig { stiffness, weight: 1300.0, ..Rig::new(reference()) }.armed();
        let command = Targets { lifts: [velocity(60_000), velocity(0), velocity(0), velocity(0)], ..still() };
        rig.run(8000, &command, |rig, _| assert!(rig.force(0) < 66.0, "{} N", rig.force(0)));
        assert!(rig.force(0) > 30.0);
    }
}

#[test]
fn the_neck_gets_no_more_than_its_ceiling() {
    let mut rig = Rig { place: [450.0, 1000.0], ..Rig::new(reference()) }.armed();
    rig.run(5000, &up(60_000), |rig, _| assert!(rig.sum() < 34.5, "{} N", rig.sum()));
    assert!(rig.sum() > 10.0);
}

#[test]
fn the_pelvis_gets_half_of_the_trunks_share_of_the_weight() {
    for weight in [400.0, 700.0, 1300.0] {
        let place = [1000.0, 1000.0];
        let mut rig = Rig { place, weight, stiffness: 1.0, ..Rig::new(reference()) }.armed();
        let ceiling = 0.06 * weight;
        rig.run(8000, &up(i32::MAX), |rig, _| {
            assert!(rig.sum() < 1.15 * ceiling, "{weight}: {} N", rig.sum())
        });
        assert!(rig.sum() > 0.5 * ceiling, "it presses: {} N of {ceiling} N", rig.sum());
    }
}

#[test]
fn a_loaded_carriage_that_is_driven_over_the_pelvis_is_unloaded_on_its_way() {
    let mut rig = Rig { place: [800.0, 1000.0], weight: 830.0, ..Rig::new(reference()) }.armed();
    rig.press(40.0);
    let footward = Targets { carriages: [velocity(60_000); 2], ..still() };
    let mut over_ms = 0.0f64;
    rig.run(6000, &footward, |rig, _| {
        let share = 0.12 - 0.06 * ((rig.place[0] - 880.0) / 60.0).clamp(0.0, 1.0);
        let over = rig.sum() / (share * 830.0);
        over_ms = if over > 1.0 { over_ms + 2.0 } else { 0.0 };
        assert!(over < 1.15 && over_ms <= 100.0, "{over} for {over_ms} ms at {} mm", rig.place[0]);
    });
    assert!(rig.place[0] > 890.0, "{} mm", rig.place[0]);
}

#[test]
fn a_loaded_carriage_does_not_enter_the_neck() {
    let mut rig = Rig { place: [600.0, 1000.0], ..Rig::new(reference()) }.armed();
    rig.press(35.0);
    let headward = Targets { carriages: [velocity(-60_000); 2], ..still() };
    rig.run(4000, &headward, |rig, _| assert!(rig.place[0] > 520.0, "{} mm", rig.place[0]));
    assert!(rig.place[0] < 535.0 && rig.response() <= Response::Limit);
}

#[test]
fn a_caution_of_the_host_only_tightens() {
    for cap in [100, 300, 500, 2000] {
        let mut rig = Rig::new(reference());
        rig.arm(CarryIn {
            force_cap: Some(DeciNewtons::new(cap)),
            first_session: Some(false),
            ..CarryIn::default()
        });
        let ceiling = (f64::from(cap) / 10.0).min(100.0);
        rig.run(4000, &up(60_000), |rig, _| {
            assert!(rig.sum() < 1.15 * ceiling + 2.0, "{cap}: {} N", rig.sum())
        });
    }
}

#[test]
fn hard_stop_releases_after_two_samples_and_not_after_one() {
    for (count, released) in [(1, false), (2, true), (5, true)] {
        for peak in [1501, 1600, 2500, 3000] {
            let mut rig = Rig::new(reference()).armed();
            rig.press(30.0);
            let start = rig.cycle;
            rig.spoil = Box::new(move |cycle, readings| {
                if cycle > start + 10 && cycle <= start + 10 + count {
                    readings.heads[0].force.as_mut().expect("a force").value = DeciNewtons::new(peak);
                }
            });
            rig.run(500, &still(), |_, _| ());
            assert_eq!(rig.had(Fault::ForceHard), released, "{count} samples of {peak}");
            assert_eq!(rig.response() == Response::Release, released);
        }
    }
}

#[test]
fn hostile_heat_never_burns_the_element_or_the_surface() {
    for zone in 0..4 {
        let mut rig = Rig::new(reference()).armed();
        let mut command = still();
        command.heaters[zone] = DeciWatts::MAX;
        let cap = if zone < 2 { 49.0 } else { 43.0 };
        let mut hottest = 0.0f64;
        rig.run(1_200_000, &command, |rig, _| {
            assert!(rig.element[zone] < 60.0, "element {}", rig.element[zone]);
            hottest = hottest.max(rig.surface[zone]);
        });
        assert!(hottest < cap, "zone {zone}: {hottest} C");
        assert!(hottest > cap - 4.0, "it warms: {hottest} C");
        assert!(!rig.had(Fault::TemperatureImplausible) && !rig.had(Fault::ElementHot));
    }
}

#[test]
fn hot_heads_that_stand_are_taken_away_before_the_skin_is_too_warm() {
    let mut rig = Rig::new(reference()).warm_heads(48.0).armed();
    rig.press(20.0);
    let mut command = still();
    command.heaters = [DeciWatts::MAX; 8];
    let mut contact = 0;
    rig.run(60_000, &command, |rig, _| contact += u32::from(rig.force(0) > 0.0));
    assert!(rig.had(Fault::SkinHot), "{:?}", rig.faults);
    assert!(contact < 45 * 500, "taken away after {} s", contact / 500);
}

#[test]
fn no_site_is_pressed_for_longer_than_its_time() {
    let mut rig = Rig::new(reference()).armed();
    rig.press(20.0);
    rig.run(84_000, &still(), |_, _| ());
    assert!(!rig.had(Fault::SiteTime));
    rig.run(8_000, &still(), |_, _| ());
    assert!(rig.had(Fault::SiteTime));
    assert!(rig.sum() <= 0.0);
}

#[test]
fn a_session_ends_with_its_longest_time() {
    let mut rig = Rig::new(reference()).armed();
    let mut warm = still();
    warm.heaters[3] = DeciWatts::new(50);
    rig.run(2_399_000, &warm, |_, verdict| assert!(verdict.response <= Response::Limit));
    rig.run(1_500, &warm, |_, _| ());
    assert!(rig.had(Fault::SessionTime));
    assert!(cold(rig.last.as_ref().expect("a verdict").outputs.targets()));
}

#[test]
fn without_permission_nothing_heats_or_presses() {
    let carry = CarryIn { heat_allowed: true, ..CarryIn::default() };
    type Prepare = fn(&mut Rig, CarryIn);
    let wrong: [(&str, Prepare); 6] = [
        ("idle", |rig, _| rig.run(1000, &still(), |_, _| ())),
        ("not pressed", |rig, carry| {
            rig.run(1000, &still(), |_, _| ());
            rig.pass(&still(), &Wish { begin: Some(carry), ..RENEWED });
        }),
        ("nobody there", |rig, carry| {
            rig.weight = 0.0;
            rig.arm(carry);
        }),
        ("too heavy", |rig, carry| {
            rig.weight = 1500.0;
            rig.arm(carry);
        }),
        ("too light", |rig, carry| {
            rig.weight = 300.0;
            rig.arm(carry);
        }),
        ("finished", |rig, carry| {
            rig.arm(carry);
            rig.pass(&still(), &Wish { finish: true, ..RENEWED });
        }),
    ];
    for (name, prepare) in wrong {
        let mut rig = Rig::new(reference());
        prepare(&mut rig, carry);
        rig.run(2000, &hostile(), |_, verdict| {
            let targets = verdict.outputs.targets();
            assert!(cold(targets) && !presses(targets), "{name}: {targets:?}");
        });
    }
}

#[test]
fn a_silent_host_loses_its_say_after_a_quarter_of_a_second() {
    let mut rig = Rig::new(reference()).armed();
    rig.press(20.0);
    for cycle in 0..500 {
        let verdict = rig.pass(&hostile(), &Wish::default());
        if cycle * 2 > 252 {
            let targets = verdict.outputs.targets();
            assert!(cold(targets) && !presses(targets), "after {} ms", cycle * 2);
            assert_eq!(verdict.response, Response::Unload);
        }
    }
    assert!(rig.sum() <= 0.0);
    rig.run(100, &up(10_000), |_, _| ());
    assert!(rig.response() <= Response::Limit, "it comes back with renewal");
}

#[test]
fn heat_that_the_clearance_forbids_never_flows() {
    let mut rig = Rig::new(reference());
    rig.arm(CarryIn::default());
    rig.run(2000, &hostile(), |_, verdict| assert!(cold(verdict.outputs.targets())));
}

#[test]
fn commands_are_cut_to_their_ranges_at_every_edge() {
    let mut rig = Rig::new(reference()).armed();
    for asked in (-200_000..200_000).step_by(1_777).chain(59_990..60_010).chain(-80_010..-79_990) {
        let command = Targets { carriages: [velocity(asked); 2], ..up(asked) };
        let verdict = rig.pass(&command, &RENEWED);
        let AxisTarget::Velocity(lift) = verdict.outputs.targets().lifts[0] else { panic!("powered") };
        let AxisTarget::Velocity(carriage) = verdict.outputs.targets().carriages[0] else {
            panic!("powered")
        };
        assert!((-80_000..=60_000).contains(&lift.raw()) && carriage.raw().abs() <= 120_000);
        assert!(lift.raw() <= asked.max(-80_000));
    }
    assert!(!presses(&rig.pass(&Targets::default(), &RENEWED).outputs.targets().clone()));
}

#[test]
fn a_carriage_is_fast_only_while_its_heads_are_clear() {
    let mut rig = Rig::new(reference()).armed();
    let command = Targets { carriages: [velocity(120_000); 2], ..still() };
    assert_eq!(rig.pass(&command, &RENEWED).outputs.targets().carriages[0], velocity(120_000));
    rig.press(15.0);
    assert_eq!(rig.pass(&command, &RENEWED).outputs.targets().carriages[0], velocity(60_000));
}
