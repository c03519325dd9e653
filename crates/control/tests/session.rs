//! Whole sessions of control alone: every state, every request, lapses, switches, scans and strokes.

mod bench;
mod plant;

use bed::{Action, Ask, Event, Request, ScanPass, SessionState, Stroke};
use bench::{Bench, admission, glide, pass};
use control::Permission;
use counts::*;
use plant::Body;

fn up(target: AxisTarget) -> bool {
    matches!(target, AxisTarget::Velocity(velocity) if velocity.raw() > 0)
}

fn presses(targets: &Targets) -> bool {
    targets.lifts.iter().any(|lift| up(*lift))
}

fn warms(targets: &Targets) -> bool {
    targets.heaters.iter().any(|power| power.raw() > 0)
}

fn armed(name: &str) -> Bench {
    let mut bench = Bench::new(name, Body::default());
    bench.arm();
    bench
}

/// A bench in this state, reached as a person would.
fn in_state(state: SessionState) -> Bench {
    let mut bench = Bench::new("reference", Body::default());
    match state {
        SessionState::Homing => return bench,
        SessionState::Idle => bench.run(15_000, |_| {}),
        SessionState::AwaitingPerson => {
            bench.plant.body = None;
            bench.run(15_000, |_| {});
            bench.ask(Ask::Begin(admission()));
            bench.run(3_000, |_| {});
        }
        SessionState::AwaitingSwitch => {
            bench.run(15_000, |_| {});
            bench.ask(Ask::Begin(admission()));
            bench.run(4_000, |_| {});
        }
        SessionState::Armed => bench.arm(),
        SessionState::Scanning => {
            bench.arm();
            bench.ask(Ask::Scan(pass()));
            bench.run(12_000, |_| {});
        }
        SessionState::Treating => {
            bench.arm();
            bench.ask(Ask::Treat { now: Stroke { duration: Millis::new(80_000), ..glide(1) }, next: None });
            bench.run(12_000, |_| {});
        }
        SessionState::Releasing => {
            bench.arm();
            bench.ask(Ask::Treat { now: glide(1), next: None });
            bench.run(12_000, |_| {});
            bench.ask(Ask::Finish);
            bench.run(100, |_| {});
        }
        SessionState::Safe => {
            bench.arm();
            bench.permission = Permission::Release;
            bench.run(100, |_| {});
            bench.permission = Permission::Granted;
        }
    }
    assert_eq!(bench.control.state(), state);
    bench
}

#[test]
fn every_request_in_every_state_leads_where_the_table_says_and_never_presses_unarmed() {
    let asks = [
        Ask::Begin(admission()),
        Ask::Rest,
        Ask::Scan(pass()),
        Ask::Treat { now: glide(9), next: None },
        Ask::Finish,
        Ask::Stop,
    ];
    for state in control::session::STATES {
        for ask in asks {
            let mut bench = in_state(state);
            bench.ask(ask);
            bench.request.as_mut().expect("asked").surfaces[0] = Some(DeciCelsius::new(400));
            bench.run(30_000, |seen| {
                if !control::session::is_armed(seen.state) {
                    assert!(!presses(seen.targets), "{state:?} {ask:?} presses in {:?}", seen.state);
                    assert!(!warms(seen.targets), "{state:?} {ask:?} warms in {:?}", seen.state);
                }
            });
            let end = bench.control.state();
            match (state, ask) {
                (_, Ask::Stop) | (SessionState::Safe, _) => assert_eq!(end, SessionState::Safe),
                (_, Ask::Finish) => assert_eq!(end, SessionState::Idle, "{state:?}"),
                (SessionState::Scanning | SessionState::Treating, Ask::Rest) => {
                    assert_eq!(end, SessionState::Armed);
                }
                _ => assert_ne!(end, SessionState::Safe, "{state:?} {ask:?}"),
            }
            if !control::session::is_armed(end) {
                assert!(bench.plant.forces_n.iter().all(|force| *force < 0.1), "{state:?} {ask:?}");
            }
        }
    }
}

#[test]
fn a_scan_pass_covers_its_way_out_and_back_at_its_two_forces() {
    let mut bench = armed("reference");
    bench.ask(Ask::Scan(pass()));
    let (mut least, mut most) = (f64::MAX, f64::MIN);
    let (mut turned, mut wrong, mut seen_cycles) = (false, 0_u32, 0_u32);
    bench.run(70_000, |seen| {
        turned |= seen.events.contains(&Event::ScanTurned);
        let x = seen.plant.carriages_mm[0];
        if seen.plant.forces_n[0] > 5.0 {
            least = least.min(x);
            most = most.max(x);
        }
        if (570.0..1000.0).contains(&x) && seen.plant.forces_n[0] > 5.0 {
            // Over the pelvis half of the share of 750 N is left, and 6.5 N below it stay free.
            let share = 0.12 - 0.06 * ((x - 880.0) / 60.0).clamp(0.0, 1.0);
            let asked = if turned { f64::min(20.0, 0.5 * (750.0 * share - 6.5)) } else { 10.0 };
            seen_cycles += 1;
            wrong += u32::from((seen.plant.forces_n[0] - asked).abs() > 1.5);
        }
    });
    assert!(least < 451.0 && most > 1049.0, "{least}..{most}");
    assert_eq!(bench.count(|event| *event == Event::ScanTurned), 1);
    assert_eq!(bench.count(|event| *event == Event::ScanDone), 1);
    assert_eq!(bench.control.state(), SessionState::Armed);
    assert!(seen_cycles > 10_000 && wrong * 100 < seen_cycles, "{wrong} of {seen_cycles}");
    assert_eq!(bench.count(|event| matches!(event, Event::Landed { .. })), 2);
    assert_eq!(bench.count(|event| matches!(event, Event::LiftedOff { .. })), 2);
}

#[test]
fn a_scan_turns_where_the_body_ends_before_its_goal() {
    let mut bench = armed("reference");
    // The body's skin rises out of reach footward: a curve higher than the stroke of the lift.
    bench.plant.body = Some(Body { curve_mm: 90.0, ..Body::default() });
    bench.ask(Ask::Scan(ScanPass {
        from: Micrometres::new(1_005_000),
        to: Micrometres::new(1_200_000),
        ..pass()
    }));
    bench.run(60_000, |_| {});
    assert_eq!(bench.count(|event| *event == Event::ScanTurned), 1, "{:?}", bench.events);
    assert_eq!(bench.count(|event| *event == Event::ScanDone), 1);
}

#[test]
fn a_scan_that_begins_out_of_reach_lands_farther_on() {
    let mut bench = armed("reference");
    // Out of reach until 1375 mm / 500 mm of the curve's turn have passed.
    bench.plant.body = Some(Body { curve_mm: 90.0, ..Body::default() });
    bench.ask(Ask::Scan(ScanPass {
        from: Micrometres::new(610_000),
        to: Micrometres::new(740_000),
        ..pass()
    }));
    bench.run(90_000, |_| {});
    assert_eq!(bench.count(|event| *event == Event::ScanTurned), 1, "{:?}", bench.events);
    assert_eq!(bench.count(|event| *event == Event::ScanDone), 1);
    let landed = bench.events.iter().find_map(|(_, event)| match event {
        Event::Landed { at, .. } => Some(at.raw()),
        _ => None,
    });
    assert!(landed.is_some_and(|at| at > 650_000), "{landed:?}");
}

#[test]
fn strokes_follow_each_other_without_waiting_for_the_host() {
    let mut bench = armed("reference");
    let short = |id| Stroke { duration: Millis::new(6000), ..glide(id) };
    bench.ask(Ask::Treat { now: short(1), next: Some(short(2)) });
    bench.run(60_000, |_| {});
    let told: Vec<Event> = bench
        .events
        .iter()
        .map(|(_, event)| *event)
        .filter(|event| matches!(event, Event::StrokeStarted { .. } | Event::StrokeDone { .. }))
        .collect();
    assert_eq!(
        told,
        [
            Event::StrokeStarted { id: 1 },
            Event::StrokeDone { id: 1 },
            Event::StrokeStarted { id: 2 },
            Event::StrokeDone { id: 2 },
        ]
    );
    assert_eq!(bench.control.state(), SessionState::Armed);
    bench.ask(Ask::Treat { now: short(3), next: None });
    bench.run(20_000, |_| {});
    assert_eq!(bench.count(|event| *event == Event::StrokeDone { id: 3 }), 1);
}

#[test]
fn a_stroke_lasts_as_long_as_it_says_from_landing_to_lift_off() {
    let mut bench = armed("reference");
    bench.ask(Ask::Treat { now: Stroke { duration: Millis::new(20_000), ..glide(1) }, next: None });
    bench.run(40_000, |_| {});
    let at = |wanted: fn(&Event) -> bool| {
        bench.events.iter().rfind(|(_, event)| wanted(event)).map(|(at, _)| at.seconds()).expect("happened")
    };
    let lasted = at(|event| matches!(event, Event::LiftedOff { .. }))
        - at(|event| matches!(event, Event::Landed { .. }));
    assert!((lasted - 20.0).abs() < 0.8, "{lasted} s");
}

#[test]
fn a_lapsed_request_unloads_and_a_renewal_within_a_minute_recovers() {
    let mut bench = in_state(SessionState::Treating);
    let held = bench.request.take();
    bench.run(1_500, |_| {});
    assert_eq!(bench.count(|event| matches!(event, Event::RequestLapsed { .. })), 1);
    assert!(bench.plant.forces_n.iter().all(|force| *force < 0.1), "{:?}", bench.plant.forces_n);
    bench.run(20_000, |seen| assert!(!presses(seen.targets) && !warms(seen.targets)));
    bench.request = held;
    bench.run(6_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::Treating);
    assert!(bench.plant.forces_n[0] > 15.0, "{:?}", bench.plant.forces_n);
}

#[test]
fn a_host_silent_for_a_minute_ends_the_session() {
    let mut bench = in_state(SessionState::Treating);
    bench.request = None;
    bench.run(80_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::Idle);
}

#[test]
fn a_second_press_of_the_hand_switch_releases_the_person_within_half_a_second() {
    let mut bench = in_state(SessionState::Treating);
    bench.plant.switch = true;
    bench.run(10, |_| {});
    bench.plant.switch = false;
    bench.run(500, |_| {});
    assert_eq!(bench.control.state(), SessionState::Treating, "a bounce is no press");
    bench.plant.switch = true;
    let pressed = bench.plant.now;
    let mut free = None;
    bench.run(3_000, |seen| {
        if seen.plant.forces_n.iter().all(|force| *force < 10.0) {
            free.get_or_insert(seen.plant.now);
        }
    });
    let span = free.and_then(|free| free.since(pressed)).expect("released");
    assert!(span < Micros::from_millis(500), "{span:?}");
    assert_eq!(bench.control.state(), SessionState::Safe);
}

#[test]
fn a_press_that_starts_nothing_for_half_a_minute_is_needed_anew() {
    let mut bench = armed("reference");
    bench.run(31_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::AwaitingSwitch);
    bench.ask(Ask::Treat { now: glide(1), next: None });
    bench.run(5_000, |seen| assert!(!presses(seen.targets)));
    bench.press_switch();
    bench.run(15_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::Treating);
}

#[test]
fn a_switch_held_down_from_before_does_not_arm() {
    let mut bench = Bench::new("reference", Body::default());
    bench.plant.switch = true;
    bench.run(15_000, |_| {});
    bench.ask(Ask::Begin(admission()));
    bench.run(10_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::AwaitingSwitch);
}

#[test]
fn a_person_who_gets_up_ends_the_session() {
    let mut bench = in_state(SessionState::Treating);
    bench.plant.body = None;
    bench.run(30_000, |_| {});
    assert_eq!(bench.control.state(), SessionState::Idle);
}

#[test]
fn a_silent_force_sensor_lowers_the_head_at_once() {
    let mut bench = in_state(SessionState::Treating);
    bench.plant.silent_force[0] = true;
    bench.run(700, |_| {});
    assert!(bench.plant.forces_n[0] < 1.0, "{:?}", bench.plant.forces_n);
    bench.run(5_000, |_| {});
    assert!(bench.plant.forces_n[0] < 1.0, "{:?}", bench.plant.forces_n);
}

#[test]
fn the_guards_unload_is_followed_and_its_end_recovers() {
    let mut bench = in_state(SessionState::Treating);
    bench.permission = Permission::Unload;
    bench.run(700, |_| {});
    bench.run(3_000, |seen| assert!(!presses(seen.targets) && !warms(seen.targets)));
    assert!(bench.plant.forces_n.iter().all(|force| *force < 0.1));
    bench.permission = Permission::Granted;
    bench.run(6_000, |_| {});
    assert!(bench.plant.forces_n[0] > 15.0, "{:?}", bench.plant.forces_n);
}

#[test]
fn the_weight_is_measured_and_told_once() {
    let bench = in_state(SessionState::Treating);
    let told: Vec<Event> = bench
        .events
        .iter()
        .map(|(_, event)| *event)
        .filter(|event| matches!(event, Event::Occupied { .. }))
        .collect();
    assert_eq!(told.len(), 1);
    let Event::Occupied { weight } = told[0] else { panic!() };
    assert!((weight.raw() - 7500).abs() < 50, "{weight:?}");
}

#[test]
fn force_is_held_to_the_least_of_all_caps_and_told() {
    // Asked for, wish of the person, clearance, weight: what remains, N of both heads.
    type Row = (i16, Option<i16>, Option<i16>, f64, f64);
    let rows: [Row; 6] = [
        (800, None, Some(1000), 750.0, 80.0),
        (1000, None, Some(1000), 750.0, 83.0),
        (800, None, None, 750.0, 60.0),
        (800, Some(300), Some(1000), 750.0, 30.0),
        (800, None, Some(500), 750.0, 43.0),
        (1500, None, Some(2000), 1200.0, 93.0),
    ];
    for (asked, wish, cap, weight_n, granted) in rows {
        let mut bench = Bench::new("reference", Body { weight_n, ..Body::default() });
        bench.run(15_000, |_| {});
        let cap = cap.map(DeciNewtons::new);
        bench.ask(Ask::Begin(bed::request::Admission { force_cap: cap, ..admission() }));
        bench.run(4_000, |_| {});
        bench.press_switch();
        bench.ask(Ask::Treat {
            now: Stroke { force: DeciNewtons::new(asked), to: Micrometres::new(850_000), ..glide(1) },
            next: None,
        });
        bench.request.as_mut().expect("asked").force_cap = wish.map(DeciNewtons::new);
        let mut peak = 0.0_f64;
        bench.run(25_000, |seen| peak = peak.max(seen.plant.forces_n[0] + seen.plant.forces_n[1]));
        assert!((peak - granted).abs() < 0.06 * granted, "{peak} for {granted}");
        let held = bench.count(|event| matches!(event, Event::ForceHeld { .. }));
        assert_eq!(held > 0, granted < f64::from(asked) * 0.1, "{asked} {granted}");
    }
}

#[test]
fn headward_of_the_neck_line_the_force_is_the_necks() {
    let mut bench = armed("reference");
    let stroke = Stroke { from: Micrometres::new(600_000), to: Micrometres::new(420_000), ..glide(1) };
    bench.ask(Ask::Treat { now: stroke, next: None });
    let (mut worst, mut cycles) = (0.0_f64, 0);
    bench.run(45_000, |seen| {
        if seen.plant.carriages_mm[0] < 520.0 {
            worst = worst.max(seen.plant.forces_n[0] + seen.plant.forces_n[1]);
            cycles += 1;
        }
    });
    assert!(cycles > 2_000 && worst < 22.5, "{worst} N in {cycles} cycles");
}

#[test]
fn one_place_is_pressed_for_ninety_seconds_at_most() {
    let mut bench = armed("reference");
    let stroke = Stroke { action: Action::Hold, duration: Millis::new(200_000), ..glide(1) };
    bench.ask(Ask::Treat { now: stroke, next: None });
    let (mut pressed, mut free, mut longest) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut pauses = 0;
    bench.run(240_000, |seen| {
        if seen.plant.forces_n[0] > 10.0 {
            if free >= 5.0 {
                pressed = 0.0;
                pauses += 1;
            }
            free = 0.0;
            pressed += 0.002;
        } else {
            free += 0.002;
        }
        longest = longest.max(pressed);
    });
    assert!(longest < 90.0 && longest > 60.0 && pauses >= 3, "{longest} s, {pauses} times");
}

#[test]
fn rollers_warm_to_their_target_while_they_work_and_stop_with_the_permission() {
    let mut bench = armed("reference");
    bench.ask(Ask::Treat { now: Stroke { duration: Millis::new(600_000), ..glide(1) }, next: None });
    let request = bench.request.as_mut().expect("asked");
    request.surfaces = [Some(DeciCelsius::new(440)); HEATERS_MAX];
    let mut peak = [0.0_f64; 2];
    bench.run(420_000, |seen| {
        peak[0] = peak[0].max(seen.plant.roller_c[0]);
        peak[1] = peak[1].max(seen.plant.roller_c[2]);
    });
    assert!((bench.plant.roller_c[0] - 44.0).abs() < 0.5 && peak[0] < 45.0, "{peak:?}");
    assert!(peak[1] > 40.5 && peak[1] < 42.0, "a mat under its own cap: {peak:?}");
    bench.request = None;
    bench.run(300, |_| {});
    bench.run(5_000, |seen| assert!(!warms(seen.targets)));
}

#[test]
fn without_a_word_on_heat_nothing_warms() {
    let mut bench = Bench::new("reference", Body::default());
    bench.run(15_000, |_| {});
    bench.ask(Ask::Begin(bed::request::Admission::default()));
    bench.run(4_000, |_| {});
    bench.press_switch();
    bench.ask(Ask::Treat { now: glide(1), next: None });
    bench.request.as_mut().expect("asked").surfaces = [Some(DeciCelsius::new(440)); HEATERS_MAX];
    bench.run(20_000, |seen| assert!(!warms(seen.targets)));
    assert_eq!(bench.control.state(), SessionState::Treating);
}

#[test]
fn speeds_stay_within_the_beds_limits() {
    let mut bench = armed("reference");
    let fast = Stroke { speed: MicrometresPerSecond::new(500_000), ..glide(1) };
    bench.ask(Ask::Treat { now: fast, next: Some(Stroke { from: Micrometres::new(360_000), ..glide(2) }) });
    bench.run(90_000, |seen| {
        let AxisTarget::Velocity(carriage) = seen.targets.carriages[0] else { panic!("unpowered") };
        let touching = seen.plant.forces_n.iter().any(|force| *force > 1.0);
        let most = if touching { 60_000 } else { 120_000 };
        assert!(carriage.raw().abs() <= most, "{carriage:?} touching {touching}");
        for head in 0..2 {
            let AxisTarget::Velocity(lift) = seen.targets.lifts[head] else { panic!("unpowered") };
            assert!((-80_000..=60_000).contains(&lift.raw()), "{lift:?}");
        }
    });
    assert_eq!(bench.count(|event| matches!(event, Event::StrokeDone { .. })), 2);
}

#[test]
fn breathing_is_told_with_its_period_and_height() {
    let mut bench = armed("reference");
    bench.ask(Ask::Treat {
        now: Stroke { action: Action::Hold, duration: Millis::new(60_000), ..glide(1) },
        next: None,
    });
    bench.run(70_000, |_| {});
    let told = bench.events.iter().rev().find_map(|(_, event)| match event {
        Event::Breathing { period, amplitude } => Some((period.raw(), amplitude.raw())),
        _ => None,
    });
    let (period, amplitude) = told.expect("a breath");
    assert!((period as i64 - 4000).abs() < 300, "{period} ms");
    assert!((amplitude - 5000).abs() < 800, "{amplitude} um");
}

#[test]
fn a_coupled_lift_without_load_cells_presses_both_heads_alike_and_stays_under_its_ceiling() {
    let mut bench = armed("coupled");
    bench.ask(Ask::Treat { now: glide(1), next: None });
    let (mut sum, mut cycles, mut peak) = (0.0, 0_u32, 0.0_f64);
    bench.run(45_000, |seen| {
        assert_eq!(seen.targets.lifts[0], seen.targets.lifts[1]);
        let force = seen.plant.forces_n[0] + seen.plant.forces_n[1];
        peak = peak.max(force);
        if force > 10.0 {
            sum += force;
            cycles += 1;
        }
    });
    assert!(cycles > 8_000, "{cycles}");
    let mean = sum / f64::from(cycles);
    println!("coupled: mean {mean:.1} N, peak {peak:.1} N for 40 N");
    assert!((20.0..50.0).contains(&mean) && peak < 90.0, "{mean} {peak}");
    assert_eq!(bench.count(|event| *event == Event::StrokeDone { id: 1 }), 1);
}

#[test]
fn each_of_two_carriages_does_its_stroke_while_the_other_keeps_low() {
    let mut bench = armed("two-carriages");
    let upper = Stroke { from: Micrometres::new(550_000), to: Micrometres::new(700_000), ..glide(1) };
    let lower =
        Stroke { carriage: 1, from: Micrometres::new(850_000), to: Micrometres::new(950_000), ..glide(2) };
    bench.ask(Ask::Treat { now: upper, next: Some(lower) });
    let mut reached = [0.0_f64; 2];
    bench.run(90_000, |seen| {
        let force =
            |carriage: usize| seen.plant.forces_n[2 * carriage] + seen.plant.forces_n[2 * carriage + 1];
        for carriage in 0..2 {
            reached[carriage] = reached[carriage].max(force(carriage));
        }
        assert!(force(0) < 0.1 || force(1) < 0.1);
    });
    assert!(reached.iter().all(|force| (36.0..46.0).contains(force)), "{reached:?}");
    assert_eq!(bench.count(|event| matches!(event, Event::StrokeDone { .. })), 2);
}

#[test]
fn kneading_alternates_between_left_and_right_at_a_constant_sum() {
    let mut bench = armed("reference");
    let stroke = Stroke {
        action: Action::Knead,
        period: Millis::new(4000),
        speed: MicrometresPerSecond::new(5_000),
        ..glide(1)
    };
    bench.ask(Ask::Treat { now: stroke, next: None });
    let (mut left, mut sums) = ((f64::MAX, 0.0_f64), bench::Spread::default());
    let mut landed = None;
    bench.run(32_000, |seen| {
        if seen.events.iter().any(|event| matches!(event, Event::Landed { .. })) {
            landed.get_or_insert(seen.plant.now);
        }
        let since = landed.and_then(|landed| seen.plant.now.since(landed));
        if since.is_some_and(|span| (Micros::from_seconds(4)..Micros::from_seconds(20)).contains(&span)) {
            let force = seen.plant.forces_n[0];
            left = (left.0.min(force), left.1.max(force));
            sums.add(force + seen.plant.forces_n[1] - 40.0);
        }
    });
    assert!(left.0 < 9.0 && left.1 > 31.0, "{left:?}");
    assert!(sums.rms() < 1.0, "{}", sums.rms());
}

#[test]
fn a_stroke_that_makes_no_sense_harms_nobody() {
    let odd = [
        Stroke { carriage: 7, ..glide(1) },
        Stroke { from: Micrometres::MIN, to: Micrometres::MAX, ..glide(1) },
        Stroke { speed: MicrometresPerSecond::MIN, ..glide(1) },
        Stroke { force: DeciNewtons::MIN, ..glide(1) },
        Stroke { force: DeciNewtons::MAX, ramp: DeciNewtonsPerSecond::MAX, ..glide(1) },
        Stroke { duration: Millis::new(u32::MAX), ramp: DeciNewtonsPerSecond::MIN, ..glide(1) },
        Stroke { duration: Millis::ZERO, ..glide(1) },
        Stroke { left_share: PerMille::MAX, period: Millis::new(1), action: Action::Knead, ..glide(1) },
    ];
    for stroke in odd {
        let mut bench = armed("reference");
        bench.ask(Ask::Treat { now: stroke, next: None });
        bench.run(30_000, |seen| {
            let sum = seen.plant.forces_n[0] + seen.plant.forces_n[1];
            assert!(sum < 100.0 && seen.plant.forces_n[0] < 66.0, "{sum} N for {stroke:?}");
            assert!((349.0..1351.0).contains(&seen.plant.carriages_mm[0]));
        });
    }
}

#[test]
fn a_cycle_that_jumps_or_stands_still_integrates_little() {
    let mut bench = in_state(SessionState::Treating);
    let mut readings = Readings::default();
    let request: Option<Request> = bench.request;
    bench.run(2, |_| {});
    for micros in [0_u64, 5, u64::MAX, 17, u64::MAX / 2] {
        let commands = bench.control.step(
            Instant::from_micros(micros),
            &readings,
            request.as_ref(),
            Permission::Granted,
        );
        assert!(!presses(commands.targets()) && !warms(commands.targets()));
        readings.supply = None;
    }
}
