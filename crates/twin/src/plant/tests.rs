//! Bed and body together.

use bed::BedConfig;
use counts::{DeciWatts, MicrometresPerSecond};

use super::*;
use crate::body::Variation;
use crate::faults::SensorFault;
use crate::reference_bed;
use crate::trunk::GRAVITY_MM_S2;

const CYCLE: Micros = Micros::from_millis(2);

fn quiet() -> Surroundings {
    Surroundings { breathes: false, ..Surroundings::default() }
}

fn speed(mm_s: f64) -> AxisTarget {
    AxisTarget::Velocity(MicrometresPerSecond::new((mm_s * 1000.0) as i32))
}

/// Powered, everything standing still.
fn still() -> Targets {
    let mut targets = Targets { power: true, ..Targets::default() };
    targets.carriages = [speed(0.0); CARRIAGES_MAX];
    targets.lifts = [speed(0.0); HEADS_MAX];
    targets
}

fn run(twin: &mut Twin, targets: &Targets, ms: u64) -> Readings {
    let mut readings = *twin.readings();
    for _ in 0..ms / 2 {
        readings = *twin.step(targets, CYCLE);
    }
    readings
}

/// A twin pressed at a level until each head carries about `force_n`, then held.
fn pressed(person: &Person, level: usize, force_n: f64) -> Twin {
    let mut twin = Twin::new(&reference_bed(), person, &quiet());
    let x = T1_MM + twin.person().levels[level].centre_mm[0];
    twin.place(0, x, [0.0; 2]);
    let mut targets = still();
    targets.lifts = [speed(5.0); HEADS_MAX];
    for _ in 0..10_000 {
        twin.step(&targets, CYCLE);
        let truth = twin.truth();
        for head in 0..2 {
            targets.lifts[head] = speed(if truth.head_force_n[head] < force_n { 5.0 } else { 0.0 });
        }
        if truth.head_force_n[0] >= force_n && truth.head_force_n[1] >= force_n {
            break;
        }
    }
    twin
}

fn corner_sum(readings: &Readings) -> f64 {
    readings.corners.iter().flatten().map(|sample| f64::from(sample.value.raw()) * 0.1).sum()
}

#[test]
fn the_corner_cells_carry_the_whole_person() {
    let person = Person::draw(1);
    let mut twin = Twin::new(&reference_bed(), &person, &quiet());
    let readings = run(&mut twin, &still(), 200);
    let weight = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
    assert!((corner_sum(&readings) / weight - 1.0).abs() < 0.02, "{} {weight}", corner_sum(&readings));
}

#[test]
fn a_press_is_the_tissues_law_at_its_indentation() {
    let mut person = Person::draw(1);
    person.law.relaxing = 0.0;
    let mut twin = pressed(&person, 9, 25.0);
    run(&mut twin, &still(), 400);
    let truth = twin.truth();
    for head in 0..2 {
        let x = truth.head_x_from_t1_mm[head];
        let (spot, _) = twin.model.profile.at(x, head);
        let site = Site { stiffness_n_mm: spot.stiffness_n_mm * spot.tense, thickness_mm: spot.thickness_mm };
        let (force, _) = person.law.elastic(&site, truth.indentation_mm[head]);
        assert!((force - truth.head_force_n[head]).abs() < 0.02 * force, "{force} {truth:?}");
    }
}

#[test]
fn a_held_press_relaxes_and_a_strong_one_lifts_the_trunk() {
    let person = Person::draw(1);
    let mut twin = pressed(&person, 14, 30.0);
    let before = twin.truth().head_force_n[0];
    run(&mut twin, &still(), 20_000);
    let after = twin.truth().head_force_n[0];
    assert!(after < 0.95 * before && after > 0.7 * before, "{before} {after}");
    let (light, strong) = (pressed(&person, 14, 20.0).truth(), pressed(&person, 14, 70.0).truth());
    assert!(strong.trunk_lift_mm[0] > 3.0 * light.trunk_lift_mm[0]);
    assert!(light.trunk_lift_mm[0] > 0.5);
}

#[test]
fn the_corner_cells_tell_where_the_weight_lies_across_the_bed() {
    let mut asides = Vec::new();
    for seed in 0..12 {
        let person = Person::draw(seed);
        let lying = Surroundings { offset_y_mm: 8.0, ..quiet() };
        let mut twin = Twin::new(&reference_bed(), &person, &lying);
        let (mut leaning, mut weight) = (0.0, 0.0);
        for _ in 0..250 {
            let forces = twin.step(&still(), CYCLE).corners;
            let force =
                |corner: usize| forces[corner].map_or(0.0, |sample| f64::from(sample.value.raw()) * 0.1);
            leaning += force(0) + force(2) - force(1) - force(3);
            weight += force(0) + force(1) + force(2) + force(3);
        }
        let y_mm = 350.0 * leaning / weight;
        assert!((y_mm - 8.0 - person.weight_aside_mm).abs() < 1.0, "{y_mm} {}", person.weight_aside_mm);
        asides.push(person.weight_aside_mm);
    }
    let spread = (asides.iter().map(|aside| aside * aside).sum::<f64>() / 12.0).sqrt();
    assert!((2.5..8.0).contains(&spread), "{asides:?}");
}

/// The same person seen in a mirror.
fn mirrored(person: &Person) -> Person {
    let mut mirrored = person.clone();
    for level in &mut mirrored.levels {
        level.centre_mm[1] = -level.centre_mm[1];
        level.thickness_mm.swap(0, 1);
        level.stiffness_n_mm.swap(0, 1);
    }
    for site in &mut mirrored.tense {
        site.side = if site.side == Side::Left { Side::Right } else { Side::Left };
    }
    mirrored.landmarks.sacrum.swap(0, 1);
    mirrored.weight_aside_mm = -mirrored.weight_aside_mm;
    mirrored
}

#[test]
fn swapping_left_and_right_swaps_the_heads() {
    let person = Person::draw_with(5, &Variation { tense_sites: Some(2), ..Variation::default() });
    let run_of = |person: &Person, y: f64| {
        let surroundings = Surroundings { offset_y_mm: y, ..Surroundings::default() };
        let mut twin = Twin::new(&reference_bed(), person, &surroundings);
        twin.place(0, 640.0, [22.0; 2]);
        let mut targets = still();
        targets.carriages[0] = speed(20.0);
        (0..1500)
            .map(|_| {
                twin.step(&targets, CYCLE);
                twin.truth().head_force_n
            })
            .collect::<Vec<_>>()
    };
    let (one, other) = (run_of(&person, 4.0), run_of(&mirrored(&person), -4.0));
    assert!(one.iter().any(|force| force[0] > 3.0));
    for (a, b) in one.iter().zip(&other) {
        assert!((a[0] - b[1]).abs() < 1e-9 && (a[1] - b[0]).abs() < 1e-9, "{a:?} {b:?}");
    }
}

#[test]
fn halving_the_step_changes_forces_by_less_than_a_twentieth_of_a_newton() {
    let person = Person::draw(2);
    let forces = |dt: Micros| {
        let mut twin = Twin::new(&reference_bed(), &person, &Surroundings::default());
        twin.place(0, 650.0, [28.0; 2]);
        let mut targets = still();
        targets.carriages[0] = speed(20.0);
        let steps = 2000 / dt.raw();
        let mut seen = Vec::new();
        for _ in 0..2500 {
            for _ in 0..steps {
                twin.step(&targets, dt);
            }
            seen.push(twin.truth().head_force_n[0]);
        }
        seen
    };
    // The breath's depth is drawn once a breath, so both runs breathe alike.
    let (coarse, fine) = (forces(CYCLE), forces(Micros::new(1000)));
    let mean = coarse.iter().sum::<f64>() / 2500.0;
    let square: f64 = coarse.iter().zip(&fine).skip(500).map(|(a, b)| (a - b) * (a - b)).sum();
    let rms = (square / 2000.0).sqrt();
    assert!(mean > 2.0 && rms < 0.05, "mean {mean}, difference {rms}");
}

#[test]
fn the_same_inputs_give_the_same_readings_and_a_clone_is_a_checkpoint() {
    let person = Person::draw(3);
    let mut one = Twin::new(&reference_bed(), &person, &Surroundings::draw(9));
    let mut other = Twin::new(&reference_bed(), &person, &Surroundings::draw(9));
    one.place(0, 700.0, [25.0; 2]);
    other.place(0, 700.0, [25.0; 2]);
    for _ in 0..500 {
        assert_eq!(one.step(&still(), CYCLE), other.step(&still(), CYCLE));
    }
    let mut copy = one.clone();
    for _ in 0..500 {
        assert_eq!(one.step(&still(), CYCLE), copy.step(&still(), CYCLE));
    }
}

#[test]
fn breathing_is_felt_where_the_ribs_move() {
    let person = Person::draw(4);
    let mut twin = Twin::new(&reference_bed(), &person, &Surroundings::default());
    let x = person.levels[9].centre_mm[0];
    twin.place(0, T1_MM + x, [twin.skin_mm(x, Side::Left) + 12.0; 2]);
    let (mut low, mut high) = (f64::MAX, f64::MIN);
    run(&mut twin, &still(), 3000);
    for _ in 0..6000 {
        twin.step(&still(), CYCLE);
        let force = twin.truth().head_force_n[0];
        (low, high) = (low.min(force), high.max(force));
    }
    assert!(high - low > 0.5 && high - low < 30.0, "{low} {high}");
}

#[test]
fn bridging_takes_the_loin_off_the_rollers_and_it_comes_back() {
    let person = Person::draw(1);
    let mut twin = pressed(&person, 15, 15.0);
    let before = twin.truth().head_force_n[0];
    let at = twin.now();
    twin.disturb(Disturbance::Bridge { height_mm: 60.0, seconds: 1.0 }, at);
    run(&mut twin, &still(), 1200);
    assert!(twin.truth().head_force_n[0] < 0.01, "{:?}", twin.truth());
    let lifted = corner_sum(twin.readings());
    run(&mut twin, &still(), 6000);
    let after = twin.truth().head_force_n[0];
    assert!((after - before).abs() < 0.4 * before, "{before} {after}");
    let weight = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
    assert!((lifted / weight - 1.0).abs() < 0.15, "feet and shoulders carry it: {lifted} {weight}");
}

#[test]
fn who_gets_up_leaves_empty_corners_and_no_contact() {
    let person = Person::draw(1);
    let mut twin = pressed(&person, 9, 15.0);
    let at = twin.now();
    twin.disturb(Disturbance::GetUp, at);
    let readings = run(&mut twin, &still(), 5000);
    assert!(corner_sum(&readings) < 30.0, "{}", corner_sum(&readings));
    assert!(twin.truth().head_force_n.iter().all(|force| *force < 1e-9));
    let at = twin.now();
    twin.disturb(Disturbance::LieDown, at);
    let readings = run(&mut twin, &still(), 6000);
    let weight = person.basics.mass_kg * GRAVITY_MM_S2 * 1e-3;
    assert!((corner_sum(&readings) / weight - 1.0).abs() < 0.05, "{}", corner_sum(&readings));
}

#[test]
fn coughing_and_shifting_move_the_person_as_told() {
    let mut twin = pressed(&Person::draw(1), 9, 20.0);
    let steady = twin.truth().head_force_n[0];
    let at = twin.now();
    twin.disturb(Disturbance::Cough { times: 2 }, at);
    let mut most = 0.0_f64;
    for _ in 0..400 {
        twin.step(&still(), CYCLE);
        most = most.max((twin.truth().head_force_n[0] - steady).abs());
    }
    assert!(most > 2.0 && most < 120.0, "{most}");
    let (place, at) = (twin.truth_centres()[0].1, twin.now());
    twin.disturb(Disturbance::Shift { x_mm: 12.0, y_mm: -3.0, seconds: 1.0 }, at);
    run(&mut twin, &still(), 2000);
    let moved = twin.truth_centres()[0].1;
    assert!((moved[0] - place[0] - 12.0).abs() < 1e-9 && (moved[1] - place[1] + 3.0).abs() < 1e-9);
}

#[test]
fn switches_are_read_while_they_are_pressed() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    let at = twin.now();
    twin.disturb(Disturbance::PressHandSwitch, at);
    twin.disturb(Disturbance::EmergencyStop { pressed: true }, at.after(Micros::from_millis(100)));
    let pressed = run(&mut twin, &still(), 50);
    assert!(pressed.hand_switch.is_some_and(|s| s.value) && pressed.emergency_stop.is_some_and(|s| !s.value));
    let later = run(&mut twin, &still(), 600);
    assert!(later.hand_switch.is_some_and(|s| !s.value) && later.emergency_stop.is_some_and(|s| s.value));
}

#[test]
fn without_power_lifts_sink_and_heaters_are_off() {
    let mut twin = pressed(&Person::draw(1), 9, 30.0);
    twin.faults_mut().supply_lost = true;
    let mut targets = still();
    targets.heaters = [DeciWatts::new(600); HEATERS_MAX];
    let readings = run(&mut twin, &targets, 2000);
    assert!(twin.truth().head_force_n.iter().all(|force| *force < 1e-9));
    assert!(readings.supply.is_some_and(|s| s.value.raw() < 1000));
    assert!((twin.heat().element_c(0) - 23.0).abs() < 1.0, "{}", twin.heat().element_c(0));
}

#[test]
fn a_jammed_lift_stays_and_its_partner_sinks() {
    let mut twin = pressed(&Person::draw(1), 9, 30.0);
    let height = twin.truth().height_mm;
    twin.faults_mut().lift_stuck[0] = true;
    run(&mut twin, &Targets::default(), 1500);
    let after = twin.truth();
    assert!((after.height_mm[0] - height[0]).abs() < 1e-9 && after.height_mm[1] < height[1] - 10.0);
    assert!(after.head_force_n[0] > 5.0 && after.head_force_n[1] < 1e-9);
}

#[test]
fn a_silent_drive_goes_on_and_its_readings_age() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    let mut targets = still();
    targets.carriages[0] = speed(-30.0);
    run(&mut twin, &targets, 400);
    twin.faults_mut().carriage_silent[0] = true;
    let place = twin.truth().carriage_mm[0];
    let readings = run(&mut twin, &still(), 1000);
    assert!(twin.truth().carriage_mm[0] < place - 25.0);
    let age = readings.carriages[0].position.and_then(|s| s.age(twin.now()));
    assert!(age.is_some_and(|age| age.raw() == 1_000_000), "{age:?}");
}

#[test]
fn faulty_sensors_say_what_their_fault_says() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    let newtons = |r: &Readings| r.heads[0].force.map_or(0.0, |s| f64::from(s.value.raw()) * 0.1);
    let before = run(&mut twin, &still(), 100);
    twin.faults_mut().force[0] = SensorFault::Spike(80.0);
    let spike = *twin.step(&still(), CYCLE);
    let after = *twin.step(&still(), CYCLE);
    assert!(newtons(&spike) - newtons(&before) > 70.0 && (newtons(&after) - newtons(&before)).abs() < 5.0);
    twin.faults_mut().force[0] = SensorFault::Offset(-40.0);
    assert!(newtons(twin.step(&still(), CYCLE)) < newtons(&before) - 30.0);
    twin.faults_mut().force[0] = SensorFault::Quiet;
    let quiet = run(&mut twin, &still(), 50);
    assert!(quiet.heads[0].force.is_some_and(|s| s.taken < twin.now()));
    assert!(quiet.heads[1].force.is_some_and(|s| s.taken == twin.now()));
}

#[test]
fn sensors_keep_their_stated_noise() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    let (mut sum, mut square, mut thrust) = (0.0, 0.0, 0.0);
    run(&mut twin, &still(), 400);
    let n = 60_000;
    for _ in 0..n {
        let readings = twin.step(&still(), CYCLE);
        let force = readings.heads[0].force.map_or(0.0, |s| f64::from(s.value.raw()) * 0.1);
        let pushed = readings.heads[0].thrust.map_or(0.0, |s| f64::from(s.value.raw()) * 0.1);
        sum += force;
        square += force * force;
        thrust += pushed * pushed;
    }
    let mean = sum / f64::from(n);
    let sd = (square / f64::from(n) - mean * mean).sqrt();
    let thrust = (thrust / f64::from(n)).sqrt();
    assert!((0.25..0.4).contains(&sd), "{sd}");
    assert!((20.0..30.0).contains(&thrust), "{thrust}");
}

#[test]
fn slow_sensors_come_fifty_times_a_second() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    let mut stamps = Vec::new();
    for _ in 0..500 {
        let readings = twin.step(&still(), CYCLE);
        stamps.extend(readings.corners[0].map(|s| s.taken.micros()));
    }
    stamps.dedup();
    assert!((49..=51).contains(&stamps.len()), "{}", stamps.len());
}

#[test]
fn softening_only_happens_where_it_is_asked_for() {
    let person = Person::draw_with(5, &Variation { tense_sites: Some(1), ..Variation::default() });
    let site = person.tense[0];
    let side = usize::from(site.side == Side::Right);
    for softening in [false, true] {
        let surroundings = Surroundings { softening, ..quiet() };
        let mut twin = Twin::new(&reference_bed(), &person, &surroundings);
        let ratio = |twin: &Twin| {
            let rows = twin.truth_tension();
            rows.iter().find(|row| row.0 == site.level && row.1 == site.side).map_or(0.0, |row| row.2)
        };
        let before = ratio(&twin);
        let x = twin.person().levels.iter().find(|l| l.level == site.level).map_or(0.0, |l| l.centre_mm[0]);
        let mut heights = [5.0; 2];
        heights[side] = 40.0;
        twin.place(0, T1_MM + x, heights);
        run(&mut twin, &still(), 120_000);
        let after = ratio(&twin);
        assert_eq!(softening, after < before - 0.01, "{before} {after}");
    }
}

fn bed_of(text: &str) -> BedConfig {
    toml::from_str(text).expect("a shipped bed is well formed")
}

#[test]
fn a_coupled_lift_moves_both_heads_and_says_so_for_both() {
    let bed = bed_of(include_str!("../../../../beds/coupled.toml"));
    let mut twin = Twin::new(&bed, &Person::draw(1), &quiet());
    twin.place(0, 700.0, [0.0; 2]);
    let mut targets = still();
    targets.lifts[0] = speed(10.0);
    let readings = run(&mut twin, &targets, 2500);
    let truth = twin.truth();
    assert!((truth.height_mm[0] - truth.height_mm[1]).abs() < 1e-12 && truth.height_mm[0] > 15.0);
    assert_eq!(readings.heads[0].height, readings.heads[1].height);
    assert_eq!(readings.heads[0].thrust, readings.heads[1].thrust);
    assert!(readings.heads[0].force.is_none(), "it has no load cells");
}

#[test]
fn two_carriages_press_at_two_places() {
    let bed = bed_of(include_str!("../../../../beds/two-carriages.toml"));
    let mut twin = Twin::new(&bed, &Person::draw(1), &quiet());
    let place =
        |carriage: usize| f64::from(0.5 * (bed.carriages[carriage].from_mm + bed.carriages[carriage].to_mm));
    for carriage in 0..2 {
        let height = twin.skin_mm(place(carriage) - T1_MM, Side::Left) + 12.0;
        twin.place(carriage, place(carriage), [height; 2]);
    }
    let readings = run(&mut twin, &still(), 500);
    assert!(readings.heads.iter().all(|head| head.height.is_some()));
    assert!(readings.carriages.iter().all(|carriage| carriage.position.is_some()));
    assert!(twin.truth().force_n(0) > 0.5 && twin.truth().force_n(1) > 0.5);
}

#[test]
fn a_span_beyond_the_steps_range_is_held_to_it() {
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &quiet());
    twin.step(&still(), Micros::from_seconds(1_000_000));
    assert_eq!(twin.now().micros(), 4000);
    twin.step(&still(), Micros::ZERO);
    assert_eq!(twin.now().micros(), 4500);
}

#[test]
fn a_bed_that_waits_for_its_person_is_empty() {
    let surroundings = Surroundings { starts_lying: false, ..quiet() };
    let mut twin = Twin::new(&reference_bed(), &Person::draw(1), &surroundings);
    let readings = run(&mut twin, &still(), 2000);
    assert!(corner_sum(&readings) < 10.0, "{}", corner_sum(&readings));
    assert!(twin.truth().lying.abs() < 1e-12 && twin.truth().indentation_mm[0] < -100.0);
}

#[test]
fn whatever_it_is_told_the_twin_stays_finite_and_within_its_stops() {
    for seed in 0..12 {
        let mut rng = stream(seed, 77);
        let mut twin = Twin::new(&reference_bed(), &Person::draw(seed), &Surroundings::draw(seed));
        twin.place(0, 500.0 + 40.0 * seed as f64, [10.0; 2]);
        let mut targets = still();
        for block in 0..60_u64 {
            for head in 0..2 {
                targets.lifts[head] = speed(uniform(&mut rng, -90.0, 90.0));
            }
            targets.carriages[0] = speed(uniform(&mut rng, -150.0, 150.0));
            targets.power = uniform(&mut rng, 0.0, 1.0) < 0.9;
            let what = match block % 6 {
                0 => Disturbance::Cough { times: 3 },
                1 => Disturbance::Bridge { height_mm: 90.0, seconds: 0.2 },
                2 => Disturbance::Shift { x_mm: uniform(&mut rng, -30.0, 30.0), y_mm: 2.0, seconds: 0.0 },
                3 => Disturbance::GetUp,
                4 => Disturbance::LieDown,
                _ => Disturbance::Talk { seconds: 1.0 },
            };
            let at = twin.now();
            twin.disturb(what, at);
            for _ in 0..250 {
                twin.step(&targets, CYCLE);
                let truth = twin.truth();
                for head in 0..2 {
                    assert!((0.0..2000.0).contains(&truth.head_force_n[head]), "{seed} {block} {truth:?}");
                    assert!((0.0..=100.0).contains(&truth.height_mm[head]));
                }
                assert!(twin.motion().u_mm.iter().all(|u| u.abs() < 1000.0), "{seed} {block}");
            }
        }
    }
}
