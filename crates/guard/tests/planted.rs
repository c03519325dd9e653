//! A guard that is broken on purpose behaves worse than a whole one: each defect shows.
#![cfg(feature = "planted")]
mod rig;

use counts::*;
use guard::{Defect, Guard, Response, Wish};
use rig::*;

/// What a defect lets happen; the whole guard must not.
fn harm(defect: Option<Defect>, scene: impl Fn(&mut Rig) -> bool) -> bool {
    let setup = reference();
    let guard = defect.map_or_else(|| Guard::new(&setup), |defect| Guard::with_defect(&setup, defect));
    let mut rig = Rig::with_guard(guard, setup);
    scene(&mut rig)
}

fn check(defect: Defect, scene: impl Fn(&mut Rig) -> bool) {
    assert!(!harm(None, &scene), "{defect:?}: the whole guard fails too");
    assert!(harm(Some(defect), &scene), "{defect:?} does not show");
}

fn arm(rig: &mut Rig) {
    let carry = guard::CarryIn {
        dose_today: Some(MilliCem43::ZERO),
        first_session: Some(false),
        heat_allowed: true,
        ..guard::CarryIn::default()
    };
    rig.arm(carry);
}

#[test]
fn ignored_force_shows() {
    check(Defect::IgnoresForce, |rig| {
        arm(rig);
        rig.run(4000, &up(60_000), |_, _| ());
        rig.sum() > 115.0
    });
}

#[test]
fn ignored_age_shows() {
    check(Defect::IgnoresAge, |rig| {
        arm(rig);
        rig.press(20.0);
        rig.spoil = Box::new(|_, readings| readings.heads[0].drive = None);
        rig.run(500, &still(), |_, _| ());
        rig.response() < Response::PowerOff
    });
}

#[test]
fn ignored_dose_shows() {
    check(Defect::IgnoresDose, |rig| {
        for all in [&mut rig.element, &mut rig.surface, &mut rig.element_seen, &mut rig.surface_seen] {
            all[..2].fill(48.0);
        }
        arm(rig);
        rig.press(20.0);
        rig.run(60_000, &still(), |_, _| ());
        rig.sum() > 0.0
    });
}

#[test]
fn a_lost_latch_shows() {
    check(Defect::LosesLatch, |rig| {
        arm(rig);
        rig.pass(&still(), &Wish { stop: true, ..RENEWED });
        rig.run(1000, &up(20_000), |_, _| ());
        rig.height[0] > 5.0
    });
}

#[test]
fn ignored_supply_shows() {
    check(Defect::IgnoresSupply, |rig| {
        rig.supply_mv = 0;
        rig.run(500, &still(), |_, _| ());
        rig.response() < Response::PowerOff
    });
}

#[test]
fn an_ignored_element_shows() {
    check(Defect::IgnoresElement, |rig| {
        arm(rig);
        let mut command = still();
        command.heaters[0] = DeciWatts::new(600);
        rig.run(200_000, &command, |_, _| ());
        rig.element[0] > 60.0
    });
}

#[test]
fn an_ignored_hand_switch_shows() {
    check(Defect::IgnoresHandSwitch, |rig| {
        rig.run(1000, &still(), |_, _| ());
        rig.pass(&still(), &Wish { begin: Some(guard::CarryIn::default()), ..RENEWED });
        rig.run(1000, &up(20_000), |_, _| ());
        rig.height[0] > 5.0
    });
}

#[test]
fn ignored_time_shows() {
    check(Defect::IgnoresTime, |rig| {
        arm(rig);
        rig.now = rig.now.after(Micros::from_millis(90));
        rig.run(1000, &still(), |_, _| ());
        rig.response() < Response::Release
    });
}

#[test]
fn an_ignored_expiry_shows() {
    check(Defect::IgnoresExpiry, |rig| {
        arm(rig);
        rig.press(20.0);
        for _ in 0..1000 {
            rig.pass(&still(), &Wish::default());
        }
        rig.sum() > 0.0
    });
}

#[test]
fn an_ignored_stall_shows() {
    check(Defect::IgnoresStall, |rig| {
        arm(rig);
        rig.stalled[0] = true;
        rig.run(3000, &Targets { carriages: [velocity(60_000); 2], ..still() }, |_, _| ());
        rig.response() < Response::Release
    });
}
