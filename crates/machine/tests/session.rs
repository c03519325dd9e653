//! Whole sessions of control and guard together on the three beds, and how they end.

#[path = "../../control/tests/plant/mod.rs"]
mod plant;
mod rig;

use bed::{Ask, Event, SessionState, Stroke};
use counts::*;
use machine::{Machine, Response, guard_setup};
use plant::{Body, bed};
use rig::{Rig, glide, pass};

const BEDS: [&str; 3] = ["reference", "coupled", "two-carriages"];

/// Armed and in the middle of a stroke of this force, both heads.
fn under_load(force_n: i16) -> Rig {
    let mut rig = Rig::new("reference", Body { weight_n: 900.0, ..Body::default() });
    rig.arm();
    let stroke = Stroke { force: DeciNewtons::new(force_n * 10), duration: Millis::new(60_000), ..glide(1) };
    rig.ask(Ask::Treat { now: stroke, next: None });
    rig.run(20_000, |_, _| {});
    let pressed = rig.plant.forces_n[0] + rig.plant.forces_n[1];
    assert!((pressed - f64::from(force_n)).abs() < 6.0, "{pressed} N, {:?}", rig.events);
    rig
}

/// Milliseconds until both heads stay under 10 N for 200 ms.
fn released_after_ms(rig: &mut Rig) -> u64 {
    let (mut cycles, mut last_pressed) = (0, 0);
    rig.run(4_000, |plant, _| {
        cycles += 1;
        if plant.forces_n.iter().any(|force| *force >= 10.0) {
            last_pressed = cycles;
        }
    });
    last_pressed * 2
}

#[test]
fn every_bed_file_gives_a_setup_that_the_guard_can_use() {
    for name in BEDS {
        assert!(guard_setup(&bed(name)).is_usable(), "{name}");
    }
}

#[test]
fn a_bed_out_of_range_is_refused_with_its_key() {
    let mut config = bed("reference");
    config.lift.speed_down_mm_s = 5.0;
    let refused = Machine::new(&config).expect_err("out of range");
    assert_eq!(refused.key, "lift.speed_down_mm_s");
}

#[test]
fn a_good_session_runs_on_every_bed_and_the_guard_does_not_disturb_it() {
    for name in BEDS {
        let mut rig = Rig::new(name, Body::default());
        rig.arm();
        rig.request.as_mut().expect("begun").surfaces = [Some(DeciCelsius::new(430)); HEATERS_MAX];
        rig.ask(Ask::Scan(pass()));
        rig.run(50_000, |_, _| {});
        assert!(rig.happened(Event::ScanTurned) && rig.happened(Event::ScanDone), "{name} {:?}", rig.events);
        rig.ask(Ask::Treat { now: glide(1), next: Some(glide(2)) });
        rig.run(90_000, |_, _| {});
        for id in [1, 2] {
            assert!(rig.happened(Event::StrokeDone { id }), "{name} {:?}", rig.events);
        }
        rig.ask(Ask::Finish);
        rig.run(20_000, |_, _| {});
        assert_eq!(rig.machine.state(), SessionState::Idle, "{name}");
        assert_eq!(rig.faults(), [], "{name}");
        assert_eq!(rig.disturbed, 0, "{name}");
        assert!(rig.plant.roller_c[0] > 35.0, "{name} warmed to {}", rig.plant.roller_c[0]);
    }
}

#[test]
fn the_guard_lets_the_force_loop_hold_its_force() {
    let mut rig = Rig::new("reference", Body { weight_n: 900.0, ..Body::default() });
    rig.arm();
    for (id, force) in [(1, 400), (2, 600), (3, 900)] {
        rig.ask(Ask::Treat { now: Stroke { force: DeciNewtons::new(force), ..glide(id) }, next: None });
        rig.run(13_000, |_, _| {});
        let (mut sum, mut count) = (0.0, 0.0);
        rig.run(15_000, |plant, _| {
            for head in 0..2 {
                let error = plant.forces_n[head] - f64::from(force) * 0.05;
                sum += error * error;
                count += 1.0;
            }
        });
        let rms = f64::sqrt(sum / count);
        println!("glide at {} N: rms {rms:.3} N a head", force / 10);
        assert!(rms < 0.5, "{rms} N at {force}");
        rig.run(20_000, |_, _| {});
    }
    assert_eq!(rig.faults(), []);
}

#[test]
fn a_long_hold_pauses_before_the_guard_must() {
    let mut rig = Rig::new("reference", Body::default());
    rig.arm();
    let hold = Stroke {
        action: bed::Action::Hold,
        duration: Millis::new(200_000),
        force: DeciNewtons::new(600),
        ..glide(1)
    };
    rig.ask(Ask::Treat { now: hold, next: None });
    rig.run(230_000, |_, _| {});
    assert!(rig.happened(Event::StrokeDone { id: 1 }));
    assert_eq!((rig.faults(), rig.disturbed), (vec![], 0));
}

#[test]
fn every_way_to_stop_releases_the_person_in_time() {
    for (force_n, allowed_ms) in [(60, 500), (90, 700)] {
        let mut asked = under_load(force_n);
        asked.ask(Ask::Stop);
        let mut switched = under_load(force_n);
        switched.plant.switch = true;
        let mut pressed = under_load(force_n);
        pressed.fault = |readings| {
            if let Some(stop) = readings.emergency_stop.as_mut() {
                stop.value = true;
            }
        };
        for (name, mut rig) in [("asked", asked), ("hand switch", switched), ("emergency stop", pressed)] {
            let millis = released_after_ms(&mut rig);
            println!("{name} from {force_n} N: released after {millis} ms");
            assert!(millis <= allowed_ms, "{name} took {millis} ms from {force_n} N");
            assert_eq!(rig.machine.state(), SessionState::Safe);
            assert!(rig.machine.response() >= Response::Release);
            rig.run(20_000, |_, step| {
                assert!(step.outputs.targets().heaters.iter().all(|power| power.raw() <= 0));
            });
            assert!((rig.plant.carriages_mm[0] - 1350.0).abs() < 2.0, "parked");
        }
    }
}

#[test]
fn a_lost_supply_takes_the_power_and_tells_of_it() {
    let mut rig = under_load(60);
    rig.fault = |readings| {
        if let Some(supply) = readings.supply.as_mut() {
            supply.value = Millivolts::new(9_000);
        }
    };
    rig.run(100, |_, _| {});
    assert!(rig.happened(Event::Fault { fault: Fault::SupplyLost, index: 0 }));
    rig.run(100, |_, step| assert!(!step.outputs.targets().power));
    assert_eq!(rig.machine.state(), SessionState::Safe);
}

#[test]
fn a_host_that_falls_silent_is_lowered_and_resumes_when_it_speaks_again() {
    let mut rig = under_load(40);
    let held = rig.request.take();
    rig.run(1_500, |_, _| {});
    assert!(rig.plant.forces_n.iter().all(|force| *force < 0.1));
    rig.request = held;
    rig.run(6_000, |_, _| {});
    assert!(rig.plant.forces_n[0] > 15.0, "{:?} {:?}", rig.plant.forces_n, rig.events);
    assert_eq!(rig.faults(), []);
}

#[test]
fn a_frozen_machine_thaws_into_the_same_future() {
    let mut rig = under_load(40);
    let mut readings = rig.plant.step(&Targets::default());
    let mut thawed = rig.machine.clone();
    for cycle in 0..500 {
        let request = rig.request.as_ref().filter(|_| cycle % 50 == 0);
        let step = rig.machine.step(rig.plant.now, &readings, request);
        assert_eq!(step, thawed.step(rig.plant.now, &readings, request));
        readings = rig.plant.step(step.outputs.targets());
    }
    assert_eq!(rig.machine, thawed);
}

#[test]
fn faults_are_told_before_everything_else_of_their_cycle() {
    let mut rig = under_load(60);
    rig.fault = |readings| {
        if let Some(stop) = readings.emergency_stop.as_mut() {
            stop.value = true;
        }
    };
    let mut told = 0;
    rig.run(500, |_, step| {
        let first_other = step.events.iter().position(|event| !matches!(event, Event::Fault { .. }));
        let last_fault = step.events.iter().rposition(|event| matches!(event, Event::Fault { .. }));
        if let Some(last_fault) = last_fault {
            told += 1;
            assert!(first_other.is_none_or(|other| last_fault < other), "{:?}", step.events);
        }
    });
    assert!(told > 0);
}

#[test]
fn nothing_that_is_read_or_asked_makes_the_machine_press_an_unarmed_person() {
    // Every request in every order of pairs, with the hand switch never pressed.
    let asks = [
        Ask::Begin(rig::admission()),
        Ask::Rest,
        Ask::Scan(pass()),
        Ask::Treat { now: glide(1), next: Some(glide(2)) },
        Ask::Finish,
    ];
    for first in asks {
        for second in asks {
            let mut rig = Rig::new("reference", Body::default());
            rig.run(12_000, |_, _| {});
            for ask in [Ask::Begin(rig::admission()), first, second] {
                rig.ask(ask);
                rig.request.as_mut().expect("asked").surfaces = [Some(DeciCelsius::new(450)); HEATERS_MAX];
                rig.run(4_000, |plant, step| {
                    assert!(plant.forces_n.iter().all(|force| *force < 0.1));
                    assert!(step.outputs.targets().heaters.iter().all(|power| power.raw() <= 0));
                });
            }
        }
    }
}
