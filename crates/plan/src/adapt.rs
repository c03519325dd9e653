//! A plan while it is given: what the person wishes changes the stroke of the moment and those still to come,
//! within all that compiling would allow.
//!
//! Terms: a *step* up or down is one intensity of the program's scale, or one kelvin. Each [`Delivery`] has two
//! *dials*, force and heat; a dial stands somewhere *here*, for the stroke of the moment, and somewhere for the
//! *later* ones, which begin where the person left it, as near as their own limits let them.
//!
//! It moves nothing and knows no clock: times are given, in seconds since the treatment began.

mod dial;
mod words;

use bed::{BedConfig, Stroke};
use care::Words;
use counts::Millis;
use serde::Serialize;

use dial::{Dial, force_at, force_range, heat_most, heat_range, newtons, shown_c, surface_at, warmth};

use crate::compile::{Plan, Step};
use crate::heat::{self, Bound, Warmth, bound};
use crate::intensity::SKIN_C;
use crate::reason::{Code, Most, Unit};
use crate::schedule::{LEFT_OUT_S, Pressed, SITE_SHARE, Slot, Walk, Way};

/// What one wish to stay adds, seconds, as much of it as the limits leave. Guess: three breaths or four.
const STAY_S: [f64; 4] = [20.0, 15.0, 10.0, 5.0];
/// Rest that is tried at a time where a stroke was skipped and the skin would get too warm, seconds. Guess.
const REST_S: f64 = 10.0;
/// From the request of a stroke to its landing without the way, seconds. Guess, as the plan counts it.
const LANDING_S: f64 = 3.0;
/// A plan that runs late by less than this is not late, seconds. Guess.
const LATE_S: f64 = 5.0;

/// What a wish changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Before, in [`Change::unit`].
    pub before: f64,
    /// Now, in [`Change::unit`].
    pub after: f64,
    /// Unit of both.
    pub unit: Unit,
    /// The same in plain words.
    pub words: Words,
}

/// Why a wish changes nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Held {
    /// The cause.
    pub code: Code,
    /// The limit, in [`Held::unit`].
    pub limit: f64,
    /// Unit of the limit.
    pub unit: Unit,
    /// The same in plain words.
    pub words: Words,
}

impl Held {
    /// There is nothing at the moment that such a wish could change.
    #[must_use]
    pub fn not_now() -> Self {
        Self { code: Code::NotNow, limit: 0.0, unit: Unit::Count, words: words::not_now() }
    }
}

/// A plan while it is given.
#[derive(Clone, Debug)]
pub struct Delivery<'a> {
    plan: &'a Plan,
    bed: &'a BedConfig,
    steps: Vec<Step>,
    slots: Vec<Slot>,
    now: usize,
    most_s: f64,
    force: Dial,
    heat: Dial,
}

impl<'a> Delivery<'a> {
    /// The delivery of a plan on its bed, which must be over after `most_s` seconds.
    #[must_use]
    pub fn new(plan: &'a Plan, bed: &'a BedConfig, most_s: f64) -> Self {
        let slot = |step: &Step| Slot {
            pause_s: step.pause_s,
            begins_s: step.begins_s,
            seconds: seconds(&step.stroke),
        };
        let slots = plan.steps.iter().map(slot).collect();
        let (force, heat) = (Dial::default(), Dial::default());
        Self { plan, bed, steps: plan.steps.clone(), slots, now: 0, most_s, force, heat }
    }

    /// The strokes as they were given and will be.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Which stroke it is the turn of, counted from 0; as many as there are when all are given.
    #[must_use]
    pub fn now(&self) -> usize {
        self.now
    }

    /// The stroke whose turn it is.
    #[must_use]
    pub fn step(&self) -> Option<&Step> {
        self.steps.get(self.now)
    }

    /// The stroke after it.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.steps.get(self.now + 1)
    }

    /// Steps softer (negative) or firmer than the plan, and kelvins cooler or warmer, at this stroke.
    #[must_use]
    pub fn dials(&self) -> (i8, i8) {
        (self.force.here, self.heat.here)
    }

    /// Seconds that are left of this stroke and of all.
    #[must_use]
    pub fn left_s(&self, at_s: f64) -> (f64, f64) {
        let end = |slot: Option<&Slot>| slot.map_or(0.0, |slot| (ends_s(slot) - at_s).max(0.0));
        (end(self.slots.get(self.now)), end(self.slots.last()))
    }

    /// Begins softer by so many steps than the plan asks for; never firmer.
    pub fn begin_softer(&mut self, steps: u8) {
        self.force.later = -i8::try_from(steps).unwrap_or(dial::STEPS_MAX).min(dial::STEPS_MAX);
        self.enter();
    }

    /// The stroke whose turn it is was asked for. Where the plan runs late, strokes are dropped from its end;
    /// tells so.
    pub fn asked(&mut self, at_s: f64) -> Option<Words> {
        self.time(at_s + LANDING_S, None);
        let dropped = self.drop_late(LATE_S);
        (dropped > 0).then(|| words::late(dropped))
    }

    /// Its heads have landed.
    pub fn landed(&mut self, at_s: f64) {
        self.time(at_s, None);
    }

    /// It is over, and it is the next one's turn.
    pub fn done(&mut self, at_s: f64) {
        if let Some(slot) = self.slots.get(self.now) {
            let begins_s = slot.begins_s.min(at_s);
            self.time(begins_s, Some(at_s - begins_s));
            self.now += 1;
            self.enter();
        }
    }

    /// Less force, here and later.
    ///
    /// # Errors
    /// Why not.
    pub fn softer(&mut self) -> Result<Change, Held> {
        self.turn_force(|dial, (least, _)| dial.down(least), words::Turn::Down)
    }

    /// More force, here and later.
    ///
    /// # Errors
    /// Why not.
    pub fn firmer(&mut self) -> Result<Change, Held> {
        self.turn_force(|dial, (_, most)| dial.up(most), words::Turn::Up)
    }

    /// Cooler surfaces, here and later; below the warmth of skin they go off.
    ///
    /// # Errors
    /// Why not.
    pub fn cooler(&mut self) -> Result<Change, Held> {
        self.turn_heat(|dial, (least, _)| dial.down(least), words::Turn::Down)
    }

    /// Warmer surfaces, here and later.
    ///
    /// # Errors
    /// Why not: this stroke's own limit, or the bound on skin and dose over all of the plan.
    pub fn warmer(&mut self) -> Result<Change, Held> {
        self.turn_heat(|dial, (_, most)| dial.up(most), words::Turn::Up)
    }

    /// On to the next stroke; this one ends at `at_s`. Where the skin would get too warm without what is
    /// skipped, the heads rest for a part of that time.
    ///
    /// # Errors
    /// Where there is no stroke.
    pub fn skip(&mut self, at_s: f64) -> Result<Change, Held> {
        let Some(slot) = self.slots.get(self.now).copied() else { return Err(Held::not_now()) };
        let skipped_s = (ends_s(&slot) - at_s).max(0.0);
        let before = self.bound(&self.pressed());
        self.done(at_s);
        let mut rest_s = 0.0;
        loop {
            let mut rested = self.clone();
            rested.retime(rest_s);
            if rest_s >= skipped_s || rested.passed(&rested.pressed(), &before).is_none() {
                *self = rested;
                break;
            }
            rest_s = (rest_s + REST_S).min(skipped_s);
        }
        let words = words::skipped(rest_s);
        Ok(Change { before: skipped_s, after: 0.0, unit: Unit::Second, words })
    }

    /// This stroke for some seconds longer; strokes at the end give way where time runs out.
    ///
    /// # Errors
    /// Why not.
    pub fn stay(&mut self) -> Result<Change, Held> {
        let mut held = Held::not_now();
        for more_s in STAY_S {
            let mut longer = self.clone();
            match longer.lengthen(more_s) {
                Ok(()) => {
                    let dropped = self.steps.len() - longer.steps.len();
                    let before = self.slots.get(self.now).map_or(0.0, |slot| slot.seconds);
                    *self = longer;
                    let words = words::stays(more_s, dropped);
                    return Ok(Change { before, after: before + more_s, unit: Unit::Second, words });
                }
                Err(reason) => held = reason,
            }
        }
        Err(held)
    }

    fn turn_force(
        &mut self,
        turn: impl Fn(&mut Dial, (i8, i8)) -> bool,
        way: words::Turn,
    ) -> Result<Change, Held> {
        let Some(base) = self.base(self.now) else { return Err(Held::not_now()) };
        let before = newtons(force_at(base, self.force.here));
        if !turn(&mut self.force, force_range(base)) {
            let most = match way {
                words::Turn::Up => Most { value: base.force_most.value.max(before), ..base.force_most },
                words::Turn::Down => Most { value: before, code: Code::ScaleEnd },
            };
            let (code, limit, unit) = (most.code, most.value, Unit::Newton);
            return Err(Held { code, limit, unit, words: words::force_held(way, most) });
        }
        let after = newtons(force_at(base, self.force.here));
        self.apply();
        Ok(Change { before, after, unit: Unit::Newton, words: words::force(way, before, after) })
    }

    fn turn_heat(
        &mut self,
        turn: impl Fn(&mut Dial, (i8, i8)) -> bool,
        way: words::Turn,
    ) -> Result<Change, Held> {
        let Some(base) = self.base(self.now) else { return Err(Held::not_now()) };
        let held = |most: Most, unit: Unit| {
            let (code, limit) = (most.code, most.value);
            Err(Held { code, limit, unit, words: words::heat_held(way, most) })
        };
        let mut turned = self.clone();
        let range = heat_range(base, self.bed);
        if !turn(&mut turned.heat, range) {
            return held(heat_most(base, self.bed, way, range), Unit::Celsius);
        }
        turned.apply();
        let pressed = self.pressed();
        let most = turned.passed(&pressed, &self.bound(&pressed));
        if let (words::Turn::Up, Some(most)) = (way, most) {
            let unit = if most.code == Code::SkinMean { Unit::Celsius } else { Unit::Cem43 };
            return held(most, unit);
        }
        let shown = |delivery: &Self| delivery.step().and_then(|step| shown_c(step, delivery.bed));
        let (before, after) = (shown(self), shown(&turned));
        *self = turned;
        let words = words::heat(way, before, after);
        // Off is told as the warmth of skin.
        let number = |celsius: Option<f64>| celsius.unwrap_or(SKIN_C);
        Ok(Change { before: number(before), after: number(after), unit: Unit::Celsius, words })
    }

    /// The stroke as the plan has it.
    fn base(&self, index: usize) -> Option<&'a Step> {
        self.plan.steps.get(usize::from(self.steps.get(index)?.stroke.id))
    }

    /// Comes to the stroke whose turn it is.
    fn enter(&mut self) {
        if let Some(base) = self.base(self.now) {
            self.force.enter(force_range(base));
            self.heat.enter(heat_range(base, self.bed));
            self.apply();
        }
    }

    /// Sets force and targets of this stroke and the later ones as the dials stand.
    fn apply(&mut self) {
        for index in self.now..self.steps.len() {
            let Some(base) = self.base(index) else { continue };
            let (mut force, mut heat) = (self.force, self.heat);
            if index > self.now {
                force.enter(force_range(base));
                heat.enter(heat_range(base, self.bed));
            }
            let step = &mut self.steps[index];
            step.stroke.force = force_at(base, force.here);
            for (zone, surface) in step.surfaces.iter_mut().enumerate() {
                *surface = surface_at(base, self.bed, zone, heat.here);
            }
        }
    }

    /// Sets when this stroke begins and how long it lasts; the later ones move with its end.
    fn time(&mut self, begins_s: f64, lasts_s: Option<f64>) {
        let Some(slot) = self.slots.get_mut(self.now) else { return };
        let before = ends_s(slot);
        slot.begins_s = begins_s;
        slot.seconds = lasts_s.unwrap_or(slot.seconds);
        let later = ends_s(slot) - before;
        self.steps[self.now].stroke.duration = millis(slot.seconds);
        for slot in &mut self.slots[self.now + 1..] {
            slot.begins_s += later;
        }
        for (step, slot) in self.steps.iter_mut().zip(&self.slots).skip(self.now) {
            step.begins_s = slot.begins_s;
        }
    }

    /// Drops strokes from the end until the rest is over in time; never the one whose turn it is.
    fn drop_late(&mut self, late_s: f64) -> usize {
        let before = self.steps.len();
        while self.steps.len() > self.now + 1
            && self.slots.last().is_some_and(|slot| ends_s(slot) > self.most_s + late_s)
        {
            self.steps.pop();
            self.slots.pop();
        }
        before - self.steps.len()
    }

    /// Times all strokes from the one whose turn it is anew, after a rest; those that would be too short for
    /// their sites are left out.
    fn retime(&mut self, rest_s: f64) {
        let mut walk = Walk::new(self.bed);
        for (step, slot) in self.steps.iter().zip(&self.slots).take(self.now) {
            walk.given(&way(&step.stroke), slot);
        }
        self.retime_from(walk, self.now, rest_s);
    }

    fn retime_from(&mut self, mut walk: Walk<'_>, first: usize, rest_s: f64) {
        let mut rest_s = rest_s;
        let later = self.steps.split_off(first);
        self.slots.truncate(first);
        for mut step in later {
            let Some(base) = self.plan.steps.get(usize::from(step.stroke.id)) else { continue };
            let mut ahead = walk.clone();
            let slot = ahead.next(&way(&base.stroke), seconds(&base.stroke), rest_s);
            if slot.seconds < LEFT_OUT_S.min(seconds(&base.stroke)) {
                continue;
            }
            (walk, rest_s) = (ahead, 0.0);
            (step.begins_s, step.pause_s) = (slot.begins_s, slot.pause_s);
            step.stroke.duration = millis(slot.seconds);
            self.steps.push(step);
            self.slots.push(slot);
        }
    }

    /// Lengthens this stroke.
    fn lengthen(&mut self, more_s: f64) -> Result<(), Held> {
        let Some(slot) = self.slots.get(self.now).copied() else { return Err(Held::not_now()) };
        let (bound_before, share_before) = (self.bound(&self.pressed()), self.site_share());
        self.time(slot.begins_s, Some(slot.seconds + more_s));
        let mut walk = Walk::new(self.bed);
        let mut over = None;
        for (step, slot) in self.steps.iter().zip(&self.slots).take(self.now + 1) {
            over = walk.given(&way(&step.stroke), slot);
        }
        let held = |code, limit, unit| Err(Held { code, limit, unit, words: words::stay_held(code) });
        if over.is_some() {
            return held(Code::SiteTime, f64::from(bed::limits::SITE_S), Unit::Second);
        }
        self.retime_from(walk, self.now + 1, 0.0);
        self.drop_late(0.0);
        if self.slots.last().is_some_and(|slot| ends_s(slot) > self.most_s) {
            return held(Code::Session, self.most_s, Unit::Second);
        }
        let share = self.site_share();
        if share > SITE_SHARE && share > share_before {
            return held(Code::SiteShare, SITE_SHARE, Unit::Share);
        }
        if let Some(most) = self.passed(&self.pressed(), &bound_before) {
            let unit = if most.code == Code::SkinMean { Unit::Celsius } else { Unit::Cem43 };
            return held(most.code, most.value, unit);
        }
        Ok(())
    }

    /// Share of all the time in which the most pressed site is pressed.
    fn site_share(&self) -> f64 {
        let mut walk = Walk::new(self.bed);
        for (step, slot) in self.steps.iter().zip(&self.slots) {
            walk.given(&way(&step.stroke), slot);
        }
        walk.most_pressed().0 / walk.now().max(1.0)
    }

    fn pressed(&self) -> Pressed {
        let ways: Vec<Way> = self.steps.iter().map(|step| way(&step.stroke)).collect();
        Pressed::over(self.bed, &ways, &self.slots)
    }

    fn bound(&self, pressed: &Pressed) -> Bound {
        let warmths: Vec<Warmth> = self.steps.iter().map(|step| warmth(step, self.bed)).collect();
        bound(&self.slots, pressed, &warmths)
    }

    /// The limit on skin or dose that is passed, and further than before.
    fn passed(&self, pressed: &Pressed, before: &Bound) -> Option<Most> {
        let bound = self.bound(pressed);
        let warmer = bound.mean_c > before.mean_c + 1e-9 || bound.steady_c > before.steady_c + 1e-9;
        let more = bound.dose_cem43 > before.dose_cem43 + 1e-9;
        let most = heat::passed(&bound, self.plan.dose_most)?;
        let further = if most.code == Code::SkinMean { warmer } else { more };
        further.then_some(most)
    }
}

fn millis(seconds: f64) -> Millis {
    Millis::new((seconds * 1000.0).floor() as u32)
}

fn seconds(stroke: &Stroke) -> f64 {
    f64::from(stroke.duration.raw()) / 1000.0
}

fn ends_s(slot: &Slot) -> f64 {
    slot.begins_s + slot.seconds
}

fn way(stroke: &Stroke) -> Way {
    Way {
        carriage: stroke.carriage,
        from_mm: f64::from(stroke.from.raw()) / 1000.0,
        to_mm: f64::from(stroke.to.raw()) / 1000.0,
        speed_mm_s: f64::from(stroke.speed.raw()) / 1000.0,
    }
}
