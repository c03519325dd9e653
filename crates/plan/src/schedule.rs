//! When each stroke begins and how long it lasts: fitted to the session, with pauses so that no site
//! is pressed for too long, and shortened so that no site gets too much of the session.
//!
//! A site is a strip of 10 mm across the bed; it is pressed while a roller's contact covers any of
//! it. Both sides count as one. A strip's *run* is the time for which it was pressed since its last
//! pause.

use bed::{BedConfig, limits};

use crate::place::Draft;
use crate::reason::{Code, Numbers, Reason, Reasons, Unit};
use crate::words;

/// Longest run on one site that is planned, seconds: the limit and a little distance from it.
///
/// Source: limit `site`. Guess: 5 s less, so that neither control nor guard has to step in.
pub(crate) const SITE_MAX_S: f64 = limits::SITE_S as f64 - 5.0;

/// Time without contact that counts as a pause, seconds. Source: limit `site_pause`; half a second
/// more for what the simulated way does not resolve.
const GAP_S: f64 = limits::SITE_PAUSE_S as f64 + 0.5;

/// Share of the session that one site gets at most. Source: design of the plan (issue: four therapies).
pub(crate) const SITE_SHARE: f64 = 0.25;

/// Rest that is planned where a site needs a pause, seconds: the limit and a little distance from it.
///
/// Source: limit `site_pause`. Guess: 1 s more.
const PAUSE_S: f64 = limits::SITE_PAUSE_S as f64 + 1.0;

/// Lift-off, change of place and landing without the way, seconds. Guess: 30 mm at 20 mm/s either way.
const CHANGE_S: f64 = 3.0;

/// Step of the simulated way, seconds: at 60 mm/s half the length of a contact. Design.
const STEP_S: f64 = 0.25;

/// Width of a strip, mm. Source: guard strips of 10 mm (design.md, safety concept).
const STRIP_MM: f64 = 10.0;

/// A shorter stroke is left out, seconds. Guess.
pub(crate) const LEFT_OUT_S: f64 = 5.0;

/// Time constant of the mean by which the bed's guard judges the skin, seconds. Source: a tenth of the
/// limit `skin_mean_window`.
const MEAN_S: f64 = limits::SKIN_MEAN_WINDOW_S as f64 / 10.0;

/// How far strokes may be drawn out or shortened to fit the session's time. Guess.
const STRETCH_MAX: f64 = 1.5;
const STRETCH_MIN: f64 = 0.2;

/// The way of one stroke: back and forth between two ends, or standing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    pub carriage: u8,
    pub from_mm: f64,
    pub to_mm: f64,
    pub speed_mm_s: f64,
}

impl Way {
    fn of(draft: &Draft) -> Self {
        let Draft { carriage, from_mm, to_mm, speed_mm_s, .. } = *draft;
        Self { carriage, from_mm, to_mm, speed_mm_s }
    }

    /// Where the carriage is, `passed` seconds after landing.
    fn position_mm(&self, passed: f64) -> f64 {
        let way = self.to_mm - self.from_mm;
        if way.abs() < 1e-6 || self.speed_mm_s <= 0.0 {
            return self.from_mm;
        }
        let ways = passed * self.speed_mm_s / way.abs();
        // Never negative, so this cuts towards zero: what is left lies in 0 to 2.
        let part = ways - 2.0 * (0.5 * ways) as u32 as f64;
        self.from_mm + way * if part <= 1.0 { part } else { 2.0 - part }
    }
}

/// When one stroke is given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Rest before the stroke besides the change of place, seconds.
    pub pause_s: f64,
    /// From the plan's start to landing, seconds.
    pub begins_s: f64,
    /// From landing to lift-off, seconds.
    pub seconds: f64,
}

/// All strokes with their times.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    pub drafts: Vec<Draft>,
    pub slots: Vec<Slot>,
    /// Length of the plan, seconds.
    pub total_s: f64,
    pub pressed: Pressed,
}

#[derive(Clone, Copy, Debug)]
struct Strip {
    run: f64,
    last: f64,
    total: f64,
}

/// What each strip has had so far.
#[derive(Clone, Debug)]
struct Ledger {
    strips: Vec<Strip>,
    half_contact_mm: f64,
}

impl Ledger {
    fn new(bed: &BedConfig) -> Self {
        let length = f64::from(bed.surface_length_mm).clamp(100.0, 5000.0);
        let strip = Strip { run: 0.0, last: f64::NEG_INFINITY, total: 0.0 };
        let half_contact_mm =
            f64::from(bed.roller.contact_area_mm2) / f64::from(bed.roller.width_mm.max(1.0)) / 2.0;
        Self { strips: vec![strip; (length / STRIP_MM) as usize + 1], half_contact_mm }
    }

    /// The strips under a roller that stands at `x_mm`.
    fn under(&self, x_mm: f64) -> std::ops::Range<usize> {
        let index = |mm: f64| (mm / STRIP_MM).floor().max(0.0) as usize;
        let last = self.strips.len();
        let from = index(x_mm - self.half_contact_mm).min(last);
        from..(index(x_mm + self.half_contact_mm) + 1).min(last)
    }

    /// Presses along a stroke; the seconds after which a run became too long, if it did.
    fn press(&mut self, way: &Way, slot: &Slot) -> Option<f64> {
        let steps = (slot.seconds / STEP_S).ceil() as usize;
        let mut over = None;
        for step in 0..steps {
            let passed = step as f64 * STEP_S;
            let now = slot.begins_s + passed;
            for index in self.under(way.position_mm(passed)) {
                let strip = &mut self.strips[index];
                if now - strip.last >= GAP_S {
                    strip.run = 0.0;
                }
                let pressed = STEP_S.min(slot.seconds - passed);
                strip.run += pressed;
                strip.last = now + pressed;
                strip.total += pressed;
                if strip.run > SITE_MAX_S + 1e-9 {
                    over.get_or_insert(passed);
                }
            }
        }
        over
    }

    fn most_pressed(&self) -> (f64, usize) {
        let most = self.strips.iter().enumerate().max_by(|a, b| a.1.total.total_cmp(&b.1.total));
        most.map_or((0.0, 0), |(index, strip)| (strip.total, index))
    }
}

/// How sites are pressed over a plan.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pressed {
    /// Time of the most pressed site, seconds.
    pub site_s: f64,
    /// Where it lies, mm.
    pub site_mm: f64,
    /// Largest share of any ten minutes that a site is pressed.
    pub window_share: f64,
    /// Largest first-order mean of being pressed that a site reaches, over [`MEAN_S`].
    pub mean_share: f64,
}

impl Pressed {
    /// Of strokes with their times.
    pub fn over(bed: &BedConfig, ways: &[Way], slots: &[Slot]) -> Self {
        let mut walk = Walk::new(bed);
        for (way, slot) in ways.iter().zip(slots) {
            walk.given(way, slot);
        }
        let (site_s, site_mm) = walk.most_pressed();
        let (window_share, mean_share) = (window_share(bed, ways, slots), mean_share(bed, ways, slots));
        Self { site_s, site_mm, window_share, mean_share }
    }
}

/// Strokes one after the other, each with the pause that its sites need.
#[derive(Clone, Debug)]
pub(crate) struct Walk<'a> {
    bed: &'a BedConfig,
    ledger: Ledger,
    at: Vec<f64>,
    now: f64,
}

impl<'a> Walk<'a> {
    pub fn new(bed: &'a BedConfig) -> Self {
        let at = bed.carriages.iter().map(|carriage| f64::from(carriage.park_mm)).collect();
        Self { bed, ledger: Ledger::new(bed), at, now: 0.0 }
    }

    /// When the last stroke so far is over, seconds.
    pub fn now(&self) -> f64 {
        self.now
    }

    /// The next stroke, which lasts so many seconds and rests `rest_s` before at least.
    pub fn next(&mut self, way: &Way, seconds: f64, rest_s: f64) -> Slot {
        let carriage = self.bed.carriages.get(usize::from(way.carriage));
        let speed = carriage.map_or(1.0, |carriage| f64::from(carriage.speed_clear_mm_s)).max(1.0);
        let from = self.at.get(usize::from(way.carriage)).copied().unwrap_or(way.from_mm);
        let change = CHANGE_S + (way.from_mm - from).abs() / speed;
        let mut slot = Slot { pause_s: rest_s, begins_s: self.now + rest_s + change, seconds };
        if self.ledger.clone().press(way, &slot).is_some() {
            let pause_s = rest_s.max(PAUSE_S);
            slot.begins_s += pause_s - rest_s;
            slot.pause_s = pause_s;
            if let Some(seconds) = self.ledger.clone().press(way, &slot) {
                slot.seconds = seconds;
            }
        }
        self.given(way, &slot);
        slot
    }

    /// Counts a stroke; the seconds after which a site was pressed for too long, if one was.
    pub fn given(&mut self, way: &Way, slot: &Slot) -> Option<f64> {
        let over = self.ledger.press(way, slot);
        self.now = slot.begins_s + slot.seconds;
        if let Some(at) = self.at.get_mut(usize::from(way.carriage)) {
            *at = way.position_mm(slot.seconds);
        }
        over
    }

    /// Time of the most pressed site, seconds, and where it lies, mm.
    pub fn most_pressed(&self) -> (f64, f64) {
        let (site_s, strip) = self.ledger.most_pressed();
        (site_s, (strip as f64 + 0.5) * STRIP_MM)
    }
}

/// Fits strokes into `target_s` seconds. `None` when no stroke is left.
pub(crate) fn fit(
    bed: &BedConfig,
    mut drafts: Vec<Draft>,
    target_s: f64,
    reasons: &mut Reasons,
) -> Option<Timeline> {
    let wished_s: f64 = schedule(bed, &drafts, 1.0).total_s;
    let mut thinned = false;
    while drafts.len() > 1 && schedule(bed, &drafts, STRETCH_MIN).total_s > target_s {
        drafts = thin(drafts);
        thinned = true;
    }
    let (mut low, mut high) = (STRETCH_MIN, STRETCH_MAX);
    if schedule(bed, &drafts, high).total_s <= target_s {
        low = high;
    }
    for _ in 0..10 {
        let middle = 0.5 * (low + high);
        if schedule(bed, &drafts, middle).total_s <= target_s {
            low = middle;
        } else {
            high = middle;
        }
    }
    tell_cut_runs(bed, &drafts, reasons);
    for draft in &mut drafts {
        draft.seconds = (draft.seconds * low).clamp(draft.least_s, draft.most_s);
    }
    let timeline = share(bed, drafts, reasons)?;
    if thinned {
        let numbers =
            Numbers { limit: target_s, requested: wished_s, granted: timeline.total_s, unit: Unit::Second };
        reasons.add(Reason::new(Code::Session, numbers, words::thinned()), None, &[]);
    }
    Some(timeline)
}

/// Every fifth stroke is left out.
fn thin(drafts: Vec<Draft>) -> Vec<Draft> {
    let last = drafts.len() - 1;
    let mut kept: Vec<Draft> =
        drafts.into_iter().enumerate().filter(|(index, _)| index % 5 != 4).map(|(_, draft)| draft).collect();
    if kept.len() > last {
        kept.pop();
    }
    kept
}

/// Says which strokes as wished by the program would press one site for too long.
fn tell_cut_runs(bed: &BedConfig, drafts: &[Draft], reasons: &mut Reasons) {
    for draft in drafts {
        let slot = Slot { pause_s: 0.0, begins_s: 0.0, seconds: draft.seconds };
        let Some(granted) = Ledger::new(bed).press(&Way::of(draft), &slot) else { continue };
        let numbers = Numbers { limit: SITE_MAX_S, requested: draft.seconds, granted, unit: Unit::Second };
        let words = words::site_time(SITE_MAX_S, draft.seconds);
        reasons.add(Reason::new(Code::SiteTime, numbers, words), Some(draft.phase), &draft.levels);
    }
}

/// Times for all strokes, each as long as wished times `factor`, within its bounds. Of how sites are pressed
/// only the most pressed one is told.
fn schedule(bed: &BedConfig, drafts: &[Draft], factor: f64) -> Timeline {
    let mut walk = Walk::new(bed);
    let length = |draft: &Draft| (draft.seconds * factor).clamp(draft.least_s, draft.most_s);
    let slots = drafts.iter().map(|draft| walk.next(&Way::of(draft), length(draft), 0.0)).collect();
    let (site_s, site_mm) = walk.most_pressed();
    let pressed = Pressed { site_s, site_mm, ..Pressed::default() };
    Timeline { drafts: Vec::new(), slots, total_s: walk.now(), pressed }
}

/// Shortens what presses the most pressed site until it has no more than its share of the session.
fn share(bed: &BedConfig, mut drafts: Vec<Draft>, reasons: &mut Reasons) -> Option<Timeline> {
    let mut first: Option<f64> = None;
    let mut phases = Vec::new();
    // Each round shortens or drops at least one stroke; the bound only ends a slow convergence.
    for round in 0.. {
        if drafts.is_empty() {
            return None;
        }
        let timeline = schedule(bed, &drafts, 1.0);
        let Pressed { site_s, site_mm, .. } = timeline.pressed;
        let share = site_s / timeline.total_s;
        if share <= SITE_SHARE {
            tell_share(first, share, &phases, reasons);
            let ways: Vec<Way> = drafts.iter().map(Way::of).collect();
            let pressed = Pressed::over(bed, &ways, &timeline.slots);
            return Some(Timeline { drafts, pressed, ..timeline });
        }
        first.get_or_insert(share);
        let half = Ledger::new(bed).half_contact_mm + STRIP_MM;
        let near = |draft: &Draft| {
            let (lo, hi) = (draft.from_mm.min(draft.to_mm), draft.from_mm.max(draft.to_mm));
            lo - half <= site_mm && site_mm <= hi + half
        };
        // Strokes that stay near the site come first; only where there are none, all that touch it.
        let stays = |draft: &Draft| near(draft) && (draft.to_mm - draft.from_mm).abs() < 100.0;
        let some_stay = drafts.iter().any(stays);
        let rest = timeline.total_s - site_s;
        let scale = (rest * SITE_SHARE / (1.0 - SITE_SHARE) / site_s).clamp(0.3, 0.97);
        let mut dropped = round > 40;
        for draft in drafts.iter_mut().filter(|draft| if some_stay { stays(draft) } else { near(draft) }) {
            draft.seconds *= scale;
            draft.most_s = draft.seconds;
            draft.least_s = draft.least_s.min(draft.seconds);
            phases.push((draft.phase, draft.levels.clone()));
            dropped = dropped && draft.seconds < LEFT_OUT_S;
        }
        drafts.retain(|draft| draft.seconds >= LEFT_OUT_S);
        if round > 40 && !dropped {
            let touching = drafts.iter().rposition(near)?;
            drafts.remove(touching);
        }
    }
    None
}

fn tell_share(first: Option<f64>, granted: f64, phases: &[(usize, Vec<bed::Level>)], reasons: &mut Reasons) {
    let Some(requested) = first else { return };
    let numbers = Numbers { limit: SITE_SHARE, requested, granted, unit: Unit::Share };
    let words = words::site_share(SITE_SHARE, requested);
    for (phase, levels) in phases {
        reasons.add(Reason::new(Code::SiteShare, numbers, words.clone()), Some(*phase), levels);
    }
}

/// Largest share of any ten minutes in which a site is pressed: an upper bound over whole minutes.
fn window_share(bed: &BedConfig, ways: &[Way], slots: &[Slot]) -> f64 {
    let ledger = Ledger::new(bed);
    let minutes = slots.last().map_or(0.0, |slot| (slot.begins_s + slot.seconds) / 60.0) as usize + 1;
    let mut pressed = vec![0.0_f64; ledger.strips.len() * minutes];
    for (way, slot) in ways.iter().zip(slots) {
        for step in 0..(slot.seconds / STEP_S).ceil() as usize {
            let passed = step as f64 * STEP_S;
            let minute = (((slot.begins_s + passed) / 60.0) as usize).min(minutes - 1);
            for strip in ledger.under(way.position_mm(passed)) {
                pressed[strip * minutes + minute] += STEP_S;
            }
        }
    }
    // Eleven whole minutes cover any ten.
    let most = pressed
        .chunks(minutes)
        .flat_map(|strip| strip.windows(minutes.min(11)))
        .map(|window| window.iter().sum::<f64>())
        .fold(0.0_f64, f64::max);
    (most / f64::from(limits::SKIN_MEAN_WINDOW_S)).min(1.0)
}

/// Largest first-order mean of being pressed, 0 to 1, over all sites: an upper bound, since it falls as the
/// implicit and rises as the explicit step.
fn mean_share(bed: &BedConfig, ways: &[Way], slots: &[Slot]) -> f64 {
    let ledger = Ledger::new(bed);
    let mut means = vec![(0.0_f64, 0.0_f64); ledger.strips.len()];
    let mut most = 0.0_f64;
    for (way, slot) in ways.iter().zip(slots) {
        for step in 0..(slot.seconds / STEP_S).ceil() as usize {
            let passed = step as f64 * STEP_S;
            let now = slot.begins_s + passed;
            for strip in ledger.under(way.position_mm(passed)) {
                let (mean, last) = means[strip];
                let fallen = mean / (1.0 + (now - last).max(0.0) / MEAN_S);
                let risen = fallen + (1.0 - fallen) * STEP_S / MEAN_S;
                means[strip] = (risen, now + STEP_S);
                most = most.max(risen);
            }
        }
    }
    most
}
