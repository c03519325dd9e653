//! One accident each, in a whole world, judged by the twin's truth.

mod yard;

use bed::{Action, Ask, Event, SessionState, Stroke};
use counts::*;
use machine::Response;
use sim::Link;
use sim::faults::Madness;
use twin::{Disturbance, SensorFault};
use yard::{BEDS, Yard, glide};

#[derive(Clone, Copy, Debug)]
enum Way {
    HandSwitch,
    EmergencyStop,
    Asked,
    HostSilent,
}

const WAYS: [Way; 4] = [Way::HandSwitch, Way::EmergencyStop, Way::Asked, Way::HostSilent];

fn stop(yard: &mut Yard, way: Way) {
    let now = yard.world.now();
    match way {
        Way::HandSwitch => yard.world.twin_mut().disturb(Disturbance::PressHandSwitch, now),
        Way::EmergencyStop => {
            yard.world.twin_mut().disturb(Disturbance::EmergencyStop { pressed: true }, now);
        }
        Way::Asked => yard.ask(Ask::Stop),
        Way::HostSilent => yard.world.sabotage_mut().host_silent = true,
    }
    if matches!(way, Way::HostSilent) {
        let lapsed = now.after(Micros::from_millis(250));
        yard.checker.stops(&yard.world, lapsed, false);
    } else {
        yard.stops_now();
    }
}

#[test]
fn a_stop_at_any_moment_of_a_session_releases_the_person_in_time() {
    let mut yard = Yard::new("reference", true);
    yard.arm();
    yard.ask(Ask::Treat { now: glide(90), next: None });
    // The press that armed the session ends first: a switch that is still held cannot be pressed.
    yard.run(0.5);
    // From before the landing over the ramp into the stroke.
    for moment in 0..24 {
        for way in WAYS {
            let mut branch = yard.branch();
            stop(&mut branch, way);
            branch.run(4.0);
            branch.is_clean();
            assert!(branch.force_n() < 10.0, "moment {moment}, {way:?}: {} N", branch.force_n());
            if !matches!(way, Way::HostSilent) {
                assert_eq!(branch.state, SessionState::Safe, "moment {moment}, {way:?}");
                assert!(branch.response() >= Response::Release);
            }
        }
        yard.run(0.9);
    }
    assert!(yard.force_n() > 60.0, "pressed for the last stops: {} N", yard.force_n());
    yard.is_clean();
}

/// One minute over a bad link: share of the time with a head on the person.
fn over(link: Link) -> f64 {
    let mut yard = Yard::under_load("reference", true, 60);
    yard.world.set_link(link);
    let mut pressed = 0;
    for _ in 0..30_000 {
        yard.step();
        pressed += usize::from(yard.force_n() > 10.0);
    }
    yard.is_clean();
    assert_eq!(yard.faults(), [], "{link:?}");
    assert!(matches!(yard.state, SessionState::Treating | SessionState::Armed), "{:?}", yard.state);
    yard.world.set_link(Link::default());
    yard.run(12.0);
    assert!(yard.force_n() > 30.0, "resumed after {link:?}: {} N", yard.force_n());
    pressed as f64 / 30_000.0
}

#[test]
fn requests_delayed_and_dropped_by_up_to_300_ms_do_no_harm_and_the_session_goes_on() {
    // A renewal every 100 ms; whoever is silent for 250 ms has no say until he speaks again.
    for (delay_ms, lost, least) in [(120, 0.0, 0.99), (0, 0.1, 0.5), (300, 0.0, 0.0), (300, 0.3, 0.0)] {
        let share = over(Link { delay_max: Micros::from_millis(delay_ms), lost });
        println!("delayed by up to {delay_ms} ms, {lost} lost: pressed {:.0} % of the time", 100.0 * share);
        assert!(share >= least, "{delay_ms} ms, {lost}: {share}");
    }
}

#[test]
fn a_stalled_carriage_with_a_hot_head_burns_nobody() {
    let mut yard = Yard::under_load("reference", true, 40);
    yard.request.surfaces = [Some(DeciCelsius::MAX); HEATERS_MAX];
    yard.run(120.0);
    yard.world.twin_mut().faults_mut().carriage_stalled[0] = true;
    yard.breaks();
    yard.checker.jams(false, 0);
    yard.run(300.0);
    yard.is_clean();
    assert!(yard.faults().contains(&Fault::CarriageStalled), "{:?}", yard.faults());
    assert_eq!(yard.state, SessionState::Safe);
}

#[test]
fn a_hot_head_that_is_stuck_up_stays_far_from_a_burn_for_half_an_hour() {
    let mut yard = Yard::under_load("reference", true, 60);
    // Control heats as it likes, so that the roller is as hot as the guard lets it be.
    yard.world.sabotage_mut().control = Some(Madness::Heats);
    yard.run(240.0);
    yard.world.sabotage_mut().control = None;
    for _ in 0..30_000 {
        yard.step();
        if yard.force_n() > 40.0 {
            break;
        }
    }
    let (hot, force) = (yard.world.twin().heat().surface_c(0), yard.world.twin().truth().head_force_n[0]);
    assert!(hot > 41.0 && force > 15.0, "the roller is at {hot} C under {force} N: {:?}", yard.faults());
    let faults = yard.world.twin_mut().faults_mut();
    faults.lift_stuck[0] = true;
    faults.carriage_stalled[0] = true;
    yard.breaks();
    yard.checker.jams(true, 0);
    yard.stops_now();
    let now = yard.world.now();
    yard.world.twin_mut().disturb(Disturbance::PressHandSwitch, now);
    // Nobody helps the person down.
    yard.world.set_willing(false);
    yard.run(1800.0);
    yard.is_clean();
    let worst = yard.checker.worst();
    println!("stuck at {hot:.1} C: skin {:.1} C, dose {:.1} CEM43", worst.skin_c, worst.dose_cem43);
    assert!(yard.world.outputs().heaters.iter().all(|power| power.raw() <= 0));
}

#[test]
fn with_a_lift_jammed_the_other_lets_go_and_the_two_never_press_harder_than_before() {
    let mut yard = Yard::under_load("reference", false, 60);
    yard.world.twin_mut().faults_mut().lift_stuck[0] = true;
    yard.breaks();
    yard.checker.jams(true, 0);
    yard.stops_now();
    let now = yard.world.now();
    yard.world.twin_mut().disturb(Disturbance::PressHandSwitch, now);
    // The trunk that both have raised comes to rest on the jammed head alone: it takes over a part of
    // what the other lets go, while both together only lose.
    let truth = yard.world.twin().truth();
    let (jammed, both) = (truth.head_force_n[0], truth.force_n(0));
    let (mut jammed_most, mut both_most) = (0.0_f64, 0.0_f64);
    for _ in 0..5_000 {
        yard.step();
        jammed_most = jammed_most.max(yard.world.twin().truth().head_force_n[0]);
        both_most = both_most.max(yard.force_n());
    }
    yard.is_clean();
    println!(
        "jammed: {jammed:.1} N, then at most {jammed_most:.1} N; both: {both:.1} N, then {both_most:.1} N"
    );
    assert!(both_most <= both + 1.0, "{both_most} N after {both}");
    assert!(jammed_most <= jammed + 0.5 * (both - jammed), "{jammed_most} N after {jammed}");
    assert!(yard.world.twin().truth().head_force_n[1] < 1.0);
}

#[test]
fn heads_let_somebody_go_who_bridges_and_press_again_when_they_have_come_down() {
    let mut yard = Yard::new("reference", true);
    yard.arm();
    let place = Micrometres::new(950_000);
    let hold = Stroke { action: Action::Hold, from: place, to: place, ..glide(45) };
    yard.ask(Ask::Treat { now: hold, next: None });
    yard.run(15.0);
    let heights = |yard: &Yard| yard.world.twin().truth().height_mm;
    let (before, pressed) = (heights(&yard), yard.force_n());
    assert!(pressed > 30.0, "{pressed} N");
    let now = yard.world.now();
    yard.world.twin_mut().disturb(Disturbance::Bridge { height_mm: 60.0, seconds: 3.0 }, now);
    // Lifting takes 0.6 s; both lifting and lowering are motions of the person's own.
    for millis in [0, 3600] {
        yard.checker.moves(now.after(Micros::from_millis(millis)));
    }
    for _ in 0..2500 {
        yard.step();
        for (height, before) in heights(&yard).into_iter().zip(before) {
            assert!(height < before + 15.0, "{height} mm after {before} mm: it runs after them");
        }
    }
    yard.run(10.0);
    assert!(yard.force_n() > 0.8 * pressed, "resumed: {} N", yard.force_n());
    yard.is_clean();
}

#[test]
fn a_lost_supply_takes_the_power_and_the_person_is_free_within_two_seconds() {
    for name in BEDS {
        let mut yard = Yard::under_load(name, true, 40);
        yard.world.twin_mut().faults_mut().supply_lost = true;
        yard.breaks();
        yard.stops_now();
        let by = yard.world.now().after(Micros::from_millis(100));
        yard.checker.powers_off(by);
        yard.run(6.0);
        yard.is_clean();
        assert!(yard.force_n() < 10.0, "{name}");
        // Once off, it stays off, even when the supply is back.
        yard.world.twin_mut().faults_mut().supply_lost = false;
        yard.run(5.0);
        assert!(!yard.world.outputs().power, "{name}");
        yard.is_clean();
    }
}

#[test]
fn a_clock_that_jumps_or_runs_back_ends_the_session() {
    for jump_us in [30_000, 500_000, 3_600_000_000, -4_000, -30_000, -5_000_000] {
        let mut yard = Yard::under_load("reference", true, 60);
        yard.world.sabotage_mut().clock_off_us = jump_us;
        yard.breaks();
        yard.stops_now();
        yard.run(5.0);
        yard.is_clean();
        assert!(yard.faults().contains(&Fault::CycleTime), "{jump_us}: {:?}", yard.faults());
        assert!(yard.force_n() < 10.0, "{jump_us}: {} N", yard.force_n());
    }
}

#[test]
fn every_bed_gives_a_stroke_and_lets_go_when_asked() {
    for name in BEDS {
        let mut yard = Yard::under_load(name, true, 40);
        yard.run(20.0);
        assert_eq!(yard.faults(), [], "{name}");
        yard.ask(Ask::Stop);
        yard.stops_now();
        yard.run(15.0);
        yard.is_clean();
        let park = f64::from(yard.world.twin().bed().carriages[0].park_mm);
        let place = yard.world.twin().truth().carriage_mm[0];
        assert!((place - park).abs() < 3.0, "{name}: parked at {place} mm");
    }
}

#[test]
fn a_single_spurious_sample_of_any_sensor_disturbs_no_session() {
    let calm = Yard::under_load("reference", true, 40);
    for spike in 0..6 {
        let mut yard = calm.branch();
        let faults = yard.world.twin_mut().faults_mut();
        match spike {
            0 => faults.force[0] = SensorFault::Spike(200.0),
            1 => faults.force[1] = SensorFault::Spike(-100.0),
            2 => faults.thrust[0] = SensorFault::Spike(250.0),
            3 => faults.height[0] = SensorFault::Spike(20.0),
            4 => faults.position[0] = SensorFault::Spike(100.0),
            _ => faults.surface[0] = SensorFault::Spike(30.0),
        }
        yard.run(5.0);
        yard.is_clean();
        assert_eq!(yard.faults(), [], "spike {spike}");
        assert!(yard.force_n() > 20.0, "spike {spike}: {} N", yard.force_n());
        assert!(!yard.events.iter().any(|(_, event)| matches!(event, Event::State { .. })), "spike {spike}");
    }
}

#[test]
fn every_hazard_names_limits_faults_classes_and_tests_that_exist() {
    let read = |file: &str| {
        let path = format!("{}/../../safety/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path)
            .expect("a table of this house")
            .parse::<toml::Table>()
            .expect("good TOML")
    };
    let (hazards, limits) = (read("hazards.toml"), read("limits.toml"));
    let words = |row: &toml::Value, key: &str| -> Vec<String> {
        let list = row[key].as_array().expect("a list");
        list.iter().map(|word| word.as_str().expect("a word").to_owned()).collect()
    };
    let limits: Vec<_> =
        limits["limit"].as_array().expect("rows").iter().map(|row| row["key"].as_str()).collect();
    let faults: Vec<_> = Fault::ALL.iter().map(|fault| format!("{fault:?}")).collect();
    let rows = hazards["hazard"].as_array().expect("rows");
    assert!(rows.len() >= 8);
    for row in rows {
        let known = |limit: &String| limits.contains(&Some(limit.as_str()));
        assert!(words(row, "limits").iter().all(known), "{row}");
        assert!(words(row, "faults").iter().all(|fault| faults.contains(fault)), "{row}");
        for test in words(row, "tests") {
            let exists = match test.strip_prefix("class ") {
                Some(key) => sim::faults::Class::named(key).is_some(),
                None => {
                    let files = [include_str!("accidents.rs"), include_str!("release.rs")];
                    files.iter().any(|file| file.contains(&format!("fn {test}()")))
                }
            };
            assert!(exists, "{test}");
        }
    }
}
