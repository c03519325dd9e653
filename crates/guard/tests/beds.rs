//! Good sessions pass undisturbed on each kind of bed, and so does noise.
mod rig;

use counts::*;
use guard::{Guard, Response, Setup};
use rig::*;

fn coupled() -> Setup {
    let mut setup = Setup { load_cell: None, ..reference() };
    setup.lift.coupled = true;
    setup
}

fn two_carriages() -> Setup {
    let mut setup = Setup { carriages: 2, ..reference() };
    setup.carriage[0].to = Micrometres::new(745_000);
    setup.carriage[0].park = Micrometres::new(350_000);
    setup.carriage[1].from = Micrometres::new(790_000);
    setup.heaters[4] = setup.heaters[2];
    setup.heaters[5] = setup.heaters[3];
    (setup.heaters[2], setup.heaters[3]) = (setup.heaters[0], setup.heaters[0]);
    setup
}

/// Noise as the bed table has it, the same every time.
fn noisy(rig: &mut Rig) {
    rig.spoil = Box::new(|cycle, readings| {
        let noise = |seed: u64, most: i16| {
            let mixed = (cycle ^ (seed << 40)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
            (mixed % (2 * most as u64 + 1)) as i16 - most
        };
        for (index, head) in readings.heads.iter_mut().enumerate() {
            let seed = index as u64;
            if let Some(force) = &mut head.force {
                force.value = force.value.plus(DeciNewtons::new(noise(seed, 5)));
            }
            if let Some(thrust) = &mut head.thrust {
                thrust.value = thrust.value.plus(DeciNewtons::new(noise(seed + 8, 400)));
            }
        }
    });
}

#[test]
fn a_good_session_of_ten_minutes_is_not_disturbed() {
    // Between the neck and where the pelvis may lie: up and down from 560 to 868 mm.
    let mut rig = Rig { place: [560.0, 1000.0], ..Rig::new(reference()) }.armed();
    noisy(&mut rig);
    let mut warm = still();
    warm.heaters[2] = DeciWatts::new(300);
    for stroke in 0..8 {
        rig.press(25.0);
        let speed = if stroke % 2 == 0 { 11_000 } else { -11_000 };
        let mut breath = 0.0f64;
        for cycle in 0..15_000u32 {
            // Control follows a breath of 4 mm at a quarter hertz and holds 25 N a head.
            breath += 0.002;
            rig.touch = 25.0 + 2.0 * (breath * 1.57).sin();
            let mut command = warm;
            command.carriages[0] = velocity(if cycle < 14_000 { speed } else { 0 });
            for head in 0..2 {
                let missing = (25.0 - rig.force(head)) / rig.stiffness;
                command.lifts[head] =
                    velocity(((missing * 15.0 + 3.1 * (breath * 1.57).cos()) * 1000.0) as i32);
            }
            let verdict = rig.pass(&command, &RENEWED);
            assert_eq!(verdict.response, Response::None, "stroke {stroke}, cycle {cycle}: {:?}", rig.faults);
        }
        rig.run(6000, &Targets { lifts: [velocity(-40_000); 4], ..warm }, |_, _| ());
    }
    assert_eq!(rig.faults, []);
}

#[test]
fn a_coupled_lift_without_load_cells_holds_the_ceilings() {
    for stiffness in [0.5, 1.0, 2.0, 4.0, 6.0] {
        let mut rig = Rig { stiffness, ..Rig::new(coupled()) }.armed();
        let mut worst = 0.0f64;
        rig.run(40_000, &up(i32::MAX), |rig, verdict| {
            let lifts = verdict.outputs.targets().lifts;
            assert_eq!(lifts[0], lifts[1], "one drive, one target");
            worst = worst.max(rig.sum());
        });
        assert!(worst > 50.0 && worst < 115.0, "{stiffness} N/mm: {worst} N");
    }
}

#[test]
fn a_coupled_lift_may_press_below_its_ceiling_through_the_noise() {
    let mut rig = Rig::new(coupled()).armed();
    noisy(&mut rig);
    for _ in 0..4 {
        rig.press(20.0);
    }
    rig.run(60_000, &still(), |_, verdict| assert!(verdict.response <= Response::Limit));
    assert_eq!(rig.faults, []);
    assert!(rig.sum() > 30.0);
}

#[test]
fn each_of_two_carriages_keeps_its_own_ceiling() {
    let mut rig = Rig { place: [600.0, 1000.0], weight: 1000.0, ..Rig::new(two_carriages()) }.armed();
    rig.run(8000, &up(60_000), |rig, _| {
        for first in [0, 2] {
            let sum = rig.force(first) + rig.force(first + 1);
            assert!(sum < 115.0, "heads {first}: {sum} N");
        }
    });
    assert!(rig.force(0) > 25.0 && rig.force(3) > 25.0);
}

#[test]
fn each_of_two_carriages_parks_where_it_belongs() {
    let mut rig = Rig { place: [600.0, 1000.0], ..Rig::new(two_carriages()) }.armed();
    rig.press(20.0);
    rig.stop = true;
    rig.run(9000, &hostile(), |_, _| ());
    assert!((rig.place[0] - 350.0).abs() < 2.0 && (rig.place[1] - 1350.0).abs() < 2.0, "{:?}", rig.place);
}

#[test]
fn homing_needs_no_permission_and_is_slow() {
    let mut rig = Rig::new(reference());
    rig.height = [20.0; 4];
    rig.touch = 60.0;
    let command = Targets { carriages: [velocity(120_000); 2], lifts: [velocity(-20_000); 4], ..still() };
    rig.run(100, &command, |_, verdict| assert_eq!(verdict.outputs.targets().carriages[0], velocity(0)));
    rig.run(3000, &command, |_, _| ());
    assert_eq!(rig.last.as_ref().expect("a verdict").outputs.targets().carriages[0], velocity(60_000));
    assert_eq!(rig.faults, []);
}

#[test]
fn equal_inputs_give_equal_guards() {
    let run = || {
        let mut rig = Rig::new(reference()).armed();
        noisy(&mut rig);
        rig.press(30.0);
        rig.run(3000, &hostile(), |_, _| ());
        rig.guard
    };
    let (one, other): (Guard, Guard) = (run(), run());
    assert!(one == other);
}
