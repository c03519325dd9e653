//! What breaks is noticed in time and answered as the table says; what is only spurious is not.
mod rig;

use counts::*;
use guard::{Guard, Response, Wish};
use rig::*;

type Spoil = fn(&mut Readings);

/// Presses 30 N a head, warms, and then spoils the readings in cycles from `start` on; tells the rig
/// after `millis` more.
fn check(spoil: Spoil, cycles: u64, millis: u64) -> Rig {
    let mut rig = Rig::new(reference()).armed();
    rig.press(30.0);
    assert_eq!(rig.response(), Response::None, "{:?}", rig.faults);
    let start = rig.cycle;
    rig.spoil = Box::new(move |cycle, readings| {
        if cycle > start && cycle <= start + cycles {
            spoil(readings);
        }
    });
    rig.run(millis, &still(), |_, _| ());
    rig
}

const FAR: Instant = Instant::from_micros(3_600_000_000_000);

/// One sample gone wrong, each kind.
const SPURIOUS: [(&str, Spoil); 14] = [
    ("force high", |r| r.heads[0].force.as_mut().unwrap().value = DeciNewtons::new(3000)),
    ("force low", |r| r.heads[0].force.as_mut().unwrap().value = DeciNewtons::new(-200)),
    ("force absent", |r| r.heads[1].force = None),
    ("force from the future", |r| r.heads[1].force.as_mut().unwrap().taken = FAR),
    ("height jumps", |r| r.heads[0].height.as_mut().unwrap().value = Micrometres::new(90_000)),
    ("height absent", |r| r.heads[0].height = None),
    ("thrust high", |r| r.heads[0].thrust.as_mut().unwrap().value = DeciNewtons::new(3000)),
    ("position jumps", |r| r.carriages[0].position.as_mut().unwrap().value = Micrometres::new(400_000)),
    ("drive absent", |r| r.carriages[0].drive = None),
    ("corner falls", |r| r.corners[0].as_mut().unwrap().value = DeciNewtons::ZERO),
    ("element jumps", |r| r.heaters[0].element.as_mut().unwrap().value = DeciCelsius::new(1400)),
    ("emergency stop", |r| r.emergency_stop.as_mut().unwrap().value = true),
    ("hand switch", |r| r.hand_switch.as_mut().unwrap().value = true),
    ("supply", |r| r.supply.as_mut().unwrap().value = Millivolts::ZERO),
];

#[test]
fn one_spurious_sample_disturbs_nothing() {
    for (name, spoil) in SPURIOUS {
        let rig = check(spoil, 1, 1000);
        assert_eq!(rig.faults, [], "{name}");
        assert!((rig.sum() - 60.0).abs() < 3.0, "{name}: {} N", rig.sum());
    }
}

#[test]
fn what_falls_silent_is_noticed_after_a_tenth_of_a_second() {
    let silent: [(&str, Spoil, Fault, Response); 8] = [
        ("force", |r| r.heads[0].force = None, Fault::ForceSilent, Response::Release),
        ("thrust", |r| r.heads[0].thrust = None, Fault::ForceSilent, Response::Release),
        ("height", |r| r.heads[1].height = None, Fault::HeightSilent, Response::Release),
        ("position", |r| r.carriages[0].position = None, Fault::CarriageSilent, Response::Release),
        ("lift drive", |r| r.heads[0].drive = None, Fault::DriveSilent, Response::PowerOff),
        ("carriage drive", |r| r.carriages[0].drive = None, Fault::DriveSilent, Response::PowerOff),
        ("hand switch", |r| r.hand_switch = None, Fault::HandSwitchSilent, Response::Release),
        ("supply", |r| r.supply = None, Fault::SupplyLost, Response::PowerOff),
    ];
    for (name, spoil, fault, response) in silent {
        assert!(!check(spoil, 45, 92).had(fault), "{name} for 90 ms");
        let rig = check(spoil, u64::MAX / 2, 110);
        assert!(rig.had(fault), "{name}: {:?}", rig.faults);
        assert_eq!(rig.response(), response, "{name}");
        let rig = check(spoil, u64::MAX / 2, 2000);
        assert!(rig.sum() <= 0.0, "{name}: released");
    }
}

#[test]
fn nothing_rises_on_an_old_reading() {
    for spoil in [|r: &mut Readings| r.heads[0].force = None, |r: &mut Readings| r.heads[0].height = None] {
        let mut rig = Rig::new(reference()).armed();
        rig.press(20.0);
        rig.spoil = Box::new(move |_, readings| spoil(readings));
        rig.run(12, &up(5_000), |_, _| ());
        rig.run(60, &up(5_000), |_, verdict| {
            assert!(matches!(verdict.outputs.targets().lifts[0], AxisTarget::Velocity(v) if v.raw() <= 0));
        });
    }
}

#[test]
fn a_warm_zone_without_its_thermometer_is_not_heated() {
    for spoil in
        [|r: &mut Readings| r.heaters[2].element = None, |r: &mut Readings| r.heaters[2].surface = None]
    {
        let mut rig = Rig::new(reference()).armed();
        rig.spoil = Box::new(move |_, readings| spoil(readings));
        let mut command = still();
        command.heaters[2] = DeciWatts::new(500);
        rig.run(1_020, &command, |_, _| ());
        rig.run(1_000, &command, |_, verdict| assert!(cold(verdict.outputs.targets())));
        assert!(rig.had(Fault::TemperatureSilent));
    }
}

#[test]
fn time_that_jumps_or_runs_back_releases_and_stays() {
    for (micros, fault) in [
        (0u64, true),
        (999, true),
        (1000, false),
        (2000, false),
        (10_000, false),
        (10_001, true),
        (5_000_000, true),
    ] {
        let mut rig = Rig::new(reference()).armed();
        rig.press(20.0);
        rig.step = Micros::new(micros);
        rig.pass(&still(), &RENEWED);
        rig.step = Micros::from_millis(2);
        assert_eq!(rig.had(Fault::CycleTime), fault, "{micros} us");
        rig.run(1000, &hostile(), |_, verdict| assert_eq!(verdict.response == Response::Release, fault));
    }
    let mut rig = Rig::new(reference()).armed();
    rig.now = Instant::from_micros(1);
    rig.run(3000, &hostile(), |_, verdict| assert!(verdict.response >= Response::Release));
    assert!(rig.had(Fault::CycleTime));
}

#[test]
fn a_lift_stuck_up_frees_the_other_and_is_not_dragged() {
    for stuck in 0..2 {
        let mut rig = Rig::new(reference()).armed();
        rig.press(30.0);
        rig.stuck[stuck] = true;
        let held = rig.force(stuck);
        rig.pass(&still(), &Wish { stop: true, ..RENEWED });
        let place = rig.place[0];
        rig.run(1000, &hostile(), |rig, verdict| {
            assert!(rig.force(stuck) <= held);
            assert!(cold(verdict.outputs.targets()));
        });
        assert!(rig.force(1 - stuck) <= 0.0);
        assert!(rig.had(Fault::LiftStuck));
        rig.run(5000, &hostile(), |_, _| ());
        assert!((rig.place[0] - place).abs() < 1e-9, "a jammed head that presses is not dragged");
    }
}

#[test]
fn a_stalled_carriage_with_hot_heads_is_unloaded() {
    let mut rig = Rig::new(reference()).warm_heads(47.0).armed();
    rig.press(20.0);
    rig.stalled[0] = true;
    let command = Targets { carriages: [velocity(30_000); 2], heaters: [DeciWatts::new(100); 8], ..still() };
    rig.run(2500, &command, |_, _| ());
    assert!(rig.had(Fault::CarriageStalled), "{:?}", rig.faults);
    assert!(rig.sum() <= 0.0);
    assert!(cold(rig.last.as_ref().expect("a verdict").outputs.targets()));
}

#[test]
fn supply_lost_takes_the_power_and_it_stays_away() {
    let mut rig = Rig::new(reference()).armed();
    rig.press(30.0);
    rig.supply_mv = 19_999;
    rig.run(10, &still(), |_, _| ());
    rig.supply_mv = 24_000;
    rig.run(2000, &hostile(), |_, verdict| assert_eq!(*verdict.outputs.targets(), Targets::default()));
    assert!(rig.sum() <= 0.0);
}

#[test]
fn a_stop_at_any_moment_of_a_session_releases_in_half_a_second() {
    for moment in (0..9000).step_by(250) {
        let mut rig = Rig::new(reference());
        rig.run(1000, &still(), |_, _| ());
        let mut rig = rig.armed();
        for millis in 0..moment / 2 {
            let wave = if (millis / 400) % 2 == 0 { 30_000 } else { -20_000 };
            rig.pass(&Targets { carriages: [velocity(40_000); 2], ..up(wave) }, &RENEWED);
        }
        let pressed = rig.sum();
        rig.pass(&hostile(), &Wish { stop: true, ..RENEWED });
        rig.run(if pressed > 60.0 { 700 } else { 500 }, &hostile(), |_, verdict| {
            assert!(verdict.response >= Response::Release && cold(verdict.outputs.targets()));
        });
        assert!(rig.force(0) < 10.0 && rig.force(1) < 10.0, "from {pressed} N at {moment} ms");
        rig.run(12_000, &hostile(), |_, _| ());
        assert!((rig.place[0] - 1350.0).abs() < 2.0, "parked: {}", rig.place[0]);
    }
}

#[test]
fn emergency_stop_and_hand_switch_release_and_latch() {
    for (switch, stop) in [(true, false), (false, true)] {
        let mut rig = Rig::new(reference()).armed();
        rig.press(30.0);
        (rig.switch, rig.stop) = (switch, stop);
        rig.run(500, &hostile(), |_, _| ());
        assert!(rig.force(0) < 10.0);
        (rig.switch, rig.stop) = (false, false);
        rig.run(2000, &hostile(), |_, verdict| assert_eq!(verdict.response, Response::Release));
    }
}

#[test]
fn who_gets_up_is_left_alone() {
    let mut rig = Rig::new(reference()).armed();
    rig.press(20.0);
    rig.weight = 100.0;
    rig.run(2000, &hostile(), |_, _| ());
    assert!(rig.had(Fault::PersonGone));
    assert!(rig.sum() <= 0.0);
    rig.weight = 900.0;
    rig.run(3000, &still(), |_, _| ());
    assert!(rig.cleared.iter().any(|(fault, _)| *fault == Fault::PersonGone));
    rig.weight = 0.0;
    rig.run(12_000, &still(), |_, _| ());
    rig.weight = 900.0;
    rig.run(3000, &hostile(), |_, verdict| assert!(!presses(verdict.outputs.targets())));
}

#[test]
fn a_cell_that_reads_nothing_does_not_hide_a_force() {
    let mut rig = Rig { stiffness: 2.0, ..Rig::new(reference()) }.armed();
    rig.press(30.0);
    rig.spoil = Box::new(|_, readings| readings.heads[0].force.as_mut().unwrap().value = DeciNewtons::ZERO);
    rig.run(1000, &up(20_000), |rig, _| assert!(rig.sum() < 115.0));
    assert!(rig.had(Fault::ForceSilent), "{:?}", rig.faults);
    assert_eq!(rig.response(), Response::Release);
}

#[test]
fn a_frozen_cell_is_noticed_before_it_lands() {
    let mut rig = Rig::new(reference());
    rig.spoil = Box::new(|cycle, readings| {
        for head in 0..2 {
            let frozen = head == 0 && cycle > 2000;
            let noise = if frozen { 2 } else { (cycle * 7919 + head as u64 * 13) % 7 } as i16 - 3;
            if let Some(force) = &mut readings.heads[head].force {
                let raw = if frozen { 0 } else { force.value.raw() };
                force.value = DeciNewtons::new(raw + noise);
            }
        }
    });
    let mut rig = rig.armed();
    while rig.cycle < 2000 {
        rig.pass(&still(), &RENEWED);
    }
    assert_eq!(rig.faults, []);
    rig.run(1000, &up(30_000), |rig, _| assert!(rig.force(0) < 40.0));
    assert!(rig.had(Fault::ForceSilent));
}

#[test]
fn a_welded_relay_takes_the_power_away_in_time() {
    for zone in 0..4 {
        let mut rig = Rig::new(reference()).armed();
        rig.welded[zone] = true;
        let mut hottest = 0.0f64;
        rig.run(900_000, &still(), |rig, _| {
            assert!(rig.element[zone] < 60.0, "zone {zone}: {}", rig.element[zone]);
            hottest = hottest.max(rig.surface[zone]);
        });
        assert_eq!(rig.response(), Response::PowerOff, "zone {zone}");
        assert!(hottest < if zone < 2 { 50.0 } else { 45.0 }, "zone {zone}: {hottest}");
    }
}

#[test]
fn a_setup_that_makes_no_sense_keeps_the_power_off() {
    let mut setup = reference();
    setup.carriages = 3;
    let mut guard = Guard::new(&setup);
    for cycle in 1..100u64 {
        let now = Instant::from_micros(cycle * 2000);
        let verdict = guard.pass(now, &Readings::default(), &hostile(), &RENEWED);
        assert_eq!(*verdict.outputs.targets(), Targets::default());
    }
}

#[test]
fn no_readings_at_all_is_no_reason_to_move() {
    let mut guard = Guard::new(&reference());
    for cycle in 1..2000u64 {
        let now = Instant::from_micros(cycle * 2000);
        let verdict = guard.pass(now, &Readings::default(), &hostile(), &RENEWED);
        let targets = verdict.outputs.targets();
        assert!(cold(targets) && !presses(targets));
        assert!(cycle < 60 || !targets.power, "silent drives have no power");
    }
}
