//! One carriage with its two heads at a job: go there, land, work, ease off, leave.
//!
//! A job passes through phases in this order: *position* (heads clear, travel), *land* (stand still,
//! both heads touch), *work* (force and travel), *ease* (force falls at the job's rate), *leave* (heads
//! go clear). Where permission is missing, or one place was pressed for its time, it *pauses* with the
//! heads low and lands again.

use crate::breath::Breath;
use crate::caps::Caps;
use crate::command::Log;
use crate::contact::{Head, News, TOUCH_N, Wish};
use crate::job::Job;
use crate::sense::{force_n, position_mm};
use crate::travel::Travel;
use bed::quantity::{Wire, millimetres, newtons};
use bed::request::Admission;
use bed::{BedConfig, Event, limits};
use counts::{DeciNewtons, Instant, Micrometres, Micros, Readings};

/// Longest search for the person. Source: design; the whole stroke at the slowest landing speed.
const LANDING: Micros = Micros::from_millis(16_000);
/// How far a scan moves on where its first landing found nobody, mm. Guess: a level and a bit.
const RETRY_MM: f32 = 30.0;
/// Slowest easing off, N/s a head. Source: design; 30 N a head in 1.5 s.
const EASE_N_S: f32 = 20.0;
/// A site is everything within so many mm. Source: guard strips are 10 mm; half a level's pitch.
const SITE_MM: f32 = 12.0;
/// Force of one head that counts as pressing, N. Source: `measures.md`, released means under 10 N.
const PRESSED_N: f32 = 10.0;
/// Longest pressing of one site, a little under the limit. Source: `safety/limits.toml` site.
const SITE: Micros = Micros::from_millis((limits::SITE_S * 1000.0) as u64 - 4000);
/// Pause after that, a little over the limit. Source: `safety/limits.toml` site_pause.
const SITE_PAUSE: Micros = Micros::from_millis((limits::SITE_PAUSE_S * 1000.0) as u64 + 500);
/// Pause after a sensor was missed. Guess.
const SENSOR_PAUSE: Micros = Micros::from_millis(500);
/// Change of the granted force that is told again, N. Guess.
const TOLD_N: f32 = 5.0;
/// Top speed of a stroke where the motor current alone tells the force, mm/s. Source: design; the slow
/// force loop follows the slope of a back (0.15) at this speed to a few newtons.
const BLIND_MM_S: f32 = 12.0;
/// Share of the bed's top speed that travel asks for, so that quantising and lag stay within it.
/// Source: design.
const SPEED_SHARE: f32 = 0.98;

/// Everything that all carriages share in one cycle.
pub(crate) struct Cycle<'a> {
    pub(crate) now: Instant,
    pub(crate) dt_s: f32,
    pub(crate) readings: &'a Readings,
    /// Force is permitted.
    pub(crate) permitted: bool,
    pub(crate) admission: &'a Admission,
    pub(crate) wish: Option<DeciNewtons>,
    pub(crate) weight_n: Option<f32>,
}

/// What a carriage does when it has no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Heads low, stand still.
    Stay,
    /// Heads low, then travel to the park.
    Park,
    /// As parking, at the speed for contact, since nothing is known yet.
    Home,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Rest,
    Position,
    Land { until: Instant },
    Work,
    Pause { until: Instant },
    Ease,
    Leave,
}

/// How long one place has been pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Site {
    x_mm: f32,
    since: Option<Instant>,
    free_since: Option<Instant>,
}

impl Site {
    /// True where the place has had its time.
    fn is_spent(&mut self, now: Instant, x_mm: f32, pressed: bool) -> bool {
        if !pressed {
            let free = *self.free_since.get_or_insert(now);
            if now.since(free).is_some_and(|span| span >= SITE_PAUSE) {
                self.since = None;
            }
            return false;
        }
        self.free_since = None;
        let elsewhere = libm::fabsf(x_mm - self.x_mm) > SITE_MM;
        let since = match self.since {
            Some(since) if !elsewhere => since,
            _ => {
                self.x_mm = x_mm;
                *self.since.insert(now)
            }
        };
        now.since(since).is_some_and(|span| span >= SITE)
    }
}

/// A carriage with its heads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Carriage {
    index: usize,
    coupled: bool,
    has_cells: bool,
    park_mm: f32,
    speed_contact_mm_s: f32,
    speed_clear_mm_s: f32,
    travel: Travel,
    heads: [Head; 2],
    caps: Caps,
    phase: Phase,
    job: Option<Job>,
    landed: Option<Instant>,
    withdrawn: bool,
    turned: bool,
    footward: bool,
    shift_mm: f32,
    site: Site,
    breath: Breath,
    told_n: Option<f32>,
    x_mm: Option<f32>,
}

/// What a carriage asks of its axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Motion {
    /// Velocity of the carriage, mm/s toward the foot end.
    pub(crate) travel_mm_s: f32,
    /// Velocity of each head, mm/s up.
    pub(crate) lifts_mm_s: [f32; 2],
    /// The job that came to its own end in this cycle.
    pub(crate) finished: Option<Job>,
}

impl Carriage {
    pub(crate) fn new(config: &BedConfig, index: usize) -> Self {
        let own = &config.carriages[index];
        let caps = Caps::new(config);
        let headmost_mm =
            if config.load_cell.is_some() { own.from_mm } else { caps.neck_mm().min(own.park_mm) };
        Self {
            index,
            coupled: config.lift.coupled,
            has_cells: config.load_cell.is_some(),
            park_mm: own.park_mm,
            speed_contact_mm_s: own.speed_contact_mm_s * SPEED_SHARE,
            speed_clear_mm_s: own.speed_clear_mm_s * SPEED_SHARE,
            travel: Travel::new(own, headmost_mm),
            heads: [Head::new(config), Head::new(config)],
            caps,
            phase: Phase::Rest,
            job: None,
            landed: None,
            withdrawn: false,
            turned: false,
            footward: true,
            shift_mm: 0.0,
            site: Site::default(),
            breath: Breath::default(),
            told_n: None,
            x_mm: None,
        }
    }

    /// The job under way.
    pub(crate) fn job(&self) -> Option<&Job> {
        self.job.as_ref()
    }

    /// True with both heads clear of everybody.
    pub(crate) fn is_clear(&self) -> bool {
        self.lifts().all(Head::is_clear)
    }

    /// True with the heads at their stops and the carriage at its park.
    pub(crate) fn is_parked(&self) -> bool {
        self.lifts().all(Head::is_low) && self.x_mm.is_some_and(|x_mm| self.travel.is_at(x_mm, self.park_mm))
    }

    /// Stiffness of the tissue under the head, N/mm, where one is in contact.
    pub(crate) fn stiffness_n_mm(&self, head: usize) -> Option<f32> {
        self.heads.get(if self.coupled { 0 } else { head })?.stiffness_n_mm()
    }

    fn lifts(&self) -> impl Iterator<Item = &Head> {
        self.heads.iter().take(if self.coupled { 1 } else { 2 })
    }

    /// One cycle: the job wanted now, and what to do without one.
    pub(crate) fn step(&mut self, cycle: &Cycle, wanted: Option<&Job>, idle: Idle, log: &mut Log) -> Motion {
        self.x_mm = position_mm(&cycle.readings.carriages[self.index].position, cycle.now);
        self.choose(wanted, log);
        self.advance(cycle, log);
        let mut motion = Motion { travel_mm_s: self.drive(cycle, idle), ..Motion::default() };
        let wishes = self.wishes(cycle, log);
        self.move_heads(cycle, wishes, &mut motion, log);
        if self.phase == Phase::Rest
            && let Some(job) = self.job.take()
        {
            if let Job::Stroke(stroke) = job {
                log.note(Event::StrokeDone { id: stroke.id });
            }
            motion.finished = Some(job).filter(|_| !self.withdrawn);
        }
        motion
    }

    /// Takes up what is wanted, or begins to end what is wanted no more.
    fn choose(&mut self, wanted: Option<&Job>, log: &mut Log) {
        match (self.job, wanted) {
            (None, Some(job)) => {
                self.job = Some(*job);
                self.phase = Phase::Position;
                (self.landed, self.told_n) = (None, None);
                (self.turned, self.withdrawn) = (false, false);
                self.footward = job.turn_mm() >= job.start_mm();
                self.shift_mm = 0.0;
                self.heads.iter_mut().for_each(Head::forget);
                if let Job::Stroke(stroke) = job {
                    log.note(Event::StrokeStarted { id: stroke.id });
                }
            }
            (Some(current), Some(job)) if current.is_same(job) => self.job = Some(*job),
            (Some(_), _) => self.end(),
            (None, None) => {}
        }
    }

    fn end(&mut self) {
        self.withdrawn = true;
        self.phase = match self.phase {
            Phase::Rest => Phase::Rest,
            Phase::Work | Phase::Ease => Phase::Ease,
            _ => Phase::Leave,
        };
    }

    /// Moves on to the next phase where the present one is done.
    fn advance(&mut self, cycle: &Cycle, log: &mut Log) {
        let (now, Some(job)) = (cycle.now, self.job) else { return };
        let pressed = self.lifts().any(|head| head.force_n() > PRESSED_N);
        let spent = self.x_mm.is_some_and(|x_mm| self.site.is_spent(now, x_mm, pressed));
        let lasts = job.duration().zip(self.landed);
        let over = lasts.is_some_and(|(duration, landed)| now >= landed.after(duration));
        if !cycle.permitted && matches!(self.phase, Phase::Land { .. } | Phase::Work | Phase::Ease) {
            self.phase = Phase::Pause { until: now };
        }
        self.phase = match self.phase {
            Phase::Position
                if self.x_mm.is_some_and(|x_mm| self.travel.is_at(x_mm, self.landing_mm(&job))) =>
            {
                Phase::Land { until: now.after(LANDING) }
            }
            Phase::Land { .. } if self.lifts().all(Head::is_in_contact) => {
                self.landed.get_or_insert(now);
                self.breath.forget();
                Phase::Work
            }
            Phase::Land { until } if now >= until || self.lifts().any(Head::is_at_reach) => self.miss(&job),
            Phase::Work if self.lifts().any(|head| !head.is_in_contact()) => {
                Phase::Pause { until: now.after(SENSOR_PAUSE) }
            }
            Phase::Work if spent => Phase::Pause { until: now.after(SITE_PAUSE) },
            Phase::Work => self.turn(now, &job, log),
            Phase::Pause { .. } if over => Phase::Leave,
            Phase::Pause { until } if now >= until && cycle.permitted && self.is_clear() => {
                Phase::Land { until: now.after(LANDING) }
            }
            Phase::Ease if self.lifts().all(|head| head.reference_n() <= TOUCH_N + 0.5) => Phase::Leave,
            Phase::Leave if self.is_clear() => Phase::Rest,
            phase => phase,
        };
    }

    /// Where a job lands, mm.
    fn landing_mm(&self, job: &Job) -> f32 {
        job.start_mm() + if self.footward { self.shift_mm } else { -self.shift_mm }
    }

    /// Nobody was found where the heads rose: a scan that has not begun tries farther on, since the neck
    /// may lie out of reach; everything else is over.
    fn miss(&mut self, job: &Job) -> Phase {
        let way_mm = libm::fabsf(job.turn_mm() - job.start_mm());
        if matches!(job, Job::Scan(_)) && self.landed.is_none() && self.shift_mm + RETRY_MM < way_mm {
            self.shift_mm += RETRY_MM;
            Phase::Position
        } else {
            Phase::Leave
        }
    }

    /// Turns at the ends of the way; ends a stroke in time for its lift-off, a scan where it began.
    fn turn(&mut self, now: Instant, job: &Job, log: &mut Log) -> Phase {
        let Some(x_mm) = self.x_mm else { return Phase::Work };
        if let Some((duration, landed)) = job.duration().zip(self.landed) {
            let force_n = self.lifts().map(|head| head.reference_n() - TOUCH_N).fold(0.0, f32::max);
            let easing_s = force_n / job.ramp_n_s().max(EASE_N_S);
            let easing = Micros::new((easing_s.max(0.0) * 1e6) as u64);
            if now.after(easing) >= landed.after(duration) {
                return Phase::Ease;
            }
        }
        let goal_mm = if self.turned { job.start_mm() } else { job.turn_mm() };
        let passed = self.travel.has_passed(x_mm, goal_mm, self.footward);
        // Out of reach near the end of a way is the end; near its beginning the body is still to come.
        let left_mm = libm::fabsf(goal_mm - x_mm);
        let late = left_mm < 0.5 * libm::fabsf(job.turn_mm() - job.start_mm());
        let lost = late && self.lifts().any(Head::is_at_reach);
        if !passed && !lost {
            return Phase::Work;
        }
        if matches!(job, Job::Scan(_)) {
            if self.turned {
                return if passed { Phase::Ease } else { Phase::Leave };
            }
            log.note(Event::ScanTurned);
        }
        self.turned = !self.turned;
        self.footward = !self.footward;
        Phase::Work
    }

    /// Velocity of the carriage in this phase, mm/s.
    fn drive(&mut self, cycle: &Cycle, idle: Idle) -> f32 {
        let Some(x_mm) = self.x_mm else { return self.travel.brake(cycle.dt_s) };
        let clear = self.is_clear();
        match (self.phase, self.job, idle) {
            (Phase::Position, Some(job), _) if clear && cycle.permitted => {
                self.travel.toward(cycle.dt_s, x_mm, self.landing_mm(&job), self.speed_clear_mm_s)
            }
            (Phase::Work, Some(job), _) if cycle.permitted => {
                let goal_mm = if self.turned { job.start_mm() } else { job.turn_mm() };
                let most = if self.has_cells || matches!(job, Job::Scan(_)) { f32::MAX } else { BLIND_MM_S };
                let speed = job.speed_mm_s().min(self.speed_contact_mm_s).min(most);
                self.travel.toward(cycle.dt_s, x_mm, goal_mm, speed)
            }
            (Phase::Rest, None, Idle::Park) if clear => {
                self.travel.toward(cycle.dt_s, x_mm, self.park_mm, self.speed_clear_mm_s)
            }
            (Phase::Rest, None, Idle::Home) if clear => {
                self.travel.toward(cycle.dt_s, x_mm, self.park_mm, self.speed_contact_mm_s)
            }
            _ => self.travel.brake(cycle.dt_s),
        }
    }

    /// What each head is asked for in this phase.
    fn wishes(&mut self, cycle: &Cycle, log: &mut Log) -> [Wish; 2] {
        let (Some(job), Some(x_mm)) = (self.job, self.x_mm) else { return [Wish::Low; 2] };
        if !cycle.permitted {
            return [Wish::Low; 2];
        }
        let seeks = matches!(job, Job::Scan(_));
        let waits = self.lifts().any(Head::waits);
        let ramp_n_s = job.ramp_n_s();
        let local_n = self.caps.at_n(x_mm, cycle.weight_n);
        match self.phase {
            Phase::Land { .. } | Phase::Ease => {
                let ramp_n_s = ramp_n_s.max(EASE_N_S);
                [Wish::Press { target_n: TOUCH_N, ramp_n_s, cap_n: 0.5 * local_n, seeks, waits }; 2]
            }
            Phase::Work => {
                let asked = job.force(self.turned);
                let granted_n = self.caps.granted_n(asked, cycle.wish, cycle.admission, cycle.weight_n);
                self.tell(&job, granted_n.min(local_n), log);
                let elapsed = self.landed.and_then(|landed| cycle.now.since(landed));
                let shares = job.shares(elapsed.unwrap_or(Micros::ZERO).seconds());
                shares.map(|share| {
                    let share = if self.coupled { 0.5 } else { share };
                    let cap_n = self.caps.head_n().min(local_n * share);
                    Wish::Press { target_n: granted_n * share, ramp_n_s, cap_n, seeks, waits }
                })
            }
            Phase::Rest | Phase::Position | Phase::Pause { .. } | Phase::Leave => [Wish::Low; 2],
        }
    }

    /// Tells once, and again where it fell further, that less is granted than asked for.
    fn tell(&mut self, job: &Job, granted_n: f32, log: &mut Log) {
        let held = granted_n < job.force_n(self.turned) - 0.05;
        if held && self.told_n.is_none_or(|told| granted_n < told - TOLD_N) {
            self.told_n = Some(granted_n);
            let granted = DeciNewtons::down(newtons(granted_n));
            log.note(Event::ForceHeld { asked: job.force(self.turned), granted });
        }
    }

    fn move_heads(&mut self, cycle: &Cycle, wishes: [Wish; 2], motion: &mut Motion, log: &mut Log) {
        let at = Micrometres::nearest(millimetres(self.x_mm.unwrap_or(0.0)));
        let first = 2 * self.index;
        for side in 0..if self.coupled { 1 } else { 2 } {
            let readings = &cycle.readings.heads[first + side];
            let height_mm = position_mm(&readings.height, cycle.now);
            let force = self.head_force_n(cycle, side);
            let (velocity, news) = self.heads[side].step(cycle.dt_s, height_mm, force, wishes[side]);
            motion.lifts_mm_s[side] = velocity;
            let both = if self.coupled { 0..2 } else { side..side + 1 };
            for head in both.map(|side| (first + side) as u8) {
                match news {
                    Some(News::Landed) => log.note(Event::Landed { head, at }),
                    Some(News::LiftedOff) => log.note(Event::LiftedOff { head, at }),
                    None => {}
                }
            }
        }
        if self.coupled {
            motion.lifts_mm_s[1] = motion.lifts_mm_s[0];
        }
        let sum: f32 = self.lifts().filter_map(Head::skin_mm_s).sum();
        let count = self.lifts().filter(|head| head.is_in_contact()).count();
        if self.phase == Phase::Work && count > 0 && self.has_cells {
            let breath = self.breath.step(cycle.now, cycle.dt_s, sum / count as f32);
            if let Some(event) = breath {
                log.note(event);
            }
        }
    }

    /// Force of one head: of its load cell, or of the motor current; the larger of both heads where one
    /// lift carries them.
    fn head_force_n(&self, cycle: &Cycle, side: usize) -> Option<f32> {
        let head = |side: usize| {
            let readings = &cycle.readings.heads[2 * self.index + side];
            force_n(if self.has_cells { &readings.force } else { &readings.thrust }, cycle.now)
        };
        if self.coupled { Some(head(0)?.max(head(1)?)) } else { head(side) }
    }
}
