//! The safe state, as the guard commands it itself: lower and unload, heaters off, carriage to its
//! park once nobody is touched. It never freezes: a bed that stands still pins the person.

use crate::fresh::FRESH;
use crate::gate::{Guard, Moment};
use crate::watch::LOW;
use counts::{AxisTarget, Fault, Instant, MicrometresPerSecond, Targets};

/// A head is lowered below this height, um. Source: Design; within the lift's own creep of its stop.
const LOWERED: i32 = 1_000;
/// A head that is not low may still pass when it presses less than this, tenths of a newton. Source:
/// Design; the load cell's drift (2 N) and noise.
const TOUCHES: i32 = 40;
/// Speed of a carriage with a head that is not low, um/s. Source: Design; stops within 0.5 mm.
const CREEP: i64 = 20_000;
/// A carriage comes to its park with this share of the distance a second. Source: Design; brakes under
/// 0.5 m/s2 from 120 mm/s.
const APPROACH: i64 = 4;

/// Down at full speed until lowered.
fn lower(guard: &Guard, now: Instant, head: usize) -> AxisTarget {
    let height = &guard.senses.heads[head].height;
    if height.is_fresh(now, FRESH) && height.value <= LOWERED {
        return AxisTarget::Velocity(MicrometresPerSecond::ZERO);
    }
    AxisTarget::Velocity(MicrometresPerSecond::new(-guard.setup.lift.speed_down.raw()))
}

/// Force and heat to nothing; a carriage moves on only when its heads are clear.
pub(crate) fn unload(guard: &Guard, moment: &Moment, command: &Targets) -> Targets {
    let mut targets = Targets { power: true, ..Targets::default() };
    for head in 0..guard.setup.heads() {
        targets.lifts[head] = lower(guard, moment.now, head);
    }
    couple(guard, &mut targets);
    for carriage in 0..guard.setup.carriages {
        targets.carriages[carriage] =
            guard.carriage_limited(moment, carriage, command.carriages[carriage], false);
    }
    targets
}

/// The safe state.
pub(crate) fn release(guard: &Guard, moment: &Moment) -> Targets {
    let mut targets = Targets { power: true, ..Targets::default() };
    for head in 0..guard.setup.heads() {
        // A lift that does not follow gets no power: it sinks if it can.
        let broken = [Fault::LiftStuck, Fault::DriveFault].iter().any(|f| guard.supervisor.stands(*f, head));
        targets.lifts[head] = if broken { AxisTarget::Released } else { lower(guard, moment.now, head) };
    }
    couple(guard, &mut targets);
    for carriage in 0..guard.setup.carriages {
        targets.carriages[carriage] = park(guard, moment.now, carriage);
    }
    targets
}

/// A coupled lift is one drive: without power for one head it is for both.
fn couple(guard: &Guard, targets: &mut Targets) {
    if !guard.setup.lift.coupled {
        return;
    }
    for pair in targets.lifts.chunks_exact_mut(2) {
        let slower = match (pair[0], pair[1]) {
            (AxisTarget::Velocity(left), AxisTarget::Velocity(right)) => {
                AxisTarget::Velocity(left.min(right))
            }
            _ => AxisTarget::Released,
        };
        pair.fill(slower);
    }
}

/// To the park when no head touches. A head that is stuck up against the person is not dragged.
fn park(guard: &Guard, now: Instant, carriage: usize) -> AxisTarget {
    let still = AxisTarget::Velocity(MicrometresPerSecond::ZERO);
    let position = &guard.senses.carriages[carriage].position;
    let lost = [Fault::CarriageStalled, Fault::CarriageSilent];
    if !position.is_fresh(now, FRESH) || lost.iter().any(|fault| guard.supervisor.stands(*fault, carriage)) {
        return still;
    }
    let setup = &guard.setup.carriage[carriage];
    let mut speed = i64::from(setup.speed_clear.raw());
    for head in [2 * carriage, 2 * carriage + 1] {
        let height = &guard.senses.heads[head].height;
        let force = &guard.forces.heads[head];
        if height.is_fresh(now, FRESH) && height.value <= LOW {
            continue;
        }
        let free = !force.old && !force.silent && force.used < TOUCHES && guard.setup.load_cell.is_some();
        if !free {
            return still;
        }
        speed = speed.min(CREEP);
    }
    let away = i64::from(setup.park.raw()) - i64::from(position.value);
    let velocity = (away * APPROACH).clamp(-speed, speed);
    if away.abs() < 1_000 { still } else { AxisTarget::Velocity(MicrometresPerSecond::new(velocity as i32)) }
}
