//! How long a person is pressed after a stop, from the largest force that a place allows: a plant without
//! machine, so that the table of limits is judged and not what holds it.

use bed::limits::{FORCE_CEILING_N, FORCE_OF_WEIGHT, force_of_weight_at};
use counts::{AxisTarget, MicrometresPerSecond, Micros, Targets};
use twin::{Person, Surroundings, Twin};

const CYCLE: Micros = Micros::from_millis(2);
/// From the edge of a stop to the first cycle in which the lifts are told down, s: the switch settles.
const TOLD_S: f64 = 0.022;
/// Force of one head that counts as released, N. Source: definition of a stop among the measures.
const FREE_N: f64 = 10.0;

fn step(twin: &mut Twin, lifts_mm_s: [f64; 2]) {
    let mut targets = Targets { power: true, ..Targets::default() };
    targets.carriages[0] = AxisTarget::Velocity(MicrometresPerSecond::ZERO);
    for (target, speed) in targets.lifts.iter_mut().zip(lifts_mm_s) {
        *target = AxisTarget::Velocity(MicrometresPerSecond::new((speed * 1000.0) as i32));
    }
    twin.step(&targets, CYCLE);
}

/// Presses with `force_n` of both heads for four seconds, then lowers both at full speed: how long a head
/// went on pressing, s.
fn release_s(mut twin: Twin, x_mm: f64, force_n: f64) -> f64 {
    twin.place(0, x_mm, [0.0, 0.0]);
    let mut reference_n = 0.0_f64;
    for _ in 0..3000 {
        reference_n = (reference_n + 0.04).min(0.5 * force_n);
        let truth = twin.truth();
        let up = [0, 1].map(|head| 6.0 * (reference_n - truth.head_force_n[head]));
        step(&mut twin, up.map(|speed| speed.clamp(-30.0, 30.0)));
    }
    let down = f64::from(twin.bed().lift.speed_down_mm_s);
    let mut pressed_s = 0.0;
    for cycle in 1..=500 {
        step(&mut twin, [-down; 2]);
        let truth = twin.truth();
        if truth.head_force_n[0].max(truth.head_force_n[1]) >= FREE_N {
            pressed_s = f64::from(cycle) * 0.002;
        }
    }
    TOLD_S + pressed_s
}

/// Seconds that the measures allow up to 100 N.
fn allowed_s(force_n: f64) -> f64 {
    0.5 + 0.2 * ((force_n - 60.0) / 40.0).max(0.0)
}

/// The longest release of drawn people over what is allowed, by a rule for the share of the weight at a place.
fn worst(share_at: impl Fn(f32) -> f32) -> f64 {
    let bed: bed::BedConfig =
        toml::from_str(include_str!("../../../beds/reference.toml")).expect("a bed file");
    let mut worst = 0.0_f64;
    for number in 0..24 {
        let person = Person::draw(number + 10_000);
        let weight_n = person.basics.mass_kg * 9.80665;
        let twin = Twin::new(&bed, &person, &Surroundings::draw(number));
        for x_mm in [700.0, 880.0, 900.0, 920.0, 940.0, 1000.0, 1100.0] {
            let share = f64::from(share_at(x_mm as f32 - bed.neck_line_mm));
            let force_n = (share * weight_n).min(f64::from(FORCE_CEILING_N));
            worst = worst.max(release_s(twin.clone(), x_mm, force_n) / allowed_s(force_n));
        }
    }
    worst
}

#[test]
fn from_the_largest_force_of_any_place_everybody_is_released_in_time() {
    let worst = worst(force_of_weight_at);
    assert!(worst < 0.9, "{:.0} % of the time that a stop may take", 100.0 * worst);
}

#[test]
fn with_one_share_of_the_weight_everywhere_the_pelvis_would_be_released_too_late() {
    let worst = worst(|_| FORCE_OF_WEIGHT);
    assert!(worst > 1.1, "{:.0} % of the time that a stop may take", 100.0 * worst);
}
