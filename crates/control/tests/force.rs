//! The force loop at a person of springs: landing, overshoot, error while holding and gliding.

mod bench;
mod plant;

use bed::{Action, Ask, Event, Stroke};
use bench::{Bench, Spread, glide};
use counts::*;
use plant::Body;

struct Outcome {
    spread: Spread,
    overshoot: f64,
    landing_peak: f64,
}

/// Gives one stroke and measures the true force of each head from 1 s after landing, and after the
/// reference is reached, to the end.
fn check(delay: usize, body: Body, stroke: Stroke) -> Outcome {
    let mut bench = Bench::new("reference", body);
    bench.plant.delay = delay;
    bench.arm();
    bench.ask(Ask::Treat { now: stroke, next: None });
    let asked = f64::from(stroke.force.raw()) * 0.05;
    let (mut spread, mut peak, mut landing_peak) = (Spread::default(), 0.0_f64, 0.0_f64);
    let mut landed: Option<Instant> = None;
    let settle = 1.0 + (asked * 2.0) / (f64::from(stroke.ramp.raw()) * 0.1);
    let end = f64::from(stroke.duration.raw()) * 1e-3 - 3.5;
    bench.run(u64::from(stroke.duration.raw()) + 10_000, |seen| {
        if seen.events.iter().any(|event| matches!(event, Event::Landed { .. })) {
            landed.get_or_insert(seen.plant.now);
        }
        let since =
            landed.and_then(|landed| seen.plant.now.since(landed)).map(|span| f64::from(span.seconds()));
        for force in &seen.plant.forces_n[..2] {
            match since {
                Some(since) if since > settle && since < end => spread.add(force - asked),
                Some(since) if since > 0.15 && since <= settle => peak = peak.max(*force),
                Some(since) if since <= 0.15 => landing_peak = landing_peak.max(*force),
                _ => {}
            }
        }
    });
    assert!(bench.count(|event| matches!(event, Event::StrokeDone { .. })) == 1, "{:?}", bench.events);
    Outcome { spread, overshoot: (peak - asked) / asked * 100.0, landing_peak }
}

fn tissues() -> Vec<(&'static str, Body)> {
    // Tangents at 20 N a head from 1 to 6 N/mm.
    vec![
        ("soft", Body { at_10mm_n: 8.0, ..Body::default() }),
        ("plain", Body::default()),
        ("stiff", Body { at_10mm_n: 45.0, ..Body::default() }),
        ("hard", Body { at_10mm_n: 75.0, ..Body::default() }),
        ("linear", Body { at_10mm_n: 60.0, power: 1.0, ..Body::default() }),
        ("step", Body { at_10mm_n: 15.0, step: 2.5, ..Body::default() }),
        ("tense", Body { stiffness_swing: 0.6, ripple_mm: 0.7, ..Body::default() }),
        ("square", Body { at_10mm_n: 35.0, power: 2.0, ..Body::default() }),
    ]
}

#[test]
fn a_glide_at_40_newtons_holds_its_force_under_breathing() {
    for (name, body) in tissues() {
        let outcome = check(3, body, glide(1));
        println!(
            "glide {name}: rms {:.3} N worst {:.2} N overshoot {:.1} % landing {:.1} N",
            outcome.spread.rms(),
            outcome.spread.worst,
            outcome.overshoot,
            outcome.landing_peak
        );
        assert!(outcome.spread.count > 10_000);
        assert!(outcome.spread.rms() < 0.3, "{name}");
        assert!(outcome.overshoot < 10.0, "{name}");
    }
}

#[test]
fn a_hold_keeps_its_force_under_breathing() {
    for (name, body) in tissues() {
        let stroke = Stroke { action: Action::Hold, force: DeciNewtons::new(600), ..glide(2) };
        let outcome = check(3, body, stroke);
        println!(
            "hold {name}: rms {:.3} N worst {:.2} N overshoot {:.1} % landing {:.1} N",
            outcome.spread.rms(),
            outcome.spread.worst,
            outcome.overshoot,
            outcome.landing_peak
        );
        assert!(outcome.spread.rms() < 0.3, "{name}");
        assert!(outcome.overshoot < 10.0, "{name}");
        assert!(outcome.landing_peak < 12.0, "{name}");
    }
}

#[test]
fn a_drive_slower_than_its_description_still_holds_the_force() {
    for delay in [1, 4, 5] {
        for (name, body) in tissues() {
            let outcome = check(delay, body, glide(3));
            println!(
                "delay {} ms {name}: rms {:.3} N overshoot {:.1} %",
                2 * delay,
                outcome.spread.rms(),
                outcome.overshoot
            );
            assert!(outcome.spread.rms() < 0.4 && outcome.overshoot < 10.0, "{name} at {delay} cycles");
        }
    }
}

#[test]
fn a_ramp_too_slow_to_teach_the_stiffness_still_ends_in_a_steady_force() {
    for (name, body) in tissues() {
        let stroke = Stroke { ramp: DeciNewtonsPerSecond::new(80), ..glide(4) };
        let outcome = check(3, body, stroke);
        println!("slow ramp {name}: rms {:.3} N overshoot {:.1} %", outcome.spread.rms(), outcome.overshoot);
        assert!(outcome.spread.rms() < 0.5 && outcome.overshoot < 10.0, "{name}");
    }
}
